/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
/*
 * The simulated CSME's network: its TCP/IP stack, joined to the NIC while CSME drives it, and to SAP's data
 * queues while the host does.
 *
 * The address is a setting, or learnt from the host's DHCP exchanges as SAP intends. While a TCP connection to
 * AMT is open, link protection is on, and the NIC's register gives nothing to the host.
 *
 * Frames of the stack that can go nowhere now wait in it: nothing that TCP said is lost on the way from one
 * driver of the NIC to the other.
 */
#ifndef NET_CSME_NET_H
#define NET_CSME_NET_H

#include "amt_stack.h"
#include "dhcp.h"
#include "ways.h"

struct csme_net_settings {
	struct sap_mac mac;
	bool has_ipv4; /* else it is learnt */
	uint32_t ipv4, mask, router;
	bool has_ipv6; /* beside the link's, and what routers offer */
	uint8_t ipv6[16];
};

struct csme_net_counters {
	uint64_t in_direct;  /* frames for the stack, from the air */
	uint64_t in_sap;     /* and from the host */
	uint64_t out_direct; /* frames of the stack, to the air */
	uint64_t out_sap;    /* and to the host */
	uint64_t out_off;    /* dropped: AMT is off */
	uint64_t waits;	     /* times that one had to wait since the queue to the host was full */
	uint64_t kept_out;   /* frames that did not pass the gate */
	uint64_t dhcp;	     /* DHCP messages heard */
};

struct csme_net {
	struct net_ways ways;
	struct csme_net_settings settings;
	struct amt_stack *stack;
	struct net_addresses addresses;
	struct net_lease lease;
	uint32_t connections;
	bool protects; /* link protection was set for a connection */
	bool lane_is_open;
	bool waits;   /* `frame` waits for room in the queue */
	uint32_t len; /* of a frame that the stack said and that is not gone yet; 0: none */
	uint8_t frame[NET_FRAME];
	struct csme_net_counters counters;
};

/* As host_net_init(). */
int csme_net_init(struct csme_net *net, struct sim_party *party, struct sim_site *site, const char *nic,
		  const struct csme_net_settings *settings, const char **why);
void csme_net_close(struct csme_net *net);

/* As host_net_round(), and so on. */
void csme_net_round(struct csme_net *net, uint64_t now);
uint32_t csme_net_poll(const struct csme_net *net, struct pollfd fds[NET_FDS]);
uint64_t csme_net_deadline(const struct csme_net *net, uint64_t now);

#endif
