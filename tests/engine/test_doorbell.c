// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
/* When the doorbell rings, and when it is spared (docs/protocol/sap.md section 4); and the end (section 8). */
#include "rig.h"

static const uint8_t frame[60] = {0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 2, 0, 0, 0, 0, 1, 8, 0};

static void ping(struct rig *rig)
{
	rig_ok(rig, sap_host_ping(&rig->host, rig->now));
}

/* A packet goes into the lane, behind the engine's back. */
static void packet(struct rig *rig)
{
	assert_status(sap_packets_send(&rig->lane, &rig->host.area, sap_host_seq(&rig->host), frame, 60),
		      SAP_OK);
	/* It takes one of the numbers that notifications take too. */
	rig->expect_seq++;
}

static void drain_packets(struct rig *rig)
{
	test_put32(rig->memory + test_words[SAP_HOST_DATA].rd,
		   test_get32(rig->memory + test_words[SAP_HOST_DATA].wr));
}

static void rings_at_once_when_not_throttled(void **unused)
{
	struct rig rig;

	(void)unused;
	rig_host(&rig, NULL);
	rig_up(&rig);
	ping(&rig);
	rig_wire_is(&rig, "PING; CSA");
	rig_wait(&rig, 100);
	ping(&rig);
	rig_wire_is(&rig, "PING; CSA");
	rig_free(&rig);
}

static void rings_at_most_once_in_100_ms(void **unused)
{
	struct rig rig;
	uint64_t last;

	(void)unused;
	rig_host(&rig, NULL);
	rig.deaf = true;
	rig_up(&rig);
	ping(&rig);
	last = rig.rung_at;
	for (unsigned i = 0; i < 100; i++) {
		unsigned bells = rig_counters(&rig)->doorbells;

		rig_wait(&rig, 7);
		ping(&rig);
		assert_true(rig_counters(&rig)->doorbells <= bells + 1);
		if (rig_counters(&rig)->doorbells == bells)
			continue;
		assert_true(rig.rung_at - last >= 100);
		last = rig.rung_at;
	}
	/* 700 ms: the first, and one each 100 ms after it. */
	assert_int_equal(rig_counters(&rig)->doorbells, 8);
	rig_free(&rig);
}

static void one_comes_as_the_100_ms_end_if_not_drained(void **unused)
{
	struct rig rig;

	(void)unused;
	rig_host(&rig, NULL);
	rig_up(&rig);
	ping(&rig);
	rig.deaf = true;
	rig_wait(&rig, 30);
	ping(&rig);
	ping(&rig);
	assert_true(rig_deadline(&rig) == RIG_TIME + 100);
	rig_wait(&rig, 69);
	rig_wire_is(&rig, "PING; CSA; PING x2");
	rig_wait(&rig, 1);
	rig_wire_is(&rig, "CSA");
	rig_wait(&rig, 10000);
	rig_wire_is(&rig, "");
	rig_free(&rig);
}

static void none_comes_if_all_was_drained_meanwhile(void **unused)
{
	struct rig rig;

	(void)unused;
	rig_host(&rig, NULL);
	rig_up(&rig);
	ping(&rig);
	rig_wait(&rig, 30);
	ping(&rig);
	rig_read(&rig);
	rig_wait(&rig, 1000);
	rig_wire_is(&rig, "PING; CSA; PING");
	assert_int_equal(rig_counters(&rig)->doorbells, 1);
	/* The next one rings at once. */
	ping(&rig);
	rig_wire_is(&rig, "PING; CSA");
	rig_free(&rig);
}

/* Drained of notifications, but a packet lies there. */
static void a_packet_that_waits_is_not_drained(void **unused)
{
	struct rig rig;

	(void)unused;
	rig_host(&rig, NULL);
	rig_owner(&rig);
	ping(&rig);
	packet(&rig);
	rig_settle(&rig);
	rig_wire_is(&rig, "PING; CSA");
	rig_wait(&rig, 100);
	rig_wire_is(&rig, "CSA");
	packet(&rig);
	drain_packets(&rig);
	rig_wait(&rig, 1000);
	rig_wire_is(&rig, "");
	rig_free(&rig);
}

static void a_packet_asks_for_its_own_doorbell(void **unused)
{
	struct rig rig;

	(void)unused;
	rig_host(&rig, NULL);
	rig_owner(&rig);
	rig_wait(&rig, 1000);
	assert_true(rig_deadline(&rig) == SAP_NEVER);
	packet(&rig);
	assert_true(rig_deadline(&rig) <= rig.now);
	rig_tick(&rig);
	rig_settle(&rig);
	rig_wire_is(&rig, "CSA");
	/* One doorbell is for all that was posted before it. */
	for (unsigned i = 0; i < 5; i++)
		packet(&rig);
	rig_settle(&rig);
	rig_wire_is(&rig, "");
	rig_wait(&rig, 100);
	rig_wire_is(&rig, "CSA");
	rig_wait(&rig, 1000);
	rig_wire_is(&rig, "");
	rig_free(&rig);
}

/* The lane is open as soon as the other domain opened it, which the engine hears of later. */
static void a_packet_posted_as_the_lane_opens_gets_one(void **unused)
{
	struct rig rig;

	(void)unused;
	rig_host(&rig, NULL);
	rig_ok(&rig, sap_host_driver_up(&rig.host, rig.now));
	rig_up(&rig);
	rig_say32(&rig, SAP_AMT_STATE, 1);
	rig_hold(&rig, SAP_IO_LANE);
	rig_tell32(&rig, SAP_NIC_OWNER, SAP_OWNER_HOST);
	rig_wait(&rig, 200);
	assert_status(sap_packets_apply(&rig.lane, &rig.held), SAP_OK);
	packet(&rig);
	memset(&rig.wire, 0, sizeof(rig.wire));
	rig_finish(&rig, SAP_OK);
	rig_wait(&rig, 200);
	rig_wire_is(&rig, "CSA");
	rig_free(&rig);
}

static void a_packet_posted_while_the_doorbell_rings_gets_another(void **unused)
{
	struct sap_host_config config;
	struct rig rig;

	(void)unused;
	sap_host_config_default(&config);
	config.link.throttle_ms = 0;
	rig_host(&rig, &config);
	rig_owner(&rig);
	packet(&rig);
	rig_hold(&rig, SAP_IO_SEND);
	rig_tick(&rig);
	rig_settle(&rig);
	packet(&rig);
	rig_finish(&rig, SAP_OK);
	rig_wire_is(&rig, "SEND...; CSA");
	assert_int_equal(rig_counters(&rig)->me_sent, rig_counters(&rig)->doorbells + 1);
	rig_free(&rig);
}

static void a_notification_written_while_the_doorbell_rings_gets_another(void **unused)
{
	struct rig rig;

	(void)unused;
	rig_host(&rig, NULL);
	rig.deaf = true;
	rig_up(&rig);
	rig_hold(&rig, SAP_IO_SEND);
	ping(&rig);
	ping(&rig);
	rig_finish(&rig, SAP_OK);
	rig_wait(&rig, 99);
	rig_wire_is(&rig, "PING; SEND...; PING");
	rig_wait(&rig, 1);
	rig_wire_is(&rig, "CSA");
	rig_free(&rig);
}

static void throttle_0_is_none(void **unused)
{
	struct sap_host_config config;
	struct rig rig;

	(void)unused;
	sap_host_config_default(&config);
	config.link.throttle_ms = 0;
	rig_host(&rig, &config);
	rig_up(&rig);
	for (unsigned i = 0; i < 5; i++) {
		ping(&rig);
		rig_wire_is(&rig, "PING; CSA");
	}
	rig_free(&rig);
}

static void a_new_connection_is_not_throttled_by_the_last(void **unused)
{
	struct rig rig;

	(void)unused;
	rig_host(&rig, NULL);
	rig_up(&rig);
	ping(&rig);
	rig_closed(&rig, SAP_CLOSED);
	rig_up(&rig);
	ping(&rig);
	rig_wire_is(&rig, "PING; CSA");
	rig_free(&rig);
}

static void csme_is_throttled_too(void **unused)
{
	struct rig rig;

	(void)unused;
	rig_csme(&rig, NULL);
	rig_up(&rig);
	rig.deaf = true;
	/* AMT_STATE rang just now. */
	rig_ok(&rig, sap_csme_ping(&rig.csme, rig.now));
	rig_wire_is(&rig, "PING");
	rig_wait(&rig, 99);
	rig_wire_is(&rig, "");
	rig_wait(&rig, 1);
	rig_wire_is(&rig, "CSA");
	rig_free(&rig);
}

/* --- going down --- */

static void goodbye_rings_though_throttled(void **unused)
{
	struct rig rig;

	(void)unused;
	rig_host(&rig, NULL);
	rig_up(&rig);
	ping(&rig);
	rig_wait(&rig, 10);
	rig_ok(&rig, sap_host_stop(&rig.host, rig.now));
	rig_wire_is(&rig, "PING; CSA; HOST_GOES_DOWN; CSA");
	rig_events_are(&rig, "");
	rig_free(&rig);
}

static void goodbye_rings_though_one_is_held_back(void **unused)
{
	struct rig rig;

	(void)unused;
	rig_host(&rig, NULL);
	rig_up(&rig);
	ping(&rig);
	rig_wait(&rig, 10);
	ping(&rig);
	rig_ok(&rig, sap_host_stop(&rig.host, rig.now));
	rig_wire_is(&rig, "PING; CSA; PING; HOST_GOES_DOWN; CSA");
	rig_free(&rig);
}

static void a_peer_that_drains_is_looked_at_after_20_ms(void **unused)
{
	struct rig rig;

	(void)unused;
	rig_host(&rig, NULL);
	rig_up(&rig);
	rig_ok(&rig, sap_host_stop(&rig.host, rig.now));
	rig_wire_is(&rig, "HOST_GOES_DOWN; CSA");
	rig_wait(&rig, 19);
	rig_wire_is(&rig, "");
	rig_wait(&rig, 1);
	rig_wire_is(&rig, "DISCONNECT; UNMAP");
	rig_events_are(&rig, "DOWN OK");
	rig_free(&rig);
}

static void a_peer_that_drains_late_is_waited_for(void **unused)
{
	struct rig rig;

	(void)unused;
	rig_host(&rig, NULL);
	rig.deaf = true;
	rig_up(&rig);
	rig_ok(&rig, sap_host_stop(&rig.host, rig.now));
	rig_wait(&rig, 130);
	rig_read(&rig);
	rig_wait(&rig, 9);
	rig_events_are(&rig, "");
	rig_wait(&rig, 1);
	rig_events_are(&rig, "DOWN OK");
	rig_free(&rig);
}

static void a_peer_that_never_drains_is_waited_for_200_ms(void **unused)
{
	struct rig rig;

	(void)unused;
	rig_host(&rig, NULL);
	rig.deaf = true;
	rig_up(&rig);
	rig_ok(&rig, sap_host_stop(&rig.host, rig.now));
	assert_status(sap_host_stop(&rig.host, rig.now), SAP_WRONG_STATE);
	rig_wait(&rig, 199);
	rig_wire_is(&rig, "HOST_GOES_DOWN; CSA");
	rig_events_are(&rig, "");
	rig_wait(&rig, 1);
	rig_wire_is(&rig, "DISCONNECT; UNMAP");
	rig_events_are(&rig, "DOWN OK");
	rig_free(&rig);
}

static void packets_that_lie_there_are_waited_for_too(void **unused)
{
	struct rig rig;

	(void)unused;
	rig_host(&rig, NULL);
	rig_owner(&rig);
	packet(&rig);
	rig_ok(&rig, sap_host_stop(&rig.host, rig.now));
	/* The lane is closed first: no packet follows the goodbye. */
	rig_wire_is(&rig, "LANE close; HOST_GOES_DOWN; CSA");
	rig_wait(&rig, 60);
	drain_packets(&rig);
	rig_wait(&rig, 19);
	rig_events_are(&rig, "");
	rig_wait(&rig, 1);
	rig_events_are(&rig, "OWNER unknown; DOWN OK");
	rig_free(&rig);
}

/* The trace of section 10: nobody drains, and the doorbell fails. */
static void a_goodbye_whose_doorbell_fails_ends_at_once(void **unused)
{
	struct rig rig;

	(void)unused;
	rig_host(&rig, NULL);
	rig.deaf = true;
	rig_up(&rig);
	rig_answer(&rig, SAP_IO_SEND, SAP_IO, 1);
	rig_ok(&rig, sap_host_stop(&rig.host, rig.now));
	rig_wire_is(&rig, "HOST_GOES_DOWN; SEND=IO; DISCONNECT; UNMAP");
	assert_int_equal(rig.n_events[SAP_HOST_DOWN], 1);
	rig_free(&rig);
}

static void goodbye_without_room_is_counted_and_waits_all_the_same(void **unused)
{
	struct sap_host_config config;
	struct rig rig;

	(void)unused;
	sap_host_config_default(&config);
	config.link.layouts[0] = sap_layout_of(3);
	config.link.layouts[1] = NULL;
	rig_host(&rig, &config);
	rig.deaf = true;
	rig_up(&rig);
	for (unsigned i = 0; i < 279; i++)
		assert_status(sap_host_ping(&rig.host, rig.now), SAP_OK);
	rig_settle(&rig);
	/* More is owed than there is room for: that must not make it spin either. */
	ping(&rig);
	rig_wire_is(&rig, "PING x279; CSA");
	rig_ok(&rig, sap_host_stop(&rig.host, rig.now));
	assert_int_equal(rig_counters(&rig)->goodbyes_dropped, 1);
	rig_wait(&rig, 199);
	rig_wire_is(&rig, "");
	rig_wait(&rig, 1);
	rig_wire_is(&rig, "DISCONNECT; UNMAP");
	rig_events_are(&rig, "DOWN OK");
	rig_free(&rig);
}

static void settings_of_going_down_are_followed(void **unused)
{
	struct sap_host_config config;
	struct rig rig;

	(void)unused;
	sap_host_config_default(&config);
	config.drain_ms = 7;
	config.drain_tries = 3;
	rig_host(&rig, &config);
	rig.deaf = true;
	rig_up(&rig);
	rig_ok(&rig, sap_host_stop(&rig.host, rig.now));
	rig_wait(&rig, 20);
	rig_events_are(&rig, "");
	rig_wait(&rig, 1);
	rig_events_are(&rig, "DOWN OK");
	rig_free(&rig);
}

static void goodbye_rings_though_it_was_read_already(void **unused)
{
	struct rig rig;

	(void)unused;
	rig_host(&rig, NULL);
	rig_up(&rig);
	ping(&rig);
	rig_wait(&rig, 10);
	ping(&rig);
	assert_status(sap_host_stop(&rig.host, rig.now), SAP_OK);
	rig_read(&rig);
	rig_settle(&rig);
	rig_wire_is(&rig, "PING; CSA; PING; HOST_GOES_DOWN; CSA");
	rig_free(&rig);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(rings_at_once_when_not_throttled),
		cmocka_unit_test(rings_at_most_once_in_100_ms),
		cmocka_unit_test(one_comes_as_the_100_ms_end_if_not_drained),
		cmocka_unit_test(none_comes_if_all_was_drained_meanwhile),
		cmocka_unit_test(a_packet_that_waits_is_not_drained),
		cmocka_unit_test(a_packet_asks_for_its_own_doorbell),
		cmocka_unit_test(a_packet_posted_as_the_lane_opens_gets_one),
		cmocka_unit_test(a_packet_posted_while_the_doorbell_rings_gets_another),
		cmocka_unit_test(a_notification_written_while_the_doorbell_rings_gets_another),
		cmocka_unit_test(throttle_0_is_none),
		cmocka_unit_test(a_new_connection_is_not_throttled_by_the_last),
		cmocka_unit_test(csme_is_throttled_too),
		cmocka_unit_test(goodbye_rings_though_throttled),
		cmocka_unit_test(goodbye_rings_though_one_is_held_back),
		cmocka_unit_test(a_peer_that_drains_is_looked_at_after_20_ms),
		cmocka_unit_test(a_peer_that_drains_late_is_waited_for),
		cmocka_unit_test(a_peer_that_never_drains_is_waited_for_200_ms),
		cmocka_unit_test(packets_that_lie_there_are_waited_for_too),
		cmocka_unit_test(a_goodbye_whose_doorbell_fails_ends_at_once),
		cmocka_unit_test(goodbye_without_room_is_counted_and_waits_all_the_same),
		cmocka_unit_test(settings_of_going_down_are_followed),
		cmocka_unit_test(goodbye_rings_though_it_was_read_already),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
