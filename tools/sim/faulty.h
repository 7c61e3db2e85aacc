/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
/*
 * A wrapper around any transport that has things go wrong on one side: its maps, its connection, the ME
 * messages that it sends and receives, and its own words in the shared memory.
 *
 * What it remembers is plain data without pointers. It has no clock: whoever has one says what time it is, and
 * asks when it is to be told next.
 */
#ifndef SIM_FAULTY_H
#define SIM_FAULTY_H

#include <sap/engine.h>

enum {
	SIM_FAULTY_HELD = 8, /* messages that wait to be late, at most; more are not taken */
};

/* What goes wrong from now on. All of it 0, false and SAP_OK: nothing. */
struct sim_mishaps {
	enum sap_status fail_map; /* what maps of more than `map_above` bytes are answered */
	uint32_t map_above;
	uint32_t drop;	    /* so many of the next messages that are sent never arrive */
	uint32_t lose;	    /* an ME type: the next message of it never arrives; 0: none */
	bool cut_next;	    /* the connection ends from below as soon as there is one */
	bool scribble_next; /* the word is written as a doorbell goes out, once there is memory */
	uint32_t delay_ms;  /* those that are sent arrive so much later */
	bool twice;	    /* those that are sent arrive twice */
	bool frozen;	    /* nothing is received, not even that the connection ended */
};

struct sim_late_message {
	uint64_t at;
	uint32_t len;
	uint8_t bytes[SAP_ME_MAX_SIZE];
};

struct sim_faulty {
	/* What is the case. */
	struct sim_mishaps mishaps; /* change them as you like */
	uint64_t now;
	bool cut; /* the connection was, and the engine has not ended it yet */
	bool scribbles;
	uint32_t where, word;
	uint32_t held;
	struct sim_late_message late[SIM_FAULTY_HELD];

	/* What it hangs on. */
	struct sap_transport inner;
	struct sap_mem mem; /* that was mapped last; null if none is */
};

void sim_faulty_init(struct sim_faulty *faulty, const struct sap_transport *inner);

/* It must stay where it is as long as this is in use. */
struct sap_transport sim_faulty_transport(struct sim_faulty *faulty);

/* What time it is: what is late and due is sent. And when there is more of it; SAP_NEVER if there is none. */
void sim_faulty_tick(struct sim_faulty *faulty, uint64_t now);
uint64_t sim_faulty_deadline(const struct sim_faulty *faulty);

/* The connection ends from below, and for both sides: now, or if there is none as soon as there is. */
void sim_faulty_cut(struct sim_faulty *faulty);

/*
 * Writes a word into the shared memory behind the engine's back: at once, and again as the next message is sent,
 * in case the engine wrote its own there meanwhile. If there is no memory, as the first doorbell goes out once there
 * is; nothing if it lies outside.
 */
void sim_faulty_scribble(struct sim_faulty *faulty, uint32_t offset, uint32_t word);

#endif
