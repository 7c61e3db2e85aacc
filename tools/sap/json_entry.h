/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
/*
 * What a timeline tells, as JSON lines: docs/demo.md. `sap demo` writes all of it in the end, a process of one
 * side as it happens.
 */
#ifndef SAP_TOOL_JSON_ENTRY_H
#define SAP_TOOL_JSON_ENTRY_H

#include <jansson.h>
#include <stdio.h>

#include "timeline.h"

/* The first line: what this is, and in which version of the format. A new reference. */
json_t *json_of_start(void);

/* A new reference. */
json_t *json_of_entry(const struct sim_entry *entry);

/* Numbers of both directions, by enum sap_direction: `to_csme`, `to_host`. A new reference. */
json_t *json_of_directions(const uint32_t count[3]);

/* "host", "csme" or "unknown" */
const char *json_owner_key(enum sap_owner owner);

/* Sets a text. Of what is no UTF-8, the bytes as hex digits by the name with `_hex` behind it. */
void json_set_text(json_t *json, const char *key, const char *text);

/* Writes one line, and gives the reference away. */
void json_write_line(FILE *out, json_t *json);

#endif
