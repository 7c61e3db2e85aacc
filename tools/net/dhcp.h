/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
/*
 * DHCP as it passes by: what a client asks for, and what it gets.
 *
 * Frames come from anybody. Every length is checked against what is really there.
 */
#ifndef NET_DHCP_H
#define NET_DHCP_H

#include <stdbool.h>

#include <sap/types.h>

/* The message types that are told apart; numbers of the protocol (RFC 2132, option 53). */
enum net_dhcp_type {
	NET_DHCP_REQUEST = 3,
	NET_DHCP_DECLINE = 4,
	NET_DHCP_ACK = 5,
	NET_DHCP_NAK = 6,
	NET_DHCP_RELEASE = 7,
};

/* One message. Addresses have their first octet most significant; 0: not said. */
struct net_dhcp {
	bool from_client;
	uint8_t type; /* enum net_dhcp_type, or another number */
	uint32_t xid;
	struct sap_mac client;
	uint32_t in_use;    /* ciaddr: the client has it already */
	uint32_t given;	    /* yiaddr */
	uint32_t requested; /* option 50 */
	uint32_t mask;	    /* option 1 */
	uint32_t router;    /* option 3, the first */
};

/* Whether it is one. Fragments, options that run over the end, and other hardware than Ethernet are not. */
bool net_dhcp_read(const uint8_t *frame, uint32_t len, struct net_dhcp *dhcp);

/*
 * The host's address, as its exchanges tell it.
 *
 * A request says what the host would like; the server's answer makes it so. A request that says the address
 * is in use already, as renewals do, needs no answer: so an answer that was missed is made up for.
 */
struct net_lease {
	uint32_t address; /* 0: none is known */
	uint32_t mask;
	uint32_t router;

	/* The exchange under way. */
	bool asked;
	uint32_t xid;
};

/* A message passed by, of the client with that address on the link. Whether the lease changed. */
bool net_lease_hear(struct net_lease *lease, const struct net_dhcp *dhcp, const struct sap_mac *client);

#endif
