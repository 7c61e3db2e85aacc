// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
/* What CSME owes the host: a bit each, written in a fixed order as soon as there is room. */
#include "csme.h"

#include "../platform.h"

static void csme_make(const struct sap_csme *csme, enum csme_owed what, struct sap_message *m)
{
	const struct sap_csme_state *s = &csme->state;

	memset(m, 0, sizeof(*m));
	switch (what) {
	case OWE_AMT:
		m->type = SAP_AMT_STATE;
		m->amt_state.state = s->amt;
		break;
	case OWE_CONN:
		m->type = SAP_CSME_CONN_STATUS;
		m->csme_conn_status = s->conn;
		break;
	case OWE_REFUSALS:
		m->type = SAP_CSME_REPLY_TO_HOST_OWNERSHIP_REQ;
		break;
	case OWE_GRANTS:
		m->type = SAP_CSME_REPLY_TO_HOST_OWNERSHIP_REQ;
		m->csme_reply.granted = 1;
		break;
	case OWE_NIC_OWNER:
		m->type = SAP_NIC_OWNER;
		m->nic_owner.owner = ownership_owner((enum ownership_state)s->ownership);
		break;
	case OWE_TAKING:
		m->type = SAP_CSME_TAKING_OWNERSHIP;
		break;
	case OWE_CAN_RELEASE:
		m->type = SAP_CSME_CAN_RELEASE_OWNERSHIP;
		break;
	case OWE_FILTERS:
		m->type = SAP_CSME_FILTERS;
		m->csme_filters = (struct sap_view){s->filters, sizeof(s->filters)};
		break;
	case OWE_NVM:
		m->type = SAP_NVM;
		m->nvm = (struct sap_view){s->nvm, sizeof(s->nvm)};
		break;
	case OWE_PLDR_ACK:
		m->type = SAP_PLDR_ACK;
		m->pldr_ack.status = s->pldr_on ? SAP_PLDR_SUCCESS : SAP_PLDR_FAILURE;
		break;
	case OWE_IP_REFRESH:
		m->type = SAP_TRIGGER_IP_REFRESH;
		break;
	}
}

/* Its being written: a bit is paid, of several answers one is. */
static void csme_wrote(struct sap_csme *csme, enum csme_owed what)
{
	struct sap_csme_state *s = &csme->state;
	bool more = false;

	if (what == OWE_REFUSALS)
		more = --s->refusals_owed;
	if (what == OWE_GRANTS)
		more = --s->grants_owed;
	if (!more)
		s->owed &= ~(uint32_t)what;
}

static enum sap_status csme_write_owed(struct sap_csme *csme, struct link *link)
{
	struct sap_csme_state *s = &csme->state;
	struct sap_message message;
	enum sap_status status;

	for (uint32_t what = 1; what <= CSME_OWE_LAST; what <<= 1) {
		while (s->owed & what) {
			csme_make(csme, (enum csme_owed)what, &message);
			status = link_put(link, &message);
			if (status != SAP_OK)
				return status;
			csme_wrote(csme, (enum csme_owed)what);
		}
	}
	return SAP_OK;
}

void csme_flush(struct sap_csme *csme)
{
	struct sap_csme_state *s = &csme->state;
	struct link link = csme_link(csme);
	enum sap_status status;

	status = csme_write_owed(csme, &link);
	if (status == SAP_OK)
		status = link_write_pings(&link, &s->pings_owed, &s->pings_out);
	link_publish(&link, false);
	/* Draining rings no doorbell, so room has to be looked for. */
	s->owed_at = s->owed || s->pings_owed ? s->link.now + csme->config.link.owed_ms : SAP_NEVER;
	if (status == SAP_CORRUPT)
		sap_csme_closed(csme, SAP_CORRUPT, s->link.now);
}
