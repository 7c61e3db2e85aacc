/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
/*
 * The script language, docs/script.md: from text to commands. Nothing is executed here.
 */
#ifndef SIM_SCRIPT_H
#define SIM_SCRIPT_H

#include "memory.h"
#include "command.h"
#include "event.h"

/* What is wrong with a text, and where. Lines and columns count from 1. */
struct sim_error {
	uint32_t line, column;
	char why[SIM_WHY];
};

/* A condition on an event: `reason=refused`. */
struct sim_condition {
	enum sim_key key;
	struct sim_value value;
};

/* One command. What it points to is in `memory`. */
struct sim_command {
	const struct sim_verb *verb; /* null: an empty line */
	uint32_t line;
	struct sim_value arg[SIM_ARGS];
	enum sap_status wanted; /* of the engine's call: `=> BUSY`; SAP_OK if not said */

	/* expect, expect-not */
	uint32_t by; /* a set of enum sim_teller */
	const char *event;
	struct sim_condition condition[SIM_EVENT_KEYS];
	uint32_t conditions;
	uint64_t within;
	struct sim_value as[3]; /* the step that the event is: number, actor, text */

	struct sap_view content; /* of the file that it names, once that was read */
	char *memory;
};

struct sim_script {
	struct sim_command *commands; /* empty lines left out */
	uint32_t count;
};

/*
 * Reads one line. `roles` is a set of enum sim_role: those that the program speaks for. If that is one side, its
 * word may be left out, and what needs the other side is refused. sim_command_free() follows either way.
 */
bool sim_command_read(const char *line, uint32_t number, uint32_t roles, struct sim_command *command,
		      struct sim_error *error);
void sim_command_free(struct sim_command *command);

/* Appends a role's command as a line could say it. */
void sim_command_write(const struct sim_command *command, struct text *out);

/* Reads a whole text. sim_script_free() follows either way. */
bool sim_script_read(const char *text, size_t len, uint32_t roles, struct sim_script *script,
		     struct sim_error *error);
void sim_script_free(struct sim_script *script);

#endif
