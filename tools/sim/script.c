// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
#include "script.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "memory.h"
#include "suggest.h"
#include "reader.h"
#include "words.h"

/* --- its arguments --- */

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
		return reader_fail(r, token->column,
				   "'%s' is nothing that this command takes; did you mean '%s='?", typed,
				   suggest_best(&best));
	return reader_fail(r, token->column, "'%s' is too much: %.120s", typed, usage);
}

static bool read_arg(struct reader *r)
{
	struct sim_command *command = r->command;
	const struct token *token = &r->token[r->at++];
	size_t len = strcspn(token->text, "=");
	int named = token->text[len] ? sim_verb_arg(command->verb, token->text, len) : -1;
	int bare = next_bare(command);

	if (named >= 0 && !command->verb->args[named].bare)
		return reader_value(r, &command->verb->args[named], token->text + len + 1,
				    token->column + (uint32_t)len + 1, &command->arg[named]);
	if (bare >= 0)
		return reader_value(r, &command->verb->args[bare], token->text, token->column,
				    &command->arg[bare]);
	return unknown_arg(r, token, len);
}

/* `=> BUSY`: what the engine is to answer. */
static bool read_wanted(struct reader *r)
{
	static const struct sim_arg arg = {.name = "=>", .kind = SIM_KIND_WORD, .words = &sim_words_status};
	struct sim_value value = {.given = false};

	if (r->command->verb->role == SIM_ROLE_WORLD && r->command->verb->id != SIM_PACKET)
		return reader_fail(r, reader_here(r), "only a command of an engine has an answer");
	r->at++;
	if (r->at >= r->count)
		return reader_fail(r, r->end, "=> takes the answer that is expected, such as BUSY");
	if (!reader_value(r, &arg, r->token[r->at].text, r->token[r->at].column, &value))
		return false;
	r->command->wanted = (enum sap_status)(int32_t)(uint32_t)value.number;
	r->at++;
	return r->at == r->count ||
	       reader_fail(r, reader_here(r), "'%.40s' is too much", r->token[r->at].text);
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
			return reader_fail(r, r->end, "%s is missing: %.150s", args[i].name, usage);
		}
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
	if (r->at < r->count && strcmp(r->token[r->at].text, "within") == 0 && !reader_within(r))
		return false;
	return r->at == r->count ||
	       reader_fail(r, reader_here(r), "'%.40s' is too much", r->token[r->at].text);
}

/* --- one line, all lines --- */

static bool read_rest(struct reader *r)
{
	switch (r->command->verb->id) {
	case SIM_EXPECT:
	case SIM_EXPECT_NOT:
		return reader_expect(r);
	case SIM_EXPECT_OWNER:
		return read_expect_owner(r);
	case SIM_PACKET:
		return reader_packet_side(r) && read_args(r);
	case SIM_FAULT:
		return read_args(r) && reader_fault(r);
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
	if (!reader_split(&r, line))
		return false;
	return r.count == 0 || (reader_verb(&r) && read_rest(&r));
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
