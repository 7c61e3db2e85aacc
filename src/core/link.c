// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
/*
 * The connection's phases:
 *
 *   host   DOWN -> MAPPING -> CONNECTING -> STARTING -> UP -> DRAINING -> UNWINDING -> DOWN
 *   CSME   DOWN -> CONNECTING -> STARTING -> MAPPING -> STARTING -> UP -> UNWINDING -> DOWN
 *
 * From each phase UNWINDING can come at any time. It waits for I/O that is outstanding, and gives back what
 * that brought, so nothing leaks.
 */
#include "link.h"

#include "../platform.h"
#include "control.h"
#include "shared.h"

void link_config_default(struct sap_link_config *config)
{
	memset(config, 0, sizeof(*config));
	config->layouts[0] = sap_layout_of(SAP_PROTOCOL_4);
	config->layouts[1] = sap_layout_of(SAP_PROTOCOL_3);
	config->map_tries = 3;
	config->map_ms = 100;
	config->throttle_ms = 100;
	config->again_ms = 10;
	config->owed_ms = 20;
}

enum sap_status link_config_check(const struct sap_link_config *config)
{
	if (!config->layouts[0] || !config->map_tries || !config->again_ms || !config->owed_ms)
		return SAP_BAD_VALUE;
	return SAP_OK;
}

void link_init(struct link *link, uint64_t now)
{
	memset(link->s, 0, sizeof(*link->s));
	link->s->now = now;
	link->s->retry_at = SAP_NEVER;
	link->s->start_by = SAP_NEVER;
}

void link_clock(struct link *link, uint64_t now)
{
	if (now > link->s->now)
		link->s->now = now;
}

enum sap_status link_start(struct link *link)
{
	struct sap_link_state *s = link->s;

	if (s->phase != SAP_PHASE_DOWN)
		return SAP_WRONG_STATE;
	s->phase = link->role == SAP_ROLE_HOST ? SAP_PHASE_MAPPING : SAP_PHASE_CONNECTING;
	s->generation++;
	s->retry_at = SAP_NEVER;
	s->start_by = SAP_NEVER;
	s->again = false;
	s->tries_left = link->config->map_tries;
	s->layout = 0;
	s->me_seq = 0;
	s->why = SAP_OK;
	s->bell = false;
	s->bell_now = false;
	s->rang = false;
	s->deferred = false;
	s->send_start = false;
	s->more = false;
	s->packets = false;
	s->want_lane = false;
	s->lane_due = false;
	s->lane_was = false;
	s->lane_open = false;
	s->lane_rung = 0;
	/* The host counts from 1 at each connection, CSME goes on (section 10). */
	if (link->role == SAP_ROLE_HOST)
		s->seq.last = 0;
	return SAP_OK;
}

/* Everything was given back, and nothing is outstanding. */
static unsigned settle(struct link *link)
{
	struct sap_link_state *s = link->s;

	if (s->phase != SAP_PHASE_UNWINDING || s->flying != SAP_IO_NONE || s->overtaken || s->lane_open ||
	    s->connecting || s->mapping)
		return LINK_NOTHING;
	s->phase = SAP_PHASE_DOWN;
	s->retry_at = SAP_NEVER;
	return LINK_WENT_DOWN;
}

unsigned link_end(struct link *link, enum sap_status why)
{
	struct sap_link_state *s = link->s;
	unsigned news = LINK_NOTHING;

	if (s->phase == SAP_PHASE_DOWN || s->phase == SAP_PHASE_UNWINDING)
		return news;
	if (s->phase == SAP_PHASE_UP || s->phase == SAP_PHASE_DRAINING)
		news = LINK_LOST;
	s->phase = SAP_PHASE_UNWINDING;
	s->why = (int16_t)why;
	s->want_lane = false;
	s->retry_at = SAP_NEVER;
	s->start_by = SAP_NEVER;
	s->more = false;
	return news | settle(link);
}

void link_want_lane(struct link *link, bool open)
{
	link->s->want_lane = open && link->s->phase == SAP_PHASE_UP;
}

void link_tell_lane(struct link *link)
{
	link->s->lane_due = link->s->lane_open || link->s->flying == SAP_IO_LANE;
}

/* --- the doorbell --- */

/* Packets that the lane posted. It lives in another locking domain, and only counts up. */
static uint32_t lane_posted(const struct link *link)
{
	return link->config->lane ? sap_load_acquire(&link->config->lane->counters.sent) : 0;
}

static bool bell_wanted(const struct link *link)
{
	return link->s->bell || (link->s->lane_open && lane_posted(link) != link->s->lane_rung);
}

/* When the throttle lets it ring. */
static uint64_t bell_at(const struct link *link)
{
	const struct sap_link_state *s = link->s;

	return s->rang && !s->bell_now ? s->rung_at + link->config->throttle_ms : s->now;
}

/* Both indices of one of our queues, as they stand in the area: the peer has read it all. */
static bool emptied(const struct link *link, enum sap_queue_id queue)
{
	uint32_t words = control_queue(queue);

	return shared_load(link->area, words + CONTROL_RD) == shared_load(link->area, words + CONTROL_WR);
}

bool link_drained(struct link *link)
{
	bool host = link->role == SAP_ROLE_HOST;

	return emptied(link, host ? SAP_HOST_NOTIF : SAP_CSME_NOTIF) &&
	       emptied(link, host ? SAP_HOST_DATA : SAP_CSME_DATA);
}

/* A doorbell that the throttle held back is spared if the peer has read everything meanwhile. */
static bool bell_is_due(struct link *link)
{
	struct sap_link_state *s = link->s;
	uint32_t posted;

	if (!bell_wanted(link) || !s->mapped)
		return false;
	if (bell_at(link) > s->now) {
		s->deferred = true;
		return false;
	}
	/* Counted before it is looked whether all was read: what is posted in between wants its own doorbell. */
	posted = lane_posted(link);
	if (s->deferred && !s->bell_now && link_drained(link)) {
		s->deferred = false;
		s->bell = false;
		s->lane_rung = posted;
		return false;
	}
	return true;
}

/* --- requests --- */

static bool ask(struct link *link, struct sap_io *io, enum sap_io_op op)
{
	io->op = op;
	io->generation = link->s->generation;
	link->s->flying = (uint8_t)op;
	return true;
}

static bool ask_send(struct link *link, struct sap_io *io, const struct sap_me_message *message)
{
	/* A known type always fits. */
	if (sap_me_encode(message, io->message, sizeof(io->message), &io->len) != SAP_OK)
		return false;
	return ask(link, io, SAP_IO_SEND);
}

static bool ask_start(struct link *link, struct sap_io *io)
{
	struct sap_me_message message;

	memset(&message, 0, sizeof(message));
	message.seq = link->s->me_seq + 1;
	if (link->role == SAP_ROLE_HOST) {
		/* What the Linux driver writes there, and nobody honours (section 2). */
		message.type = SAP_ME_START;
		message.start.init_data_seq_num = 0x100;
		message.start.init_notif_seq_num = 0x800;
		if (link->s->mapped)
			message.start.supported_versions[0] = (uint8_t)link->area->layout.version;
	} else {
		message.type = SAP_ME_START_OK;
		message.start_ok.supported_version = link->s->version;
	}
	return ask_send(link, io, &message);
}

static bool ask_bell(struct link *link, struct sap_io *io)
{
	struct sap_me_message message;

	memset(&message, 0, sizeof(message));
	message.type = SAP_ME_CHECK_SHARED_AREA;
	message.seq = link->s->me_seq + 1;
	/* What is written from here on wants another one. */
	link->s->bell = false;
	link->s->lane_ringing = lane_posted(link);
	return ask_send(link, io, &message);
}

/* Opens the lane or closes it; or, if that is not it, it stays open and is told something. */
static bool ask_lane(struct link *link, struct sap_io *io, bool open)
{
	struct sap_link_state *s = link->s;

	io->lane_open = open;
	io->lane_stays = open && s->lane_open;
	io->lane_again = open && !s->lane_open && s->lane_was;
	/* A closed lane posts nothing, so all from here on wants a doorbell, also before the result is in. */
	if (open && !s->lane_open)
		s->lane_rung = lane_posted(link);
	/* What comes from here on, it is to be told again. */
	s->lane_due &= !open;
	io->role = link->role;
	io->area = link->area;
	return ask(link, io, SAP_IO_LANE);
}

/* UNWINDING: the lane first, then the connection, then the memory. */
static bool next_unwinding(struct link *link, struct sap_io *io)
{
	struct sap_link_state *s = link->s;

	if (s->flying == SAP_IO_SEND) {
		s->overtaken = true;
		return ask(link, io, SAP_IO_DISCONNECT);
	}
	if (s->flying != SAP_IO_NONE)
		return false;
	if (s->lane_open && !s->overtaken)
		return ask_lane(link, io, false);
	if (s->connecting)
		return ask(link, io, SAP_IO_DISCONNECT);
	if (s->mapping && !s->overtaken)
		return ask(link, io, SAP_IO_UNMAP);
	return false;
}

bool link_next_io(struct link *link, struct sap_io *io)
{
	struct sap_link_state *s = link->s;

	memset(io, 0, sizeof(*io));
	if (s->retry_at != SAP_NEVER && s->retry_at > s->now)
		return false;
	if (s->phase == SAP_PHASE_UNWINDING)
		return next_unwinding(link, io);
	if (s->flying != SAP_IO_NONE)
		return false;

	switch ((enum sap_phase)s->phase) {
	case SAP_PHASE_MAPPING:
		io->size = link->role == SAP_ROLE_HOST ? link->config->layouts[s->layout]->size : 0;
		return ask(link, io, SAP_IO_MAP);
	case SAP_PHASE_CONNECTING:
		return ask(link, io, SAP_IO_CONNECT);
	case SAP_PHASE_STARTING:
		return s->send_start && ask_start(link, io);
	case SAP_PHASE_UP:
	case SAP_PHASE_DRAINING:
		if (s->want_lane != s->lane_open || (s->lane_open && s->lane_due))
			return ask_lane(link, io, s->want_lane);
		return bell_is_due(link) && ask_bell(link, io);
	case SAP_PHASE_DOWN:
	case SAP_PHASE_UNWINDING:
		break;
	}
	return false;
}

/* --- results --- */

static unsigned again(struct link *link)
{
	link->s->retry_at = link->s->now + link->config->again_ms;
	link->s->again = true;
	return LINK_NOTHING;
}

void link_retry(struct link *link)
{
	struct sap_link_state *s = link->s;

	if (s->again && s->retry_at != SAP_NEVER)
		s->retry_at = s->now;
}

/* The host got memory: the area is made in it, by us. */
static unsigned map_made(struct link *link, const struct sap_io *io)
{
	struct sap_link_state *s = link->s;
	enum sap_status status;

	s->mapped = true;
	if (s->phase == SAP_PHASE_UNWINDING)
		return settle(link);
	status = sap_area_init(link->area, link->config->layouts[s->layout], io->mem.base, io->mem.size);
	if (status == SAP_OK)
		status = sap_producer_init(&s->out, link->area, SAP_HOST_NOTIF);
	if (status == SAP_OK)
		status = sap_consumer_init(&s->in, link->area, SAP_CSME_NOTIF);
	if (status != SAP_OK)
		return link_end(link, status);
	s->phase = SAP_PHASE_CONNECTING;
	return LINK_NOTHING;
}

/* The host got none: the next layout, or another try, or none at all. */
static unsigned map_failed(struct link *link, enum sap_status status)
{
	struct sap_link_state *s = link->s;

	if (status == SAP_UNSUPPORTED || status == SAP_CLOSED) {
		s->tries_left = 0;
	} else if (s->layout == 0 && link->config->layouts[1]) {
		s->layout = 1;
		return LINK_NOTHING;
	} else {
		s->layout = 0;
		s->tries_left--;
	}
	if (s->tries_left) {
		s->retry_at = s->now + link->config->map_ms;
		s->again = false;
		return LINK_NOTHING;
	}
	if (link->probe && status != SAP_CLOSED) {
		s->phase = SAP_PHASE_CONNECTING;
		return LINK_NOTHING;
	}
	return link_end(link, status);
}

/* CSME has the memory: the newest version that START offered and the area is like. */
static unsigned adopt(struct link *link)
{
	struct sap_link_state *s = link->s;
	struct sap_mem mem = {link->area->base, link->area->size};
	enum sap_status status = SAP_BAD_VERSION;

	for (unsigned i = 0; i < 2 && link->config->layouts[i]; i++) {
		if (!(s->offered & 1u << i))
			continue;
		status = sap_area_adopt(link->area, link->config->layouts[i], mem.base, mem.size, NULL);
		if (status == SAP_OK)
			status = sap_producer_init(&s->out, link->area, SAP_CSME_NOTIF);
		if (status == SAP_OK)
			status = sap_consumer_init(&s->in, link->area, SAP_HOST_NOTIF);
		if (status == SAP_OK)
			break;
	}
	s->phase = SAP_PHASE_STARTING;
	s->why = (int16_t)status;
	if (status != SAP_OK)
		return LINK_NO_AREA;
	s->version = (uint8_t)link->area->layout.version;
	s->send_start = true;
	return LINK_NOTHING;
}

static unsigned map_given(struct link *link, const struct sap_io *io)
{
	link->s->mapped = true;
	link->area->base = io->mem.base;
	link->area->size = io->mem.size;
	return link->s->phase == SAP_PHASE_UNWINDING ? settle(link) : adopt(link);
}

static unsigned map_done(struct link *link, const struct sap_io *io, enum sap_status status)
{
	struct sap_link_state *s = link->s;

	/* What was begun has to be ended too, or the next one would meet it. */
	s->mapping |= status == SAP_OK || status == SAP_AGAIN;
	if (status == SAP_OK)
		return link->role == SAP_ROLE_HOST ? map_made(link, io) : map_given(link, io);
	if (s->phase == SAP_PHASE_UNWINDING)
		return settle(link);
	if (status == SAP_AGAIN)
		return again(link);
	if (link->role == SAP_ROLE_HOST)
		return map_failed(link, status);
	if (status == SAP_CLOSED)
		return link_end(link, status);
	s->phase = SAP_PHASE_STARTING;
	s->why = (int16_t)status;
	return LINK_NO_AREA;
}

static unsigned connect_done(struct link *link, enum sap_status status)
{
	struct sap_link_state *s = link->s;

	s->connected = status == SAP_OK;
	s->connecting |= status == SAP_OK || status == SAP_AGAIN;
	if (s->phase == SAP_PHASE_UNWINDING)
		return settle(link);
	if (status == SAP_AGAIN)
		return again(link);
	if (status != SAP_OK)
		return link_end(link, status);
	s->phase = SAP_PHASE_STARTING;
	s->send_start = link->role == SAP_ROLE_HOST;
	return LINK_NOTHING;
}

static void see_me(struct link *link, const uint8_t *bytes, uint32_t len, bool out)
{
	bool to_csme = (link->role == SAP_ROLE_HOST) == out;
	struct sap_seen seen = {link->s->now, to_csme ? SAP_TO_CSME : SAP_TO_HOST, SAP_IN_ME, bytes, len};

	if (link->config->tap.see)
		link->config->tap.see(link->config->tap.self, &seen);
}

static unsigned sent_start(struct link *link)
{
	struct sap_link_state *s = link->s;

	s->send_start = false;
	if (link->role == SAP_ROLE_HOST) {
		s->start_by = s->now + link->start_ms;
		return LINK_NOTHING;
	}
	s->phase = SAP_PHASE_UP;
	return LINK_WENT_UP;
}

static unsigned send_done(struct link *link, const struct sap_io *io, enum sap_status status)
{
	struct sap_link_state *s = link->s;
	bool bell = io->message[0] == SAP_ME_CHECK_SHARED_AREA;

	if (status == SAP_OK) {
		s->me_seq++;
		s->counters.me_sent++;
		see_me(link, io->message, io->len, true);
	}
	if (s->phase == SAP_PHASE_UNWINDING)
		return settle(link);
	if (status == SAP_AGAIN) {
		s->bell |= bell;
		return again(link);
	}
	if (status != SAP_OK)
		return link_end(link, status == SAP_TOO_LONG ? SAP_UNSUPPORTED : status);
	if (!bell)
		return s->phase == SAP_PHASE_STARTING ? sent_start(link) : LINK_NOTHING;
	s->counters.doorbells++;
	s->rang = true;
	s->rung_at = s->now;
	s->bell_now = false;
	s->deferred = false;
	s->lane_rung = s->lane_ringing;
	return LINK_NOTHING;
}

static unsigned lane_done(struct link *link, const struct sap_io *io, enum sap_status status)
{
	struct sap_link_state *s = link->s;

	/* Closing cannot fail. One that was told something is open all the same, and has to be closed. */
	s->lane_open = io->lane_stays || (io->lane_open && status == SAP_OK);
	s->lane_due &= s->lane_open;
	s->lane_was |= s->lane_open;
	s->packets |= s->lane_open && !io->lane_stays;
	if (io->lane_open && status != SAP_OK) {
		/* The peer broke a data queue: half a connection is none. */
		s->counters.corrupt++;
		return link_end(link, SAP_CORRUPT);
	}
	return settle(link);
}

/* A disconnect or an unmap: AGAIN asks once more, whatever else it is gone. */
static unsigned released(struct link *link, bool *begun, bool *held, enum sap_status status)
{
	if (status == SAP_AGAIN)
		return again(link);
	*begun = false;
	*held = false;
	return settle(link);
}

enum sap_status link_io_done(struct link *link, const struct sap_io *io, enum sap_status status,
			     unsigned *news)
{
	struct sap_link_state *s = link->s;
	bool late = s->overtaken && io->op == SAP_IO_SEND && io->generation == s->generation;

	if (late) {
		/* The send that a disconnect overtook: it may have gone out all the same. */
		s->overtaken = false;
		s->counters.me_sent += status == SAP_OK;
		if (status == SAP_OK)
			see_me(link, io->message, io->len, true);
		*news = settle(link);
		return SAP_OK;
	}
	if (io->generation != s->generation || io->op == SAP_IO_NONE || io->op != (enum sap_io_op)s->flying) {
		s->counters.late_io++;
		return SAP_OK;
	}
	s->flying = SAP_IO_NONE;
	s->retry_at = SAP_NEVER;
	switch (io->op) {
	case SAP_IO_MAP:
		*news = map_done(link, io, status);
		break;
	case SAP_IO_CONNECT:
		*news = connect_done(link, status);
		break;
	case SAP_IO_SEND:
		*news = send_done(link, io, status);
		break;
	case SAP_IO_LANE:
		*news = lane_done(link, io, status);
		break;
	case SAP_IO_DISCONNECT:
		*news = released(link, &s->connecting, &s->connected, status);
		break;
	case SAP_IO_UNMAP:
		*news = released(link, &s->mapping, &s->mapped, status);
		break;
	case SAP_IO_NONE:
		break;
	}
	return SAP_OK;
}

/* --- ME messages that came --- */

static enum sap_status start_came(struct link *link, const struct sap_me_start *start, unsigned *news)
{
	struct sap_link_state *s = link->s;

	if (link->role != SAP_ROLE_CSME || s->phase != SAP_PHASE_STARTING || s->send_start)
		return SAP_WRONG_STATE;
	s->offered = 0;
	for (unsigned v = 0; v < SAP_ME_VERSIONS && start->supported_versions[v]; v++) {
		for (unsigned i = 0; i < 2 && link->config->layouts[i]; i++) {
			if (link->config->layouts[i]->version == start->supported_versions[v])
				s->offered |= (uint8_t)(1u << i);
		}
	}
	/* After a START that did not go with the area, the memory is there already. */
	if (s->mapped)
		*news = adopt(link);
	else
		s->phase = SAP_PHASE_MAPPING;
	return SAP_OK;
}

static enum sap_status start_ok_came(struct link *link, const struct sap_me_start_ok *ok, unsigned *news)
{
	struct sap_link_state *s = link->s;

	/* It may come before it is known that START went out: a send that sleeps returns late. */
	if (link->role != SAP_ROLE_HOST || s->phase != SAP_PHASE_STARTING ||
	    (s->start_by == SAP_NEVER && s->flying != SAP_IO_SEND))
		return SAP_WRONG_STATE;
	/* Another version than the area's would misplace every queue. */
	if (!s->mapped || ok->supported_version != link->area->layout.version) {
		*news = link_end(link, SAP_BAD_VERSION);
		return SAP_OK;
	}
	s->version = ok->supported_version;
	s->start_by = SAP_NEVER;
	s->phase = SAP_PHASE_UP;
	*news = LINK_WENT_UP;
	return SAP_OK;
}

/* A doorbell before START_OK is remembered: what it is for is still there afterwards. */
static enum sap_status bell_came(struct link *link)
{
	struct sap_link_state *s = link->s;

	if (s->phase != SAP_PHASE_UP && s->phase != SAP_PHASE_STARTING && s->phase != SAP_PHASE_MAPPING &&
	    s->phase != SAP_PHASE_DRAINING)
		return SAP_WRONG_STATE;
	s->more = true;
	s->packets = true;
	return SAP_OK;
}

enum sap_status link_me_input(struct link *link, const uint8_t *bytes, size_t len, unsigned *news)
{
	struct sap_me_message message;
	enum sap_status status;

	status = sap_me_decode(bytes, len, &message);
	if (status == SAP_INVALID)
		return status;
	link->s->counters.me_received++;
	if (len >= SAP_ME_HEADER_SIZE)
		see_me(link, bytes, (uint32_t)len, false);
	if (status == SAP_OK && !link->s->connected)
		status = SAP_WRONG_STATE;
	if (status == SAP_OK) {
		switch ((enum sap_me_type)message.type) {
		case SAP_ME_START:
			status = start_came(link, &message.start, news);
			break;
		case SAP_ME_START_OK:
			status = start_ok_came(link, &message.start_ok, news);
			break;
		case SAP_ME_CHECK_SHARED_AREA:
			status = bell_came(link);
			break;
		}
	}
	if (status != SAP_OK)
		link->s->counters.me_refused++;
	return status;
}

/* --- time --- */

unsigned link_tick(struct link *link)
{
	if (link->s->start_by <= link->s->now)
		return link_end(link, SAP_IO);
	return LINK_NOTHING;
}

uint64_t link_deadline(const struct link *link)
{
	const struct sap_link_state *s = link->s;
	uint64_t at = s->start_by;

	/* Until it is asked for again, nothing else is either. */
	if (s->retry_at != SAP_NEVER)
		return sooner(at, s->retry_at);
	if ((s->phase == SAP_PHASE_UP || s->phase == SAP_PHASE_DRAINING) && s->flying == SAP_IO_NONE &&
	    bell_wanted(link))
		at = sooner(at, bell_at(link));
	return at;
}
