/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
/**
 * @file mei/amthi.h
 * AMTHI: what AMT is, and how it is set. Requests that only read, and their responses.
 *
 * A message is 12 bytes of header and a body; a response has a status before its body, and no body if that is
 * not 0. One transaction at a time. If AMT is disabled, a request is answered by an empty message. Requests
 * that change something, and those whose body is not public, are known by name and carried as they are.
 * GET_LOCAL_SYSTEM_ACCOUNT answers with a password: of that, nothing but the length is ever kept or shown.
 *
 * All calls are pure: any context, any number of threads. Numbers are in host byte order.
 * Facts: docs/protocol/mei.md section 4.
 */
#ifndef SAP_MEI_AMTHI_H
#define SAP_MEI_AMTHI_H

#include <sap/fields.h>
#include <sap/guid.h>
#include <sap/status.h>
#include <sap/types.h>

SAP_BEGIN_DECLS

/** Sizes, in bytes unless said otherwise. */
enum {
	SAP_AMTHI_HEADER_SIZE = 12,  /**< Before every message. */
	SAP_AMTHI_BIOS_SIZE = 65,    /**< The BIOS's version, zeroes at its end. */
	SAP_AMTHI_VERSION_SIZE = 44, /**< One entry of CODE_VERSIONS. */
	SAP_AMTHI_VERSION_TEXT = 20, /**< Text in such an entry, its zero included. */
	SAP_AMTHI_VERSIONS = 50,     /**< Entries in CODE_VERSIONS, at most. */
	SAP_AMTHI_HANDLES = 33,	     /**< Handles of hashes, at most. */
	SAP_AMTHI_HASH_SIZE = 64,    /**< The longest hash. */
	SAP_AMTHI_ADDRESS_SIZE = 46, /**< An IP address as text. */
	SAP_AMTHI_ACCOUNT_SIZE = 40, /**< Zeroes in GET_LOCAL_SYSTEM_ACCOUNT's request. */
	SAP_AMTHI_LONGEST = 12 + 4 + SAP_AMTHI_BIOS_SIZE + 4 + SAP_AMTHI_VERSIONS * SAP_AMTHI_VERSION_SIZE,
	/**< The longest response of a fixed shape, CODE_VERSIONS: 2,285 bytes. */
};

/** The bit that makes a response's command of a request's. */
#define SAP_AMTHI_RESPONSE 0x00800000u

/** Requests. A response has #SAP_AMTHI_RESPONSE set. */
enum sap_amthi_command {
	SAP_AMTHI_GET_AMT_STATE = 0x01000001,		  /**< Link, crypto, flash protection, last reset. */
	SAP_AMTHI_GET_TCPIP_PARAMETERS = 0x04000006,	  /**< Carried as it is. */
	SAP_AMTHI_PROVISIONING_MODE = 0x04000008,	  /**< How AMT is provisioned. */
	SAP_AMTHI_UNPROVISION = 0x04000010,		  /**< Changes something; carried as it is. */
	SAP_AMTHI_PROVISIONING_STATE = 0x04000011,	  /**< How far that is. */
	SAP_AMTHI_CODE_VERSIONS = 0x0400001a,		  /**< Versions of BIOS and AMT's parts. */
	SAP_AMTHI_SECURITY_PARAMETERS = 0x0400001b,	  /**< What is enabled. */
	SAP_AMTHI_GET_MAC_ADDRESSES = 0x04000025,	  /**< AMT's and the host's. */
	SAP_AMTHI_GENERATE_RNG_SEED = 0x04000028,	  /**< Changes something; carried as it is. */
	SAP_AMTHI_START_CONFIGURATION = 0x04000029,	  /**< Changes something; carried as it is. */
	SAP_AMTHI_ENUMERATE_HASH_HANDLES = 0x0400002c,	  /**< Which hashes of certificates there are. */
	SAP_AMTHI_GET_CERTHASH_ENTRY = 0x0400002d,	  /**< One of them. */
	SAP_AMTHI_RNG_SEED_STATUS = 0x0400002e,		  /**< Whether random numbers can be made. */
	SAP_AMTHI_SET_DNS_SUFFIX = 0x0400002f,		  /**< Changes something; carried as it is. */
	SAP_AMTHI_ZERO_TOUCH_ENABLED = 0x04000030,	  /**< Whether it provisions by itself. */
	SAP_AMTHI_GET_DNS_SUFFIX = 0x04000036,		  /**< The PKI FQDN suffix. */
	SAP_AMTHI_DNS_SUFFIX_LIST = 0x0400003e,		  /**< All suffixes, a zero between them. */
	SAP_AMTHI_SET_ENTERPRISE_ACCESS = 0x0400003f,	  /**< Changes something; carried as it is. */
	SAP_AMTHI_OPEN_USER_INITIATED = 0x04000044,	  /**< Changes something; carried as it is. */
	SAP_AMTHI_CLOSE_USER_INITIATED = 0x04000045,	  /**< Changes something; carried as it is. */
	SAP_AMTHI_REMOTE_ACCESS_STATUS = 0x04000046,	  /**< Where it is, and its tunnel. */
	SAP_AMTHI_CURRENT_POWER_POLICY = 0x04000047,	  /**< The power policy's name. */
	SAP_AMTHI_LAN_INTERFACE_SETTINGS = 0x04000048,	  /**< Of the wired or the wireless interface. */
	SAP_AMTHI_GET_FEATURES_STATE = 0x04000049,	  /**< Whether a feature is active. */
	SAP_AMTHI_LAST_HOST_RESET_REASON = 0x0400004a,	  /**< Why the host was reset, and when. */
	SAP_AMTHI_USER_INITIATED_INTERFACES = 0x0400004d, /**< From where a user may open a tunnel. */
	SAP_AMTHI_CONFIG_SERVER_DATA = 0x0400004e,	  /**< The provisioning server. */
	SAP_AMTHI_ME_SETUP_AUDIT_RECORD = 0x04000050,	  /**< Carried as it is. */
	SAP_AMTHI_IPV6_LAN_INTERFACE_STATUS = 0x04000052, /**< Carried as it is. */
	SAP_AMTHI_GET_FQDN = 0x04000056,		  /**< AMT's name. */
	SAP_AMTHI_REDIRECTION_STATE = 0x04000058,	  /**< Which redirections are enabled. */
	SAP_AMTHI_SET_HOST_FQDN = 0x0400005b,		  /**< Changes something; carried as it is. */
	SAP_AMTHI_GET_UUID = 0x0400005c,		  /**< The machine's. */
	SAP_AMTHI_STOP_CONFIGURATION = 0x0400005e,	  /**< Changes something; carried as it is. */
	SAP_AMTHI_GET_LOCAL_SYSTEM_ACCOUNT = 0x04000067,  /**< A secret: only its length is told. */
	SAP_AMTHI_GET_CONTROL_MODE = 0x0400006b,	  /**< Who controls AMT. */
	SAP_AMTHI_EHBC_STATE = 0x04000084, /**< Whether embedded host based configuration is on. */
	SAP_AMTHI_START_CONFIGURATION_HBASED = 0x0400008b, /**< Changes something; carried as it is. */
	SAP_AMTHI_GET_CIRA_LOG = 0x0400008e,		   /**< Carried as it is. */
};

/** How a request ended. Others may come; see sap_amthi_status_name(). */
enum sap_amthi_status {
	SAP_AMT_SUCCESS = 0,			   /**< Done. */
	SAP_AMT_INTERNAL_ERROR = 1,		   /**< AMT failed. */
	SAP_AMT_NOT_READY = 2,			   /**< Not yet. */
	SAP_AMT_INVALID_MODE = 3,		   /**< Not in this mode. */
	SAP_AMT_INVALID_MESSAGE_LENGTH = 4,	   /**< The request's length is wrong. */
	SAP_AMT_NOT_ENOUGH_STORAGE = 0xb,	   /**< No room. */
	SAP_AMT_NOT_PERMITTED = 0x10,		   /**< The caller may not. */
	SAP_AMT_NOT_OWNER = 0x11,		   /**< The caller does not own it. */
	SAP_AMT_MAX_LIMIT_REACHED = 0x17,	   /**< There are too many. */
	SAP_AMT_AUTHENTICATION_FAILED = 0x19,	   /**< Wrong credentials. */
	SAP_AMT_INVALID_IP = 0x1b,		   /**< No such address. */
	SAP_AMT_UNSUPPORTED_VERSION = 0x1d,	   /**< The header's version is not spoken. */
	SAP_AMT_INVALID_PROVISIONING_STATE = 0x20, /**< Not in this state of provisioning. */
	SAP_AMT_UNSUPPORTED_OBJECT = 0x21,	   /**< AMT has no such thing. */
	SAP_AMT_INVALID_PARAMETER = 0x24,	   /**< A number that cannot be. */
	SAP_AMT_CONNECTION_FAILED = 0x2d,	   /**< No connection came. */
	SAP_AMT_TOO_MANY_CONNECTIONS = 0x2e,	   /**< There are too many. */
	SAP_AMT_RNG_IN_PROGRESS = 0x2f,		   /**< Random numbers are being made. */
	SAP_AMT_RNG_NOT_READY = 0x30,		   /**< Not yet. */
	SAP_AMT_CERTIFICATE_NOT_READY = 0x31,	   /**< Not yet. */
	SAP_AMT_REMOTE_ACCESS_NOT_GRANTED = 0x200, /**< Remote access is refused. */
	SAP_AMT_DISABLED_BY_POLICY = 0x400,	   /**< A policy forbids it. */
	SAP_AMT_NETWORK_ERROR = 0x800,		   /**< The first of those of the network interface. */
	SAP_AMT_INVALID_COMMAND = 0x803,	   /**< No such request. */
	SAP_AMT_INVALID_HANDLE = 0x805,		   /**< No such handle. */
	SAP_AMT_DUPLICATE = 0x80a,		   /**< It is there already. */
	SAP_AMT_NOT_FOUND = 0x814,		   /**< It is not there. */
};

/** PROVISIONING_MODE. */
enum sap_amthi_mode {
	SAP_AMT_MODE_NONE = 0,		 /**< Not provisioned. */
	SAP_AMT_MODE_ENTERPRISE = 1,	 /**< By a server. */
	SAP_AMT_MODE_SMALL_BUSINESS = 2, /**< By hand. */
	SAP_AMT_MODE_REMOTE_ASSIST = 3,	 /**< For remote assistance. */
};

/** PROVISIONING_STATE. */
enum sap_amthi_provisioning {
	SAP_AMT_PROVISIONING_PRE = 0,  /**< Not begun. */
	SAP_AMT_PROVISIONING_IN = 1,   /**< Under way. */
	SAP_AMT_PROVISIONING_POST = 2, /**< Done. */
};

/** GET_CONTROL_MODE. */
enum sap_amthi_control {
	SAP_AMT_CONTROL_NONE = 0,   /**< Nobody: not provisioned. */
	SAP_AMT_CONTROL_CLIENT = 1, /**< Client control: the user consents. */
	SAP_AMT_CONTROL_ADMIN = 2,  /**< Admin control. */
};

/** Interfaces of LAN_INTERFACE_SETTINGS. */
enum sap_amthi_interface {
	SAP_AMT_INTERFACE_WIRED = 0,	/**< Ethernet. */
	SAP_AMT_INTERFACE_WIRELESS = 1, /**< WLAN. */
};

/** How a DHCP client behaves. */
enum sap_amthi_dhcp {
	SAP_AMT_DHCP_ACTIVE = 1,  /**< AMT asks by itself. */
	SAP_AMT_DHCP_PASSIVE = 2, /**< It listens to the host. */
};

/** Features of GET_FEATURES_STATE. */
enum sap_amthi_feature {
	SAP_AMT_FEATURE_REDIRECTION = 0,    /**< Sessions: IDE-R, SOL. */
	SAP_AMT_FEATURE_SYSTEM_DEFENSE = 1, /**< Filters of the network. */
	SAP_AMT_FEATURE_WEB_UI = 2,	    /**< The web page. */
	SAP_AMT_FEATURE_EAC = 3,	    /**< Endpoint access control. */
	SAP_AMT_FEATURE_KVM = 4,	    /**< The screen. Bit 0: a session; bit 1: waits for consent. */
};

/** Algorithms of a hash. Sources disagree about 3: MeshAgent has it as SHA512. */
enum sap_amthi_hash {
	SAP_AMT_HASH_MD5 = 0,	 /**< 16 bytes. */
	SAP_AMT_HASH_SHA1 = 1,	 /**< 20 bytes. */
	SAP_AMT_HASH_SHA256 = 2, /**< 32 bytes. */
	SAP_AMT_HASH_SHA384 = 3, /**< 48 bytes. */
	SAP_AMT_HASH_SHA224 = 4, /**< 28 bytes. */
	SAP_AMT_HASH_SHA512 = 5, /**< 64 bytes. */
};

/** REMOTE_ACCESS_STATUS: where AMT is. */
enum sap_amthi_network {
	SAP_AMT_NETWORK_DIRECT = 0,  /**< In the enterprise. */
	SAP_AMT_NETWORK_VPN = 1,     /**< There by VPN. */
	SAP_AMT_NETWORK_OUTSIDE = 2, /**< Outside. */
	SAP_AMT_NETWORK_UNKNOWN = 3, /**< It does not know. */
};

/** REDIRECTION_STATE. */
enum sap_amthi_redirection {
	SAP_AMT_REDIRECT_SOL = 1,  /**< Serial over LAN. */
	SAP_AMT_REDIRECT_IDER = 2, /**< Drives. */
	SAP_AMT_REDIRECT_KVM = 4,  /**< The screen. */
};

/** USER_INITIATED_INTERFACES. */
enum sap_amthi_user_interface {
	SAP_AMT_USER_BIOS = 1,	/**< In the BIOS. */
	SAP_AMT_USER_AGENT = 2, /**< By a program of the OS. */
};

/** Text of a message: not zero-terminated, no longer than 65,535 bytes. */
struct sap_amthi_text {
	uint16_t text_len;    /**< As it came; ignored by encode, which writes `text.len`. */
	struct sap_view text; /**< The text. */
};

/** PROVISIONING_MODE, response. */
struct sap_amthi_provisioning_mode {
	uint32_t mode;	 /**< enum sap_amthi_mode. */
	uint32_t legacy; /**< Not 0: by an older way. */
};

/** PROVISIONING_STATE, response. */
struct sap_amthi_provisioning_state {
	uint32_t state; /**< enum sap_amthi_provisioning. */
};

/** CODE_VERSIONS, response. */
struct sap_amthi_code_versions {
	uint8_t bios[SAP_AMTHI_BIOS_SIZE]; /**< The BIOS's version, zeroes at its end. */
	uint32_t entries;		   /**< How many, as it came; ignored by encode. */
	struct sap_view versions;	   /**< The entries; see sap_amthi_version_at(). */
};

/** One entry of CODE_VERSIONS. */
struct sap_amthi_version {
	uint16_t description_len;		     /**< Bytes of it that count. */
	uint8_t description[SAP_AMTHI_VERSION_TEXT]; /**< What it is the version of ("AMT"). */
	uint16_t version_len;			     /**< Bytes of it that count. */
	uint8_t version[SAP_AMTHI_VERSION_TEXT];     /**< The version ("16.1.25"). */
};

/** SECURITY_PARAMETERS, response. Not 0: yes, but `provisioning_state`. */
struct sap_amthi_security {
	uint32_t enterprise_mode;    /**< Provisioned by a server. */
	uint32_t tls;		     /**< TLS is enabled. */
	uint32_t hw_crypto;	     /**< Cryptography is there. */
	uint32_t provisioning_state; /**< enum sap_amthi_provisioning. */
	uint32_t network_interface;  /**< The network is enabled. */
	uint32_t sol;		     /**< Serial over LAN is enabled. */
	uint32_t ider;		     /**< IDE redirection is enabled. */
	uint32_t fw_update;	     /**< Firmware update is enabled. */
	uint32_t link;		     /**< The link is up. */
	uint32_t kvm;		     /**< KVM is enabled. */
	uint32_t others[7];	     /**< Not public. */
};

/** GET_MAC_ADDRESSES, response. */
struct sap_amthi_mac_addresses {
	struct sap_mac dedicated; /**< AMT's own. */
	struct sap_mac host;	  /**< The host's. */
};

/** ENUMERATE_HASH_HANDLES, response. */
struct sap_amthi_hash_handles {
	uint32_t entries;	 /**< How many, as it came; ignored by encode. */
	struct sap_view handles; /**< A u32 each, little-endian. */
};

/** GET_CERTHASH_ENTRY, response. */
struct sap_amthi_certhash {
	uint32_t is_default;		   /**< Not 0: it came with the machine. */
	uint32_t is_active;		   /**< Not 0: it is used. */
	uint8_t hash[SAP_AMTHI_HASH_SIZE]; /**< The hash, zeroes after it. */
	uint8_t algorithm;		   /**< enum sap_amthi_hash. */
	uint16_t name_len;		   /**< As it came; ignored by encode. */
	struct sap_view name;		   /**< The certificate's name. */
};

/** REMOTE_ACCESS_STATUS, response. */
struct sap_amthi_remote_access {
	uint32_t network;	/**< enum sap_amthi_network. */
	uint32_t state;		/**< Of the tunnel: 0 to 2. */
	uint32_t trigger;	/**< What opened it; sources disagree about 2 and 3. */
	uint16_t server_len;	/**< As it came; ignored by encode. */
	struct sap_view server; /**< The host at its other end. */
};

/** LAN_INTERFACE_SETTINGS, request. */
struct sap_amthi_lan_request {
	uint32_t interface; /**< enum sap_amthi_interface. */
};

/** LAN_INTERFACE_SETTINGS, response. */
struct sap_amthi_lan {
	uint32_t enabled;   /**< Not 0: AMT uses it. */
	uint32_t ipv4;	    /**< Its address, the first octet in the upper byte. */
	uint32_t dhcp;	    /**< Not 0: by DHCP. */
	uint8_t dhcp_mode;  /**< enum sap_amthi_dhcp. */
	uint8_t link;	    /**< Not 0: the link is up. */
	struct sap_mac mac; /**< Its MAC address. */
};

/** GET_FEATURES_STATE, request. */
struct sap_amthi_feature_request {
	uint32_t feature; /**< enum sap_amthi_feature. */
};

/** GET_FEATURES_STATE, response. */
struct sap_amthi_feature_state {
	uint32_t feature;     /**< As asked for. */
	uint32_t state;	      /**< Not 0: active. Of redirection: IDE-R is. */
	struct sap_view more; /**< Of redirection 8 bytes: SOL is, reserved. Else nothing. */
};

/** LAST_HOST_RESET_REASON, response. */
struct sap_amthi_reset_reason {
	uint32_t reason;    /**< Why. */
	uint32_t timestamp; /**< When. */
};

/** CONFIG_SERVER_DATA, response. */
struct sap_amthi_config_server {
	uint16_t port;				 /**< Its port. */
	uint8_t address[SAP_AMTHI_ADDRESS_SIZE]; /**< Its address as text, zeroes at its end. */
	uint16_t name_len;			 /**< As it came; ignored by encode. */
	struct sap_view name;			 /**< Its name. */
};

/** GET_FQDN, response. */
struct sap_amthi_fqdn {
	uint32_t shared;      /**< Not 0: AMT and the host share it. */
	uint32_t ddns;	      /**< Not 0: AMT updates DNS. */
	uint32_t period;      /**< How often, in minutes. */
	uint32_t ttl;	      /**< For how long, in seconds. */
	uint32_t host_len;    /**< Bytes of it that are the host's name. */
	uint16_t fqdn_len;    /**< As it came; ignored by encode. */
	struct sap_view fqdn; /**< The whole name. */
};

/** REDIRECTION_STATE, response. */
struct sap_amthi_redirection_state {
	uint32_t flags; /**< enum sap_amthi_redirection. */
};

/** USER_INITIATED_INTERFACES, response. */
struct sap_amthi_user_interfaces {
	uint32_t flags; /**< enum sap_amthi_user_interface. */
};

/** GET_UUID, response. */
struct sap_amthi_uuid {
	struct sap_guid uuid; /**< The machine's. */
};

/** GET_CONTROL_MODE, response. */
struct sap_amthi_control_mode {
	uint32_t mode; /**< enum sap_amthi_control. */
};

/** RNG_SEED_STATUS, ZERO_TOUCH_ENABLED, EHBC_STATE, responses. */
struct sap_amthi_enabled {
	uint32_t enabled; /**< Not 0: yes. Of RNG_SEED_STATUS the meaning is not public. */
};

/** GET_CERTHASH_ENTRY, request. */
struct sap_amthi_handle {
	uint32_t handle; /**< One of ENUMERATE_HASH_HANDLES. */
};

/** GET_AMT_STATE, request. */
struct sap_amthi_state_request {
	struct sap_guid id; /**< Which state; the only public one is fifteen zeroes and a 1. */
};

/** GET_AMT_STATE, response. */
struct sap_amthi_state {
	struct sap_guid id;	  /**< As asked for. */
	uint32_t size;		  /**< 5: bytes that follow. */
	uint8_t link;		  /**< Not 0: up. */
	uint8_t crypto;		  /**< Not 0: enabled. */
	uint8_t flash_protection; /**< Not 0: enabled. */
	uint8_t last_reset;	  /**< 0 none, 1 of ME, 2 global, 3 by an exception. */
};

/** One message. */
struct sap_amthi_message {
	uint32_t command; /**< enum sap_amthi_command, or any number; with #SAP_AMTHI_RESPONSE a response. */
	uint8_t major;	  /**< As it came: 1; ignored by encode. */
	uint8_t minor;	  /**< As it came: 1 or more; ignored by encode. */
	uint32_t length;  /**< As it came: bytes after the header; ignored by encode. */
	uint32_t status;  /**< Responses: enum sap_amthi_status. If it is not 0, there is no body. */
	union {
		/* Requests. */
		struct sap_amthi_state_request state_request;	  /**< GET_AMT_STATE */
		struct sap_amthi_handle handle;			  /**< GET_CERTHASH_ENTRY */
		struct sap_amthi_lan_request lan_request;	  /**< LAN_INTERFACE_SETTINGS */
		struct sap_amthi_feature_request feature_request; /**< GET_FEATURES_STATE */

		/* Responses. */
		struct sap_amthi_state state;				/**< GET_AMT_STATE */
		struct sap_amthi_provisioning_mode provisioning_mode;	/**< PROVISIONING_MODE */
		struct sap_amthi_provisioning_state provisioning_state; /**< PROVISIONING_STATE */
		struct sap_amthi_code_versions code_versions;		/**< CODE_VERSIONS */
		struct sap_amthi_security security;			/**< SECURITY_PARAMETERS */
		struct sap_amthi_mac_addresses mac_addresses;		/**< GET_MAC_ADDRESSES */
		struct sap_amthi_hash_handles hash_handles;		/**< ENUMERATE_HASH_HANDLES */
		struct sap_amthi_certhash certhash;			/**< GET_CERTHASH_ENTRY */
		struct sap_amthi_enabled enabled; /**< RNG_SEED_STATUS, ZERO_TOUCH_ENABLED, EHBC_STATE */
		struct sap_amthi_text text; /**< GET_DNS_SUFFIX, DNS_SUFFIX_LIST, CURRENT_POWER_POLICY */
		struct sap_amthi_remote_access remote_access;	      /**< REMOTE_ACCESS_STATUS */
		struct sap_amthi_lan lan;			      /**< LAN_INTERFACE_SETTINGS */
		struct sap_amthi_feature_state feature_state;	      /**< GET_FEATURES_STATE */
		struct sap_amthi_reset_reason reset_reason;	      /**< LAST_HOST_RESET_REASON */
		struct sap_amthi_user_interfaces user_interfaces;     /**< USER_INITIATED_INTERFACES */
		struct sap_amthi_config_server config_server;	      /**< CONFIG_SERVER_DATA */
		struct sap_amthi_fqdn fqdn;			      /**< GET_FQDN */
		struct sap_amthi_redirection_state redirection_state; /**< REDIRECTION_STATE */
		struct sap_amthi_uuid uuid;			      /**< GET_UUID */
		struct sap_amthi_control_mode control_mode;	      /**< GET_CONTROL_MODE */

		uint32_t
			secret; /**< GET_LOCAL_SYSTEM_ACCOUNT, the response: bytes of its body, and no more. */
		/** A command in no table, or carried as it is: what follows the header, and a response's status.
		 *  After a failed decode: what follows the header. Never of a secret. */
		struct sap_view opaque;
	};
};

/**
 * Makes a value of one message.
 *
 * Reserved bytes, and bytes after the last field, are not kept.
 *
 * @param bytes   The message. Read, never kept; views of @p message point into it.
 * @param len     Its length, as the connection delivered it.
 * @param message What it says.
 *
 * @retval SAP_OK           @p message holds. Of a response, look at `status` first.
 * @retval SAP_TOO_SHORT    Fewer bytes than the header, than its `length` says, or than the command demands; or
 *                          text or a count that does not end inside.
 * @retval SAP_CORRUPT      More bytes than the header's `length` says, or a count of more than the protocol
 *                          has: 50 versions, 33 handles.
 * @retval SAP_BAD_VERSION  The header's version is not 1.1, or 1 and newer.
 * @retval SAP_UNKNOWN_TYPE The command is in no table; `opaque` holds.
 * @retval SAP_INVALID      An argument is null.
 *
 * After a failure the header's members hold as far as they came, and `opaque` what followed the header.
 */
SAP_API SAP_MUST_CHECK enum sap_status sap_amthi_decode(const uint8_t *bytes, size_t len,
							struct sap_amthi_message *message);

/**
 * Makes a value of what came after a request.
 *
 * @param bytes   What came; may be null if @p len is 0.
 * @param len     Its length.
 * @param request The request's command, which it must answer.
 * @param message What it says. Look at `status`.
 *
 * @retval SAP_UNSUPPORTED It is empty: AMT is disabled.
 * @retval SAP_CORRUPT     It answers another request, or none; or as sap_amthi_decode().
 *
 * Others as sap_amthi_decode().
 */
SAP_API SAP_MUST_CHECK enum sap_status sap_amthi_decode_response(const uint8_t *bytes, size_t len,
								 uint32_t request,
								 struct sap_amthi_message *message);

/**
 * Writes one message, with version 1.1. A response with a status has no body.
 *
 * @param message The value.
 * @param bytes   Where to; #SAP_AMTHI_LONGEST bytes suffice for all but long texts.
 * @param cap     Bytes there.
 * @param len     How many were written.
 *
 * @retval SAP_OK          Written.
 * @retval SAP_TOO_SMALL   @p cap does not suffice; nothing was written.
 * @retval SAP_BAD_VALUE   A view is null with a length, or longer than the protocol has, or no whole number of
 *                         entries; nothing was written.
 * @retval SAP_UNSUPPORTED A response that is a secret: nobody here writes one.
 * @retval SAP_INVALID     An argument is null.
 */
SAP_API SAP_MUST_CHECK enum sap_status sap_amthi_encode(const struct sap_amthi_message *message,
							uint8_t *bytes, size_t cap, uint32_t *len);

/** One entry of CODE_VERSIONS. False if there is no such entry. Lengths are no more than the text has room for. */
SAP_API bool sap_amthi_version_at(const struct sap_amthi_code_versions *versions, uint32_t index,
				  struct sap_amthi_version *version);

/** Writes an entry for CODE_VERSIONS: #SAP_AMTHI_VERSION_SIZE bytes. Texts of up to 19 characters; longer are cut. */
SAP_API void sap_amthi_version_make(const char *description, const char *version,
				    uint8_t entry[SAP_AMTHI_VERSION_SIZE]);

/** One handle of ENUMERATE_HASH_HANDLES. False if there is no such. */
SAP_API bool sap_amthi_handle_at(const struct sap_amthi_hash_handles *handles, uint32_t index,
				 uint32_t *handle);

/**
 * The request or the response of that command as declared, or null if it is in no table. Its payload begins
 * after the header, and a response's status.
 */
SAP_API const struct sap_message_info *sap_amthi_info(uint32_t command);

/** The name of a status ("NOT_READY"), or "?". Constant. */
SAP_API const char *sap_amthi_status_name(uint32_t status);

SAP_END_DECLS

#endif
