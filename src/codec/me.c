// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
/*
 * ME messages: bytes to values and back.
 *
 * The header's `len` is what an honest peer writes and nobody relies on: the Linux driver's doorbell has
 * 88 bytes and says 0. What came is as long as the transport says.
 */
#include <sap/me.h>

#include "values.h"

SAP_ME_LAYOUTS(SAP_DEFINE_CODEC)

_Static_assert(SAP_ME_HEADER_SIZE + sizeof(struct sap_layout_of_me_start) == SAP_ME_MAX_SIZE, "START");

#define READ_EMPTY(member, layout)
#define READ_VALUE(member, layout)                               \
	if (payload.len < sizeof(struct sap_layout_of_##layout)) \
		return SAP_TOO_SHORT;                            \
	sap_decode_##layout(&message->member, payload.bytes, payload.len)

/* Fills the member that the type names; none if it fails. */
static enum sap_status me_read_payload(struct sap_me_message *message, struct sap_view payload)
{
	switch ((enum sap_me_type)message->type) {
#define READ(form, NAME, member, layout, direction, carrier, meaning) \
	case SAP_ME_##NAME:                                           \
		READ_##form(member, layout);                          \
		return SAP_OK;
		SAP_ME_MESSAGES(READ)
	}
	return SAP_UNKNOWN_TYPE;
}

enum sap_status sap_me_decode(const uint8_t *bytes, size_t len, struct sap_me_message *message)
{
	struct sap_view payload;
	enum sap_status status;

	if (!bytes || !message)
		return SAP_INVALID;
	memset(message, 0, sizeof(*message));
	if (len < SAP_ME_HEADER_SIZE)
		return SAP_TOO_SHORT;

	len -= SAP_ME_HEADER_SIZE;
	payload =
		(struct sap_view){bytes + SAP_ME_HEADER_SIZE, len > UINT32_MAX ? UINT32_MAX : (uint32_t)len};
	message->type = sap_get_le32(bytes);
	message->seq = sap_get_le32(bytes + 4);
	message->len = sap_get_le32(bytes + 8);
	status = me_read_payload(message, payload);
	if (status != SAP_OK)
		sap_point_at(&message->opaque, payload.bytes, payload.len);
	return status;
}

#define SIZE_EMPTY(layout) 0
#define SIZE_VALUE(layout) (uint32_t)sizeof(struct sap_layout_of_##layout)

/* Bytes after the header. */
static enum sap_status me_payload_size(const struct sap_me_message *message, uint32_t *size)
{
	switch ((enum sap_me_type)message->type) {
#define SIZE(form, NAME, member, layout, direction, carrier, meaning) \
	case SAP_ME_##NAME:                                           \
		*size = SIZE_##form(layout);                          \
		return SAP_OK;
		SAP_ME_MESSAGES(SIZE)
	}
	if (message->opaque.len > UINT32_MAX - SAP_ME_HEADER_SIZE ||
	    (message->opaque.len && !message->opaque.bytes))
		return SAP_BAD_VALUE;
	*size = message->opaque.len;
	return SAP_OK;
}

#define WRITE_EMPTY(member, layout)
#define WRITE_VALUE(member, layout) sap_encode_##layout(&message->member, bytes + SAP_ME_HEADER_SIZE)

enum sap_status sap_me_encode(const struct sap_me_message *message, uint8_t *bytes, size_t cap, uint32_t *len)
{
	enum sap_status status;
	uint32_t payload;

	if (!message || !bytes || !len)
		return SAP_INVALID;
	status = me_payload_size(message, &payload);
	if (status != SAP_OK)
		return status;
	if (cap < SAP_ME_HEADER_SIZE || cap - SAP_ME_HEADER_SIZE < payload)
		return SAP_TOO_SMALL;

	*len = SAP_ME_HEADER_SIZE + payload;
	sap_put_le32(bytes, message->type);
	sap_put_le32(bytes + 4, message->seq);
	sap_put_le32(bytes + 8, *len);

	switch ((enum sap_me_type)message->type) {
#define WRITE(form, NAME, member, layout, direction, carrier, meaning) \
	case SAP_ME_##NAME:                                            \
		WRITE_##form(member, layout);                          \
		return SAP_OK;
		SAP_ME_MESSAGES(WRITE)
	}
	if (payload)
		memcpy(bytes + SAP_ME_HEADER_SIZE, message->opaque.bytes, payload);
	return SAP_OK;
}
