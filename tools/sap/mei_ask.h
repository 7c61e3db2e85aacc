/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
/*
 * Asking a client of the firmware: a connection, one question, one answer.
 */
#ifndef SAP_TOOL_MEI_ASK_H
#define SAP_TOOL_MEI_ASK_H

#include <sap/mei/amthi.h>
#include <sap/mei/dev.h>
#include <sap/mei/mkhi.h>

enum {
	MEI_ASK_MEMORY = 64 << 10, /* bytes of the longest message that is taken */
	MEI_ASK_TIMEOUT = 5000,	   /* ms, unless the person says otherwise */
};

/* How a question went. */
enum mei_answer {
	MEI_ANSWERED = 0,
	MEI_REFUSED,  /* the client answered with a status that is no success: `problem` is its name */
	MEI_DISABLED, /* AMT is disabled: it answers nothing */
	MEI_NO_SENSE, /* what came is no answer to this */
	MEI_FAILED,   /* none came */
};

/* A connection, and the last answer. It is large. */
struct mei_ask {
	struct sap_mei_dev dev;
	uint32_t timeout;
	uint8_t memory[MEI_ASK_MEMORY];
	uint8_t answer[MEI_ASK_MEMORY];
	const char *problem; /* a word: of sap_mei_dev_problem_name(), of a status */
	char why[300];	     /* a sentence for people */
};

/* Connects to a client on that device; null: on any. False: `problem` and `why` tell. mei_ask_end() follows. */
bool mei_ask_begin(struct mei_ask *ask, const struct sap_mei_roots *roots, const char *device,
		   const struct sap_guid *client, uint32_t timeout);
void mei_ask_end(struct mei_ask *ask);

/* `response` points into `ask`, and holds until the next question. */
enum mei_answer mei_ask_amthi(struct mei_ask *ask, const struct sap_amthi_message *request,
			      struct sap_amthi_message *response);
enum mei_answer mei_ask_mkhi(struct mei_ask *ask, const struct sap_mkhi_message *request,
			     struct sap_mkhi_message *response);

#endif
