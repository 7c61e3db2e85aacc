// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
/*
 * Producer, consumer and packets lane against a peer that does what the input says, between any two calls:
 * honest steps, or bytes of its choice anywhere in the area.
 *
 * After each of our calls the area is held against a copy: nothing may have changed but what the call is
 * there to write. As long as the peer was honest, what goes through both queues is held against streams of
 * bytes kept aside, and nothing may ever be called corrupt.
 */
#include "fuzz.h"
#include "queue_ops.h"

/* Calls in one run, and the longest stream: what the largest queue here can hold. */
enum {
	MOST_OPS = 300,
	LARGEST_QUEUE = 600,
	LONGEST_FRAME = 700
};

/* Bytes on their way through a queue, oldest first. */
struct stream {
	uint8_t bytes[LARGEST_QUEUE];
	uint32_t len;
};

struct world {
	struct input in;
	struct sap_area area;
	uint8_t *copy; /* the area as it must be */
	uint32_t out_q, in_q, out_lane_q, in_lane_q;
	enum sap_role role;
	struct sap_seq seq;

	struct sap_producer out;
	struct sap_consumer from;
	struct sap_packets lane;
	uint32_t reserved; /* bytes of a reservation that stands, in the notification queue */

	bool honest;		 /* the peer wrote nothing but what it should since all ends were made */
	struct stream sent;	 /* committed, not yet taken by the peer */
	uint32_t sent_unseen;	 /* of them, not published */
	struct stream coming;	 /* written by the peer, not yet taken by us */
	struct stream lane_sent; /* the same for the data queues */
	struct stream lane_coming;
};

/* --- streams, and a ring read and written slowly --- */

static void stream_add(struct stream *s, const uint8_t *bytes, uint32_t n)
{
	MUST(n <= sizeof(s->bytes) - s->len);
	memcpy(s->bytes + s->len, bytes, n);
	s->len += n;
}

static void stream_drop(struct stream *s, uint32_t n)
{
	MUST(n <= s->len);
	s->len -= n;
	memmove(s->bytes, s->bytes + n, s->len);
}

static uint8_t *ring_at(const struct world *w, uint32_t q, uint32_t at)
{
	const struct sap_extent *queue = &w->area.layout.queue[q];

	return w->area.base + queue->offset + at % queue->size;
}

static uint32_t wr_of(const struct world *w, uint32_t q)
{
	return word_at(w->area.base + words_of(q));
}

static uint32_t rd_of(const struct world *w, uint32_t q)
{
	return word_at(w->area.base + words_of(q) + 4);
}

static uint32_t size_of(const struct world *w, uint32_t q)
{
	return w->area.layout.queue[q].size;
}

static uint32_t held_by(const struct world *w, uint32_t q)
{
	return (wr_of(w, q) + size_of(w, q) - rd_of(w, q)) % size_of(w, q);
}

/* --- what a call may change --- */

/* Takes over `n` bytes from `at` on of a ring into the copy: a call was there to write them. */
static void may_ring(struct world *w, uint32_t q, uint32_t at, uint32_t n)
{
	for (uint32_t i = 0; i < n; i++) {
		const uint8_t *p = ring_at(w, q, at + i);

		w->copy[p - w->area.base] = *p;
	}
}

static void may_word(struct world *w, uint32_t at)
{
	memcpy(w->copy + at, w->area.base + at, 4);
}

static void nothing_else_changed(const struct world *w)
{
	MUST(!memcmp(w->area.base, w->copy, w->area.size));
}

static void never_if_honest(const struct world *w, enum sap_status status)
{
	MUST(status != SAP_CORRUPT || !w->honest);
}

/* --- what a call may believe --- */

static uint32_t distance(uint32_t from, uint32_t to, uint32_t size)
{
	return (to + size - from) % size;
}

/*
 * A producer's view after a call: the peer's position is one that an honest peer can have written, and only
 * such a one was ever taken over; the three positions stand in their order.
 */
static void check_producer(const struct world *w, uint32_t q, const struct sap_producer *was,
			   const struct sap_producer *now)
{
	uint32_t size = size_of(w, q);
	uint32_t word = rd_of(w, q);
	bool holds = word < size && distance(was->rd, word, size) <= distance(was->rd, was->wr, size);

	MUST(now->rd == was->rd || (holds && now->rd == word));
	MUST(now->counters.corrupt == was->counters.corrupt || !holds);
	MUST(now->rd < size && now->wr < size && now->next < size);
	MUST(distance(now->rd, now->wr, size) + distance(now->wr, now->next, size) ==
	     distance(now->rd, now->next, size));
}

/* A consumer's view, likewise. What it calls corrupt is. */
static void check_consumer(const struct world *w, uint32_t q, const struct sap_consumer *was,
			   const struct sap_consumer *now)
{
	uint32_t size = size_of(w, q);
	uint32_t word = wr_of(w, q);
	uint32_t kept = distance(was->rd, was->wr, size);
	bool holds = word < size && distance(was->wr, word, size) <= size - 1 - kept;
	uint32_t there;

	MUST(now->wr == was->wr || (holds && now->wr == word));
	MUST(now->rd < size && now->wr < size && now->next < size);
	there = distance(now->next, now->wr, size);
	MUST(distance(now->rd, now->next, size) + there == distance(now->rd, now->wr, size));
	if (now->counters.corrupt != was->counters.corrupt && holds)
		MUST(there < SAP_HEADER_SIZE || (uint32_t)SAP_HEADER_SIZE + *ring_at(w, q, now->next + 2) +
								0x100u * *ring_at(w, q, now->next + 3) >
							there);
}

/* --- our side: the producer --- */

/* What a commit of `n` bytes from `at` on did: they count, and the stream knows them. */
static void committed(struct world *w, uint32_t at, uint32_t n)
{
	uint8_t bytes[LARGEST_QUEUE];

	may_ring(w, w->out_q, at, n);
	if (!w->honest)
		return;
	for (uint32_t i = 0; i < n; i++)
		bytes[i] = *ring_at(w, w->out_q, at + i);
	stream_add(&w->sent, bytes, n);
	w->sent_unseen += n;
}

/* A message of any type; its longer parts come from the input. */
static struct sap_message choose_message(struct world *w)
{
	struct sap_message m;
	const struct sap_message_info *info;
	size_t n = take_u8(&w->in);
	const uint8_t *bytes;

	memset(&m, 0, sizeof(m));
	info = sap_info_at(take_u8(&w->in) % 48);
	bytes = take_bytes(&w->in, &n);
	m.type = (uint16_t)(info ? info->type : 3000);
	if (m.type == SAP_DATA_PACKET)
		m.data_packet.frame = (struct sap_view){bytes, (uint32_t)n};
	else if (m.type == SAP_CB_DATA_PACKET)
		m.cb_data_packet.frame = (struct sap_view){bytes, (uint32_t)n};
	else if (!info || !info->n_fields || m.type == SAP_BAND_SELECTION)
		m.opaque = (struct sap_view){bytes, (uint32_t)n};
	else if (m.type != SAP_NVM && m.type != SAP_CSME_FILTERS && n <= sizeof(m.host_link_up))
		memcpy(&m.host_link_up, bytes, n);
	return m;
}

static void op_put(struct world *w)
{
	struct sap_message m = choose_message(w);
	const struct sap_producer before = w->out;
	struct sap_producer_counters was = before.counters;
	uint32_t at = before.next;
	uint32_t last = w->seq.last;
	uint32_t size = 0;
	enum sap_status status;
	struct sap_header header;
	uint8_t head[SAP_HEADER_SIZE];

	status = sap_producer_put(&w->out, &w->area, &w->seq, &m);
	w->reserved = 0;
	never_if_honest(w, status);
	check_producer(w, w->out_q, &before, &w->out);
	if (sap_message_size(&m, &size) != SAP_OK)
		MUST(status == SAP_BAD_VALUE);
	was.committed += status == SAP_OK;
	was.no_room += status == SAP_NO_ROOM;
	was.too_long += status == SAP_TOO_LONG;
	was.corrupt += status == SAP_CORRUPT;
	MUST(!memcmp(&was, &w->out.counters, sizeof(was)));
	MUST(w->seq.last == last + (status == SAP_OK));
	MUST((status == SAP_TOO_LONG) == (size > size_of(w, w->out_q) - 1));
	if (status != SAP_OK) {
		MUST(w->out.next == at);
		nothing_else_changed(w);
		return;
	}
	MUST(w->out.next == (at + size) % size_of(w, w->out_q));
	for (uint32_t i = 0; i < sizeof(head); i++)
		head[i] = *ring_at(w, w->out_q, at + i);
	sap_header_decode(head, &header);
	MUST(header.type == m.type && header.seq == w->seq.last && header.len == size - SAP_HEADER_SIZE);
	committed(w, at, size);
	nothing_else_changed(w);
}

/* A reservation lies in the ring, from `next` on; its bytes are written here and now. */
static void op_reserve(struct world *w)
{
	uint32_t n = take_u16(&w->in) % (LARGEST_QUEUE + 20);
	const struct sap_producer before = w->out;
	uint32_t at = before.next;
	struct sap_span span;
	enum sap_status status;

	status = sap_producer_reserve(&w->out, &w->area, n, &span);
	never_if_honest(w, status);
	check_producer(w, w->out_q, &before, &w->out);
	nothing_else_changed(w);
	if (status != SAP_OK) {
		MUST(status == SAP_INVALID ? n < SAP_HEADER_SIZE : n >= SAP_HEADER_SIZE);
		if (status != SAP_INVALID)
			w->reserved = 0;
		return;
	}
	MUST(span.first == ring_at(w, w->out_q, at) && span.first_len + span.second_len == n);
	MUST(span.second_len ? span.second == ring_at(w, w->out_q, 0) : !span.second);
	MUST(at + span.first_len <= size_of(w, w->out_q));
	memset(span.first, take_u8(&w->in), span.first_len);
	if (span.second_len)
		memset(span.second, 0x5a, span.second_len);
	may_ring(w, w->out_q, at, n);
	nothing_else_changed(w);
	w->reserved = n;
}

static void op_commit(struct world *w)
{
	uint32_t at = w->out.next;
	enum sap_status status = sap_producer_commit(&w->out);

	MUST(status == (w->reserved ? SAP_OK : SAP_NOT_RESERVED));
	MUST(w->out.next == (at + w->reserved) % size_of(w, w->out_q));
	if (w->reserved)
		committed(w, at, w->reserved);
	w->reserved = 0;
	nothing_else_changed(w);
}

static void op_publish(struct world *w)
{
	bool due = sap_producer_unpublished(&w->out);

	sap_producer_publish(&w->out, &w->area);
	if (due)
		may_word(w, words_of(w->out_q));
	nothing_else_changed(w);
	MUST(!sap_producer_unpublished(&w->out));
	MUST(!due || wr_of(w, w->out_q) == w->out.next);
	w->sent_unseen = 0;
}

static void op_room(struct world *w)
{
	const struct sap_producer before = w->out;
	uint32_t room = sap_producer_room(&w->out, &w->area);
	bool drained = sap_producer_drained(&w->out, &w->area);

	nothing_else_changed(w);
	check_producer(w, w->out_q, &before, &w->out);
	if (w->out.counters.corrupt != before.counters.corrupt)
		MUST(room == 0 && !drained);
	MUST(room < size_of(w, w->out_q));
	if (w->honest) {
		MUST(room == size_of(w, w->out_q) - 1 - w->sent.len);
		MUST(drained == (w->sent.len == w->sent_unseen));
	}
}

/* --- our side: the consumer --- */

/* A message was taken whole, or passed over. */
static void taken(struct world *w, uint32_t len, const uint8_t *bytes, uint32_t n)
{
	if (!w->honest)
		return;
	MUST(len <= w->coming.len && n <= len);
	MUST(n == 0 || !memcmp(bytes, w->coming.bytes, n));
	stream_drop(&w->coming, len);
}

static void op_next(struct world *w)
{
	uint32_t cap = take_u8(&w->in);
	uint8_t *buffer = fresh(cap, 0);
	const struct sap_consumer before = w->from;
	uint32_t at = before.next;
	enum sap_status status;
	uint32_t len = 0;

	status = sap_consumer_next(&w->from, &w->area, buffer, cap, &len);
	nothing_else_changed(w);
	never_if_honest(w, status);
	check_consumer(w, w->in_q, &before, &w->from);
	MUST((status == SAP_TOO_SMALL) == (cap < SAP_HEADER_SIZE));
	MUST(status != SAP_AGAIN || !w->honest || !w->coming.len);
	if (status == SAP_OK || status == SAP_TOO_LONG) {
		MUST(len >= SAP_HEADER_SIZE && len < size_of(w, w->in_q));
		MUST((status == SAP_OK) == (len <= cap));
		MUST(w->from.next == (at + len) % size_of(w, w->in_q));
		taken(w, len, buffer, status == SAP_OK ? len : SAP_HEADER_SIZE);
	} else {
		MUST(w->from.next == at);
	}
	free(buffer);
}

static void op_get(struct world *w)
{
	uint32_t cap = SAP_HEADER_SIZE + take_u8(&w->in);
	uint8_t *buffer = fresh(cap, 0);
	const struct sap_consumer before = w->from;
	struct sap_consumer_counters was = before.counters;
	struct sap_message m;
	enum sap_status status;

	status = sap_consumer_get(&w->from, &w->area, buffer, cap, &m);
	nothing_else_changed(w);
	never_if_honest(w, status);
	check_consumer(w, w->in_q, &before, &w->from);
	was.taken += status != SAP_AGAIN && status != SAP_CORRUPT;
	was.too_long += status == SAP_TOO_LONG;
	was.too_short += status == SAP_TOO_SHORT;
	was.unknown += status == SAP_UNKNOWN_TYPE;
	/* A message that breaks off is one event, however often it is asked for. */
	was.corrupt += status == SAP_CORRUPT && !before.broken;
	MUST(!memcmp(&was, &w->from.counters, sizeof(was)));
	if (status != SAP_AGAIN && status != SAP_CORRUPT)
		/* Of one that did not fit only the part that its table names was looked at. */
		taken(w, SAP_HEADER_SIZE + m.len, buffer,
		      (uint32_t)SAP_HEADER_SIZE + m.len > cap ? 0 : (uint32_t)SAP_HEADER_SIZE + m.len);
	free(buffer);
}

/* Looks twice: the header that was copied once stays what it was, whatever the peer does in between. */
static void op_peek(struct world *w)
{
	uint32_t offset = take_u8(&w->in);
	uint32_t n = take_u8(&w->in);
	uint8_t *buffer = fresh(n, 0);
	const struct sap_consumer before = w->from;
	struct sap_header first, second;
	enum sap_status status;

	status = sap_consumer_peek(&w->from, &w->area, &first);
	never_if_honest(w, status);
	check_consumer(w, w->in_q, &before, &w->from);
	if (status == SAP_OK)
		MUST((uint32_t)SAP_HEADER_SIZE + first.len <=
		     distance(w->from.next, w->from.wr, size_of(w, w->in_q)));
	if (status == SAP_OK) {
		memset(ring_at(w, w->in_q, w->from.next), 0xff, 1);
		MUST(sap_consumer_peek(&w->from, &w->area, &second) == SAP_OK);
		MUST(!memcmp(&first, &second, sizeof(first)));
		*ring_at(w, w->in_q, w->from.next) =
			w->copy[ring_at(w, w->in_q, w->from.next) - w->area.base];
		MUST(first.len + 8u < size_of(w, w->in_q));
	}
	status = sap_consumer_copy(&w->from, &w->area, offset, buffer, n);
	MUST(status ==
	     (w->from.peeked && offset <= first.len && n <= first.len - offset ? SAP_OK : SAP_INVALID));
	if (status == SAP_OK && w->honest)
		MUST(!memcmp(buffer, w->coming.bytes + SAP_HEADER_SIZE + offset, n));
	nothing_else_changed(w);
	free(buffer);
}

static void op_take(struct world *w)
{
	uint32_t len = w->from.peeked;
	enum sap_status status = sap_consumer_take(&w->from);

	MUST(status == (len ? SAP_OK : SAP_AGAIN));
	if (len)
		taken(w, len, NULL, 0);
	nothing_else_changed(w);
}

static void op_release(struct world *w)
{
	bool due = w->from.next != w->from.rd;

	sap_consumer_release(&w->from, &w->area);
	if (due)
		may_word(w, words_of(w->in_q) + 4);
	nothing_else_changed(w);
	MUST(!due || rd_of(w, w->in_q) == w->from.next);
}

static void op_discard(struct world *w)
{
	enum sap_status status = sap_consumer_discard(&w->from, &w->area);

	never_if_honest(w, status);
	MUST(status == (wr_of(w, w->in_q) < size_of(w, w->in_q) ? SAP_OK : SAP_CORRUPT));
	if (status == SAP_OK)
		may_word(w, words_of(w->in_q) + 4);
	nothing_else_changed(w);
	w->coming.len = status == SAP_OK ? 0 : w->coming.len;
}

/* --- our side: the packets lane --- */

static void op_lane_send(struct world *w)
{
	const struct sap_producer before = w->lane.out;
	uint32_t at = before.next;
	bool cb = take_u8(&w->in) & 1;
	size_t n = take_u16(&w->in) % LONGEST_FRAME;
	const uint8_t *given = take_bytes(&w->in, &n);
	uint8_t *frame = fresh(n, 0);
	uint32_t len = (uint32_t)n + SAP_HEADER_SIZE + (cb ? (uint32_t)SAP_CB_DATA_HEADER_SIZE : 0);
	uint32_t room = sap_packets_room(&w->lane, &w->area);
	enum sap_status status;
	uint8_t bytes[LARGEST_QUEUE];

	if (n)
		memcpy(frame, given, n);
	if (cb)
		status = sap_packets_send_cb(&w->lane, &w->area, &w->seq, SAP_CB_DHCP, frame, (uint32_t)n);
	else
		status = sap_packets_send(&w->lane, &w->area, &w->seq, frame, (uint32_t)n);
	never_if_honest(w, status);
	MUST(status == SAP_OK || status == SAP_NO_ROOM || status == SAP_BAD_VALUE || status == SAP_TOO_LONG ||
	     status == SAP_CORRUPT || status == SAP_NOT_OPEN ||
	     (status == SAP_WRONG_QUEUE && cb && w->role == SAP_ROLE_CSME));
	if (status != SAP_OK)
		check_producer(w, w->out_lane_q, &before, &w->lane.out);
	if (status == SAP_OK) {
		MUST(w->lane.out.next == (at + len) % size_of(w, w->out_lane_q));
		MUST(w->honest ? len - SAP_HEADER_SIZE <= room : true);
		may_ring(w, w->out_lane_q, at, len);
		may_word(w, words_of(w->out_lane_q));
		for (uint32_t i = 0; i < len; i++)
			bytes[i] = *ring_at(w, w->out_lane_q, at + i);
		MUST(!memcmp(bytes + len - n, frame, n));
		if (w->honest)
			stream_add(&w->lane_sent, bytes, len);
	} else if (w->honest && status == SAP_NO_ROOM) {
		MUST(len > size_of(w, w->out_lane_q) - 1 - w->lane_sent.len);
	}
	nothing_else_changed(w);
	free(frame);
}

/* What recv must make of the message at the front of the stream, and where in it the frame starts. */
static enum sap_status expected_frame(const struct world *w, uint32_t cap, uint32_t *offset, uint32_t *len)
{
	const uint8_t *bytes = w->lane_coming.bytes;
	uint32_t payload = bytes[2] + 0x100u * bytes[3];
	uint32_t type = bytes[0] + 0x100u * bytes[1];

	*offset = SAP_HEADER_SIZE;
	*len = payload;
	if (type == SAP_CB_DATA_PACKET && w->role == SAP_ROLE_CSME) {
		*offset += SAP_CB_DATA_HEADER_SIZE;
		if (payload < SAP_CB_DATA_HEADER_SIZE)
			return SAP_TOO_SHORT;
		*len = word_at(bytes + SAP_HEADER_SIZE + 36);
		if (*len > payload - SAP_CB_DATA_HEADER_SIZE)
			return SAP_TOO_SHORT;
	} else if (type != SAP_DATA_PACKET) {
		return SAP_UNKNOWN_TYPE;
	}
	if (*len < SAP_ETHERNET_HEADER_SIZE)
		return SAP_TOO_SHORT;
	return *len > cap ? SAP_TOO_LONG : SAP_OK;
}

static void op_lane_recv(struct world *w)
{
	uint32_t cap = take_u16(&w->in) % LONGEST_FRAME;
	const struct sap_consumer before = w->lane.in;
	uint8_t *frame = fresh(cap, 0);
	uint32_t offset, expected_len;
	struct sap_packet_info info;
	enum sap_status status;
	uint32_t len;

	status = sap_packets_recv(&w->lane, &w->area, frame, cap, &info);
	never_if_honest(w, status);
	len = distance(before.next, w->lane.in.next, size_of(w, w->in_lane_q));
	switch (status) {
	case SAP_OK:
	case SAP_TOO_SHORT:
	case SAP_TOO_LONG:
	case SAP_UNKNOWN_TYPE:
		MUST(len >= SAP_HEADER_SIZE);
		may_word(w, words_of(w->in_lane_q) + 4);
		MUST(rd_of(w, w->in_lane_q) == w->lane.in.next);
		MUST(status != SAP_OK || (info.len >= SAP_ETHERNET_HEADER_SIZE && info.len <= cap));
		MUST(status != SAP_TOO_LONG || info.len > cap);
		if (w->honest) {
			MUST(status == expected_frame(w, cap, &offset, &expected_len));
			MUST(status != SAP_OK || (info.len == expected_len &&
						  !memcmp(frame, w->lane_coming.bytes + offset, info.len)));
			stream_drop(&w->lane_coming, len);
		}
		break;
	case SAP_AGAIN:
		MUST(!w->honest || !w->lane_coming.len);
		MUST(len == 0);
		break;
	default:
		MUST(len == 0 && (status == SAP_CORRUPT || status == SAP_NOT_OPEN));
		break;
	}
	if (len == 0)
		check_consumer(w, w->in_lane_q, &before, &w->lane.in);
	nothing_else_changed(w);
	free(frame);
}

/* --- a new start: all ends read their positions from the area --- */

static void op_start(struct world *w, bool anew)
{
	uint32_t queues[] = {w->out_q, w->in_q, w->out_lane_q, w->in_lane_q};
	bool good = true;
	enum sap_status status;

	if (anew) {
		MUST(sap_area_init(&w->area, &w->area.layout, w->area.base, w->area.size) == SAP_OK);
		memcpy(w->copy, w->area.base, w->area.size);
	}
	for (uint32_t i = 0; i < 4; i++)
		good = good && wr_of(w, queues[i]) < size_of(w, queues[i]) &&
		       rd_of(w, queues[i]) < size_of(w, queues[i]);
	status = sap_producer_init(&w->out, &w->area, (enum sap_queue_id)w->out_q);
	if (status == SAP_OK)
		status = sap_consumer_init(&w->from, &w->area, (enum sap_queue_id)w->in_q);
	if (status == SAP_OK)
		status = sap_packets_open(&w->lane, w->role, &w->area);
	MUST(status == (good ? SAP_OK : SAP_CORRUPT));
	nothing_else_changed(w);
	w->reserved = w->out.reserved;
	w->sent_unseen = 0;
	w->honest = anew;
	w->sent.len = w->coming.len = w->lane_sent.len = w->lane_coming.len = 0;
}

/* --- the peer --- */

/* Takes all that was published, as an honest peer does, and knows what it must be. */
static void peer_drains(struct world *w, uint32_t q, struct stream *sent, uint32_t unseen)
{
	if (wr_of(w, q) >= size_of(w, q) || rd_of(w, q) >= size_of(w, q))
		return;
	if (w->honest) {
		MUST(held_by(w, q) == sent->len - unseen);
		for (uint32_t i = 0; i < held_by(w, q); i++)
			MUST(*ring_at(w, q, rd_of(w, q) + i) == sent->bytes[i]);
		stream_drop(sent, held_by(w, q));
	}
	set_word(w->area.base + words_of(q) + 4, wr_of(w, q));
	may_word(w, words_of(q) + 4);
}

/* Puts one whole message, as an honest peer does, if there is room. */
static void peer_puts(struct world *w, uint32_t q, struct stream *coming)
{
	uint8_t bytes[SAP_HEADER_SIZE + 255];
	struct sap_header header;
	size_t n = take_u8(&w->in);
	const uint8_t *payload;
	uint32_t kind = take_u8(&w->in);
	const struct sap_message_info *info = sap_info_at(kind % 48);
	uint32_t at = wr_of(w, q);

	payload = take_bytes(&w->in, &n);
	if (at >= size_of(w, q) || rd_of(w, q) >= size_of(w, q) ||
	    n + SAP_HEADER_SIZE > size_of(w, q) - 1 - held_by(w, q))
		return;
	header.type = (uint16_t)(info ? info->type : 3000);
	header.len = (uint16_t)n;
	header.seq = kind;
	sap_header_encode(&header, bytes);
	memcpy(bytes + SAP_HEADER_SIZE, payload, n);
	n += SAP_HEADER_SIZE;
	for (uint32_t i = 0; i < n; i++)
		*ring_at(w, q, at + i) = bytes[i];
	may_ring(w, q, at, (uint32_t)n);
	set_word(w->area.base + words_of(q), (at + (uint32_t)n) % size_of(w, q));
	may_word(w, words_of(q));
	if (w->honest)
		stream_add(coming, bytes, (uint32_t)n);
}

/* Any bytes anywhere; or one position of its choice, which finds more than chance does. */
static void peer_scribbles(struct world *w, bool position)
{
	uint32_t at = take_u16(&w->in) % w->area.size;
	uint32_t value = take_u32(&w->in);

	w->honest = false;
	if (position)
		at = words_of(at % SAP_QUEUES) + (at & 4);
	if (position && value % 4)
		value = value / 4 % (LARGEST_QUEUE + 4);
	for (uint32_t i = 0; i < 4 && at + i < w->area.size; i++)
		w->area.base[at + i] = w->copy[at + i] = (uint8_t)(value >> (8 * i));
}

static void step(struct world *w)
{
	switch ((enum queue_op)(take_u8(&w->in) % QUEUE_OPS)) {
	case OP_PUT:
		op_put(w);
		break;
	case OP_RESERVE:
		op_reserve(w);
		break;
	case OP_COMMIT:
		op_commit(w);
		break;
	case OP_PUBLISH:
		op_publish(w);
		break;
	case OP_ROOM:
		op_room(w);
		break;
	case OP_NEXT:
		op_next(w);
		break;
	case OP_GET:
		op_get(w);
		break;
	case OP_PEEK:
		op_peek(w);
		break;
	case OP_TAKE:
		op_take(w);
		break;
	case OP_RELEASE:
		op_release(w);
		break;
	case OP_DISCARD:
		op_discard(w);
		break;
	case OP_LANE_SEND:
		op_lane_send(w);
		break;
	case OP_LANE_RECV:
		op_lane_recv(w);
		break;
	case OP_START:
		op_start(w, take_u8(&w->in) & 1);
		break;
	case PEER_DRAINS:
		peer_drains(w, w->out_q, &w->sent, w->sent_unseen);
		peer_drains(w, w->out_lane_q, &w->lane_sent, 0);
		break;
	case PEER_PUTS:
		peer_puts(w, w->in_q, &w->coming);
		break;
	case PEER_PUTS_PACKET:
		peer_puts(w, w->in_lane_q, &w->lane_coming);
		break;
	case PEER_SCRIBBLES:
		peer_scribbles(w, false);
		break;
	case PEER_SETS_POSITION:
		peer_scribbles(w, true);
		break;
	case QUEUE_OPS:
		break;
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct world w;
	uint32_t sizes[SAP_QUEUES];
	struct sap_layout layout;
	uint8_t *memory;

	memset(&w, 0, sizeof(w));
	w.in = (struct input){data, size};
	w.role = take_u8(&w.in) & 1 ? SAP_ROLE_CSME : SAP_ROLE_HOST;
	w.out_q = w.role == SAP_ROLE_HOST ? SAP_HOST_NOTIF : SAP_CSME_NOTIF;
	w.in_q = w.role == SAP_ROLE_HOST ? SAP_CSME_NOTIF : SAP_HOST_NOTIF;
	w.out_lane_q = w.out_q + 1;
	w.in_lane_q = w.in_q + 1;
	for (uint32_t q = 0; q < SAP_QUEUES; q++)
		sizes[q] = 9 + take_u16(&w.in) % (LARGEST_QUEUE - 9);
	MUST(sap_layout_make(&layout, 0, sizes) == SAP_OK);

	/* The area ends where its memory does, so one byte too far is seen. */
	memory = fresh(layout.size, 0xa5);
	w.copy = fresh(layout.size, 0);
	MUST(sap_area_init(&w.area, &layout, memory, layout.size) == SAP_OK);
	op_start(&w, true);
	for (uint32_t i = 0; i < MOST_OPS && w.in.left; i++)
		step(&w);
	free(w.copy);
	free(memory);
	return 0;
}
