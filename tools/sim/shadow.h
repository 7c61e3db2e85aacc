/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
/*
 * A private copy of the shared memory for one side's engine. What the peer writes comes in when it is
 * asked for, and can be written down; what the engine writes goes out when that is asked for.
 *
 * The peer writes at any time, so who wants to know what an engine read cannot let it read the real memory.
 */
#ifndef SIM_SHADOW_H
#define SIM_SHADOW_H

#include <sap/area.h>
#include <sap/me.h>

#include "memory.h"
#include "log.h"

struct sim_shadow {
	enum sap_role role;
	uint8_t *live;	 /* the real memory; null: there is none */
	uint8_t *memory; /* what the engine works on */
	uint32_t size;
	bool fresh;	    /* the host's, and nothing went out yet */
	uint32_t shown[8];  /* our indices as they last went out, by place in the control block */
	uint8_t *scratch;   /* what was just read of the real memory, each byte once */
	struct bytes bytes; /* of the pieces that came in */
	struct bytes pieces;
};

/* There is memory now; the engine is to be given `memory`. At most `most` bytes of it are of interest. */
void sim_shadow_open(struct sim_shadow *shadow, enum sap_role role, const struct sap_mem *live,
		     uint32_t most);
void sim_shadow_close(struct sim_shadow *shadow);

/*
 * Takes in what the peer wrote: its indices, as they are, and what lies in the queues to us. `area` is the
 * engine's own, which says where they lie. The record has a piece for each change; none: no `count`.
 */
void sim_shadow_in(struct sim_shadow *shadow, const struct sap_area *area, struct sim_record *record);

/* Takes in everything, as CSME has to that does not know yet what it was given. */
void sim_shadow_in_all(struct sim_shadow *shadow, struct sim_record *record);

/* Shows the peer what the engine wrote: first bytes, then the indices. */
void sim_shadow_out(struct sim_shadow *shadow, const struct sap_area *area);

#endif
