// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
/*
 * The conformance kit on the unix transport where the system takes and gives a few bytes at a time, is
 * interrupted, and at times takes nothing: all of which may be, and hardly ever is.
 *
 * This program's sendmsg() and recvmsg() stand in for those of the C library.
 */
#define _GNU_SOURCE

#include "ends.h"

#include <errno.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

static uint32_t dice = 1, at_a_time, partly, interrupted, full;

static bool is_interrupted(void)
{
	if (at_a_time == 0 || test_random(&dice) % 4)
		return false;
	interrupted++;
	errno = EINTR;
	return true;
}

/* The same with fewer bytes. */
static struct msghdr shortened(const struct msghdr *msg, struct iovec *part)
{
	struct msghdr some = *msg;

	*part = msg->msg_iov[0];
	if (at_a_time && part->iov_len > at_a_time) {
		part->iov_len = at_a_time;
		partly++;
	}
	some.msg_iov = part;
	return some;
}

ssize_t sendmsg(int fd, const struct msghdr *msg, int flags)
{
	struct iovec part;
	struct msghdr some = shortened(msg, &part);

	if (is_interrupted())
		return -1;
	if (at_a_time && test_random(&dice) % 8 == 0) {
		full++;
		errno = EAGAIN;
		return -1;
	}
	return syscall(SYS_sendmsg, fd, &some, flags);
}

ssize_t recvmsg(int fd, struct msghdr *msg, int flags)
{
	struct iovec part;
	struct msghdr some = shortened(msg, &part);
	ssize_t n = -1;

	if (is_interrupted())
		return n;
	n = syscall(SYS_recvmsg, fd, &some, flags);
	msg->msg_controllen = some.msg_controllen;
	msg->msg_flags = some.msg_flags;
	return n;
}

static void conforms_a_few_bytes_at_a_time(void **state)
{
	(void)state;
	/* Ends within a head, at its end, within and at the end of an offer. */
	for (at_a_time = 1; at_a_time < 20; at_a_time += at_a_time < 5 ? 1 : 6)
		ends_conform(ENDS_PATH, false, 1, 64);
	print_message("partly %u, interrupted %u, full %u\n", partly, interrupted, full);
	/* Or they do not stand in. */
	assert_true(partly && interrupted && full);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(conforms_a_few_bytes_at_a_time),
	};

	return cmocka_run_group_tests(tests, ends_enter, ends_leave);
}
