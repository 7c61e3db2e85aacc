/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
/**
 * @file transport.h
 * What a connection to one MEI client must be able to do: six operations.
 *
 * Engines never call a transport. They ask for I/O (engine.h), somebody calls the transport, and tells the
 * engine the result; pump.h is that somebody in user space. So whoever brings SAP to another system writes
 * these six operations and nothing else. docs/write-a-transport.md leads through it with a template, and
 * the conformance kit (transport_check.h) tells whether it is right.
 *
 * **Order.** Host: map, connect, send and recv, disconnect, unmap. CSME: connect, recv (START), map,
 * send and recv, disconnect, unmap. A host's transport makes the memory; CSME's adopts what the peer made.
 * Each end disconnects before it connects again, also where the peer ended the connection.
 *
 * **Calling.** All operations of one transport are serialised by the caller, with one exception that `send`
 * names. None calls back into an engine.
 */
#ifndef SAP_TRANSPORT_H
#define SAP_TRANSPORT_H

#include <sap/status.h>
#include <sap/types.h>

SAP_BEGIN_DECLS

/** Memory that both sides map. */
struct sap_mem {
	void *base;    /**< First byte, at a multiple of 4. Null if there is none. */
	uint32_t size; /**< Bytes. */
};

/**
 * The operations. Each gets the transport's own pointer first.
 *
 * #SAP_AGAIN always means that nothing was taken and the same call may be made again later. After it, or after
 * SAP_OK, `disconnect` follows a `connect` and `unmap` a `map`; a first call that failed otherwise holds nothing.
 */
struct sap_transport_ops {
	/**
	 * Host: makes @p size bytes of memory and offers them to the peer. CSME: @p size is 0, and what the
	 * peer made is adopted; a map that came early is kept for this call.
	 *
	 * @retval SAP_OK          @p mem holds, and stays valid until `unmap` returns.
	 * @retval SAP_AGAIN       Under way, or CSME has yet to give up what was mapped before; ask again.
	 * @retval SAP_UNSUPPORTED There will never be such memory; for CSME: the peer made none.
	 * @retval SAP_IO          Failed or refused this time.
	 * @retval SAP_CLOSED      The connection has ended.
	 */
	enum sap_status (*map)(void *self, uint32_t size, struct sap_mem *mem);

	/**
	 * Connects to the client; for CSME: takes the peer that came.
	 *
	 * @retval SAP_OK     Connected.
	 * @retval SAP_AGAIN  Under way, or nobody came yet.
	 * @retval SAP_BUSY   Somebody else has the client.
	 * @retval SAP_IO, SAP_UNSUPPORTED, SAP_CLOSED It failed; only SAP_UNSUPPORTED is final.
	 */
	enum sap_status (*connect)(void *self);

	/**
	 * Sends one ME message of 1 byte or more. Copied before it returns; delivers nothing to anybody
	 * inside. May sleep: `disconnect` may be called meanwhile, and ends it with SAP_CLOSED.
	 *
	 * @retval SAP_OK       Taken, whole.
	 * @retval SAP_AGAIN    Not taken.
	 * @retval SAP_TOO_LONG Longer than the client takes; not taken.
	 * @retval SAP_CLOSED   There is no connection: not yet, or not any more.
	 * @retval SAP_IO       It failed, and with it the connection has ended.
	 */
	enum sap_status (*send)(void *self, const void *message, size_t len);

	/**
	 * Gives out the next ME message, whole. Never waits.
	 *
	 * @retval SAP_OK       @p len bytes at @p message.
	 * @retval SAP_AGAIN    None there.
	 * @retval SAP_TOO_LONG It did not fit @p cap and was dropped; @p len is its size.
	 * @retval SAP_CLOSED   The connection has ended, and all that came before it was given out; or there
	 *                      was none yet.
	 */
	enum sap_status (*recv)(void *self, void *message, size_t cap, size_t *len);

	/**
	 * Ends the connection, or the wait for one; no message comes after it. May be repeated. SAP_OK, or
	 * SAP_AGAIN.
	 */
	enum sap_status (*disconnect)(void *self);

	/**
	 * Gives up the memory. Comes last; may be repeated. What the host gives up stays readable for CSME
	 * until CSME's own unmap returns. SAP_OK, or SAP_AGAIN.
	 */
	enum sap_status (*unmap)(void *self);
};

/** A transport: its operations and what they work on. Plain pointers; copy it as you like. */
struct sap_transport {
	const struct sap_transport_ops *ops; /**< The operations. Constant, and lives as long as `self`. */
	void *self;			     /**< Theirs. */
};

SAP_END_DECLS

#endif
