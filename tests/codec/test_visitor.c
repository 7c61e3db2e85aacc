// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
/*
 * The visitor and the tables behind it: every byte of every message shown once and in order, at the offsets
 * of docs/protocol/sap.md, and written back where it was read.
 */
#include "support.h"

enum {
	MOST = 2048
};

/* Bytes that are a message's own, so that no two places agree by chance. */
static void fill(uint8_t *bytes, uint32_t n, uint32_t type)
{
	for (uint32_t i = 0; i < n; i++)
		bytes[i] = (uint8_t)((i + 1) * 37 + (i >> 8) * 11 + type);
}

/* Walks one payload: checks order, nesting and bytes of each step, and tells how much was shown. */
static uint32_t walk(const struct sap_message_info *info, const uint8_t *payload, uint32_t len)
{
	struct sap_visitor visitor;
	struct sap_item item;
	uint32_t shown = 0;
	uint32_t depth = 0;
	uint32_t steps = 0;

	sap_visitor_init(&visitor, info, payload, len);
	while (sap_visitor_next(&visitor, &item)) {
		assert_true(++steps < 10000);
		if (item.step == SAP_STEP_CLOSE) {
			assert_true(depth-- > 0);
			continue;
		}
		assert_int_equal(item.offset, shown);
		assert_ptr_equal(item.bytes, payload + item.offset);
		assert_true(item.used <= item.size);
		if (item.step == SAP_STEP_VALUE)
			shown += item.size;
		else
			depth++;
	}
	assert_int_equal(depth, 0);
	assert_false(sap_visitor_next(&visitor, &item));
	return shown;
}

/* Whole, cut at each place, and with bytes to spare: never a byte twice, never one left out. */
static void every_byte_once(void **state)
{
	static uint8_t payload[MOST];

	(void)state;
	for (uint32_t i = 0; sap_info_at(i); i++) {
		const struct sap_message_info *info = sap_info_at(i);

		fill(payload, sizeof(payload), info->type);
		for (uint32_t len = 0; len <= info->least + 3; len++) {
			uint8_t *exact = test_malloc(len ? len : 1);

			memcpy(exact, payload, len);
			assert_int_equal(walk(info, exact, len), len);
			test_free(exact);
		}
	}
	assert_int_equal(walk(NULL, payload, 100), 100);
	assert_int_equal(walk(sap_message_info(SAP_AMT_STATE), NULL, 4), 0);
}

struct place {
	uint32_t type;
	const char *name;
	uint32_t offset;
	uint32_t size;
	uint64_t value; /* of the bytes 01 02 03 ... */
};

/* Offsets as section 6 gives them, counted by hand from the payload's start. */
static const struct place places[] = {
	{SAP_AMT_STATE, "state", 0, 4, 0x04030201},
	{SAP_CSME_CONN_STATUS, "scan_request", 4, 4, 0x08070605},
	{SAP_CSME_CONN_STATUS, "ssid_len", 8, 4, 0x0c0b0a09},
	{SAP_CSME_CONN_STATUS, "ssid", 12, 32, 0},
	{SAP_CSME_CONN_STATUS, "auth_mode", 44, 4, 0x302f2e2d},
	{SAP_CSME_CONN_STATUS, "bssid", 56, 6, 0},
	{SAP_HOST_LINK_UP, "pairwise_cipher", 40, 4, 0x2c2b2a29},
	{SAP_HOST_LINK_UP, "channel", 44, 1, 0x2d},
	{SAP_HOST_LINK_UP, "colloc_channel", 56, 1, 0x39},
	{SAP_HOST_LINK_UP, "colloc_bssid", 60, 6, 0},
	{SAP_HOST_LINK_DOWN, "reason_valid", 3, 1, 4},
	{SAP_HOST_LINK_DOWN, "reason", 4, 4, 0x08070605},
	{SAP_COUNTRY_CODE, "mcc", 0, 2, 0x0201},
	{SAP_COUNTRY_CODE, "diff_time", 4, 4, 0x08070605},
	{SAP_NVM, "n_hw_addrs", 6, 1, 7},
	{SAP_NVM, "radio_cfg", 8, 4, 0x0c0b0a09},
	{SAP_NVM, "nvm_version", 16, 4, 0x14131211},
	{SAP_CSME_FILTERS, "cbfilters", 12, 1728, 0},
	{SAP_CSME_FILTERS, "src_port", 1740, 2, 0xcdce},
	{SAP_CSME_FILTERS, "icmpv6_flags", 1740 + 84, 4, 0x24232221},
	{SAP_CSME_FILTERS, "addr_lo24", 1740 + 88, 3, 0},
	{SAP_CSME_FILTERS, "ipv4_addr", 1740 + 140, 4, 0x595a5b5c},
	{SAP_CB_DATA_PACKET, "to_me_filt_status", 28, 4, 0x201f1e1d},
	{SAP_CB_DATA_PACKET, "data_len", 36, 4, 0x28272625},
};

/* The first field of that name. */
static bool find(uint32_t type, const char *name, const uint8_t *payload, uint32_t len, struct sap_item *item)
{
	struct sap_visitor visitor;

	sap_visitor_init(&visitor, sap_message_info(type), payload, len);
	while (sap_visitor_next(&visitor, item)) {
		if (item->step == SAP_STEP_VALUE && !strcmp(item->field->name, name))
			return true;
	}
	return false;
}

static void fields_stand_where_the_notes_say(void **state)
{
	static uint8_t payload[MOST];

	(void)state;
	for (uint32_t i = 0; i < MOST; i++)
		payload[i] = (uint8_t)(i + 1);
	for (uint32_t i = 0; i < sizeof(places) / sizeof(places[0]); i++) {
		struct sap_item item;

		assert_true(find(places[i].type, places[i].name, payload, 1896, &item));
		assert_int_equal(item.offset, places[i].offset);
		assert_int_equal(item.size, places[i].size);
		assert_true(item.value == places[i].value);
	}
}

/* A structure that is rebuilt from what the visitor showed is the payload it was shown. */
static void store_is_the_reverse(void **state)
{
	static uint8_t payload[MOST];
	static uint8_t again[MOST];

	(void)state;
	for (uint32_t i = 0; sap_info_at(i); i++) {
		const struct sap_message_info *info = sap_info_at(i);
		uint32_t len = info->least + 5;
		struct sap_visitor visitor;
		struct sap_item item;

		fill(payload, len, info->type);
		memset(again, 0, sizeof(again));
		sap_visitor_init(&visitor, info, payload, len);
		while (sap_visitor_next(&visitor, &item)) {
			if (item.step != SAP_STEP_VALUE)
				continue;
			if (item.field->kind == SAP_FIELD_UINT || item.field->kind == SAP_FIELD_UINT_BE)
				assert_status(sap_field_store(&item, again, len, item.value), SAP_OK);
			else
				memcpy(again + item.offset, item.bytes, item.size);
		}
		assert_memory_equal(again, payload, len);
	}
}

static void store_checks(void **state)
{
	uint8_t payload[68] = {0};
	struct sap_item item;

	(void)state;
	assert_true(find(SAP_HOST_LINK_UP, "channel", payload, 68, &item));
	assert_status(sap_field_store(&item, payload, 68, 255), SAP_OK);
	assert_int_equal(payload[44], 255);
	assert_status(sap_field_store(&item, payload, 68, 256), SAP_BAD_VALUE);
	assert_status(sap_field_store(&item, payload, 44, 1), SAP_TOO_SMALL);
	assert_status(sap_field_store(&item, payload, 43, 1), SAP_TOO_SMALL);
	assert_int_equal(payload[44], 255);
	assert_status(sap_field_store(&item, payload, 45, 1), SAP_OK);
	assert_true(find(SAP_HOST_LINK_UP, "auth_mode", payload, 68, &item));
	assert_status(sap_field_store(&item, payload, 68, 0x100000000), SAP_BAD_VALUE);
	assert_status(sap_field_store(&item, payload, 68, 0xffffffff), SAP_OK);
	assert_true(find(SAP_HOST_LINK_UP, "bssid", payload, 68, &item));
	assert_status(sap_field_store(&item, payload, 68, 1), SAP_INVALID);
	assert_status(sap_field_store(NULL, payload, 68, 1), SAP_INVALID);
}

static void ssid_counts_as_long_as_it_says(void **state)
{
	uint8_t payload[68] = {0};
	struct sap_item item;

	(void)state;
	for (uint32_t n = 0; n <= 33; n++) {
		payload[0] = (uint8_t)n;
		assert_true(find(SAP_HOST_LINK_UP, "ssid", payload, 68, &item));
		assert_int_equal(item.used, n > 32 ? 32 : n);
	}
	payload[3] = 0x80; /* two thousand million bytes of SSID */
	assert_true(find(SAP_HOST_LINK_UP, "ssid", payload, 68, &item));
	assert_int_equal(item.used, 32);
}

static void versions_end_at_zero(void **state)
{
	uint8_t payload[76] = {0};
	struct sap_visitor visitor;
	struct sap_item item;

	(void)state;
	payload[12] = 3;
	payload[13] = 4;
	payload[15] = 9;
	sap_visitor_init(&visitor, sap_me_info(SAP_ME_START), payload, 76);
	for (uint32_t i = 0; i < 4; i++)
		assert_true(sap_visitor_next(&visitor, &item));
	assert_string_equal(item.field->name, "supported_versions");
	assert_int_equal(item.size, 64);
	assert_int_equal(item.used, 2);
}

/* The frame is as long as data_len says, what follows is shown as extra; a lie ends with the payload. */
static void frame_is_limited(void **state)
{
	uint8_t payload[60] = {0};
	struct sap_item item;

	(void)state;
	payload[36] = 14;
	assert_true(find(SAP_CB_DATA_PACKET, "frame", payload, 60, &item));
	assert_int_equal(item.size, 14);
	assert_true(find(SAP_CB_DATA_PACKET, "extra", payload, 60, &item));
	assert_int_equal(item.offset, 54);
	assert_int_equal(item.size, 6);
	payload[39] = 0xff;
	assert_true(find(SAP_CB_DATA_PACKET, "frame", payload, 60, &item));
	assert_int_equal(item.size, 20);
	assert_false(find(SAP_CB_DATA_PACKET, "extra", payload, 60, &item));
}

/* Cut inside its connection, a link still shows what is there of it. */
static void a_cut_structure_is_opened(void **state)
{
	uint8_t payload[46] = {0};
	struct sap_item item;

	(void)state;
	payload[44] = 6;
	assert_true(find(SAP_HOST_LINK_UP, "channel", payload, 45, &item));
	assert_int_equal(item.value, 6);
	assert_false(find(SAP_HOST_LINK_UP, "channel", payload, 44, &item));
	assert_false(find(SAP_HOST_LINK_UP, "auth_mode", payload, 39, &item));
	assert_true(find(SAP_HOST_LINK_UP, "extra", payload, 39, &item));
	assert_int_equal(item.offset, 36);
	assert_true(find(SAP_SAR_LIMITS, "limits", payload, 7, &item));
	assert_true(find(SAP_SAR_LIMITS, "extra", payload, 7, &item));
	assert_int_equal(item.offset, 6);
}

/* What decode drops is just what the visitor calls reserved or extra. */
static void values_keep_all_but_reserved(void **state)
{
	static uint8_t bytes[8 + MOST];
	static uint8_t again[8 + MOST];

	(void)state;
	for (uint32_t i = 0; sap_info_at(i); i++) {
		const struct sap_message_info *info = sap_info_at(i);
		struct sap_visitor visitor;
		struct sap_item item;
		struct sap_message m;
		uint32_t len;

		if (info->carrier == SAP_IN_ME)
			continue;
		fill(bytes, sizeof(bytes), info->type);
		sap_header_encode(&(struct sap_header){(uint16_t)info->type, (uint16_t)info->least, 5},
				  bytes);
		if (info->type == SAP_CB_DATA_PACKET)
			memcpy(bytes + 8 + 36, "\x0e\x00\x00\x00", 4);
		assert_status(sap_message_decode(bytes, 8 + info->least, &m), SAP_OK);
		assert_status(sap_message_encode(&m, again, sizeof(again), &len), SAP_OK);
		assert_int_equal(len, 8 + info->least);
		sap_visitor_init(&visitor, info, bytes + 8, info->least);
		while (sap_visitor_next(&visitor, &item)) {
			bool dropped = item.field->kind == SAP_FIELD_RESERVED;

			/* NVM and filters travel as they are. */
			if (item.step == SAP_STEP_VALUE &&
			    (!dropped || info->type == SAP_NVM || info->type == SAP_CSME_FILTERS))
				assert_memory_equal(again + 8 + item.offset, item.bytes, item.size);
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_byte_once),
		cmocka_unit_test(fields_stand_where_the_notes_say),
		cmocka_unit_test(store_is_the_reverse),
		cmocka_unit_test(store_checks),
		cmocka_unit_test(ssid_counts_as_long_as_it_says),
		cmocka_unit_test(versions_end_at_zero),
		cmocka_unit_test(frame_is_limited),
		cmocka_unit_test(a_cut_structure_is_opened),
		cmocka_unit_test(values_keep_all_but_reserved),
	};

	return cmocka_run_group_tests_name("visitor", tests, NULL, NULL);
}
