// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
/*
 * Any bytes as a shared area: adopting finds each fault and no other, writes nothing, and what lies in the
 * queues of an area that holds is taken exactly as a slow reader here takes it, without leaving the area.
 *
 * The input: how the area is laid out, its control block (or only the eight positions), then for each queue
 * the bytes that lie at its rd. A whole image is taken too, as it stands.
 */
#include "fuzz.h"

enum {
	KIND_V3 = 0,
	KIND_V4 = 1,
	KIND_SMALL = 2,
	KIND_IMAGE = 3,
	KIND_BLOCK = 4
};

/* Two blocks, kept from run to run while the size stays: fresh pages cost more than the run itself. */
static uint8_t *block(uint32_t which, size_t size, int fill)
{
	static struct {
		uint8_t *bytes;
		size_t size;
	} kept[2];

	if (!kept[which].bytes || kept[which].size != size) {
		free(kept[which].bytes);
		kept[which].bytes = fresh(size, fill);
		kept[which].size = size;
	}
	memset(kept[which].bytes, fill, size);
	return kept[which].bytes;
}

/* How far it is from one position forward to another. */
static uint32_t steps_between(uint32_t from, uint32_t to, uint32_t size)
{
	return (to + size - from) % size;
}

static uint8_t ring_byte(const uint8_t *image, const struct sap_extent *queue, uint32_t at)
{
	return image[queue->offset + at % queue->size];
}

/* Whether a word may stand there. */
static bool word_holds(const uint8_t *image, const struct sap_layout *layout, uint32_t at)
{
	uint32_t word = word_at(image + at);

	if (at == 0 || at == layout->trailer)
		return word == SAP_MAGIC;
	if (at == 4)
		return word == SAP_CONTROL_BLOCK_SIZE;
	for (uint32_t q = 0; q < SAP_QUEUES; q++) {
		if (at == words_of(q) || at == words_of(q) + 4)
			return word < layout->queue[q].size;
		if (at == words_of(q) + 8)
			return word == layout->queue[q].size;
	}
	return true;
}

static bool area_holds(const uint8_t *image, const struct sap_layout *layout)
{
	bool holds = word_holds(image, layout, layout->trailer);

	for (uint32_t at = 0; at < SAP_CONTROL_BLOCK_SIZE; at += 4)
		holds = holds && word_holds(image, layout, at);
	return holds;
}

static void check_fault(const uint8_t *image, const struct sap_layout *layout, enum sap_status status,
			const struct sap_area_fault *fault)
{
	MUST(fault->what && fault->offset <= layout->size - 4);
	MUST(!word_holds(image, layout, fault->offset));
	MUST(fault->found == word_at(image + fault->offset));
	if (fault->offset == 0 || fault->offset == layout->trailer)
		MUST(status == SAP_BAD_MAGIC && fault->expected == SAP_MAGIC);
	else if (status == SAP_CORRUPT)
		MUST(fault->found >= fault->expected);
	else
		MUST(status == SAP_BAD_LAYOUT && fault->found != fault->expected);
}

/* The message at `at`, read one byte at a time: its length with the header, or 0 if it cannot be. */
static uint32_t slow_length(const uint8_t *image, const struct sap_extent *queue, uint32_t at, uint32_t there)
{
	uint32_t len;

	if (there < SAP_HEADER_SIZE)
		return 0;
	len = ring_byte(image, queue, at + 2) + 0x100u * ring_byte(image, queue, at + 3) + SAP_HEADER_SIZE;
	return len <= there ? len : 0;
}

static void same_bytes(const uint8_t *image, const struct sap_extent *queue, uint32_t at, const uint8_t *got,
		       uint32_t n)
{
	for (uint32_t i = 0; i < n; i++)
		MUST(got[i] == ring_byte(image, queue, at + i));
}

/* One message, by one of the three ways to take it. */
static void take_one(struct sap_consumer *in, const struct sap_area *area, const uint8_t *image,
		     const struct sap_extent *queue, uint32_t at, uint32_t len, uint32_t way, uint8_t *buffer,
		     uint32_t cap)
{
	enum sap_status status;
	struct sap_message message;
	struct sap_header header;
	uint32_t got;

	if (way % 3 == 0) {
		status = sap_consumer_next(in, area, buffer, cap, &got);
		MUST(got == len && status == (len <= cap ? SAP_OK : SAP_TOO_LONG));
		same_bytes(image, queue, at, buffer, status == SAP_OK ? len : SAP_HEADER_SIZE);
	} else if (way % 3 == 1) {
		status = sap_consumer_get(in, area, buffer, cap, &message);
		MUST(message.len == len - SAP_HEADER_SIZE);
		/* Longer than the buffer, it may still be taken: by what its table says of it. */
		MUST(status == SAP_TOO_LONG ? len > cap : len <= cap || status == SAP_OK);
		MUST(status == SAP_OK || status == SAP_TOO_LONG || status == SAP_TOO_SHORT ||
		     status == SAP_UNKNOWN_TYPE);
		if (len <= cap)
			same_bytes(image, queue, at, buffer, len);
	} else {
		MUST(sap_consumer_peek(in, area, &header) == SAP_OK && header.len == len - SAP_HEADER_SIZE);
		MUST(sap_consumer_copy(in, area, 0, buffer, header.len + 1u) == SAP_INVALID);
		if (header.len <= cap) {
			MUST(sap_consumer_copy(in, area, 0, buffer, header.len) == SAP_OK);
			same_bytes(image, queue, at + SAP_HEADER_SIZE, buffer, header.len);
		}
		MUST(sap_consumer_take(in) == SAP_OK);
	}
}

/* Takes all of a queue, the library and the slow reader side by side. */
static void drain(const struct sap_area *area, uint8_t *image, uint32_t q, uint32_t choice)
{
	const struct sap_extent *queue = &area->layout.queue[q];
	uint32_t at = word_at(image + words_of(q) + 4);
	uint32_t wr = word_at(image + words_of(q));
	uint32_t there = steps_between(at, wr, queue->size);
	uint32_t cap = SAP_HEADER_SIZE + choice % 300;
	uint8_t *buffer = fresh(cap, 0xa5);
	struct sap_header header;
	struct sap_consumer in;
	uint32_t taken = 0;
	uint32_t len;

	MUST(sap_consumer_init(&in, area, (enum sap_queue_id)q) == SAP_OK);
	while ((len = slow_length(image, queue, at, there)) > 0) {
		take_one(&in, area, image, queue, at, len, choice++, buffer, cap);
		at = (at + len) % queue->size;
		there -= len;
		taken++;
	}
	MUST(in.counters.taken == taken && in.counters.corrupt == 0);
	MUST(sap_consumer_peek(&in, area, &header) == (there ? SAP_CORRUPT : SAP_AGAIN));
	MUST(word_at(area->base + words_of(q) + 4) == word_at(image + words_of(q) + 4));

	sap_consumer_release(&in, area);
	MUST(word_at(area->base + words_of(q) + 4) == at);
	if (there) {
		MUST(sap_consumer_discard(&in, area) == SAP_OK && in.counters.lost_bytes == there);
		MUST(word_at(area->base + words_of(q) + 4) == wr);
	}
	/* Nothing but our own position changed. */
	set_word(image + words_of(q) + 4, wr);
	MUST(!memcmp(area->base, image, area->size));
	MUST(sap_consumer_peek(&in, area, &header) == SAP_AGAIN);
	free(buffer);
}

/* Adopts the memory, and takes what lies in it. */
static void check(uint8_t *memory, uint32_t size, const struct sap_layout *layout, uint32_t choice)
{
	uint8_t *image = block(1, size, 0);
	struct sap_area_fault fault;
	struct sap_area area;
	enum sap_status status;

	memcpy(image, memory, size);
	status = sap_area_adopt(&area, layout, memory, size, &fault);
	MUST(!memcmp(memory, image, size));
	if (size < layout->size) {
		MUST(status == SAP_TOO_SMALL);
	} else if (!area_holds(image, layout)) {
		check_fault(image, layout, status, &fault);
	} else {
		MUST(status == SAP_OK);
		for (uint32_t q = 0; q < SAP_QUEUES; q++)
			drain(&area, image, q, choice + q);
	}
}

/* The control block: all of it from the input, or only the positions. */
static void lay_control(uint8_t *memory, const struct sap_layout *layout, struct input *in, bool block)
{
	size_t n = SAP_CONTROL_BLOCK_SIZE;
	const uint8_t *bytes;

	if (block) {
		bytes = take_bytes(in, &n);
		memcpy(memory, bytes, n);
		n = 4;
		bytes = take_bytes(in, &n);
		memcpy(memory + layout->trailer, bytes, n);
		return;
	}
	for (uint32_t q = 0; q < SAP_QUEUES; q++) {
		set_word(memory + words_of(q), take_u16(in));
		set_word(memory + words_of(q) + 4, take_u16(in));
	}
}

static void lay_rings(uint8_t *memory, const struct sap_layout *layout, struct input *in)
{
	for (uint32_t q = 0; q < SAP_QUEUES; q++) {
		const struct sap_extent *queue = &layout->queue[q];
		uint32_t rd = word_at(memory + words_of(q) + 4);
		size_t n = take_u16(in);
		const uint8_t *bytes = take_bytes(in, &n);

		for (uint32_t i = 0; i < n && i < queue->size; i++)
			memory[queue->offset + (rd % queue->size + i) % queue->size] = bytes[i];
	}
}

/* A whole image, as it stands. */
static void check_image(const struct input *in, uint32_t choice)
{
	const struct sap_layout *layout = sap_area_recognise(in->at, in->left);
	uint8_t *memory = block(0, in->left, 0);

	if (in->left)
		memcpy(memory, in->at, in->left);
	MUST(!layout || word_at(memory) == SAP_MAGIC);
	for (uint32_t version = SAP_PROTOCOL_3; version <= SAP_PROTOCOL_4; version++) {
		const struct sap_layout *known = sap_layout_of(version);

		/* An area that holds is recognised as what it is. */
		if (in->left >= known->size && area_holds(memory, known))
			MUST(layout == known);
		check(memory, (uint32_t)in->left, known, choice);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct input in = {data, size};
	uint32_t kind = take_u8(&in);
	uint32_t choice = take_u8(&in);
	uint32_t sizes[SAP_QUEUES];
	struct sap_layout made;
	const struct sap_layout *layout = &made;
	struct sap_area area;
	uint8_t *memory;

	if ((kind & 3) == KIND_IMAGE) {
		check_image(&in, choice);
		return 0;
	}
	if ((kind & 3) == KIND_SMALL) {
		for (uint32_t q = 0; q < SAP_QUEUES; q++)
			sizes[q] = 9u + take_u8(&in);
		MUST(sap_layout_make(&made, choice, sizes) == SAP_OK);
	} else {
		layout = sap_layout_of((kind & 3) == KIND_V3 ? SAP_PROTOCOL_3 : SAP_PROTOCOL_4);
	}

	memory = block(0, layout->size, 0xa5);
	MUST(sap_area_init(&area, layout, memory, layout->size) == SAP_OK);
	lay_control(memory, layout, &in, kind & KIND_BLOCK);
	lay_rings(memory, layout, &in);
	check(memory, layout->size, layout, choice);
	return 0;
}
