/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
/*
 * A file that is looked at before it is read: its first bytes tell whether to load all of it, or to read it
 * as it comes, which may be for as long as somebody writes.
 */
#ifndef SAP_TOOL_SOURCE_H
#define SAP_TOOL_SOURCE_H

#include <stdbool.h>
#include <stdio.h>

#include "command.h"
#include "memory.h"

struct source {
	const char *command; /* who tells the person what is wrong */
	const char *name;
	int fd;
	struct bytes content; /* what was read so far */
	size_t at;	      /* how much of that the stream gave out */
	bool ended;	      /* there is no more to read */
	bool failed;	      /* it could not be read, which the person was told */
};

/*
 * Opens a file, null or "-" for standard input, and reads its first bytes: up to the end of a line if they
 * are text, but at least four if there are as many. source_close() follows, whatever came of it.
 */
enum outcome source_open(struct source *source, const char *command, const char *path);

/* Reads the rest, up to FILE_LIMIT. */
enum outcome source_load(struct source *source);

/*
 * All of it from the first byte, as a stream: what was read, then the rest as it comes. Before it waits for
 * more, standard output is flushed. For fclose(), before source_close(). Null if there is no memory.
 */
FILE *source_stream(struct source *source);

void source_close(struct source *source);

#endif
