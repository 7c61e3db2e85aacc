/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
/*
 * An image of a shared area, whole or damaged.
 *
 * The library takes an area only if all of it holds. Here every fault is noted and mended in a private
 * copy, until the library takes that: so people see all that is wrong, and what can still be read.
 */
#ifndef SAP_TOOL_IMAGE_H
#define SAP_TOOL_IMAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <sap/area.h>
#include <sap/status.h>

enum {
	IMAGE_FAULTS = 16, /* words that can be wrong: 2 of the control block, 3 of each queue, the mark */
};

struct image {
	struct sap_area area; /* of the mended copy */
	uint32_t *copy;	      /* aligned as an area must be */
	uint32_t len;	      /* bytes of the image; less than the layout's if it is cut */
	struct {
		uint32_t wr, rd, size; /* as the image says */
		bool readable;	       /* both indices lie inside */
	} queue[SAP_QUEUES];
	struct {
		enum sap_status status;
		struct sap_area_fault what;
	} fault[IMAGE_FAULTS];
	uint32_t faults;
};

/* Whether bytes start with the mark of an area, and whether there are as many as an area has. */
bool image_has_mark(const uint8_t *bytes, size_t len);
bool image_has_size(size_t len);

/* Takes an image, whatever its state. image_close() follows. */
void image_open(struct image *image, const uint8_t *bytes, uint32_t len);
void image_close(struct image *image);

/* Where a queue's three indices stand in the control block. */
uint32_t image_wr_at(enum sap_queue_id queue);
uint32_t image_rd_at(enum sap_queue_id queue);
uint32_t image_size_at(enum sap_queue_id queue);

uint32_t image_word(const uint8_t *bytes, uint32_t at);
void image_set_word(uint8_t *bytes, uint32_t at, uint32_t value);

/* Where a byte of a queue lies in the area; `at` may be up to twice the queue's size. */
uint32_t image_offset(const struct sap_layout *layout, enum sap_queue_id queue, uint32_t at);

/* How many bytes lie between two positions of a ring. */
uint32_t ring_bytes(uint32_t from, uint32_t to, uint32_t size);

#endif
