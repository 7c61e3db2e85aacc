/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
/*
 * An image of a shared area, made from the description that `sap decode --json` writes.
 */
#ifndef SAP_TOOL_ENCODE_AREA_H
#define SAP_TOOL_ENCODE_AREA_H

#include "encode_message.h"

/* An area being made. All zero: none was begun. */
struct new_area {
	const struct sap_layout *layout;
	struct bytes image;
	struct {
		uint32_t next;	 /* where a message goes that does not say where it lies */
		uint32_t placed; /* bytes of such messages */
		bool has_wr;	 /* wr was given, and does not follow from the messages */
	} queue[SAP_QUEUES];
};

/* Begins: marks, sizes, and the indices that the object gives. */
bool new_area_begin(struct new_area *area, json_t *object, struct complaint *complaint);

/* Puts a message where it says it lies, or after the one before it. */
bool new_area_put(struct new_area *area, const struct encoded *message, struct complaint *complaint);

void new_area_free(struct new_area *area);

#endif
