// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
/* A world as it is, kept aside: to go back to, to go on from elsewhere, to compare with. */
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "world.h"

struct sim_snapshot {
	struct sim_world world;
	unsigned char area[]; /* as long as the world's */
};

struct sim_snapshot *sim_world_save(const struct sim_world *world)
{
	struct sim_snapshot *snapshot = calloc(1, sizeof(*snapshot) + world->area_size);

	if (snapshot) {
		memcpy(&snapshot->world, world, sizeof(*world));
		memcpy(snapshot->area, world->area, world->area_size);
	}
	return snapshot;
}

/* What is the case; what it hangs on stays as it is in this world. */
void sim_world_restore(struct sim_world *world, const struct sim_snapshot *snapshot)
{
	const struct sim_world *from = &snapshot->world;

	world->now = from->now;
	world->stuck = from->stuck;
	world->loop.state = from->loop.state;
	memcpy(&world->site, &from->site, offsetof(struct sim_site, listener));
	memcpy(world->area, snapshot->area, world->area_size);
	for (int side = SIM_HOST; side <= SIM_CSME; side++)
		sim_party_restore(&world->party[side], &from->party[side], world->area);
}

void sim_snapshot_free(struct sim_snapshot *snapshot)
{
	free(snapshot);
}

bool sim_world_is(const struct sim_world *world, const struct sim_snapshot *snapshot)
{
	const struct sim_world *other = &snapshot->world;

	return world->now == other->now && sim_party_is(&world->party[SIM_HOST], &other->party[SIM_HOST]) &&
	       sim_party_is(&world->party[SIM_CSME], &other->party[SIM_CSME]) &&
	       memcmp(&world->loop.state, &other->loop.state, sizeof(world->loop.state)) == 0 &&
	       memcmp(&world->site.nic, &other->site.nic, sizeof(world->site.nic)) == 0 &&
	       memcmp(world->area, snapshot->area, world->area_size) == 0;
}
