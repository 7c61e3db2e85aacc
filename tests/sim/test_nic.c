// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
/* The NIC: one owner by the table, two hands that may reach for it, and the alarm. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "nic.h"

enum {
	POWER_UP_MS = 100,
};

static const struct sap_mac lab = {{2, 0, 0, 0, 1, 0}};
static const struct sap_mac cafe = {{2, 0, 0, 0, 2, 0}};

static struct sim_nic fresh(enum sap_owner owner)
{
	struct sim_nic nic;

	sim_nic_init(&nic, owner, POWER_UP_MS);
	return nic;
}

static void owner_touches_without_alarm(void **state)
{
	struct sim_nic nic = fresh(SAP_OWNER_HOST);

	(void)state;
	sim_nic_touch(&nic, SIM_HOST, true, 5);
	assert_false(nic.overlap);
	assert_int_equal(nic.overlaps, 0);
	assert_true(nic.touches[SIM_HOST]);
	assert_int_equal(nic.ready_at[SIM_HOST], 5 + POWER_UP_MS);
}

static void other_side_raises_the_alarm(void **state)
{
	struct sim_nic nic = fresh(SAP_OWNER_HOST);

	(void)state;
	sim_nic_touch(&nic, SIM_CSME, true, 7);
	assert_true(nic.overlap);
	assert_false(nic.excused);
	assert_int_equal(nic.overlap_since, 7);
	assert_int_equal(nic.unexcused, 1);
	sim_nic_touch(&nic, SIM_CSME, false, 9);
	assert_false(nic.overlap);
	assert_int_equal(nic.overlaps, 1);
}

static void force_excuses(void **state)
{
	struct sim_nic nic = fresh(SAP_OWNER_HOST);

	(void)state;
	sim_nic_touch(&nic, SIM_HOST, true, 0);
	sim_nic_set_owner(&nic, SAP_OWNER_CSME, true, 10);
	assert_true(nic.overlap);
	assert_true(nic.excused);
	assert_int_equal(nic.overlaps, 1);
	assert_int_equal(nic.unexcused, 0);
	sim_nic_touch(&nic, SIM_HOST, false, 20);
	assert_false(nic.overlap);
}

static void politeness_does_not(void **state)
{
	struct sim_nic nic = fresh(SAP_OWNER_HOST);

	(void)state;
	sim_nic_touch(&nic, SIM_HOST, true, 0);
	sim_nic_set_owner(&nic, SAP_OWNER_CSME, false, 10);
	assert_true(nic.overlap);
	assert_int_equal(nic.unexcused, 1);
}

static void joins_only_when_powered_up(void **state)
{
	struct sim_nic nic = fresh(SAP_OWNER_HOST);

	(void)state;
	assert_false(sim_nic_associate(&nic, SIM_HOST, &lab, 1000));
	sim_nic_touch(&nic, SIM_HOST, true, 0);
	assert_false(sim_nic_associate(&nic, SIM_HOST, &lab, POWER_UP_MS - 1));
	assert_false(nic.associated);
	assert_true(sim_nic_associate(&nic, SIM_HOST, &lab, POWER_UP_MS));
	assert_true(nic.associated);
	assert_memory_equal(&nic.bssid, &lab, sizeof(lab));
	sim_nic_touch(&nic, SIM_HOST, false, 200);
	assert_false(nic.associated);
}

/* Who lets go late must not end what the new owner has. */
static void association_is_of_who_made_it(void **state)
{
	struct sim_nic nic = fresh(SAP_OWNER_HOST);

	(void)state;
	sim_nic_touch(&nic, SIM_HOST, true, 0);
	assert_true(sim_nic_associate(&nic, SIM_HOST, &lab, POWER_UP_MS));
	sim_nic_set_owner(&nic, SAP_OWNER_CSME, true, 200);
	sim_nic_touch(&nic, SIM_CSME, true, 200);
	assert_true(sim_nic_associate(&nic, SIM_CSME, &cafe, 300));
	sim_nic_touch(&nic, SIM_HOST, false, 400);
	assert_true(nic.associated);
	assert_memory_equal(&nic.bssid, &cafe, sizeof(cafe));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(owner_touches_without_alarm),
		cmocka_unit_test(other_side_raises_the_alarm),
		cmocka_unit_test(force_excuses),
		cmocka_unit_test(politeness_does_not),
		cmocka_unit_test(joins_only_when_powered_up),
		cmocka_unit_test(association_is_of_who_made_it),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
