/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
/*
 * Standard output of a program that is asked to end by signals.
 */
#ifndef SAP_TOOL_OUTPUT_H
#define SAP_TOOL_OUTPUT_H

#include <stdbool.h>

/*
 * From now on what goes to `stdout` waits for its reader, as always, but no longer than until something is to be
 * read at `signals` (signals.h). Then the write fails by EINTR, and so does each later one. False if that cannot
 * be had.
 */
bool output_heeds(int signals);

#endif
