/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
/*
 * A timeline: what a site told, and what a script tells of it, in order. How it is shown is not its matter.
 */
#ifndef SIM_TIMELINE_H
#define SIM_TIMELINE_H

#include "site.h"

enum sim_entry_kind {
	SIM_MESSAGE = 1, /* it was sent; `taken_at` tells when, and whether, it was received */
	SIM_EVENT,
	SIM_STORY,   /* a step of a story: `number`, `actor`, `text` */
	SIM_REMARK,  /* `text` */
	SIM_WRONG,   /* a fault: `text` is its name */
	SIM_FAILURE, /* an expectation did not hold: `number` is the line, `text` says what */
};

struct sim_entry {
	enum sim_entry_kind kind;
	uint64_t at;
	struct sim_nic nic; /* as it was */

	/* MESSAGE */
	enum sap_direction to;
	enum sap_carrier carrier;
	uint8_t *bytes;
	uint32_t len;
	uint64_t taken_at; /* SIM_NEVER: it was not */
	bool again;	   /* it was received a second time; nobody sent it then */

	struct sim_event event; /* EVENT; its views are empty */

	uint32_t number;
	char *actor;
	char *text;
};

struct sim_timeline {
	struct sim_entry *entries;
	uint32_t count;
	uint32_t cap;
	/* Who is shown each entry as it is added; null: nobody. */
	void (*added)(void *self, const struct sim_entry *entry);
	void *self;
	bool one_sided; /* one side alone tells: what it sends counts as received, what it receives as sent */
};

/* A listener that writes into a timeline. */
struct sim_listener sim_timeline_listener(struct sim_timeline *timeline);

/* Adds a STORY, REMARK, WRONG or FAILURE; `actor` may be null. */
void sim_timeline_tell(struct sim_timeline *timeline, enum sim_entry_kind kind, uint64_t now,
		       const struct sim_nic *nic, uint32_t number, const char *actor, const char *text);

/* Adds a STORY just before the entry of that index: the step that this entry is. */
void sim_timeline_caption(struct sim_timeline *timeline, uint32_t index, uint32_t number, const char *actor,
			  const char *text);

/* Forgets the first entries, so many. */
void sim_timeline_forget(struct sim_timeline *timeline, uint32_t count);

void sim_timeline_free(struct sim_timeline *timeline);

/* --- what it comes to --- */

/* The declaration of a message's type, or null; and its payload. */
const struct sap_message_info *sim_entry_info(const struct sim_entry *entry);
struct sap_view sim_entry_payload(const struct sim_entry *entry);

/* Whether it is only a doorbell. */
bool sim_entry_is_bell(const struct sim_entry *entry);

/* One stretch of time in which the same side owned the NIC. */
struct sim_owning {
	enum sap_owner owner;
	uint64_t from, to;
};

struct sim_summary {
	uint64_t from, to;
	uint32_t notifications[3]; /* by enum sap_direction */
	uint32_t packets[3];
	uint32_t doorbells[3];
	uint32_t lost; /* messages of any kind that nobody took */
	uint32_t overlaps;
	uint32_t unexcused; /* of them */
	uint64_t overlap_ms;
	bool overlap; /* at the end */
	uint32_t failures;
	enum sap_owner owner; /* at the end */
	uint32_t ownings;
};

void sim_timeline_sum(const struct sim_timeline *timeline, uint64_t end, const struct sim_nic *nic,
		      struct sim_summary *summary);

/* The stretch that begins with that entry or later: where it ends, as an index to go on from. */
uint32_t sim_timeline_owning(const struct sim_timeline *timeline, uint32_t index, uint64_t end,
			     struct sim_owning *owning);

#endif
