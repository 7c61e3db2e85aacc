// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
#include "ways.h"

#include <string.h>

enum {
	LOOK_MS = 5,	 /* how often it is looked whether an overlap is over */
	RETRY_MS = 1000, /* and a NIC tried again that could not be had */
};

static bool joins(const struct sim_party *party)
{
	static const struct sap_mac none;

	if (party->side == SIM_HOST)
		return party->driver.has_profile;
	return memcmp(&party->firmware.conn.bssid, &none, sizeof(none)) != 0;
}

/*
 * With SAP up and AMT on, nothing may come from the air while the lane is closed: at the beginning, and as CSME
 * takes the NIC. The lane says then that all is the host's, whose stack would end CSME's connections.
 */
static bool host_may_drive(const struct sim_party *party)
{
	struct sap_why why;

	sap_host_why(&party->host, &why);
	return sim_party_lane_is_open(party) || why.phase != SAP_PHASE_UP || !party->host.state.amt;
}

/* What the engine says of the owner comes before what the firmware makes of it. */
static bool csme_may_drive(const struct sim_party *party)
{
	struct sap_why why;

	sap_csme_why(&party->csme, &why);
	return why.owner == SAP_OWNER_CSME;
}

static bool may_drive(const struct sim_party *party)
{
	if (!party->site->nic.touches[party->side])
		return false;
	return party->side == SIM_HOST ? host_may_drive(party) : csme_may_drive(party);
}

static bool is_on_air(const struct sim_party *party, uint64_t now)
{
	const struct sim_nic *nic = &party->site->nic;

	if (!may_drive(party) || now < nic->ready_at[party->side])
		return false;
	return !joins(party) || (nic->associated && nic->by == party->side);
}

bool net_ways_sync(struct net_ways *ways, uint64_t now)
{
	bool on = is_on_air(ways->party, now);
	bool was = ways->air.attached;

	if (on != was)
		ways->error = net_air_attach(&ways->air, on);
	if (ways->air.overlap)
		net_air_look(&ways->air);
	return ways->air.attached && !was;
}

uint64_t net_ways_deadline(const struct net_ways *ways, uint64_t now)
{
	const struct sim_nic *nic = &ways->party->site->nic;
	uint64_t ready = nic->ready_at[ways->party->side];

	if (ways->more)
		return 0;
	if (ways->air.overlap)
		return now + LOOK_MS;
	/* Something changed since the last round, or it could not be done. */
	if (is_on_air(ways->party, now) != ways->air.attached)
		return ways->error ? now + RETRY_MS : 0;
	/* Powering up ends by itself; joining is the driver's or the firmware's time. */
	return nic->touches[ways->party->side] && now < ready ? ready : SIM_NEVER;
}

bool net_ways_receive(struct net_ways *ways, uint8_t frame[NET_FRAME], struct sap_packet_info *info,
		      uint32_t *left)
{
	struct sap_packets *lane = &ways->party->lane;
	const struct sap_area *area = sim_party_area(ways->party);

	while (*left) {
		enum sap_status status = sap_packets_recv(lane, area, frame, NET_FRAME, info);

		(*left)--;
		if (status == SAP_CORRUPT)
			(void)!sap_packets_discard(lane, area);
		if (status == SAP_OK)
			return true;
		if (!sap_status_took(status))
			return false;
	}
	ways->more = true;
	return false;
}

/* --- between the side and who is told --- */

/* A message is told before it is published, an event before anything follows from it. */
static void let_go(void *self, const struct sim_news *news)
{
	struct net_ways *ways = self;

	if (ways->air.attached && !may_drive(ways->party))
		(void)net_air_attach(&ways->air, false);
	if (ways->listener.hear)
		ways->listener.hear(ways->listener.self, news);
}

void net_ways_watch(struct net_ways *ways, struct sim_site *site)
{
	ways->listener = site->listener;
	site->listener = (struct sim_listener){let_go, ways};
}

int net_ways_init(struct net_ways *ways, struct sim_party *party, struct sim_site *site, const char *nic,
		  const struct sap_mac *mac)
{
	int result;

	memset(ways, 0, sizeof(*ways));
	result = net_air_init(&ways->air, nic, mac);
	if (result < 0)
		return result;
	ways->party = party;
	net_ways_watch(ways, site);
	return 0;
}
