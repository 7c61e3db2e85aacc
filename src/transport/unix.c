// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
/*
 * Two processes: open and close, and the six operations of transport.h.
 *
 *   IDLE -> CAME -> CONNECTED -> ENDED -> IDLE
 *
 * A peer comes (CAME) as CSME's process has a look, or as a host's `map` opens the connection; `connect`
 * makes it CONNECTED, and `disconnect` IDLE from anywhere.
 */
#define _GNU_SOURCE

#include "unix.h"

#include "../platform.h"

#include <errno.h>
#include <unistd.h>

#define WORDS(name, text) [SAP_UNIX_##name] = {#name, text}
static const struct {
	const char *name, *text;
} words[] = {
	WORDS(FINE, "nothing is wrong"),
	WORDS(NOBODY, "there is no socket at the path: start CSME first"),
	WORDS(STALE, "nobody listens at the socket: CSME's process is gone, start it again"),
	WORDS(NO_SOCKET, "what is at the path is no such socket: choose another path"),
	WORDS(DENIED, "the path's permissions forbid it: change them, or choose another path"),
	WORDS(TAKEN, "CSME has another host: stop that one first"),
	WORDS(LISTENED, "another process listens at the path: stop it, or choose another path"),
	WORDS(WENT, "the peer closed the connection, or died: connect again"),
	WORDS(HALF, "the peer went in the middle of a message, which is lost: connect again"),
	WORDS(LANGUAGE, "the peer speaks another language: look who is at the path"),
	WORDS(UNSEALED, "the memory could shrink: the host must seal it, or CSME be told to take it"),
	WORDS(SHORT, "the memory is shorter than was said: the host must make it longer"),
	WORDS(LARGE, "the memory is larger than CSME accepts: map less, or tell CSME to accept more"),
	WORDS(NO_MEMORY, "what was passed is no memory that can be mapped and written: pass a memfd"),
	WORDS(SYSTEM, "a system call failed"),
};

void unix_blame(struct sap_unix *u, enum sap_unix_problem problem, int error)
{
	u->why = (struct sap_unix_trouble){problem, error, words[problem].text};
}

void unix_shut(int *fd)
{
	int error = errno;

	if (*fd >= 0)
		(void)close(*fd);
	*fd = -1;
	errno = error;
}

/* --- memory --- */

static enum sap_status host_map(struct sap_unix *u, uint32_t size)
{
	enum sap_status status;

	if (u->config.no_map)
		return SAP_UNSUPPORTED;
	if (u->base && size != u->size)
		return SAP_IO;
	if (u->given)
		return SAP_OK;
	if (!u->base) {
		if (u->phase == UNIX_ENDED)
			return SAP_CLOSED;
		status = unix_make(u, size);
		if (status != SAP_OK)
			return status;
	}
	status = unix_offer(u);
	if (status == SAP_OK) {
		unix_blame(u, SAP_UNIX_FINE, 0);
		u->given = true;
	} else if (status != SAP_AGAIN) {
		/* It holds nothing, so that another size can be tried; but a connection that was told of
		 * ends by `disconnect`. */
		unix_drop(u);
		if (u->phase != UNIX_CONNECTED && u->phase != UNIX_ENDED)
			unix_leave(u);
	}
	return status;
}

static enum sap_status csme_map(struct sap_unix *u, uint32_t size)
{
	if (u->phase != UNIX_CONNECTED)
		return SAP_CLOSED;
	return size == 0 ? unix_adopt(u) : SAP_UNSUPPORTED;
}

static enum sap_status unix_map(void *self, uint32_t size, struct sap_mem *mem)
{
	struct sap_unix *u = self;
	enum sap_status status;

	if (!mem)
		return SAP_INVALID;
	sap_unix_run(u);
	status = unix_is_host(u) ? host_map(u, size) : csme_map(u, size);
	if (status == SAP_OK)
		*mem = (struct sap_mem){u->base, u->size};
	return status;
}

static enum sap_status unix_unmap(void *self)
{
	struct sap_unix *u = self;

	/* CSME must hear of it: it may be about to adopt. */
	if (u->base && unix_is_host(u))
		unix_leave(u);
	unix_drop(u);
	return SAP_OK;
}

/* --- connection --- */

/* Memory that is mapped already is offered first, so that CSME has it before any message. */
static enum sap_status host_connect(struct sap_unix *u)
{
	enum sap_status status = SAP_OK;

	if (u->base)
		status = unix_offer(u);
	else if (u->phase == UNIX_IDLE)
		status = unix_reach(u);
	if (status == SAP_OK || status == SAP_AGAIN)
		return status;
	unix_leave(u);
	return u->why.problem == SAP_UNIX_TAKEN ? SAP_BUSY : status;
}

static enum sap_status csme_connect(struct sap_unix *u)
{
	u->wanted = true;
	return u->phase == UNIX_CAME ? SAP_OK : SAP_AGAIN;
}

static enum sap_status unix_connect(void *self)
{
	struct sap_unix *u = self;
	enum sap_status status;

	sap_unix_run(u);
	if (u->phase == UNIX_CONNECTED)
		return SAP_OK;
	if (u->phase == UNIX_ENDED)
		return SAP_CLOSED;
	status = unix_is_host(u) ? host_connect(u) : csme_connect(u);
	if (status == SAP_OK) {
		u->phase = UNIX_CONNECTED;
		unix_blame(u, SAP_UNIX_FINE, 0);
	}
	return status;
}

static enum sap_status unix_disconnect(void *self)
{
	struct sap_unix *u = self;

	/* Who came to a CSME that did not ask yet goes on waiting. */
	if (unix_is_host(u) || u->wanted)
		unix_leave(u);
	u->wanted = false;
	return SAP_OK;
}

/* --- messages --- */

static enum sap_status unix_send(void *self, const void *message, size_t len)
{
	struct sap_unix *u = self;

	if (!message || len == 0)
		return SAP_INVALID;
	sap_unix_run(u);
	if (u->phase != UNIX_CONNECTED || u->broken)
		return SAP_CLOSED;
	if (len > SAP_UNIX_MESSAGE)
		return SAP_TOO_LONG;
	if (!unix_write(u, message, (uint32_t)len, false)) {
		u->counters.full += !u->broken;
		return u->broken ? SAP_CLOSED : SAP_AGAIN;
	}
	if (u->broken)
		return SAP_CLOSED;
	u->counters.sent++;
	return SAP_OK;
}

static enum sap_status unix_recv(void *self, void *message, size_t cap, size_t *len)
{
	struct sap_unix *u = self;
	const struct sap_unix_message *next;

	if (!len || (!message && cap))
		return SAP_INVALID;
	sap_unix_run(u);
	if (u->phase != UNIX_CONNECTED && u->phase != UNIX_ENDED)
		return SAP_CLOSED;
	if (u->count == 0)
		return u->phase == UNIX_ENDED ? SAP_CLOSED : SAP_AGAIN;
	next = &u->queue[u->first];
	u->first = (u->first + 1) % SAP_UNIX_DEPTH;
	u->count--;
	*len = next->len;
	if (next->len > cap) {
		u->counters.too_long++;
		return SAP_TOO_LONG;
	}
	memcpy(message, next->bytes, next->len);
	u->counters.received++;
	return SAP_OK;
}

static const struct sap_transport_ops unix_ops = {
	.map = unix_map,
	.connect = unix_connect,
	.send = unix_send,
	.recv = unix_recv,
	.disconnect = unix_disconnect,
	.unmap = unix_unmap,
};

/* --- an end --- */

void sap_unix_config_default(struct sap_unix_config *config)
{
	if (config)
		*config = (struct sap_unix_config){.role = SAP_ROLE_HOST, .mode = 0600, .largest = 16u << 20};
}

static bool settings_are_good(const struct sap_unix_config *config)
{
	if (config->role != SAP_ROLE_HOST && config->role != SAP_ROLE_CSME)
		return false;
	if (config->mode > 0777 || config->largest == 0 || !config->path)
		return false;
	/* Neither empty, nor an abstract name that is, nor a folder. */
	return config->path[0] && strcmp(config->path, "@") != 0 &&
	       config->path[strlen(config->path) - 1] != '/' && strlen(config->path) < SAP_UNIX_PATH;
}

static void start_empty(struct sap_unix *u)
{
	memset(u, 0, sizeof(*u));
	u->listener = -1;
	u->peer = -1;
	u->memory = -1;
	u->in_memory = -1;
	unix_blame(u, SAP_UNIX_FINE, 0);
}

enum sap_status sap_unix_open(struct sap_unix *u, size_t size, const struct sap_unix_config *config)
{
	enum sap_status status = SAP_OK;

	if (!u || !config)
		return SAP_INVALID;
	if (size < sizeof(*u))
		return SAP_TOO_SMALL;
	start_empty(u);
	if (!settings_are_good(config))
		return SAP_BAD_VALUE;
	u->config = *config;
	memcpy(u->path, config->path, strlen(config->path) + 1);
	u->config.path = u->path;
	if (!unix_is_host(u))
		status = unix_listen(u);
	u->opened = status == SAP_OK;
	return status;
}

void sap_unix_close(struct sap_unix *u)
{
	if (!u || !u->opened)
		return;
	unix_leave(u);
	unix_drop(u);
	unix_shut(&u->memory);
	unix_unlisten(u);
	u->opened = false;
}

struct sap_transport sap_unix_transport(struct sap_unix *u)
{
	return u ? (struct sap_transport){&unix_ops, u} : (struct sap_transport){NULL, NULL};
}

void sap_unix_run(struct sap_unix *u)
{
	if (!u)
		return;
	if (u->peer >= 0)
		unix_read(u);
	if (u->listener >= 0)
		unix_take_peers(u);
}

uint32_t sap_unix_poll(const struct sap_unix *u, struct pollfd fds[SAP_UNIX_FDS])
{
	uint32_t n = 0;
	bool room, more;

	if (!u || !fds)
		return 0;
	room = unix_has_room(u);
	more = u->out_len && !u->broken;
	/* A peer that is neither read nor written to now would say again and again that it went. */
	if (u->peer >= 0 && (room || more))
		fds[n++] = (struct pollfd){.fd = u->peer,
					   .events = (short)((room ? POLLIN : 0) | (more ? POLLOUT : 0))};
	if (u->listener >= 0 && (u->phase == UNIX_IDLE || (u->peer >= 0 && room)))
		fds[n++] = (struct pollfd){.fd = u->listener, .events = POLLIN};
	return n;
}

const char *sap_unix_problem_name(enum sap_unix_problem problem)
{
	return (size_t)problem < sizeof(words) / sizeof(words[0]) ? words[problem].name : "?";
}

struct sap_unix_trouble sap_unix_why(const struct sap_unix *u)
{
	return u ? u->why : (struct sap_unix_trouble){SAP_UNIX_FINE, 0, words[SAP_UNIX_FINE].text};
}
