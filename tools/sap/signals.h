/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
/*
 * Signals that ask a program to end, as a descriptor to poll.
 */
#ifndef SAP_TOOL_SIGNALS_H
#define SAP_TOOL_SIGNALS_H

/*
 * SIGTERM, SIGINT and SIGHUP come as a descriptor from now on, unless they were ignored when the program was
 * started. SIGTTIN is ignored: who reads a terminal that is another program's gets an error, and is not stopped.
 *
 * The descriptor, or -1.
 */
int signals_open(void);

/* The next one that came, or 0. */
int signals_take(int fd);

/* Ends as whom that signal killed. Does not return. */
_Noreturn void signals_die(int number);

/* "SIGTERM" */
const char *signals_name(int number);

#endif
