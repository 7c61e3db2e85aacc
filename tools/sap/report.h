/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
/*
 * The two kinds of report. Each writes to `out` as it is told something.
 */
#ifndef SAP_TOOL_REPORT_H
#define SAP_TOOL_REPORT_H

#include <stdio.h>

#include "record.h"
#include "text_message.h"

/* For people. */
struct text_report {
	struct report report;
	FILE *out;
	struct text_style style;
	int time_columns; /* of captures and traces; 0 before the first message */
	long long
		began; /* a capture by the calendar: at which second, and times are shown from there; 0: any other */
};

void text_report_init(struct text_report *report, FILE *out, bool colour);

/* JSON lines: docs/decode-json.md. */
struct json_report {
	struct report report;
	FILE *out;
};

void json_report_init(struct json_report *report, FILE *out);

#endif
