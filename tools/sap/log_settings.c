// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
/*
 * The first line of a log: whose it is, and the settings that the side was made with.
 */
#include <string.h>

#include <sap/version.h>

#include "log_file.h"

/* A setting of 32 bits by its name. */
struct setting {
	const char *name;
	size_t at;
};

/* clang-format off */
#define HOST(name) {#name, offsetof(struct sim_settings, host.name)}
#define CSME(name) {#name, offsetof(struct sim_settings, csme.name)}
#define AROUND(name) {#name, offsetof(struct sim_settings, name)}

static const struct setting host_settings[] = {
	{"map_tries", offsetof(struct sim_settings, host.link.map_tries)},
	{"map_ms", offsetof(struct sim_settings, host.link.map_ms)},
	{"throttle_ms", offsetof(struct sim_settings, host.link.throttle_ms)},
	{"again_ms", offsetof(struct sim_settings, host.link.again_ms)},
	{"owed_ms", offsetof(struct sim_settings, host.link.owed_ms)},
	HOST(start_ms), HOST(ask_ms), HOST(reask_ms), HOST(nvm_ms), HOST(pldr_ms), HOST(pldr_tries),
	HOST(drain_ms), HOST(drain_tries),
	AROUND(power_up_ms), AROUND(retry_ms), AROUND(retry_most_ms), AROUND(patience_ms),
	{NULL, 0},
};

static const struct setting csme_settings[] = {
	{"map_tries", offsetof(struct sim_settings, csme.link.map_tries)},
	{"map_ms", offsetof(struct sim_settings, csme.link.map_ms)},
	{"throttle_ms", offsetof(struct sim_settings, csme.link.throttle_ms)},
	{"again_ms", offsetof(struct sim_settings, csme.link.again_ms)},
	{"owed_ms", offsetof(struct sim_settings, csme.link.owed_ms)},
	CSME(take_ms), CSME(loss_ms), CSME(link_ms), CSME(keep_ms),
	AROUND(power_up_ms), AROUND(rest_ms), AROUND(patience_ms),
	{NULL, 0},
};
/* clang-format on */

static const struct setting *settings_of(enum sim_side side)
{
	return side == SIM_HOST ? host_settings : csme_settings;
}

/* --- writing --- */

static json_t *of_layouts(const struct sap_link_config *link)
{
	json_t *list = json_array();

	for (int i = 0; i < 2 && link->layouts[i]; i++) {
		const struct sap_layout *layout = link->layouts[i];
		json_t *queues = json_array();

		for (int q = 0; q < SAP_QUEUES; q++)
			json_array_append_new(queues, json_pack("[I, I]", (json_int_t)layout->queue[q].offset,
								(json_int_t)layout->queue[q].size));
		json_array_append_new(list,
				      json_pack("{s:I, s:I, s:I, s:o}", "version",
						(json_int_t)layout->version, "size", (json_int_t)layout->size,
						"trailer", (json_int_t)layout->trailer, "queues", queues));
	}
	return list;
}

json_t *log_of_origin(const struct sim_origin *origin)
{
	const struct sim_settings *s = &origin->settings;
	bool host = origin->side == SIM_HOST;
	json_t *settings = json_object();

	json_object_set_new(settings, "layouts", of_layouts(host ? &s->host.link : &s->csme.link));
	for (const struct setting *at = settings_of(origin->side); at->name; at++) {
		uint32_t value;

		memcpy(&value, (const char *)s + at->at, sizeof(value));
		json_object_set_new(settings, at->name, json_integer(value));
	}
	if (host)
		json_object_set_new(settings, "probe", json_boolean(s->host.probe));
	return json_pack("{s:s, s:s, s:i, s:s, s:s, s:I, s:b, s:o}", "kind", "log", "format", "sap-record",
			 "version", (int)LOG_FORMAT, "libsap", sap_version(), "side", host ? "host" : "csme",
			 "ms", (json_int_t)origin->now, "door", origin->door, "settings", settings);
}

/* --- reading --- */

static bool to_extent(json_t *json, struct sap_extent *extent, struct text *why)
{
	json_int_t offset = json_integer_value(json_array_get(json, 0));
	json_int_t size = json_integer_value(json_array_get(json, 1));

	if (json_array_size(json) != 2 || offset < 0 || offset > LOG_MOST_SIZE || size < 0 ||
	    size > LOG_MOST_SIZE) {
		text_add(why, "a queue of a layout is [offset, size], each 0 to %d", LOG_MOST_SIZE);
		return false;
	}
	*extent = (struct sap_extent){(uint32_t)offset, (uint32_t)size};
	return true;
}

static bool to_layout(json_t *json, struct sap_layout *layout, struct text *why)
{
	static const char *const keys[] = {"version", "size", "trailer", "queues", NULL};
	json_t *queues = json_object_get(json, "queues");
	uint64_t version, size, trailer;

	if (!log_keys(json, keys, why) || !log_number(json, "version", 255, &version, why) ||
	    !log_number(json, "size", LOG_MOST_SIZE, &size, why) ||
	    !log_number(json, "trailer", LOG_MOST_SIZE, &trailer, why))
		return false;
	*layout = (struct sap_layout){.version = (uint32_t)version,
				      .size = (uint32_t)size,
				      .trailer = (uint32_t)trailer};
	if (json_array_size(queues) != SAP_QUEUES) {
		text_add(why, "a layout has %d queues", SAP_QUEUES);
		return false;
	}
	for (size_t q = 0; q < SAP_QUEUES; q++) {
		if (!to_extent(json_array_get(queues, q), &layout->queue[q], why))
			return false;
	}
	return true;
}

static bool to_layouts(json_t *json, struct log_file *file, struct text *why)
{
	struct sap_link_config *link = file->origin.side == SIM_HOST ? &file->origin.settings.host.link
								     : &file->origin.settings.csme.link;
	size_t count = json_array_size(json);

	if (count < 1 || count > 2) {
		text_add(why, "\"layouts\" is a list of one or two");
		return false;
	}
	link->layouts[0] = link->layouts[1] = NULL;
	for (size_t i = 0; i < count; i++) {
		if (!to_layout(json_array_get(json, i), &file->layout[i], why))
			return false;
		link->layouts[i] = &file->layout[i];
	}
	return true;
}

static bool is_setting(enum sim_side side, const char *key)
{
	if (strcmp(key, "layouts") == 0 || (side == SIM_HOST && strcmp(key, "probe") == 0))
		return true;
	for (const struct setting *at = settings_of(side); at->name; at++) {
		if (strcmp(at->name, key) == 0)
			return true;
	}
	return false;
}

static bool to_settings(json_t *json, struct log_file *file, struct text *why)
{
	enum sim_side side = file->origin.side;
	struct sim_settings *s = &file->origin.settings;
	const char *key;
	json_t *member;

	sim_settings_default(s);
	json_object_foreach(json, key, member)
	{
		if (!is_setting(side, key)) {
			text_add(why, "there is no setting \"%.40s\" of that side", key);
			return false;
		}
	}
	for (const struct setting *at = settings_of(side); at->name; at++) {
		uint64_t number;
		uint32_t value;

		if (!log_number(json, at->name, UINT32_MAX, &number, why))
			return false;
		value = (uint32_t)number;
		memcpy((char *)s + at->at, &value, sizeof(value));
	}
	if (side == SIM_HOST && !json_is_boolean(json_object_get(json, "probe"))) {
		text_add(why, "\"probe\" is true or false");
		return false;
	}
	s->host.probe = json_is_true(json_object_get(json, "probe"));
	return to_layouts(json_object_get(json, "layouts"), file, why);
}

static bool is_text(json_t *json, const char *key, const char *text)
{
	const char *found = json_string_value(json_object_get(json, key));

	return found && strcmp(found, text) == 0;
}

bool log_to_origin(json_t *json, struct log_file *file, struct text *why)
{
	static const char *const keys[] = {"kind", "format", "version",	 "libsap", "side",
					   "ms",   "door",   "settings", NULL};
	const char *libsap = json_string_value(json_object_get(json, "libsap"));
	uint64_t version;

	if (!is_text(json, "kind", "log") || !is_text(json, "format", "sap-record")) {
		text_add(why, "not a log: the first line has \"kind\":\"log\" and \"format\":\"sap-record\"");
		return false;
	}
	if (!log_number(json, "version", INT64_MAX, &version, why))
		return false;
	if (version != LOG_FORMAT) {
		text_add(why, "format version %llu; this command reads %d", (unsigned long long)version,
			 LOG_FORMAT);
		return false;
	}
	if (!log_keys(json, keys, why) || !log_number(json, "ms", INT64_MAX, &file->origin.now, why))
		return false;
	if (!is_text(json, "side", "host") && !is_text(json, "side", "csme")) {
		text_add(why, "\"side\" is \"host\" or \"csme\"");
		return false;
	}
	if (!libsap || !json_is_boolean(json_object_get(json, "door")) ||
	    !json_is_object(json_object_get(json, "settings"))) {
		text_add(why, "the first line has \"libsap\", \"door\" and \"settings\"");
		return false;
	}
	snprintf(file->libsap, sizeof(file->libsap), "%s", libsap);
	file->origin.side = is_text(json, "side", "host") ? SIM_HOST : SIM_CSME;
	file->origin.door = json_is_true(json_object_get(json, "door"));
	return to_settings(json_object_get(json, "settings"), file, why);
}
