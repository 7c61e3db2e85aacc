/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
/*
 * One side: its engine, the driver or the firmware around it, its packets, and the pump that joins it to a
 * transport. It stands on a site (site.h), which it shares with the other side or has for itself.
 *
 * Everything that comes in passes through the calls below, each with the time: a command, a fault, a packet,
 * what the transport brings, and time itself. The same calls, with the same answers of the transport, give the same
 * history; whoever writes them down can play them again.
 */
#ifndef SIM_PARTY_H
#define SIM_PARTY_H

#include <sap/pump.h>

#include "driver.h"
#include "faulty.h"
#include "firmware.h"
#include "recorder.h"
#include "script.h"
#include "settings.h"
#include "site.h"

struct sim_party {
	/* What is the case. */
	enum sim_side side;
	union {
		struct sap_host host;
		struct sap_csme csme;
	};
	union {
		struct sim_driver driver;
		struct sim_firmware firmware;
	};
	struct sap_packets lane;
	struct sim_faulty faulty; /* between the pump and the transport */

	/* What it hangs on. */
	struct sim_settings settings;
	struct sim_site *site;
	struct sap_pump pump;
	bool packets_are_taken;	       /* by a network: sim_party_pull() leaves them */
	struct sim_recorder *recorder; /* writes down what comes in; null: nobody does */
	uint64_t told;		       /* all that it told (told.h) */
};

/*
 * Makes a side that is down. It must stay where it is.
 *
 * What sap_host_init() or sap_csme_init() answered.
 */
enum sap_status sim_party_init(struct sim_party *party, enum sim_side side,
			       const struct sim_settings *settings, struct sim_site *site,
			       const struct sap_transport *transport, uint64_t now);

/*
 * Has all that comes in written down from now on; directly after it was made. Snapshots and logs exclude each
 * other: going back is nothing that can be written down. sim_party_recorded() follows, as the last call.
 */
void sim_party_record(struct sim_party *party, struct sim_recorder *recorder, const struct sim_recording *to);
void sim_party_recorded(struct sim_party *party);

/* --- what comes in --- */

/* A command of its role. What the engine answered; SAP_INVALID for a command of another. */
enum sap_status sim_party_do(struct sim_party *party, const struct sim_command *command, uint64_t now);

/* A frame goes into its lane. What sap_packets_send() answered. */
enum sap_status sim_party_packet(struct sim_party *party, const uint8_t *frame, uint32_t len, uint64_t now);

/* Something goes wrong with it (fault.h); its stage sees to it if it dies. */
struct sim_fault;
void sim_party_fault(struct sim_party *party, const struct sim_fault *fault, uint64_t now);

/* CSME: the host asks by the NIC's register. As it comes back, CSME has let go of what it gave away. */
enum sap_status sim_party_door(struct sim_party *party, uint64_t now);

/* The driver or the firmware does what was to take time; messages that were held back go out. */
void sim_party_tick(struct sim_party *party, uint64_t now);

/* The transport may do now what it could not before: the pump asks it again at once (sap_pump_retry()). */
void sim_party_retry(struct sim_party *party, uint64_t now);

/* The engine does what can be done now with its transport. Its events wait for sim_party_hear(). */
void sim_party_pump(struct sim_party *party, uint64_t now);

/* Takes the packets that came. */
void sim_party_pull(struct sim_party *party, uint64_t now);

/* Tells of a frame that somebody else took out of its lane, or put into it. */
void sim_party_tell_packet(struct sim_party *party, enum sap_direction to, const struct sap_packet_info *info,
			   const uint8_t *frame, uint64_t now);

/* Tells its events, and has the driver or the firmware act on them. How many there were. */
uint32_t sim_party_hear(struct sim_party *party, uint64_t now);

/* All of these but a retry once, for a side that has its site for itself. How many events there were. */
uint32_t sim_party_turn(struct sim_party *party, uint64_t now);

/* It dies as a process does: nothing is said, its memory is gone. What is there then is a new one, down. */
void sim_party_kill(struct sim_party *party, uint64_t now);

/* --- how it is --- */

/* When a turn is due if nothing comes before; SIM_NEVER, or a time that may have passed. */
uint64_t sim_party_deadline(const struct sim_party *party);

/* Everything of a side by which one sees that an instant is not over yet. Bytes, to be compared. */
struct sim_pulse {
	struct sap_link_counters counters;
	uint32_t phase, flying;
};

void sim_party_pulse(const struct sim_party *party, struct sim_pulse *pulse);

/* Whether frames can go through its lane now. */
bool sim_party_lane_is_open(const struct sim_party *party);

/* Whether it gave its peer up, which said nothing, as it went down the last time. */
bool sim_party_gave_up(const struct sim_party *party);

/* Its engine's area. */
const struct sap_area *sim_party_area(const struct sim_party *party);

/* Makes it what `from` is, or was as it was copied; its area, if it has one, is at `base`. */
void sim_party_restore(struct sim_party *party, const struct sim_party *from, void *base);

/* Whether what is the case is the same, byte for byte. */
bool sim_party_is(const struct sim_party *party, const struct sim_party *other);

#endif
