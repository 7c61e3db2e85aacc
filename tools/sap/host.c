// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
/*
 * `sap host`: the host's side as a program.
 */
#include "process.h"

static const struct process_kind kind = {
	.side = SIM_HOST,
	.command = "sap host",
	.usage = "[OPTION...]",
	.text = "Speaks for the host: the library's engine, with a simulated WLAN driver around it. CSME is another\n"
		"process, `sap csme` say, that listens at a socket; this one connects to it, again and again, and\n"
		"tells what happens, a line an event. Commands come from standard input, or from a script\n"
		"(docs/script.md). SIGTERM, SIGINT and `quit` end it cleanly (docs/processes.md).\n",
	.examples = "  sap host\n"
		    "  echo own | sap host --messages\n"
		    "  sap host --script=test.sap --json\n"
		    "  sap host --set=reask=1s --set=retry-most=500ms\n",
	.begin = {"driver up", "up", NULL},
	.end = {"driver down", "down", NULL},
	.socket = "connects to",
};

enum outcome host_run(int argc, const char *const *argv)
{
	return process_run(&kind, argc, argv);
}
