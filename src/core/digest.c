// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
/*
 * One number for all that decides what an engine will do: two engines with the same number, given the same
 * inputs, do the same. So an explorer knows where it has been, and a snapshot can be checked.
 *
 * Left out is what only looks back, or differs from run to run: counters, sequence numbers, generations,
 * where in its ring a message lies, and the time itself. Left out too is what a state leaves behind and
 * never looks at again, since it would tell equal states apart.
 *
 * Two halves of 32 bits each: some processors have no 64-bit multiplication.
 */
#include "control.h"
#include "ring.h"
#include "shared.h"

#include <sap/csme.h>
#include <sap/host.h>

struct digest {
	uint32_t a, b;
};

static uint32_t turn(uint32_t x, unsigned n)
{
	return x << n | x >> (32 - n);
}

static void add(struct digest *d, uint32_t x)
{
	d->a = turn(d->a ^ x * 0xcc9e2d51u, 13) * 5 + 0xe6546b64u;
	d->b = turn(d->b ^ turn(x, 15) * 0x1b873593u, 17) * 9 + 0x38495ab5u;
}

static void add_bytes(struct digest *d, const uint8_t *bytes, uint32_t n)
{
	uint32_t word = 0;

	add(d, n);
	for (uint32_t i = 0; i < n; i++) {
		word = word << 8 | bytes[i];
		if (i % 4 == 3 || i + 1 == n)
			add(d, word);
	}
}

/* A deadline: how long it is until then. One that has passed is due, however long. */
static void add_deadline(struct digest *d, uint64_t at, uint64_t now)
{
	uint64_t left = at == SAP_NEVER || at <= now ? 0 : at - now;

	add(d, (at == SAP_NEVER ? 1u : 0u) | (at <= now ? 2u : 0u));
	add(d, (uint32_t)left);
	add(d, (uint32_t)(left >> 32));
}

/* A value, as it would go out: padding plays no part. */
static void add_value(struct digest *d, const struct sap_message *message)
{
	uint8_t bytes[128];
	uint32_t len = 0;

	if (sap_message_encode(message, bytes, sizeof(bytes), &len) == SAP_OK)
		add_bytes(d, bytes, len);
}

static uint32_t scrambled(uint32_t x)
{
	x ^= x >> 16;
	x *= 0x85ebca6bu;
	x ^= x >> 13;
	x *= 0xc2b2ae35u;
	return x ^ x >> 16;
}

static uint64_t number(const struct digest *d)
{
	uint32_t low = scrambled(d->a + 3 * d->b);

	return (uint64_t)scrambled(d->b ^ low) << 32 | low;
}

/* --- messages in a queue --- */

static void add_ring(struct digest *d, const struct sap_area *area, uint32_t base, uint32_t size, uint32_t at,
		     uint32_t n)
{
	uint8_t piece[64];

	while (n) {
		uint32_t some = n < sizeof(piece) ? n : (uint32_t)sizeof(piece);

		shared_ring_out(area, base, size, at, piece, some);
		add_bytes(d, piece, some);
		at = ring_after(at, some, size);
		n -= some;
	}
}

/* `n` bytes of messages from `at` on: type and payload of each. What is none counts as bytes. */
static void add_messages(struct digest *d, const struct sap_area *area, uint32_t base, uint32_t size,
			 uint32_t at, uint32_t n)
{
	uint8_t bytes[SAP_HEADER_SIZE];
	struct sap_header header;

	while (n >= SAP_HEADER_SIZE) {
		shared_ring_out(area, base, size, at, bytes, sizeof(bytes));
		sap_header_decode(bytes, &header);
		if (header.len > n - SAP_HEADER_SIZE)
			break;
		add(d, header.type | (uint32_t)header.len << 16);
		add_ring(d, area, base, size, ring_after(at, SAP_HEADER_SIZE, size), header.len);
		at = ring_after(at, SAP_HEADER_SIZE + header.len, size);
		n -= SAP_HEADER_SIZE + header.len;
	}
	add(d, 0xffffffffu);
	add_ring(d, area, base, size, at, n);
}

/* What the peer has not read, and what it does not see yet. */
static void add_outbound(struct digest *d, const struct sap_producer *out, const struct sap_area *area)
{
	uint32_t rd = shared_load(area, out->rd_at);

	add(d, out->size);
	add(d, ring_distance(out->wr, out->next, out->size));
	if (rd < out->size)
		add_messages(d, area, out->base, out->size, rd, ring_distance(rd, out->next, out->size));
	else
		add(d, rd);
}

/* What we have not taken, and what of the taken the peer cannot write over yet. */
static void add_inbound(struct digest *d, const struct sap_consumer *in, const struct sap_area *area)
{
	uint32_t wr = shared_load(area, in->wr_at);

	add(d, in->size);
	add(d, ring_distance(in->rd, in->next, in->size));
	add(d, ring_distance(in->next, in->wr, in->size));
	if (wr < in->size)
		add_messages(d, area, in->base, in->size, in->next, ring_distance(in->next, wr, in->size));
	else
		add(d, wr);
}

/* --- the link --- */

static void add_flags(struct digest *d, const bool *flags, uint32_t n)
{
	uint32_t bits = 0;

	for (uint32_t i = 0; i < n; i++)
		bits |= (uint32_t)flags[i] << i;
	add(d, bits);
}

/* The doorbell, and the packets that want one. */
static void add_bell(struct digest *d, const struct sap_link_state *s, const struct sap_link_config *config,
		     const struct sap_area *area, enum sap_role role)
{
	const bool flags[] = {s->bell, s->bell_now, s->rang, s->deferred};
	uint32_t words = control_queue(role == SAP_ROLE_HOST ? SAP_HOST_DATA : SAP_CSME_DATA);
	uint32_t posted = 0;

	if (config->lane && s->lane_open)
		posted = sap_load_acquire(&config->lane->counters.sent);
	add_flags(d, flags, sizeof(flags));
	add_deadline(d, s->rang ? s->rung_at + config->throttle_ms : 0, s->now);
	add(d, s->lane_open ? posted - s->lane_rung : 0);
	add(d, s->lane_open && s->flying == SAP_IO_SEND ? posted - s->lane_ringing : 0);
	add(d, shared_load(area, words + CONTROL_RD) == shared_load(area, words + CONTROL_WR));
}

/* Whether both ends of queues are made: the host does it as it maps, CSME as it has agreed to an area. */
static bool has_queues(const struct sap_link_state *s, enum sap_role role)
{
	switch ((enum sap_phase)s->phase) {
	case SAP_PHASE_UP:
	case SAP_PHASE_DRAINING:
		return s->mapped;
	case SAP_PHASE_CONNECTING:
		return s->mapped && role == SAP_ROLE_HOST;
	case SAP_PHASE_STARTING:
		return s->mapped && (role == SAP_ROLE_HOST || s->send_start);
	case SAP_PHASE_DOWN:
	case SAP_PHASE_MAPPING:
	case SAP_PHASE_UNWINDING:
		break;
	}
	return false;
}

static void add_link(struct digest *d, const struct sap_link_state *s, const struct sap_link_config *config,
		     const struct sap_area *area, enum sap_role role)
{
	const bool held[] = {s->overtaken, s->mapping, s->mapped, s->connecting, s->connected, s->lane_open};
	const bool flags[] = {s->want_lane,
			      s->lane_was,
			      s->lane_due,
			      s->send_start,
			      s->more,
			      s->packets,
			      s->again && s->retry_at != SAP_NEVER};

	add(d, s->phase | (uint32_t)s->flying << 8);
	add_flags(d, held, sizeof(held));
	add_deadline(d, s->retry_at, s->now);
	if (s->phase == SAP_PHASE_DOWN)
		return;
	if (s->phase == SAP_PHASE_UNWINDING) {
		add(d, (uint16_t)s->why);
		return;
	}
	add_flags(d, flags, sizeof(flags));
	add_deadline(d, s->start_by, s->now);
	if (s->phase == SAP_PHASE_MAPPING) {
		add(d, role == SAP_ROLE_HOST ? s->layout : s->offered);
		add(d, role == SAP_ROLE_HOST ? s->tries_left : 0);
	}
	if (!has_queues(s, role))
		return;
	add(d, area->layout.version);
	add_outbound(d, &s->out, area);
	add_inbound(d, &s->in, area);
	add_bell(d, s, config, area, role);
}

/* --- the host --- */

static void add_host_values(struct digest *d, const struct sap_host_state *s)
{
	struct sap_message m;

	memset(&m, 0, sizeof(m));
	m.type = SAP_HOST_LINK_UP;
	m.host_link_up = s->link_up;
	if (s->link_is_up)
		add_value(d, &m);
	m.type = SAP_HOST_LINK_DOWN;
	m.host_link_down = s->link_down;
	add_value(d, &m);
	m.type = SAP_COUNTRY_CODE;
	m.country_code = s->country;
	add_value(d, &m);
	m.type = SAP_SAR_LIMITS;
	m.sar_limits = s->sar;
	if (s->has_sar)
		add_value(d, &m);
	m.type = SAP_NIC_INFO;
	m.nic_info = s->nic_info;
	if (s->has_nic_info)
		add_value(d, &m);
	add(d, s->radio.state);
	add(d, s->pldr_result);
	add(d, s->suspend_flags);
}

static void add_filters(struct digest *d, const struct sap_oob_filters *oob)
{
	for (uint32_t i = 0; i < SAP_FLEX_FILTERS; i++) {
		add(d, oob->flex[i].src_port | (uint32_t)oob->flex[i].dst_port << 16);
		add(d, oob->flex[i].flags);
	}
	for (uint32_t i = 0; i < SAP_ETH_FILTERS; i++) {
		add_bytes(d, oob->eth[i].mac_address.bytes, sizeof(oob->eth[i].mac_address.bytes));
		add(d, oob->eth[i].flags);
	}
	for (uint32_t i = 0; i < SAP_IPV6_FILTERS; i++) {
		add_bytes(d, oob->ipv6[i].addr_lo24, sizeof(oob->ipv6[i].addr_lo24));
		add(d, oob->ipv6[i].flags);
	}
	for (uint32_t i = 0; i < SAP_VLAN_FILTERS; i++)
		add(d, oob->vlan[i]);
	add(d, oob->icmpv6_flags);
	add(d, oob->ipv4.ipv4_addr);
	add(d, oob->ipv4.flags);
}

static void add_host_events(struct digest *d, const struct sap_host_state *s)
{
	struct sap_message m;

	memset(&m, 0, sizeof(m));
	m.type = SAP_CSME_CONN_STATUS;
	add(d, s->events_count);
	for (uint32_t i = 0; i < s->events_count; i++) {
		const struct sap_host_event_slot *slot =
			&s->events[ring_after(s->events_at, i, SAP_HOST_EVENTS)];

		add(d, slot->type);
		add(d, slot->value);
		m.csme_conn_status = slot->conn_status;
		if (slot->type == SAP_HOST_CONN_STATUS)
			add_value(d, &m);
		if (slot->view && slot->value <= SAP_BOUNCE_SIZE - SAP_HEADER_SIZE)
			add_bytes(d, s->link.bounce + SAP_HEADER_SIZE, slot->value);
	}
}

uint64_t sap_host_digest(const struct sap_host *host)
{
	const struct sap_host_state *s = &host->state;
	const uint64_t now = s->link.now;
	const bool flags[] = {
		s->pldr_refused,
		s->stopping,
		s->amt,
		s->driver,
		s->device,
		s->wanted,
		s->rfkill,
		s->roaming_forbidden,
		s->link_protected,
		s->link_is_up,
		s->link_is_repeated,
		s->has_sar,
		s->has_nic_info,
		s->view_waits,
		s->who_waits,
		s->grant_unsure,
		s->pldr_late,
		s->has_filters,
	};
	struct digest d = {SAP_ROLE_HOST, 0};

	add_link(&d, &s->link, &host->config.link, &host->area, SAP_ROLE_HOST);
	add_deadline(&d, s->ask_by, now);
	add_deadline(&d, s->reask_at, now);
	add_deadline(&d, s->nvm_by, now);
	add_deadline(&d, s->pldr_by, now);
	add_deadline(&d, s->drain_at, now);
	add_deadline(&d, s->owed_at, now);
	add(&d, s->owed);
	add(&d, s->pings_owed);
	add(&d, s->pings_out);
	add(&d, s->answers_due);
	add(&d, s->answers_void);
	add(&d, s->drain_at == SAP_NEVER ? 0 : s->drains_left);
	add(&d, s->pldr_by == SAP_NEVER ? 0 : s->pldr_left);
	add(&d, s->ownership | (uint32_t)s->pldr << 8);
	add_flags(&d, flags, sizeof(flags));
	add_host_values(&d, s);
	if (s->has_filters)
		add_filters(&d, &s->filters);
	add_host_events(&d, s);
	return number(&d);
}

/* --- CSME --- */

static void add_csme_event_body(struct digest *d, const struct sap_csme_event_slot *slot)
{
	struct sap_message m;

	memset(&m, 0, sizeof(m));
	switch ((enum sap_csme_event_type)slot->type) {
	case SAP_CSME_LINK_UP:
		m.type = SAP_HOST_LINK_UP;
		m.host_link_up = slot->body.link_up;
		break;
	case SAP_CSME_LINK_DOWN:
		m.type = SAP_HOST_LINK_DOWN;
		m.host_link_down = slot->body.link_down;
		break;
	case SAP_CSME_COUNTRY:
		m.type = SAP_COUNTRY_CODE;
		m.country_code = slot->body.country;
		break;
	case SAP_CSME_SAR:
		m.type = SAP_SAR_LIMITS;
		m.sar_limits = slot->body.sar;
		break;
	case SAP_CSME_NIC_INFO:
		m.type = SAP_NIC_INFO;
		m.nic_info = slot->body.nic_info;
		break;
	default:
		/* The others have their value alone. */
		return;
	}
	add_value(d, &m);
}

static void add_csme_events(struct digest *d, const struct sap_csme_state *s)
{
	add(d, s->events_count);
	for (uint32_t i = 0; i < s->events_count; i++) {
		const struct sap_csme_event_slot *slot =
			&s->events[ring_after(s->events_at, i, SAP_CSME_EVENTS)];

		add(d, slot->type | (uint32_t)slot->flag << 8);
		add(d, slot->value);
		add_csme_event_body(d, slot);
		if (slot->type == SAP_CSME_BAND_SELECTION && slot->value <= SAP_BOUNCE_SIZE - SAP_HEADER_SIZE)
			add_bytes(d, s->link.bounce + SAP_HEADER_SIZE, slot->value);
	}
}

uint64_t sap_csme_digest(const struct sap_csme *csme)
{
	const struct sap_csme_state *s = &csme->state;
	const uint64_t now = s->link.now;
	const bool flags[] = {s->amt,	  s->driver,	  s->session,	 s->view_waits,
			      s->has_nvm, s->has_filters, s->pldr_fails, s->pldr_on};
	struct sap_message conn;
	struct digest d = {SAP_ROLE_CSME, 0};

	memset(&conn, 0, sizeof(conn));
	conn.type = SAP_CSME_CONN_STATUS;
	conn.csme_conn_status = s->conn;

	add_link(&d, &s->link, &csme->config.link, &csme->area, SAP_ROLE_CSME);
	add_deadline(&d, s->take_by, now);
	add_deadline(&d, s->loss_by, now);
	add_deadline(&d, s->link_by, now);
	add_deadline(&d, s->keep_until, now);
	add_deadline(&d, s->owed_at, now);
	add(&d, s->owed);
	add(&d, s->requests);
	add(&d, s->grants_owed);
	add(&d, s->refusals_owed);
	add(&d, s->pings_owed);
	add(&d, s->pings_out);
	add(&d, s->lefts_void);
	add(&d, s->ownership | (uint32_t)s->policy << 8);
	add_flags(&d, flags, sizeof(flags));
	add_value(&d, &conn);
	if (s->has_nvm)
		add_bytes(&d, s->nvm, sizeof(s->nvm));
	if (s->has_filters)
		add_bytes(&d, s->filters, sizeof(s->filters));
	add_csme_events(&d, s);
	return number(&d);
}
