// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
/* `sap mei`: its verbs, and what they share. */
#include "mei.h"

#include <stdlib.h>
#include <string.h>

#include <sap/mei/clients.h>

#include "command.h"

const struct command mei_verbs[] = {
	{"list", "list devices and clients, without opening a device", mei_list_run, NULL},
	{"info", "ask AMT and the firmware what they are and how they are set", mei_info_run, NULL},
	{"watch", "tell what changes: states, devices, clients, drivers", mei_watch_run, NULL},
	{NULL, NULL, NULL, NULL},
};

struct sap_mei_roots mei_roots(const struct mei_options *o)
{
	return (struct sap_mei_roots){.sysfs = o->sysfs, .dev = o->dev};
}

void mei_options_free(struct mei_options *o)
{
	free(o->sysfs);
	free(o->dev);
}

void mei_json_line(json_t *json)
{
	json_dumpf(json, stdout, JSON_COMPACT);
	putchar('\n');
	json_decref(json);
}

json_t *mei_json_text(const char *text, size_t len)
{
	char *clean = memory_zeroed(len + 1, 1);
	json_t *json;

	for (size_t i = 0; i < len; i++) {
		clean[i] = '?';
		if (text[i] >= ' ' && text[i] <= '~')
			clean[i] = text[i];
	}
	json = json_string(clean);
	free(clean);
	return json;
}

json_t *mei_json_word(bool has, const char *word)
{
	return has ? mei_json_text(word, strlen(word)) : json_null();
}

json_t *mei_json_number(bool has, uint32_t number)
{
	return has ? json_integer((json_int_t)number) : json_null();
}

void mei_add_fw_version(struct text *out, const struct sap_mei_fw_version *version)
{
	text_add(out, "%u.%u.%u.%u", (unsigned int)version->major, (unsigned int)version->minor,
		 (unsigned int)version->hotfix, (unsigned int)version->build);
}

bool mei_has_fw_version(const struct sap_mei_device *device)
{
	const struct sap_mei_fw_version *v = &device->fw_versions[0];

	return (device->has & SAP_MEI_HAS_FW_VERSION) && (v->major || v->minor || v->hotfix || v->build);
}

const char *mei_client_name(const struct sap_guid *guid)
{
	const struct sap_mei_known *known = sap_mei_known(guid);

	return known ? known->name : NULL;
}
