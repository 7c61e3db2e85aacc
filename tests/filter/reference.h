/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
/*
 * The filters once more, slow and plain: written from docs/filters.md and docs/protocol/sap.md section 6.6, and
 * not from the library. First all facts of the frame, then the filters one after another.
 */
#ifndef SAP_TEST_REFERENCE_H
#define SAP_TEST_REFERENCE_H

#include <sap/filter.h>

enum {
	REFERENCE_PAYLOAD = 1896
};

/* `payload`: of CSME_FILTERS; null if none came. */
struct sap_verdict reference_classify(const uint8_t *payload, const uint8_t *frame, uint32_t len);

#endif
