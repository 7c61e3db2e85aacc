/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
/*
 * The connection: what both roles share. It maps, connects, rings the doorbell, writes and takes
 * notifications, and gives everything back. It knows no message but the three of the MEI connection.
 *
 * It is driven by an engine, asks for I/O through sap_link_next_io(), and answers each input with news: what
 * the engine has to know of it. Everything it knows is in `struct sap_link_state`.
 */
#ifndef SAP_CORE_LINK_H
#define SAP_CORE_LINK_H

#include <sap/engine.h>

/* A link at work: put together by the engine for each call. */
struct link {
	struct sap_link_state *s;
	const struct sap_link_config *config;
	struct sap_area *area;
	enum sap_role role;
	uint32_t start_ms; /* host: how long START_OK may take */
	bool probe;	   /* host: START without an area */
};

/* What an input led to. More than one can be. */
enum link_news {
	LINK_NOTHING = 0,
	LINK_WENT_UP = 1 << 0,	 /* the handshake is done */
	LINK_WENT_DOWN = 1 << 1, /* everything was given back; link.s->why tells why */
	LINK_LOST = 1 << 2,	 /* it was up and is not any more */
	LINK_NO_AREA = 1 << 3,	 /* CSME: START came without an area; link.s->why tells why */
};

enum sap_status link_config_check(const struct sap_link_config *config);
void link_config_default(struct sap_link_config *config);
void link_init(struct link *link, uint64_t now);

/* Notes the time; one before the last counts as the last. */
void link_clock(struct link *link, uint64_t now);

enum sap_status link_start(struct link *link);

/* Ends it: the host's engine has said goodbye, or has nobody to say it to. */
unsigned link_end(struct link *link, enum sap_status why);

bool link_next_io(struct link *link, struct sap_io *io);

/* I/O that said AGAIN may be asked for again now. */
void link_retry(struct link *link);

enum sap_status link_io_done(struct link *link, const struct sap_io *io, enum sap_status status,
			     unsigned *news);
enum sap_status link_me_input(struct link *link, const uint8_t *bytes, size_t len, unsigned *news);

/* What is due by itself: START_OK that did not come. */
unsigned link_tick(struct link *link);
uint64_t link_deadline(const struct link *link);

/* Opens or closes the packets lane, by and by. */
void link_want_lane(struct link *link, bool open);

/* There is something new to tell the packets lane, if it is open or about to be. */
void link_tell_lane(struct link *link);

/* Writes one notification: SAP_OK, SAP_NO_ROOM, SAP_CORRUPT. It is published by link_publish(). */
enum sap_status link_put(struct link *link, const struct sap_message *message);

/* Shows the peer what was written, and wants the doorbell; `now_or_never`: in spite of the throttle. */
void link_publish(struct link *link, bool now_or_never);

/* Whether there is something to take: a doorbell came, and the queue was not found empty since. */
bool link_has_more(const struct link *link);

/* Writes PONG, or counts that there was no room for it. */
void link_answer_ping(struct link *link);

/* Writes the PINGs that are owed, as long as there is room, and counts those that are out. As link_put(). */
enum sap_status link_write_pings(struct link *link, uint32_t *owed, uint32_t *out);

/* Whether packets may have come to the lane, since it was asked last. */
bool link_has_packets(struct link *link);

/* Before a row of link_take(): at most one queue full of messages. */
void link_drain(struct link *link);

/*
 * Takes the next notification of a known type into the bounce buffer; what was passed over is counted.
 *
 * SAP_OK; SAP_AGAIN, nothing more for now, and the room is released; SAP_CORRUPT, the peer's index cannot
 * be and the connection is of no use. A message that breaks off is given up with all that follows it.
 */
enum sap_status link_take(struct link *link, struct sap_message *message);

/* Gives the peer the room of what was taken, also if the drain is cut short. */
void link_release(struct link *link);

/* Whether CSME read everything the host wrote, packets too. */
bool link_drained(struct link *link);

/* Whether a deadline has come; it is over then. */
static inline bool lapsed(uint64_t *at, uint64_t now)
{
	if (*at > now)
		return false;
	*at = SAP_NEVER;
	return true;
}

/* Earlier of two deadlines. */
static inline uint64_t sooner(uint64_t a, uint64_t b)
{
	return a < b ? a : b;
}

#endif
