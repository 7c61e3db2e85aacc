/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
/**
 * @file mei/hbm.h
 * HBM, the host bus messages: what host and firmware say about the MEI bus itself.
 *
 * They travel in frames from 0 to 0 (frame.h), one message a frame. A command is its first byte; an answer
 * has bit 7 set. All calls are pure: any context, any number of threads. Numbers are in host byte order.
 * Facts: docs/protocol/mei.md section 2.
 */
#ifndef SAP_MEI_HBM_H
#define SAP_MEI_HBM_H

#include <sap/fields.h>
#include <sap/guid.h>
#include <sap/status.h>
#include <sap/types.h>

SAP_BEGIN_DECLS

/** Sizes, in bytes. */
enum {
	SAP_HBM_MAX_SIZE = 40,	   /**< The longest message, DMA_SETUP. */
	SAP_HBM_BITMAP_SIZE = 32,  /**< A bit for each address of a client. */
	SAP_HBM_DMA_RINGS = 3,	   /**< Descriptors in DMA_SETUP: host, device, control. */
	SAP_HBM_PAGE_SIZE = 4096,  /**< What the size of a client DMA map is a multiple of. */
	SAP_HBM_SAP_BUFFER_ID = 1, /**< The buffer that carries SAP's shared area. */
};

/** Commands. Who says them, in brackets. */
enum sap_hbm_command {
	SAP_HBM_HOST_START = 0x01,		   /**< [host] HBM begins, in this version. */
	SAP_HBM_HOST_START_RESPONSE = 0x81,	   /**< [firmware] And ends up in this one. */
	SAP_HBM_HOST_STOP = 0x02,		   /**< [host] The host stops. */
	SAP_HBM_HOST_STOP_RESPONSE = 0x82,	   /**< [firmware] */
	SAP_HBM_ME_STOP = 0x03,			   /**< [firmware] Asks the host to stop. */
	SAP_HBM_HOST_ENUM = 0x04,		   /**< [host] Which clients are there? */
	SAP_HBM_HOST_ENUM_RESPONSE = 0x84,	   /**< [firmware] A bit for each address. */
	SAP_HBM_CLIENT_PROPERTIES = 0x05,	   /**< [host] What is that client? */
	SAP_HBM_CLIENT_PROPERTIES_RESPONSE = 0x85, /**< [firmware] */
	SAP_HBM_CONNECT = 0x06,			   /**< [host] An application connects to a client. */
	SAP_HBM_CONNECT_RESPONSE = 0x86,	   /**< [firmware] */
	SAP_HBM_DISCONNECT = 0x07,		   /**< [both] A connection ends. */
	SAP_HBM_DISCONNECT_RESPONSE = 0x87,	   /**< [both] */
	SAP_HBM_FLOW_CONTROL = 0x08,		   /**< [both] One whole message may come. */
	SAP_HBM_PG_ENTRY = 0x0a,		   /**< [host] The power gate is about to close. */
	SAP_HBM_PG_ENTRY_RESPONSE = 0x8a,	   /**< [firmware] */
	SAP_HBM_PG_EXIT = 0x0b,			   /**< [both] The power gate is open again. */
	SAP_HBM_PG_EXIT_RESPONSE = 0x8b,	   /**< [both] */
	SAP_HBM_ADD_CLIENT = 0x0f,		   /**< [firmware] A client came later. */
	SAP_HBM_ADD_CLIENT_RESPONSE = 0x8f,	   /**< [host] */
	SAP_HBM_NOTIFY = 0x10,			   /**< [host] Wants to be notified of events, or no more. */
	SAP_HBM_NOTIFY_RESPONSE = 0x90,		   /**< [firmware] */
	SAP_HBM_NOTIFICATION = 0x11,		   /**< [firmware] There is an event. */
	SAP_HBM_DMA_SETUP = 0x12,		   /**< [host] Offers DMA rings. */
	SAP_HBM_DMA_SETUP_RESPONSE = 0x92,	   /**< [firmware] */
	SAP_HBM_CAPABILITIES = 0x13,		   /**< [host] What it would like; since 2.2. */
	SAP_HBM_CAPABILITIES_RESPONSE = 0x93,	   /**< [firmware] What it gets. */
	SAP_HBM_CLIENT_DMA_MAP = 0x14,		   /**< [host] Memory for a client; since 2.2. */
	SAP_HBM_CLIENT_DMA_MAP_RESPONSE = 0x94,	   /**< [firmware] */
	SAP_HBM_CLIENT_DMA_UNMAP = 0x15,	   /**< [host] That memory is about to go. */
	SAP_HBM_CLIENT_DMA_UNMAP_RESPONSE = 0x95,  /**< [firmware] */
};

/** How a request ended. */
enum sap_hbm_status {
	SAP_HBM_SUCCESS = 0,	       /**< Done. */
	SAP_HBM_CLIENT_NOT_FOUND = 1,  /**< No such client or connection. */
	SAP_HBM_ALREADY_EXISTS = 2,    /**< It is there already. */
	SAP_HBM_REJECTED = 3,	       /**< Not now: on CONNECT a Linux program sees EBUSY. */
	SAP_HBM_INVALID_PARAMETER = 4, /**< A number that cannot be. */
	SAP_HBM_NOT_ALLOWED = 5,       /**< Not in this state, or never. */
	SAP_HBM_ALREADY_STARTED = 6,   /**< HBM has begun already. */
	SAP_HBM_NOT_STARTED = 7,       /**< HBM has not begun yet. */
};

/** Why somebody stops. */
enum sap_hbm_stop_reason {
	SAP_HBM_STOP_DRIVER = 0, /**< The driver wants it. */
	SAP_HBM_STOP_D1 = 1,	 /**< The device goes to D1. */
	SAP_HBM_STOP_D2 = 2,	 /**< D2. */
	SAP_HBM_STOP_D3 = 3,	 /**< D3. */
	SAP_HBM_STOP_S1 = 4,	 /**< The machine goes to S1. */
	SAP_HBM_STOP_S2 = 5,	 /**< S2. */
	SAP_HBM_STOP_S3 = 6,	 /**< S3. */
	SAP_HBM_STOP_S4 = 7,	 /**< S4. */
	SAP_HBM_STOP_S5 = 8,	 /**< S5. */
};

/** Flags of HOST_ENUM. */
enum sap_hbm_enum_flag {
	SAP_HBM_ENUM_ALLOW_ADD = 1, /**< Clients may be added later. */
	SAP_HBM_ENUM_IMMEDIATE = 2, /**< Answer at once. */
};

/** Capabilities. */
enum sap_hbm_capability {
	SAP_HBM_CAP_VTAG = 1,	    /**< Messages may carry tags. */
	SAP_HBM_CAP_CLIENT_DMA = 4, /**< Clients may have memory of the host. */
};

/** Flags of a client's properties. */
enum sap_hbm_client_flag {
	SAP_HBM_CLIENT_SINGLE_RECV_BUF = 1, /**< One buffer, and so one credit, for all its connections. */
	SAP_HBM_CLIENT_VTAG = 2,	    /**< It takes tags. */
};

/** What a client is. */
struct sap_hbm_properties {
	struct sap_guid guid;	  /**< Its name. */
	uint8_t protocol_version; /**< Of what it speaks. */
	uint8_t max_connections;  /**< How many at a time. */
	uint8_t fixed_address;	  /**< Not 0: no connections; its address is enough. */
	uint8_t flags;		  /**< enum sap_hbm_client_flag. */
	uint32_t max_msg_length;  /**< Bytes of the longest message, in either direction. */
};

/** HOST_START. */
struct sap_hbm_host_start {
	uint8_t minor; /**< The newest version that the host speaks: 2 of 2.2 today. */
	uint8_t major; /**< And its major part. */
};

/** HOST_START_RESPONSE. */
struct sap_hbm_host_start_response {
	uint8_t supported; /**< Not 0: the host's version is spoken. */
	uint8_t minor;	   /**< The newest version that the firmware speaks. */
	uint8_t major;	   /**< And its major part. */
};

/** HOST_STOP, ME_STOP. */
struct sap_hbm_stop {
	uint8_t reason; /**< enum sap_hbm_stop_reason. */
};

/** HOST_ENUM. */
struct sap_hbm_host_enum {
	uint8_t flags; /**< enum sap_hbm_enum_flag. */
};

/** HOST_ENUM_RESPONSE. */
struct sap_hbm_host_enum_response {
	uint8_t bitmap[SAP_HBM_BITMAP_SIZE]; /**< Address n is bit n % 8 of byte n / 8. */
};

/** CLIENT_PROPERTIES. */
struct sap_hbm_client_properties {
	uint8_t me_addr; /**< Of which client. */
};

/** CLIENT_PROPERTIES_RESPONSE. */
struct sap_hbm_client_properties_response {
	uint8_t me_addr;		      /**< Of which client. */
	uint8_t status;			      /**< enum sap_hbm_status. */
	struct sap_hbm_properties properties; /**< What it is. */
};

/** CONNECT, DISCONNECT, FLOW_CONTROL, NOTIFICATION: which connection. */
struct sap_hbm_connection {
	uint8_t me_addr;   /**< The client. */
	uint8_t host_addr; /**< The application; 0 in FLOW_CONTROL: all of the client's. */
};

/** CONNECT_RESPONSE, DISCONNECT_RESPONSE. */
struct sap_hbm_connection_response {
	uint8_t me_addr;   /**< The client. */
	uint8_t host_addr; /**< The application. */
	uint8_t status;	   /**< enum sap_hbm_status. */
};

/** ADD_CLIENT. */
struct sap_hbm_add_client {
	uint8_t me_addr;		      /**< Its address. */
	struct sap_hbm_properties properties; /**< What it is. */
};

/** ADD_CLIENT_RESPONSE. */
struct sap_hbm_add_client_response {
	uint8_t me_addr; /**< Its address. */
	uint8_t status;	 /**< enum sap_hbm_status. */
};

/** NOTIFY. */
struct sap_hbm_notify {
	uint8_t me_addr;   /**< The client. */
	uint8_t host_addr; /**< The application. */
	uint8_t start;	   /**< 0: no more. */
};

/** NOTIFY_RESPONSE. */
struct sap_hbm_notify_response {
	uint8_t me_addr;   /**< The client. */
	uint8_t host_addr; /**< The application. */
	uint8_t status;	   /**< enum sap_hbm_status. */
	uint8_t start;	   /**< As asked for. */
};

/** One ring of DMA_SETUP. */
struct sap_hbm_dma_ring {
	uint32_t addr_hi; /**< Bus address, upper half. */
	uint32_t addr_lo; /**< Lower half. */
	uint32_t size;	  /**< Bytes. */
};

/** DMA_SETUP. */
struct sap_hbm_dma_setup {
	struct sap_hbm_dma_ring ring[SAP_HBM_DMA_RINGS]; /**< Host, device, control. */
};

/** DMA_SETUP_RESPONSE, CLIENT_DMA_MAP_RESPONSE, CLIENT_DMA_UNMAP_RESPONSE. */
struct sap_hbm_dma_response {
	uint8_t status; /**< enum sap_hbm_status. */
};

/** CAPABILITIES and its response. */
struct sap_hbm_capabilities {
	uint32_t flags; /**< enum sap_hbm_capability; 24 bits. */
};

/** CLIENT_DMA_MAP. Names no client: the buffer's id tells. */
struct sap_hbm_client_dma_map {
	uint8_t buffer_id;    /**< #SAP_HBM_SAP_BUFFER_ID. */
	uint32_t address_lsb; /**< Bus address, lower half. */
	uint32_t address_msb; /**< Upper half. */
	uint32_t size;	      /**< Bytes, a multiple of 4,096. */
};

/** CLIENT_DMA_UNMAP. */
struct sap_hbm_client_dma_unmap {
	uint8_t status;	   /**< Unused. */
	uint8_t buffer_id; /**< #SAP_HBM_SAP_BUFFER_ID. */
};

/** One message. */
struct sap_hbm_message {
	uint8_t command; /**< enum sap_hbm_command, or any number. Says which member below holds. */
	union {
		struct sap_hbm_host_start host_start;			/**< HOST_START */
		struct sap_hbm_host_start_response host_start_response; /**< its response */
		struct sap_hbm_stop stop;				/**< HOST_STOP, ME_STOP */
		struct sap_hbm_host_enum host_enum;			/**< HOST_ENUM */
		struct sap_hbm_host_enum_response host_enum_response;	/**< its response */
		struct sap_hbm_client_properties client_properties;	/**< CLIENT_PROPERTIES */
		struct sap_hbm_client_properties_response client_properties_response; /**< its response */
		struct sap_hbm_connection connection; /**< CONNECT, DISCONNECT, FLOW_CONTROL, NOTIFICATION */
		struct sap_hbm_connection_response connection_response; /**< responses to the first two */
		struct sap_hbm_add_client add_client;			/**< ADD_CLIENT */
		struct sap_hbm_add_client_response add_client_response; /**< its response */
		struct sap_hbm_notify notify;				/**< NOTIFY */
		struct sap_hbm_notify_response notify_response;		/**< its response */
		struct sap_hbm_dma_setup dma_setup;			/**< DMA_SETUP */
		struct sap_hbm_dma_response dma_response;  /**< responses to DMA_SETUP, MAP, UNMAP */
		struct sap_hbm_capabilities capabilities;  /**< CAPABILITIES and its response */
		struct sap_hbm_client_dma_map dma_map;	   /**< CLIENT_DMA_MAP */
		struct sap_hbm_client_dma_unmap dma_unmap; /**< CLIENT_DMA_UNMAP */
		struct sap_view opaque; /**< A command in no table: what follows its byte. */
	};
};

/**
 * Makes a value of one message: the payload of a frame from 0 to 0.
 *
 * Reserved bytes, and bytes after the last field, are not kept.
 *
 * @param bytes   The message, its command first. Read, never kept; `opaque` of @p message points into it.
 * @param len     Its length.
 * @param message What it says.
 *
 * @retval SAP_OK           @p message holds.
 * @retval SAP_TOO_SHORT    Empty: all of @p message is zero. Or fewer bytes than the command demands:
 *                          `command` and `opaque` hold.
 * @retval SAP_UNKNOWN_TYPE The command is in no table: `command` and `opaque` hold.
 * @retval SAP_INVALID      An argument is null.
 */
SAP_API SAP_MUST_CHECK enum sap_status sap_hbm_decode(const uint8_t *bytes, size_t len,
						      struct sap_hbm_message *message);

/**
 * Writes one message.
 *
 * @param message The value.
 * @param bytes   Where to; #SAP_HBM_MAX_SIZE bytes suffice for every known command.
 * @param cap     Bytes there.
 * @param len     How many were written.
 *
 * @retval SAP_OK        Written.
 * @retval SAP_TOO_SMALL @p cap does not suffice; nothing was written.
 * @retval SAP_BAD_VALUE `opaque` is null with a length; nothing was written.
 * @retval SAP_INVALID   An argument is null.
 */
SAP_API SAP_MUST_CHECK enum sap_status sap_hbm_encode(const struct sap_hbm_message *message, uint8_t *bytes,
						      size_t cap, uint32_t *len);

/** The command as declared, or null if it is in no table. Its payload begins after the command's byte. */
SAP_API const struct sap_message_info *sap_hbm_info(uint32_t command);

/** The name of a status ("REJECTED"), or "?". Constant. */
SAP_API const char *sap_hbm_status_name(uint32_t status);

/** The name of a reason to stop ("S3"), or "?". Constant. */
SAP_API const char *sap_hbm_stop_reason_name(uint32_t reason);

SAP_END_DECLS

#endif
