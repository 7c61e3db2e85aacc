/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
/* Captures of Ethernet frames, as tcpdump and Wireshark write them. */
#ifndef SAP_TOOL_FILTER_PCAP_H
#define SAP_TOOL_FILTER_PCAP_H

#include <stdint.h>

#include "command.h"

/* One frame: what there is of it, and how long it was on the wire. */
typedef void pcap_frame(void *self, const uint8_t *frame, uint32_t len, uint32_t wire_len);

/* Gives each frame of a file to `take`, or tells the person (as `command`) why not. "-" is standard input. */
enum outcome pcap_read(const char *command, const char *path, pcap_frame *take, void *self);

#endif
