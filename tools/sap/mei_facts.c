// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
/*
 * Questions, and what becomes of their answers. One that is refused does not keep the next from being asked; a
 * client that does not answer, or makes no sense, is not asked any more.
 */
#include "mei_facts.h"

#include <string.h>

#include <sap/mei/clients.h>
#include <sap/mei/fields.h>

#include "mei.h"

/* --- values --- */

static json_t *words(const uint8_t *bytes, size_t len)
{
	size_t n = 0;

	while (n < len && bytes[n])
		n++;
	return mei_json_text((const char *)bytes, n);
}

static json_t *view(const struct sap_view *v)
{
	return mei_json_text((const char *)v->bytes, v->len);
}

/* The value of a field that has names, as the declaration has them. */
static json_t *named(uint32_t command, const char *field, uint32_t value)
{
	const struct sap_message_info *info = sap_amthi_info(command | SAP_AMTHI_RESPONSE);
	const char *name = NULL;

	for (uint32_t i = 0; info && i < info->n_fields; i++) {
		if (strcmp(info->fields[i].name, field) == 0 && info->fields[i].names)
			name = sap_name_of(info->fields[i].names, value);
	}
	return json_pack("{s:I, s:s?}", "value", (json_int_t)value, "name", name);
}

static json_t *mac(const struct sap_mac *address)
{
	const uint8_t *b = address->bytes;

	return json_sprintf("%02x:%02x:%02x:%02x:%02x:%02x", b[0], b[1], b[2], b[3], b[4], b[5]);
}

static json_t *ipv4(uint32_t address)
{
	return json_sprintf("%u.%u.%u.%u", (unsigned int)(address >> 24), (unsigned int)(address >> 16 & 255),
			    (unsigned int)(address >> 8 & 255), (unsigned int)(address & 255));
}

/* --- AMT, answer by answer --- */

static void add_versions(json_t *amt, const struct sap_amthi_message *m)
{
	const struct sap_amthi_code_versions *codes = &m->code_versions;
	struct sap_amthi_version version;
	json_t *list = json_object();

	json_object_set_new(amt, "bios", words(codes->bios, sizeof(codes->bios)));
	for (uint32_t i = 0; sap_amthi_version_at(codes, i, &version); i++) {
		json_t *what = words(version.description, version.description_len);

		json_object_set_new(list, json_string_value(what),
				    words(version.version, version.version_len));
		json_decref(what);
	}
	json_object_set_new(amt, "versions", list);
}

static void add_mode(json_t *amt, const struct sap_amthi_message *m)
{
	json_object_set_new(amt, "provisioning_mode",
			    named(SAP_AMTHI_PROVISIONING_MODE, "mode", m->provisioning_mode.mode));
}

static void add_provisioning(json_t *amt, const struct sap_amthi_message *m)
{
	json_object_set_new(amt, "provisioning_state",
			    named(SAP_AMTHI_PROVISIONING_STATE, "state", m->provisioning_state.state));
}

static void add_control(json_t *amt, const struct sap_amthi_message *m)
{
	json_object_set_new(amt, "control_mode",
			    named(SAP_AMTHI_GET_CONTROL_MODE, "mode", m->control_mode.mode));
}

static void add_uuid(json_t *amt, const struct sap_amthi_message *m)
{
	char text[SAP_GUID_TEXT_SIZE];

	sap_guid_format(&m->uuid.uuid, text);
	json_object_set_new(amt, "uuid", json_string(text));
}

static void add_macs(json_t *amt, const struct sap_amthi_message *m)
{
	json_object_set_new(amt, "mac_addresses",
			    json_pack("{s:o, s:o}", "dedicated", mac(&m->mac_addresses.dedicated), "host",
				      mac(&m->mac_addresses.host)));
}

static json_t *lan(const struct sap_amthi_message *m)
{
	return json_pack("{s:b, s:b, s:o, s:b, s:o, s:o}", "enabled", m->lan.enabled ? 1 : 0, "link",
			 m->lan.link ? 1 : 0, "ipv4", ipv4(m->lan.ipv4), "dhcp", m->lan.dhcp ? 1 : 0,
			 "dhcp_mode", named(SAP_AMTHI_LAN_INTERFACE_SETTINGS, "dhcp_mode", m->lan.dhcp_mode),
			 "mac", mac(&m->lan.mac));
}

static void add_wired(json_t *amt, const struct sap_amthi_message *m)
{
	json_object_set_new(amt, "wired_lan", lan(m));
}

static void add_wireless(json_t *amt, const struct sap_amthi_message *m)
{
	json_object_set_new(amt, "wireless_lan", lan(m));
}

static void add_suffix(json_t *amt, const struct sap_amthi_message *m)
{
	json_object_set_new(amt, "dns_suffix", view(&m->text.text));
}

/* "redirection": 1 */
static void add_feature(json_t *amt, const struct sap_amthi_message *m)
{
	static const char *const keys[] = {"redirection", "system_defense", "web_ui", "eac", "kvm"};
	json_t *features = json_object_get(amt, "features");

	if (!features) {
		features = json_object();
		json_object_set_new(amt, "features", features);
	}
	if (m->feature_state.feature < sizeof(keys) / sizeof(keys[0]))
		json_object_set_new(features, keys[m->feature_state.feature],
				    json_integer((json_int_t)m->feature_state.state));
}

static const struct {
	uint32_t command;
	uint32_t argument; /* of those that have one: interface, feature */
	void (*add)(json_t *amt, const struct sap_amthi_message *answer);
} questions[] = {
	{SAP_AMTHI_CODE_VERSIONS, 0, add_versions},
	{SAP_AMTHI_PROVISIONING_STATE, 0, add_provisioning},
	{SAP_AMTHI_PROVISIONING_MODE, 0, add_mode},
	{SAP_AMTHI_GET_CONTROL_MODE, 0, add_control},
	{SAP_AMTHI_GET_UUID, 0, add_uuid},
	{SAP_AMTHI_GET_MAC_ADDRESSES, 0, add_macs},
	{SAP_AMTHI_LAN_INTERFACE_SETTINGS, SAP_AMT_INTERFACE_WIRED, add_wired},
	{SAP_AMTHI_LAN_INTERFACE_SETTINGS, SAP_AMT_INTERFACE_WIRELESS, add_wireless},
	{SAP_AMTHI_GET_DNS_SUFFIX, 0, add_suffix},
	{SAP_AMTHI_GET_FEATURES_STATE, SAP_AMT_FEATURE_REDIRECTION, add_feature},
	{SAP_AMTHI_GET_FEATURES_STATE, SAP_AMT_FEATURE_SYSTEM_DEFENSE, add_feature},
	{SAP_AMTHI_GET_FEATURES_STATE, SAP_AMT_FEATURE_WEB_UI, add_feature},
	{SAP_AMTHI_GET_FEATURES_STATE, SAP_AMT_FEATURE_EAC, add_feature},
	{SAP_AMTHI_GET_FEATURES_STATE, SAP_AMT_FEATURE_KVM, add_feature},
};

/* --- what did not go well --- */

static json_t *remark(const struct mei_facts *f, const char *kind, const char *client, const char *request,
		      uint32_t argument)
{
	const char *device = sap_mei_dev_why(&f->ask->dev).device;
	json_t *line = json_pack("{s:s, s:s, s:s?, s:s?}", "kind", kind, "client", client, "device",
				 device[0] ? device : NULL, "request", request);

	if (request && argument)
		json_object_set_new(line, "argument", json_integer((json_int_t)argument));
	json_object_set_new(line, "problem", json_string(f->ask->problem));
	json_object_set_new(line, "text", mei_json_word(true, f->ask->why));
	return line;
}

/* Whether to go on asking this client. */
static bool note(struct mei_facts *f, enum mei_answer answer, json_t *line)
{
	bool error = answer != MEI_REFUSED;

	json_array_append_new(f->lines, line);
	f->errors += error;
	return !error;
}

/* --- AMT --- */

static bool ask_amt(struct mei_facts *f, uint32_t i, json_t *amt)
{
	struct sap_amthi_message request, response;
	const char *name = sap_amthi_info(questions[i].command)->name;
	enum mei_answer answer;

	memset(&request, 0, sizeof(request));
	request.command = questions[i].command;
	if (request.command == SAP_AMTHI_LAN_INTERFACE_SETTINGS)
		request.lan_request.interface = questions[i].argument;
	if (request.command == SAP_AMTHI_GET_FEATURES_STATE)
		request.feature_request.feature = questions[i].argument;
	answer = mei_ask_amthi(f->ask, &request, &response);
	if (answer == MEI_ANSWERED) {
		questions[i].add(amt, &response);
		return true;
	}
	if (answer == MEI_DISABLED) {
		json_object_set_new(amt, "enabled", json_false());
		return false;
	}
	return note(f, answer,
		    remark(f, answer == MEI_REFUSED ? "refused" : "error", "AMTHI", name,
			   questions[i].argument));
}

void mei_facts_amt(struct mei_facts *f)
{
	size_t before;
	json_t *amt;

	if (!mei_ask_begin(f->ask, f->roots, f->device, &sap_amthi_guid, f->timeout)) {
		note(f, MEI_FAILED, remark(f, "error", "AMTHI", NULL, 0));
		mei_ask_end(f->ask);
		return;
	}
	amt = json_pack("{s:s, s:s, s:b}", "kind", "amt", "device", sap_mei_dev_why(&f->ask->dev).device,
			"enabled", 1);
	before = json_array_size(f->lines);
	for (uint32_t i = 0; i < sizeof(questions) / sizeof(questions[0]); i++) {
		if (!ask_amt(f, i, amt))
			break;
	}
	/* Whether it is enabled is known only if it answered anything at all. */
	if (json_object_size(amt) == 3 && json_is_true(json_object_get(amt, "enabled")) && f->errors)
		json_object_set_new(amt, "enabled", json_null());
	json_array_insert_new(f->lines, before, amt);
	mei_ask_end(f->ask);
}

/* --- firmware --- */

static void add_firmware(json_t *firmware, const struct sap_mkhi_message *m)
{
	json_t *list = json_array();
	struct sap_mkhi_fw_block b;

	for (uint32_t i = 0; sap_mkhi_fw_block_at(&m->fw_version, i, &b); i++)
		json_array_append_new(list, json_sprintf("%u.%u.%u.%u", b.major, b.minor, b.hotfix, b.build));
	json_object_set_new(firmware, "versions", list);
}

/* Some firmware has MKHI at a fixed address alone. If it has neither, the first is what is missing. */
static bool begin_mkhi(struct mei_facts *f)
{
	char why[sizeof(f->ask->why)];

	if (mei_ask_begin(f->ask, f->roots, f->device, &sap_mkhi_guid, f->timeout))
		return true;
	if (sap_mei_dev_why(&f->ask->dev).problem != SAP_MEI_DEV_NO_CLIENT)
		return false;
	memcpy(why, f->ask->why, sizeof(why));
	mei_ask_end(f->ask);
	if (mei_ask_begin(f->ask, f->roots, f->device, &sap_mkhi_fixed_guid, f->timeout))
		return true;
	if (sap_mei_dev_why(&f->ask->dev).problem == SAP_MEI_DEV_NO_CLIENT)
		memcpy(f->ask->why, why, sizeof(why));
	return false;
}

void mei_facts_firmware(struct mei_facts *f)
{
	const struct sap_mkhi_message request = {.command = SAP_MKHI_GET_FW_VERSION};
	struct sap_mkhi_message response;
	enum mei_answer answer;
	json_t *firmware;

	if (!begin_mkhi(f)) {
		note(f, MEI_FAILED, remark(f, "error", "MKHI", NULL, 0));
		mei_ask_end(f->ask);
		return;
	}
	firmware =
		json_pack("{s:s, s:s}", "kind", "firmware", "device", sap_mei_dev_why(&f->ask->dev).device);
	answer = mei_ask_mkhi(f->ask, &request, &response);
	if (answer == MEI_ANSWERED) {
		add_firmware(firmware, &response);
		json_array_append(f->lines, firmware);
	} else {
		note(f, answer,
		     remark(f, answer == MEI_REFUSED ? "refused" : "error", "MKHI", "GET_FW_VERSION", 0));
	}
	json_decref(firmware);
	mei_ask_end(f->ask);
}

json_t *mei_facts_line(const struct mei_facts *f, const char *kind)
{
	size_t i;
	json_t *line;

	json_array_foreach(f->lines, i, line)
	{
		if (strcmp(json_string_value(json_object_get(line, "kind")), kind) == 0)
			return line;
	}
	return NULL;
}
