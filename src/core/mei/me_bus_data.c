// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
/*
 * The bus: messages of applications, put together from their frames.
 *
 * A connection holds one message. The host gets a credit while there is room for it, and spends it with the
 * message's first frame. Whatever goes wrong in a message costs that message alone: the rest of it is thrown
 * away, and then the buffer is free again.
 */
#include "me_bus.h"

#include "../../platform.h"

void me_bus_drop_in(struct sap_me_bus *bus, struct sap_me_connection *c)
{
	bus->state.counters.lost += c->in_done;
	c->in_done = false;
	c->in_some = false;
	c->in_len = 0;
	c->skip = false;
	c->skip_granted = false;
}

void me_bus_drop_out(struct sap_me_bus *bus, struct sap_me_connection *c)
{
	bus->state.counters.lost += c->out_some;
	c->out_some = false;
	c->out_begun = false;
	c->out_len = 0;
	c->out_at = 0;
}

/* --- credits --- */

static bool bus_holds_message(const struct sap_me_connection *c)
{
	return c->in_some || c->in_done || c->skip_granted;
}

bool me_bus_wants_credit(const struct sap_me_bus *bus, const struct sap_me_connection *c)
{
	const struct sap_me_client *client = bus_client_of(bus, c);

	return c->host == BUS_HOST_CONNECTED && !c->owes_connected && !bus_is_fixed(client) &&
	       !bus_is_single(client) && !c->granted && !bus_holds_message(c);
}

bool me_bus_wants_single_credit(const struct sap_me_bus *bus, uint32_t client)
{
	const struct sap_me_client_state *state = &bus->state.client[client];
	bool connected = false;

	if (!bus_is_single(bus_client(bus, client)) || bus_is_fixed(bus_client(bus, client)) ||
	    state->granted)
		return false;
	for (uint32_t i = 0; i < state->n; i++) {
		const struct sap_me_connection *c = &bus->state.connection[state->first + i];

		if (bus_holds_message(c))
			return false;
		connected |= c->host == BUS_HOST_CONNECTED && !c->owes_connected;
	}
	return connected;
}

/*
 * The Linux driver forgets a shared credit as the client's last connection closes, unless the next one was asked
 * for before that; what it says is the same either way. Without a credit the next one would wait for ever. So a
 * new credit is given, and who spends the old one too may do so.
 */
void me_bus_doubt_credit(struct sap_me_bus *bus, uint32_t client)
{
	struct sap_me_client_state *state = &bus->state.client[client];

	if (state->granted && state->doubtful < SAP_ME_CREDITS)
		state->doubtful++;
	state->granted = false;
}

static bool bus_spend_single(struct sap_me_client_state *state)
{
	bool had = state->granted || state->doubtful;

	if (!state->granted && state->doubtful)
		state->doubtful--;
	state->granted = false;
	return had;
}

/* The credit that a message's first frame needs; spent if it is there. */
static bool bus_spend(struct sap_me_bus *bus, struct sap_me_connection *c)
{
	const struct sap_me_client *client = bus_client_of(bus, c);
	bool had = c->granted;

	if (bus_is_fixed(client))
		had = true;
	else if (bus_is_single(client))
		had = bus_spend_single(&bus->state.client[c->client]);
	c->granted = false;
	return had && !bus_holds_message(c);
}

/* --- frames --- */

/* The rest of this message is thrown away; with its credit, if it had one. */
static void bus_skip(struct sap_me_bus *bus, struct sap_me_connection *c, const struct sap_mei_frame *frame,
		     bool had_credit, enum sap_me_refusal why)
{
	me_bus_refuse(bus, why);
	c->skip = !frame->complete;
	c->skip_granted = c->skip && had_credit;
	if (had_credit) {
		c->in_some = false;
		c->in_len = 0;
	}
}

static bool bus_takes_tag(const struct sap_me_bus *bus, const struct sap_me_connection *c)
{
	return bus_client_of(bus, c)->properties.flags & SAP_HBM_CLIENT_VTAG &&
	       bus->state.capabilities & SAP_HBM_CAP_VTAG;
}

/* The first frame of a message. False if it is not taken. */
static bool bus_begin(struct sap_me_bus *bus, struct sap_me_connection *c, const struct sap_mei_frame *frame)
{
	if (!bus_spend(bus, c)) {
		bus_skip(bus, c, frame, false, SAP_ME_NO_CREDIT);
		return false;
	}
	c->in_some = true;
	c->in_len = 0;
	c->in_tagged = frame->tagged;
	c->in_vtag = frame->vtag;
	if (frame->tagged && !bus_takes_tag(bus, c)) {
		bus_skip(bus, c, frame, true, SAP_ME_BAD_TAG);
		return false;
	}
	return true;
}

static void bus_piece(struct sap_me_bus *bus, struct sap_me_connection *c, const struct sap_mei_frame *frame)
{
	uint32_t most = bus_client_of(bus, c)->properties.max_msg_length;

	if (c->skip) {
		c->skip = !frame->complete;
		c->skip_granted = c->skip_granted && c->skip;
		return;
	}
	if (!c->in_some && !bus_begin(bus, c, frame))
		return;
	if (frame->tagged && (!c->in_tagged || frame->vtag != c->in_vtag)) {
		bus_skip(bus, c, frame, true, SAP_ME_BAD_TAG);
		return;
	}
	if (frame->payload.len > most - c->in_len) {
		bus_skip(bus, c, frame, true, SAP_ME_TOO_LONG);
		return;
	}
	if (frame->payload.len)
		memcpy(bus_in(bus, c) + c->in_len, frame->payload.bytes, frame->payload.len);
	c->in_len += frame->payload.len;
	if (frame->complete) {
		c->in_some = false;
		c->in_done = true;
		bus->state.counters.messages_in++;
	}
}

void me_bus_data_input(struct sap_me_bus *bus, const struct sap_mei_frame *frame)
{
	uint32_t at = me_bus_find(bus, frame->me_addr, frame->host_addr);

	if (at == BUS_NOBODY)
		me_bus_refuse(bus, me_bus_find_client(bus, frame->me_addr) == SAP_ME_CLIENTS
					   ? SAP_ME_NO_CLIENT
					   : SAP_ME_NO_CONNECTION);
	else if (bus->state.connection[at].host == BUS_HOST_LEAVING)
		bus->state.counters.late++;
	else
		bus_piece(bus, &bus->state.connection[at], frame);
}
