/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
/*
 * What the two files of the loopback share: loopback.c, which works, asks loopback_faults.c what is to go
 * wrong.
 */
#ifndef SAP_TRANSPORT_LOOPBACK_H
#define SAP_TRANSPORT_LOOPBACK_H

#include <sap/loopback.h>

/* The other end. */
static inline enum sap_loopback_end loopback_peer(enum sap_loopback_end end)
{
	return end == SAP_LOOPBACK_HOST ? SAP_LOOPBACK_CSME : SAP_LOOPBACK_HOST;
}

/*
 * Counts one operation of `end`. SAP_OK if no fault befalls it; the fault's status otherwise. `bytes` is
 * the size of a map.
 */
enum sap_status sap_loopback_operation(struct sap_loopback *loop, enum sap_loopback_end end,
				       enum sap_loopback_fault_kind kind, uint32_t bytes);

/* How many copies of the next message of `end` will arrive: 0, 1 or 2. Counts nothing. */
uint32_t sap_loopback_copies(const struct sap_loopback *loop, enum sap_loopback_end end);

/* Counts one message that `end` sends, lets faults change it, and says how many copies arrive. */
uint32_t sap_loopback_befall(struct sap_loopback *loop, enum sap_loopback_end end,
			     struct sap_loopback_message *message);

#endif
