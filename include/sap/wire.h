/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
/**
 * @file wire.h
 * The numbers of SAP: types, sizes, enumerations and flags as they stand in the bytes.
 *
 * Each group names its section of the protocol notes, docs/protocol/sap.md. What a message carries
 * stands in message.h; where the bytes of a field stand is not the reader's business, and is declared
 * once inside the library.
 */
#ifndef SAP_WIRE_H
#define SAP_WIRE_H

#include <sap/types.h>

SAP_BEGIN_DECLS

/** Sizes of headers and fixed parts, in bytes (sections 2, 3, 5, 6). */
enum {
	SAP_ME_HEADER_SIZE = 12,       /**< Before every ME message. */
	SAP_ME_MAX_SIZE = 88,	       /**< The longest ME message, START. */
	SAP_ME_VERSIONS = 64,	       /**< Bytes in the list of versions that START offers. */
	SAP_HEADER_SIZE = 8,	       /**< Before every SAP message. */
	SAP_MAX_PAYLOAD = 65535,       /**< What the 16-bit length of a SAP message can say. */
	SAP_SSID_SIZE = 32,	       /**< The longest SSID. */
	SAP_NVM_CHANNELS = 110,	       /**< Channels in NVM. */
	SAP_SAR_CHAINS = 2,	       /**< Chains in SAR_LIMITS. */
	SAP_SAR_LIMITS_PER_CHAIN = 5,  /**< Limits a chain in SAR_LIMITS. */
	SAP_FLEX_FILTERS = 14,	       /**< Flex filters in CSME_FILTERS. */
	SAP_IPV6_FILTERS = 4,	       /**< IPv6 filters in CSME_FILTERS. */
	SAP_ETH_FILTERS = 5,	       /**< Ethernet filters in CSME_FILTERS. */
	SAP_VLAN_FILTERS = 4,	       /**< VLAN ids in CSME_FILTERS. */
	SAP_CBFILTERS_SIZE = 1728,     /**< Bytes of CSME_FILTERS whose meaning is not public. */
	SAP_ETHERNET_HEADER_SIZE = 14, /**< The shortest frame that SAP carries. */
	SAP_CB_DATA_HEADER_SIZE = 40,  /**< Before the frame in CB_DATA_PACKET. */
	SAP_CONTROL_BLOCK_SIZE = 64,   /**< At the start of the shared area. */
};

/** `SAP!` read as a little-endian number: starts the shared area and ends it (section 3). */
#define SAP_MAGIC 0x21504153u

/** Versions of SAP; they differ only in the size of one queue (section 3). */
enum sap_protocol_version {
	SAP_PROTOCOL_3 = 3, /**< 2,240 bytes of notifications from the host. */
	SAP_PROTOCOL_4 = 4, /**< 32,768 bytes of notifications from the host. */
};

/** ME messages: the handshake and the doorbell (section 2). */
enum sap_me_type {
	SAP_ME_START = 1,	      /**< Host to CSME: the area is ready; these versions are offered. */
	SAP_ME_START_OK = 2,	      /**< CSME to host: this version it is. */
	SAP_ME_CHECK_SHARED_AREA = 3, /**< Both ways: the doorbell ("CSA"). */
};

/** SAP messages (section 5). What each carries: message.h. */
enum sap_type {
	SAP_PING = 1, /**< Both ways: are you there? */
	SAP_PONG = 2, /**< Both ways: I am. */

	SAP_CSME_FILTERS = 500,			    /**< Which packets CSME wants. */
	SAP_AMT_STATE = 502,			    /**< Is CSME networking on? */
	SAP_CSME_REPLY_TO_HOST_OWNERSHIP_REQ = 503, /**< The NIC is granted or refused. */
	SAP_CSME_TAKING_OWNERSHIP = 504,	    /**< CSME is about to take the NIC. */
	SAP_TRIGGER_IP_REFRESH = 505,		    /**< The host is to renew its IP address. */
	SAP_CSME_CAN_RELEASE_OWNERSHIP = 506,	    /**< The host may ask for the NIC. */
	SAP_NIC_OWNER = 511,			    /**< Who owns the NIC. */
	SAP_CSME_CONN_STATUS = 512,		    /**< CSME's connection and link protection. */
	SAP_NVM = 513,				    /**< What the NIC's memory says; answers GET_NVM. */
	SAP_PLDR_ACK = 518,			    /**< Whether CSME makes way for a product reset. */

	SAP_BAND_SELECTION = 1000,		/**< Not public; carried as it is. */
	SAP_RADIO_STATE = 1001,			/**< The host's rfkill switches. */
	SAP_NIC_INFO = 1002,			/**< The NIC's addresses. */
	SAP_HOST_ASKS_FOR_NIC_OWNERSHIP = 1003, /**< The host wants the NIC. */
	SAP_HOST_SUSPENDS = 1004,		/**< The host goes to sleep. */
	SAP_HOST_RESUMES = 1005,		/**< The host woke up. */
	SAP_HOST_GOES_DOWN = 1006,		/**< The host's side ends; the area is about to go. */
	SAP_CSME_OWNERSHIP_CONFIRMED = 1007,	/**< Nothing of the host touches the NIC any more. */
	SAP_COUNTRY_CODE = 1008,		/**< Where the host believes to be. */
	SAP_HOST_LINK_UP = 1009,		/**< The host joined an access point. */
	SAP_HOST_LINK_DOWN = 1010,		/**< The host left it. */
	SAP_WHO_OWNS_NIC = 1011,		/**< Asks for NIC_OWNER. */
	SAP_WIFIDR_DOWN = 1012,			/**< The host's WLAN driver is gone. */
	SAP_WIFIDR_UP = 1013,			/**< The host's WLAN driver is there. */
	SAP_HOST_OWNERSHIP_CONFIRMED = 1015,	/**< The host took what it was granted. */
	SAP_SAR_LIMITS = 1016,			/**< Limits of transmit power. */
	SAP_GET_NVM = 1017,			/**< Asks for NVM. */
	SAP_PLDR = 1024,			/**< The host is about to reset the NIC as a product. */
	SAP_PLDR_END = 1025,			/**< That reset is over. */

	SAP_DATA_PACKET = 2000,	   /**< Data queues, both ways: an Ethernet frame. */
	SAP_CB_DATA_PACKET = 2001, /**< Data queue, host to CSME: a copy of a frame that the host sent. */
};

/** Which side of SAP somebody is. */
enum sap_role {
	SAP_ROLE_HOST = 1, /**< The WLAN driver's. */
	SAP_ROLE_CSME = 2, /**< The firmware's. */
};

/** Which way a message goes; PING and DATA_PACKET go both. */
enum sap_direction {
	SAP_TO_CSME = 1,   /**< Written by the host. */
	SAP_TO_HOST = 2,   /**< Written by CSME. */
	SAP_BOTH_WAYS = 3, /**< Either. */
};

/** What a message travels in. */
enum sap_carrier {
	SAP_IN_ME = 1, /**< The MEI client connection. */
	SAP_IN_NOTIF,  /**< A queue of notifications. */
	SAP_IN_DATA,   /**< A queue of data. */
	SAP_IN_HBM,    /**< The MEI bus itself (mei/hbm.h). */
	SAP_IN_AMTHI,  /**< A connection to the AMTHI client (mei/amthi.h). */
	SAP_IN_MKHI,   /**< A connection to the MKHI client (mei/mkhi.h). */
};

/** Who owns the NIC: NIC_OWNER (section 5). Any value but 2 counts as the host (section 8). */
enum sap_owner {
	SAP_OWNER_UNKNOWN = 0, /**< CSME does not say. */
	SAP_OWNER_HOST = 1,    /**< The host's WLAN driver. */
	SAP_OWNER_CSME = 2,    /**< CSME's WLAN driver. */
};

/** How a connection is authenticated (section 6.1). */
enum sap_auth_mode {
	SAP_AUTH_OPEN = 0,     /**< Not at all. */
	SAP_AUTH_RSNA = 6,     /**< 802.1X. */
	SAP_AUTH_RSNA_PSK = 7, /**< A pre-shared key. */
	SAP_AUTH_SAE = 9,      /**< WPA3. */
};

/** The pairwise cipher of a connection (section 6.1). */
enum sap_cipher {
	SAP_CIPHER_NONE = 0,	/**< None. */
	SAP_CIPHER_TKIP = 2,	/**< TKIP. */
	SAP_CIPHER_CCMP = 4,	/**< CCMP. */
	SAP_CIPHER_GCMP = 8,	/**< GCMP. */
	SAP_CIPHER_GCMP256 = 9, /**< GCMP-256. */
};

/** A band (section 6.1; by analogy with nl80211, the Linux driver leaves it 0). */
enum sap_band {
	SAP_BAND_2GHZ4 = 0, /**< 2.4 GHz. */
	SAP_BAND_5GHZ = 1,  /**< 5 GHz. */
	SAP_BAND_6GHZ = 2,  /**< 6 GHz. */
};

/** How long a link will be down: HOST_LINK_DOWN (section 6.4). */
enum sap_link_down_type {
	SAP_LINK_DOWN_NONE = 0,	     /**< Not said. */
	SAP_LINK_DOWN_TEMPORARY = 1, /**< For a moment. */
	SAP_LINK_DOWN_LONG = 2,	     /**< For good. */
};

/** What became of a product reset: PLDR_ACK, PLDR_END (section 5). */
enum sap_pldr_status {
	SAP_PLDR_SUCCESS = 0, /**< Done, or granted. */
	SAP_PLDR_FAILURE = 1, /**< Failed, or refused. */
};

/** RADIO_STATE; both set means that the radio may transmit (section 5). */
enum sap_radio_flag {
	SAP_RADIO_SW_ON = 1u << 0, /**< Software rfkill is de-asserted. */
	SAP_RADIO_HW_ON = 1u << 1, /**< Hardware rfkill is de-asserted. */
};

/** HOST_SUSPENDS (section 5). */
enum sap_suspend_flag {
	SAP_SUSPEND_OFFER_NIC = 1u << 0,	 /**< CSME may have the NIC. */
	SAP_SUSPEND_FILTER_CONFIGURED = 1u << 1, /**< Filters stay in place. */
	SAP_SUSPEND_NLO_CONFIGURED = 1u << 2,	 /**< A network list is offloaded. */
	SAP_SUSPEND_HOST_OWNS_NIC = 1u << 3,	 /**< The host keeps the NIC. */
	SAP_SUSPEND_LINK_PROTECTED = 1u << 4,	 /**< Link protection is on. */
};

/** Scans that CSME asks for: CSME_CONN_STATUS (section 6.2). */
enum sap_scan_flag {
	SAP_SCAN_FILTERING = 1u << 0, /**< Filtered scans. */
	SAP_SCAN_FAST = 1u << 1,      /**< Fast scans. */
};

/** What the NIC can do: NVM (section 6.5). */
enum sap_nvm_cap {
	SAP_NVM_LARI = 1u << 0, /**< LARI is supported. */
	SAP_NVM_11AX = 1u << 1, /**< 802.11ax is supported. */
};

/** Why a frame was copied to CSME: CB_DATA_PACKET (section 5). */
enum sap_cb_flag {
	SAP_CB_DHCP = 1u << 30, /**< It is a DHCP request. */
};

/** Flags of a flex filter (section 6.6). Without TCP and UDP it takes both. */
enum sap_flex_flag {
	SAP_FLEX_COPY = 1u << 0,    /**< The host sees the frame too. */
	SAP_FLEX_ENABLED = 1u << 1, /**< The filter counts; the first without it ends the list. */
	SAP_FLEX_IPV6 = 1u << 2,    /**< Needs a match of the IPv6 address. */
	SAP_FLEX_IPV4 = 1u << 3,    /**< Needs a match of the IPv4 address. */
	SAP_FLEX_TCP = 1u << 4,	    /**< TCP. */
	SAP_FLEX_UDP = 1u << 5,	    /**< UDP. */
};

/** ICMPv6 (section 6.6). */
enum sap_icmpv6_flag {
	SAP_ICMPV6_ENABLED = 1u << 0, /**< CSME wants ICMPv6. */
	SAP_ICMPV6_COPY = 1u << 1,    /**< The host sees it too. */
};

/** Flags of an IPv6 filter (section 6.6). */
enum sap_ipv6_flag {
	SAP_IPV6_COPY = 1u << 0,    /**< The host sees the frame too. */
	SAP_IPV6_ENABLED = 1u << 1, /**< The filter counts. */
};

/** Flags of an Ethernet filter (section 6.6). */
enum sap_eth_flag {
	SAP_ETH_STOP = 1u << 0,	   /**< A match is final. */
	SAP_ETH_COPY = 1u << 1,	   /**< The host sees the frame too. */
	SAP_ETH_ENABLED = 1u << 2, /**< The filter counts; the first without it ends the list. */
};

/** Flags of the IPv4 filter (section 6.6). */
enum sap_ipv4_flag {
	SAP_IPV4_ICMP_PASS = 1u << 0,	     /**< ICMP goes to CSME, echo requests excepted. */
	SAP_IPV4_ICMP_COPY = 1u << 1,	     /**< The host sees it too. */
	SAP_IPV4_ARP_REQUEST_PASS = 1u << 2, /**< ARP requests go to CSME. */
	SAP_IPV4_ARP_REQUEST_COPY = 1u << 3, /**< The host sees them too. */
	SAP_IPV4_ARP_REPLY_PASS = 1u << 4,   /**< ARP replies go to CSME. */
	SAP_IPV4_ARP_REPLY_COPY = 1u << 5,   /**< The host sees them too. */
};

/** A VLAN filter: an id and whether it counts (section 6.6). */
enum sap_vlan_bits {
	SAP_VLAN_ID_MASK = 0x0fff,   /**< The id. */
	SAP_VLAN_ENABLED = 1u << 15, /**< The filter counts. */
};

SAP_END_DECLS

#endif
