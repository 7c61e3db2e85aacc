// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
#include "path.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

enum {
	SEQUEL = 30
};

/* Commands of the script language; those that a script has no word for are comments. */
static const char *const lines[ACTIONS] = {
	[HOST_STEP] = "# the host goes on",
	[CSME_STEP] = "# CSME goes on",
	[DEVICE_DOWN] = "host device down",
	[DOOR_AGAIN] = "host door",
	[HOST_START] = "host up",
	[CSME_START] = "csme start",
	[HOST_OWN] = "host own",
	[HOST_DISOWN] = "host disown",
	[DRIVER_UP] = "host driver up",
	[DRIVER_DOWN] = "host driver down",
	[DEVICE_UP] = "host device up",
	[DOOR] = "host door",
	[HOST_STOP] = "host down",
	[TAKE] = "csme take",
	[FORCE] = "csme take --force",
	[GRANT] = "csme answer grant",
	[REFUSE] = "csme answer refuse",
	[IGNORE] = "csme policy ignore  # and the second time back to grant",
	[AMT_ON] = "csme amt on",
	[AMT_OFF] = "csme amt off",
	[CAN_RELEASE] = "csme release",
	[PROTECT] = "csme protect on",
	[UNPROTECT] = "csme protect off",
	[JOIN] = "host link up ssid=lab bssid=00:00:00:00:00:00",
	[CUT] = "fault connection-lost",
};

/* The messages that the host's engine sends and takes, beside the commands. */
static void see(void *self, const struct sap_seen *seen)
{
	const char *arrow = seen->to == SAP_TO_CSME ? "->" : "<-";
	const char *name = "?";
	struct sap_me_message me;
	struct sap_header header;

	(void)self;
	if (seen->carrier == SAP_IN_ME) {
		if (sap_me_decode(seen->bytes, seen->len, &me) == SAP_OK)
			name = sap_me_info((enum sap_me_type)me.type)->name;
	} else {
		sap_header_decode(seen->bytes, &header);
		if (sap_message_info(header.type))
			name = sap_message_info(header.type)->name;
	}
	printf("#     %s %s\n", arrow, name);
}

static void print_states(void)
{
	struct sap_why host, csme;

	sap_host_why(&world.host, &host);
	sap_csme_why(&world.csme, &csme);
	printf("#     host %s, csme %s%s%s\n", host.state, csme.state,
	       world.watch.touches ? ", the host touches the NIC" : "", world.nic.overlap ? ", OVERLAP" : "");
}

static const char *print_step(enum action action)
{
	uint64_t before = world.now;
	const char *complaint;

	if (lines[action])
		printf("%s\n", lines[action]);
	complaint = world_do(action);
	if (action == CLOCK)
		printf("wait %" PRIu64 "ms\n", world.now - before);
	else
		print_states();
	return complaint;
}

/* Where it stays, if it does not come to rest: what happens by itself from here, for a while. */
static void print_sequel(void)
{
	printf("# and then, by itself:\n");
	for (unsigned n = 0; n < SEQUEL; n++) {
		for (unsigned action = 0; action < HOST_OWN; action++) {
			/* The clock goes on only when nothing else does. */
			enum action next =
				action + 1 == HOST_OWN ? CLOCK : (enum action)(action + (action >= CLOCK));
			uint64_t before = world_digest();

			if (!world_is_free(next) || !world_may(next))
				continue;
			if (print_step(next) || world_digest() != before)
				break;
		}
	}
}

/* The way to where the search began. */
static void print_start(const struct scenario *scenario)
{
	static const char *const policies[] = {"grant", "refuse", "ask", "ignore"};

	printf("# %s: %s\n", scenario->name, scenario->about);
	printf("# times are short here; a line that goes on alone stands for one step of one engine\n");
	printf("host reacts off\n%shost driver up\n", scenario->amt_off ? "" : "csme amt on\n");
	if (!scenario->down)
		printf("csme start\nhost up\nwait idle\n");
	if (scenario->owner)
		printf("host own\nwait idle\nhost device up\n");
	printf("csme policy %s\n", policies[scenario->policy]);
}

void path_print(const struct scenario *scenario, const struct found *found)
{
	static struct world root;
	const char *complaint = NULL;

	root = world;
	print_start(scenario);
	world_tap(see);
	print_states();
	for (uint32_t i = 0; i < found->length && !complaint; i++)
		complaint = print_step(found->path[i]);
	printf("# VIOLATION after %u steps: %s\n", (unsigned)found->length, found->violation);
	if (!complaint)
		print_sequel();
	world = root;
}
