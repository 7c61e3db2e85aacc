// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
#include "host_net.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

enum {
	ROOM = 1600,   /* in CSME's queue, for one more frame */
	WAIT_MS = 150, /* the air waits for that at most: longer than a doorbell is held back */
};

/* --- from the air --- */

static void to_stack(struct host_net *net, const uint8_t *frame, uint32_t len)
{
	if (net->tap >= 0 && write(net->tap, frame, len) == (ssize_t)len)
		net->counters.to_stack++;
	else
		net->counters.to_stack_lost++;
}

/*
 * CSME reads its queue now and then, and what finds no room goes to the host's stack, which would end CSME's
 * connections. So the air waits a little. A CSME that does not read at all stops nobody for long.
 */
static bool csme_has_room(struct host_net *net, uint64_t now)
{
	struct sim_party *party = net->ways.party;
	uint32_t room = sap_packets_room(&party->lane, sim_party_area(party));

	if (!sim_party_lane_is_open(party) || room >= ROOM) {
		net->waits_since = SIM_NEVER;
		return true;
	}
	if (net->waits_since == SIM_NEVER) {
		net->waits_since = now;
		net->counters.waits++;
	}
	return now >= net->waits_since + WAIT_MS;
}

/* CSME was given a frame. */
static void tell(struct sim_party *party, enum sap_type type, const uint8_t *frame, uint32_t len,
		 uint64_t now)
{
	struct sap_packet_info info = {.type = type, .seq = sap_host_seq(&party->host)->last, .len = len};

	if (type == SAP_CB_DATA_PACKET)
		info.to_me_filt_status = SAP_CB_DHCP;
	sim_party_tell_packet(party, SAP_TO_CSME, &info, frame, now);
}

static void from_air(struct host_net *net, uint64_t now)
{
	struct sim_party *party = net->ways.party;
	uint8_t frame[NET_FRAME];
	struct sap_verdict verdict;
	uint32_t n, len;

	for (n = 0; n < NET_BATCH && csme_has_room(net, now); n++) {
		len = net_air_read(&net->ways.air, frame);
		if (!len)
			return;
		/* Whatever it answers, the lane counts it and the verdict holds. */
		(void)!sap_packets_rx(&party->lane, sim_party_area(party), sap_host_seq(&party->host), frame,
				      len, &verdict);
		if (verdict.to_csme)
			tell(party, SAP_DATA_PACKET, frame, len, now);
		if (verdict.to_host)
			to_stack(net, frame, len);
	}
	net->ways.more |= n == NET_BATCH;
}

/* --- to the air --- */

static void close_tap(struct host_net *net)
{
	if (net->tap >= 0)
		close(net->tap);
	net->tap = -1;
}

static void from_stack(struct host_net *net, uint64_t now)
{
	struct sim_party *party = net->ways.party;
	const uint32_t *copied = &party->lane.counters.tx_copied;
	uint8_t frame[NET_FRAME];
	uint32_t n, before;

	for (n = 0; net->tap >= 0 && n < NET_BATCH; n++) {
		ssize_t len = read(net->tap, frame, sizeof(frame));

		if (len < 0 && errno != EAGAIN && errno != EINTR)
			close_tap(net); /* it was deleted: the host has no device any more */
		if (len <= 0)
			return;
		net->counters.from_stack++;
		if (!net->ways.air.attached) {
			net->counters.from_stack_off++;
			continue;
		}
		before = *copied;
		(void)!sap_packets_tx(&party->lane, sim_party_area(party), sap_host_seq(&party->host), frame,
				      (uint32_t)len);
		if (*copied != before)
			tell(party, SAP_CB_DATA_PACKET, frame, (uint32_t)len, now);
		(void)net_air_write(&net->ways.air, frame, (uint32_t)len);
	}
	net->ways.more |= n == NET_BATCH;
}

/* While the NIC is not on the air, CSME's frames wait in their queue, and CSME sees that it is full. */
static void from_csme(struct host_net *net, uint64_t now)
{
	struct sim_party *party = net->ways.party;
	struct sap_packet_info info;
	uint8_t frame[NET_FRAME];
	uint32_t left = NET_BATCH;

	while (net->ways.air.attached && net_ways_receive(&net->ways, frame, &info, &left)) {
		sim_party_tell_packet(party, SAP_TO_HOST, &info, frame, now);
		net->counters.from_csme += net_air_write(&net->ways.air, frame, info.len);
	}
}

void host_net_round(struct host_net *net, uint64_t now)
{
	net->ways.more = false;
	(void)net_ways_sync(&net->ways, now);
	if (net->tap >= 0 && net->carrier != net->ways.air.attached &&
	    net_tap_set_carrier(net->tap, net->ways.air.attached) == 0)
		net->carrier = net->ways.air.attached;
	from_air(net, now);
	from_stack(net, now);
	from_csme(net, now);
}

/* --- around it --- */

enum sap_status host_net_door(void *self, uint64_t now)
{
	const struct host_net *net = self;
	int others = net_tap_queues(net->ways.air.name) - net->ways.air.attached;

	(void)now;
	return others > 0 ? SAP_WRONG_STATE : SAP_OK;
}

uint32_t host_net_poll(const struct host_net *net, struct pollfd fds[NET_FDS])
{
	uint32_t n = 0;

	if (net->tap >= 0)
		fds[n++] = (struct pollfd){.fd = net->tap, .events = POLLIN};
	if (net->ways.air.attached && net->waits_since == SIM_NEVER)
		fds[n++] = (struct pollfd){.fd = net->ways.air.fd, .events = POLLIN};
	return n;
}

uint64_t host_net_deadline(const struct host_net *net, uint64_t now)
{
	uint64_t at = net_ways_deadline(&net->ways, now);

	/* Nobody tells that CSME has read. */
	if (net->waits_since != SIM_NEVER && at > now + 1)
		at = now + 1;
	return at;
}

int host_net_init(struct host_net *net, struct sim_party *party, struct sim_site *site, const char *nic,
		  const char *tap, const struct sap_mac *mac, const char **why)
{
	int result;

	memset(net, 0, sizeof(*net));
	net->waits_since = SIM_NEVER;
	net->carrier = true;
	*why = nic;
	result = net_ways_init(&net->ways, party, site, nic, mac);
	if (result < 0)
		return result;
	*why = tap;
	net->tap = net_tap_open(tap, false);
	if (net->tap < 0)
		return net->tap;
	/* The host's stack and CSME's have one address, the NIC's. */
	result = net_tap_set_mac(net->tap, mac);
	if (result < 0)
		close_tap(net);
	return result;
}

void host_net_close(struct host_net *net)
{
	net_air_close(&net->ways.air);
	close_tap(net);
}
