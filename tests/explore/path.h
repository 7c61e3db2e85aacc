/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
/*
 * A path as a script (docs/script.md): what embedders did as commands, the rest as comments. A script plays on
 * until nothing is left to do at each `wait`, so it outlines a path; the comments have its order step by step.
 */
#ifndef EXPLORE_PATH_H
#define EXPLORE_PATH_H

#include "search.h"

/* The world is where the search began, and is again afterwards. */
void path_print(const struct scenario *scenario, const struct found *found);

#endif
