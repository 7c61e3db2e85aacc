// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
#include "json_value.h"

#include <ctype.h>
#include <string.h>

#include "text_value.h"

static json_t *of_hex(const uint8_t *data, size_t len)
{
	struct text hex = {0};
	json_t *json;

	for (size_t i = 0; i < len; i++)
		text_add(&hex, "%02x", data[i]);
	json = json_string(text_of(&hex));
	text_free(&hex);
	return json;
}

static json_t *of_mac(const uint8_t *p)
{
	return json_sprintf("%02x:%02x:%02x:%02x:%02x:%02x", p[0], p[1], p[2], p[3], p[4], p[5]);
}

/* Text only where the bytes are text: a zero or broken UTF-8 would not come back as it went. */
static json_t *of_ssid(const struct sap_item *item)
{
	json_t *text = memchr(item->bytes, 0, item->used)
			       ? NULL
			       : json_stringn((const char *)item->bytes, item->used);

	return json_pack("{s:o?, s:o}", "text", text ? text : json_null(), "hex",
			 of_hex(item->bytes, item->size));
}

static json_t *of_enum(const struct sap_item *item)
{
	return json_pack("{s:I, s:s?}", "value", (json_int_t)item->value, "name",
			 sap_name_of(item->field->names, (uint32_t)item->value));
}

static json_t *of_flags(const struct sap_item *item)
{
	const struct sap_names *names = item->field->names;
	json_t *list = json_array();

	for (uint32_t i = 0; i < names->count; i++) {
		if (item->value & names->list[i].value)
			json_array_append_new(list, json_string(names->list[i].name));
	}
	return json_pack("{s:I, s:o}", "value", (json_int_t)item->value, "names", list);
}

static json_t *of_country(uint64_t value)
{
	char text[3] = {(char)(value >> 8 & 0xff), (char)(value & 0xff), '\0'};
	bool letters = isalnum((unsigned char)text[0]) && isalnum((unsigned char)text[1]);

	return json_pack("{s:I, s:s?}", "value", (json_int_t)value, "text", letters ? text : NULL);
}

static json_t *of_vlan(uint64_t value)
{
	return json_pack("{s:I, s:I, s:b}", "value", (json_int_t)value, "id",
			 (json_int_t)(value & SAP_VLAN_ID_MASK), "enabled", (value & SAP_VLAN_ENABLED) != 0);
}

static json_t *of_versions(const struct sap_item *item)
{
	json_t *list = json_array();
	uint32_t len = item->size;

	while (len && !item->bytes[len - 1])
		len--;
	for (uint32_t i = 0; i < len; i++)
		json_array_append_new(list, json_integer(item->bytes[i]));
	return list;
}

static json_t *of_ipv4(uint64_t value)
{
	unsigned int v = (unsigned int)value;

	return json_sprintf("%u.%u.%u.%u", v >> 24, v >> 16 & 0xff, v >> 8 & 0xff, v & 0xff);
}

json_t *json_of_value(const struct sap_item *item)
{
	switch (item->field->show) {
	case SAP_SHOW_ENUM:
		return of_enum(item);
	case SAP_SHOW_FLAGS:
		return of_flags(item);
	case SAP_SHOW_MAC:
		return of_mac(item->bytes);
	case SAP_SHOW_IPV4:
		return of_ipv4(item->value);
	case SAP_SHOW_SSID:
		return of_ssid(item);
	case SAP_SHOW_COUNTRY:
		return of_country(item->value);
	case SAP_SHOW_VLAN:
		return of_vlan(item->value);
	case SAP_SHOW_VERSIONS:
		return of_versions(item);
	case SAP_SHOW_DEC:
	case SAP_SHOW_HEX:
	case SAP_SHOW_BOOL:
	case SAP_SHOW_FRAME:
	case SAP_SHOW_GUID:
	case SAP_SHOW_TEXT:
		break;
	case SAP_SHOW_SECRET:
		return json_sprintf("secret, %u bytes", (unsigned int)item->size);
	}
	if (!field_is_number(item->field))
		return of_hex(item->bytes, item->size);
	/* JSON numbers are exact only up to 2^53 in many readers. */
	if (item->field->size == 8)
		return json_sprintf("0x%llx", (unsigned long long)item->value);
	return json_integer((json_int_t)item->value);
}
