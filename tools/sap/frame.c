// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
#include "frame.h"

#include <arpa/inet.h>
#include <stdbool.h>

enum {
	ETHERNET_HEADER = 14,
	VLAN_TAG = 4,
	IPV4_HEADER = 20, /* without options */
	IPV6_HEADER = 40,
	ARP_PACKET = 28, /* over Ethernet, for IPv4 */
	PORTS = 4,
	TYPE_IPV4 = 0x0800,
	TYPE_ARP = 0x0806,
	TYPE_VLAN = 0x8100,
	TYPE_IPV6 = 0x86dd,
	PROTOCOL_ICMP = 1,
	PROTOCOL_TCP = 6,
	PROTOCOL_UDP = 17,
	PROTOCOL_ICMPV6 = 58,
	IPV4_FRAGMENT_OFFSET = 0x1fff,
};

/* What is left of a frame behind the headers already told. */
struct rest {
	const uint8_t *p;
	size_t len;
};

static bool skip(struct rest *rest, size_t n)
{
	if (rest->len < n)
		return false;
	rest->p += n;
	rest->len -= n;
	return true;
}

static unsigned int be16(const uint8_t *p)
{
	return (unsigned int)p[0] << 8 | p[1];
}

static void add_mac(struct text *out, const uint8_t *p)
{
	text_add(out, "%02x:%02x:%02x:%02x:%02x:%02x", p[0], p[1], p[2], p[3], p[4], p[5]);
}

static void add_protocol(struct text *out, unsigned int protocol)
{
	switch (protocol) {
	case PROTOCOL_ICMP:
		text_add(out, " ICMP ");
		break;
	case PROTOCOL_TCP:
		text_add(out, " TCP ");
		break;
	case PROTOCOL_UDP:
		text_add(out, " UDP ");
		break;
	case PROTOCOL_ICMPV6:
		text_add(out, " ICMPv6 ");
		break;
	default:
		text_add(out, " protocol %u ", protocol);
		break;
	}
}

/* "address:port > address:port", the ports if there are any. */
static void add_ends(struct text *out, int family, const uint8_t *from, const uint8_t *to,
		     const struct rest *transport, bool ports)
{
	char text[INET6_ADDRSTRLEN];

	ports = ports && transport->len >= PORTS;
	for (unsigned int i = 0; i < 2; i++) {
		if (i)
			text_add(out, " > ");
		if (!inet_ntop(family, i ? to : from, text, sizeof(text)))
			return;
		if (ports)
			text_add(out, family == AF_INET6 ? "[%s]:%u" : "%s:%u", text,
				 be16(transport->p + 2 * i));
		else
			text_add(out, "%s", text);
	}
}

static void add_ipv4(struct text *out, struct rest rest)
{
	const uint8_t *ip = rest.p;
	unsigned int protocol;
	bool ports;

	text_add(out, ", IPv4");
	if (rest.len < IPV4_HEADER || !skip(&rest, 4u * (ip[0] & 0x0f))) {
		text_add(out, " (cut)");
		return;
	}
	protocol = ip[9];
	/* Only a datagram's first fragment has the ports. */
	ports = (protocol == PROTOCOL_TCP || protocol == PROTOCOL_UDP) &&
		!(be16(ip + 6) & IPV4_FRAGMENT_OFFSET);
	add_protocol(out, protocol);
	add_ends(out, AF_INET, ip + 12, ip + 16, &rest, ports);
}

static void add_ipv6(struct text *out, struct rest rest)
{
	const uint8_t *ip = rest.p;
	unsigned int next;

	text_add(out, ", IPv6");
	if (!skip(&rest, IPV6_HEADER)) {
		text_add(out, " (cut)");
		return;
	}
	next = ip[6];
	add_protocol(out, next);
	add_ends(out, AF_INET6, ip + 8, ip + 24, &rest, next == PROTOCOL_TCP || next == PROTOCOL_UDP);
}

static void add_arp(struct text *out, const struct rest *rest)
{
	const uint8_t *arp = rest->p;
	unsigned int operation;

	text_add(out, ", ARP");
	if (rest->len < ARP_PACKET) {
		text_add(out, " (cut)");
		return;
	}
	operation = be16(arp + 6);
	text_add(out, "%s %u.%u.%u.%u > %u.%u.%u.%u",
		 operation == 1	  ? " request"
		 : operation == 2 ? " reply"
				  : "",
		 arp[14], arp[15], arp[16], arp[17], arp[24], arp[25], arp[26], arp[27]);
}

void frame_summary(struct text *out, const uint8_t *frame, size_t len)
{
	struct rest rest = {frame, len};
	unsigned int type;

	if (!skip(&rest, ETHERNET_HEADER)) {
		text_add(out, "shorter than an Ethernet header");
		return;
	}
	add_mac(out, frame + 6);
	text_add(out, " > ");
	add_mac(out, frame);
	type = be16(frame + 12);
	if (type == TYPE_VLAN && rest.len >= VLAN_TAG) {
		text_add(out, ", VLAN %u", be16(rest.p) & 0x0fff);
		type = be16(rest.p + 2);
		skip(&rest, VLAN_TAG);
	}
	switch (type) {
	case TYPE_IPV4:
		add_ipv4(out, rest);
		break;
	case TYPE_IPV6:
		add_ipv6(out, rest);
		break;
	case TYPE_ARP:
		add_arp(out, &rest);
		break;
	default:
		text_add(out, type < 0x600 ? ", 802.3 length %u" : ", type 0x%04x", type);
		break;
	}
}
