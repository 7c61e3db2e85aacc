/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
/**
 * @file message.h
 * SAP messages: what travels in the four queues, as values.
 *
 * Decode turns the bytes of one message into a `struct sap_message`, encode turns it back:
 *
 * @code
 * struct sap_message m;
 *
 * if (sap_message_decode(bytes, len, &m) == SAP_OK && m.type == SAP_NIC_OWNER)
 *         host_owns = m.nic_owner.owner != SAP_OWNER_CSME;
 * @endcode
 *
 * `type` says which member of the union holds: `m.nic_owner` for #SAP_NIC_OWNER, and so on by name.
 * Messages without a payload have none. BAND_SELECTION, of which only the number is public, is in
 * `m.band_selection`; a type in no table is in `m.opaque`.
 *
 * **What a value keeps.** Every field. It does not keep reserved bytes (written as zero), nor bytes
 * after the last field, which a receiver is to ignore: `len` tells how long the payload was. Who needs
 * those too walks the bytes themselves (fields.h).
 *
 * **Values are not judged.** An SSID of 200 bytes or an unknown owner decodes as it stands; what to make
 * of it is decided by who uses it.
 *
 * All calls are pure: any context, any number of threads. Numbers are in host byte order.
 * Facts: docs/protocol/sap.md sections 5 and 6.
 */
#ifndef SAP_MESSAGE_H
#define SAP_MESSAGE_H

#include <sap/status.h>
#include <sap/types.h>
#include <sap/wire.h>

SAP_BEGIN_DECLS

/** A connection to an access point (section 6.1). */
struct sap_conn_info {
	uint32_t ssid_len;	     /**< Bytes of #ssid that count, 0 to 32; more is invalid. */
	uint8_t ssid[SAP_SSID_SIZE]; /**< Any bytes; no terminating zero. */
	uint32_t auth_mode;	     /**< enum sap_auth_mode. */
	uint32_t pairwise_cipher;    /**< enum sap_cipher. */
	uint8_t channel;	     /**< Channel number as 802.11 counts. */
	uint8_t band;		     /**< enum sap_band; 0 also if not said. */
	struct sap_mac bssid;	     /**< The access point. */
};

/** AMT_STATE (section 5). */
struct sap_amt_state {
	uint32_t state; /**< 0: CSME networking is off; else it is on. */
};

/** CSME_REPLY_TO_HOST_OWNERSHIP_REQ (section 5). */
struct sap_csme_reply {
	uint32_t granted; /**< 0: refused; else the NIC is the host's. */
};

/** NIC_OWNER (section 5). */
struct sap_nic_owner {
	uint32_t owner; /**< enum sap_owner. */
};

/** CSME_CONN_STATUS (section 6.2). */
struct sap_csme_conn_status {
	uint32_t link_prot_state;  /**< Not 0: link protection is on. */
	uint32_t scan_request;	   /**< enum sap_scan_flag. */
	struct sap_conn_info conn; /**< Where CSME is, or was, connected. */
};

/** PLDR_ACK and PLDR_END (section 5). */
struct sap_pldr_result {
	uint32_t version; /**< 0. */
	uint32_t status;  /**< enum sap_pldr_status. */
};

/** RADIO_STATE (section 5). */
struct sap_radio_state {
	uint32_t state; /**< enum sap_radio_flag; 3 = the radio is on. */
};

/** NIC_INFO (section 5). */
struct sap_nic_info {
	struct sap_mac mac_address; /**< In use. */
	struct sap_mac nvm_address; /**< Burnt in. */
};

/** HOST_SUSPENDS (section 5). */
struct sap_host_suspends {
	uint32_t flags; /**< enum sap_suspend_flag. */
};

/** HOST_RESUMES (section 5). */
struct sap_host_resumes {
	uint32_t reinit; /**< 1: CSME is to initialise the control block itself; else 0. */
};

/** COUNTRY_CODE (section 5). */
struct sap_country_code {
	uint16_t mcc;	    /**< First letter times 256 plus the second ("US" = 0x5553); 0 if unknown. */
	uint8_t source_id;  /**< Who says so. */
	uint32_t diff_time; /**< Age of that knowledge; unit not public. */
};

/** HOST_LINK_UP (section 6.3). The collocated fields are of a 6 GHz access point's other radio, or zero. */
struct sap_host_link_up {
	struct sap_conn_info conn;   /**< Where the host is connected. */
	uint8_t colloc_channel;	     /**< Channel of the collocated access point. */
	uint8_t colloc_band;	     /**< enum sap_band: 0 up to channel 14, else 1. */
	struct sap_mac colloc_bssid; /**< Its address. */
};

/** HOST_LINK_DOWN (section 6.4). */
struct sap_host_link_down {
	uint8_t type;	      /**< enum sap_link_down_type. */
	uint8_t reason_valid; /**< Not 0: #reason holds. */
	uint32_t reason;      /**< Reason code of 802.11. */
};

/** SAR_LIMITS (section 5): five limits of transmit power for each of two chains. */
struct sap_sar_limits {
	/** Chain c, limit l is at c * #SAP_SAR_LIMITS_PER_CHAIN + l; unit not public. */
	uint16_t limits[SAP_SAR_CHAINS * SAP_SAR_LIMITS_PER_CHAIN];
};

/** PLDR (section 5). */
struct sap_pldr {
	uint32_t version; /**< 0. */
};

/** DATA_PACKET (section 5). */
struct sap_data_packet {
	struct sap_view frame; /**< An 802.3 frame, Ethernet header first. At least 14 bytes. */
};

/** CB_DATA_PACKET (section 5). */
struct sap_cb_data_packet {
	uint32_t to_me_filt_status; /**< enum sap_cb_flag. */
	uint32_t data_len;	    /**< Bytes of the frame, as the sender says. Ignored by encode. */
	/** The frame: #data_len bytes, or what there is of it if that is less; 14 or more. */
	struct sap_view frame;
};

/**
 * One SAP message.
 *
 * At most 128 bytes. Views in it point into the bytes that were decoded, and live as long as those.
 */
struct sap_message {
	uint16_t type; /**< enum sap_type, or any number. Says which member below holds. */
	uint16_t len;  /**< Decode: bytes of payload that came. Encode ignores it. */
	uint32_t seq;  /**< Sequence number; for debugging only (section 5). */
	union {
		struct sap_amt_state amt_state;		      /**< #SAP_AMT_STATE */
		struct sap_csme_reply csme_reply;	      /**< #SAP_CSME_REPLY_TO_HOST_OWNERSHIP_REQ */
		struct sap_nic_owner nic_owner;		      /**< #SAP_NIC_OWNER */
		struct sap_csme_conn_status csme_conn_status; /**< #SAP_CSME_CONN_STATUS */
		struct sap_pldr_result pldr_ack;	      /**< #SAP_PLDR_ACK */
		struct sap_radio_state radio_state;	      /**< #SAP_RADIO_STATE */
		struct sap_nic_info nic_info;		      /**< #SAP_NIC_INFO */
		struct sap_host_suspends host_suspends;	      /**< #SAP_HOST_SUSPENDS */
		struct sap_host_resumes host_resumes;	      /**< #SAP_HOST_RESUMES */
		struct sap_country_code country_code;	      /**< #SAP_COUNTRY_CODE */
		struct sap_host_link_up host_link_up;	      /**< #SAP_HOST_LINK_UP */
		struct sap_host_link_down host_link_down;     /**< #SAP_HOST_LINK_DOWN */
		struct sap_sar_limits sar_limits;	      /**< #SAP_SAR_LIMITS */
		struct sap_pldr pldr;			      /**< #SAP_PLDR */
		struct sap_pldr_result pldr_end;	      /**< #SAP_PLDR_END */
		struct sap_data_packet data_packet;	      /**< #SAP_DATA_PACKET */
		struct sap_cb_data_packet cb_data_packet;     /**< #SAP_CB_DATA_PACKET */
		struct sap_view nvm;		/**< #SAP_NVM: 460 checked bytes for sap_nvm_decode(). */
		struct sap_view csme_filters;	/**< #SAP_CSME_FILTERS: 1,896 checked bytes for
						     sap_csme_filters_decode(). */
		struct sap_view band_selection; /**< #SAP_BAND_SELECTION: the whole payload. */
		struct sap_view opaque;		/**< A type in no table: the whole payload. */
	};
};

/** The 8 bytes before every SAP message (section 5). */
struct sap_header {
	uint16_t type; /**< enum sap_type, or any number. */
	uint16_t len;  /**< Bytes of payload that follow. */
	uint32_t seq;  /**< Sequence number. */
};

/** Reads a header. @p bytes has #SAP_HEADER_SIZE bytes; any content is a header. */
SAP_API void sap_header_decode(const uint8_t *bytes, struct sap_header *header);

/** Writes a header into #SAP_HEADER_SIZE bytes. */
SAP_API void sap_header_encode(const struct sap_header *header, uint8_t *bytes);

/**
 * Makes a value of one message.
 *
 * @param bytes   The message, header first. Read, never kept; views of @p message point into it.
 * @param len     Bytes at @p bytes. More than the message are ignored.
 * @param message What it says.
 *
 * @retval SAP_OK           @p message holds.
 * @retval SAP_TOO_SHORT    Fewer bytes than a header: all of @p message is zero. Fewer than its `len`
 *                          demands: `type`, `len`, `seq` hold, `opaque` is empty. Or a payload shorter than
 *                          the type demands, or a frame that says it is shorter than an Ethernet header:
 *                          `type`, `len`, `seq` and `opaque` (the whole payload) hold.
 * @retval SAP_UNKNOWN_TYPE The type is in no table: `type`, `len`, `seq` and `opaque` hold; encode gives
 *                          the same bytes.
 * @retval SAP_INVALID      An argument is null.
 */
SAP_API SAP_MUST_CHECK enum sap_status sap_message_decode(const uint8_t *bytes, size_t len,
							  struct sap_message *message);

/**
 * How many bytes @p message takes, header included.
 *
 * @retval SAP_OK        @p size holds, 8 to 65,543.
 * @retval SAP_BAD_VALUE A view is longer than a message can be, or null with a length; or the view for
 *                       NVM, CSME_FILTERS or a packet is shorter than the type demands.
 * @retval SAP_INVALID   An argument is null.
 */
SAP_API SAP_MUST_CHECK enum sap_status sap_message_size(const struct sap_message *message, uint32_t *size);

/**
 * Writes one message, header first.
 *
 * Each byte of it is written once, in any order, and none is read back: @p bytes may be shared memory.
 *
 * @param message The value; its `len` is not looked at.
 * @param bytes   Where to.
 * @param cap     Bytes there.
 * @param len     How many were written.
 *
 * @retval SAP_OK        Written.
 * @retval SAP_TOO_SMALL @p cap does not suffice; nothing was written.
 * @retval SAP_BAD_VALUE As for sap_message_size(); nothing was written.
 * @retval SAP_INVALID   An argument is null.
 */
SAP_API SAP_MUST_CHECK enum sap_status sap_message_encode(const struct sap_message *message, uint8_t *bytes,
							  size_t cap, uint32_t *len);

/** What NVM carries (section 6.5). 460 bytes: for the caller to place. */
struct sap_nvm {
	struct sap_mac hw_addr;		     /**< The NIC's first address. */
	uint8_t n_hw_addrs;		     /**< How many it has. */
	uint32_t radio_cfg;		     /**< Radio configuration; bits not public. */
	uint32_t caps;			     /**< enum sap_nvm_cap. */
	uint32_t nvm_version;		     /**< Version of the NIC's memory. */
	uint32_t channels[SAP_NVM_CHANNELS]; /**< Flags a channel; bits not public. */
};

/** A flex filter (section 6.6). */
struct sap_flex_filter {
	uint16_t src_port; /**< 0: any. */
	uint16_t dst_port; /**< 0: any. */
	uint8_t flags;	   /**< enum sap_flex_flag. */
};

/** An IPv6 filter (section 6.6). */
struct sap_ipv6_filter {
	uint8_t addr_lo24[3]; /**< The last three bytes of the address. */
	uint8_t flags;	      /**< enum sap_ipv6_flag. */
};

/** An Ethernet filter (section 6.6). */
struct sap_eth_filter {
	struct sap_mac mac_address; /**< The multicast address. */
	uint8_t flags;		    /**< enum sap_eth_flag. */
};

/** The IPv4 filter (section 6.6). */
struct sap_ipv4_filter {
	uint32_t ipv4_addr; /**< Most significant byte first octet: 192.0.2.1 is 0xc0000201; 0: any. */
	uint32_t flags;	    /**< enum sap_ipv4_flag. */
};

/** The out-of-band filters: which packets CSME wants (section 6.6). */
struct sap_oob_filters {
	struct sap_flex_filter flex[SAP_FLEX_FILTERS]; /**< By port. */
	uint32_t icmpv6_flags;			       /**< enum sap_icmpv6_flag. */
	struct sap_ipv6_filter ipv6[SAP_IPV6_FILTERS]; /**< By IPv6 address. */
	struct sap_eth_filter eth[SAP_ETH_FILTERS];    /**< By multicast address. */
	struct sap_ipv4_filter ipv4;		       /**< The IPv4 address, ICMP and ARP. */
	uint16_t vlan[SAP_VLAN_FILTERS];	       /**< enum sap_vlan_bits. */
};

/** What CSME_FILTERS carries (section 6.6). */
struct sap_csme_filters {
	uint32_t mode;		    /**< Unused. */
	struct sap_mac mac_address; /**< Unused. */
	struct sap_oob_filters oob; /**< The filters that count. */
	/** #SAP_CBFILTERS_SIZE bytes, unused. Encode: null means zeroes. */
	const uint8_t *cbfilters;
};

/** Sizes of the two payloads that a message holds as a view. */
enum {
	SAP_NVM_SIZE = 460,	      /**< NVM. */
	SAP_CSME_FILTERS_SIZE = 1896, /**< CSME_FILTERS. */
};

/**
 * Reads the payload of NVM.
 *
 * @retval SAP_OK        @p nvm holds.
 * @retval SAP_TOO_SHORT Fewer than #SAP_NVM_SIZE bytes; @p nvm is unchanged.
 * @retval SAP_INVALID   An argument, or the view's bytes, are null.
 */
SAP_API SAP_MUST_CHECK enum sap_status sap_nvm_decode(const struct sap_view *payload, struct sap_nvm *nvm);

/**
 * Writes the payload of NVM: #SAP_NVM_SIZE bytes, for `sap_message.nvm` to point at.
 *
 * @retval SAP_OK        Written.
 * @retval SAP_TOO_SMALL @p cap is less than #SAP_NVM_SIZE; nothing was written.
 * @retval SAP_INVALID   An argument is null.
 */
SAP_API SAP_MUST_CHECK enum sap_status sap_nvm_encode(const struct sap_nvm *nvm, uint8_t *payload,
						      size_t cap);

/**
 * Reads the payload of CSME_FILTERS.
 *
 * @param payload What came; `cbfilters` of @p filters points into it.
 * @param filters What it says.
 *
 * @retval SAP_OK        @p filters holds.
 * @retval SAP_TOO_SHORT Fewer than #SAP_CSME_FILTERS_SIZE bytes; @p filters is unchanged.
 * @retval SAP_INVALID   An argument, or the view's bytes, are null.
 */
SAP_API SAP_MUST_CHECK enum sap_status sap_csme_filters_decode(const struct sap_view *payload,
							       struct sap_csme_filters *filters);

/**
 * Writes the payload of CSME_FILTERS: #SAP_CSME_FILTERS_SIZE bytes, for `sap_message.csme_filters` to
 * point at.
 *
 * @retval SAP_OK        Written.
 * @retval SAP_TOO_SMALL @p cap is less than #SAP_CSME_FILTERS_SIZE; nothing was written.
 * @retval SAP_INVALID   @p filters or @p payload is null.
 */
SAP_API SAP_MUST_CHECK enum sap_status sap_csme_filters_encode(const struct sap_csme_filters *filters,
							       uint8_t *payload, size_t cap);

SAP_END_DECLS

#endif
