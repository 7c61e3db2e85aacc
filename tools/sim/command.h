/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
/*
 * The commands of the script language, in one table: docs/script.md is checked against it.
 */
#ifndef SIM_COMMAND_H
#define SIM_COMMAND_H

#include "value.h"

/* Whose command it is; also a bit in the set of those that a program speaks for. */
enum sim_role {
	SIM_ROLE_HOST = 1 << 0,
	SIM_ROLE_CSME = 1 << 1,
	SIM_ROLE_WORLD = 1 << 2, /* nobody's: time, expectations, the story; every program takes these */
	SIM_ROLE_ANY = 7,
};

enum sim_verb_id {
	SIM_HOST_UP = 1,
	SIM_HOST_DOWN,
	SIM_HOST_DRIVER_UP,
	SIM_HOST_DRIVER_DOWN,
	SIM_HOST_DEVICE_UP,
	SIM_HOST_DEVICE_DOWN,
	SIM_HOST_OWN,
	SIM_HOST_DISOWN,
	SIM_HOST_DOOR,
	SIM_HOST_PROFILE,
	SIM_HOST_REACTS,
	SIM_HOST_TAKES,
	SIM_HOST_LINK_UP,
	SIM_HOST_LINK_DOWN,
	SIM_HOST_COUNTRY,
	SIM_HOST_SAR,
	SIM_HOST_NIC_INFO,
	SIM_HOST_RADIO,
	SIM_HOST_NVM,
	SIM_HOST_PLDR,
	SIM_HOST_PLDR_END,
	SIM_HOST_PING,
	SIM_HOST_SUSPEND,
	SIM_HOST_RESUME,
	SIM_HOST_NET,

	SIM_CSME_START,
	SIM_CSME_STOP,
	SIM_CSME_AMT,
	SIM_CSME_TAKE,
	SIM_CSME_RELEASE,
	SIM_CSME_POLICY,
	SIM_CSME_ANSWER,
	SIM_CSME_CONN,
	SIM_CSME_PROTECT,
	SIM_CSME_SESSION,
	SIM_CSME_FILTERS,
	SIM_CSME_NVM,
	SIM_CSME_PLDR,
	SIM_CSME_IP_REFRESH,
	SIM_CSME_PING,
	SIM_CSME_NET,
	SIM_CSME_BUS_RESET,
	SIM_CSME_BUS_STOP,
	SIM_CSME_BUS_ADD,
	SIM_CSME_BUS_REMOVE,
	SIM_CSME_BUS_DROP,
	SIM_CSME_BUS_NOTIFY,

	SIM_WAIT,
	SIM_WAIT_IDLE,
	SIM_EXPECT,
	SIM_EXPECT_NOT,
	SIM_EXPECT_OWNER,
	SIM_EXPECT_NO_OVERLAP,
	SIM_FAULT,
	SIM_PACKET,
	SIM_STEP,
	SIM_NOTE,
	SIM_QUIT,
};

enum {
	SIM_ARGS = 6, /* of a command, at most */
};

struct sim_verb {
	enum sim_verb_id id;
	enum sim_role role;
	const char *words; /* after the role's: "link up" */
	const char *help;  /* one clause */
	struct sim_arg args[SIM_ARGS + 1];
};

/* All commands: from 0 up until it gives null. */
const struct sim_verb *sim_verb_at(uint32_t index);

/* "host", "csme", or "" for the world. */
const char *sim_role_word(enum sim_role role);

/* The one side that a program speaks for, SIM_ROLE_HOST or SIM_ROLE_CSME; 0: for both. */
uint32_t sim_role_alone(uint32_t roles);

/* How it is written: "host link up ssid=SSID [channel=N]". */
void sim_verb_usage(const struct sim_verb *verb, char *out, size_t size);

/* Which of its arguments has that name; -1: none. */
int sim_verb_arg(const struct sim_verb *verb, const char *name, size_t len);

#endif
