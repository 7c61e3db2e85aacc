// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
/* Notifications that came to the host, one function each that has something to do. */
#include "host.h"

/* SAP went down, or AMT off: who waits is told, and what only CSME's side knew is forgotten. */
void host_unheard(struct sap_host *host, enum ownership_input why)
{
	struct sap_host_state *s = &host->state;

	host_feed(host, why);
	host_protect_link(host, false);
	host_set_rfkill(host, false);
	s->amt = false;
	/* CSME does not learn that the driver went, so what it answers still counts. */
	if (s->owed & OWE_DRIVER_DOWN)
		s->answers_void = 0;
	/* What CSME takes without AMT too stays owed as long as there is a connection. */
	s->owed &= why == OWNERSHIP_LOST ? 0 : (uint32_t)OWE_SUSPENDS | OWE_RESUMES;
	s->owed_at = SAP_NEVER;
	s->reask_at = SAP_NEVER;
	s->link_is_repeated = false;
	if (why == OWNERSHIP_LOST) {
		s->has_filters = false;
		s->answers_due = 0;
		s->answers_void = 0;
		s->pings_owed = 0;
		s->pings_out = 0;
	}
	if (s->nvm_by != SAP_NEVER) {
		s->nvm_by = SAP_NEVER;
		host_event(host, SAP_HOST_NVM, SAP_REASON_DOWN);
	}
	/* What CSME granted, it has forgotten. */
	if (s->pldr == PLDR_GRANTED)
		s->pldr = PLDR_SKIPPED;
	s->pldr_late = false;
	s->grant_unsure = false;
	if (s->pldr == PLDR_WAITS) {
		s->pldr_by = SAP_NEVER;
		s->pldr = PLDR_IDLE;
		host_event(host, SAP_HOST_PLDR, SAP_REASON_DOWN);
	}
}

static void on_amt_state(struct sap_host *host, const struct sap_amt_state *amt)
{
	bool on = amt->state != 0;

	if (host->state.amt == on)
		return;
	if (!on)
		host_unheard(host, OWNERSHIP_AMT_OFF);
	host->state.amt = on;
	host_event(host, SAP_HOST_AMT, on);
	if (on) {
		host_feed(host, OWNERSHIP_AMT_ON);
		host_configure(host);
	}
}

static void on_reply(struct sap_host *host, const struct sap_csme_reply *reply)
{
	struct sap_host_state *s = &host->state;

	if (s->answers_due)
		s->answers_due--;
	if (s->answers_void) {
		/*
		 * It answers a driver that is gone; or, if CSME left an earlier request unanswered, this one
		 * after all. A grant that means it is found out by asking whose the NIC is.
		 */
		s->answers_void--;
		s->link.counters.unexpected++;
		if (reply->granted && host_is_heard(host) &&
		    (s->driver || s->ownership == OWNERSHIP_H_ASKING)) {
			s->owed |= OWE_WHO;
			s->who_waits = true;
			s->grant_unsure = true;
		}
		return;
	}
	host_feed(host, reply->granted ? OWNERSHIP_GRANTED : OWNERSHIP_REFUSED);
}

static void on_nic_owner(struct sap_host *host, const struct sap_nic_owner *owner)
{
	struct sap_host_state *s = &host->state;

	host_feed(host, owner->owner == SAP_OWNER_CSME ? OWNERSHIP_SAYS_CSME : OWNERSHIP_SAYS_HOST);
	/* It was meant for us: CSME waits for its confirmation. */
	if (s->grant_unsure && s->ownership == OWNERSHIP_H_OWNER)
		s->owed |= OWE_CONFIRM;
	s->grant_unsure = false;
	if (s->ownership == OWNERSHIP_H_GUEST && s->wanted && s->reask_at == SAP_NEVER)
		s->reask_at = s->link.now + host->config.reask_ms;
}

static void on_conn_status(struct sap_host *host, const struct sap_csme_conn_status *conn)
{
	struct sap_host_state *s = &host->state;

	if (conn->conn.ssid_len > SAP_SSID_SIZE) {
		s->link.counters.bad_value++;
		return;
	}
	if (!s->driver) {
		s->link.counters.unexpected++;
		return;
	}
	host_event_conn(host, conn);
	host_protect_link(host, conn->link_prot_state != 0);
}

static void on_can_release(struct sap_host *host)
{
	struct sap_host_state *s = &host->state;

	host_event(host, SAP_HOST_CAN_RELEASE, 0);
	if (s->driver && host_is_heard(host) &&
	    (s->ownership == OWNERSHIP_H_GUEST || s->ownership == OWNERSHIP_H_UNSURE))
		host_feed(host, OWNERSHIP_ASK);
}

/* They count for this connection, whether AMT is on by now or not. The lane is told once it is open. */
static void on_filters(struct sap_host *host, struct link *link, const struct sap_view *payload)
{
	struct sap_host_state *s = &host->state;
	struct sap_csme_filters filters;

	if (sap_csme_filters_decode(payload, &filters) == SAP_OK) {
		s->filters = filters.oob;
		s->has_filters = true;
		link_tell_lane(link);
	}
	host_event_view(host, SAP_HOST_FILTERS, payload->len);
}

static void on_nvm(struct sap_host *host, uint32_t len)
{
	struct sap_host_state *s = &host->state;

	if (s->nvm_by == SAP_NEVER) {
		s->link.counters.unexpected++;
		return;
	}
	s->nvm_by = SAP_NEVER;
	host_event_view(host, SAP_HOST_NVM, len);
}

/* A refusal waits out its time and is tried again, as the lapse does (section 8). */
static void on_pldr_ack(struct sap_host *host, const struct sap_pldr_result *ack)
{
	struct sap_host_state *s = &host->state;

	if (s->pldr != PLDR_WAITS) {
		s->link.counters.unexpected++;
		/* Too late: CSME stays off the NIC for nobody, until it hears that it is over. */
		if (s->pldr_late && ack->status == SAP_PLDR_SUCCESS) {
			s->pldr_late = false;
			s->pldr_result = SAP_PLDR_FAILURE;
			s->owed |= OWE_PLDR_END;
		}
		return;
	}
	s->pldr_refused = ack->status != SAP_PLDR_SUCCESS;
	if (s->pldr_refused)
		return;
	s->pldr_by = SAP_NEVER;
	s->pldr = PLDR_GRANTED;
	s->owed &= ~(uint32_t)OWE_PLDR;
	host_event(host, SAP_HOST_PLDR, SAP_REASON_NONE);
}

static void on_pong(struct sap_host *host)
{
	if (!host->state.pings_out) {
		host->state.link.counters.unexpected++;
		return;
	}
	host->state.pings_out--;
	host_event(host, SAP_HOST_PONG, 0);
}

/* True if the message is a view into the bounce buffer, which then must stay as it is. */
static bool host_hear(struct sap_host *host, const struct sap_message *message)
{
	struct link link = host_link(host);

	switch ((enum sap_type)message->type) {
	case SAP_PING:
		link_answer_ping(&link);
		break;
	case SAP_PONG:
		on_pong(host);
		break;
	case SAP_AMT_STATE:
		on_amt_state(host, &message->amt_state);
		break;
	case SAP_CSME_REPLY_TO_HOST_OWNERSHIP_REQ:
		on_reply(host, &message->csme_reply);
		break;
	case SAP_CSME_TAKING_OWNERSHIP:
		host_feed(host, OWNERSHIP_TAKING);
		break;
	case SAP_TRIGGER_IP_REFRESH:
		host_event(host, SAP_HOST_IP_REFRESH, 0);
		break;
	case SAP_CSME_CAN_RELEASE_OWNERSHIP:
		on_can_release(host);
		break;
	case SAP_NIC_OWNER:
		on_nic_owner(host, &message->nic_owner);
		break;
	case SAP_CSME_CONN_STATUS:
		on_conn_status(host, &message->csme_conn_status);
		break;
	case SAP_CSME_FILTERS:
		on_filters(host, &link, &message->csme_filters);
		return true;
	case SAP_NVM:
		on_nvm(host, message->nvm.len);
		return true;
	case SAP_PLDR_ACK:
		on_pldr_ack(host, &message->pldr_ack);
		break;
	default:
		/* The host's own, or a packet: it does not come this way. */
		host->state.link.counters.unknown++;
		break;
	}
	return false;
}

void host_drain(struct sap_host *host)
{
	struct sap_host_state *s = &host->state;
	struct link link = host_link(host);
	struct sap_message message;
	enum sap_status status = SAP_OK;

	link_drain(&link);
	while (host_has_room(host)) {
		status = link_take(&link, &message);
		if (status != SAP_OK)
			break;
		if (host_hear(host, &message))
			break;
	}
	link_release(&link);
	link_publish(&link, false);
	if (status == SAP_CORRUPT)
		sap_host_closed(host, SAP_CORRUPT, s->link.now);
}
