// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
/*
 * Draws the states of ownership from the function that decides them, so that no drawing is older than the
 * code: `diagrams FILE` rewrites what stands between the marks of that page, `diagrams --check FILE` fails if
 * that would change it.
 *
 * It looks into the library (src/core/ownership.h), which no other tool does: the table is private, and this
 * is how people get to see it.
 */
#include "../../src/core/ownership.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
	LARGEST = 1 << 18
};

struct text {
	char bytes[LARGEST];
	size_t len;
};

static const struct {
	uint32_t act;
	const char *name;
} acts[] = {
	{OWNERSHIP_DO_ASK, "ask"},
	{OWNERSHIP_DO_TELL, "confirm that it let go"},
	{OWNERSHIP_DO_CONFIRM, "confirm"},
	{OWNERSHIP_DO_LEAVE, "leave"},
	{OWNERSHIP_DO_VACATE, "leave if touching"},
	{OWNERSHIP_DO_REASK, "ask again later"},
	{OWNERSHIP_DO_UNBLOCK, "radio free"},
	{OWNERSHIP_DONE_GRANTED, "request granted"},
	{OWNERSHIP_DONE_REFUSED, "request refused"},
	{OWNERSHIP_DONE_TIMEOUT, "request timed out"},
	{OWNERSHIP_DONE_TAKEN, "request ends, taken"},
	{OWNERSHIP_DONE_DOWN, "request ends, down"},
	{OWNERSHIP_DO_GRANT, "grant"},
	{OWNERSHIP_DO_REFUSE, "refuse"},
	{OWNERSHIP_DO_TAKE, "tell that it takes"},
	{OWNERSHIP_DO_WAIT, "start the deadline"},
	{OWNERSHIP_DO_KEEP, "keep it for a while"},
	{OWNERSHIP_IS_FORCED, "forced"},
	{OWNERSHIP_DO_DECIDE, "apply the policy"},
	{OWNERSHIP_IS_CONFIRMED, "event"},
};

static void die(const char *what)
{
	fprintf(stderr, "diagrams: %s\n", what);
	exit(1);
}

__attribute__((format(printf, 2, 3))) static void say(struct text *out, const char *format, ...)
{
	va_list args;
	int n;

	va_start(args, format);
	n = vsnprintf(out->bytes + out->len, LARGEST - out->len, format, args);
	va_end(args);
	if (n < 0 || (size_t)n >= LARGEST - out->len)
		die("the page is too long");
	out->len += (size_t)n;
}

/* --- one role's drawing and table --- */

struct role {
	enum ownership_state first, last;
};

static const struct role host = {OWNERSHIP_H_DOOR, OWNERSHIP_H_LEFT};
static const struct role csme = {OWNERSHIP_C_OWNER, OWNERSHIP_C_TAKING};

static struct ownership_step step_of(unsigned state, unsigned input)
{
	return ownership_next((enum ownership_state)state, (enum ownership_input)input);
}

/* A colon would end the label of an arrow. */
static void say_input(struct text *out, unsigned input)
{
	for (const char *c = ownership_input_name((enum ownership_input)input); *c; c++) {
		if (*c != ':')
			say(out, "%c", *c);
	}
}

static void say_acts(struct text *out, uint32_t done)
{
	const char *before = " (";

	for (unsigned i = 0; i < sizeof(acts) / sizeof(acts[0]); i++) {
		if (!(done & acts[i].act))
			continue;
		say(out, "%s%s", before, acts[i].name);
		before = ", ";
	}
	if (done)
		say(out, ")");
}

/* One arrow for all inputs that lead from one state to another. */
static void draw_arrow(struct text *out, unsigned from, unsigned to)
{
	bool any = false;

	for (unsigned input = 0; input < OWNERSHIP_INPUTS; input++) {
		struct ownership_step step = step_of(from, input);

		if (step.cell != OWNERSHIP_GO || step.next != to)
			continue;
		if (any)
			say(out, "<br>");
		else
			say(out, "    %s --> %s : ", ownership_name((enum ownership_state)from),
			    ownership_name((enum ownership_state)to));
		say_input(out, input);
		say_acts(out, step.acts);
		any = true;
	}
	if (any)
		say(out, "\n");
}

static void draw(struct text *out, const struct role *role)
{
	say(out, "```mermaid\nstateDiagram-v2\n");
	for (unsigned from = role->first; from <= role->last; from++) {
		for (unsigned to = role->first; to <= role->last; to++)
			draw_arrow(out, from, to);
	}
	say(out, "```\n\n");
}

static const char *cell_of(struct ownership_step step)
{
	switch ((enum ownership_cell)step.cell) {
	case OWNERSHIP_GO:
		return ownership_name((enum ownership_state)step.next);
	case OWNERSHIP_STAY:
		return "-";
	case OWNERSHIP_ODD:
		return "odd";
	case OWNERSHIP_NEVER:
	case OWNERSHIP_UNLISTED:
		break;
	}
	return "";
}

/* Whether the engines of this role feed it at all. */
static bool is_fed(const struct role *role, unsigned input)
{
	for (unsigned state = role->first; state <= role->last; state++) {
		if (step_of(state, input).cell != OWNERSHIP_NEVER)
			return true;
	}
	return false;
}

static void tabulate(struct text *out, const struct role *role)
{
	say(out, "| input |");
	for (unsigned state = role->first; state <= role->last; state++)
		say(out, " in %s |", ownership_name((enum ownership_state)state));
	say(out, "\n| --- |");
	for (unsigned state = role->first; state <= role->last; state++)
		say(out, " --- |");
	say(out, "\n");
	for (unsigned input = 0; input < OWNERSHIP_INPUTS; input++) {
		if (!is_fed(role, input))
			continue;
		say(out, "| %s |", ownership_input_name((enum ownership_input)input));
		for (unsigned state = role->first; state <= role->last; state++)
			say(out, " %s |", cell_of(step_of(state, input)));
		say(out, "\n");
	}
}

/* --- the page --- */

static void read_page(const char *path, struct text *page)
{
	FILE *file = fopen(path, "rb");

	if (!file)
		die(path);
	page->len = fread(page->bytes, 1, LARGEST - 1, file);
	page->bytes[page->len] = 0;
	fclose(file);
}

/* The page up to and with a mark, then what is drawn, and where the old drawing ends. */
static const char *renew(struct text *out, const char *from, const char *mark, const struct role *role)
{
	const char *begin = strstr(from, mark);
	const char *end = begin ? strstr(begin, "<!-- end -->") : NULL;

	if (!end)
		die("a mark is missing in the page");
	begin += strlen(mark);
	say(out, "%.*s\n\n", (int)(begin - from), from);
	draw(out, role);
	tabulate(out, role);
	say(out, "\n");
	return end;
}

int main(int argc, char **argv)
{
	static struct text page, made;
	bool check = argc == 3 && !strcmp(argv[1], "--check");
	const char *rest;
	FILE *file;

	if (argc != 2 && !check) {
		fprintf(stderr, "usage: diagrams [--check] FILE\n");
		return 2;
	}
	read_page(argv[argc - 1], &page);
	rest = renew(&made, page.bytes, "<!-- the host's -->", &host);
	rest = renew(&made, rest, "<!-- CSME's -->", &csme);
	say(&made, "%s", rest);
	if (check) {
		if (made.len == page.len && !memcmp(made.bytes, page.bytes, page.len))
			return 0;
		fprintf(stderr, "%s: older than the table; run `diagrams %s`\n", argv[2], argv[2]);
		return 1;
	}
	file = fopen(argv[1], "wb");
	if (!file || fwrite(made.bytes, 1, made.len, file) != made.len || fclose(file))
		die(argv[1]);
	return 0;
}
