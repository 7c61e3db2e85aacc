// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
/* The conformance kit: rules of `map` and `unmap`. */
#include "check.h"

static uint32_t size_of(const struct check_run *run)
{
	return run->given->sizes[0];
}

static bool gives_memory(struct check_run *run)
{
	if (!sap_check_map(run, CHECK_HOST, size_of(run)))
		return false;
	sap_check_fill(run, CHECK_HOST, 1);
	return sap_check_filled(run, CHECK_HOST, 1, "a byte that the host wrote, read back");
}

/* What either end writes, the other sees. Both are mapped. */
static bool is_shared(struct check_run *run, uint32_t seed)
{
	sap_check_fill(run, CHECK_HOST, seed);
	if (!sap_check_filled(run, CHECK_CSME, seed, "a byte that the host wrote, read by CSME"))
		return false;
	sap_check_fill(run, CHECK_CSME, seed + 1);
	return sap_check_filled(run, CHECK_HOST, seed + 1, "a byte that CSME wrote, read by the host");
}

static bool is_one_memory(struct check_run *run)
{
	return sap_check_up(run, size_of(run)) && is_shared(run, 1);
}

static bool early_is_kept(struct check_run *run)
{
	if (!sap_check_map(run, CHECK_HOST, size_of(run)))
		return false;
	sap_check_fill(run, CHECK_HOST, 3);
	sap_check_settle(run);
	return sap_check_connect(run, CHECK_CSME) && sap_check_map(run, CHECK_CSME, size_of(run)) &&
	       sap_check_filled(run, CHECK_CSME, 3, "a byte that the host wrote before it connected");
}

static bool nothing_to_adopt(struct check_run *run)
{
	return sap_check_connect(run, CHECK_HOST) && sap_check_map_says(run, CHECK_CSME, 0, SAP_UNSUPPORTED);
}

static bool never_any(struct check_run *run)
{
	/* Never means: not the second time either. */
	for (uint32_t asked = 0; asked < 2; asked++) {
		if (!sap_check_map_says(run, CHECK_HOST, 4096, SAP_UNSUPPORTED))
			return false;
	}
	return nothing_to_adopt(run);
}

static bool stays_until_unmap(struct check_run *run)
{
	if (!sap_check_up(run, size_of(run)))
		return false;
	sap_check_fill(run, CHECK_HOST, 5);
	return sap_check_send(run, CHECK_HOST, 1, CHECK_USUAL) &&
	       sap_check_recv(run, CHECK_CSME, 1, CHECK_USUAL) &&
	       sap_check_filled(run, CHECK_CSME, 5, "a byte of CSME's memory after a message") &&
	       sap_check_disconnect(run, CHECK_HOST) &&
	       sap_check_filled(run, CHECK_HOST, 5, "a byte of the host's memory after its disconnect") &&
	       sap_check_disconnect(run, CHECK_CSME) &&
	       sap_check_filled(run, CHECK_CSME, 5, "a byte of CSME's memory after its disconnect");
}

/* CSME is still reading as the host gives up. It need not see what it then writes anywhere else. */
static bool peer_may_read_on(struct check_run *run)
{
	if (!sap_check_up(run, size_of(run)))
		return false;
	sap_check_fill(run, CHECK_HOST, 7);
	if (!sap_check_disconnect(run, CHECK_HOST) || !sap_check_unmap(run, CHECK_HOST))
		return false;
	sap_check_settle(run);
	if (!sap_check_filled(run, CHECK_CSME, 7, "a byte of CSME's memory after the host's unmap"))
		return false;
	sap_check_fill(run, CHECK_CSME, 8);
	return sap_check_filled(run, CHECK_CSME, 8, "a byte that CSME wrote after the host's unmap") &&
	       sap_check_disconnect(run, CHECK_CSME) && sap_check_unmap(run, CHECK_CSME);
}

static bool unmap_twice(struct check_run *run)
{
	return sap_check_unmap(run, CHECK_HOST) && sap_check_unmap(run, CHECK_CSME);
}

static bool unmap_repeats(struct check_run *run)
{
	if (!unmap_twice(run))
		return false;
	if (run->given->no_map)
		return unmap_twice(run);
	return sap_check_up(run, size_of(run)) && sap_check_down(run) && unmap_twice(run) && unmap_twice(run);
}

/* The second size is another one, so that an end that remembers the first is seen. */
static bool can_be_made_anew(struct check_run *run)
{
	uint32_t second = run->given->sizes[1] ? run->given->sizes[1] : size_of(run);

	return sap_check_up(run, size_of(run)) && is_shared(run, 9) && sap_check_down(run) &&
	       sap_check_up(run, second) && is_shared(run, 11) && sap_check_down(run) &&
	       sap_check_up(run, size_of(run)) && is_shared(run, 13);
}

static const struct check_rule rules[] = {
	{"map-gives-memory", "what the host maps is memory of that size, at a multiple of 4", CHECK_WITH_MAP,
	 gives_memory},
	{"map-shares", "both ends map the same memory", CHECK_WITH_MAP, is_one_memory},
	{"map-early-is-kept", "what the host mapped before the connection is kept for CSME", CHECK_WITH_MAP,
	 early_is_kept},
	{"map-none", "a CSME whose peer made no memory gets UNSUPPORTED", CHECK_WITH_MAP, nothing_to_adopt},
	{"map-unsupported", "without shared memory, map says UNSUPPORTED each time", CHECK_WITHOUT_MAP,
	 never_any},
	{"map-stays", "memory stays as it is until unmap, over messages and disconnect", CHECK_WITH_MAP,
	 stays_until_unmap},
	{"map-anew", "after unmap, memory can be made again, of another size too", CHECK_WITH_MAP,
	 can_be_made_anew},
	{"unmap-leaves-peer", "what the host gives up stays valid for CSME until its own unmap",
	 CHECK_WITH_MAP, peer_may_read_on},
	{"unmap-repeats", "unmap may be repeated, and called with nothing mapped", CHECK_ALL, unmap_repeats},
};

const struct check_rules sap_check_memory = {rules, sizeof(rules) / sizeof(rules[0])};
