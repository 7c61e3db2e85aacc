// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
#include "by_hand.h"

#include "reference.h"

struct sap_oob_filters oob;

void decides(const struct spec *spec, const char *expected, const char *file, int line)
{
	uint8_t payload[SAP_CSME_FILTERS_SIZE];
	struct made made = make_frame(spec);
	uint8_t *frame = malloc(made.len);
	struct sap_filter filter;
	char found[40];

	assert_non_null(frame);
	memcpy(frame, made.bytes, made.len);
	make_payload(&oob, payload);
	memset(&filter, 0x5a, sizeof(filter));
	assert_status(sap_filter_compile(&filter, payload, sizeof(payload)), SAP_OK);
	name_verdict(sap_filter_classify(&filter, frame, made.len), found);
	if (strcmp(found, expected) != 0) {
		print_error("%s instead of %s\n", found, expected);
		_fail(file, line);
	}
	name_verdict(reference_classify(payload, frame, made.len), found);
	assert_string_equal(found, expected);
	free(frame);
}

void no_filters(void)
{
	memset(&oob, 0, sizeof(oob));
}

void flex(unsigned i, uint32_t flags, uint32_t src, uint32_t dst)
{
	oob.flex[i].flags = (uint8_t)(flags | ENABLED);
	oob.flex[i].src_port = (uint16_t)src;
	oob.flex[i].dst_port = (uint16_t)dst;
}

void eth(unsigned i, uint32_t flags, const char *mac)
{
	unsigned b[6];

	assert_int_equal(sscanf(mac, "%x:%x:%x:%x:%x:%x", &b[0], &b[1], &b[2], &b[3], &b[4], &b[5]), 6);
	for (unsigned k = 0; k < 6; k++)
		oob.eth[i].mac_address.bytes[k] = (uint8_t)b[k];
	oob.eth[i].flags = (uint8_t)(flags | ETH_ENABLED);
}

void ipv6(unsigned i, uint32_t flags, uint32_t low24)
{
	oob.ipv6[i].addr_lo24[0] = (uint8_t)(low24 >> 16);
	oob.ipv6[i].addr_lo24[1] = (uint8_t)(low24 >> 8);
	oob.ipv6[i].addr_lo24[2] = (uint8_t)low24;
	oob.ipv6[i].flags = (uint8_t)flags;
}
