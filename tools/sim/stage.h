/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
/*
 * A stage: what a player acts on. A world is one, on a clock that it moves itself; a process that speaks for
 * one side is another, on the real clock.
 */
#ifndef SIM_STAGE_H
#define SIM_STAGE_H

#include "nic.h"
#include "script.h"

struct sim_fault;

struct sim_stage_ops {
	/* The time, ms. */
	uint64_t (*now)(void *self);
	/* The NIC, as it is, or as it is known. */
	const struct sim_nic *(*nic)(void *self);
	/* When something was told, the last time. */
	uint64_t (*heard_at)(void *self);
	/* Does all that can be done without time passing. */
	void (*settle)(void *self);
	/* Lets time pass up to `until`, or until `stop`, if not null, says so. Whether it did. */
	bool (*run)(void *self, uint64_t until, bool (*stop)(void *of_stop), void *of_stop);
	/* A command of a role; and a frame for a side's lane. What was answered. */
	enum sap_status (*command)(void *self, const struct sim_command *command);
	enum sap_status (*packet)(void *self, enum sim_side side, const uint8_t *frame, uint32_t len);
	/* Something goes wrong. */
	void (*fault)(void *self, const struct sim_fault *fault);
	/* Why nothing can go on here, one clause; or null. */
	const char *(*over)(void *self);
};

struct sim_stage {
	const struct sim_stage_ops *ops;
	void *self;
};

#endif
