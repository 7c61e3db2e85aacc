// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
/* `sap doctor`: looks at all that SAP needs on this machine, and says what to do next. */
#include "doctor.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli.h"

struct options {
	struct mei_options mei;
	int probe;
	int timeout;
};

static const char text[] =
	"Looks at all that SAP needs on this machine: a MEI device and whether it may be opened, the WLAN client and\n"
	"who holds it, AMT, drivers, rfkill and its reason, who owns the NIC. It changes nothing. Ends with 1 if\n"
	"something is wrong, and says what to do next. nl80211 is not asked.\n";

static const char examples[] = "  sap doctor\n"
			       "  sudo sap doctor --probe\n"
			       "  sap doctor --json | jq -r 'select(.outcome == \"wrong\").text'\n";

enum {
	CHECK_COLUMNS = 12,
	OUTCOME_COLUMNS = 7,
};

/* --- findings --- */

static const char *outcome_key(enum finding_outcome outcome)
{
	static const char *const keys[] = {"ok", "wrong", "note", "unknown"};

	return keys[outcome];
}

void doctor_finds(struct doctor *d, const char *check, enum finding_outcome outcome, const char *next,
		  json_t *data, const char *format, ...)
{
	char sentence[400];
	va_list args;
	json_t *line;

	va_start(args, format);
	vsnprintf(sentence, sizeof(sentence), format, args);
	va_end(args);
	line = json_pack("{s:s, s:s, s:s, s:o, s:s?}", "kind", "check", "check", check, "outcome",
			 outcome_key(outcome), "text", mei_json_word(true, sentence), "next", next);
	json_object_set_new(line, "data", data ? data : json_object());
	json_array_append_new(d->findings, line);
	if (outcome != FINDING_WRONG)
		return;
	if (!d->wrong++ && next)
		snprintf(d->next, sizeof(d->next), "%s", next);
}

/* --- sysfs --- */

__attribute__((format(printf, 3, 0))) static void make_path(const struct doctor *d, char path[SAP_MEI_PATH],
							    const char *format, va_list args)
{
	int n = snprintf(path, SAP_MEI_PATH, "%s/", d->sysfs);

	if (n > 0 && n < SAP_MEI_PATH)
		vsnprintf(path + n, (size_t)(SAP_MEI_PATH - n), format, args);
}

/* Up to the end of the line, and nothing that a terminal would obey. */
static void clean(char *word)
{
	word[strcspn(word, "\n")] = 0;
	for (char *at = word; *at; at++) {
		if (*at < ' ' || *at > '~')
			*at = '?';
	}
}

bool doctor_sysfs_has(const struct doctor *d, const char *format, ...)
{
	char path[SAP_MEI_PATH];
	struct stat file;
	va_list args;

	va_start(args, format);
	make_path(d, path, format, args);
	va_end(args);
	return stat(path, &file) == 0;
}

void doctor_sysfs_word(const struct doctor *d, char word[SAP_MEI_WORD], const char *format, ...)
{
	char path[SAP_MEI_PATH];
	ssize_t n = 0;
	va_list args;
	int fd;

	va_start(args, format);
	make_path(d, path, format, args);
	va_end(args);
	fd = open(path, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
	if (fd >= 0) {
		n = read(fd, word, SAP_MEI_WORD - 1);
		close(fd);
	}
	word[n > 0 ? n : 0] = 0;
	clean(word);
}

void doctor_sysfs_link(const struct doctor *d, char word[SAP_MEI_WORD], const char *format, ...)
{
	char path[SAP_MEI_PATH], target[SAP_MEI_PATH];
	const char *slash;
	va_list args;
	ssize_t n;

	va_start(args, format);
	make_path(d, path, format, args);
	va_end(args);
	n = readlink(path, target, sizeof(target) - 1);
	target[n > 0 ? n : 0] = 0;
	slash = strrchr(target, '/');
	snprintf(word, SAP_MEI_WORD, "%.*s", SAP_MEI_WORD - 1, slash ? slash + 1 : target);
	clean(word);
}

static int is_shown(const struct dirent *entry)
{
	return entry->d_name[0] != '.';
}

void doctor_sysfs_each(struct doctor *d, const char *folder,
		       void (*each)(struct doctor *d, const char *name, void *more), void *more)
{
	char path[SAP_MEI_PATH];
	struct dirent **entries;
	int n;

	snprintf(path, sizeof(path), "%s/%s", d->sysfs, folder);
	n = scandir(path, &entries, is_shown, alphasort);
	if (n < 0)
		return;
	for (int i = 0; i < n; i++) {
		each(d, entries[i]->d_name, more);
		free(entries[i]);
	}
	free(entries);
}

/* --- showing --- */

static void print_finding(json_t *line)
{
	const char *next = json_string_value(json_object_get(line, "next"));
	const char *outcome = json_string_value(json_object_get(line, "outcome"));

	printf("%-*s  %-*s  %s\n", OUTCOME_COLUMNS, outcome, CHECK_COLUMNS,
	       json_string_value(json_object_get(line, "check")),
	       json_string_value(json_object_get(line, "text")));
	if (next && strcmp(outcome, "ok") != 0)
		printf("%*s-> %s\n", OUTCOME_COLUMNS + CHECK_COLUMNS + 4, "", next);
}

static void show_text(const struct doctor *d)
{
	json_t *line;
	size_t i;

	json_array_foreach(d->findings, i, line)
	{
		print_finding(line);
	}
	if (d->wrong)
		printf("\n%u %s wrong. Next: %s\n", (unsigned int)d->wrong,
		       d->wrong == 1 ? "thing is" : "things are", d->next);
	else
		printf("\nNothing is wrong.\n");
}

static void show_json(const struct doctor *d)
{
	json_t *line;
	size_t i;

	mei_json_line(json_pack("{s:s, s:s, s:i}", "kind", "doctor", "format", "sap-doctor", "version",
				MEI_FORMAT_VERSION));
	json_array_foreach(d->findings, i, line)
	{
		mei_json_line(json_incref(line));
	}
	mei_json_line(json_pack("{s:s, s:i, s:s?}", "kind", "end", "wrong", (int)d->wrong, "next",
				d->next[0] ? d->next : NULL));
}

static enum outcome doctor(const struct cli_about *about, const struct options *o, const char *argument)
{
	struct doctor d = {.roots = mei_roots(&o->mei),
			   .probe = o->probe != 0,
			   .timeout = (uint32_t)o->timeout};

	if (argument)
		return cli_wrong(about, "'%s' is too much", argument);
	if (o->timeout < 1 || o->timeout > 600000)
		return cli_wrong(about, "--timeout takes 1 to 600000 ms, not %d", o->timeout);
	d.sysfs = o->mei.sysfs ? o->mei.sysfs : "/sys";
	d.dev = o->mei.dev ? o->mei.dev : "/dev";
	d.ask = memory_zeroed(1, sizeof(*d.ask));
	d.findings = json_array();
	doctor_device(&d);
	doctor_permissions(&d);
	doctor_wlan_client(&d);
	doctor_wlan_holder(&d);
	doctor_amt(&d);
	doctor_modules(&d);
	doctor_wlan_driver(&d);
	doctor_rfkill(&d);
	doctor_nic_owner(&d);
	if (o->mei.json)
		show_json(&d);
	else
		show_text(&d);
	json_decref(d.findings);
	free(d.ask);
	return d.wrong ? OUTCOME_WRONG : OUTCOME_OK;
}

enum outcome doctor_run(int argc, const char *const *argv)
{
	struct options o = {.timeout = MEI_ASK_TIMEOUT};
	const struct poptOption options[] = {
		MEI_OPTIONS(&o.mei),
		{"probe", 'p', POPT_ARG_NONE, &o.probe, 0,
		 "try the WLAN client too: connect, and disconnect at once", NULL},
		{"timeout", 't', POPT_ARG_INT, &o.timeout, 0,
		 "how long to wait for an answer (default: 5000)", "MS"},
		POPT_TABLEEND,
	};
	const struct cli_about about = {"sap doctor", "[OPTION...]", text, examples, options};
	enum outcome outcome;
	struct cli cli;

	if (cli_begin(&cli, &about, argc, argv, &outcome))
		outcome = doctor(&about, &o, cli.argument);
	cli_end(&cli);
	mei_options_free(&o.mei);
	return outcome;
}
