// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
/* One engine, one transport: what is asked is done, what came is brought, and time passes. */
#include <sap/pump.h>

enum {
	MOST_STEPS = 1000
};

/* --- either engine --- */

static bool pump_next_io(struct sap_pump *pump, struct sap_io *io)
{
	return pump->host ? sap_host_next_io(pump->host, io) : sap_csme_next_io(pump->csme, io);
}

static enum sap_status pump_io_done(struct sap_pump *pump, const struct sap_io *io, enum sap_status status,
				    uint64_t now)
{
	return pump->host ? sap_host_io_done(pump->host, io, status, now)
			  : sap_csme_io_done(pump->csme, io, status, now);
}

static enum sap_status pump_input(struct sap_pump *pump, const uint8_t *bytes, size_t len, uint64_t now)
{
	return pump->host ? sap_host_me_input(pump->host, bytes, len, now)
			  : sap_csme_me_input(pump->csme, bytes, len, now);
}

static void pump_closed(struct sap_pump *pump, enum sap_status why, uint64_t now)
{
	if (pump->host)
		sap_host_closed(pump->host, why, now);
	else
		sap_csme_closed(pump->csme, why, now);
}

void sap_pump_retry(struct sap_pump *pump, uint64_t now)
{
	if (!pump)
		return;
	if (pump->host)
		sap_host_retry(pump->host, now);
	else if (pump->csme)
		sap_csme_retry(pump->csme, now);
}

static void pump_tick(struct sap_pump *pump, uint64_t now)
{
	if (pump->host)
		sap_host_tick(pump->host, now);
	else
		sap_csme_tick(pump->csme, now);
}

/* --- one request --- */

static enum sap_status pump_lane(struct sap_pump *pump, const struct sap_io *io)
{
	return pump->lane ? sap_packets_apply(pump->lane, io) : SAP_OK;
}

static enum sap_status pump_do(struct sap_pump *pump, struct sap_io *io)
{
	const struct sap_transport_ops *ops = pump->transport.ops;
	void *self = pump->transport.self;

	switch (io->op) {
	case SAP_IO_MAP:
		return ops->map(self, io->size, &io->mem);
	case SAP_IO_CONNECT:
		return ops->connect(self);
	case SAP_IO_SEND:
		return ops->send(self, io->message, io->len);
	case SAP_IO_LANE:
		return pump_lane(pump, io);
	case SAP_IO_DISCONNECT:
		return ops->disconnect(self);
	case SAP_IO_UNMAP:
		return ops->unmap(self);
	case SAP_IO_NONE:
		break;
	}
	return SAP_INVALID;
}

/* --- one message --- */

static bool pump_wants_input(const struct sap_pump *pump)
{
	return pump->host ? sap_host_wants_input(pump->host) : sap_csme_wants_input(pump->csme);
}

/* False if there is none. */
static bool pump_bring(struct sap_pump *pump, uint64_t now)
{
	/* Longer than any of the protocol, as the Linux driver's own buffer is. */
	uint8_t message[100];
	size_t len = 0;
	enum sap_status status;

	if (!pump_wants_input(pump))
		return false;
	status = pump->transport.ops->recv(pump->transport.self, message, sizeof(message), &len);
	if (status == SAP_AGAIN)
		return false;
	if (status == SAP_OK) {
		/* What is refused is counted by the engine. */
		(void)!pump_input(pump, message, len, now);
	} else if (status == SAP_TOO_LONG) {
		/* Dropped by the transport; refused and counted by the engine like one that has no header. */
		(void)!pump_input(pump, message, 0, now);
	} else {
		pump_closed(pump, status, now);
	}
	return true;
}

enum sap_status sap_pump_run(struct sap_pump *pump, uint64_t now)
{
	struct sap_io io;
	uint32_t steps;

	if (!pump || !pump->host == !pump->csme || !pump->transport.ops)
		return SAP_INVALID;
	pump_tick(pump, now);
	for (steps = 0; steps < MOST_STEPS; steps++) {
		if (pump_next_io(pump, &io)) {
			/* A result that came too late is counted by the engine. */
			(void)!pump_io_done(pump, &io, pump_do(pump, &io), now);
			continue;
		}
		if (!pump_bring(pump, now))
			break;
	}
	pump->busy = steps == MOST_STEPS;
	return SAP_OK;
}

uint64_t sap_pump_deadline(const struct sap_pump *pump)
{
	if (pump->busy)
		return 0;
	return pump->host ? sap_host_deadline(pump->host) : sap_csme_deadline(pump->csme);
}
