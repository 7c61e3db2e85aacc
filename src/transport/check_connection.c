// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
/* The conformance kit: rules of `connect` and `disconnect`. */
#include "check.h"

enum {
	CYCLES = 3,
};

static bool one_message_each_way(struct check_run *run, uint32_t seed)
{
	return sap_check_send(run, CHECK_HOST, seed, CHECK_USUAL) &&
	       sap_check_recv(run, CHECK_CSME, seed, CHECK_USUAL) &&
	       sap_check_send(run, CHECK_CSME, seed + 1, CHECK_USUAL) &&
	       sap_check_recv(run, CHECK_HOST, seed + 1, CHECK_USUAL);
}

static bool waits_for_a_peer(struct check_run *run)
{
	const struct sap_transport *csme = &run->end[CHECK_CSME];

	for (uint32_t n = 0; n < run->given->quiet; n++) {
		if (!sap_check_status(run, "connect of CSME, with no host there",
				      csme->ops->connect(csme->self), SAP_AGAIN))
			return false;
		sap_check_settle(run);
	}
	return true;
}

static bool host_first(struct check_run *run)
{
	return sap_check_connect(run, CHECK_HOST) && one_message_each_way(run, 1);
}

static bool csme_first(struct check_run *run)
{
	return sap_check_connect(run, CHECK_CSME) && one_message_each_way(run, 1);
}

/* Asks for a connection that nobody answers, and gives up. */
static bool ask_in_vain(struct check_run *run, uint32_t end)
{
	const struct sap_transport *t = &run->end[end];
	enum sap_status status = t->ops->connect(t->self);

	/* A host may get through to a client that has yet to take it, or hear that there is none. */
	if (end == CHECK_CSME &&
	    !sap_check_status(run, "connect of CSME, with no host there", status, SAP_AGAIN))
		return false;
	sap_check_settle(run);
	if (!sap_check_disconnect(run, end))
		return false;
	sap_check_settle(run);
	return true;
}

static bool after_giving_up(struct check_run *run)
{
	return ask_in_vain(run, CHECK_CSME) && ask_in_vain(run, CHECK_HOST) && ask_in_vain(run, CHECK_CSME) &&
	       sap_check_connect(run, CHECK_HOST) && one_message_each_way(run, 1);
}

static bool is_closed(struct check_run *run, uint32_t end)
{
	return sap_check_status(run, "send without a connection",
				sap_check_try_send(run, end, 1, CHECK_USUAL), SAP_CLOSED) &&
	       sap_check_closed(run, end, "recv without a connection");
}

static bool closed_before(struct check_run *run)
{
	return is_closed(run, CHECK_HOST) && is_closed(run, CHECK_CSME);
}

static bool disconnect_both(struct check_run *run)
{
	return sap_check_disconnect(run, CHECK_HOST) && sap_check_disconnect(run, CHECK_CSME);
}

static bool disconnect_repeats(struct check_run *run)
{
	return disconnect_both(run) && sap_check_connect(run, CHECK_HOST) && disconnect_both(run) &&
	       disconnect_both(run) && disconnect_both(run);
}

/* The end that went first waits for the other to come back too. */
static bool again_and_again(struct check_run *run)
{
	for (uint32_t cycle = 0; cycle < CYCLES; cycle++) {
		uint32_t first = cycle % 2 ? CHECK_CSME : CHECK_HOST;

		if (!sap_check_connect(run, CHECK_HOST) || !one_message_each_way(run, 10 * cycle + 1) ||
		    !sap_check_disconnect(run, first))
			return false;
		sap_check_settle(run);
		if (!sap_check_closed(run, check_peer(first), "recv after the peer's disconnect") ||
		    !sap_check_down(run))
			return false;
	}
	return true;
}

static bool nothing_old_comes(struct check_run *run)
{
	if (!sap_check_connect(run, CHECK_HOST) || !sap_check_send_some(run, CHECK_HOST, 100) ||
	    !sap_check_send_some(run, CHECK_CSME, 200) || !sap_check_down(run))
		return false;
	sap_check_settle(run);
	return sap_check_connect(run, CHECK_HOST) &&
	       sap_check_silent(run, CHECK_HOST, "recv of the host, in a new connection") &&
	       sap_check_silent(run, CHECK_CSME, "recv of CSME, in a new connection") &&
	       one_message_each_way(run, 300);
}

static const struct check_rule rules[] = {
	{"connect-waits", "connect of CSME says AGAIN until a host came", CHECK_ALL, waits_for_a_peer},
	{"connect-host-first", "a host that asks first and CSME meet", CHECK_ALL, host_first},
	{"connect-csme-first", "a CSME that asks first and a host meet", CHECK_ALL, csme_first},
	{"connect-after-giving-up", "a connect that nobody answered can be given up and asked for anew",
	 CHECK_ALL, after_giving_up},
	{"unconnected-is-closed", "send and recv say CLOSED before there is a connection", CHECK_ALL,
	 closed_before},
	{"disconnect-repeats", "disconnect may be repeated, and called without a connection", CHECK_ALL,
	 disconnect_repeats},
	{"reconnect", "once both ends went down, they can come up again", CHECK_ALL, again_and_again},
	{"reconnect-is-clean", "no message of an old connection comes in a new one", CHECK_ALL,
	 nothing_old_comes},
};

const struct check_rules sap_check_connection = {rules, sizeof(rules) / sizeof(rules[0])};
