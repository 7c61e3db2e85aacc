// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
/*
 * The report for people.
 */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "report.h"
#include "text_value.h"

enum {
	WIDTH = 110,
	GLIMPSE = 64,	   /* bytes that are shown of what was not recognised */
	PREFIX = 18,	   /* before each message's name: mark, byte, number */
	YEAR_S = 31536000, /* captures with times below are of a clock that starts at 0, as the demo's */
	SIGHTED = 26,	   /* the same with record and direction; and the time's columns */
};

static struct text_report *mine(struct report *report)
{
	return (struct text_report *)(void *)report;
}

static const char *plural(uint32_t n)
{
	return n == 1 ? "" : "s";
}

static void print_queue_row(FILE *out, const struct image *image, int q)
{
	uint32_t size = image->area.layout.queue[q].size;
	uint32_t wr = image->queue[q].wr;
	uint32_t rd = image->queue[q].rd;
	uint32_t pending = image->queue[q].readable ? ring_bytes(rd, wr, size) : 0;

	fprintf(out, "  %-24s  %6" PRIu32 "  %6" PRIu32 "  %6" PRIu32 "  ",
		sap_queue_name((enum sap_queue_id)q), image->queue[q].size, rd, wr);
	if (!image->queue[q].readable)
		fprintf(out, "cannot be read\n");
	else if (pending)
		fprintf(out, "%" PRIu32 " byte%s\n", pending, plural(pending));
	else
		fprintf(out, "none\n");
}

static void print_area(FILE *out, const struct text_paint *paint, const struct image *image)
{
	fprintf(out, "  %s%-24s  %6s  %6s  %6s  %s%s\n", paint->dim, "queue", "size", "rd", "wr", "pending",
		paint->plain);
	for (int q = 0; q < SAP_QUEUES; q++)
		print_queue_row(out, image, q);
}

static void print_columns(FILE *out, const struct text_paint *paint)
{
	fprintf(out, "  %s  byte     seq  message%s\n", paint->dim, paint->plain);
}

/* The start of it, at least: people often see what it is. */
static void print_unknown(FILE *out, const struct input *input, const char *unit)
{
	uint32_t n = input->len < GLIMPSE ? input->len : GLIMPSE;
	struct text dump = {0};

	if (n)
		text_dump(&dump, input->bytes, n, 2);
	fprintf(out, "%" PRIu32 " %s%s\n%s\n", input->len, unit, n ? ", not recognised\n" : "",
		text_of(&dump));
	text_free(&dump);
}

static void text_input(struct report *report, const struct input *input, const struct image *image)
{
	struct text_report *r = mine(report);
	struct text_paint paint = text_paint(&r->style);
	const char *unit = input->is_hex ? "bytes of hex text" : "bytes";

	fprintf(r->out, "%s%s%s: ", paint.bold, input->name, paint.plain);
	switch (input->kind) {
	case INPUT_AREA:
		fprintf(r->out, "shared area of version %" PRIu32 ", %" PRIu32 " %s\n\n",
			image->area.layout.version, input->len, unit);
		print_area(r->out, &paint, image);
		break;
	case INPUT_ME:
		fprintf(r->out, "ME message%s, %" PRIu32 " %s\n\n", plural((uint32_t)input->segments),
			input->len, unit);
		print_columns(r->out, &paint);
		break;
	case INPUT_SAP:
		fprintf(r->out, "SAP messages, %" PRIu32 " %s\n\n", input->len, unit);
		print_columns(r->out, &paint);
		break;
	case INPUT_PCAP:
		fprintf(r->out, "capture\n\n");
		break;
	case INPUT_TRACE:
		fprintf(r->out, "trace of the Linux driver\n\n");
		break;
	case INPUT_UNKNOWN:
		print_unknown(r->out, input, unit);
		break;
	}
}

static void text_queue(struct report *report, enum sap_queue_id queue, uint32_t taken, uint32_t pending)
{
	struct text_report *r = mine(report);
	struct text_paint paint = text_paint(&r->style);

	fprintf(r->out, "\n%s%s%s: ", paint.bold, sap_queue_name(queue), paint.plain);
	if (taken)
		fprintf(r->out, "%" PRIu32 " taken already (marked ~), ", taken);
	if (pending)
		fprintf(r->out, "%" PRIu32 " pending\n", pending);
	else
		fprintf(r->out, taken ? "none pending\n" : "no whole message\n");
	print_columns(r->out, &paint);
}

/* Seconds since 1970 in so many digits are for programs; people want to know how long after the first. */
static void begin_times(struct text_report *r, const char *time)
{
	long long seconds = strtoll(time, NULL, 10);

	if (r->report.kind != INPUT_PCAP || seconds < YEAR_S)
		return;
	r->began = seconds;
	fprintf(r->out, "Times are seconds from %lld on.\n", seconds);
}

/* A time as it is shown. What was before the first one stays as it is. */
static const char *time_of(const struct text_report *r, const struct sighting *seen, char out[32])
{
	long long seconds = strtoll(seen->time, NULL, 10);

	if (!r->began || seconds < r->began)
		return seen->time;
	snprintf(out, 32, "%lld%.10s", seconds - r->began, seen->time + strcspn(seen->time, "."));
	return out;
}

/* Times of one input are about as long; the first one tells how much room they take. */
static void begin_sightings(struct text_report *r, const struct record *record)
{
	struct text_paint paint = text_paint(&r->style);
	char time[32];
	int columns;

	if (r->time_columns)
		return;
	begin_times(r, record->seen.time);
	columns = (int)strlen(time_of(r, &record->seen, time));
	r->time_columns = columns > 8 ? columns : 8;
	r->style.indent = SIGHTED + (unsigned int)r->time_columns;
	fprintf(r->out, "  %s%6s  %*s  to       seq  message%s\n", paint.dim, report_unit(&r->report),
		r->time_columns, "time", paint.plain);
}

static void print_sighting(struct text_report *r, const struct record *record)
{
	const struct sighting *seen = &record->seen;
	const char *to = seen->to == SAP_TO_CSME ? "CSME" : seen->to == SAP_TO_HOST ? "host" : "?";
	char time[32];

	fprintf(r->out, "  %6" PRIu32 "  %*s  %-4s  ", seen->number, r->time_columns, time_of(r, seen, time),
		to);
	if (record->left_out & RECORD_NO_SEQ)
		fprintf(r->out, "%6s  ", "-");
	else
		fprintf(r->out, "%6" PRIu32 "  ", record->seq);
}

static void text_record(struct report *report, const struct record *record)
{
	struct text_report *r = mine(report);
	struct text out = {0};

	if (record->seen.number)
		begin_sightings(r, record);
	text_message(&out, record, &r->style);
	if (record->seen.number) {
		print_sighting(r, record);
		fputs(text_of(&out), r->out);
		text_free(&out);
		return;
	}
	fprintf(r->out, "%c %6" PRIu32 "  %6" PRIu32 "  %s", record->history ? '~' : ' ', record->offset,
		record->seq, text_of(&out));
	text_free(&out);
}

static void text_problem(struct report *report, const struct problem *problem)
{
	struct text_report *r = mine(report);
	struct text_paint paint = text_paint(&r->style);

	fprintf(r->out, "%s! %6" PRIu32 "  %s (%s)%s\n", paint.bad,
		problem->number ? problem->number : problem->offset, problem->text,
		sap_status_name(problem->status), paint.plain);
}

static void text_remark(struct report *report, uint32_t number, const char *text)
{
	fprintf(mine(report)->out, "  %6" PRIu32 "  %s\n", number, text);
}

static void text_end(struct report *report)
{
	struct text_report *r = mine(report);

	fprintf(r->out, "\n%" PRIu32 " message%s, %" PRIu32 " error%s", report->messages,
		plural(report->messages), report->problems, plural(report->problems));
	if (report->other_lines)
		fprintf(r->out, ", %" PRIu32 " other line%s", report->other_lines,
			plural(report->other_lines));
	if (report->lost_events)
		fprintf(r->out, ", %" PRIu64 " lost event%s", report->lost_events,
			report->lost_events == 1 ? "" : "s");
	fputc('\n', r->out);
}

static const struct report_ops text_ops = {text_input,	 text_queue,  text_record,
					   text_problem, text_remark, text_end};

void text_report_init(struct text_report *report, FILE *out, bool colour)
{
	*report = (struct text_report){
		.report = {.ops = &text_ops},
		.out = out,
		.style = {.colour = colour, .width = WIDTH, .indent = PREFIX},
	};
}
