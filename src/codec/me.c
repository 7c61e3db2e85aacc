// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
/*
 * ME messages: bytes to values and back.
 *
 * The header's `len` is what an honest peer writes and nobody relies on: the Linux driver's doorbell has
 * 88 bytes and says 0. What came is as long as the transport says.
 */
#include <sap/me.h>

#include "layout.h"
#include "rows.h"

SAP_ME_LAYOUTS(SAP_DEFINE_CODEC)
SAP_ME_LAYOUTS(SAP_DEFINE_TAIL)

_Static_assert(SAP_ME_HEADER_SIZE + sizeof(struct sap_layout_of_me_start) == SAP_ME_MAX_SIZE, "START");

/* Fills the member that the type names; none if it fails. */
static enum sap_status me_read_payload(struct sap_me_message *message, struct sap_view payload)
{
	struct sap_tail tail;

	sap_tail_start(&tail);
	switch ((enum sap_me_type)message->type) {
#define READ(form, NAME, member, layout, direction, carrier, meaning) \
	case SAP_ME_##NAME:                                           \
		SAP_READ_##form(member, layout);                      \
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

/* Bytes after the header. */
static enum sap_status me_payload_size(const struct sap_me_message *message, uint32_t *size)
{
	struct sap_tail tail;
	uint32_t fixed = 0;

	sap_tail_start(&tail);
	switch ((enum sap_me_type)message->type) {
#define SIZE(form, NAME, member, layout, direction, carrier, meaning) \
	case SAP_ME_##NAME:                                           \
		SAP_PARTS_##form(member, layout);                     \
		*size = fixed;                                        \
		return SAP_OK;
		SAP_ME_MESSAGES(SIZE)
	}
	if (message->opaque.len > UINT32_MAX - SAP_ME_HEADER_SIZE ||
	    (message->opaque.len && !message->opaque.bytes))
		return SAP_BAD_VALUE;
	*size = message->opaque.len;
	return SAP_OK;
}

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
	bytes += SAP_ME_HEADER_SIZE;

	switch ((enum sap_me_type)message->type) {
#define WRITE(form, NAME, member, layout, direction, carrier, meaning) \
	case SAP_ME_##NAME:                                            \
		SAP_WRITE_##form(member, layout);                      \
		return SAP_OK;
		SAP_ME_MESSAGES(WRITE)
	}
	if (payload)
		memcpy(bytes, message->opaque.bytes, payload);
	return SAP_OK;
}
