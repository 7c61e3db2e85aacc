// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
#include "fw.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

static const struct properties {
	uint8_t me;
	uint8_t guid[16];
	uint8_t connections, fixed, flags;
	uint32_t longest;
} clients[] = {
	{FW_MKHI,
	 {0x84, 0x35, 0x21, 0x55, 0x29, 0x9a, 0x16, 0x49, 0xba, 0xdf, 0x0f, 0xb7, 0xed, 0x68, 0x2a, 0xeb},
	 0,
	 FW_MKHI,
	 0,
	 512},
	{FW_ECHO,
	 {0x01, 0x00, 0x00, 0xec, 0, 0, 0, 0, 0x80, 0, 0x65, 0x63, 0x68, 0x6f, 0x20, 0x31},
	 2,
	 0,
	 0,
	 FW_ECHO_MAX},
	{FW_AMTHI,
	 {0x28, 0x00, 0xf8, 0x12, 0xb7, 0xb4, 0x2d, 0x4b, 0xac, 0xa8, 0x46, 0xe0, 0xff, 0x65, 0x81, 0x4c},
	 8,
	 0,
	 1,
	 4096},
	{FW_WDT,
	 {0x6f, 0x9a, 0xb7, 0x05, 0x28, 0x46, 0x7f, 0x4d, 0x89, 0x9d, 0xa9, 0x15, 0x14, 0xcb, 0x32, 0xab},
	 1,
	 0,
	 0,
	 64},
	{FW_DMA,
	 {0x01, 0x00, 0x00, 0xec, 0, 0, 0, 0, 0x80, 0, 0x65, 0x63, 0x68, 0x6f, 0x20, 0x33},
	 1,
	 0,
	 0,
	 64},
	{FW_LATE,
	 {0x01, 0x00, 0x00, 0xec, 0, 0, 0, 0, 0x80, 0, 0x65, 0x63, 0x68, 0x6f, 0x20, 0x32},
	 1,
	 0,
	 0,
	 FW_ECHO_MAX},
};

static const struct properties *client_at(uint8_t me)
{
	for (size_t i = 0; i < sizeof(clients) / sizeof(clients[0]); i++) {
		if (clients[i].me == me)
			return &clients[i];
	}
	return NULL;
}

static bool is_there(const struct fw *fw, uint8_t me)
{
	switch (me) {
	case FW_MKHI:
		return fw->mkhi;
	case FW_WDT:
		return fw->watchdog;
	case FW_DMA:
		return fw->dma;
	case FW_ECHO:
	case FW_AMTHI:
		return true;
	default:
		return false;
	}
}

/* --- records --- */

int fw_record(struct fw *fw, uint16_t type, const void *payload, size_t len)
{
	uint8_t record[VMEI_RECORD_MAX + 64];
	struct vmei_record head = {type, (uint16_t)(sizeof(head) + len), fw->generation};

	if (sizeof(head) + len > sizeof(record))
		return EMSGSIZE;
	memcpy(record, &head, sizeof(head));
	if (len)
		memcpy(record + sizeof(head), payload, len);
	return write(fw->fd, record, sizeof(head) + len) < 0 ? errno : 0;
}

static int fw_frame(struct fw *fw, uint8_t me, uint8_t host, const void *data, size_t len, bool last)
{
	uint8_t frame[VMEI_FRAME_MAX] = {me, host, len & 0xff, len >> 8 & 1};

	if (last)
		frame[3] |= 0x80;
	memcpy(frame + 4, data, len);
	return fw_record(fw, VMEI_FRAME, frame, 4 + len);
}

int fw_hbm(struct fw *fw, const void *message, size_t len)
{
	return fw_frame(fw, 0, 0, message, len, true);
}

bool fw_open(struct fw *fw, uint16_t flags)
{
	struct vmei_start start = {.head = {VMEI_START, sizeof(start), 0},
				   .version = 1,
				   .flags = flags,
				   .fw_status = {0x1e000255, 0x39850106, 1, 2, 3, 4}};

	fw->error = -1;
	fw->fd = open("/dev/vmei", O_RDWR | O_CLOEXEC);
	return fw->fd >= 0 && write(fw->fd, &start, sizeof(start)) == sizeof(start);
}

/* --- connections --- */

static struct fw_connection *connection_of(struct fw *fw, uint8_t me, uint8_t host)
{
	for (size_t i = 0; i < 16; i++) {
		struct fw_connection *c = &fw->connections[i];

		if (c->open && c->me == me && c->host == host)
			return c;
	}
	return NULL;
}

static unsigned int connections_to(const struct fw *fw, uint8_t me)
{
	unsigned int n = 0;

	for (size_t i = 0; i < 16; i++)
		n += fw->connections[i].open && fw->connections[i].me == me;
	return n;
}

/* Leave for one message: to the connection, or to the whole client if all its connections share a buffer. */
static void grant(struct fw *fw, uint8_t me, uint8_t host)
{
	uint8_t message[8] = {0x08, me, client_at(me)->flags & 1 ? 0 : host};

	fw_hbm(fw, message, sizeof(message));
}

static void answer_connect(struct fw *fw, uint8_t me, uint8_t host)
{
	uint8_t answer[4] = {0x86, me, host, 0};
	const struct properties *client = client_at(me);
	struct fw_connection *c = NULL;

	for (size_t i = 0; i < 16 && !c; i++)
		c = fw->connections[i].open ? NULL : &fw->connections[i];
	if (!client)
		answer[3] = 1;
	else if (!c || connections_to(fw, me) >= client->connections)
		answer[3] = 3;
	fw_hbm(fw, answer, sizeof(answer));
	if (answer[3])
		return;
	memset(c, 0, sizeof(*c));
	c->open = true;
	c->me = me;
	c->host = host;
	if (!(client->flags & 1) || connections_to(fw, me) == 1)
		grant(fw, me, host);
}

static void answer_disconnect(struct fw *fw, uint8_t me, uint8_t host)
{
	uint8_t answer[4] = {0x87, me, host, 0};
	struct fw_connection *c = connection_of(fw, me, host);

	if (c)
		c->open = false;
	fw_hbm(fw, answer, sizeof(answer));
}

/* --- messages --- */

static void send_waiting(struct fw *fw, struct fw_connection *c)
{
	size_t at = 0;

	if (!c->granted || !c->out)
		return;
	while (at < c->out) {
		size_t part = c->out - at < 508 ? c->out - at : 508;

		fw_frame(fw, c->me, c->host, c->message + at, part, at + part == c->out);
		at += part;
	}
	c->granted = false;
	c->out = 0;
	grant(fw, c->me, c->host);
}

/* AMT's code versions, as the sample program of the kernel wants them. */
static size_t amthi(uint8_t *message)
{
	static const char *const versions[][2] = {{"Flash", "16.1.25"}, {"AMT", "16.1.25"}, {"Sku", "16392"}};
	static const uint8_t head[12] = {1, 1, 0, 0, 0x1a, 0, 0x80, 0x04};
	uint8_t *at = message + 12 + 4 + 65 + 4;
	uint32_t len;

	memset(message, 0, 512);
	memcpy(message, head, sizeof(head));
	memcpy(message + 16, "VMEI.01", 7);
	message[12 + 4 + 65] = 3;
	for (size_t i = 0; i < 3; i++, at += 44) {
		at[0] = (uint8_t)strlen(versions[i][0]);
		memcpy(at + 2, versions[i][0], strlen(versions[i][0]));
		at[22] = (uint8_t)strlen(versions[i][1]);
		memcpy(at + 24, versions[i][1], strlen(versions[i][1]));
	}
	len = (uint32_t)(at - message - 12);
	message[8] = len & 0xff;
	message[9] = (uint8_t)(len >> 8);
	return (size_t)(at - message);
}

static void message_came(struct fw *fw, struct fw_connection *c)
{
	c->out = c->me == FW_AMTHI ? amthi(c->message) : c->in;
	c->in = 0;
	send_waiting(fw, c);
}

/* MKHI at its fixed address: the firmware's version, to who asks for it. */
static void mkhi_came(struct fw *fw, const uint8_t *message, size_t len)
{
	/* Three blocks: minor, major, platform, build, hotfix. */
	static const uint8_t version[28] = {0xff, 0x82, 0, 0, 1,  0, 16, 0, 3,	0, 25, 0, 1,  0,
					    16,	  0,	3, 0, 25, 0, 1,	 0, 16, 0, 3,  0, 25, 0};

	if (len >= 4 && message[0] == 0xff && message[1] == 0x02)
		fw_frame(fw, FW_MKHI, 0, version, sizeof(version), true);
}

static void client_frame(struct fw *fw, uint8_t me, uint8_t host, const uint8_t *data, size_t len, bool last)
{
	struct fw_connection *c = connection_of(fw, me, host);

	if (me == FW_MKHI) {
		mkhi_came(fw, data, len);
		return;
	}
	if (!c || c->in + len > sizeof(c->message)) {
		printf("firmware: stray frame to %u:%u\n", me, host);
		return;
	}
	memcpy(c->message + c->in, data, len);
	c->in += len;
	if (last)
		message_came(fw, c);
}

/* --- HBM --- */

static void properties_to(const struct fw *fw, uint8_t *message, uint8_t me)
{
	const struct properties *client = client_at(me);
	uint32_t longest = me == FW_ECHO ? fw->longest : client->longest;

	message[1] = me;
	memcpy(message + 4, client->guid, 16);
	message[20] = 1;
	message[21] = client->connections;
	message[22] = client->fixed;
	message[23] = client->flags;
	for (int i = 0; i < 4; i++)
		message[24 + i] = (uint8_t)(longest >> 8 * i);
}

static void answer_enumeration(struct fw *fw)
{
	uint8_t answer[36] = {0x84};

	for (unsigned int me = 1; me < 256; me++) {
		if (is_there(fw, (uint8_t)me))
			answer[4 + me / 8] |= (uint8_t)(1 << me % 8);
	}
	fw_hbm(fw, answer, sizeof(answer));
}

static void answer_properties(struct fw *fw, uint8_t me)
{
	uint8_t answer[28] = {0x85, me, 1};

	if (is_there(fw, me)) {
		answer[2] = 0;
		properties_to(fw, answer, me);
	}
	fw_hbm(fw, answer, sizeof(answer));
}

static void answer_start(struct fw *fw)
{
	uint8_t answer[4] = {0x81, fw->accept, fw->minor, fw->major};

	fw_hbm(fw, answer, sizeof(answer));
}

static void answer_notify(struct fw *fw, const uint8_t *message)
{
	uint8_t answer[8] = {0x90, message[1], message[2], 0, message[3]};

	fw_hbm(fw, answer, sizeof(answer));
}

static void flow_control(struct fw *fw, uint8_t me, uint8_t host)
{
	struct fw_connection *c = connection_of(fw, me, host);

	if (!c)
		return;
	c->granted = true;
	send_waiting(fw, c);
}

/* --- client DMA: the host's memory begins with "host" and gets "firm" at its end --- */

static void unmap(struct fw *fw)
{
	if (fw->area && munmap(fw->area, fw->area_size))
		printf("dma: munmap: %s\n", strerror(errno));
	fw->area = NULL;
}

static bool map(struct fw *fw, const uint8_t *message)
{
	uint32_t words[3];
	void *area;

	memcpy(words, message + 4, sizeof(words));
	fw->area_size = words[2];
	area = mmap(NULL, fw->area_size, PROT_READ | PROT_WRITE, MAP_SHARED, fw->fd,
		    (off_t)(words[0] | (uint64_t)words[1] << 32));
	if (area == MAP_FAILED) {
		printf("dma: mmap: %s\n", strerror(errno));
		return false;
	}
	fw->area = area;
	printf("dma: %u bytes at %x%08x begin with %.4s\n", words[2], words[1], words[0], (char *)area);
	memcpy(fw->area + fw->area_size - 4, "firm", 4);
	return true;
}

static void answer_map(struct fw *fw, const uint8_t *message)
{
	uint8_t answer[2] = {0x94};

	unmap(fw);
	answer[1] = !map(fw, message);
	fw_hbm(fw, answer, sizeof(answer));
	fflush(stdout);
}

/* The host is about to free it; what is mapped stays readable all the same. */
static void answer_unmap(struct fw *fw)
{
	uint8_t answer[2] = {0x95};

	fw_hbm(fw, answer, sizeof(answer));
	if (fw->area)
		printf("dma: unmapped with %.4s at its end\n", (char *)fw->area + fw->area_size - 4);
	fflush(stdout);
}

static void hbm(struct fw *fw, const uint8_t *message)
{
	uint8_t stop[4] = {0x82}, capabilities[4] = {0x93, fw->capabilities};

	switch (message[0]) {
	case 0x01:
		answer_start(fw);
		break;
	case 0x02:
		fw_hbm(fw, stop, sizeof(stop));
		break;
	case 0x04:
		answer_enumeration(fw);
		break;
	case 0x05:
		answer_properties(fw, message[1]);
		break;
	case 0x06:
		answer_connect(fw, message[1], message[2]);
		break;
	case 0x07:
		answer_disconnect(fw, message[1], message[2]);
		break;
	case 0x08:
		flow_control(fw, message[1], message[2]);
		break;
	case 0x10:
		answer_notify(fw, message);
		break;
	case 0x13:
		fw_hbm(fw, capabilities, sizeof(capabilities));
		break;
	case 0x14:
		answer_map(fw, message);
		break;
	case 0x15:
		answer_unmap(fw);
		break;
	default:
		break;
	}
}

static void frame_came(struct fw *fw, const uint8_t *frame, size_t len)
{
	fw->frames++;
	if (fw->die_after && --fw->die_after == 0)
		_exit(0);
	if (getenv("FW_TRACE"))
		printf("firmware: frame %lu: %02x %02x %02x %02x %02x\n", fw->frames, frame[0], frame[1],
		       frame[2], frame[3], frame[4]);
	if (fw->quiet)
		return;
	if (frame[0] == 0 && frame[1] == 0)
		hbm(fw, frame + 4);
	else
		client_frame(fw, frame[0], frame[1], frame + 4, len - 4, frame[3] & 0x80);
}

/* --- life --- */

bool fw_step(struct fw *fw)
{
	uint8_t record[VMEI_RECORD_MAX] = {0};
	const struct vmei_record *head = (const void *)record;
	const struct vmei_online *online = (const void *)record;
	ssize_t len = read(fw->fd, record, sizeof(record));

	if (len < (ssize_t)sizeof(*head))
		return len < 0 && errno == EAGAIN;
	switch (head->type) {
	case VMEI_HOST_RESET:
		fw->resets++;
		fw->up = false;
		fw->generation = head->generation;
		memset(fw->connections, 0, sizeof(fw->connections));
		if (!fw->quiet)
			fw_record(fw, VMEI_FW_READY, NULL, 0);
		break;
	case VMEI_HOST_READY:
		fw->up = true;
		break;
	case VMEI_ONLINE:
		fw->error = (int)online->error;
		fw->device = online->minor;
		break;
	case VMEI_FRAME:
		frame_came(fw, record + sizeof(*head), (size_t)len - sizeof(*head));
		break;
	default:
		break;
	}
	return true;
}

void fw_reset(struct fw *fw)
{
	fw_record(fw, VMEI_FW_RESET, NULL, 0);
}

void fw_disconnect(struct fw *fw, uint8_t me)
{
	for (size_t i = 0; i < 16; i++) {
		struct fw_connection *c = &fw->connections[i];
		uint8_t message[4] = {0x07, me, c->host};

		if (!c->open || c->me != me)
			continue;
		c->open = false;
		fw_hbm(fw, message, sizeof(message));
	}
}

void fw_add(struct fw *fw, uint8_t me)
{
	uint8_t message[28] = {0x0f};

	properties_to(fw, message, me);
	fw_hbm(fw, message, sizeof(message));
}
