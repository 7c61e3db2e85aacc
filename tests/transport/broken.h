/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
/*
 * A loopback with one flaw, at one end: what somebody's first backend may look like. The conformance kit
 * has to find each.
 */
#ifndef SAP_TEST_BROKEN_H
#define SAP_TEST_BROKEN_H

#include "support.h"
#include <sap/loopback.h>

enum {
	BROKEN_MEMORY = 4096,
	BROKEN_INBOX = 16,
};

/* Its flaw. Those after the blank lines are of map and unmap; connect and disconnect; messages; the end. */
enum flaw {
	FLAWLESS,

	MAP_MISALIGNED,
	MAP_SHORT,
	MAP_NOWHERE,
	MAP_NOT_SHARED,
	MAP_COPIED_ON_WRITE,
	MAP_EARLY_FORGOTTEN,
	MAP_NONE_AGAIN,
	MAP_NEVER_AGAIN,
	MAP_WIPED_BY_DISCONNECT,
	MAP_OLD_SIZE,
	MAP_ONCE,
	UNMAP_TAKES_ALL,
	UNMAP_ONCE,

	CONNECT_ALONE,
	CONNECT_ONLY_SECOND,
	CONNECT_ONLY_FIRST,
	CONNECT_CANNOT_GIVE_UP,
	UNCONNECTED_SENDS,
	UNCONNECTED_SILENT,
	DISCONNECT_ONCE,
	RECONNECT_NEVER,
	RECONNECT_OLD_MESSAGE,

	RECV_EMPTY_OK,
	RECV_EMPTY_CLOSED,
	SEND_CUTS,
	RECV_CORRUPTS,
	RECV_TELLS_MORE,
	MESSAGE_TWICE,
	MESSAGES_JOINED,
	MESSAGES_REVERSED,
	MESSAGE_ECHOED,
	SEND_KEEPS_POINTER,
	AGAIN_TAKES,
	FULL_LOSES,
	TOO_LONG_CUT,
	TOO_LONG_CLOSES,
	RECV_CUTS,
	RECV_KEEPS,
	RECV_TELLS_NO_SIZE,
	RECV_WRITES_BEHIND,
	RECV_WANTS_MORE,

	CLOSED_FIRST,
	CLOSED_NEVER,
	CLOSED_ONCE,
	PEER_GONE_SENDS,
	GONE_RECEIVES,
	GONE_SENDS,

	FLAWS
};

struct broken;

struct broken_message {
	uint8_t bytes[SAP_LOOPBACK_MESSAGE];
	size_t len;
};

struct broken_end {
	struct broken *of;
	struct sap_transport inner;
	bool host, flawed;
	bool connected, was_connected, said_closed, gave_up;
	uint32_t maps, disconnects, unmaps, first_size;
	struct broken_message inbox[BROKEN_INBOX]; /* comes before what the loopback has */
	uint32_t waiting;
	struct broken_message last; /* sent last */
	const void *kept;	    /* not yet copied */
	size_t kept_len;
};

struct broken {
	enum flaw flaw;
	enum sap_loopback_end where;
	bool no_map;
	struct sap_loopback loop;
	struct broken_end end[2];
	_Alignas(4) uint8_t memory[BROKEN_MEMORY + 4];
	_Alignas(4) uint8_t private_memory[BROKEN_MEMORY];
	uint8_t *file[2]; /* pages of a file, shared and copied on write; null but for that flaw */
};

/* As the kit's `open`, with `self` a zeroed struct broken whose first three members were set. */
enum sap_status broken_open(void *self, struct sap_transport *host, struct sap_transport *csme);
void broken_close(void *self);

#endif
