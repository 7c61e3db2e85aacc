/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
/*
 * The one place where libsap meets what it is compiled for: four memory functions, the order of memory
 * accesses to a shared index, and the sequence counter.
 *
 *   user space (gcc, clang)   the compiler's __atomic builtins; the peer is a thread or a process
 *   Linux kernel              barriers that a device sees, since the peer is firmware that does DMA
 *   Cortex-M0                 as user space, but without an atomic read-modify-write
 *
 * sap_load_acquire    reads an index: what the peer wrote before it published it is seen after it
 * sap_store_release   publishes an index: every access before it, reads too, is done before it is seen
 * sap_forget          the compiler forgets what it knows of memory, so that a private copy of shared bytes
 *                     is what is used afterwards, and never the shared bytes once more
 * sap_increment       adds one and gives the sum
 * SAP_APART           a function that stays one: what is rare does not burden who calls it
 * SAP_INLINE          a function that becomes part of each that calls it, however long it is
 * SAP_HOT             a function for each packet: it starts with a line of the instruction cache, so that what
 *                     is linked before it does not decide how fast it is
 * SAP_SELDOM          a condition that seldom holds: what is usual goes straight on
 */
#ifndef SAP_PLATFORM_H
#define SAP_PLATFORM_H

#include <sap/types.h>

#if defined(__GNUC__)
#define SAP_APART	      __attribute__((__noinline__))
#define SAP_INLINE	      inline __attribute__((__always_inline__))
#define SAP_HOT		      __attribute__((__aligned__(64)))
#define SAP_SELDOM(condition) __builtin_expect(!!(condition), 0)
#else
#define SAP_APART
#define SAP_INLINE inline
#define SAP_HOT
#define SAP_SELDOM(condition) (condition)
#endif

#if defined(__KERNEL__)

#include <linux/atomic.h>
#include <linux/compiler.h>
#include <linux/limits.h>
#include <linux/string.h>
#include <asm/barrier.h>

/* The kernel's name for it; it has no stdint.h. */
#if !defined(UINT32_MAX)
#define UINT32_MAX U32_MAX
#endif

static inline uint32_t sap_load_acquire(const uint32_t *at)
{
	uint32_t value = READ_ONCE(*at);

	dma_rmb();
	return value;
}

static inline void sap_store_release(uint32_t *at, uint32_t value)
{
	/* A consumer's reads of the message must be over too, so a write barrier would not do. */
	mb();
	WRITE_ONCE(*at, value);
}

static inline void sap_forget(void)
{
	barrier();
}

static inline uint32_t sap_increment(uint32_t *at)
{
	uint32_t old;

	do {
		old = READ_ONCE(*at);
	} while (cmpxchg(at, old, old + 1) != old);
	return old + 1;
}

#else

#if defined(SAP_FREESTANDING)
void *memcpy(void *to, const void *from, size_t n);
void *memset(void *at, int byte, size_t n);
int memcmp(const void *a, const void *b, size_t n);
#else
#include <string.h>
#endif

#if defined(__GNUC__)

/* The memory of an area is bytes to everyone else, so an index in it is an alias. */
typedef uint32_t __attribute__((may_alias)) sap_aliasing_u32;

static inline uint32_t sap_load_acquire(const uint32_t *at)
{
	return __atomic_load_n((const sap_aliasing_u32 *)at, __ATOMIC_ACQUIRE);
}

static inline void sap_store_release(uint32_t *at, uint32_t value)
{
	__atomic_store_n((sap_aliasing_u32 *)at, value, __ATOMIC_RELEASE);
}

static inline void sap_forget(void)
{
	__asm__ __volatile__("" ::: "memory");
}

static inline uint32_t sap_increment(uint32_t *at)
{
#if defined(__ARM_ARCH_6M__) || defined(__ARM_ARCH_8M_BASE__)
	/* No exclusive access on this core: sap/queue.h asks callers to hold one lock for both lanes. */
	return ++*at;
#else
	return __atomic_add_fetch(at, 1, __ATOMIC_RELAXED);
#endif
}

#else
#error "libsap needs a compiler with GNU __atomic builtins; add a variant here for another one"
#endif

#endif

#endif
