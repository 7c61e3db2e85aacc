/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
/*
 * A firmware on the bus, a host on the other end of a device in memory, and a virtual clock.
 *
 * The clients are those that a firmware of ours has, and two odd ones. Echoes and servers run by themselves,
 * but for those that a test takes for itself. Whatever the host complains about fails the test as the rig is
 * freed, unless the test asked for it.
 */
#ifndef SAP_TEST_MEI_RIG_H
#define SAP_TEST_MEI_RIG_H

#include "support.h"

#include "hbm_host.h"

/* Which client of the table. */
enum {
	WLAN = 0,   /* 1 connection, takes the memory */
	AMTHI,	    /* 5, takes tags */
	MKHI,	    /* 2 */
	MKHI_FIXED, /* of a fixed address */
	ECHO,	    /* 3, 5,120 bytes */
	SINGLE,	    /* 3, one buffer for all, 200 bytes */
	LATER,	    /* not there at the start; an echo */
	CLIENTS,

	WLAN_ADDR = 7,
	AMTHI_ADDR = 3,
	MKHI_ADDR = 4,
	MKHI_FIXED_ADDR = 0x20,
	ECHO_ADDR = 9,
	SINGLE_ADDR = 10,
	LATER_ADDR = 200,

	MEI_SERVERS = 16,
	MEI_TEXT = 4096,
	MEI_START = 1000,
};

struct mei_rig {
	struct sap_mei_loopback loop;
	struct sap_me_bus bus;
	struct hbm_host host;
	struct sap_mei_port port;
	struct sap_mei_server server[MEI_SERVERS];
	uint32_t servers;
	struct sap_amthi_settings amthi;
	struct sap_mkhi_settings mkhi;
	struct sap_pump *pump[2]; /* that run too, if there are any */
	uint64_t now;
	uint8_t *memory;
	char events[MEI_TEXT];
	bool hoarding;	 /* the bus's events are not fetched */
	bool quiet;	 /* the host may complain */
	uint32_t rounds; /* of the last settling */
};

/* The table; a test may change a copy before mei_rig_make(). */
extern const struct sap_me_client mei_clients[CLIENTS];

/* Made and started, not settled; `config` null: the defaults. Its clients and memory are the rig's. */
struct mei_rig *mei_rig_new(const struct sap_me_bus_config *config);
void mei_rig_free(struct mei_rig *rig);

/* Takes a connection away from its server: the test is the firmware's end. */
struct sap_transport mei_take(struct mei_rig *rig, uint32_t client, uint32_t nth);

/* Does all that can be done now; lets time pass, from deadline to deadline. */
void mei_settle(struct mei_rig *rig);
void mei_wait(struct mei_rig *rig, uint64_t ms);

/* Settled with the host up. */
struct mei_rig *mei_rig_up(void);

/* The bus's events since the last time, "STARTED 2.2; ENUMERATED". */
void mei_events_are(struct mei_rig *rig, const char *expected, const char *file, int line);
#define mei_events(rig, expected) mei_events_are((rig), (expected), __FILE__, __LINE__)

/* An application connects, and must end up in that state. */
void mei_connect(struct mei_rig *rig, uint32_t app, uint8_t me_addr);

/* Sends a pattern of that length from an application and expects it back. */
void mei_echo(struct mei_rig *rig, uint32_t app, uint32_t len, uint32_t seed);

uint32_t mei_refused(const struct mei_rig *rig, enum sap_me_refusal why);
uint32_t mei_refused_all(const struct mei_rig *rig);

#endif
