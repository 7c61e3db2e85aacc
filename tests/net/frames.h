/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
/* Frames made by hand, a header after the other: bytes of RFC 791, 826, 2131, 8200, not the library's. */
#ifndef TEST_NET_FRAMES_H
#define TEST_NET_FRAMES_H

#include "support.h"

struct test_frame {
	uint8_t b[1600];
	uint32_t len;
};

static inline void put8(struct test_frame *f, uint32_t value)
{
	f->b[f->len++] = (uint8_t)value;
}

static inline void put16(struct test_frame *f, uint32_t value)
{
	put8(f, value >> 8);
	put8(f, value);
}

static inline void put32(struct test_frame *f, uint32_t value)
{
	put16(f, value >> 16);
	put16(f, value);
}

static inline void put(struct test_frame *f, const void *bytes, uint32_t n)
{
	memcpy(f->b + f->len, bytes, n);
	f->len += n;
}

static inline void put_zeroes(struct test_frame *f, uint32_t n)
{
	memset(f->b + f->len, 0, n);
	f->len += n;
}

static inline void put_ethernet(struct test_frame *f, const uint8_t dst[6], uint32_t type)
{
	static const uint8_t src[6] = {2, 0, 0, 0, 0, 99};

	f->len = 0;
	put(f, dst, 6);
	put(f, src, 6);
	put16(f, type);
}

/* `inside`: bytes behind it. */
static inline void put_ipv4(struct test_frame *f, uint32_t protocol, uint32_t src, uint32_t dst,
			    uint32_t fragment, uint32_t inside)
{
	put16(f, 0x4500);
	put16(f, 20 + inside);
	put16(f, 1);
	put16(f, fragment);
	put8(f, 64);
	put8(f, protocol);
	put16(f, 0);
	put32(f, src);
	put32(f, dst);
}

static inline void put_ipv6(struct test_frame *f, uint32_t next, const uint8_t dst[16], uint32_t inside)
{
	static const uint8_t src[16] = {0xfe, 0x80, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 9};

	put32(f, 0x60000000);
	put16(f, inside);
	put8(f, next);
	put8(f, 64);
	put(f, src, 16);
	put(f, dst, 16);
}

static inline void put_udp(struct test_frame *f, uint32_t src, uint32_t dst, uint32_t inside)
{
	put16(f, src);
	put16(f, dst);
	put16(f, 8 + inside);
	put16(f, 0);
}

/* A SYN. */
static inline void put_tcp(struct test_frame *f, uint32_t src, uint32_t dst)
{
	put16(f, src);
	put16(f, dst);
	put_zeroes(f, 8);
	put32(f, 0x50024000);
	put_zeroes(f, 4);
}

#endif
