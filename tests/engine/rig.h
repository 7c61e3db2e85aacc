/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
/*
 * One engine, driven by hand, on a virtual clock.
 *
 * The rig does what the engine asks for (or holds it back, or says no), plays the peer in the same memory, and
 * writes down what goes out, in the order in which the peer can see it. Memory is freed as the engine gives it
 * up, so that a sanitizer sees each look at it afterwards.
 *
 * It checks by itself what always holds: requests come in their order and one at a time, sequence numbers
 * count, a tap sees what is on the wire, nothing is held when the engine says it is down, no event is lost, and
 * a deadline that was looked after does not come again at once.
 */
#ifndef SAP_TEST_RIG_H
#define SAP_TEST_RIG_H

#include "support.h"

enum {
	RIG_TEXT = 4096,
	RIG_ANSWERS = 8,
	RIG_TIME = 1000, /* when a rig starts */
};

/* A row of words, "A; B; C x3": what repeats itself is counted. */
struct rig_text {
	char text[RIG_TEXT];
	char last[160];
	size_t last_at, len;
	unsigned repeats;
};

void rig_text_add(struct rig_text *text, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Fails unless the words are these; then forgets them. */
void rig_text_is(struct rig_text *text, const char *expected, const char *file, int line);

/* What an event says, in words. */
void rig_name_host_event(const struct sap_host_event *event, char *text, size_t size);
void rig_name_csme_event(const struct sap_csme_event *event, char *text, size_t size);

/* A hash that goes on (FNV-1a). */
uint32_t rig_hash(uint32_t hash, const void *bytes, size_t n);

struct rig {
	enum sap_role role;
	struct sap_host host;
	struct sap_csme csme;
	struct sap_packets lane;
	uint64_t now;

	/* The peer. */
	uint8_t *memory; /* null while nobody has it */
	struct sap_area area;
	struct sap_producer out;
	struct sap_consumer in;
	struct sap_seq seq;
	uint32_t me_seq;
	bool peer;	/* its ends of the queues are there */
	bool deaf;	/* it does not drain as a doorbell comes */
	bool hoarding;	/* events are not fetched */
	bool no_memory; /* CSME: nothing was mapped before */

	/* What became of requests. */
	struct {
		enum sap_io_op op;
		enum sap_status status;
		unsigned times;
	} answers[RIG_ANSWERS];
	enum sap_io_op hold; /* such requests are not answered */
	struct sap_io held;
	bool mapped, connected;
	bool mapping, connecting; /* that, or begun and not ended */

	/* What went out and what happened. */
	struct rig_text wire, events;
	uint8_t me[SAP_ME_MAX_SIZE]; /* the last ME message */
	uint32_t me_len;
	uint64_t rung_at;      /* the last doorbell */
	uint8_t last[2048];    /* the last notification */
	uint32_t last_len;     /* with its header */
	uint32_t expect_seq;   /* of the next notification; 0: any */
	uint32_t expect_me;    /* and of the next ME message */
	uint8_t view[2048];    /* what the last view held */
	uint32_t view_len;     /* and how much */
	uint32_t tapped[2];    /* notifications and ME messages as the tap saw them go out */
	uint32_t watched[2];   /* and as they were seen here */
	unsigned taps, seen;   /* how many notifications */
	unsigned taps_in;      /* messages that the tap saw come in */
	unsigned n_events[32]; /* by type */
};

/* A host's engine, or CSME's, initialised; `config` null: the defaults. Taps and lane are the rig's. */
void rig_host(struct rig *rig, const struct sap_host_config *config);
void rig_csme(struct rig *rig, const struct sap_csme_config *config);
void rig_free(struct rig *rig);

/* Does all that the engine asks for, and fetches its events. */
void rig_settle(struct rig *rig);

/* Lets time pass, from deadline to deadline. */
void rig_wait(struct rig *rig, uint64_t ms);

/* Only tells the time. */
void rig_tick(struct rig *rig);

uint64_t rig_deadline(const struct rig *rig);
const struct sap_link_counters *rig_counters(const struct rig *rig);

/* The next so many requests of a kind are answered so. */
void rig_answer(struct rig *rig, enum sap_io_op op, enum sap_status status, unsigned times);

/* Requests of a kind stay unanswered until rig_finish(). */
void rig_hold(struct rig *rig, enum sap_io_op op);
void rig_finish(struct rig *rig, enum sap_status status);

/* ME messages to the engine. */
enum sap_status rig_me(struct rig *rig, const uint8_t *bytes, size_t len);
void rig_start_ok(struct rig *rig, uint8_t version);
void rig_start(struct rig *rig, uint8_t version);
void rig_bell(struct rig *rig);
void rig_closed(struct rig *rig, enum sap_status why);

/* CSME: the host that it will meet has made this area. */
void rig_offer(struct rig *rig, const struct sap_layout *layout);

/* Notifications to the engine: only written, or with a doorbell. */
void rig_say(struct rig *rig, const struct sap_message *message);
void rig_say0(struct rig *rig, uint16_t type);
void rig_say32(struct rig *rig, uint16_t type, uint32_t value);
void rig_tell(struct rig *rig, const struct sap_message *message);
void rig_tell0(struct rig *rig, uint16_t type);
void rig_tell32(struct rig *rig, uint16_t type, uint32_t value);

/* The peer drains its queue. */
void rig_read(struct rig *rig);

/* Started and through the handshake. What was said on the way is forgotten. */
void rig_up(struct rig *rig);

/* And host: AMT is on, a driver is there, and CSME owns the NIC; or the host, with its lane open. */
void rig_guest(struct rig *rig);
void rig_owner(struct rig *rig);

/* And CSME: AMT is on, a driver is there, and the host owns the NIC. */
void rig_host_owns(struct rig *rig);

#define rig_wire_is(rig, expected)    rig_text_is(&(rig)->wire, (expected), __FILE__, __LINE__)
#define rig_events_are(rig, expected) rig_text_is(&(rig)->events, (expected), __FILE__, __LINE__)

/* A call of the engine that must say this, and all that follows from it. */
#define rig_call(rig, call, status)              \
	do {                                     \
		assert_status((call), (status)); \
		rig_settle(rig);                 \
	} while (0)
#define rig_ok(rig, call) rig_call(rig, call, SAP_OK)
#define rig_do(rig, call)        \
	do {                     \
		(call);          \
		rig_settle(rig); \
	} while (0)

/* Who owns the NIC, and in which state, as sap_host_why() or sap_csme_why() has it. */
void rig_why_is(const struct rig *rig, const char *state, enum sap_owner owner, const char *file, int line);
#define rig_state_is(rig, state, owner) rig_why_is((rig), (state), (owner), __FILE__, __LINE__)

#endif
