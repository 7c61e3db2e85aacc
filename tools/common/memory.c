// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
#include "memory.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
	EXIT_NO_MEMORY = 3, /* as of a file that cannot be had */
};

static void *must(void *memory)
{
	if (!memory) {
		fputs("sap: out of memory\n", stderr);
		exit(EXIT_NO_MEMORY);
	}
	return memory;
}

void *memory_zeroed(size_t count, size_t size)
{
	return must(calloc(count ? count : 1, size ? size : 1));
}

/* Room for `more` beyond `len`; the capacity at least doubles, so that many small steps stay cheap. */
static void *grown(void *memory, size_t len, size_t *cap, size_t more)
{
	size_t wanted = len + more;

	if (wanted < len)
		return must(NULL);
	if (wanted <= *cap)
		return memory;
	*cap = wanted < 2 * *cap ? 2 * *cap : wanted;
	return must(realloc(memory, *cap));
}

uint8_t *bytes_more(struct bytes *b, size_t n)
{
	uint8_t *start;

	b->data = grown(b->data, b->len, &b->cap, n ? n : 1);
	start = b->data + b->len;
	memset(start, 0, n);
	b->len += n;
	return start;
}

void bytes_add(struct bytes *b, const void *data, size_t n)
{
	uint8_t *to = bytes_more(b, n);

	if (n)
		memcpy(to, data, n);
}

void bytes_free(struct bytes *b)
{
	free(b->data);
	*b = (struct bytes){0};
}

void text_add(struct text *t, const char *format, ...)
{
	va_list args;
	int n;

	va_start(args, format);
	n = vsnprintf(NULL, 0, format, args);
	va_end(args);
	if (n < 0)
		return;
	t->s = grown(t->s, t->len, &t->cap, (size_t)n + 1);
	va_start(args, format);
	vsnprintf(t->s + t->len, (size_t)n + 1, format, args);
	va_end(args);
	t->len += (size_t)n;
}

void text_clear(struct text *t)
{
	t->len = 0;
	if (t->s)
		t->s[0] = '\0';
}

void text_free(struct text *t)
{
	free(t->s);
	*t = (struct text){0};
}

const char *text_of(const struct text *t)
{
	return t->s ? t->s : "";
}
