/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
/*
 * CSME's TCP/IP stack: lwIP, with the web server of AMT on port 16992.
 *
 * lwIP has a thread of its own. It never leaves this room: frames come in by a call, go out by a descriptor,
 * one frame a read, and what the server's page says is told beforehand. So the program around it stays one
 * loop, and no engine is touched by two threads.
 *
 * Nothing that the stack says is lost in here: as long as nobody reads the descriptor it keeps what it has to
 * say, and TCP waits.
 *
 * One to a process: lwIP's state is global. All calls from one thread.
 */
#ifndef NET_AMT_STACK_H
#define NET_AMT_STACK_H

#include "gate.h"

/* What the page says. */
struct net_facts {
	bool by_csme;	 /* CSME drives the NIC, else the host */
	uint64_t since;	 /* since when, CLOCK_MONOTONIC in ms */
	uint8_t version; /* of SAP; 0: not connected */
};

struct amt_stack;

/* Starts lwIP; null if that cannot be. */
struct amt_stack *amt_stack_new(const struct sap_mac *mac);

/* A descriptor to poll, and the next frame of the stack from it: its bytes, or 0. */
int amt_stack_fd(const struct amt_stack *stack);
uint32_t amt_stack_read(struct amt_stack *stack, uint8_t *frame, uint32_t cap);

/* A frame for the stack; it should have passed the gate. */
void amt_stack_write(struct amt_stack *stack, const uint8_t *frame, uint32_t len);

/* Its IPv4 address, first octet most significant; 0: none. */
void amt_stack_set_ipv4(struct amt_stack *stack, uint32_t address, uint32_t mask, uint32_t router);

/* One more IPv6 address, beside the link's and those that routers offer. */
bool amt_stack_add_ipv6(struct amt_stack *stack, const uint8_t address[16]);

/* All of them, as they are now. */
void amt_stack_addresses(struct amt_stack *stack, struct net_addresses *addresses);

void amt_stack_tell(struct amt_stack *stack, const struct net_facts *facts);

/* TCP connections that are open; and gives up those that somebody began and does not go on with, beyond some. */
uint32_t amt_stack_connections(struct amt_stack *stack);

/* Ends all connections. */
void amt_stack_reset(struct amt_stack *stack);

/*
 * There is a way to the network again, perhaps another one: what was not acknowledged is said again at once,
 * and not after a timeout that grew while there was none.
 */
void amt_stack_resume(struct amt_stack *stack);

#endif
