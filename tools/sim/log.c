// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
#include "log.h"

#include <stdlib.h>
#include <string.h>

#include "memory.h"

static const uint8_t *copy_bytes(const uint8_t *bytes, uint32_t len)
{
	uint8_t *copy = memory_zeroed(len, 1);

	if (len)
		memcpy(copy, bytes, len);
	return copy;
}

static const struct sim_piece *copy_pieces(const struct sim_piece *pieces, uint32_t count)
{
	struct sim_piece *copy = memory_zeroed(count, sizeof(*copy));

	for (uint32_t i = 0; i < count; i++) {
		copy[i] = pieces[i];
		copy[i].bytes = copy_bytes(pieces[i].bytes, pieces[i].len);
	}
	return copy;
}

void sim_log_add(struct sim_log *log, const struct sim_record *record)
{
	struct sim_record *to;

	if (log->count == log->cap) {
		uint32_t cap = log->cap ? 2 * log->cap : 64;
		struct sim_record *more = memory_zeroed(cap, sizeof(*more));

		if (log->count)
			memcpy(more, log->records, log->count * sizeof(*more));
		free(log->records);
		log->records = more;
		log->cap = cap;
	}
	to = &log->records[log->count++];
	*to = *record;
	if (record->text)
		to->text = (const char *)copy_bytes((const uint8_t *)record->text,
						    (uint32_t)strlen(record->text) + 1);
	if (record->bytes)
		to->bytes = copy_bytes(record->bytes, record->len);
	if (record->pieces)
		to->pieces = copy_pieces(record->pieces, record->count);
}

/* What a log has was allocated by it. */
static void discard(const void *memory)
{
	free((void *)(uintptr_t)memory);
}

void sim_log_free(struct sim_log *log)
{
	for (uint32_t i = 0; i < log->count; i++) {
		struct sim_record *record = &log->records[i];

		for (uint32_t p = 0; p < record->count; p++)
			discard(record->pieces[p].bytes);
		discard(record->pieces);
		discard(record->bytes);
		discard(record->text);
	}
	free(log->records);
	memset(log, 0, sizeof(*log));
}

static void write_log(void *self, const struct sim_record *record)
{
	sim_log_add(self, record);
}

struct sim_recording sim_log_recording(struct sim_log *log)
{
	return (struct sim_recording){write_log, log};
}

const char *sim_record_word(enum sim_record_kind kind)
{
	static const char *const words[SIM_RECORD_KINDS] = {
		[SIM_RECORD_TURN] = "turn",	  [SIM_RECORD_TICK] = "tick",
		[SIM_RECORD_RETRY] = "retry",	  [SIM_RECORD_PUMP] = "pump",
		[SIM_RECORD_HEAR] = "hear",	  [SIM_RECORD_PULL] = "pull",
		[SIM_RECORD_DO] = "do",		  [SIM_RECORD_FAULT] = "fault",
		[SIM_RECORD_PACKET] = "packet",	  [SIM_RECORD_KNOCK] = "knock",
		[SIM_RECORD_KILL] = "kill",	  [SIM_RECORD_ANSWER] = "answer",
		[SIM_RECORD_DOOR] = "door",	  [SIM_RECORD_MAP] = "map",
		[SIM_RECORD_CONNECT] = "connect", [SIM_RECORD_SEND] = "send",
		[SIM_RECORD_RECV] = "recv",	  [SIM_RECORD_DISCONNECT] = "disconnect",
		[SIM_RECORD_UNMAP] = "unmap",	  [SIM_RECORD_MEMORY] = "memory",
		[SIM_RECORD_DIGEST] = "digest",	  [SIM_RECORD_END] = "end",
	};

	return (unsigned int)kind < SIM_RECORD_KINDS ? words[kind] : NULL;
}

bool sim_record_is_call(enum sim_record_kind kind)
{
	return kind >= SIM_RECORD_TURN && kind <= SIM_RECORD_KILL;
}

bool sim_record_is_io(enum sim_record_kind kind)
{
	return kind >= SIM_RECORD_MAP && kind <= SIM_RECORD_UNMAP;
}

uint64_t sim_digest(const struct sap_pump *pump)
{
	return pump->host ? sap_host_digest(pump->host) : sap_csme_digest(pump->csme);
}

/* --- words of the control block: docs/protocol/sap.md section 3 --- */

static const struct {
	const char *name;
	uint32_t at;
} control_words[] = {
	{"host_notif_wr", 12}, {"host_notif_rd", 16}, {"host_data_wr", 24}, {"host_data_rd", 28},
	{"csme_notif_wr", 40}, {"csme_notif_rd", 44}, {"csme_data_wr", 52}, {"csme_data_rd", 56},
};

const char *sim_word_name(uint32_t at)
{
	for (size_t i = 0; i < sizeof(control_words) / sizeof(control_words[0]); i++) {
		if (control_words[i].at == at)
			return control_words[i].name;
	}
	return NULL;
}

uint32_t sim_word_at(const char *name)
{
	for (size_t i = 0; i < sizeof(control_words) / sizeof(control_words[0]); i++) {
		if (strcmp(control_words[i].name, name) == 0)
			return control_words[i].at;
	}
	return 0;
}
