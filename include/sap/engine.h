/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
/**
 * @file engine.h
 * What the two engines, host.h and csme.h, have in common: how they ask for I/O, how they tell what
 * happened, and how one looks into them.
 *
 * An engine is a struct of the caller's. It has no thread, no clock and no socket. One drives it like this:
 *
 * @code
 * while (sap_host_next_io(&h, &io))                    // what it wants done
 *         status = do_it(&io), sap_host_io_done(&h, &io, status, now);
 * if (sap_host_wants_input(&h) && a message came)
 *         sap_host_me_input(&h, bytes, len, now);
 * if (the connection ended)  sap_host_closed(&h, SAP_CLOSED, now);
 * if (now >= sap_host_deadline(&h))  sap_host_tick(&h, now);
 * while (sap_host_next_event(&h, &event))              // what happened
 *         look_at(&event);
 * @endcode
 *
 * `pump.h` is the first four lines for a `struct sap_transport`.
 *
 * **Time** is in milliseconds, of any origin, and only added and compared. A time before the last one counts
 * as no time passed.
 *
 * **Contexts.** All calls of one engine are serialised with each other: that is the locking domain
 * "control". No call sleeps, waits, or calls back but the tap; any context. The packets lane (packets.h) is
 * the other locking domain; the two meet in the I/O request #SAP_IO_LANE, in the sequence counter, and in the
 * count of packets posted, which control reads for the doorbell.
 *
 * **Events cannot overflow.** Draining a queue stops while there is no room for what one more message could
 * yield, and goes on as events were taken: fetch events, then tick or look at the deadline.
 */
#ifndef SAP_ENGINE_H
#define SAP_ENGINE_H

#include <sap/me.h>
#include <sap/message.h>
#include <sap/packets.h>
#include <sap/transport.h>

SAP_BEGIN_DECLS

/** Never: a deadline that does not come. */
#define SAP_NEVER (~(uint64_t)0)

/** What an engine may want done. */
enum sap_io_op {
	SAP_IO_NONE = 0,   /**< Nothing. */
	SAP_IO_MAP,	   /**< Transport: `map`, with the request's size. Put the result in its `mem`. */
	SAP_IO_CONNECT,	   /**< Transport: `connect`. */
	SAP_IO_SEND,	   /**< Transport: `send` the request's message. */
	SAP_IO_LANE,	   /**< Packets: under the lane's lock sap_packets_apply(). */
	SAP_IO_DISCONNECT, /**< Transport: `disconnect`. May overtake a send that is under way. */
	SAP_IO_UNMAP,	   /**< Transport: `unmap`. */
};

/**
 * One request. One is outstanding at a time, but for a DISCONNECT that overtakes a SEND.
 *
 * Hand it back as it is, with the result: the engine knows a late one by its generation.
 */
struct sap_io {
	enum sap_io_op op;		  /**< What to do. */
	uint32_t generation;		  /**< Which connection it belongs to. */
	uint32_t size;			  /**< MAP: bytes, or 0 to adopt. */
	struct sap_mem mem;		  /**< MAP: what came of it, filled in by who did it. */
	uint32_t len;			  /**< SEND: bytes of the message. */
	uint8_t message[SAP_ME_MAX_SIZE]; /**< SEND: the message. */
	bool lane_open;			  /**< LANE: it is to be open, or closed. */
	bool lane_stays;		  /**< LANE: it is open already, and is only told new filters. */
	bool lane_again;   /**< LANE, open: it was open before on this connection, and goes on there. */
	bool lane_filters; /**< LANE, open: filters came on this connection: */
	struct sap_oob_filters filters; /**< these. By value: the two domains share no bytes. */
	enum sap_role role;		/**< LANE: whose. */
	const struct sap_area *area;	/**< LANE: on what; valid until the lane was closed again. */
};

/**
 * Does what a #SAP_IO_LANE asks for: opens the lane on the request's area, with the filters that came on this
 * connection or none; tells an open one new filters, which it compiles; or closes it. A lane that is opened again
 * on one connection goes on where it was: its own positions are not read back from memory that the peer writes.
 *
 * Called under the lane's lock; then report to the engine. No frame is between old and new filters.
 *
 * @retval SAP_OK       Done.
 * @retval SAP_CORRUPT  As for sap_packets_open(); the lane is closed.
 * @retval SAP_NOT_OPEN It should be open already, and is not.
 * @retval SAP_INVALID  An argument is null, or the request is another one.
 */
SAP_API SAP_MUST_CHECK enum sap_status sap_packets_apply(struct sap_packets *lane, const struct sap_io *io);

/** How far a connection is. */
enum sap_phase {
	SAP_PHASE_DOWN = 0,   /**< Nothing is mapped or connected, nothing is under way. */
	SAP_PHASE_MAPPING,    /**< Host: memory is being made. CSME: START came, memory is being adopted. */
	SAP_PHASE_CONNECTING, /**< The connection is being made, or waited for. */
	SAP_PHASE_STARTING,   /**< Host: START is out. CSME: waiting for it, or answering it. */
	SAP_PHASE_UP,	      /**< SAP is connected. */
	SAP_PHASE_DRAINING,   /**< Host: HOST_GOES_DOWN is out; CSME may still read. */
	SAP_PHASE_UNWINDING,  /**< Disconnecting and unmapping. */
};

/** What a tap sees: a private copy of one message. */
struct sap_seen {
	uint64_t now;		  /**< When, in the engine's time. */
	enum sap_direction to;	  /**< #SAP_TO_CSME or #SAP_TO_HOST. */
	enum sap_carrier carrier; /**< ME message, notification or packet. */
	const uint8_t *bytes;	  /**< The message, header first. Valid during the call. */
	uint32_t len;		  /**< Its bytes. */
};

/**
 * A function that sees each message that goes out or comes in. Optional.
 *
 * Called inside engine calls: it must not call back, and should not take long. A timeline, a capture, a
 * fuzzer's oracle are taps.
 */
struct sap_tap {
	void (*see)(void *self, const struct sap_seen *seen); /**< Null: nobody looks. */
	void *self;					      /**< Its own. */
};

/** Counters of an engine. They wrap around and are kept over connections. */
struct sap_link_counters {
	uint32_t me_sent;	   /**< ME messages sent. */
	uint32_t me_received;	   /**< ME messages that came. */
	uint32_t me_refused;	   /**< Of them: too short, of an unknown type, or out of place. */
	uint32_t sent;		   /**< Notifications written. */
	uint32_t received;	   /**< Notifications taken. */
	uint32_t unknown;	   /**< Of them: of a type in no table, or one that does not come this way. */
	uint32_t too_short;	   /**< Of them: shorter than their type demands. */
	uint32_t too_long;	   /**< Of them: longer than any of the protocol; passed over. */
	uint32_t bad_value;	   /**< Of them: a value that cannot be (an SSID of more than 32 bytes). */
	uint32_t unexpected;	   /**< Of them: not awaited in this state; without effect. */
	uint32_t corrupt;	   /**< Times the peer broke the rules of a queue. */
	uint32_t pongs_dropped;	   /**< PINGs not answered since there was no room. */
	uint32_t goodbyes_dropped; /**< HOST_GOES_DOWN not written since there was no room. */
	uint32_t late_io;	   /**< Results of I/O that nobody waited for any more. */
	uint32_t doorbells;	   /**< CHECK_SHARED_AREA sent. */
	uint32_t events_lost;	   /**< Events that found no room. Stays 0, or the library is wrong. */
};

/** Bytes that one notification of the protocol takes at most, header included. */
enum {
	SAP_BOUNCE_SIZE = SAP_HEADER_SIZE + SAP_CSME_FILTERS_SIZE
};

/** Settings that both engines have. Times in ms. */
struct sap_link_config {
	/**
	 * Layouts, the newest first; the second may be null. Default: versions 4 and 3. The host maps what
	 * they say, CSME accepts areas that are like them. Must outlive the engine.
	 */
	const struct sap_layout *layouts[2];
	uint32_t map_tries;   /**< Host: how often mapping is tried, each time all layouts. 1 or more; 3. */
	uint32_t map_ms;      /**< Host: between tries. 100. */
	uint32_t throttle_ms; /**< Least time between two doorbells; 0: none. 100. */
	uint32_t again_ms;  /**< I/O that said #SAP_AGAIN is asked for again after so long. 1 or more; 10. */
	uint32_t owed_ms;   /**< How often to look for room for what is owed. 1 or more; 20. */
	struct sap_tap tap; /**< Who sees the messages. */
	/** The lane that #SAP_IO_LANE is applied to, so that its packets get their doorbell; or null. Only its
	 *  counter is read. */
	const struct sap_packets *lane;
};

/** What an engine knows of its connection. Private; plain data, without pointers. */
struct sap_link_state {
	/** @cond internal */
	uint64_t now;
	uint64_t retry_at;     /* the next I/O is asked for then: the last one said AGAIN, or failed to map */
	uint64_t rung_at;      /* the last doorbell */
	uint64_t start_by;     /* host: START_OK must come until then */
	uint32_t generation;   /* which connection this is */
	uint32_t me_seq;       /* of the last ME message that was sent */
	uint32_t tries_left;   /* host: to map */
	uint32_t lane_rung;    /* packets posted as the last doorbell rang */
	uint32_t lane_ringing; /* and as the one that is under way was asked for */
	int16_t why;	       /* enum sap_status: why it went down */
	uint8_t phase;	       /* enum sap_phase */
	uint8_t flying;	       /* enum sap_io_op that is outstanding */
	uint8_t layout;	       /* host: which of the settings' layouts is tried */
	uint8_t offered;       /* CSME: which of them START offered, a bit each */
	uint8_t version;       /* of START_OK */
	bool overtaken;	       /* a SEND is outstanding too, which the DISCONNECT overtook */
	bool mapped, connected, lane_open; /* what is held */
	bool mapping, connecting;	   /* and what was begun: the transport may hold something of it */
	bool want_lane;
	bool again;	 /* `retry_at` is for I/O that said AGAIN, not for another try to map */
	bool lane_due;	 /* host: the open lane is to be told new filters */
	bool lane_was;	 /* the lane was open on this connection */
	bool bell;	 /* a doorbell is wanted */
	bool bell_now;	 /* in spite of the throttle */
	bool rang;	 /* one rang on this connection */
	bool deferred;	 /* the throttle held one back */
	bool send_start; /* START, or START_OK, is to be sent */
	bool more;	 /* a doorbell came, and the queue was not found empty since */
	bool packets;	 /* or there may be packets in the lane */
	struct sap_seq seq;
	struct sap_producer out;
	struct sap_consumer in;
	struct sap_link_counters counters;
	uint32_t budget;		 /* bytes that this drain may still take */
	uint8_t bounce[SAP_BOUNCE_SIZE]; /* the notification that is looked at */
	uint8_t aside[SAP_BOUNCE_SIZE];	 /* the one that a tap sees go out */
					 /** @endcond */
};

/** Who owns the NIC, and what is awaited: the answer of sap_host_why() and sap_csme_why(). */
struct sap_why {
	enum sap_phase phase; /**< How far the connection is. */
	enum sap_owner owner; /**< Who owns the NIC, as this side knows. */
	uint64_t since;	      /**< Since when it is so. */
	uint64_t until;	      /**< Until when what is awaited must come; #SAP_NEVER if nothing is, or for
				      as long as it takes. */
	const char *state;    /**< The state of ownership, one word of the state diagram. Constant. */
	const char *why; /**< One clause for people ("the host owns the NIC: CSME granted it"). Constant. */
	const char *awaits; /**< What is awaited ("the answer to the request"), or null. Constant. */
};

SAP_END_DECLS

#endif
