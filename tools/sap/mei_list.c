// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
/* `sap mei list`: devices and clients, as sysfs has them. No device is opened. */
#include <stdio.h>
#include <string.h>

#include "cli.h"
#include "mei.h"

static const char text[] =
	"Lists MEI devices and the clients of the firmware behind them, as sysfs has them. No device is opened, so\n"
	"anybody may. With a name, that device alone.\n\n"
	"Linux does not show clients that take several connections at a time; root sees all of them, by debugfs.\n";

static const char examples[] = "  sap mei list\n"
			       "  sap mei list mei0\n"
			       "  sap mei list --json | jq -r 'select(.kind == \"client\").name'\n";

enum {
	NAME_COLUMNS = 14,
	DRIVER_COLUMNS = 10,
};

/* --- text --- */

static void print_device(const struct sap_mei_device *d)
{
	struct text out = {0};

	text_add(&out, "%s  %s", d->name, d->has & SAP_MEI_HAS_STATE ? d->state_word : "state unknown");
	if (mei_has_fw_version(d)) {
		text_add(&out, ", firmware ");
		mei_add_fw_version(&out, &d->fw_versions[0]);
	}
	if (d->has & SAP_MEI_HAS_HBM)
		text_add(&out, ", HBM %u.%u", (unsigned int)d->hbm_major, (unsigned int)d->hbm_minor);
	if (d->has & SAP_MEI_HAS_KIND)
		text_add(&out, ", kind %s", d->kind);
	if (d->parent[0])
		text_add(&out, ", on %s", d->parent);
	if (!(d->has & SAP_MEI_HAS_SYSFS))
		text_add(&out, ": a node, of which sysfs knows nothing");
	text_add(&out, "\n");
	if (d->has & SAP_MEI_HAS_FW_STATUS) {
		text_add(&out, "  firmware status");
		for (uint32_t i = 0; i < d->n_fw_status; i++)
			text_add(&out, " %08x", (unsigned int)d->fw_status[i]);
		text_add(&out, "\n");
	}
	fputs(text_of(&out), stdout);
	text_free(&out);
}

static void add_number(struct text *out, bool has, uint32_t number, int columns)
{
	if (has)
		text_add(out, "  %*u", columns, (unsigned int)number);
	else
		text_add(out, "  %*s", columns, "?");
}

static void print_client(const struct sap_mei_client *c, bool first)
{
	const char *name = mei_client_name(&c->guid);
	char guid[SAP_GUID_TEXT_SIZE];
	struct text out = {0};

	if (first)
		printf("\n  %-*s  %-36s  %7s  %11s  %7s  %s\n", NAME_COLUMNS, "client", "GUID", "version",
		       "connections", "longest", "driver");
	sap_guid_format(&c->guid, guid);
	text_add(&out, "  %-*s  %s", NAME_COLUMNS, name ? name : "-", guid);
	add_number(&out, c->has & SAP_MEI_HAS_VERSION, c->version, 7);
	add_number(&out, c->has & SAP_MEI_HAS_CONNECTIONS, c->connections, 11);
	add_number(&out, c->has & SAP_MEI_HAS_LENGTH, c->max_len, 7);
	text_add(&out, "  %s", c->has & SAP_MEI_HAS_DRIVER ? c->driver : "-");
	if (c->fixed)
		text_add(&out, ", fixed address %u", (unsigned int)c->fixed);
	if (c->vtag)
		text_add(&out, ", vtag");
	if (!c->on_bus)
		text_add(&out, ", not on Linux's bus");
	printf("%s\n", text_of(&out));
	text_free(&out);
}

/* --- JSON --- */

static json_t *versions_of(const struct sap_mei_device *d)
{
	json_t *list = json_array();

	for (uint32_t i = 0; i < d->n_fw_versions; i++) {
		struct text out = {0};

		text_add(&out, "%u:", (unsigned int)d->fw_versions[i].platform);
		mei_add_fw_version(&out, &d->fw_versions[i]);
		json_array_append_new(list, json_string(text_of(&out)));
		text_free(&out);
	}
	return list;
}

static json_t *status_of(const struct sap_mei_device *d)
{
	json_t *list = json_array();

	for (uint32_t i = 0; i < d->n_fw_status; i++)
		json_array_append_new(list, json_sprintf("%08x", (unsigned int)d->fw_status[i]));
	return list;
}

static json_t *version(bool has, uint32_t major, uint32_t minor)
{
	return has ? json_sprintf("%u.%u", (unsigned int)major, (unsigned int)minor) : json_null();
}

static void json_device(const struct sap_mei_device *d)
{
	mei_json_line(json_pack("{s:s, s:s, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o}", "kind", "device",
				"device", d->name, "state",
				mei_json_word(d->has & SAP_MEI_HAS_STATE, d->state_word), "fw_versions",
				versions_of(d), "fw_status", status_of(d), "hbm",
				version(d->has & SAP_MEI_HAS_HBM, d->hbm_major, d->hbm_minor), "hbm_driver",
				version(d->has & SAP_MEI_HAS_HBM_DRIVER, d->driver_major, d->driver_minor),
				"device_kind", mei_json_word(d->has & SAP_MEI_HAS_KIND, d->kind),
				"queue_limit", mei_json_number(d->has & SAP_MEI_HAS_QUEUE, d->queue_limit),
				"parent", mei_json_word(d->parent[0], d->parent)));
}

static void json_client(const struct sap_mei_device *d, const struct sap_mei_client *c)
{
	const char *name = mei_client_name(&c->guid);
	char guid[SAP_GUID_TEXT_SIZE];

	sap_guid_format(&c->guid, guid);
	mei_json_line(json_pack("{s:s, s:s, s:s, s:s?, s:b, s:o, s:o, s:o, s:o, s:o, s:o}", "kind", "client",
				"device", d->name, "guid", guid, "name", name, "on_bus", c->on_bus ? 1 : 0,
				"version", mei_json_number(c->has & SAP_MEI_HAS_VERSION, c->version),
				"connections",
				mei_json_number(c->has & SAP_MEI_HAS_CONNECTIONS, c->connections), "fixed",
				mei_json_number(c->has & SAP_MEI_HAS_FIXED, c->fixed), "vtag",
				c->has & SAP_MEI_HAS_VTAG ? json_boolean(c->vtag) : json_null(), "longest",
				mei_json_number(c->has & SAP_MEI_HAS_LENGTH, c->max_len), "driver",
				mei_json_word(c->has & SAP_MEI_HAS_DRIVER, c->driver)));
}

/* --- both --- */

static uint32_t list_clients(const struct mei_options *o, const struct sap_mei_device *device)
{
	struct sap_mei_roots roots = mei_roots(o);
	struct sap_mei_client client = {0};
	uint32_t n = 0;

	while (sap_mei_client_next(&roots, device, &client)) {
		if (o->json)
			json_client(device, &client);
		else
			print_client(&client, n == 0);
		n++;
	}
	return n;
}

static enum outcome list(const struct cli_about *about, const struct mei_options *o, const char *name)
{
	struct sap_mei_roots roots = mei_roots(o);
	struct sap_mei_device device = {0};
	uint32_t devices = 0, clients = 0;

	if (o->json)
		mei_json_line(json_pack("{s:s, s:s, s:i, s:s}", "kind", "mei", "format", "sap-mei", "version",
					MEI_FORMAT_VERSION, "command", "list"));
	while (sap_mei_device_next(&roots, &device)) {
		if (name && strcmp(name, device.name) != 0)
			continue;
		if (o->json)
			json_device(&device);
		else if (devices++)
			putchar('\n');
		devices += o->json != 0;
		if (!o->json)
			print_device(&device);
		clients += list_clients(o, &device);
	}
	if (o->json)
		mei_json_line(json_pack("{s:s, s:i, s:i}", "kind", "end", "devices", (int)devices, "clients",
					(int)clients));
	else if (!devices && !name)
		puts("no MEI device; `sap doctor` looks into why");
	if (devices || !name)
		return OUTCOME_OK;
	fprintf(stderr, "%s: there is no device '%s'\n", about->name, name);
	return OUTCOME_WRONG;
}

enum outcome mei_list_run(int argc, const char *const *argv)
{
	struct mei_options o = {0};
	const struct poptOption options[] = {MEI_OPTIONS(&o), POPT_TABLEEND};
	const struct cli_about about = {"sap mei list", "[OPTION...] [DEVICE]", text, examples, options};
	enum outcome outcome;
	struct cli cli;

	if (cli_begin(&cli, &about, argc, argv, &outcome))
		outcome = list(&about, &o, cli.argument);
	cli_end(&cli);
	mei_options_free(&o);
	return outcome;
}
