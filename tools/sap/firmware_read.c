// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "firmware_settings.h"
#include "suggest.h"

enum {
	PATH = 120,
	BLOCK = 4096, /* memory comes in multiples of this */
	KEYS = 100,   /* more than there are */
	NAME = 40,
};

struct reading {
	struct firmware_settings *settings;
	struct text *why; /* the value that is read now does not hold */
	char path[PATH];  /* of it */
};

__attribute__((format(printf, 2, 3))) static bool fail(struct reading *r, const char *format, ...);

static bool fail(struct reading *r, const char *format, ...)
{
	char text[400];
	va_list args;

	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	text_add(r->why, "%s", text);
	return false;
}

/* --- where values go --- */

static void *place(const struct reading *r, const struct firmware_key *key)
{
	return (char *)r->settings + key->at;
}

static void put(const struct reading *r, const struct firmware_key *key, uint32_t number)
{
	uint8_t byte = (uint8_t)number;
	uint16_t half = (uint16_t)number;

	if (key->width == sizeof(byte))
		memcpy(place(r, key), &byte, sizeof(byte));
	else if (key->width == sizeof(half))
		memcpy(place(r, key), &half, sizeof(half));
	else
		memcpy(place(r, key), &number, sizeof(number));
}

/* --- one value --- */

static bool read_bool(struct reading *r, const struct firmware_key *key, const json_t *json)
{
	if (!json_is_boolean(json))
		return fail(r, "takes true or false");
	put(r, key, json_is_true(json));
	return true;
}

static bool read_number(struct reading *r, const struct firmware_key *key, const json_t *json)
{
	json_int_t number = json_integer_value(json);

	if (!json_is_integer(json) || number < key->least || number > key->most)
		return fail(r, "takes a whole number from %u to %u", (unsigned int)key->least,
			    (unsigned int)key->most);
	put(r, key, (uint32_t)number);
	return true;
}

static bool find_name(struct reading *r, const struct sap_names *names, const char *word, uint32_t *value)
{
	struct suggestion best;

	suggest_start(&best, word);
	for (uint32_t i = 0; i < names->count; i++) {
		suggest_offer(&best, names->list[i].name);
		if (strcmp(names->list[i].name, word) == 0) {
			*value = names->list[i].value;
			return true;
		}
	}
	fail(r, "there is no \"%s\"", word);
	if (suggest_best(&best))
		return fail(r, "; did you mean \"%s\"?", suggest_best(&best));
	fail(r, "; there are:");
	for (uint32_t i = 0; i < names->count; i++)
		fail(r, " %s", names->list[i].name);
	return false;
}

/* A name, a number that has none, or both as `sap mei info` shows them. */
static bool read_name(struct reading *r, const struct firmware_key *key, const json_t *json)
{
	const struct sap_names *names = firmware_key_names(key);
	uint32_t most = key->width == 1 ? UINT8_MAX : UINT32_MAX, value = 0;

	if (json_is_object(json))
		json = json_object_get(json, "value");
	if (json_is_string(json) && names) {
		if (!find_name(r, names, json_string_value(json), &value))
			return false;
	} else if (json_is_integer(json) && json_integer_value(json) >= 0 &&
		   json_integer_value(json) <= most) {
		value = (uint32_t)json_integer_value(json);
	} else {
		return fail(r, "takes a name, or a number from 0 to %u", (unsigned int)most);
	}
	put(r, key, value);
	return true;
}

static bool read_flags(struct reading *r, const struct firmware_key *key, const json_t *json)
{
	uint32_t flags = 0, flag = 0;
	const json_t *word;
	size_t i;

	if (!json_is_array(json))
		return fail(r, "takes a list of names");
	json_array_foreach(json, i, word)
	{
		if (!json_is_string(word))
			return fail(r, "takes a list of names");
		if (!find_name(r, firmware_key_names(key), json_string_value(word), &flag))
			return false;
		flags |= flag;
	}
	put(r, key, flags);
	return true;
}

static bool fits(struct reading *r, const struct firmware_key *key, const json_t *json)
{
	if (json_is_string(json) && json_string_length(json) <= key->most)
		return true;
	return fail(r, "takes text of up to %u bytes", (unsigned int)key->most);
}

static bool read_text(struct reading *r, const struct firmware_key *key, const json_t *json)
{
	const char *text = json_string_value(json);

	if (!fits(r, key, json))
		return false;
	memcpy(place(r, key), &text, sizeof(text));
	return true;
}

static bool read_address(struct reading *r, const struct firmware_key *key, const json_t *json)
{
	if (!fits(r, key, json))
		return false;
	memset(place(r, key), 0, key->width);
	memcpy(place(r, key), json_string_value(json), json_string_length(json));
	return true;
}

/* Numbers with a sign between them, and nothing behind; each up to `most`. How many; 0: it does not hold. */
static uint32_t numbers(const char *text, char sign, int base, uint32_t most, uint32_t *out, uint32_t cap)
{
	static const char digits[] = "0123456789abcdefABCDEF";
	uint32_t n = 0;

	for (;;) {
		size_t len = strspn(text, digits);
		unsigned long number;
		char *end;

		if (!len || len > 8 || n == cap)
			return 0;
		number = strtoul(text, &end, base);
		if (end != text + len || number > most)
			return 0;
		out[n++] = (uint32_t)number;
		if (!*end)
			return n;
		if (*end != sign)
			return 0;
		text = end + 1;
	}
}

static bool read_mac(struct reading *r, const struct firmware_key *key, const json_t *json)
{
	uint32_t part[6];
	struct sap_mac mac;

	if (!json_is_string(json) || numbers(json_string_value(json), ':', 16, 255, part, 6) != 6)
		return fail(r, "takes a MAC address: 02:00:00:00:00:01");
	for (uint32_t i = 0; i < 6; i++)
		mac.bytes[i] = (uint8_t)part[i];
	memcpy(place(r, key), &mac, sizeof(mac));
	return true;
}

static bool read_ipv4(struct reading *r, const struct firmware_key *key, const json_t *json)
{
	uint32_t part[4];

	if (!json_is_string(json) || numbers(json_string_value(json), '.', 10, 255, part, 4) != 4)
		return fail(r, "takes an IPv4 address: 192.0.2.1");
	put(r, key, part[0] << 24 | part[1] << 16 | part[2] << 8 | part[3]);
	return true;
}

static bool read_uuid(struct reading *r, const struct firmware_key *key, const json_t *json)
{
	struct sap_guid uuid;

	if (!json_is_string(json) || sap_guid_parse(json_string_value(json), &uuid) != SAP_OK)
		return fail(r, "takes a UUID: 00112233-4455-6677-8899-aabbccddeeff");
	memcpy(place(r, key), &uuid, sizeof(uuid));
	return true;
}

static bool read_hbm(struct reading *r, const json_t *json)
{
	static const char *const versions[] = {"1.1", "2.0", "2.1", "2.2"};

	for (size_t i = 0; i < sizeof(versions) / sizeof(versions[0]); i++) {
		if (!json_is_string(json) || strcmp(json_string_value(json), versions[i]) != 0)
			continue;
		r->settings->major = (uint8_t)(versions[i][0] - '0');
		r->settings->minor = (uint8_t)(versions[i][2] - '0');
		return true;
	}
	return fail(r, "takes \"1.1\", \"2.0\", \"2.1\" or \"2.2\"");
}

/* --- lists: what is there is replaced --- */

static bool read_versions(struct reading *r, const struct firmware_key *key, json_t *json)
{
	struct sap_amthi_setting_version *version = r->settings->versions;
	const char *name;
	json_t *value;

	if (!json_is_object(json) || json_object_size(json) > key->most)
		return fail(r, "takes an object of up to %u versions: {\"AMT\": \"16.1.25\"}",
			    (unsigned int)key->most);
	memset(version, 0, sizeof(r->settings->versions));
	json_object_foreach(json, name, value)
	{
		if (!json_is_string(value) || strlen(name) >= SAP_AMTHI_VERSION_TEXT ||
		    json_string_length(value) >= SAP_AMTHI_VERSION_TEXT)
			return fail(r, "\"%.40s\": name and version are texts of up to %d bytes", name,
				    SAP_AMTHI_VERSION_TEXT - 1);
		*version++ = (struct sap_amthi_setting_version){name, json_string_value(value)};
	}
	return true;
}

static bool read_block(const char *text, struct sap_mkhi_fw_block *block)
{
	const char *rest = strchr(text, ':');
	uint32_t platform = 0, part[4];
	char head[4];

	if (rest) {
		if (rest - text >= (ptrdiff_t)sizeof(head))
			return false;
		snprintf(head, sizeof(head), "%.*s", (int)(rest - text), text);
		if (numbers(head, '.', 10, UINT8_MAX, &platform, 1) != 1)
			return false;
		text = rest + 1;
	}
	if (numbers(text, '.', 10, UINT16_MAX, part, 4) != 4 || part[0] > UINT8_MAX)
		return false;
	*block = (struct sap_mkhi_fw_block){.platform = (uint8_t)platform,
					    .major = (uint8_t)part[0],
					    .minor = (uint16_t)part[1],
					    .hotfix = (uint16_t)part[2],
					    .build = (uint16_t)part[3]};
	return true;
}

static bool read_element(struct reading *r, const struct firmware_key *key, size_t i, const json_t *json)
{
	const char *text = json_string_value(json);

	switch (key->kind) {
	case FIRMWARE_BLOCKS:
		return (text && read_block(text, &r->settings->mkhi.fw[i])) ||
		       fail(r, "takes a version: \"16.1.25.1865\", or with a platform \"0:16.1.25.1865\"");
	case FIRMWARE_SIZES:
		if (!json_is_integer(json) || json_integer_value(json) < BLOCK ||
		    json_integer_value(json) > UINT32_MAX || json_integer_value(json) % BLOCK != 0)
			return fail(r, "takes multiples of %d", BLOCK);
		r->settings->dma_sizes[i] = (uint32_t)json_integer_value(json);
		return true;
	default:
		return (text && numbers(text, 0, 16, UINT32_MAX, &r->settings->status[i], 1) == 1) ||
		       fail(r, "takes registers of 8 hexadecimal digits: \"90000255\"");
	}
}

static bool read_list(struct reading *r, const struct firmware_key *key, const json_t *json)
{
	const json_t *element;
	size_t i;

	if (!json_is_array(json) || json_array_size(json) < key->least || json_array_size(json) > key->most)
		return fail(r, "takes a list of %u to %u", (unsigned int)key->least, (unsigned int)key->most);
	memset(place(r, key), 0, key->width);
	json_array_foreach(json, i, element)
	{
		if (!read_element(r, key, i, element))
			return false;
	}
	if (key->kind == FIRMWARE_BLOCKS)
		r->settings->mkhi.n_fw = (uint32_t)json_array_size(json);
	return true;
}

static bool read_value(struct reading *r, const struct firmware_key *key, json_t *json)
{
	switch (key->kind) {
	case FIRMWARE_BOOL:
		return read_bool(r, key, json);
	case FIRMWARE_NUMBER:
		return read_number(r, key, json);
	case FIRMWARE_NAME:
		return read_name(r, key, json);
	case FIRMWARE_FLAGS:
		return read_flags(r, key, json);
	case FIRMWARE_TEXT:
		return read_text(r, key, json);
	case FIRMWARE_ADDRESS:
		return read_address(r, key, json);
	case FIRMWARE_MAC:
		return read_mac(r, key, json);
	case FIRMWARE_UUID:
		return read_uuid(r, key, json);
	case FIRMWARE_IPV4:
		return read_ipv4(r, key, json);
	case FIRMWARE_HBM:
		return read_hbm(r, json);
	case FIRMWARE_VERSIONS:
		return read_versions(r, key, json);
	default:
		return read_list(r, key, json);
	}
}

/* --- the file --- */

/* The setting of that path. If there is none, whether others begin with it: it is an object of settings then. */
static const struct firmware_key *find(const char *path, bool *is_folder)
{
	size_t len = strlen(path);
	const struct firmware_key *key;

	*is_folder = false;
	for (uint32_t i = 0; (key = firmware_key_at(i)); i++) {
		if (strcmp(key->path, path) == 0)
			return key;
		*is_folder |= !len || (strncmp(key->path, path, len) == 0 && key->path[len] == '.');
	}
	return NULL;
}

/* Something that stands beside it may have been meant. */
static bool unknown(struct reading *r, size_t folder)
{
	char beside[KEYS][NAME];
	const struct firmware_key *key;
	struct suggestion best;

	suggest_start(&best, r->path + folder);
	for (uint32_t i = 0; i < KEYS && (key = firmware_key_at(i)); i++) {
		if (strncmp(key->path, r->path, folder) != 0)
			continue;
		snprintf(beside[i], NAME, "%.*s", (int)strcspn(key->path + folder, "."), key->path + folder);
		suggest_offer(&best, beside[i]);
	}
	fail(r, "there is no such setting");
	if (suggest_best(&best))
		return fail(r, "; did you mean \"%s\"?", suggest_best(&best));
	return fail(r, "; --settings=help lists them");
}

static bool read_object(struct reading *r, json_t *object)
{
	size_t folder = strlen(r->path);
	const char *name;
	json_t *value;

	json_object_foreach(object, name, value)
	{
		const struct firmware_key *key;
		bool is_folder;

		/* A comment. */
		if (name[0] == '_')
			continue;
		snprintf(r->path + folder, sizeof(r->path) - folder, "%s%.60s", folder ? "." : "", name);
		key = find(r->path, &is_folder);
		if (key ? !read_value(r, key, value) : !is_folder && !unknown(r, folder + (folder != 0)))
			return false;
		if (!key && !json_is_object(value))
			return fail(r, "takes an object of settings");
		/* No deeper than the table is. */
		if (!key && !read_object(r, value))
			return false;
	}
	r->path[folder] = '\0';
	return true;
}

bool firmware_settings_read(struct firmware_settings *settings, const char *text, size_t len,
			    struct text *why)
{
	struct text reason = {0};
	struct reading r = {.settings = settings, .why = &reason};
	json_error_t error;
	uint32_t line;
	bool holds;

	settings->root = json_loadb(text, len, JSON_REJECT_DUPLICATES, &error);
	if (!settings->root) {
		text_add(why, "%d: %s", error.line, error.text);
		return false;
	}
	holds = json_is_object(settings->root) ? read_object(&r, settings->root)
					       : fail(&r, "takes an object of settings");
	if (!holds) {
		line = r.path[0] ? json_where(text, len, r.path) : 1;
		if (line)
			text_add(why, "%u: ", (unsigned int)line);
		text_add(why, "%s%s%s", r.path, r.path[0] ? ": " : "", text_of(&reason));
	}
	text_free(&reason);
	return holds;
}
