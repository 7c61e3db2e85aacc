/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
/* What can go wrong, by name: for `fault NAME` in scripts, and `sap demo --fault NAME`. */
#ifndef SIM_FAULT_H
#define SIM_FAULT_H

#include "world.h"

struct sim_fault {
	const char *name;
	const char *meaning; /* what goes wrong */
	void (*happen)(struct sim_world *world);
};

/* All faults: from 0 up until it gives null. */
const struct sim_fault *sim_fault_at(uint32_t index);

/* Their names, each standing for its index. */
extern const struct sap_names sim_words_fault;

#endif
