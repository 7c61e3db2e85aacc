// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
#include "dhcp.h"

#include <string.h>

#include <sap/frame.h>

enum {
	CLIENT_PORT = 68,
	SERVER_PORT = 67,
	UDP_HEADER = 8,
	FIXED = 240, /* bytes of a message before its options: BOOTP's, and the cookie */
};

/* Where things stand in a message. */
enum {
	AT_OP = 0,
	AT_HTYPE = 1,
	AT_HLEN = 2,
	AT_XID = 4,
	AT_CIADDR = 12,
	AT_YIADDR = 16,
	AT_CHADDR = 28,
	AT_COOKIE = 236,
};

enum {
	OPTION_PAD = 0,
	OPTION_MASK = 1,
	OPTION_ROUTER = 3,
	OPTION_REQUESTED = 50,
	OPTION_TYPE = 53,
	OPTION_END = 255,
};

static uint32_t get16(const uint8_t *at)
{
	return (uint32_t)at[0] << 8 | at[1];
}

static uint32_t get32(const uint8_t *at)
{
	return get16(at) << 16 | get16(at + 2);
}

/* What is inside UDP, as far as both its own length and the frame go; null if that is nowhere. */
static const uint8_t *find(const uint8_t *frame, uint32_t len, const struct sap_frame *facts, uint32_t *size)
{
	const uint32_t ip = facts->tagged ? 18 : 14;
	const uint32_t udp = ip + (frame[ip] & 15u) * 4;
	uint32_t said;

	if (len < udp + UDP_HEADER)
		return NULL;
	said = get16(frame + udp + 4);
	if (said < UDP_HEADER || said > len - udp)
		return NULL;
	*size = said - UDP_HEADER;
	return frame + udp + UDP_HEADER;
}

static void take_option(struct net_dhcp *dhcp, uint8_t code, const uint8_t *value, uint32_t len)
{
	if (code == OPTION_TYPE && len == 1)
		dhcp->type = value[0];
	else if (code == OPTION_MASK && len == 4)
		dhcp->mask = get32(value);
	else if (code == OPTION_ROUTER && len >= 4)
		dhcp->router = get32(value);
	else if (code == OPTION_REQUESTED && len == 4)
		dhcp->requested = get32(value);
}

/* False if an option runs over the end. What lies behind the end mark is of no interest. */
static bool read_options(struct net_dhcp *dhcp, const uint8_t *at, uint32_t len)
{
	while (len && at[0] != OPTION_END) {
		uint32_t step = 1;

		if (at[0] != OPTION_PAD) {
			if (len < 2 || at[1] > len - 2)
				return false;
			take_option(dhcp, at[0], at + 2, at[1]);
			step = 2u + at[1];
		}
		at += step;
		len -= step;
	}
	return true;
}

static bool read_message(struct net_dhcp *dhcp, const uint8_t *at, uint32_t len)
{
	static const uint8_t cookie[4] = {99, 130, 83, 99};

	if (len < FIXED || memcmp(at + AT_COOKIE, cookie, sizeof(cookie)) != 0)
		return false;
	if (at[AT_OP] != (dhcp->from_client ? 1 : 2) || at[AT_HTYPE] != 1 ||
	    at[AT_HLEN] != sizeof(dhcp->client.bytes))
		return false;
	dhcp->xid = get32(at + AT_XID);
	dhcp->in_use = get32(at + AT_CIADDR);
	dhcp->given = get32(at + AT_YIADDR);
	memcpy(dhcp->client.bytes, at + AT_CHADDR, sizeof(dhcp->client.bytes));
	return read_options(dhcp, at + FIXED, len - FIXED) && dhcp->type;
}

bool net_dhcp_read(const uint8_t *frame, uint32_t len, struct net_dhcp *dhcp)
{
	struct sap_frame facts;
	const uint8_t *message;
	uint32_t size;

	memset(dhcp, 0, sizeof(*dhcp));
	sap_frame_read(frame, len, &facts);
	if (facts.flaw || facts.type != SAP_ETHERTYPE_IPV4 || facts.protocol != SAP_IPPROTO_UDP ||
	    facts.fragment || !facts.has_ports)
		return false;
	dhcp->from_client = facts.src_port == CLIENT_PORT && facts.dst_port == SERVER_PORT;
	if (!dhcp->from_client && (facts.src_port != SERVER_PORT || facts.dst_port != CLIENT_PORT))
		return false;
	message = find(frame, len, &facts, &size);
	return message && read_message(dhcp, message, size);
}

/* --- the lease --- */

/* An address that a host can have: not 0.x, 127.x, nor from 224 up. */
static bool is_usable(uint32_t address)
{
	const uint32_t first = address >> 24;

	return first && first != 127 && first < 224;
}

/* Ones, and then zeroes. */
static bool is_mask(uint32_t mask)
{
	return mask && !(~mask & (~mask + 1));
}

static bool set(struct net_lease *lease, uint32_t address, uint32_t mask, uint32_t router)
{
	bool changed = lease->address != address || lease->mask != mask || lease->router != router;

	lease->address = address;
	lease->mask = mask;
	lease->router = router;
	return changed;
}

static bool client_said(struct net_lease *lease, const struct net_dhcp *dhcp)
{
	const uint32_t usual = 0xffffff00u; /* until an answer tells the mask */

	switch (dhcp->type) {
	case NET_DHCP_REQUEST:
		lease->asked = true;
		lease->xid = dhcp->xid;
		if (!is_usable(dhcp->in_use) || dhcp->in_use == lease->address)
			return false;
		return set(lease, dhcp->in_use, usual, 0);
	case NET_DHCP_DECLINE:
	case NET_DHCP_RELEASE:
		lease->asked = false;
		return set(lease, 0, 0, 0);
	default:
		return false;
	}
}

static bool server_said(struct net_lease *lease, const struct net_dhcp *dhcp)
{
	uint32_t mask = is_mask(dhcp->mask) ? dhcp->mask : 0xffffff00u;
	uint32_t router;

	/* Anybody can send an answer; only one to what the host asked counts. */
	if (!lease->asked || dhcp->xid != lease->xid)
		return false;
	if (dhcp->type == NET_DHCP_NAK) {
		lease->asked = false;
		return set(lease, 0, 0, 0);
	}
	if (dhcp->type != NET_DHCP_ACK || !is_usable(dhcp->given))
		return false;
	lease->asked = false;
	/* A router elsewhere cannot be reached. */
	router = (dhcp->router & mask) == (dhcp->given & mask) ? dhcp->router : 0;
	return set(lease, dhcp->given, mask, router);
}

bool net_lease_hear(struct net_lease *lease, const struct net_dhcp *dhcp, const struct sap_mac *client)
{
	if (memcmp(dhcp->client.bytes, client->bytes, sizeof(client->bytes)) != 0)
		return false;
	return dhcp->from_client ? client_said(lease, dhcp) : server_said(lease, dhcp);
}
