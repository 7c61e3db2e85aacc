// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
/*
 * Where CSME and hosts meet: a socket's file, or a name without one.
 *
 * A CSME that was killed leaves its file behind. Who comes next tells it from one that is listened at, and
 * replaces it. Looking and replacing are two steps, so they are done under a lock on the folder.
 */
#define _GNU_SOURCE

#include "unix.h"

#include "../platform.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
	BACKLOG = 8,   /* hosts that may wait to be let in */
	MOST_PEERS = 8 /* that one call looks at */
};

/* The folder of the path, opened and locked, and the name in it. */
struct place {
	int folder;
	const char *name;
};

socklen_t unix_address(const char *path, struct sockaddr_un *address)
{
	size_t len = strlen(path);

	memset(address, 0, sizeof(*address));
	address->sun_family = AF_UNIX;
	memcpy(address->sun_path, path, len);
	if (path[0] != '@')
		return (socklen_t)sizeof(*address);
	/* Linux's abstract names begin with a zero, and end with the address. */
	address->sun_path[0] = 0;
	return (socklen_t)(offsetof(struct sockaddr_un, sun_path) + len);
}

/* Which problem a failed bind() or connect() is. */
static enum sap_unix_problem problem_of(const struct sap_unix *u, int error)
{
	struct stat file;

	switch (error) {
	case ENOENT:
		return unix_is_host(u) ? SAP_UNIX_NOBODY : SAP_UNIX_SYSTEM;
	case ECONNREFUSED:
		if (u->path[0] == '@')
			return SAP_UNIX_NOBODY;
		return stat(u->path, &file) == 0 && !S_ISSOCK(file.st_mode) ? SAP_UNIX_NO_SOCKET
									    : SAP_UNIX_STALE;
	case EPROTOTYPE:
		return SAP_UNIX_NO_SOCKET;
	case EADDRINUSE:
		return SAP_UNIX_LISTENED;
	case EACCES:
	case EPERM:
		return SAP_UNIX_DENIED;
	default:
		return SAP_UNIX_SYSTEM;
	}
}

static enum sap_status fail(struct sap_unix *u, enum sap_unix_problem problem, int error)
{
	unix_blame(u, problem, error);
	return problem == SAP_UNIX_LISTENED ? SAP_BUSY : SAP_IO;
}

static enum sap_status fail_by_errno(struct sap_unix *u)
{
	int error = errno;

	return fail(u, problem_of(u, error), error);
}

/* --- CSME: the place --- */

static enum sap_status lock_place(struct sap_unix *u, struct place *place)
{
	const char *slash = strrchr(u->path, '/');
	char folder[SAP_UNIX_PATH] = ".";

	if (slash) {
		/* The slash stays: it may be the root's. */
		memcpy(folder, u->path, (size_t)(slash - u->path) + 1);
		folder[slash - u->path + 1] = 0;
	}
	place->name = slash ? slash + 1 : u->path;
	place->folder = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (place->folder < 0)
		return fail_by_errno(u);
	if (flock(place->folder, LOCK_EX) == 0)
		return SAP_OK;
	(void)fail_by_errno(u);
	unix_shut(&place->folder);
	return SAP_IO;
}

/* Said, not only closed: a child of this process may have got a copy of the descriptor meanwhile. */
static void unlock_place(struct place *place)
{
	(void)flock(place->folder, LOCK_UN);
	unix_shut(&place->folder);
}

/*
 * Whether the socket is somebody's. A socket of another kind is asked for: to that one it would not connect
 * anyway, so that whoever listens sees nothing of us.
 */
static enum sap_status ask_whose(struct sap_unix *u)
{
	struct sockaddr_un address;
	socklen_t len = unix_address(u->path, &address);
	int probe = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	enum sap_status status = SAP_OK;

	if (probe < 0)
		return fail_by_errno(u);
	if (connect(probe, (const struct sockaddr *)&address, len) == 0 || errno == EPROTOTYPE)
		status = fail(u, SAP_UNIX_LISTENED, 0);
	else if (errno != ECONNREFUSED)
		status = fail_by_errno(u);
	unix_shut(&probe);
	return status;
}

/* Removes a socket that nobody listens at, and nothing else. */
static enum sap_status clear_place(struct sap_unix *u, const struct place *place)
{
	enum sap_status status;
	struct stat file;

	if (fstatat(place->folder, place->name, &file, AT_SYMLINK_NOFOLLOW) != 0)
		return errno == ENOENT ? SAP_OK : fail_by_errno(u);
	if (!S_ISSOCK(file.st_mode))
		return fail(u, SAP_UNIX_NO_SOCKET, 0);
	status = ask_whose(u);
	if (status == SAP_OK && unlinkat(place->folder, place->name, 0) != 0)
		return fail_by_errno(u);
	return status;
}

static enum sap_status bind_and_listen(struct sap_unix *u)
{
	struct sockaddr_un address;
	socklen_t len = unix_address(u->path, &address);

	u->listener = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	/* The file takes its permissions from the socket, less the umask: never more than asked for. */
	if (u->listener < 0 || fchmod(u->listener, u->config.mode) != 0 ||
	    bind(u->listener, (const struct sockaddr *)&address, len) != 0)
		return fail_by_errno(u);
	return SAP_OK;
}

static enum sap_status listen_at_file(struct sap_unix *u, const struct place *place)
{
	enum sap_status status = clear_place(u, place);
	struct stat file;

	if (status != SAP_OK)
		return status;
	status = bind_and_listen(u);
	if (status != SAP_OK)
		return status;
	/* The umask may have taken away what was asked for. */
	if (fchmodat(place->folder, place->name, u->config.mode, 0) == 0 &&
	    fstatat(place->folder, place->name, &file, AT_SYMLINK_NOFOLLOW) == 0 &&
	    listen(u->listener, BACKLOG) == 0) {
		u->device = file.st_dev;
		u->file = file.st_ino;
		return SAP_OK;
	}
	status = fail_by_errno(u);
	(void)unlinkat(place->folder, place->name, 0);
	return status;
}

enum sap_status unix_listen(struct sap_unix *u)
{
	struct place place;
	enum sap_status status;

	if (u->path[0] == '@') {
		status = bind_and_listen(u);
		if (status == SAP_OK && listen(u->listener, BACKLOG) != 0)
			status = fail_by_errno(u);
	} else {
		status = lock_place(u, &place);
		if (status != SAP_OK)
			return status;
		status = listen_at_file(u, &place);
		unlock_place(&place);
	}
	if (status != SAP_OK)
		unix_shut(&u->listener);
	return status;
}

/* As long as the socket is listened at nobody replaces the file, so it goes first. */
void unix_unlisten(struct sap_unix *u)
{
	struct stat file;

	if (u->listener >= 0 && u->path[0] != '@' && lstat(u->path, &file) == 0 && S_ISSOCK(file.st_mode) &&
	    file.st_dev == u->device && file.st_ino == u->file)
		(void)unlink(u->path);
	unix_shut(&u->listener);
}

/* --- CSME: who comes --- */

static bool somebody_knocks(const struct sap_unix *u)
{
	struct pollfd fd = {.fd = u->listener, .events = POLLIN};

	return poll(&fd, 1, 0) == 1 && (fd.revents & POLLIN);
}

static int let_in(struct sap_unix *u)
{
	int fd = accept4(u->listener, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);

	if (fd < 0 && errno != EAGAIN && errno != EWOULDBLOCK && errno != EINTR && errno != ECONNABORTED)
		unix_blame(u, SAP_UNIX_SYSTEM, errno);
	return fd;
}

/*
 * The order matters: who knocks before the peer was found to be still there came while it was there. If it
 * were looked at the other way round, a host that comes back at once would be turned away for itself.
 */
void unix_take_peers(struct sap_unix *u)
{
	for (uint32_t i = 0; i < MOST_PEERS && somebody_knocks(u); i++) {
		int fd;

		if (u->peer >= 0)
			unix_read(u);
		/* Not read to its end, it may have gone; gone, its engine must say so first. Both wait. */
		if (u->peer >= 0 ? !u->dry : u->phase != UNIX_IDLE)
			return;
		fd = let_in(u);
		if (fd < 0)
			return;
		if (u->peer >= 0) {
			u->counters.turned_away++;
			unix_refuse(fd, SAP_UNIX_TAKEN);
			unix_shut(&fd);
			continue;
		}
		unix_begin(u, fd);
		u->counters.connections++;
		unix_blame(u, SAP_UNIX_FINE, 0);
		unix_read(u);
	}
}

/* --- host --- */

enum sap_status unix_reach(struct sap_unix *u)
{
	struct sockaddr_un address;
	socklen_t len = unix_address(u->path, &address);
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);

	if (fd >= 0 && connect(fd, (const struct sockaddr *)&address, len) == 0) {
		unix_begin(u, fd);
		u->counters.connections++;
		return SAP_OK;
	}
	/* So many wait to be let in that there is no place to wait. */
	if (fd >= 0 && (errno == EAGAIN || errno == EINTR)) {
		unix_shut(&fd);
		return SAP_AGAIN;
	}
	(void)fail_by_errno(u);
	unix_shut(&fd);
	return SAP_IO;
}
