// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
/*
 * The JSON library tells lines of mistakes in JSON itself alone. What is wrong with a value is told by us, and so is
 * where it stands.
 */
#include <string.h>

#include "firmware_settings.h"

struct walk {
	const char *at, *end;
	uint32_t line, depth;
};

static void step(struct walk *w)
{
	w->line += *w->at == '\n';
	w->at++;
}

/* From one quote behind the other. The text between them starts at what is returned. */
static const char *pass_text(struct walk *w)
{
	const char *start;

	step(w);
	start = w->at;
	while (w->at < w->end && *w->at != '"') {
		if (*w->at == '\\' && w->at + 1 < w->end)
			step(w);
		step(w);
	}
	if (w->at < w->end)
		step(w);
	return start;
}

/* A member's name has a colon behind it. */
static bool is_name(const struct walk *w)
{
	const char *at = w->at;

	while (at < w->end && strchr(" \t\r\n", *at))
		at++;
	return at < w->end && *at == ':';
}

/*
 * Each part of the path is looked for one level deeper than the last. Names are unique in an object, so the first
 * that fits is the one.
 */
uint32_t json_where(const char *text, size_t len, const char *path)
{
	struct walk w = {text, text + len, 1, 0};
	uint32_t found = 0;

	while (w.at < w.end) {
		size_t part = strcspn(path, ".");
		uint32_t line = w.line;
		const char *name;

		if (*w.at != '"') {
			w.depth += *w.at == '{' || *w.at == '[';
			w.depth -= *w.at == '}' || *w.at == ']';
			step(&w);
			continue;
		}
		name = pass_text(&w);
		if (w.depth != found + 1 || !is_name(&w) || (size_t)(w.at - 1 - name) != part ||
		    memcmp(name, path, part) != 0)
			continue;
		if (!path[part])
			return line;
		path += part + 1;
		found++;
	}
	return 0;
}
