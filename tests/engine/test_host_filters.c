// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
/* Filters on their way from CSME's message to the lane, and when the lane filters at all. */
#include "rig.h"

static const uint8_t web[60] = {2,   0x11, 0x22, 0x33, 0x44, 0x55, 2, 0, 0,    0,    0,	   1,	8,
				0,   0x45, 0,	 0,    46,   0,	   0, 0, 0,    64,   6,	   0,	0,
				192, 0,	   2,	 2,    192,  0,	   2, 1, 0x9c, 0x40, 0x42, 0x60};
static const uint8_t dhcp[60] = {255, 255,  255, 255, 255, 255, 2,   0,	  0, 0,	 0,  1, 8,
				 0,   0x45, 0,	 0,   46,  0,	0,   0,	  0, 64, 17, 0, 0,
				 0,   0,    0,	 0,   255, 255, 255, 255, 0, 68, 0,  67};

/* One flex filter: TCP to this port, CSME's alone. */
static void say_filters(struct rig *rig, uint32_t port)
{
	struct sap_csme_filters filters = {0};
	uint8_t payload[SAP_CSME_FILTERS_SIZE];
	struct sap_message m = {.type = SAP_CSME_FILTERS, .csme_filters = {payload, sizeof(payload)}};

	filters.oob.flex[0].dst_port = (uint16_t)port;
	filters.oob.flex[0].flags = SAP_FLEX_ENABLED | SAP_FLEX_TCP;
	assert_status(sap_csme_filters_encode(&filters, payload, sizeof(payload)), SAP_OK);
	rig_say(rig, &m);
}

static void tell_filters(struct rig *rig, uint32_t port)
{
	say_filters(rig, port);
	rig_bell(rig);
}

/* Where a frame to port 16992 goes now. */
static void rx_is(struct rig *rig, enum sap_status status, enum sap_rule rule)
{
	struct sap_verdict verdict;
	uint32_t sent = rig->lane.counters.sent;

	assert_status(sap_packets_rx(&rig->lane, &rig->host.area, sap_host_seq(&rig->host), web, sizeof(web),
				     &verdict),
		      status);
	assert_int_equal(verdict.rule, rule);
	assert_int_equal(verdict.to_host, rule != SAP_RULE_FLEX);
	/* It takes one of the numbers that notifications take too. */
	rig->expect_seq += rig->lane.counters.sent - sent;
}

static void wire_forgets(struct rig *rig)
{
	rig_wait(rig, 200);
	memset(&rig->wire, 0, sizeof(rig->wire));
	memset(&rig->events, 0, sizeof(rig->events));
}

static void before_filters_all_is_the_hosts(void **unused)
{
	struct rig rig;

	(void)unused;
	rig_host(&rig, NULL);
	rig_owner(&rig);
	rx_is(&rig, SAP_OK, SAP_RULE_NO_FILTERS);
	rig_wait(&rig, 1000);
	rig_wire_is(&rig, "");
	rig_free(&rig);
}

static void an_open_lane_is_told(void **unused)
{
	struct rig rig;

	(void)unused;
	rig_host(&rig, NULL);
	rig_owner(&rig);
	tell_filters(&rig, 80);
	/* One event, as ever. */
	rig_events_are(&rig, "PACKETS; FILTERS");
	rig_wire_is(&rig, "LANE filters");
	rx_is(&rig, SAP_OK, SAP_RULE_NO_MATCH);
	tell_filters(&rig, 16992);
	rig_wire_is(&rig, "LANE filters");
	rx_is(&rig, SAP_OK, SAP_RULE_FLEX);
	/* The frame gets its doorbell, and nothing is told twice. */
	rig_wait(&rig, 1000);
	rig_wire_is(&rig, "CSA");
	rig_free(&rig);
}

/* Firmware was seen to send them while AMT is off (section 10). */
static void what_came_before_counts_as_the_lane_opens(void **unused)
{
	struct rig rig;

	(void)unused;
	rig_host(&rig, NULL);
	rig_ok(&rig, sap_host_driver_up(&rig.host, rig.now));
	rig_up(&rig);
	tell_filters(&rig, 16992);
	rig_wire_is(&rig, "");
	rx_is(&rig, SAP_NOT_OPEN, SAP_RULE_NOT_OPEN);
	rig_say32(&rig, SAP_AMT_STATE, 1);
	rig_tell32(&rig, SAP_NIC_OWNER, SAP_OWNER_HOST);
	rig_wait(&rig, 200);
	assert_non_null(strstr(rig.wire.text, "LANE open with filters"));
	assert_null(strstr(rig.wire.text, "LANE filters"));
	rx_is(&rig, SAP_OK, SAP_RULE_FLEX);
	rig_free(&rig);
}

static void what_comes_while_the_lane_opens_is_told_after(void **unused)
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
	assert_non_null(strstr(rig.wire.text, "LANE open..."));
	memset(&rig.wire, 0, sizeof(rig.wire));
	tell_filters(&rig, 80);
	/* Meanwhile others. */
	rig_hold(&rig, SAP_IO_LANE);
	rig_finish(&rig, SAP_OK);
	rig_wire_is(&rig, "LANE filters...");
	tell_filters(&rig, 16992);
	rig_finish(&rig, SAP_OK);
	rig_wait(&rig, 200);
	/* The doorbell is for what was owed before. */
	rig_wire_is(&rig, "LANE filters; CSA");
	rx_is(&rig, SAP_OK, SAP_RULE_FLEX);
	rig_free(&rig);
}

static void amt_off_stops_filtering(void **unused)
{
	struct rig rig;

	(void)unused;
	rig_host(&rig, NULL);
	rig_owner(&rig);
	tell_filters(&rig, 16992);
	wire_forgets(&rig);
	rig_tell32(&rig, SAP_AMT_STATE, 0);
	rig_wire_is(&rig, "LANE close");
	rx_is(&rig, SAP_NOT_OPEN, SAP_RULE_NOT_OPEN);
	assert_status(sap_packets_tx(&rig.lane, &rig.host.area, sap_host_seq(&rig.host), dhcp, sizeof(dhcp)),
		      SAP_NOT_OPEN);
	/* On again: the same filters, for the connection is the same. */
	rig_say32(&rig, SAP_AMT_STATE, 1);
	rig_tell32(&rig, SAP_NIC_OWNER, SAP_OWNER_HOST);
	rig_wait(&rig, 200);
	assert_non_null(strstr(rig.wire.text, "LANE open again with filters"));
	rx_is(&rig, SAP_OK, SAP_RULE_FLEX);
	rig_free(&rig);
}

static void filtering_follows_the_nic(void **unused)
{
	struct rig rig;

	(void)unused;
	rig_host(&rig, NULL);
	rig_owner(&rig);
	tell_filters(&rig, 80);
	wire_forgets(&rig);
	rig_tell0(&rig, SAP_CSME_TAKING_OWNERSHIP);
	rig_wire_is(&rig, "LANE close; CSME_OWNERSHIP_CONFIRMED; CSA");
	rx_is(&rig, SAP_NOT_OPEN, SAP_RULE_NOT_OPEN);
	/* New ones, as CSME has it. */
	tell_filters(&rig, 16992);
	rig_wire_is(&rig, "");
	wire_forgets(&rig);
	rig_ok(&rig, sap_host_own(&rig.host, rig.now));
	rig_tell32(&rig, SAP_CSME_REPLY_TO_HOST_OWNERSHIP_REQ, 1);
	rig_wait(&rig, 200);
	assert_non_null(strstr(rig.wire.text, "LANE open again with filters"));
	rx_is(&rig, SAP_OK, SAP_RULE_FLEX);
	rig_free(&rig);
}

static void another_connection_starts_without_filters(void **unused)
{
	struct rig rig;

	(void)unused;
	rig_host(&rig, NULL);
	rig_owner(&rig);
	tell_filters(&rig, 16992);
	wire_forgets(&rig);
	rig_closed(&rig, SAP_CLOSED);
	rig_wire_is(&rig, "LANE close; DISCONNECT; UNMAP");
	rx_is(&rig, SAP_NOT_OPEN, SAP_RULE_NOT_OPEN);
	rig_up(&rig);
	rig_say32(&rig, SAP_AMT_STATE, 1);
	rig_tell32(&rig, SAP_NIC_OWNER, SAP_OWNER_HOST);
	rig_wait(&rig, 200);
	assert_non_null(strstr(rig.wire.text, "LANE open"));
	assert_null(strstr(rig.wire.text, "filters"));
	rx_is(&rig, SAP_OK, SAP_RULE_NO_FILTERS);
	tell_filters(&rig, 16992);
	rx_is(&rig, SAP_OK, SAP_RULE_FLEX);
	rig_free(&rig);
}

static void stopped_while_the_lane_is_told(void **unused)
{
	struct rig rig;

	(void)unused;
	rig_host(&rig, NULL);
	rig_owner(&rig);
	rig_hold(&rig, SAP_IO_LANE);
	tell_filters(&rig, 16992);
	rig_ok(&rig, sap_host_stop(&rig.host, rig.now));
	rig_wire_is(&rig, "LANE filters...");
	rig_finish(&rig, SAP_OK);
	rig_wire_is(&rig, "LANE close; HOST_GOES_DOWN; CSA");
	rig_free(&rig);
}

static void taken_while_the_lane_is_told(void **unused)
{
	struct rig rig;

	(void)unused;
	rig_host(&rig, NULL);
	rig_owner(&rig);
	rig_hold(&rig, SAP_IO_LANE);
	tell_filters(&rig, 16992);
	rig_tell0(&rig, SAP_CSME_TAKING_OWNERSHIP);
	rig_wire_is(&rig, "LANE filters...");
	rig_finish(&rig, SAP_OK);
	rig_wire_is(&rig, "LANE close; CSME_OWNERSHIP_CONFIRMED; CSA");
	rig_free(&rig);
}

/* New ones come as an old close is under way: the lane hears of them as it opens, and not before. */
static void told_while_the_lane_closes(void **unused)
{
	struct rig rig;

	(void)unused;
	rig_host(&rig, NULL);
	rig_owner(&rig);
	rig_hold(&rig, SAP_IO_LANE);
	rig_tell32(&rig, SAP_AMT_STATE, 0);
	tell_filters(&rig, 16992);
	rig_wire_is(&rig, "LANE close...");
	rig_finish(&rig, SAP_OK);
	rig_wire_is(&rig, "");
	assert_false(rig.host.state.link.lane_due);
	rig_say32(&rig, SAP_AMT_STATE, 1);
	rig_tell32(&rig, SAP_NIC_OWNER, SAP_OWNER_HOST);
	rig_wait(&rig, 200);
	assert_non_null(strstr(rig.wire.text, "LANE open again with filters"));
	assert_null(strstr(rig.wire.text, "LANE filters"));
	rig_free(&rig);
}

/* Whoever applies it says that it failed: the connection ends, and the lane is closed first all the same. */
static void a_lane_that_cannot_be_told(void **unused)
{
	struct rig rig;

	(void)unused;
	rig_host(&rig, NULL);
	rig_owner(&rig);
	rig_answer(&rig, SAP_IO_LANE, SAP_IO, 1);
	tell_filters(&rig, 16992);
	rig_wire_is(&rig, "LANE filters=IO; LANE close; DISCONNECT; UNMAP");
	assert_false(rig.lane.open);
	rig_free(&rig);
}

static void a_copied_dhcp_request_is_rung_for(void **unused)
{
	struct rig rig;

	(void)unused;
	rig_host(&rig, NULL);
	rig_owner(&rig);
	rig_wait(&rig, 1000);
	assert_status(sap_packets_tx(&rig.lane, &rig.host.area, sap_host_seq(&rig.host), web, sizeof(web)),
		      SAP_OK);
	assert_true(rig_deadline(&rig) == SAP_NEVER);
	assert_status(sap_packets_tx(&rig.lane, &rig.host.area, sap_host_seq(&rig.host), dhcp, sizeof(dhcp)),
		      SAP_OK);
	rig.expect_seq++;
	assert_true(rig_deadline(&rig) <= rig.now);
	rig_tick(&rig);
	rig_settle(&rig);
	rig_wire_is(&rig, "CSA");
	rig_free(&rig);
}

/* A frame is in the queue and not rung for yet, as the lane is told new filters. */
static void being_told_costs_no_doorbell(void **unused)
{
	struct rig rig;

	(void)unused;
	rig_host(&rig, NULL);
	rig_owner(&rig);
	tell_filters(&rig, 16992);
	wire_forgets(&rig);
	rx_is(&rig, SAP_OK, SAP_RULE_FLEX);
	tell_filters(&rig, 80);
	rig_wait(&rig, 1000);
	rig_wire_is(&rig, "LANE filters; CSA");
	rig_free(&rig);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(before_filters_all_is_the_hosts),
		cmocka_unit_test(an_open_lane_is_told),
		cmocka_unit_test(what_came_before_counts_as_the_lane_opens),
		cmocka_unit_test(what_comes_while_the_lane_opens_is_told_after),
		cmocka_unit_test(amt_off_stops_filtering),
		cmocka_unit_test(filtering_follows_the_nic),
		cmocka_unit_test(another_connection_starts_without_filters),
		cmocka_unit_test(stopped_while_the_lane_is_told),
		cmocka_unit_test(taken_while_the_lane_is_told),
		cmocka_unit_test(told_while_the_lane_closes),
		cmocka_unit_test(a_lane_that_cannot_be_told),
		cmocka_unit_test(a_copied_dhcp_request_is_rung_for),
		cmocka_unit_test(being_told_costs_no_doorbell),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
