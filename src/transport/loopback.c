// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
/*
 * Loopback: the six operations for both ends.
 *
 * Messages that wait always start at the first place of their lane and unused places are zero, so that
 * equal states are equal bytes. Moving a few hundred bytes up is the price.
 */
#include "loopback.h"

#include "../platform.h"

static void lane_clear(struct sap_loopback_lane *lane)
{
	memset(lane->message, 0, sizeof(lane->message));
	lane->count = 0;
}

static void lane_pop(struct sap_loopback_lane *lane)
{
	lane->count--;
	memmove(&lane->message[0], &lane->message[1], lane->count * sizeof(lane->message[0]));
	memset(&lane->message[lane->count], 0, sizeof(lane->message[0]));
}

/* What is on the way to `end` will not arrive any more. */
static void lose(struct sap_loopback_state *state, enum sap_loopback_end end)
{
	state->counters[end].lost += state->to[end].count;
	lane_clear(&state->to[end]);
}

/* The connection of `end` ended, and not by its doing. What was sent to it before is still there. */
static void peer_went(struct sap_loopback_state *state, enum sap_loopback_end end)
{
	if (state->phase[end] == SAP_LOOPBACK_CONNECTED) {
		state->phase[end] = SAP_LOOPBACK_ENDED;
	} else if (state->phase[end] == SAP_LOOPBACK_MET) {
		state->phase[end] = SAP_LOOPBACK_WAITING;
		lose(state, end);
	}
}

static void leave(struct sap_loopback_state *state, enum sap_loopback_end end)
{
	if (state->phase[end] == SAP_LOOPBACK_CONNECTED || state->phase[end] == SAP_LOOPBACK_MET)
		peer_went(state, loopback_peer(end));
	state->phase[end] = SAP_LOOPBACK_IDLE;
	lose(state, end);
}

static enum sap_status host_map(struct sap_loopback *loop, uint32_t size)
{
	struct sap_loopback_state *state = &loop->state;
	enum sap_status fault = sap_loopback_operation(loop, SAP_LOOPBACK_HOST, SAP_LOOPBACK_FAIL_MAP, size);

	if (fault != SAP_OK)
		return fault;
	if (!loop->config.memory)
		return SAP_UNSUPPORTED;
	if (size == 0 || size > loop->config.memory_size)
		return SAP_IO;
	if (state->mapped[SAP_LOOPBACK_HOST])
		return state->mapped[SAP_LOOPBACK_HOST] == size ? SAP_OK : SAP_IO;
	if (state->mapped[SAP_LOOPBACK_CSME])
		return SAP_AGAIN;
	memset(loop->config.memory, SAP_LOOPBACK_FRESH, size);
	state->mapped[SAP_LOOPBACK_HOST] = size;
	state->counters[SAP_LOOPBACK_HOST].maps++;
	return SAP_OK;
}

static enum sap_status csme_map(struct sap_loopback *loop, uint32_t size)
{
	struct sap_loopback_state *state = &loop->state;
	uint32_t offered = state->mapped[SAP_LOOPBACK_HOST];
	enum sap_status fault =
		sap_loopback_operation(loop, SAP_LOOPBACK_CSME, SAP_LOOPBACK_FAIL_MAP, offered);

	if (fault != SAP_OK)
		return fault;
	if (state->phase[SAP_LOOPBACK_CSME] != SAP_LOOPBACK_CONNECTED)
		return SAP_CLOSED;
	if (size != 0)
		return SAP_UNSUPPORTED;
	if (state->mapped[SAP_LOOPBACK_CSME])
		return SAP_OK;
	if (offered == 0)
		return SAP_UNSUPPORTED;
	state->mapped[SAP_LOOPBACK_CSME] = offered;
	state->counters[SAP_LOOPBACK_CSME].maps++;
	return SAP_OK;
}

static enum sap_status loopback_map(void *self, uint32_t size, struct sap_mem *mem)
{
	const struct sap_loopback_self *my = self;
	struct sap_loopback *loop = my->loop;
	enum sap_status status;

	if (!mem)
		return SAP_INVALID;
	status = my->end == SAP_LOOPBACK_HOST ? host_map(loop, size) : csme_map(loop, size);
	if (status == SAP_OK) {
		mem->base = loop->config.memory;
		mem->size = loop->state.mapped[my->end];
	}
	return status;
}

static enum sap_status loopback_connect(void *self)
{
	const struct sap_loopback_self *my = self;
	struct sap_loopback_state *state = &my->loop->state;
	enum sap_loopback_end peer = loopback_peer(my->end);
	enum sap_status fault = sap_loopback_operation(my->loop, my->end, SAP_LOOPBACK_FAIL_CONNECT, 0);

	if (fault != SAP_OK)
		return fault;
	if (state->phase[my->end] == SAP_LOOPBACK_CONNECTED)
		return SAP_OK;
	if (state->phase[my->end] == SAP_LOOPBACK_ENDED)
		return SAP_CLOSED;
	if (state->phase[my->end] != SAP_LOOPBACK_MET) {
		if (state->phase[peer] != SAP_LOOPBACK_WAITING) {
			state->phase[my->end] = SAP_LOOPBACK_WAITING;
			return SAP_AGAIN;
		}
		state->phase[peer] = SAP_LOOPBACK_MET;
	}
	state->phase[my->end] = SAP_LOOPBACK_CONNECTED;
	state->counters[my->end].connections++;
	return SAP_OK;
}

static enum sap_status loopback_send(void *self, const void *message, size_t len)
{
	const struct sap_loopback_self *my = self;
	struct sap_loopback *loop = my->loop;
	struct sap_loopback_lane *lane = &loop->state.to[loopback_peer(my->end)];
	struct sap_loopback_counters *counters = &loop->state.counters[my->end];
	struct sap_loopback_message taken;
	enum sap_status fault;
	uint32_t copies;

	if (!message || len == 0)
		return SAP_INVALID;
	if (loop->state.phase[my->end] != SAP_LOOPBACK_CONNECTED)
		return SAP_CLOSED;
	if (len > loop->config.longest) {
		counters->too_long++;
		return SAP_TOO_LONG;
	}
	fault = sap_loopback_operation(loop, my->end, SAP_LOOPBACK_FAIL_SEND, 0);
	if (fault != SAP_OK)
		return fault;
	if (lane->count + sap_loopback_copies(loop, my->end) > loop->config.depth) {
		counters->full++;
		return SAP_AGAIN;
	}

	memset(&taken, 0, sizeof(taken));
	memcpy(taken.bytes, message, len);
	taken.len = (uint32_t)len;
	counters->sent++;
	copies = sap_loopback_befall(loop, my->end, &taken);
	while (copies--)
		lane->message[lane->count++] = taken;
	return SAP_OK;
}

static enum sap_status loopback_recv(void *self, void *message, size_t cap, size_t *len)
{
	const struct sap_loopback_self *my = self;
	struct sap_loopback_state *state = &my->loop->state;
	struct sap_loopback_lane *lane = &state->to[my->end];
	const struct sap_loopback_message *next = &lane->message[0];

	if (!len || (!message && cap))
		return SAP_INVALID;
	if (state->phase[my->end] != SAP_LOOPBACK_CONNECTED && state->phase[my->end] != SAP_LOOPBACK_ENDED)
		return SAP_CLOSED;
	if (lane->frozen)
		return SAP_AGAIN;
	if (lane->count == 0)
		return state->phase[my->end] == SAP_LOOPBACK_ENDED ? SAP_CLOSED : SAP_AGAIN;
	if (next->steps)
		return SAP_AGAIN;

	*len = next->len;
	if (next->len > cap) {
		lane_pop(lane);
		state->counters[my->end].too_long++;
		return SAP_TOO_LONG;
	}
	memcpy(message, next->bytes, next->len);
	lane_pop(lane);
	state->counters[my->end].received++;
	return SAP_OK;
}

static enum sap_status loopback_disconnect(void *self)
{
	const struct sap_loopback_self *my = self;
	enum sap_status fault = sap_loopback_operation(my->loop, my->end, SAP_LOOPBACK_FAIL_DISCONNECT, 0);

	if (fault == SAP_OK)
		leave(&my->loop->state, my->end);
	return fault;
}

static enum sap_status loopback_unmap(void *self)
{
	const struct sap_loopback_self *my = self;
	struct sap_loopback_state *state = &my->loop->state;
	uint32_t size = state->mapped[my->end];
	enum sap_status fault = sap_loopback_operation(my->loop, my->end, SAP_LOOPBACK_FAIL_UNMAP, 0);

	if (fault != SAP_OK)
		return fault;
	/* CSME must hear of it: it may be about to adopt. */
	if (size && my->end == SAP_LOOPBACK_HOST)
		leave(state, my->end);
	state->mapped[my->end] = 0;
	if (size && !state->mapped[loopback_peer(my->end)])
		memset(my->loop->config.memory, SAP_LOOPBACK_GONE, size);
	return SAP_OK;
}

static const struct sap_transport_ops loopback_ops = {
	.map = loopback_map,
	.connect = loopback_connect,
	.send = loopback_send,
	.recv = loopback_recv,
	.disconnect = loopback_disconnect,
	.unmap = loopback_unmap,
};

void sap_loopback_config_default(struct sap_loopback_config *config)
{
	if (!config)
		return;
	*config = (struct sap_loopback_config){.depth = SAP_LOOPBACK_DEPTH, .longest = SAP_LOOPBACK_MESSAGE};
}

enum sap_status sap_loopback_init(struct sap_loopback *loop, size_t size,
				  const struct sap_loopback_config *config)
{
	if (!loop || !config)
		return SAP_INVALID;
	if (size < sizeof(*loop))
		return SAP_TOO_SMALL;
	if (config->depth < 2 || config->depth > SAP_LOOPBACK_DEPTH || config->longest < 1 ||
	    config->longest > SAP_LOOPBACK_MESSAGE || (config->memory && config->memory_size == 0))
		return SAP_BAD_VALUE;
	if ((uintptr_t)config->memory % 4)
		return SAP_MISALIGNED;

	memset(&loop->state, 0, sizeof(loop->state));
	loop->config = *config;
	for (uint32_t end = 0; end < 2; end++)
		loop->self[end] = (struct sap_loopback_self){loop, (enum sap_loopback_end)end};
	return SAP_OK;
}

struct sap_transport sap_loopback_transport(struct sap_loopback *loop, enum sap_loopback_end end)
{
	if (!loop || (uint32_t)end > SAP_LOOPBACK_CSME)
		return (struct sap_transport){NULL, NULL};
	return (struct sap_transport){&loopback_ops, &loop->self[end]};
}

uint32_t sap_loopback_pending(const struct sap_loopback *loop, enum sap_loopback_end end)
{
	return loop && (uint32_t)end <= SAP_LOOPBACK_CSME ? loop->state.to[end].count : 0;
}

void sap_loopback_step(struct sap_loopback *loop)
{
	if (!loop)
		return;
	for (uint32_t end = 0; end < 2; end++) {
		struct sap_loopback_lane *lane = &loop->state.to[end];

		for (uint32_t i = 0; i < lane->count; i++)
			if (lane->message[i].steps)
				lane->message[i].steps--;
	}
}

void sap_loopback_cut(struct sap_loopback *loop)
{
	if (!loop)
		return;
	for (uint32_t end = 0; end < 2; end++) {
		uint32_t phase = loop->state.phase[end];

		if (phase == SAP_LOOPBACK_CONNECTED || phase == SAP_LOOPBACK_MET) {
			peer_went(&loop->state, (enum sap_loopback_end)end);
			lose(&loop->state, (enum sap_loopback_end)end);
		}
	}
}

enum sap_status sap_loopback_scribble(struct sap_loopback *loop, uint32_t offset, const void *bytes,
				      uint32_t len)
{
	uint32_t mapped;

	if (!loop || (!bytes && len))
		return SAP_INVALID;
	mapped = loop->state.mapped[SAP_LOOPBACK_HOST];
	if (mapped == 0)
		mapped = loop->state.mapped[SAP_LOOPBACK_CSME];
	if (mapped == 0)
		return SAP_WRONG_STATE;
	if (offset > mapped || len > mapped - offset)
		return SAP_BAD_VALUE;
	if (len)
		memcpy((uint8_t *)loop->config.memory + offset, bytes, len);
	return SAP_OK;
}
