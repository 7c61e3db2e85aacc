/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
/**
 * @file status.h
 * What every call answers.
 *
 * Zero is success and a failure is negative, so `if (status < 0)` and `if (status != SAP_OK)` say the
 * same. Failures come in groups of a hundred: the group says whose turn it is, the value what happened.
 * A call that fails changed nothing unless its documentation says what.
 *
 * Everything here may be called from any context: process, softirq, interrupt, signal handler.
 */
#ifndef SAP_STATUS_H
#define SAP_STATUS_H

#include <sap/types.h>

SAP_BEGIN_DECLS

/** The answer of a call. */
enum sap_status {
	SAP_OK = 0, /**< Done. */

	/* Usage: the caller asked for something that cannot be, or not in this state. */
	SAP_INVALID = -101,	 /**< An argument is null, out of range, or of another object. */
	SAP_TOO_SMALL = -102,	 /**< Memory given for a purpose does not suffice for it. */
	SAP_MISALIGNED = -103,	 /**< Memory must start at a multiple of 4 bytes and does not. */
	SAP_BAD_VALUE = -104,	 /**< A value does not fit the field that is to carry it. */
	SAP_WRONG_QUEUE = -105,	 /**< This side does not write messages of this type. */
	SAP_NOT_RESERVED = -106, /**< Committed without a reservation. */
	SAP_NOT_OPEN = -107,	 /**< The lane is closed. */
	SAP_NOT_UP = -108,	 /**< SAP is down or AMT is off: the NIC's register decides, not SAP. */
	SAP_WRONG_STATE = -109,	 /**< Not now: the state of the engine does not allow this call. */

	/* Peer: what the other side wrote does not hold. */
	SAP_TOO_SHORT = -201,	 /**< Fewer bytes than the header or the type demands. */
	SAP_UNKNOWN_TYPE = -202, /**< The type is in no table; the bytes were carried as they are. */
	SAP_CORRUPT = -203,	 /**< An index or a length that an honest peer cannot have written. */
	SAP_BAD_MAGIC = -204,	 /**< The mark `SAP!` is missing at the start or the end of an area. */
	SAP_BAD_VERSION = -206,	 /**< A version of SAP that was not offered, or is not spoken here. */
	SAP_BAD_LAYOUT = -205,	 /**< The area states sizes that are not those of its layout. */

	/* Transport: the connection. */
	SAP_CLOSED = -301,	/**< The connection has ended. */
	SAP_UNSUPPORTED = -302, /**< The transport or the peer cannot do this, now or ever. */
	SAP_IO = -303,		/**< It failed, and may do better another time. */

	/* No room. */
	SAP_NO_ROOM = -401,  /**< The queue is too full now; there will be room as the peer reads. */
	SAP_TOO_LONG = -402, /**< Longer than the buffer or the queue can ever hold. */

	/* Again: nothing was taken, nothing is wrong. */
	SAP_AGAIN = -501, /**< Nothing there yet; nothing was taken. */
	SAP_BUSY = -502,  /**< Something of the same kind is still under way. */
};

/** Whose turn it is after a failure. */
enum sap_status_group {
	SAP_GROUP_OK = 0,	 /**< No failure. */
	SAP_GROUP_USAGE = 1,	 /**< The caller's: mend the call. */
	SAP_GROUP_PEER = 2,	 /**< The peer's: do not trust what it wrote. */
	SAP_GROUP_TRANSPORT = 3, /**< The connection's: it is gone or never was. */
	SAP_GROUP_ROOM = 4,	 /**< Nobody's: something is too full, or too long for where it goes. */
	SAP_GROUP_AGAIN = 5,	 /**< Nobody's: ask later. */
};

/**
 * Whether a call that takes messages took one: it was given out, or passed over as unknown, too short or too
 * long. Loops over sap_consumer_get() and sap_packets_recv() go on while this is so.
 */
SAP_API bool sap_status_took(enum sap_status status);

/** The group of @p status; #SAP_GROUP_USAGE for a number that is no status. */
SAP_API enum sap_status_group sap_status_group(enum sap_status status);

/** The name of @p status without its prefix ("NO_ROOM"), or "?" for a number that is no status. Constant. */
SAP_API const char *sap_status_name(enum sap_status status);

/** What @p status means, one lower-case clause for people ("the queue is too full now"). Constant. */
SAP_API const char *sap_strerror(enum sap_status status);

SAP_END_DECLS

#endif
