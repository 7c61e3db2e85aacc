// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
/* The bus: its life, input, requests and their results, events, time. */
#include "me_bus.h"

#include "../../platform.h"
#include "../ring.h"

/* --- events, answers, counters --- */

void me_bus_refuse(struct sap_me_bus *bus, enum sap_me_refusal why)
{
	bus->state.counters.refused[why]++;
}

bool me_bus_has_room(const struct sap_me_bus *bus)
{
	return SAP_ME_EVENTS - bus->state.events >= BUS_EVENTS_ROOM;
}

struct sap_me_event *me_bus_event(struct sap_me_bus *bus, enum sap_me_event_type type)
{
	struct sap_me_state *s = &bus->state;
	struct sap_me_event *event;

	if (s->events == SAP_ME_EVENTS) {
		/* The newest makes room: what is said last counts. */
		s->counters.events_lost++;
		s->events--;
	}
	event = &s->event[ring_after(s->event_at, s->events++, SAP_ME_EVENTS)];
	memset(event, 0, sizeof(*event));
	event->type = type;
	return event;
}

void me_bus_event_of(struct sap_me_bus *bus, enum sap_me_event_type type, const struct sap_me_connection *c,
		     uint32_t value)
{
	struct sap_me_event *event = me_bus_event(bus, type);

	event->client = c->client;
	event->nth = (uint8_t)(c - bus->state.connection - bus->state.client[c->client].first);
	event->host_addr = c->host_addr;
	event->value = value;
}

bool sap_me_bus_next_event(struct sap_me_bus *bus, struct sap_me_event *event)
{
	struct sap_me_state *s = &bus->state;

	if (!s->events)
		return false;
	*event = s->event[s->event_at];
	s->event_at = ring_after(s->event_at, 1, SAP_ME_EVENTS);
	s->events--;
	return true;
}

bool me_bus_reply(struct sap_me_bus *bus, const struct sap_hbm_message *reply)
{
	struct sap_me_state *s = &bus->state;

	if (s->replies == SAP_ME_REPLIES)
		return false;
	s->reply[ring_after(s->reply_at, s->replies++, SAP_ME_REPLIES)] = *reply;
	return true;
}

/* --- life --- */

void me_bus_forget(struct sap_me_bus *bus)
{
	struct sap_me_state *s = &bus->state;

	for (uint32_t i = 0; i < s->n_connections; i++)
		me_bus_over(bus, &s->connection[i]);
	for (uint32_t i = 0; i < bus->config.n_clients; i++) {
		s->client[i].told = false;
		s->client[i].told_late = false;
		s->client[i].granted = false;
		s->client[i].doubtful = 0;
	}
	me_bus_dma_reset(bus);
	s->replies = 0;
	s->capabilities = 0;
	s->allow_add = false;
	s->asleep = false;
	s->waking = false;
	s->owes_stop = false;
	s->stop_asked = false;
	/* A frame that is under way belongs to what is over. */
	if (s->flying == SAP_ME_IO_SEND) {
		s->flying = SAP_ME_IO_NONE;
		s->asked = false;
	}
}

static void bus_off(struct sap_me_bus *bus, bool tell)
{
	struct sap_me_state *s = &bus->state;

	me_bus_forget(bus);
	me_bus_dma_close(bus);
	s->phase = SAP_ME_OFF;
	s->owes_ready = false;
	s->owes_not_ready = tell;
	if (s->flying == SAP_ME_IO_READY || (!tell && s->flying == SAP_ME_IO_NOT_READY)) {
		s->flying = SAP_ME_IO_NONE;
		s->asked = false;
	}
}

enum sap_status sap_me_bus_start(struct sap_me_bus *bus, uint64_t now)
{
	me_bus_clock(bus, now);
	if (bus->state.phase != SAP_ME_OFF)
		return SAP_WRONG_STATE;
	bus->state.phase = SAP_ME_READY;
	bus->state.owes_ready = true;
	return SAP_OK;
}

enum sap_status sap_me_bus_stop(struct sap_me_bus *bus, uint64_t now)
{
	me_bus_clock(bus, now);
	if (bus->state.phase == SAP_ME_OFF)
		return SAP_WRONG_STATE;
	bus_off(bus, true);
	return SAP_OK;
}

void sap_me_bus_gone(struct sap_me_bus *bus, uint64_t now)
{
	me_bus_clock(bus, now);
	if (bus->state.phase == SAP_ME_OFF && !bus->state.owes_not_ready)
		return;
	if (bus->state.phase != SAP_ME_OFF)
		me_bus_event(bus, SAP_ME_EVENT_GONE);
	bus_off(bus, false);
}

enum sap_status sap_me_bus_ask_stop(struct sap_me_bus *bus, enum sap_hbm_stop_reason reason, uint64_t now)
{
	struct sap_me_state *s = &bus->state;

	me_bus_clock(bus, now);
	if (!bus_is_started(bus))
		return SAP_WRONG_STATE;
	if (s->owes_stop || s->stop_asked)
		return SAP_BUSY;
	s->owes_stop = true;
	s->stop_reason = (uint8_t)reason;
	return SAP_OK;
}

static void bus_host_reset(struct sap_me_bus *bus)
{
	bus->state.counters.resets++;
	me_bus_forget(bus);
	bus->state.phase = SAP_ME_READY;
	bus->state.owes_ready = true;
	me_bus_event(bus, SAP_ME_EVENT_RESET);
}

/* --- input --- */

static void bus_see(struct sap_me_bus *bus, enum sap_direction to, const uint8_t *frame, uint32_t len)
{
	if (bus->config.tap.see)
		bus->config.tap.see(bus->config.tap.self, bus->state.now, to, frame, len);
}

static void bus_frame(struct sap_me_bus *bus, const uint8_t *bytes, size_t len)
{
	struct sap_me_state *s = &bus->state;
	struct sap_mei_frame frame;
	enum sap_status status;

	s->counters.frames_in++;
	bus_see(bus, SAP_TO_CSME, bytes, len < SAP_MEI_FRAME_MAX ? (uint32_t)len : SAP_MEI_FRAME_MAX);
	if (s->asleep) {
		/* A host that speaks is awake, whatever it says. */
		s->asleep = false;
		s->waking = false;
		me_bus_event(bus, SAP_ME_EVENT_ASLEEP);
	}
	status = sap_mei_frame_decode(bytes, len, &frame);
	if (status != SAP_OK)
		me_bus_refuse(bus, status == SAP_UNSUPPORTED ? SAP_ME_BAD_RING : SAP_ME_BAD_FRAME);
	else if (!frame.me_addr && !frame.host_addr)
		me_bus_hbm_input(bus, &frame);
	else
		me_bus_data_input(bus, &frame);
}

bool sap_me_bus_wants_input(const struct sap_me_bus *bus)
{
	const struct sap_me_state *s = &bus->state;

	return me_bus_has_room(bus) && SAP_ME_REPLIES - s->replies >= BUS_REPLIES_ROOM && !s->dma.owes_map &&
	       !s->dma.owes_unmap;
}

enum sap_status sap_me_bus_input(struct sap_me_bus *bus, enum sap_mei_input what, const uint8_t *frame,
				 size_t len, uint64_t now)
{
	if (!bus || (what == SAP_MEI_FRAME && !frame))
		return SAP_INVALID;
	me_bus_clock(bus, now);
	if (bus->state.phase == SAP_ME_OFF)
		return SAP_WRONG_STATE;
	/* A reset empties what keeps other input waiting. */
	if (what == SAP_MEI_HOST_RESET ? !me_bus_has_room(bus) : !sap_me_bus_wants_input(bus))
		return SAP_AGAIN;
	switch (what) {
	case SAP_MEI_FRAME:
		bus_frame(bus, frame, len);
		break;
	case SAP_MEI_HOST_RESET:
		bus_host_reset(bus);
		break;
	case SAP_MEI_HOST_WAKES:
		/* Said by PG_EXIT, as if we had something to say. */
		bus->state.waking = false;
		bus->state.owes_wake = bus->state.asleep;
		break;
	case SAP_MEI_HOST_READY:
		break;
	}
	me_bus_connections_work(bus);
	me_bus_dma_work(bus);
	return SAP_OK;
}

/* --- requests --- */

bool sap_me_bus_next_io(struct sap_me_bus *bus, struct sap_me_io *io)
{
	struct sap_me_state *s = &bus->state;

	me_bus_connections_work(bus);
	me_bus_dma_work(bus);
	if (s->asked || (s->flying && s->now < s->retry_at))
		return false;
	if (!s->flying) {
		memset(&s->io, 0, sizeof(s->io));
		if (!me_bus_make(bus, &s->io))
			return false;
		s->io.generation = ++s->generation;
		s->flying = (uint8_t)s->io.op;
	}
	s->asked = true;
	*io = s->io;
	return true;
}

static void bus_done(struct sap_me_bus *bus, const struct sap_me_io *io, enum sap_status status)
{
	struct sap_me_state *s = &bus->state;

	switch (io->op) {
	case SAP_ME_IO_SEND:
		if (status == SAP_OK) {
			s->counters.frames_out++;
			bus_see(bus, SAP_TO_HOST, s->io.frame, s->io.len);
			break;
		}
		sap_me_bus_gone(bus, s->now);
		break;
	case SAP_ME_IO_READY:
		if (status != SAP_OK)
			sap_me_bus_gone(bus, s->now);
		break;
	case SAP_ME_IO_MAP:
		me_bus_dma_mapped(bus, &io->mem, status);
		break;
	case SAP_ME_IO_UNMAP:
		me_bus_dma_unmapped(bus);
		break;
	case SAP_ME_IO_NOT_READY:
	case SAP_ME_IO_NONE:
		break;
	}
}

enum sap_status sap_me_bus_io_done(struct sap_me_bus *bus, const struct sap_me_io *io, enum sap_status status,
				   uint64_t now)
{
	struct sap_me_state *s;

	if (!bus || !io)
		return SAP_INVALID;
	s = &bus->state;
	me_bus_clock(bus, now);
	if (!s->asked || io->op != (enum sap_me_io_op)s->flying || io->generation != s->io.generation) {
		s->counters.late_io++;
		return SAP_WRONG_STATE;
	}
	s->asked = false;
	if (status == SAP_AGAIN) {
		s->retry_at = bus_later(bus, bus->config.again_ms);
		return SAP_OK;
	}
	s->flying = SAP_ME_IO_NONE;
	bus_done(bus, io, status);
	me_bus_dma_work(bus);
	return SAP_OK;
}

/* --- time --- */

void me_bus_clock(struct sap_me_bus *bus, uint64_t now)
{
	if (now > bus->state.now)
		bus->state.now = now;
}

void sap_me_bus_tick(struct sap_me_bus *bus, uint64_t now)
{
	me_bus_clock(bus, now);
	me_bus_connections_work(bus);
	me_bus_dma_work(bus);
}

uint64_t sap_me_bus_deadline(const struct sap_me_bus *bus)
{
	const struct sap_me_state *s = &bus->state;
	uint64_t at = bus_sooner(me_bus_connections_deadline(bus), me_bus_dma_deadline(bus));

	if (bus->busy)
		return 0;
	if (s->asked)
		return at;
	if (s->flying)
		return bus_sooner(at, s->retry_at);
	return me_bus_has_output(bus) ? s->now : at;
}

/* --- looking --- */

enum sap_me_phase sap_me_bus_phase(const struct sap_me_bus *bus)
{
	return (enum sap_me_phase)bus->state.phase;
}

const struct sap_me_counters *sap_me_bus_counters(const struct sap_me_bus *bus)
{
	return &bus->state.counters;
}

const char *sap_me_refusal_name(enum sap_me_refusal refusal)
{
	static const char *const names[SAP_ME_REFUSALS] = {
		"BAD_FRAME", "BAD_RING",   "BAD_TAG",	"HBM_SHORT",	 "HBM_UNKNOWN", "HBM_EARLY",
		"HBM_OLD",   "HBM_ANSWER", "NO_CLIENT", "NO_CONNECTION", "BAD_ADDRESS", "TWICE",
		"FULL",	     "NO_CREDIT",  "TOO_LONG",	"DMA",
	};

	return (uint32_t)refusal < SAP_ME_REFUSALS ? names[refusal] : "?";
}
