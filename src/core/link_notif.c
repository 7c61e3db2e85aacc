// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
/* The link's two queues of notifications: what is written and shown to the peer, and what is taken. */
#include "link.h"

#include "../platform.h"

static void see(struct link *link, const uint8_t *bytes, uint32_t len, bool out)
{
	bool to_csme = (link->role == SAP_ROLE_HOST) == out;
	struct sap_seen seen = {link->s->now, to_csme ? SAP_TO_CSME : SAP_TO_HOST, SAP_IN_NOTIF, bytes, len};

	link->config->tap.see(link->config->tap.self, &seen);
}

/* What a tap sees of a message that went out: encoded once more, since shared memory is not read back. */
static void see_out(struct link *link, const struct sap_message *message)
{
	struct sap_message copy = *message;
	uint32_t len;

	copy.seq = link->s->seq.last;
	if (sap_message_encode(&copy, link->s->aside, sizeof(link->s->aside), &len) == SAP_OK)
		see(link, link->s->aside, len, true);
}

enum sap_status link_put(struct link *link, const struct sap_message *message)
{
	struct sap_link_state *s = link->s;
	enum sap_status status;

	if (!s->mapped || (s->phase != SAP_PHASE_UP && s->phase != SAP_PHASE_DRAINING))
		return SAP_NOT_UP;
	status = sap_producer_put(&s->out, link->area, &s->seq, message);
	if (status == SAP_OK) {
		s->counters.sent++;
		if (link->config->tap.see)
			see_out(link, message);
	}
	s->counters.corrupt += status == SAP_CORRUPT;
	return status;
}

void link_publish(struct link *link, bool now_or_never)
{
	if (!sap_producer_unpublished(&link->s->out))
		return;
	sap_producer_publish(&link->s->out, link->area);
	link->s->bell = true;
	link->s->bell_now |= now_or_never;
}

bool link_has_packets(struct link *link)
{
	struct sap_link_state *s = link->s;
	bool packets = s->packets && s->lane_open && s->phase == SAP_PHASE_UP;

	if (packets)
		s->packets = false;
	return packets;
}

bool link_has_more(const struct link *link)
{
	return link->s->more && (link->s->phase == SAP_PHASE_UP || link->s->phase == SAP_PHASE_DRAINING);
}

void link_release(struct link *link)
{
	sap_consumer_release(&link->s->in, link->area);
}

void link_drain(struct link *link)
{
	/* A full queue, and no more than that: a peer that goes on writing does not hold us. */
	link->s->budget = link->s->in.size;
}

enum sap_status link_take(struct link *link, struct sap_message *message)
{
	struct sap_link_state *s = link->s;
	enum sap_status status = SAP_AGAIN;
	uint32_t len;

	while (s->budget) {
		status = sap_consumer_get(&s->in, link->area, s->bounce, sizeof(s->bounce), message);
		if (!sap_status_took(status))
			break;
		len = (uint32_t)SAP_HEADER_SIZE + message->len;
		s->budget -= len < s->budget ? len : s->budget;
		s->counters.received++;
		/* Of one that is longer than any of the tables, what the tables know of it is in the buffer. */
		if (link->config->tap.see && status != SAP_TOO_LONG)
			see(link, s->bounce, len < sizeof(s->bounce) ? len : (uint32_t)sizeof(s->bounce),
			    false);
		s->counters.too_long += status == SAP_TOO_LONG;
		s->counters.unknown += status == SAP_UNKNOWN_TYPE;
		s->counters.too_short += status == SAP_TOO_SHORT;
		if (status == SAP_OK)
			return status;
	}
	/* With the budget spent there may be more; it is for the next call. */
	if (s->budget)
		s->more = false;
	if (status == SAP_CORRUPT) {
		s->counters.corrupt++;
		/* Nothing tells where the next message would start: what lies there is given up. */
		status = sap_consumer_discard(&s->in, link->area);
		return status == SAP_OK ? SAP_AGAIN : SAP_CORRUPT;
	}
	sap_consumer_release(&s->in, link->area);
	return SAP_AGAIN;
}

void link_answer_ping(struct link *link)
{
	struct sap_message pong;

	memset(&pong, 0, sizeof(pong));
	pong.type = SAP_PONG;
	/* Nothing follows HOST_GOES_DOWN. */
	if (link->s->phase != SAP_PHASE_UP || link_put(link, &pong) != SAP_OK)
		link->s->counters.pongs_dropped++;
}

enum sap_status link_write_pings(struct link *link, uint32_t *owed, uint32_t *out)
{
	struct sap_message ping;
	enum sap_status status = SAP_OK;

	memset(&ping, 0, sizeof(ping));
	ping.type = SAP_PING;
	while (*owed && status == SAP_OK) {
		status = link_put(link, &ping);
		if (status == SAP_OK) {
			--*owed;
			++*out;
		}
	}
	return status;
}
