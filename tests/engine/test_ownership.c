// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
/*
 * The table of ownership, pair by pair: what must hold of all of them, and the steps that the protocol
 * (docs/protocol/sap.md section 8) lives by, each by name.
 */
#include "support.h"

#include "ownership.h"

enum {
	HOST_ACTS = OWNERSHIP_DO_VACATE | OWNERSHIP_DO_ASK | OWNERSHIP_DO_CONFIRM | OWNERSHIP_DO_LEAVE |
		    OWNERSHIP_DO_TELL | OWNERSHIP_DO_REASK | OWNERSHIP_DO_UNBLOCK | OWNERSHIP_DONE_GRANTED |
		    OWNERSHIP_DONE_REFUSED | OWNERSHIP_DONE_TIMEOUT | OWNERSHIP_DONE_TAKEN |
		    OWNERSHIP_DONE_DOWN,
	CSME_ACTS = OWNERSHIP_DO_GRANT | OWNERSHIP_DO_REFUSE | OWNERSHIP_DO_TAKE | OWNERSHIP_DO_WAIT |
		    OWNERSHIP_DO_KEEP | OWNERSHIP_IS_FORCED | OWNERSHIP_DO_DECIDE | OWNERSHIP_IS_CONFIRMED,
	DONE_ACTS = OWNERSHIP_DONE_GRANTED | OWNERSHIP_DONE_REFUSED | OWNERSHIP_DONE_TIMEOUT |
		    OWNERSHIP_DONE_TAKEN | OWNERSHIP_DONE_DOWN,
};

static bool is_host(unsigned state)
{
	return state <= OWNERSHIP_H_LEFT;
}

/* Who is fed an input: 1 the host, 2 CSME, 3 both. */
static unsigned fed_to(unsigned input)
{
	if (input <= OWNERSHIP_LAPSE)
		return 3;
	return input <= OWNERSHIP_GONE ? 1 : 2;
}

static struct ownership_step step(unsigned state, unsigned input)
{
	return ownership_next((enum ownership_state)state, (enum ownership_input)input);
}

static enum sap_owner owner(unsigned state)
{
	return ownership_owner((enum ownership_state)state);
}

static void each_pair_is_listed(void **unused)
{
	(void)unused;
	for (unsigned s = 0; s < OWNERSHIP_STATES; s++) {
		for (unsigned i = 0; i < OWNERSHIP_INPUTS; i++) {
			struct ownership_step found = step(s, i);

			assert_in_range(found.cell, OWNERSHIP_GO, OWNERSHIP_NEVER);
			assert_true(found.next < OWNERSHIP_STATES);
			if (found.cell == OWNERSHIP_GO)
				continue;
			assert_int_equal(found.next, s);
			assert_int_equal(found.acts, 0);
		}
	}
}

static void nobody_is_fed_what_the_other_role_is(void **unused)
{
	(void)unused;
	for (unsigned s = 0; s < OWNERSHIP_STATES; s++) {
		for (unsigned i = 0; i < OWNERSHIP_INPUTS; i++) {
			if (!(fed_to(i) & (is_host(s) ? 1u : 2u)))
				assert_int_equal(step(s, i).cell, OWNERSHIP_NEVER);
		}
	}
}

static void no_step_changes_the_role(void **unused)
{
	(void)unused;
	for (unsigned s = 0; s < OWNERSHIP_STATES; s++) {
		for (unsigned i = 0; i < OWNERSHIP_INPUTS; i++) {
			struct ownership_step found = step(s, i);

			assert_int_equal(is_host(found.next), is_host(s));
			assert_false(found.acts & (is_host(s) ? (uint32_t)CSME_ACTS : (uint32_t)HOST_ACTS));
		}
	}
}

/* What a role takes from the other is given by it, and by nothing else. */
static void the_host_owns_by_a_word_of_csme_only(void **unused)
{
	(void)unused;
	for (unsigned s = 0; s <= OWNERSHIP_H_LEFT; s++) {
		for (unsigned i = 0; i < OWNERSHIP_INPUTS; i++) {
			struct ownership_step found = step(s, i);

			if (owner(s) != SAP_OWNER_HOST && owner(found.next) == SAP_OWNER_HOST)
				assert_true(i == OWNERSHIP_GRANTED || i == OWNERSHIP_SAYS_HOST ||
					    i == OWNERSHIP_TAKING);
			/* A taking makes nobody the owner who may use it. */
			if (i == OWNERSHIP_TAKING)
				assert_true(found.next == OWNERSHIP_H_LEAVING || found.next == s);
		}
	}
}

static void csme_loses_the_nic_by_its_own_word_only(void **unused)
{
	(void)unused;
	for (unsigned s = OWNERSHIP_C_OWNER; s < OWNERSHIP_STATES; s++) {
		for (unsigned i = 0; i < OWNERSHIP_INPUTS; i++) {
			if (owner(s) == SAP_OWNER_CSME && owner(step(s, i).next) == SAP_OWNER_HOST)
				assert_true(i == OWNERSHIP_GRANT || i == OWNERSHIP_AMT_OFF ||
					    i == OWNERSHIP_REGISTER);
		}
	}
}

/* CSME becomes the owner by the host's word, by force, by a lapse; the last two say so. */
static void csme_takes_without_the_hosts_word_only_by_force(void **unused)
{
	(void)unused;
	for (unsigned s = OWNERSHIP_C_OWNER; s < OWNERSHIP_STATES; s++) {
		for (unsigned i = 0; i < OWNERSHIP_INPUTS; i++) {
			struct ownership_step found = step(s, i);
			bool forced = found.acts & OWNERSHIP_IS_FORCED;

			if (owner(s) == SAP_OWNER_CSME || owner(found.next) != SAP_OWNER_CSME) {
				assert_false(forced);
				continue;
			}
			assert_int_equal(forced, i == OWNERSHIP_FORCE || i == OWNERSHIP_LAPSE ||
							 i == OWNERSHIP_AMT_ON);
			if (!forced)
				assert_true(i == OWNERSHIP_LEFT || i == OWNERSHIP_NO_DRIVER);
		}
	}
}

static void off_and_lost_lead_home_from_everywhere(void **unused)
{
	(void)unused;
	for (unsigned s = 0; s < OWNERSHIP_STATES; s++) {
		struct ownership_step off = step(s, OWNERSHIP_AMT_OFF), lost = step(s, OWNERSHIP_LOST);

		assert_int_equal(off.next, is_host(s) ? OWNERSHIP_H_DOOR : OWNERSHIP_C_HOST);
		if (is_host(s))
			assert_int_equal(lost.next, OWNERSHIP_H_DOOR);
		else
			assert_true(lost.next != OWNERSHIP_C_ASKED && lost.next != OWNERSHIP_C_GRANTED);
		/* Losing the connection moves the NIC to nobody. */
		if (!is_host(s))
			assert_int_equal(owner(lost.next), owner(s));
	}
}

/* A request in flight ends once, however it ends; and none ends that is not in flight. */
static void each_request_ends_once(void **unused)
{
	(void)unused;
	for (unsigned s = 0; s <= OWNERSHIP_H_LEFT; s++) {
		for (unsigned i = 0; i < OWNERSHIP_INPUTS; i++) {
			struct ownership_step found = step(s, i);
			uint32_t done = found.acts & (uint32_t)DONE_ACTS;

			assert_int_equal(done & (done - 1), 0);
			if (s == OWNERSHIP_H_ASKING)
				assert_int_equal(!done, found.next == OWNERSHIP_H_ASKING);
			else
				assert_true(!done || (s == OWNERSHIP_H_OWNER && i == OWNERSHIP_ASK));
			if (found.next == OWNERSHIP_H_ASKING && s != OWNERSHIP_H_ASKING)
				assert_true(found.acts & OWNERSHIP_DO_ASK);
		}
	}
}

/* Each request that CSME hears of in a state where it can answer is answered, granted or decided. */
static void no_request_is_passed_over(void **unused)
{
	const uint32_t some = OWNERSHIP_DO_GRANT | OWNERSHIP_DO_REFUSE | OWNERSHIP_DO_DECIDE;

	(void)unused;
	for (unsigned s = OWNERSHIP_C_OWNER; s < OWNERSHIP_STATES; s++) {
		assert_int_equal(step(s, OWNERSHIP_ASKED).cell, OWNERSHIP_GO);
		assert_true(step(s, OWNERSHIP_ASKED).acts & some);
	}
	for (unsigned i = 0; i < OWNERSHIP_INPUTS; i++) {
		struct ownership_step found = step(OWNERSHIP_C_ASKED, i);

		/* "Ignore" and the loss of the connection are the two that leave it unanswered. */
		if (found.next != OWNERSHIP_C_ASKED && i != OWNERSHIP_IGNORE && i != OWNERSHIP_LOST)
			assert_true(found.acts & (OWNERSHIP_DO_GRANT | OWNERSHIP_DO_REFUSE));
	}
	assert_int_equal(step(OWNERSHIP_C_TAKING, OWNERSHIP_ASKED).acts, OWNERSHIP_DO_REFUSE);
}

static void each_act_is_used_and_nothing_else(void **unused)
{
	uint32_t used = 0;

	(void)unused;
	for (unsigned s = 0; s < OWNERSHIP_STATES; s++) {
		for (unsigned i = 0; i < OWNERSHIP_INPUTS; i++)
			used |= step(s, i).acts;
	}
	assert_int_equal(used, (uint32_t)HOST_ACTS | (uint32_t)CSME_ACTS);
}

static unsigned reach(unsigned from)
{
	unsigned reached = 1u << from, before = 0;

	while (reached != before) {
		before = reached;
		for (unsigned s = 0; s < OWNERSHIP_STATES; s++) {
			for (unsigned i = 0; (before & 1u << s) && i < OWNERSHIP_INPUTS; i++)
				reached |= 1u << step(s, i).next;
		}
	}
	return reached;
}

static void each_state_is_reached_and_left(void **unused)
{
	unsigned host = (1u << (OWNERSHIP_H_LEFT + 1)) - 1;
	unsigned csme = ((1u << OWNERSHIP_STATES) - 1) & ~host;

	(void)unused;
	for (unsigned s = 0; s < OWNERSHIP_STATES; s++)
		assert_int_equal(reach(s), is_host(s) ? host : csme);
}

static void all_have_names(void **unused)
{
	(void)unused;
	for (unsigned s = 0; s < OWNERSHIP_STATES; s++) {
		assert_true(strlen(ownership_name((enum ownership_state)s)) > 0);
		assert_true(strlen(ownership_meaning((enum ownership_state)s)) > 0);
		for (unsigned t = 0; t < s; t++) {
			if (is_host(s) == is_host(t))
				assert_string_not_equal(ownership_name((enum ownership_state)s),
							ownership_name((enum ownership_state)t));
		}
	}
	for (unsigned i = 0; i < OWNERSHIP_INPUTS; i++)
		assert_true(strlen(ownership_input_name((enum ownership_input)i)) > 0);
	/* What waits for something says for what. */
	assert_non_null(ownership_awaits(OWNERSHIP_H_ASKING));
	assert_non_null(ownership_awaits(OWNERSHIP_H_LEAVING));
	assert_non_null(ownership_awaits(OWNERSHIP_C_TAKING));
	assert_null(ownership_awaits(OWNERSHIP_H_OWNER));
	assert_null(ownership_awaits(OWNERSHIP_C_HOST));
}

/* A line of the protocol. */
struct line {
	enum ownership_state state;
	enum ownership_input input;
	enum ownership_state next;
	uint32_t acts; /* these at least */
};

#define LINE(s, i, n, a)                                                   \
	{                                                                  \
		OWNERSHIP_##s, OWNERSHIP_##i, OWNERSHIP_##n, (uint32_t)(a) \
	}

static const struct line lines[] = {
	LINE(H_DOOR, AMT_ON, H_UNSURE, 0),
	LINE(H_UNSURE, SAYS_HOST, H_OWNER, 0),
	LINE(H_UNSURE, SAYS_CSME, H_GUEST, 0),
	LINE(H_GUEST, ASK, H_ASKING, OWNERSHIP_DO_ASK),
	LINE(H_ASKING, GRANTED, H_OWNER,
	     OWNERSHIP_DONE_GRANTED | OWNERSHIP_DO_CONFIRM | OWNERSHIP_DO_UNBLOCK),
	LINE(H_ASKING, REFUSED, H_GUEST, OWNERSHIP_DONE_REFUSED | OWNERSHIP_DO_REASK),
	LINE(H_ASKING, LAPSE, H_GUEST, OWNERSHIP_DONE_TIMEOUT | OWNERSHIP_DO_REASK),
	LINE(H_GUEST, GRANTED, H_OWNER, OWNERSHIP_DO_CONFIRM | OWNERSHIP_DO_UNBLOCK),
	LINE(H_ASKING, TAKING, H_LEAVING, OWNERSHIP_DONE_TAKEN | OWNERSHIP_DO_LEAVE),
	LINE(H_OWNER, TAKING, H_LEAVING, OWNERSHIP_DO_LEAVE),
	LINE(H_LEAVING, CLEAR, H_LEFT, OWNERSHIP_DO_TELL),
	LINE(H_LEFT, TOLD, H_GUEST, OWNERSHIP_DO_REASK),
	LINE(H_OWNER, GONE, H_GUEST, 0),
	LINE(H_OWNER, SAYS_CSME, H_GUEST, OWNERSHIP_DO_LEAVE),
	LINE(C_OWNER, ASKED, C_ASKED, OWNERSHIP_DO_DECIDE),
	LINE(C_ASKED, GRANT, C_GRANTED, OWNERSHIP_DO_GRANT),
	LINE(C_ASKED, REFUSE, C_OWNER, OWNERSHIP_DO_REFUSE),
	LINE(C_ASKED, IGNORE, C_OWNER, 0),
	LINE(C_GRANTED, CONFIRMED, C_HOST, OWNERSHIP_IS_CONFIRMED),
	LINE(C_HOST, TAKE, C_TAKING, OWNERSHIP_DO_TAKE | OWNERSHIP_DO_WAIT),
	LINE(C_TAKING, LEFT, C_OWNER, OWNERSHIP_DO_KEEP),
	LINE(C_TAKING, LAPSE, C_OWNER, OWNERSHIP_DO_KEEP | OWNERSHIP_IS_FORCED),
	LINE(C_HOST, FORCE, C_OWNER, OWNERSHIP_DO_TAKE | OWNERSHIP_IS_FORCED),
	LINE(C_HOST, NO_DRIVER, C_OWNER, 0),
	LINE(C_OWNER, REGISTER, C_HOST, 0),
};

static void the_protocols_steps_are_these(void **unused)
{
	(void)unused;
	for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
		struct ownership_step found = step(lines[i].state, lines[i].input);

		assert_int_equal(found.cell, OWNERSHIP_GO);
		assert_int_equal(found.next, lines[i].next);
		assert_int_equal(found.acts & lines[i].acts, lines[i].acts);
	}
}

/* What can come of a peer that says what it likes, and has no effect but a count. */
static void what_no_one_awaits_is_odd(void **unused)
{
	static const struct line odd[] = {
		LINE(H_DOOR, SAYS_HOST, H_DOOR, 0),   LINE(H_DOOR, SAYS_CSME, H_DOOR, 0),
		LINE(H_DOOR, GRANTED, H_DOOR, 0),     LINE(H_DOOR, REFUSED, H_DOOR, 0),
		LINE(H_GUEST, REFUSED, H_GUEST, 0),   LINE(H_OWNER, REFUSED, H_OWNER, 0),
		LINE(C_OWNER, CONFIRMED, C_OWNER, 0), LINE(C_ASKED, CONFIRMED, C_ASKED, 0),
		LINE(C_HOST, LEFT, C_HOST, 0),	      LINE(C_GRANTED, LEFT, C_GRANTED, 0),
	};

	(void)unused;
	for (size_t i = 0; i < sizeof(odd) / sizeof(odd[0]); i++)
		assert_int_equal(step(odd[i].state, odd[i].input).cell, OWNERSHIP_ODD);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_pair_is_listed),
		cmocka_unit_test(nobody_is_fed_what_the_other_role_is),
		cmocka_unit_test(no_step_changes_the_role),
		cmocka_unit_test(the_host_owns_by_a_word_of_csme_only),
		cmocka_unit_test(csme_loses_the_nic_by_its_own_word_only),
		cmocka_unit_test(csme_takes_without_the_hosts_word_only_by_force),
		cmocka_unit_test(off_and_lost_lead_home_from_everywhere),
		cmocka_unit_test(each_request_ends_once),
		cmocka_unit_test(no_request_is_passed_over),
		cmocka_unit_test(each_act_is_used_and_nothing_else),
		cmocka_unit_test(each_state_is_reached_and_left),
		cmocka_unit_test(all_have_names),
		cmocka_unit_test(the_protocols_steps_are_these),
		cmocka_unit_test(what_no_one_awaits_is_odd),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
