// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
#include "air.h"

#include <errno.h>
#include <net/if.h>
#include <string.h>
#include <unistd.h>

enum {
	HEADER = 14,
	FOREIGN = 32, /* frames for others that one call passes over */
};

int net_air_init(struct net_air *air, const char *name, const struct sap_mac *mac)
{
	memset(air, 0, sizeof(*air));
	air->fd = -1;
	air->mac = *mac;
	if (strlen(name) >= sizeof(air->name) || !if_nametoindex(name))
		return -ENODEV;
	memcpy(air->name, name, strlen(name));
	/* Only a TAP with several queues says how many it has. */
	return net_tap_queues(name) < 0 ? -EINVAL : 0;
}

void net_air_close(struct net_air *air)
{
	if (air->fd >= 0)
		close(air->fd);
	air->fd = -1;
	air->attached = air->overlap = false;
}

void net_air_look(struct net_air *air)
{
	if (air->overlap || air->attached)
		air->overlap = air->attached && net_tap_queues(air->name) > 1;
}

static int attach(struct net_air *air)
{
	int result;

	if (air->fd >= 0) {
		result = net_tap_attach(air->fd, true);
	} else {
		result = net_tap_open(air->name, true);
		if (result >= 0)
			air->fd = result;
	}
	if (result < 0)
		return result;
	air->attached = true;
	air->counters.attached++;
	net_air_look(air);
	air->counters.overlaps += air->overlap;
	return 0;
}

int net_air_attach(struct net_air *air, bool on)
{
	if (on == air->attached)
		return 0;
	if (on)
		return attach(air);
	air->attached = false;
	air->overlap = false;
	/* If the device went, so did the queue. */
	return net_tap_attach(air->fd, false);
}

/* Its own address, or a group's. */
static bool is_ours(const struct net_air *air, const uint8_t *frame)
{
	return (frame[0] & 1) || memcmp(frame, air->mac.bytes, sizeof(air->mac.bytes)) == 0;
}

uint32_t net_air_read(struct net_air *air, uint8_t frame[NET_FRAME])
{
	int tries;

	for (tries = 0; air->attached && tries < FOREIGN; tries++) {
		ssize_t n = read(air->fd, frame, NET_FRAME);

		/* The device is gone: whoever drives it has to find another. */
		if (n < 0 && errno != EAGAIN && errno != EINTR)
			net_air_close(air);
		if (n < HEADER)
			return 0;
		if (is_ours(air, frame)) {
			air->counters.in++;
			return (uint32_t)n;
		}
		air->counters.foreign++;
	}
	return 0;
}

bool net_air_write(struct net_air *air, const uint8_t *frame, uint32_t len)
{
	/* The kernel would let a detached queue send; a NIC that somebody else drives does not. */
	if (!air->attached) {
		air->counters.refused++;
		return false;
	}
	if (write(air->fd, frame, len) != (ssize_t)len) {
		air->counters.lost++;
		return false;
	}
	air->counters.out++;
	return true;
}
