// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
#include "recorded.h"

const char recorded_script[] =
	"csme start\ncsme amt on\nhost driver up\n"
	"host profile ssid=\"a b\\\"#\\\\\" bssid=02:00:00:00:01:00\nhost up\nwait 300ms\n"
	"host own\nwait 300ms\n"
	"packet host ffffffffffff0211223344550806000100000000\n"
	"packet csme ffffffffffff0211223344550806000100000000\n"
	"packet host 0011 => BAD_VALUE\nhost up => WRONG_STATE\nwait 200ms\n"
	"csme take\nwait 300ms\nhost own\nwait 300ms\n"
	"fault connection-lost\nwait 1s\nhost up\nwait 300ms\nhost ping\nwait 300ms\n";

void recorded_start(struct recorded *r, const struct sim_settings *settings, bool record)
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

void recorded_play(struct recorded *r, const char *text)
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

void recorded_stop(struct recorded *r)
{
	for (int side = SIM_HOST; side <= SIM_CSME; side++) {
		r->told[side] = r->world->party[side].told;
		r->digest[side] = sim_digest(&r->world->party[side].pump);
		sim_party_recorded(&r->world->party[side]);
	}
}

void recorded_end(struct recorded *r)
{
	sim_world_free(r->world);
	sim_timeline_free(&r->timeline);
	for (int side = SIM_HOST; side <= SIM_CSME; side++)
		sim_log_free(&r->log[side]);
}

/* One side again, from so many records. What is not the same is in `replay`. */
void recorded_replay(struct recorded *r, enum sim_side side, const struct sim_log *log,
		     struct sim_replay *replay)
{
	assert_status(sim_replay_init(replay, &r->origin[side], log, NULL), SAP_OK);
	while (sim_replay_step(replay))
		;
}

/* The same messages and events, the same digests. */
static void replays(struct recorded *r, enum sim_side side)
{
	static struct sim_replay replay;

	recorded_replay(r, side, &r->log[side], &replay);
	if (replay.replayer.differs)
		test_fail("side %d: %s", (int)side, replay.replayer.why);
	assert_true(replay.replayer.ended);
	assert_false(replay.replayer.ran_out);
	assert_true(replay.party.told == r->told[side]);
	assert_true(sim_digest(&replay.party.pump) == r->digest[side]);
	assert_int_equal(replay.replayer.at, r->log[side].count);
	sim_replay_free(&replay);
}

void recorded_replays(struct recorded *r)
{
	replays(r, SIM_HOST);
	replays(r, SIM_CSME);
}

void recorded_is_same(const struct sim_timeline *a, const struct sim_timeline *b)
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

void recorded_session(struct recorded *r)
{
	struct sim_settings settings;

	sim_settings_default(&settings);
	recorded_start(r, &settings, true);
	recorded_play(r, recorded_script);
	recorded_stop(r);
}
