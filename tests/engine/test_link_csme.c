// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
/* CSME's connection: waiting for a host, START, the area, and its end in every phase. */
#include "rig.h"

static void start(struct rig *rig)
{
	rig_ok(rig, sap_csme_start(&rig->csme, rig->now));
}

static void is_down(struct rig *rig)
{
	struct sap_io io;

	assert_false(rig->mapping || rig->connecting || rig->lane.open);
	assert_false(sap_csme_next_io(&rig->csme, &io));
	assert_true(sap_csme_deadline(&rig->csme) == SAP_NEVER);
}

static void starts_with_offer(struct rig *rig, uint32_t version)
{
	rig_csme(rig, NULL);
	rig_offer(rig, sap_layout_of(version));
	start(rig);
	rig_wire_is(rig, "CONNECT");
}

/* --- START --- */

/* What the Linux driver takes: exactly 20 bytes, naming the version that it offered. */
static void the_captured_start_is_answered_as_the_driver_wants(const char *capture, uint8_t version)
{
	struct test_bytes theirs = test_capture(capture);
	const uint8_t expected[20] = {2, 0, 0, 0, 1, 0, 0, 0, 20, 0, 0, 0, 0, 0, 0, 0, version};
	struct rig rig;

	starts_with_offer(&rig, version);
	assert_status(rig_me(&rig, theirs.bytes, theirs.len), SAP_OK);
	assert_int_equal(rig.csme.state.link.phase, SAP_PHASE_UP);
	assert_int_equal(rig.n_events[SAP_CSME_UP], 1);
	assert_non_null(strstr(rig.wire.text, "START_OK"));
	/* The doorbell that follows is another message: look at START_OK itself. */
	assert_int_equal(rig.expect_me, 3);
	rig_free(&rig);

	starts_with_offer(&rig, version);
	rig_hold(&rig, SAP_IO_SEND);
	assert_status(rig_me(&rig, theirs.bytes, theirs.len), SAP_OK);
	assert_int_equal(rig.held.len, 20);
	assert_memory_equal(rig.held.message, expected, 20);
	rig_finish(&rig, SAP_OK);
	rig_free(&rig);
	test_bytes_free(&theirs);
}

static void the_captured_starts_are_answered(void **unused)
{
	(void)unused;
	the_captured_start_is_answered_as_the_driver_wants("v4-me-msg-start.bin", 4);
	the_captured_start_is_answered_as_the_driver_wants("v3-me-msg-start.bin", 3);
}

/* START_OK comes first of all: the driver takes no doorbell before it. */
static void start_ok_comes_before_any_doorbell(void **unused)
{
	struct rig rig;

	(void)unused;
	starts_with_offer(&rig, 4);
	rig_start(&rig, 4);
	rig_wire_is(&rig, "MAP 0; START_OK 4; AMT_STATE 00000000; CSA");
	rig_events_are(&rig, "UP 4");
	rig_free(&rig);
}

static void nothing_is_mapped_before_start(void **unused)
{
	struct rig rig;

	(void)unused;
	starts_with_offer(&rig, 4);
	rig_wait(&rig, 100000);
	rig_wire_is(&rig, "");
	rig_events_are(&rig, "");
	rig_free(&rig);
}

static void a_host_is_waited_for(void **unused)
{
	struct rig rig;

	(void)unused;
	rig_csme(&rig, NULL);
	rig_offer(&rig, sap_layout_of(4));
	rig_answer(&rig, SAP_IO_CONNECT, SAP_AGAIN, 50);
	start(&rig);
	rig_wait(&rig, 499);
	rig_wire_is(&rig, "CONNECT=AGAIN x50");
	rig_wait(&rig, 1);
	rig_wire_is(&rig, "CONNECT");
	rig_free(&rig);

	/* Or until it is said that one came. */
	rig_csme(&rig, NULL);
	rig_answer(&rig, SAP_IO_CONNECT, SAP_AGAIN, 1);
	start(&rig);
	sap_csme_retry(&rig.csme, rig.now);
	rig_settle(&rig);
	rig_wire_is(&rig, "CONNECT=AGAIN; CONNECT");
	rig_free(&rig);
}

/* Several versions offered: the newest whose area is there. */
static void the_newest_version_that_fits_is_taken(void **unused)
{
	uint8_t both[88] = {1, 0, 0, 0, 1, 0, 0, 0, 88};
	struct rig rig;

	(void)unused;
	memcpy(both + 24, "\x07\x03\x04", 3);
	for (uint8_t version = 3; version <= 4; version++) {
		starts_with_offer(&rig, version);
		assert_status(rig_me(&rig, both, 88), SAP_OK);
		rig_events_are(&rig, version == 3 ? "UP 3" : "UP 4");
		rig_free(&rig);
	}
	/* A zero ends the list. */
	memcpy(both + 24, "\x07\x00\x04", 3);
	starts_with_offer(&rig, 4);
	assert_status(rig_me(&rig, both, 88), SAP_OK);
	rig_wire_is(&rig, "MAP 0");
	rig_events_are(&rig, "NO_AREA BAD_VERSION");
	rig_free(&rig);
}

/* --- no area --- */

static void nothing_mapped_is_no_area(void **unused)
{
	struct rig rig;

	(void)unused;
	starts_with_offer(&rig, 4);
	rig_answer(&rig, SAP_IO_MAP, SAP_UNSUPPORTED, 1);
	rig_start(&rig, 4);
	rig_wire_is(&rig, "MAP 0=UNSUPPORTED");
	rig_events_are(&rig, "NO_AREA UNSUPPORTED");
	rig_wait(&rig, 10000);
	rig_wire_is(&rig, "");
	/* The host may map, and try once more. */
	rig_start(&rig, 4);
	rig_wire_is(&rig, "MAP 0; START_OK 4; AMT_STATE 00000000; CSA");
	rig_events_are(&rig, "UP 4");
	rig_free(&rig);
}

static void an_area_of_another_version_is_no_area(void **unused)
{
	struct rig rig;

	(void)unused;
	starts_with_offer(&rig, 3);
	rig_start(&rig, 4);
	rig_wire_is(&rig, "MAP 0");
	rig_events_are(&rig, "NO_AREA TOO_SMALL");
	/* It offers the other one now, and the memory is there. */
	rig_start(&rig, 3);
	rig_wire_is(&rig, "START_OK 3; AMT_STATE 00000000; CSA");
	rig_events_are(&rig, "UP 3");
	rig_free(&rig);
	starts_with_offer(&rig, 4);
	rig_start(&rig, 3);
	rig_events_are(&rig, "NO_AREA BAD_LAYOUT");
	rig_free(&rig);
}

static void an_area_that_is_wrong_is_no_area(void **unused)
{
	const struct {
		uint32_t at, value;
		const char *event;
	} wrong[] = {
		{0, 0, "NO_AREA BAD_MAGIC"},	{167936, 1, "NO_AREA BAD_MAGIC"},
		{4, 63, "NO_AREA BAD_LAYOUT"},	{20, 2240, "NO_AREA BAD_LAYOUT"},
		{12, 32768, "NO_AREA CORRUPT"}, {16, 0xffffffff, "NO_AREA CORRUPT"},
		{40, 62720, "NO_AREA CORRUPT"}, {56, 70000, "NO_AREA CORRUPT"},
	};

	(void)unused;
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		struct rig rig;

		starts_with_offer(&rig, 4);
		test_put32(rig.memory + wrong[i].at, wrong[i].value);
		rig_start(&rig, 4);
		rig_wire_is(&rig, "MAP 0");
		rig_events_are(&rig, wrong[i].event);
		rig_ok(&rig, sap_csme_stop(&rig.csme, rig.now));
		rig_wire_is(&rig, "DISCONNECT; UNMAP");
		rig_events_are(&rig, "DOWN OK");
		rig_free(&rig);
	}
}

static void mapping_may_take_several_tries(void **unused)
{
	struct rig rig;

	(void)unused;
	starts_with_offer(&rig, 4);
	rig_answer(&rig, SAP_IO_MAP, SAP_AGAIN, 2);
	rig_start(&rig, 4);
	rig_wait(&rig, 20);
	rig_wire_is(&rig, "MAP 0=AGAIN x2; MAP 0; START_OK 4; AMT_STATE 00000000; CSA");
	rig_free(&rig);
}

/* --- out of place --- */

static void bad_me_messages_are_refused_and_counted(void **unused)
{
	uint8_t host_start[88] = {1, 0, 0, 0, 1, 0, 0, 0, 88};
	const uint8_t start_ok[20] = {2, 0, 0, 0, 1, 0, 0, 0, 20, 0, 0, 0, 0, 0, 0, 0, 4};
	struct rig rig;

	(void)unused;
	host_start[24] = 4;
	rig_csme(&rig, NULL);
	rig_offer(&rig, sap_layout_of(4));
	assert_status(rig_me(&rig, host_start, 88), SAP_WRONG_STATE);
	start(&rig);
	for (size_t len = 0; len < 88; len++)
		assert_status(rig_me(&rig, host_start, len), SAP_TOO_SHORT);
	assert_status(rig_me(&rig, start_ok, 20), SAP_WRONG_STATE);
	assert_int_equal(rig_counters(&rig)->me_refused, 90);
	assert_status(rig_me(&rig, host_start, 88), SAP_OK);
	rig_events_are(&rig, "UP 4");
	/* A second one would misplace nothing, and is not taken. */
	assert_status(rig_me(&rig, host_start, 88), SAP_WRONG_STATE);
	rig_events_are(&rig, "");
	assert_int_equal(rig_counters(&rig)->me_refused, 91);
	assert_status(sap_csme_me_input(&rig.csme, NULL, 88, rig.now), SAP_INVALID);
	rig_free(&rig);
}

static void a_csa_of_88_bytes_with_length_0_is_one(void **unused)
{
	struct test_bytes csa = test_capture("v4-me-msg-csa-00.bin");
	struct rig rig;

	(void)unused;
	rig_csme(&rig, NULL);
	rig_up(&rig);
	rig_say0(&rig, SAP_WIFIDR_UP);
	assert_status(rig_me(&rig, csa.bytes, csa.len), SAP_OK);
	rig_events_are(&rig, "DRIVER on");
	rig_free(&rig);
	test_bytes_free(&csa);
}

/* The driver may ring before START_OK is known to be out. */
static void a_doorbell_while_start_ok_is_under_way_is_kept(void **unused)
{
	struct rig rig;

	(void)unused;
	starts_with_offer(&rig, 4);
	rig_hold(&rig, SAP_IO_SEND);
	rig_start(&rig, 4);
	rig_tell0(&rig, SAP_WIFIDR_UP);
	rig_events_are(&rig, "");
	rig_finish(&rig, SAP_OK);
	rig_events_are(&rig, "UP 4; DRIVER on");
	rig_free(&rig);
}

/* --- its end, in each phase --- */

static void bring(struct rig *rig, unsigned stage)
{
	static const enum sap_io_op held[] = {SAP_IO_CONNECT, SAP_IO_NONE, SAP_IO_MAP, SAP_IO_SEND};

	rig_csme(rig, NULL);
	rig_offer(rig, sap_layout_of(4));
	if (stage < 4)
		rig_hold(rig, held[stage]);
	start(rig);
	if (stage >= 2)
		rig_start(rig, 4);
	if (stage >= 5)
		rig_ok(rig, sap_csme_set_amt(&rig->csme, true, rig->now));
	memset(&rig->wire, 0, sizeof(rig->wire));
	memset(&rig->events, 0, sizeof(rig->events));
}

static void finish(struct rig *rig)
{
	rig_settle(rig);
	if (rig->held.op != SAP_IO_NONE)
		rig_finish(rig, rig->held.op == SAP_IO_SEND ? SAP_CLOSED : SAP_OK);
}

static void closed_in_each_phase_ends_down_and_starts_anew(void **unused)
{
	(void)unused;
	for (unsigned stage = 0; stage <= 5; stage++) {
		struct rig rig;

		bring(&rig, stage);
		rig_closed(&rig, SAP_CLOSED);
		finish(&rig);
		assert_int_equal(rig.n_events[SAP_CSME_DOWN], 1);
		assert_string_equal(rig.events.text + rig.events.len - 11, "DOWN CLOSED");
		rig_wait(&rig, 3000);
		is_down(&rig);
		rig_offer(&rig, sap_layout_of(3));
		rig_up(&rig);
		rig_free(&rig);
	}
}

static void stop_in_each_phase_ends_down_and_starts_anew(void **unused)
{
	(void)unused;
	for (unsigned stage = 0; stage <= 5; stage++) {
		struct rig rig;

		bring(&rig, stage);
		assert_status(sap_csme_start(&rig.csme, rig.now), SAP_WRONG_STATE);
		rig_ok(&rig, sap_csme_stop(&rig.csme, rig.now));
		finish(&rig);
		assert_int_equal(rig.n_events[SAP_CSME_DOWN], 1);
		assert_string_equal(rig.events.text + rig.events.len - 7, "DOWN OK");
		assert_status(sap_csme_stop(&rig.csme, rig.now), SAP_WRONG_STATE);
		rig_wait(&rig, 3000);
		is_down(&rig);
		rig_offer(&rig, sap_layout_of(4));
		rig_up(&rig);
		rig_free(&rig);
	}
}

static void late_results_leak_nothing(void **unused)
{
	struct rig rig;

	(void)unused;
	bring(&rig, 0);
	rig_closed(&rig, SAP_IO);
	rig_finish(&rig, SAP_OK);
	rig_wire_is(&rig, "DISCONNECT");
	rig_events_are(&rig, "DOWN IO");
	rig_free(&rig);
	bring(&rig, 2);
	rig_closed(&rig, SAP_IO);
	rig_wire_is(&rig, "");
	rig_finish(&rig, SAP_OK);
	rig_wire_is(&rig, "DISCONNECT; UNMAP");
	rig_events_are(&rig, "DOWN IO");
	rig_free(&rig);
	bring(&rig, 3);
	rig_closed(&rig, SAP_IO);
	rig_wire_is(&rig, "DISCONNECT");
	rig_finish(&rig, SAP_CLOSED);
	rig_wire_is(&rig, "UNMAP");
	rig_free(&rig);
}

static void failures_of_the_transport_end_it(void **unused)
{
	struct rig rig;

	(void)unused;
	rig_csme(&rig, NULL);
	rig_offer(&rig, sap_layout_of(4));
	rig_answer(&rig, SAP_IO_CONNECT, SAP_IO, 1);
	start(&rig);
	rig_events_are(&rig, "DOWN IO");
	start(&rig);
	rig_answer(&rig, SAP_IO_MAP, SAP_CLOSED, 1);
	rig_start(&rig, 4);
	rig_events_are(&rig, "DOWN CLOSED");
	start(&rig);
	rig_answer(&rig, SAP_IO_SEND, SAP_TOO_LONG, 1);
	rig_start(&rig, 4);
	rig_events_are(&rig, "DOWN UNSUPPORTED");
	is_down(&rig);
	rig_free(&rig);
}

/* CSME's sequence numbers go on over connections (section 10), its ME messages' do not. */
static void sequence_numbers_go_on_over_connections(void **unused)
{
	struct rig rig;

	(void)unused;
	rig_csme(&rig, NULL);
	rig_up(&rig);
	assert_int_equal(test_get32(rig.last + 4), 1);
	rig_closed(&rig, SAP_CLOSED);
	rig_up(&rig);
	assert_int_equal(test_get32(rig.last + 4), 2);
	assert_int_equal(test_get32(rig.me + 4), 2);
	rig_free(&rig);
}

static void init_looks_at_what_it_is_given(void **unused)
{
	struct sap_csme_config good, bad;
	struct sap_csme csme;

	(void)unused;
	memset(&good, 0xff, sizeof(good));
	sap_csme_config_default(&good);
	assert_int_equal(good.take_ms, 2000);
	assert_int_equal(good.loss_ms, 2000);
	assert_int_equal(good.link_ms, 3000);
	assert_int_equal(good.keep_ms, 60000);
	assert_int_equal(good.link.throttle_ms, 100);
	assert_status(sap_csme_init(NULL, sizeof(csme), &good, 0), SAP_INVALID);
	assert_status(sap_csme_init(&csme, sizeof(csme), NULL, 0), SAP_INVALID);
	assert_status(sap_csme_init(&csme, sizeof(csme) - 1, &good, 0), SAP_TOO_SMALL);
	bad = good;
	bad.link.layouts[0] = NULL;
	assert_status(sap_csme_init(&csme, sizeof(csme), &bad, 0), SAP_BAD_VALUE);
	assert_status(sap_csme_io_done(&csme, NULL, SAP_OK, 0), SAP_INVALID);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_captured_starts_are_answered),
		cmocka_unit_test(start_ok_comes_before_any_doorbell),
		cmocka_unit_test(nothing_is_mapped_before_start),
		cmocka_unit_test(a_host_is_waited_for),
		cmocka_unit_test(the_newest_version_that_fits_is_taken),
		cmocka_unit_test(nothing_mapped_is_no_area),
		cmocka_unit_test(an_area_of_another_version_is_no_area),
		cmocka_unit_test(an_area_that_is_wrong_is_no_area),
		cmocka_unit_test(mapping_may_take_several_tries),
		cmocka_unit_test(bad_me_messages_are_refused_and_counted),
		cmocka_unit_test(a_csa_of_88_bytes_with_length_0_is_one),
		cmocka_unit_test(a_doorbell_while_start_ok_is_under_way_is_kept),
		cmocka_unit_test(closed_in_each_phase_ends_down_and_starts_anew),
		cmocka_unit_test(stop_in_each_phase_ends_down_and_starts_anew),
		cmocka_unit_test(late_results_leak_nothing),
		cmocka_unit_test(failures_of_the_transport_end_it),
		cmocka_unit_test(sequence_numbers_go_on_over_connections),
		cmocka_unit_test(init_looks_at_what_it_is_given),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
