/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
/*
 * What the files of the bus share.
 *
 *   me_bus_init.c       settings
 *   me_bus.c            life, input, requests, events, time
 *   me_bus_hbm.c        what a host says of the bus itself
 *   me_bus_connect.c    connections: who has which, and how they end
 *   me_bus_data.c       messages: pieces put together
 *   me_bus_dma.c        the host's memory
 *   me_bus_output.c     what is to be said next, and pieces taken off messages
 *   me_bus_transport.c  a connection as a transport
 *   me_bus_run.c        the bus on a port
 *
 * A connection has two ends. The host's is told of by HBM, the embedder's by its transport; each may go first,
 * and a connection's place is free again when both are gone.
 */
#ifndef SAP_CORE_MEI_ME_BUS_H
#define SAP_CORE_MEI_ME_BUS_H

#include <sap/mei/bus.h>

enum bus_host {
	BUS_HOST_NONE = 0,  /* no application */
	BUS_HOST_CONNECTED, /* there is one */
	BUS_HOST_LEAVING,   /* it was, or is to be, told that the connection ended */
};

enum bus_server {
	BUS_SERVER_IDLE = 0, /* nobody asked for a connection */
	BUS_SERVER_WAITING,  /* somebody did */
	BUS_SERVER_OPEN,     /* and was told that it is there */
	BUS_SERVER_ENDED,    /* it ended; a disconnect is awaited */
};

enum bus_dma {
	BUS_DMA_NONE = 0,
	BUS_DMA_MAPPING,   /* the window is being opened */
	BUS_DMA_HELD,	   /* it is open */
	BUS_DMA_RELEASING, /* it is being closed */
};

enum {
	/* What one input, and what follows from it, can yield. */
	BUS_EVENTS_ROOM = 4,
	BUS_REPLIES_ROOM = 2,
	BUS_NOBODY = SAP_ME_CONNECTIONS,
};

/* A client as its table has it, and of a connection. */
static inline const struct sap_me_client *bus_client(const struct sap_me_bus *bus, uint32_t client)
{
	return &bus->config.clients[client];
}

static inline const struct sap_me_client *bus_client_of(const struct sap_me_bus *bus,
							const struct sap_me_connection *c)
{
	return &bus->config.clients[c->client];
}

static inline bool bus_is_fixed(const struct sap_me_client *client)
{
	return client->properties.fixed_address;
}

static inline bool bus_is_single(const struct sap_me_client *client)
{
	return client->properties.flags & SAP_HBM_CLIENT_SINGLE_RECV_BUF;
}

static inline bool bus_is_started(const struct sap_me_bus *bus)
{
	return bus->state.phase == SAP_ME_STARTED || bus->state.phase == SAP_ME_ENUMERATED;
}

/* Whether the version agreed on is this or newer. */
static inline bool bus_speaks(const struct sap_me_bus *bus, uint32_t major, uint32_t minor)
{
	const struct sap_me_state *s = &bus->state;

	return s->major > major || (s->major == major && s->minor >= minor);
}

static inline uint8_t *bus_in(const struct sap_me_bus *bus, const struct sap_me_connection *c)
{
	return (uint8_t *)bus->config.memory + c->at;
}

static inline uint8_t *bus_out(const struct sap_me_bus *bus, const struct sap_me_connection *c)
{
	return bus_in(bus, c) + bus_client_of(bus, c)->properties.max_msg_length;
}

static inline uint64_t bus_later(const struct sap_me_bus *bus, uint32_t ms)
{
	return bus->state.now > SAP_NEVER - ms ? SAP_NEVER : bus->state.now + ms;
}

static inline uint64_t bus_sooner(uint64_t a, uint64_t b)
{
	return a < b ? a : b;
}

/* --- me_bus.c --- */

void me_bus_clock(struct sap_me_bus *bus, uint64_t now);
void me_bus_refuse(struct sap_me_bus *bus, enum sap_me_refusal why);
bool me_bus_has_room(const struct sap_me_bus *bus);

/* The slot of a new event, zeroed but for its type; of a connection with who it is. */
struct sap_me_event *me_bus_event(struct sap_me_bus *bus, enum sap_me_event_type type);
void me_bus_event_of(struct sap_me_bus *bus, enum sap_me_event_type type, const struct sap_me_connection *c,
		     uint32_t value);

/* An answer that waits to be sent. There is room if input was wanted; else false. */
bool me_bus_reply(struct sap_me_bus *bus, const struct sap_hbm_message *reply);

/* Nothing that was said between host and firmware holds any more. */
void me_bus_forget(struct sap_me_bus *bus);

/* --- me_bus_hbm.c --- */

void me_bus_hbm_input(struct sap_me_bus *bus, const struct sap_mei_frame *frame);

/* --- me_bus_connect.c --- */

/* The client of that address that is there, or SAP_ME_CLIENTS. */
uint32_t me_bus_find_client(const struct sap_me_bus *bus, uint8_t me_addr);

/* The connection that a host's frame means, or BUS_NOBODY. Leaving ones count. */
uint32_t me_bus_find(const struct sap_me_bus *bus, uint8_t me_addr, uint8_t host_addr);

void me_bus_connect(struct sap_me_bus *bus, uint8_t me_addr, uint8_t host_addr);
void me_bus_disconnect(struct sap_me_bus *bus, uint8_t me_addr, uint8_t host_addr);
void me_bus_disconnected(struct sap_me_bus *bus, uint8_t me_addr, uint8_t host_addr);

/* The host's end is gone, or never was: the embedder's end is to learn of it. */
void me_bus_over(struct sap_me_bus *bus, struct sap_me_connection *c);

/* We end it: the host is to be told. */
void me_bus_leave(struct sap_me_bus *bus, struct sap_me_connection *c);

/* Whether it is over now or at a deadline: what time does, and free places are handed over. */
void me_bus_connections_work(struct sap_me_bus *bus);
uint64_t me_bus_connections_deadline(const struct sap_me_bus *bus);

/* --- me_bus_data.c --- */

void me_bus_data_input(struct sap_me_bus *bus, const struct sap_mei_frame *frame);

/* What came, and what was to go, is thrown away; whole messages are counted. */
void me_bus_drop_in(struct sap_me_bus *bus, struct sap_me_connection *c);
void me_bus_drop_out(struct sap_me_bus *bus, struct sap_me_connection *c);

/* Whether a message may come: the buffer is empty, and the host does not know it yet. */
bool me_bus_wants_credit(const struct sap_me_bus *bus, const struct sap_me_connection *c);
bool me_bus_wants_single_credit(const struct sap_me_bus *bus, uint32_t client);

/* The host may have forgotten the credit that all connections of a client share, or not. */
void me_bus_doubt_credit(struct sap_me_bus *bus, uint32_t client);

/* --- me_bus_dma.c --- */

void me_bus_dma_map(struct sap_me_bus *bus, const struct sap_hbm_client_dma_map *map);
void me_bus_dma_unmap(struct sap_me_bus *bus, uint8_t buffer_id);
void me_bus_dma_mapped(struct sap_me_bus *bus, const struct sap_mem *mem, enum sap_status status);
void me_bus_dma_unmapped(struct sap_me_bus *bus);
void me_bus_dma_reset(struct sap_me_bus *bus);
void me_bus_dma_close(struct sap_me_bus *bus);
void me_bus_dma_work(struct sap_me_bus *bus);
uint64_t me_bus_dma_deadline(const struct sap_me_bus *bus);

/* For a connection's transport. */
enum sap_status me_bus_dma_adopt(struct sap_me_bus *bus, struct sap_me_connection *c, struct sap_mem *mem);
void me_bus_dma_let_go(struct sap_me_bus *bus, struct sap_me_connection *c);

/* --- me_bus_output.c --- */

/* Whether something is to be done or said now. */
bool me_bus_has_output(const struct sap_me_bus *bus);

/* Makes the next request. False if there is none. */
bool me_bus_make(struct sap_me_bus *bus, struct sap_me_io *io);

#endif
