// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
/* The firmware's end of a virtual MEI device: records of /dev/vmei, as a port. docs/vmei.md has every byte. */
#define _POSIX_C_SOURCE	  200809L
#define _FILE_OFFSET_BITS 64 /* bus addresses are offsets */

#include <sap/mei/vmei.h>

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "vmei/vmei_uapi.h"

_Static_assert(SAP_VMEI_RECORD == VMEI_RECORD_MAX, "the header names the module's longest record");
_Static_assert(SAP_VMEI_STATUS == VMEI_FW_STATUS, "and its registers");

enum {
	HEAD = sizeof(struct vmei_record)
};

/* --- little-endian numbers, whatever the machine --- */

static void put16(uint8_t *at, uint16_t value)
{
	at[0] = (uint8_t)value;
	at[1] = (uint8_t)(value >> 8);
}

static void put32(uint8_t *at, uint32_t value)
{
	put16(at, (uint16_t)value);
	put16(at + 2, (uint16_t)(value >> 16));
}

static uint16_t get16(const uint8_t *at)
{
	return (uint16_t)(at[0] | at[1] << 8);
}

static uint32_t get32(const uint8_t *at)
{
	return get16(at) | (uint32_t)get16(at + 2) << 16;
}

/* --- records --- */

/* Writes one record; 0 or an errno. */
static int put_record(struct sap_vmei *vmei, uint16_t type, uint32_t generation, const void *payload,
		      size_t len)
{
	uint8_t record[VMEI_RECORD_MAX];
	ssize_t written;

	put16(record, type);
	put16(record + 2, (uint16_t)(HEAD + len));
	put32(record + 4, generation);
	if (len)
		memcpy(record + HEAD, payload, len);
	do
		written = write(vmei->fd, record, HEAD + len);
	while (written < 0 && errno == EINTR);
	return written < 0 ? errno : 0;
}

static int put_start(struct sap_vmei *vmei)
{
	uint8_t payload[sizeof(struct vmei_start) - HEAD];

	put16(payload, vmei->version);
	put16(payload + 2, vmei->flags);
	for (size_t i = 0; i < SAP_VMEI_STATUS; i++)
		put32(payload + 4 + 4 * i, vmei->fw_status[i]);
	return put_record(vmei, VMEI_START, 0, payload, sizeof(payload));
}

/* What a record's answer means. What failed otherwise ends the device. */
static enum sap_status status_of(struct sap_vmei *vmei, int error)
{
	if (!error)
		return SAP_OK;
	if (error == EAGAIN)
		return SAP_AGAIN;
	vmei->error = error;
	return error == ENODEV ? SAP_CLOSED : SAP_IO;
}

/* --- the port: ready --- */

/*
 * The first "ready" makes the device. Later ones answer the host's reset; without one the host has yet to see
 * the firmware's own, and will ask by then.
 */
static enum sap_status show_ready(struct sap_vmei *vmei)
{
	int error = 0;

	if (!vmei->started) {
		error = put_start(vmei);
		vmei->started = !error;
	} else if (vmei->asked) {
		error = put_record(vmei, VMEI_FW_READY, vmei->generation, NULL, 0);
		vmei->asked = error != 0;
	}
	return status_of(vmei, error);
}

static enum sap_status vmei_ready(void *self, bool ready)
{
	struct sap_vmei *vmei = self;

	if (vmei->fd < 0)
		return SAP_CLOSED;
	if (ready)
		return show_ready(vmei);
	if (!vmei->started)
		return SAP_OK;
	return status_of(vmei, put_record(vmei, VMEI_FW_RESET, vmei->generation, NULL, 0));
}

/* --- send --- */

static enum sap_status vmei_send(void *self, const void *frame, size_t len)
{
	struct sap_vmei *vmei = self;
	int error;

	if (!frame || len < 4)
		return SAP_INVALID;
	if (len > VMEI_FRAME_MAX)
		return SAP_TOO_LONG;
	if (vmei->fd < 0 || !vmei->started)
		return SAP_CLOSED;
	error = put_record(vmei, VMEI_FRAME, vmei->generation, frame, len);
	vmei->waiting = error == EAGAIN;
	switch (error) {
	case 0:
		vmei->counters.frames_out++;
		return SAP_OK;
	case EPROTO:
		vmei->counters.early++;
		return SAP_OK;
	case EBADMSG:
		vmei->counters.refused++;
		return SAP_OK;
	default:
		return status_of(vmei, error);
	}
}

/* --- recv --- */

static enum sap_status take_frame(struct sap_vmei *vmei, const uint8_t *record, size_t size, void *frame,
				  size_t cap, size_t *len)
{
	vmei->counters.frames_in++;
	*len = size - HEAD;
	if (*len > cap)
		return SAP_TOO_LONG;
	memcpy(frame, record + HEAD, *len);
	return SAP_OK;
}

static void take_online(struct sap_vmei *vmei, const uint8_t *record)
{
	int error = (int)get32(record + HEAD);

	vmei->minor = get32(record + HEAD + 4);
	vmei->online = error == 0;
	vmei->failed = error != 0;
	if (error)
		vmei->error = error;
}

static void take_reset(struct sap_vmei *vmei, const uint8_t *record)
{
	vmei->counters.resets++;
	vmei->generation = get32(record + 4);
	vmei->asked = true;
}

/* Reads one record; its size, 0 if there is none, or a negative errno. */
static ssize_t get_record(struct sap_vmei *vmei, uint8_t record[VMEI_RECORD_MAX])
{
	ssize_t size;

	do
		size = read(vmei->fd, record, VMEI_RECORD_MAX);
	while (size < 0 && errno == EINTR);
	if (size < 0)
		return errno == EAGAIN ? 0 : -errno;
	return size ? size : -EPIPE;
}

static bool is_whole(const uint8_t *record, ssize_t size, size_t least)
{
	return size >= (ssize_t)least && get16(record + 2) == size;
}

/* SAP_AGAIN: the record is nothing for the bus, look for the next one. */
static enum sap_status take_record(struct sap_vmei *vmei, const uint8_t *record, ssize_t size,
				   enum sap_mei_input *what, void *frame, size_t cap, size_t *len)
{
	uint16_t type = is_whole(record, size, HEAD) ? get16(record) : 0;

	*len = 0;
	switch (type) {
	case VMEI_FRAME:
		*what = SAP_MEI_FRAME;
		return take_frame(vmei, record, (size_t)size, frame, cap, len);
	case VMEI_HOST_RESET:
		take_reset(vmei, record);
		*what = SAP_MEI_HOST_RESET;
		return SAP_OK;
	case VMEI_HOST_READY:
		*what = SAP_MEI_HOST_READY;
		return SAP_OK;
	case VMEI_ONLINE:
		if (is_whole(record, size, sizeof(struct vmei_online))) {
			take_online(vmei, record);
			return vmei->failed ? SAP_CLOSED : SAP_AGAIN;
		}
		break;
	default:
		break;
	}
	vmei->counters.foreign++;
	return SAP_AGAIN;
}

static enum sap_status vmei_recv(void *self, enum sap_mei_input *what, void *frame, size_t cap, size_t *len)
{
	struct sap_vmei *vmei = self;
	uint8_t record[VMEI_RECORD_MAX];
	enum sap_status status;
	ssize_t size;

	if (!what || !len || (!frame && cap))
		return SAP_INVALID;
	if (vmei->fd < 0 || vmei->failed)
		return SAP_CLOSED;
	do {
		size = get_record(vmei, record);
		if (size <= 0)
			return size ? status_of(vmei, (int)-size) : SAP_AGAIN;
		status = take_record(vmei, record, size, what, frame, cap, len);
	} while (status == SAP_AGAIN);
	return status;
}

/* --- the window --- */

static enum sap_status vmei_map(void *self, uint64_t address, uint32_t size, struct sap_mem *mem)
{
	struct sap_vmei *vmei = self;
	void *window;

	if (!mem || !size)
		return SAP_INVALID;
	if (vmei->fd < 0)
		return SAP_CLOSED;
	if (vmei->window || address > INT64_MAX || sizeof(off_t) < sizeof(address))
		return SAP_IO;
	window = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED, vmei->fd, (off_t)address);
	if (window == MAP_FAILED) {
		vmei->error = errno;
		return SAP_IO;
	}
	vmei->window = window;
	vmei->window_size = size;
	mem->base = window;
	mem->size = size;
	return SAP_OK;
}

static enum sap_status vmei_unmap(void *self)
{
	struct sap_vmei *vmei = self;

	if (vmei->window)
		munmap(vmei->window, vmei->window_size);
	vmei->window = NULL;
	return SAP_OK;
}

static const struct sap_mei_port_ops vmei_ops = {
	.ready = vmei_ready,
	.send = vmei_send,
	.recv = vmei_recv,
	.map = vmei_map,
	.unmap = vmei_unmap,
};

/* --- open and close --- */

void sap_vmei_config_default(struct sap_vmei_config *config)
{
	if (!config)
		return;
	*config = (struct sap_vmei_config){.fd = -1, .path = "/dev/vmei"};
}

/* The module says what it speaks; ours is the newest that both know. */
static enum sap_status agree(struct sap_vmei *vmei)
{
	uint8_t record[VMEI_RECORD_MAX];
	ssize_t size = get_record(vmei, record);
	uint16_t oldest, newest;

	if (size < 0)
		vmei->error = (int)-size;
	if (size <= 0 || !is_whole(record, size, sizeof(struct vmei_hello)) || get16(record) != VMEI_HELLO)
		return SAP_UNSUPPORTED;
	oldest = get16(record + HEAD);
	newest = get16(record + HEAD + 2);
	if (oldest > VMEI_VERSION_MAX || newest < VMEI_VERSION_MIN)
		return SAP_UNSUPPORTED;
	vmei->version = newest < VMEI_VERSION_MAX ? newest : VMEI_VERSION_MAX;
	return SAP_OK;
}

static enum sap_status get_descriptor(struct sap_vmei *vmei, const struct sap_vmei_config *config)
{
	int flags;

	vmei->fd = config->fd >= 0 ? config->fd : open(config->path, O_RDWR | O_CLOEXEC | O_NONBLOCK);
	if (vmei->fd < 0) {
		vmei->error = errno;
		return errno == EMFILE ? SAP_BUSY : SAP_IO;
	}
	flags = fcntl(vmei->fd, F_GETFL);
	if (flags < 0 || fcntl(vmei->fd, F_SETFL, flags | O_NONBLOCK) < 0) {
		vmei->error = errno;
		return SAP_IO;
	}
	return SAP_OK;
}

enum sap_status sap_vmei_open(struct sap_vmei *vmei, size_t size, const struct sap_vmei_config *config)
{
	enum sap_status status;

	if (!vmei || !config || (config->fd < 0 && !config->path))
		return SAP_INVALID;
	if (size != sizeof(*vmei))
		return SAP_TOO_SMALL;
	memset(vmei, 0, sizeof(*vmei));
	vmei->flags = config->fw_version ? VMEI_START_FW_VERSION : 0;
	memcpy(vmei->fw_status, config->fw_status, sizeof(vmei->fw_status));
	status = get_descriptor(vmei, config);
	if (status == SAP_OK)
		status = agree(vmei);
	if (status != SAP_OK)
		sap_vmei_close(vmei);
	return status;
}

void sap_vmei_close(struct sap_vmei *vmei)
{
	if (!vmei)
		return;
	vmei_unmap(vmei);
	if (vmei->fd >= 0)
		close(vmei->fd);
	vmei->fd = -1;
}

/* --- what else there is to know --- */

struct sap_mei_port sap_vmei_port(struct sap_vmei *vmei)
{
	if (!vmei)
		return (struct sap_mei_port){NULL, NULL};
	return (struct sap_mei_port){&vmei_ops, vmei};
}

int sap_vmei_fd(const struct sap_vmei *vmei)
{
	return vmei ? vmei->fd : -1;
}

short sap_vmei_events(const struct sap_vmei *vmei)
{
	return vmei && vmei->waiting ? POLLIN | POLLOUT : POLLIN;
}

enum sap_status sap_vmei_minor(const struct sap_vmei *vmei, uint32_t *minor)
{
	if (!vmei || !minor)
		return SAP_INVALID;
	if (vmei->fd < 0 || vmei->failed)
		return SAP_CLOSED;
	if (!vmei->online)
		return SAP_AGAIN;
	*minor = vmei->minor;
	return SAP_OK;
}

enum sap_status sap_vmei_set_status(struct sap_vmei *vmei, const uint32_t status[SAP_VMEI_STATUS])
{
	uint8_t payload[4 * SAP_VMEI_STATUS];

	if (!vmei || !status)
		return SAP_INVALID;
	if (vmei->fd < 0)
		return SAP_CLOSED;
	memcpy(vmei->fw_status, status, sizeof(vmei->fw_status));
	if (!vmei->started)
		return SAP_OK;
	for (size_t i = 0; i < SAP_VMEI_STATUS; i++)
		put32(payload + 4 * i, status[i]);
	return status_of(vmei, put_record(vmei, VMEI_FW_STATE, vmei->generation, payload, sizeof(payload)));
}
