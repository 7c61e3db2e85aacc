// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
/* Where CSME listens: files that are there already, permissions, and what is left behind. */
#define _DEFAULT_SOURCE

#include "ends.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

static enum sap_status try_open(struct sap_unix *u, const struct sap_unix_config *config)
{
	memset(u, 0xee, sizeof(*u));
	return sap_unix_open(u, sizeof(*u), config);
}

static bool there_is(const char *path)
{
	struct stat file;

	return lstat(path, &file) == 0;
}

/* A socket's file as a process that was killed leaves it. */
static void leave_stale_socket(void)
{
	close(raw_listen(ENDS_PATH));
	assert_true(there_is(ENDS_PATH));
}

static void the_file_has_its_mode_and_goes(void **state)
{
	static const uint32_t modes[] = {0600, 0666, 0777, 0};
	struct sap_unix_config config = ends_config(SAP_ROLE_CSME);
	mode_t umask_was = umask(077);

	(void)state;
	for (uint32_t i = 0; i < 4; i++) {
		struct sap_unix csme;
		struct stat file;

		config.mode = modes[i];
		ends_open_with(&csme, &config);
		assert_int_equal(stat(ENDS_PATH, &file), 0);
		assert_true(S_ISSOCK(file.st_mode));
		assert_int_equal(file.st_mode & 07777, modes[i]);
		sap_unix_close(&csme);
		assert_false(there_is(ENDS_PATH));
	}
	umask(umask_was);
}

static void a_stale_socket_is_replaced(void **state)
{
	struct sap_unix host, csme;

	(void)state;
	leave_stale_socket();
	ends_open(&host, SAP_ROLE_HOST);
	assert_status(do_connect(&host), SAP_IO);
	assert_why(&host, SAP_UNIX_STALE);
	assert_int_equal(sap_unix_why(&host).error, ECONNREFUSED);
	ends_open(&csme, SAP_ROLE_CSME);
	ends_meet(&host, &csme, 0);
	sap_unix_close(&host);
	sap_unix_close(&csme);
	assert_false(there_is(ENDS_PATH));
}

/* And that one notices nothing: nobody connects to it to find out. */
static void a_place_that_is_listened_at_is_left_alone(void **state)
{
	struct sap_unix first, second, host;
	struct sap_unix_config config = ends_config(SAP_ROLE_CSME);
	struct census before;

	(void)state;
	ends_open(&first, SAP_ROLE_CSME);
	assert_status(do_connect(&first), SAP_AGAIN);
	before = census_take();
	assert_status(try_open(&second, &config), SAP_BUSY);
	assert_why(&second, SAP_UNIX_LISTENED);
	census_same(&before);
	sap_unix_close(&second);
	assert_status(do_connect(&first), SAP_AGAIN);
	assert_int_equal(first.counters.connections, 0);
	ends_open(&host, SAP_ROLE_HOST);
	ends_meet(&host, &first, 0);
	sap_unix_close(&host);
	sap_unix_close(&first);

	/* Names without a file know that by themselves. */
	config.path = "@libsap-test-listened";
	ends_open_with(&first, &config);
	assert_status(try_open(&second, &config), SAP_BUSY);
	assert_why(&second, SAP_UNIX_LISTENED);
	sap_unix_close(&first);
}

/* Not removed, whatever it is; and neither is what lies behind it. */
static void what_is_no_socket_stays(void **state)
{
	struct sap_unix_config config = ends_config(SAP_ROLE_CSME);
	struct census before = census_take();

	(void)state;
	for (uint32_t i = 0; i < 4; i++) {
		struct sap_unix csme, host;

		if (i == 0)
			close(open(ENDS_PATH, O_CREAT | O_WRONLY, 0600));
		else if (i == 1)
			assert_int_equal(mkdir(ENDS_PATH, 0700), 0);
		else if (i == 2)
			assert_int_equal(mkfifo(ENDS_PATH, 0600), 0);
		else {
			close(raw_listen("stale"));
			assert_int_equal(symlink("stale", ENDS_PATH), 0);
		}
		assert_status(try_open(&csme, &config), SAP_IO);
		assert_why(&csme, SAP_UNIX_NO_SOCKET);
		ends_open(&host, SAP_ROLE_HOST);
		assert_status(do_connect(&host), SAP_IO);
		assert_why(&host, i == 3 ? SAP_UNIX_STALE : SAP_UNIX_NO_SOCKET);
		sap_unix_close(&host);
		assert_true(there_is(ENDS_PATH));
		assert_int_equal(remove(ENDS_PATH), 0);
	}
	assert_int_equal(unlink("stale"), 0);
	census_same(&before);
}

/* A socket that somebody uses for something else. */
static void a_socket_of_another_kind_stays(void **state)
{
	struct sap_unix_config config = ends_config(SAP_ROLE_CSME);
	struct sockaddr_un address = {.sun_family = AF_UNIX, .sun_path = ENDS_PATH};
	int fd = socket(AF_UNIX, SOCK_DGRAM, 0);
	struct sap_unix csme, host;

	(void)state;
	assert_int_equal(bind(fd, (const struct sockaddr *)&address, sizeof(address)), 0);
	assert_status(try_open(&csme, &config), SAP_BUSY);
	assert_why(&csme, SAP_UNIX_LISTENED);
	ends_open(&host, SAP_ROLE_HOST);
	assert_status(do_connect(&host), SAP_IO);
	assert_why(&host, SAP_UNIX_NO_SOCKET);
	sap_unix_close(&host);
	close(fd);
	assert_int_equal(unlink(ENDS_PATH), 0);
}

static void only_the_own_file_is_removed(void **state)
{
	struct sap_unix first, second;

	(void)state;
	ends_open(&first, SAP_ROLE_CSME);
	/* Somebody tidied up, and another CSME began. */
	assert_int_equal(unlink(ENDS_PATH), 0);
	ends_open(&second, SAP_ROLE_CSME);
	sap_unix_close(&first);
	assert_true(there_is(ENDS_PATH));
	assert_int_equal(unlink(ENDS_PATH), 0);
	close(open(ENDS_PATH, O_CREAT | O_WRONLY, 0600));
	sap_unix_close(&second);
	assert_true(there_is(ENDS_PATH));
	assert_int_equal(unlink(ENDS_PATH), 0);
}

static void a_folder_that_is_not_there(void **state)
{
	struct sap_unix_config config = ends_config(SAP_ROLE_CSME);
	struct census before = census_take();
	struct sap_unix u;

	(void)state;
	config.path = "nowhere/csme";
	assert_status(try_open(&u, &config), SAP_IO);
	assert_why(&u, SAP_UNIX_SYSTEM);
	assert_int_equal(sap_unix_why(&u).error, ENOENT);
	config.role = SAP_ROLE_HOST;
	ends_open_with(&u, &config);
	assert_status(do_connect(&u), SAP_IO);
	assert_why(&u, SAP_UNIX_NOBODY);
	sap_unix_close(&u);
	census_same(&before);
}

static void what_is_forbidden(void **state)
{
	struct sap_unix_config config = ends_config(SAP_ROLE_CSME);
	struct sap_unix csme, host;

	(void)state;
	if (geteuid() == 0) {
		print_message("root may do everything\n");
		skip();
	}
	assert_int_equal(mkdir("closed", 0500), 0);
	config.path = "closed/csme";
	assert_status(try_open(&csme, &config), SAP_IO);
	assert_why(&csme, SAP_UNIX_DENIED);
	assert_int_equal(rmdir("closed"), 0);
	config.path = ENDS_PATH;
	config.mode = 0;
	ends_open_with(&csme, &config);
	ends_open(&host, SAP_ROLE_HOST);
	assert_status(do_connect(&host), SAP_IO);
	assert_why(&host, SAP_UNIX_DENIED);
	sap_unix_close(&host);
	sap_unix_close(&csme);
}

/* --- several processes --- */

enum {
	STARTERS = 8,
	ROUNDS = 25,
};

struct pipes {
	int start[2], result[2], end[2];
};

/* One of several CSMEs that start at once. Says how it went, and keeps the place until it is told to go. */
static void be_csme(const struct pipes *pipes)
{
	struct sap_unix csme;
	struct sap_unix_config config = ends_config(SAP_ROLE_CSME);
	char byte;

	alarm(60);
	close(pipes->start[1]);
	close(pipes->end[1]);
	/* Ends as the test closes its side: for all of them at once. */
	if (read(pipes->start[0], &byte, 1) != 0)
		_exit(1);
	if (try_open(&csme, &config) == SAP_OK)
		byte = 'o';
	else
		byte = sap_unix_why(&csme).problem == SAP_UNIX_LISTENED ? 'b' : '?';
	if (write(pipes->result[1], &byte, 1) != 1 || read(pipes->end[0], &byte, 1) != 0)
		_exit(1);
	sap_unix_close(&csme);
	_exit(0);
}

static void start_at_once(const struct pipes *pipes)
{
	uint32_t got = 0;
	char byte;

	for (uint32_t i = 0; i < STARTERS; i++) {
		pid_t pid = fork();

		assert_true(pid >= 0);
		if (pid == 0)
			be_csme(pipes);
	}
	close(pipes->start[1]);
	for (uint32_t i = 0; i < STARTERS; i++) {
		assert_int_equal(read(pipes->result[0], &byte, 1), 1);
		assert_true(byte == 'o' || byte == 'b');
		got += byte == 'o';
	}
	assert_int_equal(got, 1);
	close(pipes->end[1]);
	for (uint32_t i = 0; i < STARTERS; i++) {
		int status = -1;

		assert_true(wait(&status) > 0);
		assert_int_equal(status, 0);
	}
}

static void of_several_that_start_at_once_one_gets_the_place(void **state)
{
	struct census before = census_take();

	(void)state;
	for (uint32_t round = 0; round < ROUNDS; round++) {
		struct pipes pipes;

		leave_stale_socket();
		assert_true(pipe(pipes.start) == 0 && pipe(pipes.result) == 0 && pipe(pipes.end) == 0);
		start_at_once(&pipes);
		assert_false(there_is(ENDS_PATH));
		close(pipes.start[0]);
		close(pipes.result[0]);
		close(pipes.result[1]);
		close(pipes.end[0]);
	}
	census_same(&before);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_file_has_its_mode_and_goes),
		cmocka_unit_test(a_stale_socket_is_replaced),
		cmocka_unit_test(a_place_that_is_listened_at_is_left_alone),
		cmocka_unit_test(what_is_no_socket_stays),
		cmocka_unit_test(a_socket_of_another_kind_stays),
		cmocka_unit_test(only_the_own_file_is_removed),
		cmocka_unit_test(a_folder_that_is_not_there),
		cmocka_unit_test(what_is_forbidden),
		cmocka_unit_test(of_several_that_start_at_once_one_gets_the_place),
	};

	return cmocka_run_group_tests(tests, ends_enter, ends_leave);
}
