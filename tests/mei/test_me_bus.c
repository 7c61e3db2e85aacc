// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
/* The bus and a host that keeps the rules: begin, versions, clients, resets, deaths, power. */
#include "mei_rig.h"

static struct mei_rig *new_with(uint8_t major, uint8_t minor, uint32_t capabilities)
{
	struct sap_me_bus_config config;

	sap_me_bus_config_default(&config);
	config.major = major;
	config.minor = minor;
	config.capabilities = capabilities;
	return mei_rig_new(&config);
}

static void host_begins(void **state)
{
	struct mei_rig *rig = mei_rig_new(NULL);

	(void)state;
	mei_settle(rig);
	mei_events(rig, "RESET; STARTED 2.2; ENUMERATED");
	assert_int_equal(rig->host.phase, HBM_UP);
	assert_int_equal(rig->host.capabilities, 5);
	assert_int_equal(sap_me_bus_phase(&rig->bus), SAP_ME_ENUMERATED);
	for (uint32_t i = 0; i < CLIENTS; i++) {
		const struct hbm_client *client = &rig->host.client[mei_clients[i].me_addr];

		assert_int_equal(client->there, !mei_clients[i].later);
		if (client->there)
			assert_memory_equal(&client->properties, &mei_clients[i].properties,
					    sizeof(client->properties));
	}
	assert_int_equal(mei_refused_all(rig), 0);
	assert_true(sap_me_bus_deadline(&rig->bus) == SAP_NEVER);
	mei_rig_free(rig);
}

/* Ours, the host's, and what both end up with. */
static void versions_are_agreed_on(void **state)
{
	static const uint8_t rows[][6] = {
		{2, 2, 2, 2, 2, 2}, {2, 1, 2, 2, 2, 1}, {2, 0, 2, 2, 2, 0}, {1, 1, 2, 2, 1, 1},
		{2, 2, 2, 0, 2, 0}, {2, 2, 1, 1, 1, 1}, {3, 0, 2, 2, 2, 2}, {1, 0, 2, 2, 1, 0},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct mei_rig *rig = new_with(rows[i][0], rows[i][1], 5);
		bool new = rows[i][4] == 2 && rows[i][5] == 2;
		char text[64];

		rig->host.major = rows[i][2];
		rig->host.minor = rows[i][3];
		mei_settle(rig);
		snprintf(text, sizeof(text), "RESET; STARTED %u.%u; ENUMERATED", rows[i][4], rows[i][5]);
		mei_events(rig, text);
		assert_int_equal(rig->host.fw_major, rows[i][4]);
		assert_int_equal(rig->host.fw_minor, rows[i][5]);
		assert_int_equal(rig->host.capabilities, new ? 5 : 0);
		/* Clients of fixed addresses came with 2.0. */
		assert_int_equal(rig->host.client[MKHI_FIXED_ADDR].there, rows[i][4] == 2);
		/* Without client DMA everything else works. */
		mei_connect(rig, 1, ECHO_ADDR);
		mei_echo(rig, 1, 100, 1);
		hbm_map(&rig->host, 0x100000000, 172032);
		mei_settle(rig);
		assert_int_equal(rig->host.dma, new ? HBM_DMA_REFUSED : HBM_DMA_MAPPING);
		assert_int_equal(mei_refused(rig, SAP_ME_HBM_OLD), !new);
		mei_rig_free(rig);
	}
}

static void capability_refused(void **state)
{
	struct mei_rig *rig = new_with(2, 2, SAP_HBM_CAP_VTAG);

	(void)state;
	mei_settle(rig);
	assert_int_equal(rig->host.capabilities, SAP_HBM_CAP_VTAG);
	hbm_map(&rig->host, 0x100000000, 172032);
	mei_settle(rig);
	assert_int_equal(rig->host.dma, HBM_DMA_REFUSED);
	assert_int_equal(rig->host.dma_status, SAP_HBM_NOT_ALLOWED);
	mei_connect(rig, 1, ECHO_ADDR);
	mei_echo(rig, 1, 5120, 1);
	mei_rig_free(rig);
}

/* What is not asked for is not granted: a tag to a client that takes them is refused then. */
static void capability_not_wanted(void **state)
{
	struct mei_rig *rig = mei_rig_new(NULL);

	(void)state;
	rig->host.wanted = SAP_HBM_CAP_CLIENT_DMA;
	mei_settle(rig);
	assert_int_equal(rig->host.capabilities, SAP_HBM_CAP_CLIENT_DMA);
	mei_connect(rig, 1, AMTHI_ADDR);
	assert_status(hbm_write_tagged(&rig->host, 1, 7, "junk", 4), SAP_OK);
	mei_settle(rig);
	assert_int_equal(mei_refused(rig, SAP_ME_BAD_TAG), 1);
	mei_rig_free(rig);
}

static void reset_ends_everything(void **state)
{
	struct mei_rig *rig = mei_rig_up();
	uint8_t bytes[5000] = {0};
	struct sap_me_look look;

	(void)state;
	for (uint32_t app = 1; app <= 3; app++)
		mei_connect(rig, app, ECHO_ADDR);
	/* In the middle of a message: one frame of it is on the way. */
	assert_status(hbm_write(&rig->host, 1, bytes, sizeof(bytes)), SAP_OK);
	hbm_host_run(&rig->host);
	assert_status(sap_me_bus_run(&rig->bus, &rig->port, rig->now), SAP_OK);
	assert_true(sap_me_bus_look(&rig->bus, ECHO, 0, &look));
	assert_true(look.connected && look.served && look.waiting > 0 && look.waiting < sizeof(bytes));
	rig->events[0] = '\0';
	hbm_host_reset(&rig->host);
	mei_settle(rig);
	mei_events(rig, "RESET; STARTED 2.2; ENUMERATED");
	for (uint32_t nth = 0; nth < 3; nth++) {
		assert_true(sap_me_bus_look(&rig->bus, ECHO, nth, &look));
		assert_true(!look.connected && !look.waiting);
	}
	assert_int_equal(rig->host.app[1].state, HBM_APP_ENDED);
	/* All of it again. */
	for (uint32_t app = 1; app <= 3; app++) {
		mei_connect(rig, app, ECHO_ADDR);
		mei_echo(rig, app, 5120, app);
	}
	assert_int_equal(rig->bus.state.counters.resets, 2);
	mei_rig_free(rig);
}

static void death_and_rebirth(void **state)
{
	struct mei_rig *rig = mei_rig_up();

	(void)state;
	mei_connect(rig, 1, ECHO_ADDR);
	rig->events[0] = '\0';
	assert_status(sap_me_bus_start(&rig->bus, rig->now), SAP_WRONG_STATE);
	assert_status(sap_me_bus_stop(&rig->bus, rig->now), SAP_OK);
	assert_status(sap_me_bus_stop(&rig->bus, rig->now), SAP_WRONG_STATE);
	mei_settle(rig);
	assert_false(sap_mei_loopback_is_ready(&rig->loop));
	assert_int_equal(rig->host.app[1].state, HBM_APP_ENDED);
	assert_int_equal(sap_me_bus_phase(&rig->bus), SAP_ME_OFF);
	assert_status(sap_me_bus_input(&rig->bus, SAP_MEI_HOST_RESET, NULL, 0, rig->now), SAP_WRONG_STATE);
	assert_status(sap_me_bus_start(&rig->bus, rig->now), SAP_OK);
	mei_settle(rig);
	mei_events(rig, "RESET; STARTED 2.2; ENUMERATED");
	mei_connect(rig, 1, ECHO_ADDR);
	mei_echo(rig, 1, 1, 1);
	mei_rig_free(rig);
}

static void port_is_gone(void **state)
{
	struct mei_rig *rig = mei_rig_up();
	struct sap_transport mine = mei_take(rig, ECHO, 0);
	uint8_t byte;
	size_t len;

	(void)state;
	assert_status(mine.ops->connect(mine.self), SAP_AGAIN);
	mei_connect(rig, 1, ECHO_ADDR);
	assert_status(mine.ops->connect(mine.self), SAP_OK);
	rig->events[0] = '\0';
	sap_mei_loopback_unplug(&rig->loop);
	mei_settle(rig);
	mei_events(rig, "GONE");
	assert_status(mine.ops->recv(mine.self, &byte, 1, &len), SAP_CLOSED);
	assert_true(sap_me_bus_deadline(&rig->bus) == SAP_NEVER);
	/* Once more: it is told again, and nothing else happens. */
	assert_status(sap_me_bus_start(&rig->bus, rig->now), SAP_OK);
	mei_settle(rig);
	mei_events(rig, "GONE");
	mei_rig_free(rig);
}

static void host_stops(void **state)
{
	struct mei_rig *rig = mei_rig_up();

	(void)state;
	rig->host.keeps_down = true;
	mei_connect(rig, 1, ECHO_ADDR);
	rig->events[0] = '\0';
	hbm_stop(&rig->host, SAP_HBM_STOP_S3);
	mei_settle(rig);
	mei_events(rig, "STOPPED 6");
	assert_int_equal(sap_me_bus_phase(&rig->bus), SAP_ME_STOPPED);
	/* Nothing is said to a host that stopped. */
	hbm_piece(&rig->host, ECHO_ADDR, 2, "x", 1, true);
	mei_settle(rig);
	assert_int_equal(mei_refused(rig, SAP_ME_NO_CONNECTION), 1);
	hbm_host_reset(&rig->host);
	mei_settle(rig);
	mei_events(rig, "RESET; STARTED 2.2; ENUMERATED");
	mei_rig_free(rig);
}

static void firmware_asks_to_stop(void **state)
{
	struct mei_rig *rig = mei_rig_new(NULL);

	(void)state;
	assert_status(sap_me_bus_ask_stop(&rig->bus, SAP_HBM_STOP_D3, rig->now), SAP_WRONG_STATE);
	mei_settle(rig);
	rig->events[0] = '\0';
	assert_status(sap_me_bus_ask_stop(&rig->bus, SAP_HBM_STOP_D3, rig->now), SAP_OK);
	assert_status(sap_me_bus_ask_stop(&rig->bus, SAP_HBM_STOP_D3, rig->now), SAP_BUSY);
	mei_settle(rig);
	assert_int_equal(rig->host.stop_reason, SAP_HBM_STOP_D3);
	mei_events(rig, "STOPPED 3; RESET; STARTED 2.2; ENUMERATED");
	mei_rig_free(rig);
}

static void clients_come_later(void **state)
{
	struct mei_rig *rig = mei_rig_up();

	(void)state;
	hbm_connect(&rig->host, 1, LATER_ADDR);
	mei_settle(rig);
	assert_int_equal(rig->host.app[1].status, SAP_HBM_CLIENT_NOT_FOUND);
	assert_status(sap_me_bus_add(&rig->bus, ECHO, rig->now), SAP_WRONG_STATE);
	assert_status(sap_me_bus_add(&rig->bus, CLIENTS, rig->now), SAP_INVALID);
	assert_status(sap_me_bus_add(&rig->bus, LATER, rig->now), SAP_OK);
	mei_settle(rig);
	mei_events(rig, "ADDED 6 0");
	assert_int_equal(rig->host.added, 1);
	assert_memory_equal(&rig->host.client[LATER_ADDR].properties, &mei_clients[LATER].properties,
			    sizeof(mei_clients[LATER].properties));
	mei_connect(rig, 1, LATER_ADDR);
	mei_echo(rig, 1, 64, 1);
	/* After a reset it is found with the others, and not told of again. */
	hbm_host_reset(&rig->host);
	mei_settle(rig);
	assert_true(rig->host.client[LATER_ADDR].there);
	assert_int_equal(rig->host.added, 1);
	/* And gone again. */
	mei_connect(rig, 1, LATER_ADDR);
	assert_status(sap_me_bus_remove(&rig->bus, LATER, rig->now), SAP_OK);
	assert_status(sap_me_bus_remove(&rig->bus, LATER, rig->now), SAP_WRONG_STATE);
	mei_settle(rig);
	assert_int_equal(rig->host.app[1].state, HBM_APP_ENDED);
	hbm_connect(&rig->host, 1, LATER_ADDR);
	mei_settle(rig);
	assert_int_equal(rig->host.app[1].status, SAP_HBM_CLIENT_NOT_FOUND);
	assert_int_equal(mei_refused(rig, SAP_ME_NO_CLIENT), 2);
	mei_rig_free(rig);
}

/* A host that did not allow it is not told; nor is one before it enumerated. */
static void clients_that_may_not_be_added(void **state)
{
	struct mei_rig *rig = mei_rig_new(NULL);

	(void)state;
	rig->host.no_add = true;
	mei_settle(rig);
	assert_status(sap_me_bus_add(&rig->bus, LATER, rig->now), SAP_OK);
	mei_settle(rig);
	assert_int_equal(rig->host.added, 0);
	mei_connect(rig, 1, LATER_ADDR);
	mei_rig_free(rig);

	rig = mei_rig_new(NULL);
	assert_status(sap_me_bus_add(&rig->bus, LATER, rig->now), SAP_OK);
	mei_settle(rig);
	assert_int_equal(rig->host.added, 0);
	assert_true(rig->host.client[LATER_ADDR].there);
	mei_rig_free(rig);
}

static void notifications(void **state)
{
	struct mei_rig *rig = mei_rig_up();

	(void)state;
	assert_status(sap_me_bus_notify(&rig->bus, ECHO, 0), SAP_CLOSED);
	mei_connect(rig, 1, ECHO_ADDR);
	assert_status(sap_me_bus_notify(&rig->bus, ECHO, 0), SAP_UNSUPPORTED);
	assert_status(sap_me_bus_notify(&rig->bus, ECHO, 3), SAP_INVALID);
	rig->events[0] = '\0';
	rig->host.app[1].notify_status = 99;
	hbm_notify(&rig->host, 1, true);
	mei_settle(rig);
	mei_events(rig, "NOTIFY 4.0 1");
	assert_int_equal(rig->host.app[1].notify_status, SAP_HBM_SUCCESS);
	assert_status(sap_me_bus_notify(&rig->bus, ECHO, 0), SAP_OK);
	assert_status(sap_me_bus_notify(&rig->bus, ECHO, 0), SAP_OK);
	mei_settle(rig);
	assert_int_equal(rig->host.app[1].notifications, 1);
	assert_status(sap_me_bus_notify(&rig->bus, ECHO, 0), SAP_OK);
	hbm_notify(&rig->host, 1, false);
	mei_settle(rig);
	assert_status(sap_me_bus_notify(&rig->bus, ECHO, 0), SAP_UNSUPPORTED);
	/* Another application at the same place wants none. */
	hbm_notify(&rig->host, 1, true);
	mei_settle(rig);
	hbm_disconnect(&rig->host, 1);
	mei_settle(rig);
	mei_connect(rig, 2, ECHO_ADDR);
	assert_status(sap_me_bus_notify(&rig->bus, ECHO, 0), SAP_UNSUPPORTED);
	mei_rig_free(rig);
}

/* Behind a closed power gate nothing is said but that it is to be opened. */
static void power_gate(void **state)
{
	struct sap_hbm_message entry = {.command = SAP_HBM_PG_ENTRY};
	struct mei_rig *rig = mei_rig_up();
	struct sap_transport mine = mei_take(rig, ECHO, 0);

	(void)state;
	assert_status(mine.ops->connect(mine.self), SAP_AGAIN);
	mei_connect(rig, 1, ECHO_ADDR);
	assert_status(mine.ops->connect(mine.self), SAP_OK);
	mei_settle(rig);
	rig->events[0] = '\0';
	hbm_say(&rig->host, &entry);
	mei_settle(rig);
	mei_events(rig, "ASLEEP 1");
	assert_true(rig->host.asleep);
	assert_true(sap_me_bus_deadline(&rig->bus) == SAP_NEVER);
	assert_status(mine.ops->send(mine.self, "news", 4), SAP_OK);
	mei_settle(rig);
	mei_events(rig, "ASLEEP 0");
	assert_int_equal(rig->host.woken, 1);
	assert_non_null(hbm_read(&rig->host, 1));
	mei_settle(rig); /* its next credit */
	/* The host wants it open. */
	hbm_say(&rig->host, &entry);
	mei_settle(rig);
	assert_status(sap_mei_loopback_host_signal(&rig->loop, SAP_MEI_HOST_WAKES), SAP_OK);
	mei_settle(rig);
	mei_events(rig, "ASLEEP 1; ASLEEP 0");
	assert_int_equal(rig->host.woken, 2);
	/* It asks by a message. */
	hbm_say(&rig->host, &entry);
	mei_settle(rig);
	entry.command = SAP_HBM_PG_EXIT;
	hbm_say(&rig->host, &entry);
	mei_settle(rig);
	mei_events(rig, "ASLEEP 1; ASLEEP 0");
	assert_false(rig->host.asleep);
	mei_rig_free(rig);
}

/* Everything, mixed, twenty times. */
static void twenty_mixed_cycles(void **state)
{
	struct mei_rig *rig = mei_rig_up();
	uint32_t random = 1;

	(void)state;
	for (uint32_t cycle = 0; cycle < 20; cycle++) {
		for (uint32_t app = 1; app <= 3; app++)
			mei_connect(rig, app, ECHO_ADDR);
		for (uint32_t app = 4; app <= 8; app++)
			mei_connect(rig, app, AMTHI_ADDR);
		for (uint32_t i = 0; i < 10; i++)
			mei_echo(rig, 1 + i % 3, 1 + test_random(&random) % 5120, i);
		(void)!hbm_write(&rig->host, 1, rig->memory, 5120);
		(void)!hbm_write(&rig->host, 5, "\x01\x01\x00\x00\x1a\x00\x00\x04\x00\x00\x00\x00", 12);
		for (uint32_t i = 0; i < cycle % 5; i++) {
			hbm_host_run(&rig->host);
			assert_status(sap_me_bus_run(&rig->bus, &rig->port, rig->now), SAP_OK);
		}
		switch (cycle % 4) {
		case 0:
			hbm_host_reset(&rig->host);
			break;
		case 1:
			assert_status(sap_me_bus_stop(&rig->bus, rig->now), SAP_OK);
			mei_wait(rig, 10);
			assert_status(sap_me_bus_start(&rig->bus, rig->now), SAP_OK);
			break;
		case 2:
			assert_status(sap_me_bus_ask_stop(&rig->bus, SAP_HBM_STOP_DRIVER, rig->now), SAP_OK);
			break;
		default:
			for (uint32_t app = 1; app <= 8; app++)
				hbm_disconnect(&rig->host, app);
			break;
		}
		mei_wait(rig, 100);
		assert_int_equal(rig->host.phase, HBM_UP);
		rig->events[0] = '\0';
	}
	assert_int_equal(mei_refused_all(rig), 0);
	mei_rig_free(rig);
}

static void init_checks(void **state)
{
	static struct sap_me_bus bus;
	struct sap_me_client table[CLIENTS];
	struct sap_me_bus_config good, config;
	uint8_t memory[64];

	(void)state;
	memcpy(table, mei_clients, sizeof(table));
	sap_me_bus_config_default(&good);
	sap_me_bus_config_default(NULL);
	good.clients = table;
	good.n_clients = CLIENTS;
	/* 128 + 5 * 5120 + 2 * 2048 + 300 + 3 * 5120 + 3 * 200 + 64, twice. */
	assert_int_equal(sap_me_bus_memory(&good), 2 * 46148);
	good.memory = memory;
	good.memory_size = 2 * 46148 - 1;
	assert_status(sap_me_bus_init(&bus, sizeof(bus), &good, 0), SAP_TOO_SMALL);
	good.memory_size++;
	assert_status(sap_me_bus_init(&bus, sizeof(bus), &good, 0), SAP_OK);
	assert_status(sap_me_bus_init(&bus, sizeof(bus) - 1, &good, 0), SAP_TOO_SMALL);
	assert_status(sap_me_bus_init(&bus, sizeof(bus) + 1, &good, 0), SAP_TOO_SMALL);
	assert_status(sap_me_bus_init(NULL, sizeof(bus), &good, 0), SAP_INVALID);
	assert_status(sap_me_bus_init(&bus, sizeof(bus), NULL, 0), SAP_INVALID);
	config = good, config.memory = NULL;
	assert_status(sap_me_bus_init(&bus, sizeof(bus), &config, 0), SAP_INVALID);
	config = good, config.clients = NULL;
	assert_status(sap_me_bus_init(&bus, sizeof(bus), &config, 0), SAP_INVALID);
	config = good, config.n_clients = 0;
	assert_status(sap_me_bus_init(&bus, sizeof(bus), &config, 0), SAP_BAD_VALUE);
	config = good, config.n_clients = SAP_ME_CLIENTS + 1;
	assert_int_equal(sap_me_bus_memory(&config), 0);
	config = good, config.frame_size = 43;
	assert_status(sap_me_bus_init(&bus, sizeof(bus), &config, 0), SAP_BAD_VALUE);
	config = good, config.frame_size = 516;
	assert_status(sap_me_bus_init(&bus, sizeof(bus), &config, 0), SAP_BAD_VALUE);
	config = good, config.again_ms = 0;
	assert_status(sap_me_bus_init(&bus, sizeof(bus), &config, 0), SAP_BAD_VALUE);
	config = good, config.dma_sizes[3] = 4095;
	assert_status(sap_me_bus_init(&bus, sizeof(bus), &config, 0), SAP_BAD_VALUE);
	/* Tables that do not hold. */
	table[1].me_addr = table[0].me_addr;
	assert_int_equal(sap_me_bus_memory(&good), 0);
	table[1].me_addr = 0;
	assert_int_equal(sap_me_bus_memory(&good), 0);
	memcpy(table, mei_clients, sizeof(table));
	table[2].properties.max_connections = 0;
	assert_int_equal(sap_me_bus_memory(&good), 0);
	table[2].properties.max_connections = 60;
	assert_int_equal(sap_me_bus_memory(&good), 0);
	memcpy(table, mei_clients, sizeof(table));
	table[MKHI_FIXED].properties.max_connections = 1;
	assert_int_equal(sap_me_bus_memory(&good), 0);
	memcpy(table, mei_clients, sizeof(table));
	table[2].properties.max_msg_length = 0;
	assert_int_equal(sap_me_bus_memory(&good), 0);
	table[2].properties.max_msg_length = 0x40000000;
	assert_int_equal(sap_me_bus_memory(&good), 0);
	table[2].properties.max_msg_length = 0x80000000;
	assert_int_equal(sap_me_bus_memory(&good), 0);
	assert_int_equal(sap_me_bus_memory(NULL), 0);
	assert_null(sap_me_bus_transport(&bus, CLIENTS, 0).ops);
	assert_null(sap_me_bus_transport(&bus, WLAN, 1).ops);
	assert_null(sap_me_bus_transport(NULL, WLAN, 0).ops);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(host_begins),
		cmocka_unit_test(versions_are_agreed_on),
		cmocka_unit_test(capability_refused),
		cmocka_unit_test(capability_not_wanted),
		cmocka_unit_test(reset_ends_everything),
		cmocka_unit_test(death_and_rebirth),
		cmocka_unit_test(port_is_gone),
		cmocka_unit_test(host_stops),
		cmocka_unit_test(firmware_asks_to_stop),
		cmocka_unit_test(clients_come_later),
		cmocka_unit_test(clients_that_may_not_be_added),
		cmocka_unit_test(notifications),
		cmocka_unit_test(power_gate),
		cmocka_unit_test(twenty_mixed_cycles),
		cmocka_unit_test(init_checks),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
