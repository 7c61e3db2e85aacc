// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
#include "seeded.h"

unsigned seeded_bug;

enum seeded_kind {
	CELL,	  /* the table says something else for one state and input */
	LOSE,	  /* a message is written, it seems, and is not */
	PRETEND,  /* a message that found no room is taken for written */
	NO_BELL,  /* a message is published without a doorbell */
	NO_NEWS,  /* the engine does not learn that SAP was lost */
	NO_LOOKS, /* nothing brings the engine back to look for room */
};

#define STEP(state, acts)                              \
	{                                              \
		OWNERSHIP_GO, OWNERSHIP_##state, acts, \
	}
#define STAY                          \
	{                             \
		OWNERSHIP_STAY, 0, 0, \
	}

static const struct seeded {
	const char *name;
	enum seeded_kind kind;
	enum ownership_state state;
	enum ownership_input input;
	struct ownership_step step;
	enum sap_type type;
} seeded[] = {
	{"the host does not confirm a grant", CELL, OWNERSHIP_H_ASKING, OWNERSHIP_GRANTED,
	 STEP(H_OWNER, OWNERSHIP_DONE_GRANTED), 0},
	{"the host lets go before its device is down", CELL, OWNERSHIP_H_OWNER, OWNERSHIP_TAKING,
	 STEP(H_LEFT, OWNERSHIP_DO_LEAVE | OWNERSHIP_DO_TELL), 0},
	{"the host does not care that CSME takes the NIC", CELL, OWNERSHIP_H_OWNER, OWNERSHIP_TAKING, STAY,
	 0},
	{"the host ignores a late grant", CELL, OWNERSHIP_H_GUEST, OWNERSHIP_GRANTED, STAY, 0},
	{"a refused request never ends", CELL, OWNERSHIP_H_ASKING, OWNERSHIP_REFUSED, STEP(H_GUEST, 0), 0},
	{"a request that lapsed stays in flight", CELL, OWNERSHIP_H_ASKING, OWNERSHIP_LAPSE, STAY, 0},
	{"a grant ends a request twice", CELL, OWNERSHIP_H_ASKING, OWNERSHIP_GRANTED,
	 STEP(H_OWNER, OWNERSHIP_DONE_GRANTED | OWNERSHIP_DONE_TIMEOUT | OWNERSHIP_DO_CONFIRM), 0},
	{"the host goes on as the owner when AMT goes off", CELL, OWNERSHIP_H_OWNER, OWNERSHIP_AMT_OFF, STAY,
	 0},
	{"CSME grants, and goes on to take", CELL, OWNERSHIP_C_TAKING, OWNERSHIP_ASKED,
	 STEP(C_TAKING, OWNERSHIP_DO_GRANT), 0},
	{"CSME does not wait for the host to let go", CELL, OWNERSHIP_C_HOST, OWNERSHIP_TAKE,
	 STEP(C_OWNER, OWNERSHIP_DO_TAKE | OWNERSHIP_DO_KEEP), 0},
	{"CSME waits for ever for the host to let go", CELL, OWNERSHIP_C_TAKING, OWNERSHIP_LAPSE, STAY, 0},
	{"CSME takes what it just granted without waiting", CELL, OWNERSHIP_C_GRANTED, OWNERSHIP_TAKE,
	 STEP(C_OWNER, OWNERSHIP_DO_TAKE), 0},
	{"CSME does not take the NIC of a driver that is gone", CELL, OWNERSHIP_C_HOST, OWNERSHIP_NO_DRIVER,
	 STAY, 0},
	{"CSME owns what it was taking as the connection is lost", CELL, OWNERSHIP_C_TAKING, OWNERSHIP_LOST,
	 STEP(C_OWNER, 0), 0},
	{"CSME takes by force and does not tell", LOSE, 0, 0, STAY, SAP_CSME_TAKING_OWNERSHIP},
	{"CSME does not tell that AMT went off", LOSE, 0, 0, STAY, SAP_AMT_STATE},
	{"a message without room is lost", PRETEND, 0, 0, STAY, 0},
	{"no doorbell rings for a taking", NO_BELL, 0, 0, STAY, SAP_CSME_TAKING_OWNERSHIP},
	{"the engines do not learn that SAP was lost", NO_NEWS, 0, 0, STAY, 0},
	{"nothing rings the doorbell that the throttle held back", NO_LOOKS, 0, 0, STAY, 0},
};

/* What is published next goes without a doorbell. */
static bool quiet;

unsigned seeded_count(void)
{
	return sizeof(seeded) / sizeof(seeded[0]);
}

const char *seeded_name(unsigned bug)
{
	return seeded[bug - 1].name;
}

/* The chosen bug, if it is of this kind. */
static const struct seeded *chosen(enum seeded_kind kind)
{
	const struct seeded *bug = seeded_bug ? &seeded[seeded_bug - 1] : NULL;

	return bug && bug->kind == kind ? bug : NULL;
}

struct ownership_step seeded_ownership_next(enum ownership_state state, enum ownership_input input)
{
	const struct seeded *bug = chosen(CELL);
	struct ownership_step step;

	if (!bug || bug->state != state || bug->input != input)
		return ownership_next(state, input);
	step = bug->step;
	if (step.cell != OWNERSHIP_GO)
		step.next = (uint8_t)state;
	return step;
}

enum sap_status seeded_link_put(struct link *link, const struct sap_message *message)
{
	const struct seeded *bug = chosen(LOSE);
	enum sap_status status;

	if (bug && message->type == bug->type &&
	    !(message->type == SAP_AMT_STATE && message->amt_state.state))
		return SAP_OK;
	bug = chosen(NO_BELL);
	quiet |= bug && message->type == bug->type;
	status = link_put(link, message);
	return chosen(PRETEND) && status == SAP_NO_ROOM ? SAP_OK : status;
}

void seeded_link_publish(struct link *link, bool now_or_never)
{
	bool bell = link->s->bell;

	link_publish(link, now_or_never);
	if (quiet)
		link->s->bell = bell;
	quiet = false;
}

unsigned seeded_link_end(struct link *link, enum sap_status why)
{
	unsigned news = link_end(link, why);

	return chosen(NO_NEWS) ? news & ~(unsigned)LINK_LOST : news;
}

uint64_t seeded_link_deadline(const struct link *link)
{
	uint64_t at = link_deadline(link);

	return chosen(NO_LOOKS) && link->s->bell ? SAP_NEVER : at;
}
