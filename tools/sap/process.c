// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
/*
 * From the command line to the end.
 */
#include "process.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "file.h"
#include "output.h"
#include "signals.h"

/* --- beginning --- */

/* A standard descriptor that was closed would be the socket's number, and the socket would be read as input. */
static void fill_descriptors(void)
{
	static const int modes[] = {O_RDONLY, O_RDONLY, O_WRONLY};

	for (int fd = 0; fd < 3; fd++) {
		/* The lowest that is free is this one. */
		if (fcntl(fd, F_GETFD) < 0)
			(void)!open("/dev/null", modes[fd]);
	}
}

static enum outcome open_end(struct process *p)
{
	struct sap_unix_config config;
	struct sap_unix_trouble why;
	enum sap_status status;

	if (p->options->bus.on)
		return process_bus_open(p);
	sap_unix_config_default(&config);
	config.role = p->kind->side == SIM_HOST ? SAP_ROLE_HOST : SAP_ROLE_CSME;
	config.path = p->options->path;
	status = sap_unix_open(&p->end, sizeof(p->end), &config);
	if (status == SAP_OK)
		return OUTCOME_OK;
	if (status == SAP_BAD_VALUE)
		return cli_wrong(p->about, "'%s' can be no socket's path", p->options->path);
	why = sap_unix_why(&p->end);
	fprintf(stderr, "%s: %s: %s\n", p->kind->command, p->options->path, process_trouble_text(&why));
	return OUTCOME_FILE;
}

static enum outcome open_side(struct process *p)
{
	struct sap_transport end = p->bus.on ? process_bus_transport(p) : sap_unix_transport(&p->end);
	enum outcome outcome;
	/* A host learns from CSME who owns the NIC; until AMT is on CSME leaves it to the host. */
	enum sap_owner owner = p->kind->side == SIM_HOST ? SAP_OWNER_UNKNOWN : SAP_OWNER_HOST;

	sim_site_init(&p->site, owner, p->options->settings.power_up_ms);
	p->site.picture = true;
	process_listen(p);
	outcome = network_open(&p->network, p->kind->command, &p->options->network, p->kind->side, &p->party,
			       &p->site);
	if (outcome != OUTCOME_OK)
		return outcome;
	/* The ranges of all settings were looked at as they were read. */
	if (sim_party_init(&p->party, p->kind->side, &p->options->settings, &p->site, &end, 0) != SAP_OK)
		return cli_wrong(p->about, "these settings do not go together");
	p->party.packets_are_taken = p->network.on;
	sim_player_init(&p->player, process_stage(p), &p->timeline);
	return p->options->record ? log_writer_begin(&p->log, &p->party) : OUTCOME_OK;
}

/* A FIFO has who opens it wait for its reader, and meanwhile signals do what they always do. */
static enum outcome open_files(struct process *p)
{
	if (p->options->pcap) {
		p->capture = capture_open(p->kind->command, p->options->pcap);
		if (!p->capture)
			return OUTCOME_FILE;
	}
	return p->options->record ? log_writer_open(&p->log, p->kind->command, p->options->record)
				  : OUTCOME_OK;
}

static enum outcome open_signals(struct process *p)
{
	p->signals = signals_open();
	if (p->signals >= 0 && output_heeds(p->signals))
		return OUTCOME_OK;
	fprintf(stderr, "%s: signals cannot be had as a descriptor\n", p->kind->command);
	return OUTCOME_FILE;
}

static enum outcome begin(struct process *p)
{
	enum outcome outcome;

	fill_descriptors();
	outcome = open_files(p);
	p->started = process_now(p);
	if (outcome == OUTCOME_OK)
		outcome = open_signals(p);
	if (outcome == OUTCOME_OK)
		outcome = open_end(p);
	return outcome == OUTCOME_OK ? open_side(p) : outcome;
}

/* --- acting --- */

/* What the command line asks for before anything else. */
static void prepare(struct process *p)
{
	char line[80];

	if (!p->options->fault)
		return;
	snprintf(line, sizeof(line), "fault %s", p->options->fault);
	process_do(p, (const char *const[]){line, NULL});
}

static void begin_by_itself(struct process *p)
{
	const struct process_options *o = p->options;
	bool is_off;

	if (!o->script && !o->idle)
		process_do(p, p->kind->begin);
	/* AMT is on at the start, if anything is; or as it was said. */
	is_off = o->amt ? strcmp(o->amt, "off") == 0 : p->bus.on && !p->bus.settings.amt;
	if (p->kind->side == SIM_CSME && (o->amt || (!o->script && !o->idle)))
		process_do(p, (const char *const[]){is_off ? "amt off" : "amt on", NULL});
}

static void play(struct process *p, const struct sim_script *script)
{
	p->source = file_name(p->options->script);
	(void)sim_player_play(&p->player, script);
	p->source = "standard input";
}

static void act(struct process *p, const struct sim_script *script)
{
	const struct process_options *o = p->options;

	process_show_start(p);
	prepare(p);
	begin_by_itself(p);
	if (o->script)
		play(p, script);
	/* A script that came by standard input has taken all of it. */
	lines_open(&p->lines, o->script && strcmp(o->script, "-") == 0);
	if (!o->script || o->stay)
		process_take_commands(p);
}

/* --- ending --- */

/* Who types at a terminal is told of each mistake, and may make some. */
static enum outcome outcome_of(const struct process *p)
{
	if (process_is_unheard() || !capture_holds(p->capture) || process_bus_over(p))
		return OUTCOME_FILE;
	if (p->wrong && (p->options->script || !p->lines.is_terminal))
		return OUTCOME_WRONG;
	return OUTCOME_OK;
}

static enum outcome live(struct process *p, const struct sim_script *script)
{
	enum outcome outcome = begin(p);

	if (outcome == OUTCOME_OK) {
		act(p, script);
		process_go_down(p);
		(void)process_tell_network(p);
		outcome = log_writer_close(&p->log);
		if (outcome == OUTCOME_OK)
			outcome = outcome_of(p);
		process_show_end(p, outcome);
	} else {
		(void)log_writer_close(&p->log);
	}
	network_close(&p->network);
	sap_unix_close(&p->end);
	process_bus_close(p);
	if (capture_close(p->capture) != OUTCOME_OK)
		outcome = OUTCOME_FILE;
	lines_close(&p->lines);
	sim_timeline_free(&p->timeline);
	/* Its signals stay: standard output heeds them to the last. */
	return outcome;
}

static enum outcome read_script(const struct process *p, struct bytes *content, struct sim_script *script)
{
	struct sim_error error;
	enum outcome outcome;

	if (!p->options->script)
		return OUTCOME_OK;
	outcome = file_load(p->kind->command, p->options->script, content);
	if (outcome != OUTCOME_OK ||
	    sim_script_read((const char *)content->data, content->len, p->role, script, &error))
		return outcome;
	fprintf(stderr, "%s: %s:%u:%u: %s\n", p->kind->command, file_name(p->options->script),
		(unsigned int)error.line, (unsigned int)error.column, error.why);
	return OUTCOME_WRONG;
}

enum outcome process_run(const struct process_kind *kind, int argc, const char *const *argv)
{
	/* Too large for a stack, and there is one. */
	static struct process p;
	struct cli_about about = {kind->command, kind->usage, kind->text, kind->examples, NULL};
	struct process_options options;
	struct sim_script script = {NULL, 0};
	struct bytes content = {0};
	enum outcome outcome;

	p = (struct process){.kind = kind, .about = &about, .options = &options, .source = "standard input"};
	p.role = kind->side == SIM_HOST ? SIM_ROLE_HOST : SIM_ROLE_CSME;
	p.signals = -1;
	if (process_options_read(&options, &about, kind, argc, argv, &outcome)) {
		outcome = read_script(&p, &content, &script);
		if (outcome == OUTCOME_OK)
			outcome = live(&p, &script);
	}
	sim_script_free(&script);
	bytes_free(&content);
	process_options_free(&options);
	return outcome;
}
