// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
#include "world.h"

#include "../../src/core/ownership.h"

#include <string.h>

enum {
	START = 1000,
	OUT_OF_SIGHT = 1000000, /* the clock does not go that far at once */
	MOST_STEPS = 1000,
	UNTAKEN = 0xff,
};

struct world world;

static struct sap_layout layout;

/* --- one engine's step: what is due, or one request, or one message that came --- */

static enum sap_status perform(enum sap_loopback_end end, struct sap_io *io)
{
	struct sap_transport t = sap_loopback_transport(&world.loop, end);

	switch (io->op) {
	case SAP_IO_MAP:
		return t.ops->map(t.self, io->size, &io->mem);
	case SAP_IO_CONNECT:
		return t.ops->connect(t.self);
	case SAP_IO_SEND:
		return t.ops->send(t.self, io->message, io->len);
	case SAP_IO_DISCONNECT:
		return t.ops->disconnect(t.self);
	case SAP_IO_UNMAP:
		return t.ops->unmap(t.self);
	case SAP_IO_LANE:
	case SAP_IO_NONE:
		break;
	}
	return SAP_OK;
}

/* SAP_OK with a message, SAP_AGAIN without one, or why the connection ended. */
static enum sap_status fetch(enum sap_loopback_end end, const struct sap_link_state *link, uint8_t *bytes,
			     size_t cap, size_t *len)
{
	struct sap_transport t = sap_loopback_transport(&world.loop, end);

	if (!link->connected || link->phase == SAP_PHASE_UNWINDING)
		return SAP_AGAIN;
	return t.ops->recv(t.self, bytes, cap, len);
}

static void host_step(void)
{
	struct sap_host *host = &world.host;
	uint8_t bytes[SAP_LOOPBACK_MESSAGE];
	uint64_t before = sap_host_digest(host);
	enum sap_status status;
	struct sap_io io;
	size_t len;

	if (sap_host_deadline(host) <= world.now) {
		sap_host_tick(host, world.now);
		if (sap_host_digest(host) != before)
			return;
	}
	if (sap_host_next_io(host, &io)) {
		status = perform(SAP_LOOPBACK_HOST, &io);
		(void)!sap_host_io_done(host, &io, status, world.now);
		return;
	}
	status = fetch(SAP_LOOPBACK_HOST, &host->state.link, bytes, sizeof(bytes), &len);
	if (status == SAP_OK)
		(void)!sap_host_me_input(host, bytes, len, world.now);
	else if (status != SAP_AGAIN)
		sap_host_closed(host, status, world.now);
}

static void csme_step(void)
{
	struct sap_csme *csme = &world.csme;
	uint8_t bytes[SAP_LOOPBACK_MESSAGE];
	uint64_t before = sap_csme_digest(csme);
	enum sap_status status;
	struct sap_io io;
	size_t len;

	if (sap_csme_deadline(csme) <= world.now) {
		sap_csme_tick(csme, world.now);
		if (sap_csme_digest(csme) != before)
			return;
	}
	if (sap_csme_next_io(csme, &io)) {
		status = perform(SAP_LOOPBACK_CSME, &io);
		(void)!sap_csme_io_done(csme, &io, status, world.now);
		return;
	}
	status = fetch(SAP_LOOPBACK_CSME, &csme->state.link, bytes, sizeof(bytes), &len);
	if (status == SAP_OK)
		(void)!sap_csme_me_input(csme, bytes, len, world.now);
	else if (status != SAP_AGAIN)
		sap_csme_closed(csme, status, world.now);
}

/* --- the clock --- */

static uint64_t next_deadline(void)
{
	uint64_t host = sap_host_deadline(&world.host);
	uint64_t csme = sap_csme_deadline(&world.csme);

	return host < csme ? host : csme;
}

/* Both engines know the time, as if somebody had called them for nothing. */
static void clock_goes(void)
{
	world.now = next_deadline();
	world.host.state.link.now = world.now;
	world.csme.state.link.now = world.now;
}

/* --- the host's driver --- */

static void touch(bool on)
{
	world.watch.touches = on;
	sim_nic_touch(&world.nic, SIM_HOST, on, world.now);
	if (on)
		(void)!sap_host_device_up(&world.host, world.now);
}

static void leave(void)
{
	touch(false);
	world.watch.must_leave = false;
	(void)!sap_host_device_down(&world.host, world.now);
}

static void ask_at_the_door(void)
{
	if (sap_csme_register_request(&world.csme, world.now) == SAP_OK)
		touch(true);
	else if (world.watch.touches)
		leave();
}

static void driver_goes(void)
{
	touch(false);
	world.watch.must_leave = false;
	(void)!sap_host_driver_down(&world.host, world.now);
}

/* --- the other calls --- */

static void protect(bool on)
{
	struct sap_csme_conn_status conn;

	memset(&conn, 0, sizeof(conn));
	conn.link_prot_state = on;
	(void)!sap_csme_set_conn(&world.csme, &conn, world.now);
}

static void join(void)
{
	struct sap_host_link_up up;

	memset(&up, 0, sizeof(up));
	(void)!sap_host_link_up(&world.host, &up, world.now);
}

static void host_start(void)
{
	world.watch.stopped = false;
	world.watch.host_alive |= sap_host_start(&world.host, world.now) == SAP_OK;
}

static void host_stop(void)
{
	world.watch.stopped |= sap_host_stop(&world.host, world.now) == SAP_OK;
}

static void host_acts(enum action action)
{
	switch (action) {
	case HOST_STEP:
		host_step();
		break;
	case DEVICE_DOWN:
		leave();
		break;
	case DOOR_AGAIN:
	case DOOR:
		ask_at_the_door();
		break;
	case HOST_START:
		host_start();
		break;
	case HOST_DISOWN:
		sap_host_disown(&world.host, world.now);
		break;
	case DRIVER_UP:
		(void)!sap_host_driver_up(&world.host, world.now);
		break;
	case DRIVER_DOWN:
		driver_goes();
		break;
	case DEVICE_UP:
		touch(true);
		break;
	case HOST_STOP:
		host_stop();
		break;
	case JOIN:
		join();
		break;
	default:
		break;
	}
}

static void csme_acts(enum action action)
{
	struct sap_csme *csme = &world.csme;

	switch (action) {
	case CSME_STEP:
		csme_step();
		break;
	case CSME_START:
		world.watch.csme_alive |= sap_csme_start(csme, world.now) == SAP_OK;
		break;
	case TAKE:
		(void)!sap_csme_take(csme, world.now);
		break;
	case FORCE:
		(void)!sap_csme_take_by_force(csme, world.now);
		break;
	case GRANT:
	case REFUSE:
		(void)!sap_csme_answer(csme, action == GRANT, world.now);
		break;
	case IGNORE:
		sap_csme_set_policy(csme, csme->state.policy == SAP_POLICY_IGNORE ? SAP_POLICY_GRANT
										  : SAP_POLICY_IGNORE);
		break;
	case AMT_ON:
	case AMT_OFF:
		(void)!sap_csme_set_amt(csme, action == AMT_ON, world.now);
		break;
	case CAN_RELEASE:
		(void)!sap_csme_can_release(csme, world.now);
		break;
	case PROTECT:
	case UNPROTECT:
		protect(action == PROTECT);
		break;
	default:
		break;
	}
}

/* --- actions --- */

bool world_is_free(enum action action)
{
	if (action == HOST_START)
		return !world.watch.stopped;
	return action < HOST_OWN;
}

bool world_may(enum action action)
{
	const struct watch *w = &world.watch;
	const uint8_t host = world.host.state.ownership;

	if (!world_is_free(action) && !world.budget[action])
		return false;
	switch (action) {
	case CLOCK:
		return next_deadline() > world.now && next_deadline() - world.now < OUT_OF_SIGHT;
	case DEVICE_DOWN:
		return w->must_leave;
	case DOOR_AGAIN:
		return world.nic.overlap && host == OWNERSHIP_H_DOOR;
	case HOST_START:
		return world.host.state.link.phase == SAP_PHASE_DOWN;
	case CSME_START:
		return world.csme.state.link.phase == SAP_PHASE_DOWN;
	case DEVICE_UP:
		return world.host.state.driver && !w->touches && !w->must_leave && host == OWNERSHIP_H_OWNER;
	case DOOR:
		return world.host.state.driver && !w->touches && host == OWNERSHIP_H_DOOR;
	case TAKE:
		return world.csme.state.ownership != OWNERSHIP_C_OWNER;
	case FORCE:
		return world.csme.state.ownership != OWNERSHIP_C_OWNER;
	case GRANT:
	case REFUSE:
		return world.csme.state.ownership == OWNERSHIP_C_ASKED;
	case AMT_ON:
		return !world.csme.state.amt;
	case AMT_OFF:
		return world.csme.state.amt;
	default:
		return true;
	}
}

const char *world_do(enum action action)
{
	const struct sap_host_state *s = &world.host.state;
	bool asking = s->ownership == OWNERSHIP_H_ASKING;
	bool reask = s->reask_at <= world.now && s->wanted;
	bool called = false;
	const char *complaint;

	if (!world_is_free(action))
		world.budget[action]--;
	if (action == CLOCK)
		clock_goes();
	else if (action == CUT)
		sap_loopback_cut(&world.loop);
	else if (action == HOST_OWN)
		called = sap_host_own(&world.host, world.now) == SAP_OK;
	host_acts(action);
	csme_acts(action);
	complaint = watch_events(asking, called, reask);
	if (!complaint)
		complaint = watch_owners();
	/* Nothing waits there, since all events were fetched: so equal states are equal bytes. */
	memset(world.host.state.link.bounce, 0, sizeof(world.host.state.link.bounce));
	memset(world.csme.state.link.bounce, 0, sizeof(world.csme.state.link.bounce));
	return complaint;
}

/* --- the start --- */

static void host_config(struct sap_host_config *config, const struct scenario *scenario)
{
	sap_host_config_default(config);
	config->link.layouts[0] = &layout;
	config->link.layouts[1] = NULL;
	config->link.map_tries = 2;
	config->link.map_ms = 10;
	config->link.throttle_ms = scenario->throttle_ms;
	config->link.owed_ms = 10;
	config->start_ms = 30;
	config->ask_ms = 20;
	config->reask_ms = 40;
	config->drain_ms = 10;
	config->drain_tries = 2;
}

static void csme_config(struct sap_csme_config *config, const struct scenario *scenario)
{
	sap_csme_config_default(config);
	config->link.layouts[0] = &layout;
	config->link.layouts[1] = NULL;
	config->link.throttle_ms = scenario->throttle_ms;
	config->link.owed_ms = 10;
	config->take_ms = 30;
	config->loss_ms = 30;
	config->link_ms = 30;
	config->keep_ms = scenario->keep_ms;
}

static bool make(const struct scenario *scenario)
{
	const uint32_t rooms[SAP_QUEUES] = {scenario->host_room, 9, scenario->csme_room, 9};
	struct sap_loopback_config loop;
	struct sap_host_config host;
	struct sap_csme_config csme;

	memset(&world, 0, sizeof(world));
	world.now = START;
	sap_loopback_config_default(&loop);
	host_config(&host, scenario);
	csme_config(&csme, scenario);
	loop.memory = world.memory;
	loop.memory_size = sizeof(world.memory);
	sim_nic_init(&world.nic, SAP_OWNER_HOST, 0);
	world.watch.csme_owner = SAP_OWNER_HOST;
	world.watch.host_owner = UNTAKEN;
	return sap_layout_make(&layout, SAP_PROTOCOL_4, rooms) == SAP_OK &&
	       layout.size <= sizeof(world.memory) &&
	       sap_loopback_init(&world.loop, sizeof(world.loop), &loop) == SAP_OK &&
	       sap_host_init(&world.host, sizeof(world.host), &host, START) == SAP_OK &&
	       sap_csme_init(&world.csme, sizeof(world.csme), &csme, START) == SAP_OK;
}

/* Lets happen what happens by itself, the driver last. */
static const char *settle(void)
{
	static const enum action order[] = {HOST_STEP, CSME_STEP, DEVICE_DOWN, HOST_START, CSME_START, CLOCK};
	const char *complaint = NULL;

	for (unsigned n = 0; n < MOST_STEPS && !complaint && !world_at_rest(); n++) {
		for (unsigned i = 0; i < sizeof(order) / sizeof(order[0]); i++) {
			uint64_t before = world_digest();

			if (!world_may(order[i]))
				continue;
			complaint = world_do(order[i]);
			if (complaint || world_digest() != before)
				break;
		}
	}
	return complaint ? complaint : world_at_rest() ? NULL : "it does not settle";
}

static const char *call(enum action action)
{
	const char *complaint;

	world.budget[action] = 1;
	complaint = world_do(action);
	return complaint ? complaint : settle();
}

bool world_begin(const struct scenario *scenario, const char **why)
{
	const char *complaint = NULL;

	if (!make(scenario)) {
		*why = "it cannot be made";
		return false;
	}
	sap_csme_set_policy(&world.csme, SAP_POLICY_GRANT);
	if (!scenario->amt_off) {
		world.budget[AMT_ON] = 1;
		complaint = world_do(AMT_ON);
	}
	world.budget[DRIVER_UP] = 1;
	if (!complaint)
		complaint = world_do(DRIVER_UP);
	if (!complaint && !scenario->down)
		complaint = settle();
	if (!complaint && scenario->owner)
		complaint = call(HOST_OWN);
	if (!complaint && scenario->owner)
		complaint = call(DEVICE_UP);
	sap_csme_set_policy(&world.csme, scenario->policy);
	world.watch.reasks = scenario->reasks;
	memcpy(world.budget, scenario->budget, sizeof(world.budget));
	*why = complaint;
	return !complaint;
}

void world_tap(void (*see)(void *self, const struct sap_seen *seen))
{
	/* Of each message the host's engine sees its one end: that is enough to tell the story. */
	world.host.config.link.tap.see = see;
}
