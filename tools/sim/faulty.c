// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
#include "faulty.h"

#include <string.h>

enum {
	WORD_SIZE = 4,
};

void sim_faulty_init(struct sim_faulty *faulty, const struct sap_transport *inner)
{
	memset(faulty, 0, sizeof(*faulty));
	faulty->inner = *inner;
}

static void scribble(const struct sim_faulty *faulty)
{
	const struct sap_mem *mem = &faulty->mem;
	uint8_t *base = mem->base;

	if (!base || mem->size < WORD_SIZE || faulty->where > mem->size - WORD_SIZE)
		return;
	for (uint32_t i = 0; i < WORD_SIZE; i++)
		base[faulty->where + i] = (uint8_t)(faulty->word >> (8 * i));
}

/* --- messages --- */

static enum sap_status send_inner(struct sim_faulty *faulty, const void *message, size_t len)
{
	enum sap_status status = faulty->inner.ops->send(faulty->inner.self, message, len);

	/* The copy may find no room, and then there is none: it was not asked for. */
	if (status == SAP_OK && faulty->mishaps.twice)
		(void)!faulty->inner.ops->send(faulty->inner.self, message, len);
	return status;
}

static enum sap_status hold(struct sim_faulty *faulty, const void *message, size_t len)
{
	struct sim_late_message *late = &faulty->late[faulty->held];

	if (faulty->held == SIM_FAULTY_HELD)
		return SAP_AGAIN;
	if (len > sizeof(late->bytes))
		return SAP_TOO_LONG;
	memset(late, 0, sizeof(*late));
	late->at = faulty->now + faulty->mishaps.delay_ms;
	late->len = (uint32_t)len;
	memcpy(late->bytes, message, len);
	faulty->held++;
	return SAP_OK;
}

static bool is_type(const void *message, size_t len, uint32_t type)
{
	const uint8_t bytes[] = {(uint8_t)type, (uint8_t)(type >> 8), (uint8_t)(type >> 16),
				 (uint8_t)(type >> 24)};

	return len >= sizeof(bytes) && memcmp(message, bytes, sizeof(bytes)) == 0;
}

/* Whether it is one of those that never arrive. */
static bool is_lost(struct sim_mishaps *mishaps, const void *message, size_t len)
{
	if (mishaps->lose && is_type(message, len, mishaps->lose)) {
		mishaps->lose = 0;
		return true;
	}
	if (!mishaps->drop)
		return false;
	mishaps->drop--;
	return true;
}

static enum sap_status faulty_send(void *self, const void *message, size_t len)
{
	struct sim_faulty *faulty = self;

	if (faulty->cut)
		return SAP_CLOSED;
	if (faulty->mishaps.scribble_next && is_type(message, len, SAP_ME_CHECK_SHARED_AREA)) {
		faulty->mishaps.scribble_next = false;
		faulty->scribbles = true;
	}
	if (faulty->scribbles)
		scribble(faulty);
	faulty->scribbles = false;
	if (is_lost(&faulty->mishaps, message, len))
		return SAP_OK;
	/* Those that come after a late one do not overtake it. */
	if (faulty->mishaps.delay_ms || faulty->held)
		return hold(faulty, message, len);
	return send_inner(faulty, message, len);
}

/* A connection that ended tells so as it is asked to receive; what was on its way is lost with it. */
void sim_faulty_tick(struct sim_faulty *faulty, uint64_t now)
{
	if (now > faulty->now)
		faulty->now = now;
	while (faulty->held && faulty->late[0].at <= faulty->now) {
		enum sap_status status = send_inner(faulty, faulty->late[0].bytes, faulty->late[0].len);

		if (status == SAP_AGAIN) {
			faulty->late[0].at = faulty->now + 1;
			return;
		}
		faulty->held--;
		memmove(&faulty->late[0], &faulty->late[1], faulty->held * sizeof(faulty->late[0]));
		memset(&faulty->late[faulty->held], 0, sizeof(faulty->late[0]));
	}
}

uint64_t sim_faulty_deadline(const struct sim_faulty *faulty)
{
	return faulty->held ? faulty->late[0].at : SAP_NEVER;
}

static enum sap_status faulty_recv(void *self, void *message, size_t cap, size_t *len)
{
	struct sim_faulty *faulty = self;

	if (faulty->mishaps.frozen)
		return SAP_AGAIN;
	if (faulty->cut)
		return SAP_CLOSED;
	return faulty->inner.ops->recv(faulty->inner.self, message, cap, len);
}

/* --- connection and memory --- */

static enum sap_status faulty_map(void *self, uint32_t size, struct sap_mem *mem)
{
	struct sim_faulty *faulty = self;
	enum sap_status status;

	if (faulty->mishaps.fail_map != SAP_OK && size > faulty->mishaps.map_above)
		return faulty->mishaps.fail_map;
	status = faulty->inner.ops->map(faulty->inner.self, size, mem);
	if (status == SAP_OK && mem)
		faulty->mem = *mem;
	return status;
}

static enum sap_status faulty_connect(void *self)
{
	struct sim_faulty *faulty = self;
	enum sap_status status = faulty->inner.ops->connect(faulty->inner.self);

	if (status == SAP_OK && faulty->mishaps.cut_next) {
		faulty->mishaps.cut_next = false;
		sim_faulty_cut(faulty);
	}
	return status;
}

static enum sap_status faulty_disconnect(void *self)
{
	struct sim_faulty *faulty = self;
	enum sap_status status = faulty->inner.ops->disconnect(faulty->inner.self);

	if (status != SAP_OK)
		return status;
	faulty->cut = false;
	faulty->scribbles = false;
	faulty->held = 0;
	memset(faulty->late, 0, sizeof(faulty->late));
	return SAP_OK;
}

static enum sap_status faulty_unmap(void *self)
{
	struct sim_faulty *faulty = self;
	enum sap_status status = faulty->inner.ops->unmap(faulty->inner.self);

	if (status == SAP_OK)
		memset(&faulty->mem, 0, sizeof(faulty->mem));
	return status;
}

struct sap_transport sim_faulty_transport(struct sim_faulty *faulty)
{
	static const struct sap_transport_ops ops = {
		.map = faulty_map,
		.connect = faulty_connect,
		.send = faulty_send,
		.recv = faulty_recv,
		.disconnect = faulty_disconnect,
		.unmap = faulty_unmap,
	};

	return (struct sap_transport){&ops, faulty};
}

/* --- what happens to it --- */

void sim_faulty_cut(struct sim_faulty *faulty)
{
	size_t len;
	uint8_t message[SAP_ME_MAX_SIZE];

	/* There is a connection if there is something to receive, or nothing yet. */
	if (faulty->inner.ops->recv(faulty->inner.self, message, sizeof(message), &len) == SAP_CLOSED) {
		faulty->mishaps.cut_next = !faulty->cut;
		return;
	}
	(void)!faulty->inner.ops->disconnect(faulty->inner.self);
	faulty->cut = true;
}

void sim_faulty_scribble(struct sim_faulty *faulty, uint32_t offset, uint32_t word)
{
	faulty->where = offset;
	faulty->word = word;
	faulty->mishaps.scribble_next = !faulty->mem.base;
	faulty->scribbles = faulty->mem.base != NULL;
	scribble(faulty);
}
