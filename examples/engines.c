// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
/*
 * Both engines in one process: a host and a CSME over the loopback, each with its pump, on a virtual clock.
 * They shake hands, the host asks for the NIC, CSME takes it back.
 *
 * A real program has one engine, its transport, a real clock, and waits until the pump's deadline or for the
 * transport; the rest is the same.
 */
#include <sap/loopback.h>
#include <sap/sap.h>

#include <stdio.h>

static _Alignas(8) unsigned char memory[172032];

/* One side each; static, since they are large. */
static struct sap_host host;
static struct sap_csme csme;
static struct sap_loopback loop;

static void print_events(uint64_t now)
{
	struct sap_host_event h;
	struct sap_csme_event c;

	while (sap_host_next_event(&host, &h)) {
		if (h.type == SAP_HOST_UP)
			printf("%5llu host: SAP is up, version %u\n", (unsigned long long)now, h.version);
		else if (h.type == SAP_HOST_OWN_DONE)
			printf("%5llu host: my request was %s\n", (unsigned long long)now,
			       h.reason == SAP_REASON_NONE ? "granted" : "not granted");
		else if (h.type == SAP_HOST_LEAVE)
			printf("%5llu host: CSME wants the NIC back\n", (unsigned long long)now);
		else if (h.type == SAP_HOST_DOWN)
			printf("%5llu host: SAP is down\n", (unsigned long long)now);
	}
	while (sap_csme_next_event(&csme, &c)) {
		if (c.type == SAP_CSME_OWNER)
			printf("%5llu CSME: the NIC is %s now\n", (unsigned long long)now,
			       c.owner == SAP_OWNER_CSME ? "mine" : "the host's");
	}
}

/* Lets both sides work until nothing is due before `until`. */
static uint64_t run(struct sap_pump *a, struct sap_pump *b, uint64_t now, uint64_t until)
{
	while (now <= until) {
		uint64_t next;

		/* What one says, the other may answer at once. */
		for (int turn = 0; turn < 4; turn++) {
			if (sap_pump_run(a, now) != SAP_OK || sap_pump_run(b, now) != SAP_OK)
				return until;
			print_events(now);
		}
		next = sap_pump_deadline(a) < sap_pump_deadline(b) ? sap_pump_deadline(a)
								   : sap_pump_deadline(b);
		now = next > now ? next : now + 1;
	}
	return until;
}

static bool set_up(struct sap_pump *host_pump, struct sap_pump *csme_pump)
{
	struct sap_loopback_config wire;
	struct sap_host_config host_config;
	struct sap_csme_config csme_config;

	sap_loopback_config_default(&wire);
	wire.memory = memory;
	wire.memory_size = sizeof(memory);
	sap_host_config_default(&host_config);
	sap_csme_config_default(&csme_config);
	if (sap_loopback_init(&loop, sizeof(loop), &wire) != SAP_OK ||
	    sap_host_init(&host, sizeof(host), &host_config, 0) != SAP_OK ||
	    sap_csme_init(&csme, sizeof(csme), &csme_config, 0) != SAP_OK)
		return false;
	*host_pump = (struct sap_pump){.host = &host,
				       .transport = sap_loopback_transport(&loop, SAP_LOOPBACK_HOST)};
	*csme_pump = (struct sap_pump){.csme = &csme,
				       .transport = sap_loopback_transport(&loop, SAP_LOOPBACK_CSME)};
	return true;
}

int main(void)
{
	struct sap_pump host_pump;
	struct sap_pump csme_pump;
	uint64_t now = 0;

	/* CSME runs AMT, and so owns the NIC; the host's driver is there. Both begin. */
	if (!set_up(&host_pump, &csme_pump) || sap_csme_set_amt(&csme, true, now) != SAP_OK ||
	    sap_host_driver_up(&host, now) != SAP_OK || sap_csme_start(&csme, now) != SAP_OK ||
	    sap_host_start(&host, now) != SAP_OK)
		return 1;
	now = run(&host_pump, &csme_pump, now, 500);

	/* The host wants the NIC, gets it, and touches it. */
	if (sap_host_own(&host, now) != SAP_OK)
		return 1;
	now = run(&host_pump, &csme_pump, now, 1000);
	if (sap_host_device_up(&host, now) != SAP_OK)
		return 1;

	/* CSME takes it back, and has it as soon as nothing of the host touches it. */
	if (sap_csme_take(&csme, now) != SAP_OK)
		return 1;
	now = run(&host_pump, &csme_pump, now, 1300);
	if (sap_host_device_down(&host, now) != SAP_OK)
		return 1;
	now = run(&host_pump, &csme_pump, now, 2000);

	if (sap_host_stop(&host, now) != SAP_OK)
		return 1;
	run(&host_pump, &csme_pump, now, 3000);
	return 0;
}
