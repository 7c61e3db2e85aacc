// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
/*
 * Two processes that share nothing but the area's memory, one a side.
 */
#define _DEFAULT_SOURCE

#include "support.h"
#include "traffic.h"

#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

/* What both can see beside the area: whether one gave up. */
struct shared {
	uint32_t failed;
};

/* One side, as a process of its own. Each takes the area as it finds it. */
static pid_t start(enum sap_role role, const struct sap_layout *layout, uint8_t *memory,
		   struct shared *shared)
{
	struct traffic traffic = {.role = role, .messages = traffic_messages(), .failed = &shared->failed};
	bool good;
	pid_t pid = fork();

	if (pid)
		return pid;
	good = sap_area_adopt(&traffic.area, layout, memory, layout->size, NULL) == SAP_OK &&
	       traffic_run(&traffic);
	if (!good)
		fprintf(stderr, "%s: %s\n", role == SAP_ROLE_HOST ? "host" : "csme", traffic.why);
	_exit(good ? 0 : 1);
}

static void move_between_processes(const struct sap_layout *layout)
{
	uint8_t *memory = mmap(NULL, layout->size + sizeof(struct shared), PROT_READ | PROT_WRITE,
			       MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	struct shared *shared = (struct shared *)(void *)(memory + layout->size);
	struct sap_area area;
	int good = 0;

	assert_ptr_not_equal(memory, MAP_FAILED);
	shared->failed = 0;
	assert_status(sap_area_init(&area, layout, memory, layout->size), SAP_OK);
	assert_true(start(SAP_ROLE_HOST, layout, memory, shared) > 0);
	assert_true(start(SAP_ROLE_CSME, layout, memory, shared) > 0);
	for (uint32_t i = 0; i < 2; i++) {
		int status = -1;

		assert_true(wait(&status) > 0);
		if (WIFEXITED(status) && WEXITSTATUS(status) == 0)
			good++;
		else /* the other one would wait for ever */
			__atomic_store_n(&shared->failed, 1, __ATOMIC_RELAXED);
	}
	assert_int_equal(good, 2);
	munmap(memory, layout->size + sizeof(struct shared));
}

static void through_the_area_of_version_4(void **state)
{
	(void)state;
	move_between_processes(sap_layout_of(SAP_PROTOCOL_4));
}

static void through_tiny_queues(void **state)
{
	static const uint32_t sizes[SAP_QUEUES] = {101, 97, 83, 75};
	struct sap_layout layout;

	(void)state;
	assert_status(sap_layout_make(&layout, 3, sizes), SAP_OK);
	move_between_processes(&layout);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(through_the_area_of_version_4),
		cmocka_unit_test(through_tiny_queues),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
