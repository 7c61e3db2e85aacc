/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
/*
 * The filters of a file: the payload of CSME_FILTERS, or the message, as bytes, hex text or JSON.
 */
#ifndef SAP_TOOL_FILTER_LOAD_H
#define SAP_TOOL_FILTER_LOAD_H

#include <sap/message.h>

#include "command.h"

/* Reads a file, or tells the person (as `command`) why there are no filters in it. */
enum outcome filter_load(const char *command, const char *path, struct sap_oob_filters *oob);

#endif
