/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
/*
 * Memory that grows: bytes, and text. Running out of it ends the command with a sentence.
 */
#ifndef SAP_TOOL_MEMORY_H
#define SAP_TOOL_MEMORY_H

#include <stddef.h>
#include <stdint.h>

/* `count` zeroed things of `size` bytes; never null. For free(). */
void *memory_zeroed(size_t count, size_t size);

/* Bytes. All zero is empty. */
struct bytes {
	uint8_t *data;
	size_t len;
	size_t cap;
};

/* `n` more bytes at the end, zeroed: where they start. */
uint8_t *bytes_more(struct bytes *b, size_t n);
void bytes_add(struct bytes *b, const void *data, size_t n);
void bytes_free(struct bytes *b);

/* Text, always ended by a zero once something was added. All zero is empty. */
struct text {
	char *s;
	size_t len;
	size_t cap;
};

__attribute__((format(printf, 2, 3))) void text_add(struct text *t, const char *format, ...);
void text_clear(struct text *t);
void text_free(struct text *t);

/* What is in it; "" if nothing was added. */
const char *text_of(const struct text *t);

#endif
