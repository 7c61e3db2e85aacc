/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
/*
 * A message in two parts, for who writes it into memory that may wrap: a head, which has to be encoded, and
 * a tail, which is bytes already (a frame, NVM, filters, an opaque payload) and needs only to be copied.
 */
#ifndef SAP_CODEC_PARTS_H
#define SAP_CODEC_PARTS_H

#include <sap/message.h>

/* The longest head there is, with some air; message.c counts. */
enum {
	SAP_HEAD_MAX = 96
};

struct sap_parts {
	uint32_t head; /* bytes, header included */
	struct sap_view tail;
};

/* SAP_BAD_VALUE as sap_message_size() says. */
enum sap_status sap_message_split(const struct sap_message *message, struct sap_parts *parts);

/* Writes the head, with this sequence number. `bytes` may be shared: each byte is written once, none read. */
void sap_message_encode_head(const struct sap_message *message, const struct sap_parts *parts, uint32_t seq,
			     uint8_t *bytes);

/* Whether bytes after what the table says of this type mean nothing, so that they need not even be copied. */
bool sap_message_ends(uint16_t type);

#endif
