/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
/*
 * The network of `sap host` and `sap csme`: what the command line says of it, and the room tools/net behind one
 * door for both sides. Without --nic there is none.
 */
#ifndef SAP_TOOL_NETWORK_H
#define SAP_TOOL_NETWORK_H

#include "cli.h"
#include "csme_net.h"
#include "host_net.h"

enum {
	NETWORK_OPTIONS = 5, /* of the command line, at most */
	NETWORK_TEXT = 600,  /* bytes of what was counted */
};

struct network_options {
	char *nic, *tap, *mac, *address, *gateway, *address6;
	/* Taken apart. */
	struct csme_net_settings settings;
};

struct network {
	bool on;
	enum sim_side side;
	struct sim_party *party;
	bool overlap; /* the NIC's, as it was told */
	int error;    /* that kept it from being driven, as it was told */
	const char *command;
	union {
		struct host_net host;
		struct csme_net csme;
	};
};

/* The options of that side; those that it has not are empty, and stand behind the others. */
struct network_table {
	struct poptOption option[NETWORK_OPTIONS];
};

struct network_table network_options(struct network_options *o, enum sim_side side);

/* Takes them apart; true if they do not hold, and the person was told. */
bool network_options_wrong(struct network_options *o, enum sim_side side, const struct cli_about *about);
void network_options_free(struct network_options *o);

/*
 * For a party on that site, which may be made later. Only with --nic there is something to open. network_close()
 * may follow in any case.
 */
enum outcome network_open(struct network *network, const char *command, const struct network_options *o,
			  enum sim_side side, struct sim_party *party, struct sim_site *site);
void network_close(struct network *network);

/* Moves frames, before each turn of its side. */
void network_round(struct network *network, uint64_t now);

uint32_t network_poll(const struct network *network, struct pollfd fds[NET_FDS]);
uint64_t network_deadline(const struct network *network, uint64_t now);

/* What it counted: "net in=3 out=4". False if there is no network. */
bool network_write(const struct network *network, char out[NETWORK_TEXT]);

#endif
