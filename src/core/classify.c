// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
/*
 * Where a frame goes: the steps of docs/filters.md, on filters that filter.c compiled.
 *
 * This runs for each frame that a host receives. So there is no loop over filters but the few of eth, and the
 * headers are read where they lie.
 */
#include <sap/filter.h>

#include "../codec/frame.h"
#include "../platform.h"
#include "filter.h"

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

/* The first of the flex filters that fit. */
static inline struct sap_verdict first_flex(const struct sap_filter *f, uint32_t fit)
{
	return fit ? f->verdict[filter_slot(fit & (0u - fit))] : host_alone(SAP_RULE_NO_MATCH);
}

/* TCP, UDP: `fits` are the filters for this family, protocol and address. Most frames are nobody's. */
static inline struct sap_verdict by_ports(const struct sap_filter *f, uint32_t fits, const uint8_t *packet,
					  const struct frame_inside *in)
{
	const uint8_t *ports = packet + in->at;

	if (in->later)
		return first_flex(f, fits & f->any_port);
	if (in->end - in->at < FRAME_PORTS_SIZE)
		return host_alone(SAP_RULE_FLAW);
	fits &= f->dst_low[ports[3]];
	if (!fits)
		return host_alone(SAP_RULE_NO_MATCH);
	fits &= (uint32_t)f->dst_high[0][ports[2] >> 4] & f->dst_high[1][ports[2] & 15];
	if (fits & f->src_counts) {
		fits &= (uint32_t)f->src[0][ports[0] >> 4] & f->src[1][ports[0] & 15];
		fits &= (uint32_t)f->src[2][ports[1] >> 4] & f->src[3][ports[1] & 15];
	}
	return first_flex(f, fits);
}

/* `n` bytes of ICMP. Whether it is of an echo request, a later fragment does not say. */
static SAP_APART struct sap_verdict by_icmp(const struct sap_filter *f, const uint8_t *icmp, uint32_t n,
					    bool later, bool match)
{
	if (later)
		return host_alone(SAP_RULE_NO_MATCH);
	if (n < FRAME_ICMP_SIZE)
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
	if (in.protocol == SAP_IPPROTO_TCP || in.protocol == SAP_IPPROTO_UDP)
		return by_ports(f, f->fits[0][in.protocol == SAP_IPPROTO_UDP][match], packet, &in);
	if (in.protocol == SAP_IPPROTO_ICMP)
		return by_icmp(f, packet + in.at, in.end - in.at, in.later, match);
	return host_alone(SAP_RULE_NO_MATCH);
}

/* Which of the addresses have the low 24 bits of these four bytes, a bit each. */
static inline uint32_t matching_ipv6(const struct sap_filter *f, const uint8_t *last4)
{
	uint32_t low24 = sap_get_be32(last4) & 0xffffff;

	return (uint32_t)(f->ipv6[0] == low24) | (uint32_t)(f->ipv6[1] == low24) << 1 |
	       (uint32_t)(f->ipv6[2] == low24) << 2 | (uint32_t)(f->ipv6[3] == low24) << 3;
}

/*
 * `n` bytes of ICMPv6. It is for CSME if it is to one of its addresses, or to a group that it listens to. The
 * host sees what all nodes of a link live by, whatever the flags say.
 */
static SAP_APART struct sap_verdict by_icmpv6(const struct sap_filter *f, const uint8_t *icmp, uint32_t n,
					      bool later, uint32_t matching, bool group)
{
	bool copy;

	if (later)
		return host_alone(SAP_RULE_NO_MATCH);
	if (n < FRAME_ICMP_SIZE)
		return host_alone(SAP_RULE_FLAW);
	if (icmp[0] == ECHO_REQUEST_V6 && icmp[1] == 0)
		return host_alone(SAP_RULE_ECHO_REQUEST);
	if (!(f->icmpv6_flags & SAP_ICMPV6_ENABLED) || !(matching || group))
		return host_alone(SAP_RULE_NO_MATCH);
	copy = group || f->icmpv6_flags & SAP_ICMPV6_COPY || matching & f->ipv6_copy ||
	       (icmp[0] >= FIRST_NEIGHBOUR && icmp[0] <= LAST_NEIGHBOUR);
	return to_csme(SAP_RULE_ICMPV6, copy);
}

static inline struct sap_verdict by_inside_ipv6(const struct sap_filter *f, const uint8_t *packet,
						const struct frame_inside *in, bool group)
{
	uint32_t matching = matching_ipv6(f, packet + FRAME_IPV6_DST + 12);

	if (in->protocol == SAP_IPPROTO_TCP || in->protocol == SAP_IPPROTO_UDP)
		return by_ports(f, f->fits[1][in->protocol == SAP_IPPROTO_UDP][matching != 0], packet, in);
	if (in->protocol == SAP_IPPROTO_ICMPV6)
		return by_icmpv6(f, packet + in->at, in->end - in->at, in->later, matching, group);
	return host_alone(SAP_RULE_NO_MATCH);
}

/* A packet of `end` bytes that begins with an extension header of this kind. */
static SAP_APART struct sap_verdict by_extended_ipv6(const struct sap_filter *f, const uint8_t *packet,
						     uint32_t end, uint8_t kind, bool group)
{
	struct frame_inside in = {FRAME_IPV6_SIZE, end, kind, false, false};

	if (frame_extensions(packet, &in) != SAP_FLAW_NONE)
		return host_alone(SAP_RULE_FLAW);
	return by_inside_ipv6(f, packet, &in, group);
}

static inline struct sap_verdict by_ipv6(const struct sap_filter *f, const uint8_t *packet, uint32_t n,
					 bool group)
{
	struct frame_inside in;

	if (frame_ipv6(packet, n, &in) != SAP_FLAW_NONE)
		return host_alone(SAP_RULE_FLAW);
	if (frame_is_extension(in.protocol))
		return by_extended_ipv6(f, packet, in.end, in.protocol, group);
	return by_inside_ipv6(f, packet, &in, group);
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

static inline struct sap_verdict by_type(const struct sap_filter *f, const uint8_t *packet, uint32_t n,
					 uint32_t type, bool group)
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
static bool solicits(const struct sap_filter *f, const uint8_t *frame, uint32_t type)
{
	return type == SAP_ETHERTYPE_IPV6 && sap_get_be16(frame) == 0x3333 && frame[2] == 0xff &&
	       matching_ipv6(f, frame + 2);
}

/* A multicast frame: the first eth filter with its address says whether to go on. */
static SAP_APART struct sap_verdict by_group(const struct sap_filter *f, const uint8_t *frame, uint32_t len,
					     uint32_t at, uint32_t type)
{
	uint32_t high = sap_get_be16(frame), low = sap_get_be32(frame + 2);
	uint32_t i = 0;

	if (!(f->groups & filter_group_bit(frame[5])))
		return host_alone(SAP_RULE_MULTICAST);
	while (i < f->n_eth && (f->eth_low[i] != low || f->eth_high[i] != high))
		i++;
	if (i == f->n_eth && !solicits(f, frame, type))
		return host_alone(SAP_RULE_MULTICAST);
	if (i < f->n_eth && f->eth_flags[i] & SAP_ETH_STOP) {
		struct sap_verdict verdict = to_csme(SAP_RULE_ETH, f->eth_flags[i] & SAP_ETH_COPY);

		verdict.index = (uint8_t)i;
		return verdict;
	}
	return by_type(f, frame + at, len - at, type, true);
}

static inline bool is_group(const uint8_t *frame)
{
	bool broadcast = sap_get_be32(frame) == 0xffffffff && sap_get_be16(frame + 4) == 0xffff;

	return frame[0] & 1 && !broadcast;
}

/* --- VLAN --- */

enum {
	/* Instead of an EtherType. */
	TAG_OTHERS = 0x10000,
	TAG_FLAW = 0x20000,
};

/* The EtherType behind the tag of a tagged frame, if CSME is in that VLAN. A priority tag is as good as none. */
static uint32_t behind_tag(const struct sap_filter *f, const uint8_t *frame, uint32_t len)
{
	uint32_t id, type;

	if (sap_get_be16(frame + FRAME_TYPE) == SAP_ETHERTYPE_SERVICE ||
	    len < SAP_ETHERNET_HEADER_SIZE + FRAME_TAG_SIZE)
		return TAG_FLAW;
	id = sap_get_be16(frame + SAP_ETHERNET_HEADER_SIZE) & SAP_VLAN_ID_MASK;
	type = sap_get_be16(frame + SAP_ETHERNET_HEADER_SIZE + 2);
	if (frame_is_tag(type))
		return TAG_FLAW;
	if (id == 0)
		return type;
	if (f->vlan[0] == id || f->vlan[1] == id || f->vlan[2] == id || f->vlan[3] == id)
		return type;
	return TAG_OTHERS;
}

bool sap_filter_takes_vlan(const struct sap_filter *filter, const uint8_t *frame, uint32_t len)
{
	if (len < SAP_ETHERNET_HEADER_SIZE)
		return false;
	return !frame_is_tag(sap_get_be16(frame + FRAME_TYPE)) || behind_tag(filter, frame, len) < TAG_OTHERS;
}

/* --- the way of a frame --- */

static SAP_APART struct sap_verdict by_tag(const struct sap_filter *f, const uint8_t *frame, uint32_t len)
{
	const uint32_t at = SAP_ETHERNET_HEADER_SIZE + FRAME_TAG_SIZE;
	uint32_t type = behind_tag(f, frame, len);

	if (type == TAG_OTHERS)
		return host_alone(SAP_RULE_VLAN);
	if (type == TAG_FLAW)
		return host_alone(SAP_RULE_FLAW);
	if (is_group(frame))
		return by_group(f, frame, len, at, type);
	return by_type(f, frame + at, len - at, type, false);
}

struct sap_verdict sap_filter_classify(const struct sap_filter *filter, const uint8_t *frame, uint32_t len)
{
	const uint32_t at = SAP_ETHERNET_HEADER_SIZE;
	uint32_t type;

	/* Both at once: a frame that is too short is very long here, and without filters each is. */
	if (len - at >= filter->longest)
		return host_alone(filter->longest ? SAP_RULE_FLAW : SAP_RULE_NO_FILTERS);
	type = sap_get_be16(frame + FRAME_TYPE);
	if (frame_is_tag(type))
		return by_tag(filter, frame, len);
	if (is_group(frame))
		return by_group(filter, frame, len, at, type);
	return by_type(filter, frame + at, len - at, type, false);
}
