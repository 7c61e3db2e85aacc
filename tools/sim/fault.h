/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
/* What can go wrong, by name: for `fault NAME` in scripts, and for `--fault NAME`. */
#ifndef SIM_FAULT_H
#define SIM_FAULT_H

#include "party.h"

struct sim_fault {
	const char *name;
	const char *meaning; /* what goes wrong */
	uint32_t roles;	     /* a set of enum sim_role: a program of which side can cause it by itself */
	uint32_t sides;	     /* and who causes it in a world of both */
	/* Null: that side dies, which is for the stage to do. */
	void (*happen)(struct sim_party *party);
};

/* All faults: from 0 up until it gives null. */
const struct sim_fault *sim_fault_at(uint32_t index);

/* Their names, each standing for its index. */
extern const struct sap_names sim_words_fault;

#endif
