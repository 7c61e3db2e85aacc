/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
/* What suites about logs share: a world with both sides written down, and each of them again. */
#ifndef SIM_TEST_RECORDED_H
#define SIM_TEST_RECORDED_H

#include "support.h"

#include "player.h"
#include "replay.h"
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

/* Begins; `record`: and writes both sides down. recorded_end() follows. */
void recorded_start(struct recorded *r, const struct sim_settings *settings, bool record);

/* Plays a script, which must hold. */
void recorded_play(struct recorded *r, const char *text);

/* The logs are complete. */
void recorded_stop(struct recorded *r);
void recorded_end(struct recorded *r);

/* A session with a bit of everything, from its beginning to its logs. */
void recorded_session(struct recorded *r);
extern const char recorded_script[];

/* One side again, from so many records, as far as it is the same. sim_replay_free() follows. */
void recorded_replay(struct recorded *r, enum sim_side side, const struct sim_log *log,
		     struct sim_replay *replay);

/* Both sides again: the same messages and events, the same digests. */
void recorded_replays(struct recorded *r);

/* Both told the same, to the last byte. */
void recorded_is_same(const struct sim_timeline *a, const struct sim_timeline *b);

#endif
