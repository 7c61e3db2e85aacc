// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
#include "lines.h"

#include <errno.h>
#include <string.h>
#include <sys/epoll.h>
#include <unistd.h>

enum {
	ROOM = LINES_LONGEST + 1, /* for a line and its end */
};

/*
 * poll() says again and again that a terminal has something, also to who may not read it now. An epoll of its
 * edges says so once each time that something comes.
 */
static int watch_terminal(void)
{
	struct epoll_event event = {.events = EPOLLIN | EPOLLET};
	int fd = epoll_create1(EPOLL_CLOEXEC);

	if (fd >= 0 && epoll_ctl(fd, EPOLL_CTL_ADD, STDIN_FILENO, &event) != 0) {
		close(fd);
		fd = -1;
	}
	return fd;
}

void lines_open(struct lines *lines, bool none)
{
	memset(lines, 0, sizeof(*lines));
	lines->watch = -1;
	lines->ended = none;
	if (none)
		return;
	lines->is_terminal = isatty(STDIN_FILENO);
	if (lines->is_terminal)
		lines->watch = watch_terminal();
}

void lines_close(struct lines *lines)
{
	if (lines->watch >= 0)
		close(lines->watch);
	lines->watch = -1;
}

/* --- reading --- */

/* A terminal of another session has no foreground, and may be read. */
static bool is_behind(const struct lines *lines)
{
	pid_t group = lines->is_terminal ? tcgetpgrp(STDIN_FILENO) : -1;

	return group >= 0 && group != getpgrp();
}

static bool has_something(void)
{
	struct pollfd fd = {.fd = STDIN_FILENO, .events = POLLIN};

	return poll(&fd, 1, 0) == 1;
}

static void read_more(struct lines *lines)
{
	ssize_t n;

	if (lines->taken) {
		lines->used -= lines->taken;
		memmove(lines->text, lines->text + lines->taken, lines->used);
		lines->taken = 0;
	}
	n = read(STDIN_FILENO, lines->text + lines->used, ROOM - lines->used);
	if (n > 0)
		lines->used += (size_t)n;
	else if (n == 0 || (errno != EAGAIN && errno != EINTR && !is_behind(lines)))
		lines->ended = true;
}

bool lines_poll(const struct lines *lines, struct pollfd *fd)
{
	*fd = (struct pollfd){.fd = lines->watch >= 0 ? lines->watch : STDIN_FILENO, .events = POLLIN};
	return !lines->ended;
}

void lines_ready(struct lines *lines, short revents)
{
	struct epoll_event event;

	if (lines->ended)
		return;
	if (lines->watch >= 0 && revents && epoll_wait(lines->watch, &event, 1, 0) == 1)
		lines->arrived = true;
	if (lines->watch >= 0 && lines->arrived)
		lines->arrived = has_something() && !is_behind(lines);
	if (lines->watch >= 0 ? lines->arrived : revents != 0)
		read_more(lines);
}

bool lines_wait_not(const struct lines *lines)
{
	return lines->arrived && !lines->ended;
}

/* --- lines --- */

/* A line that fills the whole buffer and has no end. */
static enum line_state overflow(struct lines *lines)
{
	bool was = lines->skips;

	lines->skips = true;
	lines->used = lines->taken = 0;
	if (was)
		return LINE_NONE;
	lines->number++;
	return LINE_TOO_LONG;
}

static enum line_state give(struct lines *lines, char *start, size_t len, char **line, uint32_t *column)
{
	char *zero = memchr(start, '\0', len);

	start[len] = '\0';
	if (lines->skips) {
		lines->skips = false;
		return LINE_NONE;
	}
	lines->number++;
	*line = start;
	*column = zero ? (uint32_t)(zero - start) + 1 : 0;
	return zero ? LINE_HAS_ZERO : LINE_THERE;
}

enum line_state lines_next(struct lines *lines, char **line, uint32_t *column)
{
	enum line_state state = LINE_NONE;

	while (state == LINE_NONE) {
		char *start = lines->text + lines->taken;
		size_t left = lines->used - lines->taken;
		char *end = memchr(start, '\n', left);

		if (end) {
			lines->taken += (size_t)(end - start) + 1;
			state = give(lines, start, (size_t)(end - start), line, column);
		} else if (left == ROOM) {
			return overflow(lines);
		} else if (lines->ended && left) {
			/* The last one may end without its end; there is room for a zero. */
			lines->taken += left;
			state = give(lines, start, left, line, column);
		} else {
			return LINE_NONE;
		}
	}
	return state;
}
