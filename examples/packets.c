// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
/* The packets lane: a frame from the host to CSME and one back, in an area that both share. */
#include <sap/sap.h>
#include <stdio.h>

static _Alignas(4) unsigned char memory[172032];

/* To everyone, from a locally administered address, ARP; the rest is left out. */
static const uint8_t frame[42] = {0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x02, 0, 0, 0, 0, 1, 0x08, 0x06};

/* Gives out all frames that wait; what is wrong with one is said and the next is asked for. */
static void receive(const char *who, struct sap_packets *lane, const struct sap_area *area)
{
	uint8_t buffer[1514];
	struct sap_packet_info info;
	enum sap_status status;
	int budget = 64; /* a peer that writes on and on does not hold us */

	while (sap_status_took(status = sap_packets_recv(lane, area, buffer, sizeof(buffer), &info)) &&
	       budget--) {
		if (status == SAP_OK)
			printf("%s got %u bytes%s\n", who, (unsigned)info.len,
			       info.to_me_filt_status & SAP_CB_DHCP ? ", a copy of a DHCP request" : "");
		else
			printf("%s dropped a frame: %s\n", who, sap_strerror(status));
	}
}

int main(void)
{
	struct sap_area area;
	struct sap_packets host = {0};
	struct sap_packets csme = {0};
	struct sap_seq host_seq = {0};
	struct sap_seq csme_seq = {0};

	if (sap_area_init(&area, sap_layout_of(SAP_PROTOCOL_4), memory, sizeof(memory)) != SAP_OK ||
	    sap_packets_open(&host, SAP_ROLE_HOST, &area) != SAP_OK ||
	    sap_packets_open(&csme, SAP_ROLE_CSME, &area) != SAP_OK)
		return 1;

	if (sap_packets_send(&host, &area, &host_seq, frame, sizeof(frame)) != SAP_OK ||
	    sap_packets_send_cb(&host, &area, &host_seq, SAP_CB_DHCP, frame, sizeof(frame)) != SAP_OK ||
	    sap_packets_send(&csme, &area, &csme_seq, frame, sizeof(frame)) != SAP_OK)
		return 1;
	receive("CSME", &csme, &area);
	receive("host", &host, &area);
	return 0;
}
