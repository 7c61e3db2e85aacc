/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
/* What the visitor needs of the tables beside what is public: the fields that no declaration names. */
#ifndef SAP_CODEC_FIELDS_H
#define SAP_CODEC_FIELDS_H

#include <sap/fields.h>

/* Bytes after the last field. */
extern const struct sap_field sap_field_extra;

/* The whole payload of a type in no table: one field. */
extern const struct sap_field sap_field_opaque;

/* A payload that nobody is to see. */
extern const struct sap_field sap_field_secret;

#endif
