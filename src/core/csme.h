/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
/*
 * Inside CSME's engine: what its files have of each other. They mirror the host's.
 *
 *   csme.c            the engine's calls, its life from start to down, and time
 *   csme_calls.c      what the embedder decides and tells
 *   csme_ownership.c  who owns the NIC, policy and answers
 *   csme_input.c      notifications that came
 *   csme_output.c     notifications that are owed
 */
#ifndef SAP_CORE_CSME_H
#define SAP_CORE_CSME_H

#include "link.h"
#include "ownership.h"

#include <sap/csme.h>

/* Messages that are owed, in the order in which they are written. Answers to requests are counted. */
enum csme_owed {
	OWE_AMT = 1 << 0,
	OWE_CONN = 1 << 1,
	OWE_REFUSALS = 1 << 2,
	OWE_GRANTS = 1 << 3,
	OWE_NIC_OWNER = 1 << 4,
	OWE_TAKING = 1 << 5,
	OWE_CAN_RELEASE = 1 << 6,
	OWE_FILTERS = 1 << 7,
	OWE_NVM = 1 << 8,
	OWE_PLDR_ACK = 1 << 9,
	OWE_IP_REFRESH = 1 << 10,
	CSME_OWE_LAST = OWE_IP_REFRESH,
};

enum {
	/* Events that one input yields at most. */
	CSME_YIELD = 4,
};

struct link csme_link(struct sap_csme *csme);

/* Whether a host is there to hear anything. */
bool csme_is_heard(const struct sap_csme *csme);

/* csme.c */
struct sap_csme_event_slot *csme_event(struct sap_csme *csme, enum sap_csme_event_type type, uint32_t value);
bool csme_has_room(const struct sap_csme *csme);
void csme_work(struct sap_csme *csme);

/* csme_ownership.c */
void csme_feed(struct sap_csme *csme, enum ownership_input input);
void csme_set_lane(struct sap_csme *csme);

/* csme_input.c */
void csme_drain(struct sap_csme *csme);

/* csme_output.c */
void csme_flush(struct sap_csme *csme);

#endif
