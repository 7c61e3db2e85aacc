/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
/*
 * Events of a simulated world by name: what the engines and the NIC tell, and what a script may expect.
 */
#ifndef SIM_EVENT_H
#define SIM_EVENT_H

#include <sap/csme.h>
#include <sap/host.h>

#include "nic.h"
#include "value.h"

/* Who tells an event; also a bit in a set of them. */
enum sim_teller {
	SIM_BY_HOST = 1 << 0, /* the host's engine */
	SIM_BY_CSME = 1 << 1, /* CSME's */
	SIM_BY_NIC = 1 << 2,  /* the NIC, and its register */
};

/* What the NIC tells. */
enum sim_nic_event_type {
	SIM_NIC_DRIVES = 1, /* a side began or ended to drive it: `side`, `on` */
	SIM_NIC_JOINED,	    /* a side joined an access point: `side`, `bssid` */
	SIM_NIC_OVERLAP,    /* the alarm went up or down: `on`, `excused` */
	SIM_NIC_DOOR,	    /* the host asked by register: `on` if it was granted */
};

struct sim_nic_event {
	enum sim_nic_event_type type;
	enum sim_side side;
	bool on;
	bool excused;
	struct sap_mac bssid;
};

struct sim_event {
	enum sim_teller by;
	union {
		struct sap_host_event host;
		struct sap_csme_event csme;
		struct sim_nic_event nic;
	};
};

/* What an event can be asked for, in `expect`. */
enum sim_key {
	SIM_KEY_NONE = 0,
	SIM_KEY_ON,
	SIM_KEY_OWNER,
	SIM_KEY_FORCED,
	SIM_KEY_REASON,
	SIM_KEY_STATUS,
	SIM_KEY_VERSION,
	SIM_KEY_PROTECT,
	SIM_KEY_SSID,
	SIM_KEY_BSSID,
	SIM_KEY_CHANNEL,
	SIM_KEY_COUNTRY,
	SIM_KEY_MAC,
	SIM_KEY_RADIO,
	SIM_KEY_FLAGS,
	SIM_KEY_REINIT,
	SIM_KEY_RESULT,
	SIM_KEY_TYPE,
	SIM_KEY_SIDE,
	SIM_KEY_EXCUSED,
	SIM_KEY_GRANTED,
	SIM_KEYS,
};

enum {
	SIM_EVENT_KEYS = 4,
};

/* A kind of event. */
struct sim_event_kind {
	enum sim_teller by;
	uint32_t type;
	const char *name;    /* as in scripts: "OWN_DONE" */
	const char *meaning; /* one clause */
	const char *off;     /* another one if it says `on=no`, or null */
	enum sim_key keys[SIM_EVENT_KEYS];
};

/* All kinds: from 0 up until it gives null. */
const struct sim_event_kind *sim_event_kind_at(uint32_t index);
const struct sim_event_kind *sim_event_kind(const struct sim_event *event);

/* What it means, one clause. */
const char *sim_event_meaning(const struct sim_event *event);

/* How a key's values are read and written. */
const struct sim_arg *sim_key_arg(enum sim_key key);

/* The value of one of its keys; an SSID is copied to `text`. False if the event has no such key. */
bool sim_event_value(const struct sim_event *event, enum sim_key key, struct sim_value *value,
		     char text[SAP_SSID_SIZE + 1]);

/* "OWN_DONE reason=refused" */
void sim_event_write(const struct sim_event *event, char *out, size_t size);

#endif
