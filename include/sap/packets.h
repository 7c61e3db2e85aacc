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
 * **A host's two paths.** sap_packets_rx() takes each frame that came from the air: filters say where it goes,
 * and CSME's copy is made. sap_packets_tx() takes each frame that the host's stack sends: CSME gets copies of
 * DHCP requests. Both do something only while the lane is open, which is while SAP is connected, AMT is on and
 * the host owns the NIC; otherwise they say that everything is the host's alone.
 *
 * **Nothing is lost silently.** Each frame that did not go through is answered by a status and counted; a frame
 * from the air that CSME could not be given goes to the host.
 *
 * Facts: docs/protocol/sap.md sections 4, 5 and 7.
 */
#ifndef SAP_PACKETS_H
#define SAP_PACKETS_H

#include <sap/filter.h>
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
	uint32_t rx_host;	 /**< Frames from the air that went to the host alone. */
	uint32_t rx_csme;	 /**< To CSME alone. */
	uint32_t rx_both;	 /**< To both. */
	uint32_t rx_given_back;	 /**< Of `rx_host`: CSME wanted it and could not be given it. */
	uint32_t rx_too_short;	 /**< Of `rx_host`: shorter than an Ethernet header. */
	uint32_t tx_copied;	 /**< DHCP requests of the host that CSME got a copy of. */
	uint32_t tx_not_copied;	 /**< DHCP requests of the host that CSME could not be given. */
};

/** A lane. Private but for #counters. Plain data, without pointers; zero it before the first open. */
struct sap_packets {
	/** @cond internal */
	struct sap_producer out;
	struct sap_consumer in;
	struct sap_filter filter;
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

/**
 * Gives the lane filters, or with null takes them away. Open or not, it keeps them until the next time. An
 * engine has it done by sap_packets_apply(); this is for who has none.
 */
SAP_API void sap_packets_set_filter(struct sap_packets *lane, const struct sap_filter *filter);

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
 * Takes a frame that came from the air: looks it up in the filters, and gives CSME its copy.
 *
 * Then, whatever the status, hand it to the host's stack if `verdict->to_host` says so, and to nobody else.
 *
 * @param lane    A host's lane.
 * @param area    Its area.
 * @param seq     The sender's sequence numbers.
 * @param frame   The frame, Ethernet header first, as it came. Copied if CSME gets it.
 * @param len     Its bytes.
 * @param verdict Where it went: `to_csme` if CSME got it; `to_host` if the host is to see it, which also
 *                holds if CSME wanted it and could not be given it. `rule` and `index` tell what decided.
 *
 * @retval SAP_OK          CSME got it, or does not want it.
 * @retval SAP_NO_ROOM     CSME wants it, and the queue is too full now; counted. The host sees it.
 * @retval SAP_TOO_LONG    CSME wants it, and it is longer than the queue can take; counted. The host sees it.
 * @retval SAP_CORRUPT     CSME wants it, and the peer's index cannot be; counted. The host sees it.
 * @retval SAP_TOO_SHORT   Shorter than an Ethernet header; counted. The host sees it.
 * @retval SAP_NOT_OPEN    The lane is closed. The host sees it.
 * @retval SAP_WRONG_QUEUE The lane is CSME's. The host sees it.
 * @retval SAP_INVALID     An argument is null, or the queue does not lie in this area. The host sees it.
 */
SAP_API SAP_MUST_CHECK enum sap_status sap_packets_rx(struct sap_packets *lane, const struct sap_area *area,
						      struct sap_seq *seq, const uint8_t *frame, uint32_t len,
						      struct sap_verdict *verdict);

/**
 * Takes a frame that the host's stack sends: CSME gets a copy of a DHCP request, as CB_DATA_PACKET, since from
 * those it learns the host's address. So it does of those in a VLAN that it is in, and no others.
 *
 * Whatever the status, the frame is to be sent. Then ring the doorbell if CSME got a copy: the engine sees that.
 *
 * @retval SAP_OK       CSME got a copy, or wants none.
 * @retval SAP_NO_ROOM, SAP_TOO_LONG, SAP_CORRUPT CSME should have got a copy and did not; counted.
 * @retval SAP_NOT_OPEN, SAP_WRONG_QUEUE, SAP_INVALID As for sap_packets_rx().
 */
SAP_API SAP_MUST_CHECK enum sap_status sap_packets_tx(struct sap_packets *lane, const struct sap_area *area,
						      struct sap_seq *seq, const uint8_t *frame,
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
