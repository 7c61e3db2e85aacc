/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
/*
 * Random filters and random frames that hit them: both draw on the same few addresses, ports and ids. Frames
 * are whole, or damaged in one or more places.
 */
#ifndef SAP_TEST_FILTER_RANDOM_H
#define SAP_TEST_FILTER_RANDOM_H

#include "reference.h"

enum {
	RANDOM_FRAME = 1600 /* the most that random_frame() writes */
};

/* A payload of CSME_FILTERS. */
void random_filters(uint32_t *state, uint8_t payload[REFERENCE_PAYLOAD]);

/* A frame; gives its length. */
uint32_t random_frame(uint32_t *state, uint8_t frame[RANDOM_FRAME]);

#endif
