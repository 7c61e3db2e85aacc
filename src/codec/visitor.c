// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
/*
 * The visitor: a walk over the bytes of one message, field by field, as the tables say.
 *
 * Levels are what is open: the message itself, and in it arrays and structures. Each call makes one step:
 * closes a level that has come to its end, or takes its next field or element. Fields have no gaps, so one
 * running offset tells where each starts.
 */
#include <sap/fields.h>

#include "../platform.h"
#include "bytes.h"
#include "fields.h"

/* The message, an array in it, a structure in that, an array in that, a structure in that. */
_Static_assert(sizeof(((struct sap_visitor *)NULL)->level) / sizeof(((struct sap_visitor *)NULL)->level[0]) ==
		       5,
	       "levels");

void sap_visitor_init(struct sap_visitor *visitor, const struct sap_message_info *info,
		      const uint8_t *payload, uint32_t len)
{
	/* Stands for a payload that is not there, so that no step points at null. */
	static const uint8_t nothing[1];

	memset(visitor, 0, sizeof(*visitor));
	visitor->info = info;
	visitor->payload = payload ? payload : nothing;
	visitor->len = payload ? len : 0;
	visitor->depth = 1;
	visitor->level[0].fields = info ? info->fields : &sap_field_opaque;
	visitor->level[0].n_fields = info ? info->n_fields : 1;
}

static uint32_t bytes_left(const struct sap_visitor *v)
{
	return v->len - v->offset;
}

/* Bytes of one element of a field, here. */
static uint32_t size_here(const struct sap_visitor *v, const struct sap_field *field)
{
	if (field->kind == SAP_FIELD_REST)
		return bytes_left(v);
	if (field->kind == SAP_FIELD_LIMITED)
		return v->number < bytes_left(v) ? (uint32_t)v->number : bytes_left(v);
	return field->size;
}

/* Elements of an array, here: those that the field or the number before it tells, as far as they are there. */
static uint32_t count_here(const struct sap_visitor *v, const struct sap_field *field)
{
	uint32_t whole;

	if (field->count)
		return field->count;
	whole = bytes_left(v) / field->size;
	return field->counted && v->number < whole ? (uint32_t)v->number : whole;
}

static uint64_t number_at(const struct sap_field *field, const uint8_t *p)
{
	uint64_t value = 0;

	for (uint32_t i = 0; i < field->size; i++) {
		if (field->kind == SAP_FIELD_UINT_BE)
			value = value << 8 | p[i];
		else
			value |= (uint64_t)p[i] << (8 * i);
	}
	return value;
}

static uint32_t used_of(const struct sap_visitor *v, const struct sap_item *item)
{
	uint32_t used = item->size;

	if (item->field->show == SAP_SHOW_SSID && v->number < used)
		used = (uint32_t)v->number;
	if (item->field->show == SAP_SHOW_VERSIONS) {
		used = 0;
		while (used < item->size && item->bytes[used])
			used++;
	}
	if (item->field->show == SAP_SHOW_TEXT) {
		while (used && !item->bytes[used - 1])
			used--;
	}
	return used;
}

/* A number or bytes: the step stands at it, the walk goes past it. */
static void take_value(struct sap_visitor *v, struct sap_item *item)
{
	item->step = SAP_STEP_VALUE;
	item->value = 0;
	item->used = used_of(v, item);
	if (item->field->kind == SAP_FIELD_UINT || item->field->kind == SAP_FIELD_UINT_BE) {
		item->value = number_at(item->field, item->bytes);
		v->number = item->value;
	}
	if (item->field->show == SAP_SHOW_SECRET) {
		item->bytes = NULL;
		item->used = 0;
	}
	v->offset += item->size;
}

static void open_level(struct sap_visitor *v, struct sap_item *item, enum sap_step step)
{
	item->step = step;
	item->value = 0;
	item->used = item->size;
	v->level[v->depth].field = item->field;
	v->level[v->depth].at = 0;
	v->level[v->depth].index = item->index;
	v->level[v->depth].element = item->element;
	v->level[v->depth].fields = step == SAP_STEP_OPEN_STRUCT ? item->field->sub : NULL;
	v->level[v->depth].n_fields =
		step == SAP_STEP_OPEN_STRUCT ? item->field->n_sub : count_here(v, item->field);
	v->depth++;
}

/* One field, or one element of an array: a value, or the start of a structure. */
static void take_element(struct sap_visitor *v, struct sap_item *item)
{
	if (item->field->kind == SAP_FIELD_STRUCT)
		open_level(v, item, SAP_STEP_OPEN_STRUCT);
	else
		take_value(v, item);
}

static void stand_at(const struct sap_visitor *v, struct sap_item *item, const struct sap_field *field,
		     uint32_t index, bool element, uint32_t size)
{
	item->field = field;
	item->index = index;
	item->element = element;
	item->offset = v->offset;
	item->size = size;
	item->bytes = v->payload + v->offset;
}

/* The innermost level has come to its end, or to that of the payload. */
static bool close_level(struct sap_visitor *v, struct sap_item *item)
{
	const struct sap_field *field;

	if (v->depth > 1) {
		field = v->level[--v->depth].field;
		stand_at(v, item, field, v->level[v->depth].index, v->level[v->depth].element, 0);
		item->step = SAP_STEP_CLOSE;
		item->value = 0;
		item->used = 0;
		return true;
	}
	/* What follows the last field; only once, since it goes to the end. */
	if (!bytes_left(v))
		return false;
	stand_at(v, item, &sap_field_extra, 0, false, bytes_left(v));
	take_value(v, item);
	return true;
}

/* A cut number or row of bytes: nothing after it can be told either. What is left comes as `extra`. */
static bool stop_here(struct sap_visitor *v, struct sap_item *item)
{
	for (uint32_t i = 0; i < v->depth; i++)
		v->level[i].at = v->level[i].n_fields;
	return close_level(v, item);
}

bool sap_visitor_next(struct sap_visitor *v, struct sap_item *item)
{
	const struct sap_field *field;
	uint32_t at;
	uint32_t size;
	bool element;
	bool opens_array;

	if (!v->depth)
		return false;

	at = v->level[v->depth - 1].at;
	if (at == v->level[v->depth - 1].n_fields)
		return close_level(v, item);

	element = !v->level[v->depth - 1].fields;
	field = element ? v->level[v->depth - 1].field : &v->level[v->depth - 1].fields[at];
	opens_array = field->array && !element;
	size = size_here(v, field) * (opens_array ? count_here(v, field) : 1);
	if (size > bytes_left(v)) {
		/* Of a cut structure or array, what is there is shown. */
		size = bytes_left(v);
		if (!size || !(opens_array || field->kind == SAP_FIELD_STRUCT))
			return stop_here(v, item);
	}

	v->level[v->depth - 1].at++;
	stand_at(v, item, field, element ? at : 0, element, size);
	if (opens_array)
		open_level(v, item, SAP_STEP_OPEN_ARRAY);
	else
		take_element(v, item);
	return true;
}

enum sap_status sap_field_store(const struct sap_item *item, uint8_t *payload, uint32_t len, uint64_t value)
{
	uint32_t bits;

	if (!item || !payload || item->step != SAP_STEP_VALUE ||
	    (item->field->kind != SAP_FIELD_UINT && item->field->kind != SAP_FIELD_UINT_BE))
		return SAP_INVALID;
	bits = 8u * item->field->size;
	if (bits < 64 && value >> bits)
		return SAP_BAD_VALUE;
	if (item->offset > len || len - item->offset < item->field->size)
		return SAP_TOO_SMALL;

	for (uint32_t i = 0; i < item->field->size; i++) {
		uint32_t shift = item->field->kind == SAP_FIELD_UINT_BE ? bits - 8 - 8 * i : 8 * i;

		payload[item->offset + i] = (uint8_t)(value >> shift);
	}
	return SAP_OK;
}
