// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "json_entry.h"
#include "log_file.h"

static json_t *of_bytes(const uint8_t *bytes, uint32_t len)
{
	static const char digits[] = "0123456789abcdef";
	char *hex = memory_zeroed(2 * (size_t)len + 1, 1);
	json_t *json;

	for (uint32_t i = 0; i < len; i++) {
		hex[2 * i] = digits[bytes[i] >> 4];
		hex[2 * i + 1] = digits[bytes[i] & 15];
	}
	json = json_string(hex);
	free(hex);
	return json;
}

static json_t *of_pieces(const struct sim_record *record)
{
	json_t *words = json_object(), *bytes = json_object();

	for (uint32_t i = 0; i < record->count; i++) {
		const struct sim_piece *piece = &record->pieces[i];
		const char *name = piece->len == 4 ? sim_word_name(piece->at) : NULL;
		const uint8_t *b = piece->bytes;
		char at[16];

		snprintf(at, sizeof(at), "%u", (unsigned int)piece->at);
		if (name)
			json_object_set_new(words, name,
					    json_integer((json_int_t)(b[0] | (uint32_t)b[1] << 8 |
								      (uint32_t)b[2] << 16 |
								      (uint32_t)b[3] << 24)));
		else
			json_object_set_new(bytes, at, of_bytes(b, piece->len));
	}
	return json_pack("{s:s, s:o, s:o}", "kind", "memory", "words", words, "bytes", bytes);
}

/* What people see first: which message it is. */
static void set_message(json_t *json, const struct sim_record *record)
{
	struct sap_me_message message;

	if (sap_me_decode(record->bytes, record->len, &message) == SAP_OK)
		json_object_set_new(json, "name", json_string(sap_me_info(message.type)->name));
	json_object_set_new(json, "bytes", of_bytes(record->bytes, record->len));
}

static void set_call(json_t *json, const struct sim_record *record)
{
	json_object_set_new(json, "ms", json_integer((json_int_t)record->now));
	if (record->kind == SIM_RECORD_DO) {
		/* A command is text, but an SSID in it may be any bytes. */
		json_set_text(json, "command", record->text);
		if (record->bytes)
			json_object_set_new(json, "content", of_bytes(record->bytes, record->len));
	} else if (record->kind == SIM_RECORD_FAULT) {
		json_object_set_new(json, "name", json_string(record->text));
	} else if (record->kind == SIM_RECORD_PACKET) {
		json_object_set_new(json, "frame", of_bytes(record->bytes, record->len));
	}
}

static void set_answer(json_t *json, const struct sim_record *record)
{
	if (record->kind == SIM_RECORD_MAP)
		json_object_set_new(json, "asked", json_integer(record->asked));
	json_object_set_new(json, "status", json_string(sap_status_name(record->status)));
	if ((record->kind == SIM_RECORD_MAP && record->status == SAP_OK) ||
	    (record->kind == SIM_RECORD_RECV && record->status == SAP_TOO_LONG))
		json_object_set_new(json, "size", json_integer(record->size));
	if (record->kind == SIM_RECORD_SEND || (record->kind == SIM_RECORD_RECV && record->status == SAP_OK))
		set_message(json, record);
}

static json_t *of_record(const struct sim_record *record)
{
	const char *word = sim_record_word(record->kind);
	json_t *json;

	if (record->kind == SIM_RECORD_MEMORY)
		return of_pieces(record);
	json = json_pack("{s:s}", "kind", word);
	if (sim_record_is_call(record->kind)) {
		set_call(json, record);
	} else if (record->kind == SIM_RECORD_DIGEST || record->kind == SIM_RECORD_END) {
		json_object_set_new(json, "digest",
				    json_sprintf("%016llx", (unsigned long long)record->digest));
		json_object_set_new(json, "history",
				    json_sprintf("%016llx", (unsigned long long)record->history));
	} else {
		set_answer(json, record);
	}
	return json;
}

static void complain(struct log_writer *writer)
{
	if (!writer->failed)
		fprintf(stderr, "%s: cannot write %s: %s\n", writer->command, writer->path, strerror(errno));
	writer->failed = true;
}

/* Each line goes out whole and at once: who is killed leaves all that was before. */
static void write_line(struct log_writer *writer, json_t *json)
{
	char *line = json_dumps(json, JSON_COMPACT);

	if (!writer->failed && (!line || fprintf(writer->out, "%s\n", line) < 0 || fflush(writer->out) != 0))
		complain(writer);
	free(line);
	json_decref(json);
}

static void write_record(void *self, const struct sim_record *record)
{
	write_line(self, of_record(record));
}

enum outcome log_writer_open(struct log_writer *writer, const char *command, const char *path)
{
	memset(writer, 0, sizeof(*writer));
	writer->command = command;
	writer->path = path;
	writer->out = fopen(path, "w");
	if (!writer->out)
		complain(writer);
	return writer->failed ? OUTCOME_FILE : OUTCOME_OK;
}

enum outcome log_writer_begin(struct log_writer *writer, struct sim_party *party)
{
	struct sim_recording to = {write_record, writer};
	struct sim_origin origin = sim_origin_of(party);

	writer->party = party;
	write_line(writer, log_of_origin(&origin));
	sim_party_record(party, &writer->recorder, &to);
	return writer->failed ? OUTCOME_FILE : OUTCOME_OK;
}

bool log_writer_holds(const struct log_writer *writer)
{
	return !writer->failed;
}

enum outcome log_writer_close(struct log_writer *writer)
{
	if (!writer->out)
		return OUTCOME_OK;
	if (writer->party)
		sim_party_recorded(writer->party);
	writer->party = NULL;
	if (fclose(writer->out) != 0)
		complain(writer);
	writer->out = NULL;
	return writer->failed ? OUTCOME_FILE : OUTCOME_OK;
}
