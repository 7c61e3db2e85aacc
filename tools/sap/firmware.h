/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
/*
 * A whole firmware on a MEI device: the bus, the clients of the settings, and servers on their connections. Only
 * what runs on the WLAN client's first connection is somebody else's: CSME's engine, by firmware_transport().
 *
 * It knows nothing of what is behind the port: /dev/vmei, or a device in memory.
 */
#ifndef SAP_TOOL_FIRMWARE_H
#define SAP_TOOL_FIRMWARE_H

#include "firmware_settings.h"

struct firmware {
	const struct firmware_settings *settings;
	struct sap_me_client clients[FIRMWARE_CLIENTS];
	struct sap_me_bus bus;
	struct sap_mei_port port;
	void *memory;
	struct sap_amthi_settings amthi;
	struct sap_mei_server servers[SAP_ME_CONNECTIONS];
	uint32_t n_servers;
	/* Told of each event of the bus; it must not call back. Null: nobody is. */
	void (*hear)(void *self, const struct sap_me_event *event, uint64_t now);
	void *self;
};

/* Makes it, and brings it to life. The settings must outlive it; what the bus answered. firmware_free() follows. */
enum sap_status firmware_init(struct firmware *firmware, const struct firmware_settings *settings,
			      const struct sap_mei_port *port, uint64_t now);
void firmware_free(struct firmware *firmware);

/* The WLAN client's first connection. */
struct sap_transport firmware_transport(struct firmware *firmware);

/* Does all that can be done now. Whether anything came, went or ended: the transport may have something to say. */
bool firmware_run(struct firmware *firmware, uint64_t now);

/* When it has to run if nothing comes before. */
uint64_t firmware_deadline(const struct firmware *firmware);

/* --- what people have it do --- */

/* It resets itself: it dies, and is there again. */
enum sap_status firmware_reset(struct firmware *firmware, uint64_t now);

/* Asks the host to stop. */
enum sap_status firmware_ask_stop(struct firmware *firmware, uint64_t now);

/* Every application of a client is disconnected, or notified. SAP_CLOSED: there is none. */
enum sap_status firmware_drop(struct firmware *firmware, uint32_t client);
enum sap_status firmware_notify(struct firmware *firmware, uint32_t client);

#endif
