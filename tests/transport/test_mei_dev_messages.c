// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
/* A connection over /dev/mei: messages whole or not at all, resets in the middle, questions, notifications. */
#define _GNU_SOURCE

#include "fake_mei.h"
#include "tree.h"

#include <errno.h>

struct bench {
	struct fake fake;
	struct sap_mei_dev_config config;
	struct sap_mei_dev dev;
	struct sap_transport t;
};

static struct bench *bench_open(void)
{
	static struct bench bench;

	tree_device(0, "ENABLED");
	fake_make(&bench.fake);
	bench.config = fake_config(&bench.fake);
	assert_status(sap_mei_dev_open(&bench.dev, sizeof(bench.dev), &bench.config), SAP_OK);
	bench.t = sap_mei_dev_transport(&bench.dev);
	assert_status(bench.t.ops->connect(bench.t.self), SAP_OK);
	return &bench;
}

static void bench_close(struct bench *b)
{
	sap_mei_dev_close(&b->dev);
	assert_int_equal(b->fake.opens, b->fake.closes);
}

static void why_is(struct bench *b, enum sap_mei_dev_problem problem, int error)
{
	struct sap_mei_dev_trouble why = sap_mei_dev_why(&b->dev);

	assert_string_equal(sap_mei_dev_problem_name(why.problem), sap_mei_dev_problem_name(problem));
	assert_int_equal(why.error, error);
}

/* The next message is this one; into memory of exactly `cap` bytes, so that a sanitizer sees each too far. */
static void comes(struct bench *b, size_t cap, const void *bytes, size_t n)
{
	uint8_t *memory = malloc(cap ? cap : 1);
	size_t len = 9999;

	assert_non_null(memory);
	assert_status(b->t.ops->recv(b->t.self, memory, cap, &len), SAP_OK);
	assert_int_equal(len, n);
	assert_memory_equal(memory, bytes, n);
	free(memory);
}

static enum sap_status recv_into(struct bench *b, size_t cap, size_t *len)
{
	uint8_t memory[FAKE_LONGEST + 1];

	*len = 9999;
	return b->t.ops->recv(b->t.self, memory, cap, len);
}

static enum sap_status send_one(struct bench *b, uint8_t what)
{
	return b->t.ops->send(b->t.self, &what, 1);
}

/* --- messages --- */

static void messages_are_never_torn(void **state)
{
	struct bench *b = bench_open();
	uint8_t longest[FAKE_LONGEST];
	size_t len;

	(void)state;
	test_pattern(longest, sizeof(longest), 5);
	fake_says(&b->fake, longest, sizeof(longest));
	fake_says(&b->fake, "second", 6);
	fake_says(&b->fake, longest, sizeof(longest));
	fake_says(&b->fake, "", 0);
	fake_says(&b->fake, "last", 4);
	/* What does not fit is dropped whole, and the next one begins where it begins. */
	assert_status(recv_into(b, 8, &len), SAP_TOO_LONG);
	assert_int_equal(len, FAKE_LONGEST);
	comes(b, 6, "second", 6);
	comes(b, FAKE_LONGEST, longest, FAKE_LONGEST);
	comes(b, 8, "", 0);
	assert_status(recv_into(b, 0, &len), SAP_TOO_LONG);
	assert_int_equal(len, 4);
	assert_status(recv_into(b, 8, &len), SAP_AGAIN);
	assert_int_equal(b->dev.counters.too_long, 2);
	assert_int_equal(b->dev.counters.received, 3);
	/* No more than the client's longest either: the driver would let longer ones through. */
	assert_int_equal(b->fake.shortest_read, FAKE_LONGEST);
	bench_close(b);
}

static void an_empty_one_fits_no_memory_at_all(void **state)
{
	struct bench *b = bench_open();
	size_t len = 9;

	(void)state;
	fake_says(&b->fake, "", 0);
	assert_status(b->t.ops->recv(b->t.self, NULL, 0, &len), SAP_OK);
	assert_int_equal(len, 0);
	assert_status(b->t.ops->recv(b->t.self, NULL, 1, &len), SAP_INVALID);
	assert_status(b->t.ops->recv(b->t.self, &len, 1, NULL), SAP_INVALID);
	assert_status(b->t.ops->send(b->t.self, NULL, 1), SAP_INVALID);
	assert_status(b->t.ops->send(b->t.self, "x", 0), SAP_INVALID);
	bench_close(b);
}

static void too_long_to_send(void **state)
{
	struct bench *b = bench_open();
	uint8_t bytes[FAKE_LONGEST + 1] = {0};

	(void)state;
	assert_status(b->t.ops->send(b->t.self, bytes, sizeof(bytes)), SAP_TOO_LONG);
	why_is(b, SAP_MEI_DEV_TOO_LONG, EFBIG);
	assert_status(b->t.ops->send(b->t.self, bytes, FAKE_LONGEST), SAP_OK);
	assert_int_equal(fake_hears(&b->fake, bytes, sizeof(bytes)), FAKE_LONGEST);
	assert_int_equal(b->dev.counters.sent, 1);
	bench_close(b);
}

static void what_is_not_taken_may_be_sent_again(void **state)
{
	static const int errors[] = {EAGAIN, EINTR, ENOMEM};
	struct bench *b = bench_open();
	uint8_t byte;
	size_t len;

	(void)state;
	for (uint32_t i = 0; i < 3; i++) {
		b->fake.write_error = errors[i];
		assert_status(send_one(b, 7), SAP_AGAIN);
		b->fake.write_error = 0;
		b->fake.read_error = errors[i];
		assert_status(recv_into(b, 8, &len), SAP_AGAIN);
	}
	assert_int_equal(b->dev.counters.full, 3);
	assert_status(send_one(b, 8), SAP_OK);
	assert_int_equal(fake_hears(&b->fake, &byte, 1), 1);
	assert_int_equal(byte, 8);
	assert_int_equal(b->fake.to_fw.count, 0);
	bench_close(b);
}

/* A message longer than the client may have is the firmware's fault: dropped, counted, and not the end. */
static void nonsense(void **state)
{
	struct bench *b = bench_open();
	size_t len;

	(void)state;
	b->fake.read_error = EMSGSIZE;
	assert_status(recv_into(b, FAKE_LONGEST, &len), SAP_TOO_LONG);
	assert_int_equal(len, FAKE_LONGEST + 1);
	why_is(b, SAP_MEI_DEV_NONSENSE, EMSGSIZE);
	assert_int_equal(b->dev.counters.too_long, 1);
	fake_says(&b->fake, "on", 2);
	comes(b, 8, "on", 2);
	bench_close(b);
}

static void there_is_no_memory_to_share(void **state)
{
	struct bench *b = bench_open();
	struct sap_mem mem;

	(void)state;
	assert_status(b->t.ops->map(b->t.self, 172032, &mem), SAP_UNSUPPORTED);
	assert_status(b->t.ops->map(b->t.self, 0, &mem), SAP_UNSUPPORTED);
	assert_status(b->t.ops->unmap(b->t.self), SAP_OK);
	assert_status(b->t.ops->unmap(b->t.self), SAP_OK);
	bench_close(b);
}

/* --- the end of a connection --- */

/* Sending tells of it first: what came before is still given out. */
static void last_words(void **state)
{
	struct bench *b = bench_open();
	size_t len;

	(void)state;
	fake_says(&b->fake, "one", 3);
	fake_says(&b->fake, "two", 3);
	b->fake.fw_left = true;
	assert_status(send_one(b, 7), SAP_CLOSED);
	why_is(b, SAP_MEI_DEV_ENDED, ENODEV);
	b->fake.fw_left = false;
	/* It is not tried again. */
	assert_status(send_one(b, 7), SAP_CLOSED);
	assert_int_equal(b->fake.to_fw.count, 0);
	comes(b, 8, "one", 3);
	comes(b, 8, "two", 3);
	/* Nothing more: the end, though the kernel only says that there is nothing. */
	assert_status(recv_into(b, 8, &len), SAP_CLOSED);
	assert_int_equal(b->dev.counters.ended, 1);
	assert_false(b->fake.is_open);
	bench_close(b);
}

static void each_errno_that_ends_it(void **state)
{
	static const struct {
		int error;
		enum sap_status sending;
		enum sap_mei_dev_problem problem;
	} rows[] = {{ENODEV, SAP_CLOSED, SAP_MEI_DEV_ENDED},
		    {ENOTTY, SAP_CLOSED, SAP_MEI_DEV_ENDED},
		    {EIO, SAP_IO, SAP_MEI_DEV_SYSTEM},
		    {EFAULT, SAP_IO, SAP_MEI_DEV_SYSTEM}};
	struct bench *b = bench_open();
	size_t len;

	(void)state;
	for (uint32_t i = 0; i < 4; i++) {
		b->fake.write_error = rows[i].error;
		assert_status(send_one(b, 7), rows[i].sending);
		why_is(b, rows[i].problem, rows[i].error);
		assert_status(send_one(b, 7), SAP_CLOSED);
		assert_status(b->t.ops->disconnect(b->t.self), SAP_OK);
		b->fake.write_error = 0;
		assert_status(b->t.ops->connect(b->t.self), SAP_OK);
		b->fake.read_error = rows[i].error;
		assert_status(recv_into(b, 8, &len), SAP_CLOSED);
		why_is(b, rows[i].problem, rows[i].error);
		assert_status(send_one(b, 7), SAP_CLOSED);
		assert_status(b->t.ops->disconnect(b->t.self), SAP_OK);
		b->fake.now += 10000;
		assert_status(b->t.ops->connect(b->t.self), SAP_OK);
		assert_status(send_one(b, 7), SAP_OK);
	}
	bench_close(b);
}

/* A write that took a part is no message any more. */
static long write_a_part(void *self, int fd, const void *bytes, size_t n)
{
	(void)self;
	(void)fd;
	(void)bytes;
	return (long)n - 1;
}

static void a_part_that_was_written(void **state)
{
	struct bench *b = bench_open();

	(void)state;
	b->fake.system.write = write_a_part;
	assert_status(b->t.ops->send(b->t.self, "abc", 3), SAP_IO);
	why_is(b, SAP_MEI_DEV_SYSTEM, EIO);
	bench_close(b);
}

/* --- questions --- */

static enum sap_status ask(struct bench *b, const char *question, uint32_t timeout, char *answer, size_t cap)
{
	size_t len = 9999;
	enum sap_status status =
		sap_mei_dev_request(&b->dev, question, strlen(question), answer, cap - 1, &len, timeout);

	/* Of what did not fit only the size is told. */
	answer[len < cap ? len : 0] = 0;
	if (status != SAP_OK && status != SAP_TOO_LONG)
		assert_int_equal(len, 0);
	return status;
}

/* The firmware answers while we wait: 30 ms pass. */
static int answers(struct fake *fake, struct pollfd *fd, int timeout)
{
	char question[FAKE_LONGEST + 1];
	char answer[FAKE_LONGEST + 4];
	uint32_t len;

	(void)timeout;
	fake->now += 30;
	if (!fake->to_fw.count)
		return 0;
	len = fake_hears(fake, question, FAKE_LONGEST);
	question[len] = 0;
	snprintf(answer, sizeof(answer), "%s!", question);
	fake_says(fake, answer, (uint32_t)strlen(answer));
	fd->revents = POLLIN;
	return 1;
}

static void a_question_and_its_answer(void **state)
{
	struct bench *b = bench_open();
	char answer[32];

	(void)state;
	b->fake.on_poll = answers;
	assert_status(ask(b, "how", 2000, answer, sizeof(answer)), SAP_OK);
	assert_string_equal(answer, "how!");
	assert_int_equal(b->fake.waited, 2000);
	assert_int_equal(b->fake.events_asked, POLLIN);
	assert_int_equal(b->fake.polls, 1);
	/* It fits, and not any more. */
	assert_status(ask(b, "how", 2000, answer, 5), SAP_OK);
	assert_string_equal(answer, "how!");
	assert_status(ask(b, "how", 2000, answer, 4), SAP_TOO_LONG);
	assert_status(ask(b, "who", 2000, answer, sizeof(answer)), SAP_OK);
	assert_string_equal(answer, "who!");
	bench_close(b);
}

static int answers_nothing(struct fake *fake, struct pollfd *fd, int timeout)
{
	(void)fd;
	(void)timeout;
	fake->now++;
	fake_says(fake, "", 0);
	return 1;
}

/* AMT says so that it is disabled. */
static void an_empty_answer(void **state)
{
	struct bench *b = bench_open();
	char answer[32] = "x";

	(void)state;
	b->fake.on_poll = answers_nothing;
	assert_status(ask(b, "how", 2000, answer, sizeof(answer)), SAP_OK);
	assert_string_equal(answer, "");
	bench_close(b);
}

static void stale_answers_are_dropped(void **state)
{
	struct bench *b = bench_open();
	char answer[32];

	(void)state;
	fake_says(&b->fake, "old", 3);
	fake_says(&b->fake, "", 0);
	fake_says(&b->fake, "older", 5);
	b->fake.on_poll = answers;
	assert_status(ask(b, "new", 2000, answer, sizeof(answer)), SAP_OK);
	assert_string_equal(answer, "new!");
	assert_int_equal(b->dev.counters.stale, 3);
	assert_int_equal(b->dev.counters.received, 1);
	bench_close(b);
}

/* After that its answer may still come; not to the next question. */
static void no_answer_in_time(void **state)
{
	struct bench *b = bench_open();
	uint64_t begun = b->fake.now;
	char answer[32];

	(void)state;
	assert_status(ask(b, "how", 2000, answer, sizeof(answer)), SAP_IO);
	assert_int_equal(b->fake.now - begun, 2000);
	why_is(b, SAP_MEI_DEV_SILENT, 0);
	assert_false(b->fake.is_open);
	assert_status(ask(b, "how", 2000, answer, sizeof(answer)), SAP_CLOSED);
	/* Connecting anew waits, too. */
	assert_status(sap_mei_dev_connect(&b->dev), SAP_AGAIN);
	b->fake.now += 100;
	assert_status(sap_mei_dev_connect(&b->dev), SAP_OK);
	bench_close(b);
}

/* poll() may return early, for nothing or for a signal; the time is up all the same. */
static int returns_early(struct fake *fake, struct pollfd *fd, int timeout)
{
	(void)fd;
	fake->now += 7;
	assert_true(timeout <= 100);
	errno = EINTR;
	return fake->polls % 2 ? -1 : 1;
}

static void waiting_that_is_cut_short(void **state)
{
	struct bench *b = bench_open();
	uint64_t begun = b->fake.now;
	char answer[32];

	(void)state;
	b->fake.on_poll = returns_early;
	assert_status(ask(b, "how", 100, answer, sizeof(answer)), SAP_IO);
	assert_int_equal(b->fake.now - begun, 105);
	assert_int_equal(b->fake.polls, 15);
	bench_close(b);
}

static void no_time_at_all(void **state)
{
	struct bench *b = bench_open();
	char answer[32];

	(void)state;
	assert_status(ask(b, "how", 0, answer, sizeof(answer)), SAP_IO);
	assert_int_equal(b->fake.polls, 0);
	assert_int_equal(b->fake.to_fw.count, 0);
	bench_close(b);
}

/* The queue is full: room comes, or does not. */
static int makes_room(struct fake *fake, struct pollfd *fd, int timeout)
{
	assert_int_equal(fd->events, POLLOUT);
	(void)timeout;
	fake->now += 1;
	fake->to_fw.room = 1;
	fake->on_poll = answers;
	return 1;
}

static void a_question_that_is_not_taken(void **state)
{
	struct bench *b = bench_open();
	char answer[32];

	(void)state;
	b->fake.to_fw.room = 0;
	b->fake.on_poll = makes_room;
	assert_status(ask(b, "how", 2000, answer, sizeof(answer)), SAP_OK);
	assert_string_equal(answer, "how!");
	assert_int_equal(b->fake.waited, 1999);
	b->fake.to_fw.room = 0;
	b->fake.on_poll = NULL;
	assert_status(ask(b, "how", 2000, answer, sizeof(answer)), SAP_IO);
	why_is(b, SAP_MEI_DEV_SILENT, 0);
	bench_close(b);
}

static int is_reset(struct fake *fake, struct pollfd *fd, int timeout)
{
	(void)timeout;
	fake->removed = true;
	fd->revents = POLLERR;
	return 1;
}

static void a_reset_while_waiting(void **state)
{
	struct bench *b = bench_open();
	char answer[32];

	(void)state;
	b->fake.on_poll = is_reset;
	assert_status(ask(b, "how", 2000, answer, sizeof(answer)), SAP_CLOSED);
	why_is(b, SAP_MEI_DEV_ENDED, ENODEV);
	assert_int_equal(b->fake.polls, 1);
	assert_status(sap_mei_dev_connect(&b->dev), SAP_CLOSED);
	bench_close(b);
}

/* Before it: the question is not sent; at it: nothing is read any more. */
static void a_reset_before_the_question(void **state)
{
	struct bench *b = bench_open();
	char answer[32];

	(void)state;
	b->fake.removed = true;
	assert_status(ask(b, "how", 2000, answer, sizeof(answer)), SAP_CLOSED);
	assert_int_equal(b->fake.polls, 0);
	assert_status(sap_mei_dev_disconnect(&b->dev), SAP_OK);
	b->fake.removed = false;
	b->fake.now += 10000;
	assert_status(sap_mei_dev_connect(&b->dev), SAP_OK);
	b->fake.write_error = EIO;
	assert_status(ask(b, "how", 2000, answer, sizeof(answer)), SAP_CLOSED);
	why_is(b, SAP_MEI_DEV_SYSTEM, EIO);
	assert_false(b->fake.is_open);
	bench_close(b);
}

/* A firmware that talks without end does not hold us. */
static long read_without_end(void *self, int fd, void *bytes, size_t n)
{
	struct fake *fake = self;

	(void)fd;
	(void)n;
	memset(bytes, 'x', 1);
	fake->calls++;
	return 1;
}

static void a_firmware_that_talks_without_end(void **state)
{
	struct bench *b = bench_open();
	char answer[32];

	(void)state;
	b->fake.system.read = read_without_end;
	assert_status(ask(b, "how", 2000, answer, sizeof(answer)), SAP_OK);
	assert_true(b->fake.calls < 100);
	bench_close(b);
}

static void questions_that_are_none(void **state)
{
	struct bench *b = bench_open();
	char bytes[FAKE_LONGEST + 2];
	size_t len;

	(void)state;
	assert_status(sap_mei_dev_request(NULL, "x", 1, bytes, 1, &len, 1), SAP_INVALID);
	assert_status(sap_mei_dev_request(&b->dev, NULL, 1, bytes, 1, &len, 1), SAP_INVALID);
	assert_status(sap_mei_dev_request(&b->dev, "x", 0, bytes, 1, &len, 1), SAP_INVALID);
	assert_status(sap_mei_dev_request(&b->dev, "x", 1, NULL, 1, &len, 1), SAP_INVALID);
	assert_status(sap_mei_dev_request(&b->dev, "x", 1, bytes, 1, NULL, 1), SAP_INVALID);
	memset(bytes, 'x', sizeof(bytes));
	len = 5;
	assert_status(sap_mei_dev_request(&b->dev, bytes, FAKE_LONGEST + 1, bytes, 1, &len, 1), SAP_TOO_LONG);
	assert_int_equal(len, 0);
	why_is(b, SAP_MEI_DEV_TOO_LONG, EFBIG);
	assert_true(b->fake.is_open);
	bench_close(b);
}

/* --- notifications, and what to poll for --- */

static void notifications(void **state)
{
	struct bench *b = bench_open();

	(void)state;
	assert_status(sap_mei_dev_notify(&b->dev, true), SAP_OK);
	assert_int_equal(b->fake.request, 0x40044802);
	assert_int_equal(b->fake.notify, 1);
	assert_status(sap_mei_dev_notified(&b->dev), SAP_AGAIN);
	assert_int_equal(b->fake.request, 0x80044803);
	b->fake.events = 3;
	assert_status(sap_mei_dev_notified(&b->dev), SAP_OK);
	assert_status(sap_mei_dev_notified(&b->dev), SAP_AGAIN);
	b->fake.says_none = true;
	assert_status(sap_mei_dev_notified(&b->dev), SAP_AGAIN);
	assert_int_equal(b->dev.counters.notified, 1);
	assert_status(sap_mei_dev_notify(&b->dev, false), SAP_OK);
	assert_int_equal(b->fake.notify, 0);
	assert_status(sap_mei_dev_notify(NULL, true), SAP_INVALID);
	assert_status(sap_mei_dev_notified(NULL), SAP_INVALID);
	bench_close(b);
	assert_status(sap_mei_dev_notify(&b->dev, true), SAP_CLOSED);
	assert_status(sap_mei_dev_notified(&b->dev), SAP_CLOSED);
}

static void each_errno_of_notifications(void **state)
{
	static const struct {
		int error;
		enum sap_status status;
		enum sap_mei_dev_problem problem;
	} rows[] = {{EOPNOTSUPP, SAP_UNSUPPORTED, SAP_MEI_DEV_NO_NOTIFY},
		    {ENOTTY, SAP_UNSUPPORTED, SAP_MEI_DEV_NO_NOTIFY},
		    {ETIME, SAP_IO, SAP_MEI_DEV_SILENT},
		    {EFAULT, SAP_IO, SAP_MEI_DEV_SILENT},
		    {EINVAL, SAP_IO, SAP_MEI_DEV_SYSTEM},
		    {ENODEV, SAP_CLOSED, SAP_MEI_DEV_ENDED}};
	struct bench *b = bench_open();

	(void)state;
	for (uint32_t i = 0; i < 6; i++) {
		b->fake.notify_error = rows[i].error;
		if (rows[i].error != ENODEV)
			assert_status(sap_mei_dev_notified(&b->dev), rows[i].status);
		assert_status(sap_mei_dev_notify(&b->dev, true), rows[i].status);
		why_is(b, rows[i].problem, rows[i].error);
		assert_int_equal(b->fake.is_open, rows[i].error != ENODEV);
	}
	bench_close(b);
}

/* Without having been asked to wait, a call that would is a failure. */
static void notify_never_says_again(void **state)
{
	struct bench *b = bench_open();

	(void)state;
	b->fake.notify_error = EAGAIN;
	assert_status(sap_mei_dev_notify(&b->dev, true), SAP_IO);
	assert_status(sap_mei_dev_notified(&b->dev), SAP_AGAIN);
	bench_close(b);
}

static void what_to_poll_for(void **state)
{
	struct bench *b = bench_open();
	struct pollfd fd;
	size_t len;

	(void)state;
	memset(&fd, 0xee, sizeof(fd));
	assert_int_equal(sap_mei_dev_poll(&b->dev, &fd, false), 1);
	assert_int_equal(fd.fd, FAKE_FD);
	assert_int_equal(fd.events, POLLIN | POLLPRI);
	assert_int_equal(fd.revents, 0);
	assert_int_equal(sap_mei_dev_poll(&b->dev, &fd, true), 1);
	assert_int_equal(fd.events, POLLIN | POLLPRI | POLLOUT);
	assert_int_equal(sap_mei_dev_poll(&b->dev, NULL, true), 0);
	b->fake.removed = true;
	assert_status(recv_into(b, 8, &len), SAP_CLOSED);
	assert_int_equal(sap_mei_dev_poll(&b->dev, &fd, true), 0);
	bench_close(b);
}

#define CASE(test) cmocka_unit_test_setup_teardown(test, tree_enter, tree_leave)

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(messages_are_never_torn),
		CASE(an_empty_one_fits_no_memory_at_all),
		CASE(too_long_to_send),
		CASE(what_is_not_taken_may_be_sent_again),
		CASE(nonsense),
		CASE(there_is_no_memory_to_share),
		CASE(last_words),
		CASE(each_errno_that_ends_it),
		CASE(a_part_that_was_written),
		CASE(a_question_and_its_answer),
		CASE(an_empty_answer),
		CASE(stale_answers_are_dropped),
		CASE(no_answer_in_time),
		CASE(waiting_that_is_cut_short),
		CASE(no_time_at_all),
		CASE(a_question_that_is_not_taken),
		CASE(a_reset_while_waiting),
		CASE(a_reset_before_the_question),
		CASE(a_firmware_that_talks_without_end),
		CASE(questions_that_are_none),
		CASE(notifications),
		CASE(each_errno_of_notifications),
		CASE(notify_never_says_again),
		CASE(what_to_poll_for),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
