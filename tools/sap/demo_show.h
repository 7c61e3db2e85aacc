/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
/*
 * The two ways in which a timeline is shown: for people, and as JSON lines (docs/demo.md).
 */
#ifndef SAP_TOOL_DEMO_SHOW_H
#define SAP_TOOL_DEMO_SHOW_H

#include <stdio.h>

#include "timeline.h"

/* What was played. */
struct demo {
	const char *name; /* of the script */
	const struct sim_timeline *timeline;
	struct sim_summary summary;
	const char *verdict; /* the last words for people; null: whether all expectations held */
};

void demo_text(FILE *out, const struct demo *demo, bool colour);
void demo_json(FILE *out, const struct demo *demo);

/* "host", "CSME" or "nobody" for people. */
const char *demo_owner(enum sap_owner owner);

#endif
