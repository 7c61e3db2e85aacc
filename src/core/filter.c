// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
/*
 * Filters, compiled: what classify.c looks things up in.
 *
 * Filters are bits of a mask, and what a frame is narrows the mask down. Of the port that it goes to each byte is
 * looked up: which filters take a port with that byte there? The masks of both bytes, taken together, are the
 * filters that take the port. It is exact, needs no hash and no loop, and costs the same for one filter as for
 * fourteen; and by the low byte alone most frames are nobody's. Since filters name but 14 different bytes, a
 * byte is turned into its kind first: less than 300 bytes for each of the two, and not 512.
 *
 * Few filters ask for the port that a frame comes from: its four hexadecimal digits are looked up, in less room.
 */
#include <sap/filter.h>

#include "../platform.h"
#include "filter.h"

enum {
	FRAMES_LONGEST = 0x7fffffff, /* of any frame */
	NO_ADDRESS = 0x7fffffff,     /* no 24 bits */
};

/* Lets the filter `bit` take a port with this digit in a place, or any if the port is 0. */
static void filter_take_digit(uint16_t *masks, uint32_t port, uint32_t digit, uint32_t bit)
{
	for (uint32_t d = 0; d < 16; d++) {
		if (!port || d == digit)
			masks[d] |= (uint16_t)bit;
	}
}

/* A byte that no filter had yet becomes a kind: this filter's number, from 1. Kind 0 are all other bytes. */
static void filter_take_byte(uint8_t *kinds, uint16_t *masks, uint32_t port, uint32_t byte, uint32_t i)
{
	uint32_t bit = flex_bit(i);

	if (port && !kinds[byte])
		kinds[byte] = (uint8_t)(i + 1);
	for (uint32_t kind = 0; kind < 16; kind++) {
		if (!port || kind == kinds[byte])
			masks[kind] |= (uint16_t)bit;
	}
}

static void filter_take_ports(struct sap_filter *f, uint32_t src, uint32_t dst, uint32_t i)
{
	for (uint32_t place = 0; place < 4; place++)
		filter_take_digit(f->src[place], src, src >> (12 - 4 * place) & 15, flex_bit(i));
	filter_take_byte(f->dst_kind[HIGH], f->dst[HIGH], dst, dst >> 8, i);
	filter_take_byte(f->dst_kind[LOW], f->dst[LOW], dst, dst & 255, i);
	if (src)
		f->src_counts |= flex_bit(i);
	if (!src && !dst)
		f->any_port |= flex_bit(i);
}

/*
 * For packets of one family: without a need for an address, whatever theirs; with a need, if it matches; and
 * with a need for the other family's alone, not at all.
 */
static void filter_take_family(struct sap_filter *f, uint32_t family, bool needs, bool other, uint32_t flags,
			       uint32_t bit)
{
	bool both = !(flags & (SAP_FLEX_TCP | SAP_FLEX_UDP));

	if (other && !needs)
		return;
	if (both || flags & SAP_FLEX_TCP)
		f->takes[family][TCP] |= bit;
	if (both || flags & SAP_FLEX_UDP)
		f->takes[family][UDP] |= bit;
	if (needs)
		f->needs[family] |= bit;
}

/* What comes of a filter that passes frames to CSME, or does not. */
static uint32_t filter_passes(bool pass, bool copy, enum sap_rule rule, uint32_t index)
{
	return pass ? filter_word(true, copy, rule, index) : host_alone(SAP_RULE_NO_MATCH);
}

/* The first that is not enabled ends the list. */
static void filter_set_flex(struct sap_filter *f, const struct sap_flex_filter *flex)
{
	f->flex[filter_slot(0)] = host_alone(SAP_RULE_NO_MATCH);
	for (uint32_t i = 0; i < SAP_FLEX_FILTERS && flex[i].flags & SAP_FLEX_ENABLED; i++) {
		uint32_t flags = flex[i].flags, bit = flex_bit(i);

		filter_take_ports(f, flex[i].src_port, flex[i].dst_port, i);
		filter_take_family(f, IPV4, flags & SAP_FLEX_IPV4, flags & SAP_FLEX_IPV6, flags, bit);
		filter_take_family(f, IPV6, flags & SAP_FLEX_IPV6, flags & SAP_FLEX_IPV4, flags, bit);
		f->flex[filter_slot(bit)] = filter_passes(true, flags & SAP_FLEX_COPY, SAP_RULE_FLEX, i);
	}
}

/* Here too. */
static void filter_set_eth(struct sap_filter *f, const struct sap_eth_filter *eth)
{
	for (uint32_t i = 0; i < SAP_ETH_FILTERS && eth[i].flags & SAP_ETH_ENABLED; i++) {
		const uint8_t *mac = eth[i].mac_address.bytes;

		f->eth_high[i] = (uint16_t)(mac[0] << 8 | mac[1]);
		f->eth_low[i] =
			(uint32_t)mac[2] << 24 | (uint32_t)mac[3] << 16 | (uint32_t)mac[4] << 8 | mac[5];
		f->eth[i] = filter_passes(true, eth[i].flags & SAP_ETH_COPY, SAP_RULE_ETH, i);
		f->eth_stops |= (uint8_t)(eth[i].flags & SAP_ETH_STOP ? 1u << i : 0);
		f->groups |= filter_bit(mac[5]);
		f->n_eth++;
	}
}

/* Each counts for itself; those that do not are left out. */
static void filter_set_ipv6(struct sap_filter *f, const struct sap_ipv6_filter *ipv6)
{
	uint32_t n = 0;

	for (uint32_t i = 0; i < SAP_IPV6_FILTERS; i++) {
		const uint8_t *low = ipv6[i].addr_lo24;

		f->ipv6[i] = NO_ADDRESS;
		if (!(ipv6[i].flags & SAP_IPV6_ENABLED))
			continue;
		if (ipv6[i].flags & SAP_IPV6_COPY)
			f->ipv6_copy |= (uint8_t)(1u << n);
		f->groups |= filter_bit(low[2]);
		f->ipv6[n++] = (uint32_t)low[0] << 16 | (uint32_t)low[1] << 8 | low[2];
	}
}

static void filter_set_vlan(struct sap_filter *f, const uint16_t *vlan)
{
	for (uint32_t i = 0; i < SAP_VLAN_FILTERS; i++) {
		f->vlan[i] = vlan[i] & SAP_VLAN_ENABLED ? vlan[i] & SAP_VLAN_ID_MASK : 0;
		f->vlans |= filter_bit(f->vlan[i]);
	}
}

/* The flags of the IPv4 filter and of ICMPv6 say but one thing for all frames of a kind. */
static void filter_set_kinds(struct sap_filter *f, uint32_t ipv4, uint32_t icmpv6)
{
	f->icmp = filter_passes(ipv4 & SAP_IPV4_ICMP_PASS, ipv4 & SAP_IPV4_ICMP_COPY, SAP_RULE_ICMP, 0);
	f->arp_request = filter_passes(ipv4 & SAP_IPV4_ARP_REQUEST_PASS, ipv4 & SAP_IPV4_ARP_REQUEST_COPY,
				       SAP_RULE_ARP_REQUEST, 0);
	f->arp_reply = filter_passes(ipv4 & SAP_IPV4_ARP_REPLY_PASS, ipv4 & SAP_IPV4_ARP_REPLY_COPY,
				     SAP_RULE_ARP_REPLY, 0);
	f->icmpv6[false] =
		filter_passes(icmpv6 & SAP_ICMPV6_ENABLED, icmpv6 & SAP_ICMPV6_COPY, SAP_RULE_ICMPV6, 0);
	f->icmpv6[true] = filter_passes(icmpv6 & SAP_ICMPV6_ENABLED, true, SAP_RULE_ICMPV6, 0);
}

void sap_filter_clear(struct sap_filter *filter)
{
	memset(filter, 0, sizeof(*filter));
}

bool sap_filter_is_active(const struct sap_filter *filter)
{
	return filter->longest;
}

void sap_filter_set(struct sap_filter *filter, const struct sap_oob_filters *oob)
{
	sap_filter_clear(filter);
	filter->groups = filter_bit(0xff); /* broadcast's */
	filter->vlans = filter_bit(0);	   /* a priority tag's */
	filter_set_flex(filter, oob->flex);
	filter_set_eth(filter, oob->eth);
	filter_set_ipv6(filter, oob->ipv6);
	filter_set_vlan(filter, oob->vlan);
	filter->ipv4_addr = oob->ipv4.ipv4_addr;
	filter_set_kinds(filter, oob->ipv4.flags, oob->icmpv6_flags);
	filter->longest = FRAMES_LONGEST;
}

enum sap_status sap_filter_compile(struct sap_filter *filter, const uint8_t *payload, size_t len)
{
	struct sap_view view = {payload, len < SAP_CSME_FILTERS_SIZE ? (uint32_t)len : SAP_CSME_FILTERS_SIZE};
	struct sap_csme_filters filters;
	enum sap_status status;

	if (!filter)
		return SAP_INVALID;
	status = sap_csme_filters_decode(&view, &filters);
	if (status == SAP_OK)
		sap_filter_set(filter, &filters.oob);
	return status;
}

const char *sap_rule_name(enum sap_rule rule)
{
	switch (rule) {
#define NAME(name)            \
	case SAP_RULE_##name: \
		return #name
		NAME(NO_FILTERS);
		NAME(NOT_OPEN);
		NAME(FLAW);
		NAME(VLAN);
		NAME(MULTICAST);
		NAME(ECHO_REQUEST);
		NAME(NO_MATCH);
		NAME(ETH);
		NAME(FLEX);
		NAME(ICMP);
		NAME(ARP_REQUEST);
		NAME(ARP_REPLY);
		NAME(ICMPV6);
#undef NAME
	}
	return "?";
}

const char *sap_rule_text(enum sap_rule rule)
{
	switch (rule) {
	case SAP_RULE_NO_FILTERS:
		return "CSME sent no filters yet";
	case SAP_RULE_NOT_OPEN:
		return "SAP is down, AMT is off, or CSME owns the NIC";
	case SAP_RULE_FLAW:
		return "a header is cut off or cannot be";
	case SAP_RULE_VLAN:
		return "CSME is not in this VLAN";
	case SAP_RULE_MULTICAST:
		return "CSME does not listen to this multicast address";
	case SAP_RULE_ECHO_REQUEST:
		return "the host answers echo requests itself";
	case SAP_RULE_NO_MATCH:
		return "no filter fits";
	case SAP_RULE_ETH:
		return "an eth filter that says stop";
	case SAP_RULE_FLEX:
		return "a flex filter fits";
	case SAP_RULE_ICMP:
		return "the IPv4 filter passes ICMP";
	case SAP_RULE_ARP_REQUEST:
		return "the IPv4 filter passes ARP requests";
	case SAP_RULE_ARP_REPLY:
		return "the IPv4 filter passes ARP replies";
	case SAP_RULE_ICMPV6:
		return "ICMPv6 is enabled";
	}
	return "?";
}
