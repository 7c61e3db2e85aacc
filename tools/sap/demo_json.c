// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
/*
 * A timeline for programs: one JSON object a line. Its format is docs/demo.md.
 */
#include "demo_show.h"
#include "json_entry.h"

static void write_end(FILE *out, const struct demo *demo)
{
	const struct sim_summary *s = &demo->summary;
	json_t *owned = json_array();
	struct sim_owning owning;
	json_t *json;

	for (uint32_t i = 0; i < demo->timeline->count;) {
		i = sim_timeline_owning(demo->timeline, i, s->to, &owning);
		json_array_append_new(owned,
				      json_pack("{s:s, s:I, s:I}", "owner", json_owner_key(owning.owner),
						"from_ms", (json_int_t)owning.from, "to_ms",
						(json_int_t)owning.to));
	}
	json = json_pack("{s:s, s:I, s:s, s:o}", "kind", "end", "ms", (json_int_t)s->to, "owner",
			 json_owner_key(s->owner), "owned", owned);
	json_object_set_new(json, "notifications", json_of_directions(s->notifications));
	json_object_set_new(json, "doorbells", json_of_directions(s->doorbells));
	json_object_set_new(json, "packets", json_of_directions(s->packets));
	json_object_set_new(json, "lost", json_integer(s->lost));
	json_object_set_new(json, "alarms", json_integer(s->overlaps));
	json_object_set_new(json, "unexcused", json_integer(s->unexcused));
	json_object_set_new(json, "overlap", json_boolean(s->overlap));
	json_object_set_new(json, "overlap_ms", json_integer((json_int_t)s->overlap_ms));
	json_object_set_new(json, "failures", json_integer(s->failures));
	json_write_line(out, json);
}

void demo_json(FILE *out, const struct demo *demo)
{
	json_t *start = json_of_start();

	json_set_text(start, "script", demo->name);
	json_write_line(out, start);
	for (uint32_t i = 0; i < demo->timeline->count; i++)
		json_write_line(out, json_of_entry(&demo->timeline->entries[i]));
	write_end(out, demo);
}
