// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
/*
 * `sap encode`: bytes from JSON.
 *
 * Nothing is written unless all of the input holds; every object that does not is told.
 */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli.h"
#include "encode_area.h"
#include "file.h"
#include "hextext.h"

struct options {
	char *output;
	int hex;
};

/* Bytes being made. */
struct encoder {
	const struct cli_about *about;
	const char *name; /* of the input */
	bool hex;
	size_t line; /* where the object starts that is being read */
	unsigned int objects;
	unsigned int problems;
	bool is_area;
	struct new_area area;
	struct defaults defaults;
	unsigned int messages;
	struct bytes bytes;  /* without an area: message after message ... */
	struct text hextext; /* ... and the same as text */
};

static const char text[] =
	"Makes bytes of JSON lines, as `sap decode --json` writes them; decoding and encoding again gives the\n"
	"same bytes, of an area those of its messages. People may write less: a name is enough, fields that are\n"
	"not given are zero, and names stand for numbers. No FILE, or -, is standard input.\n";

static const char examples[] =
	"  echo '{\"name\":\"NIC_OWNER\",\"fields\":{\"owner\":\"CSME\"}}' | sap encode --hex\n"
	"  sap decode --json area.bin | jq -c 'if .name == \"COUNTRY_CODE\" then .fields.mcc = \"DE\" else . end' |\n"
	"    sap encode -o other.bin\n"
	"  sap encode -o messages.bin messages.json\n";

static void tell(struct encoder *e, const struct complaint *complaint)
{
	fprintf(stderr, "%s: %s: line %zu: %s: %s\n", e->about->name, e->name, e->line,
		text_of(&complaint->where), text_of(&complaint->why));
	e->problems++;
}

/* --- objects --- */

/* The first line of what decode wrote: what the bytes are to be. */
static bool take_input(struct encoder *e, json_t *object, struct complaint *complaint)
{
	static const char *const keys[] = {"kind", "format",	  "version", "input",
					   "size", "sap_version", "queues",  NULL};
	const char *input = json_string_value(json_object_get(object, "input"));
	uint32_t version = 1;
	bool given;

	if (!members_known(object, keys, complaint) ||
	    !member_number(object, "version", UINT32_MAX, &given, &version, complaint))
		return false;
	if (version != 1)
		return complain_of(complaint, "version", "this is version %u of the format, not 1",
				   (unsigned int)version);
	if (e->objects > 1)
		return complain_of(complaint, "kind", "\"input\" must come first");
	if (!input || (strcmp(input, "area") != 0 && strcmp(input, "me") != 0 && strcmp(input, "sap") != 0))
		return complain_of(complaint, "input", "not \"area\", \"me\" or \"sap\"");
	e->defaults.me = input[0] == 'm';
	e->is_area = input[0] == 'a';
	return !e->is_area || new_area_begin(&e->area, object, complaint);
}

/* ME messages have no end of their own: a file holds one, hex text parts them by an empty line. */
static bool add_message(struct encoder *e, const struct encoded *message, struct complaint *complaint)
{
	if (e->messages > 1 && message->me != e->defaults.me)
		return complain_of(complaint, "kind", "ME and SAP messages do not go into one file");
	if (e->messages > 1 && message->me && !e->hex)
		return complain_of(complaint, "kind", "a file holds one ME message; --hex takes several");
	e->defaults.me = message->me;
	bytes_add(&e->bytes, message->bytes.data, message->bytes.len);
	if (e->hextext.len)
		text_add(&e->hextext, "\n");
	hextext_write(&e->hextext, message->bytes.data, message->bytes.len);
	return true;
}

static bool take_message(struct encoder *e, json_t *object, struct complaint *complaint)
{
	struct encoded message;
	bool good;

	e->messages++;
	good = encode_message(object, &e->defaults, &message, complaint);
	if (good) {
		e->defaults.seq = message.seq + 1;
		good = e->is_area ? new_area_put(&e->area, &message, complaint)
				  : add_message(e, &message, complaint);
	}
	bytes_free(&message.bytes);
	return good;
}

static bool take_object(struct encoder *e, json_t *object, struct complaint *complaint)
{
	json_t *kind = json_object_get(object, "kind");
	const char *word = json_string_value(kind);

	if (!json_is_object(object))
		return complain_of(complaint, "object", "each line holds one object");
	if (kind && !word)
		return complain_of(complaint, "kind", "not text");
	if (!word || strcmp(word, "sap") == 0 || strcmp(word, "me") == 0)
		return take_message(e, object, complaint);
	if (strcmp(word, "input") == 0)
		return take_input(e, object, complaint);
	/* What decode found wrong, and its last line: nothing to encode. */
	if (strcmp(word, "error") == 0 || strcmp(word, "end") == 0)
		return true;
	return complain_of(complaint, "kind", "\"%s\" is not input, me, sap, error or end", word);
}

/* --- JSON lines --- */

/* A place in the text, for people. */
struct place {
	const char *at;
	const char *end;
	size_t line, column; /* from 1 */
};

static void step_over(struct place *place, size_t n)
{
	for (; n; n--, place->at++) {
		place->column++;
		if (*place->at == '\n') {
			place->line++;
			place->column = 1;
		}
	}
}

static bool find_object(struct place *place)
{
	while (place->at < place->end && strchr(" \t\r\n", *place->at) && *place->at)
		step_over(place, 1);
	return place->at < place->end;
}

/* Objects one after another, each on one line or over many. */
static void read_objects(struct encoder *e, const struct bytes *content)
{
	struct place place = {(const char *)content->data, (const char *)content->data + content->len, 1, 1};

	while (find_object(&place)) {
		struct complaint complaint = {0};
		json_error_t error;
		json_t *object = json_loadb(place.at, (size_t)(place.end - place.at),
					    JSON_DISABLE_EOF_CHECK | JSON_REJECT_DUPLICATES, &error);

		if (!object) {
			size_t column = (size_t)error.column + (error.line == 1 ? place.column - 1 : 0);

			fprintf(stderr, "%s: %s: line %zu, column %zu: %s\n", e->about->name, e->name,
				place.line + (size_t)error.line - 1, column, error.text);
			e->problems++;
			return;
		}
		e->line = place.line;
		e->objects++;
		if (!take_object(e, object, &complaint))
			tell(e, &complaint);
		complaint_free(&complaint);
		json_decref(object);
		step_over(&place, (size_t)error.position);
	}
}

/* --- the command --- */

static enum outcome save(struct encoder *e, const char *path)
{
	const struct bytes *bytes = e->is_area ? &e->area.image : &e->bytes;

	if (!e->hex)
		return file_save(e->about->name, path, bytes->data, bytes->len);
	if (e->is_area)
		hextext_write(&e->hextext, bytes->data, bytes->len);
	return file_save(e->about->name, path, text_of(&e->hextext), e->hextext.len);
}

static enum outcome encode(struct encoder *e, const char *from, const char *to)
{
	struct bytes content = {0};
	enum outcome outcome = file_load(e->about->name, from, &content);

	if (outcome == OUTCOME_OK) {
		read_objects(e, &content);
		if (!e->problems && !e->messages && !e->is_area) {
			fprintf(stderr, "%s: %s: there is no message in it\n", e->about->name, e->name);
			e->problems++;
		}
		outcome = e->problems ? OUTCOME_WRONG : save(e, to);
	}
	bytes_free(&content);
	return outcome;
}

static enum outcome start(const struct cli_about *about, const struct options *o, const char *path)
{
	struct encoder e = {.about = about,
			    .name = file_name(path),
			    .hex = o->hex != 0,
			    .defaults = {.seq = 1}};
	enum outcome outcome;

	if (!o->hex && (!o->output || strcmp(o->output, "-") == 0) && isatty(STDOUT_FILENO))
		return cli_wrong(about, "bytes do not go to a terminal: use -o FILE, --hex, or a pipe");
	outcome = encode(&e, path, o->output);
	new_area_free(&e.area);
	bytes_free(&e.bytes);
	text_free(&e.hextext);
	return outcome;
}

enum outcome encode_run(int argc, const char *const *argv)
{
	struct options o = {0};
	const struct poptOption options[] = {
		{"output", 'o', POPT_ARG_STRING, &o.output, 0,
		 "where the bytes go; default, or -: standard output", "FILE"},
		{"hex", 'x', POPT_ARG_NONE, &o.hex, 0, "write hex text, an empty line between messages",
		 NULL},
		POPT_TABLEEND,
	};
	const struct cli_about about = {"sap encode", "[OPTION...] [FILE]", text, examples, options};
	enum outcome outcome;
	struct cli cli;

	if (cli_begin(&cli, &about, argc, argv, &outcome))
		outcome = start(&about, &o, cli.argument);
	cli_end(&cli);
	free(o.output);
	return outcome;
}
