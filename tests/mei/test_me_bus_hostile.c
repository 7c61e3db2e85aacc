// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
/*
 * A host that keeps no rules: each of them broken, counted by its reason, and nothing else harmed: after each
 * an honest application's message still comes back.
 */
#include "mei_rig.h"

#include <sap/mei/fields.h>

static struct mei_rig *rig;
static uint32_t refused[SAP_ME_REFUSALS];

/* A rig with an application on the echo, whose host may complain. */
static int setup(void **state)
{
	(void)state;
	rig = mei_rig_up();
	rig->quiet = true;
	mei_connect(rig, 1, ECHO_ADDR);
	memcpy(refused, rig->bus.state.counters.refused, sizeof(refused));
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	mei_rig_free(rig);
	return 0;
}

/* So many refusals for that reason since the last look, none for another, and the echo still works. */
static void only(enum sap_me_refusal why, uint32_t times)
{
	mei_settle(rig);
	for (uint32_t i = 0; i < SAP_ME_REFUSALS; i++) {
		uint32_t expected = refused[i] + (i == (uint32_t)why ? times : 0);

		if (rig->bus.state.counters.refused[i] != expected)
			test_fail("%s: %u instead of %u", sap_me_refusal_name((enum sap_me_refusal)i),
				  rig->bus.state.counters.refused[i], expected);
	}
	memcpy(refused, rig->bus.state.counters.refused, sizeof(refused));
	mei_echo(rig, 1, 700, times);
}

static void raw(const void *bytes, uint32_t len)
{
	hbm_raw(&rig->host, bytes, len);
}

/* An HBM message in a frame of its own, whole. */
static void hbm(const void *bytes, uint8_t len)
{
	uint8_t frame[64] = {0, 0, len, 0x80};

	memcpy(frame + 4, bytes, len);
	raw(frame, 4u + len);
}

static void broken_frames(void **state)
{
	(void)state;
	for (uint32_t len = 0; len < 4; len++)
		raw("\x09\x02\x00\x80", len);
	raw("\x00\x00\x00\x00\x01\x02\x03\x04", 8); /* no bit set */
	raw("\x09\x02\x04\x82wxyz", 8);		    /* a reserved bit */
	raw("\x09\x02\x05\x80wxyz", 8);		    /* more than came */
	raw("\x09\x02\x04\x80wxyz1234", 12);	    /* less than came */
	raw("\x09\x02\x03\x90\x01\x01\x00", 7);	    /* an extended header that breaks off */
	only(SAP_ME_BAD_FRAME, 9);
	raw("\x09\x02\x04\xa0wxyz", 8);				     /* a DMA ring */
	raw("\x09\x02\x08\x90\x01\x01\x00\x00\x02\x01\x00\x00", 12); /* an extension of another kind */
	only(SAP_ME_BAD_RING, 2);
	/* More than any frame: the port has it, the bus is told. */
	static const uint8_t huge[SAP_MEI_LOOPBACK_FRAME];
	assert_status(sap_mei_loopback_host_send(&rig->loop, huge, sizeof(huge)), SAP_OK);
	only(SAP_ME_BAD_FRAME, 1);
}

static void broken_messages_of_the_bus(void **state)
{
	static const uint8_t hosts[] = {0x02, 0x04, 0x05, 0x06, 0x07, 0x08, 0x0a, 0x0b,
					0x10, 0x12, 0x13, 0x14, 0x15, 0x8f, 0x87, 0x8b};
	uint32_t times = 0;

	(void)state;
	/* Each command of a host, too short by each number of bytes; and empty. */
	for (size_t i = 0; i < sizeof(hosts); i++) {
		uint8_t bytes[SAP_HBM_MAX_SIZE] = {hosts[i]};
		uint32_t least = 1 + sap_hbm_info(hosts[i])->least;

		for (uint8_t len = 1; len < least; len++, times++) {
			hbm(bytes, len);
			if (times % 16 == 0)
				mei_settle(rig);
		}
	}
	hbm("", 0);
	only(SAP_ME_HBM_SHORT, times + 1);
	/* In pieces. */
	raw("\x00\x00\x02\x00\x05\x09", 6);
	raw("\x00\x00\x04\x00\x05\x09\x00\x00", 8);
	only(SAP_ME_HBM_SHORT, 2);
	/* With a tag. */
	raw("\x00\x00\x0c\x90\x01\x01\x00\x00\x01\x01\x07\x00\x04\x00\x00\x00", 16);
	only(SAP_ME_BAD_TAG, 1);
}

static void wrong_words(void **state)
{
	uint32_t times = 0;

	(void)state;
	/* All that is in no table, and all that a firmware says. */
	for (uint32_t command = 0; command < 256; command++) {
		const struct sap_message_info *info = sap_hbm_info(command);
		uint8_t bytes[SAP_HBM_MAX_SIZE] = {(uint8_t)command};

		if (info && info->direction != SAP_TO_HOST)
			continue;
		hbm(bytes, sizeof(bytes));
		times++;
		if (times % 16 == 0)
			mei_settle(rig);
	}
	assert_true(times > 230);
	only(SAP_ME_HBM_UNKNOWN, times);
	/* Answers to nothing: of a connection that is there, and of one that is not; a client that was not added. */
	hbm("\x87\x09\x02\x00", 4);
	hbm("\x87\x09\x77\x00", 4);
	hbm("\x8f\x09\x00\x00", 4);
	hbm("\x8f\x77\x00\x00", 4);
	only(SAP_ME_HBM_ANSWER, 4);
}

static void wrong_addresses(void **state)
{
	(void)state;
	for (uint32_t me = 0; me < 256; me += 5) {
		if (me == ECHO_ADDR || me == 0 || me == AMTHI_ADDR || me == SINGLE_ADDR)
			continue;
		hbm_piece(&rig->host, (uint8_t)me, 2, "wrong", 5, true);
		mei_settle(rig);
	}
	only(SAP_ME_NO_CLIENT, 50);
	/* Applications that are not connected, whole and in pieces. */
	hbm_piece(&rig->host, ECHO_ADDR, 3, "wrong", 5, true);
	hbm_piece(&rig->host, ECHO_ADDR, 0, "wrong", 5, false);
	hbm_piece(&rig->host, AMTHI_ADDR, 2, "wrong", 5, true);
	hbm_piece(&rig->host, WLAN_ADDR, 255, "", 0, true);
	only(SAP_ME_NO_CONNECTION, 4);
	/* Their credits, notifications and disconnects. */
	hbm("\x08\x09\x03\x00\x00\x00\x00\x00", 8);
	hbm("\x08\x09\x00\x00\x00\x00\x00\x00", 8);
	hbm("\x08\x00\x00\x00\x00\x00\x00\x00", 8);
	hbm("\x10\x09\x03\x01", 4);
	hbm("\x07\x09\x03\x00", 4);
	hbm("\x07\x09\x00\x00", 4);
	only(SAP_ME_NO_CONNECTION, 6);
	/* Properties and connections of clients that are not there. */
	hbm("\x05\x00\x00\x00", 4);
	hbm("\x05\xff\x00\x00", 4);
	hbm("\x06\xff\x07\x00", 4);
	hbm("\x06\x00\x00\x00", 4);
	only(SAP_ME_NO_CLIENT, 4);
	hbm("\x06\x09\x00\x00", 4);
	hbm("\x06\x20\x05\x00", 4);
	only(SAP_ME_BAD_ADDRESS, 2);
	/* A client of a fixed address has no credits and no notifications. */
	hbm("\x08\x20\x00\x00\x00\x00\x00\x00", 8);
	hbm("\x10\x20\x00\x01", 4);
	only(SAP_ME_BAD_ADDRESS, 2);
	assert_status(sap_me_bus_notify(&rig->bus, MKHI_FIXED, 0), SAP_UNSUPPORTED);
	hbm("\x06\x09\x02\x00", 4);
	only(SAP_ME_TWICE, 1);
}

static void no_credit(void **state)
{
	struct sap_transport mine = mei_take(rig, ECHO, 1);
	uint8_t bytes[16];
	size_t len;

	(void)state;
	(void)!mine.ops->connect(mine.self);
	mei_connect(rig, 2, ECHO_ADDR);
	assert_status(mine.ops->connect(mine.self), SAP_OK);
	/* The first has a credit, the next have not: neither whole nor in pieces. */
	hbm_piece(&rig->host, ECHO_ADDR, 3, "first", 5, true);
	hbm_piece(&rig->host, ECHO_ADDR, 3, "second", 6, true);
	hbm_piece(&rig->host, ECHO_ADDR, 3, "thi", 3, false);
	hbm_piece(&rig->host, ECHO_ADDR, 3, "rd", 2, false);
	hbm_piece(&rig->host, ECHO_ADDR, 3, "!", 1, true);
	only(SAP_ME_NO_CREDIT, 2);
	assert_status(mine.ops->recv(mine.self, bytes, sizeof(bytes), &len), SAP_OK);
	assert_int_equal(len, 5);
	assert_memory_equal(bytes, "first", 5);
	assert_status(mine.ops->recv(mine.self, bytes, sizeof(bytes), &len), SAP_AGAIN);
	mei_settle(rig);
	/* Its credit came, and a message that keeps the rules comes through. */
	assert_status(hbm_write(&rig->host, 2, "good", 4), SAP_OK);
	mei_settle(rig);
	assert_status(mine.ops->recv(mine.self, bytes, sizeof(bytes), &len), SAP_OK);
	assert_int_equal(len, 4);
	only(SAP_ME_NO_CREDIT, 0);
}

static void no_credit_of_one_buffer(void **state)
{
	(void)state;
	mei_connect(rig, 2, SINGLE_ADDR);
	mei_connect(rig, 3, SINGLE_ADDR);
	mei_take(rig, SINGLE, 0);
	mei_take(rig, SINGLE, 1);
	/* One credit, two applications; the second's is thrown away, and the first's stays whole. */
	hbm_piece(&rig->host, SINGLE_ADDR, 3, "a", 1, false);
	hbm_piece(&rig->host, SINGLE_ADDR, 4, "b", 1, true);
	hbm_piece(&rig->host, SINGLE_ADDR, 3, "c", 1, true);
	only(SAP_ME_NO_CREDIT, 1);
	assert_int_equal(rig->host.client[SINGLE_ADDR].credits, 1); /* it never spent it by the rules */
	assert_int_equal(rig->bus.state.counters.messages_in, 1 + 1 + 0);
}

static void too_long(void **state)
{
	static uint8_t bytes[508];
	struct sap_me_look look;

	(void)state;
	mei_connect(rig, 2, WLAN_ADDR);
	/* In one frame; in pieces that go on and on; by one byte. */
	hbm_piece(&rig->host, WLAN_ADDR, 3, bytes, 129, true);
	mei_settle(rig);
	for (uint32_t i = 0; i < 100; i++) {
		hbm_piece(&rig->host, WLAN_ADDR, 3, bytes, 60, false);
		mei_settle(rig);
		assert_true(sap_me_bus_look(&rig->bus, WLAN, 0, &look));
		assert_true(look.waiting <= 128);
		/* One for the beginning, one after the first; none while this one goes on. */
		assert_int_equal(rig->host.app[2].credits, 2);
	}
	hbm_piece(&rig->host, WLAN_ADDR, 3, bytes, 1, true);
	mei_settle(rig);
	hbm_piece(&rig->host, WLAN_ADDR, 3, bytes, 128, false);
	hbm_piece(&rig->host, WLAN_ADDR, 3, bytes, 0, false);
	hbm_piece(&rig->host, WLAN_ADDR, 3, bytes, 1, true);
	only(SAP_ME_TOO_LONG, 3);
	/* Each cost its credit, and each time the host got the next. */
	hbm_piece(&rig->host, WLAN_ADDR, 3, bytes, 128, true);
	only(SAP_ME_TOO_LONG, 0);
	assert_true(sap_me_bus_look(&rig->bus, WLAN, 0, &look));
	assert_int_equal(look.waiting, 128);
}

/* It is told that its connection ended, does not answer, and connects again: two would have one address. */
static void connects_while_it_is_thrown_out(void **state)
{
	struct sap_transport mine = mei_take(rig, ECHO, 1);

	(void)state;
	rig->host.deaf = true;
	(void)!mine.ops->connect(mine.self);
	mei_connect(rig, 2, ECHO_ADDR);
	assert_status(mine.ops->connect(mine.self), SAP_OK);
	assert_status(mine.ops->disconnect(mine.self), SAP_OK);
	hbm("\x06\x09\x03\x00", 4);
	only(SAP_ME_TWICE, 1);
	mei_wait(rig, 2000);
	hbm("\x06\x09\x03\x00", 4);
	only(SAP_ME_TWICE, 0);
	assert_int_equal(rig->bus.state.counters.connects, 3);
}

/* A message that never ends: the others go on, and its place is free as its application goes. */
static void never_complete(void **state)
{
	struct sap_me_look look;

	(void)state;
	mei_connect(rig, 2, ECHO_ADDR);
	for (uint32_t i = 0; i < 1000; i++) {
		hbm_piece(&rig->host, ECHO_ADDR, 3, "", 0, false);
		if (i % 8 == 0)
			mei_settle(rig);
	}
	only(SAP_ME_NO_CREDIT, 0);
	hbm_disconnect(&rig->host, 2);
	mei_settle(rig);
	mei_connect(rig, 2, ECHO_ADDR);
	assert_true(sap_me_bus_look(&rig->bus, ECHO, 1, &look));
	assert_int_equal(look.waiting, 0);
	mei_echo(rig, 2, 100, 3);
}

static void tags_that_do_not_belong(void **state)
{
	static const uint8_t tagged[] = {ECHO_ADDR, 3, 10, 0x90, 1, 1, 0, 0, 1, 1, 7, 0, 'h', 'i'};
	uint8_t amthi[sizeof(tagged)];

	(void)state;
	/* The echo takes none: the message is thrown away, its credit comes again. */
	mei_connect(rig, 2, ECHO_ADDR);
	raw(tagged, sizeof(tagged));
	only(SAP_ME_BAD_TAG, 1);
	assert_null(hbm_read(&rig->host, 2));
	/* Another tag in the middle, and a tag in the middle of a message without. */
	mei_connect(rig, 3, AMTHI_ADDR);
	memcpy(amthi, tagged, sizeof(amthi));
	amthi[0] = AMTHI_ADDR;
	amthi[1] = 4;
	amthi[3] = 0x10;
	raw(amthi, sizeof(amthi));
	amthi[10] = 8;
	raw(amthi, sizeof(amthi));
	amthi[3] = 0x90;
	raw(amthi, sizeof(amthi)); /* the end of what is thrown away */
	only(SAP_ME_BAD_TAG, 1);
	hbm_piece(&rig->host, AMTHI_ADDR, 4, "x", 1, false);
	raw(amthi, sizeof(amthi));
	only(SAP_ME_BAD_TAG, 1);
	/* The same tag in every frame is no harm. */
	amthi[3] = 0x10;
	raw(amthi, sizeof(amthi));
	amthi[3] = 0x90;
	raw(amthi, sizeof(amthi));
	only(SAP_ME_BAD_TAG, 0);
}

static void repeats(void **state)
{
	(void)state;
	/* Enumerations and properties as often as it likes. */
	for (uint32_t i = 0; i < 200; i++) {
		hbm("\x04\x01\x00\x00", 4);
		hbm("\x05\x09\x00\x00", 4);
		hbm("\x13\xff\xff\xff", 4);
		mei_settle(rig);
	}
	only(SAP_ME_HBM_UNKNOWN, 0);
	/* START again: everything begins anew. */
	rig->events[0] = '\0';
	hbm("\x01\x00\x02\x02", 4);
	mei_settle(rig);
	mei_events(rig, "RESET; STARTED 2.2");
	assert_int_equal(sap_me_bus_phase(&rig->bus), SAP_ME_STARTED);
	hbm_host_reset(&rig->host);
	mei_settle(rig);
	mei_connect(rig, 1, ECHO_ADDR);
	/* A credit of the application that did not know yet. */
	only(SAP_ME_NO_CONNECTION, 1);
}

/* All of it at once, faster than anybody reads. */
static void flood(void **state)
{
	(void)state;
	rig->loop.frozen = true;
	for (uint32_t i = 0; i < 50; i++) {
		uint8_t connect[] = {0x06, ECHO_ADDR, (uint8_t)(10 + i), 0};

		hbm(connect, 4);
		hbm("\x15\x00\x01\x00", 4);
		hbm("\x14\x01\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\xa0\x02\x00", 16);
		hbm("\x04\x01\x00\x00", 4);
		rig->now += 10;
		mei_settle(rig);
	}
	rig->loop.frozen = false;
	mei_wait(rig, 5000);
	assert_int_equal(rig->bus.state.counters.events_lost, 0);
	hbm_host_reset(&rig->host);
	rig->host.dma = HBM_DMA_NONE;
	mei_wait(rig, 5000);
	mei_connect(rig, 1, ECHO_ADDR);
	mei_echo(rig, 1, 5120, 1);
}

/* Many questions, and nobody reads the answers for a while: each is answered in the end. */
static void answers_wait(void **state)
{
	unsigned before = rig->host.complaints;

	(void)state;
	rig->loop.frozen = true;
	for (uint32_t i = 0; i < 40; i++) {
		hbm("\x05\x09\x00\x00", 4);
		mei_settle(rig);
	}
	rig->loop.frozen = false;
	mei_wait(rig, 100);
	/* This host did not ask, and complains of each. */
	assert_int_equal(rig->host.complaints - before, 40);
	only(SAP_ME_HBM_UNKNOWN, 0);
}

/* Nobody fetches events: the host has to wait, and nothing is lost. A reset gets through for a while. */
static void events_are_not_fetched(void **state)
{
	struct sap_me_event event;
	uint32_t fetched = 0;

	(void)state;
	rig->hoarding = true;
	for (uint32_t i = 0; i < 60; i++) {
		hbm("\x04\x01\x00\x00", 4);
		mei_settle(rig);
	}
	assert_false(sap_me_bus_wants_input(&rig->bus));
	assert_status(sap_me_bus_input(&rig->bus, SAP_MEI_FRAME, (const uint8_t *)"\x00", 1, rig->now),
		      SAP_AGAIN);
	while (sap_me_bus_next_event(&rig->bus, &event))
		fetched += event.type == SAP_ME_EVENT_ENUMERATED;
	assert_true(fetched >= 28 && fetched <= 32);
	rig->hoarding = false;
	mei_settle(rig);
	only(SAP_ME_HBM_UNKNOWN, 0);
}

static void before_start(void **state)
{
	struct mei_rig *early = mei_rig_new(NULL);
	static const char *const words[] = {
		"\x02\x00\x00\x00", "\x04\x00\x00\x00", "\x05\x09\x00\x00", "\x06\x09\x02\x00",
		"\x07\x09\x02\x00", "\x13\x05\x00\x00", "\x10\x09\x02\x01", "\x15\x00\x01\x00",
		"\x8f\x09\x00\x00", "\x0a\x00\x00\x00",
	};
	uint8_t frame[SAP_MEI_FRAME_MAX] = {0, 0, 4, 0x80};
	const uint32_t n = sizeof(words) / sizeof(words[0]);
	uint32_t answers = 0;
	size_t len;

	(void)state;
	early->quiet = true;
	early->host.keeps_down = true;
	mei_settle(early);
	for (uint32_t i = 0; i < n; i++) {
		memcpy(frame + 4, words[i], 4);
		assert_status(sap_mei_loopback_host_send(&early->loop, frame, 8), SAP_OK);
		assert_status(sap_me_bus_run(&early->bus, &early->port, early->now), SAP_OK);
	}
	assert_int_equal(mei_refused(early, SAP_ME_HBM_EARLY), n);
	/* Those whose answer has a status say NOT_STARTED, the others nothing. */
	while (sap_mei_loopback_host_recv(&early->loop, frame, sizeof(frame), &len) == SAP_OK) {
		static const uint8_t at[256] = {[0x85] = 2, [0x86] = 3, [0x87] = 3, [0x90] = 3, [0x95] = 1};

		assert_int_not_equal(at[frame[4]], 0);
		assert_int_equal(frame[4 + at[frame[4]]], SAP_HBM_NOT_STARTED);
		answers++;
	}
	assert_int_equal(answers, 5);
	memcpy(frame, "\x09\x02\x01\x80x", 5);
	assert_status(sap_mei_loopback_host_send(&early->loop, frame, 5), SAP_OK);
	assert_status(sap_me_bus_run(&early->bus, &early->port, early->now), SAP_OK);
	assert_int_equal(mei_refused(early, SAP_ME_NO_CONNECTION), 1);
	mei_rig_free(early);
}

static void reasons_have_names(void **state)
{
	(void)state;
	assert_string_equal(sap_me_refusal_name(SAP_ME_BAD_FRAME), "BAD_FRAME");
	assert_string_equal(sap_me_refusal_name(SAP_ME_HBM_EARLY), "HBM_EARLY");
	assert_string_equal(sap_me_refusal_name(SAP_ME_NO_CREDIT), "NO_CREDIT");
	assert_string_equal(sap_me_refusal_name(SAP_ME_DMA), "DMA");
	assert_string_equal(sap_me_refusal_name(SAP_ME_REFUSALS), "?");
}

#define hostile(test) cmocka_unit_test_setup_teardown(test, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		hostile(broken_frames),
		hostile(broken_messages_of_the_bus),
		hostile(wrong_words),
		hostile(wrong_addresses),
		hostile(no_credit),
		hostile(no_credit_of_one_buffer),
		hostile(too_long),
		hostile(connects_while_it_is_thrown_out),
		hostile(never_complete),
		hostile(tags_that_do_not_belong),
		hostile(repeats),
		hostile(flood),
		hostile(answers_wait),
		hostile(events_are_not_fetched),
		cmocka_unit_test(before_start),
		cmocka_unit_test(reasons_have_names),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
