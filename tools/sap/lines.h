/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
/*
 * Standard input, line by line, as it comes: from a pipe, a file, a terminal, or nothing.
 *
 * A terminal that this program is not in the foreground of is left alone, without being asked again and again.
 */
#ifndef SAP_TOOL_LINES_H
#define SAP_TOOL_LINES_H

#include <poll.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
	LINES_LONGEST = 4096, /* bytes of a line, its end not counted; a longer one is refused */
};

enum line_state {
	LINE_NONE = 0, /* no whole line is there */
	LINE_THERE,    /* one is */
	LINE_TOO_LONG, /* one was, and is passed over */
	LINE_HAS_ZERO, /* one that has a zero byte */
};

struct lines {
	bool ended; /* nothing comes any more */
	bool is_terminal;
	uint32_t number; /* of the line that was taken last, from 1 */
	/* Private. */
	int watch;    /* tells of a terminal once for each time that something came; -1 */
	bool skips;   /* the rest of a line that was too long */
	bool arrived; /* the terminal told, and it may not all be read */
	size_t used, taken;
	char text[LINES_LONGEST + 2]; /* the end of a line, and of a text */
};

/* Standard input; `none`: as if it had ended. */
void lines_open(struct lines *lines, bool none);
void lines_close(struct lines *lines);

/* What to poll for; false if nothing comes any more. And what poll() said of it. */
bool lines_poll(const struct lines *lines, struct pollfd *fd);
void lines_ready(struct lines *lines, short revents);

/* Whether there is more already, so that there is no need to wait. */
bool lines_wait_not(const struct lines *lines);

/* The next line, which is the caller's until the next call. Column: where the zero byte is, from 1. */
enum line_state lines_next(struct lines *lines, char **line, uint32_t *column);

#endif
