// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
#include "fault.h"

#include "value.h"

enum {
	LATE_MS = 700,	 /* an answer later than the host waits */
	WR_OF_CSME = 40, /* the area's word for how far CSME wrote its notifications (sap.md section 3) */
	NOTIF_WORD_SIZE = 4,
};

/* The table of faults below never asks for more of them than wait at a time. */
static void inject(struct sim_world *world, const struct sap_loopback_fault *fault)
{
	(void)!sap_loopback_inject(&world->loop, fault);
}

static void no_area(struct sim_world *world)
{
	inject(world, &(struct sap_loopback_fault){.kind = SAP_LOOPBACK_FAIL_MAP,
						   .end = SAP_LOOPBACK_HOST,
						   .times = SAP_LOOPBACK_ALWAYS,
						   .status = SAP_UNSUPPORTED});
}

static void map_v4_refused(struct sim_world *world)
{
	inject(world, &(struct sap_loopback_fault){.kind = SAP_LOOPBACK_FAIL_MAP,
						   .end = SAP_LOOPBACK_HOST,
						   .times = SAP_LOOPBACK_ALWAYS,
						   .status = SAP_IO,
						   .above = sap_layout_of(SAP_PROTOCOL_3)->size});
}

static void no_start_ok(struct sim_world *world)
{
	inject(world,
	       &(struct sap_loopback_fault){.kind = SAP_LOOPBACK_DROP, .end = SAP_LOOPBACK_CSME, .times = 1});
}

static void late_grant(struct sim_world *world)
{
	sap_csme_set_policy(&world->party[SIM_CSME].csme, SAP_POLICY_ASK);
	world->party[SIM_CSME].firmware.answer_ms = LATE_MS;
}

static void refused(struct sim_world *world)
{
	sap_csme_set_policy(&world->party[SIM_CSME].csme, SAP_POLICY_REFUSE);
}

static void unanswered(struct sim_world *world)
{
	sap_csme_set_policy(&world->party[SIM_CSME].csme, SAP_POLICY_IGNORE);
}

static void connection_lost(struct sim_world *world)
{
	sap_loopback_cut(&world->loop);
}

static void peer_never_drains(struct sim_world *world)
{
	(void)!sap_loopback_freeze(&world->loop, SAP_LOOPBACK_CSME, true);
}

static void corrupt_queue(struct sim_world *world)
{
	static const unsigned char nonsense[NOTIF_WORD_SIZE] = {0xff, 0xff, 0xff, 0x7f};

	/* Nothing to scribble on is nothing wrong. */
	(void)!sap_loopback_scribble(&world->loop, WR_OF_CSME, nonsense, sizeof(nonsense));
}

static void taking_not_confirmed(struct sim_world *world)
{
	world->party[SIM_HOST].driver.leave_ms = SIM_NEVER;
}

static void duplicate_doorbell(struct sim_world *world)
{
	for (int end = SAP_LOOPBACK_HOST; end <= SAP_LOOPBACK_CSME; end++)
		inject(world, &(struct sap_loopback_fault){.kind = SAP_LOOPBACK_DUPLICATE,
							   .end = (enum sap_loopback_end)end,
							   .times = SAP_LOOPBACK_ALWAYS});
}

static void doorbell_lost(struct sim_world *world)
{
	inject(world,
	       &(struct sap_loopback_fault){.kind = SAP_LOOPBACK_DROP, .end = SAP_LOOPBACK_HOST, .times = 1});
}

static void clear(struct sim_world *world)
{
	struct sim_driver fresh;

	sap_loopback_clear_faults(&world->loop);
	sap_csme_set_policy(&world->party[SIM_CSME].csme, SAP_POLICY_GRANT);
	world->party[SIM_CSME].firmware.answer_ms = SIM_NEVER;
	sim_driver_init(&fresh);
	world->party[SIM_HOST].driver.leave_ms = fresh.leave_ms;
}

/* clang-format off */
#define FAULTS(X) \
	X("no-area",              no_area,              "the host can have no shared memory at all") \
	X("map-v4-refused",       map_v4_refused,       "the firmware accepts no area of version 4") \
	X("no-start-ok",          no_start_ok,          "CSME's next message, START_OK, never arrives") \
	X("late-grant",           late_grant,           "CSME grants the NIC 700 ms after it was asked") \
	X("refused",              refused,              "CSME refuses the NIC") \
	X("unanswered",           unanswered,           "CSME never answers a request for the NIC") \
	X("connection-lost",      connection_lost,      "the connection ends from below") \
	X("peer-never-drains",    peer_never_drains,    "CSME reads nothing any more") \
	X("corrupt-queue",        corrupt_queue,        "CSME's queue says nonsense of how far it was written") \
	X("taking-not-confirmed", taking_not_confirmed, "the host's device hangs as CSME takes the NIC") \
	X("duplicate-doorbell",   duplicate_doorbell,   "every ME message arrives twice") \
	X("doorbell-lost",        doorbell_lost,        "the host's next doorbell never arrives") \
	X("host-killed",          sim_world_kill_host,  "the host's process dies without a word") \
	X("clear",                clear,                "no fault: what was asked for is forgotten, CSME grants again")

#define FAULT(name, happen, meaning) {name, meaning, happen},
static const struct sim_fault faults[] = {FAULTS(FAULT)};

/* The number of a name is its place. */
enum {
#define PLACE(name, happen, meaning) PLACE_##happen,
	FAULTS(PLACE)
};
#define WORD(name, happen, meaning) {PLACE_##happen, name},
static const struct sap_name words[] = {FAULTS(WORD)};
/* clang-format on */

const struct sap_names sim_words_fault = {words, sizeof(words) / sizeof(words[0])};

const struct sim_fault *sim_fault_at(uint32_t index)
{
	return index < sizeof(faults) / sizeof(faults[0]) ? &faults[index] : NULL;
}
