/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
/* Frames in slots of 4 bytes, one after the other, as in the circular buffers of real hardware. */
#ifndef VMEI_SLOTS_H
#define VMEI_SLOTS_H

#include <linux/minmax.h>
#include <linux/string.h>
#include <linux/types.h>

struct vmei_ring {
	u8 *bytes;
	u32 size; /* a power of two */
	u32 head; /* written so far, modulo 2^32 */
	u32 tail; /* read so far */
};

static inline u32 vmei_ring_used(const struct vmei_ring *ring)
{
	return ring->head - ring->tail;
}

static inline u32 vmei_ring_free(const struct vmei_ring *ring)
{
	return ring->size - vmei_ring_used(ring);
}

static inline void vmei_ring_clear(struct vmei_ring *ring)
{
	ring->tail = ring->head;
}

/* Puts @len bytes, and what is missing to a whole slot. The caller knows that they fit. */
static inline void vmei_ring_put(struct vmei_ring *ring, const void *from, u32 len)
{
	u32 at = ring->head & (ring->size - 1);
	u32 first = min(len, ring->size - at);

	memcpy(ring->bytes + at, from, first);
	memcpy(ring->bytes, (const u8 *)from + first, len - first);
	ring->head += ALIGN(len, 4);
}

/* Copies @len bytes that begin @skip bytes after the oldest, and takes none. */
static inline void vmei_ring_peek(const struct vmei_ring *ring, u32 skip, void *to, u32 len)
{
	u32 at = (ring->tail + skip) & (ring->size - 1);
	u32 first = min(len, ring->size - at);

	memcpy(to, ring->bytes + at, first);
	memcpy((u8 *)to + first, ring->bytes, len - first);
}

/* Takes @len bytes and the rest of their last slot, for nobody. */
static inline void vmei_ring_drop(struct vmei_ring *ring, u32 len)
{
	ring->tail += min(ALIGN(len, 4), vmei_ring_used(ring));
}

/* Takes @len bytes and the rest of their last slot. If there are fewer, the missing ones read as 0. */
static inline void vmei_ring_get(struct vmei_ring *ring, void *to, u32 len)
{
	u32 there = min(len, vmei_ring_used(ring));

	vmei_ring_peek(ring, 0, to, there);
	memset((u8 *)to + there, 0, len - there);
	vmei_ring_drop(ring, len);
}

#endif
