/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
/* Filters in words: which are set and what they do, and why one did not fit a frame. */
#ifndef SAP_TOOL_FILTER_WORDS_H
#define SAP_TOOL_FILTER_WORDS_H

#include <stdbool.h>

#include <sap/filter.h>
#include <sap/frame.h>

#include "memory.h"

/* One line about one filter. */
struct filter_line {
	char name[12]; /* "flex 3" */
	char text[120];
};

enum {
	FILTER_LINES = 40 /* more than there can be */
};

struct filter_lines {
	struct filter_line line[FILTER_LINES];
	unsigned int n;
};

/* Each filter that counts, and what it does. */
void filter_show_lines(const struct sap_oob_filters *oob, struct filter_lines *lines);

/* Of the filters that a frame was held against: why those that did not decide did not fit. */
void filter_miss_lines(const struct sap_oob_filters *oob, const struct sap_frame *frame,
		       struct sap_verdict verdict, struct filter_lines *lines);

/* "to CSME alone", "to both", "to the host alone". */
const char *filter_where(struct sap_verdict verdict);

/* What decided: "flex 3", "the host answers echo requests itself". */
void filter_decided(struct text *out, const struct sap_frame *frame, struct sap_verdict verdict);

#endif
