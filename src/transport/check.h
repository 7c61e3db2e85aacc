/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
/*
 * The conformance kit inside: rules, and the steps they are made of.
 *
 * A rule is a function that goes from step to step and stops at the first that is not as it must be. Each
 * step records what it saw and answers whether to go on, so that a rule reads as one `a && b && c`.
 */
#ifndef SAP_TRANSPORT_CHECK_PRIVATE_H
#define SAP_TRANSPORT_CHECK_PRIVATE_H

#include <sap/transport_check.h>

enum {
	CHECK_HOST = 0,
	CHECK_CSME = 1,

	CHECK_LEAST = 12,   /* an ME message is at least its header */
	CHECK_USUAL = 88,   /* the longest that SAP sends */
	CHECK_SOME = 3,	    /* messages that are sent at once, if the backend takes so many */
	CHECK_GUARD = 0x5a, /* what a buffer holds where nothing may be written */
};

/* One rule on its way. */
struct check_run {
	const struct sap_transport_check *given; /* with the defaults filled in */
	struct sap_transport end[2];
	struct sap_mem mem[2];
	struct sap_transport_finding finding;
};

/* Which backends a rule is for. */
enum check_for {
	CHECK_ALL,
	CHECK_WITH_MAP,
	CHECK_WITHOUT_MAP,
};

struct check_rule {
	const char *name;
	const char *rule;
	enum check_for backends;
	bool (*holds)(struct check_run *run);
};

struct check_rules {
	const struct check_rule *rule;
	uint32_t n;
};

extern const struct check_rules sap_check_memory, sap_check_connection, sap_check_messages, sap_check_ending;

static inline uint32_t check_peer(uint32_t end)
{
	return end == CHECK_HOST ? CHECK_CSME : CHECK_HOST;
}

/* Records what was found if it is not what was expected. */
bool sap_check_status(struct check_run *run, const char *step, enum sap_status found,
		      enum sap_status expected);
bool sap_check_number(struct check_run *run, const char *step, int64_t found, int64_t expected);

void sap_check_settle(struct check_run *run);

/* Memory: the host makes `size` bytes, CSME adopts what must be `size` bytes. Kept in `mem`. */
bool sap_check_map(struct check_run *run, uint32_t end, uint32_t size);
bool sap_check_map_says(struct check_run *run, uint32_t end, uint32_t size, enum sap_status expected);
void sap_check_fill(struct check_run *run, uint32_t end, uint32_t seed);
bool sap_check_filled(struct check_run *run, uint32_t end, uint32_t seed, const char *step);
bool sap_check_unmap(struct check_run *run, uint32_t end);

/* Both ends ask in turn, `first` before the other, until both are connected. */
bool sap_check_connect(struct check_run *run, uint32_t first);
bool sap_check_disconnect(struct check_run *run, uint32_t end);

/* All that is to be done before messages go: memory if there is any, and the connection. And after. */
bool sap_check_up(struct check_run *run, uint32_t size);
bool sap_check_down(struct check_run *run);

/* A message of `len` bytes that `seed` tells from others. */
void sap_check_write(uint8_t *message, uint32_t len, uint32_t seed);

/* One call of send with that message; as many as patience allows; and as many, and it must be taken. */
enum sap_status sap_check_try_send(struct check_run *run, uint32_t end, uint32_t seed, uint32_t len);
enum sap_status sap_check_wait_send(struct check_run *run, uint32_t end, uint32_t seed, uint32_t len);
bool sap_check_send(struct check_run *run, uint32_t end, uint32_t seed, uint32_t len);

/* Sends messages of seed, seed + 1, ... and says how many were taken: 1 to CHECK_SOME; 0 if it failed. */
uint32_t sap_check_send_some(struct check_run *run, uint32_t end, uint32_t seed);
uint32_t sap_check_some_len(uint32_t seed);

/* One call of recv into a buffer of `cap` bytes, all of which was guarded; or until it is not AGAIN. */
enum sap_status sap_check_try_recv(struct check_run *run, uint32_t end, uint32_t cap, size_t *len);
enum sap_status sap_check_wait_recv(struct check_run *run, uint32_t end, uint32_t cap, size_t *len);

/* The next message is that of `seed`; the next `n` are those that sap_check_send_some() sent. */
bool sap_check_recv(struct check_run *run, uint32_t end, uint32_t seed, uint32_t len);
bool sap_check_recv_some(struct check_run *run, uint32_t end, uint32_t seed, uint32_t n);

/* No message comes; and the connection has not ended, or has. */
bool sap_check_silent(struct check_run *run, uint32_t end, const char *step);
bool sap_check_closed(struct check_run *run, uint32_t end, const char *step);

#endif
