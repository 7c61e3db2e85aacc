// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
/* The bus and messages: every length, pieces, credits, one buffer for all, fixed addresses, tags, places. */
#include "mei_rig.h"

static void echo_of_every_length(void **state)
{
	struct mei_rig *rig = mei_rig_up();

	(void)state;
	mei_connect(rig, 1, ECHO_ADDR);
	for (uint32_t len = 1; len <= 5120; len += len < 1100 ? 1 : 61)
		mei_echo(rig, 1, len, len);
	mei_echo(rig, 1, 5119, 3);
	mei_echo(rig, 1, 5120, 4);
	mei_echo(rig, 1, 0, 5);
	assert_status(hbm_write(&rig->host, 1, rig->memory, 5121), SAP_TOO_LONG);
	assert_int_equal(mei_refused_all(rig), 0);
	mei_rig_free(rig);
}

/* Frames of every size that a host's device may have: a message ends just at the end of one, or not. */
static void echo_in_frames_of_every_size(void **state)
{
	(void)state;
	for (uint32_t size = 44; size <= SAP_MEI_FRAME_MAX; size += size < 54 ? 1 : 23) {
		struct sap_me_bus_config config;
		struct mei_rig *rig;

		sap_me_bus_config_default(&config);
		config.frame_size = size;
		rig = mei_rig_new(&config);
		rig->host.frame_size = size;
		mei_settle(rig);
		mei_connect(rig, 1, ECHO_ADDR);
		for (uint32_t n = 1; n <= 3; n++) {
			mei_echo(rig, 1, n * (size - 4) - 1, n);
			mei_echo(rig, 1, n * (size - 4), n);
			mei_echo(rig, 1, n * (size - 4) + 1, n);
		}
		mei_rig_free(rig);
	}
}

static void busy_beyond_its_connections(void **state)
{
	struct mei_rig *rig = mei_rig_up();

	(void)state;
	for (uint32_t app = 1; app <= 3; app++)
		mei_connect(rig, app, ECHO_ADDR);
	mei_events(rig, "CONNECTED 4.0 by 2; CONNECTED 4.1 by 3; CONNECTED 4.2 by 4");
	for (uint32_t app = 4; app <= 6; app++) {
		hbm_connect(&rig->host, app, ECHO_ADDR);
		mei_settle(rig);
		assert_int_equal(rig->host.app[app].state, HBM_APP_ENDED);
		assert_int_equal(rig->host.app[app].status, SAP_HBM_REJECTED);
	}
	assert_int_equal(mei_refused(rig, SAP_ME_FULL), 3);
	for (uint32_t app = 1; app <= 3; app++)
		mei_echo(rig, app, 1000, app);
	/* One goes, another comes at once, before the server knows. */
	hbm_disconnect(&rig->host, 2);
	hbm_connect(&rig->host, 4, ECHO_ADDR);
	mei_settle(rig);
	mei_events(rig, "DISCONNECTED 4.1 by 3; CONNECTED 4.1 by 5");
	assert_int_equal(rig->host.app[4].state, HBM_APP_CONNECTED);
	mei_echo(rig, 4, 5000, 9);
	mei_rig_free(rig);
}

/* A place whose last user's server does not let go of it. */
static void place_that_is_not_let_go_of(void **state)
{
	struct mei_rig *rig = mei_rig_up();
	struct sap_transport mine = mei_take(rig, WLAN, 0);
	uint64_t start;

	(void)state;
	assert_status(mine.ops->connect(mine.self), SAP_AGAIN);
	mei_connect(rig, 1, WLAN_ADDR);
	assert_status(mine.ops->connect(mine.self), SAP_OK);
	hbm_disconnect(&rig->host, 1);
	hbm_connect(&rig->host, 2, WLAN_ADDR);
	mei_settle(rig);
	assert_int_equal(rig->host.app[2].state, HBM_APP_CONNECTING);
	/* A third has to wait for the second, and so is refused. */
	hbm_connect(&rig->host, 3, WLAN_ADDR);
	mei_settle(rig);
	assert_int_equal(rig->host.app[3].status, SAP_HBM_REJECTED);
	start = rig->now;
	mei_wait(rig, 1999);
	assert_int_equal(rig->host.app[2].state, HBM_APP_CONNECTING);
	assert_true(sap_me_bus_deadline(&rig->bus) == start + 2000);
	mei_wait(rig, 1);
	assert_int_equal(rig->host.app[2].status, SAP_HBM_REJECTED);
	/* It gives up while it waits; and one that waits gets it. */
	hbm_connect(&rig->host, 4, WLAN_ADDR);
	mei_settle(rig);
	hbm_disconnect(&rig->host, 4);
	mei_settle(rig);
	assert_int_equal(rig->host.app[4].state, HBM_APP_IDLE);
	hbm_connect(&rig->host, 5, WLAN_ADDR);
	mei_settle(rig);
	assert_status(mine.ops->disconnect(mine.self), SAP_OK);
	mei_settle(rig);
	assert_int_equal(rig->host.app[5].state, HBM_APP_CONNECTED);
	assert_status(mine.ops->connect(mine.self), SAP_OK);
	mei_rig_free(rig);
}

/* An application gets its place, and is thrown out before it was told. */
static void thrown_out_before_it_was_told(void **state)
{
	struct mei_rig *rig = mei_rig_up();
	struct sap_transport mine = mei_take(rig, WLAN, 0);

	(void)state;
	assert_status(mine.ops->connect(mine.self), SAP_AGAIN);
	mei_connect(rig, 1, WLAN_ADDR);
	assert_status(mine.ops->connect(mine.self), SAP_OK);
	hbm_disconnect(&rig->host, 1);
	hbm_connect(&rig->host, 2, WLAN_ADDR);
	mei_settle(rig);
	assert_status(mine.ops->disconnect(mine.self), SAP_OK);
	assert_status(mine.ops->connect(mine.self), SAP_OK);
	assert_status(mine.ops->disconnect(mine.self), SAP_OK);
	mei_settle(rig);
	assert_int_equal(rig->host.app[2].status, SAP_HBM_SUCCESS);
	assert_int_equal(rig->host.app[2].state, HBM_APP_ENDED);
	mei_rig_free(rig);
}

static void several_at_once(void **state)
{
	struct mei_rig *rig = mei_rig_up();
	static uint8_t bytes[3][5120];
	const struct hbm_text *text;

	(void)state;
	for (uint32_t app = 1; app <= 3; app++) {
		mei_connect(rig, app, ECHO_ADDR);
		test_pattern(bytes[app - 1], 5120, app);
	}
	/* Their frames mix, on the way there and on the way back. */
	for (uint32_t turn = 0; turn < 4; turn++) {
		for (uint32_t app = 1; app <= 3; app++)
			assert_status(hbm_write(&rig->host, app, bytes[app - 1], 5120 - turn), SAP_OK);
		mei_settle(rig);
		for (uint32_t app = 1; app <= 3; app++) {
			text = hbm_read(&rig->host, app);
			assert_non_null(text);
			assert_int_equal(text->len, 5120 - turn);
			assert_memory_equal(text->bytes, bytes[app - 1], 5120 - turn);
		}
	}
	assert_int_equal(rig->bus.state.counters.messages_in, 12);
	assert_int_equal(rig->bus.state.counters.messages_out, 12);
	mei_rig_free(rig);
}

/* A short message does not wait until a long one of another connection is out. */
static void each_gets_its_turn(void **state)
{
	struct mei_rig *rig = mei_rig_up();
	struct sap_transport first = mei_take(rig, ECHO, 0), second = mei_take(rig, ECHO, 1);

	(void)state;
	mei_connect(rig, 1, ECHO_ADDR);
	mei_connect(rig, 2, ECHO_ADDR);
	assert_status(first.ops->connect(first.self), SAP_OK);
	assert_status(second.ops->connect(second.self), SAP_OK);
	for (uint32_t turn = 0; turn < 2; turn++) {
		struct sap_transport *slow = turn ? &second : &first, *fast = turn ? &first : &second;
		const struct sap_mei_loopback_lane *lane = &rig->loop.to_host;
		uint32_t place = 0;

		assert_status(slow->ops->send(slow->self, rig->memory, 5120), SAP_OK);
		assert_status(fast->ops->send(fast->self, "fast", 4), SAP_OK);
		assert_status(sap_me_bus_run(&rig->bus, &rig->port, rig->now), SAP_OK);
		assert_int_equal(lane->count, 12);
		while (lane->record[(lane->at + place) % SAP_MEI_LOOPBACK_DEPTH].len != 8)
			place++;
		assert_true(place < 2);
		mei_settle(rig);
		assert_int_equal(hbm_read(&rig->host, 1)->len, turn ? 4 : 5120);
		assert_int_equal(hbm_read(&rig->host, 2)->len, turn ? 5120 : 4);
		mei_settle(rig);
	}
	mei_rig_free(rig);
}

/* Without credits of the host nothing is sent; with one, one message. */
static void host_gives_no_credit(void **state)
{
	struct mei_rig *rig = mei_rig_up();
	struct sap_transport mine = mei_take(rig, ECHO, 0);
	struct sap_me_look look;

	(void)state;
	rig->host.app[1].lazy = true;
	assert_status(mine.ops->connect(mine.self), SAP_AGAIN);
	mei_connect(rig, 1, ECHO_ADDR);
	assert_status(mine.ops->connect(mine.self), SAP_OK);
	assert_status(mine.ops->send(mine.self, "one", 3), SAP_OK);
	assert_status(mine.ops->send(mine.self, "two", 3), SAP_AGAIN);
	mei_settle(rig);
	assert_null(hbm_read(&rig->host, 1));
	hbm_grant(&rig->host, 1);
	mei_settle(rig);
	assert_memory_equal(hbm_read(&rig->host, 1)->bytes, "one", 3);
	assert_status(mine.ops->send(mine.self, "two", 3), SAP_OK);
	mei_settle(rig);
	assert_null(hbm_read(&rig->host, 1));
	for (uint32_t i = 0; i < 300; i++) {
		hbm_grant(&rig->host, 1);
		mei_settle(rig);
	}
	assert_true(sap_me_bus_look(&rig->bus, ECHO, 0, &look));
	assert_int_equal(look.credits, SAP_ME_CREDITS);
	assert_int_equal(rig->host.app[1].queued, 1);
	/* Long ones need one too, not one a frame. */
	assert_status(mine.ops->send(mine.self, rig->memory, 5120), SAP_OK);
	mei_settle(rig);
	assert_true(sap_me_bus_look(&rig->bus, ECHO, 0, &look));
	assert_int_equal(look.credits, SAP_ME_CREDITS - 1);
	/* They were that connection's: the next begins without. */
	hbm_disconnect(&rig->host, 1);
	mei_settle(rig);
	assert_status(mine.ops->disconnect(mine.self), SAP_OK);
	mei_connect(rig, 1, ECHO_ADDR);
	assert_true(sap_me_bus_look(&rig->bus, ECHO, 0, &look));
	assert_int_equal(look.credits, 0);
	mei_rig_free(rig);
}

/* A host's next message waits until the last one was taken. */
static void firmware_gives_one_credit(void **state)
{
	struct mei_rig *rig = mei_rig_up();
	struct sap_transport mine = mei_take(rig, ECHO, 0);
	uint8_t bytes[16];
	size_t len;

	(void)state;
	assert_status(mine.ops->connect(mine.self), SAP_AGAIN);
	mei_connect(rig, 1, ECHO_ADDR);
	assert_status(mine.ops->connect(mine.self), SAP_OK);
	assert_int_equal(rig->host.app[1].credits, 1);
	assert_status(hbm_write(&rig->host, 1, "first", 5), SAP_OK);
	mei_settle(rig);
	assert_int_equal(rig->host.app[1].credits, 0);
	assert_status(hbm_write(&rig->host, 1, "second", 6), SAP_OK);
	mei_settle(rig);
	assert_true(rig->host.app[1].sending);
	assert_status(mine.ops->recv(mine.self, bytes, sizeof(bytes), &len), SAP_OK);
	assert_int_equal(len, 5);
	assert_status(mine.ops->recv(mine.self, bytes, sizeof(bytes), &len), SAP_AGAIN);
	mei_settle(rig);
	assert_false(rig->host.app[1].sending);
	assert_status(mine.ops->recv(mine.self, bytes, 5, &len), SAP_TOO_LONG);
	assert_int_equal(len, 6);
	mei_settle(rig);
	assert_int_equal(rig->host.app[1].credits, 1);
	mei_rig_free(rig);
}

static void one_buffer_for_all(void **state)
{
	struct mei_rig *rig = mei_rig_up();
	struct hbm_client *client = &rig->host.client[SINGLE_ADDR];
	struct sap_transport mine = mei_take(rig, SINGLE, 0);
	uint8_t bytes[200];
	size_t len;

	(void)state;
	assert_int_equal(client->credits, 0);
	assert_status(mine.ops->connect(mine.self), SAP_AGAIN);
	for (uint32_t app = 1; app <= 3; app++)
		mei_connect(rig, app, SINGLE_ADDR);
	assert_status(mine.ops->connect(mine.self), SAP_OK);
	assert_int_equal(client->credits, 1);
	/* One message of one application, unread: no other can send. */
	assert_status(hbm_write(&rig->host, 1, "mine", 4), SAP_OK);
	mei_settle(rig);
	assert_status(hbm_write(&rig->host, 2, "theirs", 6), SAP_OK);
	mei_settle(rig);
	assert_int_equal(client->credits, 0);
	assert_true(rig->host.app[2].sending);
	assert_status(mine.ops->recv(mine.self, bytes, sizeof(bytes), &len), SAP_OK);
	mei_settle(rig);
	assert_int_equal(hbm_read(&rig->host, 2)->len, 6);
	assert_int_equal(client->credits, 1);
	for (uint32_t i = 0; i < 20; i++)
		mei_echo(rig, 2 + i % 2, 200, i);
	assert_int_equal(client->credits, 1);
	/* A message that nobody took is thrown away. */
	assert_status(hbm_write(&rig->host, 1, "last", 4), SAP_OK);
	mei_settle(rig);
	assert_int_equal(client->credits, 0);
	assert_status(mine.ops->disconnect(mine.self), SAP_OK);
	mei_settle(rig);
	assert_int_equal(client->credits, 1);
	/* The credit is the client's; the host forgets it with the last connection, and gets another. */
	for (uint32_t app = 1; app <= 3; app++)
		hbm_disconnect(&rig->host, app);
	mei_settle(rig);
	assert_int_equal(client->credits, 0);
	for (uint32_t app = 2; app <= 3; app++)
		mei_connect(rig, app, SINGLE_ADDR);
	assert_int_equal(client->credits, 1);
	mei_echo(rig, 2, 10, 1);
	/* Nor does a credit outlive a reset. */
	hbm_host_reset(&rig->host);
	mei_settle(rig);
	mei_connect(rig, 2, SINGLE_ADDR);
	assert_int_equal(client->credits, 1);
	mei_echo(rig, 2, 10, 1);
	assert_int_equal(mei_refused_all(rig), 0);
	mei_rig_free(rig);
}

static void fixed_address(void **state)
{
	/* What the Linux kernel sends by itself, and a request that is answered. */
	static const uint8_t os[] = {0x03, 0x06, 0, 0, 0, 0, 0x10, 0, 8, 0, 0, 0, 0, 2, 0, 0, 0};
	static const uint8_t ask[] = {0xff, 0x02, 0, 0};
	static const uint8_t answer[] = {0xff, 0x82, 0, 0, 1, 0, 16, 9, 0x49, 0x07, 25, 0};
	struct mei_rig *rig = mei_rig_up();
	const struct hbm_text *text;

	(void)state;
	hbm_connect(&rig->host, 1, MKHI_FIXED_ADDR);
	assert_status(hbm_write(&rig->host, 1, os, sizeof(os)), SAP_OK);
	mei_settle(rig);
	for (uint32_t i = 0; i < 3; i++) {
		assert_status(hbm_write(&rig->host, 1, ask, sizeof(ask)), SAP_OK);
		mei_settle(rig);
		text = hbm_read(&rig->host, 1);
		assert_non_null(text);
		assert_int_equal(text->len, sizeof(answer));
		assert_memory_equal(text->bytes, answer, sizeof(answer));
	}
	assert_null(hbm_read(&rig->host, 1));
	/* No credit is given, and none is needed. */
	assert_int_equal(rig->host.app[1].credits, 0);
	/* It cannot be connected to, nor left. */
	hbm_raw(&rig->host, "\x00\x00\x04\x80\x06\x20\x05\x00", 8);
	rig->quiet = true;
	mei_settle(rig);
	assert_int_equal(mei_refused(rig, SAP_ME_BAD_ADDRESS), 1);
	hbm_raw(&rig->host, "\x00\x00\x04\x80\x07\x20\x00\x00", 8);
	mei_settle(rig);
	assert_int_equal(mei_refused(rig, SAP_ME_NO_CONNECTION), 1);
	/* After a reset it is there again, and its first message comes through. */
	hbm_host_reset(&rig->host);
	mei_settle(rig);
	hbm_connect(&rig->host, 1, MKHI_FIXED_ADDR);
	rig->host.app[1].queued = 0;
	assert_status(hbm_write(&rig->host, 1, ask, sizeof(ask)), SAP_OK);
	mei_settle(rig);
	assert_non_null(hbm_read(&rig->host, 1));
	mei_rig_free(rig);
}

/* The server has yet to hear of a reset as the first message of the next life comes. */
static void fixed_address_in_its_next_life(void **state)
{
	struct mei_rig *rig = mei_rig_up();
	struct sap_transport mine = mei_take(rig, MKHI_FIXED, 0);
	uint8_t bytes[300];
	size_t len;

	(void)state;
	(void)!mine.ops->disconnect(mine.self);
	assert_status(mine.ops->connect(mine.self), SAP_OK);
	hbm_host_reset(&rig->host);
	mei_settle(rig);
	hbm_connect(&rig->host, 1, MKHI_FIXED_ADDR);
	assert_status(hbm_write(&rig->host, 1, "new", 3), SAP_OK);
	mei_settle(rig);
	assert_status(mine.ops->recv(mine.self, bytes, sizeof(bytes), &len), SAP_CLOSED);
	assert_status(mine.ops->send(mine.self, "old", 3), SAP_CLOSED);
	assert_status(mine.ops->disconnect(mine.self), SAP_OK);
	assert_status(mine.ops->connect(mine.self), SAP_OK);
	assert_status(mine.ops->recv(mine.self, bytes, sizeof(bytes), &len), SAP_OK);
	assert_memory_equal(bytes, "new", 3);
	mei_rig_free(rig);
}

/* A message's tag comes back with its answer. */
static void tags_come_back(void **state)
{
	static const uint8_t ask[] = {1, 1, 0, 0, 0x6b, 0, 0, 4, 0, 0, 0, 0};
	static const uint8_t ask_versions[] = {1, 1, 0, 0, 0x1a, 0, 0, 4, 0, 0, 0, 0};
	struct sap_amthi_setting_version many[50];
	struct mei_rig *rig = mei_rig_up();
	struct sap_amthi_message message;
	const struct hbm_text *text;

	(void)state;
	mei_connect(rig, 1, AMTHI_ADDR);
	for (uint32_t tag = 0; tag < 256; tag += 17) {
		rig->host.app[1].in_vtag = 0;
		assert_status(hbm_write_tagged(&rig->host, 1, (uint8_t)tag, ask, sizeof(ask)), SAP_OK);
		mei_settle(rig);
		text = hbm_read(&rig->host, 1);
		assert_status(sap_amthi_decode_response(text->bytes, text->len, SAP_AMTHI_GET_CONTROL_MODE,
							&message),
			      SAP_OK);
		assert_int_equal(message.control_mode.mode, SAP_AMT_CONTROL_ADMIN);
		assert_int_equal(rig->host.app[1].in_vtag, tag);
	}
	/* Long ones, there and back: the tag stands in the first frame alone. */
	assert_status(hbm_write_tagged(&rig->host, 1, 5, rig->memory, 5120), SAP_OK);
	mei_settle(rig);
	for (uint32_t i = 0; i < 50; i++)
		many[i] = (struct sap_amthi_setting_version){"AMT", "16.1.26"};
	rig->amthi.versions = many;
	rig->amthi.n_versions = 50;
	assert_status(hbm_write_tagged(&rig->host, 1, 6, ask_versions, sizeof(ask_versions)), SAP_OK);
	mei_settle(rig);
	assert_int_equal(hbm_read(&rig->host, 1)->len, SAP_AMTHI_LONGEST);
	assert_int_equal(rig->host.app[1].in_vtag, 6);
	assert_int_equal(mei_refused_all(rig), 0);
	mei_rig_free(rig);
}

static void firmware_disconnects(void **state)
{
	struct mei_rig *rig = mei_rig_up();
	struct sap_transport mine = mei_take(rig, ECHO, 0);

	(void)state;
	assert_status(mine.ops->connect(mine.self), SAP_AGAIN);
	mei_connect(rig, 1, ECHO_ADDR);
	assert_status(mine.ops->connect(mine.self), SAP_OK);
	assert_status(mine.ops->send(mine.self, "bye", 3), SAP_OK);
	mei_settle(rig);
	assert_status(mine.ops->disconnect(mine.self), SAP_OK);
	mei_settle(rig);
	assert_int_equal(rig->host.app[1].state, HBM_APP_ENDED);
	assert_memory_equal(hbm_read(&rig->host, 1)->bytes, "bye", 3);
	assert_status(hbm_write(&rig->host, 1, "x", 1), SAP_CLOSED);
	assert_int_equal(rig->bus.state.counters.unanswered, 0);
	/* The same place again. */
	assert_status(mine.ops->connect(mine.self), SAP_AGAIN);
	mei_connect(rig, 1, ECHO_ADDR);
	assert_status(mine.ops->connect(mine.self), SAP_OK);
	/* A host that does not answer: the place is free after a while. */
	rig->host.deaf = true;
	assert_status(mine.ops->disconnect(mine.self), SAP_OK);
	mei_settle(rig);
	/* What it still sends is thrown away. */
	hbm_piece(&rig->host, ECHO_ADDR, 2, "late", 4, true);
	hbm_grant(&rig->host, 1);
	mei_wait(rig, 1999);
	assert_int_equal(rig->bus.state.counters.late, 2);
	assert_int_equal(rig->bus.state.counters.unanswered, 0);
	mei_wait(rig, 1);
	assert_int_equal(rig->bus.state.counters.unanswered, 1);
	assert_int_equal(mei_refused_all(rig), 0);
	mei_rig_free(rig);
}

/* Both ends leave at the same time. */
static void disconnects_cross(void **state)
{
	struct mei_rig *rig = mei_rig_up();
	struct sap_transport mine = mei_take(rig, ECHO, 0);

	(void)state;
	assert_status(mine.ops->connect(mine.self), SAP_AGAIN);
	mei_connect(rig, 1, ECHO_ADDR);
	assert_status(mine.ops->connect(mine.self), SAP_OK);
	hbm_disconnect(&rig->host, 1);
	assert_status(mine.ops->disconnect(mine.self), SAP_OK);
	mei_settle(rig);
	assert_int_equal(rig->host.app[1].state, HBM_APP_IDLE);
	assert_status(mine.ops->connect(mine.self), SAP_AGAIN);
	mei_connect(rig, 1, ECHO_ADDR);
	assert_status(mine.ops->connect(mine.self), SAP_OK);
	mei_rig_free(rig);
}

/* What came before the host left is given out; what was half there is not. */
static void last_words(void **state)
{
	struct mei_rig *rig = mei_rig_up();
	struct sap_transport mine = mei_take(rig, ECHO, 0);
	uint8_t bytes[16];
	size_t len;

	(void)state;
	for (uint32_t half = 0; half < 2; half++) {
		assert_status(mine.ops->connect(mine.self), SAP_AGAIN);
		mei_connect(rig, 1, ECHO_ADDR);
		assert_status(mine.ops->connect(mine.self), SAP_OK);
		hbm_piece(&rig->host, ECHO_ADDR, 2, "last", 4, !half);
		hbm_disconnect(&rig->host, 1);
		mei_settle(rig);
		assert_status(mine.ops->send(mine.self, "x", 1), SAP_CLOSED);
		if (!half) {
			assert_status(mine.ops->recv(mine.self, bytes, sizeof(bytes), &len), SAP_OK);
			assert_memory_equal(bytes, "last", 4);
		}
		assert_status(mine.ops->recv(mine.self, bytes, sizeof(bytes), &len), SAP_CLOSED);
		assert_status(mine.ops->connect(mine.self), SAP_CLOSED);
		assert_status(mine.ops->disconnect(mine.self), SAP_OK);
		assert_status(mine.ops->recv(mine.self, bytes, sizeof(bytes), &len), SAP_CLOSED);
	}
	mei_rig_free(rig);
}

static void operations_check(void **state)
{
	struct mei_rig *rig = mei_rig_up();
	struct sap_transport mine = mei_take(rig, ECHO, 0);
	struct sap_mem mem;
	uint8_t byte;
	size_t len;

	(void)state;
	mei_connect(rig, 1, ECHO_ADDR);
	assert_status(mine.ops->connect(mine.self), SAP_OK);
	assert_status(mine.ops->send(mine.self, NULL, 1), SAP_INVALID);
	assert_status(mine.ops->recv(mine.self, NULL, 1, &len), SAP_INVALID);
	assert_status(mine.ops->recv(mine.self, &byte, 1, NULL), SAP_INVALID);
	assert_status(mine.ops->map(mine.self, 0, NULL), SAP_INVALID);
	assert_status(mine.ops->map(mine.self, 0, &mem), SAP_UNSUPPORTED);
	assert_status(mine.ops->send(mine.self, rig->memory, 5121), SAP_TOO_LONG);
	assert_status(sap_me_bus_run(NULL, &rig->port, 0), SAP_INVALID);
	assert_status(sap_me_bus_run(&rig->bus, NULL, 0), SAP_INVALID);
	assert_status(sap_me_bus_input(NULL, SAP_MEI_FRAME, &byte, 1, 0), SAP_INVALID);
	assert_status(sap_me_bus_input(&rig->bus, SAP_MEI_FRAME, NULL, 1, 0), SAP_INVALID);
	assert_status(sap_me_bus_io_done(&rig->bus, NULL, SAP_OK, 0), SAP_INVALID);
	assert_false(sap_me_bus_look(&rig->bus, ECHO, 9, NULL));
	mei_rig_free(rig);
}

/* The host reads nothing for a while: everything waits, nothing is lost. */
static void host_is_slow(void **state)
{
	struct mei_rig *rig = mei_rig_up();

	(void)state;
	mei_connect(rig, 1, ECHO_ADDR);
	rig->loop.frozen = true;
	assert_status(hbm_write(&rig->host, 1, rig->memory, 5120), SAP_OK);
	for (uint32_t i = 0; i < 20; i++) {
		rig->now += 5;
		mei_settle(rig);
	}
	assert_null(hbm_read(&rig->host, 1));
	rig->loop.frozen = false;
	mei_wait(rig, 10);
	assert_int_equal(hbm_read(&rig->host, 1)->len, 5120);
	mei_rig_free(rig);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(echo_of_every_length),
		cmocka_unit_test(echo_in_frames_of_every_size),
		cmocka_unit_test(busy_beyond_its_connections),
		cmocka_unit_test(place_that_is_not_let_go_of),
		cmocka_unit_test(thrown_out_before_it_was_told),
		cmocka_unit_test(several_at_once),
		cmocka_unit_test(each_gets_its_turn),
		cmocka_unit_test(host_gives_no_credit),
		cmocka_unit_test(firmware_gives_one_credit),
		cmocka_unit_test(one_buffer_for_all),
		cmocka_unit_test(fixed_address),
		cmocka_unit_test(fixed_address_in_its_next_life),
		cmocka_unit_test(tags_come_back),
		cmocka_unit_test(firmware_disconnects),
		cmocka_unit_test(disconnects_cross),
		cmocka_unit_test(last_words),
		cmocka_unit_test(operations_check),
		cmocka_unit_test(host_is_slow),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
