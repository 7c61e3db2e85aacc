// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
/*
 * The table of ownership (docs/protocol/sap.md section 8). A row is a state, a column an input; each pair
 * is listed, those that cannot be too.
 */
#include "ownership.h"

/* clang-format off */

#define GO(state, acts) {OWNERSHIP_GO, OWNERSHIP_##state, acts}
#define STAY            {OWNERSHIP_STAY, 0, 0}
#define ODD             {OWNERSHIP_ODD, 0, 0}
#define NEVER           {OWNERSHIP_NEVER, 0, 0}

#define DO_ASK        OWNERSHIP_DO_ASK
#define DO_CONFIRM    OWNERSHIP_DO_CONFIRM
#define DO_LEAVE      OWNERSHIP_DO_LEAVE
#define DO_VACATE     OWNERSHIP_DO_VACATE
#define DO_TELL       OWNERSHIP_DO_TELL
#define DO_REASK      OWNERSHIP_DO_REASK
#define DO_UNBLOCK    OWNERSHIP_DO_UNBLOCK
#define DONE_GRANTED  OWNERSHIP_DONE_GRANTED
#define DONE_REFUSED  OWNERSHIP_DONE_REFUSED
#define DONE_TIMEOUT  OWNERSHIP_DONE_TIMEOUT
#define DONE_TAKEN    OWNERSHIP_DONE_TAKEN
#define DONE_DOWN     OWNERSHIP_DONE_DOWN
#define DO_GRANT      OWNERSHIP_DO_GRANT
#define DO_REFUSE     OWNERSHIP_DO_REFUSE
#define DO_TAKE       OWNERSHIP_DO_TAKE
#define DO_WAIT       OWNERSHIP_DO_WAIT
#define DO_KEEP       OWNERSHIP_DO_KEEP
#define DO_DECIDE     OWNERSHIP_DO_DECIDE
#define IS_FORCED     OWNERSHIP_IS_FORCED
#define IS_CONFIRMED  OWNERSHIP_IS_CONFIRMED

/* What the other role is fed. */
#define NOT_THE_HOSTS                                                                                   \
	[OWNERSHIP_ASKED] = NEVER, [OWNERSHIP_GRANT] = NEVER, [OWNERSHIP_REFUSE] = NEVER,               \
	[OWNERSHIP_IGNORE] = NEVER, [OWNERSHIP_CONFIRMED] = NEVER, [OWNERSHIP_TAKE] = NEVER,            \
	[OWNERSHIP_FORCE] = NEVER, [OWNERSHIP_LEFT] = NEVER, [OWNERSHIP_NO_DRIVER] = NEVER,             \
	[OWNERSHIP_REGISTER] = NEVER
#define NOT_CSMES                                                                                       \
	[OWNERSHIP_SAYS_HOST] = NEVER, [OWNERSHIP_SAYS_CSME] = NEVER, [OWNERSHIP_GRANTED] = NEVER,      \
	[OWNERSHIP_REFUSED] = NEVER, [OWNERSHIP_TAKING] = NEVER, [OWNERSHIP_ASK] = NEVER,               \
	[OWNERSHIP_CLEAR] = NEVER, [OWNERSHIP_TOLD] = NEVER, [OWNERSHIP_GONE] = NEVER

static const struct ownership_step table[OWNERSHIP_STATES][OWNERSHIP_INPUTS] = {
	[OWNERSHIP_H_DOOR] = {
		[OWNERSHIP_AMT_ON]    = GO(H_UNSURE, 0),
		[OWNERSHIP_AMT_OFF]   = STAY,
		[OWNERSHIP_LOST]      = STAY,
		[OWNERSHIP_LAPSE]     = NEVER,
		[OWNERSHIP_SAYS_HOST] = ODD,
		[OWNERSHIP_SAYS_CSME] = ODD,
		[OWNERSHIP_GRANTED]   = ODD,
		[OWNERSHIP_REFUSED]   = ODD,
		/* Not awaited, but whoever takes it without AMT takes it all the same. */
		[OWNERSHIP_TAKING]    = GO(H_LEAVING, DO_LEAVE),
		[OWNERSHIP_ASK]       = NEVER,
		[OWNERSHIP_CLEAR]     = STAY,
		[OWNERSHIP_TOLD]      = NEVER,
		[OWNERSHIP_GONE]      = STAY,
		NOT_THE_HOSTS,
	},
	[OWNERSHIP_H_UNSURE] = {
		[OWNERSHIP_AMT_ON]    = STAY,
		[OWNERSHIP_AMT_OFF]   = GO(H_DOOR, DO_UNBLOCK),
		[OWNERSHIP_LOST]      = GO(H_DOOR, DO_UNBLOCK),
		[OWNERSHIP_LAPSE]     = NEVER,
		[OWNERSHIP_SAYS_HOST] = GO(H_OWNER, DO_UNBLOCK),
		/* It may have gone while SAP was down, and the host may touch it by the register. */
		[OWNERSHIP_SAYS_CSME] = GO(H_GUEST, DO_VACATE),
		[OWNERSHIP_GRANTED]   = GO(H_OWNER, DO_CONFIRM | DO_UNBLOCK),
		[OWNERSHIP_REFUSED]   = ODD,
		[OWNERSHIP_TAKING]    = GO(H_LEAVING, DO_LEAVE),
		[OWNERSHIP_ASK]       = GO(H_ASKING, DO_ASK),
		[OWNERSHIP_CLEAR]     = STAY,
		[OWNERSHIP_TOLD]      = NEVER,
		[OWNERSHIP_GONE]      = GO(H_GUEST, 0),
		NOT_THE_HOSTS,
	},
	[OWNERSHIP_H_GUEST] = {
		[OWNERSHIP_AMT_ON]    = STAY,
		[OWNERSHIP_AMT_OFF]   = GO(H_DOOR, DO_UNBLOCK),
		[OWNERSHIP_LOST]      = GO(H_DOOR, DO_UNBLOCK),
		[OWNERSHIP_LAPSE]     = NEVER,
		[OWNERSHIP_SAYS_HOST] = GO(H_OWNER, DO_UNBLOCK),
		[OWNERSHIP_SAYS_CSME] = STAY,
		/* Messages carry no ids: a late grant is a grant. */
		[OWNERSHIP_GRANTED]   = GO(H_OWNER, DO_CONFIRM | DO_UNBLOCK),
		[OWNERSHIP_REFUSED]   = ODD,
		[OWNERSHIP_TAKING]    = GO(H_LEAVING, DO_LEAVE),
		[OWNERSHIP_ASK]       = GO(H_ASKING, DO_ASK),
		[OWNERSHIP_CLEAR]     = STAY,
		[OWNERSHIP_TOLD]      = STAY,
		[OWNERSHIP_GONE]      = STAY,
		NOT_THE_HOSTS,
	},
	[OWNERSHIP_H_ASKING] = {
		[OWNERSHIP_AMT_ON]    = STAY,
		[OWNERSHIP_AMT_OFF]   = GO(H_DOOR, DONE_DOWN | DO_UNBLOCK),
		[OWNERSHIP_LOST]      = GO(H_DOOR, DONE_DOWN | DO_UNBLOCK),
		[OWNERSHIP_LAPSE]     = GO(H_GUEST, DONE_TIMEOUT | DO_REASK),
		/* CSME wrote it after it gave the NIC, or never had it: the request is granted. Its own answer is
		   still to come, and is confirmed then. */
		[OWNERSHIP_SAYS_HOST] = GO(H_OWNER, DONE_GRANTED | DO_UNBLOCK),
		[OWNERSHIP_SAYS_CSME] = STAY,
		[OWNERSHIP_GRANTED]   = GO(H_OWNER, DONE_GRANTED | DO_CONFIRM | DO_UNBLOCK),
		[OWNERSHIP_REFUSED]   = GO(H_GUEST, DONE_REFUSED | DO_REASK),
		[OWNERSHIP_TAKING]    = GO(H_LEAVING, DONE_TAKEN | DO_LEAVE),
		[OWNERSHIP_ASK]       = NEVER,
		[OWNERSHIP_CLEAR]     = STAY,
		[OWNERSHIP_TOLD]      = NEVER,
		[OWNERSHIP_GONE]      = GO(H_GUEST, DONE_DOWN),
		NOT_THE_HOSTS,
	},
	[OWNERSHIP_H_OWNER] = {
		[OWNERSHIP_AMT_ON]    = STAY,
		[OWNERSHIP_AMT_OFF]   = GO(H_DOOR, DO_UNBLOCK),
		[OWNERSHIP_LOST]      = GO(H_DOOR, DO_UNBLOCK),
		[OWNERSHIP_LAPSE]     = NEVER,
		[OWNERSHIP_SAYS_HOST] = STAY,
		/* It went without us: CSME awaits no confirmation, but the device must go down. */
		[OWNERSHIP_SAYS_CSME] = GO(H_GUEST, DO_LEAVE | DO_REASK),
		[OWNERSHIP_GRANTED]   = GO(H_OWNER, DO_CONFIRM),
		[OWNERSHIP_REFUSED]   = ODD,
		[OWNERSHIP_TAKING]    = GO(H_LEAVING, DO_LEAVE),
		[OWNERSHIP_ASK]       = GO(H_OWNER, DONE_GRANTED),
		[OWNERSHIP_CLEAR]     = STAY,
		[OWNERSHIP_TOLD]      = STAY,
		[OWNERSHIP_GONE]      = GO(H_GUEST, 0),
		NOT_THE_HOSTS,
	},
	[OWNERSHIP_H_LEAVING] = {
		[OWNERSHIP_AMT_ON]    = STAY,
		[OWNERSHIP_AMT_OFF]   = GO(H_DOOR, DO_UNBLOCK),
		[OWNERSHIP_LOST]      = GO(H_DOOR, DO_UNBLOCK),
		[OWNERSHIP_LAPSE]     = NEVER,
		[OWNERSHIP_SAYS_HOST] = STAY,
		[OWNERSHIP_SAYS_CSME] = STAY,
		/* CSME took it by force, and gave it back since: both are confirmed, in this order. */
		[OWNERSHIP_GRANTED]   = GO(H_OWNER, DO_TELL | DO_CONFIRM | DO_UNBLOCK),
		[OWNERSHIP_REFUSED]   = ODD,
		[OWNERSHIP_TAKING]    = STAY,
		[OWNERSHIP_ASK]       = NEVER,
		[OWNERSHIP_CLEAR]     = GO(H_LEFT, DO_TELL),
		[OWNERSHIP_TOLD]      = NEVER,
		[OWNERSHIP_GONE]      = GO(H_LEFT, DO_TELL),
		NOT_THE_HOSTS,
	},
	[OWNERSHIP_H_LEFT] = {
		[OWNERSHIP_AMT_ON]    = STAY,
		[OWNERSHIP_AMT_OFF]   = GO(H_DOOR, DO_UNBLOCK),
		[OWNERSHIP_LOST]      = GO(H_DOOR, DO_UNBLOCK),
		[OWNERSHIP_LAPSE]     = NEVER,
		[OWNERSHIP_SAYS_HOST] = STAY,
		[OWNERSHIP_SAYS_CSME] = STAY,
		[OWNERSHIP_GRANTED]   = GO(H_OWNER, DO_CONFIRM | DO_UNBLOCK),
		[OWNERSHIP_REFUSED]   = ODD,
		[OWNERSHIP_TAKING]    = STAY,
		[OWNERSHIP_ASK]       = NEVER,
		[OWNERSHIP_CLEAR]     = STAY,
		[OWNERSHIP_TOLD]      = GO(H_GUEST, DO_REASK),
		[OWNERSHIP_GONE]      = STAY,
		NOT_THE_HOSTS,
	},

	[OWNERSHIP_C_OWNER] = {
		[OWNERSHIP_AMT_ON]    = STAY,
		[OWNERSHIP_AMT_OFF]   = GO(C_HOST, 0),
		[OWNERSHIP_LOST]      = STAY,
		[OWNERSHIP_LAPSE]     = NEVER,
		[OWNERSHIP_ASKED]     = GO(C_ASKED, DO_DECIDE),
		[OWNERSHIP_GRANT]     = NEVER,
		[OWNERSHIP_REFUSE]    = NEVER,
		[OWNERSHIP_IGNORE]    = NEVER,
		[OWNERSHIP_CONFIRMED] = ODD,
		[OWNERSHIP_TAKE]      = STAY,
		[OWNERSHIP_FORCE]     = STAY,
		/* The host lets go after a deadline lapsed, or of what was taken by force. */
		[OWNERSHIP_LEFT]      = STAY,
		[OWNERSHIP_NO_DRIVER] = STAY,
		[OWNERSHIP_REGISTER]  = GO(C_HOST, 0),
		NOT_CSMES,
	},
	[OWNERSHIP_C_ASKED] = {
		[OWNERSHIP_AMT_ON]    = STAY,
		[OWNERSHIP_AMT_OFF]   = GO(C_HOST, DO_GRANT),
		[OWNERSHIP_LOST]      = GO(C_OWNER, 0),
		[OWNERSHIP_LAPSE]     = NEVER,
		[OWNERSHIP_ASKED]     = GO(C_ASKED, DO_DECIDE),
		[OWNERSHIP_GRANT]     = GO(C_GRANTED, DO_GRANT),
		[OWNERSHIP_REFUSE]    = GO(C_OWNER, DO_REFUSE),
		[OWNERSHIP_IGNORE]    = GO(C_OWNER, 0),
		[OWNERSHIP_CONFIRMED] = ODD,
		[OWNERSHIP_TAKE]      = GO(C_OWNER, DO_REFUSE),
		[OWNERSHIP_FORCE]     = GO(C_OWNER, DO_REFUSE),
		[OWNERSHIP_LEFT]      = STAY,
		[OWNERSHIP_NO_DRIVER] = GO(C_OWNER, DO_REFUSE),
		[OWNERSHIP_REGISTER]  = NEVER,
		NOT_CSMES,
	},
	[OWNERSHIP_C_GRANTED] = {
		[OWNERSHIP_AMT_ON]    = NEVER,
		[OWNERSHIP_AMT_OFF]   = GO(C_HOST, 0),
		[OWNERSHIP_LOST]      = GO(C_HOST, 0),
		[OWNERSHIP_LAPSE]     = NEVER,
		[OWNERSHIP_ASKED]     = GO(C_GRANTED, DO_GRANT),
		[OWNERSHIP_GRANT]     = NEVER,
		[OWNERSHIP_REFUSE]    = NEVER,
		[OWNERSHIP_IGNORE]    = NEVER,
		[OWNERSHIP_CONFIRMED] = GO(C_HOST, IS_CONFIRMED),
		[OWNERSHIP_TAKE]      = GO(C_TAKING, DO_TAKE | DO_WAIT),
		[OWNERSHIP_FORCE]     = GO(C_OWNER, DO_TAKE | DO_KEEP | IS_FORCED),
		[OWNERSHIP_LEFT]      = ODD,
		[OWNERSHIP_NO_DRIVER] = GO(C_OWNER, 0),
		[OWNERSHIP_REGISTER]  = NEVER,
		NOT_CSMES,
	},
	[OWNERSHIP_C_HOST] = {
		/* While SAP is down: AMT starts, and CSME with it as the owner. */
		[OWNERSHIP_AMT_ON]    = GO(C_OWNER, IS_FORCED),
		[OWNERSHIP_AMT_OFF]   = STAY,
		[OWNERSHIP_LOST]      = STAY,
		[OWNERSHIP_LAPSE]     = GO(C_OWNER, DO_KEEP | IS_FORCED),
		[OWNERSHIP_ASKED]     = GO(C_HOST, DO_GRANT),
		[OWNERSHIP_GRANT]     = NEVER,
		[OWNERSHIP_REFUSE]    = NEVER,
		[OWNERSHIP_IGNORE]    = NEVER,
		/* Each answer to a repeated request is confirmed. */
		[OWNERSHIP_CONFIRMED] = GO(C_HOST, IS_CONFIRMED),
		[OWNERSHIP_TAKE]      = GO(C_TAKING, DO_TAKE | DO_WAIT),
		[OWNERSHIP_FORCE]     = GO(C_OWNER, DO_TAKE | DO_KEEP | IS_FORCED),
		[OWNERSHIP_LEFT]      = ODD,
		[OWNERSHIP_NO_DRIVER] = GO(C_OWNER, 0),
		[OWNERSHIP_REGISTER]  = STAY,
		NOT_CSMES,
	},
	[OWNERSHIP_C_TAKING] = {
		[OWNERSHIP_AMT_ON]    = NEVER,
		[OWNERSHIP_AMT_OFF]   = GO(C_HOST, 0),
		/* The deadline runs on. */
		[OWNERSHIP_LOST]      = STAY,
		[OWNERSHIP_LAPSE]     = GO(C_OWNER, DO_KEEP | IS_FORCED),
		[OWNERSHIP_ASKED]     = GO(C_TAKING, DO_REFUSE),
		[OWNERSHIP_GRANT]     = NEVER,
		[OWNERSHIP_REFUSE]    = NEVER,
		[OWNERSHIP_IGNORE]    = NEVER,
		/* On its way as we began to take. */
		[OWNERSHIP_CONFIRMED] = STAY,
		[OWNERSHIP_TAKE]      = NEVER,
		[OWNERSHIP_FORCE]     = GO(C_OWNER, DO_KEEP | IS_FORCED),
		[OWNERSHIP_LEFT]      = GO(C_OWNER, DO_KEEP),
		[OWNERSHIP_NO_DRIVER] = GO(C_OWNER, DO_KEEP),
		[OWNERSHIP_REGISTER]  = NEVER,
		NOT_CSMES,
	},
};

/* clang-format on */

struct ownership_step ownership_next(enum ownership_state state, enum ownership_input input)
{
	struct ownership_step step = table[state][input];

	if (step.cell != OWNERSHIP_GO)
		step.next = (uint8_t)state;
	return step;
}

/* What is known of a state without an input. */
static const struct {
	enum sap_owner owner;
	const char *name;
	const char *meaning;
	const char *awaits;
} about[OWNERSHIP_STATES] = {
	[OWNERSHIP_H_DOOR] = {SAP_OWNER_UNKNOWN, "door",
			      "SAP is down or AMT is off: the NIC's register decides", NULL},
	[OWNERSHIP_H_UNSURE] = {SAP_OWNER_UNKNOWN, "unsure", "CSME has not said yet who owns the NIC",
				"the answer to WHO_OWNS_NIC"},
	[OWNERSHIP_H_GUEST] = {SAP_OWNER_CSME, "guest", "CSME owns the NIC", NULL},
	[OWNERSHIP_H_ASKING] = {SAP_OWNER_CSME, "asking", "CSME owns the NIC and was asked for it",
				"the answer to the request"},
	[OWNERSHIP_H_OWNER] = {SAP_OWNER_HOST, "owner", "the host owns the NIC", NULL},
	[OWNERSHIP_H_LEAVING] = {SAP_OWNER_HOST, "leaving",
				 "CSME takes the NIC, which the host still touches", "the device to go down"},
	[OWNERSHIP_H_LEFT] = {SAP_OWNER_HOST, "left", "CSME takes the NIC, and the host let go of it",
			      "room to confirm it"},
	[OWNERSHIP_C_OWNER] = {SAP_OWNER_CSME, "owner", "CSME owns the NIC", NULL},
	[OWNERSHIP_C_ASKED] = {SAP_OWNER_CSME, "asked", "the host asks for the NIC", "the embedder's answer"},
	[OWNERSHIP_C_GRANTED] = {SAP_OWNER_HOST, "granted", "the NIC was granted to the host",
				 "the host's confirmation"},
	[OWNERSHIP_C_HOST] = {SAP_OWNER_HOST, "host", "the host owns the NIC", NULL},
	[OWNERSHIP_C_TAKING] = {SAP_OWNER_HOST, "taking", "CSME takes the NIC from the host",
				"the host to let go of it"},
};

enum sap_owner ownership_owner(enum ownership_state state)
{
	return about[state].owner;
}

const char *ownership_name(enum ownership_state state)
{
	return about[state].name;
}

const char *ownership_meaning(enum ownership_state state)
{
	return about[state].meaning;
}

const char *ownership_awaits(enum ownership_state state)
{
	return about[state].awaits;
}

const char *ownership_input_name(enum ownership_input input)
{
	static const char *const names[OWNERSHIP_INPUTS] = {
		[OWNERSHIP_AMT_ON] = "AMT on",
		[OWNERSHIP_AMT_OFF] = "AMT off",
		[OWNERSHIP_LOST] = "SAP lost",
		[OWNERSHIP_LAPSE] = "deadline",
		[OWNERSHIP_SAYS_HOST] = "NIC_OWNER host",
		[OWNERSHIP_SAYS_CSME] = "NIC_OWNER CSME",
		[OWNERSHIP_GRANTED] = "reply: granted",
		[OWNERSHIP_REFUSED] = "reply: refused",
		[OWNERSHIP_TAKING] = "CSME_TAKING_OWNERSHIP",
		[OWNERSHIP_ASK] = "host wants it",
		[OWNERSHIP_CLEAR] = "device down",
		[OWNERSHIP_TOLD] = "confirmation written",
		[OWNERSHIP_GONE] = "driver gone",
		[OWNERSHIP_ASKED] = "HOST_ASKS_FOR_NIC_OWNERSHIP",
		[OWNERSHIP_GRANT] = "policy: grant",
		[OWNERSHIP_REFUSE] = "policy: refuse",
		[OWNERSHIP_IGNORE] = "policy: ignore",
		[OWNERSHIP_CONFIRMED] = "HOST_OWNERSHIP_CONFIRMED",
		[OWNERSHIP_TAKE] = "take",
		[OWNERSHIP_FORCE] = "take by force",
		[OWNERSHIP_LEFT] = "CSME_OWNERSHIP_CONFIRMED",
		[OWNERSHIP_NO_DRIVER] = "WIFIDR_DOWN",
		[OWNERSHIP_REGISTER] = "register",
	};

	return names[input];
}
