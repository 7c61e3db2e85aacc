// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
/* The timeline: messages that came, came late, twice or never, and who owned the NIC when. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "timeline.h"

static const uint8_t ping[] = {1, 0, 0, 0, 7, 0, 0, 0};
static const uint8_t pong[] = {2, 0, 0, 0, 7, 0, 0, 0};

static void tell(struct sim_timeline *timeline, enum sim_news_kind kind, uint64_t now, const uint8_t *bytes,
		 const struct sim_nic *nic)
{
	struct sim_listener listener = sim_timeline_listener(timeline);
	struct sim_news news = {
		.kind = kind,
		.now = now,
		.nic = nic,
		.seen = {.to = SAP_TO_CSME, .carrier = SAP_IN_NOTIF, .bytes = bytes, .len = 8}};

	listener.hear(listener.self, &news);
}

static void messages_are_matched(void **state)
{
	struct sim_timeline timeline = {0};
	struct sim_summary summary;
	struct sim_nic nic;

	(void)state;
	sim_nic_init(&nic, SAP_OWNER_HOST, 0);
	tell(&timeline, SIM_SAID, 1, ping, &nic);
	tell(&timeline, SIM_SAID, 2, pong, &nic);
	tell(&timeline, SIM_HEARD, 5, ping, &nic);
	assert_int_equal(timeline.count, 2);
	assert_int_equal(timeline.entries[0].taken_at, 5);
	assert_true(timeline.entries[1].taken_at == SIM_NEVER);
	tell(&timeline, SIM_HEARD, 6, ping, &nic);
	assert_int_equal(timeline.count, 3);
	assert_true(timeline.entries[2].again);
	sim_timeline_sum(&timeline, 10, &nic, &summary);
	assert_int_equal(summary.notifications[SAP_TO_CSME], 2);
	assert_int_equal(summary.lost, 1);
	assert_string_equal(sim_entry_info(&timeline.entries[0])->name, "PING");
	sim_timeline_free(&timeline);
}

/* The same bytes again are another message: on the next connection sequence numbers start anew. */
static void the_same_bytes_twice(void **state)
{
	struct sim_timeline timeline = {0};
	struct sim_nic nic;

	(void)state;
	sim_nic_init(&nic, SAP_OWNER_HOST, 0);
	for (uint64_t at = 0; at < 100; at += 10) {
		tell(&timeline, SIM_SAID, at, ping, &nic);
		tell(&timeline, SIM_HEARD, at + 1, ping, &nic);
	}
	assert_int_equal(timeline.count, 10);
	for (uint32_t i = 0; i < 10; i++)
		assert_int_equal(timeline.entries[i].taken_at, 10 * i + 1);
	sim_timeline_free(&timeline);
}

static void stretches_of_owning(void **state)
{
	struct sim_timeline timeline = {0};
	struct sim_owning owning;
	struct sim_summary summary;
	struct sim_nic nic;
	uint32_t next;

	(void)state;
	sim_nic_init(&nic, SAP_OWNER_CSME, 0);
	sim_timeline_tell(&timeline, SIM_REMARK, 10, &nic, 0, NULL, "a");
	sim_nic_touch(&nic, SIM_HOST, true, 20);
	sim_timeline_tell(&timeline, SIM_REMARK, 20, &nic, 0, NULL, "b");
	sim_nic_set_owner(&nic, SAP_OWNER_HOST, false, 50);
	sim_timeline_tell(&timeline, SIM_REMARK, 50, &nic, 0, NULL, "c");
	next = sim_timeline_owning(&timeline, 0, 100, &owning);
	assert_int_equal(next, 2);
	assert_int_equal(owning.owner, SAP_OWNER_CSME);
	assert_int_equal(owning.to, 50);
	next = sim_timeline_owning(&timeline, next, 100, &owning);
	assert_int_equal(next, 3);
	assert_int_equal(owning.to, 100);
	sim_timeline_sum(&timeline, 100, &nic, &summary);
	assert_int_equal(summary.ownings, 2);
	assert_int_equal(summary.overlap_ms, 30);
	assert_int_equal(summary.unexcused, 1);
	sim_timeline_free(&timeline);
}

static void a_caption_stands_before(void **state)
{
	struct sim_timeline timeline = {0};
	struct sim_nic nic;

	(void)state;
	sim_nic_init(&nic, SAP_OWNER_CSME, 0);
	tell(&timeline, SIM_SAID, 1, ping, &nic);
	tell(&timeline, SIM_SAID, 2, pong, &nic);
	sim_timeline_caption(&timeline, 1, 3, "CSME", "answers");
	assert_int_equal(timeline.count, 3);
	assert_int_equal(timeline.entries[1].kind, SIM_STORY);
	assert_int_equal(timeline.entries[1].at, 2);
	assert_string_equal(timeline.entries[1].actor, "CSME");
	assert_int_equal(timeline.entries[2].bytes[0], SAP_PONG);
	sim_timeline_free(&timeline);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(messages_are_matched),
		cmocka_unit_test(the_same_bytes_twice),
		cmocka_unit_test(stretches_of_owning),
		cmocka_unit_test(a_caption_stands_before),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
