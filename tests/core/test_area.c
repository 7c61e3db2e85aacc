// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
/*
 * The shared area: made byte for byte as the Linux driver makes it, and taken only if every word holds.
 */
#include "support.h"

enum {
	TRAILER_V3 = 137408,
	TRAILER_V4 = 167936,
};

static void initialised_area_is_the_drivers(const char *capture, uint32_t version)
{
	struct test_bytes image = test_capture(capture);
	struct sap_area area;
	uint8_t *memory = malloc(image.len);

	assert_non_null(memory);
	memset(memory, 0xa5, image.len);
	assert_status(sap_area_init(&area, sap_layout_of(version), memory, image.len), SAP_OK);
	assert_memory_equal(memory, image.bytes, image.len);
	assert_ptr_equal(area.base, memory);
	assert_int_equal(area.size, image.len);
	assert_memory_equal(&area.layout, sap_layout_of(version), sizeof(area.layout));
	free(memory);
	test_bytes_free(&image);
}

static void init_gives_the_bytes_of_the_driver(void **state)
{
	(void)state;
	initialised_area_is_the_drivers("v3-shm-at-start.bin", SAP_PROTOCOL_3);
	initialised_area_is_the_drivers("v4-shm-at-start.bin", SAP_PROTOCOL_4);
}

static void layouts_are_those_of_the_protocol(void **state)
{
	static const uint32_t offsets[2][SAP_QUEUES] = {{64, 2304, 50560, 113280},
							{64, 32832, 81088, 143808}};
	static const uint32_t sizes[2][SAP_QUEUES] = {{2240, 48256, 62720, 24128},
						      {32768, 48256, 62720, 24128}};

	(void)state;
	for (uint32_t v = 0; v < 2; v++) {
		const struct sap_layout *layout = sap_layout_of(3 + v);

		assert_non_null(layout);
		assert_int_equal(layout->version, 3 + v);
		assert_int_equal(layout->size, v ? 172032 : 139264);
		assert_int_equal(layout->trailer, v ? TRAILER_V4 : TRAILER_V3);
		for (uint32_t q = 0; q < SAP_QUEUES; q++) {
			assert_int_equal(layout->queue[q].offset, offsets[v][q]);
			assert_int_equal(layout->queue[q].size, sizes[v][q]);
		}
	}
	assert_null(sap_layout_of(0));
	assert_null(sap_layout_of(2));
	assert_null(sap_layout_of(5));
	assert_null(sap_layout_of(0x103));
	assert_null(sap_layout_of(UINT32_MAX));
}

static const struct {
	const char *name;
	uint32_t version;
} images[] = {
	{"v3-shm-at-start.bin", 3}, {"v3-shm-csa-11.bin", 3},	   {"v3-shm-v3-ring-overfull.bin", 3},
	{"v4-shm-at-start.bin", 4}, {"v4-shm-csa-00.bin", 4},	   {"v4-shm-csa-01.bin", 4},
	{"v4-shm-csa-18.bin", 4},   {"v4-data-shm-csa-05.bin", 4},
};

enum {
	IMAGES = sizeof(images) / sizeof(images[0])
};

static void adopt_takes_every_capture(void **state)
{
	(void)state;
	for (uint32_t i = 0; i < IMAGES; i++) {
		struct test_bytes image = test_capture(images[i].name);
		const struct sap_layout *layout = sap_layout_of(images[i].version);
		struct sap_area area;
		uint8_t *before = malloc(image.len);

		assert_non_null(before);
		memcpy(before, image.bytes, image.len);
		assert_status(sap_area_adopt(&area, layout, image.bytes, image.len, NULL), SAP_OK);
		assert_ptr_equal(area.base, image.bytes);
		assert_int_equal(area.size, image.len);
		assert_memory_equal(&area.layout, layout, sizeof(*layout));
		assert_memory_equal(image.bytes, before, image.len);
		free(before);
		test_bytes_free(&image);
	}
}

static void recognise_tells_the_version_of_every_capture(void **state)
{
	(void)state;
	for (uint32_t i = 0; i < IMAGES; i++) {
		struct test_bytes image = test_capture(images[i].name);
		const struct sap_layout *layout = sap_layout_of(images[i].version);
		uint8_t *shifted = malloc(65);

		assert_ptr_equal(sap_area_recognise(image.bytes, image.len), layout);
		/* The control block suffices, and need not be aligned. */
		assert_non_null(shifted);
		memcpy(shifted + 1, image.bytes, 64);
		assert_ptr_equal(sap_area_recognise(shifted + 1, 64), layout);
		assert_null(sap_area_recognise(shifted + 1, 63));
		free(shifted);
		test_bytes_free(&image);
	}
	assert_null(sap_area_recognise(NULL, 1 << 20));
	assert_null(sap_area_recognise((const uint8_t *)"", 0));
}

static void recognise_wants_the_mark_and_all_four_sizes(void **state)
{
	struct test_bytes image = test_capture("v4-shm-at-start.bin");
	static const uint32_t looked_at[] = {0, 20, 32, 48, 60};
	static const uint32_t ignored[] = {4, 8, 12, 16, 24, 28, 36, 40, 44, 52, 56};

	(void)state;
	for (uint32_t i = 0; i < 5; i++)
		for (uint32_t bit = 0; bit < 32; bit++) {
			uint8_t *byte = image.bytes + looked_at[i] + bit / 8;

			*byte ^= (uint8_t)(1 << bit % 8);
			assert_null(sap_area_recognise(image.bytes, image.len));
			*byte ^= (uint8_t)(1 << bit % 8);
		}
	for (uint32_t i = 0; i < 11; i++)
		test_put32(image.bytes + ignored[i], UINT32_MAX);
	assert_ptr_equal(sap_area_recognise(image.bytes, image.len), sap_layout_of(SAP_PROTOCOL_4));
	test_bytes_free(&image);
}

/* Each word that adopt looks at: what the fault calls it, what must stand there, and how it is judged. */
static const struct word {
	uint32_t offset;
	const char *what;
	uint32_t expected;
	enum sap_status otherwise; /* SAP_CORRUPT: an index; SAP_OK: reserved */
} words_v4[] = {
	{0, "mark at the start", 0x21504153, SAP_BAD_MAGIC},
	{4, "size of the control block", 64, SAP_BAD_LAYOUT},
	{8, NULL, 0, SAP_OK},
	{12, "host to ME notification queue wr", 32768, SAP_CORRUPT},
	{16, "host to ME notification queue rd", 32768, SAP_CORRUPT},
	{20, "host to ME notification queue size", 32768, SAP_BAD_LAYOUT},
	{24, "host to ME data queue wr", 48256, SAP_CORRUPT},
	{28, "host to ME data queue rd", 48256, SAP_CORRUPT},
	{32, "host to ME data queue size", 48256, SAP_BAD_LAYOUT},
	{36, NULL, 0, SAP_OK},
	{40, "ME to host notification queue wr", 62720, SAP_CORRUPT},
	{44, "ME to host notification queue rd", 62720, SAP_CORRUPT},
	{48, "ME to host notification queue size", 62720, SAP_BAD_LAYOUT},
	{52, "ME to host data queue wr", 24128, SAP_CORRUPT},
	{56, "ME to host data queue rd", 24128, SAP_CORRUPT},
	{60, "ME to host data queue size", 24128, SAP_BAD_LAYOUT},
	{TRAILER_V4, "mark at the end", 0x21504153, SAP_BAD_MAGIC},
};

static bool word_holds(const struct word *word, uint32_t value)
{
	if (word->otherwise == SAP_OK)
		return true;
	return word->otherwise == SAP_CORRUPT ? value < word->expected : value == word->expected;
}

/* One word has this value and all others hold: adopt must say exactly that, and write nothing. */
static void adopt_judges(const struct sap_layout *layout, struct test_bytes *image, const struct word *word,
			 uint32_t value)
{
	struct sap_area area, untouched;
	struct sap_area_fault fault;
	uint32_t before = test_get32(image->bytes + word->offset);
	enum sap_status status;

	memset(&area, 0x5a, sizeof(area));
	untouched = area;
	memset(&fault, 0, sizeof(fault));
	test_put32(image->bytes + word->offset, value);
	status = sap_area_adopt(&area, layout, image->bytes, image->len, &fault);
	assert_int_equal(test_get32(image->bytes + word->offset), value);
	if (word_holds(word, value)) {
		assert_status(status, SAP_OK);
		assert_ptr_equal(area.base, image->bytes);
	} else {
		assert_status(status, word->otherwise);
		assert_string_equal(fault.what, word->what);
		assert_int_equal(fault.offset, word->offset);
		assert_int_equal(fault.found, value);
		assert_int_equal(fault.expected, word->expected);
		assert_memory_equal(&area, &untouched, sizeof(area));
		/* Who does not want to know may pass null. */
		assert_status(sap_area_adopt(&area, layout, image->bytes, image->len, NULL), word->otherwise);
	}
	test_put32(image->bytes + word->offset, before);
}

static void adopt_judges_each_word(const char *capture, uint32_t version)
{
	struct test_bytes image = test_capture(capture);
	const struct sap_layout *layout = sap_layout_of(version);

	for (uint32_t i = 0; i < sizeof(words_v4) / sizeof(words_v4[0]); i++) {
		struct word word = words_v4[i];

		if (version == SAP_PROTOCOL_3) {
			word.expected = word.expected == 32768 ? 2240 : word.expected;
			word.offset = word.offset == TRAILER_V4 ? TRAILER_V3 : word.offset;
		}
		for (uint32_t bit = 0; bit < 32; bit++) {
			adopt_judges(layout, &image, &word, word.expected ^ 1u << bit);
			adopt_judges(layout, &image, &word, 1u << bit);
		}
		adopt_judges(layout, &image, &word, 0);
		adopt_judges(layout, &image, &word, UINT32_MAX);
		/* Hazard 2: an index that equals the size is no index, and one less is. */
		adopt_judges(layout, &image, &word, word.expected - 1);
		adopt_judges(layout, &image, &word, word.expected);
		adopt_judges(layout, &image, &word, word.expected + 1);
	}
	test_bytes_free(&image);
}

static void adopt_names_the_word_that_is_wrong(void **state)
{
	(void)state;
	adopt_judges_each_word("v3-shm-at-start.bin", SAP_PROTOCOL_3);
	adopt_judges_each_word("v4-shm-at-start.bin", SAP_PROTOCOL_4);
	adopt_judges_each_word("v3-shm-v3-ring-overfull.bin", SAP_PROTOCOL_3);
	adopt_judges_each_word("v4-data-shm-csa-05.bin", SAP_PROTOCOL_4);
}

static void adopt_refuses_the_other_version(void **state)
{
	struct test_bytes v4 = test_capture("v4-shm-at-start.bin");
	struct test_bytes v3 = test_capture("v3-shm-at-start.bin");
	struct sap_area_fault fault;
	struct sap_area area;

	(void)state;
	assert_status(sap_area_adopt(&area, sap_layout_of(3), v4.bytes, v4.len, &fault), SAP_BAD_LAYOUT);
	assert_int_equal(fault.offset, 20);
	assert_int_equal(fault.found, 32768);
	assert_int_equal(fault.expected, 2240);
	assert_status(sap_area_adopt(&area, sap_layout_of(4), v3.bytes, v3.len, NULL), SAP_TOO_SMALL);
	test_bytes_free(&v3);
	test_bytes_free(&v4);
}

/* init and adopt on memory that does not do: the status, and not a byte or the area changed. */
static void both_refuse(const struct sap_layout *layout, uint8_t *memory, uint32_t offset, uint32_t size,
			enum sap_status expected)
{
	uint32_t kept_size = layout->size < 4096 - 8 ? layout->size + 8 : 4096;
	uint8_t *kept = malloc(kept_size);
	struct sap_area area, untouched;

	assert_non_null(kept);
	memcpy(kept, memory, kept_size);
	memset(&area, 0x5a, sizeof(area));
	untouched = area;
	assert_status(sap_area_init(&area, layout, memory + offset, size), expected);
	assert_memory_equal(memory, kept, kept_size);
	assert_status(sap_area_adopt(&area, layout, memory + offset, size, NULL), expected);
	assert_memory_equal(memory, kept, kept_size);
	assert_memory_equal(&area, &untouched, sizeof(area));
	free(kept);
}

static void memory_must_be_aligned_and_suffice(void **state)
{
	static const uint32_t sizes[SAP_QUEUES] = {9, 10, 11, 12};
	struct sap_layout layout;
	struct sap_area area;
	uint8_t *memory;

	(void)state;
	assert_status(sap_layout_make(&layout, 3, sizes), SAP_OK);
	memory = calloc(1, layout.size + 8);
	assert_non_null(memory);
	assert_status(sap_area_init(&area, &layout, memory, layout.size + 4), SAP_OK);
	for (uint32_t offset = 1; offset < 4; offset++)
		both_refuse(&layout, memory, offset, layout.size, SAP_MISALIGNED);
	both_refuse(&layout, memory, 0, layout.size - 1, SAP_TOO_SMALL);
	both_refuse(&layout, memory, 0, 0, SAP_TOO_SMALL);
	assert_status(sap_area_init(&area, NULL, memory, layout.size), SAP_INVALID);
	assert_status(sap_area_adopt(&area, NULL, memory, layout.size, NULL), SAP_INVALID);
	assert_status(sap_area_init(NULL, &layout, memory, layout.size), SAP_INVALID);
	assert_status(sap_area_init(&area, &layout, NULL, layout.size), SAP_INVALID);
	assert_status(sap_area_adopt(NULL, &layout, memory, layout.size, NULL), SAP_INVALID);
	assert_status(sap_area_adopt(&area, &layout, NULL, layout.size, NULL), SAP_INVALID);
	/* Any multiple of 4 does. */
	memmove(memory + 4, memory, layout.size);
	assert_status(sap_area_adopt(&area, &layout, memory + 4, layout.size, NULL), SAP_OK);
	assert_status(sap_area_init(&area, &layout, memory + 4, layout.size), SAP_OK);
	free(memory);
}

/* Layouts that do not hold together, made from one that does: queue `q`, or the end of all. */
static void broken_layout(uint32_t which, struct sap_layout *layout)
{
	uint32_t q = which % SAP_QUEUES;

	switch (which / SAP_QUEUES) {
	case 0: /* overlaps what is before it */
		layout->queue[q].offset -= 1;
		break;
	case 1: /* overlaps what is behind it */
		layout->queue[q].size += 1;
		break;
	case 2:
		layout->queue[q].size = 8;
		break;
	case 3: /* too large, though all behind it made way */
		layout->queue[q].size = (1 << 20) + 1;
		for (uint32_t behind = q + 1; behind < SAP_QUEUES; behind++)
			layout->queue[behind].offset += 1 << 21;
		layout->trailer = 1 << 22;
		layout->size = 1 << 23;
		break;
	case 4: /* an end that wraps around in 32 bits */
		layout->queue[q].offset = UINT32_MAX - layout->queue[q].size + 1;
		break;
	case 5:
		layout->queue[q].offset = 0;
		break;
	case 6:
		layout->trailer -= 1 + q; /* into the last queue */
		break;
	case 7:
		layout->trailer = layout->size - 3 + q; /* out of the area, or half of it */
		break;
	default:
		layout->size = q; /* less than the mark; size - 4 would wrap around */
		layout->trailer = UINT32_MAX - 4;
		break;
	}
}

static void layouts_that_do_not_hold_together_are_refused(void **state)
{
	static const uint32_t sizes[SAP_QUEUES] = {16, 16, 16, 16};
	struct sap_layout good;
	struct sap_area area;
	uint8_t *memory = calloc(1, 4096);

	(void)state;
	assert_non_null(memory);
	assert_status(sap_layout_make(&good, 3, sizes), SAP_OK);
	assert_status(sap_area_init(&area, &good, memory, 4096), SAP_OK);
	for (uint32_t which = 0; which < 9 * SAP_QUEUES; which++) {
		struct sap_layout layout = good;
		struct sap_area_fault fault = {NULL, 0, 0, 0};

		broken_layout(which, &layout);
		both_refuse(&layout, memory, 0, 4096, SAP_BAD_VALUE);
		assert_status(sap_area_adopt(&area, &layout, memory, 4096, &fault), SAP_BAD_VALUE);
		assert_string_equal(fault.what, "layout");
	}
	free(memory);
}

static void layouts_may_have_gaps(void **state)
{
	struct sap_layout layout = {.version = 4,
				    .size = 400,
				    .trailer = 391,
				    .queue = {{70, 9}, {100, 33}, {201, 40}, {300, 91}}};
	struct sap_area area;
	uint8_t *memory = malloc(400);

	(void)state;
	assert_non_null(memory);
	assert_status(sap_area_init(&area, &layout, memory, 400), SAP_OK);
	assert_int_equal(test_get32(memory + 391), SAP_MAGIC);
	assert_int_equal(test_get32(memory + 60), 91);
	assert_status(sap_area_adopt(&area, &layout, memory, 400, NULL), SAP_OK);
	/* The mark may end with the area's last byte. */
	layout.trailer = 396;
	assert_status(sap_area_init(&area, &layout, memory, 400), SAP_OK);
	assert_int_equal(test_get32(memory + 396), SAP_MAGIC);
	free(memory);
}

static void layout_make_places_queues_without_gaps(void **state)
{
	static const uint32_t sizes[SAP_QUEUES] = {9, 1 << 20, 1001, 12};
	static const uint32_t real[2][SAP_QUEUES] = {{2240, 48256, 62720, 24128},
						     {32768, 48256, 62720, 24128}};
	struct sap_layout layout;

	(void)state;
	assert_status(sap_layout_make(&layout, 77, sizes), SAP_OK);
	assert_int_equal(layout.version, 77);
	assert_int_equal(layout.queue[0].offset, 64);
	assert_int_equal(layout.queue[1].offset, 73);
	assert_int_equal(layout.queue[2].offset, 73 + 1048576);
	assert_int_equal(layout.queue[3].offset, 73 + 1048576 + 1001);
	assert_int_equal(layout.trailer, 73 + 1048576 + 1001 + 12);
	assert_int_equal(layout.size, 1049668);
	for (uint32_t q = 0; q < SAP_QUEUES; q++)
		assert_int_equal(layout.queue[q].size, sizes[q]);
	/* The same places as in the two real ones; only those end at a page. */
	for (uint32_t v = 0; v < 2; v++) {
		assert_status(sap_layout_make(&layout, 3 + v, real[v]), SAP_OK);
		assert_memory_equal(layout.queue, sap_layout_of(3 + v)->queue, sizeof(layout.queue));
		assert_int_equal(layout.trailer, sap_layout_of(3 + v)->trailer);
	}
}

static void layout_make_knows_its_limits(void **state)
{
	struct sap_layout layout, untouched;

	(void)state;
	memset(&layout, 0x5a, sizeof(layout));
	untouched = layout;
	for (uint32_t q = 0; q < SAP_QUEUES; q++) {
		uint32_t sizes[SAP_QUEUES] = {9, 9, 9, 9};
		static const uint32_t bad[] = {0, 8, (1 << 20) + 1, UINT32_MAX};

		for (uint32_t i = 0; i < 4; i++) {
			sizes[q] = bad[i];
			assert_status(sap_layout_make(&layout, 3, sizes), SAP_BAD_VALUE);
			assert_memory_equal(&layout, &untouched, sizeof(layout));
		}
	}
	assert_status(sap_layout_make(&layout, 3, NULL), SAP_INVALID);
	assert_memory_equal(&layout, &untouched, sizeof(layout));
	assert_status(sap_layout_make(NULL, 3, (const uint32_t[]){9, 9, 9, 9}), SAP_INVALID);
	/* The size is the least multiple of 4 that holds the mark. */
	for (uint32_t n = 9; n < 18; n++) {
		assert_status(sap_layout_make(&layout, 3, (const uint32_t[]){n, 9, 9, 9}), SAP_OK);
		assert_int_equal(layout.trailer, 64 + n + 27);
		assert_int_equal(layout.size % 4, 0);
		assert_in_range(layout.size, layout.trailer + 4, layout.trailer + 7);
	}
}

/* All of the memory is zeroed, that behind the layout too, and not a byte behind the memory. */
static void init_zeroes_what_it_was_given_and_no_more(void **state)
{
	static const uint32_t sizes[SAP_QUEUES] = {10, 10, 10, 10};
	struct sap_layout layout;
	struct sap_area area;
	uint8_t *memory = malloc(256);

	(void)state;
	assert_non_null(memory);
	memset(memory, 0xa5, 256);
	assert_status(sap_layout_make(&layout, 3, sizes), SAP_OK);
	assert_int_equal(layout.size, 108);
	assert_status(sap_area_init(&area, &layout, memory, 201), SAP_OK);
	assert_int_equal(area.size, 201);
	for (uint32_t i = 64; i < 104; i++)
		assert_int_equal(memory[i], 0);
	assert_memory_equal(memory + 104, "SAP!", 4);
	for (uint32_t i = 108; i < 256; i++)
		assert_int_equal(memory[i], i < 201 ? 0 : 0xa5);
	free(memory);
}

static void queues_have_names(void **state)
{
	(void)state;
	assert_string_equal(sap_queue_name(SAP_HOST_NOTIF), "host to ME notifications");
	assert_string_equal(sap_queue_name(SAP_HOST_DATA), "host to ME data");
	assert_string_equal(sap_queue_name(SAP_CSME_NOTIF), "ME to host notifications");
	assert_string_equal(sap_queue_name(SAP_CSME_DATA), "ME to host data");
	assert_null(sap_queue_name(SAP_QUEUES));
	assert_null(sap_queue_name((enum sap_queue_id)77));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(init_gives_the_bytes_of_the_driver),
		cmocka_unit_test(layouts_are_those_of_the_protocol),
		cmocka_unit_test(adopt_takes_every_capture),
		cmocka_unit_test(recognise_tells_the_version_of_every_capture),
		cmocka_unit_test(recognise_wants_the_mark_and_all_four_sizes),
		cmocka_unit_test(adopt_names_the_word_that_is_wrong),
		cmocka_unit_test(adopt_refuses_the_other_version),
		cmocka_unit_test(memory_must_be_aligned_and_suffice),
		cmocka_unit_test(layouts_that_do_not_hold_together_are_refused),
		cmocka_unit_test(layouts_may_have_gaps),
		cmocka_unit_test(layout_make_places_queues_without_gaps),
		cmocka_unit_test(layout_make_knows_its_limits),
		cmocka_unit_test(init_zeroes_what_it_was_given_and_no_more),
		cmocka_unit_test(queues_have_names),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
