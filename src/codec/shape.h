/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
/*
 * Where fields stand: for each layout of a declaration a structure of bytes alone, which has no padding
 * and no byte order, so that offsetof() and sizeof() of it are the protocol's offsets and sizes.
 *
 * Nothing is ever cast to one of these. layout.h makes those of SAP, mei/layout.h those of the MEI bus.
 */
#ifndef SAP_CODEC_SHAPE_H
#define SAP_CODEC_SHAPE_H

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
#define SAP_BYTES_U24(name, count, of)     uint8_t name[3];
#define SAP_BYTES_GUID(name, count, of)    uint8_t name[16];
#define SAP_BYTES_LENGTH8(name, count, of) uint8_t name[1];
#define SAP_BYTES_LENGTH16(name, count, of) uint8_t name[2];
#define SAP_BYTES_COUNT(name, count, of)   uint8_t name[4];
/* What may be empty takes no room of its own. */
#define SAP_BYTES_STRING(name, count, of)  uint8_t name[];
#define SAP_BYTES_COUNTED(name, count, of) uint8_t name[];
#define SAP_BYTES_MORE(name, count, of)    uint8_t name[];
#define SAP_BYTES_BLOCKS(name, count, of)  struct sap_layout_of_##of name[1];
#define SAP_BYTES_STRUCT(name, count, of)  struct sap_layout_of_##of name;
#define SAP_BYTES_STRUCTS(name, count, of) struct sap_layout_of_##of name[count];

#define SAP_LAYOUT_FIELD(kind, name, count, show, of) SAP_BYTES_##kind(name, count, of)
#define SAP_LAYOUT(name, bytes)                                                                 \
	struct sap_layout_of_##name {                                                           \
		SAP_FIELDS_##name(SAP_LAYOUT_FIELD)                                             \
	};                                                                                      \
	_Static_assert(sizeof(struct sap_layout_of_##name) == (bytes), "fields of " #name);

/* clang-format on */

#endif
