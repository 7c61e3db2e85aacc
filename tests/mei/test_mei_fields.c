// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
/*
 * The MEI bus's tables: every byte of every message shown once and in order, at the offsets of
 * docs/protocol/mei.md; arrays whose count the message tells; secrets that are not shown.
 */
#include "support.h"

#include <sap/mei/fields.h>

enum {
	MOST = 2400
};

/* Walks one payload and tells how much was shown. */
static uint32_t walk(const struct sap_message_info *info, const uint8_t *payload, uint32_t len)
{
	struct sap_visitor visitor;
	struct sap_item item;
	uint32_t shown = 0, depth = 0, steps = 0;

	sap_visitor_init(&visitor, info, payload, len);
	while (sap_visitor_next(&visitor, &item)) {
		assert_true(++steps < 10000);
		if (item.step == SAP_STEP_CLOSE) {
			assert_true(depth-- > 0);
			continue;
		}
		assert_int_equal(item.offset, shown);
		if (item.field->show == SAP_SHOW_SECRET)
			assert_true(!item.bytes && !item.used);
		else
			assert_ptr_equal(item.bytes, payload + item.offset);
		assert_true(item.used <= item.size);
		if (item.step == SAP_STEP_VALUE)
			shown += item.size;
		else
			depth++;
	}
	assert_int_equal(depth, 0);
	return shown;
}

static void every_byte_once(void **state)
{
	static uint8_t payload[MOST];

	(void)state;
	for (uint32_t i = 0; sap_mei_info_at(i); i++) {
		const struct sap_message_info *info = sap_mei_info_at(i);

		for (uint32_t fill = 0; fill < 4; fill++) {
			test_pattern(payload, sizeof(payload), fill + i);
			/* Counts and lengths small now and then, so that they do not all lie. */
			if (fill & 1)
				memset(payload, (int)fill, 100);
			for (uint32_t len = 0; len <= info->least + 100; len++) {
				uint8_t *exact = test_malloc(len ? len : 1);

				memcpy(exact, payload, len);
				assert_int_equal(walk(info, exact, len), len);
				test_free(exact);
			}
		}
	}
}

struct place {
	enum sap_carrier carrier;
	uint32_t type;
	const char *name;
	uint32_t offset;
	uint32_t size;
};

/* Offsets counted by hand from where the payload begins. */
static const struct place places[] = {
	{SAP_IN_HBM, 0x01, "minor", 1, 1},
	{SAP_IN_HBM, 0x81, "supported", 0, 1},
	{SAP_IN_HBM, 0x81, "major", 2, 1},
	{SAP_IN_HBM, 0x84, "bitmap", 3, 32},
	{SAP_IN_HBM, 0x85, "status", 1, 1},
	{SAP_IN_HBM, 0x85, "guid", 3, 16},
	{SAP_IN_HBM, 0x85, "max_connections", 20, 1},
	{SAP_IN_HBM, 0x85, "flags", 22, 1},
	{SAP_IN_HBM, 0x85, "max_msg_length", 23, 4},
	{SAP_IN_HBM, 0x86, "status", 2, 1},
	{SAP_IN_HBM, 0x08, "host_addr", 1, 1},
	{SAP_IN_HBM, 0x90, "start", 3, 1},
	{SAP_IN_HBM, 0x12, "addr_hi", 3, 4},
	{SAP_IN_HBM, 0x93, "flags", 0, 3},
	{SAP_IN_HBM, 0x14, "buffer_id", 0, 1},
	{SAP_IN_HBM, 0x14, "address_msb", 7, 4},
	{SAP_IN_HBM, 0x14, "size", 11, 4},
	{SAP_IN_HBM, 0x15, "buffer_id", 1, 1},
	{SAP_IN_AMTHI, 0x0480001a, "bios", 0, 65},
	{SAP_IN_AMTHI, 0x0480001a, "entries", 65, 4},
	{SAP_IN_AMTHI, 0x0480001b, "kvm", 36, 4},
	{SAP_IN_AMTHI, 0x04800025, "host", 6, 6},
	{SAP_IN_AMTHI, 0x0480002d, "algorithm", 72, 1},
	{SAP_IN_AMTHI, 0x04800046, "trigger", 8, 4},
	{SAP_IN_AMTHI, 0x04800048, "dhcp_mode", 12, 1},
	{SAP_IN_AMTHI, 0x04800048, "mac", 14, 6},
	{SAP_IN_AMTHI, 0x0480004e, "address", 2, 46},
	{SAP_IN_AMTHI, 0x04800056, "host_len", 16, 4},
	{SAP_IN_AMTHI, 0x01800001, "last_reset", 24, 1},
	{SAP_IN_MKHI, 0xff82, "major", 2, 1},
	{SAP_IN_MKHI, 0xff82, "hotfix", 6, 2},
	{SAP_IN_MKHI, 0x0306, "data_len", 4, 1},
};

static const struct sap_message_info *info_of(const struct place *place)
{
	switch (place->carrier) {
	case SAP_IN_HBM:
		return sap_hbm_info(place->type);
	case SAP_IN_AMTHI:
		return sap_amthi_info(place->type);
	default:
		return sap_mkhi_info(place->type);
	}
}

static bool find(const struct sap_message_info *info, const char *name, const uint8_t *payload, uint32_t len,
		 struct sap_item *item)
{
	struct sap_visitor visitor;

	sap_visitor_init(&visitor, info, payload, len);
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
	for (size_t i = 0; i < sizeof(places) / sizeof(places[0]); i++) {
		const struct sap_message_info *info = info_of(&places[i]);
		struct sap_item item;

		assert_non_null(info);
		assert_true(find(info, places[i].name, payload, sizeof(payload), &item));
		assert_int_equal(item.offset, places[i].offset);
		assert_int_equal(item.size, places[i].size);
	}
}

static uint32_t elements(const struct sap_message_info *info, const uint8_t *payload, uint32_t len,
			 const char *array)
{
	struct sap_visitor visitor;
	struct sap_item item;
	uint32_t n = 0;

	sap_visitor_init(&visitor, info, payload, len);
	while (sap_visitor_next(&visitor, &item))
		n += item.step == SAP_STEP_OPEN_STRUCT && item.element && !strcmp(item.field->name, array);
	return n;
}

static void counts_are_obeyed(void **state)
{
	const struct sap_message_info *versions = sap_amthi_info(0x0480001a);
	const struct sap_message_info *blocks = sap_mkhi_info(0xff82);
	uint8_t payload[69 + 3 * 44] = {0};
	struct sap_item item;

	(void)state;
	payload[65] = 2;
	assert_int_equal(elements(versions, payload, sizeof(payload), "versions"), 2);
	assert_true(find(versions, "extra", payload, sizeof(payload), &item));
	assert_int_equal(item.size, 44);
	payload[65] = 200;
	assert_int_equal(elements(versions, payload, sizeof(payload), "versions"), 3);
	payload[65] = 0;
	assert_int_equal(elements(versions, payload, sizeof(payload), "versions"), 0);
	for (uint32_t n = 0; n <= 3; n++)
		assert_int_equal(elements(blocks, payload, n * 8 + 7, "blocks"), n);
}

static void texts_end_at_their_last_letter(void **state)
{
	uint8_t payload[69] = "BIOS 1.2";
	struct sap_item item;

	(void)state;
	assert_true(find(sap_amthi_info(0x0480001a), "bios", payload, sizeof(payload), &item));
	assert_int_equal(item.used, 8);
	assert_int_equal(item.size, 65);
}

static void no_byte_of_a_secret(void **state)
{
	const struct sap_message_info *account = sap_amthi_info(0x04800067);
	uint8_t payload[66];
	struct sap_item item;

	(void)state;
	memset(payload, 'p', sizeof(payload));
	assert_string_equal(account->name, "GET_LOCAL_SYSTEM_ACCOUNT");
	assert_true(find(account, "secret", payload, sizeof(payload), &item));
	assert_int_equal(item.size, 66);
	assert_null(item.bytes);
	assert_int_equal(item.used, 0);
	assert_int_equal(item.value, 0);
}

/* Every message of the notes' tables, by number. */
static void as_the_notes_list_them(void **state)
{
	static const uint32_t amthi[] = {0x01000001, 0x04000006, 0x04000008, 0x04000010, 0x04000011,
					 0x0400001a, 0x0400001b, 0x04000025, 0x04000028, 0x04000029,
					 0x0400002c, 0x0400002d, 0x0400002e, 0x0400002f, 0x04000030,
					 0x04000036, 0x0400003e, 0x0400003f, 0x04000044, 0x04000045,
					 0x04000046, 0x04000047, 0x04000048, 0x04000049, 0x0400004a,
					 0x0400004d, 0x0400004e, 0x04000050, 0x04000052, 0x04000056,
					 0x04000058, 0x0400005b, 0x0400005c, 0x0400005e, 0x04000067,
					 0x0400006b, 0x04000084, 0x0400008b, 0x0400008e};
	static const uint32_t mkhi[] = {0x0302, 0x0306, 0xff01, 0xff02, 0xff0a, 0xff18, 0xff1d};
	uint32_t i = 31;

	(void)state;
	for (uint32_t k = 0; k < sizeof(amthi) / sizeof(amthi[0]); k++, i += 2) {
		assert_int_equal(sap_mei_info_at(i)->type, amthi[k]);
		assert_int_equal(sap_mei_info_at(i)->direction, SAP_TO_CSME);
		assert_int_equal(sap_mei_info_at(i + 1)->type, amthi[k] | 0x00800000);
		assert_int_equal(sap_mei_info_at(i + 1)->direction, SAP_TO_HOST);
		assert_ptr_equal(sap_amthi_info(amthi[k]), sap_mei_info_at(i));
	}
	for (uint32_t k = 0; k < sizeof(mkhi) / sizeof(mkhi[0]); k++, i += 2) {
		assert_int_equal(sap_mei_info_at(i)->type, mkhi[k]);
		assert_int_equal(sap_mei_info_at(i + 1)->type, mkhi[k] | 0x80);
	}
	assert_null(sap_mei_info_at(i));
	assert_null(sap_amthi_info(0xff02));
	assert_null(sap_mkhi_info(0x04000008));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_byte_once),     cmocka_unit_test(fields_stand_where_the_notes_say),
		cmocka_unit_test(counts_are_obeyed),   cmocka_unit_test(texts_end_at_their_last_letter),
		cmocka_unit_test(no_byte_of_a_secret), cmocka_unit_test(as_the_notes_list_them),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
