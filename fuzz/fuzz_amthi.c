// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
/*
 * Any bytes as one message of AMTHI or MKHI (the first byte chooses): decode never reads too far, encode gives
 * back the same bytes, a secret is never kept, and a server's answer to it is one that its client accepts.
 */
#include "walk.h"

#include <sap/mei/fields.h>
#include <sap/mei/servers.h>

enum {
	CAP = 3000,
	SECRET = SAP_AMTHI_GET_LOCAL_SYSTEM_ACCOUNT | (int)SAP_AMTHI_RESPONSE
};

/* No pointer into the input in a value that is a secret. */
static void no_trace(const struct sap_amthi_message *m, const uint8_t *data, size_t size)
{
	const uint8_t *p = (const uint8_t *)m;
	uintptr_t at;

	for (size_t i = 0; i + sizeof(at) <= sizeof(*m); i += sizeof(at)) {
		memcpy(&at, p + i, sizeof(at));
		MUST(at < (uintptr_t)data || at >= (uintptr_t)data + size);
	}
}

static void walk_body(const struct sap_message_info *info, const uint8_t *body, uint32_t len)
{
	struct walked seen;

	if (info && info->n_fields && info->fields[0].show == SAP_SHOW_SECRET)
		return;
	seen = walk(info, body, len);
	free(seen.reserved);
}

static void amthi(const uint8_t *data, size_t size)
{
	struct sap_amthi_message message, back;
	enum sap_status status;
	uint8_t *made = fresh(CAP + size, 0xa5);
	uint32_t len, head;

	memset(&message, 0xa5, sizeof(message));
	status = sap_amthi_decode(data, size, &message);
	if (size >= 12)
		MUST(message.command == word_at(data + 4) && message.length == word_at(data + 8));
	if (message.command == SECRET)
		no_trace(&message, data, size);
	if (status == SAP_OK || status == SAP_UNKNOWN_TYPE) {
		head = message.command & SAP_AMTHI_RESPONSE ? 16 : 12;
		if (message.command != SECRET || message.status) {
			MUST(sap_amthi_encode(&message, made, CAP + size, &len) == SAP_OK);
			MUST(len <= size && (message.status || sap_amthi_decode(made, len, &back) == status));
			MUST(!memcmp(made + 4, data + 4, 4));
		}
		if (!message.status)
			walk_body(sap_amthi_info(message.command), data + head, (uint32_t)size - head);
	}
	free(made);
}

static void mkhi(const uint8_t *data, size_t size)
{
	struct sap_mkhi_message message, back;
	enum sap_status status;
	uint8_t *made = fresh(CAP + size, 0xa5);
	uint32_t len;

	memset(&message, 0xa5, sizeof(message));
	status = sap_mkhi_decode(data, size, &message);
	if (status == SAP_OK || status == SAP_UNKNOWN_TYPE) {
		MUST(sap_mkhi_encode(&message, made, CAP + size, &len) == SAP_OK);
		MUST(len <= size && sap_mkhi_decode(made, len, &back) == status);
		if (!message.result)
			walk_body(sap_mkhi_info(message.command), data + 4, (uint32_t)size - 4);
	}
	free(made);
}

/* The answer to it: within its buffer, and understood. */
static void answers(const uint8_t *data, size_t size)
{
	static const struct sap_amthi_setting_version versions[] = {{"AMT", "1"}, {"Flash", NULL}};
	static const struct sap_mkhi_setting_rule rules[] = {{0, {(const uint8_t *)"rule", 4}}};
	static const struct sap_amthi_certhash hash;
	const struct sap_amthi_settings settings = {.versions = versions,
						    .n_versions = 2,
						    .hashes = &hash,
						    .n_hashes = 1};
	const struct sap_mkhi_settings mkhi_settings = {.n_fw = 3, .rules = rules, .n_rules = 1};
	struct sap_amthi_message message;
	uint32_t cap = size ? data[size - 1] * 8u : 0;
	uint8_t *reply = fresh(cap, 0xa5);
	struct sap_mkhi_message answer;
	uint32_t len = 0;

	if (sap_amthi_answer(&settings, data, (uint32_t)size, reply, cap, &len) == SAP_OK) {
		MUST(len <= cap);
		MUST(sap_amthi_decode_response(reply, len, word_at(data + 4), &message) == SAP_OK ||
		     len == 16);
	}
	if (sap_mkhi_answer(&mkhi_settings, data, (uint32_t)size, reply, cap, &len) == SAP_OK) {
		MUST(len <= cap);
		MUST(sap_mkhi_decode(reply, len, &answer) == SAP_OK || answer.result);
	}
	free(reply);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	uint8_t *exact;

	if (!size)
		return 0;
	exact = fresh(size - 1, 0);
	memcpy(exact, data + 1, size - 1);
	if (data[0] & 1)
		mkhi(exact, size - 1);
	else
		amthi(exact, size - 1);
	answers(exact, size - 1);
	free(exact);
	return 0;
}
