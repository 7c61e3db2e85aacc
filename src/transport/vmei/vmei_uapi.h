/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
/*
 * The records of /dev/vmei: what a firmware in user space says to the virtual MEI device, and hears from it.
 *
 * One open descriptor is one MEI device. One read() gives one record, one write() takes one. All numbers are
 * little-endian; every record begins with struct vmei_record. docs/vmei.md tells the whole story.
 */
#ifndef VMEI_UAPI_H
#define VMEI_UAPI_H

#include <linux/types.h>

/* The versions of this protocol that this header knows. */
#define VMEI_VERSION_MIN 1
#define VMEI_VERSION_MAX 1

/* A frame: the MEI header of 4 bytes and its payload. */
#define VMEI_FRAME_MAX 512

/* The longest record: a head and a frame. */
#define VMEI_RECORD_MAX (8 + VMEI_FRAME_MAX)

/* Bytes of frames, each rounded up to 4, that wait for the host at most. */
#define VMEI_QUEUE_BYTES 4096

/* What a client may name as its longest message. */
#define VMEI_MESSAGE_MAX 65536

/* Client DMA: bytes of one area, and of all areas of a device. */
#define VMEI_AREA_MAX  (4 << 20)
#define VMEI_AREAS_MAX (64 << 20)

/* The registers of the firmware's status, as /sys/class/mei/meiN/fw_status shows them. */
#define VMEI_FW_STATUS 6

/* Types of records. Read: from the device. */
#define VMEI_HELLO	0x0001 /* struct vmei_hello: the first record of an open */
#define VMEI_HOST_RESET 0x0002 /* head alone: forget everything; a new generation begins */
#define VMEI_HOST_READY 0x0003 /* head alone: the host listens; frames may be written from now on */
#define VMEI_ONLINE	0x0004 /* struct vmei_online: what became of VMEI_START */
/* Written: from the firmware. */
#define VMEI_START    0x0101 /* struct vmei_start: make the device; once an open */
#define VMEI_FW_READY 0x0102 /* head alone: answers VMEI_HOST_RESET */
#define VMEI_FW_RESET 0x0103 /* head alone: the firmware resets itself; the host will reset it in turn */
#define VMEI_FW_STATE 0x0104 /* struct vmei_fw_state: new status registers */
/* Both ways. */
#define VMEI_FRAME 0x0200 /* head, then one MEI frame with its header */

/* What every record begins with. */
struct vmei_record {
	__le16 type;
	__le16 size;	   /* of the whole record, in bytes */
	__le32 generation; /* of which reset this speaks; 0 in HELLO and START */
};

struct vmei_hello {
	struct vmei_record head;
	__le16 version_min; /* what the module speaks */
	__le16 version_max;
	__le32 frame_max;   /* VMEI_FRAME_MAX of the module */
	__le32 queue_bytes; /* VMEI_QUEUE_BYTES of the module */
	__le32 message_max; /* VMEI_MESSAGE_MAX of the module */
};

/* Have the host ask MKHI's fixed-address client for the firmware's version, and show it in fw_ver. */
#define VMEI_START_FW_VERSION 0x0001

struct vmei_start {
	struct vmei_record head;
	__le16 version; /* one of HELLO's */
	__le16 flags;	/* VMEI_START_*; others must be 0 */
	__le32 fw_status[VMEI_FW_STATUS];
};

struct vmei_online {
	struct vmei_record head;
	__le32 error; /* 0: there is /dev/mei<minor>. Else an errno: there is none, and will be none */
	__le32 minor;
};

struct vmei_fw_state {
	struct vmei_record head;
	__le32 fw_status[VMEI_FW_STATUS];
};

#endif
