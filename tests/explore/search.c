// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
/*
 * Breadth first over all states; then backwards from those at rest, over what happens by itself. A state
 * that is not reached so can never come to rest again: something is awaited that does not come, messages go
 * round for ever, both sides disagree, or OVERLAP does not end.
 */
#include "search.h"

#include "keep.h"

#include <stdlib.h>
#include <string.h>

/* How a state was reached first. */
struct node {
	uint32_t parent;
	uint8_t action;
	bool rests; /* or leads to one that does, by itself */
};

struct edge {
	uint32_t from, to;
};

struct work {
	struct world root;
	struct seen seen;
	struct store now, next; /* worlds of this depth, and of the one after */
	struct node *nodes;
	uint32_t nodes_room;
	struct edge *edges; /* what happens by itself */
	uint32_t edges_used, edges_room;
	struct found *found;
	uint32_t most;
};

/* --- growing arrays --- */

static bool node_add(struct work *w, uint32_t parent, enum action action)
{
	struct found *found = w->found;

	if (found->states == w->nodes_room) {
		uint32_t room = w->nodes_room ? 2 * w->nodes_room : 1024;
		struct node *nodes = realloc(w->nodes, room * sizeof(*nodes));

		if (!nodes)
			return false;
		w->nodes = nodes;
		w->nodes_room = room;
	}
	w->nodes[found->states].parent = parent;
	w->nodes[found->states].action = (uint8_t)action;
	w->nodes[found->states].rests = world_at_rest();
	found->resting += w->nodes[found->states].rests;
	found->states++;
	return true;
}

static bool edge_add(struct work *w, uint32_t from, uint32_t to)
{
	if (w->edges_used == w->edges_room) {
		uint32_t room = w->edges_room ? 2 * w->edges_room : 1024;
		struct edge *edges = realloc(w->edges, room * sizeof(*edges));

		if (!edges)
			return false;
		w->edges = edges;
		w->edges_room = room;
	}
	w->edges[w->edges_used].from = from;
	w->edges[w->edges_used].to = to;
	w->edges_used++;
	return true;
}

/* --- forwards --- */

static bool path_to(struct work *w, uint32_t node, const enum action *last)
{
	struct found *found = w->found;
	uint32_t length = last ? 1 : 0;

	for (uint32_t n = node; n; n = w->nodes[n].parent)
		length++;
	found->path = malloc((length + 1) * sizeof(*found->path));
	if (!found->path)
		return false;
	found->length = length;
	if (last)
		found->path[--length] = *last;
	for (uint32_t n = node; n; n = w->nodes[n].parent)
		found->path[--length] = (enum action)w->nodes[n].action;
	return true;
}

/* One action from the world as it is. False without memory. */
static bool attempt(struct work *w, uint32_t from, uint64_t digest, enum action action)
{
	struct found *found = w->found;
	bool is_free = world_is_free(action);
	const char *complaint = world_do(action);
	uint64_t after;
	uint32_t to;

	found->steps++;
	if (complaint) {
		found->violation = complaint;
		return path_to(w, from, &action);
	}
	after = world_digest();
	if (after == digest)
		return true;
	to = seen_add(&w->seen, after, found->states);
	if (to == UINT32_MAX)
		return false;
	if (to == found->states && !(node_add(w, from, action) && keep_world(&w->next, &w->root)))
		return false;
	return !is_free || edge_add(w, from, to);
}

static bool expand(struct work *w, uint32_t from)
{
	static struct world here;
	uint64_t digest = world_digest();

	here = world;
	for (unsigned action = 0; action < ACTIONS && !w->found->violation; action++) {
		if (!world_may((enum action)action))
			continue;
		if (!attempt(w, from, digest, (enum action)action))
			return false;
		world = here;
	}
	return true;
}

static bool forwards(struct work *w)
{
	struct found *found = w->found;
	uint32_t from = 0;

	while (w->now.used && !found->violation) {
		size_t at = 0;
		struct store spent;

		while (at < w->now.used && !found->violation) {
			at = fetch_world(&w->now, at, &w->root);
			if (!expand(w, from++))
				return false;
			if (found->states >= w->most)
				return true;
		}
		found->depth++;
		spent = w->now;
		w->now = w->next;
		w->next = spent;
		w->next.used = 0;
	}
	found->complete = true;
	return true;
}

/* --- backwards --- */

/* Edges by where they lead to: those to `n` stand from first[n] on. */
static uint32_t *sort_edges(const struct work *w, uint32_t *sorted)
{
	uint32_t states = w->found->states;
	uint32_t *first = calloc(states + 2, sizeof(*first));

	if (!first)
		return NULL;
	for (uint32_t i = 0; i < w->edges_used; i++)
		first[w->edges[i].to + 2]++;
	for (uint32_t n = 2; n < states + 2; n++)
		first[n] += first[n - 1];
	for (uint32_t i = 0; i < w->edges_used; i++)
		sorted[first[w->edges[i].to + 1]++] = w->edges[i].from;
	return first;
}

static void spread(struct work *w, const uint32_t *first, const uint32_t *sorted, uint32_t *todo)
{
	uint32_t waiting = 0;

	for (uint32_t n = 0; n < w->found->states; n++) {
		if (w->nodes[n].rests)
			todo[waiting++] = n;
	}
	while (waiting) {
		uint32_t to = todo[--waiting];

		for (uint32_t i = first[to]; i < first[to + 1]; i++) {
			if (w->nodes[sorted[i]].rests)
				continue;
			w->nodes[sorted[i]].rests = true;
			todo[waiting++] = sorted[i];
		}
	}
}

static bool backwards(struct work *w)
{
	struct found *found = w->found;
	uint32_t *sorted = malloc((w->edges_used + 1) * sizeof(*sorted));
	uint32_t *todo = malloc((found->states + 1) * sizeof(*todo));
	uint32_t *first = sorted && todo ? sort_edges(w, sorted) : NULL;
	bool done = first;

	if (first)
		spread(w, first, sorted, todo);
	for (uint32_t n = 0; done && n < found->states && !found->violation; n++) {
		if (w->nodes[n].rests)
			continue;
		found->violation = "from here it never comes to rest again";
		done = path_to(w, n, NULL);
	}
	free(first);
	free(todo);
	free(sorted);
	return done;
}

bool search(uint32_t most_states, struct found *found)
{
	struct work *w = calloc(1, sizeof(*w));
	bool done;

	memset(found, 0, sizeof(*found));
	if (!w)
		return false;
	w->root = world;
	w->found = found;
	w->most = most_states;
	done = seen_init(&w->seen) && seen_add(&w->seen, world_digest(), 0) == 0 &&
	       node_add(w, 0, HOST_STEP) && keep_world(&w->now, &w->root) && forwards(w);
	/* With states unseen, rest may lie beyond. */
	if (done && found->complete && !found->violation)
		done = backwards(w);
	world = w->root;
	free(w->seen.keys);
	free(w->seen.values);
	free(w->now.bytes);
	free(w->next.bytes);
	free(w->nodes);
	free(w->edges);
	free(w);
	return done;
}
