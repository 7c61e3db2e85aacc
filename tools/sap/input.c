// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
#include "input.h"

#include <string.h>

#include <sap/fields.h>

#include "file.h"
#include "image.h"
#include "record.h"

struct segment input_segment(const struct input *input, size_t index)
{
	size_t from = index ? input->hextext.ends[index - 1] : 0;
	size_t to = input->is_hex ? input->hextext.ends[index] : input->len;

	return (struct segment){input->bytes + from, (uint32_t)(to - from), (uint32_t)from};
}

/*
 * An ME message says its own length, or is a doorbell as the Linux driver rings it, with length 0. With
 * `whole`, what it says must be what came.
 */
static bool is_me(const struct segment *s, bool whole)
{
	struct record r;

	if (s->len < SAP_ME_HEADER_SIZE)
		return false;
	record_of_me(&r, s->bytes, s->len, 0);
	if (!r.info)
		return false;
	if (r.type == SAP_ME_CHECK_SHARED_AREA && r.len == 0)
		return true;
	return r.len == (whole ? s->len : SAP_ME_HEADER_SIZE + r.info->least);
}

/* Whether messages fill the segment to the last byte, of known types or at least not of type 0. */
static bool is_sap(const struct segment *s, bool known)
{
	struct record r;
	uint32_t at = 0;

	while (s->len - at >= SAP_HEADER_SIZE) {
		record_of_sap(&r, s->bytes + at, s->len - at, 0);
		if (r.payload_len < r.len || !r.type || (known && !r.info))
			return false;
		at += SAP_HEADER_SIZE + r.len;
	}
	return at == s->len && at > 0;
}

static bool starts_as_sap(const struct segment *s)
{
	struct record r;

	if (s->len < SAP_HEADER_SIZE)
		return false;
	record_of_sap(&r, s->bytes, s->len, 0);
	return r.info != NULL;
}

/* From the surest sign to the weakest: a damaged input should still be seen for what it was. */
static enum input_kind recognise(const struct segment *s)
{
	if (image_has_mark(s->bytes, s->len))
		return INPUT_AREA;
	if (is_me(s, true))
		return INPUT_ME;
	if (is_sap(s, true))
		return INPUT_SAP;
	if (is_me(s, false))
		return INPUT_ME;
	if (image_has_size(s->len))
		return INPUT_AREA;
	if (starts_as_sap(s) || is_sap(s, false))
		return INPUT_SAP;
	return INPUT_UNKNOWN;
}

enum outcome input_open(struct input *input, const char *command, const char *path, enum input_kind as,
			bool hex)
{
	struct segment first;
	enum outcome outcome;

	*input = (struct input){.name = file_name(path), .kind = as};
	outcome = file_load(command, path, &input->file);
	if (outcome != OUTCOME_OK)
		return outcome;

	input->bytes = input->file.data;
	input->len = (uint32_t)input->file.len;
	input->segments = 1;
	/* The start of an area that was cut early is text too. */
	input->is_hex = hex || (hextext_is_text(input->bytes, input->len) &&
				!image_has_mark(input->bytes, input->len));
	if (input->is_hex) {
		hextext_read(input->file.data, input->file.len, &input->hextext);
		input->bytes = input->hextext.bytes.data;
		input->len = (uint32_t)input->hextext.bytes.len;
		input->segments = input->hextext.segments;
	}
	if (!input->len || input->hextext.why[0]) {
		input->kind = INPUT_UNKNOWN; /* nothing to be of a kind */
	} else if (input->kind == INPUT_UNKNOWN) {
		first = input_segment(input, 0);
		input->kind = recognise(&first);
	}
	return OUTCOME_OK;
}

void input_close(struct input *input)
{
	hextext_free(&input->hextext);
	bytes_free(&input->file);
}
