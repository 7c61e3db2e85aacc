// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
/* A player on a stage that is made of nothing: what it asks a stage for, and what it makes of the answers. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "fault.h"
#include "player.h"

struct stage {
	uint64_t now, heard_at;
	struct sim_nic nic;
	struct sim_timeline timeline;
	uint64_t comes_at; /* a host's event UP; 0: never */
	uint64_t ends_at;  /* the stage is over from then on; 0: never */
	char asked[400];   /* what it was asked for */
};

static struct stage stage;

static void note(const char *word, uint64_t number)
{
	size_t used = strlen(stage.asked);

	snprintf(stage.asked + used, sizeof(stage.asked) - used, "%s%s %llu", used ? "; " : "", word,
		 (unsigned long long)number);
}

static uint64_t now(void *self)
{
	return ((struct stage *)self)->now;
}

static const struct sim_nic *nic(void *self)
{
	return &((struct stage *)self)->nic;
}

static uint64_t heard_at(void *self)
{
	return ((struct stage *)self)->heard_at;
}

static void settle(void *self)
{
	(void)self;
	note("settle", stage.now);
}

static void tell_up(void)
{
	struct sim_listener listener = sim_timeline_listener(&stage.timeline);
	struct sim_news news = {.kind = SIM_HAPPENED, .now = stage.now, .nic = &stage.nic};

	news.event.by = SIM_BY_HOST;
	news.event.host.type = SAP_HOST_UP;
	listener.hear(listener.self, &news);
	stage.heard_at = stage.now;
}

static bool run(void *self, uint64_t until, bool (*stop)(void *of_stop), void *of_stop)
{
	(void)self;
	note("run", until);
	for (;; stage.now++) {
		if (stage.comes_at && stage.now == stage.comes_at)
			tell_up();
		if (stop && stop(of_stop))
			return true;
		if (stage.now >= until || (stage.ends_at && stage.now >= stage.ends_at))
			return false;
	}
}

static enum sap_status command(void *self, const struct sim_command *what)
{
	(void)self;
	note(what->verb->words, what->line);
	return what->verb->id == SIM_HOST_OWN ? SAP_BUSY : SAP_OK;
}

static enum sap_status packet(void *self, enum sim_side side, const uint8_t *frame, uint32_t len)
{
	(void)self;
	assert_int_equal(frame[0], 0xaa);
	note(side == SIM_HOST ? "packet of host" : "packet of csme", len);
	return SAP_OK;
}

static void fault(void *self, const struct sim_fault *what)
{
	(void)self;
	note(what->name, 0);
}

static const char *over(void *self)
{
	(void)self;
	return stage.ends_at && stage.now >= stage.ends_at ? "the curtain fell" : NULL;
}

static bool play(const char *text, const char *asked)
{
	static const struct sim_stage_ops ops = {now,	  nic,	  heard_at, settle, run,
						 command, packet, fault,    over};
	struct sim_player player;
	struct sim_script script;
	struct sim_error error;
	bool held;

	stage.asked[0] = '\0';
	sim_timeline_free(&stage.timeline);
	if (!sim_script_read(text, strlen(text), SIM_ROLE_HOST, &script, &error))
		fail_msg("%u:%u: %s", (unsigned int)error.line, (unsigned int)error.column, error.why);
	sim_player_init(&player, (struct sim_stage){&ops, &stage}, &stage.timeline);
	held = sim_player_play(&player, &script);
	assert_int_equal(player.failures, !held);
	sim_script_free(&script);
	assert_string_equal(stage.asked, asked);
	return held;
}

static const char *failure(void)
{
	const struct sim_entry *last = &stage.timeline.entries[stage.timeline.count - 1];

	assert_int_equal(last->kind, SIM_FAILURE);
	return last->text;
}

static void begin(uint64_t at)
{
	sim_timeline_free(&stage.timeline);
	memset(&stage, 0, sizeof(stage));
	stage.now = at;
	sim_nic_init(&stage.nic, SAP_OWNER_UNKNOWN, 0);
}

/* --- */

static void it_asks_for_what_it_is_told(void **state)
{
	(void)state;
	begin(100);
	assert_true(play("up\nown => BUSY\nfault no-area\npacket aabb\nwait 5ms\nexpect no-overlap\n",
			 "up 1; own 2; no-area 0; packet of host 2; run 105; settle 105; settle 105"));
	assert_int_equal(stage.now, 105);
	assert_false(play("own\nup\n", "own 1; settle 105"));
	assert_non_null(strstr(failure(), "host own: the answer is BUSY ("));
}

static void it_waits_no_longer_than_it_must(void **state)
{
	(void)state;
	begin(100);
	stage.comes_at = 120;
	assert_true(play("expect UP within 1s\n", "run 1100; settle 120"));
	begin(100);
	stage.comes_at = 120;
	assert_false(play("expect-not UP within 1s\n", "run 1100; settle 120"));
	assert_string_equal(failure(), "UP came, and should not");
	begin(100);
	stage.nic.owner = SAP_OWNER_CSME;
	assert_true(play("expect owner csme\n", "run 100; settle 100"));
	assert_false(play("expect owner unknown within 5ms\n", "run 105; settle 105"));
	assert_string_equal(failure(), "the NIC's owner is CSME, not unknown");
}

static void quiet_counts_from_the_last_news(void **state)
{
	(void)state;
	begin(1000);
	stage.comes_at = 1200;
	assert_true(play("wait idle\n", "run 1250; run 1450; settle 1450"));
	assert_int_equal(stage.now, 1450);
}

/* What cannot go on says why; nothing else is done. */
static void a_stage_may_be_over(void **state)
{
	(void)state;
	begin(100);
	stage.ends_at = 150;
	assert_false(play("wait 1s\nup\n", "run 1100; settle 150"));
	assert_string_equal(failure(), "the curtain fell");
	begin(100);
	stage.ends_at = 150;
	assert_false(play("wait idle\nup\n", "run 350; settle 150"));
	assert_string_equal(failure(), "the curtain fell");
	begin(100);
	stage.ends_at = 150;
	assert_false(play("expect UP within 1s\n", "run 1100; settle 150"));
}

static void what_is_forgotten_is_not_found(void **state)
{
	struct sim_player player = {.timeline = &stage.timeline};

	(void)state;
	begin(0);
	for (uint64_t i = 0; i < 11; i++) {
		stage.now = i;
		tell_up();
	}
	player.mark[0] = 8;
	player.mark[1] = 3;
	sim_player_forget(&player, 11);
	assert_int_equal(stage.timeline.count, 11);
	sim_player_forget(&player, 10);
	assert_int_equal(stage.timeline.count, 6);
	assert_int_equal(stage.timeline.entries[0].at, 5);
	assert_int_equal(player.mark[0], 3);
	assert_int_equal(player.mark[1], 0);
	/* And there is room for more, without what was there before. */
	sim_timeline_tell(&stage.timeline, SIM_REMARK, 20, &stage.nic, 0, NULL, "x");
	assert_null(stage.timeline.entries[6].actor);
	sim_timeline_free(&stage.timeline);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(it_asks_for_what_it_is_told),
		cmocka_unit_test(it_waits_no_longer_than_it_must),
		cmocka_unit_test(quiet_counts_from_the_last_news),
		cmocka_unit_test(a_stage_may_be_over),
		cmocka_unit_test(what_is_forgotten_is_not_found),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
