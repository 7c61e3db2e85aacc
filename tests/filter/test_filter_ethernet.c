// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
/* The filters by hand, by Ethernet's header: VLANs and groups. */
#include "by_hand.h"

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
	DECIDES("host MULTICAST", .to = "ff:ff:ff:ff:fe:ff", V4, .protocol = 17, .dst = 68);
	DECIDES("host MULTICAST", .to = "ff:ff:ff:fe:ff:ff", V4, .protocol = 17, .dst = 68);
	DECIDES("host MULTICAST", .to = "ff:fe:ff:ff:ff:ff", V4, .protocol = 17, .dst = 68);
	DECIDES("csme FLEX 0", .to = "fe:ff:ff:ff:ff:ff", V4, .protocol = 17, .dst = 68);
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
	/* A full list leaves a priority tag what it is. */
	oob.vlan[0] = 0x8000 | 6;
	DECIDES("csme FLEX 0", .tagged = true, .tag = 0, V4, .protocol = 6, .dst = 80);
	DECIDES("csme FLEX 0", .tagged = true, .tag = 0xf000, V4, .protocol = 6, .dst = 80);
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
	DECIDES("host FLAW", .tagged = true, .tag = 8, .type = 0x8100, .padding = 20);
	DECIDES("host FLAW", .tagged = true, .tag = 8, .type = 0x88a8, .padding = 20);
	DECIDES("host FLAW", .tagged = true, .tag_type = 0x88a8, .tag = 7, V4, .protocol = 6);
	DECIDES("host FLAW", .to = "01:00:5e:00:00:01", .tagged = true, .tag_type = 0x88a8, .tag = 7, V4,
		.protocol = 6);
}

/* Whatever the address; and not only where a tag would be looked up. */
static void a_service_tag_is_a_flaw(void **unused)
{
	static const char *const to[] = {NULL, "ff:ff:ff:ff:ff:ff", "01:00:5e:00:00:01", "01:00:5e:00:00:02",
					 "01:00:5e:00:00:21"};

	(void)unused;
	no_filters();
	eth(0, ETH_STOP, "01:00:5e:00:00:01");
	for (unsigned i = 0; i < sizeof(to) / sizeof(to[0]); i++)
		DECIDES("host FLAW", .to = to[i], .type = 0x88a8, .padding = 20);
}

/* Ids and addresses that share the bit of one that is listed. */
static void those_that_look_listed_are_not(void **unused)
{
	(void)unused;
	no_filters();
	flex(0, 0, 0, 0);
	eth(0, 0, "01:00:5e:00:00:01");
	oob.vlan[0] = 0x8000 | 7;
	for (uint32_t id = 1; id < 4096; id++)
		DECIDES(id == 7 ? "csme FLEX 0" : "host VLAN", .tagged = true, .tag = id, V4, .protocol = 6);
	for (unsigned last = 0; last < 256; last++) {
		char to[20];

		snprintf(to, sizeof(to), "01:00:5e:00:00:%02x", last);
		DECIDES(last == 1 ? "csme FLEX 0" : "host MULTICAST", .to = to, V4, .protocol = 6);
	}
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

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(multicast_is_looked_up),
		cmocka_unit_test(all_five_eth_filters_count),
		cmocka_unit_test(broadcast_is_no_multicast),
		cmocka_unit_test(vlans_are_listed),
		cmocka_unit_test(vlans_come_before_multicast),
		cmocka_unit_test(a_service_tag_is_a_flaw),
		cmocka_unit_test(those_that_look_listed_are_not),
		cmocka_unit_test(takes_vlan),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
