// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
#include "timeline.h"

#include <stdlib.h>
#include <string.h>

#include "memory.h"

/* --- writing --- */

static struct sim_entry *add(struct sim_timeline *timeline, enum sim_entry_kind kind, uint64_t now,
			     const struct sim_nic *nic)
{
	struct sim_entry *entry;

	if (timeline->count == timeline->cap) {
		uint32_t cap = timeline->cap ? 2 * timeline->cap : 64;
		struct sim_entry *more = memory_zeroed(cap, sizeof(*more));

		if (timeline->count)
			memcpy(more, timeline->entries, timeline->count * sizeof(*more));
		free(timeline->entries);
		timeline->entries = more;
		timeline->cap = cap;
	}
	entry = &timeline->entries[timeline->count++];
	memset(entry, 0, sizeof(*entry));
	entry->kind = kind;
	entry->at = now;
	entry->nic = *nic;
	entry->taken_at = SIM_NEVER;
	return entry;
}

static void show(const struct sim_timeline *timeline, const struct sim_entry *entry)
{
	if (timeline->added)
		timeline->added(timeline->self, entry);
}

static char *copy_text(const char *text)
{
	char *copy = memory_zeroed(strlen(text) + 1, 1);

	memcpy(copy, text, strlen(text));
	return copy;
}

void sim_timeline_tell(struct sim_timeline *timeline, enum sim_entry_kind kind, uint64_t now,
		       const struct sim_nic *nic, uint32_t number, const char *actor, const char *text)
{
	struct sim_entry *entry = add(timeline, kind, now, nic);

	entry->number = number;
	entry->actor = actor ? copy_text(actor) : NULL;
	entry->text = copy_text(text);
	show(timeline, entry);
}

void sim_timeline_caption(struct sim_timeline *timeline, uint32_t index, uint32_t number, const char *actor,
			  const char *text)
{
	struct sim_nic nic = timeline->entries[index].nic;
	struct sim_entry last;

	sim_timeline_tell(timeline, SIM_STORY, timeline->entries[index].at, &nic, number, actor, text);
	last = timeline->entries[timeline->count - 1];
	memmove(&timeline->entries[index + 1], &timeline->entries[index],
		(timeline->count - 1 - index) * sizeof(last));
	timeline->entries[index] = last;
}

static struct sim_entry *add_message(struct sim_timeline *timeline, const struct sim_news *news)
{
	struct sim_entry *entry = add(timeline, SIM_MESSAGE, news->now, news->nic);

	entry->to = news->seen.to;
	entry->carrier = news->seen.carrier;
	entry->len = news->seen.len;
	entry->bytes = memory_zeroed(news->seen.len, 1);
	memcpy(entry->bytes, news->seen.bytes, news->seen.len);
	return entry;
}

static bool is_same(const struct sim_entry *entry, const struct sap_seen *seen)
{
	return entry->kind == SIM_MESSAGE && !entry->again && entry->to == seen->to &&
	       entry->carrier == seen->carrier && entry->len == seen->len &&
	       memcmp(entry->bytes, seen->bytes, seen->len) == 0;
}

/* A message came: it is the first of its kind that was sent and did not come yet. */
static void take(struct sim_timeline *timeline, const struct sim_news *news)
{
	struct sim_entry *found = NULL;

	for (uint32_t i = timeline->count; i > 0 && !timeline->one_sided; i--) {
		struct sim_entry *entry = &timeline->entries[i - 1];

		if (!is_same(entry, &news->seen))
			continue;
		if (entry->taken_at != SIM_NEVER)
			break;
		found = entry;
	}
	if (!found) {
		found = add_message(timeline, news);
		found->again = !timeline->one_sided;
		found->taken_at = news->now;
		show(timeline, found);
	}
	found->taken_at = news->now;
}

static void hear(void *self, const struct sim_news *news)
{
	struct sim_timeline *timeline = self;
	struct sim_entry *entry;

	switch (news->kind) {
	case SIM_SAID:
		entry = add_message(timeline, news);
		if (timeline->one_sided)
			entry->taken_at = news->now;
		show(timeline, entry);
		break;
	case SIM_HEARD:
		take(timeline, news);
		break;
	case SIM_HAPPENED:
		entry = add(timeline, SIM_EVENT, news->now, news->nic);
		entry->event = news->event;
		/* The table changes with CSME's word; the NIC follows it a moment later. */
		if (news->event.by == SIM_BY_CSME && news->event.csme.type == SAP_CSME_OWNER)
			entry->nic.owner = news->event.csme.owner;
		if (entry->event.by == SIM_BY_HOST)
			entry->event.host.view.bytes = NULL;
		else if (entry->event.by == SIM_BY_CSME)
			entry->event.csme.view.bytes = NULL;
		show(timeline, entry);
		break;
	}
}

struct sim_listener sim_timeline_listener(struct sim_timeline *timeline)
{
	return (struct sim_listener){hear, timeline};
}

static void free_entry(struct sim_entry *entry)
{
	free(entry->bytes);
	free(entry->actor);
	free(entry->text);
}

void sim_timeline_forget(struct sim_timeline *timeline, uint32_t count)
{
	for (uint32_t i = 0; i < count; i++)
		free_entry(&timeline->entries[i]);
	timeline->count -= count;
	if (count)
		memmove(timeline->entries, timeline->entries + count,
			timeline->count * sizeof(timeline->entries[0]));
}

void sim_timeline_free(struct sim_timeline *timeline)
{
	sim_timeline_forget(timeline, timeline->count);
	free(timeline->entries);
	memset(timeline, 0, sizeof(*timeline));
}

/* --- reading --- */

static uint32_t header_size(const struct sim_entry *entry)
{
	return entry->carrier == SAP_IN_ME ? SAP_ME_HEADER_SIZE : SAP_HEADER_SIZE;
}

/* ME: 32 bits; else 16. Both little-endian. */
static uint32_t type_of(const struct sim_entry *entry)
{
	uint32_t type = entry->bytes[0] | (uint32_t)entry->bytes[1] << 8;

	if (entry->carrier == SAP_IN_ME)
		type |= (uint32_t)entry->bytes[2] << 16 | (uint32_t)entry->bytes[3] << 24;
	return type;
}

const struct sap_message_info *sim_entry_info(const struct sim_entry *entry)
{
	if (entry->len < header_size(entry))
		return NULL;
	return entry->carrier == SAP_IN_ME ? sap_me_info(type_of(entry)) : sap_message_info(type_of(entry));
}

struct sap_view sim_entry_payload(const struct sim_entry *entry)
{
	uint32_t header = header_size(entry);

	if (entry->len < header)
		return (struct sap_view){NULL, 0};
	return (struct sap_view){entry->bytes + header, entry->len - header};
}

bool sim_entry_is_bell(const struct sim_entry *entry)
{
	return entry->kind == SIM_MESSAGE && entry->carrier == SAP_IN_ME &&
	       entry->len >= SAP_ME_HEADER_SIZE && type_of(entry) == SAP_ME_CHECK_SHARED_AREA;
}

uint32_t sim_timeline_owning(const struct sim_timeline *timeline, uint32_t index, uint64_t end,
			     struct sim_owning *owning)
{
	uint32_t i = index;

	owning->owner = timeline->entries[index].nic.owner;
	owning->from = timeline->entries[index].at;
	while (i < timeline->count && timeline->entries[i].nic.owner == owning->owner)
		i++;
	owning->to = i < timeline->count ? timeline->entries[i].at : end;
	return i;
}

static void sum_message(const struct sim_entry *entry, struct sim_summary *summary)
{
	if (entry->again)
		return;
	if (sim_entry_is_bell(entry))
		summary->doorbells[entry->to]++;
	else if (entry->carrier == SAP_IN_NOTIF)
		summary->notifications[entry->to]++;
	else if (entry->carrier == SAP_IN_DATA)
		summary->packets[entry->to]++;
	summary->lost += entry->taken_at == SIM_NEVER;
}

/* How long the alarm was up, by the entries at which it changed. */
static uint64_t overlap_ms(const struct sim_timeline *timeline, uint64_t end)
{
	uint64_t sum = 0, from = SIM_NEVER;

	for (uint32_t i = 0; i < timeline->count; i++) {
		const struct sim_entry *entry = &timeline->entries[i];

		if (entry->nic.overlap && from == SIM_NEVER) {
			from = entry->at;
		} else if (!entry->nic.overlap && from != SIM_NEVER) {
			sum += entry->at - from;
			from = SIM_NEVER;
		}
	}
	return from == SIM_NEVER ? sum : sum + (end - from);
}

void sim_timeline_sum(const struct sim_timeline *timeline, uint64_t end, const struct sim_nic *nic,
		      struct sim_summary *summary)
{
	struct sim_owning owning;

	memset(summary, 0, sizeof(*summary));
	summary->from = timeline->count ? timeline->entries[0].at : end;
	summary->to = end;
	for (uint32_t i = 0; i < timeline->count; i++) {
		if (timeline->entries[i].kind == SIM_MESSAGE)
			sum_message(&timeline->entries[i], summary);
		summary->failures += timeline->entries[i].kind == SIM_FAILURE;
	}
	for (uint32_t i = 0; i < timeline->count;) {
		i = sim_timeline_owning(timeline, i, end, &owning);
		summary->ownings++;
	}
	summary->overlaps = nic->overlaps;
	summary->unexcused = nic->unexcused;
	summary->overlap_ms = overlap_ms(timeline, end);
	summary->overlap = nic->overlap;
	summary->owner = nic->owner;
}
