/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
/**
 * @file mei/frame.h
 * Frames of the MEI bus: 4 bytes of header, extended headers if there are any, and a piece of a message.
 *
 * A message of a client travels as one frame or several; the last one is marked complete. Frames between a
 * client (`me_addr`) and an application (`host_addr`) carry that pair in each header; 0 and 0 is the bus
 * itself, which speaks HBM (hbm.h). All calls are pure: any context, any number of threads.
 * Facts: docs/protocol/mei.md section 2.
 */
#ifndef SAP_MEI_FRAME_H
#define SAP_MEI_FRAME_H

#include <sap/status.h>
#include <sap/types.h>

SAP_BEGIN_DECLS

/** Sizes, in bytes. */
enum {
	SAP_MEI_HEADER_SIZE = 4,   /**< Before every frame. */
	SAP_MEI_VTAG_SIZE = 8,	   /**< What a tag adds to a frame: the meta header and one entry. */
	SAP_MEI_LENGTH_MAX = 511,  /**< What the header's 9 bits of length can say. */
	SAP_MEI_FRAME_USUAL = 512, /**< A frame that fills the buffer of the Linux driver's devices. */
	SAP_MEI_FRAME_MAX = SAP_MEI_HEADER_SIZE + SAP_MEI_LENGTH_MAX, /**< The longest frame there can be. */
};

/** One frame. */
struct sap_mei_frame {
	uint8_t me_addr;   /**< The client; 0: the bus itself. */
	uint8_t host_addr; /**< The application; 0: the bus itself, or a client of a fixed address. */
	bool complete;	   /**< The last frame of its message. */
	bool internal;	   /**< A mark of the bus; carried as it is. */
	bool dma_ring;	   /**< The payload lies in a DMA ring; nobody here speaks that. */
	bool tagged;	   /**< There is a tag: `vtag`. Stands in the first frame of a message. */
	uint8_t vtag;	   /**< Which one. */
	/** The piece of the message. Where a frame was decoded, it points into that; may be empty. */
	struct sap_view payload;
};

/**
 * Makes a value of one frame.
 *
 * Up to 3 bytes after what the header's length says are padding and are not looked at: frames travel in
 * units of 4 bytes. Entries of extended headers other than one tag are refused.
 *
 * @param bytes The frame. Read, never kept; `payload` of @p frame points into it.
 * @param len   Its length.
 * @param frame What it says.
 *
 * @retval SAP_OK          @p frame holds.
 * @retval SAP_TOO_SHORT   Fewer bytes than the header, or than its length says, or an extended header that
 *                         does not end inside.
 * @retval SAP_TOO_LONG    More than 3 bytes after what its length says.
 * @retval SAP_CORRUPT     A reserved bit is set, or no bit at all.
 * @retval SAP_UNSUPPORTED A DMA ring, or an extended header of another kind: `me_addr` and `host_addr` hold.
 * @retval SAP_INVALID     An argument is null.
 *
 * On failure all of @p frame is 0, unless said otherwise.
 */
SAP_API SAP_MUST_CHECK enum sap_status sap_mei_frame_decode(const uint8_t *bytes, size_t len,
							    struct sap_mei_frame *frame);

/**
 * Writes one frame: header, a tag if `tagged`, and the payload; no padding.
 *
 * @param frame The value; `dma_ring` must not be set.
 * @param bytes Where to; must not overlap the payload, unless the payload stands where it is written to.
 * @param cap   Bytes there.
 * @param len   How many were written.
 *
 * @retval SAP_OK        Written.
 * @retval SAP_TOO_SMALL @p cap does not suffice; nothing was written.
 * @retval SAP_BAD_VALUE More payload than the header's length can say, or null with a length, or a DMA ring;
 *                       nothing was written.
 * @retval SAP_INVALID   An argument is null.
 */
SAP_API SAP_MUST_CHECK enum sap_status sap_mei_frame_encode(const struct sap_mei_frame *frame, uint8_t *bytes,
							    size_t cap, uint32_t *len);

/** Bytes before the payload of a frame like this. */
SAP_API uint32_t sap_mei_frame_head(const struct sap_mei_frame *frame);

SAP_END_DECLS

#endif
