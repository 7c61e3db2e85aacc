// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
/* NVM and CSME_FILTERS: payloads that a message only points at (docs/protocol/sap.md 6.5, 6.6). */
#include "support.h"

/* Bytes of which no two near each other are alike. */
static void fill(uint8_t *bytes, uint32_t n)
{
	for (uint32_t i = 0; i < n; i++)
		bytes[i] = (uint8_t)(i * 7 + (i >> 8) + 1);
}

static uint32_t le32(const uint8_t *p)
{
	return p[0] + 256u * p[1] + 65536u * p[2] + 16777216u * p[3];
}

static void nvm_field_by_field(void **state)
{
	uint8_t payload[SAP_NVM_SIZE];
	uint8_t again[SAP_NVM_SIZE + 1];
	struct sap_view view = {payload, sizeof(payload)};
	struct sap_nvm nvm;

	(void)state;
	fill(payload, sizeof(payload));
	payload[7] = 0; /* reserved */
	assert_status(sap_nvm_decode(&view, &nvm), SAP_OK);
	assert_memory_equal(nvm.hw_addr.bytes, payload, 6);
	assert_int_equal(nvm.n_hw_addrs, payload[6]);
	assert_int_equal(nvm.radio_cfg, le32(payload + 8));
	assert_int_equal(nvm.caps, le32(payload + 12));
	assert_int_equal(nvm.nvm_version, le32(payload + 16));
	for (uint32_t i = 0; i < 110; i++)
		assert_int_equal(nvm.channels[i], le32(payload + 20 + 4 * i));

	memset(again, 0xee, sizeof(again));
	assert_status(sap_nvm_encode(&nvm, again, SAP_NVM_SIZE), SAP_OK);
	assert_memory_equal(again, payload, SAP_NVM_SIZE);
	assert_int_equal(again[SAP_NVM_SIZE], 0xee);
}

static void check_oob(const struct sap_oob_filters *oob, const uint8_t *p)
{
	for (uint32_t i = 0; i < 14; i++) {
		assert_int_equal(oob->flex[i].src_port, p[6 * i] * 256 + p[6 * i + 1]);
		assert_int_equal(oob->flex[i].dst_port, p[6 * i + 2] * 256 + p[6 * i + 3]);
		assert_int_equal(oob->flex[i].flags, p[6 * i + 4]);
	}
	assert_int_equal(oob->icmpv6_flags, le32(p + 84));
	for (uint32_t i = 0; i < 4; i++) {
		assert_memory_equal(oob->ipv6[i].addr_lo24, p + 88 + 4 * i, 3);
		assert_int_equal(oob->ipv6[i].flags, p[88 + 4 * i + 3]);
	}
	for (uint32_t i = 0; i < 5; i++) {
		assert_memory_equal(oob->eth[i].mac_address.bytes, p + 104 + 7 * i, 6);
		assert_int_equal(oob->eth[i].flags, p[104 + 7 * i + 6]);
	}
	assert_int_equal(oob->ipv4.ipv4_addr, p[140] * 16777216u + p[141] * 65536u + p[142] * 256u + p[143]);
	assert_int_equal(oob->ipv4.flags, le32(p + 144));
	for (uint32_t i = 0; i < 4; i++)
		assert_int_equal(oob->vlan[i], p[148 + 2 * i] + 256 * p[149 + 2 * i]);
}

static void filters_field_by_field(void **state)
{
	uint8_t payload[SAP_CSME_FILTERS_SIZE];
	uint8_t again[SAP_CSME_FILTERS_SIZE + 1];
	struct sap_view view = {payload, sizeof(payload)};
	struct sap_csme_filters filters;

	(void)state;
	fill(payload, sizeof(payload));
	/* Reserved: two bytes, the last of each flex filter, one behind the Ethernet filters. */
	payload[10] = payload[11] = 0;
	for (uint32_t i = 0; i < 14; i++)
		payload[1740 + 6 * i + 5] = 0;
	payload[1740 + 139] = 0;

	assert_status(sap_csme_filters_decode(&view, &filters), SAP_OK);
	assert_int_equal(filters.mode, le32(payload));
	assert_memory_equal(filters.mac_address.bytes, payload + 4, 6);
	assert_ptr_equal(filters.cbfilters, payload + 12);
	check_oob(&filters.oob, payload + 1740);

	memset(again, 0xee, sizeof(again));
	assert_status(sap_csme_filters_encode(&filters, again, SAP_CSME_FILTERS_SIZE), SAP_OK);
	assert_memory_equal(again, payload, SAP_CSME_FILTERS_SIZE);
	assert_int_equal(again[SAP_CSME_FILTERS_SIZE], 0xee);
}

/* A null pointer for the bytes that nobody knows means zeroes, over whatever stood there. */
static void filters_without_cbfilters(void **state)
{
	uint8_t payload[SAP_CSME_FILTERS_SIZE];
	struct sap_csme_filters filters;

	(void)state;
	memset(&filters, 0, sizeof(filters));
	memset(payload, 0xee, sizeof(payload));
	assert_status(sap_csme_filters_encode(&filters, payload, sizeof(payload)), SAP_OK);
	for (uint32_t i = 0; i < sizeof(payload); i++)
		assert_int_equal(payload[i], 0);
}

static void sizes_are_checked(void **state)
{
	uint8_t payload[SAP_CSME_FILTERS_SIZE] = {0};
	struct sap_view view = {payload, 0};
	struct sap_csme_filters filters = {.mode = 77};
	struct sap_nvm nvm = {.caps = 77};

	(void)state;
	view.len = SAP_NVM_SIZE - 1;
	assert_status(sap_nvm_decode(&view, &nvm), SAP_TOO_SHORT);
	assert_int_equal(nvm.caps, 77);
	view.len = SAP_CSME_FILTERS_SIZE - 1;
	assert_status(sap_csme_filters_decode(&view, &filters), SAP_TOO_SHORT);
	assert_int_equal(filters.mode, 77);
	assert_status(sap_nvm_encode(&nvm, payload, SAP_NVM_SIZE - 1), SAP_TOO_SMALL);
	assert_status(sap_csme_filters_encode(&filters, payload, SAP_CSME_FILTERS_SIZE - 1), SAP_TOO_SMALL);
	for (uint32_t i = 0; i < sizeof(payload); i++)
		assert_int_equal(payload[i], 0);

	view.bytes = NULL;
	assert_status(sap_nvm_decode(&view, &nvm), SAP_INVALID);
	assert_status(sap_csme_filters_decode(&view, &filters), SAP_INVALID);
	assert_status(sap_nvm_decode(NULL, &nvm), SAP_INVALID);
	assert_status(sap_csme_filters_encode(&filters, NULL, SAP_CSME_FILTERS_SIZE), SAP_INVALID);
}

/* The message's view is the payload of the table, without extra bytes, and of exactly that size. */
static void views_in_a_message(void **state)
{
	static const struct {
		uint16_t type;
		uint32_t size;
	} cases[] = {{SAP_NVM, 460}, {SAP_CSME_FILTERS, 1896}};

	(void)state;
	for (uint32_t i = 0; i < 2; i++) {
		uint8_t bytes[8 + 1896 + 3] = {0};
		struct sap_message m;

		bytes[0] = (uint8_t)cases[i].type;
		bytes[1] = (uint8_t)(cases[i].type >> 8);
		bytes[2] = (uint8_t)(cases[i].size + 3);
		bytes[3] = (uint8_t)((cases[i].size + 3) >> 8);
		assert_status(sap_message_decode(bytes, 8 + cases[i].size + 3, &m), SAP_OK);
		assert_int_equal(m.len, cases[i].size + 3);
		assert_ptr_equal(m.nvm.bytes, bytes + 8);
		assert_int_equal(m.nvm.len, cases[i].size);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(nvm_field_by_field),	     cmocka_unit_test(filters_field_by_field),
		cmocka_unit_test(filters_without_cbfilters), cmocka_unit_test(sizes_are_checked),
		cmocka_unit_test(views_in_a_message),
	};

	return cmocka_run_group_tests_name("long", tests, NULL, NULL);
}
