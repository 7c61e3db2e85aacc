// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
/*
 * host COMMAND [ARGUMENT...] - a program on /dev/mei*, for the VM's cases. $MEI names the device, else
 * /dev/mei0. Ends with 0 if all went as it should.
 *
 *   echo FIRST LAST STEP   messages of these sizes come back as they were sent
 *   toolong                one byte more than the client takes is EFBIG, and the connection goes on
 *   busy N                 N connections to the echo client hold, one more is EBUSY
 *   amthi N TIMES          N processes at a time, each TIMES a request and its answer
 *   absent                 a client that is not there is ENOTTY
 *   late                   the echo client that came later echoes
 *   lost ERRNO             a read waits, and ends with this errno
 *   keep                   prints "connected", waits for the end of its input; then all fails with ENODEV
 *   connect ERRNO          connecting to the echo client ends so
 *   event                  prints "waiting", then wants one notification
 *   flood                  writes without reading, until it cannot: EAGAIN or ENODEV
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/mei.h>
#include <poll.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <unistd.h>

#define DEADLINE_MS 20000

static uint8_t echo_guid[16] = {0x01, 0x00, 0x00, 0xec, 0,    0,    0,	  0,
				0x80, 0,    0x65, 0x63, 0x68, 0x6f, 0x20, 0x31};
static const uint8_t late_guid[16] = {0x01, 0x00, 0x00, 0xec, 0,    0,	  0,	0,
				      0x80, 0,	  0x65, 0x63, 0x68, 0x6f, 0x20, 0x32};
static const uint8_t amthi_guid[16] = {0x28, 0x00, 0xf8, 0x12, 0xb7, 0xb4, 0x2d, 0x4b,
				       0xac, 0xa8, 0x46, 0xe0, 0xff, 0x65, 0x81, 0x4c};
static const uint8_t no_guid[16] = {1, 2, 3, 4};

/* The echo client of `sap csme`, which $SAP_ECHO means instead of the first. */
static const uint8_t sap_echo[16] = {0x2e, 0x71, 0xc4, 0xe0, 0x5b, 0x9d, 0x36, 0x4a,
				     0x83, 0x1f, 0x64, 0xd2, 0x0a, 0x97, 0xbe, 0x48};

static uint32_t longest;

static _Noreturn void fail(const char *what, int got)
{
	fprintf(stderr, "host: %s: %s (%d)\n", what, strerror(got), got);
	exit(1);
}

static int open_device(int flags)
{
	const char *path = getenv("MEI");
	int fd = open(path ? path : "/dev/mei0", O_RDWR | O_CLOEXEC | flags);

	if (fd < 0)
		fail("open", errno);
	return fd;
}

static int connect_to(int fd, const uint8_t *guid)
{
	struct mei_connect_client_data data;

	memset(&data, 0, sizeof(data));
	memcpy(&data.in_client_uuid, guid, 16);
	if (ioctl(fd, IOCTL_MEI_CONNECT_CLIENT, &data))
		return errno;
	longest = data.out_client_properties.max_msg_length;
	return 0;
}

static int connected(const uint8_t *guid, int flags)
{
	int fd = open_device(flags);
	int error = connect_to(fd, guid);

	if (error)
		fail("connect", error);
	return fd;
}

static void wait_for(int fd, short events)
{
	struct pollfd p = {fd, events, 0};

	if (poll(&p, 1, DEADLINE_MS) != 1)
		fail("nothing came", ETIMEDOUT);
}

static void fill(uint8_t *message, size_t len)
{
	for (size_t i = 0; i < len; i++)
		message[i] = (uint8_t)(i * 7 + len + (i >> 8));
}

static void echo_one(int fd, size_t len)
{
	uint8_t out[8192], in[8192];
	ssize_t n;

	fill(out, len);
	n = write(fd, out, len);
	if (n != (ssize_t)len)
		fail("write", n < 0 ? errno : EIO);
	wait_for(fd, POLLIN);
	n = read(fd, in, sizeof(in));
	if (n != (ssize_t)len || memcmp(in, out, len) != 0)
		fail("read", n < 0 ? errno : EIO);
}

static int echo(char **argv)
{
	size_t first = strtoul(argv[0], NULL, 0), last = strtoul(argv[1], NULL, 0);
	int fd = connected(echo_guid, 0);

	for (size_t len = first; len <= last; len += strtoul(argv[2], NULL, 0))
		echo_one(fd, len);
	return 0;
}

static int toolong(void)
{
	static uint8_t message[70000];
	int fd = connected(echo_guid, 0);

	echo_one(fd, longest);
	if (write(fd, message, longest + 1) >= 0 || errno != EFBIG)
		fail("a byte too much", errno);
	echo_one(fd, 1);
	return 0;
}

static int busy(char **argv)
{
	int error, last = 0;

	for (int i = 0; i < atoi(argv[0]); i++)
		last = connected(echo_guid, 0);
	error = connect_to(open_device(0), echo_guid);
	if (error != EBUSY)
		fail("one connection too much", error);
	echo_one(last, 100);
	close(last);
	echo_one(connected(echo_guid, 0), 100);
	return 0;
}

static void ask_amthi(int times)
{
	static const uint8_t request[12] = {1, 1, 0, 0, 0x1a, 0, 0, 4};
	uint8_t answer[4096] = {0};
	int fd = connected(amthi_guid, 0);
	ssize_t len;

	for (int i = 0; i < times; i++) {
		if (write(fd, request, sizeof(request)) != sizeof(request))
			fail("request", errno);
		wait_for(fd, POLLIN);
		len = read(fd, answer, sizeof(answer));
		/* CODE_VERSIONS: 85 bytes, the last four of which count entries of 44. */
		if (len != 85 + 44 * answer[81] || answer[81] < 3 || answer[6] != 0x80)
			fail("answer", errno);
	}
}

static int amthi(char **argv)
{
	int status, bad = 0;

	for (int i = 0; i < atoi(argv[0]); i++) {
		if (fork() == 0) {
			ask_amthi(atoi(argv[1]));
			_exit(0);
		}
	}
	while (wait(&status) > 0)
		bad += status != 0;
	return bad != 0;
}

static int absent(void)
{
	int error = connect_to(open_device(0), no_guid);

	if (error != ENOTTY)
		fail("a client that is not there", error);
	return 0;
}

static int late(void)
{
	echo_one(connected(late_guid, 0), 1000);
	return 0;
}

static int lost(char **argv)
{
	uint8_t message[16];
	int fd = connected(echo_guid, 0);

	printf("waiting\n");
	fflush(stdout);
	if (read(fd, message, sizeof(message)) >= 0 || errno != atoi(argv[0]))
		fail("the read that waited", errno);
	if (write(fd, message, sizeof(message)) >= 0 || errno != ENODEV)
		fail("a write afterwards", errno);
	return 0;
}

static int keep(void)
{
	uint8_t message[16] = {0};
	int fd = connected(echo_guid, 0);

	echo_one(fd, 10);
	printf("connected\n");
	fflush(stdout);
	while (read(0, message, sizeof(message)) > 0)
		;
	if (write(fd, message, sizeof(message)) >= 0 || errno != ENODEV)
		fail("a write without a firmware", errno);
	if (read(fd, message, sizeof(message)) >= 0 || errno != ENODEV)
		fail("a read without a firmware", errno);
	if (connect_to(fd, echo_guid) != ENODEV)
		fail("a connect without a firmware", errno);
	return 0;
}

static int event(void)
{
	int fd = connected(echo_guid, 0);
	uint32_t value = 1;

	if (ioctl(fd, IOCTL_MEI_NOTIFY_SET, &value))
		fail("notify set", errno);
	printf("waiting\n");
	fflush(stdout);
	wait_for(fd, POLLPRI);
	if (ioctl(fd, IOCTL_MEI_NOTIFY_GET, &value) || value != 1)
		fail("notify get", errno);
	return 0;
}

static int flood(void)
{
	static uint8_t message[5000];
	int fd = connected(echo_guid, O_NONBLOCK);

	for (int i = 0; i < 1000; i++) {
		if (write(fd, message, sizeof(message)) < 0)
			return errno == EAGAIN || errno == ENODEV ? 0 : 1;
	}
	fail("nothing stops a flood", 0);
}

static int connect_ends(char **argv)
{
	int error = connect_to(open_device(0), echo_guid);

	if (error != atoi(argv[0]))
		fail("connect", error);
	return 0;
}

int main(int argc, char **argv)
{
	const char *what = argc > 1 ? argv[1] : "";

	if (getenv("SAP_ECHO"))
		memcpy(echo_guid, sap_echo, sizeof(echo_guid));
	if (strcmp(what, "echo") == 0 && argc == 5)
		return echo(argv + 2);
	if (strcmp(what, "toolong") == 0)
		return toolong();
	if (strcmp(what, "busy") == 0 && argc == 3)
		return busy(argv + 2);
	if (strcmp(what, "amthi") == 0 && argc == 4)
		return amthi(argv + 2);
	if (strcmp(what, "absent") == 0)
		return absent();
	if (strcmp(what, "late") == 0)
		return late();
	if (strcmp(what, "lost") == 0 && argc == 3)
		return lost(argv + 2);
	if (strcmp(what, "keep") == 0)
		return keep();
	if (strcmp(what, "event") == 0)
		return event();
	if (strcmp(what, "flood") == 0)
		return flood();
	if (strcmp(what, "connect") == 0 && argc == 3)
		return connect_ends(argv + 2);
	fprintf(stderr, "host: what is \"%s\"?\n", what);
	return 2;
}
