/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
/*
 * Captures: pcap files of what crossed SAP, for Wireshark and `sap decode`. The format is docs/captures.md.
 *
 *   struct capture *capture = capture_open("sap host", path);   // told why not: null
 *   capture_write(capture, seen, &when);                        // for each message, once
 *   outcome = capture_close(capture);                           // told if it could not be written
 *
 * Each record is in the file as soon as capture_write() returns, so a killed program leaves a readable file.
 */
#ifndef SAP_TOOL_CAPTURE_H
#define SAP_TOOL_CAPTURE_H

#include <stdbool.h>
#include <stdint.h>
#include <time.h>

#include <sap/area.h>
#include <sap/engine.h>

#include "command.h"

/* --- the file --- */

struct capture;

/*
 * Begins a capture in a file, `-` for standard output. Null if that cannot be: the person was told, as by
 * `command`; what to end with is OUTCOME_FILE.
 */
struct capture *capture_open(const char *command, const char *path);

/*
 * Adds one message. Show it each message once, with one tap: which version of SAP is spoken is read off the
 * START_OK that passes. A write that fails is told at once, and nothing is written from then on. No capture
 * (null), no deed: for who captures only on request.
 */
void capture_write(struct capture *capture, const struct sap_seen *seen, const struct timespec *when);

/* Whether all of it could be written, so far; true without a capture. */
bool capture_holds(const struct capture *capture);

/* Ends it. OUTCOME_FILE if something could not be written, of which the person was told. Null is done. */
enum outcome capture_close(struct capture *capture);

/* A time in milliseconds since the epoch. */
struct timespec capture_ms(uint64_t ms);

/* --- what stands before each message --- */

enum {
	CAPTURE_LINK_TYPE = 147, /* LINKTYPE_USER0 */
	CAPTURE_HEADER_SIZE = 8,
	CAPTURE_VERSION = 1,
};

/* The bytes in their order; three zeroes follow. */
struct capture_header {
	uint8_t version;     /* of this header */
	uint8_t layer;	     /* enum sap_carrier */
	uint8_t direction;   /* enum sap_direction */
	uint8_t queue;	     /* 0: none; else one more than enum sap_queue_id */
	uint8_t sap_version; /* 0: not known */
};

void capture_header_write(const struct capture_header *header, uint8_t bytes[CAPTURE_HEADER_SIZE]);
void capture_header_read(struct capture_header *header, const uint8_t bytes[CAPTURE_HEADER_SIZE]);

/* In which queue a message of that layer and direction travels, as in a header; 0 for ME messages. */
uint8_t capture_queue(enum sap_carrier layer, enum sap_direction direction);

#endif
