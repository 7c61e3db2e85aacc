// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
/* CSME: what it is told and tells, the captured areas, floods, and messages that are none. */
#include "rig.h"

static void up(struct rig *rig)
{
	rig_csme(rig, NULL);
	rig_up(rig);
	rig_wait(rig, 200);
	memset(&rig->wire, 0, sizeof(rig->wire));
}

/* --- what the host tells --- */

static void what_the_host_tells_is_an_event_each(void **unused)
{
	struct sap_message m;
	struct rig rig;

	(void)unused;
	up(&rig);
	rig_say32(&rig, SAP_RADIO_STATE, 2);
	rig_say32(&rig, SAP_HOST_SUSPENDS, 0x1f);
	rig_say32(&rig, SAP_HOST_RESUMES, 1);
	memset(&m, 0, sizeof(m));
	m.type = SAP_COUNTRY_CODE;
	m.country_code.mcc = 0x5553;
	rig_say(&rig, &m);
	memset(&m, 0, sizeof(m));
	m.type = SAP_SAR_LIMITS;
	m.sar_limits.limits[0] = 11;
	m.sar_limits.limits[9] = 99;
	rig_say(&rig, &m);
	memset(&m, 0, sizeof(m));
	m.type = SAP_NIC_INFO;
	m.nic_info.mac_address.bytes[5] = 0xab;
	m.nic_info.nvm_address.bytes[5] = 0xcd;
	rig_say(&rig, &m);
	memset(&m, 0, sizeof(m));
	m.type = SAP_HOST_LINK_DOWN;
	m.host_link_down = (struct sap_host_link_down){2, 1, 7};
	rig_say(&rig, &m);
	rig_say0(&rig, SAP_HOST_GOES_DOWN);
	rig_bell(&rig);
	rig_events_are(&rig, "RADIO 2; SUSPENDS 31; RESUMES 1; COUNTRY 5553; SAR 11..99; "
			     "NIC_INFO ab/cd; LINK_DOWN 2 7; GOES_DOWN");
	rig_wire_is(&rig, "");
	rig_free(&rig);
}

static void a_driver_that_comes_is_told_amt_and_connection(void **unused)
{
	struct sap_csme_conn_status conn;
	uint8_t expected[64] = {1, 0, 0, 0, 3, 0, 0, 0, 3, 0, 0, 0, 'l', 'a', 'b'};
	struct rig rig;

	(void)unused;
	memset(&conn, 0, sizeof(conn));
	conn.link_prot_state = 1;
	conn.scan_request = 3;
	conn.conn.ssid_len = 3;
	memcpy(conn.conn.ssid, "lab", 3);
	conn.conn.channel = 11;
	memset(conn.conn.bssid.bytes, 0xbb, 6);
	expected[8 + 44] = 11;
	memset(expected + 8 + 48, 0xbb, 6);
	rig_csme(&rig, NULL);
	rig_ok(&rig, sap_csme_set_conn(&rig.csme, &conn, rig.now));
	rig_up(&rig);
	rig_wait(&rig, 200);
	rig_tell0(&rig, SAP_WIFIDR_UP);
	rig_wire_is(&rig, "AMT_STATE 00000000; CSME_CONN_STATUS [64]; CSA");
	rig_events_are(&rig, "DRIVER on");
	assert_memory_equal(rig.last + 8, expected, 64);
	rig_wait(&rig, 200);
	/* A change is told as it comes. */
	conn.link_prot_state = 0;
	rig_ok(&rig, sap_csme_set_conn(&rig.csme, &conn, rig.now));
	rig_wire_is(&rig, "CSME_CONN_STATUS [64]; CSA");
	expected[0] = 0;
	assert_memory_equal(rig.last + 8, expected, 64);
	conn.conn.ssid_len = 33;
	rig_call(&rig, sap_csme_set_conn(&rig.csme, &conn, rig.now), SAP_BAD_VALUE);
	rig_call(&rig, sap_csme_set_conn(&rig.csme, NULL, rig.now), SAP_INVALID);
	rig_wire_is(&rig, "");
	rig_free(&rig);
}

static void an_ssid_of_more_than_32_bytes_is_ignored_and_counted(void **unused)
{
	struct sap_message m;
	struct rig rig;

	(void)unused;
	up(&rig);
	memset(&m, 0, sizeof(m));
	m.type = SAP_HOST_LINK_UP;
	m.host_link_up.conn.ssid_len = 33;
	rig_say(&rig, &m);
	m.host_link_up.conn.ssid_len = 0;
	rig_tell(&rig, &m);
	rig_events_are(&rig, "LINK_UP ");
	assert_int_equal(rig_counters(&rig)->bad_value, 1);
	rig_free(&rig);
}

/* --- NVM, filters, PLDR, ping --- */

static void nvm_is_told_if_it_is_known(void **unused)
{
	uint8_t nvm[SAP_NVM_SIZE];
	struct rig rig;

	(void)unused;
	up(&rig);
	rig_tell0(&rig, SAP_GET_NVM);
	rig_wait(&rig, 10000);
	rig_wire_is(&rig, "");
	test_pattern(nvm, sizeof(nvm), 5);
	sap_csme_set_nvm(&rig.csme, nvm);
	rig_settle(&rig);
	rig_wire_is(&rig, "");
	rig_tell0(&rig, SAP_GET_NVM);
	rig_wire_is(&rig, "NVM [460]; CSA");
	assert_memory_equal(rig.last + 8, nvm, sizeof(nvm));
	rig_free(&rig);
}

static void filters_are_told_at_once_and_to_each_host(void **unused)
{
	uint8_t filters[SAP_CSME_FILTERS_SIZE];
	struct rig rig;

	(void)unused;
	up(&rig);
	test_pattern(filters, sizeof(filters), 6);
	rig_do(&rig, sap_csme_set_filters(&rig.csme, filters, rig.now));
	rig_wire_is(&rig, "CSME_FILTERS [1896]; CSA");
	assert_memory_equal(rig.last + 8, filters, sizeof(filters));
	rig_closed(&rig, SAP_CLOSED);
	test_pattern(filters, sizeof(filters), 7);
	rig_do(&rig, sap_csme_set_filters(&rig.csme, filters, rig.now));
	rig_ok(&rig, sap_csme_start(&rig.csme, rig.now));
	rig_offer(&rig, sap_layout_of(4));
	memset(&rig.wire, 0, sizeof(rig.wire));
	rig_start(&rig, 4);
	rig_wire_is(&rig, "MAP 0; START_OK 4; AMT_STATE 00000000; CSME_FILTERS [1896]; CSA");
	assert_memory_equal(rig.last + 8, filters, sizeof(filters));
	rig_free(&rig);
}

static void pldr_is_granted_or_not(void **unused)
{
	struct sap_message end;
	struct rig rig;

	(void)unused;
	up(&rig);
	rig_tell32(&rig, SAP_PLDR, 0);
	rig_wire_is(&rig, "PLDR_ACK 0000000000000000; CSA");
	rig_events_are(&rig, "PLDR");
	memset(&end, 0, sizeof(end));
	end.type = SAP_PLDR_END;
	end.pldr_end.status = 1;
	rig_tell(&rig, &end);
	rig_events_are(&rig, "PLDR_END 1");
	assert_int_equal(rig_counters(&rig)->unexpected, 0);
	rig_wait(&rig, 200);
	sap_csme_set_pldr_fails(&rig.csme, true);
	rig_tell32(&rig, SAP_PLDR, 0);
	rig_wire_is(&rig, "PLDR_ACK 0000000001000000; CSA");
	rig_events_are(&rig, "");
	/* An end of what was not granted is counted. */
	rig_tell(&rig, &end);
	assert_int_equal(rig_counters(&rig)->unexpected, 1);
	rig_free(&rig);
}

static void ping_and_pong(void **unused)
{
	struct rig rig;

	(void)unused;
	up(&rig);
	rig_ok(&rig, sap_csme_ping(&rig.csme, rig.now));
	rig_wire_is(&rig, "PING; CSA");
	rig_tell0(&rig, SAP_PONG);
	rig_tell0(&rig, SAP_PONG);
	rig_events_are(&rig, "PONG");
	assert_int_equal(rig_counters(&rig)->unexpected, 1);
	rig_wait(&rig, 200);
	rig_tell0(&rig, SAP_PING);
	rig_wire_is(&rig, "PONG; CSA");
	rig_free(&rig);
}

static void band_selection_is_a_view(void **unused)
{
	struct sap_message m;
	uint8_t bytes[33];
	struct rig rig;

	(void)unused;
	up(&rig);
	test_pattern(bytes, sizeof(bytes), 9);
	memset(&m, 0, sizeof(m));
	m.type = SAP_BAND_SELECTION;
	m.band_selection = (struct sap_view){bytes, sizeof(bytes)};
	rig_say(&rig, &m);
	rig_say32(&rig, SAP_RADIO_STATE, 1);
	rig.hoarding = true;
	rig_bell(&rig);
	rig_wait(&rig, 1000);
	/* What comes after it waits: the view is in the buffer. */
	assert_int_equal(rig.csme.state.events_count, 1);
	rig.hoarding = false;
	rig_settle(&rig);
	rig_events_are(&rig, "BAND_SELECTION; RADIO 1");
	assert_int_equal(rig.view_len, sizeof(bytes));
	assert_memory_equal(rig.view, bytes, sizeof(bytes));
	rig_free(&rig);
}

/* --- the captured areas --- */

/* Handed over as they are: at START the area is empty, then the driver wrote. */
static void take_capture(const char *name, uint32_t version, const char *events, uint32_t messages)
{
	struct test_bytes image = test_capture(name);
	struct sap_csme_config config;
	uint32_t wr = test_get32(image.bytes + 12);
	struct rig rig;

	/* What CSME's own queue holds is the stand-in firmware's, and nobody reads it. */
	sap_csme_config_default(&config);
	rig_csme(&rig, &config);
	rig_offer(&rig, sap_layout_of(version));
	memcpy(rig.memory, image.bytes, image.len);
	rig.peer = false;
	rig_ok(&rig, sap_csme_start(&rig.csme, rig.now));
	rig_start(&rig, (uint8_t)version);
	rig_events_are(&rig, version == 3 ? "UP 3" : "UP 4");
	rig_bell(&rig);
	rig_events_are(&rig, events);
	assert_int_equal(test_get32(rig.memory + 16), wr);
	assert_int_equal(rig_counters(&rig)->received, messages);
	assert_int_equal(rig_counters(&rig)->unknown, 0);
	assert_int_equal(rig_counters(&rig)->too_short, 0);
	assert_int_equal(rig_counters(&rig)->corrupt, 0);
	rig_free(&rig);
	test_bytes_free(&image);
}

static void the_captured_areas_are_taken_whole(void **unused)
{
	(void)unused;
	take_capture("v4-shm-at-start.bin", 4, "", 0);
	take_capture("v3-shm-at-start.bin", 3, "", 0);
	take_capture("v4-shm-csa-00.bin", 4, "", 1);
	take_capture("v4-shm-csa-01.bin", 4, "COUNTRY 0000; NIC_INFO 00/00; RADIO 3", 3);
	take_capture("v4-shm-csa-18.bin", 4,
		     "DRIVER on; LINK_UP testnet; COUNTRY 5553; SAR 1..10; NIC_INFO 55/ee; RADIO 2", 7);
	take_capture("v3-shm-csa-11.bin", 3, "LINK_UP testnet x3", 3);
	take_capture("v4-data-shm-csa-05.bin", 4, "", 1);
	/* 290 PONG went in, 10 are left: each one more than was asked for. */
	take_capture("v3-shm-v3-ring-overfull.bin", 3, "", 10);
}

static void the_captured_packet_is_taken_too(void **unused)
{
	struct test_bytes image = test_capture("v4-data-shm-csa-05.bin");
	struct sap_packet_info info;
	uint8_t frame[1514];
	struct rig rig;

	(void)unused;
	rig_csme(&rig, NULL);
	rig_offer(&rig, sap_layout_of(4));
	memcpy(rig.memory, image.bytes, image.len);
	rig.peer = false;
	rig_ok(&rig, sap_csme_start(&rig.csme, rig.now));
	rig_start(&rig, 4);
	rig_ok(&rig, sap_csme_set_amt(&rig.csme, true, rig.now));
	rig_bell(&rig);
	rig_events_are(&rig, "UP 4; PACKETS x2");
	assert_status(sap_packets_recv(&rig.lane, &rig.csme.area, frame, sizeof(frame), &info), SAP_OK);
	assert_int_equal(info.len, 50);
	assert_int_equal(info.type, SAP_CB_DATA_PACKET);
	assert_memory_equal(frame + 42, "DHCPTEST", 8);
	assert_status(sap_packets_recv(&rig.lane, &rig.csme.area, frame, sizeof(frame), &info), SAP_AGAIN);
	rig_free(&rig);
	test_bytes_free(&image);
}

/* --- floods --- */

static void pings_in_one_drain(void **unused)
{
	const uint32_t sizes[SAP_QUEUES] = {32768, 200, 2240, 200};
	struct sap_csme_config config;
	struct sap_layout layout;
	struct rig rig;

	(void)unused;
	/* 4,095 fill the host's queue; CSME's of version 4 has room for all answers. */
	up(&rig);
	for (unsigned i = 0; i < 4095; i++)
		rig_say0(&rig, SAP_PING);
	rig.deaf = true;
	rig_bell(&rig);
	rig_wire_is(&rig, "PONG x4095; CSA");
	assert_int_equal(rig_counters(&rig)->pongs_dropped, 0);
	rig_free(&rig);
	/* In a smaller one what fits is answered, the rest counted. */
	assert_status(sap_layout_make(&layout, 4, sizes), SAP_OK);
	sap_csme_config_default(&config);
	config.link.layouts[0] = &layout;
	config.link.layouts[1] = NULL;
	rig_csme(&rig, &config);
	rig_up(&rig);
	rig.deaf = true;
	for (unsigned i = 0; i < 4095; i++)
		rig_say0(&rig, SAP_PING);
	rig_wait(&rig, 200);
	rig_bell(&rig);
	rig_wire_is(&rig, "PONG x279; CSA");
	assert_int_equal(rig_counters(&rig)->pongs_dropped, 4095 - 279);
	assert_true(sap_producer_drained(&rig.out, &rig.area));
	rig_free(&rig);
}

static void events_cannot_overflow(void **unused)
{
	struct rig rig;

	(void)unused;
	up(&rig);
	rig.hoarding = true;
	for (uint32_t i = 0; i < 500; i++)
		rig_say32(&rig, SAP_RADIO_STATE, 3);
	rig_bell(&rig);
	rig_bell(&rig);
	rig_wait(&rig, 100000);
	assert_false(sap_producer_drained(&rig.out, &rig.area));
	/* Time passes, and nothing is done that could yield more. */
	rig_tick(&rig);
	rig_call(&rig, sap_csme_stop(&rig.csme, rig.now), SAP_AGAIN);
	rig_call(&rig, sap_csme_set_amt(&rig.csme, true, rig.now), SAP_AGAIN);
	rig_call(&rig, sap_csme_take(&rig.csme, rig.now), SAP_AGAIN);
	rig_call(&rig, sap_csme_take_by_force(&rig.csme, rig.now), SAP_AGAIN);
	rig_call(&rig, sap_csme_register_request(&rig.csme, rig.now), SAP_AGAIN);
	rig_call(&rig, sap_csme_answer(&rig.csme, true, rig.now), SAP_AGAIN);
	rig_call(&rig, sap_csme_ping(&rig.csme, rig.now), SAP_AGAIN);
	rig.hoarding = false;
	rig_settle(&rig);
	rig_events_are(&rig, "RADIO 3 x500");
	/* The end of a connection finds room whatever waits. */
	rig.hoarding = true;
	for (uint32_t i = 0; i < 50; i++)
		rig_say32(&rig, SAP_RADIO_STATE, 3);
	rig_bell(&rig);
	rig_closed(&rig, SAP_CLOSED);
	rig_call(&rig, sap_csme_start(&rig.csme, rig.now), SAP_AGAIN);
	rig.hoarding = false;
	rig_settle(&rig);
	assert_non_null(strstr(rig.events.text, "DOWN CLOSED"));
	rig_free(&rig);
}

/* --- messages that are none --- */

static void unknown_messages_are_counted_and_passed_over(void **unused)
{
	const uint16_t types[] = {0, 3, 999, 1014, 1018, 1023, 1026, 3000, 0xffff};
	uint8_t payload[40] = {0};
	struct sap_message m;
	struct rig rig;

	(void)unused;
	up(&rig);
	for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++) {
		m = test_opaque(types[i], payload, (uint32_t)(i * 3));
		rig_say(&rig, &m);
	}
	/* CSME's own come from nobody else. */
	rig_say0(&rig, SAP_CSME_TAKING_OWNERSHIP);
	rig_say32(&rig, SAP_AMT_STATE, 1);
	rig_say32(&rig, SAP_RADIO_STATE, 3);
	rig_bell(&rig);
	rig_events_are(&rig, "RADIO 3");
	rig_wire_is(&rig, "");
	assert_int_equal(rig_counters(&rig)->unknown, 11);
	rig_free(&rig);
}

/* --- what is owed --- */

static void what_is_owed_goes_out_as_there_is_room(void **unused)
{
	const uint32_t sizes[SAP_QUEUES] = {400, 200, 81, 200};
	struct sap_csme_config config;
	struct sap_layout layout;
	struct rig rig;

	(void)unused;
	assert_status(sap_layout_make(&layout, 4, sizes), SAP_OK);
	sap_csme_config_default(&config);
	config.link.layouts[0] = &layout;
	config.link.layouts[1] = NULL;
	rig_csme(&rig, &config);
	rig_host_owns(&rig);
	rig.deaf = true;
	for (unsigned i = 0; i < 10; i++)
		rig_ok(&rig, sap_csme_ping(&rig.csme, rig.now));
	memset(&rig.wire, 0, sizeof(rig.wire));
	rig_tell0(&rig, SAP_WHO_OWNS_NIC);
	rig_tell0(&rig, SAP_HOST_ASKS_FOR_NIC_OWNERSHIP);
	rig_tell0(&rig, SAP_HOST_ASKS_FOR_NIC_OWNERSHIP);
	rig_tell32(&rig, SAP_PLDR, 0);
	rig_ok(&rig, sap_csme_take(&rig.csme, rig.now));
	rig_tell0(&rig, SAP_PING);
	rig_wait(&rig, 150);
	rig_wire_is(&rig, "CSA");
	assert_int_equal(rig_counters(&rig)->pongs_dropped, 1);
	rig_read(&rig);
	rig_wait(&rig, 20);
	/* Grants that were not out yet are none any more; 80 bytes hold so much. */
	rig_wire_is(&rig, "CSME_REPLY_TO_HOST_OWNERSHIP_REQ 00000000 x2; NIC_OWNER 01000000; "
			  "CSME_TAKING_OWNERSHIP; PLDR_ACK 0000000000000000");
	rig_free(&rig);
}

static void nothing_owed_outlives_the_connection(void **unused)
{
	const uint32_t sizes[SAP_QUEUES] = {400, 200, 81, 200};
	struct sap_csme_config config;
	struct sap_layout layout;
	struct rig rig;

	(void)unused;
	assert_status(sap_layout_make(&layout, 4, sizes), SAP_OK);
	sap_csme_config_default(&config);
	config.link.layouts[0] = &layout;
	config.link.layouts[1] = NULL;
	rig_csme(&rig, &config);
	rig_host_owns(&rig);
	rig.deaf = true;
	for (unsigned i = 0; i < 12; i++)
		rig_ok(&rig, sap_csme_ping(&rig.csme, rig.now));
	rig_tell0(&rig, SAP_WHO_OWNS_NIC);
	rig_tell0(&rig, SAP_HOST_ASKS_FOR_NIC_OWNERSHIP);
	rig_closed(&rig, SAP_CLOSED);
	rig_ok(&rig, sap_csme_start(&rig.csme, rig.now));
	rig_offer(&rig, &layout);
	rig.deaf = false;
	memset(&rig.wire, 0, sizeof(rig.wire));
	rig_start(&rig, 4);
	rig_wait(&rig, 1000);
	rig_wire_is(&rig, "MAP 0; START_OK 4; AMT_STATE 01000000; LANE open; CSA");
	/* And a new request has one answer. */
	rig_tell0(&rig, SAP_HOST_ASKS_FOR_NIC_OWNERSHIP);
	rig_wire_is(&rig, "CSME_REPLY_TO_HOST_OWNERSHIP_REQ 01000000; CSA");
	rig_free(&rig);
}

/* --- the host's queue is not to be believed --- */

static void a_broken_queue_ends_the_connection(void **unused)
{
	struct rig rig;

	(void)unused;
	up(&rig);
	test_put32(rig.memory + 12, 0x80000000);
	rig_bell(&rig);
	rig_wire_is(&rig, "DISCONNECT; UNMAP");
	rig_events_are(&rig, "DOWN CORRUPT");
	rig_free(&rig);
}

/* It breaks in the middle of a drain: what follows is not looked at, and nothing is left of it. */
static void a_queue_that_breaks_in_a_drain_ends_it(void **unused)
{
	const uint32_t sizes[SAP_QUEUES] = {400, 200, 81, 200};
	struct sap_csme_config config;
	struct sap_layout layout;
	struct rig rig;

	(void)unused;
	assert_status(sap_layout_make(&layout, 4, sizes), SAP_OK);
	sap_csme_config_default(&config);
	config.link.layouts[0] = &layout;
	config.link.layouts[1] = NULL;
	rig_csme(&rig, &config);
	rig_up(&rig);
	rig_wait(&rig, 200);
	memset(&rig.wire, 0, sizeof(rig.wire));
	for (unsigned i = 0; i < 20; i++)
		rig_say0(&rig, SAP_WHO_OWNS_NIC);
	rig_say0(&rig, SAP_WIFIDR_UP);
	test_put32(rig.memory + 44, 81);
	rig_bell(&rig);
	rig_events_are(&rig, "DOWN CORRUPT");
	assert_true(rig_deadline(&rig) == SAP_NEVER);
	rig_ok(&rig, sap_csme_start(&rig.csme, rig.now));
	rig_offer(&rig, &layout);
	memset(&rig.wire, 0, sizeof(rig.wire));
	rig_start(&rig, 4);
	rig_wire_is(&rig, "MAP 0; START_OK 4; AMT_STATE 00000000; CSA");
	rig_free(&rig);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_the_host_tells_is_an_event_each),
		cmocka_unit_test(a_driver_that_comes_is_told_amt_and_connection),
		cmocka_unit_test(an_ssid_of_more_than_32_bytes_is_ignored_and_counted),
		cmocka_unit_test(nvm_is_told_if_it_is_known),
		cmocka_unit_test(filters_are_told_at_once_and_to_each_host),
		cmocka_unit_test(pldr_is_granted_or_not),
		cmocka_unit_test(ping_and_pong),
		cmocka_unit_test(band_selection_is_a_view),
		cmocka_unit_test(the_captured_areas_are_taken_whole),
		cmocka_unit_test(the_captured_packet_is_taken_too),
		cmocka_unit_test(pings_in_one_drain),
		cmocka_unit_test(events_cannot_overflow),
		cmocka_unit_test(unknown_messages_are_counted_and_passed_over),
		cmocka_unit_test(what_is_owed_goes_out_as_there_is_room),
		cmocka_unit_test(nothing_owed_outlives_the_connection),
		cmocka_unit_test(a_broken_queue_ends_the_connection),
		cmocka_unit_test(a_queue_that_breaks_in_a_drain_ends_it),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
