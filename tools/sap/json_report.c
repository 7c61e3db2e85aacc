// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
/*
 * The report for programs: one JSON object a line. Its format is docs/decode-json.md.
 */
#include <jansson.h>

#include "json_message.h"
#include "report.h"

enum {
	FORMAT_VERSION = 1, /* grows when a key goes away or changes its meaning, not when one is added */
};

static const char *const kinds[] = {
	[INPUT_AREA] = "area", [INPUT_ME] = "me",	[INPUT_SAP] = "sap",
	[INPUT_PCAP] = "pcap", [INPUT_TRACE] = "trace", [INPUT_UNKNOWN] = NULL,
};

static void write_line(struct report *report, json_t *json)
{
	FILE *out = ((struct json_report *)(void *)report)->out;

	json_dumpf(json, out, JSON_COMPACT);
	fputc('\n', out);
	json_decref(json);
}

static json_t *of_queues(const struct image *image)
{
	json_t *list = json_array();

	for (int q = 0; q < SAP_QUEUES; q++)
		json_array_append_new(list, json_pack("{s:s, s:I, s:I, s:I}", "queue",
						      queue_key((enum sap_queue_id)q), "size",
						      (json_int_t)image->queue[q].size, "rd",
						      (json_int_t)image->queue[q].rd, "wr",
						      (json_int_t)image->queue[q].wr));
	return list;
}

static void json_input(struct report *report, const struct input *input, const struct image *image)
{
	json_t *json = json_pack("{s:s, s:s, s:i, s:s?}", "kind", "input", "format", "sap-decode", "version",
				 FORMAT_VERSION, "input", kinds[input->kind]);

	/* How long a capture or a trace will be is not known as it begins. */
	if (input->kind != INPUT_PCAP && input->kind != INPUT_TRACE)
		json_object_set_new(json, "size", json_integer(input->len));

	if (image) {
		json_object_set_new(json, "sap_version", json_integer(image->area.layout.version));
		json_object_set_new(json, "queues", of_queues(image));
	}
	write_line(report, json);
}

static void json_queue(struct report *report, enum sap_queue_id queue, uint32_t taken, uint32_t pending)
{
	/* Each record names its queue. */
	(void)report;
	(void)queue;
	(void)taken;
	(void)pending;
}

static void add_sighting(const struct report *report, json_t *json, const struct sighting *seen)
{
	if (!seen->number)
		return;
	json_object_set_new(json, report_unit(report), json_integer(seen->number));
	json_object_set_new(json, "time", json_string(seen->time));
	json_object_set_new(json, "to",
			    seen->to ? json_string(seen->to == SAP_TO_CSME ? "csme" : "host") : json_null());
	if (seen->sap_version)
		json_object_set_new(json, "sap_version", json_integer(seen->sap_version));
}

static void json_record(struct report *report, const struct record *record)
{
	/* Without it, encode would make the payload as long as the header, or the type, says. */
	uint32_t expected = record->me ? (record->info ? record->info->least : 0) : record->len;
	bool absent = (record->left_out & RECORD_NO_PAYLOAD) != 0;
	json_t *json = json_pack("{s:s}", "kind", record->me ? "me" : "sap");

	add_sighting(report, json, &record->seen);
	if (record->queued)
		json_object_set_new(json, "queue", json_string(queue_key(record->queue)));
	if (report->kind != INPUT_TRACE)
		json_object_set_new(json, "offset", json_integer(record->offset));
	if (record->history)
		json_object_set_new(json, "history", json_true());
	json_object_set_new(json, "type", json_integer(record->type));
	json_object_set_new(json, "name", record->info ? json_string(record->info->name) : json_null());
	if (!(record->left_out & RECORD_NO_LEN))
		json_object_set_new(json, "len", json_integer(record->len));
	if (record->payload_len < expected)
		json_object_set_new(json, "present", json_integer(record->payload_len));
	if (!(record->left_out & RECORD_NO_SEQ))
		json_object_set_new(json, "seq", json_integer(record->seq));
	json_object_set_new(json, "fields",
			    absent ? json_object()
				   : json_of_payload(record->info, record->payload, record->payload_len));
	write_line(report, json);
}

static void json_problem(struct report *report, const struct problem *problem)
{
	json_t *json = json_pack("{s:s}", "kind", "error");

	if (problem->number)
		json_object_set_new(json, report_unit(report), json_integer(problem->number));
	if (report->kind != INPUT_TRACE)
		json_object_set_new(json, "offset", json_integer(problem->offset));
	if (problem->queued)
		json_object_set_new(json, "queue", json_string(queue_key(problem->queue)));
	json_object_set_new(json, "status", json_string(sap_status_name(problem->status)));
	json_object_set_new(json, "text", json_string(problem->text));
	write_line(report, json);
}

static void json_remark(struct report *report, uint32_t number, const char *text)
{
	write_line(report, json_pack("{s:s, s:I, s:s}", "kind", "remark", report_unit(report),
				     (json_int_t)number, "text", text));
}

static void json_end(struct report *report)
{
	json_t *json = json_pack("{s:s, s:I, s:I}", "kind", "end", "messages", (json_int_t)report->messages,
				 "errors", (json_int_t)report->problems);

	if (report->kind == INPUT_TRACE) {
		json_object_set_new(json, "other_lines", json_integer(report->other_lines));
		json_object_set_new(json, "lost_events", json_integer((json_int_t)report->lost_events));
	}
	write_line(report, json);
}

static const struct report_ops json_ops = {json_input,	 json_queue,  json_record,
					   json_problem, json_remark, json_end};

void json_report_init(struct json_report *report, FILE *out)
{
	*report = (struct json_report){.report = {.ops = &json_ops}, .out = out};
}
