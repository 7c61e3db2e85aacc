// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
/* The system's own calls. */
#define _GNU_SOURCE

#include "mei_dev.h"

#include <fcntl.h>
#include <sys/ioctl.h>
#include <time.h>
#include <unistd.h>

static int system_open(void *self, const char *path)
{
	(void)self;
	return open(path, O_RDWR | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
}

static int system_close(void *self, int fd)
{
	(void)self;
	return close(fd);
}

static int system_ioctl(void *self, int fd, unsigned long request, void *argument)
{
	(void)self;
	return ioctl(fd, request, argument);
}

static long system_read(void *self, int fd, void *bytes, size_t n)
{
	(void)self;
	return read(fd, bytes, n);
}

static long system_write(void *self, int fd, const void *bytes, size_t n)
{
	(void)self;
	return write(fd, bytes, n);
}

static int system_poll(void *self, struct pollfd *fd, int timeout_ms)
{
	(void)self;
	return poll(fd, 1, timeout_ms);
}

static uint64_t system_now(void *self)
{
	struct timespec now;

	(void)self;
	if (clock_gettime(CLOCK_MONOTONIC, &now) != 0)
		return 0;
	return (uint64_t)now.tv_sec * 1000 + (uint64_t)now.tv_nsec / 1000000;
}

const struct sap_mei_dev_system mei_dev_system = {
	.open = system_open,
	.close = system_close,
	.ioctl = system_ioctl,
	.read = system_read,
	.write = system_write,
	.poll = system_poll,
	.now = system_now,
};
