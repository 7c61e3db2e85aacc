/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
/* What compiling and classifying agree on beside struct sap_filter. */
#ifndef SAP_CORE_FILTER_H
#define SAP_CORE_FILTER_H

#include <sap/filter.h>

/* Of pairs, which one. */
enum {
	IPV4 = 0,
	IPV6 = 1,
	TCP = 0,
	UDP = 1,
	HIGH = 0,
	LOW = 1,
};

/* TCP is protocol 6, UDP 17. */
static inline uint32_t filter_tcp_or_udp(uint32_t protocol)
{
	return protocol & 1;
}

/* The bit of a flex filter. Bit 0 is nobody's: see filter_slot(). */
static inline uint32_t flex_bit(uint32_t i)
{
	return 2u << i;
}

/*
 * Another one of 16 for each of the 16 powers of two: a de Bruijn sequence shows four different bits on top as
 * it is shifted. So the lowest bit of a mask finds its verdict without being counted out.
 *
 * Slot 0 is that of bit 0, and of no bit at all: its verdict is NO_MATCH.
 */
static inline uint32_t filter_slot(uint32_t bit)
{
	return bit * 0x09af0000 >> 28;
}

/*
 * A bit for the last byte of a multicast address, or for the id of a VLAN: most of those that nobody listed have
 * another one than those that are listed.
 */
static inline uint32_t filter_bit(uint32_t value)
{
	return 1u << (value & 31);
}

static inline bool filter_may_have(uint32_t bits, uint32_t value)
{
	return bits >> (value & 31) & 1;
}

/*
 * A verdict as one word, its bytes as they lie in memory: it goes from function to function in a register, where
 * a compiler would take a struct apart and put it together again.
 */
union filter_word {
	struct sap_verdict verdict;
	uint32_t word;
};

_Static_assert(sizeof(struct sap_verdict) == sizeof(uint32_t), "a verdict is one word");

static inline uint32_t filter_word(bool to_csme, bool to_host, enum sap_rule rule, uint32_t index)
{
	union filter_word u = {{to_csme, to_host, (uint8_t)rule, (uint8_t)index}};

	return u.word;
}

static inline struct sap_verdict filter_verdict(uint32_t word)
{
	union filter_word u = {.word = word};

	return u.verdict;
}

static inline uint32_t host_alone(enum sap_rule rule)
{
	return filter_word(false, true, rule, 0);
}

#endif
