// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
#include "text_value.h"

#include <ctype.h>
#include <string.h>

enum {
	ROW = 16,
};

bool field_is_number(const struct sap_field *field)
{
	return field->kind == SAP_FIELD_UINT || field->kind == SAP_FIELD_UINT_BE;
}

bool all_zero(const uint8_t *data, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		if (data[i])
			return false;
	}
	return true;
}

static void add_enum(struct text *out, const struct sap_item *item)
{
	const char *name = sap_name_of(item->field->names, (uint32_t)item->value);

	text_add(out, "%s (%llu)", name ? name : "unknown", (unsigned long long)item->value);
}

static void add_flags(struct text *out, const struct sap_item *item)
{
	const struct sap_names *names = item->field->names;
	uint64_t unnamed = item->value;
	const char *bar = "";

	if (!item->value) {
		text_add(out, "none (0)");
		return;
	}
	for (uint32_t i = 0; i < names->count; i++) {
		if (!(item->value & names->list[i].value))
			continue;
		text_add(out, "%s%s", bar, names->list[i].name);
		unnamed &= ~(uint64_t)names->list[i].value;
		bar = "|";
	}
	if (unnamed)
		text_add(out, "%s0x%llx", bar, (unsigned long long)unnamed);
	text_add(out, " (0x%llx)", (unsigned long long)item->value);
}

static void add_bool(struct text *out, uint64_t value)
{
	if (value > 1)
		text_add(out, "yes (%llu)", (unsigned long long)value);
	else
		text_add(out, value ? "yes" : "no");
}

static void add_country(struct text *out, uint64_t value)
{
	int first = (int)(value >> 8 & 0xff);
	int second = (int)(value & 0xff);

	if (isalnum(first) && isalnum(second))
		text_add(out, "%c%c (0x%04x)", first, second, (unsigned int)value);
	else if (value)
		text_add(out, "0x%04x", (unsigned int)value);
	else
		text_add(out, "unknown (0)");
}

static void add_vlan(struct text *out, uint64_t value)
{
	unsigned int id = (unsigned int)value & SAP_VLAN_ID_MASK;

	if (value & ~(uint64_t)(SAP_VLAN_ID_MASK | SAP_VLAN_ENABLED))
		text_add(out, "0x%04x", (unsigned int)value);
	else if (value & SAP_VLAN_ENABLED)
		text_add(out, "%u", id);
	else if (value)
		text_add(out, "%u (off)", id);
	else
		text_add(out, "-");
}

static void add_ssid(struct text *out, const struct sap_item *item)
{
	text_add(out, "\"");
	for (uint32_t i = 0; i < item->used; i++) {
		uint8_t c = item->bytes[i];

		if (c == '"' || c == '\\')
			text_add(out, "\\%c", c);
		else if (c < 0x80 && isprint(c))
			text_add(out, "%c", c);
		else
			text_add(out, "\\x%02x", c);
	}
	text_add(out, "\"");
	if (!all_zero(item->bytes + item->used, item->size - item->used)) {
		text_add(out, ", then 0x");
		for (uint32_t i = item->used; i < item->size; i++)
			text_add(out, "%02x", item->bytes[i]);
	}
}

static void add_versions(struct text *out, const struct sap_item *item)
{
	uint32_t len = item->size;

	while (len && !item->bytes[len - 1])
		len--;
	for (uint32_t i = 0; i < len; i++)
		text_add(out, "%s%u", i ? " " : "", item->bytes[i]);
	if (!len)
		text_add(out, "none");
}

static void add_bytes(struct text *out, const struct sap_item *item)
{
	if (item->size > 6 && all_zero(item->bytes, item->size)) {
		text_add(out, "%u bytes, all zero", (unsigned int)item->size);
		return;
	}
	if (item->size > TEXT_SHORT_BYTES) {
		text_add(out, "%u bytes", (unsigned int)item->size);
		return;
	}
	for (uint32_t i = 0; i < item->size; i++)
		text_add(out, "%s%02x", i ? " " : "", item->bytes[i]);
	if (!item->size)
		text_add(out, "none");
}

static void add_number(struct text *out, const struct sap_item *item)
{
	if (item->field->show == SAP_SHOW_HEX)
		text_add(out, "0x%0*llx", 2 * item->field->size, (unsigned long long)item->value);
	else
		text_add(out, "%llu", (unsigned long long)item->value);
}

static void add_mac(struct text *out, const uint8_t *p)
{
	text_add(out, "%02x:%02x:%02x:%02x:%02x:%02x", p[0], p[1], p[2], p[3], p[4], p[5]);
}

void text_value(struct text *out, const struct sap_item *item)
{
	uint32_t value = (uint32_t)item->value;

	switch (item->field->show) {
	case SAP_SHOW_ENUM:
		add_enum(out, item);
		return;
	case SAP_SHOW_FLAGS:
		add_flags(out, item);
		return;
	case SAP_SHOW_BOOL:
		add_bool(out, item->value);
		return;
	case SAP_SHOW_MAC:
		add_mac(out, item->bytes);
		return;
	case SAP_SHOW_IPV4:
		text_add(out, "%u.%u.%u.%u", value >> 24, value >> 16 & 0xff, value >> 8 & 0xff,
			 value & 0xff);
		return;
	case SAP_SHOW_SSID:
		add_ssid(out, item);
		return;
	case SAP_SHOW_COUNTRY:
		add_country(out, item->value);
		return;
	case SAP_SHOW_VLAN:
		add_vlan(out, item->value);
		return;
	case SAP_SHOW_VERSIONS:
		add_versions(out, item);
		return;
	case SAP_SHOW_FRAME:
		text_add(out, "%u bytes", (unsigned int)item->size);
		return;
	case SAP_SHOW_SECRET:
		text_add(out, "secret, %u bytes", (unsigned int)item->size);
		return;
	case SAP_SHOW_DEC:
	case SAP_SHOW_HEX:
	case SAP_SHOW_GUID:
	case SAP_SHOW_TEXT:
		break;
	}
	if (field_is_number(item->field))
		add_number(out, item);
	else
		add_bytes(out, item);
}

bool text_wants_dump(const struct sap_item *item)
{
	if (item->field->show == SAP_SHOW_FRAME)
		return item->size > 0;
	return item->field->show == SAP_SHOW_HEX && item->field->kind != SAP_FIELD_UINT &&
	       item->size > TEXT_SHORT_BYTES && !all_zero(item->bytes, item->size);
}

static void add_row(struct text *out, const uint8_t *row, size_t n)
{
	for (size_t i = 0; i < ROW; i++) {
		if (i < n)
			text_add(out, " %02x%s", row[i], i == ROW / 2 - 1 ? " " : "");
		else
			text_add(out, "   %s", i == ROW / 2 - 1 ? " " : "");
	}
	text_add(out, "  ");
	for (size_t i = 0; i < n; i++)
		text_add(out, "%c", row[i] < 0x80 && isprint(row[i]) ? row[i] : '.');
	text_add(out, "\n");
}

void text_dump(struct text *out, const uint8_t *data, size_t len, unsigned int indent)
{
	bool squeezed = false;

	for (size_t at = 0; at < len; at += ROW) {
		size_t n = len - at < ROW ? len - at : ROW;

		if (at && n == ROW && at + ROW < len && memcmp(data + at, data + at - ROW, ROW) == 0) {
			if (!squeezed)
				text_add(out, "%*s*\n", (int)indent, "");
			squeezed = true;
			continue;
		}
		squeezed = false;
		text_add(out, "%*s%04zx ", (int)indent, "", at);
		add_row(out, data + at, n);
	}
}
