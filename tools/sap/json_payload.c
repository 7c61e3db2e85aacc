// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
/*
 * From JSON to a payload: the visitor walks the payload's bytes, and beside it go the objects and lists.
 *
 * Twice: numbers first, since some of them say how long the field after them is; then bytes, and a look at
 * what was given and belongs nowhere.
 */
#include <string.h>

#include "json_message.h"
#include "json_value.h"
#include "suggest.h"
#include "text_value.h"

enum {
	MOST_LEVELS = 6, /* the visitor opens fewer */
};

/* The message itself, or a structure or array in it that is open. */
struct level {
	struct sap_item opened;		/* by which step; unused for the message */
	const struct sap_field *fields; /* null for an array */
	uint32_t n_fields;
	json_t *json;  /* what is given for it; may be null */
	json_t *left;  /* of an object: the members that found no field yet. Ours. */
	uint32_t seen; /* of an array: elements */
};

struct walk {
	uint8_t *payload;
	uint32_t len;
	bool numbers; /* the first of the two */
	struct level level[MOST_LEVELS];
	unsigned int depth; /* the innermost */
	struct complaint *complaint;
};

void complaint_free(struct complaint *complaint)
{
	text_free(&complaint->where);
	text_free(&complaint->why);
}

/* --- saying where --- */

static void add_step(struct text *where, const struct sap_item *item)
{
	if (item->element)
		text_add(where, "[%u]", (unsigned int)item->index);
	else
		text_add(where, ".%s", item->field->name);
}

/* The path to the innermost level, and a step further. False, for the caller to return. */
static bool complain(const struct walk *w, const struct sap_item *item)
{
	struct text *where = &w->complaint->where;

	text_add(where, "fields");
	for (unsigned int i = 1; i <= w->depth; i++)
		add_step(where, &w->level[i].opened);
	if (item)
		add_step(where, item);
	return false;
}

/* --- levels --- */

static bool open_level(struct walk *w, const struct sap_item *item, json_t *json)
{
	struct level *level = &w->level[++w->depth];
	bool array = item->step == SAP_STEP_OPEN_ARRAY;

	*level = (struct level){.opened = *item, .json = json};
	if (json && (array ? !json_is_array(json) : !json_is_object(json))) {
		text_add(&w->complaint->why, array ? "not a list" : "not an object");
		return complain(w, NULL);
	}
	if (array) {
		if (json_array_size(json) > item->field->count) {
			text_add(&w->complaint->why, "%zu elements are given, it has %u",
				 json_array_size(json), (unsigned int)item->field->count);
			return complain(w, NULL);
		}
		return true;
	}
	level->fields = item->field->sub;
	level->n_fields = item->field->n_sub;
	level->left = json ? json_copy(json) : NULL;
	return true;
}

static bool has_field(const struct level *level, const char *name)
{
	for (uint32_t i = 0; i < level->n_fields; i++) {
		if (strcmp(level->fields[i].name, name) == 0)
			return true;
	}
	return false;
}

/* A member that found no field: it has none, or that is past the payload's end. */
static bool complain_of_member(const struct walk *w, const struct level *level, const char *name)
{
	struct text *why = &w->complaint->why;
	struct suggestion best;

	if (has_field(level, name) || strcmp(name, "extra") == 0) {
		text_add(why, "does not fit: the payload has only %u bytes", (unsigned int)w->len);
	} else {
		suggest_start(&best, name);
		for (uint32_t i = 0; i < level->n_fields; i++)
			suggest_offer(&best, level->fields[i].name);
		text_add(why, "there is no such field");
		if (suggest_best(&best))
			text_add(why, "; did you mean \"%s\"?", suggest_best(&best));
	}
	complain(w, NULL);
	text_add(&w->complaint->where, ".%s", name);
	return false;
}

/* Whether all that was given for the innermost level found its field. */
static bool level_is_done(const struct walk *w)
{
	const struct level *level = &w->level[w->depth];
	const char *name;
	json_t *member;

	if (w->numbers)
		return true;
	json_object_foreach(level->left, name, member)
	{
		(void)member;
		return complain_of_member(w, level, name);
	}
	if (json_is_array(level->json) && level->seen < json_array_size(level->json)) {
		text_add(&w->complaint->why, "only %u elements fit into the payload's %u bytes",
			 (unsigned int)level->seen, (unsigned int)w->len);
		return complain(w, NULL);
	}
	return true;
}

static bool close_level(struct walk *w)
{
	bool done = level_is_done(w);

	json_decref(w->level[w->depth].left);
	w->level[w->depth].left = NULL;
	if (w->depth)
		w->depth--;
	return done;
}

/* What is given for a step, or null. */
static json_t *given(struct walk *w, const struct sap_item *item)
{
	struct level *level = &w->level[w->depth];
	json_t *json;

	if (item->element) {
		level->seen = item->index + 1;
		return json_array_get(level->json, item->index);
	}
	json = json_object_get(level->json, item->field->name);
	if (json)
		json_object_del(level->left, item->field->name);
	return json;
}

/* --- values --- */

/* How many bytes of a field JSON stands for; 0 if it does not hold, which is told when it is stored. */
static uint32_t measure(const struct sap_field *field, json_t *json)
{
	json_t *text = json_is_object(json) ? json_object_get(json, "text") : NULL;
	struct bytes bytes = {0};
	struct text why = {0};
	size_t len = 0;

	if (field->show == SAP_SHOW_SSID && json_is_string(text))
		return (uint32_t)json_string_length(text);
	if (json && json_to_bytes(field, UINT32_MAX, json, &bytes, &why))
		len = bytes.len;
	bytes_free(&bytes);
	text_free(&why);
	return (uint32_t)len;
}

/* The field whose bytes this number counts, or null. */
static const struct sap_field *counted_by(const struct level *level, const struct sap_field *field)
{
	const struct sap_field *next;

	if (!level->fields || field + 1 >= level->fields + level->n_fields)
		return NULL;
	next = field + 1;
	return next->kind == SAP_FIELD_LIMITED || next->show == SAP_SHOW_SSID ? next : NULL;
}

static bool store_number(struct walk *w, const struct sap_item *item, json_t *json)
{
	const struct level *level = &w->level[w->depth];
	const struct sap_field *counted = item->element ? NULL : counted_by(level, item->field);
	uint64_t number = 0;

	if (json) {
		if (!json_to_number(item->field, json, &number, &w->complaint->why))
			return complain(w, item);
	} else if (counted) {
		number = measure(counted, json_object_get(level->json, counted->name));
	}
	if (sap_field_store(item, w->payload, w->len, number) == SAP_OK)
		return true;
	text_add(&w->complaint->why, "%s", sap_strerror(SAP_BAD_VALUE));
	return complain(w, item);
}

static bool store_bytes(struct walk *w, const struct sap_item *item, json_t *json)
{
	struct bytes bytes = {0};
	bool holds;

	if (!json)
		return true;
	holds = json_to_bytes(item->field, item->size, json, &bytes, &w->complaint->why);
	if (holds && bytes.len)
		memcpy(w->payload + item->offset, bytes.data, bytes.len);
	bytes_free(&bytes);
	return holds || complain(w, item);
}

static bool take_step(struct walk *w, const struct sap_item *item)
{
	json_t *json;

	if (item->step == SAP_STEP_CLOSE)
		return close_level(w);
	json = given(w, item);
	if (item->step != SAP_STEP_VALUE)
		return open_level(w, item, json);
	if (field_is_number(item->field))
		return !w->numbers || store_number(w, item, json);
	return w->numbers || store_bytes(w, item, json);
}

static bool walk(struct walk *w, const struct sap_message_info *info, json_t *fields)
{
	struct sap_visitor visitor;
	struct sap_item item;
	bool good = true;

	w->depth = 0;
	w->level[0] = (struct level){
		.fields = info ? info->fields : NULL,
		.n_fields = info ? info->n_fields : 0,
		.json = fields,
		.left = json_copy(fields),
	};
	sap_visitor_init(&visitor, info, w->payload, w->len);
	while (good && sap_visitor_next(&visitor, &item))
		good = take_step(w, &item);
	if (good)
		good = level_is_done(w);
	for (unsigned int i = 0; i < MOST_LEVELS; i++)
		json_decref(w->level[i].left);
	memset(w->level, 0, sizeof(w->level));
	return good;
}

bool json_to_payload(const struct sap_message_info *info, json_t *fields, uint8_t *payload, uint32_t len,
		     struct complaint *complaint)
{
	struct walk w = {.payload = payload, .len = len, .numbers = true, .complaint = complaint};

	if (!fields)
		return true;
	if (!json_is_object(fields)) {
		text_add(&complaint->where, "fields");
		text_add(&complaint->why, "not an object");
		return false;
	}
	if (!walk(&w, info, fields))
		return false;
	w.numbers = false;
	return walk(&w, info, fields);
}

uint32_t json_payload_size(const struct sap_message_info *info, json_t *fields)
{
	static const struct sap_field rest = {.kind = SAP_FIELD_REST, .show = SAP_SHOW_HEX};
	uint32_t size = measure(&rest, json_object_get(fields, info ? "extra" : "opaque"));
	bool open_end = false;

	for (uint32_t i = 0; info && i < info->n_fields; i++) {
		const struct sap_field *field = &info->fields[i];
		json_t *json = json_object_get(fields, field->name);

		size += (uint32_t)field->size * field->count;
		if (field->size == 0 && json) {
			size += measure(field, json);
			open_end = true;
		}
	}
	return open_end || !info || size > info->least ? size : info->least;
}
