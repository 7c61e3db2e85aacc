// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
#include "fault.h"

enum {
	LATE_MS = 700,	 /* an answer later than the host waits */
	SLOW_MS = 150,	 /* and one that comes late, but in time */
	WR_OF_HOST = 12, /* the area's words for how far each wrote its notifications (sap.md section 3) */
	WR_OF_CSME = 40,
	NONSENSE = 0x7fffffff,
};

/* --- the host's --- */

static void no_area(struct sim_party *party)
{
	party->faulty.mishaps.fail_map = SAP_UNSUPPORTED;
	party->faulty.mishaps.map_above = 0;
}

static void map_v4_refused(struct sim_party *party)
{
	party->faulty.mishaps.fail_map = SAP_IO;
	party->faulty.mishaps.map_above = sap_layout_of(SAP_PROTOCOL_3)->size;
}

static void taking_not_confirmed(struct sim_party *party)
{
	party->driver.leave_ms = SIM_NEVER;
}

/* --- CSME's --- */

static void no_start_ok(struct sim_party *party)
{
	party->faulty.mishaps.lose = SAP_ME_START_OK;
}

static void late_grant(struct sim_party *party)
{
	sap_csme_set_policy(&party->csme, SAP_POLICY_ASK);
	party->firmware.answer_ms = LATE_MS;
}

static void refused(struct sim_party *party)
{
	sap_csme_set_policy(&party->csme, SAP_POLICY_REFUSE);
}

static void unanswered(struct sim_party *party)
{
	sap_csme_set_policy(&party->csme, SAP_POLICY_IGNORE);
}

static void peer_never_drains(struct sim_party *party)
{
	party->faulty.mishaps.frozen = true;
}

/* --- either's --- */

static void doorbell_lost(struct sim_party *party)
{
	party->faulty.mishaps.lose = SAP_ME_CHECK_SHARED_AREA;
}

static void connection_lost(struct sim_party *party)
{
	sim_faulty_cut(&party->faulty);
}

static void corrupt_queue(struct sim_party *party)
{
	sim_faulty_scribble(&party->faulty, party->side == SIM_HOST ? WR_OF_HOST : WR_OF_CSME, NONSENSE);
}

static void duplicate_doorbell(struct sim_party *party)
{
	party->faulty.mishaps.twice = true;
}

static void messages_late(struct sim_party *party)
{
	party->faulty.mishaps.delay_ms = SLOW_MS;
}

static void clear(struct sim_party *party)
{
	party->faulty.mishaps = (struct sim_mishaps){.fail_map = SAP_OK};
	if (party->side == SIM_HOST) {
		struct sim_driver fresh;

		sim_driver_init(&fresh);
		party->driver.leave_ms = fresh.leave_ms;
	} else {
		sap_csme_set_policy(&party->csme, SAP_POLICY_GRANT);
		party->firmware.answer_ms = SIM_NEVER;
	}
}

/* clang-format off */
#define H SIM_ROLE_HOST
#define C SIM_ROLE_CSME
/* a word of its own, name, who can cause it alone, who causes it in a world of both, what is done, what goes wrong */
#define FAULTS(X) \
	X(NO_AREA,              "no-area",              H,     H,     no_area,              "the host can have no shared memory at all") \
	X(MAP_V4_REFUSED,       "map-v4-refused",       H,     H,     map_v4_refused,       "the firmware accepts no area of version 4") \
	X(NO_START_OK,          "no-start-ok",          C,     C,     no_start_ok,          "CSME's next START_OK never arrives") \
	X(LATE_GRANT,           "late-grant",           C,     C,     late_grant,           "CSME grants the NIC 700 ms after it was asked") \
	X(REFUSED,              "refused",              C,     C,     refused,              "CSME refuses the NIC") \
	X(UNANSWERED,           "unanswered",           C,     C,     unanswered,           "CSME never answers a request for the NIC") \
	X(CONNECTION_LOST,      "connection-lost",      H | C, H,     connection_lost,      "the connection ends from below") \
	X(PEER_NEVER_DRAINS,    "peer-never-drains",    C,     C,     peer_never_drains,    "CSME reads nothing any more") \
	X(CORRUPT_QUEUE,        "corrupt-queue",        H | C, C,     corrupt_queue,        "a queue says nonsense of how far its owner wrote it") \
	X(TAKING_NOT_CONFIRMED, "taking-not-confirmed", H,     H,     taking_not_confirmed, "the host's device hangs as CSME takes the NIC") \
	X(DUPLICATE_DOORBELL,   "duplicate-doorbell",   H | C, H | C, duplicate_doorbell,   "every ME message arrives twice") \
	X(MESSAGES_LATE,        "messages-late",        H | C, H | C, messages_late,        "every ME message arrives 150 ms later") \
	X(DOORBELL_LOST,        "doorbell-lost",        H,     H,     doorbell_lost,        "the host's next doorbell never arrives") \
	X(HOST_KILLED,          "host-killed",          H,     H,     NULL,                 "the host's process dies without a word") \
	X(CSME_KILLED,          "csme-killed",          C,     C,     NULL,                 "the firmware dies without a word") \
	X(CLEAR,                "clear",                H | C, H | C, clear,                "no fault: what was asked for is forgotten, CSME grants again")

#define FAULT(id, name, roles, sides, happen, meaning) {name, meaning, roles, sides, happen},
static const struct sim_fault faults[] = {FAULTS(FAULT)};

/* The number of a name is its place. */
enum {
#define PLACE(id, name, roles, sides, happen, meaning) PLACE_##id,
	FAULTS(PLACE)
};
#define WORD(id, name, roles, sides, happen, meaning) {PLACE_##id, name},
static const struct sap_name words[] = {FAULTS(WORD)};
/* clang-format on */

const struct sap_names sim_words_fault = {words, sizeof(words) / sizeof(words[0])};

const struct sim_fault *sim_fault_at(uint32_t index)
{
	return index < sizeof(faults) / sizeof(faults[0]) ? &faults[index] : NULL;
}
