// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
/*
 * What a process of one side tells, as it happens: a line each, for people or as JSON (docs/processes.md).
 */
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "json_entry.h"
#include "plain.h"
#include "process.h"
#include "record.h"

enum {
	EVENT_COLUMNS = 34,  /* of an event with its keys; few are longer */
	MESSAGE_COLUMN = 17, /* where a message's name stands */
};

bool process_is_unheard(void)
{
	return ferror(stdout);
}

/* Whoever reads it wants to see it now. */
static void end_line(void)
{
	fflush(stdout);
}

/* --- people --- */

static void start_line(const struct process *p, uint64_t at, const char *who)
{
	struct text_paint paint = text_paint(&p->style);

	printf("%s%3llu.%03llu%s %-5s ", paint.dim, (unsigned long long)(at / 1000),
	       (unsigned long long)(at % 1000), paint.plain, who);
}

static const char *own_name(const struct process *p)
{
	return p->kind->side == SIM_HOST ? "host" : "csme";
}

static void print_event(const struct process *p, const struct sim_entry *entry)
{
	struct text_paint paint = text_paint(&p->style);
	char text[400];

	sim_event_write(&entry->event, text, sizeof(text));
	start_line(p, entry->at, entry->event.by == SIM_BY_NIC ? "nic" : own_name(p));
	printf("%s%-*s%s  %s\n", entry->event.by == SIM_BY_NIC ? "" : paint.bold, EVENT_COLUMNS, text,
	       paint.plain, sim_event_meaning(&entry->event));
}

static void print_message(const struct process *p, const struct sim_entry *entry)
{
	bool out = (entry->to == SAP_TO_CSME) == (p->kind->side == SIM_HOST);
	struct text text = {0};
	struct record record;

	if (entry->carrier == SAP_IN_ME)
		record_of_me(&record, entry->bytes, entry->len, 0);
	else
		record_of_sap(&record, entry->bytes, entry->len, 0);
	text_message(&text, &record, &p->style);
	start_line(p, entry->at, own_name(p));
	printf("%s %s", out ? "->" : "<-", text_of(&text));
	text_free(&text);
}

static void print_told(const struct process *p, const struct sim_entry *entry, const char *actor,
		       const char *text)
{
	struct text_paint paint = text_paint(&p->style);

	switch (entry->kind) {
	case SIM_MESSAGE:
		print_message(p, entry);
		return;
	case SIM_EVENT:
		print_event(p, entry);
		return;
	case SIM_STORY:
		start_line(p, entry->at, "step");
		printf("%u %s: %s\n", (unsigned int)entry->number, actor, text);
		return;
	case SIM_REMARK:
		start_line(p, entry->at, "note");
		printf("%s\n", text);
		return;
	case SIM_WRONG:
		start_line(p, entry->at, "fault");
		printf("%s%s%s: %s\n", paint.bad, actor, paint.plain, text);
		return;
	case SIM_FAILURE:
		fflush(stdout);
		fprintf(stderr, "%s: %s:%u: %s\n", p->kind->command, p->source, (unsigned int)entry->number,
			text);
		return;
	}
}

/* What a script says is somebody's: a terminal shall not obey it. */
static void print_entry(const struct process *p, const struct sim_entry *entry)
{
	struct text actor = {0}, text = {0};

	print_told(p, entry, plain_of(&actor, entry->actor), plain_of(&text, entry->text));
	text_free(&actor);
	text_free(&text);
}

/* --- programs --- */

static void write_entry(const struct process *p, const struct sim_entry *entry)
{
	json_t *json = json_of_entry(entry);

	/* Whether, and when, the peer takes a message is more than one side knows. */
	if (entry->kind == SIM_MESSAGE && entry->taken_at == SIM_NEVER)
		json_object_del(json, "taken_ms");
	json_write_line(stdout, json);
	if (entry->kind == SIM_FAILURE)
		print_entry(p, entry);
}

/* What each line has; of what is no entry of a timeline. */
static json_t *line_of(const struct process *p, const char *kind, uint64_t at)
{
	return json_pack("{s:s, s:I, s:s, s:b}", "kind", kind, "ms", (json_int_t)at, "owner",
			 json_owner_key(p->site.nic.owner), "overlap", p->site.nic.overlap ? 1 : 0);
}

/* --- both --- */

static bool is_type(const struct sim_event *event, uint32_t of_host, uint32_t of_csme)
{
	return (event->by == SIM_BY_HOST && event->host.type == of_host) ||
	       (event->by == SIM_BY_CSME && event->csme.type == of_csme);
}

/* That there may be packets is worth a line to who wants to see them. */
static bool is_dull(const struct process *p, const struct sim_entry *entry)
{
	return !p->options->messages && entry->kind == SIM_EVENT &&
	       is_type(&entry->event, SAP_HOST_PACKETS, SAP_CSME_PACKETS);
}

static void show(const struct process *p, const struct sim_entry *entry)
{
	if (p->options->mute && entry->kind != SIM_FAILURE)
		return;
	if (p->options->json)
		write_entry(p, entry);
	else if (!is_dull(p, entry))
		print_entry(p, entry);
	end_line();
}

const char *process_trouble_text(const struct sap_unix_trouble *why)
{
	return why->problem == SAP_UNIX_SYSTEM && why->error ? strerror(why->error) : why->text;
}

static void tell_trouble(const struct process *p, uint64_t now, const char *problem, int error,
			 const char *text, const char *for_people)
{
	json_t *json;

	if (p->options->mute)
		return;
	if (p->options->json) {
		json = line_of(p, "trouble", now);
		json_object_set_new(json, "problem", json_string(problem));
		json_object_set_new(json, "errno", json_integer(error));
		json_object_set_new(json, "text", json_string(text));
		json_write_line(stdout, json);
	} else {
		start_line(p, now, own_name(p));
		printf("  %s\n", for_people);
	}
	end_line();
}

static void show_silence(struct process *p, uint64_t now)
{
	const char *text = p->kind->side == SIM_HOST
				   ? "CSME listens, but does not answer: look whether it hangs"
				   : "a host connected, but did not speak: it was turned out";

	if (!p->is_silent)
		tell_trouble(p, now, "SILENT", 0, text, text);
	p->is_silent = true;
}

/* Why a connection ended, or does not come about; once, until it is another reason. */
static void show_trouble(struct process *p, uint64_t now)
{
	struct sap_unix_trouble why = sap_unix_why(&p->end);

	if (sim_party_gave_up(&p->party)) {
		show_silence(p, now);
		return;
	}
	/* That the peer went is what DOWN says already. */
	if (why.problem == SAP_UNIX_FINE || why.problem == SAP_UNIX_WENT || why.problem == p->problem)
		return;
	p->problem = why.problem;
	tell_trouble(p, now, sap_unix_problem_name(why.problem), why.error, why.text,
		     process_trouble_text(&why));
}

void process_show_turned_away(struct process *p)
{
	static const char text[] = "another host came, and was turned away";

	if (p->turned_away == p->end.counters.turned_away)
		return;
	p->turned_away = p->end.counters.turned_away;
	if (!p->is_besieged)
		tell_trouble(p, process_now(p), "TURNED_AWAY", 0, text, text);
	p->is_besieged = true;
}

void process_show_bus(struct process *p, uint64_t now, const char *text, json_t *facts)
{
	json_t *json;

	if (p->options->mute)
		return;
	if (p->options->json) {
		json = line_of(p, "bus", now);
		json_object_update(json, facts);
		json_object_set_new(json, "text", json_string(text));
		json_write_line(stdout, json);
	} else {
		start_line(p, now, "bus");
		printf("%s\n", text);
	}
	end_line();
}

/* --- listening --- */

static void count(struct process *p, const struct sap_seen *seen)
{
	static const uint8_t bell[] = {SAP_ME_CHECK_SHARED_AREA, 0, 0, 0};

	if (seen->carrier != SAP_IN_ME ||
	    (seen->len >= sizeof(bell) && memcmp(seen->bytes, bell, sizeof(bell)) == 0))
		p->count[seen->carrier][seen->to]++;
}

/* In a capture times are those of the calendar. */
static void save(struct process *p, const struct sap_seen *seen)
{
	struct timespec now;

	clock_gettime(CLOCK_REALTIME, &now);
	capture_write(p->capture, seen, &now);
}

/* The entry that a message would be in a timeline; nobody needs it later. */
static void hear_message(struct process *p, const struct sim_news *news)
{
	struct sim_entry entry = {
		.kind = SIM_MESSAGE,
		.at = news->now,
		.nic = *news->nic,
		.to = news->seen.to,
		.carrier = news->seen.carrier,
		.bytes = (uint8_t *)(uintptr_t)news->seen.bytes,
		.len = news->seen.len,
		.taken_at = news->kind == SIM_HEARD ? news->now : SIM_NEVER,
	};

	count(p, &news->seen);
	if (p->capture)
		save(p, &news->seen);
	if (p->options->messages)
		show(p, &entry);
}

/* A host that tries again and again tells what comes of it once. */
static void look_at(struct process *p, const struct sim_event *event)
{
	enum sap_status status = event->by == SIM_BY_HOST ? event->host.status : event->csme.status;

	p->is_old = false;
	if (is_type(event, SAP_HOST_UP, SAP_CSME_UP)) {
		p->is_up = true;
		p->problem = SAP_UNIX_FINE;
		p->is_silent = p->is_besieged = false;
		p->status = SAP_OK;
	} else if (is_type(event, SAP_HOST_DOWN, SAP_CSME_DOWN)) {
		p->is_old = sim_party_gave_up(&p->party)
				    ? p->is_silent
				    : !p->is_up && status != SAP_OK && status == p->status;
		p->is_up = false;
		p->status = status;
	}
}

static void hear(void *self, const struct sim_news *news)
{
	struct process *p = self;
	struct sim_listener timeline = sim_timeline_listener(&p->timeline);
	const struct sim_event *event = &news->event;

	if (news->kind != SIM_HAPPENED) {
		hear_message(p, news);
		return;
	}
	look_at(p, event);
	timeline.hear(timeline.self, news);
	if (is_type(event, SAP_HOST_DOWN, SAP_CSME_DOWN) || is_type(event, 0, SAP_CSME_NO_AREA))
		show_trouble(p, news->now);
}

static void added(void *self, const struct sim_entry *entry)
{
	struct process *p = self;

	p->wrong += entry->kind == SIM_FAILURE;
	if (entry->kind != SIM_EVENT || !p->is_old)
		show(p, entry);
	p->is_old = false;
}

void process_listen(struct process *p)
{
	p->style = (struct text_style){.colour = p->options->paint, .width = 110, .indent = MESSAGE_COLUMN};
	p->site.listener = (struct sim_listener){hear, p};
	p->timeline.added = added;
	p->timeline.self = p;
}

/* --- the first line and the last --- */

void process_show_start(struct process *p)
{
	json_t *start;

	if (p->options->mute)
		return;
	if (!p->options->json) {
		start_line(p, process_now(p), own_name(p));
		printf("%s %s\n", p->bus.on ? "is the firmware of" : p->kind->socket,
		       p->bus.on ? p->options->bus.path : p->options->path);
	} else {
		start = json_of_start();
		json_object_set_new(start, "role", json_string(own_name(p)));
		if (p->bus.on) {
			json_object_set_new(start, "socket", json_null());
			json_object_set_new(start, "vmei", json_string(p->options->bus.path));
		} else {
			json_set_text(start, "socket", p->options->path);
		}
		if (p->options->script)
			json_set_text(start, "script", p->options->script);
		else
			json_object_set_new(start, "script", json_null());
		json_write_line(stdout, start);
	}
	end_line();
}

void process_show_end(struct process *p, enum outcome outcome)
{
	const struct sim_nic *nic = &p->site.nic;
	json_t *end;

	if (!p->options->json)
		return;
	end = json_pack("{s:s, s:I, s:s, s:i}", "kind", "end", "ms", (json_int_t)process_now(p), "owner",
			json_owner_key(nic->owner), "exit", (int)outcome);
	json_object_set_new(end, "notifications", json_of_directions(p->count[SAP_IN_NOTIF]));
	json_object_set_new(end, "doorbells", json_of_directions(p->count[SAP_IN_ME]));
	json_object_set_new(end, "packets", json_of_directions(p->count[SAP_IN_DATA]));
	json_object_set_new(end, "alarms", json_integer(nic->overlaps));
	json_object_set_new(end, "unexcused", json_integer(nic->unexcused));
	json_object_set_new(end, "overlap", json_boolean(nic->overlap));
	json_object_set_new(end, "failures", json_integer(p->wrong));
	json_write_line(stdout, end);
	end_line();
}

void process_mistake(struct process *p, uint32_t line, uint32_t column, const char *why)
{
	struct text plain = {0};
	json_t *json;

	p->wrong++;
	fprintf(stderr, "%s: %s:%u:%u: %s\n", p->kind->command, p->source, (unsigned int)line,
		(unsigned int)column, plain_of(&plain, why));
	text_free(&plain);
	if (!p->options->json)
		return;
	json = line_of(p, "failure", process_now(p));
	json_object_set_new(json, "line", json_integer(line));
	json_object_set_new(json, "column", json_integer(column));
	json_set_text(json, "text", why);
	json_write_line(stdout, json);
	end_line();
}
