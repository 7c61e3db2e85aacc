// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
/* The filters by hand, by the flags of their kind: ICMP, ARP, ICMPv6. */
#include "by_hand.h"

/* --- ICMP, ARP --- */

static void icmp_passes_but_for_echo_requests(void **unused)
{
	(void)unused;
	no_filters();
	DECIDES("host NO_MATCH", V4, .protocol = 1);
	DECIDES("host ECHO_REQUEST", V4, .protocol = 1, .src = 8);
	oob.ipv4.flags = 2 | 4 | 8 | 16 | 32;
	DECIDES("host NO_MATCH", V4, .protocol = 1);
	oob.ipv4.flags = 1;
	DECIDES("csme ICMP", V4, .protocol = 1);
	DECIDES("csme ICMP", V4, .protocol = 1, .upper = 2);
	DECIDES("host FLAW", V4, .protocol = 1, .upper = 1);
	DECIDES("host ECHO_REQUEST", V4, .protocol = 1, .src = 8);
	DECIDES("csme ICMP", V4, .protocol = 1, .src = 8, .dst = 1);
	DECIDES("csme ICMP", V4, .protocol = 1, .src = 128);
	DECIDES("csme ICMP", V4, .protocol = 1, .src = 3, .address = OTHER_ADDRESS);
	oob.ipv4.flags = 3;
	DECIDES("both ICMP", V4, .protocol = 1);
	oob.ipv4.ipv4_addr = OUR_ADDRESS;
	DECIDES("both ICMP", V4, .protocol = 1);
	DECIDES("host NO_MATCH", V4, .protocol = 1, .address = OTHER_ADDRESS);
	DECIDES("host ECHO_REQUEST", V4, .protocol = 1, .src = 8, .address = OTHER_ADDRESS);
	/* ICMPv6 inside IPv4 is nothing. */
	oob.icmpv6_flags = 3;
	DECIDES("host NO_MATCH", V4, .protocol = 58);
}

static void arp_passes_by_operation(void **unused)
{
	(void)unused;
	no_filters();
	oob.ipv4.flags = 1 | 2 | 8 | 32;
	DECIDES("host NO_MATCH", ARP, .op = 1);
	DECIDES("host NO_MATCH", ARP, .op = 2);
	oob.ipv4.flags = 4 | 32;
	DECIDES("csme ARP_REQUEST", ARP, .op = 1, .to = "ff:ff:ff:ff:ff:ff");
	DECIDES("csme ARP_REQUEST", ARP, .op = 1, .address = OTHER_ADDRESS);
	DECIDES("host NO_MATCH", ARP, .op = 2);
	oob.ipv4.flags = 16 | 8;
	DECIDES("host NO_MATCH", ARP, .op = 1);
	DECIDES("csme ARP_REPLY", ARP, .op = 2);
	oob.ipv4.flags = 0x3c;
	oob.ipv4.ipv4_addr = OUR_ADDRESS;
	DECIDES("both ARP_REQUEST", ARP, .op = 1);
	DECIDES("host NO_MATCH", ARP, .op = 1, .address = OTHER_ADDRESS);
	DECIDES("both ARP_REPLY", ARP, .op = 2, .address = OTHER_ADDRESS);
	DECIDES("host NO_MATCH", ARP, .op = 0);
	DECIDES("host NO_MATCH", ARP, .op = 3);
	DECIDES("host NO_MATCH", ARP, .op = 0x100);
	DECIDES("host NO_MATCH", ARP, .op = 0x101);
	DECIDES("both ARP_REQUEST", ARP, .op = 1, .padding = 18);
}

static void arp_of_other_kinds(void **unused)
{
	uint8_t payload[SAP_CSME_FILTERS_SIZE];
	struct spec spec = {ARP, .op = 1};
	struct sap_filter filter;
	char found[40];

	(void)unused;
	no_filters();
	oob.ipv4.flags = 0x3c;
	make_payload(&oob, payload);
	assert_status(sap_filter_compile(&filter, payload, sizeof(payload)), SAP_OK);
	for (uint32_t at = 0; at < 8; at++) {
		struct made made = make_frame(&spec);

		made.bytes[14 + at] ^= 0x40;
		name_verdict(sap_filter_classify(&filter, made.bytes, made.len), found);
		assert_string_equal(found, at < 6 ? "host FLAW" : "host NO_MATCH");
	}
}

/* --- ICMPv6 --- */

static void icmpv6_is_for_an_address_or_a_group(void **unused)
{
	(void)unused;
	no_filters();
	ipv6(1, ENABLED, OUR_LOW24);
	DECIDES("host NO_MATCH", V6, .protocol = 58, .src = 1);
	oob.icmpv6_flags = 2;
	DECIDES("host NO_MATCH", V6, .protocol = 58, .src = 1);
	oob.icmpv6_flags = 1;
	DECIDES("csme ICMPV6", V6, .protocol = 58, .src = 1);
	DECIDES("csme ICMPV6", V6, .protocol = 58, .src = 1, .upper = 2);
	DECIDES("host FLAW", V6, .protocol = 58, .src = 1, .upper = 1);
	DECIDES("host NO_MATCH", V6, .protocol = 58, .src = 1, .low24 = 0x0a0b0d);
	DECIDES("host ECHO_REQUEST", V6, .protocol = 58, .src = 128);
	DECIDES("csme ICMPV6", V6, .protocol = 58, .src = 128, .dst = 1);
	DECIDES("csme ICMPV6", V6, .protocol = 58, .src = 129);
	DECIDES("csme ICMPV6", V6, .protocol = 58, .src = 8);
	/* ICMP inside IPv6 is nothing. */
	oob.ipv4.flags = 1;
	DECIDES("host NO_MATCH", V6, .protocol = 1);
	/* Either copy. */
	oob.icmpv6_flags = 3;
	DECIDES("both ICMPV6", V6, .protocol = 58, .src = 1);
	oob.icmpv6_flags = 1;
	ipv6(1, ENABLED | COPY, OUR_LOW24);
	ipv6(2, ENABLED, 0x0a0b0d);
	DECIDES("both ICMPV6", V6, .protocol = 58, .src = 1);
	DECIDES("csme ICMPV6", V6, .protocol = 58, .src = 1, .low24 = 0x0a0b0d);
}

static void neighbour_discovery_reaches_both(void **unused)
{
	(void)unused;
	no_filters();
	oob.icmpv6_flags = 1;
	ipv6(0, ENABLED, OUR_LOW24);
	for (uint32_t type = 130; type <= 140; type++)
		DECIDES(type >= 133 && type <= 137 ? "both ICMPV6" : "csme ICMPV6", V6, .protocol = 58,
			.src = type);
	/* The solicited-node group of an address, whether an eth filter has it or not. */
	DECIDES("both ICMPV6", .to = "33:33:ff:0a:0b:0c", V6, .protocol = 58, .src = 135);
	DECIDES("both ICMPV6", .to = "33:33:ff:0a:0b:0c", V6, .protocol = 58, .src = 1);
	DECIDES("host MULTICAST", .to = "33:33:ff:0a:0b:0d", V6, .protocol = 58, .src = 135);
	DECIDES("host MULTICAST", .to = "33:33:fe:0a:0b:0c", V6, .protocol = 58, .src = 135);
	DECIDES("host MULTICAST", .to = "33:32:ff:0a:0b:0c", V6, .protocol = 58, .src = 135);
	DECIDES("host MULTICAST", .to = "33:33:ff:0a:0b:0c", V4, .protocol = 17);
	DECIDES("host ECHO_REQUEST", .to = "33:33:ff:0a:0b:0c", V6, .protocol = 58, .src = 128);
	oob.icmpv6_flags = 0;
	DECIDES("host NO_MATCH", .to = "33:33:ff:0a:0b:0c", V6, .protocol = 58, .src = 135);
	/* Advertisements to all nodes take an eth filter, and no address. */
	oob.icmpv6_flags = 1;
	DECIDES("host MULTICAST", .to = "33:33:00:00:00:01", V6, .protocol = 58, .src = 134, .low24 = 1);
	eth(0, 0, "33:33:00:00:00:01");
	DECIDES("both ICMPV6", .to = "33:33:00:00:00:01", V6, .protocol = 58, .src = 134, .low24 = 1);
	DECIDES("both ICMPV6", .to = "33:33:00:00:00:01", V6, .protocol = 58, .src = 130, .low24 = 1);
	/* With stop CSME has it its own way. */
	eth(1, ETH_STOP, "33:33:ff:0a:0b:0c");
	DECIDES("csme ETH 1", .to = "33:33:ff:0a:0b:0c", V6, .protocol = 58, .src = 135);
	/* An address that is off stands for no group. */
	no_filters();
	oob.icmpv6_flags = 1;
	ipv6(0, 0, OUR_LOW24);
	DECIDES("host MULTICAST", .to = "33:33:ff:0a:0b:0c", V6, .protocol = 58, .src = 135);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(icmp_passes_but_for_echo_requests),
		cmocka_unit_test(arp_passes_by_operation),
		cmocka_unit_test(arp_of_other_kinds),
		cmocka_unit_test(icmpv6_is_for_an_address_or_a_group),
		cmocka_unit_test(neighbour_discovery_reaches_both),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
