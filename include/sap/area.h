/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
/**
 * @file area.h
 * The shared area: a control block, four queues and a mark at the end, in memory that both sides map.
 *
 * The host makes an area (sap_area_init()); CSME, or a tool that was handed an image of one, takes what
 * is there (sap_area_adopt()), and is told exactly what is wrong with it. After that nobody believes a
 * size in the area again: a `struct sap_area` holds a copy of the layout, which alone counts.
 *
 * What is needed of the memory: it starts at a multiple of 4 bytes, stays mapped as long as the area or a
 * queue's end in it is used, and on the host's side nobody else writes to it while it is initialised.
 * The structs here are plain data of the caller's; one may be copied. No call sleeps; any context.
 * Facts: docs/protocol/sap.md section 3.
 */
#ifndef SAP_AREA_H
#define SAP_AREA_H

#include <sap/status.h>
#include <sap/types.h>
#include <sap/wire.h>

SAP_BEGIN_DECLS

/** The four queues, in the order in which they lie in the area. */
enum sap_queue_id {
	SAP_HOST_NOTIF = 0, /**< Host to CSME, notifications. */
	SAP_HOST_DATA = 1,  /**< Host to CSME, data. */
	SAP_CSME_NOTIF = 2, /**< CSME to host, notifications. */
	SAP_CSME_DATA = 3,  /**< CSME to host, data. */
	SAP_QUEUES = 4,	    /**< How many there are. */
};

/** Where a queue lies. */
struct sap_extent {
	uint32_t offset; /**< First byte, from the start of the area. */
	uint32_t size;	 /**< Bytes. */
};

/**
 * Where everything lies in an area.
 *
 * Layouts are data: beside the two of the protocol, a test may make smaller ones.
 */
struct sap_layout {
	uint32_t version;		     /**< The version of SAP it belongs to. */
	uint32_t size;			     /**< The whole area, a multiple of 4,096 in the two real ones. */
	uint32_t trailer;		     /**< Offset of the mark at the end. */
	struct sap_extent queue[SAP_QUEUES]; /**< The queues, by enum sap_queue_id. */
};

/** The layout of version 3 (139,264 bytes) or 4 (172,032 bytes); null for any other. Constant. */
SAP_API const struct sap_layout *sap_layout_of(uint32_t version);

/**
 * Makes a layout with queues of any sizes, in the protocol's order and without gaps.
 *
 * @param layout  What comes of it; its size is the least that holds all, a multiple of 4.
 * @param version Noted, not looked at.
 * @param sizes   Bytes of each queue, 9 to 1,048,576. The mark at the end need not be aligned.
 *
 * @retval SAP_OK        @p layout holds.
 * @retval SAP_BAD_VALUE A size is out of range; @p layout is unchanged.
 * @retval SAP_INVALID   An argument is null.
 */
SAP_API SAP_MUST_CHECK enum sap_status sap_layout_make(struct sap_layout *layout, uint32_t version,
						       const uint32_t sizes[SAP_QUEUES]);

/** An area in use: where its memory is, and its layout as this side knows it. */
struct sap_area {
	uint8_t *base;		  /**< First byte. Shared with the peer: leave it to queue.h. */
	uint32_t size;		  /**< Bytes mapped there, at least those of the layout. */
	struct sap_layout layout; /**< Our own copy. */
};

/** What is wrong with an area: which word, what stands there, what should. */
struct sap_area_fault {
	const char *what;  /**< The word's name ("ME to host notification queue rd"). Constant. */
	uint32_t offset;   /**< Its first byte, from the start of the area. */
	uint32_t found;	   /**< What stands there. */
	uint32_t expected; /**< What should; for an index, the queue's size, which it must be less than. */
};

/**
 * Makes an area: zeroes it, writes the control block and the mark at the end. For the host, before START.
 *
 * Ends of queues and lanes that were made on an area there before are to be made anew.
 *
 * @param area   What comes of it.
 * @param layout Where things lie; copied.
 * @param memory The area's memory. All of @p size is zeroed.
 * @param size   Bytes there.
 *
 * @retval SAP_OK         The area is empty and ready.
 * @retval SAP_TOO_SMALL  @p size is less than the layout's; nothing was written.
 * @retval SAP_MISALIGNED @p memory is not at a multiple of 4; nothing was written.
 * @retval SAP_BAD_VALUE  The layout's queues overlap or do not fit in it; nothing was written.
 * @retval SAP_INVALID    An argument is null.
 */
SAP_API SAP_MUST_CHECK enum sap_status sap_area_init(struct sap_area *area, const struct sap_layout *layout,
						     void *memory, uint32_t size);

/**
 * Takes an area that is there: for CSME as START came, and for tools. Checks every word of the control
 * block but the two reserved ones, and the mark at the end, each read once. Nothing is written.
 *
 * @param area   What comes of it.
 * @param layout Where things must lie; copied.
 * @param memory The area's memory.
 * @param size   Bytes there.
 * @param fault  What is wrong, after SAP_BAD_MAGIC, SAP_BAD_LAYOUT or SAP_CORRUPT. After the others it
 *               names the layout, or the memory given with its size. May be null.
 *
 * @retval SAP_OK         The area holds; take the ends of queues next (queue.h).
 * @retval SAP_BAD_MAGIC  The mark is missing at the start or the end.
 * @retval SAP_BAD_LAYOUT A stated size is not the layout's.
 * @retval SAP_BAD_VALUE  The layout's queues overlap or do not fit in it.
 * @retval SAP_CORRUPT    An index is not less than its queue's size.
 * @retval SAP_TOO_SMALL  @p size is less than the layout's.
 * @retval SAP_MISALIGNED @p memory is not at a multiple of 4.
 * @retval SAP_INVALID    @p area, @p layout or @p memory is null.
 */
SAP_API SAP_MUST_CHECK enum sap_status sap_area_adopt(struct sap_area *area, const struct sap_layout *layout,
						      void *memory, uint32_t size,
						      struct sap_area_fault *fault);

/**
 * Guesses which of the protocol's layouts an image of an area has, by the queue sizes it states.
 *
 * Only for looking at images: an engine knows its version and never asks the area.
 *
 * @param bytes The image. Need not be aligned.
 * @param len   Bytes there.
 *
 * @return The layout; or null if the image does not start with the mark, or states the sizes of neither.
 */
SAP_API const struct sap_layout *sap_area_recognise(const uint8_t *bytes, size_t len);

/** The name of a queue ("host to ME notifications"), or null. Constant. */
SAP_API const char *sap_queue_name(enum sap_queue_id queue);

SAP_END_DECLS

#endif
