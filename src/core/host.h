/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
/*
 * Inside the host's engine: what its files have of each other.
 *
 *   host.c            the engine's calls, its life from start to down, and time
 *   host_calls.c      what the embedder wants and tells
 *   host_ownership.c  who owns the NIC, and what follows for the radio, roaming and the lane
 *   host_input.c      notifications that came
 *   host_output.c     notifications that are owed
 */
#ifndef SAP_CORE_HOST_H
#define SAP_CORE_HOST_H

#include "link.h"
#include "ownership.h"

#include <sap/host.h>

/* Messages that are owed, in the order in which they are written. */
enum host_owed {
	OWE_TELL = 1 << 0,    /* CSME_OWNERSHIP_CONFIRMED, once the lane is closed */
	OWE_CONFIRM = 1 << 1, /* HOST_OWNERSHIP_CONFIRMED */
	OWE_DRIVER_DOWN = 1 << 2,
	OWE_PLDR_END = 1 << 3,
	OWE_LINK_DOWN = 1 << 4,

	/* The initial configuration (section 8). */
	OWE_DRIVER_UP = 1 << 5,
	OWE_WHO = 1 << 6,
	OWE_LINK_UP = 1 << 7,
	OWE_COUNTRY = 1 << 8,
	OWE_SAR = 1 << 9,
	OWE_NIC_INFO = 1 << 10,
	OWE_RADIO = 1 << 11,

	OWE_ASK = 1 << 12,
	OWE_GET_NVM = 1 << 13,
	OWE_PLDR = 1 << 14,
	OWE_SUSPENDS = 1 << 15,
	OWE_RESUMES = 1 << 16,
	OWE_LAST = OWE_RESUMES,
};

/* How far a product reset is. */
enum host_pldr {
	PLDR_IDLE = 0,
	PLDR_WAITS,   /* for PLDR_ACK */
	PLDR_GRANTED, /* by CSME: ends with PLDR_END */
	PLDR_SKIPPED, /* granted without asking, SAP being down */
};

enum {
	/* Events that one input yields at most. */
	HOST_YIELD = 8,
};

struct link host_link(struct sap_host *host);

/* Whether SAP is connected and AMT is on: only then does CSME care. */
bool host_is_heard(const struct sap_host *host);

/* host.c */
void host_event(struct sap_host *host, enum sap_host_event_type type, uint32_t value);
void host_event_view(struct sap_host *host, enum sap_host_event_type type, uint32_t len);
void host_event_conn(struct sap_host *host, const struct sap_csme_conn_status *conn);
bool host_has_room(const struct sap_host *host);
void host_work(struct sap_host *host);

/* host_ownership.c */
void host_feed(struct sap_host *host, enum ownership_input input);
void host_set_rfkill(struct sap_host *host, bool blocked);
void host_protect_link(struct sap_host *host, bool protect);

/* host_input.c */
void host_drain(struct sap_host *host);
void host_unheard(struct sap_host *host, enum ownership_input why);

/* host_output.c */
void host_flush(struct sap_host *host);
void host_configure(struct sap_host *host);
bool host_say_goodbye(struct sap_host *host);

#endif
