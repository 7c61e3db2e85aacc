// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
/* What was written down happens again; and writing it down changes nothing. */
#include "support.h"

#include "builtin.h"
#include "player.h"
#include "replay.h"
#include "told.h"
#include "world.h"

/* A world with both sides written down, and all that it told. */
struct recorded {
	struct sim_world *world;
	struct sim_timeline timeline;
	struct sim_recorder recorder[2];
	struct sim_log log[2];
	struct sim_origin origin[2];
	uint64_t told[2];
	uint64_t digest[2];
};

static void start(struct recorded *r, const struct sim_settings *settings, bool record)
{
	struct sim_listener listener = sim_timeline_listener(&r->timeline);

	memset(r, 0, sizeof(*r));
	r->world = sim_world_new(settings, &listener);
	assert_non_null(r->world);
	for (int side = SIM_HOST; record && side <= SIM_CSME; side++) {
		struct sim_recording to = sim_log_recording(&r->log[side]);

		r->origin[side] = sim_origin_of(&r->world->party[side]);
		sim_party_record(&r->world->party[side], &r->recorder[side], &to);
	}
}

static void play(struct recorded *r, const char *text)
{
	struct sim_player player;
	struct sim_script script;
	struct sim_error error;

	if (!sim_script_read(text, strlen(text), SIM_ROLE_ANY, &script, &error))
		test_fail("%u:%u: %s", (unsigned int)error.line, (unsigned int)error.column, error.why);
	sim_player_init(&player, sim_world_stage(r->world), &r->timeline);
	if (!sim_player_play(&player, &script))
		test_fail("%s", r->timeline.entries[r->timeline.count - 1].text);
	sim_script_free(&script);
}

static void stop(struct recorded *r)
{
	for (int side = SIM_HOST; side <= SIM_CSME; side++) {
		r->told[side] = r->world->party[side].told;
		r->digest[side] = sim_digest(&r->world->party[side].pump);
		sim_party_recorded(&r->world->party[side]);
	}
}

static void end(struct recorded *r)
{
	sim_world_free(r->world);
	sim_timeline_free(&r->timeline);
	for (int side = SIM_HOST; side <= SIM_CSME; side++)
		sim_log_free(&r->log[side]);
}

/* One side again: the same messages and events, the same digests. */
static void replays(struct recorded *r, enum sim_side side)
{
	static struct sim_replay replay;

	assert_status(sim_replay_init(&replay, &r->origin[side], &r->log[side], NULL), SAP_OK);
	while (sim_replay_step(&replay))
		;
	if (replay.replayer.differs)
		test_fail("side %d: %s", (int)side, replay.replayer.why);
	assert_true(replay.replayer.ended);
	assert_false(replay.replayer.ran_out);
	assert_true(replay.party.told == r->told[side]);
	assert_true(sim_digest(&replay.party.pump) == r->digest[side]);
	assert_int_equal(replay.replayer.at, r->log[side].count);
	sim_replay_free(&replay);
}

static void is_same_story(const struct sim_timeline *a, const struct sim_timeline *b)
{
	char one[400], other[400];

	assert_int_equal(a->count, b->count);
	for (uint32_t i = 0; i < a->count; i++) {
		const struct sim_entry *x = &a->entries[i], *y = &b->entries[i];

		assert_int_equal(x->kind, y->kind);
		assert_int_equal(x->at, y->at);
		assert_int_equal(x->taken_at, y->taken_at);
		assert_int_equal(x->len, y->len);
		if (x->kind == SIM_MESSAGE)
			assert_memory_equal(x->bytes, y->bytes, x->len);
		if (x->kind == SIM_EVENT) {
			sim_event_write(&x->event, one, sizeof(one));
			sim_event_write(&y->event, other, sizeof(other));
			assert_string_equal(one, other);
		}
	}
}

/* Each story of the command: recorded it is the same story, and each side's log is that side's again. */
static void every_story_comes_again(void **state)
{
	static struct recorded plain, recorded;
	struct sim_settings settings;

	(void)state;
	sim_settings_default(&settings);
	for (const struct sim_builtin *b = sim_builtins; b->name; b++) {
		start(&plain, &settings, false);
		start(&recorded, &settings, true);
		play(&plain, b->text);
		play(&recorded, b->text);
		stop(&recorded);
		is_same_story(&plain.timeline, &recorded.timeline);
		replays(&recorded, SIM_HOST);
		replays(&recorded, SIM_CSME);
		end(&recorded);
		end(&plain);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_story_comes_again),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
