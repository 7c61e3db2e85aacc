// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
/* Who owns the NIC, as the host's engine sees it, and what follows: radio, roaming, lane, messages owed. */
#include "host.h"

void host_set_rfkill(struct sap_host *host, bool blocked)
{
	if (host->state.rfkill == blocked)
		return;
	host->state.rfkill = blocked;
	host_event(host, SAP_HOST_RFKILL, blocked);
}

/* While the host owns the NIC and the link is protected, it may not roam. */
static void host_set_roaming(struct sap_host *host)
{
	struct sap_host_state *s = &host->state;
	bool forbidden = s->link_protected && s->ownership == OWNERSHIP_H_OWNER;

	if (s->roaming_forbidden == forbidden)
		return;
	s->roaming_forbidden = forbidden;
	host_event(host, SAP_HOST_ROAMING, forbidden);
}

void host_protect_link(struct sap_host *host, bool protect)
{
	host->state.link_protected = protect;
	/* CSME uses the NIC: the radio is not ours while it needs its connection, and free to ask for after. */
	if (ownership_owner((enum ownership_state)host->state.ownership) == SAP_OWNER_CSME)
		host_set_rfkill(host, protect);
	host_set_roaming(host);
}

static void host_end_request(struct sap_host *host, uint32_t acts)
{
	static const struct {
		uint32_t act;
		enum sap_reason reason;
	} ends[] = {
		{OWNERSHIP_DONE_GRANTED, SAP_REASON_NONE},    {OWNERSHIP_DONE_REFUSED, SAP_REASON_REFUSED},
		{OWNERSHIP_DONE_TIMEOUT, SAP_REASON_TIMEOUT}, {OWNERSHIP_DONE_TAKEN, SAP_REASON_TAKEN},
		{OWNERSHIP_DONE_DOWN, SAP_REASON_DOWN},
	};

	for (unsigned i = 0; i < sizeof(ends) / sizeof(ends[0]); i++) {
		if (!(acts & ends[i].act))
			continue;
		host->state.ask_by = SAP_NEVER;
		host->state.owed &= ~(uint32_t)OWE_ASK;
		host_event(host, SAP_HOST_OWN_DONE, ends[i].reason);
	}
}

static void host_act(struct sap_host *host, uint32_t acts)
{
	struct sap_host_state *s = &host->state;

	host_end_request(host, acts);
	if (acts & OWNERSHIP_DO_ASK) {
		s->owed |= OWE_ASK;
		s->ask_by = s->link.now + host->config.ask_ms;
		s->reask_at = SAP_NEVER;
	}
	if (acts & OWNERSHIP_DO_CONFIRM)
		s->owed |= OWE_CONFIRM;
	if (acts & OWNERSHIP_DO_TELL)
		s->owed |= OWE_TELL;
	if (acts & OWNERSHIP_DO_REASK && s->wanted)
		s->reask_at = s->link.now + host->config.reask_ms;
	if (acts & OWNERSHIP_DO_LEAVE || (acts & OWNERSHIP_DO_VACATE && s->device)) {
		/* What we would have confirmed is over. */
		s->owed &= ~(uint32_t)(OWE_CONFIRM | OWE_TELL);
		host_event(host, SAP_HOST_LEAVE, 0);
		host_set_rfkill(host, true);
	}
	if (acts & OWNERSHIP_DO_UNBLOCK)
		host_set_rfkill(host, false);
}

/*
 * Whether NIC_OWNER names the host for what was: it answers WHO_OWNS_NIC, and CSME may have written it before
 * it read that the host let go since. That it names CSME always holds.
 */
static bool host_is_stale(struct sap_host *host, enum ownership_input input)
{
	struct sap_host_state *s = &host->state;
	bool stale = input == OWNERSHIP_SAYS_HOST && !s->who_waits;

	if (input == OWNERSHIP_AMT_ON)
		s->who_waits = true;
	else if (input == OWNERSHIP_AMT_OFF || input == OWNERSHIP_LOST || input == OWNERSHIP_SAYS_HOST ||
		 input == OWNERSHIP_SAYS_CSME || input == OWNERSHIP_TOLD || input == OWNERSHIP_GONE)
		s->who_waits = false;
	return stale;
}

/*
 * Who owns the NIC, told as it changes. Asking and leaving are on the way to somewhere: they change nothing that
 * the embedder was told, neither for a host that is not sure yet nor for one that is a guest.
 */
static void host_tell_owner(struct sap_host *host)
{
	struct sap_host_state *s = &host->state;
	enum ownership_state state = (enum ownership_state)s->ownership;

	if (state == OWNERSHIP_H_ASKING || state == OWNERSHIP_H_LEAVING || state == OWNERSHIP_H_LEFT ||
	    s->owner == (uint8_t)ownership_owner(state))
		return;
	s->owner = (uint8_t)ownership_owner(state);
	s->since = s->link.now;
	host_event(host, SAP_HOST_OWNER, s->owner);
}

static void host_step(struct sap_host *host, enum ownership_input input)
{
	struct sap_host_state *s = &host->state;
	struct link link = host_link(host);
	enum ownership_state before = (enum ownership_state)s->ownership;
	struct ownership_step step = ownership_next(before, input);
	bool stale = host_is_stale(host, input);

	if (step.cell == OWNERSHIP_ODD || stale)
		s->link.counters.unexpected++;
	if (step.cell != OWNERSHIP_GO || stale)
		return;
	s->ownership = step.next;
	host_act(host, step.acts);
	host_tell_owner(host);
	/* CSME may tell of its connection before it says that the NIC is its own. */
	if (before != OWNERSHIP_H_GUEST && step.next == OWNERSHIP_H_GUEST && s->link_protected && s->driver)
		host_set_rfkill(host, true);
	host_set_roaming(host);
	link_want_lane(&link, host_is_heard(host) && s->ownership == OWNERSHIP_H_OWNER);
}

void host_feed(struct sap_host *host, enum ownership_input input)
{
	struct sap_host_state *s = &host->state;

	host_step(host, input);
	/* With no driver, or its device down, nothing touches the NIC: there is nobody to wait for. */
	if (s->ownership == OWNERSHIP_H_LEAVING && !(s->driver && s->device))
		host_step(host, OWNERSHIP_CLEAR);
}
