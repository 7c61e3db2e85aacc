// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
/*
 * The writing end of a queue.
 *
 *          rd          wr          next
 *   ....... |===========|-----------|.........     = the peer may read   - committed, not yet published
 *
 * `wr` and `next` are ours and never read back. `rd` is the peer's; its last good value is kept, since a
 * stale one only means less room, and asked for again when that is not enough.
 */
#include <sap/queue.h>

#include "../codec/parts.h"
#include "../platform.h"
#include "control.h"
#include "ring.h"
#include "shared.h"

uint32_t sap_seq_next(struct sap_seq *seq)
{
	return sap_increment(&seq->last);
}

enum sap_status sap_producer_init(struct sap_producer *producer, const struct sap_area *area,
				  enum sap_queue_id queue)
{
	struct sap_producer made;

	if (!producer || !area || !area->base || (uint32_t)queue >= SAP_QUEUES)
		return SAP_INVALID;
	memset(&made, 0, sizeof(made));
	made.base = area->layout.queue[queue].offset;
	made.size = area->layout.queue[queue].size;
	made.wr_at = control_queue(queue) + CONTROL_WR;
	made.rd_at = control_queue(queue) + CONTROL_RD;
	made.wr = shared_load(area, made.wr_at);
	made.rd = shared_load(area, made.rd_at);
	if (made.wr >= made.size || made.rd >= made.size)
		return SAP_CORRUPT;
	made.next = made.wr;
	*producer = made;
	return SAP_OK;
}

enum {
	LONGEST_MESSAGE = SAP_HEADER_SIZE + SAP_MAX_PAYLOAD
};

/* Bytes that may be written: all but one, or a full queue would look empty. */
static uint32_t free_bytes(const struct sap_producer *producer)
{
	return producer->size - 1 - ring_distance(producer->rd, producer->next, producer->size);
}

/* Asks for the peer's index. It may only have moved forward, and no further than we published. */
static bool producer_refresh(struct sap_producer *producer, const struct sap_area *area)
{
	uint32_t rd = shared_load(area, producer->rd_at);

	if (rd >= producer->size || ring_distance(producer->rd, rd, producer->size) >
					    ring_distance(producer->rd, producer->wr, producer->size)) {
		producer->counters.corrupt++;
		return false;
	}
	producer->rd = rd;
	return true;
}

uint32_t sap_producer_room(struct sap_producer *producer, const struct sap_area *area)
{
	if (!control_covers(area, producer->base, producer->size) || !producer_refresh(producer, area))
		return 0;
	return free_bytes(producer) < LONGEST_MESSAGE ? free_bytes(producer) : LONGEST_MESSAGE;
}

enum sap_status sap_producer_reserve(struct sap_producer *producer, const struct sap_area *area, uint32_t n,
				     struct sap_span *span)
{
	if (!producer || !area || !span || n < SAP_HEADER_SIZE ||
	    !control_covers(area, producer->base, producer->size))
		return SAP_INVALID;
	producer->reserved = 0;
	if (n > producer->size - 1 || n > LONGEST_MESSAGE) {
		producer->counters.too_long++;
		return SAP_TOO_LONG;
	}
	if (n > free_bytes(producer)) {
		if (!producer_refresh(producer, area))
			return SAP_CORRUPT;
		if (n > free_bytes(producer)) {
			producer->counters.no_room++;
			return SAP_NO_ROOM;
		}
	}
	producer->reserved = n;
	*span = shared_ring_span(area, producer->base, producer->size, producer->next, n);
	return SAP_OK;
}

enum sap_status sap_producer_commit(struct sap_producer *producer)
{
	if (!producer)
		return SAP_INVALID;
	if (!producer->reserved)
		return SAP_NOT_RESERVED;
	producer->next = ring_after(producer->next, producer->reserved, producer->size);
	producer->reserved = 0;
	producer->counters.committed++;
	return SAP_OK;
}

void sap_producer_publish(struct sap_producer *producer, const struct sap_area *area)
{
	if (producer->next == producer->wr || !control_covers(area, producer->base, producer->size))
		return;
	producer->wr = producer->next;
	shared_store(area, producer->wr_at, producer->wr);
}

enum sap_status sap_span_write(const struct sap_span *span, uint32_t offset, const void *from, uint32_t n)
{
	if (!span || (n && !from) || offset > span->first_len + span->second_len ||
	    n > span->first_len + span->second_len - offset)
		return SAP_INVALID;
	if (n)
		shared_span_in(span, offset, from, n);
	return SAP_OK;
}

bool sap_producer_unpublished(const struct sap_producer *producer)
{
	return producer->next != producer->wr;
}

bool sap_producer_drained(struct sap_producer *producer, const struct sap_area *area)
{
	return control_covers(area, producer->base, producer->size) && producer_refresh(producer, area) &&
	       producer->rd == producer->wr;
}

enum sap_status sap_producer_put(struct sap_producer *producer, const struct sap_area *area,
				 struct sap_seq *seq, const struct sap_message *message)
{
	uint8_t aside[SAP_HEAD_MAX];
	struct sap_parts parts;
	struct sap_span span;
	enum sap_status status;

	if (!producer || !area || !seq || !message)
		return SAP_INVALID;
	producer->reserved = 0;
	status = sap_message_split(message, &parts);
	if (status != SAP_OK)
		return status;
	status = sap_producer_reserve(producer, area, parts.head + parts.tail.len, &span);
	if (status != SAP_OK)
		return status;

	/* The head is encoded in place, unless it is what wraps. The tail is bytes already. */
	if (parts.head <= span.first_len) {
		sap_message_encode_head(message, &parts, sap_seq_next(seq), span.first);
	} else {
		sap_message_encode_head(message, &parts, sap_seq_next(seq), aside);
		shared_span_in(&span, 0, aside, parts.head);
	}
	if (parts.tail.len)
		shared_span_in(&span, parts.head, parts.tail.bytes, parts.tail.len);
	return sap_producer_commit(producer);
}
