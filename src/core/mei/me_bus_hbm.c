// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
/* The bus: what a host says of the bus itself, and what it is answered. */
#include "me_bus.h"

#include "../../platform.h"

/* An answer to this command, zeroed but for it. */
static struct sap_hbm_message bus_answer(uint32_t command)
{
	struct sap_hbm_message reply;

	memset(&reply, 0, sizeof(reply));
	reply.command = (uint8_t)command;
	return reply;
}

/* The status of a request that is refused as it stands, where its answer has one. */
static void bus_answer_status(struct sap_me_bus *bus, const struct sap_hbm_message *request, uint8_t status)
{
	struct sap_hbm_message reply = bus_answer(request->command | 0x80u);

	switch ((enum sap_hbm_command)request->command) {
	case SAP_HBM_CLIENT_PROPERTIES:
		reply.client_properties_response.me_addr = request->client_properties.me_addr;
		reply.client_properties_response.status = status;
		break;
	case SAP_HBM_CONNECT:
	case SAP_HBM_DISCONNECT:
		reply.connection_response.me_addr = request->connection.me_addr;
		reply.connection_response.host_addr = request->connection.host_addr;
		reply.connection_response.status = status;
		break;
	case SAP_HBM_NOTIFY:
		reply.notify_response.me_addr = request->notify.me_addr;
		reply.notify_response.host_addr = request->notify.host_addr;
		reply.notify_response.status = status;
		reply.notify_response.start = request->notify.start;
		break;
	case SAP_HBM_DMA_SETUP:
	case SAP_HBM_CLIENT_DMA_MAP:
	case SAP_HBM_CLIENT_DMA_UNMAP:
		reply.dma_response.status = status;
		break;
	default:
		return;
	}
	(void)me_bus_reply(bus, &reply);
}

/* --- the beginning and the end --- */

static void bus_host_start(struct sap_me_bus *bus, const struct sap_hbm_message *m)
{
	struct sap_hbm_message reply = bus_answer(SAP_HBM_HOST_START_RESPONSE);
	const struct sap_me_bus_config *config = &bus->config;
	struct sap_me_state *s = &bus->state;
	uint32_t theirs = (uint32_t)m->host_start.major << 8 | m->host_start.minor;
	uint32_t ours = (uint32_t)config->major << 8 | config->minor;
	uint32_t agreed = theirs < ours ? theirs : ours;
	struct sap_me_event *event;

	/* A host that begins anew has forgotten what was. */
	if (s->phase != SAP_ME_READY) {
		me_bus_forget(bus);
		me_bus_event(bus, SAP_ME_EVENT_RESET);
	}
	s->phase = SAP_ME_STARTED;
	s->major = (uint8_t)(agreed >> 8);
	s->minor = (uint8_t)agreed;
	s->counters.starts++;
	reply.host_start_response.supported = theirs <= ours;
	reply.host_start_response.major = config->major;
	reply.host_start_response.minor = config->minor;
	(void)me_bus_reply(bus, &reply);
	event = me_bus_event(bus, SAP_ME_EVENT_STARTED);
	event->major = s->major;
	event->minor = s->minor;
}

static void bus_host_stop(struct sap_me_bus *bus, const struct sap_hbm_message *m)
{
	struct sap_hbm_message reply = bus_answer(SAP_HBM_HOST_STOP_RESPONSE);

	me_bus_forget(bus);
	bus->state.phase = SAP_ME_STOPPED;
	(void)me_bus_reply(bus, &reply);
	me_bus_event(bus, SAP_ME_EVENT_STOPPED)->value = m->stop.reason;
}

static void bus_capabilities(struct sap_me_bus *bus, const struct sap_hbm_message *m)
{
	struct sap_hbm_message reply = bus_answer(SAP_HBM_CAPABILITIES_RESPONSE);

	bus->state.capabilities = m->capabilities.flags & bus->config.capabilities;
	reply.capabilities.flags = bus->state.capabilities;
	(void)me_bus_reply(bus, &reply);
}

/* --- clients --- */

/* Older hosts do not know of fixed addresses. */
static bool bus_shows(const struct sap_me_bus *bus, uint32_t client)
{
	return bus->state.client[client].present &&
	       (!bus_is_fixed(bus_client(bus, client)) || bus_speaks(bus, 2, 0));
}

static void bus_host_enum(struct sap_me_bus *bus, const struct sap_hbm_message *m)
{
	struct sap_hbm_message reply = bus_answer(SAP_HBM_HOST_ENUM_RESPONSE);
	struct sap_me_state *s = &bus->state;

	for (uint32_t i = 0; i < bus->config.n_clients; i++) {
		uint8_t address = bus_client(bus, i)->me_addr;

		s->client[i].told = bus_shows(bus, i);
		s->client[i].told_late = false;
		if (s->client[i].told)
			reply.host_enum_response.bitmap[address / 8] |= (uint8_t)(1u << address % 8);
	}
	s->allow_add = bus_speaks(bus, 2, 0) && m->host_enum.flags & SAP_HBM_ENUM_ALLOW_ADD;
	s->phase = SAP_ME_ENUMERATED;
	(void)me_bus_reply(bus, &reply);
	me_bus_event(bus, SAP_ME_EVENT_ENUMERATED);
}

static void bus_properties(struct sap_me_bus *bus, const struct sap_hbm_message *m)
{
	struct sap_hbm_message reply = bus_answer(SAP_HBM_CLIENT_PROPERTIES_RESPONSE);
	uint32_t client = me_bus_find_client(bus, m->client_properties.me_addr);

	if (client == SAP_ME_CLIENTS) {
		me_bus_refuse(bus, SAP_ME_NO_CLIENT);
		bus_answer_status(bus, m, SAP_HBM_CLIENT_NOT_FOUND);
		return;
	}
	reply.client_properties_response.me_addr = m->client_properties.me_addr;
	reply.client_properties_response.properties = bus_client(bus, client)->properties;
	(void)me_bus_reply(bus, &reply);
}

static void bus_added(struct sap_me_bus *bus, const struct sap_hbm_message *m)
{
	uint32_t client = me_bus_find_client(bus, m->add_client_response.me_addr);
	struct sap_me_event *event;

	if (client == SAP_ME_CLIENTS || !bus->state.client[client].told_late) {
		me_bus_refuse(bus, SAP_ME_HBM_ANSWER);
		return;
	}
	bus->state.client[client].told_late = false;
	event = me_bus_event(bus, SAP_ME_EVENT_ADDED);
	event->client = (uint8_t)client;
	event->value = m->add_client_response.status;
}

/* --- credits, notifications, power --- */

static void bus_flow_control(struct sap_me_bus *bus, const struct sap_hbm_message *m)
{
	uint32_t at = me_bus_find(bus, m->connection.me_addr, m->connection.host_addr);
	struct sap_me_connection *c;

	if (at == BUS_NOBODY) {
		me_bus_refuse(bus, SAP_ME_NO_CONNECTION);
		return;
	}
	c = &bus->state.connection[at];
	if (c->host == BUS_HOST_LEAVING)
		bus->state.counters.late++;
	else if (c->credits < SAP_ME_CREDITS)
		c->credits++;
}

static void bus_notify(struct sap_me_bus *bus, const struct sap_hbm_message *m)
{
	uint32_t at = me_bus_find(bus, m->notify.me_addr, m->notify.host_addr);
	struct sap_me_connection *c = at == BUS_NOBODY ? NULL : &bus->state.connection[at];

	if (!c || c->host != BUS_HOST_CONNECTED) {
		me_bus_refuse(bus, SAP_ME_NO_CONNECTION);
		bus_answer_status(bus, m, SAP_HBM_CLIENT_NOT_FOUND);
		return;
	}
	c->notify = m->notify.start;
	c->owes_notification = c->owes_notification && c->notify;
	bus_answer_status(bus, m, SAP_HBM_SUCCESS);
	me_bus_event_of(bus, SAP_ME_EVENT_NOTIFY, c, c->notify);
}

static void bus_pg(struct sap_me_bus *bus, const struct sap_hbm_message *m)
{
	struct sap_hbm_message reply = bus_answer(m->command | 0x80u);

	(void)me_bus_reply(bus, &reply);
}

/* --- which of them --- */

/* Since which version of HBM a host may say this; 0: since ever. */
static uint32_t bus_since(uint8_t command)
{
	switch ((enum sap_hbm_command)command) {
	case SAP_HBM_PG_ENTRY:
	case SAP_HBM_PG_EXIT:
	case SAP_HBM_PG_EXIT_RESPONSE:
		return 0x101;
	case SAP_HBM_ADD_CLIENT_RESPONSE:
	case SAP_HBM_NOTIFY:
		return 0x200;
	case SAP_HBM_DMA_SETUP:
		return 0x201;
	case SAP_HBM_CAPABILITIES:
	case SAP_HBM_CLIENT_DMA_MAP:
	case SAP_HBM_CLIENT_DMA_UNMAP:
		return 0x202;
	default:
		return 0;
	}
}

static void bus_request(struct sap_me_bus *bus, const struct sap_hbm_message *m)
{
	switch ((enum sap_hbm_command)m->command) {
	case SAP_HBM_HOST_STOP:
		bus_host_stop(bus, m);
		break;
	case SAP_HBM_CAPABILITIES:
		bus_capabilities(bus, m);
		break;
	case SAP_HBM_HOST_ENUM:
		bus_host_enum(bus, m);
		break;
	case SAP_HBM_CLIENT_PROPERTIES:
		bus_properties(bus, m);
		break;
	case SAP_HBM_ADD_CLIENT_RESPONSE:
		bus_added(bus, m);
		break;
	case SAP_HBM_CONNECT:
		me_bus_connect(bus, m->connection.me_addr, m->connection.host_addr);
		break;
	case SAP_HBM_DISCONNECT:
		me_bus_disconnect(bus, m->connection.me_addr, m->connection.host_addr);
		break;
	case SAP_HBM_DISCONNECT_RESPONSE:
		me_bus_disconnected(bus, m->connection_response.me_addr, m->connection_response.host_addr);
		break;
	case SAP_HBM_FLOW_CONTROL:
		bus_flow_control(bus, m);
		break;
	case SAP_HBM_NOTIFY:
		bus_notify(bus, m);
		break;
	case SAP_HBM_CLIENT_DMA_MAP:
		me_bus_dma_map(bus, &m->dma_map);
		break;
	case SAP_HBM_CLIENT_DMA_UNMAP:
		me_bus_dma_unmap(bus, m->dma_unmap.buffer_id);
		break;
	case SAP_HBM_DMA_SETUP:
		me_bus_refuse(bus, SAP_ME_DMA);
		bus_answer_status(bus, m, SAP_HBM_NOT_ALLOWED);
		break;
	case SAP_HBM_PG_ENTRY:
	case SAP_HBM_PG_EXIT:
		bus_pg(bus, m);
		break;
	case SAP_HBM_PG_EXIT_RESPONSE:
		break;
	default:
		me_bus_refuse(bus, SAP_ME_HBM_UNKNOWN);
		break;
	}
}

void me_bus_hbm_input(struct sap_me_bus *bus, const struct sap_mei_frame *frame)
{
	struct sap_hbm_message message;
	enum sap_status status;
	uint32_t since;

	if (frame->tagged) {
		me_bus_refuse(bus, SAP_ME_BAD_TAG);
		return;
	}
	status = sap_hbm_decode(frame->payload.bytes, frame->payload.len, &message);
	since = bus_since(message.command);
	if (status == SAP_TOO_SHORT || !frame->complete) {
		me_bus_refuse(bus, SAP_ME_HBM_SHORT);
	} else if (status != SAP_OK) {
		me_bus_refuse(bus, SAP_ME_HBM_UNKNOWN);
	} else if (message.command == SAP_HBM_HOST_START) {
		bus_host_start(bus, &message);
	} else if (!bus_is_started(bus)) {
		me_bus_refuse(bus, SAP_ME_HBM_EARLY);
		bus_answer_status(bus, &message, SAP_HBM_NOT_STARTED);
	} else if (!bus_speaks(bus, since >> 8, since & 0xff)) {
		me_bus_refuse(bus, SAP_ME_HBM_OLD);
	} else {
		bus_request(bus, &message);
	}
}
