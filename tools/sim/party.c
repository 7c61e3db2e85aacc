// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
#include "party.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "fault.h"
#include "roles.h"
#include "told.h"

static bool is_host(const struct sim_party *party)
{
	return party->side == SIM_HOST;
}

bool sim_party_lane_is_open(const struct sim_party *party)
{
	return party->lane.open;
}

bool sim_party_gave_up(const struct sim_party *party)
{
	return is_host(party) ? party->driver.gave_up : party->firmware.gave_up;
}

const struct sap_area *sim_party_area(const struct sim_party *party)
{
	return is_host(party) ? sap_host_area(&party->host) : sap_csme_area(&party->csme);
}

/* The register's answer comes from outside. */
static enum sap_status ask_at_door(void *self, uint64_t now)
{
	struct sim_party *party = self;
	enum sap_status status = party->site->door(party->site->self, now);

	sim_recorder_door(party->recorder, status);
	return status;
}

static struct sim_ground ground_of(struct sim_party *party)
{
	struct sim_site *site = party->site;

	return (struct sim_ground){.host = &party->host,
				   .nic = &site->nic,
				   .door = site->door ? ask_at_door : NULL,
				   .self = party};
}

/* --- what is written down --- */

/* Each call that something comes in by stands between these two. */
static void begin(struct sim_party *party, enum sim_record_kind kind, uint64_t now)
{
	sim_recorder_begin(party->recorder, &(struct sim_record){.kind = kind, .now = now});
}

static void end(struct sim_party *party, bool changed)
{
	sim_recorder_end(party->recorder, changed, SAP_OK);
}

void sim_party_record(struct sim_party *party, struct sim_recorder *recorder, const struct sim_recording *to)
{
	sim_recorder_start(recorder, &party->pump, to, &party->told);
	party->recorder = recorder;
}

void sim_party_recorded(struct sim_party *party)
{
	if (party->recorder)
		sim_recorder_stop(party->recorder);
	party->recorder = NULL;
}

/* --- telling --- */

static void tell(struct sim_party *party, struct sim_news *news, uint64_t now)
{
	party->told = sim_told(party->told, news, now);
	sim_site_tell(party->site, news, now);
}

static void tell_seen(struct sim_party *party, const struct sap_seen *seen)
{
	bool said = (seen->to == SAP_TO_CSME) == is_host(party);
	struct sim_news news = {.kind = said ? SIM_SAID : SIM_HEARD, .seen = *seen};

	tell(party, &news, seen->now);
}

static void see(void *self, const struct sap_seen *seen)
{
	tell_seen(self, seen);
}

/* A lane has no tap: the message is made once more around its frame. */
void sim_party_tell_packet(struct sim_party *party, enum sap_direction to, const struct sap_packet_info *info,
			   const uint8_t *frame, uint64_t now)
{
	size_t size = (size_t)SAP_HEADER_SIZE + SAP_CB_DATA_HEADER_SIZE + info->len;
	uint8_t *bytes = malloc(size);
	struct sap_message message;
	struct sap_seen seen = {.now = now, .to = to, .carrier = SAP_IN_DATA, .bytes = bytes};

	memset(&message, 0, sizeof(message));
	message.type = (uint16_t)info->type;
	message.seq = info->seq;
	if (info->type == SAP_CB_DATA_PACKET) {
		message.cb_data_packet.to_me_filt_status = info->to_me_filt_status;
		message.cb_data_packet.frame = (struct sap_view){frame, info->len};
	} else {
		message.data_packet.frame = (struct sap_view){frame, info->len};
	}
	if (bytes && sap_message_encode(&message, bytes, size, &seen.len) == SAP_OK)
		tell_seen(party, &seen);
	free(bytes);
}

/* --- events --- */

static bool hear_csme(struct sim_party *party, uint64_t now)
{
	struct sim_news news = {.kind = SIM_HAPPENED, .event = {.by = SIM_BY_CSME}};

	if (!sap_csme_next_event(&party->csme, &news.event.csme))
		return false;
	tell(party, &news, now);
	sim_firmware_hear(&party->firmware, &party->csme, &party->site->nic, &news.event.csme, now);
	return true;
}

/*
 * Where the NIC is only a picture, the host's word is all there is. That it drives what is not its own any
 * more was not its mistake: CSME took it without waiting.
 */
static void paint_owner(struct sim_party *party, const struct sap_host_event *event, uint64_t now)
{
	if (party->site->picture && event->type == SAP_HOST_OWNER)
		sim_nic_set_owner(&party->site->nic, event->owner, true, now);
}

static bool hear_host(struct sim_party *party, uint64_t now)
{
	struct sim_news news = {.kind = SIM_HAPPENED, .event = {.by = SIM_BY_HOST}};
	struct sim_ground ground = ground_of(party);

	if (!sap_host_next_event(&party->host, &news.event.host))
		return false;
	tell(party, &news, now);
	paint_owner(party, &news.event.host, now);
	sim_driver_hear(&party->driver, &ground, &news.event.host, now);
	return true;
}

uint32_t sim_party_hear(struct sim_party *party, uint64_t now)
{
	uint32_t events = 0;

	begin(party, SIM_RECORD_HEAR, now);
	while (is_host(party) ? hear_host(party, now) : hear_csme(party, now)) {
		sim_site_tell_changes(party->site, now);
		events++;
	}
	end(party, events != 0);
	return events;
}

/* --- what comes in --- */

static enum sap_status do_it(struct sim_party *party, const struct sim_command *command, uint64_t now)
{
	struct sim_ground ground = ground_of(party);
	enum sap_status status;

	if (is_host(party))
		status = sim_host_do(&party->driver, &ground, command, now);
	else
		status = sim_csme_do(&party->firmware, &party->csme, &party->site->nic, command, now);
	sim_site_tell_changes(party->site, now);
	return status;
}

enum sap_status sim_party_do(struct sim_party *party, const struct sim_command *command, uint64_t now)
{
	struct sim_record call = {.kind = SIM_RECORD_DO, .now = now};
	uint8_t content[SIM_MOST_CONTENT];
	struct sim_command loaded = *command;
	struct text text = {0};
	enum sap_status status;

	sim_command_load(&loaded, content);
	sim_command_write(&loaded, &text);
	call.text = text_of(&text);
	call.bytes = loaded.content.bytes;
	call.len = loaded.content.len;
	sim_recorder_begin(party->recorder, &call);
	status = do_it(party, &loaded, now);
	sim_recorder_end(party->recorder, true, status);
	text_free(&text);
	return status;
}

enum sap_status sim_party_packet(struct sim_party *party, const uint8_t *frame, uint32_t len, uint64_t now)
{
	struct sap_seq *seq = is_host(party) ? sap_host_seq(&party->host) : sap_csme_seq(&party->csme);
	struct sap_packet_info info = {.type = SAP_DATA_PACKET, .len = len};
	enum sap_status status;

	sim_recorder_begin(party->recorder, &(struct sim_record){.kind = SIM_RECORD_PACKET,
								 .now = now,
								 .bytes = frame,
								 .len = len});
	status = sap_packets_send(&party->lane, sim_party_area(party), seq, frame, len);
	if (status == SAP_OK) {
		info.seq = seq->last;
		sim_party_tell_packet(party, is_host(party) ? SAP_TO_CSME : SAP_TO_HOST, &info, frame, now);
	}
	sim_recorder_end(party->recorder, true, status);
	return status;
}

void sim_party_fault(struct sim_party *party, const struct sim_fault *fault, uint64_t now)
{
	struct sim_record call = {.kind = SIM_RECORD_FAULT, .now = now, .text = fault->name};

	sim_recorder_begin(party->recorder, &call);
	sim_faulty_tick(&party->faulty, now);
	if (fault->happen)
		fault->happen(party);
	end(party, fault->happen != NULL);
}

enum sap_status sim_party_door(struct sim_party *party, uint64_t now)
{
	struct sim_nic_event event = {.type = SIM_NIC_DOOR};
	enum sap_status status;

	begin(party, SIM_RECORD_KNOCK, now);
	status = sap_csme_register_request(&party->csme, now);
	event.on = status == SAP_OK;
	sim_site_tell_nic(party->site, &event, now);
	/* CSME lets go before the host touches: the register says so only then. */
	(void)sim_party_hear(party, now);
	sim_recorder_end(party->recorder, true, status);
	return status;
}

static uint64_t own_deadline(const struct sim_party *party)
{
	return is_host(party) ? sim_driver_deadline(&party->driver)
			      : sim_firmware_deadline(&party->firmware, &party->csme);
}

void sim_party_tick(struct sim_party *party, uint64_t now)
{
	struct sim_ground ground = ground_of(party);
	bool due = own_deadline(party) <= now;

	begin(party, SIM_RECORD_TICK, now);
	sim_faulty_tick(&party->faulty, now);
	if (is_host(party))
		sim_driver_tick(&party->driver, &ground, now);
	else
		sim_firmware_tick(&party->firmware, &party->csme, &party->site->nic, now);
	sim_site_tell_changes(party->site, now);
	end(party, due);
}

void sim_party_retry(struct sim_party *party, uint64_t now)
{
	begin(party, SIM_RECORD_RETRY, now);
	sap_pump_retry(&party->pump, now);
	end(party, true);
}

void sim_party_pump(struct sim_party *party, uint64_t now)
{
	begin(party, SIM_RECORD_PUMP, now);
	/* It can refuse nothing but a pump that is none. */
	(void)!sap_pump_run(&party->pump, now);
	end(party, true);
}

void sim_party_pull(struct sim_party *party, uint64_t now)
{
	enum sap_direction to = is_host(party) ? SAP_TO_HOST : SAP_TO_CSME;
	uint32_t taken = party->lane.in.counters.taken;
	struct sap_packet_info info;
	uint8_t frame[2048];

	if (party->packets_are_taken)
		return;
	begin(party, SIM_RECORD_PULL, now);
	while (sap_packets_recv(&party->lane, sim_party_area(party), frame, sizeof(frame), &info) == SAP_OK)
		sim_party_tell_packet(party, to, &info, frame, now);
	end(party, party->lane.in.counters.taken != taken);
}

uint32_t sim_party_turn(struct sim_party *party, uint64_t now)
{
	uint32_t events;

	begin(party, SIM_RECORD_TURN, now);
	sim_party_tick(party, now);
	events = sim_party_hear(party, now);
	sim_party_pump(party, now);
	events += sim_party_hear(party, now);
	sim_party_pull(party, now);
	end(party, true);
	return events;
}

/* --- how it is --- */

static uint64_t sooner(uint64_t a, uint64_t b)
{
	return a < b ? a : b;
}

uint64_t sim_party_deadline(const struct sim_party *party)
{
	uint64_t at = sap_pump_deadline(&party->pump);

	at = sooner(at, sim_faulty_deadline(&party->faulty));
	return sooner(at, own_deadline(party));
}

void sim_party_pulse(const struct sim_party *party, struct sim_pulse *pulse)
{
	const struct sap_link_state *link =
		is_host(party) ? &party->host.state.link : &party->csme.state.link;

	memset(pulse, 0, sizeof(*pulse));
	pulse->counters = link->counters;
	pulse->phase = link->phase;
	pulse->flying = link->flying;
}

/* --- making --- */

/* A fresh engine, and who is around it. */
static enum sap_status make(struct sim_party *party, uint64_t now)
{
	memset(&party->lane, 0, sizeof(party->lane));
	if (is_host(party)) {
		sim_driver_init(&party->driver);
		party->driver.retry_ms = party->settings.retry_ms;
		party->driver.patience_ms = party->settings.patience_ms;
		party->driver.retry_most_ms = party->settings.retry_most_ms;
		return sap_host_init(&party->host, sizeof(party->host), &party->settings.host, now);
	}
	sim_firmware_init(&party->firmware);
	party->firmware.patience_ms = party->settings.patience_ms;
	party->firmware.rest_ms = party->settings.rest_ms;
	return sap_csme_init(&party->csme, sizeof(party->csme), &party->settings.csme, now);
}

enum sap_status sim_party_init(struct sim_party *party, enum sim_side side,
			       const struct sim_settings *settings, struct sim_site *site,
			       const struct sap_transport *transport, uint64_t now)
{
	struct sap_link_config *link;

	memset(party, 0, sizeof(*party));
	party->side = side;
	party->settings = *settings;
	party->told = SIM_TOLD_NOTHING;
	party->site = site;
	link = is_host(party) ? &party->settings.host.link : &party->settings.csme.link;
	link->tap = (struct sap_tap){see, party};
	link->lane = &party->lane;
	sim_faulty_init(&party->faulty, transport);
	party->pump.transport = sim_faulty_transport(&party->faulty);
	party->pump.lane = &party->lane;
	if (is_host(party))
		party->pump.host = &party->host;
	else
		party->pump.csme = &party->csme;
	return make(party, now);
}

void sim_party_kill(struct sim_party *party, uint64_t now)
{
	const struct sap_transport transport = party->pump.transport;
	const struct sap_transport inner = party->faulty.inner;

	begin(party, SIM_RECORD_KILL, now);
	(void)!transport.ops->disconnect(transport.self);
	(void)!transport.ops->unmap(transport.self);
	sim_faulty_init(&party->faulty, &inner);
	/* It could be made with these settings once. */
	(void)!make(party, now);
	sim_nic_touch(&party->site->nic, party->side, false, now);
	/* Without a CSME the NIC is the host's. */
	if (!is_host(party))
		sim_nic_set_owner(&party->site->nic, SAP_OWNER_HOST, false, now);
	sim_site_tell_changes(party->site, now);
	end(party, true);
}

void sim_party_restore(struct sim_party *party, const struct sim_party *from, void *base)
{
	struct sap_area *area = is_host(from) ? &party->host.area : &party->csme.area;
	struct sap_transport inner = party->faulty.inner;

	/* What is the case comes first; what it hangs on stays as it is here. */
	memcpy(party, from, offsetof(struct sim_party, settings));
	party->faulty.inner = inner;
	if (party->faulty.mem.base)
		party->faulty.mem.base = base;
	if (is_host(party))
		party->host.config = party->settings.host;
	else
		party->csme.config = party->settings.csme;
	if (area->base)
		area->base = base;
}

/* Bytes, padding too: the engines zero it, and everything else comes of the same assignments. */
static bool same(const void *a, const void *b, size_t size)
{
	return memcmp(a, b, size) == 0;
}

#define SAME(member) same(&party->member, &other->member, sizeof(party->member))

bool sim_party_is(const struct sim_party *party, const struct sim_party *other)
{
	if (party->side != other->side || !SAME(lane) ||
	    !same(&party->faulty, &other->faulty, offsetof(struct sim_faulty, inner)))
		return false;
	if (is_host(party))
		return SAME(host.state) && SAME(driver);
	return SAME(csme.state) && SAME(firmware);
}
