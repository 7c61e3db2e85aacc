// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
#include "process_bus.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "file.h"
#include "process.h"

/* What --vmei alone leaves in its place is null; so this is what says that it was not given. */
static char not_given[] = "";

/* --- the command line --- */

void process_bus_options_init(struct process_bus_options *o)
{
	*o = (struct process_bus_options){.vmei = not_given};
}

struct process_bus_table process_bus_options(struct process_bus_options *o)
{
	return (struct process_bus_table){
		{{"vmei", 'V', POPT_ARG_STRING | POPT_ARGFLAG_OPTIONAL, &o->vmei, 0,
		  "is a whole firmware, on a virtual MEI device; no socket (default: /dev/vmei)", "DEVICE"},
		 {"settings", 'F', POPT_ARG_STRING, &o->settings, 0,
		  "what that firmware answers, as JSON (docs/firmware.md); help lists all", "FILE"}}};
}

bool process_bus_is_answered(const struct process_bus_options *o)
{
	if (!o->settings || strcmp(o->settings, "help") != 0)
		return false;
	firmware_settings_list();
	return true;
}

bool process_bus_options_wrong(struct process_bus_options *o, const char *socket,
			       const struct cli_about *about)
{
	o->on = o->vmei != not_given;
	o->path = o->on && o->vmei ? o->vmei : "/dev/vmei";
	if (o->on && socket)
		cli_wrong(about, "--vmei and --socket exclude each other: CSME has one host");
	else if (o->settings && !o->on)
		cli_wrong(about, "--settings is for a whole firmware: with --vmei");
	else
		return false;
	return true;
}

void process_bus_options_free(struct process_bus_options *o)
{
	if (o->vmei != not_given)
		free(o->vmei);
	free(o->settings);
}

/* --- what it tells --- */

/* The client's name, or "the bus" for events that have none. */
static void say(struct process *p, uint64_t now, const struct sap_me_event *event, const char *name,
		const char *text, json_t *more)
{
	json_t *facts = json_pack("{s:s}", "event", name);

	if (event) {
		json_object_set_new(facts, "client", json_string(firmware_client_name(event->client)));
		json_object_set_new(facts, "connection", json_integer(event->nth));
		json_object_set_new(facts, "host", json_integer(event->host_addr));
	}
	if (more)
		json_object_update(facts, more);
	process_show_bus(p, now, text, facts);
	json_decref(more);
	json_decref(facts);
}

static void hear_application(struct process *p, const struct sap_me_event *event, uint64_t now)
{
	const char *client = firmware_client_name(event->client);
	char text[120];

	switch (event->type) {
	case SAP_ME_EVENT_CONNECTED:
		snprintf(text, sizeof(text), "%s: an application connected (%u)", client, event->host_addr);
		say(p, now, event, "CONNECTED", text, NULL);
		break;
	case SAP_ME_EVENT_DISCONNECTED:
		snprintf(text, sizeof(text), "%s: application %u is disconnected", client, event->host_addr);
		say(p, now, event, "DISCONNECTED", text, NULL);
		break;
	case SAP_ME_EVENT_NOTIFY:
		snprintf(text, sizeof(text), "%s: application %u wants %s notifications", client,
			 event->host_addr, event->value ? "" : "no more");
		say(p, now, event, "NOTIFY", text, json_pack("{s:b}", "on", event->value != 0));
		break;
	default:
		snprintf(text, sizeof(text), "%s: the host was told of it%s", client,
			 event->value ? ", and did not take it" : "");
		say(p, now, event, "ADDED", text, json_pack("{s:i}", "status", (int)event->value));
		break;
	}
}

static void hear_host(struct process *p, const struct sap_me_event *event, uint64_t now)
{
	char text[120];

	switch (event->type) {
	case SAP_ME_EVENT_STARTED:
		snprintf(text, sizeof(text), "the host is there: HBM %u.%u", event->major, event->minor);
		say(p, now, NULL, "STARTED", text,
		    json_pack("{s:o}", "hbm", json_sprintf("%u.%u", event->major, event->minor)));
		break;
	case SAP_ME_EVENT_ENUMERATED:
		say(p, now, NULL, "ENUMERATED", "the host enumerates the clients", NULL);
		break;
	case SAP_ME_EVENT_RESET:
		say(p, now, NULL, "RESET", "the host reset the device", NULL);
		break;
	case SAP_ME_EVENT_STOPPED:
		say(p, now, NULL, "STOPPED", "the host stopped the device",
		    json_pack("{s:i}", "reason", (int)event->value));
		break;
	case SAP_ME_EVENT_MAPPED:
		snprintf(text, sizeof(text), "%u bytes of the host's memory are mapped",
			 (unsigned int)event->value);
		say(p, now, NULL, "MAPPED", text, json_pack("{s:I}", "bytes", (json_int_t)event->value));
		break;
	case SAP_ME_EVENT_UNMAPPED:
		say(p, now, NULL, "UNMAPPED", "the host has its memory back", NULL);
		break;
	case SAP_ME_EVENT_GONE:
		snprintf(p->bus.over, sizeof(p->bus.over), "the device is gone%s%s",
			 p->bus.vmei.error ? ": " : "", p->bus.vmei.error ? strerror(p->bus.vmei.error) : "");
		say(p, now, NULL, "GONE", p->bus.over, json_pack("{s:i}", "errno", p->bus.vmei.error));
		break;
	default:
		break;
	}
}

static void hear(void *self, const struct sap_me_event *event, uint64_t now)
{
	switch (event->type) {
	case SAP_ME_EVENT_CONNECTED:
	case SAP_ME_EVENT_DISCONNECTED:
	case SAP_ME_EVENT_NOTIFY:
	case SAP_ME_EVENT_ADDED:
		hear_application(self, event, now);
		break;
	default:
		hear_host(self, event, now);
		break;
	}
}

static void tell_device(struct process *p, uint64_t now)
{
	uint32_t minor;
	char text[60];

	if (p->bus.is_told || sap_vmei_minor(&p->bus.vmei, &minor) != SAP_OK)
		return;
	p->bus.is_told = true;
	snprintf(text, sizeof(text), "online: /dev/mei%u", (unsigned int)minor);
	say(p, now, NULL, "ONLINE", text, json_pack("{s:I}", "mei", (json_int_t)minor));
}

/* --- its life --- */

static enum outcome load(struct process *p)
{
	const char *path = p->options->bus.settings;
	struct bytes content = {0};
	struct text why = {0};
	enum outcome outcome;

	firmware_settings_default(&p->bus.settings);
	if (!path)
		return OUTCOME_OK;
	outcome = file_load(p->kind->command, path, &content);
	if (outcome == OUTCOME_OK &&
	    !firmware_settings_read(&p->bus.settings, (const char *)content.data, content.len, &why)) {
		fprintf(stderr, "%s: %s:%s\n", p->kind->command, file_name(path), text_of(&why));
		outcome = OUTCOME_WRONG;
	}
	text_free(&why);
	bytes_free(&content);
	return outcome;
}

static const char *remedy(enum sap_status status, int error)
{
	if (status == SAP_BUSY)
		return "there are as many devices as the module allows: see its parameter max_devices";
	if (status == SAP_UNSUPPORTED)
		return "that is no /dev/vmei, or its module speaks another version";
	if (error == ENOENT || error == ENXIO || error == ENODEV)
		return "no such device: `modprobe vmei` as root; docs/vmei.md tells how to get the module";
	if (error == EACCES || error == EPERM)
		return "root's alone: docs/vmei.md tells why, and how to let others in";
	return strerror(error);
}

static enum outcome open_device(struct process *p)
{
	const char *path = p->options->bus.path;
	struct sap_vmei_config config;
	enum sap_status status;

	sap_vmei_config_default(&config);
	config.path = path;
	config.fw_version = p->bus.settings.client[FIRMWARE_MKHI_FIXED].present;
	memcpy(config.fw_status, p->bus.settings.status, sizeof(config.fw_status));
	status = sap_vmei_open(&p->bus.vmei, sizeof(p->bus.vmei), &config);
	if (status == SAP_OK)
		return OUTCOME_OK;
	fprintf(stderr, "%s: %s: %s\n", p->kind->command, path, remedy(status, p->bus.vmei.error));
	return OUTCOME_FILE;
}

enum outcome process_bus_open(struct process *p)
{
	enum outcome outcome = load(p);
	struct sap_mei_port port;

	if (outcome == OUTCOME_OK)
		outcome = open_device(p);
	if (outcome != OUTCOME_OK)
		return outcome;
	p->bus.on = true;
	port = sap_vmei_port(&p->bus.vmei);
	if (firmware_init(&p->bus.firmware, &p->bus.settings, &port, process_now(p)) != SAP_OK)
		return cli_wrong(p->about, "these settings do not go together");
	p->bus.firmware.hear = hear;
	p->bus.firmware.self = p;
	return OUTCOME_OK;
}

struct sap_transport process_bus_transport(struct process *p)
{
	return firmware_transport(&p->bus.firmware);
}

void process_bus_close(struct process *p)
{
	if (p->bus.on) {
		sap_vmei_close(&p->bus.vmei);
		firmware_free(&p->bus.firmware);
	}
	firmware_settings_free(&p->bus.settings);
}

bool process_bus_turn(struct process *p, uint64_t now)
{
	bool moved;

	if (!p->bus.on)
		return false;
	moved = firmware_run(&p->bus.firmware, now);
	/* That comes beside the frames. */
	tell_device(p, now);
	if (moved)
		sim_party_retry(&p->party, now);
	return moved;
}

uint64_t process_bus_deadline(const struct process *p)
{
	return p->bus.on ? firmware_deadline(&p->bus.firmware) : SAP_NEVER;
}

uint32_t process_bus_poll(const struct process *p, struct pollfd fds[1])
{
	fds[0] = (struct pollfd){.fd = sap_vmei_fd(&p->bus.vmei), .events = sap_vmei_events(&p->bus.vmei)};
	return 1;
}

const char *process_bus_over(const struct process *p)
{
	return p->bus.over[0] ? p->bus.over : NULL;
}

void process_bus_die(struct process *p, uint64_t now)
{
	if (!p->bus.on)
		return;
	/* It is dead already if the device is gone. */
	(void)!sap_me_bus_stop(&p->bus.firmware.bus, now);
	(void)firmware_run(&p->bus.firmware, now);
	sap_vmei_close(&p->bus.vmei);
}

/* --- commands --- */

enum sap_status process_bus_command(struct process *p, const struct sim_command *command, uint64_t now)
{
	struct firmware *firmware = &p->bus.firmware;
	uint32_t client = (uint32_t)command->arg[0].number;

	if (!p->bus.on)
		return SAP_UNSUPPORTED;
	switch (command->verb->id) {
	case SIM_CSME_BUS_RESET:
		return firmware_reset(firmware, now);
	case SIM_CSME_BUS_STOP:
		return firmware_ask_stop(firmware, now);
	case SIM_CSME_BUS_ADD:
		return sap_me_bus_add(&firmware->bus, client, now);
	case SIM_CSME_BUS_REMOVE:
		return sap_me_bus_remove(&firmware->bus, client, now);
	case SIM_CSME_BUS_DROP:
		return firmware_drop(firmware, client);
	default:
		return firmware_notify(firmware, client);
	}
}
