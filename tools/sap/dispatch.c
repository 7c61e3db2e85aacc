// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
/*
 * From words to commands: `sap decode ...`, and one level deeper for nouns that have verbs.
 */
#include <stdio.h>
#include <string.h>

#include "cli.h"
#include "command.h"
#include "man.h"
#include "suggest.h"

static void print_help(FILE *out, const struct noun *noun)
{
	fprintf(out, "Usage: %s COMMAND [OPTION...]\n\n%s\nCommands:\n", noun->path, noun->about);
	for (const struct command *c = noun->verbs; c->name; c++)
		fprintf(out, "  %-12s  %s\n", c->name, c->summary);
	fprintf(out,
		"\n`%s COMMAND --help` tells more, with examples; `sap --version` tells the version.\n\n",
		noun->path);
	cli_print_outcomes(out);
}

/* Not in any --help: for the manual pages, and for the shell's completion. */
static bool tell_others(const struct noun *noun, const char *option)
{
	if (strcmp(option, "--man") == 0) {
		man_print_noun(noun);
		return true;
	}
	if (strcmp(option, "--commands") != 0)
		return false;
	for (const struct command *c = noun->verbs; c->name; c++)
		printf("%s%s\n", c->name, c->verbs ? " ..." : "");
	return true;
}

static enum outcome unknown(const struct noun *noun, const char *word)
{
	struct suggestion best;
	const char *near;

	suggest_start(&best, word);
	for (const struct command *c = noun->verbs; c->name; c++)
		suggest_offer(&best, c->name);
	near = suggest_best(&best);
	fprintf(stderr, "%s: there is no command '%s'", noun->path, word);
	if (near)
		fprintf(stderr, "; did you mean '%s'?", near);
	fprintf(stderr, "\nTry `%s --help`.\n", noun->path);
	return OUTCOME_USAGE;
}

static enum outcome run_noun(const struct noun *above, const struct command *c, int argc,
			     const char *const *argv)
{
	char path[64];
	struct noun noun = {.path = path, .about = c->summary, .verbs = c->verbs};

	snprintf(path, sizeof(path), "%s %s", above->path, c->name);
	return dispatch(&noun, argc, argv);
}

enum outcome dispatch(const struct noun *noun, int argc, const char *const *argv)
{
	if (argc < 2) {
		print_help(stderr, noun);
		return OUTCOME_USAGE;
	}
	if (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0 || strcmp(argv[1], "help") == 0) {
		print_help(stdout, noun);
		return OUTCOME_OK;
	}
	if (tell_others(noun, argv[1]))
		return OUTCOME_OK;
	for (const struct command *c = noun->verbs; c->name; c++) {
		if (strcmp(c->name, argv[1]) == 0)
			return c->run ? c->run(argc - 1, argv + 1) : run_noun(noun, c, argc - 1, argv + 1);
	}
	return unknown(noun, argv[1]);
}
