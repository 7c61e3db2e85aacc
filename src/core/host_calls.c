// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
/* What the embedder of a host's engine wants of CSME, and what it tells it. */
#include "host.h"

#include "../platform.h"

/* --- the NIC --- */

enum sap_status sap_host_own(struct sap_host *host, uint64_t now)
{
	struct sap_host_state *s = &host->state;
	struct link link = host_link(host);

	if (!host_has_room(host))
		return SAP_AGAIN;
	link_clock(&link, now);
	if (!host_is_heard(host))
		return SAP_NOT_UP;
	if (s->ownership == OWNERSHIP_H_ASKING || s->ownership == OWNERSHIP_H_LEAVING ||
	    s->ownership == OWNERSHIP_H_LEFT)
		return SAP_BUSY;
	s->wanted = true;
	host_feed(host, OWNERSHIP_ASK);
	host_work(host);
	return SAP_OK;
}

void sap_host_disown(struct sap_host *host, uint64_t now)
{
	struct link link = host_link(host);

	link_clock(&link, now);
	host->state.wanted = false;
	host->state.reask_at = SAP_NEVER;
}

enum sap_status sap_host_driver_up(struct sap_host *host, uint64_t now)
{
	struct sap_host_state *s = &host->state;
	struct link link = host_link(host);

	if (!host_has_room(host))
		return SAP_AGAIN;
	link_clock(&link, now);
	if (s->driver)
		return SAP_OK;
	s->driver = true;
	if (host_is_heard(host))
		s->owed |= OWE_DRIVER_UP;
	host_work(host);
	return SAP_OK;
}

enum sap_status sap_host_driver_down(struct sap_host *host, uint64_t now)
{
	struct sap_host_state *s = &host->state;
	struct link link = host_link(host);

	if (!host_has_room(host))
		return SAP_AGAIN;
	link_clock(&link, now);
	if (!s->driver)
		return SAP_OK;
	s->driver = false;
	s->device = false;
	s->wanted = false;
	s->reask_at = SAP_NEVER;
	/* Whatever CSME answers before it reads WIFIDR_DOWN, it answers to this driver, and takes back then. */
	if (host_is_heard(host))
		s->answers_void = s->answers_due;
	s->grant_unsure = false;
	host_feed(host, OWNERSHIP_GONE);
	if (host_is_heard(host)) {
		s->owed &= ~(uint32_t)(OWE_DRIVER_UP | OWE_CONFIRM);
		s->owed |= OWE_DRIVER_DOWN;
	}
	host_protect_link(host, false);
	host_set_rfkill(host, false);
	host_work(host);
	return SAP_OK;
}

enum sap_status sap_host_device_up(struct sap_host *host, uint64_t now)
{
	struct link link = host_link(host);

	link_clock(&link, now);
	/* CSME is told, or was, that nothing touches the NIC. */
	if (host->state.ownership == OWNERSHIP_H_LEAVING || host->state.ownership == OWNERSHIP_H_LEFT)
		return SAP_WRONG_STATE;
	host->state.device = host->state.driver;
	return SAP_OK;
}

enum sap_status sap_host_device_down(struct sap_host *host, uint64_t now)
{
	struct link link = host_link(host);

	if (!host_has_room(host))
		return SAP_AGAIN;
	link_clock(&link, now);
	host->state.device = false;
	host_feed(host, OWNERSHIP_CLEAR);
	host_work(host);
	return SAP_OK;
}

/* --- what CSME is told; kept while it does not listen --- */

/* A value changed: tell it now, if there is somebody to tell. */
static void host_tell(struct sap_host *host, uint32_t what, uint64_t now)
{
	struct link link = host_link(host);

	link_clock(&link, now);
	if (host_is_heard(host))
		host->state.owed |= what;
	host_work(host);
}

enum sap_status sap_host_link_up(struct sap_host *host, const struct sap_host_link_up *up, uint64_t now)
{
	struct sap_host_state *s = &host->state;

	if (!up)
		return SAP_INVALID;
	if (up->conn.ssid_len > SAP_SSID_SIZE)
		return SAP_BAD_VALUE;
	s->link_up = *up;
	s->link_is_up = true;
	s->link_is_repeated = false;
	host_tell(host, OWE_LINK_UP, now);
	return SAP_OK;
}

void sap_host_link_down(struct sap_host *host, const struct sap_host_link_down *down, uint64_t now)
{
	host->state.link_down = *down;
	host->state.link_is_up = false;
	host->state.owed &= ~(uint32_t)OWE_LINK_UP;
	host_tell(host, OWE_LINK_DOWN, now);
}

void sap_host_set_country(struct sap_host *host, const struct sap_country_code *country, uint64_t now)
{
	host->state.country = *country;
	host_tell(host, OWE_COUNTRY, now);
}

void sap_host_set_sar(struct sap_host *host, const struct sap_sar_limits *sar, uint64_t now)
{
	host->state.sar = *sar;
	host->state.has_sar = true;
	host_tell(host, OWE_SAR, now);
}

void sap_host_set_nic_info(struct sap_host *host, const struct sap_nic_info *info, uint64_t now)
{
	host->state.nic_info = *info;
	host->state.has_nic_info = true;
	host_tell(host, OWE_NIC_INFO, now);
}

void sap_host_set_radio(struct sap_host *host, uint32_t state, uint64_t now)
{
	host->state.radio.state = state;
	host_tell(host, OWE_RADIO, now);
}

/* --- questions --- */

enum sap_status sap_host_get_nvm(struct sap_host *host, uint64_t now)
{
	struct sap_host_state *s = &host->state;
	struct link link = host_link(host);

	if (!host_has_room(host))
		return SAP_AGAIN;
	link_clock(&link, now);
	if (!host_is_heard(host))
		return SAP_NOT_UP;
	if (s->nvm_by != SAP_NEVER)
		return SAP_BUSY;
	s->nvm_by = s->link.now + host->config.nvm_ms;
	s->owed |= OWE_GET_NVM;
	host_work(host);
	return SAP_OK;
}

enum sap_status sap_host_pldr(struct sap_host *host, uint64_t now)
{
	struct sap_host_state *s = &host->state;
	struct link link = host_link(host);

	if (!host_has_room(host))
		return SAP_AGAIN;
	link_clock(&link, now);
	if (s->pldr != PLDR_IDLE)
		return SAP_BUSY;
	if (!host_is_heard(host)) {
		s->pldr = PLDR_SKIPPED;
		host_event(host, SAP_HOST_PLDR, SAP_REASON_NONE);
		return SAP_OK;
	}
	s->pldr = PLDR_WAITS;
	s->pldr_late = false;
	s->pldr_refused = false;
	s->pldr_left = host->config.pldr_tries;
	s->pldr_by = s->link.now + host->config.pldr_ms;
	s->owed |= OWE_PLDR;
	host_work(host);
	return SAP_OK;
}

enum sap_status sap_host_pldr_end(struct sap_host *host, enum sap_pldr_status result, uint64_t now)
{
	struct sap_host_state *s = &host->state;

	if (s->pldr != PLDR_GRANTED && s->pldr != PLDR_SKIPPED)
		return SAP_WRONG_STATE;
	s->pldr_result = (uint32_t)result;
	if (s->pldr == PLDR_GRANTED)
		host_tell(host, OWE_PLDR_END, now);
	s->pldr = PLDR_IDLE;
	return SAP_OK;
}

/* A message that CSME takes with AMT off too. */
static enum sap_status host_send(struct sap_host *host, uint32_t what, uint64_t now)
{
	struct link link = host_link(host);

	if (!host_has_room(host))
		return SAP_AGAIN;
	link_clock(&link, now);
	if (host->state.link.phase != SAP_PHASE_UP || host->state.stopping)
		return SAP_NOT_UP;
	host->state.owed |= what;
	return SAP_OK;
}

enum sap_status sap_host_ping(struct sap_host *host, uint64_t now)
{
	enum sap_status status = host_send(host, 0, now);

	if (status != SAP_OK)
		return status;
	host->state.pings_owed++;
	host_work(host);
	return SAP_OK;
}

enum sap_status sap_host_suspend(struct sap_host *host, uint32_t flags, uint64_t now)
{
	enum sap_status status = host_send(host, OWE_SUSPENDS, now);

	if (status != SAP_OK)
		return status;
	host->state.suspend_flags = flags;
	host->state.owed &= ~(uint32_t)OWE_RESUMES;
	host_work(host);
	return SAP_OK;
}

enum sap_status sap_host_resume(struct sap_host *host, uint64_t now)
{
	enum sap_status status = host_send(host, OWE_RESUMES, now);

	if (status == SAP_OK)
		host_work(host);
	return status;
}
