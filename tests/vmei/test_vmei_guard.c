// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
/*
 * The guard of the kernel module: what may reach the MEI core, and what must not. Frames are written by hand from
 * docs/protocol/mei.md section 2. Each frame lies in memory of just its size, so that a sanitizer sees a byte
 * too far.
 */
#include "guard.h"
#include "support.h"
#include "vmei_uapi.h"

enum {
	ECHO = 0x20,
	SINGLE = 0x21,
	FIXED = 7,
	HOST = 3
};

static struct vmei_guard *fresh(void)
{
	struct vmei_guard *guard = malloc(sizeof(*guard));

	vmei_guard_reset(guard);
	return guard;
}

static enum vmei_verdict fw(struct vmei_guard *guard, const uint8_t *frame, size_t len)
{
	uint8_t *copy = malloc(len ? len : 1);
	enum vmei_verdict verdict;

	memcpy(copy, frame, len);
	verdict = vmei_guard_firmware(guard, copy, len);
	free(copy);
	return verdict;
}

#define FW(guard, ...) fw(guard, (const uint8_t[]){__VA_ARGS__}, sizeof((const uint8_t[]){__VA_ARGS__}))
#define HOST_SENDS(guard, ...) \
	vmei_guard_host(guard, (const uint8_t[]){__VA_ARGS__}, sizeof((const uint8_t[]){__VA_ARGS__}))

/* ADD_CLIENT with a GUID of one number. */
static enum vmei_verdict add(struct vmei_guard *guard, uint8_t me, uint8_t guid, uint8_t fixed, uint8_t flags,
			     uint32_t longest)
{
	uint8_t frame[32] = {0, 0, 28, 0x80, 0x0f, me};

	frame[8] = guid;
	frame[26] = fixed;
	frame[27] = flags;
	for (int i = 0; i < 4; i++)
		frame[28 + i] = (uint8_t)(longest >> 8 * i);
	return fw(guard, frame, sizeof(frame));
}

static struct vmei_guard *with_clients(void)
{
	struct vmei_guard *guard = fresh();

	assert_int_equal(add(guard, ECHO, 1, 0, 0, 5120), VMEI_PASS);
	assert_int_equal(add(guard, SINGLE, 2, 0, 1, 4096), VMEI_PASS);
	assert_int_equal(add(guard, FIXED, 3, FIXED, 0, 512), VMEI_PASS);
	return guard;
}

static struct vmei_guard *connected_to(uint8_t me)
{
	struct vmei_guard *guard = with_clients();

	HOST_SENDS(guard, 0, 0, 4, 0x80, 0x06, me, HOST, 0);
	assert_int_equal(FW(guard, 0, 0, 4, 0x80, 0x86, me, HOST, 0), VMEI_PASS);
	return guard;
}

static void headers(void **state)
{
	struct vmei_guard *guard = connected_to(ECHO);
	static uint8_t longest[VMEI_FRAME_MAX + 1] = {ECHO, HOST, 0xfc, 0x81};

	(void)state;
	HOST_SENDS(guard, 0, 0, 8, 0x80, 0x08, ECHO, HOST, 0, 0, 0, 0, 0);
	for (size_t len = 0; len < 4; len++)
		assert_int_equal(fw(guard, longest, len), VMEI_BAD_LENGTH);
	assert_int_equal(fw(guard, longest, VMEI_FRAME_MAX - 1), VMEI_BAD_LENGTH);
	longest[2] = 0xfd;
	assert_int_equal(fw(guard, longest, VMEI_FRAME_MAX + 1), VMEI_BAD_LENGTH);
	longest[2] = 0xfc;
	assert_int_equal(FW(guard, ECHO, HOST, 1, 0x82, 9), VMEI_BAD_HEADER);
	assert_int_equal(FW(guard, ECHO, HOST, 1, 0x84, 9), VMEI_BAD_HEADER);
	assert_int_equal(FW(guard, ECHO, HOST, 1, 0x88, 9), VMEI_BAD_HEADER);
	assert_int_equal(FW(guard, ECHO, HOST, 1, 0xa0, 9), VMEI_BAD_HEADER);
	assert_int_equal(FW(guard, 0, HOST, 1, 0x80, 9), VMEI_BAD_HEADER);
	assert_int_equal(fw(guard, longest, VMEI_FRAME_MAX), VMEI_PASS);
	free(guard);
}

static void extended_headers(void **state)
{
	struct vmei_guard *guard = connected_to(ECHO);

	(void)state;
	HOST_SENDS(guard, 0, 0, 8, 0x80, 0x08, ECHO, HOST, 0, 0, 0, 0, 0);
	assert_int_equal(FW(guard, ECHO, HOST, 3, 0x10, 1, 1, 0), VMEI_BAD_HEADER);
	assert_int_equal(FW(guard, ECHO, HOST, 4, 0x10, 0, 0, 0, 0), VMEI_BAD_HEADER);
	assert_int_equal(FW(guard, ECHO, HOST, 4, 0x10, 1, 1, 0, 0), VMEI_BAD_HEADER);
	assert_int_equal(FW(guard, ECHO, HOST, 8, 0x10, 1, 1, 0, 0, 1, 0, 7, 0), VMEI_BAD_HEADER);
	assert_int_equal(FW(guard, ECHO, HOST, 8, 0x10, 1, 1, 0, 0, 1, 2, 7, 0), VMEI_BAD_HEADER);
	assert_int_equal(FW(guard, ECHO, HOST, 8, 0x10, 2, 1, 0, 0, 1, 1, 7, 0), VMEI_BAD_HEADER);
	assert_int_equal(FW(guard, 0, 0, 8, 0x90, 1, 1, 0, 0, 1, 1, 7, 0), VMEI_BAD_HEADER);
	assert_int_equal(FW(guard, FIXED, 0, 8, 0x90, 1, 1, 0, 0, 1, 1, 7, 0), VMEI_BAD_CLIENT);
	assert_int_equal(FW(guard, ECHO, HOST, 9, 0x10, 1, 1, 0, 0, 1, 1, 7, 0, 'x'), VMEI_PASS);
	free(guard);
}

/* Each command a firmware may send, and how short it may be. Whatever comes, only these pass. */
static void commands(void **state)
{
	static const struct {
		uint8_t command, least;
	} known[] = {{0x81, 4}, {0x82, 4}, {0x03, 4}, {0x84, 36}, {0x86, 4},
		     {0x87, 4}, {0x07, 4}, {0x08, 8}, {0x0f, 28}, {0x85, 28},
		     {0x90, 8}, {0x11, 4}, {0x93, 4}, {0x94, 2},  {0x95, 2}};

	(void)state;
	for (unsigned int command = 0; command < 256; command++) {
		uint8_t frame[4 + 36] = {0, 0, 0, 0x80, (uint8_t)command};
		struct vmei_guard *guard = fresh();
		size_t least = 0;

		for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++)
			least = known[i].command == command ? known[i].least : least;
		for (uint8_t len = 1; len <= 36; len++) {
			enum vmei_verdict verdict;

			frame[2] = len;
			verdict = fw(guard, frame, 4 + (size_t)len);
			if (!least)
				assert_int_equal(verdict, VMEI_BAD_COMMAND);
			else if (len < least)
				assert_int_equal(verdict, VMEI_BAD_LENGTH);
			else
				assert_true(verdict != VMEI_BAD_LENGTH && verdict != VMEI_BAD_COMMAND);
		}
		free(guard);
	}
}

static void clients(void **state)
{
	struct vmei_guard *guard = with_clients();
	uint8_t bus[40] = {0, 0, 36, 0x80, 0x84, 0, 0, 0, 1};

	(void)state;
	assert_int_equal(add(guard, 0, 9, 0, 0, 64), VMEI_BAD_CLIENT);
	assert_int_equal(add(guard, 0x30, 9, 0, 0, VMEI_MESSAGE_MAX), VMEI_PASS);
	assert_int_equal(add(guard, 0x31, 9, 0, 0, VMEI_MESSAGE_MAX + 1), VMEI_BAD_CLIENT);
	assert_int_equal(add(guard, 0x31, 9, 0, 0, 0xff000000), VMEI_BAD_CLIENT);
	/* An address keeps its GUID and its kind until a reset. */
	assert_int_equal(add(guard, ECHO, 9, 0, 0, 5120), VMEI_BAD_CLIENT);
	assert_int_equal(add(guard, ECHO, 1, 0, 1, 5120), VMEI_BAD_CLIENT);
	assert_int_equal(add(guard, ECHO, 1, 1, 0, 5120), VMEI_BAD_CLIENT);
	assert_int_equal(add(guard, ECHO, 1, 0, 0, 100), VMEI_PASS);
	vmei_guard_reset(guard);
	assert_int_equal(add(guard, ECHO, 9, 0, 1, 5120), VMEI_PASS);

	assert_int_equal(fw(guard, bus, sizeof(bus)), VMEI_BAD_CLIENT);
	bus[8] = 0xfe;
	assert_int_equal(fw(guard, bus, sizeof(bus)), VMEI_PASS);
	free(guard);
}

static void properties(void **state)
{
	struct vmei_guard *guard = fresh();
	uint8_t answer[32] = {0, 0, 28, 0x80, 0x85, ECHO, 0, 0, 1};

	(void)state;
	answer[28] = 64;
	assert_int_equal(fw(guard, answer, sizeof(answer)), VMEI_BAD_ORDER);
	HOST_SENDS(guard, 0, 0, 4, 0x80, 0x05, SINGLE, 0, 0);
	assert_int_equal(fw(guard, answer, sizeof(answer)), VMEI_BAD_ORDER);
	HOST_SENDS(guard, 0, 0, 4, 0x80, 0x05, ECHO, 0, 0);
	answer[31] = 1; /* too long: and the question stands */
	assert_int_equal(fw(guard, answer, sizeof(answer)), VMEI_BAD_CLIENT);
	answer[31] = 0;
	assert_int_equal(fw(guard, answer, sizeof(answer)), VMEI_PASS);
	assert_int_equal(fw(guard, answer, sizeof(answer)), VMEI_BAD_ORDER);
	/* One that is not there: nothing is remembered of it. */
	HOST_SENDS(guard, 0, 0, 4, 0x80, 0x05, SINGLE, 0, 0);
	answer[5] = SINGLE;
	answer[6] = 1;
	assert_int_equal(fw(guard, answer, sizeof(answer)), VMEI_PASS);
	assert_int_equal(FW(guard, 0, 0, 8, 0x80, 0x08, SINGLE, 0, 0, 0, 0, 0, 0), VMEI_BAD_CLIENT);
	assert_int_equal(FW(guard, 0, 0, 8, 0x80, 0x08, SINGLE, HOST, 0, 0, 0, 0, 0), VMEI_BAD_CLIENT);
	free(guard);
}

static void answers_to_nothing(void **state)
{
	struct vmei_guard *guard = with_clients();

	(void)state;
	assert_int_equal(FW(guard, 0, 0, 4, 0x80, 0x86, ECHO, HOST, 0), VMEI_LATE);
	HOST_SENDS(guard, 0, 0, 4, 0x80, 0x06, ECHO, HOST, 0);
	assert_int_equal(FW(guard, 0, 0, 4, 0x80, 0x86, SINGLE, HOST, 0), VMEI_LATE);
	assert_int_equal(FW(guard, 0, 0, 4, 0x80, 0x86, ECHO, HOST + 1, 0), VMEI_LATE);
	assert_int_equal(FW(guard, 0, 0, 4, 0x80, 0x87, ECHO, HOST, 0), VMEI_LATE);
	assert_int_equal(FW(guard, 0, 0, 4, 0x80, 0x86, ECHO, HOST, 0), VMEI_PASS);
	assert_int_equal(FW(guard, 0, 0, 4, 0x80, 0x86, ECHO, HOST, 0), VMEI_LATE);
	/* The host gave up and disconnects: the answer to its first question is late. */
	HOST_SENDS(guard, 0, 0, 4, 0x80, 0x06, ECHO, 9, 0);
	HOST_SENDS(guard, 0, 0, 4, 0x80, 0x07, ECHO, 9, 0);
	assert_int_equal(FW(guard, 0, 0, 4, 0x80, 0x86, ECHO, 9, 0), VMEI_LATE);
	assert_int_equal(FW(guard, 0, 0, 4, 0x80, 0x87, ECHO, 9, 0), VMEI_PASS);
	assert_int_equal(FW(guard, 0, 0, 4, 0x80, 0x87, ECHO, 9, 0), VMEI_LATE);
	/* That answer did not come, and the host connects anew: it is late for ever. */
	HOST_SENDS(guard, 0, 0, 4, 0x80, 0x07, ECHO, 9, 0);
	HOST_SENDS(guard, 0, 0, 4, 0x80, 0x06, ECHO, 9, 0);
	assert_int_equal(FW(guard, 0, 0, 4, 0x80, 0x87, ECHO, 9, 0), VMEI_LATE);
	/* Refused: there is no connection. */
	assert_int_equal(FW(guard, 0, 0, 4, 0x80, 0x86, ECHO, 9, 3), VMEI_PASS);
	assert_int_equal(FW(guard, 0, 0, 4, 0x80, 0x11, ECHO, 9, 0), VMEI_BAD_ORDER);
	/* Notifications: on is no answer to off. */
	HOST_SENDS(guard, 0, 0, 4, 0x80, 0x10, ECHO, HOST, 1);
	assert_int_equal(FW(guard, 0, 0, 8, 0x80, 0x90, ECHO, HOST, 0, 0, 0, 0, 0), VMEI_LATE);
	assert_int_equal(FW(guard, 0, 0, 8, 0x80, 0x90, ECHO, HOST, 0, 1, 0, 0, 0), VMEI_PASS);
	assert_int_equal(FW(guard, 0, 0, 8, 0x80, 0x90, ECHO, HOST, 0, 1, 0, 0, 0), VMEI_LATE);
	free(guard);
}

/* The second "no such client" about one that is gone is made a plain refusal. */
static void client_goes_once(void **state)
{
	struct vmei_guard *guard = with_clients();
	uint8_t answer[8] = {0, 0, 4, 0x80, 0x86, ECHO, HOST, 1};

	(void)state;
	HOST_SENDS(guard, 0, 0, 4, 0x80, 0x06, ECHO, HOST, 0);
	HOST_SENDS(guard, 0, 0, 4, 0x80, 0x06, ECHO, HOST + 1, 0);
	assert_int_equal(vmei_guard_firmware(guard, answer, sizeof(answer)), VMEI_PASS);
	assert_int_equal(answer[7], 1);
	answer[6] = HOST + 1;
	assert_int_equal(vmei_guard_firmware(guard, answer, sizeof(answer)), VMEI_PASS);
	assert_int_equal(answer[7], 3);
	/* It comes again, and may go again. */
	assert_int_equal(add(guard, ECHO, 1, 0, 0, 5120), VMEI_PASS);
	HOST_SENDS(guard, 0, 0, 4, 0x80, 0x06, ECHO, HOST, 0);
	answer[6] = HOST;
	answer[7] = 1;
	assert_int_equal(vmei_guard_firmware(guard, answer, sizeof(answer)), VMEI_PASS);
	assert_int_equal(answer[7], 1);
	free(guard);
}

static void credits(void **state)
{
	struct vmei_guard *guard = connected_to(ECHO);

	(void)state;
	assert_int_equal(FW(guard, 0, 0, 8, 0x80, 0x08, ECHO, HOST, 0, 0, 0, 0, 0), VMEI_PASS);
	assert_int_equal(FW(guard, 0, 0, 8, 0x80, 0x08, ECHO, 0, 0, 0, 0, 0, 0), VMEI_BAD_CLIENT);
	assert_int_equal(FW(guard, 0, 0, 8, 0x80, 0x08, SINGLE, 0, 0, 0, 0, 0, 0), VMEI_PASS);
	assert_int_equal(FW(guard, 0, 0, 8, 0x80, 0x08, SINGLE, HOST, 0, 0, 0, 0, 0), VMEI_BAD_CLIENT);
	assert_int_equal(FW(guard, 0, 0, 8, 0x80, 0x08, 0x77, HOST, 0, 0, 0, 0, 0), VMEI_BAD_CLIENT);
	assert_int_equal(FW(guard, 0, 0, 8, 0x80, 0x08, ECHO, 9, 0, 0, 0, 0, 0), VMEI_BAD_ORDER);

	/* The host's: one a message, whatever its pieces. */
	assert_int_equal(FW(guard, ECHO, HOST, 1, 0x80, 'a'), VMEI_NO_CREDIT);
	HOST_SENDS(guard, 0, 0, 8, 0x80, 0x08, ECHO, HOST, 0, 0, 0, 0, 0);
	assert_int_equal(FW(guard, ECHO, HOST, 1, 0x00, 'a'), VMEI_PASS);
	assert_int_equal(FW(guard, ECHO, HOST, 1, 0x00, 'a'), VMEI_PASS);
	assert_int_equal(FW(guard, ECHO, HOST, 1, 0x80, 'a'), VMEI_PASS);
	assert_int_equal(FW(guard, ECHO, HOST, 1, 0x80, 'a'), VMEI_NO_CREDIT);
	/* As many as can be counted, and no more. */
	for (int i = 0; i < 256; i++)
		HOST_SENDS(guard, 0, 0, 8, 0x80, 0x08, ECHO, HOST, 0, 0, 0, 0, 0);
	assert_int_equal(FW(guard, ECHO, HOST, 1, 0x80, 'a'), VMEI_PASS);
	/* A new connection of the same address begins without. */
	HOST_SENDS(guard, 0, 0, 8, 0x80, 0x08, ECHO, HOST, 0, 0, 0, 0, 0);
	HOST_SENDS(guard, 0, 0, 4, 0x80, 0x06, ECHO, HOST, 0);
	assert_int_equal(FW(guard, ECHO, HOST, 1, 0x80, 'a'), VMEI_BAD_ORDER);
	assert_int_equal(FW(guard, 0, 0, 4, 0x80, 0x86, ECHO, HOST, 0), VMEI_PASS);
	assert_int_equal(FW(guard, ECHO, HOST, 1, 0x80, 'a'), VMEI_NO_CREDIT);
	/* A fixed address needs none, and no connection. */
	assert_int_equal(FW(guard, FIXED, 0, 1, 0x80, 'a'), VMEI_PASS);
	assert_int_equal(FW(guard, ECHO, 0, 1, 0x80, 'a'), VMEI_BAD_CLIENT);
	assert_int_equal(FW(guard, FIXED, 9, 1, 0x80, 'a'), VMEI_BAD_ORDER);
	free(guard);
}

/* The core keeps what a fixed address says until somebody reads it, each message in a buffer of the longest. */
static void fixed_addresses(void **state)
{
	static const uint8_t piece[4 + 300] = {FIXED, 0, 300 & 0xff, 300 >> 8};
	struct vmei_guard *guard = with_clients();

	(void)state;
	for (int i = 0; i < 4; i++)
		assert_int_equal(FW(guard, FIXED, 0, 1, 0x80, 'a'), VMEI_PASS);
	assert_int_equal(FW(guard, FIXED, 0, 1, 0x80, 'a'), VMEI_NO_CREDIT);
	assert_int_equal(FW(guard, FIXED, 0, 1, 0x00, 'a'), VMEI_NO_CREDIT);
	/* Coming anew brings nothing, nor does half of what the host says, nor what it says to others. */
	assert_int_equal(add(guard, FIXED, 3, FIXED, 0, 512), VMEI_PASS);
	HOST_SENDS(guard, FIXED, 0, 1, 0x00, 'q');
	HOST_SENDS(guard, FIXED, HOST, 1, 0x80, 'q');
	HOST_SENDS(guard, FIXED + 1, 0, 1, 0x80, 'q');
	assert_int_equal(FW(guard, FIXED, 0, 1, 0x80, 'a'), VMEI_NO_CREDIT);

	/* A message in pieces is one, and no longer than it may be. */
	HOST_SENDS(guard, FIXED, 0, 1, 0x80, 'q');
	assert_int_equal(fw(guard, piece, sizeof(piece)), VMEI_PASS);
	assert_int_equal(fw(guard, piece, sizeof(piece)), VMEI_BAD_LENGTH);
	for (int i = 0; i < 212; i++)
		assert_int_equal(FW(guard, FIXED, 0, 1, 0x00, 'a'), VMEI_PASS);
	assert_int_equal(FW(guard, FIXED, 0, 1, 0x80, 'a'), VMEI_BAD_LENGTH);
	assert_int_equal(FW(guard, FIXED, 0, 0, 0x80), VMEI_PASS);
	for (int i = 0; i < 3; i++)
		assert_int_equal(fw(guard, (const uint8_t[]){FIXED, 0, 1, 0x80, 'a'}, 5), VMEI_PASS);
	assert_int_equal(FW(guard, FIXED, 0, 1, 0x80, 'a'), VMEI_NO_CREDIT);

	/* What is saved up has an end. */
	for (int i = 0; i < 300; i++)
		HOST_SENDS(guard, FIXED, 0, 1, 0x80, 'q');
	for (int i = 0; i < 64; i++)
		assert_int_equal(FW(guard, FIXED, 0, 1, 0x80, 'a'), VMEI_PASS);
	assert_int_equal(FW(guard, FIXED, 0, 1, 0x80, 'a'), VMEI_NO_CREDIT);

	/* Its longest message stays what it is. An address without fixedness may change its own. */
	assert_int_equal(add(guard, FIXED, 3, FIXED, 0, 4096), VMEI_BAD_CLIENT);
	assert_int_equal(add(guard, ECHO, 1, 0, 0, 4096), VMEI_PASS);
	free(guard);
}

/* Who closes, and what crosses it. */
static void endings(void **state)
{
	struct vmei_guard *guard = connected_to(ECHO);

	(void)state;
	HOST_SENDS(guard, 0, 0, 8, 0x80, 0x08, ECHO, HOST, 0, 0, 0, 0, 0);
	HOST_SENDS(guard, 0, 0, 4, 0x80, 0x07, ECHO, HOST, 0);
	assert_int_equal(FW(guard, ECHO, HOST, 1, 0x80, 'a'), VMEI_LATE);
	assert_int_equal(FW(guard, 0, 0, 8, 0x80, 0x08, ECHO, HOST, 0, 0, 0, 0, 0), VMEI_LATE);
	assert_int_equal(FW(guard, 0, 0, 4, 0x80, 0x11, ECHO, HOST, 0), VMEI_LATE);
	assert_int_equal(FW(guard, 0, 0, 4, 0x80, 0x07, ECHO, HOST, 0), VMEI_LATE);
	assert_int_equal(FW(guard, 0, 0, 4, 0x80, 0x87, ECHO, HOST, 0), VMEI_PASS);
	assert_int_equal(FW(guard, ECHO, HOST, 1, 0x80, 'a'), VMEI_BAD_ORDER);
	assert_int_equal(FW(guard, 0, 0, 4, 0x80, 0x07, ECHO, HOST, 0), VMEI_BAD_ORDER);
	free(guard);

	guard = connected_to(ECHO);
	HOST_SENDS(guard, 0, 0, 8, 0x80, 0x08, ECHO, HOST, 0, 0, 0, 0, 0);
	assert_int_equal(FW(guard, 0, 0, 4, 0x80, 0x11, ECHO, HOST, 0), VMEI_PASS);
	HOST_SENDS(guard, 0, 0, 4, 0x80, 0x10, ECHO, HOST, 1);
	assert_int_equal(FW(guard, 0, 0, 4, 0x80, 0x07, ECHO, HOST, 0), VMEI_PASS);
	assert_int_equal(FW(guard, 0, 0, 4, 0x80, 0x07, ECHO, HOST, 0), VMEI_LATE);
	assert_int_equal(FW(guard, ECHO, HOST, 1, 0x80, 'a'), VMEI_LATE);
	HOST_SENDS(guard, 0, 0, 4, 0x80, 0x87, ECHO, HOST, 0);
	assert_int_equal(FW(guard, ECHO, HOST, 1, 0x80, 'a'), VMEI_BAD_ORDER);
	assert_int_equal(FW(guard, 0, 0, 8, 0x80, 0x90, ECHO, HOST, 0, 1, 0, 0, 0), VMEI_LATE);
	free(guard);
}

/* What the host sends is the core's, but nothing is taken for granted of its length. */
static void short_host_frames(void **state)
{
	static const uint8_t frame[8] = {0, 0, 4, 0x80, 0x06, ECHO, HOST, 0};
	struct vmei_guard *guard = with_clients();

	(void)state;
	for (size_t len = 0; len < sizeof(frame); len++) {
		uint8_t *copy = malloc(len ? len : 1);

		memcpy(copy, frame, len);
		vmei_guard_host(guard, copy, len);
		free(copy);
	}
	assert_int_equal(FW(guard, 0, 0, 4, 0x80, 0x86, ECHO, HOST, 0), VMEI_LATE);
	for (int verdict = -1; verdict <= VMEI_VERDICTS; verdict++)
		assert_non_null(vmei_verdict_text((enum vmei_verdict)verdict));
	free(guard);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(headers),	     cmocka_unit_test(extended_headers),
		cmocka_unit_test(commands),	     cmocka_unit_test(clients),
		cmocka_unit_test(properties),	     cmocka_unit_test(answers_to_nothing),
		cmocka_unit_test(client_goes_once),  cmocka_unit_test(credits),
		cmocka_unit_test(fixed_addresses),   cmocka_unit_test(endings),
		cmocka_unit_test(short_host_frames),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
