/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
/*
 * What was found in an input, and to whom it is told.
 *
 * Readers find records and problems; a report shows them, as text or as JSON. Neither knows the other.
 */
#ifndef SAP_TOOL_RECORD_H
#define SAP_TOOL_RECORD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <sap/area.h>
#include <sap/fields.h>
#include <sap/status.h>

#include "image.h"
#include "input.h"

/* Where and when a message was seen, if its input tells: a capture or a trace. */
struct sighting {
	uint32_t number;       /* of the record, or of the line, from 1; 0: the input has none */
	char time[32];	       /* seconds, in digits */
	enum sap_direction to; /* 0: not told */
	uint8_t sap_version;   /* 0: not told */
};

/* What an input may leave out of a message. */
enum {
	RECORD_NO_LEN = 1,
	RECORD_NO_SEQ = 2,
	RECORD_NO_PAYLOAD = 4,
};

/* One message as it stands in an input. */
struct record {
	const struct sap_message_info *info; /* null for a type in no table */
	bool me;			     /* an ME message, else a SAP message */
	bool queued;			     /* it lies in a queue ... */
	enum sap_queue_id queue;	     /* ... this one */
	bool history;			     /* ... from which it was taken already */
	uint32_t offset;		     /* its first byte in the input */
	uint32_t type;
	uint32_t len; /* as its header says */
	uint32_t seq;
	const uint8_t *payload; /* what there is of it */
	uint32_t payload_len;
	unsigned int left_out; /* of RECORD_NO_* */
	struct sighting seen;
};

/* Fills in a record from the bytes of a message, header first; `n` suffices for the header. */
void record_of_me(struct record *record, const uint8_t *bytes, uint32_t n, uint32_t offset);
void record_of_sap(struct record *record, const uint8_t *bytes, uint32_t n, uint32_t offset);

/* Something that is wrong with an input. */
struct problem {
	uint32_t offset; /* at which byte */
	uint32_t number; /* in which record or line; 0: the input has none */
	enum sap_status status;
	bool queued;
	enum sap_queue_id queue;
	char text[200];
};

struct report;

/* How one kind of report shows what it is told. */
struct report_ops {
	void (*input)(struct report *report, const struct input *input, const struct image *image);
	/* What is told next lies in this queue. */
	void (*queue)(struct report *report, enum sap_queue_id queue, uint32_t taken, uint32_t pending);
	void (*record)(struct report *report, const struct record *record);
	void (*problem)(struct report *report, const struct problem *problem);
	/* Something that one should know, and that is not wrong; at a record or line. */
	void (*remark)(struct report *report, uint32_t number, const char *text);
	void (*end)(struct report *report);
};

/* A report, and what it was told so far. */
struct report {
	const struct report_ops *ops;
	uint32_t messages;
	uint32_t problems;
	struct problem first; /* of the problems */
	enum input_kind kind;
	uint32_t other_lines; /* of a trace: those that are no events of SAP */
	uint64_t lost_events; /* of a trace: as it says itself */
};

void report_input(struct report *report, const struct input *input, const struct image *image);
void report_queue(struct report *report, enum sap_queue_id queue, uint32_t taken, uint32_t pending);
void report_record(struct report *report, const struct record *record);
void report_end(struct report *report);

/* Tells a problem at a byte; printf. */
__attribute__((format(printf, 4, 5))) void report_problem(struct report *report, uint32_t offset,
							  enum sap_status status, const char *format, ...);

/* Tells a problem of a record; printf. */
__attribute__((format(printf, 4, 5))) void report_bad_record(struct report *report,
							     const struct record *record,
							     enum sap_status status, const char *format, ...);

/* Tells something that is not wrong; printf. */
__attribute__((format(printf, 3, 4))) void report_remark(struct report *report, uint32_t number,
							 const char *format, ...);

/* What parts of that input are called: "record", "line" or "byte". */
const char *report_unit(const struct report *report);

/* The short name of a queue in JSON and options ("host_notif"), and the queue of that name. */
const char *queue_key(enum sap_queue_id queue);
bool queue_of_key(const char *key, enum sap_queue_id *queue);

/* The name of a record's type, or "type 514" in `buffer`. */
const char *record_name(const struct record *record, char buffer[24]);

#endif
