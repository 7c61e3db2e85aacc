// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
/* The host asks for the NIC, gets it, loses it: docs/protocol/sap.md section 8, message by message. */
#include "rig.h"

#define ASK "HOST_ASKS_FOR_NIC_OWNERSHIP"

static struct sap_message conn_of(uint32_t protect, const char *ssid)
{
	struct sap_message m;

	memset(&m, 0, sizeof(m));
	m.type = SAP_CSME_CONN_STATUS;
	m.csme_conn_status.link_prot_state = protect;
	m.csme_conn_status.conn.ssid_len = (uint32_t)strlen(ssid);
	memcpy(m.csme_conn_status.conn.ssid, ssid, strlen(ssid));
	return m;
}

static void own(struct rig *rig)
{
	rig_ok(rig, sap_host_own(&rig->host, rig->now));
}

static void reply(struct rig *rig, uint32_t granted)
{
	rig_tell32(rig, SAP_CSME_REPLY_TO_HOST_OWNERSHIP_REQ, granted);
}

/* --- asking --- */

static void a_request_is_granted_and_confirmed(void **unused)
{
	struct sap_why why;
	struct rig rig;

	(void)unused;
	rig_host(&rig, NULL);
	rig_guest(&rig);
	own(&rig);
	rig_wire_is(&rig, ASK "; CSA");
	rig_state_is(&rig, "asking", SAP_OWNER_CSME);
	sap_host_why(&rig.host, &why);
	assert_true(why.until == rig.now + 500);
	assert_non_null(why.awaits);
	assert_true(rig_deadline(&rig) == rig.now + 500);
	rig_wait(&rig, 150);
	reply(&rig, 1);
	rig_wire_is(&rig, "HOST_OWNERSHIP_CONFIRMED; LANE open; CSA");
	rig_events_are(&rig, "OWN_DONE ok; OWNER host; PACKETS");
	rig_state_is(&rig, "owner", SAP_OWNER_HOST);
	sap_host_why(&rig.host, &why);
	assert_true(why.since == rig.now);
	assert_true(why.until == SAP_NEVER);
	assert_null(why.awaits);
	rig_wait(&rig, 100000);
	rig_wire_is(&rig, "");
	rig_events_are(&rig, "");
	rig_free(&rig);
}

static void any_value_but_0_grants(void **unused)
{
	struct rig rig;

	(void)unused;
	rig_host(&rig, NULL);
	rig_guest(&rig);
	own(&rig);
	reply(&rig, 0x80000000);
	rig_events_are(&rig, "OWN_DONE ok; OWNER host; PACKETS");
	rig_free(&rig);
}

static void an_owner_asks_nothing(void **unused)
{
	struct rig rig;

	(void)unused;
	rig_host(&rig, NULL);
	rig_owner(&rig);
	own(&rig);
	rig_wire_is(&rig, "");
	rig_events_are(&rig, "OWN_DONE ok");
	rig_free(&rig);
}

static void nothing_is_asked_over_sap_while_down_or_amt_off(void **unused)
{
	struct rig rig;

	(void)unused;
	rig_host(&rig, NULL);
	rig_call(&rig, sap_host_own(&rig.host, rig.now), SAP_NOT_UP);
	rig_up(&rig);
	rig_call(&rig, sap_host_own(&rig.host, rig.now), SAP_NOT_UP);
	rig_tell32(&rig, SAP_AMT_STATE, 1);
	rig_tell32(&rig, SAP_AMT_STATE, 0);
	rig_call(&rig, sap_host_own(&rig.host, rig.now), SAP_NOT_UP);
	rig_tell32(&rig, SAP_AMT_STATE, 1);
	rig_tell32(&rig, SAP_NIC_OWNER, SAP_OWNER_CSME);
	/* Nothing was noted: it is not asked for later. */
	memset(&rig.wire, 0, sizeof(rig.wire));
	rig_wait(&rig, 200000);
	rig_wire_is(&rig, "CSA");
	rig_free(&rig);
}

static void a_request_may_be_made_before_csme_said_who_owns_it(void **unused)
{
	struct rig rig;

	(void)unused;
	rig_host(&rig, NULL);
	rig_up(&rig);
	rig_say32(&rig, SAP_AMT_STATE, 1);
	rig_bell(&rig);
	own(&rig);
	rig_wire_is(&rig, "WHO_OWNS_NIC; COUNTRY_CODE 0000000000000000; RADIO_STATE 03000000; CSA; " ASK);
	rig_state_is(&rig, "asking", SAP_OWNER_UNKNOWN);
	/* CSME says meanwhile that it is the host's; the grant says so again, and is confirmed. */
	rig_tell32(&rig, SAP_NIC_OWNER, SAP_OWNER_HOST);
	rig_events_are(&rig, "AMT on; OWN_DONE ok; OWNER host; PACKETS");
	rig_wait(&rig, 200);
	memset(&rig.wire, 0, sizeof(rig.wire));
	reply(&rig, 1);
	rig_wire_is(&rig, "HOST_OWNERSHIP_CONFIRMED; CSA");
	rig_events_are(&rig, "PACKETS");
	rig_free(&rig);
}

static void any_owner_but_csme_is_the_host(void **unused)
{
	const uint32_t values[] = {0, 1, 3, 0xffffffff};

	(void)unused;
	for (size_t i = 0; i < 4; i++) {
		struct rig rig;

		rig_host(&rig, NULL);
		rig_up(&rig);
		rig_say32(&rig, SAP_AMT_STATE, 1);
		rig_tell32(&rig, SAP_NIC_OWNER, values[i]);
		rig_events_are(&rig, "AMT on; OWNER host; PACKETS");
		rig_free(&rig);
	}
}

static void a_refusal_ends_the_wait_and_is_followed_up_after_60_s(void **unused)
{
	struct rig rig;

	(void)unused;
	rig_host(&rig, NULL);
	rig_guest(&rig);
	own(&rig);
	rig_call(&rig, sap_host_own(&rig.host, rig.now), SAP_BUSY);
	rig_wait(&rig, 150);
	reply(&rig, 0);
	rig_wire_is(&rig, ASK "; CSA");
	rig_events_are(&rig, "OWN_DONE refused");
	rig_state_is(&rig, "guest", SAP_OWNER_CSME);
	rig_wait(&rig, 59999);
	rig_wire_is(&rig, "");
	rig_wait(&rig, 1);
	rig_wire_is(&rig, ASK "; CSA");
	reply(&rig, 1);
	rig_wire_is(&rig, "HOST_OWNERSHIP_CONFIRMED; LANE open");
	rig_free(&rig);
}

static void one_that_is_not_wanted_any_more_is_not_asked_for_again(void **unused)
{
	struct rig rig;

	(void)unused;
	rig_host(&rig, NULL);
	rig_guest(&rig);
	own(&rig);
	rig_do(&rig, sap_host_disown(&rig.host, rig.now));
	reply(&rig, 0);
	rig_events_are(&rig, "OWN_DONE refused");
	rig_wait(&rig, 200000);
	rig_wire_is(&rig, ASK "; CSA");
	/* Also if that is said after the refusal. */
	own(&rig);
	reply(&rig, 0);
	rig_do(&rig, sap_host_disown(&rig.host, rig.now));
	rig_wait(&rig, 200000);
	rig_wire_is(&rig, ASK "; CSA");
	rig_free(&rig);
}

static void no_answer_in_500_ms_ends_the_wait(void **unused)
{
	struct rig rig;

	(void)unused;
	rig_host(&rig, NULL);
	rig_guest(&rig);
	own(&rig);
	rig_wait(&rig, 499);
	rig_events_are(&rig, "");
	rig_wait(&rig, 1);
	rig_events_are(&rig, "OWN_DONE timeout");
	rig_state_is(&rig, "guest", SAP_OWNER_CSME);
	rig_wire_is(&rig, ASK "; CSA");
	rig_wait(&rig, 59999);
	rig_wire_is(&rig, "");
	rig_wait(&rig, 1);
	rig_wire_is(&rig, ASK "; CSA");
	rig_wait(&rig, 500);
	rig_events_are(&rig, "OWN_DONE timeout");
	rig_free(&rig);
}

/* Messages carry no ids: a late grant is a grant, and ends the asking. */
static void a_late_grant_is_a_grant(void **unused)
{
	struct rig rig;

	(void)unused;
	rig_host(&rig, NULL);
	rig_guest(&rig);
	own(&rig);
	rig_wait(&rig, 30000);
	rig_events_are(&rig, "OWN_DONE timeout");
	reply(&rig, 1);
	rig_wire_is(&rig, ASK "; CSA; HOST_OWNERSHIP_CONFIRMED; LANE open; CSA");
	rig_events_are(&rig, "OWNER host; PACKETS");
	rig_wait(&rig, 100000);
	rig_wire_is(&rig, "");
	/* A late refusal is nothing. */
	reply(&rig, 0);
	rig_events_are(&rig, "PACKETS");
	assert_int_equal(rig_counters(&rig)->unexpected, 1);
	rig_state_is(&rig, "owner", SAP_OWNER_HOST);
	rig_free(&rig);
}

static void csme_can_release_makes_a_registered_host_ask(void **unused)
{
	struct rig rig;

	(void)unused;
	rig_host(&rig, NULL);
	rig_guest(&rig);
	rig_tell0(&rig, SAP_CSME_CAN_RELEASE_OWNERSHIP);
	rig_wire_is(&rig, ASK "; CSA");
	rig_events_are(&rig, "CAN_RELEASE");
	/* Not twice at a time. */
	rig_tell0(&rig, SAP_CSME_CAN_RELEASE_OWNERSHIP);
	rig_wire_is(&rig, "");
	reply(&rig, 1);
	rig_events_are(&rig, "CAN_RELEASE; OWN_DONE ok; OWNER host; PACKETS");
	rig_tell0(&rig, SAP_CSME_CAN_RELEASE_OWNERSHIP);
	rig_wait(&rig, 100);
	rig_wire_is(&rig, "HOST_OWNERSHIP_CONFIRMED; LANE open; CSA");
	rig_events_are(&rig, "PACKETS; CAN_RELEASE");
	rig_free(&rig);
}

static void csme_can_release_to_nobody_asks_nothing(void **unused)
{
	struct rig rig;

	(void)unused;
	rig_host(&rig, NULL);
	rig_guest(&rig);
	rig_ok(&rig, sap_host_driver_down(&rig.host, rig.now));
	rig_wait(&rig, 200);
	rig_tell0(&rig, SAP_CSME_CAN_RELEASE_OWNERSHIP);
	rig_wire_is(&rig, "WIFIDR_DOWN; CSA");
	rig_events_are(&rig, "CAN_RELEASE");
	rig_free(&rig);
}

static void amt_off_ends_a_request(void **unused)
{
	struct rig rig;

	(void)unused;
	rig_host(&rig, NULL);
	rig_guest(&rig);
	own(&rig);
	rig_tell32(&rig, SAP_AMT_STATE, 0);
	rig_events_are(&rig, "OWN_DONE down; OWNER unknown; AMT off");
	rig_wait(&rig, 100000);
	rig_events_are(&rig, "");
	rig_wire_is(&rig, ASK "; CSA");
	/* Its answer is nothing now. */
	reply(&rig, 1);
	rig_state_is(&rig, "door", SAP_OWNER_UNKNOWN);
	rig_wire_is(&rig, "");
	rig_free(&rig);
}

/* --- CSME takes --- */

static void csme_takes_and_waits_for_the_device(void **unused)
{
	struct rig rig;

	(void)unused;
	rig_host(&rig, NULL);
	rig_owner(&rig);
	rig_do(&rig, (void)!sap_host_device_up(&rig.host, rig.now));
	rig_tell0(&rig, SAP_CSME_TAKING_OWNERSHIP);
	/* No packet any more, and no confirmation yet. */
	rig_wire_is(&rig, "LANE close");
	rig_events_are(&rig, "PACKETS; LEAVE; RFKILL on");
	rig_state_is(&rig, "leaving", SAP_OWNER_HOST);
	rig_call(&rig, sap_host_own(&rig.host, rig.now), SAP_BUSY);
	rig_wait(&rig, 10000);
	rig_wire_is(&rig, "");
	rig_ok(&rig, sap_host_device_down(&rig.host, rig.now));
	rig_wire_is(&rig, "CSME_OWNERSHIP_CONFIRMED; CSA");
	rig_events_are(&rig, "OWNER CSME");
	rig_state_is(&rig, "guest", SAP_OWNER_CSME);
	/* Once only. */
	rig_ok(&rig, sap_host_device_down(&rig.host, rig.now));
	rig_wait(&rig, 100000);
	rig_wire_is(&rig, "");
	rig_events_are(&rig, "");
	rig_free(&rig);
}

static void with_the_device_down_it_is_confirmed_at_once(void **unused)
{
	struct rig rig;

	(void)unused;
	rig_host(&rig, NULL);
	rig_owner(&rig);
	rig_tell0(&rig, SAP_CSME_TAKING_OWNERSHIP);
	rig_wire_is(&rig, "LANE close; CSME_OWNERSHIP_CONFIRMED; CSA");
	rig_events_are(&rig, "PACKETS; LEAVE; RFKILL on; OWNER CSME");
	rig_free(&rig);
}

static void with_no_driver_it_is_confirmed_at_once(void **unused)
{
	struct rig rig;

	(void)unused;
	rig_host(&rig, NULL);
	/* A device cannot be up without its driver. */
	(void)!sap_host_device_up(&rig.host, rig.now);
	rig_up(&rig);
	rig_say32(&rig, SAP_AMT_STATE, 1);
	rig_tell32(&rig, SAP_NIC_OWNER, SAP_OWNER_HOST);
	rig_wait(&rig, 200);
	memset(&rig.wire, 0, sizeof(rig.wire));
	rig_tell0(&rig, SAP_CSME_TAKING_OWNERSHIP);
	rig_wire_is(&rig, "LANE close; CSME_OWNERSHIP_CONFIRMED; CSA");
	rig_free(&rig);
}

static void the_confirmation_waits_for_the_lane_to_close(void **unused)
{
	struct rig rig;

	(void)unused;
	rig_host(&rig, NULL);
	rig_owner(&rig);
	rig_hold(&rig, SAP_IO_LANE);
	rig_tell0(&rig, SAP_CSME_TAKING_OWNERSHIP);
	rig_state_is(&rig, "left", SAP_OWNER_HOST);
	rig_wait(&rig, 1000);
	rig_wire_is(&rig, "LANE close...");
	rig_call(&rig, sap_host_own(&rig.host, rig.now), SAP_BUSY);
	/* The rest is told meanwhile. */
	rig_do(&rig, sap_host_set_radio(&rig.host, 2, rig.now));
	rig_wire_is(&rig, "RADIO_STATE 02000000");
	rig_finish(&rig, SAP_OK);
	rig_wire_is(&rig, "CSME_OWNERSHIP_CONFIRMED; CSA");
	rig_state_is(&rig, "guest", SAP_OWNER_CSME);
	rig_free(&rig);
}

static void a_lane_that_was_about_to_open_closes_before_the_confirmation(void **unused)
{
	struct rig rig;

	(void)unused;
	rig_host(&rig, NULL);
	rig_guest(&rig);
	own(&rig);
	rig_wait(&rig, 150);
	memset(&rig.wire, 0, sizeof(rig.wire));
	rig_hold(&rig, SAP_IO_LANE);
	reply(&rig, 1);
	rig_wait(&rig, 150);
	rig_tell0(&rig, SAP_CSME_TAKING_OWNERSHIP);
	rig_wire_is(&rig, "HOST_OWNERSHIP_CONFIRMED; LANE open...");
	rig_finish(&rig, SAP_OK);
	rig_wire_is(&rig, "LANE close; CSME_OWNERSHIP_CONFIRMED; CSA");
	rig_free(&rig);
}

static void taking_ends_a_request_in_flight(void **unused)
{
	struct rig rig;

	(void)unused;
	rig_host(&rig, NULL);
	rig_guest(&rig);
	own(&rig);
	rig_wait(&rig, 150);
	rig_tell0(&rig, SAP_CSME_TAKING_OWNERSHIP);
	rig_wire_is(&rig, ASK "; CSA; CSME_OWNERSHIP_CONFIRMED; CSA");
	rig_events_are(&rig, "OWN_DONE taken; LEAVE; RFKILL on");
	/* What CSME says to it is a refusal, and nothing new. */
	reply(&rig, 0);
	rig_events_are(&rig, "");
	rig_state_is(&rig, "guest", SAP_OWNER_CSME);
	/* It is wanted: asked for again 60 s after it was taken. */
	rig_wait(&rig, 59999);
	rig_wire_is(&rig, "");
	rig_wait(&rig, 1);
	rig_wire_is(&rig, ASK "; CSA");
	rig_free(&rig);
}

/* The grant was on its way out, CSME changed its mind: nothing is confirmed that is over. */
static void a_confirmation_that_is_over_is_not_sent(void **unused)
{
	struct sap_host_config config;
	struct rig rig;

	(void)unused;
	sap_host_config_default(&config);
	config.link.layouts[0] = sap_layout_of(3);
	config.link.layouts[1] = NULL;
	rig_host(&rig, &config);
	rig_guest(&rig);
	own(&rig);
	rig.deaf = true;
	for (unsigned i = 0; i < 279; i++)
		assert_status(sap_host_ping(&rig.host, rig.now), SAP_OK);
	rig_settle(&rig);
	rig_say32(&rig, SAP_CSME_REPLY_TO_HOST_OWNERSHIP_REQ, 1);
	rig_tell0(&rig, SAP_CSME_TAKING_OWNERSHIP);
	memset(&rig.wire, 0, sizeof(rig.wire));
	rig_state_is(&rig, "left", SAP_OWNER_HOST);
	rig_read(&rig);
	rig_wait(&rig, 20);
	rig_wire_is(&rig, "CSME_OWNERSHIP_CONFIRMED");
	rig_state_is(&rig, "guest", SAP_OWNER_CSME);
	rig_free(&rig);
}

static void taking_again_is_confirmed_again(void **unused)
{
	struct rig rig;

	(void)unused;
	rig_host(&rig, NULL);
	rig_owner(&rig);
	rig_do(&rig, (void)!sap_host_device_up(&rig.host, rig.now));
	rig_tell0(&rig, SAP_CSME_TAKING_OWNERSHIP);
	rig_tell0(&rig, SAP_CSME_TAKING_OWNERSHIP);
	rig_events_are(&rig, "PACKETS; LEAVE; RFKILL on");
	rig_ok(&rig, sap_host_device_down(&rig.host, rig.now));
	rig_wire_is(&rig, "LANE close; CSME_OWNERSHIP_CONFIRMED; CSA");
	rig_wait(&rig, 200);
	rig_tell0(&rig, SAP_CSME_TAKING_OWNERSHIP);
	rig_wire_is(&rig, "CSME_OWNERSHIP_CONFIRMED; CSA");
	rig_free(&rig);
}

static void csme_may_say_that_it_owns_the_nic_already(void **unused)
{
	struct rig rig;

	(void)unused;
	rig_host(&rig, NULL);
	rig_owner(&rig);
	rig_do(&rig, (void)!sap_host_device_up(&rig.host, rig.now));
	rig_tell32(&rig, SAP_NIC_OWNER, SAP_OWNER_CSME);
	rig_wire_is(&rig, "LANE close");
	rig_events_are(&rig, "PACKETS; LEAVE; RFKILL on; OWNER CSME");
	rig_free(&rig);
}

static void amt_off_while_leaving_ends_it(void **unused)
{
	struct rig rig;

	(void)unused;
	rig_host(&rig, NULL);
	rig_owner(&rig);
	rig_do(&rig, (void)!sap_host_device_up(&rig.host, rig.now));
	rig_tell0(&rig, SAP_CSME_TAKING_OWNERSHIP);
	rig_tell32(&rig, SAP_AMT_STATE, 0);
	rig_events_are(&rig, "PACKETS; LEAVE; RFKILL on; RFKILL off; OWNER unknown; AMT off");
	rig_ok(&rig, sap_host_device_down(&rig.host, rig.now));
	rig_wait(&rig, 100000);
	rig_wire_is(&rig, "LANE close");
	rig_free(&rig);
}

/* --- the driver --- */

static void a_driver_that_goes_ends_its_request(void **unused)
{
	struct rig rig;

	(void)unused;
	rig_host(&rig, NULL);
	rig_guest(&rig);
	own(&rig);
	rig_wait(&rig, 150);
	rig_ok(&rig, sap_host_driver_down(&rig.host, rig.now));
	rig_wire_is(&rig, ASK "; CSA; WIFIDR_DOWN; CSA");
	rig_events_are(&rig, "OWN_DONE down");
	rig_wait(&rig, 100000);
	rig_wire_is(&rig, "");
	/* The answer is to a driver that is gone. */
	reply(&rig, 1);
	rig_events_are(&rig, "");
	rig_wire_is(&rig, "");
	rig_state_is(&rig, "guest", SAP_OWNER_CSME);
	assert_int_equal(rig_counters(&rig)->unexpected, 1);
	rig_free(&rig);
}

/* The answers keep their order, so a new driver's request gets the second one. */
static void answers_to_the_last_driver_are_void(void **unused)
{
	struct rig rig;

	(void)unused;
	rig_host(&rig, NULL);
	rig_guest(&rig);
	own(&rig);
	rig_ok(&rig, sap_host_driver_down(&rig.host, rig.now));
	rig_ok(&rig, sap_host_driver_up(&rig.host, rig.now));
	own(&rig);
	rig_wait(&rig, 100);
	rig_wire_is(&rig, ASK "; CSA; WIFIDR_DOWN; WIFIDR_UP; " ASK "; CSA");
	reply(&rig, 1);
	rig_state_is(&rig, "asking", SAP_OWNER_CSME);
	reply(&rig, 0);
	rig_events_are(&rig, "OWN_DONE down; OWN_DONE refused");
	rig_free(&rig);
}

/* CSME left the first request unanswered for good: the second one's grant is taken for the first one's answer, and
 * found out by asking whose the NIC is. */
static void a_void_grant_that_was_meant_is_found_out(void **unused)
{
	struct rig rig;

	(void)unused;
	rig_host(&rig, NULL);
	rig_guest(&rig);
	own(&rig);
	rig_ok(&rig, sap_host_driver_down(&rig.host, rig.now));
	rig_ok(&rig, sap_host_driver_up(&rig.host, rig.now));
	own(&rig);
	rig_wait(&rig, 100);
	rig_wire_is(&rig, ASK "; CSA; WIFIDR_DOWN; WIFIDR_UP; " ASK "; CSA");
	reply(&rig, 1);
	rig_wait(&rig, 100);
	rig_wire_is(&rig, "WHO_OWNS_NIC; CSA");
	rig_tell32(&rig, SAP_NIC_OWNER, SAP_OWNER_HOST);
	rig_events_are(&rig, "OWN_DONE down; OWN_DONE ok; OWNER host; PACKETS");
	rig_wait(&rig, 100);
	rig_wire_is(&rig, "HOST_OWNERSHIP_CONFIRMED; LANE open; CSA");
	rig_free(&rig);
}

/* And one that was not meant is not: CSME took the NIC back as it read that the driver went. */
static void a_void_grant_that_was_taken_back_is_none(void **unused)
{
	struct rig rig;

	(void)unused;
	rig_host(&rig, NULL);
	rig_guest(&rig);
	own(&rig);
	rig_ok(&rig, sap_host_driver_down(&rig.host, rig.now));
	rig_ok(&rig, sap_host_driver_up(&rig.host, rig.now));
	reply(&rig, 1);
	rig_wait(&rig, 100);
	rig_tell32(&rig, SAP_NIC_OWNER, SAP_OWNER_CSME);
	rig_events_are(&rig, "OWN_DONE down");
	rig_state_is(&rig, "guest", SAP_OWNER_CSME);
	rig_free(&rig);
}

/* As are answers to WHO_OWNS_NIC that were asked for before the NIC was given away. */
static void an_owner_named_before_the_driver_went_is_not_believed(void **unused)
{
	struct rig rig;

	(void)unused;
	rig_host(&rig, NULL);
	rig_ok(&rig, sap_host_driver_up(&rig.host, rig.now));
	rig_up(&rig);
	rig_tell32(&rig, SAP_AMT_STATE, 1);
	rig_ok(&rig, sap_host_driver_down(&rig.host, rig.now));
	rig_state_is(&rig, "guest", SAP_OWNER_CSME);
	rig_tell32(&rig, SAP_NIC_OWNER, SAP_OWNER_HOST);
	rig_state_is(&rig, "guest", SAP_OWNER_CSME);
	rig_free(&rig);
}

static void an_owner_named_before_csme_took_it_is_not_believed(void **unused)
{
	struct rig rig;

	(void)unused;
	rig_host(&rig, NULL);
	rig_up(&rig);
	rig_tell32(&rig, SAP_AMT_STATE, 1);
	rig_tell0(&rig, SAP_CSME_TAKING_OWNERSHIP);
	rig_state_is(&rig, "guest", SAP_OWNER_CSME);
	rig_tell32(&rig, SAP_NIC_OWNER, SAP_OWNER_HOST);
	rig_state_is(&rig, "guest", SAP_OWNER_CSME);
	rig_free(&rig);
}

static void a_driver_that_goes_while_leaving_confirms(void **unused)
{
	struct rig rig;

	(void)unused;
	rig_host(&rig, NULL);
	rig_owner(&rig);
	rig_do(&rig, (void)!sap_host_device_up(&rig.host, rig.now));
	rig_tell0(&rig, SAP_CSME_TAKING_OWNERSHIP);
	rig_ok(&rig, sap_host_driver_down(&rig.host, rig.now));
	rig_wire_is(&rig, "LANE close; CSME_OWNERSHIP_CONFIRMED; WIFIDR_DOWN; CSA");
	rig_events_are(&rig, "PACKETS; LEAVE; RFKILL on; RFKILL off; OWNER CSME");
	rig_free(&rig);
}

/* --- link protection --- */

/* Each combination: who owns the NIC, protected or not before, and after. */
static void link_protection_in_all_combinations(void **unused)
{
	static const char *const expected[2][2][2] = {
		/* CSME owns it. */
		{{"CONN_STATUS 0 lab", "CONN_STATUS 1 lab; RFKILL on"},
		 {"CONN_STATUS 0 lab; RFKILL off", "CONN_STATUS 1 lab"}},
		/* The host does. */
		{{"PACKETS; CONN_STATUS 0 lab", "PACKETS; CONN_STATUS 1 lab; ROAMING on"},
		 {"PACKETS; CONN_STATUS 0 lab; ROAMING off", "PACKETS; CONN_STATUS 1 lab"}},
	};

	(void)unused;
	for (uint32_t i = 0; i < 8; i++) {
		struct sap_message before = conn_of(i >> 1 & 1, "old"), after = conn_of(i & 1, "lab");
		struct rig rig;

		rig_host(&rig, NULL);
		if (i & 4)
			rig_owner(&rig);
		else
			rig_guest(&rig);
		rig_tell(&rig, &before);
		memset(&rig.events, 0, sizeof(rig.events));
		rig_tell(&rig, &after);
		rig_events_are(&rig, expected[i >> 2][i >> 1 & 1][i & 1]);
		rig_wire_is(&rig, "");
		rig_free(&rig);
	}
}

static void protection_known_before_the_owner_blocks_the_radio_too(void **unused)
{
	struct sap_message conn = conn_of(1, "lab");
	struct rig rig;

	(void)unused;
	for (uint32_t owner = 1; owner <= 2; owner++) {
		rig_host(&rig, NULL);
		rig_ok(&rig, sap_host_driver_up(&rig.host, rig.now));
		rig_up(&rig);
		rig_say32(&rig, SAP_AMT_STATE, 1);
		rig_say(&rig, &conn);
		rig_tell32(&rig, SAP_NIC_OWNER, owner);
		rig_events_are(&rig, owner == 1 ? "AMT on; CONN_STATUS 1 lab; OWNER host; ROAMING on; PACKETS"
						: "AMT on; CONN_STATUS 1 lab; OWNER CSME; RFKILL on");
		rig_free(&rig);
	}
}

static void a_grant_under_protection_unblocks_and_forbids_roaming(void **unused)
{
	struct sap_message conn = conn_of(1, "lab");
	struct rig rig;

	(void)unused;
	rig_host(&rig, NULL);
	rig_guest(&rig);
	rig_tell(&rig, &conn);
	own(&rig);
	rig_events_are(&rig, "CONN_STATUS 1 lab; RFKILL on");
	reply(&rig, 1);
	rig_events_are(&rig, "OWN_DONE ok; RFKILL off; OWNER host; ROAMING on; PACKETS");
	/* Taken back: blocked again, and roaming is nobody's any more. */
	rig_tell0(&rig, SAP_CSME_TAKING_OWNERSHIP);
	rig_events_are(&rig, "PACKETS; LEAVE; RFKILL on; ROAMING off; OWNER CSME");
	rig_free(&rig);
}

static void a_status_without_a_driver_is_ignored_and_counted(void **unused)
{
	struct sap_message conn = conn_of(1, "lab");
	struct rig rig;

	(void)unused;
	rig_host(&rig, NULL);
	rig_up(&rig);
	rig_tell32(&rig, SAP_AMT_STATE, 1);
	rig_tell(&rig, &conn);
	rig_tell32(&rig, SAP_NIC_OWNER, SAP_OWNER_CSME);
	rig_events_are(&rig, "AMT on; OWNER CSME");
	assert_int_equal(rig_counters(&rig)->unexpected, 1);
	rig_free(&rig);
}

static void an_ssid_of_more_than_32_bytes_is_ignored_and_counted(void **unused)
{
	struct sap_message conn = conn_of(1, "lab");
	struct rig rig;

	(void)unused;
	rig_host(&rig, NULL);
	rig_guest(&rig);
	conn.csme_conn_status.conn.ssid_len = 33;
	rig_tell(&rig, &conn);
	conn.csme_conn_status.conn.ssid_len = 0xffffffff;
	rig_tell(&rig, &conn);
	rig_events_are(&rig, "");
	assert_int_equal(rig_counters(&rig)->bad_value, 2);
	conn.csme_conn_status.conn.ssid_len = 32;
	rig_tell(&rig, &conn);
	assert_int_equal(rig.n_events[SAP_HOST_CONN_STATUS], 1);
	rig_free(&rig);
}

static void a_driver_that_goes_takes_the_blocks_with_it(void **unused)
{
	struct sap_message conn = conn_of(1, "lab");
	struct rig rig;

	(void)unused;
	rig_host(&rig, NULL);
	rig_guest(&rig);
	rig_tell(&rig, &conn);
	rig_ok(&rig, sap_host_driver_down(&rig.host, rig.now));
	rig_events_are(&rig, "CONN_STATUS 1 lab; RFKILL on; RFKILL off");
	rig_free(&rig);
}

static void a_new_driver_begins_with_its_device_down(void **unused)
{
	struct rig rig;

	(void)unused;
	rig_host(&rig, NULL);
	/* Said too early it counts for nothing. */
	(void)!sap_host_device_up(&rig.host, rig.now);
	rig_owner(&rig);
	rig_tell0(&rig, SAP_CSME_TAKING_OWNERSHIP);
	rig_wire_is(&rig, "LANE close; CSME_OWNERSHIP_CONFIRMED; CSA");
	rig_free(&rig);
	rig_host(&rig, NULL);
	rig_owner(&rig);
	rig_do(&rig, (void)!sap_host_device_up(&rig.host, rig.now));
	rig_ok(&rig, sap_host_driver_down(&rig.host, rig.now));
	rig_ok(&rig, sap_host_driver_up(&rig.host, rig.now));
	rig_wait(&rig, 200);
	memset(&rig.wire, 0, sizeof(rig.wire));
	rig_tell0(&rig, SAP_CSME_TAKING_OWNERSHIP);
	rig_wire_is(&rig, "CSME_OWNERSHIP_CONFIRMED; CSA");
	rig_free(&rig);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_request_is_granted_and_confirmed),
		cmocka_unit_test(any_value_but_0_grants),
		cmocka_unit_test(an_owner_asks_nothing),
		cmocka_unit_test(nothing_is_asked_over_sap_while_down_or_amt_off),
		cmocka_unit_test(a_request_may_be_made_before_csme_said_who_owns_it),
		cmocka_unit_test(any_owner_but_csme_is_the_host),
		cmocka_unit_test(a_refusal_ends_the_wait_and_is_followed_up_after_60_s),
		cmocka_unit_test(one_that_is_not_wanted_any_more_is_not_asked_for_again),
		cmocka_unit_test(no_answer_in_500_ms_ends_the_wait),
		cmocka_unit_test(a_late_grant_is_a_grant),
		cmocka_unit_test(csme_can_release_makes_a_registered_host_ask),
		cmocka_unit_test(csme_can_release_to_nobody_asks_nothing),
		cmocka_unit_test(amt_off_ends_a_request),
		cmocka_unit_test(csme_takes_and_waits_for_the_device),
		cmocka_unit_test(with_the_device_down_it_is_confirmed_at_once),
		cmocka_unit_test(with_no_driver_it_is_confirmed_at_once),
		cmocka_unit_test(the_confirmation_waits_for_the_lane_to_close),
		cmocka_unit_test(a_lane_that_was_about_to_open_closes_before_the_confirmation),
		cmocka_unit_test(taking_ends_a_request_in_flight),
		cmocka_unit_test(a_confirmation_that_is_over_is_not_sent),
		cmocka_unit_test(taking_again_is_confirmed_again),
		cmocka_unit_test(csme_may_say_that_it_owns_the_nic_already),
		cmocka_unit_test(amt_off_while_leaving_ends_it),
		cmocka_unit_test(a_driver_that_goes_ends_its_request),
		cmocka_unit_test(answers_to_the_last_driver_are_void),
		cmocka_unit_test(a_void_grant_that_was_meant_is_found_out),
		cmocka_unit_test(a_void_grant_that_was_taken_back_is_none),
		cmocka_unit_test(an_owner_named_before_the_driver_went_is_not_believed),
		cmocka_unit_test(an_owner_named_before_csme_took_it_is_not_believed),
		cmocka_unit_test(a_driver_that_goes_while_leaving_confirms),
		cmocka_unit_test(link_protection_in_all_combinations),
		cmocka_unit_test(protection_known_before_the_owner_blocks_the_radio_too),
		cmocka_unit_test(a_grant_under_protection_unblocks_and_forbids_roaming),
		cmocka_unit_test(a_status_without_a_driver_is_ignored_and_counted),
		cmocka_unit_test(an_ssid_of_more_than_32_bytes_is_ignored_and_counted),
		cmocka_unit_test(a_driver_that_goes_takes_the_blocks_with_it),
		cmocka_unit_test(a_new_driver_begins_with_its_device_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
