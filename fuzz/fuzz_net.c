// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
/*
 * What comes to the simulated CSME from anybody: a frame at its gate and as DHCP, and a request of HTTP. The
 * first byte says which; every read is within memory of the exact size.
 */
#include "fuzz.h"

#include "../tools/net/dhcp.h"
#include "../tools/net/gate.h"
#include "../tools/net/http_request.h"

static bool is_between(const char *at, const uint8_t *bytes, size_t len)
{
	return (const uint8_t *)at >= bytes && (const uint8_t *)at <= bytes + len;
}

static void frame(const uint8_t *bytes, size_t len)
{
	static const struct net_addresses mine = {
		.mac = {{2, 0, 0, 0, 0, 5}},
		.ipv4 = 0x0a090005,
		.ipv6 = {{0xfe, 0x80, [11] = 0xff, 0xfe, 0, 0, 5}},
		.n_ipv6 = 1,
	};
	struct net_lease lease = {0};
	struct net_dhcp dhcp;
	enum net_gate closed = net_gate_check(&mine, false, bytes, (uint32_t)len);
	enum net_gate open = net_gate_check(&mine, true, bytes, (uint32_t)len);

	/* Answering echo requests opens the gate for some more, and closes it for none. */
	MUST(open == closed || (closed == NET_GATE_SERVICE && open == NET_GATE_OPEN));
	/* What enters is for this station or a group, and of an ordinary type. */
	if (open == NET_GATE_OPEN) {
		MUST(len >= 34 && ((bytes[0] & 1) || !memcmp(bytes, mine.mac.bytes, 6)));
		MUST(!memcmp(bytes + 12, "\x08\x00", 2) || !memcmp(bytes + 12, "\x08\x06", 2) ||
		     !memcmp(bytes + 12, "\x86\xdd", 2));
	}
	if (!net_dhcp_read(bytes, (uint32_t)len, &dhcp))
		return;
	MUST(dhcp.type);
	lease.asked = true;
	lease.xid = dhcp.xid;
	(void)net_lease_hear(&lease, &dhcp, &dhcp.client);
	/* An address that came of it can be one. */
	MUST(!lease.address || (lease.address >> 24 && lease.address >> 24 < 224 && lease.mask));
}

static void request(const uint8_t *bytes, size_t len)
{
	const char *text = (const char *)bytes;
	struct net_http_request r;
	size_t end = net_http_end(text, len);

	MUST(end <= len && is_between(text + end, bytes, len));
	if (!end)
		return;
	/* The end does not depend on what follows it. */
	MUST(net_http_end(text, end) == end);
	MUST(bytes[end - 1] == '\n');
	net_http_read(text, end, &r);
	MUST(r.status >= 200 && r.status < 600 && net_http_reason(r.status)[0]);
	MUST(r.bytes <= NET_HTTP_DOWNLOAD && r.rate <= NET_HTTP_DOWNLOAD);
	MUST(r.status != 200 || r.what == NET_HTTP_PAGE || r.what == NET_HTTP_BYTES);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	uint8_t *exact;

	if (size < 1)
		return 0;
	exact = fresh(size - 1, 0);
	memcpy(exact, data + 1, size - 1);
	if (data[0] & 1)
		request(exact, size - 1);
	else
		frame(exact, size - 1);
	free(exact);
	return 0;
}
