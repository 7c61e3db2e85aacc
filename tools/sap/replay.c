// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
/*
 * `sap replay`: one side once more, from what was written down of it, and whether it did the same.
 */
#include "replay.h"

#include <stdlib.h>
#include <string.h>

#include <sap/version.h>

#include "cli.h"
#include "demo_show.h"
#include "file.h"
#include "log_file.h"

struct options {
	char *until;
	char *colour;
	int json;
	int messages;
	int digest;
};

static const char text[] =
	"Has a host or a CSME live through once more what was written to a log by `sap host --record`,\n"
	"`sap csme --record` or `sap demo --record`: the engine is given the same messages, the same memory, the\n"
	"same answers and the same time, and must do the same. The log's clock is the only one: nothing waits.\n\n"
	"What differs from the log is told, with the line of the log and both sides of it, and ends with 1. A log\n"
	"that ends early, since the process was killed, is no mistake: all that is in it is played.\n\n"
	"A log holds what its side saw: addresses, names of networks, and packets (docs/record.md).\n";

static const char examples[] = "  sap replay host.log\n"
			       "  sap replay --messages host.log\n"
			       "  sap replay --until=3s host.log\n"
			       "  sap replay --until=1200 host.log\n"
			       "  sap replay --digest host.log\n"
			       "  sap replay --json host.log | jq 'select(.kind == \"replay\")'\n";

/* One run of the command. */
struct run {
	const struct cli_about *about;
	const struct options *o;
	const char *name; /* of the file */
	bool colour;
	struct log_file file;
	struct sim_log log; /* what of it is played */
	bool cut;
	struct sim_timeline timeline;
	struct sim_replay replay;
};

/* --- how much of it --- */

/* "1200" is a line of the log, "3s" a time on its clock. */
static bool read_until(struct run *run)
{
	static const struct sim_arg time = {.name = "--until", .kind = SIM_KIND_TIME};
	const char *until = run->o->until;
	bool line = until && *until && strspn(until, "0123456789") == strlen(until);
	uint64_t last = line ? strtoull(until, NULL, 10) : 0;
	struct sim_value value = {.given = false};
	char why[SIM_WHY] = "";

	run->log = run->file.log;
	if (!until)
		return true;
	if (!line && !sim_value_read(&time, until, &value, why)) {
		cli_wrong(run->about, "--until takes a line of the log (1200) or a time (3s), not '%s'",
			  until);
		return false;
	}
	for (uint32_t i = 0; i < run->log.count; i++) {
		const struct sim_record *record = &run->log.records[i];

		if (line ? record->line > last
			 : sim_record_is_call(record->kind) && record->now > value.number) {
			run->log.count = i;
			run->cut = true;
		}
	}
	return true;
}

/* --- what is shown --- */

static void hear(void *self, const struct sim_news *news)
{
	struct run *run = self;
	struct sim_listener timeline = sim_timeline_listener(&run->timeline);

	if (!run->o->messages || news->kind != SIM_HAPPENED)
		timeline.hear(timeline.self, news);
}

static const char *verdict(const struct run *run)
{
	const struct sim_replayer *r = &run->replay.replayer;

	if (r->differs)
		return "not the same as in the log";
	if (r->ended)
		return "the same as in the log, to its end";
	return run->cut ? "the same as in the log, as far as it was to be played"
			: "the same as in the log, which breaks off here";
}

static void show_json(const struct run *run)
{
	const struct sim_replayer *r = &run->replay.replayer;
	json_t *json =
		json_pack("{s:s, s:b, s:b, s:s?, s:I, s:I, s:s, s:s}", "kind", "replay", "same", !r->differs,
			  "ended", r->ended, "difference", r->differs ? r->why : NULL, "records",
			  (json_int_t)r->at, "digests", (json_int_t)r->digests, "side",
			  run->file.origin.side == SIM_HOST ? "host" : "csme", "libsap", run->file.libsap);

	json_object_set_new(json, "digest",
			    json_sprintf("%016llx", (unsigned long long)sim_digest(&run->replay.party.pump)));
	json_object_set_new(json, "history",
			    json_sprintf("%016llx", (unsigned long long)run->replay.party.told));
	json_dumpf(json, stdout, JSON_COMPACT);
	putchar('\n');
	json_decref(json);
}

static void show(struct run *run)
{
	struct demo demo = {.name = run->name, .timeline = &run->timeline, .verdict = verdict(run)};

	if (run->o->digest) {
		printf("digest %016llx\nhistory %016llx\n",
		       (unsigned long long)sim_digest(&run->replay.party.pump),
		       (unsigned long long)run->replay.party.told);
		return;
	}
	sim_timeline_sum(&run->timeline, run->replay.now, &run->replay.site.nic, &demo.summary);
	if (run->o->json) {
		demo_json(stdout, &demo);
		show_json(run);
		return;
	}
	demo_text(stdout, &demo, run->colour);
	printf("  %u records and %u digests of %s's engine\n", (unsigned int)run->replay.replayer.at,
	       (unsigned int)run->replay.replayer.digests,
	       run->file.origin.side == SIM_HOST ? "the host" : "CSME");
}

/* What people should know though the output goes elsewhere. */
static void complain(const struct run *run)
{
	const struct sim_replayer *r = &run->replay.replayer;

	fflush(stdout);
	if (run->file.torn)
		fprintf(stderr, "%s: %s:%u: the last line breaks off; it was left out\n", run->about->name,
			run->name, (unsigned int)run->file.line - 1);
	if (!r->differs && !r->ended && !run->cut)
		fprintf(stderr, "%s: %s: the log has no end: its process was killed, or still runs\n",
			run->about->name, run->name);
	if (!r->differs)
		return;
	fprintf(stderr, "%s: %s: %s\n", run->about->name, run->name, r->why);
	if (strcmp(run->file.libsap, sap_version()) != 0)
		fprintf(stderr, "%s: the log is of libsap %s, and this is %s: it may differ for that alone\n",
			run->about->name, run->file.libsap, sap_version());
}

/* --- playing --- */

static enum outcome play(struct run *run)
{
	struct sim_listener listener = {hear, run};
	enum sap_status status;

	run->timeline.one_sided = true;
	status = sim_replay_init(&run->replay, &run->file.origin, &run->log, &listener);
	if (status != SAP_OK) {
		fprintf(stderr, "%s: %s:1: no engine can be made with these settings: %s\n", run->about->name,
			run->name, sap_strerror(status));
		return OUTCOME_WRONG;
	}
	while (sim_replay_step(&run->replay))
		;
	show(run);
	complain(run);
	sim_replay_free(&run->replay);
	sim_timeline_free(&run->timeline);
	return run->replay.replayer.differs ? OUTCOME_WRONG : OUTCOME_OK;
}

static enum outcome replay(struct run *run, const char *path)
{
	struct bytes content = {0};
	enum outcome outcome;

	if (!cli_colour(run->o->colour, &run->colour))
		return cli_wrong(run->about, "--color takes auto, always or never, not '%s'", run->o->colour);
	outcome = file_load(run->about->name, path, &content);
	if (outcome != OUTCOME_OK)
		return outcome;
	run->name = file_name(path);
	if (!log_file_read(&run->file, content.data, content.len)) {
		fprintf(stderr, "%s: %s:%u: %s\n", run->about->name, run->name, (unsigned int)run->file.line,
			text_of(&run->file.why));
		outcome = OUTCOME_WRONG;
	} else {
		outcome = read_until(run) ? play(run) : OUTCOME_USAGE;
	}
	log_file_free(&run->file);
	bytes_free(&content);
	return outcome;
}

enum outcome replay_run(int argc, const char *const *argv)
{
	struct options o = {0};
	const struct poptOption options[] = {
		{"until", 'u', POPT_ARG_STRING, &o.until, 0, "up to a line of the log (1200), or a time (3s)",
		 "LINE|TIME"},
		{"messages", 'm', POPT_ARG_NONE, &o.messages, 0, "shows messages, and no events", NULL},
		{"digest", 'd', POPT_ARG_NONE, &o.digest, 0, "shows nothing but the two numbers it comes to",
		 NULL},
		{"json", 'j', POPT_ARG_NONE, &o.json, 0, "JSON lines, as those of sap demo (docs/demo.md)",
		 NULL},
		{"color", 'c', POPT_ARG_STRING, &o.colour, 0, "auto, always, never (default: auto)", "WHEN"},
		POPT_TABLEEND,
	};
	const struct cli_about about = {"sap replay", "[OPTION...] [FILE]", text, examples, options};
	struct run *run = memory_zeroed(1, sizeof(*run));
	enum outcome outcome;
	struct cli cli;

	run->about = &about;
	run->o = &o;
	if (cli_begin(&cli, &about, argc, argv, &outcome))
		outcome = replay(run, cli.argument);
	cli_end(&cli);
	free(run);
	free(o.until);
	free(o.colour);
	return outcome;
}
