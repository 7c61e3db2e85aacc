// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
#include "replay.h"

#include <stdio.h>
#include <string.h>

#include "fault.h"

struct sim_origin sim_origin_of(const struct sim_party *party)
{
	const struct sap_link_state *link =
		party->side == SIM_HOST ? &party->host.state.link : &party->csme.state.link;

	return (struct sim_origin){.side = party->side,
				   .settings = party->settings,
				   .door = party->site->door != NULL,
				   .now = link->now};
}

static enum sap_status door(void *self, uint64_t now)
{
	struct sim_replay *replay = self;

	(void)now;
	return sim_replayer_door(&replay->replayer);
}

/* --- below the replayer there is nothing --- */

static enum sap_status no_map(void *self, uint32_t size, struct sap_mem *mem)
{
	(void)self, (void)size, (void)mem;
	return SAP_UNSUPPORTED;
}

static enum sap_status no_send(void *self, const void *message, size_t len)
{
	(void)self, (void)message, (void)len;
	return SAP_CLOSED;
}

static enum sap_status no_recv(void *self, void *message, size_t cap, size_t *len)
{
	(void)self, (void)message, (void)cap, (void)len;
	return SAP_CLOSED;
}

static enum sap_status no_connect(void *self)
{
	(void)self;
	return SAP_UNSUPPORTED;
}

static enum sap_status no_more(void *self)
{
	(void)self;
	return SAP_OK;
}

static const struct sap_transport_ops nothing = {
	.map = no_map,
	.connect = no_connect,
	.send = no_send,
	.recv = no_recv,
	.disconnect = no_more,
	.unmap = no_more,
};

/* --- making --- */

enum sap_status sim_replay_init(struct sim_replay *replay, const struct sim_origin *origin,
				const struct sim_log *log, const struct sim_listener *listener)
{
	static const struct sap_transport none = {&nothing, NULL};
	enum sap_status status;

	memset(replay, 0, sizeof(*replay));
	/* Of the NIC there is only what this side knows, as in a process of its own. */
	sim_site_init(&replay->site, origin->side == SIM_HOST ? SAP_OWNER_UNKNOWN : SAP_OWNER_HOST,
		      origin->settings.power_up_ms);
	replay->site.picture = true;
	if (listener)
		replay->site.listener = *listener;
	if (origin->door)
		replay->site.door = door;
	replay->site.self = replay;
	replay->now = origin->now;
	status = sim_party_init(&replay->party, origin->side, &origin->settings, &replay->site, &none,
				origin->now);
	if (status == SAP_OK)
		sim_replayer_init(&replay->replayer, &replay->party.pump, log, &replay->party.told);
	return status;
}

/* --- calls --- */

static enum sap_status do_command(struct sim_replay *replay, const struct sim_record *record)
{
	bool host = replay->party.side == SIM_HOST;
	struct sim_command command;
	struct sim_error error;
	char why[SIM_WHY + 60];
	enum sap_status status = SAP_INVALID;

	if (!sim_command_read(record->text, record->line, host ? SIM_ROLE_HOST : SIM_ROLE_CSME, &command,
			      &error)) {
		snprintf(why, sizeof(why), "the command, column %u: %s", (unsigned int)error.column,
			 error.why);
		sim_replayer_refuse(&replay->replayer, why);
	} else if (!command.verb) {
		sim_replayer_refuse(&replay->replayer, "there is no command in it");
	} else {
		/* No file is read here: what was in it stands in the log, if it could be read. */
		command.content.bytes = record->bytes ? record->bytes : (const uint8_t *)"";
		command.content.len = record->len;
		status = sim_party_do(&replay->party, &command, record->now);
	}
	sim_command_free(&command);
	return status;
}

static enum sap_status knock(struct sim_replay *replay, uint64_t now)
{
	if (replay->party.side == SIM_CSME)
		return sim_party_door(&replay->party, now);
	sim_replayer_refuse(&replay->replayer, "nobody knocks at the host's side");
	return SAP_INVALID;
}

/* What goes wrong with the transport has no effect here: the log has what came of it. */
static enum sap_status go_wrong(struct sim_replay *replay, const struct sim_record *record)
{
	uint32_t role = replay->party.side == SIM_HOST ? SIM_ROLE_HOST : SIM_ROLE_CSME;

	for (uint32_t i = 0; sim_fault_at(i); i++) {
		const struct sim_fault *fault = sim_fault_at(i);

		if (strcmp(fault->name, record->text) == 0 && (fault->roles & role) && fault->happen) {
			sim_party_fault(&replay->party, fault, record->now);
			return SAP_OK;
		}
	}
	sim_replayer_refuse(&replay->replayer, "there is no such fault of that side");
	return SAP_INVALID;
}

static enum sap_status call(struct sim_replay *replay, const struct sim_record *record)
{
	struct sim_party *party = &replay->party;
	uint64_t now = record->now;

	switch (record->kind) {
	case SIM_RECORD_TURN:
		(void)sim_party_turn(party, now);
		return SAP_OK;
	case SIM_RECORD_TICK:
		sim_party_tick(party, now);
		return SAP_OK;
	case SIM_RECORD_RETRY:
		sim_party_retry(party, now);
		return SAP_OK;
	case SIM_RECORD_PUMP:
		sim_party_pump(party, now);
		return SAP_OK;
	case SIM_RECORD_HEAR:
		(void)sim_party_hear(party, now);
		return SAP_OK;
	case SIM_RECORD_PULL:
		sim_party_pull(party, now);
		return SAP_OK;
	case SIM_RECORD_DO:
		return do_command(replay, record);
	case SIM_RECORD_FAULT:
		return go_wrong(replay, record);
	case SIM_RECORD_PACKET:
		return sim_party_packet(party, record->bytes, record->len, now);
	case SIM_RECORD_KNOCK:
		return knock(replay, now);
	default: /* SIM_RECORD_KILL: no other is given out */
		sim_party_kill(party, now);
		return SAP_OK;
	}
}

bool sim_replay_step(struct sim_replay *replay)
{
	const struct sim_record *record = sim_replayer_next(&replay->replayer);

	if (!record)
		return false;
	replay->now = record->now;
	sim_replayer_done(&replay->replayer, call(replay, record));
	return true;
}

void sim_replay_free(struct sim_replay *replay)
{
	sim_replayer_free(&replay->replayer);
}
