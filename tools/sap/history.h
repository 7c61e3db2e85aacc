/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
/*
 * Messages that were taken out of a queue and not yet overwritten.
 */
#ifndef SAP_TOOL_HISTORY_H
#define SAP_TOOL_HISTORY_H

#include <sap/area.h>

#include "image.h"

/* They end at rd; the first starts `bytes` before it. */
struct history {
	uint32_t bytes;
	uint32_t messages;
};

/*
 * Finds the longest row of messages that ends exactly at rd, in what the queue does not hold any more.
 *
 * Nothing marks where old messages start, so this is a guess: all of them are of a known type that belongs
 * in this queue, as long as that type is, and numbered in ascending order.
 */
struct history history_find(const struct image *image, enum sap_queue_id queue);

#endif
