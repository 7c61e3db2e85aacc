// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
/*
 * A whole host in a page: its engine, the unix transport, poll(), and the real clock.
 *
 *   sap csme --socket=/tmp/csme &
 *   ./poll /tmp/csme
 *
 * It connects, asks for the NIC as soon as AMT runs, says what it got, and says goodbye. A driver or a daemon of
 * yours has this loop too; what differs is what it does with the events.
 */
#include <sap/sap.h>
#include <sap/unix.h>

#include <limits.h>
#include <stdio.h>
#include <time.h>

static uint64_t now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (uint64_t)t.tv_sec * 1000 + (uint64_t)t.tv_nsec / 1000000;
}

/* Sleeps until the socket has something, or the engine wants to be called. */
static void sleep_until(struct sap_unix *wire, uint64_t deadline)
{
	struct pollfd fds[SAP_UNIX_FDS];
	uint32_t count = sap_unix_poll(wire, fds);
	uint64_t now = now_ms();
	int ms = -1; /* SAP_NEVER: the socket alone wakes it */

	if (deadline <= now)
		ms = 0;
	else if (deadline - now < INT_MAX)
		ms = (int)(deadline - now);
	/* Whatever it says: the wire takes what came, and the pump finds out what there is to do. */
	(void)poll(fds, count, ms);
	sap_unix_run(wire);
}

/* What happened, and what we do about it. False: it is over. */
static bool handle(struct sap_host *host, const struct sap_host_event *event, const struct sap_unix *wire)
{
	switch (event->type) {
	case SAP_HOST_UP:
		printf("SAP is up, version %u\n", event->version);
		return true;
	case SAP_HOST_AMT:
		printf("AMT is %s\n", event->on ? "on" : "off");
		/* It would say so if a request were under way, or CSME were taking the NIC. */
		if (event->on && sap_host_own(host, now_ms()) != SAP_OK)
			printf("cannot ask for the NIC now\n");
		return true;
	case SAP_HOST_OWN_DONE:
		printf("the NIC is %s\n", event->reason == SAP_REASON_NONE ? "ours" : "not ours");
		return sap_host_stop(host, now_ms()) == SAP_OK;
	case SAP_HOST_DOWN:
		printf("SAP is down: %s\n", event->status == SAP_OK ? "we stopped" : sap_unix_why(wire).text);
		return false;
	default:
		return true;
	}
}

static bool run(struct sap_pump *pump, struct sap_unix *wire)
{
	struct sap_host_event event;

	for (;;) {
		if (sap_pump_run(pump, now_ms()) != SAP_OK)
			return false;
		while (sap_host_next_event(pump->host, &event)) {
			if (!handle(pump->host, &event, wire))
				return event.type == SAP_HOST_DOWN && event.status == SAP_OK;
		}
		sleep_until(wire, sap_pump_deadline(pump));
	}
}

int main(int argc, char **argv)
{
	static struct sap_host host; /* large for a stack */
	static struct sap_unix wire;
	struct sap_unix_config path;
	struct sap_host_config config;
	struct sap_pump pump = {.host = &host};
	bool done;

	if (argc != 2) {
		fprintf(stderr, "usage: %s SOCKET\n", argv[0]);
		return 2;
	}
	sap_unix_config_default(&path);
	path.path = argv[1];
	sap_host_config_default(&config);
	if (sap_unix_open(&wire, sizeof(wire), &path) != SAP_OK ||
	    sap_host_init(&host, sizeof(host), &config, now_ms()) != SAP_OK)
		return 1;
	pump.transport = sap_unix_transport(&wire);
	done = sap_host_driver_up(&host, now_ms()) == SAP_OK && sap_host_start(&host, now_ms()) == SAP_OK &&
	       run(&pump, &wire);
	sap_unix_close(&wire);
	return done ? 0 : 1;
}
