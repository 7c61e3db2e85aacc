// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
/*
 * An image of a shared area: its faults, then each queue's messages.
 *
 * An image stands still, may be cut, and people want to know where in it each message lies. So this walks
 * the queues itself: the library's consumer is for areas that are in use, and keeps its position private.
 */
#include <stdlib.h>

#include <sap/message.h>

#include "history.h"
#include "read.h"

/* One queue being read. */
struct reader {
	const struct image *image;
	struct report *report;
	enum sap_queue_id queue;
	const uint8_t *ring;
	uint32_t size;
	uint8_t message[SAP_HEADER_SIZE + SAP_MAX_PAYLOAD]; /* one, in one piece */
};

static void ring_copy(struct reader *r, uint32_t at, uint32_t n)
{
	for (uint32_t i = 0; i < n; i++)
		r->message[i] = r->ring[(at + i) % r->size];
}

/* Whether all of a piece of the ring is in the image, which may be cut. */
static bool in_image(const struct reader *r, uint32_t at, uint32_t n)
{
	const struct sap_extent *extent = &r->image->area.layout.queue[r->queue];
	uint32_t highest = at % r->size + n > r->size ? r->size : at % r->size + n;

	return extent->offset + highest <= r->image->len;
}

static uint32_t offset_of(const struct reader *r, uint32_t at)
{
	return image_offset(&r->image->area.layout, r->queue, at);
}

/* `n` bytes of whole or cut messages lie at `at`: what is wrong with the first, if anything. */
static bool has_message(struct reader *r, uint32_t at, uint32_t n)
{
	struct record place = {.offset = offset_of(r, at), .queued = true, .queue = r->queue};

	if (!in_image(r, at, n < SAP_HEADER_SIZE ? n : SAP_HEADER_SIZE)) {
		report_bad_record(r->report, &place, SAP_TOO_SHORT,
				  "the image ends at byte %u: the other %u bytes of %s are past it",
				  (unsigned int)r->image->len, (unsigned int)n, sap_queue_name(r->queue));
		return false;
	}
	if (n < SAP_HEADER_SIZE) {
		report_bad_record(r->report, &place, SAP_CORRUPT,
				  "wr leaves only %u of the %d bytes of a message's header", (unsigned int)n,
				  SAP_HEADER_SIZE);
		return false;
	}
	return true;
}

/* Tells the message at `at`; returns its bytes, or 0 if nothing can be read after it. */
static uint32_t read_one(struct reader *r, uint32_t at, uint32_t n, bool history)
{
	struct record record;
	char buffer[24];
	uint32_t there;

	if (!has_message(r, at, n))
		return 0;
	ring_copy(r, at, SAP_HEADER_SIZE);
	record_of_sap(&record, r->message, SAP_HEADER_SIZE, offset_of(r, at));
	there = n - SAP_HEADER_SIZE < record.len ? n - SAP_HEADER_SIZE : record.len;
	while (!in_image(r, at, SAP_HEADER_SIZE + there))
		there--;
	ring_copy(r, at, SAP_HEADER_SIZE + there);
	record_of_sap(&record, r->message, SAP_HEADER_SIZE + there, offset_of(r, at));
	record.queued = true;
	record.queue = r->queue;
	record.history = history;
	report_record(r->report, &record);
	if (there == record.len)
		return SAP_HEADER_SIZE + there;
	report_bad_record(r->report, &record, SAP_CORRUPT,
			  "%s: its header says %u bytes of payload, %s after %u",
			  record_name(&record, buffer), (unsigned int)record.len,
			  n - SAP_HEADER_SIZE < record.len ? "wr comes" : "the image ends",
			  (unsigned int)there);
	return 0;
}

static void read_bytes(struct reader *r, uint32_t at, uint32_t n, bool history)
{
	uint32_t step;

	while (n) {
		step = read_one(r, at, n, history);
		if (!step)
			return;
		at = (at + step) % r->size;
		n -= step;
	}
}

/* How many messages there seem to be: those whose header, at least, is there. */
static uint32_t count_messages(struct reader *r, uint32_t at, uint32_t n)
{
	uint32_t count = 0;

	while (n >= SAP_HEADER_SIZE && in_image(r, at, SAP_HEADER_SIZE)) {
		struct record record;

		ring_copy(r, at, SAP_HEADER_SIZE);
		record_of_sap(&record, r->message, SAP_HEADER_SIZE, 0);
		count++;
		if (record.len > n - SAP_HEADER_SIZE)
			break;
		at = (at + SAP_HEADER_SIZE + record.len) % r->size;
		n -= SAP_HEADER_SIZE + record.len;
	}
	return count;
}

static void read_queue(struct reader *r, bool with_history)
{
	uint32_t rd = r->image->queue[r->queue].rd;
	uint32_t pending = ring_bytes(rd, r->image->queue[r->queue].wr, r->size);
	struct history history = {0};

	if (with_history)
		history = history_find(r->image, r->queue);
	if (!pending && !history.messages)
		return;
	report_queue(r->report, r->queue, history.messages, count_messages(r, rd, pending));
	read_bytes(r, rd + r->size - history.bytes, history.bytes, true);
	read_bytes(r, rd, pending, false);
}

static void tell_faults(const struct image *image, struct report *report)
{
	const struct sap_layout *layout = &image->area.layout;

	if (image->len < layout->size)
		report_problem(report, image->len, SAP_TOO_SHORT,
			       "the image ends here: an area of version %u has %u bytes",
			       (unsigned int)layout->version, (unsigned int)layout->size);
	for (uint32_t i = 0; i < image->faults; i++) {
		const struct sap_area_fault *f = &image->fault[i].what;

		if (f->offset + 4 > image->len)
			continue; /* that it is cut was told */
		if (image->fault[i].status == SAP_CORRUPT)
			report_problem(report, f->offset, SAP_CORRUPT,
				       "%s is %u, must be less than %u: this queue cannot be read", f->what,
				       (unsigned int)f->found, (unsigned int)f->expected);
		else if (image->fault[i].status == SAP_BAD_MAGIC)
			report_problem(report, f->offset, SAP_BAD_MAGIC, "%s is 0x%08x, must be 0x%08x",
				       f->what, (unsigned int)f->found, (unsigned int)f->expected);
		else
			report_problem(report, f->offset, image->fault[i].status, "%s is %u, must be %u",
				       f->what, (unsigned int)f->found, (unsigned int)f->expected);
	}
}

void read_area(const struct image *image, const struct area_view *view, struct report *report)
{
	struct reader *r = memory_zeroed(1, sizeof(*r));

	tell_faults(image, report);
	for (int q = 0; q < SAP_QUEUES; q++) {
		if (!image->queue[q].readable || (view->one_queue && (int)view->queue != q))
			continue;
		r->image = image;
		r->report = report;
		r->queue = (enum sap_queue_id)q;
		r->ring = image->area.base + image->area.layout.queue[q].offset;
		r->size = image->area.layout.queue[q].size;
		read_queue(r, view->history);
	}
	free(r);
}
