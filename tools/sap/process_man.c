// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
/*
 * What the manual pages of `sap host` and `sap csme` have beyond those of others.
 */
#include <stddef.h>

#include "fault.h"
#include "process.h"

enum {
	MOST_ITEMS = 40,
};

static struct cli_item settings[MOST_ITEMS], faults[MOST_ITEMS];

static const struct cli_item environment[] = {
	{"XDG_RUNTIME_DIR", "the folder of the socket, if no path is given"},
	{"NO_COLOR", "if it is set, colours are used only by --color=always"},
	{NULL, NULL},
};

static const struct cli_item files[] = {
	{"$XDG_RUNTIME_DIR/sap.socket", "the socket, if no path is given"},
	{"/tmp/sap-UID.socket", "the same where XDG_RUNTIME_DIR is not set, with the number of the user"},
	{LIBSAP_DOC_DIR "/processes.md", "more on this command: what it tells, and a page on each matter"},
	{LIBSAP_DOC_DIR "/script.md", "the language of commands and scripts"},
	{NULL, NULL},
};

static void list_settings(uint32_t role)
{
	uint32_t n = 0;

	for (uint32_t i = 0; sim_setting_at(i) && n + 1 < MOST_ITEMS; i++) {
		if (sim_setting_at(i)->roles & role)
			settings[n++] =
				(struct cli_item){sim_setting_at(i)->name, sim_setting_at(i)->meaning};
	}
}

static void list_faults(uint32_t role)
{
	uint32_t n = 0;

	for (uint32_t i = 0; sim_fault_at(i) && n + 1 < MOST_ITEMS; i++) {
		if (sim_fault_at(i)->roles & role)
			faults[n++] = (struct cli_item){sim_fault_at(i)->name, sim_fault_at(i)->meaning};
	}
}

const struct cli_more *process_more(const struct process_kind *kind)
{
	static const char *const of_host[] = {"sap-csme", "sap-decode", "sap-replay", NULL};
	static const char *const of_csme[] = {"sap-decode", "sap-host", "sap-replay", NULL};
	static struct cli_more more = {
		.wrong =
			"a command or an expectation did not hold, or a script has a mistake or was cut short",
		.sections = {{"SETTINGS", settings},
			     {"FAULTS", faults},
			     {"ENVIRONMENT", environment},
			     {"FILES", files},
			     {NULL, NULL}},
	};
	uint32_t role = kind->side == SIM_HOST ? SIM_ROLE_HOST : SIM_ROLE_CSME;

	list_settings(role);
	list_faults(role);
	more.siblings = kind->side == SIM_HOST ? of_host : of_csme;
	return &more;
}
