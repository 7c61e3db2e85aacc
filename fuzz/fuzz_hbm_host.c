// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
/*
 * The tests' host of the MEI bus (tests/mei/hbm_host.h) in front of a firmware that says anything, while its
 * applications come, write, read and go, and its SAP transport is used in any order.
 *
 * The host judges firmwares, so it must survive each of them: every byte counts where it is stored, nothing is
 * read past a frame, what it does comes to an end, and what is wrong becomes a complaint.
 */
#include "fuzz.h"

#include "hbm_host.h"

enum {
	APPS = 4, /* that do something; 0 is the transport's */
	STEPS = 64,
	MEMORY = 8192,
	OPCODES = 16
};

static struct sap_mei_loopback loop;
static struct hbm_host host;
static struct sap_mei_port port;
static struct sap_transport transport;
static uint8_t memory[MEMORY];
static bool wrong; /* the host is about to see a frame that is none */

/* --- the firmware --- */

/* In memory of exactly that size. */
static void send_exact(const uint8_t *bytes, size_t n)
{
	bool heard = loop.ready && !loop.to_host.count && host.phase > HBM_RESETTING;
	uint8_t *exact = fresh(n, 0);
	struct sap_mei_frame frame;

	if (n)
		memcpy(exact, bytes, n);
	if (port.ops->send(port.self, exact, n) == SAP_OK)
		wrong = heard && sap_mei_frame_decode(exact, n, &frame) != SAP_OK;
	free(exact);
}

static void op_raw(struct input *in)
{
	size_t n = take_u16(in) % (SAP_MEI_LOOPBACK_FRAME + 1);
	const uint8_t *bytes = take_bytes(in, &n);

	send_exact(bytes, n);
}

/* A message of HBM: its length and first bytes, and zeroes. */
static void op_hbm(struct input *in)
{
	uint8_t frame[4 + 255] = {0};
	size_t len = take_u8(in), n = take_u8(in) % 40;
	const uint8_t *bytes = take_bytes(in, &n);

	frame[2] = (uint8_t)len;
	frame[3] = 0x80;
	memcpy(frame + 4, bytes, n);
	send_exact(frame, 4 + len);
}

/* A piece of a message, to somebody who may be there. */
static void op_piece(struct input *in)
{
	uint8_t frame[SAP_MEI_FRAME_MAX] = {0};
	uint32_t len;

	frame[0] = take_u8(in);
	frame[1] = take_u8(in) % (APPS + 2);
	len = take_u16(in) % (SAP_MEI_FRAME_MAX - 4 + 1);
	frame[2] = (uint8_t)len;
	frame[3] = (uint8_t)((take_u8(in) & 0xfc) | (len >> 8));
	frame[4] = take_u8(in);
	send_exact(frame, 4 + len);
}

/* The host's window, and what it sent. */
static void op_port(struct input *in)
{
	uint8_t frame[SAP_MEI_FRAME_MAX];
	enum sap_mei_input what;
	struct sap_mem mem;
	size_t len;

	switch (take_u8(in) % 6) {
	case 0:
		(void)!port.ops->ready(port.self, false);
		break;
	case 1:
		(void)!port.ops->map(port.self, 0x10000, take_u16(in), &mem);
		break;
	case 2:
		(void)!port.ops->unmap(port.self);
		break;
	case 3:
		while (port.ops->recv(port.self, &what, frame, sizeof(frame), &len) == SAP_OK)
			;
		break;
	default:
		(void)!port.ops->ready(port.self, true);
		break;
	}
}

/* --- the host --- */

static void op_app(struct input *in)
{
	uint32_t at = 1 + take_u8(in) % (APPS - 1);
	uint32_t op = take_u8(in) % 7;
	uint8_t arg = take_u8(in);
	const struct hbm_text *text;
	uint8_t *bytes;

	switch (op) {
	case 0:
		hbm_connect(&host, at, arg);
		break;
	case 1:
		hbm_disconnect(&host, at);
		break;
	case 2:
	case 3:
		bytes = fresh(arg * 30u, arg);
		(void)!hbm_write_tagged(&host, at, op == 3 ? arg : 0, bytes, arg * 30u);
		free(bytes);
		break;
	case 4:
		text = hbm_read(&host, at);
		MUST(!text || text->len <= HBM_LONGEST);
		break;
	case 5:
		hbm_notify(&host, at, arg & 1);
		break;
	default:
		host.app[at].lazy = arg & 1;
		hbm_grant(&host, at);
		break;
	}
}

static void op_transport(struct input *in)
{
	uint8_t message[256];
	struct sap_mem mem = {0};
	size_t len = 0;

	switch (take_u8(in) % 6) {
	case 0:
		if (transport.ops->map(transport.self, take_u16(in), &mem) == SAP_OK)
			MUST(mem.base == host.memory && mem.size <= MEMORY);
		break;
	case 1:
		(void)!transport.ops->connect(transport.self);
		break;
	case 2:
		(void)!transport.ops->send(transport.self, memory, take_u16(in) % MEMORY);
		break;
	case 3:
		if (transport.ops->recv(transport.self, message, sizeof(message), &len) == SAP_OK)
			MUST(len <= sizeof(message));
		break;
	case 4:
		(void)!transport.ops->disconnect(transport.self);
		break;
	default:
		(void)!transport.ops->unmap(transport.self);
		break;
	}
}

static void op_host(struct input *in)
{
	switch (take_u8(in) % 5) {
	case 0:
		hbm_host_reset(&host);
		break;
	case 1:
		hbm_stop(&host, take_u8(in));
		break;
	case 2:
		hbm_map(&host, 0x10000, take_u16(in));
		break;
	case 3:
		hbm_unmap(&host);
		break;
	default:
		host.deaf = take_u8(in) & 1;
		host.keeps_down = take_u8(in) & 1;
		break;
	}
}

/* --- what always holds --- */

static void settle(void)
{
	uint32_t steps = 0;

	/* A host whose frames nobody takes comes to rest as well. */
	while (hbm_host_run(&host))
		MUST(++steps < STEPS);
}

static void check(void)
{
	MUST(host.frames <= HBM_FRAMES && host.frame_at < HBM_FRAMES);
	MUST(memchr(host.complaint, '\0', sizeof(host.complaint)));
	MUST(!host.complaints == !host.complaint[0]);
	for (uint32_t i = 0; i < HBM_APPS; i++) {
		const struct hbm_app *app = &host.app[i];

		MUST(app->queued <= HBM_QUEUE && app->in.len <= HBM_LONGEST && app->sent <= app->out.len);
		for (uint32_t k = 0; k < app->queued; k++)
			MUST(app->queue[k].len <= HBM_LONGEST);
	}
}

static void begin(uint8_t settings)
{
	static const struct sap_guid guid = {{1}};

	sap_mei_loopback_init(&loop);
	port = sap_mei_loopback_port(&loop);
	hbm_host_init(&host, &loop);
	if (settings & 1)
		transport = hbm_transport(&host, &guid, memory, sizeof(memory), 0x10000);
	else
		transport = hbm_transport(&host, &guid, NULL, 0, 0);
	host.minor = settings & 2 ? 1 : 2;
	host.no_add = settings & 4;
	host.frame_size = settings & 8 ? 64 : SAP_MEI_FRAME_USUAL;
	MUST(port.ops->ready(port.self, true) == SAP_OK);
	settle();
	/* The host has reset the device. */
	MUST(port.ops->ready(port.self, true) == SAP_OK);
	settle();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static void (*const ops[OPCODES])(struct input * in) = {
		op_raw,	 op_raw, op_hbm, op_hbm, op_hbm, op_hbm,       op_piece,     op_piece,
		op_port, op_app, op_app, op_app, op_app, op_transport, op_transport, op_host,
	};
	struct input in = {data, size};

	begin(take_u8(&in));
	while (in.left) {
		uint8_t op = take_u8(&in);

		ops[op % OPCODES](&in);
		/* Some come together. */
		if (!(op & 0x80)) {
			settle();
			MUST(!wrong || host.complaints);
		}
		wrong = false;
		check();
	}
	return 0;
}
