/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
/*
 * One side of SAP under load: it sends mixed messages into both of its queues and takes all that comes,
 * as fast as it can.
 *
 * What a message is (queue, type, length, each byte) follows from its sequence number and its sender alone.
 * So the receiver knows which number must come next in each queue and every byte of it: a message that is
 * lost, repeated, reordered or damaged fails the run.
 */
#ifndef SAP_STRESS_TRAFFIC_H
#define SAP_STRESS_TRAFFIC_H

#include <sap/sap.h>

struct traffic {
	struct sap_area area; /* this side's own */
	enum sap_role role;
	uint32_t messages; /* to send, and to receive from a peer that sends as many */
	uint32_t *failed;  /* shared by both sides: the other one gave up */
	char why[256];	   /* what went wrong; empty if it is the other side */
};

/* Gives true if all messages were sent, and all of the peer's came as they must. */
bool traffic_run(struct traffic *traffic);

/* How many messages to move: SAP_STRESS_MESSAGES, else a million. */
uint32_t traffic_messages(void);

#endif
