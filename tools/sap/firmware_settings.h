/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
/*
 * What a whole firmware answers, and how its bus behaves: `sap csme --vmei --settings=FILE` (docs/firmware.md).
 *
 *   firmware_settings.c  every setting, in one table: name, range, default
 *   firmware_read.c      from JSON
 *   firmware_list.c      the table for people
 *   json_where.c         in which line of a file something stands
 */
#ifndef SAP_TOOL_FIRMWARE_SETTINGS_H
#define SAP_TOOL_FIRMWARE_SETTINGS_H

#include <jansson.h>
#include <stdbool.h>

#include <sap/mei/bus.h>
#include <sap/mei/servers.h>
#include <sap/mei/vmei.h>

#include "memory.h"

/* The clients that a firmware has, by their places in its table. */
enum firmware_client {
	FIRMWARE_WLAN,
	FIRMWARE_AMTHI,
	FIRMWARE_MKHI,
	FIRMWARE_MKHI_FIXED,
	FIRMWARE_ECHO,
	FIRMWARE_CLIENTS,
};

struct firmware_client_settings {
	bool present;	      /* from the start; otherwise it can be added */
	uint32_t connections; /* at a time; the one of a fixed address has none */
	uint32_t longest;     /* message, bytes */
};

struct firmware_settings {
	bool amt; /* enabled: otherwise AMTHI answers everything by nothing */
	struct sap_amthi_settings amthi;
	struct sap_amthi_setting_version versions[SAP_AMTHI_VERSIONS];
	struct sap_mkhi_settings mkhi;
	uint32_t status[SAP_VMEI_STATUS];

	uint8_t major, minor; /* HBM */
	bool tags, client_dma;
	uint32_t dma_sizes[SAP_ME_DMA_SIZES];
	uint32_t handover_ms, leave_ms;
	struct firmware_client_settings client[FIRMWARE_CLIENTS];

	json_t *root; /* texts lie in it; null: they are constant */
};

/* What a setting is, and so how it is written. */
enum firmware_kind {
	FIRMWARE_BOOL = 1,
	FIRMWARE_NUMBER,   /* `least` to `most` */
	FIRMWARE_NAME,	   /* one of the names that a message's field has */
	FIRMWARE_FLAGS,	   /* some of them */
	FIRMWARE_TEXT,	   /* up to `most` bytes */
	FIRMWARE_MAC,	   /* 02:00:00:00:00:01 */
	FIRMWARE_UUID,	   /* 00112233-4455-6677-8899-aabbccddeeff */
	FIRMWARE_IPV4,	   /* 192.0.2.1 */
	FIRMWARE_ADDRESS,  /* text in a fixed place: up to `most` bytes */
	FIRMWARE_HBM,	   /* "2.2" */
	FIRMWARE_VERSIONS, /* an object: of what, and which; up to `most` */
	FIRMWARE_BLOCKS,   /* texts, "0:16.1.25.1865"; 1 to `most` */
	FIRMWARE_SIZES,	   /* numbers, multiples of 4096; up to `most` */
	FIRMWARE_WORDS,	   /* texts, 8 hexadecimal digits; `most` at most */
};

struct firmware_key {
	const char *path; /* "amt.wired_lan.mac" */
	enum firmware_kind kind;
	size_t at, width; /* in struct firmware_settings */
	uint32_t least, most;
	uint32_t command;  /* AMTHI's, whose response has the field whose names are meant */
	const char *field; /* null: none */
	const char *meaning;
};

/* All of them: from 0 up until it gives null. */
const struct firmware_key *firmware_key_at(uint32_t index);

/* The names that it may have; null: none. */
const struct sap_names *firmware_key_names(const struct firmware_key *key);

/* The name of a client in settings and events: "WLAN". */
const char *firmware_client_name(uint32_t client);

/* A provisioned AMT in admin control, on an HBM 2.2 that has everything. */
void firmware_settings_default(struct firmware_settings *settings);

/*
 * Reads what a file says over the settings. If it does not hold, false, and why: "12: amt.uuid: not a UUID", the
 * line first. Texts belong to the settings from then on: firmware_settings_free() follows either way.
 */
bool firmware_settings_read(struct firmware_settings *settings, const char *text, size_t len,
			    struct text *why);
void firmware_settings_free(struct firmware_settings *settings);

/* The value of a setting as JSON. A new reference. */
json_t *firmware_setting_json(const struct firmware_key *key, const struct firmware_settings *settings);

/* Prints all of them with what they may be, and their defaults. */
void firmware_settings_list(void);

/* In which line of JSON that holds the member stands that `path` names; 0 if it is not found. */
uint32_t json_where(const char *text, size_t len, const char *path);

#endif
