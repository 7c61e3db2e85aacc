/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
/*
 * Has what was written down happen again: it is a pump's transport, answers from the log, and checks that it
 * is asked for what the log says.
 *
 *	sim_replayer_init(&replayer, &pump, &log, &history);
 *	while ((record = sim_replayer_next(&replayer))) {
 *		status = ...the same as when it was recorded...
 *		sim_replayer_done(&replayer, status);
 *	}
 *
 * Once something differs, it stays so: the transport says #SAP_AGAIN to everything, and no record is next.
 */
#ifndef SIM_REPLAYER_H
#define SIM_REPLAYER_H

#include "log.h"

enum {
	SIM_DIFFERENCE = 700, /* bytes that a sentence on it takes at most */
};

struct sim_replayer {
	struct sap_pump *pump;
	const struct sim_log *log;
	const uint64_t *history; /* of all that the side told */
	uint32_t at;		 /* the record that is next */
	uint8_t *memory;	 /* what the engine takes for the shared memory */
	uint32_t size;
	bool ran_out;		  /* the log ended while the engine wanted something */
	bool ended;		  /* the record that ends a log came */
	bool differs;		  /* not the same happened; or the log cannot be one */
	uint32_t digests;	  /* that were found equal */
	char why[SIM_DIFFERENCE]; /* in which record, what, and what the log says */
};

/* Becomes the transport of a pump, which must have its engine. sim_replayer_free() follows. */
void sim_replayer_init(struct sim_replayer *replayer, struct sap_pump *pump, const struct sim_log *log,
		       const uint64_t *history);

/* The next call of the side. Null: there is none, or something differs. */
const struct sim_record *sim_replayer_next(struct sim_replayer *replayer);

/* That call cannot be done, since the log cannot be one. */
void sim_replayer_refuse(struct sim_replayer *replayer, const char *why);

/* What the NIC's register answered. */
enum sap_status sim_replayer_door(struct sim_replayer *replayer);

/* It did so, and answered that. */
void sim_replayer_done(struct sim_replayer *replayer, enum sap_status status);

void sim_replayer_free(struct sim_replayer *replayer);

#endif
