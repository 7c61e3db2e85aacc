// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
/* Notifications that came to CSME, one function each that has something to do. */
#include "csme.h"

#include "../platform.h"

static void csme_on_driver(struct sap_csme *csme, bool up)
{
	struct sap_csme_state *s = &csme->state;

	s->driver = up;
	csme_event(csme, SAP_CSME_DRIVER, up);
	if (up)
		s->owed |= OWE_AMT | OWE_CONN;
	else if (s->amt)
		csme_feed(csme, OWNERSHIP_NO_DRIVER);
}

/* The host joined: as link protection demands, if it is the access point that CSME was on. */
static void csme_on_link_up(struct sap_csme *csme, const struct sap_host_link_up *up)
{
	struct sap_csme_state *s = &csme->state;
	struct sap_csme_event_slot *slot;

	if (up->conn.ssid_len > SAP_SSID_SIZE) {
		s->link.counters.bad_value++;
		return;
	}
	if (!memcmp(&up->conn.bssid, &s->conn.conn.bssid, sizeof(up->conn.bssid)))
		s->link_by = SAP_NEVER;
	slot = csme_event(csme, SAP_CSME_LINK_UP, 0);
	if (slot)
		slot->body.link_up = *up;
}

static void csme_on_left(struct sap_csme *csme)
{
	/* Confirmations come in the order of the takings: it is the oldest one's. */
	if (csme->state.lefts_void) {
		csme->state.lefts_void--;
		if (csme->state.ownership == OWNERSHIP_C_TAKING) {
			csme->state.link.counters.unexpected++;
			return;
		}
	}
	csme_feed(csme, OWNERSHIP_LEFT);
}

static void csme_on_pldr(struct sap_csme *csme)
{
	struct sap_csme_state *s = &csme->state;

	s->pldr_on = !s->pldr_fails;
	s->owed |= OWE_PLDR_ACK;
	if (s->pldr_on)
		csme_event(csme, SAP_CSME_PLDR, 0);
}

static void csme_on_pldr_end(struct sap_csme *csme, const struct sap_pldr_result *end)
{
	if (!csme->state.pldr_on)
		csme->state.link.counters.unexpected++;
	csme->state.pldr_on = false;
	csme_event(csme, SAP_CSME_PLDR_END, end->status);
}

static void csme_on_pong(struct sap_csme *csme)
{
	if (!csme->state.pings_out) {
		csme->state.link.counters.unexpected++;
		return;
	}
	csme->state.pings_out--;
	csme_event(csme, SAP_CSME_PONG, 0);
}

/* What the host tells of itself: an event, with what it says. */
static void csme_on_news(struct sap_csme *csme, const struct sap_message *m)
{
	struct sap_csme_event_slot *slot;

	switch ((enum sap_type)m->type) {
	case SAP_RADIO_STATE:
		csme_event(csme, SAP_CSME_RADIO, m->radio_state.state);
		break;
	case SAP_HOST_SUSPENDS:
		csme_event(csme, SAP_CSME_SUSPENDS, m->host_suspends.flags);
		break;
	case SAP_HOST_RESUMES:
		csme_event(csme, SAP_CSME_RESUMES, m->host_resumes.reinit);
		break;
	case SAP_HOST_GOES_DOWN:
		csme_event(csme, SAP_CSME_GOES_DOWN, 0);
		break;
	case SAP_HOST_LINK_DOWN:
		slot = csme_event(csme, SAP_CSME_LINK_DOWN, 0);
		if (slot)
			slot->body.link_down = m->host_link_down;
		break;
	case SAP_NIC_INFO:
		slot = csme_event(csme, SAP_CSME_NIC_INFO, 0);
		if (slot)
			slot->body.nic_info = m->nic_info;
		break;
	case SAP_COUNTRY_CODE:
		slot = csme_event(csme, SAP_CSME_COUNTRY, 0);
		if (slot)
			slot->body.country = m->country_code;
		break;
	case SAP_SAR_LIMITS:
		slot = csme_event(csme, SAP_CSME_SAR, 0);
		if (slot)
			slot->body.sar = m->sar_limits;
		break;
	default:
		/* CSME's own, or a packet: it does not come this way. */
		csme->state.link.counters.unknown++;
		break;
	}
}

/* True if the message is a view into the bounce buffer, which then must stay as it is. */
static bool csme_hear(struct sap_csme *csme, const struct sap_message *m)
{
	struct link link = csme_link(csme);
	struct sap_csme_event_slot *slot;

	switch ((enum sap_type)m->type) {
	case SAP_PING:
		link_answer_ping(&link);
		return false;
	case SAP_PONG:
		csme_on_pong(csme);
		return false;
	case SAP_WIFIDR_UP:
		csme_on_driver(csme, true);
		return false;
	case SAP_WIFIDR_DOWN:
		csme_on_driver(csme, false);
		return false;
	case SAP_WHO_OWNS_NIC:
		csme->state.owed |= OWE_NIC_OWNER;
		return false;
	case SAP_HOST_ASKS_FOR_NIC_OWNERSHIP:
		csme_feed(csme, OWNERSHIP_ASKED);
		return false;
	case SAP_HOST_OWNERSHIP_CONFIRMED:
		csme_feed(csme, OWNERSHIP_CONFIRMED);
		return false;
	case SAP_CSME_OWNERSHIP_CONFIRMED:
		csme_on_left(csme);
		return false;
	case SAP_HOST_LINK_UP:
		csme_on_link_up(csme, &m->host_link_up);
		return false;
	case SAP_GET_NVM:
		if (csme->state.has_nvm)
			csme->state.owed |= OWE_NVM;
		return false;
	case SAP_PLDR:
		csme_on_pldr(csme);
		return false;
	case SAP_PLDR_END:
		csme_on_pldr_end(csme, &m->pldr_end);
		return false;
	case SAP_BAND_SELECTION:
		slot = csme_event(csme, SAP_CSME_BAND_SELECTION, m->band_selection.len);
		csme->state.view_waits = slot;
		return true;
	default:
		csme_on_news(csme, m);
		return false;
	}
}

void csme_drain(struct sap_csme *csme)
{
	struct sap_csme_state *s = &csme->state;
	struct link link = csme_link(csme);
	struct sap_message message;
	enum sap_status status = SAP_OK;

	link_drain(&link);
	while (csme_is_heard(csme) && csme_has_room(csme)) {
		status = link_take(&link, &message);
		if (status != SAP_OK)
			break;
		if (csme_hear(csme, &message))
			break;
		/* Answers come before what follows is looked at, so that they keep their order. */
		csme_flush(csme);
	}
	link_release(&link);
	link_publish(&link, false);
	if (status == SAP_CORRUPT)
		sap_csme_closed(csme, SAP_CORRUPT, s->link.now);
}
