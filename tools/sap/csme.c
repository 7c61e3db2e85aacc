// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
/*
 * `sap csme`: CSME's side as a program.
 */
#include "process.h"

static const struct process_kind kind = {
	.side = SIM_CSME,
	.command = "sap csme",
	.usage = "[OPTION...]",
	.text = "Speaks for CSME: the library's engine, with a simulated firmware around it. It listens at a socket for\n"
		"a host, `sap host` say, one at a time and again and again, and tells what happens, a line an event.\n"
		"Commands come from standard input, or from a script (docs/script.md). SIGTERM, SIGINT and `quit`\n"
		"end it cleanly (docs/processes.md). With --vmei it is a whole firmware on a virtual MEI device, with\n"
		"a /dev/mei0 above it (docs/firmware.md).\n",
	.examples = "  sap csme\n"
		    "  echo 'policy refuse' | sap csme --messages\n"
		    "  sap csme --script=test.sap --json\n"
		    "  sap csme --set=loss=never --fault=messages-late\n"
		    "  sap csme --vmei --settings=examples/firmware.json\n",
	.begin = {"start", NULL},
	.end = {"stop", NULL},
	.socket = "listens at",
};

enum outcome csme_run(int argc, const char *const *argv)
{
	return process_run(&kind, argc, argv);
}
