/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
/*
 * What `sap mei ...` and `sap doctor` share: where they look, lines of JSON, and words for what sysfs says.
 */
#ifndef SAP_TOOL_MEI_H
#define SAP_TOOL_MEI_H

#include <jansson.h>
#include <popt.h>
#include <stdbool.h>

#include <sap/mei/sysfs.h>

#include "memory.h"

enum {
	MEI_FORMAT_VERSION = 1, /* grows when a key goes away or changes its meaning, not when one is added */
};

/* Options that all of them have. Strings are popt's. */
struct mei_options {
	char *sysfs;
	char *dev;
	int json;
};

/* clang-format off */
#define MEI_OPTIONS(o) \
	{"json", 'j', POPT_ARG_NONE, &(o)->json, 0, "JSON lines, format version 1 (docs/mei-command.md)", NULL}, \
	{"sysfs", '\0', POPT_ARG_STRING, &(o)->sysfs, 0, "another place for what is in /sys", "DIR"}, \
	{"dev", '\0', POPT_ARG_STRING, &(o)->dev, 0, "another place for what is in /dev", "DIR"}
/* clang-format on */

struct sap_mei_roots mei_roots(const struct mei_options *o);
void mei_options_free(struct mei_options *o);

/* Writes one line, and lets go of it. */
void mei_json_line(json_t *json);

/* A string, or null; what cannot be printed becomes "?". */
json_t *mei_json_text(const char *text, size_t len);
json_t *mei_json_word(bool has, const char *word);
json_t *mei_json_number(bool has, uint32_t number);

/* "16.1.25.1865" */
void mei_add_fw_version(struct text *out, const struct sap_mei_fw_version *version);

/* Whether the firmware has told its version: all are zero until then. */
bool mei_has_fw_version(const struct sap_mei_device *device);

/* "WLAN", or null if nobody knows it. */
const char *mei_client_name(const struct sap_guid *guid);

#endif
