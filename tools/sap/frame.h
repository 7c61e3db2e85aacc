/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
/*
 * Ethernet frames for people: one line that says who talks to whom.
 */
#ifndef SAP_TOOL_FRAME_H
#define SAP_TOOL_FRAME_H

#include "memory.h"

/*
 * Adds "02:... > ff:..., IPv4 UDP 192.0.2.1:68 > 192.0.2.2:67", as far as the frame tells. No byte past
 * its end is looked at, whatever its headers say.
 */
void frame_summary(struct text *out, const uint8_t *frame, size_t len);

#endif
