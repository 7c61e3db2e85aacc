/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
/*
 * One engine alone, driven by the input: what it asks for is answered as the input says, now or late, and
 * its peer may write anything anywhere. What must hold whatever comes stands in check() and finish().
 */
#ifndef SAP_FUZZ_RIG_H
#define SAP_FUZZ_RIG_H

#include "fuzz.h"

enum {
	MOST_OPS = 600,
	MOST_ROUNDS = 3000, /* of going down; a queue full of messages takes the longest */
};

struct rig {
	struct sap_host *host; /* one of the two */
	struct sap_csme *csme;
	struct sap_layout layout;
	uint8_t *memory; /* what a MAP gave, of exactly its size */
	uint32_t memory_size;
	struct sap_io held; /* a request that was not answered yet */
	bool holds;
	uint64_t now;
	bool mapped, connected; /* what the engine has to give back */
	uint32_t starts, downs;
};

static inline bool rig_next_io(struct rig *r, struct sap_io *io)
{
	return r->host ? sap_host_next_io(r->host, io) : sap_csme_next_io(r->csme, io);
}

static inline void rig_io_done(struct rig *r, const struct sap_io *io, enum sap_status status)
{
	if (r->host)
		MUST(sap_host_io_done(r->host, io, status, r->now) == SAP_OK);
	else
		MUST(sap_csme_io_done(r->csme, io, status, r->now) == SAP_OK);
}

static inline uint64_t rig_deadline(const struct rig *r)
{
	return r->host ? sap_host_deadline(r->host) : sap_csme_deadline(r->csme);
}

static inline void rig_tick(struct rig *r)
{
	if (r->host)
		sap_host_tick(r->host, r->now);
	else
		sap_csme_tick(r->csme, r->now);
}

static inline const struct sap_link_state *rig_link(const struct rig *r)
{
	return r->host ? &r->host->state.link : &r->csme->state.link;
}

static inline bool rig_event(struct rig *r)
{
	struct sap_host_event host;
	struct sap_csme_event csme;
	bool any = r->host ? sap_host_next_event(r->host, &host) : sap_csme_next_event(r->csme, &csme);

	if (any)
		r->downs += r->host ? host.type == SAP_HOST_DOWN : csme.type == SAP_CSME_DOWN;
	/* A view is there to be read. */
	if (any && r->host && (host.type == SAP_HOST_NVM || host.type == SAP_HOST_FILTERS) && host.view.len)
		MUST(host.view.bytes && host.view.bytes[0] + host.view.bytes[host.view.len - 1] >= 0);
	return any;
}

/* --- what holds at any time --- */

static inline void check(const struct rig *r)
{
	struct sap_why why;

	if (r->host)
		sap_host_why(r->host, &why);
	else
		sap_csme_why(r->csme, &why);
	MUST(why.state && *why.state && why.why && *why.why && (!why.awaits || *why.awaits));
	MUST((r->host ? sap_host_counters(r->host) : sap_csme_counters(r->csme))->events_lost == 0);
	MUST(r->downs <= r->starts);
}

/* --- requests --- */

static inline void drop_memory(struct rig *r)
{
	free(r->memory);
	r->memory = NULL;
	r->memory_size = 0;
}

/* The host's memory is new; CSME gets an area that somebody made, well or badly. */
static inline void give_memory(struct rig *r, struct sap_io *io, uint32_t how)
{
	uint32_t size = r->host ? io->size : r->layout.size;
	struct sap_area area;

	drop_memory(r);
	r->memory_size = how % 16 == 1 ? size / 2 : size;
	r->memory = fresh(r->memory_size, 0xa5);
	io->mem.base = r->memory;
	io->mem.size = r->memory_size;
	if (r->csme && how % 16 != 2)
		MUST(sap_area_init(&area, &r->layout, r->memory, r->memory_size) ==
		     (r->memory_size == size ? SAP_OK : SAP_TOO_SMALL));
}

/* Does a request as far as it succeeds, keeps the books, and reports. */
static inline void answer(struct rig *r, struct sap_io *io, enum sap_status status, uint32_t how)
{
	bool ok = status == SAP_OK;

	switch (io->op) {
	case SAP_IO_MAP:
		if (ok)
			give_memory(r, io, how);
		r->mapped |= ok;
		break;
	case SAP_IO_CONNECT:
		r->connected |= ok;
		break;
	case SAP_IO_DISCONNECT:
		r->connected &= status == SAP_AGAIN;
		break;
	case SAP_IO_UNMAP:
		if (status == SAP_AGAIN)
			break;
		MUST(!r->connected);
		r->mapped = false;
		drop_memory(r);
		break;
	case SAP_IO_SEND:
		MUST(io->len >= SAP_ME_HEADER_SIZE && io->len <= sizeof(io->message));
		break;
	case SAP_IO_LANE:
		MUST(io->lane_open || !(io->lane_stays || io->lane_again || io->lane_filters));
		break;
	case SAP_IO_NONE:
		MUST(false);
	}
	rig_io_done(r, io, status);
}

/* Mostly well, so that the input gets somewhere. */
static inline enum sap_status take_status(struct input *in)
{
	static const enum sap_status few[] = {SAP_AGAIN,       SAP_IO,	 SAP_CLOSED,
					      SAP_UNSUPPORTED, SAP_BUSY, SAP_TOO_LONG};
	uint32_t n = take_u8(in);

	return n < 224 ? SAP_OK : few[n % (sizeof(few) / sizeof(few[0]))];
}

static inline void op_io(struct rig *r, struct input *in)
{
	enum sap_status status = take_status(in);
	struct sap_io io;

	if (rig_next_io(r, &io))
		answer(r, &io, status, take_u8(in));
}

/* A request whose answer comes later. */
static inline void op_hold(struct rig *r)
{
	if (!r->holds)
		r->holds = rig_next_io(r, &r->held);
}

static inline void op_answer_held(struct rig *r, struct input *in)
{
	if (r->holds)
		answer(r, &r->held, take_status(in), take_u8(in));
	r->holds = false;
}

/* --- the peer --- */

/* A message into the queue to us, behind what is there, whether there is room or not; and the doorbell. */
static inline void op_notify(struct rig *r, struct input *in, uint32_t type)
{
	uint32_t queue = r->host ? SAP_CSME_NOTIF : SAP_HOST_NOTIF;
	const struct sap_extent *ring = &r->layout.queue[queue];
	uint32_t wr, len = take_u8(in);
	uint8_t header[SAP_HEADER_SIZE] = {0};
	const struct sap_message_info *info = sap_message_info((uint16_t)type);

	if (!r->memory || r->memory_size < r->layout.size)
		return;
	if (info && len < 200)
		len = info->least;
	set_word(header, type | len << 16);
	wr = word_at(r->memory + words_of(queue)) % ring->size;
	for (uint32_t i = 0; i < SAP_HEADER_SIZE + len; i++) {
		r->memory[ring->offset + wr] = i < SAP_HEADER_SIZE ? header[i] : i < 80 ? take_u8(in) : 0;
		wr = (wr + 1) % ring->size;
	}
	set_word(r->memory + words_of(queue), wr);
}

static inline void op_scribble(struct rig *r, struct input *in)
{
	uint32_t at = take_u16(in);
	size_t n = take_u8(in) % 16u;
	const uint8_t *bytes = take_bytes(in, &n);

	for (size_t i = 0; i < n && r->memory_size; i++)
		r->memory[(at + i) % r->memory_size] = bytes[i];
}

static inline void rig_input(struct rig *r, const uint8_t *bytes, size_t len)
{
	uint8_t *exact = fresh(len, 0);

	memcpy(exact, bytes, len);
	if (r->host)
		(void)!sap_host_me_input(r->host, exact, len, r->now);
	else
		(void)!sap_csme_me_input(r->csme, exact, len, r->now);
	free(exact);
}

/* An ME message: of a known type and as long as it must be, or whatever the input says. */
static inline void op_me(struct rig *r, struct input *in, uint32_t type)
{
	uint8_t bytes[SAP_ME_MAX_SIZE] = {0};
	size_t n = take_u8(in) % (sizeof(bytes) + 1);
	const uint8_t *rest;

	if (!type) {
		rest = take_bytes(in, &n);
		rig_input(r, n ? rest : bytes, n);
		return;
	}
	set_word(bytes, type);
	bytes[SAP_ME_HEADER_SIZE + (type == SAP_ME_START ? 12 : 0)] = (uint8_t)r->layout.version;
	rig_input(r, bytes, n % 8 ? sizeof(bytes) : n);
}

/* --- the end --- */

/* From any state, stopped and with I/O that works, it is down in bounded time, and nothing leaks. */
static inline void finish(struct rig *r)
{
	struct sap_io io;
	uint32_t rounds = 0;

	while (rig_event(r))
		;
	/* SAP_WRONG_STATE: it is down, or on its way. */
	(void)!(r->host ? sap_host_stop(r->host, r->now) : sap_csme_stop(r->csme, r->now));
	if (r->holds)
		answer(r, &r->held, SAP_CLOSED, 0);
	r->holds = false;
	while (rig_link(r)->phase != SAP_PHASE_DOWN) {
		MUST(rounds++ < MOST_ROUNDS);
		while (rig_event(r))
			;
		if (rig_next_io(r, &io)) {
			answer(r, &io, SAP_OK, 0);
			continue;
		}
		MUST(rig_deadline(r) != SAP_NEVER);
		if (rig_deadline(r) > r->now)
			r->now = rig_deadline(r);
		rig_tick(r);
	}
	while (rig_event(r))
		;
	check(r);
	MUST(!rig_next_io(r, &io));
	MUST(!r->mapped && !r->connected && !r->memory && r->starts == r->downs);
}

#endif
