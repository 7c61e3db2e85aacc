// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
/*
 * Any bytes as one SAP message: decode never reads too far, and encode gives back what came, but for what
 * sap/message.h says a value does not keep: reserved bytes, bytes after the last field, and a `data_len`
 * that is not the frame's length.
 */
#include "walk.h"

/* Where data_len stands in CB_DATA_PACKET (protocol notes, section 5). */
enum {
	CB_DATA_LEN = 36
};

/* A view that points into the payload, or is empty. */
static bool inside(const struct sap_view *view, const uint8_t *payload, uint32_t len)
{
	return view->len == 0 || (view->bytes >= payload && view->len <= len &&
				  (size_t)(view->bytes - payload) <= len - view->len);
}

static void check_nvm(const struct sap_message *message, const struct walked *seen)
{
	uint8_t *made = fresh(SAP_NVM_SIZE, 0xa5);
	struct sap_nvm nvm;

	MUST(message->nvm.len == SAP_NVM_SIZE);
	MUST(sap_nvm_decode(&message->nvm, &nvm) == SAP_OK);
	MUST(sap_nvm_encode(&nvm, made, SAP_NVM_SIZE - 1) == SAP_TOO_SMALL);
	MUST(all_are(made, SAP_NVM_SIZE, 0xa5));
	MUST(sap_nvm_encode(&nvm, made, SAP_NVM_SIZE) == SAP_OK);
	MUST(kept(seen, message->nvm.bytes, made, SAP_NVM_SIZE));
	free(made);
}

static void check_csme_filters(const struct sap_message *message, const struct walked *seen)
{
	uint8_t *made = fresh(SAP_CSME_FILTERS_SIZE, 0xa5);
	struct sap_csme_filters filters;

	MUST(message->csme_filters.len == SAP_CSME_FILTERS_SIZE);
	MUST(sap_csme_filters_decode(&message->csme_filters, &filters) == SAP_OK);
	MUST(sap_csme_filters_encode(&filters, made, SAP_CSME_FILTERS_SIZE - 1) == SAP_TOO_SMALL);
	MUST(all_are(made, SAP_CSME_FILTERS_SIZE, 0xa5));
	MUST(sap_csme_filters_encode(&filters, made, SAP_CSME_FILTERS_SIZE) == SAP_OK);
	MUST(kept(seen, message->csme_filters.bytes, made, SAP_CSME_FILTERS_SIZE));
	free(made);
}

/* Encodes into exactly the bytes it needs, and shows that one less is refused with nothing written. */
static uint8_t *encode(const struct sap_message *message, uint32_t *len)
{
	uint32_t size;
	uint8_t *made;

	MUST(sap_message_size(message, &size) == SAP_OK);
	made = fresh(size, 0xa5);
	MUST(sap_message_encode(message, made, size - 1, len) == SAP_TOO_SMALL);
	MUST(all_are(made, size, 0xa5));
	MUST(sap_message_encode(message, made, size, len) == SAP_OK);
	MUST(*len == size);
	return made;
}

/* Bytes to value to bytes to value to bytes. The frame that a short data_len leaves is no frame. */
static void check_round(const struct sap_message *message, const uint8_t *payload, const struct walked *seen)
{
	const struct sap_message_info *info = sap_message_info(message->type);
	uint32_t made_len, again_len, size;
	uint8_t *made, *again;
	struct sap_header header;
	struct sap_message back;

	if (message->type == SAP_CB_DATA_PACKET) {
		MUST(inside(&message->cb_data_packet.frame, payload, message->len));
		if (message->cb_data_packet.frame.len < SAP_ETHERNET_HEADER_SIZE) {
			MUST(message->cb_data_packet.data_len < SAP_ETHERNET_HEADER_SIZE);
			MUST(sap_message_size(message, &size) == SAP_BAD_VALUE);
			return;
		}
	}
	made = encode(message, &made_len);
	sap_header_decode(made, &header);
	MUST(header.type == message->type && header.seq == message->seq);
	MUST(header.len == made_len - SAP_HEADER_SIZE);
	if (message->type == SAP_CB_DATA_PACKET) {
		MUST(word_at(made + SAP_HEADER_SIZE + CB_DATA_LEN) == message->cb_data_packet.frame.len);
		set_word(made + SAP_HEADER_SIZE + CB_DATA_LEN, message->cb_data_packet.data_len);
	}
	/* The two that a message only points at keep even what is reserved. */
	if (message->type == SAP_NVM || message->type == SAP_CSME_FILTERS)
		MUST(header.len == seen->end && !memcmp(made + SAP_HEADER_SIZE, payload, header.len));
	else
		MUST(kept(seen, payload, made + SAP_HEADER_SIZE, header.len));

	MUST(sap_message_decode(made, made_len, &back) == (info ? SAP_OK : SAP_UNKNOWN_TYPE));
	again = encode(&back, &again_len);
	if (message->type == SAP_CB_DATA_PACKET) {
		MUST(back.cb_data_packet.data_len == message->cb_data_packet.data_len);
		set_word(again + SAP_HEADER_SIZE + CB_DATA_LEN, back.cb_data_packet.data_len);
	}
	MUST(again_len == made_len && !memcmp(again, made, made_len));
	free(again);
	free(made);
}

/* A CB_DATA_PACKET whose data_len, at 36, says less than an Ethernet header. */
static bool says_short_frame(const struct sap_header *header, const uint8_t *payload)
{
	return header->type == SAP_CB_DATA_PACKET && header->len >= SAP_CB_DATA_HEADER_SIZE && !payload[37] &&
	       !payload[38] && !payload[39] && payload[36] < SAP_ETHERNET_HEADER_SIZE;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct sap_message_info *info;
	struct sap_message message;
	struct sap_header header;
	enum sap_status status;
	struct walked seen;
	const uint8_t *payload;

	memset(&message, 0xa5, sizeof(message));
	status = sap_message_decode(data, size, &message);
	if (size >= SAP_HEADER_SIZE)
		sap_header_decode(data, &header);
	if (size < SAP_HEADER_SIZE || header.len > size - SAP_HEADER_SIZE) {
		MUST(status == (data ? SAP_TOO_SHORT : SAP_INVALID));
		if (data)
			MUST(!message.opaque.bytes && !message.opaque.len);
		if (data && size < SAP_HEADER_SIZE)
			MUST(all_are((const uint8_t *)&message, sizeof(message), 0));
		return 0;
	}

	payload = data + SAP_HEADER_SIZE;
	info = sap_message_info(header.type);
	MUST(message.type == header.type && message.len == header.len && message.seq == header.seq);
	MUST(!info || info->type == header.type);
	seen = walk(info, payload, header.len);
	if (!info || header.len < info->least || says_short_frame(&header, payload)) {
		MUST(status == (info ? SAP_TOO_SHORT : SAP_UNKNOWN_TYPE));
		MUST(message.opaque.bytes == payload && message.opaque.len == header.len);
	} else {
		MUST(status == SAP_OK);
	}

	if (status != SAP_TOO_SHORT)
		check_round(&message, payload, &seen);
	if (status == SAP_OK && header.type == SAP_NVM)
		check_nvm(&message, &seen);
	if (status == SAP_OK && header.type == SAP_CSME_FILTERS)
		check_csme_filters(&message, &seen);
	free(seen.reserved);

	/* The same bytes as if they were a message that they are not. */
	info = sap_info_at(header.seq % 64);
	seen = walk(info, payload, header.len);
	free(seen.reserved);
	return 0;
}
