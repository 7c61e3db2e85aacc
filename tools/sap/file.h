/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
/*
 * Whole files in and out. "-" or no name is standard input or output.
 */
#ifndef SAP_TOOL_FILE_H
#define SAP_TOOL_FILE_H

#include "command.h"
#include "memory.h"

enum {
	FILE_LIMIT = 64 << 20, /* more is refused: no image or log of SAP is as large */
};

/* How people are told about a file: its name, or "standard input". */
const char *file_name(const char *path);

/* Reads all of a file, or tells the person (as `command`) why not. */
enum outcome file_load(const char *command, const char *path, struct bytes *content);

/* Writes all of a file, or tells the person why not. */
enum outcome file_save(const char *command, const char *path, const void *data, size_t len);

#endif
