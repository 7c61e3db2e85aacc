// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
#include "world.h"

#include <stdlib.h>
#include <string.h>

#include "value.h"

enum {
	POWER_UP_MS = 150,
	MOST_ROUNDS = 10000, /* at one instant; more is a bug that a test shall see, not wait for */
};

/* --- telling --- */

static void tell(struct sim_world *world, struct sim_news *news)
{
	news->now = world->now;
	news->nic = &world->nic;
	world->heard_at = world->now;
	if (world->listener.hear)
		world->listener.hear(world->listener.self, news);
}

static void tell_seen(struct sim_world *world, enum sim_side side, const struct sap_seen *seen)
{
	bool said = (seen->to == SAP_TO_CSME) == (side == SIM_HOST);
	struct sim_news news = {.kind = said ? SIM_SAID : SIM_HEARD, .seen = *seen};

	tell(world, &news);
}

static void see(void *self, const struct sap_seen *seen)
{
	const struct sim_tap *tap = self;

	tell_seen(tap->world, tap->side, seen);
}

static void tell_nic(struct sim_world *world, const struct sim_nic_event *event)
{
	struct sim_news news = {.kind = SIM_HAPPENED, .event = {.by = SIM_BY_NIC, .nic = *event}};

	tell(world, &news);
}

void sim_world_tell_changes(struct sim_world *world, const struct sim_nic *was)
{
	const struct sim_nic *is = &world->nic;

	for (int side = SIM_HOST; side <= SIM_CSME; side++) {
		if (is->touches[side] != was->touches[side])
			tell_nic(world, &(struct sim_nic_event){.type = SIM_NIC_DRIVES,
								.side = (enum sim_side)side,
								.on = is->touches[side]});
	}
	if (is->associated && !was->associated)
		tell_nic(world,
			 &(struct sim_nic_event){.type = SIM_NIC_JOINED, .side = is->by, .bssid = is->bssid});
	if (is->overlap != was->overlap)
		tell_nic(world, &(struct sim_nic_event){.type = SIM_NIC_OVERLAP,
							.on = is->overlap,
							.excused = is->excused});
}

/* --- events --- */

static bool hear_csme(struct sim_world *world)
{
	struct sim_news news = {.kind = SIM_HAPPENED, .event = {.by = SIM_BY_CSME}};
	struct sim_nic was = world->nic;

	if (!sap_csme_next_event(&world->csme, &news.event.csme))
		return false;
	tell(world, &news);
	sim_firmware_hear(&world->firmware, &world->csme, &world->nic, &news.event.csme, world->now);
	sim_world_tell_changes(world, &was);
	return true;
}

static bool hear_host(struct sim_world *world)
{
	struct sim_news news = {.kind = SIM_HAPPENED, .event = {.by = SIM_BY_HOST}};
	struct sim_ground ground = sim_world_ground(world);
	struct sim_nic was = world->nic;

	if (!sap_host_next_event(&world->host, &news.event.host))
		return false;
	tell(world, &news);
	sim_driver_hear(&world->driver, &ground, &news.event.host, world->now);
	sim_world_tell_changes(world, &was);
	return true;
}

static enum sap_status door(void *self, uint64_t now)
{
	struct sim_world *world = self;
	struct sim_nic_event event = {.type = SIM_NIC_DOOR};
	enum sap_status status = sap_csme_register_request(&world->csme, now);

	event.on = status == SAP_OK;
	tell_nic(world, &event);
	/* CSME lets go before the host touches: the register says so only then. */
	while (hear_csme(world))
		;
	return status;
}

struct sim_ground sim_world_ground(struct sim_world *world)
{
	return (struct sim_ground){.host = &world->host, .nic = &world->nic, .door = door, .self = world};
}

/* --- packets --- */

/* A lane has no tap: the message is made once more around its frame. */
static void tell_packet(struct sim_world *world, enum sim_side by, enum sim_side from,
			const struct sap_packet_info *info, const uint8_t *frame)
{
	uint8_t *bytes = malloc((size_t)SAP_HEADER_SIZE + SAP_CB_DATA_HEADER_SIZE + info->len);
	struct sap_message message;
	struct sap_seen seen = {.now = world->now,
				.to = from == SIM_HOST ? SAP_TO_CSME : SAP_TO_HOST,
				.carrier = SAP_IN_DATA,
				.bytes = bytes};

	memset(&message, 0, sizeof(message));
	message.type = (uint16_t)info->type;
	message.seq = info->seq;
	if (info->type == SAP_CB_DATA_PACKET) {
		message.cb_data_packet.to_me_filt_status = info->to_me_filt_status;
		message.cb_data_packet.frame = (struct sap_view){frame, info->len};
	} else {
		message.data_packet.frame = (struct sap_view){frame, info->len};
	}
	if (bytes &&
	    sap_message_encode(&message, bytes, (size_t)SAP_HEADER_SIZE + SAP_CB_DATA_HEADER_SIZE + info->len,
			       &seen.len) == SAP_OK)
		tell_seen(world, by, &seen);
	free(bytes);
}

static const struct sap_area *area_of(struct sim_world *world, enum sim_side side)
{
	return side == SIM_HOST ? sap_host_area(&world->host) : sap_csme_area(&world->csme);
}

static void pull_packets(struct sim_world *world, enum sim_side side)
{
	uint8_t frame[2048];
	struct sap_packet_info info;

	while (sap_packets_recv(&world->lane[side], area_of(world, side), frame, sizeof(frame), &info) ==
	       SAP_OK)
		tell_packet(world, side, side == SIM_HOST ? SIM_CSME : SIM_HOST, &info, frame);
}

enum sap_status sim_world_packet(struct sim_world *world, enum sim_side side, const uint8_t *frame,
				 uint32_t len)
{
	struct sap_seq *seq = side == SIM_HOST ? sap_host_seq(&world->host) : sap_csme_seq(&world->csme);
	struct sap_packet_info info = {.type = SAP_DATA_PACKET, .len = len};
	enum sap_status status = sap_packets_send(&world->lane[side], area_of(world, side), seq, frame, len);

	if (status == SAP_OK) {
		info.seq = seq->last;
		tell_packet(world, side, side, &info, frame);
	}
	return status;
}

/* --- time --- */

/* Everything by which one sees that an instant is not over yet. */
struct pulse {
	struct sap_link_counters counters[2];
	struct sap_loopback_counters loop[2];
	uint32_t phases[2];
	uint32_t flying[2];
	uint32_t events;
};

static void feel(const struct sim_world *world, uint32_t events, struct pulse *pulse)
{
	memset(pulse, 0, sizeof(*pulse));
	pulse->counters[SIM_HOST] = *sap_host_counters(&world->host);
	pulse->counters[SIM_CSME] = *sap_csme_counters(&world->csme);
	memcpy(pulse->loop, world->loop.state.counters, sizeof(pulse->loop));
	pulse->phases[SIM_HOST] = world->host.state.link.phase;
	pulse->phases[SIM_CSME] = world->csme.state.link.phase;
	pulse->flying[SIM_HOST] = world->host.state.link.flying;
	pulse->flying[SIM_CSME] = world->csme.state.link.flying;
	pulse->events = events;
}

static uint32_t hear(struct sim_world *world)
{
	uint32_t events = 0;

	while (hear_csme(world))
		events++;
	while (hear_host(world))
		events++;
	return events;
}

/* Each side once, CSME's events first: what it gives away it lets go of before the host touches it. */
static uint32_t turn(struct sim_world *world)
{
	struct sim_ground ground = sim_world_ground(world);
	struct sim_nic was = world->nic;
	uint32_t events;

	sim_driver_tick(&world->driver, &ground, world->now);
	sim_firmware_tick(&world->firmware, &world->csme, &world->nic, world->now);
	sim_world_tell_changes(world, &was);
	events = hear(world);
	for (int side = SIM_HOST; side <= SIM_CSME; side++) {
		/* It can refuse nothing but a pump that is none. */
		(void)!sap_pump_run(&world->pump[side], world->now);
		events += hear(world);
		pull_packets(world, (enum sim_side)side);
	}
	return events;
}

void sim_world_settle(struct sim_world *world)
{
	struct pulse before, after;

	feel(world, 0, &after);
	for (uint32_t i = 0; i < MOST_ROUNDS; i++) {
		before = after;
		before.events = 0;
		feel(world, turn(world), &after);
		if (memcmp(&before, &after, sizeof(before)) == 0)
			return;
	}
	world->stuck = true;
}

static uint64_t sooner(uint64_t a, uint64_t b)
{
	return a < b ? a : b;
}

static bool is_delayed(const struct sim_world *world)
{
	for (int side = SIM_HOST; side <= SIM_CSME; side++) {
		const struct sap_loopback_lane *lane = &world->loop.state.to[side];

		for (uint32_t i = 0; i < lane->count; i++) {
			if (lane->message[i].steps)
				return true;
		}
	}
	return false;
}

static uint64_t next_instant(const struct sim_world *world)
{
	uint64_t at = sooner(sim_driver_deadline(&world->driver), sim_firmware_deadline(&world->firmware));

	at = sooner(at, sap_pump_deadline(&world->pump[SIM_HOST]));
	at = sooner(at, sap_pump_deadline(&world->pump[SIM_CSME]));
	/* A step of the loopback is a millisecond here; and what is overdue now is so in a millisecond. */
	if (is_delayed(world) || at <= world->now)
		at = world->now + 1;
	return at;
}

static void move_clock(struct sim_world *world, uint64_t at)
{
	if (is_delayed(world))
		sap_loopback_step(&world->loop);
	world->now = at;
}

bool sim_world_run(struct sim_world *world, uint64_t until, bool (*stop)(void *self), void *self)
{
	for (;;) {
		uint64_t at;

		sim_world_settle(world);
		if (stop && stop(self))
			return true;
		if (world->now >= until || world->stuck)
			return false;
		at = next_instant(world);
		move_clock(world, sooner(at, until));
	}
}

/* --- making --- */

void sim_settings_default(struct sim_settings *settings)
{
	memset(settings, 0, sizeof(*settings));
	sap_host_config_default(&settings->host);
	sap_csme_config_default(&settings->csme);
	settings->power_up_ms = POWER_UP_MS;
}

void sim_world_bind(struct sim_world *world)
{
	for (int side = SIM_HOST; side <= SIM_CSME; side++) {
		struct sap_link_config *link =
			side == SIM_HOST ? &world->settings.host.link : &world->settings.csme.link;

		world->tap[side] = (struct sim_tap){world, (enum sim_side)side};
		link->tap = (struct sap_tap){see, &world->tap[side]};
		link->lane = &world->lane[side];
		world->pump[side].transport =
			sap_loopback_transport(&world->loop, (enum sap_loopback_end)side);
		world->pump[side].lane = &world->lane[side];
	}
	world->pump[SIM_HOST].host = &world->host;
	world->pump[SIM_CSME].csme = &world->csme;
}

static bool make(struct sim_world *world)
{
	struct sap_loopback_config config;

	sap_loopback_config_default(&config);
	config.memory = world->area;
	config.memory_size = world->area_size;
	if (sap_loopback_init(&world->loop, sizeof(world->loop), &config) != SAP_OK)
		return false;
	sim_world_bind(world);
	sim_nic_init(&world->nic, SAP_OWNER_HOST, world->settings.power_up_ms);
	sim_driver_init(&world->driver);
	sim_firmware_init(&world->firmware);
	return sap_host_init(&world->host, sizeof(world->host), &world->settings.host, 0) == SAP_OK &&
	       sap_csme_init(&world->csme, sizeof(world->csme), &world->settings.csme, 0) == SAP_OK;
}

struct sim_world *sim_world_new(const struct sim_settings *settings, const struct sim_listener *listener)
{
	struct sim_world *world = calloc(1, sizeof(*world));

	if (!world)
		return NULL;
	world->settings = *settings;
	if (listener)
		world->listener = *listener;
	world->area_size = settings->host.link.layouts[0]->size;
	world->area = calloc(1, world->area_size);
	if (!world->area || !make(world)) {
		sim_world_free(world);
		return NULL;
	}
	return world;
}

void sim_world_free(struct sim_world *world)
{
	if (world)
		free(world->area);
	free(world);
}

void sim_world_kill_host(struct sim_world *world)
{
	const struct sap_transport *transport = &world->pump[SIM_HOST].transport;
	struct sim_nic was = world->nic;

	world->doorbells += sap_host_counters(&world->host)->doorbells;
	(void)!transport->ops->disconnect(transport->self);
	(void)!transport->ops->unmap(transport->self);
	memset(&world->lane[SIM_HOST], 0, sizeof(world->lane[SIM_HOST]));
	sim_driver_init(&world->driver);
	sim_nic_touch(&world->nic, SIM_HOST, false, world->now);
	(void)!sap_host_init(&world->host, sizeof(world->host), &world->settings.host, world->now);
	sim_world_tell_changes(world, &was);
}
