// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
/*
 * The bus: what is to be done or said next.
 *
 * What is owed is bits, looked at in a fixed order; a message is made as it is asked for, from what holds then.
 * Answers come before credits, credits before messages: a host that reads one learns what it may do by it.
 */
#include "me_bus.h"

#include "../../platform.h"
#include "../ring.h"

enum bus_chore {
	BUS_NOTHING = 0,
	BUS_BE_READY,
	BUS_BE_AWAY,
	BUS_OPEN_WINDOW,
	BUS_CLOSE_WINDOW,
	BUS_SAY_REPLY,
	BUS_SAY_WAKE,
	BUS_SAY_MAPPED,
	BUS_SAY_UNMAPPED,
	BUS_SAY_STOP,
	BUS_SAY_CLIENT,
	BUS_SAY_CONNECTED,
	BUS_SAY_DISCONNECT,
	BUS_SAY_CREDIT,
	BUS_SAY_SINGLE_CREDIT,
	BUS_SAY_NOTIFICATION,
	BUS_SEND_PIECE,
};

static bool bus_can_send(const struct sap_me_bus *bus, const struct sap_me_connection *c)
{
	return c->out_some && c->host == BUS_HOST_CONNECTED && !c->owes_connected &&
	       (c->out_begun || c->credits || bus_is_fixed(bus_client_of(bus, c)));
}

/* What is owed to one connection. */
static enum bus_chore bus_owed(const struct sap_me_bus *bus, const struct sap_me_connection *c)
{
	if (c->owes_connected)
		return BUS_SAY_CONNECTED;
	if (c->owes_disconnect)
		return BUS_SAY_DISCONNECT;
	if (me_bus_wants_credit(bus, c))
		return BUS_SAY_CREDIT;
	if (c->owes_notification)
		return BUS_SAY_NOTIFICATION;
	return BUS_NOTHING;
}

/* `at` is which client, or which connection. */
static enum bus_chore bus_find_chore(const struct sap_me_bus *bus, uint32_t *at)
{
	const struct sap_me_state *s = &bus->state;
	enum bus_chore chore;

	for (*at = 0; *at < bus->config.n_clients; ++*at) {
		const struct sap_me_client_state *client = &s->client[*at];

		if (s->phase == SAP_ME_ENUMERATED && s->allow_add && client->present && !client->told)
			return BUS_SAY_CLIENT;
	}
	for (*at = 0; *at < s->n_connections; ++*at) {
		chore = bus_owed(bus, &s->connection[*at]);
		if (chore != BUS_NOTHING)
			return chore;
	}
	for (*at = 0; *at < bus->config.n_clients; ++*at) {
		if (me_bus_wants_single_credit(bus, *at))
			return BUS_SAY_SINGLE_CREDIT;
	}
	for (uint32_t i = 0; i < s->n_connections; i++) {
		*at = ring_after(s->turn, i, s->n_connections);
		if (bus_can_send(bus, &s->connection[*at]))
			return BUS_SEND_PIECE;
	}
	return BUS_NOTHING;
}

static enum bus_chore bus_choose(const struct sap_me_bus *bus, uint32_t *at)
{
	const struct sap_me_state *s = &bus->state;
	enum bus_chore chore;

	if (s->owes_not_ready)
		return BUS_BE_AWAY;
	if (s->owes_ready)
		return BUS_BE_READY;
	if (s->dma.phase == BUS_DMA_RELEASING)
		return BUS_CLOSE_WINDOW;
	if (s->dma.phase == BUS_DMA_MAPPING)
		return BUS_OPEN_WINDOW;
	if (s->replies)
		return BUS_SAY_REPLY;
	if (!bus_is_started(bus))
		return BUS_NOTHING;
	if (s->dma.owes_map)
		chore = BUS_SAY_MAPPED;
	else if (s->dma.owes_unmap)
		chore = BUS_SAY_UNMAPPED;
	else if (s->owes_stop)
		chore = BUS_SAY_STOP;
	else
		chore = bus_find_chore(bus, at);
	if (!s->asleep)
		return chore;
	/* Behind a closed gate the host is woken first; it answers with any frame. */
	if (s->waking || (chore == BUS_NOTHING && !s->owes_wake))
		return BUS_NOTHING;
	return BUS_SAY_WAKE;
}

bool me_bus_has_output(const struct sap_me_bus *bus)
{
	uint32_t at = 0;

	return bus_choose(bus, &at) != BUS_NOTHING;
}

/* --- messages of HBM --- */

static void bus_say(struct sap_me_io *io, const struct sap_hbm_message *message)
{
	uint8_t bytes[SAP_HBM_MAX_SIZE];
	struct sap_mei_frame frame;
	uint32_t len = 0;

	/* Neither can fail: there is room for all that is known. */
	(void)!sap_hbm_encode(message, bytes, sizeof(bytes), &len);
	memset(&frame, 0, sizeof(frame));
	frame.complete = true;
	frame.payload.bytes = bytes;
	frame.payload.len = len;
	io->op = SAP_ME_IO_SEND;
	(void)!sap_mei_frame_encode(&frame, io->frame, sizeof(io->frame), &io->len);
}

static void bus_say_reply(struct sap_me_bus *bus, struct sap_me_io *io)
{
	struct sap_me_state *s = &bus->state;
	struct sap_hbm_message reply = s->reply[s->reply_at];

	s->reply_at = ring_after(s->reply_at, 1, SAP_ME_REPLIES);
	s->replies--;
	bus_say(io, &reply);
	if (reply.command == SAP_HBM_PG_ENTRY_RESPONSE) {
		s->asleep = true;
		s->waking = false;
		s->owes_wake = false;
		me_bus_event(bus, SAP_ME_EVENT_ASLEEP)->value = 1;
	}
}

static void bus_say_connection(struct sap_me_io *io, enum sap_hbm_command command,
			       const struct sap_me_client *client, uint8_t host_addr)
{
	struct sap_hbm_message message;

	memset(&message, 0, sizeof(message));
	message.command = (uint8_t)command;
	message.connection.me_addr = client->me_addr;
	message.connection.host_addr = host_addr;
	bus_say(io, &message);
}

static void bus_say_client(struct sap_me_bus *bus, struct sap_me_io *io, uint32_t client)
{
	struct sap_hbm_message message;

	memset(&message, 0, sizeof(message));
	message.command = SAP_HBM_ADD_CLIENT;
	message.add_client.me_addr = bus_client(bus, client)->me_addr;
	message.add_client.properties = bus_client(bus, client)->properties;
	bus->state.client[client].told = true;
	bus->state.client[client].told_late = true;
	bus_say(io, &message);
}

static void bus_say_dma(struct sap_me_bus *bus, struct sap_me_io *io, enum bus_chore chore)
{
	struct sap_me_dma_state *d = &bus->state.dma;
	struct sap_hbm_message message;

	memset(&message, 0, sizeof(message));
	if (chore == BUS_SAY_MAPPED) {
		message.command = SAP_HBM_CLIENT_DMA_MAP_RESPONSE;
		message.dma_response.status = d->map_status;
		d->owes_map = false;
	} else {
		message.command = SAP_HBM_CLIENT_DMA_UNMAP_RESPONSE;
		d->owes_unmap = false;
	}
	bus_say(io, &message);
}

static void bus_say_stop(struct sap_me_bus *bus, struct sap_me_io *io)
{
	struct sap_hbm_message message;

	memset(&message, 0, sizeof(message));
	message.command = SAP_HBM_ME_STOP;
	message.stop.reason = bus->state.stop_reason;
	bus->state.owes_stop = false;
	bus->state.stop_asked = true;
	bus_say(io, &message);
}

static void bus_say_wake(struct sap_me_bus *bus, struct sap_me_io *io)
{
	struct sap_hbm_message message;

	memset(&message, 0, sizeof(message));
	message.command = SAP_HBM_PG_EXIT;
	bus->state.waking = true;
	bus->state.owes_wake = false;
	bus_say(io, &message);
}

/* What one connection is owed, said. */
static void bus_say_owed(struct sap_me_bus *bus, struct sap_me_io *io, enum bus_chore chore,
			 struct sap_me_connection *c)
{
	const struct sap_me_client *client = bus_client_of(bus, c);
	struct sap_hbm_message message;

	switch (chore) {
	case BUS_SAY_CONNECTED:
		memset(&message, 0, sizeof(message));
		message.command = SAP_HBM_CONNECT_RESPONSE;
		message.connection_response.me_addr = client->me_addr;
		message.connection_response.host_addr = c->host_addr;
		c->owes_connected = false;
		bus_say(io, &message);
		break;
	case BUS_SAY_DISCONNECT:
		c->owes_disconnect = false;
		c->until = bus_later(bus, bus->config.leave_ms);
		bus_say_connection(io, SAP_HBM_DISCONNECT, client, c->host_addr);
		break;
	case BUS_SAY_CREDIT:
		c->granted = true;
		bus_say_connection(io, SAP_HBM_FLOW_CONTROL, client, c->host_addr);
		break;
	default:
		c->owes_notification = false;
		bus_say_connection(io, SAP_HBM_NOTIFICATION, client, c->host_addr);
		break;
	}
}

/* --- messages of clients --- */

static void bus_send_piece(struct sap_me_bus *bus, struct sap_me_io *io, uint32_t at)
{
	struct sap_me_connection *c = &bus->state.connection[at];
	uint32_t left = c->out_len - c->out_at;
	struct sap_mei_frame frame;
	uint32_t most;

	memset(&frame, 0, sizeof(frame));
	frame.me_addr = bus_client_of(bus, c)->me_addr;
	frame.host_addr = c->host_addr;
	frame.tagged = c->out_tagged && !c->out_begun;
	frame.vtag = c->out_vtag;
	most = bus->config.frame_size - sap_mei_frame_head(&frame);
	frame.complete = left <= most;
	frame.payload.bytes = bus_out(bus, c) + c->out_at;
	frame.payload.len = frame.complete ? left : most;
	io->op = SAP_ME_IO_SEND;
	(void)!sap_mei_frame_encode(&frame, io->frame, sizeof(io->frame), &io->len);

	if (!c->out_begun && c->credits)
		c->credits--;
	c->out_begun = true;
	c->out_at += frame.payload.len;
	if (frame.complete) {
		c->out_some = false;
		me_bus_drop_out(bus, c);
		bus->state.counters.messages_out++;
	}
	/* Each gets its turn, and messages of several connections mix. */
	bus->state.turn = ring_after(at, 1, bus->state.n_connections);
	if (bus->state.turn == bus->state.n_connections)
		bus->state.turn = 0;
}

/* --- the request --- */

static void bus_do_port(struct sap_me_bus *bus, struct sap_me_io *io, enum bus_chore chore)
{
	struct sap_me_state *s = &bus->state;

	switch (chore) {
	case BUS_BE_READY:
		s->owes_ready = false;
		io->op = SAP_ME_IO_READY;
		break;
	case BUS_BE_AWAY:
		s->owes_not_ready = false;
		io->op = SAP_ME_IO_NOT_READY;
		break;
	case BUS_OPEN_WINDOW:
		io->op = SAP_ME_IO_MAP;
		io->address = s->dma.address;
		io->size = s->dma.size;
		break;
	default:
		io->op = SAP_ME_IO_UNMAP;
		break;
	}
}

bool me_bus_make(struct sap_me_bus *bus, struct sap_me_io *io)
{
	uint32_t at = 0;
	enum bus_chore chore = bus_choose(bus, &at);

	switch (chore) {
	case BUS_NOTHING:
		return false;
	case BUS_BE_READY:
	case BUS_BE_AWAY:
	case BUS_OPEN_WINDOW:
	case BUS_CLOSE_WINDOW:
		bus_do_port(bus, io, chore);
		break;
	case BUS_SAY_REPLY:
		bus_say_reply(bus, io);
		break;
	case BUS_SAY_WAKE:
		bus_say_wake(bus, io);
		break;
	case BUS_SAY_MAPPED:
	case BUS_SAY_UNMAPPED:
		bus_say_dma(bus, io, chore);
		break;
	case BUS_SAY_STOP:
		bus_say_stop(bus, io);
		break;
	case BUS_SAY_CLIENT:
		bus_say_client(bus, io, at);
		break;
	case BUS_SAY_SINGLE_CREDIT:
		bus->state.client[at].granted = true;
		bus_say_connection(io, SAP_HBM_FLOW_CONTROL, bus_client(bus, at), 0);
		break;
	case BUS_SEND_PIECE:
		bus_send_piece(bus, io, at);
		break;
	case BUS_SAY_CONNECTED:
	case BUS_SAY_DISCONNECT:
	case BUS_SAY_CREDIT:
	case BUS_SAY_NOTIFICATION:
		bus_say_owed(bus, io, chore, &bus->state.connection[at]);
		break;
	}
	return true;
}
