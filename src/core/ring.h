/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
/*
 * Arithmetic of a ring: positions below `size`, distances going forward. No division: a Cortex-M0 has none.
 */
#ifndef SAP_CORE_RING_H
#define SAP_CORE_RING_H

#include <sap/types.h>

/* How far it is from `from` forward to `to`. */
static inline uint32_t ring_distance(uint32_t from, uint32_t to, uint32_t size)
{
	return to >= from ? to - from : size - from + to;
}

/* Where `n` bytes forward of `at` lies; n is at most the size. */
static inline uint32_t ring_after(uint32_t at, uint32_t n, uint32_t size)
{
	return n < size - at ? at + n : n - (size - at);
}

#endif
