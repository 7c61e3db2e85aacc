// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
#define _GNU_SOURCE

#include "fake_mei.h"
#include "tree.h"

#include <sap/mei/clients.h>

#include <errno.h>

/* docs/protocol/mei.md section 1 */
#define CONNECT	     0xc0104801u
#define NOTIFY_SET   0x40044802u
#define NOTIFY_GET   0x80044803u
#define CONNECT_VTAG 0xc0144804u

/* --- queues --- */

static bool put(struct fake_queue *queue, const void *bytes, size_t len)
{
	uint32_t at = (queue->first + queue->count) % FAKE_QUEUE;

	if (queue->count == queue->room || len > FAKE_MEMORY)
		return false;
	queue->messages[at].len = (uint32_t)len;
	if (len)
		memcpy(queue->messages[at].bytes, bytes, len);
	queue->count++;
	return true;
}

/* As mei_read() does: a part, if there is no room for more. */
static size_t get(struct fake_queue *queue, void *bytes, size_t cap)
{
	uint32_t left = queue->messages[queue->first].len - queue->part;
	size_t n = left < cap ? left : cap;

	if (n)
		memcpy(bytes, queue->messages[queue->first].bytes + queue->part, n);
	queue->part += (uint32_t)n;
	if (queue->part == queue->messages[queue->first].len) {
		queue->first = (queue->first + 1) % FAKE_QUEUE;
		queue->count--;
		queue->part = 0;
	}
	return n;
}

static void empty(struct fake_queue *queue)
{
	queue->first = queue->count = queue->part = 0;
}

/* --- system calls --- */

static int refuse(int error)
{
	errno = error;
	return -1;
}

static int fake_open(void *self, const char *path)
{
	struct fake *fake = self;

	fake->calls++;
	snprintf(fake->paths + strlen(fake->paths), sizeof(fake->paths) - strlen(fake->paths), "%s ", path);
	if (fake->open_error && (!fake->at || strcmp(fake->at, path) == 0))
		return refuse(fake->open_error);
	/* One node at a time is all that a connection needs. */
	assert_false(fake->is_open);
	fake->is_open = true;
	fake->opens++;
	return FAKE_FD;
}

static int fake_close(void *self, int fd)
{
	struct fake *fake = self;

	fake->calls++;
	assert_int_equal(fd, FAKE_FD);
	assert_true(fake->is_open);
	fake->is_open = false;
	fake->is_connected = false;
	fake->closes++;
	empty(&fake->to_host);
	/* A firmware that never took it, or left before, has nothing more to do with it. */
	if (!fake->fw_connected)
		empty(&fake->to_fw);
	fake->fw_left = false;
	return 0;
}

static bool is_last_path(const struct fake *fake, const char *path)
{
	size_t len = strlen(path), all = strlen(fake->paths);

	return all > len && strncmp(fake->paths + all - len - 1, path, len) == 0;
}

static int connect_it(struct fake *fake, uint8_t *argument)
{
	if (fake->removed)
		return refuse(ENODEV);
	if (fake->connect_error && (!fake->at || is_last_path(fake, fake->at)))
		return refuse(fake->connect_error);
	if (fake->is_connected || fake->fw_connected)
		return refuse(EBUSY);
	fake->is_connected = true;
	memset(argument, 0, 16);
	/* The kernel answers in the order of its own processor. */
	memcpy(argument, &fake->longest, sizeof(fake->longest));
	argument[4] = 9;
	return 0;
}

static int fake_ioctl(void *self, int fd, unsigned long request, void *argument)
{
	struct fake *fake = self;
	uint32_t word;

	fake->calls++;
	assert_int_equal(fd, FAKE_FD);
	assert_true(fake->is_open);
	fake->request = request;
	/* Its size is in its number. */
	memset(fake->argument, 0xee, sizeof(fake->argument));
	memcpy(fake->argument, argument, (request >> 16) & 0x3fff);
	if (request == CONNECT || request == CONNECT_VTAG)
		return connect_it(fake, argument);
	if (fake->notify_error)
		return refuse(fake->notify_error);
	if (!fake->is_connected || fake->fw_left || fake->removed)
		return refuse(ENODEV);
	if (request == NOTIFY_SET) {
		memcpy(&fake->notify, argument, sizeof(fake->notify));
		return 0;
	}
	assert_int_equal(request, NOTIFY_GET);
	if (fake->says_none) {
		memset(argument, 0, sizeof(word));
		return 0;
	}
	if (!fake->events)
		return refuse(EAGAIN);
	fake->events = 0;
	word = 1;
	memcpy(argument, &word, sizeof(word));
	return 0;
}

static long fake_read(void *self, int fd, void *bytes, size_t n)
{
	struct fake *fake = self;
	int error = fake->read_error;

	fake->calls++;
	assert_int_equal(fd, FAKE_FD);
	assert_true(fake->is_open);
	if (n < fake->shortest_read)
		fake->shortest_read = (uint32_t)n;
	fake->read_error = 0;
	if (error)
		return refuse(error);
	if (fake->removed || !fake->is_connected)
		return refuse(ENODEV);
	if (fake->to_host.count)
		return (long)get(&fake->to_host, bytes, n);
	return refuse(fake->fw_left ? ENODEV : EAGAIN);
}

static long fake_write(void *self, int fd, const void *bytes, size_t n)
{
	struct fake *fake = self;

	fake->calls++;
	assert_int_equal(fd, FAKE_FD);
	assert_true(fake->is_open);
	if (fake->write_error)
		return refuse(fake->write_error);
	if (fake->removed || !fake->is_connected || fake->fw_left)
		return refuse(ENODEV);
	if (n > fake->longest)
		return refuse(EFBIG);
	return put(&fake->to_fw, bytes, n) ? (long)n : refuse(EAGAIN);
}

static int fake_poll(void *self, struct pollfd *fd, int timeout)
{
	struct fake *fake = self;

	fake->calls++;
	fake->polls++;
	assert_int_equal(fd->fd, FAKE_FD);
	assert_true(timeout > 0);
	fake->waited = timeout;
	fake->events_asked = fd->events;
	if (fake->on_poll)
		return fake->on_poll(fake, fd, timeout);
	fake->now += (uint64_t)timeout;
	return 0;
}

static uint64_t fake_now(void *self)
{
	struct fake *fake = self;

	return fake->now;
}

void fake_make(struct fake *fake)
{
	memset(fake, 0, sizeof(*fake));
	fake->system = (struct sap_mei_dev_system){fake_open,  fake_close, fake_ioctl, fake_read,
						   fake_write, fake_poll,  fake_now};
	fake->now = 1000000;
	fake->longest = FAKE_LONGEST;
	fake->to_host.room = FAKE_QUEUE;
	fake->to_fw.room = FAKE_QUEUE;
	fake->shortest_read = UINT32_MAX;
}

struct sap_mei_dev_config fake_config(struct fake *fake)
{
	static uint8_t buffer[FAKE_LONGEST];
	struct sap_mei_dev_config config;

	sap_mei_dev_config_default(&config);
	config.client = sap_amthi_guid;
	config.buffer = buffer;
	config.buffer_size = sizeof(buffer);
	config.roots = tree_roots;
	config.system = &fake->system;
	config.system_self = fake;
	return config;
}

/* --- the firmware --- */

void fake_says(struct fake *fake, const void *bytes, uint32_t len)
{
	assert_true(put(&fake->to_host, bytes, len));
}

uint32_t fake_hears(struct fake *fake, void *bytes, uint32_t cap)
{
	assert_true(fake->to_fw.count);
	return (uint32_t)get(&fake->to_fw, bytes, cap);
}

static enum sap_status fw_map(void *self, uint32_t size, struct sap_mem *mem)
{
	(void)self;
	(void)size;
	(void)mem;
	return SAP_UNSUPPORTED;
}

static enum sap_status fw_connect(void *self)
{
	struct fake *fake = self;

	if (!fake->is_connected || fake->fw_left)
		return SAP_AGAIN;
	fake->fw_connected = true;
	return SAP_OK;
}

static enum sap_status fw_send(void *self, const void *message, size_t len)
{
	struct fake *fake = self;

	if (!fake->fw_connected || !fake->is_connected)
		return SAP_CLOSED;
	if (len > fake->longest)
		return SAP_TOO_LONG;
	return put(&fake->to_host, message, len) ? SAP_OK : SAP_AGAIN;
}

static enum sap_status fw_recv(void *self, void *message, size_t cap, size_t *len)
{
	struct fake *fake = self;

	if (!fake->fw_connected)
		return SAP_CLOSED;
	if (!fake->to_fw.count)
		return fake->is_connected ? SAP_AGAIN : SAP_CLOSED;
	*len = fake->to_fw.messages[fake->to_fw.first].len;
	if (*len > cap) {
		uint8_t rest[FAKE_MEMORY];

		(void)get(&fake->to_fw, rest, sizeof(rest));
		return SAP_TOO_LONG;
	}
	(void)get(&fake->to_fw, message, cap);
	return SAP_OK;
}

static enum sap_status fw_disconnect(void *self)
{
	struct fake *fake = self;

	if (fake->fw_connected && fake->is_connected)
		fake->fw_left = true;
	fake->fw_connected = false;
	empty(&fake->to_fw);
	return SAP_OK;
}

static enum sap_status fw_unmap(void *self)
{
	(void)self;
	return SAP_OK;
}

struct sap_transport fake_firmware(struct fake *fake)
{
	static const struct sap_transport_ops ops = {fw_map,  fw_connect,    fw_send,
						     fw_recv, fw_disconnect, fw_unmap};

	return (struct sap_transport){&ops, fake};
}
