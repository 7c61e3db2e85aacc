// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
#include "value.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "suggest.h"

/* --- reading --- */

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* A number of 32 bits from the start of `text`; what follows it, or null if none starts there. */
static const char *take_number(const char *text, uint32_t *number)
{
	int base = text[0] == '0' && (text[1] == 'x' || text[1] == 'X') ? 16 : 10;
	unsigned long long n;
	char *end;

	if (!is_digit(text[0]))
		return NULL;
	n = strtoull(text, &end, base);
	*number = (uint32_t)n;
	return n > UINT32_MAX ? NULL : end;
}

static bool read_number(const struct sim_arg *arg, const char *text, struct sim_value *value, char *why)
{
	uint32_t most = arg->most ? arg->most : UINT32_MAX;
	uint32_t n = 0;
	const char *end = take_number(text, &n);

	if (!end || *end || n > most) {
		snprintf(why, SIM_WHY, "%s takes a number from 0 to %u, not '%.40s'", arg->name,
			 (unsigned int)most, text);
		return false;
	}
	value->number = n;
	return true;
}

static bool read_time(const struct sim_arg *arg, const char *text, struct sim_value *value, char *why)
{
	uint32_t n = 0;
	const char *unit = take_number(text, &n);

	if (strcmp(text, "never") == 0) {
		value->number = SIM_NEVER;
		return true;
	}
	if (unit && strcmp(unit, "ms") == 0) {
		value->number = n;
		return true;
	}
	if (unit && strcmp(unit, "s") == 0) {
		value->number = (uint64_t)n * 1000;
		return true;
	}
	/* What is called nothing but that would be a time that takes a time. */
	if (strcmp(arg->name, "time") == 0)
		snprintf(why, SIM_WHY, "a time is such as 100ms or 3s, not '%.40s'", text);
	else
		snprintf(why, SIM_WHY, "%s takes a time such as 100ms or 3s, not '%.40s'", arg->name, text);
	return false;
}

/* "grant, refuse, ask or ignore". False if there are too many of them to be read. */
static bool list_words(const struct sap_names *words, char *out, size_t size)
{
	size_t used = 0;

	out[0] = '\0';
	for (uint32_t i = 0; i < words->count && used < size; i++) {
		const char *between = i == 0 ? "" : i + 1 == words->count ? " or " : ", ";

		used += (size_t)snprintf(out + used, size - used, "%s%s", between, words->list[i].name);
	}
	return used < size;
}

static bool find_word(const struct sap_names *words, const char *text, size_t len, uint32_t *value)
{
	for (uint32_t i = 0; i < words->count; i++) {
		if (strlen(words->list[i].name) == len && memcmp(words->list[i].name, text, len) == 0) {
			*value = words->list[i].value;
			return true;
		}
	}
	return false;
}

static void complain_of_many(const char *name, const char *text, const char *best, char *why)
{
	if (best)
		snprintf(why, SIM_WHY, "%s takes no '%.40s'; did you mean '%s'?", name, text, best);
	else
		snprintf(why, SIM_WHY, "%s takes no '%.40s': docs/script.md lists what it takes", name, text);
}

static void complain_word(const struct sim_arg *arg, const char *text, char *why)
{
	struct suggestion best;
	char list[120];

	suggest_start(&best, text);
	for (uint32_t i = 0; i < arg->words->count; i++)
		suggest_offer(&best, arg->words->list[i].name);
	if (!list_words(arg->words, list, sizeof(list)))
		complain_of_many(arg->name, text, suggest_best(&best), why);
	else if (suggest_best(&best))
		snprintf(why, SIM_WHY, "%s takes %s, not '%.24s'; did you mean '%s'?", arg->name, list, text,
			 suggest_best(&best));
	else
		snprintf(why, SIM_WHY, "%s takes %s, not '%.24s'", arg->name, list, text);
}

static bool read_word(const struct sim_arg *arg, const char *text, struct sim_value *value, char *why)
{
	uint32_t found = 0;

	if (!find_word(arg->words, text, strlen(text), &found)) {
		complain_word(arg, text, why);
		return false;
	}
	value->number = found;
	return true;
}

static bool read_flags(const struct sim_arg *arg, const char *text, struct sim_value *value, char *why)
{
	value->number = 0;
	if (strcmp(text, "none") == 0)
		return true;
	while (*text) {
		size_t len = strcspn(text, ",");
		uint32_t bit = 0;
		char word[32];

		snprintf(word, sizeof(word), "%.*s", (int)(len < sizeof(word) ? len : sizeof(word) - 1),
			 text);
		if (!find_word(arg->words, text, len, &bit)) {
			complain_word(arg, word, why);
			return false;
		}
		value->number |= bit;
		text += len;
		text += *text == ',';
	}
	return true;
}

static int digit(char c)
{
	if (is_digit(c))
		return c - '0';
	c = (char)tolower((unsigned char)c);
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* The byte that two digits are; both were looked at. */
static uint8_t hex_byte(const char *at)
{
	return (uint8_t)((unsigned int)digit(at[0]) << 4 | (unsigned int)digit(at[1]));
}

static bool read_mac(const struct sim_arg *arg, const char *text, struct sim_value *value, char *why)
{
	bool fits = strlen(text) == 3 * sizeof(value->mac.bytes) - 1;

	for (size_t i = 0; fits && i < sizeof(value->mac.bytes); i++) {
		const char *at = text + 3 * i;

		fits = digit(at[0]) >= 0 && digit(at[1]) >= 0 && (at[2] == ':' || at[2] == '\0');
		if (fits)
			value->mac.bytes[i] = hex_byte(at);
	}
	if (!fits)
		snprintf(why, SIM_WHY, "%s takes an address such as 02:00:00:00:01:00, not '%.40s'",
			 arg->name, text);
	return fits;
}

static bool read_ssid(const struct sim_arg *arg, const char *text, struct sim_value *value, char *why)
{
	value->number = strlen(text);
	if (value->number >= 1 && value->number <= SAP_SSID_SIZE)
		return true;
	snprintf(why, SIM_WHY, "%s takes 1 to %d bytes, not %u", arg->name, SAP_SSID_SIZE,
		 (unsigned int)value->number);
	return false;
}

static bool read_country(const struct sim_arg *arg, const char *text, struct sim_value *value, char *why)
{
	if (strlen(text) != 2 || !isupper((unsigned char)text[0]) || !isupper((unsigned char)text[1])) {
		snprintf(why, SIM_WHY, "%s takes two capital letters such as US, not '%.40s'", arg->name,
			 text);
		return false;
	}
	value->number = (uint64_t)(unsigned char)text[0] << 8 | (unsigned char)text[1];
	return true;
}

static bool read_limits(const struct sim_arg *arg, const char *text, struct sim_value *value, char *why)
{
	const char *at = text;
	uint32_t n = 0;

	for (size_t i = 0; i < SAP_SAR_CHAINS * SAP_SAR_LIMITS_PER_CHAIN; i++) {
		at = at && *at ? take_number(at, &n) : NULL;
		if (!at || n > UINT16_MAX)
			break;
		value->limits[i] = (uint16_t)n;
		if (i + 1 == SAP_SAR_CHAINS * SAP_SAR_LIMITS_PER_CHAIN && !*at)
			return true;
		at = *at == ',' ? at + 1 : NULL;
	}
	snprintf(why, SIM_WHY, "%s takes %d numbers up to 65535 with commas between them, not '%.40s'",
		 arg->name, SAP_SAR_CHAINS * SAP_SAR_LIMITS_PER_CHAIN, text);
	return false;
}

static bool read_hex(const struct sim_arg *arg, const char *text, struct sim_value *value, char *why)
{
	size_t len = strlen(text);

	for (size_t i = 0; i < len; i++) {
		if (digit(text[i]) < 0) {
			snprintf(why, SIM_WHY, "%s takes hexadecimal digits, not '%c'", arg->name, text[i]);
			value->column += (uint32_t)i;
			return false;
		}
	}
	if (len % 2 || !len) {
		snprintf(why, SIM_WHY, "%s takes two digits a byte: %u digits are %s", arg->name,
			 (unsigned int)len, len ? "one too many" : "too few");
		return false;
	}
	value->number = len / 2;
	return true;
}

bool sim_value_read(const struct sim_arg *arg, const char *text, struct sim_value *value, char why[SIM_WHY])
{
	value->given = true;
	value->text = text;
	switch (arg->kind) {
	case SIM_KIND_NUMBER:
		return read_number(arg, text, value, why);
	case SIM_KIND_TIME:
		return read_time(arg, text, value, why);
	case SIM_KIND_WORD:
		return read_word(arg, text, value, why);
	case SIM_KIND_FLAGS:
		return read_flags(arg, text, value, why);
	case SIM_KIND_MAC:
		return read_mac(arg, text, value, why);
	case SIM_KIND_SSID:
		return read_ssid(arg, text, value, why);
	case SIM_KIND_COUNTRY:
		return read_country(arg, text, value, why);
	case SIM_KIND_LIMITS:
		return read_limits(arg, text, value, why);
	case SIM_KIND_HEX:
		return read_hex(arg, text, value, why);
	case SIM_KIND_TEXT:
		break;
	}
	return true;
}

void sim_value_bytes(const struct sim_value *value, uint8_t *out)
{
	for (uint64_t i = 0; i < value->number; i++)
		out[i] = hex_byte(value->text + 2 * i);
}

/* --- comparing and writing --- */

bool sim_value_equal(enum sim_kind kind, const struct sim_value *a, const struct sim_value *b)
{
	switch (kind) {
	case SIM_KIND_MAC:
		return memcmp(&a->mac, &b->mac, sizeof(a->mac)) == 0;
	case SIM_KIND_LIMITS:
		return memcmp(a->limits, b->limits, sizeof(a->limits)) == 0;
	case SIM_KIND_SSID:
	case SIM_KIND_HEX:
	case SIM_KIND_TEXT:
		return strcmp(a->text, b->text) == 0;
	case SIM_KIND_NUMBER:
	case SIM_KIND_TIME:
	case SIM_KIND_WORD:
	case SIM_KIND_FLAGS:
	case SIM_KIND_COUNTRY:
		break;
	}
	return a->number == b->number;
}

static void write_flags(const struct sim_arg *arg, uint64_t bits, char *out, size_t size)
{
	size_t used = 0;

	snprintf(out, size, "none");
	for (uint32_t i = 0; i < arg->words->count && used < size; i++) {
		if (bits & arg->words->list[i].value)
			used += (size_t)snprintf(out + used, size - used, "%s%s", used ? "," : "",
						 arg->words->list[i].name);
	}
}

static void write_word(const struct sim_arg *arg, uint64_t number, char *out, size_t size)
{
	const char *name = NULL;

	for (uint32_t i = 0; i < arg->words->count && !name; i++)
		name = arg->words->list[i].value == (uint32_t)number ? arg->words->list[i].name : NULL;
	if (name)
		snprintf(out, size, "%s", name);
	else
		snprintf(out, size, "%u", (unsigned int)number);
}

/* A peer may have chosen these: a terminal shall not obey them. */
static void write_bytes(const uint8_t *bytes, uint32_t n, char *out, size_t size)
{
	size_t used = 0;

	out[0] = '\0';
	for (uint32_t i = 0; i < n && i < SAP_SSID_SIZE && used < size; i++) {
		bool plain = bytes[i] >= ' ' && bytes[i] <= '~';

		used += (size_t)snprintf(out + used, size - used, plain ? "%c" : "\\x%02x", bytes[i]);
	}
}

static void write_country(uint32_t mcc, char *out, size_t size)
{
	char first = (char)(mcc >> 8), second = (char)mcc;

	if (!mcc)
		snprintf(out, size, "unknown");
	else if (first >= 'A' && first <= 'Z' && second >= 'A' && second <= 'Z' && mcc <= 0xffff)
		snprintf(out, size, "%c%c", first, second);
	else
		snprintf(out, size, "0x%x", (unsigned int)mcc);
}

void sim_value_write(const struct sim_arg *arg, const struct sim_value *value, char *out, size_t size)
{
	const uint8_t *mac = value->mac.bytes;
	size_t used = 0;

	switch (arg->kind) {
	case SIM_KIND_NUMBER:
		snprintf(out, size, "%u", (unsigned int)value->number);
		break;
	case SIM_KIND_TIME:
		if (value->number == SIM_NEVER)
			snprintf(out, size, "never");
		else
			snprintf(out, size, "%llums", (unsigned long long)value->number);
		break;
	case SIM_KIND_WORD:
		write_word(arg, value->number, out, size);
		break;
	case SIM_KIND_FLAGS:
		write_flags(arg, value->number, out, size);
		break;
	case SIM_KIND_MAC:
		snprintf(out, size, "%02x:%02x:%02x:%02x:%02x:%02x", mac[0], mac[1], mac[2], mac[3], mac[4],
			 mac[5]);
		break;
	case SIM_KIND_COUNTRY:
		write_country((uint32_t)value->number, out, size);
		break;
	case SIM_KIND_LIMITS:
		for (size_t i = 0; i < SAP_SAR_CHAINS * SAP_SAR_LIMITS_PER_CHAIN && used < size; i++)
			used += (size_t)snprintf(out + used, size - used, "%s%u", i ? "," : "",
						 value->limits[i]);
		break;
	case SIM_KIND_SSID:
		write_bytes((const uint8_t *)value->text, (uint32_t)value->number, out, size);
		break;
	case SIM_KIND_HEX:
	case SIM_KIND_TEXT:
		snprintf(out, size, "%s", value->text);
		break;
	}
}

void sim_value_shape(const struct sim_arg *arg, char *out, size_t size)
{
	static const char *const shapes[] = {
		[SIM_KIND_NUMBER] = "N",  [SIM_KIND_TIME] = "TIME",  [SIM_KIND_MAC] = "MAC",
		[SIM_KIND_SSID] = "SSID", [SIM_KIND_COUNTRY] = "XX", [SIM_KIND_LIMITS] = "N,N,...",
		[SIM_KIND_HEX] = "HEX",	  [SIM_KIND_TEXT] = "TEXT",
	};
	size_t used = 0;

	if (arg->kind != SIM_KIND_WORD && arg->kind != SIM_KIND_FLAGS) {
		snprintf(out, size, "%s", shapes[arg->kind]);
		return;
	}
	for (uint32_t i = 0; i < arg->words->count && used < size; i++)
		used += (size_t)snprintf(out + used, size - used, "%s%s",
					 i == 0			      ? ""
					 : arg->kind == SIM_KIND_WORD ? "|"
								      : ",",
					 arg->words->list[i].name);
}
