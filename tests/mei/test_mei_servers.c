// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
/* AMTHI, MKHI and the echo as servers: what they answer, to several applications at once, over the bus. */
#include "mei_rig.h"

/* The request of the kernel sources' sample program, byte for byte. */
static const uint8_t ask_versions[] = {1, 1, 0, 0, 0x1a, 0, 0, 4, 0, 0, 0, 0};

static struct sap_amthi_settings settings;
static uint8_t reply[5120];
static uint32_t size;

/* A request without a body, or with one number; what came of it. */
static struct sap_amthi_message ask(uint32_t command, bool with, uint32_t number)
{
	uint8_t request[16] = {1, 1, 0, 0};
	struct sap_amthi_message message;

	test_put32(request + 4, command);
	test_put32(request + 8, with ? 4 : 0);
	test_put32(request + 12, number);
	assert_status(sap_amthi_answer(&settings, request, with ? 16 : 12, reply, sizeof(reply), &size),
		      SAP_OK);
	assert_status(sap_amthi_decode_response(reply, size, command, &message), SAP_OK);
	return message;
}

static uint32_t status_of(uint32_t command, bool with, uint32_t number)
{
	return ask(command, with, number).status;
}

static void fill(void)
{
	static const struct sap_amthi_setting_version versions[] = {{"Flash", "16.1.25"}, {"AMT", "16.1.26"}};
	static struct sap_amthi_certhash hashes[2];

	memset(&settings, 0, sizeof(settings));
	settings.bios = "N3MET10W (1.09 )";
	settings.versions = versions;
	settings.n_versions = 2;
	settings.provisioning_mode = (struct sap_amthi_provisioning_mode){1, 0};
	settings.provisioning_state = SAP_AMT_PROVISIONING_POST;
	settings.control_mode = SAP_AMT_CONTROL_CLIENT;
	memcpy(settings.uuid.bytes, "0123456789abcdef", 16);
	memcpy(settings.mac_addresses.dedicated.bytes, "abcdef", 6);
	settings.lan[0].ipv4 = 0xc0a80101;
	settings.lan[1].ipv4 = 0xc0a80102;
	settings.lan[1].enabled = 1;
	settings.dns_suffix = "example.com";
	settings.dns_suffixes = (struct sap_view){(const uint8_t *)"a\0b", 3};
	settings.power_policy = "Desktop: ON in S0";
	settings.security.kvm = 1;
	settings.rng_seed_status = 2;
	settings.zero_touch = 1;
	settings.ehbc = 3;
	settings.remote_access.network = SAP_AMT_NETWORK_OUTSIDE;
	settings.remote_access_server = "mps.example.com";
	settings.reset_reason.reason = 4;
	settings.user_interfaces = SAP_AMT_USER_BIOS;
	settings.config_server.port = 9971;
	settings.config_server_name = "prov";
	settings.fqdn.period = 5;
	settings.fqdn_name = "host.example.com";
	settings.redirection = SAP_AMT_REDIRECT_SOL;
	settings.features[SAP_AMT_FEATURE_WEB_UI] = 1;
	hashes[1].algorithm = SAP_AMT_HASH_SHA256;
	hashes[1].name = (struct sap_view){(const uint8_t *)"Some CA", 7};
	settings.hashes = hashes;
	settings.n_hashes = 2;
	settings.state.link = 1;
}

static void amthi_answers_from_settings(void **state)
{
	struct sap_amthi_message m;
	uint32_t handle;

	(void)state;
	fill();
	assert_int_equal(ask(SAP_AMTHI_PROVISIONING_MODE, false, 0).provisioning_mode.mode, 1);
	assert_int_equal(ask(SAP_AMTHI_PROVISIONING_STATE, false, 0).provisioning_state.state, 2);
	assert_int_equal(ask(SAP_AMTHI_GET_CONTROL_MODE, false, 0).control_mode.mode, 1);
	m = ask(SAP_AMTHI_GET_UUID, false, 0);
	assert_memory_equal(m.uuid.uuid.bytes, "0123456789abcdef", 16);
	m = ask(SAP_AMTHI_GET_MAC_ADDRESSES, false, 0);
	assert_memory_equal(m.mac_addresses.dedicated.bytes, "abcdef", 6);
	assert_int_equal(ask(SAP_AMTHI_LAN_INTERFACE_SETTINGS, true, 0).lan.ipv4, 0xc0a80101);
	assert_int_equal(ask(SAP_AMTHI_LAN_INTERFACE_SETTINGS, true, 1).lan.ipv4, 0xc0a80102);
	m = ask(SAP_AMTHI_GET_DNS_SUFFIX, false, 0);
	assert_memory_equal(m.text.text.bytes, "example.com", 11);
	assert_int_equal(ask(SAP_AMTHI_DNS_SUFFIX_LIST, false, 0).text.text.len, 3);
	assert_int_equal(ask(SAP_AMTHI_CURRENT_POWER_POLICY, false, 0).text.text.len, 17);
	assert_int_equal(ask(SAP_AMTHI_SECURITY_PARAMETERS, false, 0).security.kvm, 1);
	assert_int_equal(ask(SAP_AMTHI_RNG_SEED_STATUS, false, 0).enabled.enabled, 2);
	assert_int_equal(ask(SAP_AMTHI_ZERO_TOUCH_ENABLED, false, 0).enabled.enabled, 1);
	assert_int_equal(ask(SAP_AMTHI_EHBC_STATE, false, 0).enabled.enabled, 3);
	m = ask(SAP_AMTHI_REMOTE_ACCESS_STATUS, false, 0);
	assert_true(m.remote_access.network == 2 && m.remote_access.server.len == 15);
	assert_int_equal(ask(SAP_AMTHI_LAST_HOST_RESET_REASON, false, 0).reset_reason.reason, 4);
	assert_int_equal(ask(SAP_AMTHI_USER_INITIATED_INTERFACES, false, 0).user_interfaces.flags, 1);
	m = ask(SAP_AMTHI_CONFIG_SERVER_DATA, false, 0);
	assert_true(m.config_server.port == 9971 && m.config_server.name.len == 4);
	m = ask(SAP_AMTHI_GET_FQDN, false, 0);
	assert_true(m.fqdn.period == 5 && m.fqdn.fqdn.len == 16);
	assert_int_equal(ask(SAP_AMTHI_REDIRECTION_STATE, false, 0).redirection_state.flags, 1);
	assert_int_equal(ask(SAP_AMTHI_GET_FEATURES_STATE, true, 2).feature_state.state, 1);
	m = ask(SAP_AMTHI_GET_FEATURES_STATE, true, 0);
	assert_true(m.feature_state.state == 0 && m.feature_state.more.len == 8);
	m = ask(SAP_AMTHI_ENUMERATE_HASH_HANDLES, false, 0);
	assert_true(sap_amthi_handle_at(&m.hash_handles, 1, &handle));
	assert_false(sap_amthi_handle_at(&m.hash_handles, 2, &handle));
	m = ask(SAP_AMTHI_GET_CERTHASH_ENTRY, true, 2);
	assert_memory_equal(m.certhash.name.bytes, "Some CA", 7);
}

static void amthi_code_versions(void **state)
{
	struct sap_amthi_setting_version many[60];
	struct sap_amthi_version version;
	struct sap_amthi_message m;

	(void)state;
	fill();
	m = ask(SAP_AMTHI_CODE_VERSIONS, false, 0);
	assert_string_equal((const char *)m.code_versions.bios, "N3MET10W (1.09 )");
	assert_int_equal(m.code_versions.entries, 2);
	assert_true(sap_amthi_version_at(&m.code_versions, 1, &version));
	assert_string_equal((const char *)version.version, "16.1.26");
	for (uint32_t i = 0; i < 60; i++)
		many[i] = settings.versions[i % 2];
	settings.versions = many;
	settings.n_versions = 60;
	settings.bios = "a version of a BIOS that is longer than the sixty-four characters there is room for";
	m = ask(SAP_AMTHI_CODE_VERSIONS, false, 0);
	assert_int_equal(m.code_versions.entries, 50);
	assert_int_equal(size, SAP_AMTHI_LONGEST);
	assert_int_equal(m.code_versions.bios[64], 0);
	assert_status(sap_amthi_answer(&settings, ask_versions, 12, reply, SAP_AMTHI_LONGEST - 1, &size),
		      SAP_TOO_SMALL);
	assert_status(sap_amthi_answer(&settings, ask_versions, 12, reply, 84, &size), SAP_TOO_SMALL);
	settings.n_versions = 0;
	settings.bios = NULL;
	m = ask(SAP_AMTHI_CODE_VERSIONS, false, 0);
	assert_int_equal(m.code_versions.entries, 0);
}

static void amthi_refuses(void **state)
{
	uint8_t request[100] = {1, 1, 0, 0, 0x6b, 0, 0, 4};
	struct sap_amthi_message m;

	(void)state;
	fill();
	assert_int_equal(status_of(SAP_AMTHI_UNPROVISION, true, 0), SAP_AMT_NOT_PERMITTED);
	assert_int_equal(status_of(SAP_AMTHI_GENERATE_RNG_SEED, false, 0), SAP_AMT_NOT_PERMITTED);
	assert_int_equal(status_of(SAP_AMTHI_GET_TCPIP_PARAMETERS, false, 0), SAP_AMT_NOT_PERMITTED);
	assert_int_equal(status_of(0x04000099, false, 0), SAP_AMT_INVALID_COMMAND);
	assert_int_equal(status_of(SAP_AMTHI_LAN_INTERFACE_SETTINGS, true, 2), SAP_AMT_INVALID_PARAMETER);
	assert_int_equal(status_of(SAP_AMTHI_LAN_INTERFACE_SETTINGS, false, 0),
			 SAP_AMT_INVALID_MESSAGE_LENGTH);
	assert_int_equal(status_of(SAP_AMTHI_GET_FEATURES_STATE, true, 5), SAP_AMT_INVALID_PARAMETER);
	assert_int_equal(status_of(SAP_AMTHI_GET_CERTHASH_ENTRY, true, 0), SAP_AMT_INVALID_HANDLE);
	assert_int_equal(status_of(SAP_AMTHI_GET_CERTHASH_ENTRY, true, 3), SAP_AMT_INVALID_HANDLE);
	/* The secret: a status, and not one byte more. */
	request[4] = 0x67;
	request[8] = 40;
	assert_status(sap_amthi_answer(&settings, request, 52, reply, sizeof(reply), &size), SAP_OK);
	assert_int_equal(size, 16);
	assert_int_equal(test_get32(reply + 12), SAP_AMT_NOT_PERMITTED);
	/* A length that lies, another version, a response, half a header. */
	request[8] = 41;
	assert_status(sap_amthi_answer(&settings, request, 52, reply, sizeof(reply), &size), SAP_OK);
	assert_int_equal(test_get32(reply + 12), SAP_AMT_INVALID_MESSAGE_LENGTH);
	request[8] = 40;
	request[0] = 2;
	assert_status(sap_amthi_answer(&settings, request, 52, reply, sizeof(reply), &size), SAP_OK);
	assert_int_equal(test_get32(reply + 12), SAP_AMT_UNSUPPORTED_VERSION);
	request[0] = 1;
	request[6] = 0x80;
	assert_status(sap_amthi_answer(&settings, request, 52, reply, sizeof(reply), &size), SAP_TOO_SHORT);
	assert_status(sap_amthi_answer(&settings, request, 11, reply, sizeof(reply), &size), SAP_TOO_SHORT);
	/* A setting that fits no message. */
	settings.dns_suffixes.len = 70000;
	assert_int_equal(status_of(SAP_AMTHI_DNS_SUFFIX_LIST, false, 0), SAP_AMT_INTERNAL_ERROR);
	/* Disabled: an empty message to everything. */
	settings.disabled = true;
	assert_status(sap_amthi_answer(&settings, ask_versions, 12, reply, sizeof(reply), &size), SAP_OK);
	assert_int_equal(size, 0);
	assert_status(sap_amthi_decode_response(reply, size, SAP_AMTHI_CODE_VERSIONS, &m), SAP_UNSUPPORTED);
}

static void mkhi_answers_from_settings(void **state)
{
	static const struct sap_mkhi_setting_rule rules[] = {
		{SAP_MKHI_RULE_SKU, {(const uint8_t *)"\x01\x02\x03\x04", 4}}};
	static const uint8_t os[] = {0x03, 0x06, 0, 0, 0, 0, 0x10, 0, 8, 0, 0, 0, 0, 2, 0, 0, 0};
	struct sap_mkhi_settings mkhi = {.fw = {{1, 16, 0, 2, 3}, {4, 5, 0, 6, 7}},
					 .n_fw = 2,
					 .boot_state = {3, 0},
					 .image_type = 9,
					 .eop_state = 1,
					 .rules = rules,
					 .n_rules = 1};

	(void)state;
	assert_status(sap_mkhi_answer(&mkhi, (const uint8_t *)"\xff\x02\0\0", 4, reply, sizeof(reply), &size),
		      SAP_OK);
	assert_int_equal(size, 20);
	assert_memory_equal(reply, "\xff\x82\0\0\x01\0\x10\0\x02\0\x03\0\x04\0\x05\0\x06\0\x07\0", 20);
	assert_status(sap_mkhi_answer(&mkhi, (const uint8_t *)"\xff\x0a\0\0", 4, reply, sizeof(reply), &size),
		      SAP_OK);
	assert_memory_equal(reply, "\xff\x8a\0\0\x03\0\0\0", 8);
	assert_status(sap_mkhi_answer(&mkhi, (const uint8_t *)"\xff\x18\0\0", 4, reply, sizeof(reply), &size),
		      SAP_OK);
	assert_memory_equal(reply, "\xff\x98\0\0\x09\0\0\0", 8);
	assert_status(sap_mkhi_answer(&mkhi, (const uint8_t *)"\xff\x1d\0\0", 4, reply, sizeof(reply), &size),
		      SAP_OK);
	assert_memory_equal(reply, "\xff\x9d\0\0\x01\0\0\0", 8);
	assert_status(sap_mkhi_answer(&mkhi, (const uint8_t *)"\x03\x02\0\0\0\0\0\0", 8, reply, sizeof(reply),
				      &size),
		      SAP_OK);
	assert_memory_equal(reply, "\x03\x82\0\0\0\0\0\0\x04\x01\x02\x03\x04", 13);
	/* What there is not: a rule, a version, a command; a request that is cut. */
	assert_status(sap_mkhi_answer(&mkhi, (const uint8_t *)"\x03\x02\0\0\x07\0\0\0", 8, reply,
				      sizeof(reply), &size),
		      SAP_OK);
	assert_memory_equal(reply, "\x03\x82\0\x01", 4);
	assert_int_equal(size, 4);
	mkhi.n_fw = 0;
	assert_status(sap_mkhi_answer(&mkhi, (const uint8_t *)"\xff\x02\0\0", 4, reply, sizeof(reply), &size),
		      SAP_OK);
	assert_int_equal(reply[3], SAP_MKHI_FAILED);
	assert_status(sap_mkhi_answer(&mkhi, (const uint8_t *)"\xff\x77\0\0", 4, reply, sizeof(reply), &size),
		      SAP_OK);
	assert_memory_equal(reply, "\xff\xf7\0\x01", 4);
	assert_status(sap_mkhi_answer(&mkhi, (const uint8_t *)"\x03\x02\0\0\0", 5, reply, sizeof(reply),
				      &size),
		      SAP_OK);
	assert_int_equal(reply[3], SAP_MKHI_FAILED);
	/* No answer: the OS's version, a response, half a header. */
	assert_status(sap_mkhi_answer(&mkhi, os, sizeof(os), reply, sizeof(reply), &size), SAP_AGAIN);
	assert_status(sap_mkhi_answer(&mkhi, os, sizeof(os) - 1, reply, sizeof(reply), &size), SAP_TOO_SHORT);
	assert_status(sap_mkhi_answer(&mkhi, (const uint8_t *)"\xff\x82\0\0", 4, reply, sizeof(reply), &size),
		      SAP_TOO_SHORT);
	assert_status(sap_mkhi_answer(&mkhi, os, 3, reply, sizeof(reply), &size), SAP_TOO_SHORT);
}

/* Five applications, as many as there are places, each asks again and again. */
static void several_applications(void **state)
{
	struct mei_rig *rig = mei_rig_up();
	struct sap_amthi_message m;
	const struct hbm_text *text;

	(void)state;
	for (uint32_t app = 1; app <= 5; app++)
		mei_connect(rig, app, AMTHI_ADDR);
	hbm_connect(&rig->host, 6, AMTHI_ADDR);
	mei_settle(rig);
	assert_int_equal(rig->host.app[6].status, SAP_HBM_REJECTED);
	for (uint32_t turn = 0; turn < 10; turn++) {
		for (uint32_t app = 1; app <= 5; app++)
			assert_status(hbm_write(&rig->host, app, ask_versions, sizeof(ask_versions)), SAP_OK);
		mei_settle(rig);
		for (uint32_t app = 1; app <= 5; app++) {
			text = hbm_read(&rig->host, app);
			assert_non_null(text);
			assert_status(sap_amthi_decode_response(text->bytes, text->len,
								SAP_AMTHI_CODE_VERSIONS, &m),
				      SAP_OK);
			assert_int_equal(m.code_versions.entries, 2);
		}
	}
	/* AMT is disabled: an empty message. */
	rig->amthi.disabled = true;
	assert_status(hbm_write(&rig->host, 1, ask_versions, sizeof(ask_versions)), SAP_OK);
	mei_settle(rig);
	assert_int_equal(hbm_read(&rig->host, 1)->len, 0);
	mei_rig_free(rig);
}

/* The host resets while an answer is on its way. */
static void reset_in_the_middle_of_an_answer(void **state)
{
	struct mei_rig *rig = mei_rig_up();

	(void)state;
	for (uint32_t steps = 0; steps < 12; steps++) {
		mei_connect(rig, 1, AMTHI_ADDR);
		assert_status(hbm_write(&rig->host, 1, ask_versions, sizeof(ask_versions)), SAP_OK);
		for (uint32_t i = 0; i < steps; i++) {
			if (i % 3 == 0)
				hbm_host_run(&rig->host);
			else if (i % 3 == 1)
				assert_status(sap_me_bus_run(&rig->bus, &rig->port, rig->now), SAP_OK);
			else
				(void)sap_mei_server_run(&rig->server[0]);
		}
		hbm_host_reset(&rig->host);
		mei_settle(rig);
		assert_int_equal(rig->host.phase, HBM_UP);
		rig->host.app[1].queued = 0;
		mei_connect(rig, 1, AMTHI_ADDR);
		assert_status(hbm_write(&rig->host, 1, ask_versions, sizeof(ask_versions)), SAP_OK);
		mei_settle(rig);
		assert_int_equal(hbm_read(&rig->host, 1)->len, 85 + 88);
		hbm_disconnect(&rig->host, 1);
		mei_settle(rig);
	}
	mei_rig_free(rig);
}

static void servers_count(void **state)
{
	struct mei_rig *rig = mei_rig_up();

	(void)state;
	mei_connect(rig, 1, AMTHI_ADDR);
	assert_status(hbm_write(&rig->host, 1, "junk", 4), SAP_OK);
	mei_settle(rig);
	assert_int_equal(rig->server[0].refused, 1);
	assert_status(hbm_write(&rig->host, 1, ask_versions, 12), SAP_OK);
	mei_settle(rig);
	assert_int_equal(rig->server[0].answered, 1);
	mei_connect(rig, 2, MKHI_ADDR);
	assert_status(hbm_write(&rig->host, 2, "\x03\x06\0\0\0\0\x10\0\x08\0\0\0\0\x02\0\0\0", 17), SAP_OK);
	mei_settle(rig);
	assert_int_equal(rig->server[5].silent, 1);
	assert_null(hbm_read(&rig->host, 2));
	/* Two answers, and a host that gives no credit for a while: both come. */
	rig->host.app[4].lazy = true;
	mei_connect(rig, 4, ECHO_ADDR);
	for (uint32_t i = 0; i < 2; i++) {
		assert_status(hbm_write(&rig->host, 4, i ? "two" : "one", 3), SAP_OK);
		mei_settle(rig);
	}
	hbm_grant(&rig->host, 4);
	hbm_grant(&rig->host, 4);
	mei_settle(rig);
	assert_memory_equal(hbm_read(&rig->host, 4)->bytes, "one", 3);
	assert_memory_equal(hbm_read(&rig->host, 4)->bytes, "two", 3);
	/* A server whose buffers are too small for what comes. */
	mei_connect(rig, 3, ECHO_ADDR);
	rig->server[9].size = 10;
	assert_status(hbm_write(&rig->host, 3, rig->memory, 11), SAP_OK);
	mei_settle(rig);
	assert_int_equal(rig->server[9].refused, 1);
	mei_echo(rig, 3, 10, 1);
	assert_status(sap_echo_answer(NULL, reply, 11, reply, 10, &size), SAP_TOO_SMALL);
	mei_rig_free(rig);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(amthi_answers_from_settings),
		cmocka_unit_test(amthi_code_versions),
		cmocka_unit_test(amthi_refuses),
		cmocka_unit_test(mkhi_answers_from_settings),
		cmocka_unit_test(several_applications),
		cmocka_unit_test(reset_in_the_middle_of_an_answer),
		cmocka_unit_test(servers_count),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
