/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
/*
 * What the suites share: CMocka with what it needs before it, captures, areas to play with, and the words
 * of the control block.
 *
 * Offsets stand here as docs/protocol/sap.md section 3 gives them, not as the library has them: a test that
 * asked the library where a word lies would agree with any mistake.
 */
#ifndef SAP_TEST_SUPPORT_H
#define SAP_TEST_SUPPORT_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <sap/sap.h>

/* Where the three words of a queue lie in the control block. */
struct test_words {
	uint32_t wr, rd, size;
};

extern const struct test_words test_words[SAP_QUEUES];

/* Fails the test, saying why. */
__attribute__((format(printf, 1, 2), noreturn)) void test_fail(const char *format, ...);

/* Both statuses by name where they differ. */
void test_status_is(enum sap_status found, enum sap_status expected, const char *file, int line);
#define assert_status(found, expected) test_status_is((found), (expected), __FILE__, __LINE__)

/* Bytes from a file, in memory of exactly their number, so that a sanitizer sees each byte too far. */
struct test_bytes {
	uint8_t *bytes;
	uint32_t len;
};

/* A capture by its name below tests/data/captures. Fails the test if it is not there. */
struct test_bytes test_capture(const char *name);
void test_bytes_free(struct test_bytes *bytes);

/* Numbers little-endian, a byte at a time. */
uint32_t test_get32(const uint8_t *at);
uint32_t test_get16(const uint8_t *at);
void test_put32(uint8_t *at, uint32_t value);

/* The 8 bytes before a message. */
void test_put_header(uint8_t *at, uint32_t type, uint32_t len, uint32_t seq);

/* Bytes that depend on `seed` and on their place. */
void test_pattern(uint8_t *at, uint32_t n, uint32_t seed);

/* A number that looks random; `state` is whatever one starts with. */
uint32_t test_random(uint32_t *state);

/* An area in memory of exactly its layout's size. */
struct test_area {
	struct sap_layout layout;
	struct sap_area area;
	uint8_t *memory;
};

/* Initialised, with these sizes of queues, or with those of a version of the protocol. */
struct test_area test_area_make(uint32_t host_notif, uint32_t host_data, uint32_t csme_notif,
				uint32_t csme_data);
struct test_area test_area_of(uint32_t version);
void test_area_free(struct test_area *test);

/* Words and bytes of the area as they stand in memory. */
uint32_t test_wr(const struct test_area *test, enum sap_queue_id queue);
uint32_t test_rd(const struct test_area *test, enum sap_queue_id queue);
void test_set_wr(struct test_area *test, enum sap_queue_id queue, uint32_t value);
void test_set_rd(struct test_area *test, enum sap_queue_id queue, uint32_t value);
uint8_t *test_ring(struct test_area *test, enum sap_queue_id queue);

/* As a peer would, a byte at a time: `n` bytes into the ring from position `at` on. */
void test_ring_write(struct test_area *test, enum sap_queue_id queue, uint32_t at, const uint8_t *from,
		     uint32_t n);
void test_ring_read(struct test_area *test, enum sap_queue_id queue, uint32_t at, uint8_t *to, uint32_t n);

/* As a peer would: a message appended at `wr`, and `wr` moved. Does not look whether there is room. */
void test_peer_put(struct test_area *test, enum sap_queue_id queue, uint32_t type, const uint8_t *payload,
		   uint32_t len, uint32_t seq);

/* A message of a type in no table, with `n` bytes of payload. */
struct sap_message test_opaque(uint16_t type, const uint8_t *payload, uint32_t n);

#endif
