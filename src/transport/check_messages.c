// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
/* The conformance kit: rules of `send` and `recv` in a connection. */
#include "check.h"

enum {
	MOST = 1024, /* messages that are sent to find out whether a backend is ever full */
	REFUSALS = 3,
};

static bool up(struct check_run *run)
{
	return sap_check_connect(run, CHECK_HOST);
}

static bool both_silent(struct check_run *run, const char *step)
{
	return sap_check_silent(run, CHECK_HOST, step) && sap_check_silent(run, CHECK_CSME, step);
}

static bool empty_is_again(struct check_run *run)
{
	return up(run) && both_silent(run, "recv with nothing sent");
}

static bool arrive_whole(struct check_run *run)
{
	const uint32_t lens[] = {CHECK_LEAST, 13, 20, CHECK_USUAL, run->given->longest};
	uint32_t seed = 0x01020304;

	if (!up(run))
		return false;
	for (uint32_t i = 0; i < sizeof(lens) / sizeof(lens[0]); i++)
		for (uint32_t end = 0; end < 2; end++)
			if (!sap_check_send(run, end, ++seed, lens[i]) ||
			    !sap_check_recv(run, check_peer(end), seed, lens[i]))
				return false;
	return both_silent(run, "recv with all messages taken");
}

/* Two messages that wait are two messages, and the older one comes first. */
static bool arrive_in_order(struct check_run *run)
{
	if (!up(run))
		return false;
	for (uint32_t end = 0; end < 2; end++) {
		uint32_t sent = sap_check_send_some(run, end, 21);

		if (!sap_check_recv_some(run, check_peer(end), 21, sent))
			return false;
	}
	return both_silent(run, "recv with all messages taken");
}

static bool go_to_the_peer(struct check_run *run)
{
	uint32_t to_csme, to_host;

	if (!up(run) || !(to_csme = sap_check_send_some(run, CHECK_HOST, 31)) ||
	    !sap_check_silent(run, CHECK_HOST, "recv of the end that sent") ||
	    !(to_host = sap_check_send_some(run, CHECK_CSME, 41)))
		return false;
	return sap_check_recv_some(run, CHECK_HOST, 41, to_host) &&
	       sap_check_silent(run, CHECK_HOST, "recv with all messages taken") &&
	       sap_check_recv_some(run, CHECK_CSME, 31, to_csme);
}

/* The caller's buffer is its own as send returns. */
static bool are_copied(struct check_run *run)
{
	if (!up(run))
		return false;
	for (uint32_t end = 0; end < 2; end++) {
		enum sap_status status = sap_check_wait_send(run, end, 51, CHECK_USUAL);

		/* No settling between: a backend that copies later would copy this. */
		sap_check_write(run->given->scratch, CHECK_USUAL, 52);
		if (!sap_check_status(run, "send", status, SAP_OK) ||
		    !sap_check_recv(run, check_peer(end), 51, CHECK_USUAL))
			return false;
	}
	return true;
}

/* Sends until nothing is taken any more. How many were; the rest was refused with AGAIN. */
static bool send_until_full(struct check_run *run, uint32_t end, uint32_t *taken)
{
	uint32_t refused = 0;

	*taken = 0;
	while (*taken < MOST && refused < REFUSALS) {
		enum sap_status status = sap_check_try_send(run, end, *taken, CHECK_USUAL);

		if (status == SAP_OK) {
			++*taken;
			refused = 0;
		} else if (!sap_check_status(run, "send, as often as it is taken", status, SAP_AGAIN)) {
			return false;
		} else {
			refused++;
			sap_check_settle(run);
		}
	}
	return true;
}

static bool full_takes_nothing(struct check_run *run)
{
	if (!up(run))
		return false;
	for (uint32_t end = 0; end < 2; end++) {
		uint32_t taken;

		if (!send_until_full(run, end, &taken))
			return false;
		for (uint32_t seed = 0; seed < taken; seed++)
			if (!sap_check_recv(run, check_peer(end), seed, CHECK_USUAL))
				return false;
		if (!sap_check_silent(run, check_peer(end), "recv with all that were taken received") ||
		    !sap_check_send(run, end, 2 * MOST, CHECK_USUAL) ||
		    !sap_check_recv(run, check_peer(end), 2 * MOST, CHECK_USUAL))
			return false;
	}
	return true;
}

static bool send_refuses_too_long(struct check_run *run)
{
	uint32_t longest = run->given->longest;

	if (!up(run))
		return false;
	for (uint32_t end = 0; end < 2; end++)
		if (!sap_check_status(run, "send of a message longer than the client takes",
				      sap_check_wait_send(run, end, 61, longest + 1), SAP_TOO_LONG) ||
		    !sap_check_silent(run, check_peer(end), "recv after it") ||
		    !sap_check_send(run, end, 62, longest) ||
		    !sap_check_recv(run, check_peer(end), 62, longest))
			return false;
	return true;
}

/* Bytes from `from` on are as they were before recv. */
static bool untouched(struct check_run *run, uint32_t from)
{
	const uint8_t *in = run->given->scratch + run->given->longest + 1;

	for (uint32_t i = from; i <= run->given->longest; i++)
		if (!sap_check_number(run, "a byte behind the buffer of recv", in[i], CHECK_GUARD))
			return false;
	return true;
}

static bool recv_drops_too_long(struct check_run *run)
{
	if (!up(run))
		return false;
	for (uint32_t end = 0; end < 2; end++) {
		uint32_t to = check_peer(end);
		uint32_t cap = CHECK_USUAL - 1;
		size_t len;

		if (!sap_check_send(run, end, 71, CHECK_USUAL) ||
		    !sap_check_status(run, "recv into a buffer that is one byte too short",
				      sap_check_wait_recv(run, to, cap, &len), SAP_TOO_LONG) ||
		    !sap_check_number(run, "the size it tells", (int64_t)len, CHECK_USUAL) ||
		    !untouched(run, cap) || !sap_check_silent(run, to, "recv after it: it was dropped") ||
		    !sap_check_send(run, end, 72, CHECK_LEAST) || !sap_check_recv(run, to, 72, CHECK_LEAST))
			return false;
	}
	return true;
}

static bool recv_fits(struct check_run *run)
{
	if (!up(run))
		return false;
	for (uint32_t end = 0; end < 2; end++) {
		size_t len;

		if (!sap_check_send(run, end, 81, CHECK_USUAL) ||
		    !sap_check_status(run, "recv into a buffer of just its size",
				      sap_check_wait_recv(run, check_peer(end), CHECK_USUAL, &len), SAP_OK) ||
		    !sap_check_number(run, "bytes of the message that came", (int64_t)len, CHECK_USUAL) ||
		    !untouched(run, CHECK_USUAL))
			return false;
	}
	return true;
}

static const struct check_rule rules[] = {
	{"recv-empty", "recv says AGAIN while nothing is there", CHECK_ALL, empty_is_again},
	{"message-whole", "messages of every length arrive whole, and once", CHECK_ALL, arrive_whole},
	{"message-order", "messages arrive one by one, in the order they were sent", CHECK_ALL,
	 arrive_in_order},
	{"message-to-peer", "messages go to the peer, and the directions do not mix", CHECK_ALL,
	 go_to_the_peer},
	{"send-copies", "the message is copied before send returns", CHECK_ALL, are_copied},
	{"send-full", "a send that says AGAIN took nothing, and one that says OK is not lost", CHECK_ALL,
	 full_takes_nothing},
	{"send-too-long", "a message that is too long is refused and nothing else is harmed", CHECK_ALL,
	 send_refuses_too_long},
	{"recv-too-long", "a message that does not fit is dropped, and its size told", CHECK_ALL,
	 recv_drops_too_long},
	{"recv-fits", "a message that just fits is given out, and nothing written behind it", CHECK_ALL,
	 recv_fits},
};

const struct check_rules sap_check_messages = {rules, sizeof(rules) / sizeof(rules[0])};
