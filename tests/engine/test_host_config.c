// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
/* The host's initial configuration, what is kept while nobody listens, and what is told as it changes. */
#include "rig.h"

#define COUNTRY_0 "COUNTRY_CODE 0000000000000000"
#define RADIO_3	  "RADIO_STATE 03000000"

enum {
	QUEUE_V4 = 64,
};

/* What the captured configuration says, byte by byte, read by hand from the image. */
static struct sap_host_link_up link_of(const char *ssid)
{
	struct sap_host_link_up up;

	memset(&up, 0, sizeof(up));
	up.conn.ssid_len = (uint32_t)strlen(ssid);
	memcpy(up.conn.ssid, ssid, strlen(ssid));
	return up;
}

static void set_collocated(struct sap_host_link_up *up)
{
	up->colloc_channel = 37;
	up->colloc_band = 1;
	memcpy(up->colloc_bssid.bytes, "\x02\xcc\xcc\xcc\xcc\xcc", 6);
}

/* The pending messages of a capture, without their sequence numbers. */
static uint32_t pending_of(const struct test_bytes *image, uint8_t *to, struct sap_message *messages)
{
	uint32_t rd = test_get32(image->bytes + 16), wr = test_get32(image->bytes + 12), n = 0;
	const uint8_t *at = image->bytes + QUEUE_V4 + rd;

	assert_true(rd < wr);
	memcpy(to, at, wr - rd);
	for (uint32_t i = 0; i < wr - rd; n++) {
		assert_status(sap_message_decode(to + i, wr - rd - i, &messages[n]), SAP_OK);
		memset(to + i + 4, 0, 4);
		i += 8 + test_get16(to + i + 2);
	}
	return wr - rd;
}

static void same_settings(struct rig *rig, const struct sap_message *m, unsigned n)
{
	rig_ok(rig, sap_host_driver_up(&rig->host, rig->now));
	for (unsigned i = 0; i < n; i++) {
		if (m[i].type == SAP_HOST_LINK_UP)
			rig_ok(rig, sap_host_link_up(&rig->host, &m[i].host_link_up, rig->now));
		else if (m[i].type == SAP_COUNTRY_CODE)
			rig_do(rig, sap_host_set_country(&rig->host, &m[i].country_code, rig->now));
		else if (m[i].type == SAP_SAR_LIMITS)
			rig_do(rig, sap_host_set_sar(&rig->host, &m[i].sar_limits, rig->now));
		else if (m[i].type == SAP_NIC_INFO)
			rig_do(rig, sap_host_set_nic_info(&rig->host, &m[i].nic_info, rig->now));
		else if (m[i].type == SAP_RADIO_STATE)
			rig_do(rig, sap_host_set_radio(&rig->host, m[i].radio_state.state, rig->now));
	}
}

static void the_initial_configuration_is_the_drivers_byte_for_byte(void **unused)
{
	struct test_bytes image = test_capture("v4-shm-csa-18.bin");
	struct sap_message messages[16];
	uint8_t theirs[512], ours[512];
	struct rig rig;
	uint32_t len;

	(void)unused;
	len = pending_of(&image, theirs, messages);
	assert_int_equal(messages[0].type, SAP_WIFIDR_UP);
	assert_int_equal(messages[6].type, SAP_RADIO_STATE);
	assert_int_equal(messages[2].host_link_up.conn.ssid_len, 7);
	rig_host(&rig, NULL);
	same_settings(&rig, messages, 7);
	rig_up(&rig);
	rig_tell32(&rig, SAP_AMT_STATE, 1);
	rig_wire_is(&rig, "WIFIDR_UP; WHO_OWNS_NIC; HOST_LINK_UP [68]; COUNTRY_CODE 5355000000000000; "
			  "SAR_LIMITS [20]; NIC_INFO 02112233445502aabbccddee; RADIO_STATE 02000000; CSA");
	assert_int_equal(test_get32(rig.memory + 12), len);
	memcpy(ours, rig.memory + QUEUE_V4, len);
	for (uint32_t i = 0, seq = 1; i < len; i += 8 + test_get16(ours + i + 2)) {
		assert_int_equal(test_get32(ours + i + 4), seq++);
		memset(ours + i + 4, 0, 4);
	}
	assert_memory_equal(ours, theirs, len);
	rig_free(&rig);
	test_bytes_free(&image);
}

static void without_anything_known_it_is_three_messages(void **unused)
{
	struct rig rig;

	(void)unused;
	rig_host(&rig, NULL);
	rig_up(&rig);
	rig_tell32(&rig, SAP_AMT_STATE, 1);
	rig_wire_is(&rig, "WHO_OWNS_NIC; " COUNTRY_0 "; " RADIO_3 "; CSA");
	rig_events_are(&rig, "AMT on");
	rig_state_is(&rig, "unsure", SAP_OWNER_UNKNOWN);
	rig_free(&rig);
}

static void nothing_is_told_while_amt_is_off(void **unused)
{
	struct sap_host_link_up up = link_of("lab");
	struct sap_host_link_down down = {1, 0, 0};
	struct sap_country_code country = {0x4445, 1, 2};
	struct sap_sar_limits sar = {{1, 2, 3, 4, 5, 6, 7, 8, 9, 10}};
	struct sap_nic_info info = {{{1}}, {{2}}};
	struct rig rig;

	(void)unused;
	rig_host(&rig, NULL);
	rig_up(&rig);
	rig_tell32(&rig, SAP_AMT_STATE, 0);
	rig_ok(&rig, sap_host_driver_up(&rig.host, rig.now));
	rig_ok(&rig, sap_host_link_up(&rig.host, &up, rig.now));
	rig_do(&rig, sap_host_link_down(&rig.host, &down, rig.now));
	rig_do(&rig, sap_host_set_country(&rig.host, &country, rig.now));
	rig_do(&rig, sap_host_set_sar(&rig.host, &sar, rig.now));
	rig_do(&rig, sap_host_set_nic_info(&rig.host, &info, rig.now));
	rig_do(&rig, sap_host_set_radio(&rig.host, 1, rig.now));
	rig_ok(&rig, sap_host_driver_down(&rig.host, rig.now));
	rig_ok(&rig, sap_host_driver_up(&rig.host, rig.now));
	rig_wait(&rig, 1000);
	rig_wire_is(&rig, "");
	rig_events_are(&rig, "");
	/* All of it was kept; the link is down, so nothing is said of it. */
	rig_tell32(&rig, SAP_AMT_STATE, 4);
	rig_wire_is(&rig, "WIFIDR_UP; WHO_OWNS_NIC; COUNTRY_CODE 4544010002000000; SAR_LIMITS [20]; "
			  "NIC_INFO 010000000000020000000000; RADIO_STATE 01000000; CSA");
	rig_free(&rig);
}

static void what_changes_is_told_as_it_changes(void **unused)
{
	struct sap_host_link_up up = link_of("lab");
	struct sap_host_link_down down = {SAP_LINK_DOWN_LONG, 1, 0x1234};
	struct sap_country_code country = {0x5553, 3, 0x01020304};
	struct sap_sar_limits sar = {{0x101, 2, 3, 4, 5, 6, 7, 8, 9, 0xa0a}};
	struct sap_nic_info info = {{{2, 1, 1, 1, 1, 1}}, {{2, 2, 2, 2, 2, 2}}};
	uint8_t expected[28];
	struct rig rig;

	(void)unused;
	rig_host(&rig, NULL);
	rig_guest(&rig);
	rig_ok(&rig, sap_host_link_up(&rig.host, &up, rig.now));
	rig_wire_is(&rig, "HOST_LINK_UP [68]; CSA");
	rig_wait(&rig, 100);
	rig_do(&rig, sap_host_link_down(&rig.host, &down, rig.now));
	rig_wire_is(&rig, "HOST_LINK_DOWN 0200000134120000; CSA");
	rig_wait(&rig, 100);
	rig_do(&rig, sap_host_set_country(&rig.host, &country, rig.now));
	rig_wire_is(&rig, "COUNTRY_CODE 5355030004030201; CSA");
	rig_wait(&rig, 100);
	rig_do(&rig, sap_host_set_nic_info(&rig.host, &info, rig.now));
	rig_wire_is(&rig, "NIC_INFO 020101010101020202020202; CSA");
	rig_wait(&rig, 100);
	rig_do(&rig, sap_host_set_radio(&rig.host, 0, rig.now));
	rig_wire_is(&rig, "RADIO_STATE 00000000; CSA");
	rig_wait(&rig, 100);
	rig_do(&rig, sap_host_set_sar(&rig.host, &sar, rig.now));
	rig_wire_is(&rig, "SAR_LIMITS [20]; CSA");
	test_put_header(expected, 1016, 20, test_get32(rig.last + 4));
	memcpy(expected + 8, "\1\1\2\0\3\0\4\0\5\0\6\0\7\0\10\0\11\0\12\12", 20);
	assert_memory_equal(rig.last, expected, 28);
	rig_events_are(&rig, "");
	rig_free(&rig);
}

/* --- the link --- */

static void a_live_link_up_has_the_collocated_access_point(void **unused)
{
	struct sap_host_link_up up = link_of("six");
	uint8_t expected[76] = {0xf1, 3, 68, 0, 0, 0, 0, 0, 3, 0, 0, 0, 's', 'i', 'x'};
	struct rig rig;

	(void)unused;
	set_collocated(&up);
	up.conn.auth_mode = SAP_AUTH_SAE;
	up.conn.pairwise_cipher = SAP_CIPHER_GCMP256;
	up.conn.channel = 5;
	up.conn.band = 2;
	memcpy(up.conn.bssid.bytes, "\x02\xbb\xbb\xbb\xbb\xbb", 6);
	rig_host(&rig, NULL);
	rig_guest(&rig);
	rig_ok(&rig, sap_host_link_up(&rig.host, &up, rig.now));
	memcpy(expected + 4, rig.last + 4, 4);
	expected[8 + 36] = 9;
	expected[8 + 40] = 9;
	expected[8 + 44] = 5;
	expected[8 + 45] = 2;
	memcpy(expected + 8 + 48, "\x02\xbb\xbb\xbb\xbb\xbb", 6);
	expected[8 + 56] = 37;
	expected[8 + 57] = 1;
	memcpy(expected + 8 + 60, "\x02\xcc\xcc\xcc\xcc\xcc", 6);
	assert_int_equal(rig.last_len, 76);
	assert_memory_equal(rig.last, expected, 76);
	/* Repeated from memory it has none. */
	rig_tell32(&rig, SAP_AMT_STATE, 0);
	rig.wire.text[0] = 0;
	memset(&rig.wire, 0, sizeof(rig.wire));
	rig.deaf = true;
	rig_tell32(&rig, SAP_AMT_STATE, 1);
	rig_wait(&rig, 100);
	rig_wire_is(&rig, "WIFIDR_UP; WHO_OWNS_NIC; HOST_LINK_UP [68]; " COUNTRY_0 "; " RADIO_3 "; CSA");
	memset(expected + 8 + 56, 0, 12);
	{
		uint32_t end = test_get32(rig.memory + 12), at = end - 12 - 16 - 76;

		memcpy(expected + 4, rig.memory + QUEUE_V4 + at + 4, 4);
		assert_memory_equal(rig.memory + QUEUE_V4 + at, expected, 76);
	}
	rig_free(&rig);
}

static void a_link_that_came_while_down_has_no_collocated_one(void **unused)
{
	struct sap_host_link_up up = link_of("six");
	uint8_t zero[12] = {0};
	struct rig rig;

	(void)unused;
	set_collocated(&up);
	rig_host(&rig, NULL);
	rig_ok(&rig, sap_host_link_up(&rig.host, &up, rig.now));
	rig_up(&rig);
	rig_tell32(&rig, SAP_AMT_STATE, 1);
	rig_wire_is(&rig, "WHO_OWNS_NIC; HOST_LINK_UP [68]; " COUNTRY_0 "; " RADIO_3 "; CSA");
	assert_memory_equal(rig.memory + QUEUE_V4 + 8 + 8 + 56, zero, 12);
	rig_free(&rig);
}

static void an_ssid_of_more_than_32_bytes_is_refused(void **unused)
{
	struct sap_host_link_up up = link_of("lab");
	struct rig rig;

	(void)unused;
	rig_host(&rig, NULL);
	rig_guest(&rig);
	up.conn.ssid_len = 33;
	rig_call(&rig, sap_host_link_up(&rig.host, &up, rig.now), SAP_BAD_VALUE);
	rig_call(&rig, sap_host_link_up(&rig.host, NULL, rig.now), SAP_INVALID);
	rig_wire_is(&rig, "");
	up.conn.ssid_len = 32;
	rig_ok(&rig, sap_host_link_up(&rig.host, &up, rig.now));
	rig_wire_is(&rig, "HOST_LINK_UP [68]; CSA");
	rig_free(&rig);
}

/* --- AMT --- */

static void amt_on_off_on_repeats_the_configuration(void **unused)
{
	struct rig rig;

	(void)unused;
	rig_host(&rig, NULL);
	rig_owner(&rig);
	rig_tell32(&rig, SAP_AMT_STATE, 0);
	/* Filtering ends with it: the lane is closed. */
	rig_wire_is(&rig, "LANE close");
	rig_events_are(&rig, "PACKETS; OWNER unknown; AMT off");
	rig_state_is(&rig, "door", SAP_OWNER_UNKNOWN);
	rig_tell32(&rig, SAP_AMT_STATE, 0);
	rig_wait(&rig, 1000);
	rig_wire_is(&rig, "");
	rig_events_are(&rig, "");
	rig_tell32(&rig, SAP_AMT_STATE, 1);
	rig_wire_is(&rig, "WIFIDR_UP; WHO_OWNS_NIC; " COUNTRY_0 "; " RADIO_3 "; CSA");
	rig_events_are(&rig, "AMT on");
	rig_tell32(&rig, SAP_NIC_OWNER, SAP_OWNER_HOST);
	rig_wire_is(&rig, "LANE open again");
	rig_events_are(&rig, "OWNER host; PACKETS");
	rig_free(&rig);
}

static void a_repeated_amt_state_has_no_effect(void **unused)
{
	struct rig rig;

	(void)unused;
	rig_host(&rig, NULL);
	rig_guest(&rig);
	for (uint32_t i = 1; i < 10; i++)
		rig_tell32(&rig, SAP_AMT_STATE, i);
	rig_wait(&rig, 1000);
	rig_wire_is(&rig, "");
	rig_events_are(&rig, "");
	rig_state_is(&rig, "guest", SAP_OWNER_CSME);
	rig_free(&rig);
}

static void amt_off_lifts_rfkill_and_allows_roaming(void **unused)
{
	struct sap_message conn = {.type = SAP_CSME_CONN_STATUS};
	struct rig rig;

	(void)unused;
	conn.csme_conn_status.link_prot_state = 1;
	rig_host(&rig, NULL);
	rig_guest(&rig);
	rig_tell(&rig, &conn);
	rig_events_are(&rig, "CONN_STATUS 1 ; RFKILL on");
	rig_tell32(&rig, SAP_AMT_STATE, 0);
	rig_events_are(&rig, "RFKILL off; OWNER unknown; AMT off");
	rig_free(&rig);
	rig_host(&rig, NULL);
	rig_owner(&rig);
	rig_tell(&rig, &conn);
	rig_events_are(&rig, "PACKETS; CONN_STATUS 1 ; ROAMING on");
	rig_tell32(&rig, SAP_AMT_STATE, 0);
	rig_events_are(&rig, "PACKETS; OWNER unknown; ROAMING off; AMT off");
	rig_free(&rig);
}

/* --- driver --- */

static void a_driver_comes_and_goes(void **unused)
{
	struct rig rig;

	(void)unused;
	rig_host(&rig, NULL);
	rig_up(&rig);
	rig_tell32(&rig, SAP_AMT_STATE, 1);
	rig_tell32(&rig, SAP_NIC_OWNER, SAP_OWNER_HOST);
	rig_wait(&rig, 200);
	memset(&rig.wire, 0, sizeof(rig.wire));
	memset(&rig.events, 0, sizeof(rig.events));
	rig_ok(&rig, sap_host_driver_up(&rig.host, rig.now));
	rig_ok(&rig, sap_host_driver_up(&rig.host, rig.now));
	rig_wire_is(&rig, "WIFIDR_UP; CSA");
	rig_wait(&rig, 200);
	/* CSME owns the NIC from then on: nothing of ours may follow, so the lane is closed first. */
	rig_ok(&rig, sap_host_driver_down(&rig.host, rig.now));
	rig_ok(&rig, sap_host_driver_down(&rig.host, rig.now));
	rig_wire_is(&rig, "LANE close; WIFIDR_DOWN; CSA");
	rig_events_are(&rig, "OWNER CSME");
	rig_state_is(&rig, "guest", SAP_OWNER_CSME);
	rig_free(&rig);
}

static void a_driver_that_comes_back_at_once_is_told_in_order(void **unused)
{
	struct rig rig;

	(void)unused;
	rig_host(&rig, NULL);
	rig_owner(&rig);
	assert_status(sap_host_driver_down(&rig.host, rig.now), SAP_OK);
	assert_status(sap_host_driver_up(&rig.host, rig.now), SAP_OK);
	rig_settle(&rig);
	rig_wire_is(&rig, "LANE close; WIFIDR_DOWN; WIFIDR_UP; CSA");
	rig_free(&rig);
}

/* --- what is owed --- */

static struct sap_host_config small(void)
{
	struct sap_host_config config;

	sap_host_config_default(&config);
	config.link.layouts[0] = sap_layout_of(3);
	config.link.layouts[1] = NULL;
	return config;
}

static void what_is_owed_goes_out_as_there_is_room(void **unused)
{
	struct sap_host_config config = small();
	struct sap_host_link_up up = link_of("lab");
	struct sap_host_link_down down = {1, 0, 0};
	struct rig rig;

	(void)unused;
	rig_host(&rig, &config);
	rig_guest(&rig);
	rig.deaf = true;
	for (unsigned i = 0; i < 279; i++)
		assert_status(sap_host_ping(&rig.host, rig.now), SAP_OK);
	rig_settle(&rig);
	rig_wire_is(&rig, "PING x279; CSA");
	/* Nothing more goes in; told twice is sent once, as told last. */
	rig_do(&rig, sap_host_set_radio(&rig.host, 1, rig.now));
	rig_do(&rig, sap_host_set_radio(&rig.host, 2, rig.now));
	rig_ok(&rig, sap_host_get_nvm(&rig.host, rig.now));
	rig_do(&rig, sap_host_link_down(&rig.host, &down, rig.now));
	rig_ok(&rig, sap_host_link_up(&rig.host, &up, rig.now));
	rig_ok(&rig, sap_host_own(&rig.host, rig.now));
	rig_ok(&rig, sap_host_ping(&rig.host, rig.now));
	rig_wait(&rig, 55);
	rig_wire_is(&rig, "");
	/* Draining rings no doorbell: room is looked for every 20 ms. */
	rig_read(&rig);
	assert_true(rig_deadline(&rig) <= rig.now + 20);
	rig_wait(&rig, 20);
	rig_wire_is(&rig, "HOST_LINK_DOWN 0100000000000000; HOST_LINK_UP [68]; RADIO_STATE 02000000; "
			  "HOST_ASKS_FOR_NIC_OWNERSHIP; GET_NVM; PING");
	rig_wait(&rig, 100);
	rig_wire_is(&rig, "CSA");
	rig_wait(&rig, 300);
	rig_wire_is(&rig, "");
	rig_free(&rig);
}

static void a_link_that_went_down_again_was_never_up(void **unused)
{
	struct sap_host_config config = small();
	struct sap_host_link_up up = link_of("lab");
	struct sap_host_link_down down = {1, 0, 0};
	struct rig rig;

	(void)unused;
	rig_host(&rig, &config);
	rig_guest(&rig);
	rig.deaf = true;
	for (unsigned i = 0; i < 279; i++)
		assert_status(sap_host_ping(&rig.host, rig.now), SAP_OK);
	rig_settle(&rig);
	rig_ok(&rig, sap_host_link_up(&rig.host, &up, rig.now));
	rig_do(&rig, sap_host_link_down(&rig.host, &down, rig.now));
	memset(&rig.wire, 0, sizeof(rig.wire));
	rig_read(&rig);
	rig_wait(&rig, 20);
	rig_wire_is(&rig, "HOST_LINK_DOWN 0100000000000000");
	rig_free(&rig);
}

static void room_for_a_part_sends_a_part_in_order(void **unused)
{
	const uint32_t sizes[SAP_QUEUES] = {41, 100, 2000, 100};
	struct sap_host_config config;
	struct sap_layout layout;
	struct rig rig;

	(void)unused;
	assert_status(sap_layout_make(&layout, 4, sizes), SAP_OK);
	sap_host_config_default(&config);
	config.link.layouts[0] = &layout;
	config.link.layouts[1] = NULL;
	rig_host(&rig, &config);
	rig_ok(&rig, sap_host_driver_up(&rig.host, rig.now));
	rig_up(&rig);
	rig.deaf = true;
	rig_tell32(&rig, SAP_AMT_STATE, 1);
	/* 40 bytes: 8, 8 and 16 go; 12 do not any more. */
	rig_wire_is(&rig, "WIFIDR_UP; WHO_OWNS_NIC; " COUNTRY_0 "; CSA");
	rig_wait(&rig, 1000);
	rig_wire_is(&rig, "");
	rig_read(&rig);
	rig_wait(&rig, 20);
	rig_wire_is(&rig, RADIO_3 "; CSA");
	rig_free(&rig);
}

/* --- suspend, resume, ping --- */

static void suspend_and_resume_say_so(void **unused)
{
	struct rig rig;

	(void)unused;
	rig_host(&rig, NULL);
	rig_call(&rig, sap_host_suspend(&rig.host, 1, rig.now), SAP_NOT_UP);
	rig_call(&rig, sap_host_resume(&rig.host, rig.now), SAP_NOT_UP);
	rig_call(&rig, sap_host_ping(&rig.host, rig.now), SAP_NOT_UP);
	rig_up(&rig);
	/* Also with AMT off. */
	rig_ok(&rig, sap_host_suspend(&rig.host, 0x1b, rig.now));
	rig_wire_is(&rig, "HOST_SUSPENDS 1b000000; CSA");
	rig_wait(&rig, 500);
	rig_ok(&rig, sap_host_resume(&rig.host, rig.now));
	rig_wire_is(&rig, "HOST_RESUMES 00000000; CSA");
	rig_events_are(&rig, "");
	rig_ok(&rig, sap_host_stop(&rig.host, rig.now));
	rig_call(&rig, sap_host_suspend(&rig.host, 1, rig.now), SAP_NOT_UP);
	rig_free(&rig);
}

static void what_amt_off_does_not_concern_stays_owed(void **unused)
{
	struct sap_host_config config = small();
	struct rig rig;

	(void)unused;
	rig_host(&rig, &config);
	rig_guest(&rig);
	rig.deaf = true;
	for (unsigned i = 0; i < 279; i++)
		assert_status(sap_host_ping(&rig.host, rig.now), SAP_OK);
	rig_ok(&rig, sap_host_suspend(&rig.host, 2, rig.now));
	rig_tell32(&rig, SAP_AMT_STATE, 0);
	memset(&rig.wire, 0, sizeof(rig.wire));
	rig_read(&rig);
	rig_wait(&rig, 20);
	rig_wire_is(&rig, "HOST_SUSPENDS 02000000");
	rig_free(&rig);
}

static void ping_and_pong(void **unused)
{
	struct rig rig;

	(void)unused;
	rig_host(&rig, NULL);
	rig_up(&rig);
	rig_ok(&rig, sap_host_ping(&rig.host, rig.now));
	rig_ok(&rig, sap_host_ping(&rig.host, rig.now));
	rig_wire_is(&rig, "PING; CSA; PING");
	rig_tell0(&rig, SAP_PONG);
	rig_events_are(&rig, "PONG");
	rig_say0(&rig, SAP_PONG);
	rig_tell0(&rig, SAP_PONG);
	/* One more than was asked for. */
	rig_events_are(&rig, "PONG");
	assert_int_equal(rig_counters(&rig)->unexpected, 1);
	rig_wait(&rig, 100);
	rig_wire_is(&rig, "CSA");
	rig_wait(&rig, 100);
	rig_tell0(&rig, SAP_PING);
	rig_wire_is(&rig, "PONG; CSA");
	rig_free(&rig);
}

static void pings_wait_for_room_too(void **unused)
{
	struct sap_host_config config = small();
	struct rig rig;

	(void)unused;
	rig_host(&rig, &config);
	rig_up(&rig);
	rig.deaf = true;
	for (unsigned i = 0; i < 300; i++)
		assert_status(sap_host_ping(&rig.host, rig.now), SAP_OK);
	rig_settle(&rig);
	rig_wait(&rig, 200);
	rig_wire_is(&rig, "PING x279; CSA");
	rig_read(&rig);
	rig_wait(&rig, 20);
	rig_wire_is(&rig, "PING x21; CSA");
	rig_free(&rig);
}

/* Without AMT nobody listens to a driver that comes and goes; that the host goes down is said all the same. */
static void without_amt_only_the_goodbye_is_said(void **unused)
{
	struct rig rig;

	(void)unused;
	rig_host(&rig, NULL);
	rig_up(&rig);
	rig_ok(&rig, sap_host_driver_up(&rig.host, rig.now));
	rig_ok(&rig, sap_host_driver_down(&rig.host, rig.now));
	rig_wait(&rig, 200);
	rig_wire_is(&rig, "");
	rig_ok(&rig, sap_host_stop(&rig.host, rig.now));
	rig_wire_is(&rig, "HOST_GOES_DOWN; CSA");
	rig_free(&rig);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(without_amt_only_the_goodbye_is_said),
		cmocka_unit_test(the_initial_configuration_is_the_drivers_byte_for_byte),
		cmocka_unit_test(without_anything_known_it_is_three_messages),
		cmocka_unit_test(nothing_is_told_while_amt_is_off),
		cmocka_unit_test(what_changes_is_told_as_it_changes),
		cmocka_unit_test(a_live_link_up_has_the_collocated_access_point),
		cmocka_unit_test(a_link_that_came_while_down_has_no_collocated_one),
		cmocka_unit_test(an_ssid_of_more_than_32_bytes_is_refused),
		cmocka_unit_test(amt_on_off_on_repeats_the_configuration),
		cmocka_unit_test(a_repeated_amt_state_has_no_effect),
		cmocka_unit_test(amt_off_lifts_rfkill_and_allows_roaming),
		cmocka_unit_test(a_driver_comes_and_goes),
		cmocka_unit_test(a_driver_that_comes_back_at_once_is_told_in_order),
		cmocka_unit_test(what_is_owed_goes_out_as_there_is_room),
		cmocka_unit_test(a_link_that_went_down_again_was_never_up),
		cmocka_unit_test(room_for_a_part_sends_a_part_in_order),
		cmocka_unit_test(suspend_and_resume_say_so),
		cmocka_unit_test(what_amt_off_does_not_concern_stays_owed),
		cmocka_unit_test(ping_and_pong),
		cmocka_unit_test(pings_wait_for_room_too),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
