/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
/*
 * Commands of one role, done: what a script, and a process of that role, has its engine do.
 *
 * Each returns what the engine answered. Commands of others are SAP_INVALID.
 */
#ifndef SIM_ROLES_H
#define SIM_ROLES_H

#include "driver.h"
#include "firmware.h"
#include "script.h"

enum sap_status sim_host_do(struct sim_driver *driver, const struct sim_ground *ground,
			    const struct sim_command *command, uint64_t now);

enum {
	SIM_MOST_CONTENT = SAP_CSME_FILTERS_SIZE + 1, /* what is longer is too long */
};

/* Reads the file that a command names, if it names one and `content` is not there yet. */
void sim_command_load(struct sim_command *command, uint8_t content[SIM_MOST_CONTENT]);

/* A file that could not be read, or has the wrong size, is SAP_IO. */
enum sap_status sim_csme_do(struct sim_firmware *firmware, struct sap_csme *csme, struct sim_nic *nic,
			    const struct sim_command *command, uint64_t now);

#endif
