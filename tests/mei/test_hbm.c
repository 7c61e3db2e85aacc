// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
/* HBM: every command against bytes written by hand from docs/protocol/mei.md section 2. */
#include "support.h"

#include <sap/mei/hbm.h>

/* Properties of a client, 24 bytes: the WLAN client's GUID, version 2, 1 connection, dynamic, both flags, 2048. */
#define PROPS                                                                                              \
	0x04, 0x09, 0x28, 0x13, 0x92, 0x77, 0xcb, 0x4f, 0xa1, 0xaa, 0x5e, 0x70, 0xcb, 0xb1, 0xe8, 0x65, 2, \
		1, 0, 3, 0x00, 0x08, 0x00, 0x00

static const struct sap_hbm_properties props = {
	.guid = {{0x04, 0x09, 0x28, 0x13, 0x92, 0x77, 0xcb, 0x4f, 0xa1, 0xaa, 0x5e, 0x70, 0xcb, 0xb1, 0xe8,
		  0x65}},
	.protocol_version = 2,
	.max_connections = 1,
	.fixed_address = 0,
	.flags = 3,
	.max_msg_length = 2048,
};

struct row {
	struct sap_hbm_message value;
	uint32_t len;
	uint8_t bytes[SAP_HBM_MAX_SIZE];
};

/* clang-format off */
static const struct row rows[] = {
	{{.command = 0x01, .host_start = {2, 3}}, 4, {0x01, 0, 2, 3}},
	{{.command = 0x81, .host_start_response = {1, 2, 3}}, 4, {0x81, 1, 2, 3}},
	{{.command = 0x02, .stop = {6}}, 4, {0x02, 6, 0, 0}},
	{{.command = 0x82}, 4, {0x82, 0, 0, 0}},
	{{.command = 0x03, .stop = {8}}, 4, {0x03, 8, 0, 0}},
	{{.command = 0x04, .host_enum = {3}}, 4, {0x04, 3, 0, 0}},
	{{.command = 0x84, .host_enum_response = {{[0] = 0x82, [31] = 0x80}}}, 36,
	 {0x84, 0, 0, 0, [4] = 0x82, [35] = 0x80}},
	{{.command = 0x05, .client_properties = {7}}, 4, {0x05, 7, 0, 0}},
	{{.command = 0x85, .client_properties_response = {7, 1, {{{0}}, 0, 0, 0, 0, 0}}}, 28, {0x85, 7, 1, 0}},
	{{.command = 0x06, .connection = {7, 9}}, 4, {0x06, 7, 9, 0}},
	{{.command = 0x86, .connection_response = {7, 9, 3}}, 4, {0x86, 7, 9, 3}},
	{{.command = 0x07, .connection = {7, 9}}, 4, {0x07, 7, 9, 0}},
	{{.command = 0x87, .connection_response = {7, 9, 1}}, 4, {0x87, 7, 9, 1}},
	{{.command = 0x08, .connection = {7, 9}}, 8, {0x08, 7, 9, 0, 0, 0, 0, 0}},
	{{.command = 0x0a}, 4, {0x0a, 0, 0, 0}},
	{{.command = 0x8a}, 4, {0x8a, 0, 0, 0}},
	{{.command = 0x0b}, 4, {0x0b, 0, 0, 0}},
	{{.command = 0x8b}, 4, {0x8b, 0, 0, 0}},
	{{.command = 0x8f, .add_client_response = {7, 4}}, 4, {0x8f, 7, 4, 0}},
	{{.command = 0x10, .notify = {7, 9, 1}}, 4, {0x10, 7, 9, 1}},
	{{.command = 0x90, .notify_response = {7, 9, 5, 1}}, 8, {0x90, 7, 9, 5, 1, 0, 0, 0}},
	{{.command = 0x11, .connection = {7, 9}}, 4, {0x11, 7, 9, 0}},
	{{.command = 0x12, .dma_setup = {{{1, 2, 3}, {0x04030201, 5, 6}, {7, 8, 0x0c0b0a09}}}}, 40,
	 {0x12, 0, 0, 0, 1, 0, 0, 0, 2, 0, 0, 0, 3, 0, 0, 0, 1, 2, 3, 4, 5, 0, 0, 0, 6, 0, 0, 0,
	  7, 0, 0, 0, 8, 0, 0, 0, 9, 10, 11, 12}},
	{{.command = 0x92, .dma_response = {5}}, 4, {0x92, 5, 0, 0}},
	{{.command = 0x13, .capabilities = {5}}, 4, {0x13, 5, 0, 0}},
	/* The frame that the Linux kernel wants for client DMA (docs/protocol/linux-mei.md). */
	{{.command = 0x93, .capabilities = {4}}, 4, {0x93, 4, 0, 0}},
	{{.command = 0x93, .capabilities = {0x030201}}, 4, {0x93, 1, 2, 3}},
	{{.command = 0x14, .dma_map = {1, 0x05060708, 0x01020304, 172032}}, 16,
	 {0x14, 1, 0, 0, 8, 7, 6, 5, 4, 3, 2, 1, 0x00, 0xa0, 0x02, 0x00}},
	{{.command = 0x94, .dma_response = {3}}, 2, {0x94, 3}},
	/* The frame that it sends to unmap. */
	{{.command = 0x15, .dma_unmap = {0, 1}}, 4, {0x15, 0, 1, 0}},
	{{.command = 0x95, .dma_response = {0}}, 2, {0x95, 0}},
};
/* clang-format on */

static void agrees(const struct sap_hbm_message *value, const uint8_t *bytes, uint32_t n)
{
	struct sap_hbm_message message;
	uint8_t *exact = test_malloc(n);
	uint8_t made[SAP_HBM_MAX_SIZE + 1];
	uint32_t len;

	memcpy(exact, bytes, n);
	assert_status(sap_hbm_decode(exact, n, &message), SAP_OK);
	/* Value by value: a union is compared where both were zeroed before. */
	assert_memory_equal(&message, value, sizeof(message));

	memset(made, 0xa5, sizeof(made));
	assert_status(sap_hbm_encode(value, made, n - 1, &len), SAP_TOO_SMALL);
	assert_int_equal(made[0], 0xa5);
	assert_status(sap_hbm_encode(value, made, n, &len), SAP_OK);
	assert_int_equal(len, n);
	assert_memory_equal(made, bytes, n);
	assert_int_equal(made[n], 0xa5);

	for (uint32_t shorter = 1; shorter < n; shorter++) {
		uint8_t *cut = test_malloc(shorter);

		memcpy(cut, bytes, shorter);
		assert_status(sap_hbm_decode(cut, shorter, &message), SAP_TOO_SHORT);
		assert_int_equal(message.command, bytes[0]);
		assert_ptr_equal(message.opaque.bytes, cut + 1);
		assert_int_equal(message.opaque.len, shorter - 1);
		test_free(cut);
	}
	test_free(exact);
}

static void every_command(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct sap_hbm_message value;

		memset(&value, 0, sizeof(value));
		value = rows[i].value;
		agrees(&value, rows[i].bytes, rows[i].len);
	}
}

static void properties(void **state)
{
	static const uint8_t response[] = {0x85, 7, 0, 0, PROPS};
	static const uint8_t add[] = {0x0f, 9, 0, 0, PROPS};
	struct sap_hbm_message value;

	(void)state;
	memset(&value, 0, sizeof(value));
	value.command = SAP_HBM_CLIENT_PROPERTIES_RESPONSE;
	value.client_properties_response.me_addr = 7;
	value.client_properties_response.properties = props;
	agrees(&value, response, sizeof(response));
	memset(&value, 0, sizeof(value));
	value.command = SAP_HBM_ADD_CLIENT;
	value.add_client.me_addr = 9;
	value.add_client.properties = props;
	agrees(&value, add, sizeof(add));
}

/* What is reserved is not kept, and what comes after the last field is not looked at. */
static void reserved_is_not_kept(void **state)
{
	static const uint8_t bytes[] = {0x08, 7, 9, 0xff, 0xff, 0xff, 0xff, 0xff, 0xee, 0xee};
	struct sap_hbm_message message;
	uint8_t made[8];
	uint32_t len;

	(void)state;
	assert_status(sap_hbm_decode(bytes, sizeof(bytes), &message), SAP_OK);
	assert_status(sap_hbm_encode(&message, made, sizeof(made), &len), SAP_OK);
	assert_memory_equal(made, "\x08\x07\x09\x00\x00\x00\x00\x00", 8);
}

static void unknown_and_wrong(void **state)
{
	static const uint8_t bytes[] = {0x7f, 1, 2};
	struct sap_hbm_message message;
	uint8_t made[8];
	uint32_t len;

	(void)state;
	assert_status(sap_hbm_decode(bytes, 3, &message), SAP_UNKNOWN_TYPE);
	assert_int_equal(message.command, 0x7f);
	assert_int_equal(message.opaque.len, 2);
	assert_status(sap_hbm_encode(&message, made, 3, &len), SAP_OK);
	assert_memory_equal(made, bytes, 3);
	message.opaque.bytes = NULL;
	assert_status(sap_hbm_encode(&message, made, 8, &len), SAP_BAD_VALUE);
	assert_status(sap_hbm_decode(bytes, 0, &message), SAP_TOO_SHORT);
	assert_int_equal(message.command, 0);
	assert_status(sap_hbm_decode(NULL, 3, &message), SAP_INVALID);
	assert_status(sap_hbm_decode(bytes, 3, NULL), SAP_INVALID);
	assert_status(sap_hbm_encode(NULL, made, 8, &len), SAP_INVALID);
	assert_status(sap_hbm_encode(&message, NULL, 8, &len), SAP_INVALID);
	assert_status(sap_hbm_encode(&message, made, 8, NULL), SAP_INVALID);
}

static void names(void **state)
{
	static const char *const statuses[] = {"SUCCESS",	  "CLIENT_NOT_FOUND",  "ALREADY_EXISTS",
					       "REJECTED",	  "INVALID_PARAMETER", "NOT_ALLOWED",
					       "ALREADY_STARTED", "NOT_STARTED"};

	(void)state;
	for (uint32_t i = 0; i < 8; i++)
		assert_string_equal(sap_hbm_status_name(i), statuses[i]);
	assert_string_equal(sap_hbm_status_name(8), "?");
	assert_string_equal(sap_hbm_stop_reason_name(0), "DRIVER");
	assert_string_equal(sap_hbm_stop_reason_name(3), "D3");
	assert_string_equal(sap_hbm_stop_reason_name(8), "S5");
	assert_string_equal(sap_hbm_stop_reason_name(9), "?");
	/* All that a row was written for is declared, and nothing else but the two with properties. */
	uint32_t declared = 0;
	for (uint32_t command = 0; command < 256; command++)
		declared += sap_hbm_info(command) != NULL;
	assert_int_equal(declared, 31 + 0);
	assert_string_equal(sap_hbm_info(0x15)->name, "CLIENT_DMA_UNMAP");
	assert_null(sap_hbm_info(0x115));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_command),
		cmocka_unit_test(properties),
		cmocka_unit_test(reserved_is_not_kept),
		cmocka_unit_test(unknown_and_wrong),
		cmocka_unit_test(names),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
