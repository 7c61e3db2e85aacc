// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
/* What was written down happens again; and writing it down changes nothing. */
#define _POSIX_C_SOURCE 200809L

#include "recorded.h"

#include <unistd.h>

#include "builtin.h"
#include "told.h"

/* Records of that kind. */
static uint32_t count_of(const struct sim_log *log, enum sim_record_kind kind)
{
	uint32_t count = 0;

	for (uint32_t i = 0; i < log->count; i++)
		count += log->records[i].kind == kind;
	return count;
}

/* Each story of the command: recorded it is the same story, and each side's log is that side's again. */
static void every_story_comes_again(void **state)
{
	static struct recorded plain, recorded;
	struct sim_settings settings;

	(void)state;
	sim_settings_default(&settings);
	for (const struct sim_builtin *b = sim_builtins; b->name; b++) {
		recorded_start(&plain, &settings, false);
		recorded_start(&recorded, &settings, true);
		recorded_play(&plain, b->text);
		recorded_play(&recorded, b->text);
		recorded_stop(&recorded);
		recorded_is_same(&plain.timeline, &recorded.timeline);
		recorded_replays(&recorded);
		recorded_end(&recorded);
		recorded_end(&plain);
	}
}

/* What its process had written when it was killed: each beginning of a log is played without a difference. */
static void each_beginning_of_a_log_plays(void **state)
{
	static struct recorded r;
	static struct sim_replay replay;

	(void)state;
	recorded_session(&r);
	recorded_replays(&r);
	for (int side = SIM_HOST; side <= SIM_CSME; side++) {
		struct sim_log part = r.log[side];

		assert_true(part.count > 60);
		while (part.count--) {
			recorded_replay(&r, (enum sim_side)side, &part, &replay);
			if (replay.replayer.differs)
				test_fail("%u records: %s", (unsigned int)part.count, replay.replayer.why);
			assert_false(replay.replayer.ended);
			sim_replay_free(&replay);
		}
	}
	recorded_end(&r);
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
	recorded_replay(r, side, &part, &replay);
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

	(void)state;
	recorded_session(&r);
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
	recorded_end(&r);
}

/* A byte that is sent, an answer, a byte of the peer's: each is compared, or has an effect. */
static void what_is_sent_is_compared(void **state)
{
	static struct recorded r;
	static struct sim_replay replay;
	uint32_t sends = 0;

	(void)state;
	recorded_session(&r);
	for (uint32_t i = 0; i < r.log[SIM_HOST].count; i++) {
		struct sim_record *record = &r.log[SIM_HOST].records[i];
		uint8_t *bytes = (uint8_t *)(uintptr_t)record->bytes;

		if (record->kind != SIM_RECORD_SEND)
			continue;
		bytes[record->len - 1] ^= 1;
		recorded_replay(&r, SIM_HOST, &r.log[SIM_HOST], &replay);
		assert_true(replay.replayer.differs);
		assert_non_null(strstr(replay.replayer.why, "now it is send"));
		sim_replay_free(&replay);
		bytes[record->len - 1] ^= 1;
		sends++;
	}
	assert_true(sends > 3);
	recorded_replays(&r);
	recorded_end(&r);
}

static void the_answers_of_commands_are_compared(void **state)
{
	static struct recorded r;
	static struct sim_replay replay;
	uint32_t answers = 0;

	(void)state;
	recorded_session(&r);
	for (uint32_t i = 0; i < r.log[SIM_HOST].count; i++) {
		struct sim_record *record = &r.log[SIM_HOST].records[i];
		enum sap_status was = record->status;

		if (record->kind != SIM_RECORD_ANSWER)
			continue;
		record->status = SAP_NO_ROOM;
		recorded_replay(&r, SIM_HOST, &r.log[SIM_HOST], &replay);
		assert_true(replay.replayer.differs);
		assert_non_null(strstr(replay.replayer.why, "the answer is"));
		sim_replay_free(&replay);
		record->status = was;
		answers++;
	}
	assert_int_equal(answers, 2);
	recorded_end(&r);
}

/* The number of a digest is compared, and so is that of the history. */
static void digests_are_compared(void **state)
{
	static struct recorded r;
	static struct sim_replay replay;

	(void)state;
	recorded_session(&r);
	for (uint32_t i = 0; i < r.log[SIM_CSME].count; i++) {
		struct sim_record *record = &r.log[SIM_CSME].records[i];

		if (record->kind != SIM_RECORD_DIGEST && record->kind != SIM_RECORD_END)
			continue;
		record->digest ^= 1;
		recorded_replay(&r, SIM_CSME, &r.log[SIM_CSME], &replay);
		assert_non_null(strstr(replay.replayer.why, "digest is"));
		sim_replay_free(&replay);
		record->digest ^= 1;
		record->history ^= 1;
		recorded_replay(&r, SIM_CSME, &r.log[SIM_CSME], &replay);
		assert_non_null(strstr(replay.replayer.why, "history"));
		sim_replay_free(&replay);
		record->history ^= 1;
	}
	assert_true(count_of(&r.log[SIM_CSME], SIM_RECORD_DIGEST) > 0);
	assert_int_equal(count_of(&r.log[SIM_CSME], SIM_RECORD_END), 1);
	recorded_end(&r);
}

/* --- what is in a file stands in the log --- */

static void a_file_is_not_needed_again(void **state)
{
	static struct recorded r;
	uint8_t content[SAP_CSME_FILTERS_SIZE];
	char path[] = "filters-XXXXXX", line[80];
	struct sim_settings settings;
	int fd = mkstemp(path);

	(void)state;
	test_pattern(content, sizeof(content), 7);
	assert_int_equal(write(fd, content, sizeof(content)), sizeof(content));
	close(fd);
	sim_settings_default(&settings);
	recorded_start(&r, &settings, true);
	snprintf(line, sizeof(line), "csme filters %s\n", path);
	recorded_play(&r, line);
	recorded_play(&r, "csme filters no-such-file => IO\n");
	recorded_play(&r, "csme start\ncsme amt on\nhost up\nexpect host FILTERS within 1s\n");
	unlink(path);
	recorded_stop(&r);
	recorded_replays(&r);
	recorded_end(&r);
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

/* --- all that was told, as a number --- */

static uint64_t told_of(const struct sim_news *news, uint64_t now)
{
	return sim_told(SIM_TOLD_NOTHING, news, now);
}

static void whatever_is_told_counts(void **state)
{
	uint8_t bytes[20] = {1, 2, 3};
	uint8_t other[20] = {1, 2, 4};
	const struct sim_news said = {
		.kind = SIM_SAID,
		.seen = {.to = SAP_TO_CSME, .carrier = SAP_IN_NOTIF, .bytes = bytes, .len = 20}};
	const struct sim_news happened = {.kind = SIM_HAPPENED,
					  .event = {.by = SIM_BY_HOST,
						    .host = {.type = SAP_HOST_NVM, .view = {bytes, 20}}}};
	uint64_t first = told_of(&said, 5), second = told_of(&happened, 5);
	struct sim_news news = said;

	(void)state;
	assert_true(first != second && first != SIM_TOLD_NOTHING);
	assert_true(told_of(&said, 6) != first);
	news.kind = SIM_HEARD;
	assert_true(told_of(&news, 5) != first);
	news = said;
	news.seen.to = SAP_TO_HOST;
	assert_true(told_of(&news, 5) != first);
	news = said;
	news.seen.carrier = SAP_IN_DATA;
	assert_true(told_of(&news, 5) != first);
	news = said;
	news.seen.len = 19;
	assert_true(told_of(&news, 5) != first);
	news = said;
	news.seen.bytes = other;
	assert_true(told_of(&news, 5) != first);

	news = happened;
	news.event.host.reason = SAP_REASON_TIMEOUT;
	assert_true(told_of(&news, 5) != second);
	news = happened;
	news.event.host.view.bytes = other;
	assert_true(told_of(&news, 5) != second);
	news = happened;
	news.event.host.type = SAP_HOST_FILTERS;
	assert_true(told_of(&news, 5) != second);
	assert_true(told_of(&happened, 6) != second);
	/* FNV-1a of these bytes, calculated elsewhere: the same number on every machine. */
	assert_true(first == UINT64_C(0xf90338902b486fc6));
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
		cmocka_unit_test(a_file_is_not_needed_again),
		cmocka_unit_test(a_command_comes_back_from_its_text),
		cmocka_unit_test(whatever_is_told_counts),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
