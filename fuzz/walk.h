/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
/*
 * A checked walk over a payload: the visitor must end, close what it opened, show each byte exactly once
 * and in order, and give numbers that sap_field_store() writes back as the same bytes.
 */
#ifndef SAP_FUZZ_WALK_H
#define SAP_FUZZ_WALK_H

#include "fuzz.h"

/* What a value does not keep: which bytes are reserved, and where the last field ends. */
struct walked {
	uint8_t *reserved; /* one for each byte of the payload: not 0 if reserved */
	uint32_t end;	   /* where bytes after the last field start */
};

/* The steps of the longest message, with room to spare. */
enum {
	MOST_STEPS = 1000
};

static inline void check_store(const struct sap_item *item, const uint8_t *payload, uint32_t len)
{
	uint8_t *copy = fresh(len, 0);

	memcpy(copy, payload, len);
	memset(copy + item->offset, 0xa5, item->size);
	MUST(sap_field_store(item, copy, len, item->value) == SAP_OK);
	MUST(!memcmp(copy, payload, len));
	MUST(sap_field_store(item, copy, item->offset + item->size - 1, item->value) == SAP_TOO_SMALL);
	MUST(item->size == 8 ||
	     sap_field_store(item, copy, len, (uint64_t)1 << (8 * item->size)) == SAP_BAD_VALUE);
	MUST(!memcmp(copy, payload, len));
	free(copy);
}

static inline struct walked walk(const struct sap_message_info *info, const uint8_t *payload, uint32_t len)
{
	struct walked seen = {fresh(len, 0), len};
	uint32_t at = 0;
	uint32_t open = 0;
	uint32_t steps = 0;
	struct sap_visitor visitor;
	struct sap_item item;

	sap_visitor_init(&visitor, info, payload, len);
	while (sap_visitor_next(&visitor, &item)) {
		MUST(++steps < MOST_STEPS + 3 * len); /* arrays may go on to the end */
		MUST(item.field && item.field->name);
		MUST(item.offset == at && item.bytes == payload + at);
		if (item.step == SAP_STEP_OPEN_ARRAY || item.step == SAP_STEP_OPEN_STRUCT)
			open++;
		if (item.step == SAP_STEP_CLOSE)
			MUST(open-- > 0);
		if (item.step != SAP_STEP_VALUE)
			continue;

		MUST(item.size <= len - at && item.used <= item.size);
		if (item.field->kind == SAP_FIELD_RESERVED)
			memset(seen.reserved + at, 1, item.size);
		if (item.field->kind == SAP_FIELD_UINT || item.field->kind == SAP_FIELD_UINT_BE)
			check_store(&item, payload, len);
		if (!open && !strcmp(item.field->name, "extra"))
			seen.end = at;
		at += item.size;
	}
	MUST(at == len && !open);
	MUST(!sap_visitor_next(&visitor, &item));
	return seen;
}

/* What encode made of a payload: the same bytes up to the last field, and zeroes where they are reserved. */
static inline bool kept(const struct walked *seen, const uint8_t *payload, const uint8_t *made, uint32_t len)
{
	if (len != seen->end)
		return false;
	for (uint32_t i = 0; i < len; i++) {
		if (made[i] != (seen->reserved[i] ? 0 : payload[i]))
			return false;
	}
	return true;
}

#endif
