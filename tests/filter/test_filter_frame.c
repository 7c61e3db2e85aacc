// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
/* The facts of a frame as a value, and whether it is a DHCP request. */
#include "frames.h"

static struct sap_frame read_made(const struct spec *spec)
{
	struct made made = make_frame(spec);
	struct sap_frame facts;

	memset(&facts, 0x5a, sizeof(facts));
	sap_frame_read(made.bytes, made.len, &facts);
	return facts;
}

#define READ(...) read_made(&(struct spec){__VA_ARGS__})

static void ipv4_facts(void **unused)
{
	struct sap_frame f = READ(.type = 0x0800, .protocol = 6, .options = 4, .src = 40000, .dst = 16992);

	(void)unused;
	assert_int_equal(f.flaw, SAP_FLAW_NONE);
	assert_memory_equal(f.dst.bytes, "\x02\x11\x22\x33\x44\x55", 6);
	assert_memory_equal(f.src.bytes, "\x02\xaa\xbb\xcc\xdd\xee", 6);
	assert_int_equal(f.type, 0x0800);
	assert_false(f.tagged);
	assert_int_equal(f.protocol, 6);
	assert_int_equal(f.ipv4_src, 0xc6336401);
	assert_int_equal(f.ipv4_dst, OUR_ADDRESS);
	assert_true(f.has_ports && !f.has_icmp && !f.fragment && !f.later);
	assert_int_equal(f.src_port, 40000);
	assert_int_equal(f.dst_port, 16992);

	f = READ(.tagged = true, .tag = 0x3007, .type = 0x0800, .protocol = 1, .src = 3, .dst = 4);
	assert_true(f.tagged && f.has_icmp && !f.has_ports);
	assert_int_equal(f.vlan, 7);
	assert_int_equal(f.icmp_type, 3);
	assert_int_equal(f.icmp_code, 4);

	f = READ(.type = 0x0800, .protocol = 17, .where = 0x2000);
	assert_true(f.fragment && !f.later && f.has_ports);
	f = READ(.type = 0x0800, .protocol = 17, .where = 0x0001);
	assert_true(f.fragment && f.later && !f.has_ports);
	/* ICMPv6 has no business there. */
	f = READ(.type = 0x0800, .protocol = 58);
	assert_false(f.has_icmp);
}

static void ipv6_facts(void **unused)
{
	struct sap_frame f = READ(.type = 0x86dd, .protocol = 58, .src = 135, .dst = 1,
				  .extensions = {{0, 8, 0, false, 0}, {44, 8, 0, false, 1}});

	(void)unused;
	assert_int_equal(f.flaw, SAP_FLAW_NONE);
	assert_int_equal(f.protocol, 58);
	assert_memory_equal(f.ipv6_src, "\x20\x01\x0d\xb8\0\0\0\0\0\0\0\0\0\0\0\0", 16);
	assert_memory_equal(f.ipv6_dst, "\x20\x01\x0d\xb8\0\0\0\0\0\0\0\0\0\x0a\x0b\x0c", 16);
	assert_true(f.fragment && !f.later && f.has_icmp);
	assert_int_equal(f.icmp_type, 135);
	assert_int_equal(f.icmp_code, 1);
	f = READ(.type = 0x86dd, .protocol = 1);
	assert_false(f.has_icmp);
}

static void arp_facts(void **unused)
{
	struct sap_frame f = READ(.type = 0x0806, .op = 2);

	(void)unused;
	assert_int_equal(f.flaw, SAP_FLAW_NONE);
	assert_int_equal(f.arp_op, 2);
	assert_int_equal(f.ipv4_src, OTHER_ADDRESS);
	assert_int_equal(f.ipv4_dst, OUR_ADDRESS);
}

static void flaws_have_their_names(void **unused)
{
	struct spec many = {.type = 0x86dd, .protocol = 6};
	struct sap_frame f;

	(void)unused;
	sap_frame_read(NULL, 0, &f);
	assert_int_equal(f.flaw, SAP_FLAW_SHORT);
	assert_int_equal(READ(.type = 0x8100, .padding = 3).flaw, SAP_FLAW_SHORT);
	assert_int_equal(READ(.tagged = true, .type = 0x8100).flaw, SAP_FLAW_TAGS);
	assert_int_equal(READ(.tagged = true, .type = 0x88a8).flaw, SAP_FLAW_TAGS);
	assert_int_equal(READ(.type = 0x88a8).flaw, SAP_FLAW_TAGS);
	assert_int_equal(READ(.type = 0x0800, .protocol = 6, .upper = 3).flaw, SAP_FLAW_CUT);
	assert_int_equal(READ(.type = 0x0800, .protocol = 1, .upper = 1).flaw, SAP_FLAW_CUT);
	assert_int_equal(READ(.type = 0x86dd, .protocol = 60).flaw, SAP_FLAW_CUT);
	assert_int_equal(READ(.type = 0x0800, .protocol = 6, .version_ihl = 0x65).flaw, SAP_FLAW_VERSION);
	assert_int_equal(READ(.type = 0x0800, .protocol = 6, .longer = 1).flaw, SAP_FLAW_LENGTH);
	assert_int_equal(READ(.type = 0x86dd, .protocol = 6, .longer = 1).flaw, SAP_FLAW_LENGTH);
	for (unsigned i = 0; i < 9; i++)
		many.extensions[i] = (struct extension){60, 8, 0, false, 0};
	assert_int_equal(read_made(&many).flaw, SAP_FLAW_EXTENSIONS);
	assert_int_equal(READ(.type = 0x1234).flaw, SAP_FLAW_NONE);
}

static void dhcp_requests_are_known(void **unused)
{
	static const struct {
		struct spec spec;
		bool is;
	} rows[] = {
		{{.type = 0x0800, .protocol = 17, .src = 68, .dst = 67}, true},
		{{.to = "ff:ff:ff:ff:ff:ff",
		  .type = 0x0800,
		  .protocol = 17,
		  .options = 8,
		  .src = 68,
		  .dst = 67},
		 true},
		{{.tagged = true, .tag = 7, .type = 0x0800, .protocol = 17, .src = 68, .dst = 67}, true},
		{{.type = 0x0800, .protocol = 17, .src = 68, .dst = 67, .where = 0x2000}, true},
		{{.type = 0x0800, .protocol = 17, .src = 68, .dst = 67, .upper = 4}, true},
		{{.type = 0x0800, .protocol = 17, .src = 68, .dst = 67, .upper = 3, .padding = 9}, false},
		{{.type = 0x0800, .protocol = 17, .src = 68, .dst = 67, .where = 0x0001}, false},
		{{.type = 0x0800, .protocol = 17, .src = 67, .dst = 68}, false},
		{{.type = 0x0800, .protocol = 17, .src = 68, .dst = 68}, false},
		{{.type = 0x0800, .protocol = 17, .src = 67, .dst = 67}, false},
		{{.type = 0x0800, .protocol = 17, .src = 0x4400, .dst = 0x4300}, false},
		{{.type = 0x0800, .protocol = 6, .src = 68, .dst = 67}, false},
		{{.type = 0x0800, .protocol = 17, .src = 68, .dst = 67, .longer = 1}, false},
		{{.type = 0x86dd, .protocol = 17, .src = 68, .dst = 67}, false},
		{{.tagged = true, .tag_type = 0x88a8, .type = 0x0800, .protocol = 17, .src = 68, .dst = 67},
		 false},
		{{.type = 0x0806, .op = 1}, false},
		{{.type = 0x8100, .padding = 3}, false},
	};

	(void)unused;
	for (unsigned i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct made made = make_frame(&rows[i].spec);

		if (sap_frame_is_dhcp_request(made.bytes, made.len) != rows[i].is)
			test_fail("row %u", i);
		/* Not if a byte of it is missing. */
		for (uint32_t len = 0; len < 42; len++) {
			uint8_t *cut = malloc(len ? len : 1);

			assert_non_null(cut);
			memcpy(cut, made.bytes, len);
			assert_false(len < made.len && len < 38 && sap_frame_is_dhcp_request(cut, len));
			free(cut);
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(ipv4_facts),
		cmocka_unit_test(ipv6_facts),
		cmocka_unit_test(arp_facts),
		cmocka_unit_test(flaws_have_their_names),
		cmocka_unit_test(dhcp_requests_are_known),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
