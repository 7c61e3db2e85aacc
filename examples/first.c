// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
/* A first program: one message from the host to CSME, both of them in here. */
#include <sap/sap.h>
#include <stdio.h>

static _Alignas(4) unsigned char memory[172032]; /* stands for what both sides map */

int main(void)
{
	struct sap_area area;
	struct sap_producer host;
	struct sap_consumer csme;
	struct sap_seq seq = {0};
	struct sap_message message = {.type = SAP_RADIO_STATE, .radio_state = {SAP_RADIO_SW_ON}};
	enum sap_status status;
	unsigned char buffer[2048];

	if (sap_area_init(&area, sap_layout_of(SAP_PROTOCOL_4), memory, sizeof(memory)) != SAP_OK ||
	    sap_producer_init(&host, &area, SAP_HOST_NOTIF) != SAP_OK ||
	    sap_consumer_init(&csme, &area, SAP_HOST_NOTIF) != SAP_OK ||
	    sap_producer_put(&host, &area, &seq, &message) != SAP_OK)
		return 1;
	sap_producer_publish(&host, &area); /* now CSME can see it; a real host rings the doorbell */

	while (sap_status_took(status = sap_consumer_get(&csme, &area, buffer, sizeof(buffer), &message)))
		if (status == SAP_OK)
			printf("%s, %u bytes\n", sap_message_info(message.type)->name, (unsigned)message.len);
	sap_consumer_release(&csme, &area); /* now the host has the room again */
	return 0;
}
