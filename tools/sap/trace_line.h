/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
/*
 * One line of the text of a trace: an event of the Linux driver, or something else.
 *
 * The lines are those of trace_pipe, of the file `trace`, and of `trace-cmd report`, with or without -R. The
 * events are in docs/protocol/sap.md section 11.
 */
#ifndef SAP_TOOL_TRACE_LINE_H
#define SAP_TOOL_TRACE_LINE_H

#include <stdbool.h>
#include <stdint.h>

#include "memory.h"

enum trace_kind {
	TRACE_OTHER = 0, /* no event of SAP */
	TRACE_NOTIF,	 /* iwlmei_sap_cmd */
	TRACE_ME,	 /* iwlmei_me_msg */
	TRACE_PACKET,	 /* iwlmei_sap_data */
	TRACE_LOST,	 /* the trace says that events were lost */
	TRACE_BAD,	 /* an event of SAP that does not hold: `why` */
};

/* What a packet's event says of it; iwlmei_sap_data's trace_type. */
enum trace_packet {
	PACKET_TO_HOST = 0,	 /* CSME's, on its way to the air */
	PACKET_TO_CSME = 1,	 /* from the air, copied to CSME */
	PACKET_NOT_FOR_HOST = 2, /* the one before was CSME's alone */
	PACKET_DHCP_TO_CSME = 3, /* the host's own, copied to CSME */
};

struct trace_line {
	enum trace_kind kind;
	char time[32]; /* as the trace has it */
	bool to_csme;
	uint32_t type; /* PACKET: enum trace_packet */
	uint32_t len;  /* NOTIF: of the payload; PACKET: of the frame */
	uint32_t seq;
	bool has_bytes;	    /* they are in the text: */
	struct bytes bytes; /* NOTIF: header and payload; PACKET: the frame */
	uint32_t cpu;	    /* LOST */
	uint64_t lost;	    /* LOST: how many; 0 if it does not say */
	const char *why;    /* BAD */
};

/* Reads a line, without its end. `line` is filled in anew; its bytes are kept to be used again. */
void trace_line_read(struct trace_line *line, const char *text);

/* Whether a line could be in no other text: a header of a trace, or any event with its task and time. */
bool trace_line_is_typical(const char *text);

#endif
