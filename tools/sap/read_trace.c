// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
/*
 * The trace events of the Linux driver, as text. What other events and lines there are is counted.
 */
#include <stdlib.h>
#include <string.h>

#include <sap/wire.h>

#include "read.h"
#include "trace_line.h"

enum {
	LINE_LIMIT = 512 << 10, /* a packet of 64 KiB takes four characters a byte */
};

struct reader {
	FILE *in;
	struct report *report;
	uint32_t number; /* of the line */
	struct bytes text;
	bool too_long;
	struct trace_line line;
};

/* --- is it one? --- */

/* The first line that is not empty, if all of it is there. */
bool starts_as_trace(const uint8_t *text, size_t len)
{
	struct bytes line = {0};
	const uint8_t *end;
	bool typical;

	while (len && (*text == '\n' || *text == '\r')) {
		text++;
		len--;
	}
	end = len ? memchr(text, '\n', len) : NULL;
	if (!end)
		return false;
	bytes_add(&line, text, (size_t)(end - text));
	bytes_more(&line, 1);
	typical = trace_line_is_typical((const char *)line.data);
	bytes_free(&line);
	return typical;
}

/* Events of SAP somewhere in a text: behind somebody's words, for example. */
bool has_trace(const uint8_t *text, size_t len)
{
	static const char *const events[] = {": iwlmei_sap_cmd:", ": iwlmei_me_msg:", ": iwlmei_sap_data:"};
	struct bytes copy = {0};
	bool found = false;

	if (!hextext_is_text(text, len))
		return false;
	bytes_add(&copy, text, len);
	bytes_more(&copy, 1);
	for (int i = 0; i < 3; i++)
		found = found || strstr((const char *)copy.data, events[i]);
	bytes_free(&copy);
	return found;
}

/* --- from a line to a record --- */

static struct record record_of_line(const struct reader *r)
{
	const struct trace_line *line = &r->line;
	struct record record = {.left_out = RECORD_NO_PAYLOAD, .type = line->type, .seq = line->seq};

	record.seen.number = r->number;
	record.seen.to = line->to_csme ? SAP_TO_CSME : SAP_TO_HOST;
	memcpy(record.seen.time, line->time, sizeof(record.seen.time));
	return record;
}

static void tell_me(struct reader *r)
{
	struct record record = record_of_line(r);

	record.me = true;
	record.info = sap_me_info(record.type);
	record.left_out |= RECORD_NO_LEN;
	report_record(r->report, &record);
}

static void tell_notif_bytes(struct reader *r)
{
	const struct bytes *bytes = &r->line.bytes;
	struct record place = record_of_line(r);
	struct record record;

	if (bytes->len < SAP_HEADER_SIZE) {
		report_bad_record(r->report, &place, SAP_TOO_SHORT,
				  "only %u of the %d bytes of a message's header are there",
				  (unsigned int)bytes->len, SAP_HEADER_SIZE);
		return;
	}
	record_of_sap(&record, bytes->data, (uint32_t)bytes->len, 0);
	record.seen = place.seen;
	report_record(r->report, &record);
	if (record.type != r->line.type || record.len != r->line.len || record.seq != r->line.seq)
		report_bad_record(r->report, &record, SAP_BAD_VALUE,
				  "the event says type %u, len %u, seq %u; its bytes say otherwise",
				  (unsigned int)r->line.type, (unsigned int)r->line.len,
				  (unsigned int)r->line.seq);
	else if (record.payload_len < record.len)
		report_bad_record(r->report, &record, SAP_TOO_SHORT,
				  "its header says %u bytes of payload, %u came", (unsigned int)record.len,
				  (unsigned int)record.payload_len);
}

static void tell_notif(struct reader *r)
{
	struct record record = record_of_line(r);

	if (r->line.has_bytes) {
		tell_notif_bytes(r);
		return;
	}
	record.info = sap_message_info(record.type);
	record.len = r->line.len;
	report_record(r->report, &record);
}

/*
 * A packet's event has its frame and not what stands before it, so a copy for CSME lacks all its other
 * fields, and none of them has a number.
 */
static void tell_packet(struct reader *r)
{
	const struct sap_message_info *data = sap_message_info(SAP_DATA_PACKET);
	const struct trace_line *line = &r->line;
	struct record record = record_of_line(r);
	struct sap_message_info copy = *sap_message_info(SAP_CB_DATA_PACKET);

	if (line->type == PACKET_NOT_FOR_HOST) {
		report_remark(r->report, r->number,
			      "%s: the host's own network stack does not get the packet before", line->time);
		return;
	}
	record.info = data;
	record.type = SAP_DATA_PACKET;
	record.len = line->len;
	record.left_out |= RECORD_NO_SEQ;
	if (line->type == PACKET_DHCP_TO_CSME) {
		copy.fields = data->fields;
		copy.n_fields = data->n_fields;
		copy.least = data->least;
		record.info = &copy;
		record.type = SAP_CB_DATA_PACKET;
		record.len += SAP_CB_DATA_HEADER_SIZE;
	}
	if (line->has_bytes) {
		record.left_out &= ~(unsigned int)RECORD_NO_PAYLOAD;
		record.left_out |= record.info == &copy ? RECORD_NO_LEN : 0;
		record.payload = line->bytes.data;
		record.payload_len = (uint32_t)line->bytes.len;
	}
	report_record(r->report, &record);
}

static void tell_line(struct reader *r)
{
	struct record place = record_of_line(r);

	switch (r->line.kind) {
	case TRACE_OTHER:
		r->report->other_lines++;
		break;
	case TRACE_NOTIF:
		tell_notif(r);
		break;
	case TRACE_ME:
		tell_me(r);
		break;
	case TRACE_PACKET:
		tell_packet(r);
		break;
	case TRACE_LOST:
		r->report->lost_events += r->line.lost ? r->line.lost : 1;
		if (r->line.lost)
			report_remark(r->report, r->number, "processor %u lost %llu events",
				      (unsigned int)r->line.cpu, (unsigned long long)r->line.lost);
		else
			report_remark(r->report, r->number, "processor %u lost events, nobody knows how many",
				      (unsigned int)r->line.cpu);
		break;
	case TRACE_BAD:
		report_bad_record(r->report, &place, SAP_BAD_VALUE, "%s", r->line.why);
		break;
	}
}

/* --- lines --- */

/* One line into `text`, without its end. False at the end of all. */
static bool next_line(struct reader *r)
{
	int c = getc(r->in);

	if (c == EOF)
		return false;
	r->number++;
	r->text.len = 0;
	r->too_long = false;
	for (; c != EOF && c != '\n'; c = getc(r->in)) {
		uint8_t byte = c ? (uint8_t)c : '?'; /* a zero would end the text */

		if (r->text.len < LINE_LIMIT)
			bytes_add(&r->text, &byte, 1);
		else
			r->too_long = true;
	}
	if (r->text.len && r->text.data[r->text.len - 1] == '\r')
		r->text.len--;
	bytes_more(&r->text, 1);
	return true;
}

void read_trace(struct input *input, struct report *report)
{
	struct reader r = {.report = report, .in = source_stream(&input->file)};
	struct record place = {0};

	if (!r.in) {
		report_problem(report, 0, SAP_IO, "out of memory");
		return;
	}
	while (next_line(&r)) {
		trace_line_read(&r.line, (const char *)r.text.data);
		if (r.too_long) {
			place.seen.number = r.number;
			report_bad_record(report, &place, SAP_TOO_LONG, "a line of more than %d bytes",
					  LINE_LIMIT);
		} else {
			tell_line(&r);
		}
	}
	fclose(r.in);
	bytes_free(&r.text);
	bytes_free(&r.line.bytes);
}
