// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
/*
 * The report for people.
 */
#include <inttypes.h>
#include <string.h>

#include "report.h"
#include "text_value.h"

enum {
	WIDTH = 110,
	GLIMPSE = 64, /* bytes that are shown of what was not recognised */
	PREFIX = 18,  /* before each message's name: mark, byte, number */
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

static void text_record(struct report *report, const struct record *record)
{
	struct text_report *r = mine(report);
	struct text out = {0};

	text_message(&out, record, &r->style);
	fprintf(r->out, "%c %6" PRIu32 "  %6" PRIu32 "  %s", record->history ? '~' : ' ', record->offset,
		record->seq, text_of(&out));
	text_free(&out);
}

static void text_problem(struct report *report, const struct problem *problem)
{
	struct text_report *r = mine(report);
	struct text_paint paint = text_paint(&r->style);

	fprintf(r->out, "%s! %6" PRIu32 "  %s (%s)%s\n", paint.bad, problem->offset, problem->text,
		sap_status_name(problem->status), paint.plain);
}

static void text_end(struct report *report)
{
	struct text_report *r = mine(report);

	fprintf(r->out, "\n%" PRIu32 " message%s, %" PRIu32 " error%s\n", report->messages,
		plural(report->messages), report->problems, plural(report->problems));
}

static const struct report_ops text_ops = {text_input, text_queue, text_record, text_problem, text_end};

void text_report_init(struct text_report *report, FILE *out, bool colour)
{
	*report = (struct text_report){
		.report = {.ops = &text_ops},
		.out = out,
		.style = {.colour = colour, .width = WIDTH, .indent = PREFIX},
	};
}
