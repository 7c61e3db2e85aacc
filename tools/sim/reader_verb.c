// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
/* Which command a line is. */
#include <stdio.h>
#include <string.h>

#include "../sap/suggest.h"
#include "reader.h"

static bool is_one_side(uint32_t roles)
{
	return roles == SIM_ROLE_HOST || roles == SIM_ROLE_CSME;
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
		if ((uint32_t)sim_verb_at(i)->role != role)
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
	const char *word = sim_role_word((enum sim_role)role);
	const char *near;
	char typed[96];

	if (at >= r->count)
		return reader_fail(r, r->end,
				   "what is the %s to do? Its commands: `sap demo --help` and docs/script.md",
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
	return is_one_side(r->roles) ? r->roles : SIM_ROLE_WORLD;
}

bool reader_verb(struct reader *r)
{
	uint32_t role = take_role(r);

	if (!(role & r->roles))
		return reader_fail(r, 1, "'%s' is not for this program, which takes commands of %s",
				   r->token[0].text, r->roles == SIM_ROLE_HOST ? "the host" : "CSME");
	for (uint32_t i = 0; sim_verb_at(i); i++) {
		const struct sim_verb *verb = sim_verb_at(i);
		uint32_t n = (uint32_t)verb->role == role ? matches(r, r->at, verb->words) : 0;

		if (n) {
			r->command->verb = verb;
			r->at += n;
			return true;
		}
	}
	return unknown(r, role, r->at);
}
