// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
#include "firmware.h"

#include <stdlib.h>
#include <string.h>

#include <sap/guid.h>
#include <sap/mei/clients.h>

enum {
	MOST_ROUNDS = 100, /* of the bus and its servers in one call */
	FIXED_ADDRESS = 7,
};

/* --- making --- */

static struct sap_me_client client_of(const struct firmware_settings *settings, enum firmware_client which)
{
	static const struct {
		const struct sap_guid *guid;
		uint8_t me_addr;
	} known[FIRMWARE_CLIENTS] = {
		[FIRMWARE_WLAN] = {&sap_wlan_guid, 0x22},
		[FIRMWARE_AMTHI] = {&sap_amthi_guid, 0x21},
		[FIRMWARE_MKHI] = {&sap_mkhi_guid, 0x20},
		[FIRMWARE_MKHI_FIXED] = {&sap_mkhi_fixed_guid, FIXED_ADDRESS},
		[FIRMWARE_ECHO] = {&sap_echo_guid, 0x23},
	};
	const struct firmware_client_settings *s = &settings->client[which];
	bool fixed = which == FIRMWARE_MKHI_FIXED;
	bool tags = settings->tags && (which == FIRMWARE_AMTHI || which == FIRMWARE_ECHO);

	return (struct sap_me_client){
		.me_addr = known[which].me_addr,
		.dma = which == FIRMWARE_WLAN,
		.later = !s->present,
		.properties = {.guid = *known[which].guid,
			       .protocol_version = 1,
			       .max_connections = fixed ? 0 : (uint8_t)s->connections,
			       .fixed_address = fixed ? FIXED_ADDRESS : 0,
			       .flags = tags ? SAP_HBM_CLIENT_VTAG : 0,
			       .max_msg_length = s->longest},
	};
}

static enum sap_status make_bus(struct firmware *f, uint64_t now)
{
	const struct firmware_settings *s = f->settings;
	struct sap_me_bus_config config;

	for (uint32_t i = 0; i < FIRMWARE_CLIENTS; i++)
		f->clients[i] = client_of(s, (enum firmware_client)i);
	sap_me_bus_config_default(&config);
	config.clients = f->clients;
	config.n_clients = FIRMWARE_CLIENTS;
	config.major = s->major;
	config.minor = s->minor;
	config.capabilities =
		(s->tags ? SAP_HBM_CAP_VTAG : 0u) | (s->client_dma ? SAP_HBM_CAP_CLIENT_DMA : 0u);
	memcpy(config.dma_sizes, s->dma_sizes, sizeof(config.dma_sizes));
	config.handover_ms = s->handover_ms;
	config.leave_ms = s->leave_ms;
	config.memory_size = sap_me_bus_memory(&config);
	config.memory = f->memory = memory_zeroed(config.memory_size, 1);
	return sap_me_bus_init(&f->bus, sizeof(f->bus), &config, now);
}

static void serve(struct firmware *f, uint32_t client, sap_mei_answer answer, const void *settings)
{
	uint32_t size = f->clients[client].properties.max_msg_length;
	struct sap_transport transport;

	for (uint32_t nth = 0; (transport = sap_me_bus_transport(&f->bus, client, nth)).ops; nth++) {
		uint8_t *memory = memory_zeroed(2, size);

		f->servers[f->n_servers++] = (struct sap_mei_server){.transport = transport,
								     .answer = answer,
								     .self = settings,
								     .request = memory,
								     .reply = memory + size,
								     .size = size};
	}
}

/* What AMTHI says of itself twice, or by a pointer. */
static void complete(struct firmware *f)
{
	f->amthi = f->settings->amthi;
	f->amthi.disabled = !f->settings->amt;
	f->amthi.versions = f->settings->versions;
	while (f->amthi.n_versions < SAP_AMTHI_VERSIONS && f->amthi.versions[f->amthi.n_versions].description)
		f->amthi.n_versions++;
	f->amthi.security.provisioning_state = f->amthi.provisioning_state;
	f->amthi.fqdn.host_len = (uint32_t)strcspn(f->amthi.fqdn_name, ".");
}

enum sap_status firmware_init(struct firmware *f, const struct firmware_settings *settings,
			      const struct sap_mei_port *port, uint64_t now)
{
	enum sap_status status;

	memset(f, 0, sizeof(*f));
	f->settings = settings;
	f->port = *port;
	status = make_bus(f, now);
	if (status != SAP_OK)
		return status;
	complete(f);
	serve(f, FIRMWARE_AMTHI, sap_amthi_answer, &f->amthi);
	serve(f, FIRMWARE_MKHI, sap_mkhi_answer, &settings->mkhi);
	serve(f, FIRMWARE_MKHI_FIXED, sap_mkhi_answer, &settings->mkhi);
	serve(f, FIRMWARE_ECHO, sap_echo_answer, NULL);
	return sap_me_bus_start(&f->bus, now);
}

void firmware_free(struct firmware *f)
{
	for (uint32_t i = 0; i < f->n_servers; i++)
		free(f->servers[i].request);
	free(f->memory);
	f->n_servers = 0;
	f->memory = NULL;
}

struct sap_transport firmware_transport(struct firmware *f)
{
	return sap_me_bus_transport(&f->bus, FIRMWARE_WLAN, 0);
}

/* --- running --- */

static bool run_once(struct firmware *f, uint64_t now)
{
	struct sap_me_event event;
	bool moved = false;

	/* It can refuse nothing but a port that is none. */
	(void)!sap_me_bus_run(&f->bus, &f->port, now);
	for (uint32_t i = 0; i < f->n_servers; i++)
		moved |= sap_mei_server_run(&f->servers[i]);
	while (sap_me_bus_next_event(&f->bus, &event)) {
		moved = true;
		if (f->hear)
			f->hear(f->self, &event, now);
	}
	return moved;
}

bool firmware_run(struct firmware *f, uint64_t now)
{
	const struct sap_me_counters *counters = sap_me_bus_counters(&f->bus);
	struct sap_me_counters before = *counters;

	for (uint32_t i = 0; i < MOST_ROUNDS && run_once(f, now); i++)
		;
	return memcmp(&before, counters, sizeof(before)) != 0;
}

uint64_t firmware_deadline(const struct firmware *f)
{
	return sap_me_bus_deadline(&f->bus);
}

/* --- what people have it do --- */

enum sap_status firmware_reset(struct firmware *f, uint64_t now)
{
	enum sap_status status = sap_me_bus_stop(&f->bus, now);

	if (status != SAP_OK)
		return status;
	(void)firmware_run(f, now);
	return sap_me_bus_start(&f->bus, now);
}

enum sap_status firmware_ask_stop(struct firmware *f, uint64_t now)
{
	return sap_me_bus_ask_stop(&f->bus, SAP_HBM_STOP_DRIVER, now);
}

enum sap_status firmware_drop(struct firmware *f, uint32_t client)
{
	enum sap_status status = SAP_CLOSED;
	struct sap_me_look look;

	for (uint32_t nth = 0; sap_me_bus_look(&f->bus, client, nth, &look); nth++) {
		struct sap_transport transport = sap_me_bus_transport(&f->bus, client, nth);

		if (look.connected)
			status = transport.ops->disconnect(transport.self);
	}
	return status;
}

enum sap_status firmware_notify(struct firmware *f, uint32_t client)
{
	enum sap_status status = SAP_CLOSED;
	struct sap_me_look look;

	for (uint32_t nth = 0; sap_me_bus_look(&f->bus, client, nth, &look); nth++) {
		if (look.connected)
			status = sap_me_bus_notify(&f->bus, client, nth);
	}
	return status;
}
