// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
/*
 * Two threads, one a side, both sending and both receiving.
 *
 * Hazard 7: with a plain load or store where acquire or release is needed, the thread sanitizer sees a race
 * here, and a weakly ordered processor sees bytes that are not there yet.
 */
#include "support.h"
#include "traffic.h"

#include <pthread.h>
#include <sched.h>

static void *run(void *argument)
{
	return traffic_run(argument) ? argument : NULL;
}

static void move_through(struct test_area test, uint32_t messages)
{
	uint32_t failed = 0;
	struct traffic host = {.area = test.area,
			       .role = SAP_ROLE_HOST,
			       .messages = messages,
			       .failed = &failed};
	struct traffic csme = host;
	void *csme_did;
	pthread_t thread;
	bool host_did;

	csme.role = SAP_ROLE_CSME;
	assert_int_equal(pthread_create(&thread, NULL, run, &csme), 0);
	host_did = traffic_run(&host);
	assert_int_equal(pthread_join(thread, &csme_did), 0);
	if (!host_did || !csme_did)
		test_fail("host: %s\ncsme: %s", host.why, csme.why);
	for (uint32_t q = 0; q < SAP_QUEUES; q++)
		assert_int_equal(test_rd(&test, (enum sap_queue_id)q), test_wr(&test, (enum sap_queue_id)q));
	test_area_free(&test);
}

static void hazard_07_through_the_area_of_version_3(void **state)
{
	(void)state;
	move_through(test_area_of(SAP_PROTOCOL_3), traffic_messages());
}

/* So small that each second message wraps, and the queues are full all the time. */
static void hazard_07_through_tiny_queues(void **state)
{
	(void)state;
	move_through(test_area_make(101, 97, 83, 71), traffic_messages());
	move_through(test_area_make(9, 23, 10, 24), traffic_messages() / 10);
}

/* --- the counter that two lanes of one side share --- */

struct counting {
	struct sap_seq *seq;
	uint32_t *ready; /* threads that stand at the start */
	uint8_t *seen;	 /* by number: taken by this thread */
	uint32_t n;
};

static void *count(void *argument)
{
	struct counting *counting = argument;

	/* Together, or the first is done before the second begins. */
	__atomic_fetch_add(counting->ready, 1, __ATOMIC_ACQ_REL);
	while (__atomic_load_n(counting->ready, __ATOMIC_ACQUIRE) < 2)
		sched_yield();
	for (uint32_t i = 0; i < counting->n; i++)
		counting->seen[sap_seq_next(counting->seq)] = 1;
	return NULL;
}

static void two_threads_never_take_the_same_number(void **state)
{
	uint32_t n = traffic_messages(), ready = 0;
	struct sap_seq seq = {0};
	struct counting counting[2] = {{&seq, &ready, calloc(1, 2 * n + 1), n},
				       {&seq, &ready, calloc(1, 2 * n + 1), n}};
	pthread_t thread;

	(void)state;
	assert_true(counting[0].seen && counting[1].seen);
	assert_int_equal(pthread_create(&thread, NULL, count, &counting[1]), 0);
	count(&counting[0]);
	assert_int_equal(pthread_join(thread, NULL), 0);
	assert_int_equal(seq.last, 2 * n);
	for (uint32_t i = 1; i <= 2 * n; i++)
		if (counting[0].seen[i] + counting[1].seen[i] != 1)
			test_fail("number %u was taken %d times", i,
				  counting[0].seen[i] + counting[1].seen[i]);
	free(counting[0].seen);
	free(counting[1].seen);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(hazard_07_through_the_area_of_version_3),
		cmocka_unit_test(hazard_07_through_tiny_queues),
		cmocka_unit_test(two_threads_never_take_the_same_number),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
