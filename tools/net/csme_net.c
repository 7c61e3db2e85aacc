// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
#include "csme_net.h"

#include <errno.h>
#include <string.h>

#include "clock.h"
#include "wants.h"

enum {
	LOOK_MS = 100, /* how often a connection is looked at that nothing comes from */
};

/* --- in --- */

static void learn(struct csme_net *net, const struct net_dhcp *dhcp)
{
	const struct net_lease *lease = &net->lease;

	net->counters.dhcp++;
	if (!net->settings.has_ipv4 && net_lease_hear(&net->lease, dhcp, &net->settings.mac))
		amt_stack_set_ipv4(net->stack, lease->address, lease->mask, lease->router);
}

/* A frame that came from the air, by whichever way. */
static void take(struct csme_net *net, const uint8_t *frame, uint32_t len, bool direct)
{
	struct net_dhcp dhcp;

	if (net_dhcp_read(frame, len, &dhcp)) {
		/* What a client says counts only if the host says that it is its own. */
		if (!dhcp.from_client)
			learn(net, &dhcp);
		return;
	}
	/* The host answers echo requests while it drives the NIC. */
	if (net_gate_check(&net->addresses, direct, frame, len) != NET_GATE_OPEN) {
		net->counters.kept_out++;
		return;
	}
	if (direct)
		net->counters.in_direct++;
	else
		net->counters.in_sap++;
	amt_stack_write(net->stack, frame, len);
}

static void from_air(struct csme_net *net)
{
	uint8_t frame[NET_FRAME];
	uint32_t n, len;

	for (n = 0; n < NET_BATCH; n++) {
		len = net_air_read(&net->ways.air, frame);
		if (!len)
			return;
		take(net, frame, len, true);
	}
	net->ways.more = true;
}

static void take_packet(struct csme_net *net, const uint8_t *frame, const struct sap_packet_info *info)
{
	struct net_dhcp dhcp;

	if (info->type == SAP_DATA_PACKET)
		take(net, frame, info->len, false);
	else if (net_dhcp_read(frame, info->len, &dhcp) && dhcp.from_client)
		learn(net, &dhcp);
}

static void from_host(struct csme_net *net, uint64_t now)
{
	struct sim_party *party = net->ways.party;
	struct sap_packet_info info;
	uint8_t frame[NET_FRAME];
	uint32_t left = NET_BATCH;

	while (net_ways_receive(&net->ways, frame, &info, &left)) {
		sim_party_tell_packet(party, SAP_TO_CSME, &info, frame, now);
		take_packet(net, frame, &info);
	}
}

/* --- out --- */

/* Sends the frame that waits; false if it has to wait on. */
static bool send_it(struct csme_net *net, uint64_t now)
{
	struct sim_party *party = net->ways.party;
	const uint32_t sent = party->lane.counters.sent;
	enum sap_status status;
	bool waited = net->waits;

	net->waits = false;
	if (!party->csme.state.amt) {
		net->counters.out_off++;
		return true;
	}
	if (net->ways.air.attached) {
		net->counters.out_direct += net_air_write(&net->ways.air, net->frame, net->len);
		return true;
	}
	status = sim_party_packet(party, net->frame, net->len, now);
	net->counters.out_sap += party->lane.counters.sent - sent;
	net->counters.waits += status == SAP_NO_ROOM && !waited;
	net->waits = status == SAP_NO_ROOM;
	/* The lane counts what it refuses for good. */
	return status != SAP_NO_ROOM && status != SAP_NOT_OPEN;
}

static void from_stack(struct csme_net *net, uint64_t now)
{
	uint32_t n;

	for (n = 0; n < NET_BATCH; n++) {
		if (!net->len)
			net->len = amt_stack_read(net->stack, net->frame, sizeof(net->frame));
		if (!net->len || !send_it(net, now))
			return;
		net->len = 0;
	}
	net->ways.more = true;
}

/* --- what follows from it --- */

static bool same(const struct net_addresses *a, const struct net_addresses *b)
{
	return a->ipv4 == b->ipv4 && a->n_ipv6 == b->n_ipv6 && memcmp(a->ipv6, b->ipv6, sizeof(a->ipv6)) == 0;
}

/* The host is told what CSME wants as CSME's addresses change. */
static void look_at_addresses(struct csme_net *net, uint64_t now)
{
	uint8_t payload[SAP_CSME_FILTERS_SIZE];
	struct net_addresses addresses;

	amt_stack_addresses(net->stack, &addresses);
	if (same(&addresses, &net->addresses))
		return;
	net->addresses = addresses;
	net_wants_make(&addresses, payload);
	sap_csme_set_filters(&net->ways.party->csme, payload, now);
}

/* As long as somebody is connected, the connection must be kept. */
static void look_at_connections(struct csme_net *net, uint64_t now)
{
	struct sim_party *party = net->ways.party;
	struct sap_csme_conn_status status;

	net->connections = amt_stack_connections(net->stack);
	if (net->protects == (net->connections > 0))
		return;
	memset(&status, 0, sizeof(status));
	status.link_prot_state = net->connections > 0;
	status.conn = party->firmware.conn;
	if (sap_csme_set_conn(&party->csme, &status, now) != SAP_OK)
		return; /* no room for events now: the next round does it */
	net->protects = net->connections > 0;
	party->firmware.protect = net->protects;
	sap_csme_set_session(&party->csme, net->protects);
}

static void tell_page(struct csme_net *net, uint64_t now)
{
	const struct sap_csme *csme = &net->ways.party->csme;
	struct net_facts facts;
	struct sap_why why;

	sap_csme_why(csme, &why);
	facts.by_csme = why.owner == SAP_OWNER_CSME;
	facts.since = clock_ms() - (now > why.since ? now - why.since : 0);
	facts.version = why.phase == SAP_PHASE_UP ? csme->state.link.version : 0;
	amt_stack_tell(net->stack, &facts);
}

/* A way opened: directly, or through the host. */
static void look_at_ways(struct csme_net *net, uint64_t now)
{
	bool is_open = sim_party_lane_is_open(net->ways.party);
	bool opened = net_ways_sync(&net->ways, now) || (is_open && !net->lane_is_open);

	net->lane_is_open = is_open;
	if (opened)
		amt_stack_resume(net->stack);
	if (!net->ways.party->csme.state.amt)
		amt_stack_reset(net->stack);
}

void csme_net_round(struct csme_net *net, uint64_t now)
{
	net->ways.more = false;
	look_at_ways(net, now);
	tell_page(net, now);
	from_air(net);
	from_host(net, now);
	from_stack(net, now);
	look_at_addresses(net, now);
	look_at_connections(net, now);
}

/* --- around it --- */

uint32_t csme_net_poll(const struct csme_net *net, struct pollfd fds[NET_FDS])
{
	uint32_t n = 0;

	/* While a frame waits, the stack is to keep what it has to say. */
	if (!net->len)
		fds[n++] = (struct pollfd){.fd = amt_stack_fd(net->stack), .events = POLLIN};
	if (net->ways.air.attached)
		fds[n++] = (struct pollfd){.fd = net->ways.air.fd, .events = POLLIN};
	return n;
}

uint64_t csme_net_deadline(const struct csme_net *net, uint64_t now)
{
	uint64_t at = net_ways_deadline(&net->ways, now);

	/* Nobody tells that the host has read, nor that a connection ended by its timeout. */
	if (net->waits && at > now + 1)
		return now + 1;
	if (net->connections && at > now + LOOK_MS)
		return now + LOOK_MS;
	return at;
}

int csme_net_init(struct csme_net *net, struct sim_party *party, struct sim_site *site, const char *nic,
		  const struct csme_net_settings *settings, const char **why)
{
	int result;

	memset(net, 0, sizeof(*net));
	net->settings = *settings;
	*why = nic;
	result = net_ways_init(&net->ways, party, site, nic, &settings->mac);
	if (result < 0)
		return result;
	*why = "lwIP";
	net->stack = amt_stack_new(&settings->mac);
	if (!net->stack)
		return -ENOMEM;
	if (settings->has_ipv4)
		amt_stack_set_ipv4(net->stack, settings->ipv4, settings->mask, settings->router);
	*why = "the IPv6 address";
	return settings->has_ipv6 && !amt_stack_add_ipv6(net->stack, settings->ipv6) ? -EINVAL : 0;
}

void csme_net_close(struct csme_net *net)
{
	net_air_close(&net->ways.air);
}
