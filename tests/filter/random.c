// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
#include "random.h"

#include <string.h>

static uint32_t random32(uint32_t *state)
{
	/* xorshift; never 0 */
	*state ^= *state << 13;
	*state ^= *state >> 17;
	*state ^= *state << 5;
	return *state;
}

static uint32_t below(uint32_t *state, uint32_t n)
{
	return (random32(state) >> 8) % n;
}

/* True once in `n` times. */
static bool rarely(uint32_t *state, uint32_t n)
{
	return below(state, n) == 0;
}

static void put(uint8_t *at, uint32_t value, uint32_t n)
{
	while (n--) {
		at[n] = (uint8_t)value;
		value >>= 8;
	}
}

/* --- what both draw on --- */

static const uint8_t macs[][6] = {
	{0x02, 0x11, 0x22, 0x33, 0x44, 0x55}, {0xff, 0xff, 0xff, 0xff, 0xff, 0xff},
	{0x01, 0x00, 0x5e, 0x00, 0x00, 0xfb}, {0x33, 0x33, 0x00, 0x00, 0x00, 0x01},
	{0x33, 0x33, 0xff, 0x01, 0x02, 0x03}, {0x33, 0x33, 0xff, 0x0a, 0x0b, 0x0c},
	{0x33, 0x33, 0xff, 0x01, 0x02, 0x04}, {0x01, 0x00, 0x5e, 0x00, 0x00, 0xfc},
	{0x01, 0x80, 0xc2, 0x00, 0x00, 0x0e}, {0xff, 0xff, 0xff, 0xff, 0xff, 0xfe},
	{0x33, 0x33, 0xfe, 0x01, 0x02, 0x03}, {0xfd, 0xff, 0xff, 0xff, 0xff, 0xff},
};

static const uint32_t low24s[] = {0x010203, 0x0a0b0c, 0x010204, 0, 0xffffff};
static const uint32_t addresses[] = {0xc0000201, 0xc0000202, 0x010200c0, 0xffffffff};
static const uint32_t ids[] = {1, 5, 100, 4095, 0};

/* Ports, and others that differ from them by one digit or by the order of bytes. */
static uint32_t random_port(uint32_t *state)
{
	static const uint32_t ports[] = {16992, 16993, 16994, 16995, 623, 664, 67, 68, 80, 443, 5900};
	uint32_t port = ports[below(state, sizeof(ports) / sizeof(ports[0]))];

	switch (below(state, 12)) {
	case 0:
		return port ^ 1u << below(state, 16);
	case 1:
		return (port >> 8 | port << 8) & 0xffff;
	case 2:
		return random32(state) & 0xffff;
	default:
		return port;
	}
}

/* --- filters --- */

static void random_flex(uint32_t *state, uint8_t *filter)
{
	put(filter, rarely(state, 2) ? 0 : random_port(state), 2);
	put(filter + 2, rarely(state, 3) ? 0 : random_port(state), 2);
	filter[4] = (uint8_t)(random32(state) >> 16);
	/* Most want one protocol and an address, or none. */
	if (!rarely(state, 3))
		filter[4] &= (uint8_t) ~(rarely(state, 2) ? 0x20 : 0x10);
	if (!rarely(state, 3))
		filter[4] &= (uint8_t) ~(rarely(state, 2) ? 0x04 : 0x08);
	filter[4] |= 2;
	if (rarely(state, 12))
		filter[4] &= 0xfd;
	filter[5] = (uint8_t)random32(state);
}

void random_filters(uint32_t *state, uint8_t payload[REFERENCE_PAYLOAD])
{
	uint8_t *oob = payload + 1740;

	for (uint32_t i = 0; i < REFERENCE_PAYLOAD; i++)
		payload[i] = (uint8_t)(random32(state) >> 11);
	for (uint32_t i = 0; i < 14; i++)
		random_flex(state, oob + 6 * i);
	for (uint32_t i = 0; i < 4; i++) {
		put(oob + 88 + 4 * i, low24s[below(state, 5)], 3);
		put(oob + 149 + 2 * i, (oob[149 + 2 * i] & 0xf0u) | ids[below(state, 5)] >> 8, 1);
		oob[148 + 2 * i] = (uint8_t)ids[below(state, 5)];
	}
	for (uint32_t i = 0; i < 5; i++) {
		memcpy(oob + 104 + 7 * i, macs[below(state, 12)], 6);
		oob[110 + 7 * i] |= rarely(state, 6) ? 0 : 4;
		oob[110 + 7 * i] &= rarely(state, 2) ? 0xff : 0xfe;
	}
	put(oob + 140, rarely(state, 3) ? 0 : addresses[below(state, 3)], 4);
	/* A payload of nothing at all, now and then. */
	if (rarely(state, 40))
		memset(oob, 0, 156);
}

/* --- frames, inside out is outside in: each part is put behind the last --- */

static uint32_t put_random(uint32_t *state, uint8_t *at, uint32_t n)
{
	for (uint32_t i = 0; i < n; i++)
		at[i] = (uint8_t)(random32(state) >> 9);
	return n;
}

static uint32_t put_upper(uint32_t *state, uint8_t *at, uint32_t protocol)
{
	static const uint8_t types[] = {0, 3, 8, 128, 129, 132, 133, 134, 135, 136, 137, 138, 1};
	uint32_t n = put_random(state, at, rarely(state, 12) ? below(state, 8) : 8 + below(state, 30));

	if (protocol == 6 || protocol == 17) {
		put(at, random_port(state), 2);
		put(at + 2, random_port(state), 2);
	} else {
		at[0] = types[below(state, sizeof(types))];
		at[1] = rarely(state, 4) ? 1 : 0;
	}
	return n;
}

static uint32_t put_ipv4(uint32_t *state, uint8_t *at)
{
	static const uint8_t protocols[] = {6, 17, 6, 17, 1, 1, 58, 2, 47};
	static const uint32_t wheres[] = {0x2000, 0x0001, 0x2001, 0x1fff, 0x00b9, 0x8000, 0x6000, 0x1000};
	uint32_t header = rarely(state, 4) ? 20 + 4 * below(state, 11) : 20;
	uint32_t protocol = protocols[below(state, 9)], n;

	put_random(state, at, header);
	n = header + put_upper(state, at + header, protocol);
	at[0] = (uint8_t)(0x40 | header / 4);
	put(at + 2, n, 2);
	put(at + 6, rarely(state, 5) ? wheres[below(state, 8)] : 0x4000, 2);
	at[9] = (uint8_t)protocol;
	put(at + 16, addresses[below(state, 4)], 4);
	if (rarely(state, 12))
		put(at + 2, n - 3 + below(state, 7), 2);
	if (rarely(state, 30))
		at[0] = (uint8_t)(0x40 | below(state, 16));
	return n;
}

static uint32_t put_extension(uint32_t *state, uint8_t *at, uint32_t kind, uint32_t next)
{
	uint32_t size = kind == 44 ? 8 : 8 + 8 * below(state, 4);

	put_random(state, at, size);
	at[0] = (uint8_t)next;
	if (kind == 51) {
		size -= rarely(state, 2) ? 4 : 0;
		size = size < 8 ? 8 : size;
		at[1] = (uint8_t)(size / 4 - 2);
	} else if (kind == 44) {
		put(at + 2, rarely(state, 3) ? random32(state) & 0xffff : random32(state) & 7, 2);
	} else {
		at[1] = (uint8_t)(size / 8 - 1);
	}
	return size;
}

static uint32_t put_ipv6(uint32_t *state, uint8_t *at)
{
	static const uint8_t kinds[] = {0, 43, 44, 51, 60}, protocols[] = {6, 17, 58, 58, 1, 59, 50};
	uint32_t protocol = protocols[below(state, 7)], n = 40;
	uint32_t count = !rarely(state, 3) ? 0 : rarely(state, 3) ? 7 + below(state, 4) : 1 + below(state, 3);
	uint32_t kind = kinds[below(state, 5)], next;

	put_random(state, at, 40);
	at[0] = (uint8_t)(0x60 | below(state, 16));
	at[6] = (uint8_t)(count ? kind : protocol);
	for (uint32_t i = 0; i < count; i++) {
		next = i + 1 == count ? protocol : kinds[below(state, 5)];
		n += put_extension(state, at + n, kind, next);
		kind = next;
	}
	n += put_upper(state, at + n, protocol);
	put(at + 4, n - 40, 2);
	put(at + 37, low24s[below(state, 5)], 3);
	if (rarely(state, 12))
		put(at + 4, n - 43 + below(state, 7), 2);
	return n;
}

static uint32_t put_arp(uint32_t *state, uint8_t *at)
{
	put_random(state, at, 28);
	put(at, 1, 2);
	put(at + 2, 0x800, 2);
	put(at + 4, 0x604, 2);
	put(at + 6, rarely(state, 6) ? random32(state) & 0x103 : 1 + below(state, 2), 2);
	put(at + 24, addresses[below(state, 4)], 4);
	if (rarely(state, 8))
		at[below(state, 6)] ^= (uint8_t)(1u << below(state, 8));
	return 28;
}

static uint32_t put_packet(uint32_t *state, uint8_t *at, uint32_t type)
{
	if (type == 0x0800)
		return put_ipv4(state, at);
	if (type == 0x86dd)
		return put_ipv6(state, at);
	if (type == 0x0806)
		return put_arp(state, at);
	return put_random(state, at, below(state, 60));
}

static uint32_t random_type(uint32_t *state)
{
	static const uint32_t types[] = {0x0800, 0x0800, 0x0800, 0x86dd, 0x86dd, 0x0806, 0x0806};

	if (rarely(state, 20))
		return rarely(state, 2) ? 0x88a8 : random32(state) & 0xffff;
	return types[below(state, 7)];
}

static uint32_t damage(uint32_t *state, uint8_t *frame, uint32_t len)
{
	if (rarely(state, 12))
		frame[below(state, len)] ^= (uint8_t)(1u << below(state, 8));
	if (rarely(state, 20))
		frame[below(state, len)] = (uint8_t)random32(state);
	if (rarely(state, 12))
		len = below(state, len + 1);
	else if (rarely(state, 4))
		len += put_random(state, frame + len, below(state, 20));
	return len;
}

uint32_t random_frame(uint32_t *state, uint8_t frame[RANDOM_FRAME])
{
	uint32_t at = 14, type = random_type(state), id = ids[below(state, 5)];

	put_random(state, frame, 14);
	memcpy(frame, macs[rarely(state, 2) ? below(state, 12) : 0], 6);
	if (rarely(state, 30))
		frame[below(state, 6)] ^= (uint8_t)(1u << below(state, 8));
	if (rarely(state, 5)) {
		put(frame + 12, 0x8100, 2);
		put(frame + 14, (random32(state) & 0xf000) | id, 2);
		at = 18;
		if (rarely(state, 12))
			type = 0x8100;
	}
	put(frame + at - 2, type, 2);
	at += put_packet(state, frame + at, type);
	return damage(state, frame, at);
}
