// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
/* The host's connection: mapping, handshake, its end in every phase. docs/protocol/sap.md sections 2 and 3. */
#include "rig.h"

#define V4 "MAP 172032"
#define V3 "MAP 139264"

static void start(struct rig *rig)
{
	rig_ok(rig, sap_host_start(&rig->host, rig->now));
}

/* A CSA that anybody may send at any time. */
static enum sap_status bell(struct rig *rig)
{
	static const uint8_t csa[12] = {3, 0, 0, 0, 9, 0, 0, 0, 12};

	return rig_me(rig, csa, sizeof(csa));
}

static void is_down(struct rig *rig)
{
	struct sap_io io;

	assert_false(rig->mapping || rig->connecting || rig->lane.open);
	assert_false(sap_host_next_io(&rig->host, &io));
	assert_true(sap_host_deadline(&rig->host) == SAP_NEVER);
	rig_state_is(rig, "door", SAP_OWNER_UNKNOWN);
}

/* --- choosing the version --- */

static void start_is_the_drivers_byte_for_byte(uint8_t version, const char *capture, unsigned refused)
{
	struct test_bytes theirs = test_capture(capture);
	struct rig rig;

	rig_host(&rig, NULL);
	rig_answer(&rig, SAP_IO_MAP, SAP_IO, refused);
	start(&rig);
	assert_int_equal(rig.me_len, theirs.len);
	/* The sequence number apart: theirs goes on over connections. */
	memcpy(theirs.bytes + 4, rig.me + 4, 4);
	assert_memory_equal(rig.me, theirs.bytes, theirs.len);
	rig_start_ok(&rig, version);
	assert_int_equal(rig.host.state.link.phase, SAP_PHASE_UP);
	rig_free(&rig);
	test_bytes_free(&theirs);
}

static void start_is_that_of_the_linux_driver(void **unused)
{
	(void)unused;
	start_is_the_drivers_byte_for_byte(4, "v4-me-msg-start.bin", 0);
	start_is_the_drivers_byte_for_byte(3, "v3-me-msg-start.bin", 1);
}

static void version_4_is_tried_first(void **unused)
{
	struct rig rig;

	(void)unused;
	rig_host(&rig, NULL);
	start(&rig);
	rig_wire_is(&rig, V4 "; CONNECT; START 4");
	rig_events_are(&rig, "");
	rig_start_ok(&rig, 4);
	rig_wire_is(&rig, "");
	rig_events_are(&rig, "UP 4");
	rig_state_is(&rig, "door", SAP_OWNER_UNKNOWN);
	rig_free(&rig);
}

/* The area that the engine makes is the one that the driver makes. */
static void area_is_that_of_the_linux_driver(const char *capture, unsigned refused)
{
	struct test_bytes theirs = test_capture(capture);
	struct rig rig;

	rig_host(&rig, NULL);
	rig_answer(&rig, SAP_IO_MAP, SAP_IO, refused);
	start(&rig);
	assert_int_equal(rig.area.size, theirs.len);
	assert_memory_equal(rig.memory, theirs.bytes, theirs.len);
	rig_free(&rig);
	test_bytes_free(&theirs);
}

static void areas_are_those_of_the_linux_driver(void **unused)
{
	(void)unused;
	area_is_that_of_the_linux_driver("v4-shm-at-start.bin", 0);
	area_is_that_of_the_linux_driver("v3-shm-at-start.bin", 1);
}

static void a_passing_failure_of_4_settles_on_3(void **unused)
{
	struct rig rig;

	(void)unused;
	rig_host(&rig, NULL);
	rig_answer(&rig, SAP_IO_MAP, SAP_IO, 1);
	start(&rig);
	rig_wire_is(&rig, V4 "=IO; " V3 "; CONNECT; START 3");
	rig_start_ok(&rig, 3);
	rig_events_are(&rig, "UP 3");
	rig_free(&rig);
}

static void mapping_is_tried_three_times_100_ms_apart(void **unused)
{
	struct rig rig;

	(void)unused;
	rig_host(&rig, NULL);
	rig_answer(&rig, SAP_IO_MAP, SAP_IO, 6);
	start(&rig);
	rig_wire_is(&rig, V4 "=IO; " V3 "=IO");
	rig_wait(&rig, 99);
	rig_wire_is(&rig, "");
	rig_wait(&rig, 1);
	rig_wire_is(&rig, V4 "=IO; " V3 "=IO");
	rig_events_are(&rig, "");
	rig_wait(&rig, 99);
	rig_wire_is(&rig, "");
	rig_wait(&rig, 1);
	rig_wire_is(&rig, V4 "=IO; " V3 "=IO");
	rig_events_are(&rig, "DOWN IO");
	rig_wait(&rig, 100000);
	rig_wire_is(&rig, "");
	is_down(&rig);
	rig_free(&rig);
}

static void the_third_try_may_succeed(void **unused)
{
	struct rig rig;

	(void)unused;
	rig_host(&rig, NULL);
	rig_answer(&rig, SAP_IO_MAP, SAP_IO, 5);
	start(&rig);
	rig_wait(&rig, 200);
	rig_wire_is(&rig, V4 "=IO; " V3 "=IO; " V4 "=IO; " V3 "=IO; " V4 "=IO; " V3 "; CONNECT; START 3");
	rig_free(&rig);
}

static void unsupported_ends_the_attempts(void **unused)
{
	struct rig rig;

	(void)unused;
	rig_host(&rig, NULL);
	rig_answer(&rig, SAP_IO_MAP, SAP_UNSUPPORTED, 1);
	start(&rig);
	rig_wire_is(&rig, V4 "=UNSUPPORTED");
	rig_events_are(&rig, "DOWN UNSUPPORTED");
	rig_wait(&rig, 10000);
	rig_wire_is(&rig, "");
	rig_free(&rig);
}

static void one_layout_alone_is_tried_alone(void **unused)
{
	struct sap_host_config config;
	struct rig rig;

	(void)unused;
	sap_host_config_default(&config);
	config.link.layouts[0] = sap_layout_of(3);
	config.link.layouts[1] = NULL;
	config.link.map_tries = 2;
	config.link.map_ms = 7;
	rig_host(&rig, &config);
	rig_answer(&rig, SAP_IO_MAP, SAP_IO, 2);
	start(&rig);
	rig_wait(&rig, 6);
	rig_wire_is(&rig, V3 "=IO");
	rig_wait(&rig, 1);
	rig_wire_is(&rig, V3 "=IO");
	rig_events_are(&rig, "DOWN IO");
	rig_free(&rig);
}

static void a_probe_starts_without_an_area(void **unused)
{
	struct sap_host_config config;
	struct rig rig;

	(void)unused;
	sap_host_config_default(&config);
	config.probe = true;
	rig_host(&rig, &config);
	rig_answer(&rig, SAP_IO_MAP, SAP_UNSUPPORTED, 1);
	start(&rig);
	rig_wire_is(&rig, V4 "=UNSUPPORTED; CONNECT; START 0");
	rig_wait(&rig, 2000);
	rig_wire_is(&rig, "DISCONNECT");
	rig_events_are(&rig, "DOWN IO");
	/* An answer to it makes no connection: there is nothing to talk over. */
	rig_answer(&rig, SAP_IO_MAP, SAP_UNSUPPORTED, 1);
	start(&rig);
	rig_start_ok(&rig, 4);
	rig_wire_is(&rig, V4 "=UNSUPPORTED; CONNECT; START 0; DISCONNECT");
	rig_events_are(&rig, "DOWN BAD_VERSION");
	rig_free(&rig);
}

/* --- again --- */

static void again_is_offered_again_at_the_deadline(void **unused)
{
	struct rig rig;

	(void)unused;
	rig_host(&rig, NULL);
	rig_answer(&rig, SAP_IO_MAP, SAP_AGAIN, 1);
	rig_answer(&rig, SAP_IO_CONNECT, SAP_AGAIN, 2);
	rig_answer(&rig, SAP_IO_SEND, SAP_AGAIN, 1);
	start(&rig);
	rig_wire_is(&rig, V4 "=AGAIN");
	assert_true(rig_deadline(&rig) == rig.now + 10);
	rig_wait(&rig, 9);
	rig_wire_is(&rig, "");
	rig_wait(&rig, 1);
	rig_wire_is(&rig, V4 "; CONNECT=AGAIN");
	rig_wait(&rig, 10);
	rig_wire_is(&rig, "CONNECT=AGAIN");
	rig_wait(&rig, 10);
	rig_wire_is(&rig, "CONNECT; SEND=AGAIN");
	rig_wait(&rig, 10);
	rig_wire_is(&rig, "START 4");
	/* The 2 s count from START, not from the first try. */
	rig_wait(&rig, 1999);
	rig_events_are(&rig, "");
	rig_wait(&rig, 1);
	rig_events_are(&rig, "DOWN IO");
	rig_free(&rig);
}

/* Who is told that it can be done now says so; a map that failed is not what was waited for. */
static void again_is_offered_again_as_it_is_said(void **unused)
{
	struct sap_host_config config;
	struct rig rig;

	(void)unused;
	sap_host_config_default(&config);
	config.link.again_ms = 3600000;
	rig_host(&rig, &config);
	rig_answer(&rig, SAP_IO_MAP, SAP_IO, 2);
	rig_answer(&rig, SAP_IO_CONNECT, SAP_AGAIN, 1);
	start(&rig);
	rig_wire_is(&rig, V4 "=IO; " V3 "=IO");
	sap_host_retry(&rig.host, rig.now);
	rig_settle(&rig);
	rig_wire_is(&rig, "");
	assert_true(rig_deadline(&rig) == rig.now + 100);
	rig_wait(&rig, 100);
	rig_wire_is(&rig, V4 "; CONNECT=AGAIN");
	rig_wait(&rig, 1000000);
	rig_wire_is(&rig, "");
	rig.now += 5;
	sap_host_retry(&rig.host, rig.now);
	assert_true(rig_deadline(&rig) == rig.now);
	rig_settle(&rig);
	rig_wire_is(&rig, "CONNECT; START 4");
	sap_host_retry(&rig.host, rig.now);
	assert_true(rig_deadline(&rig) == rig.now + 2000);
	rig_free(&rig);
}

static void a_doorbell_that_said_again_rings_later(void **unused)
{
	struct rig rig;

	(void)unused;
	rig_host(&rig, NULL);
	rig_up(&rig);
	rig_answer(&rig, SAP_IO_SEND, SAP_AGAIN, 2);
	rig_ok(&rig, sap_host_ping(&rig.host, rig.now));
	rig_wire_is(&rig, "PING; SEND=AGAIN");
	rig_wait(&rig, 10);
	rig_wire_is(&rig, "SEND=AGAIN");
	rig_wait(&rig, 10);
	rig_wire_is(&rig, "CSA");
	assert_int_equal(rig_counters(&rig)->doorbells, 1);
	rig_free(&rig);
}

static void giving_back_may_take_several_tries(void **unused)
{
	struct rig rig;

	(void)unused;
	rig_host(&rig, NULL);
	rig_up(&rig);
	rig_answer(&rig, SAP_IO_DISCONNECT, SAP_AGAIN, 2);
	rig_answer(&rig, SAP_IO_UNMAP, SAP_AGAIN, 1);
	rig_closed(&rig, SAP_CLOSED);
	rig_wait(&rig, 20);
	rig_wire_is(&rig, "DISCONNECT=AGAIN x2; DISCONNECT; UNMAP=AGAIN");
	rig_free(&rig);
}

/* --- START_OK --- */

static void start_ok_that_never_comes_is_given_up_after_2_s(void **unused)
{
	struct rig rig;
	struct sap_why why;

	(void)unused;
	rig_host(&rig, NULL);
	start(&rig);
	rig_wait(&rig, 1999);
	rig_wire_is(&rig, V4 "; CONNECT; START 4");
	rig_events_are(&rig, "");
	sap_host_why(&rig.host, &why);
	assert_int_equal(why.phase, SAP_PHASE_STARTING);
	rig_wait(&rig, 1);
	rig_wire_is(&rig, "DISCONNECT; UNMAP");
	rig_events_are(&rig, "DOWN IO");
	is_down(&rig);
	rig_free(&rig);
}

static void start_ok_of_another_version_is_not_taken(void **unused)
{
	const uint8_t wrong[] = {3, 5, 0, 255};

	(void)unused;
	for (size_t i = 0; i < sizeof(wrong); i++) {
		struct rig rig;

		rig_host(&rig, NULL);
		start(&rig);
		rig_start_ok(&rig, wrong[i]);
		rig_wire_is(&rig, V4 "; CONNECT; START 4; DISCONNECT; UNMAP");
		rig_events_are(&rig, "DOWN BAD_VERSION");
		rig_free(&rig);
	}
}

static void start_ok_may_come_before_the_sends_result(void **unused)
{
	struct rig rig;

	(void)unused;
	rig_host(&rig, NULL);
	rig_hold(&rig, SAP_IO_SEND);
	start(&rig);
	rig_wire_is(&rig, V4 "; CONNECT; SEND...");
	rig_start_ok(&rig, 4);
	rig_events_are(&rig, "UP 4");
	rig_finish(&rig, SAP_OK);
	rig_wait(&rig, 5000);
	rig_events_are(&rig, "");
	/* And all goes on. */
	rig_ok(&rig, sap_host_ping(&rig.host, rig.now));
	rig_wire_is(&rig, "PING; CSA");
	rig_free(&rig);
}

static void start_ok_is_awaited_once_and_only_after_start(void **unused)
{
	const uint8_t start_ok[20] = {2, 0, 0, 0, 1, 0, 0, 0, 20, 0, 0, 0, 0, 0, 0, 0, 4};
	struct rig rig;

	(void)unused;
	rig_host(&rig, NULL);
	assert_status(rig_me(&rig, start_ok, 20), SAP_WRONG_STATE);
	rig_hold(&rig, SAP_IO_CONNECT);
	start(&rig);
	assert_status(rig_me(&rig, start_ok, 20), SAP_WRONG_STATE);
	rig_finish(&rig, SAP_OK);
	assert_status(rig_me(&rig, start_ok, 20), SAP_OK);
	assert_status(rig_me(&rig, start_ok, 20), SAP_WRONG_STATE);
	rig_events_are(&rig, "UP 4");
	assert_int_equal(rig_counters(&rig)->me_refused, 3);
	assert_int_equal(rig_counters(&rig)->me_received, 4);
	rig_free(&rig);
}

/* A CSME of the kind that section 2 warns of: AMT_STATE and its doorbell come before START_OK. */
static void a_doorbell_before_start_ok_is_not_forgotten(void **unused)
{
	struct rig rig;

	(void)unused;
	rig_host(&rig, NULL);
	start(&rig);
	rig_tell32(&rig, SAP_AMT_STATE, 1);
	rig_events_are(&rig, "");
	rig_wire_is(&rig, V4 "; CONNECT; START 4");
	rig_start_ok(&rig, 4);
	rig_events_are(&rig, "UP 4; AMT on");
	rig_wire_is(&rig, "WHO_OWNS_NIC; COUNTRY_CODE 0000000000000000; RADIO_STATE 03000000; CSA");
	/* Later repeats change nothing. */
	rig_tell32(&rig, SAP_AMT_STATE, 1);
	rig_tell32(&rig, SAP_AMT_STATE, 77);
	rig_wait(&rig, 1000);
	rig_events_are(&rig, "");
	rig_wire_is(&rig, "");
	rig_free(&rig);
}

/* --- bad ME messages --- */

static void bad_me_messages_are_refused_and_counted(void **unused)
{
	struct test_bytes start_of_host = test_capture("v4-me-msg-start.bin");
	const uint8_t unknown[12] = {9, 0, 0, 0, 1, 0, 0, 0, 12};
	uint8_t start_ok[20] = {2, 0, 0, 0, 1, 0, 0, 0, 20, 0, 0, 0, 0, 0, 0, 0, 4};
	struct rig rig;

	(void)unused;
	rig_host(&rig, NULL);
	start(&rig);
	for (size_t len = 0; len < 20; len++)
		assert_status(rig_me(&rig, start_ok, len), SAP_TOO_SHORT);
	assert_status(rig_me(&rig, unknown, 12), SAP_UNKNOWN_TYPE);
	assert_status(rig_me(&rig, start_of_host.bytes, start_of_host.len), SAP_WRONG_STATE);
	assert_status(sap_host_me_input(&rig.host, NULL, 20, rig.now), SAP_INVALID);
	assert_int_equal(rig_counters(&rig)->me_received, 22);
	assert_int_equal(rig_counters(&rig)->me_refused, 22);
	assert_int_equal(rig.host.state.link.phase, SAP_PHASE_STARTING);
	/* One that is longer, as the driver sends them, is good. */
	assert_status(rig_me(&rig, start_ok, 20), SAP_OK);
	rig_events_are(&rig, "UP 4");
	rig_free(&rig);
	test_bytes_free(&start_of_host);
}

static void a_csa_of_88_bytes_with_length_0_is_one(void **unused)
{
	struct test_bytes csa = test_capture("v4-me-msg-csa-00.bin");
	struct rig rig;

	(void)unused;
	rig_host(&rig, NULL);
	rig_up(&rig);
	rig_say32(&rig, SAP_AMT_STATE, 1);
	assert_status(rig_me(&rig, csa.bytes, csa.len), SAP_OK);
	rig_events_are(&rig, "AMT on");
	rig_free(&rig);
	test_bytes_free(&csa);
}

/* --- failures of the transport --- */

static void a_connection_that_fails_gives_the_memory_back(void **unused)
{
	const enum sap_status failures[] = {SAP_IO, SAP_BUSY, SAP_UNSUPPORTED, SAP_CLOSED};

	(void)unused;
	for (size_t i = 0; i < sizeof(failures) / sizeof(failures[0]); i++) {
		struct rig rig;
		char text[32];

		rig_host(&rig, NULL);
		rig_answer(&rig, SAP_IO_CONNECT, failures[i], 1);
		start(&rig);
		snprintf(text, sizeof(text), "DOWN %s", sap_status_name(failures[i]));
		rig_events_are(&rig, text);
		assert_false(rig.mapped);
		is_down(&rig);
		rig_free(&rig);
	}
}

static void a_send_that_fails_ends_the_connection(void **unused)
{
	const struct {
		enum sap_status status;
		const char *event;
	} failures[] = {{SAP_IO, "DOWN IO"}, {SAP_CLOSED, "DOWN CLOSED"}, {SAP_TOO_LONG, "DOWN UNSUPPORTED"}};

	(void)unused;
	for (size_t i = 0; i < 3; i++) {
		struct rig rig;

		rig_host(&rig, NULL);
		rig_answer(&rig, SAP_IO_SEND, failures[i].status, 1);
		start(&rig);
		rig_events_are(&rig, failures[i].event);
		is_down(&rig);
		rig_up(&rig);
		rig_answer(&rig, SAP_IO_SEND, failures[i].status, 1);
		rig_ok(&rig, sap_host_ping(&rig.host, rig.now));
		rig_events_are(&rig, failures[i].event);
		is_down(&rig);
		rig_free(&rig);
	}
}

static void a_map_that_closed_ends_it(void **unused)
{
	struct rig rig;

	(void)unused;
	rig_host(&rig, NULL);
	rig_answer(&rig, SAP_IO_MAP, SAP_CLOSED, 1);
	start(&rig);
	rig_wire_is(&rig, V4 "=CLOSED");
	rig_events_are(&rig, "DOWN CLOSED");
	rig_free(&rig);
}

/* Memory of fewer bytes than were asked for is of no use, and given back. */
static void memory_that_is_too_small_is_given_back(void **unused)
{
	struct sap_io io;
	struct rig rig;

	(void)unused;
	rig_host(&rig, NULL);
	assert_status(sap_host_start(&rig.host, rig.now), SAP_OK);
	assert_true(sap_host_next_io(&rig.host, &io));
	assert_int_equal(io.op, SAP_IO_MAP);
	rig.memory = malloc(100000);
	rig.mapped = rig.mapping = true;
	io.mem = (struct sap_mem){rig.memory, 100000};
	assert_status(sap_host_io_done(&rig.host, &io, SAP_OK, rig.now), SAP_OK);
	rig_settle(&rig);
	rig_wire_is(&rig, "UNMAP");
	rig_events_are(&rig, "DOWN TOO_SMALL");
	rig_free(&rig);
}

/* --- late results --- */

static void a_late_map_that_succeeded_is_unmapped(void **unused)
{
	struct rig rig;

	(void)unused;
	rig_host(&rig, NULL);
	rig_hold(&rig, SAP_IO_MAP);
	start(&rig);
	rig_ok(&rig, sap_host_stop(&rig.host, rig.now));
	rig_wire_is(&rig, V4 "...");
	rig_events_are(&rig, "");
	rig_finish(&rig, SAP_OK);
	rig_wire_is(&rig, "UNMAP");
	rig_events_are(&rig, "DOWN OK");
	/* One that failed leaves nothing to do. */
	rig_hold(&rig, SAP_IO_MAP);
	start(&rig);
	rig_closed(&rig, SAP_IO);
	rig_finish(&rig, SAP_IO);
	rig_wire_is(&rig, V4 "...");
	rig_events_are(&rig, "DOWN IO");
	rig_free(&rig);
}

static void a_late_connection_is_disconnected(void **unused)
{
	struct rig rig;

	(void)unused;
	rig_host(&rig, NULL);
	rig_hold(&rig, SAP_IO_CONNECT);
	start(&rig);
	rig_closed(&rig, SAP_CLOSED);
	rig_events_are(&rig, "");
	rig_finish(&rig, SAP_OK);
	rig_wire_is(&rig, V4 "; CONNECT...; DISCONNECT; UNMAP");
	rig_events_are(&rig, "DOWN CLOSED");
	rig_free(&rig);
}

static void a_lane_that_opened_late_is_closed(void **unused)
{
	struct rig rig;

	(void)unused;
	rig_host(&rig, NULL);
	rig_up(&rig);
	rig_hold(&rig, SAP_IO_LANE);
	rig_say32(&rig, SAP_AMT_STATE, 1);
	rig_tell32(&rig, SAP_NIC_OWNER, SAP_OWNER_HOST);
	memset(&rig.wire, 0, sizeof(rig.wire));
	rig_closed(&rig, SAP_CLOSED);
	rig_wire_is(&rig, "");
	rig_finish(&rig, SAP_OK);
	rig_wire_is(&rig, "LANE close; DISCONNECT; UNMAP");
	rig_free(&rig);
}

/* A send may sleep; a disconnect ends it. */
static void disconnect_overtakes_send(void **unused)
{
	struct rig rig;

	(void)unused;
	rig_host(&rig, NULL);
	rig_up(&rig);
	rig_hold(&rig, SAP_IO_SEND);
	rig_ok(&rig, sap_host_ping(&rig.host, rig.now));
	rig_closed(&rig, SAP_CLOSED);
	/* The memory stays until the send came back. */
	rig_wire_is(&rig, "PING; SEND...; DISCONNECT");
	rig_events_are(&rig, "");
	rig_finish(&rig, SAP_CLOSED);
	rig_wire_is(&rig, "UNMAP");
	rig_events_are(&rig, "DOWN CLOSED");
	assert_int_equal(rig_counters(&rig)->doorbells, 0);
	rig_free(&rig);
}

static void the_overtaken_send_may_come_back_first(void **unused)
{
	struct sap_io disconnect;
	struct rig rig;

	(void)unused;
	rig_host(&rig, NULL);
	rig_up(&rig);
	rig_hold(&rig, SAP_IO_SEND);
	rig_ok(&rig, sap_host_ping(&rig.host, rig.now));
	sap_host_closed(&rig.host, SAP_CLOSED, rig.now);
	assert_true(sap_host_next_io(&rig.host, &disconnect));
	assert_int_equal(disconnect.op, SAP_IO_DISCONNECT);
	assert_status(sap_host_io_done(&rig.host, &rig.held, SAP_CLOSED, rig.now), SAP_OK);
	rig.held.op = SAP_IO_NONE;
	rig_settle(&rig);
	rig_events_are(&rig, "");
	rig.connected = rig.connecting = false;
	assert_status(sap_host_io_done(&rig.host, &disconnect, SAP_OK, rig.now), SAP_OK);
	rig_settle(&rig);
	rig_wire_is(&rig, "PING; SEND...; UNMAP");
	rig_events_are(&rig, "DOWN CLOSED");
	rig_free(&rig);
}

static void results_of_another_time_have_no_effect(void **unused)
{
	struct sap_io old;
	struct rig rig;

	(void)unused;
	rig_host(&rig, NULL);
	rig_hold(&rig, SAP_IO_CONNECT);
	start(&rig);
	old = rig.held;
	rig_finish(&rig, SAP_IO);
	rig_events_are(&rig, "DOWN IO");
	rig_hold(&rig, SAP_IO_CONNECT);
	start(&rig);
	assert_int_not_equal(old.generation, rig.held.generation);
	assert_status(sap_host_io_done(&rig.host, &old, SAP_OK, rig.now), SAP_OK);
	assert_int_equal(rig_counters(&rig)->late_io, 1);
	assert_false(rig.host.state.link.connected);
	/* Nor has one that was not asked for, or no request at all. */
	old = rig.held;
	old.op = SAP_IO_UNMAP;
	assert_status(sap_host_io_done(&rig.host, &old, SAP_OK, rig.now), SAP_OK);
	old.op = SAP_IO_NONE;
	assert_status(sap_host_io_done(&rig.host, &old, SAP_OK, rig.now), SAP_OK);
	assert_int_equal(rig_counters(&rig)->late_io, 3);
	assert_status(sap_host_io_done(&rig.host, NULL, SAP_OK, rig.now), SAP_INVALID);
	rig_finish(&rig, SAP_OK);
	rig_start_ok(&rig, 4);
	rig_events_are(&rig, "UP 4");
	rig_free(&rig);
}

/* --- its end, in each phase --- */

/* Brings a host so far; true if there is more to come. */
static bool bring(struct rig *rig, unsigned stage)
{
	static const enum sap_io_op held[] = {SAP_IO_MAP, SAP_IO_CONNECT, SAP_IO_SEND};

	rig_host(rig, NULL);
	if (stage < 3)
		rig_hold(rig, held[stage]);
	rig_ok(rig, sap_host_driver_up(&rig->host, rig->now));
	start(rig);
	if (stage >= 4)
		rig_start_ok(rig, 4);
	if (stage >= 5)
		rig_tell32(rig, SAP_AMT_STATE, 1);
	if (stage >= 6)
		rig_tell32(rig, SAP_NIC_OWNER, stage == 6 ? SAP_OWNER_CSME : SAP_OWNER_HOST);
	if (stage == 8) {
		rig->deaf = true;
		rig_ok(rig, sap_host_stop(&rig->host, rig->now));
		assert_int_equal(rig->host.state.link.phase, SAP_PHASE_DRAINING);
	}
	memset(&rig->wire, 0, sizeof(rig->wire));
	memset(&rig->events, 0, sizeof(rig->events));
	return stage < 8;
}

static void finish(struct rig *rig)
{
	if (rig->held.op != SAP_IO_NONE)
		rig_finish(rig, rig->held.op == SAP_IO_SEND ? SAP_CLOSED : SAP_OK);
}

static void closed_in_each_phase_ends_down_and_starts_anew(void **unused)
{
	bool more = true;

	(void)unused;
	for (unsigned stage = 0; more; stage++) {
		struct rig rig;

		more = bring(&rig, stage);
		rig_closed(&rig, SAP_CLOSED);
		assert_status(sap_host_start(&rig.host, rig.now),
			      rig.held.op == SAP_IO_NONE ? SAP_OK : SAP_WRONG_STATE);
		if (rig.held.op == SAP_IO_NONE)
			assert_status(sap_host_stop(&rig.host, rig.now), SAP_OK);
		finish(&rig);
		rig_settle(&rig);
		assert_int_equal(rig.n_events[SAP_HOST_DOWN], rig.host.state.link.generation);
		is_down(&rig);
		rig_up(&rig);
		rig_free(&rig);
	}
}

static void stop_in_each_phase_ends_down_and_starts_anew(void **unused)
{
	bool more = true;

	(void)unused;
	for (unsigned stage = 0; more; stage++) {
		struct rig rig;

		more = bring(&rig, stage);
		rig_call(&rig, sap_host_stop(&rig.host, rig.now), stage == 8 ? SAP_WRONG_STATE : SAP_OK);
		if (rig.host.state.link.phase != SAP_PHASE_DOWN)
			assert_status(sap_host_start(&rig.host, rig.now), SAP_WRONG_STATE);
		finish(&rig);
		rig_wait(&rig, 300);
		assert_string_equal(rig.events.text + (rig.events.len - 7), "DOWN OK");
		assert_int_equal(rig.n_events[SAP_HOST_DOWN], 1);
		is_down(&rig);
		assert_status(sap_host_stop(&rig.host, rig.now), SAP_WRONG_STATE);
		rig.deaf = false;
		rig_up(&rig);
		rig_free(&rig);
	}
}

/* A send that sleeps must not hold the end up for ever, with packets and without. */
static void stop_ends_in_bounded_time_although_a_send_sleeps(void **unused)
{
	(void)unused;
	for (unsigned owner = 0; owner < 2; owner++) {
		struct rig rig;

		rig_host(&rig, NULL);
		if (owner)
			rig_owner(&rig);
		else
			rig_guest(&rig);
		rig_hold(&rig, SAP_IO_SEND);
		rig_ok(&rig, sap_host_ping(&rig.host, rig.now));
		rig_ok(&rig, sap_host_stop(&rig.host, rig.now));
		rig_wait(&rig, 400);
		assert_false(rig.connected);
		rig_finish(&rig, SAP_CLOSED);
		is_down(&rig);
		rig_free(&rig);
	}
}

static void a_closed_connection_while_down_is_nothing(void **unused)
{
	struct rig rig;

	(void)unused;
	rig_host(&rig, NULL);
	rig_closed(&rig, SAP_CLOSED);
	rig_events_are(&rig, "");
	rig_up(&rig);
	/* Twice is once. */
	sap_host_closed(&rig.host, SAP_IO, rig.now);
	sap_host_closed(&rig.host, SAP_CLOSED, rig.now);
	rig_settle(&rig);
	rig_events_are(&rig, "DOWN IO");
	rig_free(&rig);
}

/* What was begun is ended too, though it never came about. */
static void what_said_again_is_given_up_as_well(void **unused)
{
	struct rig rig;

	(void)unused;
	rig_host(&rig, NULL);
	rig_answer(&rig, SAP_IO_MAP, SAP_AGAIN, 1);
	start(&rig);
	rig_ok(&rig, sap_host_stop(&rig.host, rig.now));
	rig_wire_is(&rig, V4 "=AGAIN; UNMAP");
	rig_answer(&rig, SAP_IO_CONNECT, SAP_AGAIN, 1);
	start(&rig);
	rig_ok(&rig, sap_host_stop(&rig.host, rig.now));
	rig_wire_is(&rig, V4 "; CONNECT=AGAIN; DISCONNECT; UNMAP");
	rig_events_are(&rig, "DOWN OK x2");
	rig_free(&rig);
}

static void each_connection_has_its_generation_and_counts_from_1(void **unused)
{
	struct rig rig;

	(void)unused;
	rig_host(&rig, NULL);
	for (uint32_t i = 1; i <= 3; i++) {
		rig_up(&rig);
		rig.expect_seq = 1;
		rig_ok(&rig, sap_host_ping(&rig.host, rig.now));
		rig_wire_is(&rig, "PING; CSA");
		assert_int_equal(test_get32(rig.me + 4), 2);
		assert_int_equal(rig.host.state.link.generation, i);
		rig_closed(&rig, SAP_CLOSED);
		is_down(&rig);
		rig_wait(&rig, 10000);
	}
	rig_free(&rig);
}

static void a_doorbell_out_of_place_is_refused(void **unused)
{
	struct rig rig;

	(void)unused;
	rig_host(&rig, NULL);
	assert_status(bell(&rig), SAP_WRONG_STATE);
	rig_up(&rig);
	assert_status(bell(&rig), SAP_OK);
	rig_closed(&rig, SAP_CLOSED);
	assert_status(bell(&rig), SAP_WRONG_STATE);
	rig_free(&rig);
}

/* --- usage --- */

static void init_looks_at_what_it_is_given(void **unused)
{
	struct sap_host_config good, bad;
	struct sap_host host;

	(void)unused;
	sap_host_config_default(&good);
	assert_status(sap_host_init(NULL, sizeof(host), &good, 0), SAP_INVALID);
	assert_status(sap_host_init(&host, sizeof(host), NULL, 0), SAP_INVALID);
	assert_status(sap_host_init(&host, sizeof(host) - 1, &good, 0), SAP_TOO_SMALL);
	assert_status(sap_host_init(&host, sizeof(host) + 1, &good, 0), SAP_TOO_SMALL);
#define BAD(member)                                                                        \
	do {                                                                               \
		bad = good;                                                                \
		bad.member = 0;                                                            \
		assert_status(sap_host_init(&host, sizeof(host), &bad, 0), SAP_BAD_VALUE); \
	} while (0)
	BAD(link.layouts[0]);
	BAD(link.map_tries);
	BAD(link.again_ms);
	BAD(link.owed_ms);
	BAD(pldr_tries);
	BAD(drain_ms);
#undef BAD
	assert_status(sap_host_init(&host, sizeof(host), &good, 0), SAP_OK);
}

static void defaults_are_those_of_the_protocol(void **unused)
{
	struct sap_host_config config;

	(void)unused;
	memset(&config, 0xff, sizeof(config));
	sap_host_config_default(&config);
	assert_ptr_equal(config.link.layouts[0], sap_layout_of(4));
	assert_ptr_equal(config.link.layouts[1], sap_layout_of(3));
	assert_int_equal(config.link.map_tries, 3);
	assert_int_equal(config.link.map_ms, 100);
	assert_int_equal(config.link.throttle_ms, 100);
	assert_int_equal(config.link.again_ms, 10);
	assert_int_equal(config.link.owed_ms, 20);
	assert_null(config.link.tap.see);
	assert_null(config.link.lane);
	assert_int_equal(config.start_ms, 2000);
	assert_int_equal(config.ask_ms, 500);
	assert_int_equal(config.reask_ms, 60000);
	assert_int_equal(config.nvm_ms, 2000);
	assert_int_equal(config.pldr_ms, 500);
	assert_int_equal(config.pldr_tries, 3);
	assert_int_equal(config.drain_ms, 20);
	assert_int_equal(config.drain_tries, 10);
	assert_false(config.probe);
}

static void start_is_for_an_engine_that_is_down(void **unused)
{
	struct rig rig;

	(void)unused;
	rig_host(&rig, NULL);
	assert_status(sap_host_start(&rig.host, rig.now), SAP_OK);
	assert_status(sap_host_start(&rig.host, rig.now), SAP_WRONG_STATE);
	rig_settle(&rig);
	assert_status(sap_host_start(&rig.host, rig.now), SAP_WRONG_STATE);
	rig_start_ok(&rig, 4);
	assert_status(sap_host_start(&rig.host, rig.now), SAP_WRONG_STATE);
	rig_free(&rig);
}

/* --- time --- */

static void time_going_backwards_is_no_time_passed(void **unused)
{
	struct rig rig;

	(void)unused;
	rig_host(&rig, NULL);
	start(&rig);
	rig_wait(&rig, 1500);
	sap_host_tick(&rig.host, 0);
	sap_host_tick(&rig.host, 500);
	assert_true(rig_deadline(&rig) == RIG_TIME + 2000);
	rig_wait(&rig, 499);
	rig_events_are(&rig, "");
	rig_wait(&rig, 1);
	rig_events_are(&rig, "DOWN IO");
	rig_free(&rig);
}

static void time_may_begin_anywhere(void **unused)
{
	struct sap_host_config config;
	struct sap_host host;
	struct sap_io io;

	(void)unused;
	sap_host_config_default(&config);
	assert_status(sap_host_init(&host, sizeof(host), &config, 1ull << 63), SAP_OK);
	assert_status(sap_host_start(&host, 1ull << 63), SAP_OK);
	assert_true(sap_host_next_io(&host, &io));
	assert_status(sap_host_io_done(&host, &io, SAP_AGAIN, (1ull << 63) + 5), SAP_OK);
	assert_true(sap_host_deadline(&host) == (1ull << 63) + 15);
}

/* Also where there is no memory to wait with. */
static void down_is_said_once_the_overtaken_send_is_back(void **unused)
{
	struct sap_host_config config;
	struct rig rig;

	(void)unused;
	sap_host_config_default(&config);
	config.probe = true;
	rig_host(&rig, &config);
	rig_answer(&rig, SAP_IO_MAP, SAP_UNSUPPORTED, 1);
	rig_hold(&rig, SAP_IO_SEND);
	start(&rig);
	rig_closed(&rig, SAP_CLOSED);
	rig_wire_is(&rig, V4 "=UNSUPPORTED; CONNECT; SEND...; DISCONNECT");
	rig_events_are(&rig, "");
	rig_finish(&rig, SAP_CLOSED);
	rig_events_are(&rig, "DOWN CLOSED");
	rig_free(&rig);
}

/* What is asked for at an earlier time is due as if it had been asked for now. */
static void nothing_is_due_earlier_for_a_clock_that_went_back(void **unused)
{
	struct sap_why why;
	struct rig rig;

	(void)unused;
	rig_host(&rig, NULL);
	rig_guest(&rig);
	rig_wait(&rig, 5000);
	rig_tick(&rig);
	assert_status(sap_host_own(&rig.host, 3), SAP_OK);
	sap_host_why(&rig.host, &why);
	assert_true(why.until == rig.now + 500);
	rig_free(&rig);
}

static void a_send_that_ends_by_itself_needs_not_be_overtaken(void **unused)
{
	struct rig rig;

	(void)unused;
	rig_host(&rig, NULL);
	rig_up(&rig);
	rig_hold(&rig, SAP_IO_SEND);
	rig_ok(&rig, sap_host_ping(&rig.host, rig.now));
	sap_host_closed(&rig.host, SAP_CLOSED, rig.now);
	rig_finish(&rig, SAP_OK);
	rig_wire_is(&rig, "PING; SEND...; DISCONNECT; UNMAP");
	rig_events_are(&rig, "DOWN CLOSED");
	assert_int_equal(rig_counters(&rig)->me_sent, 2);
	rig_free(&rig);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(start_is_that_of_the_linux_driver),
		cmocka_unit_test(version_4_is_tried_first),
		cmocka_unit_test(areas_are_those_of_the_linux_driver),
		cmocka_unit_test(a_passing_failure_of_4_settles_on_3),
		cmocka_unit_test(mapping_is_tried_three_times_100_ms_apart),
		cmocka_unit_test(the_third_try_may_succeed),
		cmocka_unit_test(unsupported_ends_the_attempts),
		cmocka_unit_test(one_layout_alone_is_tried_alone),
		cmocka_unit_test(a_probe_starts_without_an_area),
		cmocka_unit_test(again_is_offered_again_at_the_deadline),
		cmocka_unit_test(again_is_offered_again_as_it_is_said),
		cmocka_unit_test(a_doorbell_that_said_again_rings_later),
		cmocka_unit_test(giving_back_may_take_several_tries),
		cmocka_unit_test(start_ok_that_never_comes_is_given_up_after_2_s),
		cmocka_unit_test(start_ok_of_another_version_is_not_taken),
		cmocka_unit_test(start_ok_may_come_before_the_sends_result),
		cmocka_unit_test(start_ok_is_awaited_once_and_only_after_start),
		cmocka_unit_test(a_doorbell_before_start_ok_is_not_forgotten),
		cmocka_unit_test(bad_me_messages_are_refused_and_counted),
		cmocka_unit_test(a_csa_of_88_bytes_with_length_0_is_one),
		cmocka_unit_test(a_connection_that_fails_gives_the_memory_back),
		cmocka_unit_test(a_send_that_fails_ends_the_connection),
		cmocka_unit_test(a_map_that_closed_ends_it),
		cmocka_unit_test(memory_that_is_too_small_is_given_back),
		cmocka_unit_test(a_late_map_that_succeeded_is_unmapped),
		cmocka_unit_test(a_late_connection_is_disconnected),
		cmocka_unit_test(a_lane_that_opened_late_is_closed),
		cmocka_unit_test(disconnect_overtakes_send),
		cmocka_unit_test(the_overtaken_send_may_come_back_first),
		cmocka_unit_test(results_of_another_time_have_no_effect),
		cmocka_unit_test(closed_in_each_phase_ends_down_and_starts_anew),
		cmocka_unit_test(stop_in_each_phase_ends_down_and_starts_anew),
		cmocka_unit_test(stop_ends_in_bounded_time_although_a_send_sleeps),
		cmocka_unit_test(a_closed_connection_while_down_is_nothing),
		cmocka_unit_test(what_said_again_is_given_up_as_well),
		cmocka_unit_test(each_connection_has_its_generation_and_counts_from_1),
		cmocka_unit_test(a_doorbell_out_of_place_is_refused),
		cmocka_unit_test(init_looks_at_what_it_is_given),
		cmocka_unit_test(defaults_are_those_of_the_protocol),
		cmocka_unit_test(start_is_for_an_engine_that_is_down),
		cmocka_unit_test(time_going_backwards_is_no_time_passed),
		cmocka_unit_test(time_may_begin_anywhere),
		cmocka_unit_test(down_is_said_once_the_overtaken_send_is_back),
		cmocka_unit_test(nothing_is_due_earlier_for_a_clock_that_went_back),
		cmocka_unit_test(a_send_that_ends_by_itself_needs_not_be_overtaken),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
