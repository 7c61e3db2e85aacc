/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
/*
 * The NIC's air side: a TAP device with several queues, of which each side of the arbitration opens one.
 *
 * The side that drives the NIC attaches its queue and gets the frames; the other's is detached. So the two
 * processes share nothing but the device, as with a real NIC: whoever drives it has its frames, and the queue
 * of a process that was killed is gone by itself. If both are attached, that is the overlap which must not be:
 * the kernel counts them, and whoever attaches looks.
 *
 * As a NIC does, it takes no unicast frames for others.
 */
#ifndef NET_AIR_H
#define NET_AIR_H

#include "tap.h"

struct net_air_counters {
	uint64_t in;	   /* frames received */
	uint64_t out;	   /* and sent */
	uint64_t foreign;  /* received, and for other stations */
	uint64_t refused;  /* not sent: this side does not drive the NIC */
	uint64_t lost;	   /* not sent: the device had no room, or is down */
	uint32_t attached; /* times that this side began to drive it */
	uint32_t overlaps; /* of them: while the other still did */
};

struct net_air {
	char name[16];
	struct sap_mac mac;
	int fd; /* -1 until it is attached for the first time */
	bool attached;
	bool overlap; /* both sides are attached, as this side saw last */
	struct net_air_counters counters;
};

/*
 * Nothing is opened yet: a queue has frames from the moment it is opened. -ENODEV: there is no such device;
 * -EINVAL: it is none with several queues.
 */
int net_air_init(struct net_air *air, const char *name, const struct sap_mac *mac);
void net_air_close(struct net_air *air);

/* This side drives the NIC from now on, or no longer. 0, or -errno. */
int net_air_attach(struct net_air *air, bool on);

/* Looks whether an overlap is over. */
void net_air_look(struct net_air *air);

/* The next frame for this station: its bytes; 0 if none waits, or after many for others. */
uint32_t net_air_read(struct net_air *air, uint8_t frame[NET_FRAME]);

/* Sends a frame; what cannot be sent is counted. */
bool net_air_write(struct net_air *air, const uint8_t *frame, uint32_t len);

#endif
