// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
/* The host's engine: its calls for I/O, time and events, and its life from start to down. */
#include "host.h"

#include "../platform.h"
#include "ring.h"

void sap_host_config_default(struct sap_host_config *config)
{
	memset(config, 0, sizeof(*config));
	link_config_default(&config->link);
	config->start_ms = 2000;
	config->ask_ms = 500;
	config->reask_ms = 60000;
	config->nvm_ms = 2000;
	config->pldr_ms = 500;
	config->pldr_tries = 3;
	config->drain_ms = 20;
	config->drain_tries = 10;
}

struct link host_link(struct sap_host *host)
{
	struct link link = {
		.s = &host->state.link,
		.config = &host->config.link,
		.area = &host->area,
		.role = SAP_ROLE_HOST,
		.start_ms = host->config.start_ms,
		.probe = host->config.probe,
	};

	return link;
}

bool host_is_heard(const struct sap_host *host)
{
	return host->state.link.phase == SAP_PHASE_UP && host->state.amt && !host->state.stopping;
}

enum sap_status sap_host_init(struct sap_host *host, size_t size, const struct sap_host_config *config,
			      uint64_t now)
{
	struct sap_host_state *s;
	struct link link;
	enum sap_status status;

	if (!host || !config)
		return SAP_INVALID;
	if (size != sizeof(*host))
		return SAP_TOO_SMALL;
	status = link_config_check(&config->link);
	if (status != SAP_OK || !config->pldr_tries || !config->drain_ms || !config->reask_ms)
		return SAP_BAD_VALUE;

	memset(host, 0, sizeof(*host));
	host->config = *config;
	link = host_link(host);
	link_init(&link, now);
	s = &host->state;
	s->since = now;
	s->ask_by = s->reask_at = s->nvm_by = s->pldr_by = s->drain_at = s->owed_at = SAP_NEVER;
	s->ownership = OWNERSHIP_H_DOOR;
	s->radio.state = SAP_RADIO_SW_ON | SAP_RADIO_HW_ON;
	return SAP_OK;
}

/* --- events --- */

bool host_has_room(const struct sap_host *host)
{
	/* What is left over after the input at hand is for the connection's end, which cannot wait. */
	return SAP_HOST_EVENTS - host->state.events_count >= 2 * HOST_YIELD;
}

static struct sap_host_event_slot *host_slot(struct sap_host *host, enum sap_host_event_type type)
{
	struct sap_host_state *s = &host->state;
	struct sap_host_event_slot *slot;

	if (s->events_count == SAP_HOST_EVENTS) {
		s->link.counters.events_lost++;
		return NULL;
	}
	slot = &s->events[ring_after(s->events_at, s->events_count, SAP_HOST_EVENTS)];
	memset(slot, 0, sizeof(*slot));
	slot->type = (uint8_t)type;
	s->events_count++;
	return slot;
}

void host_event(struct sap_host *host, enum sap_host_event_type type, uint32_t value)
{
	struct sap_host_event_slot *slot = host_slot(host, type);

	if (slot)
		slot->value = value;
}

void host_event_view(struct sap_host *host, enum sap_host_event_type type, uint32_t len)
{
	struct sap_host_event_slot *slot = host_slot(host, type);

	if (slot) {
		slot->value = len;
		slot->view = true;
		host->state.view_waits = true;
	}
}

void host_event_conn(struct sap_host *host, const struct sap_csme_conn_status *conn)
{
	struct sap_host_event_slot *slot = host_slot(host, SAP_HOST_CONN_STATUS);

	if (slot)
		slot->conn_status = *conn;
}

static void host_fill_event(struct sap_host *host, const struct sap_host_event_slot *slot,
			    struct sap_host_event *event)
{
	event->type = (enum sap_host_event_type)slot->type;
	if (slot->view) {
		event->view.bytes = host->state.link.bounce + SAP_HEADER_SIZE;
		event->view.len = slot->value;
		return;
	}
	switch (event->type) {
	case SAP_HOST_UP:
		event->version = (uint8_t)slot->value;
		break;
	case SAP_HOST_DOWN:
		event->status = (enum sap_status)(int32_t)slot->value;
		break;
	case SAP_HOST_AMT:
	case SAP_HOST_RFKILL:
	case SAP_HOST_ROAMING:
		event->on = slot->value;
		break;
	case SAP_HOST_OWNER:
		event->owner = (enum sap_owner)slot->value;
		break;
	case SAP_HOST_OWN_DONE:
	case SAP_HOST_NVM:
	case SAP_HOST_PLDR:
		event->reason = (enum sap_reason)slot->value;
		break;
	case SAP_HOST_CONN_STATUS:
		event->conn_status = slot->conn_status;
		break;
	case SAP_HOST_LEAVE:
	case SAP_HOST_CAN_RELEASE:
	case SAP_HOST_IP_REFRESH:
	case SAP_HOST_FILTERS:
	case SAP_HOST_PONG:
	case SAP_HOST_PACKETS:
		break;
	}
}

bool sap_host_next_event(struct sap_host *host, struct sap_host_event *event)
{
	struct sap_host_state *s = &host->state;
	const struct sap_host_event_slot *slot = &s->events[s->events_at];

	if (!s->events_count)
		return false;
	memset(event, 0, sizeof(*event));
	host_fill_event(host, slot, event);
	if (slot->view)
		s->view_waits = false;
	s->events_at = ring_after(s->events_at, 1, SAP_HOST_EVENTS);
	s->events_count--;
	return true;
}

/* --- life --- */

/* What the link tells of itself. */
static void host_hear_link(struct sap_host *host, unsigned news)
{
	struct sap_host_state *s = &host->state;

	if (news & LINK_LOST)
		host_unheard(host, OWNERSHIP_LOST);
	if (news & LINK_WENT_UP)
		host_event(host, SAP_HOST_UP, s->link.version);
	if (news & LINK_WENT_DOWN) {
		s->stopping = false;
		/* The connection may have ended while it was waited for. */
		s->drain_at = SAP_NEVER;
		host_event(host, SAP_HOST_DOWN, (uint32_t)(int32_t)s->link.why);
	}
}

static void host_end(struct sap_host *host, enum sap_status why)
{
	struct link link = host_link(host);

	host->state.drain_at = SAP_NEVER;
	host_hear_link(host, link_end(&link, why));
}

static void host_wait_drained(struct sap_host *host)
{
	struct sap_host_state *s = &host->state;

	s->drains_left = host->config.drain_tries;
	s->drain_at = s->link.now + host->config.drain_ms;
}

/* Going down: the lane is closed first, then HOST_GOES_DOWN is written and rung for. */
static void host_go_down(struct sap_host *host)
{
	struct sap_host_state *s = &host->state;

	if (!s->stopping || s->link.phase != SAP_PHASE_UP || s->link.lane_open ||
	    s->link.flying == SAP_IO_LANE)
		return;
	if (!host_say_goodbye(host))
		s->link.counters.goodbyes_dropped++;
	s->link.phase = SAP_PHASE_DRAINING;
	s->owed_at = SAP_NEVER;
	host_wait_drained(host);
}

/* Whether CSME read it, looked at a bounded number of times: it may never do so (section 10). */
static void host_look_drained(struct sap_host *host)
{
	struct sap_host_state *s = &host->state;
	struct link link = host_link(host);

	if (s->drain_at > s->link.now)
		return;
	if (s->drains_left)
		s->drains_left--;
	if (!s->drains_left || (s->link.phase == SAP_PHASE_DRAINING && link_drained(&link)))
		host_end(host, SAP_OK);
	else
		s->drain_at = s->link.now + host->config.drain_ms;
}

void host_work(struct sap_host *host)
{
	struct link link = host_link(host);

	if (host_has_room(host) && link_has_packets(&link))
		host_event(host, SAP_HOST_PACKETS, 0);
	if (link_has_more(&link) && !host->state.view_waits && host_has_room(host))
		host_drain(host);
	if (host->state.link.phase == SAP_PHASE_UP)
		host_flush(host);
	host_go_down(host);
}

enum sap_status sap_host_start(struct sap_host *host, uint64_t now)
{
	struct link link = host_link(host);
	enum sap_status status;

	if (!host_has_room(host))
		return SAP_AGAIN;
	link_clock(&link, now);
	status = link_start(&link);
	if (status == SAP_OK) {
		host->state.owed = 0;
		host->state.link_is_repeated = false;
	}
	return status;
}

enum sap_status sap_host_stop(struct sap_host *host, uint64_t now)
{
	struct sap_host_state *s = &host->state;
	struct link link = host_link(host);

	if (!host_has_room(host))
		return SAP_AGAIN;
	link_clock(&link, now);
	if (s->stopping || s->link.phase == SAP_PHASE_DOWN || s->link.phase == SAP_PHASE_UNWINDING)
		return SAP_WRONG_STATE;
	s->stopping = true;
	link_want_lane(&link, false);
	/* The lane may have to wait for a send that sleeps: that time is bounded too. */
	host_wait_drained(host);
	if (s->link.phase != SAP_PHASE_UP)
		host_end(host, SAP_OK);
	host_work(host);
	return SAP_OK;
}

bool sap_host_next_io(struct sap_host *host, struct sap_io *io)
{
	const struct sap_host_state *s = &host->state;
	struct link link = host_link(host);

	if (!link_next_io(&link, io))
		return false;
	if (io->op == SAP_IO_LANE && io->lane_open && s->has_filters) {
		io->lane_filters = true;
		io->filters = s->filters;
	}
	return true;
}

enum sap_status sap_host_io_done(struct sap_host *host, const struct sap_io *io, enum sap_status status,
				 uint64_t now)
{
	struct link link;
	unsigned news = LINK_NOTHING;
	enum sap_status noted;

	if (!host || !io)
		return SAP_INVALID;
	link = host_link(host);
	link_clock(&link, now);
	noted = link_io_done(&link, io, status, &news);
	host_hear_link(host, news);
	host_work(host);
	return noted;
}

void sap_host_retry(struct sap_host *host, uint64_t now)
{
	struct link link = host_link(host);

	link_clock(&link, now);
	link_retry(&link);
}

bool sap_host_wants_input(const struct sap_host *host)
{
	return host->state.link.connected && host->state.link.phase != SAP_PHASE_UNWINDING;
}

enum sap_status sap_host_me_input(struct sap_host *host, const uint8_t *bytes, size_t len, uint64_t now)
{
	struct link link = host_link(host);
	unsigned news = LINK_NOTHING;
	enum sap_status status;

	if (!bytes)
		return SAP_INVALID;
	link_clock(&link, now);
	status = link_me_input(&link, bytes, len, &news);
	host_hear_link(host, news);
	host_work(host);
	return status;
}

void sap_host_closed(struct sap_host *host, enum sap_status why, uint64_t now)
{
	struct link link = host_link(host);

	link_clock(&link, now);
	host_end(host, why == SAP_OK ? SAP_CLOSED : why);
}

/* --- time --- */

static void host_lapse_pldr(struct sap_host *host)
{
	struct sap_host_state *s = &host->state;

	if (--s->pldr_left) {
		s->owed |= OWE_PLDR;
		s->pldr_by = s->link.now + host->config.pldr_ms;
		return;
	}
	s->pldr = PLDR_IDLE;
	s->pldr_late = true;
	s->owed &= ~(uint32_t)OWE_PLDR;
	host_event(host, SAP_HOST_PLDR, s->pldr_refused ? SAP_REASON_REFUSED : SAP_REASON_TIMEOUT);
}

void sap_host_tick(struct sap_host *host, uint64_t now)
{
	struct sap_host_state *s = &host->state;
	struct link link = host_link(host);

	link_clock(&link, now);
	if (!host_has_room(host))
		return;
	now = s->link.now;
	host_hear_link(host, link_tick(&link));
	if (lapsed(&s->ask_by, now))
		host_feed(host, OWNERSHIP_LAPSE);
	if (lapsed(&s->nvm_by, now)) {
		s->owed &= ~(uint32_t)OWE_GET_NVM;
		host_event(host, SAP_HOST_NVM, SAP_REASON_TIMEOUT);
	}
	if (lapsed(&s->pldr_by, now))
		host_lapse_pldr(host);
	if (lapsed(&s->reask_at, now) && s->wanted && host_is_heard(host) &&
	    (s->ownership == OWNERSHIP_H_GUEST || s->ownership == OWNERSHIP_H_UNSURE))
		host_feed(host, OWNERSHIP_ASK);
	host_look_drained(host);
	host_work(host);
}

uint64_t sap_host_deadline(const struct sap_host *host)
{
	struct sap_host *h =
		(struct sap_host *)(uintptr_t)host; /* to read through the link, which writes elsewhere */
	const struct sap_host_state *s = &host->state;
	struct link link = host_link(h);
	uint64_t at = link_deadline(&link);

	if (!host_has_room(host))
		return SAP_NEVER;
	if (link_has_more(&link) && !s->view_waits)
		return s->link.now;
	at = sooner(at, sooner(s->ask_by, s->reask_at));
	at = sooner(at, sooner(s->nvm_by, s->pldr_by));
	return sooner(at, sooner(s->drain_at, s->owed_at));
}

void sap_host_why(const struct sap_host *host, struct sap_why *why)
{
	const struct sap_host_state *s = &host->state;
	enum ownership_state state = (enum ownership_state)s->ownership;

	why->phase = (enum sap_phase)s->link.phase;
	why->owner = (enum sap_owner)s->owner;
	why->since = s->since;
	why->until = state == OWNERSHIP_H_ASKING ? s->ask_by : SAP_NEVER;
	why->state = ownership_name(state);
	why->why = ownership_meaning(state);
	why->awaits = ownership_awaits(state);
}

const struct sap_link_counters *sap_host_counters(const struct sap_host *host)
{
	return &host->state.link.counters;
}

const struct sap_area *sap_host_area(const struct sap_host *host)
{
	return &host->area;
}

struct sap_seq *sap_host_seq(struct sap_host *host)
{
	return &host->state.link.seq;
}
