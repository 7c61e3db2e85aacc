// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
/*
 * `sap demo`: a host and a CSME on a virtual clock, and the story that a script has them play.
 */
#include <stdlib.h>
#include <string.h>

#include "builtin.h"
#include "capture.h"
#include "cli.h"
#include "demo_show.h"
#include "fault.h"
#include "file.h"
#include "log_file.h"
#include "player.h"
#include "suggest.h"
#include "world.h"

struct options {
	char *script;
	char *fault;
	char *colour;
	char *record;
	char *pcap;
	int list;
	int show;
	int json;
};

static const char story[] = "boot-while-managed";

static const char text[] =
	"Plays a story between a host and a CSME that share a NIC, in this process, on a clock that runs as fast\n"
	"as the machine can: a machine boots while somebody manages it over AMT. Both sides are the engines of the\n"
	"library; the NIC, the WLAN driver and the firmware around them are simulated. --fault shows what they do\n"
	"when something goes wrong, --script plays a script of yours (docs/script.md). --pcap writes what crossed\n"
	"SAP to a file for Wireshark and sap decode (docs/captures.md), its times counted from 1970.\n\n"
	"In the timeline C and H say that CSME or the host owns the NIC, and ! that the other one drives it too.\n"
	"An expectation that does not hold, an alarm without an excuse, and a script with a mistake end with 1.\n";

static const char examples[] = "  sap demo\n"
			       "  sap demo --list-faults\n"
			       "  sap demo --fault=taking-not-confirmed\n"
			       "  sap demo --show-script > mine.sap\n"
			       "  sap demo --script=mine.sap\n"
			       "  sap demo --pcap=demo.pcap\n"
			       "  sap demo --json | jq -r 'select(.kind == \"message\").name'\n";

/* --- which script --- */

static const struct sim_builtin *find_builtin(const char *prefix, const char *name)
{
	for (const struct sim_builtin *b = sim_builtins; b->name; b++) {
		size_t len = strlen(prefix);

		if (strncmp(b->name, prefix, len) == 0 && strcmp(b->name + len, name) == 0)
			return b;
	}
	return NULL;
}

static enum outcome no_fault(const struct cli_about *about, const char *name)
{
	struct suggestion best;

	suggest_start(&best, name);
	for (uint32_t i = 0; sim_fault_at(i); i++) {
		if (find_builtin("fault-", sim_fault_at(i)->name))
			suggest_offer(&best, sim_fault_at(i)->name);
	}
	if (suggest_best(&best))
		return cli_wrong(about, "there is no fault '%s'; did you mean '%s'?", name,
				 suggest_best(&best));
	return cli_wrong(about, "there is no fault '%s'; --list-faults lists them", name);
}

static void list_faults(void)
{
	for (uint32_t i = 0; sim_fault_at(i); i++) {
		const struct sim_fault *fault = sim_fault_at(i);

		if (find_builtin("fault-", fault->name))
			printf("%-22s %s\n", fault->name, fault->meaning);
	}
}

/* --- playing --- */

/* Each message once, as it was sent; and one that came again, as it came. */
static void save(const struct sim_timeline *timeline, struct capture *capture)
{
	for (uint32_t i = 0; i < timeline->count; i++) {
		const struct sim_entry *entry = &timeline->entries[i];
		struct sap_seen seen = {entry->at, entry->to, entry->carrier, entry->bytes, entry->len};
		struct timespec when = capture_ms(entry->at);

		if (entry->kind == SIM_MESSAGE)
			capture_write(capture, &seen, &when);
	}
}

static enum outcome show(struct demo *demo, const struct sim_world *world, const struct options *o,
			 bool colour)
{
	sim_timeline_sum(demo->timeline, world->now, &world->site.nic, &demo->summary);
	if (o->pcap && strcmp(o->pcap, "-") == 0)
		; /* standard output is the capture's */
	else if (o->json)
		demo_json(stdout, demo);
	else
		demo_text(stdout, demo, colour);
	return demo->summary.failures || demo->summary.unexcused ? OUTCOME_WRONG : OUTCOME_OK;
}

/* Whoever sends the timeline to a file wants to hear of what did not hold, too. */
static void complain(const struct cli_about *about, const struct demo *demo)
{
	fflush(stdout);
	for (uint32_t i = 0; i < demo->timeline->count; i++) {
		const struct sim_entry *entry = &demo->timeline->entries[i];

		if (entry->kind == SIM_FAILURE)
			fprintf(stderr, "%s: %s:%u: %s\n", about->name, demo->name,
				(unsigned int)entry->number, entry->text);
	}
	if (demo->summary.unexcused)
		fprintf(stderr, "%s: %s: %u alarms without an excuse\n", about->name, demo->name,
			(unsigned int)demo->summary.unexcused);
}

/* What each side was given, as two logs. */
struct logs {
	struct log_writer writer[2];
	struct text path[2];
};

static enum outcome open_logs(struct logs *logs, const struct cli_about *about, const char *prefix,
			      struct sim_world *world)
{
	static const char *const sides[] = {[SIM_HOST] = "host", [SIM_CSME] = "csme"};
	enum outcome outcome = OUTCOME_OK;

	memset(logs, 0, sizeof(*logs));
	for (int side = SIM_HOST; prefix && outcome == OUTCOME_OK && side <= SIM_CSME; side++) {
		text_add(&logs->path[side], "%s%s.log", prefix, sides[side]);
		outcome = log_writer_open(&logs->writer[side], about->name, text_of(&logs->path[side]));
		if (outcome == OUTCOME_OK)
			outcome = log_writer_begin(&logs->writer[side], &world->party[side]);
	}
	return outcome;
}

static enum outcome close_logs(struct logs *logs)
{
	enum outcome outcome = OUTCOME_OK;

	for (int side = SIM_HOST; side <= SIM_CSME; side++) {
		if (log_writer_close(&logs->writer[side]) != OUTCOME_OK)
			outcome = OUTCOME_FILE;
		text_free(&logs->path[side]);
	}
	return outcome;
}

static enum outcome play_in(const struct cli_about *about, const struct options *o, struct demo *demo,
			    bool colour, struct sim_world *world, struct sim_timeline *timeline,
			    const struct sim_script *script, struct capture *capture)
{
	struct sim_player player;
	struct logs logs;
	enum outcome outcome = open_logs(&logs, about, o->record, world);

	if (outcome == OUTCOME_OK) {
		sim_player_init(&player, sim_world_stage(world), timeline);
		sim_player_play(&player, script);
		save(timeline, capture);
		outcome = show(demo, world, o, colour);
	}
	if (outcome == OUTCOME_WRONG)
		complain(about, demo);
	return close_logs(&logs) == OUTCOME_OK ? outcome : OUTCOME_FILE;
}

static enum outcome play(const struct cli_about *about, const struct options *o, bool colour,
			 const char *name, const struct sim_script *script, struct capture *capture)
{
	struct sim_timeline timeline = {0};
	struct sim_listener listener = sim_timeline_listener(&timeline);
	struct demo demo = {.name = name, .timeline = &timeline};
	struct sim_settings settings;
	struct sim_world *world;
	enum outcome outcome;

	sim_settings_default(&settings);
	world = sim_world_new(&settings, &listener);
	if (!world) {
		fprintf(stderr, "%s: out of memory\n", about->name);
		return OUTCOME_FILE;
	}
	outcome = play_in(about, o, &demo, colour, world, &timeline, script, capture);
	sim_world_free(world);
	sim_timeline_free(&timeline);
	return outcome;
}

/* Plays with a capture, if one is wanted. One that cannot be written is worse than a story gone wrong. */
static enum outcome play_captured(const struct cli_about *about, const struct options *o, bool colour,
				  const char *name, const struct sim_script *script)
{
	struct capture *capture = NULL;
	enum outcome outcome, saved;

	if (o->pcap) {
		capture = capture_open(about->name, o->pcap);
		if (!capture)
			return OUTCOME_FILE;
	}
	outcome = play(about, o, colour, name, script, capture);
	saved = capture_close(capture);
	return saved != OUTCOME_OK ? saved : outcome;
}

static enum outcome play_text(const struct cli_about *about, const struct options *o, bool colour,
			      const char *name, const char *source, size_t len)
{
	struct sim_script script;
	struct sim_error error;
	enum outcome outcome = OUTCOME_WRONG;

	if (sim_script_read(source, len, SIM_ROLE_ANY, &script, &error))
		outcome = play_captured(about, o, colour, name, &script);
	else
		fprintf(stderr, "%s: %s:%u:%u: %s\n", about->name, name, (unsigned int)error.line,
			(unsigned int)error.column, error.why);
	sim_script_free(&script);
	return outcome;
}

static enum outcome play_file(const struct cli_about *about, const struct options *o, bool colour)
{
	struct bytes content = {0};
	enum outcome outcome = file_load(about->name, o->script, &content);

	if (outcome == OUTCOME_OK)
		outcome = play_text(about, o, colour, file_name(o->script), (const char *)content.data,
				    content.len);
	bytes_free(&content);
	return outcome;
}

static enum outcome demo(const struct cli_about *about, const struct options *o, const char *argument)
{
	const struct sim_builtin *builtin = find_builtin("", story);
	bool colour;

	if (argument)
		return cli_wrong(about, "'%s' is too much; a script is given with --script", argument);
	if (!cli_colour(o->colour, &colour))
		return cli_wrong(about, "--color takes auto, always or never, not '%s'", o->colour);
	if (o->list) {
		list_faults();
		return OUTCOME_OK;
	}
	if (o->pcap && o->json && strcmp(o->pcap, "-") == 0)
		return cli_wrong(about, "--pcap=- and --json both want standard output");
	if (o->script && o->fault)
		return cli_wrong(about, "--script and --fault exclude each other: a script names its faults");
	if (o->fault)
		builtin = find_builtin("fault-", o->fault);
	if (!builtin)
		return no_fault(about, o->fault);
	if (o->script)
		return play_file(about, o, colour);
	if (o->show) {
		fputs(builtin->text, stdout);
		return OUTCOME_OK;
	}
	return play_text(about, o, colour, builtin->name, builtin->text, strlen(builtin->text));
}

enum outcome demo_run(int argc, const char *const *argv)
{
	struct options o = {0};
	const struct poptOption options[] = {
		{"fault", 'f', POPT_ARG_STRING, &o.fault, 0, "a story in which that goes wrong", "NAME"},
		{"list-faults", 'l', POPT_ARG_NONE, &o.list, 0, "lists the faults", NULL},
		{"script", 's', POPT_ARG_STRING, &o.script, 0, "plays a script; - is standard input", "FILE"},
		{"show-script", 'S', POPT_ARG_NONE, &o.show, 0, "shows the story's script, does not play it",
		 NULL},
		{"pcap", 'p', POPT_ARG_STRING, &o.pcap, 0,
		 "also writes a capture; - is standard output, without the timeline", "FILE"},
		{"json", 'j', POPT_ARG_NONE, &o.json, 0, "JSON lines, format version 1 (docs/demo.md)", NULL},
		{"record", 'r', POPT_ARG_STRING, &o.record, 0,
		 "writes what each side was given to PREFIXhost.log and PREFIXcsme.log", "PREFIX"},
		{"color", 'c', POPT_ARG_STRING, &o.colour, 0, "auto, always, never (default: auto)", "WHEN"},
		POPT_TABLEEND,
	};
	const struct cli_about about = {"sap demo", "[OPTION...]", text, examples, options};
	enum outcome outcome;
	struct cli cli;

	if (cli_begin(&cli, &about, argc, argv, &outcome))
		outcome = demo(&about, &o, cli.argument);
	cli_end(&cli);
	free(o.script);
	free(o.fault);
	free(o.colour);
	free(o.record);
	free(o.pcap);
	return outcome;
}
