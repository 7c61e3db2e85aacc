// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
#include "pair.h"

enum {
	MOST_ROUNDS = 1000,
	STEP_MS = 5, /* a step of the loopback, while something is delayed */
};

/* --- writing down --- */

static void note(struct pair *pair, const struct sap_seen *seen, const char *arrow)
{
	uint32_t type = test_get16(seen->bytes);
	const char *name = "?";

	pair->hash = rig_hash(pair->hash, &seen->now, sizeof(seen->now));
	pair->hash = rig_hash(pair->hash, seen->bytes, seen->len);
	if (pair->mute)
		return;
	if (seen->carrier == SAP_IN_ME && sap_me_info(type))
		name = sap_me_info(type)->name;
	else if (seen->carrier == SAP_IN_NOTIF && sap_message_info((uint16_t)type))
		name = sap_message_info((uint16_t)type)->name;
	/* Doorbells come as they come. */
	if (strcmp(name, "CHECK_SHARED_AREA") != 0)
		rig_text_add(&pair->wire, "%s%s", arrow, name);
}

static void see_host(void *self, const struct sap_seen *seen)
{
	if (seen->to == SAP_TO_HOST)
		note(self, seen, "<");
}

static void see_csme(void *self, const struct sap_seen *seen)
{
	if (seen->to == SAP_TO_CSME)
		note(self, seen, ">");
}

static void host_said(struct pair *pair, const struct sap_host_event *event)
{
	char text[160];

	rig_name_host_event(event, text, sizeof(text));
	pair->hash = rig_hash(pair->hash, text, strlen(text));
	if (!pair->mute)
		rig_text_add(&pair->host_events, "%s", text);
	pair->ups += event->type == SAP_HOST_UP;
	pair->downs += event->type == SAP_HOST_DOWN;
	if (event->type == SAP_HOST_LEAVE && pair->obeys)
		assert_status(sap_host_device_down(&pair->host, pair->now), SAP_OK);
	if (event->type == SAP_HOST_DOWN && pair->restarts)
		assert_status(sap_host_start(&pair->host, pair->now), SAP_OK);
}

static void csme_said(struct pair *pair, const struct sap_csme_event *event)
{
	char text[160];

	rig_name_csme_event(event, text, sizeof(text));
	pair->hash = rig_hash(pair->hash, text, strlen(text));
	if (!pair->mute)
		rig_text_add(&pair->csme_events, "%s", text);
	pair->forced += event->type == SAP_CSME_OWNER && event->forced;
	if (event->type == SAP_CSME_DOWN && pair->restarts)
		assert_status(sap_csme_start(&pair->csme, pair->now), SAP_OK);
}

/* --- turning the crank --- */

static uint64_t deadline(const struct pair *pair)
{
	uint64_t host = sap_pump_deadline(&pair->host_pump), csme = sap_pump_deadline(&pair->csme_pump);

	return host < csme ? host : csme;
}

static bool fetch(struct pair *pair)
{
	struct sap_host_event h;
	struct sap_csme_event c;
	bool any = false;

	while (sap_host_next_event(&pair->host, &h)) {
		host_said(pair, &h);
		any = true;
	}
	while (sap_csme_next_event(&pair->csme, &c)) {
		csme_said(pair, &c);
		any = true;
	}
	assert_int_equal(sap_host_counters(&pair->host)->events_lost, 0);
	assert_int_equal(sap_csme_counters(&pair->csme)->events_lost, 0);
	return any;
}

/* What there is to take from one's end of the loopback. */
static uint32_t traffic(const struct pair *pair)
{
	const struct sap_loopback_counters *counters = pair->loop.state.counters;

	return counters[0].sent + counters[0].received + counters[1].sent + counters[1].received;
}

void pair_settle(struct pair *pair)
{
	for (unsigned i = 0; i < MOST_ROUNDS; i++) {
		uint32_t before = traffic(pair);
		uint64_t digests = sap_host_digest(&pair->host) ^ sap_csme_digest(&pair->csme) * 3;
		bool any;

		assert_status(sap_pump_run(&pair->host_pump, pair->now), SAP_OK);
		assert_status(sap_pump_run(&pair->csme_pump, pair->now), SAP_OK);
		any = fetch(pair);
		if (!any && traffic(pair) == before && deadline(pair) > pair->now &&
		    digests == (sap_host_digest(&pair->host) ^ sap_csme_digest(&pair->csme) * 3))
			return;
	}
	test_fail("the pair does not come to rest");
}

void pair_wait(struct pair *pair, uint64_t ms)
{
	uint64_t until = pair->now + ms;

	pair_settle(pair);
	while (pair->now < until) {
		uint64_t next = deadline(pair);
		bool busy = sap_loopback_pending(&pair->loop, SAP_LOOPBACK_HOST) ||
			    sap_loopback_pending(&pair->loop, SAP_LOOPBACK_CSME);

		if (busy && next > pair->now + STEP_MS)
			next = pair->now + STEP_MS;
		pair->now = next < until ? next : until;
		sap_loopback_step(&pair->loop);
		pair_settle(pair);
	}
}

/* --- making one --- */

void pair_make(struct pair *pair, const struct sap_host_config *host, const struct sap_csme_config *csme)
{
	struct sap_loopback_config config;
	struct sap_host_config h;
	struct sap_csme_config c;

	memset(pair, 0, sizeof(*pair));
	sap_loopback_config_default(&config);
	sap_host_config_default(&h);
	sap_csme_config_default(&c);
	if (host)
		h = *host;
	if (csme)
		c = *csme;
	pair->now = RIG_TIME;
	pair->hash = 2166136261u;
	pair->obeys = true;
	pair->memory = malloc(PAIR_MEMORY);
	assert_non_null(pair->memory);
	memset(pair->memory, 0, PAIR_MEMORY);
	config.memory = pair->memory;
	config.memory_size = PAIR_MEMORY;
	assert_status(sap_loopback_init(&pair->loop, sizeof(pair->loop), &config), SAP_OK);
	h.link.tap = (struct sap_tap){see_host, pair};
	h.link.lane = &pair->host_lane;
	c.link.tap = (struct sap_tap){see_csme, pair};
	c.link.lane = &pair->csme_lane;
	assert_status(sap_host_init(&pair->host, sizeof(pair->host), &h, pair->now), SAP_OK);
	assert_status(sap_csme_init(&pair->csme, sizeof(pair->csme), &c, pair->now), SAP_OK);
	pair->host_pump.host = &pair->host;
	pair->host_pump.transport = sap_loopback_transport(&pair->loop, SAP_LOOPBACK_HOST);
	pair->host_pump.lane = &pair->host_lane;
	pair->csme_pump.csme = &pair->csme;
	pair->csme_pump.transport = sap_loopback_transport(&pair->loop, SAP_LOOPBACK_CSME);
	pair->csme_pump.lane = &pair->csme_lane;
}

void pair_free(struct pair *pair)
{
	fetch(pair);
	free(pair->memory);
	pair->memory = NULL;
}

void pair_forget(struct pair *pair)
{
	memset(&pair->wire, 0, sizeof(pair->wire));
	memset(&pair->host_events, 0, sizeof(pair->host_events));
	memset(&pair->csme_events, 0, sizeof(pair->csme_events));
}

void pair_up(struct pair *pair, bool amt)
{
	if (amt)
		pair_ok(pair, sap_csme_set_amt(&pair->csme, true, pair->now));
	pair_ok(pair, sap_host_driver_up(&pair->host, pair->now));
	pair_ok(pair, sap_csme_start(&pair->csme, pair->now));
	pair_ok(pair, sap_host_start(&pair->host, pair->now));
	pair_wait(pair, 500);
}

void pair_fault(struct pair *pair, const struct sap_loopback_fault *fault)
{
	assert_status(sap_loopback_inject(&pair->loop, fault), SAP_OK);
}

bool pair_agrees(const struct pair *pair)
{
	struct sap_why host, csme;

	sap_host_why(&pair->host, &host);
	sap_csme_why(&pair->csme, &csme);
	return host.phase == SAP_PHASE_UP && csme.phase == SAP_PHASE_UP && host.owner == csme.owner;
}

/* --- snapshots --- */

void pair_save(const struct pair *pair, struct pair_state *state)
{
	memset(state, 0, sizeof(*state));
	memcpy(&state->host, &pair->host.state, sizeof(state->host));
	memcpy(&state->csme, &pair->csme.state, sizeof(state->csme));
	memcpy(&state->host_lane, &pair->host_lane, sizeof(state->host_lane));
	memcpy(&state->csme_lane, &pair->csme_lane, sizeof(state->csme_lane));
	memcpy(&state->loop, &pair->loop.state, sizeof(state->loop));
	memcpy(state->memory, pair->memory, PAIR_MEMORY);
	state->now = pair->now;
}

void pair_restore(struct pair *pair, const struct pair_state *state)
{
	memcpy(&pair->host.state, &state->host, sizeof(state->host));
	memcpy(&pair->csme.state, &state->csme, sizeof(state->csme));
	memcpy(&pair->host_lane, &state->host_lane, sizeof(state->host_lane));
	memcpy(&pair->csme_lane, &state->csme_lane, sizeof(state->csme_lane));
	memcpy(&pair->loop.state, &state->loop, sizeof(state->loop));
	memcpy(pair->memory, state->memory, PAIR_MEMORY);
	pair->now = state->now;
}
