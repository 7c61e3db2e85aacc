// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
#include "record.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <sap/message.h>
#include <sap/queue.h>

static uint32_t word(const uint8_t *p)
{
	return p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16 | (uint32_t)p[3] << 24;
}

void record_of_me(struct record *record, const uint8_t *bytes, uint32_t n, uint32_t offset)
{
	*record = (struct record){
		.info = sap_me_info(word(bytes)),
		.me = true,
		.offset = offset,
		.type = word(bytes),
		.seq = word(bytes + 4),
		.len = word(bytes + 8),
		.payload = bytes + SAP_ME_HEADER_SIZE,
		.payload_len = n - SAP_ME_HEADER_SIZE,
	};
}

void record_of_sap(struct record *record, const uint8_t *bytes, uint32_t n, uint32_t offset)
{
	struct sap_header header;
	uint32_t there = n - SAP_HEADER_SIZE;

	sap_header_decode(bytes, &header);
	*record = (struct record){
		.info = sap_message_info(header.type),
		.offset = offset,
		.type = header.type,
		.seq = header.seq,
		.len = header.len,
		.payload = bytes + SAP_HEADER_SIZE,
		.payload_len = there < header.len ? there : header.len,
	};
}

const char *record_name(const struct record *record, char buffer[24])
{
	if (record->info)
		return record->info->name;
	snprintf(buffer, 24, "type %u", (unsigned int)record->type);
	return buffer;
}

void report_input(struct report *report, const struct input *input, const struct image *image)
{
	report->kind = input->kind;
	report->ops->input(report, input, image);
}

void report_queue(struct report *report, enum sap_queue_id queue, uint32_t taken, uint32_t pending)
{
	report->ops->queue(report, queue, taken, pending);
}

__attribute__((format(printf, 3, 0))) static void tell(struct report *report, struct problem *problem,
						       const char *format, va_list args)
{
	vsnprintf(problem->text, sizeof(problem->text), format, args);
	if (!report->problems++)
		report->first = *problem;
	report->ops->problem(report, problem);
}

void report_problem(struct report *report, uint32_t offset, enum sap_status status, const char *format, ...)
{
	struct problem problem = {.offset = offset, .status = status};
	va_list args;

	va_start(args, format);
	tell(report, &problem, format, args);
	va_end(args);
}

void report_bad_record(struct report *report, const struct record *record, enum sap_status status,
		       const char *format, ...)
{
	struct problem problem = {record->offset, record->seen.number, status,
				  record->queued, record->queue,       ""};
	va_list args;

	va_start(args, format);
	tell(report, &problem, format, args);
	va_end(args);
}

void report_remark(struct report *report, uint32_t number, const char *format, ...)
{
	char text[200];
	va_list args;

	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	report->ops->remark(report, number, text);
}

const char *report_unit(const struct report *report)
{
	return report->kind == INPUT_PCAP ? "record" : report->kind == INPUT_TRACE ? "line" : "byte";
}

/* A number that counts the bytes after it must not say more than there are. */
static void judge_fields(struct report *report, const struct record *record)
{
	const char *counter = "";
	struct sap_visitor visitor;
	struct sap_item item;
	uint64_t number = 0;

	sap_visitor_init(&visitor, record->info, record->payload, record->payload_len);
	while (sap_visitor_next(&visitor, &item)) {
		if (item.step == SAP_STEP_VALUE && item.field->kind == SAP_FIELD_LIMITED &&
		    item.size < number)
			report_bad_record(report, record, SAP_TOO_SHORT, "%s: %s says %llu bytes, %u came",
					  record->info->name, counter, (unsigned long long)number,
					  (unsigned int)item.size);
		counter = item.field->name;
		number = item.value;
	}
}

static void judge(struct report *report, const struct record *record)
{
	const struct sap_message_info *info = record->info;

	if (!info)
		return;
	if (record->queued && !sap_queue_carries(record->queue, info->type))
		report_bad_record(report, record, SAP_WRONG_QUEUE, "%s does not belong among %s", info->name,
				  sap_queue_name(record->queue));
	else if (record->seen.to && !(info->direction & record->seen.to))
		report_bad_record(report, record, SAP_WRONG_QUEUE, "%s does not go to %s", info->name,
				  record->seen.to == SAP_TO_CSME ? "CSME" : "the host");
	if (record->left_out & RECORD_NO_PAYLOAD)
		return;
	if (!record->me && record->payload_len < record->len)
		return; /* cut: whoever read it says where */
	if (record->payload_len < info->least)
		report_bad_record(report, record, SAP_TOO_SHORT,
				  "%s: %u bytes of payload came, the type demands %u", info->name,
				  (unsigned int)record->payload_len, (unsigned int)info->least);
	else
		judge_fields(report, record);
}

void report_record(struct report *report, const struct record *record)
{
	report->messages++;
	report->ops->record(report, record);
	judge(report, record);
}

void report_end(struct report *report)
{
	report->ops->end(report);
}

static const char *const queue_keys[SAP_QUEUES] = {
	[SAP_HOST_NOTIF] = "host_notif",
	[SAP_HOST_DATA] = "host_data",
	[SAP_CSME_NOTIF] = "csme_notif",
	[SAP_CSME_DATA] = "csme_data",
};

const char *queue_key(enum sap_queue_id queue)
{
	return queue_keys[queue];
}

bool queue_of_key(const char *key, enum sap_queue_id *queue)
{
	for (int q = 0; q < SAP_QUEUES; q++) {
		if (strcmp(queue_keys[q], key) == 0) {
			*queue = (enum sap_queue_id)q;
			return true;
		}
	}
	return false;
}
