/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
/*
 * A TAP device of Linux: frames of a network interface through a descriptor, one frame a read and a write.
 *
 * Without offloads. What the kernel gives out has its checksums filled in and is at most as long as the MTU
 * says; what is written must be so too.
 */
#ifndef NET_TAP_H
#define NET_TAP_H

#include <stdbool.h>

#include <sap/types.h>

enum {
	NET_FRAME = 2048, /* bytes that hold any frame: MTU 1500, header, VLAN tag, and more */
};

/*
 * Opens a device: a descriptor that never waits, or -errno.
 *
 * `shared`: one queue of several (IFF_MULTI_QUEUE); the device must be there and be made for that. It gets
 * frames from now on. Otherwise a device that is not there is made, and goes with its descriptor.
 */
int net_tap_open(const char *name, bool shared);

/* Of a shared one: has frames, or has none. 0, or -errno. A queue that has none can still be written to. */
int net_tap_attach(int fd, bool on);

/* How many queues of a shared device have frames, or -errno. */
int net_tap_queues(const char *name);

/* Its address on the link; and whether its link is up, as the system sees it. 0, or -errno. */
int net_tap_set_mac(int fd, const struct sap_mac *mac);
int net_tap_set_carrier(int fd, bool on);

#endif
