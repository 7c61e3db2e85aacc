// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
/* Frames of the MEI bus: bits of the header against docs/protocol/mei.md section 2, tags, lying lengths. */
#include "support.h"

#include <sap/mei/clients.h>
#include <sap/mei/frame.h>

/* In memory of exactly that size, so that a sanitizer sees each byte too far. */
static enum sap_status decode(const uint8_t *bytes, size_t len, struct sap_mei_frame *frame)
{
	uint8_t *exact = test_malloc(len ? len : 1);
	enum sap_status status;

	memcpy(exact, bytes, len);
	memset(frame, 0xa5, sizeof(*frame));
	status = sap_mei_frame_decode(exact, len, frame);
	/* As an offset, since the bytes are about to go. */
	if (status == SAP_OK)
		frame->payload.bytes = bytes + (frame->payload.bytes - exact);
	test_free(exact);
	return status;
}

static void header_bits(void **state)
{
	/* me 7, host 3, length 5, complete: the bits by hand. */
	static const uint8_t bytes[] = {0x07, 0x03, 0x05, 0x80, 1, 2, 3, 4, 5};
	static const uint8_t long_one[4] = {0xff, 0x01, 0xff, 0x41}; /* 511 bytes, internal, not complete */
	uint8_t big[515] = {0};
	struct sap_mei_frame frame;

	(void)state;
	assert_status(decode(bytes, sizeof(bytes), &frame), SAP_OK);
	assert_int_equal(frame.me_addr, 7);
	assert_int_equal(frame.host_addr, 3);
	assert_true(frame.complete && !frame.internal && !frame.dma_ring && !frame.tagged);
	assert_int_equal(frame.payload.len, 5);
	assert_ptr_equal(frame.payload.bytes, bytes + 4);

	memcpy(big, long_one, 4);
	assert_status(decode(big, sizeof(big), &frame), SAP_OK);
	assert_int_equal(frame.me_addr, 255);
	assert_int_equal(frame.payload.len, 511);
	assert_true(!frame.complete && frame.internal);
	assert_status(decode(big, 514, &frame), SAP_TOO_SHORT);
}

static void padding_and_lies(void **state)
{
	uint8_t bytes[16] = {0x00, 0x00, 0x04, 0x80, 0x93, 0x04, 0x00, 0x00};
	struct sap_mei_frame frame;

	(void)state;
	for (size_t len = 0; len < 8; len++) {
		assert_status(decode(bytes, len, &frame), SAP_TOO_SHORT);
		assert_int_equal(frame.payload.len, 0);
		assert_null(frame.payload.bytes);
	}
	for (size_t len = 8; len < 12; len++)
		assert_status(decode(bytes, len, &frame), SAP_OK);
	assert_status(decode(bytes, 12, &frame), SAP_TOO_LONG);

	/* Each reserved bit, and no bit at all. */
	for (uint32_t bit = 1; bit <= 3; bit++) {
		bytes[3] = (uint8_t)(0x80 | 1 << bit);
		assert_status(decode(bytes, 8, &frame), SAP_CORRUPT);
		assert_int_equal(frame.me_addr, 0);
	}
	memset(bytes, 0, 4);
	assert_status(decode(bytes, 8, &frame), SAP_CORRUPT);
	assert_status(sap_mei_frame_decode(NULL, 4, &frame), SAP_INVALID);
	assert_status(sap_mei_frame_decode(bytes, 4, NULL), SAP_INVALID);
}

static void tags(void **state)
{
	/* Extended and complete: meta {1 entry, 1 word}, {VTAG, 1 word, tag 0x2a, 0}, two bytes of message. */
	static const uint8_t good[] = {9, 4, 10, 0x90, 1, 1, 0, 0, 1, 1, 0x2a, 0, 0xaa, 0xbb};
	uint8_t bytes[sizeof(good)], again[sizeof(good)];
	struct sap_mei_frame frame;
	uint32_t len;

	(void)state;
	assert_status(decode(good, sizeof(good), &frame), SAP_OK);
	assert_true(frame.tagged);
	assert_int_equal(frame.vtag, 0x2a);
	assert_int_equal(frame.payload.len, 2);
	assert_ptr_equal(frame.payload.bytes, good + 12);
	assert_int_equal(sap_mei_frame_head(&frame), 12);
	assert_status(sap_mei_frame_encode(&frame, again, sizeof(again) - 1, &len), SAP_TOO_SMALL);
	assert_status(sap_mei_frame_encode(&frame, again, sizeof(again), &len), SAP_OK);
	assert_int_equal(len, sizeof(good));
	assert_memory_equal(again, good, sizeof(good));

	/* The header's length ends inside the extended header, or the extended header says more than came. */
	for (uint32_t length = 0; length < 8; length++) {
		memcpy(bytes, good, sizeof(bytes));
		bytes[2] = (uint8_t)length;
		assert_status(decode(bytes, 4 + length, &frame), SAP_TOO_SHORT);
	}
	memcpy(bytes, good, sizeof(bytes));
	bytes[5] = 255;
	assert_status(decode(bytes, sizeof(bytes), &frame), SAP_TOO_SHORT);
	/* Another number of entries or words, another kind: who sent it is still told. */
	static const struct {
		uint32_t at;
		uint8_t value;
	} wrong[] = {{4, 0}, {4, 2}, {5, 0}, {5, 2}, {8, 0}, {8, 2}, {9, 0}, {9, 2}};
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		memcpy(bytes, good, sizeof(bytes));
		bytes[wrong[i].at] = wrong[i].value;
		assert_status(decode(bytes, sizeof(bytes), &frame),
			      wrong[i].at == 5 && wrong[i].value == 2 ? SAP_TOO_SHORT : SAP_UNSUPPORTED);
		if (wrong[i].at != 5)
			assert_true(frame.me_addr == 9 && frame.host_addr == 4 && !frame.tagged);
	}
	memcpy(bytes, good, sizeof(bytes));
	bytes[3] = 0xa0; /* a DMA ring */
	assert_status(decode(bytes, sizeof(bytes), &frame), SAP_UNSUPPORTED);
	assert_false(frame.dma_ring);
}

static void encode_refuses(void **state)
{
	static const uint8_t payload[512];
	struct sap_mei_frame frame = {.me_addr = 1, .host_addr = 2, .payload = {payload, 511}};
	uint8_t bytes[SAP_MEI_FRAME_MAX + 8];
	uint32_t len;

	(void)state;
	assert_int_equal(SAP_MEI_FRAME_MAX, 515);
	assert_status(sap_mei_frame_encode(&frame, bytes, sizeof(bytes), &len), SAP_OK);
	assert_int_equal(len, 515);
	assert_memory_equal(bytes, "\x01\x02\xff\x01", 4);
	frame.payload.len = 512;
	assert_status(sap_mei_frame_encode(&frame, bytes, sizeof(bytes), &len), SAP_BAD_VALUE);
	frame.payload.len = 504;
	frame.tagged = true;
	assert_status(sap_mei_frame_encode(&frame, bytes, sizeof(bytes), &len), SAP_BAD_VALUE);
	frame.payload.len = 503;
	assert_status(sap_mei_frame_encode(&frame, bytes, sizeof(bytes), &len), SAP_OK);
	frame.dma_ring = true;
	assert_status(sap_mei_frame_encode(&frame, bytes, sizeof(bytes), &len), SAP_BAD_VALUE);
	frame.dma_ring = false;
	frame.payload.bytes = NULL;
	assert_status(sap_mei_frame_encode(&frame, bytes, sizeof(bytes), &len), SAP_BAD_VALUE);
	frame.payload.len = 0;
	frame.internal = true;
	frame.complete = true;
	frame.tagged = false;
	assert_status(sap_mei_frame_encode(&frame, bytes, 4, &len), SAP_OK);
	assert_memory_equal(bytes, "\x01\x02\x00\xc0", 4);
	assert_status(sap_mei_frame_encode(NULL, bytes, 4, &len), SAP_INVALID);
	assert_status(sap_mei_frame_encode(&frame, NULL, 4, &len), SAP_INVALID);
	assert_status(sap_mei_frame_encode(&frame, bytes, 4, NULL), SAP_INVALID);
}

/* GUIDs by their text, as docs/protocol/mei.md section 3 has them. */
static void clients(void **state)
{
	static const char *const rows[][2] = {
		{"13280904-7792-4fcb-a1aa-5e70cbb1e865", "WLAN"},
		{"12f80028-b4b7-4b2d-aca8-46e0ff65814c", "AMTHI"},
		{"6733a4db-0476-4e7b-b3af-bcfc29bee7a7", "LME"},
		{"05b79a6f-4628-4d7f-899d-a91514cb32ab", "WATCHDOG"},
		{"8e6a6715-9abc-4043-88ef-9e39c6f63e0f", "MKHI"},
		{"55213584-9a29-4916-badf-0fb7ed682aeb", "MKHI_FIXED"},
		{"e2c2afa2-3817-4d19-9d95-06b16b588a5d", "GSC_MKHI"},
		{"46e0c1fb-a546-414f-9170-b7f46d57b4ad", "GSC_MKHI_FIXED"},
		{"309dcde8-ccb1-4062-8f78-600115a34327", "FWUPDATE"},
		{"87d90ca5-3495-4559-8105-3fbfa37b8b79", "GSC_FWU"},
		{"865e2b45-8fb5-464a-97dc-5d4abf7b79a2", "GSC_IFR"},
		{"4ed87243-3980-4d8e-b1f9-6fb7c0148c4d", "LATE_BINDING"},
		{"fe2af7a6-ef22-4b45-872f-176b0bbc8b43", "GSC_MCHI"},
		{"dd17041c-09ea-4b17-a271-5b989867ec65", "MCHI"},
		{"082ee5a7-7c25-470a-9643-0c06f0466ea1", "HOTHAM"},
		{"92136c79-5fea-4cfd-980e-23be07fa5e9f", "UPID"},
		{"ed6703fa-d312-4e8b-9ddd-2155bb2dee65", "PSR"},
		{"efa2aaa6-0bb6-4194-aba2-9f59a675eeba", "PSR_FIXED"},
		{"b638ab7e-94e2-4ea2-a552-d1c54b627f04", "HDCP"},
		{"fbf6fcf1-96cf-4e2e-a6a6-1bab8cbe36b1", "PXP"},
		{"d2de1625-382d-417d-48a4-efabba8a1206", "NFC_INFO"},
		{"0bb17a78-2a8e-4c50-94d4-50266723775c", "NFC_HCI"},
		{"bb875e12-cb58-4d14-ae93-8566183c66c7", "ASF_FIXED"},
	};
	const uint32_t n = sizeof(rows) / sizeof(rows[0]);
	struct sap_guid guid;

	(void)state;
	for (uint32_t i = 0; i < n; i++) {
		assert_status(sap_guid_parse(rows[i][0], &guid), SAP_OK);
		assert_non_null(sap_mei_known(&guid));
		assert_string_equal(sap_mei_known(&guid)->name, rows[i][1]);
		assert_ptr_equal(sap_mei_known_at(i), sap_mei_known(&guid));
	}
	assert_true(sap_guid_equal(&sap_mei_known_at(0)->guid, &sap_wlan_guid));
	assert_true(sap_guid_equal(&sap_mei_known_at(1)->guid, &sap_amthi_guid));
	assert_true(sap_guid_equal(&sap_mei_known_at(4)->guid, &sap_mkhi_guid));
	assert_true(sap_guid_equal(&sap_mei_known_at(5)->guid, &sap_mkhi_fixed_guid));
	assert_string_equal(sap_mei_known(&sap_echo_guid)->name, "ECHO");
	assert_null(sap_mei_known_at(n + 1));
	guid.bytes[15] ^= 1;
	assert_null(sap_mei_known(&guid));
	assert_null(sap_mei_known(NULL));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(header_bits),	  cmocka_unit_test(padding_and_lies), cmocka_unit_test(tags),
		cmocka_unit_test(encode_refuses), cmocka_unit_test(clients),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
