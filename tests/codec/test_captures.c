// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
/*
 * What the real Linux driver wrote: to the field what tests/data/captures/README.md says of it, and back to
 * the same bytes.
 */
#include "support.h"

enum {
	LONGEST = SAP_HEADER_SIZE + SAP_CSME_FILTERS_SIZE
};

/* The pending messages of one queue of an image, one after another. */
struct reader {
	struct test_bytes capture;
	struct sap_area area;
	struct sap_consumer consumer;
	uint8_t bytes[LONGEST];
	uint32_t len;
	struct sap_message message;
};

static void reader_open(struct reader *reader, const char *name, enum sap_queue_id queue)
{
	const struct sap_layout *layout;

	reader->capture = test_capture(name);
	layout = sap_area_recognise(reader->capture.bytes, reader->capture.len);
	assert_non_null(layout);
	assert_status(sap_area_adopt(&reader->area, layout, reader->capture.bytes, reader->capture.len, NULL),
		      SAP_OK);
	assert_status(sap_consumer_init(&reader->consumer, &reader->area, queue), SAP_OK);
}

/* The next message must be this one, with this number, and must encode to the bytes it came as. */
static const struct sap_message *expect(struct reader *reader, enum sap_type type, uint32_t seq)
{
	uint8_t again[LONGEST];
	uint32_t len;

	assert_status(sap_consumer_next(&reader->consumer, &reader->area, reader->bytes, LONGEST,
					&reader->len),
		      SAP_OK);
	assert_status(sap_message_decode(reader->bytes, reader->len, &reader->message), SAP_OK);
	assert_int_equal(reader->message.type, type);
	assert_int_equal(reader->message.seq, seq);
	assert_status(sap_message_encode(&reader->message, again, sizeof(again), &len), SAP_OK);
	assert_int_equal(len, reader->len);
	assert_memory_equal(again, reader->bytes, len);
	return &reader->message;
}

static void reader_close(struct reader *reader)
{
	assert_status(sap_consumer_next(&reader->consumer, &reader->area, reader->bytes, LONGEST,
					&reader->len),
		      SAP_AGAIN);
	test_bytes_free(&reader->capture);
}

static void nothing_at_start(void **state)
{
	static const char *const names[] = {"v3-shm-at-start.bin", "v4-shm-at-start.bin"};
	struct reader reader;

	(void)state;
	for (uint32_t i = 0; i < 2; i++) {
		for (uint32_t q = 0; q < SAP_QUEUES; q++) {
			reader_open(&reader, names[i], (enum sap_queue_id)q);
			assert_int_equal(reader.area.layout.version, 3 + i);
			reader_close(&reader);
		}
	}
}

static void answers_to_the_first_amt_state(void **state)
{
	struct reader reader;
	const struct sap_message *m;

	(void)state;
	reader_open(&reader, "v4-shm-csa-00.bin", SAP_HOST_NOTIF);
	expect(&reader, SAP_WHO_OWNS_NIC, 1);
	reader_close(&reader);

	reader_open(&reader, "v4-shm-csa-01.bin", SAP_HOST_NOTIF);
	m = expect(&reader, SAP_COUNTRY_CODE, 2);
	assert_int_equal(m->country_code.mcc, 0);
	m = expect(&reader, SAP_NIC_INFO, 3);
	assert_memory_equal(m->nic_info.mac_address.bytes, "\0\0\0\0\0\0", 6);
	m = expect(&reader, SAP_RADIO_STATE, 4);
	assert_int_equal(m->radio_state.state, 3);
	reader_close(&reader);
}

static void check_testnet(const struct sap_host_link_up *up)
{
	static const struct sap_mac none;

	assert_int_equal(up->conn.ssid_len, 7);
	assert_memory_equal(up->conn.ssid, "testnet\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0", 32);
	assert_int_equal(up->conn.auth_mode, SAP_AUTH_RSNA_PSK);
	assert_int_equal(up->conn.pairwise_cipher, SAP_CIPHER_CCMP);
	assert_int_equal(up->conn.channel, 6);
	assert_int_equal(up->conn.band, 0);
	assert_memory_equal(up->conn.bssid.bytes, "\x02\x00\x00\x00\x01\x00", 6);
	assert_int_equal(up->colloc_channel, 0);
	assert_int_equal(up->colloc_band, 0);
	assert_memory_equal(up->colloc_bssid.bytes, none.bytes, 6);
}

static void full_initial_configuration(void **state)
{
	struct reader reader;
	const struct sap_message *m;

	(void)state;
	reader_open(&reader, "v4-shm-csa-18.bin", SAP_HOST_NOTIF);
	expect(&reader, SAP_WIFIDR_UP, 21);
	expect(&reader, SAP_WHO_OWNS_NIC, 22);
	m = expect(&reader, SAP_HOST_LINK_UP, 23);
	check_testnet(&m->host_link_up);
	m = expect(&reader, SAP_COUNTRY_CODE, 24);
	assert_int_equal(m->country_code.mcc, 0x5553);
	assert_int_equal(m->country_code.source_id, 0);
	assert_int_equal(m->country_code.diff_time, 0);
	m = expect(&reader, SAP_SAR_LIMITS, 25);
	for (uint16_t i = 0; i < 10; i++)
		assert_int_equal(m->sar_limits.limits[i], i + 1);
	m = expect(&reader, SAP_NIC_INFO, 26);
	assert_memory_equal(m->nic_info.mac_address.bytes, "\x02\x11\x22\x33\x44\x55", 6);
	assert_memory_equal(m->nic_info.nvm_address.bytes, "\x02\xaa\xbb\xcc\xdd\xee", 6);
	m = expect(&reader, SAP_RADIO_STATE, 27);
	assert_int_equal(m->radio_state.state, SAP_RADIO_HW_ON);
	reader_close(&reader);
}

/* Version 3; the first of the three goes over the end of the 2,240-byte queue. */
static void three_links_over_the_wrap(void **state)
{
	struct reader reader;
	uint32_t before;

	(void)state;
	reader_open(&reader, "v3-shm-csa-11.bin", SAP_HOST_NOTIF);
	assert_int_equal(reader.area.layout.version, 3);
	before = reader.consumer.next;
	assert_true(before + 76 > 2240);
	assert_status(sap_consumer_peek(&reader.consumer, &reader.area, &(struct sap_header){0}), SAP_OK);
	for (uint32_t i = 0; i < 3; i++) {
		uint32_t seq = reader.consumer.header.seq;

		assert_int_equal(expect(&reader, SAP_HOST_LINK_UP, seq)->len, 68);
		check_testnet(&reader.message.host_link_up);
		if (i < 2)
			assert_status(sap_consumer_peek(&reader.consumer, &reader.area,
							&(struct sap_header){0}),
				      SAP_OK);
		assert_int_equal(reader.consumer.header.seq, seq + (i < 2));
	}
	reader_close(&reader);
}

static void dhcp_copy(void **state)
{
	struct reader reader;
	const struct sap_message *m;
	const uint8_t *frame;

	(void)state;
	reader_open(&reader, "v4-data-shm-csa-05.bin", SAP_HOST_NOTIF);
	expect(&reader, SAP_PONG, 8);
	reader_close(&reader);

	reader_open(&reader, "v4-data-shm-csa-05.bin", SAP_HOST_DATA);
	m = expect(&reader, SAP_CB_DATA_PACKET, 7);
	assert_int_equal(m->cb_data_packet.to_me_filt_status, SAP_CB_DHCP);
	assert_int_equal(m->cb_data_packet.data_len, 50);
	assert_int_equal(m->cb_data_packet.frame.len, 50);
	frame = m->cb_data_packet.frame.bytes;
	assert_memory_equal(frame + 12, "\x08\x00", 2);		/* IPv4 */
	assert_int_equal(frame[14 + 9], 17);			/* UDP */
	assert_memory_equal(frame + 34, "\x00\x44\x00\x43", 4); /* 68 to 67 */
	assert_memory_equal(frame + 42, "DHCPTEST", 8);
	reader_close(&reader);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(nothing_at_start),
		cmocka_unit_test(answers_to_the_first_amt_state),
		cmocka_unit_test(full_initial_configuration),
		cmocka_unit_test(three_links_over_the_wrap),
		cmocka_unit_test(dhcp_copy),
	};

	return cmocka_run_group_tests_name("captures", tests, NULL, NULL);
}
