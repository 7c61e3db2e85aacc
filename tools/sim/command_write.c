// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
/* Commands, back to text. */
#include <string.h>

#include "script.h"

/* Quotes around what would not come back as one word, and a backslash before what ends a quote. */
static void write_quoted(const char *word, struct text *out)
{
	if (*word && !strpbrk(word, " \t\r\"\\#")) {
		text_add(out, "%s", word);
		return;
	}
	text_add(out, "\"");
	for (; *word; word++)
		text_add(out, "%s%c", *word == '"' || *word == '\\' ? "\\" : "", *word);
	text_add(out, "\"");
}

void sim_command_write(const struct sim_command *command, struct text *out)
{
	const struct sim_verb *verb = command->verb;
	const char *role = sim_role_word(verb->role);

	text_add(out, "%s%s%s", role, *role ? " " : "", verb->words);
	for (int i = 0; verb->args[i].name; i++) {
		if (!command->arg[i].given)
			continue;
		text_add(out, " ");
		if (!verb->args[i].bare)
			text_add(out, "%s=", verb->args[i].name);
		write_quoted(command->arg[i].text, out);
	}
}
