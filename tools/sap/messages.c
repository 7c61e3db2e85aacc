// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
/*
 * `sap messages`: the messages that the library knows, and the fields of one.
 *
 * All of it comes from the library's tables; nothing here names a message.
 */
#include <ctype.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include <sap/fields.h>

#include "cli.h"
#include "memory.h"
#include "suggest.h"

struct options {
	int json;
	int markdown;
};

static const char text[] =
	"Lists the messages of SAP: ME messages, which travel over the MEI connection, and SAP messages, which\n"
	"travel in the queues. With the name or the type of one, lists its fields. The size is that of the\n"
	"payload, without the header of 12 (ME) or 8 bytes; longer payloads are taken too.\n";

static const char examples[] = "  sap messages\n"
			       "  sap messages HOST_LINK_UP\n"
			       "  sap messages 1009\n"
			       "  sap messages --json | jq -r 'select(.direction == \"to_csme\").name'\n";

/* --- words --- */

static const char *direction_key(enum sap_direction direction)
{
	switch (direction) {
	case SAP_TO_CSME:
		return "to_csme";
	case SAP_TO_HOST:
		return "to_host";
	case SAP_BOTH_WAYS:
		break;
	}
	return "both";
}

static const char *direction_text(enum sap_direction direction)
{
	switch (direction) {
	case SAP_TO_CSME:
		return "host to CSME";
	case SAP_TO_HOST:
		return "CSME to host";
	case SAP_BOTH_WAYS:
		break;
	}
	return "both ways";
}

static const char *carrier_key(enum sap_carrier carrier)
{
	switch (carrier) {
	case SAP_IN_ME:
		return "me";
	case SAP_IN_NOTIF:
		return "notif";
	case SAP_IN_HBM:
		return "hbm";
	case SAP_IN_AMTHI:
		return "amthi";
	case SAP_IN_MKHI:
		return "mkhi";
	case SAP_IN_DATA:
		break;
	}
	return "data";
}

/* "u32", "u16 BE", "bytes", "[14]" for an array of structures. */
static void add_kind(struct text *out, const struct sap_field *field)
{
	switch (field->kind) {
	case SAP_FIELD_UINT:
		text_add(out, "u%u", 8u * field->size);
		break;
	case SAP_FIELD_UINT_BE:
		text_add(out, "u%u BE", 8u * field->size);
		break;
	case SAP_FIELD_BYTES:
		text_add(out, field->show == SAP_SHOW_MAC ? "mac" : "bytes");
		break;
	case SAP_FIELD_REST:
		text_add(out, "rest");
		break;
	case SAP_FIELD_LIMITED:
		text_add(out, "counted");
		break;
	case SAP_FIELD_RESERVED:
		text_add(out, "reserved");
		break;
	case SAP_FIELD_STRUCT:
		text_add(out, "struct");
		break;
	}
	if (field->array)
		text_add(out, "[%u]", (unsigned int)field->count);
}

/* What the numbers of a field mean: "0 UNKNOWN, 1 HOST", or the bits of its flags. */
static void add_names(struct text *out, const struct sap_field *field)
{
	const struct sap_names *names = field->names;

	if (field->show == SAP_SHOW_BOOL)
		text_add(out, "0 no, else yes");
	for (uint32_t i = 0; names && i < names->count; i++) {
		if (field->show == SAP_SHOW_FLAGS)
			text_add(out, "%s0x%x %s", i ? ", " : "", (unsigned int)names->list[i].value,
				 names->list[i].name);
		else
			text_add(out, "%s%u %s", i ? ", " : "", (unsigned int)names->list[i].value,
				 names->list[i].name);
	}
}

/* --- the fields of one message --- */

enum {
	NAME_COLUMNS = 24,
	KIND_COLUMNS = 12,
};

/* A field takes what is there, so its size is not the type's to say. */
static bool is_open(const struct sap_field *field)
{
	return field->kind == SAP_FIELD_REST || field->kind == SAP_FIELD_LIMITED;
}

static uint32_t size_of(const struct sap_field *field)
{
	return (uint32_t)field->size * field->count;
}

/* Fields have no gaps. Of an array of structures, the first element's fields stand for all. */
static void print_fields(const struct sap_field *fields, uint32_t n, uint32_t offset, unsigned int indent)
{
	for (uint32_t i = 0; i < n; i++) {
		const struct sap_field *field = &fields[i];
		struct text kind = {0};
		struct text names = {0};

		add_kind(&kind, field);
		add_names(&names, field);
		printf("%6u  ", (unsigned int)offset);
		if (is_open(field))
			printf("%6s", "-");
		else
			printf("%6u", (unsigned int)size_of(field));
		printf("  %*s%-*s", (int)indent, "", NAME_COLUMNS - (int)indent, field->name);
		if (names.len)
			printf("  %-*s  %s\n", KIND_COLUMNS, text_of(&kind), text_of(&names));
		else
			printf("  %s\n", text_of(&kind));
		print_fields(field->sub, field->n_sub, offset, indent + 2);
		offset += size_of(field);
		text_free(&kind);
		text_free(&names);
	}
}

static void print_one(const struct sap_message_info *info)
{
	printf("%s: %s\n\n", info->name, info->meaning);
	printf("  type       %u (0x%x)\n", (unsigned int)info->type, (unsigned int)info->type);
	printf("  direction  %s\n", direction_text(info->direction));
	printf("  carrier    %s\n", carrier_key(info->carrier));
	printf("  payload    %u bytes or more\n", (unsigned int)info->least);
	if (!info->n_fields)
		return;
	printf("\noffset    size  %-*s  %-*s  values\n", NAME_COLUMNS, "field", KIND_COLUMNS, "kind");
	print_fields(info->fields, info->n_fields, 0, 0);
}

static void markdown_fields(const struct sap_field *fields, uint32_t n, uint32_t offset, const char *path)
{
	for (uint32_t i = 0; i < n; i++) {
		const struct sap_field *field = &fields[i];
		struct text kind = {0};
		struct text names = {0};
		struct text name = {0};

		add_kind(&kind, field);
		add_names(&names, field);
		text_add(&name, "%s%s", path, field->name);
		printf("| %u | ", (unsigned int)offset);
		if (is_open(field))
			printf("- ");
		else
			printf("%u ", (unsigned int)size_of(field));
		printf("| `%s` | %s | %s |\n", text_of(&name), text_of(&kind), text_of(&names));
		text_add(&name, "%s.", field->array ? "[]" : "");
		markdown_fields(field->sub, field->n_sub, offset, text_of(&name));
		offset += size_of(field);
		text_free(&kind);
		text_free(&names);
		text_free(&name);
	}
}

static void markdown_one(const struct sap_message_info *info)
{
	printf("| offset | size | field | kind | values |\n| --- | --- | --- | --- | --- |\n");
	markdown_fields(info->fields, info->n_fields, 0, "");
}

/* --- all messages --- */

static void print_all(void)
{
	printf("%4s  %-32s  %-12s  %-7s  %5s  %s\n", "type", "name", "direction", "carrier", "least",
	       "meaning");
	for (uint32_t i = 0; sap_info_at(i); i++) {
		const struct sap_message_info *info = sap_info_at(i);

		printf("%4u  %-32s  %-12s  %-7s  %5u  %s\n", (unsigned int)info->type, info->name,
		       direction_text(info->direction), carrier_key(info->carrier), (unsigned int)info->least,
		       info->meaning);
	}
}

static void markdown_all(void)
{
	printf("| type | name | direction | carrier | least size | meaning |\n"
	       "| --- | --- | --- | --- | --- | --- |\n");
	for (uint32_t i = 0; sap_info_at(i); i++) {
		const struct sap_message_info *info = sap_info_at(i);

		printf("| %u | %s | %s | %s | %u | %s |\n", (unsigned int)info->type, info->name,
		       direction_text(info->direction), carrier_key(info->carrier), (unsigned int)info->least,
		       info->meaning);
	}
}

/* --- JSON --- */

static json_t *json_of_names(const struct sap_names *names)
{
	json_t *list = json_array();

	for (uint32_t i = 0; i < names->count; i++)
		json_array_append_new(list, json_pack("{s:I, s:s}", "value", (json_int_t)names->list[i].value,
						      "name", names->list[i].name));
	return list;
}

static json_t *json_of_fields(const struct sap_field *fields, uint32_t n, uint32_t offset)
{
	json_t *list = json_array();

	for (uint32_t i = 0; i < n; i++) {
		const struct sap_field *field = &fields[i];
		struct text kind = {0};
		json_t *json;

		add_kind(&kind, field);
		json = json_pack("{s:s, s:I, s:o, s:s}", "name", field->name, "offset", (json_int_t)offset,
				 "size", is_open(field) ? json_null() : json_integer(size_of(field)), "kind",
				 text_of(&kind));
		if (field->names)
			json_object_set_new(json, field->show == SAP_SHOW_FLAGS ? "flags" : "values",
					    json_of_names(field->names));
		if (field->sub)
			json_object_set_new(json, "fields", json_of_fields(field->sub, field->n_sub, offset));
		json_array_append_new(list, json);
		offset += size_of(field);
		text_free(&kind);
	}
	return list;
}

static void json_one(const struct sap_message_info *info)
{
	json_t *json = json_pack("{s:s, s:I, s:s, s:s, s:s, s:I, s:s, s:o}", "kind", "message", "type",
				 (json_int_t)info->type, "name", info->name, "direction",
				 direction_key(info->direction), "carrier", carrier_key(info->carrier),
				 "least", (json_int_t)info->least, "meaning", info->meaning, "fields",
				 json_of_fields(info->fields, info->n_fields, 0));

	json_dumpf(json, stdout, JSON_COMPACT);
	putchar('\n');
	json_decref(json);
}

/* --- the command --- */

/* By name, upper or lower case, or by number; a number that two messages have is the SAP message's. */
static const struct sap_message_info *find(const char *word)
{
	struct text upper = {0};
	const struct sap_message_info *info;
	unsigned long type;
	char *end;

	type = strtoul(word, &end, 0);
	if (!*end && end != word && type <= UINT32_MAX) {
		info = sap_message_info((uint32_t)type);
		return info ? info : sap_me_info((uint32_t)type);
	}
	for (const char *c = word; *c; c++)
		text_add(&upper, "%c", toupper((unsigned char)*c));
	info = sap_info_by_name(text_of(&upper));
	text_free(&upper);
	return info;
}

static enum outcome not_found(const struct cli_about *about, const char *word)
{
	struct suggestion best;

	suggest_start(&best, word);
	for (uint32_t i = 0; sap_info_at(i); i++)
		suggest_offer(&best, sap_info_at(i)->name);
	if (suggest_best(&best))
		return cli_wrong(about, "there is no message '%s'; did you mean '%s'?", word,
				 suggest_best(&best));
	return cli_wrong(about, "there is no message '%s'", word);
}

static enum outcome show(const struct cli_about *about, const struct options *o, const char *word)
{
	const struct sap_message_info *info = word ? find(word) : NULL;

	if (o->json && o->markdown)
		return cli_wrong(about, "--json and --markdown exclude each other");
	if (word && !info)
		return not_found(about, word);
	if (o->json) {
		for (uint32_t i = 0; sap_info_at(i); i++) {
			if (!info || info == sap_info_at(i))
				json_one(sap_info_at(i));
		}
	} else if (info) {
		(o->markdown ? markdown_one : print_one)(info);
	} else {
		(o->markdown ? markdown_all : print_all)();
	}
	return OUTCOME_OK;
}

enum outcome messages_run(int argc, const char *const *argv)
{
	struct options o = {0};
	const struct poptOption options[] = {
		{"json", 'j', POPT_ARG_NONE, &o.json, 0, "JSON lines, one message a line", NULL},
		{"markdown", 'm', POPT_ARG_NONE, &o.markdown, 0, "a table for documentation", NULL},
		POPT_TABLEEND,
	};
	const struct cli_about about = {"sap messages", "[OPTION...] [NAME|TYPE]", text, examples, options};
	enum outcome outcome;
	struct cli cli;

	if (cli_begin(&cli, &about, argc, argv, &outcome))
		outcome = show(&about, &o, cli.argument);
	cli_end(&cli);
	return outcome;
}
