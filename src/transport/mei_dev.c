// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
/*
 * A connection over /dev/mei: how it begins and how it ends.
 *
 *   IDLE -> CONNECTED -> ENDED -> IDLE
 *
 * `connect` makes it CONNECTED; it is ENDED as the kernel says so; `disconnect` makes it IDLE from anywhere.
 */
#include "mei_dev.h"

#include "../platform.h"

#include <errno.h>

/* --- how it begins and ends --- */

/* No attempt before a pause is over; the one after it will be longer. */
static void pause_now(struct sap_mei_dev *d)
{
	d->next = mei_dev_now(d) + d->pause;
	d->pause = d->pause > d->config.longest_pause_ms / 2 ? d->config.longest_pause_ms : 2 * d->pause;
}

static void hang_up(struct sap_mei_dev *d)
{
	if (d->fd >= 0)
		(void)d->config.system->close(d->config.system_self, d->fd);
	d->fd = -1;
	d->phase = MEI_DEV_IDLE;
	d->broken = false;
	d->max_len = 0;
	d->version = 0;
}

void mei_dev_end(struct sap_mei_dev *d, int error)
{
	enum sap_mei_dev_problem problem = SAP_MEI_DEV_SYSTEM;

	if (error == ENODEV || error == ENOTTY)
		problem = mei_dev_missing(d, d->device, SAP_MEI_DEV_ENDED);
	mei_dev_blame(d, problem, error, d->device);
	hang_up(d);
	d->phase = MEI_DEV_ENDED;
	d->counters.ended++;
	pause_now(d);
}

void mei_dev_give_up(struct sap_mei_dev *d)
{
	mei_dev_blame(d, SAP_MEI_DEV_SILENT, 0, d->device);
	hang_up(d);
	pause_now(d);
}

static enum sap_status status_of(enum sap_mei_dev_problem problem)
{
	switch (problem) {
	case SAP_MEI_DEV_TAKEN:
	case SAP_MEI_DEV_FULL:
		return SAP_BUSY;
	case SAP_MEI_DEV_BUFFER:
	case SAP_MEI_DEV_NO_VTAG:
	case SAP_MEI_DEV_NO_MEI:
		return SAP_UNSUPPORTED;
	default:
		return SAP_IO;
	}
}

enum sap_status sap_mei_dev_connect(struct sap_mei_dev *d)
{
	if (!d || !d->opened)
		return SAP_INVALID;
	if (d->phase == MEI_DEV_CONNECTED)
		return SAP_OK;
	if (d->phase == MEI_DEV_ENDED)
		return SAP_CLOSED;
	if (mei_dev_now(d) < d->next)
		return SAP_AGAIN;
	d->counters.attempts++;
	if (mei_dev_attempt(d) != SAP_OK) {
		pause_now(d);
		return status_of(d->why.problem);
	}
	d->phase = MEI_DEV_CONNECTED;
	d->counters.connections++;
	mei_dev_blame(d, SAP_MEI_DEV_FINE, 0, d->device);
	return SAP_OK;
}

enum sap_status sap_mei_dev_disconnect(struct sap_mei_dev *d)
{
	if (!d)
		return SAP_INVALID;
	if (d->opened)
		hang_up(d);
	return SAP_OK;
}

/* --- the transport --- */

static enum sap_status dev_map(void *self, uint32_t size, struct sap_mem *mem)
{
	(void)self;
	(void)size;
	(void)mem;
	return SAP_UNSUPPORTED;
}

static enum sap_status dev_connect(void *self)
{
	return sap_mei_dev_connect(self);
}

static enum sap_status dev_disconnect(void *self)
{
	return sap_mei_dev_disconnect(self);
}

static enum sap_status dev_unmap(void *self)
{
	(void)self;
	return SAP_OK;
}

static const struct sap_transport_ops dev_ops = {
	.map = dev_map,
	.connect = dev_connect,
	.send = mei_dev_send,
	.recv = mei_dev_recv,
	.disconnect = dev_disconnect,
	.unmap = dev_unmap,
};

struct sap_transport sap_mei_dev_transport(struct sap_mei_dev *d)
{
	return d ? (struct sap_transport){&dev_ops, d} : (struct sap_transport){NULL, NULL};
}

/* --- open, close --- */

void sap_mei_dev_config_default(struct sap_mei_dev_config *config)
{
	if (config)
		*config = (struct sap_mei_dev_config){.client = sap_wlan_guid,
						      .pause_ms = 100,
						      .longest_pause_ms = 5000};
}

static bool settings_are_good(const struct sap_mei_dev_config *config)
{
	if (config->device && (!config->device[0] || strlen(config->device) >= SAP_MEI_PATH))
		return false;
	return config->buffer && config->buffer_size && config->pause_ms &&
	       config->longest_pause_ms >= config->pause_ms;
}

enum sap_status sap_mei_dev_open(struct sap_mei_dev *d, size_t size, const struct sap_mei_dev_config *config)
{
	if (!d || !config)
		return SAP_INVALID;
	if (size != sizeof(*d))
		return SAP_TOO_SMALL;
	memset(d, 0, sizeof(*d));
	d->fd = -1;
	mei_dev_blame(d, SAP_MEI_DEV_FINE, 0, NULL);
	if (!settings_are_good(config))
		return SAP_BAD_VALUE;
	d->config = *config;
	if (config->device) {
		memcpy(d->named, config->device, strlen(config->device) + 1);
		d->config.device = d->named;
	}
	if (!config->system)
		d->config.system = &mei_dev_system;
	d->pause = config->pause_ms;
	d->opened = true;
	return SAP_OK;
}

void sap_mei_dev_close(struct sap_mei_dev *d)
{
	if (!d || !d->opened)
		return;
	hang_up(d);
	d->opened = false;
}

/* --- what is asked of it --- */

uint32_t sap_mei_dev_poll(const struct sap_mei_dev *d, struct pollfd *fd, bool send)
{
	if (!d || !fd || d->phase != MEI_DEV_CONNECTED)
		return 0;
	*fd = (struct pollfd){.fd = d->fd, .events = (short)(POLLIN | POLLPRI | (send ? POLLOUT : 0))};
	return 1;
}

uint64_t sap_mei_dev_deadline(const struct sap_mei_dev *d)
{
	return d ? d->next : 0;
}

uint32_t sap_mei_dev_longest(const struct sap_mei_dev *d)
{
	return d ? d->max_len : 0;
}

uint8_t sap_mei_dev_version(const struct sap_mei_dev *d)
{
	return d ? d->version : 0;
}

struct sap_mei_dev_trouble sap_mei_dev_why(const struct sap_mei_dev *d)
{
	return d ? d->why : (struct sap_mei_dev_trouble){.text = mei_dev_text(SAP_MEI_DEV_FINE)};
}
