// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
#include "cli.h"

#include "man.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum {
	/* Beyond what a command's own table may use. */
	OPTION_HELP = 1000,
	OPTION_MAN,	/* not in any --help: what makes the manual pages, */
	OPTION_OPTIONS, /* and what the shell's completion asks */
	OPTION_COLUMN = 24,
};

static const struct cli_more *beyond;

void cli_tell_more(const struct cli_more *more)
{
	beyond = more;
}

void cli_print_outcomes(FILE *out)
{
	fprintf(out,
		"Exit codes:\n"
		"  0  done\n"
		"  1  %s\n"
		"  2  the command line is wrong\n"
		"  3  a file cannot be read or written\n",
		beyond ? beyond->wrong : "the input was read, but something in it is wrong");
}

static void print_option(const struct poptOption *option)
{
	int used = option->shortName ? printf("  -%c, ", option->shortName) : printf("      ");

	used += printf("--%s", option->longName);
	if (option->argDescrip)
		used += printf("=%s", option->argDescrip);
	printf("%*s  %s\n", used < OPTION_COLUMN ? OPTION_COLUMN - used : 0, "", option->descrip);
}

static void print_help(const struct cli_about *about)
{
	static const struct poptOption help = {"help", 'h', 0, NULL, 0, "this text", NULL};

	printf("Usage: %s %s\n\n%s\nOptions:\n", about->name, about->usage, about->text);
	for (const struct poptOption *o = about->options; o->longName; o++)
		print_option(o);
	print_option(&help);
	printf("\nExamples:\n%s\n", about->examples);
	cli_print_outcomes(stdout);
}

static void tell_about(const struct cli_about *about, int option)
{
	if (option == OPTION_HELP)
		print_help(about);
	else if (option == OPTION_MAN)
		man_print_command(about, beyond);
	else
		man_print_options(about);
}

enum outcome cli_wrong(const struct cli_about *about, const char *format, ...)
{
	va_list args;

	fprintf(stderr, "%s: ", about->name);
	va_start(args, format);
	vfprintf(stderr, format, args);
	va_end(args);
	fprintf(stderr, "\nTry `%s --help`.\n", about->name);
	return OUTCOME_USAGE;
}

bool cli_colour(const char *word, bool *colour)
{
	if (!word || strcmp(word, "auto") == 0)
		*colour = isatty(STDOUT_FILENO) && !getenv("NO_COLOR");
	else if (strcmp(word, "always") == 0 || strcmp(word, "never") == 0)
		*colour = word[0] == 'a';
	else
		return false;
	return true;
}

static bool is_option(const char *word, const struct poptOption *option)
{
	size_t len = strlen(option->longName);

	if (strncmp(word, "--", 2) == 0)
		return strncmp(word + 2, option->longName, len) == 0 &&
		       (!word[2 + len] || word[2 + len] == '=');
	return word[0] == '-' && option->shortName && word[1] == option->shortName;
}

/* What takes one value and was given two: popt would forget the first. Null if there is none. */
static const char *given_twice(const struct cli_about *about, int argc, const char *const *argv)
{
	for (const struct poptOption *o = about->options; o->longName; o++) {
		int count = 0;

		for (int i = 1; i < argc && strcmp(argv[i], "--") != 0; i++)
			count += o->argInfo == POPT_ARG_STRING && is_option(argv[i], o);
		if (count > 1)
			return o->longName;
	}
	return NULL;
}

bool cli_begin(struct cli *cli, const struct cli_about *about, int argc, const char *const *argv,
	       enum outcome *outcome)
{
	struct poptOption *own = (struct poptOption *)(uintptr_t)about->options;
	struct poptOption all[] = {
		{NULL, '\0', POPT_ARG_INCLUDE_TABLE, own, 0, NULL, NULL},
		{"help", 'h', POPT_ARG_NONE, NULL, OPTION_HELP, NULL, NULL},
		{"man", '\0', POPT_ARG_NONE, NULL, OPTION_MAN, NULL, NULL},
		{"options", '\0', POPT_ARG_NONE, NULL, OPTION_OPTIONS, NULL, NULL},
		POPT_TABLEEND,
	};
	int found;

	cli->about = about;
	cli->argument = NULL;
	cli->context = poptGetContext(about->name, argc, (const char **)(uintptr_t)argv, all, 0);
	/* Before popt takes any: it would lose the first. */
	if (given_twice(about, argc, argv)) {
		*outcome = cli_wrong(about, "--%s is given twice", given_twice(about, argc, argv));
		return false;
	}
	do
		found = poptGetNextOpt(cli->context);
	while (found >= 0 && found < OPTION_HELP);

	*outcome = OUTCOME_OK;
	if (found >= OPTION_HELP) {
		tell_about(about, found);
		return false;
	}
	if (found < -1) {
		*outcome = cli_wrong(about, "%s: %s", poptBadOption(cli->context, POPT_BADOPTION_NOALIAS),
				     poptStrerror(found));
		return false;
	}
	cli->argument = poptGetArg(cli->context);
	if (poptPeekArg(cli->context)) {
		/* A usage that names none takes none. */
		*outcome = strcmp(about->usage, "[OPTION...]") == 0
				   ? cli_wrong(about, "'%s' and '%s' are too much: it takes no argument",
					       cli->argument, poptPeekArg(cli->context))
				   : cli_wrong(about, "one argument is enough, '%s' is too much",
					       poptPeekArg(cli->context));
		return false;
	}
	return true;
}

void cli_end(struct cli *cli)
{
	poptFreeContext(cli->context);
}
