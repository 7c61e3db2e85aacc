// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
/*
 * The whole firmware of `sap csme --vmei` on a device in memory: what applications are told, and SAP between the
 * simulated CSME and an engine of the host's.
 */
#include "support.h"

#include <sap/mei.h>

#include "firmware.h"
#include "hbm_host.h"
#include "party.h"

#define ADDRESS 0x1f0000000ull

enum {
	AREA = 172032,
	ROUNDS = 1000,
};

struct bench {
	struct sap_mei_loopback loop;
	struct hbm_host hbm;
	struct firmware_settings settings;
	struct firmware firmware;
	struct sim_site site;
	struct sim_party csme;
	struct sap_host host;
	struct sap_pump host_pump;
	uint8_t *memory;
	uint64_t now;
	char heard[1000];
	uint32_t ups, downs; /* the host's */
};

/* --- the bench --- */

static void hear(void *self, const struct sap_me_event *event, uint64_t now)
{
	static const char *const names[] = {"?",      "STARTED",   "ENUMERATED",   "RESET",  "STOPPED",
					    "GONE",   "CONNECTED", "DISCONNECTED", "NOTIFY", "ADDED",
					    "MAPPED", "UNMAPPED",  "ASLEEP"};
	struct bench *b = self;
	size_t len = strlen(b->heard);

	(void)now;
	snprintf(b->heard + len, sizeof(b->heard) - len, "%s ", names[event->type]);
}

static bool hear_host(struct bench *b)
{
	struct sap_host_event event;
	bool any = false;

	while (sap_host_next_event(&b->host, &event)) {
		any = true;
		b->ups += event.type == SAP_HOST_UP;
		b->downs += event.type == SAP_HOST_DOWN;
	}
	return any;
}

/* One instant, as process_loop.c has it, with the host beside it. */
static void settle(struct bench *b)
{
	uint32_t round = 0;
	bool moved = true;

	for (; moved && round < ROUNDS; round++) {
		moved = sim_party_turn(&b->csme, b->now) != 0;
		if (firmware_run(&b->firmware, b->now)) {
			sim_party_retry(&b->csme, b->now);
			moved = true;
		}
		if (hbm_host_run(&b->hbm)) {
			sap_pump_retry(&b->host_pump, b->now);
			moved = true;
		}
		assert_status(sap_pump_run(&b->host_pump, b->now), SAP_OK);
		moved |= hear_host(b);
	}
	assert_true(round < ROUNDS);
}

static void pass(struct bench *b, uint32_t ms)
{
	for (uint32_t i = 0; i < ms; i += 5) {
		b->now += 5;
		settle(b);
	}
}

static void command(struct bench *b, const char *line)
{
	struct sim_command command;
	struct sim_error error;

	assert_true(sim_command_read(line, 0, SIM_ROLE_CSME, &command, &error));
	assert_status(sim_party_do(&b->csme, &command, b->now), SAP_OK);
	sim_command_free(&command);
	settle(b);
}

static struct bench *bench_new(const char *json)
{
	struct bench *b = calloc(1, sizeof(*b));
	struct sap_host_config config;
	struct sim_settings sides;
	struct sap_transport end;
	struct sap_mei_port port;
	struct text why = {0};

	assert_non_null(b);
	firmware_settings_default(&b->settings);
	if (json && !firmware_settings_read(&b->settings, json, strlen(json), &why))
		test_fail("%s", text_of(&why));
	sap_mei_loopback_init(&b->loop);
	port = sap_mei_loopback_port(&b->loop);
	hbm_host_init(&b->hbm, &b->loop);
	assert_status(firmware_init(&b->firmware, &b->settings, &port, b->now), SAP_OK);
	b->firmware.hear = hear;
	b->firmware.self = b;
	end = firmware_transport(&b->firmware);
	sim_settings_of_process(&sides);
	sim_site_init(&b->site, SAP_OWNER_HOST, 0);
	b->site.picture = true;
	assert_status(sim_party_init(&b->csme, SIM_CSME, &sides, &b->site, &end, b->now), SAP_OK);
	b->csme.firmware.runs = true;
	b->memory = calloc(1, AREA);
	sap_host_config_default(&config);
	assert_status(sap_host_init(&b->host, sizeof(b->host), &config, b->now), SAP_OK);
	b->host_pump.host = &b->host;
	b->host_pump.transport = hbm_transport(&b->hbm, &sap_wlan_guid, b->memory, AREA, ADDRESS);
	settle(b);
	return b;
}

static void bench_free(struct bench *b)
{
	if (b->hbm.complaints)
		test_fail("the host complains: %s", b->hbm.complaint);
	for (uint32_t i = 0; i < SAP_ME_REFUSALS; i++)
		assert_int_equal(sap_me_bus_counters(&b->firmware.bus)->refused[i], 0);
	firmware_free(&b->firmware);
	firmware_settings_free(&b->settings);
	free(b->memory);
	free(b);
}

static uint8_t connect_to(struct bench *b, uint32_t app, const struct sap_guid *guid)
{
	uint8_t me_addr = hbm_host_find(&b->hbm, guid);

	assert_int_not_equal(me_addr, 0);
	hbm_connect(&b->hbm, app, me_addr);
	settle(b);
	return b->hbm.app[app].status;
}

/* --- applications --- */

static const struct hbm_text *ask(struct bench *b, uint32_t app, uint32_t request)
{
	struct sap_amthi_message m = {.command = request};
	const struct hbm_text *answer;
	uint8_t bytes[64];
	uint32_t len;

	assert_status(sap_amthi_encode(&m, bytes, sizeof(bytes), &len), SAP_OK);
	assert_status(hbm_write(&b->hbm, app, bytes, len), SAP_OK);
	settle(b);
	answer = hbm_read(&b->hbm, app);
	assert_non_null(answer);
	return answer;
}

static void amthi_tells_the_settings(void **state)
{
	struct bench *b =
		bench_new("{\"amt\":{\"bios\":\"B.7\",\"versions\":{\"Flash\":\"9.8\",\"AMT\":\"7.6.5\"},"
			  "\"fqdn\":{\"name\":\"me.example.org\"},\"provisioning_state\":\"IN\"}}");
	struct sap_amthi_version version;
	struct sap_amthi_message m;
	const struct hbm_text *answer;

	(void)state;
	assert_int_equal(b->hbm.phase, HBM_UP);
	assert_int_equal(connect_to(b, 1, &sap_amthi_guid), 0);
	answer = ask(b, 1, SAP_AMTHI_CODE_VERSIONS);
	assert_status(sap_amthi_decode_response(answer->bytes, answer->len, SAP_AMTHI_CODE_VERSIONS, &m),
		      SAP_OK);
	assert_string_equal((const char *)m.code_versions.bios, "B.7");
	assert_int_equal(m.code_versions.entries, 2);
	assert_true(sap_amthi_version_at(&m.code_versions, 1, &version));
	assert_memory_equal(version.description, "AMT", 4);
	assert_memory_equal(version.version, "7.6.5", 6);
	/* What is said twice is the same, and what is counted is. */
	answer = ask(b, 1, SAP_AMTHI_SECURITY_PARAMETERS);
	assert_status(sap_amthi_decode(answer->bytes, answer->len, &m), SAP_OK);
	assert_int_equal(m.security.provisioning_state, SAP_AMT_PROVISIONING_IN);
	answer = ask(b, 1, SAP_AMTHI_GET_FQDN);
	assert_status(sap_amthi_decode(answer->bytes, answer->len, &m), SAP_OK);
	assert_int_equal(m.fqdn.host_len, 2);
	assert_int_equal(m.fqdn.fqdn.len, 14);
	bench_free(b);
}

static void several_at_once(void **state)
{
	struct bench *b = bench_new("{\"clients\":{\"amthi\":{\"connections\":3}}}");

	(void)state;
	for (uint32_t app = 1; app <= 3; app++)
		assert_int_equal(connect_to(b, app, &sap_amthi_guid), 0);
	assert_int_not_equal(connect_to(b, 4, &sap_amthi_guid), 0);
	for (uint32_t app = 1; app <= 3; app++)
		assert_true(ask(b, app, SAP_AMTHI_GET_UUID)->len > 16);
	hbm_disconnect(&b->hbm, 2);
	settle(b);
	assert_int_equal(connect_to(b, 4, &sap_amthi_guid), 0);
	assert_true(ask(b, 4, SAP_AMTHI_GET_UUID)->len > 16);
	/* The bus counts what was one too many. */
	assert_int_equal(b->firmware.bus.state.counters.refused[SAP_ME_FULL], 1);
	b->firmware.bus.state.counters.refused[SAP_ME_FULL] = 0;
	bench_free(b);
}

static void disabled_amt_says_nothing(void **state)
{
	struct bench *b = bench_new("{\"amt\":{\"enabled\":false}}");

	(void)state;
	assert_int_equal(connect_to(b, 1, &sap_amthi_guid), 0);
	assert_int_equal(ask(b, 1, SAP_AMTHI_GET_UUID)->len, 0);
	bench_free(b);
}

/* Both clients of MKHI; the one of a fixed address needs no connection. */
static void mkhi_tells_versions(void **state)
{
	static const uint8_t request[4] = {0xff, 0x02, 0, 0};
	static const uint8_t expected[12] = {0xff, 0x82, 0, 0, 5, 0, 12, 0, 0x49, 0x07, 6, 0};
	struct bench *b = bench_new("{\"firmware\":{\"versions\":[\"12.5.6.1865\"]}}");
	const struct hbm_text *answer;

	(void)state;
	assert_int_equal(connect_to(b, 1, &sap_mkhi_guid), 0);
	assert_status(hbm_write(&b->hbm, 1, request, sizeof(request)), SAP_OK);
	settle(b);
	answer = hbm_read(&b->hbm, 1);
	assert_non_null(answer);
	assert_int_equal(answer->len, sizeof(expected));
	assert_memory_equal(answer->bytes, expected, sizeof(expected));
	assert_int_equal(hbm_host_find(&b->hbm, &sap_mkhi_fixed_guid), 7);
	bench_free(b);
}

/* Clients that are not there at the start can be added, and taken away. */
static void clients_come_and_go(void **state)
{
	static const uint8_t request[300] = {1, 2, 3};
	struct bench *b =
		bench_new("{\"clients\":{\"wlan\":{\"present\":false},\"echo\":{\"longest\":300}}}");

	(void)state;
	assert_int_equal(hbm_host_find(&b->hbm, &sap_wlan_guid), 0);
	assert_int_equal(hbm_host_find(&b->hbm, &sap_echo_guid), 0);
	assert_status(sap_me_bus_add(&b->firmware.bus, FIRMWARE_ECHO, b->now), SAP_OK);
	settle(b);
	assert_int_equal(connect_to(b, 1, &sap_echo_guid), 0);
	assert_status(hbm_write(&b->hbm, 1, request, sizeof(request)), SAP_OK);
	settle(b);
	assert_int_equal(hbm_read(&b->hbm, 1)->len, sizeof(request));
	assert_status(firmware_notify(&b->firmware, FIRMWARE_ECHO), SAP_UNSUPPORTED);
	hbm_notify(&b->hbm, 1, true);
	settle(b);
	assert_status(firmware_notify(&b->firmware, FIRMWARE_ECHO), SAP_OK);
	settle(b);
	assert_int_equal(b->hbm.app[1].notifications, 1);
	assert_status(firmware_drop(&b->firmware, FIRMWARE_ECHO), SAP_OK);
	settle(b);
	assert_int_equal(b->hbm.app[1].state, HBM_APP_ENDED);
	assert_status(firmware_drop(&b->firmware, FIRMWARE_ECHO), SAP_CLOSED);
	assert_status(firmware_notify(&b->firmware, FIRMWARE_ECHO), SAP_CLOSED);
	bench_free(b);
}

/* --- SAP --- */

static void sap_up(struct bench *b)
{
	command(b, "start");
	command(b, "amt on");
	assert_status(sap_host_start(&b->host, b->now), SAP_OK);
	settle(b);
	pass(b, 500);
}

static void sap_over_resets(void **state)
{
	struct bench *b = bench_new(NULL);

	(void)state;
	sap_up(b);
	assert_int_equal(b->ups, 1);
	assert_non_null(strstr(b->heard, "MAPPED"));
	for (uint32_t cycle = 1; cycle <= 3; cycle++) {
		b->heard[0] = '\0';
		if (cycle == 2) {
			hbm_host_reset(&b->hbm);
		} else {
			/* As firmware_reset(); but a host in memory sees it only if it looks in between. */
			assert_status(sap_me_bus_stop(&b->firmware.bus, b->now), SAP_OK);
			settle(b);
			assert_status(sap_me_bus_start(&b->firmware.bus, b->now), SAP_OK);
		}
		settle(b);
		pass(b, 3000);
		assert_int_equal(b->downs, cycle);
		assert_int_equal(b->hbm.phase, HBM_UP);
		/* The host's engine is told to; CSME's waits by itself. */
		assert_status(sap_host_start(&b->host, b->now), SAP_OK);
		pass(b, 1000);
		assert_int_equal(b->ups, cycle + 1);
	}
	command(b, "stop");
	pass(b, 3000);
	assert_int_equal(b->downs, 4);
	bench_free(b);
}

static void no_sap_without_memory(void **state)
{
	static const char *const refused[] = {"{\"bus\":{\"client_dma\":false}}",
					      "{\"bus\":{\"hbm\":\"2.1\"}}", "{\"bus\":{\"hbm\":\"1.1\"}}"};

	(void)state;
	for (size_t i = 0; i < sizeof(refused) / sizeof(refused[0]); i++) {
		struct bench *b = bench_new(refused[i]);

		sap_up(b);
		assert_int_equal(b->ups, 0);
		assert_int_equal(b->hbm.phase, HBM_UP);
		assert_int_equal(b->hbm.fw_major, i == 2 ? 1 : 2);
		assert_int_equal(b->hbm.fw_minor, i == 0 ? 2 : 1);
		assert_int_equal(connect_to(b, 1, &sap_amthi_guid), 0);
		assert_true(ask(b, 1, SAP_AMTHI_GET_UUID)->len > 16);
		bench_free(b);
	}
}

/* One size alone is taken: the host ends at the older area, or at none. */
static void sizes_of_memory(void **state)
{
	struct bench *b = bench_new("{\"bus\":{\"dma_sizes\":[139264]}}");

	(void)state;
	sap_up(b);
	pass(b, 1000);
	assert_int_equal(b->ups, 1);
	assert_int_equal(b->hbm.mapped, 139264);
	command(b, "stop");
	pass(b, 3000);
	/* The larger one was tried first. */
	assert_int_equal(b->firmware.bus.state.counters.refused[SAP_ME_DMA], 1);
	b->firmware.bus.state.counters.refused[SAP_ME_DMA] = 0;
	bench_free(b);
}

static void the_device_goes(void **state)
{
	struct bench *b = bench_new(NULL);

	(void)state;
	sap_up(b);
	sap_mei_loopback_unplug(&b->loop);
	(void)firmware_run(&b->firmware, b->now);
	assert_non_null(strstr(b->heard, "GONE"));
	assert_true(firmware_deadline(&b->firmware) > b->now);
	assert_status(firmware_reset(&b->firmware, b->now), SAP_WRONG_STATE);
	bench_free(b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(amthi_tells_the_settings),  cmocka_unit_test(several_at_once),
		cmocka_unit_test(disabled_amt_says_nothing), cmocka_unit_test(mkhi_tells_versions),
		cmocka_unit_test(clients_come_and_go),	     cmocka_unit_test(sap_over_resets),
		cmocka_unit_test(no_sap_without_memory),     cmocka_unit_test(sizes_of_memory),
		cmocka_unit_test(the_device_goes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
