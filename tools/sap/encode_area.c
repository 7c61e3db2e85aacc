// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
#include "encode_area.h"

#include "file.h"
#include "image.h"

static bool begin_image(struct new_area *area, json_t *object, struct complaint *complaint)
{
	uint32_t version = SAP_PROTOCOL_4;
	struct sap_area ready;
	uint32_t size;
	bool given;

	if (!member_number(object, "sap_version", UINT32_MAX, &given, &version, complaint))
		return false;
	area->layout = sap_layout_of(version);
	if (!area->layout)
		return complain_of(complaint, "sap_version", "there is no version %u of the area: 3 or 4",
				   (unsigned int)version);
	size = area->layout->size;
	if (!member_number(object, "size", FILE_LIMIT, &given, &size, complaint))
		return false;
	if (size < area->layout->size)
		return complain_of(complaint, "size", "an area of version %u has %u bytes, not %u",
				   (unsigned int)version, (unsigned int)area->layout->size,
				   (unsigned int)size);
	bytes_more(&area->image, size);
	if (sap_area_init(&ready, area->layout, area->image.data, size) != SAP_OK)
		return complain_of(complaint, "size", "no area can be made of that");
	return true;
}

/* One of the objects in "queues". What it says is written as it stands: an image may be wrong on purpose. */
static bool set_queue(struct new_area *area, json_t *object, struct complaint *complaint)
{
	static const char *const keys[] = {"queue", "size", "rd", "wr", NULL};
	uint8_t *image = area->image.data;
	enum sap_queue_id queue = SAP_HOST_NOTIF;
	bool named, has_size, has_rd;
	uint32_t size = 0;
	uint32_t rd = 0;
	uint32_t wr = 0;

	if (!json_is_object(object))
		return complain_of(complaint, "queues", "not a list of objects");
	if (!members_known(object, keys, complaint) || !member_queue(object, &named, &queue, complaint) ||
	    !member_number(object, "size", UINT32_MAX, &has_size, &size, complaint) ||
	    !member_number(object, "rd", UINT32_MAX, &has_rd, &rd, complaint))
		return false;
	if (!named)
		return complain_of(complaint, "queues", "a queue without its name");
	if (!member_number(object, "wr", UINT32_MAX, &area->queue[queue].has_wr, &wr, complaint))
		return false;
	if (has_size)
		image_set_word(image, image_size_at(queue), size);
	if (has_rd) {
		image_set_word(image, image_rd_at(queue), rd);
		area->queue[queue].next = rd;
		/* Empty, unless wr or a message says otherwise. */
		image_set_word(image, image_wr_at(queue), rd);
	}
	if (area->queue[queue].has_wr)
		image_set_word(image, image_wr_at(queue), wr);
	return true;
}

bool new_area_begin(struct new_area *area, json_t *object, struct complaint *complaint)
{
	json_t *queues = json_object_get(object, "queues");
	json_t *queue;
	size_t i;

	if (!begin_image(area, object, complaint))
		return false;
	if (queues && !json_is_array(queues))
		return complain_of(complaint, "queues", "not a list");
	json_array_foreach(queues, i, queue)
	{
		if (!set_queue(area, queue, complaint))
			return false;
	}
	return true;
}

static void copy_in(struct new_area *area, enum sap_queue_id queue, uint32_t at, const struct bytes *bytes)
{
	for (uint32_t i = 0; i < bytes->len; i++)
		area->image.data[image_offset(area->layout, queue, at + i)] = bytes->data[i];
}

/* Behind the message before it. */
static bool append(struct new_area *area, const struct encoded *message, struct complaint *complaint)
{
	const struct sap_extent *extent = &area->layout->queue[message->queue];
	uint32_t n = (uint32_t)message->bytes.len;
	uint32_t *next = &area->queue[message->queue].next;
	uint32_t *placed = &area->queue[message->queue].placed;

	if (*next >= extent->size)
		return complain_of(complaint, "queue",
				   "its rd is past its end, so a message must say its offset");
	if (*placed + n > extent->size - 1)
		return complain_of(complaint, "queue", "%u bytes are too many: %u fit into this queue",
				   (unsigned int)(*placed + n), (unsigned int)(extent->size - 1));
	copy_in(area, message->queue, *next, &message->bytes);
	*next = (*next + n) % extent->size;
	*placed += n;
	if (!area->queue[message->queue].has_wr)
		image_set_word(area->image.data, image_wr_at(message->queue), *next);
	return true;
}

bool new_area_put(struct new_area *area, const struct encoded *message, struct complaint *complaint)
{
	const struct sap_extent *extent;

	if (!message->queued)
		return complain_of(complaint, "queue", "a message in an area needs its queue");
	extent = &area->layout->queue[message->queue];
	if (message->me)
		return complain_of(complaint, "kind", "an ME message does not lie in an area");
	if (!message->placed)
		return append(area, message, complaint);
	if (message->offset < extent->offset || message->offset - extent->offset >= extent->size)
		return complain_of(complaint, "offset", "%u is not in this queue, which is %u to %u",
				   (unsigned int)message->offset, (unsigned int)extent->offset,
				   (unsigned int)(extent->offset + extent->size - 1));
	if (message->bytes.len > extent->size)
		return complain_of(complaint, "fields", "longer than the queue");
	copy_in(area, message->queue, message->offset - extent->offset, &message->bytes);
	return true;
}

void new_area_free(struct new_area *area)
{
	bytes_free(&area->image);
}
