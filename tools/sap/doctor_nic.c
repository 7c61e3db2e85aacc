// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
/*
 * `sap doctor`: drivers of the kernel, rfkill and its reason, who owns the NIC.
 *
 * All of it is in sysfs. rfkill's reasons are bits (docs/protocol/nl80211-intel.md): 1 a switch, 2 "not owner".
 */
#include "doctor.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
	REASON_SWITCH = 1,
	REASON_NOT_OWNER = 2,
};

/* --- modules --- */

void doctor_modules(struct doctor *d)
{
	static const char *const names[] = {"mei", "mei_me", "iwlwifi", "iwlmei"};
	json_t *data = json_object();
	struct text list = {0};
	bool iwlmei;

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		bool there = doctor_sysfs_has(d, "module/%s", names[i]);

		json_object_set_new(data, names[i], json_boolean(there));
		if (there)
			text_add(&list, "%s%s", list.len ? ", " : "", names[i]);
	}
	iwlmei = json_is_true(json_object_get(data, "iwlmei"));
	if (d->has_wlan && !iwlmei && !(d->wlan.has & SAP_MEI_HAS_DRIVER))
		doctor_finds(
			d, "modules", FINDING_WRONG,
			"load a driver that speaks SAP (iwlmei; Debian's kernel does not have it), or expect that CSME "
			"and the host use the NIC without asking each other",
			data, "the firmware has a WLAN client, and no driver for it is loaded (loaded: %s)",
			list.len ? text_of(&list) : "none of mei, mei_me, iwlwifi, iwlmei");
	else
		doctor_finds(d, "modules", FINDING_NOTE, NULL, data, "loaded: %s",
			     list.len ? text_of(&list) : "none of mei, mei_me, iwlwifi, iwlmei");
	text_free(&list);
}

/* --- WLAN interfaces --- */

static void look_at_interface(struct doctor *d, const char *name, void *more)
{
	char driver[SAP_MEI_WORD];
	json_t *list = more;

	if (!doctor_sysfs_has(d, "class/net/%s/phy80211", name))
		return;
	doctor_sysfs_link(d, driver, "class/net/%s/device/driver", name);
	json_array_append_new(list, json_pack("{s:o, s:o}", "interface", mei_json_word(true, name), "driver",
					      mei_json_word(driver[0], driver)));
}

void doctor_wlan_driver(struct doctor *d)
{
	json_t *list = json_array();
	json_t *entry;
	struct text names = {0};
	size_t i;

	doctor_sysfs_each(d, "class/net", look_at_interface, list);
	json_array_foreach(list, i, entry)
	{
		const char *driver = json_string_value(json_object_get(entry, "driver"));

		text_add(&names, "%s%s (%s)", i ? ", " : "",
			 json_string_value(json_object_get(entry, "interface")),
			 driver ? driver : "no driver known");
	}
	doctor_finds(d, "wlan-driver", FINDING_NOTE, NULL, json_pack("{s:O}", "interfaces", list), "%s%s",
		     names.len ? "WLAN interfaces: " : "there is no WLAN interface", text_of(&names));
	text_free(&names);
	json_decref(list);
}

/* --- rfkill --- */

static bool flag_of(const struct doctor *d, const char *name, const char *file)
{
	char word[SAP_MEI_WORD];

	doctor_sysfs_word(d, word, "class/rfkill/%s/%s", name, file);
	return strcmp(word, "1") == 0;
}

static void look_at_rfkill(struct doctor *d, const char *name, void *more)
{
	char type[SAP_MEI_WORD], label[SAP_MEI_WORD], reasons[SAP_MEI_WORD];
	json_t *list = more;

	doctor_sysfs_word(d, type, "class/rfkill/%s/type", name);
	if (strcmp(type, "wlan") != 0)
		return;
	doctor_sysfs_word(d, label, "class/rfkill/%s/name", name);
	doctor_sysfs_word(d, reasons, "class/rfkill/%s/hard_block_reasons", name);
	json_array_append_new(list,
			      json_pack("{s:o, s:o, s:b, s:b, s:o}", "rfkill", mei_json_word(true, name),
					"name", mei_json_word(label[0], label), "soft",
					flag_of(d, name, "soft") ? 1 : 0, "hard",
					flag_of(d, name, "hard") ? 1 : 0, "reasons",
					mei_json_number(reasons[0], (uint32_t)strtoul(reasons, NULL, 0))));
}

static void tell_rfkill(struct doctor *d, json_t *switch_of)
{
	const char *name = json_string_value(json_object_get(switch_of, "name"));
	bool hard = json_is_true(json_object_get(switch_of, "hard"));
	bool soft = json_is_true(json_object_get(switch_of, "soft"));
	json_int_t reasons = json_integer_value(json_object_get(switch_of, "reasons"));

	if (!name)
		name = json_string_value(json_object_get(switch_of, "rfkill"));
	if (hard && (reasons & REASON_NOT_OWNER))
		doctor_finds(
			d, "rfkill", FINDING_WRONG,
			"let the connection manager ask for ownership, or wait until the management session ends",
			json_incref(switch_of), "%s is blocked: the host does not own the NIC", name);
	else if (hard && (reasons & REASON_SWITCH))
		doctor_finds(d, "rfkill", FINDING_WRONG, "use the machine's switch or key for the radio",
			     json_incref(switch_of), "%s is blocked by a switch", name);
	else if (hard)
		doctor_finds(d, "rfkill", FINDING_WRONG, "use the machine's switch or key for the radio",
			     json_incref(switch_of), "%s is blocked by hardware, and nobody says why", name);
	else if (soft)
		doctor_finds(d, "rfkill", FINDING_WRONG, "rfkill unblock wlan", json_incref(switch_of),
			     "%s is blocked by software", name);
	else
		doctor_finds(d, "rfkill", FINDING_OK, NULL, json_incref(switch_of), "%s is not blocked",
			     name);
}

static json_t *rfkill_list(struct doctor *d)
{
	json_t *list = json_array();

	doctor_sysfs_each(d, "class/rfkill", look_at_rfkill, list);
	return list;
}

void doctor_rfkill(struct doctor *d)
{
	json_t *list = rfkill_list(d);
	json_t *entry;
	size_t i;

	json_array_foreach(list, i, entry)
	{
		tell_rfkill(d, entry);
	}
	if (!json_array_size(list))
		doctor_finds(d, "rfkill", FINDING_NOTE, NULL, NULL,
			     "there is no rfkill switch of a WLAN device");
	json_decref(list);
}

/* --- who owns the NIC --- */

/* iwlmei tells root whether SAP is up: bit 0 of its status. -1: nobody tells. */
static int sap_is_up(const struct doctor *d)
{
	char word[SAP_MEI_WORD];

	doctor_sysfs_word(d, word, "kernel/debug/iwlmei/status");
	return word[0] ? (int)(strtoul(word, NULL, 0) & 1) : -1;
}

/* Whether any switch is blocked for want of ownership, and whether any is there at all. */
static bool not_owner(struct doctor *d, bool *any)
{
	json_t *list = rfkill_list(d);
	json_t *entry;
	bool found = false;
	size_t i;

	json_array_foreach(list, i, entry)
	{
		json_int_t reasons = json_integer_value(json_object_get(entry, "reasons"));

		found |= json_is_true(json_object_get(entry, "hard")) && (reasons & REASON_NOT_OWNER);
	}
	*any = json_array_size(list) > 0;
	json_decref(list);
	return found;
}

void doctor_nic_owner(struct doctor *d)
{
	int up = sap_is_up(d);
	json_t *sap = up < 0 ? json_null() : json_boolean(up);
	bool any;

	if (not_owner(d, &any))
		doctor_finds(d, "nic-owner", FINDING_NOTE, NULL,
			     json_pack("{s:s, s:o}", "owner", "csme", "sap_up", sap),
			     "CSME owns the NIC, as rfkill says");
	else if (any && (up == 1 || (d->wlan.has & SAP_MEI_HAS_DRIVER)))
		doctor_finds(d, "nic-owner", FINDING_OK, NULL,
			     json_pack("{s:s, s:o}", "owner", "host", "sap_up", sap),
			     "the host owns the NIC: rfkill does not say otherwise");
	else
		doctor_finds(d, "nic-owner", FINDING_UNKNOWN, NULL,
			     json_pack("{s:n, s:o}", "owner", "sap_up", sap),
			     "who owns the NIC cannot be known from here%s", up == 0 ? "; SAP is down" : "");
}
