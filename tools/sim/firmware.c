// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
#include "firmware.h"

#include <string.h>

#include "value.h"

enum {
	JOIN_MS = 50,
};

void sim_firmware_init(struct sim_firmware *firmware)
{
	memset(firmware, 0, sizeof(*firmware));
	firmware->answer_ms = firmware->answer_at = firmware->join_at = firmware->start_at = SIM_NEVER;
	firmware->give_up_at = SIM_NEVER;
	firmware->join_ms = JOIN_MS;
}

static bool has_conn(const struct sim_firmware *firmware)
{
	static const struct sap_mac none;

	return memcmp(&firmware->conn.bssid, &none, sizeof(none)) != 0;
}

static void drive(struct sim_firmware *firmware, struct sim_nic *nic, bool on, uint64_t now)
{
	sim_nic_touch(nic, SIM_CSME, on, now);
	firmware->join_at =
		on && has_conn(firmware) ? nic->ready_at[SIM_CSME] + firmware->join_ms : SIM_NEVER;
}

static void owner_changed(struct sim_firmware *firmware, struct sim_nic *nic,
			  const struct sap_csme_event *event, uint64_t now)
{
	/* It lets go of the NIC before it gives it away, and touches it after it has it. */
	if (event->owner == SAP_OWNER_HOST)
		drive(firmware, nic, false, now);
	sim_nic_set_owner(nic, event->owner, event->forced, now);
	if (event->owner == SAP_OWNER_CSME && !firmware->resetting)
		drive(firmware, nic, true, now);
}

static void start_if_due(struct sim_firmware *firmware, struct sap_csme *csme, uint64_t now)
{
	if (firmware->start_at > now)
		return;
	firmware->start_at = SIM_NEVER;
	firmware->gave_up = false;
	/* It may have been told to, meanwhile. */
	(void)!sap_csme_start(csme, now);
}

static void went_down(struct sim_firmware *firmware, struct sap_csme *csme, struct sim_nic *nic, uint64_t now)
{
	firmware->answer_at = firmware->give_up_at = SIM_NEVER;
	/* The host that was resetting the NIC is gone. */
	firmware->resetting = false;
	if (nic->owner == SAP_OWNER_CSME && !nic->touches[SIM_CSME])
		drive(firmware, nic, true, now);
	if (firmware->runs)
		firmware->start_at = now + firmware->rest_ms;
	start_if_due(firmware, csme, now);
}

void sim_firmware_hear(struct sim_firmware *firmware, struct sap_csme *csme, struct sim_nic *nic,
		       const struct sap_csme_event *event, uint64_t now)
{
	switch (event->type) {
	case SAP_CSME_OWNER:
		owner_changed(firmware, nic, event, now);
		break;
	case SAP_CSME_PLDR:
		firmware->resetting = true;
		drive(firmware, nic, false, now);
		break;
	case SAP_CSME_PLDR_END:
		firmware->resetting = false;
		if (nic->owner == SAP_OWNER_CSME)
			drive(firmware, nic, true, now);
		break;
	case SAP_CSME_ASKED:
		if (firmware->answer_ms != SIM_NEVER)
			firmware->answer_at = now + firmware->answer_ms;
		break;
	case SAP_CSME_UP:
		firmware->give_up_at = SIM_NEVER;
		break;
	case SAP_CSME_DOWN:
		went_down(firmware, csme, nic, now);
		break;
	default:
		break;
	}
}

void sim_firmware_join(struct sim_firmware *firmware, struct sim_nic *nic, const struct sap_conn_info *conn,
		       uint64_t now)
{
	uint64_t ready = nic->ready_at[SIM_CSME] > now ? nic->ready_at[SIM_CSME] : now;

	firmware->conn = *conn;
	if (nic->touches[SIM_CSME])
		firmware->join_at = ready + firmware->join_ms;
}

/* --- a host that says nothing --- */

/* There is one, it is to speak, and the time was not taken yet. */
static bool begins_to_wait(const struct sim_firmware *firmware, const struct sap_csme *csme)
{
	enum sap_phase phase = (enum sap_phase)csme->state.link.phase;

	return firmware->patience_ms && firmware->give_up_at == SIM_NEVER && !firmware->gave_up &&
	       (phase == SAP_PHASE_MAPPING || phase == SAP_PHASE_STARTING);
}

/* It would hold the only place there is, and nobody else could come. */
static void give_up(struct sim_firmware *firmware, struct sap_csme *csme, uint64_t now)
{
	firmware->give_up_at = SIM_NEVER;
	firmware->gave_up = sap_csme_stop(csme, now) == SAP_OK;
}

void sim_firmware_tick(struct sim_firmware *firmware, struct sap_csme *csme, struct sim_nic *nic,
		       uint64_t now)
{
	if (firmware->answer_at <= now) {
		firmware->answer_at = SIM_NEVER;
		/* Nobody may wait any more; then there is nothing to answer. */
		(void)!sap_csme_answer(csme, true, now);
	}
	start_if_due(firmware, csme, now);
	if (begins_to_wait(firmware, csme))
		firmware->give_up_at = now + firmware->patience_ms;
	if (firmware->give_up_at <= now)
		give_up(firmware, csme, now);
	if (firmware->join_at <= now) {
		firmware->join_at = SIM_NEVER;
		(void)sim_nic_associate(nic, SIM_CSME, &firmware->conn.bssid, now);
	}
}

uint64_t sim_firmware_deadline(const struct sim_firmware *firmware, const struct sap_csme *csme)
{
	uint64_t at = firmware->answer_at < firmware->join_at ? firmware->answer_at : firmware->join_at;

	/* To take the time is due at once: what is due is written down, and so comes in a replay too. */
	if (begins_to_wait(firmware, csme))
		return 0;
	at = at < firmware->give_up_at ? at : firmware->give_up_at;
	return at < firmware->start_at ? at : firmware->start_at;
}
