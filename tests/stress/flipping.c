// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
/*
 * Hazard 6 with a peer that flips a word for as long as we look at it, on two processors: what was checked
 * must be what is used. tests/core/test_double_fetch.c does the same without luck, but not everywhere.
 *
 * The race is the point, so this is left out under the thread sanitizer.
 */
#include "support.h"

#include <pthread.h>

#if defined(__SANITIZE_THREAD__)
#define UNDER_TSAN 1
#elif defined(__has_feature)
#if __has_feature(thread_sanitizer)
#define UNDER_TSAN 1
#endif
#endif
#ifndef UNDER_TSAN
#define UNDER_TSAN 0
#endif

static const enum sap_queue_id Q = SAP_HOST_DATA;

typedef uint32_t __attribute__((may_alias)) word;

/* A thread that writes one of the values after the other into a word of the area. */
struct flipper {
	word *at;
	uint32_t values[3];
	uint32_t stop;
	pthread_t thread;
};

static void *flip(void *argument)
{
	struct flipper *flipper = argument;
	uint32_t values[3];

	for (uint32_t i = 0; i < 3; i++) {
		uint8_t bytes[4];

		test_put32(bytes, flipper->values[i]);
		memcpy(&values[i], bytes, 4);
	}
	while (!__atomic_load_n(&flipper->stop, __ATOMIC_RELAXED))
		for (uint32_t i = 0; i < 30; i++)
			__atomic_store_n(flipper->at, values[i % 3], __ATOMIC_RELAXED);
	return NULL;
}

static void start(struct flipper *flipper, uint8_t *at, uint32_t a, uint32_t b, uint32_t c)
{
	*flipper = (struct flipper){.at = (word *)(void *)at, .values = {a, b, c}};
	test_put32(at, a);
	assert_int_equal(pthread_create(&flipper->thread, NULL, flip, flipper), 0);
}

static void stop(struct flipper *flipper)
{
	__atomic_store_n(&flipper->stop, 1, __ATOMIC_RELAXED);
	assert_int_equal(pthread_join(flipper->thread, NULL), 0);
}

static uint32_t rounds(void)
{
	const char *asked = getenv("SAP_STRESS_MESSAGES");
	unsigned long messages = asked ? strtoul(asked, NULL, 10) : 0;

	return messages && messages < 1000000 ? (uint32_t)messages : 1000000;
}

static void hazard_06_a_header_that_flips(void **state)
{
	struct test_area test = test_area_make(20, 100, 20, 20);
	struct sap_consumer stood, consumer;
	struct flipper flipper;
	uint32_t seen[3] = {0};

	(void)state;
	if (UNDER_TSAN)
		skip();
	test_set_wr(&test, Q, 60);
	assert_status(sap_consumer_init(&stood, &test.area, Q), SAP_OK);
	start(&flipper, test_ring(&test, Q), 3000 | 4u << 16, 3001 | 52u << 16, 3002 | 60000u << 16);
	for (uint32_t i = 0; i < rounds(); i++) {
		uint8_t buffer[64];
		uint32_t len = 0, type;
		enum sap_status status;

		memset(buffer, 0xee, sizeof(buffer));
		consumer = stood;
		status = sap_consumer_next(&consumer, &test.area, buffer, 30, &len);
		type = test_get16(buffer);
		if (status == SAP_OK	     ? len != 12 || type != 3000 || test_get16(buffer + 2) != 4
		    : status == SAP_TOO_LONG ? len != 60 || type != 3001 || test_get16(buffer + 2) != 52
					     : status != SAP_CORRUPT)
			test_fail("%s: %u bytes of type %u", sap_status_name(status), len, type);
		for (uint32_t at = status == SAP_OK ? 12 : 8; at < 64; at++)
			assert_int_equal(buffer[at], 0xee);
		seen[status == SAP_OK ? 0 : status == SAP_TOO_LONG ? 1 : 2]++;
	}
	stop(&flipper);
	print_message("seen: %u, %u, %u\n", seen[0], seen[1], seen[2]);
	test_area_free(&test);
}

static void hazard_06_a_data_len_that_flips(void **state)
{
	struct test_area test = test_area_make(20, 200, 20, 20);
	struct sap_packets stood = {0}, lane;
	struct flipper flipper;
	uint8_t payload[90];
	uint32_t seen[3] = {0};

	(void)state;
	if (UNDER_TSAN)
		skip();
	memset(payload, 0xaa, sizeof(payload));
	test_peer_put(&test, Q, SAP_CB_DATA_PACKET, payload, 90, 1);
	assert_status(sap_packets_open(&stood, SAP_ROLE_CSME, &test.area), SAP_OK);
	start(&flipper, test_ring(&test, Q) + 8 + 36, 14, 50, UINT32_MAX);
	for (uint32_t i = 0; i < rounds(); i++) {
		struct sap_packet_info info;
		enum sap_status status;
		uint8_t frame[100];

		memset(frame, 0xee, sizeof(frame));
		lane = stood;
		status = sap_packets_recv(&lane, &test.area, frame, 50, &info);
		if (status == SAP_OK ? info.len != 14 && info.len != 50
				     : status != SAP_TOO_SHORT || info.len != UINT32_MAX)
			test_fail("%s: %u bytes", sap_status_name(status), info.len);
		for (uint32_t at = 0; at < 100; at++)
			assert_int_equal(frame[at], status == SAP_OK && at < info.len ? 0xaa : 0xee);
		seen[status != SAP_OK ? 2 : info.len == 50]++;
	}
	stop(&flipper);
	print_message("seen: %u, %u, %u\n", seen[0], seen[1], seen[2]);
	test_area_free(&test);
}

/* The peer's index among values inside and outside the queue, for both ends. */
static void hazard_06_an_index_that_flips(void **state)
{
	struct test_area test = test_area_make(20, 100, 20, 20);
	struct sap_consumer consumer, stood_consumer;
	struct sap_producer producer, stood_producer;
	struct flipper wr, rd;

	(void)state;
	if (UNDER_TSAN)
		skip();
	test_set_wr(&test, Q, 50);
	assert_status(sap_producer_init(&stood_producer, &test.area, Q), SAP_OK);
	test_set_wr(&test, Q, 0);
	assert_status(sap_consumer_init(&stood_consumer, &test.area, Q), SAP_OK);
	start(&wr, test.memory + test_words[Q].wr, 8, 100, 20);
	start(&rd, test.memory + test_words[Q].rd, 40, UINT32_MAX, 60);
	for (uint32_t i = 0; i < rounds(); i++) {
		struct sap_header header;
		uint32_t room;
		enum sap_status status;

		consumer = stood_consumer;
		status = sap_consumer_peek(&consumer, &test.area, &header);
		if (status == SAP_OK ? consumer.wr != 8 && consumer.wr != 20
				     : status != SAP_CORRUPT || consumer.wr != 0)
			test_fail("consumer: %s, wr %u", sap_status_name(status), consumer.wr);
		producer = stood_producer;
		room = sap_producer_room(&producer, &test.area);
		if (room ? room != 89 || producer.rd != 40
			 : producer.counters.corrupt != 1 || producer.rd != 0)
			test_fail("producer: room %u, rd %u", room, producer.rd);
		if (sap_consumer_init(&consumer, &test.area, Q) == SAP_OK &&
		    (consumer.wr >= 100 || consumer.rd >= 100))
			test_fail("consumer made at %u, %u", consumer.rd, consumer.wr);
		if (sap_producer_init(&producer, &test.area, Q) == SAP_OK &&
		    (producer.wr >= 100 || producer.rd >= 100))
			test_fail("producer made at %u, %u", producer.rd, producer.wr);
	}
	stop(&wr);
	stop(&rd);
	test_area_free(&test);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(hazard_06_a_header_that_flips),
		cmocka_unit_test(hazard_06_a_data_len_that_flips),
		cmocka_unit_test(hazard_06_an_index_that_flips),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
