// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
/*
 * A timeline for people: the host on the left, CSME on the right, what travels between them in the middle,
 * and at the side who owns the NIC.
 */
#include "demo_show.h"

#include <string.h>

#include "plain.h"
#include "text_message.h"
#include "text_value.h"

enum {
	SIDE = 30,   /* columns of either side */
	MIDDLE = 35, /* between the two lines of life */
	MOST_LINES = 3,
	BAR = 72, /* columns that all of the time takes in the summary */
};

/* Where one row's texts go. */
struct row {
	const char *left, *middle, *right;
	const char *paint; /* of the middle */
};

struct page {
	FILE *out;
	struct text_paint paint;
	const char *host, *csme, *alarm, *step; /* colours beyond those of messages */
	uint64_t at;				/* of the last row */
	bool started;
	bool packets; /* there are any; else who says that there may be some is not worth a row */
};

const char *demo_owner(enum sap_owner owner)
{
	return owner == SAP_OWNER_CSME ? "CSME" : owner == SAP_OWNER_HOST ? "host" : "nobody";
}

static void open_page(struct page *page, FILE *out, bool colour)
{
	struct text_style style = {.colour = colour};

	memset(page, 0, sizeof(*page));
	page->out = out;
	page->paint = text_paint(&style);
	page->host = colour ? "\033[30;46m" : "";
	page->csme = colour ? "\033[30;43m" : "";
	page->alarm = colour ? "\033[97;41m" : "";
	page->step = colour ? "\033[36m" : "";
}

/* --- rows --- */

/* Time, if it went on, and the owner's letter; a `!` while the other side drives the NIC as well. */
static void start_row(struct page *page, const struct sim_entry *entry)
{
	bool csme = entry->nic.owner == SAP_OWNER_CSME;
	const char *paint = entry->nic.overlap ? page->alarm : csme ? page->csme : page->host;

	if (page->started && page->at == entry->at)
		fprintf(page->out, "%7s ", "");
	else
		fprintf(page->out, "%3llu.%03llu ", (unsigned long long)(entry->at / 1000),
			(unsigned long long)(entry->at % 1000));
	fprintf(page->out, "%s%s%s%s ", paint, csme ? "C" : "H", entry->nic.overlap ? "!" : " ",
		page->paint.plain);
	page->at = entry->at;
	page->started = true;
}

/* Text at the left of a column of that width. */
static void print_cell(struct page *page, const char *paint, const char *text, int width)
{
	fprintf(page->out, "%s%-*.*s%s", paint, width, width, text, *paint ? page->paint.plain : "");
}

/* Lines end with their last letter, or people's diffs are full of blanks. */
static void end_row(struct page *page, const char *right)
{
	fprintf(page->out, "%s|%s", page->paint.dim, page->paint.plain);
	if (*right)
		fprintf(page->out, " %s", right);
	fputc('\n', page->out);
}

static void print_row(struct page *page, const struct sim_entry *entry, const struct row *row)
{
	start_row(page, entry);
	print_cell(page, "", row->left, SIDE);
	fprintf(page->out, " %s|%s", page->paint.dim, page->paint.plain);
	print_cell(page, row->paint, row->middle, MIDDLE);
	end_row(page, row->right);
}

/* How much of a text fits one side, up to a blank if there is one. */
static size_t line_break(const char *text)
{
	size_t len = strlen(text);

	if (len <= SIDE)
		return len;
	for (size_t at = SIDE; at > 0; at--) {
		if (text[at] == ' ')
			return at;
	}
	return SIDE;
}

/* A text over as many rows as it needs, on one side; the first row has something in the middle too. */
static void print_side(struct page *page, const struct sim_entry *entry, bool left, const char *middle,
		       const char *paint, const char *text)
{
	char line[SIDE + 1];

	for (int n = 0; n == 0 || (*text && n < MOST_LINES); n++) {
		size_t take = line_break(text);
		struct row row = {"", n ? "" : middle, "", n ? "" : paint};

		snprintf(line, sizeof(line), "%.*s", (int)take, text);
		if (n + 1 == MOST_LINES && text[take])
			snprintf(line + (take < SIDE - 3 ? take : SIDE - 3), 4, "...");
		*(left ? &row.left : &row.right) = line;
		print_row(page, entry, &row);
		text += take;
		text += *text == ' ';
	}
}

/* --- messages --- */

/* "--- NAME -->", as long as the middle is wide. */
static void draw_arrow(char arrow[MIDDLE + 1], const char *name, char stroke, bool right, bool lost)
{
	size_t len = strlen(name);
	size_t at = (MIDDLE + 1 - len) / 2;

	for (size_t i = 0; i < MIDDLE; i++)
		arrow[i] = (char)(stroke == '.' && i % 2 ? ' ' : stroke);
	arrow[MIDDLE] = '\0';
	if (len + 3 <= MIDDLE) {
		arrow[at - 1] = ' ';
		memcpy(arrow + at, name, len);
		arrow[at + len] = ' ';
	}
	if (right)
		arrow[MIDDLE - 1] = lost ? 'x' : '>';
	else
		arrow[0] = lost ? 'x' : '<';
}

/* Zero says something only where it has a name. */
static bool is_telling(const struct sim_entry *entry, const struct sap_item *item, unsigned int depth)
{
	const struct sap_field *field = item->field;

	(void)entry;
	if (item->step != SAP_STEP_VALUE || field->kind == SAP_FIELD_RESERVED)
		return false;
	if (depth == 0 && (field->show == SAP_SHOW_BOOL || field->show == SAP_SHOW_ENUM))
		return true;
	return !all_zero(item->bytes, item->size) && !strstr(field->name, "_len");
}

/* What a message says: "granted yes"; what it means, if it says nothing. */
static void add_content(struct text *out, const struct sim_entry *entry)
{
	const struct sap_message_info *info = sim_entry_info(entry);
	struct sap_view payload = sim_entry_payload(entry);
	struct sap_visitor visitor;
	struct sap_item item;
	unsigned int depth = 0;

	if (!info) {
		text_add(out, "of a type in no table");
		return;
	}
	sap_visitor_init(&visitor, info, payload.bytes, payload.len);
	while (entry->carrier == SAP_IN_NOTIF && sap_visitor_next(&visitor, &item)) {
		depth += item.step == SAP_STEP_OPEN_ARRAY || item.step == SAP_STEP_OPEN_STRUCT;
		depth -= item.step == SAP_STEP_CLOSE;
		if (!is_telling(entry, &item, depth))
			continue;
		text_add(out, "%s", out->len ? ", " : "");
		if (!item.element)
			text_add(out, "%s ", item.field->name);
		text_value(out, &item);
	}
	if (!out->len)
		text_add(out, "%s", info->meaning);
}

static void print_message(struct page *page, const struct sim_entry *entry)
{
	const struct sap_message_info *info = sim_entry_info(entry);
	bool bell = sim_entry_is_bell(entry), right = entry->to == SAP_TO_CSME;
	bool lost = entry->taken_at == SIM_NEVER;
	char stroke = (char)(bell ? '.' : entry->carrier == SAP_IN_DATA ? '=' : '-');
	const char *name = bell ? "doorbell" : info ? info->name : "?";
	char arrow[MIDDLE + 1];
	struct text text = {0};

	draw_arrow(arrow, name, stroke, right, lost);
	if (!bell)
		add_content(&text, entry);
	if (entry->again)
		text_add(&text, "%sonce more", text.len ? "; " : "");
	else if (lost)
		text_add(&text, "%snever came", text.len ? "; " : "");
	else if (entry->taken_at > entry->at)
		text_add(&text, "%s%s %llu ms later", text.len ? "; " : "",
			 entry->carrier == SAP_IN_ME ? "came" : "read",
			 (unsigned long long)(entry->taken_at - entry->at));
	print_side(page, entry, !right, arrow,
		   lost	  ? page->paint.bad
		   : bell ? page->paint.dim
			  : "",
		   text_of(&text));
	text_free(&text);
}

/* --- events --- */

static bool is_left(const struct sim_event *event)
{
	return event->by == SIM_BY_HOST ||
	       (event->by == SIM_BY_NIC && (event->nic.type == SIM_NIC_DOOR || event->nic.side == SIM_HOST));
}

static void print_alarm(struct page *page, const struct sim_entry *entry)
{
	bool up = entry->event.nic.on;
	const char *who = entry->nic.owner == SAP_OWNER_CSME ? "the host drives the NIC, CSME owns it"
							     : "CSME drives the NIC, the host owns it";

	start_row(page, entry);
	if (up)
		fprintf(page->out, "%sOVERLAP%s %s (%s)\n", page->alarm, page->paint.plain, who,
			entry->event.nic.excused ? "excused: it was taken without waiting" : "no excuse");
	else
		fprintf(page->out, "%sOVERLAP ended%s after %llu ms\n", page->paint.bold, page->paint.plain,
			(unsigned long long)(entry->at - entry->nic.overlap_since));
}

static void print_event(struct page *page, const struct sim_entry *entry)
{
	const char *meaning = sim_event_meaning(&entry->event);
	char text[200], middle[MIDDLE + 1];

	if (entry->event.by == SIM_BY_NIC && entry->event.nic.type == SIM_NIC_OVERLAP) {
		print_alarm(page, entry);
		return;
	}
	sim_event_write(&entry->event, text, sizeof(text));
	if (!page->packets && strcmp(text, "PACKETS") == 0)
		return;
	/* What it means stands beside the one whom it happened to. */
	if (is_left(&entry->event))
		snprintf(middle, sizeof(middle), " %s", meaning);
	else
		snprintf(middle, sizeof(middle), "%*s ", MIDDLE - 1, meaning);
	print_side(page, entry, is_left(&entry->event), middle, page->paint.dim, text);
}

/* --- what a script tells --- */

static void print_story(struct page *page, const struct sim_entry *entry)
{
	start_row(page, entry);
	fprintf(page->out, "%s%s(%u) %s%s%s %s%s\n", page->paint.bold, page->step,
		(unsigned int)entry->number, entry->actor, page->paint.plain, page->step, entry->text,
		page->paint.plain);
}

static void print_plain(struct page *page, const struct sim_entry *entry)
{
	switch (entry->kind) {
	case SIM_MESSAGE:
		print_message(page, entry);
		break;
	case SIM_EVENT:
		print_event(page, entry);
		break;
	case SIM_STORY:
		print_story(page, entry);
		break;
	case SIM_REMARK:
		start_row(page, entry);
		fprintf(page->out, "%s%s%s\n", page->step, entry->text, page->paint.plain);
		break;
	case SIM_WRONG:
		start_row(page, entry);
		fprintf(page->out, "%sfault %s%s %s\n", page->paint.bad, entry->actor, page->paint.plain,
			entry->text);
		break;
	case SIM_FAILURE:
		start_row(page, entry);
		fprintf(page->out, "%sline %u does not hold:%s %s\n", page->paint.bad,
			(unsigned int)entry->number, page->paint.plain, entry->text);
		break;
	}
}

/* What a script says is somebody's: a terminal shall not obey it. */
static void print_entry(struct page *page, const struct sim_entry *entry)
{
	struct text actor = {0}, text = {0};
	struct sim_entry plain = *entry;

	plain_add(&actor, entry->actor ? entry->actor : "");
	plain_add(&text, entry->text ? entry->text : "");
	plain.actor = actor.s;
	plain.text = text.s;
	print_plain(page, &plain);
	text_free(&actor);
	text_free(&text);
}

/* --- the summary --- */

static void print_seconds(FILE *out, uint64_t ms)
{
	fprintf(out, "%5llu.%03llu", (unsigned long long)(ms / 1000), (unsigned long long)(ms % 1000));
}

/* Who owned the NIC, a letter for each part of the time. */
static void print_bar(struct page *page, const struct demo *demo)
{
	uint64_t all = demo->summary.to - demo->summary.from;
	uint32_t i = 0;
	struct sim_owning owning = {.to = 0};

	if (!all || !demo->timeline->count)
		return;
	fprintf(page->out, "  ");
	for (uint64_t column = 0; column < BAR; column++) {
		uint64_t at = demo->summary.from + (2 * column + 1) * all / (2 * (uint64_t)BAR);

		while (i < demo->timeline->count && owning.to <= at)
			i = sim_timeline_owning(demo->timeline, i, demo->summary.to, &owning);
		fprintf(page->out, "%s%s%s", owning.owner == SAP_OWNER_CSME ? page->csme : page->host,
			owning.owner == SAP_OWNER_CSME ? "C" : "H", page->paint.plain);
	}
	fprintf(page->out, "\n");
}

static void print_ownings(struct page *page, const struct demo *demo)
{
	struct sim_owning owning;

	fprintf(page->out, "\n%sWho owned the NIC%s\n", page->paint.bold, page->paint.plain);
	for (uint32_t i = 0; i < demo->timeline->count;) {
		i = sim_timeline_owning(demo->timeline, i, demo->summary.to, &owning);
		if (owning.from == owning.to)
			continue;
		fprintf(page->out, "  ");
		print_seconds(page->out, owning.from);
		fprintf(page->out, " to ");
		print_seconds(page->out, owning.to);
		fprintf(page->out, "  %s\n", demo_owner(owning.owner));
	}
	print_bar(page, demo);
}

static void print_summary(struct page *page, const struct demo *demo)
{
	const struct sim_summary *s = &demo->summary;

	print_ownings(page, demo);
	fprintf(page->out, "\n  %-18s %8s %8s\n", "", "to CSME", "to host");
	fprintf(page->out, "  %-18s %8u %8u\n", "notifications", (unsigned int)s->notifications[SAP_TO_CSME],
		(unsigned int)s->notifications[SAP_TO_HOST]);
	fprintf(page->out, "  %-18s %8u %8u\n", "doorbells", (unsigned int)s->doorbells[SAP_TO_CSME],
		(unsigned int)s->doorbells[SAP_TO_HOST]);
	fprintf(page->out, "  %-18s %8u %8u\n\n", "packets", (unsigned int)s->packets[SAP_TO_CSME],
		(unsigned int)s->packets[SAP_TO_HOST]);
	if (s->lost)
		fprintf(page->out, "  %u messages never came\n", (unsigned int)s->lost);
	fprintf(page->out, "  %salarms: %u%s", s->overlaps ? page->paint.bad : "", (unsigned int)s->overlaps,
		s->overlaps ? page->paint.plain : "");
	if (s->overlaps)
		fprintf(page->out, ", %u without an excuse; the NIC was driven by both for %llu ms%s",
			(unsigned int)s->unexcused, (unsigned long long)s->overlap_ms,
			s->overlap ? ", and still is" : "");
	fprintf(page->out, "\n  %s owns the NIC in the end; %s\n",
		s->owner == SAP_OWNER_HOST ? "the host" : demo_owner(s->owner),
		demo->verdict ? demo->verdict
		: s->failures ? "an expectation did not hold"
			      : "all came as expected");
}

void demo_text(FILE *out, const struct demo *demo, bool colour)
{
	struct page page;

	open_page(&page, out, colour);
	page.packets = demo->summary.packets[SAP_TO_CSME] || demo->summary.packets[SAP_TO_HOST];
	fprintf(out, "%s%s%s\n\n", page.paint.bold, demo->name, page.paint.plain);
	fprintf(out, "%s   time NIC%-*s |%*s%*s| CSME%s\n", page.paint.dim, SIDE, " host", MIDDLE / 2 + 2,
		"SAP", MIDDLE / 2 - 2, "", page.paint.plain);
	for (uint32_t i = 0; i < demo->timeline->count; i++)
		print_entry(&page, &demo->timeline->entries[i]);
	print_summary(&page, demo);
}
