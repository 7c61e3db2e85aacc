// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
/*
 * The guard before the transport: the other side must not hear that it may have the NIC while this one still
 * has the air. In the network that is a race of microseconds; here it is seen.
 */
#include "support.h"

#include "ways.h"

/* A transport that is asked to send, and sees whether the air was let go of. */
struct wire {
	const struct net_ways *ways;
	uint32_t sent;
	bool had_air;
};

static enum sap_status wire_send(void *self, const void *message, size_t len)
{
	struct wire *wire = self;

	(void)message;
	(void)len;
	wire->sent++;
	wire->had_air = wire->ways->air.attached;
	return SAP_OK;
}

struct rig {
	struct sim_site site;
	struct sim_party party;
	struct net_ways ways;
	struct wire wire;
	struct sap_transport guard;
};

static void set_up(struct rig *rig, enum sim_side side)
{
	static const struct sap_transport_ops ops = {.send = wire_send};
	struct sim_settings settings;

	memset(rig, 0, sizeof(*rig));
	sim_settings_default(&settings);
	sim_site_init(&rig->site, SAP_OWNER_HOST, 0);
	rig->wire.ways = &rig->ways;
	rig->ways.party = &rig->party;
	rig->ways.air.fd = -1;
	rig->ways.transport = (struct sap_transport){&ops, &rig->wire};
	rig->guard = net_ways_guard(&rig->ways);
	assert_status(sim_party_init(&rig->party, side, &settings, &rig->site, &rig->guard, 0), SAP_OK);
}

static bool has_air_as_it_sends(struct rig *rig)
{
	const uint8_t message[12] = {3};
	const uint32_t before = rig->wire.sent;

	rig->ways.air.attached = true;
	assert_status(rig->guard.ops->send(rig->guard.self, message, sizeof(message)), SAP_OK);
	assert_int_equal(rig->wire.sent, before + 1);
	return rig->wire.had_air;
}

static void csme_lets_go_first(void **state)
{
	struct rig rig;

	(void)state;
	set_up(&rig, SIM_CSME);
	/* AMT on, and SAP down: CSME has the NIC. */
	assert_status(sap_csme_set_amt(&rig.party.csme, true, 1), SAP_OK);
	assert_int_not_equal(sim_party_hear(&rig.party, 1), 0);
	assert_true(rig.site.nic.touches[SIM_CSME]);
	assert_true(has_air_as_it_sends(&rig));
	/* The engine gave it away; the firmware has not heard of it yet. */
	assert_status(sap_csme_register_request(&rig.party.csme, 2), SAP_OK);
	assert_true(rig.site.nic.touches[SIM_CSME]);
	assert_false(has_air_as_it_sends(&rig));
}

static void host_lets_go_first(void **state)
{
	struct rig rig;

	(void)state;
	set_up(&rig, SIM_HOST);
	sim_nic_touch(&rig.site.nic, SIM_HOST, true, 1);
	assert_true(has_air_as_it_sends(&rig));
	sim_nic_touch(&rig.site.nic, SIM_HOST, false, 2);
	assert_false(has_air_as_it_sends(&rig));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(csme_lets_go_first),
		cmocka_unit_test(host_lets_go_first),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
