// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
#include "image.h"

#include <stdlib.h>
#include <string.h>

#include "memory.h"

/* The control block: docs/protocol/sap.md section 3. The host's two queues, a reserved word, CSME's two. */
static const uint32_t words_of_queue[SAP_QUEUES] = {12, 24, 40, 52};

uint32_t image_wr_at(enum sap_queue_id queue)
{
	return words_of_queue[queue];
}

uint32_t image_rd_at(enum sap_queue_id queue)
{
	return words_of_queue[queue] + 4;
}

uint32_t image_size_at(enum sap_queue_id queue)
{
	return words_of_queue[queue] + 8;
}

uint32_t image_word(const uint8_t *bytes, uint32_t at)
{
	return bytes[at] | (uint32_t)bytes[at + 1] << 8 | (uint32_t)bytes[at + 2] << 16 |
	       (uint32_t)bytes[at + 3] << 24;
}

void image_set_word(uint8_t *bytes, uint32_t at, uint32_t value)
{
	for (uint32_t i = 0; i < 4; i++)
		bytes[at + i] = (uint8_t)(value >> (8 * i));
}

uint32_t image_offset(const struct sap_layout *layout, enum sap_queue_id queue, uint32_t at)
{
	return layout->queue[queue].offset + at % layout->queue[queue].size;
}

uint32_t ring_bytes(uint32_t from, uint32_t to, uint32_t size)
{
	return to >= from ? to - from : size - from + to;
}

bool image_has_mark(const uint8_t *bytes, size_t len)
{
	return len >= 4 && image_word(bytes, 0) == SAP_MAGIC;
}

bool image_has_size(size_t len)
{
	return len == sap_layout_of(SAP_PROTOCOL_3)->size || len == sap_layout_of(SAP_PROTOCOL_4)->size;
}

/* The layout of an image that the library does not know: by its length, then by the queue that differs. */
static const struct sap_layout *guess_layout(const uint8_t *bytes, uint32_t len)
{
	const struct sap_layout *v3 = sap_layout_of(SAP_PROTOCOL_3);
	const struct sap_layout *v4 = sap_layout_of(SAP_PROTOCOL_4);
	const struct sap_layout *known = sap_area_recognise(bytes, len);

	if (known)
		return known;
	if (len == v3->size)
		return v3;
	if (len < v4->size && len >= SAP_CONTROL_BLOCK_SIZE &&
	    image_word(bytes, image_size_at(SAP_HOST_NOTIF)) == v3->queue[SAP_HOST_NOTIF].size)
		return v3;
	return v4;
}

/* What the image says of its queues, before anything is mended. Words past a cut image's end read as 0. */
static void note_queues(struct image *image, const uint8_t *copy)
{
	for (int q = 0; q < SAP_QUEUES; q++) {
		image->queue[q].wr = image_word(copy, image_wr_at((enum sap_queue_id)q));
		image->queue[q].rd = image_word(copy, image_rd_at((enum sap_queue_id)q));
		image->queue[q].size = image_word(copy, image_size_at((enum sap_queue_id)q));
		image->queue[q].readable = true;
	}
}

/* Makes good one word of the copy. A queue with a bad index cannot be read: it becomes empty. */
static void mend(struct image *image, uint8_t *copy, const struct sap_area_fault *fault)
{
	for (int q = 0; q < SAP_QUEUES; q++) {
		uint32_t wr_at = image_wr_at((enum sap_queue_id)q);
		uint32_t rd_at = image_rd_at((enum sap_queue_id)q);

		if (fault->offset == wr_at || fault->offset == rd_at) {
			image->queue[q].readable = false;
			image_set_word(copy, fault->offset, 0);
			return;
		}
	}
	image_set_word(copy, fault->offset, fault->expected);
}

void image_open(struct image *image, const uint8_t *bytes, uint32_t len)
{
	const struct sap_layout *layout = guess_layout(bytes, len);
	uint32_t size = len > layout->size ? len : layout->size;
	struct sap_area_fault fault;
	enum sap_status status;
	uint8_t *copy;

	*image = (struct image){.len = len};
	image->copy = memory_zeroed(size / 4 + 1, 4);
	copy = (uint8_t *)image->copy;
	memcpy(copy, bytes, len);
	note_queues(image, copy);
	for (;;) {
		status = sap_area_adopt(&image->area, layout, copy, size, &fault);
		if (status == SAP_OK || image->faults == IMAGE_FAULTS)
			break;
		image->fault[image->faults].status = status;
		image->fault[image->faults++].what = fault;
		mend(image, copy, &fault);
	}
}

void image_close(struct image *image)
{
	free(image->copy);
}
