// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
#include "plain.h"

#include <stdbool.h>

/* How many bytes a letter has that begins like this; 0: none does. */
static size_t length_by(unsigned char first)
{
	if (first < 0x80)
		return 1;
	if (first >= 0xc2 && first <= 0xdf)
		return 2;
	if (first >= 0xe0 && first <= 0xef)
		return 3;
	return first >= 0xf0 && first <= 0xf4 ? 4 : 0;
}

/* The second byte keeps letters from being written longer than need be, and from being no letters. */
static bool second_fits(unsigned char first, unsigned char second)
{
	switch (first) {
	case 0xc2:
		return second >= 0xa0; /* before these are more controls */
	case 0xe0:
		return second >= 0xa0;
	case 0xed:
		return second <= 0x9f;
	case 0xf0:
		return second >= 0x90;
	case 0xf4:
		return second <= 0x8f;
	default:
		return true;
	}
}

/* The bytes of the letter that stands here; 0 if none does, or a control. */
static size_t letter(const unsigned char *at)
{
	size_t len = length_by(at[0]);

	if (len == 1)
		return at[0] >= ' ' && at[0] != 0x7f ? 1 : 0;
	/* The end of the text is no second byte, and no later one. */
	for (size_t i = 1; i < len; i++) {
		if ((at[i] & 0xc0) != 0x80)
			return 0;
	}
	return len && second_fits(at[0], at[1]) ? len : 0;
}

void plain_add(struct text *t, const char *from)
{
	while (*from) {
		const unsigned char *at = (const unsigned char *)from;
		size_t len = letter(at);

		if (len)
			text_add(t, "%.*s", (int)len, from);
		else
			text_add(t, "\\x%02x", at[0]);
		from += len ? len : 1;
	}
}

const char *plain_of(struct text *t, const char *from)
{
	text_clear(t);
	if (from)
		plain_add(t, from);
	return text_of(t);
}
