/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
/* What compiling and classifying agree on beside struct sap_filter. */
#ifndef SAP_CORE_FILTER_H
#define SAP_CORE_FILTER_H

#include <sap/filter.h>

/*
 * Another one of 16 for each of the 16 powers of two: a de Bruijn sequence shows four different bits on top as
 * it is shifted. So the lowest bit of a mask finds its verdict without being counted out.
 */
static inline uint32_t filter_slot(uint32_t bit)
{
	return (bit * 0x09af & 0xffff) >> 12;
}

/* A bit for the last byte of a multicast address: most addresses that nobody listens to have another one. */
static inline uint32_t filter_group_bit(uint32_t last)
{
	return 1u << (last & 31);
}

#endif
