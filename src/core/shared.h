/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
/*
 * The only touch of shared memory: load an index, store an index, copy out, copy in, and a span to write
 * into. Whoever audits libsap against a hostile peer reads this file, and then looks at who calls it.
 *
 * What is read here may change at any moment. So each byte is copied out once, and sap_forget() keeps the
 * compiler from going back to the shared byte for what is in the copy.
 *
 * Callers pass offsets that they have checked against their own copy of the layout.
 */
#ifndef SAP_CORE_SHARED_H
#define SAP_CORE_SHARED_H

#include "../codec/bytes.h"
#include "../platform.h"

#include <sap/area.h>
#include <sap/queue.h>

/* The word at a byte of the area. The base is a multiple of 4, and so is `at`. */
static inline uint32_t *shared_word(const struct sap_area *area, uint32_t at)
{
	return (uint32_t *)(void *)(area->base + at);
}

/* An index: little-endian in the area, and one access, so it is never seen half-written. */
static inline uint32_t shared_load(const struct sap_area *area, uint32_t at)
{
	uint32_t raw = sap_load_acquire(shared_word(area, at));
	uint8_t bytes[4];

	memcpy(bytes, &raw, sizeof(raw));
	return sap_get_le32(bytes);
}

static inline void shared_store(const struct sap_area *area, uint32_t at, uint32_t value)
{
	uint8_t bytes[4];
	uint32_t raw;

	sap_put_le32(bytes, value);
	memcpy(&raw, bytes, sizeof(raw));
	sap_store_release(shared_word(area, at), raw);
}

static inline void shared_zero(const struct sap_area *area)
{
	memset(area->base, 0, area->size);
}

static inline void shared_copy_in(const struct sap_area *area, uint32_t at, const void *from, uint32_t n)
{
	memcpy(area->base + at, from, n);
}

static inline void shared_copy_out(const struct sap_area *area, uint32_t at, void *to, uint32_t n)
{
	memcpy(to, area->base + at, n);
	sap_forget();
}

/*
 * `n` bytes of the ring [base, base + size) from `at` on. The one piece, which is nearly always, stands for
 * itself: where the caller's `n` is constant it becomes a load.
 */
static inline void shared_ring_out(const struct sap_area *area, uint32_t base, uint32_t size, uint32_t at,
				   void *to, uint32_t n)
{
	const uint8_t *ring = area->base + base;
	uint32_t first = size - at;

	if (n <= first) {
		memcpy(to, ring + at, n);
	} else {
		memcpy(to, ring + at, first);
		memcpy((uint8_t *)to + first, ring, n - first);
	}
	sap_forget();
}

/* The same bytes, to write into. */
static inline struct sap_span shared_ring_span(const struct sap_area *area, uint32_t base, uint32_t size,
					       uint32_t at, uint32_t n)
{
	uint32_t first = n < size - at ? n : size - at;
	struct sap_span span = {area->base + base + at, first, NULL, n - first};

	if (n > first)
		span.second = area->base + base;
	return span;
}

/* Bytes into a span, `offset` bytes behind its start; as above, one piece stands for itself. */
static inline void shared_span_in(const struct sap_span *span, uint32_t offset, const void *from, uint32_t n)
{
	uint32_t first = offset < span->first_len ? span->first_len - offset : 0;

	if (n <= first) {
		memcpy(span->first + offset, from, n);
		return;
	}
	if (first)
		memcpy(span->first + offset, from, first);
	memcpy(span->second + (offset + first - span->first_len), (const uint8_t *)from + first, n - first);
}

#endif
