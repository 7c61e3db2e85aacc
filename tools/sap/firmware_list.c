// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "firmware_settings.h"

enum {
	PATH_COLUMN = 30
};

static const void *place(const struct firmware_key *key, const struct firmware_settings *settings)
{
	return (const char *)settings + key->at;
}

static uint32_t number_of(const struct firmware_key *key, const struct firmware_settings *settings)
{
	uint32_t number = 0;
	uint16_t half;
	uint8_t byte;

	if (key->width == sizeof(byte)) {
		memcpy(&byte, place(key, settings), sizeof(byte));
		return byte;
	}
	if (key->width == sizeof(half)) {
		memcpy(&half, place(key, settings), sizeof(half));
		return half;
	}
	memcpy(&number, place(key, settings), sizeof(number));
	return number;
}

/* --- values --- */

static json_t *name_json(const struct firmware_key *key, uint32_t value)
{
	const struct sap_names *names = firmware_key_names(key);
	const char *name = names ? sap_name_of(names, value) : NULL;

	return name ? json_string(name) : json_integer(value);
}

static json_t *flags_json(const struct firmware_key *key, uint32_t value)
{
	const struct sap_names *names = firmware_key_names(key);
	json_t *list = json_array();

	for (uint32_t i = 0; names && i < names->count; i++) {
		if (value & names->list[i].value)
			json_array_append_new(list, json_string(names->list[i].name));
	}
	return list;
}

static json_t *mac_json(const struct sap_mac *mac)
{
	const uint8_t *b = mac->bytes;

	return json_sprintf("%02x:%02x:%02x:%02x:%02x:%02x", b[0], b[1], b[2], b[3], b[4], b[5]);
}

static json_t *uuid_json(const struct sap_guid *uuid)
{
	char text[SAP_GUID_TEXT_SIZE];

	sap_guid_format(uuid, text);
	return json_string(text);
}

static json_t *ipv4_json(uint32_t address)
{
	return json_sprintf("%u.%u.%u.%u", (unsigned int)(address >> 24), (unsigned int)(address >> 16 & 255),
			    (unsigned int)(address >> 8 & 255), (unsigned int)(address & 255));
}

static json_t *versions_json(const struct firmware_settings *settings)
{
	json_t *object = json_object();

	for (uint32_t i = 0; i < SAP_AMTHI_VERSIONS && settings->versions[i].description; i++)
		json_object_set_new(object, settings->versions[i].description,
				    json_string(settings->versions[i].version));
	return object;
}

static json_t *blocks_json(const struct firmware_settings *settings)
{
	json_t *list = json_array();

	for (uint32_t i = 0; i < settings->mkhi.n_fw; i++) {
		const struct sap_mkhi_fw_block *b = &settings->mkhi.fw[i];

		json_array_append_new(list, json_sprintf("%u:%u.%u.%u.%u", b->platform, b->major, b->minor,
							 b->hotfix, b->build));
	}
	return list;
}

/* Zeroes at the end are those that nobody named. */
static json_t *numbers_json(const uint32_t *number, uint32_t n, bool hex)
{
	json_t *list = json_array();

	while (n && !number[n - 1])
		n--;
	for (uint32_t i = 0; i < n; i++)
		json_array_append_new(list, hex ? json_sprintf("%08x", (unsigned int)number[i])
						: json_integer(number[i]));
	return list;
}

static json_t *text_json(const struct firmware_key *key, const struct firmware_settings *settings)
{
	const char *text;

	memcpy(&text, place(key, settings), sizeof(text));
	return json_string(text ? text : "");
}

json_t *firmware_setting_json(const struct firmware_key *key, const struct firmware_settings *settings)
{
	switch (key->kind) {
	case FIRMWARE_BOOL:
		return json_boolean(number_of(key, settings) != 0);
	case FIRMWARE_NUMBER:
		return json_integer(number_of(key, settings));
	case FIRMWARE_NAME:
		return name_json(key, number_of(key, settings));
	case FIRMWARE_FLAGS:
		return flags_json(key, number_of(key, settings));
	case FIRMWARE_TEXT:
		return text_json(key, settings);
	case FIRMWARE_ADDRESS:
		return json_string(place(key, settings));
	case FIRMWARE_MAC:
		return mac_json(place(key, settings));
	case FIRMWARE_UUID:
		return uuid_json(place(key, settings));
	case FIRMWARE_IPV4:
		return ipv4_json(number_of(key, settings));
	case FIRMWARE_HBM:
		return json_sprintf("%u.%u", settings->major, settings->minor);
	case FIRMWARE_VERSIONS:
		return versions_json(settings);
	case FIRMWARE_BLOCKS:
		return blocks_json(settings);
	case FIRMWARE_SIZES:
		return numbers_json(settings->dma_sizes, SAP_ME_DMA_SIZES, false);
	case FIRMWARE_WORDS:
		return numbers_json(settings->status, SAP_VMEI_STATUS, true);
	}
	return json_null();
}

/* --- the list --- */

static void print_names(const struct firmware_key *key)
{
	const struct sap_names *names = firmware_key_names(key);

	for (uint32_t i = 0; names && i < names->count; i++)
		printf("%s%s", i ? "|" : "", names->list[i].name);
}

static void print_range(const struct firmware_key *key)
{
	switch (key->kind) {
	case FIRMWARE_NUMBER:
		printf("%u to %u", (unsigned int)key->least, (unsigned int)key->most);
		break;
	case FIRMWARE_NAME:
		print_names(key);
		break;
	case FIRMWARE_FLAGS:
		printf("some of ");
		print_names(key);
		break;
	case FIRMWARE_TEXT:
	case FIRMWARE_ADDRESS:
		printf("up to %u bytes", (unsigned int)key->most);
		break;
	case FIRMWARE_HBM:
		printf("1.1|2.0|2.1|2.2");
		break;
	case FIRMWARE_VERSIONS:
	case FIRMWARE_BLOCKS:
	case FIRMWARE_SIZES:
	case FIRMWARE_WORDS:
		printf("%u to %u of them", (unsigned int)key->least, (unsigned int)key->most);
		break;
	default:
		return;
	}
	printf("; ");
}

void firmware_settings_list(void)
{
	static struct firmware_settings settings;
	const struct firmware_key *key;

	firmware_settings_default(&settings);
	for (uint32_t i = 0; (key = firmware_key_at(i)); i++) {
		json_t *value = firmware_setting_json(key, &settings);
		char *text = json_dumps(value, JSON_ENCODE_ANY);

		printf("%-*s %s (", PATH_COLUMN, key->path, key->meaning);
		print_range(key);
		printf("%s)\n", text ? text : "");
		free(text);
		json_decref(value);
	}
}
