// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
/*
 * SAP over the bus: the WLAN client's connection passes the conformance kit, and both engines meet on it: the
 * host's on an application of a host of HBM, CSME's on the bus.
 */
#include "mei_rig.h"

#include <sap/transport_check.h>

#define ADDRESS 0x1f0000000ull

enum {
	AREA = 172032,
	SMALL = 139264,
	LONGEST = 128,
};

struct subject {
	struct mei_rig *rig;
	uint8_t *memory;
	unsigned failed, skipped, passed;
};

/* --- the conformance kit --- */

static enum sap_status open_pair(void *self, struct sap_transport *host, struct sap_transport *csme)
{
	struct subject *subject = self;
	struct mei_rig *rig = mei_rig_new(NULL);

	mei_settle(rig);
	subject->rig = rig;
	subject->memory = test_calloc(1, AREA);
	*host = hbm_transport(&rig->host, &sap_wlan_guid, subject->memory, AREA, ADDRESS);
	*csme = mei_take(rig, WLAN, 0);
	return SAP_OK;
}

static void close_pair(void *self)
{
	struct subject *subject = self;

	mei_wait(subject->rig, 5000);
	mei_rig_free(subject->rig);
	test_free(subject->memory);
}

static void settle(void *self)
{
	struct subject *subject = self;

	mei_wait(subject->rig, 5);
}

static void report(void *self, const struct sap_transport_finding *finding)
{
	struct subject *subject = self;

	subject->passed += finding->outcome == SAP_CHECK_PASSED;
	subject->skipped += finding->outcome == SAP_CHECK_SKIPPED;
	subject->failed += finding->outcome == SAP_CHECK_FAILED;
	if (finding->outcome == SAP_CHECK_FAILED)
		print_error("%s: %s\n    %s: %lld instead of %lld\n", finding->name, finding->rule,
			    finding->step, (long long)finding->found, (long long)finding->expected);
}

static void connection_conforms(void **state)
{
	static uint8_t scratch[2 * (LONGEST + 1)];
	struct subject subject = {0};
	struct sap_transport_check check = {
		.open = open_pair,
		.close = close_pair,
		.settle = settle,
		.report = report,
		.self = &subject,
		.sizes = {AREA, SMALL},
		.longest = LONGEST,
		.scratch = scratch,
		.scratch_size = sizeof(scratch),
	};

	(void)state;
	assert_int_equal(sap_transport_check(&check), 0);
	assert_true(subject.passed >= 28);
	assert_true(subject.skipped <= 1);
}

/* --- the engines --- */

struct both {
	struct mei_rig *rig;
	struct sap_host host;
	struct sap_csme csme;
	struct sap_packets host_lane, csme_lane;
	struct sap_pump host_pump, csme_pump;
	uint8_t *memory;
	char events[2048];
	uint8_t version;
};

static void note(struct both *b, const char *what)
{
	size_t len = strlen(b->events);

	snprintf(b->events + len, sizeof(b->events) - len, "%s%s", len ? "; " : "", what);
}

static void fetch(struct both *b)
{
	struct sap_host_event host;
	struct sap_csme_event csme;

	while (sap_host_next_event(&b->host, &host)) {
		if (host.type == SAP_HOST_UP) {
			b->version = host.version;
			note(b, "host up");
		} else if (host.type == SAP_HOST_DOWN) {
			note(b, "host down");
		} else if (host.type == SAP_HOST_OWNER) {
			note(b, host.owner == SAP_OWNER_HOST ? "host: ours" : "host: CSME's");
		}
	}
	while (sap_csme_next_event(&b->csme, &csme)) {
		if (csme.type == SAP_CSME_UP)
			note(b, "CSME up");
		else if (csme.type == SAP_CSME_DOWN)
			note(b, "CSME down");
		else if (csme.type == SAP_CSME_NO_AREA)
			note(b, "no area");
		else if (csme.type == SAP_CSME_OWNER)
			note(b, csme.owner == SAP_OWNER_CSME ? "CSME: ours" : "CSME: host's");
	}
}

static void run(struct both *b, uint64_t ms)
{
	uint64_t end = b->rig->now + ms;

	do {
		mei_wait(b->rig, 5);
		fetch(b);
	} while (b->rig->now < end);
}

static void both_new(struct both *b, const struct sap_me_bus_config *config)
{
	struct sap_host_config host;
	struct sap_csme_config csme;

	memset(b, 0, sizeof(*b));
	b->rig = mei_rig_new(config);
	b->memory = test_calloc(1, AREA);
	sap_host_config_default(&host);
	host.link.lane = &b->host_lane;
	sap_csme_config_default(&csme);
	csme.link.lane = &b->csme_lane;
	assert_status(sap_host_init(&b->host, sizeof(b->host), &host, b->rig->now), SAP_OK);
	assert_status(sap_csme_init(&b->csme, sizeof(b->csme), &csme, b->rig->now), SAP_OK);
	b->host_pump.host = &b->host;
	b->host_pump.lane = &b->host_lane;
	b->host_pump.transport = hbm_transport(&b->rig->host, &sap_wlan_guid, b->memory, AREA, ADDRESS);
	b->csme_pump.csme = &b->csme;
	b->csme_pump.lane = &b->csme_lane;
	b->csme_pump.transport = mei_take(b->rig, WLAN, 0);
	b->rig->pump[0] = &b->host_pump;
	b->rig->pump[1] = &b->csme_pump;
	mei_settle(b->rig);
	assert_status(sap_csme_set_amt(&b->csme, true, b->rig->now), SAP_OK);
	assert_status(sap_csme_start(&b->csme, b->rig->now), SAP_OK);
	assert_status(sap_host_start(&b->host, b->rig->now), SAP_OK);
	fetch(b);
	b->events[0] = '\0';
}

static void both_free(struct both *b)
{
	assert_int_equal(sap_host_counters(&b->host)->events_lost, 0);
	assert_int_equal(sap_csme_counters(&b->csme)->events_lost, 0);
	mei_rig_free(b->rig);
	test_free(b->memory);
}

static bool saw(const struct both *b, const char *what)
{
	return strstr(b->events, what) != NULL;
}

static void get_nic(struct both *b)
{
	b->events[0] = '\0';
	(void)!sap_host_driver_up(&b->host, b->rig->now);
	run(b, 200);
	assert_status(sap_host_own(&b->host, b->rig->now), SAP_OK);
	run(b, 700);
	assert_true(saw(b, "host: ours"));
	assert_status(sap_host_device_up(&b->host, b->rig->now), SAP_OK);
	run(b, 50);
}

static void handshake_ownership_packets(void **state)
{
	uint8_t frame[1500], got[2000];
	struct both b;
	struct sap_packet_info info;

	(void)state;
	both_new(&b, NULL);
	run(&b, 500);
	assert_true(saw(&b, "host up") && saw(&b, "CSME up"));
	assert_int_equal(b.version, SAP_PROTOCOL_4);
	get_nic(&b);
	for (uint32_t i = 0; i < 50; i++) {
		test_pattern(frame, sizeof(frame), i);
		assert_status(sap_packets_send(&b.host_lane, sap_host_area(&b.host), sap_host_seq(&b.host),
					       frame, 60 + i * 20),
			      SAP_OK);
		run(&b, 5);
		assert_status(sap_packets_recv(&b.csme_lane, sap_csme_area(&b.csme), got, sizeof(got), &info),
			      SAP_OK);
		assert_int_equal(info.len, 60 + i * 20);
		assert_memory_equal(got, frame, info.len);
		assert_status(sap_packets_send(&b.csme_lane, sap_csme_area(&b.csme), sap_csme_seq(&b.csme),
					       frame, 60 + i),
			      SAP_OK);
		run(&b, 5);
		assert_status(sap_packets_recv(&b.host_lane, sap_host_area(&b.host), got, sizeof(got), &info),
			      SAP_OK);
		assert_int_equal(info.len, 60 + i);
	}
	/* CSME takes the NIC back. */
	b.events[0] = '\0';
	assert_status(sap_csme_take_by_force(&b.csme, b.rig->now), SAP_OK);
	run(&b, 500);
	assert_true(saw(&b, "CSME: ours"));
	/* And all goes down in order. */
	b.events[0] = '\0';
	assert_status(sap_host_stop(&b.host, b.rig->now), SAP_OK);
	run(&b, 3000);
	assert_true(saw(&b, "host down") && saw(&b, "CSME down"));
	assert_int_equal(b.rig->loop.window_size, 0);
	assert_int_equal(b.rig->host.dma, HBM_DMA_NONE);
	assert_int_equal(mei_refused_all(b.rig), 0);
	both_free(&b);
}

/* An older firmware takes the smaller area alone: the host ends at version 3. */
static void older_firmware(void **state)
{
	struct sap_me_bus_config config;
	struct both b;

	(void)state;
	sap_me_bus_config_default(&config);
	config.dma_sizes[0] = SMALL;
	config.dma_sizes[1] = 0;
	both_new(&b, &config);
	run(&b, 1000);
	assert_true(saw(&b, "host up") && saw(&b, "CSME up"));
	assert_int_equal(b.version, SAP_PROTOCOL_3);
	get_nic(&b);
	both_free(&b);
}

/* Without client DMA there is no SAP, and nothing hangs. */
static void no_client_dma(void **state)
{
	struct sap_me_bus_config config;
	struct both b;

	(void)state;
	sap_me_bus_config_default(&config);
	config.capabilities = 0;
	both_new(&b, &config);
	run(&b, 3000);
	assert_true(saw(&b, "host down"));
	assert_false(saw(&b, "up"));
	both_free(&b);
}

/* The host resets in the middle of everything; both engines go down, and come up again as they are started. */
static void reset_in_the_middle(void **state)
{
	struct both b;

	(void)state;
	both_new(&b, NULL);
	for (uint32_t cycle = 0; cycle < 5; cycle++) {
		run(&b, 500 + cycle * 7);
		assert_true(saw(&b, "host up") && saw(&b, "CSME up"));
		/* Later on CSME keeps the NIC that it took as the connection was lost. */
		if (!cycle)
			get_nic(&b);
		b.events[0] = '\0';
		hbm_host_reset(&b.rig->host);
		/* The Linux driver loses its client, and gives the memory back after the enumeration. */
		run(&b, 3000);
		assert_true(saw(&b, "host down") && saw(&b, "CSME down"));
		assert_int_equal(b.rig->loop.window_size, 0);
		b.events[0] = '\0';
		assert_status(sap_csme_start(&b.csme, b.rig->now), SAP_OK);
		assert_status(sap_host_start(&b.host, b.rig->now), SAP_OK);
	}
	both_free(&b);
}

/* The firmware dies, with its engine, and is reborn. */
static void firmware_dies(void **state)
{
	struct both b;

	(void)state;
	both_new(&b, NULL);
	for (uint32_t cycle = 0; cycle < 3; cycle++) {
		run(&b, 500);
		assert_true(saw(&b, "host up"));
		b.events[0] = '\0';
		assert_status(sap_me_bus_stop(&b.rig->bus, b.rig->now), SAP_OK);
		run(&b, 1000);
		assert_true(saw(&b, "host down") && saw(&b, "CSME down"));
		assert_status(sap_me_bus_start(&b.rig->bus, b.rig->now), SAP_OK);
		run(&b, 1000);
		assert_int_equal(b.rig->host.phase, HBM_UP);
		b.events[0] = '\0';
		assert_status(sap_csme_start(&b.csme, b.rig->now), SAP_OK);
		assert_status(sap_host_start(&b.host, b.rig->now), SAP_OK);
	}
	both_free(&b);
}

/* The host takes its memory away while the connection stands. */
static void memory_goes_first(void **state)
{
	struct both b;

	(void)state;
	both_new(&b, NULL);
	run(&b, 500);
	get_nic(&b);
	b.events[0] = '\0';
	hbm_unmap(&b.rig->host);
	run(&b, 3000);
	assert_true(saw(&b, "CSME down") && saw(&b, "host down"));
	assert_int_equal(b.rig->loop.window_size, 0);
	assert_int_equal(b.rig->host.dma, HBM_DMA_NONE);
	both_free(&b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(connection_conforms), cmocka_unit_test(handshake_ownership_packets),
		cmocka_unit_test(older_firmware),      cmocka_unit_test(no_client_dma),
		cmocka_unit_test(reset_in_the_middle), cmocka_unit_test(firmware_dies),
		cmocka_unit_test(memory_goes_first),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
