// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
/*
 * The bus from both ends: a host that says anything, an embedder that calls anything, a port that answers
 * anything, in any order.
 *
 * What must hold whatever they do: what goes out is frames and messages that a Linux driver takes; no message
 * goes to an application that is not connected or gave no credit; no event is lost; a client's buffer holds no
 * more than it may; memory that a connection adopted is there until it let go of it.
 */
#include "fuzz.h"

#include <sap/mei.h>

enum {
	CLIENTS = 5,
	HOSTS = 4, /* addresses that applications have: 1 to 4 */
	FRAME = 64,
	LONGEST = 150,
};

#define GUID(n)                                                              \
	{                                                                    \
		{                                                            \
			n, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15 \
		}                                                            \
	}

static const struct sap_me_client table[CLIENTS] = {
	{.me_addr = 1, .dma = true, .properties = {GUID(1), 1, 1, 0, 0, 100}},
	{.me_addr = 2, .properties = {GUID(2), 1, 2, 0, SAP_HBM_CLIENT_VTAG, LONGEST}},
	{.me_addr = 3, .properties = {GUID(3), 1, 2, 0, SAP_HBM_CLIENT_SINGLE_RECV_BUF, 70}},
	{.me_addr = 4, .properties = {GUID(4), 1, 0, 4, 0, 50}},
	{.me_addr = 5, .later = true, .properties = {GUID(5), 1, 2, 0, 0, 10}},
};

/* Connections, as transports. */
static const uint8_t slots[][2] = {{0, 0}, {1, 0}, {1, 1}, {2, 0}, {2, 1}, {3, 0}, {4, 0}, {4, 1}};

enum {
	SLOTS = sizeof(slots) / sizeof(slots[0])
};

static struct sap_me_bus bus;
static uint64_t now;
static uint8_t *window;
static uint32_t window_size;
static struct sap_mem adopted;
static bool hold; /* requests stay unanswered for a while */
static struct sap_me_io held;

/* What an application of the host was told, and what it gave. */
static struct app {
	bool connected; /* until the host has heard that it is not */
	bool begun;
	uint32_t credits;
} apps[CLIENTS + 1][HOSTS + 1];

/* --- what goes out --- */

static void saw_message(const struct sap_mei_frame *frame)
{
	struct app *app;

	MUST(frame->me_addr >= 1 && frame->me_addr <= CLIENTS && frame->host_addr <= HOSTS);
	if (frame->me_addr == 4) {
		MUST(!frame->host_addr && !frame->tagged);
		return;
	}
	app = &apps[frame->me_addr][frame->host_addr];
	MUST(frame->host_addr && app->connected);
	if (!app->begun)
		MUST(app->credits-- > 0);
	MUST(!frame->tagged || (!app->begun && frame->me_addr == 2));
	app->begun = !frame->complete;
}

static void saw_hbm(const struct sap_hbm_message *m)
{
	struct app *app;

	switch ((enum sap_hbm_command)m->command) {
	case SAP_HBM_CONNECT_RESPONSE:
		if (m->connection_response.status)
			break;
		MUST(m->connection_response.me_addr <= CLIENTS);
		if (m->connection_response.host_addr > HOSTS)
			break;
		app = &apps[m->connection_response.me_addr][m->connection_response.host_addr];
		app->connected = true;
		app->begun = false;
		break;
	case SAP_HBM_DISCONNECT:
		if (m->connection.host_addr > HOSTS)
			break;
		app = &apps[m->connection.me_addr][m->connection.host_addr];
		MUST(app->connected);
		app->connected = false;
		break;
	case SAP_HBM_DISCONNECT_RESPONSE:
		if (m->connection_response.me_addr <= CLIENTS && m->connection_response.host_addr <= HOSTS)
			apps[m->connection_response.me_addr][m->connection_response.host_addr].connected =
				false;
		break;
	case SAP_HBM_FLOW_CONTROL:
		if (!m->connection.host_addr)
			MUST(m->connection.me_addr == 3);
		else if (m->connection.host_addr <= HOSTS)
			MUST(apps[m->connection.me_addr][m->connection.host_addr].connected &&
			     m->connection.me_addr != 3);
		break;
	case SAP_HBM_NOTIFICATION:
		if (m->connection.host_addr <= HOSTS)
			MUST(apps[m->connection.me_addr][m->connection.host_addr].connected);
		break;
	default:
		MUST(sap_hbm_info(m->command)->direction != SAP_TO_CSME);
		break;
	}
}

static void saw(const struct sap_me_io *io)
{
	struct sap_hbm_message message;
	struct sap_mei_frame frame;

	MUST(io->len >= 4 && io->len <= FRAME);
	MUST(sap_mei_frame_decode(io->frame, io->len, &frame) == SAP_OK);
	if (frame.me_addr || frame.host_addr) {
		/* Applications that are not watched. */
		if (frame.host_addr <= HOSTS)
			saw_message(&frame);
		return;
	}
	MUST(frame.complete && !frame.tagged);
	MUST(sap_hbm_decode(frame.payload.bytes, frame.payload.len, &message) == SAP_OK);
	saw_hbm(&message);
}

/* --- the port --- */

static enum sap_status do_io(struct sap_me_io *io, enum sap_status status)
{
	if (io->op == SAP_ME_IO_UNMAP && status == SAP_OK) {
		MUST(window && !adopted.base);
		free(window);
		window = NULL;
	}
	if (io->op == SAP_ME_IO_MAP && status == SAP_OK) {
		MUST(!window && (io->size == 4096 || io->size == 8192) && io->address % 4096 == 0);
		window = fresh(io->size, 0);
		window_size = io->size;
		io->mem.base = window;
		io->mem.size = io->size;
	}
	if (io->op == SAP_ME_IO_SEND && status == SAP_OK)
		saw(io);
	return status;
}

static void finish(enum sap_status status)
{
	if (!held.op)
		return;
	/* A frame that a reset overtook is nobody's. */
	if (held.op == SAP_ME_IO_SEND && !bus.state.asked)
		status = SAP_AGAIN;
	if (held.op == SAP_ME_IO_UNMAP && status != SAP_AGAIN)
		status = SAP_OK;
	status = do_io(&held, status);
	(void)!sap_me_bus_io_done(&bus, &held, status, now);
	held.op = SAP_ME_IO_NONE;
}

static void settle(enum sap_status status)
{
	uint32_t steps = 0;

	for (;;) {
		finish(status);
		if (hold || !sap_me_bus_next_io(&bus, &held))
			break;
		MUST(++steps < 2000);
		/* Only the first is odd: a port that always fails is soon closed. */
		if (steps > 1)
			status = SAP_OK;
	}
	MUST(sap_me_bus_deadline(&bus) > now || hold || held.op || bus.state.phase == SAP_ME_OFF ||
	     bus.state.flying);
}

/* --- the host --- */

static void forget_host(void)
{
	memset(apps, 0, sizeof(apps));
}

/* All credits since the last reset: how many of them were for an earlier connection, tests look at. */
static void note_host_frame(const uint8_t *frame, size_t len)
{
	struct sap_hbm_message m;
	struct sap_mei_frame f;

	if (sap_mei_frame_decode(frame, len, &f) != SAP_OK || f.me_addr || f.host_addr || f.tagged ||
	    !f.complete || sap_hbm_decode(f.payload.bytes, f.payload.len, &m) != SAP_OK)
		return;
	if (m.command == SAP_HBM_HOST_START || m.command == SAP_HBM_HOST_STOP)
		forget_host();
	if (m.command == SAP_HBM_FLOW_CONTROL && m.connection.me_addr <= CLIENTS &&
	    m.connection.host_addr <= HOSTS)
		apps[m.connection.me_addr][m.connection.host_addr].credits++;
}

static void host_frame(const uint8_t *frame, size_t len)
{
	if (sap_me_bus_input(&bus, SAP_MEI_FRAME, frame, len, now) == SAP_OK)
		note_host_frame(frame, len);
}

static void op_raw(struct input *in)
{
	size_t n = take_u8(in);
	const uint8_t *bytes = take_bytes(in, &n);
	uint8_t *exact = fresh(n, 0);

	if (n)
		memcpy(exact, bytes, n);
	host_frame(exact, n);
	free(exact);
}

static void op_hbm(struct input *in)
{
	static const uint8_t says[] = {0x01, 0x13, 0x04, 0x05, 0x06, 0x06, 0x06, 0x08, 0x08, 0x07,
				       0x87, 0x14, 0x15, 0x10, 0x0a, 0x0b, 0x8b, 0x8f, 0x02, 0x12};
	uint8_t frame[44] = {0, 0, 40, 0x80};
	size_t n = 3;
	const uint8_t *bytes;

	frame[4] = says[take_u8(in) % sizeof(says)];
	bytes = take_bytes(in, &n);
	memcpy(frame + 5, bytes, n);
	if (frame[4] == SAP_HBM_HOST_START && !frame[7]) {
		frame[6] = 2;
		frame[7] = 2;
	}
	if (frame[4] == SAP_HBM_CLIENT_DMA_MAP) {
		/* Page 1 or 2 at an address that its bytes say. */
		frame[17] = frame[6] & 1 ? 0x20 : 0x10;
		frame[6] = 0;
		frame[7] = 0;
	}
	host_frame(frame, sizeof(frame));
}

static void op_piece(struct input *in)
{
	uint8_t frame[4 + 255] = {0};
	size_t n;
	const uint8_t *bytes;

	frame[0] = (uint8_t)(1 + take_u8(in) % CLIENTS);
	frame[1] = take_u8(in) % (HOSTS + 1);
	n = frame[2] = take_u8(in);
	frame[3] = take_u8(in) & 0xd0;
	bytes = take_bytes(in, &n);
	memcpy(frame + 4, bytes, n);
	host_frame(frame, 4u + frame[2]);
}

/* --- the embedder --- */

static void op_transport(struct input *in)
{
	uint32_t at = take_u8(in) % SLOTS;
	struct sap_transport t = sap_me_bus_transport(&bus, slots[at][0], slots[at][1]);
	uint32_t most = table[slots[at][0]].properties.max_msg_length;
	uint32_t op = take_u8(in) % 6;
	uint8_t bytes[256] = {0};
	struct sap_mem mem;
	enum sap_status status;
	size_t len = 0;
	uint32_t n;

	switch (op) {
	case 0:
		(void)!t.ops->connect(t.self);
		break;
	case 1:
		n = take_u8(in);
		status = t.ops->send(t.self, bytes, n);
		MUST(n <= most || status == SAP_TOO_LONG || status == SAP_CLOSED);
		break;
	case 2:
		n = take_u8(in);
		status = t.ops->recv(t.self, bytes, n, &len);
		if (status == SAP_OK)
			MUST(len <= n && len <= most);
		break;
	case 3:
		(void)!t.ops->disconnect(t.self);
		break;
	case 4:
		status = t.ops->map(t.self, 0, &mem);
		MUST(status != SAP_OK || at == 0);
		if (status == SAP_OK) {
			MUST(mem.base == window && mem.size == window_size);
			adopted = mem;
		}
		break;
	default:
		if (at == 0)
			adopted.base = NULL;
		(void)!t.ops->unmap(t.self);
		break;
	}
}

static void op_call(struct input *in)
{
	uint32_t call = take_u8(in) % 8;
	uint32_t client = take_u8(in) % (CLIENTS + 1);

	switch (call) {
	case 0:
		(void)!sap_me_bus_add(&bus, client, now);
		break;
	case 1:
		(void)!sap_me_bus_remove(&bus, client, now);
		break;
	case 2:
	case 3:
		(void)!sap_me_bus_notify(&bus, client, take_u8(in) % 3);
		break;
	case 4:
		(void)!sap_me_bus_ask_stop(&bus, (enum sap_hbm_stop_reason)(client), now);
		break;
	case 5:
		if (sap_me_bus_stop(&bus, now) == SAP_OK)
			forget_host();
		break;
	default:
		(void)!sap_me_bus_start(&bus, now);
		break;
	}
}

static void fetch_events(void)
{
	struct sap_me_event event;

	while (sap_me_bus_next_event(&bus, &event)) {
		/* Fetched late, it may be of a host that was there before this one. */
		if (event.type == SAP_ME_EVENT_GONE && bus.state.phase == SAP_ME_OFF)
			forget_host();
	}
}

/* --- what always holds --- */

static void check(void)
{
	struct sap_me_look look;

	MUST(!bus.state.counters.events_lost);
	for (uint32_t i = 0; i < SLOTS; i++) {
		MUST(sap_me_bus_look(&bus, slots[i][0], slots[i][1], &look));
		MUST(look.waiting <= table[slots[i][0]].properties.max_msg_length);
	}
	/* A sanitizer sees whether it is still there. */
	if (adopted.base)
		((uint8_t *)adopted.base)[adopted.size - 1]++;
}

static void begin(uint8_t settings)
{
	struct sap_me_bus_config config;
	static uint8_t *memory;

	free(memory);
	sap_me_bus_config_default(&config);
	config.clients = table;
	config.n_clients = CLIENTS;
	config.memory_size = sap_me_bus_memory(&config);
	config.memory = memory = fresh(config.memory_size, 0);
	config.frame_size = FRAME;
	config.dma_sizes[0] = 4096;
	config.dma_sizes[1] = 8192;
	config.major = settings & 1 ? 1 : 2;
	config.minor = settings & 2 ? 1 : 2;
	free(window);
	window = NULL;
	adopted.base = NULL;
	held.op = SAP_ME_IO_NONE;
	hold = false;
	now = 0;
	forget_host();
	MUST(sap_me_bus_init(&bus, sizeof(bus), &config, now) == SAP_OK);
	MUST(sap_me_bus_start(&bus, now) == SAP_OK);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const enum sap_status answers[] = {SAP_OK, SAP_AGAIN, SAP_AGAIN, SAP_IO, SAP_CLOSED};
	struct input in = {data, size};
	enum sap_status status;
	bool fetches;

	begin(take_u8(&in));
	settle(SAP_OK);
	fetches = true;
	while (in.left) {
		status = SAP_OK;
		switch (take_u8(&in) % 16) {
		case 0:
		case 1:
			op_raw(&in);
			break;
		case 2:
		case 3:
		case 4:
		case 5:
			op_hbm(&in);
			break;
		case 6:
		case 7:
			op_piece(&in);
			break;
		case 8:
			if (sap_me_bus_input(&bus, SAP_MEI_HOST_RESET, NULL, 0, now) == SAP_OK)
				forget_host();
			break;
		case 9:
			(void)!sap_me_bus_input(&bus,
						take_u8(&in) & 1 ? SAP_MEI_HOST_WAKES : SAP_MEI_HOST_READY,
						NULL, 0, now);
			break;
		case 10:
		case 11:
		case 12:
			op_transport(&in);
			break;
		case 13:
			op_call(&in);
			break;
		case 14:
			now += take_u16(&in);
			sap_me_bus_tick(&bus, now);
			break;
		default:
			status = answers[take_u8(&in) % 5];
			hold = take_u8(&in) & 1;
			fetches = take_u8(&in) != 1;
			break;
		}
		settle(status);
		if (fetches)
			fetch_events();
		check();
	}
	return 0;
}
