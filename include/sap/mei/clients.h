/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
/**
 * @file mei/clients.h
 * The clients of the MEI bus that are publicly known, by their GUIDs.
 *
 * All calls are pure: any context, any number of threads; what they return is constant.
 * Facts: docs/protocol/mei.md section 3.
 */
#ifndef SAP_MEI_CLIENTS_H
#define SAP_MEI_CLIENTS_H

#include <sap/guid.h>
#include <sap/types.h>

SAP_BEGIN_DECLS

/** A client that is known. */
struct sap_mei_known {
	struct sap_guid guid; /**< Its GUID. */
	const char *name;     /**< A short word for lists ("WLAN", "AMTHI"). Stable. */
	const char *meaning;  /**< What it is, one clause. */
};

/** AMTHI, which tells what AMT is and how it is set (mei/amthi.h). */
SAP_API extern const struct sap_guid sap_amthi_guid;

/** MKHI, which tells what the firmware is (mei/mkhi.h). */
SAP_API extern const struct sap_guid sap_mkhi_guid;

/** MKHI at a fixed address, to which a Linux kernel sends its OS version by itself. */
SAP_API extern const struct sap_guid sap_mkhi_fixed_guid;

/** The echo client of this library's tests and demos; no Intel firmware has it. */
SAP_API extern const struct sap_guid sap_echo_guid;

/** What is known of the client of that GUID; null if nothing is, or if @p guid is null. */
SAP_API const struct sap_mei_known *sap_mei_known(const struct sap_guid *guid);

/** All that are known: ask from 0 up until it gives null. */
SAP_API const struct sap_mei_known *sap_mei_known_at(uint32_t index);

SAP_END_DECLS

#endif
