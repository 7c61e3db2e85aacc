/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
/*
 * A world: a host and a CSME over loopback, with a NIC between them, on a clock that stands still until
 * there is nothing left to do. The same calls give the same history, to the last byte.
 */
#ifndef SIM_WORLD_H
#define SIM_WORLD_H

#include <sap/loopback.h>
#include <sap/pump.h>

#include "driver.h"
#include "event.h"
#include "firmware.h"
#include "nic.h"

/* What a world tells. */
enum sim_news_kind {
	SIM_SAID = 1, /* a message was sent or written */
	SIM_HEARD,    /* a message was received or taken */
	SIM_HAPPENED, /* an event */
};

struct sim_news {
	enum sim_news_kind kind;
	uint64_t now;
	const struct sim_nic *nic; /* as it is now */
	struct sap_seen seen;	   /* SAID, HEARD */
	struct sim_event event;	   /* HAPPENED; views in it hold during the call */
};

/* Who is told. It must not change the world. */
struct sim_listener {
	void (*hear)(void *self, const struct sim_news *news);
	void *self;
};

struct sim_settings {
	struct sap_host_config host; /* tap and lane are the world's own */
	struct sap_csme_config csme;
	uint32_t power_up_ms; /* of the NIC */
};

void sim_settings_default(struct sim_settings *settings);

struct sim_world;

/* Which side a tap looks at. Private. */
struct sim_tap {
	struct sim_world *world;
	enum sim_side side;
};

struct sim_world {
	/* What is the case. */
	uint64_t now;
	struct sap_host host;
	struct sap_csme csme;
	struct sap_packets lane[2]; /* by enum sim_side */
	struct sap_loopback loop;
	struct sim_nic nic;
	struct sim_driver driver;
	struct sim_firmware firmware;
	uint64_t heard_at;  /* when it last had something to tell */
	uint32_t doorbells; /* of hosts that were killed, in all */
	bool stuck;	    /* an instant did not end: a bug, which a test shall see and not wait for */

	/* What it hangs on. */
	struct sim_settings settings;
	struct sim_listener listener;
	struct sim_tap tap[2];
	struct sap_pump pump[2];
	unsigned char *area;
	uint32_t area_size;
};

/* A world of its own memory, or null if there is none; nothing happened in it yet. For sim_world_free(). */
struct sim_world *sim_world_new(const struct sim_settings *settings, const struct sim_listener *listener);
void sim_world_free(struct sim_world *world);

/* Does all that can be done without time passing. */
void sim_world_settle(struct sim_world *world);

/* Lets time pass up to `until`, or until `stop`, asked after each instant, says so. Whether it did. */
bool sim_world_run(struct sim_world *world, uint64_t until, bool (*stop)(void *self), void *self);

/* The host dies as a process does: nothing is said, its memory is gone, its driver with it. */
void sim_world_kill_host(struct sim_world *world);

/* The host's register door, and what the driver works on in this world. */
struct sim_ground sim_world_ground(struct sim_world *world);

/* Tells what changed at the NIC since it was like that: who has somebody touch it in between calls this. */
void sim_world_tell_changes(struct sim_world *world, const struct sim_nic *was);

/* A frame goes into a side's lane. */
enum sap_status sim_world_packet(struct sim_world *world, enum sim_side side, const uint8_t *frame,
				 uint32_t len);

/* Points everything that points into a world at this one. For who copied one. */
void sim_world_bind(struct sim_world *world);

/* All of a world's data. A snapshot belongs to the world it was taken of, or to one with equal settings. */
struct sim_snapshot;
struct sim_snapshot *sim_world_save(const struct sim_world *world);
void sim_world_restore(struct sim_world *world, const struct sim_snapshot *snapshot);
void sim_snapshot_free(struct sim_snapshot *snapshot);

/* Whether what is the case is the same, byte for byte. */
bool sim_world_is(const struct sim_world *world, const struct sim_snapshot *snapshot);

#endif
