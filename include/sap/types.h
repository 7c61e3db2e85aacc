/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
/**
 * @file types.h
 * Fixed-width types, and the marks that every public declaration wears.
 *
 * User space takes them from the C library's freestanding headers, the Linux kernel from its own;
 * nothing else of libsap includes either.
 */
#ifndef SAP_TYPES_H
#define SAP_TYPES_H

#if defined(__KERNEL__)
#include <linux/stddef.h>
#include <linux/types.h>
#else
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#endif

/** @cond internal */
#if defined(__cplusplus)
#define SAP_BEGIN_DECLS extern "C" {
#define SAP_END_DECLS	}
#else
#define SAP_BEGIN_DECLS
#define SAP_END_DECLS
#endif

/* What the shared library exports; everything else is hidden. */
#if defined(__GNUC__) && !defined(__KERNEL__)
#define SAP_API __attribute__((visibility("default")))
#else
#define SAP_API
#endif

/* Every status is to be looked at. */
#if defined(__GNUC__)
#define SAP_MUST_CHECK __attribute__((warn_unused_result))
#else
#define SAP_MUST_CHECK
#endif
/** @endcond */

SAP_BEGIN_DECLS

/**
 * Bytes that belong to somebody else.
 *
 * A view never owns what it points at. Each call that gives one out says how long it lives.
 */
struct sap_view {
	const uint8_t *bytes; /**< First byte; may be null if @ref len is 0. */
	uint32_t len;	      /**< How many bytes. */
};

/** A MAC address, in the order it is written and sent. */
struct sap_mac {
	uint8_t bytes[6]; /**< First octet first. */
};

SAP_END_DECLS

#endif
