// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
/* Words of a line, and what is wrong with them. */
#include "reader.h"

#include <stdarg.h>
#include <stdio.h>

bool reader_fail(struct reader *r, uint32_t column, const char *format, ...)
{
	va_list args;

	r->error->line = r->command->line;
	r->error->column = column;
	va_start(args, format);
	vsnprintf(r->error->why, sizeof(r->error->why), format, args);
	va_end(args);
	return false;
}

uint32_t reader_here(const struct reader *r)
{
	return r->at < r->count ? r->token[r->at].column : r->end;
}

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
		reader_fail(r, (uint32_t)(quote - line) + 1, "the quote that opens here is not closed");
		return NULL;
	}
	return at;
}

bool reader_split(struct reader *r, const char *line)
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
			return reader_fail(r, (uint32_t)(at - line) + 1, "more than %d words", MOST_TOKENS);
		r->token[r->count++] = (struct token){out, (uint32_t)(at - line) + 1};
		at = take_word(r, line, at, &out);
		if (!at)
			return false;
		r->end = (uint32_t)(at - line) + 1;
	}
}

bool reader_value(struct reader *r, const struct sim_arg *arg, const char *text, uint32_t column,
		  struct sim_value *value)
{
	char why[SIM_WHY] = "";

	if (value->given)
		return reader_fail(r, column, "%s is given twice", arg->name);
	value->column = column;
	return sim_value_read(arg, text, value, why) || reader_fail(r, value->column, "%s", why);
}
