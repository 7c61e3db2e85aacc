/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
/**
 * @file mei/servers.h
 * What runs on the connections of simple clients: AMTHI, MKHI and an echo, answering from settings.
 *
 * A server is a loop over one transport: connect, take a request, answer it. What the answer is, a function
 * says; three are here, and whoever wants another client writes a fourth.
 *
 * No call waits or allocates. All calls of a server and its transport are serialised with each other; the
 * functions that answer are pure.
 * Facts: docs/protocol/mei.md sections 4 and 6.
 */
#ifndef SAP_MEI_SERVERS_H
#define SAP_MEI_SERVERS_H

#include <sap/mei/amthi.h>
#include <sap/mei/mkhi.h>
#include <sap/transport.h>

SAP_BEGIN_DECLS

/**
 * Answers one request.
 *
 * @param self    The settings.
 * @param request The request.
 * @param len     Its bytes; may be 0.
 * @param reply   Where the answer goes; does not overlap the request.
 * @param cap     Bytes there.
 * @param size    Its bytes; may be 0.
 *
 * @retval SAP_OK    The answer is to be sent.
 * @retval SAP_AGAIN There is none to this request.
 * Others: the request does not hold, and nothing is sent.
 */
typedef enum sap_status (*sap_mei_answer)(const void *self, const uint8_t *request, uint32_t len,
					  uint8_t *reply, uint32_t cap, uint32_t *size);

/** A server of one connection. The members are yours to set; zero the rest. */
struct sap_mei_server {
	struct sap_transport transport; /**< The connection. */
	sap_mei_answer answer;		/**< Says what to answer. */
	const void *self;		/**< Its settings. */
	uint8_t *request;		/**< Memory for a request, `size` bytes. */
	uint8_t *reply;			/**< And for an answer, `size` bytes. */
	uint32_t size;			/**< The client's `max_msg_length`. */

	uint32_t answered; /**< Requests that were answered; wraps around. */
	uint32_t silent;   /**< Requests that have no answer. */
	uint32_t refused;  /**< Requests that do not hold, or did not fit. */
	/** @cond internal */
	bool connected;
	bool waiting; /* an answer has yet to be taken */
	uint32_t len;
	/** @endcond */
};

/**
 * Does everything that can be done now. Call it as something may have come or gone on the connection.
 *
 * One call handles at most 100 requests.
 *
 * @return Whether it did something: call whatever moves messages again.
 */
SAP_API bool sap_mei_server_run(struct sap_mei_server *server);

/** Answers with the request. @p self is not looked at. */
SAP_API SAP_MUST_CHECK enum sap_status sap_echo_answer(const void *self, const uint8_t *request, uint32_t len,
						       uint8_t *reply, uint32_t cap, uint32_t *size);

/** A version that AMTHI tells of. */
struct sap_amthi_setting_version {
	const char *description; /**< Of what ("AMT"); up to 19 characters. */
	const char *version;	 /**< Which ("16.1.25"); up to 19 characters. */
};

/** What AMTHI answers. Texts may be null: they are empty then. All must outlive their use. */
struct sap_amthi_settings {
	bool disabled;	  /**< AMT is disabled: every request is answered by an empty message. */
	const char *bios; /**< The BIOS's version; up to 64 characters. */
	const struct sap_amthi_setting_version *versions;     /**< CODE_VERSIONS. */
	uint32_t n_versions;				      /**< How many; 50 are told at most. */
	struct sap_amthi_provisioning_mode provisioning_mode; /**< PROVISIONING_MODE. */
	uint32_t provisioning_state;			      /**< enum sap_amthi_provisioning. */
	uint32_t control_mode;				      /**< enum sap_amthi_control. */
	struct sap_guid uuid;				      /**< GET_UUID. */
	struct sap_amthi_mac_addresses mac_addresses;	      /**< GET_MAC_ADDRESSES. */
	struct sap_amthi_lan lan[2];			      /**< By enum sap_amthi_interface. */
	const char *dns_suffix;				      /**< GET_DNS_SUFFIX. */
	struct sap_view dns_suffixes;			      /**< DNS_SUFFIX_LIST, with zeroes between. */
	const char *power_policy;			      /**< CURRENT_POWER_POLICY. */
	struct sap_amthi_security security;		      /**< SECURITY_PARAMETERS. */
	uint32_t rng_seed_status;			      /**< RNG_SEED_STATUS. */
	uint32_t zero_touch;				      /**< ZERO_TOUCH_ENABLED. */
	uint32_t ehbc;					      /**< EHBC_STATE. */
	struct sap_amthi_remote_access remote_access; /**< REMOTE_ACCESS_STATUS, but for the server. */
	const char *remote_access_server;	      /**< And that. */
	struct sap_amthi_reset_reason reset_reason;   /**< LAST_HOST_RESET_REASON. */
	uint32_t user_interfaces;		      /**< enum sap_amthi_user_interface. */
	struct sap_amthi_config_server config_server; /**< CONFIG_SERVER_DATA, but for the name. */
	const char *config_server_name;		      /**< And that. */
	struct sap_amthi_fqdn fqdn;		      /**< GET_FQDN, but for the name. */
	const char *fqdn_name;			      /**< And that. */
	uint32_t redirection;			      /**< enum sap_amthi_redirection. */
	uint32_t features[5];			      /**< By enum sap_amthi_feature: its state. */
	const struct sap_amthi_certhash *hashes;      /**< GET_CERTHASH_ENTRY; handles count from 1. */
	uint32_t n_hashes;			      /**< How many; 33 are told at most. */
	struct sap_amthi_state state;		      /**< GET_AMT_STATE, but for the id. */
};

/**
 * Answers a request to AMTHI from a `struct sap_amthi_settings`.
 *
 * A request that changes something, or asks for a secret, is answered with #SAP_AMT_NOT_PERMITTED; one that is
 * not known with #SAP_AMT_INVALID_COMMAND; one of a wrong length with #SAP_AMT_INVALID_MESSAGE_LENGTH, of a wrong
 * version with #SAP_AMT_UNSUPPORTED_VERSION. What is no request at all is refused.
 */
SAP_API SAP_MUST_CHECK enum sap_status sap_amthi_answer(const void *self, const uint8_t *request,
							uint32_t len, uint8_t *reply, uint32_t cap,
							uint32_t *size);

/** A rule that MKHI tells of. */
struct sap_mkhi_setting_rule {
	uint32_t rule;	      /**< feature * 65536 + enum sap_mkhi_rule. */
	struct sap_view data; /**< Up to 255 bytes. */
};

/** What MKHI answers. */
struct sap_mkhi_settings {
	struct sap_mkhi_fw_block fw[SAP_MKHI_FW_BLOCKS]; /**< GET_FW_VERSION. */
	uint32_t n_fw;					 /**< How many; 1 to 3. */
	struct sap_mkhi_boot_state boot_state;		 /**< BOOT_STATE. */
	uint32_t image_type;				 /**< IMAGE_TYPE. */
	uint32_t eop_state;				 /**< EOP_STATE. */
	struct sap_view mkhi_version;			 /**< GET_MKHI_VERSION, as it is; up to 64 bytes. */
	const struct sap_mkhi_setting_rule *rules;	 /**< GET_RULE. */
	uint32_t n_rules;				 /**< How many. */
};

/** The result with which MKHI here answers what it does not know; the public facts name no other than 0. */
#define SAP_MKHI_FAILED 1u

/**
 * Answers a request to MKHI from a `struct sap_mkhi_settings`. SET_OS_VER has no answer; what is not known is
 * answered with #SAP_MKHI_FAILED.
 */
SAP_API SAP_MUST_CHECK enum sap_status sap_mkhi_answer(const void *self, const uint8_t *request, uint32_t len,
						       uint8_t *reply, uint32_t cap, uint32_t *size);

SAP_END_DECLS

#endif
