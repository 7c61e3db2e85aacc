// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
/*
 * Random frames through the filters and through the reference: the same verdict, by the same filter.
 *
 * 200,000 frames; FILTER_FRAMES=10000000 looks at more, FILTER_SEED=n at others. Each frame lies in memory of
 * exactly its size, so that a sanitizer sees each byte too far.
 */
#include "random.h"
#include "support.h"

enum {
	FRAMES = 200000,
	FRAMES_A_FILTER = 100,
	RULES = SAP_RULE_ICMPV6 + 1,
};

struct seen {
	uint32_t rule[RULES], flex[14], eth[5], flex_copy[2], eth_copy[2], icmpv6_copy[2];
};

static uint32_t setting(const char *name, uint32_t otherwise)
{
	const char *text = getenv(name);

	return text && *text ? (uint32_t)strtoul(text, NULL, 0) : otherwise;
}

static void show(const uint8_t *payload, const uint8_t *frame, uint32_t len)
{
	print_error("filters:");
	for (uint32_t i = 1740; i < REFERENCE_PAYLOAD; i++)
		print_error(" %02x", (unsigned)payload[i]);
	print_error("\nframe:");
	for (uint32_t i = 0; i < len; i++)
		print_error(" %02x", (unsigned)frame[i]);
	print_error("\n");
}

static void agree(const struct sap_filter *filter, const uint8_t *payload, const uint8_t *frame, uint32_t len,
		  struct seen *seen)
{
	struct sap_verdict ours = sap_filter_classify(filter, frame, len);
	struct sap_verdict theirs = reference_classify(payload, frame, len);

	if (ours.to_csme != theirs.to_csme || ours.to_host != theirs.to_host || ours.rule != theirs.rule ||
	    ours.index != theirs.index) {
		show(payload, frame, len);
		test_fail("%s %u, csme %d, host %d instead of %s %u, csme %d, host %d",
			  sap_rule_name((enum sap_rule)ours.rule), (unsigned)ours.index, ours.to_csme,
			  ours.to_host, sap_rule_name((enum sap_rule)theirs.rule), (unsigned)theirs.index,
			  theirs.to_csme, theirs.to_host);
	}
	assert_true(ours.to_csme || ours.to_host);
	seen->rule[ours.rule]++;
	if (ours.rule == SAP_RULE_FLEX) {
		seen->flex[ours.index]++;
		seen->flex_copy[ours.to_host]++;
	}
	if (ours.rule == SAP_RULE_ETH) {
		seen->eth[ours.index]++;
		seen->eth_copy[ours.to_host]++;
	}
	if (ours.rule == SAP_RULE_ICMPV6)
		seen->icmpv6_copy[ours.to_host]++;
}

/* The value of a frame says the same of it as the verdict. */
static void facts_agree(const struct sap_verdict *verdict, const uint8_t *frame, uint32_t len)
{
	struct sap_frame facts;

	sap_frame_read(frame, len, &facts);
	if (verdict->rule == SAP_RULE_FLAW)
		assert_int_not_equal(facts.flaw, SAP_FLAW_NONE);
	if (verdict->to_csme && verdict->rule != SAP_RULE_ETH)
		assert_int_equal(facts.flaw, SAP_FLAW_NONE);
	if (verdict->rule == SAP_RULE_ARP_REQUEST)
		assert_int_equal(facts.arp_op, 1);
	if (verdict->rule == SAP_RULE_FLEX)
		assert_true(facts.has_ports || facts.later);
	if (verdict->rule == SAP_RULE_ICMP || verdict->rule == SAP_RULE_ICMPV6)
		assert_true(facts.has_icmp);
}

/* Whether each kind came, often enough that its details did too. */
static void all_were_seen(const struct seen *seen, uint32_t frames)
{
	for (uint32_t rule = SAP_RULE_FLAW; rule < RULES; rule++) {
		if (seen->rule[rule] < frames / 2000)
			test_fail("%s came %u times", sap_rule_name((enum sap_rule)rule),
				  (unsigned)seen->rule[rule]);
	}
	for (uint32_t i = 0; i < 14; i++)
		assert_true(seen->flex[i] >= frames / 5000);
	for (uint32_t i = 0; i < 5; i++)
		assert_true(seen->eth[i] >= frames / 5000);
	for (uint32_t i = 0; i < 2; i++)
		assert_true(seen->flex_copy[i] > 100 && seen->eth_copy[i] > 100 &&
			    seen->icmpv6_copy[i] > 100);
}

static void both_agree(void **unused)
{
	uint32_t frames = setting("FILTER_FRAMES", FRAMES), state = setting("FILTER_SEED", 0x2545f491);
	uint8_t payload[REFERENCE_PAYLOAD], bytes[RANDOM_FRAME];
	struct sap_filter filter = {0};
	struct seen seen = {0};

	(void)unused;
	for (uint32_t i = 0; i < frames; i++) {
		struct sap_verdict verdict;
		uint8_t *frame;
		uint32_t len;

		if (i % FRAMES_A_FILTER == 0) {
			random_filters(&state, payload);
			assert_status(sap_filter_compile(&filter, payload, sizeof(payload)), SAP_OK);
		}
		len = random_frame(&state, bytes);
		assert_true(len <= sizeof(bytes));
		frame = malloc(len ? len : 1);
		assert_non_null(frame);
		memcpy(frame, bytes, len);
		agree(&filter, payload, frame, len, &seen);
		verdict = sap_filter_classify(&filter, frame, len);
		facts_agree(&verdict, frame, len);
		free(frame);
	}
	print_message("%u frames;", (unsigned)frames);
	for (uint32_t rule = 0; rule < RULES; rule++)
		print_message(" %s %u", sap_rule_name((enum sap_rule)rule), (unsigned)seen.rule[rule]);
	print_message("\n");
	if (frames >= FRAMES)
		all_were_seen(&seen, frames);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(both_agree),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
