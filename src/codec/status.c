// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
/* Statuses in words. */
#include <sap/status.h>

enum sap_status_group sap_status_group(enum sap_status status)
{
	if (status == SAP_OK)
		return SAP_GROUP_OK;
	if (sap_status_name(status)[0] == '?')
		return SAP_GROUP_USAGE;
	return (enum sap_status_group)(-(status / 100));
}

bool sap_status_took(enum sap_status status)
{
	return status == SAP_OK || status == SAP_UNKNOWN_TYPE || status == SAP_TOO_SHORT ||
	       status == SAP_TOO_LONG;
}

const char *sap_status_name(enum sap_status status)
{
	switch (status) {
#define NAME(name)       \
	case SAP_##name: \
		return #name
		NAME(OK);
		NAME(INVALID);
		NAME(TOO_SMALL);
		NAME(MISALIGNED);
		NAME(BAD_VALUE);
		NAME(WRONG_QUEUE);
		NAME(NOT_RESERVED);
		NAME(NOT_OPEN);
		NAME(NOT_UP);
		NAME(WRONG_STATE);
		NAME(TOO_SHORT);
		NAME(UNKNOWN_TYPE);
		NAME(CORRUPT);
		NAME(BAD_MAGIC);
		NAME(BAD_LAYOUT);
		NAME(BAD_VERSION);
		NAME(CLOSED);
		NAME(UNSUPPORTED);
		NAME(IO);
		NAME(NO_ROOM);
		NAME(TOO_LONG);
		NAME(AGAIN);
		NAME(BUSY);
#undef NAME
	}
	return "?";
}

const char *sap_strerror(enum sap_status status)
{
	switch (status) {
	case SAP_OK:
		return "done";
	case SAP_INVALID:
		return "an argument is missing or out of range";
	case SAP_TOO_SMALL:
		return "the memory given is too small";
	case SAP_MISALIGNED:
		return "the memory does not start at a multiple of 4 bytes";
	case SAP_BAD_VALUE:
		return "a value does not fit its field";
	case SAP_WRONG_QUEUE:
		return "this side does not write messages of this type";
	case SAP_NOT_RESERVED:
		return "nothing was reserved";
	case SAP_NOT_OPEN:
		return "the lane is closed";
	case SAP_NOT_UP:
		return "SAP is down or AMT is off";
	case SAP_WRONG_STATE:
		return "the state does not allow this call";
	case SAP_TOO_SHORT:
		return "fewer bytes than the message demands";
	case SAP_UNKNOWN_TYPE:
		return "the type is in no table";
	case SAP_CORRUPT:
		return "an index or a length that no honest peer writes";
	case SAP_BAD_MAGIC:
		return "the mark SAP! is missing";
	case SAP_BAD_LAYOUT:
		return "the sizes are not those of the layout";
	case SAP_BAD_VERSION:
		return "a version that was not offered or is not spoken";
	case SAP_CLOSED:
		return "the connection has ended";
	case SAP_UNSUPPORTED:
		return "the transport or the peer cannot do this";
	case SAP_IO:
		return "the transport failed";
	case SAP_NO_ROOM:
		return "the queue is too full now";
	case SAP_TOO_LONG:
		return "too long for the buffer or the queue";
	case SAP_AGAIN:
		return "nothing there yet";
	case SAP_BUSY:
		return "something of the same kind is under way";
	}
	return "no status";
}
