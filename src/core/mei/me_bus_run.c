// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
/* The bus on a port: what is asked is done, what came is brought. */
#include "me_bus.h"

enum {
	BUS_MOST_STEPS = 1000
};

static enum sap_status bus_run_io(const struct sap_mei_port *port, struct sap_me_io *io)
{
	switch (io->op) {
	case SAP_ME_IO_READY:
	case SAP_ME_IO_NOT_READY:
		return port->ops->ready(port->self, io->op == SAP_ME_IO_READY);
	case SAP_ME_IO_SEND:
		return port->ops->send(port->self, io->frame, io->len);
	case SAP_ME_IO_MAP:
		return port->ops->map(port->self, io->address, io->size, &io->mem);
	case SAP_ME_IO_UNMAP:
		return port->ops->unmap(port->self);
	case SAP_ME_IO_NONE:
		break;
	}
	return SAP_INVALID;
}

/* False if nothing came. `io` lends its frame: two of them would not fit a small stack. */
static bool bus_bring(struct sap_me_bus *bus, const struct sap_mei_port *port, struct sap_me_io *io,
		      uint64_t now)
{
	enum sap_mei_input what = SAP_MEI_FRAME;
	enum sap_status status;
	size_t len = 0;

	if (bus->state.phase == SAP_ME_OFF || !sap_me_bus_wants_input(bus))
		return false;
	status = port->ops->recv(port->self, &what, io->frame, sizeof(io->frame), &len);
	if (status == SAP_AGAIN)
		return false;
	if (status == SAP_OK)
		(void)!sap_me_bus_input(bus, what, io->frame, len, now);
	else if (status == SAP_TOO_LONG)
		/* Dropped by the port; refused and counted here like one without a header. */
		(void)!sap_me_bus_input(bus, SAP_MEI_FRAME, io->frame, 0, now);
	else
		sap_me_bus_gone(bus, now);
	return true;
}

enum sap_status sap_me_bus_run(struct sap_me_bus *bus, const struct sap_mei_port *port, uint64_t now)
{
	struct sap_me_io io;
	uint32_t steps;

	if (!bus || !port || !port->ops)
		return SAP_INVALID;
	sap_me_bus_tick(bus, now);
	for (steps = 0; steps < BUS_MOST_STEPS; steps++) {
		if (sap_me_bus_next_io(bus, &io)) {
			/* A result that came too late is counted by the bus. */
			(void)!sap_me_bus_io_done(bus, &io, bus_run_io(port, &io), now);
			continue;
		}
		if (!bus_bring(bus, port, &io, now))
			break;
	}
	bus->busy = steps == BUS_MOST_STEPS;
	return SAP_OK;
}
