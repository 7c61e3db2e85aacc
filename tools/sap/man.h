/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
/*
 * What a command says of itself, for others than people at a terminal: as a manual page, and as a list that
 * the shell's completion reads. Both come from the same table as its --help.
 */
#ifndef SAP_TOOL_MAN_H
#define SAP_TOOL_MAN_H

#include "cli.h"

/* One command's page, in mdoc. */
void man_print_command(const struct cli_about *about, const struct cli_more *more);

/* The page of a command that has only other commands. */
void man_print_noun(const struct noun *noun);

/* An option a line: its long name, and what it takes, if anything, behind a blank. */
void man_print_options(const struct cli_about *about);

#endif
