// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
/* Both engines over the loopback: the whole story, losses, faults, snapshots, sizes. */
#include "pair.h"

static struct sap_csme_conn_status protected_lab(uint32_t on)
{
	struct sap_csme_conn_status conn;

	memset(&conn, 0, sizeof(conn));
	conn.link_prot_state = on;
	conn.conn.ssid_len = 3;
	memcpy(conn.conn.ssid, "lab", 3);
	memset(conn.conn.bssid.bytes, 0xbb, 6);
	return conn;
}

static void agrees(const struct pair *pair, enum sap_owner owner)
{
	struct sap_why why;

	assert_true(pair_agrees(pair));
	sap_host_why(&pair->host, &why);
	assert_int_equal(why.owner, owner);
}

/* --- the story --- */

static void begins(struct pair *pair)
{
	struct sap_csme_conn_status conn = protected_lab(1);

	pair_make(pair, NULL, NULL);
	pair_ok(pair, sap_csme_set_conn(&pair->csme, &conn, pair->now));
	pair_up(pair, true);
	pair_wire_is(pair, ">START; <START_OK; <AMT_STATE; >WIFIDR_UP; >WHO_OWNS_NIC; >COUNTRY_CODE; "
			   ">RADIO_STATE; <AMT_STATE; <CSME_CONN_STATUS; <NIC_OWNER");
	pair_host_is(pair, "UP 4; AMT on; CONN_STATUS 1 lab; OWNER CSME; RFKILL on");
	pair_csme_is(pair, "OWNER CSME forced; UP 4; DRIVER on; COUNTRY 0000; RADIO 3");
	agrees(pair, SAP_OWNER_CSME);
}

static void the_host_takes_over(struct pair *pair)
{
	struct sap_host_link_up up;
	struct sap_csme_conn_status conn = protected_lab(0);

	pair_ok(pair, sap_host_own(&pair->host, pair->now));
	pair_wait(pair, 200);
	pair_wire_is(pair, ">HOST_ASKS_FOR_NIC_OWNERSHIP; <CSME_REPLY_TO_HOST_OWNERSHIP_REQ; "
			   ">HOST_OWNERSHIP_CONFIRMED");
	pair_host_is(pair, "OWN_DONE ok; RFKILL off; OWNER host; ROAMING on; PACKETS");
	pair_csme_is(pair, "OWNER host; PACKETS x2; HOST_CONFIRMED");
	(void)!sap_host_device_up(&pair->host, pair->now);
	memset(&up, 0, sizeof(up));
	up.conn = conn.conn;
	pair_ok(pair, sap_host_link_up(&pair->host, &up, pair->now));
	pair_wait(pair, 5000);
	pair_wire_is(pair, ">HOST_LINK_UP");
	pair_csme_is(pair, "PACKETS; LINK_UP lab");
	agrees(pair, SAP_OWNER_HOST);
	pair_ok(pair, sap_csme_set_conn(&pair->csme, &conn, pair->now));
	pair_wait(pair, 200);
	pair_host_is(pair, "PACKETS; CONN_STATUS 0 lab; ROAMING off");
	pair_forget(pair);
}

static void csme_takes_it_back(struct pair *pair)
{
	pair_ok(pair, sap_csme_take(&pair->csme, pair->now));
	pair_wait(pair, 500);
	pair_wire_is(pair, "<CSME_TAKING_OWNERSHIP; >CSME_OWNERSHIP_CONFIRMED");
	pair_host_is(pair, "PACKETS; LEAVE; RFKILL on; OWNER CSME");
	pair_csme_is(pair, "PACKETS; OWNER CSME");
	agrees(pair, SAP_OWNER_CSME);
	/* It is kept for a while. */
	pair_ok(pair, sap_host_own(&pair->host, pair->now));
	pair_wait(pair, 500);
	pair_wire_is(pair, ">HOST_ASKS_FOR_NIC_OWNERSHIP; <CSME_REPLY_TO_HOST_OWNERSHIP_REQ");
	pair_host_is(pair, "OWN_DONE refused");
	pair_wait(pair, 61000);
	pair_host_is(pair, "OWN_DONE ok; RFKILL off; OWNER host; PACKETS");
	agrees(pair, SAP_OWNER_HOST);
	pair_forget(pair);
}

static void the_whole_story(void **unused)
{
	struct pair pair;

	(void)unused;
	begins(&pair);
	the_host_takes_over(&pair);
	csme_takes_it_back(&pair);
	pair_ok(&pair, sap_host_stop(&pair.host, pair.now));
	pair_wait(&pair, 20);
	pair_wire_is(&pair, ">HOST_GOES_DOWN");
	pair_host_is(&pair, "OWNER unknown; DOWN OK");
	pair_wait(&pair, 5000);
	pair_csme_is(&pair, "PACKETS; GOES_DOWN; DOWN CLOSED; OWNER CSME forced");
	pair_free(&pair);
}

static void questions_are_answered(void **unused)
{
	uint8_t nvm[SAP_NVM_SIZE] = {1};
	struct pair pair;

	(void)unused;
	pair_make(&pair, NULL, NULL);
	sap_csme_set_nvm(&pair.csme, nvm);
	pair_up(&pair, true);
	pair_forget(&pair);
	pair_ok(&pair, sap_host_ping(&pair.host, pair.now));
	pair_ok(&pair, sap_csme_ping(&pair.csme, pair.now));
	pair_ok(&pair, sap_host_get_nvm(&pair.host, pair.now));
	pair_ok(&pair, sap_host_pldr(&pair.host, pair.now));
	pair_wait(&pair, 400);
	pair_ok(&pair, sap_host_pldr_end(&pair.host, SAP_PLDR_SUCCESS, pair.now));
	pair_ok(&pair, sap_csme_can_release(&pair.csme, pair.now));
	pair_wait(&pair, 600);
	assert_non_null(strstr(pair.host_events.text, "PONG"));
	assert_non_null(strstr(pair.host_events.text, "NVM ok"));
	assert_non_null(strstr(pair.host_events.text, "PLDR ok"));
	assert_non_null(strstr(pair.host_events.text, "CAN_RELEASE; OWN_DONE ok"));
	assert_non_null(strstr(pair.csme_events.text, "PONG"));
	assert_non_null(strstr(pair.csme_events.text, "PLDR_END 0"));
	agrees(&pair, SAP_OWNER_HOST);
	pair_free(&pair);
}

static void packets_go_both_ways(void **unused)
{
	struct sap_packet_info info;
	uint8_t frame[60], got[1514];
	struct pair pair;

	(void)unused;
	pair_make(&pair, NULL, NULL);
	pair_up(&pair, true);
	pair_ok(&pair, sap_host_own(&pair.host, pair.now));
	pair_wait(&pair, 500);
	pair_forget(&pair);
	test_pattern(frame, sizeof(frame), 1);
	assert_status(sap_packets_send(&pair.host_lane, &pair.host.area, sap_host_seq(&pair.host), frame, 60),
		      SAP_OK);
	assert_status(sap_packets_send(&pair.csme_lane, &pair.csme.area, sap_csme_seq(&pair.csme), frame, 59),
		      SAP_OK);
	pair_wait(&pair, 100);
	pair_host_is(&pair, "PACKETS");
	pair_csme_is(&pair, "PACKETS");
	assert_status(sap_packets_recv(&pair.csme_lane, &pair.csme.area, got, sizeof(got), &info), SAP_OK);
	assert_int_equal(info.len, 60);
	assert_memory_equal(got, frame, 60);
	assert_status(sap_packets_recv(&pair.host_lane, &pair.host.area, got, sizeof(got), &info), SAP_OK);
	assert_int_equal(info.len, 59);
	pair_free(&pair);
}

/* --- crossings: both speak before either listens --- */

static void crossing(unsigned which)
{
	struct pair pair;

	pair_make(&pair, NULL, NULL);
	pair_up(&pair, true);
	if (which & 1) {
		pair_ok(&pair, sap_host_own(&pair.host, pair.now));
		pair_wait(&pair, 500);
		(void)!sap_host_device_up(&pair.host, pair.now);
	}
	if (which & 2)
		assert_status(sap_host_driver_down(&pair.host, pair.now), SAP_OK);
	else
		assert_status(sap_host_own(&pair.host, pair.now), SAP_OK);
	if (which & 4)
		assert_status(sap_csme_take(&pair.csme, pair.now), SAP_OK);
	else
		assert_status(sap_csme_take_by_force(&pair.csme, pair.now), SAP_OK);
	if (which & 8) {
		assert_status(sap_csme_set_amt(&pair.csme, false, pair.now), SAP_OK);
		assert_status(sap_csme_set_amt(&pair.csme, true, pair.now), SAP_OK);
	}
	pair_wait(&pair, 5000);
	if (!pair_agrees(&pair))
		test_fail("no agreement after crossing %u", which);
	pair_free(&pair);
}

static void crossings_end_in_agreement(void **unused)
{
	(void)unused;
	for (unsigned which = 0; which < 16; which++)
		crossing(which);
}

/* WHO_OWNS_NIC is under way as CSME takes the NIC: its answer is older than the taking. */
static void an_answer_older_than_a_taking_makes_no_owner(void **unused)
{
	struct pair pair;

	(void)unused;
	pair_make(&pair, NULL, NULL);
	pair_up(&pair, false);
	assert_status(sap_csme_set_amt(&pair.csme, true, pair.now), SAP_OK);
	assert_status(sap_pump_run(&pair.csme_pump, pair.now), SAP_OK);
	assert_status(sap_pump_run(&pair.host_pump, pair.now), SAP_OK);
	assert_status(sap_csme_take(&pair.csme, pair.now), SAP_OK);
	pair.now += 100;
	for (unsigned i = 0; i < 3; i++) {
		assert_status(sap_pump_run(&pair.host_pump, pair.now), SAP_OK);
		assert_status(sap_pump_run(&pair.host_pump, pair.now), SAP_OK);
		assert_status(sap_pump_run(&pair.csme_pump, pair.now), SAP_OK);
	}
	pair_wait(&pair, 5000);
	agrees(&pair, SAP_OWNER_CSME);
	assert_int_equal(pair.forced, 0);
	pair_free(&pair);
}

/* --- losses --- */

static void do_something(struct pair *pair, uint32_t what)
{
	enum sap_status ignored = SAP_OK;

	switch (what % 10) {
	case 0:
		ignored = sap_host_own(&pair->host, pair->now);
		break;
	case 1:
		ignored = sap_csme_take(&pair->csme, pair->now);
		break;
	case 2:
		ignored = sap_csme_take_by_force(&pair->csme, pair->now);
		break;
	case 3:
		ignored = sap_csme_set_amt(&pair->csme, what & 64, pair->now);
		break;
	case 4:
		ignored = sap_host_driver_down(&pair->host, pair->now);
		break;
	case 5:
		ignored = sap_host_driver_up(&pair->host, pair->now);
		break;
	case 6:
		ignored = sap_csme_can_release(&pair->csme, pair->now);
		break;
	case 7:
		(void)!sap_host_device_up(&pair->host, pair->now);
		break;
	case 8:
		ignored = sap_host_get_nvm(&pair->host, pair->now);
		break;
	default:
		ignored = sap_host_ping(&pair->host, pair->now);
		break;
	}
	assert_true(ignored == SAP_OK || ignored == SAP_BUSY || ignored == SAP_NOT_UP);
}

static void settles_in_agreement(struct pair *pair, unsigned round)
{
	/* A new driver that wants it asks once a minute; all else takes seconds. */
	for (unsigned i = 0; i < 20 && !pair_agrees(pair); i++)
		pair_wait(pair, 1000);
	if (pair->csme.state.amt && !pair_agrees(pair))
		test_fail("no agreement in round %u", round);
}

static void losses_100_times_end_in_agreement(void **unused)
{
	struct sap_host_config host;
	struct sap_csme_config csme;
	uint32_t random = 4;
	struct pair pair;

	(void)unused;
	sap_host_config_default(&host);
	sap_csme_config_default(&csme);
	host.reask_ms = 3000;
	csme.keep_ms = 1000;
	pair_make(&pair, &host, &csme);
	pair_up(&pair, true);
	pair.restarts = true;
	pair.mute = true;
	for (unsigned round = 0; round < 100; round++) {
		for (unsigned i = test_random(&random) % 4; i--;) {
			do_something(&pair, test_random(&random));
			if (test_random(&random) % 2)
				pair_wait(&pair, test_random(&random) % 150);
		}
		if (test_random(&random) % 3)
			pair_settle(&pair);
		sap_loopback_cut(&pair.loop);
		pair_wait(&pair, 300);
		settles_in_agreement(&pair, round);
		assert_int_equal(pair.downs, round + 1);
	}
	assert_int_equal(pair.ups, 101);
	pair_free(&pair);
}

/* --- faults --- */

static void faulty(struct pair *pair, const struct sap_loopback_fault *fault)
{
	struct sap_host_config host;
	struct sap_csme_config csme;

	sap_host_config_default(&host);
	sap_csme_config_default(&csme);
	host.reask_ms = 3000;
	csme.keep_ms = 1000;
	pair_make(pair, &host, &csme);
	pair->restarts = true;
	pair->mute = true;
	pair_ok(pair, sap_csme_set_amt(&pair->csme, true, pair->now));
	pair_ok(pair, sap_host_driver_up(&pair->host, pair->now));
	pair_fault(pair, fault);
	pair_ok(pair, sap_csme_start(&pair->csme, pair->now));
	pair_ok(pair, sap_host_start(&pair->host, pair->now));
}

/* Whatever goes wrong a few times: both come up, agree, and answer each other in bounded time. */
static void recovers_from(const struct sap_loopback_fault *fault)
{
	struct pair pair;

	faulty(&pair, fault);
	for (unsigned i = 0; i < 30; i++) {
		do_something(&pair, i * 7 + fault->skip);
		pair_wait(&pair, 130);
	}
	sap_loopback_clear_faults(&pair.loop);
	pair_wait(&pair, 500);
	do_something(&pair, 9);
	if (!pair.csme.state.amt)
		pair_ok(&pair, sap_csme_set_amt(&pair.csme, true, pair.now));
	settles_in_agreement(&pair, (unsigned)fault->kind * 100 + fault->skip);
	pair.restarts = false;
	pair_ok(&pair, sap_host_stop(&pair.host, pair.now));
	pair_wait(&pair, 250);
	assert_int_equal(pair.host.state.link.phase, SAP_PHASE_DOWN);
	pair_free(&pair);
}

static void faults_of_operations_are_recovered_from(void **unused)
{
	const struct sap_loopback_fault faults[] = {
		{.kind = SAP_LOOPBACK_FAIL_MAP, .status = SAP_AGAIN, .times = 3},
		{.kind = SAP_LOOPBACK_FAIL_MAP, .status = SAP_IO, .times = 5},
		{.kind = SAP_LOOPBACK_FAIL_MAP, .status = SAP_IO, .times = 20},
		{.kind = SAP_LOOPBACK_FAIL_MAP, .status = SAP_IO, .times = 9, .above = 139264},
		{.kind = SAP_LOOPBACK_FAIL_MAP, .status = SAP_UNSUPPORTED, .times = 4},
		{.kind = SAP_LOOPBACK_FAIL_CONNECT, .status = SAP_AGAIN, .times = 5},
		{.kind = SAP_LOOPBACK_FAIL_CONNECT, .status = SAP_BUSY, .times = 5},
		{.kind = SAP_LOOPBACK_FAIL_CONNECT, .status = SAP_IO, .times = 5},
		{.kind = SAP_LOOPBACK_FAIL_SEND, .status = SAP_AGAIN, .times = 8},
		{.kind = SAP_LOOPBACK_FAIL_SEND, .status = SAP_IO, .times = 3},
		{.kind = SAP_LOOPBACK_FAIL_DISCONNECT, .status = SAP_AGAIN, .times = 5},
		{.kind = SAP_LOOPBACK_FAIL_UNMAP, .status = SAP_AGAIN, .times = 5},
	};

	(void)unused;
	for (size_t i = 0; i < sizeof(faults) / sizeof(faults[0]); i++) {
		for (unsigned end = 0; end < 2; end++) {
			for (uint32_t skip = 0; skip < 4; skip++) {
				struct sap_loopback_fault fault = faults[i];

				fault.end = (enum sap_loopback_end)end;
				fault.skip = skip;
				recovers_from(&fault);
			}
		}
	}
}

static void faults_of_messages_are_recovered_from(void **unused)
{
	const struct sap_loopback_fault faults[] = {
		{.kind = SAP_LOOPBACK_DROP, .times = 1},
		{.kind = SAP_LOOPBACK_DROP, .times = 3},
		{.kind = SAP_LOOPBACK_DELAY, .times = 3, .steps = 4},
		{.kind = SAP_LOOPBACK_DELAY, .times = 30, .steps = 2},
		{.kind = SAP_LOOPBACK_DUPLICATE, .times = 20},
		{.kind = SAP_LOOPBACK_CORRUPT, .times = 2, .offset = 0, .mask = 0xff},
		{.kind = SAP_LOOPBACK_CORRUPT, .times = 2, .offset = 4, .mask = 0xff},
		{.kind = SAP_LOOPBACK_CORRUPT, .times = 2, .offset = 16, .mask = 7},
		{.kind = SAP_LOOPBACK_CORRUPT, .times = 2, .offset = 24, .mask = 7},
	};

	(void)unused;
	for (size_t i = 0; i < sizeof(faults) / sizeof(faults[0]); i++) {
		for (unsigned end = 0; end < 2; end++) {
			for (uint32_t skip = 0; skip < 6; skip++) {
				struct sap_loopback_fault fault = faults[i];

				fault.end = (enum sap_loopback_end)end;
				fault.skip = skip;
				recovers_from(&fault);
			}
		}
	}
}

/* CSME never drains: what the host wants times out, and it goes down in bounded time. */
static void a_peer_that_never_drains_holds_nobody(void **unused)
{
	struct pair pair;

	(void)unused;
	pair_make(&pair, NULL, NULL);
	pair_up(&pair, true);
	pair_forget(&pair);
	assert_status(sap_loopback_freeze(&pair.loop, SAP_LOOPBACK_CSME, true), SAP_OK);
	pair_ok(&pair, sap_host_own(&pair.host, pair.now));
	pair_ok(&pair, sap_host_get_nvm(&pair.host, pair.now));
	pair_ok(&pair, sap_host_pldr(&pair.host, pair.now));
	pair_wait(&pair, 2000);
	pair_host_is(&pair, "OWN_DONE timeout; PLDR timeout; NVM timeout");
	pair_ok(&pair, sap_host_stop(&pair.host, pair.now));
	pair_wait(&pair, 199);
	pair_host_is(&pair, "");
	pair_wait(&pair, 1);
	pair_host_is(&pair, "OWNER unknown; DOWN OK");
	pair_free(&pair);
}

/* Somebody scribbles over the shared memory: both notice or do not, and neither hangs, nor loses events. */
static void a_scribbling_peer_hurts_nobody(void **unused)
{
	uint32_t random = 99;

	(void)unused;
	for (unsigned round = 0; round < 60; round++) {
		struct sap_loopback_fault none = {.kind = SAP_LOOPBACK_DELAY, .times = 1, .steps = 1};
		struct pair pair;

		faulty(&pair, &none);
		pair_wait(&pair, 300);
		for (unsigned i = 0; i < 20; i++) {
			uint8_t bytes[16];
			uint32_t at = test_random(&random) % (round % 2 ? 64 : 90000);

			for (unsigned b = 0; b < sizeof(bytes); b++)
				bytes[b] = (uint8_t)test_random(&random);
			if (pair.loop.state.mapped[0])
				assert_status(sap_loopback_scribble(&pair.loop, at, bytes, sizeof(bytes)),
					      SAP_OK);
			do_something(&pair, test_random(&random));
			pair_wait(&pair, test_random(&random) % 120);
		}
		/* A new connection makes all new. */
		sap_loopback_cut(&pair.loop);
		pair_wait(&pair, 1000);
		if (!pair.csme.state.amt)
			pair_ok(&pair, sap_csme_set_amt(&pair.csme, true, pair.now));
		settles_in_agreement(&pair, round);
		pair_free(&pair);
	}
}

/* --- snapshots --- */

static void play(struct pair *pair, uint32_t seed)
{
	for (unsigned i = 0; i < 40; i++) {
		do_something(pair, test_random(&seed));
		pair_wait(pair, test_random(&seed) % 90);
		if (test_random(&seed) % 13 == 0)
			sap_loopback_cut(&pair->loop);
	}
}

static void a_snapshot_continues_to_the_same_end(void **unused)
{
	struct pair_state *saved = malloc(sizeof(*saved)), *after = malloc(sizeof(*after));
	struct sap_loopback_fault delay = {.kind = SAP_LOOPBACK_DELAY, .times = 500, .steps = 2};
	struct pair pair;

	(void)unused;
	assert_non_null(saved);
	assert_non_null(after);
	pair_make(&pair, NULL, NULL);
	pair_up(&pair, true);
	pair.restarts = true;
	pair.mute = true;
	pair_fault(&pair, &delay);
	for (uint32_t seed = 1; seed <= 25; seed++) {
		uint32_t hash;
		uint64_t digests[2];

		play(&pair, seed * 77);
		/* In the middle of something. */
		do_something(&pair, seed);
		pair_save(&pair, saved);
		pair.hash = 1;
		play(&pair, seed);
		hash = pair.hash;
		digests[0] = sap_host_digest(&pair.host);
		digests[1] = sap_csme_digest(&pair.csme);
		pair_save(&pair, after);
		pair_restore(&pair, saved);
		pair.hash = 1;
		play(&pair, seed);
		assert_int_equal(pair.hash, hash);
		assert_true(sap_host_digest(&pair.host) == digests[0]);
		assert_true(sap_csme_digest(&pair.csme) == digests[1]);
		pair_save(&pair, saved);
		assert_memory_equal(saved, after, sizeof(*saved));
	}
	free(saved);
	free(after);
	pair_free(&pair);
}

/* Restored into engines that stand elsewhere, which never saw the beginning. */
static void a_snapshot_continues_in_other_engines_too(void **unused)
{
	struct pair_state *saved = malloc(sizeof(*saved));
	struct pair first, second;
	uint32_t hash;

	(void)unused;
	assert_non_null(saved);
	pair_make(&first, NULL, NULL);
	pair_up(&first, true);
	first.mute = true;
	pair_ok(&first, sap_host_own(&first.host, first.now));
	pair_save(&first, saved);
	first.hash = 1;
	pair_wait(&first, 1000);
	hash = first.hash;

	pair_make(&second, NULL, NULL);
	pair_restore(&second, saved);
	/* The bindings: which memory, and how it is laid out. */
	second.host.area = first.host.area;
	second.csme.area = first.csme.area;
	second.host.area.base = second.csme.area.base = second.memory;
	second.mute = true;
	second.hash = 1;
	pair_wait(&second, 1000);
	assert_int_equal(second.hash, hash);
	agrees(&second, SAP_OWNER_HOST);
	free(saved);
	pair_free(&first);
	pair_free(&second);
}

static void the_sizes_are_bounded(void **unused)
{
	(void)unused;
	print_message("sizeof(struct sap_host) is %u, sizeof(struct sap_csme) %u\n",
		      (unsigned)sizeof(struct sap_host), (unsigned)sizeof(struct sap_csme));
	assert_in_range(sizeof(struct sap_host), 1, 8192);
	assert_in_range(sizeof(struct sap_csme), 1, 8192);
}

static void a_pump_looks_at_what_it_is_given(void **unused)
{
	struct pair pair;
	struct sap_pump pump;

	(void)unused;
	pair_make(&pair, NULL, NULL);
	assert_status(sap_pump_run(NULL, 0), SAP_INVALID);
	pump = pair.host_pump;
	pump.csme = &pair.csme;
	assert_status(sap_pump_run(&pump, 0), SAP_INVALID);
	pump.host = NULL;
	pump.csme = NULL;
	assert_status(sap_pump_run(&pump, 0), SAP_INVALID);
	pump = pair.host_pump;
	pump.transport.ops = NULL;
	assert_status(sap_pump_run(&pump, 0), SAP_INVALID);
	pair_free(&pair);
}

/* A transport that brings doorbells for ever. */
static enum sap_status endless_recv(void *self, void *message, size_t cap, size_t *len)
{
	static const uint8_t csa[12] = {3};

	(void)self;
	assert_true(cap >= sizeof(csa));
	memcpy(message, csa, sizeof(csa));
	*len = sizeof(csa);
	return SAP_OK;
}

static enum sap_status fine(void *self)
{
	(void)self;
	return SAP_OK;
}

static enum sap_status fine_send(void *self, const void *message, size_t len)
{
	(void)self;
	(void)message;
	(void)len;
	return SAP_OK;
}

static enum sap_status some_memory(void *self, uint32_t size, struct sap_mem *mem)
{
	*mem = (struct sap_mem){self, size};
	return SAP_OK;
}

static void a_pump_does_all_and_is_not_held(void **unused)
{
	static const struct sap_transport_ops ops = {some_memory, fine, fine_send, endless_recv, fine, fine};
	struct pair pair;

	(void)unused;
	pair_make(&pair, NULL, NULL);
	pair.host_pump.transport = (struct sap_transport){&ops, pair.memory};
	assert_status(sap_host_start(&pair.host, pair.now), SAP_OK);
	assert_status(sap_pump_run(&pair.host_pump, pair.now), SAP_OK);
	/* Mapped, connected, START sent, and doorbells taken; there may be more. */
	assert_int_equal(sap_host_counters(&pair.host)->me_sent, 1);
	assert_in_range(sap_host_counters(&pair.host)->me_received, 900, 1000);
	assert_true(sap_pump_deadline(&pair.host_pump) == 0);
	pair_free(&pair);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_whole_story),
		cmocka_unit_test(questions_are_answered),
		cmocka_unit_test(packets_go_both_ways),
		cmocka_unit_test(crossings_end_in_agreement),
		cmocka_unit_test(an_answer_older_than_a_taking_makes_no_owner),
		cmocka_unit_test(losses_100_times_end_in_agreement),
		cmocka_unit_test(faults_of_operations_are_recovered_from),
		cmocka_unit_test(faults_of_messages_are_recovered_from),
		cmocka_unit_test(a_peer_that_never_drains_holds_nobody),
		cmocka_unit_test(a_scribbling_peer_hurts_nobody),
		cmocka_unit_test(a_snapshot_continues_to_the_same_end),
		cmocka_unit_test(a_snapshot_continues_in_other_engines_too),
		cmocka_unit_test(the_sizes_are_bounded),
		cmocka_unit_test(a_pump_looks_at_what_it_is_given),
		cmocka_unit_test(a_pump_does_all_and_is_not_held),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
