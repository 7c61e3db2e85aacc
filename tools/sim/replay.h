/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
/*
 * One side once more, from a log: its engine, who is around it, and a site of its own, on the log's clock.
 */
#ifndef SIM_REPLAY_H
#define SIM_REPLAY_H

#include "party.h"
#include "replayer.h"

/* What a side was made with: the first thing that a log says. */
struct sim_origin {
	enum sim_side side;
	struct sim_settings settings; /* the other side's are of no interest */
	bool door;		      /* host: there was one */
	uint64_t now;
};

struct sim_replay {
	struct sim_site site;
	struct sim_party party;
	struct sim_replayer replayer;
	uint64_t now; /* of the last call */
};

/* What a side was made with, for who begins to write down. */
struct sim_origin sim_origin_of(const struct sim_party *party);

/* Made, and nothing happened yet. What sim_party_init() answered. sim_replay_free() follows a SAP_OK. */
enum sap_status sim_replay_init(struct sim_replay *replay, const struct sim_origin *origin,
				const struct sim_log *log, const struct sim_listener *listener);

/* One call. False if there is none any more: replay->replayer tells how it ended. */
bool sim_replay_step(struct sim_replay *replay);

void sim_replay_free(struct sim_replay *replay);

#endif
