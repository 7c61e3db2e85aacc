// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
/*
 * The loopback where sap/loopback.h says more than sap/transport.h, and its snapshots. What transport.h says
 * is the conformance kit's business: test_transport_check.c.
 */
#include "loops.h"

static void filled_with(const uint8_t *at, uint32_t n, uint8_t byte)
{
	for (uint32_t i = 0; i < n; i++)
		assert_int_equal(at[i], byte);
}

static void init_checks_what_it_is_given(void **state)
{
	struct loops loops;
	struct sap_loopback *loop = &loops.loop;
	struct sap_loopback_config config;

	(void)state;
	sap_loopback_config_default(NULL);
	sap_loopback_config_default(&config);
	assert_null(config.memory);
	assert_int_equal(config.depth, 8);
	assert_int_equal(config.longest, 128);
	assert_status(sap_loopback_init(loop, sizeof(*loop), &config), SAP_OK);
	assert_status(sap_loopback_init(loop, sizeof(*loop) + 1, &config), SAP_OK);
	assert_status(sap_loopback_init(loop, sizeof(*loop) - 1, &config), SAP_TOO_SMALL);
	assert_status(sap_loopback_init(NULL, sizeof(*loop), &config), SAP_INVALID);
	assert_status(sap_loopback_init(loop, sizeof(*loop), NULL), SAP_INVALID);
	config.memory = loops.memory;
	assert_status(sap_loopback_init(loop, sizeof(*loop), &config), SAP_BAD_VALUE);
	config.memory_size = 1;
	assert_status(sap_loopback_init(loop, sizeof(*loop), &config), SAP_OK);
	config.memory = loops.memory + 2;
	assert_status(sap_loopback_init(loop, sizeof(*loop), &config), SAP_MISALIGNED);
	config.memory = NULL;
	for (uint32_t depth = 0; depth < 11; depth++) {
		config.depth = depth;
		assert_status(sap_loopback_init(loop, sizeof(*loop), &config),
			      depth >= 2 && depth <= 8 ? SAP_OK : SAP_BAD_VALUE);
	}
	config.depth = 8;
	config.longest = 0;
	assert_status(sap_loopback_init(loop, sizeof(*loop), &config), SAP_BAD_VALUE);
	config.longest = 129;
	assert_status(sap_loopback_init(loop, sizeof(*loop), &config), SAP_BAD_VALUE);
}

static void init_forgets_and_zeroes_padding(void **state)
{
	struct loops a, b;

	(void)state;
	memset(&a, 0, sizeof(a));
	memset(&b, 0xff, sizeof(b));
	loops_init(&a, 8);
	loops_init(&b, 8);
	assert_memory_equal(&a.loop.state, &b.loop.state, sizeof(a.loop.state));
	filled_with((const uint8_t *)&a.loop.state, sizeof(a.loop.state), 0);
	/* The memory is nobody's yet. */
	filled_with(b.memory, LOOPS_MEMORY, 0xff);
}

static void there_are_two_ends(void **state)
{
	struct loops loops;
	struct sap_transport host, csme;

	(void)state;
	loops_init(&loops, 8);
	host = sap_loopback_transport(&loops.loop, SAP_LOOPBACK_HOST);
	csme = sap_loopback_transport(&loops.loop, SAP_LOOPBACK_CSME);
	assert_non_null(host.ops);
	assert_ptr_equal(host.ops, csme.ops);
	assert_ptr_not_equal(host.self, csme.self);
	assert_ptr_equal(host.self, sap_loopback_transport(&loops.loop, SAP_LOOPBACK_HOST).self);
	assert_null(sap_loopback_transport(NULL, SAP_LOOPBACK_HOST).ops);
	assert_null(sap_loopback_transport(&loops.loop, (enum sap_loopback_end)2).ops);
}

static void nobody_can_rely_on_zeroes(void **state)
{
	struct loops loops;
	struct sap_mem host, csme;

	(void)state;
	memset(&loops, 0, sizeof(loops));
	loops_init(&loops, 8);
	assert_status(do_map(&loops, HOST, 200, &host), SAP_OK);
	assert_ptr_equal(host.base, loops.memory);
	assert_int_equal(host.size, 200);
	filled_with(loops.memory, 200, SAP_LOOPBACK_FRESH);
	filled_with(loops.memory + 200, LOOPS_MEMORY - 200, 0);
	loops.memory[7] = 1;
	meet(&loops);
	assert_status(do_map(&loops, CSME, 0, &csme), SAP_OK);
	assert_ptr_equal(csme.base, loops.memory);
	assert_int_equal(csme.size, 200);
	assert_int_equal(loops.memory[7], 1);

	/* Gone only once both gave it up. */
	part(&loops);
	assert_status(do_unmap(&loops, HOST), SAP_OK);
	assert_int_equal(loops.memory[7], 1);
	assert_status(do_unmap(&loops, CSME), SAP_OK);
	filled_with(loops.memory, 200, SAP_LOOPBACK_GONE);
	filled_with(loops.memory + 200, LOOPS_MEMORY - 200, 0);
	/* And not once more as nothing is given up. */
	loops.memory[7] = 1;
	assert_status(do_unmap(&loops, CSME), SAP_OK);
	assert_status(do_unmap(&loops, HOST), SAP_OK);
	assert_int_equal(loops.memory[7], 1);
}

static void memory_is_gone_whoever_is_last(void **state)
{
	struct loops loops;
	struct sap_mem mem;

	(void)state;
	loops_init(&loops, 8);
	assert_status(do_map(&loops, HOST, 200, &mem), SAP_OK);
	meet(&loops);
	assert_status(do_map(&loops, CSME, 0, &mem), SAP_OK);
	assert_status(do_unmap(&loops, CSME), SAP_OK);
	filled_with(loops.memory, 200, SAP_LOOPBACK_FRESH);
	/* CSME gave up memory in a connection that goes on, and can have it back. */
	assert_status(do_map(&loops, CSME, 0, &mem), SAP_OK);
	assert_status(do_unmap(&loops, CSME), SAP_OK);
	assert_status(do_unmap(&loops, HOST), SAP_OK);
	filled_with(loops.memory, 200, SAP_LOOPBACK_GONE);
}

static void host_maps_what_there_is(void **state)
{
	struct loops loops;
	struct sap_mem mem = {NULL, 7};

	(void)state;
	loops_init(&loops, 8);
	assert_status(do_map(&loops, HOST, 0, &mem), SAP_IO);
	assert_status(do_map(&loops, HOST, LOOPS_MEMORY + 1, &mem), SAP_IO);
	assert_status(do_map(&loops, HOST, UINT32_MAX, &mem), SAP_IO);
	assert_status(do_map(&loops, HOST, 8, NULL), SAP_INVALID);
	assert_null(mem.base);
	assert_int_equal(mem.size, 7);
	assert_status(do_map(&loops, HOST, LOOPS_MEMORY, &mem), SAP_OK);
	assert_int_equal(mem.size, LOOPS_MEMORY);

	/* Again the same, as it is; another size not. */
	loops.memory[3] = 3;
	mem = (struct sap_mem){NULL, 0};
	assert_status(do_map(&loops, HOST, LOOPS_MEMORY, &mem), SAP_OK);
	assert_ptr_equal(mem.base, loops.memory);
	assert_int_equal(loops.memory[3], 3);
	assert_status(do_map(&loops, HOST, LOOPS_MEMORY - 4, &mem), SAP_IO);
	assert_int_equal(mem.size, LOOPS_MEMORY);
	assert_int_equal(loops.loop.state.counters[HOST].maps, 1);
}

static void without_memory_nothing_is_mapped(void **state)
{
	struct sap_loopback_config config;
	struct loops loops;
	struct sap_mem mem;

	(void)state;
	sap_loopback_config_default(&config);
	assert_status(sap_loopback_init(&loops.loop, sizeof(loops.loop), &config), SAP_OK);
	assert_status(do_map(&loops, HOST, 64, &mem), SAP_UNSUPPORTED);
	assert_status(do_map(&loops, HOST, 0, &mem), SAP_UNSUPPORTED);
	meet(&loops);
	assert_status(do_map(&loops, CSME, 0, &mem), SAP_UNSUPPORTED);
	assert_status(do_unmap(&loops, HOST), SAP_OK);
	assert_status(do_unmap(&loops, CSME), SAP_OK);
	assert_status(do_send(&loops, HOST, 1), SAP_OK);
	assert_int_equal(do_recv(&loops, CSME), 1);
	assert_status(sap_loopback_scribble(&loops.loop, 0, "", 0), SAP_WRONG_STATE);
}

static void csme_adopts_in_a_connection(void **state)
{
	struct loops loops;
	struct sap_mem mem;

	(void)state;
	loops_init(&loops, 8);
	assert_status(do_map(&loops, HOST, 64, &mem), SAP_OK);
	assert_status(do_map(&loops, CSME, 0, &mem), SAP_CLOSED);
	meet(&loops);
	assert_status(do_map(&loops, CSME, 64, &mem), SAP_UNSUPPORTED);
	assert_status(do_map(&loops, CSME, 0, NULL), SAP_INVALID);
	assert_status(do_map(&loops, CSME, 0, &mem), SAP_OK);
	assert_status(do_map(&loops, CSME, 0, &mem), SAP_OK);
	assert_int_equal(loops.loop.state.counters[CSME].maps, 1);
	assert_status(do_unmap(&loops, CSME), SAP_OK);
	/* The host left: nothing can be adopted any more, though it still maps it. */
	assert_status(do_disconnect(&loops, HOST), SAP_OK);
	assert_status(do_map(&loops, CSME, 0, &mem), SAP_CLOSED);
}

static void host_waits_for_csme_to_give_up(void **state)
{
	struct loops loops;
	struct sap_mem mem, fresh;

	(void)state;
	loops_init(&loops, 8);
	assert_status(do_map(&loops, HOST, 64, &mem), SAP_OK);
	meet(&loops);
	assert_status(do_map(&loops, CSME, 0, &mem), SAP_OK);
	loops.memory[0] = 1;
	part(&loops);
	assert_status(do_unmap(&loops, HOST), SAP_OK);
	assert_status(do_map(&loops, HOST, 128, &fresh), SAP_AGAIN);
	assert_int_equal(loops.memory[0], 1);
	assert_status(do_unmap(&loops, CSME), SAP_OK);
	assert_status(do_map(&loops, HOST, 128, &fresh), SAP_OK);
	assert_int_equal(fresh.size, 128);
	filled_with(loops.memory, 128, SAP_LOOPBACK_FRESH);
}

static void unmap_of_the_host_ends_the_connection(void **state)
{
	struct loops loops;
	struct sap_mem mem;

	(void)state;
	loops_init(&loops, 8);
	meet(&loops);
	/* Nothing was mapped: nothing happens. */
	assert_status(do_unmap(&loops, HOST), SAP_OK);
	assert_status(do_send(&loops, HOST, 1), SAP_OK);
	assert_int_equal(do_recv(&loops, CSME), 1);
	assert_status(do_map(&loops, HOST, 64, &mem), SAP_OK);
	assert_status(do_map(&loops, CSME, 0, &mem), SAP_OK);
	assert_status(do_send(&loops, HOST, 2), SAP_OK);
	assert_status(do_unmap(&loops, HOST), SAP_OK);
	assert_int_equal(do_recv(&loops, CSME), 2);
	assert_int_equal(do_recv(&loops, CSME), -2);
	assert_int_equal(do_recv(&loops, HOST), -2);
	filled_with(loops.memory, 64, SAP_LOOPBACK_FRESH);
}

static void second_to_ask_is_told_first(void **state)
{
	(void)state;
	for (uint32_t first = 0; first < 2; first++) {
		struct loops loops;

		loops_init(&loops, 8);
		assert_status(do_connect(&loops, first), SAP_AGAIN);
		assert_status(do_connect(&loops, first), SAP_AGAIN);
		assert_status(do_connect(&loops, !first), SAP_OK);
		assert_status(do_send(&loops, !first, 1), SAP_OK);
		/* Not told yet: for this end there is no connection. */
		assert_int_equal(do_recv(&loops, first), -2);
		assert_status(do_send(&loops, first, 1), SAP_CLOSED);
		assert_status(do_connect(&loops, first), SAP_OK);
		assert_int_equal(do_recv(&loops, first), 1);
		assert_status(do_connect(&loops, HOST), SAP_OK);
		assert_status(do_connect(&loops, CSME), SAP_OK);
		assert_int_equal(loops.loop.state.counters[HOST].connections, 1);
		assert_int_equal(loops.loop.state.counters[CSME].connections, 1);
	}
}

static void connection_it_never_knew_of_has_not_been(void **state)
{
	struct loops loops;

	(void)state;
	loops_init(&loops, 8);
	assert_status(do_connect(&loops, CSME), SAP_AGAIN);
	assert_status(do_connect(&loops, HOST), SAP_OK);
	assert_status(do_send(&loops, HOST, 1), SAP_OK);
	assert_status(do_disconnect(&loops, HOST), SAP_OK);
	assert_int_equal(sap_loopback_pending(&loops.loop, SAP_LOOPBACK_CSME), 0);
	assert_int_equal(loops.loop.state.counters[CSME].lost, 1);
	assert_status(do_connect(&loops, CSME), SAP_AGAIN);
	assert_status(do_connect(&loops, HOST), SAP_OK);
	assert_status(do_connect(&loops, CSME), SAP_OK);
	assert_int_equal(do_recv(&loops, CSME), -1);

	/* And the other way: who was waiting gives up before it was told. */
	part(&loops);
	assert_status(do_connect(&loops, CSME), SAP_AGAIN);
	assert_status(do_connect(&loops, HOST), SAP_OK);
	assert_status(do_disconnect(&loops, CSME), SAP_OK);
	assert_int_equal(do_recv(&loops, HOST), -2);
	assert_status(do_connect(&loops, HOST), SAP_CLOSED);
	assert_status(do_connect(&loops, CSME), SAP_AGAIN);
	assert_status(do_disconnect(&loops, HOST), SAP_OK);
	assert_status(do_connect(&loops, HOST), SAP_OK);
}

static void who_gave_up_waiting_is_not_met(void **state)
{
	struct loops loops;

	(void)state;
	loops_init(&loops, 8);
	assert_status(do_connect(&loops, CSME), SAP_AGAIN);
	assert_status(do_disconnect(&loops, CSME), SAP_OK);
	assert_status(do_connect(&loops, HOST), SAP_AGAIN);
	assert_status(do_connect(&loops, HOST), SAP_AGAIN);
}

static void both_must_disconnect(void **state)
{
	struct loops loops;

	(void)state;
	loops_init(&loops, 8);
	meet(&loops);
	assert_status(do_disconnect(&loops, HOST), SAP_OK);
	assert_status(do_connect(&loops, HOST), SAP_AGAIN);
	assert_status(do_connect(&loops, CSME), SAP_CLOSED);
	assert_int_equal(do_recv(&loops, CSME), -2);
	assert_status(do_disconnect(&loops, CSME), SAP_OK);
	assert_status(do_connect(&loops, CSME), SAP_OK);
	assert_status(do_connect(&loops, HOST), SAP_OK);
}

static void depth_and_length_are_those_set(void **state)
{
	static const uint8_t bytes[200] = {1};
	struct loops loops;

	(void)state;
	for (uint32_t depth = 2; depth <= 8; depth++) {
		struct sap_transport host;

		loops_init(&loops, depth);
		loops.loop.config.longest = 16 * depth;
		host = sap_loopback_transport(&loops.loop, SAP_LOOPBACK_HOST);
		meet(&loops);
		for (uint32_t i = 0; i < depth; i++)
			assert_status(host.ops->send(host.self, bytes, 16 * depth), SAP_OK);
		assert_status(host.ops->send(host.self, bytes, 16 * depth), SAP_AGAIN);
		/* The other direction has room of its own. */
		assert_status(do_send(&loops, CSME, 1), SAP_OK);
		/* Too long is final, so it comes before "no room now". */
		assert_status(host.ops->send(host.self, bytes, 16 * depth + 1), SAP_TOO_LONG);
		assert_int_equal(sap_loopback_pending(&loops.loop, SAP_LOOPBACK_CSME), depth);
		assert_int_equal(sap_loopback_pending(&loops.loop, SAP_LOOPBACK_HOST), 1);
		assert_int_equal(loops.loop.state.counters[HOST].sent, depth);
		assert_int_equal(loops.loop.state.counters[HOST].full, 1);
		assert_int_equal(loops.loop.state.counters[HOST].too_long, 1);
		assert_int_equal(loops.loop.state.counters[CSME].sent, 1);
	}
	assert_int_equal(sap_loopback_pending(NULL, SAP_LOOPBACK_HOST), 0);
	assert_int_equal(sap_loopback_pending(&loops.loop, (enum sap_loopback_end)2), 0);
}

static void arguments_that_cannot_be_are_refused(void **state)
{
	struct loops loops;
	struct sap_transport host;
	uint8_t byte = 1;
	size_t len = 77;

	(void)state;
	loops_init(&loops, 8);
	meet(&loops);
	host = sap_loopback_transport(&loops.loop, SAP_LOOPBACK_HOST);
	assert_status(host.ops->send(host.self, NULL, 1), SAP_INVALID);
	assert_status(host.ops->send(host.self, &byte, 0), SAP_INVALID);
	assert_status(host.ops->recv(host.self, &byte, 1, NULL), SAP_INVALID);
	assert_status(host.ops->recv(host.self, NULL, 1, &len), SAP_INVALID);
	assert_status(host.ops->recv(host.self, NULL, 0, &len), SAP_AGAIN);
	assert_int_equal(len, 77);
	/* A buffer of nothing drops the message and tells its size. */
	assert_status(do_send(&loops, CSME, 1), SAP_OK);
	assert_status(host.ops->recv(host.self, NULL, 0, &len), SAP_TOO_LONG);
	assert_int_equal(len, 1);
	assert_int_equal(do_recv(&loops, HOST), -1);
	assert_int_equal(loops.loop.state.counters[HOST].too_long, 1);
	assert_int_equal(loops.loop.state.counters[HOST].received, 0);
}

static void what_was_on_the_way_is_counted(void **state)
{
	struct loops loops;

	(void)state;
	loops_init(&loops, 8);
	meet(&loops);
	for (uint8_t i = 0; i < 3; i++)
		assert_status(do_send(&loops, HOST, i), SAP_OK);
	assert_status(do_send(&loops, CSME, 9), SAP_OK);
	assert_int_equal(do_recv(&loops, CSME), 0);
	/* The host loses what it has not read; CSME nothing, until it goes too. */
	assert_status(do_disconnect(&loops, HOST), SAP_OK);
	assert_int_equal(loops.loop.state.counters[HOST].lost, 1);
	assert_int_equal(loops.loop.state.counters[CSME].lost, 0);
	assert_int_equal(do_recv(&loops, CSME), 1);
	assert_status(do_disconnect(&loops, CSME), SAP_OK);
	assert_int_equal(loops.loop.state.counters[CSME].lost, 1);
	assert_int_equal(loops.loop.state.counters[CSME].received, 2);
}

static void same_but_for_counters(const struct loops *a, const struct loops *b)
{
	struct sap_loopback_state x, y;

	/* Copies of every byte: padding too. */
	memcpy(&x, &a->loop.state, sizeof(x));
	memcpy(&y, &b->loop.state, sizeof(y));
	memset(x.counters, 0, sizeof(x.counters));
	memset(y.counters, 0, sizeof(y.counters));
	assert_memory_equal(&x, &y, sizeof(x));
}

/* Counters aside, how it came to be does not show. */
static void equal_states_are_equal_bytes(void **state)
{
	struct loops a, b;

	(void)state;
	memset(&a, 0, sizeof(a));
	memset(&b, 0xff, sizeof(b));
	loops_init(&a, 8);
	loops_init(&b, 8);
	meet(&a);
	assert_status(do_send(&a, HOST, 5), SAP_OK);

	meet(&b);
	for (uint32_t i = 0; i < 20; i++) {
		assert_status(do_send(&b, HOST, 100), SAP_OK);
		assert_status(do_send(&b, HOST, 101), SAP_OK);
		assert_status(do_send(&b, CSME, 102), SAP_OK);
		assert_int_equal(do_recv(&b, CSME), 100);
		assert_int_equal(do_recv(&b, HOST), 102);
		assert_int_equal(do_recv(&b, CSME), 101);
	}
	assert_status(do_send(&b, HOST, 5), SAP_OK);
	same_but_for_counters(&a, &b);

	assert_status(do_send(&b, CSME, 6), SAP_OK);
	part(&b);
	meet(&b);
	assert_status(do_send(&b, HOST, 5), SAP_OK);
	same_but_for_counters(&a, &b);
}

/* One of everything that can happen, by a number; and a digest of what was answered. */
static uint32_t anything(struct loops *loops, uint32_t *random)
{
	struct sap_mem mem = {NULL, 0};
	uint32_t what = test_random(random);
	uint32_t end = what >> 8 & 1;
	struct sap_loopback_fault fault = {
		.kind = (enum sap_loopback_fault_kind)(1 + (what >> 12) % 9),
		.end = (enum sap_loopback_end)end,
		.skip = what >> 16 & 3,
		.times = 1 + (what >> 18 & 1),
		.status = SAP_AGAIN,
		.steps = 1 + (what >> 20 & 3),
		.mask = 0x11,
	};

	switch (what % 20) {
	case 0:
		return (uint32_t)do_map(loops, end, end == HOST ? LOOPS_MEMORY : 0, &mem) + mem.size;
	case 1:
	case 2:
	case 3:
		return (uint32_t)do_connect(loops, end);
	case 4:
		return (uint32_t)(what >> 16 & 3 ? SAP_OK : do_disconnect(loops, end));
	case 5:
		return (uint32_t)(what >> 16 & 3 ? SAP_OK : do_unmap(loops, end));
	case 6:
		return (uint32_t)sap_loopback_inject(&loops->loop, &fault);
	case 7:
	case 8:
		sap_loopback_step(&loops->loop);
		return sap_loopback_pending(&loops->loop, SAP_LOOPBACK_CSME);
	case 9:
		return (uint32_t)sap_loopback_scribble(&loops->loop, what >> 12 & 63, &what, 4);
	case 10:
		return (uint32_t)sap_loopback_freeze(&loops->loop, (enum sap_loopback_end)end,
						     what >> 16 & 1);
	default:
		return what & 0x80 ? (uint32_t)do_send(loops, end, (uint8_t)(what >> 24))
				   : (uint32_t)do_recv(loops, end);
	}
}

static uint32_t digest(const struct loops *loops)
{
	const uint8_t *at = (const uint8_t *)&loops->loop.state;
	uint32_t sum = 1;

	for (uint32_t i = 0; i < sizeof(loops->loop.state); i++)
		sum = sum * 31 + at[i];
	for (uint32_t i = 0; i < LOOPS_MEMORY; i++)
		sum = sum * 31 + loops->memory[i];
	return sum;
}

static uint32_t go_on(struct loops *loops, uint32_t random, uint32_t steps)
{
	uint32_t sum = 0;

	for (uint32_t i = 0; i < steps; i++)
		sum = sum * 33 + anything(loops, &random) + digest(loops);
	return sum;
}

static void snapshot_goes_on_as_the_original(void **state)
{
	(void)state;
	for (uint32_t seed = 0; seed < 40; seed++) {
		struct loops original, restored;
		struct sap_loopback_state kept;
		uint8_t memory[LOOPS_MEMORY];
		uint32_t once;

		memset(&original, 0, sizeof(original));
		loops_init(&original, 4);
		(void)go_on(&original, seed, 150);
		memcpy(&kept, &original.loop.state, sizeof(kept));
		memcpy(memory, original.memory, sizeof(memory));
		once = go_on(&original, seed + 1000, 150);

		/* Into another loopback, elsewhere, that has a past of its own. */
		memset(&restored, 0xee, sizeof(restored));
		loops_init(&restored, 4);
		(void)go_on(&restored, seed + 2000, 100);
		memcpy(&restored.loop.state, &kept, sizeof(kept));
		memcpy(restored.memory, memory, sizeof(memory));
		assert_int_equal(go_on(&restored, seed + 1000, 150), once);
		assert_memory_equal(&restored.loop.state, &original.loop.state, sizeof(kept));
		assert_memory_equal(restored.memory, original.memory, sizeof(memory));

		/* And into the same one, back in time. */
		memcpy(&original.loop.state, &kept, sizeof(kept));
		memcpy(original.memory, memory, sizeof(memory));
		assert_int_equal(go_on(&original, seed + 1000, 150), once);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(init_checks_what_it_is_given),
		cmocka_unit_test(init_forgets_and_zeroes_padding),
		cmocka_unit_test(there_are_two_ends),
		cmocka_unit_test(nobody_can_rely_on_zeroes),
		cmocka_unit_test(memory_is_gone_whoever_is_last),
		cmocka_unit_test(host_maps_what_there_is),
		cmocka_unit_test(without_memory_nothing_is_mapped),
		cmocka_unit_test(csme_adopts_in_a_connection),
		cmocka_unit_test(host_waits_for_csme_to_give_up),
		cmocka_unit_test(unmap_of_the_host_ends_the_connection),
		cmocka_unit_test(second_to_ask_is_told_first),
		cmocka_unit_test(connection_it_never_knew_of_has_not_been),
		cmocka_unit_test(who_gave_up_waiting_is_not_met),
		cmocka_unit_test(both_must_disconnect),
		cmocka_unit_test(depth_and_length_are_those_set),
		cmocka_unit_test(arguments_that_cannot_be_are_refused),
		cmocka_unit_test(what_was_on_the_way_is_counted),
		cmocka_unit_test(equal_states_are_equal_bytes),
		cmocka_unit_test(snapshot_goes_on_as_the_original),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
