/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
/**
 * @file guid.h
 * GUIDs, which name the clients of the MEI bus.
 *
 * On the wire and in `struct sap_guid` a GUID is 16 bytes with its first three groups little-endian
 * (docs/protocol/mei.md section 3). All calls are pure: any context, any number of threads.
 */
#ifndef SAP_GUID_H
#define SAP_GUID_H

#include <sap/status.h>
#include <sap/types.h>

SAP_BEGIN_DECLS

/** A GUID, as its bytes travel. */
struct sap_guid {
	uint8_t bytes[16]; /**< In wire order. */
};

/** Sizes of a GUID's text. */
enum {
	SAP_GUID_TEXT_SIZE = 37, /**< 36 characters and a zero. */
};

/** The MEI client that SAP is spoken to (docs/protocol/sap.md section 1). */
SAP_API extern const struct sap_guid sap_wlan_guid;

/** Writes @p guid as text, lower case: "13280904-7792-4fcb-a1aa-5e70cbb1e865" and a zero. */
SAP_API void sap_guid_format(const struct sap_guid *guid, char text[SAP_GUID_TEXT_SIZE]);

/**
 * Reads a GUID in that form, upper or lower case, with or without braces.
 *
 * @retval SAP_OK        @p guid holds.
 * @retval SAP_BAD_VALUE The text is no GUID; @p guid is unchanged.
 * @retval SAP_INVALID   An argument is null.
 */
SAP_API SAP_MUST_CHECK enum sap_status sap_guid_parse(const char *text, struct sap_guid *guid);

/** Whether two GUIDs are the same. */
SAP_API bool sap_guid_equal(const struct sap_guid *a, const struct sap_guid *b);

SAP_END_DECLS

#endif
