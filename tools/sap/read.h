/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
/*
 * Readers: from an input to records and problems.
 */
#ifndef SAP_TOOL_READ_H
#define SAP_TOOL_READ_H

#include "record.h"

/* ME messages, one a segment; SAP messages, back to back in each segment. */
void read_me(const struct input *input, struct report *report);
void read_sap(const struct input *input, struct report *report);

/* Records of a capture, lines of a trace, each as it comes. */
void read_pcap(struct input *input, struct report *report);
void read_trace(struct input *input, struct report *report);

/* Whether bytes begin as a capture, or as the text of a trace; whether a trace is somewhere in a text. */
bool is_pcap(const uint8_t *bytes, size_t len);
bool starts_as_trace(const uint8_t *text, size_t len);
bool has_trace(const uint8_t *text, size_t len);

/* What to show of an area. */
struct area_view {
	bool history;		 /* also what was taken already and still lies there */
	bool one_queue;		 /* only this queue: */
	enum sap_queue_id queue; /* if one_queue */
};

void read_area(const struct image *image, const struct area_view *view, struct report *report);

#endif
