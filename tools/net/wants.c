// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
#include "wants.h"

#include <string.h>

enum {
	DHCP_SERVER = 67,
	DHCP_CLIENT = 68,
};

static void want_ports(struct sap_oob_filters *oob, const struct net_addresses *mine)
{
	uint32_t n = 0;

	/* To which address the server sends its answer is not known before. */
	oob->flex[n].src_port = DHCP_SERVER;
	oob->flex[n].dst_port = DHCP_CLIENT;
	oob->flex[n++].flags = SAP_FLEX_ENABLED | SAP_FLEX_UDP | SAP_FLEX_COPY;
	/* Without an address, 0 would stand for any: then there is no such service yet. */
	if (mine->ipv4) {
		oob->flex[n].dst_port = NET_AMT_PORT;
		oob->flex[n++].flags = SAP_FLEX_ENABLED | SAP_FLEX_TCP | SAP_FLEX_IPV4;
	}
	if (mine->n_ipv6) {
		oob->flex[n].dst_port = NET_AMT_PORT;
		oob->flex[n].flags = SAP_FLEX_ENABLED | SAP_FLEX_TCP | SAP_FLEX_IPV6;
	}
}

static void want_ipv4(struct sap_oob_filters *oob, const struct net_addresses *mine)
{
	if (!mine->ipv4)
		return;
	oob->ipv4.ipv4_addr = mine->ipv4;
	oob->ipv4.flags = SAP_IPV4_ICMP_PASS | SAP_IPV4_ICMP_COPY | SAP_IPV4_ARP_REQUEST_PASS |
			  SAP_IPV4_ARP_REQUEST_COPY | SAP_IPV4_ARP_REPLY_PASS | SAP_IPV4_ARP_REPLY_COPY;
}

/* The 24 bits, once each: a link-local and a global address usually end alike. */
static uint32_t want_addresses(struct sap_oob_filters *oob, const struct net_addresses *mine)
{
	uint32_t n = 0, i, k;

	for (i = 0; i < mine->n_ipv6 && n < SAP_IPV6_FILTERS; i++) {
		const uint8_t *low = mine->ipv6[i] + 13;

		for (k = 0; k < n && memcmp(oob->ipv6[k].addr_lo24, low, 3) != 0; k++)
			;
		if (k < n)
			continue;
		memcpy(oob->ipv6[n].addr_lo24, low, 3);
		oob->ipv6[n++].flags = SAP_IPV6_ENABLED | SAP_IPV6_COPY;
	}
	return n;
}

static void want_group(struct sap_eth_filter *eth, uint8_t c, const uint8_t low[3])
{
	const uint8_t head[2] = {0x33, 0x33};

	memcpy(eth->mac_address.bytes, head, sizeof(head));
	eth->mac_address.bytes[2] = c;
	memcpy(eth->mac_address.bytes + 3, low, 3);
	eth->flags = SAP_ETH_ENABLED | SAP_ETH_COPY;
}

static void want_ipv6(struct sap_oob_filters *oob, const struct net_addresses *mine)
{
	static const uint8_t all_nodes[3] = {0, 0, 1};
	uint32_t n = want_addresses(oob, mine);
	uint32_t i;

	if (!n)
		return;
	oob->icmpv6_flags = SAP_ICMPV6_ENABLED | SAP_ICMPV6_COPY;
	/* Routers speak to all nodes, and who looks for an address to the group of its last 24 bits. */
	want_group(&oob->eth[0], 0, all_nodes);
	for (i = 0; i < n && i + 1 < SAP_ETH_FILTERS; i++)
		want_group(&oob->eth[i + 1], 0xff, oob->ipv6[i].addr_lo24);
}

void net_wants_make(const struct net_addresses *mine, uint8_t payload[SAP_CSME_FILTERS_SIZE])
{
	struct sap_csme_filters filters;

	memset(&filters, 0, sizeof(filters));
	want_ports(&filters.oob, mine);
	want_ipv4(&filters.oob, mine);
	want_ipv6(&filters.oob, mine);
	/* The arguments are good and the room suffices: nothing can be refused. */
	(void)!sap_csme_filters_encode(&filters, payload, SAP_CSME_FILTERS_SIZE);
}
