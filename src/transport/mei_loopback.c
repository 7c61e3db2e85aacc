// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
/* A MEI device in memory: two lanes of records, and windows on what the host offers. */
#include <sap/mei/loopback.h>

#include "../platform.h"

static void lane_empty(struct sap_mei_loopback_lane *lane)
{
	lane->at = 0;
	lane->count = 0;
}

static enum sap_status lane_put(struct sap_mei_loopback_lane *lane, enum sap_mei_input what,
				const void *frame, size_t len)
{
	struct sap_mei_loopback_record *record;

	if (len > SAP_MEI_LOOPBACK_FRAME)
		return SAP_TOO_LONG;
	if (lane->count == SAP_MEI_LOOPBACK_DEPTH)
		return SAP_AGAIN;
	record = &lane->record[(lane->at + lane->count++) % SAP_MEI_LOOPBACK_DEPTH];
	record->what = (uint32_t)what;
	record->len = (uint32_t)len;
	if (len)
		memcpy(record->frame, frame, len);
	return SAP_OK;
}

static enum sap_status lane_take(struct sap_mei_loopback_lane *lane, enum sap_mei_input *what, void *frame,
				 size_t cap, size_t *len)
{
	const struct sap_mei_loopback_record *record = &lane->record[lane->at];

	if (!lane->count)
		return SAP_AGAIN;
	lane->at = (lane->at + 1) % SAP_MEI_LOOPBACK_DEPTH;
	lane->count--;
	*what = (enum sap_mei_input)record->what;
	*len = record->len;
	if (record->len > cap)
		return SAP_TOO_LONG;
	if (record->len)
		memcpy(frame, record->frame, record->len);
	return SAP_OK;
}

/* --- the firmware's end --- */

static enum sap_status mei_loopback_ready(void *self, bool ready)
{
	struct sap_mei_loopback *loop = self;

	if (loop->gone)
		return SAP_CLOSED;
	/* A firmware that dies takes along what it did not read, and the host what it was not read. */
	if (!ready) {
		lane_empty(&loop->to_firmware);
		lane_empty(&loop->to_host);
	}
	loop->ready = ready;
	return SAP_OK;
}

static enum sap_status mei_loopback_send(void *self, const void *frame, size_t len)
{
	struct sap_mei_loopback *loop = self;

	if (!frame)
		return SAP_INVALID;
	if (loop->gone)
		return SAP_CLOSED;
	/* The host is resetting: nobody will read it. */
	if (!loop->ready)
		return SAP_OK;
	if (loop->frozen)
		return SAP_AGAIN;
	return lane_put(&loop->to_host, SAP_MEI_FRAME, frame, len);
}

static enum sap_status mei_loopback_recv(void *self, enum sap_mei_input *what, void *frame, size_t cap,
					 size_t *len)
{
	struct sap_mei_loopback *loop = self;

	if (!what || !len || (!frame && cap))
		return SAP_INVALID;
	return loop->gone ? SAP_CLOSED : lane_take(&loop->to_firmware, what, frame, cap, len);
}

static enum sap_status mei_loopback_map(void *self, uint64_t address, uint32_t size, struct sap_mem *mem)
{
	struct sap_mei_loopback *loop = self;

	if (!mem)
		return SAP_INVALID;
	if (loop->gone)
		return SAP_CLOSED;
	if (loop->window_size)
		return SAP_IO;
	for (uint32_t i = 0; i < SAP_MEI_LOOPBACK_REGIONS; i++) {
		const struct sap_mei_loopback_region *region = &loop->region[i];

		if (size && region->address == address && region->size >= size) {
			loop->window = address;
			loop->window_size = size;
			mem->base = region->memory;
			mem->size = size;
			return SAP_OK;
		}
	}
	return SAP_IO;
}

static enum sap_status mei_loopback_unmap(void *self)
{
	struct sap_mei_loopback *loop = self;

	loop->window_size = 0;
	return SAP_OK;
}

static const struct sap_mei_port_ops mei_loopback_ops = {
	.ready = mei_loopback_ready,
	.send = mei_loopback_send,
	.recv = mei_loopback_recv,
	.map = mei_loopback_map,
	.unmap = mei_loopback_unmap,
};

void sap_mei_loopback_init(struct sap_mei_loopback *loop)
{
	if (loop)
		memset(loop, 0, sizeof(*loop));
}

struct sap_mei_port sap_mei_loopback_port(struct sap_mei_loopback *loop)
{
	if (!loop)
		return (struct sap_mei_port){NULL, NULL};
	return (struct sap_mei_port){&mei_loopback_ops, loop};
}

/* --- the host's end --- */

enum sap_status sap_mei_loopback_host_send(struct sap_mei_loopback *loop, const void *frame, size_t len)
{
	if (!loop || !frame)
		return SAP_INVALID;
	if (loop->gone || !loop->ready)
		return SAP_CLOSED;
	return lane_put(&loop->to_firmware, SAP_MEI_FRAME, frame, len);
}

enum sap_status sap_mei_loopback_host_recv(struct sap_mei_loopback *loop, void *frame, size_t cap,
					   size_t *len)
{
	enum sap_mei_input what;

	if (!loop || !frame || !len)
		return SAP_INVALID;
	if (loop->gone || !loop->ready)
		return SAP_CLOSED;
	return lane_take(&loop->to_host, &what, frame, cap, len);
}

void sap_mei_loopback_host_reset(struct sap_mei_loopback *loop)
{
	if (!loop || loop->gone)
		return;
	lane_empty(&loop->to_host);
	lane_empty(&loop->to_firmware);
	loop->ready = false;
	loop->resets++;
	/* There is room: the lane is empty. */
	(void)!lane_put(&loop->to_firmware, SAP_MEI_HOST_RESET, NULL, 0);
}

enum sap_status sap_mei_loopback_host_signal(struct sap_mei_loopback *loop, enum sap_mei_input what)
{
	if (!loop || (what != SAP_MEI_HOST_READY && what != SAP_MEI_HOST_WAKES))
		return SAP_INVALID;
	return loop->gone ? SAP_CLOSED : lane_put(&loop->to_firmware, what, NULL, 0);
}

bool sap_mei_loopback_is_ready(const struct sap_mei_loopback *loop)
{
	return loop && loop->ready && !loop->gone;
}

enum sap_status sap_mei_loopback_offer(struct sap_mei_loopback *loop, uint64_t address, void *memory,
				       uint32_t size)
{
	if (!loop || !memory || !size)
		return SAP_INVALID;
	for (uint32_t i = 0; i < SAP_MEI_LOOPBACK_REGIONS; i++) {
		if (!loop->region[i].size) {
			loop->region[i] = (struct sap_mei_loopback_region){address, size, memory};
			return SAP_OK;
		}
	}
	return SAP_NO_ROOM;
}

enum sap_status sap_mei_loopback_withdraw(struct sap_mei_loopback *loop, uint64_t address)
{
	if (!loop)
		return SAP_INVALID;
	if (loop->window_size && loop->window == address)
		return SAP_AGAIN;
	for (uint32_t i = 0; i < SAP_MEI_LOOPBACK_REGIONS; i++) {
		if (loop->region[i].size && loop->region[i].address == address)
			loop->region[i].size = 0;
	}
	return SAP_OK;
}

void sap_mei_loopback_unplug(struct sap_mei_loopback *loop)
{
	if (!loop)
		return;
	loop->gone = true;
	lane_empty(&loop->to_host);
	lane_empty(&loop->to_firmware);
}
