// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
/*
 * Any filters and any frame: never a byte too far, and the verdict of the reference, by the same filter.
 *
 * The input is the 156 bytes of the out-of-band filters, and the frame. The rest of the payload counts for
 * nothing, so it is made up twice, and must make no difference.
 */
#include "fuzz.h"

#include "reference.h"

enum {
	OOB = 156,
	BEFORE = REFERENCE_PAYLOAD - OOB,
};

static struct sap_verdict classify(const uint8_t *payload, const uint8_t *frame, uint32_t len)
{
	struct sap_filter filter;

	memset(&filter, 0xa5, sizeof(filter));
	MUST(sap_filter_compile(&filter, payload, REFERENCE_PAYLOAD) == SAP_OK);
	MUST(sap_filter_is_active(&filter));
	return sap_filter_classify(&filter, frame, len);
}

static void must_be(struct sap_verdict found, struct sap_verdict expected)
{
	MUST(found.rule == expected.rule && found.index == expected.index);
	MUST(found.to_csme == expected.to_csme && found.to_host == expected.to_host);
	MUST(found.to_csme || found.to_host);
}

/* What the value of a frame says goes with the verdict. */
static void facts_go_with(struct sap_verdict verdict, const uint8_t *frame, uint32_t len)
{
	struct sap_frame facts;

	memset(&facts, 0xa5, sizeof(facts));
	sap_frame_read(frame, len, &facts);
	if (verdict.to_csme && verdict.rule != SAP_RULE_ETH)
		MUST(facts.flaw == SAP_FLAW_NONE);
	if (verdict.rule == SAP_RULE_FLAW)
		MUST(*sap_frame_flaw_text(facts.flaw));
	if (sap_frame_is_dhcp_request(frame, len))
		MUST(facts.has_ports && facts.src_port == 68 && facts.dst_port == 67 && !facts.later);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct input in = {data, size};
	size_t n = OOB, rest;
	uint8_t *payload = fresh(REFERENCE_PAYLOAD, 0), *other = fresh(REFERENCE_PAYLOAD, 0xff), *frame;
	const uint8_t *oob = take_bytes(&in, &n);
	const struct sap_filter none = {0};
	struct sap_verdict verdict;

	memset(other + BEFORE, 0, OOB);
	if (n) {
		memcpy(payload + BEFORE, oob, n);
		memcpy(other + BEFORE, oob, n);
	}
	rest = in.left;
	frame = fresh(rest, 0);
	if (rest)
		memcpy(frame, take_bytes(&in, &rest), rest);

	verdict = classify(payload, frame, (uint32_t)rest);
	must_be(verdict, reference_classify(payload, frame, (uint32_t)rest));
	must_be(classify(other, frame, (uint32_t)rest), verdict);
	must_be(sap_filter_classify(&none, frame, (uint32_t)rest),
		reference_classify(NULL, frame, (uint32_t)rest));
	facts_go_with(verdict, frame, (uint32_t)rest);
	free(frame);
	free(payload);
	free(other);
	return 0;
}
