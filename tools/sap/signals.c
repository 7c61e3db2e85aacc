// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
#include "signals.h"

#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <sys/signalfd.h>
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

int signals_open(void)
{
	struct sigaction ignore = {.sa_handler = SIG_IGN};
	sigset_t set;

	sigemptyset(&set);
	for (int i = 0; i < ASKED; i++) {
		if (!is_ignored(asked[i].number))
			sigaddset(&set, asked[i].number);
	}
	if (sigaction(SIGTTIN, &ignore, NULL) != 0 || sigprocmask(SIG_BLOCK, &set, NULL) != 0)
		return -1;
	return signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
}

int signals_take(int fd)
{
	struct signalfd_siginfo info;

	return read(fd, &info, sizeof(info)) == (ssize_t)sizeof(info) ? (int)info.ssi_signo : 0;
}

_Noreturn void signals_die(int number)
{
	struct sigaction plain = {.sa_handler = SIG_DFL};
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, number);
	(void)sigaction(number, &plain, NULL);
	(void)raise(number);
	/* It is blocked, and so comes as it is let in. */
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
