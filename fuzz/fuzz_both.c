// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
/*
 * Both engines over a loopback, with faults, losses, scribbling and calls as the input says. Whatever went
 * wrong, both end down with nothing held, and started again without faults they find each other and agree.
 */
#include "fuzz.h"

#include <sap/loopback.h>

enum {
	MOST_OPS = 600,
	MOST_ROUNDS = 5000,
};

static struct sap_host host;
static struct sap_csme csme;
static struct sap_loopback loop;
static struct sap_layout layout;
static _Alignas(8) uint8_t memory[16384];
static uint64_t now;

/* --- both, for a while --- */

static void fetch_events(void)
{
	struct sap_host_event host_event;
	struct sap_csme_event csme_event;

	while (sap_host_next_event(&host, &host_event)) {
		if (host_event.type == SAP_HOST_LEAVE)
			(void)!sap_host_device_down(&host, now);
	}
	while (sap_csme_next_event(&csme, &csme_event))
		;
}

static void run(enum sap_loopback_end end)
{
	struct sap_pump pump = {.transport = sap_loopback_transport(&loop, end)};

	if (end == SAP_LOOPBACK_HOST)
		pump.host = &host;
	else
		pump.csme = &csme;
	MUST(sap_pump_run(&pump, now) == SAP_OK);
	fetch_events();
}

static void check(void)
{
	struct sap_why why;

	sap_host_why(&host, &why);
	MUST(why.state && why.why);
	sap_csme_why(&csme, &why);
	MUST(why.state && why.why);
	MUST(sap_host_counters(&host)->events_lost == 0 && sap_csme_counters(&csme)->events_lost == 0);
}

/* Both run, and the clock with them. */
static void round_of_both(void)
{
	run(SAP_LOOPBACK_HOST);
	run(SAP_LOOPBACK_CSME);
	sap_loopback_step(&loop);
	now += 10;
}

/* --- faults and calls --- */

static void op_fault(struct input *in)
{
	static const enum sap_status statuses[] = {SAP_AGAIN, SAP_IO, SAP_BUSY, SAP_UNSUPPORTED};
	struct sap_loopback_fault fault = {0};

	fault.kind = (enum sap_loopback_fault_kind)(1 + take_u8(in) % SAP_LOOPBACK_CORRUPT);
	fault.end = (enum sap_loopback_end)(take_u8(in) & 1);
	fault.skip = take_u8(in) % 8u;
	fault.times = 1 + take_u8(in) % 4u;
	fault.status = statuses[take_u8(in) % 4];
	fault.steps = 1 + take_u8(in) % 8u;
	fault.offset = take_u8(in);
	fault.mask = take_u8(in) | 1;
	(void)!sap_loopback_inject(&loop, &fault);
}

static void op_scribble(struct input *in)
{
	uint32_t at = take_u16(in);
	size_t n = take_u8(in) % 16u;
	const uint8_t *bytes = take_bytes(in, &n);

	(void)!sap_loopback_scribble(&loop, at, bytes, (uint32_t)n);
}

static void op_host(struct input *in)
{
	switch (take_u8(in) % 9) {
	case 0:
		(void)!sap_host_start(&host, now);
		break;
	case 1:
		(void)!sap_host_stop(&host, now);
		break;
	case 2:
		(void)!sap_host_own(&host, now);
		break;
	case 3:
		(void)!sap_host_driver_up(&host, now);
		break;
	case 4:
		(void)!sap_host_driver_down(&host, now);
		break;
	case 5:
		(void)!sap_host_device_up(&host, now);
		break;
	case 6:
		(void)!sap_host_get_nvm(&host, now);
		break;
	case 7:
		(void)!sap_host_pldr(&host, now);
		break;
	default:
		(void)!sap_host_ping(&host, now);
		break;
	}
}

static void op_csme(struct input *in)
{
	switch (take_u8(in) % 9) {
	case 0:
		(void)!sap_csme_start(&csme, now);
		break;
	case 1:
		(void)!sap_csme_stop(&csme, now);
		break;
	case 2:
	case 3:
		(void)!sap_csme_set_amt(&csme, take_u8(in) % 4, now);
		break;
	case 4:
		sap_csme_set_policy(&csme, (enum sap_csme_policy)(take_u8(in) % 4));
		break;
	case 5:
		(void)!sap_csme_answer(&csme, take_u8(in) & 1, now);
		break;
	case 6:
		(void)!sap_csme_take(&csme, now);
		break;
	case 7:
		(void)!sap_csme_take_by_force(&csme, now);
		break;
	default:
		(void)!sap_csme_register_request(&csme, now);
		break;
	}
}

static void op(struct input *in)
{
	switch (take_u8(in) % 12) {
	case 0:
	case 1:
		run(SAP_LOOPBACK_HOST);
		break;
	case 2:
	case 3:
		run(SAP_LOOPBACK_CSME);
		break;
	case 4:
		now += take_u8(in);
		break;
	case 5:
		now += take_u16(in);
		break;
	case 6:
		op_fault(in);
		break;
	case 7:
		op_scribble(in);
		break;
	case 8:
		sap_loopback_cut(&loop);
		break;
	case 9:
		(void)!sap_loopback_freeze(&loop, (enum sap_loopback_end)(take_u8(in) & 1), take_u8(in) & 1);
		break;
	case 10:
		op_host(in);
		break;
	default:
		op_csme(in);
		break;
	}
}

/* --- the end --- */

static bool both_are(enum sap_phase phase)
{
	return host.state.link.phase == phase && csme.state.link.phase == phase;
}

static void stop_both(void)
{
	uint32_t rounds = 0;

	sap_loopback_clear_faults(&loop);
	fetch_events();
	(void)!sap_host_stop(&host, now);
	(void)!sap_csme_stop(&csme, now);
	while (!both_are(SAP_PHASE_DOWN)) {
		MUST(rounds++ < MOST_ROUNDS);
		round_of_both();
	}
	check();
	MUST(!loop.state.mapped[SAP_LOOPBACK_HOST] && !loop.state.mapped[SAP_LOOPBACK_CSME]);
	MUST(loop.state.phase[SAP_LOOPBACK_HOST] == SAP_LOOPBACK_IDLE);
	MUST(loop.state.phase[SAP_LOOPBACK_CSME] == SAP_LOOPBACK_IDLE);
}

static void start_again(void)
{
	struct sap_why host_why, csme_why;
	uint32_t rounds = 0;

	MUST(sap_csme_start(&csme, now) == SAP_OK && sap_host_start(&host, now) == SAP_OK);
	while (!both_are(SAP_PHASE_UP) || rounds < 400) {
		MUST(rounds++ < MOST_ROUNDS);
		round_of_both();
	}
	sap_host_why(&host, &host_why);
	sap_csme_why(&csme, &csme_why);
	MUST(host.state.amt == csme.state.amt);
	MUST(!csme.state.amt || host_why.owner == csme_why.owner);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct input in = {data, size};
	uint32_t sizes[SAP_QUEUES] = {64u + 8u * take_u8(&in), 64, 600u + 8u * take_u8(&in), 64};
	struct sap_loopback_config config;
	struct sap_host_config host_config;
	struct sap_csme_config csme_config;

	now = 1000;
	MUST(sap_layout_make(&layout, SAP_PROTOCOL_4, sizes) == SAP_OK);
	sap_loopback_config_default(&config);
	config.memory = memory;
	config.memory_size = sizeof(memory);
	sap_host_config_default(&host_config);
	sap_csme_config_default(&csme_config);
	host_config.link.layouts[0] = csme_config.link.layouts[0] = &layout;
	host_config.link.layouts[1] = csme_config.link.layouts[1] = NULL;
	MUST(sap_loopback_init(&loop, sizeof(loop), &config) == SAP_OK);
	MUST(sap_host_init(&host, sizeof(host), &host_config, now) == SAP_OK);
	MUST(sap_csme_init(&csme, sizeof(csme), &csme_config, now) == SAP_OK);
	MUST(sap_csme_start(&csme, now) == SAP_OK && sap_host_start(&host, now) == SAP_OK);
	for (uint32_t n = 0; n < MOST_OPS && in.left; n++) {
		op(&in);
		check();
	}
	stop_both();
	sap_csme_set_policy(&csme, SAP_POLICY_GRANT);
	start_again();
	stop_both();
	return 0;
}
