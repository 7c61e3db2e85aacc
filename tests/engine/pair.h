/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
/*
 * Both engines over the loopback, joined by pumps, on a virtual clock.
 *
 * What goes over the wire is written down where it arrives: taps of the engines that take it, so that only
 * what really came through the shared memory counts. A hash goes over all bytes and events, for comparing
 * runs.
 */
#ifndef SAP_TEST_PAIR_H
#define SAP_TEST_PAIR_H

#include "rig.h"

#include <sap/loopback.h>

enum {
	PAIR_MEMORY = 172032,
};

/* All that changes; copied, it is a snapshot. */
struct pair_state {
	struct sap_host_state host;
	struct sap_csme_state csme;
	struct sap_packets host_lane, csme_lane;
	struct sap_loopback_state loop;
	uint64_t now;
	uint8_t memory[PAIR_MEMORY];
};

struct pair {
	struct sap_host host;
	struct sap_csme csme;
	struct sap_packets host_lane, csme_lane;
	struct sap_loopback loop;
	struct sap_pump host_pump, csme_pump;
	uint64_t now;
	uint8_t *memory;
	/* The host takes its device down as it is told to. */
	bool obeys;
	/* Restart what went down. */
	bool restarts;

	struct rig_text wire, host_events, csme_events;
	bool mute; /* nothing is written down but the hash */
	uint32_t hash;
	unsigned ups, downs; /* of the host */
	unsigned forced;
};

/* Null: the defaults. */
void pair_make(struct pair *pair, const struct sap_host_config *host, const struct sap_csme_config *csme);
void pair_free(struct pair *pair);

/* Does all that can be done now; lets time pass. */
void pair_settle(struct pair *pair);
void pair_wait(struct pair *pair, uint64_t ms);

/* Both started; AMT is on first if so wanted; a driver is registered. */
void pair_up(struct pair *pair, bool amt);

void pair_forget(struct pair *pair);
void pair_fault(struct pair *pair, const struct sap_loopback_fault *fault);

/* Both agree who owns the NIC, and SAP is up. */
bool pair_agrees(const struct pair *pair);

void pair_save(const struct pair *pair, struct pair_state *state);
void pair_restore(struct pair *pair, const struct pair_state *state);

#define pair_wire_is(pair, expected) rig_text_is(&(pair)->wire, (expected), __FILE__, __LINE__)
#define pair_host_is(pair, expected) rig_text_is(&(pair)->host_events, (expected), __FILE__, __LINE__)
#define pair_csme_is(pair, expected) rig_text_is(&(pair)->csme_events, (expected), __FILE__, __LINE__)
#define pair_ok(pair, call)                    \
	do {                                   \
		assert_status((call), SAP_OK); \
		pair_settle(pair);             \
	} while (0)

#endif
