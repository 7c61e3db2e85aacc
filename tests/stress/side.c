// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
#define _GNU_SOURCE

#include "side.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

enum {
	BURST = 64, /* of each kind that one turn sends at most */
	LONGEST_FRAME = 1514,
	LONGEST_NOTIF = SAP_BOUNCE_SIZE,
};

/* Marks in notifications that are not counted: from here on; and all came. */
#define BEGIN (UINT32_MAX - 1)
#define DONE  UINT32_MAX

__attribute__((format(printf, 2, 3))) static void fail(struct side *side, const char *format, ...)
{
	va_list arguments;

	if (side->failed[0])
		return;
	va_start(arguments, format);
	vsnprintf(side->failed, sizeof(side->failed), format, arguments);
	va_end(arguments);
}

uint64_t side_now(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * 1000 + (uint64_t)now.tv_nsec / 1000000;
}

static bool is_host(const struct side *side)
{
	return side->role == SAP_ROLE_HOST;
}

static enum sap_role peer_of(const struct side *side)
{
	return is_host(side) ? SAP_ROLE_CSME : SAP_ROLE_HOST;
}

/* --- what is sent --- */

static uint64_t mix(uint64_t x)
{
	x += 0x9e3779b97f4a7c15u;
	x = (x ^ x >> 30) * 0xbf58476d1ce4e5b9u;
	x = (x ^ x >> 27) * 0x94d049bb133111ebu;
	return x ^ x >> 31;
}

static void content(uint32_t n, uint32_t seed, void *to, size_t len)
{
	uint64_t state = (uint64_t)n << 8 | seed;
	uint8_t *bytes = to;

	for (size_t at = 0; at < len; at += 8) {
		uint64_t word = mix(state += 0x100000000000u);

		for (size_t i = 0; i < 8 && at + i < len; i++)
			bytes[at + i] = (uint8_t)(word >> 8 * i);
	}
}

static void make_conn(uint32_t n, struct sap_conn_info *conn)
{
	conn->ssid_len = n % (SAP_SSID_SIZE + 1);
	content(n, 1, conn->ssid, conn->ssid_len);
	conn->auth_mode = n % 10;
	conn->channel = (uint8_t)n;
	content(n, 2, &conn->bssid, sizeof(conn->bssid));
}

/* The nth notification of a host. */
static void make_hosts(uint32_t n, struct sap_message *m)
{
	switch (n % 5) {
	case 0:
		m->type = SAP_COUNTRY_CODE;
		m->country_code.mcc = (uint16_t)(n % 65535 + 1);
		m->country_code.diff_time = n;
		break;
	case 1:
		m->type = SAP_NIC_INFO;
		content(n, 3, &m->nic_info, sizeof(m->nic_info));
		break;
	case 2:
		m->type = SAP_SAR_LIMITS;
		content(n, 4, &m->sar_limits, sizeof(m->sar_limits));
		break;
	case 3:
		m->type = SAP_HOST_LINK_UP;
		make_conn(n, &m->host_link_up.conn);
		content(n, 5, &m->host_link_up.colloc_bssid, sizeof(m->host_link_up.colloc_bssid));
		break;
	default:
		m->type = SAP_PING;
		break;
	}
}

/* And of CSME. `filters` is where the longest has its bytes. */
static void make_csmes(uint32_t n, struct sap_message *m, uint8_t *filters)
{
	switch (n % 4) {
	case 0:
		m->type = SAP_CSME_CONN_STATUS;
		m->csme_conn_status.scan_request = n + 1;
		make_conn(n, &m->csme_conn_status.conn);
		break;
	case 1:
		m->type = SAP_CSME_FILTERS;
		content(n, 6, filters, SAP_CSME_FILTERS_SIZE);
		m->csme_filters = (struct sap_view){filters, SAP_CSME_FILTERS_SIZE};
		break;
	case 2:
		m->type = SAP_TRIGGER_IP_REFRESH;
		break;
	default:
		m->type = SAP_PING;
		break;
	}
}

static void make_begin(enum sap_role sender, struct sap_message *m)
{
	memset(m, 0, sizeof(*m));
	m->type = sender == SAP_ROLE_HOST ? SAP_COUNTRY_CODE : SAP_CSME_CONN_STATUS;
	if (sender == SAP_ROLE_HOST)
		m->country_code = (struct sap_country_code){.mcc = 1, .diff_time = BEGIN};
	else
		m->csme_conn_status.scan_request = BEGIN;
}

static uint32_t mark_of(const struct sap_message *m)
{
	if (m->type == SAP_COUNTRY_CODE)
		return m->country_code.diff_time;
	return m->type == SAP_CSME_CONN_STATUS ? m->csme_conn_status.scan_request : 0;
}

static void make(enum sap_role sender, uint32_t n, struct sap_message *m, uint8_t *filters)
{
	memset(m, 0, sizeof(*m));
	if (sender == SAP_ROLE_HOST)
		make_hosts(n, m);
	else
		make_csmes(n, m, filters);
}

/* Those that are made above; answers, and most of the initial configuration, are the engine's own. */
static bool is_ours(enum sap_role sender, uint32_t type)
{
	switch (type) {
	case SAP_PING:
		return true;
	case SAP_COUNTRY_CODE:
	case SAP_NIC_INFO:
	case SAP_SAR_LIMITS:
	case SAP_HOST_LINK_UP:
		return sender == SAP_ROLE_HOST;
	case SAP_CSME_CONN_STATUS:
	case SAP_CSME_FILTERS:
	case SAP_TRIGGER_IP_REFRESH:
		return sender == SAP_ROLE_CSME;
	default:
		return false;
	}
}

/* Short and full-sized frames, as there are; of a host some are copies that CSME wants. */
static uint32_t make_frame(enum sap_role sender, uint32_t n, uint8_t *frame, bool *cb)
{
	uint64_t hash = mix((uint64_t)n << 2 | sender);
	uint32_t len = 14 + (uint32_t)(hash >> 32) % (LONGEST_FRAME - 13);

	if (hash % 4 == 0)
		len = LONGEST_FRAME;
	*cb = sender == SAP_ROLE_HOST && hash / 4 % 4 == 0;
	content(n, 16 + sender, frame, len);
	return len;
}

/* --- what comes --- */

static void number_came(struct side *side, uint32_t seq, uint32_t *last)
{
	if (seq <= *last)
		fail(side, "number %u after %u", seq, *last);
	*last = seq;
	if (!side->seen)
		return;
	if (seq == 0 || seq >= side->seen_size || side->seen[seq])
		fail(side, "number %u came before, or cannot be", seq);
	else
		side->seen[seq] = 1;
	side->in.numbers++;
	side->in.highest = seq > side->in.highest ? seq : side->in.highest;
}

/* Whether a notification is the next one of its flow, byte by byte. */
static bool is_next(enum sap_role sender, const struct flow *flow, const struct sap_seen *seen, uint32_t seq)
{
	uint8_t filters[SAP_CSME_FILTERS_SIZE], bytes[LONGEST_NOTIF];
	struct sap_message next;
	uint32_t len = 0;

	make(sender, flow->notifs, &next, filters);
	next.seq = seq;
	return sap_message_encode(&next, bytes, sizeof(bytes), &len) == SAP_OK && len == seen->len &&
	       memcmp(bytes, seen->bytes, len) == 0;
}

static void notification_went(struct side *side, const struct sap_seen *seen, const struct sap_message *m)
{
	if (mark_of(m) == BEGIN)
		side->out.begun = true;
	else if (side->out.begun && is_next(side->role, &side->out, seen, m->seq))
		side->out.notifs++;
}

static void notification_came(struct side *side, const struct sap_seen *seen, const struct sap_message *m)
{
	uint32_t mark = mark_of(m);

	number_came(side, m->seq, &side->in.last_notif_seq);
	side->in.begun |= mark == BEGIN;
	side->peer_done |= mark == DONE;
	if (!side->in.begun || mark >= BEGIN || !is_ours(peer_of(side), m->type))
		return;
	if (is_next(peer_of(side), &side->in, seen, m->seq))
		side->in.notifs++;
	/* An engine that lived through several connections tells first what it remembers. */
	else if (side->messages || side->in.notifs)
		fail(side, "notification %u: another one, of type %u", side->in.notifs, m->type);
}

static void see(void *self, const struct sap_seen *seen)
{
	struct side *side = self;
	struct sap_message m;

	if (seen->carrier != SAP_IN_NOTIF)
		return;
	if (sap_message_decode(seen->bytes, seen->len, &m) != SAP_OK)
		fail(side, "a notification of %u bytes that is none", seen->len);
	else if ((seen->to == SAP_TO_CSME) == is_host(side))
		notification_went(side, seen, &m);
	else
		notification_came(side, seen, &m);
}

static void take_packets(struct side *side)
{
	const struct sap_area *area = is_host(side) ? sap_host_area(&side->host) : sap_csme_area(&side->csme);
	uint8_t frame[LONGEST_FRAME], expected[LONGEST_FRAME];
	struct sap_packet_info info;
	enum sap_status status;
	uint32_t len;
	bool cb;

	while (side->lane.open) {
		status = sap_packets_recv(&side->lane, area, frame, sizeof(frame), &info);
		if (status == SAP_AGAIN)
			return;
		len = make_frame(peer_of(side), side->in.packets, expected, &cb);
		if (status != SAP_OK || info.len != len || memcmp(frame, expected, len) != 0 ||
		    (info.type == SAP_CB_DATA_PACKET) != cb) {
			fail(side, "packet %u: %s, %u bytes instead of %u", side->in.packets,
			     sap_status_name(status), info.len, len);
			return;
		}
		number_came(side, info.seq, &side->in.last_packet_seq);
		side->in.packets++;
	}
}

/* --- sending --- */

static enum sap_status ask_host(struct sap_host *host, const struct sap_message *m, uint64_t now)
{
	switch (m->type) {
	case SAP_COUNTRY_CODE:
		sap_host_set_country(host, &m->country_code, now);
		return SAP_OK;
	case SAP_NIC_INFO:
		sap_host_set_nic_info(host, &m->nic_info, now);
		return SAP_OK;
	case SAP_SAR_LIMITS:
		sap_host_set_sar(host, &m->sar_limits, now);
		return SAP_OK;
	case SAP_HOST_LINK_UP:
		return sap_host_link_up(host, &m->host_link_up, now);
	default:
		return sap_host_ping(host, now);
	}
}

static enum sap_status ask_csme(struct sap_csme *csme, const struct sap_message *m, uint64_t now)
{
	switch (m->type) {
	case SAP_CSME_CONN_STATUS:
		return sap_csme_set_conn(csme, &m->csme_conn_status, now);
	case SAP_CSME_FILTERS:
		sap_csme_set_filters(csme, m->csme_filters.bytes, now);
		return SAP_OK;
	case SAP_TRIGGER_IP_REFRESH:
		return sap_csme_ip_refresh(csme, now);
	default:
		return sap_csme_ping(csme, now);
	}
}

static enum sap_status ask(struct side *side, const struct sap_message *m, uint64_t now)
{
	enum sap_status status =
		is_host(side) ? ask_host(&side->host, m, now) : ask_csme(&side->csme, m, now);

	/* AGAIN: events are to be fetched first. */
	if (status != SAP_OK && status != SAP_AGAIN)
		fail(side, "asking for type %u: %s", m->type, sap_status_name(status));
	return status;
}

/* The first one says that the numbered ones begin. An engine tells of a value once, however often it changed:
 * so each is written before the next is asked for. */
static void send_notifications(struct side *side, uint64_t now)
{
	uint8_t filters[SAP_CSME_FILTERS_SIZE];
	struct sap_message m;

	for (uint32_t i = 0; i < BURST && side->heard; i++) {
		if (side->out.begun + side->out.notifs < side->asked) {
			side->full = true;
			return;
		}
		if (side->messages && side->asked == side->messages + 1)
			return;
		if (side->asked == 0)
			make_begin(side->role, &m);
		else
			make(side->role, side->asked - 1, &m, filters);
		if (ask(side, &m, now) != SAP_OK)
			return;
		side->asked++;
	}
}

static void send_packets(struct side *side)
{
	const struct sap_area *area = is_host(side) ? sap_host_area(&side->host) : sap_csme_area(&side->csme);
	struct sap_seq *seq = is_host(side) ? sap_host_seq(&side->host) : sap_csme_seq(&side->csme);
	uint8_t frame[LONGEST_FRAME];
	enum sap_status status;

	for (uint32_t i = 0; i < BURST && side->lane.open; i++) {
		uint32_t len;
		bool cb;

		if (side->messages && side->out.packets == side->messages)
			return;
		len = make_frame(side->role, side->out.packets, frame, &cb);
		status = cb ? sap_packets_send_cb(&side->lane, area, seq, SAP_CB_DHCP, frame, len)
			    : sap_packets_send(&side->lane, area, seq, frame, len);
		if (status == SAP_NO_ROOM) {
			side->full = true;
			return;
		}
		if (status != SAP_OK)
			fail(side, "sending packet %u: %s", side->out.packets, sap_status_name(status));
		side->out.packets++;
	}
}

/* --- events --- */

static void went_down(struct side *side, enum sap_status why)
{
	side->heard = false;
	side->downs = true;
	side->why = why;
}

static void host_events(struct side *side)
{
	struct sap_host_event event;

	while (sap_host_next_event(&side->host, &event)) {
		if (event.type == SAP_HOST_UP)
			side->ups = true;
		else if (event.type == SAP_HOST_AMT)
			side->heard = event.on;
		else if (event.type == SAP_HOST_DOWN)
			went_down(side, event.status);
	}
}

static void csme_events(struct side *side, uint64_t now)
{
	struct sap_csme_event event;

	while (sap_csme_next_event(&side->csme, &event)) {
		if (event.type == SAP_CSME_UP) {
			side->ups = true;
			side->heard = sap_csme_set_amt(&side->csme, true, now) == SAP_OK;
		} else if (event.type == SAP_CSME_DOWN) {
			went_down(side, event.status);
			/* The host owns the NIC of a CSME without AMT, so that its packets flow at once. */
			if (sap_csme_set_amt(&side->csme, false, now) != SAP_OK)
				fail(side, "AMT cannot be switched off");
		}
	}
}

/* --- memory between guards --- */

static uint32_t page(void)
{
	return (uint32_t)sysconf(_SC_PAGESIZE);
}

/* The same pages once more, at another address. */
static bool map_once_more(void *from, size_t size, void *to)
{
	return mremap(from, 0, size, MREMAP_MAYMOVE | MREMAP_FIXED, to) == to;
}

bool side_can_guard(void)
{
	uint8_t *room =
		mmap(NULL, 2 * (size_t)page(), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	bool can;

	if (room == MAP_FAILED)
		return false;
	can = map_once_more(room, page(), room + page());
	munmap(room, 2 * (size_t)page());
	return can;
}

static bool guard(struct side *side, struct sap_mem *mem)
{
	uint8_t *room = mmap(NULL, mem->size + 2 * page(), PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (room == MAP_FAILED || mem->size % page())
		return false;
	side->guarded = room + page();
	side->guarded_size = mem->size;
	if (!map_once_more(mem->base, mem->size, side->guarded))
		return false;
	mem->base = side->guarded;
	return true;
}

static void unguard(struct side *side)
{
	if (side->guarded)
		munmap(side->guarded - page(), side->guarded_size + 2 * page());
	side->guarded = NULL;
}

static enum sap_status guarded_map(void *self, uint32_t size, struct sap_mem *mem)
{
	struct side *side = self;
	enum sap_status status = side->inner.ops->map(side->inner.self, size, mem);

	if (status == SAP_OK && side->guards && !guard(side, mem))
		fail(side, "no guards around the area");
	return status;
}

static enum sap_status guarded_unmap(void *self)
{
	struct side *side = self;

	unguard(side);
	return side->inner.ops->unmap(side->inner.self);
}

static enum sap_status guarded_connect(void *self)
{
	struct side *side = self;

	return side->inner.ops->connect(side->inner.self);
}

static enum sap_status guarded_send(void *self, const void *message, size_t len)
{
	struct side *side = self;

	return side->inner.ops->send(side->inner.self, message, len);
}

static enum sap_status guarded_recv(void *self, void *message, size_t cap, size_t *len)
{
	struct side *side = self;

	return side->inner.ops->recv(side->inner.self, message, cap, len);
}

static enum sap_status guarded_disconnect(void *self)
{
	struct side *side = self;

	return side->inner.ops->disconnect(side->inner.self);
}

static const struct sap_transport_ops guarded_ops = {
	.map = guarded_map,
	.connect = guarded_connect,
	.send = guarded_send,
	.recv = guarded_recv,
	.disconnect = guarded_disconnect,
	.unmap = guarded_unmap,
};

/* --- a side --- */

static void set_link(struct side *side, struct sap_link_config *link)
{
	link->throttle_ms = 0;
	link->again_ms = 1;
	link->owed_ms = 1;
	link->map_tries = UINT32_MAX;
	link->map_ms = 1;
	link->tap = (struct sap_tap){see, side};
	link->lane = &side->lane;
}

static bool open_engine(struct side *side)
{
	struct sap_host_config host;
	struct sap_csme_config csme;

	if (is_host(side)) {
		sap_host_config_default(&host);
		set_link(side, &host.link);
		side->pump.host = &side->host;
		return sap_host_init(&side->host, sizeof(side->host), &host, side_now()) == SAP_OK;
	}
	sap_csme_config_default(&csme);
	set_link(side, &csme.link);
	side->pump.csme = &side->csme;
	return sap_csme_init(&side->csme, sizeof(side->csme), &csme, side_now()) == SAP_OK;
}

bool side_start(struct side *side)
{
	/* What is counted belongs to one connection. */
	memset(&side->out, 0, sizeof(side->out));
	memset(&side->in, 0, sizeof(side->in));
	side->asked = 0;
	side->downs = false;
	return (is_host(side) ? sap_host_start(&side->host, side_now())
			      : sap_csme_start(&side->csme, side_now())) == SAP_OK;
}

bool side_open(struct side *side, enum sap_role role, const char *path, uint32_t messages)
{
	struct sap_unix_config config;

	memset(side, 0, sizeof(*side));
	side->role = role;
	side->messages = messages;
	side->guards = side_can_guard();
	/* Beside ours there are an answer to each ping, and what the engines say of themselves. */
	side->seen_size = messages ? 4 * messages + 1000 : 0;
	side->seen = side->seen_size ? calloc(1, side->seen_size) : NULL;
	sap_unix_config_default(&config);
	config.role = role;
	config.path = path;
	if (sap_unix_open(&side->u, sizeof(side->u), &config) != SAP_OK) {
		fail(side, "open: %s", sap_unix_why(&side->u).text);
		return false;
	}
	side->inner = sap_unix_transport(&side->u);
	side->pump.transport = (struct sap_transport){&guarded_ops, side};
	side->pump.lane = &side->lane;
	return open_engine(side) && side_start(side);
}

void side_close(struct side *side)
{
	unguard(side);
	sap_unix_close(&side->u);
	free(side->seen);
	side->seen = NULL;
}

/* What is sent gets its doorbell from the pump, and what the pump brought is taken before anybody sleeps. */
bool side_turn(struct side *side, uint64_t now)
{
	side->full = false;
	send_notifications(side, now);
	send_packets(side);
	sap_unix_run(&side->u);
	if (sap_pump_run(&side->pump, now) != SAP_OK)
		fail(side, "the pump does not run");
	if (is_host(side))
		host_events(side);
	else
		csme_events(side, now);
	take_packets(side);
	return side->failed[0] == 0;
}

static bool has_more_to_send(const struct side *side)
{
	return (side->heard && side->asked <= side->messages) ||
	       (side->lane.open && side->out.packets < side->messages);
}

bool side_wait(struct side *side)
{
	struct pollfd fds[SAP_UNIX_FDS];
	uint64_t now = side_now(), due = sap_pump_deadline(&side->pump);
	int ms = due <= now ? 0 : due - now > 1000 ? 1000 : (int)(due - now);

	if (side->full && ms > 1)
		ms = 1;
	else if (!side->full && (has_more_to_send(side) || !side->messages) && side->heard)
		ms = 0;
	return poll(fds, sap_unix_poll(&side->u, fds), ms) > 0;
}

/* --- a whole run --- */

static bool all_came(const struct side *side)
{
	return side->in.notifs == side->messages && side->in.packets == side->messages;
}

static bool all_went(const struct side *side)
{
	return side->out.notifs == side->messages && side->out.packets == side->messages;
}

/* CSME says once that all came; the host, having all too, says goodbye. */
static void part(struct side *side, bool *parted)
{
	struct sap_csme_conn_status done = {.scan_request = DONE};

	if (*parted || !all_came(side) || !all_went(side))
		return;
	if (!is_host(side)) {
		*parted = sap_csme_set_conn(&side->csme, &done, side_now()) == SAP_OK;
	} else if (side->peer_done) {
		*parted = sap_host_stop(&side->host, side_now()) == SAP_OK;
	}
}

static void settle(struct side *side, bool parted)
{
	const struct sap_link_counters *c =
		is_host(side) ? sap_host_counters(&side->host) : sap_csme_counters(&side->csme);

	if (!parted || !all_came(side) || !all_went(side))
		fail(side, "over after %u notifications and %u packets: %s", side->in.notifs,
		     side->in.packets, sap_status_name(side->why));
	/* Each number up to the last one came, and once. */
	if (side->in.numbers != side->in.highest)
		fail(side, "%u numbers came, the highest is %u", side->in.numbers, side->in.highest);
	if (c->corrupt || c->too_long || c->too_short || c->unknown || c->events_lost || c->me_refused)
		fail(side, "something was corrupt");
}

bool side_run(struct side *side)
{
	bool parted = false;

	while (side_turn(side, side_now()) && !side->downs) {
		side_wait(side);
		part(side, &parted);
	}
	settle(side, parted);
	return side->failed[0] == 0;
}
