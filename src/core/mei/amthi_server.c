// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
/* AMTHI, answering from settings. */
#include <sap/mei/servers.h>

#include "../../platform.h"

static struct sap_view amthi_text(const char *text)
{
	struct sap_view view = {(const uint8_t *)text, 0};

	while (text && text[view.len])
		view.len++;
	return view;
}

/* Entries are made where they go: in the reply, behind all that stands before them. */
static enum sap_status amthi_code_versions(const struct sap_amthi_settings *settings, uint8_t *reply,
					   uint32_t cap, uint32_t *size)
{
	enum {
		BEFORE = SAP_AMTHI_HEADER_SIZE + 4 + SAP_AMTHI_BIOS_SIZE + 4
	};
	uint32_t n = settings->n_versions < SAP_AMTHI_VERSIONS ? settings->n_versions : SAP_AMTHI_VERSIONS;
	struct sap_view bios = amthi_text(settings->bios);
	uint8_t entry[SAP_AMTHI_VERSION_SIZE];
	struct sap_amthi_message m;
	enum sap_status status;

	memset(&m, 0, sizeof(m));
	m.command = SAP_AMTHI_CODE_VERSIONS | SAP_AMTHI_RESPONSE;
	if (bios.len)
		memcpy(m.code_versions.bios, bios.bytes,
		       bios.len < SAP_AMTHI_BIOS_SIZE ? bios.len : SAP_AMTHI_BIOS_SIZE - 1);
	status = sap_amthi_encode(&m, reply, cap, size);
	if (status != SAP_OK)
		return status;
	if (cap - BEFORE < n * SAP_AMTHI_VERSION_SIZE)
		return SAP_TOO_SMALL;
	for (uint32_t i = 0; i < n; i++) {
		sap_amthi_version_make(settings->versions[i].description, settings->versions[i].version,
				       entry);
		memcpy(reply + BEFORE + (size_t)i * sizeof(entry), entry, sizeof(entry));
	}
	/* The two numbers that count them. */
	*size += n * SAP_AMTHI_VERSION_SIZE;
	reply[8] = (uint8_t)(*size - SAP_AMTHI_HEADER_SIZE);
	reply[9] = (uint8_t)((*size - SAP_AMTHI_HEADER_SIZE) >> 8);
	reply[BEFORE - 4] = (uint8_t)n;
	return SAP_OK;
}

static uint32_t amthi_handles(const struct sap_amthi_settings *settings,
			      uint8_t handles[4 * SAP_AMTHI_HANDLES], struct sap_amthi_message *m)
{
	uint32_t n = settings->n_hashes < SAP_AMTHI_HANDLES ? settings->n_hashes : SAP_AMTHI_HANDLES;

	memset(handles, 0, 4 * SAP_AMTHI_HANDLES);
	for (uint32_t i = 0; i < n; i++)
		handles[4 * i] = (uint8_t)(i + 1);
	m->hash_handles.handles.bytes = handles;
	m->hash_handles.handles.len = 4 * n;
	return SAP_AMT_SUCCESS;
}

static uint32_t amthi_hash(const struct sap_amthi_settings *settings, uint32_t handle,
			   struct sap_amthi_message *m)
{
	uint32_t n = settings->n_hashes < SAP_AMTHI_HANDLES ? settings->n_hashes : SAP_AMTHI_HANDLES;

	if (!handle || handle > n)
		return SAP_AMT_INVALID_HANDLE;
	m->certhash = settings->hashes[handle - 1];
	return SAP_AMT_SUCCESS;
}

static uint32_t amthi_feature(const struct sap_amthi_settings *settings, uint32_t feature,
			      struct sap_amthi_message *m)
{
	static const uint8_t sessions[8];

	if (feature > SAP_AMT_FEATURE_KVM)
		return SAP_AMT_INVALID_PARAMETER;
	m->feature_state.feature = feature;
	m->feature_state.state = settings->features[feature];
	/* Redirection tells of IDE-R; two more that are off. */
	m->feature_state.more.bytes = sessions;
	m->feature_state.more.len = feature == SAP_AMT_FEATURE_REDIRECTION ? sizeof(sessions) : 0;
	return SAP_AMT_SUCCESS;
}

/* What is a number, a few of them, or a text. */
static uint32_t amthi_fill_more(const struct sap_amthi_settings *settings, uint32_t command,
				struct sap_amthi_message *m)
{
	switch ((enum sap_amthi_command)command) {
	case SAP_AMTHI_RNG_SEED_STATUS:
		m->enabled.enabled = settings->rng_seed_status;
		break;
	case SAP_AMTHI_ZERO_TOUCH_ENABLED:
		m->enabled.enabled = settings->zero_touch;
		break;
	case SAP_AMTHI_EHBC_STATE:
		m->enabled.enabled = settings->ehbc;
		break;
	case SAP_AMTHI_GET_DNS_SUFFIX:
		m->text.text = amthi_text(settings->dns_suffix);
		break;
	case SAP_AMTHI_DNS_SUFFIX_LIST:
		m->text.text = settings->dns_suffixes;
		break;
	case SAP_AMTHI_CURRENT_POWER_POLICY:
		m->text.text = amthi_text(settings->power_policy);
		break;
	case SAP_AMTHI_REMOTE_ACCESS_STATUS:
		m->remote_access = settings->remote_access;
		m->remote_access.server = amthi_text(settings->remote_access_server);
		break;
	case SAP_AMTHI_CONFIG_SERVER_DATA:
		m->config_server = settings->config_server;
		m->config_server.name = amthi_text(settings->config_server_name);
		break;
	case SAP_AMTHI_GET_FQDN:
		m->fqdn = settings->fqdn;
		m->fqdn.fqdn = amthi_text(settings->fqdn_name);
		break;
	case SAP_AMTHI_LAST_HOST_RESET_REASON:
		m->reset_reason = settings->reset_reason;
		break;
	case SAP_AMTHI_USER_INITIATED_INTERFACES:
		m->user_interfaces.flags = settings->user_interfaces;
		break;
	case SAP_AMTHI_REDIRECTION_STATE:
		m->redirection_state.flags = settings->redirection;
		break;
	default:
		/* Those that change something, that are secret, or whose answer is not public. */
		return SAP_AMT_NOT_PERMITTED;
	}
	return SAP_AMT_SUCCESS;
}

/* The status, and what goes with it. */
static uint32_t amthi_fill(const struct sap_amthi_settings *settings, const struct sap_amthi_message *asked,
			   uint8_t handles[4 * SAP_AMTHI_HANDLES], struct sap_amthi_message *m)
{
	switch ((enum sap_amthi_command)asked->command) {
	case SAP_AMTHI_GET_AMT_STATE:
		m->state = settings->state;
		m->state.id = asked->state_request.id;
		m->state.size = 5;
		break;
	case SAP_AMTHI_PROVISIONING_MODE:
		m->provisioning_mode = settings->provisioning_mode;
		break;
	case SAP_AMTHI_PROVISIONING_STATE:
		m->provisioning_state.state = settings->provisioning_state;
		break;
	case SAP_AMTHI_SECURITY_PARAMETERS:
		m->security = settings->security;
		break;
	case SAP_AMTHI_GET_MAC_ADDRESSES:
		m->mac_addresses = settings->mac_addresses;
		break;
	case SAP_AMTHI_ENUMERATE_HASH_HANDLES:
		return amthi_handles(settings, handles, m);
	case SAP_AMTHI_GET_CERTHASH_ENTRY:
		return amthi_hash(settings, asked->handle.handle, m);
	case SAP_AMTHI_LAN_INTERFACE_SETTINGS:
		if (asked->lan_request.interface > SAP_AMT_INTERFACE_WIRELESS)
			return SAP_AMT_INVALID_PARAMETER;
		m->lan = settings->lan[asked->lan_request.interface];
		break;
	case SAP_AMTHI_GET_FEATURES_STATE:
		return amthi_feature(settings, asked->feature_request.feature, m);
	case SAP_AMTHI_GET_UUID:
		m->uuid.uuid = settings->uuid;
		break;
	case SAP_AMTHI_GET_CONTROL_MODE:
		m->control_mode.mode = settings->control_mode;
		break;
	default:
		return amthi_fill_more(settings, asked->command, m);
	}
	return SAP_AMT_SUCCESS;
}

/* Of a request that does not hold, the status that says why. */
static uint32_t amthi_complaint(enum sap_status status)
{
	switch (status) {
	case SAP_OK:
		return SAP_AMT_SUCCESS;
	case SAP_UNKNOWN_TYPE:
		return SAP_AMT_INVALID_COMMAND;
	case SAP_BAD_VERSION:
		return SAP_AMT_UNSUPPORTED_VERSION;
	default:
		return SAP_AMT_INVALID_MESSAGE_LENGTH;
	}
}

enum sap_status sap_amthi_answer(const void *self, const uint8_t *request, uint32_t len, uint8_t *reply,
				 uint32_t cap, uint32_t *size)
{
	const struct sap_amthi_settings *settings = self;
	uint8_t handles[4 * SAP_AMTHI_HANDLES];
	struct sap_amthi_message asked, m;
	enum sap_status status;

	if (settings->disabled) {
		*size = 0;
		return SAP_OK;
	}
	status = sap_amthi_decode(request, len, &asked);
	if (len < SAP_AMTHI_HEADER_SIZE || asked.command & SAP_AMTHI_RESPONSE)
		return SAP_TOO_SHORT;
	if (status == SAP_OK && asked.command == SAP_AMTHI_CODE_VERSIONS)
		return amthi_code_versions(settings, reply, cap, size);
	memset(&m, 0, sizeof(m));
	m.command = asked.command | SAP_AMTHI_RESPONSE;
	m.status = amthi_complaint(status);
	if (status == SAP_OK)
		m.status = amthi_fill(settings, &asked, handles, &m);
	status = sap_amthi_encode(&m, reply, cap, size);
	if (status != SAP_BAD_VALUE)
		return status;
	/* A setting that no message can carry. */
	m.status = SAP_AMT_INTERNAL_ERROR;
	return sap_amthi_encode(&m, reply, cap, size);
}
