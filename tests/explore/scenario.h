/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
/* What is explored: starts and bounds. */
#ifndef EXPLORE_SCENARIO_H
#define EXPLORE_SCENARIO_H

#include "world.h"

/* Null behind the last one. */
const struct scenario *scenario_at(unsigned at);

#endif
