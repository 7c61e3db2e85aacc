/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
/*
 * The Wireshark dissector: tables of all messages, made from the library's own, and dissector.lua, which walks
 * a message by them as the library's visitor does.
 */
#ifndef SAP_TOOL_DISSECTOR_H
#define SAP_TOOL_DISSECTOR_H

#include <stdio.h>

/* dissector.lua, carried within the command. */
extern const char dissector_lua[];

/* Writes the dissector. */
void dissector_write(FILE *out);

#endif
