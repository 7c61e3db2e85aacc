/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
/*
 * What a row of a declaration becomes in code, by its form. A source says which switch it wants:
 *
 *   SAP_READ_<form>    reads: `payload` into `message`, by way of `tail`; returns SAP_TOO_SHORT if it must
 *   SAP_PARTS_<form>   counts: `fixed` bytes that have to be encoded, and the `tail` that is bytes already
 *   SAP_WRITE_<form>   writes the fixed part to `bytes`
 *
 * The names are those of the function around it. Forms that only SAP's messages have are in message.c.
 */
#ifndef SAP_CODEC_ROWS_H
#define SAP_CODEC_ROWS_H

#include "values.h"

#include <sap/status.h>

/* What a payload must have at least. */
#define SAP_LEAST(layout) (uint32_t)sizeof(struct sap_layout_of_##layout)

#define SAP_READ_EMPTY(member, layout)
#define SAP_READ_VALUE(member, layout)                                     \
	if (payload.len < SAP_LEAST(layout))                               \
		return SAP_TOO_SHORT;                                      \
	sap_decode_##layout(&message->member, payload.bytes, payload.len); \
	sap_tail_##layout(&message->member, &tail);                        \
	if (tail.view.len < tail.least)                                    \
	return SAP_TOO_SHORT
#define SAP_READ_RESERVED(member, layout)    \
	if (payload.len < SAP_LEAST(layout)) \
	return SAP_TOO_SHORT
#define SAP_READ_OPAQUE(member, layout) sap_point_at(&message->member, payload.bytes, payload.len)
/* Of a secret its length is all that is kept. */
#define SAP_READ_SECRET(member, layout) message->member = payload.len

#define SAP_PARTS_EMPTY(member, layout)
#define SAP_PARTS_VALUE(member, layout)             \
	sap_tail_##layout(&message->member, &tail); \
	fixed = SAP_LEAST(layout) - tail.inside
#define SAP_PARTS_RESERVED(member, layout) fixed = SAP_LEAST(layout)
#define SAP_PARTS_OPAQUE(member, layout)   tail.view = message->member
#define SAP_PARTS_SECRET(member, layout)   return SAP_UNSUPPORTED

#define SAP_WRITE_EMPTY(member, layout)
#define SAP_WRITE_VALUE(member, layout)	   sap_encode_##layout(&message->member, bytes)
#define SAP_WRITE_RESERVED(member, layout) memset(bytes, 0, SAP_LEAST(layout))
#define SAP_WRITE_OPAQUE(member, layout)
#define SAP_WRITE_SECRET(member, layout)

/* No tail, and any that is opaque. */
static inline void sap_tail_start(struct sap_tail *tail)
{
	*tail = (struct sap_tail){{NULL, 0}, 0, 0, UINT32_MAX, 1};
}

/* Whether a tail may be written. */
static inline bool sap_tail_fits(const struct sap_tail *tail)
{
	return tail->view.len >= tail->inside && tail->view.len <= tail->most &&
	       tail->view.len % tail->unit == 0 && (!tail->view.len || tail->view.bytes);
}

#endif
