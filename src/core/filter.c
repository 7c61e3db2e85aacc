// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
/*
 * Filters, compiled: what classify.c looks things up in.
 *
 * A port is four hexadecimal digits. For each place and digit there is a mask of the flex filters that take a
 * port with that digit there: the masks of a port's four digits, taken together, are the filters that take the
 * port. It is exact, needs no hash and no loop, and costs the same for one filter as for fourteen. Of the port
 * that a frame goes to, the last two digits are looked up as one: most frames are nobody's already by those.
 */
#include <sap/filter.h>

#include "../platform.h"
#include "filter.h"

enum {
	IPV4 = 0,
	IPV6 = 1,
	TCP = 0,
	UDP = 1,
	FRAMES_LONGEST = 0x7fffffff, /* of any frame */
	NO_ADDRESS = 0x7fffffff,     /* no 24 bits */
};

/* Lets the filter `bit` take a port with this digit in a place, or any if the port is 0. */
static void filter_take_digit(uint16_t *masks, uint32_t port, uint32_t digit, uint32_t digits, uint32_t bit)
{
	for (uint32_t d = 0; d < digits; d++) {
		if (!port || d == digit)
			masks[d] |= (uint16_t)bit;
	}
}

static void filter_take_ports(struct sap_filter *f, uint32_t src, uint32_t dst, uint32_t bit)
{
	for (uint32_t place = 0; place < 4; place++)
		filter_take_digit(f->src[place], src, src >> (12 - 4 * place) & 15, 16, bit);
	filter_take_digit(f->dst_high[0], dst, dst >> 12, 16, bit);
	filter_take_digit(f->dst_high[1], dst, dst >> 8 & 15, 16, bit);
	filter_take_digit(f->dst_low, dst, dst & 255, 256, bit);
	if (src)
		f->src_counts |= (uint16_t)bit;
	if (!src && !dst)
		f->any_port |= (uint16_t)bit;
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
	for (uint32_t match = needs ? 1 : 0; match < 2; match++) {
		if (both || flags & SAP_FLEX_TCP)
			f->fits[family][TCP][match] |= (uint16_t)bit;
		if (both || flags & SAP_FLEX_UDP)
			f->fits[family][UDP][match] |= (uint16_t)bit;
	}
}

/* The first that is not enabled ends the list. */
static void filter_set_flex(struct sap_filter *f, const struct sap_flex_filter *flex)
{
	for (uint32_t i = 0; i < SAP_FLEX_FILTERS && flex[i].flags & SAP_FLEX_ENABLED; i++) {
		uint32_t flags = flex[i].flags, bit = 1u << i;
		struct sap_verdict verdict = {true, flags & SAP_FLEX_COPY, SAP_RULE_FLEX, (uint8_t)i};

		filter_take_ports(f, flex[i].src_port, flex[i].dst_port, bit);
		filter_take_family(f, IPV4, flags & SAP_FLEX_IPV4, flags & SAP_FLEX_IPV6, flags, bit);
		filter_take_family(f, IPV6, flags & SAP_FLEX_IPV6, flags & SAP_FLEX_IPV4, flags, bit);
		f->verdict[filter_slot(bit)] = verdict;
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
		f->eth_flags[i] = eth[i].flags;
		f->groups |= filter_group_bit(mac[5]);
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
		f->groups |= filter_group_bit(low[2]);
		f->ipv6[n++] = (uint32_t)low[0] << 16 | (uint32_t)low[1] << 8 | low[2];
	}
}

static void filter_set_vlan(struct sap_filter *f, const uint16_t *vlan)
{
	for (uint32_t i = 0; i < SAP_VLAN_FILTERS; i++)
		f->vlan[i] = vlan[i] & SAP_VLAN_ENABLED ? vlan[i] & SAP_VLAN_ID_MASK : 0;
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
	filter_set_flex(filter, oob->flex);
	filter_set_eth(filter, oob->eth);
	filter_set_ipv6(filter, oob->ipv6);
	filter_set_vlan(filter, oob->vlan);
	filter->ipv4_addr = oob->ipv4.ipv4_addr;
	filter->ipv4_flags = (uint8_t)oob->ipv4.flags;
	filter->icmpv6_flags = (uint8_t)oob->icmpv6_flags;
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
