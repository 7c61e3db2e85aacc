// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
/*
 * The other side must not be able to read that it may have the NIC while this one still has the air. In the
 * network that is a race of microseconds; here it is seen.
 */
#include "support.h"

#include <sap/queue.h>

#include "player.h"
#include "ways.h"
#include "world.h"

/* A world, one of whose sides has the air from the beginning; and what is seen as a message about the NIC is told. */
struct rig {
	struct sim_world *world;
	struct net_ways ways;
	enum sap_type type; /* the message */
	uint32_t seen;	    /* times that it was told */
	bool had_air, was_readable;
};

static void witness(void *self, const struct sim_news *news)
{
	struct rig *rig = self;
	const struct sim_party *party = rig->ways.party;
	const struct sap_link_state *link =
		party->side == SIM_HOST ? &party->host.state.link : &party->csme.state.link;

	if (news->kind != SIM_SAID || news->seen.carrier != SAP_IN_NOTIF ||
	    (news->seen.to == SAP_TO_CSME) != (party->side == SIM_HOST) ||
	    (news->seen.bytes[0] | news->seen.bytes[1] << 8) != (int)rig->type)
		return;
	rig->seen++;
	rig->had_air |= rig->ways.air.attached;
	rig->was_readable |= !sap_producer_unpublished(&link->out);
}

static void set_up(struct rig *rig, enum sim_side side, enum sap_type type)
{
	const struct sim_listener listener = {witness, rig};
	struct sim_settings settings;

	memset(rig, 0, sizeof(*rig));
	sim_settings_default(&settings);
	rig->world = sim_world_new(&settings, &listener);
	assert_non_null(rig->world);
	rig->type = type;
	rig->ways.air.fd = -1;
	rig->ways.party = &rig->world->party[side];
	net_ways_watch(&rig->ways, &rig->world->site);
}

static void play(struct rig *rig, const char *text)
{
	struct sim_timeline timeline;
	struct sim_script script;
	struct sim_player player;
	struct sim_error error;

	memset(&timeline, 0, sizeof(timeline));
	if (!sim_script_read(text, strlen(text), SIM_ROLE_ANY, &script, &error))
		fail_msg("%u:%u: %s", error.line, error.column, error.why);
	sim_player_init(&player, sim_world_stage(rig->world), &timeline);
	assert_true(sim_player_play(&player, &script));
	sim_script_free(&script);
	sim_timeline_free(&timeline);
}

static void end(struct rig *rig)
{
	assert_int_equal(rig->seen, 1);
	assert_false(rig->had_air);
	assert_false(rig->was_readable);
	assert_false(rig->ways.air.attached);
	sim_world_free(rig->world);
}

#define BOTH_ARE_UP "csme start\ncsme amt on\nhost driver up\nhost up\nwait 300ms\n"

static void csme_lets_go_first(void **state)
{
	struct rig rig;

	(void)state;
	set_up(&rig, SIM_CSME, SAP_CSME_REPLY_TO_HOST_OWNERSHIP_REQ);
	play(&rig, BOTH_ARE_UP);
	rig.ways.air.attached = true;
	/* It may still have it after what is told for no such reason. */
	play(&rig, "csme protect on\nwait 300ms\n");
	assert_true(rig.ways.air.attached);
	play(&rig, "csme protect off\nhost own\nwait 1s\n");
	end(&rig);
}

static void host_lets_go_first(void **state)
{
	struct rig rig;

	(void)state;
	set_up(&rig, SIM_HOST, SAP_CSME_OWNERSHIP_CONFIRMED);
	play(&rig, BOTH_ARE_UP "host own\nwait 1s\n");
	rig.ways.air.attached = true;
	play(&rig, "host country US\nwait 300ms\n");
	assert_true(rig.ways.air.attached);
	play(&rig, "wait 2s\ncsme take\nwait 1s\n");
	end(&rig);
}

/* The register gives the NIC, and no message. */
static void csme_lets_go_at_the_door(void **state)
{
	struct rig rig;

	(void)state;
	set_up(&rig, SIM_CSME, SAP_CSME_REPLY_TO_HOST_OWNERSHIP_REQ);
	play(&rig, "csme start\ncsme amt on\nhost driver up\nwait 300ms\n");
	rig.ways.air.attached = true;
	play(&rig, "host door\n");
	assert_false(rig.ways.air.attached);
	assert_int_equal(rig.seen, 0);
	sim_world_free(rig.world);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(csme_lets_go_first),
		cmocka_unit_test(host_lets_go_first),
		cmocka_unit_test(csme_lets_go_at_the_door),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
