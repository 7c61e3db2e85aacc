/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
/*
 * One message for people: what it means on one line, and its fields there or below.
 */
#ifndef SAP_TOOL_TEXT_MESSAGE_H
#define SAP_TOOL_TEXT_MESSAGE_H

#include "record.h"

/* How wide and how coloured. */
struct text_style {
	bool colour;
	unsigned int width;  /* columns that a line may take */
	unsigned int indent; /* where names of messages start: after what the caller prints before them */
};

/* What to wrap text in; "" without colour. */
struct text_paint {
	const char *bold, *dim, *bad, *plain;
};

struct text_paint text_paint(const struct text_style *style);

/* Adds a message, from its name to the end of the last line. */
void text_message(struct text *out, const struct record *record, const struct text_style *style);

#endif
