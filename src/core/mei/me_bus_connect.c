// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
/* The bus: connections, who has which, and how they end. */
#include "me_bus.h"

#include "../../platform.h"

uint32_t me_bus_find_client(const struct sap_me_bus *bus, uint8_t me_addr)
{
	for (uint32_t i = 0; i < bus->config.n_clients; i++) {
		if (bus->state.client[i].present && bus_client(bus, i)->me_addr == me_addr)
			return i;
	}
	return SAP_ME_CLIENTS;
}

uint32_t me_bus_find(const struct sap_me_bus *bus, uint8_t me_addr, uint8_t host_addr)
{
	const struct sap_me_state *s = &bus->state;

	for (uint32_t i = 0; i < s->n_connections; i++) {
		const struct sap_me_connection *c = &s->connection[i];

		if (c->host != BUS_HOST_NONE && c->host_addr == host_addr &&
		    bus_client_of(bus, c)->me_addr == me_addr)
			return i;
	}
	return BUS_NOBODY;
}

static void bus_respond(struct sap_me_bus *bus, uint8_t command, uint8_t me_addr, uint8_t host_addr,
			uint8_t status)
{
	struct sap_hbm_message reply;

	memset(&reply, 0, sizeof(reply));
	reply.command = command;
	reply.connection_response.me_addr = me_addr;
	reply.connection_response.host_addr = host_addr;
	reply.connection_response.status = status;
	(void)me_bus_reply(bus, &reply);
}

/* --- coming --- */

static bool bus_is_free(const struct sap_me_connection *c)
{
	return c->host == BUS_HOST_NONE && (c->server == BUS_SERVER_IDLE || c->server == BUS_SERVER_WAITING);
}

/* The place is clean: whoever had it was over. What nobody took of its messages is thrown away now. */
static void bus_take(struct sap_me_bus *bus, struct sap_me_connection *c, uint8_t host_addr)
{
	me_bus_drop_in(bus, c);
	c->host = BUS_HOST_CONNECTED;
	c->host_addr = host_addr;
	c->in_tagged = false;
	c->out_tagged = false;
}

/* The best place for one more application: one that somebody waits at, any free one, or one that will be. */
static struct sap_me_connection *bus_place(struct sap_me_bus *bus, uint32_t client)
{
	const struct sap_me_client_state *state = &bus->state.client[client];
	struct sap_me_connection *best = NULL;
	uint32_t best_worth = 0;

	for (uint32_t i = 0; i < state->n; i++) {
		struct sap_me_connection *c = &bus->state.connection[state->first + i];
		uint32_t worth = 0;

		if (bus_is_free(c))
			worth = c->server == BUS_SERVER_WAITING ? 3 : 2;
		else if (c->host != BUS_HOST_CONNECTED && !c->next)
			worth = 1;
		if (worth > best_worth) {
			best = c;
			best_worth = worth;
		}
	}
	return best;
}

/* Whether this application has, or waits for, a connection to the client; or has yet to hear that it ended. */
static bool bus_has_one(const struct sap_me_bus *bus, uint32_t client, uint8_t host_addr)
{
	const struct sap_me_client_state *state = &bus->state.client[client];

	for (uint32_t i = 0; i < state->n; i++) {
		const struct sap_me_connection *c = &bus->state.connection[state->first + i];

		if ((c->host != BUS_HOST_NONE && c->host_addr == host_addr) || c->next == host_addr)
			return true;
	}
	return false;
}

/* SUCCESS: it may come. */
static enum sap_hbm_status bus_may_connect(struct sap_me_bus *bus, uint32_t client, uint8_t host_addr)
{
	if (client == SAP_ME_CLIENTS) {
		me_bus_refuse(bus, SAP_ME_NO_CLIENT);
		return SAP_HBM_CLIENT_NOT_FOUND;
	}
	if (bus_is_fixed(bus_client(bus, client))) {
		me_bus_refuse(bus, SAP_ME_BAD_ADDRESS);
		return SAP_HBM_NOT_ALLOWED;
	}
	if (!host_addr) {
		me_bus_refuse(bus, SAP_ME_BAD_ADDRESS);
		return SAP_HBM_INVALID_PARAMETER;
	}
	if (bus_has_one(bus, client, host_addr)) {
		me_bus_refuse(bus, SAP_ME_TWICE);
		return SAP_HBM_ALREADY_EXISTS;
	}
	return SAP_HBM_SUCCESS;
}

/* Whether the client has no application on the host's side: connected, waiting, or not known to have heard. */
static bool bus_is_alone(const struct sap_me_bus *bus, uint32_t client)
{
	const struct sap_me_client_state *state = &bus->state.client[client];

	for (uint32_t i = 0; i < state->n; i++) {
		const struct sap_me_connection *c = &bus->state.connection[state->first + i];

		if (c->host != BUS_HOST_NONE || c->next)
			return false;
	}
	return true;
}

void me_bus_connect(struct sap_me_bus *bus, uint8_t me_addr, uint8_t host_addr)
{
	uint32_t client = me_bus_find_client(bus, me_addr);
	enum sap_hbm_status status = bus_may_connect(bus, client, host_addr);
	struct sap_me_connection *c = NULL;

	if (status == SAP_HBM_SUCCESS) {
		c = bus_place(bus, client);
		if (!c) {
			me_bus_refuse(bus, SAP_ME_FULL);
			status = SAP_HBM_REJECTED;
		}
	}
	if (c && bus_is_alone(bus, client))
		me_bus_doubt_credit(bus, client);
	if (c && !bus_is_free(c)) {
		/* Whoever had it is on the way out: the answer waits for that. */
		c->next = host_addr;
		c->next_until = bus_later(bus, bus->config.handover_ms);
		return;
	}
	if (c) {
		bus_take(bus, c, host_addr);
		bus->state.counters.connects++;
		me_bus_event_of(bus, SAP_ME_EVENT_CONNECTED, c, 0);
	}
	bus_respond(bus, SAP_HBM_CONNECT_RESPONSE, me_addr, host_addr, (uint8_t)status);
}

/* A client of a fixed address needs no connect: it is there as HBM begins. */
static void bus_take_fixed(struct sap_me_bus *bus, struct sap_me_connection *c)
{
	if (c->host == BUS_HOST_NONE && bus_is_fixed(bus_client_of(bus, c)) && bus_is_started(bus) &&
	    bus->state.client[c->client].present && bus_speaks(bus, 2, 0))
		bus_take(bus, c, 0);
}

/* --- going --- */

void me_bus_over(struct sap_me_bus *bus, struct sap_me_connection *c)
{
	bool whole = c->in_done && c->server == BUS_SERVER_OPEN;

	/* What came whole is still given out, to who knew of the connection. */
	if (!whole && c->server != BUS_SERVER_ENDED)
		me_bus_drop_in(bus, c);
	c->in_some = false;
	c->skip = false;
	c->skip_granted = false;
	me_bus_drop_out(bus, c);
	c->host = BUS_HOST_NONE;
	c->next = 0;
	c->next_until = SAP_NEVER;
	c->until = SAP_NEVER;
	c->credits = 0;
	c->granted = false;
	c->notify = false;
	c->owes_notification = false;
	c->owes_connected = false;
	c->owes_disconnect = false;
	if (c->server == BUS_SERVER_OPEN)
		c->server = BUS_SERVER_ENDED;
}

void me_bus_leave(struct sap_me_bus *bus, struct sap_me_connection *c)
{
	uint8_t next = c->next;
	uint64_t next_until = c->next_until;
	bool owes_connected = c->owes_connected;

	me_bus_over(bus, c);
	c->next = next;
	c->next_until = next_until;
	c->host = BUS_HOST_LEAVING;
	/* It has to hear that it was connected before it hears that it is not any more. */
	c->owes_connected = owes_connected;
	c->owes_disconnect = true;
}

void me_bus_disconnect(struct sap_me_bus *bus, uint8_t me_addr, uint8_t host_addr)
{
	uint32_t at = host_addr ? me_bus_find(bus, me_addr, host_addr) : BUS_NOBODY;
	struct sap_me_connection *c;
	uint8_t next;
	uint64_t next_until;

	if (at == BUS_NOBODY) {
		/* One that still waits for its turn gives up. */
		for (uint32_t i = 0; i < bus->state.n_connections; i++) {
			c = &bus->state.connection[i];
			if (host_addr && c->next == host_addr && bus_client_of(bus, c)->me_addr == me_addr) {
				c->next = 0;
				c->next_until = SAP_NEVER;
				bus_respond(bus, SAP_HBM_DISCONNECT_RESPONSE, me_addr, host_addr,
					    SAP_HBM_SUCCESS);
				return;
			}
		}
		me_bus_refuse(bus, SAP_ME_NO_CONNECTION);
		bus_respond(bus, SAP_HBM_DISCONNECT_RESPONSE, me_addr, host_addr, SAP_HBM_CLIENT_NOT_FOUND);
		return;
	}
	c = &bus->state.connection[at];
	if (c->host == BUS_HOST_CONNECTED)
		me_bus_event_of(bus, SAP_ME_EVENT_DISCONNECTED, c, 0);
	/* It may cross one of ours: then both are over. */
	next = c->next;
	next_until = c->next_until;
	me_bus_over(bus, c);
	c->next = next;
	c->next_until = next_until;
	bus_respond(bus, SAP_HBM_DISCONNECT_RESPONSE, me_addr, host_addr, SAP_HBM_SUCCESS);
}

/* The host's end is free; who waits for the place keeps waiting. */
static void bus_left(struct sap_me_connection *c)
{
	c->host = BUS_HOST_NONE;
	c->until = SAP_NEVER;
	c->owes_disconnect = false;
}

void me_bus_disconnected(struct sap_me_bus *bus, uint8_t me_addr, uint8_t host_addr)
{
	uint32_t at = me_bus_find(bus, me_addr, host_addr);
	struct sap_me_connection *c = at == BUS_NOBODY ? NULL : &bus->state.connection[at];

	if (!c || c->host != BUS_HOST_LEAVING || c->owes_disconnect) {
		me_bus_refuse(bus, SAP_ME_HBM_ANSWER);
		return;
	}
	bus_left(c);
}

/* --- what time does --- */

static void bus_connection_work(struct sap_me_bus *bus, struct sap_me_connection *c)
{
	uint64_t now = bus->state.now;

	bus_take_fixed(bus, c);
	if (c->host == BUS_HOST_LEAVING && now >= c->until) {
		bus->state.counters.unanswered++;
		bus_left(c);
	}
	if (c->next && bus_is_free(c) && me_bus_has_room(bus)) {
		bus_take(bus, c, c->next);
		bus->state.counters.connects++;
		c->owes_connected = true;
		c->next = 0;
		c->next_until = SAP_NEVER;
		me_bus_event_of(bus, SAP_ME_EVENT_CONNECTED, c, 0);
	}
	if (c->next && now >= c->next_until && SAP_ME_REPLIES - bus->state.replies >= BUS_REPLIES_ROOM) {
		me_bus_refuse(bus, SAP_ME_FULL);
		bus_respond(bus, SAP_HBM_CONNECT_RESPONSE, bus_client_of(bus, c)->me_addr, c->next,
			    SAP_HBM_REJECTED);
		c->next = 0;
		c->next_until = SAP_NEVER;
	}
}

void me_bus_connections_work(struct sap_me_bus *bus)
{
	for (uint32_t i = 0; i < bus->state.n_connections; i++)
		bus_connection_work(bus, &bus->state.connection[i]);
}

uint64_t me_bus_connections_deadline(const struct sap_me_bus *bus)
{
	const struct sap_me_state *s = &bus->state;
	uint64_t at = SAP_NEVER;

	for (uint32_t i = 0; i < s->n_connections; i++) {
		const struct sap_me_connection *c = &s->connection[i];

		if (c->next && bus_is_free(c) && me_bus_has_room(bus))
			return s->now;
		if (c->host == BUS_HOST_LEAVING)
			at = bus_sooner(at, c->until);
		if (c->next && SAP_ME_REPLIES - s->replies >= BUS_REPLIES_ROOM)
			at = bus_sooner(at, c->next_until);
	}
	return at;
}
