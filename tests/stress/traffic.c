// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
#define _POSIX_C_SOURCE 200809L

#include "traffic.h"

#include <sched.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
	LONGEST = 2048, /* more than any message here has */
	LONGEST_FRAME = 1514,
};

/* Each notification of the protocol, with the least payload that it has; and four that are in no table. */
static const struct {
	uint16_t type, least, more;
} notifications[] = {
	{1, 0, 0},	{2, 0, 0},    {500, 1896, 0}, {502, 4, 0},     {503, 4, 0},   {504, 0, 0},
	{505, 0, 0},	{506, 0, 0},  {511, 4, 0},    {512, 64, 0},    {513, 460, 0}, {518, 8, 0},
	{1000, 0, 300}, {1001, 4, 0}, {1002, 12, 0},  {1003, 0, 0},    {1004, 4, 0},  {1005, 4, 0},
	{1006, 0, 0},	{1007, 0, 0}, {1008, 8, 0},   {1009, 68, 0},   {1010, 8, 0},  {1011, 0, 0},
	{1012, 0, 0},	{1013, 0, 0}, {1015, 0, 0},   {1016, 20, 0},   {1017, 0, 0},  {1024, 4, 0},
	{1025, 8, 0},	{0, 0, 40},   {514, 0, 100},  {3000, 3, 1000}, {65535, 1, 9},
};

enum {
	KINDS = sizeof(notifications) / sizeof(notifications[0])
};

/* What the message of a number is. */
struct kind {
	bool data;
	bool cb; /* CB_DATA_PACKET */
	uint16_t type;
	uint32_t len; /* of the payload, or of the frame */
};

/* What a side does; the queues of the protocol by what they are to it. */
struct side {
	struct traffic *traffic;
	struct sap_producer out;
	struct sap_consumer in;
	struct sap_packets lane;
	struct sap_seq seq;
	uint32_t out_notif, out_data, in_notif, in_data; /* sizes of the queues */
	uint32_t next_notif, next_data;			 /* numbers that must come next */
	uint32_t received;
	uint64_t dice;
};

static uint64_t mix(uint64_t x)
{
	x += 0x9e3779b97f4a7c15u;
	x = (x ^ x >> 30) * 0xbf58476d1ce4e5b9u;
	x = (x ^ x >> 27) * 0x94d049bb133111ebu;
	return x ^ x >> 31;
}

static uint32_t dice(struct side *side, uint32_t faces)
{
	side->dice++;
	return (uint32_t)(mix(side->dice) >> 32) % faces;
}

__attribute__((format(printf, 2, 3))) static void give_up(struct side *side, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(side->traffic->why, sizeof(side->traffic->why), format, arguments);
	va_end(arguments);
	__atomic_store_n(side->traffic->failed, 1, __ATOMIC_RELAXED);
}

/* The message of this number from a sender, whose queues have these sizes. */
static struct kind kind_of(enum sap_role sender, uint32_t seq, uint32_t notif, uint32_t data)
{
	uint64_t hash = mix((uint64_t)seq << 2 | sender);
	uint32_t low = (uint32_t)hash, high = (uint32_t)(hash >> 32);
	struct kind kind = {.data = low % 8 < 3};
	uint32_t longest = data - 1 - 8;

	if (kind.data) {
		kind.cb = sender == SAP_ROLE_HOST && low / 8 % 4 == 0 && longest >= 54;
		longest -= kind.cb ? 40 : 0;
		longest = longest > LONGEST_FRAME ? LONGEST_FRAME : longest;
		kind.type = kind.cb ? SAP_CB_DATA_PACKET : SAP_DATA_PACKET;
		/* Short and full-sized frames, as there are. */
		kind.len = low / 32 % 4 == 0 ? longest : 14 + high % (longest - 13);
		return kind;
	}
	low = low / 8 % KINDS;
	longest = notif - 1 - 8;
	while (notifications[low].least > longest)
		low = (low + 1) % KINDS;
	kind.type = notifications[low].type;
	kind.len = notifications[low].least + high % (notifications[low].more + 1u);
	kind.len = kind.len > longest ? longest : kind.len;
	return kind;
}

static void content(enum sap_role sender, uint32_t seq, uint8_t *bytes, uint32_t len)
{
	uint64_t state = (uint64_t)seq << 8 | sender;

	for (uint32_t at = 0; at < len; at += 8) {
		uint64_t word = mix(state += 0x100000000000u);

		for (uint32_t i = 0; i < 8 && at + i < len; i++)
			bytes[at + i] = (uint8_t)(word >> 8 * i);
	}
}

/* The notification of a number: as a value, and as the bytes that must lie in the queue. */
static uint32_t notification(enum sap_role sender, uint32_t seq, const struct kind *kind, uint8_t *raw,
			     struct sap_message *message, uint8_t *bytes)
{
	struct sap_header header = {.type = kind->type, .len = (uint16_t)kind->len, .seq = seq};
	enum sap_status status;
	uint32_t n = 0;

	sap_header_encode(&header, raw);
	content(sender, seq, raw + SAP_HEADER_SIZE, kind->len);
	status = sap_message_decode(raw, LONGEST, message);
	if (status != SAP_OK && status != SAP_UNKNOWN_TYPE)
		return 0;
	return sap_message_encode(message, bytes, LONGEST, &n) == SAP_OK ? n : 0;
}

/* --- sending --- */

/* By hand into the reservation, byte by byte. */
static enum sap_status send_in_place(struct side *side, const uint8_t *bytes, uint32_t n)
{
	struct sap_span span;
	enum sap_status status = sap_producer_reserve(&side->out, &side->traffic->area, n, &span);

	if (status != SAP_OK)
		return status;
	(void)sap_seq_next(&side->seq);
	for (uint32_t i = 0; i < n; i++)
		*(i < span.first_len ? span.first + i : span.second + (i - span.first_len)) = bytes[i];
	return sap_producer_commit(&side->out);
}

static enum sap_status send_notification(struct side *side, uint32_t seq, const struct kind *kind)
{
	uint8_t raw[LONGEST], bytes[LONGEST];
	struct sap_message message;
	uint32_t n = notification(side->traffic->role, seq, kind, raw, &message, bytes);
	enum sap_status status;

	status = dice(side, 4) ? sap_producer_put(&side->out, &side->traffic->area, &side->seq, &message)
			       : send_in_place(side, bytes, n);
	if (status != SAP_OK || dice(side, 4) == 0)
		sap_producer_publish(&side->out, &side->traffic->area);
	return status;
}

static enum sap_status send_frame(struct side *side, uint32_t seq, const struct kind *kind)
{
	uint8_t frame[LONGEST];

	content(side->traffic->role, seq, frame, kind->len);
	if (kind->cb)
		return sap_packets_send_cb(&side->lane, &side->traffic->area, &side->seq, ~seq, frame,
					   kind->len);
	return sap_packets_send(&side->lane, &side->traffic->area, &side->seq, frame, kind->len);
}

/* The next one; false if there was no room for it. */
static bool send_one(struct side *side)
{
	uint32_t seq = side->seq.last + 1;
	struct kind kind = kind_of(side->traffic->role, seq, side->out_notif, side->out_data);
	enum sap_status status =
		kind.data ? send_frame(side, seq, &kind) : send_notification(side, seq, &kind);

	if (status != SAP_OK && status != SAP_NO_ROOM)
		give_up(side, "sending %u (type %u, %u bytes): %s", seq, kind.type, kind.len,
			sap_status_name(status));
	else if (side->seq.last != (status == SAP_OK ? seq : seq - 1))
		give_up(side, "sending %u: the counter says %u", seq, side->seq.last);
	if (side->seq.last == side->traffic->messages || status != SAP_OK)
		sap_producer_publish(&side->out, &side->traffic->area);
	return status == SAP_OK;
}

/* --- receiving --- */

static enum sap_role peer_of(const struct side *side)
{
	return side->traffic->role == SAP_ROLE_HOST ? SAP_ROLE_CSME : SAP_ROLE_HOST;
}

/* Goes on to the next number that belongs in this queue. */
static struct kind next_kind(struct side *side, uint32_t *next, bool data)
{
	struct kind kind;

	do {
		++*next;
		kind = kind_of(peer_of(side), *next, side->in_notif, side->in_data);
	} while (kind.data != data);
	return kind;
}

/* Takes a whole message in one of three ways. */
static enum sap_status take(struct side *side, uint8_t *buffer, uint32_t *len)
{
	const struct sap_area *area = &side->traffic->area;
	struct sap_message message;
	struct sap_header header;
	enum sap_status status;
	uint32_t half;

	switch (dice(side, 3)) {
	case 0:
		return sap_consumer_next(&side->in, area, buffer, LONGEST, len);
	case 1:
		status = sap_consumer_get(&side->in, area, buffer, LONGEST, &message);
		*len = SAP_HEADER_SIZE + message.len;
		return status == SAP_UNKNOWN_TYPE ? SAP_OK : status;
	default:
		status = sap_consumer_peek(&side->in, area, &header);
		if (status != SAP_OK)
			return status;
		half = header.len / 2;
		sap_header_encode(&header, buffer);
		*len = SAP_HEADER_SIZE + header.len;
		status = sap_consumer_copy(&side->in, area, 0, buffer + 8, half);
		if (status == SAP_OK)
			status = sap_consumer_copy(&side->in, area, half, buffer + 8 + half,
						   header.len - half);
		return status == SAP_OK ? sap_consumer_take(&side->in) : status;
	}
}

static bool receive_notification(struct side *side)
{
	uint8_t buffer[LONGEST], raw[LONGEST], bytes[LONGEST];
	struct sap_message message;
	struct kind kind;
	uint32_t len = 0, n;
	enum sap_status status = take(side, buffer, &len);

	if (status == SAP_AGAIN || dice(side, 4) == 0)
		sap_consumer_release(&side->in, &side->traffic->area);
	if (status == SAP_AGAIN)
		return false;
	kind = next_kind(side, &side->next_notif, false);
	n = notification(peer_of(side), side->next_notif, &kind, raw, &message, bytes);
	if (status != SAP_OK || len != n || memcmp(buffer, bytes, n) != 0)
		give_up(side, "notification %u (type %u, %u bytes): %s, %u bytes", side->next_notif,
			kind.type, n, sap_status_name(status), len);
	side->received++;
	return true;
}

static bool receive_frame(struct side *side)
{
	uint8_t buffer[LONGEST], expected[LONGEST];
	struct sap_packet_info info = {.len = 0};
	struct kind kind;
	enum sap_status status = sap_packets_recv(&side->lane, &side->traffic->area, buffer, LONGEST, &info);

	if (status == SAP_AGAIN)
		return false;
	kind = next_kind(side, &side->next_data, true);
	content(peer_of(side), side->next_data, expected, kind.len);
	if (status != SAP_OK || info.seq != side->next_data || info.type != (enum sap_type)kind.type ||
	    info.len != kind.len || memcmp(buffer, expected, kind.len) != 0 ||
	    info.to_me_filt_status != (kind.cb ? ~side->next_data : 0))
		give_up(side, "frame %u (%u bytes): %s, number %u, %u bytes", side->next_data, kind.len,
			sap_status_name(status), info.seq, info.len);
	side->received++;
	return true;
}

/* --- both --- */

static bool open_side(struct side *side, struct traffic *traffic)
{
	const struct sap_extent *queue = traffic->area.layout.queue;
	uint32_t out = traffic->role == SAP_ROLE_HOST ? SAP_HOST_NOTIF : SAP_CSME_NOTIF;
	uint32_t in = traffic->role == SAP_ROLE_HOST ? SAP_CSME_NOTIF : SAP_HOST_NOTIF;

	memset(side, 0, sizeof(*side));
	side->traffic = traffic;
	side->dice = traffic->role;
	/* A data queue comes after its notification queue. */
	side->out_notif = queue[out].size;
	side->out_data = queue[out + 1].size;
	side->in_notif = queue[in].size;
	side->in_data = queue[in + 1].size;
	return sap_producer_init(&side->out, &traffic->area, (enum sap_queue_id)out) == SAP_OK &&
	       sap_consumer_init(&side->in, &traffic->area, (enum sap_queue_id)in) == SAP_OK &&
	       sap_packets_open(&side->lane, traffic->role, &traffic->area) == SAP_OK;
}

/* All came; so nothing more may, and the counters must say the same. */
static void settle(struct side *side)
{
	const struct sap_consumer_counters *in = &side->in.counters;
	const struct sap_packets_counters *lane = &side->lane.counters;

	if (receive_notification(side) || receive_frame(side))
		give_up(side, "more messages than were sent");
	if (in->taken + lane->received != side->traffic->messages ||
	    side->out.counters.committed + lane->sent != side->traffic->messages)
		give_up(side, "%u and %u taken, %u and %u sent", in->taken, lane->received,
			side->out.counters.committed, lane->sent);
	if (in->corrupt || in->too_long || in->too_short || side->out.counters.corrupt || lane->corrupt)
		give_up(side, "something was corrupt");
}

bool traffic_run(struct traffic *traffic)
{
	struct side side;

	traffic->why[0] = 0;
	if (!open_side(&side, traffic)) {
		give_up(&side, "the queues cannot be opened");
		return false;
	}
	while (side.seq.last < traffic->messages || side.received < traffic->messages) {
		uint32_t sends = dice(&side, 16), takes = dice(&side, 16);
		bool moved = false;

		while (sends-- && side.seq.last < traffic->messages && send_one(&side))
			moved = true;
		while (takes-- && receive_notification(&side))
			moved = true;
		for (takes = dice(&side, 16); takes && receive_frame(&side); takes--)
			moved = true;
		if (__atomic_load_n(traffic->failed, __ATOMIC_RELAXED))
			return false;
		if (!moved)
			sched_yield();
	}
	settle(&side);
	return !__atomic_load_n(traffic->failed, __ATOMIC_RELAXED);
}

uint32_t traffic_messages(void)
{
	const char *asked = getenv("SAP_STRESS_MESSAGES");
	unsigned long messages = asked ? strtoul(asked, NULL, 10) : 0;

	return messages && messages <= 1000000000 ? (uint32_t)messages : 1000000;
}
