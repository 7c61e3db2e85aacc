// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
#include "path.h"
#include "scenario.h"
#include "search.h"
#include "seeded.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

/* More are not looked at, and the search counts as unfinished. */
static uint32_t most_states = 20000000;

static int usage(void)
{
	fprintf(stderr, "usage: explore [--long] [--states N] [--bug N] [SCENARIO...]\n"
			"       explore --list | --bugs\n");
	return 2;
}

static int list(void)
{
	const struct scenario *scenario;

	for (unsigned i = 0; (scenario = scenario_at(i)); i++)
		printf("%-12s %s%s\n", scenario->name, scenario->about, scenario->is_long ? " (long)" : "");
	return 0;
}

static int bugs(void)
{
	for (unsigned bug = 1; bug <= seeded_count(); bug++)
		printf("%2u %s\n", bug, seeded_name(bug));
	return 0;
}

/* 0 if all holds, 1 for a violation, 2 if it could not be looked at. */
static int explore(const struct scenario *scenario)
{
	clock_t start = clock();
	struct found found;
	const char *why;

	unsigned bug = seeded_bug;
	bool begun;

	/* The way to the start is the same for all: a bug shows after it, on a path that can be printed. */
	seeded_bug = 0;
	begun = world_begin(scenario, &why);
	seeded_bug = bug;
	if (!begun) {
		printf("%s: the start: %s\n", scenario->name, why);
		return 2;
	}
	if (!search(most_states, &found)) {
		printf("%s: not enough memory\n", scenario->name);
		return 2;
	}
	printf("%s: %u states, %u at rest, depth %u, %u steps, %.1f s%s\n", scenario->name,
	       (unsigned)found.states, (unsigned)found.resting, (unsigned)found.depth, (unsigned)found.steps,
	       (double)(clock() - start) / CLOCKS_PER_SEC, found.complete ? "" : ", NOT ALL");
	if (found.violation)
		path_print(scenario, &found);
	free(found.path);
	return found.violation ? 1 : found.complete ? 0 : 2;
}

static bool wanted(const struct scenario *scenario, char **names, int count)
{
	for (int i = 0; i < count; i++) {
		if (!strcmp(names[i], scenario->name))
			return true;
	}
	return !count;
}

int main(int argc, char **argv)
{
	const struct scenario *scenario;
	bool is_long = false;
	bool any = false;
	int worst = 0;
	int at = 1;

	for (; at < argc && argv[at][0] == '-'; at++) {
		if (!strcmp(argv[at], "--list"))
			return list();
		if (!strcmp(argv[at], "--bugs"))
			return bugs();
		if (!strcmp(argv[at], "--long"))
			is_long = true;
		else if (!strcmp(argv[at], "--bug") && at + 1 < argc)
			seeded_bug = (unsigned)strtoul(argv[++at], NULL, 10);
		else if (!strcmp(argv[at], "--states") && at + 1 < argc)
			most_states = (uint32_t)strtoul(argv[++at], NULL, 10);
		else
			return usage();
	}
	if (seeded_bug > seeded_count())
		return usage();
	if (seeded_bug)
		printf("seeded bug %u: %s\n", seeded_bug, seeded_name(seeded_bug));
	/* A seeded bug is found as soon as one scenario finds it. */
	for (unsigned i = 0; (scenario = scenario_at(i)) && !(seeded_bug && worst); i++) {
		int result;

		if (!wanted(scenario, argv + at, argc - at) || (scenario->is_long && !is_long && at == argc))
			continue;
		any = true;
		result = explore(scenario);
		worst = result > worst ? result : worst;
	}
	return any ? worst : usage();
}
