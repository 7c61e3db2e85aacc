// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
/*
 * A connection over /dev/mei, with a device that is made up (fake_mei.h): it passes the conformance kit, finds the
 * right device, and says why it cannot. Messages: test_mei_dev_messages.c.
 */
#define _GNU_SOURCE

#include "fake_mei.h"
#include "tree.h"

#include <sap/mei/clients.h>
#include <sap/transport_check.h>

#include <errno.h>

/* --- the kit --- */

struct subject {
	struct fake fake;
	struct sap_mei_dev dev;
	uint32_t findings, skipped;
};

static enum sap_status open_pair(void *self, struct sap_transport *host, struct sap_transport *csme)
{
	struct subject *s = self;
	struct sap_mei_dev_config config;

	fake_make(&s->fake);
	/* Few, so that they are seen to be full. */
	s->fake.to_fw.room = 4;
	s->fake.to_host.room = 4;
	config = fake_config(&s->fake);
	memset(&s->dev, 0xee, sizeof(s->dev));
	assert_status(sap_mei_dev_open(&s->dev, sizeof(s->dev), &config), SAP_OK);
	*host = sap_mei_dev_transport(&s->dev);
	*csme = fake_firmware(&s->fake);
	return SAP_OK;
}

static void close_pair(void *self)
{
	struct subject *s = self;

	sap_mei_dev_close(&s->dev);
	assert_int_equal(s->fake.opens, s->fake.closes);
	assert_true(s->fake.shortest_read >= FAKE_LONGEST);
}

static void settle(void *self)
{
	struct subject *s = self;

	s->fake.now += 10;
}

static void report(void *self, const struct sap_transport_finding *finding)
{
	struct subject *s = self;

	s->findings++;
	s->skipped += finding->outcome == SAP_CHECK_SKIPPED;
	if (finding->outcome == SAP_CHECK_FAILED)
		print_error("%s: %s: %ld instead of %ld\n", finding->name, finding->step,
			    (long)finding->found, (long)finding->expected);
}

static void conforms(void **state)
{
	static uint8_t scratch[2 * (FAKE_LONGEST + 1)];
	static struct subject subject;
	struct sap_transport_check check = {
		.open = open_pair,
		.close = close_pair,
		.settle = settle,
		.report = report,
		.self = &subject,
		.no_map = true,
		.longest = FAKE_LONGEST,
		.sizes = {172032, 139264},
		.scratch = scratch,
		.scratch_size = sizeof(scratch),
	};

	(void)state;
	tree_device(0, "ENABLED");
	tree_client(0, TREE_AMTHI, NULL);
	assert_int_equal(sap_transport_check(&check), 0);
	assert_true(subject.findings > 20);
	assert_int_equal(subject.skipped, 7);
}

/* --- a connection to play with --- */

struct bench {
	struct fake fake;
	struct sap_mei_dev_config config;
	struct sap_mei_dev dev;
};

static struct bench *bench_open(void)
{
	static struct bench bench;

	fake_make(&bench.fake);
	bench.config = fake_config(&bench.fake);
	memset(&bench.dev, 0xee, sizeof(bench.dev));
	assert_status(sap_mei_dev_open(&bench.dev, sizeof(bench.dev), &bench.config), SAP_OK);
	return &bench;
}

/* The same with other settings. */
static void bench_again(struct bench *b)
{
	sap_mei_dev_close(&b->dev);
	assert_int_equal(b->fake.opens, b->fake.closes);
	b->fake.paths[0] = 0;
	assert_status(sap_mei_dev_open(&b->dev, sizeof(b->dev), &b->config), SAP_OK);
}

static void bench_close(struct bench *b)
{
	sap_mei_dev_close(&b->dev);
	assert_int_equal(b->fake.opens, b->fake.closes);
}

static void why_is(struct bench *b, enum sap_mei_dev_problem problem, int error, const char *sentence)
{
	struct sap_mei_dev_trouble why = sap_mei_dev_why(&b->dev);
	char text[300];

	assert_string_equal(sap_mei_dev_problem_name(why.problem), sap_mei_dev_problem_name(problem));
	assert_int_equal(why.error, error);
	sap_mei_dev_say(&b->dev, text, sizeof(text));
	if (!strstr(text, sentence))
		test_fail("'%s' is not in '%s'", sentence, text);
}

static void tries(struct bench *b, enum sap_status expected, const char *paths)
{
	bench_again(b);
	assert_status(sap_mei_dev_connect(&b->dev), expected);
	assert_string_equal(b->fake.paths, paths);
}

/* --- which device --- */

static void the_one_that_lists_the_client(void **state)
{
	struct bench *b = bench_open();

	(void)state;
	tree_device(0, "ENABLED");
	tree_device(1, "ENABLED");
	tree_device(2, "ENABLED");
	tree_client(0, TREE_MKHI, NULL);
	tree_client(1, TREE_AMTHI, NULL);
	tree_client(2, TREE_AMTHI, NULL);
	tries(b, SAP_OK, "dev/mei1 ");
	assert_string_equal(sap_mei_dev_why(&b->dev).device, "mei1");
	/* The first is not in use: the second is taken, and the first not opened. */
	tree_device_file(1, "dev_state", "RESETTING");
	tries(b, SAP_OK, "dev/mei2 ");
	/* None is: nothing is opened, and the others are not asked. */
	tree_device_file(2, "dev_state", "DISABLED");
	tries(b, SAP_IO, "");
	why_is(b, SAP_MEI_DEV_NOT_READY, 0, "try again");
	assert_string_equal(sap_mei_dev_why(&b->dev).device, "mei1");
	bench_close(b);
}

static void all_are_asked_if_none_lists_it(void **state)
{
	struct bench *b = bench_open();

	(void)state;
	tree_device(0, "ENABLED");
	tree_device(1, "DISABLED");
	tree_device(2, "ENABLED");
	tree_device(10, "ENABLED");
	tree_client(0, TREE_MKHI, NULL);
	b->fake.connect_error = ENOTTY;
	tries(b, SAP_IO, "dev/mei0 dev/mei2 dev/mei10 ");
	/* That one is disabled says more than that others do not have the client. */
	why_is(b, SAP_MEI_DEV_DISABLED, 0, "kernel's log");
	b->fake.at = "dev/mei0";
	tries(b, SAP_OK, "dev/mei0 dev/mei2 ");
	assert_string_equal(sap_mei_dev_why(&b->dev).device, "mei2");
	assert_int_equal(b->fake.opens - b->fake.closes, 1);
	tree_remove("sys/class/mei/mei1");
	b->fake.at = NULL;
	tries(b, SAP_IO, "dev/mei0 dev/mei2 dev/mei10 ");
	why_is(b, SAP_MEI_DEV_NO_CLIENT, ENOTTY, "the AMTHI client is not there");
	b->fake.connect_error = 0;
	b->fake.open_error = EACCES;
	b->fake.at = "dev/mei0";
	tries(b, SAP_OK, "dev/mei0 dev/mei2 ");
	bench_close(b);
}

static void nodes_alone_and_plain_mei(void **state)
{
	struct bench *b = bench_open();

	(void)state;
	tree_put("dev/mei", "");
	tree_put("dev/mei3", "");
	b->fake.connect_error = ENOTTY;
	b->fake.at = "dev/mei3";
	tries(b, SAP_OK, "dev/mei3 dev/mei ");
	assert_string_equal(sap_mei_dev_why(&b->dev).device, "mei");
	b->fake.at = "dev/mei";
	tries(b, SAP_OK, "dev/mei3 ");
	bench_close(b);
}

static void the_one_that_is_named(void **state)
{
	struct bench *b = bench_open();
	char name[SAP_MEI_PATH + 1] = "";

	(void)state;
	tree_device(0, "ENABLED");
	tree_device(1, "ENABLED");
	tree_client(0, TREE_AMTHI, NULL);
	strcpy(name, "mei1");
	b->config.device = name;
	bench_again(b);
	/* It is a copy. */
	strcpy(name, "mei7");
	assert_status(sap_mei_dev_connect(&b->dev), SAP_OK);
	assert_string_equal(b->fake.paths, "dev/mei1 ");
	b->config.device = "./dev/mei1";
	tries(b, SAP_OK, "./dev/mei1 ");
	assert_string_equal(sap_mei_dev_why(&b->dev).device, "mei1");
	b->config.device = "mei7";
	b->fake.open_error = ENOENT;
	tries(b, SAP_IO, "dev/mei7 ");
	why_is(b, SAP_MEI_DEV_NO_DEVICE, ENOENT, "no such MEI device");
	b->config.device = "mei1";
	tries(b, SAP_IO, "dev/mei1 ");
	why_is(b, SAP_MEI_DEV_NO_NODE, ENOENT, "no node");
	tree_device_file(1, "dev_state", "POWER_DOWN");
	tries(b, SAP_IO, "");
	why_is(b, SAP_MEI_DEV_NOT_READY, 0, "sleeps");
	/* A name that is longer than a device's is cut for people, and not for the system. */
	memset(name, 'a', sizeof(name));
	name[SAP_MEI_PATH - 5] = 0;
	b->config.device = name;
	bench_again(b);
	assert_status(sap_mei_dev_connect(&b->dev), SAP_IO);
	assert_int_equal(strlen(b->fake.paths), 4 + SAP_MEI_PATH - 5 + 1);
	assert_int_equal(strlen(sap_mei_dev_why(&b->dev).device), SAP_MEI_WORD - 1);
	bench_close(b);
}

static void no_device_at_all(void **state)
{
	struct bench *b = bench_open();

	(void)state;
	tries(b, SAP_IO, "");
	why_is(b, SAP_MEI_DEV_NO_DEVICE, 0, "mei_me");
	assert_string_equal(sap_mei_dev_why(&b->dev).device, "");
	bench_close(b);
}

/* --- errno -> problem --- */

struct row {
	int error;
	enum sap_status status;
	enum sap_mei_dev_problem problem;
	const char *sentence;
};

static void fails_as(struct bench *b, int *where, const struct row *row)
{
	bench_again(b);
	*where = row->error;
	assert_status(sap_mei_dev_connect(&b->dev), row->status);
	why_is(b, row->problem, row->error, row->sentence);
	assert_string_equal(sap_mei_dev_why(&b->dev).device, "mei0");
	assert_false(b->fake.is_open);
	*where = 0;
}

static void each_errno_of_open(void **state)
{
	static const struct row rows[] = {
		{ENOENT, SAP_IO, SAP_MEI_DEV_NO_NODE, "udev"},
		{EACCES, SAP_IO, SAP_MEI_DEV_DENIED, "be root"},
		{EPERM, SAP_IO, SAP_MEI_DEV_DENIED, "be root"},
		{ENODEV, SAP_IO, SAP_MEI_DEV_NOT_READY, "not ready"},
		{ENXIO, SAP_IO, SAP_MEI_DEV_NOT_READY, "not ready"},
		{EMFILE, SAP_IO, SAP_MEI_DEV_NO_HANDLES, "too many"},
		{ENFILE, SAP_IO, SAP_MEI_DEV_NO_HANDLES, "too many"},
		{EISDIR, SAP_UNSUPPORTED, SAP_MEI_DEV_NO_MEI, "no MEI device"},
		{ENOTDIR, SAP_UNSUPPORTED, SAP_MEI_DEV_NO_MEI, "no MEI device"},
		{EIO, SAP_IO, SAP_MEI_DEV_SYSTEM, "Input/output error"},
	};
	struct bench *b = bench_open();

	(void)state;
	tree_device(0, "ENABLED");
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		fails_as(b, &b->fake.open_error, &rows[i]);
	bench_close(b);
}

static void each_errno_of_connect(void **state)
{
	static const struct row rows[] = {
		{ENOTTY, SAP_IO, SAP_MEI_DEV_NO_CLIENT, "the AMTHI client is not there"},
		{EBUSY, SAP_BUSY, SAP_MEI_DEV_FULL, "the AMTHI client is taken: all its connections"},
		{ENODEV, SAP_IO, SAP_MEI_DEV_NOT_READY, "not ready"},
		{ETIME, SAP_IO, SAP_MEI_DEV_SILENT, "the AMTHI client did not answer"},
		{EFAULT, SAP_IO, SAP_MEI_DEV_SILENT, "the AMTHI client did not answer"},
		{EOPNOTSUPP, SAP_UNSUPPORTED, SAP_MEI_DEV_NO_VTAG, "virtual tags"},
		{EINVAL, SAP_IO, SAP_MEI_DEV_SYSTEM, "Invalid argument"},
	};
	struct bench *b = bench_open();

	(void)state;
	tree_device(0, "ENABLED");
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		fails_as(b, &b->fake.connect_error, &rows[i]);
	bench_close(b);
}

/* The same errno, and what sysfs knows beside it. */
static void what_sysfs_knows(void **state)
{
	struct bench *b = bench_open();

	(void)state;
	tree_device(0, "ENABLED");
	tree_client(0, TREE_AMTHI, NULL);
	fails_as(b, &b->fake.connect_error, &(struct row){EBUSY, SAP_BUSY, SAP_MEI_DEV_FULL, "lms?"});
	assert_string_equal(sap_mei_dev_why(&b->dev).driver, "");
	tree_client_file(0, TREE_AMTHI, "fixed", "7");
	fails_as(b, &b->fake.connect_error,
		 &(struct row){ENOTTY, SAP_IO, SAP_MEI_DEV_FIXED, "allow_fixed_address"});
	tree_remove("sys/bus/mei");
	tree_remove("sys/devices/pci0000:00/0000:00:16.0/0000:00:16.0-" TREE_AMTHI);
	tree_client(0, TREE_WLAN, "iwlmei");
	b->config.client = sap_wlan_guid;
	fails_as(b, &b->fake.connect_error,
		 &(struct row){EBUSY, SAP_BUSY, SAP_MEI_DEV_TAKEN,
			       "the WLAN client is taken: iwlmei is bound to it"});
	assert_string_equal(sap_mei_dev_why(&b->dev).driver, "iwlmei");
	/* A plain file knows no ioctl. */
	b->config.device = "./dev/plain";
	tree_put("dev/plain", "");
	bench_again(b);
	b->fake.connect_error = ENOTTY;
	assert_status(sap_mei_dev_connect(&b->dev), SAP_UNSUPPORTED);
	why_is(b, SAP_MEI_DEV_NO_MEI, ENOTTY, "name another");
	bench_close(b);
}

static void a_device_that_goes_as_it_is_opened(void **state)
{
	struct bench *b = bench_open();

	(void)state;
	tree_put("dev/mei0", "");
	fails_as(b, &b->fake.open_error, &(struct row){ENODEV, SAP_IO, SAP_MEI_DEV_NOT_READY, ""});
	fails_as(b, &b->fake.open_error, &(struct row){ENOENT, SAP_IO, SAP_MEI_DEV_NO_DEVICE, ""});
	bench_close(b);
}

/* --- what the device answers --- */

static void the_buffer_must_do(void **state)
{
	struct bench *b = bench_open();

	(void)state;
	tree_device(0, "ENABLED");
	b->fake.longest = FAKE_LONGEST + 1;
	tries(b, SAP_UNSUPPORTED, "dev/mei0 ");
	why_is(b, SAP_MEI_DEV_BUFFER, 0, "the AMTHI client's messages");
	assert_int_equal(sap_mei_dev_longest(&b->dev), 0);
	b->fake.longest = 0;
	tries(b, SAP_IO, "dev/mei0 ");
	why_is(b, SAP_MEI_DEV_NONSENSE, 0, "takes none");
	b->fake.longest = FAKE_LONGEST;
	tries(b, SAP_OK, "dev/mei0 ");
	assert_int_equal(sap_mei_dev_longest(&b->dev), FAKE_LONGEST);
	assert_int_equal(sap_mei_dev_version(&b->dev), 9);
	assert_status(sap_mei_dev_disconnect(&b->dev), SAP_OK);
	assert_int_equal(sap_mei_dev_longest(&b->dev), 0);
	assert_int_equal(sap_mei_dev_version(&b->dev), 0);
	bench_close(b);
}

/* Bytes of section 1 and 3, by hand. */
static void what_connect_asks(void **state)
{
	static const uint8_t guid[16] = {0x28, 0x00, 0xf8, 0x12, 0xb7, 0xb4, 0x2d, 0x4b,
					 0xac, 0xa8, 0x46, 0xe0, 0xff, 0x65, 0x81, 0x4c};
	struct bench *b = bench_open();

	(void)state;
	tree_device(0, "ENABLED");
	tries(b, SAP_OK, "dev/mei0 ");
	assert_int_equal(b->fake.request, 0xc0104801);
	assert_memory_equal(b->fake.argument, guid, 16);
	b->config.vtag = 7;
	tries(b, SAP_OK, "dev/mei0 ");
	assert_int_equal(b->fake.request, 0xc0144804);
	assert_memory_equal(b->fake.argument, guid, 16);
	assert_memory_equal(b->fake.argument + 16, "\7\0\0\0", 4);
	assert_int_equal(sap_mei_dev_longest(&b->dev), FAKE_LONGEST);
	bench_close(b);
}

/* --- back-off --- */

static void pauses_grow_up_to_a_limit(void **state)
{
	static const uint32_t pauses[] = {100, 200, 400, 800, 1600, 3200, 5000, 5000};
	struct bench *b = bench_open();

	(void)state;
	tree_device(0, "ENABLED");
	b->fake.connect_error = EBUSY;
	assert_int_equal(sap_mei_dev_deadline(&b->dev), 0);
	for (size_t i = 0; i < sizeof(pauses) / sizeof(pauses[0]); i++) {
		uint32_t calls;

		assert_status(sap_mei_dev_connect(&b->dev), SAP_BUSY);
		calls = b->fake.calls;
		assert_int_equal(sap_mei_dev_deadline(&b->dev), b->fake.now + pauses[i]);
		b->fake.now += pauses[i] - 1;
		assert_status(sap_mei_dev_connect(&b->dev), SAP_AGAIN);
		assert_int_equal(b->fake.calls, calls);
		assert_int_equal(b->dev.counters.attempts, i + 1);
		/* What was wrong is not forgotten meanwhile. */
		why_is(b, SAP_MEI_DEV_FULL, EBUSY, "");
		b->fake.now++;
	}
	b->fake.connect_error = 0;
	assert_status(sap_mei_dev_connect(&b->dev), SAP_OK);
	why_is(b, SAP_MEI_DEV_FINE, 0, "nothing is wrong");
	/* Who leaves by himself may come back at once. */
	assert_status(sap_mei_dev_disconnect(&b->dev), SAP_OK);
	assert_status(sap_mei_dev_connect(&b->dev), SAP_OK);
	bench_close(b);
}

static enum sap_status take(struct bench *b)
{
	struct sap_transport t = sap_mei_dev_transport(&b->dev);
	uint8_t message[FAKE_LONGEST];
	size_t len;

	return t.ops->recv(t.self, message, sizeof(message), &len);
}

/* Connects, is thrown out, and says how long it is to wait. */
static uint64_t is_thrown_out(struct bench *b, bool after_a_message)
{
	b->fake.removed = false;
	assert_status(sap_mei_dev_connect(&b->dev), SAP_OK);
	if (after_a_message) {
		fake_says(&b->fake, "x", 1);
		assert_status(take(b), SAP_OK);
	}
	b->fake.removed = true;
	assert_status(take(b), SAP_CLOSED);
	assert_status(take(b), SAP_CLOSED);
	assert_false(b->fake.is_open);
	/* It has to be told that we know. */
	assert_status(sap_mei_dev_connect(&b->dev), SAP_CLOSED);
	assert_status(sap_mei_dev_disconnect(&b->dev), SAP_OK);
	assert_status(sap_mei_dev_connect(&b->dev), SAP_AGAIN);
	return sap_mei_dev_deadline(&b->dev) - b->fake.now;
}

static void resets_again_and_again(void **state)
{
	struct bench *b = bench_open();
	uint64_t pause = 0;

	(void)state;
	tree_device(0, "ENABLED");
	for (uint32_t i = 0; i < 4; i++) {
		b->fake.now += pause;
		pause = is_thrown_out(b, false);
		assert_int_equal(pause, 100u << i);
	}
	b->fake.now += pause;
	pause = is_thrown_out(b, true);
	assert_int_equal(pause, 100);
	assert_int_equal(b->dev.counters.ended, 5);
	assert_int_equal(b->dev.counters.connections, 5);
	why_is(b, SAP_MEI_DEV_ENDED, ENODEV, "connect again");
	bench_close(b);
}

/* What became of the device as the connection ended. */
static void what_became_of_it(void **state)
{
	struct bench *b = bench_open();

	(void)state;
	tree_device(0, "ENABLED");
	tree_device_file(0, "dev_state", "ENABLED");
	b->fake.now += is_thrown_out(b, true);
	why_is(b, SAP_MEI_DEV_ENDED, ENODEV, "");
	b->fake.removed = false;
	assert_status(sap_mei_dev_connect(&b->dev), SAP_OK);
	tree_device_file(0, "dev_state", "RESETTING");
	b->fake.removed = true;
	assert_status(take(b), SAP_CLOSED);
	why_is(b, SAP_MEI_DEV_NOT_READY, ENODEV, "reset");
	tree_device_file(0, "dev_state", "ENABLED");
	assert_status(sap_mei_dev_disconnect(&b->dev), SAP_OK);
	b->fake.now += 10000;
	b->fake.removed = false;
	assert_status(sap_mei_dev_connect(&b->dev), SAP_OK);
	/* The node is still there, and stands for nothing. */
	tree_remove("sys/class/mei/mei0");
	b->fake.removed = true;
	assert_status(take(b), SAP_CLOSED);
	why_is(b, SAP_MEI_DEV_GONE, ENODEV, "removed");
	/* It comes back under another name. */
	tree_remove("dev/mei0");
	tree_device(1, "ENABLED");
	b->fake.removed = false;
	assert_status(sap_mei_dev_disconnect(&b->dev), SAP_OK);
	b->fake.now += 10000;
	b->fake.paths[0] = 0;
	assert_status(sap_mei_dev_connect(&b->dev), SAP_OK);
	assert_string_equal(b->fake.paths, "dev/mei1 ");
	bench_close(b);
}

/* --- open, words --- */

static void open_checks_what_it_is_given(void **state)
{
	struct bench *b = bench_open();
	struct sap_mei_dev_config good = b->config;
	char name[SAP_MEI_PATH + 1];
	struct pollfd fd;

	(void)state;
	sap_mei_dev_config_default(NULL);
	sap_mei_dev_close(&b->dev);
	sap_mei_dev_close(&b->dev);
	sap_mei_dev_close(NULL);
	assert_status(sap_mei_dev_connect(&b->dev), SAP_INVALID);
	assert_status(sap_mei_dev_connect(NULL), SAP_INVALID);
	assert_status(sap_mei_dev_disconnect(NULL), SAP_INVALID);
	assert_status(sap_mei_dev_disconnect(&b->dev), SAP_OK);
	assert_status(sap_mei_dev_open(NULL, sizeof(b->dev), &good), SAP_INVALID);
	assert_status(sap_mei_dev_open(&b->dev, sizeof(b->dev), NULL), SAP_INVALID);
	assert_status(sap_mei_dev_open(&b->dev, sizeof(b->dev) - 1, &good), SAP_TOO_SMALL);
	assert_status(sap_mei_dev_open(&b->dev, sizeof(b->dev) + 1, &good), SAP_TOO_SMALL);
	memset(name, 'm', sizeof(name));
	name[SAP_MEI_PATH] = 0;
	for (uint32_t i = 0; i < 6; i++) {
		b->config = good;
		switch (i) {
		case 0:
			b->config.buffer = NULL;
			break;
		case 1:
			b->config.buffer_size = 0;
			break;
		case 2:
			b->config.device = "";
			break;
		case 3:
			b->config.device = name;
			break;
		case 4:
			b->config.pause_ms = 0;
			break;
		default:
			b->config.longest_pause_ms = b->config.pause_ms - 1;
		}
		assert_status(sap_mei_dev_open(&b->dev, sizeof(b->dev), &b->config), SAP_BAD_VALUE);
		sap_mei_dev_close(&b->dev);
	}
	assert_null(sap_mei_dev_transport(NULL).ops);
	assert_int_equal(sap_mei_dev_poll(NULL, &fd, false), 0);
	assert_int_equal(sap_mei_dev_deadline(NULL), 0);
	assert_int_equal(sap_mei_dev_longest(NULL), 0);
	assert_int_equal(sap_mei_dev_version(NULL), 0);
	assert_int_equal(sap_mei_dev_why(NULL).problem, SAP_MEI_DEV_FINE);
	assert_int_equal(b->fake.calls, 0);
}

static void defaults(void **state)
{
	struct sap_mei_dev_config config;

	(void)state;
	memset(&config, 0xee, sizeof(config));
	sap_mei_dev_config_default(&config);
	assert_true(sap_guid_equal(&config.client, &sap_wlan_guid));
	assert_int_equal(config.pause_ms, 100);
	assert_int_equal(config.longest_pause_ms, 5000);
	assert_null(config.device);
	assert_null(config.system);
	assert_null(config.roots.sysfs);
	assert_int_equal(config.vtag, 0);
}

/* Every problem has a word of its own, and a sentence with a remedy. */
static void words(void **state)
{
	(void)state;
	for (uint32_t i = 0; i <= SAP_MEI_DEV_SYSTEM; i++) {
		const char *name = sap_mei_dev_problem_name((enum sap_mei_dev_problem)i);

		assert_true(strlen(name) > 2);
		for (uint32_t j = 0; j < i; j++)
			assert_string_not_equal(name, sap_mei_dev_problem_name((enum sap_mei_dev_problem)j));
	}
	assert_string_equal(sap_mei_dev_problem_name((enum sap_mei_dev_problem)(SAP_MEI_DEV_SYSTEM + 1)),
			    "?");
	assert_string_equal(sap_mei_dev_problem_name((enum sap_mei_dev_problem) - 1), "?");
}

static void saying_it(void **state)
{
	struct bench *b = bench_open();
	char text[40];

	(void)state;
	tree_device(0, "ENABLED");
	b->config.client.bytes[0] = 1;
	fails_as(b, &b->fake.connect_error,
		 &(struct row){ENOTTY, SAP_IO, SAP_MEI_DEV_NO_CLIENT,
			       "the client 12f80001-b4b7-4b2d-aca8-46e0ff65814c is not there"});
	memset(text, 'x', sizeof(text));
	sap_mei_dev_say(&b->dev, text, 12);
	assert_string_equal(text, "the client ");
	assert_int_equal(text[12], 'x');
	sap_mei_dev_say(&b->dev, text, 1);
	assert_string_equal(text, "");
	sap_mei_dev_say(&b->dev, text, 0);
	sap_mei_dev_say(&b->dev, NULL, 5);
	sap_mei_dev_say(NULL, text, sizeof(text));
	assert_string_equal(text, "nothing is wrong");
	bench_close(b);
}

#define CASE(test) cmocka_unit_test_setup_teardown(test, tree_enter, tree_leave)

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(conforms),
		CASE(the_one_that_lists_the_client),
		CASE(all_are_asked_if_none_lists_it),
		CASE(nodes_alone_and_plain_mei),
		CASE(the_one_that_is_named),
		CASE(no_device_at_all),
		CASE(each_errno_of_open),
		CASE(each_errno_of_connect),
		CASE(what_sysfs_knows),
		CASE(a_device_that_goes_as_it_is_opened),
		CASE(the_buffer_must_do),
		CASE(what_connect_asks),
		CASE(pauses_grow_up_to_a_limit),
		CASE(resets_again_and_again),
		CASE(what_became_of_it),
		CASE(open_checks_what_it_is_given),
		CASE(defaults),
		CASE(words),
		CASE(saying_it),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
