/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
/*
 * A world: a host and a CSME over loopback, with a NIC between them, on a clock that stands still until
 * there is nothing left to do. The same calls give the same history, to the last byte.
 */
#ifndef SIM_WORLD_H
#define SIM_WORLD_H

#include <sap/loopback.h>

#include "party.h"
#include "stage.h"

struct sim_world {
	uint64_t now;
	struct sim_party party[2]; /* by enum sim_side */
	struct sap_loopback loop;
	struct sim_site site;
	bool stuck; /* an instant did not end: a bug, which a test shall see and not wait for */
	unsigned char *area;
	uint32_t area_size;
};

/* A world of its own memory, or null if there is none; nothing happened in it yet. For sim_world_free(). */
struct sim_world *sim_world_new(const struct sim_settings *settings, const struct sim_listener *listener);
void sim_world_free(struct sim_world *world);

/* Does all that can be done without time passing. */
void sim_world_settle(struct sim_world *world);

/* Lets time pass up to `until`, or until `stop`, asked after each instant, says so. Whether it did. */
bool sim_world_run(struct sim_world *world, uint64_t until, bool (*stop)(void *self), void *self);

/* For a player. */
struct sim_stage sim_world_stage(struct sim_world *world);

/* A frame goes into a side's lane. */
enum sap_status sim_world_packet(struct sim_world *world, enum sim_side side, const uint8_t *frame,
				 uint32_t len);

/* All of a world's data. A snapshot belongs to the world it was taken of, or to one with equal settings. */
struct sim_snapshot;
struct sim_snapshot *sim_world_save(const struct sim_world *world);
void sim_world_restore(struct sim_world *world, const struct sim_snapshot *snapshot);
void sim_snapshot_free(struct sim_snapshot *snapshot);

/* Whether what is the case is the same, byte for byte. */
bool sim_world_is(const struct sim_world *world, const struct sim_snapshot *snapshot);

#endif
