// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
/* ME messages: against bytes written by hand from docs/protocol/sap.md section 2, and by the real driver. */
#include "support.h"

static const uint8_t start_ok_bytes[20] = {2, 0, 0,    0,    0x11, 0x12, 0x13, 0x14, 20, 0,
					   0, 0, 0x21, 0x22, 0x23, 0x24, 4,    0,    0,	 0};

static void start_of_the_real_driver(void **state)
{
	struct sap_me_message m;
	uint8_t again[SAP_ME_MAX_SIZE];
	uint32_t len;

	(void)state;
	for (uint8_t version = 3; version <= 4; version++) {
		struct test_bytes capture;

		capture = test_capture(version == 3 ? "v3-me-msg-start.bin" : "v4-me-msg-start.bin");
		assert_status(sap_me_decode(capture.bytes, capture.len, &m), SAP_OK);
		assert_int_equal(m.type, SAP_ME_START);
		assert_int_equal(m.seq, 1);
		assert_int_equal(m.len, 88);
		assert_true(m.start.shared_mem == 0);
		assert_int_equal(m.start.init_data_seq_num, 0x100);
		assert_int_equal(m.start.init_notif_seq_num, 0x800);
		assert_int_equal(m.start.supported_versions[0], version);
		for (uint32_t i = 1; i < SAP_ME_VERSIONS; i++)
			assert_int_equal(m.start.supported_versions[i], 0);
		assert_status(sap_me_encode(&m, again, sizeof(again), &len), SAP_OK);
		assert_int_equal(len, capture.len);
		assert_memory_equal(again, capture.bytes, len);
		test_bytes_free(&capture);
	}
}

/* 88 bytes that say 0: taken, and written anew as the 12 bytes that a doorbell needs. */
static void doorbell_of_the_real_driver(void **state)
{
	static const uint8_t shortest[12] = {3, 0, 0, 0, 2, 0, 0, 0, 12, 0, 0, 0};
	struct test_bytes capture;
	struct sap_me_message m;
	uint8_t again[SAP_ME_MAX_SIZE];
	uint32_t len;

	(void)state;
	capture = test_capture("v4-me-msg-csa-00.bin");
	assert_int_equal(capture.len, 88);
	assert_status(sap_me_decode(capture.bytes, capture.len, &m), SAP_OK);
	assert_int_equal(m.type, SAP_ME_CHECK_SHARED_AREA);
	assert_int_equal(m.seq, 2);
	assert_int_equal(m.len, 0);
	assert_status(sap_me_encode(&m, again, sizeof(again), &len), SAP_OK);
	assert_int_equal(len, 12);
	assert_memory_equal(again, shortest, 12);
	test_bytes_free(&capture);
}

static void doorbell_of_any_length(void **state)
{
	uint8_t bytes[100] = {3};
	struct sap_me_message m;

	(void)state;
	for (uint32_t len = 0; len <= sizeof(bytes); len++)
		assert_status(sap_me_decode(bytes, len, &m), len < 12 ? SAP_TOO_SHORT : SAP_OK);
}

static void start_ok(void **state)
{
	struct sap_me_message m;
	uint8_t again[SAP_ME_MAX_SIZE];
	uint32_t len;

	(void)state;
	assert_status(sap_me_decode(start_ok_bytes, 20, &m), SAP_OK);
	assert_int_equal(m.type, SAP_ME_START_OK);
	assert_int_equal(m.seq, 0x14131211);
	assert_int_equal(m.len, 20);
	assert_int_equal(m.start_ok.init_data_seq_num, 0x2221);
	assert_int_equal(m.start_ok.init_notif_seq_num, 0x2423);
	assert_int_equal(m.start_ok.supported_version, 4);
	assert_status(sap_me_encode(&m, again, sizeof(again), &len), SAP_OK);
	assert_int_equal(len, 20);
	assert_memory_equal(again, start_ok_bytes, 20);
}

/* Each field of START at its own place: all bytes differ. */
static void start_by_hand(void **state)
{
	uint8_t bytes[88];
	uint8_t again[88];
	struct sap_me_message m;
	uint32_t len;

	(void)state;
	for (uint8_t i = 0; i < 88; i++)
		bytes[i] = (uint8_t)(0x80 + i);
	memcpy(bytes, "\x01\x00\x00\x00", 4);
	memcpy(bytes + 8, "\x58\x00\x00\x00", 4);
	assert_status(sap_me_decode(bytes, 88, &m), SAP_OK);
	assert_int_equal(m.seq, 0x87868584);
	assert_true(m.start.shared_mem == 0x939291908f8e8d8cULL);
	assert_int_equal(m.start.init_data_seq_num, 0x9594);
	assert_int_equal(m.start.init_notif_seq_num, 0x9796);
	assert_memory_equal(m.start.supported_versions, bytes + 24, 64);
	assert_status(sap_me_encode(&m, again, sizeof(again), &len), SAP_OK);
	assert_memory_equal(again, bytes, 88);
}

/* Hazard 10: less than a header is refused whole; less than the type demands is refused and reported. */
static void hazard_10_short_messages(void **state)
{
	struct test_bytes capture;

	(void)state;
	capture = test_capture("v4-me-msg-start.bin");
	for (size_t cut = 0; cut < capture.len; cut++) {
		uint8_t *exact = test_malloc(cut ? cut : 1);
		struct sap_me_message m;

		memset(&m, 0x5a, sizeof(m));
		memcpy(exact, capture.bytes, cut);
		assert_status(sap_me_decode(exact, cut, &m), SAP_TOO_SHORT);
		if (cut < SAP_ME_HEADER_SIZE) {
			assert_int_equal(m.type, 0);
			assert_null(m.opaque.bytes);
		} else {
			assert_int_equal(m.type, SAP_ME_START);
			assert_ptr_equal(m.opaque.bytes, exact + 12);
			assert_int_equal(m.opaque.len, cut - 12);
		}
		test_free(exact);
	}
	for (uint32_t cut = 12; cut < 20; cut++) {
		struct sap_me_message m;

		assert_status(sap_me_decode(start_ok_bytes, cut, &m), SAP_TOO_SHORT);
	}
	test_bytes_free(&capture);
}

static void unknown_types_are_carried(void **state)
{
	uint8_t bytes[15] = {4, 0, 0, 0x80, 5, 0, 0, 0, 15, 0, 0, 0, 0xa1, 0xa2, 0xa3};
	uint8_t again[15];
	struct sap_me_message m;
	uint32_t len;

	(void)state;
	assert_status(sap_me_decode(bytes, sizeof(bytes), &m), SAP_UNKNOWN_TYPE);
	assert_int_equal(m.type, 0x80000004);
	assert_int_equal(m.opaque.len, 3);
	assert_status(sap_me_encode(&m, again, sizeof(again), &len), SAP_OK);
	assert_int_equal(len, sizeof(bytes));
	assert_memory_equal(again, bytes, sizeof(bytes));
	m.opaque.bytes = NULL;
	assert_status(sap_me_encode(&m, again, sizeof(again), &len), SAP_BAD_VALUE);
	m.opaque.len = UINT32_MAX;
	assert_status(sap_me_encode(&m, again, sizeof(again), &len), SAP_BAD_VALUE);
}

static void encode_writes_nothing_if_it_does_not_fit(void **state)
{
	uint8_t again[20];
	struct sap_me_message m;
	uint32_t len = 77;

	(void)state;
	memset(again, 0xee, sizeof(again));
	assert_status(sap_me_decode(start_ok_bytes, 20, &m), SAP_OK);
	for (uint32_t cap = 0; cap < 20; cap++)
		assert_status(sap_me_encode(&m, again, cap, &len), SAP_TOO_SMALL);
	for (uint32_t i = 0; i < sizeof(again); i++)
		assert_int_equal(again[i], 0xee);
	assert_int_equal(len, 77);
}

static void null_arguments(void **state)
{
	uint8_t bytes[20];
	struct sap_me_message m = {.type = SAP_ME_CHECK_SHARED_AREA};
	uint32_t len;

	(void)state;
	assert_status(sap_me_decode(NULL, 12, &m), SAP_INVALID);
	assert_status(sap_me_decode(start_ok_bytes, 12, NULL), SAP_INVALID);
	assert_status(sap_me_encode(NULL, bytes, 20, &len), SAP_INVALID);
	assert_status(sap_me_encode(&m, NULL, 20, &len), SAP_INVALID);
	assert_status(sap_me_encode(&m, bytes, 20, NULL), SAP_INVALID);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(start_of_the_real_driver),
		cmocka_unit_test(doorbell_of_the_real_driver),
		cmocka_unit_test(doorbell_of_any_length),
		cmocka_unit_test(start_ok),
		cmocka_unit_test(start_by_hand),
		cmocka_unit_test(hazard_10_short_messages),
		cmocka_unit_test(unknown_types_are_carried),
		cmocka_unit_test(encode_writes_nothing_if_it_does_not_fit),
		cmocka_unit_test(null_arguments),
	};

	return cmocka_run_group_tests_name("me", tests, NULL, NULL);
}
