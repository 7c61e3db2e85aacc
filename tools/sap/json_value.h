/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
/*
 * Values of fields as JSON, both ways. What one side writes the other takes; people may write less.
 * docs/decode-json.md describes each form.
 */
#ifndef SAP_TOOL_JSON_VALUE_H
#define SAP_TOOL_JSON_VALUE_H

#include <jansson.h>
#include <stdbool.h>

#include <sap/fields.h>

#include "memory.h"

/* The value of one step, SAP_STEP_VALUE. A new reference. */
json_t *json_of_value(const struct sap_item *item);

/* The number that `json` stands for in a field of that kind. If none, adds the reason to `why`. */
bool json_to_number(const struct sap_field *field, json_t *json, uint64_t *number, struct text *why);

/*
 * The bytes that `json` stands for; whatever it says is appended. A fixed number of them must be `size`;
 * more than `size` is too many in any case. If they do not hold, adds the reason to `why`.
 */
bool json_to_bytes(const struct sap_field *field, uint32_t size, json_t *json, struct bytes *bytes,
		   struct text *why);

#endif
