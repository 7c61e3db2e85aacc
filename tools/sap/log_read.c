// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
/*
 * Logs come from people, and from processes that were killed: every mistake is told with its line, and what
 * broke off at the end is left out.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "json_value.h"
#include "log_file.h"

enum {
	LEAST_STATUS = -1000, /* none has a number as low */
};

bool log_number(json_t *json, const char *key, uint64_t most, uint64_t *number, struct text *why)
{
	json_t *value = json_object_get(json, key);

	if (json_is_integer(value) && json_integer_value(value) >= 0 &&
	    (uint64_t)json_integer_value(value) <= most) {
		*number = (uint64_t)json_integer_value(value);
		return true;
	}
	text_add(why, "\"%s\" is %s: a number from 0 to %llu", key, value ? "something else" : "missing",
		 (unsigned long long)most);
	return false;
}

bool log_keys(json_t *json, const char *const *known, struct text *why)
{
	const char *key;
	json_t *member;

	json_object_foreach(json, key, member)
	{
		const char *const *at = known;

		while (*at && strcmp(*at, key) != 0)
			at++;
		if (*at)
			continue;
		text_add(why, "\"%.40s\" does not belong here", key);
		return false;
	}
	return true;
}

/* --- values --- */

/* Bytes as hex, appended. */
static bool take_hex(const char *hex, struct bytes *bytes)
{
	size_t len = hex ? strlen(hex) : 1;

	if (len % 2 || (hex && strspn(hex, "0123456789abcdefABCDEF") != len))
		return false;
	for (size_t i = 0; i < len; i += 2) {
		char pair[3] = {hex[i], hex[i + 1], '\0'};

		*bytes_more(bytes, 1) = (uint8_t)strtoul(pair, NULL, 16);
	}
	return true;
}

static bool take_bytes(json_t *json, const char *key, struct bytes *bytes, struct text *why)
{
	json_t *value = json_object_get(json, key);

	if (take_hex(json_string_value(value), bytes))
		return true;
	text_add(why, "\"%s\" is %s: bytes, as pairs of hex digits", key,
		 value ? "something else" : "missing");
	return false;
}

static bool take_status(json_t *json, enum sap_status *status, struct text *why)
{
	const char *name = json_string_value(json_object_get(json, "status"));

	for (int number = 0; name && number > LEAST_STATUS; number--) {
		if (strcmp(sap_status_name((enum sap_status)number), name) == 0) {
			*status = (enum sap_status)number;
			return true;
		}
	}
	text_add(why, "\"status\" is %s: the name of a status", name ? "none that there is" : "missing");
	return false;
}

static bool take_sum(json_t *json, const char *key, uint64_t *sum, struct text *why)
{
	const char *hex = json_string_value(json_object_get(json, key));

	if (hex && strlen(hex) == 16 && strspn(hex, "0123456789abcdef") == 16) {
		*sum = strtoull(hex, NULL, 16);
		return true;
	}
	text_add(why, "\"%s\" is %s: 16 hex digits", key, hex ? "something else" : "missing");
	return false;
}

/* --- records --- */

/* A line on its way to a record. */
struct line {
	struct sim_record record;
	struct bytes bytes, text, pieces;
	struct text *why;
};

static bool put_bytes(struct line *line, json_t *json, const char *key)
{
	if (!take_bytes(json, key, &line->bytes, line->why))
		return false;
	(void)bytes_more(&line->bytes, 0); /* none are some, too */
	line->record.bytes = line->bytes.data;
	line->record.len = (uint32_t)line->bytes.len;
	return true;
}

static bool put_text(struct line *line, json_t *json, const char *key)
{
	const char *text = json_string_value(json_object_get(json, key));
	char hex_key[32];

	snprintf(hex_key, sizeof(hex_key), "%s_hex", key);
	if (text)
		bytes_add(&line->text, text, strlen(text));
	else if (!take_hex(json_string_value(json_object_get(json, hex_key)), &line->text) ||
		 memchr(line->text.data ? line->text.data : (const uint8_t *)"", 0, line->text.len)) {
		text_add(line->why, "\"%s\" is missing: text, or \"%s\"", key, hex_key);
		return false;
	}
	bytes_add(&line->text, "", 1);
	line->record.text = (const char *)line->text.data;
	return true;
}

static bool read_call(struct line *line, json_t *json)
{
	static const char *const keys[] = {"kind", "ms", NULL};
	static const char *const do_keys[] = {"kind", "ms", "command", "command_hex", "content", NULL};
	static const char *const fault_keys[] = {"kind", "ms", "name", NULL};
	static const char *const packet_keys[] = {"kind", "ms", "frame", NULL};

	if (!log_number(json, "ms", INT64_MAX, &line->record.now, line->why))
		return false;
	switch (line->record.kind) {
	case SIM_RECORD_DO:
		return log_keys(json, do_keys, line->why) && put_text(line, json, "command") &&
		       (!json_object_get(json, "content") || put_bytes(line, json, "content"));
	case SIM_RECORD_FAULT:
		return log_keys(json, fault_keys, line->why) && put_text(line, json, "name");
	case SIM_RECORD_PACKET:
		return log_keys(json, packet_keys, line->why) && put_bytes(line, json, "frame");
	default:
		return log_keys(json, keys, line->why);
	}
}

static bool read_size(struct line *line, json_t *json, const char *key, uint32_t *size)
{
	uint64_t number;

	if (!log_number(json, key, LOG_MOST_SIZE, &number, line->why))
		return false;
	*size = (uint32_t)number;
	return true;
}

static bool read_answer(struct line *line, json_t *json)
{
	static const char *const keys[] = {"kind", "status", NULL};
	static const char *const map_keys[] = {"kind", "asked", "status", "size", NULL};
	static const char *const message_keys[] = {"kind", "status", "name", "bytes", "size", NULL};
	struct sim_record *record = &line->record;

	if (!take_status(json, &record->status, line->why))
		return false;
	switch (record->kind) {
	case SIM_RECORD_MAP:
		return log_keys(json, map_keys, line->why) &&
		       read_size(line, json, "asked", &record->asked) &&
		       (record->status != SAP_OK || read_size(line, json, "size", &record->size));
	case SIM_RECORD_SEND:
		return log_keys(json, message_keys, line->why) && put_bytes(line, json, "bytes");
	case SIM_RECORD_RECV:
		return log_keys(json, message_keys, line->why) &&
		       (record->status != SAP_OK || put_bytes(line, json, "bytes")) &&
		       (record->status != SAP_TOO_LONG || read_size(line, json, "size", &record->size));
	default:
		return log_keys(json, keys, line->why);
	}
}

static void put_piece(struct line *line, uint32_t at, uint32_t len)
{
	struct sim_piece piece = {.at = at, .len = len};

	bytes_add(&line->pieces, &piece, sizeof(piece));
}

static bool read_words(struct line *line, json_t *words)
{
	const char *key;
	json_t *value;

	json_object_foreach(words, key, value)
	{
		uint32_t at = sim_word_at(key);
		uint64_t number = 0;

		if (!at) {
			text_add(line->why, "\"%.40s\" is no word of the control block", key);
			return false;
		}
		if (!log_number(words, key, UINT32_MAX, &number, line->why))
			return false;
		for (int i = 0; i < 4; i++)
			*bytes_more(&line->bytes, 1) = (uint8_t)(number >> 8 * i);
		put_piece(line, at, 4);
	}
	return true;
}

static bool read_ranges(struct line *line, json_t *ranges)
{
	const char *key;
	json_t *value;

	json_object_foreach(ranges, key, value)
	{
		size_t before = line->bytes.len;
		unsigned long at;
		char *end;

		errno = 0;
		at = strtoul(key, &end, 10);
		if (!*key || strspn(key, "0123456789") != strlen(key) || errno || at > LOG_MOST_SIZE) {
			text_add(line->why, "\"%.40s\" is no offset into shared memory", key);
			return false;
		}
		if (!take_bytes(ranges, key, &line->bytes, line->why))
			return false;
		put_piece(line, (uint32_t)at, (uint32_t)(line->bytes.len - before));
	}
	return true;
}

static bool read_memory(struct line *line, json_t *json)
{
	static const char *const keys[] = {"kind", "words", "bytes", NULL};
	json_t *words = json_object_get(json, "words"), *bytes = json_object_get(json, "bytes");
	const uint8_t *from;
	struct sim_piece *pieces;

	if (!log_keys(json, keys, line->why))
		return false;
	if (!json_is_object(words) || !json_is_object(bytes)) {
		text_add(line->why, "\"words\" and \"bytes\" are objects");
		return false;
	}
	if (!read_words(line, words) || !read_ranges(line, bytes))
		return false;
	(void)bytes_more(&line->bytes, 0);
	from = line->bytes.data;
	pieces = (struct sim_piece *)(void *)line->pieces.data;
	line->record.count = (uint32_t)(line->pieces.len / sizeof(*pieces));
	line->record.pieces = pieces;
	for (uint32_t i = 0; i < line->record.count; i++) {
		pieces[i].bytes = from;
		from += pieces[i].len;
	}
	return true;
}

static bool read_sums(struct line *line, json_t *json)
{
	static const char *const keys[] = {"kind", "digest", "history", NULL};

	return log_keys(json, keys, line->why) && take_sum(json, "digest", &line->record.digest, line->why) &&
	       take_sum(json, "history", &line->record.history, line->why);
}

static bool read_record(struct line *line, json_t *json)
{
	const char *word = json_string_value(json_object_get(json, "kind"));
	int kind = 1;

	while (kind < SIM_RECORD_KINDS &&
	       (!word || strcmp(sim_record_word((enum sim_record_kind)kind), word) != 0))
		kind++;
	if (kind == SIM_RECORD_KINDS) {
		text_add(line->why, word ? "there is no \"kind\" %.40s" : "\"kind\" is missing: what it is",
			 word);
		return false;
	}
	line->record.kind = (enum sim_record_kind)kind;
	if (sim_record_is_call(line->record.kind))
		return read_call(line, json);
	if (line->record.kind == SIM_RECORD_MEMORY)
		return read_memory(line, json);
	if (line->record.kind == SIM_RECORD_DIGEST || line->record.kind == SIM_RECORD_END)
		return read_sums(line, json);
	return read_answer(line, json);
}

/* --- lines --- */

static bool add_record(struct log_file *file, json_t *json)
{
	struct line line = {.record = {.line = file->line}, .why = &file->why};
	bool read = read_record(&line, json);

	if (read)
		sim_log_add(&file->log, &line.record);
	bytes_free(&line.bytes);
	bytes_free(&line.text);
	bytes_free(&line.pieces);
	return read;
}

/* One line. `last`: nothing follows, not even the end of the line. */
static bool read_line(struct log_file *file, const char *line, size_t len, bool last)
{
	json_error_t error;
	json_t *json = json_loadb(line, len, JSON_REJECT_DUPLICATES, &error);
	bool read = false;

	if (!json && last && file->line > 1) {
		file->torn = true;
		return true;
	}
	if (!json)
		text_add(&file->why, "column %d: no JSON: %s", error.column, error.text);
	else if (!json_is_object(json))
		text_add(&file->why, "not an object");
	else if (file->line == 1)
		read = log_to_origin(json, file, &file->why);
	else
		read = add_record(file, json);
	json_decref(json);
	return read;
}

bool log_file_read(struct log_file *file, const uint8_t *data, size_t len)
{
	memset(file, 0, sizeof(*file));
	file->line = 1;
	if (!len)
		text_add(&file->why, "the file is empty: a log starts with a line of \"kind\":\"log\"");
	for (size_t at = 0; at < len; file->line++) {
		const uint8_t *end = memchr(data + at, '\n', len - at);
		size_t n = end ? (size_t)(end - (data + at)) : len - at;

		if (!read_line(file, (const char *)data + at, n, !end))
			return false;
		at += n + 1;
	}
	return len != 0;
}

void log_file_free(struct log_file *file)
{
	sim_log_free(&file->log);
	text_free(&file->why);
}
