/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
/*
 * A MEI device that is made up: the system calls of `struct sap_mei_dev_system`, and the firmware behind them.
 *
 * It reads as Linux 6.1 does: a buffer that is too small gets a part of a message, and the next read the rest;
 * what came before the connection ended is still read. Time stands still unless somebody waits.
 */
#ifndef SAP_TEST_FAKE_MEI_H
#define SAP_TEST_FAKE_MEI_H

#include "support.h"
#include <sap/mei/dev.h>

enum {
	FAKE_QUEUE = 64,    /* messages that are under way in a direction */
	FAKE_LONGEST = 512, /* bytes of the longest message, unless a test wants another */
	FAKE_MEMORY = 1024, /* bytes of a message in a queue */
	FAKE_FD = 77,
};

struct fake_queue {
	uint32_t first, count, part; /* part: bytes of the first that were read */
	uint32_t room;		     /* messages that it takes */
	struct {
		uint32_t len;
		uint8_t bytes[FAKE_MEMORY];
	} messages[FAKE_QUEUE];
};

struct fake {
	struct sap_mei_dev_system system;
	uint64_t now;

	/* What fails, with this errno; 0: nothing. */
	int open_error, connect_error, read_error, write_error, notify_error;
	/* The same for one node alone; the others are sound. */
	const char *at;
	uint32_t longest; /* what the device says that the client takes */

	/* The connection. */
	bool is_open, is_connected; /* by the host */
	bool fw_connected;	    /* the firmware's end took it */
	bool fw_left;		    /* the firmware ended it */
	bool removed;		    /* the device is gone, or being reset */
	struct fake_queue to_host, to_fw;
	uint32_t notify, events; /* as the host set it; those that wait */
	bool says_none;		 /* asked for events, it answers 0 instead of failing */

	/* What was seen. */
	char paths[512]; /* opened, each with a blank after it */
	uint32_t opens, closes, calls;
	uint64_t request;	/* the last ioctl's number */
	uint8_t argument[20];	/* and what it was given */
	uint32_t shortest_read; /* bytes that the smallest read had room for */
	uint32_t polls;
	int waited; /* milliseconds of the last poll */
	short events_asked;

	/* What happens while somebody waits; returns what poll() does. Null: nothing, and the time passes. */
	int (*on_poll)(struct fake *fake, struct pollfd *fd, int timeout);
};

void fake_make(struct fake *fake);

/* A connection over it, with a buffer of FAKE_LONGEST bytes, for AMTHI; and with the tree's roots. */
struct sap_mei_dev_config fake_config(struct fake *fake);

/* The firmware's end says something, and takes something. */
void fake_says(struct fake *fake, const void *bytes, uint32_t len);
uint32_t fake_hears(struct fake *fake, void *bytes, uint32_t cap);

/* The firmware's end as a transport. */
struct sap_transport fake_firmware(struct fake *fake);

#endif
