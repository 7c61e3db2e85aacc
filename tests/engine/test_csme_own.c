// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
/* CSME grants the NIC, takes it, loses its host: docs/protocol/sap.md section 8, message by message. */
#include "rig.h"

#define GRANT  "CSME_REPLY_TO_HOST_OWNERSHIP_REQ 01000000"
#define REFUSE "CSME_REPLY_TO_HOST_OWNERSHIP_REQ 00000000"
#define TAKING "CSME_TAKING_OWNERSHIP"

static void forget(struct rig *rig)
{
	rig_wait(rig, 200);
	memset(&rig->wire, 0, sizeof(rig->wire));
	memset(&rig->events, 0, sizeof(rig->events));
}

/* AMT was on before the host came: CSME starts as the owner. */
static void csme_owns(struct rig *rig, const struct sap_csme_config *config)
{
	rig_csme(rig, config);
	rig_ok(rig, sap_csme_set_amt(&rig->csme, true, rig->now));
	rig_up(rig);
	rig_tell0(rig, SAP_WIFIDR_UP);
	forget(rig);
	rig_state_is(rig, "owner", SAP_OWNER_CSME);
}

static void ask(struct rig *rig)
{
	rig_tell0(rig, SAP_HOST_ASKS_FOR_NIC_OWNERSHIP);
}

static struct sap_message link_up(uint8_t bssid)
{
	struct sap_message m;

	memset(&m, 0, sizeof(m));
	m.type = SAP_HOST_LINK_UP;
	m.host_link_up.conn.ssid_len = 3;
	memcpy(m.host_link_up.conn.ssid, "lab", 3);
	memset(m.host_link_up.conn.bssid.bytes, bssid, 6);
	return m;
}

static struct sap_csme_conn_status protection(uint32_t on, uint8_t bssid)
{
	struct sap_csme_conn_status conn;

	memset(&conn, 0, sizeof(conn));
	conn.link_prot_state = on;
	memset(conn.conn.bssid.bytes, bssid, 6);
	return conn;
}

/* --- AMT --- */

static void amt_decides_who_starts(void **unused)
{
	struct rig rig;

	(void)unused;
	rig_csme(&rig, NULL);
	rig_state_is(&rig, "host", SAP_OWNER_HOST);
	rig_ok(&rig, sap_csme_set_amt(&rig.csme, true, rig.now));
	rig_ok(&rig, sap_csme_set_amt(&rig.csme, true, rig.now));
	rig_events_are(&rig, "OWNER CSME forced");
	rig_ok(&rig, sap_csme_set_amt(&rig.csme, false, rig.now));
	rig_events_are(&rig, "OWNER host");
	rig_wire_is(&rig, "");
	/* With a host there, going on changes nothing by itself. */
	rig_up(&rig);
	forget(&rig);
	rig_ok(&rig, sap_csme_set_amt(&rig.csme, true, rig.now));
	rig_wire_is(&rig, "AMT_STATE 01000000; LANE open; CSA");
	rig_events_are(&rig, "PACKETS");
	rig_free(&rig);
}

static void amt_off_gives_the_nic_to_the_host(void **unused)
{
	struct rig rig;

	(void)unused;
	csme_owns(&rig, NULL);
	rig_ok(&rig, sap_csme_set_amt(&rig.csme, false, rig.now));
	rig_wire_is(&rig, "AMT_STATE 00000000; CSA");
	rig_events_are(&rig, "OWNER host");
	rig_call(&rig, sap_csme_take(&rig.csme, rig.now), SAP_NOT_UP);
	rig_call(&rig, sap_csme_take_by_force(&rig.csme, rig.now), SAP_NOT_UP);
	rig_wait(&rig, 200);
	rig_ok(&rig, sap_csme_set_amt(&rig.csme, true, rig.now));
	rig_ok(&rig, sap_csme_set_amt(&rig.csme, true, rig.now));
	rig_wire_is(&rig, "AMT_STATE 01000000; LANE open; CSA");
	rig_wait(&rig, 100000);
	rig_events_are(&rig, "PACKETS");
	rig_free(&rig);
}

/* Without AMT CSME never owns the NIC: not as a driver goes, not after a loss, not for a protected link. */
static void without_amt_csme_never_owns_the_nic(void **unused)
{
	struct sap_csme_conn_status conn = protection(1, 5);
	struct rig rig;

	(void)unused;
	csme_owns(&rig, NULL);
	rig_ok(&rig, sap_csme_set_conn(&rig.csme, &conn, rig.now));
	rig_ok(&rig, sap_csme_set_amt(&rig.csme, false, rig.now));
	rig_wait(&rig, 10000);
	rig_events_are(&rig, "OWNER host");
	rig_tell0(&rig, SAP_WIFIDR_DOWN);
	rig_events_are(&rig, "DRIVER off");
	rig_state_is(&rig, "host", SAP_OWNER_HOST);
	rig_free(&rig);

	rig_csme(&rig, NULL);
	rig_host_owns(&rig);
	rig_closed(&rig, SAP_CLOSED);
	rig_ok(&rig, sap_csme_set_amt(&rig.csme, false, rig.now));
	rig_wait(&rig, 10000);
	rig_events_are(&rig, "DOWN CLOSED");
	rig_state_is(&rig, "host", SAP_OWNER_HOST);
	rig_free(&rig);
}

static void the_owner_is_told_to_who_asks(void **unused)
{
	struct rig rig;

	(void)unused;
	csme_owns(&rig, NULL);
	rig_tell0(&rig, SAP_WHO_OWNS_NIC);
	rig_wire_is(&rig, "NIC_OWNER 02000000; CSA");
	rig_wait(&rig, 100);
	ask(&rig);
	rig_say0(&rig, SAP_WHO_OWNS_NIC);
	rig_tell0(&rig, SAP_WHO_OWNS_NIC);
	/* Each is answered. */
	rig_wait(&rig, 200);
	rig_wire_is(&rig, GRANT "; LANE open; CSA; NIC_OWNER 01000000 x2; CSA");
	rig_free(&rig);
}

/* --- policies --- */

static void a_request_is_granted_at_once(void **unused)
{
	struct sap_why why;
	struct rig rig;

	(void)unused;
	csme_owns(&rig, NULL);
	ask(&rig);
	rig_wire_is(&rig, GRANT "; LANE open; CSA");
	rig_events_are(&rig, "OWNER host; PACKETS");
	rig_state_is(&rig, "granted", SAP_OWNER_HOST);
	sap_csme_why(&rig.csme, &why);
	assert_true(why.since == rig.now);
	assert_non_null(why.awaits);
	rig_tell0(&rig, SAP_HOST_OWNERSHIP_CONFIRMED);
	rig_events_are(&rig, "PACKETS; HOST_CONFIRMED");
	rig_state_is(&rig, "host", SAP_OWNER_HOST);
	/* Asked again, it is granted again. */
	ask(&rig);
	rig_wait(&rig, 100);
	rig_wire_is(&rig, GRANT "; CSA");
	rig_free(&rig);
}

static void a_request_is_refused_at_once(void **unused)
{
	struct rig rig;

	(void)unused;
	csme_owns(&rig, NULL);
	sap_csme_set_policy(&rig.csme, SAP_POLICY_REFUSE);
	ask(&rig);
	rig_wire_is(&rig, REFUSE "; CSA");
	rig_events_are(&rig, "");
	rig_state_is(&rig, "owner", SAP_OWNER_CSME);
	rig_free(&rig);
}

static void a_request_is_ignored(void **unused)
{
	struct rig rig;

	(void)unused;
	csme_owns(&rig, NULL);
	sap_csme_set_policy(&rig.csme, SAP_POLICY_IGNORE);
	ask(&rig);
	rig_wait(&rig, 100000);
	rig_wire_is(&rig, "");
	rig_events_are(&rig, "");
	/* It does not come to life later. */
	sap_csme_set_policy(&rig.csme, SAP_POLICY_GRANT);
	ask(&rig);
	rig_wait(&rig, 200);
	rig_wire_is(&rig, GRANT "; LANE open; CSA");
	rig_free(&rig);
}

/* Each is answered by a message of its own. */
static void an_embedder_answers_each_request_that_waits(void **unused)
{
	struct rig rig;

	(void)unused;
	for (unsigned grant = 0; grant < 2; grant++) {
		csme_owns(&rig, NULL);
		sap_csme_set_policy(&rig.csme, SAP_POLICY_ASK);
		rig_call(&rig, sap_csme_answer(&rig.csme, true, rig.now), SAP_WRONG_STATE);
		ask(&rig);
		ask(&rig);
		ask(&rig);
		rig_wait(&rig, 10000);
		rig_wire_is(&rig, "");
		rig_events_are(&rig, "ASKED x3");
		rig_state_is(&rig, "asked", SAP_OWNER_CSME);
		rig_ok(&rig, sap_csme_answer(&rig.csme, grant, rig.now));
		rig_wire_is(&rig, grant ? GRANT " x3; LANE open; CSA" : REFUSE " x3; CSA");
		rig_call(&rig, sap_csme_answer(&rig.csme, grant, rig.now), SAP_WRONG_STATE);
		rig_free(&rig);
	}
}

static void what_ends_the_waiting_answers_the_requests(void **unused)
{
	struct rig rig;

	(void)unused;
	for (unsigned how = 0; how < 4; how++) {
		csme_owns(&rig, NULL);
		sap_csme_set_policy(&rig.csme, SAP_POLICY_ASK);
		ask(&rig);
		memset(&rig.events, 0, sizeof(rig.events));
		if (how == 0)
			rig_ok(&rig, sap_csme_take(&rig.csme, rig.now));
		else if (how == 1)
			rig_ok(&rig, sap_csme_take_by_force(&rig.csme, rig.now));
		else if (how == 2)
			rig_tell0(&rig, SAP_WIFIDR_DOWN);
		else
			rig_ok(&rig, sap_csme_set_amt(&rig.csme, false, rig.now));
		rig_wire_is(&rig, how < 3 ? REFUSE "; CSA" : "AMT_STATE 00000000; " GRANT "; CSA");
		rig_free(&rig);
	}
}

/* --- taking --- */

static void csme_takes_and_waits_for_the_confirmation(void **unused)
{
	struct sap_why why;
	struct rig rig;

	(void)unused;
	rig_csme(&rig, NULL);
	rig_host_owns(&rig);
	rig_ok(&rig, sap_csme_take(&rig.csme, rig.now));
	rig_wire_is(&rig, TAKING "; CSA");
	rig_events_are(&rig, "");
	rig_state_is(&rig, "taking", SAP_OWNER_HOST);
	sap_csme_why(&rig.csme, &why);
	assert_true(why.until == rig.now + 2000);
	rig_call(&rig, sap_csme_take(&rig.csme, rig.now), SAP_BUSY);
	rig_wait(&rig, 1999);
	rig_events_are(&rig, "");
	rig_tell0(&rig, SAP_CSME_OWNERSHIP_CONFIRMED);
	rig_events_are(&rig, "PACKETS; OWNER CSME");
	rig_state_is(&rig, "owner", SAP_OWNER_CSME);
	rig_wait(&rig, 100000);
	rig_events_are(&rig, "");
	rig_wire_is(&rig, "LANE close");
	rig_free(&rig);
}

static void without_the_confirmation_it_is_taken_after_2_s(void **unused)
{
	struct rig rig;

	(void)unused;
	rig_csme(&rig, NULL);
	rig_host_owns(&rig);
	rig_ok(&rig, sap_csme_take(&rig.csme, rig.now));
	rig_wait(&rig, 1999);
	rig_events_are(&rig, "");
	rig_wait(&rig, 1);
	rig_events_are(&rig, "OWNER CSME forced");
	/* Late, it changes nothing. */
	rig_tell0(&rig, SAP_CSME_OWNERSHIP_CONFIRMED);
	rig_events_are(&rig, "");
	rig_state_is(&rig, "owner", SAP_OWNER_CSME);
	rig_free(&rig);
}

static void by_force_it_is_taken_at_once(void **unused)
{
	struct rig rig;

	(void)unused;
	rig_csme(&rig, NULL);
	rig_host_owns(&rig);
	rig_ok(&rig, sap_csme_take_by_force(&rig.csme, rig.now));
	rig_events_are(&rig, "OWNER CSME forced");
	rig_wire_is(&rig, TAKING "; LANE close; CSA");
	rig_tell0(&rig, SAP_CSME_OWNERSHIP_CONFIRMED);
	rig_events_are(&rig, "");
	/* Also in the middle of taking politely. */
	rig_free(&rig);
	rig_csme(&rig, NULL);
	rig_host_owns(&rig);
	rig_ok(&rig, sap_csme_take(&rig.csme, rig.now));
	rig_ok(&rig, sap_csme_take_by_force(&rig.csme, rig.now));
	rig_events_are(&rig, "OWNER CSME forced");
	rig_wire_is(&rig, TAKING "; CSA; LANE close");
	rig_free(&rig);
}

static void what_csme_owns_it_need_not_take(void **unused)
{
	struct rig rig;

	(void)unused;
	csme_owns(&rig, NULL);
	rig_ok(&rig, sap_csme_take(&rig.csme, rig.now));
	rig_ok(&rig, sap_csme_take_by_force(&rig.csme, rig.now));
	rig_wait(&rig, 10000);
	rig_wire_is(&rig, "");
	rig_events_are(&rig, "");
	rig_free(&rig);
}

/* Between TAKING and its end every request is refused, whatever the policy. */
static void while_taking_every_request_is_refused(void **unused)
{
	const enum sap_csme_policy policies[] = {SAP_POLICY_GRANT, SAP_POLICY_REFUSE, SAP_POLICY_ASK,
						 SAP_POLICY_IGNORE};
	struct rig rig;

	(void)unused;
	for (size_t i = 0; i < 4; i++) {
		rig_csme(&rig, NULL);
		rig_host_owns(&rig);
		rig_ok(&rig, sap_csme_take(&rig.csme, rig.now));
		forget(&rig);
		sap_csme_set_policy(&rig.csme, policies[i]);
		rig_say0(&rig, SAP_HOST_ASKS_FOR_NIC_OWNERSHIP);
		rig_say0(&rig, SAP_HOST_ASKS_FOR_NIC_OWNERSHIP);
		rig_tell0(&rig, SAP_CSME_OWNERSHIP_CONFIRMED);
		rig_wire_is(&rig, REFUSE " x2; LANE close; CSA");
		rig_events_are(&rig, "PACKETS; OWNER CSME");
		rig_free(&rig);
	}
}

static void what_was_taken_is_kept_for_60_s(void **unused)
{
	struct rig rig;

	(void)unused;
	rig_csme(&rig, NULL);
	rig_host_owns(&rig);
	rig_ok(&rig, sap_csme_take(&rig.csme, rig.now));
	rig_tell0(&rig, SAP_CSME_OWNERSHIP_CONFIRMED);
	memset(&rig.wire, 0, sizeof(rig.wire));
	rig_wait(&rig, 59999);
	ask(&rig);
	rig_wire_is(&rig, REFUSE "; CSA");
	rig_wait(&rig, 1);
	ask(&rig);
	rig_wait(&rig, 200);
	rig_wire_is(&rig, GRANT "; LANE open again; CSA");
	rig_free(&rig);
}

static void an_owner_from_the_start_gives_it_at_once(void **unused)
{
	struct rig rig;

	(void)unused;
	csme_owns(&rig, NULL);
	ask(&rig);
	rig_events_are(&rig, "OWNER host; PACKETS");
	rig_free(&rig);
}

/* A grant and a taking cross: the confirmation of the first is not one of the second. */
static void a_confirmed_grant_is_no_confirmed_taking(void **unused)
{
	struct rig rig;

	(void)unused;
	csme_owns(&rig, NULL);
	ask(&rig);
	rig_ok(&rig, sap_csme_take(&rig.csme, rig.now));
	rig_tell0(&rig, SAP_HOST_OWNERSHIP_CONFIRMED);
	rig_state_is(&rig, "taking", SAP_OWNER_HOST);
	rig_tell0(&rig, SAP_CSME_OWNERSHIP_CONFIRMED);
	rig_state_is(&rig, "owner", SAP_OWNER_CSME);
	rig_free(&rig);
}

static void a_driver_that_goes_leaves_the_nic_to_csme(void **unused)
{
	struct rig rig;

	(void)unused;
	rig_csme(&rig, NULL);
	rig_host_owns(&rig);
	rig_tell0(&rig, SAP_WIFIDR_DOWN);
	rig_events_are(&rig, "PACKETS; DRIVER off; OWNER CSME");
	rig_wire_is(&rig, "LANE close");
	/* It was given, not taken: a new driver may have it at once. */
	rig_tell0(&rig, SAP_WIFIDR_UP);
	ask(&rig);
	rig_events_are(&rig, "DRIVER on; OWNER host; PACKETS");
	rig_free(&rig);
	/* A driver that goes while CSME takes has let go. */
	rig_csme(&rig, NULL);
	rig_host_owns(&rig);
	rig_ok(&rig, sap_csme_take(&rig.csme, rig.now));
	rig_tell0(&rig, SAP_WIFIDR_DOWN);
	assert_non_null(strstr(rig.events.text, "DRIVER off; OWNER CSME"));
	rig_state_is(&rig, "owner", SAP_OWNER_CSME);
	rig_free(&rig);
}

static void amt_off_ends_a_taking(void **unused)
{
	struct rig rig;

	(void)unused;
	rig_csme(&rig, NULL);
	rig_host_owns(&rig);
	rig_ok(&rig, sap_csme_take(&rig.csme, rig.now));
	rig_ok(&rig, sap_csme_set_amt(&rig.csme, false, rig.now));
	rig_wait(&rig, 10000);
	rig_events_are(&rig, "");
	rig_state_is(&rig, "host", SAP_OWNER_HOST);
	rig_free(&rig);
}

static void can_release_tells_the_host(void **unused)
{
	struct rig rig;

	(void)unused;
	rig_csme(&rig, NULL);
	rig_call(&rig, sap_csme_can_release(&rig.csme, rig.now), SAP_NOT_UP);
	rig_call(&rig, sap_csme_ip_refresh(&rig.csme, rig.now), SAP_NOT_UP);
	rig_call(&rig, sap_csme_ping(&rig.csme, rig.now), SAP_NOT_UP);
	rig_free(&rig);
	csme_owns(&rig, NULL);
	rig_ok(&rig, sap_csme_can_release(&rig.csme, rig.now));
	rig_wire_is(&rig, "CSME_CAN_RELEASE_OWNERSHIP; CSA");
	rig_wait(&rig, 200);
	rig_ok(&rig, sap_csme_ip_refresh(&rig.csme, rig.now));
	rig_wire_is(&rig, "TRIGGER_IP_REFRESH; CSA");
	rig_events_are(&rig, "");
	rig_free(&rig);
}

/* --- link protection --- */

static void granted_under_protection(struct rig *rig)
{
	struct sap_csme_conn_status conn = protection(1, 5);

	csme_owns(rig, NULL);
	rig_ok(rig, sap_csme_set_conn(&rig->csme, &conn, rig->now));
	rig_wire_is(rig, "CSME_CONN_STATUS [64]; CSA");
	rig_wait(rig, 100);
	ask(rig);
	rig_wire_is(rig, GRANT "; LANE open; CSA");
	rig_events_are(rig, "OWNER host; PACKETS");
}

static void a_host_that_does_not_join_in_3_s_loses_the_nic(void **unused)
{
	struct sap_message elsewhere = link_up(6);
	struct sap_why why;
	struct rig rig;

	(void)unused;
	granted_under_protection(&rig);
	sap_csme_why(&rig.csme, &why);
	assert_true(why.until == rig.now + 3000);
	assert_non_null(strstr(why.awaits, "join"));
	rig_tell0(&rig, SAP_HOST_OWNERSHIP_CONFIRMED);
	rig_tell(&rig, &elsewhere);
	rig_wait(&rig, 2999);
	rig_events_are(&rig, "PACKETS; HOST_CONFIRMED; PACKETS; LINK_UP lab");
	rig_wire_is(&rig, "");
	rig_wait(&rig, 1);
	rig_events_are(&rig, "LINK_LATE");
	rig_wire_is(&rig, TAKING "; CSA");
	rig_state_is(&rig, "taking", SAP_OWNER_HOST);
	rig_free(&rig);
}

static void a_host_that_joins_the_right_one_keeps_it(void **unused)
{
	struct sap_message here = link_up(5);
	struct rig rig;

	(void)unused;
	granted_under_protection(&rig);
	rig_wait(&rig, 2999);
	rig_tell(&rig, &here);
	rig_wait(&rig, 100000);
	rig_events_are(&rig, "PACKETS; LINK_UP lab");
	rig_state_is(&rig, "granted", SAP_OWNER_HOST);
	rig_free(&rig);
}

static void protection_that_is_cleared_waits_for_no_link(void **unused)
{
	struct sap_csme_conn_status clear = protection(0, 5), again = protection(1, 7);
	struct rig rig;

	(void)unused;
	granted_under_protection(&rig);
	rig_wait(&rig, 1000);
	/* Another access point to join: the time runs on. */
	rig_ok(&rig, sap_csme_set_conn(&rig.csme, &again, rig.now));
	rig_wait(&rig, 1000);
	rig_ok(&rig, sap_csme_set_conn(&rig.csme, &clear, rig.now));
	rig_wait(&rig, 100000);
	rig_events_are(&rig, "");
	rig_state_is(&rig, "granted", SAP_OWNER_HOST);
	rig_free(&rig);
}

static void without_protection_nobody_waits_for_a_link(void **unused)
{
	struct rig rig;

	(void)unused;
	csme_owns(&rig, NULL);
	ask(&rig);
	rig_wait(&rig, 100000);
	rig_events_are(&rig, "OWNER host; PACKETS");
	rig_free(&rig);
}

/* Taken meanwhile, and slowly: there is no link to wait for any more. */
static void a_taking_ends_the_wait_for_the_link(void **unused)
{
	struct sap_csme_config config;
	struct sap_csme_conn_status conn = protection(1, 5);
	struct rig rig;

	(void)unused;
	sap_csme_config_default(&config);
	config.take_ms = 10000;
	csme_owns(&rig, &config);
	rig_ok(&rig, sap_csme_set_conn(&rig.csme, &conn, rig.now));
	ask(&rig);
	rig_ok(&rig, sap_csme_take(&rig.csme, rig.now));
	rig_wait(&rig, 9999);
	rig_events_are(&rig, "OWNER host; PACKETS");
	rig_wait(&rig, 1);
	rig_events_are(&rig, "OWNER CSME forced");
	rig_free(&rig);
}

/* --- loss --- */

static void a_lost_host_loses_the_nic_after_2_s(void **unused)
{
	struct sap_why why;
	struct rig rig;

	(void)unused;
	rig_csme(&rig, NULL);
	rig_host_owns(&rig);
	rig_closed(&rig, SAP_CLOSED);
	rig_events_are(&rig, "DOWN CLOSED");
	rig_state_is(&rig, "host", SAP_OWNER_HOST);
	sap_csme_why(&rig.csme, &why);
	assert_true(why.until == rig.now + 2000);
	rig_wait(&rig, 1999);
	rig_events_are(&rig, "");
	rig_wait(&rig, 1);
	rig_events_are(&rig, "OWNER CSME forced");
	rig_free(&rig);
}

static void a_host_that_comes_back_keeps_it(void **unused)
{
	struct rig rig;

	(void)unused;
	rig_csme(&rig, NULL);
	rig_host_owns(&rig);
	rig_closed(&rig, SAP_CLOSED);
	rig_wait(&rig, 1999);
	rig_up(&rig);
	rig_tell0(&rig, SAP_WHO_OWNS_NIC);
	rig_wait(&rig, 10000);
	assert_non_null(strstr(rig.wire.text, "NIC_OWNER 01000000"));
	rig_events_are(&rig, "PACKETS");
	rig_state_is(&rig, "host", SAP_OWNER_HOST);
	rig_free(&rig);
}

static void a_host_that_comes_by_its_register_keeps_it(void **unused)
{
	struct rig rig;

	(void)unused;
	rig_csme(&rig, NULL);
	rig_host_owns(&rig);
	rig_closed(&rig, SAP_CLOSED);
	rig_ok(&rig, sap_csme_register_request(&rig.csme, rig.now));
	rig_wait(&rig, 10000);
	rig_events_are(&rig, "DOWN CLOSED");
	rig_state_is(&rig, "host", SAP_OWNER_HOST);
	rig_free(&rig);
}

static void a_loss_that_is_never_followed_up(void **unused)
{
	struct sap_csme_config config;
	struct rig rig;

	(void)unused;
	sap_csme_config_default(&config);
	config.loss_ms = UINT32_MAX;
	rig_csme(&rig, &config);
	rig_host_owns(&rig);
	rig_closed(&rig, SAP_CLOSED);
	assert_true(rig_deadline(&rig) == SAP_NEVER);
	rig_wait(&rig, 10000000);
	rig_state_is(&rig, "host", SAP_OWNER_HOST);
	rig_free(&rig);
}

static void a_taking_outlives_the_connection(void **unused)
{
	struct rig rig;

	(void)unused;
	rig_csme(&rig, NULL);
	rig_host_owns(&rig);
	rig_ok(&rig, sap_csme_take(&rig.csme, rig.now));
	rig_closed(&rig, SAP_CLOSED);
	rig_wait(&rig, 1999);
	rig_events_are(&rig, "DOWN CLOSED");
	rig_wait(&rig, 1);
	rig_events_are(&rig, "OWNER CSME forced");
	rig_free(&rig);
	/* A host that comes back before is told of it. */
	rig_csme(&rig, NULL);
	rig_host_owns(&rig);
	rig_ok(&rig, sap_csme_take(&rig.csme, rig.now));
	rig_closed(&rig, SAP_CLOSED);
	rig_ok(&rig, sap_csme_start(&rig.csme, rig.now));
	rig_offer(&rig, sap_layout_of(4));
	memset(&rig.wire, 0, sizeof(rig.wire));
	rig_start(&rig, 4);
	rig_wire_is(&rig, "MAP 0; START_OK 4; AMT_STATE 01000000; " TAKING "; LANE open; CSA");
	rig_tell0(&rig, SAP_CSME_OWNERSHIP_CONFIRMED);
	rig_state_is(&rig, "owner", SAP_OWNER_CSME);
	rig_free(&rig);
}

static void a_loss_before_the_confirmation_leaves_it_with_the_host(void **unused)
{
	struct rig rig;

	(void)unused;
	csme_owns(&rig, NULL);
	ask(&rig);
	rig_closed(&rig, SAP_CLOSED);
	rig_state_is(&rig, "host", SAP_OWNER_HOST);
	rig_wait(&rig, 2000);
	rig_state_is(&rig, "owner", SAP_OWNER_CSME);
	rig_free(&rig);
}

/* --- the register --- */

static void the_register_door(void **unused)
{
	struct rig rig;

	(void)unused;
	for (unsigned i = 0; i < 8; i++) {
		bool amt = i & 1, session = i & 2, up = i & 4;
		bool opens = !amt || (!session && !up);

		rig_csme(&rig, NULL);
		rig_ok(&rig, sap_csme_set_amt(&rig.csme, amt, rig.now));
		sap_csme_set_session(&rig.csme, session);
		if (up)
			rig_up(&rig);
		memset(&rig.events, 0, sizeof(rig.events));
		rig_call(&rig, sap_csme_register_request(&rig.csme, rig.now),
			 opens ? SAP_OK : SAP_WRONG_STATE);
		rig_events_are(&rig, opens && amt ? "OWNER host" : "");
		rig_state_is(&rig, opens || !amt ? "host" : "owner",
			     opens || !amt ? SAP_OWNER_HOST : SAP_OWNER_CSME);
		rig_free(&rig);
	}
	/* Nor does it open while CSME is taking the NIC. */
	rig_csme(&rig, NULL);
	rig_host_owns(&rig);
	rig_ok(&rig, sap_csme_take(&rig.csme, rig.now));
	rig_closed(&rig, SAP_CLOSED);
	rig_call(&rig, sap_csme_register_request(&rig.csme, rig.now), SAP_WRONG_STATE);
	rig_free(&rig);
}

/* --- no room --- */

static void fill(struct rig *rig, unsigned n)
{
	rig->deaf = true;
	for (unsigned i = 0; i < n; i++)
		assert_status(sap_csme_ping(&rig->csme, rig->now), SAP_OK);
	rig_settle(rig);
	memset(&rig->wire, 0, sizeof(rig->wire));
}

static void small(struct sap_csme_config *config, struct sap_layout *layout)
{
	const uint32_t sizes[SAP_QUEUES] = {400, 200, 81, 200};

	assert_status(sap_layout_make(layout, 4, sizes), SAP_OK);
	sap_csme_config_default(config);
	config->link.layouts[0] = layout;
	config->link.layouts[1] = NULL;
}

/* A taking that could not be told and is over must not be told afterwards. */
static void a_taking_that_is_over_is_not_told(void **unused)
{
	struct sap_csme_config config;
	struct sap_layout layout;
	struct rig rig;

	(void)unused;
	small(&config, &layout);
	for (unsigned force = 0; force < 2; force++) {
		rig_csme(&rig, &config);
		rig_host_owns(&rig);
		fill(&rig, 10);
		rig_ok(&rig, force ? sap_csme_take_by_force(&rig.csme, rig.now)
				   : sap_csme_take(&rig.csme, rig.now));
		rig_ok(&rig, sap_csme_set_amt(&rig.csme, false, rig.now));
		memset(&rig.wire, 0, sizeof(rig.wire));
		rig_read(&rig);
		rig_wait(&rig, 20);
		rig_wire_is(&rig, "AMT_STATE 00000000");
		rig_free(&rig);
	}
}

/* Nor a grant, if CSME took the NIC before it could be told. */
static void a_grant_that_is_over_becomes_a_refusal(void **unused)
{
	struct sap_csme_config config;
	struct sap_layout layout;
	struct rig rig;

	(void)unused;
	small(&config, &layout);
	csme_owns(&rig, &config);
	fill(&rig, 10);
	ask(&rig);
	rig_state_is(&rig, "granted", SAP_OWNER_HOST);
	rig_ok(&rig, sap_csme_take(&rig.csme, rig.now));
	memset(&rig.wire, 0, sizeof(rig.wire));
	rig_read(&rig);
	rig_wait(&rig, 20);
	rig_wire_is(&rig, REFUSE "; " TAKING);
	rig_free(&rig);
}

/* Confirmations come in the order of the takings; one of a taking that is over must not end the next. */
static void a_late_confirmation_does_not_end_the_next_taking(void **unused)
{
	struct sap_csme_config config;
	struct rig rig;

	(void)unused;
	sap_csme_config_default(&config);
	config.keep_ms = 0;
	for (unsigned how = 0; how < 3; how++) {
		rig_csme(&rig, &config);
		rig_host_owns(&rig);
		if (how == 1)
			rig_ok(&rig, sap_csme_take_by_force(&rig.csme, rig.now));
		else
			rig_ok(&rig, sap_csme_take(&rig.csme, rig.now));
		if (how == 2) {
			rig_ok(&rig, sap_csme_set_amt(&rig.csme, false, rig.now));
			rig_ok(&rig, sap_csme_set_amt(&rig.csme, true, rig.now));
		} else {
			rig_wait(&rig, 2000);
			rig_state_is(&rig, "owner", SAP_OWNER_CSME);
			ask(&rig);
		}
		rig_ok(&rig, sap_csme_take(&rig.csme, rig.now));
		rig_tell0(&rig, SAP_CSME_OWNERSHIP_CONFIRMED);
		rig_state_is(&rig, "taking", SAP_OWNER_HOST);
		rig_tell0(&rig, SAP_CSME_OWNERSHIP_CONFIRMED);
		rig_state_is(&rig, "owner", SAP_OWNER_CSME);
		rig_free(&rig);
	}
}

static void a_forced_taking_that_was_not_told_is_over_with_a_grant(void **unused)
{
	struct sap_csme_config config;
	struct sap_layout layout;
	struct rig rig;

	(void)unused;
	small(&config, &layout);
	config.keep_ms = 0;
	rig_csme(&rig, &config);
	rig_host_owns(&rig);
	fill(&rig, 10);
	rig_ok(&rig, sap_csme_take_by_force(&rig.csme, rig.now));
	ask(&rig);
	memset(&rig.wire, 0, sizeof(rig.wire));
	rig_read(&rig);
	rig_wait(&rig, 20);
	rig_wire_is(&rig, GRANT);
	/* Nor is a confirmation of it awaited. */
	rig_ok(&rig, sap_csme_take(&rig.csme, rig.now));
	rig_tell0(&rig, SAP_CSME_OWNERSHIP_CONFIRMED);
	rig_state_is(&rig, "owner", SAP_OWNER_CSME);
	rig_free(&rig);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(amt_decides_who_starts),
		cmocka_unit_test(amt_off_gives_the_nic_to_the_host),
		cmocka_unit_test(without_amt_csme_never_owns_the_nic),
		cmocka_unit_test(the_owner_is_told_to_who_asks),
		cmocka_unit_test(a_request_is_granted_at_once),
		cmocka_unit_test(a_request_is_refused_at_once),
		cmocka_unit_test(a_request_is_ignored),
		cmocka_unit_test(an_embedder_answers_each_request_that_waits),
		cmocka_unit_test(what_ends_the_waiting_answers_the_requests),
		cmocka_unit_test(csme_takes_and_waits_for_the_confirmation),
		cmocka_unit_test(without_the_confirmation_it_is_taken_after_2_s),
		cmocka_unit_test(by_force_it_is_taken_at_once),
		cmocka_unit_test(what_csme_owns_it_need_not_take),
		cmocka_unit_test(while_taking_every_request_is_refused),
		cmocka_unit_test(what_was_taken_is_kept_for_60_s),
		cmocka_unit_test(an_owner_from_the_start_gives_it_at_once),
		cmocka_unit_test(a_confirmed_grant_is_no_confirmed_taking),
		cmocka_unit_test(a_driver_that_goes_leaves_the_nic_to_csme),
		cmocka_unit_test(amt_off_ends_a_taking),
		cmocka_unit_test(can_release_tells_the_host),
		cmocka_unit_test(a_host_that_does_not_join_in_3_s_loses_the_nic),
		cmocka_unit_test(a_host_that_joins_the_right_one_keeps_it),
		cmocka_unit_test(protection_that_is_cleared_waits_for_no_link),
		cmocka_unit_test(without_protection_nobody_waits_for_a_link),
		cmocka_unit_test(a_taking_ends_the_wait_for_the_link),
		cmocka_unit_test(a_lost_host_loses_the_nic_after_2_s),
		cmocka_unit_test(a_host_that_comes_back_keeps_it),
		cmocka_unit_test(a_host_that_comes_by_its_register_keeps_it),
		cmocka_unit_test(a_loss_that_is_never_followed_up),
		cmocka_unit_test(a_taking_outlives_the_connection),
		cmocka_unit_test(a_loss_before_the_confirmation_leaves_it_with_the_host),
		cmocka_unit_test(the_register_door),
		cmocka_unit_test(a_taking_that_is_over_is_not_told),
		cmocka_unit_test(a_grant_that_is_over_becomes_a_refusal),
		cmocka_unit_test(a_late_confirmation_does_not_end_the_next_taking),
		cmocka_unit_test(a_forced_taking_that_was_not_told_is_over_with_a_grant),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
