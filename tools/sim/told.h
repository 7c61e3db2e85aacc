/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
/*
 * All that one side told, as one number: each message that it sent or received and each event of its engine,
 * with its time. What the NIC tells is left out: the other side has its hands on that, too.
 */
#ifndef SIM_TOLD_H
#define SIM_TOLD_H

#include "site.h"

#define SIM_TOLD_NOTHING UINT64_C(0xcbf29ce484222325)

/* The number after one thing more. */
uint64_t sim_told(uint64_t before, const struct sim_news *news, uint64_t now);

#endif
