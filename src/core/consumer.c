// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
/*
 * The reading end of a queue.
 *
 *          rd          next        wr
 *   ....... |-----------|===========|.........     - taken, not yet released     = still to be read
 *
 * `rd` and `next` are ours and never read back. `wr` is the peer's; its last good value is kept, and asked
 * for again when everything up to it was taken.
 */
#include <sap/queue.h>

#include "../codec/parts.h"
#include "../platform.h"
#include "control.h"
#include "ring.h"
#include "shared.h"

enum sap_status sap_consumer_init(struct sap_consumer *consumer, const struct sap_area *area,
				  enum sap_queue_id queue)
{
	struct sap_consumer made;

	if (!consumer || !area || !area->base || (uint32_t)queue >= SAP_QUEUES)
		return SAP_INVALID;
	memset(&made, 0, sizeof(made));
	made.base = area->layout.queue[queue].offset;
	made.size = area->layout.queue[queue].size;
	made.wr_at = control_queue(queue) + CONTROL_WR;
	made.rd_at = control_queue(queue) + CONTROL_RD;
	made.rd = shared_load(area, made.rd_at);
	made.wr = shared_load(area, made.wr_at);
	if (made.rd >= made.size || made.wr >= made.size)
		return SAP_CORRUPT;
	made.next = made.rd;
	*consumer = made;
	return SAP_OK;
}

/* Bytes known to be there. */
static uint32_t there(const struct sap_consumer *consumer)
{
	return ring_distance(consumer->next, consumer->wr, consumer->size);
}

/* Asks for the peer's index. It may only have moved forward, and never past what we released. */
static bool consumer_refresh(struct sap_consumer *consumer, const struct sap_area *area)
{
	uint32_t wr = shared_load(area, consumer->wr_at);
	uint32_t kept = ring_distance(consumer->rd, consumer->wr, consumer->size);

	if (wr >= consumer->size ||
	    ring_distance(consumer->wr, wr, consumer->size) > consumer->size - 1 - kept)
		return false;
	consumer->wr = wr;
	return true;
}

static enum sap_status consumer_corrupt(struct sap_consumer *consumer)
{
	consumer->counters.corrupt++;
	return SAP_CORRUPT;
}

/* Copies the next header out, once, and checks that the whole message is there. */
static enum sap_status consumer_look(struct sap_consumer *consumer, const struct sap_area *area)
{
	uint8_t bytes[SAP_HEADER_SIZE];

	if (consumer->peeked)
		return SAP_OK;
	if (consumer->broken)
		return SAP_CORRUPT;
	if (!there(consumer)) {
		if (!consumer_refresh(consumer, area))
			return consumer_corrupt(consumer);
		if (!there(consumer))
			return SAP_AGAIN;
	}
	/*
	 * Whole messages are published at once, so a part of one is no message that will be whole: it stays
	 * broken, whatever the peer writes over it.
	 */
	consumer->broken = true;
	if (there(consumer) < SAP_HEADER_SIZE)
		return consumer_corrupt(consumer);
	shared_ring_out(area, consumer->base, consumer->size, consumer->next, bytes, sizeof(bytes));
	sap_header_decode(bytes, &consumer->header);
	if ((uint32_t)SAP_HEADER_SIZE + consumer->header.len > there(consumer))
		return consumer_corrupt(consumer);
	consumer->broken = false;
	consumer->peeked = (uint32_t)SAP_HEADER_SIZE + consumer->header.len;
	return SAP_OK;
}

/* Goes past the message that was looked at. */
static void consumer_pass(struct sap_consumer *consumer)
{
	consumer->next = ring_after(consumer->next, consumer->peeked, consumer->size);
	consumer->peeked = 0;
	consumer->counters.taken++;
}

/* A part of its payload. */
static void consumer_copy(const struct sap_consumer *consumer, const struct sap_area *area, uint32_t offset,
			  void *buffer, uint32_t n)
{
	shared_ring_out(area, consumer->base, consumer->size,
			ring_after(consumer->next, SAP_HEADER_SIZE + offset, consumer->size), buffer, n);
}

enum sap_status sap_consumer_peek(struct sap_consumer *consumer, const struct sap_area *area,
				  struct sap_header *header)
{
	enum sap_status status;

	if (!consumer || !area || !header || !control_covers(area, consumer->base, consumer->size))
		return SAP_INVALID;
	status = consumer_look(consumer, area);
	if (status == SAP_OK)
		*header = consumer->header;
	return status;
}

enum sap_status sap_consumer_copy(const struct sap_consumer *consumer, const struct sap_area *area,
				  uint32_t offset, void *buffer, uint32_t n)
{
	if (!consumer || !area || !buffer || !consumer->peeked || offset > consumer->header.len ||
	    n > consumer->header.len - offset || !control_covers(area, consumer->base, consumer->size))
		return SAP_INVALID;
	consumer_copy(consumer, area, offset, buffer, n);
	return SAP_OK;
}

enum sap_status sap_consumer_take(struct sap_consumer *consumer)
{
	if (!consumer)
		return SAP_INVALID;
	if (!consumer->peeked)
		return SAP_AGAIN;
	consumer_pass(consumer);
	return SAP_OK;
}

enum sap_status sap_consumer_next(struct sap_consumer *consumer, const struct sap_area *area, uint8_t *buffer,
				  uint32_t cap, uint32_t *len)
{
	enum sap_status status;

	if (!consumer || !area || !buffer || !len || !control_covers(area, consumer->base, consumer->size))
		return SAP_INVALID;
	if (cap < SAP_HEADER_SIZE)
		return SAP_TOO_SMALL;
	status = consumer_look(consumer, area);
	if (status != SAP_OK)
		return status;

	sap_header_encode(&consumer->header, buffer);
	*len = consumer->peeked;
	if (*len > cap) {
		consumer->counters.too_long++;
		status = SAP_TOO_LONG;
	} else {
		consumer_copy(consumer, area, 0, buffer + SAP_HEADER_SIZE, consumer->header.len);
	}
	consumer_pass(consumer);
	return status;
}

/*
 * A message that does not fit: if its table ends before, what did not fit means nothing (section 5), and
 * what did is decoded as if it were all.
 */
static enum sap_status consumer_get_part(struct sap_consumer *consumer, const struct sap_area *area,
					 uint8_t *buffer, uint32_t cap, struct sap_message *message)
{
	struct sap_header whole = consumer->header;
	struct sap_header part = whole;
	enum sap_status status;

	part.len = (uint16_t)(cap - SAP_HEADER_SIZE);
	consumer_copy(consumer, area, 0, buffer + SAP_HEADER_SIZE, part.len);
	sap_header_encode(&part, buffer);
	status = sap_message_decode(buffer, cap, message);
	if (status == SAP_OK && sap_message_ends(whole.type)) {
		message->len = whole.len;
		return SAP_OK;
	}
	memset(message, 0, sizeof(*message));
	message->type = whole.type;
	message->len = whole.len;
	message->seq = whole.seq;
	consumer->counters.too_long++;
	return SAP_TOO_LONG;
}

enum sap_status sap_consumer_get(struct sap_consumer *consumer, const struct sap_area *area, uint8_t *buffer,
				 uint32_t cap, struct sap_message *message)
{
	enum sap_status status;

	if (!consumer || !area || !buffer || !message ||
	    !control_covers(area, consumer->base, consumer->size))
		return SAP_INVALID;
	if (cap < SAP_HEADER_SIZE)
		return SAP_TOO_SMALL;
	status = consumer_look(consumer, area);
	if (status != SAP_OK)
		return status;

	if (consumer->peeked > cap) {
		status = consumer_get_part(consumer, area, buffer, cap, message);
	} else {
		consumer_copy(consumer, area, 0, buffer + SAP_HEADER_SIZE, consumer->header.len);
		sap_header_encode(&consumer->header, buffer);
		status = sap_message_decode(buffer, consumer->peeked, message);
		consumer->counters.unknown += status == SAP_UNKNOWN_TYPE;
		consumer->counters.too_short += status == SAP_TOO_SHORT;
	}
	consumer_pass(consumer);
	return status;
}

void sap_consumer_release(struct sap_consumer *consumer, const struct sap_area *area)
{
	if (consumer->next == consumer->rd || !control_covers(area, consumer->base, consumer->size))
		return;
	consumer->rd = consumer->next;
	shared_store(area, consumer->rd_at, consumer->rd);
}

enum sap_status sap_consumer_discard(struct sap_consumer *consumer, const struct sap_area *area)
{
	uint32_t wr;

	if (!consumer || !area || !control_covers(area, consumer->base, consumer->size))
		return SAP_INVALID;
	wr = shared_load(area, consumer->wr_at);
	if (wr >= consumer->size)
		return consumer_corrupt(consumer);
	consumer->counters.lost_bytes += ring_distance(consumer->next, wr, consumer->size);
	consumer->wr = wr;
	consumer->next = wr;
	consumer->peeked = 0;
	consumer->broken = false;
	sap_consumer_release(consumer, area);
	return SAP_OK;
}
