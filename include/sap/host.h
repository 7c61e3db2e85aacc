/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
/**
 * @file host.h
 * The host's side of SAP: what a WLAN driver, or who speaks for it, drives.
 *
 * Read engine.h first: how an engine is driven, its time, its contexts. What happens in which order stands
 * in docs/protocol/sap.md section 8, the times in section 9.
 *
 * **What is kept.** What the host tells while SAP is down (link, country, SAR limits, addresses, radio) is
 * kept and told once CSME is there and AMT is on. A value told twice before it could be sent is sent once,
 * as told last.
 *
 * **What is owed.** A call that makes a message returns before the message is in the queue. If there is no
 * room it stays owed, and goes out as soon as there is; nothing of it is lost while the connection lives.
 *
 * **Filters.** What CSME_FILTERS says is kept as long as the connection lives, also while AMT is off, and the
 * packets lane is told of it whenever it is open.
 *
 * **Events.** Each accepted call whose documentation names an event owes that event, once. Calls that could
 * yield events answer #SAP_AGAIN, and do nothing, while too many wait to be fetched: that cannot happen to
 * who fetches them after each call.
 */
#ifndef SAP_HOST_H
#define SAP_HOST_H

#include <sap/engine.h>

SAP_BEGIN_DECLS

/** Why a request, or a wait, ended without what was wanted. */
enum sap_reason {
	SAP_REASON_NONE = 0, /**< It did not: granted, or answered. */
	SAP_REASON_REFUSED,  /**< The peer said no. */
	SAP_REASON_TIMEOUT,  /**< No answer in time. */
	SAP_REASON_TAKEN,    /**< CSME is taking the NIC. */
	SAP_REASON_DOWN,     /**< SAP went down, or AMT off. */
};

/** What happened. */
enum sap_host_event_type {
	SAP_HOST_UP = 1,   /**< SAP is connected: `version`. */
	SAP_HOST_DOWN,	   /**< The engine is down again, memory and connection are given back: `status`
				   tells why (#SAP_OK: it was stopped). Start it again if you like. */
	SAP_HOST_AMT,	   /**< CSME networking went on or off: `on`. */
	SAP_HOST_OWNER,	   /**< Who owns the NIC is known, or changed: `owner`. */
	SAP_HOST_OWN_DONE, /**< A request for the NIC ended: `reason`, #SAP_REASON_NONE if it was granted. */
	SAP_HOST_LEAVE,	   /**< CSME takes the NIC: take the device down, then call
				   sap_host_device_down(). */
	SAP_HOST_RFKILL,   /**< Block the radio as "not owner", or unblock it: `on`. */
	SAP_HOST_ROAMING,  /**< Roaming is forbidden, or allowed again: `on` if forbidden. */
	SAP_HOST_CONN_STATUS, /**< CSME's connection and link protection: `conn_status`. */
	SAP_HOST_CAN_RELEASE, /**< CSME would give the NIC away. With a driver registered the engine asks for it, wanted or
				   not; #SAP_HOST_OWN_DONE follows. */
	SAP_HOST_IP_REFRESH, /**< Renew the IP address. */
	SAP_HOST_FILTERS,    /**< Filters came: `view`, for sap_csme_filters_decode(). For who wants to
				   show them: the lane is told by #SAP_IO_LANE. */
	SAP_HOST_NVM,	     /**< sap_host_get_nvm() ended: `reason`; `view`, for sap_nvm_decode(). */
	SAP_HOST_PLDR,	     /**< sap_host_pldr() ended: `reason`. */
	SAP_HOST_PONG,	     /**< CSME answered a ping. */
	SAP_HOST_PACKETS,    /**< Packets may wait in the lane. */
};

/** One event. */
struct sap_host_event {
	enum sap_host_event_type type; /**< What happened; says which members below hold. */
	bool on;		       /**< AMT, RFKILL, ROAMING. */
	uint8_t version;	       /**< UP. */
	enum sap_owner owner;	       /**< OWNER. */
	enum sap_reason reason;	       /**< OWN_DONE, NVM, PLDR. */
	enum sap_status status;	       /**< DOWN. */
	/** FILTERS, NVM: bytes inside the engine, valid until the next call of it. */
	struct sap_view view;
	struct sap_csme_conn_status conn_status; /**< CONN_STATUS. */
};

/** Settings of a host's engine. Times in ms. Start from sap_host_config_default(). */
struct sap_host_config {
	struct sap_link_config link; /**< What both roles have. */
	uint32_t start_ms;	     /**< How long START_OK may take; ours. 2000. */
	uint32_t ask_ms;	     /**< How long an answer to a request for the NIC may take. 500. */
	uint32_t reask_ms;    /**< A NIC that is wanted is asked for again after so long. 1 or more; 60000. */
	uint32_t nvm_ms;      /**< How long NVM may take. 2000. */
	uint32_t pldr_ms;     /**< How long PLDR_ACK may take. 500. */
	uint32_t pldr_tries;  /**< How often PLDR is sent. 1 or more; 3. */
	uint32_t drain_ms;    /**< How often it is looked whether CSME read HOST_GOES_DOWN. 1 or more; 20. */
	uint32_t drain_tries; /**< How many times. 10. */
	bool probe;	      /**< Send START though no memory can be had, offering nothing. Off. */
};

/** Sets every member to its default. */
SAP_API void sap_host_config_default(struct sap_host_config *config);

/** Events that can wait to be fetched. */
enum {
	SAP_HOST_EVENTS = 24
};

/** Everything a host's engine knows. Plain data, without pointers: may be copied and put back. */
struct sap_host_state {
	/** @cond internal */
	struct sap_link_state link;
	uint64_t since;						       /* the owner is who it is */
	uint64_t ask_by, reask_at, nvm_by, pldr_by, drain_at, owed_at; /* SAP_NEVER, or when */
	uint32_t owed; /* messages to be written, a bit each */
	uint32_t pings_owed, pings_out;
	uint32_t answers_due;		 /* requests for the NIC that were written and not answered */
	uint32_t answers_void;		 /* of them: answers that mean nothing any more */
	uint32_t drains_left, pldr_left; /* tries */
	uint32_t pldr_result, suspend_flags;
	uint8_t ownership; /* a state of the table */
	uint8_t owner;	   /* enum sap_owner, as it was told last */
	uint8_t pldr;	   /* how far a product reset is */
	bool pldr_refused;
	bool pldr_late; /* nobody waits for PLDR_ACK any more, and it may still come */
	bool stopping, amt, driver, device, wanted;
	bool rfkill, roaming_forbidden, link_protected;
	bool who_waits;	   /* WHO_OWNS_NIC waits for its answer, and nothing was let go since */
	bool grant_unsure; /* it was asked since a grant may have been meant for this driver */
	bool link_is_up, link_is_repeated; /* up; and, if it is written, then from memory */
	bool has_sar, has_nic_info;
	struct sap_host_link_up link_up;
	struct sap_host_link_down link_down;
	struct sap_country_code country;
	struct sap_sar_limits sar;
	struct sap_nic_info nic_info;
	struct sap_radio_state radio;
	bool has_filters;		/* they came on this connection: */
	struct sap_oob_filters filters; /* what the lane is told; AMT off does not forget them */
	bool view_waits; /* an event that is not fetched yet has its bytes in the bounce buffer */
	uint32_t events_at, events_count;
	struct sap_host_event_slot {
		struct sap_csme_conn_status conn_status;
		uint32_t value; /* of the one member that its type has */
		uint8_t type;
		bool view; /* what it is about is in the bounce buffer */
	} events[SAP_HOST_EVENTS];
	/** @endcond */
};

/** A host's engine. At most 8 KiB. */
struct sap_host {
	struct sap_host_state state; /**< What it knows; for snapshots. */
	/** @cond internal */
	struct sap_host_config config;
	struct sap_area area;
	/** @endcond */
};

/**
 * Makes an engine, down.
 *
 * @param host   Memory for it; any content.
 * @param size   sizeof(struct sap_host), so that a program and a library of different versions notice.
 * @param config Settings; copied.
 * @param now    The time.
 *
 * @retval SAP_OK        Ready for sap_host_start().
 * @retval SAP_TOO_SMALL @p size is not that of this library's struct.
 * @retval SAP_BAD_VALUE A setting is out of range, or there is no layout.
 * @retval SAP_INVALID   An argument is null.
 */
SAP_API SAP_MUST_CHECK enum sap_status sap_host_init(struct sap_host *host, size_t size,
						     const struct sap_host_config *config, uint64_t now);

/**
 * Maps, connects, and does the handshake. Ends in #SAP_HOST_UP, or in #SAP_HOST_DOWN with a reason: what the
 * transport answered; #SAP_IO if START_OK did not come in time; #SAP_BAD_VERSION; #SAP_UNSUPPORTED also if the
 * client does not take 88 bytes. A transport that answers #SAP_AGAIN is asked again without end: stop it, if
 * you do not want to wait for a peer.
 *
 * @retval SAP_OK          Under way.
 * @retval SAP_WRONG_STATE The engine is not down.
 * @retval SAP_AGAIN       Events wait to be fetched.
 */
SAP_API SAP_MUST_CHECK enum sap_status sap_host_start(struct sap_host *host, uint64_t now);

/**
 * Says HOST_GOES_DOWN, waits a bounded time until CSME read it, and gives everything back. Ends in
 * #SAP_HOST_DOWN.
 *
 * @retval SAP_OK          Under way.
 * @retval SAP_WRONG_STATE The engine is down, or on its way.
 */
SAP_API SAP_MUST_CHECK enum sap_status sap_host_stop(struct sap_host *host, uint64_t now);

/** The next request for I/O, if there is one now. What it takes is the caller's until io_done. */
SAP_API SAP_MUST_CHECK bool sap_host_next_io(struct sap_host *host, struct sap_io *io);

/**
 * Tells the result of a request.
 *
 * @param host   The engine.
 * @param io     The request, as it was given; for a MAP with its `mem`.
 * @param status What the transport, or sap_packets_apply(), answered.
 * @param now    The time.
 *
 * @retval SAP_OK      Noted. A result that nobody waits for is counted in `late_io` and has no effect.
 * @retval SAP_INVALID An argument is null.
 */
SAP_API SAP_MUST_CHECK enum sap_status sap_host_io_done(struct sap_host *host, const struct sap_io *io,
							enum sap_status status, uint64_t now);

/**
 * Says that the transport may do now what it could not before: I/O that said #SAP_AGAIN is asked for again at
 * once, and not only after `again_ms`. For whoever is told (by poll, say), and so may set that to a long time.
 */
SAP_API void sap_host_retry(struct sap_host *host, uint64_t now);

/** Whether to receive from the transport: connected, and not about to disconnect. */
SAP_API bool sap_host_wants_input(const struct sap_host *host);

/**
 * Takes one ME message that came.
 *
 * @retval SAP_OK           Taken.
 * @retval SAP_TOO_SHORT    Refused and counted.
 * @retval SAP_UNKNOWN_TYPE Refused and counted.
 * @retval SAP_WRONG_STATE  Not awaited now (no connection, or a message of the other role); counted.
 * @retval SAP_INVALID      @p bytes is null.
 */
SAP_API SAP_MUST_CHECK enum sap_status sap_host_me_input(struct sap_host *host, const uint8_t *bytes,
							 size_t len, uint64_t now);

/** Says that the connection ended, and why. Without effect if the engine is down, or on its way. */
SAP_API void sap_host_closed(struct sap_host *host, enum sap_status why, uint64_t now);

/** Lets time pass: what was due is done, and a drain that was cut short goes on. */
SAP_API void sap_host_tick(struct sap_host *host, uint64_t now);

/** When sap_host_tick() is due; #SAP_NEVER, or a time that may have passed already. */
SAP_API uint64_t sap_host_deadline(const struct sap_host *host);

/** The next event. False if there is none. */
SAP_API SAP_MUST_CHECK bool sap_host_next_event(struct sap_host *host, struct sap_host_event *event);

/** Who owns the NIC, and why. */
SAP_API void sap_host_why(const struct sap_host *host, struct sap_why *why);

/** The counters. */
SAP_API const struct sap_link_counters *sap_host_counters(const struct sap_host *host);

/** The sequence counter, for sap_packets_send(). Lives as long as the engine. */
SAP_API struct sap_seq *sap_host_seq(struct sap_host *host);

/**
 * The area, for the calls of the packets lane. Lives as long as the engine; what it points at is mapped while
 * the lane is open, which is when those calls use it.
 */
SAP_API const struct sap_area *sap_host_area(const struct sap_host *host);

/**
 * Wants the NIC: asks for it, and as long as it is wanted and CSME owns it, again each `reask_ms`.
 *
 * Event #SAP_HOST_OWN_DONE for this request, at once if the host owns the NIC; for each later one too.
 *
 * @retval SAP_OK     Asked, or owned already.
 * @retval SAP_BUSY   A request is in flight, or CSME is taking the NIC and our confirmation is not out yet.
 * @retval SAP_NOT_UP SAP is down or AMT is off: go through the NIC's register. Nothing is noted.
 */
SAP_API SAP_MUST_CHECK enum sap_status sap_host_own(struct sap_host *host, uint64_t now);

/** Does not want the NIC any more: it is not asked for again. A request in flight goes on. */
SAP_API void sap_host_disown(struct sap_host *host, uint64_t now);

/** The WLAN driver is there (WIFIDR_UP). Without effect if it is already. */
SAP_API SAP_MUST_CHECK enum sap_status sap_host_driver_up(struct sap_host *host, uint64_t now);

/** The WLAN driver is gone (WIFIDR_DOWN): CSME owns the NIC. The device counts as down. */
SAP_API SAP_MUST_CHECK enum sap_status sap_host_driver_down(struct sap_host *host, uint64_t now);

/**
 * The driver touches the NIC from now on. It counts as untouched at the start, and without a driver.
 *
 * @retval SAP_OK          Noted.
 * @retval SAP_WRONG_STATE CSME is taking the NIC: leave it alone.
 */
SAP_API SAP_MUST_CHECK enum sap_status sap_host_device_up(struct sap_host *host, uint64_t now);

/** Nothing of the host touches the NIC any more. Lets CSME have it, if it is taking it. */
SAP_API SAP_MUST_CHECK enum sap_status sap_host_device_down(struct sap_host *host, uint64_t now);

/** The host joined an access point (HOST_LINK_UP). @retval SAP_BAD_VALUE An SSID of more than 32 bytes. */
SAP_API SAP_MUST_CHECK enum sap_status sap_host_link_up(struct sap_host *host,
							const struct sap_host_link_up *up, uint64_t now);

/** The host left it (HOST_LINK_DOWN). */
SAP_API void sap_host_link_down(struct sap_host *host, const struct sap_host_link_down *down, uint64_t now);

/** Where the host is (COUNTRY_CODE). */
SAP_API void sap_host_set_country(struct sap_host *host, const struct sap_country_code *country,
				  uint64_t now);

/** Limits of transmit power (SAR_LIMITS). */
SAP_API void sap_host_set_sar(struct sap_host *host, const struct sap_sar_limits *sar, uint64_t now);

/** The NIC's addresses (NIC_INFO). */
SAP_API void sap_host_set_nic_info(struct sap_host *host, const struct sap_nic_info *info, uint64_t now);

/** The host's rfkill switches (RADIO_STATE): enum sap_radio_flag. Both are on at the start. */
SAP_API void sap_host_set_radio(struct sap_host *host, uint32_t state, uint64_t now);

/**
 * Asks for NVM. Event #SAP_HOST_NVM.
 *
 * @retval SAP_OK     Asked.
 * @retval SAP_BUSY   Asked already.
 * @retval SAP_NOT_UP SAP is down or AMT is off.
 */
SAP_API SAP_MUST_CHECK enum sap_status sap_host_get_nvm(struct sap_host *host, uint64_t now);

/**
 * Asks CSME to stay off the NIC for a product reset. Event #SAP_HOST_PLDR, granted at once while SAP is down
 * or AMT is off.
 *
 * @retval SAP_OK   Asked, or granted.
 * @retval SAP_BUSY Asked already, or granted and not yet ended.
 */
SAP_API SAP_MUST_CHECK enum sap_status sap_host_pldr(struct sap_host *host, uint64_t now);

/**
 * That reset is over (PLDR_END, if PLDR was granted over SAP).
 *
 * @retval SAP_OK          Noted.
 * @retval SAP_WRONG_STATE It was not granted.
 */
SAP_API SAP_MUST_CHECK enum sap_status sap_host_pldr_end(struct sap_host *host, enum sap_pldr_status result,
							 uint64_t now);

/** Sends a PING. Event #SAP_HOST_PONG as it is answered. @retval SAP_NOT_UP SAP is down. */
SAP_API SAP_MUST_CHECK enum sap_status sap_host_ping(struct sap_host *host, uint64_t now);

/** The host goes to sleep (HOST_SUSPENDS): enum sap_suspend_flag. @retval SAP_NOT_UP SAP is down. */
SAP_API SAP_MUST_CHECK enum sap_status sap_host_suspend(struct sap_host *host, uint32_t flags, uint64_t now);

/** The host woke up (HOST_RESUMES with 0). @retval SAP_NOT_UP SAP is down. */
SAP_API SAP_MUST_CHECK enum sap_status sap_host_resume(struct sap_host *host, uint64_t now);

/**
 * One number for all that decides what the engine will do, pending messages in the area included; times
 * count from now. Counters, sequence numbers and places in a ring play no part.
 *
 * Two engines with the same number and the same settings do the same on the same inputs: for tests that
 * explore, and to check a snapshot. The number itself may change with each version of the library.
 */
SAP_API uint64_t sap_host_digest(const struct sap_host *host);

SAP_END_DECLS

#endif
