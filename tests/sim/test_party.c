// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
/* One side by itself, as a process has it: on its own site, with a peer that is played by hand. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include <sap/loopback.h>

#include "fault.h"
#include "party.h"

enum {
	MOST_TEXT = 4000,
};

/* Two sides that share nothing but a loopback, each on a site of its own. */
struct rig {
	_Alignas(4) unsigned char memory[172032];
	struct sap_loopback loop;
	struct sim_site site[2];
	struct sim_party party[2];
	uint64_t now;
	char told[2][MOST_TEXT]; /* events, one after another */
};

static struct rig rig;

static void hear(void *self, const struct sim_news *news)
{
	char *told = self, text[200];
	size_t used = strlen(told);

	if (news->kind != SIM_HAPPENED)
		return;
	sim_event_write(&news->event, text, sizeof(text));
	snprintf(told + used, MOST_TEXT - used, "%s%s", used ? "; " : "", text);
}

static void fresh(const struct sim_settings *settings)
{
	struct sap_loopback_config config;

	memset(&rig, 0, sizeof(rig));
	sap_loopback_config_default(&config);
	config.memory = rig.memory;
	config.memory_size = sizeof(rig.memory);
	assert_int_equal(sap_loopback_init(&rig.loop, sizeof(rig.loop), &config), SAP_OK);
	for (int side = SIM_HOST; side <= SIM_CSME; side++) {
		struct sap_transport end = sap_loopback_transport(&rig.loop, (enum sap_loopback_end)side);

		sim_site_init(&rig.site[side], side == SIM_HOST ? SAP_OWNER_UNKNOWN : SAP_OWNER_HOST,
			      settings->power_up_ms);
		rig.site[side].picture = true;
		rig.site[side].listener = (struct sim_listener){hear, rig.told[side]};
		assert_int_equal(sim_party_init(&rig.party[side], (enum sim_side)side, settings,
						&rig.site[side], &end, 0),
				 SAP_OK);
	}
}

/* Settings of a process; but here nobody polls, so who waits for a peer asks. */
static void fresh_processes(void)
{
	struct sim_settings settings;

	sim_settings_of_process(&settings);
	settings.host.link.again_ms = settings.csme.link.again_ms = 1;
	settings.host.link.throttle_ms = settings.csme.link.throttle_ms = 0;
	settings.rest_ms = 30;
	fresh(&settings);
}

static void wait_ms(uint64_t ms)
{
	for (uint64_t until = rig.now + ms;; rig.now++) {
		for (int turn = 0; turn < 20; turn++) {
			sim_party_turn(&rig.party[SIM_HOST], rig.now);
			sim_party_turn(&rig.party[SIM_CSME], rig.now);
		}
		if (rig.now == until)
			return;
	}
}

static enum sap_status told_to(enum sim_side side, const char *line)
{
	uint32_t role = side == SIM_HOST ? SIM_ROLE_HOST : SIM_ROLE_CSME;
	struct sim_command command;
	struct sim_error error;
	enum sap_status status;

	if (!sim_command_read(line, 1, role, &command, &error))
		fail_msg("%s: %s", line, error.why);
	status = sim_party_do(&rig.party[side], &command, rig.now);
	sim_command_free(&command);
	return status;
}

static void wrong(enum sim_side side, const char *name)
{
	for (uint32_t i = 0; sim_fault_at(i); i++) {
		if (strcmp(sim_fault_at(i)->name, name) == 0)
			sim_party_fault(&rig.party[side], sim_fault_at(i), rig.now);
	}
}

static void tells(enum sim_side side, const char *events)
{
	assert_string_equal(rig.told[side], events);
	rig.told[side][0] = '\0';
}

static void up(void)
{
	fresh_processes();
	assert_int_equal(told_to(SIM_CSME, "start"), SAP_OK);
	assert_int_equal(told_to(SIM_CSME, "amt on"), SAP_OK);
	assert_int_equal(told_to(SIM_HOST, "driver up"), SAP_OK);
	assert_int_equal(told_to(SIM_HOST, "up"), SAP_OK);
	wait_ms(50);
	tells(SIM_HOST, "UP version=4; AMT on=yes; CONN_STATUS protect=off ssid= bssid=00:00:00:00:00:00 "
			"channel=0; OWNER owner=csme");
	rig.told[SIM_CSME][0] = '\0';
}

/* --- what a side knows of the NIC --- */

static void the_host_knows_what_it_was_told(void **state)
{
	(void)state;
	up();
	assert_int_equal(rig.site[SIM_HOST].nic.owner, SAP_OWNER_CSME);
	assert_false(rig.site[SIM_HOST].nic.touches[SIM_CSME]);
	assert_int_equal(told_to(SIM_HOST, "own"), SAP_OK);
	wait_ms(5);
	assert_int_equal(rig.site[SIM_HOST].nic.owner, SAP_OWNER_HOST);
	assert_true(rig.site[SIM_HOST].nic.touches[SIM_HOST]);
	assert_int_equal(rig.site[SIM_CSME].nic.owner, SAP_OWNER_HOST);
	assert_false(rig.site[SIM_CSME].nic.touches[SIM_HOST]);
	assert_int_equal(told_to(SIM_HOST, "down"), SAP_OK);
	wait_ms(500);
	assert_int_equal(rig.site[SIM_HOST].nic.owner, SAP_OWNER_UNKNOWN);
}

/* CSME took it without waiting: the host cannot have known, and lets go. */
static void taken_by_force_is_an_excuse(void **state)
{
	(void)state;
	up();
	assert_int_equal(told_to(SIM_HOST, "own"), SAP_OK);
	wait_ms(200);
	assert_int_equal(told_to(SIM_CSME, "take --force"), SAP_OK);
	wait_ms(200);
	assert_int_equal(rig.site[SIM_HOST].nic.owner, SAP_OWNER_CSME);
	assert_false(rig.site[SIM_HOST].nic.touches[SIM_HOST]);
	assert_int_equal(rig.site[SIM_HOST].nic.unexcused, 0);
	assert_false(rig.site[SIM_HOST].nic.overlap);
}

static void what_it_does_not_own_it_does_not_touch_unseen(void **state)
{
	(void)state;
	up();
	assert_int_equal(told_to(SIM_HOST, "device up"), SAP_OK);
	tells(SIM_HOST, "DRIVES side=host on=yes; OVERLAP on=yes excused=no");
	assert_int_equal(rig.site[SIM_HOST].nic.unexcused, 1);
}

static void without_a_register_the_driver_lets_go(void **state)
{
	(void)state;
	up();
	assert_int_equal(told_to(SIM_HOST, "own"), SAP_OK);
	wait_ms(5);
	assert_int_equal(told_to(SIM_HOST, "door"), SAP_UNSUPPORTED);
	assert_true(rig.site[SIM_HOST].nic.touches[SIM_HOST]);
	assert_int_equal(told_to(SIM_HOST, "down"), SAP_OK);
	wait_ms(500);
	assert_false(rig.site[SIM_HOST].nic.touches[SIM_HOST]);
}

/* --- coming back --- */

/* How many connections the host's engine began, as its messages show. */
static uint32_t starts(void)
{
	return rig.party[SIM_HOST].host.state.link.generation;
}

static void a_host_tries_again_later_and_later(void **state)
{
	static const uint64_t gaps[] = {100, 200, 400, 800, 1600, 3200, 5000, 5000};

	(void)state;
	fresh_processes();
	wrong(SIM_HOST, "no-area"); /* so that each try ends at once */
	assert_int_equal(told_to(SIM_HOST, "up"), SAP_OK);
	wait_ms(0);
	for (uint32_t i = 0; i < sizeof(gaps) / sizeof(gaps[0]); i++) {
		assert_int_equal(starts(), i + 1);
		wait_ms(gaps[i] - 1);
		assert_int_equal(starts(), i + 1);
		wait_ms(1);
	}
	/* Once it was up it starts with the shortest again. */
	wrong(SIM_HOST, "clear");
	assert_int_equal(told_to(SIM_CSME, "start"), SAP_OK);
	wait_ms(5100);
	assert_non_null(strstr(rig.told[SIM_HOST], "UP version=4"));
	wrong(SIM_HOST, "connection-lost");
	wait_ms(1);
	assert_int_equal(starts(), 10);
	wait_ms(97);
	assert_int_equal(starts(), 10);
	wait_ms(5);
	assert_int_equal(starts(), 11);
}

static void told_down_it_does_not_come_back(void **state)
{
	(void)state;
	up();
	assert_int_equal(told_to(SIM_HOST, "down"), SAP_OK);
	wait_ms(10000);
	assert_int_equal(starts(), 1);
	/* Also between two tries, where the engine is down already; once. */
	wrong(SIM_HOST, "no-area");
	assert_int_equal(told_to(SIM_HOST, "up"), SAP_OK);
	wait_ms(50);
	assert_int_equal(told_to(SIM_HOST, "down"), SAP_OK);
	assert_int_equal(told_to(SIM_HOST, "down"), SAP_WRONG_STATE);
	wait_ms(10000);
	assert_int_equal(starts(), 2);
}

/* Told `up` while it waits it does not wait any longer. */
static void told_up_it_comes_back_at_once(void **state)
{
	(void)state;
	fresh_processes();
	wrong(SIM_HOST, "no-area");
	assert_int_equal(told_to(SIM_HOST, "up"), SAP_OK);
	wait_ms(1000);
	assert_int_equal(starts(), 4);
	assert_int_equal(told_to(SIM_HOST, "up"), SAP_OK);
	assert_int_equal(starts(), 5);
	wait_ms(99);
	assert_int_equal(starts(), 5);
	wait_ms(1);
	assert_int_equal(starts(), 6);
}

static void a_world_s_driver_does_not(void **state)
{
	struct sim_settings settings;

	(void)state;
	sim_settings_default(&settings);
	fresh(&settings);
	wrong(SIM_HOST, "no-area");
	assert_int_equal(told_to(SIM_HOST, "up"), SAP_OK);
	wait_ms(10000);
	assert_int_equal(starts(), 1);
}

static void csme_rests_between_two_hosts(void **state)
{
	(void)state;
	up();
	wrong(SIM_CSME, "connection-lost");
	wait_ms(1);
	tells(SIM_CSME, "DOWN status=CLOSED");
	assert_int_equal(rig.party[SIM_CSME].csme.state.link.phase, SAP_PHASE_DOWN);
	wait_ms(28);
	assert_int_equal(rig.party[SIM_CSME].csme.state.link.phase, SAP_PHASE_DOWN);
	wait_ms(2);
	assert_int_equal(rig.party[SIM_CSME].csme.state.link.phase, SAP_PHASE_CONNECTING);
	wait_ms(200);
	assert_non_null(strstr(rig.told[SIM_CSME], "UP version=4"));
	/* Told to stop while it rests, it does not wait any more. */
	wrong(SIM_CSME, "connection-lost");
	wait_ms(1);
	assert_int_equal(told_to(SIM_CSME, "stop"), SAP_OK);
	wait_ms(1000);
	assert_int_equal(rig.party[SIM_CSME].csme.state.link.phase, SAP_PHASE_DOWN);
	assert_int_equal(told_to(SIM_CSME, "stop"), SAP_WRONG_STATE);
}

/* --- settings --- */

static void settings_by_name(void **state)
{
	static const struct {
		uint32_t role;
		const char *text, *why;
	} cases[] = {
		{SIM_ROLE_HOST, "throttle=7ms", ""},
		{SIM_ROLE_CSME, "throttle=0ms", ""},
		{SIM_ROLE_HOST, "map-tries=9", ""},
		{SIM_ROLE_CSME, "loss=never", ""},
		{SIM_ROLE_CSME, "keep=4294967294ms", ""},
		{SIM_ROLE_CSME, "keep=4294967295ms", "keep takes at most 4294967294ms, or never"},
		{SIM_ROLE_CSME, "keep=4294968s", "keep takes at most 4294967294ms, or never"},
		{SIM_ROLE_HOST, "reask=0ms", "reask takes at least 1ms"},
		{SIM_ROLE_HOST, "reask=", "reask takes a time such as 100ms or 3s, not ''"},
		{SIM_ROLE_HOST, "", "there is no setting ''"},
		{SIM_ROLE_HOST, "loss=1s", "there is no setting 'loss'"},
		{SIM_ROLE_CSME, "ask=1s", "there is no setting 'ask'"},
	};
	struct sim_settings settings;
	char why[SIM_WHY];

	(void)state;
	sim_settings_default(&settings);
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		why[0] = '\0';
		if (sim_setting_read(&settings, cases[i].role, cases[i].text, why) != !cases[i].why[0] ||
		    strcmp(why, cases[i].why) != 0)
			fail_msg("%s: %s", cases[i].text, why);
	}
	assert_int_equal(settings.host.link.throttle_ms, 7);
	assert_int_equal(settings.csme.link.throttle_ms, 0);
	assert_int_equal(settings.host.link.map_tries, 9);
	assert_true(settings.csme.loss_ms == UINT32_MAX);
	assert_true(settings.csme.keep_ms == UINT32_MAX - 1);
}

/* Each name sets a member of its own, and the least that it takes is what an engine takes. */
static void each_setting_is_another(void **state)
{
	struct sim_settings plain, least;

	(void)state;
	for (uint32_t role = SIM_ROLE_HOST; role <= SIM_ROLE_CSME; role <<= 1) {
		sim_settings_default(&least);
		for (uint32_t i = 0; sim_setting_at(i); i++) {
			const struct sim_setting *setting = sim_setting_at(i);
			char text[60], why[SIM_WHY], now[24];

			if (!(setting->roles & role))
				continue;
			sim_settings_default(&plain);
			snprintf(text, sizeof(text), "%s=%u%s", setting->name, 1000 + (unsigned int)i,
				 setting->count ? "" : "ms");
			assert_true(sim_setting_read(&plain, role, text, why));
			for (uint32_t other = 0; sim_setting_at(other); other++) {
				if (!(sim_setting_at(other)->roles & role))
					continue;
				sim_setting_write(sim_setting_at(other), role, &plain, now, sizeof(now));
				assert_int_equal(strcmp(strchr(text, '=') + 1, now) == 0, other == i);
			}
			snprintf(text, sizeof(text), "%s=%u%s", setting->name, (unsigned int)setting->least,
				 setting->count ? "" : "ms");
			assert_true(sim_setting_read(&least, role, text, why));
		}
		assert_int_equal(sap_host_init(&rig.party[0].host, sizeof(struct sap_host), &least.host, 0),
				 SAP_OK);
		assert_int_equal(sap_csme_init(&rig.party[1].csme, sizeof(struct sap_csme), &least.csme, 0),
				 SAP_OK);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_host_knows_what_it_was_told),
		cmocka_unit_test(taken_by_force_is_an_excuse),
		cmocka_unit_test(what_it_does_not_own_it_does_not_touch_unseen),
		cmocka_unit_test(without_a_register_the_driver_lets_go),
		cmocka_unit_test(a_host_tries_again_later_and_later),
		cmocka_unit_test(told_down_it_does_not_come_back),
		cmocka_unit_test(told_up_it_comes_back_at_once),
		cmocka_unit_test(a_world_s_driver_does_not),
		cmocka_unit_test(csme_rests_between_two_hosts),
		cmocka_unit_test(settings_by_name),
		cmocka_unit_test(each_setting_is_another),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
