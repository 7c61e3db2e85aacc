// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
/*
 * Hazard 6, without luck: the area's page is taken away, so that each single access to it traps, is let
 * through by one instruction, and is counted. After a given number of accesses to one word the peer changes
 * that word. Whatever the number, what was checked must be what is used.
 *
 * A second thread that flips the word (tests/stress/flipping.c) seldom hits: two loads one after the other
 * find it in the same cache line. This needs the trap flag, so it runs on x86-64 Linux alone.
 */
#define _GNU_SOURCE

#include "support.h"

#if defined(__SANITIZE_THREAD__)
#define WATCHABLE 0
#elif defined(__has_feature)
#if __has_feature(thread_sanitizer)
#define WATCHABLE 0
#endif
#endif
#if !defined(WATCHABLE) && defined(__x86_64__) && defined(__linux__)
#define WATCHABLE 1
#endif

#if defined(WATCHABLE) && WATCHABLE

#include <signal.h>
#include <sys/mman.h>
#include <ucontext.h>
#include <unistd.h>

enum {
	TRAP_FLAG = 0x100,
	MOST_ACCESSES = 6, /* more than any call here makes to one word */
};

static const enum sap_queue_id Q = SAP_HOST_DATA;

static struct {
	uint8_t *page;
	size_t size;
	uint8_t *word;	 /* the word that changes */
	uint32_t after;	 /* accesses until then */
	uint32_t value;	 /* what it becomes */
	uint32_t seen;	 /* accesses so far */
	uint32_t before; /* how far before the word an access that touches it may start */
	bool touched;	 /* the access that is let through is one */
} watch;

/* An access: let it through, and stop after it. */
static void on_access(int number, siginfo_t *info, void *context)
{
	ucontext_t *machine = context;
	uint8_t *at = info->si_addr;

	(void)number;
	if (at < watch.page || at >= watch.page + watch.size)
		_exit(99);
	watch.touched = at + watch.before >= watch.word && at < watch.word + 4;
	mprotect(watch.page, watch.size, PROT_READ | PROT_WRITE);
	machine->uc_mcontext.gregs[REG_EFL] |= TRAP_FLAG;
}

static void on_step(int number, siginfo_t *info, void *context)
{
	ucontext_t *machine = context;

	(void)number;
	(void)info;
	if (watch.touched && ++watch.seen == watch.after)
		test_put32(watch.word, watch.value);
	mprotect(watch.page, watch.size, PROT_NONE);
	machine->uc_mcontext.gregs[REG_EFL] &= ~(greg_t)TRAP_FLAG;
}

/*
 * From now on the word changes to `value` after so many accesses. An index is read alone; other words with
 * what stands before them, by loads as wide as the processor has.
 */
static void watch_word(uint8_t *word, uint32_t after, uint32_t value)
{
	uint8_t *index = watch.page + test_words[Q].wr;

	watch.before = word == index || word == index + 4 ? 0 : 63;
	watch.word = word;
	watch.after = after;
	watch.value = value;
	watch.seen = 0;
	mprotect(watch.page, watch.size, PROT_NONE);
}

static void watch_no_more(void)
{
	mprotect(watch.page, watch.size, PROT_READ | PROT_WRITE);
}

/* An area in pages of its own. */
static struct test_area watched_area(uint32_t size)
{
	const uint32_t sizes[SAP_QUEUES] = {20, size, 20, 20};
	struct sigaction access = {.sa_sigaction = on_access, .sa_flags = SA_SIGINFO};
	struct sigaction step = {.sa_sigaction = on_step, .sa_flags = SA_SIGINFO};
	struct test_area test;

	memset(&test, 0, sizeof(test));
	assert_status(sap_layout_make(&test.layout, SAP_PROTOCOL_4, sizes), SAP_OK);
	/* CMocka takes the fault signals for itself before each test. */
	sigaction(SIGTRAP, &step, NULL);
	sigaction(SIGSEGV, &access, NULL);
	watch.size = (size_t)sysconf(_SC_PAGESIZE);
	assert_true(test.layout.size <= watch.size);
	watch.page = mmap(NULL, watch.size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	assert_ptr_not_equal(watch.page, MAP_FAILED);
	test.memory = watch.page;
	assert_status(sap_area_init(&test.area, &test.layout, test.memory, test.layout.size), SAP_OK);
	return test;
}

static void unmap(void)
{
	munmap(watch.page, watch.size);
}

/* Two values of a word, either first: `first` stands there, `second` comes after some accesses. */
struct change {
	uint32_t first, second, after;
};

/* The `i`-th of all changes among `n` values; false once all were. */
static bool nth_change(const uint32_t *values, uint32_t n, uint32_t i, struct change *change)
{
	change->after = 1 + i / (n * n);
	change->first = values[i / n % n];
	change->second = values[i % n];
	return change->after <= MOST_ACCESSES;
}

/* Whether each byte is of one of the two: a word that is no index may be read in parts, each once. */
static bool mixed(uint32_t value, const struct change *change)
{
	for (uint32_t mask = 0xff; mask; mask <<= 8)
		if ((value & mask) != (change->first & mask) && (value & mask) != (change->second & mask))
			return false;
	return true;
}

static void hazard_06_a_header_is_checked_and_used_as_one_copy(void **state)
{
	static const uint32_t headers[] = {3000 | 4u << 16, 3001 | 12u << 16, 3002 | 52u << 16,
					   3003 | 60000u << 16};
	struct test_area test = watched_area(100);
	struct sap_consumer stood, consumer;
	struct change change;
	uint8_t buffer[30];

	(void)state;
	test_set_wr(&test, Q, 60);
	assert_status(sap_consumer_init(&stood, &test.area, Q), SAP_OK);
	for (uint32_t i = 0; nth_change(headers, 4, i, &change); i++) {
		enum sap_status status;
		uint32_t len = 0, header;

		consumer = stood;
		test_put32(test_ring(&test, Q), change.first);
		watch_word(test_ring(&test, Q), change.after, change.second);
		status = sap_consumer_next(&consumer, &test.area, buffer, sizeof(buffer), &len);
		watch_no_more();
		header = test_get32(buffer);
		if (status == SAP_CORRUPT) {
			assert_true(change.first == headers[3] || change.second == headers[3]);
			continue;
		}
		assert_true(mixed(header, &change));
		assert_int_equal(len, 8 + (header >> 16));
		assert_true(len <= 60);
		assert_status(status, len > sizeof(buffer) ? SAP_TOO_LONG : SAP_OK);
		assert_int_equal(consumer.next, len);
	}
	unmap();
}

static void hazard_06_a_readers_view_of_wr_is_one_read(void **state)
{
	static const uint32_t indices[] = {0, 8, 20, 100, UINT32_MAX};
	struct test_area test = watched_area(100);
	struct sap_consumer stood, consumer;
	struct change change;

	(void)state;
	assert_status(sap_consumer_init(&stood, &test.area, Q), SAP_OK);
	for (uint32_t i = 0; nth_change(indices, 5, i, &change); i++) {
		struct sap_header header;
		enum sap_status status;

		consumer = stood;
		test_set_wr(&test, Q, change.first);
		watch_word(test.memory + test_words[Q].wr, change.after, change.second);
		status = sap_consumer_peek(&consumer, &test.area, &header);
		watch_no_more();
		assert_int_equal(watch.seen, 1);
		assert_status(status, change.first >= 100 ? SAP_CORRUPT : change.first ? SAP_OK : SAP_AGAIN);
		assert_int_equal(consumer.wr, change.first < 100 ? change.first : 0);
		/* Giving up: what was counted is where it went. */
		consumer = stood;
		test_set_wr(&test, Q, change.first);
		test_set_rd(&test, Q, 0);
		watch_word(test.memory + test_words[Q].wr, change.after, change.second);
		status = sap_consumer_discard(&consumer, &test.area);
		watch_no_more();
		assert_status(status, change.first < 100 ? SAP_OK : SAP_CORRUPT);
		assert_int_equal(consumer.counters.lost_bytes, change.first < 100 ? change.first : 0);
		assert_int_equal(test_rd(&test, Q), consumer.counters.lost_bytes);
	}
	unmap();
}

static void hazard_06_a_writers_view_of_rd_is_one_read(void **state)
{
	static const uint32_t indices[] = {0, 40, 50, 51, 100, UINT32_MAX};
	struct test_area test = watched_area(100);
	struct sap_producer stood, producer;
	struct change change;

	(void)state;
	test_set_wr(&test, Q, 50);
	assert_status(sap_producer_init(&stood, &test.area, Q), SAP_OK);
	for (uint32_t i = 0; nth_change(indices, 6, i, &change); i++) {
		struct sap_span span;
		enum sap_status status;
		uint32_t room;

		producer = stood;
		test_set_rd(&test, Q, change.first);
		watch_word(test.memory + test_words[Q].rd, change.after, change.second);
		room = sap_producer_room(&producer, &test.area);
		watch_no_more();
		assert_int_equal(watch.seen, 1);
		assert_int_equal(room, change.first <= 50 ? 49 + change.first : 0);
		assert_int_equal(producer.rd, change.first <= 50 ? change.first : 0);
		producer = stood;
		test_set_rd(&test, Q, change.first);
		watch_word(test.memory + test_words[Q].rd, change.after, change.second);
		status = sap_producer_reserve(&producer, &test.area, 90, &span);
		watch_no_more();
		assert_status(status, change.first == 50  ? SAP_OK
				      : change.first > 50 ? SAP_CORRUPT
							  : SAP_NO_ROOM);
		assert_int_equal(producer.rd, change.first <= 50 ? change.first : 0);
	}
	unmap();
}

static void hazard_06_ends_are_made_of_what_was_checked(void **state)
{
	static const uint32_t indices[] = {0, 99, 100, UINT32_MAX};
	struct test_area test = watched_area(100);
	struct sap_producer producer;
	struct sap_consumer consumer;
	struct change change;

	(void)state;
	for (uint32_t i = 0; nth_change(indices, 4, i / 2, &change); i++) {
		uint8_t *word = test.memory + (i % 2 ? test_words[Q].wr : test_words[Q].rd);
		enum sap_status status;

		test_put32(word, change.first);
		watch_word(word, change.after, change.second);
		status = sap_producer_init(&producer, &test.area, Q);
		watch_no_more();
		assert_int_equal(watch.seen, 1);
		assert_status(status, change.first < 100 ? SAP_OK : SAP_CORRUPT);
		if (status == SAP_OK)
			assert_int_equal(i % 2 ? producer.wr : producer.rd, change.first);
		test_put32(word, change.first);
		watch_word(word, change.after, change.second);
		status = sap_consumer_init(&consumer, &test.area, Q);
		watch_no_more();
		assert_int_equal(watch.seen, 1);
		assert_status(status, change.first < 100 ? SAP_OK : SAP_CORRUPT);
		if (status == SAP_OK)
			assert_int_equal(i % 2 ? consumer.wr : consumer.rd, change.first);
		test_put32(word, 0);
	}
	unmap();
}

static void hazard_06_data_len_is_checked_and_used_as_one_copy(void **state)
{
	static const uint32_t lengths[] = {13, 14, 40, 50, 51, UINT32_MAX};
	struct test_area test = watched_area(200);
	struct sap_packets stood = {0}, lane;
	uint8_t payload[90], frame[60];
	struct change change;

	(void)state;
	memset(payload, 0xaa, sizeof(payload));
	test_peer_put(&test, Q, SAP_CB_DATA_PACKET, payload, 90, 1);
	assert_status(sap_packets_open(&stood, SAP_ROLE_CSME, &test.area), SAP_OK);
	for (uint32_t i = 0; nth_change(lengths, 6, i, &change); i++) {
		struct sap_packet_info info;
		enum sap_status status;
		bool good;

		memset(frame, 0xee, sizeof(frame));
		lane = stood;
		test_put32(test_ring(&test, Q) + 44, change.first);
		watch_word(test_ring(&test, Q) + 44, change.after, change.second);
		status = sap_packets_recv(&lane, &test.area, frame, 50, &info);
		watch_no_more();
		assert_true(mixed(info.len, &change));
		good = info.len >= 14 && info.len <= 50;
		assert_status(status, good ? SAP_OK : SAP_TOO_SHORT);
		for (uint32_t at = 0; at < sizeof(frame); at++)
			assert_int_equal(frame[at], good && at < info.len ? 0xaa : 0xee);
	}
	unmap();
}

static void hazard_06_adopt_reports_the_value_that_it_judged(void **state)
{
	struct test_area test = watched_area(100);
	uint32_t words[17], n = 0;

	(void)state;
	for (uint32_t at = 0; at < 64; at += 4)
		words[n++] = at;
	words[n++] = test.layout.trailer;
	for (uint32_t w = 0; w < n; w++) {
		uint8_t *word = test.memory + words[w];
		const uint32_t values[] = {test_get32(word), 0x7ffffff7};
		struct change change;

		for (uint32_t i = 0; nth_change(values, 2, i, &change); i++) {
			struct sap_area_fault fault = {NULL, 0, 0, 0};
			struct sap_area area;
			enum sap_status status;

			test_put32(word, change.first);
			watch_word(word, change.after, change.second);
			status = sap_area_adopt(&area, &test.layout, test.memory, test.layout.size, &fault);
			watch_no_more();
			if (status == SAP_OK)
				continue;
			assert_int_equal(fault.offset, words[w]);
			assert_true(mixed(fault.found, &change));
			assert_true(status == SAP_CORRUPT ? fault.found >= fault.expected
							  : fault.found != fault.expected);
		}
		test_put32(word, values[0]);
	}
	unmap();
}

/* Valgrind and emulators of other processors know no trap flag. */
static bool watching_works(void)
{
	const char *preloaded = getenv("LD_PRELOAD");

	return !preloaded || !strstr(preloaded, "vgpreload");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(hazard_06_a_header_is_checked_and_used_as_one_copy),
		cmocka_unit_test(hazard_06_a_readers_view_of_wr_is_one_read),
		cmocka_unit_test(hazard_06_a_writers_view_of_rd_is_one_read),
		cmocka_unit_test(hazard_06_ends_are_made_of_what_was_checked),
		cmocka_unit_test(hazard_06_data_len_is_checked_and_used_as_one_copy),
		cmocka_unit_test(hazard_06_adopt_reports_the_value_that_it_judged),
	};

	if (!watching_works())
		return 77;
	return cmocka_run_group_tests(tests, NULL, NULL);
}

#else

int main(void)
{
	return 77;
}

#endif
