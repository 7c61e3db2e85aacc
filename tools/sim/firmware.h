/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
/*
 * A simulated CSME around its engine: it drives the NIC while it owns it, and answers when it was told to.
 *
 * Plain data without pointers, as the driver (driver.h).
 */
#ifndef SIM_FIRMWARE_H
#define SIM_FIRMWARE_H

#include <sap/csme.h>

#include "nic.h"

struct sim_firmware {
	bool runs;		   /* its engine is started again as it went down */
	bool resetting;		   /* the host resets the NIC: hands off */
	bool protect;		   /* link protection is on */
	struct sap_conn_info conn; /* the access point that it joins; a BSSID of zeroes: none */
	uint64_t answer_ms;	   /* SAP_POLICY_ASK: it grants after so long; SIM_NEVER: a script answers */
	uint64_t rest_ms;	   /* from going down to waiting for hosts again */
	uint64_t join_ms;	   /* from the NIC being powered up to being associated */
	uint64_t answer_at, join_at, start_at;
	uint64_t patience_ms; /* a host that connects and says nothing is given up after so long; 0: never */
	uint64_t give_up_at;
	bool gave_up; /* the last connection ended by that */
};

void sim_firmware_init(struct sim_firmware *firmware);

/* The engine told something. */
void sim_firmware_hear(struct sim_firmware *firmware, struct sap_csme *csme, struct sim_nic *nic,
		       const struct sap_csme_event *event, uint64_t now);

/* It is to be on that access point: joins it, if it drives the NIC. */
void sim_firmware_join(struct sim_firmware *firmware, struct sim_nic *nic, const struct sap_conn_info *conn,
		       uint64_t now);

/* What was to take time is done. */
void sim_firmware_tick(struct sim_firmware *firmware, struct sap_csme *csme, struct sim_nic *nic,
		       uint64_t now);
uint64_t sim_firmware_deadline(const struct sim_firmware *firmware, const struct sap_csme *csme);

#endif
