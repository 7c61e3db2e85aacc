// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
/* What CSME asks the host for, as the host's filters understand it. */
#include "frames.h"

#include "wants.h"

#define MINE 0x0a090005u
#define PEER 0x0a090001u

static const uint8_t mac[6] = {2, 0, 0, 0, 0, 5};
static const uint8_t all[6] = {255, 255, 255, 255, 255, 255};
static const uint8_t mine6[16] = {0xfe, 0x80, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xfe, 1, 2, 5};
static const uint8_t global6[16] = {0x20, 1, 0xd, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xfe, 1, 2, 5};

static struct sap_filter filter_of(bool ipv4, bool ipv6)
{
	uint8_t payload[SAP_CSME_FILTERS_SIZE];
	struct net_addresses a;
	struct sap_filter filter;

	memset(&a, 0, sizeof(a));
	memset(&filter, 0, sizeof(filter));
	memcpy(&a.mac, mac, 6);
	a.ipv4 = ipv4 ? MINE : 0;
	if (ipv6) {
		memcpy(a.ipv6[0], mine6, 16);
		memcpy(a.ipv6[1], global6, 16);
		a.n_ipv6 = 2;
	}
	net_wants_make(&a, payload);
	assert_status(sap_filter_compile(&filter, payload, sizeof(payload)), SAP_OK);
	return filter;
}

/* To whom it goes: 1 CSME, 2 the host, 3 both. */
static int goes(const struct sap_filter *filter, const struct test_frame *f)
{
	struct sap_verdict verdict = sap_filter_classify(filter, f->b, f->len);

	return verdict.to_csme + 2 * verdict.to_host;
}

static int tcp4(const struct sap_filter *filter, uint32_t dst, uint32_t port)
{
	struct test_frame f;

	put_ethernet(&f, mac, 0x0800);
	put_ipv4(&f, 6, PEER, dst, 0, 20);
	put_tcp(&f, 40000, port);
	return goes(filter, &f);
}

static int tcp6(const struct sap_filter *filter, const uint8_t dst[16], uint32_t port)
{
	struct test_frame f;

	put_ethernet(&f, mac, 0x86dd);
	put_ipv6(&f, 6, dst, 20);
	put_tcp(&f, 40000, port);
	return goes(filter, &f);
}

static void its_port_is_its_own(void **state)
{
	const uint8_t elsewhere[16] = {0x20, 1, 0xd, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 5};
	struct sap_filter filter = filter_of(true, true);

	(void)state;
	assert_int_equal(tcp4(&filter, MINE, 16992), 1);
	assert_int_equal(tcp4(&filter, MINE, 80), 2);
	assert_int_equal(tcp4(&filter, MINE + 1, 16992), 2);
	assert_int_equal(tcp6(&filter, mine6, 16992), 1);
	assert_int_equal(tcp6(&filter, global6, 16992), 1);
	assert_int_equal(tcp6(&filter, global6, 80), 2);
	assert_int_equal(tcp6(&filter, elsewhere, 16992), 2);
}

/* Without an address of that kind nothing is taken from the host: 0 would mean any. */
static void no_address_no_service(void **state)
{
	struct sap_filter only6 = filter_of(false, true), only4 = filter_of(true, false);

	(void)state;
	assert_int_equal(tcp4(&only6, MINE, 16992), 2);
	assert_int_equal(tcp6(&only6, mine6, 16992), 1);
	assert_int_equal(tcp6(&only4, mine6, 16992), 2);
	assert_int_equal(tcp4(&only4, MINE, 16992), 1);
}

static int udp4(const struct sap_filter *filter, const uint8_t *to, uint32_t dst, uint32_t from,
		uint32_t port)
{
	struct test_frame f;

	put_ethernet(&f, to, 0x0800);
	put_ipv4(&f, 17, PEER, dst, 0, 8);
	put_udp(&f, from, port, 0);
	return goes(filter, &f);
}

static void dhcp_answers_are_for_both(void **state)
{
	struct sap_filter none = filter_of(false, false);

	(void)state;
	assert_int_equal(udp4(&none, all, 0xffffffff, 67, 68), 3);
	assert_int_equal(udp4(&none, mac, MINE, 67, 68), 3);
	assert_int_equal(udp4(&none, mac, MINE, 68, 67), 2);
	assert_int_equal(udp4(&none, mac, MINE, 53, 68), 2);
}

static int arp(const struct sap_filter *filter, uint32_t op, uint32_t target)
{
	struct test_frame f;

	put_ethernet(&f, op == 1 ? all : mac, 0x0806);
	put32(&f, 0x00010800);
	put32(&f, 0x06040000 | op);
	put(&f, mac, 6);
	put32(&f, PEER);
	put(&f, mac, 6);
	put32(&f, target);
	return goes(filter, &f);
}

static void arp_is_for_both(void **state)
{
	struct sap_filter filter = filter_of(true, true), none = filter_of(false, false);

	(void)state;
	assert_int_equal(arp(&filter, 1, MINE), 3);
	assert_int_equal(arp(&filter, 1, MINE + 1), 2);
	assert_int_equal(arp(&filter, 2, MINE), 3);
	assert_int_equal(arp(&none, 1, MINE), 2);
}

static int icmp(const struct sap_filter *filter, uint32_t type)
{
	struct test_frame f;

	put_ethernet(&f, mac, 0x0800);
	put_ipv4(&f, 1, PEER, MINE, 0, 8);
	put8(&f, type);
	put_zeroes(&f, 7);
	return goes(filter, &f);
}

static int icmp6(const struct sap_filter *filter, const uint8_t *to, const uint8_t dst[16], uint32_t type)
{
	struct test_frame f;

	put_ethernet(&f, to, 0x86dd);
	put_ipv6(&f, 58, dst, 24);
	put32(&f, type << 24);
	put_zeroes(&f, 20);
	return goes(filter, &f);
}

static void pings_are_the_hosts(void **state)
{
	struct sap_filter filter = filter_of(true, true);

	(void)state;
	assert_int_equal(icmp(&filter, 8), 2);
	assert_int_equal(icmp(&filter, 3), 3);
	assert_int_equal(icmp6(&filter, mac, mine6, 128), 2);
}

static void neighbours_are_for_both(void **state)
{
	const uint8_t solicited[16] = {0xff, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0xff, 1, 2, 5};
	const uint8_t group[6] = {0x33, 0x33, 0xff, 1, 2, 5}, other[6] = {0x33, 0x33, 0xff, 1, 2, 6};
	const uint8_t nodes[6] = {0x33, 0x33, 0, 0, 0, 1}, mdns[6] = {0x33, 0x33, 0, 0, 0, 0xfb};
	const uint8_t to_nodes[16] = {0xff, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1};
	struct sap_filter filter = filter_of(true, true);

	(void)state;
	assert_int_equal(icmp6(&filter, group, solicited, 135), 3);
	assert_int_equal(icmp6(&filter, other, solicited, 135), 2);
	assert_int_equal(icmp6(&filter, nodes, to_nodes, 134), 3);
	assert_int_equal(icmp6(&filter, mdns, to_nodes, 134), 2);
	assert_int_equal(icmp6(&filter, mac, mine6, 136), 3);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(its_port_is_its_own),	     cmocka_unit_test(no_address_no_service),
		cmocka_unit_test(dhcp_answers_are_for_both), cmocka_unit_test(arp_is_for_both),
		cmocka_unit_test(pings_are_the_hosts),	     cmocka_unit_test(neighbours_are_for_both),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
