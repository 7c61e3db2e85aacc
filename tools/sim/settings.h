/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
/* Settings of a simulated side: its engine's, and those of what is around it. */
#ifndef SIM_SETTINGS_H
#define SIM_SETTINGS_H

#include <sap/csme.h>
#include <sap/host.h>

struct sim_settings {
	struct sap_host_config host; /* taps and lanes are the parties' own */
	struct sap_csme_config csme;
	uint32_t power_up_ms; /* of the NIC */
};

void sim_settings_default(struct sim_settings *settings);

#endif
