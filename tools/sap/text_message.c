// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
/*
 * Fields stand on the message's own line if they are few and short, else below it. Either way a walk by
 * the visitor makes them: nothing here knows any message.
 */
#include "text_message.h"

#include <stdlib.h>
#include <string.h>

#include "frame.h"
#include "text_value.h"

enum {
	NAME_COLUMNS = 27,  /* of a message's name; all but one are shorter */
	FIELD_COLUMNS = 20, /* of a field's name, indents included */
	FIELD_INDENT = 2,
	MOST_INLINE = 4,  /* fields on a message's own line */
	SHORTEST_RUN = 4, /* numbers that are worth a summary */
};

struct text_paint text_paint(const struct text_style *style)
{
	static const struct text_paint none = {"", "", "", ""};
	static const struct text_paint colours = {"\033[1m", "\033[2m", "\033[31m", "\033[0m"};

	return style->colour ? colours : none;
}

/* Reserved bytes are worth a word only if somebody set them. */
static bool is_shown(const struct sap_item *item)
{
	return item->field->kind != SAP_FIELD_RESERVED || !all_zero(item->bytes, item->size);
}

/* --- on one line --- */

/* The steps of a structure or an array up to its end, as one line. */
static void add_flat(struct text *out, struct sap_visitor *v)
{
	const char *between = "";
	struct sap_item item;
	unsigned int depth = 1;

	while (depth && sap_visitor_next(v, &item)) {
		if (item.step == SAP_STEP_CLOSE) {
			depth--;
		} else if (item.step != SAP_STEP_VALUE) {
			depth++;
		} else if (is_shown(&item)) {
			text_add(out, "%s", between);
			if (!item.element)
				text_add(out, "%s ", item.field->name);
			text_value(out, &item);
			between = item.element ? " " : ", ";
		}
	}
}

/* All fields on one line, ", " between them. False if they are no matter for one line. */
static bool add_inline(struct text *out, const struct record *record)
{
	struct sap_visitor v;
	struct sap_item item;
	unsigned int fields = 0;

	sap_visitor_init(&v, record->info, record->payload, record->payload_len);
	while (sap_visitor_next(&v, &item)) {
		if (item.step == SAP_STEP_VALUE && !is_shown(&item))
			continue;
		if (item.step == SAP_STEP_OPEN_STRUCT || ++fields > MOST_INLINE ||
		    (item.step == SAP_STEP_OPEN_ARRAY && !field_is_number(item.field)) ||
		    (item.step == SAP_STEP_VALUE && text_wants_dump(&item)))
			return false;
		text_add(out, "%s%s ", fields > 1 ? ", " : "", item.field->name);
		if (item.step == SAP_STEP_VALUE)
			text_value(out, &item);
		else
			add_flat(out, &v);
	}
	return true;
}

/* --- one a line --- */

/* Where a block of fields goes. */
struct block {
	struct text *out;
	unsigned int indent; /* of the outermost fields */
	unsigned int depth;  /* how many structures are open */
	unsigned int width;
};

static unsigned int value_column(const struct block *b)
{
	return b->indent + FIELD_COLUMNS;
}

static void add_name(const struct block *b, const char *name)
{
	unsigned int indent = b->indent + FIELD_INDENT * b->depth;
	int columns = FIELD_COLUMNS - FIELD_INDENT * (int)b->depth;

	text_add(b->out, "%*s%-*s", (int)indent, "", columns, name);
	if (strlen(name) >= (size_t)columns)
		text_add(b->out, " ");
}

/* Words of a list, wrapped at the width. */
static void add_word(const struct block *b, size_t *line_start, const char *word, bool more)
{
	if (b->out->len - *line_start + strlen(word) + 1 > b->width) {
		text_add(b->out, "\n%*s", (int)value_column(b), "");
		*line_start = b->out->len - value_column(b);
	} else if (b->out->s[b->out->len - 1] == ',') {
		text_add(b->out, " ");
	}
	text_add(b->out, "%s%s", word, more ? "," : "");
}

/* How many values from `at` on are equal to it, or count up by one from it. */
static uint32_t run_length(const struct sap_item *items, uint32_t at, uint32_t count, uint64_t step)
{
	uint32_t n = 1;

	while (at + n < count && items[at + n].value == items[at + n - 1].value + step)
		n++;
	return n;
}

static void add_runs(const struct block *b, const struct sap_item *items, uint32_t count)
{
	size_t line_start = b->out->len - value_column(b);
	struct text word = {0};

	text_add(b->out, "%u values: ", (unsigned int)count);
	for (uint32_t at = 0; at < count;) {
		uint32_t equal = run_length(items, at, count, 0);
		uint32_t rising = run_length(items, at, count, 1);
		uint32_t n = 1;

		text_clear(&word);
		text_value(&word, &items[at]);
		if (equal >= SHORTEST_RUN) {
			n = equal;
			text_add(&word, " %u times", (unsigned int)n);
		} else if (rising >= SHORTEST_RUN) {
			n = rising;
			text_add(&word, " counting up to ");
			text_value(&word, &items[at + n - 1]);
		}
		at += n;
		add_word(b, &line_start, text_of(&word), at < count);
	}
	text_add(b->out, "\n");
	text_free(&word);
}

static void add_numbers(const struct block *b, struct sap_visitor *v, const struct sap_item *open)
{
	struct sap_item *items = memory_zeroed(open->field->count, sizeof(*items));
	struct sap_item item;
	uint32_t count = 0;

	while (sap_visitor_next(v, &item) && item.step == SAP_STEP_VALUE)
		items[count++] = item;
	add_name(b, open->field->name);
	if (count > TEXT_SHORT_BYTES) {
		add_runs(b, items, count);
	} else {
		for (uint32_t i = 0; i < count; i++) {
			text_add(b->out, i ? " " : "");
			text_value(b->out, &items[i]);
		}
		text_add(b->out, "\n");
	}
	free(items);
}

/* Whether flags in a structure of a list say that it counts; `known` tells whether they can say so at all. */
static bool is_enabled(const struct sap_item *element, bool *known)
{
	uint32_t at = 0;

	for (uint32_t i = 0; i < element->field->n_sub; i++) {
		const struct sap_field *field = &element->field->sub[i];

		for (uint32_t n = 0; field->show == SAP_SHOW_FLAGS && n < field->names->count; n++) {
			if (strcmp(field->names->list[n].name, "ENABLED") != 0)
				continue;
			*known = true;
			/* Flags of filters are one byte. */
			return (element->bytes[at] & field->names->list[n].value) != 0;
		}
		at += (uint32_t)field->size * field->count;
	}
	return false;
}

/* An array of structures: those that say anything, one a line. */
static void add_structs(const struct block *b, struct sap_visitor *v, const struct sap_item *open)
{
	unsigned int count = 0, set = 0, enabled = 0;
	struct text lines = {0};
	struct sap_item item;
	bool known = false;

	while (sap_visitor_next(v, &item) && item.step == SAP_STEP_OPEN_STRUCT) {
		struct text line = {0};

		count++;
		enabled += is_enabled(&item, &known) ? 1 : 0;
		add_flat(&line, v);
		if (!all_zero(item.bytes, item.size)) {
			set++;
			text_add(&lines, "%*s[%u] %s\n", (int)(b->indent + FIELD_INDENT * (b->depth + 1)), "",
				 (unsigned int)item.index, text_of(&line));
		}
		text_free(&line);
	}
	add_name(b, open->field->name);
	if (!set)
		text_add(b->out, "none of %u set\n", count);
	else if (known)
		text_add(b->out, "%u of %u set, %u enabled\n%s", set, count, enabled, text_of(&lines));
	else
		text_add(b->out, "%u of %u set\n%s", set, count, text_of(&lines));
	text_free(&lines);
}

static void add_field(const struct block *b, const struct sap_item *item)
{
	unsigned int indent = b->indent + FIELD_INDENT * (b->depth + 1);

	if (!is_shown(item))
		return;
	add_name(b, item->field->name);
	text_value(b->out, item);
	text_add(b->out, "\n");
	if (!text_wants_dump(item))
		return;
	if (item->field->show == SAP_SHOW_FRAME) {
		text_add(b->out, "%*s", (int)indent, "");
		frame_summary(b->out, item->bytes, item->size);
		text_add(b->out, "\n");
	}
	text_dump(b->out, item->bytes, item->size, indent);
}

static void add_block(struct block *b, const struct record *record)
{
	struct sap_visitor v;
	struct sap_item item;

	sap_visitor_init(&v, record->info, record->payload, record->payload_len);
	while (sap_visitor_next(&v, &item)) {
		switch (item.step) {
		case SAP_STEP_VALUE:
			add_field(b, &item);
			break;
		case SAP_STEP_OPEN_ARRAY:
			if (item.field->kind == SAP_FIELD_STRUCT)
				add_structs(b, &v, &item);
			else
				add_numbers(b, &v, &item);
			break;
		case SAP_STEP_OPEN_STRUCT:
			text_add(b->out, "%*s%s\n", (int)(b->indent + FIELD_INDENT * b->depth), "",
				 item.field->name);
			b->depth++;
			break;
		case SAP_STEP_CLOSE:
			b->depth--;
			break;
		}
	}
}

/* --- the message --- */

/* A trace may tell of a message without its bytes. */
static void add_absence(struct text *out, const struct record *record)
{
	if (!(record->left_out & RECORD_NO_LEN) && record->len)
		text_add(out, " (%u bytes of payload, not in the text)", (unsigned int)record->len);
	else if ((record->left_out & RECORD_NO_LEN) && (!record->info || record->info->least))
		text_add(out, " (payload not in the text)");
}

/* "the host left it", and what is odd about the header. */
static void add_meaning(struct text *out, const struct record *record)
{
	if (record->info)
		text_add(out, "%s", record->info->meaning);
	else
		text_add(out, "a type in no table");
	if (record->left_out & RECORD_NO_PAYLOAD) {
		add_absence(out, record);
		return;
	}
	if (record->left_out & RECORD_NO_LEN)
		return;
	if (record->me && record->len != record->payload_len + SAP_ME_HEADER_SIZE)
		text_add(out, " (its len says %u)", (unsigned int)record->len);
	if (!record->me && record->len != record->payload_len)
		text_add(out, " (cut)");
}

/* The fields, where there is room for them: after the meaning, on one line below it, or one a line. */
static void add_fields(struct text *out, const struct record *record, const struct text_style *style,
		       size_t column)
{
	struct block block = {.out = out, .indent = style->indent + FIELD_INDENT, .width = style->width};
	struct text line = {0};
	bool flat = (record->left_out & RECORD_NO_PAYLOAD) || add_inline(&line, record);

	if (flat && !line.len) {
		text_add(out, "\n");
	} else if (flat && column + 2 + line.len <= style->width) {
		text_add(out, ": %s\n", text_of(&line));
	} else if (flat && block.indent + line.len <= style->width) {
		text_add(out, "\n%*s%s\n", (int)block.indent, "", text_of(&line));
	} else {
		text_add(out, "\n");
		add_block(&block, record);
	}
	text_free(&line);
}

void text_message(struct text *out, const struct record *record, const struct text_style *style)
{
	struct text_paint paint = text_paint(style);
	struct text meaning = {0};
	char buffer[24];
	const char *name = record_name(record, buffer);
	size_t columns = strlen(name) > NAME_COLUMNS ? strlen(name) : NAME_COLUMNS;

	add_meaning(&meaning, record);
	text_add(out, "%s%s%s%*s  %s%s%s", paint.bold, name, paint.plain, (int)(columns - strlen(name)), "",
		 record->history ? paint.dim : "", text_of(&meaning), record->history ? paint.plain : "");
	add_fields(out, record, style, style->indent + columns + 2 + meaning.len);
	text_free(&meaning);
}
