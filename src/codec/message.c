// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
/*
 * SAP messages: bytes to values and back. Decode and encode stand side by side, made from the same rows
 * of the declaration.
 */
#include <sap/message.h>

#include "layout.h"
#include "parts.h"
#include "rows.h"

_Static_assert(sizeof(struct sap_message) <= 128, "values are small");

SAP_PART_LAYOUTS(SAP_DEFINE_CODEC)
SAP_VALUE_LAYOUTS(SAP_DEFINE_CODEC)
SAP_LONG_LAYOUTS(SAP_DEFINE_CODEC)
SAP_VALUE_LAYOUTS(SAP_DEFINE_TAIL)

void sap_header_decode(const uint8_t *bytes, struct sap_header *header)
{
	header->type = sap_get_le16(bytes);
	header->len = sap_get_le16(bytes + 2);
	header->seq = sap_get_le32(bytes + 4);
}

void sap_header_encode(const struct sap_header *header, uint8_t *bytes)
{
	sap_put_le16(bytes, header->type);
	sap_put_le16(bytes + 2, header->len);
	sap_put_le32(bytes + 4, header->seq);
}

#define LEAST(layout) SAP_LEAST(layout)

/* A row that a message only points at, read. */
#define SAP_READ_LONG(member, layout)          \
	if (payload.len < LEAST(layout))       \
		return SAP_TOO_SHORT;          \
	message->member.bytes = payload.bytes; \
	message->member.len = LEAST(layout)

/* Fills the member that the type names; none if it fails. */
static enum sap_status read_payload(struct sap_message *message, struct sap_view payload)
{
	/* A frame is as short as it says it is, not as what came. */
	struct sap_tail tail;

	sap_tail_start(&tail);
	switch ((enum sap_type)message->type) {
#define READ(form, NAME, member, layout, direction, carrier, meaning) \
	case SAP_##NAME:                                              \
		SAP_READ_##form(member, layout);                      \
		return SAP_OK;
		SAP_MESSAGES(READ)
	}
	return SAP_UNKNOWN_TYPE;
}

/* Header and nothing else. */
static void start_value(struct sap_message *message, const struct sap_header *header)
{
	memset(message, 0, sizeof(*message));
	message->type = header->type;
	message->len = header->len;
	message->seq = header->seq;
}

enum sap_status sap_message_decode(const uint8_t *bytes, size_t len, struct sap_message *message)
{
	struct sap_header header;
	struct sap_view payload;
	enum sap_status status;

	if (!bytes || !message)
		return SAP_INVALID;
	if (len < SAP_HEADER_SIZE) {
		memset(message, 0, sizeof(*message));
		return SAP_TOO_SHORT;
	}
	sap_header_decode(bytes, &header);
	start_value(message, &header);
	if (len - SAP_HEADER_SIZE < header.len)
		return SAP_TOO_SHORT;

	payload = (struct sap_view){bytes + SAP_HEADER_SIZE, header.len};
	status = read_payload(message, payload);
	if (status != SAP_OK) {
		start_value(message, &header);
		sap_point_at(&message->opaque, payload.bytes, payload.len);
	}
	return status;
}

/* What a receiver may ignore the end of: all notifications but those that are bytes to their end. */
#define ENDS_EMPTY(carrier)  (SAP_IN_##carrier == SAP_IN_NOTIF)
#define ENDS_VALUE(carrier)  (SAP_IN_##carrier == SAP_IN_NOTIF)
#define ENDS_LONG(carrier)   (SAP_IN_##carrier == SAP_IN_NOTIF)
#define ENDS_OPAQUE(carrier) false

bool sap_message_ends(uint16_t type)
{
	switch ((enum sap_type)type) {
#define ENDS(form, NAME, member, layout, direction, carrier, meaning) \
	case SAP_##NAME:                                              \
		return ENDS_##form(carrier);
		SAP_MESSAGES(ENDS)
	}
	return false;
}

/* One row, split: how much of its payload has to be encoded, and what is bytes already. */
#define SPLIT_EMPTY(member, layout)
#define SPLIT_VALUE(member, layout)                 \
	sap_tail_##layout(&message->member, &tail); \
	fixed = LEAST(layout) - tail.least
#define SPLIT_LONG(member, layout)   \
	tail.view = message->member; \
	tail.least = LEAST(layout)
#define SPLIT_OPAQUE(member, layout) tail.view = message->member

enum sap_status sap_message_split(const struct sap_message *message, struct sap_parts *parts)
{
	struct sap_tail tail;
	uint32_t fixed = 0;
	bool known = false;

	sap_tail_start(&tail);
	switch ((enum sap_type)message->type) {
#define SPLIT(form, NAME, member, layout, direction, carrier, meaning) \
	case SAP_##NAME:                                               \
		SPLIT_##form(member, layout);                          \
		known = true;                                          \
		break;
		SAP_MESSAGES(SPLIT)
	}
	if (!known)
		tail.view = message->opaque;
	if (tail.view.len < tail.least || tail.view.len > SAP_MAX_PAYLOAD - fixed ||
	    (tail.view.len && !tail.view.bytes))
		return SAP_BAD_VALUE;
	parts->head = SAP_HEADER_SIZE + fixed;
	parts->tail = tail.view;
	return SAP_OK;
}

#define COUNT_HEAD(layout, bytes) \
	_Static_assert(SAP_HEADER_SIZE + (bytes) <= SAP_HEAD_MAX, "head of " #layout);
SAP_VALUE_LAYOUTS(COUNT_HEAD)

#define WRITE_EMPTY(member, layout)
#define WRITE_VALUE(member, layout) sap_encode_##layout(&message->member, bytes + SAP_HEADER_SIZE)
#define WRITE_LONG(member, layout)
#define WRITE_OPAQUE(member, layout)

void sap_message_encode_head(const struct sap_message *message, const struct sap_parts *parts, uint32_t seq,
			     uint8_t *bytes)
{
	struct sap_header header = {
		.type = message->type,
		.len = (uint16_t)(parts->head - SAP_HEADER_SIZE + parts->tail.len),
		.seq = seq,
	};

	sap_header_encode(&header, bytes);
	switch ((enum sap_type)message->type) {
#define WRITE(form, NAME, member, layout, direction, carrier, meaning) \
	case SAP_##NAME:                                               \
		WRITE_##form(member, layout);                          \
		break;
		SAP_MESSAGES(WRITE)
	}
}

enum sap_status sap_message_size(const struct sap_message *message, uint32_t *size)
{
	struct sap_parts parts;
	enum sap_status status;

	if (!message || !size)
		return SAP_INVALID;
	status = sap_message_split(message, &parts);
	if (status == SAP_OK)
		*size = parts.head + parts.tail.len;
	return status;
}

enum sap_status sap_message_encode(const struct sap_message *message, uint8_t *bytes, size_t cap,
				   uint32_t *len)
{
	struct sap_parts parts;
	enum sap_status status;

	if (!message || !bytes || !len)
		return SAP_INVALID;
	status = sap_message_split(message, &parts);
	if (status != SAP_OK)
		return status;
	if (cap < parts.head + parts.tail.len)
		return SAP_TOO_SMALL;

	sap_message_encode_head(message, &parts, message->seq, bytes);
	if (parts.tail.len)
		memcpy(bytes + parts.head, parts.tail.bytes, parts.tail.len);
	*len = parts.head + parts.tail.len;
	return SAP_OK;
}

/* --- the two payloads that a message only points at --- */

_Static_assert(sizeof(struct sap_layout_of_nvm) == SAP_NVM_SIZE, "NVM");
_Static_assert(sizeof(struct sap_layout_of_csme_filters) == SAP_CSME_FILTERS_SIZE, "CSME_FILTERS");

#define DEFINE_PAYLOAD(name)                                                                              \
	enum sap_status sap_##name##_decode(const struct sap_view *payload, struct sap_##name *value)     \
	{                                                                                                 \
		if (!payload || !payload->bytes || !value)                                                \
			return SAP_INVALID;                                                               \
		if (payload->len < LEAST(name))                                                           \
			return SAP_TOO_SHORT;                                                             \
		memset(value, 0, sizeof(*value));                                                         \
		sap_decode_##name(value, payload->bytes, payload->len);                                   \
		return SAP_OK;                                                                            \
	}                                                                                                 \
	enum sap_status sap_##name##_encode(const struct sap_##name *value, uint8_t *payload, size_t cap) \
	{                                                                                                 \
		if (!value || !payload)                                                                   \
			return SAP_INVALID;                                                               \
		if (cap < LEAST(name))                                                                    \
			return SAP_TOO_SMALL;                                                             \
		sap_encode_##name(value, payload);                                                        \
		return SAP_OK;                                                                            \
	}

DEFINE_PAYLOAD(nvm)
DEFINE_PAYLOAD(csme_filters)
