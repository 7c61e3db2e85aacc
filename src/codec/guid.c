// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
/* GUIDs as text and as bytes. The text's groups are big-endian, the first three of the bytes are not. */
#include <sap/guid.h>

#include "../platform.h"

const struct sap_guid sap_wlan_guid = {
	{0x04, 0x09, 0x28, 0x13, 0x92, 0x77, 0xcb, 0x4f, 0xa1, 0xaa, 0x5e, 0x70, 0xcb, 0xb1, 0xe8, 0x65}};

/* Which byte each pair of digits stands for. */
static const uint8_t guid_order[16] = {3, 2, 1, 0, 5, 4, 7, 6, 8, 9, 10, 11, 12, 13, 14, 15};

static bool dash_before(uint32_t pair)
{
	return pair == 4 || pair == 6 || pair == 8 || pair == 10;
}

void sap_guid_format(const struct sap_guid *guid, char text[SAP_GUID_TEXT_SIZE])
{
	static const char digits[16] = {'0', '1', '2', '3', '4', '5', '6', '7',
					'8', '9', 'a', 'b', 'c', 'd', 'e', 'f'};

	for (uint32_t i = 0; i < 16; i++) {
		uint8_t byte = guid->bytes[guid_order[i]];

		if (dash_before(i))
			*text++ = '-';
		*text++ = digits[byte >> 4];
		*text++ = digits[byte & 15];
	}
	*text = '\0';
}

/* The digit's value, or 16. */
static uint32_t digit_value(char c)
{
	if (c >= '0' && c <= '9')
		return (uint32_t)(c - '0');
	if (c >= 'a' && c <= 'f')
		return (uint32_t)(c - 'a') + 10;
	if (c >= 'A' && c <= 'F')
		return (uint32_t)(c - 'A') + 10;
	return 16;
}

enum sap_status sap_guid_parse(const char *text, struct sap_guid *guid)
{
	struct sap_guid parsed;
	bool braces;

	if (!text || !guid)
		return SAP_INVALID;
	braces = *text == '{';
	if (braces)
		text++;
	for (uint32_t i = 0; i < 16; i++) {
		uint32_t high;
		uint32_t low;

		if (dash_before(i) && *text++ != '-')
			return SAP_BAD_VALUE;
		high = digit_value(*text);
		if (high > 15)
			return SAP_BAD_VALUE;
		low = digit_value(text[1]);
		if (low > 15)
			return SAP_BAD_VALUE;
		parsed.bytes[guid_order[i]] = (uint8_t)(high << 4 | low);
		text += 2;
	}
	if (braces && *text++ != '}')
		return SAP_BAD_VALUE;
	if (*text)
		return SAP_BAD_VALUE;
	*guid = parsed;
	return SAP_OK;
}

bool sap_guid_equal(const struct sap_guid *a, const struct sap_guid *b)
{
	return !memcmp(a->bytes, b->bytes, sizeof(a->bytes));
}
