/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
/*
 * `sap doctor` inside: findings, and who makes them.
 *
 *   doctor.c        the command line, and how findings are shown
 *   doctor_mei.c    device, permissions, the WLAN client, AMT
 *   doctor_nic.c    drivers, rfkill, who owns the NIC
 */
#ifndef SAP_TOOL_DOCTOR_H
#define SAP_TOOL_DOCTOR_H

#include "mei.h"
#include "mei_ask.h"

enum finding_outcome {
	FINDING_OK = 0,
	FINDING_WRONG,	 /* something is to be done */
	FINDING_NOTE,	 /* worth knowing */
	FINDING_UNKNOWN, /* cannot be known from here */
};

struct doctor {
	struct sap_mei_roots roots;
	const char *sysfs; /* the root, default filled in */
	const char *dev;
	bool probe; /* try the WLAN client */
	uint32_t timeout;
	struct mei_ask *ask;

	/* What was found so far, for who comes later. */
	struct sap_mei_device device; /* the one that matters; its name is "" if there is none */
	bool has_wlan;
	struct sap_mei_client wlan;
	bool may_open;

	json_t *findings; /* a list */
	uint32_t wrong;
	char next[300]; /* the first thing to do */
};

/*
 * Adds a finding; printf makes its text. `next` says what to do, and may be null; `data` is for programs, may be null,
 * and is taken.
 */
__attribute__((format(printf, 6, 7))) void doctor_finds(struct doctor *d, const char *check,
							enum finding_outcome outcome, const char *next,
							json_t *data, const char *format, ...);

/* Whether `path` below sysfs is there; printf. */
__attribute__((format(printf, 2, 3))) bool doctor_sysfs_has(const struct doctor *d, const char *format, ...);

/* The first line of a file below sysfs; "" if there is none. */
__attribute__((format(printf, 3, 4))) void doctor_sysfs_word(const struct doctor *d, char word[SAP_MEI_WORD],
							     const char *format, ...);

/* The last part of what a link below sysfs points to; "" if there is none. */
__attribute__((format(printf, 3, 4))) void doctor_sysfs_link(const struct doctor *d, char word[SAP_MEI_WORD],
							     const char *format, ...);

/* Calls `each` with every name in a folder below sysfs, in order. */
void doctor_sysfs_each(struct doctor *d, const char *folder,
		       void (*each)(struct doctor *d, const char *name, void *more), void *more);

/* doctor_mei.c */
void doctor_device(struct doctor *d);
void doctor_permissions(struct doctor *d);
void doctor_wlan_client(struct doctor *d);
void doctor_wlan_holder(struct doctor *d);
void doctor_amt(struct doctor *d);

/* doctor_nic.c */
void doctor_modules(struct doctor *d);
void doctor_wlan_driver(struct doctor *d);
void doctor_rfkill(struct doctor *d);
void doctor_nic_owner(struct doctor *d);

#endif
