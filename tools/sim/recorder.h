/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
/*
 * Writes down all that one side is given: it puts itself between a pump and its transport, and gives the
 * engine a private copy of the shared memory (shadow.h). Each call of the side stands between two of ours:
 *
 *	sim_recorder_begin(recorder, &(struct sim_record){.kind = SIM_RECORD_PUMP, .now = now});
 *	...
 *	sim_recorder_end(recorder, true, SAP_OK);
 *
 * In between, what the engine does follows from what was written down, and from nothing else. Calls inside of
 * another follow from that one, and are not written down.
 */
#ifndef SIM_RECORDER_H
#define SIM_RECORDER_H

#include "log.h"
#include "shadow.h"

struct sim_recorder {
	struct sap_pump *pump;
	struct sap_transport inner;
	struct sim_recording to;
	const uint64_t *history; /* of all that the side told */
	struct sim_shadow shadow;
	bool agreed;		 /* CSME: it answered START, so it knows where things lie */
	uint32_t depth;		 /* calls within calls */
	struct sim_record waits; /* the call that is under way, as long as nothing came of it; or no kind */
	uint32_t records;	 /* since the last digest */
};

/*
 * Comes between a pump and its transport, from now on. The pump must have its engine, and that must be as it
 * was made: what it was given before is not in the log.
 */
void sim_recorder_start(struct sim_recorder *recorder, struct sap_pump *pump, const struct sim_recording *to,
			const uint64_t *history);

/* Null is a recorder that writes nothing, in all of these. What `call` points to holds until its end. */
void sim_recorder_begin(struct sim_recorder *recorder, const struct sim_record *call);

/* It answered that. A call that changed nothing at all need not be written down. */
void sim_recorder_end(struct sim_recorder *recorder, bool changed, enum sap_status answer);

/* Within a call: the host asked by the NIC's register. */
void sim_recorder_door(struct sim_recorder *recorder, enum sap_status answer);

/* The last record. The side is not to be called any more; its pump has its own transport again. */
void sim_recorder_stop(struct sim_recorder *recorder);

#endif
