// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
#define _DEFAULT_SOURCE /* pcap.h wants u_int */

#include "filter_pcap.h"

#include <errno.h>
#include <pcap/pcap.h>
#include <stdio.h>
#include <string.h>

#include "file.h"

static enum outcome read_frames(const char *command, const char *name, pcap_t *file, pcap_frame *take,
				void *self)
{
	struct pcap_pkthdr *header;
	const u_char *bytes;
	int found;

	if (pcap_datalink(file) != DLT_EN10MB) {
		fprintf(stderr, "%s: %s: frames of link type %d, not Ethernet's\n", command, name,
			pcap_datalink(file));
		return OUTCOME_WRONG;
	}
	while ((found = pcap_next_ex(file, &header, &bytes)) == 1)
		take(self, bytes, header->caplen, header->len);
	if (found == PCAP_ERROR_BREAK)
		return OUTCOME_OK;
	fprintf(stderr, "%s: %s: %s\n", command, name, pcap_geterr(file));
	return OUTCOME_WRONG;
}

enum outcome pcap_read(const char *command, const char *path, pcap_frame *take, void *self)
{
	FILE *stream = strcmp(path, "-") == 0 ? stdin : fopen(path, "rb");
	char why[PCAP_ERRBUF_SIZE];
	enum outcome outcome;
	pcap_t *file;

	if (!stream) {
		fprintf(stderr, "%s: %s: %s\n", command, path, strerror(errno));
		return OUTCOME_FILE;
	}
	file = pcap_fopen_offline(stream, why);
	if (!file) {
		fprintf(stderr, "%s: %s: %s\n", command, file_name(path), why);
		if (stream != stdin)
			fclose(stream);
		return OUTCOME_WRONG;
	}
	outcome = read_frames(command, file_name(path), file, take, self);
	pcap_close(file); /* the stream too */
	return outcome;
}
