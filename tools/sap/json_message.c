// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
/*
 * From a payload to JSON: what the visitor opens becomes an array or an object in the one around it.
 */
#include "json_message.h"

#include "json_value.h"
#include "text_value.h"

enum {
	MOST_LEVELS = 6, /* the visitor opens fewer */
};

static void attach(json_t *around, const struct sap_item *item, json_t *json)
{
	if (item->element)
		json_array_append_new(around, json);
	else
		json_object_set_new(around, item->field->name, json);
}

json_t *json_of_payload(const struct sap_message_info *info, const uint8_t *payload, uint32_t len)
{
	json_t *level[MOST_LEVELS] = {json_object()};
	struct sap_visitor visitor;
	struct sap_item item;
	unsigned int depth = 0;

	sap_visitor_init(&visitor, info, payload, len);
	while (sap_visitor_next(&visitor, &item)) {
		switch (item.step) {
		case SAP_STEP_VALUE:
			if (item.field->kind != SAP_FIELD_RESERVED || !all_zero(item.bytes, item.size))
				attach(level[depth], &item, json_of_value(&item));
			break;
		case SAP_STEP_OPEN_ARRAY:
		case SAP_STEP_OPEN_STRUCT:
			level[depth + 1] = item.step == SAP_STEP_OPEN_ARRAY ? json_array() : json_object();
			attach(level[depth], &item, level[depth + 1]);
			depth++;
			break;
		case SAP_STEP_CLOSE:
			depth--;
			break;
		}
	}
	return level[0];
}
