// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
#include "frames.h"

static void add(struct made *made, uint32_t value, uint32_t n)
{
	assert_true(made->len + n <= FRAME_MOST);
	for (uint32_t i = 0; i < n; i++)
		made->bytes[made->len + i] = (uint8_t)(value >> (8 * (n - 1 - i)));
	made->len += n;
}

static void add_zeroes(struct made *made, uint32_t n)
{
	for (uint32_t i = 0; i < n; i++)
		add(made, 0, 1);
}

static void add_mac(struct made *made, const char *text)
{
	unsigned bytes[6];

	assert_int_equal(sscanf(text, "%x:%x:%x:%x:%x:%x", &bytes[0], &bytes[1], &bytes[2], &bytes[3],
				&bytes[4], &bytes[5]),
			 6);
	for (uint32_t i = 0; i < 6; i++)
		add(made, bytes[i], 1);
}

static uint32_t upper_size(const struct spec *spec)
{
	return spec->upper ? spec->upper : 8;
}

/* Ports, or type and code; cut as short as it is to be. */
static void add_upper(struct made *made, const struct spec *spec)
{
	uint32_t end = made->len + upper_size(spec);

	if (spec->protocol == 6 || spec->protocol == 17) {
		add(made, spec->src, 2);
		add(made, spec->dst, 2);
	} else {
		add(made, spec->src, 1);
		add(made, spec->dst, 1);
	}
	if (made->len < end)
		add_zeroes(made, end - made->len);
	made->len = end;
}

static void add_ipv4(struct made *made, const struct spec *spec)
{
	uint32_t header = 20 + spec->options;

	add(made, spec->version_ihl ? spec->version_ihl : 0x40 + header / 4, 1);
	add(made, 0, 1);
	add(made, (uint32_t)((int32_t)(header + upper_size(spec)) + spec->longer), 2);
	add(made, 0x1234, 2);
	add(made, spec->where, 2);
	add(made, 64, 1);
	add(made, spec->protocol, 1);
	add(made, 0, 2);
	add(made, 0xc6336401, 4);
	add(made, spec->address ? spec->address : OUR_ADDRESS, 4);
	/* Options that look like ports. */
	for (uint32_t i = 0; i < spec->options; i += 2)
		add(made, 16992, 2);
	add_upper(made, spec);
}

static uint32_t extension_length(const struct extension *e)
{
	if (e->lies)
		return e->length;
	if (e->kind == 44)
		return 0xee;
	return e->kind == 51 ? e->size / 4 - 2 : e->size / 8 - 1;
}

static uint32_t add_extensions(struct made *made, const struct spec *spec)
{
	const struct extension *e = spec->extensions;
	uint32_t before = made->len;

	for (uint32_t i = 0; i < 12 && e[i].size; i++) {
		add(made, i + 1 < 12 && e[i + 1].size ? e[i + 1].kind : spec->protocol, 1);
		add(made, extension_length(&e[i]), 1);
		add(made, e[i].offset, 2);
		add_zeroes(made, e[i].size - 4);
	}
	return made->len - before;
}

static void add_ipv6(struct made *made, const struct spec *spec)
{
	uint32_t head = made->len, n;

	add(made, 0x60000000, 4);
	add(made, 0, 2);
	add(made, spec->extensions[0].size ? spec->extensions[0].kind : spec->protocol, 1);
	add(made, 255, 1);
	add(made, 0x20010db8, 4);
	add_zeroes(made, 12);
	add(made, 0x20010db8, 4);
	add_zeroes(made, 9);
	add(made, spec->low24 ? spec->low24 : OUR_LOW24, 3);
	n = add_extensions(made, spec) + upper_size(spec);
	add_upper(made, spec);
	n = (uint32_t)((int32_t)n + spec->longer);
	made->bytes[head + 4] = (uint8_t)(n >> 8);
	made->bytes[head + 5] = (uint8_t)n;
}

static void add_arp(struct made *made, const struct spec *spec)
{
	add(made, 0x00010800, 4);
	add(made, 0x0604, 2);
	add(made, spec->op, 2);
	add_zeroes(made, 6);
	add(made, OTHER_ADDRESS, 4);
	add_zeroes(made, 6);
	add(made, spec->address ? spec->address : OUR_ADDRESS, 4);
}

struct made make_frame(const struct spec *spec)
{
	struct made made = {.len = 0};

	add_mac(&made, spec->to ? spec->to : "02:11:22:33:44:55");
	add_mac(&made, "02:aa:bb:cc:dd:ee");
	if (spec->tagged) {
		add(&made, spec->tag_type ? spec->tag_type : 0x8100, 2);
		add(&made, spec->tag, 2);
	}
	add(&made, spec->type, 2);
	if (spec->type == 0x0800)
		add_ipv4(&made, spec);
	else if (spec->type == 0x86dd)
		add_ipv6(&made, spec);
	else if (spec->type == 0x0806)
		add_arp(&made, spec);
	add_zeroes(&made, spec->padding);
	return made;
}

void name_verdict(struct sap_verdict verdict, char text[40])
{
	const char *where = !verdict.to_csme ? "host" : verdict.to_host ? "both" : "csme";
	bool counts = verdict.rule == SAP_RULE_FLEX || verdict.rule == SAP_RULE_ETH;

	assert_true(verdict.to_csme || verdict.to_host);
	if (counts)
		snprintf(text, 40, "%s %s %u", where, sap_rule_name((enum sap_rule)verdict.rule),
			 (unsigned)verdict.index);
	else
		snprintf(text, 40, "%s %s%s", where, sap_rule_name((enum sap_rule)verdict.rule),
			 verdict.index ? " with an index" : "");
}

void make_payload(const struct sap_oob_filters *oob, uint8_t payload[SAP_CSME_FILTERS_SIZE])
{
	struct sap_csme_filters filters = {.oob = *oob};

	assert_status(sap_csme_filters_encode(&filters, payload, SAP_CSME_FILTERS_SIZE), SAP_OK);
}
