// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
/* The filters by hand: each rule of docs/filters.md, and both sides of each of its bounds. */
#include "frames.h"
#include "reference.h"

#define V4  .type = 0x0800
#define V6  .type = 0x86dd
#define ARP .type = 0x0806

enum {
	/* Flags as section 6.6 has them. */
	COPY = 1,
	ENABLED = 2,
	NEED6 = 4,
	NEED4 = 8,
	TCP = 16,
	UDP = 32,
	ETH_STOP = 1,
	ETH_COPY = 2,
	ETH_ENABLED = 4,
};

/* What a test looks at. */
static struct sap_oob_filters oob;

static void decides(const struct spec *spec, const char *expected, const char *file, int line)
{
	uint8_t payload[SAP_CSME_FILTERS_SIZE];
	struct made made = make_frame(spec);
	uint8_t *frame = malloc(made.len);
	struct sap_filter filter;
	char found[40];

	assert_non_null(frame);
	memcpy(frame, made.bytes, made.len);
	make_payload(&oob, payload);
	memset(&filter, 0x5a, sizeof(filter));
	assert_status(sap_filter_compile(&filter, payload, sizeof(payload)), SAP_OK);
	name_verdict(sap_filter_classify(&filter, frame, made.len), found);
	if (strcmp(found, expected) != 0) {
		print_error("%s instead of %s\n", found, expected);
		_fail(file, line);
	}
	name_verdict(reference_classify(payload, frame, made.len), found);
	assert_string_equal(found, expected);
	free(frame);
}

#define DECIDES(expected, ...) decides(&(struct spec){__VA_ARGS__}, (expected), __FILE__, __LINE__)

static void no_filters(void)
{
	memset(&oob, 0, sizeof(oob));
}

static void flex(unsigned i, uint32_t flags, uint32_t src, uint32_t dst)
{
	oob.flex[i].flags = (uint8_t)(flags | ENABLED);
	oob.flex[i].src_port = (uint16_t)src;
	oob.flex[i].dst_port = (uint16_t)dst;
}

static void eth(unsigned i, uint32_t flags, const char *mac)
{
	unsigned b[6];

	assert_int_equal(sscanf(mac, "%x:%x:%x:%x:%x:%x", &b[0], &b[1], &b[2], &b[3], &b[4], &b[5]), 6);
	for (unsigned k = 0; k < 6; k++)
		oob.eth[i].mac_address.bytes[k] = (uint8_t)b[k];
	oob.eth[i].flags = (uint8_t)(flags | ETH_ENABLED);
}

static void ipv6(unsigned i, uint32_t flags, uint32_t low24)
{
	oob.ipv6[i].addr_lo24[0] = (uint8_t)(low24 >> 16);
	oob.ipv6[i].addr_lo24[1] = (uint8_t)(low24 >> 8);
	oob.ipv6[i].addr_lo24[2] = (uint8_t)low24;
	oob.ipv6[i].flags = (uint8_t)flags;
}

/* --- before filters, and bad ones --- */

static void without_filters_all_is_the_hosts(void **unused)
{
	static const struct spec specs[] = {{V4, .protocol = 6},
					    {V6, .protocol = 58},
					    {ARP, .op = 1},
					    {.to = "01:00:5e:00:00:01", V4, .protocol = 17}};
	struct sap_filter filter = {0};
	char found[40];

	(void)unused;
	for (unsigned i = 0; i < 4; i++) {
		struct made made = make_frame(&specs[i]);

		name_verdict(sap_filter_classify(&filter, made.bytes, made.len), found);
		assert_string_equal(found, "host NO_FILTERS");
		name_verdict(reference_classify(NULL, made.bytes, made.len), found);
		assert_string_equal(found, "host NO_FILTERS");
	}
	assert_false(sap_filter_is_active(&filter));
	for (uint32_t len = 0; len <= 20; len++) {
		struct made made = make_frame(&specs[3]);

		name_verdict(sap_filter_classify(&filter, made.bytes, len), found);
		assert_string_equal(found, "host NO_FILTERS");
	}
}

static void a_bad_payload_leaves_the_old_one(void **unused)
{
	uint8_t payload[SAP_CSME_FILTERS_SIZE + 1] = {0};
	struct sap_filter filter, before;

	(void)unused;
	assert_true(sizeof(filter) < 1024);
	no_filters();
	flex(0, 0, 0, 80);
	make_payload(&oob, payload);
	assert_status(sap_filter_compile(&filter, payload, sizeof(payload)), SAP_OK);
	assert_true(sap_filter_is_active(&filter));
	before = filter;
	payload[1740] = 1;
	assert_status(sap_filter_compile(&filter, payload, SAP_CSME_FILTERS_SIZE - 1), SAP_TOO_SHORT);
	assert_status(sap_filter_compile(&filter, NULL, SAP_CSME_FILTERS_SIZE), SAP_INVALID);
	assert_status(sap_filter_compile(NULL, payload, SAP_CSME_FILTERS_SIZE), SAP_INVALID);
	assert_memory_equal(&filter, &before, sizeof(filter));
	sap_filter_clear(&filter);
	assert_false(sap_filter_is_active(&filter));
}

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

/* --- multicast --- */

static void multicast_is_looked_up(void **unused)
{
	(void)unused;
	no_filters();
	flex(0, 0, 0, 5353);
	flex(1, COPY, 0, 1900);
	DECIDES("host MULTICAST", .to = "01:00:5e:00:00:fb", V4, .protocol = 17, .dst = 5353);
	eth(0, ETH_STOP, "01:00:5e:00:00:01");
	eth(1, ETH_COPY, "01:00:5e:00:00:fb");
	eth(2, ETH_STOP | ETH_COPY, "01:00:5e:00:00:02");
	eth(3, ETH_STOP, "01:00:5e:00:00:fb");
	/* Without stop what matches decides, and its own copy; the second with that address is not looked at. */
	DECIDES("csme FLEX 0", .to = "01:00:5e:00:00:fb", V4, .protocol = 17, .dst = 5353);
	DECIDES("both FLEX 1", .to = "01:00:5e:00:00:fb", V4, .protocol = 17, .dst = 1900);
	DECIDES("host NO_MATCH", .to = "01:00:5e:00:00:fb", V4, .protocol = 17, .dst = 9);
	DECIDES("host FLAW", .to = "01:00:5e:00:00:fb", V4, .protocol = 17, .dst = 5353, .longer = 1);
	/* With stop its own copy decides, whatever is inside. */
	DECIDES("csme ETH 0", .to = "01:00:5e:00:00:01", V4, .protocol = 17, .dst = 1900);
	DECIDES("both ETH 2", .to = "01:00:5e:00:00:02", V4, .protocol = 17, .dst = 9);
	DECIDES("csme ETH 0", .to = "01:00:5e:00:00:01", V4, .protocol = 17, .longer = 1);
	DECIDES("csme ETH 0", .to = "01:00:5e:00:00:01", .type = 0x88cc);
	/* One bit off. */
	for (unsigned i = 0; i < 6; i++) {
		char to[20];
		unsigned b[6] = {1, 0, 0x5e, 0, 0, 1};

		b[i] ^= 0x80;
		snprintf(to, sizeof(to), "%x:%x:%x:%x:%x:%x", b[0], b[1], b[2], b[3], b[4], b[5]);
		DECIDES("host MULTICAST", .to = to, V4, .protocol = 17, .dst = 5353);
	}
	/* The list ends at the first that is not enabled. */
	oob.eth[1].flags = 0;
	DECIDES("csme ETH 0", .to = "01:00:5e:00:00:01", V4, .protocol = 17);
	DECIDES("host MULTICAST", .to = "01:00:5e:00:00:fb", V4, .protocol = 17, .dst = 5353);
	DECIDES("host MULTICAST", .to = "01:00:5e:00:00:02", V4, .protocol = 17, .dst = 5353);
}

static void all_five_eth_filters_count(void **unused)
{
	(void)unused;
	no_filters();
	for (unsigned i = 0; i < 5; i++) {
		char mac[20];

		snprintf(mac, sizeof(mac), "33:33:0:0:0:%x", i + 1);
		eth(i, ETH_STOP, mac);
	}
	DECIDES("csme ETH 4", .to = "33:33:0:0:0:5", V6, .protocol = 58);
	DECIDES("csme ETH 0", .to = "33:33:0:0:0:1", V6, .protocol = 58);
	DECIDES("host MULTICAST", .to = "33:33:0:0:0:6", V6, .protocol = 58);
}

/* Broadcast and unicast are not looked up, not even if somebody lists them. */
static void broadcast_is_no_multicast(void **unused)
{
	(void)unused;
	no_filters();
	flex(0, 0, 0, 68);
	eth(0, ETH_STOP, "ff:ff:ff:ff:ff:ff");
	eth(1, ETH_STOP, "02:11:22:33:44:55");
	DECIDES("csme FLEX 0", .to = "ff:ff:ff:ff:ff:ff", V4, .protocol = 17, .dst = 68);
	DECIDES("host NO_MATCH", .to = "ff:ff:ff:ff:ff:ff", V4, .protocol = 17, .dst = 67);
	DECIDES("host NO_MATCH", V4, .protocol = 17, .dst = 67);
	DECIDES("host MULTICAST", .to = "ff:ff:ff:ff:ff:fe", V4, .protocol = 17, .dst = 68);
	DECIDES("host MULTICAST", .to = "ff:ff:ff:fe:ff:ff", V4, .protocol = 17, .dst = 68);
	DECIDES("host MULTICAST", .to = "ff:fe:ff:ff:ff:ff", V4, .protocol = 17, .dst = 68);
	DECIDES("csme FLEX 0", .to = "fe:ff:ff:ff:ff:ff", V4, .protocol = 17, .dst = 68);
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

/* --- VLAN --- */

static void vlans_are_listed(void **unused)
{
	(void)unused;
	no_filters();
	flex(0, 0, 0, 80);
	oob.ipv4.flags = 4;
	DECIDES("host VLAN", .tagged = true, .tag = 5, V4, .protocol = 6, .dst = 80);
	/* Id 0 is no VLAN, whatever its priority. */
	DECIDES("csme FLEX 0", .tagged = true, .tag = 0, V4, .protocol = 6, .dst = 80);
	DECIDES("csme FLEX 0", .tagged = true, .tag = 0xf000, V4, .protocol = 6, .dst = 80);
	oob.vlan[0] = 5;
	oob.vlan[1] = 0x8000 | 0x7000 | 100;
	oob.vlan[3] = 0x8000 | 4095;
	DECIDES("host VLAN", .tagged = true, .tag = 5, V4, .protocol = 6, .dst = 80);
	DECIDES("csme FLEX 0", .tagged = true, .tag = 100, V4, .protocol = 6, .dst = 80);
	DECIDES("csme FLEX 0", .tagged = true, .tag = 0xe000 | 100, V4, .protocol = 6, .dst = 80);
	DECIDES("csme FLEX 0", .tagged = true, .tag = 4095, V4, .protocol = 6, .dst = 80);
	DECIDES("csme FLEX 0", .tagged = true, .tag = 100, V6, .protocol = 6, .dst = 80);
	DECIDES("csme ARP_REQUEST", .tagged = true, .tag = 100, ARP, .op = 1);
	DECIDES("host NO_MATCH", .tagged = true, .tag = 100, V4, .protocol = 6, .dst = 81);
	DECIDES("host NO_MATCH", .tagged = true, .tag = 100, .type = 0x888e);
	for (uint32_t bit = 0; bit < 12; bit++)
		DECIDES("host VLAN", .tagged = true, .tag = 100 ^ 1u << bit, V4, .protocol = 6, .dst = 80);
	/* Untagged frames are looked at as ever. */
	DECIDES("csme FLEX 0", V4, .protocol = 6, .dst = 80);
	oob.vlan[2] = 0x8000 | 5;
	DECIDES("csme FLEX 0", .tagged = true, .tag = 5, V4, .protocol = 6, .dst = 80);
}

static void vlans_come_before_multicast(void **unused)
{
	(void)unused;
	no_filters();
	eth(0, ETH_STOP, "01:00:5e:00:00:01");
	eth(1, 0, "01:00:5e:00:00:02");
	flex(0, 0, 0, 0);
	oob.vlan[0] = 0x8000 | 7;
	DECIDES("csme ETH 0", .to = "01:00:5e:00:00:01", .tagged = true, .tag = 7, V4, .protocol = 6);
	DECIDES("csme FLEX 0", .to = "01:00:5e:00:00:02", .tagged = true, .tag = 7, V4, .protocol = 6);
	DECIDES("host MULTICAST", .to = "01:00:5e:00:00:03", .tagged = true, .tag = 7, V4, .protocol = 6);
	DECIDES("host VLAN", .to = "01:00:5e:00:00:01", .tagged = true, .tag = 8, V4, .protocol = 6);
	/* Two tags, and a provider's. */
	DECIDES("host FLAW", .to = "01:00:5e:00:00:01", .tagged = true, .tag = 7, .type = 0x8100,
		.padding = 20);
	DECIDES("host FLAW", .tagged = true, .tag = 7, .type = 0x88a8, .padding = 20);
	DECIDES("host FLAW", .tagged = true, .tag = 0, .type = 0x8100, .padding = 20);
	DECIDES("host FLAW", .tagged = true, .tag_type = 0x88a8, .tag = 7, V4, .protocol = 6);
	DECIDES("host FLAW", .to = "01:00:5e:00:00:01", .tagged = true, .tag_type = 0x88a8, .tag = 7, V4,
		.protocol = 6);
}

static void takes_vlan(void **unused)
{
	static const struct {
		struct spec spec;
		bool without, with;
	} rows[] = {
		{{V4, .protocol = 17}, true, true},
		{{.tagged = true, .tag = 0xe000, V4, .protocol = 17}, true, true},
		{{.tagged = true, .tag = 7, V4, .protocol = 17}, false, true},
		{{.tagged = true, .tag = 8, V4, .protocol = 17}, false, false},
		{{.tagged = true, .tag = 7, .type = 0x8100, .padding = 9}, false, false},
		{{.tagged = true, .tag_type = 0x88a8, .tag = 7, V4, .protocol = 17}, false, false},
	};
	struct sap_filter none = {0}, some = {0};
	uint8_t payload[SAP_CSME_FILTERS_SIZE];
	struct made made;

	(void)unused;
	no_filters();
	oob.vlan[3] = 0x8000 | 7;
	make_payload(&oob, payload);
	assert_status(sap_filter_compile(&some, payload, sizeof(payload)), SAP_OK);
	for (unsigned i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		made = make_frame(&rows[i].spec);
		assert_int_equal(sap_filter_takes_vlan(&none, made.bytes, made.len), rows[i].without);
		assert_int_equal(sap_filter_takes_vlan(&some, made.bytes, made.len), rows[i].with);
		assert_false(sap_filter_takes_vlan(&some, made.bytes, 13));
	}
	assert_false(sap_filter_takes_vlan(&some, made.bytes, 17));
}

/* --- cut off, at each length --- */

static void cut_anywhere_nothing_is_read_too_far(void **unused)
{
	static const struct {
		struct spec spec;
		const char *whole;
		uint32_t from; /* from so many bytes on it is as good as whole */
	} rows[] = {
		{{V4, .protocol = 6, .dst = 16992}, "csme FLEX 0", 42},
		{{V4, .protocol = 17, .options = 12, .dst = 16992}, "csme FLEX 0", 54},
		{{V4, .protocol = 1, .upper = 20}, "csme ICMP", 54},
		{{V4, .protocol = 17, .dst = 16992, .padding = 30}, "csme FLEX 0", 42},
		{{V6, .protocol = 6, .dst = 16992}, "csme FLEX 0", 62},
		{{V6, .protocol = 58, .src = 1, .upper = 30}, "csme ICMPV6", 84},
		{{V6, .protocol = 17, .dst = 16992,
		  .extensions = {{0, 8, 0, false, 0},
				 {43, 24, 0, false, 0},
				 {44, 8, 0, false, 1},
				 {51, 12, 0, false, 0},
				 {60, 16, 0, false, 0}}},
		 "csme FLEX 0",
		 130},
		{{ARP, .op = 1, .padding = 18}, "csme ARP_REQUEST", 42},
		{{ARP, .op = 2}, "csme ARP_REPLY", 42},
		{{.to = "01:00:5e:00:00:01", V4, .protocol = 6}, "csme ETH 0", 14},
		{{.to = "33:33:ff:0a:0b:0c", V6, .protocol = 58, .src = 135}, "both ICMPV6", 62},
		{{.tagged = true, .tag = 7, V4, .protocol = 6, .dst = 16992}, "csme FLEX 0", 46},
		{{.tagged = true, .tag = 7, V6, .protocol = 6, .dst = 16992}, "csme FLEX 0", 66},
		{{.tagged = true, .tag = 7, ARP, .op = 1}, "csme ARP_REQUEST", 46},
		{{.to = "01:00:5e:00:00:01", .tagged = true, .tag = 7, V4, .protocol = 6}, "csme ETH 0", 18},
	};
	uint8_t payload[SAP_CSME_FILTERS_SIZE];
	struct sap_filter filter;

	(void)unused;
	no_filters();
	flex(0, 0, 0, 16992);
	eth(0, ETH_STOP, "01:00:5e:00:00:01");
	ipv6(0, ENABLED, OUR_LOW24);
	oob.icmpv6_flags = 1;
	oob.ipv4.flags = 1 | 4 | 16;
	oob.vlan[0] = 0x8000 | 7;
	make_payload(&oob, payload);
	assert_status(sap_filter_compile(&filter, payload, sizeof(payload)), SAP_OK);
	for (unsigned i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct made made = make_frame(&rows[i].spec);

		for (uint32_t len = 0; len <= made.len; len++) {
			uint8_t *frame = malloc(len ? len : 1);
			char found[40], expected[40];
			struct sap_frame facts;

			assert_non_null(frame);
			memcpy(frame, made.bytes, len);
			name_verdict(sap_filter_classify(&filter, frame, len), found);
			assert_string_equal(found, len >= rows[i].from ? rows[i].whole : "host FLAW");
			name_verdict(reference_classify(payload, frame, len), expected);
			assert_string_equal(found, expected);
			sap_frame_read(frame, len, &facts);
			if (rows[i].from > 18)
				assert_int_equal(facts.flaw == SAP_FLAW_NONE, len >= rows[i].from);
			(void)sap_frame_is_dhcp_request(frame, len);
			(void)sap_filter_takes_vlan(&filter, frame, len);
			free(frame);
		}
	}
}

/* --- words --- */

static void rules_have_names(void **unused)
{
	(void)unused;
	for (unsigned i = 0; i <= SAP_RULE_ICMPV6; i++) {
		assert_string_not_equal(sap_rule_name((enum sap_rule)i), "?");
		assert_string_not_equal(sap_rule_text((enum sap_rule)i), "?");
		for (unsigned k = 0; k < i; k++)
			assert_string_not_equal(sap_rule_text((enum sap_rule)i),
						sap_rule_text((enum sap_rule)k));
	}
	assert_string_equal(sap_rule_name((enum sap_rule)99), "?");
	assert_string_equal(sap_rule_text((enum sap_rule)99), "?");
	assert_string_equal(sap_frame_flaw_text(SAP_FLAW_NONE), "");
	for (unsigned i = 1; i <= SAP_FLAW_ARP; i++)
		assert_true(strlen(sap_frame_flaw_text((enum sap_frame_flaw)i)) > 5);
	assert_string_equal(sap_frame_flaw_text((enum sap_frame_flaw)99), "");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(without_filters_all_is_the_hosts),
		cmocka_unit_test(a_bad_payload_leaves_the_old_one),
		cmocka_unit_test(flex_takes_its_protocol),
		cmocka_unit_test(flex_ports_are_big_endian_and_whole),
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
		cmocka_unit_test(icmp_passes_but_for_echo_requests),
		cmocka_unit_test(arp_passes_by_operation),
		cmocka_unit_test(arp_of_other_kinds),
		cmocka_unit_test(multicast_is_looked_up),
		cmocka_unit_test(all_five_eth_filters_count),
		cmocka_unit_test(broadcast_is_no_multicast),
		cmocka_unit_test(icmpv6_is_for_an_address_or_a_group),
		cmocka_unit_test(neighbour_discovery_reaches_both),
		cmocka_unit_test(vlans_are_listed),
		cmocka_unit_test(vlans_come_before_multicast),
		cmocka_unit_test(takes_vlan),
		cmocka_unit_test(cut_anywhere_nothing_is_read_too_far),
		cmocka_unit_test(rules_have_names),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
