// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
/* Application 0 of a test's host as the host's end of SAP: what the Linux driver does with its client. */
#include "hbm_host.h"

#include <string.h>

static enum sap_status host_map(void *self, uint32_t size, struct sap_mem *mem)
{
	struct hbm_host *host = self;

	if (!mem)
		return SAP_INVALID;
	if (host->phase != HBM_UP)
		return SAP_AGAIN;
	if (!(host->capabilities & SAP_HBM_CAP_CLIENT_DMA))
		return SAP_UNSUPPORTED;
	switch (host->dma) {
	case HBM_DMA_NONE:
		/* The firmware's window may still be open on what was mapped before. */
		if (sap_mei_loopback_withdraw(host->loop, host->address) != SAP_OK)
			return SAP_AGAIN;
		if (!size || size > host->memory_size ||
		    sap_mei_loopback_offer(host->loop, host->address, host->memory, size) != SAP_OK)
			return SAP_IO;
		host->mapped = size;
		hbm_map(host, host->address, size);
		return SAP_AGAIN;
	case HBM_DMA_REFUSED:
		host->dma = HBM_DMA_NONE;
		host->mapped = 0;
		return sap_mei_loopback_withdraw(host->loop, host->address) == SAP_OK ? SAP_IO : SAP_AGAIN;
	case HBM_DMA_MAPPED:
		if (size != host->mapped)
			return SAP_IO;
		mem->base = host->memory;
		mem->size = size;
		return SAP_OK;
	case HBM_DMA_MAPPING:
	case HBM_DMA_UNMAPPING:
		break;
	}
	return SAP_AGAIN;
}

static enum sap_status host_connect(void *self)
{
	struct hbm_host *host = self;
	struct hbm_app *app = &host->app[0];

	if (host->phase != HBM_UP)
		return SAP_AGAIN;
	if (host->wants) {
		if (app->state == HBM_APP_CONNECTED) {
			host->told = true;
			return SAP_OK;
		}
		if (app->state == HBM_APP_ENDED)
			return app->status == SAP_HBM_REJECTED ? SAP_BUSY : SAP_CLOSED;
		return SAP_AGAIN;
	}
	if (app->state == HBM_APP_DISCONNECTING)
		return SAP_AGAIN;
	if (!hbm_host_find(host, &host->guid))
		return SAP_IO;
	host->wants = true;
	host->told = false;
	hbm_connect(host, 0, hbm_host_find(host, &host->guid));
	return SAP_AGAIN;
}

static enum sap_status host_send(void *self, const void *message, size_t len)
{
	struct hbm_host *host = self;

	if (!host->told)
		return SAP_CLOSED;
	return hbm_write(host, 0, message, (uint32_t)len);
}

static enum sap_status host_recv(void *self, void *message, size_t cap, size_t *len)
{
	struct hbm_host *host = self;
	const struct hbm_text *text;

	if (!host->told)
		return SAP_CLOSED;
	text = hbm_read(host, 0);
	if (!text)
		return host->app[0].state == HBM_APP_CONNECTED ? SAP_AGAIN : SAP_CLOSED;
	*len = text->len;
	if (*len > cap)
		return SAP_TOO_LONG;
	memcpy(message, text->bytes, *len);
	return SAP_OK;
}

static enum sap_status host_disconnect(void *self)
{
	struct hbm_host *host = self;

	if (host->wants)
		hbm_disconnect(host, 0);
	host->wants = false;
	host->told = false;
	return SAP_OK;
}

static enum sap_status host_unmap(void *self)
{
	struct hbm_host *host = self;

	if (host->phase == HBM_UP && host->dma == HBM_DMA_MAPPED) {
		hbm_unmap(host);
		return SAP_AGAIN;
	}
	if (host->dma == HBM_DMA_MAPPING || host->dma == HBM_DMA_UNMAPPING)
		return SAP_AGAIN;
	if (host->dma != HBM_DMA_NONE && host->phase == HBM_UP)
		host->dma = HBM_DMA_NONE;
	host->mapped = 0;
	/* While the firmware's window is open the memory stays; the test's is not freed before. */
	(void)!sap_mei_loopback_withdraw(host->loop, host->address);
	return SAP_OK;
}

static const struct sap_transport_ops host_ops = {
	.map = host_map,
	.connect = host_connect,
	.send = host_send,
	.recv = host_recv,
	.disconnect = host_disconnect,
	.unmap = host_unmap,
};

struct sap_transport hbm_transport(struct hbm_host *host, const struct sap_guid *guid, uint8_t *memory,
				   uint32_t size, uint64_t address)
{
	host->guid = *guid;
	host->memory = memory;
	host->memory_size = size;
	host->address = address;
	return (struct sap_transport){&host_ops, host};
}
