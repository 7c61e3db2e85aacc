// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
/*
 * What the host owes CSME: a bit each, written in a fixed order as soon as there is room. What is told is
 * what holds as it is written, so a value that changed meanwhile is told once.
 */
#include "host.h"

#include "../platform.h"

void host_configure(struct sap_host *host)
{
	struct sap_host_state *s = &host->state;

	s->owed |= OWE_WHO | OWE_COUNTRY | OWE_RADIO;
	if (s->driver)
		s->owed |= OWE_DRIVER_UP;
	if (s->link_is_up)
		s->owed |= OWE_LINK_UP;
	if (s->has_sar)
		s->owed |= OWE_SAR;
	if (s->has_nic_info)
		s->owed |= OWE_NIC_INFO;
	/* From memory, it says nothing of a collocated access point (section 6.3). */
	s->link_is_repeated = true;
}

static void host_fill_link_up(const struct sap_host_state *s, struct sap_host_link_up *up)
{
	*up = s->link_up;
	if (!s->link_is_repeated)
		return;
	up->colloc_channel = 0;
	up->colloc_band = 0;
	memset(&up->colloc_bssid, 0, sizeof(up->colloc_bssid));
}

static void host_make(const struct sap_host *host, enum host_owed what, struct sap_message *m)
{
	const struct sap_host_state *s = &host->state;

	memset(m, 0, sizeof(*m));
	switch (what) {
	case OWE_CONFIRM:
		m->type = SAP_HOST_OWNERSHIP_CONFIRMED;
		break;
	case OWE_TELL:
		m->type = SAP_CSME_OWNERSHIP_CONFIRMED;
		break;
	case OWE_DRIVER_DOWN:
		m->type = SAP_WIFIDR_DOWN;
		break;
	case OWE_PLDR_END:
		m->type = SAP_PLDR_END;
		m->pldr_end.status = s->pldr_result;
		break;
	case OWE_LINK_DOWN:
		m->type = SAP_HOST_LINK_DOWN;
		m->host_link_down = s->link_down;
		break;
	case OWE_DRIVER_UP:
		m->type = SAP_WIFIDR_UP;
		break;
	case OWE_WHO:
		m->type = SAP_WHO_OWNS_NIC;
		break;
	case OWE_LINK_UP:
		m->type = SAP_HOST_LINK_UP;
		host_fill_link_up(s, &m->host_link_up);
		break;
	case OWE_COUNTRY:
		m->type = SAP_COUNTRY_CODE;
		m->country_code = s->country;
		break;
	case OWE_SAR:
		m->type = SAP_SAR_LIMITS;
		m->sar_limits = s->sar;
		break;
	case OWE_NIC_INFO:
		m->type = SAP_NIC_INFO;
		m->nic_info = s->nic_info;
		break;
	case OWE_RADIO:
		m->type = SAP_RADIO_STATE;
		m->radio_state = s->radio;
		break;
	case OWE_ASK:
		m->type = SAP_HOST_ASKS_FOR_NIC_OWNERSHIP;
		break;
	case OWE_GET_NVM:
		m->type = SAP_GET_NVM;
		break;
	case OWE_PLDR:
		m->type = SAP_PLDR;
		break;
	case OWE_SUSPENDS:
		m->type = SAP_HOST_SUSPENDS;
		m->host_suspends.flags = s->suspend_flags;
		break;
	case OWE_RESUMES:
		m->type = SAP_HOST_RESUMES;
		break;
	}
}

/* What its being written means. */
static void host_wrote(struct sap_host *host, enum host_owed what)
{
	if (what == OWE_TELL)
		host_feed(host, OWNERSHIP_TOLD);
	if (what == OWE_ASK)
		host->state.answers_due++;
}

static enum sap_status host_write_owed(struct sap_host *host, struct link *link)
{
	struct sap_host_state *s = &host->state;
	bool lane = s->link.lane_open || s->link.flying == SAP_IO_LANE;
	struct sap_message message;
	enum sap_status status;

	for (uint32_t what = 1; what <= OWE_LAST; what <<= 1) {
		if (!(s->owed & what))
			continue;
		/* CSME may use the NIC as it reads these: no packet may follow, and no driver come back before. */
		if (what == OWE_TELL && s->ownership != OWNERSHIP_H_OWNER && (lane || !host_has_room(host)))
			continue;
		if (what == OWE_DRIVER_DOWN && lane)
			break;
		host_make(host, (enum host_owed)what, &message);
		status = link_put(link, &message);
		if (status != SAP_OK)
			return status;
		s->owed &= ~what;
		host_wrote(host, (enum host_owed)what);
	}
	return SAP_OK;
}

void host_flush(struct sap_host *host)
{
	struct sap_host_state *s = &host->state;
	struct link link = host_link(host);
	enum sap_status status;

	status = host_write_owed(host, &link);
	if (status == SAP_OK)
		status = link_write_pings(&link, &s->pings_owed, &s->pings_out);
	link_publish(&link, false);
	/* Draining rings no doorbell, so room has to be looked for. */
	s->owed_at = s->owed || s->pings_owed ? s->link.now + host->config.link.owed_ms : SAP_NEVER;
	if (status == SAP_CORRUPT)
		sap_host_closed(host, SAP_CORRUPT, s->link.now);
}

bool host_say_goodbye(struct sap_host *host)
{
	struct link link = host_link(host);
	struct sap_message goodbye;
	enum sap_status status;

	memset(&goodbye, 0, sizeof(goodbye));
	goodbye.type = SAP_HOST_GOES_DOWN;
	status = link_put(&link, &goodbye);
	link_publish(&link, true);
	return status == SAP_OK;
}
