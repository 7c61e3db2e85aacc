// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
/* MKHI: against bytes written by hand from docs/protocol/mei.md section 6. */
#include "support.h"

#include <sap/mei/mkhi.h>

static void encodes_to(const struct sap_mkhi_message *message, const uint8_t *bytes, uint32_t n)
{
	uint8_t made[SAP_MKHI_LONGEST + 1];
	uint32_t len;

	memset(made, 0xa5, sizeof(made));
	assert_status(sap_mkhi_encode(message, made, n - 1, &len), SAP_TOO_SMALL);
	assert_status(sap_mkhi_encode(message, made, n, &len), SAP_OK);
	assert_int_equal(len, n);
	assert_memory_equal(made, bytes, n);
	assert_int_equal(made[n], 0xa5);
}

static void os_version(void **state)
{
	/* What the Linux kernel sends, byte for byte (docs/protocol/linux-mei.md). */
	static const uint8_t bytes[] = {0x03, 0x06, 0, 0, 0, 0, 0x10, 0, 8, 0, 0, 0, 0, 2, 0, 0, 0};
	struct sap_mkhi_message message;

	(void)state;
	assert_status(sap_mkhi_decode(bytes, sizeof(bytes), &message), SAP_OK);
	assert_int_equal(message.command, SAP_MKHI_SET_OS_VER);
	assert_int_equal(message.rule.rule, 0x100000);
	assert_int_equal(message.rule.data.len, 8);
	assert_int_equal(message.rule.data.bytes[4], 2);
	encodes_to(&message, bytes, sizeof(bytes));
	/* One byte of its data is missing. */
	assert_status(sap_mkhi_decode(bytes, sizeof(bytes) - 1, &message), SAP_TOO_SHORT);
	assert_int_equal(message.opaque.len, sizeof(bytes) - 5);
}

static void firmware_versions(void **state)
{
	/* 16.1.25.1865 of platform 9, and recovery 16.0.15.1735. */
	static const uint8_t bytes[] = {0xff, 0x82, 0, 0, 1,  0, 16,   9, 0x49, 0x07,
					25,   0,    0, 0, 16, 9, 0xc7, 6, 15,	0};
	struct sap_mkhi_fw_block block;
	struct sap_mkhi_message message;
	uint8_t more[4 + 32];
	uint8_t made[8];

	(void)state;
	assert_status(sap_mkhi_decode(bytes, sizeof(bytes), &message), SAP_OK);
	assert_int_equal(message.command, SAP_MKHI_GET_FW_VERSION | SAP_MKHI_RESPONSE);
	assert_true(sap_mkhi_fw_block_at(&message.fw_version, 0, &block));
	assert_true(block.major == 16 && block.minor == 1 && block.hotfix == 25 && block.build == 1865);
	assert_int_equal(block.platform, 9);
	assert_true(sap_mkhi_fw_block_at(&message.fw_version, 1, &block));
	assert_true(block.minor == 0 && block.hotfix == 15 && block.build == 1735);
	assert_false(sap_mkhi_fw_block_at(&message.fw_version, 2, &block));
	sap_mkhi_fw_block_make(&block, made);
	assert_memory_equal(made, bytes + 12, 8);
	encodes_to(&message, bytes, sizeof(bytes));

	/* A block that breaks off does not count; a first one must be there; a fourth is passed over. */
	assert_status(sap_mkhi_decode(bytes, sizeof(bytes) - 1, &message), SAP_OK);
	assert_int_equal(message.fw_version.blocks.len, 8);
	assert_status(sap_mkhi_decode(bytes, 11, &message), SAP_TOO_SHORT);
	memset(more, 0, sizeof(more));
	memcpy(more, bytes, 4);
	assert_status(sap_mkhi_decode(more, sizeof(more), &message), SAP_OK);
	assert_int_equal(message.fw_version.blocks.len, 24);

	/* Not written: none, a piece of one, a fourth. */
	static const uint32_t wrong[] = {0, 7, 12, 32};
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		uint32_t len;

		message.fw_version.blocks.len = wrong[i];
		assert_status(sap_mkhi_encode(&message, more, sizeof(more), &len), SAP_BAD_VALUE);
	}
}

static void others(void **state)
{
	static const uint8_t rule[] = {3, 0x82, 0, 0, 32, 0, 0, 0, 4, 1, 2, 3, 4};
	static const uint8_t ask_rule[] = {3, 2, 0, 0, 32, 0, 0, 0};
	static const uint8_t boot[] = {0xff, 0x8a, 0, 0, 3, 0, 0, 0, 4, 3, 2, 1};
	static const uint8_t eop[] = {0xff, 0x9d, 0, 0, 1, 0, 0, 0};
	static const uint8_t version[] = {0xff, 0x81, 0, 0, 1, 2};
	static const uint8_t failed[] = {0xff, 0x9d, 0, 0x8d, 1, 2, 3, 4};
	static const uint8_t unknown[] = {0xff, 0x23, 0, 0, 9};
	struct sap_mkhi_message message;

	(void)state;
	assert_status(sap_mkhi_decode(rule, sizeof(rule), &message), SAP_OK);
	assert_int_equal(message.rule.rule, SAP_MKHI_RULE_ENABLED);
	assert_int_equal(message.rule.data.len, 4);
	encodes_to(&message, rule, sizeof(rule));
	assert_status(sap_mkhi_decode(ask_rule, sizeof(ask_rule), &message), SAP_OK);
	assert_int_equal(message.rule_request.rule, 32);
	encodes_to(&message, ask_rule, sizeof(ask_rule));
	assert_status(sap_mkhi_decode(boot, sizeof(boot), &message), SAP_OK);
	assert_int_equal(message.boot_state.flags, SAP_MKHI_BOOT_EOP | SAP_MKHI_BOOT_CBD);
	assert_int_equal(message.boot_state.other, 0x01020304);
	encodes_to(&message, boot, sizeof(boot));
	assert_status(sap_mkhi_decode(eop, sizeof(eop), &message), SAP_OK);
	assert_int_equal(message.number.value, 1);
	encodes_to(&message, eop, sizeof(eop));
	assert_status(sap_mkhi_decode(version, sizeof(version), &message), SAP_OK);
	assert_int_equal(message.opaque.len, 2);
	encodes_to(&message, version, sizeof(version));
	/* A response that failed: its result alone. */
	assert_status(sap_mkhi_decode(failed, sizeof(failed), &message), SAP_OK);
	assert_int_equal(message.result, 0x8d);
	assert_int_equal(message.number.value, 0);
	encodes_to(&message, failed, 4);
	assert_status(sap_mkhi_decode(unknown, sizeof(unknown), &message), SAP_UNKNOWN_TYPE);
	assert_int_equal(message.command, 0xff23);
	encodes_to(&message, unknown, sizeof(unknown));
	for (size_t len = 0; len < 4; len++)
		assert_status(sap_mkhi_decode(rule, len, &message), SAP_TOO_SHORT);
	assert_status(sap_mkhi_decode(eop, 7, &message), SAP_TOO_SHORT);
	assert_status(sap_mkhi_decode(NULL, 4, &message), SAP_INVALID);
	assert_status(sap_mkhi_decode(eop, 4, NULL), SAP_INVALID);
}

static void encode_refuses(void **state)
{
	struct sap_mkhi_message message = {.command = 0x10000};
	static const uint8_t data[256];
	uint8_t made[300];
	uint32_t len;

	(void)state;
	assert_status(sap_mkhi_encode(&message, made, sizeof(made), &len), SAP_BAD_VALUE);
	message.command = SAP_MKHI_GET_RULE | SAP_MKHI_RESPONSE;
	message.rule.data = (struct sap_view){data, 256};
	assert_status(sap_mkhi_encode(&message, made, sizeof(made), &len), SAP_BAD_VALUE);
	message.rule.data = (struct sap_view){NULL, 1};
	assert_status(sap_mkhi_encode(&message, made, sizeof(made), &len), SAP_BAD_VALUE);
	message.rule.data = (struct sap_view){data, 255};
	assert_status(sap_mkhi_encode(&message, made, sizeof(made), &len), SAP_OK);
	assert_int_equal(len, SAP_MKHI_LONGEST);
	assert_status(sap_mkhi_encode(NULL, made, sizeof(made), &len), SAP_INVALID);
	assert_status(sap_mkhi_encode(&message, NULL, sizeof(made), &len), SAP_INVALID);
	assert_status(sap_mkhi_encode(&message, made, sizeof(made), NULL), SAP_INVALID);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(os_version),
		cmocka_unit_test(firmware_versions),
		cmocka_unit_test(others),
		cmocka_unit_test(encode_refuses),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
