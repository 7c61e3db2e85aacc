/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
/**
 * @file loopback.h
 * A transport with both ends in one process: deterministic, without a clock, with faults on request.
 *
 * @code
 * static _Alignas(4) unsigned char memory[172032];
 * static struct sap_loopback loop;
 * struct sap_loopback_config config;
 *
 * sap_loopback_config_default(&config);
 * config.memory = memory;
 * config.memory_size = sizeof(memory);
 * if (sap_loopback_init(&loop, sizeof(loop), &config) == SAP_OK) {
 *         host_pump.transport = sap_loopback_transport(&loop, SAP_LOOPBACK_HOST);
 *         csme_pump.transport = sap_loopback_transport(&loop, SAP_LOOPBACK_CSME);
 * }
 * @endcode
 *
 * **Memory.** The shared memory is the caller's. As the host maps it, it is filled with #SAP_LOOPBACK_FRESH:
 * real memory is not zero either. Once both ends gave it up it is filled with #SAP_LOOPBACK_GONE, so that
 * who reads on reads nonsense. As long as CSME holds what the host gave up, a new map of the host answers
 * #SAP_AGAIN.
 *
 * **Connecting.** The first end to ask waits and gets #SAP_AGAIN. The second gets #SAP_OK at once, and the
 * first gets it when it asks again. If the second is gone by then, the first goes on waiting: a connection
 * it never knew of has not been. After a connection has ended, `connect` says #SAP_CLOSED until
 * `disconnect` was called.
 *
 * **Messages** of 1 byte to `longest` travel in order, at most `depth` of them each way; #SAP_AGAIN beyond.
 * An end that disconnects loses what it has not read. The other end reads what was sent to it before, and
 * then #SAP_CLOSED. A host that unmaps without having disconnected disconnects first.
 *
 * **State.** `state` holds no pointers: copying it and the memory is a snapshot, and copying them back
 * restores it. Equal states are equal bytes, counters aside.
 *
 * **Contexts.** No call sleeps, allocates or calls back; any context. All calls on one loopback, those of
 * its two transports included, are serialised by the caller.
 */
#ifndef SAP_LOOPBACK_H
#define SAP_LOOPBACK_H

#include <sap/transport.h>

SAP_BEGIN_DECLS

/** Numbers of the loopback. */
enum {
	SAP_LOOPBACK_MESSAGE = 128, /**< The longest message that it can be set to take. */
	SAP_LOOPBACK_DEPTH = 8,	    /**< Most messages on the way in a direction that it can be set to. */
	SAP_LOOPBACK_FAULTS = 8,    /**< Faults that can wait at a time. */
	SAP_LOOPBACK_FRESH = 0xa5,  /**< What memory is filled with as the host maps it. */
	SAP_LOOPBACK_GONE = 0xdb,   /**< What it is filled with once nobody maps it. */
};

/** For the `times` of a fault: it is never used up. */
#define SAP_LOOPBACK_ALWAYS UINT32_MAX

/** The two ends. */
enum sap_loopback_end {
	SAP_LOOPBACK_HOST = 0, /**< The host's. */
	SAP_LOOPBACK_CSME = 1, /**< CSME's. */
};

/** What can go wrong. */
enum sap_loopback_fault_kind {
	/* Operations of an end; they answer the fault's `status` and do nothing. */
	SAP_LOOPBACK_FAIL_MAP = 1,    /**< AGAIN, UNSUPPORTED, IO; only for more than `above` bytes. */
	SAP_LOOPBACK_FAIL_CONNECT,    /**< AGAIN, BUSY, UNSUPPORTED, IO. */
	SAP_LOOPBACK_FAIL_SEND,	      /**< AGAIN; or IO, and the connection ends as by sap_loopback_cut(). */
	SAP_LOOPBACK_FAIL_DISCONNECT, /**< AGAIN. */
	SAP_LOOPBACK_FAIL_UNMAP,      /**< AGAIN. */

	/* Messages that an end sends; its `send` says SAP_OK. */
	SAP_LOOPBACK_DROP,	/**< It never arrives. */
	SAP_LOOPBACK_DELAY,	/**< It arrives after `steps` steps, and those sent later not before it. */
	SAP_LOOPBACK_DUPLICATE, /**< It arrives twice, one after the other. */
	SAP_LOOPBACK_CORRUPT,	/**< The byte at `offset` is XORed with `mask`; nothing if it is shorter. */
};

/**
 * One fault. Zeroed members have the obvious meaning, but for `times`: 0 is refused.
 *
 * A fault counts what it may befall: calls of its operation by its end (a map only if it is of more than
 * `above` bytes), or messages that its end had taken. It lets `skip` of them pass and befalls the next
 * `times`. Several faults count independently. If several befall one call, the one that was asked for first
 * decides. If several of different kinds befall one message, all do, and of one kind the first; a message
 * that is dropped counts for the other kinds too.
 */
struct sap_loopback_fault {
	enum sap_loopback_fault_kind kind; /**< What. */
	enum sap_loopback_end end;	   /**< Whose operation, or whose messages: the sender's. */
	uint32_t skip;			   /**< How many pass before. */
	uint32_t times;			   /**< How many it befalls; 1 or more, or #SAP_LOOPBACK_ALWAYS. */
	enum sap_status status;		   /**< Operations: the answer. */
	uint32_t above;	 /**< FAIL_MAP: only for more bytes than these; for CSME, of what the host offers. */
	uint32_t steps;	 /**< DELAY: how many; 1 or more. */
	uint32_t offset; /**< CORRUPT: which byte, from 0. */
	uint8_t mask;	 /**< CORRUPT: which bits to turn over; not 0. */
};

/** What happened at one end. They wrap around and are kept over connections. */
struct sap_loopback_counters {
	uint32_t maps;	      /**< Times it mapped. */
	uint32_t connections; /**< Connections it was told of. */
	uint32_t sent;	      /**< Messages it sent that were taken. */
	uint32_t received;    /**< Messages given out to it. */
	uint32_t full;	      /**< Messages not taken since too many were on the way. */
	uint32_t too_long;    /**< Messages refused as too long, or dropped since its buffer was too short. */
	uint32_t lost;	  /**< Messages on the way to it as it disconnected, or as the connection was cut. */
	uint32_t failed;  /**< Operations that a fault befell. */
	uint32_t dropped; /**< Messages it sent that a fault dropped. */
	uint32_t delayed; /**< Messages it sent that a fault delayed. */
	uint32_t duplicated; /**< Messages it sent that a fault duplicated. */
	uint32_t corrupted;  /**< Messages it sent that a fault corrupted. */
};

/** A message on its way. */
struct sap_loopback_message {
	uint32_t len;			     /**< Its bytes; those after them are 0. */
	uint32_t steps;			     /**< Steps until it may arrive. */
	uint8_t bytes[SAP_LOOPBACK_MESSAGE]; /**< It. */
};

/** Messages on the way to one end, the next one first. Unused ones are 0. */
struct sap_loopback_lane {
	struct sap_loopback_message message[SAP_LOOPBACK_DEPTH]; /**< They. */
	uint32_t count;						 /**< How many. */
	bool frozen;						 /**< Nothing arrives. */
};

/** How far one end is. */
enum sap_loopback_phase {
	SAP_LOOPBACK_IDLE = 0,	/**< Not connected. */
	SAP_LOOPBACK_WAITING,	/**< It asked for a connection; there is no peer yet. */
	SAP_LOOPBACK_MET,	/**< The peer came; it will be told as it asks again. */
	SAP_LOOPBACK_CONNECTED, /**< Connected. */
	SAP_LOOPBACK_ENDED, /**< The peer disconnected, or the connection was cut; it has to disconnect. */
};

/**
 * All that a loopback remembers but for the shared memory. Without pointers: copy it, keep it, put it back.
 * Arrays of two are by enum sap_loopback_end. For reading.
 */
struct sap_loopback_state {
	struct sap_loopback_lane to[2];			      /**< Messages on the way to an end. */
	uint32_t mapped[2];				      /**< Bytes that an end maps; 0: none. */
	uint32_t phase[2];				      /**< enum sap_loopback_phase. */
	struct sap_loopback_fault fault[SAP_LOOPBACK_FAULTS]; /**< Faults that wait, the oldest first. */
	uint32_t faults;				      /**< How many. */
	struct sap_loopback_counters counters[2];	      /**< What happened. */
};

/** What a loopback is given, and keeps. Start from sap_loopback_config_default(). */
struct sap_loopback_config {
	void *memory;	      /**< The shared memory, at a multiple of 4; null: `map` says UNSUPPORTED. */
	uint32_t memory_size; /**< Bytes there. A host that maps more gets SAP_IO, as from older firmware. */
	uint32_t depth;	      /**< Messages on the way in a direction: 2 to #SAP_LOOPBACK_DEPTH; 8. */
	uint32_t longest;     /**< Longest message: 1 to #SAP_LOOPBACK_MESSAGE; 128. */
};

struct sap_loopback;

/** What a transport of a loopback works on. Private. */
struct sap_loopback_self {
	/** @cond internal */
	struct sap_loopback *loop;
	enum sap_loopback_end end;
	/** @endcond */
};

/** A loopback. It must stay where it was initialised as long as a transport of it is in use. */
struct sap_loopback {
	struct sap_loopback_state state;   /**< What it remembers. */
	struct sap_loopback_config config; /**< What it was given. */
	struct sap_loopback_self self[2];  /**< Private. */
};

/** Fills in the defaults: no memory, 8 messages each way of up to 128 bytes. Nothing if @p config is null. */
SAP_API void sap_loopback_config_default(struct sap_loopback_config *config);

/**
 * Makes a loopback: nothing mapped, nobody connected, no faults, counters 0.
 *
 * @param loop   The loopback. What was in it is forgotten.
 * @param size   `sizeof(struct sap_loopback)`, so that a library of another version notices.
 * @param config Its settings; copied. The memory stays the caller's and must outlive the loopback.
 *
 * @retval SAP_OK         Ready.
 * @retval SAP_TOO_SMALL  @p size is less than this library's loopback.
 * @retval SAP_MISALIGNED The memory is not at a multiple of 4.
 * @retval SAP_BAD_VALUE  A setting is out of its range, or there is memory of 0 bytes.
 * @retval SAP_INVALID    @p loop or @p config is null.
 */
SAP_API SAP_MUST_CHECK enum sap_status sap_loopback_init(struct sap_loopback *loop, size_t size,
							 const struct sap_loopback_config *config);

/**
 * The transport of one end; valid as long as the loopback is, and may be asked for again and again.
 *
 * Its operations answer as transport.h says. Beyond that:
 *
 * - `map` of the host: #SAP_IO for 0 bytes and for more than there are; the memory it maps already, if it
 *   asks for the same size again; #SAP_IO for another.
 * - `map` of CSME: #SAP_UNSUPPORTED also if it gives a size; #SAP_CLOSED if it is not connected.
 * - `map` of both: #SAP_INVALID if `mem` is null.
 * - `connect`: #SAP_OK again if connected.
 * - `send`: #SAP_INVALID for a null or an empty message; #SAP_TOO_LONG also where there is no room.
 * - `recv`: #SAP_INVALID if `len` is null, or `message` is null and `cap` is not 0.
 *
 * @return It. If @p loop is null or @p end is no end, its `ops` are null.
 */
SAP_API struct sap_transport sap_loopback_transport(struct sap_loopback *loop, enum sap_loopback_end end);

/**
 * Lets one step pass for all messages that are delayed. Steps are the only time there is.
 *
 * A message that was delayed by n steps can be received after the nth call.
 */
SAP_API void sap_loopback_step(struct sap_loopback *loop);

/** Messages on the way to @p end: delayed and frozen ones too. 0 if there is no such end. */
SAP_API uint32_t sap_loopback_pending(const struct sap_loopback *loop, enum sap_loopback_end end);

/**
 * Has something go wrong later. It waits over connections until it is used up or cleared.
 *
 * @retval SAP_OK        It waits.
 * @retval SAP_NO_ROOM   #SAP_LOOPBACK_FAULTS wait already.
 * @retval SAP_BAD_VALUE `times` is 0; `status` is not among those of its kind; DELAY by 0 steps; CORRUPT
 *                       with mask 0.
 * @retval SAP_INVALID   An argument is null; or there is no such kind, or no such end.
 */
SAP_API SAP_MUST_CHECK enum sap_status sap_loopback_inject(struct sap_loopback *loop,
							   const struct sap_loopback_fault *fault);

/** Forgets the faults that wait, and thaws both ends. Messages that are delayed stay so. */
SAP_API void sap_loopback_clear_faults(struct sap_loopback *loop);

/**
 * Stops delivery to @p end, or lets it go on: as if the peer's messages were stuck. Nothing is lost: `recv`
 * says #SAP_AGAIN, also where it would say #SAP_CLOSED of an end that has yet to disconnect; what is sent
 * waits, until there is no room.
 *
 * @retval SAP_OK      Done.
 * @retval SAP_INVALID @p loop is null, or there is no such end.
 */
SAP_API SAP_MUST_CHECK enum sap_status sap_loopback_freeze(struct sap_loopback *loop,
							   enum sap_loopback_end end, bool frozen);

/**
 * Ends the connection from below, as a reset of the bus does: what is on the way is lost, both ends get
 * #SAP_CLOSED from now on and have to disconnect. An end that had not been told of the connection goes on
 * waiting. Memory stays mapped. Nothing happens if there is no connection.
 */
SAP_API void sap_loopback_cut(struct sap_loopback *loop);

/**
 * Writes into the shared memory behind everybody's back, as a peer that has gone mad does.
 *
 * @param loop   The loopback.
 * @param offset Where, from the start of the memory.
 * @param bytes  What; copied.
 * @param len    How many; may be 0.
 *
 * @retval SAP_OK          Written.
 * @retval SAP_WRONG_STATE Nobody maps the memory.
 * @retval SAP_BAD_VALUE   It does not lie inside what is mapped; nothing was written.
 * @retval SAP_INVALID     @p loop is null, or @p bytes is null and @p len is not 0.
 */
SAP_API SAP_MUST_CHECK enum sap_status sap_loopback_scribble(struct sap_loopback *loop, uint32_t offset,
							     const void *bytes, uint32_t len);

SAP_END_DECLS

#endif
