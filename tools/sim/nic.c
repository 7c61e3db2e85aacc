// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
#include "nic.h"

#include <string.h>

void sim_nic_init(struct sim_nic *nic, enum sap_owner owner, uint32_t power_up_ms)
{
	memset(nic, 0, sizeof(*nic));
	nic->owner = owner;
	nic->power_up_ms = power_up_ms;
}

/* Whether a side that does not own it drives it; the alarm goes up, and down, with that. */
static void judge(struct sim_nic *nic, bool excuse, uint64_t now)
{
	enum sim_side other = nic->owner == SAP_OWNER_CSME ? SIM_HOST : SIM_CSME;
	bool overlap = nic->touches[other];

	if (overlap && !nic->overlap) {
		nic->overlap_since = now;
		nic->excused = excuse;
		nic->overlaps++;
		nic->unexcused += !excuse;
	}
	nic->overlap = overlap;
}

void sim_nic_set_owner(struct sim_nic *nic, enum sap_owner owner, bool forced, uint64_t now)
{
	nic->owner = owner;
	judge(nic, forced, now);
}

void sim_nic_touch(struct sim_nic *nic, enum sim_side side, bool on, uint64_t now)
{
	if (nic->touches[side] == on)
		return;
	nic->touches[side] = on;
	nic->ready_at[side] = on ? now + nic->power_up_ms : 0;
	/* A side that lets go of it late must not end what the new owner has. */
	if (!on && nic->by == side) {
		nic->associated = false;
		memset(&nic->bssid, 0, sizeof(nic->bssid));
	}
	judge(nic, false, now);
}

bool sim_nic_associate(struct sim_nic *nic, enum sim_side side, const struct sap_mac *bssid, uint64_t now)
{
	if (!nic->touches[side] || now < nic->ready_at[side])
		return false;
	nic->associated = true;
	nic->by = side;
	nic->bssid = *bssid;
	return true;
}
