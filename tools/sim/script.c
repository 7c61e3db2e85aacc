// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
#include "script.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../sap/memory.h"
#include "../sap/suggest.h"
#include "words.h"

enum {
	MOST_TOKENS = 24,
};

/* A word of a line, without its quotes. */
struct token {
	const char *text;
	uint32_t column;
};

/* A line on its way to a command. */
struct reader {
	struct sim_command *command;
	struct sim_error *error;
	struct token token[MOST_TOKENS];
	uint32_t count;
	uint32_t at;  /* the next one */
	uint32_t end; /* the column behind the last one */
	uint32_t roles;
};

__attribute__((format(printf, 3, 4))) static bool fail(struct reader *r, uint32_t column, const char *format,
						       ...)
{
	va_list args;

	r->error->line = r->command->line;
	r->error->column = column;
	va_start(args, format);
	vsnprintf(r->error->why, sizeof(r->error->why), format, args);
	va_end(args);
	return false;
}

/* Where the next token stands, or would. */
static uint32_t here(const struct reader *r)
{
	return r->at < r->count ? r->token[r->at].column : r->end;
}

/* --- words of a line --- */

static bool is_space(char c)
{
	return c == ' ' || c == '\t' || c == '\r';
}

/* Copies one word to `out`, its quotes taken off; where it ends in the line, or null. */
static const char *take_word(struct reader *r, const char *line, const char *at, char **out)
{
	const char *quote = NULL;

	for (; *at && (quote || !is_space(*at)); at++) {
		if (*at == '"') {
			quote = quote ? NULL : at;
			continue;
		}
		if (quote && *at == '\\' && (at[1] == '"' || at[1] == '\\'))
			at++;
		*(*out)++ = *at;
	}
	*(*out)++ = '\0';
	if (quote) {
		fail(r, (uint32_t)(quote - line) + 1, "the quote that opens here is not closed");
		return NULL;
	}
	return at;
}

static bool split(struct reader *r, const char *line)
{
	char *out = r->command->memory;
	const char *at = line;

	r->end = 1;
	for (;;) {
		while (is_space(*at))
			at++;
		if (!*at || *at == '#')
			return true;
		if (r->count == MOST_TOKENS)
			return fail(r, (uint32_t)(at - line) + 1, "more than %d words", MOST_TOKENS);
		r->token[r->count++] = (struct token){out, (uint32_t)(at - line) + 1};
		at = take_word(r, line, at, &out);
		if (!at)
			return false;
		r->end = (uint32_t)(at - line) + 1;
	}
}

/* --- which command --- */

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
		return fail(r, r->end,
			    "what is the %s to do? Its commands: `sap demo --help` and docs/script.md", word);
	near = nearest(r, role, at, typed, sizeof(typed));
	if (near)
		return fail(r, r->token[at].column, "there is no command '%s%s%s'; did you mean '%s%s%s'?",
			    word, *word ? " " : "", typed, word, *word ? " " : "", near);
	return fail(r, r->token[at].column, "there is no command '%s%s%s'", word, *word ? " " : "", typed);
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

static bool find_verb(struct reader *r)
{
	uint32_t role = take_role(r);

	if (!(role & r->roles))
		return fail(r, 1, "'%s' is not for this program, which takes commands of %s",
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

/* --- its arguments --- */

static bool read_value(struct reader *r, const struct sim_arg *arg, const char *text, uint32_t column,
		       struct sim_value *value)
{
	char why[SIM_WHY] = "";

	if (value->given)
		return fail(r, column, "%s is given twice", arg->name);
	value->column = column;
	return sim_value_read(arg, text, value, why) || fail(r, value->column, "%s", why);
}

/* The first argument without a name that was not given yet; -1 if there is none. */
static int next_bare(const struct sim_command *command)
{
	for (int i = 0; command->verb->args[i].name; i++) {
		if (command->verb->args[i].bare && !command->arg[i].given)
			return i;
	}
	return -1;
}

static bool unknown_arg(struct reader *r, const struct token *token, size_t len)
{
	struct suggestion best;
	char usage[400], typed[40];

	snprintf(typed, sizeof(typed), "%.*s", (int)(len < 32 ? len : 32), token->text);
	suggest_start(&best, typed);
	for (int i = 0; r->command->verb->args[i].name; i++) {
		if (!r->command->verb->args[i].bare)
			suggest_offer(&best, r->command->verb->args[i].name);
	}
	sim_verb_usage(r->command->verb, usage, sizeof(usage));
	if (suggest_best(&best))
		return fail(r, token->column, "'%s' is nothing that this command takes; did you mean '%s='?",
			    typed, suggest_best(&best));
	return fail(r, token->column, "'%s' is too much: %.120s", typed, usage);
}

static bool read_arg(struct reader *r)
{
	struct sim_command *command = r->command;
	const struct token *token = &r->token[r->at++];
	size_t len = strcspn(token->text, "=");
	int named = token->text[len] ? sim_verb_arg(command->verb, token->text, len) : -1;
	int bare = next_bare(command);

	if (named >= 0 && !command->verb->args[named].bare)
		return read_value(r, &command->verb->args[named], token->text + len + 1,
				  token->column + (uint32_t)len + 1, &command->arg[named]);
	if (bare >= 0)
		return read_value(r, &command->verb->args[bare], token->text, token->column,
				  &command->arg[bare]);
	return unknown_arg(r, token, len);
}

/* `=> BUSY`: what the engine is to answer. */
static bool read_wanted(struct reader *r)
{
	static const struct sim_arg arg = {.name = "=>", .kind = SIM_KIND_WORD, .words = &sim_words_status};
	struct sim_value value = {.given = false};

	if (r->command->verb->role == SIM_ROLE_WORLD && r->command->verb->id != SIM_PACKET)
		return fail(r, here(r), "only a command of an engine has an answer");
	r->at++;
	if (r->at >= r->count)
		return fail(r, r->end, "=> takes the answer that is expected, such as BUSY");
	if (!read_value(r, &arg, r->token[r->at].text, r->token[r->at].column, &value))
		return false;
	r->command->wanted = (enum sap_status)(int32_t)(uint32_t)value.number;
	r->at++;
	return r->at == r->count || fail(r, here(r), "'%.40s' is too much", r->token[r->at].text);
}

static bool read_args(struct reader *r)
{
	const struct sim_arg *args = r->command->verb->args;
	char usage[400];

	while (r->at < r->count) {
		if (strcmp(r->token[r->at].text, "=>") == 0) {
			if (!read_wanted(r))
				return false;
		} else if (!read_arg(r)) {
			return false;
		}
	}
	for (int i = 0; args[i].name; i++) {
		if (args[i].needed && !r->command->arg[i].given) {
			sim_verb_usage(r->command->verb, usage, sizeof(usage));
			return fail(r, r->end, "%s is missing: %.150s", args[i].name, usage);
		}
	}
	return true;
}

/* --- expectations --- */

static bool is_kind(const struct sim_command *command, const struct sim_event_kind *kind)
{
	return (command->by & kind->by) && strcmp(kind->name, command->event) == 0;
}

static void take_teller(struct reader *r)
{
	static const char *const words[] = {"host", "csme", "nic"};

	r->command->by = SIM_BY_HOST | SIM_BY_CSME | SIM_BY_NIC;
	for (uint32_t i = 0; i < 3 && r->at < r->count; i++) {
		if (strcmp(r->token[r->at].text, words[i]) == 0) {
			r->command->by = 1u << i;
			r->at++;
			return;
		}
	}
}

static bool read_event(struct reader *r)
{
	struct suggestion best;

	take_teller(r);
	if (r->at >= r->count)
		return fail(r, r->end, "which event is expected? For example OWN_DONE");
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
		return fail(r, here(r), "there is no event '%.40s'; did you mean '%s'?", r->command->event,
			    suggest_best(&best));
	return fail(r, here(r), "there is no event '%.40s'", r->command->event);
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
		return fail(r, token->column, "'%.40s' is neither KEY=VALUE nor `within TIME` nor `as STEP`",
			    token->text);
	condition->key = find_key(r, token->text, len, &best);
	if (condition->key == SIM_KEY_NONE) {
		if (suggest_best(&best))
			return fail(r, token->column, "%s has no '%s'; did you mean '%s'?", r->command->event,
				    typed, suggest_best(&best));
		return fail(r, token->column, "%s has no '%s'", r->command->event, typed);
	}
	r->at++;
	r->command->conditions++;
	return read_value(r, sim_key_arg(condition->key), token->text + len + 1,
			  token->column + (uint32_t)len + 1, &condition->value);
}

static bool read_within(struct reader *r)
{
	static const struct sim_arg arg = {.name = "within", .kind = SIM_KIND_TIME};
	struct sim_value value = {.given = false};

	r->at++;
	if (r->at >= r->count)
		return fail(r, r->end, "within takes a time such as 100ms or 3s");
	if (!read_value(r, &arg, r->token[r->at].text, r->token[r->at].column, &value))
		return false;
	if (value.number == SIM_NEVER)
		return fail(r, here(r), "within takes a time that ends");
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
			return fail(r, r->end, "as takes a number, an actor and a text");
		if (!read_value(r, &args[i], r->token[r->at].text, r->token[r->at].column,
				&r->command->as[i]))
			return false;
		r->at++;
	}
	return r->at == r->count || fail(r, here(r), "'%.40s' is too much", r->token[r->at].text);
}

static bool read_expect(struct reader *r)
{
	if (!read_event(r))
		return false;
	while (r->at < r->count) {
		bool within = strcmp(r->token[r->at].text, "within") == 0;
		bool as = r->command->verb->id == SIM_EXPECT && strcmp(r->token[r->at].text, "as") == 0;

		if (!(within ? read_within(r) : as ? read_as(r) : read_condition(r)))
			return false;
	}
	return true;
}

/* `expect owner csme within 2s` */
static bool read_expect_owner(struct reader *r)
{
	uint32_t all = r->count;

	/* The owner first, then what follows it. */
	if (r->at < r->count)
		r->count = r->at + 1;
	if (!read_args(r))
		return false;
	r->count = all;
	if (r->at < r->count && strcmp(r->token[r->at].text, "within") == 0 && !read_within(r))
		return false;
	return r->at == r->count || fail(r, here(r), "'%.40s' is too much", r->token[r->at].text);
}

/* --- one line, all lines --- */

static bool read_rest(struct reader *r)
{
	switch (r->command->verb->id) {
	case SIM_EXPECT:
	case SIM_EXPECT_NOT:
		return read_expect(r);
	case SIM_EXPECT_OWNER:
		return read_expect_owner(r);
	default:
		return read_args(r);
	}
}

bool sim_command_read(const char *line, uint32_t number, uint32_t roles, struct sim_command *command,
		      struct sim_error *error)
{
	struct reader r = {.command = command, .error = error, .roles = roles};

	memset(command, 0, sizeof(*command));
	command->line = number;
	/* Each word takes no more than it has in the line, and its end. */
	command->memory = memory_zeroed(strlen(line) + 2, 1);
	if (!split(&r, line))
		return false;
	return r.count == 0 || (find_verb(&r) && read_rest(&r));
}

void sim_command_free(struct sim_command *command)
{
	free(command->memory);
	memset(command, 0, sizeof(*command));
}

static bool add_line(struct sim_script *script, const char *line, uint32_t number, uint32_t roles,
		     struct sim_error *error)
{
	struct sim_command *command;
	bool read;

	/* Doubled when it is full: that is at each power of two. */
	if (!(script->count & (script->count - 1))) {
		size_t cap = script->count ? 2 * (size_t)script->count : 1;
		struct sim_command *more = memory_zeroed(cap, sizeof(*more));

		if (script->count)
			memcpy(more, script->commands, script->count * sizeof(*more));
		free(script->commands);
		script->commands = more;
	}
	command = &script->commands[script->count++];
	read = sim_command_read(line, number, roles, command, error);
	if (read && !command->verb) {
		sim_command_free(command);
		script->count--;
	}
	return read;
}

bool sim_script_read(const char *text, size_t len, uint32_t roles, struct sim_script *script,
		     struct sim_error *error)
{
	uint32_t number = 0;
	bool read = true;

	memset(script, 0, sizeof(*script));
	for (size_t at = 0; read && at < len;) {
		const char *end = memchr(text + at, '\n', len - at);
		size_t n = end ? (size_t)(end - (text + at)) : len - at;
		char *line = memory_zeroed(n + 1, 1);

		memcpy(line, text + at, n);
		number++;
		if (memchr(line, '\0', n)) {
			*error = (struct sim_error){number, (uint32_t)strlen(line) + 1, "a zero byte"};
			read = false;
		} else {
			read = add_line(script, line, number, roles, error);
		}
		free(line);
		at += n + 1;
	}
	return read;
}

void sim_script_free(struct sim_script *script)
{
	for (uint32_t i = 0; i < script->count; i++)
		sim_command_free(&script->commands[i]);
	free(script->commands);
	memset(script, 0, sizeof(*script));
}
