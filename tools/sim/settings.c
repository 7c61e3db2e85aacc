// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
#include "settings.h"

#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include "suggest.h"
#include "command.h"

enum {
	POWER_UP_MS = 150,
	/* A process is told by poll() when to ask again; this is for what poll() does not know of. */
	AGAIN_MS = 1000,
	RETRY_MS = 100,
	RETRY_MOST_MS = 5000,
	REST_MS = 10,
	PATIENCE_MS = 5000,
};

void sim_settings_default(struct sim_settings *settings)
{
	memset(settings, 0, sizeof(*settings));
	sap_host_config_default(&settings->host);
	sap_csme_config_default(&settings->csme);
	settings->power_up_ms = POWER_UP_MS;
}

void sim_settings_of_process(struct sim_settings *settings)
{
	sim_settings_default(settings);
	settings->host.link.again_ms = AGAIN_MS;
	settings->csme.link.again_ms = AGAIN_MS;
	settings->retry_ms = RETRY_MS;
	settings->retry_most_ms = RETRY_MOST_MS;
	settings->rest_ms = REST_MS;
	settings->patience_ms = PATIENCE_MS;
}

/* --- by name --- */

/* One, and where it stands for the host and for CSME; NOWHERE for who has it not. */
struct row {
	struct sim_setting setting;
	size_t of_host, of_csme;
};

/* clang-format off */
#define NOWHERE    ((size_t)-1)
#define AT(member) offsetof(struct sim_settings, member)
#define OF_HOST(m) AT(m), NOWHERE
#define OF_CSME(m) NOWHERE, AT(m)
#define OF_BOTH(m) AT(m), AT(m)
#define IN_HOST(m) OF_HOST(host.m)
#define IN_CSME(m) OF_CSME(csme.m)
#define IN_LINK(m) AT(host.link.m), AT(csme.link.m)
#define H          SIM_ROLE_HOST
#define C          SIM_ROLE_CSME
#define TIME       false
#define COUNT      true

static const struct row rows[] = {
	{{"throttle",    H | C, TIME,  0, "least time between two doorbells"}, IN_LINK(throttle_ms)},
	{{"again",       H | C, TIME,  1, "I/O that said AGAIN is asked for again at the latest"}, IN_LINK(again_ms)},
	{{"owed",        H | C, TIME,  1, "how often to look for room for what is owed"}, IN_LINK(owed_ms)},
	{{"map",         H,     TIME,  0, "between two tries to map the area"}, IN_HOST(link.map_ms)},
	{{"map-tries",   H,     COUNT, 1, "how often mapping is tried"}, IN_HOST(link.map_tries)},
	{{"start",       H,     TIME,  0, "how long START_OK may take"}, IN_HOST(start_ms)},
	{{"ask",         H,     TIME,  0, "how long an answer to a request for the NIC may take"}, IN_HOST(ask_ms)},
	{{"reask",       H,     TIME,  1, "a NIC that is wanted is asked for again after so long"}, IN_HOST(reask_ms)},
	{{"nvm",         H,     TIME,  0, "how long NVM may take"}, IN_HOST(nvm_ms)},
	{{"pldr",        H,     TIME,  0, "how long PLDR_ACK may take"}, IN_HOST(pldr_ms)},
	{{"pldr-tries",  H,     COUNT, 1, "how often PLDR is sent"}, IN_HOST(pldr_tries)},
	{{"drain",       H,     TIME,  1, "how often to look whether HOST_GOES_DOWN was read"}, IN_HOST(drain_ms)},
	{{"drain-tries", H,     COUNT, 0, "how many times"}, IN_HOST(drain_tries)},
	{{"retry",       H,     TIME,  1, "from going down to the first try to connect again"}, OF_HOST(retry_ms)},
	{{"retry-most",  H,     TIME,  1, "what that doubles up to"}, OF_HOST(retry_most_ms)},
	{{"take",        C,     TIME,  0, "CSME takes the NIC without the confirmation after so long"}, IN_CSME(take_ms)},
	{{"loss",        C,     TIME,  0, "and so long after the connection was lost"}, IN_CSME(loss_ms)},
	{{"link",        C,     TIME,  0, "how long a host has to join under link protection"}, IN_CSME(link_ms)},
	{{"keep",        C,     TIME,  0, "how long CSME keeps a NIC that it took"}, IN_CSME(keep_ms)},
	{{"rest",        C,     TIME,  0, "from going down to waiting for hosts again"}, OF_CSME(rest_ms)},
	{{"patience",    H | C, TIME,  1, "a peer that does not begin to speak SAP for so long is given up"}, OF_BOTH(patience_ms)},
	{{"power-up",    H | C, TIME,  0, "how long the NIC takes to be powered up"}, OF_BOTH(power_up_ms)},
};
/* clang-format on */

enum {
	ROWS = sizeof(rows) / sizeof(rows[0])
};

const struct sim_setting *sim_setting_at(uint32_t index)
{
	return index < ROWS ? &rows[index].setting : NULL;
}

static size_t place_of(const struct row *row, uint32_t role)
{
	return role == SIM_ROLE_HOST ? row->of_host : row->of_csme;
}

/* All of them are 32 bits wide. */
static uint32_t get(const struct row *row, uint32_t role, const struct sim_settings *settings)
{
	uint32_t value;

	memcpy(&value, (const char *)settings + place_of(row, role), sizeof(value));
	return value;
}

static void set(const struct row *row, uint32_t role, struct sim_settings *settings, uint32_t value)
{
	memcpy((char *)settings + place_of(row, role), &value, sizeof(value));
}

void sim_setting_write(const struct sim_setting *setting, uint32_t role, const struct sim_settings *settings,
		       char *out, size_t size)
{
	uint32_t value = get((const struct row *)(const void *)setting, role, settings);

	if (!setting->count && value == UINT32_MAX)
		snprintf(out, size, "never");
	else
		snprintf(out, size, "%u%s", (unsigned int)value, setting->count ? "" : "ms");
}

static const struct row *find(uint32_t role, const char *name, struct suggestion *best)
{
	suggest_start(best, name);
	for (size_t i = 0; i < ROWS; i++) {
		if (!(rows[i].setting.roles & role))
			continue;
		if (strcmp(rows[i].setting.name, name) == 0)
			return &rows[i];
		suggest_offer(best, rows[i].setting.name);
	}
	return NULL;
}

/* A value for that row: 32 bits, and not less than its least. */
static bool read_value(const struct row *row, const char *text, uint32_t *number, char why[SIM_WHY])
{
	const struct sim_setting *setting = &row->setting;
	const struct sim_arg arg = {.name = setting->name,
				    .kind = setting->count ? SIM_KIND_NUMBER : SIM_KIND_TIME};
	struct sim_value value = {.given = false};

	if (!sim_value_read(&arg, text, &value, why))
		return false;
	if (value.number == SIM_NEVER)
		value.number = UINT32_MAX;
	else if (!setting->count && value.number >= UINT32_MAX) {
		snprintf(why, SIM_WHY, "%s takes at most 4294967294ms, or never", setting->name);
		return false;
	}
	if (value.number < setting->least) {
		snprintf(why, SIM_WHY, "%s takes at least %u%s", setting->name, (unsigned int)setting->least,
			 setting->count ? "" : "ms");
		return false;
	}
	*number = (uint32_t)value.number;
	return true;
}

bool sim_setting_read(struct sim_settings *settings, uint32_t role, const char *text, char why[SIM_WHY])
{
	size_t len = strcspn(text, "=");
	struct suggestion best;
	const struct row *row;
	uint32_t number = 0;
	char name[40];

	snprintf(name, sizeof(name), "%.*s", (int)(len < 32 ? len : 32), text);
	row = find(role, name, &best);
	if (!row && suggest_best(&best))
		snprintf(why, SIM_WHY, "there is no setting '%s'; did you mean '%s'?", name,
			 suggest_best(&best));
	else if (!row)
		snprintf(why, SIM_WHY, "there is no setting '%s'", name);
	else if (!text[len])
		snprintf(why, SIM_WHY, "'%s' says no value: %s=%s", name, name,
			 row->setting.count ? "N" : "TIME");
	else if (read_value(row, text + len + 1, &number, why)) {
		set(row, role, settings, number);
		return true;
	}
	return false;
}
