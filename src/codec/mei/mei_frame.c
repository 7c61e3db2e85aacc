// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
/* Frames of the MEI bus: the header's bits, and the one extended header that is known, a tag. */
#include <sap/mei/frame.h>

#include "../../platform.h"
#include "../bytes.h"

enum {
	FRAME_RESERVED = 7 << 25,
	FRAME_EXTENDED = 1 << 28,
	FRAME_DMA_RING = 1 << 29,
	FRAME_INTERNAL = 1 << 30,
	FRAME_PADDING = 3, /* frames travel in words */

	META_SIZE = 4, /* count, words that follow, two reserved */
	EXTENSION_VTAG = 1,
	VTAG_WORDS = 1,
};

#define FRAME_COMPLETE 0x80000000u

/* The extended headers at the start of the payload, taken off it. */
static enum sap_status frame_extension(struct sap_mei_frame *frame)
{
	const uint8_t *p = frame->payload.bytes;
	uint32_t size;

	if (frame->payload.len < META_SIZE)
		return SAP_TOO_SHORT;
	size = META_SIZE + 4 * (uint32_t)p[1];
	if (frame->payload.len < size)
		return SAP_TOO_SHORT;
	if (p[0] != 1 || p[1] != VTAG_WORDS || p[4] != EXTENSION_VTAG || p[5] != VTAG_WORDS)
		return SAP_UNSUPPORTED;
	frame->tagged = true;
	frame->vtag = p[6];
	frame->payload.bytes += size;
	frame->payload.len -= size;
	return SAP_OK;
}

static enum sap_status frame_read(const uint8_t *bytes, size_t len, struct sap_mei_frame *frame)
{
	uint32_t header;
	uint32_t length;

	if (len < SAP_MEI_HEADER_SIZE)
		return SAP_TOO_SHORT;
	header = sap_get_le32(bytes);
	if (!header || header & FRAME_RESERVED)
		return SAP_CORRUPT;
	length = header >> 16 & SAP_MEI_LENGTH_MAX;
	if (len - SAP_MEI_HEADER_SIZE < length)
		return SAP_TOO_SHORT;
	if (len - SAP_MEI_HEADER_SIZE - length > FRAME_PADDING)
		return SAP_TOO_LONG;

	frame->me_addr = (uint8_t)header;
	frame->host_addr = (uint8_t)(header >> 8);
	frame->complete = header & FRAME_COMPLETE;
	frame->internal = header & FRAME_INTERNAL;
	frame->payload.bytes = bytes + SAP_MEI_HEADER_SIZE;
	frame->payload.len = length;
	if (header & FRAME_DMA_RING)
		return SAP_UNSUPPORTED;
	return header & FRAME_EXTENDED ? frame_extension(frame) : SAP_OK;
}

enum sap_status sap_mei_frame_decode(const uint8_t *bytes, size_t len, struct sap_mei_frame *frame)
{
	enum sap_status status;
	uint8_t me, host;

	if (!bytes || !frame)
		return SAP_INVALID;
	memset(frame, 0, sizeof(*frame));
	status = frame_read(bytes, len, frame);
	if (status != SAP_OK) {
		me = frame->me_addr;
		host = frame->host_addr;
		memset(frame, 0, sizeof(*frame));
		if (status == SAP_UNSUPPORTED) {
			frame->me_addr = me;
			frame->host_addr = host;
		}
	}
	return status;
}

uint32_t sap_mei_frame_head(const struct sap_mei_frame *frame)
{
	return SAP_MEI_HEADER_SIZE + (frame->tagged ? SAP_MEI_VTAG_SIZE : 0);
}

enum sap_status sap_mei_frame_encode(const struct sap_mei_frame *frame, uint8_t *bytes, size_t cap,
				     uint32_t *len)
{
	uint32_t head, header, length;

	if (!frame || !bytes || !len)
		return SAP_INVALID;
	head = sap_mei_frame_head(frame);
	if (frame->dma_ring || (frame->payload.len && !frame->payload.bytes) ||
	    frame->payload.len > SAP_MEI_LENGTH_MAX - (head - SAP_MEI_HEADER_SIZE))
		return SAP_BAD_VALUE;
	if (cap < head + frame->payload.len)
		return SAP_TOO_SMALL;

	if (frame->payload.len && frame->payload.bytes != bytes + head)
		memcpy(bytes + head, frame->payload.bytes, frame->payload.len);
	length = head - SAP_MEI_HEADER_SIZE + frame->payload.len;
	header = frame->me_addr | (uint32_t)frame->host_addr << 8 | length << 16;
	header |= frame->tagged ? FRAME_EXTENDED : 0;
	header |= frame->internal ? FRAME_INTERNAL : 0;
	header |= frame->complete ? FRAME_COMPLETE : 0;
	sap_put_le32(bytes, header);
	if (frame->tagged) {
		sap_put_le32(bytes + SAP_MEI_HEADER_SIZE, 1 | VTAG_WORDS << 8);
		sap_put_le32(bytes + SAP_MEI_HEADER_SIZE + META_SIZE,
			     EXTENSION_VTAG | VTAG_WORDS << 8 | (uint32_t)frame->vtag << 16);
	}
	*len = head + frame->payload.len;
	return SAP_OK;
}
