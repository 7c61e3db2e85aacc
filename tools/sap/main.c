// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
/*
 * The `sap` command: its subcommands, and the last look at whether all was written.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include <sap/version.h>

#include "command.h"

static const struct command commands[] = {
	{"decode", "show what an area, ME messages or SAP messages say", decode_run, NULL},
	{"encode", "make bytes of what `sap decode --json` wrote, or a person", encode_run, NULL},
	{"messages", "list the messages of the protocol, or the fields of one", messages_run, NULL},
	{"filter", "show packet filters, and tell why a frame goes where it goes", NULL, filter_verbs},
	{"demo", "play a host and a CSME that share a NIC, as a timeline", demo_run, NULL},
	{"host", "speak for a host, whose CSME is another process", host_run, NULL},
	{"csme", "speak for a CSME, whose hosts are other processes", csme_run, NULL},
	{"replay", "have what a log says happen again, as a timeline", replay_run, NULL},
	{NULL, NULL, NULL, NULL},
};

static const struct noun sap = {
	.path = "sap",
	.about = "Looks at SAP, the Software Arbitration Protocol between a host's WLAN driver and CSME.\n",
	.verbs = commands,
};

/* What stdio still holds may fail to be written; nobody else would notice. */
static enum outcome finish(enum outcome outcome)
{
	if (fflush(stdout) == 0 && !ferror(stdout))
		return outcome;
	if (errno != EPIPE)
		fprintf(stderr, "sap: cannot write the output: %s\n", strerror(errno));
	return OUTCOME_FILE;
}

int main(int argc, char **argv)
{
	if (argc == 2 && (strcmp(argv[1], "--version") == 0 || strcmp(argv[1], "-V") == 0)) {
		printf("sap %s\n", sap_version());
		return (int)finish(OUTCOME_OK);
	}
	return (int)finish(dispatch(&sap, argc, (const char *const *)argv));
}
