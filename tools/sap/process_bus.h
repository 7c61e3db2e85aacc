/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
/*
 * `sap csme --vmei`: instead of a socket CSME has a whole firmware, on a virtual MEI device. What process*.c ask of
 * it; without --vmei nothing of it is there.
 */
#ifndef SAP_TOOL_PROCESS_BUS_H
#define SAP_TOOL_PROCESS_BUS_H

#include <poll.h>

#include <sap/mei/vmei.h>

#include "cli.h"
#include "command.h"
#include "firmware.h"

struct process;
struct sim_command;

enum {
	BUS_WHY = 160 /* bytes of a reason */
};

struct process_bus_options {
	char *vmei, *settings;

	bool on;
	const char *path; /* of the device */
};

/* Those of CSME, to be put behind the others. */
struct process_bus_table {
	struct poptOption option[2];
};

struct process_bus {
	bool on;
	struct sap_vmei vmei;
	struct firmware firmware;
	struct firmware_settings settings;
	bool is_told;	    /* which /dev/mei<N> it is */
	char over[BUS_WHY]; /* why it cannot go on; "": it can */
};

/* Before the table is used. */
void process_bus_options_init(struct process_bus_options *o);

struct process_bus_table process_bus_options(struct process_bus_options *o);

/* Takes them apart; true if they do not hold, and the person was told. */
bool process_bus_options_wrong(struct process_bus_options *o, const char *socket,
			       const struct cli_about *about);
void process_bus_options_free(struct process_bus_options *o);

/* Whether --settings=help was asked for; then it was answered. */
bool process_bus_is_answered(const struct process_bus_options *o);

/* Reads the settings, and opens the device. process_bus_close() may follow in any case. */
enum outcome process_bus_open(struct process *p);
struct sap_transport process_bus_transport(struct process *p);
void process_bus_close(struct process *p);

/* A turn of it: whether anything moved. False if there is none. */
bool process_bus_turn(struct process *p, uint64_t now);
uint64_t process_bus_deadline(const struct process *p);
uint32_t process_bus_poll(const struct process *p, struct pollfd fds[1]);

/* Why the process has to end; null: it need not. */
const char *process_bus_over(const struct process *p);

/* The firmware dies, after CSME went down. */
void process_bus_die(struct process *p, uint64_t now);

/* A command of the bus; SAP_UNSUPPORTED if there is none. */
enum sap_status process_bus_command(struct process *p, const struct sim_command *command, uint64_t now);

#endif
