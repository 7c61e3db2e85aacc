// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
/* `sap mei info`: what AMT and the firmware say of themselves. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli.h"
#include "mei.h"
#include "mei_facts.h"

struct options {
	struct mei_options mei;
	int timeout;
};

static const char text[] =
	"Asks AMT (by the client AMTHI) and the firmware (by MKHI) what they are and how they are set: versions,\n"
	"provisioning, control mode, addresses, LAN interfaces, features. It changes nothing and asks for no secret.\n"
	"Without a name, the device that has the client. If a client cannot be had, what the other says is shown, and\n"
	"the exit code is 1.\n";

static const char examples[] = "  sap mei info\n"
			       "  sap mei info mei0 --timeout=2000\n"
			       "  sap mei info --json | jq -r 'select(.kind == \"amt\").control_mode.name'\n";

enum {
	KEY_COLUMNS = 20,
};

/* --- text: what JSON has, for people --- */

/* "provisioning state" */
static void add_key(struct text *out, const char *key)
{
	for (; *key; key++)
		text_add(out, "%c", *key == '_' ? ' ' : *key);
}

/* A value that has no values in it, or a number with its name. */
static bool add_plain(struct text *out, json_t *value)
{
	json_t *number = json_object_get(value, "value");

	if (json_is_string(value)) {
		text_add(out, "%s", json_string_length(value) ? json_string_value(value) : "(empty)");
	} else if (json_is_boolean(value)) {
		text_add(out, json_is_true(value) ? "yes" : "no");
	} else if (json_is_integer(value)) {
		text_add(out, "%lld", (long long)json_integer_value(value));
	} else if (json_is_null(value)) {
		text_add(out, "unknown");
	} else if (number) {
		const char *name = json_string_value(json_object_get(value, "name"));

		text_add(out, "%s (%lld)", name ? name : "?", (long long)json_integer_value(number));
	} else {
		return false;
	}
	return true;
}

/* Lists have plain values, and objects too. */
static void add_value(struct text *out, json_t *value)
{
	const char *key, *comma = "";
	json_t *member;
	size_t i;

	if (add_plain(out, value))
		return;
	json_array_foreach(value, i, member)
	{
		text_add(out, "%s", comma);
		(void)add_plain(out, member);
		comma = ", ";
	}
	json_object_foreach(value, key, member)
	{
		text_add(out, "%s", comma);
		add_key(out, key);
		text_add(out, " ");
		(void)add_plain(out, member);
		comma = ", ";
	}
}

static void print_object(const char *title, json_t *object)
{
	const char *key;
	json_t *value;

	printf("%s on %s\n", title, json_string_value(json_object_get(object, "device")));
	json_object_foreach(object, key, value)
	{
		struct text label = {0}, line = {0};

		if (strcmp(key, "kind") == 0 || strcmp(key, "device") == 0)
			continue;
		add_key(&label, key);
		add_value(&line, value);
		printf("  %-*s  %s\n", KEY_COLUMNS, text_of(&label), text_of(&line));
		text_free(&label);
		text_free(&line);
	}
}

/* Neither of the two clients could be asked, for one reason: without a device that is so. It is said once. */
static bool is_same_remark(json_t *line, json_t *next)
{
	return json_is_null(json_object_get(line, "request")) &&
	       json_is_null(json_object_get(next, "request")) &&
	       json_equal(json_object_get(line, "kind"), json_object_get(next, "kind")) &&
	       json_equal(json_object_get(line, "text"), json_object_get(next, "text"));
}

static void print_both(json_t *line, json_t *next)
{
	printf("! %s, %s: %s\n", json_string_value(json_object_get(line, "client")),
	       json_string_value(json_object_get(next, "client")),
	       json_string_value(json_object_get(line, "text")));
}

static void print_remark(json_t *line)
{
	const char *request = json_string_value(json_object_get(line, "request"));
	json_t *argument = json_object_get(line, "argument");

	printf("%s %s", strcmp(json_string_value(json_object_get(line, "kind")), "refused") == 0 ? "~" : "!",
	       json_string_value(json_object_get(line, "client")));
	if (request)
		printf(" %s", request);
	if (argument)
		printf(" %lld", (long long)json_integer_value(argument));
	printf(": %s\n", json_string_value(json_object_get(line, "text")));
}

static void print_line(json_t *line)
{
	const char *kind = json_string_value(json_object_get(line, "kind"));

	if (strcmp(kind, "amt") == 0)
		print_object("AMT", line);
	else if (strcmp(kind, "firmware") == 0)
		print_object("firmware", line);
	else
		print_remark(line);
}

/* --- both --- */

static void print_lines(json_t *lines)
{
	for (size_t i = 0; i < json_array_size(lines); i++) {
		json_t *line = json_array_get(lines, i), *next = json_array_get(lines, i + 1);

		if (next && is_same_remark(line, next)) {
			print_both(line, next);
			i++;
		} else {
			print_line(line);
		}
	}
}

static void show(const struct mei_facts *facts, bool json)
{
	json_t *line;
	size_t i;

	if (!json) {
		print_lines(facts->lines);
		return;
	}
	mei_json_line(json_pack("{s:s, s:s, s:i, s:s}", "kind", "mei", "format", "sap-mei", "version",
				MEI_FORMAT_VERSION, "command", "info"));
	json_array_foreach(facts->lines, i, line)
	{
		mei_json_line(json_incref(line));
	}
	mei_json_line(json_pack("{s:s, s:i}", "kind", "end", "errors", (int)facts->errors));
}

static enum outcome info(const struct cli_about *about, const struct options *o, const char *device)
{
	struct sap_mei_roots roots = mei_roots(&o->mei);
	struct mei_facts facts = {.roots = &roots, .device = device, .timeout = (uint32_t)o->timeout};

	if (o->timeout < 1 || o->timeout > 600000)
		return cli_wrong(about, "--timeout takes 1 to 600000 ms, not %d", o->timeout);
	facts.ask = memory_zeroed(1, sizeof(*facts.ask));
	facts.lines = json_array();
	mei_facts_amt(&facts);
	mei_facts_firmware(&facts);
	show(&facts, o->mei.json != 0);
	json_decref(facts.lines);
	free(facts.ask);
	return facts.errors ? OUTCOME_WRONG : OUTCOME_OK;
}

enum outcome mei_info_run(int argc, const char *const *argv)
{
	struct options o = {.timeout = MEI_ASK_TIMEOUT};
	const struct poptOption options[] = {
		MEI_OPTIONS(&o.mei),
		{"timeout", 't', POPT_ARG_INT, &o.timeout, 0,
		 "how long to wait for an answer (default: 5000)", "MS"},
		POPT_TABLEEND,
	};
	const struct cli_about about = {"sap mei info", "[OPTION...] [DEVICE]", text, examples, options};
	enum outcome outcome;
	struct cli cli;

	if (cli_begin(&cli, &about, argc, argv, &outcome))
		outcome = info(&about, &o, cli.argument);
	cli_end(&cli);
	mei_options_free(&o.mei);
	return outcome;
}
