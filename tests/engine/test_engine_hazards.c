// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
/* The hazards of docs/protocol/sap.md section 4 that live at the level of engines, by their numbers. */
#include "rig.h"

static struct sap_message opaque(uint16_t type, uint32_t n)
{
	static uint8_t payload[60000];

	return test_opaque(type, payload, n);
}

/* Hazard 5: a notification longer than 4096 - 8 stopping the reader while the rest is thrown away. */
static void hazard_5_a_long_notification_is_passed_over(void **unused)
{
	const uint32_t sizes[] = {1897, 4088, 4089, 5000, 50000};
	struct rig rig;

	(void)unused;
	rig_host(&rig, NULL);
	rig_up(&rig);
	for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
		struct sap_message m = opaque(510, sizes[i]);

		rig_say(&rig, &m);
		rig_tell0(&rig, SAP_TRIGGER_IP_REFRESH);
		rig_events_are(&rig, "IP_REFRESH");
		assert_int_equal(rig_counters(&rig)->too_long, i + 1);
	}
	rig_free(&rig);
	rig_csme(&rig, NULL);
	rig_up(&rig);
	for (size_t i = 0; i < 4; i++) {
		struct sap_message m = opaque(1020, sizes[i]);

		rig_say(&rig, &m);
		rig_say32(&rig, SAP_RADIO_STATE, 1);
		rig_bell(&rig);
		rig_events_are(&rig, "RADIO 1");
		assert_int_equal(rig_counters(&rig)->too_long, i + 1);
	}
	rig_free(&rig);
}

/* The longest there is, and one that is longer than its type and still fits, are taken. */
static void hazard_5_the_longest_of_the_protocol_is_taken(void **unused)
{
	struct sap_message m = opaque(510, 1896);
	struct rig rig;

	(void)unused;
	rig_host(&rig, NULL);
	rig_up(&rig);
	rig_tell(&rig, &m);
	assert_int_equal(rig_counters(&rig)->too_long, 0);
	assert_int_equal(rig_counters(&rig)->unknown, 1);
	rig_free(&rig);
}

/*
 * Hazard 6: copying out of shared memory twice. The bytes that a message had as it was taken are the ones that
 * count: changed afterwards, they change nothing. And the sizes in the control block are never read.
 */
static void hazard_6_shared_memory_is_read_once(void **unused)
{
	uint8_t payload[SAP_CSME_FILTERS_SIZE], expected[SAP_CSME_FILTERS_SIZE];
	struct sap_message m;
	struct sap_host_event event;
	struct rig rig;

	(void)unused;
	test_pattern(payload, sizeof(payload), 3);
	memcpy(expected, payload, sizeof(expected));
	memset(&m, 0, sizeof(m));
	m.type = SAP_CSME_FILTERS;
	m.csme_filters = (struct sap_view){payload, sizeof(payload)};
	rig_host(&rig, NULL);
	rig_up(&rig);
	rig.hoarding = true;
	rig_tell(&rig, &m);
	memset(rig.memory + 64, 0xee, 160000);
	assert_true(sap_host_next_event(&rig.host, &event));
	assert_int_equal(event.view.len, sizeof(expected));
	assert_memory_equal(event.view.bytes, expected, sizeof(expected));
	rig_free(&rig);
}

/* Hazard 9: believing the area's sizes, or one's own index as read back, after initialisation. */
static void hazard_9_sizes_and_own_indices_are_not_read_back(void **unused)
{
	static const uint32_t hosts_own[] = {12, 44}, csmes_own[] = {40, 16}, sizes[] = {20, 32, 48, 60};
	struct rig rig;

	(void)unused;
	rig_host(&rig, NULL);
	rig_up(&rig);
	/* The rig believes them: it must not look. */
	rig.peer = false;
	rig.deaf = true;
	for (unsigned i = 0; i < 50; i++) {
		for (unsigned k = 0; k < 4; k++)
			test_put32(rig.memory + sizes[k], i * 977);
		test_put32(rig.memory + hosts_own[0], 0xfffffff0 + i);
		test_put32(rig.memory + hosts_own[1], 0x7fffffff - i);
		/* What the engine writes next puts its own index right again. */
		rig_ok(&rig, sap_host_ping(&rig.host, rig.now));
		assert_int_equal(test_get32(rig.memory + 12), (i + 1) * 8 % 32768);
		rig_wait(&rig, 100);
		rig_say0(&rig, SAP_TRIGGER_IP_REFRESH);
		rig_bell(&rig);
		assert_int_equal(test_get32(rig.memory + 44), (i + 1) * 8);
	}
	rig_events_are(&rig, "IP_REFRESH x50");
	assert_int_equal(rig_counters(&rig)->corrupt, 0);
	rig_free(&rig);

	rig_csme(&rig, NULL);
	rig_up(&rig);
	rig.peer = false;
	rig.deaf = true;
	for (unsigned i = 0; i < 50; i++) {
		for (unsigned k = 0; k < 4; k++)
			test_put32(rig.memory + sizes[k], i * 977);
		test_put32(rig.memory + csmes_own[0], 0xfffffff0 + i);
		test_put32(rig.memory + csmes_own[1], 0x7fffffff - i);
		rig_say32(&rig, SAP_RADIO_STATE, 1);
		rig_bell(&rig);
		assert_int_equal(test_get32(rig.memory + 16), (i + 1) * 12);
		rig_ok(&rig, sap_csme_ping(&rig.csme, rig.now));
		assert_int_equal(test_get32(rig.memory + 40), 12 + (i + 1) * 8);
		rig_wait(&rig, 100);
	}
	rig_events_are(&rig, "RADIO 1 x50");
	rig_free(&rig);
}

/* Hazard 10: reading an ME message shorter than its header. The rig gives memory of exactly its length. */
static void hazard_10_a_short_me_message_is_not_read(void **unused)
{
	const uint8_t bytes[88] = {1, 0, 0, 0, 1, 0, 0, 0, 88};
	struct rig rig;

	(void)unused;
	for (uint8_t type = 1; type <= 4; type++) {
		for (size_t len = 0; len < 12; len++) {
			uint8_t copy[88];

			memcpy(copy, bytes, sizeof(copy));
			copy[0] = type;
			rig_host(&rig, NULL);
			rig_ok(&rig, sap_host_start(&rig.host, rig.now));
			assert_status(rig_me(&rig, copy, len), SAP_TOO_SHORT);
			assert_int_equal(rig_counters(&rig)->me_refused, 1);
			/* A tap sees whole messages only. */
			assert_int_equal(rig.taps_in, 0);
			rig_free(&rig);
			rig_csme(&rig, NULL);
			rig_ok(&rig, sap_csme_start(&rig.csme, rig.now));
			assert_status(rig_me(&rig, copy, len), SAP_TOO_SHORT);
			rig_free(&rig);
		}
	}
}

/*
 * Hazard 11: taking as given what there was no room for. A packet is refused to its sender, a notification
 * stays owed, an answer to PING is counted; nothing else is silent.
 */
static void hazard_11_nothing_is_given_that_had_no_room(void **unused)
{
	const uint32_t sizes[SAP_QUEUES] = {81, 200, 400, 200};
	struct sap_packets_counters before;
	struct sap_host_config config;
	struct sap_layout layout;
	uint8_t frame[60] = {0};
	struct rig rig;
	unsigned sent = 0;

	(void)unused;
	assert_status(sap_layout_make(&layout, 4, sizes), SAP_OK);
	sap_host_config_default(&config);
	config.link.layouts[0] = &layout;
	config.link.layouts[1] = NULL;
	rig_host(&rig, &config);
	rig_owner(&rig);
	rig.deaf = true;
	before = rig.lane.counters;
	for (unsigned i = 0; i < 5; i++) {
		enum sap_status status = sap_packets_send(&rig.lane, &rig.host.area, sap_host_seq(&rig.host),
							  frame, sizeof(frame));

		if (status == SAP_OK)
			sent++;
		else
			assert_status(status, SAP_NO_ROOM);
	}
	assert_int_equal(sent, 2);
	assert_int_equal(rig.lane.counters.send_no_room - before.send_no_room, 3);
	rig.expect_seq += sent;
	for (unsigned i = 0; i < 10; i++)
		rig_ok(&rig, sap_host_ping(&rig.host, rig.now));
	rig_do(&rig, sap_host_set_radio(&rig.host, 2, rig.now));
	rig_say0(&rig, SAP_PING);
	rig_tell32(&rig, SAP_PING, 0);
	assert_int_equal(rig_counters(&rig)->pongs_dropped, 2);
	memset(&rig.wire, 0, sizeof(rig.wire));
	rig_read(&rig);
	rig_wait(&rig, 20);
	rig_wire_is(&rig, "RADIO_STATE 02000000");
	rig_free(&rig);
}

/* Hazard 12: dropping a drained batch because one message in it was bad. Each kind of bad, between two good. */
static void hazard_12_one_bad_message_harms_no_other(void **unused)
{
	struct sap_message conn, m;
	struct rig rig;

	(void)unused;
	memset(&conn, 0, sizeof(conn));
	conn.type = SAP_CSME_CONN_STATUS;
	conn.csme_conn_status.conn.ssid_len = 1000;
	rig_host(&rig, NULL);
	rig_guest(&rig);
	rig_say0(&rig, SAP_TRIGGER_IP_REFRESH);
	m = opaque(777, 3);
	rig_say(&rig, &m); /* unknown */
	rig_say0(&rig, SAP_TRIGGER_IP_REFRESH);
	m = opaque(778, 3000);
	rig_say(&rig, &m); /* too long */
	rig_say0(&rig, SAP_TRIGGER_IP_REFRESH);
	rig_say(&rig, &conn); /* a value that cannot be */
	rig_say0(&rig, SAP_TRIGGER_IP_REFRESH);
	rig_say0(&rig, SAP_WIFIDR_UP); /* the host's own */
	rig_say0(&rig, SAP_TRIGGER_IP_REFRESH);
	rig_say0(&rig, SAP_PONG); /* not awaited */
	rig_say0(&rig, SAP_TRIGGER_IP_REFRESH);
	{
		/* Too short for its type: AMT_STATE without its number. */
		uint32_t wr = test_get32(rig.memory + 40);

		rig_say0(&rig, SAP_PING);
		rig.memory[rig.area.layout.queue[SAP_CSME_NOTIF].offset + wr] = SAP_AMT_STATE & 255;
		rig.memory[rig.area.layout.queue[SAP_CSME_NOTIF].offset + wr + 1] = SAP_AMT_STATE >> 8;
	}
	rig_tell0(&rig, SAP_TRIGGER_IP_REFRESH);
	rig_events_are(&rig, "IP_REFRESH x7");
	assert_int_equal(rig_counters(&rig)->unknown, 2);
	assert_int_equal(rig_counters(&rig)->too_long, 1);
	assert_int_equal(rig_counters(&rig)->bad_value, 1);
	assert_int_equal(rig_counters(&rig)->unexpected, 1);
	assert_int_equal(rig_counters(&rig)->too_short, 1);
	rig_state_is(&rig, "guest", SAP_OWNER_CSME);
	rig_free(&rig);
}

/* Where a length breaks off nothing tells where the next begins: that is given up, and what comes later is not. */
static void hazard_12_a_message_that_breaks_off_loses_what_follows_only(void **unused)
{
	struct rig rig;
	uint32_t wr;

	(void)unused;
	rig_host(&rig, NULL);
	rig_up(&rig);
	rig_say0(&rig, SAP_TRIGGER_IP_REFRESH);
	wr = test_get32(rig.memory + 40);
	rig_say0(&rig, SAP_TRIGGER_IP_REFRESH);
	rig.memory[rig.area.layout.queue[SAP_CSME_NOTIF].offset + wr + 2] = 200;
	rig_say0(&rig, SAP_TRIGGER_IP_REFRESH);
	rig_bell(&rig);
	rig_events_are(&rig, "IP_REFRESH");
	assert_int_equal(rig_counters(&rig)->corrupt, 1);
	rig_tell0(&rig, SAP_TRIGGER_IP_REFRESH);
	rig_events_are(&rig, "IP_REFRESH");
	rig_free(&rig);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(hazard_5_a_long_notification_is_passed_over),
		cmocka_unit_test(hazard_5_the_longest_of_the_protocol_is_taken),
		cmocka_unit_test(hazard_6_shared_memory_is_read_once),
		cmocka_unit_test(hazard_9_sizes_and_own_indices_are_not_read_back),
		cmocka_unit_test(hazard_10_a_short_me_message_is_not_read),
		cmocka_unit_test(hazard_11_nothing_is_given_that_had_no_room),
		cmocka_unit_test(hazard_12_one_bad_message_harms_no_other),
		cmocka_unit_test(hazard_12_a_message_that_breaks_off_loses_what_follows_only),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
