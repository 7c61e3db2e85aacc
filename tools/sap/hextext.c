// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
#include "hextext.h"

#include <ctype.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "file.h"

enum {
	LEAST_OFFSET_DIGITS = 8, /* of a dump's offset: shorter ones might be data */
	MOST_OFFSET_DIGITS = 12,
};

/* A text being read. */
struct reader {
	struct hextext *hex;
	size_t segment;	 /* where the open segment's bytes start */
	bool dump;	 /* a line of it was one of a dump */
	bool star;	 /* `*` was met: the line before repeats up to the next offset */
	uint64_t origin; /* the offset of a dump's first line */
	size_t row;	 /* where the bytes of the line before start */
};

static bool is_digit(char c)
{
	return isxdigit((unsigned char)c) != 0;
}

static unsigned int digit(char c)
{
	if (c >= '0' && c <= '9')
		return (unsigned int)(c - '0');
	return (unsigned int)(tolower((unsigned char)c) - 'a') + 10;
}

bool hextext_is_text(const uint8_t *data, size_t len)
{
	bool comment = false;

	for (size_t i = 0; i < len; i++) {
		uint8_t c = data[i];

		comment = c != '\n' && (comment || c == '#');
		if (c >= 0x80 ? !comment : !isprint(c) && !isspace(c))
			return false;
	}
	return len > 0;
}

__attribute__((format(printf, 3, 4))) static bool fail(struct reader *r, size_t column, const char *format,
						       ...)
{
	va_list args;

	r->hex->column = column + 1;
	va_start(args, format);
	vsnprintf(r->hex->why, sizeof(r->hex->why), format, args);
	va_end(args);
	return false;
}

static size_t digits_at(const char *line, size_t len, size_t at)
{
	size_t n = 0;

	while (at + n < len && is_digit(line[at + n]))
		n++;
	return n;
}

/* Pairs of digits, and what may stand between them, from `from` to `to`. */
static bool read_pairs(struct reader *r, const char *line, size_t from, size_t to)
{
	for (size_t at = from; at < to;) {
		size_t n;

		if (line[at] == '#')
			return true;
		if (strchr(" \t\v\f\r,:;", line[at])) {
			at++;
			continue;
		}
		if (line[at] == '0' && at + 1 < to && (line[at + 1] == 'x' || line[at + 1] == 'X'))
			at += 2;
		n = digits_at(line, to, at);
		if (!n)
			return fail(r, at, "not a hex digit");
		if (n % 2)
			return fail(r, at, "an odd number of hex digits in a row, %zu: a byte takes two", n);
		for (size_t i = 0; i < n; i += 2)
			*bytes_more(&r->hex->bytes, 1) =
				(uint8_t)(digit(line[at + i]) << 4 | digit(line[at + i + 1]));
		at += n;
	}
	return true;
}

/* Where a dump's column of characters starts, if the line is one of a dump; else 0. */
static size_t dump_columns_end(const char *line, size_t len, size_t digits)
{
	if (line[digits] == ':' && digits + 1 < len && line[digits + 1] == ' ') {
		/* xxd: two spaces end the bytes, whatever follows. */
		for (size_t at = digits + 2; at + 1 < len; at++) {
			if (line[at] == ' ' && line[at + 1] == ' ')
				return at;
		}
		return len;
	}
	if (line[digits] == ' ' && line[len - 1] == '|') {
		const char *bar = memchr(line, '|', len - 1);

		return bar ? (size_t)(bar - line) : 0;
	}
	return 0;
}

/* A dump's offset: it must go on from the line before, or end a run that `*` stands for. */
static bool go_to_offset(struct reader *r, uint64_t offset)
{
	struct hextext *hex = r->hex;
	size_t there = hex->bytes.len - r->segment;
	size_t row_len = hex->bytes.len - r->row;
	unsigned long long end;
	uint64_t wanted;

	if (!r->dump)
		r->origin = offset;
	wanted = offset - r->origin;
	if (r->star && row_len && offset >= r->origin && wanted <= FILE_LIMIT) {
		size_t from = hex->bytes.len;
		uint8_t *to = bytes_more(&hex->bytes, wanted > there ? (size_t)(wanted - there) : 0);

		for (size_t i = 0; from + i < hex->bytes.len; i++)
			to[i] = hex->bytes.data[r->row + i % row_len];
		there = hex->bytes.len - r->segment;
	}
	end = r->origin + there;
	if (offset < r->origin || wanted != there)
		return fail(r, 0, "offset 0x%llx, but the lines before end at 0x%llx",
			    (unsigned long long)offset, end);
	r->star = false;
	return true;
}

static bool read_dump_line(struct reader *r, const char *line, size_t digits, size_t end)
{
	uint64_t offset = 0;

	for (size_t i = 0; i < digits; i++)
		offset = offset << 4 | digit(line[i]);
	if (!go_to_offset(r, offset))
		return false;
	r->dump = true;
	r->row = r->hex->bytes.len;
	return read_pairs(r, line, digits + 1, end);
}

static bool read_line(struct reader *r, const char *line, size_t len)
{
	size_t digits = digits_at(line, len, 0);

	if (digits >= LEAST_OFFSET_DIGITS && digits <= MOST_OFFSET_DIGITS) {
		/* The last line of `hexdump -C` is an offset alone. */
		size_t end = digits < len ? dump_columns_end(line, len, digits) : r->dump ? len : 0;

		if (end)
			return read_dump_line(r, line, digits, end);
	}
	if (r->dump && len == 1 && line[0] == '*') {
		r->star = true;
		return true;
	}
	return read_pairs(r, line, 0, len);
}

static void end_segment(struct reader *r)
{
	struct hextext *hex = r->hex;

	r->dump = false;
	r->star = false;
	if (hex->bytes.len == r->segment)
		return;
	/* Doubles at each power of two. */
	if ((hex->segments & (hex->segments - 1)) == 0) {
		size_t *ends = memory_zeroed(hex->segments ? 2 * hex->segments : 1, sizeof(*ends));

		if (hex->segments)
			memcpy(ends, hex->ends, hex->segments * sizeof(*ends));
		free(hex->ends);
		hex->ends = ends;
	}
	hex->ends[hex->segments++] = hex->bytes.len;
	r->segment = hex->bytes.len;
}

void hextext_read(const uint8_t *data, size_t len, struct hextext *hex)
{
	struct reader r = {.hex = hex};
	const char *line = (const char *)data;
	const char *end = line + len;

	*hex = (struct hextext){0};
	while (line < end) {
		const char *newline = memchr(line, '\n', (size_t)(end - line));
		size_t n = (size_t)((newline ? newline : end) - line);

		hex->line++;
		while (n && isspace((unsigned char)line[n - 1]))
			n--;
		if (!n)
			end_segment(&r);
		else if (!read_line(&r, line, n))
			break;
		if (hex->bytes.len > FILE_LIMIT) {
			fail(&r, 0, "more than %d MiB of bytes", FILE_LIMIT >> 20);
			break;
		}
		line = newline ? newline + 1 : end;
	}
	end_segment(&r);
}

void hextext_free(struct hextext *hex)
{
	bytes_free(&hex->bytes);
	free(hex->ends);
	hex->ends = NULL;
}

void hextext_write(struct text *out, const uint8_t *data, size_t len)
{
	for (size_t i = 0; i < len; i++)
		text_add(out, "%02x%s", data[i], i % 16 == 15 || i + 1 == len ? "\n" : " ");
}
