// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
/* HBM: bytes to values and back, from the declaration. */
#include <sap/mei/hbm.h>

#include "../rows.h"
#include "layout.h"

enum {
	HBM_COMMAND = 1 /* bytes before what the declaration has */
};

SAP_HBM_PARTS(SAP_DEFINE_CODEC)
SAP_HBM_VALUES(SAP_DEFINE_CODEC)
SAP_HBM_VALUES(SAP_DEFINE_TAIL)

#define COUNT_HBM(layout, bytes) _Static_assert(HBM_COMMAND + (bytes) <= SAP_HBM_MAX_SIZE, #layout);
SAP_HBM_VALUES(COUNT_HBM)

_Static_assert(sizeof(struct sap_hbm_message) <= 128, "values are small");

/* Fills the member that the command names; none if it fails. */
static enum sap_status hbm_read(struct sap_hbm_message *message, struct sap_view payload)
{
	struct sap_tail tail;

	sap_tail_start(&tail);
	switch ((enum sap_hbm_command)message->command) {
#define READ_HBM(form, NAME, member, layout, direction, meaning) \
	case SAP_HBM_##NAME:                                     \
		SAP_READ_##form(member, layout);                 \
		return SAP_OK;
		SAP_HBM_MESSAGES(READ_HBM)
	}
	return SAP_UNKNOWN_TYPE;
}

enum sap_status sap_hbm_decode(const uint8_t *bytes, size_t len, struct sap_hbm_message *message)
{
	struct sap_view payload;
	enum sap_status status;

	if (!bytes || !message)
		return SAP_INVALID;
	memset(message, 0, sizeof(*message));
	if (len < HBM_COMMAND)
		return SAP_TOO_SHORT;
	len -= HBM_COMMAND;
	sap_point_at(&payload, bytes + HBM_COMMAND, sap_no_more(len, UINT32_MAX));
	message->command = bytes[0];
	status = hbm_read(message, payload);
	if (status != SAP_OK)
		sap_point_at(&message->opaque, payload.bytes, payload.len);
	return status;
}

/* How much has to be encoded, and what is bytes already. */
static enum sap_status hbm_parts(const struct sap_hbm_message *message, uint32_t *size, struct sap_tail *rest)
{
	struct sap_tail tail;
	uint32_t fixed = 0;
	bool known = false;

	sap_tail_start(&tail);
	switch ((enum sap_hbm_command)message->command) {
#define PARTS_HBM(form, NAME, member, layout, direction, meaning) \
	case SAP_HBM_##NAME:                                      \
		SAP_PARTS_##form(member, layout);                 \
		known = true;                                     \
		break;
		SAP_HBM_MESSAGES(PARTS_HBM)
	}
	if (!known)
		tail.view = message->opaque;
	*size = fixed;
	*rest = tail;
	return sap_tail_fits(&tail) && tail.view.len < UINT32_MAX - HBM_COMMAND ? SAP_OK : SAP_BAD_VALUE;
}

enum sap_status sap_hbm_encode(const struct sap_hbm_message *message, uint8_t *bytes, size_t cap,
			       uint32_t *len)
{
	enum sap_status status;
	struct sap_tail tail;
	uint32_t fixed;

	if (!message || !bytes || !len)
		return SAP_INVALID;
	status = hbm_parts(message, &fixed, &tail);
	if (status != SAP_OK)
		return status;
	if (cap < HBM_COMMAND + fixed + tail.view.len)
		return SAP_TOO_SMALL;

	*len = HBM_COMMAND + fixed + tail.view.len;
	*bytes++ = message->command;
	switch ((enum sap_hbm_command)message->command) {
#define WRITE_HBM(form, NAME, member, layout, direction, meaning) \
	case SAP_HBM_##NAME:                                      \
		SAP_WRITE_##form(member, layout);                 \
		break;
		SAP_HBM_MESSAGES(WRITE_HBM)
	}
	if (tail.view.len)
		memcpy(bytes + fixed, tail.view.bytes, tail.view.len);
	return SAP_OK;
}
