/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
/*
 * The two ways of a side's frames, the NIC and SAP: what the host's network and CSME's have in common.
 */
#ifndef NET_WAYS_H
#define NET_WAYS_H

#include <poll.h>

#include "air.h"
#include "party.h"

enum {
	NET_BATCH =
		64, /* frames that one source may bring in a round, so that none keeps the others waiting */
	NET_FDS = 2,
};

struct net_ways {
	struct sim_party *party;
	struct net_air air;
	struct sim_listener listener; /* who was told before */
	bool more;		      /* a source was cut short: there is a next round at once */
	int error;		      /* of the last try to attach; 0: it went well */
};

/* Watches the site that the side stands on. -errno: there is no such NIC. */
int net_ways_init(struct net_ways *ways, struct sim_party *party, struct sim_site *site, const char *nic,
		  const struct sap_mac *mac);

/*
 * Is told of all that happens at the site, before who was told so far: what this side does not drive any more,
 * it lets go of before the other side can read that it may have it. net_ways_init() does it.
 */
void net_ways_watch(struct net_ways *ways, struct sim_site *site);

/*
 * Attaches or detaches the air, as this side drives the NIC: once it is powered up and, if it is to join an
 * access point, has joined it. Whether it was attached just now.
 */
bool net_ways_sync(struct net_ways *ways, uint64_t now);

/*
 * The next packet of the lane, with its frame, while there are any `left` of a round; false if there is none now.
 * What the lane refuses it counts, and that is one of them too.
 */
bool net_ways_receive(struct net_ways *ways, uint8_t frame[NET_FRAME], struct sap_packet_info *info,
		      uint32_t *left);

/* When net_ways_sync() has something to do if nothing happens before. */
uint64_t net_ways_deadline(const struct net_ways *ways, uint64_t now);

#endif
