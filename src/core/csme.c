// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
/* CSME's engine: its calls for I/O, time and events, and its life from start to down. */
#include "csme.h"

#include "../platform.h"
#include "ring.h"

void sap_csme_config_default(struct sap_csme_config *config)
{
	memset(config, 0, sizeof(*config));
	link_config_default(&config->link);
	config->take_ms = 2000;
	config->loss_ms = 2000;
	config->link_ms = 3000;
	config->keep_ms = 60000;
}

struct link csme_link(struct sap_csme *csme)
{
	struct link link = {
		.s = &csme->state.link,
		.config = &csme->config.link,
		.area = &csme->area,
		.role = SAP_ROLE_CSME,
	};

	return link;
}

bool csme_is_heard(const struct sap_csme *csme)
{
	return csme->state.link.phase == SAP_PHASE_UP;
}

enum sap_status sap_csme_init(struct sap_csme *csme, size_t size, const struct sap_csme_config *config,
			      uint64_t now)
{
	struct sap_csme_state *s;
	struct link link;

	if (!csme || !config)
		return SAP_INVALID;
	if (size != sizeof(*csme))
		return SAP_TOO_SMALL;
	if (link_config_check(&config->link) != SAP_OK)
		return SAP_BAD_VALUE;

	memset(csme, 0, sizeof(*csme));
	csme->config = *config;
	link = csme_link(csme);
	link_init(&link, now);
	s = &csme->state;
	s->since = now;
	s->take_by = s->loss_by = s->link_by = s->owed_at = SAP_NEVER;
	s->ownership = OWNERSHIP_C_HOST;
	return SAP_OK;
}

/* --- events --- */

bool csme_has_room(const struct sap_csme *csme)
{
	/* What is left over after the input at hand is for the connection's end, which cannot wait. */
	return SAP_CSME_EVENTS - csme->state.events_count >= 2 * CSME_YIELD;
}

struct sap_csme_event_slot *csme_event(struct sap_csme *csme, enum sap_csme_event_type type, uint32_t value)
{
	struct sap_csme_state *s = &csme->state;
	struct sap_csme_event_slot *slot;

	if (s->events_count == SAP_CSME_EVENTS) {
		s->link.counters.events_lost++;
		return NULL;
	}
	slot = &s->events[ring_after(s->events_at, s->events_count, SAP_CSME_EVENTS)];
	memset(slot, 0, sizeof(*slot));
	slot->type = (uint8_t)type;
	slot->value = value;
	s->events_count++;
	return slot;
}

static void csme_fill_event(const struct sap_csme *csme, const struct sap_csme_event_slot *slot,
			    struct sap_csme_event *event)
{
	event->type = (enum sap_csme_event_type)slot->type;
	switch (event->type) {
	case SAP_CSME_UP:
		event->version = (uint8_t)slot->value;
		break;
	case SAP_CSME_DOWN:
	case SAP_CSME_NO_AREA:
		event->status = (enum sap_status)(int32_t)slot->value;
		break;
	case SAP_CSME_OWNER:
		event->owner = (enum sap_owner)slot->value;
		event->forced = slot->flag;
		break;
	case SAP_CSME_DRIVER:
		event->on = slot->value;
		break;
	case SAP_CSME_LINK_UP:
		event->link_up = slot->body.link_up;
		break;
	case SAP_CSME_LINK_DOWN:
		event->link_down = slot->body.link_down;
		break;
	case SAP_CSME_COUNTRY:
		event->country = slot->body.country;
		break;
	case SAP_CSME_SAR:
		event->sar = slot->body.sar;
		break;
	case SAP_CSME_NIC_INFO:
		event->nic_info = slot->body.nic_info;
		break;
	case SAP_CSME_BAND_SELECTION:
		event->view.bytes = csme->state.link.bounce + SAP_HEADER_SIZE;
		event->view.len = slot->value;
		break;
	case SAP_CSME_RADIO:
	case SAP_CSME_SUSPENDS:
	case SAP_CSME_RESUMES:
	case SAP_CSME_PLDR_END:
		event->value = slot->value;
		break;
	case SAP_CSME_ASKED:
	case SAP_CSME_HOST_CONFIRMED:
	case SAP_CSME_LINK_LATE:
	case SAP_CSME_GOES_DOWN:
	case SAP_CSME_PLDR:
	case SAP_CSME_PONG:
	case SAP_CSME_PACKETS:
		break;
	}
}

bool sap_csme_next_event(struct sap_csme *csme, struct sap_csme_event *event)
{
	struct sap_csme_state *s = &csme->state;
	const struct sap_csme_event_slot *slot = &s->events[s->events_at];

	if (!s->events_count)
		return false;
	memset(event, 0, sizeof(*event));
	csme_fill_event(csme, slot, event);
	if (event->type == SAP_CSME_BAND_SELECTION)
		s->view_waits = false;
	s->events_at = ring_after(s->events_at, 1, SAP_CSME_EVENTS);
	s->events_count--;
	return true;
}

/* A host can repeat its START without end: what was said last and waits to be fetched is not said again. */
static void csme_event_no_area(struct sap_csme *csme)
{
	struct sap_csme_state *s = &csme->state;
	uint32_t last = ring_after(s->events_at, s->events_count ? s->events_count - 1 : 0, SAP_CSME_EVENTS);

	if (s->events_count && s->events[last].type == SAP_CSME_NO_AREA)
		s->events[last].value = (uint32_t)(int32_t)s->link.why;
	else
		csme_event(csme, SAP_CSME_NO_AREA, (uint32_t)(int32_t)s->link.why);
}

/* --- life --- */

/* A host came: it is told what holds. */
static void csme_greet(struct sap_csme *csme)
{
	struct sap_csme_state *s = &csme->state;

	csme_event(csme, SAP_CSME_UP, s->link.version);
	/* Whoever owned the NIC as the connection was lost is back. */
	s->loss_by = SAP_NEVER;
	s->owed |= OWE_AMT;
	/* It may never have read that its NIC is being taken. */
	if (s->ownership == OWNERSHIP_C_TAKING)
		s->owed |= OWE_TAKING;
	if (s->has_filters)
		s->owed |= OWE_FILTERS;
	csme_set_lane(csme);
}

static void csme_lose(struct sap_csme *csme)
{
	struct sap_csme_state *s = &csme->state;

	s->owed = 0;
	s->owed_at = SAP_NEVER;
	s->requests = 0;
	s->grants_owed = 0;
	s->refusals_owed = 0;
	s->pings_owed = 0;
	s->pings_out = 0;
	s->lefts_void = 0;
	s->link_by = SAP_NEVER;
	s->driver = false;
	s->pldr_on = false;
	csme_feed(csme, OWNERSHIP_LOST);
	if (s->amt && s->ownership == OWNERSHIP_C_HOST && csme->config.loss_ms != UINT32_MAX)
		s->loss_by = s->link.now + csme->config.loss_ms;
}

static void csme_hear_link(struct sap_csme *csme, unsigned news)
{
	struct sap_csme_state *s = &csme->state;

	if (news & LINK_LOST)
		csme_lose(csme);
	if (news & LINK_NO_AREA)
		csme_event_no_area(csme);
	if (news & LINK_WENT_UP)
		csme_greet(csme);
	if (news & LINK_WENT_DOWN)
		csme_event(csme, SAP_CSME_DOWN, (uint32_t)(int32_t)s->link.why);
}

static void csme_end(struct sap_csme *csme, enum sap_status why)
{
	struct link link = csme_link(csme);

	csme_hear_link(csme, link_end(&link, why));
}

void csme_work(struct sap_csme *csme)
{
	struct link link = csme_link(csme);

	if (csme_has_room(csme) && link_has_packets(&link))
		csme_event(csme, SAP_CSME_PACKETS, 0);
	if (csme_is_heard(csme) && link_has_more(&link) && !csme->state.view_waits && csme_has_room(csme))
		csme_drain(csme);
	if (csme_is_heard(csme))
		csme_flush(csme);
}

enum sap_status sap_csme_start(struct sap_csme *csme, uint64_t now)
{
	struct link link = csme_link(csme);

	if (!csme_has_room(csme))
		return SAP_AGAIN;
	link_clock(&link, now);
	return link_start(&link);
}

enum sap_status sap_csme_stop(struct sap_csme *csme, uint64_t now)
{
	struct sap_csme_state *s = &csme->state;
	struct link link = csme_link(csme);

	if (!csme_has_room(csme))
		return SAP_AGAIN;
	link_clock(&link, now);
	if (s->link.phase == SAP_PHASE_DOWN || s->link.phase == SAP_PHASE_UNWINDING)
		return SAP_WRONG_STATE;
	csme_end(csme, SAP_OK);
	return SAP_OK;
}

bool sap_csme_next_io(struct sap_csme *csme, struct sap_io *io)
{
	struct link link = csme_link(csme);

	return link_next_io(&link, io);
}

enum sap_status sap_csme_io_done(struct sap_csme *csme, const struct sap_io *io, enum sap_status status,
				 uint64_t now)
{
	struct link link;
	unsigned news = LINK_NOTHING;
	enum sap_status noted;

	if (!csme || !io)
		return SAP_INVALID;
	link = csme_link(csme);
	link_clock(&link, now);
	noted = link_io_done(&link, io, status, &news);
	csme_hear_link(csme, news);
	csme_work(csme);
	return noted;
}

void sap_csme_retry(struct sap_csme *csme, uint64_t now)
{
	struct link link = csme_link(csme);

	link_clock(&link, now);
	link_retry(&link);
}

bool sap_csme_wants_input(const struct sap_csme *csme)
{
	return csme->state.link.connected && csme->state.link.phase != SAP_PHASE_UNWINDING;
}

enum sap_status sap_csme_me_input(struct sap_csme *csme, const uint8_t *bytes, size_t len, uint64_t now)
{
	struct link link = csme_link(csme);
	unsigned news = LINK_NOTHING;
	enum sap_status status;

	if (!bytes)
		return SAP_INVALID;
	link_clock(&link, now);
	status = link_me_input(&link, bytes, len, &news);
	csme_hear_link(csme, news);
	csme_work(csme);
	return status;
}

void sap_csme_closed(struct sap_csme *csme, enum sap_status why, uint64_t now)
{
	struct link link = csme_link(csme);

	link_clock(&link, now);
	csme_end(csme, why == SAP_OK ? SAP_CLOSED : why);
}

/* --- time --- */

void sap_csme_tick(struct sap_csme *csme, uint64_t now)
{
	struct sap_csme_state *s = &csme->state;
	struct link link = csme_link(csme);

	link_clock(&link, now);
	if (!csme_has_room(csme))
		return;
	now = s->link.now;
	if (lapsed(&s->take_by, now))
		csme_feed(csme, OWNERSHIP_LAPSE);
	if (lapsed(&s->loss_by, now))
		csme_feed(csme, OWNERSHIP_LAPSE);
	if (lapsed(&s->link_by, now)) {
		csme_event(csme, SAP_CSME_LINK_LATE, 0);
		csme_feed(csme, OWNERSHIP_TAKE);
	}
	csme_work(csme);
}

uint64_t sap_csme_deadline(const struct sap_csme *csme)
{
	struct sap_csme *c = (struct sap_csme *)(uintptr_t)csme; /* to read through the link */
	const struct sap_csme_state *s = &csme->state;
	struct link link = csme_link(c);
	uint64_t at = link_deadline(&link);

	if (!csme_has_room(csme))
		return SAP_NEVER;
	if (link_has_more(&link) && !s->view_waits)
		return s->link.now;
	at = sooner(at, sooner(s->take_by, s->loss_by));
	return sooner(at, sooner(s->link_by, s->owed_at));
}

void sap_csme_why(const struct sap_csme *csme, struct sap_why *why)
{
	const struct sap_csme_state *s = &csme->state;
	enum ownership_state state = (enum ownership_state)s->ownership;

	why->phase = (enum sap_phase)s->link.phase;
	why->owner = ownership_owner(state);
	why->since = s->since;
	why->until = sooner(sooner(s->take_by, s->loss_by), s->link_by);
	why->state = ownership_name(state);
	why->why = ownership_meaning(state);
	why->awaits = ownership_awaits(state);
	if (s->loss_by != SAP_NEVER)
		why->awaits = "the host to come back";
	if (s->link_by != SAP_NEVER)
		why->awaits = "the host to join the protected access point";
}

const struct sap_link_counters *sap_csme_counters(const struct sap_csme *csme)
{
	return &csme->state.link.counters;
}

const struct sap_area *sap_csme_area(const struct sap_csme *csme)
{
	return &csme->area;
}

struct sap_seq *sap_csme_seq(struct sap_csme *csme)
{
	return &csme->state.link.seq;
}
