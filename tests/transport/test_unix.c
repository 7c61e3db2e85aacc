// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
/*
 * The unix transport with honest peers: it passes the conformance kit, and does what sap/unix.h says beyond
 * that. Peers that are not honest: test_unix_hostile.c; where CSME listens: test_unix_listen.c.
 */
#define _DEFAULT_SOURCE

#include "ends.h"

#include <fcntl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

/* --- the kit --- */

static void conforms_at_a_file(void **state)
{
	(void)state;
	ends_conform(ENDS_PATH, false, 1, 1);
}

static void conforms_at_an_abstract_name(void **state)
{
	char name[64];

	(void)state;
	/* All tests of a machine share these names. */
	snprintf(name, sizeof(name), "@libsap-test-%p-%ld", (void *)&name, (long)time(NULL));
	ends_conform(name, false, 1, 1);
}

static void conforms_without_memory(void **state)
{
	(void)state;
	ends_conform(ENDS_PATH, true, 7, 1);
}

/* --- what the header says --- */

static void open_checks_what_it_is_given(void **state)
{
	struct sap_unix u;
	struct sap_unix_config config;
	char path[SAP_UNIX_PATH + 1];

	(void)state;
	sap_unix_config_default(NULL);
	sap_unix_config_default(&config);
	assert_int_equal(config.role, SAP_ROLE_HOST);
	assert_null(config.path);
	assert_int_equal(config.mode, 0600);
	assert_int_equal(config.largest, 16777216);
	assert_false(config.unsealed || config.no_map);
	memset(&u, 0xee, sizeof(u));
	assert_status(sap_unix_open(NULL, sizeof(u), &config), SAP_INVALID);
	assert_status(sap_unix_open(&u, sizeof(u), NULL), SAP_INVALID);
	assert_status(sap_unix_open(&u, sizeof(u) - 1, &config), SAP_TOO_SMALL);
	assert_status(sap_unix_open(&u, sizeof(u), &config), SAP_BAD_VALUE);
	assert_why(&u, SAP_UNIX_FINE);
	/* A second time, and of what was never opened: nothing. */
	sap_unix_close(&u);
	sap_unix_close(NULL);
	memset(path, 'a', sizeof(path));
	path[SAP_UNIX_PATH] = 0;
	for (const char *const *bad = (const char *const[]){"", "@", "there/", path, NULL}; *bad; bad++) {
		config.path = *bad;
		assert_status(sap_unix_open(&u, sizeof(u), &config), SAP_BAD_VALUE);
	}
	config = ends_config(SAP_ROLE_CSME);
	config.mode = 01000;
	assert_status(sap_unix_open(&u, sizeof(u), &config), SAP_BAD_VALUE);
	config = ends_config(SAP_ROLE_CSME);
	config.largest = 0;
	assert_status(sap_unix_open(&u, sizeof(u), &config), SAP_BAD_VALUE);
	config = ends_config((enum sap_role)3);
	assert_status(sap_unix_open(&u, sizeof(u), &config), SAP_BAD_VALUE);
	assert_null(sap_unix_transport(NULL).ops);
	sap_unix_run(NULL);
	assert_int_equal(sap_unix_poll(NULL, NULL), 0);
	assert_int_equal(sap_unix_why(NULL).problem, SAP_UNIX_FINE);
}

static void the_longest_path_works(void **state)
{
	struct sap_unix host, csme;
	struct sap_unix_config config = ends_config(SAP_ROLE_CSME);
	char path[SAP_UNIX_PATH];

	(void)state;
	for (uint32_t i = 0; i < 2; i++) {
		memset(path, 'b', sizeof(path));
		path[0] = i ? '@' : '.';
		path[1] = '/';
		path[SAP_UNIX_PATH - 1] = 0;
		config.path = path;
		config.role = SAP_ROLE_CSME;
		ends_open_with(&csme, &config);
		config.role = SAP_ROLE_HOST;
		ends_open_with(&host, &config);
		/* It was copied. */
		memset(path, 0, sizeof(path));
		ends_meet(&host, &csme, 0);
		sap_unix_close(&host);
		sap_unix_close(&csme);
	}
}

static void operations_refuse_null(void **state)
{
	struct sap_unix host;
	struct sap_transport t;
	size_t len;

	(void)state;
	ends_open(&host, SAP_ROLE_HOST);
	t = sap_unix_transport(&host);
	assert_status(t.ops->map(t.self, 4096, NULL), SAP_INVALID);
	assert_status(t.ops->send(t.self, NULL, 4), SAP_INVALID);
	assert_status(t.ops->send(t.self, "", 0), SAP_INVALID);
	assert_status(t.ops->recv(t.self, NULL, 4, &len), SAP_INVALID);
	assert_status(t.ops->recv(t.self, &len, 4, NULL), SAP_INVALID);
	sap_unix_close(&host);
}

static void so_many_may_be_under_way(void **state)
{
	struct sap_unix host, csme;

	(void)state;
	ends_open(&csme, SAP_ROLE_CSME);
	ends_open(&host, SAP_ROLE_HOST);
	ends_meet(&host, &csme, 0);
	for (uint32_t i = 0; i < SAP_UNIX_DEPTH; i++)
		assert_status(do_send(&host, (uint8_t)i), SAP_OK);
	assert_status(do_send(&host, 99), SAP_AGAIN);
	assert_int_equal(host.counters.full, 1);
	assert_int_equal(host.counters.sent, SAP_UNIX_DEPTH);
	/* Acknowledged as they are read into the queue, and then no more is read. */
	sap_unix_run(&csme);
	for (uint32_t i = 0; i < SAP_UNIX_DEPTH; i++)
		assert_status(do_send(&host, (uint8_t)(SAP_UNIX_DEPTH + i)), SAP_OK);
	sap_unix_run(&csme);
	assert_status(do_send(&host, 99), SAP_AGAIN);
	for (int i = 0; i < 2 * SAP_UNIX_DEPTH; i++)
		assert_int_equal(do_recv(&csme), i);
	assert_int_equal(do_recv(&csme), -1);
	assert_int_equal(csme.counters.received, 2 * SAP_UNIX_DEPTH);
	assert_status(do_send(&host, 99), SAP_OK);
	assert_int_equal(do_recv(&csme), 99);
	sap_unix_close(&host);
	sap_unix_close(&csme);
}

static bool polls(const struct sap_unix *u, int fd, short events)
{
	struct pollfd fds[SAP_UNIX_FDS];
	uint32_t n = sap_unix_poll(u, fds);

	for (uint32_t i = 0; i < n; i++)
		if (fds[i].fd == fd)
			return fds[i].events == events;
	return events == 0;
}

/* Whether there is something to do, by poll(). */
static bool wakes(const struct sap_unix *u)
{
	struct pollfd fds[SAP_UNIX_FDS];

	return poll(fds, sap_unix_poll(u, fds), 0) > 0;
}

/* A loop around poll() sleeps when nothing can be done, and wakes when something can. */
static void poll_tells_when_to_run(void **state)
{
	struct sap_unix host, csme;
	struct sap_mem mem;

	(void)state;
	ends_open(&csme, SAP_ROLE_CSME);
	ends_open(&host, SAP_ROLE_HOST);
	assert_false(wakes(&csme) || wakes(&host));
	assert_status(do_map(&host, ENDS_SIZE, &mem), SAP_AGAIN);
	assert_true(wakes(&csme));
	assert_false(wakes(&host));
	sap_unix_run(&csme);
	assert_false(wakes(&csme));
	assert_true(wakes(&host));
	sap_unix_run(&host);
	assert_false(wakes(&host));
	ends_meet(&host, &csme, 0);
	for (uint32_t i = 0; i < SAP_UNIX_DEPTH; i++)
		assert_status(do_send(&host, (uint8_t)i), SAP_OK);
	assert_true(wakes(&csme));
	sap_unix_run(&csme);
	sap_unix_run(&host);
	assert_false(wakes(&csme) || wakes(&host));
	/* The queue is full: neither a message nor the end would be read, so they do not wake either. */
	assert_status(do_send(&host, 8), SAP_OK);
	assert_false(wakes(&csme));
	sap_unix_close(&host);
	assert_false(wakes(&csme));
	assert_true(polls(&csme, csme.peer, 0));
	assert_int_equal(do_recv(&csme), 0);
	assert_true(wakes(&csme));
	for (int i = 1; i <= 8; i++)
		assert_int_equal(do_recv(&csme), i);
	assert_int_equal(do_recv(&csme), -2);
	/* Over, and a host that knocks has to wait for the disconnect. */
	ends_open(&host, SAP_ROLE_HOST);
	assert_status(do_connect(&host), SAP_OK);
	assert_false(wakes(&csme));
	assert_status(do_disconnect(&csme), SAP_OK);
	assert_true(wakes(&csme));
	sap_unix_close(&host);
	sap_unix_close(&csme);
}

static void a_message_that_was_not_fetched_is_counted(void **state)
{
	struct sap_unix host, csme;

	(void)state;
	ends_open(&csme, SAP_ROLE_CSME);
	ends_open(&host, SAP_ROLE_HOST);
	ends_meet(&host, &csme, 0);
	assert_status(do_send(&host, 1), SAP_OK);
	assert_status(do_send(&host, 2), SAP_OK);
	assert_int_equal(do_recv(&csme), 1);
	assert_status(do_disconnect(&csme), SAP_OK);
	assert_int_equal(csme.counters.lost, 1);
	assert_int_equal(do_recv(&csme), -2);
	sap_unix_close(&host);
	sap_unix_close(&csme);
}

/* --- who is there --- */

static void nobody_is_there(void **state)
{
	struct sap_unix host, csme;
	struct sap_mem mem;

	(void)state;
	ends_open(&host, SAP_ROLE_HOST);
	assert_status(do_connect(&host), SAP_IO);
	assert_why(&host, SAP_UNIX_NOBODY);
	assert_status(do_map(&host, ENDS_SIZE, &mem), SAP_IO);
	assert_why(&host, SAP_UNIX_NOBODY);
	/* It holds nothing, and the next try is as good as the first. */
	assert_status(do_unmap(&host), SAP_OK);
	ends_open(&csme, SAP_ROLE_CSME);
	ends_meet(&host, &csme, ENDS_SIZE);
	assert_why(&host, SAP_UNIX_FINE);
	sap_unix_close(&host);
	sap_unix_close(&csme);
}

static void a_second_host_is_turned_away(void **state)
{
	struct sap_unix first, second, csme;
	struct sap_mem mem;

	(void)state;
	ends_open(&csme, SAP_ROLE_CSME);
	ends_open(&first, SAP_ROLE_HOST);
	ends_open(&second, SAP_ROLE_HOST);
	ends_meet(&first, &csme, ENDS_SIZE);
	assert_status(do_map(&second, ENDS_SIZE, &mem), SAP_AGAIN);
	sap_unix_run(&csme);
	assert_int_equal(csme.counters.turned_away, 1);
	assert_status(do_map(&second, ENDS_SIZE, &mem), SAP_IO);
	assert_why(&second, SAP_UNIX_TAKEN);
	assert_null(mem.base);
	/* Without memory there is nothing that waits for an answer. */
	assert_status(do_connect(&second), SAP_OK);
	assert_status(do_send(&second, 1), SAP_OK);
	sap_unix_run(&csme);
	assert_int_equal(do_recv(&second), -2);
	assert_status(do_send(&second, 1), SAP_CLOSED);
	assert_why(&second, SAP_UNIX_TAKEN);
	assert_int_equal(second.counters.maps_refused, 2);
	/* And the first knows nothing of it. */
	assert_status(do_send(&first, 7), SAP_OK);
	assert_int_equal(do_recv(&csme), 7);
	assert_int_equal(csme.counters.connections, 1);
	sap_unix_close(&first);
	sap_unix_close(&second);
	sap_unix_close(&csme);
}

/* A host that reconnects at once is not turned away for the connection that it just left. */
static void the_next_host_waits_until_the_last_is_done_with(void **state)
{
	struct sap_unix first, second, csme;
	struct sap_mem mem, old;

	(void)state;
	ends_open(&csme, SAP_ROLE_CSME);
	ends_open(&first, SAP_ROLE_HOST);
	ends_meet(&first, &csme, ENDS_SIZE);
	assert_status(do_map(&csme, 0, &old), SAP_OK);
	memset(old.base, 0x11, ENDS_SIZE);
	assert_status(do_send(&first, 1), SAP_OK);
	sap_unix_close(&first);

	ends_open(&second, SAP_ROLE_HOST);
	assert_status(do_map(&second, 2 * ENDS_SIZE, &mem), SAP_AGAIN);
	for (uint32_t i = 0; i < 3; i++) {
		sap_unix_run(&csme);
		assert_status(do_map(&second, 2 * ENDS_SIZE, &mem), SAP_AGAIN);
	}
	assert_int_equal(do_recv(&csme), 1);
	assert_int_equal(do_recv(&csme), -2);
	assert_status(do_connect(&csme), SAP_CLOSED);
	assert_status(do_map(&second, 2 * ENDS_SIZE, &mem), SAP_AGAIN);
	assert_int_equal(csme.counters.turned_away, 0);

	/* Disconnected: the next one is let in. Its memory waits until the old one is given up. */
	assert_status(do_disconnect(&csme), SAP_OK);
	assert_status(do_connect(&csme), SAP_OK);
	assert_status(do_map(&second, 2 * ENDS_SIZE, &mem), SAP_OK);
	assert_status(do_connect(&second), SAP_OK);
	memset(mem.base, 0x22, mem.size);
	assert_int_equal(do_recv(&csme), -1);
	assert_status(do_map(&csme, 0, &mem), SAP_AGAIN);
	assert_int_equal(((uint8_t *)old.base)[ENDS_SIZE - 1], 0x11);
	assert_status(do_unmap(&csme), SAP_OK);
	assert_status(do_map(&csme, 0, &mem), SAP_OK);
	assert_int_equal(mem.size, 2 * ENDS_SIZE);
	assert_int_equal(((uint8_t *)mem.base)[0], 0x22);
	sap_unix_close(&second);
	sap_unix_close(&csme);
}

/* As many as CSME's process finds at once; and more than can wait. */
static void many_hosts_at_once(void **state)
{
	enum {
		MANY = 40
	};
	static struct sap_unix hosts[MANY];
	struct sap_unix csme;
	struct census before = census_take();
	uint32_t connected = 0, waiting = 0;

	(void)state;
	ends_open(&csme, SAP_ROLE_CSME);
	for (uint32_t i = 0; i < MANY; i++) {
		enum sap_status status;

		ends_open(&hosts[i], SAP_ROLE_HOST);
		status = do_connect(&hosts[i]);
		connected += status == SAP_OK;
		waiting += status == SAP_AGAIN;
	}
	assert_int_equal(connected + waiting, MANY);
	assert_true(connected > 1 && waiting > 1);
	for (uint32_t i = 0; i < MANY; i++) {
		sap_unix_run(&csme);
		(void)!do_connect(&hosts[i]);
	}
	for (uint32_t i = 0; i < MANY; i++)
		sap_unix_run(&csme);
	assert_int_equal(csme.counters.connections, 1);
	assert_int_equal(do_recv(&hosts[0]), -1);
	for (uint32_t i = 1; i < MANY; i++) {
		assert_int_equal(do_recv(&hosts[i]), -2);
		assert_why(&hosts[i], SAP_UNIX_TAKEN);
		sap_unix_close(&hosts[i]);
	}
	assert_int_equal(csme.counters.turned_away, MANY - 1);
	sap_unix_close(&hosts[0]);
	sap_unix_close(&csme);
	census_same(&before);
}

enum {
	RETURNS = 5000
};

/* Is heard by CSME, closes and comes back, as fast as it can. */
static void come_and_go(void)
{
	for (uint32_t n = 0; n < RETURNS; n++) {
		struct pollfd fd = {.events = POLLIN};

		fd.fd = raw_connect(ENDS_PATH);
		raw_frame(fd.fd, "x", 1);
		assert_int_equal(poll(&fd, 1, 60000), 1);
		raw_reads_acknowledgement(fd.fd);
		close(fd.fd);
	}
}

/* At every moment there is at most one host: so none is turned away, whenever CSME's process looks. */
static void a_host_that_returns_is_never_turned_away(void **state)
{
	struct sap_unix csme;
	int status = -1;
	pid_t pid;

	(void)state;
	ends_open(&csme, SAP_ROLE_CSME);
	pid = fork();
	assert_true(pid >= 0);
	if (pid == 0) {
		alarm(60);
		come_and_go();
		_exit(0);
	}
	while (waitpid(pid, &status, WNOHANG) == 0)
		if (do_connect(&csme) == SAP_CLOSED)
			assert_status(do_disconnect(&csme), SAP_OK);
	assert_int_equal(status, 0);
	assert_int_equal(csme.counters.turned_away, 0);
	assert_int_equal(csme.counters.connections, RETURNS);
	sap_unix_close(&csme);
}

/* A host that came and went before CSME's engine asked has not been; nor what it brought. */
static void a_host_that_went_again(void **state)
{
	struct sap_unix host, csme;
	struct sap_mem mem;

	(void)state;
	ends_open(&csme, SAP_ROLE_CSME);
	ends_open(&host, SAP_ROLE_HOST);
	assert_status(do_map(&host, ENDS_SIZE, &mem), SAP_AGAIN);
	sap_unix_run(&csme);
	assert_status(do_map(&host, ENDS_SIZE, &mem), SAP_OK);
	assert_status(do_connect(&host), SAP_OK);
	assert_status(do_send(&host, 1), SAP_OK);
	sap_unix_run(&csme);
	sap_unix_close(&host);
	assert_status(do_connect(&csme), SAP_AGAIN);
	assert_why(&csme, SAP_UNIX_WENT);
	assert_int_equal(csme.counters.lost, 1);
	assert_int_equal(do_recv(&csme), -2);
	ends_open(&host, SAP_ROLE_HOST);
	assert_status(do_connect(&host), SAP_OK);
	assert_status(do_connect(&csme), SAP_OK);
	assert_int_equal(do_recv(&csme), -1);
	assert_status(do_map(&csme, 0, &mem), SAP_UNSUPPORTED);
	sap_unix_close(&host);
	sap_unix_close(&csme);
}

/* CSME's engine may be down for a while; who came waits, as its `disconnect` is not about it. */
static void a_host_that_came_early_stays(void **state)
{
	struct sap_unix host, csme;
	struct sap_mem mem;

	(void)state;
	ends_open(&csme, SAP_ROLE_CSME);
	ends_open(&host, SAP_ROLE_HOST);
	assert_status(do_map(&host, ENDS_SIZE, &mem), SAP_AGAIN);
	assert_status(do_disconnect(&csme), SAP_OK);
	sap_unix_run(&csme);
	assert_status(do_disconnect(&csme), SAP_OK);
	assert_status(do_map(&csme, 0, &mem), SAP_CLOSED);
	ends_meet(&host, &csme, 0);
	assert_status(do_map(&csme, 4096, &mem), SAP_UNSUPPORTED);
	assert_status(do_map(&csme, 0, &mem), SAP_OK);
	assert_int_equal(mem.size, ENDS_SIZE);
	sap_unix_close(&host);
	sap_unix_close(&csme);
}

/* But a CSME that gives up waiting says so. */
static void giving_up_ends_who_came(void **state)
{
	struct sap_unix host, csme;

	(void)state;
	ends_open(&csme, SAP_ROLE_CSME);
	ends_open(&host, SAP_ROLE_HOST);
	assert_status(do_connect(&csme), SAP_AGAIN);
	assert_status(do_connect(&host), SAP_OK);
	sap_unix_run(&csme);
	assert_status(do_disconnect(&csme), SAP_OK);
	assert_int_equal(do_recv(&host), -2);
	sap_unix_close(&host);
	sap_unix_close(&csme);
}

/* --- memory --- */

static void memory_is_sealed_and_shared(void **state)
{
	struct sap_unix host, csme;
	struct sap_mem made, adopted;

	(void)state;
	ends_open(&csme, SAP_ROLE_CSME);
	ends_open(&host, SAP_ROLE_HOST);
	assert_status(do_map(&host, 0, &made), SAP_IO);
	ends_meet(&host, &csme, 5000);
	assert_status(do_map(&host, 5001, &made), SAP_IO);
	assert_status(do_map(&host, 5000, &made), SAP_OK);
	assert_status(do_map(&csme, 0, &adopted), SAP_OK);
	assert_int_equal(adopted.size, 5000);
	assert_ptr_not_equal(made.base, adopted.base);
	assert_int_equal((uintptr_t)adopted.base % 4096, 0);
	((uint8_t *)made.base)[4999] = 77;
	assert_int_equal(((uint8_t *)adopted.base)[4999], 77);
	assert_int_not_equal(ftruncate(host.memory, 0), 0);
	assert_int_not_equal(ftruncate(host.memory, 1 << 20), 0);
	/* CSME may give it up and have it back, for as long as the connection lasts. */
	assert_status(do_unmap(&csme), SAP_OK);
	assert_status(do_map(&csme, 0, &adopted), SAP_OK);
	assert_int_equal(((uint8_t *)adopted.base)[4999], 77);
	sap_unix_close(&host);
	sap_unix_close(&csme);
}

static void closes_on_exec(int fd)
{
	assert_true(fd >= 0);
	assert_true(fcntl(fd, F_GETFD) & FD_CLOEXEC);
}

static void nothing_is_inherited(void **state)
{
	struct sap_unix host, csme;

	(void)state;
	ends_open(&csme, SAP_ROLE_CSME);
	ends_open(&host, SAP_ROLE_HOST);
	ends_meet(&host, &csme, ENDS_SIZE);
	closes_on_exec(host.peer);
	closes_on_exec(host.memory);
	closes_on_exec(csme.listener);
	closes_on_exec(csme.peer);
	closes_on_exec(csme.memory);
	sap_unix_close(&host);
	sap_unix_close(&csme);
}

static void what_is_too_large_is_refused_and_less_is_not(void **state)
{
	struct sap_unix host, csme;
	struct sap_unix_config config = ends_config(SAP_ROLE_CSME);
	struct sap_mem mem;

	(void)state;
	config.largest = ENDS_SIZE;
	ends_open_with(&csme, &config);
	ends_open(&host, SAP_ROLE_HOST);
	assert_status(do_map(&host, ENDS_SIZE + 1, &mem), SAP_AGAIN);
	sap_unix_run(&csme);
	assert_why(&csme, SAP_UNIX_LARGE);
	assert_status(do_map(&host, ENDS_SIZE + 1, &mem), SAP_IO);
	assert_why(&host, SAP_UNIX_LARGE);
	assert_int_equal(host.counters.maps_refused, 1);
	assert_int_equal(csme.counters.maps_refused, 1);
	ends_meet(&host, &csme, ENDS_SIZE);
	assert_why(&csme, SAP_UNIX_FINE);
	assert_status(do_map(&csme, 0, &mem), SAP_OK);
	assert_int_equal(mem.size, ENDS_SIZE);
	sap_unix_close(&host);
	sap_unix_close(&csme);
}

/* The memory stays over a connection, and the next one gets it. */
static void memory_is_offered_again(void **state)
{
	struct sap_unix host, csme, next;
	struct sap_mem mem;

	(void)state;
	ends_open(&csme, SAP_ROLE_CSME);
	ends_open(&host, SAP_ROLE_HOST);
	ends_meet(&host, &csme, ENDS_SIZE);
	((uint8_t *)host.base)[1] = 5;
	sap_unix_close(&csme);
	assert_int_equal(do_recv(&host), -2);
	assert_status(do_disconnect(&host), SAP_OK);
	assert_status(do_connect(&host), SAP_IO);
	ends_open(&next, SAP_ROLE_CSME);
	assert_status(do_connect(&host), SAP_AGAIN);
	sap_unix_run(&next);
	assert_status(do_connect(&host), SAP_OK);
	assert_status(do_connect(&next), SAP_OK);
	assert_status(do_map(&next, 0, &mem), SAP_OK);
	assert_int_equal(((uint8_t *)mem.base)[1], 5);
	/* And by an end of its own too. */
	assert_status(do_disconnect(&host), SAP_OK);
	assert_int_equal(do_recv(&next), -2);
	assert_status(do_disconnect(&next), SAP_OK);
	assert_status(do_unmap(&next), SAP_OK);
	assert_status(do_connect(&host), SAP_AGAIN);
	sap_unix_run(&next);
	assert_status(do_connect(&host), SAP_OK);
	assert_status(do_connect(&next), SAP_OK);
	assert_status(do_map(&next, 0, &mem), SAP_OK);
	sap_unix_close(&next);
	sap_unix_close(&host);
}

/* Where CSME has somebody else by now, a host that comes back with its memory hears that. */
static void a_place_that_was_taken_meanwhile_is_busy(void **state)
{
	struct sap_unix host, other, csme;

	(void)state;
	ends_open(&csme, SAP_ROLE_CSME);
	ends_open(&host, SAP_ROLE_HOST);
	ends_open(&other, SAP_ROLE_HOST);
	ends_meet(&host, &csme, ENDS_SIZE);
	assert_status(do_disconnect(&host), SAP_OK);
	assert_int_equal(do_recv(&csme), -2);
	assert_status(do_disconnect(&csme), SAP_OK);
	ends_meet(&other, &csme, 0);
	assert_status(do_connect(&host), SAP_AGAIN);
	sap_unix_run(&csme);
	assert_status(do_connect(&host), SAP_BUSY);
	assert_why(&host, SAP_UNIX_TAKEN);
	sap_unix_close(&other);
	sap_unix_close(&host);
	sap_unix_close(&csme);
}

/* CSME goes between the host's `map` and its `connect`. */
static void csme_went_before_the_host_connected(void **state)
{
	struct sap_unix host, csme;
	struct sap_mem mem;

	(void)state;
	ends_open(&csme, SAP_ROLE_CSME);
	ends_open(&host, SAP_ROLE_HOST);
	assert_status(do_map(&host, ENDS_SIZE, &mem), SAP_AGAIN);
	sap_unix_run(&csme);
	assert_status(do_map(&host, ENDS_SIZE, &mem), SAP_OK);
	sap_unix_close(&csme);
	assert_status(do_connect(&host), SAP_IO);
	assert_why(&host, SAP_UNIX_WENT);
	assert_status(do_send(&host, 1), SAP_CLOSED);
	/* The memory is still the host's, and the next CSME gets it. */
	memset(mem.base, 1, mem.size);
	ends_open(&csme, SAP_ROLE_CSME);
	assert_status(do_connect(&host), SAP_AGAIN);
	sap_unix_run(&csme);
	assert_status(do_connect(&host), SAP_OK);
	sap_unix_close(&host);
	sap_unix_close(&csme);
}

static void unmap_ends_the_connection(void **state)
{
	struct sap_unix host, csme;
	struct sap_mem mem;

	(void)state;
	ends_open(&csme, SAP_ROLE_CSME);
	ends_open(&host, SAP_ROLE_HOST);
	ends_meet(&host, &csme, ENDS_SIZE);
	assert_status(do_map(&csme, 0, &mem), SAP_OK);
	assert_status(do_unmap(&host), SAP_OK);
	assert_int_equal(do_recv(&host), -2);
	assert_int_equal(do_recv(&csme), -2);
	memset(mem.base, 1, mem.size);
	assert_status(do_map(&csme, 0, &mem), SAP_CLOSED);
	sap_unix_close(&host);
	sap_unix_close(&csme);
}

/* Memory that comes in the middle of a connection, after messages. */
static void memory_may_come_late(void **state)
{
	struct sap_unix host, csme;
	struct sap_mem mem;

	(void)state;
	ends_open(&csme, SAP_ROLE_CSME);
	ends_open(&host, SAP_ROLE_HOST);
	ends_meet(&host, &csme, 0);
	for (uint32_t i = 0; i < SAP_UNIX_DEPTH; i++)
		assert_status(do_send(&host, (uint8_t)i), SAP_OK);
	/* It waits its turn, and takes none of their acknowledgements for its own. */
	assert_status(do_map(&host, ENDS_SIZE, &mem), SAP_AGAIN);
	assert_status(do_map(&csme, 0, &mem), SAP_UNSUPPORTED);
	assert_status(do_map(&host, ENDS_SIZE, &mem), SAP_AGAIN);
	assert_int_equal(do_recv(&csme), 0);
	sap_unix_run(&csme);
	assert_status(do_map(&host, ENDS_SIZE, &mem), SAP_OK);
	assert_status(do_map(&csme, 0, &mem), SAP_OK);
	sap_unix_close(&host);
	sap_unix_close(&csme);
}

/* The first, the last, one of the middle; and what is none. */
static void problems_have_names(void **state)
{
	(void)state;
	assert_string_equal(sap_unix_problem_name(SAP_UNIX_FINE), "FINE");
	assert_string_equal(sap_unix_problem_name(SAP_UNIX_LISTENED), "LISTENED");
	assert_string_equal(sap_unix_problem_name(SAP_UNIX_SYSTEM), "SYSTEM");
	assert_string_equal(sap_unix_problem_name((enum sap_unix_problem)(SAP_UNIX_SYSTEM + 1)), "?");
	assert_string_equal(sap_unix_problem_name((enum sap_unix_problem) - 1), "?");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(conforms_at_a_file),
		cmocka_unit_test(conforms_at_an_abstract_name),
		cmocka_unit_test(conforms_without_memory),
		cmocka_unit_test(open_checks_what_it_is_given),
		cmocka_unit_test(the_longest_path_works),
		cmocka_unit_test(operations_refuse_null),
		cmocka_unit_test(problems_have_names),
		cmocka_unit_test(so_many_may_be_under_way),
		cmocka_unit_test(poll_tells_when_to_run),
		cmocka_unit_test(a_message_that_was_not_fetched_is_counted),
		cmocka_unit_test(nobody_is_there),
		cmocka_unit_test(a_second_host_is_turned_away),
		cmocka_unit_test(the_next_host_waits_until_the_last_is_done_with),
		cmocka_unit_test(many_hosts_at_once),
		cmocka_unit_test(a_host_that_returns_is_never_turned_away),
		cmocka_unit_test(a_host_that_went_again),
		cmocka_unit_test(a_host_that_came_early_stays),
		cmocka_unit_test(giving_up_ends_who_came),
		cmocka_unit_test(memory_is_sealed_and_shared),
		cmocka_unit_test(nothing_is_inherited),
		cmocka_unit_test(what_is_too_large_is_refused_and_less_is_not),
		cmocka_unit_test(memory_is_offered_again),
		cmocka_unit_test(a_place_that_was_taken_meanwhile_is_busy),
		cmocka_unit_test(csme_went_before_the_host_connected),
		cmocka_unit_test(unmap_ends_the_connection),
		cmocka_unit_test(memory_may_come_late),
	};

	return cmocka_run_group_tests(tests, ends_enter, ends_leave);
}
