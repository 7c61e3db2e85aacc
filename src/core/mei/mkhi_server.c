// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
/* MKHI, answering from settings. */
#include <sap/mei/servers.h>

#include "../../platform.h"

enum {
	MKHI_BLOCKS = SAP_MKHI_FW_BLOCKS * SAP_MKHI_FW_BLOCK_SIZE
};

static bool mkhi_rule(const struct sap_mkhi_settings *settings, uint32_t rule, struct sap_mkhi_message *m)
{
	for (uint32_t i = 0; i < settings->n_rules; i++) {
		if (settings->rules[i].rule == rule) {
			m->rule.rule = rule;
			m->rule.data = settings->rules[i].data;
			return true;
		}
	}
	return false;
}

static bool mkhi_versions(const struct sap_mkhi_settings *settings, uint8_t blocks[MKHI_BLOCKS],
			  struct sap_mkhi_message *m)
{
	uint32_t n = settings->n_fw < SAP_MKHI_FW_BLOCKS ? settings->n_fw : SAP_MKHI_FW_BLOCKS;

	for (uint32_t i = 0; i < n; i++)
		sap_mkhi_fw_block_make(&settings->fw[i], blocks + (size_t)i * SAP_MKHI_FW_BLOCK_SIZE);
	m->fw_version.blocks.bytes = blocks;
	m->fw_version.blocks.len = n * SAP_MKHI_FW_BLOCK_SIZE;
	return n > 0;
}

/* False if there is no such thing. */
static bool mkhi_fill(const struct sap_mkhi_settings *settings, const struct sap_mkhi_message *request,
		      uint8_t blocks[MKHI_BLOCKS], struct sap_mkhi_message *m)
{
	switch ((enum sap_mkhi_command)request->command) {
	case SAP_MKHI_GET_RULE:
		return mkhi_rule(settings, request->rule_request.rule, m);
	case SAP_MKHI_GET_MKHI_VERSION:
		m->opaque = settings->mkhi_version;
		return settings->mkhi_version.len > 0;
	case SAP_MKHI_GET_FW_VERSION:
		return mkhi_versions(settings, blocks, m);
	case SAP_MKHI_BOOT_STATE:
		m->boot_state = settings->boot_state;
		return true;
	case SAP_MKHI_IMAGE_TYPE:
		m->number.value = settings->image_type;
		return true;
	case SAP_MKHI_EOP_STATE:
		m->number.value = settings->eop_state;
		return true;
	case SAP_MKHI_SET_OS_VER:
		break;
	}
	return false;
}

enum sap_status sap_mkhi_answer(const void *self, const uint8_t *request, uint32_t len, uint8_t *reply,
				uint32_t cap, uint32_t *size)
{
	uint8_t blocks[MKHI_BLOCKS];
	struct sap_mkhi_message asked, m;
	enum sap_status status = sap_mkhi_decode(request, len, &asked);
	bool whole = status == SAP_OK;

	if (len < SAP_MKHI_HEADER_SIZE || asked.command & SAP_MKHI_RESPONSE)
		return SAP_TOO_SHORT;
	if (asked.command == SAP_MKHI_SET_OS_VER)
		return whole ? SAP_AGAIN : status;
	memset(&m, 0, sizeof(m));
	m.command = asked.command | SAP_MKHI_RESPONSE;
	if (!whole || !mkhi_fill(self, &asked, blocks, &m))
		m.result = SAP_MKHI_FAILED;
	status = sap_mkhi_encode(&m, reply, cap, size);
	if (status != SAP_BAD_VALUE)
		return status;
	/* A setting that no message can carry. */
	m.result = SAP_MKHI_FAILED;
	return sap_mkhi_encode(&m, reply, cap, size);
}
