/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
/*
 * The control block: where each word of it lies (docs/protocol/sap.md section 3).
 */
#ifndef SAP_CORE_CONTROL_H
#define SAP_CORE_CONTROL_H

#include <sap/area.h>

enum {
	CONTROL_MAGIC = 0,
	CONTROL_SIZE = 4,
	CONTROL_WR = 0, /* within a queue's three words */
	CONTROL_RD = 4,
	CONTROL_QUEUE_SIZE = 8,
};

/* The first of a queue's three words. A reserved word stands before each direction's pair of queues. */
static inline uint32_t control_queue(uint32_t queue)
{
	return 12 + 12 * queue + (queue >= SAP_CSME_NOTIF ? 4 : 0);
}

/* Whether a ring lies behind the control block and where this area has memory; not so for a zeroed end. */
static inline bool control_covers(const struct sap_area *area, uint32_t base, uint32_t size)
{
	return area->base && base >= SAP_CONTROL_BLOCK_SIZE && size > SAP_HEADER_SIZE && base <= area->size &&
	       size <= area->size - base;
}

#endif
