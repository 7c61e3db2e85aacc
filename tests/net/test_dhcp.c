// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
/* DHCP as it passes by, and what CSME makes of it. */
#include "frames.h"

#include "dhcp.h"

static const struct sap_mac mac = {{2, 0, 0, 0, 0, 5}};

#define ADDRESS 0x0a090005u
#define ROUTER	0x0a090001u

/* A message: the frame around it, what is fixed, the cookie; options follow, and the lengths are set then. */
static void begin(struct test_frame *f, bool client, uint32_t ciaddr, uint32_t yiaddr)
{
	static const uint8_t all[6] = {255, 255, 255, 255, 255, 255};

	put_ethernet(f, all, 0x0800);
	put_ipv4(f, 17, 0, 0xffffffff, 0, 8 + 240);
	put_udp(f, client ? 68 : 67, client ? 67 : 68, 240);
	put8(f, client ? 1 : 2);
	put8(f, 1);
	put8(f, 6);
	put8(f, 0);
	put32(f, 0x12345678);
	put32(f, 0);
	put32(f, ciaddr);
	put32(f, yiaddr);
	put32(f, 0);
	put32(f, 0);
	put(f, mac.bytes, 6);
	put_zeroes(f, 10 + 64 + 128);
	put32(f, 0x63825363);
}

static void option(struct test_frame *f, uint32_t code, uint32_t len, uint32_t value)
{
	put8(f, code);
	put8(f, len);
	if (len == 4)
		put32(f, value);
	else
		put8(f, value);
}

static void finish(struct test_frame *f)
{
	uint32_t ip = f->len - 14;

	f->b[16] = (uint8_t)(ip >> 8);
	f->b[17] = (uint8_t)ip;
	f->b[38] = (uint8_t)((ip - 20) >> 8);
	f->b[39] = (uint8_t)(ip - 20);
}

static struct net_dhcp message(bool client, uint32_t type, uint32_t ciaddr, uint32_t yiaddr, uint32_t mask,
			       uint32_t router)
{
	struct test_frame f;
	struct net_dhcp dhcp;

	begin(&f, client, ciaddr, yiaddr);
	option(&f, 53, 1, type);
	if (client && !ciaddr)
		option(&f, 50, 4, ADDRESS);
	if (mask)
		option(&f, 1, 4, mask);
	if (router)
		option(&f, 3, 4, router);
	put8(&f, 255);
	finish(&f);
	assert_true(net_dhcp_read(f.b, f.len, &dhcp));
	return dhcp;
}

static void request_is_read(void **state)
{
	struct net_dhcp dhcp = message(true, 3, 0, 0, 0, 0);

	(void)state;
	assert_true(dhcp.from_client);
	assert_int_equal(dhcp.type, NET_DHCP_REQUEST);
	assert_int_equal(dhcp.xid, 0x12345678);
	assert_int_equal(dhcp.requested, ADDRESS);
	assert_int_equal(dhcp.in_use, 0);
	assert_memory_equal(&dhcp.client, &mac, 6);
}

static void answer_is_read(void **state)
{
	struct net_dhcp dhcp = message(false, 5, 0, ADDRESS, 0xffff0000, ROUTER);

	(void)state;
	assert_false(dhcp.from_client);
	assert_int_equal(dhcp.type, NET_DHCP_ACK);
	assert_int_equal(dhcp.given, ADDRESS);
	assert_int_equal(dhcp.mask, 0xffff0000);
	assert_int_equal(dhcp.router, ROUTER);
}

/* Cut anywhere, it is none, or says what the whole says; memory of exact size shows who reads too far. */
static void cut_anywhere(void **state)
{
	struct test_frame f;
	uint32_t n;

	(void)state;
	begin(&f, true, 0, 0);
	option(&f, 53, 1, 3);
	option(&f, 50, 4, ADDRESS);
	put8(&f, 255);
	finish(&f);
	for (n = 0; n < f.len; n++) {
		uint8_t *exact = malloc(n ? n : 1);
		struct net_dhcp dhcp;

		assert_non_null(exact);
		memcpy(exact, f.b, n);
		assert_false(net_dhcp_read(exact, n, &dhcp));
		free(exact);
	}
}

/* An option that says it is longer than what is left; also as the last byte. */
static void option_over_the_end(void **state)
{
	struct test_frame f;
	struct net_dhcp dhcp;

	(void)state;
	begin(&f, true, 0, 0);
	option(&f, 53, 1, 3);
	put8(&f, 50);
	put8(&f, 5);
	put32(&f, ADDRESS);
	finish(&f);
	assert_false(net_dhcp_read(f.b, f.len, &dhcp));

	begin(&f, true, 0, 0);
	option(&f, 53, 1, 3);
	put8(&f, 50);
	finish(&f);
	assert_false(net_dhcp_read(f.b, f.len, &dhcp));
}

/* Options of a wrong length say nothing; padding is passed over; no end mark is fine. */
static void odd_options(void **state)
{
	struct test_frame f;
	struct net_dhcp dhcp;

	(void)state;
	begin(&f, false, 0, ADDRESS);
	put_zeroes(&f, 3);
	option(&f, 1, 1, 255);
	option(&f, 53, 1, 5);
	finish(&f);
	assert_true(net_dhcp_read(f.b, f.len, &dhcp));
	assert_int_equal(dhcp.mask, 0);
	assert_int_equal(dhcp.type, NET_DHCP_ACK);
}

static void not_dhcp(void **state)
{
	struct test_frame f;
	struct net_dhcp dhcp;
	/* Where, and to what, one byte of a good message is changed: operation, hardware, length of an
	 * address, cookie, a port, the protocol, the version of IP, a later fragment, a first one. */
	static const struct {
		uint32_t at;
		uint8_t value;
	} change[] = {{42, 2}, {43, 6},	      {44, 16}, {278, 0},  {35, 67},
		      {23, 6}, {14, 69 + 16}, {21, 1},	{20, 0x20}};
	uint32_t i;

	(void)state;
	for (i = 0; i < sizeof(change) / sizeof(change[0]); i++) {
		begin(&f, true, 0, 0);
		option(&f, 53, 1, 3);
		finish(&f);
		f.b[change[i].at] = change[i].value;
		if (net_dhcp_read(f.b, f.len, &dhcp))
			test_fail("byte %u", change[i].at);
	}
	begin(&f, true, 0, 0);
	finish(&f);
	assert_false(net_dhcp_read(f.b, f.len, &dhcp)); /* BOOTP: no type */
}

/* --- the lease --- */

static void asked_and_given(void **state)
{
	struct net_lease lease = {0};
	struct net_dhcp request = message(true, 3, 0, 0, 0, 0);
	struct net_dhcp ack = message(false, 5, 0, ADDRESS, 0xffff0000, ROUTER);

	(void)state;
	assert_false(net_lease_hear(&lease, &request, &mac));
	assert_int_equal(lease.address, 0); /* a wish is not yet an address */
	assert_true(net_lease_hear(&lease, &ack, &mac));
	assert_int_equal(lease.address, ADDRESS);
	assert_int_equal(lease.mask, 0xffff0000);
	assert_int_equal(lease.router, ROUTER);
	/* A renewal with the same answer changes nothing. */
	request = message(true, 3, ADDRESS, 0, 0, 0);
	assert_false(net_lease_hear(&lease, &request, &mac));
	assert_false(net_lease_hear(&lease, &ack, &mac));
	assert_int_equal(lease.mask, 0xffff0000);
}

/* The answer was missed, and the host says later that it has the address. */
static void renewal_alone(void **state)
{
	struct net_lease lease = {0};
	struct net_dhcp renew = message(true, 3, ADDRESS, 0, 0, 0);

	(void)state;
	assert_true(net_lease_hear(&lease, &renew, &mac));
	assert_int_equal(lease.address, ADDRESS);
	assert_int_equal(lease.mask, 0xffffff00);
}

/* Answers that nobody asked for, of another exchange, or of another client. */
static void foreign_answers(void **state)
{
	struct net_lease lease = {0};
	struct net_dhcp request = message(true, 3, 0, 0, 0, 0);
	struct net_dhcp ack = message(false, 5, 0, ADDRESS, 0xffffff00, 0);
	struct net_dhcp other = ack;
	const struct sap_mac somebody = {{2, 0, 0, 0, 0, 6}};

	(void)state;
	assert_false(net_lease_hear(&lease, &ack, &mac));
	assert_false(net_lease_hear(&lease, &request, &mac));
	other.xid++;
	assert_false(net_lease_hear(&lease, &other, &mac));
	assert_false(net_lease_hear(&lease, &ack, &somebody));
	assert_int_equal(lease.address, 0);
	assert_true(net_lease_hear(&lease, &ack, &mac));
	/* It was answered: a second one is not. */
	other = ack;
	other.given = ADDRESS + 1;
	assert_false(net_lease_hear(&lease, &other, &mac));
	assert_int_equal(lease.address, ADDRESS);
}

static void given_up(void **state)
{
	static const uint8_t by_client[] = {NET_DHCP_RELEASE, NET_DHCP_DECLINE};
	struct net_dhcp nak = message(false, 6, 0, 0, 0, 0);
	struct net_dhcp request = message(true, 3, 0, 0, 0, 0);
	uint32_t i;

	(void)state;
	for (i = 0; i < 2; i++) {
		struct net_lease lease = {.address = ADDRESS, .mask = 0xffffff00};
		struct net_dhcp bye = message(true, by_client[i], ADDRESS, 0, 0, 0);

		assert_true(net_lease_hear(&lease, &bye, &mac));
		assert_int_equal(lease.address, 0);
	}
	{
		struct net_lease lease = {.address = ADDRESS, .mask = 0xffffff00};

		assert_false(net_lease_hear(&lease, &nak, &mac)); /* nobody asked */
		assert_false(net_lease_hear(&lease, &request, &mac));
		assert_true(net_lease_hear(&lease, &nak, &mac));
		assert_int_equal(lease.address, 0);
	}
}

/* Addresses that no host has, masks with holes, routers elsewhere. */
static void hostile_answers(void **state)
{
	static const uint32_t bad[] = {0, 0x7f000001, 0xe0000001, 0xffffffff, 0x00000001};
	struct net_dhcp request = message(true, 3, 0, 0, 0, 0);
	struct net_dhcp ack;
	struct net_lease lease = {0};
	uint32_t i;

	(void)state;
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		(void)net_lease_hear(&lease, &request, &mac);
		ack = message(false, 5, 0, bad[i], 0xffffff00, 0);
		assert_false(net_lease_hear(&lease, &ack, &mac));
		ack = message(true, 3, bad[i], 0, 0, 0);
		assert_false(net_lease_hear(&lease, &ack, &mac));
	}
	ack = message(false, 5, 0, ADDRESS, 0xff00ff00, 0x0b000001);
	assert_true(net_lease_hear(&lease, &ack, &mac));
	assert_int_equal(lease.mask, 0xffffff00);
	assert_int_equal(lease.router, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(request_is_read), cmocka_unit_test(answer_is_read),
		cmocka_unit_test(cut_anywhere),	   cmocka_unit_test(option_over_the_end),
		cmocka_unit_test(odd_options),	   cmocka_unit_test(not_dhcp),
		cmocka_unit_test(asked_and_given), cmocka_unit_test(renewal_alone),
		cmocka_unit_test(foreign_answers), cmocka_unit_test(given_up),
		cmocka_unit_test(hostile_answers),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
