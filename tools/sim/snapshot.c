// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
/* A world as it is, kept aside: to go back to, to go on from elsewhere, to compare with. */
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

void sim_world_restore(struct sim_world *world, const struct sim_snapshot *snapshot)
{
	size_t before = (size_t)((const unsigned char *)&snapshot->world.settings -
				 (const unsigned char *)&snapshot->world);

	/* What is the case comes first in a world; what it hangs on stays as it is here. */
	memcpy(world, &snapshot->world, before);
	memcpy(world->area, snapshot->area, world->area_size);
	sim_world_bind(world);
	world->host.config = world->settings.host;
	world->csme.config = world->settings.csme;
	world->loop.config.memory = world->area;
	for (int end = 0; end < 2; end++)
		world->loop.self[end].loop = &world->loop;
	if (world->host.area.base)
		world->host.area.base = world->area;
	if (world->csme.area.base)
		world->csme.area.base = world->area;
}

void sim_snapshot_free(struct sim_snapshot *snapshot)
{
	free(snapshot);
}

/* Bytes, padding too: the engines zero it, and everything else comes of the same assignments. */
static bool same(const void *a, const void *b, size_t size)
{
	return memcmp(a, b, size) == 0;
}

#define SAME(member) same(&world->member, &snapshot->world.member, sizeof(world->member))

bool sim_world_is(const struct sim_world *world, const struct sim_snapshot *snapshot)
{
	return SAME(now) && SAME(host.state) && SAME(csme.state) && SAME(lane) && SAME(loop.state) &&
	       SAME(nic) && SAME(driver) && SAME(firmware) &&
	       same(world->area, snapshot->area, world->area_size);
}
