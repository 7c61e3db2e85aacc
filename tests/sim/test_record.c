// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
/* What was written down happens again; and writing it down changes nothing. */
#define _POSIX_C_SOURCE 200809L

#include "support.h"

#include <unistd.h>

#include "builtin.h"
#include "player.h"
#include "replay.h"
#include "told.h"
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

static void start(struct recorded *r, const struct sim_settings *settings, bool record)
{
	struct sim_listener listener = sim_timeline_listener(&r->timeline);

	memset(r, 0, sizeof(*r));
	r->world = sim_world_new(settings, &listener);
	assert_non_null(r->world);
	for (int side = SIM_HOST; record && side <= SIM_CSME; side++) {
		struct sim_recording to = sim_log_recording(&r->log[side]);

		r->origin[side] = sim_origin_of(&r->world->party[side]);
		sim_party_record(&r->world->party[side], &r->recorder[side], &to);
	}
}

static void play(struct recorded *r, const char *text)
{
	struct sim_player player;
	struct sim_script script;
	struct sim_error error;

	if (!sim_script_read(text, strlen(text), SIM_ROLE_ANY, &script, &error))
		test_fail("%u:%u: %s", (unsigned int)error.line, (unsigned int)error.column, error.why);
	sim_player_init(&player, sim_world_stage(r->world), &r->timeline);
	if (!sim_player_play(&player, &script))
		test_fail("%s", r->timeline.entries[r->timeline.count - 1].text);
	sim_script_free(&script);
}

static void stop(struct recorded *r)
{
	for (int side = SIM_HOST; side <= SIM_CSME; side++) {
		r->told[side] = r->world->party[side].told;
		r->digest[side] = sim_digest(&r->world->party[side].pump);
		sim_party_recorded(&r->world->party[side]);
	}
}

static void end(struct recorded *r)
{
	sim_world_free(r->world);
	sim_timeline_free(&r->timeline);
	for (int side = SIM_HOST; side <= SIM_CSME; side++)
		sim_log_free(&r->log[side]);
}

/* One side again, from so many records. What is not the same is in `replay`. */
static void replay_log(struct recorded *r, enum sim_side side, const struct sim_log *log,
		       struct sim_replay *replay)
{
	assert_status(sim_replay_init(replay, &r->origin[side], log, NULL), SAP_OK);
	while (sim_replay_step(replay))
		;
}

/* The same messages and events, the same digests. */
static void replays(struct recorded *r, enum sim_side side)
{
	static struct sim_replay replay;

	replay_log(r, side, &r->log[side], &replay);
	if (replay.replayer.differs)
		test_fail("side %d: %s", (int)side, replay.replayer.why);
	assert_true(replay.replayer.ended);
	assert_false(replay.replayer.ran_out);
	assert_true(replay.party.told == r->told[side]);
	assert_true(sim_digest(&replay.party.pump) == r->digest[side]);
	assert_int_equal(replay.replayer.at, r->log[side].count);
	sim_replay_free(&replay);
}

static void both_replay(struct recorded *r)
{
	replays(r, SIM_HOST);
	replays(r, SIM_CSME);
}

/* Records of that kind. */
static uint32_t count_of(const struct sim_log *log, enum sim_record_kind kind)
{
	uint32_t count = 0;

	for (uint32_t i = 0; i < log->count; i++)
		count += log->records[i].kind == kind;
	return count;
}

static void is_same_story(const struct sim_timeline *a, const struct sim_timeline *b)
{
	char one[400], other[400];

	assert_int_equal(a->count, b->count);
	for (uint32_t i = 0; i < a->count; i++) {
		const struct sim_entry *x = &a->entries[i], *y = &b->entries[i];

		assert_int_equal(x->kind, y->kind);
		assert_int_equal(x->at, y->at);
		assert_int_equal(x->taken_at, y->taken_at);
		assert_int_equal(x->len, y->len);
		if (x->kind == SIM_MESSAGE)
			assert_memory_equal(x->bytes, y->bytes, x->len);
		if (x->kind == SIM_EVENT) {
			sim_event_write(&x->event, one, sizeof(one));
			sim_event_write(&y->event, other, sizeof(other));
			assert_string_equal(one, other);
		}
	}
}

/* Each story of the command: recorded it is the same story, and each side's log is that side's again. */
static void every_story_comes_again(void **state)
{
	static struct recorded plain, recorded;
	struct sim_settings settings;

	(void)state;
	sim_settings_default(&settings);
	for (const struct sim_builtin *b = sim_builtins; b->name; b++) {
		start(&plain, &settings, false);
		start(&recorded, &settings, true);
		play(&plain, b->text);
		play(&recorded, b->text);
		stop(&recorded);
		is_same_story(&plain.timeline, &recorded.timeline);
		both_replay(&recorded);
		end(&recorded);
		end(&plain);
	}
}

static const char session[] = "csme start\ncsme amt on\nhost driver up\n"
			      "host profile ssid=\"a b\\\"#\\\\\" bssid=02:00:00:00:01:00\nhost up\nwait 300ms\n"
			      "host own\nwait 300ms\n"
			      "packet host ffffffffffff0211223344550806000100000000\n"
			      "packet csme ffffffffffff0211223344550806000100000000\n"
			      "packet host 0011 => BAD_VALUE\nhost up => WRONG_STATE\nwait 200ms\n"
			      "csme take\nwait 300ms\nhost own\nwait 300ms\n"
			      "fault connection-lost\nwait 1s\nhost up\nwait 300ms\nhost ping\nwait 300ms\n";

/* What its process had written when it was killed: each beginning of a log is played without a difference. */
static void each_beginning_of_a_log_plays(void **state)
{
	static struct recorded r;
	static struct sim_replay replay;
	struct sim_settings settings;

	(void)state;
	sim_settings_default(&settings);
	start(&r, &settings, true);
	play(&r, session);
	stop(&r);
	both_replay(&r);
	for (int side = SIM_HOST; side <= SIM_CSME; side++) {
		struct sim_log part = r.log[side];

		assert_true(part.count > 60);
		while (part.count--) {
			replay_log(&r, (enum sim_side)side, &part, &replay);
			if (replay.replayer.differs)
				test_fail("%u records: %s", (unsigned int)part.count, replay.replayer.why);
			assert_false(replay.replayer.ended);
			sim_replay_free(&replay);
		}
	}
	end(&r);
}

static bool differs_without(struct recorded *r, enum sim_side side, uint32_t index)
{
	static struct sim_replay replay;
	struct sim_log *log = &r->log[side];
	struct sim_record *records = calloc(log->count, sizeof(*records));
	struct sim_log part = {.records = records, .count = log->count - 1};
	bool differs;

	assert_non_null(records);
	for (uint32_t i = 0, to = 0; i < log->count; i++) {
		if (i != index)
			records[to++] = log->records[i];
	}
	replay_log(r, side, &part, &replay);
	differs = replay.replayer.differs;
	assert_true(!differs || strlen(replay.replayer.why) > 10);
	sim_replay_free(&replay);
	free(records);
	return differs;
}

/* The peer only told that it read, which the next such record tells too. */
static bool is_only_room(const struct sim_record *record)
{
	for (uint32_t i = 0; i < record->count; i++) {
		const char *name = sim_word_name(record->pieces[i].at);

		if (!name || !strstr(name, "_rd"))
			return false;
	}
	return record->kind == SIM_RECORD_MEMORY;
}

/* Nothing that counts can be taken out of a log unnoticed. */
static void a_record_that_is_missing_is_noticed(void **state)
{
	static struct recorded r;
	struct sim_settings settings;

	(void)state;
	sim_settings_default(&settings);
	start(&r, &settings, true);
	play(&r, session);
	stop(&r);
	for (int side = SIM_HOST; side <= SIM_CSME; side++) {
		for (uint32_t i = 0; i < r.log[side].count; i++) {
			enum sim_record_kind kind = r.log[side].records[i].kind;
			bool differs = differs_without(&r, (enum sim_side)side, i);

			/* Where nothing is due they do nothing, or the next one does it at the same time. */
			static const bool may_miss[SIM_RECORD_KINDS] = {
				[SIM_RECORD_PUMP] = true,   [SIM_RECORD_TICK] = true,
				[SIM_RECORD_HEAR] = true,   [SIM_RECORD_FAULT] = true,
				[SIM_RECORD_DIGEST] = true, [SIM_RECORD_END] = true,
			};

			if (!differs && !may_miss[kind] && !is_only_room(&r.log[side].records[i]) &&
			    r.log[side].records[i].status != SAP_AGAIN)
				test_fail("side %d, record %u: nobody misses the %s", side, (unsigned int)i,
					  sim_record_word(kind));
		}
	}
	end(&r);
}

/* A byte that is sent, an answer, a byte of the peer's: each is compared, or has an effect. */
static void what_is_sent_is_compared(void **state)
{
	static struct recorded r;
	static struct sim_replay replay;
	struct sim_settings settings;
	uint32_t sends = 0;

	(void)state;
	sim_settings_default(&settings);
	start(&r, &settings, true);
	play(&r, session);
	stop(&r);
	for (uint32_t i = 0; i < r.log[SIM_HOST].count; i++) {
		struct sim_record *record = &r.log[SIM_HOST].records[i];
		uint8_t *bytes = (uint8_t *)(uintptr_t)record->bytes;

		if (record->kind != SIM_RECORD_SEND)
			continue;
		bytes[record->len - 1] ^= 1;
		replay_log(&r, SIM_HOST, &r.log[SIM_HOST], &replay);
		assert_true(replay.replayer.differs);
		assert_non_null(strstr(replay.replayer.why, "now it is send"));
		sim_replay_free(&replay);
		bytes[record->len - 1] ^= 1;
		sends++;
	}
	assert_true(sends > 3);
	both_replay(&r);
	end(&r);
}

static void the_answers_of_commands_are_compared(void **state)
{
	static struct recorded r;
	static struct sim_replay replay;
	struct sim_settings settings;
	uint32_t answers = 0;

	(void)state;
	sim_settings_default(&settings);
	start(&r, &settings, true);
	play(&r, session);
	stop(&r);
	for (uint32_t i = 0; i < r.log[SIM_HOST].count; i++) {
		struct sim_record *record = &r.log[SIM_HOST].records[i];
		enum sap_status was = record->status;

		if (record->kind != SIM_RECORD_ANSWER)
			continue;
		record->status = SAP_NO_ROOM;
		replay_log(&r, SIM_HOST, &r.log[SIM_HOST], &replay);
		assert_true(replay.replayer.differs);
		assert_non_null(strstr(replay.replayer.why, "the answer is"));
		sim_replay_free(&replay);
		record->status = was;
		answers++;
	}
	assert_int_equal(answers, 2);
	end(&r);
}

/* The number of a digest is compared, and so is that of the history. */
static void digests_are_compared(void **state)
{
	static struct recorded r;
	static struct sim_replay replay;
	struct sim_settings settings;

	(void)state;
	sim_settings_default(&settings);
	start(&r, &settings, true);
	play(&r, session);
	stop(&r);
	for (uint32_t i = 0; i < r.log[SIM_CSME].count; i++) {
		struct sim_record *record = &r.log[SIM_CSME].records[i];

		if (record->kind != SIM_RECORD_DIGEST && record->kind != SIM_RECORD_END)
			continue;
		record->digest ^= 1;
		replay_log(&r, SIM_CSME, &r.log[SIM_CSME], &replay);
		assert_non_null(strstr(replay.replayer.why, "digest is"));
		sim_replay_free(&replay);
		record->digest ^= 1;
		record->history ^= 1;
		replay_log(&r, SIM_CSME, &r.log[SIM_CSME], &replay);
		assert_non_null(strstr(replay.replayer.why, "history"));
		sim_replay_free(&replay);
		record->history ^= 1;
	}
	assert_true(count_of(&r.log[SIM_CSME], SIM_RECORD_DIGEST) > 0);
	assert_int_equal(count_of(&r.log[SIM_CSME], SIM_RECORD_END), 1);
	end(&r);
}

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
	for (uint32_t seed = 1; seed <= 60; seed++) {
		uint32_t random = seed;

		start(&r, &settings, true);
		play(&r, "csme start\ncsme amt on\nhost driver up\nhost up\nwait 100ms\nhost own\nwait 100ms\n");
		for (int i = 0; i < 60; i++) {
			const char *lines[] = {"host ping",   "csme ping",   "host own",  "host country DE",
					       "csme take",   "host disown", "host up",   "csme release",
					       "host driver down", "host driver up"};
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
		stop(&r);
		both_replay(&r);
		end(&r);
	}
	assert_true(corrupt > 30);
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
		start(both[i], &settings, i == 1);
		play(both[i], "csme start\ncsme amt on\nhost driver up\nhost up\nwait 300ms\nhost own\nwait 1s\n");
		for (uint32_t n = 0; n < 300; n++) {
			uint8_t frame[80];

			test_pattern(frame, sizeof(frame), n);
			(void)!sim_world_packet(both[i]->world, (enum sim_side)(n % 2), frame, 14 + n % 60);
			play(both[i], n % 3 ? "host ping\n" : "csme ping\n");
			if (n % 5 == 0)
				play(both[i], "wait 3ms\n");
		}
		play(both[i], "wait 1s\n");
	}
	is_same_story(&plain.timeline, &r.timeline);
	assert_true(r.world->party[SIM_CSME].lane.counters.received > 50);
	stop(&r);
	both_replay(&r);
	end(&r);
	end(&plain);
}

/* --- what is in a file stands in the log --- */

static void a_file_is_not_needed_again(void **state)
{
	static struct recorded r;
	uint8_t content[SAP_CSME_FILTERS_SIZE];
	char path[] = "/tmp/filters-XXXXXX", line[80];
	struct sim_settings settings;
	int fd = mkstemp(path);

	(void)state;
	test_pattern(content, sizeof(content), 7);
	assert_int_equal(write(fd, content, sizeof(content)), sizeof(content));
	close(fd);
	sim_settings_default(&settings);
	start(&r, &settings, true);
	snprintf(line, sizeof(line), "csme filters %s\n", path);
	play(&r, line);
	play(&r, "csme filters no-such-file => IO\n");
	play(&r, "csme start\ncsme amt on\nhost up\nexpect host FILTERS within 1s\n");
	unlink(path);
	stop(&r);
	both_replay(&r);
	end(&r);
}

/* --- commands as text --- */

static void a_command_comes_back_from_its_text(void **state)
{
	static const char *const lines[] = {
		"host own",
		"host profile ssid=\"\" bssid=02:00:00:00:01:00",
		"host profile ssid=\"a \\\"b\\\" \\\\ #c\" bssid=02:00:00:00:01:00 channel=36 auth=sae",
		"host takes leave=never join=5s",
		"host suspend offer-nic,filters",
		"host sar 1,2,3,4,5,6,7,8,9,10",
		"csme take --force",
		"csme filters \"a file\"",
		"csme nvm mac=02:00:00:00:00:07 addresses=0x10",
		"host nic-info nvm=02:00:00:00:00:08 mac=02:00:00:00:00:07",
		"host country unknown",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
		struct sim_command first, second;
		struct text one = {0}, other = {0};
		struct sim_error error;

		if (!sim_command_read(lines[i], 1, SIM_ROLE_ANY, &first, &error)) {
			sim_command_free(&first);
			continue;
		}
		sim_command_write(&first, &one);
		assert_true(sim_command_read(text_of(&one), 1, SIM_ROLE_ANY, &second, &error));
		assert_ptr_equal(first.verb, second.verb);
		for (int a = 0; first.verb->args[a].name; a++) {
			assert_int_equal(first.arg[a].given, second.arg[a].given);
			if (first.arg[a].given)
				assert_true(sim_value_equal(first.verb->args[a].kind, &first.arg[a],
							    &second.arg[a]));
		}
		sim_command_write(&second, &other);
		assert_string_equal(text_of(&one), text_of(&other));
		text_free(&one);
		text_free(&other);
		sim_command_free(&first);
		sim_command_free(&second);
	}
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
	start(&r, &settings, true);
	for (int side = SIM_HOST; side <= SIM_CSME; side++) {
		spies[side] = (struct spy){r.recorder[side].inner, &r, (enum sim_side)side, 0, 0};
		r.recorder[side].inner = (struct sap_transport){&spy_ops, &spies[side]};
	}
	play(&r, session);
	for (int side = SIM_HOST; side <= SIM_CSME; side++) {
		assert_true(spies[side].sends > 2);
		assert_int_equal(spies[side].behind, 0);
	}
	stop(&r);
	both_replay(&r);
	end(&r);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_story_comes_again),
		cmocka_unit_test(each_beginning_of_a_log_plays),
		cmocka_unit_test(a_record_that_is_missing_is_noticed),
		cmocka_unit_test(what_is_sent_is_compared),
		cmocka_unit_test(the_answers_of_commands_are_compared),
		cmocka_unit_test(digests_are_compared),
		cmocka_unit_test(a_hostile_peer_comes_again),
		cmocka_unit_test(tiny_queues_come_again),
		cmocka_unit_test(a_file_is_not_needed_again),
		cmocka_unit_test(a_command_comes_back_from_its_text),
		cmocka_unit_test(the_peer_sees_it_before_the_doorbell),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
