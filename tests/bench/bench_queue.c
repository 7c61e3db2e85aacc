// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
/*
 * The queue beside a bare memcpy: what do headers, checks and counting cost?
 *
 * The peer is a ring of bytes of the same size in which payloads of one known length lie without headers:
 * memcpy in and memcpy out, the same batches, the same acquire and release, the same use of the peer's index
 * as last seen. It believes everything it reads. Each side's bytes are summed up, so that no copy can be
 * left out.
 *
 * Absolute times differ fourfold from run to run with the cores' placement. So the candidates take turns,
 * the order of which rotates, and what counts is the median of the ratios within each round. Prints, and
 * fails nothing.
 */
#define _POSIX_C_SOURCE 200809L

#include <sap/sap.h>

#include <pthread.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum {
	RING = 48256, /* the host's data queue */
	LONGEST = 1500,
	ROUNDS = 15,
	OPAQUE = 3000,
};

/* How long one measurement is to take; all of them take about 8 s. */
static const double seconds_each = 0.025;

/* What is measured: payload, messages a publication, and whether two threads or one do it. */
struct setting {
	uint32_t payload, batch;
	bool threads;
	double goal; /* 0: none is set */
};

static const struct setting settings[] = {
	{64, 1, true, 1.25}, {64, 32, true, 1.05}, {LONGEST, 1, true, 0},  {LONGEST, 16, true, 1.05},
	{64, 1, false, 0},   {64, 32, false, 0},   {LONGEST, 1, false, 0}, {LONGEST, 16, false, 0},
};

/* Both candidates use this ring; the bare one takes its indices from words apart, as the area has them. */
struct bench {
	const struct setting *setting;
	struct sap_area area;
	bool bare;
	uint32_t messages;
	uint64_t taken_sum;
	uint32_t *wr, *rd; /* of the bare ring */
	uint8_t *ring;
};

/* One end of the bare ring: its own position, and the peer's as last seen. */
struct bare_end {
	uint32_t own, published, seen;
};

static uint32_t distance(uint32_t from, uint32_t to)
{
	return to >= from ? to - from : RING - from + to;
}

static uint32_t after(uint32_t at, uint32_t n)
{
	return n < RING - at ? at + n : n - (RING - at);
}

static bool bare_put(struct bench *b, struct bare_end *end, const uint8_t *from, uint32_t n)
{
	uint32_t first = n < RING - end->own ? n : RING - end->own;

	if (n > RING - 1 - distance(end->seen, end->own)) {
		end->seen = __atomic_load_n(b->rd, __ATOMIC_ACQUIRE);
		if (n > RING - 1 - distance(end->seen, end->own))
			return false;
	}
	memcpy(b->ring + end->own, from, first);
	if (n > first)
		memcpy(b->ring, from + first, n - first);
	end->own = after(end->own, n);
	return true;
}

static bool bare_take(struct bench *b, struct bare_end *end, uint8_t *to, uint32_t n)
{
	uint32_t first = n < RING - end->own ? n : RING - end->own;

	if (end->seen == end->own) {
		end->seen = __atomic_load_n(b->wr, __ATOMIC_ACQUIRE);
		if (end->seen == end->own)
			return false;
	}
	memcpy(to, b->ring + end->own, first);
	if (n > first)
		memcpy(to + first, b->ring, n - first);
	end->own = after(end->own, n);
	return true;
}

static void bare_show(struct bare_end *end, uint32_t *at)
{
	if (end->published != end->own) {
		end->published = end->own;
		__atomic_store_n(at, end->own, __ATOMIC_RELEASE);
	}
}

/* A few bytes of each message, the last ones too, so that the sum knows all of the copy. */
static uint64_t sum_of(const uint8_t *bytes, uint32_t n)
{
	return (uint64_t)bytes[0] + ((uint64_t)bytes[n / 2] << 8) + ((uint64_t)bytes[n - 1] << 16);
}

static void fill(uint8_t *bytes, uint32_t n, uint32_t i)
{
	bytes[0] = (uint8_t)i;
	bytes[n / 2] = (uint8_t)(i >> 3);
	bytes[n - 1] = (uint8_t)(i * 7);
}

/* --- the two candidates, a batch at a time; each gives how many messages went --- */

struct sender {
	struct sap_producer queue;
	struct sap_seq seq;
	struct bare_end bare;
	uint32_t sent;
	uint8_t payload[LONGEST];
};

struct taker {
	struct sap_consumer queue;
	struct bare_end bare;
	uint32_t taken;
	uint8_t buffer[SAP_HEADER_SIZE + LONGEST];
};

static bool send_batch(struct bench *b, struct sender *s)
{
	const struct setting *set = b->setting;
	struct sap_message message = {.type = OPAQUE, .opaque = {s->payload, set->payload}};
	uint32_t before = s->sent;

	for (uint32_t i = 0; i < set->batch && s->sent < b->messages; i++) {
		fill(s->payload, set->payload, s->sent);
		if (b->bare ? !bare_put(b, &s->bare, s->payload, set->payload)
			    : sap_producer_put(&s->queue, &b->area, &s->seq, &message) != SAP_OK)
			break;
		s->sent++;
	}
	if (b->bare)
		bare_show(&s->bare, b->wr);
	else
		sap_producer_publish(&s->queue, &b->area);
	return s->sent != before;
}

static bool take_batch(struct bench *b, struct taker *t)
{
	const struct setting *set = b->setting;
	uint32_t before = t->taken, len;

	for (uint32_t i = 0; i < set->batch; i++) {
		if (b->bare ? !bare_take(b, &t->bare, t->buffer + SAP_HEADER_SIZE, set->payload)
			    : sap_consumer_next(&t->queue, &b->area, t->buffer, sizeof(t->buffer), &len) !=
				      SAP_OK)
			break;
		b->taken_sum += sum_of(t->buffer + SAP_HEADER_SIZE, set->payload);
		t->taken++;
	}
	if (b->bare)
		bare_show(&t->bare, b->rd);
	else
		sap_consumer_release(&t->queue, &b->area);
	return t->taken != before;
}

/* --- one measurement --- */

static void *send_all(void *argument)
{
	static _Thread_local struct sender s;
	struct bench *b = argument;

	memset(&s, 0, sizeof(s));
	if (sap_producer_init(&s.queue, &b->area, SAP_HOST_DATA) != SAP_OK)
		abort();
	while (s.sent < b->messages)
		if (!send_batch(b, &s))
			sched_yield();
	return NULL;
}

static void take_all(struct bench *b)
{
	static struct taker t;

	memset(&t, 0, sizeof(t));
	if (sap_consumer_init(&t.queue, &b->area, SAP_HOST_DATA) != SAP_OK)
		abort();
	while (t.taken < b->messages)
		if (!take_batch(b, &t))
			sched_yield();
}

static void alternate(struct bench *b)
{
	static struct sender s;
	static struct taker t;

	memset(&s, 0, sizeof(s));
	memset(&t, 0, sizeof(t));
	if (sap_producer_init(&s.queue, &b->area, SAP_HOST_DATA) != SAP_OK ||
	    sap_consumer_init(&t.queue, &b->area, SAP_HOST_DATA) != SAP_OK)
		abort();
	while (t.taken < b->messages) {
		send_batch(b, &s);
		take_batch(b, &t);
	}
}

static double now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

/* What the bytes of so many messages sum up to. */
static uint64_t expected_sum(const struct setting *set, uint32_t messages)
{
	uint8_t payload[LONGEST] = {0};
	uint64_t sum = 0;

	for (uint32_t i = 0; i < messages; i++) {
		fill(payload, set->payload, i);
		sum += sum_of(payload, set->payload);
	}
	return sum;
}

/* Moves the messages by one candidate; gives the seconds it took. */
static double move(const struct setting *set, uint8_t *memory, bool bare, uint32_t messages)
{
	const struct sap_layout *layout = sap_layout_of(SAP_PROTOCOL_4);
	struct bench b = {.setting = set, .bare = bare, .messages = messages};
	pthread_t thread;
	double start, end;

	if (sap_area_init(&b.area, layout, memory, layout->size) != SAP_OK)
		abort();
	b.ring = memory + layout->queue[SAP_HOST_DATA].offset;
	b.wr = (uint32_t *)(void *)(memory + 24);
	b.rd = (uint32_t *)(void *)(memory + 28);
	start = now();
	if (set->threads) {
		if (pthread_create(&thread, NULL, send_all, &b))
			abort();
		take_all(&b);
		pthread_join(thread, NULL);
	} else {
		alternate(&b);
	}
	end = now();
	if (b.taken_sum != expected_sum(set, messages)) {
		fprintf(stderr, "%s: the bytes that came are not those that were sent\n",
			bare ? "memcpy" : "queue");
		exit(1);
	}
	return end - start;
}

static int ascending(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

static double median(double *values)
{
	qsort(values, ROUNDS, sizeof(values[0]), ascending);
	return values[ROUNDS / 2];
}

/* So many messages that one measurement takes about as long as it is to. */
static uint32_t enough(const struct setting *set, uint8_t *memory)
{
	uint32_t messages = 2000;

	while (messages < 20000000 && move(set, memory, true, messages) < seconds_each / 2)
		messages *= 2;
	return messages;
}

static void measure(const struct setting *set, uint8_t *memory)
{
	double queue[ROUNDS], bare[ROUNDS], ratio[ROUNDS];
	uint32_t messages = enough(set, memory);
	char goal[32] = "-";

	for (uint32_t round = 0; round < ROUNDS; round++) {
		for (uint32_t turn = 0; turn < 2; turn++) {
			bool is_bare = (round + turn) % 2;
			double ns = move(set, memory, is_bare, messages) * 1e9 / messages;

			*(is_bare ? &bare[round] : &queue[round]) = ns;
		}
		ratio[round] = queue[round] / bare[round];
	}
	if (set->goal > 0)
		snprintf(goal, sizeof(goal), "%.2f", set->goal);
	printf("%7u  %7u  %5u  %8.1f  %8.1f  %6.2f  %5s\n", set->threads ? 2u : 1u, set->payload, set->batch,
	       median(queue), median(bare), median(ratio), goal);
	fflush(stdout);
}

int main(void)
{
	uint8_t *memory = aligned_alloc(4096, 172032);

	if (!memory)
		return 1;
	printf("Candidate: sap_producer_put and sap_consumer_next, an opaque payload, the queue of %d bytes.\n"
	       "Peer: memcpy of the same payload through the same ring, no headers, nothing checked.\n"
	       "Median of %d rounds in turns; goal: at most.\n\n",
	       RING, ROUNDS);
	printf("threads  payload  batch  queue ns  peer ns   ratio   goal\n");
	for (uint32_t i = 0; i < sizeof(settings) / sizeof(settings[0]); i++)
		measure(&settings[i], memory);
	free(memory);
	return 0;
}
