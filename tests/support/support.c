// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
#include "support.h"

const struct test_words test_words[SAP_QUEUES] = {
	[SAP_HOST_NOTIF] = {12, 16, 20},
	[SAP_HOST_DATA] = {24, 28, 32},
	[SAP_CSME_NOTIF] = {40, 44, 48},
	[SAP_CSME_DATA] = {52, 56, 60},
};

void test_fail(const char *format, ...)
{
	char text[512];
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(text, sizeof(text), format, arguments);
	va_end(arguments);
	print_error("%s\n", text);
	fail();
	abort();
}

void test_status_is(enum sap_status found, enum sap_status expected, const char *file, int line)
{
	if (found == expected)
		return;
	print_error("%s (%d) instead of %s (%d)\n", sap_status_name(found), (int)found,
		    sap_status_name(expected), (int)expected);
	_fail(file, line);
}

struct test_bytes test_capture(const char *name)
{
	struct test_bytes read = {NULL, 0};
	char path[1024];
	FILE *file;
	long len;

	snprintf(path, sizeof(path), "%s/captures/%s", SAP_TEST_DATA, name);
	file = fopen(path, "rb");
	if (!file)
		test_fail("cannot open %s", path);
	if (fseek(file, 0, SEEK_END) || (len = ftell(file)) <= 0 || fseek(file, 0, SEEK_SET))
		test_fail("cannot measure %s", path);
	read.len = (uint32_t)len;
	read.bytes = malloc(read.len);
	assert_non_null(read.bytes);
	if (fread(read.bytes, 1, read.len, file) != read.len)
		test_fail("cannot read %s", path);
	fclose(file);
	return read;
}

void test_bytes_free(struct test_bytes *bytes)
{
	free(bytes->bytes);
	bytes->bytes = NULL;
}

uint32_t test_get16(const uint8_t *at)
{
	return at[0] | (uint32_t)at[1] << 8;
}

uint32_t test_get32(const uint8_t *at)
{
	return test_get16(at) | test_get16(at + 2) << 16;
}

void test_put32(uint8_t *at, uint32_t value)
{
	for (uint32_t i = 0; i < 4; i++)
		at[i] = (uint8_t)(value >> 8 * i);
}

void test_put_header(uint8_t *at, uint32_t type, uint32_t len, uint32_t seq)
{
	test_put32(at, type | len << 16);
	test_put32(at + 4, seq);
}

void test_pattern(uint8_t *at, uint32_t n, uint32_t seed)
{
	for (uint32_t i = 0; i < n; i++)
		at[i] = (uint8_t)(seed * 37 + i * 5 + (i >> 8) * 11 + 1);
}

uint32_t test_random(uint32_t *state)
{
	uint32_t mixed;

	*state += 0x9e3779b9u;
	mixed = (*state ^ *state >> 16) * 0x85ebca6bu;
	mixed = (mixed ^ mixed >> 13) * 0xc2b2ae35u;
	return mixed ^ mixed >> 16;
}

static struct test_area make(const struct sap_layout *layout)
{
	struct test_area test;

	memset(&test, 0, sizeof(test));
	test.layout = *layout;
	test.memory = malloc(layout->size);
	assert_non_null(test.memory);
	assert_status(sap_area_init(&test.area, &test.layout, test.memory, layout->size), SAP_OK);
	return test;
}

struct test_area test_area_make(uint32_t host_notif, uint32_t host_data, uint32_t csme_notif,
				uint32_t csme_data)
{
	const uint32_t sizes[SAP_QUEUES] = {host_notif, host_data, csme_notif, csme_data};
	struct sap_layout layout;

	assert_status(sap_layout_make(&layout, SAP_PROTOCOL_4, sizes), SAP_OK);
	return make(&layout);
}

struct test_area test_area_of(uint32_t version)
{
	assert_non_null(sap_layout_of(version));
	return make(sap_layout_of(version));
}

void test_area_free(struct test_area *test)
{
	free(test->memory);
	test->memory = NULL;
}

uint32_t test_wr(const struct test_area *test, enum sap_queue_id queue)
{
	return test_get32(test->memory + test_words[queue].wr);
}

uint32_t test_rd(const struct test_area *test, enum sap_queue_id queue)
{
	return test_get32(test->memory + test_words[queue].rd);
}

void test_set_wr(struct test_area *test, enum sap_queue_id queue, uint32_t value)
{
	test_put32(test->memory + test_words[queue].wr, value);
}

void test_set_rd(struct test_area *test, enum sap_queue_id queue, uint32_t value)
{
	test_put32(test->memory + test_words[queue].rd, value);
}

uint8_t *test_ring(struct test_area *test, enum sap_queue_id queue)
{
	return test->memory + test->layout.queue[queue].offset;
}

void test_ring_write(struct test_area *test, enum sap_queue_id queue, uint32_t at, const uint8_t *from,
		     uint32_t n)
{
	for (uint32_t i = 0; i < n; i++)
		test_ring(test, queue)[(at + i) % test->layout.queue[queue].size] = from[i];
}

void test_ring_read(struct test_area *test, enum sap_queue_id queue, uint32_t at, uint8_t *to, uint32_t n)
{
	for (uint32_t i = 0; i < n; i++)
		to[i] = test_ring(test, queue)[(at + i) % test->layout.queue[queue].size];
}

void test_peer_put(struct test_area *test, enum sap_queue_id queue, uint32_t type, const uint8_t *payload,
		   uint32_t len, uint32_t seq)
{
	uint32_t size = test->layout.queue[queue].size;
	uint32_t wr = test_wr(test, queue);
	uint8_t header[SAP_HEADER_SIZE];

	test_put_header(header, type, len, seq);
	test_ring_write(test, queue, wr, header, sizeof(header));
	test_ring_write(test, queue, (wr + SAP_HEADER_SIZE) % size, payload, len);
	test_set_wr(test, queue, (wr + SAP_HEADER_SIZE + len) % size);
}

struct sap_message test_opaque(uint16_t type, const uint8_t *payload, uint32_t n)
{
	struct sap_message message;

	memset(&message, 0, sizeof(message));
	message.type = type;
	message.opaque = (struct sap_view){payload, n};
	return message;
}
