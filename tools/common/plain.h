/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
/*
 * Text that somebody else chose, for a terminal, which shall not obey it.
 */
#ifndef SAP_TOOL_PLAIN_H
#define SAP_TOOL_PLAIN_H

#include "memory.h"

/* Adds it: letters of UTF-8 as they are, each byte of controls and of what is no UTF-8 as "\x1b". */
void plain_add(struct text *t, const char *from);

/* It, made plain in a text that is cleared before; "" of null. Lives as long as that. */
const char *plain_of(struct text *t, const char *from);

#endif
