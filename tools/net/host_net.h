/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
/*
 * The host's network: a device for the host's own stack, joined to the NIC while the host drives it, and to
 * CSME over SAP.
 *
 *   from the air:   the lane's filters say who sees it: the device, CSME, or both
 *   from the stack: to the air; CSME gets copies of DHCP requests
 *   from CSME:      to the air
 *
 * The device has a carrier while the NIC is on the air. What cannot go anywhere is counted.
 */
#ifndef NET_HOST_NET_H
#define NET_HOST_NET_H

#include "ways.h"

struct host_net_counters {
	uint64_t to_stack;	 /* frames given to the host's stack */
	uint64_t to_stack_lost;	 /* that it did not take */
	uint64_t from_stack;	 /* frames that it sent */
	uint64_t from_stack_off; /* of them: while the NIC was not on the air */
	uint64_t from_csme;	 /* CSME's, put on the air */
	uint64_t waits;		 /* times that the air had to wait since CSME's queue was full */
};

struct host_net {
	struct net_ways ways;
	int tap;
	bool carrier;
	uint64_t waits_since; /* CSME's queue is full, since then; SIM_NEVER: it is not */
	struct host_net_counters counters;
};

/*
 * For a party on that site, which may be made later. `nic` and `tap` name the two devices. 0, or -errno with `why` saying what could not be had. host_net_close() follows if it was 0.
 */
int host_net_init(struct host_net *net, struct sim_party *party, struct sim_site *site, const char *nic,
		  const char *tap, const struct sap_mac *mac, const char **why);
void host_net_close(struct host_net *net);

/*
 * The NIC's register, as far as two processes can have one: whoever drives it has it. For a site's door;
 * `self` is the host_net.
 */
enum sap_status host_net_door(void *self, uint64_t now);

/* Moves frames. After each turn of the side, and as poll() says; then the side has a turn again. */
void host_net_round(struct host_net *net, uint64_t now);

uint32_t host_net_poll(const struct host_net *net, struct pollfd fds[NET_FDS]);
uint64_t host_net_deadline(const struct host_net *net, uint64_t now);

#endif
