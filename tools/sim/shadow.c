// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
#include "shadow.h"

#include <stdlib.h>
#include <string.h>

#include <sap/queue.h>

enum {
	NEAR = 8,     /* changes that are no further apart are one piece */
	MOST_AT = 64, /* the control block */
};

/* --- words of the control block: docs/protocol/sap.md section 3 --- */

static uint32_t wr_at(uint32_t queue)
{
	return 12 + 12 * queue + (queue >= SAP_CSME_NOTIF ? 4 : 0);
}

static uint32_t rd_at(uint32_t queue)
{
	return wr_at(queue) + 4;
}

typedef uint32_t __attribute__((may_alias)) word;

static word *word_at(uint8_t *memory, uint32_t at)
{
	return (word *)(void *)(memory + at);
}

/* A word as it stands in memory: little-endian, whatever the machine is. */
static uint32_t number(uint32_t raw)
{
	uint8_t b[4];

	memcpy(b, &raw, sizeof(b));
	return b[0] | (uint32_t)b[1] << 8 | (uint32_t)b[2] << 16 | (uint32_t)b[3] << 24;
}

static uint32_t own(const struct sim_shadow *shadow, uint32_t at)
{
	return number(*word_at(shadow->memory, at));
}

static bool is_outbound(const struct sim_shadow *shadow, uint32_t queue)
{
	return (shadow->role == SAP_ROLE_HOST) == (queue < SAP_CSME_NOTIF);
}

/* Whether the engine knows where queues lie in this memory, and they do lie in it. */
static bool has_queues(const struct sim_shadow *shadow, const struct sap_area *area)
{
	if (!shadow->memory || area->base != shadow->memory || !area->layout.size)
		return false;
	for (uint32_t q = 0; q < SAP_QUEUES; q++) {
		const struct sap_extent *queue = &area->layout.queue[q];

		if (queue->offset < MOST_AT || queue->offset > shadow->size || !queue->size ||
		    queue->size > shadow->size - queue->offset)
			return false;
	}
	return true;
}

/* --- there is memory, or none --- */

void sim_shadow_open(struct sim_shadow *shadow, enum sap_role role, const struct sap_mem *live, uint32_t most)
{
	sim_shadow_close(shadow);
	shadow->role = role;
	shadow->live = live->base;
	shadow->size = live->size < most ? live->size : most;
	shadow->memory = memory_zeroed(shadow->size, 1);
	shadow->scratch = memory_zeroed(shadow->size, 1);
	shadow->fresh = role == SAP_ROLE_HOST;
	memset(shadow->shown, 0, sizeof(shadow->shown));
}

void sim_shadow_close(struct sim_shadow *shadow)
{
	free(shadow->memory);
	free(shadow->scratch);
	bytes_free(&shadow->bytes);
	bytes_free(&shadow->pieces);
	memset(shadow, 0, sizeof(*shadow));
}

/* --- in --- */

static void start_pieces(struct sim_shadow *shadow)
{
	shadow->bytes.len = 0;
	shadow->pieces.len = 0;
}

/* Takes bytes of the scratch over. They lie where they lie as long as nothing more comes, so point last. */
static void add_piece(struct sim_shadow *shadow, uint32_t at, uint32_t len)
{
	struct sim_piece piece = {.at = at, .len = len};

	memcpy(shadow->memory + at, shadow->scratch + at, len);
	bytes_add(&shadow->bytes, shadow->scratch + at, len);
	bytes_add(&shadow->pieces, &piece, sizeof(piece));
}

static void end_pieces(struct sim_shadow *shadow, struct sim_record *record)
{
	struct sim_piece *pieces = (struct sim_piece *)(void *)shadow->pieces.data;
	const uint8_t *bytes = shadow->bytes.data;

	memset(record, 0, sizeof(*record));
	record->kind = SIM_RECORD_MEMORY;
	record->count = (uint32_t)(shadow->pieces.len / sizeof(*pieces));
	record->pieces = pieces;
	for (uint32_t i = 0; i < record->count; i++) {
		pieces[i].bytes = bytes;
		bytes += pieces[i].len;
	}
}

/* What of [at, at + len) in the scratch differs from what the engine has. */
static void take_changes(struct sim_shadow *shadow, uint32_t at, uint32_t len)
{
	uint32_t end = at + len, same = 0, from;

	while (at < end) {
		if (shadow->scratch[at] == shadow->memory[at]) {
			at++;
			continue;
		}
		for (from = at, same = 0; at < end && same < NEAR; at++)
			same = shadow->scratch[at] == shadow->memory[at] ? same + 1 : 0;
		add_piece(shadow, from, at - same - from);
	}
}

static void take_range(struct sim_shadow *shadow, uint32_t at, uint32_t len)
{
	memcpy(shadow->scratch + at, shadow->live + at, len);
	take_changes(shadow, at, len);
}

static void load_word(struct sim_shadow *shadow, uint32_t at)
{
	uint32_t raw = __atomic_load_n(word_at(shadow->live, at), __ATOMIC_ACQUIRE);

	memcpy(shadow->scratch + at, &raw, sizeof(raw));
}

static void take_word(struct sim_shadow *shadow, uint32_t at)
{
	load_word(shadow, at);
	if (memcmp(shadow->memory + at, shadow->scratch + at, sizeof(uint32_t)) != 0)
		add_piece(shadow, at, sizeof(uint32_t));
}

/* All that waits in a queue to us, by the peer's word for how far it wrote. */
static void take_ring(struct sim_shadow *shadow, const struct sap_extent *queue, uint32_t rd, uint32_t wr)
{
	if (rd >= queue->size || wr >= queue->size)
		return;
	if (rd <= wr) {
		take_range(shadow, queue->offset + rd, wr - rd);
	} else {
		take_range(shadow, queue->offset + rd, queue->size - rd);
		take_range(shadow, queue->offset, wr);
	}
}

void sim_shadow_in(struct sim_shadow *shadow, const struct sap_area *area, struct sim_record *record)
{
	start_pieces(shadow);
	for (uint32_t q = 0; q < SAP_QUEUES && !shadow->fresh && has_queues(shadow, area); q++) {
		if (is_outbound(shadow, q)) {
			take_word(shadow, rd_at(q));
		} else {
			take_word(shadow, wr_at(q));
			take_ring(shadow, &area->layout.queue[q], own(shadow, rd_at(q)),
				  own(shadow, wr_at(q)));
		}
	}
	end_pieces(shadow, record);
}

/* What was taken in counts as shown. */
static void note_shown(struct sim_shadow *shadow)
{
	for (uint32_t q = 0; q < SAP_QUEUES; q++) {
		shadow->shown[2 * q] = own(shadow, wr_at(q));
		shadow->shown[2 * q + 1] = own(shadow, rd_at(q));
	}
}

void sim_shadow_in_all(struct sim_shadow *shadow, struct sim_record *record)
{
	/* Whole words. */
	uint32_t block = (shadow->size < MOST_AT ? shadow->size : MOST_AT) & ~(uint32_t)3;

	start_pieces(shadow);
	if (shadow->memory) {
		/* The indices before what they speak of. */
		for (uint32_t at = 0; at < block; at += sizeof(uint32_t))
			load_word(shadow, at);
		take_changes(shadow, 0, block);
		take_range(shadow, block, shadow->size - block);
		if (shadow->size >= MOST_AT)
			note_shown(shadow);
	}
	end_pieces(shadow, record);
}

/* --- out --- */

static void show_word(struct sim_shadow *shadow, uint32_t at)
{
	__atomic_store_n(word_at(shadow->live, at), *word_at(shadow->memory, at), __ATOMIC_RELEASE);
}

static void show_range(struct sim_shadow *shadow, uint32_t at, uint32_t len)
{
	memcpy(shadow->live + at, shadow->memory + at, len);
}

/* What the engine published since, and that it did. */
static void show_written(struct sim_shadow *shadow, const struct sap_extent *queue, uint32_t q)
{
	uint32_t *shown = &shadow->shown[2 * q];
	uint32_t wr = own(shadow, wr_at(q));

	if (wr == *shown || wr >= queue->size || *shown >= queue->size)
		return;
	if (*shown <= wr) {
		show_range(shadow, queue->offset + *shown, wr - *shown);
	} else {
		show_range(shadow, queue->offset + *shown, queue->size - *shown);
		show_range(shadow, queue->offset, wr);
	}
	show_word(shadow, wr_at(q));
	*shown = wr;
}

static void show_read(struct sim_shadow *shadow, uint32_t q)
{
	uint32_t *shown = &shadow->shown[2 * q + 1];
	uint32_t rd = own(shadow, rd_at(q));

	if (rd == *shown)
		return;
	show_word(shadow, rd_at(q));
	*shown = rd;
}

void sim_shadow_out(struct sim_shadow *shadow, const struct sap_area *area)
{
	if (!has_queues(shadow, area))
		return;
	if (shadow->fresh) {
		/* The host's area, just made: nobody looks at it yet. */
		show_range(shadow, 0, shadow->size);
		note_shown(shadow);
		shadow->fresh = false;
		return;
	}
	for (uint32_t q = 0; q < SAP_QUEUES; q++) {
		if (is_outbound(shadow, q))
			show_written(shadow, &area->layout.queue[q], q);
		else
			show_read(shadow, q);
	}
}
