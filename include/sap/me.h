/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
/**
 * @file me.h
 * ME messages: the handshake and the doorbell, which travel over the MEI client connection.
 *
 * The rest of SAP travels in the shared area (message.h, queue.h). All calls are pure: any context, any
 * number of threads. Numbers are in host byte order. Facts: docs/protocol/sap.md section 2.
 */
#ifndef SAP_ME_H
#define SAP_ME_H

#include <sap/status.h>
#include <sap/types.h>
#include <sap/wire.h>

SAP_BEGIN_DECLS

/** START: the host's area is ready. */
struct sap_me_start {
	uint64_t shared_mem;	     /**< Bus address of the area; 0 if client DMA map set it up. */
	uint16_t init_data_seq_num;  /**< 0x100 from the Linux driver; honoured by nobody. */
	uint16_t init_notif_seq_num; /**< 0x800 from the Linux driver; honoured by nobody. */
	uint8_t supported_versions[SAP_ME_VERSIONS]; /**< Versions offered; a zero ends the list. */
};

/** START_OK: CSME's answer. */
struct sap_me_start_ok {
	uint16_t init_data_seq_num;  /**< Unused. */
	uint16_t init_notif_seq_num; /**< Unused. */
	uint8_t supported_version;   /**< The one version that CSME took. */
};

/** One ME message. */
struct sap_me_message {
	uint32_t type; /**< enum sap_me_type, or any number. Says which member below holds. */
	uint32_t seq;  /**< Counted up by the sender; for debugging only. */
	/** The header's `len` as it came: the whole message in START, but 0 in the Linux driver's CSA.
	 *  Ignored by encode, which writes the whole message's size. */
	uint32_t len;
	union {
		struct sap_me_start start;	 /**< #SAP_ME_START */
		struct sap_me_start_ok start_ok; /**< #SAP_ME_START_OK */
		struct sap_view opaque;		 /**< A type in no table: what follows the header. */
	};
};

/**
 * Makes a value of one ME message.
 *
 * The transport's length counts; the header's `len` is reported and not believed, since the Linux driver
 * writes 0 into a CSA of 88 bytes. Reserved bytes, and bytes after the last field, are not kept.
 *
 * @param bytes   The message. Read, never kept; `opaque` of @p message points into it.
 * @param len     Its length, as the transport delivered it.
 * @param message What it says.
 *
 * @retval SAP_OK           @p message holds.
 * @retval SAP_TOO_SHORT    Fewer than 12 bytes: all of @p message is zero. Or fewer than the type demands
 *                          (START 88, START_OK 20): `type`, `seq`, `len` and `opaque` hold.
 * @retval SAP_UNKNOWN_TYPE The type is in no table: `type`, `seq`, `len` and `opaque` hold.
 * @retval SAP_INVALID      An argument is null.
 */
SAP_API SAP_MUST_CHECK enum sap_status sap_me_decode(const uint8_t *bytes, size_t len,
						     struct sap_me_message *message);

/**
 * Writes one ME message: START 88 bytes, START_OK 20, CHECK_SHARED_AREA 12, an unknown type 12 and its
 * `opaque`.
 *
 * @param message The value; its `len` is not looked at.
 * @param bytes   Where to; #SAP_ME_MAX_SIZE bytes suffice for every known type.
 * @param cap     Bytes there.
 * @param len     How many were written.
 *
 * @retval SAP_OK        Written.
 * @retval SAP_TOO_SMALL @p cap does not suffice; nothing was written.
 * @retval SAP_BAD_VALUE `opaque` is null with a length; nothing was written.
 * @retval SAP_INVALID   An argument is null.
 */
SAP_API SAP_MUST_CHECK enum sap_status sap_me_encode(const struct sap_me_message *message, uint8_t *bytes,
						     size_t cap, uint32_t *len);

SAP_END_DECLS

#endif
