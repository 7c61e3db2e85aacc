/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
/*
 * A NIC to own: what both sides fight for, in tests and in the simulation.
 *
 * It has one owner by the table, which is CSME's say: the firmware's side of the arbitration is the truth.
 * Either side may touch it, since real hardware does not stop them; the side that touches it without owning
 * it raises the alarm OVERLAP. Only a take by force or a deadline that lapsed excuses one, and it must end.
 *
 * Plain data without pointers: it can be copied, compared and put back.
 */
#ifndef SIM_NIC_H
#define SIM_NIC_H

#include <sap/wire.h>

enum sim_side {
	SIM_HOST = 0,
	SIM_CSME = 1,
};

struct sim_nic {
	enum sap_owner owner; /* by the table */
	bool touches[2];      /* which side drives it now */
	uint64_t ready_at[2]; /* since it was touched: when it is powered up for that side */
	uint32_t power_up_ms; /* how long that takes */
	bool associated;      /* with an access point */
	enum sim_side by;     /* who did that */
	struct sap_mac bssid; /* with whom */
	bool overlap;	      /* the alarm */
	bool excused;	      /* by force, or by a deadline that lapsed */
	uint64_t overlap_since;
	uint32_t overlaps;  /* alarms raised */
	uint32_t unexcused; /* of them: by nothing but a mistake */
};

void sim_nic_init(struct sim_nic *nic, enum sap_owner owner, uint32_t power_up_ms);

/* CSME's engine says who owns it now; forced: without waiting for the host. */
void sim_nic_set_owner(struct sim_nic *nic, enum sap_owner owner, bool forced, uint64_t now);

/* A side begins or ends to drive it. Ending ends its association. */
void sim_nic_touch(struct sim_nic *nic, enum sim_side side, bool on, uint64_t now);

/* The side that drives it joins an access point; false while it is not powered up, or not touched. */
bool sim_nic_associate(struct sim_nic *nic, enum sim_side side, const struct sap_mac *bssid, uint64_t now);

#endif
