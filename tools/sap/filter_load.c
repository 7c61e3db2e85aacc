// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
#include "filter_load.h"

#include <stdio.h>
#include <string.h>

#include "encode_message.h"
#include "file.h"
#include "hextext.h"

/* For people: which file, and who tells. */
struct source {
	const char *command;
	const char *name;
};

static enum outcome wrong(const struct source *source, const char *why)
{
	fprintf(stderr, "%s: %s: %s\n", source->command, source->name, why);
	return OUTCOME_WRONG;
}

/* The payload, or the whole message. */
static enum outcome take_bytes(const struct source *source, const uint8_t *bytes, size_t len,
			       struct sap_oob_filters *oob)
{
	struct sap_csme_filters filters;
	struct sap_view payload = {bytes, (uint32_t)len};
	struct sap_message message;
	char why[100];

	if (len > SAP_CSME_FILTERS_SIZE && sap_message_decode(bytes, len, &message) == SAP_OK &&
	    message.type == SAP_CSME_FILTERS)
		payload = message.csme_filters;
	else if (len != SAP_CSME_FILTERS_SIZE) {
		snprintf(why, sizeof(why),
			 "%zu bytes: the payload of CSME_FILTERS has %d, the message 8 more", len,
			 SAP_CSME_FILTERS_SIZE);
		return wrong(source, why);
	}
	if (sap_csme_filters_decode(&payload, &filters) != SAP_OK)
		return wrong(source, "not the payload of CSME_FILTERS");
	*oob = filters.oob;
	return OUTCOME_OK;
}

static enum outcome take_hex(const struct source *source, const struct bytes *content,
			     struct sap_oob_filters *oob)
{
	enum outcome outcome;
	struct hextext hex;
	char why[160];

	hextext_read(content->data, content->len, &hex);
	if (hex.why[0]) {
		snprintf(why, sizeof(why), "line %zu, column %zu: %s", hex.line, hex.column, hex.why);
		outcome = wrong(source, why);
	} else {
		outcome = take_bytes(source, hex.bytes.data, hex.bytes.len, oob);
	}
	hextext_free(&hex);
	return outcome;
}

/* --- JSON --- */

/* Whether an object is the message, as `sap decode --json` writes it, or something else of that. */
static bool is_message(json_t *object)
{
	const char *name = json_string_value(json_object_get(object, "name"));

	return (name && strcmp(name, "CSME_FILTERS") == 0) ||
	       json_integer_value(json_object_get(object, "type")) == SAP_CSME_FILTERS;
}

static bool is_other(json_t *object)
{
	return json_object_get(object, "kind") || json_object_get(object, "name") ||
	       json_object_get(object, "type");
}

static enum outcome take_message(const struct source *source, json_t *object, struct sap_oob_filters *oob)
{
	const struct defaults defaults = {.me = false, .seq = 1};
	struct complaint complaint = {0};
	struct encoded encoded;
	enum outcome outcome;

	if (encode_message(object, &defaults, &encoded, &complaint)) {
		outcome = take_bytes(source, encoded.bytes.data, encoded.bytes.len, oob);
	} else {
		fprintf(stderr, "%s: %s: %s: %s\n", source->command, source->name, text_of(&complaint.where),
			text_of(&complaint.why));
		outcome = OUTCOME_WRONG;
	}
	bytes_free(&encoded.bytes);
	complaint_free(&complaint);
	return outcome;
}

/* An object that is neither is the message's fields, or only its `oob`. */
static enum outcome take_fields(const struct source *source, json_t *object, struct sap_oob_filters *oob)
{
	json_t *message;
	enum outcome outcome;

	if (json_object_get(object, "oob"))
		message = json_pack("{s:s, s:O}", "name", "CSME_FILTERS", "fields", object);
	else
		message = json_pack("{s:s, s:{s:O}}", "name", "CSME_FILTERS", "fields", "oob", object);
	outcome = message ? take_message(source, message, oob) : wrong(source, "not JSON of CSME_FILTERS");
	json_decref(message);
	return outcome;
}

/* The first of the objects that holds filters. */
static enum outcome take_json(const struct source *source, const struct bytes *content,
			      struct sap_oob_filters *oob)
{
	const char *at = (const char *)content->data;
	size_t left = content->len;
	enum outcome outcome = OUTCOME_OK;
	bool found = false;

	while (!found && left && strspn(at, " \t\r\n") < left) {
		json_error_t error;
		json_t *object =
			json_loadb(at, left, JSON_DISABLE_EOF_CHECK | JSON_REJECT_DUPLICATES, &error);

		if (!object)
			return wrong(source, error.text);
		at += error.position;
		left -= (size_t)error.position;
		found = is_message(object) || !is_other(object);
		if (found)
			outcome = is_message(object) ? take_message(source, object, oob)
						     : take_fields(source, object, oob);
		json_decref(object);
	}
	return found ? outcome : wrong(source, "there is no CSME_FILTERS in it");
}

enum outcome filter_load(const char *command, const char *path, struct sap_oob_filters *oob)
{
	struct source source = {command, file_name(path)};
	struct bytes content = {0};
	enum outcome outcome = file_load(command, path, &content);
	const uint8_t *first;

	if (outcome == OUTCOME_OK) {
		/* A zero behind it, for strspn(). */
		*bytes_more(&content, 1) = 0;
		content.len--;
		first = content.data + strspn((const char *)content.data, " \t\r\n");
		if (*first == '{')
			outcome = take_json(&source, &content, oob);
		else if (content.len && hextext_is_text(content.data, content.len))
			outcome = take_hex(&source, &content, oob);
		else
			outcome = take_bytes(&source, content.data, content.len, oob);
	}
	bytes_free(&content);
	return outcome;
}
