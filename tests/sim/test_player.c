// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
/* Scripts, played: the 22 steps, what each fault comes to, and expectations that do not hold. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "builtin.h"
#include "player.h"
#include "world.h"

/* A script that was played, and what is left of it. */
struct played {
	struct sim_timeline timeline;
	struct sim_world *world;
	struct sim_summary summary;
	bool held;
};

static void play(struct played *p, const char *text)
{
	struct sim_listener listener = sim_timeline_listener(&p->timeline);
	struct sim_settings settings;
	struct sim_script script;
	struct sim_player player;
	struct sim_error error;

	memset(p, 0, sizeof(*p));
	if (!sim_script_read(text, strlen(text), SIM_ROLE_ANY, &script, &error))
		fail_msg("%u:%u: %s", (unsigned int)error.line, (unsigned int)error.column, error.why);
	sim_settings_default(&settings);
	p->world = sim_world_new(&settings, &listener);
	assert_non_null(p->world);
	sim_player_init(&player, sim_world_stage(p->world), &p->timeline);
	p->held = sim_player_play(&player, &script);
	sim_timeline_sum(&p->timeline, p->world->now, &p->world->site.nic, &p->summary);
	sim_script_free(&script);
}

static void end(struct played *p)
{
	sim_world_free(p->world);
	sim_timeline_free(&p->timeline);
}

static const char *builtin(const char *name)
{
	for (const struct sim_builtin *b = sim_builtins; b->name; b++) {
		if (strcmp(b->name, name) == 0)
			return b->text;
	}
	fail_msg("there is no script %s", name);
	return "";
}

/* --- the story --- */

/* The first message of that name from an entry on. */
static const struct sim_entry *message(const struct played *p, uint32_t from, const char *name)
{
	for (uint32_t i = from; i < p->timeline.count; i++) {
		const struct sim_entry *entry = &p->timeline.entries[i];

		if (entry->kind == SIM_MESSAGE && sim_entry_info(entry) &&
		    strcmp(sim_entry_info(entry)->name, name) == 0)
			return entry;
	}
	fail_msg("%s is not among the messages", name);
	return NULL;
}

static uint32_t step_index(const struct played *p, uint32_t number)
{
	for (uint32_t i = 0; i < p->timeline.count; i++) {
		if (p->timeline.entries[i].kind == SIM_STORY && p->timeline.entries[i].number == number)
			return i;
	}
	fail_msg("step %u is not told", (unsigned int)number);
	return 0;
}

static void steps_come_in_order(void **state)
{
	struct played p;
	uint32_t next = 1;
	uint64_t at = 0;

	(void)state;
	play(&p, builtin("boot-while-managed"));
	assert_true(p.held);
	for (uint32_t i = 0; i < p.timeline.count; i++) {
		const struct sim_entry *entry = &p.timeline.entries[i];

		assert_true(entry->at >= at);
		at = entry->at;
		if (entry->kind == SIM_STORY)
			assert_int_equal(entry->number, next++);
	}
	assert_int_equal(next, 23);
	assert_int_equal(p.summary.overlaps, 0);
	assert_int_equal(p.summary.lost, 0);
	assert_int_equal(p.summary.owner, SAP_OWNER_HOST);
	end(&p);
}

/* What the steps say is what was on the wire, in their order, and no later than the protocol allows. */
static void steps_are_what_happened(void **state)
{
	static const struct {
		uint32_t step;	  /* after this one comes ... */
		const char *name; /* ... that message ... */
		uint32_t before;  /* ... and then this step */
	} wire[] = {
		{3, "START", 4},
		{3, "START_OK", 4},
		{3, "CSME_CONN_STATUS", 5},
		{12, "HOST_ASKS_FOR_NIC_OWNERSHIP", 13},
		{13, "CSME_REPLY_TO_HOST_OWNERSHIP_REQ", 14},
		{14, "HOST_OWNERSHIP_CONFIRMED", 15},
		{17, "HOST_LINK_UP", 18},
		{20, "CSME_CONN_STATUS", 21},
	};
	struct played p;
	uint64_t granted, joined;

	(void)state;
	play(&p, builtin("boot-while-managed"));
	for (size_t i = 0; i < sizeof(wire) / sizeof(wire[0]); i++) {
		const struct sim_entry *m = message(&p, step_index(&p, wire[i].step), wire[i].name);

		if (m > &p.timeline.entries[step_index(&p, wire[i].before)])
			fail_msg("%s comes after step %u", wire[i].name, (unsigned int)wire[i].before);
	}
	granted = p.timeline.entries[step_index(&p, 14)].at;
	joined = p.timeline.entries[step_index(&p, 17)].at;
	assert_in_range(granted - p.timeline.entries[step_index(&p, 12)].at, 0, 500);
	assert_in_range(joined - granted, 1, 599);
	assert_in_range(message(&p, step_index(&p, 14), "HOST_LINK_UP")->at - granted, 1, 2999);
	end(&p);
}

/* --- faults --- */

static void each_fault_comes_to_what_it_should(void **state)
{
	static const struct {
		const char *script;
		enum sap_owner owner;
		uint32_t alarms;
		enum sap_status down; /* of the host's first DOWN; SAP_OK if it never was, or stopped */
	} cases[] = {
		{"fault-no-area", SAP_OWNER_HOST, 0, SAP_UNSUPPORTED},
		{"fault-map-v4-refused", SAP_OWNER_HOST, 0, SAP_OK},
		{"fault-no-start-ok", SAP_OWNER_HOST, 0, SAP_IO},
		{"fault-late-grant", SAP_OWNER_HOST, 0, SAP_OK},
		{"fault-refused", SAP_OWNER_HOST, 0, SAP_OK},
		{"fault-unanswered", SAP_OWNER_CSME, 0, SAP_OK},
		{"fault-connection-lost", SAP_OWNER_HOST, 0, SAP_CLOSED},
		{"fault-peer-never-drains", SAP_OWNER_CSME, 0, SAP_OK},
		{"fault-corrupt-queue", SAP_OWNER_CSME, 0, SAP_CORRUPT},
		{"fault-taking-not-confirmed", SAP_OWNER_CSME, 1, SAP_OK},
		{"fault-duplicate-doorbell", SAP_OWNER_HOST, 0, SAP_OK},
		{"fault-doorbell-lost", SAP_OWNER_HOST, 0, SAP_OK},
		{"fault-messages-late", SAP_OWNER_HOST, 0, SAP_OK},
		{"fault-host-killed", SAP_OWNER_HOST, 0, SAP_OK},
		{"fault-csme-killed", SAP_OWNER_HOST, 0, SAP_CLOSED},
	};
	uint32_t scripts = 0;

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		enum sap_status down = SAP_OK;
		struct played p;

		play(&p, builtin(cases[i].script));
		if (!p.held)
			fail_msg("%s: %s", cases[i].script, p.timeline.entries[p.timeline.count - 1].text);
		assert_int_equal(p.summary.owner, cases[i].owner);
		assert_int_equal(p.summary.overlaps, cases[i].alarms);
		assert_int_equal(p.summary.unexcused, 0);
		assert_false(p.summary.overlap);
		for (uint32_t e = 0; down == SAP_OK && e < p.timeline.count; e++) {
			const struct sim_event *event = &p.timeline.entries[e].event;

			if (p.timeline.entries[e].kind == SIM_EVENT && event->by == SIM_BY_HOST &&
			    event->host.type == SAP_HOST_DOWN)
				down = event->host.status;
		}
		assert_int_equal(down, cases[i].down);
		end(&p);
	}
	for (const struct sim_builtin *b = sim_builtins; b->name; b++)
		scripts++;
	/* All but the story have a row above. */
	assert_int_equal(scripts, sizeof(cases) / sizeof(cases[0]) + 1);
}

/* --- expectations that do not hold --- */

static void fails_with(const char *text, uint32_t line, const char *why)
{
	struct played p;
	const struct sim_entry *last;

	play(&p, text);
	assert_false(p.held);
	assert_int_equal(p.summary.failures, 1);
	last = &p.timeline.entries[p.timeline.count - 1];
	while (last->kind != SIM_FAILURE)
		last--;
	if (last->number != line || strncmp(last->text, why, strlen(why)) != 0)
		fail_msg("line %u: %s", (unsigned int)last->number, last->text);
	end(&p);
}

#define UP "csme start\ncsme amt on\nhost driver up\nhost up\nexpect host UP within 100ms\nwait 200ms\n"

static void what_does_not_hold_is_told(void **state)
{
	(void)state;
	fails_with("expect LEAVE within 1s\nhost up\n", 1,
		   "LEAVE did not come within 1000 ms; nothing came at all");
	fails_with(UP "host own\nexpect host OWN_DONE reason=refused within 200ms\n", 8,
		   "OWN_DONE reason=refused did not come within 200 ms; the last that came was ");
	/* What was missed is not told as if it had come. */
	fails_with(
		UP "host country US\nexpect host OWNER owner=csme within 1ms\n", 8,
		"OWNER owner=csme did not come within 1 ms; the last that came was OWNER owner=csme, at 110 ms, "
		"which was before the last command, or expected already");
	fails_with(UP "host own\nexpect-not OWN_DONE within 200ms\n", 8, "OWN_DONE came, and should not");
	fails_with("csme start\ncsme amt on\nexpect owner host within 10ms\n", 3,
		   "the NIC's owner is CSME, not the host");
	fails_with("host own\n", 1, "host own: the answer is NOT_UP (");
	fails_with(UP "host own => BUSY\n", 7, "host own: the answer is OK (");
	fails_with("csme amt on\nwait 0ms\nhost driver up\nhost device up\nexpect no-overlap\n", 5,
		   "who does not own the NIC has driven it since 0 ms");
	fails_with(
		"csme amt on\nwait 0ms\nhost driver up\nhost device up\nhost device down\nexpect no-overlap\n",
		6, "1 alarms without an excuse");
	fails_with("wait never\n", 1, "that would take for ever");
	fails_with("csme filters /nowhere/filters.bin\n", 1, "csme filters: the answer is IO");
}

/* An old event is not what a command is followed by. */
static void expectations_begin_at_the_command(void **state)
{
	(void)state;
	fails_with(
		UP
		"host own\nexpect OWN_DONE within 200ms\nwait 1s\ncsme take\nexpect OWN_DONE within 50ms\n",
		11, "OWN_DONE did not come");
	fails_with(UP "host own\nexpect OWN_DONE within 200ms\nexpect OWN_DONE within 200ms\n", 9,
		   "OWN_DONE did not come");
	fails_with(UP "host own\nwait 1s\ncsme take\nexpect OWN_DONE within 50ms\n", 10,
		   "OWN_DONE did not come");
	fails_with(UP "host own\nexpect OWN_DONE within 200ms as 1 host asks\nexpect OWN_DONE\n", 9,
		   "OWN_DONE did not come");
}

static void expect_not_looks_ahead(void **state)
{
	struct played p;

	(void)state;
	play(&p, UP "host own\nwait 200ms\nexpect-not OWN_DONE within 100ms\n");
	assert_true(p.held);
	end(&p);
}

static void quit_ends_a_script(void **state)
{
	struct played p;

	(void)state;
	play(&p, "wait 5ms\nquit\nexpect LEAVE\n");
	assert_true(p.held);
	assert_int_equal(p.world->now, 5);
	end(&p);
}

/* --- each command does what it says --- */

static void holds(const char *text)
{
	struct played p;

	play(&p, text);
	if (!p.held)
		fail_msg("line %u: %s", (unsigned int)p.timeline.entries[p.timeline.count - 1].number,
			 p.timeline.entries[p.timeline.count - 1].text);
	end(&p);
}

static void the_host_tells_of_itself(void **state)
{
	(void)state;
	holds(UP "host country DE\nexpect csme COUNTRY country=DE within 200ms\n"
		 "host nic-info mac=02:11:22:33:44:55\nexpect NIC_INFO mac=02:11:22:33:44:55 within 200ms\n"
		 "host radio sw\nexpect RADIO radio=sw within 200ms\n"
		 "host radio none\nexpect RADIO radio=none within 200ms\n"
		 "host sar 1,2,3,4,5,6,7,8,9,10\nexpect SAR within 200ms\n"
		 "host suspend offer-nic,host-owns\nexpect SUSPENDS flags=offer-nic,host-owns within 200ms\n"
		 "host resume\nexpect RESUMES reinit=no within 200ms\n"
		 "host link up ssid=\"my net\" bssid=02:00:00:00:09:00 channel=11\n"
		 "expect csme LINK_UP ssid=\"my net\" bssid=02:00:00:00:09:00 channel=11 within 200ms\n"
		 "host link down type=long reason=3\nexpect LINK_DOWN type=long within 200ms\n"
		 "host ping\nexpect host PONG within 200ms\n"
		 "host driver down\nexpect csme DRIVER on=no within 200ms\n"
		 "host own\nwait 200ms\nhost disown\n"
		 "host down\nexpect csme GOES_DOWN within 200ms\nexpect host DOWN status=OK within 500ms\n");
}

static void questions_are_answered(void **state)
{
	(void)state;
	holds(UP "host nvm\nexpect NVM reason=timeout within 2100ms\n"
		 "csme nvm mac=02:aa:00:00:00:01 addresses=2 version=7\n"
		 "host nvm\nhost nvm => BUSY\nexpect NVM reason=none within 300ms\n");
	/* Refused: three tries of 500 ms. */
	holds(UP "csme pldr refuse\nhost pldr\nexpect-not host PLDR within 1400ms\n"
		 "expect host PLDR reason=refused within 200ms\n"
		 "host pldr end success => WRONG_STATE\n");
	holds(UP "csme pldr grant\nexpect owner csme\nhost pldr\nexpect csme PLDR within 200ms\n"
		 "expect nic DRIVES side=csme on=no\nexpect host PLDR reason=none within 200ms\n"
		 "host pldr end failure\nexpect PLDR_END result=failure within 200ms\n"
		 "expect nic DRIVES side=csme on=yes\n");
	holds("host nvm => NOT_UP\nhost pldr\nexpect host PLDR reason=none\nhost pldr end\n");
}

/* CSME keeps off a NIC that is being reset, even if it becomes its own meanwhile. */
static void hands_off_during_a_reset(void **state)
{
	(void)state;
	holds(UP "host own\nexpect OWN_DONE reason=none within 200ms\nwait 1s\n"
		 "host pldr\nexpect host PLDR reason=none within 200ms\n"
		 "csme take\nexpect csme OWNER owner=csme within 300ms\n"
		 "expect-not DRIVES side=csme on=yes within 500ms\n"
		 "host pldr end\nexpect DRIVES side=csme on=yes within 200ms\n");
}

static void who_does_not_want_it_does_not_ask(void **state)
{
	(void)state;
	holds(UP "csme policy refuse\nhost own\nexpect OWN_DONE reason=refused within 200ms\n"
		 "expect OWN_DONE reason=refused within 61s\n"
		 "host disown\nexpect-not OWN_DONE within 130s\n");
}

static void csme_tells_and_takes(void **state)
{
	(void)state;
	holds(UP
	      "csme ip-refresh\nexpect IP_REFRESH within 200ms\n"
	      "csme ping\nexpect csme PONG within 200ms\n"
	      "csme release\nexpect CAN_RELEASE within 200ms\nexpect OWN_DONE reason=none within 200ms\n"
	      "csme amt off\nexpect host AMT on=no within 200ms\nexpect owner host\n"
	      "csme take => NOT_UP\nhost own => NOT_UP\n"
	      "csme amt on\nexpect host AMT on=yes within 200ms\n"
	      "csme stop\nexpect csme DOWN status=OK within 200ms\nexpect host DOWN status=CLOSED within 200ms\n");
	/* What was taken is kept for a minute. */
	holds(UP "host own\nexpect OWN_DONE reason=none within 200ms\nwait 1s\n"
		 "csme take\nexpect LEAVE within 200ms\nexpect csme OWNER owner=csme forced=no within 200ms\n"
		 "host own\nexpect OWN_DONE reason=refused within 200ms\n"
		 "wait 59s\nhost disown\nwait 2s\nhost own\nexpect OWN_DONE reason=none within 200ms\n"
		 "expect no-overlap\n");
	holds(UP "csme policy ask\nhost own\nexpect ASKED within 200ms\ncsme answer refuse\n"
		 "expect OWN_DONE reason=refused within 200ms\ncsme answer grant => WRONG_STATE\n");
}

/* The host has 3 s to join the access point that CSME was on. */
static void protection_demands_a_link(void **state)
{
	static const char protect[] = "csme conn ssid=lab bssid=02:00:00:00:01:00\ncsme protect on\n"
				      "expect RFKILL on=yes within 200ms\n";
	char text[1000];

	(void)state;
	snprintf(text, sizeof(text), "%s%s%s", UP, protect,
		 "host own\nexpect OWN_DONE reason=none within 200ms\nexpect-not LINK_LATE within 2800ms\n"
		 "expect LINK_LATE within 300ms\nexpect LEAVE within 200ms\nexpect owner csme within 200ms\n"
		 "expect no-overlap\n");
	holds(text);
	snprintf(text, sizeof(text), "%s%s%s", UP, protect,
		 "host profile ssid=lab bssid=02:00:00:00:01:00\nhost takes join=2s\nhost own\n"
		 "expect OWN_DONE reason=none within 200ms\nexpect csme LINK_UP within 2900ms\n"
		 "expect-not LINK_LATE within 5s\nexpect owner host\n");
	holds(text);
	snprintf(text, sizeof(text), "%s%s%s", UP, protect,
		 "host profile ssid=cafe bssid=02:00:00:00:02:00\nhost own\n"
		 "expect csme LINK_UP within 500ms\nexpect LINK_LATE within 3s\n");
	holds(text);
}

static void two_things_can_cross(void **state)
{
	struct played p;

	(void)state;
	/* Both speak before either hears: the taking and the question meet on their way. */
	play(&p, UP "csme policy grant\nhost own\nexpect OWN_DONE reason=none within 200ms\nwait 1s\n"
		    "csme take\nhost ping\nwait idle\nexpect owner csme\nexpect no-overlap\n");
	assert_true(p.held);
	end(&p);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(steps_come_in_order),
		cmocka_unit_test(steps_are_what_happened),
		cmocka_unit_test(each_fault_comes_to_what_it_should),
		cmocka_unit_test(what_does_not_hold_is_told),
		cmocka_unit_test(expectations_begin_at_the_command),
		cmocka_unit_test(expect_not_looks_ahead),
		cmocka_unit_test(quit_ends_a_script),
		cmocka_unit_test(the_host_tells_of_itself),
		cmocka_unit_test(questions_are_answered),
		cmocka_unit_test(hands_off_during_a_reset),
		cmocka_unit_test(who_does_not_want_it_does_not_ask),
		cmocka_unit_test(csme_tells_and_takes),
		cmocka_unit_test(protection_demands_a_link),
		cmocka_unit_test(two_things_can_cross),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
