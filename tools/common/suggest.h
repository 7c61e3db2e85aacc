/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
/*
 * The word that somebody probably meant: offer what there is, and ask for the nearest.
 */
#ifndef SAP_TOOL_SUGGEST_H
#define SAP_TOOL_SUGGEST_H

struct suggestion {
	const char *word;
	const char *best;
	unsigned int distance;
};

void suggest_start(struct suggestion *s, const char *word);
void suggest_offer(struct suggestion *s, const char *candidate);

/* The nearest of what was offered, or null if even that is far off. */
const char *suggest_best(const struct suggestion *s);

#endif
