// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
/*
 * Every position and every length on small queues, against models that are slow and obviously right: they
 * walk the ring one byte at a time and know no arithmetic but "the next place".
 */
#include "support.h"

enum {
	LEAST = 9,
	LARGEST = 40,
	UNTOUCHED = 0xee,
};

/* Has a reserved word before it, and rings on both sides of it. */
static const enum sap_queue_id Q = SAP_CSME_NOTIF;

/* One area for each size, all made the same way: only the ring of Q matters. */
static struct test_area area_of_size(uint32_t size)
{
	return test_area_make(11, 13, size, 17);
}

/* How many steps it is from one position to another. */
static uint32_t steps(uint32_t from, uint32_t to, uint32_t size)
{
	uint32_t n = 0;

	while (from != to) {
		from = from + 1 == size ? 0 : from + 1;
		n++;
	}
	return n;
}

/* Places that a producer may write to: from wr on, and the one before rd never. */
static uint32_t free_places(uint32_t rd, uint32_t wr, uint32_t size)
{
	return steps(wr, rd == 0 ? size - 1 : rd - 1, size);
}

static void set_indices(struct test_area *test, uint32_t rd, uint32_t wr)
{
	test_set_rd(test, Q, rd);
	test_set_wr(test, Q, wr);
}

static enum sap_status expected_reserve(uint32_t n, uint32_t room, uint32_t size)
{
	if (n < 8)
		return SAP_INVALID;
	if (n > size - 1)
		return SAP_TOO_LONG;
	return n > room ? SAP_NO_ROOM : SAP_OK;
}

/* The span must be the `n` places from wr on, in two pieces only if it wraps. */
static void span_is(struct test_area *test, const struct sap_span *span, uint32_t wr, uint32_t n)
{
	uint8_t *ring = test_ring(test, Q);
	uint32_t size = test->layout.queue[Q].size;
	uint32_t at = wr;

	if (span->first_len + span->second_len != n || !span->first_len || !span->second != !span->second_len)
		test_fail("size %u wr %u n %u: pieces of %u and %u", size, wr, n, span->first_len,
			  span->second_len);
	for (uint32_t i = 0; i < n; i++) {
		uint8_t *place = i < span->first_len ? span->first + i : span->second + (i - span->first_len);

		if (place != ring + at)
			test_fail("size %u wr %u n %u: byte %u misplaced", size, wr, n, i);
		at = at + 1 == size ? 0 : at + 1;
	}
}

static void reserve_is(struct test_area *test, uint32_t rd, uint32_t wr, uint32_t n)
{
	uint32_t size = test->layout.queue[Q].size;
	uint32_t room = free_places(rd, wr, size);
	enum sap_status expected = expected_reserve(n, room, size);
	struct sap_producer producer;
	struct sap_span span;
	enum sap_status status;

	set_indices(test, rd, wr);
	if (sap_producer_init(&producer, &test->area, Q) != SAP_OK)
		test_fail("size %u rd %u wr %u: no producer", size, rd, wr);
	status = sap_producer_reserve(&producer, &test->area, n, &span);
	if (status != expected)
		test_fail("size %u rd %u wr %u n %u: %s, not %s", size, rd, wr, n, sap_status_name(status),
			  sap_status_name(expected));
	if (producer.counters.no_room != (expected == SAP_NO_ROOM) ||
	    producer.counters.too_long != (expected == SAP_TOO_LONG) || producer.counters.corrupt)
		test_fail("size %u rd %u wr %u n %u: counters", size, rd, wr, n);
	if (sap_producer_room(&producer, &test->area) != room)
		test_fail("size %u rd %u wr %u: room is not %u", size, rd, wr, room);
	if (status == SAP_OK)
		span_is(test, &span, wr, n);
	else if (sap_producer_commit(&producer) != SAP_NOT_RESERVED)
		test_fail("size %u rd %u wr %u n %u: committed what failed", size, rd, wr, n);
	if (test_rd(test, Q) != rd || test_wr(test, Q) != wr)
		test_fail("size %u rd %u wr %u n %u: an index moved", size, rd, wr, n);
}

static void every_reservation(void **state)
{
	(void)state;
	for (uint32_t size = LEAST; size <= LARGEST; size++) {
		struct test_area test = area_of_size(size);

		for (uint32_t rd = 0; rd < size; rd++)
			for (uint32_t wr = 0; wr < size; wr++)
				for (uint32_t n = 0; n <= size + 2; n++)
					reserve_is(&test, rd, wr, n);
		test_area_free(&test);
	}
}

/* What the ring must hold after a message of `n` bytes went in at wr: everything else untouched. */
static void ring_is(struct test_area *test, const uint8_t *expected, const char *when, uint32_t wr,
		    uint32_t n)
{
	if (memcmp(test->memory + 64, expected + 64, test->layout.size - 64) != 0)
		test_fail("size %u wr %u n %u: bytes differ after %s", test->layout.queue[Q].size, wr, n,
			  when);
}

/* The consumer, standing where the message starts, must get the same bytes back. */
static void consumer_gets(struct test_area *test, uint32_t wr, const uint8_t *message, uint32_t n)
{
	struct sap_consumer consumer;
	uint8_t buffer[LARGEST + 4];
	uint32_t len = 0;

	memset(buffer, UNTOUCHED, sizeof(buffer));
	test_set_rd(test, Q, wr);
	if (sap_consumer_init(&consumer, &test->area, Q) != SAP_OK ||
	    sap_consumer_next(&consumer, &test->area, buffer, n, &len) != SAP_OK || len != n ||
	    memcmp(buffer, message, n) != 0 || buffer[n] != UNTOUCHED)
		test_fail("size %u wr %u n %u: not what was put", test->layout.queue[Q].size, wr, n);
	if (test_rd(test, Q) != wr)
		test_fail("size %u wr %u n %u: rd moved early", test->layout.queue[Q].size, wr, n);
	sap_consumer_release(&consumer, &test->area);
	if (test_rd(test, Q) != test_wr(test, Q) || consumer.counters.taken != 1 || consumer.counters.corrupt)
		test_fail("size %u wr %u n %u: not released", test->layout.queue[Q].size, wr, n);
}

static void put_is(struct test_area *test, uint8_t *expected, uint32_t rd, uint32_t wr, uint32_t n)
{
	uint32_t size = test->layout.queue[Q].size;
	uint32_t offset = test->layout.queue[Q].offset, after = wr;
	bool fits = n <= free_places(rd, wr, size);
	struct sap_seq seq = {rd * 1000 + wr};
	uint8_t message[LARGEST + 8];
	struct sap_message value;
	struct sap_producer producer;
	enum sap_status status;

	test_put_header(message, 3001, n - 8, seq.last + 1);
	test_pattern(message + 8, n - 8, size + rd + wr + n);
	value = test_opaque(3001, message + 8, n - 8);
	set_indices(test, rd, wr);
	memset(test_ring(test, Q), UNTOUCHED, size);
	memset(expected + offset, UNTOUCHED, size);
	for (uint32_t i = 0; fits && i < n; i++) {
		expected[offset + after] = message[i];
		after = after + 1 == size ? 0 : after + 1;
	}
	if (sap_producer_init(&producer, &test->area, Q) != SAP_OK)
		test_fail("size %u rd %u wr %u: no producer", size, rd, wr);
	status = sap_producer_put(&producer, &test->area, &seq, &value);
	if (status != (fits	      ? SAP_OK
		       : n > size - 1 ? SAP_TOO_LONG
				      : SAP_NO_ROOM) ||
	    seq.last != rd * 1000 + wr + fits || producer.counters.committed != fits)
		test_fail("size %u rd %u wr %u n %u: %s", size, rd, wr, n, sap_status_name(status));
	ring_is(test, expected, "put", wr, n);
	if (test_wr(test, Q) != wr)
		test_fail("size %u rd %u wr %u n %u: seen before it was published", size, rd, wr, n);
	sap_producer_publish(&producer, &test->area);
	/* Hazard 1: an index that comes round to rd would lose everything. */
	if (test_wr(test, Q) != after || test_rd(test, Q) != rd || (fits && after == rd))
		test_fail("size %u rd %u wr %u n %u: wr is %u", size, rd, wr, n, test_wr(test, Q));
	if (fits)
		consumer_gets(test, wr, message, n);
	ring_is(test, expected, "taking", wr, n);
}

static void every_message_put_and_taken(void **state)
{
	(void)state;
	for (uint32_t size = LEAST; size <= LARGEST; size++) {
		struct test_area test = area_of_size(size);
		uint8_t *expected = malloc(test.layout.size);

		assert_non_null(expected);
		memcpy(expected, test.memory, test.layout.size);
		for (uint32_t rd = 0; rd < size; rd++)
			for (uint32_t wr = 0; wr < size; wr++)
				for (uint32_t n = 8; n <= size + 1; n++)
					put_is(&test, expected, rd, wr, n);
		free(expected);
		test_area_free(&test);
	}
}

/* A producer that knows `known`, and finds `found` in the area as it runs out of room. */
static void stale_rd(struct test_area *test, uint32_t known, uint32_t wr, uint32_t found)
{
	uint32_t size = test->layout.queue[Q].size;
	bool forward = found < size && steps(known, found, size) <= steps(known, wr, size);
	uint32_t room = forward ? free_places(found, wr, size) : 0;
	uint32_t known_room = free_places(known, wr, size);
	struct sap_producer fresh, producer;
	struct sap_span span;

	set_indices(test, known, wr);
	assert_status(sap_producer_init(&fresh, &test->area, Q), SAP_OK);
	test_set_rd(test, Q, found);
	producer = fresh;
	if (sap_producer_room(&producer, &test->area) != room || producer.counters.corrupt != !forward)
		test_fail("size %u known %u wr %u found %u: room", size, known, wr, found);
	if (sap_producer_drained(&producer, &test->area) != (forward && found == wr) ||
	    producer.counters.corrupt != 2 * !forward)
		test_fail("size %u known %u wr %u found %u: drained", size, known, wr, found);
	for (uint32_t n = 8; n < size; n++) {
		enum sap_status expected = n <= known_room ? SAP_OK
					   : !forward	   ? SAP_CORRUPT
					   : n <= room	   ? SAP_OK
							   : SAP_NO_ROOM;

		producer = fresh;
		if (sap_producer_reserve(&producer, &test->area, n, &span) != expected ||
		    producer.counters.corrupt != (expected == SAP_CORRUPT) ||
		    producer.counters.no_room != (expected == SAP_NO_ROOM))
			test_fail("size %u known %u wr %u found %u n %u", size, known, wr, found, n);
	}
}

static void every_move_of_the_readers_index(void **state)
{
	(void)state;
	for (uint32_t size = LEAST; size <= 19; size++) {
		struct test_area test = area_of_size(size);

		for (uint32_t known = 0; known < size; known++)
			for (uint32_t wr = 0; wr < size; wr++)
				for (uint32_t found = 0; found <= size + 1; found++)
					stale_rd(&test, known, wr, found);
		test_area_free(&test);
	}
}

/*
 * A consumer that took `taken` bytes from rd on and released none, and now finds `found` as the peer's
 * index. What lies there is a message of `len` bytes of payload.
 */
static void stale_wr(struct test_area *test, const struct sap_consumer *stood, uint32_t rd, uint32_t next,
		     uint32_t found, uint32_t len)
{
	uint32_t size = test->layout.queue[Q].size;
	/* Honest is what lies forward of what we know, and not past the place before rd. */
	bool forward = found < size && steps(next, found, size) <= free_places(rd, next, size);
	uint32_t there = forward ? steps(next, found, size) : 0;
	enum sap_status expected = !forward	     ? SAP_CORRUPT
				   : !there	     ? SAP_AGAIN
				   : there < 8	     ? SAP_CORRUPT
				   : 8 + len > there ? SAP_CORRUPT
						     : SAP_OK;
	struct sap_consumer consumer = *stood;
	struct sap_header header;

	if (sap_consumer_peek(&consumer, &test->area, &header) != expected ||
	    consumer.counters.corrupt != (expected == SAP_CORRUPT))
		test_fail("size %u rd %u next %u found %u len %u: not %s", size, rd, next, found, len,
			  sap_status_name(expected));
	if (sap_consumer_take(&consumer) != (expected == SAP_OK ? SAP_OK : SAP_AGAIN))
		test_fail("size %u rd %u next %u found %u len %u: take", size, rd, next, found, len);
}

static void each_found_wr(struct test_area *test, uint32_t rd, uint32_t taken)
{
	uint32_t size = test->layout.queue[Q].size;
	uint8_t bytes[LARGEST] = {0};
	uint32_t next = (rd + taken) % size;
	struct sap_consumer consumer;
	struct sap_header header;

	if (taken)
		test_put_header(bytes, 1, taken - 8, 5);
	test_ring_write(test, Q, rd, bytes, taken);
	set_indices(test, rd, next);
	assert_status(sap_consumer_init(&consumer, &test->area, Q), SAP_OK);
	if (taken) {
		assert_status(sap_consumer_peek(&consumer, &test->area, &header), SAP_OK);
		assert_status(sap_consumer_take(&consumer), SAP_OK);
	}
	for (uint32_t len = 0; len < size; len++) {
		test_put_header(bytes, 1, len, 6);
		test_ring_write(test, Q, next, bytes, 8);
		for (uint32_t found = 0; found <= size + 1; found++) {
			test_set_wr(test, Q, found);
			stale_wr(test, &consumer, rd, next, found, len);
		}
	}
}

static void every_move_of_the_writers_index(void **state)
{
	(void)state;
	for (uint32_t size = LEAST; size <= 21; size++) {
		struct test_area test = area_of_size(size);

		for (uint32_t rd = 0; rd < size; rd++)
			for (uint32_t taken = 0; taken < size; taken = taken ? taken + 1 : 8)
				each_found_wr(&test, rd, taken);
		test_area_free(&test);
	}
}

/* Hazard 8: 8 + len does not fit 16 bits from 65,528 on. Every length against what is there. */
static void every_length_in_a_header(void **state)
{
	static const uint32_t there[] = {8,	9,     15,    16,    263,   264,   265,	  32767,
					 32776, 65535, 65536, 65537, 65542, 65543, 65544, 69999};
	struct test_area test = area_of_size(70000);
	struct sap_consumer stood, consumer;
	struct sap_header header;
	uint8_t bytes[8];

	(void)state;
	for (uint32_t i = 0; i < sizeof(there) / sizeof(there[0]); i++) {
		uint32_t rd = 69990; /* the header lies on both sides of the end */

		set_indices(&test, rd, (rd + there[i]) % 70000);
		assert_status(sap_consumer_init(&stood, &test.area, Q), SAP_OK);
		for (uint32_t len = 0; len <= 65535; len++) {
			bool whole = len + 8 <= there[i];

			test_put_header(bytes, 1000, len, len);
			test_ring_write(&test, Q, rd, bytes, 8);
			consumer = stood;
			if (sap_consumer_peek(&consumer, &test.area, &header) !=
				    (whole ? SAP_OK : SAP_CORRUPT) ||
			    consumer.counters.corrupt != !whole)
				test_fail("len %u of %u bytes", len, there[i]);
			if (whole && (header.len != len || header.type != 1000 || header.seq != len))
				test_fail("len %u of %u bytes: read wrongly", len, there[i]);
		}
	}
	test_area_free(&test);
}

static void the_longest_message_goes_through(void **state)
{
	struct test_area test = area_of_size(65544);
	uint8_t *payload = malloc(65535), *buffer = malloc(65543);
	struct sap_seq seq = {UINT32_MAX};
	struct sap_producer producer;
	struct sap_consumer consumer;
	struct sap_message message;
	uint32_t len;

	(void)state;
	assert_true(payload && buffer);
	test_pattern(payload, 65535, 1);
	for (uint32_t at = 0; at < 65544; at += 8193) {
		set_indices(&test, at, at);
		assert_status(sap_producer_init(&producer, &test.area, Q), SAP_OK);
		assert_status(sap_consumer_init(&consumer, &test.area, Q), SAP_OK);
		message = test_opaque(65535, payload, 65535);
		assert_status(sap_producer_put(&producer, &test.area, &seq, &message), SAP_OK);
		assert_int_equal(sap_producer_room(&producer, &test.area), 0);
		sap_producer_publish(&producer, &test.area);
		assert_status(sap_consumer_next(&consumer, &test.area, buffer, 65543, &len), SAP_OK);
		assert_int_equal(len, 65543);
		assert_int_equal(test_get32(buffer), 0xffffffff);
		assert_int_equal(test_get32(buffer + 4), at / 8193);
		assert_memory_equal(buffer + 8, payload, 65535);
	}
	free(buffer);
	free(payload);
	test_area_free(&test);
}

/* Messages whose values have to be encoded, at each place: encoding in place and aside give the same. */
static void every_value_wraps_everywhere(void **state)
{
	static const uint16_t types[] = {SAP_PING,	    SAP_NIC_INFO,    SAP_COUNTRY_CODE,
					 SAP_HOST_LINK_UP,  SAP_DATA_PACKET, SAP_CB_DATA_PACKET,
					 SAP_NVM,	    SAP_SAR_LIMITS,  SAP_CSME_CONN_STATUS,
					 SAP_BAND_SELECTION};
	struct test_area test = area_of_size(500);
	uint8_t raw[500], flat[500], ring[500];
	struct sap_producer producer;
	struct sap_message message;
	uint32_t n;

	(void)state;
	for (uint32_t t = 0; t < sizeof(types) / sizeof(types[0]); t++) {
		test_pattern(raw, sizeof(raw), t);
		test_put_header(raw, types[t], 460, 0x01020304);
		test_put32(raw + 8 + 36, 400); /* what CB_DATA_PACKET says of its frame */
		assert_status(sap_message_decode(raw, sizeof(raw), &message), SAP_OK);
		message.seq = 0x01020304;
		assert_status(sap_message_encode(&message, flat, sizeof(flat), &n), SAP_OK);
		for (uint32_t at = 0; at < 500; at++) {
			struct sap_seq seq = {0x01020303};

			memset(test_ring(&test, Q), UNTOUCHED, 500);
			memset(ring, UNTOUCHED, 500);
			for (uint32_t i = 0; i < n; i++)
				ring[(at + i) % 500] = flat[i];
			set_indices(&test, at, at);
			assert_status(sap_producer_init(&producer, &test.area, Q), SAP_OK);
			assert_status(sap_producer_put(&producer, &test.area, &seq, &message), SAP_OK);
			assert_memory_equal(test_ring(&test, Q), ring, 500);
		}
	}
	test_area_free(&test);
}

/* A queue of messages as an array: what is in it, in order. */
struct model {
	uint32_t lengths[512], seqs[512];
	uint32_t first, n, bytes;
};

static void model_put(struct model *model, uint32_t n, uint32_t seq)
{
	uint32_t last = (model->first + model->n++) % 512;

	model->lengths[last] = n;
	model->seqs[last] = seq;
	model->bytes += n;
}

/* Puts messages of random lengths until one does not fit; each as the model says. */
static void fill(struct test_area *test, struct sap_producer *producer, struct sap_seq *seq,
		 struct model *model, uint32_t *random)
{
	uint32_t size = test->layout.queue[Q].size;
	uint8_t payload[300];

	for (;;) {
		uint32_t n = 8 + test_random(random) % (size - 8);
		struct sap_message message = test_opaque(3000, payload, n - 8);
		bool fits = model->bytes + n <= size - 1;

		test_pattern(payload, n - 8, seq->last + 1);
		assert_status(sap_producer_put(producer, &test->area, seq, &message),
			      fits ? SAP_OK : SAP_NO_ROOM);
		if (!fits)
			return;
		model_put(model, n, seq->last);
	}
}

/* Takes up to `most` messages and releases; the model says which they are. */
static void drain(struct test_area *test, struct sap_consumer *consumer, struct model *model, uint32_t most)
{
	uint8_t buffer[308], payload[300];
	uint32_t len;

	while (most-- && model->n) {
		assert_status(sap_consumer_next(consumer, &test->area, buffer, sizeof(buffer), &len), SAP_OK);
		assert_int_equal(len, model->lengths[model->first]);
		assert_int_equal(test_get32(buffer + 4), model->seqs[model->first]);
		test_pattern(payload, len - 8, model->seqs[model->first]);
		assert_memory_equal(buffer + 8, payload, len - 8);
		model->bytes -= len;
		model->first = (model->first + 1) % 512;
		model->n--;
	}
	if (!model->n)
		assert_status(sap_consumer_next(consumer, &test->area, buffer, sizeof(buffer), &len),
			      SAP_AGAIN);
	sap_consumer_release(consumer, &test->area);
}

static void long_walks_of_filling_and_draining(void **state)
{
	(void)state;
	for (uint32_t size = LEAST; size <= 300; size = size * 9 / 8 + 1) {
		struct test_area test = area_of_size(size);
		struct model model = {{0}, {0}, 0, 0, 0};
		struct sap_producer producer;
		struct sap_consumer consumer;
		struct sap_seq seq = {0};
		uint32_t random = size;

		assert_status(sap_producer_init(&producer, &test.area, Q), SAP_OK);
		assert_status(sap_consumer_init(&consumer, &test.area, Q), SAP_OK);
		for (uint32_t round = 0; round < 300; round++) {
			fill(&test, &producer, &seq, &model, &random);
			sap_producer_publish(&producer, &test.area);
			drain(&test, &consumer, &model, 1 + test_random(&random) % 4);
		}
		drain(&test, &consumer, &model, 512);
		assert_true(sap_producer_drained(&producer, &test.area));
		assert_int_equal(consumer.counters.taken, producer.counters.committed);
		assert_int_equal(seq.last, producer.counters.committed);
		assert_int_equal(producer.counters.no_room, 300);
		test_area_free(&test);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_reservation),
		cmocka_unit_test(every_message_put_and_taken),
		cmocka_unit_test(every_move_of_the_readers_index),
		cmocka_unit_test(every_move_of_the_writers_index),
		cmocka_unit_test(every_length_in_a_header),
		cmocka_unit_test(the_longest_message_goes_through),
		cmocka_unit_test(every_value_wraps_everywhere),
		cmocka_unit_test(long_walks_of_filling_and_draining),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
