// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
/* The gate: what may enter CSME's stack, which forwards, resets and reassembles. */
#include "frames.h"

#include "gate.h"

#define MINE  0x0a090005u
#define OTHER 0x0a090006u
#define PEER  0x0a090001u

static const uint8_t mac[6] = {2, 0, 0, 0, 0, 5};
static const uint8_t all[6] = {255, 255, 255, 255, 255, 255};
static const uint8_t somebody[6] = {2, 0, 0, 0, 0, 6};
static const uint8_t mine6[16] = {0xfe, 0x80, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xfe, 0, 0, 5};
static const uint8_t other6[16] = {0xfe, 0x80, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xfe, 0, 0, 6};
static const uint8_t solicited[16] = {0xff, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0xff, 0, 0, 5};
static const uint8_t nodes[16] = {0xff, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1};
static const uint8_t routers[16] = {0xff, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2};

static struct net_addresses addresses(void)
{
	struct net_addresses a;

	memset(&a, 0, sizeof(a));
	memcpy(&a.mac, mac, 6);
	a.ipv4 = MINE;
	memcpy(a.ipv6[0], mine6, 16);
	a.n_ipv6 = 1;
	return a;
}

static enum net_gate check(const struct test_frame *f, bool echo)
{
	struct net_addresses a = addresses();

	return net_gate_check(&a, echo, f->b, f->len);
}

static enum net_gate tcp4(const uint8_t *to, uint32_t dst, uint32_t port, uint32_t fragment)
{
	struct test_frame f;

	put_ethernet(&f, to, 0x0800);
	put_ipv4(&f, 6, PEER, dst, fragment, 20);
	put_tcp(&f, 40000, port);
	return check(&f, true);
}

static void tcp_over_ipv4(void **state)
{
	(void)state;
	assert_int_equal(tcp4(mac, MINE, 16992, 0), NET_GATE_OPEN);
	assert_int_equal(tcp4(mac, MINE, 16992, 0x4000), NET_GATE_OPEN); /* do not fragment */
	/* To the host's ports lwIP would answer with a reset. */
	assert_int_equal(tcp4(mac, MINE, 80, 0), NET_GATE_SERVICE);
	assert_int_equal(tcp4(mac, MINE, 16993, 0), NET_GATE_SERVICE);
	/* What is for others it would forward. */
	assert_int_equal(tcp4(mac, OTHER, 16992, 0), NET_GATE_ADDRESS);
	assert_int_equal(tcp4(somebody, MINE, 16992, 0), NET_GATE_ADDRESS);
	assert_int_equal(tcp4(mac, 0xffffffff, 16992, 0), NET_GATE_ADDRESS);
	assert_int_equal(tcp4(mac, MINE, 16992, 0x2000), NET_GATE_FLAW);
	assert_int_equal(tcp4(mac, MINE, 16992, 1), NET_GATE_FLAW);
}

static enum net_gate icmp4(uint32_t dst, uint32_t type, bool echo)
{
	struct test_frame f;

	put_ethernet(&f, mac, 0x0800);
	put_ipv4(&f, 1, PEER, dst, 0, 8);
	put8(&f, type);
	put_zeroes(&f, 7);
	return check(&f, echo);
}

static void icmp(void **state)
{
	(void)state;
	assert_int_equal(icmp4(MINE, 8, true), NET_GATE_OPEN);
	assert_int_equal(icmp4(MINE, 8, false), NET_GATE_SERVICE); /* the host answers */
	assert_int_equal(icmp4(MINE, 3, false), NET_GATE_OPEN);
	assert_int_equal(icmp4(MINE, 0, true), NET_GATE_SERVICE);
	assert_int_equal(icmp4(OTHER, 8, true), NET_GATE_ADDRESS);
	assert_int_equal(icmp4(0xffffffff, 8, true), NET_GATE_ADDRESS);
}

static enum net_gate arp(uint32_t target, uint32_t mine)
{
	struct net_addresses a = addresses();
	struct test_frame f;

	a.ipv4 = mine;
	put_ethernet(&f, all, 0x0806);
	put32(&f, 0x00010800);
	put32(&f, 0x06040001);
	put(&f, somebody, 6);
	put32(&f, PEER);
	put_zeroes(&f, 6);
	put32(&f, target);
	return net_gate_check(&a, true, f.b, f.len);
}

static void arp_for_its_address(void **state)
{
	(void)state;
	assert_int_equal(arp(MINE, MINE), NET_GATE_OPEN);
	assert_int_equal(arp(OTHER, MINE), NET_GATE_ADDRESS);
	assert_int_equal(arp(0, 0), NET_GATE_ADDRESS); /* no address: not any address */
}

static enum net_gate ipv6(const uint8_t dst[16], uint32_t next, uint32_t first, bool echo)
{
	struct test_frame f;
	const uint8_t group[6] = {0x33, 0x33, 0xff, 0, 0, 5};

	put_ethernet(&f, dst[0] == 0xff ? group : mac, 0x86dd);
	put_ipv6(&f, next, dst, next == 6 ? 20 : 24);
	if (next == 6)
		put_tcp(&f, 40000, first);
	else
		put32(&f, first << 24), put_zeroes(&f, 20);
	return check(&f, echo);
}

static void ipv6_too(void **state)
{
	(void)state;
	assert_int_equal(ipv6(mine6, 6, 16992, false), NET_GATE_OPEN);
	assert_int_equal(ipv6(mine6, 6, 22, false), NET_GATE_SERVICE);
	assert_int_equal(ipv6(other6, 6, 16992, false), NET_GATE_ADDRESS);
	assert_int_equal(ipv6(nodes, 6, 16992, false), NET_GATE_SERVICE);
	assert_int_equal(ipv6(mine6, 58, 135, false), NET_GATE_OPEN);
	assert_int_equal(ipv6(solicited, 58, 135, false), NET_GATE_OPEN);
	assert_int_equal(ipv6(nodes, 58, 134, false), NET_GATE_OPEN);
	assert_int_equal(ipv6(routers, 58, 133, false), NET_GATE_ADDRESS);
	assert_int_equal(ipv6(other6, 58, 135, false), NET_GATE_ADDRESS);
	assert_int_equal(ipv6(mine6, 58, 128, false), NET_GATE_SERVICE);
	assert_int_equal(ipv6(mine6, 58, 128, true), NET_GATE_OPEN);
	assert_int_equal(ipv6(mine6, 58, 137, true), NET_GATE_SERVICE); /* a redirect */
	assert_int_equal(ipv6(mine6, 17, 0, true), NET_GATE_SERVICE);
}

static void other_frames(void **state)
{
	struct test_frame f;
	uint32_t n;

	(void)state;
	put_ethernet(&f, mac, 0x88cc);
	put_zeroes(&f, 40);
	assert_int_equal(check(&f, true), NET_GATE_SERVICE);
	/* Tagged; and cut anywhere. */
	put_ethernet(&f, mac, 0x8100);
	put32(&f, 0x00050800);
	put_ipv4(&f, 6, PEER, MINE, 0, 20);
	put_tcp(&f, 40000, 16992);
	assert_int_equal(check(&f, true), NET_GATE_FLAW);
	put_ethernet(&f, mac, 0x0800);
	put_ipv4(&f, 6, PEER, MINE, 0, 20);
	put_tcp(&f, 40000, 16992);
	for (n = 0; n < f.len; n++) {
		struct net_addresses a = addresses();
		uint8_t *exact = malloc(n ? n : 1);

		assert_non_null(exact);
		memcpy(exact, f.b, n);
		assert_int_not_equal(net_gate_check(&a, true, exact, n), NET_GATE_OPEN);
		free(exact);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(tcp_over_ipv4),       cmocka_unit_test(icmp),
		cmocka_unit_test(arp_for_its_address), cmocka_unit_test(ipv6_too),
		cmocka_unit_test(other_frames),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
