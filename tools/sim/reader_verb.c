// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
/* Which command a line is. */
#include <stdio.h>
#include <string.h>

#include "suggest.h"
#include "fault.h"
#include "reader.h"

/* Whether a command starts with that word of a role, or without one, may be that verb. */
static bool may_be(const struct reader *r, uint32_t role, const struct sim_verb *verb)
{
	bool bare = r->at == 0 && sim_role_alone(r->roles);

	return (uint32_t)verb->role == role || (bare && verb->role == SIM_ROLE_WORLD);
}

/* How many tokens, from `at`, are the words of that command; 0 if they are not. */
static uint32_t matches(const struct reader *r, uint32_t at, const char *words)
{
	uint32_t n = 0;

	while (*words) {
		size_t len = strcspn(words, " ");

		if (at + n >= r->count || strlen(r->token[at + n].text) != len ||
		    memcmp(r->token[at + n].text, words, len) != 0)
			return 0;
		n++;
		words += len;
		words += *words == ' ';
	}
	return n;
}

/* What somebody may have meant by one word, or by two; `typed` is which of them was near. */
static const char *nearest(const struct reader *r, uint32_t role, uint32_t at, char *typed, size_t size)
{
	const char *after = at + 1 < r->count ? r->token[at + 1].text : "";
	struct suggestion of_one, of_two;
	char two[96];

	snprintf(typed, size, "%.40s", r->token[at].text);
	snprintf(two, sizeof(two), "%.40s %.40s", r->token[at].text, after);
	suggest_start(&of_one, typed);
	suggest_start(&of_two, two);
	for (uint32_t side = SIM_ROLE_HOST; side <= SIM_ROLE_CSME && role == SIM_ROLE_WORLD; side <<= 1) {
		if (side & r->roles)
			suggest_offer(&of_one, sim_role_word((enum sim_role)side));
	}
	for (uint32_t i = 0; sim_verb_at(i) && (role & r->roles); i++) {
		if (!may_be(r, role, sim_verb_at(i)))
			continue;
		suggest_offer(&of_one, sim_verb_at(i)->words);
		if (*after && strchr(sim_verb_at(i)->words, ' '))
			suggest_offer(&of_two, sim_verb_at(i)->words);
	}
	if (!suggest_best(&of_two) || of_one.distance <= of_two.distance)
		return suggest_best(&of_one);
	snprintf(typed, size, "%s", two);
	return suggest_best(&of_two);
}

static bool unknown(struct reader *r, uint32_t role, uint32_t at)
{
	/* As it was typed: a program of one side needs no word for it. */
	const char *word = r->at ? sim_role_word((enum sim_role)role) : "";
	const char *near;
	char typed[96];

	if (at >= r->count)
		return reader_fail(r, r->end, "what is the %s to do? Its commands are in docs/script.md",
				   word);
	near = nearest(r, role, at, typed, sizeof(typed));
	if (near)
		return reader_fail(r, r->token[at].column,
				   "there is no command '%s%s%s'; did you mean '%s%s%s'?", word,
				   *word ? " " : "", typed, word, *word ? " " : "", near);
	return reader_fail(r, r->token[at].column, "there is no command '%s%s%s'", word, *word ? " " : "",
			   typed);
}

/* The role that a line is for, its word passed over. */
static uint32_t take_role(struct reader *r)
{
	for (uint32_t role = SIM_ROLE_HOST; role <= SIM_ROLE_CSME; role <<= 1) {
		if (strcmp(r->token[0].text, sim_role_word((enum sim_role)role)) == 0) {
			r->at = 1;
			return role;
		}
	}
	return sim_role_alone(r->roles) ? sim_role_alone(r->roles) : SIM_ROLE_WORLD;
}

const char *reader_who(const struct reader *r)
{
	return sim_role_alone(r->roles) == SIM_ROLE_HOST ? "the host" : "CSME";
}

bool reader_verb(struct reader *r)
{
	uint32_t role = take_role(r);

	if (!(role & r->roles))
		return reader_fail(r, r->token[0].column,
				   "'%s' is not for this program, which speaks for %s alone",
				   r->token[0].text, reader_who(r));
	for (uint32_t i = 0; sim_verb_at(i); i++) {
		const struct sim_verb *verb = sim_verb_at(i);
		uint32_t n = may_be(r, role, verb) ? matches(r, r->at, verb->words) : 0;

		if (n) {
			r->command->verb = verb;
			r->at += n;
			return true;
		}
	}
	return unknown(r, role, r->at);
}

bool reader_packet_side(struct reader *r)
{
	bool host = sim_role_alone(r->roles) == SIM_ROLE_HOST;
	const char *own = host ? "host" : "csme", *other = host ? "csme" : "host";

	if (!sim_role_alone(r->roles))
		return true;
	if (r->at < r->count && strcmp(r->token[r->at].text, other) == 0)
		return reader_fail(r, reader_here(r),
				   "the lane of '%s' is not this program's, which speaks for %s alone", other,
				   reader_who(r));
	if (r->at < r->count && strcmp(r->token[r->at].text, own) == 0)
		return true;
	r->command->arg[0] = (struct sim_value){.given = true,
						.column = reader_here(r),
						.number = host ? SIM_HOST : SIM_CSME,
						.text = own};
	return true;
}

bool reader_fault(struct reader *r)
{
	const struct sim_value *name = &r->command->arg[0];
	uint32_t alone = sim_role_alone(r->roles);

	return !alone || sim_fault_at((uint32_t)name->number)->roles & alone ||
	       reader_fail(r, name->column, "%s cannot cause '%s' by itself", reader_who(r), name->text);
}
