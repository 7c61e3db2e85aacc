// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
/*
 * A stream of bytes and the frames in it: a size in four bytes, and so many bytes.
 *
 * Reading never goes past the end of a frame. So a descriptor that comes along with bytes belongs to the
 * frame that they are of, however the peer cut its stream.
 */
#define _GNU_SOURCE

#include "unix.h"

#include "../platform.h"

#include <errno.h>
#include <unistd.h>

enum {
	MOST_FRAMES = 64,      /* that one call reads, so that a peer cannot hold us */
	MOST_DESCRIPTORS = 16, /* that are taken at a time; of more the system closes the rest */
};

/* --- a connection begins and ends --- */

static void forget_frames(struct sap_unix *u)
{
	unix_shut(&u->in_memory);
	u->in_strange = false;
	u->in_len = 0;
	u->out_at = 0;
	u->out_len = 0;
	u->out_memory = false;
	u->unacknowledged = 0;
	u->owed = 0;
	u->heard = false;
	u->broken = false;
	u->dry = false;
}

static void lose_queue(struct sap_unix *u)
{
	u->counters.lost += u->count;
	u->first = 0;
	u->count = 0;
}

/* What holds of this peer and of no other. */
static void forget_peer(struct sap_unix *u)
{
	unix_shut(&u->peer);
	forget_frames(u);
	u->offer = UNIX_NOT_OFFERED;
	u->current = false;
	if (!unix_is_host(u))
		unix_shut(&u->memory);
}

void unix_begin(struct sap_unix *u, int fd)
{
	forget_peer(u);
	u->peer = fd;
	u->phase = UNIX_CAME;
}

void unix_end(struct sap_unix *u, enum sap_unix_problem problem, int error)
{
	u->counters.halves += problem == SAP_UNIX_HALF;
	u->counters.nonsense += problem == SAP_UNIX_LANGUAGE;
	unix_blame(u, problem, error);
	forget_peer(u);
	if (u->phase == UNIX_CONNECTED) {
		u->phase = UNIX_ENDED;
		return;
	}
	/* A connection that nobody knew of has not been; but a host's `map` may be waiting for it. */
	u->phase = unix_is_host(u) ? UNIX_MISSED : UNIX_IDLE;
	lose_queue(u);
}

void unix_leave(struct sap_unix *u)
{
	if (u->peer >= 0)
		unix_flush(u);
	forget_peer(u);
	lose_queue(u);
	u->phase = UNIX_IDLE;
}

/* --- writing --- */

/* As much of `out` as the socket takes. */
static ssize_t write_some(struct sap_unix *u)
{
	union {
		struct cmsghdr align;
		uint8_t bytes[CMSG_SPACE(sizeof(int))];
	} control = {.bytes = {0}};
	struct iovec part = {u->out + u->out_at, u->out_len - u->out_at};
	struct msghdr msg = {.msg_iov = &part, .msg_iovlen = 1};
	struct cmsghdr *along;

	if (u->out_memory) {
		msg.msg_control = control.bytes;
		msg.msg_controllen = sizeof(control.bytes);
		along = CMSG_FIRSTHDR(&msg);
		along->cmsg_level = SOL_SOCKET;
		along->cmsg_type = SCM_RIGHTS;
		along->cmsg_len = CMSG_LEN(sizeof(int));
		memcpy(CMSG_DATA(along), &u->memory, sizeof(int));
	}
	return sendmsg(u->peer, &msg, MSG_NOSIGNAL | MSG_DONTWAIT);
}

/* An acknowledgement is a frame of size 0. */
static void fill_acknowledgements(struct sap_unix *u)
{
	uint32_t n = (uint32_t)sizeof(u->out) / UNIX_HEAD;

	if (n > u->owed)
		n = u->owed;
	memset(u->out, 0, (size_t)n * UNIX_HEAD);
	u->out_at = 0;
	u->out_len = n * UNIX_HEAD;
	u->owed -= n;
}

/* The peer went. What it said before is still to be read; that tells more of how it went. */
static void cannot_write(struct sap_unix *u, int error)
{
	if (error == EAGAIN || error == EWOULDBLOCK)
		return;
	u->broken = true;
	unix_blame(u, SAP_UNIX_WENT, error);
}

void unix_flush(struct sap_unix *u)
{
	while (u->peer >= 0 && !u->broken) {
		ssize_t n;

		if (u->out_len == 0)
			fill_acknowledgements(u);
		if (u->out_len == 0)
			return;
		n = write_some(u);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0) {
			cannot_write(u, errno);
			return;
		}
		u->out_memory = false;
		u->out_at += (uint32_t)n;
		if (u->out_at == u->out_len)
			u->out_len = 0;
	}
}

bool unix_write(struct sap_unix *u, const void *bytes, uint32_t len, bool memory)
{
	unix_flush(u);
	if (u->peer < 0 || u->broken || u->out_len || u->unacknowledged >= SAP_UNIX_DEPTH)
		return false;
	memcpy(u->out, &len, UNIX_HEAD);
	memcpy(u->out + UNIX_HEAD, bytes, len);
	u->out_at = 0;
	u->out_len = UNIX_HEAD + len;
	u->out_memory = memory;
	u->unacknowledged++;
	unix_flush(u);
	return true;
}

void unix_refuse(int fd, enum sap_unix_problem problem)
{
	const uint32_t words[2] = {UNIX_REFUSAL, (uint32_t)problem};

	(void)!send(fd, words, sizeof(words), MSG_NOSIGNAL | MSG_DONTWAIT);
}

/* --- one frame --- */

static void language(struct sap_unix *u)
{
	unix_end(u, SAP_UNIX_LANGUAGE, 0);
}

static void acknowledgement_came(struct sap_unix *u)
{
	if (u->unacknowledged == 0) {
		language(u);
		return;
	}
	u->unacknowledged--;
	if (u->offer == UNIX_OFFERED && --u->ahead == 0)
		u->offer = UNIX_KEPT;
}

static void memory_came(struct sap_unix *u)
{
	enum sap_unix_problem problem = unix_offered(u, u->in + UNIX_HEAD);

	if (problem == SAP_UNIX_FINE) {
		u->owed++;
		return;
	}
	u->counters.maps_refused++;
	/* In the middle of another frame it would not be understood. */
	unix_flush(u);
	if (u->out_len == 0)
		unix_refuse(u->peer, problem);
	unix_end(u, problem, 0);
}

/* CSME refuses a host before anything else is said, or the memory as it is offered. */
static bool is_refusal(const struct sap_unix *u, uint32_t len, uint32_t *why)
{
	if (!unix_is_host(u) || len != UNIX_REFUSAL || (u->heard && u->offer != UNIX_OFFERED))
		return false;
	memcpy(why, u->in + UNIX_HEAD, UNIX_REFUSAL);
	return *why == SAP_UNIX_TAKEN || *why == SAP_UNIX_UNSEALED || *why == SAP_UNIX_SHORT ||
	       *why == SAP_UNIX_LARGE || *why == SAP_UNIX_NO_MEMORY;
}

static void message_came(struct sap_unix *u, uint32_t len)
{
	struct sap_unix_message *place = &u->queue[(u->first + u->count) % SAP_UNIX_DEPTH];
	uint32_t why;

	if (is_refusal(u, len, &why)) {
		u->counters.maps_refused++;
		unix_end(u, (enum sap_unix_problem)why, 0);
		return;
	}
	place->len = len;
	memcpy(place->bytes, u->in + UNIX_HEAD, len);
	u->count++;
	u->owed++;
}

static void frame_came(struct sap_unix *u, uint32_t len)
{
	bool memory = u->in_memory >= 0 || u->in_strange;

	u->in_len = 0;
	if (memory && (unix_is_host(u) || len != UNIX_MAP))
		language(u);
	else if (memory)
		memory_came(u);
	else if (len == 0)
		acknowledgement_came(u);
	else
		message_came(u, len);
	/* A descriptor that was not taken ended the connection, and itself with it. */
	u->heard = u->peer >= 0;
}

/* --- reading --- */

/* Descriptors that came along: the first is kept, and a second one makes them strange. */
static void keep_descriptors(struct sap_unix *u, struct msghdr *msg)
{
	for (struct cmsghdr *along = CMSG_FIRSTHDR(msg); along; along = CMSG_NXTHDR(msg, along)) {
		size_t n = (along->cmsg_len - CMSG_LEN(0)) / sizeof(int);

		if (along->cmsg_level != SOL_SOCKET || along->cmsg_type != SCM_RIGHTS)
			continue;
		for (size_t i = 0; i < n; i++) {
			int fd;

			memcpy(&fd, CMSG_DATA(along) + i * sizeof(int), sizeof(fd));
			if (u->in_memory >= 0) {
				u->in_strange = true;
				unix_shut(&fd);
			} else {
				u->in_memory = fd;
			}
		}
	}
	if (msg->msg_flags & MSG_CTRUNC)
		u->in_strange = true;
}

/* Up to `want` bytes of the frame; as recvmsg() says. */
static ssize_t read_some(struct sap_unix *u, uint32_t want)
{
	union {
		struct cmsghdr align;
		uint8_t bytes[CMSG_SPACE(MOST_DESCRIPTORS * sizeof(int))];
	} control;
	struct iovec part = {u->in + u->in_len, want};
	struct msghdr msg = {.msg_iov = &part,
			     .msg_iovlen = 1,
			     .msg_control = control.bytes,
			     .msg_controllen = sizeof(control.bytes)};
	ssize_t n = recvmsg(u->peer, &msg, MSG_DONTWAIT | MSG_CMSG_CLOEXEC);

	if (n >= 0)
		keep_descriptors(u, &msg);
	if (n > 0)
		u->in_len += (uint32_t)n;
	return n;
}

/* The peer went: between two frames, or within one. */
static void went(struct sap_unix *u, int error)
{
	unix_end(u, u->in_len ? SAP_UNIX_HALF : SAP_UNIX_WENT, error);
}

/* Reads until the frame has `want` bytes. False if it has not, yet or ever. */
static bool read_up_to(struct sap_unix *u, uint32_t want)
{
	while (u->in_len < want) {
		ssize_t n = read_some(u, want - u->in_len);

		if (n > 0 || (n < 0 && errno == EINTR))
			continue;
		u->dry = true;
		if (n == 0)
			went(u, 0);
		else if (u->broken || (errno != EAGAIN && errno != EWOULDBLOCK))
			went(u, u->broken ? EPIPE : errno);
		return false;
	}
	return true;
}

static bool read_frame(struct sap_unix *u)
{
	uint32_t len;

	if (!read_up_to(u, UNIX_HEAD))
		return false;
	memcpy(&len, u->in, UNIX_HEAD);
	if (len > SAP_UNIX_MESSAGE) {
		language(u);
		return false;
	}
	if (!read_up_to(u, UNIX_HEAD + len))
		return false;
	frame_came(u, len);
	return true;
}

/*
 * A peer that does not take our acknowledgements is not read either. To one that went nothing is owed: it is
 * read on, since only that finds the end.
 */
bool unix_has_room(const struct sap_unix *u)
{
	return u->count < SAP_UNIX_DEPTH && (u->broken || u->owed < SAP_UNIX_DEPTH);
}

void unix_read(struct sap_unix *u)
{
	u->dry = false;
	for (uint32_t i = 0; i < MOST_FRAMES && u->peer >= 0; i++) {
		if (!unix_has_room(u))
			unix_flush(u);
		if (!unix_has_room(u) || !read_frame(u))
			break;
	}
	unix_flush(u);
}
