// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
/*
 * Captures, as capture.h writes them and Wireshark saves them: libpcap reads the file, each record is one
 * message behind a header of ours. What is wrong in one record harms no other.
 */
#include <pcap/pcap.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <sap/wire.h>

#include "capture.h"
#include "read.h"

struct reader {
	struct report *report;
	struct record place; /* where problems are, before there is a message */
	struct capture_header header;
	const uint8_t *message;
	uint32_t len;
};

bool is_pcap(const uint8_t *bytes, size_t len)
{
	static const uint8_t marks[][4] = {
		{0xa1, 0xb2, 0xc3, 0xd4}, {0xd4, 0xc3, 0xb2, 0xa1}, /* microseconds, either byte order */
		{0xa1, 0xb2, 0x3c, 0x4d}, {0x4d, 0x3c, 0xb2, 0xa1}, /* nanoseconds */
		{0x0a, 0x0d, 0x0d, 0x0a},			    /* pcapng */
	};

	for (size_t i = 0; len >= 4 && i < sizeof(marks) / sizeof(marks[0]); i++) {
		if (memcmp(bytes, marks[i], 4) == 0)
			return true;
	}
	return false;
}

/* Microseconds, as most files have them, but no digit of a nanosecond is lost. */
static void write_time(char *text, size_t size, const struct timeval *time)
{
	long ns = (long)time->tv_usec;

	if (ns % 1000)
		snprintf(text, size, "%lld.%09ld", (long long)time->tv_sec, ns);
	else
		snprintf(text, size, "%lld.%06ld", (long long)time->tv_sec, ns / 1000);
}

/* What does not hold of the header; the message is shown as far as it is understood nevertheless. */
static void judge_header(struct reader *r)
{
	const struct capture_header *h = &r->header;
	struct record *place = &r->place;

	if (h->version != CAPTURE_VERSION)
		report_bad_record(r->report, place, SAP_BAD_VERSION, "version %u of the header is not known",
				  h->version);
	else if (h->layer < SAP_IN_ME || h->layer > SAP_IN_DATA)
		report_bad_record(r->report, place, SAP_BAD_VALUE, "layer %u is not known", h->layer);
	else if (h->direction != SAP_TO_CSME && h->direction != SAP_TO_HOST)
		report_bad_record(r->report, place, SAP_BAD_VALUE, "direction %u is not known", h->direction);
	else if (h->queue != capture_queue((enum sap_carrier)h->layer, (enum sap_direction)h->direction))
		report_bad_record(r->report, place, SAP_BAD_VALUE,
				  "queue %u is not the one of layer %u and direction %u, %u", h->queue,
				  h->layer, h->direction,
				  capture_queue((enum sap_carrier)h->layer,
						(enum sap_direction)h->direction));
}

/* If the header does not say, an ME message is known by its type and length. */
static bool is_me(const struct reader *r)
{
	struct record record;

	if (r->header.version == CAPTURE_VERSION && r->header.layer >= SAP_IN_ME &&
	    r->header.layer <= SAP_IN_DATA)
		return r->header.layer == SAP_IN_ME;
	if (r->len < SAP_ME_HEADER_SIZE)
		return false;
	record_of_me(&record, r->message, r->len, CAPTURE_HEADER_SIZE);
	return record.info && (record.len == r->len || (!record.len && !record.info->least));
}

static void tell_message(struct reader *r, bool me)
{
	uint32_t least = me ? SAP_ME_HEADER_SIZE : SAP_HEADER_SIZE;
	struct record record;
	char buffer[24];

	if (r->len < least) {
		report_bad_record(r->report, &r->place, SAP_TOO_SHORT,
				  "only %u of the %u bytes of a message's header are there",
				  (unsigned int)r->len, (unsigned int)least);
		return;
	}
	if (me)
		record_of_me(&record, r->message, r->len, CAPTURE_HEADER_SIZE);
	else
		record_of_sap(&record, r->message, r->len, CAPTURE_HEADER_SIZE);
	record.seen = r->place.seen;
	record.queued = !me && r->header.queue >= 1 && r->header.queue <= SAP_QUEUES;
	if (record.queued)
		record.queue = (enum sap_queue_id)(r->header.queue - 1);
	report_record(r->report, &record);
	if (!me && record.payload_len < record.len)
		report_bad_record(r->report, &record, SAP_TOO_SHORT,
				  "%s: its header says %u bytes of payload, %u came",
				  record_name(&record, buffer), (unsigned int)record.len,
				  (unsigned int)record.payload_len);
	else if (!me && SAP_HEADER_SIZE + record.len < r->len)
		report_bad_record(r->report, &record, SAP_BAD_VALUE, "%s: %u bytes follow it in its record",
				  record_name(&record, buffer),
				  (unsigned int)(r->len - SAP_HEADER_SIZE - record.len));
}

static void read_record(struct reader *r, const struct pcap_pkthdr *record, const uint8_t *bytes)
{
	struct sighting *seen = &r->place.seen;

	*seen = (struct sighting){.number = seen->number + 1};
	r->place.offset = 0;
	write_time(seen->time, sizeof(seen->time), &record->ts);
	if (record->caplen < record->len)
		report_bad_record(r->report, &r->place, SAP_TOO_SHORT,
				  "only %u of its %u bytes were captured", (unsigned int)record->caplen,
				  (unsigned int)record->len);
	if (record->caplen < CAPTURE_HEADER_SIZE) {
		report_bad_record(r->report, &r->place, SAP_TOO_SHORT,
				  "only %u of the %d bytes of the record's header are there",
				  (unsigned int)record->caplen, CAPTURE_HEADER_SIZE);
		return;
	}
	capture_header_read(&r->header, bytes);
	if (r->header.direction == SAP_TO_CSME || r->header.direction == SAP_TO_HOST)
		seen->to = (enum sap_direction)r->header.direction;
	seen->sap_version = r->header.sap_version;
	judge_header(r);
	r->place.offset = CAPTURE_HEADER_SIZE;
	r->message = bytes + CAPTURE_HEADER_SIZE;
	r->len = record->caplen - CAPTURE_HEADER_SIZE;
	tell_message(r, is_me(r));
}

static void read_records(struct reader *r, pcap_t *pcap)
{
	struct pcap_pkthdr *record;
	const u_char *bytes;
	int link = pcap_datalink(pcap);
	const char *name = pcap_datalink_val_to_name(link);
	int got;

	if (link != CAPTURE_LINK_TYPE) {
		report_problem(r->report, 0, SAP_UNSUPPORTED,
			       "this capture's link type is %s (%d), that of SAP is USER0 (%d)",
			       name ? name : "unknown", link, CAPTURE_LINK_TYPE);
		return;
	}
	while ((got = pcap_next_ex(pcap, &record, &bytes)) == 1)
		read_record(r, record, bytes);
	r->place.seen.number++;
	r->place.offset = 0;
	if (got == PCAP_ERROR)
		report_bad_record(r->report, &r->place, SAP_TOO_SHORT, "%s", pcap_geterr(pcap));
}

void read_pcap(struct input *input, struct report *report)
{
	char why[PCAP_ERRBUF_SIZE] = "out of memory";
	struct reader r = {.report = report};
	FILE *stream = source_stream(&input->file);
	pcap_t *pcap = NULL;

	if (stream)
		pcap = pcap_fopen_offline_with_tstamp_precision(stream, PCAP_TSTAMP_PRECISION_NANO, why);
	if (pcap) {
		read_records(&r, pcap);
		pcap_close(pcap); /* and with it the stream */
		return;
	}
	report_problem(report, 0, SAP_CORRUPT, "%s", why);
	if (stream)
		fclose(stream);
}
