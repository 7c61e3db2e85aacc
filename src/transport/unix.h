/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
/*
 * The unix transport inside. One idea a file:
 *
 *   unix.c         open, close, the six operations
 *   unix_listen.c  the place where CSME listens, and who comes there
 *   unix_frames.c  a stream of bytes <-> frames, acknowledgements, the end of a connection
 *   unix_memory.c  memory: made and offered, looked at and mapped
 *
 * What goes over the socket: docs/unix-transport.md.
 */
#ifndef SAP_TRANSPORT_UNIX_PRIVATE_H
#define SAP_TRANSPORT_UNIX_PRIVATE_H

#include <sap/unix.h>

#include <sys/socket.h>
#include <sys/un.h>

enum unix_phase {
	UNIX_IDLE = 0,	/* no peer */
	UNIX_CAME,	/* there is one, and the engine was not told of it */
	UNIX_MISSED,	/* host: it went before the engine was told */
	UNIX_CONNECTED, /* the engine was told */
	UNIX_ENDED,	/* it went, and the engine has to disconnect */
};

enum unix_offer {
	UNIX_NOT_OFFERED = 0,
	UNIX_OFFERED, /* and not acknowledged yet */
	UNIX_KEPT,    /* CSME has it */
};

enum {
	UNIX_HEAD = 4, /* bytes before each frame: its size */
	UNIX_MAP = 12, /* bytes of the frame that offers memory */
	UNIX_REFUSAL = 4,
};

/* Notes what went wrong, for people. */
void unix_blame(struct sap_unix *u, enum sap_unix_problem problem, int error);

/* Closes what is open, and forgets it. errno stays as it is. */
void unix_shut(int *fd);

static inline bool unix_is_host(const struct sap_unix *u)
{
	return u->config.role == SAP_ROLE_HOST;
}

/* --- unix_listen.c --- */

socklen_t unix_address(const char *path, struct sockaddr_un *address);
enum sap_status unix_listen(struct sap_unix *u);
void unix_unlisten(struct sap_unix *u);

/* CSME: lets in who came, or turns them away. */
void unix_take_peers(struct sap_unix *u);

/* Host: opens a connection. SAP_AGAIN if too many wait there. */
enum sap_status unix_reach(struct sap_unix *u);

/* --- unix_frames.c --- */

void unix_begin(struct sap_unix *u, int fd);

/* The connection ended, and not by our doing. What came whole stays to be fetched. */
void unix_end(struct sap_unix *u, enum sap_unix_problem problem, int error);

/* We end it: what was not fetched is lost. */
void unix_leave(struct sap_unix *u);

/* Whether there is room for a frame that the peer may send. */
bool unix_has_room(const struct sap_unix *u);

void unix_read(struct sap_unix *u);
void unix_flush(struct sap_unix *u);

/* Writes one frame, whole or not at all; `memory` goes along. False: not now, or not any more. */
bool unix_write(struct sap_unix *u, const void *bytes, uint32_t len, bool memory);

/* Says why the peer behind `fd` is refused, if that goes at once. */
void unix_refuse(int fd, enum sap_unix_problem problem);

/* --- unix_memory.c --- */

enum sap_status unix_make(struct sap_unix *u, uint32_t size);

/* Tells the peer of it, over a new connection if there is none. SAP_AGAIN until it was acknowledged. */
enum sap_status unix_offer(struct sap_unix *u);

/* CSME: a frame of UNIX_MAP bytes came with descriptors. What is wrong with them. */
enum sap_unix_problem unix_offered(struct sap_unix *u, const uint8_t *frame);

enum sap_status unix_adopt(struct sap_unix *u);

/* Gives up what is mapped. */
void unix_drop(struct sap_unix *u);

#endif
