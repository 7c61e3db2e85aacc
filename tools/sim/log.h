/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
/*
 * What one side of SAP was given, in order: enough to have the same happen again (docs/record.md).
 *
 * Here are the records as such. How they are written to a file is not the simulation's matter.
 */
#ifndef SIM_LOG_H
#define SIM_LOG_H

#include <sap/pump.h>

enum sim_record_kind {
	/* What the side was called for, each at `now`: party.h. */
	SIM_RECORD_TURN = 1,
	SIM_RECORD_TICK,
	SIM_RECORD_RETRY,
	SIM_RECORD_PUMP,
	SIM_RECORD_HEAR,
	SIM_RECORD_PULL,
	SIM_RECORD_DO,	   /* `text` is the command; `bytes` what it read of a file */
	SIM_RECORD_FAULT,  /* `text` is its name */
	SIM_RECORD_PACKET, /* `bytes` is the frame */
	SIM_RECORD_KNOCK,  /* CSME: the host asked by the NIC's register */
	SIM_RECORD_KILL,

	SIM_RECORD_ANSWER, /* it did not answer SAP_OK to that: `status` */
	SIM_RECORD_DOOR,   /* host: it asked by the register, and got `status` */

	/* What its transport did for it, and answered: `status`. */
	SIM_RECORD_MAP, /* of `asked` bytes, 0 to adopt; `size` came, as far as a layout reaches */
	SIM_RECORD_CONNECT,
	SIM_RECORD_SEND, /* of `bytes` */
	SIM_RECORD_RECV, /* `bytes` came; or, too long, `size` bytes that were dropped */
	SIM_RECORD_DISCONNECT,
	SIM_RECORD_UNMAP,

	SIM_RECORD_MEMORY, /* what the peer wrote meanwhile: `pieces` */

	/* How it was afterwards. */
	SIM_RECORD_DIGEST, /* `digest` of the engine, `history` of all that it told */
	SIM_RECORD_END,	   /* the same, and nothing follows */
	SIM_RECORD_KINDS,
};

/* Bytes of the shared memory. */
struct sim_piece {
	uint32_t at, len;
	const uint8_t *bytes;
};

struct sim_record {
	enum sim_record_kind kind;
	uint32_t line; /* of the file that it came from; 0: none */
	uint64_t now;
	enum sap_status status;
	uint32_t asked, size;
	const char *text;
	const uint8_t *bytes;
	uint32_t len;
	const struct sim_piece *pieces;
	uint32_t count;
	uint64_t digest, history;
};

/* Who is given the records as they are made. What they point to holds during the call. */
struct sim_recording {
	void (*write)(void *self, const struct sim_record *record);
	void *self;
};

/* Records in memory. All zero is empty. */
struct sim_log {
	struct sim_record *records;
	uint32_t count, cap;
};

/* Appends a record and all that it points to. */
void sim_log_add(struct sim_log *log, const struct sim_record *record);
void sim_log_free(struct sim_log *log);

/* Records that go there. */
struct sim_recording sim_log_recording(struct sim_log *log);

/* "turn", "send"; null if there is no such kind. */
const char *sim_record_word(enum sim_record_kind kind);

/* Whether it is something that a side is called for; an operation of its transport. */
bool sim_record_is_call(enum sim_record_kind kind);
bool sim_record_is_io(enum sim_record_kind kind);

/* The digest of the engine that a pump has. */
uint64_t sim_digest(const struct sap_pump *pump);

/* The words of the control block that either side writes: how a word is called that lies there, or null. */
const char *sim_word_name(uint32_t at);
/* Where the word of that name lies; 0 if there is none. */
uint32_t sim_word_at(const char *name);

#endif
