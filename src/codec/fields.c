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

/* Each kind of the declaration: how it is read, bytes an element, elements, whether an array. */
#define KIND_U8(count, of)      SAP_FIELD_UINT, 1, 1, false
#define KIND_U16(count, of)     SAP_FIELD_UINT, 2, 1, false
#define KIND_U32(count, of)     SAP_FIELD_UINT, 4, 1, false
#define KIND_U64(count, of)     SAP_FIELD_UINT, 8, 1, false
#define KIND_LENGTH(count, of)  SAP_FIELD_UINT, 4, 1, false
#define KIND_BE16(count, of)    SAP_FIELD_UINT_BE, 2, 1, false
#define KIND_BE32(count, of)    SAP_FIELD_UINT_BE, 4, 1, false
#define KIND_U16S(count, of)    SAP_FIELD_UINT, 2, count, true
#define KIND_U32S(count, of)    SAP_FIELD_UINT, 4, count, true
#define KIND_BYTES(count, of)   SAP_FIELD_BYTES, count, 1, false
#define KIND_VIEW(count, of)    SAP_FIELD_BYTES, count, 1, false
#define KIND_MAC(count, of)     SAP_FIELD_BYTES, 6, 1, false
#define KIND_RSV(count, of)     SAP_FIELD_RESERVED, count, 1, false
#define KIND_REST(count, of)    SAP_FIELD_REST, 0, 1, false
#define KIND_LIMITED(count, of) SAP_FIELD_LIMITED, 0, 1, false
#define KIND_STRUCT(count, of)  SAP_FIELD_STRUCT, sizeof(struct sap_layout_of_##of), 1, false
#define KIND_STRUCTS(count, of) SAP_FIELD_STRUCT, sizeof(struct sap_layout_of_##of), count, true

#define SUB_U8(of)      NULL, 0
#define SUB_U16(of)     NULL, 0
#define SUB_U32(of)     NULL, 0
#define SUB_U64(of)     NULL, 0
#define SUB_LENGTH(of)  NULL, 0
#define SUB_BE16(of)    NULL, 0
#define SUB_BE32(of)    NULL, 0
#define SUB_U16S(of)    NULL, 0
#define SUB_U32S(of)    NULL, 0
#define SUB_BYTES(of)   NULL, 0
#define SUB_VIEW(of)    NULL, 0
#define SUB_MAC(of)     NULL, 0
#define SUB_RSV(of)     NULL, 0
#define SUB_REST(of)    NULL, 0
#define SUB_LIMITED(of) NULL, 0
#define SUB_STRUCT(of)  fields_of_##of, FIELDS_IN(of)
#define SUB_STRUCTS(of) fields_of_##of, FIELDS_IN(of)

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
#define MAKE_FIELD(name, kind, size, count, array, show, list, sub, n_sub) \
	{name, kind, size, count, array, show, list, sub, n_sub},
#define SPREAD_FIELD(...) MAKE_FIELD(__VA_ARGS__)
#define FIELD(kind, name, count, show, of) \
	SPREAD_FIELD(#name, KIND_##kind(count, of), SAP_SHOW_##show, LIST_##show(of), SUB_##kind(of))
#define FIELDS(layout, bytes) \
	static const struct sap_field fields_of_##layout[] = {SAP_FIELDS_##layout(FIELD)};
SAP_PART_LAYOUTS(FIELDS)
SAP_VALUE_LAYOUTS(FIELDS)
SAP_LONG_LAYOUTS(FIELDS)
SAP_ME_LAYOUTS(FIELDS)

/* A type that is not public, and one in no table, is one field; so are bytes after the last field. */
const struct sap_field sap_field_opaque = {"opaque", SAP_FIELD_REST, 0, 1, false, SAP_SHOW_HEX, NULL, NULL, 0};
const struct sap_field sap_field_extra = {"extra", SAP_FIELD_REST, 0, 1, false, SAP_SHOW_HEX, NULL, NULL, 0};

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
