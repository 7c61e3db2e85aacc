// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
#include "suggest.h"

#include <ctype.h>
#include <limits.h>
#include <string.h>

enum {
	LONGEST = 48, /* nobody mistypes a longer word nearly right */
};

static unsigned int least(unsigned int a, unsigned int b)
{
	return a < b ? a : b;
}

/* How many letters to insert, drop or change, upper and lower case being the same. */
static unsigned int edits(const char *a, const char *b)
{
	unsigned int row[LONGEST + 1];
	size_t b_len = strlen(b);

	for (unsigned int j = 0; j <= b_len; j++)
		row[j] = j;
	for (unsigned int i = 1; a[i - 1]; i++) {
		unsigned int diagonal = row[0];

		row[0] = i;
		for (size_t j = 1; j <= b_len; j++) {
			int differ = toupper((unsigned char)a[i - 1]) != toupper((unsigned char)b[j - 1]);
			unsigned int change = diagonal + (differ ? 1 : 0);

			diagonal = row[j];
			row[j] = least(change, least(row[j], row[j - 1]) + 1);
		}
	}
	return row[b_len];
}

void suggest_start(struct suggestion *s, const char *word)
{
	s->word = word;
	s->best = NULL;
	s->distance = UINT_MAX;
}

void suggest_offer(struct suggestion *s, const char *candidate)
{
	unsigned int distance;

	if (strlen(s->word) > LONGEST || strlen(candidate) > LONGEST)
		return;
	distance = edits(s->word, candidate);
	if (distance < s->distance) {
		s->distance = distance;
		s->best = candidate;
	}
}

const char *suggest_best(const struct suggestion *s)
{
	/* A third of the letters wrong is a slip; more is another word. */
	return s->best && s->distance <= 1 + strlen(s->word) / 3 ? s->best : NULL;
}
