// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
/*
 * The declaration as data: what each message is called and which fields it has.
 *
 * Nothing of the codec itself needs this: a program that only encodes and decodes does not carry it.
 */
#include <sap/fields.h>

#include "../platform.h"
#include "fields.h"
#include "layout.h"

/* clang-format off */

/* --- names of enumerations and flags --- */

#define NAME(group, word) {SAP_##group##_##word, #word},
#define NAMES(list)                                                                     \
	static const struct sap_name list_of_##list[] = {SAP_NAMES_##list(NAME)};       \
	static const struct sap_names names_of_##list = {                               \
		list_of_##list, sizeof(list_of_##list) / sizeof(list_of_##list[0])};
SAP_NAME_LISTS(NAMES)

/* --- fields --- */

/* Each kind of the declaration: how it is read, bytes an element, elements, what it is made of. */
#define ONE(how, bytes)        .kind = SAP_FIELD_##how, .size = (bytes), .count = 1
#define MANY(how, bytes, n)    .kind = SAP_FIELD_##how, .size = (bytes), .count = (n), .array = true
#define MADE_OF(of)            .sub = fields_of_##of, .n_sub = FIELDS_IN(of)

#define KIND_U8(count, of)      ONE(UINT, 1)
#define KIND_U16(count, of)     ONE(UINT, 2)
#define KIND_U32(count, of)     ONE(UINT, 4)
#define KIND_U64(count, of)     ONE(UINT, 8)
#define KIND_LENGTH(count, of)  ONE(UINT, 4)
#define KIND_BE16(count, of)    ONE(UINT_BE, 2)
#define KIND_BE32(count, of)    ONE(UINT_BE, 4)
#define KIND_U16S(count, of)    MANY(UINT, 2, count)
#define KIND_U32S(count, of)    MANY(UINT, 4, count)
#define KIND_BYTES(count, of)   ONE(BYTES, count)
#define KIND_VIEW(count, of)    ONE(BYTES, count)
#define KIND_MAC(count, of)     ONE(BYTES, 6)
#define KIND_RSV(count, of)     ONE(RESERVED, count)
#define KIND_REST(count, of)    ONE(REST, 0)
#define KIND_LIMITED(count, of) ONE(LIMITED, 0)
#define KIND_STRUCT(count, of)  ONE(STRUCT, sizeof(struct sap_layout_of_##of)), MADE_OF(of)
#define KIND_STRUCTS(count, of) MANY(STRUCT, sizeof(struct sap_layout_of_##of), count), MADE_OF(of)

#define LIST_DEC(of)      NULL
#define LIST_HEX(of)      NULL
#define LIST_BOOL(of)     NULL
#define LIST_ENUM(of)     &names_of_##of
#define LIST_FLAGS(of)    &names_of_##of
#define LIST_MAC(of)      NULL
#define LIST_IPV4(of)     NULL
#define LIST_SSID(of)     NULL
#define LIST_COUNTRY(of)  NULL
#define LIST_VLAN(of)     NULL
#define LIST_VERSIONS(of) NULL
#define LIST_FRAME(of)    NULL

#define FIELDS_IN(layout) (sizeof(fields_of_##layout) / sizeof(fields_of_##layout[0]))
#define FIELD(kind, field, count, how, of) \
	{.name = #field, KIND_##kind(count, of), .show = SAP_SHOW_##how, .names = LIST_##how(of)},
#define FIELDS(layout, bytes) \
	static const struct sap_field fields_of_##layout[] = {SAP_FIELDS_##layout(FIELD)};
SAP_PART_LAYOUTS(FIELDS)
SAP_VALUE_LAYOUTS(FIELDS)
SAP_LONG_LAYOUTS(FIELDS)
SAP_ME_LAYOUTS(FIELDS)

/* A type that is not public, and one in no table, is one field; so are bytes after the last field. */
const struct sap_field sap_field_opaque = {.name = "opaque", ONE(REST, 0), .show = SAP_SHOW_HEX};
const struct sap_field sap_field_extra = {.name = "extra", ONE(REST, 0), .show = SAP_SHOW_HEX};

/* clang-format on */

/* --- messages --- */

#define HAS_EMPTY(layout)  0, NULL, 0
#define HAS_VALUE(layout)  sizeof(struct sap_layout_of_##layout), fields_of_##layout, FIELDS_IN(layout)
#define HAS_LONG(layout)   HAS_VALUE(layout)
#define HAS_OPAQUE(layout) 0, &sap_field_opaque, 1

#define ME_INFO(form, NAME, member, layout, direction, carrier, meaning) \
	{SAP_ME_##NAME, #NAME, meaning, SAP_##direction, SAP_IN_##carrier, HAS_##form(layout)},
#define INFO(form, NAME, member, layout, direction, carrier, meaning) \
	{SAP_##NAME, #NAME, meaning, SAP_##direction, SAP_IN_##carrier, HAS_##form(layout)},
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
