// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
/*
 * Devices and clients, one after the other. A walk goes by names in their order, so it needs no memory but the
 * last name, and it does not matter what comes and goes meanwhile.
 */
#include "mei_sysfs.h"

#include "../platform.h"

/* --- names of devices --- */

/* "mei7" is 7, "mei" comes after all of them. */
static bool number_of_name(const char *name, uint32_t *number)
{
	const char *at = name + 3;

	if (strncmp(name, "mei", 3) != 0)
		return false;
	*number = UINT32_MAX;
	return !*at || (mei_number(&at, 10, number) && !*at);
}

static bool is_device(const char *name)
{
	uint32_t number;

	return strlen(name) < SAP_MEI_WORD && number_of_name(name, &number);
}

static bool device_before(const char *a, const char *b)
{
	uint32_t first = 0, second = 0;

	(void)number_of_name(a, &first);
	(void)number_of_name(b, &second);
	return first != second ? first < second : strcmp(a, b) < 0;
}

/* --- devices --- */

static const char *const state_names[] = {
	[SAP_MEI_STATE_UNKNOWN] = "?",
	[SAP_MEI_STATE_INITIALIZING] = "INITIALIZING",
	[SAP_MEI_STATE_INIT_CLIENTS] = "INIT_CLIENTS",
	[SAP_MEI_STATE_ENABLED] = "ENABLED",
	[SAP_MEI_STATE_RESETTING] = "RESETTING",
	[SAP_MEI_STATE_DISABLED] = "DISABLED",
	[SAP_MEI_STATE_POWERING_DOWN] = "POWERING_DOWN",
	[SAP_MEI_STATE_POWER_DOWN] = "POWER_DOWN",
	[SAP_MEI_STATE_POWER_UP] = "POWER_UP",
};

enum {
	STATES = sizeof(state_names) / sizeof(state_names[0])
};

const char *sap_mei_state_name(enum sap_mei_state state)
{
	return (uint32_t)state < STATES ? state_names[state] : "?";
}

static enum sap_mei_state state_of_word(const char *word)
{
	for (uint32_t i = 1; i < STATES; i++) {
		if (strcmp(state_names[i], word) == 0)
			return (enum sap_mei_state)i;
	}
	return SAP_MEI_STATE_UNKNOWN;
}

/* Lines "0:16.1.25.1865". */
static void read_fw_versions(struct sap_mei_device *device, const char *folder)
{
	char text[MEI_FILE];
	const char *at = text;

	if (!mei_file(folder, "fw_ver", text))
		return;
	while (device->n_fw_versions < SAP_MEI_FW_VERSIONS) {
		struct sap_mei_fw_version v;

		if (!mei_number(&at, 10, &v.platform) || !mei_skip(&at, ':') ||
		    !mei_number(&at, 10, &v.major) || !mei_skip(&at, '.') || !mei_number(&at, 10, &v.minor) ||
		    !mei_skip(&at, '.') || !mei_number(&at, 10, &v.hotfix) || !mei_skip(&at, '.') ||
		    !mei_number(&at, 10, &v.build))
			return;
		device->fw_versions[device->n_fw_versions++] = v;
		device->has |= SAP_MEI_HAS_FW_VERSION;
		if (!mei_skip(&at, '\n'))
			return;
	}
}

/* Lines of eight hex digits. */
static void read_fw_status(struct sap_mei_device *device, const char *folder)
{
	char text[MEI_FILE];
	const char *at = text;

	if (!mei_file(folder, "fw_status", text))
		return;
	while (device->n_fw_status < SAP_MEI_FW_STATUS &&
	       mei_number(&at, 16, &device->fw_status[device->n_fw_status])) {
		device->n_fw_status++;
		device->has |= SAP_MEI_HAS_FW_STATUS;
		if (!mei_skip(&at, '\n'))
			return;
	}
}

/* "2.2" */
static bool read_version(const char *folder, const char *name, uint32_t *major, uint32_t *minor)
{
	char text[MEI_FILE];
	const char *at = text;
	uint32_t first, second;

	if (!mei_file(folder, name, text) || !mei_number(&at, 10, &first) || !mei_skip(&at, '.') ||
	    !mei_number(&at, 10, &second))
		return false;
	*major = first;
	*minor = second;
	return true;
}

static void read_parent(struct sap_mei_device *device, const char *folder)
{
	char path[SAP_MEI_PATH];

	if (!mei_path(path, "%s/device", folder) || !mei_exists(path))
		return;
	device->has |= SAP_MEI_HAS_PARENT;
	if (!mei_link(path, device->parent))
		device->parent[0] = 0;
}

static void note(uint32_t *has, bool holds, uint32_t bit)
{
	if (holds)
		*has |= bit;
}

static void read_device(struct sap_mei_device *device, const char *folder)
{
	struct sap_mei_device *d = device;

	d->has = SAP_MEI_HAS_SYSFS;
	note(&d->has, mei_file_word(folder, "dev_state", d->state_word), SAP_MEI_HAS_STATE);
	d->state = state_of_word(d->state_word);
	read_fw_versions(d, folder);
	read_fw_status(d, folder);
	note(&d->has, read_version(folder, "hbm_ver", &d->hbm_major, &d->hbm_minor), SAP_MEI_HAS_HBM);
	note(&d->has, read_version(folder, "hbm_ver_drv", &d->driver_major, &d->driver_minor),
	     SAP_MEI_HAS_HBM_DRIVER);
	note(&d->has, mei_file_word(folder, "kind", d->kind), SAP_MEI_HAS_KIND);
	note(&d->has, mei_file_number(folder, "tx_queue_limit", 10, &d->queue_limit), SAP_MEI_HAS_QUEUE);
	read_parent(d, folder);
}

bool sap_mei_device_get(const struct sap_mei_roots *roots, const char *name, struct sap_mei_device *device)
{
	struct sap_mei_device found = {0};
	char folder[SAP_MEI_PATH], node[SAP_MEI_PATH];

	if (!name || !device || !is_device(name))
		return false;
	memcpy(found.name, name, strlen(name));
	if (mei_path(folder, "%s/class/mei/%s", mei_root_sysfs(roots), found.name) && mei_exists(folder))
		read_device(&found, folder);
	else if (!mei_path(node, "%s/%s", mei_root_dev(roots), found.name) || !mei_exists(node))
		return false;
	*device = found;
	return true;
}

bool sap_mei_device_next(const struct sap_mei_roots *roots, struct sap_mei_device *device)
{
	static const struct mei_names names = {is_device, device_before};
	char folder[SAP_MEI_PATH], name[SAP_MEI_PATH];
	bool found;

	if (!device || !mei_path(folder, "%s/class/mei", mei_root_sysfs(roots)))
		return false;
	/* A container may have nodes, and no sysfs. */
	if (!mei_folder_next(folder, &names, "", name) && !mei_path(folder, "%s", mei_root_dev(roots)))
		return false;
	memcpy(name, device->name, sizeof(device->name));
	do {
		char after[SAP_MEI_WORD];

		memcpy(after, name, sizeof(after));
		found = mei_folder_next(folder, &names, after, name);
		/* It may go just now; then the one after it is meant. */
	} while (found && !sap_mei_device_get(roots, name, device));
	return found;
}

/* --- clients on the bus --- */

static bool any_name(const char *name)
{
	(void)name;
	return true;
}

static bool name_before(const char *a, const char *b)
{
	return strcmp(a, b) < 0;
}

/* The file says it, or the end of the folder's name. */
static bool read_guid(const char *folder, struct sap_guid *guid)
{
	char word[SAP_MEI_WORD];
	size_t len = strlen(folder);

	if (mei_file_word(folder, "uuid", word) && sap_guid_parse(word, guid) == SAP_OK)
		return true;
	return len >= SAP_GUID_TEXT_SIZE &&
	       sap_guid_parse(folder + len - (SAP_GUID_TEXT_SIZE - 1), guid) == SAP_OK;
}

static void read_client(struct sap_mei_client *client, const char *folder)
{
	struct sap_mei_client *c = client;
	char link[SAP_MEI_PATH];
	uint32_t vtag;

	note(&c->has, mei_file_word(folder, "name", c->name), SAP_MEI_HAS_NAME);
	note(&c->has, mei_file_number(folder, "version", 16, &c->version), SAP_MEI_HAS_VERSION);
	note(&c->has, mei_file_number(folder, "max_conn", 10, &c->connections), SAP_MEI_HAS_CONNECTIONS);
	note(&c->has, mei_file_number(folder, "fixed", 10, &c->fixed), SAP_MEI_HAS_FIXED);
	note(&c->has, mei_file_number(folder, "max_len", 10, &c->max_len), SAP_MEI_HAS_LENGTH);
	if (mei_file_number(folder, "vtag", 10, &vtag)) {
		c->has |= SAP_MEI_HAS_VTAG;
		c->vtag = vtag != 0;
	}
	note(&c->has, mei_path(link, "%s/driver", folder) && mei_link(link, c->driver), SAP_MEI_HAS_DRIVER);
}

/* Whether the folder is one of this device's clients. Both hang below the same parent. */
static bool is_of(const struct sap_mei_roots *roots, const struct sap_mei_device *device, const char *folder)
{
	char above[SAP_MEI_PATH], parent[SAP_MEI_PATH];

	return mei_path(above, "%s/..", folder) &&
	       mei_path(parent, "%s/class/mei/%s/device", mei_root_sysfs(roots), device->name) &&
	       mei_same(above, parent);
}

static bool bus_next(const struct sap_mei_roots *roots, const struct sap_mei_device *device,
		     struct sap_mei_client *client)
{
	static const struct mei_names names = {any_name, name_before};
	struct sap_mei_client found;
	char bus[SAP_MEI_PATH], folder[SAP_MEI_PATH], after[SAP_MEI_PATH];

	if (!(device->has & SAP_MEI_HAS_PARENT) ||
	    !mei_path(bus, "%s/bus/mei/devices", mei_root_sysfs(roots)))
		return false;
	memset(&found, 0, sizeof(found));
	memcpy(found.place, client->place, sizeof(found.place));
	do {
		memcpy(after, found.place, sizeof(after));
		if (!mei_folder_next(bus, &names, after, found.place))
			return false;
	} while (!mei_path(folder, "%s/%s", bus, found.place) || !is_of(roots, device, folder) ||
		 !read_guid(folder, &found.guid));
	found.on_bus = true;
	read_client(&found, folder);
	*client = found;
	return true;
}

static bool bus_has(const struct sap_mei_roots *roots, const struct sap_mei_device *device,
		    const struct sap_guid *guid)
{
	struct sap_mei_client client = {0};

	while (bus_next(roots, device, &client)) {
		if (sap_guid_equal(&client.guid, guid))
			return true;
	}
	return false;
}

/* --- clients --- */

bool sap_mei_client_next(const struct sap_mei_roots *roots, const struct sap_mei_device *device,
			 struct sap_mei_client *client)
{
	struct sap_mei_client found;

	if (!device || !client)
		return false;
	if (client->line == 0 && bus_next(roots, device, client))
		return true;
	found = *client;
	do {
		if (!mei_debug_next(roots, device, &found))
			return false;
	} while (bus_has(roots, device, &found.guid));
	*client = found;
	return true;
}

bool sap_mei_client_get(const struct sap_mei_roots *roots, const struct sap_mei_device *device,
			const struct sap_guid *guid, struct sap_mei_client *client)
{
	struct sap_mei_client found = {0};

	if (!guid || !client)
		return false;
	while (sap_mei_client_next(roots, device, &found)) {
		if (sap_guid_equal(&found.guid, guid)) {
			*client = found;
			return true;
		}
	}
	return false;
}
