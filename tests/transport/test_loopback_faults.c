// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
/* Faults of the loopback: each does what it says, to whom it says and as often, and nothing else. */
#include "loops.h"

#define COUNTER(field) offsetof(struct sap_loopback_counters, field)

static const struct sap_loopback_fault nothing = {.times = 0};

static struct sap_loopback_fault fault_of(enum sap_loopback_fault_kind kind, uint32_t end, uint32_t skip,
					  uint32_t times)
{
	struct sap_loopback_fault fault = nothing;

	fault.kind = kind;
	fault.end = (enum sap_loopback_end)end;
	fault.skip = skip;
	fault.times = times;
	fault.status = SAP_AGAIN;
	fault.steps = 1;
	fault.mask = 0x80;
	return fault;
}

static void inject(struct loops *loops, struct sap_loopback_fault fault)
{
	assert_status(sap_loopback_inject(&loops->loop, &fault), SAP_OK);
}

/* All counters of both ends are 0 but this one, of this end. */
static void only_counted(const struct loops *loops, uint32_t end, size_t counter, uint32_t expected)
{
	struct sap_loopback_counters counters[2];
	uint32_t found;

	memcpy(counters, loops->loop.state.counters, sizeof(counters));
	for (uint32_t i = 0; i < 2; i++)
		counters[i].maps = counters[i].connections = counters[i].sent = counters[i].received = 0;
	memcpy(&found, (const uint8_t *)&counters[end] + counter, sizeof(found));
	assert_int_equal(found, expected);
	memset((uint8_t *)&counters[end] + counter, 0, sizeof(found));
	for (uint32_t i = 0; i < sizeof(counters); i++)
		assert_int_equal(((const uint8_t *)counters)[i], 0);
}

/* One operation of an end, as the kind of fault it can meet. */
static enum sap_status operate(struct loops *loops, uint32_t end, enum sap_loopback_fault_kind kind)
{
	struct sap_mem mem;

	switch (kind) {
	case SAP_LOOPBACK_FAIL_MAP:
		return do_map(loops, end, end == HOST ? 64 : 0, &mem);
	case SAP_LOOPBACK_FAIL_CONNECT:
		return do_connect(loops, end);
	case SAP_LOOPBACK_FAIL_SEND:
		return do_send(loops, end, 1);
	case SAP_LOOPBACK_FAIL_DISCONNECT:
		return do_disconnect(loops, end);
	case SAP_LOOPBACK_FAIL_UNMAP:
		return do_unmap(loops, end);
	default:
		test_fail("no operation");
	}
}

/* All up: each operation, disconnect last, says OK if nothing is wrong. */
static void all_up(struct loops *loops)
{
	struct sap_mem mem;

	loops_init(loops, 8);
	assert_status(do_map(loops, HOST, 64, &mem), SAP_OK);
	meet(loops);
	assert_status(do_map(loops, CSME, 0, &mem), SAP_OK);
}

static const struct {
	enum sap_loopback_fault_kind kind;
	enum sap_status status;
} failures[] = {
	{SAP_LOOPBACK_FAIL_MAP, SAP_AGAIN},	   {SAP_LOOPBACK_FAIL_MAP, SAP_UNSUPPORTED},
	{SAP_LOOPBACK_FAIL_MAP, SAP_IO},	   {SAP_LOOPBACK_FAIL_CONNECT, SAP_AGAIN},
	{SAP_LOOPBACK_FAIL_CONNECT, SAP_BUSY},	   {SAP_LOOPBACK_FAIL_CONNECT, SAP_UNSUPPORTED},
	{SAP_LOOPBACK_FAIL_CONNECT, SAP_IO},	   {SAP_LOOPBACK_FAIL_SEND, SAP_AGAIN},
	{SAP_LOOPBACK_FAIL_DISCONNECT, SAP_AGAIN}, {SAP_LOOPBACK_FAIL_UNMAP, SAP_AGAIN},
};

static void operation_fails_as_often_as_told(void **state)
{
	(void)state;
	for (uint32_t f = 0; f < sizeof(failures) / sizeof(failures[0]); f++)
		for (uint32_t end = 0; end < 2; end++) {
			struct sap_loopback_fault fault = fault_of(failures[f].kind, end, 0, 2);
			enum sap_loopback_fault_kind kind;
			struct sap_loopback_state before;
			struct loops loops;

			all_up(&loops);
			fault.status = failures[f].status;
			inject(&loops, fault);
			/* The same operation of the other end does not count, nor do others of this. */
			for (uint32_t k = SAP_LOOPBACK_FAIL_MAP; k <= SAP_LOOPBACK_FAIL_SEND; k++) {
				kind = (enum sap_loopback_fault_kind)k;
				assert_status(operate(&loops, !end, kind), SAP_OK);
				if (kind != fault.kind)
					assert_status(operate(&loops, end, kind), SAP_OK);
			}
			before = loops.loop.state;
			for (uint32_t i = 0; i < 2; i++)
				assert_status(operate(&loops, end, fault.kind), fault.status);
			only_counted(&loops, end, COUNTER(failed), 2);
			/* They did nothing, and are over. */
			assert_int_equal(loops.loop.state.faults, 0);
			memset(before.fault, 0, sizeof(before.fault));
			before.faults = 0;
			before.counters[end].failed = 2;
			assert_memory_equal(&loops.loop.state, &before, sizeof(before));
			assert_status(operate(&loops, end, fault.kind), SAP_OK);
		}
}

static void skip_lets_as_many_pass(void **state)
{
	(void)state;
	for (uint32_t skip = 0; skip < 4; skip++) {
		struct loops loops;

		all_up(&loops);
		inject(&loops, fault_of(SAP_LOOPBACK_FAIL_SEND, HOST, skip, 1));
		for (uint32_t i = 0; i < 6; i++)
			assert_status(do_send(&loops, HOST, 1), i == skip ? SAP_AGAIN : SAP_OK);
	}
}

static void only_large_maps_fail(void **state)
{
	struct sap_loopback_fault fault = fault_of(SAP_LOOPBACK_FAIL_MAP, HOST, 0, SAP_LOOPBACK_ALWAYS);
	struct sap_mem mem;
	struct loops loops;

	(void)state;
	loops_init(&loops, 8);
	fault.above = 100;
	fault.status = SAP_UNSUPPORTED;
	inject(&loops, fault);
	for (uint32_t i = 0; i < 5; i++)
		assert_status(do_map(&loops, HOST, 101, &mem), SAP_UNSUPPORTED);
	assert_status(do_map(&loops, HOST, 100, &mem), SAP_OK);
	assert_int_equal(loops.loop.state.faults, 1);
	assert_int_equal(loops.loop.state.counters[HOST].failed, 5);

	/* CSME: by what it would adopt. A map that it does not concern does not count as one skipped. */
	meet(&loops);
	fault = fault_of(SAP_LOOPBACK_FAIL_MAP, CSME, 0, 1);
	fault.above = 100;
	inject(&loops, fault);
	assert_status(do_map(&loops, CSME, 0, &mem), SAP_OK);
	assert_status(do_unmap(&loops, CSME), SAP_OK);
	fault.above = 99;
	inject(&loops, fault);
	assert_status(do_map(&loops, CSME, 0, &mem), SAP_AGAIN);
	assert_status(do_map(&loops, CSME, 0, &mem), SAP_OK);
}

static void send_that_fails_ends_the_connection(void **state)
{
	(void)state;
	for (uint32_t end = 0; end < 2; end++) {
		struct sap_loopback_fault fault = fault_of(SAP_LOOPBACK_FAIL_SEND, end, 1, 1);
		struct loops loops;

		all_up(&loops);
		fault.status = SAP_IO;
		inject(&loops, fault);
		assert_status(do_send(&loops, end, 1), SAP_OK);
		assert_status(do_send(&loops, end, 2), SAP_IO);
		assert_int_equal(do_recv(&loops, HOST), -2);
		assert_int_equal(do_recv(&loops, CSME), -2);
		assert_status(do_send(&loops, end, 3), SAP_CLOSED);
		assert_int_equal(loops.loop.state.counters[!end].lost, 1);
	}
}

/* Sends 0 to 5 from `end`, and tells what arrives, as text: "-" for a pause until a step. */
static void arrives(struct loops *loops, uint32_t end, const char *expected)
{
	char found[64];
	uint32_t n = 0;

	for (uint8_t i = 0; i < 6; i++)
		assert_status(do_send(loops, end, i), SAP_OK);
	while (n < sizeof(found) - 1) {
		int byte = do_recv(loops, !end);

		if (byte == -1 && sap_loopback_pending(&loops->loop, (enum sap_loopback_end) !end) == 0)
			break;
		found[n++] = "-0123456789"[byte + 1];
		if (byte == -1)
			sap_loopback_step(&loops->loop);
	}
	found[n] = 0;
	assert_string_equal(found, expected);
}

static void nothing_else_happened(struct loops *loops, uint32_t end)
{
	/* The other direction is as ever, and so is this one from now on. */
	arrives(loops, !end, "012345");
	arrives(loops, end, "012345");
	assert_int_equal(loops->loop.state.faults, 0);
}

static void dropped_messages_never_arrive(void **state)
{
	(void)state;
	for (uint32_t end = 0; end < 2; end++) {
		struct loops loops;

		all_up(&loops);
		inject(&loops, fault_of(SAP_LOOPBACK_DROP, end, 0, 1));
		arrives(&loops, end, "12345");
		inject(&loops, fault_of(SAP_LOOPBACK_DROP, end, 2, 3));
		arrives(&loops, end, "015");
		only_counted(&loops, end, COUNTER(dropped), 4);
		assert_int_equal(loops.loop.state.counters[end].sent, 12);
		nothing_else_happened(&loops, end);
	}
}

static void delayed_messages_wait_for_steps(void **state)
{
	(void)state;
	for (uint32_t end = 0; end < 2; end++) {
		struct sap_loopback_fault fault = fault_of(SAP_LOOPBACK_DELAY, end, 2, 1);
		struct loops loops;

		all_up(&loops);
		fault.steps = 3;
		inject(&loops, fault);
		/* What is sent later does not overtake. */
		arrives(&loops, end, "01---2345");
		only_counted(&loops, end, COUNTER(delayed), 1);
		nothing_else_happened(&loops, end);

		/* Steps count from the sending, for each. */
		fault.skip = 0;
		fault.times = 2;
		fault.steps = 2;
		inject(&loops, fault);
		arrives(&loops, end, "--012345");
		/* Those that pass before a message was sent do not count for it. */
		inject(&loops, fault);
		for (uint32_t i = 0; i < 5; i++)
			sap_loopback_step(&loops.loop);
		arrives(&loops, end, "--012345");
	}
}

static void delay_outlasts_the_senders_end(void **state)
{
	struct loops loops;

	(void)state;
	all_up(&loops);
	inject(&loops, fault_of(SAP_LOOPBACK_DELAY, HOST, 0, 1));
	assert_status(do_send(&loops, HOST, 7), SAP_OK);
	assert_status(do_disconnect(&loops, HOST), SAP_OK);
	assert_int_equal(do_recv(&loops, CSME), -1);
	sap_loopback_step(&loops.loop);
	assert_int_equal(do_recv(&loops, CSME), 7);
	assert_int_equal(do_recv(&loops, CSME), -2);
}

static void duplicates_arrive_one_after_the_other(void **state)
{
	(void)state;
	for (uint32_t end = 0; end < 2; end++) {
		struct loops loops;

		all_up(&loops);
		inject(&loops, fault_of(SAP_LOOPBACK_DUPLICATE, end, 1, 2));
		arrives(&loops, end, "01122345");
		only_counted(&loops, end, COUNTER(duplicated), 2);
		assert_int_equal(loops.loop.state.counters[end].sent, 6);
		nothing_else_happened(&loops, end);
	}
}

static void duplicate_needs_room_for_two(void **state)
{
	struct loops loops;

	(void)state;
	loops_init(&loops, 2);
	meet(&loops);
	inject(&loops, fault_of(SAP_LOOPBACK_DUPLICATE, HOST, 1, 1));
	assert_status(do_send(&loops, HOST, 1), SAP_OK);
	assert_status(do_send(&loops, HOST, 2), SAP_AGAIN);
	assert_int_equal(sap_loopback_pending(&loops.loop, SAP_LOOPBACK_CSME), 1);
	/* Not taken, so it did not count. */
	assert_int_equal(do_recv(&loops, CSME), 1);
	assert_status(do_send(&loops, HOST, 2), SAP_OK);
	assert_int_equal(do_recv(&loops, CSME), 2);
	assert_int_equal(do_recv(&loops, CSME), 2);
	assert_int_equal(do_recv(&loops, CSME), -1);
}

static void dropped_message_needs_no_room(void **state)
{
	struct loops loops;

	(void)state;
	loops_init(&loops, 2);
	meet(&loops);
	assert_status(do_send(&loops, HOST, 1), SAP_OK);
	assert_status(do_send(&loops, HOST, 2), SAP_OK);
	inject(&loops, fault_of(SAP_LOOPBACK_DROP, HOST, 0, 1));
	assert_status(do_send(&loops, HOST, 3), SAP_OK);
	assert_status(do_send(&loops, HOST, 4), SAP_AGAIN);
	assert_int_equal(sap_loopback_pending(&loops.loop, SAP_LOOPBACK_CSME), 2);
	/* One that is yet to be skipped does. */
	inject(&loops, fault_of(SAP_LOOPBACK_DROP, HOST, 1, 1));
	assert_status(do_send(&loops, HOST, 4), SAP_AGAIN);
	assert_int_equal(do_recv(&loops, CSME), 1);
	assert_status(do_send(&loops, HOST, 4), SAP_OK);
	assert_status(do_send(&loops, HOST, 5), SAP_OK);
	assert_int_equal(do_recv(&loops, CSME), 2);
	assert_int_equal(do_recv(&loops, CSME), 4);
	assert_int_equal(do_recv(&loops, CSME), -1);
}

static void one_byte_is_corrupted(void **state)
{
	(void)state;
	for (uint32_t end = 0; end < 2; end++)
		for (uint32_t offset = 0; offset < 90; offset += 29) {
			struct sap_loopback_fault fault = fault_of(SAP_LOOPBACK_CORRUPT, end, 0, 1);
			uint8_t sent[88], expected[88], came[SAP_LOOPBACK_MESSAGE];
			struct sap_transport from, to;
			struct loops loops;
			size_t len;

			all_up(&loops);
			from = sap_loopback_transport(&loops.loop, (enum sap_loopback_end)end);
			to = sap_loopback_transport(&loops.loop, (enum sap_loopback_end) !end);
			fault.offset = offset;
			fault.mask = 0x41;
			inject(&loops, fault);
			test_pattern(sent, sizeof(sent), offset);
			memcpy(expected, sent, sizeof(sent));
			if (offset < sizeof(expected))
				expected[offset] ^= 0x41;
			assert_status(from.ops->send(from.self, sent, sizeof(sent)), SAP_OK);
			assert_status(to.ops->recv(to.self, came, sizeof(came), &len), SAP_OK);
			assert_int_equal(len, sizeof(sent));
			assert_memory_equal(came, expected, sizeof(expected));
			/* The one behind the message's end is used up too, and harms nothing. */
			only_counted(&loops, end, COUNTER(corrupted), offset < 88);
			nothing_else_happened(&loops, end);
		}
}

static void message_may_end_before_the_byte(void **state)
{
	struct sap_loopback_fault fault = fault_of(SAP_LOOPBACK_CORRUPT, HOST, 0, 1);
	struct loops loops;

	(void)state;
	all_up(&loops);
	fault.offset = 1;
	inject(&loops, fault);
	assert_status(do_send(&loops, HOST, 1), SAP_OK);
	/* Bytes behind a message stay 0. */
	assert_int_equal(loops.loop.state.to[CSME].message[0].bytes[1], 0);
	fault.offset = UINT32_MAX;
	inject(&loops, fault);
	assert_status(do_send(&loops, HOST, 1), SAP_OK);
}

static void faults_of_several_kinds_come_together(void **state)
{
	struct sap_loopback_fault corrupt = fault_of(SAP_LOOPBACK_CORRUPT, HOST, 2, 1);
	struct loops loops;

	(void)state;
	all_up(&loops);
	corrupt.mask = 0x05; /* 2 becomes 7 */
	inject(&loops, corrupt);
	inject(&loops, fault_of(SAP_LOOPBACK_DROP, HOST, 0, 1));
	inject(&loops, fault_of(SAP_LOOPBACK_DUPLICATE, HOST, 2, 1));
	inject(&loops, fault_of(SAP_LOOPBACK_DELAY, HOST, 2, 1));
	/* The message that was dropped counts as the first for all. */
	arrives(&loops, HOST, "1-77345");
	assert_int_equal(loops.loop.state.faults, 0);
}

static void dropped_message_is_not_counted_otherwise(void **state)
{
	struct loops loops;

	(void)state;
	all_up(&loops);
	inject(&loops, fault_of(SAP_LOOPBACK_CORRUPT, HOST, 0, 1));
	inject(&loops, fault_of(SAP_LOOPBACK_DUPLICATE, HOST, 0, 1));
	inject(&loops, fault_of(SAP_LOOPBACK_DELAY, HOST, 0, 1));
	inject(&loops, fault_of(SAP_LOOPBACK_DROP, HOST, 0, 1));
	arrives(&loops, HOST, "12345");
	only_counted(&loops, HOST, COUNTER(dropped), 1);
	assert_int_equal(loops.loop.state.faults, 0);
}

/* Of one kind the first decides, and those behind count on. */
static void faults_of_one_kind_queue(void **state)
{
	struct sap_loopback_fault first = fault_of(SAP_LOOPBACK_FAIL_MAP, HOST, 0, 2);
	struct sap_loopback_fault second = fault_of(SAP_LOOPBACK_FAIL_MAP, HOST, 1, 2);
	struct sap_mem mem;
	struct loops loops;

	(void)state;
	loops_init(&loops, 8);
	first.status = SAP_IO;
	inject(&loops, first);
	inject(&loops, second);
	inject(&loops, fault_of(SAP_LOOPBACK_FAIL_MAP, CSME, 0, 7));
	assert_status(do_map(&loops, HOST, 64, &mem), SAP_IO);
	assert_status(do_map(&loops, HOST, 64, &mem), SAP_IO);
	assert_status(do_map(&loops, HOST, 64, &mem), SAP_AGAIN);
	assert_status(do_map(&loops, HOST, 64, &mem), SAP_AGAIN);
	assert_status(do_map(&loops, HOST, 64, &mem), SAP_OK);
	assert_int_equal(loops.loop.state.faults, 1);
	assert_int_equal(loops.loop.state.fault[0].times, 7);
	assert_int_equal(loops.loop.state.fault[1].times, 0);
}

/* One that still skips does not stand in the way of one that does not. */
static void faults_count_independently(void **state)
{
	struct sap_loopback_fault late = fault_of(SAP_LOOPBACK_FAIL_MAP, HOST, 2, 1);
	struct sap_mem mem;
	struct loops loops;

	(void)state;
	loops_init(&loops, 8);
	late.status = SAP_IO;
	inject(&loops, late);
	inject(&loops, fault_of(SAP_LOOPBACK_FAIL_MAP, HOST, 0, 1));
	assert_status(do_map(&loops, HOST, 64, &mem), SAP_AGAIN);
	assert_status(do_map(&loops, HOST, 64, &mem), SAP_OK);
	assert_status(do_map(&loops, HOST, 64, &mem), SAP_IO);
	assert_status(do_map(&loops, HOST, 64, &mem), SAP_OK);
}

static void always_is_not_used_up(void **state)
{
	struct loops loops;

	(void)state;
	all_up(&loops);
	inject(&loops, fault_of(SAP_LOOPBACK_FAIL_SEND, HOST, 3, SAP_LOOPBACK_ALWAYS));
	for (uint32_t i = 0; i < 100; i++)
		assert_status(do_send(&loops, HOST, 1), i < 3 ? SAP_OK : SAP_AGAIN);
	assert_int_equal(loops.loop.state.fault[0].times, SAP_LOOPBACK_ALWAYS);
	part(&loops);
	meet(&loops);
	/* It waits over connections. */
	assert_status(do_send(&loops, HOST, 1), SAP_AGAIN);
	sap_loopback_clear_faults(&loops.loop);
	assert_status(do_send(&loops, HOST, 1), SAP_OK);
}

static void frozen_end_gets_nothing(void **state)
{
	(void)state;
	for (uint32_t end = 0; end < 2; end++) {
		enum sap_loopback_end to = (enum sap_loopback_end)end;
		struct loops loops;

		all_up(&loops);
		assert_status(do_send(&loops, !end, 1), SAP_OK);
		assert_status(sap_loopback_freeze(&loops.loop, to, true), SAP_OK);
		for (uint32_t i = 0; i < 7; i++)
			assert_status(do_send(&loops, !end, (uint8_t)(2 + i)), SAP_OK);
		/* The peer sees a full connection; the other direction works. */
		assert_status(do_send(&loops, !end, 9), SAP_AGAIN);
		assert_int_equal(do_recv(&loops, end), -1);
		assert_status(do_send(&loops, end, 5), SAP_OK);
		assert_int_equal(do_recv(&loops, !end), 5);
		/* Nor does it hear that the peer went. */
		assert_status(do_disconnect(&loops, !end), SAP_OK);
		sap_loopback_step(&loops.loop);
		assert_int_equal(do_recv(&loops, end), -1);
		assert_status(sap_loopback_freeze(&loops.loop, to, false), SAP_OK);
		for (uint32_t i = 0; i < 8; i++)
			assert_int_equal(do_recv(&loops, end), 1 + i);
		assert_int_equal(do_recv(&loops, end), -2);

		/* Its own end it knows. */
		assert_status(sap_loopback_freeze(&loops.loop, to, true), SAP_OK);
		assert_status(do_disconnect(&loops, end), SAP_OK);
		assert_int_equal(do_recv(&loops, end), -2);
		sap_loopback_clear_faults(&loops.loop);
		assert_false(loops.loop.state.to[end].frozen);
	}
}

static void cut_loses_what_is_on_the_way(void **state)
{
	struct loops loops;
	struct sap_mem mem;

	(void)state;
	all_up(&loops);
	loops.memory[5] = 5;
	assert_status(do_send(&loops, HOST, 1), SAP_OK);
	assert_status(do_send(&loops, HOST, 2), SAP_OK);
	assert_status(do_send(&loops, CSME, 3), SAP_OK);
	sap_loopback_cut(&loops.loop);
	for (uint32_t end = 0; end < 2; end++) {
		assert_int_equal(do_recv(&loops, end), -2);
		assert_status(do_send(&loops, end, 4), SAP_CLOSED);
		assert_status(do_connect(&loops, end), SAP_CLOSED);
		assert_int_equal(loops.loop.state.counters[end].lost, end == HOST ? 1 : 2);
	}
	/* Memory is another matter. */
	assert_int_equal(loops.memory[5], 5);
	assert_status(do_map(&loops, HOST, 64, &mem), SAP_OK);
	part(&loops);
	meet(&loops);
	assert_int_equal(do_recv(&loops, HOST), -1);
	assert_int_equal(do_recv(&loops, CSME), -1);
}

static void cut_harms_nobody_who_is_not_connected(void **state)
{
	struct sap_loopback_state before;
	struct loops loops;

	(void)state;
	loops_init(&loops, 8);
	assert_status(do_connect(&loops, CSME), SAP_AGAIN);
	before = loops.loop.state;
	sap_loopback_cut(&loops.loop);
	assert_memory_equal(&before, &loops.loop.state, sizeof(before));

	/* Who was not told yet goes on waiting. */
	assert_status(do_connect(&loops, HOST), SAP_OK);
	assert_status(do_send(&loops, HOST, 1), SAP_OK);
	sap_loopback_cut(&loops.loop);
	assert_int_equal(do_recv(&loops, HOST), -2);
	assert_status(do_connect(&loops, CSME), SAP_AGAIN);
	assert_status(do_disconnect(&loops, HOST), SAP_OK);
	assert_status(do_connect(&loops, HOST), SAP_OK);
	assert_status(do_connect(&loops, CSME), SAP_OK);
	assert_int_equal(do_recv(&loops, CSME), -1);

	/* What a host that left had sent is CSME's, and no cut takes it away. */
	assert_status(do_send(&loops, HOST, 8), SAP_OK);
	assert_status(do_disconnect(&loops, HOST), SAP_OK);
	sap_loopback_cut(&loops.loop);
	assert_int_equal(do_recv(&loops, CSME), 8);
}

static void scribble_writes_what_is_mapped(void **state)
{
	static const uint8_t bytes[4] = {1, 2, 3, 4};
	struct loops loops;
	struct sap_mem mem;

	(void)state;
	memset(&loops, 0, sizeof(loops));
	loops_init(&loops, 8);
	assert_status(sap_loopback_scribble(&loops.loop, 0, bytes, 4), SAP_WRONG_STATE);
	assert_status(do_map(&loops, HOST, 64, &mem), SAP_OK);
	assert_status(sap_loopback_scribble(&loops.loop, 60, bytes, 4), SAP_OK);
	assert_memory_equal(loops.memory + 60, bytes, 4);
	assert_int_equal(loops.memory[59], SAP_LOOPBACK_FRESH);
	assert_int_equal(loops.memory[64], 0);
	assert_status(sap_loopback_scribble(&loops.loop, 61, bytes, 4), SAP_BAD_VALUE);
	assert_status(sap_loopback_scribble(&loops.loop, UINT32_MAX, bytes, 4), SAP_BAD_VALUE);
	assert_status(sap_loopback_scribble(&loops.loop, 4, bytes, UINT32_MAX), SAP_BAD_VALUE);
	assert_int_equal(loops.memory[61], 2);
	assert_status(sap_loopback_scribble(&loops.loop, 64, NULL, 0), SAP_OK);
	assert_status(sap_loopback_scribble(&loops.loop, 65, NULL, 0), SAP_BAD_VALUE);
	assert_status(sap_loopback_scribble(&loops.loop, 0, NULL, 1), SAP_INVALID);
	assert_status(sap_loopback_scribble(NULL, 0, bytes, 1), SAP_INVALID);

	/* As long as anybody maps it. */
	meet(&loops);
	assert_status(do_map(&loops, CSME, 0, &mem), SAP_OK);
	part(&loops);
	assert_status(do_unmap(&loops, HOST), SAP_OK);
	assert_status(sap_loopback_scribble(&loops.loop, 0, bytes, 4), SAP_OK);
	assert_memory_equal(loops.memory, bytes, 4);
	assert_status(do_unmap(&loops, CSME), SAP_OK);
	assert_status(sap_loopback_scribble(&loops.loop, 0, bytes, 4), SAP_WRONG_STATE);
}

static void refused(struct sap_loopback_fault fault, enum sap_status expected)
{
	struct loops loops;

	loops_init(&loops, 8);
	assert_status(sap_loopback_inject(&loops.loop, &fault), expected);
	assert_int_equal(loops.loop.state.faults, 0);
}

static void faults_that_cannot_be_are_refused(void **state)
{
	static const enum sap_status statuses[] = {SAP_OK,   SAP_AGAIN,	 SAP_UNSUPPORTED, SAP_IO,
						   SAP_BUSY, SAP_CLOSED, SAP_TOO_LONG,	  SAP_INVALID};
	struct sap_loopback_fault fault;

	(void)state;
	for (uint32_t kind = SAP_LOOPBACK_FAIL_MAP; kind <= SAP_LOOPBACK_FAIL_UNMAP; kind++)
		for (uint32_t s = 0; s < sizeof(statuses) / sizeof(statuses[0]); s++) {
			bool known = false;

			fault = fault_of((enum sap_loopback_fault_kind)kind, HOST, 0, 1);
			fault.status = statuses[s];
			for (uint32_t f = 0; f < sizeof(failures) / sizeof(failures[0]); f++)
				known |= failures[f].kind == fault.kind && failures[f].status == fault.status;
			known |= kind == SAP_LOOPBACK_FAIL_SEND && fault.status == SAP_IO;
			if (!known)
				refused(fault, SAP_BAD_VALUE);
		}
	fault = fault_of(SAP_LOOPBACK_DROP, HOST, 0, 0), refused(fault, SAP_BAD_VALUE);
	fault = fault_of(SAP_LOOPBACK_DROP, 2, 0, 1), refused(fault, SAP_INVALID);
	fault = fault_of((enum sap_loopback_fault_kind)0, HOST, 0, 1), refused(fault, SAP_INVALID);
	fault = fault_of((enum sap_loopback_fault_kind)(SAP_LOOPBACK_CORRUPT + 1), HOST, 0, 1);
	refused(fault, SAP_INVALID);
	fault = fault_of(SAP_LOOPBACK_DELAY, HOST, 0, 1), fault.steps = 0, refused(fault, SAP_BAD_VALUE);
	fault = fault_of(SAP_LOOPBACK_CORRUPT, HOST, 0, 1), fault.mask = 0, refused(fault, SAP_BAD_VALUE);
}

static void table_of_faults_is_bounded(void **state)
{
	struct sap_loopback_fault fault = fault_of(SAP_LOOPBACK_DROP, HOST, 0, 1);
	struct loops loops;

	(void)state;
	loops_init(&loops, 8);
	for (uint32_t i = 0; i < SAP_LOOPBACK_FAULTS; i++)
		inject(&loops, fault);
	assert_status(sap_loopback_inject(&loops.loop, &fault), SAP_NO_ROOM);
	meet(&loops);
	arrives(&loops, HOST, "");
	assert_int_equal(loops.loop.state.faults, 2);
	assert_status(sap_loopback_inject(&loops.loop, NULL), SAP_INVALID);
	assert_status(sap_loopback_inject(NULL, &fault), SAP_INVALID);
	assert_status(sap_loopback_freeze(NULL, SAP_LOOPBACK_HOST, true), SAP_INVALID);
	assert_status(sap_loopback_freeze(&loops.loop, (enum sap_loopback_end)2, true), SAP_INVALID);
	sap_loopback_clear_faults(NULL);
	sap_loopback_step(NULL);
	sap_loopback_cut(NULL);
}

/* Padding of a fault on a caller's stack must not make equal states differ. */
static void faults_are_kept_without_padding(void **state)
{
	struct sap_loopback_fault a, b;
	struct loops x, y;

	(void)state;
	memset(&a, 0, sizeof(a));
	memset(&b, 0xff, sizeof(b));
	b.kind = a.kind = SAP_LOOPBACK_CORRUPT;
	b.end = a.end = SAP_LOOPBACK_CSME;
	b.skip = a.skip = 3;
	b.times = a.times = 1;
	b.status = a.status = SAP_OK;
	b.above = a.above = 0;
	b.steps = a.steps = 0;
	b.offset = a.offset = 9;
	b.mask = a.mask = 1;
	loops_init(&x, 8);
	loops_init(&y, 8);
	inject(&x, a);
	assert_status(sap_loopback_inject(&y.loop, &b), SAP_OK);
	assert_memory_equal(&x.loop.state, &y.loop.state, sizeof(x.loop.state));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(operation_fails_as_often_as_told),
		cmocka_unit_test(skip_lets_as_many_pass),
		cmocka_unit_test(only_large_maps_fail),
		cmocka_unit_test(send_that_fails_ends_the_connection),
		cmocka_unit_test(dropped_messages_never_arrive),
		cmocka_unit_test(delayed_messages_wait_for_steps),
		cmocka_unit_test(delay_outlasts_the_senders_end),
		cmocka_unit_test(duplicates_arrive_one_after_the_other),
		cmocka_unit_test(duplicate_needs_room_for_two),
		cmocka_unit_test(dropped_message_needs_no_room),
		cmocka_unit_test(one_byte_is_corrupted),
		cmocka_unit_test(message_may_end_before_the_byte),
		cmocka_unit_test(faults_of_several_kinds_come_together),
		cmocka_unit_test(dropped_message_is_not_counted_otherwise),
		cmocka_unit_test(faults_of_one_kind_queue),
		cmocka_unit_test(faults_count_independently),
		cmocka_unit_test(always_is_not_used_up),
		cmocka_unit_test(frozen_end_gets_nothing),
		cmocka_unit_test(cut_loses_what_is_on_the_way),
		cmocka_unit_test(cut_harms_nobody_who_is_not_connected),
		cmocka_unit_test(scribble_writes_what_is_mapped),
		cmocka_unit_test(faults_that_cannot_be_are_refused),
		cmocka_unit_test(table_of_faults_is_bounded),
		cmocka_unit_test(faults_are_kept_without_padding),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
