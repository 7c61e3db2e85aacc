// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "fault.h"
#include "process.h"
#include "suggest.h"

static uint32_t role_of(const struct process_kind *kind)
{
	return kind->side == SIM_HOST ? SIM_ROLE_HOST : SIM_ROLE_CSME;
}

/* --- lists --- */

static void list_faults(uint32_t role)
{
	for (uint32_t i = 0; sim_fault_at(i); i++) {
		if (sim_fault_at(i)->roles & role)
			printf("%-22s %s\n", sim_fault_at(i)->name, sim_fault_at(i)->meaning);
	}
}

static void list_settings(uint32_t role, const struct sim_settings *settings)
{
	for (uint32_t i = 0; sim_setting_at(i); i++) {
		const struct sim_setting *setting = sim_setting_at(i);
		char least[24], now[24];

		if (!(setting->roles & role))
			continue;
		snprintf(least, sizeof(least), "%u%s", (unsigned int)setting->least,
			 setting->count ? "" : "ms");
		sim_setting_write(setting, role, settings, now, sizeof(now));
		printf("%-12s %s (%s; %s or more)\n", setting->name, setting->meaning, now, least);
	}
}

/* --- what is wrong --- */

static bool wrong_fault(const struct cli_about *about, uint32_t role, const char *name)
{
	struct suggestion best;

	suggest_start(&best, name);
	for (uint32_t i = 0; sim_fault_at(i); i++) {
		if (!(sim_fault_at(i)->roles & role))
			continue;
		if (strcmp(sim_fault_at(i)->name, name) == 0)
			return false;
		suggest_offer(&best, sim_fault_at(i)->name);
	}
	if (suggest_best(&best))
		cli_wrong(about, "there is no fault '%s' that this side can cause; did you mean '%s'?", name,
			  suggest_best(&best));
	else
		cli_wrong(about, "there is no fault '%s' that this side can cause; --list-faults lists them",
			  name);
	return true;
}

static bool wrong_colour(struct process_options *o, const struct cli_about *about)
{
	if (cli_colour(o->colour, &o->paint))
		return false;
	cli_wrong(about, "--color takes auto, always or never, not '%s'", o->colour);
	return true;
}

static bool wrong_settings(struct process_options *o, const struct cli_about *about, uint32_t role)
{
	char why[SIM_WHY];

	for (char **set = o->set; set && *set; set++) {
		if (!sim_setting_read(&o->settings, role, *set, why)) {
			cli_wrong(about, "--set: %s; --set=help lists them", why);
			return true;
		}
	}
	return false;
}

/* Where a socket is looked for if nobody says where: a folder of the user's, or one that is everybody's. */
static bool wrong_path(struct process_options *o, const struct cli_about *about)
{
	const char *folder = getenv("XDG_RUNTIME_DIR");
	int n;

	if (o->socket)
		n = snprintf(o->path, sizeof(o->path), "%s", o->socket);
	else if (folder && folder[0] == '/')
		n = snprintf(o->path, sizeof(o->path), "%s/sap.socket", folder);
	else
		n = snprintf(o->path, sizeof(o->path), "/tmp/sap-%lu.socket", (unsigned long)getuid());
	if (n > 0 && (size_t)n < sizeof(o->path))
		return false;
	cli_wrong(about, "the socket's path has %d bytes: 1 to %d can be", n, SAP_UNIX_PATH - 1);
	return true;
}

static bool is_wrong(struct process_options *o, const struct cli_about *about,
		     const struct process_kind *kind, const char *argument)
{
	if (argument) {
		cli_wrong(about, "'%s' is too much; a script is given with --script", argument);
		return true;
	}
	if (o->amt && strcmp(o->amt, "on") != 0 && strcmp(o->amt, "off") != 0) {
		cli_wrong(about, "--amt takes on or off, not '%s'", o->amt);
		return true;
	}
	if (o->script && o->idle) {
		cli_wrong(about,
			  "--script and --idle exclude each other: with a script nothing begins by itself");
		return true;
	}
	if (o->stay && !o->script) {
		cli_wrong(about, "--stay is for what follows a script");
		return true;
	}
	if (o->pcap && strcmp(o->pcap, "-") == 0 && o->json) {
		cli_wrong(about, "--pcap=- and --json both want standard output");
		return true;
	}
	if (o->record && o->network.nic) {
		cli_wrong(about,
			  "--record and --nic exclude each other: frames of a network are not written down");
		return true;
	}
	o->mute = o->pcap && strcmp(o->pcap, "-") == 0;
	return (o->fault && wrong_fault(about, role_of(kind), o->fault)) || wrong_colour(o, about) ||
	       wrong_settings(o, about, role_of(kind)) || wrong_path(o, about) ||
	       network_options_wrong(&o->network, kind->side, about) ||
	       process_bus_options_wrong(&o->bus, o->socket, about);
}

/* --- the command line --- */

static bool wants_settings(const struct process_options *o)
{
	for (char **set = o->set; set && *set; set++) {
		if (strcmp(*set, "help") == 0)
			return true;
	}
	return false;
}

/* Whether it was a question, which is answered. */
static bool is_answered(const struct process_options *o, const struct process_kind *kind)
{
	if (o->list)
		list_faults(role_of(kind));
	else if (wants_settings(o))
		list_settings(role_of(kind), &o->settings);
	return o->list || wants_settings(o) || process_bus_is_answered(&o->bus);
}

bool process_options_read(struct process_options *o, struct cli_about *about, const struct process_kind *kind,
			  int argc, const char *const *argv, enum outcome *outcome)
{
	const struct poptOption amt = {"amt",	'a', POPT_ARG_STRING,
				       &o->amt, 0,   "whether AMT is on at the start (default: on)",
				       "on|off"};
	struct process_bus_table bus = process_bus_options(&o->bus);
	struct network_table net = network_options(&o->network, kind->side);
	const struct poptOption options[] = {
		{"socket", 'u', POPT_ARG_STRING, &o->socket, 0, "where CSME listens; @NAME: a name, no file",
		 "PATH"},
		{"script", 's', POPT_ARG_STRING, &o->script, 0,
		 "plays a script, and ends; - is standard input", "FILE"},
		{"stay", 'S', POPT_ARG_NONE, &o->stay, 0, "goes on after a script", NULL},
		{"idle", 'i', POPT_ARG_NONE, &o->idle, 0, "begins nothing by itself", NULL},
		{"json", 'j', POPT_ARG_NONE, &o->json, 0, "JSON lines, format version 1 (docs/processes.md)",
		 NULL},
		{"messages", 'm', POPT_ARG_NONE, &o->messages, 0, "shows the messages too", NULL},
		{"pcap", 'p', POPT_ARG_STRING, &o->pcap, 0,
		 "also writes a capture; - is standard output, without the events", "FILE"},
		{"set", 'x', POPT_ARG_ARGV, &o->set, 0, "sets a time or a count; --set=help lists them",
		 "NAME=VALUE"},
		{"fault", 'f', POPT_ARG_STRING, &o->fault, 0, "something goes wrong from the start", "NAME"},
		{"list-faults", 'l', POPT_ARG_NONE, &o->list, 0, "lists what this side can have go wrong",
		 NULL},
		{"record", 'r', POPT_ARG_STRING, &o->record, 0,
		 "writes what it is given to a log, for sap replay (docs/record.md)", "FILE"},
		{"color", 'c', POPT_ARG_STRING, &o->colour, 0, "auto, always, never (default: auto)", "WHEN"},
		/* A host has fewer of these, and so ends with the first that is empty. */
		net.option[0],
		net.option[1],
		net.option[2],
		net.option[3],
		net.option[4],
		amt,
		bus.option[0],
		bus.option[1],
		POPT_TABLEEND,
	};
	struct cli cli;
	bool runs;

	memset(o, 0, sizeof(*o));
	process_bus_options_init(&o->bus);
	sim_settings_of_process(&o->settings);
	about->options = options;
	cli_tell_more(process_more(kind));
	runs = cli_begin(&cli, about, argc, argv, outcome);
	if (runs && is_answered(o, kind)) {
		runs = false;
	} else if (runs && is_wrong(o, about, kind, cli.argument)) {
		*outcome = OUTCOME_USAGE;
		runs = false;
	}
	cli_end(&cli);
	about->options = NULL;
	return runs;
}

void process_options_free(struct process_options *o)
{
	free(o->socket);
	free(o->script);
	free(o->fault);
	free(o->amt);
	free(o->colour);
	free(o->record);
	free(o->pcap);
	network_options_free(&o->network);
	process_bus_options_free(&o->bus);
	for (char **set = o->set; set && *set; set++)
		free(*set);
	free(o->set);
}
