/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
/*
 * Keeping many worlds: each as its difference from the first one, since most bytes never change. And a set
 * of numbers, to know which states were seen.
 */
#ifndef EXPLORE_KEEP_H
#define EXPLORE_KEEP_H

#include "world.h"

/* Bytes that grow. */
struct store {
	uint8_t *bytes;
	size_t used, room;
};

/* The world, appended. False without memory. */
bool keep_world(struct store *store, const struct world *root);

/* Back from `at`; gives where the next one starts. */
size_t fetch_world(const struct store *store, size_t at, const struct world *root);

/* Numbers, and what each stands for; open addressing. */
struct seen {
	uint64_t *keys;
	uint32_t *values;
	uint32_t used, room; /* the room is a power of two */
};

bool seen_init(struct seen *seen);

/* The value of a key, which gets `fresh` if it is new; UINT32_MAX without memory. */
uint32_t seen_add(struct seen *seen, uint64_t key, uint32_t fresh);

#endif
