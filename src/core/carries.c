// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
/* Which messages travel in which queue. Apart from the queues themselves, which do not need the tables. */
#include <sap/fields.h>
#include <sap/queue.h>

bool sap_queue_carries(enum sap_queue_id queue, uint32_t type)
{
	const struct sap_message_info *info = sap_message_info(type);
	enum sap_direction to = queue == SAP_HOST_NOTIF || queue == SAP_HOST_DATA ? SAP_TO_CSME : SAP_TO_HOST;
	enum sap_carrier in = queue == SAP_HOST_NOTIF || queue == SAP_CSME_NOTIF ? SAP_IN_NOTIF : SAP_IN_DATA;

	if (!info || (uint32_t)queue >= SAP_QUEUES)
		return false;
	return info->carrier == in && ((uint32_t)info->direction & (uint32_t)to);
}
