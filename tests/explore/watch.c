// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
/*
 * What must hold after every step: events come once and in their order, nobody but the owner touches the
 * NIC, and no two sides own it.
 *
 * The exception to the last two has one cause: CSME took the NIC by force, or as a deadline lapsed (its
 * event says `forced`). Until the host has learned of it the host may believe and touch what it had. That
 * this ends is not looked at here but by the search: rest is reached from every state, and at rest there is
 * no such thing.
 */
#include "../../src/core/ownership.h"
#include "world.h"

#include <string.h>

/* --- the host's events --- */

static const char *host_life(const struct sap_host_event *event)
{
	struct watch *w = &world.watch;
	bool up = event->type == SAP_HOST_UP;

	if (!w->host_alive)
		return "the host is up, or down, without having been started";
	if (up && w->host_up)
		return "the host is up twice";
	w->host_up = up;
	w->host_alive = up;
	if (up)
		w->amt = false;
	return NULL;
}

static const char *flips(bool *known, bool on, const char *complaint)
{
	if (*known == on)
		return complaint;
	*known = on;
	return NULL;
}

static const char *host_owner(enum sap_owner owner)
{
	if (world.watch.host_owner == owner)
		return "the host is told of an owner that it knows";
	world.watch.host_owner = (uint8_t)owner;
	return NULL;
}

struct counts {
	unsigned done, can_release;
};

static const char *host_event(const struct sap_host_event *event, struct counts *counts)
{
	struct watch *w = &world.watch;

	switch (event->type) {
	case SAP_HOST_UP:
	case SAP_HOST_DOWN:
		return host_life(event);
	case SAP_HOST_AMT:
		return flips(&w->amt, event->on, "AMT went where it was");
	case SAP_HOST_RFKILL:
		return flips(&w->rfkill, event->on, "the radio is blocked, or free, already");
	case SAP_HOST_ROAMING:
		return flips(&w->roaming_forbidden, event->on, "roaming is forbidden, or allowed, already");
	case SAP_HOST_OWNER:
		return host_owner(event->owner);
	case SAP_HOST_LEAVE:
		w->must_leave = true;
		break;
	case SAP_HOST_OWN_DONE:
		counts->done++;
		break;
	case SAP_HOST_CAN_RELEASE:
		counts->can_release++;
		break;
	default:
		break;
	}
	return NULL;
}

/* Each request owes one event: those of own(), and those that the engine makes by itself. */
static const char *requests(const struct counts *counts, bool before, bool called, bool may_reask)
{
	bool after = world.host.state.ownership == OWNERSHIP_H_ASKING;
	unsigned ended = counts->done + after;
	unsigned begun = before + (called ? 1u : 0u);
	unsigned by_itself = counts->can_release + (may_reask ? 1u : 0u);

	if (ended < begun)
		return "a request for the NIC ended without its event";
	if (ended > begun + by_itself)
		return "a request for the NIC ended twice";
	world.watch.own_owed = after;
	for (unsigned i = 0; i < counts->done && world.watch.reasks; i++)
		world.watch.reasks--;
	if (!world.watch.reasks)
		sap_host_disown(&world.host, world.now);
	return NULL;
}

/* --- CSME's events --- */

static const char *csme_life(bool up)
{
	struct watch *w = &world.watch;

	if (!w->csme_alive)
		return "CSME is up, or down, without having been started";
	if (up && w->csme_up)
		return "CSME is up twice";
	w->csme_up = up;
	w->csme_alive = up;
	return NULL;
}

static const char *csme_owner(const struct sap_csme_event *event)
{
	struct watch *w = &world.watch;

	if (w->csme_owner == event->owner)
		return "CSME is told of an owner that it knows";
	w->csme_owner = (uint8_t)event->owner;
	w->forced = event->forced;
	sim_nic_set_owner(&world.nic, event->owner, event->forced, world.now);
	sim_nic_touch(&world.nic, SIM_CSME, event->owner == SAP_OWNER_CSME, world.now);
	return NULL;
}

static const char *csme_event(const struct sap_csme_event *event)
{
	switch (event->type) {
	case SAP_CSME_UP:
	case SAP_CSME_DOWN:
		return csme_life(event->type == SAP_CSME_UP);
	case SAP_CSME_OWNER:
		return csme_owner(event);
	case SAP_CSME_ASKED:
		return world.csme.state.policy == SAP_POLICY_ASK ? NULL : "CSME's policy is not to ask";
	default:
		return NULL;
	}
}

const char *watch_events(bool asking_before, bool called_own, bool may_reask)
{
	struct counts counts = {0, 0};
	struct sap_host_event host;
	struct sap_csme_event csme;
	const char *complaint = NULL;

	while (!complaint && sap_host_next_event(&world.host, &host))
		complaint = host_event(&host, &counts);
	while (!complaint && sap_csme_next_event(&world.csme, &csme))
		complaint = csme_event(&csme);
	if (!complaint)
		complaint = requests(&counts, asking_before, called_own, may_reask);
	if (!complaint && world.host.state.link.phase == SAP_PHASE_DOWN && world.watch.host_alive)
		complaint = "the host is down and does not say so";
	if (!complaint && world.csme.state.link.phase == SAP_PHASE_DOWN && world.watch.csme_alive)
		complaint = "CSME is down and does not say so";
	if (!complaint &&
	    (sap_host_counters(&world.host)->events_lost || sap_csme_counters(&world.csme)->events_lost))
		complaint = "an event found no room";
	return complaint;
}

/* --- the NIC --- */

const char *watch_owners(void)
{
	struct sap_why host, csme;

	sap_host_why(&world.host, &host);
	sap_csme_why(&world.csme, &csme);
	if (csme.owner != world.nic.owner)
		return "CSME's owner changed without an event";
	if (world.watch.forced)
		return NULL;
	if (world.nic.overlap)
		return "OVERLAP: the host touches a NIC that CSME owns, and nobody forced it";
	/* Having let go the host awaits nothing of CSME, which may learn it from WIFIDR_DOWN first. */
	if (world.host.state.ownership == OWNERSHIP_H_LEFT)
		return NULL;
	if (host.owner == SAP_OWNER_HOST && csme.owner == SAP_OWNER_CSME)
		return "two owners: each side owns the NIC by the table, and nobody forced it";
	return NULL;
}
