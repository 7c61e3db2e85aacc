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

/* The list of exit codes, the same for every command. */
void cli_print_outcomes(FILE *out);

#endif
