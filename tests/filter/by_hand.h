/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
/* Tests by hand: a set of filters, a frame, and what is to come of it. Each rule of docs/filters.md has some. */
#ifndef TESTS_FILTER_BY_HAND_H
#define TESTS_FILTER_BY_HAND_H

#include "frames.h"

#define V4  .type = 0x0800
#define V6  .type = 0x86dd
#define ARP .type = 0x0806

enum {
	/* Flags as section 6.6 has them. */
	COPY = 1,
	ENABLED = 2,
	NEED6 = 4,
	NEED4 = 8,
	TCP = 16,
	UDP = 32,
	ETH_STOP = 1,
	ETH_COPY = 2,
	ETH_ENABLED = 4,
};

/* What a test looks at. */
extern struct sap_oob_filters oob;

void no_filters(void);
void flex(unsigned i, uint32_t flags, uint32_t src, uint32_t dst);
void eth(unsigned i, uint32_t flags, const char *mac);
void ipv6(unsigned i, uint32_t flags, uint32_t low24);

/* That this frame has this verdict: by the filters, and by the reference. */
void decides(const struct spec *spec, const char *expected, const char *file, int line);

#define DECIDES(expected, ...) decides(&(struct spec){__VA_ARGS__}, (expected), __FILE__, __LINE__)

#endif
