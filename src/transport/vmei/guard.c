// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
/*
 * What a firmware may say to the host. Facts: docs/protocol/mei.md, section 2, and what Linux 6.1 does with
 * frames that are wrong (docs/vmei.md, "What is refused, and why").
 */
#include "guard.h"
#include "vmei_uapi.h"

/* HBM commands; a response has bit 7 set. */
enum {
	HOST_START_RES = 0x81,
	HOST_STOP_RES = 0x82,
	ME_STOP = 0x03,
	ENUM_RES = 0x84,
	PROPERTIES = 0x05,
	PROPERTIES_RES = 0x85,
	CONNECT = 0x06,
	CONNECT_RES = 0x86,
	DISCONNECT = 0x07,
	DISCONNECT_RES = 0x87,
	FLOW_CONTROL = 0x08,
	ADD_CLIENT = 0x0f,
	NOTIFY = 0x10,
	NOTIFY_RES = 0x90,
	NOTIFICATION = 0x11,
	CAPABILITIES_RES = 0x93,
	DMA_MAP_RES = 0x94,
	DMA_UNMAP_RES = 0x95,
};

/* struct vmei_guard_connection's state. */
enum {
	CLOSED,
	CONNECTING,
	OPEN,
	HOST_CLOSES,
	FIRMWARE_CLOSES
};

/* Its awaited answers. */
enum {
	AWAIT_CONNECT = 1,
	AWAIT_DISCONNECT = 2,
	AWAIT_NOTIFY_START = 4,
	AWAIT_NOTIFY_STOP = 8
};

/* Places of a client's properties in an HBM message of 28 bytes. */
enum {
	GUID_AT = 4,
	FIXED_AT = 22,
	FLAGS_AT = 23,
	LENGTH_AT = 24
};

#define STATUS_NOT_FOUND 1
#define STATUS_REJECTED	 3
#define SINGLE_BUFFER	 0x01

/* Messages of a fixed address: as it comes, for each of the host's, and saved up. */
#define FIXED_BUDGET	  4
#define FIXED_BUDGET_MOST 64

static const char *const texts[VMEI_VERDICTS] = {
	[VMEI_PASS] = "passed",
	[VMEI_LATE] = "came too late",
	[VMEI_BAD_LENGTH] = "has a wrong length",
	[VMEI_BAD_HEADER] = "has a wrong header",
	[VMEI_BAD_COMMAND] = "is no command for the host",
	[VMEI_BAD_CLIENT] = "is about a client that cannot be",
	[VMEI_BAD_ORDER] = "is about nothing that the host asked or opened",
	[VMEI_NO_CREDIT] = "is a message that the host has no room for",
};

const char *vmei_verdict_text(enum vmei_verdict verdict)
{
	return (unsigned int)verdict < VMEI_VERDICTS ? texts[verdict] : "is unknown";
}

void vmei_guard_reset(struct vmei_guard *guard)
{
	memset(guard, 0, sizeof(*guard));
}

/* --- the frame's own header --- */

struct header {
	u8 me;
	u8 host;
	u16 length;
	bool extended;
	bool ring;
	bool reserved;
	bool complete;
};

static struct header header_of(const u8 *frame)
{
	u32 word = frame[0] | (u32)frame[1] << 8 | (u32)frame[2] << 16 | (u32)frame[3] << 24;
	struct header header = {
		.me = word & 0xff,
		.host = word >> 8 & 0xff,
		.length = word >> 16 & 0x1ff,
		.reserved = word >> 25 & 7,
		.extended = word >> 28 & 1,
		.ring = word >> 29 & 1,
		.complete = word >> 31 & 1,
	};

	return header;
}

/*
 * An extended header: a word that counts, then entries that name their own length in words. The core walks
 * them by that length and would never end at one of 0.
 */
static bool extension_adds_up(const u8 *ext, size_t len)
{
	size_t words, at, entries = 0;

	if (len < 4)
		return false;
	words = ext[1];
	if (words == 0 || 4 + 4 * words > len)
		return false;
	for (at = 0; at < words; at += ext[4 + 4 * at + 1]) {
		if (ext[4 + 4 * at + 1] == 0)
			return false;
		entries++;
	}
	return at == words && entries == ext[0];
}

/* --- what the host says --- */

static void host_connects(struct vmei_guard_connection *connection, u8 me)
{
	connection->me = me;
	connection->state = CONNECTING;
	connection->awaited = AWAIT_CONNECT;
	connection->credits = 0;
}

static void host_disconnects(struct vmei_guard_connection *connection)
{
	connection->state = HOST_CLOSES;
	connection->awaited = AWAIT_DISCONNECT;
}

static void host_hbm(struct vmei_guard *guard, const u8 *message, size_t len)
{
	struct vmei_guard_connection *connection;

	if (len < 4)
		return;
	if (message[0] == PROPERTIES) {
		guard->asking = true;
		guard->asked = message[1];
		return;
	}
	connection = &guard->connections[message[2]];
	switch (message[0]) {
	case CONNECT:
		host_connects(connection, message[1]);
		break;
	case DISCONNECT:
		host_disconnects(connection);
		break;
	case DISCONNECT_RES:
		connection->state = CLOSED;
		connection->awaited = 0;
		break;
	case FLOW_CONTROL:
		if (connection->credits < 255)
			connection->credits++;
		break;
	case NOTIFY:
		connection->awaited |= message[3] ? AWAIT_NOTIFY_START : AWAIT_NOTIFY_STOP;
		break;
	default:
		break;
	}
}

static void host_asks_fixed(struct vmei_guard_client *client)
{
	if (client->budget <= FIXED_BUDGET_MOST - FIXED_BUDGET)
		client->budget += FIXED_BUDGET;
}

void vmei_guard_host(struct vmei_guard *guard, const u8 *frame, size_t len)
{
	struct header header;

	if (len < 4)
		return;
	header = header_of(frame);
	if (header.host != 0)
		return;
	if (header.me == 0)
		host_hbm(guard, frame + 4, len - 4);
	else if (header.complete)
		host_asks_fixed(&guard->clients[header.me]);
}

/* --- what the firmware says about its clients --- */

/*
 * A new client, or one anew. An address keeps its GUID and its kind of buffer until the next reset: the core
 * has both in its own list for as long as anybody is connected. The core allocates a client's longest message
 * whole, and warns if it cannot. A fixed address keeps its longest message too: the core may still have the
 * old one, and its messages are measured by it.
 */
static enum vmei_verdict client_comes(struct vmei_guard *guard, u8 me, const u8 *message)
{
	struct vmei_guard_client *client = &guard->clients[me];
	bool single = message[FLAGS_AT] & SINGLE_BUFFER;
	bool fixed = message[FIXED_AT] != 0;
	u32 longest = message[LENGTH_AT] | (u32)message[LENGTH_AT + 1] << 8 |
		      (u32)message[LENGTH_AT + 2] << 16 | (u32)message[LENGTH_AT + 3] << 24;

	if (me == 0 || longest > VMEI_MESSAGE_MAX)
		return VMEI_BAD_CLIENT;
	if (client->known &&
	    (memcmp(client->guid, message + GUID_AT, sizeof(client->guid)) != 0 || client->single != single ||
	     client->fixed != fixed || (fixed && client->longest != longest)))
		return VMEI_BAD_CLIENT;
	if (!client->known)
		client->budget = FIXED_BUDGET;
	memcpy(client->guid, message + GUID_AT, sizeof(client->guid));
	client->known = true;
	client->single = single;
	client->fixed = fixed;
	client->longest = longest;
	client->gone = false;
	return VMEI_PASS;
}

static enum vmei_verdict properties_come(struct vmei_guard *guard, const u8 *message)
{
	enum vmei_verdict verdict = VMEI_PASS;

	if (!guard->asking || guard->asked != message[1])
		return VMEI_BAD_ORDER;
	if (message[2] == 0)
		verdict = client_comes(guard, message[1], message);
	if (verdict == VMEI_PASS)
		guard->asking = false;
	return verdict;
}

/* --- what it says about connections --- */

/* The core takes an answer that nobody waits for as one to somebody else's question. */
static bool answers(struct vmei_guard_connection *connection, const u8 *message, u8 awaited)
{
	if (connection->me != message[1] || !(connection->awaited & awaited))
		return false;
	connection->awaited &= ~awaited;
	return true;
}

/*
 * "No such client" removes the client from the core's list. Said twice about the same one, as two programs
 * that connect at a time may hear it, the core drops a reference that it does not have. So the second becomes
 * a plain refusal.
 */
static void client_goes(struct vmei_guard_client *client, u8 *status)
{
	if (client->gone)
		*status = STATUS_REJECTED;
	client->gone = true;
}

static enum vmei_verdict connect_answered(struct vmei_guard *guard, u8 *message)
{
	struct vmei_guard_connection *connection = &guard->connections[message[2]];

	if (!answers(connection, message, AWAIT_CONNECT))
		return VMEI_LATE;
	if (message[3] == STATUS_NOT_FOUND)
		client_goes(&guard->clients[message[1]], &message[3]);
	connection->state = message[3] == 0 ? OPEN : CLOSED;
	return VMEI_PASS;
}

static enum vmei_verdict disconnect_answered(struct vmei_guard *guard, const u8 *message)
{
	struct vmei_guard_connection *connection = &guard->connections[message[2]];

	if (!answers(connection, message, AWAIT_DISCONNECT))
		return VMEI_LATE;
	connection->state = CLOSED;
	return VMEI_PASS;
}

static enum vmei_verdict notify_answered(struct vmei_guard *guard, const u8 *message)
{
	u8 awaited = message[4] == 1 ? AWAIT_NOTIFY_START : AWAIT_NOTIFY_STOP;

	return answers(&guard->connections[message[2]], message, awaited) ? VMEI_PASS : VMEI_LATE;
}

/* Is there a connection between these two? One that the host is closing just now makes it late. */
static enum vmei_verdict connected(const struct vmei_guard_connection *connection, u8 me)
{
	if (connection->me != me || connection->state == CLOSED || connection->state == CONNECTING)
		return VMEI_BAD_ORDER;
	return connection->state == OPEN ? VMEI_PASS : VMEI_LATE;
}

/* The host answers each of these, and the core keeps what it prepared for a second one for ever. */
static enum vmei_verdict firmware_disconnects(struct vmei_guard *guard, const u8 *message)
{
	struct vmei_guard_connection *connection = &guard->connections[message[2]];
	enum vmei_verdict verdict = connected(connection, message[1]);

	if (verdict == VMEI_PASS)
		connection->state = FIRMWARE_CLOSES;
	return verdict;
}

/*
 * Credit of a client with one buffer goes to the client, other credit to the connection. The core warns at the
 * wrong one of the two, and with "single" and a connection's credit it counts below 0.
 */
static enum vmei_verdict credit_comes(const struct vmei_guard *guard, const u8 *message)
{
	const struct vmei_guard_client *client = &guard->clients[message[1]];

	if (!client->known || client->single != (message[2] == 0))
		return VMEI_BAD_CLIENT;
	if (client->single)
		return VMEI_PASS;
	return connected(&guard->connections[message[2]], message[1]);
}

/* --- HBM --- */

/* Least bytes of each command that a firmware may send to this device; 0: none may. */
static size_t least_bytes(u8 command)
{
	switch (command) {
	case HOST_START_RES:
	case HOST_STOP_RES:
	case ME_STOP:
	case CONNECT_RES:
	case DISCONNECT:
	case DISCONNECT_RES:
	case NOTIFICATION:
	case CAPABILITIES_RES:
		return 4;
	case ENUM_RES:
		return 36;
	case PROPERTIES_RES:
	case ADD_CLIENT:
		return 28;
	case FLOW_CONTROL:
	case NOTIFY_RES:
		return 8;
	case DMA_MAP_RES:
	case DMA_UNMAP_RES:
		return 2;
	default:
		return 0;
	}
}

static enum vmei_verdict firmware_hbm(struct vmei_guard *guard, u8 *message, size_t len)
{
	if (len == 0 || least_bytes(message[0]) == 0)
		return VMEI_BAD_COMMAND;
	if (len < least_bytes(message[0]))
		return VMEI_BAD_LENGTH;
	switch (message[0]) {
	case ENUM_RES: /* address 0 is the bus itself */
		return message[4] & 1 ? VMEI_BAD_CLIENT : VMEI_PASS;
	case PROPERTIES_RES:
		return properties_come(guard, message);
	case ADD_CLIENT:
		return client_comes(guard, message[1], message);
	case CONNECT_RES:
		return connect_answered(guard, message);
	case DISCONNECT:
		return firmware_disconnects(guard, message);
	case DISCONNECT_RES:
		return disconnect_answered(guard, message);
	case FLOW_CONTROL:
		return credit_comes(guard, message);
	case NOTIFY_RES:
		return notify_answered(guard, message);
	case NOTIFICATION:
		return connected(&guard->connections[message[2]], message[1]);
	default:
		return VMEI_PASS;
	}
}

/* --- messages of clients --- */

/*
 * A fixed address has no flow control, and the core allocates a client's longest message for each one that
 * begins, and again for what is longer than that. It keeps them until a program reads. So there is a budget,
 * which the host's messages fill up.
 */
static enum vmei_verdict fixed_message(struct vmei_guard_client *client, const struct header *header)
{
	if (!client->fixed || header->extended)
		return VMEI_BAD_CLIENT;
	if (header->length > client->longest - client->sent)
		return VMEI_BAD_LENGTH;
	if (!client->begun && client->budget == 0)
		return VMEI_NO_CREDIT;
	if (!client->begun)
		client->budget--;
	client->begun = !header->complete;
	client->sent = header->complete ? 0 : client->sent + header->length;
	return VMEI_PASS;
}

/* The core wants a reader for each message, and warns at one that it cannot account for. */
static enum vmei_verdict firmware_message(struct vmei_guard *guard, const struct header *header)
{
	struct vmei_guard_connection *connection = &guard->connections[header->host];
	enum vmei_verdict verdict;

	if (header->host == 0)
		return fixed_message(&guard->clients[header->me], header);
	verdict = connected(connection, header->me);
	if (verdict != VMEI_PASS)
		return verdict;
	if (connection->credits == 0)
		return VMEI_NO_CREDIT;
	if (header->complete)
		connection->credits--;
	return VMEI_PASS;
}

enum vmei_verdict vmei_guard_firmware(struct vmei_guard *guard, u8 *frame, size_t len)
{
	struct header header;

	if (len < 4 || len > VMEI_FRAME_MAX)
		return VMEI_BAD_LENGTH;
	header = header_of(frame);
	if (len != 4 + (size_t)header.length)
		return VMEI_BAD_LENGTH;
	if (header.reserved || header.ring)
		return VMEI_BAD_HEADER;
	if (header.me == 0)
		return header.host == 0 && !header.extended ? firmware_hbm(guard, frame + 4, len - 4)
							    : VMEI_BAD_HEADER;
	if (header.extended && !extension_adds_up(frame + 4, len - 4))
		return VMEI_BAD_HEADER;
	return firmware_message(guard, &header);
}
