// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
/* Logs and the shared memory: what comes in is written down, what goes out is seen in its order. */
#include "recorded.h"

/* --- a peer that does what it likes with the memory --- */

static const uint32_t words[] = {12, 16, 24, 28, 40, 44, 52, 56};

static void scribble(struct recorded *r, uint32_t *random)
{
	uint32_t pick = test_random(random) % 4, value = test_random(random);
	uint8_t bytes[4];
	uint32_t at;

	/* Indices near where they are, and anywhere; bytes in the queues; and all over the place. */
	at = words[test_random(random) % 8];
	if (pick == 0)
		value = test_get32(r->world->area + at) + value % 64;
	else if (pick == 1)
		value = value % 40000;
	else if (pick == 2)
		at = 4 * (test_random(random) % (r->world->area_size / 4));
	test_put32(bytes, value);
	(void)!sap_loopback_scribble(&r->world->loop, at, bytes, sizeof(bytes));
}

static void a_hostile_peer_comes_again(void **state)
{
	static struct recorded r;
	struct sim_settings settings;
	uint32_t corrupt = 0;

	(void)state;
	sim_settings_default(&settings);
	settings.host.link.throttle_ms = settings.csme.link.throttle_ms = 0;
	for (uint32_t seed = 1; seed <= 24; seed++) {
		uint32_t random = seed;

		recorded_start(&r, &settings, true);
		recorded_play(
			&r,
			"csme start\ncsme amt on\nhost driver up\nhost up\nwait 100ms\nhost own\nwait 100ms\n");
		for (int i = 0; i < 60; i++) {
			const char *lines[] = {"host ping",	  "csme ping",	  "host own",
					       "host country DE", "csme take",	  "host disown",
					       "host up",	  "csme release", "host driver down",
					       "host driver up"};
			uint8_t frame[60] = {0};
			struct sim_command command;
			struct sim_error error;

			assert_true(sim_command_read(lines[test_random(&random) % 10], 1, SIM_ROLE_ANY,
						     &command, &error));
			(void)!sim_party_do(
				&r.world->party[command.verb->role == SIM_ROLE_HOST ? SIM_HOST : SIM_CSME],
				&command, r.world->now);
			sim_command_free(&command);
			(void)!sim_world_packet(r.world, (enum sim_side)(i % 2), frame, sizeof(frame));
			if (test_random(&random) % 3 == 0)
				scribble(&r, &random);
			sim_world_run(r.world, r.world->now + test_random(&random) % 40, NULL, NULL);
		}
		corrupt += r.world->party[SIM_HOST].host.state.link.counters.corrupt +
			   r.world->party[SIM_CSME].csme.state.link.counters.corrupt;
		recorded_stop(&r);
		recorded_replays(&r);
		recorded_end(&r);
	}
	assert_true(corrupt > 12);
}

/* Queues so small that everything wraps around, all the time. */
static void tiny_queues_come_again(void **state)
{
	static const uint32_t sizes[SAP_QUEUES] = {701, 211, 703, 223};
	static struct recorded plain, r;
	struct sim_settings settings;
	struct sap_layout layout;
	struct recorded *both[] = {&plain, &r};

	(void)state;
	assert_status(sap_layout_make(&layout, 4, sizes), SAP_OK);
	sim_settings_default(&settings);
	settings.host.link.layouts[0] = settings.csme.link.layouts[0] = &layout;
	settings.host.link.layouts[1] = settings.csme.link.layouts[1] = NULL;
	settings.host.link.throttle_ms = settings.csme.link.throttle_ms = 0;
	for (int i = 0; i < 2; i++) {
		recorded_start(both[i], &settings, i == 1);
		recorded_play(
			both[i],
			"csme start\ncsme amt on\nhost driver up\nhost up\nwait 300ms\nhost own\nwait 1s\n");
		for (uint32_t n = 0; n < 300; n++) {
			uint8_t frame[80];

			test_pattern(frame, sizeof(frame), n);
			(void)!sim_world_packet(both[i]->world, (enum sim_side)(n % 2), frame, 14 + n % 60);
			recorded_play(both[i], n % 3 ? "host ping\n" : "csme ping\n");
			if (n % 5 == 0)
				recorded_play(both[i], "wait 3ms\n");
		}
		recorded_play(both[i], "wait 1s\n");
	}
	recorded_is_same(&plain.timeline, &r.timeline);
	assert_true(r.world->party[SIM_CSME].lane.counters.received > 50);
	recorded_stop(&r);
	recorded_replays(&r);
	recorded_end(&r);
	recorded_end(&plain);
}

/* --- what the peer sees --- */

/* Between the recorder and the loopback: looks at the real memory as a message goes out. */
struct spy {
	struct sap_transport inner;
	struct recorded *r;
	enum sim_side side;
	uint32_t sends, behind;
};

static enum sap_status spy_map(void *self, uint32_t size, struct sap_mem *mem)
{
	struct spy *spy = self;

	return spy->inner.ops->map(spy->inner.self, size, mem);
}

static enum sap_status spy_connect(void *self)
{
	struct spy *spy = self;

	/* The host's area is there before anybody can come by. */
	if (spy->side == SIM_HOST && test_get32(spy->r->world->area) != 0x21504153)
		spy->behind++;
	return spy->inner.ops->connect(spy->inner.self);
}

static enum sap_status spy_send(void *self, const void *message, size_t len)
{
	struct spy *spy = self;
	struct sim_party *party = &spy->r->world->party[spy->side];
	const struct sap_link_state *link =
		spy->side == SIM_HOST ? &party->host.state.link : &party->csme.state.link;

	if (link->phase == SAP_PHASE_UP) {
		spy->sends++;
		spy->behind += test_get32(spy->r->world->area + link->out.wr_at) != link->out.wr;
		spy->behind += test_get32(spy->r->world->area + link->in.rd_at) != link->in.rd;
		spy->behind += party->lane.open &&
			       test_get32(spy->r->world->area + party->lane.out.wr_at) != party->lane.out.wr;
	}
	return spy->inner.ops->send(spy->inner.self, message, len);
}

static enum sap_status spy_recv(void *self, void *message, size_t cap, size_t *len)
{
	struct spy *spy = self;

	return spy->inner.ops->recv(spy->inner.self, message, cap, len);
}

static enum sap_status spy_disconnect(void *self)
{
	struct spy *spy = self;

	return spy->inner.ops->disconnect(spy->inner.self);
}

static enum sap_status spy_unmap(void *self)
{
	struct spy *spy = self;

	return spy->inner.ops->unmap(spy->inner.self);
}

static const struct sap_transport_ops spy_ops = {spy_map,  spy_connect,	   spy_send,
						 spy_recv, spy_disconnect, spy_unmap};

/* A doorbell says that something is there: it is, by then. */
static void the_peer_sees_it_before_the_doorbell(void **state)
{
	static struct recorded r;
	static struct spy spies[2];
	struct sim_settings settings;

	(void)state;
	sim_settings_default(&settings);
	settings.host.link.throttle_ms = settings.csme.link.throttle_ms = 0;
	recorded_start(&r, &settings, true);
	for (int side = SIM_HOST; side <= SIM_CSME; side++) {
		spies[side] = (struct spy){r.recorder[side].inner, &r, (enum sim_side)side, 0, 0};
		r.recorder[side].inner = (struct sap_transport){&spy_ops, &spies[side]};
	}
	recorded_play(&r, recorded_script);
	for (int side = SIM_HOST; side <= SIM_CSME; side++) {
		assert_true(spies[side].sends > 2);
		assert_int_equal(spies[side].behind, 0);
	}
	recorded_stop(&r);
	recorded_replays(&r);
	recorded_end(&r);
}

/* What a call writes is there for the peer as it returns; what the peer gave back is there as it begins. */
static void nothing_waits_for_the_next_message(void **state)
{
	static struct recorded r;
	struct sim_settings settings;
	const uint8_t *memory;
	uint8_t frame[1514] = {0};
	uint32_t before;

	(void)state;
	sim_settings_default(&settings);
	recorded_start(&r, &settings, true);
	memory = r.world->area;
	recorded_play(&r,
		      "csme start\ncsme amt on\nhost driver up\nhost up\nwait 300ms\nhost own\nwait 1s\n");
	before = test_get32(memory + 24);
	assert_status(sim_world_packet(r.world, SIM_HOST, frame, sizeof(frame)), SAP_OK);
	assert_int_equal(test_get32(memory + 24), before + SAP_HEADER_SIZE + sizeof(frame));
	while (sim_world_packet(r.world, SIM_HOST, frame, sizeof(frame)) == SAP_OK)
		;
	before = test_get32(memory + 28);
	sim_party_pull(&r.world->party[SIM_CSME], r.world->now);
	assert_int_not_equal(test_get32(memory + 28), before);
	assert_status(sim_world_packet(r.world, SIM_HOST, frame, sizeof(frame)), SAP_OK);
	recorded_stop(&r);
	recorded_replays(&r);
	recorded_end(&r);
}

/* --- a host played by hand --- */

/* CSME's side, written down, and a host of which only its end of the loopback is there. */
struct alone {
	unsigned char *memory;
	struct sap_loopback loop;
	struct sap_transport host;
	struct sim_site site;
	struct sim_party csme;
	struct sim_recorder recorder;
	struct sim_log log;
	struct sim_origin origin;
	uint64_t now;
};

static void alone_start(struct alone *a)
{
	uint32_t size = sap_layout_of(SAP_PROTOCOL_4)->size;
	struct sap_loopback_config config;
	struct sim_recording to;
	struct sim_settings settings;
	struct sap_transport end;
	struct sap_mem mem;

	memset(a, 0, sizeof(*a));
	a->memory = calloc(1, size);
	assert_non_null(a->memory);
	sap_loopback_config_default(&config);
	config.memory = a->memory;
	config.memory_size = size;
	assert_status(sap_loopback_init(&a->loop, sizeof(a->loop), &config), SAP_OK);
	a->host = sap_loopback_transport(&a->loop, SAP_LOOPBACK_HOST);
	end = sap_loopback_transport(&a->loop, SAP_LOOPBACK_CSME);
	sim_settings_default(&settings);
	sim_site_init(&a->site, SAP_OWNER_HOST, settings.power_up_ms);
	assert_status(sim_party_init(&a->csme, SIM_CSME, &settings, &a->site, &end, 0), SAP_OK);
	a->origin = sim_origin_of(&a->csme);
	to = sim_log_recording(&a->log);
	sim_party_record(&a->csme, &a->recorder, &to);
	assert_status(a->host.ops->map(a->host.self, size, &mem), SAP_OK);
}

static void alone_tell(struct alone *a, const char *line)
{
	struct sim_command command;
	struct sim_error error;

	assert_true(sim_command_read(line, 1, SIM_ROLE_CSME, &command, &error));
	assert_status(sim_party_do(&a->csme, &command, a->now), SAP_OK);
	sim_command_free(&command);
}

static void alone_run(struct alone *a, uint64_t ms)
{
	for (uint64_t end = a->now + ms; a->now < end; a->now++)
		(void)sim_party_turn(&a->csme, a->now);
}

static void alone_says_start(struct alone *a)
{
	struct sap_me_message message = {.type = SAP_ME_START, .seq = 1};
	uint8_t bytes[SAP_ME_MAX_SIZE];
	uint32_t len;

	message.start.supported_versions[0] = 4;
	assert_status(sap_me_encode(&message, bytes, sizeof(bytes), &len), SAP_OK);
	assert_status(a->host.ops->send(a->host.self, bytes, len), SAP_OK);
	alone_run(a, 30);
}

static void alone_end(struct alone *a)
{
	static struct sim_replay replay;
	uint64_t told = a->csme.told;

	sim_party_recorded(&a->csme);
	assert_status(sim_replay_init(&replay, &a->origin, &a->log, NULL), SAP_OK);
	while (sim_replay_step(&replay))
		;
	if (replay.replayer.differs)
		test_fail("%s", replay.replayer.why);
	assert_true(replay.replayer.ended);
	assert_true(replay.party.told == told);
	sim_replay_free(&replay);
	sim_log_free(&a->log);
	free(a->memory);
}

/* What CSME read of the area is not what it reads the next time, and is not looked at any more once it agreed. */
static void an_area_that_is_made_late(void **state)
{
	static struct alone a;
	struct sap_area area;

	(void)state;
	alone_start(&a);
	alone_tell(&a, "csme start");
	alone_tell(&a, "csme amt on");
	(void)!a.host.ops->connect(a.host.self);
	alone_run(&a, 30);
	assert_status(a.host.ops->connect(a.host.self), SAP_OK);
	alone_says_start(&a);
	assert_int_not_equal(a.csme.csme.state.link.phase, SAP_PHASE_UP);
	assert_status(sap_area_init(&area, sap_layout_of(SAP_PROTOCOL_4), a.memory,
				    sap_layout_of(SAP_PROTOCOL_4)->size),
		      SAP_OK);
	alone_says_start(&a);
	assert_int_equal(a.csme.csme.state.link.phase, SAP_PHASE_UP);

	/* Whatever stands in CSME's own words: it knows better, and goes on. */
	test_put32(a.memory + 40, 0x7fffffff);
	alone_says_start(&a);
	assert_int_equal(test_get32(a.memory + 40), 0x7fffffff);
	alone_tell(&a, "csme ping");
	alone_run(&a, 30);
	assert_int_equal(test_get32(a.memory + 40), a.csme.csme.state.link.out.wr);
	assert_int_equal(test_get16(a.memory + area.layout.queue[SAP_CSME_NOTIF].offset +
				    a.csme.csme.state.link.out.wr - SAP_HEADER_SIZE),
			 SAP_PING);
	alone_end(&a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_hostile_peer_comes_again),
		cmocka_unit_test(tiny_queues_come_again),
		cmocka_unit_test(the_peer_sees_it_before_the_doorbell),
		cmocka_unit_test(nothing_waits_for_the_next_message),
		cmocka_unit_test(an_area_that_is_made_late),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
