/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
/*
 * From the declaration: for a layout L,
 *
 *   sap_decode_L(value, bytes, len)   makes `struct sap_L` from at least the layout's bytes
 *   sap_encode_L(value, bytes)        writes it back, each byte once, without a last field of any length
 *   sap_tail_L(value, &tail)          that field, or nothing, and the least bytes it must have
 *
 * Straight-line code, field by field. Each source includes its layouts first and makes those it needs.
 */
#ifndef SAP_CODEC_VALUES_H
#define SAP_CODEC_VALUES_H

#include "../platform.h"
#include "bytes.h"
#include "shape.h"

#include <sap/wire.h>

/* A last field of any length. */
struct sap_tail {
	struct sap_view view;
	uint32_t least;	 /* bytes it must have at least, when it is read */
	uint32_t inside; /* of which the layout has so many already */
	uint32_t most;	 /* and at most, when it is written */
	uint32_t unit;	 /* in elements of so many bytes */
};

/* Member by member: as a whole, a structure brings along what the stack held where it has padding. */
static inline void sap_point_at(struct sap_view *view, const uint8_t *bytes, uint32_t len)
{
	view->bytes = bytes;
	view->len = len;
}

static inline uint32_t sap_no_more(size_t wanted, uint32_t limit)
{
	return wanted < limit ? (uint32_t)wanted : limit;
}

/* Bytes of so many elements; more than there can be counts as the most. */
static inline uint32_t sap_times(uint32_t count, uint32_t unit)
{
	return count > UINT32_MAX / unit ? UINT32_MAX : count * unit;
}

/* clang-format off */

#define SAP_UNIT_OF(of) (uint32_t)sizeof(struct sap_layout_of_##of)

/* An array of the value has as many elements as the declaration says. */
#define SAP_HAS(name, count) \
	_Static_assert(sizeof(v->name) / sizeof(v->name[0]) == (count), #name " has " #count);

/* Bytes of a field in its value. Those of all fields make the structure, but for padding. */
#define SAP_SIZE_OF(name)      sizeof(v->name)
#define SAP_SIZE_U8(name)      SAP_SIZE_OF(name)
#define SAP_SIZE_U16(name)     SAP_SIZE_OF(name)
#define SAP_SIZE_U32(name)     SAP_SIZE_OF(name)
#define SAP_SIZE_U64(name)     SAP_SIZE_OF(name)
#define SAP_SIZE_BE16(name)    SAP_SIZE_OF(name)
#define SAP_SIZE_BE32(name)    SAP_SIZE_OF(name)
#define SAP_SIZE_U16S(name)    SAP_SIZE_OF(name)
#define SAP_SIZE_U32S(name)    SAP_SIZE_OF(name)
#define SAP_SIZE_BYTES(name)   SAP_SIZE_OF(name)
#define SAP_SIZE_MAC(name)     SAP_SIZE_OF(name)
#define SAP_SIZE_VIEW(name)    SAP_SIZE_OF(name)
#define SAP_SIZE_LENGTH(name)  SAP_SIZE_OF(name)
#define SAP_SIZE_REST(name)    SAP_SIZE_OF(name)
#define SAP_SIZE_LIMITED(name) SAP_SIZE_OF(name)
#define SAP_SIZE_STRUCT(name)  SAP_SIZE_OF(name)
#define SAP_SIZE_STRUCTS(name) SAP_SIZE_OF(name)
#define SAP_SIZE_U24(name)     SAP_SIZE_OF(name)
#define SAP_SIZE_GUID(name)    SAP_SIZE_OF(name)
#define SAP_SIZE_LENGTH8(name) SAP_SIZE_OF(name)
#define SAP_SIZE_LENGTH16(name) SAP_SIZE_OF(name)
#define SAP_SIZE_STRING(name)  SAP_SIZE_OF(name)
#define SAP_SIZE_COUNT(name)   SAP_SIZE_OF(name)
#define SAP_SIZE_COUNTED(name) SAP_SIZE_OF(name)
#define SAP_SIZE_BLOCKS(name)  SAP_SIZE_OF(name)
#define SAP_SIZE_MORE(name)    SAP_SIZE_OF(name)
#define SAP_SIZE_RSV(name)     0

/* --- reading: `v` the value, `p` the field's first byte, `left` the bytes from there to the end --- */

#define SAP_GET_U8(name, count, of)    v->name = p[0];
#define SAP_GET_U16(name, count, of)   v->name = sap_get_le16(p);
#define SAP_GET_U32(name, count, of)   v->name = sap_get_le32(p);
#define SAP_GET_U64(name, count, of)   v->name = sap_get_le64(p);
#define SAP_GET_BE16(name, count, of)  v->name = sap_get_be16(p);
#define SAP_GET_BE32(name, count, of)  v->name = sap_get_be32(p);
#define SAP_GET_BYTES(name, count, of) SAP_HAS(name, count) memcpy(v->name, p, sizeof(v->name));
#define SAP_GET_MAC(name, count, of)   memcpy(v->name.bytes, p, sizeof(v->name.bytes));
#define SAP_GET_VIEW(name, count, of)  v->name = p;
#define SAP_GET_RSV(name, count, of)   (void)p;
#define SAP_GET_LENGTH(name, count, of) v->name = sap_get_le32(p);
#define SAP_GET_REST(name, count, of)  sap_point_at(&v->name, p, left);
#define SAP_GET_LIMITED(name, count, of) \
	sap_point_at(&v->name, p, v->of < left ? v->of : left);
#define SAP_GET_U24(name, count, of)   v->name = p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16;
#define SAP_GET_GUID(name, count, of)  memcpy(v->name.bytes, p, sizeof(v->name.bytes));
#define SAP_GET_LENGTH8(name, count, of) v->name = p[0];
#define SAP_GET_LENGTH16(name, count, of) v->name = sap_get_le16(p);
#define SAP_GET_STRING(name, count, of) sap_point_at(&v->name, p, sap_no_more(v->of, left));
#define SAP_GET_COUNT(name, count, of) v->name = sap_get_le32(p);
#define SAP_GET_COUNTED(name, n, of) \
	sap_point_at(&v->name, p, sap_no_more(sap_times(v->entries, SAP_UNIT_OF(of)), left));
#define SAP_GET_BLOCKS(name, n, of) \
	sap_point_at(&v->name, p, sap_no_more(left - left % SAP_UNIT_OF(of), (n) * SAP_UNIT_OF(of)));
#define SAP_GET_MORE(name, count, of)  sap_point_at(&v->name, p, left);
#define SAP_GET_U16S(name, count, of)                     \
	SAP_HAS(name, count)                              \
	for (uint32_t i = 0; i < (count); i++)            \
		v->name[i] = sap_get_le16(p + 2 * i);
#define SAP_GET_U32S(name, count, of)                     \
	SAP_HAS(name, count)                              \
	for (uint32_t i = 0; i < (count); i++)            \
		v->name[i] = sap_get_le32(p + 4 * i);
#define SAP_GET_STRUCT(name, count, of) \
	sap_decode_##of(&v->name, p, sizeof(struct sap_layout_of_##of));
#define SAP_GET_STRUCTS(name, count, of)                                                \
	SAP_HAS(name, count)                                                            \
	for (uint32_t i = 0; i < (count); i++)                                          \
		sap_decode_##of(&v->name[i], p + i * sizeof(struct sap_layout_of_##of), \
				sizeof(struct sap_layout_of_##of));

/* --- writing: `p` the field's first byte --- */

#define SAP_PUT_U8(name, count, of)    p[0] = v->name;
#define SAP_PUT_U16(name, count, of)   sap_put_le16(p, v->name);
#define SAP_PUT_U32(name, count, of)   sap_put_le32(p, v->name);
#define SAP_PUT_U64(name, count, of)   sap_put_le64(p, v->name);
#define SAP_PUT_BE16(name, count, of)  sap_put_be16(p, v->name);
#define SAP_PUT_BE32(name, count, of)  sap_put_be32(p, v->name);
#define SAP_PUT_BYTES(name, count, of) memcpy(p, v->name, sizeof(v->name));
#define SAP_PUT_MAC(name, count, of)   memcpy(p, v->name.bytes, sizeof(v->name.bytes));
#define SAP_PUT_RSV(name, count, of)   memset(p, 0, count);
#define SAP_PUT_LENGTH(name, count, of) sap_put_le32(p, v->of.len);
#define SAP_PUT_REST(name, count, of)  (void)p;
#define SAP_PUT_LIMITED(name, count, of) (void)p;
#define SAP_PUT_U24(name, count, of) \
	sap_put_le16(p, (uint16_t)v->name);  \
	p[2] = (uint8_t)(v->name >> 16);
#define SAP_PUT_GUID(name, count, of)  memcpy(p, v->name.bytes, sizeof(v->name.bytes));
#define SAP_PUT_LENGTH8(name, count, of) p[0] = (uint8_t)v->of.len;
#define SAP_PUT_LENGTH16(name, count, of) sap_put_le16(p, (uint16_t)v->of.len);
#define SAP_PUT_COUNT(name, count, of) sap_put_le32(p, v->of.len / (count));
#define SAP_PUT_STRING(name, count, of) (void)p;
#define SAP_PUT_COUNTED(name, count, of) (void)p;
#define SAP_PUT_BLOCKS(name, count, of) (void)p;
#define SAP_PUT_MORE(name, count, of)  (void)p;
#define SAP_PUT_VIEW(name, count, of)                     \
	if (v->name)                                      \
		memcpy(p, v->name, count);                \
	else                                              \
		memset(p, 0, count);
#define SAP_PUT_U16S(name, count, of)                     \
	for (uint32_t i = 0; i < (count); i++)            \
		sap_put_le16(p + 2 * i, v->name[i]);
#define SAP_PUT_U32S(name, count, of)                     \
	for (uint32_t i = 0; i < (count); i++)            \
		sap_put_le32(p + 4 * i, v->name[i]);
#define SAP_PUT_STRUCT(name, count, of) sap_encode_##of(&v->name, p);
#define SAP_PUT_STRUCTS(name, count, of)                                                        \
	for (uint32_t i = 0; i < (count); i++)                                                  \
		sap_encode_##of(&v->name[i], p + i * sizeof(struct sap_layout_of_##of));

/* --- a last field of any length --- */

#define SAP_TAIL_U8(name, count, of)
#define SAP_TAIL_U16(name, count, of)
#define SAP_TAIL_U24(name, count, of)
#define SAP_TAIL_U32(name, count, of)
#define SAP_TAIL_U64(name, count, of)
#define SAP_TAIL_BE16(name, count, of)
#define SAP_TAIL_BE32(name, count, of)
#define SAP_TAIL_BYTES(name, count, of)
#define SAP_TAIL_MAC(name, count, of)
#define SAP_TAIL_GUID(name, count, of)
#define SAP_TAIL_VIEW(name, count, of)
#define SAP_TAIL_RSV(name, count, of)
#define SAP_TAIL_LENGTH(name, count, of)
#define SAP_TAIL_LENGTH8(name, count, of)
#define SAP_TAIL_LENGTH16(name, count, of)
#define SAP_TAIL_COUNT(name, count, of)
#define SAP_TAIL_U16S(name, count, of)
#define SAP_TAIL_U32S(name, count, of)
#define SAP_TAIL_STRUCT(name, count, of)
#define SAP_TAIL_STRUCTS(name, count, of)
#define SAP_TAIL_REST(name, count, of)    *tail = (struct sap_tail){v->name, count, count, UINT32_MAX, 1};
#define SAP_TAIL_LIMITED(name, count, of) SAP_TAIL_REST(name, count, of)
#define SAP_TAIL_MORE(name, count, of)    SAP_TAIL_REST(name, 0, of)
#define SAP_TAIL_STRING(name, count, of)  *tail = (struct sap_tail){v->name, v->of, 0, count, 1};
#define SAP_TAIL_COUNTED(name, n, of)                                                           \
	*tail = (struct sap_tail){v->name, sap_times(v->entries, SAP_UNIT_OF(of)), 0,             \
				  (n) * SAP_UNIT_OF(of), SAP_UNIT_OF(of)};
#define SAP_TAIL_BLOCKS(name, n, of)                                                            \
	*tail = (struct sap_tail){v->name, SAP_UNIT_OF(of), SAP_UNIT_OF(of),                    \
				  (n) * SAP_UNIT_OF(of), SAP_UNIT_OF(of)};

/* --- the functions --- */

#define SAP_GET_FIELD(kind, name, count, show, of)                                      \
	{                                                                               \
		const uint8_t *p = bytes + offsetof(layout, name);                      \
		const uint32_t left = len - (uint32_t)offsetof(layout, name);           \
		(void)left;                                                             \
		SAP_GET_##kind(name, count, of)                                         \
	}
#define SAP_PUT_FIELD(kind, name, count, show, of)                                      \
	{                                                                               \
		uint8_t *p = bytes + offsetof(layout, name);                            \
		SAP_PUT_##kind(name, count, of)                                         \
	}
/* A sum grows by it: parentheses would be wrong. NOLINTNEXTLINE(bugprone-macro-parentheses) */
#define SAP_SIZE_FIELD(kind, name, count, show, of) +SAP_SIZE_##kind(name)
#define SAP_TAIL_FIELD(kind, name, count, show, of) SAP_TAIL_##kind(name, count, of)

#define SAP_DEFINE_CODEC(name, size)                                                            \
	static void sap_decode_##name(struct sap_##name *v, const uint8_t *bytes, uint32_t len) \
	{                                                                                       \
		typedef struct sap_layout_of_##name layout;                                     \
		/* A member that no field names would not be read. */                           \
		_Static_assert(sizeof(*v) < (0 SAP_FIELDS_##name(SAP_SIZE_FIELD)) +             \
						_Alignof(struct sap_##name), "members of " #name); \
		SAP_FIELDS_##name(SAP_GET_FIELD)                                                \
	}                                                                                       \
	static void sap_encode_##name(const struct sap_##name *v, uint8_t *bytes)               \
	{                                                                                       \
		typedef struct sap_layout_of_##name layout;                                     \
		(void)v;                                                                        \
		SAP_FIELDS_##name(SAP_PUT_FIELD)                                                \
	}

#define SAP_DEFINE_TAIL(name, size)                                                             \
	static void sap_tail_##name(const struct sap_##name *v, struct sap_tail *tail)          \
	{                                                                                       \
		(void)v;                                                                        \
		(void)tail;                                                                     \
		SAP_FIELDS_##name(SAP_TAIL_FIELD)                                               \
	}

/* clang-format on */

#endif
