/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
/*
 * One subcommand's command line: options by popt, and a --help made from the same table.
 */
#ifndef SAP_TOOL_CLI_H
#define SAP_TOOL_CLI_H

#include <popt.h>
#include <stdbool.h>
#include <stdio.h>

#include "command.h"

/* What a subcommand says of itself. */
struct cli_about {
	const char *name;		  /* "sap decode" */
	const char *usage;		  /* "[OPTION...] [FILE]" */
	const char *text;		  /* what it does, sentences */
	const char *examples;		  /* lines, indented by two */
	const struct poptOption *options; /* ends with POPT_TABLEEND; --help is added */
};

/* A word, and what it means. */
struct cli_item {
	const char *name, *text;
};

enum {
	CLI_SECTIONS = 8, /* the last one's title is null */
};

/* What a command has beyond others. */
struct cli_more {
	const char *wrong; /* what its exit code 1 means */
	/* Of its manual page: between the options and the exit codes. Items end with a null name. */
	struct {
		const char *title;
		const struct cli_item *items;
	} sections[CLI_SECTIONS];
	const char *const *siblings; /* pages to see as well: "sap-csme"; ends with null */
};

/* Call it before cli_begin(). It must live until cli_end(). */
void cli_tell_more(const struct cli_more *more);

/* A command line that was taken apart. */
struct cli {
	const struct cli_about *about;
	poptContext context;
	const char *argument; /* the one argument beside the options, or null; lives until cli_end() */
};

/*
 * Takes a command line apart: options go where their table says.
 *
 * Returns whether the command is to run. If not, *outcome is what to end with: it was --help, or wrong,
 * and the person was told. cli_end() follows either way.
 */
bool cli_begin(struct cli *cli, const struct cli_about *about, int argc, const char *const *argv,
	       enum outcome *outcome);
void cli_end(struct cli *cli);

/* Tells the person what is wrong with the command line; printf. */
__attribute__((format(printf, 2, 3))) enum outcome cli_wrong(const struct cli_about *about,
							     const char *format, ...);

/* Whether to paint, by what --color says: auto (or null), always, never. False if it says something else. */
bool cli_colour(const char *word, bool *colour);

/* The list of exit codes, the same for every command but for what 1 means. */
void cli_print_outcomes(FILE *out);

#endif
