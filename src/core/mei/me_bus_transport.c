// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
/* The bus: one connection as a transport, and what else an embedder does with clients and connections. */
#include "me_bus.h"

#include "../../platform.h"

static struct sap_me_connection *bus_mine(void *self)
{
	const struct sap_me_self *my = self;

	return &my->bus->state.connection[my->connection];
}

/* A client of a fixed address is there again while its server has yet to hear that it was gone. */
static bool bus_is_next_life(const struct sap_me_connection *c)
{
	return c->server == BUS_SERVER_ENDED && c->host == BUS_HOST_CONNECTED;
}

static enum sap_status bus_transport_connect(void *self)
{
	const struct sap_me_self *my = self;
	struct sap_me_connection *c = bus_mine(self);

	if (c->server == BUS_SERVER_OPEN)
		return SAP_OK;
	if (c->server == BUS_SERVER_ENDED)
		return SAP_CLOSED;
	c->server = BUS_SERVER_WAITING;
	me_bus_connections_work(my->bus);
	if (c->host != BUS_HOST_CONNECTED)
		return SAP_AGAIN;
	c->server = BUS_SERVER_OPEN;
	return SAP_OK;
}

static enum sap_status bus_transport_send(void *self, const void *message, size_t len)
{
	const struct sap_me_self *my = self;
	struct sap_me_connection *c = bus_mine(self);

	if (!message && len)
		return SAP_INVALID;
	if (c->server != BUS_SERVER_OPEN)
		return SAP_CLOSED;
	if (len > bus_client_of(my->bus, c)->properties.max_msg_length)
		return SAP_TOO_LONG;
	if (c->out_some)
		return SAP_AGAIN;
	if (len)
		memcpy(bus_out(my->bus, c), message, len);
	c->out_len = (uint32_t)len;
	c->out_at = 0;
	c->out_some = true;
	c->out_begun = false;
	return SAP_OK;
}

static enum sap_status bus_transport_recv(void *self, void *message, size_t cap, size_t *len)
{
	const struct sap_me_self *my = self;
	struct sap_me_connection *c = bus_mine(self);

	if (!len || (!message && cap))
		return SAP_INVALID;
	if (c->server != BUS_SERVER_OPEN && c->server != BUS_SERVER_ENDED)
		return SAP_CLOSED;
	if (!c->in_done || bus_is_next_life(c))
		return c->server == BUS_SERVER_ENDED ? SAP_CLOSED : SAP_AGAIN;
	*len = c->in_len;
	c->in_done = false;
	c->in_len = 0;
	c->out_tagged = c->in_tagged;
	c->out_vtag = c->in_vtag;
	if (*len > cap)
		return SAP_TOO_LONG;
	if (*len)
		memcpy(message, bus_in(my->bus, c), *len);
	return SAP_OK;
}

static enum sap_status bus_transport_disconnect(void *self)
{
	const struct sap_me_self *my = self;
	struct sap_me_connection *c = bus_mine(self);
	bool meant = c->server == BUS_SERVER_OPEN || c->server == BUS_SERVER_WAITING;

	if (c->server == BUS_SERVER_IDLE)
		return SAP_OK;
	if (!bus_is_next_life(c))
		me_bus_drop_in(my->bus, c);
	me_bus_drop_out(my->bus, c);
	c->server = BUS_SERVER_IDLE;
	if (meant && c->host == BUS_HOST_CONNECTED && !bus_is_fixed(bus_client_of(my->bus, c)))
		me_bus_leave(my->bus, c);
	me_bus_connections_work(my->bus);
	return SAP_OK;
}

static enum sap_status bus_transport_map(void *self, uint32_t size, struct sap_mem *mem)
{
	const struct sap_me_self *my = self;
	struct sap_me_connection *c = bus_mine(self);

	if (!mem)
		return SAP_INVALID;
	if (c->server != BUS_SERVER_OPEN)
		return SAP_CLOSED;
	if (size)
		return SAP_UNSUPPORTED;
	return me_bus_dma_adopt(my->bus, c, mem);
}

static enum sap_status bus_transport_unmap(void *self)
{
	const struct sap_me_self *my = self;

	me_bus_dma_let_go(my->bus, bus_mine(self));
	return SAP_OK;
}

static const struct sap_transport_ops bus_transport_ops = {
	.map = bus_transport_map,
	.connect = bus_transport_connect,
	.send = bus_transport_send,
	.recv = bus_transport_recv,
	.disconnect = bus_transport_disconnect,
	.unmap = bus_transport_unmap,
};

/* Which connection, or BUS_NOBODY. */
static uint32_t bus_index(const struct sap_me_bus *bus, uint32_t client, uint32_t nth)
{
	if (!bus || client >= bus->config.n_clients || nth >= bus->state.client[client].n)
		return BUS_NOBODY;
	return bus->state.client[client].first + nth;
}

struct sap_transport sap_me_bus_transport(struct sap_me_bus *bus, uint32_t client, uint32_t nth)
{
	uint32_t at = bus_index(bus, client, nth);

	if (at == BUS_NOBODY)
		return (struct sap_transport){NULL, NULL};
	return (struct sap_transport){&bus_transport_ops, &bus->self[at]};
}

bool sap_me_bus_look(const struct sap_me_bus *bus, uint32_t client, uint32_t nth, struct sap_me_look *look)
{
	uint32_t at = bus_index(bus, client, nth);
	const struct sap_me_connection *c;

	if (at == BUS_NOBODY || !look)
		return false;
	c = &bus->state.connection[at];
	memset(look, 0, sizeof(*look));
	look->connected = c->host == BUS_HOST_CONNECTED;
	look->served = c->server == BUS_SERVER_OPEN || c->server == BUS_SERVER_ENDED;
	look->host_addr = look->connected ? c->host_addr : 0;
	look->notify = c->notify;
	look->credits = c->credits;
	look->waiting = c->in_len;
	return true;
}

enum sap_status sap_me_bus_notify(struct sap_me_bus *bus, uint32_t client, uint32_t nth)
{
	uint32_t at = bus_index(bus, client, nth);
	struct sap_me_connection *c;

	if (at == BUS_NOBODY)
		return SAP_INVALID;
	c = &bus->state.connection[at];
	if (c->host != BUS_HOST_CONNECTED)
		return SAP_CLOSED;
	if (!c->notify)
		return SAP_UNSUPPORTED;
	c->owes_notification = true;
	return SAP_OK;
}

enum sap_status sap_me_bus_add(struct sap_me_bus *bus, uint32_t client, uint64_t now)
{
	if (!bus || client >= bus->config.n_clients)
		return SAP_INVALID;
	me_bus_clock(bus, now);
	if (bus->state.client[client].present)
		return SAP_WRONG_STATE;
	bus->state.client[client].present = true;
	bus->state.client[client].told = false;
	me_bus_connections_work(bus);
	return SAP_OK;
}

enum sap_status sap_me_bus_remove(struct sap_me_bus *bus, uint32_t client, uint64_t now)
{
	struct sap_me_client_state *state;

	if (!bus || client >= bus->config.n_clients)
		return SAP_INVALID;
	me_bus_clock(bus, now);
	state = &bus->state.client[client];
	if (!state->present)
		return SAP_WRONG_STATE;
	for (uint32_t i = 0; i < state->n; i++) {
		struct sap_me_connection *c = &bus->state.connection[state->first + i];

		/* Who waits for a place is refused as its time is over. */
		if (c->host == BUS_HOST_CONNECTED && bus_is_fixed(bus_client(bus, client)))
			me_bus_over(bus, c);
		else if (c->host == BUS_HOST_CONNECTED)
			me_bus_leave(bus, c);
	}
	/* Added again, it is a new client to the host. */
	me_bus_doubt_credit(bus, client);
	state->present = false;
	state->told = false;
	state->told_late = false;
	return SAP_OK;
}
