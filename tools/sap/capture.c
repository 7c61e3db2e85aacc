// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
#include "capture.h"

#include <errno.h>
#include <pcap/pcap.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <sap/me.h>

#include "memory.h"

enum {
	SNAP_LENGTH = 128 << 10, /* more than any message has */
};

struct capture {
	const char *command;
	char *name; /* of the file, for people */
	pcap_t *pcap;
	pcap_dumper_t *dumper;
	bool failed;
	uint8_t sap_version;
	struct bytes record;
};

/* --- the header --- */

void capture_header_write(const struct capture_header *header, uint8_t bytes[CAPTURE_HEADER_SIZE])
{
	memset(bytes, 0, CAPTURE_HEADER_SIZE);
	bytes[0] = header->version;
	bytes[1] = header->layer;
	bytes[2] = header->direction;
	bytes[3] = header->queue;
	bytes[4] = header->sap_version;
}

void capture_header_read(struct capture_header *header, const uint8_t bytes[CAPTURE_HEADER_SIZE])
{
	*header = (struct capture_header){bytes[0], bytes[1], bytes[2], bytes[3], bytes[4]};
}

uint8_t capture_queue(enum sap_carrier layer, enum sap_direction direction)
{
	if (layer == SAP_IN_ME)
		return 0;
	if (direction == SAP_TO_CSME)
		return 1 + (layer == SAP_IN_NOTIF ? SAP_HOST_NOTIF : SAP_HOST_DATA);
	return 1 + (layer == SAP_IN_NOTIF ? SAP_CSME_NOTIF : SAP_CSME_DATA);
}

/* --- opening --- */

static void complain(const char *command, const char *name, const char *what, const char *why)
{
	fflush(stdout);
	fprintf(stderr, "%s: %s: %s: %s\n", command, name, what, why);
}

/* A stream of our own: who is given standard output may close what it was given. */
static FILE *open_file(const char *path)
{
	FILE *out;
	int fd;

	if (strcmp(path, "-") != 0)
		return fopen(path, "wb");
	fd = dup(STDOUT_FILENO);
	out = fd < 0 ? NULL : fdopen(fd, "wb");
	if (!out && fd >= 0)
		close(fd);
	return out;
}

/* libpcap closes the file if it cannot take it. */
static struct capture *begin(const char *command, const char *name, FILE *out)
{
	struct capture *capture = memory_zeroed(1, sizeof(*capture));

	/* A record goes out in one piece, whatever its length. */
	setvbuf(out, NULL, _IOFBF, SNAP_LENGTH + 64);
	capture->command = command;
	capture->name = memory_zeroed(strlen(name) + 1, 1);
	memcpy(capture->name, name, strlen(name));
	capture->pcap = pcap_open_dead(CAPTURE_LINK_TYPE, SNAP_LENGTH);
	if (capture->pcap)
		capture->dumper = pcap_dump_fopen(capture->pcap, out);
	if (!capture->dumper) {
		complain(command, name, "cannot be written",
			 capture->pcap ? pcap_geterr(capture->pcap) : "out of memory");
		capture_close(capture);
		return NULL;
	}
	return capture;
}

/* What was written must reach the file; this is where a full disk is noticed. */
static void flush(struct capture *capture)
{
	errno = 0;
	if (pcap_dump_flush(capture->dumper) == 0 && !ferror(pcap_dump_file(capture->dumper)))
		return;
	capture->failed = true;
	complain(capture->command, capture->name, "cannot be written", strerror(errno ? errno : EIO));
}

struct capture *capture_open(const char *command, const char *path)
{
	bool standard = strcmp(path, "-") == 0;
	const char *name = standard ? "standard output" : path;
	struct capture *capture;
	FILE *out;

	if (standard && isatty(STDOUT_FILENO)) {
		complain(command, name, "cannot be written", "a capture does not go to a terminal");
		return NULL;
	}
	out = open_file(path);
	if (!out) {
		complain(command, name, "cannot be opened", strerror(errno));
		return NULL;
	}
	capture = begin(command, name, out);
	if (capture)
		flush(capture);
	if (capture && capture->failed) {
		capture_close(capture);
		return NULL;
	}
	return capture;
}

/* --- writing --- */

/* The version is CSME's choice, in START_OK; a START begins anew. */
static void follow(struct capture *capture, const struct sap_seen *seen)
{
	struct sap_me_message message;

	if (seen->carrier != SAP_IN_ME || sap_me_decode(seen->bytes, seen->len, &message) != SAP_OK)
		return;
	if (message.type == SAP_ME_START)
		capture->sap_version = 0;
	else if (message.type == SAP_ME_START_OK)
		capture->sap_version = message.start_ok.supported_version;
}

void capture_write(struct capture *capture, const struct sap_seen *seen, const struct timespec *when)
{
	struct pcap_pkthdr record = {.caplen = CAPTURE_HEADER_SIZE + seen->len};
	struct capture_header header = {.version = CAPTURE_VERSION,
					.layer = (uint8_t)seen->carrier,
					.direction = (uint8_t)seen->to,
					.queue = capture_queue(seen->carrier, seen->to)};

	if (!capture || capture->failed)
		return;
	follow(capture, seen);
	header.sap_version = capture->sap_version;
	capture->record.len = 0;
	capture_header_write(&header, bytes_more(&capture->record, CAPTURE_HEADER_SIZE));
	bytes_add(&capture->record, seen->bytes, seen->len);
	record.len = record.caplen;
	record.ts.tv_sec = when->tv_sec;
	record.ts.tv_usec = when->tv_nsec / 1000;
	pcap_dump((u_char *)capture->dumper, &record, capture->record.data);
	flush(capture);
}

struct timespec capture_ms(uint64_t ms)
{
	return (struct timespec){.tv_sec = (time_t)(ms / 1000), .tv_nsec = (long)(ms % 1000) * 1000000};
}

/* --- and the end --- */

bool capture_holds(const struct capture *capture)
{
	return !capture || !capture->failed;
}

enum outcome capture_close(struct capture *capture)
{
	enum outcome outcome = capture_holds(capture) ? OUTCOME_OK : OUTCOME_FILE;

	if (!capture)
		return OUTCOME_OK;
	if (capture->dumper)
		pcap_dump_close(capture->dumper);
	if (capture->pcap)
		pcap_close(capture->pcap);
	bytes_free(&capture->record);
	free(capture->name);
	free(capture);
	return outcome;
}
