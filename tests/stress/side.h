/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
/*
 * One side of SAP as a process has it: engine, pump, lane and the unix transport, around one poll().
 *
 * It sends notifications through the engine's calls and packets through the lane. What the nth of each is
 * follows from n and from who sends it, so the receiver knows every byte of what must come next: what is
 * lost, repeated, reordered or damaged fails. Notifications are looked at by the engine's tap, before
 * anything is made of them. Beside that each sequence number must come exactly once.
 *
 * Nothing waits for a time to pass: a loop sleeps in poll() until something came or the engine is due. As
 * nobody says that a queue has room again, a side that waits for room looks each millisecond.
 *
 * The area is mapped between two pages that nobody may touch: a byte read past it kills the process.
 */
#ifndef SAP_STRESS_SIDE_H
#define SAP_STRESS_SIDE_H

#include <sap/sap.h>
#include <sap/unix.h>

/* What goes one way. */
struct flow {
	bool begun;		  /* the notifications that are counted do so */
	uint32_t notifs, packets; /* so many went */
	uint32_t last_notif_seq, last_packet_seq;
	uint32_t highest, numbers; /* sequence numbers that came */
};

struct side {
	enum sap_role role;
	struct sap_unix u;
	struct sap_transport inner; /* what the guards are around */
	bool guards;		    /* this machine can */
	uint8_t *guarded;	    /* the area between its guards; null if it is not mapped */
	uint32_t guarded_size;
	struct sap_host host;
	struct sap_csme csme;
	struct sap_packets lane;
	struct sap_pump pump;

	uint32_t messages; /* of each kind to be sent, and to come */
	uint32_t asked;	   /* notifications that the engine was asked to send, that they begin included */
	struct flow out, in;
	uint8_t *seen; /* by sequence number: it came; null: not looked at */
	uint32_t seen_size;
	bool heard;	     /* SAP is up, and notifications may go */
	bool full;	     /* something waits for room */
	bool peer_done;	     /* CSME said that all had come to it */
	bool ups, downs;     /* such an event came since it was cleared */
	enum sap_status why; /* of the last DOWN */
	char failed[200];    /* what went wrong; empty if nothing did */
};

uint64_t side_now(void);

/* Whether memory can be mapped a second time, which guards need: valgrind cannot. */
bool side_can_guard(void);

/* Opens the transport at `path` and starts the engine. `messages` 0: for ever, and without sequence numbers. */
bool side_open(struct side *side, enum sap_role role, const char *path, uint32_t messages);
void side_close(struct side *side);

/* Starts the engine, after a DOWN. */
bool side_start(struct side *side);

/* One turn: all that can be done at this time. False if something went wrong. */
bool side_turn(struct side *side, uint64_t now);

/* Waits for something to do. Whether a descriptor had something, and not only the time passed. */
bool side_wait(struct side *side);

/* Goes on until all was sent, all came, and the engines said goodbye. */
bool side_run(struct side *side);

#endif
