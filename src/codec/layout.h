/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
/*
 * Where fields stand: for each layout of the declaration a structure of bytes alone, which has no padding
 * and no byte order, so that offsetof() and sizeof() of it are the protocol's offsets and sizes.
 *
 * Nothing is ever cast to one of these.
 */
#ifndef SAP_CODEC_LAYOUT_H
#define SAP_CODEC_LAYOUT_H

#include "declaration.h"

#include <sap/types.h>

/* clang-format off */

#define SAP_BYTES_U8(name, count, of)      uint8_t name[1];
#define SAP_BYTES_U16(name, count, of)     uint8_t name[2];
#define SAP_BYTES_U32(name, count, of)     uint8_t name[4];
#define SAP_BYTES_U64(name, count, of)     uint8_t name[8];
#define SAP_BYTES_BE16(name, count, of)    uint8_t name[2];
#define SAP_BYTES_BE32(name, count, of)    uint8_t name[4];
#define SAP_BYTES_U16S(name, count, of)    uint8_t name[2 * (count)];
#define SAP_BYTES_U32S(name, count, of)    uint8_t name[4 * (count)];
#define SAP_BYTES_BYTES(name, count, of)   uint8_t name[count];
#define SAP_BYTES_MAC(name, count, of)     uint8_t name[6];
#define SAP_BYTES_VIEW(name, count, of)    uint8_t name[count];
#define SAP_BYTES_RSV(name, count, of)     uint8_t name[count];
#define SAP_BYTES_LENGTH(name, count, of)  uint8_t name[4];
#define SAP_BYTES_REST(name, count, of)    uint8_t name[count];
#define SAP_BYTES_LIMITED(name, count, of) uint8_t name[count];
#define SAP_BYTES_STRUCT(name, count, of)  struct sap_layout_of_##of name;
#define SAP_BYTES_STRUCTS(name, count, of) struct sap_layout_of_##of name[count];

#define SAP_LAYOUT_FIELD(kind, name, count, show, of) SAP_BYTES_##kind(name, count, of)
#define SAP_LAYOUT(name, bytes)                                                                 \
	struct sap_layout_of_##name {                                                           \
		SAP_FIELDS_##name(SAP_LAYOUT_FIELD)                                             \
	};                                                                                      \
	_Static_assert(sizeof(struct sap_layout_of_##name) == (bytes), "fields of " #name);

SAP_PART_LAYOUTS(SAP_LAYOUT)
SAP_VALUE_LAYOUTS(SAP_LAYOUT)
SAP_LONG_LAYOUTS(SAP_LAYOUT)
SAP_ME_LAYOUTS(SAP_LAYOUT)

/* clang-format on */

#endif
