/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
/**
 * @file version.h
 * The version of libsap: of the headers you compile with, and of the library you run with.
 */
#ifndef SAP_VERSION_H
#define SAP_VERSION_H

#include <sap/types.h>

SAP_BEGIN_DECLS

#define SAP_VERSION_MAJOR 0 /**< Grows when a caller must change. */
#define SAP_VERSION_MINOR 1 /**< Grows when something is added. */
#define SAP_VERSION_PATCH 0 /**< Grows when something is mended. */

/** The headers' version as text. */
#define SAP_VERSION "0.1.0"

/**
 * The version of the library that is running, as text ("0.1.0").
 *
 * Any context. The text is constant and lives as long as the library.
 */
SAP_API const char *sap_version(void);

SAP_END_DECLS

#endif
