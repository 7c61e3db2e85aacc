// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
/*
 * Any bytes as one frame of the MEI bus, and what it carries as one HBM message: decode never reads too far, and
 * encode gives back what came, but for padding, reserved bytes and bytes after the last field.
 */
#include "walk.h"

#include <sap/mei/fields.h>
#include <sap/mei/frame.h>

static void check_message(const uint8_t *data, uint32_t size)
{
	struct sap_hbm_message message, back;
	const struct sap_message_info *info;
	enum sap_status status;
	struct walked seen;
	uint8_t *made;
	uint32_t len;

	memset(&message, 0xa5, sizeof(message));
	status = sap_hbm_decode(data, size, &message);
	if (!size) {
		MUST(status == SAP_TOO_SHORT && all_are((const uint8_t *)&message, sizeof(message), 0));
		return;
	}
	MUST(data);
	info = sap_hbm_info(data[0]);
	MUST(message.command == data[0]);
	MUST(status == (!info ? SAP_UNKNOWN_TYPE : size - 1 < info->least ? SAP_TOO_SHORT : SAP_OK));
	seen = walk(info, data + 1, size - 1);
	if (status != SAP_OK)
		MUST(message.opaque.bytes == data + 1 && message.opaque.len == size - 1);
	if (status != SAP_TOO_SHORT) {
		made = fresh(size + SAP_HBM_MAX_SIZE, 0xa5);
		MUST(sap_hbm_encode(&message, made, size + SAP_HBM_MAX_SIZE, &len) == SAP_OK);
		MUST(made[0] == data[0] && kept(&seen, data + 1, made + 1, len - 1));
		MUST(all_are(made + len, size + SAP_HBM_MAX_SIZE - len, 0xa5));
		MUST(sap_hbm_encode(&message, made, len - 1, &len) == SAP_TOO_SMALL);
		MUST(sap_hbm_decode(made, len, &back) == status);
		free(made);
	}
	free(seen.reserved);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	uint8_t made[SAP_MEI_FRAME_MAX], again[SAP_MEI_FRAME_MAX];
	struct sap_mei_frame frame, back;
	enum sap_status status;
	uint32_t len, len2;

	memset(&frame, 0xa5, sizeof(frame));
	status = sap_mei_frame_decode(data, size, &frame);
	if (data && status != SAP_OK && status != SAP_UNSUPPORTED)
		MUST(all_are((const uint8_t *)&frame, sizeof(frame), 0));
	if (status == SAP_OK) {
		MUST(frame.payload.bytes >= data + 4);
		MUST(frame.payload.len <= size - (size_t)(frame.payload.bytes - data));
		MUST(sap_mei_frame_encode(&frame, made, sizeof(made), &len) == SAP_OK);
		MUST(len <= size && size - len <= 3 && !memcmp(made, data, 4));
		MUST(sap_mei_frame_decode(made, len, &back) == SAP_OK);
		MUST(sap_mei_frame_encode(&back, again, sizeof(again), &len2) == SAP_OK);
		MUST(len == len2 && !memcmp(made, again, len));
		check_message(frame.payload.bytes, frame.payload.len);
	}
	if (size)
		check_message(data, (uint32_t)size);
	return 0;
}
