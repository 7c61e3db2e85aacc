// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
/* Where the world comes to rest, and the number by which a state is known again. */
#include "../../src/core/ownership.h"
#include "world.h"

#include <string.h>

/* --- rest --- */

static bool nothing_on_the_way(void)
{
	return !world.loop.state.to[SAP_LOOPBACK_HOST].count && !world.loop.state.to[SAP_LOOPBACK_CSME].count;
}

static bool read_all(const struct sap_producer *out, const struct sap_consumer *in)
{
	return out->next == out->wr && out->wr == in->next && in->next == in->rd;
}

static bool nothing_owed(void)
{
	const struct sap_host_state *host = &world.host.state;
	const struct sap_csme_state *csme = &world.csme.state;

	return !host->owed && !csme->owed && !host->pings_owed && !csme->pings_owed && !host->link.bell &&
	       !csme->link.bell && read_all(&host->link.out, &csme->link.in) &&
	       read_all(&csme->link.out, &host->link.in) && !world.watch.own_owed;
}

/* With AMT on both know the owner, and nothing is half done; without, the host goes to the register. */
static bool agreed(void)
{
	const struct sap_host_state *host = &world.host.state;
	const struct sap_csme_state *csme = &world.csme.state;

	if (host->amt != csme->amt)
		return false;
	if (!host->amt)
		return host->ownership == OWNERSHIP_H_DOOR && csme->ownership == OWNERSHIP_C_HOST;
	/* That it went while AMT was off nobody tells CSME (section 8). */
	if (host->driver && !csme->driver)
		return false;
	switch ((enum ownership_state)csme->ownership) {
	case OWNERSHIP_C_OWNER:
		return host->ownership == OWNERSHIP_H_GUEST;
	case OWNERSHIP_C_ASKED:
		return host->ownership == OWNERSHIP_H_GUEST && csme->policy == SAP_POLICY_ASK;
	case OWNERSHIP_C_HOST:
		return host->ownership == OWNERSHIP_H_OWNER;
	default:
		return false;
	}
}

bool world_at_rest(void)
{
	enum sap_phase host = (enum sap_phase)world.host.state.link.phase;
	enum sap_phase csme = (enum sap_phase)world.csme.state.link.phase;

	if (world.nic.overlap || world.watch.must_leave || !nothing_on_the_way())
		return false;
	if (world.watch.stopped)
		return host == SAP_PHASE_DOWN && csme == SAP_PHASE_CONNECTING &&
		       world.csme.state.ownership != OWNERSHIP_C_TAKING;
	return host == SAP_PHASE_UP && csme == SAP_PHASE_UP && nothing_owed() && agreed();
}

/* --- the number --- */

static uint64_t mixed(uint64_t h, uint64_t x)
{
	h = (h ^ x) * 0x9e3779b97f4a7c15u;
	return h ^ h >> 32;
}

static uint64_t add_bytes(uint64_t h, const void *bytes, size_t n)
{
	const uint8_t *p = bytes;

	for (size_t i = 0; i < n; i++)
		h = mixed(h, p[i] + 1u);
	return h;
}

/* What is on the way, but for the sequence numbers of ME messages (bytes 4 to 7). */
static uint64_t add_lane(uint64_t h, const struct sap_loopback_lane *lane)
{
	h = mixed(h, lane->count);
	for (uint32_t i = 0; i < lane->count; i++) {
		h = add_bytes(h, lane->message[i].bytes, 1);
		h = add_bytes(h, lane->message[i].bytes + SAP_ME_HEADER_SIZE,
			      lane->message[i].len > SAP_ME_HEADER_SIZE ? 8 : 0);
	}
	return h;
}

uint64_t world_digest(void)
{
	const struct sap_loopback_state *loop = &world.loop.state;
	uint64_t h = sap_host_digest(&world.host);

	h = mixed(h, sap_csme_digest(&world.csme));
	h = mixed(h, world.now - world.host.state.link.now);
	h = mixed(h, world.now - world.csme.state.link.now);
	for (unsigned end = 0; end < 2; end++) {
		h = mixed(h, loop->phase[end] | (uint64_t)loop->mapped[end] << 8);
		h = add_lane(h, &loop->to[end]);
	}
	h = add_bytes(h, world.budget, sizeof(world.budget));
	return add_bytes(h, &world.watch, sizeof(world.watch));
}
