/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
/*
 * A small world to explore: both engines, a loopback between them, a NIC, a host's driver, a clock. All of
 * it lies in one struct, which is copied to keep a state and copied back to go on from there.
 *
 * What can happen is a list of actions, each of them a small step: one request for I/O, one message that
 * arrives, the clock going to the next deadline, one call of an embedder. Every order of them is a run that
 * can happen to somebody.
 */
#ifndef EXPLORE_WORLD_H
#define EXPLORE_WORLD_H

#include "../../tools/sim/nic.h"

#include <sap/loopback.h>
#include <sap/sap.h>

enum action {
	/* What happens by itself, sooner or later. */
	HOST_STEP,
	CSME_STEP,
	CLOCK,
	DEVICE_DOWN, /* the driver was told to leave, and has stopped to touch the NIC */
	DOOR_AGAIN,  /* without SAP the driver finds its NIC taken, and asks by the register */
	HOST_START,  /* after the connection was lost; after a stop only as often as allowed */
	CSME_START,

	/* What embedders and the world decide: each so often in a run. */
	HOST_OWN,
	HOST_DISOWN,
	DRIVER_UP,
	DRIVER_DOWN,
	DEVICE_UP, /* the driver begins to touch a NIC that it believes to own */
	DOOR,	   /* the driver asks by the register, and touches the NIC if it may */
	HOST_STOP,
	TAKE,
	FORCE,
	GRANT,
	REFUSE,
	IGNORE,
	AMT_ON,
	AMT_OFF,
	CAN_RELEASE,
	PROTECT,
	UNPROTECT,
	JOIN,
	CUT,
	ACTIONS,
};

/* What a search starts from, and how often each decision can be taken. */
struct scenario {
	const char *name;
	const char *about;
	uint8_t budget[ACTIONS];
	enum sap_csme_policy policy;
	uint16_t host_room, csme_room; /* bytes of the two queues of notifications */
	uint16_t throttle_ms, keep_ms;
	uint8_t reasks; /* so many requests, and then the NIC is not wanted any more */
	bool down;	/* start with nothing up, or connected with AMT on and a driver */
	bool owner;	/* and the host the owner, touching the NIC */
	bool amt_off;	/* start with AMT off */
	bool is_long;	/* too long for every run of the tests */
};

/* What the world remembers of the host's driver, and what was promised to whom. */
struct watch {
	bool touches, must_leave;
	bool stopped; /* the host's embedder wants it down */
	bool host_alive, host_up, csme_alive, csme_up;
	bool amt, rfkill, roaming_forbidden;
	uint8_t host_owner, csme_owner;
	bool forced;	  /* how CSME became the owner */
	uint8_t reasks;	  /* requests after which the NIC is still wanted */
	uint8_t own_owed; /* requests that owe their event */
};

struct world {
	struct sap_host host;
	struct sap_csme csme;
	struct sap_loopback loop;
	struct sim_nic nic;
	struct watch watch;
	uint8_t budget[ACTIONS];
	uint64_t now;
	_Alignas(8) uint8_t memory[512];
};

/* The one that is worked on; pointers inside lead into it. */
extern struct world world;

/* Puts it at the start of a scenario. False, with the reason, if it does not get there. */
bool world_begin(const struct scenario *scenario, const char **why);

/* Whether it is worth trying. */
bool world_may(enum action action);

/* Does it. Null, or what of the promises it broke. */
const char *world_do(enum action action);

/* Whether it happens by itself, from here. */
bool world_is_free(enum action action);

/* Nothing is under way, nothing is owed, and both sides agree. */
bool world_at_rest(void);

/* One number for all that decides how it goes on. */
uint64_t world_digest(void);

/* Something to see each message with; null for nobody. */
void world_tap(void (*see)(void *self, const struct sap_seen *seen));

/* watch.c: fetches the events and compares them with what was promised. */
const char *watch_events(bool asking_before, bool called_own, bool may_reask);
const char *watch_owners(void);

#endif
