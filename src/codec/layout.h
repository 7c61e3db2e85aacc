/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
/* The layouts of SAP's own declaration. */
#ifndef SAP_CODEC_LAYOUT_H
#define SAP_CODEC_LAYOUT_H

#include "declaration.h"
#include "shape.h"

SAP_PART_LAYOUTS(SAP_LAYOUT)
SAP_VALUE_LAYOUTS(SAP_LAYOUT)
SAP_LONG_LAYOUTS(SAP_LAYOUT)
SAP_ME_LAYOUTS(SAP_LAYOUT)

#endif
