// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
/* Who owns the NIC, as CSME's engine decides it, and what follows: answers, deadlines, the lane. */
#include "csme.h"

/* Every request that waits is answered, each by a message of its own. */
static void csme_answer_all(struct sap_csme *csme, uint32_t *owed, uint32_t what)
{
	*owed += csme->state.requests;
	csme->state.requests = 0;
	csme->state.owed |= what;
}

/* Grants that are not written yet would come after the taking, and make the host an owner again. */
static void csme_withdraw_grants(struct sap_csme *csme)
{
	struct sap_csme_state *s = &csme->state;

	if (!s->grants_owed)
		return;
	s->refusals_owed += s->grants_owed;
	s->grants_owed = 0;
	s->owed &= ~(uint32_t)OWE_GRANTS;
	s->owed |= OWE_REFUSALS;
}

/* A taking by force that is not written yet would come after the grant, and end what it gave. */
static void csme_withdraw_taking(struct sap_csme *csme)
{
	struct sap_csme_state *s = &csme->state;

	if (!(s->owed & OWE_TAKING))
		return;
	s->owed &= ~(uint32_t)OWE_TAKING;
	if (s->lefts_void)
		s->lefts_void--;
}

static void csme_act(struct sap_csme *csme, uint32_t acts)
{
	struct sap_csme_state *s = &csme->state;

	if (acts & OWNERSHIP_DO_GRANT) {
		csme_answer_all(csme, &s->grants_owed, OWE_GRANTS);
		csme_withdraw_taking(csme);
	}
	if (acts & OWNERSHIP_DO_REFUSE)
		csme_answer_all(csme, &s->refusals_owed, OWE_REFUSALS);
	if (acts & OWNERSHIP_DO_TAKE) {
		s->link_by = SAP_NEVER;
		csme_withdraw_grants(csme);
		if (csme_is_heard(csme))
			s->owed |= OWE_TAKING;
	}
	if (acts & OWNERSHIP_DO_WAIT)
		s->take_by = s->link.now + csme->config.take_ms;
	if (acts & OWNERSHIP_DO_KEEP)
		s->keep_until = s->link.now + csme->config.keep_ms;
	if (acts & OWNERSHIP_IS_CONFIRMED)
		csme_event(csme, SAP_CSME_HOST_CONFIRMED, 0);
}

/* The policy, applied to a request that just came. Ownership is fed with its answer, or left waiting. */
static bool csme_decide(struct sap_csme *csme, enum ownership_input *answer)
{
	struct sap_csme_state *s = &csme->state;

	switch ((enum sap_csme_policy)s->policy) {
	case SAP_POLICY_GRANT:
		*answer = s->link.now < s->keep_until ? OWNERSHIP_REFUSE : OWNERSHIP_GRANT;
		return true;
	case SAP_POLICY_REFUSE:
		*answer = OWNERSHIP_REFUSE;
		return true;
	case SAP_POLICY_IGNORE:
		s->requests = 0;
		*answer = OWNERSHIP_IGNORE;
		return true;
	case SAP_POLICY_ASK:
		break;
	}
	csme_event(csme, SAP_CSME_ASKED, 0);
	return false;
}

/* What a change of the owner means beyond the step's own acts. */
static void csme_owner_changed(struct sap_csme *csme, enum sap_owner owner, bool forced)
{
	struct sap_csme_state *s = &csme->state;
	struct sap_csme_event_slot *slot;

	s->since = s->link.now;
	s->loss_by = SAP_NEVER;
	s->take_by = SAP_NEVER;
	s->link_by = SAP_NEVER;
	/* Under link protection the host has so long to join (section 8). */
	if (owner == SAP_OWNER_HOST && s->amt && s->conn.link_prot_state && csme_is_heard(csme))
		s->link_by = s->link.now + csme->config.link_ms;
	slot = csme_event(csme, SAP_CSME_OWNER, owner);
	if (slot)
		slot->flag = forced;
}

/*
 * A taking that ends without its confirmation, by force or as AMT goes off, may be confirmed later all the
 * same: that must not end the next one.
 */
static void csme_end_taking(struct sap_csme *csme, enum ownership_state before, enum ownership_input input,
			    uint32_t acts)
{
	struct sap_csme_state *s = &csme->state;
	bool ends = before == OWNERSHIP_C_TAKING && s->ownership != OWNERSHIP_C_TAKING;
	bool forced = acts & OWNERSHIP_DO_TAKE && s->ownership == OWNERSHIP_C_OWNER;

	if (!csme_is_heard(csme))
		return;
	if (input == OWNERSHIP_AMT_OFF && s->owed & OWE_TAKING)
		s->owed &= ~(uint32_t)OWE_TAKING;
	else if (forced || (ends && input != OWNERSHIP_LEFT))
		s->lefts_void++;
}

/* Packets go both ways while AMT is on and the host drives the NIC. */
void csme_set_lane(struct sap_csme *csme)
{
	struct sap_csme_state *s = &csme->state;
	struct link link = csme_link(csme);

	link_want_lane(&link,
		       s->amt && ownership_owner((enum ownership_state)s->ownership) == SAP_OWNER_HOST);
}

static uint32_t csme_step(struct sap_csme *csme, enum ownership_input input)
{
	struct sap_csme_state *s = &csme->state;
	enum ownership_state before = (enum ownership_state)s->ownership;
	struct ownership_step step = ownership_next(before, input);
	enum sap_owner owner = ownership_owner((enum ownership_state)step.next);

	if (step.cell == OWNERSHIP_ODD)
		s->link.counters.unexpected++;
	if (step.cell != OWNERSHIP_GO)
		return 0;
	s->ownership = step.next;
	if (ownership_owner(before) != owner)
		csme_owner_changed(csme, owner, step.acts & OWNERSHIP_IS_FORCED);
	csme_act(csme, step.acts);
	csme_end_taking(csme, before, input, step.acts);
	if (s->ownership != OWNERSHIP_C_TAKING)
		s->take_by = SAP_NEVER;
	if (s->ownership != OWNERSHIP_C_ASKED)
		s->requests = 0;
	csme_set_lane(csme);
	return step.acts;
}

void csme_feed(struct sap_csme *csme, enum ownership_input input)
{
	enum ownership_input answer;

	if (input == OWNERSHIP_ASKED)
		csme->state.requests++;
	if ((csme_step(csme, input) & OWNERSHIP_DO_DECIDE) && csme_decide(csme, &answer))
		csme_step(csme, answer);
}
