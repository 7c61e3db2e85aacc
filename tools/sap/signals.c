// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
#include "signals.h"

#include <errno.h>
#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/eventfd.h>
#include <unistd.h>

static const struct {
	int number;
	const char *name;
} asked[] = {{SIGTERM, "SIGTERM"}, {SIGINT, "SIGINT"}, {SIGHUP, "SIGHUP"}};

enum {
	ASKED = sizeof(asked) / sizeof(asked[0])
};

/* A shell starts what is to run behind it with SIGINT ignored, and nohup with SIGHUP. */
static bool is_ignored(int number)
{
	struct sigaction action;

	return sigaction(number, NULL, &action) == 0 && action.sa_handler == SIG_IGN;
}

/* What a handler may touch. */
static volatile sig_atomic_t came;
static int bell = -1;

/*
 * The first one rings, wherever the program is. The second one kills: the program may be where it never looks,
 * in a write that nobody reads, say.
 */
static void ring(int number)
{
	static const struct sigaction plain = {.sa_handler = SIG_DFL};
	const uint64_t one = 1;
	int error = errno;

	if (came) {
		(void)sigaction(number, &plain, NULL);
		(void)raise(number);
	} else {
		came = number;
		(void)!write(bell, &one, sizeof(one));
	}
	errno = error;
}

int signals_open(void)
{
	const struct sigaction ignore = {.sa_handler = SIG_IGN};
	struct sigaction action = {.sa_handler = ring, .sa_flags = SA_RESTART};

	bell = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	if (bell < 0 || sigaction(SIGTTIN, &ignore, NULL) != 0)
		return -1;
	for (int i = 0; i < ASKED; i++)
		sigaddset(&action.sa_mask, asked[i].number);
	for (int i = 0; i < ASKED; i++) {
		if (!is_ignored(asked[i].number) && sigaction(asked[i].number, &action, NULL) != 0)
			return -1;
	}
	return bell;
}

int signals_take(int fd)
{
	uint64_t count;

	return read(fd, &count, sizeof(count)) == (ssize_t)sizeof(count) ? (int)came : 0;
}

_Noreturn void signals_die(int number)
{
	struct sigaction plain = {.sa_handler = SIG_DFL};
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, number);
	(void)sigaction(number, &plain, NULL);
	(void)raise(number);
	/* Whoever started the program may have it blocked. */
	(void)sigprocmask(SIG_UNBLOCK, &set, NULL);
	_exit(128 + number);
}

const char *signals_name(int number)
{
	for (int i = 0; i < ASKED; i++) {
		if (asked[i].number == number)
			return asked[i].name;
	}
	return "a signal";
}
