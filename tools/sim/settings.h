/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
/*
 * Settings of a simulated side: its engine's, and those of what is around it. By name, too, so that people can
 * change them: `--set=NAME=VALUE`.
 */
#ifndef SIM_SETTINGS_H
#define SIM_SETTINGS_H

#include <sap/csme.h>
#include <sap/host.h>

#include "value.h"

struct sim_settings {
	struct sap_host_config host; /* taps and lanes are the parties' own */
	struct sap_csme_config csme;
	uint32_t power_up_ms; /* of the NIC */
	/* The host's driver starts its engine anew after so long, doubling up to so long; 0: it does not. */
	uint32_t retry_ms, retry_most_ms;
	/* An attempt to connect, or a host that connected, that comes to nothing for so long is given up; 0: never. */
	uint32_t patience_ms;
	uint32_t rest_ms; /* the firmware waits for hosts again so long after the last one went */
};

/* For a world: nobody starts anew by himself. */
void sim_settings_default(struct sim_settings *settings);

/* For a process of one side: who goes down comes back, and who waits for a peer is told as it comes. */
void sim_settings_of_process(struct sim_settings *settings);

/* One that people can change. */
struct sim_setting {
	const char *name;
	uint32_t roles; /* who has it: a set of enum sim_role */
	bool count;	/* of something; else a time, and `never` is UINT32_MAX ms */
	uint32_t least; /* its range: from here to UINT32_MAX, or UINT32_MAX - 1 ms */
	const char *meaning;
};

/* All of them: from 0 up until it gives null. */
const struct sim_setting *sim_setting_at(uint32_t index);

/* "100ms", "never", "3": what a setting is, for a role that has it. */
void sim_setting_write(const struct sim_setting *setting, uint32_t role, const struct sim_settings *settings,
		       char *out, size_t size);

/* Does what "throttle=0ms" says, for a role. If it does not hold, false, and the reason. */
bool sim_setting_read(struct sim_settings *settings, uint32_t role, const char *text, char why[SIM_WHY]);

#endif
