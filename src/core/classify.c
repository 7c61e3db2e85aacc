// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
/*
 * Where a frame goes: the steps of docs/filters.md, on filters that filter.c compiled.
 *
 * This runs for each frame that a host receives. So there is no loop over filters but the few of eth, and the
 * headers are read where they lie.
 */
#include <sap/filter.h>

#include "../codec/frame.h"

#include <sap/wire.h>

enum {
	ARP_REQUEST = 1,
	ARP_REPLY = 2,
	ECHO_REQUEST = 8,      /* ICMP */
	ECHO_REQUEST_V6 = 128, /* ICMPv6 */
	FIRST_NEIGHBOUR = 133, /* ICMPv6: router and neighbour discovery, */
	LAST_NEIGHBOUR = 137,  /* redirects included */
};

static inline struct sap_verdict host_alone(enum sap_rule rule)
{
	struct sap_verdict verdict = {false, true, (uint8_t)rule, 0};

	return verdict;
}

static inline struct sap_verdict to_csme(enum sap_rule rule, bool copy)
{
	struct sap_verdict verdict = {true, copy, (uint8_t)rule, 0};

	return verdict;
}

/* --- IPv4, IPv6 --- */

/* The filters that take a port: those that take each of its digits. */
static inline uint32_t taking_port(const uint16_t (*masks)[16], uint32_t port)
{
	return (uint32_t)masks[0][port >> 12] & masks[1][port >> 8 & 15] & masks[2][port >> 4 & 15] &
	       masks[3][port & 15];
}

/* The number of the lowest bit, of 14: each power of two leaves its own four bits of the constant on top. */
static inline uint8_t lowest_bit(uint32_t bit)
{
	static const uint8_t number[16] = {0, 1, 2, 5, 3, 9, 6, 11, 15, 4, 8, 10, 14, 7, 13, 12};

	return number[(bit * 0x09af & 0xffff) >> 12];
}

/* The first of the flex filters that fit. */
static inline struct sap_verdict first_flex(const struct sap_filter *f, uint32_t fit)
{
	uint32_t first = fit & (0u - fit);
	struct sap_verdict verdict = to_csme(SAP_RULE_FLEX, f->copy & first);

	if (!fit)
		return host_alone(SAP_RULE_NO_MATCH);
	verdict.index = lowest_bit(first);
	return verdict;
}

/* TCP, UDP: `fits` are the filters for this family, protocol and address. */
static inline struct sap_verdict by_ports(const struct sap_filter *f, uint32_t fits, const uint8_t *packet,
					  const struct frame_inside *in)
{
	const uint8_t *ports = packet + in->at;

	if (in->later)
		return first_flex(f, fits & f->any_port);
	if (in->end - in->at < FRAME_PORTS_SIZE)
		return host_alone(SAP_RULE_FLAW);
	fits &= taking_port(f->dst, sap_get_be16(ports + 2));
	return first_flex(f, fits & taking_port(f->src, sap_get_be16(ports)));
}

static struct sap_verdict by_icmp(const struct sap_filter *f, bool match, const uint8_t *packet,
				  const struct frame_inside *in)
{
	const uint8_t *icmp = packet + in->at;

	/* Whether it is of an echo request, a later fragment does not say. */
	if (in->later)
		return host_alone(SAP_RULE_NO_MATCH);
	if (in->end - in->at < FRAME_ICMP_SIZE)
		return host_alone(SAP_RULE_FLAW);
	if (icmp[0] == ECHO_REQUEST && icmp[1] == 0)
		return host_alone(SAP_RULE_ECHO_REQUEST);
	if (!(f->ipv4_flags & SAP_IPV4_ICMP_PASS) || !match)
		return host_alone(SAP_RULE_NO_MATCH);
	return to_csme(SAP_RULE_ICMP, f->ipv4_flags & SAP_IPV4_ICMP_COPY);
}

static inline struct sap_verdict by_ipv4(const struct sap_filter *f, const uint8_t *packet, uint32_t n)
{
	struct frame_inside in;
	bool match;

	if (frame_ipv4(packet, n, &in) != SAP_FLAW_NONE)
		return host_alone(SAP_RULE_FLAW);
	match = !f->ipv4_addr || f->ipv4_addr == sap_get_be32(packet + FRAME_IPV4_DST);
	if (in.protocol == SAP_IPPROTO_TCP)
		return by_ports(f, f->fits[0][0][match], packet, &in);
	if (in.protocol == SAP_IPPROTO_UDP)
		return by_ports(f, f->fits[0][1][match], packet, &in);
	if (in.protocol == SAP_IPPROTO_ICMP)
		return by_icmp(f, match, packet, &in);
	return host_alone(SAP_RULE_NO_MATCH);
}

/* Which of the addresses have these low 24 bits, a bit each. */
static inline uint32_t matching_ipv6(const struct sap_filter *f, const uint8_t *low)
{
	uint32_t low24 = (uint32_t)low[0] << 16 | (uint32_t)low[1] << 8 | low[2];
	uint32_t matching = 0;

	for (uint32_t i = 0; i < SAP_IPV6_FILTERS; i++)
		matching |= (uint32_t)(f->ipv6[i] == low24) << i;
	return matching;
}

/*
 * ICMPv6 is for CSME if it is to one of its addresses, or to a group that it listens to. The host sees what all
 * nodes of a link live by, whatever the flags say.
 */
static struct sap_verdict by_icmpv6(const struct sap_filter *f, uint32_t matching, bool group,
				    const uint8_t *packet, const struct frame_inside *in)
{
	const uint8_t *icmp = packet + in->at;
	bool copy;

	if (in->later)
		return host_alone(SAP_RULE_NO_MATCH);
	if (in->end - in->at < FRAME_ICMP_SIZE)
		return host_alone(SAP_RULE_FLAW);
	if (icmp[0] == ECHO_REQUEST_V6 && icmp[1] == 0)
		return host_alone(SAP_RULE_ECHO_REQUEST);
	if (!(f->icmpv6_flags & SAP_ICMPV6_ENABLED) || !(matching || group))
		return host_alone(SAP_RULE_NO_MATCH);
	copy = group || f->icmpv6_flags & SAP_ICMPV6_COPY || matching & f->ipv6_copy ||
	       (icmp[0] >= FIRST_NEIGHBOUR && icmp[0] <= LAST_NEIGHBOUR);
	return to_csme(SAP_RULE_ICMPV6, copy);
}

static inline struct sap_verdict by_ipv6(const struct sap_filter *f, const uint8_t *packet, uint32_t n,
					 bool group)
{
	struct frame_inside in;
	uint32_t matching;

	if (frame_ipv6(packet, n, &in) != SAP_FLAW_NONE)
		return host_alone(SAP_RULE_FLAW);
	matching = matching_ipv6(f, packet + FRAME_IPV6_DST + 13);
	if (in.protocol == SAP_IPPROTO_TCP)
		return by_ports(f, f->fits[1][0][matching != 0], packet, &in);
	if (in.protocol == SAP_IPPROTO_UDP)
		return by_ports(f, f->fits[1][1][matching != 0], packet, &in);
	if (in.protocol == SAP_IPPROTO_ICMPV6)
		return by_icmpv6(f, matching, group, packet, &in);
	return host_alone(SAP_RULE_NO_MATCH);
}

/* --- ARP --- */

static inline struct sap_verdict by_arp(const struct sap_filter *f, const uint8_t *arp, uint32_t n)
{
	uint32_t op;

	if (frame_arp(arp, n) != SAP_FLAW_NONE)
		return host_alone(SAP_RULE_FLAW);
	op = sap_get_be16(arp + FRAME_ARP_OP);
	if (op == ARP_REQUEST && f->ipv4_flags & SAP_IPV4_ARP_REQUEST_PASS &&
	    (!f->ipv4_addr || f->ipv4_addr == sap_get_be32(arp + FRAME_ARP_TARGET)))
		return to_csme(SAP_RULE_ARP_REQUEST, f->ipv4_flags & SAP_IPV4_ARP_REQUEST_COPY);
	if (op == ARP_REPLY && f->ipv4_flags & SAP_IPV4_ARP_REPLY_PASS)
		return to_csme(SAP_RULE_ARP_REPLY, f->ipv4_flags & SAP_IPV4_ARP_REPLY_COPY);
	return host_alone(SAP_RULE_NO_MATCH);
}

/* --- Ethernet --- */

static inline struct sap_verdict by_type(const struct sap_filter *f, uint32_t type, const uint8_t *packet,
					 uint32_t n, bool group)
{
	if (type == SAP_ETHERTYPE_IPV4)
		return by_ipv4(f, packet, n);
	if (type == SAP_ETHERTYPE_IPV6)
		return by_ipv6(f, packet, n, group);
	if (type == SAP_ETHERTYPE_ARP)
		return by_arp(f, packet, n);
	return host_alone(SAP_RULE_NO_MATCH);
}

/* The solicited-node group of one of CSME's addresses: the MAC address ends with the same 24 bits. */
static bool solicits(const struct sap_filter *f, uint32_t type, uint32_t high, uint32_t low,
		     const uint8_t *frame)
{
	return type == SAP_ETHERTYPE_IPV6 && high == 0x3333 && low >> 24 == 0xff &&
	       matching_ipv6(f, frame + 3);
}

/* A multicast frame: the first eth filter with its address says whether to go on. */
static struct sap_verdict by_group(const struct sap_filter *f, uint32_t type, const uint8_t *frame,
				   uint32_t at, uint32_t len)
{
	uint32_t high = sap_get_be16(frame), low = sap_get_be32(frame + 2);
	uint32_t i = 0;

	while (i < f->n_eth && (f->eth_low[i] != low || f->eth_high[i] != high))
		i++;
	if (i == f->n_eth && !solicits(f, type, high, low, frame))
		return host_alone(SAP_RULE_MULTICAST);
	if (i < f->n_eth && f->eth_flags[i] & SAP_ETH_STOP) {
		struct sap_verdict verdict = to_csme(SAP_RULE_ETH, f->eth_flags[i] & SAP_ETH_COPY);

		verdict.index = (uint8_t)i;
		return verdict;
	}
	return by_type(f, type, frame + at, len - at, true);
}

static inline bool is_group(const uint8_t *frame)
{
	bool broadcast = sap_get_be32(frame) == 0xffffffff && sap_get_be16(frame + 4) == 0xffff;

	return frame[0] & 1 && !broadcast;
}

/* --- VLAN --- */

enum tag {
	TAG_OURS, /* CSME is in that VLAN */
	TAG_OTHERS,
	TAG_FLAW,
};

/* Looks at the tag of a tagged frame; `type` becomes what lies behind it. A priority tag is as good as none. */
static enum tag look_at_tag(const struct sap_filter *f, const uint8_t *frame, uint32_t len, uint32_t *type)
{
	uint32_t id;

	if (*type == SAP_ETHERTYPE_SERVICE || len < SAP_ETHERNET_HEADER_SIZE + FRAME_TAG_SIZE)
		return TAG_FLAW;
	id = sap_get_be16(frame + SAP_ETHERNET_HEADER_SIZE) & SAP_VLAN_ID_MASK;
	*type = sap_get_be16(frame + SAP_ETHERNET_HEADER_SIZE + 2);
	if (frame_is_tag(*type))
		return TAG_FLAW;
	if (id == 0)
		return TAG_OURS;
	for (uint32_t i = 0; f->active && i < SAP_VLAN_FILTERS; i++) {
		if (f->vlan[i] == id)
			return TAG_OURS;
	}
	return TAG_OTHERS;
}

bool sap_filter_takes_vlan(const struct sap_filter *filter, const uint8_t *frame, uint32_t len)
{
	uint32_t type;

	if (len < SAP_ETHERNET_HEADER_SIZE)
		return false;
	type = sap_get_be16(frame + FRAME_TYPE);
	return !frame_is_tag(type) || look_at_tag(filter, frame, len, &type) == TAG_OURS;
}

/* --- the way of a frame --- */

static struct sap_verdict by_tagged(const struct sap_filter *f, uint32_t type, const uint8_t *frame,
				    uint32_t len)
{
	const uint32_t at = SAP_ETHERNET_HEADER_SIZE + FRAME_TAG_SIZE;
	enum tag tag = look_at_tag(f, frame, len, &type);

	if (tag != TAG_OURS)
		return host_alone(tag == TAG_OTHERS ? SAP_RULE_VLAN : SAP_RULE_FLAW);
	if (is_group(frame))
		return by_group(f, type, frame, at, len);
	return by_type(f, type, frame + at, len - at, false);
}

struct sap_verdict sap_filter_classify(const struct sap_filter *filter, const uint8_t *frame, uint32_t len)
{
	const uint32_t at = SAP_ETHERNET_HEADER_SIZE;
	uint32_t type;

	if (!filter->active)
		return host_alone(SAP_RULE_NO_FILTERS);
	if (len < at)
		return host_alone(SAP_RULE_FLAW);
	type = sap_get_be16(frame + FRAME_TYPE);
	if (frame_is_tag(type))
		return by_tagged(filter, type, frame, len);
	if (is_group(frame))
		return by_group(filter, type, frame, at, len);
	return by_type(filter, type, frame + at, len - at, false);
}
