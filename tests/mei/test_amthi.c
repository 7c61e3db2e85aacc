// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
/* AMTHI: against bytes written by hand from docs/protocol/mei.md section 4. */
#include "support.h"

#include <sap/mei/amthi.h>

enum {
	MOST = 3000
};

/* A message being written by hand. */
static uint8_t hand[MOST];
static uint32_t hand_len;

static void put(const void *bytes, uint32_t n)
{
	memcpy(hand + hand_len, bytes, n);
	hand_len += n;
}

static void put32(uint32_t value)
{
	test_put32(hand + hand_len, value);
	hand_len += 4;
}

static void put_ansi(const char *text)
{
	put((const uint8_t[]){(uint8_t)strlen(text), 0}, 2);
	put(text, (uint32_t)strlen(text));
}

static void begin(uint32_t command)
{
	hand_len = 0;
	put("\x01\x01\x00\x00", 4);
	put32(command);
	put32(0);
}

/* The length is known at the end. */
static void finish(void)
{
	test_put32(hand + 8, hand_len - 12);
}

/* A response with status 0. */
static void respond(uint32_t request)
{
	begin(request | 0x00800000);
	put32(0);
}

/* Decodes what was written by hand from memory of that size, and encodes it to the same bytes again. */
static struct sap_amthi_message there_and_back(void)
{
	static uint8_t kept[MOST];
	struct sap_amthi_message message;
	uint8_t made[MOST];
	uint32_t len;

	finish();
	memcpy(kept, hand, hand_len);
	memset(&message, 0xa5, sizeof(message));
	assert_status(sap_amthi_decode(kept, hand_len, &message), SAP_OK);
	memset(made, 0xa5, sizeof(made));
	assert_status(sap_amthi_encode(&message, made, hand_len - 1, &len), SAP_TOO_SMALL);
	assert_int_equal(made[0], 0xa5);
	assert_status(sap_amthi_encode(&message, made, hand_len, &len), SAP_OK);
	assert_int_equal(len, hand_len);
	assert_memory_equal(made, hand, hand_len);
	return message;
}

/* Each length that is too short, with a header that agrees: never OK, and never read too far. */
static void no_shorter(uint32_t least)
{
	for (uint32_t len = 12; len < least; len++) {
		uint8_t *cut = test_malloc(len);
		struct sap_amthi_message message;

		memcpy(cut, hand, len);
		test_put32(cut + 8, len - 12);
		assert_status(sap_amthi_decode(cut, len, &message), SAP_TOO_SHORT);
		assert_int_equal(message.opaque.len, len - 12);
		test_free(cut);
	}
}

static void code_versions(void **state)
{
	struct sap_amthi_version version;
	struct sap_amthi_message message;
	uint8_t entry[44];

	(void)state;
	begin(0x0400001a);
	message = there_and_back();
	assert_int_equal(message.command, SAP_AMTHI_CODE_VERSIONS);

	respond(0x0400001a);
	put("N3MET10W", 8);
	hand_len += 65 - 8;
	memset(hand + 24, 0, 65 - 8);
	put32(2);
	put("\x05\x00"
	    "Flash\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0",
	    22);
	put("\x07\x00"
	    "16.1.25\0\0\0\0\0\0\0\0\0\0\0\0\0",
	    22);
	put("\x03\x00"
	    "AMT\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0",
	    22);
	put("\x07\x00"
	    "16.1.26\0\0\0\0\0\0\0\0\0\0\0\0\0",
	    22);
	assert_int_equal(hand_len, 12 + 4 + 65 + 4 + 88);
	message = there_and_back();
	assert_int_equal(message.code_versions.entries, 2);
	assert_string_equal((const char *)message.code_versions.bios, "N3MET10W");
	assert_true(sap_amthi_version_at(&message.code_versions, 1, &version));
	assert_string_equal((const char *)version.description, "AMT");
	assert_int_equal(version.version_len, 7);
	assert_string_equal((const char *)version.version, "16.1.26");
	assert_false(sap_amthi_version_at(&message.code_versions, 2, &version));
	sap_amthi_version_make("AMT", "16.1.26", entry);
	assert_memory_equal(entry, hand + hand_len - 44, 44);
	sap_amthi_version_make("a text that is longer than there is room", NULL, entry);
	assert_memory_equal(entry,
			    "\x13\x00"
			    "a text that is long\0\0\0",
			    24);
	no_shorter(hand_len);

	/* A length inside an entry that is more than its text. */
	hand[12 + 4 + 65 + 4] = 200;
	assert_status(sap_amthi_decode(hand, hand_len, &message), SAP_OK);
	assert_true(sap_amthi_version_at(&message.code_versions, 0, &version));
	assert_int_equal(version.description_len, 20);

	/* Counts that lie: more than came; more than the protocol has; and far more than any number of bytes. */
	test_put32(hand + 81, 3);
	assert_status(sap_amthi_decode(hand, hand_len, &message), SAP_TOO_SHORT);
	test_put32(hand + 81, 0x05d1745e); /* times 44 is 8 in 32 bits */
	assert_status(sap_amthi_decode(hand, hand_len, &message), SAP_TOO_SHORT);
	memset(hand + 85, 0, 51 * 44);
	hand_len = 85 + 51 * 44;
	finish();
	test_put32(hand + 81, 51);
	assert_status(sap_amthi_decode(hand, hand_len, &message), SAP_CORRUPT);
	test_put32(hand + 81, 50);
	assert_status(sap_amthi_decode(hand, hand_len, &message), SAP_OK);
	assert_int_equal(message.code_versions.versions.len, 50 * 44);
	assert_int_equal(SAP_AMTHI_LONGEST, 85 + 50 * 44);
}

static void header_checks(void **state)
{
	struct sap_amthi_message message;

	(void)state;
	respond(0x0400006b);
	put32(2);
	assert_int_equal(there_and_back().control_mode.mode, SAP_AMT_CONTROL_ADMIN);
	no_shorter(hand_len);
	for (size_t len = 0; len < 12; len++) {
		assert_status(sap_amthi_decode(hand, len, &message), SAP_TOO_SHORT);
		assert_int_equal(message.command, 0);
	}
	/* The length says more than came, and less. */
	hand[8]++;
	assert_status(sap_amthi_decode(hand, hand_len, &message), SAP_TOO_SHORT);
	hand[8] -= 2;
	assert_status(sap_amthi_decode(hand, hand_len, &message), SAP_CORRUPT);
	hand[8]++;
	/* 1.2 is 1.1 and something; 1.0, 0.1 and 2.1 are not. */
	hand[1] = 2;
	assert_status(sap_amthi_decode(hand, hand_len, &message), SAP_OK);
	assert_int_equal(message.minor, 2);
	hand[1] = 0;
	assert_status(sap_amthi_decode(hand, hand_len, &message), SAP_BAD_VERSION);
	hand[1] = 1;
	hand[0] = 2;
	assert_status(sap_amthi_decode(hand, hand_len, &message), SAP_BAD_VERSION);
	hand[0] = 0;
	assert_status(sap_amthi_decode(hand, hand_len, &message), SAP_BAD_VERSION);
	assert_status(sap_amthi_decode(NULL, 12, &message), SAP_INVALID);
	assert_status(sap_amthi_decode(hand, 12, NULL), SAP_INVALID);
}

static void responses(void **state)
{
	struct sap_amthi_message message;

	(void)state;
	/* A status, and no body. */
	begin(0x0480006b);
	put32(2);
	message = there_and_back();
	assert_int_equal(message.status, SAP_AMT_NOT_READY);
	assert_status(sap_amthi_decode_response(hand, hand_len, SAP_AMTHI_GET_CONTROL_MODE, &message),
		      SAP_OK);
	assert_status(sap_amthi_decode_response(hand, hand_len, SAP_AMTHI_GET_UUID, &message), SAP_CORRUPT);
	assert_status(sap_amthi_decode_response(hand, 15, SAP_AMTHI_GET_CONTROL_MODE, &message),
		      SAP_TOO_SHORT);
	/* Empty: AMT is disabled. */
	assert_status(sap_amthi_decode_response(NULL, 0, SAP_AMTHI_GET_UUID, &message), SAP_UNSUPPORTED);
	assert_status(sap_amthi_decode_response(NULL, 1, SAP_AMTHI_GET_UUID, &message), SAP_INVALID);
	/* The request itself is no response. */
	begin(0x0400006b);
	finish();
	assert_status(sap_amthi_decode_response(hand, hand_len, SAP_AMTHI_GET_CONTROL_MODE, &message),
		      SAP_CORRUPT);
	/* A response of a command in no table: its status, and what follows it. */
	begin(0x04800099);
	put32(0);
	put32(7);
	finish();
	assert_status(sap_amthi_decode(hand, hand_len, &message), SAP_UNKNOWN_TYPE);
	assert_int_equal(message.opaque.len, 4);
	assert_int_equal(message.opaque.bytes[0], 7);
	begin(0x04000099);
	put32(7);
	finish();
	assert_status(sap_amthi_decode(hand, hand_len, &message), SAP_UNKNOWN_TYPE);
	assert_int_equal(message.opaque.len, 4);
}

static void secrets_are_not_kept(void **state)
{
	struct sap_amthi_message message;
	const uint8_t *look = (const uint8_t *)&message;
	uint8_t made[100];
	uint32_t len;

	(void)state;
	begin(0x04000067);
	memset(hand + hand_len, 0, 40);
	hand_len += 40;
	there_and_back();
	no_shorter(hand_len);

	respond(0x04000067);
	memset(hand + hand_len, 'p', 66);
	hand_len += 66;
	finish();
	assert_status(sap_amthi_decode(hand, hand_len, &message), SAP_OK);
	assert_int_equal(message.secret, 66);
	assert_status(sap_amthi_encode(&message, made, sizeof(made), &len), SAP_UNSUPPORTED);
	/* Neither bytes of it nor a pointer to them: whole, too short, too long, of another version. */
	for (uint32_t way = 0; way < 4; way++) {
		uintptr_t at;

		finish();
		hand[0] = way == 3 ? 2 : 1;
		hand[8] = (uint8_t)(hand[8] + (way == 1) - (way == 2));
		(void)!sap_amthi_decode(hand, hand_len, &message);
		for (size_t i = 0; i + sizeof(at) <= sizeof(message); i += sizeof(at)) {
			memcpy(&at, look + i, sizeof(at));
			assert_false(at >= (uintptr_t)hand && at < (uintptr_t)hand + sizeof(hand));
		}
		for (size_t i = 0; i < sizeof(message); i++)
			assert_int_not_equal(look[i], 'p');
	}
}

static void texts(void **state)
{
	static const uint32_t commands[] = {SAP_AMTHI_GET_DNS_SUFFIX, SAP_AMTHI_DNS_SUFFIX_LIST,
					    SAP_AMTHI_CURRENT_POWER_POLICY};
	struct sap_amthi_message message;
	uint8_t *long_text = test_calloc(1, 70000);
	uint8_t *made = test_malloc(70000);
	uint32_t len;

	(void)state;
	for (uint32_t i = 0; i < 3; i++) {
		respond(commands[i]);
		put_ansi("example.com");
		message = there_and_back();
		assert_int_equal(message.text.text.len, 11);
		assert_memory_equal(message.text.text.bytes, "example.com", 11);
		no_shorter(hand_len);
		respond(commands[i]);
		put_ansi("");
		assert_int_equal(there_and_back().text.text.len, 0);
	}
	message.text.text = (struct sap_view){long_text, 65536};
	assert_status(sap_amthi_encode(&message, made, 70000, &len), SAP_BAD_VALUE);
	message.text.text.len = 65535;
	assert_status(sap_amthi_encode(&message, made, 70000, &len), SAP_OK);
	assert_int_equal(len, 12 + 4 + 2 + 65535);
	message.text.text = (struct sap_view){NULL, 1};
	assert_status(sap_amthi_encode(&message, made, 70000, &len), SAP_BAD_VALUE);
	test_free(long_text);
	test_free(made);
}

static void lan_settings(void **state)
{
	struct sap_amthi_message message;

	(void)state;
	begin(0x04000048);
	put32(1);
	assert_int_equal(there_and_back().lan_request.interface, SAP_AMT_INTERFACE_WIRELESS);
	no_shorter(hand_len);
	respond(0x04000048);
	put32(1);
	put32(0xc0a80117); /* 192.168.1.23 */
	put32(1);
	put("\x02\x01\x02\x00\x00\x11\x22\x33", 8);
	message = there_and_back();
	assert_int_equal(message.lan.ipv4, 0xc0a80117);
	assert_int_equal(message.lan.dhcp_mode, SAP_AMT_DHCP_PASSIVE);
	assert_int_equal(message.lan.link, 1);
	assert_memory_equal(message.lan.mac.bytes, "\x02\x00\x00\x11\x22\x33", 6);
	no_shorter(hand_len);
}

static void hashes(void **state)
{
	struct sap_amthi_message message;
	uint32_t handle;
	uint8_t made[200];
	uint32_t len;

	(void)state;
	respond(0x0400002c);
	put32(2);
	put32(5);
	put32(9);
	message = there_and_back();
	assert_true(sap_amthi_handle_at(&message.hash_handles, 1, &handle));
	assert_int_equal(handle, 9);
	assert_false(sap_amthi_handle_at(&message.hash_handles, 2, &handle));
	no_shorter(hand_len);
	message.hash_handles.handles.len = 7;
	assert_status(sap_amthi_encode(&message, made, sizeof(made), &len), SAP_BAD_VALUE);
	message.hash_handles.handles.len = 34 * 4;
	assert_status(sap_amthi_encode(&message, made, sizeof(made), &len), SAP_BAD_VALUE);
	respond(0x0400002c);
	put32(34);
	memset(hand + hand_len, 0, 34 * 4);
	hand_len += 34 * 4;
	finish();
	assert_status(sap_amthi_decode(hand, hand_len, &message), SAP_CORRUPT);

	begin(0x0400002d);
	put32(9);
	assert_int_equal(there_and_back().handle.handle, 9);
	respond(0x0400002d);
	put32(1);
	put32(0);
	test_pattern(hand + hand_len, 64, 3);
	hand_len += 64;
	put("\x02", 1);
	put_ansi("Some CA");
	message = there_and_back();
	assert_int_equal(message.certhash.is_default, 1);
	assert_int_equal(message.certhash.algorithm, SAP_AMT_HASH_SHA256);
	assert_memory_equal(message.certhash.name.bytes, "Some CA", 7);
	no_shorter(hand_len);
}

/* One of each other response, every u32 another number so that no two are mixed up. */
static void others(void **state)
{
	struct sap_amthi_message message;

	(void)state;
	respond(SAP_AMTHI_PROVISIONING_MODE), put32(1), put32(7);
	message = there_and_back();
	assert_true(message.provisioning_mode.mode == 1 && message.provisioning_mode.legacy == 7);
	respond(SAP_AMTHI_PROVISIONING_STATE), put32(2);
	assert_int_equal(there_and_back().provisioning_state.state, SAP_AMT_PROVISIONING_POST);
	respond(SAP_AMTHI_SECURITY_PARAMETERS);
	for (uint32_t i = 0; i < 17; i++)
		put32(100 + i);
	message = there_and_back();
	assert_true(message.security.enterprise_mode == 100 && message.security.kvm == 109);
	assert_true(message.security.link == 108 && message.security.others[6] == 116);
	respond(SAP_AMTHI_GET_MAC_ADDRESSES), put("abcdefABCDEF", 12);
	message = there_and_back();
	assert_memory_equal(message.mac_addresses.host.bytes, "ABCDEF", 6);
	respond(SAP_AMTHI_ZERO_TOUCH_ENABLED), put32(1);
	assert_int_equal(there_and_back().enabled.enabled, 1);
	respond(SAP_AMTHI_EHBC_STATE), put32(3);
	assert_int_equal(there_and_back().enabled.enabled, 3);
	respond(SAP_AMTHI_RNG_SEED_STATUS), put32(4);
	assert_int_equal(there_and_back().enabled.enabled, 4);
	respond(SAP_AMTHI_REMOTE_ACCESS_STATUS), put32(2), put32(1), put32(3), put_ansi("mps");
	message = there_and_back();
	assert_true(message.remote_access.network == 2 && message.remote_access.trigger == 3);
	assert_memory_equal(message.remote_access.server.bytes, "mps", 3);
	begin(SAP_AMTHI_GET_FEATURES_STATE), put32(4);
	assert_int_equal(there_and_back().feature_request.feature, SAP_AMT_FEATURE_KVM);
	respond(SAP_AMTHI_GET_FEATURES_STATE), put32(0), put32(1), put32(2), put32(0);
	message = there_and_back();
	assert_true(message.feature_state.state == 1 && message.feature_state.more.len == 8);
	respond(SAP_AMTHI_LAST_HOST_RESET_REASON), put32(5), put32(6);
	assert_int_equal(there_and_back().reset_reason.timestamp, 6);
	respond(SAP_AMTHI_USER_INITIATED_INTERFACES), put32(2);
	assert_int_equal(there_and_back().user_interfaces.flags, SAP_AMT_USER_AGENT);
	respond(SAP_AMTHI_CONFIG_SERVER_DATA), put("\x3a\x26", 2), put("10.0.0.1", 8);
	memset(hand + hand_len, 0, 38), hand_len += 38, put_ansi("prov");
	message = there_and_back();
	assert_true(message.config_server.port == 9786 && message.config_server.name.len == 4);
	respond(SAP_AMTHI_GET_FQDN), put32(1), put32(2), put32(3), put32(4), put32(5), put_ansi("h.example");
	message = there_and_back();
	assert_true(message.fqdn.period == 3 && message.fqdn.host_len == 5 && message.fqdn.fqdn.len == 9);
	respond(SAP_AMTHI_REDIRECTION_STATE), put32(5);
	assert_int_equal(there_and_back().redirection_state.flags,
			 SAP_AMT_REDIRECT_SOL | SAP_AMT_REDIRECT_KVM);
	respond(SAP_AMTHI_GET_UUID), put("0123456789abcdef", 16);
	message = there_and_back();
	assert_memory_equal(message.uuid.uuid.bytes, "0123456789abcdef", 16);
	begin(SAP_AMTHI_GET_AMT_STATE), put("\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\1", 16);
	assert_int_equal(there_and_back().state_request.id.bytes[15], 1);
	respond(SAP_AMTHI_GET_AMT_STATE), put("\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\1", 16), put32(5);
	put("\1\0\1\0\2", 5);
	message = there_and_back();
	assert_true(message.state.link == 1 && message.state.flash_protection == 0);
	assert_int_equal(message.state.last_reset, 2);
	/* Carried as it is. */
	begin(SAP_AMTHI_UNPROVISION), put32(1);
	assert_int_equal(there_and_back().opaque.len, 4);
	respond(SAP_AMTHI_GET_TCPIP_PARAMETERS), put32(1), put32(2);
	assert_int_equal(there_and_back().opaque.len, 8);
}

static void status_names(void **state)
{
	(void)state;
	assert_string_equal(sap_amthi_status_name(0), "SUCCESS");
	assert_string_equal(sap_amthi_status_name(0x24), "INVALID_PARAMETER");
	assert_string_equal(sap_amthi_status_name(0x400), "DISABLED_BY_POLICY");
	assert_string_equal(sap_amthi_status_name(0x803), "INVALID_COMMAND");
	assert_string_equal(sap_amthi_status_name(0x814), "NOT_FOUND");
	assert_string_equal(sap_amthi_status_name(5), "?");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(code_versions), cmocka_unit_test(header_checks),
		cmocka_unit_test(responses),	 cmocka_unit_test(secrets_are_not_kept),
		cmocka_unit_test(texts),	 cmocka_unit_test(lan_settings),
		cmocka_unit_test(hashes),	 cmocka_unit_test(others),
		cmocka_unit_test(status_names),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
