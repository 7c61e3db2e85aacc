// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
/*
 * misuse WHAT - does to /dev/vmei what no firmware should, and wants to be told so by the right errno.
 *
 *   records        records that are none, or come at the wrong time
 *   frames         frames that the kernel's MEI core must not see
 *   generations    what was under way as the firmware resets itself
 *   areas          memory that is not there
 *   crowd          more devices than there may be
 *   churn N        N devices, one after another: no misuse, but much of it
 *   noise SEED N   N lives of a device with frames at random, some of them nearly right, while programs use it
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "fw.h"

static struct fw fw = {.accept = true, .major = 2, .minor = 2, .capabilities = 5, .longest = FW_ECHO_MAX};
static int failures;
static void *volatile nowhere = (void *)16;

static void want(const char *what, int got, int wanted)
{
	if (got == wanted)
		return;
	printf("misuse: %s: %s (%d), not %s (%d)\n", what, strerror(got), got, strerror(wanted), wanted);
	failures++;
}

static int written(int fd, const void *bytes, size_t len)
{
	return write(fd, bytes, len) < 0 ? errno : 0;
}

static bool enabled(void)
{
	char state[32] = "", path[64];
	int fd;

	if (fw.error)
		return true;
	snprintf(path, sizeof(path), "/sys/class/mei/mei%u/dev_state", fw.device);
	fd = open(path, O_RDONLY);
	if (fd < 0 || read(fd, state, sizeof(state) - 1) < 0)
		exit(1);
	close(fd);
	return strcmp(state, "ENABLED") == 0;
}

/* Until the host knows all about the device, and has nothing more to say. */
static void settle(void)
{
	struct pollfd p = {fw.fd, POLLIN, 0};

	do {
		if (poll(&p, 1, 10) == 1 && !fw_step(&fw))
			exit(1);
	} while (poll(&p, 1, 0) == 1 || !enabled());
}

/* A device in good order. */
static void up(void)
{

	memset(fw.connections, 0, sizeof(fw.connections));
	if (!fw_open(&fw, 0)) {
		perror("misuse: /dev/vmei");
		exit(1);
	}
	while (fw.error < 0) {
		if (!fw_step(&fw))
			exit(1);
	}
	want("start", fw.error, 0);
	settle();
}

/* --- records --- */

static void before_start(int fd)
{
	struct vmei_start start = {.head = {VMEI_START, sizeof(start), 0}, .version = 1};
	struct vmei_record ready = {VMEI_FW_READY, sizeof(ready), 0};
	uint8_t record[VMEI_RECORD_MAX + 8] = {0x00, 0x02, 20, 0};

	want("a frame before the start", written(fd, record, 20), EPROTO);
	want("ready before the start", written(fd, &ready, sizeof(ready)), EPROTO);
	want("nothing", written(fd, record, 0), EINVAL);
	want("three bytes", written(fd, record, 3), EINVAL);
	want("a record too long", written(fd, record, VMEI_RECORD_MAX + 1), EMSGSIZE);
	want("a size that is not the record's", written(fd, record, 24), EINVAL);
	record[1] = 0x77;
	want("a type that is none", written(fd, record, 20), EINVAL);
	want("bytes that are not there", written(fd, nowhere, 20), EFAULT);
	start.version = 2;
	want("a version to come", written(fd, &start, sizeof(start)), EPROTONOSUPPORT);
	start.version = 0;
	want("version 0", written(fd, &start, sizeof(start)), EPROTONOSUPPORT);
	start.version = 1;
	start.flags = 0x8000;
	want("a flag that is none", written(fd, &start, sizeof(start)), EINVAL);
}

static void reading(int fd)
{
	uint8_t record[VMEI_RECORD_MAX];

	want("a buffer too small", read(fd, record, 4) < 0 ? errno : 0, EMSGSIZE);
	want("a buffer that is not there", read(fd, nowhere, sizeof(record)) < 0 ? errno : 0, EFAULT);
	want("hello",
	     read(fd, record, sizeof(record)) == sizeof(struct vmei_hello) && record[0] == VMEI_HELLO, 1);
	want("no more", read(fd, record, sizeof(record)) < 0 ? errno : 0, EAGAIN);
}

static int records(void)
{
	struct vmei_start start = {.head = {VMEI_START, sizeof(start), 0}, .version = 1};
	int fd = open("/dev/vmei", O_RDWR | O_NONBLOCK);

	before_start(fd);
	reading(fd);
	close(fd);

	up();
	want("a second start", written(fw.fd, &start, sizeof(start)), EALREADY);
	want("ready without a reset", fw_record(&fw, VMEI_FW_READY, NULL, 0), EALREADY);
	fw.generation--;
	want("a frame of the past", fw_record(&fw, VMEI_FRAME, "\0\0\1\200x", 5), 0);
	fw.generation++;
	want("a state too short", fw_record(&fw, VMEI_FW_STATE, NULL, 0), EINVAL);
	fw_reset(&fw);
	want("a frame in a reset", fw_record(&fw, VMEI_FRAME, "\0\0\1\200x", 5), 0);
	close(fw.fd);
	return failures;
}

/* --- frames --- */

static void bad(const char *what, const uint8_t *frame, size_t len)
{
	want(what, fw_record(&fw, VMEI_FRAME, frame, len), EBADMSG);
}

#define BAD(what, ...)                                        \
	do {                                                  \
		static const uint8_t frame[] = {__VA_ARGS__}; \
		bad(what, frame, sizeof(frame));              \
	} while (0)

static void bad_headers(void)
{
	BAD("half a header", 0, 0);
	BAD("a length that is not the frame's", 0, 0, 4, 0x80, 0x03);
	BAD("reserved bits", 0, 0, 4, 0x82, 0x03, 0, 0, 0);
	BAD("a DMA ring", FW_ECHO, 1, 4, 0xa0, 1, 2, 3, 4);
	BAD("an extended header that never ends", FW_ECHO, 1, 8, 0x90, 1, 1, 0, 0, 1, 0, 0, 0);
	BAD("an extended header without entries", FW_ECHO, 1, 4, 0x90, 0, 0, 0, 0);
	BAD("an extended header beyond the frame", FW_ECHO, 1, 8, 0x90, 1, 9, 0, 0, 1, 9, 0, 0);
	BAD("an extended header on the bus", 0, 0, 8, 0x90, 1, 1, 0, 0, 1, 1, 7, 0);
	BAD("no client's message", 0, 1, 4, 0x80, 1, 2, 3, 4);
	BAD("a stranger's message", 0x55, 1, 4, 0x80, 1, 2, 3, 4);
	BAD("a message without a connection", FW_ECHO, 9, 4, 0x80, 1, 2, 3, 4);
	BAD("a fixed client that is none", FW_ECHO, 0, 4, 0x80, 1, 2, 3, 4);
}

static void bad_commands(void)
{
	BAD("nothing at all", 0, 0, 0, 0x80);
	BAD("no command", 0, 0, 4, 0x80, 0x55, 0, 0, 0);
	BAD("the host's own command", 0, 0, 4, 0x80, 0x01, 0, 2, 2);
	BAD("power gating", 0, 0, 4, 0x80, 0x0b, 0, 0, 0);
	BAD("a ring's setup", 0, 0, 4, 0x80, 0x92, 0, 0, 0);
	BAD("a command cut short", 0, 0, 3, 0x80, 0x81, 1, 2);
	BAD("properties that nobody asked for", 0, 0, 28, 0x80, 0x85, FW_ECHO, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
	    0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);
	BAD("the bus as a client", 0, 0, 36, 0x80, 0x84, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
	    0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);
	BAD("a client at 0", 0, 0, 28, 0x80, 0x0f, 0, 0, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15,
	    16, 1, 1, 0, 0, 64, 0, 0, 0);
	BAD("a client without end", 0, 0, 28, 0x80, 0x0f, 0x40, 0, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12,
	    13, 14, 15, 16, 1, 1, 0, 0, 0, 0, 0, 0xff);
	BAD("another client in its place", 0, 0, 28, 0x80, 0x0f, FW_ECHO, 0, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10,
	    11, 12, 13, 14, 15, 16, 1, 1, 0, 0, 64, 0, 0, 0);
	BAD("a client's credit to one with connections", 0, 0, 8, 0x80, 0x08, FW_ECHO, 0, 0, 0, 0, 0, 0);
	BAD("a connection's credit to one with a single buffer", 0, 0, 8, 0x80, 0x08, FW_AMTHI, 1, 0, 0, 0, 0,
	    0);
	BAD("a stranger's credit", 0, 0, 8, 0x80, 0x08, 0x55, 1, 0, 0, 0, 0, 0);
	BAD("the end of nothing", 0, 0, 4, 0x80, 0x07, FW_ECHO, 1, 0);
	BAD("news of nothing", 0, 0, 4, 0x80, 0x11, FW_ECHO, 1, 0);
}

/* A fixed address that talks without end: the core would keep all of it for a program to read. */
static void talkative(void)
{
	static const uint8_t add[32] = {0, 0, 28, 0x80, 0x0f, 0x50, 0, 0, 't', 'a', 'l', 'k', 11, 10, 9, 8,
					7, 6, 5,  4,	3,    2,    1, 0, 1,   0,   7,	 0,   4,  0,  0, 0};
	static const uint8_t message[8] = {0x50, 0, 4, 0x80, 1, 2, 3, 4};

	want("a fixed address that comes", fw_record(&fw, VMEI_FRAME, add, sizeof(add)), 0);
	BAD("more than its longest message", 0x50, 0, 5, 0x80, 1, 2, 3, 4, 5);
	for (int i = 0; i < 4; i++)
		want("what nobody asked", fw_record(&fw, VMEI_FRAME, message, sizeof(message)), 0);
	want("and more of it", fw_record(&fw, VMEI_FRAME, message, sizeof(message)), EBADMSG);
}

/* Frames that the guard cannot know to be wrong: the core refuses the first, and must not see the others. */
static void refused_by_the_core(void)
{
	static const uint8_t capabilities[8] = {0, 0, 4, 0x80, 0x93}, mapped[8] = {0, 0, 4, 0x80, 0x94};

	for (int i = 0; i < 5; i++) {
		fw_record(&fw, VMEI_FRAME, capabilities, sizeof(capabilities));
		for (int more = 0; more < 20; more++)
			fw_record(&fw, VMEI_FRAME, mapped, sizeof(mapped));
		settle();
	}
}

static int frames(void)
{
	static const uint8_t late[8] = {0, 0, 4, 0x80, 0x86, FW_ECHO, 1, 0};
	struct vmei_fw_state state = {.fw_status = {9}};

	up();
	bad_headers();
	bad_commands();
	talkative();
	want("an answer that comes too late", fw_record(&fw, VMEI_FRAME, late, sizeof(late)), 0);
	want("a state", fw_record(&fw, VMEI_FW_STATE, state.fw_status, sizeof(state.fw_status)), 0);
	/* After all that the device is as good as ever. */
	want("the device", system("[ $(cat /sys/class/mei/mei0/dev_state) = ENABLED ]"), 0);
	want("refused", system("[ $(cat /sys/bus/vmei/devices/vmei0/refused) = 30 ]"), 0);
	want("late", system("[ $(cat /sys/bus/vmei/devices/vmei0/late) = 1 ]"), 0);
	refused_by_the_core();
	close(fw.fd);
	return failures;
}

/* --- generations --- */

static bool readable(void)
{
	struct pollfd p = {fw.fd, POLLIN, 0};

	return poll(&p, 1, 2000) == 1;
}

/* The next record; its type, and of a frame the first byte after its header. */
static unsigned int next(unsigned int *command)
{
	uint8_t record[VMEI_RECORD_MAX] = {0};
	const struct vmei_record *head = (const void *)record;

	if (!readable() || read(fw.fd, record, sizeof(record)) < 8)
		return 0;
	fw.generation = head->generation;
	*command = record[12];
	return head->type;
}

/*
 * A program connects, and its request lies unread as the firmware resets: it must not be seen afterwards. Nor may
 * the host see what the firmware wrote before.
 */
static int generations(void)
{
	static const uint8_t stop[8] = {0, 0, 4, 0x80, 0x03};
	unsigned int command = 0;
	uint32_t before;
	pid_t pid;

	up();
	before = fw.generation;
	pid = fork();
	if (pid == 0) {
		execlp("host", "host", "connect", "14", (char *)NULL);
		_exit(1);
	}
	want("a request", readable(), 1);
	fw_reset(&fw);
	want("first after a reset", (int)next(&command), VMEI_HOST_RESET);
	want("a new generation", fw.generation > before, 1);
	want("ready", fw_record(&fw, VMEI_FW_READY, NULL, 0), 0);
	want("ready twice", fw_record(&fw, VMEI_FW_READY, NULL, 0), EALREADY);
	want("second", (int)next(&command), VMEI_HOST_READY);
	fw.generation = before;
	want("a stop of the past", fw_record(&fw, VMEI_FRAME, stop, sizeof(stop)), 0);
	want("ready of the past", fw_record(&fw, VMEI_FW_READY, NULL, 0), 0);
	want("third", (int)next(&command), VMEI_FRAME);
	want("the host begins anew", (int)command, 0x01);
	close(fw.fd);
	waitpid(pid, NULL, 0);
	return failures;
}

/* --- areas --- */

static void no_area(const char *what, size_t size, int flags, off_t at, int wanted)
{
	void *area = mmap(NULL, size, PROT_READ | PROT_WRITE, flags, fw.fd, at);

	want(what, area == MAP_FAILED ? errno : 0, wanted);
}

static int areas(void)
{
	up();
	no_area("address 0", 4096, MAP_SHARED, 0, ENXIO);
	no_area("the first address", 4096, MAP_SHARED, (off_t)1 << 32, ENXIO);
	no_area("a far address", 4096, MAP_SHARED, (off_t)1 << 60, ENXIO);
	no_area("a private map", 4096, MAP_PRIVATE, (off_t)1 << 32, EINVAL);
	no_area("a huge map", (size_t)1 << 32, MAP_SHARED, (off_t)1 << 32, ENXIO);
	close(fw.fd);
	return failures;
}

static int crowd(void)
{
	int fds[16];

	for (int i = 0; i < 16; i++) {
		fds[i] = open("/dev/vmei", O_RDWR);
		want("an open", fds[i] < 0 ? errno : 0, 0);
	}
	want("one too many", open("/dev/vmei", O_RDWR) < 0 ? errno : 0, EMFILE);
	for (int i = 0; i < 16; i++)
		close(fds[i]);
	up();
	close(fw.fd);
	return failures;
}

/* A device after another, each to the end of its enumeration. */
static int churn(int times)
{
	for (int i = 0; i < times; i++) {
		up();
		close(fw.fd);
	}
	return failures;
}

/* --- noise --- */

static uint32_t state;

static uint32_t dice(uint32_t below)
{
	state ^= state << 13;
	state ^= state >> 17;
	state ^= state << 5;
	return state % below;
}

static size_t random_frame(uint8_t *frame)
{
	static const uint8_t commands[] = {0x07, 0x87, 0x86, 0x84, 0x85, 0x86, 0x07, 0x87, 0x08, 0x08,
					   0x8a, 0x0b, 0x0f, 0x0f, 0x90, 0x11, 0x92, 0x86, 0x94, 0x95};
	static const uint8_t addresses[] = {0, 1, 2, 3, FW_ECHO, FW_ECHO, FW_AMTHI, FW_MKHI, FW_LATE, 255};
	size_t len = dice(4) ? dice(44) : dice(509);

	for (size_t i = 0; i < 4 + len; i++)
		frame[i] = dice(3) ? 0 : (uint8_t)dice(256);
	frame[0] = dice(2) ? 0 : addresses[dice(sizeof(addresses))];
	frame[1] = dice(2) ? 0 : addresses[dice(sizeof(addresses))];
	frame[2] = len & 0xff;
	frame[3] = (uint8_t)(len >> 8 | (dice(4) ? 0x80 : dice(256) & 0xfe));
	if (len > 3 && dice(8)) {
		/* What ends the device's life comes seldom. */
		frame[4] = dice(64) ? commands[dice(sizeof(commands))] : (uint8_t)dice(256);
		frame[5] = addresses[dice(sizeof(addresses))];
		frame[6] = addresses[dice(sizeof(addresses))];
	}
	return 4 + len;
}

/* Programs that use the device meanwhile: they may fail, but not hang. */
static pid_t users(void)
{
	pid_t pid = fork();

	if (pid == 0) {
		setpgid(0, 0);
		execl("/bin/sh", "sh", "-c",
		      "while :; do for n in 0 1 2; do host echo 1 3000 500 & done; host amthi 2 2; wait; done "
		      ">/dev/null 2>&1",
		      (char *)NULL);
		_exit(1);
	}
	return pid;
}

/* One life of a device, with much noise in it. */
static unsigned long round_of_noise(void)
{
	uint8_t frame[VMEI_FRAME_MAX + 4];
	unsigned long passed = 0;

	up();
	for (int i = 0; i < 250; i++) {
		struct pollfd p = {fw.fd, POLLIN, 0};
		size_t len = random_frame(frame);

		while (poll(&p, 1, (i & 7) == 0 ? 2 : 0) == 1 && p.revents & POLLIN)
			fw_step(&fw);
		if (fw.up && len <= VMEI_FRAME_MAX)
			passed += fw_record(&fw, VMEI_FRAME, frame, len) == 0;
	}
	close(fw.fd);
	return passed;
}

static int noise(uint32_t seed, int rounds)
{
	unsigned long passed = 0;
	pid_t pid = users();

	setpgid(pid, pid);
	state = seed * 2654435761u + 1;
	for (int i = 0; i < rounds; i++)
		passed += round_of_noise();
	kill(-pid, SIGKILL);
	waitpid(pid, NULL, 0);
	printf("misuse: seed %u: %lu of %d frames passed, %lu resets\n", seed, passed, rounds * 250,
	       fw.resets);
	return failures;
}

int main(int argc, char **argv)
{
	const char *what = argc > 1 ? argv[1] : "";

	setvbuf(stdout, NULL, _IOLBF, 0);
	if (strcmp(what, "records") == 0)
		return records();
	if (strcmp(what, "frames") == 0)
		return frames();
	if (strcmp(what, "generations") == 0)
		return generations();
	if (strcmp(what, "areas") == 0)
		return areas();
	if (strcmp(what, "crowd") == 0)
		return crowd();
	if (strcmp(what, "churn") == 0 && argc == 3)
		return churn(atoi(argv[2]));
	if (strcmp(what, "noise") == 0 && argc == 4)
		return noise((uint32_t)atoi(argv[2]), atoi(argv[3]));
	fprintf(stderr, "misuse: what is \"%s\"?\n", what);
	return 2;
}
