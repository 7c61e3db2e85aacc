/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
/*
 * Values of fields, as people read them.
 */
#ifndef SAP_TOOL_TEXT_VALUE_H
#define SAP_TOOL_TEXT_VALUE_H

#include <stdbool.h>

#include <sap/fields.h>

#include "memory.h"

enum {
	TEXT_SHORT_BYTES = 32, /* bytes that are shown within a line; more take a dump */
};

/* Adds the value of one step, on one line: "RSNA_PSK (7)", "SW_ON|HW_ON (0x3)", "02:00:00:00:01:00". */
void text_value(struct text *out, const struct sap_item *item);

/* Whether a step's bytes are too many for a line. Then text_value() only tells how many they are. */
bool text_wants_dump(const struct sap_item *item);

/* Adds a dump: offset, 16 bytes, characters; rows that repeat are left out, as `*`. */
void text_dump(struct text *out, const uint8_t *data, size_t len, unsigned int indent);

/* Whether a field is a number, and so has its value in sap_item::value. */
bool field_is_number(const struct sap_field *field);

bool all_zero(const uint8_t *data, size_t len);

#endif
