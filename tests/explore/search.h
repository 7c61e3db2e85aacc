/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
/*
 * The search: every state that a scenario can get to, the nearest first, so the first violation that is
 * found has the shortest path. It ends when there is no new state, not at some depth.
 */
#ifndef EXPLORE_SEARCH_H
#define EXPLORE_SEARCH_H

#include "world.h"

struct found {
	uint32_t states;       /* different ones */
	uint32_t steps;	       /* tried */
	uint32_t resting;      /* states at rest */
	uint32_t depth;	       /* of the farthest */
	bool complete;	       /* or the limit was reached */
	const char *violation; /* null, or what does not hold */
	enum action *path;     /* to it; free() it */
	uint32_t length;
};

/* From the world as it is. False if there is no memory. */
bool search(uint32_t most_states, struct found *found);

#endif
