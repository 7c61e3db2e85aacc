// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
/* The filters by hand as a whole: before any came, bad ones, frames cut off anywhere, words. */
#include "by_hand.h"
#include "reference.h"

/* --- before filters, and bad ones --- */

static void without_filters_all_is_the_hosts(void **unused)
{
	static const struct spec specs[] = {{V4, .protocol = 6},
					    {V6, .protocol = 58},
					    {ARP, .op = 1},
					    {.to = "01:00:5e:00:00:01", V4, .protocol = 17}};
	struct sap_filter filter = {0};
	char found[40];

	(void)unused;
	for (unsigned i = 0; i < 4; i++) {
		struct made made = make_frame(&specs[i]);

		name_verdict(sap_filter_classify(&filter, made.bytes, made.len), found);
		assert_string_equal(found, "host NO_FILTERS");
		name_verdict(reference_classify(NULL, made.bytes, made.len), found);
		assert_string_equal(found, "host NO_FILTERS");
	}
	assert_false(sap_filter_is_active(&filter));
	for (uint32_t len = 0; len <= 20; len++) {
		struct made made = make_frame(&specs[3]);

		name_verdict(sap_filter_classify(&filter, made.bytes, len), found);
		assert_string_equal(found, "host NO_FILTERS");
	}
}

static void a_bad_payload_leaves_the_old_one(void **unused)
{
	uint8_t payload[SAP_CSME_FILTERS_SIZE + 1] = {0};
	struct sap_filter filter, before;

	(void)unused;
	assert_true(sizeof(filter) < 1024);
	no_filters();
	flex(0, 0, 0, 80);
	make_payload(&oob, payload);
	assert_status(sap_filter_compile(&filter, payload, sizeof(payload)), SAP_OK);
	assert_true(sap_filter_is_active(&filter));
	before = filter;
	payload[1740] = 1;
	assert_status(sap_filter_compile(&filter, payload, SAP_CSME_FILTERS_SIZE - 1), SAP_TOO_SHORT);
	assert_status(sap_filter_compile(&filter, NULL, SAP_CSME_FILTERS_SIZE), SAP_INVALID);
	assert_status(sap_filter_compile(NULL, payload, SAP_CSME_FILTERS_SIZE), SAP_INVALID);
	assert_memory_equal(&filter, &before, sizeof(filter));
	sap_filter_clear(&filter);
	assert_false(sap_filter_is_active(&filter));
}

/* --- cut off, at each length --- */

static void cut_anywhere_nothing_is_read_too_far(void **unused)
{
	static const struct {
		struct spec spec;
		const char *whole;
		uint32_t from; /* from so many bytes on it is as good as whole */
	} rows[] = {
		{{V4, .protocol = 6, .dst = 16992}, "csme FLEX 0", 42},
		{{V4, .protocol = 17, .options = 12, .dst = 16992}, "csme FLEX 0", 54},
		{{V4, .protocol = 1, .upper = 20}, "csme ICMP", 54},
		{{V4, .protocol = 17, .dst = 16992, .padding = 30}, "csme FLEX 0", 42},
		{{V6, .protocol = 6, .dst = 16992}, "csme FLEX 0", 62},
		{{V6, .protocol = 58, .src = 1, .upper = 30}, "csme ICMPV6", 84},
		{{V6, .protocol = 17, .dst = 16992,
		  .extensions = {{0, 8, 0, false, 0},
				 {43, 24, 0, false, 0},
				 {44, 8, 0, false, 1},
				 {51, 12, 0, false, 0},
				 {60, 16, 0, false, 0}}},
		 "csme FLEX 0",
		 130},
		{{ARP, .op = 1, .padding = 18}, "csme ARP_REQUEST", 42},
		{{ARP, .op = 2}, "csme ARP_REPLY", 42},
		{{.to = "01:00:5e:00:00:01", V4, .protocol = 6}, "csme ETH 0", 14},
		{{.to = "33:33:ff:0a:0b:0c", V6, .protocol = 58, .src = 135}, "both ICMPV6", 62},
		{{.tagged = true, .tag = 7, V4, .protocol = 6, .dst = 16992}, "csme FLEX 0", 46},
		{{.tagged = true, .tag = 7, V6, .protocol = 6, .dst = 16992}, "csme FLEX 0", 66},
		{{.tagged = true, .tag = 7, ARP, .op = 1}, "csme ARP_REQUEST", 46},
		{{.to = "01:00:5e:00:00:01", .tagged = true, .tag = 7, V4, .protocol = 6}, "csme ETH 0", 18},
	};
	uint8_t payload[SAP_CSME_FILTERS_SIZE];
	struct sap_filter filter;

	(void)unused;
	no_filters();
	flex(0, 0, 0, 16992);
	eth(0, ETH_STOP, "01:00:5e:00:00:01");
	ipv6(0, ENABLED, OUR_LOW24);
	oob.icmpv6_flags = 1;
	oob.ipv4.flags = 1 | 4 | 16;
	oob.vlan[0] = 0x8000 | 7;
	make_payload(&oob, payload);
	assert_status(sap_filter_compile(&filter, payload, sizeof(payload)), SAP_OK);
	for (unsigned i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct made made = make_frame(&rows[i].spec);

		for (uint32_t len = 0; len <= made.len; len++) {
			uint8_t *frame = malloc(len ? len : 1);
			char found[40], expected[40];
			struct sap_frame facts;

			assert_non_null(frame);
			memcpy(frame, made.bytes, len);
			name_verdict(sap_filter_classify(&filter, frame, len), found);
			assert_string_equal(found, len >= rows[i].from ? rows[i].whole : "host FLAW");
			name_verdict(reference_classify(payload, frame, len), expected);
			assert_string_equal(found, expected);
			sap_frame_read(frame, len, &facts);
			if (rows[i].from > 18)
				assert_int_equal(facts.flaw == SAP_FLAW_NONE, len >= rows[i].from);
			(void)sap_frame_is_dhcp_request(frame, len);
			(void)sap_filter_takes_vlan(&filter, frame, len);
			free(frame);
		}
	}
}

/* --- words --- */

static void rules_have_names(void **unused)
{
	(void)unused;
	for (unsigned i = 0; i <= SAP_RULE_ICMPV6; i++) {
		assert_string_not_equal(sap_rule_name((enum sap_rule)i), "?");
		assert_string_not_equal(sap_rule_text((enum sap_rule)i), "?");
		for (unsigned k = 0; k < i; k++)
			assert_string_not_equal(sap_rule_text((enum sap_rule)i),
						sap_rule_text((enum sap_rule)k));
	}
	assert_string_equal(sap_rule_name((enum sap_rule)99), "?");
	assert_string_equal(sap_rule_text((enum sap_rule)99), "?");
	assert_string_equal(sap_frame_flaw_text(SAP_FLAW_NONE), "");
	for (unsigned i = 1; i <= SAP_FLAW_ARP; i++)
		assert_true(strlen(sap_frame_flaw_text((enum sap_frame_flaw)i)) > 5);
	assert_string_equal(sap_frame_flaw_text((enum sap_frame_flaw)99), "");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(without_filters_all_is_the_hosts),
		cmocka_unit_test(a_bad_payload_leaves_the_old_one),
		cmocka_unit_test(cut_anywhere_nothing_is_read_too_far),
		cmocka_unit_test(rules_have_names),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
