// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
#include "site.h"

#include <string.h>

void sim_site_init(struct sim_site *site, enum sap_owner owner, uint32_t power_up_ms)
{
	memset(site, 0, sizeof(*site));
	sim_nic_init(&site->nic, owner, power_up_ms);
	site->told = site->nic;
}

void sim_site_tell(struct sim_site *site, struct sim_news *news, uint64_t now)
{
	news->now = now;
	news->nic = &site->nic;
	site->heard_at = now;
	if (site->listener.hear)
		site->listener.hear(site->listener.self, news);
}

void sim_site_tell_nic(struct sim_site *site, const struct sim_nic_event *event, uint64_t now)
{
	struct sim_news news = {.kind = SIM_HAPPENED, .event = {.by = SIM_BY_NIC, .nic = *event}};

	sim_site_tell(site, &news, now);
}

void sim_site_tell_changes(struct sim_site *site, uint64_t now)
{
	const struct sim_nic *is = &site->nic;
	struct sim_nic was = site->told;

	site->told = *is;
	for (int side = SIM_HOST; side <= SIM_CSME; side++) {
		struct sim_nic_event event = {.type = SIM_NIC_DRIVES,
					      .side = (enum sim_side)side,
					      .on = is->touches[side]};

		if (is->touches[side] != was.touches[side])
			sim_site_tell_nic(site, &event, now);
	}
	if (is->associated && !was.associated)
		sim_site_tell_nic(site,
				  &(struct sim_nic_event){.type = SIM_NIC_JOINED,
							  .side = is->by,
							  .bssid = is->bssid},
				  now);
	if (is->overlap != was.overlap)
		sim_site_tell_nic(site,
				  &(struct sim_nic_event){.type = SIM_NIC_OVERLAP,
							  .on = is->overlap,
							  .excused = is->excused},
				  now);
}
