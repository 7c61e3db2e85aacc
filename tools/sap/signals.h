/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
/*
 * Signals that ask a program to end, as a descriptor to poll.
 */
#ifndef SAP_TOOL_SIGNALS_H
#define SAP_TOOL_SIGNALS_H

/*
 * SIGTERM, SIGINT and SIGHUP ring at a descriptor from now on, unless they were ignored when the program was
 * started: the first of them does. The second one kills the program, wherever it hangs. Open what may have one
 * wait (a FIFO that nobody reads) before. SIGTTIN is ignored: who reads a terminal that is another program's gets an error, and is not stopped.
 *
 * The descriptor, to the end of the program; or -1.
 */
int signals_open(void);

/* The one that came, once; or 0. */
int signals_take(int fd);

/* Ends as whom that signal killed. Does not return. */
_Noreturn void signals_die(int number);

/* "SIGTERM" */
const char *signals_name(int number);

#endif
