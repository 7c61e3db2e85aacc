/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
/*
 * One JSON object of `sap decode --json`, or of a person, as the bytes of a message.
 */
#ifndef SAP_TOOL_ENCODE_MESSAGE_H
#define SAP_TOOL_ENCODE_MESSAGE_H

#include "json_message.h"

#include <sap/area.h>

/* What came of an object. */
struct encoded {
	bool me;
	bool queued; /* it says in which queue it lies ... */
	enum sap_queue_id queue;
	bool placed; /* ... and where */
	uint32_t offset;
	bool history;
	uint32_t seq;
	struct bytes bytes; /* header first */
};

/* What an object leaves unsaid. */
struct defaults {
	bool me;      /* what a bare type is the type of */
	uint32_t seq; /* the number it gets */
};

/*
 * Makes a message of an object. False if that does not hold: `complaint` says where and why. The caller
 * frees the bytes either way.
 */
bool encode_message(json_t *object, const struct defaults *defaults, struct encoded *encoded,
		    struct complaint *complaint);

/* For all who read objects: a member that must be a number from 0 to `most`, or be absent. */
bool member_number(json_t *object, const char *key, uint32_t most, bool *given, uint32_t *number,
		   struct complaint *complaint);

/* A member that must be the name of a queue, or be absent. */
bool member_queue(json_t *object, bool *given, enum sap_queue_id *queue, struct complaint *complaint);

/* Whether an object has members of these names only; `known` ends with a null. */
bool members_known(json_t *object, const char *const *known, struct complaint *complaint);

/* Notes where and why (printf); returns false. */
__attribute__((format(printf, 3, 4))) bool complain_of(struct complaint *complaint, const char *where,
						       const char *why, ...);

#endif
