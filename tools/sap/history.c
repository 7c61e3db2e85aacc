// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
/*
 * The ring, unrolled from wr (what was written longest ago) to rd:
 *
 *   wr                                              rd
 *   | rest of a message | message | message | message |
 *
 * A message says where the next one starts, so from each byte there is one row of messages at most. The
 * rows are counted from the back: a byte's row is one longer than that of the byte where its message ends.
 */
#include "history.h"

#include <stdbool.h>
#include <stdlib.h>

#include <sap/message.h>
#include <sap/queue.h>

#include "memory.h"
#include "record.h"

enum {
	LARGEST_FRAME = 2304, /* what 802.11 can carry */
	LARGEST_OPAQUE = 256, /* a guess */
};

/* What lies between wr and rd. */
struct old {
	const uint8_t *ring;
	uint32_t size;
	uint32_t start; /* wr */
	uint32_t len;
	enum sap_queue_id queue;
};

static struct sap_header header_at(const struct old *old, uint32_t at)
{
	uint8_t bytes[SAP_HEADER_SIZE];
	struct sap_header header;

	for (uint32_t i = 0; i < SAP_HEADER_SIZE; i++)
		bytes[i] = old->ring[(old->start + at + i) % old->size];
	sap_header_decode(bytes, &header);
	return header;
}

/* The longest payload of a type: that of its fields, unless one of them takes what comes. */
static uint32_t most(const struct sap_message_info *info)
{
	const struct sap_field *last = info->n_fields ? &info->fields[info->n_fields - 1] : NULL;

	if (!last || (last->kind != SAP_FIELD_REST && last->kind != SAP_FIELD_LIMITED))
		return info->least;
	return info->least + (uint32_t)(last->show == SAP_SHOW_FRAME ? LARGEST_FRAME : LARGEST_OPAQUE);
}

static bool plausible(const struct old *old, const struct sap_header *header)
{
	const struct sap_message_info *info = sap_message_info(header->type);

	/* Senders count from 1. What looks like number 0 is mostly a payload of zeroes. */
	return info && header->seq && sap_queue_carries(old->queue, info->type) &&
	       header->len >= info->least && header->len <= most(info);
}

/* How long the row is that starts at a byte, given those of all later bytes. 0: none. */
static uint32_t row_at(const struct old *old, const uint32_t *rows, uint32_t at)
{
	struct sap_header header = header_at(old, at);
	struct sap_header next;
	uint32_t end = at + SAP_HEADER_SIZE + header.len;

	if (end > old->len || !plausible(old, &header))
		return 0;
	if (end == old->len)
		return 1;
	if (!rows[end])
		return 0;
	next = header_at(old, end);
	/* Numbers may wrap around. */
	return next.seq != header.seq && next.seq - header.seq < UINT32_C(1) << 31 ? rows[end] + 1 : 0;
}

struct history history_find(const struct image *image, enum sap_queue_id queue)
{
	const struct sap_extent *extent = &image->area.layout.queue[queue];
	uint32_t wr = image->queue[queue].wr;
	uint32_t pending = ring_bytes(image->queue[queue].rd, wr, extent->size);
	struct old old = {image->area.base + extent->offset, extent->size, wr, extent->size - pending, queue};
	uint32_t *rows = memory_zeroed(old.len + 1, sizeof(*rows));
	struct history found = {0};

	for (uint32_t left = SAP_HEADER_SIZE; left <= old.len; left++) {
		uint32_t at = old.len - left;

		rows[at] = row_at(&old, rows, at);
		if (rows[at] > found.messages)
			found = (struct history){.bytes = left, .messages = rows[at]};
	}
	free(rows);
	return found;
}
