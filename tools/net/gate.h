/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
/*
 * The gate before CSME's TCP/IP stack: what may enter.
 *
 * The stack forwards what is not for it, answers TCP to closed ports with a reset, and reassembles. CSME
 * shares its addresses with the host, whose connections a reset would end. So nothing enters but what CSME's
 * services need: ARP for its address, TCP to its port, ICMP of its connections, neighbour discovery; and
 * echo requests, if CSME drives the NIC and the host may be asleep.
 */
#ifndef NET_GATE_H
#define NET_GATE_H

#include <stdbool.h>

#include <sap/types.h>

enum {
	NET_AMT_PORT = 16992,
	NET_IPV6_ADDRESSES = 6,
};

/* The addresses of the stack. */
struct net_addresses {
	struct sap_mac mac;
	uint32_t ipv4; /* first octet most significant; 0: none */
	uint8_t ipv6[NET_IPV6_ADDRESSES][16];
	uint32_t n_ipv6;
};

/* Why a frame may not enter. */
enum net_gate {
	NET_GATE_OPEN = 0,
	NET_GATE_FLAW,	  /* a header cannot be, or it is a fragment, or has a VLAN tag */
	NET_GATE_ADDRESS, /* for somebody else */
	NET_GATE_SERVICE, /* for this address, but not for a service of CSME */
};

/* `echo`: whether CSME answers echo requests. */
enum net_gate net_gate_check(const struct net_addresses *mine, bool echo, const uint8_t *frame, uint32_t len);

#endif
