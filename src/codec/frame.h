/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
/*
 * Headers of a frame, outside in: where the next one starts, and how far it may be read. Once for the filters,
 * which need it fast, and for sap_frame_read(), which makes a value of it.
 *
 * Each function is given the bytes that there are and checks them before it reads; what it gives, the next may
 * rely on.
 */
#ifndef SAP_CODEC_FRAME_H
#define SAP_CODEC_FRAME_H

#include "bytes.h"

#include <sap/frame.h>

enum {
	FRAME_TYPE = 12, /* in the Ethernet header */
	FRAME_TAG_SIZE = 4,
	FRAME_ARP_SIZE = 28,
	FRAME_ARP_OP = 6,
	FRAME_ARP_SENDER = 14,
	FRAME_ARP_TARGET = 24,
	FRAME_IPV4_SIZE = 20,
	FRAME_IPV4_SRC = 12,
	FRAME_IPV4_DST = 16,
	FRAME_IPV6_SIZE = 40,
	FRAME_IPV6_SRC = 8,
	FRAME_IPV6_DST = 24,
	FRAME_PORTS_SIZE = 4, /* of TCP and UDP: both ports */
	FRAME_ICMP_SIZE = 2,  /* type and code */
};

/* The inside of an IP packet; `at` and `end` count from the packet's start. */
struct frame_inside {
	uint32_t at, end;
	uint8_t protocol;
	bool fragment, later;
};

static inline bool frame_is_tag(uint32_t type)
{
	return type == SAP_ETHERTYPE_VLAN || type == SAP_ETHERTYPE_SERVICE;
}

/* ARP for Ethernet and IPv4: hardware 1, protocol 0x0800, addresses of 6 and 4 bytes. */
static inline enum sap_frame_flaw frame_arp(const uint8_t *arp, uint32_t n)
{
	if (n < FRAME_ARP_SIZE)
		return SAP_FLAW_CUT;
	return sap_get_be32(arp) == 0x00010800 && sap_get_be16(arp + 4) == 0x0604 ? SAP_FLAW_NONE
										  : SAP_FLAW_ARP;
}

static inline enum sap_frame_flaw frame_ipv4(const uint8_t *ip, uint32_t n, struct frame_inside *in)
{
	uint32_t where;

	if (n < FRAME_IPV4_SIZE)
		return SAP_FLAW_CUT;
	if (ip[0] - 0x45u > 10) /* not 0x45 to 0x4f */
		return ip[0] >> 4 != 4 ? SAP_FLAW_VERSION : SAP_FLAW_LENGTH;
	in->at = 4u * (ip[0] & 15u);
	in->end = sap_get_be16(ip + 2);
	if (in->end < in->at || in->end > n)
		return SAP_FLAW_LENGTH;
	where = sap_get_be16(ip + 6);
	in->protocol = ip[9];
	in->later = where & 0x1fff;    /* the offset */
	in->fragment = where & 0x3fff; /* and "more follow" */
	return SAP_FLAW_NONE;
}

enum {
	FRAME_HOP_BY_HOP = 0,
	FRAME_ROUTING = 43,
	FRAME_FRAGMENT = 44,
	FRAME_AUTHENTICATION = 51,
	FRAME_DESTINATION = 60,
};

static inline bool frame_is_extension(uint32_t protocol)
{
	return protocol == FRAME_HOP_BY_HOP || protocol == FRAME_ROUTING || protocol == FRAME_FRAGMENT ||
	       protocol == FRAME_AUTHENTICATION || protocol == FRAME_DESTINATION;
}

/* The size of an extension header of which at least 8 bytes are there: each kind says it in its own way. */
static inline uint32_t frame_extension_size(uint32_t protocol, const uint8_t *head)
{
	if (protocol == FRAME_FRAGMENT)
		return 8;
	return protocol == FRAME_AUTHENTICATION ? 4 * (head[1] + 2u) : 8 * (head[1] + 1u);
}

/* Passes over extension headers, in any order. Behind a later fragment's nothing is a header. */
static inline enum sap_frame_flaw frame_extensions(const uint8_t *ip, struct frame_inside *in)
{
	for (uint32_t i = 0; frame_is_extension(in->protocol) && !in->later; i++) {
		const uint8_t *head = ip + in->at;
		uint32_t size;

		if (i == SAP_FRAME_EXTENSIONS)
			return SAP_FLAW_EXTENSIONS;
		if (in->end - in->at < 8)
			return SAP_FLAW_CUT;
		size = frame_extension_size(in->protocol, head);
		if (in->end - in->at < size)
			return SAP_FLAW_CUT;
		if (in->protocol == FRAME_FRAGMENT) {
			in->later = sap_get_be16(head + 2) & 0xfff8;
			in->fragment = true;
		}
		in->protocol = head[0];
		in->at += size;
	}
	return SAP_FLAW_NONE;
}

/* As far as the first extension header. */
static inline enum sap_frame_flaw frame_ipv6(const uint8_t *ip, uint32_t n, struct frame_inside *in)
{
	if (n < FRAME_IPV6_SIZE)
		return SAP_FLAW_CUT;
	if (ip[0] >> 4 != 6)
		return SAP_FLAW_VERSION;
	in->at = FRAME_IPV6_SIZE;
	in->end = FRAME_IPV6_SIZE + (uint32_t)sap_get_be16(ip + 4);
	if (in->end > n)
		return SAP_FLAW_LENGTH;
	in->protocol = ip[6];
	in->fragment = false;
	in->later = false;
	return SAP_FLAW_NONE;
}

#endif
