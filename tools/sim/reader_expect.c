// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
/* What is expected: an event, conditions on it, and until when. */
#include <stdio.h>
#include <string.h>

#include "suggest.h"
#include "reader.h"

static bool is_kind(const struct sim_command *command, const struct sim_event_kind *kind)
{
	return (command->by & kind->by) && strcmp(kind->name, command->event) == 0;
}

/* Who may tell what this program hears. */
static uint32_t tellers(const struct reader *r)
{
	uint32_t by = SIM_BY_NIC;

	by |= r->roles & SIM_ROLE_HOST ? SIM_BY_HOST : 0;
	return by | (r->roles & SIM_ROLE_CSME ? SIM_BY_CSME : 0);
}

static bool take_teller(struct reader *r)
{
	static const char *const words[] = {"host", "csme", "nic"};

	r->command->by = tellers(r);
	for (uint32_t i = 0; i < 3 && r->at < r->count; i++) {
		if (strcmp(r->token[r->at].text, words[i]) != 0)
			continue;
		if (!(tellers(r) & 1u << i))
			return reader_fail(r, reader_here(r),
					   "this program hears nothing of '%s': it speaks for %s alone",
					   words[i], reader_who(r));
		r->command->by = 1u << i;
		r->at++;
		return true;
	}
	return true;
}

static bool read_event(struct reader *r)
{
	struct suggestion best;

	if (!take_teller(r))
		return false;
	if (r->at >= r->count)
		return reader_fail(r, r->end, "which event is expected? For example OWN_DONE");
	r->command->event = r->token[r->at].text;
	suggest_start(&best, r->command->event);
	for (uint32_t i = 0; sim_event_kind_at(i); i++) {
		const struct sim_event_kind *kind = sim_event_kind_at(i);

		if (!(kind->by & r->command->by))
			continue;
		if (is_kind(r->command, kind)) {
			r->at++;
			return true;
		}
		suggest_offer(&best, kind->name);
	}
	if (suggest_best(&best))
		return reader_fail(r, reader_here(r), "there is no event '%.40s'; did you mean '%s'?",
				   r->command->event, suggest_best(&best));
	return reader_fail(r, reader_here(r), "there is no event '%.40s'%s", r->command->event,
			   sim_role_alone(r->roles) ? " that this side tells" : "");
}

/* A key that an event of that name has, by its name. */
static enum sim_key find_key(const struct reader *r, const char *name, size_t len, struct suggestion *best)
{
	for (uint32_t i = 0; sim_event_kind_at(i); i++) {
		const struct sim_event_kind *kind = sim_event_kind_at(i);

		for (int k = 0; is_kind(r->command, kind) && k < SIM_EVENT_KEYS && kind->keys[k]; k++) {
			const char *key = sim_key_arg(kind->keys[k])->name;

			if (strlen(key) == len && memcmp(key, name, len) == 0)
				return kind->keys[k];
			suggest_offer(best, key);
		}
	}
	return SIM_KEY_NONE;
}

static bool read_condition(struct reader *r)
{
	const struct token *token = &r->token[r->at];
	size_t len = strcspn(token->text, "=");
	struct sim_condition *condition = &r->command->condition[r->command->conditions];
	struct suggestion best;
	char typed[40];

	snprintf(typed, sizeof(typed), "%.*s", (int)(len < 32 ? len : 32), token->text);
	suggest_start(&best, typed);
	if (!token->text[len] || r->command->conditions == SIM_EVENT_KEYS)
		return reader_fail(r, token->column,
				   "'%.40s' is neither KEY=VALUE nor `within TIME` nor `as STEP`",
				   token->text);
	condition->key = find_key(r, token->text, len, &best);
	if (condition->key == SIM_KEY_NONE) {
		if (suggest_best(&best))
			return reader_fail(r, token->column, "%s has no '%s'; did you mean '%s'?",
					   r->command->event, typed, suggest_best(&best));
		return reader_fail(r, token->column, "%s has no '%s'", r->command->event, typed);
	}
	r->at++;
	r->command->conditions++;
	return reader_value(r, sim_key_arg(condition->key), token->text + len + 1,
			    token->column + (uint32_t)len + 1, &condition->value);
}

bool reader_within(struct reader *r)
{
	static const struct sim_arg arg = {.name = "within", .kind = SIM_KIND_TIME};
	struct sim_value value = {.given = false};

	r->at++;
	if (r->at >= r->count)
		return reader_fail(r, r->end, "within takes a time such as 100ms or 3s");
	if (!reader_value(r, &arg, r->token[r->at].text, r->token[r->at].column, &value))
		return false;
	if (value.number == SIM_NEVER)
		return reader_fail(r, reader_here(r), "within takes a time that ends");
	r->command->within = value.number;
	r->at++;
	return true;
}

/* `as 14 CSME "grants"`: the rest of the line. */
static bool read_as(struct reader *r)
{
	static const struct sim_arg args[] = {{.name = "number", .kind = SIM_KIND_NUMBER},
					      {.name = "actor", .kind = SIM_KIND_TEXT},
					      {.name = "text", .kind = SIM_KIND_TEXT}};

	r->at++;
	for (int i = 0; i < 3; i++) {
		if (r->at >= r->count)
			return reader_fail(r, r->end, "as takes a number, an actor and a text");
		if (!reader_value(r, &args[i], r->token[r->at].text, r->token[r->at].column,
				  &r->command->as[i]))
			return false;
		r->at++;
	}
	return r->at == r->count ||
	       reader_fail(r, reader_here(r), "'%.40s' is too much", r->token[r->at].text);
}

bool reader_expect(struct reader *r)
{
	if (!read_event(r))
		return false;
	while (r->at < r->count) {
		bool within = strcmp(r->token[r->at].text, "within") == 0;
		bool as = r->command->verb->id == SIM_EXPECT && strcmp(r->token[r->at].text, "as") == 0;

		if (!(within ? reader_within(r) : as ? read_as(r) : read_condition(r)))
			return false;
	}
	return true;
}
