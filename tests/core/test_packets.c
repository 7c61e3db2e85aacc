// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
/*
 * The packets lane: exact bytes on the wire, exact counters, and nothing kept of a frame that did not go.
 */
#include "support.h"

enum {
	HOST_DATA_V4 = 32832,
	CSME_DATA_V4 = 143808,
	DHCP = 1 << 30,
};

/* Both ends of both data queues, and one sequence counter a side. */
struct pair {
	struct test_area test;
	struct sap_packets host, csme;
	struct sap_seq host_seq, csme_seq;
};

static void open_pair(struct pair *pair, struct test_area test)
{
	memset(pair, 0, sizeof(*pair));
	pair->test = test;
	assert_status(sap_packets_open(&pair->host, SAP_ROLE_HOST, &test.area), SAP_OK);
	assert_status(sap_packets_open(&pair->csme, SAP_ROLE_CSME, &test.area), SAP_OK);
}

static void counters_are(const struct sap_packets *lane, const struct sap_packets_counters *expected)
{
	assert_memory_equal(&lane->counters, expected, sizeof(*expected));
}

/* --- bytes --- */

static void data_packets_stand_where_the_protocol_says(void **state)
{
	struct pair pair;
	uint8_t frame[60], header[8];

	(void)state;
	open_pair(&pair, test_area_of(SAP_PROTOCOL_4));
	test_pattern(frame, 60, 1);
	pair.host_seq.last = 0x1234;
	pair.csme_seq.last = 0xfffffffe;
	assert_status(sap_packets_send(&pair.host, &pair.test.area, &pair.host_seq, frame, 60), SAP_OK);
	assert_status(sap_packets_send(&pair.csme, &pair.test.area, &pair.csme_seq, frame, 59), SAP_OK);
	test_put_header(header, 2000, 60, 0x1235);
	assert_memory_equal(pair.test.memory + HOST_DATA_V4, header, 8);
	assert_memory_equal(pair.test.memory + HOST_DATA_V4 + 8, frame, 60);
	assert_int_equal(pair.test.memory[HOST_DATA_V4 + 68], 0);
	assert_int_equal(test_get32(pair.test.memory + 24), 68);
	test_put_header(header, 2000, 59, 0xffffffff);
	assert_memory_equal(pair.test.memory + CSME_DATA_V4, header, 8);
	assert_memory_equal(pair.test.memory + CSME_DATA_V4 + 8, frame, 59);
	assert_int_equal(pair.test.memory[CSME_DATA_V4 + 67], 0);
	assert_int_equal(test_get32(pair.test.memory + 52), 67);
	test_area_free(&pair.test);
}

/* The driver's own CB_DATA_PACKET, byte for byte: the same frame, status and number give the same. */
static void cb_data_packet_is_the_drivers(void **state)
{
	struct test_bytes image = test_capture("v4-data-shm-csa-05.bin");
	struct test_area test = test_area_of(SAP_PROTOCOL_4);
	const uint8_t *theirs = image.bytes + HOST_DATA_V4 + 82;
	struct sap_packets lane = {0};
	struct sap_seq seq = {6};

	(void)state;
	test_set_rd(&test, SAP_HOST_DATA, 82);
	test_set_wr(&test, SAP_HOST_DATA, 82);
	assert_status(sap_packets_open(&lane, SAP_ROLE_HOST, &test.area), SAP_OK);
	memset(test_ring(&test, SAP_HOST_DATA), 0xee, 200);
	assert_status(sap_packets_send_cb(&lane, &test.area, &seq, SAP_CB_DHCP, theirs + 48, 50), SAP_OK);
	assert_memory_equal(test_ring(&test, SAP_HOST_DATA) + 82, theirs, 98);
	assert_int_equal(test_ring(&test, SAP_HOST_DATA)[81], 0xee);
	assert_int_equal(test_ring(&test, SAP_HOST_DATA)[180], 0xee);
	assert_int_equal(test_wr(&test, SAP_HOST_DATA), 180);
	test_area_free(&test);
	test_bytes_free(&image);
}

static void the_captured_frame_is_received_with_its_flag(void **state)
{
	struct test_bytes image = test_capture("v4-data-shm-csa-05.bin");
	uint8_t *kept = malloc(image.len), frame[50];
	struct sap_packets_counters expected = {.received = 1, .received_bytes = 50};
	struct sap_packets lane = {0};
	struct sap_packet_info info;
	struct sap_area area;

	(void)state;
	assert_non_null(kept);
	memcpy(kept, image.bytes, image.len);
	assert_status(sap_area_adopt(&area, sap_layout_of(4), image.bytes, image.len, NULL), SAP_OK);
	assert_status(sap_packets_open(&lane, SAP_ROLE_CSME, &area), SAP_OK);
	assert_status(sap_packets_recv(&lane, &area, frame, 50, &info), SAP_OK);
	assert_int_equal(info.type, SAP_CB_DATA_PACKET);
	assert_int_equal(info.to_me_filt_status, DHCP);
	assert_int_equal(info.seq, 7);
	assert_int_equal(info.len, 50);
	assert_memory_equal(frame, "\xff\xff\xff\xff\xff\xff\x02\x11\x22\x33\x44\x55\x08\x00", 14);
	assert_memory_equal(frame + 34, "\x00\x44\x00\x43", 4);
	assert_memory_equal(frame + 42, "DHCPTEST", 8);
	assert_status(sap_packets_recv(&lane, &area, frame, 50, &info), SAP_AGAIN);
	counters_are(&lane, &expected);
	/* Of the whole area, only rd of the one queue changed. */
	test_put32(kept + 28, 180);
	assert_memory_equal(image.bytes, kept, image.len);
	free(kept);
	test_bytes_free(&image);
}

/* --- there and back --- */

static void goes_through(struct pair *pair, bool from_host, bool cb, const uint8_t *frame, uint32_t len)
{
	struct sap_packets *out = from_host ? &pair->host : &pair->csme;
	struct sap_packets *in = from_host ? &pair->csme : &pair->host;
	struct sap_seq *seq = from_host ? &pair->host_seq : &pair->csme_seq;
	struct sap_packets_counters sent = out->counters, received = in->counters;
	uint8_t *back = malloc(len + 1);
	struct sap_packet_info info;

	assert_non_null(back);
	back[len] = 0xee;
	if (cb)
		assert_status(sap_packets_send_cb(out, &pair->test.area, seq, len * 3, frame, len), SAP_OK);
	else
		assert_status(sap_packets_send(out, &pair->test.area, seq, frame, len), SAP_OK);
	assert_status(sap_packets_recv(in, &pair->test.area, back, len, &info), SAP_OK);
	assert_int_equal(info.type, cb ? SAP_CB_DATA_PACKET : SAP_DATA_PACKET);
	assert_int_equal(info.to_me_filt_status, cb ? len * 3 : 0);
	assert_int_equal(info.seq, seq->last);
	assert_int_equal(info.len, len);
	assert_memory_equal(back, frame, len);
	assert_int_equal(back[len], 0xee);
	sent.sent++;
	sent.sent_bytes += len;
	received.received++;
	received.received_bytes += len;
	counters_are(out, &sent);
	counters_are(in, &received);
	/* Each frame is released as it is taken. */
	assert_int_equal(test_rd(&pair->test, from_host ? SAP_HOST_DATA : SAP_CSME_DATA),
			 test_wr(&pair->test, from_host ? SAP_HOST_DATA : SAP_CSME_DATA));
	free(back);
}

static void frames_of_all_sizes_go_both_ways(void **state)
{
	static const uint32_t sizes[] = {14, 15, 59, 60, 64, 1499, 1500, 1501, 1514, 9000, 24119};
	uint8_t *frame = malloc(48247);
	struct pair pair;

	(void)state;
	assert_non_null(frame);
	open_pair(&pair, test_area_of(SAP_PROTOCOL_3));
	for (uint32_t round = 0; round < 20; round++)
		for (uint32_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
			test_pattern(frame, sizes[i], round * 16 + i);
			goes_through(&pair, true, false, frame, sizes[i]);
			goes_through(&pair, true, true, frame, sizes[i]);
			goes_through(&pair, false, false, frame, sizes[i]);
		}
	/* The longest that each queue can ever take, from wherever wr stands. */
	test_pattern(frame, 48247, 7);
	goes_through(&pair, true, false, frame, 48256 - 1 - 8);
	goes_through(&pair, true, true, frame, 48256 - 1 - 48);
	goes_through(&pair, false, false, frame, 24128 - 1 - 8);
	free(frame);
	test_area_free(&pair.test);
}

/* The longest payload of all needs a queue that is larger than the protocol's. */
static void the_longest_payload_is_65535(void **state)
{
	uint8_t *frame = calloc(1, 65536);
	struct sap_packets_counters expected = {0};
	struct pair pair;

	(void)state;
	assert_non_null(frame);
	open_pair(&pair, test_area_make(20, 70000, 20, 70000));
	assert_int_equal(sap_packets_room(&pair.host, &pair.test.area), 65535);
	assert_status(sap_packets_send(&pair.host, &pair.test.area, &pair.host_seq, frame, 65536),
		      SAP_TOO_LONG);
	assert_status(sap_packets_send_cb(&pair.host, &pair.test.area, &pair.host_seq, 0, frame, 65496),
		      SAP_TOO_LONG);
	expected.send_bad_size = 2;
	counters_are(&pair.host, &expected);
	assert_int_equal(pair.host_seq.last, 0);
	goes_through(&pair, true, false, frame, 65535);
	goes_through(&pair, true, true, frame, 65495);
	goes_through(&pair, false, false, frame, 65535);
	free(frame);
	test_area_free(&pair.test);
}

/* 48 bytes before the frame of a CB_DATA_PACKET, on both sides of the end at every place. */
static void heads_and_frames_wrap_at_every_position(void **state)
{
	uint8_t frame[60], expected[150];
	struct pair pair;

	(void)state;
	for (uint32_t at = 0; at < 150; at++)
		for (uint32_t cb = 0; cb < 2; cb++) {
			struct test_area test = test_area_make(20, 150, 20, 20);
			uint32_t len = 14 + at % 47, head = cb ? 48 : 8;
			uint8_t message[108] = {0};

			test_pattern(frame, 60, at);
			test_put_header(message, 2000 + cb, head - 8 + len, 1);
			test_put32(message + 36, cb ? len * 3 : 0);
			test_put32(message + 44, len);
			memcpy(message + head, frame, len);
			memset(expected, 0xee, 150);
			for (uint32_t i = 0; i < head + len; i++)
				expected[(at + i) % 150] = message[i];
			memset(test_ring(&test, SAP_HOST_DATA), 0xee, 150);
			test_set_rd(&test, SAP_HOST_DATA, at);
			test_set_wr(&test, SAP_HOST_DATA, at);
			open_pair(&pair, test);
			goes_through(&pair, true, cb, frame, len);
			assert_memory_equal(test_ring(&test, SAP_HOST_DATA), expected, 150);
			test_area_free(&test);
		}
}

/* --- what is not sent --- */

/* A frame that is refused: the status, one counter, and nothing else anywhere. */
static void send_is_refused(struct pair *pair, bool cb, uint32_t len, enum sap_status expected,
			    struct sap_packets_counters counters)
{
	uint8_t *before = malloc(pair->test.layout.size), *frame = calloc(1, len + 1);
	struct sap_packets *lane = &pair->host;
	uint32_t seq = pair->host_seq.last;

	assert_true(before && frame);
	memcpy(before, pair->test.memory, pair->test.layout.size);
	assert_status(cb ? sap_packets_send_cb(lane, &pair->test.area, &pair->host_seq, 0, frame, len)
			 : sap_packets_send(lane, &pair->test.area, &pair->host_seq, frame, len),
		      expected);
	assert_memory_equal(pair->test.memory, before, pair->test.layout.size);
	assert_int_equal(pair->host_seq.last, seq);
	counters_are(lane, &counters);
	free(frame);
	free(before);
}

static void frames_that_do_not_go_leave_nothing_behind(void **state)
{
	struct sap_packets_counters expected = {.sent = 1, .sent_bytes = 30};
	struct pair pair;

	(void)state;
	open_pair(&pair, test_area_make(20, 150, 20, 20));
	goes_through(&pair, true, false, (const uint8_t *)"................................", 30);
	for (uint32_t len = 0; len < 14; len++) {
		expected.send_bad_size++;
		send_is_refused(&pair, false, len, SAP_BAD_VALUE, expected);
		expected.send_bad_size++;
		send_is_refused(&pair, true, len, SAP_BAD_VALUE, expected);
	}
	expected.send_bad_size++;
	send_is_refused(&pair, false, 142, SAP_TOO_LONG, expected);
	expected.send_bad_size++;
	send_is_refused(&pair, true, 102, SAP_TOO_LONG, expected);
	expected.send_bad_size++;
	send_is_refused(&pair, false, 70000, SAP_TOO_LONG, expected);
	assert_status(sap_packets_send(&pair.host, &pair.test.area, &pair.host_seq,
				       (const uint8_t *)"..................", 14),
		      SAP_OK);
	expected.sent = 2;
	expected.sent_bytes = 44;
	expected.send_no_room++;
	send_is_refused(&pair, false, 120, SAP_NO_ROOM, expected);
	expected.send_no_room++;
	send_is_refused(&pair, true, 80, SAP_NO_ROOM, expected);
	test_set_rd(&pair.test, SAP_HOST_DATA, 150);
	expected.corrupt++;
	send_is_refused(&pair, false, 120, SAP_CORRUPT, expected);
	test_set_rd(&pair.test, SAP_HOST_DATA, 61);
	expected.corrupt++;
	send_is_refused(&pair, true, 80, SAP_CORRUPT, expected);
	test_area_free(&pair.test);
}

static void room_is_what_a_data_packet_takes(void **state)
{
	uint8_t frame[150] = {0};
	struct pair pair;

	(void)state;
	for (uint32_t taken = 0; taken < 120; taken++) {
		uint32_t room;

		open_pair(&pair, test_area_make(20, 150, 20, 20));
		/* As if so many bytes lay there unread. */
		test_set_wr(&pair.test, SAP_HOST_DATA, taken);
		assert_status(sap_packets_open(&pair.host, SAP_ROLE_HOST, &pair.test.area), SAP_OK);
		room = sap_packets_room(&pair.host, &pair.test.area);
		assert_int_equal(room, 149 - taken - 8);
		assert_status(sap_packets_send(&pair.host, &pair.test.area, &pair.host_seq, frame, room + 1),
			      taken ? SAP_NO_ROOM : SAP_TOO_LONG);
		assert_status(sap_packets_send(&pair.host, &pair.test.area, &pair.host_seq, frame, room),
			      SAP_OK);
		assert_int_equal(sap_packets_room(&pair.host, &pair.test.area), 0);
		test_area_free(&pair.test);
	}
	/* Room for a header and less than a frame is no room. */
	for (uint32_t rest = 0; rest < 24; rest++) {
		open_pair(&pair, test_area_make(20, 150, 20, 20));
		test_set_wr(&pair.test, SAP_HOST_DATA, 149 - rest);
		assert_status(sap_packets_open(&pair.host, SAP_ROLE_HOST, &pair.test.area), SAP_OK);
		assert_int_equal(sap_packets_room(&pair.host, &pair.test.area), rest < 22 ? 0 : rest - 8);
		test_area_free(&pair.test);
	}
	open_pair(&pair, test_area_make(20, 150, 20, 20));
	test_set_rd(&pair.test, SAP_HOST_DATA, 1);
	assert_int_equal(sap_packets_room(&pair.host, &pair.test.area), 0);
	test_area_free(&pair.test);
}

/* --- what is not received --- */

/* The next frame is dropped: the status, and the buffer untouched. */
static void recv_drops(struct pair *pair, enum sap_status expected, uint32_t len)
{
	struct sap_packet_info info;
	uint8_t frame[100];

	memset(frame, 0xee, sizeof(frame));
	assert_status(sap_packets_recv(&pair->csme, &pair->test.area, frame, 60, &info), expected);
	assert_int_equal(info.len, len);
	for (uint32_t i = 0; i < sizeof(frame); i++)
		assert_int_equal(frame[i], 0xee);
}

static void frames_that_lie_are_dropped_one_by_one(void **state)
{
	struct sap_packets_counters expected = {0};
	uint8_t payload[110] = {0};
	struct pair pair;

	(void)state;
	open_pair(&pair, test_area_make(20, 150, 20, 20));
	for (uint32_t round = 0; round < 50; round++) {
		/* data_len says more than came: by one, by a header, by 32 bits. */
		static const uint32_t lies[] = {51, 58, 90, 98, 65586, UINT32_MAX - 39, UINT32_MAX};

		for (uint32_t i = 0; i < 7; i++) {
			test_put32(payload + 36, lies[i]);
			test_peer_put(&pair.test, SAP_HOST_DATA, SAP_CB_DATA_PACKET, payload, 90, 1);
			recv_drops(&pair, SAP_TOO_SHORT, lies[i]);
			expected.recv_bad_size++;
			counters_are(&pair.csme, &expected);
		}
		test_peer_put(&pair.test, SAP_HOST_DATA, SAP_DATA_PACKET, payload, 61, 1);
		recv_drops(&pair, SAP_TOO_LONG, 61);
		expected.recv_too_long++;
		test_put32(payload + 36, 61);
		test_peer_put(&pair.test, SAP_HOST_DATA, SAP_CB_DATA_PACKET, payload, 101, 1);
		recv_drops(&pair, SAP_TOO_LONG, 61);
		expected.recv_too_long++;
		test_peer_put(&pair.test, SAP_HOST_DATA, SAP_DATA_PACKET, payload, 13, 1);
		recv_drops(&pair, SAP_TOO_SHORT, 13);
		expected.recv_too_short++;
		test_peer_put(&pair.test, SAP_HOST_DATA, SAP_CB_DATA_PACKET, payload, 39, 1);
		recv_drops(&pair, SAP_TOO_SHORT, 39);
		expected.recv_too_short++;
		test_peer_put(&pair.test, SAP_HOST_DATA, SAP_PING, payload, 30, 1);
		recv_drops(&pair, SAP_UNKNOWN_TYPE, 30);
		expected.recv_unknown++;
		counters_are(&pair.csme, &expected);
		assert_int_equal(test_rd(&pair.test, SAP_HOST_DATA), test_wr(&pair.test, SAP_HOST_DATA));
	}
	test_area_free(&pair.test);
}

/* Of more bytes than data_len says, the frame is the first data_len. */
static void bytes_behind_the_frame_are_ignored(void **state)
{
	uint8_t payload[100], frame[60];
	struct sap_packet_info info;
	struct pair pair;

	(void)state;
	open_pair(&pair, test_area_make(20, 150, 20, 20));
	for (uint32_t len = 14; len <= 60; len++) {
		test_pattern(payload, 100, len);
		test_put32(payload + 36, len);
		memset(frame, 0xee, 60);
		test_peer_put(&pair.test, SAP_HOST_DATA, SAP_CB_DATA_PACKET, payload, 100, len);
		assert_status(sap_packets_recv(&pair.csme, &pair.test.area, frame, 60, &info), SAP_OK);
		assert_int_equal(info.len, len);
		assert_int_equal(info.to_me_filt_status, test_get32(payload + 28));
		assert_memory_equal(frame, payload + 40, len);
		for (uint32_t i = len; i < 60; i++)
			assert_int_equal(frame[i], 0xee);
	}
	assert_int_equal(pair.csme.counters.received, 47);
	test_area_free(&pair.test);
}

static void cb_data_packets_go_to_csme_only(void **state)
{
	struct sap_packets_counters expected = {.recv_unknown = 1};
	uint8_t payload[60] = {0}, frame[60];
	struct sap_packet_info info;
	struct pair pair;

	(void)state;
	open_pair(&pair, test_area_make(20, 150, 20, 150));
	assert_status(sap_packets_send_cb(&pair.csme, &pair.test.area, &pair.csme_seq, 0, payload, 20),
		      SAP_WRONG_QUEUE);
	assert_int_equal(test_wr(&pair.test, SAP_CSME_DATA), 0);
	assert_int_equal(pair.csme_seq.last, 0);
	test_put32(payload + 36, 20);
	test_peer_put(&pair.test, SAP_CSME_DATA, SAP_CB_DATA_PACKET, payload, 60, 1);
	assert_status(sap_packets_recv(&pair.host, &pair.test.area, frame, 60, &info), SAP_UNKNOWN_TYPE);
	counters_are(&pair.host, &expected);
	test_area_free(&pair.test);
}

static void corruption_stops_the_lane_where_it_is(void **state)
{
	struct sap_packets_counters expected = {0};
	struct sap_packet_info info;
	uint8_t frame[20] = {0};
	struct pair pair;

	(void)state;
	open_pair(&pair, test_area_make(20, 150, 20, 20));
	test_set_wr(&pair.test, SAP_HOST_DATA, 150);
	assert_status(sap_packets_recv(&pair.csme, &pair.test.area, frame, 20, &info), SAP_CORRUPT);
	test_set_wr(&pair.test, SAP_HOST_DATA, 0);
	test_peer_put(&pair.test, SAP_HOST_DATA, SAP_DATA_PACKET, frame, 20, 1);
	test_set_wr(&pair.test, SAP_HOST_DATA, 27);
	assert_status(sap_packets_recv(&pair.csme, &pair.test.area, frame, 20, &info), SAP_CORRUPT);
	expected.corrupt = 2;
	counters_are(&pair.csme, &expected);
	assert_int_equal(test_rd(&pair.test, SAP_HOST_DATA), 0);
	test_area_free(&pair.test);
}

/* --- open and closed --- */

static void a_closed_lane_does_nothing(void **state)
{
	struct test_area test = test_area_make(20, 150, 20, 150);
	uint8_t frame[20] = {0}, *before = malloc(test.layout.size);
	struct sap_packet_info info;
	struct sap_packets never, lane;
	struct sap_seq seq = {0};

	(void)state;
	assert_non_null(before);
	memset(&never, 0, sizeof(never));
	memset(&lane, 0, sizeof(lane));
	test_peer_put(&test, SAP_CSME_DATA, SAP_DATA_PACKET, frame, 20, 1);
	assert_status(sap_packets_open(&lane, SAP_ROLE_HOST, &test.area), SAP_OK);
	assert_status(sap_packets_send(&lane, &test.area, &seq, frame, 20), SAP_OK);
	sap_packets_close(&lane);
	sap_packets_close(&lane);
	memcpy(before, test.memory, test.layout.size);
	for (uint32_t i = 0; i < 2; i++) {
		struct sap_packets *closed = i ? &lane : &never;

		assert_status(sap_packets_send(closed, &test.area, &seq, frame, 20), SAP_NOT_OPEN);
		assert_status(sap_packets_send_cb(closed, &test.area, &seq, 0, frame, 20), SAP_NOT_OPEN);
		assert_status(sap_packets_recv(closed, &test.area, frame, 20, &info), SAP_NOT_OPEN);
		assert_int_equal(sap_packets_room(closed, &test.area), 0);
	}
	assert_memory_equal(test.memory, before, test.layout.size);
	assert_int_equal(seq.last, 1);
	/* Opened again it goes on where the area says; counters are kept. */
	assert_status(sap_packets_open(&lane, SAP_ROLE_HOST, &test.area), SAP_OK);
	assert_status(sap_packets_send(&lane, &test.area, &seq, frame, 20), SAP_OK);
	assert_status(sap_packets_recv(&lane, &test.area, frame, 20, &info), SAP_OK);
	assert_int_equal(test_wr(&test, SAP_HOST_DATA), 56);
	assert_int_equal(lane.counters.sent, 2);
	assert_int_equal(lane.counters.received, 1);
	free(before);
	test_area_free(&test);
}

static void open_checks_both_queues(void **state)
{
	static const enum sap_queue_id data[] = {SAP_HOST_DATA, SAP_CSME_DATA};
	struct sap_packets lane, closed;
	uint8_t frame[20] = {0};
	struct sap_seq seq = {0};

	(void)state;
	memset(&lane, 0, sizeof(lane));
	memset(&closed, 0, sizeof(closed));
	for (uint32_t i = 0; i < 4; i++) {
		struct test_area test = test_area_make(20, 150, 20, 150);

		if (i % 2)
			test_set_rd(&test, data[i / 2], 150);
		else
			test_set_wr(&test, data[i / 2], 150);
		assert_status(sap_packets_open(&lane, SAP_ROLE_HOST, &test.area), SAP_CORRUPT);
		assert_memory_equal(&lane, &closed, sizeof(lane));
		assert_status(sap_packets_open(&lane, SAP_ROLE_CSME, &test.area), SAP_CORRUPT);
		assert_status(sap_packets_send(&lane, &test.area, &seq, frame, 20), SAP_NOT_OPEN);
		/* Notification queues are not the lane's. */
		test_set_rd(&test, data[i / 2], 0);
		test_set_wr(&test, data[i / 2], 0);
		test_set_rd(&test, SAP_HOST_NOTIF, 20);
		test_set_wr(&test, SAP_CSME_NOTIF, 20);
		assert_status(sap_packets_open(&lane, SAP_ROLE_CSME, &test.area), SAP_OK);
		memset(&lane, 0, sizeof(lane));
		assert_status(sap_packets_open(&lane, (enum sap_role)0, &test.area), SAP_INVALID);
		assert_status(sap_packets_open(&lane, (enum sap_role)3, &test.area), SAP_INVALID);
		assert_status(sap_packets_open(&lane, SAP_ROLE_HOST, NULL), SAP_INVALID);
		assert_status(sap_packets_open(NULL, SAP_ROLE_HOST, &test.area), SAP_INVALID);
		test_area_free(&test);
	}
}

static void arguments_are_asked_for(void **state)
{
	struct sap_packet_info info;
	uint8_t frame[20] = {0};
	struct sap_area smaller;
	struct pair pair;

	(void)state;
	open_pair(&pair, test_area_make(20, 150, 20, 150));
	smaller = pair.test.area;
	smaller.size = 100;
	for (uint32_t i = 0; i < 5; i++) {
		struct sap_packets *lane = i == 0 ? NULL : &pair.host;
		const struct sap_area *area = i == 1 ? NULL : i == 4 ? &smaller : &pair.test.area;
		struct sap_seq *seq = i == 2 ? NULL : &pair.host_seq;
		uint8_t *bytes = i == 3 ? NULL : frame;

		assert_status(sap_packets_send(lane, area, seq, bytes, 20), SAP_INVALID);
		assert_status(sap_packets_send_cb(lane, area, seq, 0, bytes, 20), SAP_INVALID);
		assert_status(sap_packets_recv(lane, area, bytes, 20, i == 2 ? NULL : &info), SAP_INVALID);
	}
	assert_int_equal(pair.host_seq.last, 0);
	assert_int_equal(test_wr(&pair.test, SAP_HOST_DATA), 0);
	test_area_free(&pair.test);
}

/* A lane handed back unharmed: room given back by the reader is found by the next frame. */
static void a_full_queue_takes_frames_again_once_read(void **state)
{
	uint8_t frame[60], back[60];
	struct sap_packet_info info;
	uint32_t sent = 0, received = 0;
	struct pair pair;

	(void)state;
	open_pair(&pair, test_area_make(20, 150, 20, 20));
	while (received < 1000) {
		test_pattern(frame, 60, sent);
		while (sap_packets_send(&pair.host, &pair.test.area, &pair.host_seq, frame, 14 + sent % 47) ==
		       SAP_OK)
			test_pattern(frame, 60, ++sent);
		test_pattern(frame, 60, received);
		assert_status(sap_packets_recv(&pair.csme, &pair.test.area, back, 60, &info), SAP_OK);
		assert_int_equal(info.len, 14 + received % 47);
		assert_int_equal(info.seq, ++received);
		assert_memory_equal(back, frame, info.len);
	}
	assert_int_equal(pair.host.counters.sent, sent);
	assert_true(pair.host.counters.send_no_room > 500);
	test_area_free(&pair.test);
}

/* After a message that breaks off nothing comes until what lies there is given up; then the lane goes on. */
static void discard_brings_a_lane_back(void **state)
{
	struct test_area test = test_area_make(64, 128, 64, 128);
	struct sap_packets lane = {0};
	struct sap_packet_info info;
	uint8_t frame[64] = {0}, header[8];

	(void)state;
	assert_status(sap_packets_discard(&lane, &test.area), SAP_NOT_OPEN);
	assert_status(sap_packets_open(&lane, SAP_ROLE_CSME, &test.area), SAP_OK);
	test_put_header(header, SAP_DATA_PACKET, 90, 1);
	test_ring_write(&test, SAP_HOST_DATA, 0, header, 8);
	test_set_wr(&test, SAP_HOST_DATA, 30);
	for (uint32_t i = 0; i < 3; i++)
		assert_status(sap_packets_recv(&lane, &test.area, frame, 64, &info), SAP_CORRUPT);
	assert_status(sap_packets_discard(&lane, &test.area), SAP_OK);
	assert_int_equal(lane.counters.lost_bytes, 30);
	assert_int_equal(test_rd(&test, SAP_HOST_DATA), 30);
	test_peer_put(&test, SAP_HOST_DATA, SAP_DATA_PACKET, frame, 20, 2);
	assert_status(sap_packets_recv(&lane, &test.area, frame, 64, &info), SAP_OK);
	assert_int_equal(info.len, 20);
	test_set_wr(&test, SAP_HOST_DATA, 128);
	assert_status(sap_packets_discard(&lane, &test.area), SAP_CORRUPT);
	test_area_free(&test);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(discard_brings_a_lane_back),
		cmocka_unit_test(data_packets_stand_where_the_protocol_says),
		cmocka_unit_test(cb_data_packet_is_the_drivers),
		cmocka_unit_test(the_captured_frame_is_received_with_its_flag),
		cmocka_unit_test(frames_of_all_sizes_go_both_ways),
		cmocka_unit_test(the_longest_payload_is_65535),
		cmocka_unit_test(heads_and_frames_wrap_at_every_position),
		cmocka_unit_test(frames_that_do_not_go_leave_nothing_behind),
		cmocka_unit_test(room_is_what_a_data_packet_takes),
		cmocka_unit_test(frames_that_lie_are_dropped_one_by_one),
		cmocka_unit_test(bytes_behind_the_frame_are_ignored),
		cmocka_unit_test(cb_data_packets_go_to_csme_only),
		cmocka_unit_test(corruption_stops_the_lane_where_it_is),
		cmocka_unit_test(a_closed_lane_does_nothing),
		cmocka_unit_test(open_checks_both_queues),
		cmocka_unit_test(arguments_are_asked_for),
		cmocka_unit_test(a_full_queue_takes_frames_again_once_read),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
