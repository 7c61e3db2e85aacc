/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
/*
 * An input: the bytes of a file, or those that its hex text stands for, and what they seem to be.
 */
#ifndef SAP_TOOL_INPUT_H
#define SAP_TOOL_INPUT_H

#include <stdbool.h>

#include "command.h"
#include "hextext.h"
#include "memory.h"
#include "source.h"

enum input_kind {
	INPUT_UNKNOWN = 0, /* to be found out; or it was tried, in vain */
	INPUT_AREA,	   /* an image of the shared area */
	INPUT_ME,	   /* ME messages, one a segment */
	INPUT_SAP,	   /* SAP messages, back to back */
	INPUT_PCAP,	   /* a capture: records with one message each */
	INPUT_TRACE,	   /* the text of a trace of the Linux driver */
};

/* A piece that stands for itself: the whole file, or what empty lines part in hex text. */
struct segment {
	const uint8_t *bytes;
	uint32_t len;
	uint32_t offset; /* of its first byte, from the input's start */
};

struct input {
	const char *name; /* for people */
	enum input_kind kind;
	bool is_hex;	      /* it was hex text: offsets count the bytes that it stands for */
	const uint8_t *bytes; /* all of it */
	uint32_t len;
	size_t segments;    /* how many; ask for each */
	struct source file; /* what was read; of a capture or a trace only its start, and the rest to come */
	struct hextext hextext; /* what came of that, if it was hex text; `why` says if it did not hold */
};

/*
 * Reads a file and finds out what it is.
 *
 * `as` is what somebody knows it to be, or INPUT_UNKNOWN; `hex` says that it must be hex text. A kind that
 * stays INPUT_UNKNOWN was not recognised. Only a file that cannot be read is a failure here; the person
 * was told. input_close() follows either way.
 */
enum outcome input_open(struct input *input, const char *command, const char *path, enum input_kind as,
			bool hex);
void input_close(struct input *input);

struct segment input_segment(const struct input *input, size_t index);

#endif
