/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
/*
 * A small firmware on /dev/vmei for the VM's cases: the bus (HBM) and a handful of clients. It answers at once,
 * or not at all, or wrongly, as it is told: that is what it is for. A firmware to use is libsap's own.
 */
#ifndef VM_FW_H
#define VM_FW_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "vmei_uapi.h"

#define FW_ECHO_MAX 5120

/* Addresses of the clients. ECHO takes two connections, AMTHI eight on one receive buffer, MKHI none at all.
 * The kernel's bus shows those of one connection, or none. */
enum {
	FW_MKHI = 7,
	FW_ECHO = 0x20,
	FW_AMTHI = 0x21,
	FW_WDT = 0x22,
	FW_DMA = 0x23,
	FW_LATE = 0x30
};

struct fw_connection {
	bool open;
	uint8_t me;
	uint8_t host;
	bool granted;	/* the host's flow control for one message of ours */
	size_t in, out; /* bytes collected; bytes that wait for flow control */
	uint8_t message[FW_ECHO_MAX];
};

struct fw {
	int fd;
	uint32_t generation;
	bool up;    /* the host listens */
	bool quiet; /* no frames are to be answered */
	/* What it says of itself. */
	uint8_t minor, major; /* HBM */
	bool accept;	      /* the host's version */
	uint8_t capabilities;
	uint32_t longest; /* message of the echo client */
	bool watchdog;
	bool mkhi;
	bool dma;
	int die_after; /* frames until it exits on the spot; 0: never */
	/* What became of it. */
	int error; /* of VMEI_ONLINE; -1: not said yet */
	unsigned int device;
	unsigned long resets, frames;
	struct fw_connection connections[16];
	uint8_t *area; /* what the host mapped, while it does */
	size_t area_size;
};

/* Opens /dev/vmei and sends VMEI_START. False if either failed. */
bool fw_open(struct fw *fw, uint16_t flags);

/* Reads one record and answers it. False at end of file or error. */
bool fw_step(struct fw *fw);

/* Sends a record; gives 0 or an errno. */
int fw_record(struct fw *fw, uint16_t type, const void *payload, size_t len);

/* Sends one HBM message. */
int fw_hbm(struct fw *fw, const void *message, size_t len);

/* The firmware's own doings. */
void fw_reset(struct fw *fw);
void fw_disconnect(struct fw *fw, uint8_t me);
void fw_add(struct fw *fw, uint8_t me);

#endif
