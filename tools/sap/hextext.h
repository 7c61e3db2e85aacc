/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
/*
 * Bytes written as text: plain hex, and the dumps of `xxd` and `hexdump -C`.
 *
 * Plain hex is pairs of digits; white space, commas, colons, semicolons and 0x between them mean nothing. A dump's
 * offsets must go on from line to line, its column of characters is left out, and `*` repeats the line before.
 * `#` starts a comment, where the column of characters is not. An empty line ends a segment: so a text can
 * hold several messages.
 */
#ifndef SAP_TOOL_HEXTEXT_H
#define SAP_TOOL_HEXTEXT_H

#include <stdbool.h>

#include "memory.h"

/* What came of a text. */
struct hextext {
	struct bytes bytes; /* all segments, one after another */
	size_t *ends;	    /* where each ends, within them */
	size_t segments;
	/* If the text does not hold: where and why. Lines and columns count from 1. */
	size_t line, column;
	char why[96]; /* empty if it holds */
};

/* Whether bytes look like text at all: ASCII without control characters; in comments, any language. */
bool hextext_is_text(const uint8_t *data, size_t len);

/* Reads a text. If it does not hold, `why` is set and what came before is kept. hextext_free() follows. */
void hextext_read(const uint8_t *data, size_t len, struct hextext *hex);
void hextext_free(struct hextext *hex);

/* Bytes as plain hex, 16 a line. */
void hextext_write(struct text *out, const uint8_t *data, size_t len);

#endif
