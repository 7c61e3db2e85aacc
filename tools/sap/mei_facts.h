/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
/*
 * What AMT and the firmware say of themselves, as JSON objects; text is made of the same.
 *
 * Nothing here asks for anything that is secret.
 */
#ifndef SAP_TOOL_MEI_FACTS_H
#define SAP_TOOL_MEI_FACTS_H

#include <jansson.h>

#include "mei_ask.h"

/* Where to look, and what to say of it. */
struct mei_facts {
	const struct sap_mei_roots *roots;
	const char *device; /* null: any */
	uint32_t timeout;
	struct mei_ask *ask;
	json_t *lines; /* objects, in their order: facts, refusals, errors. A list of the caller's. */
	uint32_t errors;
};

/* Adds "amt": all that AMTHI answers. Without an answer, an "error" says why. */
void mei_facts_amt(struct mei_facts *facts);

/* Adds "firmware": what MKHI answers, likewise. */
void mei_facts_firmware(struct mei_facts *facts);

/* The first line of that kind, or null; borrowed. */
json_t *mei_facts_line(const struct mei_facts *facts, const char *kind);

#endif
