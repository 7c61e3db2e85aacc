// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
/*
 * A message's fields without knowing the message: what printers, JSON and dissectors are made of. Reads one
 * SAP message as hex digits from its argument and lists every field of it.
 *
 *   fields f00308000800000053550000 00000000
 */
#include <sap/sap.h>
#include <stdio.h>

enum {
	LONGEST = SAP_HEADER_SIZE + 4096
};

static uint32_t read_hex(char **words, uint8_t *bytes, uint32_t cap)
{
	uint32_t n = 0;

	for (; *words; words++) {
		const char *at = *words;
		unsigned byte;

		while (n < cap && sscanf(at, "%2x", &byte) == 1) {
			bytes[n++] = (uint8_t)byte;
			at += at[1] ? 2 : 1;
		}
	}
	return n;
}

static void print_item(const struct sap_item *item, int depth)
{
	const char *name = sap_name_of(item->field->names, (uint32_t)item->value);

	printf("%*s", 2 * depth, "");
	if (item->element)
		printf("[%u]", (unsigned)item->index);
	else
		printf("%s", item->field->name);
	if (item->step != SAP_STEP_VALUE)
		printf(":\n");
	else if (item->field->kind == SAP_FIELD_UINT || item->field->kind == SAP_FIELD_UINT_BE)
		printf(" = %llu%s%s\n", (unsigned long long)item->value, name ? " " : "", name ? name : "");
	else
		printf(": %u bytes at %u\n", (unsigned)item->size, (unsigned)item->offset);
}

int main(int argc, char **argv)
{
	uint8_t bytes[LONGEST];
	struct sap_message message;
	struct sap_visitor visitor;
	struct sap_item item;
	enum sap_status status;
	int depth = 1;

	status = sap_message_decode(bytes, argc > 1 ? read_hex(argv + 1, bytes, LONGEST) : 0, &message);
	if (status != SAP_OK && status != SAP_UNKNOWN_TYPE) {
		printf("no message: %s\n", sap_strerror(status));
		return 1;
	}

	printf("%s\n", status == SAP_OK ? sap_message_info(message.type)->name : "unknown");
	sap_visitor_init(&visitor, sap_message_info(message.type), bytes + SAP_HEADER_SIZE, message.len);
	while (sap_visitor_next(&visitor, &item)) {
		if (item.step == SAP_STEP_CLOSE)
			depth--;
		else
			print_item(&item, item.step == SAP_STEP_VALUE ? depth : depth++);
	}
	return 0;
}
