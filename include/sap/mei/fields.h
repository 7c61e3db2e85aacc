/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
/**
 * @file mei/fields.h
 * Every message of HBM, AMTHI and MKHI as data, for the visitor of sap/fields.h.
 *
 * Where a payload begins, and so what offsets count from: HBM, after the command's byte; AMTHI, after the
 * header of 12 bytes, and in a response after the status of 4 more; MKHI, after the header of 4. A response
 * that failed has no payload.
 *
 * All calls are pure: any context, any number of threads; what they return is constant.
 */
#ifndef SAP_MEI_FIELDS_H
#define SAP_MEI_FIELDS_H

#include <sap/fields.h>
#include <sap/mei/amthi.h>
#include <sap/mei/hbm.h>
#include <sap/mei/mkhi.h>

SAP_BEGIN_DECLS

/**
 * All messages: HBM's, AMTHI's, MKHI's, by ascending request. Ask from 0 up until it gives null.
 *
 * Their `carrier` tells which they are; a request of AMTHI or MKHI and its response have the same name and
 * differ in `direction`.
 */
SAP_API const struct sap_message_info *sap_mei_info_at(uint32_t index);

SAP_END_DECLS

#endif
