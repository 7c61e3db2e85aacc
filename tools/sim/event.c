// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
#include "event.h"

#include <stdio.h>
#include <string.h>

#include "words.h"

/* clang-format off */
#define HOST(type, meaning, off, ...) {SIM_BY_HOST, SAP_HOST_##type, #type, meaning, off, {__VA_ARGS__}}
#define CSME(type, meaning, off, ...) {SIM_BY_CSME, SAP_CSME_##type, #type, meaning, off, {__VA_ARGS__}}
#define NIC(type, meaning, off, ...)  {SIM_BY_NIC, SIM_NIC_##type, #type, meaning, off, {__VA_ARGS__}}
#define NONE SIM_KEY_NONE

static const struct sim_event_kind kinds[] = {
	HOST(UP,           "SAP is connected", NULL, SIM_KEY_VERSION),
	HOST(DOWN,         "SAP is down", NULL, SIM_KEY_STATUS),
	HOST(AMT,          "CSME networking is on", "CSME networking is off", SIM_KEY_ON),
	HOST(OWNER,        "the NIC's owner, as it knows", NULL, SIM_KEY_OWNER),
	HOST(OWN_DONE,     "the request for the NIC ended", NULL, SIM_KEY_REASON),
	HOST(LEAVE,        "CSME takes the NIC: go down", NULL, NONE),
	HOST(RFKILL,       "the radio is blocked: not owner", "the radio is free again", SIM_KEY_ON),
	HOST(ROAMING,      "roaming is forbidden", "roaming is allowed", SIM_KEY_ON),
	HOST(CONN_STATUS,  "CSME's connection", NULL, SIM_KEY_PROTECT, SIM_KEY_SSID, SIM_KEY_BSSID, SIM_KEY_CHANNEL),
	HOST(CAN_RELEASE,  "CSME would give the NIC away", NULL, NONE),
	HOST(IP_REFRESH,   "to renew the IP address", NULL, NONE),
	HOST(FILTERS,      "filters came", NULL, NONE),
	HOST(NVM,          "the question for NVM ended", NULL, SIM_KEY_REASON),
	HOST(PLDR,         "the request for a reset ended", NULL, SIM_KEY_REASON),
	HOST(PONG,         "CSME answered a ping", NULL, NONE),
	HOST(PACKETS,      "packets wait", NULL, NONE),

	CSME(UP,             "SAP is connected", NULL, SIM_KEY_VERSION),
	CSME(DOWN,           "SAP is down", NULL, SIM_KEY_STATUS),
	CSME(NO_AREA,        "START came without an area", NULL, SIM_KEY_STATUS),
	CSME(OWNER,          "the NIC's owner, by the table", NULL, SIM_KEY_OWNER, SIM_KEY_FORCED),
	CSME(ASKED,          "the host asks for the NIC", NULL, NONE),
	CSME(HOST_CONFIRMED, "the host took the NIC", NULL, NONE),
	CSME(DRIVER,         "the host's WLAN driver is there", "the host's WLAN driver went", SIM_KEY_ON),
	CSME(LINK_UP,        "the host joined", NULL, SIM_KEY_SSID, SIM_KEY_BSSID, SIM_KEY_CHANNEL),
	CSME(LINK_DOWN,      "the host left its access point", NULL, SIM_KEY_TYPE),
	CSME(LINK_LATE,      "the host did not join in time", NULL, NONE),
	CSME(COUNTRY,        "where the host is", NULL, SIM_KEY_COUNTRY),
	CSME(SAR,            "limits of transmit power", NULL, NONE),
	CSME(NIC_INFO,       "the NIC's addresses", NULL, SIM_KEY_MAC),
	CSME(RADIO,          "the host's rfkill switches", NULL, SIM_KEY_RADIO),
	CSME(SUSPENDS,       "the host goes to sleep", NULL, SIM_KEY_FLAGS),
	CSME(RESUMES,        "the host woke up", NULL, SIM_KEY_REINIT),
	CSME(GOES_DOWN,      "the host's side ends", NULL, NONE),
	CSME(PLDR,           "the host resets the NIC", NULL, NONE),
	CSME(PLDR_END,       "that reset is over", NULL, SIM_KEY_RESULT),
	CSME(BAND_SELECTION, "band selection came", NULL, NONE),
	CSME(PONG,           "the host answered a ping", NULL, NONE),
	CSME(PACKETS,        "packets wait", NULL, NONE),

	NIC(DRIVES,  "begins to drive the NIC", "lets go of the NIC", SIM_KEY_SIDE, SIM_KEY_ON),
	NIC(JOINED,  "joined an access point", NULL, SIM_KEY_SIDE, SIM_KEY_BSSID),
	NIC(OVERLAP, "both drive the NIC", "one side drives the NIC", SIM_KEY_ON, SIM_KEY_EXCUSED),
	NIC(DOOR,    "the host asked by register", NULL, SIM_KEY_GRANTED),
};

static const struct sim_arg args[SIM_KEYS] = {
	[SIM_KEY_ON]      = {.name = "on", .kind = SIM_KIND_WORD, .words = &sim_words_yes},
	[SIM_KEY_OWNER]   = {.name = "owner", .kind = SIM_KIND_WORD, .words = &sim_words_owner},
	[SIM_KEY_FORCED]  = {.name = "forced", .kind = SIM_KIND_WORD, .words = &sim_words_yes},
	[SIM_KEY_REASON]  = {.name = "reason", .kind = SIM_KIND_WORD, .words = &sim_words_reason},
	[SIM_KEY_STATUS]  = {.name = "status", .kind = SIM_KIND_WORD, .words = &sim_words_status},
	[SIM_KEY_VERSION] = {.name = "version", .kind = SIM_KIND_NUMBER, .most = 255},
	[SIM_KEY_PROTECT] = {.name = "protect", .kind = SIM_KIND_WORD, .words = &sim_words_on},
	[SIM_KEY_SSID]    = {.name = "ssid", .kind = SIM_KIND_SSID},
	[SIM_KEY_BSSID]   = {.name = "bssid", .kind = SIM_KIND_MAC},
	[SIM_KEY_CHANNEL] = {.name = "channel", .kind = SIM_KIND_NUMBER, .most = 255},
	[SIM_KEY_COUNTRY] = {.name = "country", .kind = SIM_KIND_COUNTRY},
	[SIM_KEY_MAC]     = {.name = "mac", .kind = SIM_KIND_MAC},
	[SIM_KEY_RADIO]   = {.name = "radio", .kind = SIM_KIND_FLAGS, .words = &sim_words_radio},
	[SIM_KEY_FLAGS]   = {.name = "flags", .kind = SIM_KIND_FLAGS, .words = &sim_words_suspend},
	[SIM_KEY_REINIT]  = {.name = "reinit", .kind = SIM_KIND_WORD, .words = &sim_words_yes},
	[SIM_KEY_RESULT]  = {.name = "result", .kind = SIM_KIND_WORD, .words = &sim_words_result},
	[SIM_KEY_TYPE]    = {.name = "type", .kind = SIM_KIND_WORD, .words = &sim_words_down},
	[SIM_KEY_SIDE]    = {.name = "side", .kind = SIM_KIND_WORD, .words = &sim_words_side},
	[SIM_KEY_EXCUSED] = {.name = "excused", .kind = SIM_KIND_WORD, .words = &sim_words_yes},
	[SIM_KEY_GRANTED] = {.name = "granted", .kind = SIM_KIND_WORD, .words = &sim_words_yes},
};
/* clang-format on */

const struct sim_event_kind *sim_event_kind_at(uint32_t index)
{
	return index < sizeof(kinds) / sizeof(kinds[0]) ? &kinds[index] : NULL;
}

const struct sim_arg *sim_key_arg(enum sim_key key)
{
	return &args[key];
}

static uint32_t type_of(const struct sim_event *event)
{
	switch (event->by) {
	case SIM_BY_HOST:
		return event->host.type;
	case SIM_BY_CSME:
		return event->csme.type;
	case SIM_BY_NIC:
		break;
	}
	return event->nic.type;
}

const struct sim_event_kind *sim_event_kind(const struct sim_event *event)
{
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		if (kinds[i].by == event->by && kinds[i].type == type_of(event))
			return &kinds[i];
	}
	return NULL;
}

const char *sim_event_meaning(const struct sim_event *event)
{
	const struct sim_event_kind *kind = sim_event_kind(event);
	bool on = event->by == SIM_BY_HOST   ? event->host.on
		  : event->by == SIM_BY_CSME ? event->csme.on
					     : event->nic.on;

	if (!kind)
		return "";
	return kind->off && !on ? kind->off : kind->meaning;
}

/* --- values --- */

static bool has_key(const struct sim_event *event, enum sim_key key)
{
	const struct sim_event_kind *kind = sim_event_kind(event);

	for (int i = 0; kind && i < SIM_EVENT_KEYS; i++) {
		if (key != SIM_KEY_NONE && kind->keys[i] == key)
			return true;
	}
	return false;
}

static void conn_value(const struct sap_conn_info *conn, enum sim_key key, struct sim_value *value,
		       char *text)
{
	if (key == SIM_KEY_SSID) {
		value->number = conn->ssid_len;
		memcpy(text, conn->ssid, SAP_SSID_SIZE);
		text[conn->ssid_len <= SAP_SSID_SIZE ? conn->ssid_len : SAP_SSID_SIZE] = '\0';
		value->text = text;
	} else if (key == SIM_KEY_BSSID) {
		value->mac = conn->bssid;
	} else {
		value->number = conn->channel;
	}
}

static void host_value(const struct sap_host_event *event, enum sim_key key, struct sim_value *value,
		       char *text)
{
	if (key == SIM_KEY_ON)
		value->number = event->on;
	else if (key == SIM_KEY_VERSION)
		value->number = event->version;
	else if (key == SIM_KEY_OWNER)
		value->number = event->owner;
	else if (key == SIM_KEY_REASON)
		value->number = event->reason;
	else if (key == SIM_KEY_STATUS)
		value->number = (uint32_t)event->status;
	else if (key == SIM_KEY_PROTECT)
		value->number = event->conn_status.link_prot_state != 0;
	else
		conn_value(&event->conn_status.conn, key, value, text);
}

static void csme_value(const struct sap_csme_event *event, enum sim_key key, struct sim_value *value,
		       char *text)
{
	if (key == SIM_KEY_ON)
		value->number = event->on;
	else if (key == SIM_KEY_VERSION)
		value->number = event->version;
	else if (key == SIM_KEY_OWNER)
		value->number = event->owner;
	else if (key == SIM_KEY_FORCED)
		value->number = event->forced;
	else if (key == SIM_KEY_STATUS)
		value->number = (uint32_t)event->status;
	else if (key == SIM_KEY_COUNTRY)
		value->number = event->country.mcc;
	else if (key == SIM_KEY_TYPE)
		value->number = event->link_down.type;
	else if (key == SIM_KEY_MAC)
		value->mac = event->nic_info.mac_address;
	else if (event->type == SAP_CSME_LINK_UP)
		conn_value(&event->link_up.conn, key, value, text);
	else
		value->number = event->value;
}

static void nic_value(const struct sim_nic_event *event, enum sim_key key, struct sim_value *value)
{
	if (key == SIM_KEY_SIDE)
		value->number = event->side;
	else if (key == SIM_KEY_BSSID)
		value->mac = event->bssid;
	else if (key == SIM_KEY_EXCUSED)
		value->number = event->excused;
	else
		value->number = event->on;
}

bool sim_event_value(const struct sim_event *event, enum sim_key key, struct sim_value *value,
		     char text[SAP_SSID_SIZE + 1])
{
	memset(value, 0, sizeof(*value));
	text[0] = '\0';
	value->text = text;
	if (!has_key(event, key))
		return false;
	value->given = true;
	if (event->by == SIM_BY_HOST)
		host_value(&event->host, key, value, text);
	else if (event->by == SIM_BY_CSME)
		csme_value(&event->csme, key, value, text);
	else
		nic_value(&event->nic, key, value);
	return true;
}

void sim_event_write(const struct sim_event *event, char *out, size_t size)
{
	const struct sim_event_kind *kind = sim_event_kind(event);
	size_t used = (size_t)snprintf(out, size, "%s", kind ? kind->name : "?");

	for (int i = 0; kind && i < SIM_EVENT_KEYS && kind->keys[i] && used < size; i++) {
		char text[SAP_SSID_SIZE + 1], written[4 * SAP_SSID_SIZE + 1];
		struct sim_value value;

		if (!sim_event_value(event, kind->keys[i], &value, text))
			continue;
		sim_value_write(&args[kind->keys[i]], &value, written, sizeof(written));
		used += (size_t)snprintf(out + used, size - used, " %s=%s", args[kind->keys[i]].name,
					 written);
	}
}
