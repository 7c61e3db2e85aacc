// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
#include "gate.h"

#include <string.h>

#include <sap/frame.h>

enum {
	ICMP_ECHO_REQUEST = 8,
	ICMP_UNREACHABLE = 3, /* carries "fragmentation needed" */
	ICMPV6_ECHO_REQUEST = 128,
	ICMPV6_UNREACHABLE = 1,
	ICMPV6_TOO_BIG = 2,
	ICMPV6_ROUTER_ADVERTISEMENT = 134,
	ICMPV6_NEIGHBOR_SOLICITATION = 135,
	ICMPV6_NEIGHBOR_ADVERTISEMENT = 136,
	ICMPV6_LISTENER_QUERY = 130,
};

static bool link_is_mine(const struct net_addresses *mine, const struct sap_frame *facts)
{
	return (facts->dst.bytes[0] & 1) || memcmp(&facts->dst, &mine->mac, sizeof(mine->mac)) == 0;
}

static enum net_gate check_arp(const struct net_addresses *mine, const struct sap_frame *facts)
{
	return mine->ipv4 && facts->ipv4_dst == mine->ipv4 ? NET_GATE_OPEN : NET_GATE_ADDRESS;
}

static enum net_gate check_ipv4(const struct net_addresses *mine, bool echo, const struct sap_frame *facts)
{
	bool open = false;

	/* Nothing that CSME serves comes by broadcast. */
	if (!mine->ipv4 || facts->ipv4_dst != mine->ipv4)
		return NET_GATE_ADDRESS;
	if (facts->protocol == SAP_IPPROTO_TCP)
		open = facts->has_ports && facts->dst_port == NET_AMT_PORT;
	else if (facts->protocol == SAP_IPPROTO_ICMP)
		open = facts->has_icmp && (facts->icmp_type == ICMP_UNREACHABLE ||
					   (echo && facts->icmp_type == ICMP_ECHO_REQUEST));
	return open ? NET_GATE_OPEN : NET_GATE_SERVICE;
}

static bool ipv6_is_mine(const struct net_addresses *mine, const uint8_t dst[16])
{
	uint32_t i;

	for (i = 0; i < mine->n_ipv6 && i < NET_IPV6_ADDRESSES; i++)
		if (memcmp(mine->ipv6[i], dst, 16) == 0)
			return true;
	return false;
}

/* All nodes, and the solicited-node group of an address of its own. */
static bool group_is_mine(const struct net_addresses *mine, const uint8_t dst[16])
{
	static const uint8_t all_nodes[16] = {0xff, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1};
	static const uint8_t solicited[13] = {0xff, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0xff};
	uint32_t i;

	if (memcmp(dst, all_nodes, sizeof(all_nodes)) == 0)
		return true;
	if (memcmp(dst, solicited, sizeof(solicited)) != 0)
		return false;
	for (i = 0; i < mine->n_ipv6 && i < NET_IPV6_ADDRESSES; i++)
		if (memcmp(mine->ipv6[i] + 13, dst + 13, 3) == 0)
			return true;
	return false;
}

static bool icmpv6_is_wanted(bool echo, const struct sap_frame *facts)
{
	switch (facts->icmp_type) {
	case ICMPV6_UNREACHABLE:
	case ICMPV6_TOO_BIG:
	case ICMPV6_ROUTER_ADVERTISEMENT:
	case ICMPV6_NEIGHBOR_SOLICITATION:
	case ICMPV6_NEIGHBOR_ADVERTISEMENT:
	case ICMPV6_LISTENER_QUERY:
		return true;
	case ICMPV6_ECHO_REQUEST:
		return echo;
	default:
		return false;
	}
}

static enum net_gate check_ipv6(const struct net_addresses *mine, bool echo, const struct sap_frame *facts)
{
	bool group = group_is_mine(mine, facts->ipv6_dst);
	bool open = false;

	if (!group && !ipv6_is_mine(mine, facts->ipv6_dst))
		return NET_GATE_ADDRESS;
	if (facts->protocol == SAP_IPPROTO_TCP)
		open = !group && facts->has_ports && facts->dst_port == NET_AMT_PORT;
	else if (facts->protocol == SAP_IPPROTO_ICMPV6)
		open = facts->has_icmp && icmpv6_is_wanted(echo, facts);
	return open ? NET_GATE_OPEN : NET_GATE_SERVICE;
}

enum net_gate net_gate_check(const struct net_addresses *mine, bool echo, const uint8_t *frame, uint32_t len)
{
	struct sap_frame facts;

	sap_frame_read(frame, len, &facts);
	if (facts.flaw || facts.fragment || facts.tagged)
		return NET_GATE_FLAW;
	if (!link_is_mine(mine, &facts))
		return NET_GATE_ADDRESS;
	switch (facts.type) {
	case SAP_ETHERTYPE_ARP:
		return check_arp(mine, &facts);
	case SAP_ETHERTYPE_IPV4:
		return check_ipv4(mine, echo, &facts);
	case SAP_ETHERTYPE_IPV6:
		return check_ipv6(mine, echo, &facts);
	default:
		return NET_GATE_SERVICE;
	}
}
