/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
/**
 * @file mei/mkhi.h
 * MKHI: what the firmware is. Requests that only read, and their responses.
 *
 * A message is 4 bytes of header (group, command, reserved, result) and a body; a response whose result is not
 * 0 has no body. SET_OS_VER, which a Linux kernel sends by itself, is known too, and has no response.
 *
 * All calls are pure: any context, any number of threads. Numbers are in host byte order.
 * Facts: docs/protocol/mei.md section 6.
 */
#ifndef SAP_MEI_MKHI_H
#define SAP_MEI_MKHI_H

#include <sap/fields.h>
#include <sap/status.h>
#include <sap/types.h>

SAP_BEGIN_DECLS

/** Sizes, in bytes unless said otherwise. */
enum {
	SAP_MKHI_HEADER_SIZE = 4,   /**< Before every message. */
	SAP_MKHI_FW_BLOCKS = 3,	    /**< Versions in GET_FW_VERSION, at most: running, recovery, ... */
	SAP_MKHI_FW_BLOCK_SIZE = 8, /**< One of them. */
	SAP_MKHI_RULE_SIZE = 255,   /**< The longest data of a rule. */
	SAP_MKHI_LONGEST = 4 + 4 + 1 + SAP_MKHI_RULE_SIZE, /**< The longest message that is known. */
};

/** The bit that makes a response's command of a request's. */
#define SAP_MKHI_RESPONSE 0x80u

/** Requests: group * 256 + command. A response has #SAP_MKHI_RESPONSE set. */
enum sap_mkhi_command {
	SAP_MKHI_GET_RULE = 0x0302,	    /**< A capability of the firmware. */
	SAP_MKHI_SET_OS_VER = 0x0306,	    /**< Which OS runs. Not answered. */
	SAP_MKHI_GET_MKHI_VERSION = 0xff01, /**< Body not public; carried as it is. */
	SAP_MKHI_GET_FW_VERSION = 0xff02,   /**< Versions of the firmware. */
	SAP_MKHI_BOOT_STATE = 0xff0a,	    /**< How far the machine has booted. */
	SAP_MKHI_IMAGE_TYPE = 0xff18,	    /**< Which kind of image. */
	SAP_MKHI_EOP_STATE = 0xff1d,	    /**< Whether the BIOS is done (end of POST). */
};

/** Rules of GET_RULE. */
enum sap_mkhi_rule {
	SAP_MKHI_RULE_SKU = 0,		  /**< Which firmware it is. */
	SAP_MKHI_RULE_FW_UPDATE = 7,	  /**< Whether it may be updated. */
	SAP_MKHI_RULE_PLATFORM_TYPE = 29, /**< Which machine it is. */
	SAP_MKHI_RULE_ENABLED = 32,	  /**< Features that are enabled. */
	SAP_MKHI_RULE_AVAILABLE = 39,	  /**< Features that could be. */
};

/** BOOT_STATE. */
enum sap_mkhi_boot {
	SAP_MKHI_BOOT_EOP = 1, /**< End of POST. */
	SAP_MKHI_BOOT_CBD = 2, /**< Core BIOS done. */
};

/** One version of GET_FW_VERSION. */
struct sap_mkhi_fw_block {
	uint16_t minor;	  /**< 1 of 16.1.25.1865. */
	uint8_t major;	  /**< 16. */
	uint8_t platform; /**< Which platform; 0 in older firmware. */
	uint16_t build;	  /**< 1865. */
	uint16_t hotfix;  /**< 25. */
};

/** GET_FW_VERSION, response. */
struct sap_mkhi_fw_version {
	struct sap_view blocks; /**< 1 to 3 of 8 bytes; see sap_mkhi_fw_block_at(). */
};

/** GET_RULE, request. */
struct sap_mkhi_rule_request {
	uint32_t rule; /**< feature * 65536 + enum sap_mkhi_rule. */
};

/** GET_RULE, response; SET_OS_VER, request. */
struct sap_mkhi_rule_data {
	uint32_t rule;	      /**< As asked for; 0x100000 in SET_OS_VER. */
	uint8_t data_len;     /**< As it came; ignored by encode. */
	struct sap_view data; /**< What it says. Of SET_OS_VER 8 bytes: kind of OS at 4, 2 is Linux. */
};

/** BOOT_STATE, response. */
struct sap_mkhi_boot_state {
	uint32_t flags; /**< enum sap_mkhi_boot. */
	uint32_t other; /**< Not public. */
};

/** IMAGE_TYPE, EOP_STATE, responses. */
struct sap_mkhi_number {
	uint32_t value; /**< It. */
};

/** One message. */
struct sap_mkhi_message {
	uint32_t command; /**< enum sap_mkhi_command, or any group * 256 + command. */
	uint8_t result;	  /**< Responses: 0 is success. If it is not, there is no body. */
	union {
		struct sap_mkhi_rule_request rule_request; /**< GET_RULE, request */
		struct sap_mkhi_rule_data rule;		   /**< GET_RULE, response; SET_OS_VER */
		struct sap_mkhi_fw_version fw_version;	   /**< GET_FW_VERSION, response */
		struct sap_mkhi_boot_state boot_state;	   /**< BOOT_STATE, response */
		struct sap_mkhi_number number;		   /**< IMAGE_TYPE, EOP_STATE, responses */
		/** A command in no table, or carried as it is; or after a failed decode: what follows the header. */
		struct sap_view opaque;
	};
};

/**
 * Makes a value of one message.
 *
 * @param bytes   The message. Read, never kept; views of @p message point into it.
 * @param len     Its length.
 * @param message What it says.
 *
 * @retval SAP_OK           @p message holds. Of a response, look at `result` first.
 * @retval SAP_TOO_SHORT    Fewer bytes than the header: all of @p message is zero. Or than the command demands:
 *                          `command`, `result` and `opaque` hold.
 * @retval SAP_UNKNOWN_TYPE The command is in no table; `command`, `result` and `opaque` hold.
 * @retval SAP_INVALID      An argument is null.
 */
SAP_API SAP_MUST_CHECK enum sap_status sap_mkhi_decode(const uint8_t *bytes, size_t len,
						       struct sap_mkhi_message *message);

/**
 * Writes one message. A response with a result has no body.
 *
 * @param message The value.
 * @param bytes   Where to; #SAP_MKHI_LONGEST bytes suffice for every known command.
 * @param cap     Bytes there.
 * @param len     How many were written.
 *
 * @retval SAP_OK        Written.
 * @retval SAP_TOO_SMALL @p cap does not suffice; nothing was written.
 * @retval SAP_BAD_VALUE The command is more than 0xffff, or a view is null with a length, or longer than the
 *                       protocol has, or no whole number of blocks; nothing was written.
 * @retval SAP_INVALID   An argument is null.
 */
SAP_API SAP_MUST_CHECK enum sap_status sap_mkhi_encode(const struct sap_mkhi_message *message, uint8_t *bytes,
						       size_t cap, uint32_t *len);

/** One version of GET_FW_VERSION. False if there is no such. */
SAP_API bool sap_mkhi_fw_block_at(const struct sap_mkhi_fw_version *version, uint32_t index,
				  struct sap_mkhi_fw_block *block);

/** Writes one version for GET_FW_VERSION: #SAP_MKHI_FW_BLOCK_SIZE bytes. */
SAP_API void sap_mkhi_fw_block_make(const struct sap_mkhi_fw_block *block,
				    uint8_t bytes[SAP_MKHI_FW_BLOCK_SIZE]);

/** The request or the response of that command as declared, or null if it is in no table. */
SAP_API const struct sap_message_info *sap_mkhi_info(uint32_t command);

SAP_END_DECLS

#endif
