/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
/* The captures of tests/data/captures, in memory. A capture that cannot be read fails the test. */
#ifndef TEST_CAPTURE_H
#define TEST_CAPTURE_H

#include <stddef.h>
#include <stdint.h>

struct capture {
	uint8_t *bytes; /* aligned as an area must be */
	size_t len;
};

/* Every area among them, by name; a null ends the list. */
extern const char *const capture_areas[];

void capture_load(struct capture *capture, const char *name);
void capture_free(struct capture *capture);

#endif
