// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
#include "recorder.h"

#include <string.h>

enum {
	DIGEST_AFTER = 50, /* records */
};

/* --- writing --- */

static void write_now(struct sim_recorder *r, const struct sim_record *record)
{
	r->to.write(r->to.self, record);
	r->records++;
}

/* First the call that it belongs to. */
static void write_record(struct sim_recorder *r, const struct sim_record *record)
{
	if (r->waits.kind)
		write_now(r, &r->waits);
	r->waits.kind = 0;
	write_now(r, record);
}

static void write_digest(struct sim_recorder *r, enum sim_record_kind kind)
{
	struct sim_record record = {.kind = kind, .digest = sim_digest(r->pump), .history = *r->history};

	write_now(r, &record);
	r->records = 0;
}

/* --- memory --- */

static const struct sap_area *area_of(const struct sim_recorder *r)
{
	return r->pump->host ? sap_host_area(r->pump->host) : sap_csme_area(r->pump->csme);
}

static void sync_in(struct sim_recorder *r)
{
	struct sim_record record;

	sim_shadow_in(&r->shadow, area_of(r), &record);
	if (record.count)
		write_record(r, &record);
}

static void sync_in_all(struct sim_recorder *r)
{
	struct sim_record record;

	sim_shadow_in_all(&r->shadow, &record);
	if (record.count)
		write_record(r, &record);
}

static void sync_out(struct sim_recorder *r)
{
	sim_shadow_out(&r->shadow, area_of(r));
}

/* As far as any layout of the engine's reaches. */
static uint32_t largest(const struct sim_recorder *r)
{
	const struct sap_link_config *link =
		r->pump->host ? &r->pump->host->config.link : &r->pump->csme->config.link;
	uint32_t size = link->layouts[0]->size;

	if (link->layouts[1] && link->layouts[1]->size > size)
		size = link->layouts[1]->size;
	return size;
}

/* --- the operations --- */

static uint32_t me_type(const uint8_t *message, size_t len)
{
	if (len < SAP_ME_HEADER_SIZE)
		return 0;
	return message[0] | (uint32_t)message[1] << 8 | (uint32_t)message[2] << 16 |
	       (uint32_t)message[3] << 24;
}

static enum sap_status op_map(void *self, uint32_t size, struct sap_mem *mem)
{
	struct sim_recorder *r = self;
	struct sim_record record = {.kind = SIM_RECORD_MAP, .asked = size};
	struct sap_mem live = {NULL, 0};

	record.status = r->inner.ops->map(r->inner.self, size, &live);
	if (record.status == SAP_OK && live.base) {
		sim_shadow_open(&r->shadow, r->pump->host ? SAP_ROLE_HOST : SAP_ROLE_CSME, &live, largest(r));
		*mem = (struct sap_mem){r->shadow.memory, r->shadow.size};
		record.size = r->shadow.size;
		r->agreed = false;
	}
	write_record(r, &record);
	if (record.size && r->pump->csme)
		sync_in_all(r);
	return record.status;
}

static enum sap_status op_connect(void *self)
{
	struct sim_recorder *r = self;
	struct sim_record record = {.kind = SIM_RECORD_CONNECT};

	sync_out(r);
	record.status = r->inner.ops->connect(r->inner.self);
	write_record(r, &record);
	return record.status;
}

static enum sap_status op_send(void *self, const void *message, size_t len)
{
	struct sim_recorder *r = self;
	struct sim_record record = {.kind = SIM_RECORD_SEND, .bytes = message, .len = (uint32_t)len};

	sync_out(r);
	record.status = r->inner.ops->send(r->inner.self, message, len);
	if (record.status == SAP_OK && me_type(message, len) == SAP_ME_START_OK)
		r->agreed = true;
	write_record(r, &record);
	return record.status;
}

static enum sap_status op_recv(void *self, void *message, size_t cap, size_t *len)
{
	struct sim_recorder *r = self;
	struct sim_record record = {.kind = SIM_RECORD_RECV};

	sync_out(r);
	record.status = r->inner.ops->recv(r->inner.self, message, cap, len);
	/* That nothing came goes without saying: a pump asks for nothing more then. */
	if (record.status == SAP_AGAIN)
		return SAP_AGAIN;
	if (record.status == SAP_OK) {
		record.bytes = message;
		record.len = (uint32_t)*len;
	} else if (record.status == SAP_TOO_LONG) {
		record.size = (uint32_t)*len;
	}
	write_record(r, &record);
	/* What a message announces was written before it was sent, and is there now. */
	if (r->pump->csme && !r->agreed && record.status == SAP_OK && me_type(message, *len) == SAP_ME_START)
		sync_in_all(r);
	else
		sync_in(r);
	return record.status;
}

static enum sap_status op_disconnect(void *self)
{
	struct sim_recorder *r = self;
	struct sim_record record = {.kind = SIM_RECORD_DISCONNECT};

	sync_out(r);
	record.status = r->inner.ops->disconnect(r->inner.self);
	write_record(r, &record);
	return record.status;
}

static enum sap_status op_unmap(void *self)
{
	struct sim_recorder *r = self;
	struct sim_record record = {.kind = SIM_RECORD_UNMAP};

	sync_out(r);
	record.status = r->inner.ops->unmap(r->inner.self);
	if (record.status != SAP_AGAIN)
		sim_shadow_close(&r->shadow);
	write_record(r, &record);
	return record.status;
}

static const struct sap_transport_ops ops = {
	.map = op_map,
	.connect = op_connect,
	.send = op_send,
	.recv = op_recv,
	.disconnect = op_disconnect,
	.unmap = op_unmap,
};

/* --- around them --- */

void sim_recorder_start(struct sim_recorder *r, struct sap_pump *pump, const struct sim_recording *to,
			const uint64_t *history)
{
	memset(r, 0, sizeof(*r));
	r->pump = pump;
	r->inner = pump->transport;
	r->to = *to;
	r->history = history;
	pump->transport = (struct sap_transport){&ops, r};
}

void sim_recorder_begin(struct sim_recorder *r, const struct sim_record *call)
{
	if (!r || r->depth++)
		return;
	r->waits = *call;
	sync_in(r);
}

void sim_recorder_door(struct sim_recorder *r, enum sap_status answer)
{
	if (r)
		write_record(r, &(struct sim_record){.kind = SIM_RECORD_DOOR, .status = answer});
}

void sim_recorder_end(struct sim_recorder *r, bool changed, enum sap_status answer)
{
	if (!r || --r->depth)
		return;
	sync_out(r);
	if (r->waits.kind && changed)
		write_now(r, &r->waits);
	r->waits.kind = 0;
	if (answer != SAP_OK)
		write_now(r, &(struct sim_record){.kind = SIM_RECORD_ANSWER, .status = answer});
	if (r->records >= DIGEST_AFTER)
		write_digest(r, SIM_RECORD_DIGEST);
}

void sim_recorder_stop(struct sim_recorder *r)
{
	write_digest(r, SIM_RECORD_END);
	r->pump->transport = r->inner;
	sim_shadow_close(&r->shadow);
}
