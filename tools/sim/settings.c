// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
#include "settings.h"

#include <string.h>

enum {
	POWER_UP_MS = 150,
};

void sim_settings_default(struct sim_settings *settings)
{
	memset(settings, 0, sizeof(*settings));
	sap_host_config_default(&settings->host);
	sap_csme_config_default(&settings->csme);
	settings->power_up_ms = POWER_UP_MS;
}
