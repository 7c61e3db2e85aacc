/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
/*
 * A host of the MEI bus, as small as tests need it: it resets, starts, enumerates, lets applications connect,
 * keeps credits, maps memory. It is as strict as the Linux driver about what a firmware says: whatever that
 * driver would complain about is a complaint here, and a test that expects none says so.
 *
 * It can misbehave on purpose: hbm_host_raw() sends any frame.
 */
#ifndef SAP_TEST_HBM_HOST_H
#define SAP_TEST_HBM_HOST_H

#include <sap/mei.h>
#include <sap/mei/loopback.h>

enum {
	HBM_APPS = 24,
	HBM_LONGEST = 6000,
	HBM_QUEUE = 4,	   /* messages that an application has not read */
	HBM_FRAMES = 64,   /* frames that wait for room on the way */
	HBM_CREDITS = 255, /* the driver counts them in a byte */
};

enum hbm_phase {
	HBM_DOWN = 0,
	HBM_RESETTING, /* waits for the firmware to be ready */
	HBM_STARTING,
	HBM_CAPABILITIES,
	HBM_ENUMERATING,
	HBM_PROPERTIES,
	HBM_UP,
	HBM_STOPPED,
};

enum hbm_app_state {
	HBM_APP_IDLE = 0,
	HBM_APP_CONNECTING,
	HBM_APP_CONNECTED,
	HBM_APP_DISCONNECTING,
	HBM_APP_ENDED, /* by the firmware, or by a reset */
};

struct hbm_text {
	uint32_t len;
	uint8_t bytes[HBM_LONGEST];
};

/* What one open file is to the Linux driver. */
struct hbm_app {
	enum hbm_app_state state;
	uint8_t me_addr, host_addr;
	uint8_t status; /* of the last connect or disconnect */
	uint32_t credits, granted;
	uint32_t notifications;
	uint8_t notify_status;
	bool lazy; /* gives the firmware no credits by itself */
	bool sending, begun, tagged;
	uint8_t vtag, in_vtag;
	uint32_t sent;
	struct hbm_text out, in, queue[HBM_QUEUE];
	uint32_t queued;
};

struct hbm_client {
	bool there;
	struct sap_hbm_properties properties;
	uint32_t credits; /* single_recv_buf: while anybody is connected, or about to */
};

enum hbm_dma {
	HBM_DMA_NONE = 0,
	HBM_DMA_MAPPING,
	HBM_DMA_MAPPED,
	HBM_DMA_REFUSED,
	HBM_DMA_UNMAPPING,
};

struct hbm_host {
	struct sap_mei_loopback *loop;
	enum hbm_phase phase;

	/* Settings. */
	uint8_t major, minor;
	uint32_t wanted; /* capabilities */
	bool no_add;
	bool deaf;	 /* answers no disconnect of the firmware */
	bool keeps_down; /* does not begin again by itself */
	uint32_t frame_size;

	/* What came of it. */
	uint8_t fw_major, fw_minor; /* agreed on */
	uint32_t capabilities;
	uint8_t bitmap[32];
	uint32_t asking; /* address whose properties are asked for */
	struct hbm_client client[256];
	struct hbm_app app[HBM_APPS];
	enum hbm_dma dma;
	uint8_t dma_status;
	uint32_t added, restarts, stop_reason;
	bool asleep;
	uint32_t woken;
	unsigned complaints;
	char complaint[200];

	struct {
		uint32_t len;
		uint8_t bytes[SAP_MEI_FRAME_MAX];
	} frame[HBM_FRAMES];
	uint32_t frame_at, frames, lost;
	uint32_t turn;

	/* For the host's transport (hbm_transport()). */
	uint8_t *memory;
	uint32_t memory_size, mapped;
	uint64_t address;
	struct sap_guid guid;
	bool wants, told; /* a connection, and that it is there */
	bool owes_unmap;
};

/* HBM 2.2, everything wanted. */
void hbm_host_init(struct hbm_host *host, struct sap_mei_loopback *loop);

/* Does all that can be done now: true if it did something. Resets as the firmware comes, unless kept down. */
bool hbm_host_run(struct hbm_host *host);

/* As a driver that finds the device broken, or is loaded. */
void hbm_host_reset(struct hbm_host *host);

/* The address of the client of that GUID, or 0. */
uint8_t hbm_host_find(const struct hbm_host *host, const struct sap_guid *guid);

/* Applications; `app` is which of them. */
void hbm_connect(struct hbm_host *host, uint32_t app, uint8_t me_addr);
void hbm_disconnect(struct hbm_host *host, uint32_t app);
/* SAP_TOO_LONG is EFBIG, SAP_CLOSED is ENODEV, SAP_AGAIN that the last one is not out yet. */
enum sap_status hbm_write(struct hbm_host *host, uint32_t app, const void *bytes, uint32_t len);
enum sap_status hbm_write_tagged(struct hbm_host *host, uint32_t app, uint8_t vtag, const void *bytes,
				 uint32_t len);
/* The oldest message that was not read; null if there is none. It is read then. */
const struct hbm_text *hbm_read(struct hbm_host *host, uint32_t app);
void hbm_notify(struct hbm_host *host, uint32_t app, bool on);
void hbm_grant(struct hbm_host *host, uint32_t app);

/* Memory, and HBM's other words. */
void hbm_map(struct hbm_host *host, uint64_t address, uint32_t size);
void hbm_unmap(struct hbm_host *host);
void hbm_say(struct hbm_host *host, const struct sap_hbm_message *message);
void hbm_stop(struct hbm_host *host, uint8_t reason);

/* Any frame. */
void hbm_raw(struct hbm_host *host, const void *bytes, uint32_t len);

/* A frame of an application that keeps no rules. */
void hbm_piece(struct hbm_host *host, uint8_t me_addr, uint8_t host_addr, const void *bytes, uint32_t len,
	       bool complete);

/* Application 0 as the host's end of SAP: memory that goes to `address` as it maps. */
struct sap_transport hbm_transport(struct hbm_host *host, const struct sap_guid *guid, uint8_t *memory,
				   uint32_t size, uint64_t address);

#endif
