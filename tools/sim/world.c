// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
#include "world.h"

#include <stdlib.h>
#include <string.h>

#include "fault.h"

enum {
	MOST_ROUNDS = 10000, /* at one instant; more is a bug that a test shall see, not wait for */
};

/* --- an instant --- */

/* Everything by which one sees that an instant is not over yet. */
struct pulse {
	struct sim_pulse party[2];
	struct sap_loopback_counters loop[2];
	uint32_t events;
};

static void feel(const struct sim_world *world, uint32_t events, struct pulse *pulse)
{
	memset(pulse, 0, sizeof(*pulse));
	for (int side = SIM_HOST; side <= SIM_CSME; side++)
		sim_party_pulse(&world->party[side], &pulse->party[side]);
	memcpy(pulse->loop, world->loop.state.counters, sizeof(pulse->loop));
	pulse->events = events;
}

/* CSME's events first: what it gives away it lets go of before the host touches it. */
static uint32_t hear(struct sim_world *world)
{
	uint32_t events = sim_party_hear(&world->party[SIM_CSME], world->now);

	return events + sim_party_hear(&world->party[SIM_HOST], world->now);
}

/* Each side once. */
static uint32_t turn(struct sim_world *world)
{
	uint32_t events;

	for (int side = SIM_HOST; side <= SIM_CSME; side++)
		sim_party_tick(&world->party[side], world->now);
	events = hear(world);
	for (int side = SIM_HOST; side <= SIM_CSME; side++) {
		sim_party_pump(&world->party[side], world->now);
		events += hear(world);
		sim_party_pull(&world->party[side], world->now);
	}
	return events;
}

void sim_world_settle(struct sim_world *world)
{
	struct pulse before, after;

	feel(world, 0, &after);
	for (uint32_t i = 0; i < MOST_ROUNDS; i++) {
		before = after;
		before.events = 0;
		feel(world, turn(world), &after);
		if (memcmp(&before, &after, sizeof(before)) == 0)
			return;
	}
	world->stuck = true;
}

/* --- time --- */

static uint64_t next_instant(const struct sim_world *world)
{
	uint64_t host = sim_party_deadline(&world->party[SIM_HOST]);
	uint64_t csme = sim_party_deadline(&world->party[SIM_CSME]);
	uint64_t at = host < csme ? host : csme;

	/* What is overdue now is so in a millisecond. */
	return at > world->now ? at : world->now + 1;
}

bool sim_world_run(struct sim_world *world, uint64_t until, bool (*stop)(void *self), void *self)
{
	for (;;) {
		uint64_t at;

		sim_world_settle(world);
		if (stop && stop(self))
			return true;
		if (world->now >= until || world->stuck)
			return false;
		at = next_instant(world);
		world->now = at < until ? at : until;
	}
}

/* --- what comes from outside --- */

static enum sap_status door(void *self, uint64_t now)
{
	struct sim_world *world = self;

	return sim_party_door(&world->party[SIM_CSME], now);
}

enum sap_status sim_world_packet(struct sim_world *world, enum sim_side side, const uint8_t *frame,
				 uint32_t len)
{
	return sim_party_packet(&world->party[side], frame, len, world->now);
}

/* --- as a stage --- */

static uint64_t stage_now(void *self)
{
	return ((struct sim_world *)self)->now;
}

static const struct sim_nic *stage_nic(void *self)
{
	return &((struct sim_world *)self)->site.nic;
}

static uint64_t stage_heard_at(void *self)
{
	return ((struct sim_world *)self)->site.heard_at;
}

static void stage_settle(void *self)
{
	sim_world_settle(self);
}

static bool stage_run(void *self, uint64_t until, bool (*stop)(void *of_stop), void *of_stop)
{
	return sim_world_run(self, until, stop, of_stop);
}

static enum sap_status stage_command(void *self, const struct sim_command *command)
{
	struct sim_world *world = self;
	enum sim_side side = command->verb->role == SIM_ROLE_HOST ? SIM_HOST : SIM_CSME;

	return sim_party_do(&world->party[side], command, world->now);
}

static enum sap_status stage_packet(void *self, enum sim_side side, const uint8_t *frame, uint32_t len)
{
	return sim_world_packet(self, side, frame, len);
}

static void stage_fault(void *self, const struct sim_fault *fault)
{
	struct sim_world *world = self;

	for (int side = SIM_HOST; side <= SIM_CSME; side++) {
		uint32_t role = side == SIM_HOST ? SIM_ROLE_HOST : SIM_ROLE_CSME;

		if (!(fault->sides & role))
			continue;
		if (fault->happen)
			sim_party_fault(&world->party[side], fault, world->now);
		else
			sim_party_kill(&world->party[side], world->now);
	}
}

static const char *stage_over(void *self)
{
	return ((struct sim_world *)self)->stuck ? "an instant does not end: a bug" : NULL;
}

struct sim_stage sim_world_stage(struct sim_world *world)
{
	static const struct sim_stage_ops ops = {
		.now = stage_now,
		.nic = stage_nic,
		.heard_at = stage_heard_at,
		.settle = stage_settle,
		.run = stage_run,
		.command = stage_command,
		.packet = stage_packet,
		.fault = stage_fault,
		.over = stage_over,
	};

	return (struct sim_stage){&ops, world};
}

/* --- making --- */

static bool make(struct sim_world *world, const struct sim_settings *settings)
{
	struct sap_loopback_config config;
	bool made = true;

	sap_loopback_config_default(&config);
	config.memory = world->area;
	config.memory_size = world->area_size;
	if (sap_loopback_init(&world->loop, sizeof(world->loop), &config) != SAP_OK)
		return false;
	for (int side = SIM_HOST; side <= SIM_CSME; side++) {
		struct sap_transport end = sap_loopback_transport(&world->loop, (enum sap_loopback_end)side);

		if (sim_party_init(&world->party[side], (enum sim_side)side, settings, &world->site, &end,
				   0) != SAP_OK)
			made = false;
	}
	return made;
}

struct sim_world *sim_world_new(const struct sim_settings *settings, const struct sim_listener *listener)
{
	struct sim_world *world = calloc(1, sizeof(*world));

	if (!world)
		return NULL;
	/* Before AMT is on the NIC is the host's. */
	sim_site_init(&world->site, SAP_OWNER_HOST, settings->power_up_ms);
	if (listener)
		world->site.listener = *listener;
	world->site.door = door;
	world->site.self = world;
	world->area_size = settings->host.link.layouts[0]->size;
	world->area = calloc(1, world->area_size);
	if (!world->area || !make(world, settings)) {
		sim_world_free(world);
		return NULL;
	}
	return world;
}

void sim_world_free(struct sim_world *world)
{
	if (world)
		free(world->area);
	free(world);
}
