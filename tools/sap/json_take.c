// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
/*
 * From JSON to the value of a field: the forms that `sap decode` writes, and shorter ones for people.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "json_value.h"
#include "suggest.h"

static bool fail(struct text *why, const char *text)
{
	text_add(why, "%s", text);
	return false;
}

static void suggest_name(const struct sap_names *names, const char *word, struct text *why)
{
	struct suggestion best;

	suggest_start(&best, word);
	for (uint32_t i = 0; i < names->count; i++)
		suggest_offer(&best, names->list[i].name);
	if (suggest_best(&best))
		text_add(why, "; did you mean \"%s\"?", suggest_best(&best));
}

/* --- numbers --- */

static uint64_t largest(const struct sap_field *field)
{
	return field->size == 8 ? UINT64_MAX : (UINT64_C(1) << (8 * field->size)) - 1;
}

static bool in_range(const struct sap_field *field, uint64_t number, struct text *why)
{
	if (number <= largest(field))
		return true;
	text_add(why, "%llu is out of range: 0 to %llu", (unsigned long long)number,
		 (unsigned long long)largest(field));
	return false;
}

/* A whole number, or text that is one: decimal, or hexadecimal after 0x. */
static bool take_plain(const struct sap_field *field, const json_t *json, uint64_t *number, struct text *why)
{
	const char *text = json_string_value(json);
	char *end;

	if (json_is_integer(json)) {
		if (json_integer_value(json) < 0) {
			text_add(why, "%lld is out of range: 0 to %llu", (long long)json_integer_value(json),
				 (unsigned long long)largest(field));
			return false;
		}
		*number = (uint64_t)json_integer_value(json);
		return in_range(field, *number, why);
	}
	if (!text || text[0] < '0' || text[0] > '9')
		return fail(why, "not a whole number");
	errno = 0;
	*number = strtoull(text, &end, strncmp(text, "0x", 2) == 0 ? 16 : 10);
	if (*end || errno) {
		text_add(why, "\"%s\" is not a whole number", text);
		return false;
	}
	return in_range(field, *number, why);
}

static bool take_name(const struct sap_names *names, const char *word, uint64_t *number, struct text *why)
{
	for (uint32_t i = 0; i < names->count; i++) {
		if (strcmp(names->list[i].name, word) == 0) {
			*number = names->list[i].value;
			return true;
		}
	}
	text_add(why, "there is no \"%s\"", word);
	suggest_name(names, word, why);
	return false;
}

static bool take_flag_names(const struct sap_names *names, json_t *list, uint64_t *number, struct text *why)
{
	json_t *word;
	size_t i;

	*number = 0;
	json_array_foreach(list, i, word)
	{
		uint64_t bit;

		if (!json_is_string(word))
			return fail(why, "names of flags are text");
		if (!take_name(names, json_string_value(word), &bit, why))
			return false;
		*number |= bit;
	}
	return true;
}

/* Text that stands for a number in a field of that kind. */
static bool take_text(const struct sap_field *field, const json_t *json, uint64_t *number, struct text *why)
{
	const char *text = json_string_value(json);
	unsigned int a, b, c, d;
	char rest;

	if (field->show == SAP_SHOW_IPV4) {
		if (sscanf(text, "%3u.%3u.%3u.%3u%c", &a, &b, &c, &d, &rest) != 4 || (a | b | c | d) > 255)
			return fail(why, "not an IPv4 address");
		*number = (uint64_t)a << 24 | b << 16 | c << 8 | d;
		return true;
	}
	if (text[0] >= '0' && text[0] <= '9' && field->show != SAP_SHOW_COUNTRY)
		return take_plain(field, json, number, why);
	if (field->show == SAP_SHOW_COUNTRY) {
		if (strlen(text) != 2)
			return fail(why, "a country has two letters");
		*number = (uint64_t)(uint8_t)text[0] << 8 | (uint8_t)text[1];
		return true;
	}
	if (field->names)
		return take_name(field->names, text, number, why);
	return take_plain(field, json, number, why);
}

/* What an object says beside "value": its name, names, text, or id and enabled. Null members say nothing. */
static bool take_member(const struct sap_field *field, const char *key, json_t *json, uint64_t *number,
			struct text *why)
{
	if (field->show == SAP_SHOW_ENUM && strcmp(key, "name") == 0 && json_is_string(json))
		return take_name(field->names, json_string_value(json), number, why);
	if (field->show == SAP_SHOW_FLAGS && strcmp(key, "names") == 0 && json_is_array(json))
		return take_flag_names(field->names, json, number, why);
	if (field->show == SAP_SHOW_COUNTRY && strcmp(key, "text") == 0 && json_is_string(json))
		return take_text(field, json, number, why);
	if (field->show == SAP_SHOW_VLAN && strcmp(key, "enabled") == 0 && json_is_boolean(json)) {
		*number |= json_is_true(json) ? (uint64_t)SAP_VLAN_ENABLED : 0;
		return true;
	}
	if (field->show == SAP_SHOW_VLAN && strcmp(key, "id") == 0 && json_is_integer(json) &&
	    json_integer_value(json) >= 0 && json_integer_value(json) <= SAP_VLAN_ID_MASK) {
		*number |= (uint64_t)json_integer_value(json);
		return true;
	}
	text_add(why, "\"%s\" does not belong in this value", key);
	return false;
}

/* The bits of a number that names, or id and enabled, can tell. */
static uint64_t told_bits(const struct sap_field *field)
{
	uint64_t bits = 0;

	if (field->show == SAP_SHOW_VLAN)
		return SAP_VLAN_ID_MASK | SAP_VLAN_ENABLED;
	if (field->show != SAP_SHOW_FLAGS)
		return UINT64_MAX;
	for (uint32_t i = 0; i < field->names->count; i++)
		bits |= field->names->list[i].value;
	return bits;
}

/*
 * An object: "value" counts, and what else is said must agree: somebody who edits one and forgets the other
 * wants to know.
 */
static bool take_object(const struct sap_field *field, json_t *json, uint64_t *number, struct text *why)
{
	json_t *value = json_object_get(json, "value");
	uint64_t told = 0;
	bool tells = false;
	const char *key;
	json_t *member;

	json_object_foreach(json, key, member)
	{
		if (strcmp(key, "value") == 0 || json_is_null(member))
			continue;
		if (!take_member(field, key, member, &told, why))
			return false;
		tells = true;
	}
	if (!value) {
		*number = told;
		return tells || fail(why, "an object without a value");
	}
	if (!take_plain(field, value, number, why))
		return false;
	if (tells && (*number & told_bits(field)) != told)
		return fail(why, "\"value\" and the names beside it say different things");
	return true;
}

bool json_to_number(const struct sap_field *field, json_t *json, uint64_t *number, struct text *why)
{
	if (json_is_object(json) &&
	    (field->names || field->show == SAP_SHOW_COUNTRY || field->show == SAP_SHOW_VLAN))
		return take_object(field, json, number, why);
	if (json_is_array(json) && field->show == SAP_SHOW_FLAGS)
		return take_flag_names(field->names, json, number, why);
	if (json_is_boolean(json) && field->show == SAP_SHOW_BOOL) {
		*number = json_is_true(json) ? 1 : 0;
		return true;
	}
	if (json_is_string(json))
		return take_text(field, json, number, why);
	return take_plain(field, json, number, why);
}

/* --- bytes --- */

static int nibble(char c)
{
	static const char digits[] = "0123456789abcdef";
	const char *found = c ? strchr(digits, c >= 'A' && c <= 'F' ? c - 'A' + 'a' : c) : NULL;

	return found ? (int)(found - digits) : -1;
}

/* Two digits. Looks at no second one if the first is none, so the end of the text is safe. */
static bool take_pair(const char *text, struct bytes *bytes)
{
	int high = nibble(text[0]);
	int low = high < 0 ? -1 : nibble(text[1]);

	if (low < 0)
		return false;
	*bytes_more(bytes, 1) = (uint8_t)((unsigned int)high << 4 | (unsigned int)low);
	return true;
}

static bool take_hex(const json_t *json, struct bytes *bytes, struct text *why)
{
	const char *text = json_string_value(json);

	if (!text)
		return fail(why, "bytes are hex digits, as text");
	for (; text[0]; text += 2) {
		if (!take_pair(text, bytes))
			return fail(why, "bytes are pairs of hex digits");
	}
	return true;
}

static bool take_mac(const json_t *json, struct bytes *bytes, struct text *why)
{
	const char *text = json_string_value(json);

	for (unsigned int i = 0; text && i < 6; i++, text += 3) {
		if (!take_pair(text, bytes) || text[2] != (i < 5 ? ':' : '\0'))
			break;
		if (i == 5)
			return true;
	}
	return fail(why, "not a MAC address, as 02:00:00:00:01:00");
}

/* Plain text; or an object as decode writes it, where all 32 bytes count and text must agree. */
static bool take_ssid(json_t *json, struct bytes *bytes, struct text *why)
{
	json_t *text = json_is_object(json) ? json_object_get(json, "text") : json;
	json_t *hex = json_object_get(json, "hex");
	size_t start = bytes->len;
	size_t len = json_string_length(text);

	if (hex && !take_hex(hex, bytes, why))
		return false;
	if (!json_is_string(text))
		return hex || fail(why, "an SSID is text, or an object with text or hex");
	if (!hex)
		bytes_add(bytes, json_string_value(text), len);
	else if (bytes->len - start < len ||
		 (len && memcmp(bytes->data + start, json_string_value(text), len) != 0))
		return fail(why, "\"text\" and \"hex\" say different things");
	return true;
}

static bool take_versions(json_t *json, struct bytes *bytes, struct text *why)
{
	json_t *number;
	size_t i;

	if (!json_is_array(json))
		return fail(why, "not a list of numbers");
	json_array_foreach(json, i, number)
	{
		json_int_t value = json_integer_value(number);

		if (!json_is_integer(number) || value < 0 || value > 255)
			return fail(why, "not a list of numbers from 0 to 255");
		*bytes_more(bytes, 1) = (uint8_t)value;
	}
	return true;
}

static bool take_bytes(const struct sap_field *field, json_t *json, struct bytes *bytes, struct text *why)
{
	switch (field->show) {
	case SAP_SHOW_MAC:
		return take_mac(json, bytes, why);
	case SAP_SHOW_SSID:
		return take_ssid(json, bytes, why);
	case SAP_SHOW_VERSIONS:
		return take_versions(json, bytes, why);
	default:
		return take_hex(json, bytes, why);
	}
}

bool json_to_bytes(const struct sap_field *field, uint32_t size, json_t *json, struct bytes *bytes,
		   struct text *why)
{
	/* Lists and SSIDs are often shorter than their room, and what takes the rest may be. */
	bool fixed = (field->kind == SAP_FIELD_BYTES || field->kind == SAP_FIELD_RESERVED) &&
		     field->show != SAP_SHOW_SSID && field->show != SAP_SHOW_VERSIONS;
	size_t start = bytes->len;
	size_t len;

	if (!take_bytes(field, json, bytes, why))
		return false;
	len = bytes->len - start;
	if (len > size || (fixed && len != size)) {
		text_add(why, "%zu bytes are given, %s %u", len, fixed ? "it has" : "there is room for",
			 (unsigned int)size);
		return false;
	}
	return true;
}
