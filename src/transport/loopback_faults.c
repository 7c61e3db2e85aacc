// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
/*
 * Loopback: what is to go wrong.
 *
 * Faults stand in a table in the order they were asked for. Each event walks it once per kind; a fault that
 * is used up is taken out and the others move up.
 */
#include "loopback.h"

#include "../platform.h"

static void forget(struct sap_loopback_state *state, uint32_t i)
{
	state->faults--;
	memmove(&state->fault[i], &state->fault[i + 1], (state->faults - i) * sizeof(state->fault[0]));
	memset(&state->fault[state->faults], 0, sizeof(state->fault[0]));
}

static bool concerns(const struct sap_loopback_fault *fault, enum sap_loopback_end end,
		     enum sap_loopback_fault_kind kind, uint32_t bytes)
{
	return fault->kind == kind && fault->end == end &&
	       (kind != SAP_LOOPBACK_FAIL_MAP || bytes > fault->above);
}

/*
 * One event passes all faults that it concerns: those that skip it count down, and the first that does not
 * befalls it and is copied out. False if none does.
 */
static bool happens(struct sap_loopback_state *state, enum sap_loopback_end end,
		    enum sap_loopback_fault_kind kind, uint32_t bytes, struct sap_loopback_fault *befell)
{
	uint32_t first = SAP_LOOPBACK_FAULTS;

	for (uint32_t i = 0; i < state->faults; i++) {
		struct sap_loopback_fault *fault = &state->fault[i];

		if (!concerns(fault, end, kind, bytes))
			continue;
		if (fault->skip)
			fault->skip--;
		else if (first == SAP_LOOPBACK_FAULTS)
			first = i;
	}
	if (first == SAP_LOOPBACK_FAULTS)
		return false;
	*befell = state->fault[first];
	if (befell->times != SAP_LOOPBACK_ALWAYS && --state->fault[first].times == 0)
		forget(state, first);
	return true;
}

/* The same question of the next event, and nothing is counted. */
static bool would_happen(const struct sap_loopback_state *state, enum sap_loopback_end end,
			 enum sap_loopback_fault_kind kind)
{
	for (uint32_t i = 0; i < state->faults; i++)
		if (concerns(&state->fault[i], end, kind, 0) && state->fault[i].skip == 0)
			return true;
	return false;
}

enum sap_status sap_loopback_operation(struct sap_loopback *loop, enum sap_loopback_end end,
				       enum sap_loopback_fault_kind kind, uint32_t bytes)
{
	struct sap_loopback_fault fault;

	if (!happens(&loop->state, end, kind, bytes, &fault))
		return SAP_OK;
	loop->state.counters[end].failed++;
	/* A send that fails for good says that the connection has ended, so it has to. */
	if (kind == SAP_LOOPBACK_FAIL_SEND && fault.status == SAP_IO)
		sap_loopback_cut(loop);
	return fault.status;
}

uint32_t sap_loopback_copies(const struct sap_loopback *loop, enum sap_loopback_end end)
{
	if (would_happen(&loop->state, end, SAP_LOOPBACK_DROP))
		return 0;
	return would_happen(&loop->state, end, SAP_LOOPBACK_DUPLICATE) ? 2 : 1;
}

uint32_t sap_loopback_befall(struct sap_loopback *loop, enum sap_loopback_end end,
			     struct sap_loopback_message *message)
{
	struct sap_loopback_state *state = &loop->state;
	struct sap_loopback_counters *counters = &state->counters[end];
	struct sap_loopback_fault drop, duplicate, delay, corrupt;

	/* All kinds count a message, one that is dropped too: "the third" is the third for each of them. */
	bool dropped = happens(state, end, SAP_LOOPBACK_DROP, 0, &drop);
	bool duplicated = happens(state, end, SAP_LOOPBACK_DUPLICATE, 0, &duplicate);
	bool delayed = happens(state, end, SAP_LOOPBACK_DELAY, 0, &delay);
	bool corrupted = happens(state, end, SAP_LOOPBACK_CORRUPT, 0, &corrupt);

	if (dropped) {
		counters->dropped++;
		return 0;
	}
	if (delayed) {
		message->steps = delay.steps;
		counters->delayed++;
	}
	if (corrupted && corrupt.offset < message->len) {
		message->bytes[corrupt.offset] ^= corrupt.mask;
		counters->corrupted++;
	}
	counters->duplicated += duplicated;
	return duplicated ? 2 : 1;
}

/* Whether an operation may answer this, by what transport.h promises of it. */
static bool may_answer(enum sap_loopback_fault_kind kind, enum sap_status status)
{
	switch (kind) {
	case SAP_LOOPBACK_FAIL_MAP:
		return status == SAP_AGAIN || status == SAP_UNSUPPORTED || status == SAP_IO;
	case SAP_LOOPBACK_FAIL_CONNECT:
		return status == SAP_AGAIN || status == SAP_BUSY || status == SAP_UNSUPPORTED ||
		       status == SAP_IO;
	case SAP_LOOPBACK_FAIL_SEND:
		return status == SAP_AGAIN || status == SAP_IO;
	case SAP_LOOPBACK_FAIL_DISCONNECT:
	case SAP_LOOPBACK_FAIL_UNMAP:
		return status == SAP_AGAIN;
	case SAP_LOOPBACK_DROP:
	case SAP_LOOPBACK_DELAY:
	case SAP_LOOPBACK_DUPLICATE:
	case SAP_LOOPBACK_CORRUPT:
		break;
	}
	return true;
}

enum sap_status sap_loopback_inject(struct sap_loopback *loop, const struct sap_loopback_fault *fault)
{
	struct sap_loopback_fault *place;

	if (!loop || !fault || (uint32_t)fault->end > SAP_LOOPBACK_CSME ||
	    fault->kind < SAP_LOOPBACK_FAIL_MAP || fault->kind > SAP_LOOPBACK_CORRUPT)
		return SAP_INVALID;
	if (fault->times == 0 || !may_answer(fault->kind, fault->status) ||
	    (fault->kind == SAP_LOOPBACK_DELAY && fault->steps == 0) ||
	    (fault->kind == SAP_LOOPBACK_CORRUPT && fault->mask == 0))
		return SAP_BAD_VALUE;
	if (loop->state.faults == SAP_LOOPBACK_FAULTS)
		return SAP_NO_ROOM;

	/* Member by member: the padding stays 0, and equal states stay equal bytes. */
	place = &loop->state.fault[loop->state.faults++];
	place->kind = fault->kind;
	place->end = fault->end;
	place->skip = fault->skip;
	place->times = fault->times;
	place->status = fault->status;
	place->above = fault->above;
	place->steps = fault->steps;
	place->offset = fault->offset;
	place->mask = fault->mask;
	return SAP_OK;
}

void sap_loopback_clear_faults(struct sap_loopback *loop)
{
	if (!loop)
		return;
	memset(loop->state.fault, 0, sizeof(loop->state.fault));
	loop->state.faults = 0;
	loop->state.to[SAP_LOOPBACK_HOST].frozen = false;
	loop->state.to[SAP_LOOPBACK_CSME].frozen = false;
}

enum sap_status sap_loopback_freeze(struct sap_loopback *loop, enum sap_loopback_end end, bool frozen)
{
	if (!loop || (uint32_t)end > SAP_LOOPBACK_CSME)
		return SAP_INVALID;
	loop->state.to[end].frozen = frozen;
	return SAP_OK;
}
