// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
/*
 * The bus: the memory that the host maps for a client, SAP's shared area.
 *
 * It is mapped before anybody connects, and held until the host unmaps it, over connections and over a reset:
 * the host's unmap comes after the enumeration that follows. Connections adopt it and let go of it. Before it
 * is given up their application's connections end, and the window closes only as the last of them let go.
 */
#include "me_bus.h"

#include "../../platform.h"

static void bus_dma_respond(struct sap_me_bus *bus, enum sap_hbm_command command, uint8_t status)
{
	struct sap_hbm_message reply;

	memset(&reply, 0, sizeof(reply));
	reply.command = (uint8_t)command;
	reply.dma_response.status = status;
	(void)me_bus_reply(bus, &reply);
}

static bool bus_dma_in_use(const struct sap_me_bus *bus)
{
	for (uint32_t i = 0; i < bus->state.n_connections; i++) {
		if (bus->state.connection[i].adopted)
			return true;
	}
	return false;
}

static bool bus_dma_connected(const struct sap_me_bus *bus)
{
	for (uint32_t i = 0; i < bus->state.n_connections; i++) {
		const struct sap_me_connection *c = &bus->state.connection[i];

		if (c->host == BUS_HOST_CONNECTED && bus_client_of(bus, c)->dma)
			return true;
	}
	return false;
}

static bool bus_dma_size_holds(const struct sap_me_bus *bus, uint32_t size)
{
	for (uint32_t i = 0; i < SAP_ME_DMA_SIZES; i++) {
		if (size && bus->config.dma_sizes[i] == size)
			return true;
	}
	return false;
}

/* SUCCESS: it may be mapped. */
static enum sap_hbm_status bus_dma_may(const struct sap_me_bus *bus, const struct sap_hbm_client_dma_map *map,
				       uint64_t address)
{
	const struct sap_me_dma_state *d = &bus->state.dma;

	if (!(bus->state.capabilities & SAP_HBM_CAP_CLIENT_DMA) || bus_dma_connected(bus))
		return SAP_HBM_NOT_ALLOWED;
	if (map->buffer_id != SAP_HBM_SAP_BUFFER_ID || !map->size || map->size % SAP_HBM_PAGE_SIZE ||
	    address % SAP_HBM_PAGE_SIZE || address + map->size < address)
		return SAP_HBM_INVALID_PARAMETER;
	if (!bus_dma_size_holds(bus, map->size))
		return SAP_HBM_REJECTED;
	if (d->next_size || d->phase == BUS_DMA_MAPPING ||
	    (d->phase == BUS_DMA_HELD && !d->stale && !d->closing))
		return SAP_HBM_ALREADY_EXISTS;
	return SAP_HBM_SUCCESS;
}

static void bus_dma_begin(struct sap_me_bus *bus, uint64_t address, uint32_t size)
{
	struct sap_me_dma_state *d = &bus->state.dma;

	d->phase = BUS_DMA_MAPPING;
	d->address = address;
	d->size = size;
	d->stale = false;
	d->closing = false;
}

void me_bus_dma_map(struct sap_me_bus *bus, const struct sap_hbm_client_dma_map *map)
{
	struct sap_me_dma_state *d = &bus->state.dma;
	uint64_t address = (uint64_t)map->address_msb << 32 | map->address_lsb;
	enum sap_hbm_status status = bus_dma_may(bus, map, address);

	if (status != SAP_HBM_SUCCESS) {
		me_bus_refuse(bus, SAP_ME_DMA);
		bus_dma_respond(bus, SAP_HBM_CLIENT_DMA_MAP_RESPONSE, (uint8_t)status);
	} else if (d->phase == BUS_DMA_NONE) {
		bus_dma_begin(bus, address, map->size);
	} else {
		/* What was mapped before goes first. */
		d->next_address = address;
		d->next_size = map->size;
		d->closing = true;
		d->until = bus_later(bus, bus->config.handover_ms);
	}
}

/* Nobody gets it any more; who has it is told that its connection ended. */
static void bus_dma_end_users(struct sap_me_bus *bus)
{
	for (uint32_t i = 0; i < bus->state.n_connections; i++) {
		struct sap_me_connection *c = &bus->state.connection[i];

		if (c->adopted && c->host == BUS_HOST_CONNECTED)
			me_bus_leave(bus, c);
	}
}

void me_bus_dma_unmap(struct sap_me_bus *bus, uint8_t buffer_id)
{
	struct sap_me_dma_state *d = &bus->state.dma;

	if (buffer_id != SAP_HBM_SAP_BUFFER_ID || d->answer || d->next_size) {
		me_bus_refuse(bus, SAP_ME_DMA);
		bus_dma_respond(bus, SAP_HBM_CLIENT_DMA_UNMAP_RESPONSE,
				buffer_id == SAP_HBM_SAP_BUFFER_ID ? SAP_HBM_NOT_ALLOWED
								   : SAP_HBM_INVALID_PARAMETER);
		return;
	}
	if (d->phase == BUS_DMA_NONE) {
		/* A host that outlived a firmware has to be told yes, or it never gives the memory back. */
		bus->state.counters.empty_unmaps++;
		bus_dma_respond(bus, SAP_HBM_CLIENT_DMA_UNMAP_RESPONSE, SAP_HBM_SUCCESS);
		return;
	}
	bus_dma_end_users(bus);
	d->closing = true;
	d->answer = true;
	d->until = bus_later(bus, bus->config.handover_ms);
}

/* --- the window --- */

void me_bus_dma_mapped(struct sap_me_bus *bus, const struct sap_mem *mem, enum sap_status status)
{
	struct sap_me_dma_state *d = &bus->state.dma;
	bool ok = status == SAP_OK && mem->base && mem->size >= d->size;

	if (status == SAP_OK) {
		d->phase = BUS_DMA_HELD;
		bus->window.base = mem->base;
		bus->window.size = d->size;
		d->closing |= !ok;
	} else {
		d->phase = BUS_DMA_NONE;
	}
	if (ok)
		me_bus_event(bus, SAP_ME_EVENT_MAPPED)->value = d->size;
	else
		me_bus_refuse(bus, SAP_ME_DMA);
	/* After a reset nobody waits for the answer. */
	d->owes_map = !d->stale;
	d->map_status = ok ? SAP_HBM_SUCCESS : SAP_HBM_REJECTED;
}

void me_bus_dma_unmapped(struct sap_me_bus *bus)
{
	struct sap_me_dma_state *d = &bus->state.dma;

	d->phase = BUS_DMA_NONE;
	d->stale = false;
	d->closing = false;
	d->until = SAP_NEVER;
	bus->window.base = NULL;
	bus->window.size = 0;
	d->owes_unmap |= d->answer;
	d->answer = false;
	me_bus_event(bus, SAP_ME_EVENT_UNMAPPED);
}

void me_bus_dma_reset(struct sap_me_bus *bus)
{
	struct sap_me_dma_state *d = &bus->state.dma;

	d->stale = d->phase != BUS_DMA_NONE;
	d->next_size = 0;
	d->answer = false;
	d->owes_map = false;
	d->owes_unmap = false;
	d->until = SAP_NEVER;
}

void me_bus_dma_close(struct sap_me_bus *bus)
{
	bus->state.dma.closing = bus->state.dma.phase != BUS_DMA_NONE;
}

/* Somebody waits too long. The window stays, as the port promises, but the host is not kept waiting. */
static void bus_dma_lapse(struct sap_me_bus *bus)
{
	struct sap_me_dma_state *d = &bus->state.dma;

	if (d->answer)
		d->owes_unmap = true;
	d->answer = false;
	if (d->next_size) {
		d->owes_map = true;
		d->map_status = SAP_HBM_REJECTED;
		me_bus_refuse(bus, SAP_ME_DMA);
	}
	d->next_size = 0;
	d->until = SAP_NEVER;
}

void me_bus_dma_work(struct sap_me_bus *bus)
{
	struct sap_me_dma_state *d = &bus->state.dma;

	if (d->phase == BUS_DMA_HELD && d->closing && !bus_dma_in_use(bus))
		d->phase = BUS_DMA_RELEASING;
	if (d->phase == BUS_DMA_NONE) {
		d->owes_unmap |= d->answer;
		d->answer = false;
	}
	if (d->phase == BUS_DMA_NONE && d->next_size) {
		bus_dma_begin(bus, d->next_address, d->next_size);
		d->next_size = 0;
		d->until = SAP_NEVER;
	}
	if (bus->state.now >= d->until)
		bus_dma_lapse(bus);
}

uint64_t me_bus_dma_deadline(const struct sap_me_bus *bus)
{
	return bus->state.dma.until;
}

/* --- for a connection --- */

enum sap_status me_bus_dma_adopt(struct sap_me_bus *bus, struct sap_me_connection *c, struct sap_mem *mem)
{
	struct sap_me_dma_state *d = &bus->state.dma;

	if (!bus_client_of(bus, c)->dma)
		return SAP_UNSUPPORTED;
	if (d->phase == BUS_DMA_MAPPING && !d->stale)
		return SAP_AGAIN;
	if (d->phase != BUS_DMA_HELD || d->stale || d->closing)
		return SAP_UNSUPPORTED;
	c->adopted = true;
	*mem = bus->window;
	return SAP_OK;
}

void me_bus_dma_let_go(struct sap_me_bus *bus, struct sap_me_connection *c)
{
	c->adopted = false;
	me_bus_dma_work(bus);
}
