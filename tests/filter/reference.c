// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
#include "reference.h"

#include <string.h>

/* --- bytes, taken from the front; past the end `short_of` is set and all is zero --- */

struct reader {
	const uint8_t *bytes;
	uint32_t left;
	bool short_of;
};

static uint32_t take(struct reader *r, uint32_t n)
{
	uint32_t value = 0;

	if (r->short_of || r->left < n) {
		r->short_of = true;
		return 0;
	}
	for (uint32_t i = 0; i < n; i++)
		value = value * 256 + *r->bytes++;
	r->left -= n;
	return value;
}

static void skip(struct reader *r, uint32_t n)
{
	for (uint32_t i = 0; i < n; i++)
		(void)take(r, 1);
}

/* --- facts of a frame --- */

struct facts {
	bool flaw;	 /* in the Ethernet header or its tag */
	bool inner_flaw; /* in what it carries */
	bool tagged;
	uint32_t vlan, type;
	uint8_t mac[6];
	uint32_t protocol;
	bool later;
	uint32_t dst4; /* IPv4's destination, or ARP's target */
	uint32_t dst6_low24;
	uint32_t arp_op;
	uint32_t src_port, dst_port, icmp_type, icmp_code;
};

static void read_upper(struct reader *r, struct facts *facts, uint32_t icmp)
{
	if (facts->later)
		return;
	if (facts->protocol == 6 || facts->protocol == 17) {
		facts->src_port = take(r, 2);
		facts->dst_port = take(r, 2);
	} else if (facts->protocol == icmp) {
		facts->icmp_type = take(r, 1);
		facts->icmp_code = take(r, 1);
	}
	facts->inner_flaw |= r->short_of;
}

static void read_ipv4(struct reader r, struct facts *facts)
{
	uint32_t all = r.left;
	uint32_t first = take(&r, 1), header = first % 16 * 4;
	uint32_t total, where;

	skip(&r, 1);
	total = take(&r, 2);
	skip(&r, 2);
	where = take(&r, 2);
	skip(&r, 1);
	facts->protocol = take(&r, 1);
	skip(&r, 2 + 4);
	facts->dst4 = take(&r, 4);
	if (r.short_of || first / 16 != 4 || header < 20 || total < header || total > all) {
		facts->inner_flaw = true;
		return;
	}
	facts->later = where % 8192 != 0;
	r.left = total - 20;
	skip(&r, header - 20);
	read_upper(&r, facts, 1);
}

/* Walks to the header that is none of the five extensions. */
static bool read_extensions(struct reader *r, struct facts *facts)
{
	for (unsigned seen = 1; !facts->later; seen++) {
		uint32_t kind = facts->protocol;
		uint32_t length, offset;

		if (kind != 0 && kind != 43 && kind != 44 && kind != 51 && kind != 60)
			return true;
		if (seen > 8)
			return false;
		facts->protocol = take(r, 1);
		length = take(r, 1);
		offset = take(r, 2);
		skip(r, 4);
		if (kind == 44)
			facts->later = offset / 8 != 0;
		else if (kind == 51)
			skip(r, (length + 2) * 4 - 8);
		else
			skip(r, length * 8);
		if (r->short_of)
			return false;
	}
	return true;
}

static void read_ipv6(struct reader r, struct facts *facts)
{
	uint32_t first = take(&r, 1), length;

	skip(&r, 3);
	length = take(&r, 2);
	facts->protocol = take(&r, 1);
	skip(&r, 1 + 16 + 13);
	facts->dst6_low24 = take(&r, 3);
	if (r.short_of || first / 16 != 6 || length > r.left) {
		facts->inner_flaw = true;
		return;
	}
	r.left = length;
	if (!read_extensions(&r, facts))
		facts->inner_flaw = true;
	else
		read_upper(&r, facts, 58);
}

static void read_arp(struct reader r, struct facts *facts)
{
	uint32_t hardware = take(&r, 2), protocol = take(&r, 2), hardware_len = take(&r, 1);
	uint32_t protocol_len = take(&r, 1);

	facts->arp_op = take(&r, 2);
	skip(&r, 6 + 4 + 6);
	facts->dst4 = take(&r, 4);
	facts->inner_flaw =
		r.short_of || hardware != 1 || protocol != 0x800 || hardware_len != 6 || protocol_len != 4;
}

static struct facts read_frame(const uint8_t *frame, uint32_t len)
{
	struct reader r = {frame, len, false};
	struct facts facts;

	memset(&facts, 0, sizeof(facts));
	for (unsigned i = 0; i < 6; i++)
		facts.mac[i] = (uint8_t)take(&r, 1);
	skip(&r, 6);
	facts.type = take(&r, 2);
	if (facts.type == 0x8100) {
		facts.tagged = true;
		facts.vlan = take(&r, 2) % 4096;
		facts.type = take(&r, 2);
		facts.flaw = facts.type == 0x8100;
	}
	facts.flaw |= r.short_of || facts.type == 0x88a8;
	if (facts.type == 0x0800)
		read_ipv4(r, &facts);
	else if (facts.type == 0x86dd)
		read_ipv6(r, &facts);
	else if (facts.type == 0x0806)
		read_arp(r, &facts);
	return facts;
}

/* --- filters, as they lie in the payload --- */

static const uint8_t *oob(const uint8_t *payload, uint32_t offset)
{
	return payload + 1740 + offset;
}

static uint32_t big(const uint8_t *at, uint32_t n)
{
	uint32_t value = 0;

	for (uint32_t i = 0; i < n; i++)
		value = value * 256 + at[i];
	return value;
}

static struct sap_verdict verdict_of(bool csme, bool host, enum sap_rule rule, unsigned index)
{
	struct sap_verdict verdict = {csme, host, (uint8_t)rule, (uint8_t)index};

	return verdict;
}

static bool ipv6_matches(const uint8_t *payload, uint32_t low24, bool *copy)
{
	bool any = false;

	for (unsigned i = 0; i < 4; i++) {
		const uint8_t *filter = oob(payload, 88 + 4 * i);

		if (filter[3] & 2 && big(filter, 3) == low24) {
			any = true;
			*copy |= filter[3] & 1;
		}
	}
	return any;
}

static bool flex_fits(const uint8_t *filter, const struct facts *facts, bool v6, bool match)
{
	bool tcp = filter[4] & 16, udp = filter[4] & 32, need6 = filter[4] & 4, need4 = filter[4] & 8;
	uint32_t src = big(filter, 2), dst = big(filter + 2, 2);

	if (tcp != udp && facts->protocol != (tcp ? 6u : 17u))
		return false;
	if (need4 || need6) {
		if (v6 ? !need6 : !need4)
			return false;
		if (!match)
			return false;
	}
	if (facts->later)
		return src == 0 && dst == 0;
	return (src == 0 || src == facts->src_port) && (dst == 0 || dst == facts->dst_port);
}

static struct sap_verdict decide_flex(const uint8_t *payload, const struct facts *facts, bool v6, bool match)
{
	for (unsigned i = 0; i < 14; i++) {
		const uint8_t *filter = oob(payload, 6 * i);

		if (!(filter[4] & 2))
			break;
		if (flex_fits(filter, facts, v6, match))
			return verdict_of(true, filter[4] & 1, SAP_RULE_FLEX, i);
	}
	return verdict_of(false, true, SAP_RULE_NO_MATCH, 0);
}

static struct sap_verdict decide_ipv4(const uint8_t *payload, const struct facts *facts)
{
	uint32_t address = big(oob(payload, 140), 4), flags = oob(payload, 144)[0];
	bool match = address == 0 || address == facts->dst4;

	if (facts->protocol == 6 || facts->protocol == 17)
		return decide_flex(payload, facts, false, match);
	if (facts->protocol == 1 && !facts->later) {
		if (facts->icmp_type == 8 && facts->icmp_code == 0)
			return verdict_of(false, true, SAP_RULE_ECHO_REQUEST, 0);
		if (flags & 1 && match)
			return verdict_of(true, flags & 2, SAP_RULE_ICMP, 0);
	}
	return verdict_of(false, true, SAP_RULE_NO_MATCH, 0);
}

static struct sap_verdict decide_ipv6(const uint8_t *payload, const struct facts *facts, bool group)
{
	uint32_t flags = oob(payload, 84)[0];
	bool copy = false;
	bool match = ipv6_matches(payload, facts->dst6_low24, &copy);
	bool neighbours = facts->icmp_type >= 133 && facts->icmp_type <= 137;

	if (facts->protocol == 6 || facts->protocol == 17)
		return decide_flex(payload, facts, true, match);
	if (facts->protocol == 58 && !facts->later) {
		if (facts->icmp_type == 128 && facts->icmp_code == 0)
			return verdict_of(false, true, SAP_RULE_ECHO_REQUEST, 0);
		if (flags & 1 && (match || group))
			return verdict_of(true, flags & 2 || copy || group || neighbours, SAP_RULE_ICMPV6, 0);
	}
	return verdict_of(false, true, SAP_RULE_NO_MATCH, 0);
}

static struct sap_verdict decide_arp(const uint8_t *payload, const struct facts *facts)
{
	uint32_t address = big(oob(payload, 140), 4), flags = oob(payload, 144)[0];

	if (facts->arp_op == 1 && flags & 4 && (address == 0 || address == facts->dst4))
		return verdict_of(true, flags & 8, SAP_RULE_ARP_REQUEST, 0);
	if (facts->arp_op == 2 && flags & 16)
		return verdict_of(true, flags & 32, SAP_RULE_ARP_REPLY, 0);
	return verdict_of(false, true, SAP_RULE_NO_MATCH, 0);
}

static struct sap_verdict decide_type(const uint8_t *payload, const struct facts *facts, bool group)
{
	if (facts->inner_flaw)
		return verdict_of(false, true, SAP_RULE_FLAW, 0);
	if (facts->type == 0x0800)
		return decide_ipv4(payload, facts);
	if (facts->type == 0x86dd)
		return decide_ipv6(payload, facts, group);
	if (facts->type == 0x0806)
		return decide_arp(payload, facts);
	return verdict_of(false, true, SAP_RULE_NO_MATCH, 0);
}

static bool listed_vlan(const uint8_t *payload, uint32_t id)
{
	for (unsigned i = 0; i < 4; i++) {
		const uint8_t *vlan = oob(payload, 148 + 2 * i); /* little-endian */

		if (vlan[1] & 128 && vlan[0] + 256u * (vlan[1] & 15u) == id)
			return true;
	}
	return false;
}

static struct sap_verdict decide_multicast(const uint8_t *payload, const struct facts *facts)
{
	bool ignored = false;

	for (unsigned i = 0; i < 5; i++) {
		const uint8_t *filter = oob(payload, 104 + 7 * i);

		if (!(filter[6] & 4))
			break;
		if (memcmp(filter, facts->mac, 6) != 0)
			continue;
		if (filter[6] & 1)
			return verdict_of(true, filter[6] & 2, SAP_RULE_ETH, i);
		return decide_type(payload, facts, true);
	}
	if (facts->type == 0x86dd && big(facts->mac, 3) == 0x3333ff &&
	    ipv6_matches(payload, big(facts->mac + 3, 3), &ignored))
		return decide_type(payload, facts, true);
	return verdict_of(false, true, SAP_RULE_MULTICAST, 0);
}

struct sap_verdict reference_classify(const uint8_t *payload, const uint8_t *frame, uint32_t len)
{
	static const uint8_t broadcast[6] = {255, 255, 255, 255, 255, 255};
	struct facts facts = read_frame(frame, len);

	if (!payload)
		return verdict_of(false, true, SAP_RULE_NO_FILTERS, 0);
	if (facts.flaw)
		return verdict_of(false, true, SAP_RULE_FLAW, 0);
	if (facts.tagged && facts.vlan != 0 && !listed_vlan(payload, facts.vlan))
		return verdict_of(false, true, SAP_RULE_VLAN, 0);
	if (facts.mac[0] % 2 == 1 && memcmp(facts.mac, broadcast, 6) != 0)
		return decide_multicast(payload, &facts);
	return decide_type(payload, &facts, false);
}
