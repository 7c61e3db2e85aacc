/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
/* A line on its way to a command: what the parts of the parser share. Private to it. */
#ifndef SIM_READER_H
#define SIM_READER_H

#include "script.h"

enum {
	MOST_TOKENS = 24, /* words of a line */
};

/* A word of a line, without its quotes. */
struct token {
	const char *text;
	uint32_t column;
};

/* A line on its way to a command. */
struct reader {
	struct sim_command *command;
	struct sim_error *error;
	struct token token[MOST_TOKENS];
	uint32_t count;
	uint32_t at;	/* the next one */
	uint32_t end;	/* the column behind the last one */
	uint32_t roles; /* that the program speaks for: a set of enum sim_role */
};

/* Notes what is wrong, and where; printf. Always false. */
__attribute__((format(printf, 3, 4))) bool reader_fail(struct reader *r, uint32_t column, const char *format,
						       ...);

/* Where the next token stands, or would. */
uint32_t reader_here(const struct reader *r);

/* Takes a line apart into words. */
bool reader_split(struct reader *r, const char *line);

/* Reads the value of an argument or a condition. */
bool reader_value(struct reader *r, const struct sim_arg *arg, const char *text, uint32_t column,
		  struct sim_value *value);

/* Finds out which command it is, and passes over its words. */
bool reader_verb(struct reader *r);

/* In a program of one side: the side of a packet may be left out, and must be its own. */
bool reader_packet_side(struct reader *r);

/* In a program of one side: whether it can cause the fault that was read. */
bool reader_fault(struct reader *r);

/* "the host" or "CSME": whom a program of one side speaks for. */
const char *reader_who(const struct reader *r);

/* Reads what follows `expect` and `expect-not`; and `within TIME`. */
bool reader_expect(struct reader *r);
bool reader_within(struct reader *r);

#endif
