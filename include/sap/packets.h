/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
/**
 * @file packets.h
 * The packets lane: Ethernet frames in and out of the data queues, one copy each way.
 *
 * Both roles use it. The host gives CSME the frames that CSME wants (DATA_PACKET) and copies of some that
 * it sent itself (CB_DATA_PACKET); CSME gives the host frames to transmit (DATA_PACKET).
 *
 * **Calling.** A lane is one locking domain of its own, beside whatever handles notifications: its calls
 * are serialised with each other, and with nothing else. No call waits or sleeps: softirq and interrupt
 * are fine. The sequence counter is shared with the notifications (see `struct sap_seq`).
 *
 * **Nothing is lost silently.** Each frame that did not go through is answered by a status and counted.
 *
 * Facts: docs/protocol/sap.md sections 4, 5 and 7.
 */
#ifndef SAP_PACKETS_H
#define SAP_PACKETS_H

#include <sap/queue.h>

SAP_BEGIN_DECLS

/** What went through a lane and what did not. Wraps around; kept over close and open. */
struct sap_packets_counters {
	uint32_t sent;		 /**< Frames put into the queue. */
	uint32_t sent_bytes;	 /**< Their bytes. */
	uint32_t send_no_room;	 /**< Not sent since the queue was too full. */
	uint32_t send_bad_size;	 /**< Not sent since shorter than 14 bytes, or longer than the queue takes. */
	uint32_t received;	 /**< Frames given to the caller. */
	uint32_t received_bytes; /**< Their bytes. */
	uint32_t recv_too_short; /**< Dropped: shorter than an Ethernet header. */
	uint32_t recv_too_long;	 /**< Dropped: longer than the caller's buffer. */
	uint32_t recv_bad_size;	 /**< Dropped: its `data_len` says more than came. */
	uint32_t recv_unknown;	 /**< Dropped: a type that does not belong in this queue. */
	uint32_t lost_bytes;	 /**< Given up by sap_packets_discard(). */
	uint32_t corrupt;	 /**< Times the peer's index or a length could not be. */
};

/** A lane. Private but for #counters. Plain data, without pointers; zero it before the first open. */
struct sap_packets {
	/** @cond internal */
	struct sap_producer out;
	struct sap_consumer in;
	enum sap_role role;
	bool open;
	/** @endcond */
	struct sap_packets_counters counters; /**< For reading. */
};

/** What a received frame came with. */
struct sap_packet_info {
	enum sap_type type; /**< #SAP_DATA_PACKET or #SAP_CB_DATA_PACKET; any after SAP_UNKNOWN_TYPE. */
	uint32_t to_me_filt_status; /**< enum sap_cb_flag; 0 in a DATA_PACKET. */
	uint32_t seq;		    /**< Its sequence number. */
	uint32_t len;		    /**< Bytes of the frame; of one that was dropped, as it says. */
};

/**
 * Opens the lane on an area: both data queues' positions are read and checked.
 *
 * @retval SAP_OK      Open.
 * @retval SAP_CORRUPT A position in the area is not inside its queue; the lane is closed, also
 *                     if it was open before.
 * @retval SAP_INVALID An argument is null, or there is no such role.
 */
SAP_API SAP_MUST_CHECK enum sap_status sap_packets_open(struct sap_packets *lane, enum sap_role role,
							const struct sap_area *area);

/** Closes the lane: every call but open answers #SAP_NOT_OPEN. May be repeated. Counters stay. */
SAP_API void sap_packets_close(struct sap_packets *lane);

/** The longest frame that a DATA_PACKET takes now; 0 if none, or closed. A CB_DATA_PACKET takes 40 bytes less. */
SAP_API uint32_t sap_packets_room(struct sap_packets *lane, const struct sap_area *area);

/**
 * Puts a frame into the queue as DATA_PACKET and publishes it. Then ring the doorbell.
 *
 * @param lane  The lane.
 * @param area  Its area.
 * @param seq   The sender's sequence numbers.
 * @param frame The frame, Ethernet header first. Copied.
 * @param len   Its bytes, 14 or more.
 *
 * @retval SAP_OK        The peer can see it.
 * @retval SAP_NO_ROOM   The queue is too full now; counted. The frame was not taken: whoever had it still
 *                       has it.
 * @retval SAP_BAD_VALUE Shorter than an Ethernet header; counted.
 * @retval SAP_TOO_LONG  Longer than the queue or a message can take; counted.
 * @retval SAP_CORRUPT   The peer's index cannot be; counted.
 * @retval SAP_NOT_OPEN  The lane is closed.
 * @retval SAP_INVALID   An argument is null, or the queue does not lie in this area.
 */
SAP_API SAP_MUST_CHECK enum sap_status sap_packets_send(struct sap_packets *lane, const struct sap_area *area,
							struct sap_seq *seq, const uint8_t *frame,
							uint32_t len);

/**
 * Puts a copy of a frame that the host sent into the queue, as CB_DATA_PACKET, and publishes it.
 *
 * @param lane   A host's lane.
 * @param area   Its area.
 * @param seq    The sender's sequence numbers.
 * @param to_me_filt_status Why CSME gets it: enum sap_cb_flag.
 * @param frame  The frame. Copied.
 * @param len    Its bytes, 14 or more.
 *
 * @retval SAP_WRONG_QUEUE The lane is CSME's.
 * @retval SAP_OK, SAP_NO_ROOM, SAP_BAD_VALUE, SAP_TOO_LONG, SAP_CORRUPT, SAP_NOT_OPEN, SAP_INVALID As for
 *                         sap_packets_send().
 */
SAP_API SAP_MUST_CHECK enum sap_status sap_packets_send_cb(struct sap_packets *lane,
							   const struct sap_area *area, struct sap_seq *seq,
							   uint32_t to_me_filt_status, const uint8_t *frame,
							   uint32_t len);

/**
 * Takes the next frame, and gives the peer its room.
 *
 * Frames that cannot be given out are dropped, counted, and answered by a status: ask again while
 * sap_status_took(). Each frame's room is the peer's again at once, so a peer can keep you busy for as long
 * as it likes: stop after as many frames as you can afford (NAPI's budget, say).
 *
 * @param lane  The lane.
 * @param area  Its area.
 * @param frame Where to; private memory.
 * @param cap   Bytes there; 1,514 hold every ordinary frame.
 * @param info  What came.
 *
 * @retval SAP_OK           `info->len` bytes at @p frame.
 * @retval SAP_AGAIN        The queue is empty.
 * @retval SAP_TOO_SHORT    Dropped: shorter than an Ethernet header, or than its `data_len` says.
 * @retval SAP_TOO_LONG     Dropped: longer than @p cap; `info->len` says how long.
 * @retval SAP_UNKNOWN_TYPE Dropped: a type that does not belong here.
 * @retval SAP_CORRUPT      The peer's index or a message's length cannot be. Nothing moved:
 *                          sap_packets_discard(), or close the lane.
 * @retval SAP_NOT_OPEN     The lane is closed.
 * @retval SAP_INVALID      An argument is null, or the queue does not lie in this area.
 */
SAP_API SAP_MUST_CHECK enum sap_status sap_packets_recv(struct sap_packets *lane, const struct sap_area *area,
							uint8_t *frame, uint32_t cap,
							struct sap_packet_info *info);

/**
 * Gives up everything that came, to go on after #SAP_CORRUPT with what the peer writes next.
 *
 * @retval SAP_OK       The queue is empty; the bytes are counted in `lost_bytes`.
 * @retval SAP_CORRUPT  The peer's index is not even inside the queue; nothing moved.
 * @retval SAP_NOT_OPEN The lane is closed.
 * @retval SAP_INVALID  An argument is null, or the queue does not lie in this area.
 */
SAP_API SAP_MUST_CHECK enum sap_status sap_packets_discard(struct sap_packets *lane,
							   const struct sap_area *area);

SAP_END_DECLS

#endif
