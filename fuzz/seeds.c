// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
/*
 * Makes what fuzzing starts from: `fuzz_seeds CAPTURES OUT` writes its files below OUT/<target>, from the captured
 * areas and messages and from the declaration, and OUT/sap.dict, the numbers that mean something.
 *
 * Nothing of it is kept in the tree: what can be made is not stored.
 */
/* With large files, a 32-bit program can list directories of any file system. */
#define _POSIX_C_SOURCE	  200809L
#define _FILE_OFFSET_BITS 64

#include "fuzz.h"
#include "random.h"
#include "queue_ops.h"

#include <sap/mei/fields.h>
#include <sap/mei/loopback.h>

#include <dirent.h>
#include <errno.h>
#include <stdarg.h>
#include <sys/stat.h>

enum {
	LONGEST_NAME = 512,
	LARGEST_FILE = 1 << 20,
	LARGEST_SEED = 1 << 17
};

static const char *out_dir;

static void die(const char *what)
{
	fprintf(stderr, "fuzz_seeds: %s: %s\n", what, strerror(errno));
	exit(1);
}

static void make_dir(const char *path)
{
	if (mkdir(path, 0777) && errno != EEXIST)
		die(path);
}

__attribute__((format(printf, 3, 4))) static void write_seed(const uint8_t *bytes, size_t len,
							     const char *format, ...)
{
	char path[LONGEST_NAME];
	char name[LONGEST_NAME / 2];
	va_list args;
	FILE *file;

	va_start(args, format);
	vsnprintf(name, sizeof(name), format, args);
	va_end(args);
	snprintf(path, sizeof(path), "%s/%s", out_dir, name);
	file = fopen(path, "wb");
	if (!file || fwrite(bytes, 1, len, file) != len || fclose(file))
		die(path);
}

/* --- from the captures --- */

/* How the fuzz target for areas takes one: kind, choice, control block, mark, and what lies at each rd. */
static size_t area_seed(const uint8_t *image, const struct sap_layout *layout, uint8_t *seed)
{
	size_t n = 0;

	seed[n++] = (uint8_t)((layout->version == SAP_PROTOCOL_3 ? 0 : 1) | 4);
	seed[n++] = 200;
	memcpy(seed + n, image, SAP_CONTROL_BLOCK_SIZE);
	n += SAP_CONTROL_BLOCK_SIZE;
	memcpy(seed + n, image + layout->trailer, 4);
	n += 4;
	for (uint32_t q = 0; q < SAP_QUEUES; q++) {
		const struct sap_extent *queue = &layout->queue[q];
		uint32_t wr = word_at(image + words_of(q));
		uint32_t rd = word_at(image + words_of(q) + 4);
		uint32_t len = (wr + queue->size - rd) % queue->size;

		seed[n++] = (uint8_t)len;
		seed[n++] = (uint8_t)(len >> 8);
		for (uint32_t i = 0; i < len; i++)
			seed[n++] = image[queue->offset + (rd + i) % queue->size];
	}
	return n;
}

/* Each message that waits in an area becomes a seed of its own. */
static void seeds_from_area(uint8_t *image, size_t len, const struct sap_layout *layout, const char *name)
{
	uint8_t *seed = fresh(LARGEST_SEED, 0);
	uint8_t *whole = fresh(len + 2, 3);
	struct sap_consumer in;
	struct sap_area area;
	uint32_t n;

	memcpy(whole + 2, image, len);
	write_seed(whole, len + 2, "area-images/%s", name);
	write_seed(seed, area_seed(image, layout, seed), "area/%s", name);
	if (sap_area_adopt(&area, layout, image, (uint32_t)len, NULL) != SAP_OK)
		die(name);
	for (uint32_t q = 0; q < SAP_QUEUES; q++) {
		if (sap_consumer_init(&in, &area, (enum sap_queue_id)q) != SAP_OK)
			die(name);
		while (sap_consumer_next(&in, &area, seed, LARGEST_SEED, &n) == SAP_OK)
			write_seed(seed, n, "message/%s-%u-%u", name, (unsigned)q,
				   (unsigned)in.counters.taken);
	}
	free(whole);
	free(seed);
}

static void seeds_from_file(const char *dir, const char *name)
{
	uint8_t *bytes = fresh(LARGEST_FILE, 0);
	const struct sap_layout *layout;
	char path[LONGEST_NAME];
	FILE *file;
	size_t len;

	snprintf(path, sizeof(path), "%s/%s", dir, name);
	file = fopen(path, "rb");
	if (!file)
		die(path);
	len = fread(bytes, 1, LARGEST_FILE, file);
	fclose(file);
	layout = sap_area_recognise(bytes, len);
	if (layout && len == layout->size)
		seeds_from_area(bytes, len, layout, name);
	else if (strstr(name, "me-msg"))
		write_seed(bytes, len, "me/%s", name);
	free(bytes);
}

static uint32_t seeds_from_captures(const char *dir)
{
	DIR *list = opendir(dir);
	struct dirent *entry;
	uint32_t n = 0;

	if (!list)
		die(dir);
	errno = 0;
	while ((entry = readdir(list))) {
		size_t len = strlen(entry->d_name);

		if (len > 4 && !strcmp(entry->d_name + len - 4, ".bin")) {
			seeds_from_file(dir, entry->d_name);
			n++;
		}
		errno = 0;
	}
	if (errno)
		die(dir);
	closedir(list);
	return n;
}

/* --- from the declaration --- */

/* One of each message, as short as it may be and a little longer, every byte another one. */
static void seeds_from_declaration(void)
{
	enum {
		EXTRA = 20
	};
	const struct sap_message_info *info;

	for (uint32_t i = 0; (info = sap_info_at(i)); i++) {
		uint32_t head = info->carrier == SAP_IN_ME ? SAP_ME_HEADER_SIZE : SAP_HEADER_SIZE;
		uint32_t most = info->least + EXTRA;
		uint8_t *bytes = fresh(head + most, 0);

		for (uint32_t k = 0; k < most; k++)
			bytes[head + k] = (uint8_t)(k * 7 + 1);
		for (uint32_t len = info->least; len <= most; len += EXTRA) {
			if (info->carrier == SAP_IN_ME) {
				set_word(bytes, info->type);
				set_word(bytes + 8, head + len);
				write_seed(bytes, head + len, "me/%s-%u", info->name, (unsigned)len);
			} else {
				set_word(bytes, info->type | len << 16);
				write_seed(bytes, head + len, "message/%s-%u", info->name, (unsigned)len);
			}
		}
		free(bytes);
	}
}

static void dictionary(void)
{
	const struct sap_message_info *info;
	char path[LONGEST_NAME];
	FILE *file;

	snprintf(path, sizeof(path), "%s/sap.dict", out_dir);
	file = fopen(path, "w");
	if (!file)
		die(path);
	fprintf(file, "mark=\"SAP!\"\n");
	for (uint32_t i = 0; (info = sap_info_at(i)); i++) {
		uint8_t word[4];

		set_word(word, info->carrier == SAP_IN_ME ? info->type : info->type | info->least << 16);
		fprintf(file, "%s=\"\\x%02x\\x%02x\\x%02x\\x%02x\"\n", info->name, word[0], word[1], word[2],
			word[3]);
	}
	if (fclose(file))
		die(path);
}

/* --- for the queue: rows of steps (queue_ops.h) --- */

static uint8_t row[1024];
static size_t row_len;

static void add(uint32_t byte)
{
	row[row_len++] = (uint8_t)byte;
}

static void add_word(uint32_t word, uint32_t bytes)
{
	for (uint32_t i = 0; i < bytes; i++)
		add(word >> (8 * i));
}

/* The role, and four queues of one size. */
static void begin(uint32_t role, uint32_t size)
{
	row_len = 0;
	add(role);
	for (uint32_t q = 0; q < SAP_QUEUES; q++)
		add_word(size - 9, 2);
}

/* A message: how long, which, and its bytes. In CB_DATA_PACKET the frame's length stands at 36. */
static void add_message(enum queue_op op, const char *name, uint32_t len, uint32_t data_len)
{
	uint32_t index = 0;

	while (strcmp(sap_info_at(index)->name, name) != 0)
		index++;
	add(op);
	add(len);
	add(index);
	for (uint32_t i = 0; i < len; i++)
		add(i == 36 ? data_len : i > 36 && i < 40 ? 0 : i);
}

static void add_packet(uint32_t cb, uint32_t len)
{
	add(OP_LANE_SEND);
	add(cb);
	add_word(len, 2);
	for (uint32_t i = 0; i < len; i++)
		add(i);
}

static void add_recv(uint32_t cap)
{
	add(OP_LANE_RECV);
	add_word(cap, 2);
}

static void add_with(enum queue_op op, uint32_t argument)
{
	add(op);
	add(argument);
}

/* Honest traffic of every kind, round and round through small queues. */
static void honest_seed(uint32_t role)
{
	begin(role, 90);
	for (uint32_t turn = 0; turn < 3; turn++) {
		add_message(OP_PUT, "NIC_INFO", 12, 0);
		add_message(OP_PUT, "PING", 0, 0);
		add(OP_RESERVE);
		add_word(20, 2);
		add(7);
		add(OP_COMMIT);
		add(OP_ROOM);
		add(OP_PUBLISH);
		add(PEER_DRAINS);
		add_message(PEER_PUTS, "RADIO_STATE", 4, 0);
		add_message(PEER_PUTS, "WHO_OWNS_NIC", 0, 0);
		add_message(PEER_PUTS, "NIC_INFO", 12, 0);
		add_with(OP_NEXT, 100);
		add_with(OP_GET, 100);
		add_with(OP_PEEK, 0);
		add(12);
		add(OP_TAKE);
		add(OP_RELEASE);
		add_packet(turn & 1, 20);
		add(PEER_DRAINS);
		add_message(PEER_PUTS_PACKET, "DATA_PACKET", 30, 0);
		add_recv(60);
		add_message(PEER_PUTS_PACKET, "CB_DATA_PACKET", 60, turn ? 20 : 200);
		add_recv(60);
	}
	write_seed(row, row_len, "queue/honest-%u", (unsigned)role);
}

/* In the middle of it the peer sets one position where it may not stand. */
static void hostile_seed(uint32_t role, uint32_t word, uint32_t position)
{
	begin(role, 90);
	add_message(OP_PUT, "NIC_INFO", 12, 0);
	add(OP_PUBLISH);
	add_packet(0, 20);
	add_message(PEER_PUTS, "RADIO_STATE", 4, 0);
	add_message(PEER_PUTS_PACKET, "DATA_PACKET", 30, 0);
	add_with(OP_NEXT, 100);
	add(PEER_SETS_POSITION);
	add_word(word, 2);
	add_word(position * 4 + 1, 4);
	add(OP_ROOM);
	add_message(OP_PUT, "HOST_LINK_UP", 68, 0);
	add_with(OP_NEXT, 100);
	add_with(OP_GET, 100);
	add_packet(0, 60);
	add_recv(60);
	add_recv(60);
	add(OP_DISCARD);
	add(OP_RELEASE);
	add_with(OP_START, 0);
	write_seed(row, row_len, "queue/hostile-%u-%u-%u", (unsigned)role, (unsigned)word,
		   (unsigned)position);
}

static void seeds_of_queue(void)
{
	static const uint32_t positions[] = {3, 15, 70, 89, 90, 95};

	for (uint32_t role = 0; role < 2; role++) {
		honest_seed(role);
		for (uint32_t word = 0; word < 8; word++) {
			for (size_t i = 0; i < sizeof(positions) / sizeof(positions[0]); i++)
				hostile_seed(role, word, positions[i]);
		}
	}
}

/* --- for the engines: the handshake and a little more, as rows of choices (rig.h, fuzz_both.c) --- */

static void seeds_of_engines(void)
{
	/* Sizes and settings; I/O goes well (0 0 0); START_OK (5) or START; messages (9) and doorbells (6). */
	static const uint8_t host_up[] = {40, 10, 255, 10, 0, 0, 0, 0, 0, 0, 0,	 0, 0,	0,  0,	5, 1, 9, 0,
					  0,  1,  0,   0,  0, 6, 1, 0, 0, 0, 15, 4, 15, 2,  0,	0, 0, 9, 2,
					  0,  1,  0,   0,  0, 6, 1, 0, 0, 0, 9,	 3, 0,	6,  1,	0, 0, 0, 15,
					  7,  14, 1,   1,  1, 9, 9, 0, 6, 1, 12, 0, 4,	15, 14, 9, 8, 0, 6};
	static const uint8_t csme_up[] = {40, 10, 255, 10, 0, 0, 0, 15, 2, 1,  0, 0,  0,  5, 1, 0,
					  0,  0,  0,   0,  0, 9, 0, 0,	9, 1,  0, 9,  2,  0, 6, 1,
					  0,  0,  0,   9,  3, 0, 6, 1,	0, 0,  0, 15, 12, 0, 0, 0,
					  0,  9,  4,   0,  6, 1, 0, 0,	0, 12, 0, 8,  9,  8, 0, 6};
	static const uint8_t both_up[] = {20,  100, 11, 2,  1, 10, 3, 0, 2,   4, 20,  0, 2, 4,
					  200, 0,   2,	0,  2, 10, 2, 0, 2,   4, 100, 0, 2, 4,
					  100, 2,   0,	11, 6, 2,  0, 4, 100, 0, 2,   8, 0, 2};

	write_seed(host_up, sizeof(host_up), "host/up");
	write_seed(csme_up, sizeof(csme_up), "csme/up");
	write_seed(both_up, sizeof(both_up), "both/up");
}

/* --- for the simulated CSME's network: a frame (0), or a request (1) --- */

static void seeds_of_net(void)
{
	static const char page[] = "\1GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";
	static const char download[] = "\1GET /download?bytes=16&rate=1 HTTP/1.0\n\n";
	static const uint8_t tcp[] = {0, 2,    0, 0,  0,  0,	5, 2,	0,  0,	  0,	0, 9, 8,
				      0, 0x45, 0, 0,  40, 0,	1, 0,	0,  64,	  6,	0, 0, 10,
				      9, 0,    1, 10, 9,  0,	5, 156, 64, 0x42, 0x60, 0, 0, 0,
				      0, 0,    0, 0,  0,  0x50, 2, 64,	0,  0,	  0,	0, 0};
	/* An answer of a server: Ethernet, IPv4, UDP, what is fixed, the cookie, options 53, 1 and 3. */
	static uint8_t ack[1 + 42 + 240 + 16] = {
		0,   255, 255, 255, 255, 255, 255, 2,  0,  0, 0, 0,  9, 8, 0, 0x45,
		0,   1,	  28,  0,   1,	 0,   0,   64, 17, 0, 0, 10, 9, 0, 1, 255,
		255, 255, 255, 0,   67,	 0,   68,  1,  8,  0, 0, 2,  1, 6, 0,
	};
	static const uint8_t options[] = {53, 1, 5, 1, 4, 255, 255, 255, 0, 3, 4, 10, 9, 0, 1, 255};

	memcpy(ack + 1 + 42 + 16, "\x0a\x09\x00\x05", 4);
	memcpy(ack + 1 + 42 + 28, "\x02\x00\x00\x00\x00\x05", 6);
	memcpy(ack + 1 + 42 + 236, "\x63\x82\x53\x63", 4);
	memcpy(ack + 1 + 42 + 240, options, sizeof(options));
	write_seed((const uint8_t *)page, sizeof(page) - 1, "net/page");
	write_seed((const uint8_t *)download, sizeof(download) - 1, "net/download");
	write_seed(tcp, sizeof(tcp), "net/tcp");
	write_seed(ack, sizeof(ack), "net/ack");
}

/* --- for the filters: random ones, and a frame --- */

static void seeds_of_filters(void)
{
	static uint8_t payload[REFERENCE_PAYLOAD], seed[156 + RANDOM_FRAME];
	uint32_t state = 7;

	for (uint32_t i = 0; i < 300; i++) {
		random_filters(&state, payload);
		memcpy(seed, payload + REFERENCE_PAYLOAD - 156, 156);
		write_seed(seed, 156 + random_frame(&state, seed + 156), "filter/random-%u", (unsigned)i);
	}
}

/* --- for the MEI bus --- */

/* One of each message: HBM in a frame, the others after the byte that chooses them. */
static void seeds_of_mei(void)
{
	const struct sap_message_info *info;

	for (uint32_t i = 0; (info = sap_mei_info_at(i)); i++) {
		uint32_t least = info->least + 8;
		uint8_t bytes[256] = {0};
		uint32_t at;

		if (info->carrier == SAP_IN_HBM) {
			bytes[2] = (uint8_t)(1 + info->least);
			bytes[3] = 0x80;
			bytes[4] = (uint8_t)info->type;
			write_seed(bytes, 5 + info->least, "hbm/%s", info->name);
			continue;
		}
		if (info->carrier == SAP_IN_MKHI) {
			bytes[0] = 1;
			bytes[1] = (uint8_t)(info->type >> 8);
			bytes[2] = (uint8_t)info->type;
			write_seed(bytes, 5 + least, "amthi/mkhi-%s-%x", info->name, (unsigned)info->type);
			continue;
		}
		at = info->direction == SAP_TO_HOST ? 17 : 13;
		bytes[1] = 1;
		bytes[2] = 1;
		set_word(bytes + 5, info->type);
		set_word(bytes + 9, at - 13 + info->least);
		write_seed(bytes, at + info->least, "amthi/%s-%x", info->name, (unsigned)info->type);
	}
	write_seed((const uint8_t *)"\x09\x04\x0a\x90\x01\x01\0\0\x01\x01\x2a\0hi", 14, "hbm/tagged");
}

/* Rows of choices (fuzz_bus.c): a host that begins, connects, maps, sends, leaves; and a firmware that serves. */
static void seeds_of_bus(void)
{
	static const uint8_t start[] = {0, 2, 0, 0, 2, 2, 2, 1, 5, 0, 0, 2, 2, 1, 0, 0, 2, 3, 1, 0, 0};
	static const uint8_t sap[] = {2, 11, 1, 1, 0, 10, 0,  0, 2, 4,	1, 1, 0, 10, 0,	   0, 10, 0,
				      4, 2,  7, 1, 1, 0,  10, 0, 1, 20, 6, 0, 1, 20, 0x80, 1, 2,  3};
	static const uint8_t more[] = {10, 0, 2, 99, 2,	 12, 0, 1, 0, 10, 0, 3,
				       10, 0, 5, 14, 10, 0,  8, 2, 0, 0,  2, 2};
	static const uint8_t echo[] = {2,   4,	 2, 1, 0, 10, 1,  0,	2,  7,	2, 1,	0,  6, 1,
				       1,   100, 0, 6, 1, 1,  50, 0x80, 10, 1,	2, 200, 10, 1, 1,
				       140, 2,	 9, 2, 1, 0,  10, 1,	3,  13, 0, 4,	13, 4, 2};
	static const uint8_t single[] = {2, 4, 3,  1,  0,    2,	 4, 3, 2,  0, 10, 3, 0, 10,   4,  0,
					 6, 2, 1,  9,  0x80, 10, 3, 2, 80, 6, 2,  2, 9, 0x80, 15, 1,
					 1, 1, 14, 20, 0,    15, 0, 0, 0,  2, 14, 0, 0, 0};
	uint8_t all[256];
	size_t n = 0;

	write_seed(start, sizeof(start), "bus/start");
	memcpy(all + n, start, sizeof(start)), n += sizeof(start);
	memcpy(all + n, sap, sizeof(sap)), n += sizeof(sap);
	write_seed(all, n, "bus/sap");
	memcpy(all + n, more, sizeof(more)), n += sizeof(more);
	write_seed(all, n, "bus/down");
	n = sizeof(start);
	memcpy(all + n, echo, sizeof(echo)), n += sizeof(echo);
	write_seed(all, n, "bus/echo");
	memcpy(all + n, single, sizeof(single)), n += sizeof(single);
	write_seed(all, n, "bus/single");
}

static size_t add_hbm(uint8_t *all, size_t n, const char *bytes, uint8_t len, uint8_t whole)
{
	all[n++] = 2;
	all[n++] = whole;
	all[n++] = len;
	memcpy(all + n, bytes, len);
	return n + len;
}

/* More of everything than the host has room for: pieces without an end, messages unread, credits unheard. */
static void seeds_of_floods(uint8_t *all, size_t n)
{
	static const uint8_t rows[][6] = {{6, 1, 2, 0xf0, 1, 0}, {6, 1, 2, 9, 0, 0x80}, {9, 0, 6, 0}};
	static const char *const names[] = {"pieces", "messages", "credits"};
	static const size_t lengths[] = {7, 7, 4};

	for (uint32_t i = 0; i < 3; i++) {
		size_t end = n;

		for (uint32_t k = 0; k < 100; k++) {
			memset(all + end, 0, lengths[i]);
			memcpy(all + end, rows[i], lengths[i] < 6 ? lengths[i] : 6);
			end += lengths[i];
		}
		write_seed(all, end, "hbm_host/%s", names[i]);
	}
}

/* Rows of choices (fuzz_hbm_host.c): a firmware of three clients that begins, serves, leaves, stops. */
static void seeds_of_hbm_host(void)
{
	/* Applications connect and write; a message comes to each; it is read. */
	static const uint8_t comes[] = {9, 0, 0, 1, 9, 1, 0, 2, 9, 2, 0, 3};
	static const uint8_t talks[] = {9, 0, 2, 40,   9, 1, 3, 5, 6, 1, 2,    20, 0, 0, 1, 6, 1,
					2, 9, 0, 0x80, 1, 6, 2, 3, 9, 0, 0x80, 1,  9, 0, 4, 0};
	static const uint8_t maps[] = {13, 0, 0, 32, 2,	 2, 2,	0x94, 0,  13, 0, 0, 32, 13,   1,
				       13, 2, 9, 0,  13, 3, 13, 4,    13, 5,  2, 2, 2,	0x95, 0};
	static const uint8_t goes[] = {9, 0, 1, 0, 9, 0, 5, 1, 15, 4, 1, 0, 8, 3};
	uint8_t all[2048] = {1};
	size_t n = 1;

	n = add_hbm(all, n, "\x81\x01\x02\x02", 4, 4);
	n = add_hbm(all, n, "\x93\x05\0", 4, 4);
	n = add_hbm(all, n, "\x84\0\0\0\x0e", 5, 36);
	for (uint8_t me = 1; me <= 3; me++) {
		n = add_hbm(all, n, "\x85\0\0\0\x01\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\x01\x02\0\0\0\x04\x01", 28,
			    28);
		all[n - 27] = me;
		all[n - 24] = me;
		/* The second has one buffer, the third a fixed address. */
		all[n - 6] = me == 3 ? 3 : 0;
		all[n - 5] = me == 2;
	}
	write_seed(all, n, "hbm_host/start");
	memcpy(all + n, maps, sizeof(maps));
	write_seed(all, n + sizeof(maps), "hbm_host/sap");
	memcpy(all + n, comes, sizeof(comes)), n += sizeof(comes);
	n = add_hbm(all, n, "\x86\x01\x02", 4, 4);
	n = add_hbm(all, n, "\x86\x02\x03", 4, 4);
	n = add_hbm(all, n, "\x08\x01\x02", 4, 8);
	n = add_hbm(all, n, "\x08\x02\0", 4, 8);
	memcpy(all + n, talks, sizeof(talks)), n += sizeof(talks);
	write_seed(all, n, "hbm_host/talk");
	seeds_of_floods(all, n);
	n = add_hbm(all, n, "\x07\x01\x02", 4, 4);
	n = add_hbm(all, n, "\x0f\x09\0\0\x09", 5, 32);
	n = add_hbm(all, n, "\x11\x02\x03", 4, 4);
	memcpy(all + n, goes, sizeof(goes)), n += sizeof(goes);
	n = add_hbm(all, n, "\x8a\0\0", 4, 4);
	n = add_hbm(all, n, "\x0b\0\0", 4, 4);
	n = add_hbm(all, n, "\x03\x01\0", 4, 4);
	n = add_hbm(all, n, "\x82\0\0", 4, 4);
	write_seed(all, n, "hbm_host/end");
	/* A frame longer than any. */
	all[n++] = 0;
	all[n++] = SAP_MEI_LOOPBACK_FRAME & 0xff;
	all[n++] = SAP_MEI_LOOPBACK_FRAME >> 8;
	memset(all + n, 0, SAP_MEI_LOOPBACK_FRAME);
	write_seed(all, n + SAP_MEI_LOOPBACK_FRAME, "hbm_host/long");
}

int main(int argc, char **argv)
{
	static const char *const dirs[] = {"message", "me",   "area", "area-images", "queue",
					   "host",    "csme", "both", "hbm",	     "amthi",
					   "filter",  "bus",  "net",  "hbm_host"};
	char path[LONGEST_NAME];

	if (argc != 3) {
		fprintf(stderr, "usage: fuzz_seeds CAPTURES OUT\n");
		return 2;
	}
	out_dir = argv[2];
	make_dir(out_dir);
	for (size_t i = 0; i < sizeof(dirs) / sizeof(dirs[0]); i++) {
		snprintf(path, sizeof(path), "%s/%s", out_dir, dirs[i]);
		make_dir(path);
	}
	if (!seeds_from_captures(argv[1])) {
		fprintf(stderr, "fuzz_seeds: no captures in %s\n", argv[1]);
		return 1;
	}
	seeds_from_declaration();
	seeds_of_queue();
	seeds_of_engines();
	seeds_of_net();
	seeds_of_filters();
	seeds_of_mei();
	seeds_of_bus();
	seeds_of_hbm_host();
	dictionary();
	return 0;
}
