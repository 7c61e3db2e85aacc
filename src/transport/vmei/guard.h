/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
/*
 * What a firmware may say to the host, frame by frame.
 *
 * The kernel's MEI core trusts its hardware: a frame that no firmware would send makes it warn, loop or lose a
 * reference. This firmware is a process, so somebody has to look first. The guard follows both directions, and
 * lets nothing through to the core that the core cannot take.
 *
 * Plain C over bytes, without the kernel: tests run it under sanitizers.
 */
#ifndef VMEI_GUARD_H
#define VMEI_GUARD_H

#ifdef __KERNEL__
#include <linux/types.h>
#include <linux/string.h>
#else
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
typedef uint8_t u8;
typedef uint16_t u16;
typedef uint32_t u32;
#endif

#define VMEI_GUARD_ADDRESSES 256

/* What is to become of a frame. */
enum vmei_verdict {
	VMEI_PASS,	  /* the core may have it */
	VMEI_LATE,	  /* it crossed something that the host did: dropped, nobody's fault */
	VMEI_BAD_LENGTH,  /* shorter or longer than its header, or than its command, says */
	VMEI_BAD_HEADER,  /* reserved bits, a DMA ring, an extended header that does not add up */
	VMEI_BAD_COMMAND, /* no firmware sends this command, or not to this device */
	VMEI_BAD_CLIENT,  /* a client that may not be, or is not there */
	VMEI_BAD_ORDER,	  /* nobody asked for this answer, or there is no such connection */
	VMEI_NO_CREDIT,	  /* the host granted no flow control, or a fixed address has said enough unasked */
	VMEI_VERDICTS
};

/* One address of the firmware's. */
struct vmei_guard_client {
	u8 guid[16];
	bool known;
	bool fixed;
	bool single; /* one receive buffer for all its connections */
	bool gone;   /* a connection was refused since it is not there any more */
	u32 longest; /* bytes of a message */

	/* Of a fixed address, which has no flow control: */
	u8 budget;  /* messages that it may begin */
	bool begun; /* one that is not complete */
	u32 sent;   /* bytes of that one */
};

/* One address of the host's. */
struct vmei_guard_connection {
	u8 me;
	u8 state;
	u8 awaited; /* answers that the host waits for */
	u8 credits; /* messages that the host is ready to take */
};

/* All that is remembered between two resets. Callers serialise. */
struct vmei_guard {
	struct vmei_guard_client clients[VMEI_GUARD_ADDRESSES];
	struct vmei_guard_connection connections[VMEI_GUARD_ADDRESSES];
	u8 asked; /* whose properties the host wants */
	bool asking;
};

/* Forgets everything, as both sides do at a reset. */
void vmei_guard_reset(struct vmei_guard *guard);

/* The host sends @frame. */
void vmei_guard_host(struct vmei_guard *guard, const u8 *frame, size_t len);

/*
 * The firmware wants to send @frame. Nothing is remembered of what does not pass. One byte of the frame may be
 * changed: the status of a second "no such client" (see guard.c).
 */
enum vmei_verdict vmei_guard_firmware(struct vmei_guard *guard, u8 *frame, size_t len);

/* A verdict in words. */
const char *vmei_verdict_text(enum vmei_verdict verdict);

#endif
