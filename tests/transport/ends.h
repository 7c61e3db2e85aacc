/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
/*
 * Ends of the unix transport to test, in a folder of their own, and peers made by hand: plain sockets that
 * write byte for byte what docs/unix-transport.md says, or something else.
 *
 * Both ends are in this process. A UNIX socket delivers as it is written to, so nothing here waits.
 */
#ifndef SAP_TEST_ENDS_H
#define SAP_TEST_ENDS_H

#include "support.h"
#include <sap/unix.h>

#define ENDS_PATH "csme"

enum {
	ENDS_SIZE = 8192, /* of memory that is made here */
};

/* A folder that is made and becomes the working one, and is gone afterwards; for a group of tests. */
int ends_enter(void **state);
int ends_leave(void **state);

/* What must not leak. */
struct census {
	uint32_t descriptors, maps, files;
};

struct census census_take(void);
void census_same(const struct census *before);

/* An end at ENDS_PATH, of default settings. */
struct sap_unix_config ends_config(enum sap_role role);
void ends_open(struct sap_unix *u, enum sap_role role);
void ends_open_with(struct sap_unix *u, const struct sap_unix_config *config);

/* The operations by short names. */
enum sap_status do_map(struct sap_unix *u, uint32_t size, struct sap_mem *mem);
enum sap_status do_connect(struct sap_unix *u);
enum sap_status do_send(struct sap_unix *u, uint8_t what);
enum sap_status do_disconnect(struct sap_unix *u);
enum sap_status do_unmap(struct sap_unix *u);

/* Takes a message of one byte; -1 if there is none, -2 if the connection has ended. */
int do_recv(struct sap_unix *u);

/* The last problem is this one. */
void why_is(const struct sap_unix *u, enum sap_unix_problem problem, const char *file, int line);
#define assert_why(u, problem) why_is((u), (problem), __FILE__, __LINE__)

/* Maps (0: nothing) and connects both. */
void ends_meet(struct sap_unix *host, struct sap_unix *csme, uint32_t size);

/*
 * Runs the conformance kit on ends at this path: it skips so many rules, and all others hold. Both ends run
 * so many times in turn where a backend may need time.
 */
void ends_conform(const char *path, bool no_map, uint32_t skipped, uint32_t runs);

/* --- peers made by hand --- */

/* A socket that connected, that listens, or that was accepted. */
int raw_connect(const char *path);
int raw_listen(const char *path);
int raw_accept(int listener);

/* Bytes as they are; with descriptors along. */
void raw_write(int fd, const void *bytes, uint32_t len);
void raw_pass(int fd, const void *bytes, uint32_t len, const int *along, uint32_t n);

/* A frame; an acknowledgement; the offer of memory. */
void raw_frame(int fd, const void *bytes, uint32_t len);
void raw_acknowledge(int fd);
void raw_offer(int fd, int memory, uint32_t size, uint64_t offset);

/* The next thing that comes is this. */
void raw_reads_frame(int fd, const void *bytes, uint32_t len);
void raw_reads_acknowledgement(int fd);
void raw_reads_refusal(int fd, enum sap_unix_problem problem);
void raw_reads_nothing(int fd);
void raw_reads_end(int fd);

/* Memory of ENDS_SIZE bytes, with these seals. */
int raw_memory(unsigned seals);
int raw_sealed_memory(void);

#endif
