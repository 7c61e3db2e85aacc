// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
/* AMTHI: bytes to values and back, from the declaration. */
#include <sap/mei/amthi.h>

#include "../rows.h"
#include "layout.h"

enum {
	AMTHI_MAJOR = 1,
	AMTHI_MINOR = 1,
	AMTHI_STATUS_SIZE = 4,
};

SAP_AMTHI_PARTS(SAP_DEFINE_CODEC)
SAP_AMTHI_VALUES(SAP_DEFINE_CODEC)
SAP_AMTHI_VALUES(SAP_DEFINE_TAIL)
SAP_DEFINE_TAIL(amthi_handle, 4) /* a request too */

_Static_assert(sizeof(struct sap_amthi_message) <= 128, "values are small");

static bool amthi_is_response(const struct sap_amthi_message *message)
{
	return message->command & SAP_AMTHI_RESPONSE;
}

/* More elements than the protocol has. */
static enum sap_status amthi_counts(const struct sap_amthi_message *message)
{
	if (message->command == (SAP_AMTHI_CODE_VERSIONS | SAP_AMTHI_RESPONSE) &&
	    message->code_versions.entries > SAP_AMTHI_VERSIONS)
		return SAP_CORRUPT;
	if (message->command == (SAP_AMTHI_ENUMERATE_HASH_HANDLES | SAP_AMTHI_RESPONSE) &&
	    message->hash_handles.entries > SAP_AMTHI_HANDLES)
		return SAP_CORRUPT;
	return SAP_OK;
}

/* Fills the member that the command names; none if it fails. */
static enum sap_status amthi_read(struct sap_amthi_message *message, struct sap_view payload)
{
	struct sap_tail tail;

	sap_tail_start(&tail);
	switch ((enum sap_amthi_command)(message->command & ~SAP_AMTHI_RESPONSE)) {
#define READ_AMTHI(NAME, meaning, qform, qmember, qlayout, rform, rmember, rlayout) \
	case SAP_AMTHI_##NAME:                                                      \
		if (amthi_is_response(message)) {                                   \
			SAP_READ_##rform(rmember, rlayout);                         \
		} else {                                                            \
			SAP_READ_##qform(qmember, qlayout);                         \
		}                                                                   \
		return amthi_counts(message);
		SAP_AMTHI_MESSAGES(READ_AMTHI)
	}
	return SAP_UNKNOWN_TYPE;
}

/* What follows the header, unless nobody is to see it. */
static void amthi_leave(struct sap_amthi_message *message, struct sap_view rest)
{
	struct sap_amthi_message head = *message;

	memset(message, 0, sizeof(*message));
	message->command = head.command;
	message->major = head.major;
	message->minor = head.minor;
	message->length = head.length;
	message->status = head.status;
	if (message->command != (SAP_AMTHI_GET_LOCAL_SYSTEM_ACCOUNT | SAP_AMTHI_RESPONSE))
		sap_point_at(&message->opaque, rest.bytes, rest.len);
}

/* The body: of a response its status first, which may be all. */
static enum sap_status amthi_body(struct sap_amthi_message *message, struct sap_view payload)
{
	if (!amthi_is_response(message))
		return amthi_read(message, payload);
	if (payload.len < AMTHI_STATUS_SIZE)
		return SAP_TOO_SHORT;
	message->status = sap_get_le32(payload.bytes);
	if (message->status)
		return SAP_OK;
	payload.bytes += AMTHI_STATUS_SIZE;
	payload.len -= AMTHI_STATUS_SIZE;
	return amthi_read(message, payload);
}

enum sap_status sap_amthi_decode(const uint8_t *bytes, size_t len, struct sap_amthi_message *message)
{
	enum sap_status status = SAP_OK;
	struct sap_view rest;

	if (!bytes || !message)
		return SAP_INVALID;
	memset(message, 0, sizeof(*message));
	if (len < SAP_AMTHI_HEADER_SIZE)
		return SAP_TOO_SHORT;
	sap_point_at(&rest, bytes + SAP_AMTHI_HEADER_SIZE,
		     sap_no_more(len - SAP_AMTHI_HEADER_SIZE, UINT32_MAX));
	message->major = bytes[0];
	message->minor = bytes[1];
	message->command = sap_get_le32(bytes + 4);
	message->length = sap_get_le32(bytes + 8);

	if (message->major != AMTHI_MAJOR || message->minor < AMTHI_MINOR)
		status = SAP_BAD_VERSION;
	else if (rest.len < message->length)
		status = SAP_TOO_SHORT;
	else if (rest.len > message->length)
		status = SAP_CORRUPT;
	else
		status = amthi_body(message, rest);
	if (status == SAP_UNKNOWN_TYPE && amthi_is_response(message)) {
		rest.bytes += AMTHI_STATUS_SIZE;
		rest.len -= AMTHI_STATUS_SIZE;
	}
	if (status != SAP_OK)
		amthi_leave(message, rest);
	return status;
}

enum sap_status sap_amthi_decode_response(const uint8_t *bytes, size_t len, uint32_t request,
					  struct sap_amthi_message *message)
{
	enum sap_status status;

	if (!message || (!bytes && len))
		return SAP_INVALID;
	if (!len) {
		memset(message, 0, sizeof(*message));
		return SAP_UNSUPPORTED;
	}
	status = sap_amthi_decode(bytes, len, message);
	if ((status == SAP_OK || status == SAP_UNKNOWN_TYPE) &&
	    message->command != (request | SAP_AMTHI_RESPONSE))
		return SAP_CORRUPT;
	return status;
}

/* How much has to be encoded after the header, and what is bytes already. */
static enum sap_status amthi_parts(const struct sap_amthi_message *message, uint32_t *size,
				   struct sap_tail *rest)
{
	struct sap_tail tail;
	uint32_t fixed = 0;
	bool known = false;

	sap_tail_start(&tail);
	if (amthi_is_response(message) && message->status) {
		*size = 0;
		*rest = tail;
		return SAP_OK;
	}
	switch ((enum sap_amthi_command)(message->command & ~SAP_AMTHI_RESPONSE)) {
#define PARTS_AMTHI(NAME, meaning, qform, qmember, qlayout, rform, rmember, rlayout) \
	case SAP_AMTHI_##NAME:                                                       \
		if (amthi_is_response(message)) {                                    \
			SAP_PARTS_##rform(rmember, rlayout);                         \
		} else {                                                             \
			SAP_PARTS_##qform(qmember, qlayout);                         \
		}                                                                    \
		known = true;                                                        \
		break;
		SAP_AMTHI_MESSAGES(PARTS_AMTHI)
	}
	if (!known)
		tail.view = message->opaque;
	*size = fixed;
	*rest = tail;
	return sap_tail_fits(&tail) && tail.view.len < UINT32_MAX / 2 ? SAP_OK : SAP_BAD_VALUE;
}

static void amthi_write(const struct sap_amthi_message *message, uint8_t *bytes)
{
	switch ((enum sap_amthi_command)(message->command & ~SAP_AMTHI_RESPONSE)) {
#define WRITE_AMTHI(NAME, meaning, qform, qmember, qlayout, rform, rmember, rlayout) \
	case SAP_AMTHI_##NAME:                                                       \
		if (amthi_is_response(message)) {                                    \
			SAP_WRITE_##rform(rmember, rlayout);                         \
		} else {                                                             \
			SAP_WRITE_##qform(qmember, qlayout);                         \
		}                                                                    \
		break;
		SAP_AMTHI_MESSAGES(WRITE_AMTHI)
	}
}

enum sap_status sap_amthi_encode(const struct sap_amthi_message *message, uint8_t *bytes, size_t cap,
				 uint32_t *len)
{
	enum sap_status status;
	struct sap_tail tail;
	uint32_t head, fixed;

	if (!message || !bytes || !len)
		return SAP_INVALID;
	status = amthi_parts(message, &fixed, &tail);
	if (status != SAP_OK)
		return status;
	head = SAP_AMTHI_HEADER_SIZE + (amthi_is_response(message) ? AMTHI_STATUS_SIZE : 0);
	if (cap < head + fixed + tail.view.len)
		return SAP_TOO_SMALL;

	*len = head + fixed + tail.view.len;
	sap_put_le32(bytes, AMTHI_MAJOR | AMTHI_MINOR << 8);
	sap_put_le32(bytes + 4, message->command);
	sap_put_le32(bytes + 8, *len - SAP_AMTHI_HEADER_SIZE);
	if (amthi_is_response(message))
		sap_put_le32(bytes + SAP_AMTHI_HEADER_SIZE, message->status);
	if (!amthi_is_response(message) || !message->status)
		amthi_write(message, bytes + head);
	if (tail.view.len)
		memcpy(bytes + head + fixed, tail.view.bytes, tail.view.len);
	return SAP_OK;
}

/* --- elements --- */

bool sap_amthi_version_at(const struct sap_amthi_code_versions *versions, uint32_t index,
			  struct sap_amthi_version *version)
{
	if (index >= versions->versions.len / SAP_AMTHI_VERSION_SIZE)
		return false;
	memset(version, 0, sizeof(*version));
	sap_decode_amthi_version(version, versions->versions.bytes + index * SAP_AMTHI_VERSION_SIZE,
				 SAP_AMTHI_VERSION_SIZE);
	if (version->description_len > SAP_AMTHI_VERSION_TEXT)
		version->description_len = SAP_AMTHI_VERSION_TEXT;
	if (version->version_len > SAP_AMTHI_VERSION_TEXT)
		version->version_len = SAP_AMTHI_VERSION_TEXT;
	return true;
}

/* As much of the text as there is room for, and a zero after it. */
static uint16_t amthi_put_text(uint8_t to[SAP_AMTHI_VERSION_TEXT], const char *text)
{
	uint16_t len = 0;

	while (text && text[len] && len < SAP_AMTHI_VERSION_TEXT - 1) {
		to[len] = (uint8_t)text[len];
		len++;
	}
	return len;
}

void sap_amthi_version_make(const char *description, const char *version,
			    uint8_t entry[SAP_AMTHI_VERSION_SIZE])
{
	struct sap_amthi_version value;

	memset(&value, 0, sizeof(value));
	value.description_len = amthi_put_text(value.description, description);
	value.version_len = amthi_put_text(value.version, version);
	sap_encode_amthi_version(&value, entry);
}

bool sap_amthi_handle_at(const struct sap_amthi_hash_handles *handles, uint32_t index, uint32_t *handle)
{
	if (index >= handles->handles.len / 4)
		return false;
	*handle = sap_get_le32(handles->handles.bytes + (size_t)index * 4);
	return true;
}
