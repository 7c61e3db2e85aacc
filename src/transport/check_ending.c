// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
/* The conformance kit: what is left of a connection as one end goes. */
#include "check.h"

static bool up(struct check_run *run)
{
	return sap_check_connect(run, CHECK_HOST);
}

/* `end` says its last words and goes: the peer hears them, and then that it went. */
static bool last_words(struct check_run *run, uint32_t end)
{
	uint32_t sent;

	if (!up(run) || !(sent = sap_check_send_some(run, end, 91)))
		return false;
	/* What is still on its way may be lost; what came may not. */
	sap_check_settle(run);
	sap_check_settle(run);
	if (!sap_check_disconnect(run, end))
		return false;
	sap_check_settle(run);
	return sap_check_recv_some(run, check_peer(end), 91, sent) &&
	       sap_check_closed(run, check_peer(end), "recv once all messages were given out");
}

static bool last_words_of_host(struct check_run *run)
{
	return last_words(run, CHECK_HOST);
}

static bool last_words_of_csme(struct check_run *run)
{
	return last_words(run, CHECK_CSME);
}

/* The peer is gone: a backend may find that out as it tries, and say IO. */
static bool cannot_send(struct check_run *run, uint32_t end)
{
	enum sap_status status = sap_check_try_send(run, end, 101, CHECK_USUAL);

	return status == SAP_IO ||
	       sap_check_status(run, "send after the peer's disconnect", status, SAP_CLOSED);
}

static bool nobody_to_send_to(struct check_run *run)
{
	for (uint32_t end = 0; end < 2; end++) {
		if (!up(run) || !sap_check_disconnect(run, check_peer(end)))
			return false;
		sap_check_settle(run);
		/* Once recv has told of it, send must too. */
		if (!sap_check_closed(run, end, "recv after the peer's disconnect") ||
		    !cannot_send(run, end) || !sap_check_down(run))
			return false;
	}
	return true;
}

static bool own_end_is_the_end(struct check_run *run)
{
	for (uint32_t end = 0; end < 2; end++) {
		if (!up(run) || !sap_check_send_some(run, check_peer(end), 111))
			return false;
		sap_check_settle(run);
		if (!sap_check_disconnect(run, end) ||
		    !sap_check_closed(run, end, "recv after its own disconnect, with a message unread") ||
		    !sap_check_status(run, "send after its own disconnect",
				      sap_check_try_send(run, end, 101, CHECK_USUAL), SAP_CLOSED) ||
		    !sap_check_down(run))
			return false;
	}
	return true;
}

static const struct check_rule rules[] = {
	{"close-by-host", "what the host sent before it went is given out, then CLOSED", CHECK_ALL,
	 last_words_of_host},
	{"close-by-csme", "what CSME sent before it went is given out, then CLOSED", CHECK_ALL,
	 last_words_of_csme},
	{"close-ends-send", "send to a peer that went says CLOSED, or IO", CHECK_ALL, nobody_to_send_to},
	{"disconnect-is-the-end", "no message comes after one's own disconnect", CHECK_ALL,
	 own_end_is_the_end},
};

const struct check_rules sap_check_ending = {rules, sizeof(rules) / sizeof(rules[0])};
