// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
/* What the embedder of CSME's engine decides, and what it has the host told. */
#include "csme.h"

#include "../platform.h"

/* The start of a call that may yield events. */
static enum sap_status csme_call(struct sap_csme *csme, uint64_t now)
{
	struct link link = csme_link(csme);

	if (!csme_has_room(csme))
		return SAP_AGAIN;
	link_clock(&link, now);
	return SAP_OK;
}

/* One that needs somebody to talk to. */
static enum sap_status csme_owe(struct sap_csme *csme, uint32_t what, uint64_t now)
{
	enum sap_status status = csme_call(csme, now);

	if (status != SAP_OK)
		return status;
	if (!csme_is_heard(csme))
		return SAP_NOT_UP;
	csme->state.owed |= what;
	csme_work(csme);
	return SAP_OK;
}

/* --- settings that the host is told --- */

enum sap_status sap_csme_set_amt(struct sap_csme *csme, bool on, uint64_t now)
{
	struct sap_csme_state *s = &csme->state;
	enum sap_status status = csme_call(csme, now);

	if (status != SAP_OK || s->amt == on)
		return status;
	s->amt = on;
	if (!on) {
		/* There is nobody any more whom the host would have to come back for, or to join for. */
		s->loss_by = SAP_NEVER;
		s->link_by = SAP_NEVER;
		/* The host's PLDR_END would be said to nobody. */
		s->pldr_on = false;
		csme_feed(csme, OWNERSHIP_AMT_OFF);
	} else if (!csme_is_heard(csme)) {
		csme_feed(csme, OWNERSHIP_AMT_ON);
	}
	csme_set_lane(csme);
	if (csme_is_heard(csme))
		s->owed |= OWE_AMT;
	csme_work(csme);
	return SAP_OK;
}

enum sap_status sap_csme_set_conn(struct sap_csme *csme, const struct sap_csme_conn_status *conn,
				  uint64_t now)
{
	struct sap_csme_state *s = &csme->state;
	struct link link = csme_link(csme);

	if (!conn)
		return SAP_INVALID;
	if (conn->conn.ssid_len > SAP_SSID_SIZE)
		return SAP_BAD_VALUE;
	link_clock(&link, now);
	s->conn = *conn;
	if (!conn->link_prot_state)
		s->link_by = SAP_NEVER;
	if (csme_is_heard(csme))
		s->owed |= OWE_CONN;
	csme_work(csme);
	return SAP_OK;
}

void sap_csme_set_filters(struct sap_csme *csme, const uint8_t *payload, uint64_t now)
{
	struct link link = csme_link(csme);

	link_clock(&link, now);
	memcpy(csme->state.filters, payload, sizeof(csme->state.filters));
	csme->state.has_filters = true;
	if (csme_is_heard(csme))
		csme->state.owed |= OWE_FILTERS;
	csme_work(csme);
}

void sap_csme_set_nvm(struct sap_csme *csme, const uint8_t *payload)
{
	memcpy(csme->state.nvm, payload, sizeof(csme->state.nvm));
	csme->state.has_nvm = true;
}

/* --- settings of its own --- */

void sap_csme_set_policy(struct sap_csme *csme, enum sap_csme_policy policy)
{
	csme->state.policy = (uint8_t)policy;
}

void sap_csme_set_session(struct sap_csme *csme, bool open)
{
	csme->state.session = open;
}

void sap_csme_set_pldr_fails(struct sap_csme *csme, bool fails)
{
	csme->state.pldr_fails = fails;
}

/* --- the NIC --- */

enum sap_status sap_csme_answer(struct sap_csme *csme, bool grant, uint64_t now)
{
	enum sap_status status = csme_call(csme, now);

	if (status != SAP_OK)
		return status;
	if (csme->state.ownership != OWNERSHIP_C_ASKED)
		return SAP_WRONG_STATE;
	csme_feed(csme, grant ? OWNERSHIP_GRANT : OWNERSHIP_REFUSE);
	csme_work(csme);
	return SAP_OK;
}

enum sap_status sap_csme_take(struct sap_csme *csme, uint64_t now)
{
	enum sap_status status = csme_call(csme, now);

	if (status != SAP_OK)
		return status;
	if (!csme->state.amt)
		return SAP_NOT_UP;
	if (csme->state.ownership == OWNERSHIP_C_TAKING)
		return SAP_BUSY;
	csme_feed(csme, OWNERSHIP_TAKE);
	csme_work(csme);
	return SAP_OK;
}

enum sap_status sap_csme_take_by_force(struct sap_csme *csme, uint64_t now)
{
	enum sap_status status = csme_call(csme, now);

	if (status != SAP_OK)
		return status;
	if (!csme->state.amt)
		return SAP_NOT_UP;
	csme_feed(csme, OWNERSHIP_FORCE);
	csme_work(csme);
	return SAP_OK;
}

enum sap_status sap_csme_register_request(struct sap_csme *csme, uint64_t now)
{
	struct sap_csme_state *s = &csme->state;
	enum sap_status status = csme_call(csme, now);

	if (status != SAP_OK)
		return status;
	/* Without AMT every request succeeds; with it, only while nobody else has a say (section 8). */
	if (s->amt && (s->link.phase == SAP_PHASE_UP || s->session || s->ownership == OWNERSHIP_C_TAKING))
		return SAP_WRONG_STATE;
	csme_feed(csme, OWNERSHIP_REGISTER);
	s->loss_by = SAP_NEVER;
	return SAP_OK;
}

enum sap_status sap_csme_can_release(struct sap_csme *csme, uint64_t now)
{
	return csme_owe(csme, OWE_CAN_RELEASE, now);
}

enum sap_status sap_csme_ip_refresh(struct sap_csme *csme, uint64_t now)
{
	return csme_owe(csme, OWE_IP_REFRESH, now);
}

enum sap_status sap_csme_ping(struct sap_csme *csme, uint64_t now)
{
	enum sap_status status = csme_owe(csme, 0, now);

	if (status != SAP_OK)
		return status;
	csme->state.pings_owed++;
	csme_work(csme);
	return SAP_OK;
}
