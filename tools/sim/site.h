/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
/*
 * The place that a side stands on: the NIC, its register, and who is told of all that happens there.
 */
#ifndef SIM_SITE_H
#define SIM_SITE_H

#include <sap/engine.h>

#include "event.h"
#include "nic.h"

/* What is told. */
enum sim_news_kind {
	SIM_SAID = 1, /* a message was sent or written */
	SIM_HEARD,    /* a message was received or taken */
	SIM_HAPPENED, /* an event */
};

struct sim_news {
	enum sim_news_kind kind;
	uint64_t now;
	const struct sim_nic *nic; /* as it is now */
	struct sap_seen seen;	   /* SAID, HEARD */
	struct sim_event event;	   /* HAPPENED; views in it hold during the call */
};

/* Who is told. It must not change anything. */
struct sim_listener {
	void (*hear)(void *self, const struct sim_news *news);
	void *self;
};

struct sim_site {
	/* What is the case. */
	struct sim_nic nic;
	struct sim_nic told; /* the NIC as its changes were told last */
	uint64_t heard_at;   /* when there was something to tell, the last time */
	bool picture; /* the NIC is not there, it is what one side knows of it: only its own hand shows */

	/* What it hangs on. */
	struct sim_listener listener;
	/* The host asks by the NIC's register: SAP_OK if it was granted. Null: there is no such door. */
	enum sap_status (*door)(void *self, uint64_t now);
	void *self;
};

/* A NIC that `owner` owns and nobody touches; nobody listens, and there is no door. */
void sim_site_init(struct sim_site *site, enum sap_owner owner, uint32_t power_up_ms);

void sim_site_tell(struct sim_site *site, struct sim_news *news, uint64_t now);

/* Tells what changed at the NIC. Whoever has somebody touch it calls this. */
void sim_site_tell_changes(struct sim_site *site, uint64_t now);

/* Tells something of the NIC that is no change of it. */
void sim_site_tell_nic(struct sim_site *site, const struct sim_nic_event *event, uint64_t now);

#endif
