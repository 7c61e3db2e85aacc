// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
/*
 * Two processes that meet at a socket, each an engine with all that belongs to it: under load, and killed.
 * SAP_STRESS_MESSAGES is how many of each kind go each way, up to 100,000.
 */
#define _GNU_SOURCE

#include "ends.h"
#include "side.h"

#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

enum {
	MESSAGES = 100000,
	CYCLES = 100,  /* for each side that is killed */
	PATIENCE = 300 /* seconds until whatever hangs is ended */
};

static uint32_t messages(void)
{
	const char *asked = getenv("SAP_STRESS_MESSAGES");
	unsigned long n = asked ? strtoul(asked, NULL, 10) : 0;

	return n && n < MESSAGES ? (uint32_t)n : MESSAGES;
}

static struct side mine; /* this process's */

/* --- under load --- */

static pid_t start_run(enum sap_role role, uint32_t n)
{
	pid_t pid = fork();
	bool good;

	assert_true(pid >= 0);
	if (pid)
		return pid;
	alarm(PATIENCE);
	good = side_open(&mine, role, ENDS_PATH, n) && side_run(&mine);
	if (!good)
		fprintf(stderr, "%s: %s\n", role == SAP_ROLE_HOST ? "host" : "csme", mine.failed);
	side_close(&mine);
	_exit(good ? 0 : 1);
}

static void two_processes_move_everything(void **state)
{
	struct census before = census_take();
	uint32_t n = messages();
	int good = 0;

	(void)state;
	start_run(SAP_ROLE_CSME, n);
	start_run(SAP_ROLE_HOST, n);
	for (uint32_t i = 0; i < 2; i++) {
		int status = -1;

		assert_true(wait(&status) > 0);
		good += status == 0;
	}
	assert_int_equal(good, 2);
	census_same(&before);
}

/* --- killed --- */

/* The other side, for ever; in a process of its own. */
static pid_t start_forever(enum sap_role role)
{
	pid_t pid = fork();

	assert_true(pid >= 0);
	if (pid)
		return pid;
	alarm(PATIENCE);
	/* The parent's, which would outlive it here. */
	if (mine.u.listener >= 0)
		close(mine.u.listener);
	if (!side_open(&mine, role, ENDS_PATH, 0))
		_exit(1);
	while (side_turn(&mine, side_now())) {
		if (mine.downs && !side_start(&mine))
			break;
		side_wait(&mine);
	}
	fprintf(stderr, "the peer: %s\n", mine.failed);
	_exit(1);
}

static void end_by_force(pid_t pid)
{
	int status = -1;

	assert_int_equal(kill(pid, SIGKILL), 0);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	/* And not before, by itself. */
	assert_true(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
}

static void turn(uint64_t now)
{
	if (!side_turn(&mine, now))
		test_fail("%s", mine.failed);
}

/* How far things are when the peer is killed. */
enum stage {
	AT_ONCE,
	AS_IT_CONNECTED,
	AS_IT_CAME_UP,
	UNDER_LOAD,
	STAGES
};

static bool has_come(enum stage stage, uint32_t connections, uint32_t load)
{
	switch (stage) {
	case AT_ONCE:
		return true;
	case AS_IT_CONNECTED:
		return mine.u.counters.connections != connections;
	case AS_IT_CAME_UP:
		return mine.ups;
	default:
		return mine.in.notifs >= load && mine.in.packets >= load;
	}
}

static void go_on_until(enum stage stage, pid_t peer, uint32_t connections, uint32_t load)
{
	while (!has_come(stage, connections, load)) {
		if (waitpid(peer, NULL, WNOHANG) != 0)
			test_fail("the peer ended by itself");
		turn(side_now());
		if (mine.downs)
			assert_true(side_start(&mine));
		side_wait(&mine);
	}
}

static void one_is_killed(enum sap_role survivor)
{
	struct census before = census_take();
	enum sap_role other = survivor == SAP_ROLE_HOST ? SAP_ROLE_CSME : SAP_ROLE_HOST;
	enum sap_unix_problem problem;
	uint64_t now;
	pid_t pid;

	assert_true(side_open(&mine, survivor, ENDS_PATH, 0));
	pid = start_forever(other);
	go_on_until(UNDER_LOAD, pid, 0, 3000);
	end_by_force(pid);
	/* It wakes by it; and no time has to pass until the engine knows. */
	assert_true(side_wait(&mine));
	now = side_now();
	for (uint32_t i = 0; i < 1000 && !mine.downs; i++)
		turn(now);
	assert_true(mine.downs);
	assert_status(mine.why, SAP_CLOSED);
	problem = sap_unix_why(&mine.u).problem;
	if (problem != SAP_UNIX_WENT && problem != SAP_UNIX_HALF)
		test_fail("%s", sap_unix_why(&mine.u).text);
	assert_null(mine.guarded);
	side_close(&mine);
	if (other == SAP_ROLE_CSME)
		assert_int_equal(unlink(ENDS_PATH), 0);
	census_same(&before);
}

static void a_host_is_killed(void **state)
{
	(void)state;
	one_is_killed(SAP_ROLE_CSME);
}

static void csme_is_killed(void **state)
{
	(void)state;
	one_is_killed(SAP_ROLE_HOST);
}

static void come_to_rest(void)
{
	uint64_t now = side_now();

	for (uint32_t i = 0; i < 100 && !mine.downs; i++)
		turn(now);
	/* It never got far enough to notice. */
	if (!mine.downs)
		(void)!(mine.role == SAP_ROLE_HOST ? sap_host_stop(&mine.host, now)
						   : sap_csme_stop(&mine.csme, now));
	for (turn(side_now()); !mine.downs; turn(side_now()))
		side_wait(&mine);
}

/* A host leaves nothing; a CSME its socket's file, which the next one replaces. */
static void nothing_is_left(struct census before, enum sap_role killed)
{
	struct census now = census_take();

	if (killed == SAP_ROLE_CSME && now.files == before.files + 1)
		before.files++;
	census_same(&before);
}

static void killed_again_and_again(enum sap_role survivor)
{
	struct census before = census_take(), running;
	enum sap_role other = survivor == SAP_ROLE_HOST ? SAP_ROLE_CSME : SAP_ROLE_HOST;
	struct sap_unix last;
	uint32_t dice = survivor, up = 0;

	assert_true(side_open(&mine, survivor, ENDS_PATH, 0));
	running = census_take();
	for (uint32_t i = 0; i < CYCLES; i++) {
		uint32_t connections = mine.u.counters.connections;
		pid_t pid;

		mine.ups = false;
		pid = start_forever(other);
		go_on_until(i % STAGES, pid, connections, 1 + test_random(&dice) % 200);
		up += mine.ups;
		end_by_force(pid);
		come_to_rest();
		nothing_is_left(running, other);
		assert_true(side_start(&mine));
	}
	assert_true(up >= CYCLES / 2);
	side_close(&mine);
	/* Whoever starts next finds nothing that troubles it. */
	ends_open(&last, SAP_ROLE_CSME);
	sap_unix_close(&last);
	census_same(&before);
}

static void hosts_are_killed_again_and_again(void **state)
{
	(void)state;
	killed_again_and_again(SAP_ROLE_CSME);
}

static void csmes_are_killed_again_and_again(void **state)
{
	(void)state;
	killed_again_and_again(SAP_ROLE_HOST);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(two_processes_move_everything),
		cmocka_unit_test(a_host_is_killed),
		cmocka_unit_test(csme_is_killed),
		cmocka_unit_test(hosts_are_killed_again_and_again),
		cmocka_unit_test(csmes_are_killed_again_and_again),
	};

	alarm(PATIENCE);
	if (!side_can_guard())
		printf("no guards around the area: memory cannot be mapped a second time here\n");
	return cmocka_run_group_tests(tests, ends_enter, ends_leave);
}
