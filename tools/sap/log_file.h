/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
/*
 * Logs of what one side was given, as files: one JSON object a line. The format is docs/record.md.
 */
#ifndef SAP_TOOL_LOG_FILE_H
#define SAP_TOOL_LOG_FILE_H

#include <jansson.h>
#include <stdio.h>

#include "command.h"
#include "memory.h"
#include "replay.h"

enum {
	LOG_FORMAT = 1, /* grows when a key goes away or changes its meaning, not when one is added */
	LOG_MOST_SIZE = 1 << 24, /* of a shared memory, and of a layout */
};

/* --- writing --- */

/* A log that is being written, and who makes the records. It must stay where it is. */
struct log_writer {
	const char *command; /* "sap host": who complains */
	const char *path;
	FILE *out;
	bool failed; /* the person was told, and nothing is written any more */
	struct sim_recorder recorder;
	struct sim_party *party;
};

/* Makes the file. log_writer_close() follows. */
enum outcome log_writer_open(struct log_writer *writer, const char *command, const char *path);

/* Has all that a side is given written to it. The side must have been made just now. */
enum outcome log_writer_begin(struct log_writer *writer, struct sim_party *party);

/* Whether all of it could be written, so far; true without a log. */
bool log_writer_holds(const struct log_writer *writer);

/* Ends it, before the side ends. OUTCOME_FILE if not all of it could be written. Nothing if it was not opened. */
enum outcome log_writer_close(struct log_writer *writer);

/* --- reading --- */

/* A log that was read. It must stay where it is: the settings point at the layouts. */
struct log_file {
	struct sim_origin origin;
	struct sap_layout layout[2];
	struct sim_log log;
	bool torn;	 /* the last line broke off, and was left out */
	char libsap[16]; /* the version that wrote it */
	uint32_t line;	 /* what is wrong: where, from 1, and what; empty if nothing is */
	struct text why;
};

/* Reads a log. False: `why` is set. log_file_free() follows either way. */
bool log_file_read(struct log_file *file, const uint8_t *data, size_t len);
void log_file_free(struct log_file *file);

/* --- what both need --- */

/* What a side was made with; and from there. If it does not hold, adds the reason to `why`. */
json_t *log_of_origin(const struct sim_origin *origin);
bool log_to_origin(json_t *json, struct log_file *file, struct text *why);

/* The number of that key: 0 to `most`. Else false, and the reason. */
bool log_number(json_t *json, const char *key, uint64_t most, uint64_t *number, struct text *why);

/* All keys are among these, which end with null. Else false, and the reason. */
bool log_keys(json_t *json, const char *const *known, struct text *why);

#endif
