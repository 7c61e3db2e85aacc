// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
/*
 * The twelve hazards of docs/protocol/sap.md section 4, one after the other: ours does not have them.
 *
 * Hazard 7 (release and acquire) cannot be seen by one thread: tests/stress shows it, under TSan too.
 */
#include "support.h"

static struct sap_producer producer_of(const struct test_area *test, enum sap_queue_id queue)
{
	struct sap_producer producer;

	assert_status(sap_producer_init(&producer, &test->area, queue), SAP_OK);
	return producer;
}

static struct sap_consumer consumer_of(const struct test_area *test, enum sap_queue_id queue)
{
	struct sap_consumer consumer;

	assert_status(sap_consumer_init(&consumer, &test->area, queue), SAP_OK);
	return consumer;
}

/* --- 1: filling the queue to the last byte --- */

/* The Linux driver lost 280 messages here; its image is v3-shm-v3-ring-overfull.bin. */
static void hazard_01_of_290_pongs_279_are_kept_and_11_counted(void **state)
{
	struct test_area test = test_area_of(SAP_PROTOCOL_3);
	struct sap_producer producer = producer_of(&test, SAP_HOST_NOTIF);
	struct sap_consumer consumer = consumer_of(&test, SAP_HOST_NOTIF);
	struct sap_message pong = {.type = SAP_PONG}, message;
	struct sap_seq seq = {0};
	uint8_t buffer[8];

	(void)state;
	for (uint32_t i = 0; i < 290; i++) {
		assert_status(sap_producer_put(&producer, &test.area, &seq, &pong),
			      i < 279 ? SAP_OK : SAP_NO_ROOM);
		sap_producer_publish(&producer, &test.area);
		assert_int_not_equal(test_wr(&test, SAP_HOST_NOTIF), test_rd(&test, SAP_HOST_NOTIF));
	}
	assert_int_equal(producer.counters.committed, 279);
	assert_int_equal(producer.counters.no_room, 11);
	assert_int_equal(seq.last, 279);
	assert_int_equal(sap_producer_room(&producer, &test.area), 7);
	for (uint32_t i = 1; i <= 279; i++) {
		assert_status(sap_consumer_get(&consumer, &test.area, buffer, 8, &message), SAP_OK);
		assert_int_equal(message.type, SAP_PONG);
		assert_int_equal(message.seq, i);
	}
	assert_status(sap_consumer_get(&consumer, &test.area, buffer, 8, &message), SAP_AGAIN);
	test_area_free(&test);
}

static void hazard_01_the_ten_pongs_of_the_overfull_image_are_taken(void **state)
{
	struct test_bytes image = test_capture("v3-shm-v3-ring-overfull.bin");
	struct sap_consumer consumer;
	struct sap_message message;
	struct sap_area area;
	uint8_t buffer[64];

	(void)state;
	assert_status(sap_area_adopt(&area, sap_layout_of(3), image.bytes, image.len, NULL), SAP_OK);
	assert_status(sap_consumer_init(&consumer, &area, SAP_HOST_NOTIF), SAP_OK);
	for (uint32_t i = 0; i < 10; i++) {
		assert_status(sap_consumer_get(&consumer, &area, buffer, 64, &message), SAP_OK);
		assert_int_equal(message.type, SAP_PONG);
		assert_int_equal(message.len, 0);
		assert_int_equal(message.seq, 326 + i);
	}
	assert_status(sap_consumer_get(&consumer, &area, buffer, 64, &message), SAP_AGAIN);
	sap_consumer_release(&consumer, &area);
	assert_int_equal(test_get32(image.bytes + 16), 944);
	assert_int_equal(consumer.counters.taken, 10);
	assert_int_equal(consumer.counters.corrupt, 0);
	test_bytes_free(&image);
}

/* 48,256 and 24,128 are 32 and 16 frames of 1500 and their headers. */
static void hazard_01_frames_that_fill_a_data_queue_exactly(void **state)
{
	static const enum sap_role roles[] = {SAP_ROLE_HOST, SAP_ROLE_CSME};
	uint8_t frame[1500], back[1500];
	struct sap_packet_info info;

	(void)state;
	for (uint32_t r = 0; r < 2; r++) {
		enum sap_queue_id queue = r ? SAP_CSME_DATA : SAP_HOST_DATA;
		struct test_area test = test_area_of(SAP_PROTOCOL_4);
		struct sap_packets ours = {0}, peers = {0};
		struct sap_seq seq = {0};
		uint32_t fit = r ? 15 : 31;

		assert_status(sap_packets_open(&ours, roles[r], &test.area), SAP_OK);
		assert_status(sap_packets_open(&peers, roles[!r], &test.area), SAP_OK);
		for (uint32_t i = 0; i < fit + 3; i++) {
			test_pattern(frame, 1500, i);
			assert_status(sap_packets_send(&ours, &test.area, &seq, frame, 1500),
				      i < fit ? SAP_OK : SAP_NO_ROOM);
			assert_int_equal(test_wr(&test, queue), 1508 * (i < fit ? i + 1 : fit));
		}
		assert_int_equal(sap_packets_room(&ours, &test.area), 1499);
		for (uint32_t i = 0; i < fit; i++) {
			test_pattern(frame, 1500, i);
			assert_status(sap_packets_recv(&peers, &test.area, back, 1500, &info), SAP_OK);
			assert_int_equal(info.len, 1500);
			assert_memory_equal(frame, back, 1500);
		}
		assert_status(sap_packets_recv(&peers, &test.area, back, 1500, &info), SAP_AGAIN);
		test_area_free(&test);
	}
}

/* --- 2: an index that equals the size --- */

static void hazard_02_an_index_that_equals_the_size_is_refused(void **state)
{
	struct sap_header header;
	struct sap_span span;

	(void)state;
	for (uint32_t q = 0; q < SAP_QUEUES; q++) {
		struct test_area test = test_area_of(SAP_PROTOCOL_3);
		enum sap_queue_id queue = (enum sap_queue_id)q;
		uint32_t size = test.layout.queue[q].size;
		struct sap_producer producer = producer_of(&test, queue), other_producer;
		struct sap_consumer consumer = consumer_of(&test, queue), other_consumer;
		struct sap_area adopted;

		for (uint32_t i = 0; i < 2; i++) {
			test_set_wr(&test, queue, i ? size : 0);
			test_set_rd(&test, queue, i ? 0 : size);
			assert_status(sap_area_adopt(&adopted, &test.layout, test.memory, test.layout.size,
						     NULL),
				      SAP_CORRUPT);
			assert_status(sap_producer_init(&other_producer, &test.area, queue), SAP_CORRUPT);
			assert_status(sap_consumer_init(&other_consumer, &test.area, queue), SAP_CORRUPT);
		}
		assert_status(sap_consumer_peek(&consumer, &test.area, &header), SAP_CORRUPT);
		assert_status(sap_consumer_discard(&consumer, &test.area), SAP_CORRUPT);
		test_set_rd(&test, queue, size);
		assert_int_equal(sap_producer_room(&producer, &test.area), 0);
		producer.next = 1; /* as if a byte were committed, so that it has to look for room */
		assert_status(sap_producer_reserve(&producer, &test.area, size - 1, &span), SAP_CORRUPT);
		test_area_free(&test);
	}
}

/* --- 3: skipping a message of unknown type without its payload --- */

static void hazard_03_an_unknown_type_is_skipped_with_its_payload(void **state)
{
	struct test_area test = test_area_of(SAP_PROTOCOL_4);
	static const uint32_t unknown[] = {0, 1, 2001, 2002, 65535};
	struct sap_packets lane = {0};
	struct sap_packet_info info;
	uint8_t frame[60], decoy[68], back[60];

	(void)state;
	/* The payload looks like a message itself: who skips the header alone takes it for one. */
	test_put_header(decoy, SAP_DATA_PACKET, 60, 13);
	memset(decoy + 8, 0xbb, 60);
	test_pattern(frame, 60, 1);
	assert_status(sap_packets_open(&lane, SAP_ROLE_HOST, &test.area), SAP_OK);
	for (uint32_t i = 0; i < 5; i++) {
		test_peer_put(&test, SAP_CSME_DATA, unknown[i], decoy, 68, i);
		test_peer_put(&test, SAP_CSME_DATA, SAP_DATA_PACKET, frame, 60, 100 + i);
	}
	for (uint32_t i = 0; i < 5; i++) {
		assert_status(sap_packets_recv(&lane, &test.area, back, 60, &info), SAP_UNKNOWN_TYPE);
		assert_status(sap_packets_recv(&lane, &test.area, back, 60, &info), SAP_OK);
		assert_int_equal(info.seq, 100 + i);
		assert_memory_equal(back, frame, 60);
	}
	assert_status(sap_packets_recv(&lane, &test.area, back, 60, &info), SAP_AGAIN);
	assert_int_equal(lane.counters.recv_unknown, 5);
	assert_int_equal(lane.counters.received, 5);
	test_area_free(&test);
}

/* --- 4: data messages shorter than an Ethernet header --- */

static void hazard_04_frames_shorter_than_their_header_are_dropped(void **state)
{
	struct test_area test = test_area_of(SAP_PROTOCOL_4);
	struct sap_packets host = {0}, csme = {0};
	uint8_t payload[64] = {0}, back[64];
	struct sap_packet_info info;

	(void)state;
	assert_status(sap_packets_open(&host, SAP_ROLE_HOST, &test.area), SAP_OK);
	assert_status(sap_packets_open(&csme, SAP_ROLE_CSME, &test.area), SAP_OK);
	for (uint32_t len = 0; len <= 15; len++) {
		enum sap_status expected = len < 14 ? SAP_TOO_SHORT : SAP_OK;

		memset(back, 0xee, sizeof(back));
		test_peer_put(&test, SAP_CSME_DATA, SAP_DATA_PACKET, payload, len, len);
		assert_status(sap_packets_recv(&host, &test.area, back, 64, &info), expected);
		assert_int_equal(back[len], 0xee);
		assert_int_equal(back[0], len < 14 ? 0xee : 0);
		test_put32(payload + 36, len);
		test_peer_put(&test, SAP_HOST_DATA, SAP_CB_DATA_PACKET, payload, 40 + len, len);
		assert_status(sap_packets_recv(&csme, &test.area, back, 64, &info), expected);
	}
	assert_int_equal(host.counters.recv_too_short, 14);
	assert_int_equal(csme.counters.recv_too_short, 14);
	assert_int_equal(host.counters.received, 2);
	assert_int_equal(host.counters.received_bytes, 29);
	/* A CB_DATA_PACKET shorter than what stands before its frame. */
	for (uint32_t len = 0; len < 40; len++) {
		test_peer_put(&test, SAP_HOST_DATA, SAP_CB_DATA_PACKET, payload, len, len);
		assert_status(sap_packets_recv(&csme, &test.area, back, 64, &info), SAP_TOO_SHORT);
	}
	assert_status(sap_packets_recv(&csme, &test.area, back, 64, &info), SAP_AGAIN);
	assert_int_equal(csme.counters.recv_too_short, 54);
	test_area_free(&test);
}

/* --- 5: a long notification stopping the reader --- */

static void hazard_05_a_notification_longer_than_the_buffer_is_skipped(void **state)
{
	static const uint32_t lengths[] = {4088, 4089, 4096, 5000, 20000};
	struct test_area test = test_area_of(SAP_PROTOCOL_4);
	struct sap_consumer consumer = consumer_of(&test, SAP_CSME_NOTIF);
	uint8_t *payload = calloc(1, 20000), *buffer = malloc(4096);
	struct sap_message message;

	(void)state;
	assert_true(payload && buffer);
	for (uint32_t i = 0; i < 5; i++) {
		test_peer_put(&test, SAP_CSME_NOTIF, SAP_NIC_OWNER, payload, 4, 2 * i);
		test_peer_put(&test, SAP_CSME_NOTIF, 3000, payload, lengths[i], 2 * i + 1);
	}
	test_peer_put(&test, SAP_CSME_NOTIF, SAP_PING, payload, 0, 10);
	for (uint32_t i = 0; i < 10; i++) {
		enum sap_status expected = i % 2 == 0 ? SAP_OK : i == 1 ? SAP_UNKNOWN_TYPE : SAP_TOO_LONG;

		assert_status(sap_consumer_get(&consumer, &test.area, buffer, 4096, &message), expected);
		assert_int_equal(message.seq, i);
		assert_int_equal(message.len, i % 2 ? lengths[i / 2] : 4);
	}
	assert_status(sap_consumer_get(&consumer, &test.area, buffer, 4096, &message), SAP_OK);
	assert_int_equal(message.type, SAP_PING);
	assert_status(sap_consumer_get(&consumer, &test.area, buffer, 4096, &message), SAP_AGAIN);
	assert_int_equal(consumer.counters.too_long, 4);
	assert_int_equal(consumer.counters.taken, 11);
	free(buffer);
	free(payload);
	test_area_free(&test);
}

/* --- 6 and 9: sizes that the area states --- */

/* The ends are made after the sizes were changed, and use those of the layout all the same. */
static void hazard_06_sizes_read_back_from_the_area_are_not_used(void **state)
{
	struct test_area test = test_area_make(20, 20, 20, 20);
	struct sap_message ping = {.type = SAP_PING};
	struct sap_seq seq = {0};

	(void)state;
	/* The caller's layout is the caller's again: the area has its own copy. */
	for (uint32_t q = 0; q < SAP_QUEUES; q++) {
		test.layout.queue[q].size = 4000;
		test_put32(test.memory + test_words[q].size, 4000);
	}
	for (uint32_t q = 0; q < SAP_QUEUES; q++) {
		struct sap_producer producer = producer_of(&test, (enum sap_queue_id)q);

		assert_int_equal(sap_producer_room(&producer, &test.area), 19);
		assert_status(sap_producer_put(&producer, &test.area, &seq, &ping), SAP_OK);
		assert_status(sap_producer_put(&producer, &test.area, &seq, &ping), SAP_OK);
		assert_status(sap_producer_put(&producer, &test.area, &seq, &ping), SAP_NO_ROOM);
	}
	test_area_free(&test);
}

/* Longer scripts of the same, step by step beside an honest twin: test_queue_hostile.c. */
static void hazard_09_sizes_and_own_indices_in_the_area_are_not_trusted(void **state)
{
	struct test_area test = test_area_of(SAP_PROTOCOL_3);
	struct sap_producer producer = producer_of(&test, SAP_HOST_NOTIF);
	struct sap_consumer consumer = consumer_of(&test, SAP_HOST_NOTIF);
	struct sap_message ping = {.type = SAP_PING}, message;
	struct sap_seq seq = {0};
	uint8_t buffer[8];

	(void)state;
	for (uint32_t i = 1; i < 3000; i++) {
		test_put32(test.memory + 20, i % 3 ? i : UINT32_MAX);
		test_set_wr(&test, SAP_HOST_NOTIF, UINT32_MAX - i);
		assert_status(sap_producer_put(&producer, &test.area, &seq, &ping), SAP_OK);
		sap_producer_publish(&producer, &test.area);
		assert_int_equal(test_wr(&test, SAP_HOST_NOTIF), i * 8 % 2240);
		test_set_rd(&test, SAP_HOST_NOTIF, UINT32_MAX - i);
		assert_status(sap_consumer_get(&consumer, &test.area, buffer, 8, &message), SAP_OK);
		assert_int_equal(message.seq, i);
		sap_consumer_release(&consumer, &test.area);
		assert_int_equal(test_rd(&test, SAP_HOST_NOTIF), i * 8 % 2240);
	}
	test_area_free(&test);
}

/* A lane closes and opens with the NIC's owner, on one connection: the peer has all the time to write. */
static void hazard_09_a_lane_that_opens_again_trusts_no_index_of_its_own(void **state)
{
	struct test_area test = test_area_of(SAP_PROTOCOL_4);
	struct sap_packets host = {0}, csme = {0};
	struct sap_io io = {.op = SAP_IO_LANE, .lane_open = true, .role = SAP_ROLE_HOST, .area = &test.area};
	struct sap_packet_info info;
	struct sap_seq seq = {0};
	uint8_t frame[60] = {0}, back[60];

	(void)state;
	assert_status(sap_packets_apply(&host, &io), SAP_OK);
	assert_status(sap_packets_open(&csme, SAP_ROLE_CSME, &test.area), SAP_OK);
	assert_status(sap_packets_send(&host, &test.area, &seq, frame, sizeof(frame)), SAP_OK);
	assert_status(sap_packets_send(&csme, &test.area, &seq, frame, sizeof(frame)), SAP_OK);
	assert_status(sap_packets_recv(&host, &test.area, back, sizeof(back), &info), SAP_OK);
	sap_packets_close(&host);

	test_set_wr(&test, SAP_HOST_DATA, 4000);
	test_set_rd(&test, SAP_CSME_DATA, 4000);
	io.lane_again = true;
	assert_status(sap_packets_apply(&host, &io), SAP_OK);
	assert_status(sap_packets_send(&host, &test.area, &seq, frame, sizeof(frame)), SAP_OK);
	assert_int_equal(test_wr(&test, SAP_HOST_DATA), 2 * (SAP_HEADER_SIZE + sizeof(frame)));
	assert_status(sap_packets_recv(&host, &test.area, back, sizeof(back), &info), SAP_AGAIN);
	test_area_free(&test);
}

/* --- 8: a length that wraps around in 16 bits --- */

static void hazard_08_lengths_near_64_k_do_not_wrap_around(void **state)
{
	struct test_area test = test_area_of(SAP_PROTOCOL_4);
	uint8_t *payload = calloc(1, 65535), bytes[64] = {0};
	struct sap_producer producer = producer_of(&test, SAP_HOST_NOTIF);
	struct sap_packets lane = {0};
	struct sap_packet_info info;
	struct sap_seq seq = {0};

	(void)state;
	assert_non_null(payload);
	for (uint32_t len = 65520; len <= 65535; len++) {
		struct sap_consumer consumer = consumer_of(&test, SAP_CSME_NOTIF);
		struct sap_message message = test_opaque(3000, payload, len);

		/* 65,528 + 8 would be 0, and 65,535 + 8 would be 7: no more than the 48 bytes there. */
		test_put_header(bytes, SAP_PING, len, 1);
		test_ring_write(&test, SAP_CSME_NOTIF, 0, bytes, 48);
		test_set_wr(&test, SAP_CSME_NOTIF, 48);
		assert_status(sap_consumer_get(&consumer, &test.area, bytes, 64, &message), SAP_CORRUPT);
		message = test_opaque(3000, payload, len);
		assert_status(sap_producer_put(&producer, &test.area, &seq, &message), SAP_TOO_LONG);
	}
	assert_int_equal(producer.counters.too_long, 16);
	/* The same in the lane: a frame, and what stands before it, and a header. */
	assert_status(sap_packets_open(&lane, SAP_ROLE_CSME, &test.area), SAP_OK);
	test_put32(bytes + 36, 0xfffffff0);
	test_peer_put(&test, SAP_HOST_DATA, SAP_CB_DATA_PACKET, bytes, 54, 1);
	assert_status(sap_packets_recv(&lane, &test.area, payload, 65535, &info), SAP_TOO_SHORT);
	assert_int_equal(lane.counters.recv_bad_size, 1);
	assert_status(sap_packets_send(&lane, &test.area, &seq, payload, 65535), SAP_TOO_LONG);
	assert_status(sap_packets_send(&lane, &test.area, &seq, payload, 65536 + 14), SAP_TOO_LONG);
	assert_status(sap_packets_send(&lane, &test.area, &seq, payload, UINT32_MAX), SAP_TOO_LONG);
	free(payload);
	test_area_free(&test);
}

/* --- 10: an ME message shorter than its header --- */

static void hazard_10_an_me_message_shorter_than_its_header_is_not_read(void **state)
{
	(void)state;
	for (uint32_t len = 0; len <= 12; len++) {
		/* Exactly this long, so that a sanitizer sees the first byte too far. */
		uint8_t *bytes = calloc(1, len ? len : 1);
		struct sap_me_message message;

		assert_non_null(bytes);
		bytes[0] = SAP_ME_CHECK_SHARED_AREA;
		memset(&message, 0x5a, sizeof(message));
		assert_status(sap_me_decode(bytes, len, &message), len < 12 ? SAP_TOO_SHORT : SAP_OK);
		if (len < 12)
			assert_int_equal(message.type, 0);
		else
			assert_int_equal(message.type, SAP_ME_CHECK_SHARED_AREA);
		free(bytes);
	}
}

/* --- 11: a frame that had no room, taken for given --- */

static void hazard_11_a_frame_without_room_stays_with_the_host(void **state)
{
	struct test_area test = test_area_make(20, 100, 20, 20);
	struct sap_packets lane = {0};
	struct sap_seq seq = {0};
	uint8_t frame[80], *before = malloc(test.layout.size);

	(void)state;
	assert_non_null(before);
	test_pattern(frame, 80, 1);
	assert_status(sap_packets_open(&lane, SAP_ROLE_HOST, &test.area), SAP_OK);
	assert_status(sap_packets_send(&lane, &test.area, &seq, frame, 60), SAP_OK);
	memcpy(before, test.memory, test.layout.size);
	assert_int_equal(sap_packets_room(&lane, &test.area), 23);
	assert_status(sap_packets_send(&lane, &test.area, &seq, frame, 24), SAP_NO_ROOM);
	assert_status(sap_packets_send_cb(&lane, &test.area, &seq, 0, frame, 14), SAP_NO_ROOM);
	assert_int_equal(lane.counters.send_no_room, 2);
	assert_int_equal(lane.counters.sent, 1);
	assert_int_equal(seq.last, 1);
	assert_memory_equal(test.memory, before, test.layout.size);
	/* What fits still goes. */
	assert_status(sap_packets_send(&lane, &test.area, &seq, frame, 23), SAP_OK);
	free(before);
	test_area_free(&test);
}

/* --- 12: a bad message taking a whole batch with it --- */

static void hazard_12_a_bad_message_drops_no_other(void **state)
{
	struct test_area test = test_area_of(SAP_PROTOCOL_3);
	struct sap_consumer consumer = consumer_of(&test, SAP_CSME_NOTIF);
	uint8_t payload[128] = {0}, buffer[80];
	struct sap_message message;
	uint32_t good = 0, bad = 0;
	enum sap_status status;

	(void)state;
	for (uint32_t i = 0; i < 200; i++) {
		static const uint32_t bads[][2] = {{511, 3},   {512, 63},   {500, 10},
						   {65535, 5}, {3000, 100}, {513, 0}};

		test_peer_put(&test, SAP_CSME_NOTIF, bads[i % 6][0], payload, bads[i % 6][1], 5000);
		test_put32(payload, i);
		test_peer_put(&test, SAP_CSME_NOTIF, SAP_AMT_STATE, payload, 4, i);
	}
	while ((status = sap_consumer_get(&consumer, &test.area, buffer, sizeof(buffer), &message)) !=
	       SAP_AGAIN) {
		if (status != SAP_OK) {
			assert_int_equal(message.seq, 5000);
			bad++;
			continue;
		}
		assert_int_equal(message.type, SAP_AMT_STATE);
		assert_int_equal(message.amt_state.state, good);
		assert_int_equal(message.seq, good++);
	}
	assert_int_equal(good, 200);
	assert_int_equal(bad, 200);
	assert_int_equal(consumer.counters.taken, 400);
	/* 200 in turns of six: the first two kinds came once more than the others. */
	assert_int_equal(consumer.counters.too_short, 34 + 34 + 33 + 33);
	assert_int_equal(consumer.counters.unknown, 33);
	assert_int_equal(consumer.counters.too_long, 33);
	test_area_free(&test);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(hazard_01_of_290_pongs_279_are_kept_and_11_counted),
		cmocka_unit_test(hazard_01_the_ten_pongs_of_the_overfull_image_are_taken),
		cmocka_unit_test(hazard_01_frames_that_fill_a_data_queue_exactly),
		cmocka_unit_test(hazard_02_an_index_that_equals_the_size_is_refused),
		cmocka_unit_test(hazard_03_an_unknown_type_is_skipped_with_its_payload),
		cmocka_unit_test(hazard_04_frames_shorter_than_their_header_are_dropped),
		cmocka_unit_test(hazard_05_a_notification_longer_than_the_buffer_is_skipped),
		cmocka_unit_test(hazard_06_sizes_read_back_from_the_area_are_not_used),
		cmocka_unit_test(hazard_08_lengths_near_64_k_do_not_wrap_around),
		cmocka_unit_test(hazard_09_sizes_and_own_indices_in_the_area_are_not_trusted),
		cmocka_unit_test(hazard_09_a_lane_that_opens_again_trusts_no_index_of_its_own),
		cmocka_unit_test(hazard_10_an_me_message_shorter_than_its_header_is_not_read),
		cmocka_unit_test(hazard_11_a_frame_without_room_stays_with_the_host),
		cmocka_unit_test(hazard_12_a_bad_message_drops_no_other),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
