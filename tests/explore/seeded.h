/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
/*
 * Bugs on purpose, to show that the explorer finds them.
 *
 * The explorer compiles the two engines once more, with the names of a few functions below them renamed to
 * those here (CMakeLists.txt). Each calls the real one, and with a bug chosen does something else: so the
 * library itself has no line of it, and without a bug the engines behave as in the library.
 */
#ifndef EXPLORE_SEEDED_H
#define EXPLORE_SEEDED_H

#include "../../src/core/link.h"
#include "../../src/core/ownership.h"

/* Which one: 1 to seeded_count(), or 0 for none. */
extern unsigned seeded_bug;

unsigned seeded_count(void);
const char *seeded_name(unsigned bug);

struct ownership_step seeded_ownership_next(enum ownership_state state, enum ownership_input input);
enum sap_status seeded_link_put(struct link *link, const struct sap_message *message);
void seeded_link_publish(struct link *link, bool now_or_never);
unsigned seeded_link_end(struct link *link, enum sap_status why);
uint64_t seeded_link_deadline(const struct link *link);

#endif
