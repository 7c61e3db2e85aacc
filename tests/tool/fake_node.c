// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
/*
 * Preloaded into the `sap` command, for tests: a UNIX socket (SOCK_SEQPACKET) in the folder that SAP_FAKE_NODES names
 * stands for a MEI device. Whoever listens there (mei_tree.py) is the firmware, and the driver too.
 *
 * Each message over the socket has a byte before it: 1 an ioctl (u32 number, argument; the answer: u32 errno,
 * argument), 2 a message of the client. When the socket ends, the device is gone.
 */
#define _GNU_SOURCE

#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

enum {
	MOST = 1024,
	LONGEST = 128 << 10,
};

static bool is_node[MOST];

/* The function that would have been called. ISO C has no other way from an object's pointer to a function's. */
static void next(const char *name, void *function)
{
	void *symbol = dlsym(RTLD_NEXT, name);

	if (!symbol)
		abort();
	memcpy(function, &symbol, sizeof(symbol));
}

static bool is_fake(int fd)
{
	return fd >= 0 && fd < MOST && is_node[fd];
}

static int connect_to(const char *path)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	int fd = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0);

	strncpy(address.sun_path, path, sizeof(address.sun_path) - 1);
	if (fd < 0 || fd >= MOST || connect(fd, (struct sockaddr *)&address, sizeof(address)) != 0) {
		errno = ENODEV;
		return -1;
	}
	is_node[fd] = true;
	return fd;
}

/* Where nothing is faked, the file is opened as it is. */
static int open_it(const char *name, const char *path, int flags, mode_t mode)
{
	int (*real)(const char *, int, ...);
	const char *nodes = getenv("SAP_FAKE_NODES");
	struct stat file;

	next(name, &real);
	if (nodes && strncmp(path, nodes, strlen(nodes)) == 0 && stat(path, &file) == 0 &&
	    S_ISSOCK(file.st_mode))
		return connect_to(path);
	return real(path, flags, mode);
}

int open(const char *path, int flags, ...)
{
	va_list args;
	mode_t mode;

	va_start(args, flags);
	mode = flags & (O_CREAT | O_TMPFILE) ? va_arg(args, mode_t) : 0;
	va_end(args);
	return open_it("open", path, flags, mode);
}

int close(int fd)
{
	int (*real)(int);

	next("close", &real);
	if (is_fake(fd))
		is_node[fd] = false;
	return real(fd);
}

int ioctl(int fd, unsigned long request, ...)
{
	int (*real)(int, unsigned long, ...);
	uint8_t message[64] = {1};
	uint32_t number = (uint32_t)request, size = number >> 16 & 0x3fff;
	int32_t error;
	void *argument;
	va_list args;
	ssize_t n;

	next("ioctl", &real);
	va_start(args, request);
	argument = va_arg(args, void *);
	va_end(args);
	if (!is_fake(fd))
		return real(fd, request, argument);
	memcpy(message + 1, &number, 4);
	memcpy(message + 5, argument, size);
	n = send(fd, message, 5 + (size_t)size, MSG_NOSIGNAL);
	if (n > 0)
		n = recv(fd, message, sizeof(message), 0);
	if (n < 5 || (size_t)n - 5 < size) {
		errno = ENODEV;
		return -1;
	}
	memcpy(&error, message + 1, 4);
	memcpy(argument, message + 5, size);
	errno = error;
	return error ? -1 : 0;
}

ssize_t read(int fd, void *bytes, size_t len)
{
	static uint8_t message[LONGEST];
	ssize_t (*real)(int, void *, size_t);
	ssize_t n;

	next("read", &real);
	if (!is_fake(fd))
		return real(fd, bytes, len);
	n = recv(fd, message, sizeof(message), MSG_DONTWAIT);
	if (n == 0)
		errno = ENODEV;
	if (n <= 0)
		return -1;
	n--;
	if ((size_t)n > len)
		n = (ssize_t)len;
	memcpy(bytes, message + 1, (size_t)n);
	return n;
}

ssize_t write(int fd, const void *bytes, size_t len)
{
	static uint8_t message[LONGEST] = {2};
	ssize_t (*real)(int, const void *, size_t);

	next("write", &real);
	if (!is_fake(fd))
		return real(fd, bytes, len);
	memcpy(message + 1, bytes, len);
	if (send(fd, message, len + 1, MSG_NOSIGNAL | MSG_DONTWAIT) < 0) {
		errno = ENODEV;
		return -1;
	}
	return (ssize_t)len;
}
