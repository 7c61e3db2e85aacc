/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
/* What the simulated CSME asks the host for: the payload of CSME_FILTERS. */
#ifndef NET_WANTS_H
#define NET_WANTS_H

#include <sap/message.h>

#include "gate.h"

/*
 * Its services, and what it needs to have an address and neighbours. Host and CSME share the addresses, so
 * all but TCP to CSME's own port is the host's too.
 */
void net_wants_make(const struct net_addresses *mine, uint8_t payload[SAP_CSME_FILTERS_SIZE]);

#endif
