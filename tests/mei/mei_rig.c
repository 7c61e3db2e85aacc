// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
#include "mei_rig.h"

#define ECHO_GUID(last)                                                                                     \
	{                                                                                                   \
		{                                                                                           \
			0xe0, 0xe1, 0xe2, 0xe3, 0xe4, 0xe5, 0xe6, 0xe7, 0xe8, 0xe9, 0xea, 0xeb, 0xec, 0xed, \
				0xee, (last)                                                                \
		}                                                                                           \
	}

const struct sap_me_client mei_clients[CLIENTS] = {
	[WLAN] = {.me_addr = WLAN_ADDR,
		  .dma = true,
		  .properties = {.guid = {{0x04, 0x09, 0x28, 0x13, 0x92, 0x77, 0xcb, 0x4f, 0xa1, 0xaa, 0x5e,
					   0x70, 0xcb, 0xb1, 0xe8, 0x65}},
				 .protocol_version = 1,
				 .max_connections = 1,
				 .max_msg_length = 128}},
	[AMTHI] = {.me_addr = AMTHI_ADDR,
		   .properties = {.guid = ECHO_GUID(1),
				  .protocol_version = 1,
				  .max_connections = 5,
				  .flags = SAP_HBM_CLIENT_VTAG,
				  .max_msg_length = 5120}},
	[MKHI] = {.me_addr = MKHI_ADDR,
		  .properties = {.guid = ECHO_GUID(2),
				 .protocol_version = 2,
				 .max_connections = 2,
				 .max_msg_length = 2048}},
	[MKHI_FIXED] = {.me_addr = MKHI_FIXED_ADDR,
			.properties = {.guid = ECHO_GUID(3),
				       .protocol_version = 1,
				       .fixed_address = MKHI_FIXED_ADDR,
				       .max_msg_length = 300}},
	[ECHO] = {.me_addr = ECHO_ADDR,
		  .properties = {.guid = ECHO_GUID(4),
				 .protocol_version = 1,
				 .max_connections = 3,
				 .max_msg_length = 5120}},
	[SINGLE] = {.me_addr = SINGLE_ADDR,
		    .properties = {.guid = ECHO_GUID(5),
				   .protocol_version = 1,
				   .max_connections = 3,
				   .flags = SAP_HBM_CLIENT_SINGLE_RECV_BUF,
				   .max_msg_length = 200}},
	[LATER] = {.me_addr = LATER_ADDR,
		   .later = true,
		   .properties = {.guid = ECHO_GUID(6),
				  .protocol_version = 1,
				  .max_connections = 1,
				  .max_msg_length = 64}},
};

static const struct sap_amthi_setting_version versions[] = {{"Flash", "16.1.25"}, {"AMT", "16.1.26"}};

static void add_server(struct mei_rig *rig, uint32_t client, uint32_t nth)
{
	struct sap_mei_server *server = &rig->server[rig->servers++];

	assert_true(rig->servers <= MEI_SERVERS);
	server->transport = sap_me_bus_transport(&rig->bus, client, nth);
	server->size = mei_clients[client].properties.max_msg_length;
	server->request = test_malloc(server->size);
	server->reply = test_malloc(server->size);
	server->answer = sap_echo_answer;
	if (client == AMTHI) {
		server->answer = sap_amthi_answer;
		server->self = &rig->amthi;
	} else if (client == MKHI || client == MKHI_FIXED) {
		server->answer = sap_mkhi_answer;
		server->self = &rig->mkhi;
	}
}

struct mei_rig *mei_rig_new(const struct sap_me_bus_config *config)
{
	struct mei_rig *rig = test_calloc(1, sizeof(*rig));
	struct sap_me_bus_config filled;

	sap_me_bus_config_default(&filled);
	if (config)
		filled = *config;
	if (!filled.clients) {
		filled.clients = mei_clients;
		filled.n_clients = CLIENTS;
	}
	filled.memory_size = sap_me_bus_memory(&filled);
	assert_int_not_equal(filled.memory_size, 0);
	rig->memory = test_malloc(filled.memory_size);
	filled.memory = rig->memory;
	rig->now = MEI_START;
	rig->amthi.bios = "BIOS 1.2";
	rig->amthi.versions = versions;
	rig->amthi.n_versions = 2;
	rig->amthi.control_mode = SAP_AMT_CONTROL_ADMIN;
	rig->mkhi.fw[0] = (struct sap_mkhi_fw_block){1, 16, 9, 1865, 25};
	rig->mkhi.n_fw = 1;
	sap_mei_loopback_init(&rig->loop);
	rig->port = sap_mei_loopback_port(&rig->loop);
	hbm_host_init(&rig->host, &rig->loop);
	assert_status(sap_me_bus_init(&rig->bus, sizeof(rig->bus), &filled, rig->now), SAP_OK);
	for (uint32_t client = AMTHI; client < filled.n_clients; client++) {
		for (uint32_t nth = 0; sap_me_bus_transport(&rig->bus, client, nth).ops; nth++)
			add_server(rig, client, nth);
	}
	assert_status(sap_me_bus_start(&rig->bus, rig->now), SAP_OK);
	return rig;
}

void mei_rig_free(struct mei_rig *rig)
{
	if (rig->host.complaints && !rig->quiet)
		test_fail("the host complains %u times: %s", rig->host.complaints, rig->host.complaint);
	if (rig->bus.state.counters.events_lost)
		test_fail("%u events lost", rig->bus.state.counters.events_lost);
	for (uint32_t i = 0; i < rig->servers; i++) {
		test_free(rig->server[i].request);
		test_free(rig->server[i].reply);
	}
	test_free(rig->memory);
	test_free(rig);
}

struct sap_transport mei_take(struct mei_rig *rig, uint32_t client, uint32_t nth)
{
	struct sap_transport mine = sap_me_bus_transport(&rig->bus, client, nth);

	assert_non_null(mine.ops);
	for (uint32_t i = 0; i < rig->servers; i++) {
		if (rig->server[i].transport.self == mine.self)
			rig->server[i].transport.ops = NULL;
	}
	return mine;
}

/* --- events --- */

static const char *const names[] = {
	[SAP_ME_EVENT_STARTED] = "STARTED",
	[SAP_ME_EVENT_ENUMERATED] = "ENUMERATED",
	[SAP_ME_EVENT_RESET] = "RESET",
	[SAP_ME_EVENT_STOPPED] = "STOPPED",
	[SAP_ME_EVENT_GONE] = "GONE",
	[SAP_ME_EVENT_CONNECTED] = "CONNECTED",
	[SAP_ME_EVENT_DISCONNECTED] = "DISCONNECTED",
	[SAP_ME_EVENT_NOTIFY] = "NOTIFY",
	[SAP_ME_EVENT_ADDED] = "ADDED",
	[SAP_ME_EVENT_MAPPED] = "MAPPED",
	[SAP_ME_EVENT_UNMAPPED] = "UNMAPPED",
	[SAP_ME_EVENT_ASLEEP] = "ASLEEP",
};

static void note(struct mei_rig *rig, const struct sap_me_event *event)
{
	size_t len = strlen(rig->events);
	char *at = rig->events + len;
	size_t room = sizeof(rig->events) - len;
	const char *comma = len ? "; " : "";

	switch (event->type) {
	case SAP_ME_EVENT_STARTED:
		snprintf(at, room, "%sSTARTED %u.%u", comma, event->major, event->minor);
		break;
	case SAP_ME_EVENT_CONNECTED:
	case SAP_ME_EVENT_DISCONNECTED:
		snprintf(at, room, "%s%s %u.%u by %u", comma, names[event->type], event->client, event->nth,
			 event->host_addr);
		break;
	case SAP_ME_EVENT_NOTIFY:
		snprintf(at, room, "%sNOTIFY %u.%u %u", comma, event->client, event->nth, event->value);
		break;
	case SAP_ME_EVENT_ADDED:
		snprintf(at, room, "%sADDED %u %u", comma, event->client, event->value);
		break;
	case SAP_ME_EVENT_MAPPED:
	case SAP_ME_EVENT_STOPPED:
	case SAP_ME_EVENT_ASLEEP:
		snprintf(at, room, "%s%s %u", comma, names[event->type], event->value);
		break;
	default:
		snprintf(at, room, "%s%s", comma, names[event->type]);
		break;
	}
}

void mei_events_are(struct mei_rig *rig, const char *expected, const char *file, int line)
{
	if (strcmp(rig->events, expected) != 0) {
		print_error("events: %s\ninstead: %s\n", rig->events, expected);
		_fail(file, line);
	}
	rig->events[0] = '\0';
}

/* --- running --- */

static bool run_once(struct mei_rig *rig)
{
	struct sap_me_counters before = rig->bus.state.counters;
	struct sap_me_event event;
	bool did = hbm_host_run(&rig->host);

	assert_status(sap_me_bus_run(&rig->bus, &rig->port, rig->now), SAP_OK);
	for (uint32_t i = 0; i < rig->servers; i++)
		did |= rig->server[i].transport.ops && sap_mei_server_run(&rig->server[i]);
	for (uint32_t i = 0; i < 2; i++) {
		if (rig->pump[i])
			assert_status(sap_pump_run(rig->pump[i], rig->now), SAP_OK);
	}
	while (!rig->hoarding && sap_me_bus_next_event(&rig->bus, &event)) {
		note(rig, &event);
		did = true;
	}
	return did || memcmp(&before, &rig->bus.state.counters, sizeof(before)) != 0;
}

void mei_settle(struct mei_rig *rig)
{
	uint32_t quiet = 0;

	for (rig->rounds = 0; quiet < 3; rig->rounds++) {
		assert_true(rig->rounds < 20000);
		quiet = run_once(rig) ? 0 : quiet + 1;
	}
}

static uint64_t deadline(const struct mei_rig *rig)
{
	uint64_t at = sap_me_bus_deadline(&rig->bus);

	for (uint32_t i = 0; i < 2; i++) {
		if (rig->pump[i] && sap_pump_deadline(rig->pump[i]) < at)
			at = sap_pump_deadline(rig->pump[i]);
	}
	return at;
}

void mei_wait(struct mei_rig *rig, uint64_t ms)
{
	uint64_t end = rig->now + ms;
	uint32_t steps = 0;

	mei_settle(rig);
	while (deadline(rig) <= end && deadline(rig) > rig->now) {
		assert_true(++steps < 10000);
		rig->now = deadline(rig);
		mei_settle(rig);
	}
	rig->now = end;
	mei_settle(rig);
}

struct mei_rig *mei_rig_up(void)
{
	struct mei_rig *rig = mei_rig_new(NULL);

	mei_settle(rig);
	assert_int_equal(rig->host.phase, HBM_UP);
	rig->events[0] = '\0';
	return rig;
}

void mei_connect(struct mei_rig *rig, uint32_t app, uint8_t me_addr)
{
	hbm_connect(&rig->host, app, me_addr);
	mei_settle(rig);
	assert_int_equal(rig->host.app[app].state, HBM_APP_CONNECTED);
}

void mei_echo(struct mei_rig *rig, uint32_t app, uint32_t len, uint32_t seed)
{
	uint8_t *bytes = test_malloc(len ? len : 1);
	const struct hbm_text *text;

	test_pattern(bytes, len, seed);
	assert_status(hbm_write(&rig->host, app, bytes, len), SAP_OK);
	mei_settle(rig);
	text = hbm_read(&rig->host, app);
	assert_non_null(text);
	assert_int_equal(text->len, len);
	assert_memory_equal(text->bytes, bytes, len);
	test_free(bytes);
}

uint32_t mei_refused(const struct mei_rig *rig, enum sap_me_refusal why)
{
	return rig->bus.state.counters.refused[why];
}

uint32_t mei_refused_all(const struct mei_rig *rig)
{
	uint32_t all = 0;

	for (uint32_t i = 0; i < SAP_ME_REFUSALS; i++)
		all += rig->bus.state.counters.refused[i];
	return all;
}
