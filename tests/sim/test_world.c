// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
/* The world: the same calls give the same history; a copy goes on as the first did. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "builtin.h"
#include "player.h"
#include "world.h"

/* Everything a world told, as one number. */
struct hash {
	uint64_t sum;
	uint32_t count;
};

static void mix(struct hash *hash, const void *data, size_t len)
{
	const uint8_t *bytes = data;

	for (size_t i = 0; i < len; i++)
		hash->sum = (hash->sum ^ bytes[i]) * 0x100000001b3u;
}

static void hear(void *self, const struct sim_news *news)
{
	struct hash *hash = self;
	char text[200];

	hash->count++;
	mix(hash, &news->now, sizeof(news->now));
	if (news->kind == SIM_HAPPENED) {
		sim_event_write(&news->event, text, sizeof(text));
		mix(hash, text, strlen(text));
	} else {
		mix(hash, news->seen.bytes, news->seen.len);
	}
}

static struct sim_world *new_world(struct hash *hash)
{
	struct sim_listener listener = {hear, hash};
	struct sim_settings settings;
	struct sim_world *world;

	sim_settings_default(&settings);
	world = sim_world_new(&settings, hash ? &listener : NULL);
	assert_non_null(world);
	return world;
}

/* Two who listen: who was there before, and the timeline that expectations look at. */
struct both {
	struct sim_listener one, other;
};

static void hear_both(void *self, const struct sim_news *news)
{
	const struct both *both = self;

	if (both->one.hear)
		both->one.hear(both->one.self, news);
	both->other.hear(both->other.self, news);
}

static void play(struct sim_world *world, const char *text)
{
	struct sim_timeline timeline = {0};
	struct both both = {world->site.listener, sim_timeline_listener(&timeline)};
	struct sim_script script;
	struct sim_player player;
	struct sim_error error;

	if (!sim_script_read(text, strlen(text), SIM_ROLE_ANY, &script, &error))
		fail_msg("%u:%u: %s", (unsigned int)error.line, (unsigned int)error.column, error.why);
	world->site.listener = (struct sim_listener){hear_both, &both};
	sim_player_init(&player, sim_world_stage(world), &timeline);
	for (uint32_t i = 0; i < script.count; i++) {
		if (!sim_player_do(&player, &script.commands[i]))
			fail_msg("line %u: %s", (unsigned int)script.commands[i].line,
				 timeline.entries[timeline.count - 1].text);
	}
	world->site.listener = both.one;
	sim_script_free(&script);
	sim_timeline_free(&timeline);
}

static const char before[] = "csme start\ncsme amt on\nhost driver up\n"
			     "host profile ssid=lab bssid=02:00:00:00:01:00\nhost up\nwait 300ms\nhost own\n";
static const char after[] = "wait 500ms\ncsme take\nwait 30ms\nhost ping\nwait 1s\nhost down\nwait idle\n";

static void same_calls_same_history(void **state)
{
	struct hash one = {0}, other = {0};
	struct sim_world *first = new_world(&one), *second = new_world(&other);

	(void)state;
	play(first, before);
	play(first, after);
	play(second, before);
	play(second, after);
	assert_true(one.count > 30);
	assert_int_equal(one.count, other.count);
	assert_true(one.sum == other.sum);
	assert_int_equal(first->now, second->now);
	sim_world_free(first);
	sim_world_free(second);
}

static void a_copy_goes_on_the_same(void **state)
{
	struct hash one = {0}, other = {0};
	struct sim_world *world = new_world(&one);
	struct sim_world *elsewhere = new_world(&other);
	struct sim_snapshot *half, *end;

	(void)state;
	play(world, before);
	half = sim_world_save(world);
	assert_non_null(half);
	one = (struct hash){0};
	play(world, after);
	end = sim_world_save(world);
	assert_false(sim_world_is(world, half));

	/* In the same world, and in another one. */
	sim_world_restore(world, half);
	assert_true(sim_world_is(world, half));
	play(world, after);
	assert_true(sim_world_is(world, end));
	other = (struct hash){0};
	sim_world_restore(elsewhere, half);
	memset(world->area, 0x11, world->area_size);
	play(elsewhere, after);
	assert_true(sim_world_is(elsewhere, end));
	sim_snapshot_free(half);
	sim_snapshot_free(end);
	sim_world_free(elsewhere);
	sim_world_free(world);
	/* The first history was heard twice; it is that of the other world twice. */
	assert_int_equal(one.count, 2 * other.count);
}

static void time_stops_where_it_is_told(void **state)
{
	struct sim_world *world = new_world(NULL);

	(void)state;
	assert_false(sim_world_run(world, 1234, NULL, NULL));
	assert_int_equal(world->now, 1234);
	play(world, before);
	assert_int_equal(world->now, 1534);
	sim_world_free(world);
}

static void packets_go_both_ways(void **state)
{
	struct sim_world *world = new_world(NULL);
	uint8_t frame[60] = {0};

	(void)state;
	assert_int_equal(sim_world_packet(world, SIM_HOST, frame, sizeof(frame)), SAP_NOT_OPEN);
	play(world, before);
	play(world, "wait 500ms\n"
		    "packet host ffffffffffff0211223344550806000100000000\n"
		    "packet csme ffffffffffff0211223344550806000100000000\n"
		    "packet host 0011 => BAD_VALUE\n"
		    "wait 500ms\n");
	assert_int_equal(world->party[SIM_CSME].lane.counters.received, 1);
	assert_int_equal(world->party[SIM_HOST].lane.counters.received, 1);
	sim_world_free(world);
}

/* Without the host's reactions nothing touches the NIC. */
static void the_driver_can_be_told_not_to_react(void **state)
{
	struct sim_world *world = new_world(NULL);

	(void)state;
	play(world, "host reacts off\n");
	play(world, before);
	play(world, "expect OWN_DONE within 200ms\nwait 1s\n");
	assert_int_equal(world->site.nic.owner, SAP_OWNER_HOST);
	assert_false(world->site.nic.touches[SIM_HOST]);
	assert_false(world->site.nic.touches[SIM_CSME]);
	sim_world_free(world);
}

static void count_csme_letting_go(void *self, const struct sim_news *news)
{
	uint32_t *count = self;

	if (news->kind == SIM_HAPPENED && news->event.by == SIM_BY_NIC &&
	    news->event.nic.type == SIM_NIC_DRIVES && news->event.nic.side == SIM_CSME && !news->event.nic.on)
		(*count)++;
}

/* Through the door CSME lets go of the NIC while the host's own command is still being done. */
static void a_change_is_told_once(void **state)
{
	struct sim_world *world = new_world(NULL);
	uint32_t count = 0;

	(void)state;
	world->site.listener = (struct sim_listener){count_csme_letting_go, &count};
	play(world, "csme amt on\nwait 0ms\nhost driver up\nhost door\nwait 0ms\n");
	assert_true(world->site.nic.touches[SIM_HOST]);
	assert_int_equal(count, 1);
	sim_world_free(world);
}

static void a_killed_host_leaves_nothing(void **state)
{
	struct sim_world *world = new_world(NULL);

	(void)state;
	for (int i = 0; i < 50; i++) {
		play(world, "fault host-killed\nwait 70s\nhost driver up\nhost up\n");
		if (!i)
			play(world, "csme start\ncsme amt on\n");
		play(world, "expect host UP within 500ms\nwait 300ms\nhost own\n"
			    "expect OWN_DONE reason=none within 300ms\nexpect no-overlap\n");
	}
	assert_int_equal(world->site.nic.overlaps, 0);
	sim_world_free(world);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(same_calls_same_history),
		cmocka_unit_test(a_copy_goes_on_the_same),
		cmocka_unit_test(time_stops_where_it_is_told),
		cmocka_unit_test(packets_go_both_ways),
		cmocka_unit_test(the_driver_can_be_told_not_to_react),
		cmocka_unit_test(a_change_is_told_once),
		cmocka_unit_test(a_killed_host_leaves_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
