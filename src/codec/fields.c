// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
/*
 * The declaration as data: what each message is called and which fields it has.
 *
 * Nothing of the codec itself needs this: a program that only encodes and decodes does not carry it.
 */
#include <sap/fields.h>

#include "../platform.h"
#include "layout.h"
#include "tables.h"

/* clang-format off */

SAP_NAME_LISTS(SAP_TABLE_NAMES)

SAP_PART_LAYOUTS(SAP_TABLE_FIELDS)
SAP_VALUE_LAYOUTS(SAP_TABLE_FIELDS)
SAP_LONG_LAYOUTS(SAP_TABLE_FIELDS)
SAP_ME_LAYOUTS(SAP_TABLE_FIELDS)

/* What has no fields of its own: a type that is not public, or in no table; bytes after the last field. */
const struct sap_field sap_field_opaque = {.name = "opaque", SAP_ONE(REST, 0), .show = SAP_SHOW_HEX};
const struct sap_field sap_field_secret = {.name = "secret", SAP_ONE(REST, 0), .show = SAP_SHOW_SECRET};
const struct sap_field sap_field_extra = {.name = "extra", SAP_ONE(REST, 0), .show = SAP_SHOW_HEX};

/* clang-format on */

/* --- messages --- */

#define ME_INFO(form, NAME, member, layout, direction, carrier, meaning) \
	{SAP_ME_##NAME, #NAME, meaning, SAP_##direction, SAP_IN_##carrier, SAP_HAS_##form(layout)},
#define INFO(form, NAME, member, layout, direction, carrier, meaning) \
	{SAP_##NAME, #NAME, meaning, SAP_##direction, SAP_IN_##carrier, SAP_HAS_##form(layout)},
static const struct sap_message_info infos[] = {SAP_ME_MESSAGES(ME_INFO) SAP_MESSAGES(INFO)};

/* Where each row stands in that list. */
#define INDEX(form, NAME, member, layout, direction, carrier, meaning) INDEX_OF_##NAME,
enum {
	SAP_ME_MESSAGES(INDEX) SAP_MESSAGES(INDEX) N_INFOS
};

const struct sap_message_info *sap_me_info(uint32_t type)
{
	switch ((enum sap_me_type)type) {
#define FIND_ME(form, NAME, member, layout, direction, carrier, meaning) \
	case SAP_ME_##NAME:                                              \
		return &infos[INDEX_OF_##NAME];
		SAP_ME_MESSAGES(FIND_ME)
	}
	return NULL;
}

const struct sap_message_info *sap_message_info(uint32_t type)
{
	switch ((enum sap_type)type) {
#define FIND(form, NAME, member, layout, direction, carrier, meaning) \
	case SAP_##NAME:                                              \
		return &infos[INDEX_OF_##NAME];
		SAP_MESSAGES(FIND)
	}
	return NULL;
}

const struct sap_message_info *sap_info_at(uint32_t index)
{
	return index < N_INFOS ? &infos[index] : NULL;
}

static bool same_text(const char *a, const char *b)
{
	while (*a && *a == *b) {
		a++;
		b++;
	}
	return *a == *b;
}

const struct sap_message_info *sap_info_by_name(const char *name)
{
	if (!name)
		return NULL;
	for (uint32_t i = 0; i < N_INFOS; i++) {
		if (same_text(infos[i].name, name))
			return &infos[i];
	}
	return NULL;
}

const char *sap_name_of(const struct sap_names *names, uint32_t value)
{
	if (!names)
		return NULL;
	for (uint32_t i = 0; i < names->count; i++) {
		if (names->list[i].value == value)
			return names->list[i].name;
	}
	return NULL;
}
