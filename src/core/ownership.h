/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
/*
 * Who owns the NIC: one pure function of a state and an input, for both roles.
 *
 * It knows no message, no time and no queue. An engine turns what happened into an input, and what the
 * function says into messages, timers and events. The state diagrams of docs/ are drawn from it.
 */
#ifndef SAP_CORE_OWNERSHIP_H
#define SAP_CORE_OWNERSHIP_H

#include <sap/wire.h>

enum ownership_state {
	/* The host's. */
	OWNERSHIP_H_DOOR,    /* SAP is down or AMT is off: the NIC's register decides */
	OWNERSHIP_H_UNSURE,  /* CSME was asked who owns the NIC */
	OWNERSHIP_H_GUEST,   /* CSME owns it */
	OWNERSHIP_H_ASKING,  /* CSME owns it, and was asked for it */
	OWNERSHIP_H_OWNER,   /* the host owns it */
	OWNERSHIP_H_LEAVING, /* CSME takes it, and the host still touches it */
	OWNERSHIP_H_LEFT,    /* CSME takes it, the host let go, CSME is to be told */

	/* CSME's. */
	OWNERSHIP_C_OWNER,   /* CSME owns it */
	OWNERSHIP_C_ASKED,   /* CSME owns it, and the host's request waits for an answer */
	OWNERSHIP_C_GRANTED, /* it is the host's, which has not confirmed yet */
	OWNERSHIP_C_HOST,    /* the host owns it */
	OWNERSHIP_C_TAKING,  /* CSME takes it and waits for the host to let go */

	OWNERSHIP_STATES,
};

enum ownership_input {
	/* Both roles'. */
	OWNERSHIP_AMT_ON, /* host: CSME says so; CSME: set while SAP is down */
	OWNERSHIP_AMT_OFF,
	OWNERSHIP_LOST,	 /* SAP went down */
	OWNERSHIP_LAPSE, /* what was awaited did not come in time */

	/* The host's. */
	OWNERSHIP_SAYS_HOST, /* NIC_OWNER */
	OWNERSHIP_SAYS_CSME,
	OWNERSHIP_GRANTED, /* CSME_REPLY_TO_HOST_OWNERSHIP_REQ */
	OWNERSHIP_REFUSED,
	OWNERSHIP_TAKING, /* CSME_TAKING_OWNERSHIP */
	OWNERSHIP_ASK,	  /* the host wants it, now */
	OWNERSHIP_CLEAR,  /* nothing of the host touches it */
	OWNERSHIP_TOLD,	  /* CSME_OWNERSHIP_CONFIRMED was written */
	OWNERSHIP_GONE,	  /* the host's WLAN driver is gone */

	/* CSME's. */
	OWNERSHIP_ASKED, /* HOST_ASKS_FOR_NIC_OWNERSHIP */
	OWNERSHIP_GRANT,
	OWNERSHIP_REFUSE,
	OWNERSHIP_IGNORE,
	OWNERSHIP_CONFIRMED, /* HOST_OWNERSHIP_CONFIRMED */
	OWNERSHIP_TAKE,
	OWNERSHIP_FORCE,
	OWNERSHIP_LEFT,	     /* CSME_OWNERSHIP_CONFIRMED */
	OWNERSHIP_NO_DRIVER, /* WIFIDR_DOWN */
	OWNERSHIP_REGISTER,  /* the host asks by register, and may */

	OWNERSHIP_INPUTS,
};

/* What an engine is to do. */
enum ownership_act {
	/* The host's. */
	OWNERSHIP_DO_ASK = 1 << 0,	 /* write HOST_ASKS_FOR_NIC_OWNERSHIP, await the answer */
	OWNERSHIP_DO_CONFIRM = 1 << 1,	 /* write HOST_OWNERSHIP_CONFIRMED */
	OWNERSHIP_DO_LEAVE = 1 << 2,	 /* have the device taken down, block the radio */
	OWNERSHIP_DO_VACATE = 1 << 19,	 /* the same, if the host touches it */
	OWNERSHIP_DO_TELL = 1 << 3,	 /* write CSME_OWNERSHIP_CONFIRMED, once the lane is closed */
	OWNERSHIP_DO_REASK = 1 << 4,	 /* ask again later, if the NIC is wanted */
	OWNERSHIP_DO_UNBLOCK = 1 << 5,	 /* unblock the radio */
	OWNERSHIP_DONE_GRANTED = 1 << 6, /* the request ended so */
	OWNERSHIP_DONE_REFUSED = 1 << 7,
	OWNERSHIP_DONE_TIMEOUT = 1 << 8,
	OWNERSHIP_DONE_TAKEN = 1 << 9,
	OWNERSHIP_DONE_DOWN = 1 << 10,

	/* CSME's. */
	OWNERSHIP_DO_GRANT = 1 << 11,	  /* answer every request that waits: granted */
	OWNERSHIP_DO_REFUSE = 1 << 12,	  /* answer every request that waits: refused */
	OWNERSHIP_DO_TAKE = 1 << 13,	  /* write CSME_TAKING_OWNERSHIP */
	OWNERSHIP_DO_WAIT = 1 << 14,	  /* the host has so long to let go */
	OWNERSHIP_DO_KEEP = 1 << 15,	  /* CSME took it: keep it for a while */
	OWNERSHIP_IS_FORCED = 1 << 16,	  /* CSME took it without the host's confirmation */
	OWNERSHIP_DO_DECIDE = 1 << 17,	  /* apply the policy */
	OWNERSHIP_IS_CONFIRMED = 1 << 18, /* the host said that it took it */
};

/* What kind of pair of state and input it is. */
enum ownership_cell {
	OWNERSHIP_UNLISTED = 0, /* forgotten in the table; there is none */
	OWNERSHIP_GO,		/* a transition, perhaps to the same state, with something to do */
	OWNERSHIP_STAY,		/* nothing to do */
	OWNERSHIP_ODD,		/* the peer said what no one awaited: nothing to do, and counted */
	OWNERSHIP_NEVER,	/* the engines do not ask this */
};

struct ownership_step {
	uint8_t cell; /* enum ownership_cell */
	uint8_t next; /* enum ownership_state */
	uint32_t acts;
};

/* The function. */
struct ownership_step ownership_next(enum ownership_state state, enum ownership_input input);

/* Whose NIC it is in a state. */
enum sap_owner ownership_owner(enum ownership_state state);

/* For diagrams and sap_host_why(): one word, one clause, what is awaited (or null). */
const char *ownership_name(enum ownership_state state);
const char *ownership_meaning(enum ownership_state state);
const char *ownership_awaits(enum ownership_state state);
const char *ownership_input_name(enum ownership_input input);

#endif
