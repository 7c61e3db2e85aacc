// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
/*
 * `sap mei watch`: what changes.
 *
 * The kernel tells at once when a device's state changes: its file dev_state can be polled. Of all else (devices
 * and clients that come and go, drivers, versions) nobody tells, so it is looked at from time to time.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "cli.h"
#include "mei.h"
#include "signals.h"

struct options {
	struct mei_options mei;
	int every;
};

static const char text[] =
	"Tells how devices are, and then each change: a device's state, devices and clients that come and go, drivers\n"
	"that are bound to clients, the firmware's version. No device is opened. It ends with 0 by SIGTERM, SIGINT or\n"
	"SIGHUP. The kernel tells of states at once; all else is looked at every second.\n";

static const char examples[] = "  sap mei watch\n"
			       "  sap mei watch --json | jq -r 'select(.what == \"state\").is'\n";

enum {
	MOST_DEVICES = 16, /* whose state the kernel is asked to tell of; further ones are looked at */
};

/* One thing that is watched, and how it is. */
struct fact {
	char device[SAP_MEI_WORD];
	const char *what;		 /* "state", "firmware", "client" */
	char client[SAP_GUID_TEXT_SIZE]; /* "": the device itself */
	char is[SAP_MEI_WORD];		 /* of a client: its driver, or "" */
	bool moved;			 /* a state: the kernel told of a change */
};

struct facts {
	struct fact *list;
	size_t n;
};

/* --- looking --- */

static struct fact *add(struct facts *f, const char *device, const char *what)
{
	struct fact *more = realloc(f->list, (f->n + 1) * sizeof(*more));

	if (!more) {
		fputs("sap mei watch: out of memory\n", stderr);
		exit(OUTCOME_FILE);
	}
	f->list = more;
	memset(&more[f->n], 0, sizeof(*more));
	snprintf(more[f->n].device, sizeof(more->device), "%s", device);
	more[f->n].what = what;
	return &more[f->n++];
}

static void look_at_clients(struct facts *f, const struct sap_mei_roots *roots,
			    const struct sap_mei_device *device)
{
	struct sap_mei_client client = {0};

	while (sap_mei_client_next(roots, device, &client)) {
		struct fact *fact = add(f, device->name, "client");

		sap_guid_format(&client.guid, fact->client);
		memcpy(fact->is, client.driver, sizeof(fact->is));
	}
}

static struct facts look(const struct sap_mei_roots *roots)
{
	struct facts f = {0};
	struct sap_mei_device device = {0};

	while (sap_mei_device_next(roots, &device)) {
		struct fact *state = add(&f, device.name, "state");

		snprintf(state->is, sizeof(state->is), "%s",
			 device.has & SAP_MEI_HAS_STATE ? device.state_word : "unknown");
		if (mei_has_fw_version(&device)) {
			struct text version = {0};

			mei_add_fw_version(&version, &device.fw_versions[0]);
			snprintf(add(&f, device.name, "firmware")->is, sizeof(state->is), "%s",
				 text_of(&version));
			text_free(&version);
		}
		look_at_clients(&f, roots, &device);
	}
	return f;
}

static const struct fact *find(const struct facts *f, const struct fact *fact)
{
	for (size_t i = 0; i < f->n; i++) {
		const struct fact *other = &f->list[i];

		if (strcmp(other->device, fact->device) == 0 && strcmp(other->what, fact->what) == 0 &&
		    strcmp(other->client, fact->client) == 0)
			return other;
	}
	return NULL;
}

/* --- telling --- */

static void tell_json(const struct fact *fact, const char *change, const char *was, const char *is)
{
	json_t *line = json_pack("{s:s, s:s, s:s, s:s}", "kind", "change", "device", fact->device, "what",
				 fact->what, "change", change);
	struct sap_guid guid;

	if (fact->client[0]) {
		json_object_set_new(line, "guid", json_string(fact->client));
		if (sap_guid_parse(fact->client, &guid) == SAP_OK)
			json_object_set_new(line, "name",
					    mei_json_word(mei_client_name(&guid), mei_client_name(&guid)));
	}
	json_object_set_new(line, "was", mei_json_word(was && *was, was));
	json_object_set_new(line, "is", mei_json_word(is && *is, is));
	json_object_set_new(line, "time", json_integer((json_int_t)time(NULL)));
	mei_json_line(line);
}

static const char *label(const struct fact *fact)
{
	struct sap_guid guid;
	const char *name = NULL;

	if (!fact->client[0])
		return fact->what;
	if (sap_guid_parse(fact->client, &guid) == SAP_OK)
		name = mei_client_name(&guid);
	return name ? name : fact->client;
}

/* "is" as it begins, then "came", "went", "changed". */
static void tell_text(const struct fact *fact, const char *change, const char *was, const char *is)
{
	char now[16] = "";
	time_t seconds = time(NULL);
	struct tm parts;

	if (localtime_r(&seconds, &parts))
		strftime(now, sizeof(now), "%H:%M:%S", &parts);
	printf("%s  %-6s %-10s ", now, fact->device, label(fact));
	if (strcmp(change, "went") == 0)
		printf("is gone");
	else if (strcmp(change, "changed") == 0)
		printf("%s -> %s", *was ? was : "no driver", *is ? is : "no driver");
	else if (fact->client[0])
		printf("%s%s%s", strcmp(change, "came") == 0 ? "came" : "is there", *is ? ", driver " : "",
		       is);
	else
		printf("%s", is);
	putchar('\n');
}

static void tell(const struct options *o, const struct fact *fact, const char *change, const char *was,
		 const char *is)
{
	if (o->mei.json)
		tell_json(fact, change, was, is);
	else
		tell_text(fact, change, was, is);
}

static void compare(const struct options *o, const struct facts *before, const struct facts *now, bool first)
{
	for (size_t i = 0; i < before->n; i++) {
		if (!find(now, &before->list[i]))
			tell(o, &before->list[i], "went", before->list[i].is, "");
	}
	for (size_t i = 0; i < now->n; i++) {
		const struct fact *was = find(before, &now->list[i]);

		/* A reset may be over before anybody can look: then the state changed to what it was. */
		if (!was)
			tell(o, &now->list[i], first ? "is" : "came", "", now->list[i].is);
		else if (was->moved || strcmp(was->is, now->list[i].is) != 0)
			tell(o, &now->list[i], "changed", was->is, now->list[i].is);
	}
	fflush(stdout);
}

/* --- waiting --- */

/* The files of devices' states, opened and read, so that poll() tells of what comes after. */
struct states {
	struct pollfd fds[1 + MOST_DEVICES]; /* the first is for signals */
	char device[1 + MOST_DEVICES][SAP_MEI_WORD];
	nfds_t n;
};

/* To be done before looking, or a change between the two would be lost. */
static void open_states(struct states *s, const struct sap_mei_roots *roots)
{
	struct sap_mei_device device = {0};

	s->n = 1;
	while (s->n <= MOST_DEVICES && sap_mei_device_next(roots, &device)) {
		struct text path = {0};
		char word[SAP_MEI_WORD];
		int fd;

		text_add(&path, "%s/class/mei/%s/dev_state", roots->sysfs ? roots->sysfs : "/sys",
			 device.name);
		fd = open(text_of(&path), O_RDONLY | O_NONBLOCK | O_CLOEXEC | O_NOCTTY);
		text_free(&path);
		if (fd < 0)
			continue;
		(void)!read(fd, word, sizeof(word));
		memcpy(s->device[s->n], device.name, sizeof(device.name));
		s->fds[s->n++] = (struct pollfd){.fd = fd, .events = POLLPRI};
	}
}

/* Closes them, and notes in `f` of which the kernel told. */
static void close_states(struct states *s, struct facts *f)
{
	for (nfds_t i = 1; i < s->n; i++) {
		for (size_t k = 0; k < f->n; k++) {
			if (strcmp(f->list[k].what, "state") == 0 &&
			    strcmp(f->list[k].device, s->device[i]) == 0)
				f->list[k].moved = (s->fds[i].revents & POLLPRI) != 0;
		}
		close(s->fds[i].fd);
	}
}

static enum outcome watch(const struct options *o, int signals)
{
	struct sap_mei_roots roots = mei_roots(&o->mei);
	struct facts before = {0};
	bool first = true;
	int asked = 0;

	if (o->mei.json)
		mei_json_line(json_pack("{s:s, s:s, s:i, s:s}", "kind", "mei", "format", "sap-mei", "version",
					MEI_FORMAT_VERSION, "command", "watch"));
	while (!asked && !ferror(stdout)) {
		struct states states = {.fds = {{.fd = signals, .events = POLLIN}}};
		struct facts now;

		open_states(&states, &roots);
		now = look(&roots);
		if (first && !now.n && !o->mei.json)
			puts("no MEI device yet");
		compare(o, &before, &now, first);
		free(before.list);
		before = now;
		first = false;
		(void)poll(states.fds, states.n, o->every);
		close_states(&states, &before);
		asked = signals_take(signals);
	}
	free(before.list);
	if (o->mei.json)
		mei_json_line(json_pack("{s:s}", "kind", "end"));
	return OUTCOME_OK;
}

enum outcome mei_watch_run(int argc, const char *const *argv)
{
	struct options o = {.every = 1000};
	const struct poptOption options[] = {
		MEI_OPTIONS(&o.mei),
		{"every", 'e', POPT_ARG_INT, &o.every, 0, "how often to look (default: 1000)", "MS"},
		POPT_TABLEEND,
	};
	const struct cli_about about = {"sap mei watch", "[OPTION...]", text, examples, options};
	enum outcome outcome;
	struct cli cli;

	if (cli_begin(&cli, &about, argc, argv, &outcome)) {
		int signals = signals_open();

		if (cli.argument)
			outcome =
				cli_wrong(&about, "'%s' is too much; all devices are watched", cli.argument);
		else if (o.every < 10 || o.every > 3600000)
			outcome = cli_wrong(&about, "--every takes 10 to 3600000 ms, not %d", o.every);
		else if (signals < 0)
			outcome = OUTCOME_FILE;
		else
			outcome = watch(&o, signals);
		if (signals >= 0)
			close(signals);
	}
	cli_end(&cli);
	mei_options_free(&o.mei);
	return outcome;
}
