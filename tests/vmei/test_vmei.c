// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
/*
 * The firmware's end of a virtual MEI device, with the test as the kernel: a socket that keeps records apart, as
 * /dev/vmei does, and bytes written by hand from docs/vmei.md.
 */
#define _GNU_SOURCE
#define _FILE_OFFSET_BITS 64 /* bus addresses are offsets */
#include "support.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

#include <sap/mei/vmei.h>

static struct {
	struct sap_vmei vmei;
	struct sap_mei_port port;
	int kernel;
} t;

static const uint8_t hello[24] = {1, 0, 24, 0, 0, 0, 0, 0, 1, 0, 1, 0, 0, 2, 0, 0, 0, 16, 0, 0, 0, 0, 1, 0};

static void kernel_says(const void *bytes, size_t len)
{
	assert_int_equal(send(t.kernel, bytes, len, 0), len);
}

#define KERNEL(...) kernel_says((const uint8_t[]){__VA_ARGS__}, sizeof((const uint8_t[]){__VA_ARGS__}))

static void kernel_hears(const void *bytes, size_t len)
{
	uint8_t record[1024];

	assert_int_equal(recv(t.kernel, record, sizeof(record), MSG_DONTWAIT), len);
	assert_memory_equal(record, bytes, len);
}

#define HEARS(...) kernel_hears((const uint8_t[]){__VA_ARGS__}, sizeof((const uint8_t[]){__VA_ARGS__}))

static void hears_nothing(void)
{
	uint8_t record[1];

	assert_int_equal(recv(t.kernel, record, sizeof(record), MSG_DONTWAIT), -1);
}

static enum sap_status open_with(const void *first, size_t len, const struct sap_vmei_config *settings)
{
	struct sap_vmei_config config = *settings;
	int pair[2];

	assert_int_equal(socketpair(AF_UNIX, SOCK_SEQPACKET, 0, pair), 0);
	t.kernel = pair[0];
	config.fd = pair[1];
	if (len)
		kernel_says(first, len);
	return sap_vmei_open(&t.vmei, sizeof(t.vmei), &config);
}

static int setup(void **state)
{
	struct sap_vmei_config config;

	(void)state;
	sap_vmei_config_default(&config);
	config.fw_version = true;
	config.fw_status[0] = 0x01020304;
	config.fw_status[5] = 0xf0000000;
	assert_status(open_with(hello, sizeof(hello), &config), SAP_OK);
	t.port = sap_vmei_port(&t.vmei);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	sap_vmei_close(&t.vmei);
	close(t.kernel);
	return 0;
}

/* Started, reset once and up, generation 7. */
static int setup_up(void **state)
{
	enum sap_mei_input what;
	uint8_t frame[16];
	size_t len;

	setup(state);
	assert_status(t.port.ops->ready(t.port.self, true), SAP_OK);
	recv(t.kernel, frame, sizeof(frame), 0);
	KERNEL(2, 0, 8, 0, 7, 0, 0, 0);
	assert_status(t.port.ops->recv(t.port.self, &what, frame, sizeof(frame), &len), SAP_OK);
	assert_int_equal(what, SAP_MEI_HOST_RESET);
	assert_status(t.port.ops->ready(t.port.self, true), SAP_OK);
	HEARS(2, 1, 8, 0, 7, 0, 0, 0);
	KERNEL(3, 0, 8, 0, 7, 0, 0, 0);
	assert_status(t.port.ops->recv(t.port.self, &what, frame, sizeof(frame), &len), SAP_OK);
	assert_int_equal(what, SAP_MEI_HOST_READY);
	return 0;
}

static enum sap_status next(enum sap_mei_input *what)
{
	uint8_t frame[520];
	size_t len;

	return t.port.ops->recv(t.port.self, what, frame, sizeof(frame), &len);
}

static void the_first_ready_makes_the_device(void **state)
{
	(void)state;
	hears_nothing();
	assert_status(t.port.ops->send(t.port.self, "abcd", 4), SAP_CLOSED);
	assert_status(t.port.ops->ready(t.port.self, false), SAP_OK);
	hears_nothing();
	assert_status(t.port.ops->ready(t.port.self, true), SAP_OK);
	HEARS(1, 1, 36, 0, 0, 0, 0, 0, 1, 0, 1, 0, 4, 3, 2, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
	      0, 0, 0, 0xf0);
	assert_status(t.port.ops->ready(t.port.self, true), SAP_OK);
	hears_nothing();
}

/* Each reset is answered once, with its own number; the firmware's own reset names the generation it is in. */
static void resets(void **state)
{
	enum sap_mei_input what;

	(void)state;
	assert_status(t.port.ops->ready(t.port.self, true), SAP_OK);
	hears_nothing();
	KERNEL(2, 0, 8, 0, 8, 0, 0, 0);
	KERNEL(2, 0, 8, 0, 0x0a, 0x0b, 0x0c, 0x0d);
	assert_status(next(&what), SAP_OK);
	assert_status(next(&what), SAP_OK);
	assert_int_equal(what, SAP_MEI_HOST_RESET);
	assert_status(next(&what), SAP_AGAIN);
	assert_status(t.port.ops->ready(t.port.self, true), SAP_OK);
	assert_status(t.port.ops->ready(t.port.self, true), SAP_OK);
	HEARS(2, 1, 8, 0, 0x0a, 0x0b, 0x0c, 0x0d);
	hears_nothing();
	assert_status(t.port.ops->ready(t.port.self, false), SAP_OK);
	HEARS(3, 1, 8, 0, 0x0a, 0x0b, 0x0c, 0x0d);
	assert_int_equal(t.vmei.counters.resets, 3);
}

static void frames(void **state)
{
	uint8_t frame[600] = {1, 2, 3, 4, 5}, small[4];
	enum sap_mei_input what = SAP_MEI_HOST_RESET;
	size_t len = 99;

	(void)state;
	assert_status(t.port.ops->send(t.port.self, frame, 5), SAP_OK);
	HEARS(0, 2, 13, 0, 7, 0, 0, 0, 1, 2, 3, 4, 5);
	assert_status(t.port.ops->send(t.port.self, frame, 3), SAP_INVALID);
	assert_status(t.port.ops->send(t.port.self, frame, 513), SAP_TOO_LONG);
	assert_status(t.port.ops->send(t.port.self, NULL, 5), SAP_INVALID);
	hears_nothing();
	assert_status(t.port.ops->send(t.port.self, frame, 512), SAP_OK);

	KERNEL(0, 2, 13, 0, 7, 0, 0, 0, 9, 8, 7, 6, 5);
	assert_status(t.port.ops->recv(t.port.self, &what, frame, sizeof(frame), &len), SAP_OK);
	assert_int_equal(what, SAP_MEI_FRAME);
	assert_int_equal(len, 5);
	assert_memory_equal(frame, ((uint8_t[]){9, 8, 7, 6, 5}), 5);
	KERNEL(0, 2, 13, 0, 7, 0, 0, 0, 9, 8, 7, 6, 5);
	assert_status(t.port.ops->recv(t.port.self, &what, small, sizeof(small), &len), SAP_TOO_LONG);
	assert_int_equal(len, 5);
	assert_status(t.port.ops->recv(t.port.self, &what, frame, sizeof(frame), &len), SAP_AGAIN);
	assert_int_equal(t.vmei.counters.frames_in, 2);
	assert_int_equal(t.vmei.counters.frames_out, 2);
}

/* A record that is none is stepped over, and what comes after it is given out. */
static void foreign_records(void **state)
{
	enum sap_mei_input what = 0;

	(void)state;
	KERNEL(0x77, 0, 8, 0, 7, 0, 0, 0);
	KERNEL(2, 0, 9, 0, 7, 0, 0, 0);
	KERNEL(2, 0, 8);
	KERNEL(4, 0, 8, 0, 7, 0, 0, 0);
	KERNEL(2, 0, 8, 0, 9, 0, 0, 0);
	assert_status(next(&what), SAP_OK);
	assert_int_equal(what, SAP_MEI_HOST_RESET);
	assert_int_equal(t.vmei.counters.foreign, 4);
	assert_int_equal(t.vmei.counters.resets, 2);
}

static void online(void **state)
{
	enum sap_mei_input what;
	uint32_t minor = 99;

	(void)state;
	assert_status(sap_vmei_minor(&t.vmei, &minor), SAP_AGAIN);
	KERNEL(4, 0, 16, 0, 7, 0, 0, 0, 0, 0, 0, 0, 3, 1, 0, 0);
	assert_status(next(&what), SAP_AGAIN);
	assert_status(sap_vmei_minor(&t.vmei, &minor), SAP_OK);
	assert_int_equal(minor, 259);
}

static void given_up(void **state)
{
	enum sap_mei_input what;
	uint32_t minor;

	(void)state;
	KERNEL(4, 0, 16, 0, 7, 0, 0, 0, ENODEV, 0, 0, 0, 0, 0, 0, 0);
	assert_status(next(&what), SAP_CLOSED);
	assert_status(next(&what), SAP_CLOSED);
	assert_status(sap_vmei_minor(&t.vmei, &minor), SAP_CLOSED);
	assert_int_equal(t.vmei.error, ENODEV);
}

static void no_room(void **state)
{
	static const uint8_t frame[512];
	enum sap_status status = SAP_OK;
	uint8_t record[600];

	(void)state;
	assert_int_equal(sap_vmei_events(&t.vmei), POLLIN);
	for (int i = 0; i < 100000 && status == SAP_OK; i++)
		status = t.port.ops->send(t.port.self, frame, sizeof(frame));
	assert_status(status, SAP_AGAIN);
	assert_int_equal(sap_vmei_events(&t.vmei), POLLIN | POLLOUT);
	while (recv(t.kernel, record, sizeof(record), MSG_DONTWAIT) > 0)
		;
	assert_status(t.port.ops->send(t.port.self, frame, sizeof(frame)), SAP_OK);
	assert_int_equal(sap_vmei_events(&t.vmei), POLLIN);
}

static void registers(void **state)
{
	static const uint32_t status[6] = {1, 2, 3, 4, 5, 0x0a0b0c0d};

	(void)state;
	assert_status(sap_vmei_set_status(&t.vmei, status), SAP_OK);
	HEARS(4, 1, 32, 0, 7, 0, 0, 0, 1, 0, 0, 0, 2, 0, 0, 0, 3, 0, 0, 0, 4, 0, 0, 0, 5, 0, 0, 0, 0x0d, 0x0c,
	      0x0b, 0x0a);
	assert_status(sap_vmei_set_status(&t.vmei, NULL), SAP_INVALID);
	sap_vmei_close(&t.vmei);
	assert_status(sap_vmei_set_status(&t.vmei, status), SAP_CLOSED);
}

static void the_kernel_goes(void **state)
{
	enum sap_mei_input what;

	(void)state;
	close(t.kernel);
	t.kernel = -1;
	assert_status(next(&what), SAP_IO);
	sap_vmei_close(&t.vmei);
	sap_vmei_close(&t.vmei);
	assert_status(next(&what), SAP_CLOSED);
	assert_status(t.port.ops->ready(t.port.self, true), SAP_CLOSED);
	assert_status(t.port.ops->send(t.port.self, "abcd", 4), SAP_CLOSED);
	assert_int_equal(sap_vmei_fd(&t.vmei), -1);
}

/* Whether this machine maps what lies behind 4 GiB of a file. An emulated one of 32 bits may map something else. */
static bool maps_far(int fd)
{
	void *base = mmap(NULL, 4096, PROT_READ, MAP_SHARED, fd, ((off_t)1 << 32) + 4096);
	bool far = base != MAP_FAILED && memcmp(base, "host", 4) == 0;

	if (base != MAP_FAILED)
		munmap(base, 4096);
	return far;
}

/* A window of a descriptor that has one: memory, whose offsets are the bus addresses. */
static void window(void **state)
{
	struct sap_mem mem = {NULL, 0};
	int socket = t.vmei.fd;

	(void)state;
	assert_status(t.port.ops->map(t.port.self, 0, 4096, &mem), SAP_IO);
	assert_int_equal(t.vmei.error, ENODEV);
	t.vmei.fd = memfd_create("window", MFD_CLOEXEC);
	assert_int_equal(ftruncate(t.vmei.fd, ((off_t)1 << 32) + 8192), 0);
	assert_int_equal(pwrite(t.vmei.fd, "host", 4, ((off_t)1 << 32) + 4096), 4);
	if (!maps_far(t.vmei.fd)) {
		close(t.vmei.fd);
		t.vmei.fd = socket;
		print_message("no offsets above 4 GiB here\n");
		skip();
	}
	assert_status(t.port.ops->map(t.port.self, ((uint64_t)1 << 32) + 4096, 4096, &mem), SAP_OK);
	assert_int_equal(mem.size, 4096);
	assert_memory_equal(mem.base, "host", 4);
	assert_status(t.port.ops->map(t.port.self, 0, 4096, &mem), SAP_IO);
	assert_status(t.port.ops->unmap(t.port.self), SAP_OK);
	assert_status(t.port.ops->unmap(t.port.self), SAP_OK);
	assert_status(t.port.ops->map(t.port.self, UINT64_MAX - 4095, 4096, &mem), SAP_IO);
	assert_status(t.port.ops->map(t.port.self, (uint64_t)1 << 32, 4096, &mem), SAP_OK);
	close(t.vmei.fd);
	t.vmei.fd = socket;
}

static void opening(void **state)
{
	struct sap_vmei_config config;
	uint8_t other[24];

	(void)state;
	sap_vmei_config_default(&config);
	assert_status(sap_vmei_open(&t.vmei, sizeof(t.vmei) - 1, &config), SAP_TOO_SMALL);
	assert_status(sap_vmei_open(&t.vmei, sizeof(t.vmei) + 1, &config), SAP_TOO_SMALL);
	assert_status(sap_vmei_open(NULL, sizeof(t.vmei), &config), SAP_INVALID);
	config.path = NULL;
	assert_status(sap_vmei_open(&t.vmei, sizeof(t.vmei), &config), SAP_INVALID);
	config.path = "/nonexistent/vmei";
	assert_status(sap_vmei_open(&t.vmei, sizeof(t.vmei), &config), SAP_IO);
	assert_int_equal(t.vmei.error, ENOENT);
	config.path = "/dev/null";
	assert_status(sap_vmei_open(&t.vmei, sizeof(t.vmei), &config), SAP_UNSUPPORTED);

	/* Versions: 2 to 3, 0 to 0, 1 to 9; and a first record that is no hello. */
	memcpy(other, hello, sizeof(other));
	other[8] = 2, other[10] = 3;
	assert_status(open_with(other, sizeof(other), &config), SAP_UNSUPPORTED);
	close(t.kernel);
	other[8] = 0, other[10] = 0;
	assert_status(open_with(other, sizeof(other), &config), SAP_UNSUPPORTED);
	close(t.kernel);
	assert_status(open_with(hello, 8, &config), SAP_UNSUPPORTED);
	close(t.kernel);
	assert_status(open_with(NULL, 0, &config), SAP_UNSUPPORTED);
	close(t.kernel);
	other[8] = 1, other[10] = 9;
	assert_status(open_with(other, sizeof(other), &config), SAP_OK);
	assert_int_equal(t.vmei.version, 1);
	sap_vmei_close(&t.vmei);
	close(t.kernel);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(opening),
		cmocka_unit_test_setup_teardown(the_first_ready_makes_the_device, setup, teardown),
		cmocka_unit_test_setup_teardown(resets, setup_up, teardown),
		cmocka_unit_test_setup_teardown(frames, setup_up, teardown),
		cmocka_unit_test_setup_teardown(foreign_records, setup_up, teardown),
		cmocka_unit_test_setup_teardown(online, setup_up, teardown),
		cmocka_unit_test_setup_teardown(given_up, setup_up, teardown),
		cmocka_unit_test_setup_teardown(no_room, setup_up, teardown),
		cmocka_unit_test_setup_teardown(registers, setup_up, teardown),
		cmocka_unit_test_setup_teardown(the_kernel_goes, setup_up, teardown),
		cmocka_unit_test_setup_teardown(window, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
