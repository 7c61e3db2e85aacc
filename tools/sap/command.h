/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
/*
 * Commands: words that people type after `sap`, and what they run.
 *
 * A command either runs, or is a noun with verbs of its own (`sap mei list`): then it has a table too.
 */
#ifndef SAP_TOOL_COMMAND_H
#define SAP_TOOL_COMMAND_H

/* What a run of the command ends with; documented in every --help. */
enum outcome {
	OUTCOME_OK = 0,	   /* done */
	OUTCOME_WRONG = 1, /* the input was read, and something in it is wrong */
	OUTCOME_USAGE = 2, /* the command line is wrong */
	OUTCOME_FILE = 3,  /* a file cannot be read or written */
};

struct command {
	const char *name;
	const char *summary;					/* one clause, for the list of commands */
	enum outcome (*run)(int argc, const char *const *argv); /* null for a noun */
	const struct command *verbs;				/* a noun's; ends with a null name */
};

/* A command line's first words, as far as dispatch went. */
struct noun {
	const char *path;  /* "sap", "sap mei" */
	const char *about; /* sentences for its --help */
	const struct command *verbs;
};

/* Runs the verb that argv[1] names, or says what is wrong with it. */
enum outcome dispatch(const struct noun *noun, int argc, const char *const *argv);

enum outcome decode_run(int argc, const char *const *argv);
enum outcome encode_run(int argc, const char *const *argv);
enum outcome demo_run(int argc, const char *const *argv);
enum outcome host_run(int argc, const char *const *argv);
enum outcome csme_run(int argc, const char *const *argv);
enum outcome replay_run(int argc, const char *const *argv);
enum outcome messages_run(int argc, const char *const *argv);

/* The verbs of `sap filter`. */
extern const struct command filter_verbs[];

#endif
