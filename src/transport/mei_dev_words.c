// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
/* Problems in words: cause, then remedy. */
#define _POSIX_C_SOURCE 200809L

#include "mei_dev.h"

#include "../platform.h"

#include <sap/mei/clients.h>

#include <stdio.h>

struct words {
	const char *name;
	const char *text;
};

/* A text that begins with "the client" is told with the client's name. */
static const struct words problems[] = {
	[SAP_MEI_DEV_FINE] = {"FINE", "nothing is wrong"},
	[SAP_MEI_DEV_NO_DEVICE] =
		{"NO_DEVICE",
		 "there is no such MEI device: load its driver (mei_me), or look whether the BIOS "
		 "hides it; a container must be given it"},
	[SAP_MEI_DEV_NO_NODE] = {"NO_NODE",
				 "the device has no node: let udev make it, or give it to the container"},
	[SAP_MEI_DEV_DENIED] =
		{"DENIED",
		 "the device may not be opened: be root, or of the group that a udev rule gives it"},
	[SAP_MEI_DEV_NO_CLIENT] =
		{"NO_CLIENT", "the client is not there: this firmware does not have it, or it died; a newer "
			      "firmware, or a restart of the machine, may help"},
	[SAP_MEI_DEV_FIXED] = {"FIXED", "the client has a fixed address, which the kernel keeps to itself: "
					"allow_fixed_address in debugfs lets others have it"},
	[SAP_MEI_DEV_TAKEN] = {"TAKEN",
			       "the client is taken: a driver of the kernel is bound to it; unload that "
			       "driver first"},
	[SAP_MEI_DEV_FULL] = {"FULL",
			      "the client is taken: all its connections are in use; end a program that has "
			      "one (lms?)"},
	[SAP_MEI_DEV_NOT_READY] =
		{"NOT_READY", "the device is not ready: it starts, is being reset, or sleeps; try again"},
	[SAP_MEI_DEV_DISABLED] = {"DISABLED",
				  "the device is disabled: by the BIOS, or after resets in vain; look "
				  "into the kernel's log, and restart the machine"},
	[SAP_MEI_DEV_GONE] = {"GONE", "the device was removed: bind its driver again"},
	[SAP_MEI_DEV_ENDED] = {"ENDED",
			       "the connection ended: the firmware was reset, or closed it; connect again"},
	[SAP_MEI_DEV_SILENT] = {"SILENT",
				"the client did not answer in time: try again; if it never does, the "
				"firmware hangs, and a restart of the machine helps"},
	[SAP_MEI_DEV_TOO_LONG] = {"TOO_LONG",
				  "the client takes no message of that length: send a shorter one"},
	[SAP_MEI_DEV_BUFFER] = {"BUFFER",
				"the client's messages may be longer than the memory for one: give more"},
	[SAP_MEI_DEV_NO_VTAG] = {"NO_VTAG",
				 "the client, or its device, takes no virtual tags: connect without"},
	[SAP_MEI_DEV_NO_NOTIFY] = {"NO_NOTIFY",
				   "the client, or its device, has no notifications: do without"},
	[SAP_MEI_DEV_NO_HANDLES] = {"NO_HANDLES", "too many files are open, or too many connections over the "
						  "device: close some"},
	[SAP_MEI_DEV_NO_MEI] = {"NO_MEI", "this is no MEI device: name another one"},
	[SAP_MEI_DEV_NONSENSE] = {"NONSENSE",
				  "the firmware did what cannot be: a message longer than its longest, "
				  "or a client that takes none"},
	[SAP_MEI_DEV_SYSTEM] = {"SYSTEM", "a system call failed: its errno says why"},
};

static const struct words *words_of(enum sap_mei_dev_problem problem)
{
	static const struct words unknown = {"?", "?"};

	return (uint32_t)problem < sizeof(problems) / sizeof(problems[0]) ? &problems[problem] : &unknown;
}

const char *mei_dev_text(enum sap_mei_dev_problem problem)
{
	return words_of(problem)->text;
}

const char *sap_mei_dev_problem_name(enum sap_mei_dev_problem problem)
{
	return words_of(problem)->name;
}

void mei_dev_blame(struct sap_mei_dev *d, enum sap_mei_dev_problem problem, int error, const char *device)
{
	struct sap_mei_dev_trouble why = {problem, error, mei_dev_text(problem), "", ""};

	if (device)
		memcpy(why.device, device, strlen(device) + 1);
	d->why = why;
}

/* "the WLAN client", or its GUID if nobody knows it. */
static void add_client(const struct sap_mei_dev *d, char *text, size_t cap)
{
	const struct sap_mei_known *known = sap_mei_known(&d->config.client);
	char guid[SAP_GUID_TEXT_SIZE];

	sap_guid_format(&d->config.client, guid);
	(void)snprintf(text, cap, known ? "the %s client" : "the client %s", known ? known->name : guid);
}

void sap_mei_dev_say(const struct sap_mei_dev *d, char *text, size_t cap)
{
	static const char client[] = "the client";
	struct sap_mei_dev_trouble why = sap_mei_dev_why(d);
	char subject[64] = "", reason[96] = "";

	if (!text || !cap)
		return;
	if (d && strncmp(why.text, client, sizeof(client) - 1) == 0) {
		add_client(d, subject, sizeof(subject));
		why.text += sizeof(client) - 1;
	}
	if (why.problem == SAP_MEI_DEV_SYSTEM && strerror_r(why.error, reason, sizeof(reason)) != 0)
		(void)snprintf(reason, sizeof(reason), "errno %d", why.error);
	if (why.problem == SAP_MEI_DEV_TAKEN && why.driver[0])
		(void)snprintf(text, cap, "%s is taken: %s is bound to it; unload that driver first", subject,
			       why.driver);
	else if (reason[0])
		(void)snprintf(text, cap, "a system call failed: %s", reason);
	else
		(void)snprintf(text, cap, "%s%s", subject, why.text);
}
