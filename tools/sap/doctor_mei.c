// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
/* `sap doctor`: the device, whether it may be opened, the WLAN client, AMT. */
#define _GNU_SOURCE

#include "doctor.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <sap/mei/clients.h>

/* --- is there a device --- */

/* A function of a PCI device that looks like one: Intel's, "communication controller, other". */
static void look_at_pci(struct doctor *d, const char *name, void *more)
{
	char vendor[SAP_MEI_WORD], class[SAP_MEI_WORD];
	char *found = more;

	doctor_sysfs_word(d, vendor, "bus/pci/devices/%s/vendor", name);
	doctor_sysfs_word(d, class, "bus/pci/devices/%s/class", name);
	if (!found[0] && strcmp(vendor, "0x8086") == 0 && strncmp(class, "0x0780", 6) == 0)
		snprintf(found, SAP_MEI_WORD, "%.*s", SAP_MEI_WORD - 1, name);
}

static void no_device(struct doctor *d)
{
	char pci[SAP_MEI_WORD] = "", driver[SAP_MEI_WORD] = "";
	bool class = doctor_sysfs_has(d, "class/mei");

	doctor_sysfs_each(d, "bus/pci/devices", look_at_pci, pci);
	if (pci[0])
		doctor_sysfs_link(d, driver, "bus/pci/devices/%s/driver", pci);
	if (pci[0])
		doctor_finds(d, "device", FINDING_WRONG,
			     driver[0] ? "look into the kernel's log (dmesg) why its driver made no device"
				       : "load the driver: modprobe mei_me",
			     json_pack("{s:s, s:s?}", "pci", pci, "driver", driver[0] ? driver : NULL),
			     "no MEI device, but PCI device %s looks like one%s%s", pci,
			     driver[0] ? "; its driver is " : ", and has no driver", driver);
	else
		doctor_finds(
			d, "device", FINDING_WRONG,
			"try `modprobe mei_me`; look whether the BIOS hides it (\"Intel ME\", \"AMT\"); run this "
			"outside of a container or a virtual machine",
			NULL, "no MEI device: %s",
			class ? "the kernel knows of MEI, and found none"
			      : "the kernel's MEI driver is not loaded, or /sys is hidden");
}

static bool is_better(const struct doctor *d, const struct sap_mei_device *device, bool has_wlan)
{
	if (!d->device.name[0] || has_wlan != d->has_wlan)
		return !d->device.name[0] || has_wlan;
	return device->state == SAP_MEI_STATE_ENABLED && d->device.state != SAP_MEI_STATE_ENABLED;
}

/* The one with the WLAN client; else one that is in use; else the first. */
static uint32_t choose(struct doctor *d)
{
	struct sap_mei_device device = {0};
	uint32_t n = 0;

	while (sap_mei_device_next(&d->roots, &device)) {
		struct sap_mei_client wlan;
		bool has_wlan = sap_mei_client_get(&d->roots, &device, &sap_wlan_guid, &wlan);

		n++;
		if (!is_better(d, &device, has_wlan))
			continue;
		d->device = device;
		d->has_wlan = has_wlan;
		if (has_wlan)
			d->wlan = wlan;
	}
	return n;
}

static const char *remedy_of_state(enum sap_mei_state state)
{
	switch (state) {
	case SAP_MEI_STATE_DISABLED:
		return "restart the machine; if it stays so, look into the BIOS (\"Intel ME\") and the kernel's log";
	case SAP_MEI_STATE_POWERING_DOWN:
	case SAP_MEI_STATE_POWER_DOWN:
	case SAP_MEI_STATE_POWER_UP:
		return "it sleeps with the machine; look again once that is awake";
	default:
		return "look again in a few seconds; if it stays so, look into the kernel's log (dmesg)";
	}
}

void doctor_device(struct doctor *d)
{
	uint32_t n = choose(d);
	const struct sap_mei_device *device = &d->device;
	const char *state = device->has & SAP_MEI_HAS_STATE ? device->state_word : NULL;
	struct text version = {0};
	json_t *data;

	if (!n) {
		no_device(d);
		return;
	}
	data = json_pack("{s:s, s:i, s:s?}", "device", device->name, "devices", (int)n, "state", state);
	if (mei_has_fw_version(device)) {
		text_add(&version, ", firmware ");
		mei_add_fw_version(&version, &device->fw_versions[0]);
	}
	if (device->state == SAP_MEI_STATE_ENABLED)
		doctor_finds(d, "device", FINDING_OK, NULL, data, "%s is ENABLED%s", device->name,
			     text_of(&version));
	else if (device->state == SAP_MEI_STATE_UNKNOWN)
		doctor_finds(d, "device", FINDING_UNKNOWN, NULL, data,
			     "%s is there; sysfs does not say how it is", device->name);
	else
		doctor_finds(d, "device", FINDING_WRONG, remedy_of_state(device->state), data, "%s is %s",
			     device->name, state);
	text_free(&version);
}

/* --- may it be opened --- */

void doctor_permissions(struct doctor *d)
{
	char path[2 * SAP_MEI_PATH];
	int error;

	if (!d->device.name[0])
		return;
	snprintf(path, sizeof(path), "%s/%s", d->dev, d->device.name);
	d->may_open = faccessat(AT_FDCWD, path, R_OK | W_OK, AT_EACCESS) == 0;
	error = errno;
	if (d->may_open)
		doctor_finds(d, "permissions", FINDING_OK, NULL, NULL, "%s may be opened", path);
	else if (error == ENOENT)
		doctor_finds(d, "permissions", FINDING_WRONG,
			     "let udev make the node, or give it to the container (--device)", NULL,
			     "%s is not there", path);
	else
		doctor_finds(d, "permissions", FINDING_WRONG,
			     "run this as root, or let a group open it (docs/mei-device.md)", NULL,
			     "%s may not be opened: %s", path, strerror(error));
}

/* --- the WLAN client --- */

void doctor_wlan_client(struct doctor *d)
{
	if (!d->device.name[0])
		return;
	if (d->has_wlan)
		doctor_finds(d, "wlan-client", FINDING_OK, NULL, json_pack("{s:s}", "device", d->device.name),
			     "the firmware has the WLAN client, on %s", d->device.name);
	else if (d->device.state != SAP_MEI_STATE_ENABLED || !(d->device.has & SAP_MEI_HAS_PARENT))
		doctor_finds(d, "wlan-client", FINDING_UNKNOWN, NULL, NULL,
			     "whether the firmware has the WLAN client cannot be known");
	else
		doctor_finds(
			d, "wlan-client", FINDING_WRONG,
			"look whether AMT is enabled in the BIOS (MEBx), and whether it can do WLAN at all",
			NULL, "the firmware has no WLAN client: nobody to speak SAP to");
}

static void probe(struct doctor *d)
{
	if (mei_ask_begin(d->ask, &d->roots, d->device.name, &sap_wlan_guid, d->timeout))
		doctor_finds(d, "wlan-holder", FINDING_NOTE, NULL, json_pack("{s:n}", "driver"),
			     "nobody has the WLAN client; it could be connected to");
	else
		doctor_finds(d, "wlan-holder", FINDING_WRONG, d->ask->why,
			     json_pack("{s:n, s:s}", "driver", "problem", d->ask->problem),
			     "the WLAN client cannot be connected to");
	mei_ask_end(d->ask);
}

void doctor_wlan_holder(struct doctor *d)
{
	if (!d->has_wlan)
		return;
	if (d->wlan.has & SAP_MEI_HAS_DRIVER)
		doctor_finds(d, "wlan-holder", FINDING_OK, NULL, json_pack("{s:s}", "driver", d->wlan.driver),
			     "%s is bound to the WLAN client; everybody else gets EBUSY", d->wlan.driver);
	else if (d->probe)
		probe(d);
	else
		doctor_finds(d, "wlan-holder", FINDING_NOTE, "--probe tells whether a program has it",
			     json_pack("{s:n}", "driver"),
			     "no driver is bound to the WLAN client: the kernel does not speak SAP");
}

/* --- AMT --- */

/* What AMT answers to one question that has nothing but a number in its answer. */
static bool ask_number(struct doctor *d, uint32_t command, uint32_t *number, enum mei_answer *answer)
{
	const struct sap_amthi_message request = {.command = command};
	struct sap_amthi_message response;

	*answer = mei_ask_amthi(d->ask, &request, &response);
	if (*answer != MEI_ANSWERED)
		return false;
	*number = command == SAP_AMTHI_GET_CONTROL_MODE ? response.control_mode.mode
							: response.provisioning_state.state;
	return true;
}

static void tell_amt(struct doctor *d)
{
	static const char *const states[] = {"not provisioned", "being provisioned", "provisioned"};
	static const char *const modes[] = {"controlled by nobody", "in client control", "in admin control"};
	uint32_t state = 0, mode = 0;
	enum mei_answer answer;
	bool has_state = ask_number(d, SAP_AMTHI_PROVISIONING_STATE, &state, &answer) && state < 3;
	bool has_mode = false;

	if (answer == MEI_ANSWERED || answer == MEI_REFUSED)
		has_mode = ask_number(d, SAP_AMTHI_GET_CONTROL_MODE, &mode, &answer) && mode < 3;
	if (answer == MEI_DISABLED)
		doctor_finds(d, "amt", FINDING_NOTE, "enable it in the BIOS (MEBx) if it is wanted",
			     json_pack("{s:b}", "enabled", 0),
			     "AMT is disabled: CSME does not ask for the NIC");
	else if (answer == MEI_FAILED || answer == MEI_NO_SENSE)
		doctor_finds(d, "amt", FINDING_WRONG, "try again; if it stays so, restart the machine",
			     json_pack("{s:n, s:s}", "enabled", "problem", d->ask->problem), "AMT: %s",
			     d->ask->why);
	else
		doctor_finds(d, "amt", FINDING_OK, NULL,
			     json_pack("{s:b, s:s?, s:s?}", "enabled", 1, "provisioning",
				       has_state ? states[state] : NULL, "control",
				       has_mode ? modes[mode] : NULL),
			     "AMT is enabled, %s, %s", has_state ? states[state] : "its provisioning unknown",
			     has_mode ? modes[mode] : "its control unknown");
}

void doctor_amt(struct doctor *d)
{
	/* Without permission it would be told a second time what is wrong. */
	if (!d->device.name[0] || !d->may_open)
		doctor_finds(d, "amt", FINDING_UNKNOWN, NULL, json_pack("{s:n}", "enabled"),
			     "whether AMT is on cannot be known without a device that may be opened");
	else if (!mei_ask_begin(d->ask, &d->roots, NULL, &sap_amthi_guid, d->timeout))
		doctor_finds(d, "amt", FINDING_UNKNOWN, NULL,
			     json_pack("{s:n, s:s}", "enabled", "problem", d->ask->problem),
			     "whether AMT is on cannot be known: %s", d->ask->why);
	else
		tell_amt(d);
	mei_ask_end(d->ask);
}
