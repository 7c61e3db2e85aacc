// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
/*
 * Messages that stand by themselves in a file.
 */
#include <sap/wire.h>

#include "read.h"

static void read_one_me(const struct segment *s, struct report *report)
{
	struct record record;

	if (s->len < SAP_ME_HEADER_SIZE) {
		report_problem(report, s->offset, SAP_TOO_SHORT,
			       "only %u of the %d bytes of an ME message's header are there",
			       (unsigned int)s->len, SAP_ME_HEADER_SIZE);
		return;
	}
	record_of_me(&record, s->bytes, s->len, s->offset);
	report_record(report, &record);
}

void read_me(const struct input *input, struct report *report)
{
	for (size_t i = 0; i < input->segments; i++) {
		struct segment s = input_segment(input, i);

		read_one_me(&s, report);
	}
}

static void read_segment(const struct segment *s, struct report *report)
{
	struct record record;
	char buffer[24];

	for (uint32_t at = 0; at < s->len; at += SAP_HEADER_SIZE + record.len) {
		if (s->len - at < SAP_HEADER_SIZE) {
			report_problem(report, s->offset + at, SAP_TOO_SHORT,
				       "only %u of the %d bytes of a message's header are there",
				       (unsigned int)(s->len - at), SAP_HEADER_SIZE);
			return;
		}
		record_of_sap(&record, s->bytes + at, s->len - at, s->offset + at);
		report_record(report, &record);
		if (record.payload_len < record.len) {
			report_bad_record(report, &record, SAP_TOO_SHORT,
					  "%s: its header says %u bytes of payload, the input ends after %u",
					  record_name(&record, buffer), (unsigned int)record.len,
					  (unsigned int)record.payload_len);
			return;
		}
	}
}

void read_sap(const struct input *input, struct report *report)
{
	for (size_t i = 0; i < input->segments; i++) {
		struct segment s = input_segment(input, i);

		read_segment(&s, report);
	}
}
