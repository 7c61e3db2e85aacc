// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
/* The wrapper that has things go wrong: what passes, what does not, and that without mishaps it is not there. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include <sap/area.h>
#include <sap/loopback.h>
#include <sap/transport_check.h>

#include "faulty.h"

enum {
	AREA = 4096,
};

struct rig {
	_Alignas(4) unsigned char memory[AREA];
	struct sap_loopback loop;
	struct sim_faulty host, csme;
	struct sap_transport to_csme, to_host;
};

static struct rig rig;

static void fresh(void)
{
	struct sap_loopback_config config;
	struct sap_transport ends[2];

	memset(&rig, 0, sizeof(rig));
	sap_loopback_config_default(&config);
	config.memory = rig.memory;
	config.memory_size = sizeof(rig.memory);
	assert_int_equal(sap_loopback_init(&rig.loop, sizeof(rig.loop), &config), SAP_OK);
	ends[0] = sap_loopback_transport(&rig.loop, SAP_LOOPBACK_HOST);
	ends[1] = sap_loopback_transport(&rig.loop, SAP_LOOPBACK_CSME);
	sim_faulty_init(&rig.host, &ends[0]);
	sim_faulty_init(&rig.csme, &ends[1]);
	rig.to_csme = sim_faulty_transport(&rig.host);
	rig.to_host = sim_faulty_transport(&rig.csme);
}

static void connect_them(void)
{
	struct sap_mem mem;

	assert_int_equal(rig.to_csme.ops->map(rig.to_csme.self, 1024, &mem), SAP_OK);
	assert_int_equal(rig.to_csme.ops->connect(rig.to_csme.self), SAP_AGAIN);
	assert_int_equal(rig.to_host.ops->connect(rig.to_host.self), SAP_OK);
	assert_int_equal(rig.to_csme.ops->connect(rig.to_csme.self), SAP_OK);
}

static void connected(void)
{
	fresh();
	connect_them();
}

static enum sap_status say(char letter)
{
	return rig.to_csme.ops->send(rig.to_csme.self, &letter, 1);
}

/* What CSME receives, to its end; then how it ended. */
static enum sap_status hear(char *letters)
{
	enum sap_status status;
	size_t n = 0, len;

	do {
		status = rig.to_host.ops->recv(rig.to_host.self, letters + n, 1, &len);
		n += status == SAP_OK;
	} while (status == SAP_OK);
	letters[n] = '\0';
	return status;
}

static void hears(const char *letters, enum sap_status end)
{
	char heard[20];

	assert_int_equal(hear(heard), end);
	assert_string_equal(heard, letters);
}

/* --- */

static void nothing_is_wrong(void **state)
{
	(void)state;
	connected();
	assert_int_equal(say('a'), SAP_OK);
	assert_int_equal(say('b'), SAP_OK);
	hears("ab", SAP_AGAIN);
	assert_true(sim_faulty_deadline(&rig.host) == SAP_NEVER);
	assert_int_equal(rig.to_csme.ops->disconnect(rig.to_csme.self), SAP_OK);
	hears("", SAP_CLOSED);
}

static void maps_fail_by_size(void **state)
{
	struct sap_mem mem = {0};

	(void)state;
	fresh();
	rig.host.mishaps.fail_map = SAP_IO;
	rig.host.mishaps.map_above = 1024;
	assert_int_equal(rig.to_csme.ops->map(rig.to_csme.self, 1028, &mem), SAP_IO);
	assert_int_equal(rig.loop.state.mapped[SAP_LOOPBACK_HOST], 0);
	assert_int_equal(rig.to_csme.ops->map(rig.to_csme.self, 1024, &mem), SAP_OK);
	assert_ptr_equal(mem.base, rig.memory);
}

static void the_next_is_dropped(void **state)
{
	(void)state;
	connected();
	rig.host.mishaps.drop = 2;
	for (int letter = 'a'; letter <= 'd'; letter++)
		assert_int_equal(say((char)letter), SAP_OK);
	hears("cd", SAP_AGAIN);
}

static void each_comes_twice(void **state)
{
	(void)state;
	connected();
	rig.host.mishaps.twice = true;
	assert_int_equal(say('a'), SAP_OK);
	assert_int_equal(say('b'), SAP_OK);
	hears("aabb", SAP_AGAIN);
	/* Where there is no room for the copy there is none; and none of what was not taken. */
	for (int letter = 'a'; letter < 'd'; letter++)
		assert_int_equal(say((char)letter), SAP_OK);
	rig.host.mishaps.twice = false;
	assert_int_equal(say('d'), SAP_OK);
	rig.host.mishaps.twice = true;
	assert_int_equal(say('e'), SAP_OK);
	assert_int_equal(say('f'), SAP_AGAIN);
	hears("aabbccde", SAP_AGAIN);
}

static void they_come_late_and_in_order(void **state)
{
	(void)state;
	connected();
	sim_faulty_tick(&rig.host, 1000);
	rig.host.mishaps.delay_ms = 50;
	assert_int_equal(say('a'), SAP_OK);
	sim_faulty_tick(&rig.host, 1010);
	assert_int_equal(say('b'), SAP_OK);
	/* What is sent in time does not overtake what is late. */
	rig.host.mishaps.delay_ms = 0;
	assert_int_equal(say('c'), SAP_OK);
	assert_true(sim_faulty_deadline(&rig.host) == 1050);
	sim_faulty_tick(&rig.host, 1049);
	hears("", SAP_AGAIN);
	sim_faulty_tick(&rig.host, 1050);
	hears("a", SAP_AGAIN);
	assert_true(sim_faulty_deadline(&rig.host) == 1060);
	sim_faulty_tick(&rig.host, 1060);
	hears("bc", SAP_AGAIN);
	assert_true(sim_faulty_deadline(&rig.host) == SAP_NEVER);
	assert_int_equal(say('d'), SAP_OK);
	hears("d", SAP_AGAIN);
}

static void late_ones_wait_for_room(void **state)
{
	(void)state;
	connected();
	for (int letter = 'a'; letter < 'a' + SAP_LOOPBACK_DEPTH; letter++)
		assert_int_equal(say((char)letter), SAP_OK);
	rig.host.mishaps.delay_ms = 5;
	for (int i = 0; i < SIM_FAULTY_HELD; i++)
		assert_int_equal(say('z'), SAP_OK);
	assert_int_equal(say('z'), SAP_AGAIN);
	sim_faulty_tick(&rig.host, 5);
	assert_true(sim_faulty_deadline(&rig.host) == 6);
	hears("abcdefgh", SAP_AGAIN);
	sim_faulty_tick(&rig.host, 6);
	hears("zzzzzzzz", SAP_AGAIN);
}

/* Messages of a connection that ended are not the next one's. */
static void late_ones_die_with_the_connection(void **state)
{
	(void)state;
	connected();
	rig.host.mishaps.delay_ms = 5;
	assert_int_equal(say('a'), SAP_OK);
	assert_int_equal(rig.to_csme.ops->disconnect(rig.to_csme.self), SAP_OK);
	assert_true(sim_faulty_deadline(&rig.host) == SAP_NEVER);
	assert_int_equal(rig.to_host.ops->disconnect(rig.to_host.self), SAP_OK);
	assert_int_equal(rig.to_host.ops->connect(rig.to_host.self), SAP_AGAIN);
	assert_int_equal(rig.to_csme.ops->connect(rig.to_csme.self), SAP_OK);
	assert_int_equal(rig.to_host.ops->connect(rig.to_host.self), SAP_OK);
	sim_faulty_tick(&rig.host, 100);
	hears("", SAP_AGAIN);
}

static void a_frozen_side_hears_nothing(void **state)
{
	(void)state;
	connected();
	rig.csme.mishaps.frozen = true;
	assert_int_equal(say('a'), SAP_OK);
	hears("", SAP_AGAIN);
	assert_int_equal(rig.to_csme.ops->disconnect(rig.to_csme.self), SAP_OK);
	hears("", SAP_AGAIN);
	rig.csme.mishaps.frozen = false;
	hears("a", SAP_CLOSED);
}

static void a_cut_ends_it_for_both(void **state)
{
	char letter;
	size_t len;

	(void)state;
	connected();
	sim_faulty_cut(&rig.host);
	assert_int_equal(say('a'), SAP_CLOSED);
	assert_int_equal(rig.to_csme.ops->recv(rig.to_csme.self, &letter, 1, &len), SAP_CLOSED);
	hears("", SAP_CLOSED);
	/* Once it was ended by the engine, all is as ever. */
	assert_int_equal(rig.to_csme.ops->disconnect(rig.to_csme.self), SAP_OK);
	assert_int_equal(rig.to_host.ops->disconnect(rig.to_host.self), SAP_OK);
	assert_int_equal(rig.to_csme.ops->connect(rig.to_csme.self), SAP_AGAIN);
	assert_int_equal(rig.to_host.ops->connect(rig.to_host.self), SAP_OK);
	assert_int_equal(rig.to_csme.ops->connect(rig.to_csme.self), SAP_OK);
	assert_int_equal(say('a'), SAP_OK);
	hears("a", SAP_AGAIN);
}

static void what_is_not_connected_is_cut_once_it_is(void **state)
{
	(void)state;
	fresh();
	sim_faulty_cut(&rig.host);
	assert_false(rig.host.cut);
	assert_int_equal(rig.to_csme.ops->connect(rig.to_csme.self), SAP_AGAIN);
	sim_faulty_cut(&rig.host);
	assert_int_equal(rig.to_host.ops->connect(rig.to_host.self), SAP_OK);
	assert_int_equal(rig.to_csme.ops->connect(rig.to_csme.self), SAP_OK);
	assert_int_equal(say('a'), SAP_CLOSED);
	hears("", SAP_CLOSED);
	assert_int_equal(rig.to_csme.ops->disconnect(rig.to_csme.self), SAP_OK);
	assert_int_equal(rig.to_host.ops->disconnect(rig.to_host.self), SAP_OK);
	/* Once. */
	assert_int_equal(rig.to_csme.ops->connect(rig.to_csme.self), SAP_AGAIN);
	assert_int_equal(rig.to_host.ops->connect(rig.to_host.self), SAP_OK);
	assert_int_equal(rig.to_csme.ops->connect(rig.to_csme.self), SAP_OK);
	assert_int_equal(say('a'), SAP_OK);
	hears("a", SAP_AGAIN);
}

/* Asked for without memory: as the first doorbell goes out, and no message before it. */
static void a_word_is_scribbled_once_there_is_memory(void **state)
{
	const uint8_t bell[] = {SAP_ME_CHECK_SHARED_AREA, 0, 0, 0};

	(void)state;
	fresh();
	sim_faulty_scribble(&rig.host, 8, 0x04030201);
	connect_them();
	memset(rig.memory, 0, 16);
	assert_int_equal(say('a'), SAP_OK);
	assert_memory_equal(rig.memory + 8, "\0\0\0\0", 4);
	assert_int_equal(rig.to_csme.ops->send(rig.to_csme.self, bell, sizeof(bell)), SAP_OK);
	assert_memory_equal(rig.memory + 8, "\1\2\3\4", 4);
	memset(rig.memory, 0, 16);
	assert_int_equal(rig.to_csme.ops->send(rig.to_csme.self, bell, sizeof(bell)), SAP_OK);
	assert_memory_equal(rig.memory + 8, "\0\0\0\0", 4);
}

/* The next one of that type, and only that. */
static void one_of_a_type_is_lost(void **state)
{
	const uint8_t bell[] = {'b', 0, 0, 0};

	(void)state;
	connected();
	rig.host.mishaps.lose = 'b';
	assert_int_equal(say('a'), SAP_OK);
	assert_int_equal(rig.to_csme.ops->send(rig.to_csme.self, bell, sizeof(bell)), SAP_OK);
	assert_int_equal(say('c'), SAP_OK);
	hears("ac", SAP_AGAIN);
	assert_int_equal(rig.to_csme.ops->send(rig.to_csme.self, bell, 1), SAP_OK);
	hears("b", SAP_AGAIN);
}

static void a_word_is_scribbled_twice(void **state)
{
	(void)state;
	fresh();
	connected();
	sim_faulty_scribble(&rig.host, 8, 0x04030201);
	assert_memory_equal(rig.memory + 8, "\1\2\3\4", 4);
	/* The engine writes its own over it; the peer must not see that. */
	memset(rig.memory, 0, 16);
	assert_int_equal(say('a'), SAP_OK);
	assert_memory_equal(rig.memory + 8, "\1\2\3\4", 4);
	memset(rig.memory, 0, 16);
	assert_int_equal(say('b'), SAP_OK);
	assert_memory_equal(rig.memory + 8, "\0\0\0\0", 4);
	memset(rig.memory + 1020, 7, 8);
	sim_faulty_scribble(&rig.host, 1021, 0); /* its end lies outside of what is mapped */
	assert_memory_equal(rig.memory + 1020, "\7\7\7\7\7\7\7\7", 8);
	sim_faulty_scribble(&rig.host, 1020, 0);
	assert_memory_equal(rig.memory + 1020, "\0\0\0\0\7\7\7\7", 8);
	sim_faulty_scribble(&rig.host, UINT32_MAX, 0);
	/* Not in the next connection's memory. */
	sim_faulty_scribble(&rig.host, 8, 5);
	assert_int_equal(rig.to_csme.ops->disconnect(rig.to_csme.self), SAP_OK);
	assert_int_equal(rig.to_csme.ops->unmap(rig.to_csme.self), SAP_OK);
	assert_null(rig.host.mem.base);
	assert_false(rig.host.scribbles);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(nothing_is_wrong),
		cmocka_unit_test(maps_fail_by_size),
		cmocka_unit_test(the_next_is_dropped),
		cmocka_unit_test(each_comes_twice),
		cmocka_unit_test(they_come_late_and_in_order),
		cmocka_unit_test(late_ones_wait_for_room),
		cmocka_unit_test(late_ones_die_with_the_connection),
		cmocka_unit_test(a_frozen_side_hears_nothing),
		cmocka_unit_test(a_cut_ends_it_for_both),
		cmocka_unit_test(what_is_not_connected_is_cut_once_it_is),
		cmocka_unit_test(a_word_is_scribbled_once_there_is_memory),
		cmocka_unit_test(one_of_a_type_is_lost),
		cmocka_unit_test(a_word_is_scribbled_twice),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
