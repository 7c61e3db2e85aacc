// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
/*
 * `sap decode`: what an area, ME messages, SAP messages, a capture or a trace say.
 */
#include <stdlib.h>
#include <string.h>

#include "cli.h"
#include "read.h"
#include "report.h"

/* The options as they were given. */
struct options {
	char *as;
	char *queue;
	char *colour;
	int hex;
	int history;
	int json;
};

/* What they mean. */
struct request {
	enum input_kind as;
	struct area_view view;
	bool colour;
};

static const char text[] =
	"Shows what the bytes of SAP say: an image of the shared area, ME messages, SAP messages, a capture\n"
	"(pcap), or hex text of any of these, as xxd and hexdump -C write it; and the trace events of the Linux\n"
	"driver as text. What FILE holds is found out; no FILE, or -, is standard input. In hex text # starts a\n"
	"comment, and an empty line ends a message. Captures and traces are shown as they come.\n";

static const char examples[] = "  sap decode area.bin\n"
			       "  sap decode --history --queue=host_notif area.bin\n"
			       "  sap decode --json area.bin | jq 'select(.name == \"HOST_LINK_UP\")'\n"
			       "  echo 'ff 01 04 00  01 00 00 00  02 00 00 00' | sap decode\n"
			       "  xxd area.bin | sap decode\n"
			       "  sap demo --pcap=demo.pcap >/dev/null; sap decode demo.pcap\n";

static bool read_kind(const char *word, enum input_kind *kind)
{
	static const char *const words[] = {"auto", "area", "me", "sap", "pcap", "trace"};

	for (int i = 0; i < 6; i++) {
		if (!word || strcmp(word, words[i]) == 0) {
			*kind = (enum input_kind)i;
			return true;
		}
	}
	return false;
}

static enum outcome understand(const struct cli_about *about, const struct options *o,
			       struct request *request)
{
	*request = (struct request){.view = {.history = o->history != 0, .one_queue = o->queue != NULL}};
	if (!read_kind(o->as, &request->as))
		return cli_wrong(about, "--as takes auto, area, me, sap, pcap or trace, not '%s'", o->as);
	if (!cli_colour(o->colour, &request->colour))
		return cli_wrong(about, "--color takes auto, always or never, not '%s'", o->colour);
	if (o->queue && !queue_of_key(o->queue, &request->view.queue))
		return cli_wrong(about,
				 "--queue takes host_notif, host_data, csme_notif or csme_data, not '%s'",
				 o->queue);
	return OUTCOME_OK;
}

/* Tells why there is nothing to read, if so. */
static bool readable(const struct input *input, struct report *report)
{
	const struct hextext *hex = &input->hextext;

	if (hex->why[0])
		report_problem(report, (uint32_t)hex->bytes.len, SAP_BAD_VALUE, "line %zu, column %zu: %s",
			       hex->line, hex->column, hex->why);
	else if (input->kind == INPUT_PCAP || input->kind == INPUT_TRACE)
		return true;
	else if (!input->len)
		report_problem(report, 0, SAP_TOO_SHORT, "there is nothing in it");
	else if (input->kind == INPUT_UNKNOWN)
		report_problem(
			report, 0, SAP_UNKNOWN_TYPE,
			"neither an area, nor an ME message, nor SAP messages start here; --as says what "
			"it is meant to be");
	else
		return true;
	return false;
}

static void read_messages(struct input *input, struct report *report)
{
	if (input->kind == INPUT_ME)
		read_me(input, report);
	else if (input->kind == INPUT_SAP)
		read_sap(input, report);
	else if (input->kind == INPUT_PCAP)
		read_pcap(input, report);
	else
		read_trace(input, report);
}

static void read_input(struct input *input, const struct area_view *view, struct report *report)
{
	bool area = input->kind == INPUT_AREA;
	struct image image;

	if (area)
		image_open(&image, input->bytes, input->len);
	report_input(report, input, area ? &image : NULL);
	if (readable(input, report)) {
		if (area)
			read_area(&image, view, report);
		else
			read_messages(input, report);
	}
	report_end(report);
	if (area)
		image_close(&image);
}

/* The report went to standard output; whoever sends that to a file wants to hear of errors too. */
static enum outcome conclude(const struct cli_about *about, const struct input *input,
			     const struct report *report)
{
	const struct problem *first = &report->first;

	if (input->file.failed)
		return OUTCOME_FILE;
	if (!report->problems)
		return OUTCOME_OK;
	fflush(stdout);
	fprintf(stderr, "%s: %s: %u error%s, the first at %s %u: %s\n", about->name, input->name,
		(unsigned int)report->problems, report->problems == 1 ? "" : "s",
		first->number ? report_unit(report) : "byte",
		(unsigned int)(first->number ? first->number : first->offset), first->text);
	return OUTCOME_WRONG;
}

static enum outcome decode(const struct cli_about *about, const struct options *o, const char *path)
{
	struct text_report for_people;
	struct json_report for_programs;
	struct report *report;
	struct request request;
	struct input input;
	enum outcome outcome = understand(about, o, &request);

	if (outcome != OUTCOME_OK)
		return outcome;
	text_report_init(&for_people, stdout, request.colour);
	json_report_init(&for_programs, stdout);
	report = o->json ? &for_programs.report : &for_people.report;

	outcome = input_open(&input, about->name, path, request.as, o->hex != 0);
	if (outcome == OUTCOME_OK) {
		read_input(&input, &request.view, report);
		outcome = conclude(about, &input, report);
	}
	input_close(&input);
	return outcome;
}

enum outcome decode_run(int argc, const char *const *argv)
{
	struct options o = {0};
	const struct poptOption options[] = {
		{"json", 'j', POPT_ARG_NONE, &o.json, 0, "JSON lines, format version 1 (docs/decode-json.md)",
		 NULL},
		{"history", 'H', POPT_ARG_NONE, &o.history, 0,
		 "areas: also messages that were taken already and still lie in the queues", NULL},
		{"queue", 'q', POPT_ARG_STRING, &o.queue, 0,
		 "areas: only this queue: host_notif, host_data, csme_notif, csme_data", "NAME"},
		{"as", 'a', POPT_ARG_STRING, &o.as, 0,
		 "what FILE holds: auto, area, me, sap, pcap, trace (default: auto)", "KIND"},
		{"hex", 'x', POPT_ARG_NONE, &o.hex, 0, "FILE is hex text, whatever it looks like", NULL},
		{"color", 'c', POPT_ARG_STRING, &o.colour, 0, "auto, always, never (default: auto)", "WHEN"},
		POPT_TABLEEND,
	};
	const struct cli_about about = {"sap decode", "[OPTION...] [FILE]", text, examples, options};
	enum outcome outcome;
	struct cli cli;

	if (cli_begin(&cli, &about, argc, argv, &outcome))
		outcome = decode(&about, &o, cli.argument);
	cli_end(&cli);
	free(o.as);
	free(o.queue);
	free(o.colour);
	return outcome;
}
