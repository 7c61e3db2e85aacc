// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
#include "filter_words.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

enum {
	DIGITS = 24
};

__attribute__((format(printf, 4, 5))) static void add(struct filter_lines *lines, const char *what, int index,
						      const char *format, ...)
{
	struct filter_line *line = &lines->line[lines->n];
	va_list args;

	if (lines->n == FILTER_LINES)
		return;
	if (index < 0)
		snprintf(line->name, sizeof(line->name), "%s", what);
	else
		snprintf(line->name, sizeof(line->name), "%s %d", what, index);
	va_start(args, format);
	vsnprintf(line->text, sizeof(line->text), format, args);
	va_end(args);
	lines->n++;
}

static const char *where(bool copy)
{
	return copy ? "to both" : "to CSME alone";
}

static void print_ipv4(char out[DIGITS], uint32_t address)
{
	snprintf(out, DIGITS, "%u.%u.%u.%u", (unsigned int)(address >> 24),
		 (unsigned int)(address >> 16 & 255), (unsigned int)(address >> 8 & 255),
		 (unsigned int)(address & 255));
}

static void print_mac(char out[DIGITS], const uint8_t *mac)
{
	snprintf(out, DIGITS, "%02x:%02x:%02x:%02x:%02x:%02x", mac[0], mac[1], mac[2], mac[3], mac[4],
		 mac[5]);
}

/* --- what is set --- */

static const char *protocol_words(uint32_t flags)
{
	flags &= SAP_FLEX_TCP | SAP_FLEX_UDP;
	if (flags == SAP_FLEX_TCP)
		return "TCP";
	return flags == SAP_FLEX_UDP ? "UDP" : "TCP and UDP";
}

static const char *need_words(uint32_t flags)
{
	switch (flags & (SAP_FLEX_IPV4 | SAP_FLEX_IPV6)) {
	case SAP_FLEX_IPV4:
		return ", to the IPv4 address";
	case SAP_FLEX_IPV6:
		return ", to an IPv6 address";
	case SAP_FLEX_IPV4 | SAP_FLEX_IPV6:
		return ", to the IPv4 address or an IPv6 address";
	default:
		return ", to any address";
	}
}

static void show_flex(const struct sap_flex_filter *flex, struct filter_lines *lines)
{
	for (int i = 0; i < SAP_FLEX_FILTERS && flex[i].flags & SAP_FLEX_ENABLED; i++) {
		char from[DIGITS] = "", to[DIGITS] = "";

		if (flex[i].src_port)
			snprintf(from, sizeof(from), " from port %u", (unsigned int)flex[i].src_port);
		if (flex[i].dst_port)
			snprintf(to, sizeof(to), " to port %u", (unsigned int)flex[i].dst_port);
		add(lines, "flex", i, "%s%s%s%s%s: %s", protocol_words(flex[i].flags), from, to,
		    *from || *to ? "" : " of any port", need_words(flex[i].flags),
		    where(flex[i].flags & SAP_FLEX_COPY));
	}
}

static void show_eth(const struct sap_eth_filter *eth, struct filter_lines *lines)
{
	for (int i = 0; i < SAP_ETH_FILTERS && eth[i].flags & SAP_ETH_ENABLED; i++) {
		char mac[DIGITS];

		print_mac(mac, eth[i].mac_address.bytes);
		if (eth[i].flags & SAP_ETH_STOP)
			add(lines, "eth", i, "%s: %s, whatever is inside", mac,
			    where(eth[i].flags & SAP_ETH_COPY));
		else
			add(lines, "eth", i, "%s: if another filter fits", mac);
	}
}

static void show_ipv4(const struct sap_ipv4_filter *ipv4, struct filter_lines *lines)
{
	char address[DIGITS] = "any address";

	if (ipv4->ipv4_addr)
		print_ipv4(address, ipv4->ipv4_addr);
	if (ipv4->ipv4_addr)
		add(lines, "ipv4", -1, "%s", address);
	if (ipv4->flags & SAP_IPV4_ICMP_PASS)
		add(lines, "icmp", -1, "to %s, no echo requests: %s", address,
		    where(ipv4->flags & SAP_IPV4_ICMP_COPY));
	if (ipv4->flags & SAP_IPV4_ARP_REQUEST_PASS)
		add(lines, "arp request", -1, "for %s: %s", address,
		    where(ipv4->flags & SAP_IPV4_ARP_REQUEST_COPY));
	if (ipv4->flags & SAP_IPV4_ARP_REPLY_PASS)
		add(lines, "arp reply", -1, "to anybody: %s", where(ipv4->flags & SAP_IPV4_ARP_REPLY_COPY));
}

static void show_ipv6(const struct sap_oob_filters *oob, struct filter_lines *lines)
{
	for (int i = 0; i < SAP_IPV6_FILTERS; i++) {
		const struct sap_ipv6_filter *ipv6 = &oob->ipv6[i];

		if (ipv6->flags & SAP_IPV6_ENABLED)
			add(lines, "ipv6", i, "addresses that end with %02x:%02x%02x%s", ipv6->addr_lo24[0],
			    ipv6->addr_lo24[1], ipv6->addr_lo24[2],
			    ipv6->flags & SAP_IPV6_COPY ? "; their ICMPv6 to both" : "");
	}
	if (oob->icmpv6_flags & SAP_ICMPV6_ENABLED)
		add(lines, "icmpv6", -1, "to these addresses and to groups, no echo requests: %s",
		    oob->icmpv6_flags & SAP_ICMPV6_COPY
			    ? "to both"
			    : "to CSME alone; neighbour discovery and groups to both");
}

static void show_vlan(const uint16_t *vlan, struct filter_lines *lines)
{
	for (int i = 0; i < SAP_VLAN_FILTERS; i++) {
		if (vlan[i] & SAP_VLAN_ENABLED)
			add(lines, "vlan", i, "%u, beside untagged frames",
			    vlan[i] & (unsigned int)SAP_VLAN_ID_MASK);
	}
}

void filter_show_lines(const struct sap_oob_filters *oob, struct filter_lines *lines)
{
	lines->n = 0;
	show_vlan(oob->vlan, lines);
	show_eth(oob->eth, lines);
	show_flex(oob->flex, lines);
	show_ipv4(&oob->ipv4, lines);
	show_ipv6(oob, lines);
}

/* --- why not --- */

static bool is_ipv6(const struct sap_frame *f)
{
	return f->type == SAP_ETHERTYPE_IPV6;
}

static bool ipv6_matches(const struct sap_oob_filters *oob, const struct sap_frame *f)
{
	for (int i = 0; i < SAP_IPV6_FILTERS; i++) {
		if (oob->ipv6[i].flags & SAP_IPV6_ENABLED &&
		    memcmp(oob->ipv6[i].addr_lo24, f->ipv6_dst + 13, 3) == 0)
			return true;
	}
	return false;
}

static bool address_matches(const struct sap_oob_filters *oob, const struct sap_frame *f)
{
	if (is_ipv6(f))
		return ipv6_matches(oob, f);
	return !oob->ipv4.ipv4_addr || oob->ipv4.ipv4_addr == f->ipv4_dst;
}

/* The first thing that does not fit, or null. */
static const char *flex_miss(const struct sap_oob_filters *oob, const struct sap_flex_filter *flex,
			     const struct sap_frame *f, char buffer[64])
{
	uint32_t protocols = flex->flags & (SAP_FLEX_TCP | SAP_FLEX_UDP);
	uint32_t needs = flex->flags & (SAP_FLEX_IPV4 | SAP_FLEX_IPV6);
	uint32_t own = f->protocol == SAP_IPPROTO_TCP ? SAP_FLEX_TCP : SAP_FLEX_UDP;

	if (protocols && !(protocols & own))
		return protocols == SAP_FLEX_TCP ? "it takes TCP" : "it takes UDP";
	if (needs && !(needs & (is_ipv6(f) ? SAP_FLEX_IPV6 : SAP_FLEX_IPV4)))
		return is_ipv6(f) ? "it needs an IPv4 address" : "it needs an IPv6 address";
	if (needs && !address_matches(oob, f))
		return "it needs CSME's address, and the packet is to another";
	if (f->later && (flex->src_port || flex->dst_port))
		return "a fragment other than the first has no ports";
	if (flex->dst_port && flex->dst_port != f->dst_port) {
		snprintf(buffer, 64, "it takes port %u, the packet is to port %u",
			 (unsigned int)flex->dst_port, (unsigned int)f->dst_port);
		return buffer;
	}
	if (flex->src_port && flex->src_port != f->src_port) {
		snprintf(buffer, 64, "it takes source port %u, the packet is from port %u",
			 (unsigned int)flex->src_port, (unsigned int)f->src_port);
		return buffer;
	}
	return NULL;
}

static void miss_flex(const struct sap_oob_filters *oob, const struct sap_frame *f,
		      struct sap_verdict verdict, struct filter_lines *lines)
{
	char buffer[64];

	for (int i = 0; i < SAP_FLEX_FILTERS && oob->flex[i].flags & SAP_FLEX_ENABLED; i++) {
		bool decided = verdict.rule == SAP_RULE_FLEX && verdict.index == i;
		const char *why = flex_miss(oob, &oob->flex[i], f, buffer);

		if (!decided)
			add(lines, "flex", i, "%s", why ? why : "it fits too, behind the one that decided");
	}
}

static void miss_icmp(const struct sap_oob_filters *oob, const struct sap_frame *f,
		      struct filter_lines *lines)
{
	if (f->later)
		add(lines, "icmp", -1, "a fragment other than the first has no type");
	else if (!(oob->ipv4.flags & SAP_IPV4_ICMP_PASS))
		add(lines, "icmp", -1, "ICMP pass is not set");
	else
		add(lines, "icmp", -1, "the packet is to another address");
}

static void miss_icmpv6(const struct sap_oob_filters *oob, const struct sap_frame *f,
			struct filter_lines *lines)
{
	if (f->later)
		add(lines, "icmpv6", -1, "a fragment other than the first has no type");
	else if (!(oob->icmpv6_flags & SAP_ICMPV6_ENABLED))
		add(lines, "icmpv6", -1, "it is not enabled");
	else
		add(lines, "icmpv6", -1, "the packet is to no address of CSME's and to no group");
}

static void miss_arp(const struct sap_oob_filters *oob, const struct sap_frame *f, struct filter_lines *lines)
{
	if (f->arp_op == 1)
		add(lines, "arp request", -1, "%s",
		    oob->ipv4.flags & SAP_IPV4_ARP_REQUEST_PASS ? "it asks for another address"
								: "ARP request pass is not set");
	else if (f->arp_op == 2)
		add(lines, "arp reply", -1, "ARP reply pass is not set");
	else
		add(lines, "arp", -1, "neither a request nor a reply");
}

static void miss_multicast(const struct sap_oob_filters *oob, struct filter_lines *lines)
{
	for (int i = 0; i < SAP_ETH_FILTERS && oob->eth[i].flags & SAP_ETH_ENABLED; i++) {
		char mac[DIGITS];

		print_mac(mac, oob->eth[i].mac_address.bytes);
		add(lines, "eth", i, "it takes %s", mac);
	}
}

static void miss_vlan(const struct sap_oob_filters *oob, struct filter_lines *lines)
{
	for (int i = 0; i < SAP_VLAN_FILTERS; i++) {
		if (oob->vlan[i] & SAP_VLAN_ENABLED)
			add(lines, "vlan", i, "it is %u", oob->vlan[i] & (unsigned int)SAP_VLAN_ID_MASK);
	}
}

static void miss_type(const struct sap_oob_filters *oob, const struct sap_frame *f,
		      struct filter_lines *lines)
{
	if (f->type == SAP_ETHERTYPE_ARP)
		miss_arp(oob, f, lines);
	else if (f->type == SAP_ETHERTYPE_IPV4 && f->protocol == SAP_IPPROTO_ICMP)
		miss_icmp(oob, f, lines);
	else if (is_ipv6(f) && f->protocol == SAP_IPPROTO_ICMPV6)
		miss_icmpv6(oob, f, lines);
	else
		add(lines, "all", -1, "they take TCP, UDP, ICMP, ICMPv6 and ARP only");
}

void filter_miss_lines(const struct sap_oob_filters *oob, const struct sap_frame *f,
		       struct sap_verdict verdict, struct filter_lines *lines)
{
	bool ip = f->type == SAP_ETHERTYPE_IPV4 || is_ipv6(f);
	bool ports = ip && (f->protocol == SAP_IPPROTO_TCP || f->protocol == SAP_IPPROTO_UDP);

	lines->n = 0;
	if (verdict.rule == SAP_RULE_VLAN)
		miss_vlan(oob, lines);
	else if (verdict.rule == SAP_RULE_MULTICAST)
		miss_multicast(oob, lines);
	else if (verdict.rule == SAP_RULE_FLEX || (verdict.rule == SAP_RULE_NO_MATCH && ports))
		miss_flex(oob, f, verdict, lines);
	else if (verdict.rule == SAP_RULE_NO_MATCH)
		miss_type(oob, f, lines);
}

/* --- what did --- */

const char *filter_where(struct sap_verdict verdict)
{
	if (!verdict.to_csme)
		return "to the host alone";
	return verdict.to_host ? "to both" : "to CSME alone";
}

void filter_decided(struct text *out, const struct sap_frame *frame, struct sap_verdict verdict)
{
	if (verdict.rule == SAP_RULE_FLEX)
		text_add(out, "flex %u fits", (unsigned int)verdict.index);
	else if (verdict.rule == SAP_RULE_ETH)
		text_add(out, "eth %u says stop", (unsigned int)verdict.index);
	else if (verdict.rule == SAP_RULE_FLAW)
		text_add(out, "%s", sap_frame_flaw_text(frame->flaw));
	else
		text_add(out, "%s", sap_rule_text((enum sap_rule)verdict.rule));
}
