// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
#include "player.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "memory.h"
#include "fault.h"

enum {
	QUIET_MS = 250,	 /* nothing happened for so long: idle. Longer than the throttle of doorbells */
	IDLE_MS = 10000, /* to wait for that at most */
	TELLERS = 3,
};

void sim_player_init(struct sim_player *player, struct sim_stage stage, struct sim_timeline *timeline)
{
	*player = (struct sim_player){.stage = stage, .timeline = timeline};
}

void sim_player_forget(struct sim_player *player, uint32_t most)
{
	uint32_t count = player->timeline->count > most ? player->timeline->count / 2 : 0;

	sim_timeline_forget(player->timeline, count);
	for (int i = 0; i < TELLERS; i++)
		player->mark[i] = player->mark[i] > count ? player->mark[i] - count : 0;
}

/* --- the stage --- */

static uint64_t now(const struct sim_player *player)
{
	return player->stage.ops->now(player->stage.self);
}

static const struct sim_nic *nic_of(const struct sim_player *player)
{
	return player->stage.ops->nic(player->stage.self);
}

static bool run(struct sim_player *player, uint64_t ms, bool (*stop)(void *self), void *self)
{
	return player->stage.ops->run(player->stage.self, now(player) + ms, stop, self);
}

static void tell(struct sim_player *player, enum sim_entry_kind kind, uint32_t number, const char *actor,
		 const char *text)
{
	sim_timeline_tell(player->timeline, kind, now(player), nic_of(player), number, actor, text);
}

__attribute__((format(printf, 3, 4))) static bool fail(struct sim_player *player,
						       const struct sim_command *command, const char *format,
						       ...)
{
	char text[400];
	va_list args;

	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	player->failures++;
	tell(player, SIM_FAILURE, command->line, NULL, text);
	return false;
}

/* --- events that are expected --- */

/* What came before is not what the next expectations are about. */
static void mark_all(struct sim_player *player)
{
	for (int i = 0; i < TELLERS; i++)
		player->mark[i] = player->timeline->count;
}

static uint32_t teller_index(enum sim_teller by)
{
	return by == SIM_BY_HOST ? 0 : by == SIM_BY_CSME ? 1 : 2;
}

static bool fits(const struct sim_command *command, const struct sim_event *event)
{
	const struct sim_event_kind *kind = sim_event_kind(event);

	if (!kind || !(command->by & kind->by) || strcmp(kind->name, command->event) != 0)
		return false;
	for (uint32_t i = 0; i < command->conditions; i++) {
		const struct sim_condition *c = &command->condition[i];
		char text[SAP_SSID_SIZE + 1];
		struct sim_value value;

		if (!sim_event_value(event, c->key, &value, text) ||
		    !sim_value_equal(sim_key_arg(c->key)->kind, &value, &c->value))
			return false;
	}
	return true;
}

/* The first entry that fits, after those that were expected before; the number of entries if none does. */
static uint32_t find(const struct sim_player *player, const struct sim_command *command)
{
	const struct sim_timeline *timeline = player->timeline;

	for (uint32_t i = 0; i < timeline->count; i++) {
		const struct sim_entry *entry = &timeline->entries[i];

		if (entry->kind == SIM_EVENT && i >= player->mark[teller_index(entry->event.by)] &&
		    fits(command, &entry->event))
			return i;
	}
	return timeline->count;
}

struct search {
	const struct sim_player *player;
	const struct sim_command *command;
};

static bool is_found(void *self)
{
	const struct search *search = self;

	return find(search->player, search->command) < search->player->timeline->count;
}

/* The last thing that somebody told, for who wonders what came instead. */
static void last_told(const struct sim_player *player, uint32_t by, char *out, size_t size)
{
	for (uint32_t i = player->timeline->count; i > 0; i--) {
		const struct sim_entry *entry = &player->timeline->entries[i - 1];
		char text[320];

		if (entry->kind != SIM_EVENT || !(entry->event.by & by))
			continue;
		sim_event_write(&entry->event, text, sizeof(text));
		snprintf(out, size, "; the last that came was %s, at %llu ms%s", text,
			 (unsigned long long)entry->at,
			 i > player->mark[teller_index(entry->event.by)]
				 ? ""
				 : ", which was before the last command, or expected already");
		return;
	}
	snprintf(out, size, "; nothing came at all");
}

static void write_expected(const struct sim_command *command, char *out, size_t size)
{
	size_t used = (size_t)snprintf(out, size, "%s", command->event);

	for (uint32_t i = 0; i < command->conditions && used < size; i++) {
		const struct sim_arg *arg = sim_key_arg(command->condition[i].key);
		char text[4 * SAP_SSID_SIZE + 1];

		sim_value_write(arg, &command->condition[i].value, text, sizeof(text));
		used += (size_t)snprintf(out + used, size - used, " %s=%s", arg->name, text);
	}
}

/* The event is a step of a story: the step stands before it, and what comes after it moves. */
static void caption(struct sim_player *player, const struct sim_command *command, uint32_t at)
{
	if (!command->as[0].given)
		return;
	sim_timeline_caption(player->timeline, at, (uint32_t)command->as[0].number, command->as[1].text,
			     command->as[2].text);
	for (int i = 0; i < TELLERS; i++)
		player->mark[i] += player->mark[i] > at;
}

static bool expect(struct sim_player *player, const struct sim_command *command)
{
	struct search search = {player, command};
	char wanted[160], last[460];
	uint32_t at;

	run(player, command->within, is_found, &search);
	at = find(player, command);
	if (at < player->timeline->count) {
		player->mark[teller_index(player->timeline->entries[at].event.by)] = at + 1;
		caption(player, command, at);
		return true;
	}
	write_expected(command, wanted, sizeof(wanted));
	last_told(player, command->by, last, sizeof(last));
	return fail(player, command, "%s did not come within %llu ms%s", wanted,
		    (unsigned long long)command->within, last);
}

static bool expect_not(struct sim_player *player, const struct sim_command *command)
{
	struct sim_player from_now = *player;
	struct search search = {&from_now, command};
	char wanted[160];

	mark_all(&from_now);
	if (!run(player, command->within, is_found, &search))
		return true;
	write_expected(command, wanted, sizeof(wanted));
	return fail(player, command, "%s came, and should not", wanted);
}

static bool is_owner(void *self)
{
	const struct search *search = self;

	return (uint64_t)nic_of(search->player)->owner == search->command->arg[0].number;
}

static const char *owner_word(enum sap_owner owner)
{
	return owner == SAP_OWNER_CSME ? "CSME" : owner == SAP_OWNER_HOST ? "the host" : "unknown";
}

static bool expect_owner(struct sim_player *player, const struct sim_command *command)
{
	struct search search = {player, command};

	if (run(player, command->within, is_owner, &search))
		return true;
	return fail(player, command, "the NIC's owner is %s, not %s", owner_word(nic_of(player)->owner),
		    owner_word((enum sap_owner)command->arg[0].number));
}

static bool expect_no_overlap(struct sim_player *player, const struct sim_command *command)
{
	const struct sim_nic *nic = nic_of(player);

	player->stage.ops->settle(player->stage.self);
	if (nic->overlap)
		return fail(player, command, "who does not own the NIC has driven it since %llu ms",
			    (unsigned long long)nic->overlap_since);
	if (nic->unexcused)
		return fail(player, command, "%u alarms without an excuse", (unsigned int)nic->unexcused);
	return true;
}

/* --- time --- */

/* It was quiet before, perhaps; what was just asked for has yet to happen. */
static uint64_t quiet_at(const struct sim_player *player, uint64_t from)
{
	uint64_t heard = player->stage.ops->heard_at(player->stage.self);

	return (heard > from ? heard : from) + QUIET_MS;
}

static const char *over(const struct sim_player *player)
{
	return player->stage.ops->over(player->stage.self);
}

static bool wait_idle(struct sim_player *player, const struct sim_command *command)
{
	uint64_t from = now(player);

	while (now(player) < quiet_at(player, from) && !over(player)) {
		if (now(player) >= from + IDLE_MS)
			return fail(player, command, "it did not get quiet within %d s", IDLE_MS / 1000);
		run(player, quiet_at(player, from) - now(player), NULL, NULL);
	}
	return true;
}

static bool wait_time(struct sim_player *player, const struct sim_command *command)
{
	if (command->arg[0].number == SIM_NEVER)
		return fail(player, command, "that would take for ever");
	run(player, command->arg[0].number, NULL, NULL);
	return true;
}

/* --- the rest --- */

static bool answered(struct sim_player *player, const struct sim_command *command, enum sap_status status)
{
	if (status == command->wanted)
		return true;
	return fail(player, command, "%s %s: the answer is %s (%s), not %s",
		    sim_role_word(command->verb->role), command->verb->words, sap_status_name(status),
		    sap_strerror(status), sap_status_name(command->wanted));
}

static bool send_packet(struct sim_player *player, const struct sim_command *command)
{
	uint32_t len = (uint32_t)command->arg[1].number;
	uint8_t *frame = memory_zeroed(len, 1);
	enum sap_status status;

	sim_value_bytes(&command->arg[1], frame);
	status = player->stage.ops->packet(player->stage.self, (enum sim_side)command->arg[0].number, frame,
					   len);
	free(frame);
	return answered(player, command, status);
}

static void go_wrong(struct sim_player *player, const struct sim_command *command)
{
	const struct sim_fault *fault = sim_fault_at((uint32_t)command->arg[0].number);

	tell(player, SIM_WRONG, 0, fault->name, fault->meaning);
	player->stage.ops->fault(player->stage.self, fault);
}

static bool do_world(struct sim_player *player, const struct sim_command *command)
{
	const struct sim_value *arg = command->arg;

	switch (command->verb->id) {
	case SIM_WAIT:
		return wait_time(player, command);
	case SIM_WAIT_IDLE:
		return wait_idle(player, command);
	case SIM_EXPECT:
		return expect(player, command);
	case SIM_EXPECT_NOT:
		return expect_not(player, command);
	case SIM_EXPECT_OWNER:
		return expect_owner(player, command);
	case SIM_EXPECT_NO_OVERLAP:
		return expect_no_overlap(player, command);
	case SIM_FAULT:
		mark_all(player);
		go_wrong(player, command);
		return true;
	case SIM_PACKET:
		mark_all(player);
		return send_packet(player, command);
	case SIM_STEP:
		tell(player, SIM_STORY, (uint32_t)arg[0].number, arg[1].text, arg[2].text);
		return true;
	case SIM_QUIT:
		player->quit = true;
		return true;
	default:
		tell(player, SIM_REMARK, 0, NULL, arg[0].text);
		return true;
	}
}

bool sim_player_do(struct sim_player *player, const struct sim_command *command)
{
	if (command->verb->role == SIM_ROLE_WORLD)
		return do_world(player, command) &&
		       (!over(player) || fail(player, command, "%s", over(player)));
	mark_all(player);
	return answered(player, command, player->stage.ops->command(player->stage.self, command));
}

bool sim_player_play(struct sim_player *player, const struct sim_script *script)
{
	bool held = true;

	for (uint32_t i = 0; held && !player->quit && i < script->count; i++)
		held = sim_player_do(player, &script->commands[i]);
	player->stage.ops->settle(player->stage.self);
	return held;
}
