// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
/* FNV-1a over bytes, never over memory: the number is the same on every machine. */
#include "told.h"

#include <string.h>

static uint64_t add_bytes(uint64_t sum, const void *data, size_t len)
{
	const uint8_t *bytes = data;

	for (size_t i = 0; i < len; i++)
		sum = (sum ^ bytes[i]) * UINT64_C(0x100000001b3);
	return sum;
}

static uint64_t add_number(uint64_t sum, uint64_t number)
{
	uint8_t bytes[8];

	for (int i = 0; i < 8; i++)
		bytes[i] = (uint8_t)(number >> 8 * i);
	return add_bytes(sum, bytes, sizeof(bytes));
}

static uint64_t add_event(uint64_t sum, const struct sim_event *event)
{
	struct sap_view view = event->by == SIM_BY_HOST ? event->host.view : event->csme.view;
	char text[400];

	sim_event_write(event, text, sizeof(text));
	sum = add_bytes(add_number(sum, event->by), text, strlen(text) + 1);
	return view.bytes ? add_bytes(add_number(sum, view.len), view.bytes, view.len) : sum;
}

uint64_t sim_told(uint64_t before, const struct sim_news *news, uint64_t now)
{
	uint64_t sum = add_number(add_number(before, news->kind), now);

	if (news->kind == SIM_HAPPENED)
		return add_event(sum, &news->event);
	sum = add_number(add_number(add_number(sum, news->seen.to), news->seen.carrier), news->seen.len);
	return add_bytes(sum, news->seen.bytes, news->seen.len);
}
