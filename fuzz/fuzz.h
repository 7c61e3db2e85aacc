/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
/*
 * What the fuzz targets share: the input read as a row of choices, checks that abort, memory of exactly
 * the size that is needed (so the address sanitizer sees one byte too far), and plain little-endian words,
 * written here once more so that a target does not check the library with the library.
 */
#ifndef SAP_FUZZ_H
#define SAP_FUZZ_H

#include <sap/sap.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Stays in a release build, unlike assert(). */
#define MUST(condition)                                                                                \
	do {                                                                                           \
		if (!(condition)) {                                                                    \
			fprintf(stderr, "%s:%d: does not hold: %s\n", __FILE__, __LINE__, #condition); \
			abort();                                                                       \
		}                                                                                      \
	} while (0)

/* The input, eaten from the front. At its end every choice is 0. */
struct input {
	const uint8_t *at;
	size_t left;
};

static inline const uint8_t *take_bytes(struct input *in, size_t *n)
{
	const uint8_t *at = in->at;

	if (*n > in->left)
		*n = in->left;
	in->at += *n;
	in->left -= *n;
	return at;
}

static inline uint8_t take_u8(struct input *in)
{
	size_t n = 1;
	const uint8_t *p = take_bytes(in, &n);

	return n ? *p : 0;
}

static inline uint32_t take_u16(struct input *in)
{
	uint32_t low = take_u8(in);

	return low | (uint32_t)take_u8(in) << 8;
}

static inline uint32_t take_u32(struct input *in)
{
	uint32_t low = take_u16(in);

	return low | take_u16(in) << 16;
}

/* Memory of exactly that size, filled; never null. */
static inline uint8_t *fresh(size_t size, int fill)
{
	uint8_t *p = malloc(size ? size : 1);

	MUST(p);
	memset(p, fill, size ? size : 1);
	return p;
}

static inline uint32_t word_at(const uint8_t *p)
{
	return p[0] + 0x100u * p[1] + 0x10000u * p[2] + 0x1000000u * p[3];
}

static inline void set_word(uint8_t *p, uint32_t value)
{
	for (uint32_t i = 0; i < 4; i++)
		p[i] = (uint8_t)(value >> (8 * i));
}

/* Where a queue's wr stands in the control block; rd and the size follow (protocol notes, section 3). */
static inline uint32_t words_of(uint32_t queue)
{
	static const uint32_t at[SAP_QUEUES] = {12, 24, 40, 52};

	return at[queue];
}

/* Whether all of it is one byte. */
static inline bool all_are(const uint8_t *p, size_t n, uint8_t byte)
{
	for (size_t i = 0; i < n; i++) {
		if (p[i] != byte)
			return false;
	}
	return true;
}

#endif
