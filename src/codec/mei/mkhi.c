// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
/* MKHI: bytes to values and back, from the declaration. */
#include <sap/mei/mkhi.h>

#include "../rows.h"
#include "layout.h"

SAP_MKHI_PARTS(SAP_DEFINE_CODEC)
SAP_MKHI_VALUES(SAP_DEFINE_CODEC)
SAP_MKHI_VALUES(SAP_DEFINE_TAIL)

_Static_assert(sizeof(struct sap_mkhi_message) <= 128, "values are small");

static bool mkhi_is_response(const struct sap_mkhi_message *message)
{
	return message->command & SAP_MKHI_RESPONSE;
}

/* Fills the member that the command names; none if it fails. */
static enum sap_status mkhi_read(struct sap_mkhi_message *message, struct sap_view payload)
{
	struct sap_tail tail;

	if (mkhi_is_response(message) && message->result)
		return SAP_OK;
	sap_tail_start(&tail);
	switch ((enum sap_mkhi_command)(message->command & ~SAP_MKHI_RESPONSE)) {
#define READ_MKHI(NAME, meaning, qform, qmember, qlayout, rform, rmember, rlayout) \
	case SAP_MKHI_##NAME:                                                      \
		if (mkhi_is_response(message)) {                                   \
			SAP_READ_##rform(rmember, rlayout);                        \
		} else {                                                           \
			SAP_READ_##qform(qmember, qlayout);                        \
		}                                                                  \
		return SAP_OK;
		SAP_MKHI_MESSAGES(READ_MKHI)
	}
	return SAP_UNKNOWN_TYPE;
}

enum sap_status sap_mkhi_decode(const uint8_t *bytes, size_t len, struct sap_mkhi_message *message)
{
	struct sap_view payload;
	enum sap_status status;
	uint32_t command;

	if (!bytes || !message)
		return SAP_INVALID;
	memset(message, 0, sizeof(*message));
	if (len < SAP_MKHI_HEADER_SIZE)
		return SAP_TOO_SHORT;
	sap_point_at(&payload, bytes + SAP_MKHI_HEADER_SIZE,
		     sap_no_more(len - SAP_MKHI_HEADER_SIZE, UINT32_MAX));
	command = (uint32_t)bytes[0] << 8 | bytes[1];
	message->command = command;
	message->result = bytes[3];
	status = mkhi_read(message, payload);
	if (status != SAP_OK) {
		memset(message, 0, sizeof(*message));
		message->command = command;
		message->result = bytes[3];
		sap_point_at(&message->opaque, payload.bytes, payload.len);
	}
	return status;
}

/* How much has to be encoded after the header, and what is bytes already. */
static enum sap_status mkhi_parts(const struct sap_mkhi_message *message, uint32_t *size,
				  struct sap_tail *rest)
{
	struct sap_tail tail;
	uint32_t fixed = 0;
	bool known = mkhi_is_response(message) && message->result;

	sap_tail_start(&tail);
	switch ((enum sap_mkhi_command)(known ? 0 : message->command & ~SAP_MKHI_RESPONSE)) {
#define PARTS_MKHI(NAME, meaning, qform, qmember, qlayout, rform, rmember, rlayout) \
	case SAP_MKHI_##NAME:                                                       \
		if (mkhi_is_response(message)) {                                    \
			SAP_PARTS_##rform(rmember, rlayout);                        \
		} else {                                                            \
			SAP_PARTS_##qform(qmember, qlayout);                        \
		}                                                                   \
		known = true;                                                       \
		break;
		SAP_MKHI_MESSAGES(PARTS_MKHI)
	}
	if (!known)
		tail.view = message->opaque;
	*size = fixed;
	*rest = tail;
	return sap_tail_fits(&tail) && tail.view.len < UINT32_MAX / 2 && message->command <= 0xffff
		       ? SAP_OK
		       : SAP_BAD_VALUE;
}

static void mkhi_write(const struct sap_mkhi_message *message, uint8_t *bytes)
{
	if (mkhi_is_response(message) && message->result)
		return;
	switch ((enum sap_mkhi_command)(message->command & ~SAP_MKHI_RESPONSE)) {
#define WRITE_MKHI(NAME, meaning, qform, qmember, qlayout, rform, rmember, rlayout) \
	case SAP_MKHI_##NAME:                                                       \
		if (mkhi_is_response(message)) {                                    \
			SAP_WRITE_##rform(rmember, rlayout);                        \
		} else {                                                            \
			SAP_WRITE_##qform(qmember, qlayout);                        \
		}                                                                   \
		break;
		SAP_MKHI_MESSAGES(WRITE_MKHI)
	}
}

enum sap_status sap_mkhi_encode(const struct sap_mkhi_message *message, uint8_t *bytes, size_t cap,
				uint32_t *len)
{
	enum sap_status status;
	struct sap_tail tail;
	uint32_t fixed;

	if (!message || !bytes || !len)
		return SAP_INVALID;
	status = mkhi_parts(message, &fixed, &tail);
	if (status != SAP_OK)
		return status;
	if (cap < SAP_MKHI_HEADER_SIZE + fixed + tail.view.len)
		return SAP_TOO_SMALL;

	*len = SAP_MKHI_HEADER_SIZE + fixed + tail.view.len;
	bytes[0] = (uint8_t)(message->command >> 8);
	bytes[1] = (uint8_t)message->command;
	bytes[2] = 0;
	bytes[3] = message->result;
	mkhi_write(message, bytes + SAP_MKHI_HEADER_SIZE);
	if (tail.view.len)
		memcpy(bytes + SAP_MKHI_HEADER_SIZE + fixed, tail.view.bytes, tail.view.len);
	return SAP_OK;
}

bool sap_mkhi_fw_block_at(const struct sap_mkhi_fw_version *version, uint32_t index,
			  struct sap_mkhi_fw_block *block)
{
	if (index >= version->blocks.len / SAP_MKHI_FW_BLOCK_SIZE)
		return false;
	memset(block, 0, sizeof(*block));
	sap_decode_mkhi_fw_block(block, version->blocks.bytes + index * SAP_MKHI_FW_BLOCK_SIZE,
				 SAP_MKHI_FW_BLOCK_SIZE);
	return true;
}

void sap_mkhi_fw_block_make(const struct sap_mkhi_fw_block *block, uint8_t bytes[SAP_MKHI_FW_BLOCK_SIZE])
{
	sap_encode_mkhi_fw_block(block, bytes);
}
