/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
/*
 * The fields of a message as a JSON object, both ways.
 */
#ifndef SAP_TOOL_JSON_MESSAGE_H
#define SAP_TOOL_JSON_MESSAGE_H

#include <jansson.h>
#include <stdbool.h>

#include <sap/fields.h>

#include "memory.h"

/* The fields of a payload: a new reference. Reserved bytes only if one is not zero. */
json_t *json_of_payload(const struct sap_message_info *info, const uint8_t *payload, uint32_t len);

/* What is wrong with fields: where ("fields.conn.ssid"), and why. */
struct complaint {
	struct text where;
	struct text why;
};

void complaint_free(struct complaint *complaint);

/* How long the payload is that `fields` describe: what the type has, and what is given of open ends. */
uint32_t json_payload_size(const struct sap_message_info *info, json_t *fields);

/*
 * Writes `fields` into a payload of `len` zeroed bytes. What is not given stays zero, but a number that
 * counts the bytes of the field after it follows from that field.
 *
 * False if they do not hold: `complaint` says where and why.
 */
bool json_to_payload(const struct sap_message_info *info, json_t *fields, uint8_t *payload, uint32_t len,
		     struct complaint *complaint);

#endif
