// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
/*
 * Where a frame goes: the steps of docs/filters.md, on filters that filter.c compiled.
 *
 * This runs for each frame that a host receives. Most are nobody's, so what shows that soonest is asked first
 * and the rest is left until it matters; there is no loop over filters but the few of eth; headers are read
 * where they lie; and a verdict is one word (filter.h), ready made.
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

/* --- flex filters --- */

/* Those of `some` that take the port from, which few ask for. */
static inline uint32_t taking_src(const struct sap_filter *f, uint32_t some, const uint8_t *port)
{
	if (SAP_SELDOM(some & f->src_counts)) {
		some &= (uint32_t)f->src[0][port[0] >> 4] & f->src[1][port[0] & 15];
		some &= (uint32_t)f->src[2][port[1] >> 4] & f->src[3][port[1] & 15];
	}
	return some;
}

static inline bool is_our_ipv4(const struct sap_filter *f, const uint8_t *address)
{
	return !f->ipv4_addr || f->ipv4_addr == sap_get_be32(address);
}

/* The low 24 bits of these four bytes count. */
static inline bool is_our_ipv6(const struct sap_filter *f, const uint8_t *last4)
{
	uint32_t low24 = sap_get_be32(last4) & 0xffffff;

	return f->ipv6[0] == low24 || f->ipv6[1] == low24 || f->ipv6[2] == low24 || f->ipv6[3] == low24;
}

static inline bool has_ports(uint32_t protocol)
{
	return protocol == SAP_IPPROTO_TCP || protocol == SAP_IPPROTO_UDP;
}

static inline bool is_ours(const struct sap_filter *f, uint32_t family, const uint8_t *packet)
{
	return family == IPV4 ? is_our_ipv4(f, packet + FRAME_IPV4_DST)
			      : is_our_ipv6(f, packet + FRAME_IPV6_DST + 12);
}

/* TCP, UDP. Nearly all that nobody asked for ends before the address is looked at. */
static SAP_INLINE uint32_t by_ports(const struct sap_filter *f, uint32_t family, const uint8_t *packet,
				    const struct frame_inside *in)
{
	const uint8_t *ports = packet + in->at;
	uint32_t fit = f->takes[family][filter_tcp_or_udp(in->protocol)];

	if (in->later) {
		fit &= f->any_port;
	} else {
		if (in->end - in->at < FRAME_PORTS_SIZE)
			return host_alone(SAP_RULE_FLAW);
		fit &= f->dst[LOW][f->dst_kind[LOW][ports[3]]];
		if (!fit)
			return host_alone(SAP_RULE_NO_MATCH);
		fit &= f->dst[HIGH][f->dst_kind[HIGH][ports[2]]];
		fit = taking_src(f, fit, ports);
	}
	if (SAP_SELDOM(!is_ours(f, family, packet)))
		fit &= ~f->needs[family];
	return f->flex[filter_slot(fit & (0u - fit))];
}

/* --- IPv4 --- */

/* Whether it is of an echo request, a later fragment does not say. */
static inline uint32_t by_icmp(const struct sap_filter *f, const uint8_t *packet,
			       const struct frame_inside *in)
{
	const uint8_t *icmp = packet + in->at;

	if (in->later)
		return host_alone(SAP_RULE_NO_MATCH);
	if (in->end - in->at < FRAME_ICMP_SIZE)
		return host_alone(SAP_RULE_FLAW);
	if (icmp[0] == ECHO_REQUEST && icmp[1] == 0)
		return host_alone(SAP_RULE_ECHO_REQUEST);
	return is_our_ipv4(f, packet + FRAME_IPV4_DST) ? f->icmp : host_alone(SAP_RULE_NO_MATCH);
}

static SAP_INLINE uint32_t by_ipv4(const struct sap_filter *f, const uint8_t *packet, uint32_t n)
{
	struct frame_inside in;

	if (frame_ipv4(packet, n, &in) != SAP_FLAW_NONE)
		return host_alone(SAP_RULE_FLAW);
	if (has_ports(in.protocol))
		return by_ports(f, IPV4, packet, &in);
	if (in.protocol == SAP_IPPROTO_ICMP)
		return by_icmp(f, packet, &in);
	return host_alone(SAP_RULE_NO_MATCH);
}

/* --- IPv6 --- */

/* Which of the addresses have the low 24 bits of these four bytes, a bit each. */
static inline uint32_t matching_ipv6(const struct sap_filter *f, const uint8_t *last4)
{
	uint32_t low24 = sap_get_be32(last4) & 0xffffff;

	return (uint32_t)(f->ipv6[0] == low24) | (uint32_t)(f->ipv6[1] == low24) << 1 |
	       (uint32_t)(f->ipv6[2] == low24) << 2 | (uint32_t)(f->ipv6[3] == low24) << 3;
}

/*
 * It is for CSME if it is to one of its addresses, or to a group that it listens to. The host sees what all
 * nodes of a link live by, whatever the flags say.
 */
static inline uint32_t by_icmpv6(const struct sap_filter *f, const uint8_t *packet,
				 const struct frame_inside *in, bool group)
{
	const uint8_t *icmp = packet + in->at;
	uint32_t matching;

	if (in->later)
		return host_alone(SAP_RULE_NO_MATCH);
	if (in->end - in->at < FRAME_ICMP_SIZE)
		return host_alone(SAP_RULE_FLAW);
	if (icmp[0] == ECHO_REQUEST_V6 && icmp[1] == 0)
		return host_alone(SAP_RULE_ECHO_REQUEST);
	if (group)
		return f->icmpv6[true];
	matching = matching_ipv6(f, packet + FRAME_IPV6_DST + 12);
	if (!matching)
		return host_alone(SAP_RULE_NO_MATCH);
	return f->icmpv6[matching & f->ipv6_copy ||
			 (icmp[0] >= FIRST_NEIGHBOUR && icmp[0] <= LAST_NEIGHBOUR)];
}

/* A packet of `end` bytes that begins with neither TCP nor UDP: perhaps they, or ICMPv6, are further inside. */
static SAP_APART uint32_t by_inside_ipv6(const struct sap_filter *f, const uint8_t *packet, uint32_t end,
					 uint8_t protocol, bool group)
{
	struct frame_inside in = {FRAME_IPV6_SIZE, end, protocol, false, false};

	if (frame_extensions(packet, &in) != SAP_FLAW_NONE)
		return host_alone(SAP_RULE_FLAW);
	if (has_ports(in.protocol))
		return by_ports(f, IPV6, packet, &in);
	if (in.protocol == SAP_IPPROTO_ICMPV6)
		return by_icmpv6(f, packet, &in, group);
	return host_alone(SAP_RULE_NO_MATCH);
}

static SAP_INLINE uint32_t by_ipv6(const struct sap_filter *f, const uint8_t *packet, uint32_t n, bool group)
{
	struct frame_inside in;

	if (frame_ipv6(packet, n, &in) != SAP_FLAW_NONE)
		return host_alone(SAP_RULE_FLAW);
	if (SAP_SELDOM(!has_ports(in.protocol)))
		return by_inside_ipv6(f, packet, in.end, in.protocol, group);
	return by_ports(f, IPV6, packet, &in);
}

/* --- ARP --- */

static inline uint32_t by_arp(const struct sap_filter *f, const uint8_t *arp, uint32_t n)
{
	uint32_t op;

	if (frame_arp(arp, n) != SAP_FLAW_NONE)
		return host_alone(SAP_RULE_FLAW);
	op = sap_get_be16(arp + FRAME_ARP_OP);
	if (op == ARP_REQUEST && is_our_ipv4(f, arp + FRAME_ARP_TARGET))
		return f->arp_request;
	return op == ARP_REPLY ? f->arp_reply : host_alone(SAP_RULE_NO_MATCH);
}

/* --- Ethernet --- */

static SAP_INLINE uint32_t by_type(const struct sap_filter *f, const uint8_t *packet, uint32_t n,
				   uint32_t type, bool group)
{
	if (type == SAP_ETHERTYPE_IPV4)
		return by_ipv4(f, packet, n);
	if (type == SAP_ETHERTYPE_IPV6)
		return by_ipv6(f, packet, n, group);
	if (type == SAP_ETHERTYPE_ARP)
		return by_arp(f, packet, n);
	return type == SAP_ETHERTYPE_SERVICE ? host_alone(SAP_RULE_FLAW) : host_alone(SAP_RULE_NO_MATCH);
}

/* For the few with a tag or to a group: the others go straight through it. */
static SAP_APART uint32_t by_type_apart(const struct sap_filter *f, const uint8_t *packet, uint32_t n,
					uint32_t type, bool group)
{
	return by_type(f, packet, n, type, group);
}

/* Both ends of the address, which overlap, are all ones. */
static inline bool is_broadcast(const uint8_t *frame)
{
	return (sap_get_be32(frame) & sap_get_be32(frame + 2)) == 0xffffffff;
}

/* The solicited-node group of one of CSME's addresses: the MAC address ends with the same 24 bits. */
static inline bool solicits(const struct sap_filter *f, const uint8_t *frame, uint32_t type)
{
	return type == SAP_ETHERTYPE_IPV6 && sap_get_be16(frame) == 0x3333 && frame[2] == 0xff &&
	       is_our_ipv6(f, frame + 2);
}

/* A multicast frame: the first eth filter with its address says whether to go on. */
static SAP_APART uint32_t by_group(const struct sap_filter *f, const uint8_t *frame, const uint8_t *packet,
				   uint32_t n, uint32_t type)
{
	uint32_t high = sap_get_be16(frame), low = sap_get_be32(frame + 2);
	uint32_t i = 0;

	if (type == SAP_ETHERTYPE_SERVICE)
		return host_alone(SAP_RULE_FLAW);
	while (i < f->n_eth && (f->eth_low[i] != low || f->eth_high[i] != high))
		i++;
	if (i == f->n_eth && !solicits(f, frame, type))
		return host_alone(SAP_RULE_MULTICAST);
	if (i < f->n_eth && f->eth_stops & 1u << i)
		return f->eth[i];
	return by_type_apart(f, packet, n, type, true);
}

/* --- VLAN --- */

/* Id 0 is a priority tag, which is as good as none. */
static inline bool takes_id(const struct sap_filter *f, uint32_t id)
{
	return id == 0 || f->vlan[0] == id || f->vlan[1] == id || f->vlan[2] == id || f->vlan[3] == id;
}

static SAP_APART uint32_t by_tag(const struct sap_filter *f, const uint8_t *frame, const uint8_t *tag,
				 uint32_t n)
{
	uint32_t type = sap_get_be16(tag + 2);

	if (frame_is_tag(type))
		return host_alone(SAP_RULE_FLAW);
	if (!takes_id(f, sap_get_be16(tag) & SAP_VLAN_ID_MASK))
		return host_alone(SAP_RULE_VLAN);
	if (frame[0] & 1 && !is_broadcast(frame))
		return by_group(f, frame, tag + FRAME_TAG_SIZE, n - FRAME_TAG_SIZE, type);
	return by_type_apart(f, tag + FRAME_TAG_SIZE, n - FRAME_TAG_SIZE, type, false);
}

/* Most VLANs are others', and known as such by a bit. */
static inline uint32_t by_vlan(const struct sap_filter *f, const uint8_t *frame, const uint8_t *tag,
			       uint32_t n)
{
	if (n < FRAME_TAG_SIZE)
		return host_alone(SAP_RULE_FLAW);
	if (SAP_SELDOM(filter_may_have(f->vlans, sap_get_be16(tag)) || frame_is_tag(sap_get_be16(tag + 2))))
		return by_tag(f, frame, tag, n);
	return host_alone(SAP_RULE_VLAN);
}

bool sap_filter_takes_vlan(const struct sap_filter *filter, const uint8_t *frame, uint32_t len)
{
	const uint8_t *tag = frame + SAP_ETHERNET_HEADER_SIZE;
	uint32_t type;

	if (len < SAP_ETHERNET_HEADER_SIZE)
		return false;
	type = sap_get_be16(frame + FRAME_TYPE);
	if (!frame_is_tag(type))
		return true;
	if (type == SAP_ETHERTYPE_SERVICE || len < SAP_ETHERNET_HEADER_SIZE + FRAME_TAG_SIZE)
		return false;
	return !frame_is_tag(sap_get_be16(tag + 2)) && takes_id(filter, sap_get_be16(tag) & SAP_VLAN_ID_MASK);
}

/* --- the way of a frame --- */

/*
 * A service tag is a flaw before anything is said of a group; it is rare, so it is asked for where a frame is
 * done with.
 */
static inline uint32_t by_frame(const struct sap_filter *f, const uint8_t *frame, uint32_t len)
{
	const uint8_t *packet = frame + SAP_ETHERNET_HEADER_SIZE;
	uint32_t n = len - SAP_ETHERNET_HEADER_SIZE, type;

	/* Both at once: a frame that is too short is very long here, and without filters each is. */
	if (n >= f->longest)
		return f->longest ? host_alone(SAP_RULE_FLAW) : host_alone(SAP_RULE_NO_FILTERS);
	type = sap_get_be16(frame + FRAME_TYPE);
	if (type == SAP_ETHERTYPE_VLAN)
		return by_vlan(f, frame, packet, n);
	if (SAP_SELDOM(frame[0] & 1)) {
		if (!filter_may_have(f->groups, frame[5]))
			return type == SAP_ETHERTYPE_SERVICE ? host_alone(SAP_RULE_FLAW)
							     : host_alone(SAP_RULE_MULTICAST);
		if (!is_broadcast(frame))
			return by_group(f, frame, packet, n, type);
	}
	return by_type(f, packet, n, type, false);
}

SAP_HOT struct sap_verdict sap_filter_classify(const struct sap_filter *filter, const uint8_t *frame,
					       uint32_t len)
{
	return filter_verdict(by_frame(filter, frame, len));
}
