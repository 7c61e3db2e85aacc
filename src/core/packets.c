// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
/*
 * The packets lane: frames into one data queue and out of the other, one copy each.
 *
 * Only the few bytes before a frame are encoded or decoded; the frame goes straight between the caller's
 * buffer and the queue.
 */
#include <sap/engine.h>
#include <sap/frame.h>
#include <sap/packets.h>

#include "../codec/layout.h"
#include "../platform.h"
#include "shared.h"

/* What stands before the frame in CB_DATA_PACKET. */
enum {
	CB_STATUS = offsetof(struct sap_layout_of_cb_data_packet, to_me_filt_status),
	CB_DATA_LEN = offsetof(struct sap_layout_of_cb_data_packet, data_len),
	CB_FRAME = offsetof(struct sap_layout_of_cb_data_packet, frame),
};

_Static_assert((int)CB_FRAME == (int)SAP_CB_DATA_HEADER_SIZE, "CB_DATA_PACKET");

enum sap_status sap_packets_open(struct sap_packets *lane, enum sap_role role, const struct sap_area *area)
{
	struct sap_producer out;
	struct sap_consumer in;
	enum sap_status status;

	if (!lane || (role != SAP_ROLE_HOST && role != SAP_ROLE_CSME))
		return SAP_INVALID;
	if (!area)
		return SAP_INVALID;
	lane->open = false;
	status = sap_producer_init(&out, area, role == SAP_ROLE_HOST ? SAP_HOST_DATA : SAP_CSME_DATA);
	if (status == SAP_OK)
		status = sap_consumer_init(&in, area, role == SAP_ROLE_HOST ? SAP_CSME_DATA : SAP_HOST_DATA);
	if (status != SAP_OK)
		return status;
	lane->out = out;
	lane->in = in;
	lane->role = role;
	lane->open = true;
	return SAP_OK;
}

void sap_packets_close(struct sap_packets *lane)
{
	lane->open = false;
}

void sap_packets_set_filter(struct sap_packets *lane, const struct sap_filter *filter)
{
	if (filter)
		lane->filter = *filter;
	else
		sap_filter_clear(&lane->filter);
}

/*
 * Where a lane was closed it goes on, if it was open on this connection: what stands in the area as our own
 * positions the peer may have written.
 */
static enum sap_status open_again(struct sap_packets *lane, const struct sap_io *io)
{
	if (lane->role != io->role || lane->out.size == 0)
		return sap_packets_open(lane, io->role, io->area);
	lane->open = true;
	return SAP_OK;
}

enum sap_status sap_packets_apply(struct sap_packets *lane, const struct sap_io *io)
{
	enum sap_status status;

	if (!lane || !io || io->op != SAP_IO_LANE)
		return SAP_INVALID;
	if (!io->lane_open || !io->lane_stays)
		sap_packets_close(lane);
	if (!io->lane_open)
		return SAP_OK;
	if (io->lane_stays)
		status = lane->open ? SAP_OK : SAP_NOT_OPEN;
	else if (io->lane_again)
		status = open_again(lane, io);
	else
		status = sap_packets_open(lane, io->role, io->area);
	if (status != SAP_OK)
		return status;
	if (io->lane_filters)
		sap_filter_set(&lane->filter, &io->filters);
	else
		sap_filter_clear(&lane->filter);
	return SAP_OK;
}

uint32_t sap_packets_room(struct sap_packets *lane, const struct sap_area *area)
{
	uint32_t before = lane->out.counters.corrupt;
	uint32_t room = lane->open ? sap_producer_room(&lane->out, area) : 0;

	lane->counters.corrupt += lane->out.counters.corrupt - before;
	if (room < SAP_HEADER_SIZE + SAP_ETHERNET_HEADER_SIZE)
		return 0;
	return room - SAP_HEADER_SIZE;
}

/* A message of a head (header included, its length still open) and a frame. */
static enum sap_status send_frame(struct sap_packets *lane, const struct sap_area *area, struct sap_seq *seq,
				  enum sap_type type, uint8_t *head, uint32_t head_len, const uint8_t *frame,
				  uint32_t len)
{
	struct sap_header header = {.type = (uint16_t)type};
	struct sap_span span;
	enum sap_status status;

	if (len < SAP_ETHERNET_HEADER_SIZE) {
		lane->counters.send_bad_size++;
		return SAP_BAD_VALUE;
	}
	if (len > SAP_MAX_PAYLOAD - (head_len - SAP_HEADER_SIZE)) {
		lane->counters.send_bad_size++;
		return SAP_TOO_LONG;
	}
	status = sap_producer_reserve(&lane->out, area, head_len + len, &span);
	if (status != SAP_OK) {
		lane->counters.send_no_room += status == SAP_NO_ROOM;
		lane->counters.send_bad_size += status == SAP_TOO_LONG;
		lane->counters.corrupt += status == SAP_CORRUPT;
		return status;
	}

	header.len = (uint16_t)(head_len - SAP_HEADER_SIZE + len);
	header.seq = sap_seq_next(seq);
	sap_header_encode(&header, head);
	shared_span_in(&span, 0, head, head_len);
	shared_span_in(&span, head_len, frame, len);
	status = sap_producer_commit(&lane->out);
	sap_producer_publish(&lane->out, area);
	/* Read by the other locking domain, for the doorbell: the frame is there before it is counted. */
	sap_store_release(&lane->counters.sent, lane->counters.sent + 1);
	lane->counters.sent_bytes += len;
	return status;
}

enum sap_status sap_packets_send(struct sap_packets *lane, const struct sap_area *area, struct sap_seq *seq,
				 const uint8_t *frame, uint32_t len)
{
	uint8_t head[SAP_HEADER_SIZE];

	if (!lane || !area || !seq || !frame)
		return SAP_INVALID;
	if (!lane->open)
		return SAP_NOT_OPEN;
	return send_frame(lane, area, seq, SAP_DATA_PACKET, head, sizeof(head), frame, len);
}

enum sap_status sap_packets_send_cb(struct sap_packets *lane, const struct sap_area *area,
				    struct sap_seq *seq, uint32_t to_me_filt_status, const uint8_t *frame,
				    uint32_t len)
{
	uint8_t head[SAP_HEADER_SIZE + SAP_CB_DATA_HEADER_SIZE];
	uint8_t *payload = head + SAP_HEADER_SIZE;

	if (!lane || !area || !seq || !frame)
		return SAP_INVALID;
	if (!lane->open)
		return SAP_NOT_OPEN;
	if (lane->role != SAP_ROLE_HOST)
		return SAP_WRONG_QUEUE;
	memset(head, 0, sizeof(head));
	sap_put_le32(payload + CB_STATUS, to_me_filt_status);
	sap_put_le32(payload + CB_DATA_LEN, len);
	return send_frame(lane, area, seq, SAP_CB_DATA_PACKET, head, sizeof(head), frame, len);
}

/* --- the host's two paths --- */

/* What both ask first. */
static enum sap_status look_at_lane(const struct sap_packets *lane, const struct sap_area *area,
				    const struct sap_seq *seq, const uint8_t *frame)
{
	if (!lane || !area || !seq || !frame)
		return SAP_INVALID;
	if (!lane->open)
		return SAP_NOT_OPEN;
	return lane->role == SAP_ROLE_HOST ? SAP_OK : SAP_WRONG_QUEUE;
}

/* CSME wants it. What it could not be given is the host's. */
static enum sap_status give_csme(struct sap_packets *lane, const struct sap_area *area, struct sap_seq *seq,
				 const uint8_t *frame, uint32_t len, struct sap_verdict *verdict)
{
	enum sap_status status = sap_packets_send(lane, area, seq, frame, len);

	if (status != SAP_OK) {
		verdict->to_csme = false;
		verdict->to_host = true;
		lane->counters.rx_host++;
		lane->counters.rx_given_back++;
		return status;
	}
	lane->counters.rx_both += verdict->to_host;
	lane->counters.rx_csme += !verdict->to_host;
	return SAP_OK;
}

enum sap_status sap_packets_rx(struct sap_packets *lane, const struct sap_area *area, struct sap_seq *seq,
			       const uint8_t *frame, uint32_t len, struct sap_verdict *verdict)
{
	const struct sap_verdict host_alone = {false, true, SAP_RULE_NOT_OPEN, 0};
	enum sap_status status = look_at_lane(lane, area, seq, frame);

	if (!verdict)
		return SAP_INVALID;
	*verdict = host_alone;
	if (status != SAP_OK)
		return status;
	*verdict = sap_filter_classify(&lane->filter, frame, len);
	if (verdict->to_csme)
		return give_csme(lane, area, seq, frame, len, verdict);
	lane->counters.rx_host++;
	if (len >= SAP_ETHERNET_HEADER_SIZE)
		return SAP_OK;
	lane->counters.rx_too_short++;
	return SAP_TOO_SHORT;
}

enum sap_status sap_packets_tx(struct sap_packets *lane, const struct sap_area *area, struct sap_seq *seq,
			       const uint8_t *frame, uint32_t len)
{
	enum sap_status status = look_at_lane(lane, area, seq, frame);

	if (status != SAP_OK)
		return status;
	if (!sap_frame_is_dhcp_request(frame, len) || !sap_filter_takes_vlan(&lane->filter, frame, len))
		return SAP_OK;
	status = sap_packets_send_cb(lane, area, seq, SAP_CB_DHCP, frame, len);
	lane->counters.tx_copied += status == SAP_OK;
	lane->counters.tx_not_copied += status != SAP_OK;
	return status;
}

/* --- what came --- */

/* Where in the payload the frame lies, and what came with it. */
struct place {
	uint32_t offset;
	struct sap_packet_info info;
};

/* The message that was peeked at: where its frame is, or why it has none. Each byte is read once. */
static enum sap_status find_frame(struct sap_packets *lane, const struct sap_area *area,
				  const struct sap_header *header, struct place *place)
{
	uint8_t head[SAP_CB_DATA_HEADER_SIZE];
	enum sap_status status;

	memset(place, 0, sizeof(*place));
	place->info.type = (enum sap_type)header->type;
	place->info.seq = header->seq;
	place->info.len = header->len;
	if (header->type == SAP_CB_DATA_PACKET && lane->role == SAP_ROLE_CSME) {
		if (header->len < SAP_CB_DATA_HEADER_SIZE)
			return SAP_TOO_SHORT;
		status = sap_consumer_copy(&lane->in, area, 0, head, sizeof(head));
		if (status != SAP_OK)
			return status;
		place->offset = SAP_CB_DATA_HEADER_SIZE;
		place->info.to_me_filt_status = sap_get_le32(head + CB_STATUS);
		place->info.len = sap_get_le32(head + CB_DATA_LEN);
		if (place->info.len > header->len - (uint32_t)SAP_CB_DATA_HEADER_SIZE)
			return SAP_BAD_VALUE;
	} else if (header->type != SAP_DATA_PACKET) {
		return SAP_UNKNOWN_TYPE;
	}
	return place->info.len < SAP_ETHERNET_HEADER_SIZE ? SAP_TOO_SHORT : SAP_OK;
}

static enum sap_status drop_frame(struct sap_packets *lane, enum sap_status why)
{
	lane->counters.recv_unknown += why == SAP_UNKNOWN_TYPE;
	lane->counters.recv_too_long += why == SAP_TOO_LONG;
	lane->counters.recv_too_short += why == SAP_TOO_SHORT;
	lane->counters.recv_bad_size += why == SAP_BAD_VALUE;
	return why == SAP_BAD_VALUE ? SAP_TOO_SHORT : why;
}

enum sap_status sap_packets_recv(struct sap_packets *lane, const struct sap_area *area, uint8_t *frame,
				 uint32_t cap, struct sap_packet_info *info)
{
	struct sap_header header;
	struct place place;
	enum sap_status status;

	if (!lane || !area || !frame || !info)
		return SAP_INVALID;
	if (!lane->open)
		return SAP_NOT_OPEN;
	status = sap_consumer_peek(&lane->in, area, &header);
	if (status != SAP_OK) {
		lane->counters.corrupt += status == SAP_CORRUPT;
		return status;
	}

	status = find_frame(lane, area, &header, &place);
	if (status == SAP_OK && place.info.len > cap)
		status = SAP_TOO_LONG;
	if (status == SAP_OK)
		status = sap_consumer_copy(&lane->in, area, place.offset, frame, place.info.len);
	*info = place.info;

	(void)!sap_consumer_take(&lane->in); /* was peeked at */
	sap_consumer_release(&lane->in, area);
	if (status != SAP_OK)
		return drop_frame(lane, status);
	lane->counters.received++;
	lane->counters.received_bytes += info->len;
	return SAP_OK;
}

enum sap_status sap_packets_discard(struct sap_packets *lane, const struct sap_area *area)
{
	uint32_t before = lane ? lane->in.counters.lost_bytes : 0;
	enum sap_status status;

	if (!lane || !area)
		return SAP_INVALID;
	if (!lane->open)
		return SAP_NOT_OPEN;
	status = sap_consumer_discard(&lane->in, area);
	lane->counters.corrupt += status == SAP_CORRUPT;
	lane->counters.lost_bytes += lane->in.counters.lost_bytes - before;
	return status;
}
