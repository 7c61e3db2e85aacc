/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
/*
 * A declaration as data: how its names, fields and rows become tables. fields.c makes those of SAP,
 * mei/fields.c those of the MEI bus.
 */
#ifndef SAP_CODEC_TABLES_H
#define SAP_CODEC_TABLES_H

#include "fields.h"
#include "shape.h"

/* clang-format off */

/* --- names of enumerations and flags --- */

#define SAP_TABLE_NAME(group, word) {SAP_##group##_##word, #word},
#define SAP_TABLE_NAMES(list)                                                           \
	static const struct sap_name list_of_##list[] = {SAP_NAMES_##list(SAP_TABLE_NAME)}; \
	static const struct sap_names names_of_##list = {                               \
		list_of_##list, sizeof(list_of_##list) / sizeof(list_of_##list[0])};

/* --- fields --- */

/* Each kind of a declaration: how it is read, bytes an element, elements, what it is made of. */
#define SAP_ONE(how, bytes)        .kind = SAP_FIELD_##how, .size = (bytes), .count = 1
#define SAP_MANY(how, bytes, n)    .kind = SAP_FIELD_##how, .size = (bytes), .count = (n), .array = true
#define SAP_MADE_OF(of)            .sub = fields_of_##of, .n_sub = SAP_FIELDS_IN(of)
#define SAP_FIELDS_IN(layout)      (sizeof(fields_of_##layout) / sizeof(fields_of_##layout[0]))

#define SAP_KIND_U8(count, of)      SAP_ONE(UINT, 1)
#define SAP_KIND_U16(count, of)     SAP_ONE(UINT, 2)
#define SAP_KIND_U24(count, of)     SAP_ONE(UINT, 3)
#define SAP_KIND_U32(count, of)     SAP_ONE(UINT, 4)
#define SAP_KIND_U64(count, of)     SAP_ONE(UINT, 8)
#define SAP_KIND_LENGTH(count, of)  SAP_ONE(UINT, 4)
#define SAP_KIND_LENGTH8(count, of) SAP_ONE(UINT, 1)
#define SAP_KIND_LENGTH16(count, of) SAP_ONE(UINT, 2)
#define SAP_KIND_COUNT(count, of)   SAP_ONE(UINT, 4)
#define SAP_KIND_BE16(count, of)    SAP_ONE(UINT_BE, 2)
#define SAP_KIND_BE32(count, of)    SAP_ONE(UINT_BE, 4)
#define SAP_KIND_U16S(count, of)    SAP_MANY(UINT, 2, count)
#define SAP_KIND_U32S(count, of)    SAP_MANY(UINT, 4, count)
#define SAP_KIND_BYTES(count, of)   SAP_ONE(BYTES, count)
#define SAP_KIND_VIEW(count, of)    SAP_ONE(BYTES, count)
#define SAP_KIND_MAC(count, of)     SAP_ONE(BYTES, 6)
#define SAP_KIND_GUID(count, of)    SAP_ONE(BYTES, 16)
#define SAP_KIND_RSV(count, of)     SAP_ONE(RESERVED, count)
#define SAP_KIND_REST(count, of)    SAP_ONE(REST, 0)
#define SAP_KIND_MORE(count, of)    SAP_ONE(REST, 0)
#define SAP_KIND_LIMITED(count, of) SAP_ONE(LIMITED, 0)
#define SAP_KIND_STRING(count, of)  SAP_ONE(LIMITED, 0)
#define SAP_KIND_STRUCT(count, of)  SAP_ONE(STRUCT, sizeof(struct sap_layout_of_##of)), SAP_MADE_OF(of)
#define SAP_KIND_STRUCTS(count, of) \
	SAP_MANY(STRUCT, sizeof(struct sap_layout_of_##of), count), SAP_MADE_OF(of)
#define SAP_KIND_BLOCKS(count, of)  SAP_KIND_STRUCTS(0, of)
#define SAP_KIND_COUNTED(count, of) SAP_KIND_STRUCTS(0, of), .counted = true

#define SAP_LIST_DEC(of)      NULL
#define SAP_LIST_HEX(of)      NULL
#define SAP_LIST_BOOL(of)     NULL
#define SAP_LIST_ENUM(of)     &names_of_##of
#define SAP_LIST_FLAGS(of)    &names_of_##of
#define SAP_LIST_MAC(of)      NULL
#define SAP_LIST_IPV4(of)     NULL
#define SAP_LIST_SSID(of)     NULL
#define SAP_LIST_COUNTRY(of)  NULL
#define SAP_LIST_VLAN(of)     NULL
#define SAP_LIST_VERSIONS(of) NULL
#define SAP_LIST_FRAME(of)    NULL
#define SAP_LIST_GUID(of)     NULL
#define SAP_LIST_TEXT(of)     NULL

#define SAP_TABLE_FIELD(kind, field, count, how, of) \
	{.name = #field, SAP_KIND_##kind(count, of), .show = SAP_SHOW_##how, .names = SAP_LIST_##how(of)},
#define SAP_TABLE_FIELDS(layout, bytes) \
	static const struct sap_field fields_of_##layout[] = {SAP_FIELDS_##layout(SAP_TABLE_FIELD)};

/* --- messages: least size, fields and how many, by form --- */

#define SAP_HAS_EMPTY(layout)    0, NULL, 0
#define SAP_HAS_VALUE(layout)    sizeof(struct sap_layout_of_##layout), fields_of_##layout, SAP_FIELDS_IN(layout)
#define SAP_HAS_RESERVED(layout) SAP_HAS_VALUE(layout)
#define SAP_HAS_LONG(layout)     SAP_HAS_VALUE(layout)
#define SAP_HAS_OPAQUE(layout)   0, &sap_field_opaque, 1
#define SAP_HAS_SECRET(layout)   0, &sap_field_secret, 1

/* clang-format on */

#endif
