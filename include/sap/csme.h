/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
/**
 * @file csme.h
 * CSME's side of SAP: a firmware to test a host against, or to simulate one.
 *
 * Read engine.h first: how an engine is driven, its time, its contexts. The calls have the same names as the
 * host's (host.h) and mean the same.
 *
 * The engine decides nothing by itself that a test would want to choose. What it answers to a request is a
 * policy; when it takes the NIC, by force or politely, when AMT is on, what NVM says, are calls. What it does
 * by itself is what the protocol says: answer PING, WHO_OWNS_NIC, WIFIDR_UP and GET_NVM, and keep its
 * deadlines. As with the host's engine, a call that could yield events answers #SAP_AGAIN, and does nothing,
 * while too many wait to be fetched.
 *
 * **Ours.** The public facts leave open how long CSME waits for CSME_OWNERSHIP_CONFIRMED, and what it does
 * with the NIC as a connection is lost. Both are settings here, and named as ours.
 */
#ifndef SAP_CSME_H
#define SAP_CSME_H

#include <sap/engine.h>

SAP_BEGIN_DECLS

/** What CSME does with a request for the NIC. */
enum sap_csme_policy {
	SAP_POLICY_GRANT = 0, /**< Grants it at once; refuses for `keep_ms` after CSME took the NIC. */
	SAP_POLICY_REFUSE,    /**< Refuses it at once. */
	SAP_POLICY_ASK,	      /**< Event #SAP_CSME_ASKED; sap_csme_answer() decides, now or later. */
	SAP_POLICY_IGNORE,    /**< Never answers. */
};

/** What happened. */
enum sap_csme_event_type {
	SAP_CSME_UP = 1,  /**< SAP is connected: `version`. */
	SAP_CSME_DOWN,	  /**< The engine is down again: `status` tells why (#SAP_OK: it was stopped). */
	SAP_CSME_NO_AREA, /**< START came, and there is no area to go with it: `status` tells why. */
	SAP_CSME_OWNER,	  /**< Who owns the NIC changed: `owner`, and `forced` if without the host's
				     confirmation. */
	SAP_CSME_ASKED,	  /**< The host asks for the NIC (#SAP_POLICY_ASK). */
	SAP_CSME_HOST_CONFIRMED, /**< The host confirmed that it took the NIC. */
	SAP_CSME_DRIVER,	 /**< The host's WLAN driver came or went: `on`. */
	SAP_CSME_LINK_UP,	 /**< The host joined an access point: `link_up`. */
	SAP_CSME_LINK_DOWN,	 /**< The host left it: `link_down`. */
	SAP_CSME_LINK_LATE, /**< Under link protection the host did not join in time; the NIC is taken. */
	SAP_CSME_COUNTRY,   /**< Where the host is: `country`. */
	SAP_CSME_SAR,	    /**< Limits of transmit power: `sar`. */
	SAP_CSME_NIC_INFO,  /**< The NIC's addresses: `nic_info`. */
	SAP_CSME_RADIO,	    /**< The host's rfkill switches: `value`, enum sap_radio_flag. */
	SAP_CSME_SUSPENDS,  /**< The host goes to sleep: `value`, enum sap_suspend_flag. */
	SAP_CSME_RESUMES,   /**< The host woke up: `value`, 1 if the control block is to be made anew. */
	SAP_CSME_GOES_DOWN, /**< The host's side ends. */
	SAP_CSME_PLDR,	    /**< The host was let reset the NIC: stay off it until PLDR_END. */
	SAP_CSME_PLDR_END,  /**< That reset is over: `value`, enum sap_pldr_status. */
	SAP_CSME_BAND_SELECTION, /**< BAND_SELECTION: `view`. */
	SAP_CSME_PONG,		 /**< The host answered a ping. */
	SAP_CSME_PACKETS,	 /**< Packets may wait in the lane. */
};

/** One event. */
struct sap_csme_event {
	enum sap_csme_event_type type; /**< What happened; says which members below hold. */
	bool on;		       /**< DRIVER. */
	bool forced;		       /**< OWNER. */
	uint8_t version;	       /**< UP. */
	enum sap_owner owner;	       /**< OWNER. */
	enum sap_status status;	       /**< DOWN, NO_AREA. */
	uint32_t value;		       /**< RADIO, SUSPENDS, RESUMES, PLDR_END. */
	/** BAND_SELECTION: bytes inside the engine, valid until the next call of it. */
	struct sap_view view;
	union {
		struct sap_host_link_up link_up;     /**< LINK_UP. */
		struct sap_host_link_down link_down; /**< LINK_DOWN. */
		struct sap_country_code country;     /**< COUNTRY. */
		struct sap_sar_limits sar;	     /**< SAR. */
		struct sap_nic_info nic_info;	     /**< NIC_INFO. */
	};
};

/** Settings of CSME's engine. Times in ms. Start from sap_csme_config_default(). */
struct sap_csme_config {
	struct sap_link_config link; /**< What both roles have. */
	uint32_t take_ms; /**< CSME takes the NIC without the confirmation after so long; ours. 2000. */
	uint32_t loss_ms; /**< The connection lost while the host owned the NIC: CSME takes it after so long,
			        unless the host comes back before; ours. UINT32_MAX: never. 2000. */
	uint32_t link_ms; /**< Under link protection, how long the host has to join. 3000. */
	uint32_t keep_ms; /**< How long CSME keeps a NIC that it took. 60000. */
};

/** Sets every member to its default. */
SAP_API void sap_csme_config_default(struct sap_csme_config *config);

/** Events that can wait to be fetched. */
enum {
	SAP_CSME_EVENTS = 16
};

/** Everything CSME's engine knows. Plain data, without pointers: may be copied and put back. */
struct sap_csme_state {
	/** @cond internal */
	struct sap_link_state link;
	uint64_t since;						 /* the owner is who it is */
	uint64_t take_by, loss_by, link_by, keep_until, owed_at; /* SAP_NEVER, or when */
	uint32_t owed;						 /* bits of messages to be written */
	uint32_t requests;					 /* that wait for an answer */
	uint32_t grants_owed, refusals_owed;
	uint32_t pings_owed, pings_out;
	uint32_t lefts_void; /* confirmations that may come of a taking that is over */
	uint8_t ownership;   /* a state of the table */
	uint8_t policy;
	bool amt, driver, session;
	bool view_waits; /* an event that is not fetched yet has its bytes in the bounce buffer */
	bool has_nvm, has_filters, pldr_fails, pldr_on;
	struct sap_csme_conn_status conn;
	uint32_t events_at, events_count;
	struct sap_csme_event_slot {
		union {
			struct sap_host_link_up link_up;
			struct sap_host_link_down link_down;
			struct sap_country_code country;
			struct sap_sar_limits sar;
			struct sap_nic_info nic_info;
		} body;
		uint32_t value;
		uint8_t type;
		bool flag;
	} events[SAP_CSME_EVENTS];
	uint8_t nvm[SAP_NVM_SIZE];
	uint8_t filters[SAP_CSME_FILTERS_SIZE];
	/** @endcond */
};

/** CSME's engine. At most 8 KiB. */
struct sap_csme {
	struct sap_csme_state state; /**< What it knows; for snapshots. */
	/** @cond internal */
	struct sap_csme_config config;
	struct sap_area area;
	/** @endcond */
};

/** Makes an engine, down: AMT off, the host owns the NIC, policy #SAP_POLICY_GRANT. As sap_host_init(). */
SAP_API SAP_MUST_CHECK enum sap_status sap_csme_init(struct sap_csme *csme, size_t size,
						     const struct sap_csme_config *config, uint64_t now);

/** Waits for a host, for START, and answers it. As sap_host_start(). */
SAP_API SAP_MUST_CHECK enum sap_status sap_csme_start(struct sap_csme *csme, uint64_t now);

/** Gives everything back. Ends in #SAP_CSME_DOWN. As sap_host_stop(), but nothing is said or waited for. */
SAP_API SAP_MUST_CHECK enum sap_status sap_csme_stop(struct sap_csme *csme, uint64_t now);

/** As sap_host_next_io(). */
SAP_API SAP_MUST_CHECK bool sap_csme_next_io(struct sap_csme *csme, struct sap_io *io);

/** As sap_host_io_done(). */
SAP_API SAP_MUST_CHECK enum sap_status sap_csme_io_done(struct sap_csme *csme, const struct sap_io *io,
							enum sap_status status, uint64_t now);

/** As sap_host_retry(). */
SAP_API void sap_csme_retry(struct sap_csme *csme, uint64_t now);

/** As sap_host_wants_input(). */
SAP_API bool sap_csme_wants_input(const struct sap_csme *csme);

/** As sap_host_me_input(). */
SAP_API SAP_MUST_CHECK enum sap_status sap_csme_me_input(struct sap_csme *csme, const uint8_t *bytes,
							 size_t len, uint64_t now);

/** As sap_host_closed(). */
SAP_API void sap_csme_closed(struct sap_csme *csme, enum sap_status why, uint64_t now);

/** As sap_host_tick(). */
SAP_API void sap_csme_tick(struct sap_csme *csme, uint64_t now);

/** As sap_host_deadline(). */
SAP_API uint64_t sap_csme_deadline(const struct sap_csme *csme);

/** As sap_host_next_event(). */
SAP_API SAP_MUST_CHECK bool sap_csme_next_event(struct sap_csme *csme, struct sap_csme_event *event);

/** As sap_host_why(). */
SAP_API void sap_csme_why(const struct sap_csme *csme, struct sap_why *why);

/** The counters. */
SAP_API const struct sap_link_counters *sap_csme_counters(const struct sap_csme *csme);

/** The sequence counter, for sap_packets_send(). Lives as long as the engine. */
SAP_API struct sap_seq *sap_csme_seq(struct sap_csme *csme);

/** The area, for the calls of the packets lane. As sap_host_area(). */
SAP_API const struct sap_area *sap_csme_area(const struct sap_csme *csme);

/**
 * CSME networking goes on or off (AMT_STATE). Going on while SAP is down makes CSME the owner of the NIC;
 * going off gives it to the host.
 */
SAP_API SAP_MUST_CHECK enum sap_status sap_csme_set_amt(struct sap_csme *csme, bool on, uint64_t now);

/**
 * CSME's connection and link protection changed (CSME_CONN_STATUS).
 *
 * @retval SAP_OK        Noted, and told if the host is there.
 * @retval SAP_BAD_VALUE An SSID of more than 32 bytes.
 */
SAP_API SAP_MUST_CHECK enum sap_status sap_csme_set_conn(struct sap_csme *csme,
							 const struct sap_csme_conn_status *conn,
							 uint64_t now);

/** What to do with requests from now on. */
SAP_API void sap_csme_set_policy(struct sap_csme *csme, enum sap_csme_policy policy);

/**
 * Whether a management session is open. If one is while SAP is down, the NIC's register gives nothing to the
 * host.
 */
SAP_API void sap_csme_set_session(struct sap_csme *csme, bool open);

/** What NVM says: #SAP_NVM_SIZE bytes, copied (sap_nvm_encode()). Without it GET_NVM stays unanswered. */
SAP_API void sap_csme_set_nvm(struct sap_csme *csme, const uint8_t *payload);

/** Which packets CSME wants: #SAP_CSME_FILTERS_SIZE bytes, copied, and told to a host that is there. */
SAP_API void sap_csme_set_filters(struct sap_csme *csme, const uint8_t *payload, uint64_t now);

/** Whether PLDR is refused (PLDR_ACK with failure). It is granted at the start. */
SAP_API void sap_csme_set_pldr_fails(struct sap_csme *csme, bool fails);

/**
 * Answers the requests that wait (#SAP_POLICY_ASK).
 *
 * @retval SAP_OK          Answered.
 * @retval SAP_WRONG_STATE None waits.
 */
SAP_API SAP_MUST_CHECK enum sap_status sap_csme_answer(struct sap_csme *csme, bool grant, uint64_t now);

/**
 * Takes the NIC: CSME_TAKING_OWNERSHIP, and the NIC is CSME's as the host confirmed, or `take_ms` later.
 *
 * @retval SAP_OK     Under way, or CSME owns it. Event #SAP_CSME_OWNER if that changes.
 * @retval SAP_BUSY   Under way already.
 * @retval SAP_NOT_UP AMT is off: there is nobody to take it for.
 */
SAP_API SAP_MUST_CHECK enum sap_status sap_csme_take(struct sap_csme *csme, uint64_t now);

/** Takes the NIC at once, and tells the host. As sap_csme_take(), but it never waits. */
SAP_API SAP_MUST_CHECK enum sap_status sap_csme_take_by_force(struct sap_csme *csme, uint64_t now);

/** Tells the host that it may ask for the NIC (CSME_CAN_RELEASE_OWNERSHIP). @retval SAP_NOT_UP SAP is down. */
SAP_API SAP_MUST_CHECK enum sap_status sap_csme_can_release(struct sap_csme *csme, uint64_t now);

/**
 * The host asks for the NIC by its register, the door beside SAP (section 8).
 *
 * @retval SAP_OK          The host owns it.
 * @retval SAP_WRONG_STATE Refused: SAP is up and decides alone; or a session is open; or CSME is taking it.
 */
SAP_API SAP_MUST_CHECK enum sap_status sap_csme_register_request(struct sap_csme *csme, uint64_t now);

/** Has the host renew its address (TRIGGER_IP_REFRESH). @retval SAP_NOT_UP SAP is down. */
SAP_API SAP_MUST_CHECK enum sap_status sap_csme_ip_refresh(struct sap_csme *csme, uint64_t now);

/** Sends a PING. Event #SAP_CSME_PONG as it is answered. @retval SAP_NOT_UP SAP is down. */
SAP_API SAP_MUST_CHECK enum sap_status sap_csme_ping(struct sap_csme *csme, uint64_t now);

/** As sap_host_digest(). */
SAP_API uint64_t sap_csme_digest(const struct sap_csme *csme);

SAP_END_DECLS

#endif
