// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
#include "output.h"

#include <errno.h>
#include <limits.h>
#include <poll.h>
#include <stdio.h>
#include <unistd.h>

/* The one there is. */
static struct {
	int signals;
	bool gave_up;
} output;

/* Waits until a piece can be written without waiting any further. False: a signal came before. */
static bool reader_is_ready(void)
{
	struct pollfd fds[] = {{.fd = STDOUT_FILENO, .events = POLLOUT},
			       {.fd = output.signals, .events = POLLIN}};

	while (!output.gave_up && !fds[0].revents) {
		if (poll(fds, 2, -1) < 0)
			fds[0].revents = fds[1].revents = 0;
		/* Who reads on is told of the end too. */
		output.gave_up = fds[1].revents && !fds[0].revents;
	}
	if (output.gave_up)
		errno = EINTR;
	return !output.gave_up;
}

/* A pipe that is ready takes so much, and no more for certain. 0: it cannot be written. */
static ssize_t write_pieces(void *self, const char *bytes, size_t size)
{
	size_t done = 0;

	(void)self;
	while (done < size) {
		size_t piece = size - done < PIPE_BUF ? size - done : PIPE_BUF;
		ssize_t n;

		if (!reader_is_ready())
			return 0;
		n = write(STDOUT_FILENO, bytes + done, piece);
		if (n > 0)
			done += (size_t)n;
		else if (errno != EINTR && errno != EAGAIN)
			return 0;
	}
	return (ssize_t)size;
}

bool output_heeds(int signals)
{
	const cookie_io_functions_t functions = {.write = write_pieces};
	FILE *stream = fopencookie(NULL, "w", functions);

	if (!stream)
		return false;
	output.signals = signals;
	/* With this C library it is a variable like any other. */
	stdout = stream;
	return true;
}
