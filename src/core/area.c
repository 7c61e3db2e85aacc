// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
/*
 * The shared area: its two layouts, making one, and taking one that somebody else made.
 *
 * Sizes come from the layout, here and ever after; what the area says of itself is only compared.
 */
#include <sap/area.h>

#include "control.h"
#include "shared.h"

enum {
	LEAST_QUEUE = SAP_HEADER_SIZE + 1,
	LARGEST_QUEUE = 1 << 20,
};

static const struct sap_layout layout_v3 = {
	.version = SAP_PROTOCOL_3,
	.size = 139264,
	.trailer = 137408,
	.queue = {{64, 2240}, {2304, 48256}, {50560, 62720}, {113280, 24128}},
};

static const struct sap_layout layout_v4 = {
	.version = SAP_PROTOCOL_4,
	.size = 172032,
	.trailer = 167936,
	.queue = {{64, 32768}, {32832, 48256}, {81088, 62720}, {143808, 24128}},
};

const struct sap_layout *sap_layout_of(uint32_t version)
{
	if (version == SAP_PROTOCOL_3)
		return &layout_v3;
	if (version == SAP_PROTOCOL_4)
		return &layout_v4;
	return NULL;
}

enum sap_status sap_layout_make(struct sap_layout *layout, uint32_t version, const uint32_t sizes[SAP_QUEUES])
{
	struct sap_layout made = {.version = version};
	uint32_t at = SAP_CONTROL_BLOCK_SIZE;

	if (!layout || !sizes)
		return SAP_INVALID;
	for (uint32_t q = 0; q < SAP_QUEUES; q++) {
		if (sizes[q] < LEAST_QUEUE || sizes[q] > LARGEST_QUEUE)
			return SAP_BAD_VALUE;
		made.queue[q] = (struct sap_extent){at, sizes[q]};
		at += sizes[q];
	}
	made.trailer = at;
	made.size = (at + 4 + 3) & ~3u;
	*layout = made;
	return SAP_OK;
}

/* Whether the queues lie in their order, between the control block and the mark, and the mark inside. */
static bool layout_holds(const struct sap_layout *layout)
{
	uint32_t end = SAP_CONTROL_BLOCK_SIZE;

	for (uint32_t q = 0; q < SAP_QUEUES; q++) {
		const struct sap_extent *queue = &layout->queue[q];

		if (queue->offset < end || queue->size < LEAST_QUEUE || queue->size > LARGEST_QUEUE ||
		    queue->offset > UINT32_MAX - queue->size)
			return false;
		end = queue->offset + queue->size;
	}
	return layout->trailer >= end && layout->size >= 4 && layout->trailer <= layout->size - 4;
}

/* What is asked of memory before a byte of it is touched. */
static enum sap_status bind_memory(struct sap_area *bound, const struct sap_layout *layout, void *memory,
				   uint32_t size)
{
	if (!layout || !memory)
		return SAP_INVALID;
	if (!layout_holds(layout))
		return SAP_BAD_VALUE;
	if (size < layout->size)
		return SAP_TOO_SMALL;
	if ((uintptr_t)memory % 4)
		return SAP_MISALIGNED;
	bound->base = memory;
	bound->size = size;
	bound->layout = *layout;
	return SAP_OK;
}

static void put_word(const struct sap_area *area, uint32_t at, uint32_t value)
{
	uint8_t bytes[4];

	sap_put_le32(bytes, value);
	shared_copy_in(area, at, bytes, sizeof(bytes));
}

enum sap_status sap_area_init(struct sap_area *area, const struct sap_layout *layout, void *memory,
			      uint32_t size)
{
	struct sap_area bound;
	enum sap_status status;

	if (!area)
		return SAP_INVALID;
	status = bind_memory(&bound, layout, memory, size);
	if (status != SAP_OK)
		return status;

	shared_zero(&bound);
	put_word(&bound, CONTROL_MAGIC, SAP_MAGIC);
	put_word(&bound, CONTROL_SIZE, SAP_CONTROL_BLOCK_SIZE);
	for (uint32_t q = 0; q < SAP_QUEUES; q++)
		put_word(&bound, control_queue(q) + CONTROL_QUEUE_SIZE, layout->queue[q].size);
	put_word(&bound, layout->trailer, SAP_MAGIC);
	*area = bound;
	return SAP_OK;
}

/* Names of the words, by queue and by place among the queue's three. */
static const char *const word_names[SAP_QUEUES][3] = {
	{"host to ME notification queue wr", "host to ME notification queue rd",
	 "host to ME notification queue size"},
	{"host to ME data queue wr", "host to ME data queue rd", "host to ME data queue size"},
	{"ME to host notification queue wr", "ME to host notification queue rd",
	 "ME to host notification queue size"},
	{"ME to host data queue wr", "ME to host data queue rd", "ME to host data queue size"},
};

/* One copy of everything that is judged. */
struct control_copy {
	uint8_t block[SAP_CONTROL_BLOCK_SIZE];
	uint8_t trailer[4];
};

static enum sap_status must_equal(struct sap_area_fault *fault, const char *what, uint32_t offset,
				  uint32_t found, uint32_t expected, enum sap_status otherwise)
{
	if (found == expected)
		return SAP_OK;
	*fault = (struct sap_area_fault){what, offset, found, expected};
	return otherwise;
}

static enum sap_status check_queue(const struct control_copy *copy, const struct sap_layout *layout,
				   uint32_t q, struct sap_area_fault *fault)
{
	uint32_t words = control_queue(q);
	uint32_t size = layout->queue[q].size;
	enum sap_status status;

	status = must_equal(fault, word_names[q][2], words + CONTROL_QUEUE_SIZE,
			    sap_get_le32(copy->block + words + CONTROL_QUEUE_SIZE), size, SAP_BAD_LAYOUT);
	if (status != SAP_OK)
		return status;
	for (uint32_t i = 0; i < 2; i++) {
		uint32_t at = words + (i ? CONTROL_RD : CONTROL_WR);
		uint32_t index = sap_get_le32(copy->block + at);

		if (index >= size) {
			*fault = (struct sap_area_fault){word_names[q][i], at, index, size};
			return SAP_CORRUPT;
		}
	}
	return SAP_OK;
}

static enum sap_status check_copy(const struct control_copy *copy, const struct sap_layout *layout,
				  struct sap_area_fault *fault)
{
	enum sap_status status;

	status = must_equal(fault, "mark at the start", CONTROL_MAGIC,
			    sap_get_le32(copy->block + CONTROL_MAGIC), SAP_MAGIC, SAP_BAD_MAGIC);
	if (status != SAP_OK)
		return status;
	status = must_equal(fault, "size of the control block", CONTROL_SIZE,
			    sap_get_le32(copy->block + CONTROL_SIZE), SAP_CONTROL_BLOCK_SIZE, SAP_BAD_LAYOUT);
	if (status != SAP_OK)
		return status;
	for (uint32_t q = 0; q < SAP_QUEUES; q++) {
		status = check_queue(copy, layout, q, fault);
		if (status != SAP_OK)
			return status;
	}
	return must_equal(fault, "mark at the end", layout->trailer, sap_get_le32(copy->trailer), SAP_MAGIC,
			  SAP_BAD_MAGIC);
}

enum sap_status sap_area_adopt(struct sap_area *area, const struct sap_layout *layout, void *memory,
			       uint32_t size, struct sap_area_fault *fault)
{
	struct sap_area_fault unwanted;
	struct control_copy copy;
	struct sap_area bound;
	enum sap_status status;

	if (!area)
		return SAP_INVALID;
	if (!fault)
		fault = &unwanted;
	status = bind_memory(&bound, layout, memory, size);
	if (status != SAP_OK) {
		*fault = (struct sap_area_fault){status == SAP_BAD_VALUE ? "layout" : "memory given", 0, size,
						 layout ? layout->size : 0};
		return status;
	}

	shared_copy_out(&bound, 0, copy.block, sizeof(copy.block));
	shared_copy_out(&bound, bound.layout.trailer, copy.trailer, sizeof(copy.trailer));
	status = check_copy(&copy, &bound.layout, fault);
	if (status == SAP_OK)
		*area = bound;
	return status;
}

const struct sap_layout *sap_area_recognise(const uint8_t *bytes, size_t len)
{
	static const struct sap_layout *const known[] = {&layout_v3, &layout_v4};

	if (!bytes || len < SAP_CONTROL_BLOCK_SIZE || sap_get_le32(bytes) != SAP_MAGIC)
		return NULL;
	for (uint32_t i = 0; i < 2; i++) {
		uint32_t same = 0;

		for (uint32_t q = 0; q < SAP_QUEUES; q++)
			same += sap_get_le32(bytes + control_queue(q) + CONTROL_QUEUE_SIZE) ==
				known[i]->queue[q].size;
		if (same == SAP_QUEUES)
			return known[i];
	}
	return NULL;
}

const char *sap_queue_name(enum sap_queue_id queue)
{
	switch (queue) {
	case SAP_HOST_NOTIF:
		return "host to ME notifications";
	case SAP_HOST_DATA:
		return "host to ME data";
	case SAP_CSME_NOTIF:
		return "ME to host notifications";
	case SAP_CSME_DATA:
		return "ME to host data";
	case SAP_QUEUES:
		break;
	}
	return NULL;
}
