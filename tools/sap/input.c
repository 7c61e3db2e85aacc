// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
#include "input.h"

#include <string.h>

#include <sap/fields.h>

#include "image.h"
#include "read.h"
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

/* A capture or a trace shows itself at once, so that it need not end before it is shown. */
static bool is_stream(const struct source *file, enum input_kind *as)
{
	const struct bytes *b = &file->content;

	if (*as == INPUT_UNKNOWN && is_pcap(b->data, b->len))
		*as = INPUT_PCAP;
	else if (*as == INPUT_UNKNOWN && starts_as_trace(b->data, b->len))
		*as = INPUT_TRACE;
	return b->len && (*as == INPUT_PCAP || *as == INPUT_TRACE);
}

/* From the surest sign to the weakest: a damaged input should still be seen for what it was. */
static enum input_kind recognise(const struct segment *s)
{
	if (image_has_mark(s->bytes, s->len))
		return INPUT_AREA;
	if (is_pcap(s->bytes, s->len))
		return INPUT_PCAP;
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

/* Hex text stands for bytes; a capture in it is read as if its bytes had been the file. */
static void take_hextext(struct input *input, bool hex)
{
	/* The start of an area that was cut early is text too. */
	input->is_hex = hex || (hextext_is_text(input->bytes, input->len) &&
				!image_has_mark(input->bytes, input->len));
	if (!input->is_hex)
		return;
	hextext_read(input->bytes, input->len, &input->hextext);
	input->bytes = input->hextext.bytes.data;
	input->len = (uint32_t)input->hextext.bytes.len;
	input->segments = input->hextext.segments;
}

static void find_kind(struct input *input, bool hex)
{
	const struct bytes *file = &input->file.content;
	struct segment first;

	if (!hex && input->kind == INPUT_UNKNOWN && has_trace(file->data, file->len)) {
		input->kind = INPUT_TRACE;
		return;
	}
	take_hextext(input, hex);
	if (!input->len || input->hextext.why[0]) {
		input->kind = INPUT_UNKNOWN; /* nothing to be of a kind */
	} else if (input->kind == INPUT_UNKNOWN) {
		first = input_segment(input, 0);
		input->kind = recognise(&first);
	}
	if (input->is_hex && input->kind == INPUT_PCAP) {
		input->file.content.len = 0;
		bytes_add(&input->file.content, input->bytes, input->len);
	}
}

enum outcome input_open(struct input *input, const char *command, const char *path, enum input_kind as,
			bool hex)
{
	enum outcome outcome;

	*input = (struct input){.kind = as};
	outcome = source_open(&input->file, command, path);
	input->name = input->file.name;
	if (outcome != OUTCOME_OK || (!hex && is_stream(&input->file, &input->kind)))
		return outcome;
	outcome = source_load(&input->file);
	if (outcome != OUTCOME_OK)
		return outcome;

	input->bytes = input->file.content.data;
	input->len = (uint32_t)input->file.content.len;
	input->segments = 1;
	find_kind(input, hex);
	return OUTCOME_OK;
}

void input_close(struct input *input)
{
	hextext_free(&input->hextext);
	source_close(&input->file);
}
