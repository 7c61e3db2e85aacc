// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
/*
 * Queues against a peer that breaks every rule, and callers that stretch those of their own side: batches,
 * reservations, copies, another area. Here the test is the peer: it writes the area's bytes itself.
 */
#include "support.h"

enum {
	SIZE = 100,
};

static const enum sap_queue_id Q = SAP_HOST_DATA;

static struct test_area make_area(void)
{
	return test_area_make(40, SIZE, 50, 60);
}

static struct sap_producer producer_at(struct test_area *test, uint32_t rd, uint32_t wr)
{
	struct sap_producer producer;

	test_set_rd(test, Q, rd);
	test_set_wr(test, Q, wr);
	assert_status(sap_producer_init(&producer, &test->area, Q), SAP_OK);
	return producer;
}

static struct sap_consumer consumer_at(struct test_area *test, uint32_t rd, uint32_t wr)
{
	struct sap_consumer consumer;

	test_set_rd(test, Q, rd);
	test_set_wr(test, Q, wr);
	assert_status(sap_consumer_init(&consumer, &test->area, Q), SAP_OK);
	return consumer;
}

static void put_n(struct test_area *test, struct sap_producer *producer, struct sap_seq *seq, uint32_t n)
{
	uint8_t payload[SIZE] = {0};
	struct sap_message message = test_opaque(3000, payload, n - 8);

	test_pattern(payload, n - 8, seq->last + 1);
	assert_status(sap_producer_put(producer, &test->area, seq, &message), SAP_OK);
}

/* --- becoming an end --- */

static void an_end_wants_both_indices_inside(void **state)
{
	static const uint32_t bad[] = {SIZE, SIZE + 1, 1u << 31, UINT32_MAX};
	struct test_area test = make_area();
	struct sap_producer producer, untouched_producer;
	struct sap_consumer consumer, untouched_consumer;

	(void)state;
	memset(&producer, 0x5a, sizeof(producer));
	memset(&consumer, 0x5a, sizeof(consumer));
	untouched_producer = producer;
	untouched_consumer = consumer;
	for (uint32_t i = 0; i < 8; i++) {
		test_set_rd(&test, Q, i < 4 ? bad[i] : 0);
		test_set_wr(&test, Q, i < 4 ? 0 : bad[i - 4]);
		assert_status(sap_producer_init(&producer, &test.area, Q), SAP_CORRUPT);
		assert_status(sap_consumer_init(&consumer, &test.area, Q), SAP_CORRUPT);
		assert_memory_equal(&producer, &untouched_producer, sizeof(producer));
		assert_memory_equal(&consumer, &untouched_consumer, sizeof(consumer));
	}
	test_set_rd(&test, Q, SIZE - 1);
	test_set_wr(&test, Q, SIZE - 1);
	assert_status(sap_producer_init(&producer, &test.area, Q), SAP_OK);
	assert_status(sap_consumer_init(&consumer, &test.area, Q), SAP_OK);
	test_area_free(&test);
}

static void an_end_wants_an_area_and_a_queue(void **state)
{
	struct test_area test = make_area();
	struct sap_area none = test.area;
	struct sap_producer producer;
	struct sap_consumer consumer;

	(void)state;
	none.base = NULL;
	assert_status(sap_producer_init(NULL, &test.area, Q), SAP_INVALID);
	assert_status(sap_producer_init(&producer, NULL, Q), SAP_INVALID);
	assert_status(sap_producer_init(&producer, &none, Q), SAP_INVALID);
	assert_status(sap_producer_init(&producer, &test.area, SAP_QUEUES), SAP_INVALID);
	assert_status(sap_producer_init(&producer, &test.area, (enum sap_queue_id)0x7fffffff), SAP_INVALID);
	assert_status(sap_consumer_init(NULL, &test.area, Q), SAP_INVALID);
	assert_status(sap_consumer_init(&consumer, NULL, Q), SAP_INVALID);
	assert_status(sap_consumer_init(&consumer, &none, Q), SAP_INVALID);
	assert_status(sap_consumer_init(&consumer, &test.area, SAP_QUEUES), SAP_INVALID);
	assert_status(sap_consumer_init(&consumer, &test.area, (enum sap_queue_id)0x7fffffff), SAP_INVALID);
	test_area_free(&test);
}

/* Each queue has its own ring and its own words: a message in one changes nothing of the others. */
static void each_queue_keeps_to_itself(void **state)
{
	(void)state;
	for (uint32_t q = 0; q < SAP_QUEUES; q++) {
		struct test_area test = make_area();
		uint8_t *expected = malloc(test.layout.size);
		struct sap_message ping = {.type = SAP_PING, .seq = 99};
		struct sap_producer producer;
		struct sap_consumer consumer;
		struct sap_seq seq = {0};
		uint8_t buffer[8];
		uint32_t len;

		assert_non_null(expected);
		memcpy(expected, test.memory, test.layout.size);
		assert_status(sap_producer_init(&producer, &test.area, (enum sap_queue_id)q), SAP_OK);
		assert_status(sap_consumer_init(&consumer, &test.area, (enum sap_queue_id)q), SAP_OK);
		assert_status(sap_producer_put(&producer, &test.area, &seq, &ping), SAP_OK);
		test_put_header(expected + test.layout.queue[q].offset, 1, 0, 1);
		assert_memory_equal(test.memory, expected, test.layout.size);
		sap_producer_publish(&producer, &test.area);
		test_put32(expected + test_words[q].wr, 8);
		assert_memory_equal(test.memory, expected, test.layout.size);
		assert_status(sap_consumer_next(&consumer, &test.area, buffer, 8, &len), SAP_OK);
		assert_memory_equal(test.memory, expected, test.layout.size);
		sap_consumer_release(&consumer, &test.area);
		test_put32(expected + test_words[q].rd, 8);
		assert_memory_equal(test.memory, expected, test.layout.size);
		free(expected);
		test_area_free(&test);
	}
}

/* --- the peer's index --- */

static void wr_that_moves_backwards_is_corrupt(void **state)
{
	struct test_area test = make_area();
	struct sap_consumer consumer = consumer_at(&test, 40, 40);
	uint8_t payload[SIZE] = {0};
	struct sap_header header;

	(void)state;
	test_peer_put(&test, Q, 1, payload, 12, 7);
	assert_status(sap_consumer_peek(&consumer, &test.area, &header), SAP_OK);
	assert_status(sap_consumer_take(&consumer), SAP_OK);
	/* 60 was seen. 59 to 41 lie behind it, and so does 40, which was not released: no room was there. */
	for (uint32_t wr = 59; wr >= 40; wr--) {
		struct sap_consumer before = consumer;

		test_set_wr(&test, Q, wr);
		assert_status(sap_consumer_peek(&consumer, &test.area, &header), SAP_CORRUPT);
		before.counters.corrupt++;
		assert_memory_equal(&consumer, &before, sizeof(consumer));
	}
	/* Once the room is released, all but one byte of it may be written again. */
	sap_consumer_release(&consumer, &test.area);
	test_ring_write(&test, Q, 60, (const uint8_t[]){1, 0, 91, 0, 0, 0, 0, 0}, 8);
	test_set_wr(&test, Q, 59);
	assert_status(sap_consumer_peek(&consumer, &test.area, &header), SAP_OK);
	assert_int_equal(header.len, 91);
	assert_int_equal(consumer.counters.corrupt, 20);
	test_area_free(&test);
}

static void wr_beyond_the_free_space_is_corrupt(void **state)
{
	struct test_area test = make_area();
	struct sap_consumer consumer = consumer_at(&test, 90, 90);
	uint8_t payload[SIZE] = {0};
	struct sap_header header;

	(void)state;
	/* 70 bytes taken and kept: 29 more are possible, up to 89. */
	test_peer_put(&test, Q, 1, payload, 62, 7);
	assert_status(sap_consumer_peek(&consumer, &test.area, &header), SAP_OK);
	assert_status(sap_consumer_take(&consumer), SAP_OK);
	test_ring_write(&test, Q, 60, payload, 8);
	for (uint32_t wr = 90; wr < SIZE; wr++) {
		test_set_wr(&test, Q, wr);
		assert_status(sap_consumer_peek(&consumer, &test.area, &header), SAP_CORRUPT);
	}
	test_set_wr(&test, Q, SIZE);
	assert_status(sap_consumer_peek(&consumer, &test.area, &header), SAP_CORRUPT);
	test_set_wr(&test, Q, UINT32_MAX);
	assert_status(sap_consumer_peek(&consumer, &test.area, &header), SAP_CORRUPT);
	assert_int_equal(consumer.counters.corrupt, 12);
	test_set_wr(&test, Q, 89);
	assert_status(sap_consumer_peek(&consumer, &test.area, &header), SAP_OK);
	assert_int_equal(consumer.counters.corrupt, 12);
	test_area_free(&test);
}

static void rd_past_wr_gives_no_room(void **state)
{
	static const uint32_t bad[] = {51, 52, 99, 0, 29, SIZE, UINT32_MAX};
	struct test_area test = make_area();
	struct sap_producer producer = producer_at(&test, 30, 50);
	struct sap_message ping = {.type = SAP_PING};
	struct sap_seq seq = {0};
	struct sap_span span;

	(void)state;
	for (uint32_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		struct sap_producer before = producer;

		test_set_rd(&test, Q, bad[i]);
		assert_int_equal(sap_producer_room(&producer, &test.area), 0);
		assert_false(sap_producer_drained(&producer, &test.area));
		assert_status(sap_producer_reserve(&producer, &test.area, 80, &span), SAP_CORRUPT);
		before.counters.corrupt += 3;
		assert_memory_equal(&producer, &before, sizeof(producer));
		assert_status(sap_producer_commit(&producer), SAP_NOT_RESERVED);
	}
	/* What was not published cannot have been read, though it was committed. */
	test_set_rd(&test, Q, 30);
	assert_status(sap_producer_put(&producer, &test.area, &seq, &ping), SAP_OK);
	test_set_rd(&test, Q, 58);
	assert_int_equal(sap_producer_room(&producer, &test.area), 0);
	sap_producer_publish(&producer, &test.area);
	assert_int_equal(sap_producer_room(&producer, &test.area), 99);
	assert_true(sap_producer_drained(&producer, &test.area));
	test_area_free(&test);
}

static void put_fails_whole_when_rd_is_corrupt(void **state)
{
	struct test_area test = make_area();
	struct sap_producer producer = producer_at(&test, 10, 5);
	uint8_t payload[SIZE] = {0}, *before = malloc(test.layout.size);
	struct sap_message message = test_opaque(3000, payload, 2);
	struct sap_seq seq = {41};

	(void)state;
	assert_non_null(before);
	test_set_rd(&test, Q, 6);
	memcpy(before, test.memory, test.layout.size);
	assert_status(sap_producer_put(&producer, &test.area, &seq, &message), SAP_CORRUPT);
	sap_producer_publish(&producer, &test.area);
	assert_memory_equal(test.memory, before, test.layout.size);
	assert_int_equal(seq.last, 41);
	assert_int_equal(producer.counters.corrupt, 1);
	assert_int_equal(producer.counters.committed, 0);
	free(before);
	test_area_free(&test);
}

/* --- headers --- */

static void half_a_header_is_no_message(void **state)
{
	struct test_area test = make_area();

	(void)state;
	for (uint32_t rd = 0; rd < SIZE; rd++)
		for (uint32_t part = 1; part < 8; part++) {
			struct sap_consumer consumer = consumer_at(&test, rd, rd);
			struct sap_header header;

			test_set_wr(&test, Q, (rd + part) % SIZE);
			assert_status(sap_consumer_peek(&consumer, &test.area, &header), SAP_CORRUPT);
			assert_status(sap_consumer_take(&consumer), SAP_AGAIN);
			assert_int_equal(consumer.counters.corrupt, 1);
			/* Whole messages are published at once, so the rest does not mend it. */
			test_set_wr(&test, Q, (rd + 8) % SIZE);
			assert_status(sap_consumer_peek(&consumer, &test.area, &header), SAP_CORRUPT);
			assert_int_equal(test_rd(&test, Q), rd);
			assert_status(sap_consumer_discard(&consumer, &test.area), SAP_OK);
			assert_int_equal(consumer.counters.lost_bytes, 8);
		}
	test_area_free(&test);
}

static void a_length_beyond_wr_stops_the_queue(void **state)
{
	struct test_area test = make_area();
	struct sap_consumer consumer = consumer_at(&test, 95, 95);
	uint8_t buffer[64], payload[32];
	struct sap_message message;
	uint32_t len;

	(void)state;
	test_pattern(payload, 32, 3);
	test_peer_put(&test, Q, 3000, payload, 10, 1);
	test_peer_put(&test, Q, 3000, payload, 20, 2);
	test_put_header(buffer, 3000, 21, 2);
	test_ring_write(&test, Q, 13, buffer, 8);
	assert_status(sap_consumer_next(&consumer, &test.area, buffer, 64, &len), SAP_OK);
	assert_memory_equal(buffer + 8, payload, 10);
	for (uint32_t i = 1; i < 5; i++) {
		assert_status(sap_consumer_get(&consumer, &test.area, buffer, 64, &message), SAP_CORRUPT);
		/* One event, however often it is asked. */
		assert_int_equal(consumer.counters.corrupt, 1);
	}
	/* And the peer cannot mend it: what was seen to break off stays so. */
	test_put_header(buffer, 3000, 20, 2);
	test_ring_write(&test, Q, 13, buffer, 8);
	assert_status(sap_consumer_get(&consumer, &test.area, buffer, 64, &message), SAP_CORRUPT);
	assert_int_equal(consumer.counters.taken, 1);
	sap_consumer_release(&consumer, &test.area);
	assert_int_equal(test_rd(&test, Q), 13);
	assert_status(sap_consumer_discard(&consumer, &test.area), SAP_OK);
	assert_status(sap_consumer_get(&consumer, &test.area, buffer, 64, &message), SAP_AGAIN);
	test_area_free(&test);
}

/* Hazard 6: the header is read once. What the peer makes of it afterwards changes nothing. */
static void a_header_changed_after_peek_changes_nothing(void **state)
{
	struct test_area test = make_area();
	struct sap_consumer consumer = consumer_at(&test, 96, 96);
	uint8_t bytes[64], payload[32];
	struct sap_header header;
	uint32_t len;

	(void)state;
	test_pattern(payload, 32, 9);
	test_peer_put(&test, Q, 1003, payload, 10, 5);
	test_peer_put(&test, Q, 1004, payload, 12, 6);
	assert_status(sap_consumer_peek(&consumer, &test.area, &header), SAP_OK);
	test_put_header(bytes, 77, 60000, 88);
	test_ring_write(&test, Q, 96, bytes, 8);
	memset(&header, 0, sizeof(header));
	assert_status(sap_consumer_peek(&consumer, &test.area, &header), SAP_OK);
	assert_int_equal(header.type, 1003);
	assert_int_equal(header.len, 10);
	assert_int_equal(header.seq, 5);
	assert_status(sap_consumer_copy(&consumer, &test.area, 0, bytes, 11), SAP_INVALID);
	assert_status(sap_consumer_copy(&consumer, &test.area, 0, bytes, 10), SAP_OK);
	assert_memory_equal(bytes, payload, 10);
	/* next after peek gives the header that was checked, too. */
	assert_status(sap_consumer_next(&consumer, &test.area, bytes, sizeof(bytes), &len), SAP_OK);
	assert_int_equal(len, 18);
	assert_int_equal(test_get16(bytes), 1003);
	assert_int_equal(test_get16(bytes + 2), 10);
	assert_int_equal(test_get32(bytes + 4), 5);
	assert_status(sap_consumer_peek(&consumer, &test.area, &header), SAP_OK);
	assert_int_equal(header.type, 1004);
	/* Nor does an index that changes after peek. */
	test_set_wr(&test, Q, 50000);
	assert_status(sap_consumer_next(&consumer, &test.area, bytes, sizeof(bytes), &len), SAP_OK);
	assert_int_equal(len, 20);
	assert_int_equal(consumer.counters.corrupt, 0);
	assert_status(sap_consumer_peek(&consumer, &test.area, &header), SAP_CORRUPT);
	test_area_free(&test);
}

/* --- words that are ours --- */

/* Everything in the control block that a side must never read again: sizes, its own index, the marks. */
static void scribble(struct test_area *test, uint32_t own, uint32_t *random)
{
	static const uint32_t words[] = {0, 4, 8, 20, 32, 36, 48, 60};

	for (uint32_t i = 0; i < 8; i++)
		test_put32(test->memory + words[i],
			   test_random(random) % 3 ? test_random(random) % 200 : test_random(random));
	test_put32(test->memory + own, test_random(random) % 200);
	test_put32(test->memory + test->layout.trailer, test_random(random));
}

/* Hazards 6 and 9: two producers do the same, one among scribbled words. They must not differ. */
static void a_producer_never_reads_its_own_words_again(void **state)
{
	struct test_area honest = make_area(), hostile = make_area();
	struct sap_producer a = producer_at(&honest, 17, 17), b = producer_at(&hostile, 17, 17);
	struct sap_seq seq_a = {0}, seq_b = {0};
	uint8_t payload[SIZE] = {0};
	uint32_t random = 1;

	(void)state;
	for (uint32_t round = 0; round < 2000; round++) {
		uint32_t n = test_random(&random) % 40;
		struct sap_message message = test_opaque(3000, payload, n);

		test_pattern(payload, n, round);
		scribble(&hostile, test_words[Q].wr, &random);
		assert_status(sap_producer_put(&b, &hostile.area, &seq_b, &message),
			      sap_producer_put(&a, &honest.area, &seq_a, &message));
		scribble(&hostile, test_words[Q].wr, &random);
		if (test_random(&random) % 2 && sap_producer_unpublished(&a)) {
			sap_producer_publish(&a, &honest.area);
			sap_producer_publish(&b, &hostile.area);
			assert_int_equal(test_wr(&hostile, Q), test_wr(&honest, Q));
		}
		if (test_random(&random) % 3 == 0) {
			test_set_rd(&honest, Q, a.wr);
			test_set_rd(&hostile, Q, a.wr);
		}
		scribble(&hostile, test_words[Q].wr, &random);
		assert_int_equal(sap_producer_room(&b, &hostile.area), sap_producer_room(&a, &honest.area));
		assert_memory_equal(&a, &b, sizeof(a));
		assert_memory_equal(test_ring(&honest, Q), test_ring(&hostile, Q), SIZE);
	}
	assert_int_equal(a.counters.corrupt, 0);
	assert_true(a.counters.committed > 500 && a.counters.no_room > 100);
	test_area_free(&honest);
	test_area_free(&hostile);
}

static void a_consumer_never_reads_its_own_words_again(void **state)
{
	struct test_area honest = make_area(), hostile = make_area();
	struct sap_producer in_a = producer_at(&honest, 17, 17), in_b = producer_at(&hostile, 17, 17);
	struct sap_consumer a = consumer_at(&honest, 17, 17), b = consumer_at(&hostile, 17, 17);
	struct sap_seq seq_a = {0}, seq_b = {0};
	uint32_t random = 2, len_a, len_b;
	uint8_t buffer_a[SIZE], buffer_b[SIZE];

	(void)state;
	for (uint32_t round = 0; round < 2000; round++) {
		uint32_t n = 8 + test_random(&random) % 40;
		enum sap_status status;

		if (sap_producer_room(&in_a, &honest.area) >= n) {
			put_n(&honest, &in_a, &seq_a, n);
			put_n(&hostile, &in_b, &seq_b, n);
			sap_producer_publish(&in_a, &honest.area);
			sap_producer_publish(&in_b, &hostile.area);
		}
		scribble(&hostile, test_words[Q].rd, &random);
		status = sap_consumer_next(&a, &honest.area, buffer_a, SIZE, &len_a);
		assert_status(sap_consumer_next(&b, &hostile.area, buffer_b, SIZE, &len_b), status);
		if (status == SAP_OK) {
			assert_int_equal(len_a, len_b);
			assert_memory_equal(buffer_a, buffer_b, len_a);
		}
		scribble(&hostile, test_words[Q].rd, &random);
		sap_consumer_release(&a, &honest.area);
		sap_consumer_release(&b, &hostile.area);
		/* For the producer of the other area, which reads it: what a release of nothing leaves. */
		if (status != SAP_OK)
			test_set_rd(&hostile, Q, test_rd(&honest, Q));
		assert_int_equal(test_rd(&hostile, Q), test_rd(&honest, Q));
		assert_memory_equal(&a, &b, sizeof(a));
	}
	assert_int_equal(a.counters.corrupt, 0);
	assert_true(a.counters.taken > 500);
	test_area_free(&honest);
	test_area_free(&hostile);
}

/* --- going on after corruption --- */

static void discard_gives_up_everything_and_counts_it(void **state)
{
	struct test_area test = make_area();

	(void)state;
	for (uint32_t rd = 0; rd < SIZE; rd++)
		for (uint32_t n = 0; n < SIZE; n++) {
			struct sap_consumer consumer = consumer_at(&test, rd, rd);
			uint8_t payload[4] = {1, 2, 3, 4}, buffer[16];
			struct sap_header header;
			uint32_t len;

			test_set_wr(&test, Q, (rd + n) % SIZE);
			assert_status(sap_consumer_discard(&consumer, &test.area), SAP_OK);
			assert_int_equal(consumer.counters.lost_bytes, n);
			assert_int_equal(consumer.counters.corrupt, 0);
			assert_int_equal(test_rd(&test, Q), (rd + n) % SIZE);
			assert_status(sap_consumer_peek(&consumer, &test.area, &header), SAP_AGAIN);
			test_peer_put(&test, Q, 9, payload, 4, 1);
			assert_status(sap_consumer_next(&consumer, &test.area, buffer, 16, &len), SAP_OK);
			assert_memory_equal(buffer + 8, payload, 4);
		}
	test_area_free(&test);
}

static void discard_counts_what_was_not_taken(void **state)
{
	struct test_area test = make_area();
	struct sap_consumer consumer = consumer_at(&test, 70, 70), before;
	uint8_t payload[20] = {0};
	struct sap_header header;

	(void)state;
	test_peer_put(&test, Q, 1, payload, 12, 1);
	test_peer_put(&test, Q, 1, payload, 20, 2);
	assert_status(sap_consumer_peek(&consumer, &test.area, &header), SAP_OK);
	assert_status(sap_consumer_take(&consumer), SAP_OK);
	assert_status(sap_consumer_peek(&consumer, &test.area, &header), SAP_OK);
	/* Not even inside: nothing moves, and what was peeked at can still be taken. */
	before = consumer;
	test_set_wr(&test, Q, SIZE);
	assert_status(sap_consumer_discard(&consumer, &test.area), SAP_CORRUPT);
	before.counters.corrupt++;
	assert_memory_equal(&consumer, &before, sizeof(consumer));
	assert_int_equal(test_rd(&test, Q), 70);
	/* Wherever the peer's index went: that is where we go on. 90 to 81 are 91 bytes. */
	test_set_wr(&test, Q, 81);
	assert_status(sap_consumer_discard(&consumer, &test.area), SAP_OK);
	assert_int_equal(consumer.counters.lost_bytes, 91);
	assert_int_equal(consumer.counters.taken, 1);
	assert_int_equal(test_rd(&test, Q), 81);
	assert_status(sap_consumer_take(&consumer), SAP_AGAIN);
	assert_status(sap_consumer_discard(NULL, &test.area), SAP_INVALID);
	assert_status(sap_consumer_discard(&consumer, NULL), SAP_INVALID);
	test_area_free(&test);
}

/* --- batches --- */

static void a_batch_is_seen_as_one_step(void **state)
{
	struct test_area test = make_area();
	struct sap_producer producer = producer_at(&test, 33, 33);
	struct sap_consumer consumer = consumer_at(&test, 33, 33);
	struct sap_header header;
	struct sap_seq seq = {0};

	(void)state;
	assert_false(sap_producer_unpublished(&producer));
	for (uint32_t i = 1; i <= 9; i++) {
		put_n(&test, &producer, &seq, 11);
		assert_int_equal(test_wr(&test, Q), 33);
		assert_true(sap_producer_unpublished(&producer));
		assert_true(sap_producer_drained(&producer, &test.area));
		assert_int_equal(sap_producer_room(&producer, &test.area), 99 - 11 * i);
		assert_status(sap_consumer_peek(&consumer, &test.area, &header), SAP_AGAIN);
	}
	sap_producer_publish(&producer, &test.area);
	assert_int_equal(test_wr(&test, Q), 32);
	assert_false(sap_producer_unpublished(&producer));
	assert_false(sap_producer_drained(&producer, &test.area));
	assert_int_equal(producer.counters.committed, 9);
	/* Publishing nothing writes nothing. */
	test_set_wr(&test, Q, 1234);
	sap_producer_publish(&producer, &test.area);
	assert_int_equal(test_wr(&test, Q), 1234);
	test_set_wr(&test, Q, 32);
	for (uint32_t i = 1; i <= 9; i++) {
		assert_status(sap_consumer_peek(&consumer, &test.area, &header), SAP_OK);
		assert_int_equal(header.seq, i);
		assert_status(sap_consumer_take(&consumer), SAP_OK);
		assert_int_equal(test_rd(&test, Q), 33);
		assert_int_equal(sap_producer_room(&producer, &test.area), 0);
	}
	sap_consumer_release(&consumer, &test.area);
	assert_int_equal(test_rd(&test, Q), 32);
	assert_int_equal(sap_producer_room(&producer, &test.area), 99);
	/* Releasing nothing writes nothing. */
	test_set_rd(&test, Q, 1234);
	sap_consumer_release(&consumer, &test.area);
	assert_int_equal(test_rd(&test, Q), 1234);
	test_area_free(&test);
}

static void released_room_is_found_when_it_is_needed(void **state)
{
	struct test_area test = make_area();
	struct sap_producer producer = producer_at(&test, 0, 0);
	struct sap_seq seq = {0};
	struct sap_span span;

	(void)state;
	put_n(&test, &producer, &seq, 60);
	sap_producer_publish(&producer, &test.area);
	assert_status(sap_producer_reserve(&producer, &test.area, 40, &span), SAP_NO_ROOM);
	test_set_rd(&test, Q, 1);
	assert_status(sap_producer_reserve(&producer, &test.area, 41, &span), SAP_NO_ROOM);
	assert_status(sap_producer_reserve(&producer, &test.area, 40, &span), SAP_OK);
	assert_int_equal(producer.counters.no_room, 2);
	test_area_free(&test);
}

/* --- reservations --- */

static void only_a_commit_makes_a_reservation_count(void **state)
{
	struct test_area test = make_area();
	struct sap_producer producer = producer_at(&test, 90, 90);
	struct sap_span first, second;

	(void)state;
	assert_status(sap_producer_commit(&producer), SAP_NOT_RESERVED);
	assert_status(sap_producer_reserve(&producer, &test.area, 99, &first), SAP_OK);
	assert_int_equal(sap_producer_room(&producer, &test.area), 99);
	assert_status(sap_producer_reserve(&producer, &test.area, 30, &second), SAP_OK);
	assert_ptr_equal(first.first, second.first);
	assert_int_equal(second.first_len, 10);
	assert_int_equal(second.second_len, 20);
	assert_false(sap_producer_unpublished(&producer));
	sap_producer_publish(&producer, &test.area);
	assert_int_equal(test_wr(&test, Q), 90);
	assert_status(sap_producer_commit(&producer), SAP_OK);
	assert_status(sap_producer_commit(&producer), SAP_NOT_RESERVED);
	assert_int_equal(producer.counters.committed, 1);
	assert_int_equal(sap_producer_room(&producer, &test.area), 69);
	sap_producer_publish(&producer, &test.area);
	assert_int_equal(test_wr(&test, Q), 20);
	/* One that failed leaves nothing to commit, not even what was reserved before it. */
	assert_status(sap_producer_reserve(&producer, &test.area, 69, &first), SAP_OK);
	assert_status(sap_producer_reserve(&producer, &test.area, 70, &first), SAP_NO_ROOM);
	assert_status(sap_producer_commit(&producer), SAP_NOT_RESERVED);
	assert_status(sap_producer_reserve(&producer, &test.area, 69, &first), SAP_OK);
	assert_status(sap_producer_reserve(&producer, &test.area, 100, &first), SAP_TOO_LONG);
	assert_status(sap_producer_commit(&producer), SAP_NOT_RESERVED);
	test_area_free(&test);
}

static void lengths_that_no_queue_holds_are_refused(void **state)
{
	static const uint32_t lengths[] = {SIZE, SIZE + 1, 65536 + 8, 1u << 31, UINT32_MAX};
	struct test_area test = make_area();
	struct sap_producer producer = producer_at(&test, 5, 5);
	struct sap_span span;

	(void)state;
	for (uint32_t i = 0; i < 5; i++) {
		assert_status(sap_producer_reserve(&producer, &test.area, lengths[i], &span), SAP_TOO_LONG);
		assert_int_equal(producer.counters.too_long, i + 1);
	}
	for (uint32_t n = 0; n < 8; n++)
		assert_status(sap_producer_reserve(&producer, &test.area, n, &span), SAP_INVALID);
	assert_int_equal(producer.counters.too_long, 5);
	assert_int_equal(producer.counters.no_room, 0);
	test_area_free(&test);
}

/* --- put --- */

static void a_put_that_fails_burns_no_number(void **state)
{
	struct test_area test = make_area();
	struct sap_producer producer = producer_at(&test, 20, 20);
	uint8_t payload[SIZE] = {0}, *before = malloc(test.layout.size);
	struct sap_message too_long = test_opaque(3000, payload, 92),
			   no_room = test_opaque(3000, payload, 40);
	struct sap_message bad = test_opaque(3000, NULL, 4), nvm = {.type = SAP_NVM};
	struct sap_seq seq = {0};

	(void)state;
	assert_non_null(before);
	put_n(&test, &producer, &seq, 60);
	memcpy(before, test.memory, test.layout.size);
	assert_status(sap_producer_put(&producer, &test.area, &seq, &too_long), SAP_TOO_LONG);
	assert_status(sap_producer_put(&producer, &test.area, &seq, &no_room), SAP_NO_ROOM);
	assert_status(sap_producer_put(&producer, &test.area, &seq, &bad), SAP_BAD_VALUE);
	assert_status(sap_producer_put(&producer, &test.area, &seq, &nvm), SAP_BAD_VALUE);
	assert_status(sap_producer_put(NULL, &test.area, &seq, &bad), SAP_INVALID);
	assert_status(sap_producer_put(&producer, NULL, &seq, &bad), SAP_INVALID);
	assert_status(sap_producer_put(&producer, &test.area, NULL, &bad), SAP_INVALID);
	assert_status(sap_producer_put(&producer, &test.area, &seq, NULL), SAP_INVALID);
	assert_int_equal(seq.last, 1);
	assert_memory_equal(test.memory, before, test.layout.size);
	assert_status(sap_producer_commit(&producer), SAP_NOT_RESERVED);
	assert_int_equal(producer.counters.committed, 1);
	assert_int_equal(producer.counters.too_long, 1);
	assert_int_equal(producer.counters.no_room, 1);
	assert_int_equal(producer.counters.corrupt, 0);
	/* The next one that goes in has the next number. */
	put_n(&test, &producer, &seq, 39);
	assert_int_equal(test_get32(test_ring(&test, Q) + 84), 2);
	free(before);
	test_area_free(&test);
}

static void numbers_count_from_one_over_all_queues_and_wrap_around(void **state)
{
	struct sap_seq seq = {0};

	(void)state;
	assert_int_equal(sap_seq_next(&seq), 1);
	assert_int_equal(sap_seq_next(&seq), 2);
	assert_int_equal(seq.last, 2);
	seq.last = UINT32_MAX;
	assert_int_equal(sap_seq_next(&seq), 0);
	assert_int_equal(sap_seq_next(&seq), 1);
}

/* --- what a consumer says and counts --- */

static void get_is(struct test_area *test, struct sap_consumer *consumer, enum sap_status expected,
		   uint32_t type, uint32_t len, const uint8_t *opaque)
{
	uint8_t *buffer = malloc(16);
	struct sap_message message;

	assert_non_null(buffer);
	memset(&message, 0x5a, sizeof(message));
	assert_status(sap_consumer_get(consumer, &test->area, buffer, 16, &message), expected);
	assert_int_equal(message.type, type);
	assert_int_equal(message.len, len);
	assert_int_equal(message.seq, type + 1);
	if (expected != SAP_OK) {
		assert_int_equal(message.opaque.len, opaque ? len : 0);
		if (opaque)
			assert_memory_equal(message.opaque.bytes, opaque, len);
	}
	free(buffer);
}

static void counters_say_exactly_what_happened(void **state)
{
	struct test_area test = make_area();
	struct sap_consumer consumer = consumer_at(&test, 80, 80);
	uint8_t payload[16];

	(void)state;
	test_pattern(payload, 16, 1);
	test_peer_put(&test, Q, 511, payload, 3, 512);	 /* too short for NIC_OWNER */
	test_peer_put(&test, Q, 3000, payload, 8, 3001); /* unknown */
	test_peer_put(&test, Q, 1, payload, 0, 2);
	test_peer_put(&test, Q, 3001, payload, 9, 3002); /* too long for 16 bytes */
	test_peer_put(&test, Q, 511, payload, 4, 512);
	test_peer_put(&test, Q, 2, payload, 5, 3); /* longer than it need be */
	get_is(&test, &consumer, SAP_TOO_SHORT, 511, 3, payload);
	get_is(&test, &consumer, SAP_UNKNOWN_TYPE, 3000, 8, payload);
	get_is(&test, &consumer, SAP_OK, 1, 0, NULL);
	get_is(&test, &consumer, SAP_TOO_LONG, 3001, 9, NULL);
	get_is(&test, &consumer, SAP_OK, 511, 4, NULL);
	get_is(&test, &consumer, SAP_OK, 2, 5, NULL);
	assert_int_equal(consumer.counters.taken, 6);
	assert_int_equal(consumer.counters.too_short, 1);
	assert_int_equal(consumer.counters.unknown, 1);
	assert_int_equal(consumer.counters.too_long, 1);
	assert_int_equal(consumer.counters.corrupt, 0);
	assert_int_equal(consumer.counters.lost_bytes, 0);
	assert_int_equal(test_rd(&test, Q), 80);
	sap_consumer_release(&consumer, &test.area);
	assert_int_equal(test_rd(&test, Q), test_wr(&test, Q));
	test_area_free(&test);
}

static void next_says_how_long_and_takes_only_what_it_should(void **state)
{
	struct test_area test = make_area();
	struct sap_consumer consumer = consumer_at(&test, 97, 97), before;
	uint8_t payload[40], *buffer = malloc(20), header[8];
	struct sap_message message;
	uint32_t len = 0;

	(void)state;
	assert_non_null(buffer);
	test_pattern(payload, 40, 1);
	test_peer_put(&test, Q, 3000, payload, 13, 1);
	test_peer_put(&test, Q, 3001, payload, 12, 2);
	before = consumer;
	assert_status(sap_consumer_next(&consumer, &test.area, buffer, 7, &len), SAP_TOO_SMALL);
	assert_status(sap_consumer_next(NULL, &test.area, buffer, 20, &len), SAP_INVALID);
	assert_status(sap_consumer_next(&consumer, NULL, buffer, 20, &len), SAP_INVALID);
	assert_status(sap_consumer_next(&consumer, &test.area, NULL, 20, &len), SAP_INVALID);
	assert_status(sap_consumer_next(&consumer, &test.area, buffer, 20, NULL), SAP_INVALID);
	assert_status(sap_consumer_get(&consumer, &test.area, buffer, 7, &message), SAP_TOO_SMALL);
	assert_status(sap_consumer_get(&consumer, &test.area, buffer, 20, NULL), SAP_INVALID);
	assert_memory_equal(&consumer, &before, sizeof(before));
	assert_status(sap_consumer_next(&consumer, &test.area, buffer, 20, &len), SAP_TOO_LONG);
	assert_int_equal(len, 21);
	test_put_header(header, 3000, 13, 1);
	assert_memory_equal(buffer, header, 8);
	assert_status(sap_consumer_next(&consumer, &test.area, buffer, 20, &len), SAP_OK);
	assert_int_equal(len, 20);
	assert_memory_equal(buffer + 8, payload, 12);
	assert_status(sap_consumer_next(&consumer, &test.area, buffer, 20, &len), SAP_AGAIN);
	assert_status(sap_consumer_take(&consumer), SAP_AGAIN);
	assert_int_equal(consumer.counters.taken, 2);
	assert_int_equal(consumer.counters.too_long, 1);
	free(buffer);
	test_area_free(&test);
}

/* Every part of a payload, at every place of the ring; and no byte beyond it. */
static void copy_gives_any_part_and_no_more(void **state)
{
	struct test_area test = test_area_make(40, 30, 50, 60);
	uint8_t payload[12], part[13];
	struct sap_header header;

	(void)state;
	test_pattern(payload, 12, 4);
	for (uint32_t at = 0; at < 30; at++) {
		struct sap_consumer consumer = consumer_at(&test, at, at);

		assert_status(sap_consumer_copy(&consumer, &test.area, 0, part, 0), SAP_INVALID);
		test_peer_put(&test, Q, 3000, payload, 12, 1);
		assert_status(sap_consumer_copy(&consumer, &test.area, 0, part, 1), SAP_INVALID);
		assert_status(sap_consumer_peek(&consumer, &test.area, &header), SAP_OK);
		for (uint32_t offset = 0; offset <= 13; offset++)
			for (uint32_t n = 0; n <= 13; n++) {
				bool inside = offset + n <= 12;

				memset(part, 0xee, 13);
				assert_status(sap_consumer_copy(&consumer, &test.area, offset, part, n),
					      inside ? SAP_OK : SAP_INVALID);
				if (inside && n)
					assert_memory_equal(part, payload + offset, n);
				for (uint32_t i = inside ? n : 0; i < 13; i++)
					assert_int_equal(part[i], 0xee);
			}
		assert_status(sap_consumer_copy(&consumer, &test.area, 4, part, UINT32_MAX), SAP_INVALID);
		assert_status(sap_consumer_copy(&consumer, &test.area, UINT32_MAX, part, 4), SAP_INVALID);
		assert_status(sap_consumer_copy(&consumer, &test.area, 0, NULL, 4), SAP_INVALID);
		assert_status(sap_consumer_copy(&consumer, NULL, 0, part, 4), SAP_INVALID);
		assert_status(sap_consumer_copy(NULL, &test.area, 0, part, 4), SAP_INVALID);
	}
	test_area_free(&test);
}

/* --- another area --- */

static void an_end_does_not_touch_an_area_too_small_for_it(void **state)
{
	struct test_area test = make_area();
	struct sap_producer producer = producer_at(&test, 0, 0);
	struct sap_consumer consumer = consumer_at(&test, 0, 0);
	struct sap_area areas[3] = {test.area, test.area, test.area};
	struct sap_message ping = {.type = SAP_PING};
	struct sap_seq seq = {0};
	struct sap_header header;
	struct sap_span span;

	(void)state;
	put_n(&test, &producer, &seq, 10);
	/* Too small by a byte, by all of the ring and more, and none at all. */
	areas[0].size = test.layout.queue[Q].offset + SIZE - 1;
	areas[1].size = test.layout.queue[Q].offset - 1;
	areas[2].base = NULL;
	for (uint32_t i = 0; i < 3; i++) {
		assert_status(sap_producer_reserve(&producer, &areas[i], 8, &span), SAP_INVALID);
		assert_status(sap_producer_put(&producer, &areas[i], &seq, &ping), SAP_INVALID);
		assert_int_equal(sap_producer_room(&producer, &areas[i]), 0);
		assert_false(sap_producer_drained(&producer, &areas[i]));
		sap_producer_publish(&producer, &areas[i]);
		assert_int_equal(test_wr(&test, Q), 0);
		assert_true(sap_producer_unpublished(&producer));
		assert_status(sap_consumer_peek(&consumer, &areas[i], &header), SAP_INVALID);
		assert_status(sap_consumer_discard(&consumer, &areas[i]), SAP_INVALID);
	}
	sap_producer_publish(&producer, &test.area);
	assert_status(sap_consumer_peek(&consumer, &test.area, &header), SAP_OK);
	for (uint32_t i = 0; i < 3; i++)
		assert_status(sap_consumer_copy(&consumer, &areas[i], 0, &header, 1), SAP_INVALID);
	assert_status(sap_consumer_take(&consumer), SAP_OK);
	for (uint32_t i = 0; i < 3; i++) {
		sap_consumer_release(&consumer, &areas[i]);
		assert_int_equal(test_rd(&test, Q), 0);
	}
	assert_int_equal(seq.last, 1);
	assert_int_equal(producer.counters.corrupt + consumer.counters.corrupt, 0);
	/* An area of exactly the ring's end will do. */
	areas[0].size++;
	sap_consumer_release(&consumer, &areas[0]);
	assert_int_equal(test_rd(&test, Q), 10);
	test_area_free(&test);
}

/* An end holds no pointers: it works on a copy of the area elsewhere, and the first is not touched. */
static void an_end_can_be_copied_with_its_area(void **state)
{
	struct test_area test = make_area();
	struct sap_producer producer = producer_at(&test, 95, 95);
	uint8_t *elsewhere = malloc(test.layout.size), *before = malloc(test.layout.size);
	struct sap_area other = test.area;
	struct sap_seq seq = {0};
	struct sap_message ping = {.type = SAP_PING};

	(void)state;
	assert_true(elsewhere && before);
	put_n(&test, &producer, &seq, 30);
	memcpy(elsewhere, test.memory, test.layout.size);
	memcpy(before, test.memory, test.layout.size);
	other.base = elsewhere;
	assert_status(sap_producer_put(&producer, &other, &seq, &ping), SAP_OK);
	sap_producer_publish(&producer, &other);
	assert_memory_equal(test.memory, before, test.layout.size);
	assert_int_equal(test_get32(elsewhere + test_words[Q].wr), 33);
	assert_int_equal(elsewhere[test.layout.queue[Q].offset + 25], 1);
	free(before);
	free(elsewhere);
	test_area_free(&test);
}

/* An end that was never made writes nowhere: position 0 of the area is its control block. */
static void a_zeroed_end_touches_nothing(void **state)
{
	struct test_area test = make_area();
	struct sap_producer producer = {0};
	struct sap_consumer consumer = {0};
	struct sap_seq seq = {0};
	struct sap_message ping = {.type = SAP_PING};
	uint8_t *before = malloc(test.layout.size), buffer[64];

	(void)state;
	assert_non_null(before);
	memcpy(before, test.memory, test.layout.size);
	assert_status(sap_producer_put(&producer, &test.area, &seq, &ping), SAP_INVALID);
	sap_producer_publish(&producer, &test.area);
	assert_status(sap_consumer_get(&consumer, &test.area, buffer, 64, &ping), SAP_INVALID);
	sap_consumer_release(&consumer, &test.area);
	assert_status(sap_consumer_discard(&consumer, &test.area), SAP_INVALID);
	assert_memory_equal(test.memory, before, test.layout.size);
	assert_status(sap_producer_commit(NULL), SAP_INVALID);
	assert_status(sap_consumer_take(NULL), SAP_INVALID);
	free(before);
	test_area_free(&test);
}

/* Longer than the buffer: what follows the table's bytes means nothing, and need not fit. */
static void a_notification_with_a_long_tail_is_taken(void **state)
{
	static const uint8_t payload[60] = {SAP_OWNER_CSME};
	struct test_area test = make_area();
	struct sap_consumer consumer = consumer_at(&test, 0, 0);
	struct sap_message message;
	uint8_t buffer[16];

	(void)state;
	test_peer_put(&test, Q, SAP_NIC_OWNER, payload, 60, 7);
	assert_status(sap_consumer_get(&consumer, &test.area, buffer, 16, &message), SAP_OK);
	assert_int_equal(message.nic_owner.owner, SAP_OWNER_CSME);
	assert_int_equal(message.len, 60);
	assert_int_equal(message.seq, 7);
	/* Into 11 bytes not even its table fits; and an opaque message is bytes to its end. */
	test_peer_put(&test, Q, SAP_BAND_SELECTION, payload, 20, 8);
	assert_status(sap_consumer_get(&consumer, &test.area, buffer, 16, &message), SAP_TOO_LONG);
	assert_int_equal(message.len, 20);
	assert_null(message.opaque.bytes);
	sap_consumer_release(&consumer, &test.area);
	test_peer_put(&test, Q, SAP_NIC_OWNER, payload, 4, 9);
	assert_status(sap_consumer_get(&consumer, &test.area, buffer, 11, &message), SAP_TOO_LONG);
	assert_int_equal(consumer.counters.too_long, 2);
	test_area_free(&test);
}

/* Into a reservation that wraps, byte by byte and all at once, and never past it. */
static void a_span_is_written_over_the_wrap(void **state)
{
	uint8_t first[3] = {0}, second[4] = {0};
	struct sap_span span = {first, 3, second, 4};

	(void)state;
	assert_status(sap_span_write(&span, 2, "abc", 3), SAP_OK);
	assert_int_equal(first[2], 'a');
	assert_memory_equal(second, "bc\0\0", 4);
	assert_status(sap_span_write(&span, 4, "xyz", 3), SAP_OK);
	assert_memory_equal(second, "bxyz", 4);
	assert_status(sap_span_write(&span, 7, "", 0), SAP_OK);
	assert_status(sap_span_write(&span, 5, "xyz", 3), SAP_INVALID);
	assert_status(sap_span_write(&span, 8, "", 0), SAP_INVALID);
	assert_status(sap_span_write(&span, 0, NULL, 1), SAP_INVALID);
	assert_memory_equal(second, "bxyz", 4);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_zeroed_end_touches_nothing),
		cmocka_unit_test(a_notification_with_a_long_tail_is_taken),
		cmocka_unit_test(a_span_is_written_over_the_wrap),
		cmocka_unit_test(an_end_wants_both_indices_inside),
		cmocka_unit_test(an_end_wants_an_area_and_a_queue),
		cmocka_unit_test(each_queue_keeps_to_itself),
		cmocka_unit_test(wr_that_moves_backwards_is_corrupt),
		cmocka_unit_test(wr_beyond_the_free_space_is_corrupt),
		cmocka_unit_test(rd_past_wr_gives_no_room),
		cmocka_unit_test(put_fails_whole_when_rd_is_corrupt),
		cmocka_unit_test(half_a_header_is_no_message),
		cmocka_unit_test(a_length_beyond_wr_stops_the_queue),
		cmocka_unit_test(a_header_changed_after_peek_changes_nothing),
		cmocka_unit_test(a_producer_never_reads_its_own_words_again),
		cmocka_unit_test(a_consumer_never_reads_its_own_words_again),
		cmocka_unit_test(discard_gives_up_everything_and_counts_it),
		cmocka_unit_test(discard_counts_what_was_not_taken),
		cmocka_unit_test(a_batch_is_seen_as_one_step),
		cmocka_unit_test(released_room_is_found_when_it_is_needed),
		cmocka_unit_test(only_a_commit_makes_a_reservation_count),
		cmocka_unit_test(lengths_that_no_queue_holds_are_refused),
		cmocka_unit_test(a_put_that_fails_burns_no_number),
		cmocka_unit_test(numbers_count_from_one_over_all_queues_and_wrap_around),
		cmocka_unit_test(counters_say_exactly_what_happened),
		cmocka_unit_test(next_says_how_long_and_takes_only_what_it_should),
		cmocka_unit_test(copy_gives_any_part_and_no_more),
		cmocka_unit_test(an_end_does_not_touch_an_area_too_small_for_it),
		cmocka_unit_test(an_end_can_be_copied_with_its_area),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
