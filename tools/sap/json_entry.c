// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
#include "json_entry.h"

#include "json_message.h"
#include "memory.h"

enum {
	FORMAT_VERSION = 1, /* grows when a key goes away or changes its meaning, not when one is added */
};

void json_write_line(FILE *out, json_t *json)
{
	json_dumpf(json, out, JSON_COMPACT);
	fputc('\n', out);
	json_decref(json);
}

void json_set_text(json_t *json, const char *key, const char *text)
{
	struct text hex_key = {0}, hex = {0};

	if (json_object_set_new(json, key, json_string(text)) == 0)
		return;
	text_add(&hex_key, "%s_hex", key);
	for (; *text; text++)
		text_add(&hex, "%02x", (unsigned char)*text);
	json_object_set_new(json, text_of(&hex_key), json_string(text_of(&hex)));
	text_free(&hex_key);
	text_free(&hex);
}

json_t *json_of_start(void)
{
	return json_pack("{s:s, s:s, s:i}", "kind", "timeline", "format", "sap-timeline", "version",
			 FORMAT_VERSION);
}

const char *json_owner_key(enum sap_owner owner)
{
	return owner == SAP_OWNER_CSME ? "csme" : owner == SAP_OWNER_HOST ? "host" : "unknown";
}

static const char *end_key(enum sap_direction to)
{
	return to == SAP_TO_CSME ? "csme" : "host";
}

static const char *carrier_key(enum sap_carrier carrier)
{
	return carrier == SAP_IN_ME ? "me" : carrier == SAP_IN_NOTIF ? "notif" : "data";
}

/* What each line has: what it is, when, and how the NIC was. */
static json_t *line(const struct sim_entry *entry, const char *kind)
{
	return json_pack("{s:s, s:I, s:s, s:b}", "kind", kind, "ms", (json_int_t)entry->at, "owner",
			 json_owner_key(entry->nic.owner), "overlap", entry->nic.overlap ? 1 : 0);
}

static json_t *message(const struct sim_entry *entry)
{
	const struct sap_message_info *info = sim_entry_info(entry);
	struct sap_view payload = sim_entry_payload(entry);
	json_t *json = line(entry, "message");
	struct text hex = {0};

	for (uint32_t i = 0; i < entry->len; i++)
		text_add(&hex, "%02x", entry->bytes[i]);
	json_object_set_new(json, "to", json_string(end_key(entry->to)));
	json_object_set_new(json, "carrier", json_string(carrier_key(entry->carrier)));
	json_object_set_new(json, "name", info ? json_string(info->name) : json_null());
	json_object_set_new(json, "meaning", info ? json_string(info->meaning) : json_null());
	json_object_set_new(json, "taken_ms",
			    entry->taken_at == SIM_NEVER ? json_null()
							 : json_integer((json_int_t)entry->taken_at));
	if (entry->again)
		json_object_set_new(json, "again", json_true());
	json_object_set_new(json, "fields", json_of_payload(info, payload.bytes, payload.len));
	json_object_set_new(json, "bytes", json_string(text_of(&hex)));
	text_free(&hex);
	return json;
}

static const char *teller_key(enum sim_teller by)
{
	return by == SIM_BY_HOST ? "host" : by == SIM_BY_CSME ? "csme" : "nic";
}

static json_t *event(const struct sim_entry *entry)
{
	const struct sim_event_kind *kind = sim_event_kind(&entry->event);
	json_t *json = line(entry, "event");
	json_t *values = json_object();

	for (int i = 0; i < SIM_EVENT_KEYS && kind->keys[i]; i++) {
		const struct sim_arg *arg = sim_key_arg(kind->keys[i]);
		char text[SAP_SSID_SIZE + 1], written[4 * SAP_SSID_SIZE + 1];
		struct sim_value value;

		if (!sim_event_value(&entry->event, kind->keys[i], &value, text))
			continue;
		sim_value_write(arg, &value, written, sizeof(written));
		json_object_set_new(values, arg->name, json_string(written));
	}
	json_object_set_new(json, "by", json_string(teller_key(entry->event.by)));
	json_object_set_new(json, "name", json_string(kind->name));
	json_object_set_new(json, "meaning", json_string(sim_event_meaning(&entry->event)));
	json_object_set_new(json, "values", values);
	return json;
}

static json_t *told(const struct sim_entry *entry, const char *kind, const char *actor_key,
		    const char *number_key)
{
	json_t *json = line(entry, kind);

	if (number_key)
		json_object_set_new(json, number_key, json_integer(entry->number));
	if (actor_key)
		json_set_text(json, actor_key, entry->actor);
	json_set_text(json, "text", entry->text);
	return json;
}

json_t *json_of_entry(const struct sim_entry *entry)
{
	switch (entry->kind) {
	case SIM_MESSAGE:
		return message(entry);
	case SIM_EVENT:
		return event(entry);
	case SIM_STORY:
		return told(entry, "step", "actor", "number");
	case SIM_REMARK:
		return told(entry, "note", NULL, NULL);
	case SIM_WRONG:
		return told(entry, "fault", "name", NULL);
	case SIM_FAILURE:
		break;
	}
	return told(entry, "failure", NULL, "line");
}

json_t *json_of_directions(const uint32_t count[3])
{
	return json_pack("{s:I, s:I}", "to_csme", (json_int_t)count[SAP_TO_CSME], "to_host",
			 (json_int_t)count[SAP_TO_HOST]);
}
