// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
/* The filters by hand, inside IP: flex filters, fragments, extension headers; and damaged headers. */
#include "by_hand.h"

/* --- flex --- */

static void flex_takes_its_protocol(void **unused)
{
	static const uint32_t flags[] = {0, TCP, UDP, TCP | UDP};

	(void)unused;
	for (unsigned i = 0; i < 4; i++) {
		no_filters();
		flex(0, flags[i], 0, 16992);
		DECIDES(flags[i] == UDP ? "host NO_MATCH" : "csme FLEX 0", V4, .protocol = 6, .dst = 16992);
		DECIDES(flags[i] == TCP ? "host NO_MATCH" : "csme FLEX 0", V4, .protocol = 17, .dst = 16992);
		DECIDES(flags[i] == UDP ? "host NO_MATCH" : "csme FLEX 0", V6, .protocol = 6, .dst = 16992);
		DECIDES(flags[i] == TCP ? "host NO_MATCH" : "csme FLEX 0", V6, .protocol = 17, .dst = 16992);
		DECIDES("host NO_MATCH", V4, .protocol = 132, .src = 0x42, .dst = 0x60);
		DECIDES("host NO_MATCH", V4, .protocol = 58, .src = 0x42, .dst = 0x60);
		DECIDES("host NO_MATCH", V6, .protocol = 1, .src = 0x42, .dst = 0x60);
	}
}

static void flex_ports_are_big_endian_and_whole(void **unused)
{
	(void)unused;
	no_filters();
	flex(0, TCP, 0, 16992);
	flex(1, TCP, 5900, 0);
	flex(2, TCP, 1, 2);
	DECIDES("csme FLEX 0", V4, .protocol = 6, .src = 1, .dst = 16992);
	DECIDES("csme FLEX 1", V4, .protocol = 6, .src = 5900, .dst = 1);
	DECIDES("csme FLEX 2", V4, .protocol = 6, .src = 1, .dst = 2);
	/* Both of them, neither the other way round, nor byte-swapped. */
	DECIDES("host NO_MATCH", V4, .protocol = 6, .src = 2, .dst = 1);
	DECIDES("host NO_MATCH", V4, .protocol = 6, .src = 1, .dst = 1);
	DECIDES("host NO_MATCH", V4, .protocol = 6, .src = 16992, .dst = 5900);
	DECIDES("host NO_MATCH", V4, .protocol = 6, .src = 0, .dst = 0x6042);
	/* One bit off, each of them. */
	for (uint32_t bit = 0; bit < 16; bit++) {
		DECIDES("host NO_MATCH", V4, .protocol = 6, .src = 1, .dst = 16992 ^ 1u << bit);
		DECIDES("host NO_MATCH", V4, .protocol = 6, .src = 5900 ^ 1u << bit, .dst = 1);
	}
	/* Port 0 is a port like any in a packet, and "any" in a filter. */
	DECIDES("host NO_MATCH", V4, .protocol = 6, .src = 0, .dst = 0);
	flex(3, TCP, 0, 0);
	DECIDES("csme FLEX 3", V4, .protocol = 6, .src = 0, .dst = 0);
	DECIDES("csme FLEX 3", V4, .protocol = 6, .src = 65535, .dst = 65535);
}

/* Two filters share bytes of their ports; the halves of each make ports that are nobody's. */
static void ports_that_share_a_byte(void **unused)
{
	(void)unused;
	no_filters();
	flex(0, 0, 0, 0x1122);
	flex(1, 0, 0, 0x1133);
	flex(2, 0, 0, 0x2233);
	flex(3, 0, 7, 0);
	DECIDES("csme FLEX 0", V4, .protocol = 6, .dst = 0x1122);
	DECIDES("csme FLEX 1", V6, .protocol = 6, .dst = 0x1133);
	DECIDES("csme FLEX 2", V4, .protocol = 6, .dst = 0x2233);
	DECIDES("host NO_MATCH", V4, .protocol = 6, .dst = 0x2222);
	DECIDES("host NO_MATCH", V4, .protocol = 6, .dst = 0x3333);
	DECIDES("csme FLEX 3", V4, .protocol = 6, .src = 7, .dst = 0x2222);
	DECIDES("csme FLEX 3", V6, .protocol = 6, .src = 7, .dst = 0x4444);
	DECIDES("csme FLEX 1", V4, .protocol = 6, .src = 7, .dst = 0x1133);
}

/* Options look like ports; the ports are behind them. */
static void options_are_passed_over(void **unused)
{
	(void)unused;
	no_filters();
	flex(0, TCP, 0, 16992);
	for (uint32_t options = 0; options <= 40; options += 4) {
		DECIDES("csme FLEX 0", V4, .options = options, .protocol = 6, .dst = 16992);
		DECIDES("host NO_MATCH", V4, .options = options, .protocol = 6, .dst = 80);
	}
}

static void the_first_that_fits_decides(void **unused)
{
	(void)unused;
	no_filters();
	for (unsigned i = 0; i < 14; i++)
		flex(i, i % 2 ? COPY : 0, 0, i < 12 ? 1000 + i : 0);
	for (unsigned i = 0; i < 14; i++) {
		char expected[40];

		snprintf(expected, sizeof(expected), "%s FLEX %u", i % 2 ? "both" : "csme", i < 12 ? i : 12);
		if (i < 13)
			DECIDES(expected, V4, .protocol = 17, .dst = 1000 + i);
	}
	/* Two that fit. */
	flex(5, 0, 0, 1003);
	DECIDES("both FLEX 3", V4, .protocol = 17, .dst = 1003);
	/* The last one. */
	flex(12, 0, 1, 1);
	DECIDES("both FLEX 13", V4, .protocol = 17, .dst = 9);
	/* The list ends at the first that is not enabled. */
	oob.flex[4].flags = TCP | UDP;
	DECIDES("both FLEX 3", V4, .protocol = 17, .dst = 1003);
	DECIDES("host NO_MATCH", V4, .protocol = 17, .dst = 1006);
	oob.flex[0].flags = 0;
	DECIDES("host NO_MATCH", V4, .protocol = 17, .dst = 1003);
}

static void flex_needs_the_address_of_its_family(void **unused)
{
	/* For each need: IPv4 to us, to another; IPv6 to us, to another. */
	static const struct {
		uint32_t flags;
		const char *expected[4];
	} rows[] = {
		{0, {"csme FLEX 0", "csme FLEX 0", "csme FLEX 0", "csme FLEX 0"}},
		{NEED4, {"csme FLEX 0", "host NO_MATCH", "host NO_MATCH", "host NO_MATCH"}},
		{NEED6, {"host NO_MATCH", "host NO_MATCH", "csme FLEX 0", "host NO_MATCH"}},
		{NEED4 | NEED6, {"csme FLEX 0", "host NO_MATCH", "csme FLEX 0", "host NO_MATCH"}},
	};

	(void)unused;
	for (unsigned i = 0; i < 4; i++) {
		no_filters();
		oob.ipv4.ipv4_addr = OUR_ADDRESS;
		ipv6(2, ENABLED, OUR_LOW24);
		flex(0, rows[i].flags, 0, 0);
		DECIDES(rows[i].expected[0], V4, .protocol = 6);
		DECIDES(rows[i].expected[1], V4, .protocol = 6, .address = OTHER_ADDRESS);
		DECIDES(rows[i].expected[2], V6, .protocol = 17);
		DECIDES(rows[i].expected[3], V6, .protocol = 17, .low24 = 0x0a0b0d);
	}
	/* Address 0 is any for IPv4; nothing stands for any of IPv6. */
	no_filters();
	flex(0, NEED4 | NEED6, 0, 0);
	DECIDES("csme FLEX 0", V4, .protocol = 6, .address = OTHER_ADDRESS);
	DECIDES("host NO_MATCH", V6, .protocol = 6);
	/* Not byte-swapped. */
	oob.ipv4.ipv4_addr = 0x010200c0;
	DECIDES("host NO_MATCH", V4, .protocol = 6);
}

static void ipv6_filters_are_24_bits_and_each_for_itself(void **unused)
{
	(void)unused;
	no_filters();
	flex(0, NEED6, 0, 0);
	ipv6(0, 0, 0x010101);
	ipv6(3, ENABLED, OUR_LOW24);
	DECIDES("csme FLEX 0", V6, .protocol = 6);
	DECIDES("host NO_MATCH", V6, .protocol = 6, .low24 = 0x010101);
	for (uint32_t bit = 0; bit < 24; bit++)
		DECIDES("host NO_MATCH", V6, .protocol = 6, .low24 = OUR_LOW24 ^ 1u << bit);
	/* An address that is off is not that of all ones or zeroes. */
	DECIDES("host NO_MATCH", V6, .protocol = 6, .low24 = 0xffffff);
	/* A copy flag says nothing about ports. */
	ipv6(3, ENABLED | COPY, OUR_LOW24);
	DECIDES("csme FLEX 0", V6, .protocol = 6);
}

/* --- fragments --- */

static void later_fragments_have_no_ports(void **unused)
{
	static const uint32_t offsets[] = {1, 0x1000, 0x1fff, 0x2001, 0x0800};

	(void)unused;
	no_filters();
	oob.ipv4.flags = 1;
	flex(0, 0, 0, 16992);
	flex(1, 0, 16992, 0);
	for (unsigned i = 0; i < 5; i++) {
		DECIDES("host NO_MATCH", V4, .where = offsets[i], .protocol = 6, .src = 16992, .dst = 16992);
		DECIDES("host NO_MATCH", V4, .where = offsets[i], .protocol = 1);
	}
	/* The first one has them, and one that must not be cut up is none. */
	DECIDES("csme FLEX 0", V4, .where = 0x2000, .protocol = 6, .dst = 16992);
	DECIDES("csme FLEX 0", V4, .where = 0x4000, .protocol = 6, .dst = 16992);
	DECIDES("csme FLEX 0", V4, .where = 0x8000, .protocol = 6, .dst = 16992);
	DECIDES("csme ICMP", V4, .where = 0x2000, .protocol = 1);
	/* A filter that needs none takes them, also if nothing is inside. */
	flex(2, COPY | TCP | NEED4, 0, 0);
	DECIDES("both FLEX 2", V4, .where = 1, .protocol = 6, .src = 16992, .dst = 16992);
	DECIDES("both FLEX 2", V4, .where = 1, .protocol = 6, .upper = 1);
	DECIDES("host NO_MATCH", V4, .where = 1, .protocol = 17);
}

static void ipv6_fragments_too(void **unused)
{
	(void)unused;
	no_filters();
	oob.icmpv6_flags = 1;
	ipv6(0, ENABLED, OUR_LOW24);
	flex(0, 0, 0, 16992);
	DECIDES("csme FLEX 0", V6, .protocol = 6, .dst = 16992, .extensions = {{44, 8, 0, false, 1}});
	DECIDES("csme FLEX 0", V6, .protocol = 6, .dst = 16992, .extensions = {{44, 8, 0, false, 7}});
	DECIDES("host NO_MATCH", V6, .protocol = 6, .dst = 16992, .extensions = {{44, 8, 0, false, 8}});
	DECIDES("host NO_MATCH", V6, .protocol = 6, .dst = 16992, .extensions = {{44, 8, 0, false, 0x8000}});
	DECIDES("csme ICMPV6", V6, .protocol = 58, .extensions = {{44, 8, 0, false, 1}});
	DECIDES("host NO_MATCH", V6, .protocol = 58, .extensions = {{44, 8, 0, false, 9}});
	/* Behind a later fragment's header nothing is a header. */
	flex(1, 0, 0, 0);
	DECIDES("csme FLEX 1", V6, .protocol = 6, .dst = 16992, .extensions = {{44, 8, 0, false, 8}});
	DECIDES("host NO_MATCH", V6, .protocol = 6, .dst = 16992,
		.extensions = {{44, 8, 0, false, 8}, {60, 8, 0, false, 0}});
	DECIDES("csme FLEX 0", V6, .protocol = 6, .dst = 16992,
		.extensions = {{44, 8, 0, false, 0}, {60, 8, 0, false, 0}});
}

/* --- extension headers --- */

static void extension_headers_are_passed_over(void **unused)
{
	static const uint32_t kinds[] = {0, 43, 60};

	(void)unused;
	no_filters();
	flex(0, 0, 0, 16992);
	for (unsigned i = 0; i < 3; i++) {
		for (uint32_t size = 8; size <= 64; size += 8)
			DECIDES("csme FLEX 0", V6, .protocol = 17, .dst = 16992,
				.extensions = {{kinds[i], size, 0, false, 0}});
	}
	for (uint32_t size = 8; size <= 64; size += 4)
		DECIDES("csme FLEX 0", V6, .protocol = 17, .dst = 16992,
			.extensions = {{51, size, 0, false, 0}});
	/* Others are protocols that nobody asked for: ESP, none, HIP, shim6. */
	for (unsigned i = 0; i < 4; i++) {
		static const uint32_t others[] = {50, 59, 139, 140};

		DECIDES("host NO_MATCH", V6, .protocol = 17, .dst = 16992,
			.extensions = {{others[i], 8, 0, false, 0}});
	}
}

static void eight_extension_headers_are_the_most(void **unused)
{
	struct spec spec = {V6, .protocol = 17, .dst = 16992};

	(void)unused;
	no_filters();
	flex(0, 0, 0, 16992);
	for (uint32_t n = 1; n <= 10; n++) {
		spec.extensions[n - 1] = (struct extension){n % 2 ? 60 : 43, 8, 0, false, 0};
		decides(&spec, n <= 8 ? "csme FLEX 0" : "host FLAW", __FILE__, __LINE__);
	}
}

static void extension_headers_must_fit(void **unused)
{
	(void)unused;
	no_filters();
	flex(0, 0, 0, 0);
	/* 8 bytes of ports behind it: with one more it would end exactly there, and there are no ports. */
	DECIDES("host FLAW", V6, .protocol = 17, .extensions = {{60, 8, 1, true, 0}});
	DECIDES("host FLAW", V6, .protocol = 17, .extensions = {{60, 8, 2, true, 0}});
	DECIDES("host FLAW", V6, .protocol = 17, .extensions = {{60, 8, 255, true, 0}});
	DECIDES("host FLAW", V6, .protocol = 17, .extensions = {{51, 8, 255, true, 0}});
	/* Padding is not part of the packet. */
	DECIDES("host FLAW", V6, .protocol = 17, .padding = 40, .extensions = {{60, 8, 2, true, 0}});
	DECIDES("host FLAW", V6, .protocol = 60, .upper = 7, .padding = 40);
	/* Next: hop-by-hop, 8 bytes; then again, and nothing there. */
	DECIDES("host FLAW", V6, .protocol = 0, .upper = 8);
}

/* --- damaged headers --- */

static void lengths_that_cannot_be(void **unused)
{
	(void)unused;
	no_filters();
	flex(0, 0, 0, 0);
	DECIDES("csme FLEX 0", V4, .protocol = 6);
	DECIDES("host FLAW", V4, .protocol = 6, .longer = 1);
	DECIDES("csme FLEX 0", V4, .protocol = 6, .longer = 1, .padding = 1);
	DECIDES("csme FLEX 0", V4, .protocol = 6, .longer = -4);
	DECIDES("host FLAW", V4, .protocol = 6, .longer = -5);
	/* No longer than its header; shorter; nothing. */
	DECIDES("host FLAW", V4, .protocol = 6, .longer = -8);
	DECIDES("host NO_MATCH", V4, .protocol = 2, .longer = -8);
	DECIDES("host FLAW", V4, .protocol = 2, .longer = -9);
	DECIDES("host FLAW", V4, .protocol = 6, .longer = -28);
	DECIDES("host NO_MATCH", V4, .protocol = 2, .options = 8, .longer = -8);
	DECIDES("host FLAW", V4, .protocol = 2, .options = 8, .longer = -9);
	/* The header's own length, and versions. */
	for (uint32_t ihl = 0; ihl < 5; ihl++)
		DECIDES("host FLAW", V4, .protocol = 6, .version_ihl = 0x40 + ihl);
	DECIDES("host FLAW", V4, .protocol = 6, .version_ihl = 0x48);
	DECIDES("host FLAW", V4, .protocol = 6, .version_ihl = 0x65);
	DECIDES("host FLAW", V4, .protocol = 6, .version_ihl = 0x55);
	/* IPv6. */
	DECIDES("csme FLEX 0", V6, .protocol = 6);
	DECIDES("host FLAW", V6, .protocol = 6, .longer = 1);
	DECIDES("csme FLEX 0", V6, .protocol = 6, .longer = 1, .padding = 1);
	DECIDES("csme FLEX 0", V6, .protocol = 6, .longer = -4);
	DECIDES("host FLAW", V6, .protocol = 6, .longer = -5);
	DECIDES("host FLAW", V6, .protocol = 6, .longer = -8);
	DECIDES("host NO_MATCH", V6, .protocol = 59, .longer = -8);
}

static void the_other_version_by_itself(void **unused)
{
	struct spec spec = {V6, .protocol = 6};
	struct made made = make_frame(&spec);
	struct sap_filter filter;
	uint8_t payload[SAP_CSME_FILTERS_SIZE];
	char found[40];

	(void)unused;
	no_filters();
	flex(0, 0, 0, 0);
	make_payload(&oob, payload);
	assert_status(sap_filter_compile(&filter, payload, sizeof(payload)), SAP_OK);
	for (uint32_t version = 0; version < 16; version++) {
		made.bytes[14] = (uint8_t)(version << 4 | 5);
		name_verdict(sap_filter_classify(&filter, made.bytes, made.len), found);
		assert_string_equal(found, version == 6 ? "csme FLEX 0" : "host FLAW");
	}
}

static void what_is_none_of_the_three(void **unused)
{
	static const uint32_t types[] = {0,	 0x002e, 0x05dc, 0x0805, 0x0807,
					 0x0842, 0x86dc, 0x888e, 0x9100, 0xffff};

	(void)unused;
	no_filters();
	oob.ipv4.flags = 0x3f;
	flex(0, 0, 0, 0);
	for (unsigned i = 0; i < sizeof(types) / sizeof(types[0]); i++)
		DECIDES("host NO_MATCH", .type = types[i], .padding = 46);
	/* Nothing but a header. */
	DECIDES("host NO_MATCH", .type = 0x1234);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(flex_takes_its_protocol),
		cmocka_unit_test(flex_ports_are_big_endian_and_whole),
		cmocka_unit_test(ports_that_share_a_byte),
		cmocka_unit_test(options_are_passed_over),
		cmocka_unit_test(the_first_that_fits_decides),
		cmocka_unit_test(flex_needs_the_address_of_its_family),
		cmocka_unit_test(ipv6_filters_are_24_bits_and_each_for_itself),
		cmocka_unit_test(later_fragments_have_no_ports),
		cmocka_unit_test(ipv6_fragments_too),
		cmocka_unit_test(extension_headers_are_passed_over),
		cmocka_unit_test(eight_extension_headers_are_the_most),
		cmocka_unit_test(extension_headers_must_fit),
		cmocka_unit_test(lengths_that_cannot_be),
		cmocka_unit_test(the_other_version_by_itself),
		cmocka_unit_test(what_is_none_of_the_three),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
