/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
/*
 * A simulated WLAN driver of the host: it does what a driver would do as the host's engine tells it things.
 *
 * Plain data without pointers. What it works on is given with each call, so that a world can be copied, and
 * so that `sap host` can have one without a world.
 */
#ifndef SIM_DRIVER_H
#define SIM_DRIVER_H

#include <sap/host.h>

#include "nic.h"

/* What it works on. */
struct sim_ground {
	struct sap_host *host;
	struct sim_nic *nic;
	/* Asks for the NIC by its register: SAP_OK if it was granted. Null: there is no such door. */
	enum sap_status (*door)(void *self, uint64_t now);
	void *self;
};

struct sim_driver {
	bool reacts; /* by itself; else it only does what it is told */
	bool there;  /* registered with the engine */
	bool device; /* up: it touches the NIC */
	bool wants;  /* the NIC */
	bool rfkill;
	enum sap_owner owner; /* as the engine knows */
	bool roaming_forbidden;
	bool has_profile;	      /* an access point to join once it has the NIC */
	struct sap_conn_info profile; /* that one; also what CSME told of its own */
	bool runs;		      /* told `up`, and not `down` since */
	uint64_t
		retry_ms; /* 0: an engine that went down stays so; else it is started anew, after so long ... */
	uint64_t retry_most_ms; /* ... which doubles up to this, and starts anew once SAP was up */
	uint64_t wait_ms;	/* the next one of these */
	uint64_t patience_ms;	/* a CSME that says nothing is given up after so long; 0: never */
	bool gave_up;		/* the last attempt ended by that */
	uint64_t leave_ms;	/* how long the device takes to go down; SIM_NEVER: it hangs */
	uint64_t join_ms;	/* from the NIC being powered up to being associated */
	uint64_t address_ms;	/* from there to having its IP address, and telling CSME of the link */
	uint64_t leave_at, join_at, tell_at, door_at, retry_at, give_up_at; /* SIM_NEVER, or when */
};

void sim_driver_init(struct sim_driver *driver);

/* The engine told something. */
void sim_driver_hear(struct sim_driver *driver, const struct sim_ground *ground,
		     const struct sap_host_event *event, uint64_t now);

/* What was to take time is done. */
void sim_driver_tick(struct sim_driver *driver, const struct sim_ground *ground, uint64_t now);
uint64_t sim_driver_deadline(const struct sim_driver *driver);

/* It is told to: start SAP and stop it, come and go, touch the NIC or leave it, ask by register. */
enum sap_status sim_driver_up(struct sim_driver *driver, const struct sim_ground *ground, uint64_t now);
enum sap_status sim_driver_down(struct sim_driver *driver, const struct sim_ground *ground, uint64_t now);
enum sap_status sim_driver_set_there(struct sim_driver *driver, const struct sim_ground *ground, bool there,
				     uint64_t now);
enum sap_status sim_driver_set_device(struct sim_driver *driver, const struct sim_ground *ground, bool up,
				      uint64_t now);
enum sap_status sim_driver_own(struct sim_driver *driver, const struct sim_ground *ground, uint64_t now);
enum sap_status sim_driver_door(struct sim_driver *driver, const struct sim_ground *ground, uint64_t now);

#endif
