/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
/*
 * Values in scripts: what may stand for an argument, and in a condition on an event.
 *
 * One parser for both, so that `ssid=lab` means the same in `host link up` and in `expect CONN_STATUS`.
 */
#ifndef SIM_VALUE_H
#define SIM_VALUE_H

#include <sap/fields.h>

/* Later than any time: "never" in scripts. */
#define SIM_NEVER UINT64_MAX

enum sim_kind {
	SIM_KIND_NUMBER = 1, /* 0 to `most`; decimal, or hexadecimal with 0x */
	SIM_KIND_TIME,	     /* "100ms", "3s", "never"; in ms */
	SIM_KIND_WORD,	     /* one of `words` */
	SIM_KIND_FLAGS,	     /* some of `words`, with commas between them; or "none" */
	SIM_KIND_MAC,	     /* 02:00:00:00:01:00 */
	SIM_KIND_SSID,	     /* 1 to 32 bytes */
	SIM_KIND_COUNTRY,    /* two letters */
	SIM_KIND_LIMITS,     /* as many numbers as SAR_LIMITS has, with commas between them */
	SIM_KIND_HEX,	     /* bytes, two digits each */
	SIM_KIND_TEXT,	     /* anything */
};

/* What a value must be. */
struct sim_arg {
	const char *name;
	enum sim_kind kind;
	bool needed;
	bool bare;		       /* stands at its place, without `name=` */
	const struct sap_names *words; /* WORD and FLAGS */
	uint32_t most;		       /* NUMBER; 0: any of 32 bits */
};

/* One that was given. */
struct sim_value {
	bool given;
	uint32_t column; /* where it stands in its line, from 1 */
	uint64_t number; /* NUMBER, TIME, WORD, FLAGS, COUNTRY; bytes of an SSID or of HEX */
	struct sap_mac mac;
	uint16_t limits[SAP_SAR_CHAINS * SAP_SAR_LIMITS_PER_CHAIN];
	const char *text; /* as it was written, without quotes; the line's */
};

enum {
	SIM_WHY = 200, /* bytes that a sentence on what is wrong takes at most */
};

/* Reads a value. If it does not hold, false, and the reason with what was expected. */
bool sim_value_read(const struct sim_arg *arg, const char *text, struct sim_value *value, char why[SIM_WHY]);

bool sim_value_equal(enum sim_kind kind, const struct sim_value *a, const struct sim_value *b);

/* Writes a value as a script would say it, cut at `size`. */
void sim_value_write(const struct sim_arg *arg, const struct sim_value *value, char *out, size_t size);

/* How a value is described to people: "TIME", "on|off". */
void sim_value_shape(const struct sim_arg *arg, char *out, size_t size);

/* The bytes of a HEX value that was read; `out` has `number` bytes. */
void sim_value_bytes(const struct sim_value *value, uint8_t *out);

#endif
