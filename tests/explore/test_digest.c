// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
/*
 * The digest of an engine: a snapshot goes on as what it was taken of, what only looks back plays no part,
 * and everything that decides the future does.
 */
#include "support.h"

#include <sap/loopback.h>

enum {
	START = 1000,
	MEMORY = 1024,
};

struct pair {
	struct sap_host host;
	struct sap_csme csme;
	struct sap_loopback loop;
	uint64_t now;
	_Alignas(8) uint8_t memory[MEMORY];
};

static struct pair pair;
static struct sap_layout layout;

static void run(uint64_t ms)
{
	struct sap_pump host = {.host = &pair.host,
				.transport = sap_loopback_transport(&pair.loop, SAP_LOOPBACK_HOST)};
	struct sap_pump csme = {.csme = &pair.csme,
				.transport = sap_loopback_transport(&pair.loop, SAP_LOOPBACK_CSME)};
	struct sap_host_event host_event;
	struct sap_csme_event csme_event;

	for (uint64_t end = pair.now + ms; pair.now <= end; pair.now += 10) {
		for (unsigned i = 0; i < 3; i++) {
			assert_status(sap_pump_run(&host, pair.now), SAP_OK);
			assert_status(sap_pump_run(&csme, pair.now), SAP_OK);
			while (sap_host_next_event(&pair.host, &host_event))
				;
			while (sap_csme_next_event(&pair.csme, &csme_event))
				;
		}
	}
}

/* Both connected, `skew` messages later and at another time than with 0. */
static void connect_pair(uint32_t skew)
{
	static const uint32_t rooms[SAP_QUEUES] = {200, 9, 300, 9};
	struct sap_loopback_config loop;
	struct sap_host_config host;
	struct sap_csme_config csme;

	memset(&pair, 0, sizeof(pair));
	pair.now = START + 77 * skew;
	assert_status(sap_layout_make(&layout, SAP_PROTOCOL_4, rooms), SAP_OK);
	sap_loopback_config_default(&loop);
	loop.memory = pair.memory;
	loop.memory_size = sizeof(pair.memory);
	sap_host_config_default(&host);
	sap_csme_config_default(&csme);
	host.link.layouts[0] = csme.link.layouts[0] = &layout;
	host.link.layouts[1] = csme.link.layouts[1] = NULL;
	assert_status(sap_loopback_init(&pair.loop, sizeof(pair.loop), &loop), SAP_OK);
	assert_status(sap_host_init(&pair.host, sizeof(pair.host), &host, pair.now), SAP_OK);
	assert_status(sap_csme_init(&pair.csme, sizeof(pair.csme), &csme, pair.now), SAP_OK);
	assert_status(sap_csme_set_amt(&pair.csme, true, pair.now), SAP_OK);
	assert_status(sap_host_driver_up(&pair.host, pair.now), SAP_OK);
	assert_status(sap_csme_start(&pair.csme, pair.now), SAP_OK);
	assert_status(sap_host_start(&pair.host, pair.now), SAP_OK);
	run(1000);
	for (uint32_t i = 0; i < skew; i++) {
		assert_status(sap_host_ping(&pair.host, pair.now), SAP_OK);
		assert_status(sap_csme_ping(&pair.csme, pair.now), SAP_OK);
		run(300);
	}
}

struct digests {
	uint64_t host, csme;
};

static struct digests digests(void)
{
	struct digests d = {sap_host_digest(&pair.host), sap_csme_digest(&pair.csme)};

	return d;
}

/* A story with requests, timers and messages on the way. */
static struct digests story(void)
{
	assert_status(sap_host_own(&pair.host, pair.now), SAP_OK);
	run(30);
	assert_status(sap_csme_take(&pair.csme, pair.now), SAP_OK);
	assert_status(sap_host_get_nvm(&pair.host, pair.now), SAP_OK);
	run(50);
	return digests();
}

static void snapshot_goes_on_alike(void **state)
{
	static struct pair snapshot;
	struct digests first, again;

	(void)state;
	connect_pair(0);
	assert_status(sap_host_own(&pair.host, pair.now), SAP_OK);
	snapshot = pair;
	run(120);
	first = story();
	pair = snapshot;
	assert_memory_equal(&pair, &snapshot, sizeof(pair));
	run(120);
	again = story();
	assert_true(first.host == again.host);
	assert_true(first.csme == again.csme);
}

static void what_looks_back_plays_no_part(void **state)
{
	struct digests plain, skewed;

	(void)state;
	connect_pair(0);
	plain = digests();
	connect_pair(5);
	skewed = digests();
	assert_true(pair.host.state.link.seq.last > 5);
	assert_true(plain.host == skewed.host);
	assert_true(plain.csme == skewed.csme);

	/* And with messages on the way, at other places of the ring. */
	connect_pair(0);
	plain = story();
	connect_pair(7);
	skewed = story();
	assert_true(plain.host == skewed.host);
	assert_true(plain.csme == skewed.csme);
}

static void time_counts_from_now(void **state)
{
	struct digests before, after;

	(void)state;
	connect_pair(0);
	assert_status(sap_host_get_nvm(&pair.host, pair.now), SAP_OK);
	run(300);
	before = digests();
	run(10);
	after = digests();
	assert_true(before.host != after.host);
	assert_true(before.csme == after.csme);
}

/* Each with its value in the tested state, and another. */
#define HOST_DIFFERS(member, value)                                 \
	do {                                                        \
		connect_pair(0);                                    \
		before = sap_host_digest(&pair.host);               \
		pair.host.state.member = (value);                   \
		if (sap_host_digest(&pair.host) == before)          \
			test_fail("the host's " #member " is out"); \
	} while (0)

#define CSME_DIFFERS(member, value)                             \
	do {                                                    \
		connect_pair(0);                                \
		before = sap_csme_digest(&pair.csme);           \
		pair.csme.state.member = (value);               \
		if (sap_csme_digest(&pair.csme) == before)      \
			test_fail("CSME's " #member " is out"); \
	} while (0)

/* Each byte of the filters that the lane will be told, and none while there are no filters. */
static void filters_count(void **state)
{
	struct sap_oob_filters *oob = &pair.host.state.filters;
	uint64_t before;

	(void)state;
	connect_pair(0);
	before = sap_host_digest(&pair.host);
	oob->vlan[3] = 1;
	assert_true(sap_host_digest(&pair.host) == before);
	pair.host.state.has_filters = true;
#define FILTERS_DIFFER(member)                                        \
	do {                                                          \
		before = sap_host_digest(&pair.host);                 \
		oob->member ^= 1;                                     \
		if (sap_host_digest(&pair.host) == before)            \
			test_fail("the filters' " #member " is out"); \
	} while (0)
	FILTERS_DIFFER(flex[13].src_port);
	FILTERS_DIFFER(flex[13].dst_port);
	FILTERS_DIFFER(flex[13].flags);
	FILTERS_DIFFER(icmpv6_flags);
	FILTERS_DIFFER(ipv6[3].addr_lo24[2]);
	FILTERS_DIFFER(ipv6[3].flags);
	FILTERS_DIFFER(eth[4].mac_address.bytes[5]);
	FILTERS_DIFFER(eth[4].flags);
	FILTERS_DIFFER(ipv4.ipv4_addr);
	FILTERS_DIFFER(ipv4.flags);
	FILTERS_DIFFER(vlan[3]);
#undef FILTERS_DIFFER
}

static void the_hosts_fields_count(void **state)
{
	uint64_t before;

	(void)state;
	HOST_DIFFERS(link.phase, SAP_PHASE_STARTING);
	HOST_DIFFERS(link.flying, SAP_IO_SEND);
	HOST_DIFFERS(link.retry_at, pair.now + 5);
	HOST_DIFFERS(link.start_by, pair.now + 5);
	HOST_DIFFERS(link.overtaken, true);
	HOST_DIFFERS(link.lane_open, true);
	HOST_DIFFERS(link.want_lane, true);
	HOST_DIFFERS(link.lane_due, true);
	HOST_DIFFERS(has_filters, true);
	HOST_DIFFERS(link.bell, true);
	HOST_DIFFERS(link.bell_now, true);
	HOST_DIFFERS(link.rung_at, pair.now);
	HOST_DIFFERS(link.more, true);
	HOST_DIFFERS(ask_by, pair.now + 5);
	HOST_DIFFERS(reask_at, pair.now + 5);
	HOST_DIFFERS(nvm_by, pair.now + 5);
	HOST_DIFFERS(pldr_by, pair.now + 5);
	HOST_DIFFERS(drain_at, pair.now + 5);
	HOST_DIFFERS(owed_at, pair.now + 5);
	HOST_DIFFERS(owed, 1u << 12);
	HOST_DIFFERS(pings_owed, 1);
	HOST_DIFFERS(pings_out, 1);
	HOST_DIFFERS(answers_due, 1);
	HOST_DIFFERS(answers_void, 1);
	HOST_DIFFERS(ownership, pair.host.state.ownership + 1);
	HOST_DIFFERS(pldr, 1);
	HOST_DIFFERS(stopping, true);
	HOST_DIFFERS(amt, false);
	HOST_DIFFERS(driver, false);
	HOST_DIFFERS(device, true);
	HOST_DIFFERS(wanted, true);
	HOST_DIFFERS(who_waits, !pair.host.state.who_waits);
	HOST_DIFFERS(rfkill, true);
	HOST_DIFFERS(roaming_forbidden, true);
	HOST_DIFFERS(link_protected, true);
	HOST_DIFFERS(link_is_up, true);
	HOST_DIFFERS(has_sar, true);
	HOST_DIFFERS(has_nic_info, true);
	HOST_DIFFERS(country.mcc, 7);
	HOST_DIFFERS(radio.state, 0);
	HOST_DIFFERS(events_count, 1);
}

static void csmes_fields_count(void **state)
{
	uint64_t before;

	(void)state;
	CSME_DIFFERS(link.phase, SAP_PHASE_STARTING);
	CSME_DIFFERS(link.flying, SAP_IO_SEND);
	CSME_DIFFERS(take_by, pair.now + 5);
	CSME_DIFFERS(loss_by, pair.now + 5);
	CSME_DIFFERS(link_by, pair.now + 5);
	CSME_DIFFERS(keep_until, pair.now + 5);
	CSME_DIFFERS(owed_at, pair.now + 5);
	CSME_DIFFERS(owed, 1u << 5);
	CSME_DIFFERS(requests, 1);
	CSME_DIFFERS(grants_owed, 1);
	CSME_DIFFERS(refusals_owed, 1);
	CSME_DIFFERS(pings_owed, 1);
	CSME_DIFFERS(pings_out, 1);
	CSME_DIFFERS(lefts_void, 1);
	CSME_DIFFERS(ownership, pair.csme.state.ownership + 1);
	CSME_DIFFERS(policy, SAP_POLICY_ASK);
	CSME_DIFFERS(amt, false);
	CSME_DIFFERS(driver, false);
	CSME_DIFFERS(session, true);
	CSME_DIFFERS(has_nvm, true);
	CSME_DIFFERS(has_filters, true);
	CSME_DIFFERS(pldr_fails, true);
	CSME_DIFFERS(pldr_on, true);
	CSME_DIFFERS(conn.link_prot_state, 1);
	CSME_DIFFERS(events_count, 1);
}

/* A message that waits counts by its content, on both sides; who has read it does not see it any more. */
static void messages_on_the_way_count(void **state)
{
	struct digests quiet, one, other;

	(void)state;
	connect_pair(0);
	quiet = digests();
	sap_host_set_radio(&pair.host, 1, pair.now);
	one = digests();
	assert_true(one.host != quiet.host);
	assert_true(one.csme != quiet.csme);
	connect_pair(0);
	sap_host_set_radio(&pair.host, 2, pair.now);
	other = digests();
	assert_true(one.csme != other.csme);
	run(300);
	assert_true(digests().csme == quiet.csme);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(snapshot_goes_on_alike),    cmocka_unit_test(what_looks_back_plays_no_part),
		cmocka_unit_test(time_counts_from_now),	     cmocka_unit_test(the_hosts_fields_count),
		cmocka_unit_test(csmes_fields_count),	     cmocka_unit_test(filters_count),
		cmocka_unit_test(messages_on_the_way_count),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
