/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
/*
 * Plays a script on a stage, and writes down what comes of it.
 *
 * A command of an engine changes that engine and nothing else: what follows from it happens in the next
 * `wait` or `expect`, so that a script can have two things cross.
 */
#ifndef SIM_PLAYER_H
#define SIM_PLAYER_H

#include "script.h"
#include "stage.h"
#include "timeline.h"

struct sim_player {
	struct sim_stage stage;
	struct sim_timeline *timeline; /* who listens on the stage writes there too */
	uint32_t mark[3];	       /* by teller: expectations look at entries from here on */
	uint32_t failures;
	bool quit; /* it was told to end */
};

void sim_player_init(struct sim_player *player, struct sim_stage stage, struct sim_timeline *timeline);

/* Forgets the older half of a timeline that is longer than that, for who plays without end. */
void sim_player_forget(struct sim_player *player, uint32_t most);

/* Does one command. False if it did not hold; the timeline has a FAILURE that says why. */
bool sim_player_do(struct sim_player *player, const struct sim_command *command);

/* Does all, up to `quit` or the first that does not hold; then what is left of its last instant. */
bool sim_player_play(struct sim_player *player, const struct sim_script *script);

#endif
