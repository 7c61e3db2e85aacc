// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
/* The host: NVM, filters, PLDR, floods, messages that are none, connections lost and coming back. */
#include "rig.h"

static void say_nvm(struct rig *rig, uint32_t seed, uint32_t len)
{
	struct sap_message m;
	uint8_t payload[600];

	test_pattern(payload, sizeof(payload), seed);
	m = test_opaque(SAP_NVM, payload, len);
	m.nvm = (struct sap_view){payload, len};
	rig_say(rig, &m);
}

static void tell_nvm(struct rig *rig, uint32_t seed, uint32_t len)
{
	say_nvm(rig, seed, len);
	rig_bell(rig);
}

static void say_filters(struct rig *rig, uint32_t seed)
{
	uint8_t payload[SAP_CSME_FILTERS_SIZE];
	struct sap_message m;

	test_pattern(payload, sizeof(payload), seed);
	memset(&m, 0, sizeof(m));
	m.type = SAP_CSME_FILTERS;
	m.csme_filters = (struct sap_view){payload, sizeof(payload)};
	rig_say(rig, &m);
}

static void view_is(const struct rig *rig, uint32_t seed, uint32_t len)
{
	uint8_t expected[2000];

	test_pattern(expected, sizeof(expected), seed);
	assert_int_equal(rig->view_len, len);
	assert_memory_equal(rig->view, expected, len);
}

/* --- NVM --- */

static void nvm_is_asked_for_and_answered(void **unused)
{
	struct rig rig;

	(void)unused;
	rig_host(&rig, NULL);
	rig_call(&rig, sap_host_get_nvm(&rig.host, rig.now), SAP_NOT_UP);
	rig_guest(&rig);
	rig_ok(&rig, sap_host_get_nvm(&rig.host, rig.now));
	rig_wire_is(&rig, "GET_NVM; CSA");
	rig_call(&rig, sap_host_get_nvm(&rig.host, rig.now), SAP_BUSY);
	rig_wait(&rig, 1999);
	rig_events_are(&rig, "");
	tell_nvm(&rig, 3, 460);
	rig_events_are(&rig, "NVM ok");
	view_is(&rig, 3, 460);
	rig_wait(&rig, 10000);
	rig_events_are(&rig, "");
	/* And again. */
	rig_ok(&rig, sap_host_get_nvm(&rig.host, rig.now));
	rig_wire_is(&rig, "GET_NVM; CSA");
	rig_free(&rig);
}

static void nvm_that_does_not_come_is_given_up_after_2_s(void **unused)
{
	struct rig rig;

	(void)unused;
	rig_host(&rig, NULL);
	rig_guest(&rig);
	rig_ok(&rig, sap_host_get_nvm(&rig.host, rig.now));
	rig_wait(&rig, 1999);
	rig_events_are(&rig, "");
	rig_wait(&rig, 1);
	rig_events_are(&rig, "NVM timeout");
	/* Late, it is of no use; what follows it is. */
	rig_say0(&rig, SAP_PING);
	tell_nvm(&rig, 4, 460);
	rig_tell0(&rig, SAP_TRIGGER_IP_REFRESH);
	rig_events_are(&rig, "IP_REFRESH");
	assert_int_equal(rig_counters(&rig)->unexpected, 1);
	rig_free(&rig);
}

static void nvm_that_is_too_short_is_counted_and_not_taken(void **unused)
{
	struct sap_message m;
	uint8_t raw[8 + 459];
	struct rig rig;

	(void)unused;
	rig_host(&rig, NULL);
	rig_guest(&rig);
	rig_ok(&rig, sap_host_get_nvm(&rig.host, rig.now));
	test_pattern(raw, sizeof(raw), 1);
	/* The codec writes none that is: this one carries 459 bytes under the type. */
	m = test_opaque(0x7777, raw, 459);
	rig_say(&rig, &m);
	{
		uint32_t wr = test_get32(rig.memory + 40);
		uint8_t *ring = rig.memory + rig.area.layout.queue[SAP_CSME_NOTIF].offset;

		ring[wr - 467] = 513 & 255;
		ring[wr - 466] = 513 >> 8;
	}
	rig_bell(&rig);
	rig_events_are(&rig, "");
	assert_int_equal(rig_counters(&rig)->too_short, 1);
	/* Longer is good, and the rest is ignored. */
	tell_nvm(&rig, 9, 470);
	rig_events_are(&rig, "NVM ok");
	view_is(&rig, 9, rig.view_len);
	assert_in_range(rig.view_len, 460, 470);
	rig_free(&rig);
}

static void amt_off_and_loss_end_the_wait_for_nvm(void **unused)
{
	struct rig rig;

	(void)unused;
	rig_host(&rig, NULL);
	rig_guest(&rig);
	rig_ok(&rig, sap_host_get_nvm(&rig.host, rig.now));
	rig_tell32(&rig, SAP_AMT_STATE, 0);
	rig_events_are(&rig, "OWNER unknown; NVM down; AMT off");
	rig_tell32(&rig, SAP_AMT_STATE, 1);
	rig_ok(&rig, sap_host_get_nvm(&rig.host, rig.now));
	rig_closed(&rig, SAP_CLOSED);
	rig_events_are(&rig, "AMT on; NVM down; DOWN CLOSED");
	rig_wait(&rig, 10000);
	rig_events_are(&rig, "");
	rig_free(&rig);
}

/* --- filters, and how long a view lives --- */

static void filters_are_a_view(void **unused)
{
	struct rig rig;

	(void)unused;
	rig_host(&rig, NULL);
	rig_guest(&rig);
	say_filters(&rig, 7);
	rig_bell(&rig);
	rig_events_are(&rig, "FILTERS");
	view_is(&rig, 7, 1896);
	rig_free(&rig);
}

/* Nothing is drained into the buffer while somebody may still look at it. */
static void a_view_lives_until_its_event_was_taken(void **unused)
{
	struct sap_host_event event;
	uint8_t expected[1896];
	struct rig rig;

	(void)unused;
	rig_host(&rig, NULL);
	rig_guest(&rig);
	rig.hoarding = true;
	rig_say0(&rig, SAP_TRIGGER_IP_REFRESH);
	say_filters(&rig, 1);
	say_filters(&rig, 2);
	rig_say0(&rig, SAP_CSME_TAKING_OWNERSHIP);
	rig_bell(&rig);
	rig_bell(&rig);
	rig_wait(&rig, 5000);
	/* The radio may be set, a ping sent: the view stays. */
	rig_do(&rig, sap_host_set_radio(&rig.host, 1, rig.now));
	rig_ok(&rig, sap_host_ping(&rig.host, rig.now));
	assert_true(sap_host_next_event(&rig.host, &event));
	assert_int_equal(event.type, SAP_HOST_IP_REFRESH);
	for (uint32_t seed = 1; seed <= 2; seed++) {
		assert_true(sap_host_next_event(&rig.host, &event));
		assert_int_equal(event.type, SAP_HOST_FILTERS);
		test_pattern(expected, sizeof(expected), seed);
		assert_int_equal(event.view.len, 1896);
		assert_memory_equal(event.view.bytes, expected, 1896);
		if (seed == 1)
			assert_false(sap_host_next_event(&rig.host, &event));
		/* What is left of the drain is due now. */
		assert_true(rig_deadline(&rig) <= rig.now);
		rig_tick(&rig);
	}
	rig.hoarding = false;
	rig_settle(&rig);
	assert_non_null(strstr(rig.events.text, "LEAVE; RFKILL on"));
	rig_free(&rig);
}

static void ip_refresh_says_so(void **unused)
{
	struct rig rig;

	(void)unused;
	rig_host(&rig, NULL);
	rig_guest(&rig);
	rig_tell0(&rig, SAP_TRIGGER_IP_REFRESH);
	rig_events_are(&rig, "IP_REFRESH");
	rig_wire_is(&rig, "");
	rig_free(&rig);
}

/* --- PLDR --- */

static void ack(struct rig *rig, uint32_t status)
{
	struct sap_message m;

	memset(&m, 0, sizeof(m));
	m.type = SAP_PLDR_ACK;
	m.pldr_ack.status = status;
	rig_tell(rig, &m);
}

static void pldr_is_granted_and_ended(void **unused)
{
	struct rig rig;

	(void)unused;
	rig_host(&rig, NULL);
	rig_guest(&rig);
	rig_call(&rig, sap_host_pldr_end(&rig.host, SAP_PLDR_SUCCESS, rig.now), SAP_WRONG_STATE);
	rig_ok(&rig, sap_host_pldr(&rig.host, rig.now));
	rig_wire_is(&rig, "PLDR 00000000; CSA");
	rig_call(&rig, sap_host_pldr(&rig.host, rig.now), SAP_BUSY);
	rig_call(&rig, sap_host_pldr_end(&rig.host, SAP_PLDR_SUCCESS, rig.now), SAP_WRONG_STATE);
	rig_wait(&rig, 300);
	ack(&rig, SAP_PLDR_SUCCESS);
	rig_events_are(&rig, "PLDR ok");
	rig_call(&rig, sap_host_pldr(&rig.host, rig.now), SAP_BUSY);
	rig_wait(&rig, 5000);
	rig_wire_is(&rig, "");
	rig_ok(&rig, sap_host_pldr_end(&rig.host, SAP_PLDR_FAILURE, rig.now));
	rig_wire_is(&rig, "PLDR_END 0000000001000000; CSA");
	rig_call(&rig, sap_host_pldr_end(&rig.host, SAP_PLDR_SUCCESS, rig.now), SAP_WRONG_STATE);
	rig_wait(&rig, 5000);
	rig_wire_is(&rig, "");
	rig_events_are(&rig, "");
	rig_free(&rig);
}

static void pldr_is_tried_three_times(void **unused)
{
	struct rig rig;

	(void)unused;
	rig_host(&rig, NULL);
	rig_guest(&rig);
	rig_ok(&rig, sap_host_pldr(&rig.host, rig.now));
	rig_wait(&rig, 499);
	rig_wire_is(&rig, "PLDR 00000000; CSA");
	rig_wait(&rig, 1);
	rig_wire_is(&rig, "PLDR 00000000; CSA");
	rig_wait(&rig, 500);
	rig_wire_is(&rig, "PLDR 00000000; CSA");
	rig_wait(&rig, 499);
	rig_events_are(&rig, "");
	rig_wait(&rig, 1);
	rig_events_are(&rig, "PLDR timeout");
	rig_wait(&rig, 5000);
	rig_wire_is(&rig, "");
	/* Never granted, it has no end. */
	rig_call(&rig, sap_host_pldr_end(&rig.host, SAP_PLDR_SUCCESS, rig.now), SAP_WRONG_STATE);
	/* But CSME that grants it after all stays off the NIC until it hears of an end. */
	ack(&rig, SAP_PLDR_SUCCESS);
	rig_events_are(&rig, "");
	assert_int_equal(rig_counters(&rig)->unexpected, 1);
	rig_wait(&rig, 100);
	rig_wire_is(&rig, "PLDR_END 0000000001000000; CSA");
	ack(&rig, SAP_PLDR_SUCCESS);
	rig_wait(&rig, 100);
	rig_wire_is(&rig, "");
	rig_free(&rig);
}

static void a_refused_pldr_waits_out_its_time_and_is_tried_again(void **unused)
{
	struct rig rig;

	(void)unused;
	rig_host(&rig, NULL);
	rig_guest(&rig);
	rig_ok(&rig, sap_host_pldr(&rig.host, rig.now));
	for (unsigned i = 0; i < 3; i++) {
		rig_wait(&rig, 100);
		ack(&rig, 7);
		rig_wait(&rig, 399);
		rig_wire_is(&rig, "PLDR 00000000; CSA");
		rig_events_are(&rig, "");
		rig_wait(&rig, 1);
	}
	rig_events_are(&rig, "PLDR refused");
	/* The third try may be granted. */
	rig_ok(&rig, sap_host_pldr(&rig.host, rig.now));
	ack(&rig, 1);
	rig_wait(&rig, 1200);
	ack(&rig, 0);
	rig_wire_is(&rig, "PLDR 00000000; CSA; PLDR 00000000; CSA; PLDR 00000000; CSA");
	rig_events_are(&rig, "PLDR ok");
	rig_free(&rig);
}

static void pldr_is_skipped_while_down_or_amt_off(void **unused)
{
	struct rig rig;

	(void)unused;
	rig_host(&rig, NULL);
	for (unsigned up = 0; up < 2; up++) {
		if (up)
			rig_up(&rig);
		rig_ok(&rig, sap_host_pldr(&rig.host, rig.now));
		rig_events_are(&rig, "PLDR ok");
		rig_call(&rig, sap_host_pldr(&rig.host, rig.now), SAP_BUSY);
		rig_ok(&rig, sap_host_pldr_end(&rig.host, SAP_PLDR_SUCCESS, rig.now));
		rig_wait(&rig, 5000);
		rig_wire_is(&rig, "");
	}
	/* Nor is its end told, if SAP came up meanwhile. */
	rig_ok(&rig, sap_host_pldr(&rig.host, rig.now));
	rig_tell32(&rig, SAP_AMT_STATE, 1);
	rig_wait(&rig, 200);
	memset(&rig.wire, 0, sizeof(rig.wire));
	rig_ok(&rig, sap_host_pldr_end(&rig.host, SAP_PLDR_SUCCESS, rig.now));
	rig_wire_is(&rig, "");
	rig_free(&rig);
}

static void amt_off_ends_the_wait_for_pldr(void **unused)
{
	struct rig rig;

	(void)unused;
	rig_host(&rig, NULL);
	rig_guest(&rig);
	rig_ok(&rig, sap_host_pldr(&rig.host, rig.now));
	rig_tell32(&rig, SAP_AMT_STATE, 0);
	rig_events_are(&rig, "OWNER unknown; PLDR down; AMT off");
	rig_wait(&rig, 5000);
	rig_wire_is(&rig, "PLDR 00000000; CSA");
	rig_events_are(&rig, "");
	rig_free(&rig);
}

/* --- floods --- */

static void flood(uint32_t version, const char *expected, uint32_t dropped)
{
	struct sap_host_config config;
	struct rig rig;

	sap_host_config_default(&config);
	config.link.layouts[0] = sap_layout_of(version);
	config.link.layouts[1] = NULL;
	rig_host(&rig, &config);
	rig_up(&rig);
	rig.deaf = true;
	/* 62,720 bytes hold 7,839 messages of 8. */
	for (unsigned i = 0; i < 7839; i++)
		rig_say0(&rig, SAP_PING);
	assert_int_equal(sap_producer_room(&rig.out, &rig.area), 7);
	rig_bell(&rig);
	rig_wire_is(&rig, expected);
	rig_events_are(&rig, "");
	assert_int_equal(rig_counters(&rig)->received, 7839);
	assert_int_equal(rig_counters(&rig)->pongs_dropped, dropped);
	assert_true(sap_producer_drained(&rig.out, &rig.area));
	/* All is well afterwards. */
	rig_read(&rig);
	rig_wait(&rig, 200);
	rig_tell0(&rig, SAP_PING);
	rig_wire_is(&rig, "PONG; CSA");
	rig_free(&rig);
}

static void pings_7839_in_one_drain(void **unused)
{
	(void)unused;
	flood(3, "PONG x279; CSA", 7839 - 279);
	flood(4, "PONG x4095; CSA", 7839 - 4095);
}

/* Each says something: draining stops while nobody fetches, and the queue itself holds back. */
static void events_cannot_overflow(void **unused)
{
	struct rig rig;

	(void)unused;
	rig_host(&rig, NULL);
	rig_guest(&rig);
	rig.hoarding = true;
	for (unsigned i = 0; i < 2000; i++)
		rig_say0(&rig, SAP_TRIGGER_IP_REFRESH);
	rig_bell(&rig);
	rig_bell(&rig);
	rig_wait(&rig, 100000);
	assert_false(sap_producer_drained(&rig.out, &rig.area));
	/* Calls that could yield some say so. */
	/* Time passes, and nothing is done that could yield more. */
	rig_tick(&rig);
	rig_call(&rig, sap_host_own(&rig.host, rig.now), SAP_AGAIN);
	rig_call(&rig, sap_host_stop(&rig.host, rig.now), SAP_AGAIN);
	rig_call(&rig, sap_host_ping(&rig.host, rig.now), SAP_AGAIN);
	rig_call(&rig, sap_host_device_down(&rig.host, rig.now), SAP_AGAIN);
	rig_call(&rig, sap_host_get_nvm(&rig.host, rig.now), SAP_AGAIN);
	rig_call(&rig, sap_host_pldr(&rig.host, rig.now), SAP_AGAIN);
	rig_call(&rig, sap_host_driver_up(&rig.host, rig.now), SAP_AGAIN);
	rig_call(&rig, sap_host_driver_down(&rig.host, rig.now), SAP_AGAIN);
	rig_call(&rig, sap_host_suspend(&rig.host, 1, rig.now), SAP_AGAIN);
	rig_wire_is(&rig, "");
	rig.hoarding = false;
	rig_settle(&rig);
	rig_events_are(&rig, "IP_REFRESH x2000");
	assert_true(sap_producer_drained(&rig.out, &rig.area));
	rig_free(&rig);
}

/* With all slots taken that can be, the end of the connection still finds room for what it says. */
static void the_end_of_a_connection_always_finds_room(void **unused)
{
	struct sap_message conn = {.type = SAP_CSME_CONN_STATUS};
	struct rig rig;

	(void)unused;
	rig_host(&rig, NULL);
	rig_owner(&rig);
	rig_ok(&rig, sap_host_get_nvm(&rig.host, rig.now));
	rig_ok(&rig, sap_host_pldr(&rig.host, rig.now));
	conn.csme_conn_status.link_prot_state = 1;
	rig_tell(&rig, &conn);
	memset(&rig.events, 0, sizeof(rig.events));
	rig.hoarding = true;
	for (unsigned i = 0; i < 50; i++)
		rig_say0(&rig, SAP_TRIGGER_IP_REFRESH);
	rig_bell(&rig);
	rig_bell(&rig);
	rig_closed(&rig, SAP_CLOSED);
	rig_call(&rig, sap_host_start(&rig.host, rig.now), SAP_AGAIN);
	rig.hoarding = false;
	rig_settle(&rig);
	assert_int_equal(rig_counters(&rig)->events_lost, 0);
	assert_non_null(
		strstr(rig.events.text, "OWNER unknown; ROAMING off; NVM down; PLDR down; DOWN CLOSED"));
	rig_free(&rig);
}

/* --- messages that are none --- */

static void unknown_messages_are_counted_and_passed_over(void **unused)
{
	/* In no table; deprecated; the host's own; a packet's. */
	const uint16_t types[] = {0, 3, 499, 501, 514, 999, 0xffff};
	uint8_t payload[100] = {0};
	struct sap_message m;
	struct rig rig;

	(void)unused;
	rig_host(&rig, NULL);
	rig_guest(&rig);
	for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++) {
		m = test_opaque(types[i], payload, (uint32_t)(i * 3));
		rig_say(&rig, &m);
	}
	rig_say0(&rig, SAP_HOST_ASKS_FOR_NIC_OWNERSHIP);
	rig_say0(&rig, SAP_WIFIDR_DOWN);
	rig_tell0(&rig, SAP_TRIGGER_IP_REFRESH);
	rig_events_are(&rig, "IP_REFRESH");
	rig_wire_is(&rig, "");
	assert_int_equal(rig_counters(&rig)->unknown, 9);
	rig_free(&rig);
}

static void messages_out_of_place_have_no_effect(void **unused)
{
	struct rig rig;

	(void)unused;
	rig_host(&rig, NULL);
	rig_up(&rig);
	rig_say32(&rig, SAP_NIC_OWNER, SAP_OWNER_CSME);
	rig_say32(&rig, SAP_CSME_REPLY_TO_HOST_OWNERSHIP_REQ, 1);
	rig_say0(&rig, SAP_PONG);
	rig_bell(&rig);
	rig_events_are(&rig, "");
	rig_wire_is(&rig, "");
	rig_state_is(&rig, "door", SAP_OWNER_UNKNOWN);
	assert_int_equal(rig_counters(&rig)->unexpected, 3);
	rig_free(&rig);
}

/* --- loss --- */

static void a_lost_connection_ends_all_that_waits(void **unused)
{
	struct rig rig;

	(void)unused;
	rig_host(&rig, NULL);
	rig_guest(&rig);
	rig_ok(&rig, sap_host_own(&rig.host, rig.now));
	rig_ok(&rig, sap_host_get_nvm(&rig.host, rig.now));
	rig_ok(&rig, sap_host_pldr(&rig.host, rig.now));
	memset(&rig.wire, 0, sizeof(rig.wire));
	rig_closed(&rig, SAP_CLOSED);
	rig_wire_is(&rig, "DISCONNECT; UNMAP");
	rig_events_are(&rig, "OWN_DONE down; OWNER unknown; NVM down; PLDR down; DOWN CLOSED");
	rig_state_is(&rig, "door", SAP_OWNER_UNKNOWN);
	rig_wait(&rig, 1000000);
	rig_wire_is(&rig, "");
	rig_events_are(&rig, "");
	rig_free(&rig);
}

static void an_owner_that_is_lost_closes_its_lane_first(void **unused)
{
	struct rig rig;

	(void)unused;
	rig_host(&rig, NULL);
	rig_owner(&rig);
	rig_closed(&rig, SAP_CLOSED);
	rig_wire_is(&rig, "LANE close; DISCONNECT; UNMAP");
	rig_events_are(&rig, "OWNER unknown; DOWN CLOSED");
	rig_free(&rig);
}

static void what_was_told_is_told_again_to_the_next_connection(void **unused)
{
	struct sap_host_link_up up = {.conn = {.ssid_len = 3, .ssid = {'l', 'a', 'b'}}};
	struct rig rig;

	(void)unused;
	rig_host(&rig, NULL);
	rig_owner(&rig);
	rig_ok(&rig, sap_host_link_up(&rig.host, &up, rig.now));
	rig_closed(&rig, SAP_CLOSED);
	rig_wait(&rig, 5000);
	rig_up(&rig);
	rig_wait(&rig, 5000);
	rig_wire_is(&rig, "");
	rig_tell32(&rig, SAP_AMT_STATE, 1);
	rig_wire_is(&rig, "WIFIDR_UP; WHO_OWNS_NIC; HOST_LINK_UP [68]; COUNTRY_CODE 0000000000000000; "
			  "RADIO_STATE 03000000; CSA");
	rig_free(&rig);
}

/* A driver that wants the NIC gets its turn on the next connection too. */
static void a_nic_that_is_wanted_is_asked_for_again_after_a_loss(void **unused)
{
	struct rig rig;

	(void)unused;
	rig_host(&rig, NULL);
	rig_guest(&rig);
	rig_ok(&rig, sap_host_own(&rig.host, rig.now));
	rig_closed(&rig, SAP_CLOSED);
	rig_up(&rig);
	rig_say32(&rig, SAP_AMT_STATE, 1);
	rig_tell32(&rig, SAP_NIC_OWNER, SAP_OWNER_CSME);
	rig_wait(&rig, 200);
	memset(&rig.wire, 0, sizeof(rig.wire));
	rig_wait(&rig, 60000);
	rig_wire_is(&rig, "HOST_ASKS_FOR_NIC_OWNERSHIP; CSA");
	rig_free(&rig);
}

/* --- the peer's queue is not to be believed --- */

static void a_broken_queue_ends_the_connection(void **unused)
{
	struct rig rig;

	(void)unused;
	rig_host(&rig, NULL);
	rig_owner(&rig);
	test_put32(rig.memory + 40, 62720);
	rig_bell(&rig);
	rig_wire_is(&rig, "LANE close; DISCONNECT; UNMAP");
	rig_events_are(&rig, "PACKETS; OWNER unknown; DOWN CORRUPT");
	assert_int_equal(rig_counters(&rig)->corrupt, 1);
	rig_up(&rig);
	/* Ours, that CSME is to read. */
	test_put32(rig.memory + 16, 0xffffffff);
	for (unsigned i = 0; i < 4095; i++)
		assert_status(sap_host_ping(&rig.host, rig.now), SAP_OK);
	/* It is looked at as there is no room left. */
	rig_ok(&rig, sap_host_ping(&rig.host, rig.now));
	rig_wire_is(&rig, "PING x4095; DISCONNECT; UNMAP");
	rig_events_are(&rig, "DOWN CORRUPT");
	rig_free(&rig);
}

static void nvm_that_could_not_be_asked_for_in_time_is_not_asked_for(void **unused)
{
	struct rig rig;

	(void)unused;
	rig_host(&rig, NULL);
	rig_guest(&rig);
	rig.deaf = true;
	/* One more than there is room for: it goes out first. */
	for (unsigned i = 0; i < 4096; i++)
		assert_status(sap_host_ping(&rig.host, rig.now), SAP_OK);
	rig_ok(&rig, sap_host_get_nvm(&rig.host, rig.now));
	rig_wait(&rig, 2000);
	rig_events_are(&rig, "NVM timeout");
	memset(&rig.wire, 0, sizeof(rig.wire));
	rig_read(&rig);
	rig_wait(&rig, 20);
	rig_wire_is(&rig, "PING; CSA");
	rig_free(&rig);
}

static void nvm_is_a_view_too(void **unused)
{
	struct sap_host_event event;
	uint8_t expected[460];
	struct rig rig;

	(void)unused;
	rig_host(&rig, NULL);
	rig_guest(&rig);
	rig_ok(&rig, sap_host_get_nvm(&rig.host, rig.now));
	rig.hoarding = true;
	say_nvm(&rig, 8, 460);
	say_filters(&rig, 9);
	rig_bell(&rig);
	test_pattern(expected, sizeof(expected), 8);
	assert_true(sap_host_next_event(&rig.host, &event));
	assert_int_equal(event.type, SAP_HOST_NVM);
	assert_memory_equal(event.view.bytes, expected, sizeof(expected));
	rig.hoarding = false;
	rig_settle(&rig);
	rig_events_are(&rig, "FILTERS");
	rig_free(&rig);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(nvm_is_asked_for_and_answered),
		cmocka_unit_test(nvm_that_does_not_come_is_given_up_after_2_s),
		cmocka_unit_test(nvm_that_is_too_short_is_counted_and_not_taken),
		cmocka_unit_test(amt_off_and_loss_end_the_wait_for_nvm),
		cmocka_unit_test(filters_are_a_view),
		cmocka_unit_test(a_view_lives_until_its_event_was_taken),
		cmocka_unit_test(ip_refresh_says_so),
		cmocka_unit_test(pldr_is_granted_and_ended),
		cmocka_unit_test(pldr_is_tried_three_times),
		cmocka_unit_test(a_refused_pldr_waits_out_its_time_and_is_tried_again),
		cmocka_unit_test(pldr_is_skipped_while_down_or_amt_off),
		cmocka_unit_test(amt_off_ends_the_wait_for_pldr),
		cmocka_unit_test(pings_7839_in_one_drain),
		cmocka_unit_test(events_cannot_overflow),
		cmocka_unit_test(the_end_of_a_connection_always_finds_room),
		cmocka_unit_test(unknown_messages_are_counted_and_passed_over),
		cmocka_unit_test(messages_out_of_place_have_no_effect),
		cmocka_unit_test(a_lost_connection_ends_all_that_waits),
		cmocka_unit_test(an_owner_that_is_lost_closes_its_lane_first),
		cmocka_unit_test(what_was_told_is_told_again_to_the_next_connection),
		cmocka_unit_test(a_nic_that_is_wanted_is_asked_for_again_after_a_loss),
		cmocka_unit_test(a_broken_queue_ends_the_connection),
		cmocka_unit_test(nvm_that_could_not_be_asked_for_in_time_is_not_asked_for),
		cmocka_unit_test(nvm_is_a_view_too),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
