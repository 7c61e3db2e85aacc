// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
/* Names: of messages against the list in docs/protocol/sap.md section 5, of values, statuses and GUIDs. */
#include "support.h"

struct row {
	uint32_t type;
	const char *name;
	enum sap_direction direction;
	enum sap_carrier carrier;
	uint32_t least;
};

/* Copied by eye from the notes' tables. A packet has at least an Ethernet header (hazard 4). */
static const struct row rows[] = {
	{1, "START", SAP_TO_CSME, SAP_IN_ME, 76},
	{2, "START_OK", SAP_TO_HOST, SAP_IN_ME, 8},
	{3, "CHECK_SHARED_AREA", SAP_BOTH_WAYS, SAP_IN_ME, 0},
	{1, "PING", SAP_BOTH_WAYS, SAP_IN_NOTIF, 0},
	{2, "PONG", SAP_BOTH_WAYS, SAP_IN_NOTIF, 0},
	{500, "CSME_FILTERS", SAP_TO_HOST, SAP_IN_NOTIF, 1896},
	{502, "AMT_STATE", SAP_TO_HOST, SAP_IN_NOTIF, 4},
	{503, "CSME_REPLY_TO_HOST_OWNERSHIP_REQ", SAP_TO_HOST, SAP_IN_NOTIF, 4},
	{504, "CSME_TAKING_OWNERSHIP", SAP_TO_HOST, SAP_IN_NOTIF, 0},
	{505, "TRIGGER_IP_REFRESH", SAP_TO_HOST, SAP_IN_NOTIF, 0},
	{506, "CSME_CAN_RELEASE_OWNERSHIP", SAP_TO_HOST, SAP_IN_NOTIF, 0},
	{511, "NIC_OWNER", SAP_TO_HOST, SAP_IN_NOTIF, 4},
	{512, "CSME_CONN_STATUS", SAP_TO_HOST, SAP_IN_NOTIF, 64},
	{513, "NVM", SAP_TO_HOST, SAP_IN_NOTIF, 460},
	{518, "PLDR_ACK", SAP_TO_HOST, SAP_IN_NOTIF, 8},
	{1000, "BAND_SELECTION", SAP_TO_CSME, SAP_IN_NOTIF, 0},
	{1001, "RADIO_STATE", SAP_TO_CSME, SAP_IN_NOTIF, 4},
	{1002, "NIC_INFO", SAP_TO_CSME, SAP_IN_NOTIF, 12},
	{1003, "HOST_ASKS_FOR_NIC_OWNERSHIP", SAP_TO_CSME, SAP_IN_NOTIF, 0},
	{1004, "HOST_SUSPENDS", SAP_TO_CSME, SAP_IN_NOTIF, 4},
	{1005, "HOST_RESUMES", SAP_TO_CSME, SAP_IN_NOTIF, 4},
	{1006, "HOST_GOES_DOWN", SAP_TO_CSME, SAP_IN_NOTIF, 0},
	{1007, "CSME_OWNERSHIP_CONFIRMED", SAP_TO_CSME, SAP_IN_NOTIF, 0},
	{1008, "COUNTRY_CODE", SAP_TO_CSME, SAP_IN_NOTIF, 8},
	{1009, "HOST_LINK_UP", SAP_TO_CSME, SAP_IN_NOTIF, 68},
	{1010, "HOST_LINK_DOWN", SAP_TO_CSME, SAP_IN_NOTIF, 8},
	{1011, "WHO_OWNS_NIC", SAP_TO_CSME, SAP_IN_NOTIF, 0},
	{1012, "WIFIDR_DOWN", SAP_TO_CSME, SAP_IN_NOTIF, 0},
	{1013, "WIFIDR_UP", SAP_TO_CSME, SAP_IN_NOTIF, 0},
	{1015, "HOST_OWNERSHIP_CONFIRMED", SAP_TO_CSME, SAP_IN_NOTIF, 0},
	{1016, "SAR_LIMITS", SAP_TO_CSME, SAP_IN_NOTIF, 20},
	{1017, "GET_NVM", SAP_TO_CSME, SAP_IN_NOTIF, 0},
	{1024, "PLDR", SAP_TO_CSME, SAP_IN_NOTIF, 4},
	{1025, "PLDR_END", SAP_TO_CSME, SAP_IN_NOTIF, 8},
	{2000, "DATA_PACKET", SAP_BOTH_WAYS, SAP_IN_DATA, 14},
	{2001, "CB_DATA_PACKET", SAP_TO_CSME, SAP_IN_DATA, 54},
};

enum {
	ROWS = sizeof(rows) / sizeof(rows[0])
};

static void messages_as_the_notes_list_them(void **state)
{
	(void)state;
	for (uint32_t i = 0; i < ROWS; i++) {
		const struct sap_message_info *info = sap_info_at(i);

		assert_non_null(info);
		assert_int_equal(info->type, rows[i].type);
		assert_string_equal(info->name, rows[i].name);
		assert_int_equal(info->direction, rows[i].direction);
		assert_int_equal(info->carrier, rows[i].carrier);
		assert_int_equal(info->least, rows[i].least);
		assert_ptr_equal(sap_info_by_name(rows[i].name), info);
		assert_ptr_equal(info->carrier == SAP_IN_ME ? sap_me_info(info->type)
							    : sap_message_info(info->type),
				 info);
	}
	assert_null(sap_info_at(ROWS));
	assert_null(sap_info_at(UINT32_MAX));
}

static void no_message_of_that_name_or_number(void **state)
{
	static const char *const names[] = {"", "PIN", "PINGS", "ping", "501"};

	(void)state;
	for (uint32_t i = 0; i < 5; i++)
		assert_null(sap_info_by_name(names[i]));
	assert_null(sap_info_by_name(NULL));
	assert_null(sap_message_info(0));
	assert_null(sap_message_info(501));
	assert_null(sap_message_info(SAP_PING + 0x10000));
	assert_null(sap_me_info(0));
	assert_null(sap_me_info(4));
}

static const struct sap_names *names_in(uint32_t type, const char *field)
{
	const struct sap_message_info *info = sap_message_info(type);

	for (uint32_t i = 0; i < info->n_fields; i++) {
		if (!strcmp(info->fields[i].name, field))
			return info->fields[i].names;
	}
	return NULL;
}

static void names_of_values(void **state)
{
	const struct sap_names *owner = names_in(SAP_NIC_OWNER, "owner");
	const struct sap_names *suspend = names_in(SAP_HOST_SUSPENDS, "flags");
	const struct sap_names *status = names_in(SAP_CB_DATA_PACKET, "to_me_filt_status");

	(void)state;
	assert_string_equal(sap_name_of(owner, 0), "UNKNOWN");
	assert_string_equal(sap_name_of(owner, 2), "CSME");
	assert_null(sap_name_of(owner, 3));
	assert_string_equal(sap_name_of(suspend, 1), "OFFER_NIC");
	assert_string_equal(sap_name_of(suspend, 16), "LINK_PROTECTED");
	assert_string_equal(sap_name_of(status, 0x40000000), "DHCP");
	assert_null(sap_name_of(NULL, 0));
}

static void statuses_have_names_and_words(void **state)
{
	static const enum sap_status all[] = {
		SAP_OK,		 SAP_INVALID,	   SAP_TOO_SMALL,   SAP_MISALIGNED, SAP_BAD_VALUE,
		SAP_WRONG_QUEUE, SAP_NOT_RESERVED, SAP_NOT_OPEN,    SAP_TOO_SHORT,  SAP_UNKNOWN_TYPE,
		SAP_CORRUPT,	 SAP_BAD_MAGIC,	   SAP_BAD_LAYOUT,  SAP_NO_ROOM,    SAP_NOT_UP,
		SAP_WRONG_STATE, SAP_CLOSED,	   SAP_UNSUPPORTED, SAP_IO,	    SAP_BUSY,
		SAP_TOO_LONG,	 SAP_AGAIN,
	};

	(void)state;
	for (uint32_t i = 0; i < sizeof(all) / sizeof(all[0]); i++) {
		assert_string_not_equal(sap_status_name(all[i]), "?");
		assert_string_not_equal(sap_strerror(all[i]), "no status");
		for (uint32_t k = 0; k < i; k++) {
			assert_string_not_equal(sap_status_name(all[i]), sap_status_name(all[k]));
			assert_string_not_equal(sap_strerror(all[i]), sap_strerror(all[k]));
		}
	}
	assert_string_equal(sap_status_name((enum sap_status)7), "?");
	assert_string_equal(sap_strerror((enum sap_status) - 999), "no status");
}

static void groups(void **state)
{
	(void)state;
	assert_int_equal(sap_status_group(SAP_OK), SAP_GROUP_OK);
	assert_int_equal(sap_status_group(SAP_NOT_OPEN), SAP_GROUP_USAGE);
	assert_int_equal(sap_status_group(SAP_CORRUPT), SAP_GROUP_PEER);
	assert_int_equal(sap_status_group(SAP_NO_ROOM), SAP_GROUP_ROOM);
	assert_int_equal(sap_status_group(SAP_AGAIN), SAP_GROUP_AGAIN);
	assert_int_equal(sap_status_group((enum sap_status) - 299), SAP_GROUP_USAGE);
	assert_int_equal(sap_status_group((enum sap_status)5), SAP_GROUP_USAGE);
	assert_int_equal(sap_status_group((enum sap_status) - 600), SAP_GROUP_USAGE);
	assert_int_equal(sap_status_group((enum sap_status)INT32_MIN), SAP_GROUP_USAGE);
}

static void what_took_a_message(void **state)
{
	(void)state;
	assert_true(sap_status_took(SAP_OK));
	assert_true(sap_status_took(SAP_UNKNOWN_TYPE));
	assert_true(sap_status_took(SAP_TOO_SHORT));
	assert_true(sap_status_took(SAP_TOO_LONG));
	assert_false(sap_status_took(SAP_AGAIN));
	assert_false(sap_status_took(SAP_CORRUPT));
	assert_false(sap_status_took(SAP_NOT_OPEN));
	assert_false(sap_status_took(SAP_INVALID));
	assert_false(sap_status_took(SAP_TOO_SMALL));
}

/* By the notes' tables: each message in the queues of who writes it, notifications and data apart. */
static void which_queue_carries_what(void **state)
{
	(void)state;
	for (uint32_t i = 3; i < ROWS; i++) {
		bool data = rows[i].type >= 2000;
		bool host = rows[i].type < 500 || rows[i].type == 2000 || rows[i].type >= 1000;
		bool csme = rows[i].type < 1000 || rows[i].type == 2000;

		host = host && rows[i].type != 500;
		assert_int_equal(sap_queue_carries(SAP_HOST_NOTIF, rows[i].type), host && !data);
		assert_int_equal(sap_queue_carries(SAP_HOST_DATA, rows[i].type), host && data);
		assert_int_equal(sap_queue_carries(SAP_CSME_NOTIF, rows[i].type), csme && !data);
		assert_int_equal(sap_queue_carries(SAP_CSME_DATA, rows[i].type), csme && data);
	}
	assert_false(sap_queue_carries(SAP_HOST_NOTIF, 501));
	assert_false(sap_queue_carries(SAP_QUEUES, SAP_PING));
}

static void guid_as_text_and_bytes(void **state)
{
	/* The wire order of section 3 of the MEI notes: first three groups little-endian. */
	static const uint8_t wlan[16] = {0x04, 0x09, 0x28, 0x13, 0x92, 0x77, 0xcb, 0x4f,
					 0xa1, 0xaa, 0x5e, 0x70, 0xcb, 0xb1, 0xe8, 0x65};
	static const char *const good[] = {
		"13280904-7792-4fcb-a1aa-5e70cbb1e865",
		"13280904-7792-4FCB-A1AA-5E70CBB1E865",
		"{13280904-7792-4fcb-a1aa-5e70cbb1e865}",
	};
	char text[SAP_GUID_TEXT_SIZE];
	struct sap_guid guid;

	(void)state;
	assert_memory_equal(sap_wlan_guid.bytes, wlan, 16);
	sap_guid_format(&sap_wlan_guid, text);
	assert_string_equal(text, good[0]);
	for (uint32_t i = 0; i < 3; i++) {
		memset(&guid, 0, sizeof(guid));
		assert_status(sap_guid_parse(good[i], &guid), SAP_OK);
		assert_true(sap_guid_equal(&guid, &sap_wlan_guid));
	}
	guid.bytes[15] ^= 1;
	assert_false(sap_guid_equal(&guid, &sap_wlan_guid));
}

static void guid_text_that_is_none(void **state)
{
	static const char *const bad[] = {
		"",
		"{",
		"13280904",
		"13280904-7792-4fcb-a1aa-5e70cbb1e86",
		"13280904-7792-4fcb-a1aa-5e70cbb1e8655",
		"13280904-7792-4fcb-a1aa-5e70cbb1e86g",
		"13280904-7792-4fcb-a1aa-5e70cbb1e865 ",
		"132809047-792-4fcb-a1aa-5e70cbb1e865",
		"{13280904-7792-4fcb-a1aa-5e70cbb1e865",
		"13280904-7792-4fcb-a1aa-5e70cbb1e865}",
		"1328090:-7792-4fcb-a1aa-5e70cbb1e865",
		"1328090/-7792-4fcb-a1aa-5e70cbb1e865",
	};
	struct sap_guid guid = {{7}};

	(void)state;
	for (uint32_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		/* At the end of its memory, so that a read past the end is seen. */
		char *exact = test_malloc(strlen(bad[i]) + 1);

		memcpy(exact, bad[i], strlen(bad[i]) + 1);
		assert_status(sap_guid_parse(exact, &guid), SAP_BAD_VALUE);
		test_free(exact);
	}
	assert_int_equal(guid.bytes[0], 7);
	assert_status(sap_guid_parse(NULL, &guid), SAP_INVALID);
	assert_status(sap_guid_parse(bad[0], NULL), SAP_INVALID);
}

static void version_of_headers_and_library(void **state)
{
	(void)state;
	assert_string_equal(sap_version(), SAP_VERSION);
	assert_int_equal(SAP_VERSION[0] - '0', SAP_VERSION_MAJOR);
	assert_int_equal(SAP_VERSION[2] - '0', SAP_VERSION_MINOR);
	assert_int_equal(SAP_VERSION[4] - '0', SAP_VERSION_PATCH);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(messages_as_the_notes_list_them),
		cmocka_unit_test(no_message_of_that_name_or_number),
		cmocka_unit_test(names_of_values),
		cmocka_unit_test(statuses_have_names_and_words),
		cmocka_unit_test(groups),
		cmocka_unit_test(what_took_a_message),
		cmocka_unit_test(which_queue_carries_what),
		cmocka_unit_test(guid_as_text_and_bytes),
		cmocka_unit_test(guid_text_that_is_none),
		cmocka_unit_test(version_of_headers_and_library),
	};

	return cmocka_run_group_tests_name("names", tests, NULL, NULL);
}
