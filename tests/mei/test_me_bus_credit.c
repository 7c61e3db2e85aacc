// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
/*
 * The credit that all connections of a client share. The Linux driver forgets it as the client's last connection
 * closes, but not if the next one was asked for before that: whatever the host has, nobody may wait for ever, and
 * no message that it sends by the rules may be refused.
 */
#include "mei_rig.h"

static uint32_t credits(const struct mei_rig *rig)
{
	return rig->host.client[SINGLE_ADDR].credits;
}

static void expect_message(struct sap_transport mine, const char *text)
{
	uint8_t bytes[200];
	size_t len = 0;

	assert_status(mine.ops->recv(mine.self, bytes, sizeof(bytes), &len), SAP_OK);
	assert_int_equal(len, strlen(text));
	assert_memory_equal(bytes, text, len);
}

/* An application goes as another comes: the host has both at a time, and keeps its credit. */
static void change_over(struct mei_rig *rig, uint32_t from, uint32_t to)
{
	hbm_disconnect(&rig->host, from);
	hbm_connect(&rig->host, to, SINGLE_ADDR);
	mei_settle(rig);
	assert_int_equal(rig->host.app[from].state, HBM_APP_IDLE);
	assert_int_equal(rig->host.app[to].state, HBM_APP_CONNECTED);
}

static void the_next_first_connection(void **state)
{
	struct mei_rig *rig = mei_rig_up();

	(void)state;
	/* More often than a byte counts, with the credit unspent and spent. */
	for (uint32_t i = 0; i < 600; i++) {
		mei_connect(rig, 1, SINGLE_ADDR);
		assert_int_equal(credits(rig), 1);
		if (i % 3)
			mei_echo(rig, 1, 20, i);
		assert_int_equal(credits(rig), 1);
		hbm_disconnect(&rig->host, 1);
		mei_settle(rig);
		assert_int_equal(credits(rig), 0);
	}
	assert_int_equal(mei_refused_all(rig), 0);
	mei_rig_free(rig);
}

static void after_the_firmware_left(void **state)
{
	struct mei_rig *rig = mei_rig_up();
	struct sap_transport mine = mei_take(rig, SINGLE, 0);

	(void)state;
	for (uint32_t i = 0; i < 5; i++) {
		(void)!mine.ops->connect(mine.self);
		mei_connect(rig, 1, SINGLE_ADDR);
		assert_int_equal(credits(rig), 1);
		assert_status(mine.ops->connect(mine.self), SAP_OK);
		assert_status(mine.ops->disconnect(mine.self), SAP_OK);
		mei_settle(rig);
		assert_int_equal(rig->host.app[1].state, HBM_APP_ENDED);
		assert_int_equal(credits(rig), 0);
	}
	assert_int_equal(mei_refused_all(rig), 0);
	mei_rig_free(rig);
}

/* Somebody is always there: the host keeps its credit, and gets no second one. */
static void one_of_two_leaves(void **state)
{
	struct mei_rig *rig = mei_rig_up();

	(void)state;
	mei_connect(rig, 1, SINGLE_ADDR);
	for (uint32_t i = 0; i < 10; i++) {
		uint32_t stays = 1 + i % 2, other = 2 - i % 2;

		mei_connect(rig, other, SINGLE_ADDR);
		assert_int_equal(credits(rig), 1);
		mei_echo(rig, other, 30, i);
		hbm_disconnect(&rig->host, stays);
		mei_settle(rig);
		assert_int_equal(credits(rig), 1);
	}
	assert_int_equal(mei_refused_all(rig), 0);
	mei_rig_free(rig);
}

/* The firmware leaves one as another comes: what the host says first tells that it keeps its credit. */
static void one_comes_as_the_firmware_leaves(void **state)
{
	struct mei_rig *rig = mei_rig_up();
	struct sap_transport mine = mei_take(rig, SINGLE, 0);

	(void)state;
	(void)!mine.ops->connect(mine.self);
	mei_connect(rig, 1, SINGLE_ADDR);
	assert_status(mine.ops->connect(mine.self), SAP_OK);
	hbm_connect(&rig->host, 2, SINGLE_ADDR);
	(void)hbm_host_run(&rig->host);
	assert_status(mine.ops->disconnect(mine.self), SAP_OK);
	mei_settle(rig);
	assert_int_equal(rig->host.app[1].state, HBM_APP_ENDED);
	assert_int_equal(rig->host.app[2].state, HBM_APP_CONNECTED);
	assert_int_equal(credits(rig), 1);
	mei_echo(rig, 2, 200, 1);
	mei_rig_free(rig);
}

/* Two credits: two applications send at a time, and both are heard. A third message is one too many. */
static void both_credits_are_spent(void **state)
{
	struct mei_rig *rig = mei_rig_up();
	struct sap_transport first = mei_take(rig, SINGLE, 0);
	struct sap_transport second = mei_take(rig, SINGLE, 1);
	struct sap_transport third = mei_take(rig, SINGLE, 2);

	(void)state;
	mei_connect(rig, 1, SINGLE_ADDR);
	change_over(rig, 1, 2);
	assert_int_equal(credits(rig), 2);
	mei_connect(rig, 3, SINGLE_ADDR);
	mei_connect(rig, 4, SINGLE_ADDR);
	assert_int_equal(credits(rig), 2);
	assert_status(first.ops->connect(first.self), SAP_OK);
	assert_status(second.ops->connect(second.self), SAP_OK);
	assert_status(third.ops->connect(third.self), SAP_OK);
	assert_status(hbm_write(&rig->host, 2, "two", 3), SAP_OK);
	assert_status(hbm_write(&rig->host, 3, "three", 5), SAP_OK);
	mei_settle(rig);
	assert_int_equal(mei_refused_all(rig), 0);
	assert_int_equal(credits(rig), 0);
	hbm_piece(&rig->host, SINGLE_ADDR, 5, "many", 4, true);
	mei_settle(rig);
	assert_int_equal(mei_refused(rig, SAP_ME_NO_CREDIT), 1);
	/* There is no credit before both were taken; then there is one, not two. */
	expect_message(first, "two");
	mei_settle(rig);
	assert_int_equal(credits(rig), 0);
	expect_message(second, "three");
	mei_settle(rig);
	assert_int_equal(credits(rig), 1);
	mei_rig_free(rig);
}

/* As many doubts as are counted, and one that proves true. */
static void many_doubts(void **state)
{
	struct mei_rig *rig = mei_rig_up();

	(void)state;
	mei_take(rig, SINGLE, 0);
	mei_take(rig, SINGLE, 1);
	for (uint32_t i = 0; i < SAP_ME_CREDITS; i++) {
		mei_connect(rig, 1, SINGLE_ADDR);
		hbm_disconnect(&rig->host, 1);
		mei_settle(rig);
	}
	mei_connect(rig, 1, SINGLE_ADDR);
	change_over(rig, 1, 2);
	mei_connect(rig, 3, SINGLE_ADDR);
	assert_int_equal(credits(rig), 2);
	assert_status(hbm_write(&rig->host, 2, "two", 3), SAP_OK);
	assert_status(hbm_write(&rig->host, 3, "three", 5), SAP_OK);
	mei_settle(rig);
	assert_int_equal(credits(rig), 0);
	assert_int_equal(mei_refused_all(rig), 0);
	mei_rig_free(rig);
}

/* One application spends both before anybody took its first message: that stays whole, the second is refused. */
static void both_credits_at_one_connection(void **state)
{
	struct mei_rig *rig = mei_rig_up();
	struct sap_transport mine = mei_take(rig, SINGLE, 1);

	(void)state;
	mei_connect(rig, 1, SINGLE_ADDR);
	change_over(rig, 1, 2);
	change_over(rig, 2, 1);
	/* Three credits by now, and servers that take at once: nothing is lost. */
	assert_int_equal(credits(rig), 3);
	for (uint32_t i = 0; i < 20; i++)
		mei_echo(rig, 1, 200, i);
	assert_int_equal(credits(rig), 3);
	mei_connect(rig, 2, SINGLE_ADDR);
	assert_status(mine.ops->connect(mine.self), SAP_OK);
	assert_status(hbm_write(&rig->host, 2, "first", 5), SAP_OK);
	mei_settle(rig);
	assert_status(hbm_write(&rig->host, 2, "second", 6), SAP_OK);
	mei_settle(rig);
	assert_int_equal(mei_refused(rig, SAP_ME_NO_CREDIT), 1);
	expect_message(mine, "first");
	assert_status(hbm_write(&rig->host, 2, "third", 5), SAP_OK);
	mei_settle(rig);
	expect_message(mine, "third");
	mei_settle(rig);
	assert_int_equal(credits(rig), 2);
	assert_int_equal(mei_refused_all(rig), 1);
	mei_echo(rig, 1, 200, 1);
	mei_rig_free(rig);
}

static struct mei_rig *rig_with_places(uint8_t places)
{
	static struct sap_me_client clients[CLIENTS];
	struct sap_me_bus_config config;
	struct mei_rig *rig;

	memcpy(clients, mei_clients, sizeof(clients));
	clients[SINGLE].properties.max_connections = places;
	sap_me_bus_config_default(&config);
	config.clients = clients;
	config.n_clients = CLIENTS;
	rig = mei_rig_new(&config);
	mei_settle(rig);
	return rig;
}

/* Who waits for a place is somebody to the host: it keeps its credit. */
static void one_waits_as_another_leaves(void **state)
{
	struct mei_rig *rig = rig_with_places(2);
	struct sap_transport mine = mei_take(rig, SINGLE, 1);

	(void)state;
	mei_connect(rig, 1, SINGLE_ADDR);
	mei_connect(rig, 2, SINGLE_ADDR);
	assert_status(mine.ops->connect(mine.self), SAP_OK);
	hbm_disconnect(&rig->host, 2);
	mei_settle(rig);
	hbm_connect(&rig->host, 3, SINGLE_ADDR);
	mei_settle(rig);
	assert_int_equal(rig->host.app[3].state, HBM_APP_CONNECTING);
	hbm_disconnect(&rig->host, 1);
	mei_settle(rig);
	mei_connect(rig, 4, SINGLE_ADDR);
	assert_int_equal(rig->host.app[3].state, HBM_APP_CONNECTING);
	assert_int_equal(credits(rig), 1);
	assert_status(mine.ops->disconnect(mine.self), SAP_OK);
	mei_settle(rig);
	assert_int_equal(rig->host.app[3].state, HBM_APP_CONNECTED);
	assert_int_equal(credits(rig), 1);
	mei_rig_free(rig);
}

/* One place: who comes waits until the last one's server let go of it; or gives up, and the next one comes. */
static void a_place_handed_over(void **state)
{
	struct mei_rig *rig = rig_with_places(1);
	struct sap_transport mine = mei_take(rig, SINGLE, 0);

	(void)state;
	for (uint32_t i = 0; i < 6; i++) {
		mei_connect(rig, 1, SINGLE_ADDR);
		assert_int_equal(credits(rig), 1);
		assert_status(mine.ops->connect(mine.self), SAP_OK);
		hbm_disconnect(&rig->host, 1);
		mei_settle(rig);
		assert_int_equal(credits(rig), 0);
		hbm_connect(&rig->host, 2, SINGLE_ADDR);
		mei_settle(rig);
		assert_int_equal(rig->host.app[2].state, HBM_APP_CONNECTING);
		if (i % 2) {
			hbm_disconnect(&rig->host, 2);
			mei_settle(rig);
			hbm_connect(&rig->host, 3, SINGLE_ADDR);
			mei_settle(rig);
		}
		assert_status(mine.ops->disconnect(mine.self), SAP_OK);
		mei_settle(rig);
		assert_int_equal(rig->host.app[2 + i % 2].state, HBM_APP_CONNECTED);
		assert_int_equal(credits(rig), 1);
		hbm_disconnect(&rig->host, 2 + i % 2);
		mei_settle(rig);
	}
	assert_int_equal(mei_refused_all(rig), 0);
	mei_rig_free(rig);
}

/* A client that went and came is a new one to the host, even as one of the old is still on its way out. */
static void a_client_that_came_again(void **state)
{
	struct mei_rig *rig = mei_rig_up();

	(void)state;
	mei_connect(rig, 1, SINGLE_ADDR);
	rig->host.deaf = true;
	assert_status(sap_me_bus_remove(&rig->bus, SINGLE, rig->now), SAP_OK);
	assert_status(sap_me_bus_add(&rig->bus, SINGLE, rig->now), SAP_OK);
	mei_settle(rig);
	assert_int_equal(rig->host.added, 1);
	assert_int_equal(credits(rig), 0);
	mei_connect(rig, 2, SINGLE_ADDR);
	assert_int_equal(credits(rig), 1);
	mei_echo(rig, 2, 200, 1);
	mei_rig_free(rig);
}

/* No credit and no doubt outlives a reset. */
static void a_reset_ends_doubt(void **state)
{
	struct mei_rig *rig = mei_rig_up();

	(void)state;
	mei_connect(rig, 1, SINGLE_ADDR);
	change_over(rig, 1, 2);
	assert_int_equal(credits(rig), 2);
	hbm_host_reset(&rig->host);
	mei_settle(rig);
	mei_take(rig, SINGLE, 0);
	mei_take(rig, SINGLE, 1);
	mei_connect(rig, 1, SINGLE_ADDR);
	mei_connect(rig, 2, SINGLE_ADDR);
	assert_int_equal(credits(rig), 1);
	hbm_piece(&rig->host, SINGLE_ADDR, 2, "a", 1, true);
	hbm_piece(&rig->host, SINGLE_ADDR, 3, "b", 1, true);
	mei_settle(rig);
	assert_int_equal(mei_refused(rig, SAP_ME_NO_CREDIT), 1);
	mei_rig_free(rig);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_next_first_connection),
		cmocka_unit_test(after_the_firmware_left),
		cmocka_unit_test(one_of_two_leaves),
		cmocka_unit_test(one_comes_as_the_firmware_leaves),
		cmocka_unit_test(both_credits_are_spent),
		cmocka_unit_test(many_doubts),
		cmocka_unit_test(both_credits_at_one_connection),
		cmocka_unit_test(one_waits_as_another_leaves),
		cmocka_unit_test(a_place_handed_over),
		cmocka_unit_test(a_client_that_came_again),
		cmocka_unit_test(a_reset_ends_doubt),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
