// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
/* A frame's headers as a value. */
#include "frame.h"

#include "../platform.h"

#include <sap/wire.h>

const char *sap_frame_flaw_text(enum sap_frame_flaw flaw)
{
	switch (flaw) {
	case SAP_FLAW_NONE:
		break;
	case SAP_FLAW_SHORT:
		return "shorter than an Ethernet header";
	case SAP_FLAW_TAGS:
		return "two VLAN tags, or the tag of a provider";
	case SAP_FLAW_CUT:
		return "a header is cut off";
	case SAP_FLAW_VERSION:
		return "another version of IP than the EtherType says";
	case SAP_FLAW_LENGTH:
		return "a length that cannot be";
	case SAP_FLAW_EXTENSIONS:
		return "too many extension headers";
	case SAP_FLAW_ARP:
		return "ARP of other than Ethernet and IPv4 addresses";
	}
	return "";
}

/* The header inside an IP packet, as far as the filters look at it. */
static enum sap_frame_flaw read_inside(const uint8_t *ip, const struct frame_inside *in,
				       struct sap_frame *facts)
{
	const uint8_t *head = ip + in->at;
	uint32_t n = in->end - in->at;

	facts->protocol = in->protocol;
	facts->fragment = in->fragment;
	facts->later = in->later;
	if (in->later)
		return SAP_FLAW_NONE;
	if (in->protocol == SAP_IPPROTO_TCP || in->protocol == SAP_IPPROTO_UDP) {
		if (n < FRAME_PORTS_SIZE)
			return SAP_FLAW_CUT;
		facts->has_ports = true;
		facts->src_port = sap_get_be16(head);
		facts->dst_port = sap_get_be16(head + 2);
	} else if (in->protocol ==
		   (facts->type == SAP_ETHERTYPE_IPV4 ? SAP_IPPROTO_ICMP : SAP_IPPROTO_ICMPV6)) {
		if (n < FRAME_ICMP_SIZE)
			return SAP_FLAW_CUT;
		facts->has_icmp = true;
		facts->icmp_type = head[0];
		facts->icmp_code = head[1];
	}
	return SAP_FLAW_NONE;
}

static enum sap_frame_flaw read_ipv4(const uint8_t *ip, uint32_t n, struct sap_frame *facts)
{
	struct frame_inside in;
	enum sap_frame_flaw flaw = frame_ipv4(ip, n, &in);

	if (flaw != SAP_FLAW_NONE)
		return flaw;
	facts->ipv4_src = sap_get_be32(ip + FRAME_IPV4_SRC);
	facts->ipv4_dst = sap_get_be32(ip + FRAME_IPV4_DST);
	return read_inside(ip, &in, facts);
}

static enum sap_frame_flaw read_ipv6(const uint8_t *ip, uint32_t n, struct sap_frame *facts)
{
	struct frame_inside in;
	enum sap_frame_flaw flaw = frame_ipv6(ip, n, &in);

	if (flaw == SAP_FLAW_NONE)
		flaw = frame_extensions(ip, &in);
	if (flaw != SAP_FLAW_NONE)
		return flaw;
	memcpy(facts->ipv6_src, ip + FRAME_IPV6_SRC, sizeof(facts->ipv6_src));
	memcpy(facts->ipv6_dst, ip + FRAME_IPV6_DST, sizeof(facts->ipv6_dst));
	return read_inside(ip, &in, facts);
}

static enum sap_frame_flaw read_arp(const uint8_t *arp, uint32_t n, struct sap_frame *facts)
{
	enum sap_frame_flaw flaw = frame_arp(arp, n);

	if (flaw != SAP_FLAW_NONE)
		return flaw;
	facts->arp_op = sap_get_be16(arp + FRAME_ARP_OP);
	facts->ipv4_src = sap_get_be32(arp + FRAME_ARP_SENDER);
	facts->ipv4_dst = sap_get_be32(arp + FRAME_ARP_TARGET);
	return SAP_FLAW_NONE;
}

/* The tag, if there is one; `at` goes on to what lies behind it. */
static enum sap_frame_flaw read_tag(const uint8_t *frame, uint32_t len, uint32_t *at, struct sap_frame *facts)
{
	facts->type = sap_get_be16(frame + FRAME_TYPE);
	if (facts->type == SAP_ETHERTYPE_SERVICE)
		return SAP_FLAW_TAGS;
	if (facts->type != SAP_ETHERTYPE_VLAN)
		return SAP_FLAW_NONE;
	if (len - *at < FRAME_TAG_SIZE)
		return SAP_FLAW_SHORT;
	facts->tagged = true;
	facts->vlan = sap_get_be16(frame + *at) & SAP_VLAN_ID_MASK;
	facts->type = sap_get_be16(frame + *at + 2);
	*at += FRAME_TAG_SIZE;
	return frame_is_tag(facts->type) ? SAP_FLAW_TAGS : SAP_FLAW_NONE;
}

void sap_frame_read(const uint8_t *frame, uint32_t len, struct sap_frame *facts)
{
	uint32_t at = SAP_ETHERNET_HEADER_SIZE;

	memset(facts, 0, sizeof(*facts));
	facts->flaw = SAP_FLAW_SHORT;
	if (len < SAP_ETHERNET_HEADER_SIZE)
		return;
	memcpy(facts->dst.bytes, frame, sizeof(facts->dst.bytes));
	memcpy(facts->src.bytes, frame + 6, sizeof(facts->src.bytes));
	facts->flaw = read_tag(frame, len, &at, facts);
	if (facts->flaw != SAP_FLAW_NONE)
		return;
	if (facts->type == SAP_ETHERTYPE_IPV4)
		facts->flaw = read_ipv4(frame + at, len - at, facts);
	else if (facts->type == SAP_ETHERTYPE_IPV6)
		facts->flaw = read_ipv6(frame + at, len - at, facts);
	else if (facts->type == SAP_ETHERTYPE_ARP)
		facts->flaw = read_arp(frame + at, len - at, facts);
}

bool sap_frame_is_dhcp_request(const uint8_t *frame, uint32_t len)
{
	uint32_t at = SAP_ETHERNET_HEADER_SIZE, type;
	struct frame_inside in;

	if (len < SAP_ETHERNET_HEADER_SIZE)
		return false;
	type = sap_get_be16(frame + FRAME_TYPE);
	if (type == SAP_ETHERTYPE_VLAN && len - at >= FRAME_TAG_SIZE) {
		type = sap_get_be16(frame + at + 2);
		at += FRAME_TAG_SIZE;
	}
	if (type != SAP_ETHERTYPE_IPV4 || frame_ipv4(frame + at, len - at, &in) != SAP_FLAW_NONE)
		return false;
	if (in.protocol != SAP_IPPROTO_UDP || in.later || in.end - in.at < FRAME_PORTS_SIZE)
		return false;
	return sap_get_be32(frame + at + in.at) == (68u << 16 | 67u);
}
