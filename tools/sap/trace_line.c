// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
#include "trace_line.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

/* --- words --- */

static bool starts(const char *text, const char *with)
{
	return strncmp(text, with, strlen(with)) == 0;
}

/* A decimal number that may be negative, as %d writes a u32. The text after it, or null if there is none. */
static const char *read_number(const char *at, uint32_t *number)
{
	bool negative = *at == '-';
	uint64_t value = 0;

	at += negative;
	if (!isdigit((unsigned char)*at))
		return NULL;
	for (; isdigit((unsigned char)*at); at++) {
		value = 10 * value + (uint64_t)(*at - '0');
		if (value > UINT32_MAX)
			return NULL;
	}
	*number = negative ? 0U - (uint32_t)value : (uint32_t)value;
	return at;
}

/* Reads `before` and the number after it. Null if that is not what stands there. */
static const char *read_named(const char *at, const char *before, uint32_t *number)
{
	if (!at || !starts(at, before))
		return NULL;
	return read_number(at + strlen(before), number);
}

/* The last place of a word: a row of bytes before it that is shown as text may hold the word too. */
static const char *last_of(const char *text, const char *word)
{
	const char *last = NULL;

	for (const char *at = strstr(text, word); at; at = strstr(at + 1, word))
		last = at;
	return last;
}

static bool read_last(const char *text, const char *name, uint32_t *number)
{
	const char *at = last_of(text, name);

	return at && read_named(at, name, number);
}

/* --- the line's start: task, processor, time, event --- */

/* Seconds and a fraction, or another clock's number; then a colon and a space. The text after it, or null. */
static const char *skip_time(const char *at)
{
	if (!isdigit((unsigned char)*at))
		return NULL;
	at += strspn(at, "0123456789");
	if (*at == '.')
		at += 1 + strspn(at + 1, "0123456789");
	return at[0] == ':' && at[1] == ' ' ? at + 2 : NULL;
}

/*
 * The event of a line, and its time. A task's name may be anything, so the processor must come before: it is
 * in brackets, and the task's number before it.
 */
static const char *find_event(const char *text, char time[32])
{
	const char *at = strstr(text, " [");
	const char *event;
	size_t len;

	for (; at; at = strstr(at + 1, " [")) {
		const char *digits = at + 2 + strspn(at + 2, "0123456789");

		if (digits > at + 2 && digits[0] == ']' && digits[1] == ' ')
			break;
	}
	for (at = at ? strchr(at + 2, ' ') : NULL; at; at = strchr(at + 1, ' ')) {
		event = skip_time(at + 1);
		if (!event)
			continue;
		len = (size_t)(event - at) - 3;
		if (len > 31)
			len = 31;
		memcpy(time, at + 1, len);
		time[len] = '\0';
		return event + strspn(event, " ");
	}
	return NULL;
}

/* --- the bytes, if the line has them: ARRAY[f6, 01, ...] --- */

static int digit_of(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	return -1;
}

/* Null, or what is wrong. */
static const char *read_array(struct trace_line *line, const char *text, const char *name)
{
	const char *at;

	if (!starts(text, name) || !starts(text + strlen(name), "ARRAY["))
		return NULL; /* it was shown as text, or not at all */
	line->has_bytes = true;
	at = text + strlen(name) + strlen("ARRAY[");
	for (bool more = *at != ']'; more; at += 2) {
		int high = digit_of(at[0]);
		int low = high < 0 ? -1 : digit_of(at[1]);
		uint8_t byte = (uint8_t)(16 * high + low);

		if (low < 0)
			return "its bytes are no pairs of hex digits up to a bracket";
		bytes_add(&line->bytes, &byte, 1);
		at += 2;
		more = starts(at, ", ");
		if (!more && *at != ']')
			return "its bytes are no pairs of hex digits up to a bracket";
	}
	return NULL;
}

/* --- the events --- */

static const char unreadable[] = "this event's text is not as the driver writes it";

/* "Tx: " or "Rx: ", seen from the host. */
static const char *read_way(struct trace_line *line, const char *at)
{
	if (!starts(at, "Tx: ") && !starts(at, "Rx: "))
		return NULL;
	line->to_csme = *at == 'T';
	return at + 4;
}

static const char *read_raw_way(struct trace_line *line, const char *text)
{
	uint32_t tx;

	if (!read_last(text, " tx=", &tx))
		return unreadable;
	line->to_csme = tx != 0;
	return NULL;
}

static const char *read_notif(struct trace_line *line, const char *text)
{
	const char *why;

	line->kind = TRACE_NOTIF;
	if (starts(text, "sap_cmd ")) {
		text = read_way(line, text + strlen("sap_cmd "));
		text = read_named(text, "type ", &line->type);
		text = read_named(text, " len ", &line->len);
		text = read_named(text, " seq ", &line->seq);
		return text ? NULL : unreadable;
	}
	why = read_raw_way(line, text);
	if (why || !read_last(text, " type=", &line->type) || !read_last(text, " len=", &line->len) ||
	    !read_last(text, " seq=", &line->seq))
		return unreadable;
	return read_array(line, text, "cmd=");
}

static const char *read_me_event(struct trace_line *line, const char *text)
{
	line->kind = TRACE_ME;
	if (starts(text, "ME message: ")) {
		text = read_way(line, text + strlen("ME message: "));
		text = read_named(text, "type ", &line->type);
		text = read_named(text, " seq ", &line->seq);
		return text ? NULL : unreadable;
	}
	if (!read_named(text, "type=", &line->type) || !read_last(text, " seq_num=", &line->seq))
		return unreadable;
	return read_raw_way(line, text);
}

static const char *read_packet(struct trace_line *line, const char *text)
{
	const char *why = NULL;

	line->kind = TRACE_PACKET;
	if (starts(text, "sap_data:")) {
		text = read_named(text, "sap_data:trace_type ", &line->type);
		text = read_named(text, " len ", &line->len);
		if (!text)
			return unreadable;
	} else if (!read_last(text, " trace_type=", &line->type)) {
		return unreadable;
	} else {
		why = read_array(line, text, "data=");
		line->len = (uint32_t)line->bytes.len;
	}
	if (line->type > PACKET_DHCP_TO_CSME)
		return "its trace_type is not known";
	line->to_csme = line->type != PACKET_TO_HOST;
	return why;
}

/* "CPU:2 [LOST 12 EVENTS]" from the kernel, "CPU:2 [12 EVENTS DROPPED]" from trace-cmd; maybe no number. */
static bool read_lost(struct trace_line *line, const char *text)
{
	const char *at = read_named(text + strspn(text, " "), "CPU:", &line->cpu);

	if (!at || !starts(at, " [") || !strstr(at, "EVENTS") ||
	    (!strstr(at, "LOST") && !strstr(at, "DROPPED")))
		return false;
	line->kind = TRACE_LOST;
	at += strcspn(at, "0123456789");
	line->lost = *at ? strtoull(at, NULL, 10) : 0;
	return true;
}

void trace_line_read(struct trace_line *line, const char *text)
{
	static const struct {
		const char *event;
		const char *(*read)(struct trace_line *line, const char *text);
	} events[] = {
		{"iwlmei_sap_cmd:", read_notif},
		{"iwlmei_me_msg:", read_me_event},
		{"iwlmei_sap_data:", read_packet},
	};
	struct bytes kept = line->bytes;
	const char *event;

	kept.len = 0;
	*line = (struct trace_line){.bytes = kept};
	if (read_lost(line, text))
		return;
	event = find_event(text, line->time);
	for (size_t i = 0; event && i < sizeof(events) / sizeof(events[0]); i++) {
		if (!starts(event, events[i].event))
			continue;
		event += strlen(events[i].event);
		line->why = events[i].read(line, event + strspn(event, " "));
		if (line->why)
			line->kind = TRACE_BAD;
		return;
	}
}

bool trace_line_is_typical(const char *text)
{
	struct trace_line line = {0};
	char time[32];

	return starts(text, "# tracer:") || starts(text, "cpus=") || starts(text, "version = ") ||
	       (starts(text, "CPU ") && strstr(text, " is empty")) || read_lost(&line, text) ||
	       find_event(text, time);
}
