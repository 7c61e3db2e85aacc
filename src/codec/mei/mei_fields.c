// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
/* The MEI bus's declaration as data: what each message is called and which fields it has. */
#include <sap/mei/fields.h>

#include "../../platform.h"
#include "../tables.h"
#include "layout.h"

/* clang-format off */

SAP_MEI_NAME_LISTS(SAP_TABLE_NAMES)

SAP_HBM_PARTS(SAP_TABLE_FIELDS)
SAP_HBM_RESERVED(SAP_TABLE_FIELDS)
SAP_HBM_VALUES(SAP_TABLE_FIELDS)
SAP_AMTHI_PARTS(SAP_TABLE_FIELDS)
SAP_AMTHI_RESERVED(SAP_TABLE_FIELDS)
SAP_AMTHI_VALUES(SAP_TABLE_FIELDS)
SAP_MKHI_PARTS(SAP_TABLE_FIELDS)
SAP_MKHI_VALUES(SAP_TABLE_FIELDS)

/* clang-format on */

#define HBM_INFO(form, NAME, member, layout, direction, meaning) \
	{SAP_HBM_##NAME, #NAME, meaning, SAP_##direction, SAP_IN_HBM, SAP_HAS_##form(layout)},
#define AMTHI_INFO(NAME, meaning, qform, qmember, qlayout, rform, rmember, rlayout)              \
	{SAP_AMTHI_##NAME, #NAME, meaning, SAP_TO_CSME, SAP_IN_AMTHI, SAP_HAS_##qform(qlayout)}, \
		{SAP_AMTHI_##NAME | SAP_AMTHI_RESPONSE,                                          \
		 #NAME,                                                                          \
		 meaning,                                                                        \
		 SAP_TO_HOST,                                                                    \
		 SAP_IN_AMTHI,                                                                   \
		 SAP_HAS_##rform(rlayout)},
#define MKHI_INFO(NAME, meaning, qform, qmember, qlayout, rform, rmember, rlayout)             \
	{SAP_MKHI_##NAME, #NAME, meaning, SAP_TO_CSME, SAP_IN_MKHI, SAP_HAS_##qform(qlayout)}, \
		{SAP_MKHI_##NAME | SAP_MKHI_RESPONSE,                                          \
		 #NAME,                                                                        \
		 meaning,                                                                      \
		 SAP_TO_HOST,                                                                  \
		 SAP_IN_MKHI,                                                                  \
		 SAP_HAS_##rform(rlayout)},

static const struct sap_message_info mei_infos[] = {SAP_HBM_MESSAGES(HBM_INFO) SAP_AMTHI_MESSAGES(AMTHI_INFO)
							    SAP_MKHI_MESSAGES(MKHI_INFO)};

const struct sap_message_info *sap_mei_info_at(uint32_t index)
{
	return index < sizeof(mei_infos) / sizeof(mei_infos[0]) ? &mei_infos[index] : NULL;
}

/* A handful of rows: a walk is short enough. */
static const struct sap_message_info *mei_find(enum sap_carrier carrier, uint32_t type)
{
	for (uint32_t i = 0; i < sizeof(mei_infos) / sizeof(mei_infos[0]); i++) {
		if (mei_infos[i].carrier == carrier && mei_infos[i].type == type)
			return &mei_infos[i];
	}
	return NULL;
}

const struct sap_message_info *sap_hbm_info(uint32_t command)
{
	return mei_find(SAP_IN_HBM, command);
}

const struct sap_message_info *sap_amthi_info(uint32_t command)
{
	return mei_find(SAP_IN_AMTHI, command);
}

const struct sap_message_info *sap_mkhi_info(uint32_t command)
{
	return mei_find(SAP_IN_MKHI, command);
}

static const char *mei_name(const struct sap_names *names, uint32_t value)
{
	const char *name = sap_name_of(names, value);

	return name ? name : "?";
}

const char *sap_hbm_status_name(uint32_t status)
{
	return mei_name(&names_of_hbm_status, status);
}

const char *sap_hbm_stop_reason_name(uint32_t reason)
{
	return mei_name(&names_of_hbm_stop_reason, reason);
}

const char *sap_amthi_status_name(uint32_t status)
{
	return mei_name(&names_of_amthi_status, status);
}
