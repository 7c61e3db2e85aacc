/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
/**
 * @file queue.h
 * The two ends of a queue: a producer writes messages, a consumer takes them.
 *
 * @code
 * struct sap_producer out;
 * struct sap_seq seq = {0};
 * struct sap_message ping = {.type = SAP_PING};
 *
 * if (sap_producer_init(&out, &area, SAP_HOST_NOTIF) == SAP_OK &&
 *     sap_producer_put(&out, &area, &seq, &ping) == SAP_OK)
 *         sap_producer_publish(&out, &area);     // and ring the doorbell
 *
 * while (sap_status_took(status = sap_consumer_get(&in, &area, buffer, sizeof(buffer), &message)))
 *         if (status == SAP_OK)
 *                 look_at(&message);
 * sap_consumer_release(&in, &area);
 * @endcode
 *
 * **Batches.** What a producer puts is seen by the peer at sap_producer_publish(), as one step; what a
 * consumer took is free for the peer at sap_consumer_release(). Release after a loop, not in it: a peer
 * that writes as fast as you release would never let it end, while one queue full always ends.
 *
 * **Sharing.** A producer and the consumer of the same queue may be in two threads, two processes, or in
 * the host and in firmware, at the same time and without a lock. One end is one thread's at a time: who
 * has several producers on a side serialises them. No call waits, sleeps or loops on the peer: any
 * context, softirq and interrupt included, once the end is serialised.
 *
 * **Hostile peers.** Everything the peer writes is read once and checked against our own copy; no index
 * or length can lead outside the queue. Our own position is never read back from the area. A peer that
 * breaks the rules gets #SAP_CORRUPT, counted. After a message that breaks off the queue stands still until
 * sap_consumer_discard() or a new start; an index that cannot be is read again at the next call. A message
 * that is merely unknown or too short harms no other.
 *
 * **Null.** Calls that answer a status check their pointers; those that answer a number or nothing do not.
 *
 * **Plain data.** An end holds no pointers: it can be copied, compared and restored, and is given its
 * area at each call. It must be the area the end was made for.
 *
 * Facts: docs/protocol/sap.md sections 4 and 5.
 */
#ifndef SAP_QUEUE_H
#define SAP_QUEUE_H

#include <sap/area.h>
#include <sap/message.h>
#include <sap/status.h>
#include <sap/types.h>

SAP_BEGIN_DECLS

/**
 * The sequence numbers of one sender, over all its queues (section 5).
 *
 * Zeroed, it counts from 1. Taking a number is one atomic step where the processor has one; on a
 * Cortex-M0 one lock must cover all producers that share it.
 */
struct sap_seq {
	uint32_t last; /**< The number taken last. */
};

/** Takes the next sequence number. */
SAP_API uint32_t sap_seq_next(struct sap_seq *seq);

/** What a producer did and what it could not do. Wraps around; set to zero by sap_producer_init() alone. */
struct sap_producer_counters {
	uint32_t committed; /**< Messages put. */
	uint32_t no_room;   /**< Refused since the queue was too full. */
	uint32_t too_long;  /**< Refused since no queue of this size could hold it. */
	uint32_t corrupt;   /**< Times the peer's index, as it was asked for, could not be. */
};

/** The writing end of a queue. Private but for #counters. */
struct sap_producer {
	/** @cond internal */
	uint32_t base, size;   /* where the ring lies, from the area's start */
	uint32_t wr_at, rd_at; /* where its indices lie */
	uint32_t wr;	       /* published */
	uint32_t next;	       /* where the next message starts: wr and what was committed since */
	uint32_t rd;	       /* the peer's index as last read and found good */
	uint32_t reserved;     /* bytes reserved and not yet committed */
	/** @endcond */
	struct sap_producer_counters counters; /**< For reading. */
};

/**
 * Bytes of a queue to write a message into, in one piece or, if it wraps around, in two.
 *
 * Shared memory: write each byte, never read one.
 */
struct sap_span {
	uint8_t *first;	     /**< The first piece. */
	uint32_t first_len;  /**< Its bytes. */
	uint8_t *second;     /**< The rest, at the queue's start; null if there is none. */
	uint32_t second_len; /**< Its bytes. */
};

/**
 * Becomes the producer of a queue: both positions are read from the area, once, and checked.
 *
 * @retval SAP_OK      Ready.
 * @retval SAP_CORRUPT A position in the area is not inside the queue.
 * @retval SAP_INVALID An argument is null, or there is no such queue.
 */
SAP_API SAP_MUST_CHECK enum sap_status sap_producer_init(struct sap_producer *producer,
							 const struct sap_area *area,
							 enum sap_queue_id queue);

/**
 * How long a message, its header included, fits now. 0 also if the peer's index cannot be.
 *
 * One byte of a queue always stays free: a full queue would look empty. Never more than 65,543, which is all
 * that a header can say.
 */
SAP_API uint32_t sap_producer_room(struct sap_producer *producer, const struct sap_area *area);

/**
 * Reserves room for one message to be written in place. Only sap_producer_commit() makes it count; reserving
 * or putting again takes its place, also if that finds no room. Write a header first (sap_header_encode())
 * whose `len` is @p n less 8, with a number of sap_seq_next().
 *
 * @param producer The end.
 * @param area     Its area.
 * @param n        Bytes of the message, header included; 8 or more.
 * @param span     Where to write.
 *
 * @retval SAP_OK       @p span holds until the commit.
 * @retval SAP_NO_ROOM  The queue is too full now; counted. Draining rings no doorbell: look again later.
 * @retval SAP_TOO_LONG Longer than the queue less one byte, or than 65,543; counted.
 * @retval SAP_CORRUPT  The peer's index, asked for as there was too little room, cannot be; counted.
 * @retval SAP_INVALID  An argument is null, @p n is less than a header, or the queue does not lie in this
 *                      area. Whether it is the area that the end was made for, nobody can tell.
 */
SAP_API SAP_MUST_CHECK enum sap_status sap_producer_reserve(struct sap_producer *producer,
							    const struct sap_area *area, uint32_t n,
							    struct sap_span *span);

/**
 * Makes the message that was written into the reservation part of the batch.
 *
 * @retval SAP_OK           It will be seen at the next publication.
 * @retval SAP_NOT_RESERVED There is no reservation.
 * @retval SAP_INVALID      @p producer is null.
 */
SAP_API SAP_MUST_CHECK enum sap_status sap_producer_commit(struct sap_producer *producer);

/**
 * Writes @p n bytes into a reservation, @p offset bytes behind its start, over the wrap if need be.
 *
 * @retval SAP_OK      Written.
 * @retval SAP_INVALID An argument is null, or the bytes go past the reservation; nothing was written.
 */
SAP_API SAP_MUST_CHECK enum sap_status sap_span_write(const struct sap_span *span, uint32_t offset,
						      const void *from, uint32_t n);

/** Shows the peer everything that was committed, as one step. Then ring the doorbell. */
SAP_API void sap_producer_publish(struct sap_producer *producer, const struct sap_area *area);

/** Whether something was committed and not yet published. */
SAP_API bool sap_producer_unpublished(const struct sap_producer *producer);

/** Whether the peer took all that was published. False also if its index cannot be. */
SAP_API bool sap_producer_drained(struct sap_producer *producer, const struct sap_area *area);

/**
 * Encodes @p message in place and commits it: reserve, encode, commit in one call.
 *
 * It takes its number from @p seq once there is room, and writes it; `message->seq` is not looked at.
 *
 * @retval SAP_OK        Part of the batch; sap_producer_publish() shows it.
 * @retval SAP_BAD_VALUE As for sap_message_size().
 * @retval SAP_NO_ROOM, SAP_TOO_LONG, SAP_CORRUPT, SAP_INVALID As for sap_producer_reserve().
 */
SAP_API SAP_MUST_CHECK enum sap_status sap_producer_put(struct sap_producer *producer,
							const struct sap_area *area, struct sap_seq *seq,
							const struct sap_message *message);

/** What a consumer took and what it passed over. Wraps around; set to zero by sap_consumer_init() alone. */
struct sap_consumer_counters {
	uint32_t taken;	     /**< Messages taken, skipped ones included. */
	uint32_t too_long;   /**< Of them: passed over since they did not fit the buffer. */
	uint32_t too_short;  /**< Of them: shorter than their type demands. */
	uint32_t unknown;    /**< Of them: of a type in no table. */
	uint32_t corrupt;    /**< Times an index or a length could not be. */
	uint32_t lost_bytes; /**< Given up by sap_consumer_discard(). */
};

/** The reading end of a queue. Private but for #counters. */
struct sap_consumer {
	/** @cond internal */
	uint32_t base, size;	  /* where the ring lies, from the area's start */
	uint32_t wr_at, rd_at;	  /* where its indices lie */
	uint32_t rd;		  /* published */
	uint32_t next;		  /* where the next message starts: rd and what was taken since */
	uint32_t wr;		  /* the peer's index as last read and found good */
	bool broken;		  /* the message at next breaks off */
	uint32_t peeked;	  /* bytes of the message at next, header included; 0 if not looked at */
	struct sap_header header; /* its header, the one copy */
	/** @endcond */
	struct sap_consumer_counters counters; /**< For reading. */
};

/**
 * Becomes the consumer of a queue: both positions are read from the area, once, and checked.
 *
 * @retval SAP_OK      Ready.
 * @retval SAP_CORRUPT A position in the area is not inside the queue.
 * @retval SAP_INVALID An argument is null, or there is no such queue.
 */
SAP_API SAP_MUST_CHECK enum sap_status sap_consumer_init(struct sap_consumer *consumer,
							 const struct sap_area *area,
							 enum sap_queue_id queue);

/**
 * Looks at the next message's header, which is copied out of the area once: looking again gives the same.
 *
 * @retval SAP_OK      @p header holds; the whole message is there.
 * @retval SAP_AGAIN   The queue is empty.
 * @retval SAP_CORRUPT The peer's index cannot be, or the message ends behind it; counted. Nothing moved.
 * @retval SAP_INVALID An argument is null, or the queue does not lie in this area.
 */
SAP_API SAP_MUST_CHECK enum sap_status sap_consumer_peek(struct sap_consumer *consumer,
							 const struct sap_area *area,
							 struct sap_header *header);

/**
 * Copies a part of the payload of the message that was peeked at.
 *
 * Each call reads shared memory anew: copy a byte once, and use the copy.
 *
 * @retval SAP_OK      Copied.
 * @retval SAP_INVALID Nothing was peeked at, the part is not inside the payload, or an argument is null.
 */
SAP_API SAP_MUST_CHECK enum sap_status sap_consumer_copy(const struct sap_consumer *consumer,
							 const struct sap_area *area, uint32_t offset,
							 void *buffer, uint32_t n);

/**
 * Goes past the message that was peeked at.
 *
 * @retval SAP_OK    The next message is next.
 * @retval SAP_AGAIN Nothing was peeked at.
 * @retval SAP_INVALID @p consumer is null.
 */
SAP_API SAP_MUST_CHECK enum sap_status sap_consumer_take(struct sap_consumer *consumer);

/**
 * Copies the next message, header first, and goes past it.
 *
 * @param consumer The end.
 * @param area     Its area.
 * @param buffer   Where to: private memory.
 * @param cap      Bytes there; #SAP_HEADER_SIZE or more.
 * @param len      Bytes of the message. After SAP_TOO_LONG too, as the bytes that would have been needed.
 *
 * @retval SAP_OK        @p buffer holds one whole message.
 * @retval SAP_TOO_LONG  It did not fit: it was passed over and counted, @p buffer holds its header. Ask
 *                       for the next one.
 * @retval SAP_AGAIN     The queue is empty.
 * @retval SAP_CORRUPT   As for sap_consumer_peek().
 * @retval SAP_TOO_SMALL @p cap is less than a header.
 * @retval SAP_INVALID   An argument is null, or the queue does not lie in this area.
 */
SAP_API SAP_MUST_CHECK enum sap_status sap_consumer_next(struct sap_consumer *consumer,
							 const struct sap_area *area, uint8_t *buffer,
							 uint32_t cap, uint32_t *len);

/**
 * Copies the next message and makes a value of it.
 *
 * Messages of an unknown type, too short for their type, or too long for the buffer are taken and counted
 * too, and answered by a status: loop while sap_status_took(), not while SAP_OK. Whether a type belongs in
 * this queue is not looked at: sap_queue_carries() tells.
 *
 * @param consumer The end.
 * @param area     Its area.
 * @param buffer   Where the bytes go; views of @p message point into it.
 * @param cap      Bytes there. 1,904 hold every notification of the tables; of a longer one the
 *                 bytes after its table's are left out, since they mean nothing.
 * @param message  What it says.
 *
 * @retval SAP_OK           @p message holds.
 * @retval SAP_UNKNOWN_TYPE Taken; `type`, `len`, `seq`, `opaque` hold.
 * @retval SAP_TOO_SHORT    Taken; `type`, `len`, `seq`, `opaque` hold.
 * @retval SAP_TOO_LONG     Passed over, being bytes to its end or shorter in the buffer than its table;
 *                          `type`, `len`, `seq` hold and `opaque` is empty.
 * @retval SAP_AGAIN, SAP_CORRUPT, SAP_TOO_SMALL, SAP_INVALID As for sap_consumer_next(); nothing was
 *                          taken.
 */
SAP_API SAP_MUST_CHECK enum sap_status sap_consumer_get(struct sap_consumer *consumer,
							const struct sap_area *area, uint8_t *buffer,
							uint32_t cap, struct sap_message *message);

/** Gives the peer the room of everything that was taken. */
SAP_API void sap_consumer_release(struct sap_consumer *consumer, const struct sap_area *area);

/**
 * Gives up everything that lies in the queue, to go on after #SAP_CORRUPT with what the peer writes next.
 *
 * The bytes are counted in `lost_bytes`. The room is released.
 *
 * @retval SAP_OK      The queue is empty.
 * @retval SAP_CORRUPT The peer's index is not even inside the queue; nothing moved.
 * @retval SAP_INVALID An argument is null, or the queue does not lie in this area.
 */
SAP_API SAP_MUST_CHECK enum sap_status sap_consumer_discard(struct sap_consumer *consumer,
							    const struct sap_area *area);

/**
 * Whether messages of @p type travel in @p queue: written by its side, and of its kind. False for a type in no
 * table. Any context.
 */
SAP_API bool sap_queue_carries(enum sap_queue_id queue, uint32_t type);

SAP_END_DECLS

#endif
