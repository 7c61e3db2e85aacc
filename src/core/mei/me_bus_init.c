// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
/* The bus: its settings, what they must be like, and what is made of them. */
#include "me_bus.h"

#include "../../platform.h"

_Static_assert(sizeof(struct sap_me_bus) <= 16384, "as bus.h says");

enum {
	/* HBM is not sent in pieces. */
	BUS_LEAST_FRAME = SAP_MEI_HEADER_SIZE + SAP_HBM_MAX_SIZE
};

/* --- settings --- */

void sap_me_bus_config_default(struct sap_me_bus_config *config)
{
	if (!config)
		return;
	memset(config, 0, sizeof(*config));
	config->major = 2;
	config->minor = 2;
	config->capabilities = SAP_HBM_CAP_VTAG | SAP_HBM_CAP_CLIENT_DMA;
	config->dma_sizes[0] = 172032;
	config->dma_sizes[1] = 139264;
	config->frame_size = SAP_MEI_FRAME_USUAL;
	config->again_ms = 10;
	config->handover_ms = 2000;
	config->leave_ms = 2000;
}

static uint32_t bus_slots(const struct sap_me_client *client)
{
	return bus_is_fixed(client) ? 1 : client->properties.max_connections;
}

static bool bus_client_holds(const struct sap_me_bus_config *config, uint32_t i)
{
	const struct sap_me_client *client = &config->clients[i];

	for (uint32_t k = 0; k < i; k++) {
		if (config->clients[k].me_addr == client->me_addr)
			return false;
	}
	return client->me_addr && client->properties.max_msg_length &&
	       (bus_is_fixed(client) ? !client->properties.max_connections
				     : client->properties.max_connections > 0);
}

uint32_t sap_me_bus_memory(const struct sap_me_bus_config *config)
{
	uint32_t slots = 0;
	uint32_t bytes = 0;

	if (!config || !config->clients || !config->n_clients || config->n_clients > SAP_ME_CLIENTS)
		return 0;
	for (uint32_t i = 0; i < config->n_clients; i++) {
		if (!bus_client_holds(config, i))
			return 0;
		for (uint32_t k = 0; k < bus_slots(&config->clients[i]); k++) {
			uint32_t length = config->clients[i].properties.max_msg_length;

			if (++slots > SAP_ME_CONNECTIONS || length > UINT32_MAX / 2 ||
			    bytes > UINT32_MAX - 2 * length)
				return 0;
			bytes += 2 * length;
		}
	}
	return bytes;
}

static enum sap_status bus_check(const struct sap_me_bus_config *config)
{
	uint32_t needed = sap_me_bus_memory(config);

	if (!config->clients || !config->memory)
		return SAP_INVALID;
	if (!needed || config->frame_size < BUS_LEAST_FRAME || config->frame_size > SAP_MEI_FRAME_MAX ||
	    !config->again_ms)
		return SAP_BAD_VALUE;
	for (uint32_t i = 0; i < SAP_ME_DMA_SIZES; i++) {
		if (config->dma_sizes[i] % SAP_HBM_PAGE_SIZE)
			return SAP_BAD_VALUE;
	}
	return config->memory_size < needed ? SAP_TOO_SMALL : SAP_OK;
}

static void bus_lay_out(struct sap_me_bus *bus)
{
	struct sap_me_state *s = &bus->state;
	uint32_t at = 0;

	for (uint32_t i = 0; i < bus->config.n_clients; i++) {
		const struct sap_me_client *client = bus_client(bus, i);

		s->client[i].first = s->n_connections;
		s->client[i].n = (uint8_t)bus_slots(client);
		s->client[i].present = !client->later;
		for (uint32_t k = 0; k < s->client[i].n; k++) {
			struct sap_me_connection *c = &s->connection[s->n_connections++];

			c->client = (uint8_t)i;
			c->at = at;
			c->until = SAP_NEVER;
			c->next_until = SAP_NEVER;
			at += 2 * client->properties.max_msg_length;
		}
	}
	for (uint32_t k = 0; k < s->n_connections; k++)
		bus->self[k] = (struct sap_me_self){bus, k};
}

enum sap_status sap_me_bus_init(struct sap_me_bus *bus, size_t size, const struct sap_me_bus_config *config,
				uint64_t now)
{
	enum sap_status status;

	if (!bus || !config)
		return SAP_INVALID;
	if (size != sizeof(*bus))
		return SAP_TOO_SMALL;
	status = bus_check(config);
	if (status != SAP_OK)
		return status;
	memset(bus, 0, sizeof(*bus));
	bus->config = *config;
	bus->state.now = now;
	bus->state.dma.until = SAP_NEVER;
	bus_lay_out(bus);
	return SAP_OK;
}
