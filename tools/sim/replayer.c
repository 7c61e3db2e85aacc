// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
#include "replayer.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "memory.h"

/* --- what differs --- */

/* Where a record stands, for people: by its line, if it came from a file. */
static void write_place(const struct sim_replayer *r, uint32_t index, char *out, size_t size)
{
	const struct sim_record *record = index < r->log->count ? &r->log->records[index] : NULL;

	if (record && record->line)
		snprintf(out, size, "line %u", (unsigned int)record->line);
	else
		snprintf(out, size, "record %u", (unsigned int)index + 1);
}

/* In the record with that index. Only the first difference counts. */
__attribute__((format(printf, 3, 4))) static void differ(struct sim_replayer *r, uint32_t index,
							 const char *format, ...)
{
	size_t used;
	va_list args;

	if (r->differs)
		return;
	r->differs = true;
	write_place(r, index, r->why, sizeof(r->why));
	used = strlen(r->why);
	used += (size_t)snprintf(r->why + used, sizeof(r->why) - used, ": ");
	va_start(args, format);
	vsnprintf(r->why + used, sizeof(r->why) - used, format, args);
	va_end(args);
}

/* "send 0100000001000000..." */
static void write_io(const struct sim_record *record, char *out, size_t size)
{
	size_t used = (size_t)snprintf(out, size, "%s", sim_record_word(record->kind));

	if (record->kind == SIM_RECORD_MAP)
		snprintf(out + used, size - used, " of %u bytes", (unsigned int)record->asked);
	if (record->kind != SIM_RECORD_SEND)
		return;
	used += (size_t)snprintf(out + used, size - used, " ");
	for (uint32_t i = 0; i < record->len && used < size; i++)
		used += (size_t)snprintf(out + used, size - used, "%02x", record->bytes[i]);
}

static bool is_same_io(const struct sim_record *a, const struct sim_record *b)
{
	return a->kind == b->kind && a->asked == b->asked &&
	       (a->kind != SIM_RECORD_SEND || (a->len == b->len && memcmp(a->bytes, b->bytes, a->len) == 0));
}

/* --- records, one after another --- */

static const struct sim_record *peek(const struct sim_replayer *r)
{
	if (r->differs || r->ended || r->at >= r->log->count)
		return NULL;
	return &r->log->records[r->at];
}

static bool piece_fits(const struct sim_replayer *r, const struct sim_piece *piece)
{
	return piece->at <= r->size && piece->len <= r->size - piece->at;
}

/* What the peer had written, if that is what is next. */
static void take_memory(struct sim_replayer *r)
{
	const struct sim_record *record;

	while ((record = peek(r)) && record->kind == SIM_RECORD_MEMORY) {
		for (uint32_t i = 0; i < record->count; i++) {
			const struct sim_piece *piece = &record->pieces[i];

			if (!piece_fits(r, piece)) {
				differ(r, r->at,
				       "%u bytes at %u of the shared memory, of which there are %u now",
				       (unsigned int)piece->len, (unsigned int)piece->at,
				       (unsigned int)r->size);
				return;
			}
			memcpy(r->memory + piece->at, piece->bytes, piece->len);
		}
		r->at++;
	}
}

/* The engine asks for something: the record that tells what came of it, or null. */
static const struct sim_record *take_io(struct sim_replayer *r, const struct sim_record *asked)
{
	const struct sim_record *record = peek(r);
	char now[300], then[300];

	if (!record) {
		r->ran_out = true;
		return NULL;
	}
	write_io(asked, now, sizeof(now));
	if (!sim_record_is_io(record->kind)) {
		differ(r, r->at, "now there is a %s before; in the log it is '%s'", now,
		       sim_record_word(record->kind));
		return NULL;
	}
	if (!is_same_io(asked, record)) {
		write_io(record, then, sizeof(then));
		differ(r, r->at, "now it is %s; in the log it is %s", now, then);
		return NULL;
	}
	r->at++;
	return record;
}

static enum sap_status answer_io(struct sim_replayer *r, enum sim_record_kind kind)
{
	const struct sim_record *record = take_io(r, &(struct sim_record){.kind = kind});

	return record ? record->status : SAP_AGAIN;
}

/* --- the operations --- */

static void give_up_memory(struct sim_replayer *r)
{
	free(r->memory);
	r->memory = NULL;
	r->size = 0;
}

static enum sap_status op_map(void *self, uint32_t size, struct sap_mem *mem)
{
	struct sim_replayer *r = self;
	const struct sim_record *record =
		take_io(r, &(struct sim_record){.kind = SIM_RECORD_MAP, .asked = size});

	if (!record)
		return SAP_AGAIN;
	if (record->status == SAP_OK) {
		give_up_memory(r);
		r->size = record->size;
		r->memory = r->size ? memory_zeroed(r->size, 1) : NULL;
		*mem = (struct sap_mem){r->memory, r->size};
	}
	take_memory(r);
	return record->status;
}

static enum sap_status op_connect(void *self)
{
	return answer_io(self, SIM_RECORD_CONNECT);
}

static enum sap_status op_send(void *self, const void *message, size_t len)
{
	const struct sim_record *record = take_io(self, &(struct sim_record){.kind = SIM_RECORD_SEND,
									     .bytes = message,
									     .len = (uint32_t)len});

	return record ? record->status : SAP_AGAIN;
}

static enum sap_status op_recv(void *self, void *message, size_t cap, size_t *len)
{
	struct sim_replayer *r = self;
	const struct sim_record *record = peek(r);

	/* That nothing came is not in the log. */
	if (!record || record->kind != SIM_RECORD_RECV)
		return SAP_AGAIN;
	r->at++;
	*len = record->status == SAP_TOO_LONG ? record->size : record->len;
	if (record->status == SAP_OK) {
		if (record->len > cap) {
			differ(r, r->at - 1, "a message of %u bytes, where %zu fit",
			       (unsigned int)record->len, cap);
			return SAP_AGAIN;
		}
		memcpy(message, record->bytes, record->len);
	}
	take_memory(r);
	return r->differs ? SAP_AGAIN : record->status;
}

static enum sap_status op_disconnect(void *self)
{
	return answer_io(self, SIM_RECORD_DISCONNECT);
}

static enum sap_status op_unmap(void *self)
{
	struct sim_replayer *r = self;
	const struct sim_record *record = take_io(r, &(struct sim_record){.kind = SIM_RECORD_UNMAP});

	if (!record)
		return SAP_AGAIN;
	if (record->status != SAP_AGAIN)
		give_up_memory(r);
	return record->status;
}

static const struct sap_transport_ops ops = {
	.map = op_map,
	.connect = op_connect,
	.send = op_send,
	.recv = op_recv,
	.disconnect = op_disconnect,
	.unmap = op_unmap,
};

/* --- around them --- */

void sim_replayer_init(struct sim_replayer *r, struct sap_pump *pump, const struct sim_log *log,
		       const uint64_t *history)
{
	memset(r, 0, sizeof(*r));
	r->pump = pump;
	r->log = log;
	r->history = history;
	pump->transport = (struct sap_transport){&ops, r};
}

static void check_digest(struct sim_replayer *r, const struct sim_record *record)
{
	uint64_t digest = sim_digest(r->pump);

	if (*r->history != record->history)
		differ(r, r->at, "it told other things until here: history %016llx, in the log %016llx",
		       (unsigned long long)*r->history, (unsigned long long)record->history);
	else if (digest != record->digest)
		differ(r, r->at, "the engine's digest is %016llx, in the log %016llx",
		       (unsigned long long)digest, (unsigned long long)record->digest);
	else
		r->digests++;
}

const struct sim_record *sim_replayer_next(struct sim_replayer *r)
{
	const struct sim_record *record;
	char io[300];

	while ((record = peek(r)) && (record->kind == SIM_RECORD_DIGEST || record->kind == SIM_RECORD_END)) {
		check_digest(r, record);
		r->ended = record->kind == SIM_RECORD_END && !r->differs;
		r->at++;
	}
	if (r->ended && r->at < r->log->count)
		differ(r, r->at, "a record behind the end");
	if (!record || r->differs)
		return NULL;
	if (!sim_record_is_call(record->kind)) {
		write_io(record, io, sizeof(io));
		differ(r, r->at, "now nothing more is done; in the log it is %s", io);
		return NULL;
	}
	r->at++;
	take_memory(r);
	return r->differs ? NULL : record;
}

void sim_replayer_refuse(struct sim_replayer *r, const char *why)
{
	differ(r, r->at - 1, "%s", why);
}

enum sap_status sim_replayer_door(struct sim_replayer *r)
{
	const struct sim_record *record = peek(r);

	if (!record) {
		r->ran_out = true;
		return SAP_UNSUPPORTED;
	}
	if (record->kind != SIM_RECORD_DOOR) {
		differ(r, r->at, "now it asks at the NIC's register; in the log it is '%s'",
		       sim_record_word(record->kind));
		return SAP_UNSUPPORTED;
	}
	r->at++;
	return record->status;
}

void sim_replayer_done(struct sim_replayer *r, enum sap_status status)
{
	const struct sim_record *record = peek(r);
	enum sap_status then = SAP_OK;

	if (r->differs)
		return;
	if (record && record->kind == SIM_RECORD_ANSWER) {
		then = record->status;
		r->at++;
	}
	/* What the log ends with has not been answered yet, perhaps. */
	if (then != status && (record || then != SAP_OK))
		differ(r, r->at - 1, "the answer is %s; in the log it is %s", sap_status_name(status),
		       sap_status_name(then));
}

void sim_replayer_free(struct sim_replayer *r)
{
	give_up_memory(r);
}
