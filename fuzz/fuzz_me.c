// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
/*
 * Any bytes as one ME message, as long as the transport says: decode never reads too far and does not
 * believe the header's `len`; encode gives back what came, but for reserved bytes, bytes after the last
 * field, and a `len` that is not the message's.
 */
#include "walk.h"

/* Where the header's `len` stands. */
enum {
	ME_LEN = 8
};

static uint8_t *encode(const struct sap_me_message *message, uint32_t cap, uint32_t *len)
{
	uint8_t *made = fresh(cap, 0xa5);
	uint8_t *fitting;

	MUST(sap_me_encode(message, made, cap, len) == SAP_OK);
	MUST(*len <= cap && word_at(made + ME_LEN) == *len);

	fitting = fresh(*len, 0xa5);
	MUST(sap_me_encode(message, fitting, *len - 1, len) == SAP_TOO_SMALL);
	MUST(all_are(fitting, *len, 0xa5));
	MUST(sap_me_encode(message, fitting, *len, len) == SAP_OK);
	MUST(!memcmp(fitting, made, *len));
	free(made);
	return fitting;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct sap_message_info *info;
	struct sap_me_message message, back;
	uint32_t made_len, again_len;
	enum sap_status status;
	uint8_t *made, *again;
	struct walked seen;

	memset(&message, 0xa5, sizeof(message));
	status = sap_me_decode(data, size, &message);
	if (size < SAP_ME_HEADER_SIZE) {
		MUST(status == (data ? SAP_TOO_SHORT : SAP_INVALID));
		if (data)
			MUST(all_are((const uint8_t *)&message, sizeof(message), 0));
		return 0;
	}

	MUST(message.type == word_at(data) && message.seq == word_at(data + 4));
	MUST(message.len == word_at(data + ME_LEN));
	info = sap_me_info(message.type);
	seen = walk(info, data + SAP_ME_HEADER_SIZE, (uint32_t)size - SAP_ME_HEADER_SIZE);
	if (!info || size - SAP_ME_HEADER_SIZE < info->least) {
		MUST(status == (info ? SAP_TOO_SHORT : SAP_UNKNOWN_TYPE));
		MUST(message.opaque.bytes == data + SAP_ME_HEADER_SIZE);
		MUST(message.opaque.len == size - SAP_ME_HEADER_SIZE);
	} else {
		MUST(status == SAP_OK);
	}

	if (status != SAP_TOO_SHORT) {
		made = encode(&message, (uint32_t)size + SAP_ME_MAX_SIZE, &made_len);
		MUST(!memcmp(made, data, ME_LEN));
		MUST(kept(&seen, data + SAP_ME_HEADER_SIZE, made + SAP_ME_HEADER_SIZE,
			  made_len - SAP_ME_HEADER_SIZE));
		MUST(sap_me_decode(made, made_len, &back) == status);
		again = encode(&back, made_len, &again_len);
		MUST(again_len == made_len && !memcmp(again, made, made_len));
		free(again);
		free(made);
	}
	free(seen.reserved);
	return 0;
}
