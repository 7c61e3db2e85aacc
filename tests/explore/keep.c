// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
#include "keep.h"

#include <stdlib.h>
#include <string.h>

enum {
	FIRST_ROOM = 1 << 16,
	WORDS = sizeof(struct world) / 8,
};

_Static_assert(sizeof(struct world) % 8 == 0, "a world is compared word by word");
_Static_assert(WORDS <= UINT16_MAX, "a word's place fits 16 bits");

/* --- worlds: (place, number) and then that many words, until a number of 0 --- */

static bool make_room(struct store *store, size_t more)
{
	size_t room = store->room ? store->room : FIRST_ROOM;
	uint8_t *bytes;

	while (room - store->used < more)
		room *= 2;
	if (room == store->room)
		return true;
	bytes = realloc(store->bytes, room);
	if (!bytes)
		return false;
	store->bytes = bytes;
	store->room = room;
	return true;
}

static void put(struct store *store, const void *from, size_t n)
{
	memcpy(store->bytes + store->used, from, n);
	store->used += n;
}

static bool differs(const uint8_t *a, const uint8_t *b, size_t word)
{
	return memcmp(a + 8 * word, b + 8 * word, 8) != 0;
}

bool keep_world(struct store *store, const struct world *root)
{
	const uint8_t *a = (const uint8_t *)&world;
	const uint8_t *b = (const uint8_t *)root;
	uint16_t run[2] = {0, 0};

	if (!make_room(store, 2 * sizeof(struct world)))
		return false;
	for (size_t i = 0; i < WORDS; i++) {
		size_t end = i;

		while (end < WORDS && differs(a, b, end))
			end++;
		if (end == i)
			continue;
		run[0] = (uint16_t)i;
		run[1] = (uint16_t)(end - i);
		put(store, run, sizeof(run));
		put(store, a + 8 * i, 8 * (end - i));
		i = end;
	}
	run[1] = 0;
	put(store, run, sizeof(run));
	return true;
}

size_t fetch_world(const struct store *store, size_t at, const struct world *root)
{
	uint16_t run[2];

	memcpy(&world, root, sizeof(world));
	for (;;) {
		memcpy(run, store->bytes + at, sizeof(run));
		at += sizeof(run);
		if (!run[1])
			return at;
		memcpy((uint8_t *)&world + 8u * run[0], store->bytes + at, 8u * run[1]);
		at += 8u * run[1];
	}
}

/* --- numbers --- */

bool seen_init(struct seen *seen)
{
	seen->used = 0;
	seen->room = FIRST_ROOM;
	seen->keys = calloc(seen->room, sizeof(*seen->keys));
	seen->values = calloc(seen->room, sizeof(*seen->values));
	return seen->keys && seen->values;
}

/* 0 marks a free place. */
static uint32_t place(const struct seen *seen, uint64_t key)
{
	uint32_t at = (uint32_t)(key ^ key >> 29) & (seen->room - 1);

	while (seen->keys[at] && seen->keys[at] != key)
		at = (at + 1) & (seen->room - 1);
	return at;
}

static bool grow(struct seen *seen)
{
	struct seen old = *seen;

	seen->room *= 2;
	seen->keys = calloc(seen->room, sizeof(*seen->keys));
	seen->values = calloc(seen->room, sizeof(*seen->values));
	for (uint32_t i = 0; i < old.room && seen->keys && seen->values; i++) {
		if (old.keys[i]) {
			uint32_t at = place(seen, old.keys[i]);

			seen->keys[at] = old.keys[i];
			seen->values[at] = old.values[i];
		}
	}
	free(old.keys);
	free(old.values);
	return seen->keys && seen->values;
}

uint32_t seen_add(struct seen *seen, uint64_t key, uint32_t fresh)
{
	uint32_t at;

	if (seen->used >= seen->room / 2 && !grow(seen))
		return UINT32_MAX;
	key = key ? key : 1;
	at = place(seen, key);
	if (!seen->keys[at]) {
		seen->keys[at] = key;
		seen->values[at] = fresh;
		seen->used++;
	}
	return seen->values[at];
}
