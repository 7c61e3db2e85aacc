// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
/* Words for what happened, and rows of them. */
#include "rig.h"

uint32_t rig_hash(uint32_t hash, const void *bytes, size_t n)
{
	const uint8_t *at = bytes;

	for (size_t i = 0; i < n; i++)
		hash = (hash ^ at[i]) * 16777619u;
	return hash;
}

void rig_text_add(struct rig_text *text, const char *format, ...)
{
	char word[sizeof(text->last)] = "";
	va_list arguments;
	int n;

	va_start(arguments, format);
	vsnprintf(word, sizeof(word), format, arguments);
	va_end(arguments);
	if (text->len && !strcmp(word, text->last)) {
		text->len = text->last_at;
		text->repeats++;
	} else {
		text->last_at = text->len;
		text->repeats = 1;
		memcpy(text->last, word, sizeof(word));
	}
	n = snprintf(text->text + text->len, RIG_TEXT - text->len, "%s%s", text->len ? "; " : "", word);
	assert_true(n > 0 && text->len + (size_t)n + 16 < RIG_TEXT);
	text->len += (size_t)n;
	if (text->repeats > 1)
		text->len +=
			(size_t)snprintf(text->text + text->len, RIG_TEXT - text->len, " x%u", text->repeats);
}

void rig_text_is(struct rig_text *text, const char *expected, const char *file, int line)
{
	bool same = !strcmp(text->text, expected);

	if (!same)
		print_error("found:    %s\nexpected: %s\n", text->text, expected);
	memset(text, 0, sizeof(*text));
	if (!same)
		_fail(file, line);
}

static const char *const owners[] = {"unknown", "host", "CSME"};
static const char *const reasons[] = {"ok", "refused", "timeout", "taken", "down"};

void rig_name_host_event(const struct sap_host_event *event, char *text, size_t size)
{
	static const char *const names[] = {
		"?",	   "UP",     "DOWN",	"AMT",	       "OWNER",	      "OWN_DONE",
		"LEAVE",   "RFKILL", "ROAMING", "CONN_STATUS", "CAN_RELEASE", "IP_REFRESH",
		"FILTERS", "NVM",    "PLDR",	"PONG",	       "PACKETS",
	};
	const char *name = names[event->type];

	switch (event->type) {
	case SAP_HOST_UP:
		snprintf(text, size, "%s %u", name, (unsigned)event->version);
		break;
	case SAP_HOST_DOWN:
		snprintf(text, size, "%s %s", name, sap_status_name(event->status));
		break;
	case SAP_HOST_AMT:
	case SAP_HOST_RFKILL:
	case SAP_HOST_ROAMING:
		snprintf(text, size, "%s %s", name, event->on ? "on" : "off");
		break;
	case SAP_HOST_OWNER:
		snprintf(text, size, "%s %s", name, owners[event->owner]);
		break;
	case SAP_HOST_OWN_DONE:
	case SAP_HOST_NVM:
	case SAP_HOST_PLDR:
		snprintf(text, size, "%s %s", name, reasons[event->reason]);
		break;
	case SAP_HOST_CONN_STATUS:
		snprintf(text, size, "%s %u %.*s", name, (unsigned)event->conn_status.link_prot_state,
			 (int)event->conn_status.conn.ssid_len, (const char *)event->conn_status.conn.ssid);
		break;
	case SAP_HOST_LEAVE:
	case SAP_HOST_CAN_RELEASE:
	case SAP_HOST_IP_REFRESH:
	case SAP_HOST_FILTERS:
	case SAP_HOST_PONG:
	case SAP_HOST_PACKETS:
		snprintf(text, size, "%s", name);
		break;
	}
}

void rig_name_csme_event(const struct sap_csme_event *event, char *text, size_t size)
{
	static const char *const names[] = {
		"?",	  "UP",	      "DOWN",	   "NO_AREA",	"OWNER",   "ASKED",    "HOST_CONFIRMED",
		"DRIVER", "LINK_UP",  "LINK_DOWN", "LINK_LATE", "COUNTRY", "SAR",      "NIC_INFO",
		"RADIO",  "SUSPENDS", "RESUMES",   "GOES_DOWN", "PLDR",	   "PLDR_END", "BAND_SELECTION",
		"PONG",	  "PACKETS",
	};
	const char *name = names[event->type];

	switch (event->type) {
	case SAP_CSME_UP:
		snprintf(text, size, "%s %u", name, (unsigned)event->version);
		break;
	case SAP_CSME_DOWN:
	case SAP_CSME_NO_AREA:
		snprintf(text, size, "%s %s", name, sap_status_name(event->status));
		break;
	case SAP_CSME_OWNER:
		snprintf(text, size, "%s %s%s", name, owners[event->owner], event->forced ? " forced" : "");
		break;
	case SAP_CSME_DRIVER:
		snprintf(text, size, "%s %s", name, event->on ? "on" : "off");
		break;
	case SAP_CSME_LINK_UP:
		snprintf(text, size, "%s %.*s", name, (int)event->link_up.conn.ssid_len,
			 (const char *)event->link_up.conn.ssid);
		break;
	case SAP_CSME_LINK_DOWN:
		snprintf(text, size, "%s %u %u", name, (unsigned)event->link_down.type,
			 (unsigned)event->link_down.reason);
		break;
	case SAP_CSME_COUNTRY:
		snprintf(text, size, "%s %04x", name, (unsigned)event->country.mcc);
		break;
	case SAP_CSME_SAR:
		snprintf(text, size, "%s %u..%u", name, (unsigned)event->sar.limits[0],
			 (unsigned)event->sar.limits[9]);
		break;
	case SAP_CSME_NIC_INFO:
		snprintf(text, size, "%s %02x/%02x", name, (unsigned)event->nic_info.mac_address.bytes[5],
			 (unsigned)event->nic_info.nvm_address.bytes[5]);
		break;
	case SAP_CSME_RADIO:
	case SAP_CSME_SUSPENDS:
	case SAP_CSME_RESUMES:
	case SAP_CSME_PLDR_END:
		snprintf(text, size, "%s %u", name, (unsigned)event->value);
		break;
	case SAP_CSME_ASKED:
	case SAP_CSME_HOST_CONFIRMED:
	case SAP_CSME_LINK_LATE:
	case SAP_CSME_GOES_DOWN:
	case SAP_CSME_PLDR:
	case SAP_CSME_BAND_SELECTION:
	case SAP_CSME_PONG:
	case SAP_CSME_PACKETS:
		snprintf(text, size, "%s", name);
		break;
	}
}
