// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
/*
 * A program without a C library: it makes an area, puts a message into a queue, takes it out again and
 * moves a frame. That it links shows that the library needs the four memory functions below and nothing
 * else; it is not run.
 */
#include <sap/sap.h>

void *memcpy(void *to, const void *from, size_t n);
void *memmove(void *to, const void *from, size_t n);
void *memset(void *at, int byte, size_t n);
int memcmp(const void *a, const void *b, size_t n);
int start(void);

void *memcpy(void *to, const void *from, size_t n)
{
	volatile uint8_t *t = to;
	const uint8_t *f = from;

	while (n--)
		*t++ = *f++;
	return to;
}

void *memmove(void *to, const void *from, size_t n)
{
	volatile uint8_t *t = to;
	const uint8_t *f = from;

	if ((uintptr_t)to <= (uintptr_t)from)
		return memcpy(to, from, n);
	while (n--)
		t[n] = f[n];
	return to;
}

void *memset(void *at, int byte, size_t n)
{
	volatile uint8_t *p = at;

	while (n--)
		*p++ = (uint8_t)byte;
	return at;
}

int memcmp(const void *a, const void *b, size_t n)
{
	const volatile uint8_t *p = a;
	const volatile uint8_t *q = b;

	for (; n; n--, p++, q++) {
		if (*p != *q)
			return *p < *q ? -1 : 1;
	}
	return 0;
}

/* Four queues of a few hundred bytes: layouts are data. */
static const uint32_t sizes[SAP_QUEUES] = {256, 256, 256, 256};
static uint32_t memory[1100 / 4];
static struct sap_area area;
static struct sap_producer out;
static struct sap_consumer in;
static struct sap_packets lane;
static struct sap_seq seq;

int start(void)
{
	static const uint8_t frame[60];
	struct sap_message message = {.type = SAP_RADIO_STATE, .radio_state = {3}};
	uint8_t buffer[128];
	struct sap_layout layout;

	if (sap_layout_make(&layout, SAP_PROTOCOL_4, sizes) != SAP_OK ||
	    sap_area_init(&area, &layout, memory, sizeof(memory)) != SAP_OK ||
	    sap_producer_init(&out, &area, SAP_HOST_NOTIF) != SAP_OK ||
	    sap_consumer_init(&in, &area, SAP_HOST_NOTIF) != SAP_OK ||
	    sap_packets_open(&lane, SAP_ROLE_HOST, &area) != SAP_OK)
		return 1;
	if (sap_producer_put(&out, &area, &seq, &message) != SAP_OK)
		return 2;
	sap_producer_publish(&out, &area);
	if (sap_consumer_get(&in, &area, buffer, sizeof(buffer), &message) != SAP_OK)
		return 3;
	sap_consumer_release(&in, &area);
	if (sap_packets_send(&lane, &area, &seq, frame, sizeof(frame)) != SAP_OK)
		return 4;
	return message.radio_state.state == 3 ? 0 : 5;
}
