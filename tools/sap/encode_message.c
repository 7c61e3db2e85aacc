// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
#include "encode_message.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <sap/me.h>
#include <sap/message.h>

#include "file.h"
#include "image.h"
#include "record.h"
#include "suggest.h"

bool complain_of(struct complaint *complaint, const char *where, const char *why, ...)
{
	char sentence[200];
	va_list args;

	va_start(args, why);
	vsnprintf(sentence, sizeof(sentence), why, args);
	va_end(args);
	text_add(&complaint->where, "%s", where);
	text_add(&complaint->why, "%s", sentence);
	return false;
}

bool members_known(json_t *object, const char *const *known, struct complaint *complaint)
{
	const char *key;
	json_t *member;

	json_object_foreach(object, key, member)
	{
		struct suggestion best;
		bool found = false;

		(void)member;
		suggest_start(&best, key);
		for (size_t i = 0; known[i]; i++) {
			found = found || strcmp(known[i], key) == 0;
			suggest_offer(&best, known[i]);
		}
		if (!found && suggest_best(&best))
			return complain_of(complaint, key, "there is no such key; did you mean \"%s\"?",
					   suggest_best(&best));
		if (!found)
			return complain_of(complaint, key, "there is no such key");
	}
	return true;
}

bool member_number(json_t *object, const char *key, uint32_t most, bool *present, uint32_t *number,
		   struct complaint *complaint)
{
	json_t *json = json_object_get(object, key);

	*present = json && !json_is_null(json);
	if (!*present)
		return true;
	if (!json_is_integer(json))
		return complain_of(complaint, key, "not a whole number");
	if (json_integer_value(json) < 0 || json_integer_value(json) > (json_int_t)most)
		return complain_of(complaint, key, "%lld is out of range: 0 to %u",
				   (long long)json_integer_value(json), (unsigned int)most);
	*number = (uint32_t)json_integer_value(json);
	return true;
}

bool member_queue(json_t *object, bool *present, enum sap_queue_id *queue, struct complaint *complaint)
{
	json_t *json = json_object_get(object, "queue");

	*present = json && !json_is_null(json);
	if (!*present)
		return true;
	if (!json_is_string(json) || !queue_of_key(json_string_value(json), queue))
		return complain_of(complaint, "queue", "not host_notif, host_data, csme_notif or csme_data");
	return true;
}

/* --- which message --- */

static bool unknown_name(const char *name, struct complaint *complaint)
{
	struct suggestion best;

	suggest_start(&best, name);
	for (uint32_t i = 0; sap_info_at(i); i++)
		suggest_offer(&best, sap_info_at(i)->name);
	if (suggest_best(&best))
		return complain_of(complaint, "name", "there is no message \"%s\"; did you mean \"%s\"?",
				   name, suggest_best(&best));
	return complain_of(complaint, "name", "there is no message \"%s\"", name);
}

/* Name, type and kind: any one that tells is enough, and all that are given must agree. */
static bool find_type(json_t *object, struct encoded *encoded, const struct sap_message_info **info,
		      uint32_t *type, struct complaint *complaint)
{
	json_t *name = json_object_get(object, "name");
	json_t *kind = json_object_get(object, "kind");
	bool named = name && !json_is_null(name);
	bool typed;

	if (kind)
		encoded->me = strcmp(json_string_value(kind), "me") == 0;
	if (!member_number(object, "type", UINT32_MAX, &typed, type, complaint))
		return false;
	if (named && !json_is_string(name))
		return complain_of(complaint, "name", "not text");
	if (!named && !typed)
		return complain_of(complaint, "name", "a message needs a name or a type");

	if (named) {
		*info = sap_info_by_name(json_string_value(name));
		if (!*info)
			return unknown_name(json_string_value(name), complaint);
		if (kind && encoded->me != ((*info)->carrier == SAP_IN_ME))
			return complain_of(complaint, "kind", "%s is %s message", (*info)->name,
					   encoded->me ? "a SAP" : "an ME");
		if (typed && *type != (*info)->type)
			return complain_of(complaint, "type", "%s is %u, not %u", (*info)->name,
					   (unsigned int)(*info)->type, (unsigned int)*type);
		encoded->me = (*info)->carrier == SAP_IN_ME;
		*type = (*info)->type;
		return true;
	}
	*info = encoded->me ? sap_me_info(*type) : sap_message_info(*type);
	if (!encoded->me && *type > UINT16_MAX)
		return complain_of(complaint, "type", "%u is out of range: 0 to 65535", (unsigned int)*type);
	return true;
}

/* --- its bytes --- */

static void write_header(struct encoded *encoded, uint32_t type, uint32_t len)
{
	uint8_t *bytes = encoded->bytes.data;

	if (encoded->me) {
		image_set_word(bytes, 0, type);
		image_set_word(bytes, 4, encoded->seq);
		image_set_word(bytes, 8, len);
	} else {
		struct sap_header header = {.type = (uint16_t)type,
					    .len = (uint16_t)len,
					    .seq = encoded->seq};

		sap_header_encode(&header, bytes);
	}
}

/*
 * The payload's size: `present` if that is given; else a SAP message's `len`; else what the fields need.
 * An ME message's `len` says nothing: the Linux driver's doorbell has 88 bytes and says 0.
 */
static bool make_bytes(json_t *object, const struct sap_message_info *info, uint32_t type,
		       struct encoded *encoded, struct complaint *complaint)
{
	uint32_t header = encoded->me ? SAP_ME_HEADER_SIZE : SAP_HEADER_SIZE;
	uint32_t most = encoded->me ? UINT32_MAX : SAP_MAX_PAYLOAD;
	json_t *fields = json_object_get(object, "fields");
	bool has_len, has_size;
	uint32_t len = 0;
	uint32_t size = 0;

	if (!member_number(object, "len", most, &has_len, &len, complaint) ||
	    !member_number(object, "present", SAP_MAX_PAYLOAD, &has_size, &size, complaint))
		return false;
	if (!has_size)
		size = has_len && !encoded->me ? len : json_payload_size(info, fields);
	if (size > SAP_MAX_PAYLOAD)
		return complain_of(complaint, "fields", "%u bytes of payload: a message has at most %d",
				   (unsigned int)size, SAP_MAX_PAYLOAD);
	if (!has_len)
		len = encoded->me ? header + size : size;

	bytes_more(&encoded->bytes, header + size);
	write_header(encoded, type, len);
	return json_to_payload(info, fields, encoded->bytes.data + header, size, complaint);
}

bool encode_message(json_t *object, const struct defaults *defaults, struct encoded *encoded,
		    struct complaint *complaint)
{
	static const char *const keys[] = {"kind", "queue",   "offset", "history", "type", "name",
					   "len",  "present", "seq",	"fields",  NULL};
	const struct sap_message_info *info = NULL;
	uint32_t type = 0;
	bool has_seq;

	*encoded = (struct encoded){.me = defaults->me, .seq = defaults->seq};
	if (!members_known(object, keys, complaint) ||
	    !member_number(object, "seq", UINT32_MAX, &has_seq, &encoded->seq, complaint) ||
	    !member_number(object, "offset", FILE_LIMIT, &encoded->placed, &encoded->offset, complaint) ||
	    !member_queue(object, &encoded->queued, &encoded->queue, complaint) ||
	    !find_type(object, encoded, &info, &type, complaint))
		return false;
	encoded->history = json_is_true(json_object_get(object, "history"));
	return make_bytes(object, info, type, encoded, complaint);
}
