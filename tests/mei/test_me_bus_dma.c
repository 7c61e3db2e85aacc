// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
/* The bus and the host's memory: when it may be mapped, who gets it, and that it ends before it goes. */
#include "mei_rig.h"

#define ADDRESS 0x123400000ull

enum {
	SIZE = 139264,
	LARGER = 172032,
};

static uint8_t *memory;

static int make_memory(void **state)
{
	(void)state;
	memory = calloc(1, LARGER);
	return !memory;
}

static int free_memory(void **state)
{
	(void)state;
	free(memory);
	return 0;
}

static struct mei_rig *rig_with_memory(void)
{
	struct mei_rig *rig = mei_rig_up();

	assert_status(sap_mei_loopback_offer(&rig->loop, ADDRESS, memory, LARGER), SAP_OK);
	return rig;
}

/* Maps, and must be told that. */
static void map_says(struct mei_rig *rig, uint64_t address, uint32_t size, uint8_t status)
{
	hbm_map(&rig->host, address, size);
	mei_settle(rig);
	assert_int_equal(rig->host.dma, status ? HBM_DMA_REFUSED : HBM_DMA_MAPPED);
	assert_int_equal(rig->host.dma_status, status);
}

static void unmap_says(struct mei_rig *rig, uint8_t status)
{
	hbm_unmap(&rig->host);
	mei_settle(rig);
	assert_int_equal(rig->host.dma, HBM_DMA_NONE);
	assert_int_equal(rig->host.dma_status, status);
}

static struct sap_transport connected(struct mei_rig *rig)
{
	struct sap_transport mine = mei_take(rig, WLAN, 0);

	assert_status(mine.ops->connect(mine.self), SAP_AGAIN);
	mei_connect(rig, 1, WLAN_ADDR);
	assert_status(mine.ops->connect(mine.self), SAP_OK);
	return mine;
}

static void mapped_before_and_adopted(void **state)
{
	struct mei_rig *rig = rig_with_memory();
	struct sap_transport mine;
	struct sap_mem mem;

	(void)state;
	map_says(rig, ADDRESS, LARGER, SAP_HBM_SUCCESS);
	mei_events(rig, "MAPPED 172032");
	mine = mei_take(rig, WLAN, 0);
	assert_status(mine.ops->map(mine.self, 0, &mem), SAP_CLOSED);
	mine = connected(rig);
	assert_status(mine.ops->map(mine.self, LARGER, &mem), SAP_UNSUPPORTED);
	assert_status(mine.ops->map(mine.self, 0, &mem), SAP_OK);
	assert_ptr_equal(mem.base, memory);
	assert_int_equal(mem.size, LARGER);
	assert_status(mine.ops->map(mine.self, 0, &mem), SAP_OK);
	/* The connection goes, the memory stays, another connection gets it. */
	hbm_disconnect(&rig->host, 1);
	mei_settle(rig);
	assert_status(mine.ops->disconnect(mine.self), SAP_OK);
	assert_status(mine.ops->unmap(mine.self), SAP_OK);
	assert_status(mine.ops->unmap(mine.self), SAP_OK);
	mei_settle(rig);
	assert_int_equal(rig->loop.window_size, LARGER);
	mine = connected(rig);
	assert_status(mine.ops->map(mine.self, 0, &mem), SAP_OK);
	/* Another client does not. */
	mine = mei_take(rig, ECHO, 0);
	mei_connect(rig, 2, ECHO_ADDR);
	assert_status(mine.ops->connect(mine.self), SAP_OK);
	assert_status(mine.ops->map(mine.self, 0, &mem), SAP_UNSUPPORTED);
	mei_rig_free(rig);
}

static void refused(void **state)
{
	struct mei_rig *rig = rig_with_memory();

	(void)state;
	map_says(rig, ADDRESS, 0, SAP_HBM_INVALID_PARAMETER);
	map_says(rig, ADDRESS, SIZE + 1, SAP_HBM_INVALID_PARAMETER);
	map_says(rig, ADDRESS + 4, SIZE, SAP_HBM_INVALID_PARAMETER);
	map_says(rig, 0xfffffffffffff000, SIZE, SAP_HBM_INVALID_PARAMETER);
	map_says(rig, ADDRESS, 0xfffff000, SAP_HBM_REJECTED);
	map_says(rig, ADDRESS, 4096, SAP_HBM_REJECTED);
	map_says(rig, ADDRESS, SIZE + 4096, SAP_HBM_REJECTED);
	/* The host has no such memory. */
	map_says(rig, ADDRESS + 4096, SIZE, SAP_HBM_REJECTED);
	assert_int_equal(mei_refused(rig, SAP_ME_DMA), 8);
	assert_int_equal(rig->loop.window_size, 0);
	/* Another buffer. */
	hbm_raw(&rig->host,
		"\x00\x00\x10\x80\x14\x02\x00\x00\x00\x00\x40\x23\x01\x00\x00\x00\x00\x20\x02\x00", 20);
	rig->host.dma = HBM_DMA_MAPPING;
	mei_settle(rig);
	assert_int_equal(rig->host.dma_status, SAP_HBM_INVALID_PARAMETER);
	/* As a connection is there, it is too late. */
	mei_connect(rig, 1, WLAN_ADDR);
	map_says(rig, ADDRESS, SIZE, SAP_HBM_NOT_ALLOWED);
	hbm_disconnect(&rig->host, 1);
	mei_settle(rig);
	/* Both sizes of SAP, and twice the same. */
	map_says(rig, ADDRESS, SIZE, SAP_HBM_SUCCESS);
	map_says(rig, ADDRESS, SIZE, SAP_HBM_ALREADY_EXISTS);
	unmap_says(rig, SAP_HBM_SUCCESS);
	map_says(rig, ADDRESS, LARGER, SAP_HBM_SUCCESS);
	assert_int_equal(rig->bus.state.counters.empty_unmaps, 0);
	mei_rig_free(rig);
}

static void unmap_of_nothing(void **state)
{
	struct mei_rig *rig = rig_with_memory();

	(void)state;
	unmap_says(rig, SAP_HBM_SUCCESS);
	assert_int_equal(rig->bus.state.counters.empty_unmaps, 1);
	rig->host.dma = HBM_DMA_UNMAPPING;
	hbm_raw(&rig->host, "\x00\x00\x04\x80\x15\x00\x02\x00", 8);
	mei_settle(rig);
	assert_int_equal(rig->host.dma_status, SAP_HBM_INVALID_PARAMETER);
	mei_rig_free(rig);
}

static void dma_setup_is_refused(void **state)
{
	struct sap_hbm_message setup = {.command = SAP_HBM_DMA_SETUP};
	struct mei_rig *rig = rig_with_memory();

	(void)state;
	rig->quiet = true; /* this host does not know the answer */
	hbm_say(&rig->host, &setup);
	mei_settle(rig);
	assert_int_equal(mei_refused(rig, SAP_ME_DMA), 1);
	assert_string_equal(rig->host.complaint, "wrong command 146");
	mei_rig_free(rig);
}

/* The connection ends first; the answer comes as the memory was let go of, and until then it is there. */
static void connection_ends_before_memory(void **state)
{
	struct mei_rig *rig = rig_with_memory();
	struct sap_transport mine;
	struct sap_mem mem;
	uint8_t byte;
	size_t len;

	(void)state;
	map_says(rig, ADDRESS, SIZE, SAP_HBM_SUCCESS);
	mine = connected(rig);
	assert_status(mine.ops->map(mine.self, 0, &mem), SAP_OK);
	hbm_unmap(&rig->host);
	mei_settle(rig);
	assert_int_equal(rig->host.dma, HBM_DMA_UNMAPPING);
	assert_status(mine.ops->recv(mine.self, &byte, 1, &len), SAP_CLOSED);
	assert_int_equal(rig->host.app[1].state, HBM_APP_ENDED);
	/* Asked again: no. */
	hbm_unmap(&rig->host);
	mei_settle(rig);
	assert_int_equal(rig->host.dma_status, SAP_HBM_NOT_ALLOWED);
	rig->host.dma = HBM_DMA_UNMAPPING;
	assert_status(mine.ops->disconnect(mine.self), SAP_OK);
	mei_settle(rig);
	assert_int_equal(rig->host.dma, HBM_DMA_UNMAPPING);
	assert_int_equal(rig->loop.window_size, SIZE);
	assert_status(sap_mei_loopback_withdraw(&rig->loop, ADDRESS), SAP_AGAIN);
	rig->events[0] = '\0';
	assert_status(mine.ops->unmap(mine.self), SAP_OK);
	mei_settle(rig);
	assert_int_equal(rig->host.dma, HBM_DMA_NONE);
	assert_int_equal(rig->loop.window_size, 0);
	mei_events(rig, "UNMAPPED");
	mei_rig_free(rig);
}

/* CSME does not let go: the host is told after a while, the window stays, and nobody new gets it. */
static void memory_is_not_let_go_of(void **state)
{
	struct mei_rig *rig = rig_with_memory();
	struct sap_transport mine;
	struct sap_mem mem;

	(void)state;
	map_says(rig, ADDRESS, SIZE, SAP_HBM_SUCCESS);
	mine = connected(rig);
	assert_status(mine.ops->map(mine.self, 0, &mem), SAP_OK);
	hbm_unmap(&rig->host);
	mei_wait(rig, 1999);
	assert_int_equal(rig->host.dma, HBM_DMA_UNMAPPING);
	mei_wait(rig, 1);
	assert_int_equal(rig->host.dma, HBM_DMA_NONE);
	assert_int_equal(rig->loop.window_size, SIZE);
	/* A new one waits for the old one, and is refused after as long. */
	hbm_map(&rig->host, ADDRESS, LARGER);
	mei_wait(rig, 1999);
	assert_int_equal(rig->host.dma, HBM_DMA_MAPPING);
	mei_wait(rig, 1);
	assert_int_equal(rig->host.dma, HBM_DMA_REFUSED);
	assert_int_equal(rig->host.dma_status, SAP_HBM_REJECTED);
	/* It waits, and gets it as CSME lets go. */
	hbm_map(&rig->host, ADDRESS, LARGER);
	mei_wait(rig, 100);
	assert_status(mine.ops->disconnect(mine.self), SAP_OK);
	assert_status(mine.ops->unmap(mine.self), SAP_OK);
	mei_settle(rig);
	assert_int_equal(rig->host.dma, HBM_DMA_MAPPED);
	assert_int_equal(rig->loop.window_size, LARGER);
	mei_rig_free(rig);
}

/* Over a reset memory is held; the unmap comes after the enumeration, and is answered. */
static void over_a_reset(void **state)
{
	struct mei_rig *rig = rig_with_memory();
	struct sap_transport mine;
	struct sap_mem mem;

	(void)state;
	map_says(rig, ADDRESS, SIZE, SAP_HBM_SUCCESS);
	mine = connected(rig);
	assert_status(mine.ops->map(mine.self, 0, &mem), SAP_OK);
	hbm_host_reset(&rig->host);
	for (uint32_t i = 0; i < 200 && rig->host.phase != HBM_UP; i++) {
		hbm_host_run(&rig->host);
		assert_status(sap_me_bus_run(&rig->bus, &rig->port, rig->now), SAP_OK);
	}
	assert_int_equal(rig->host.dma, HBM_DMA_UNMAPPING);
	assert_int_equal(rig->loop.window_size, SIZE);
	((uint8_t *)mem.base)[SIZE - 1] = 1;
	assert_status(mine.ops->disconnect(mine.self), SAP_OK);
	assert_status(mine.ops->unmap(mine.self), SAP_OK);
	mei_settle(rig);
	assert_int_equal(rig->host.dma, HBM_DMA_NONE);
	assert_int_equal(rig->loop.window_size, 0);
	assert_int_equal(rig->bus.state.counters.empty_unmaps, 0);
	map_says(rig, ADDRESS, SIZE, SAP_HBM_SUCCESS);
	mei_rig_free(rig);
}

/* A host that begins anew and does not unmap: what it maps replaces the old; the old is given to nobody. */
static void stale_memory(void **state)
{
	struct mei_rig *rig = rig_with_memory();
	struct sap_transport mine;
	struct sap_mem mem;

	(void)state;
	map_says(rig, ADDRESS, SIZE, SAP_HBM_SUCCESS);
	rig->host.dma = HBM_DMA_NONE; /* it forgot */
	hbm_host_reset(&rig->host);
	mei_settle(rig);
	mine = connected(rig);
	assert_status(mine.ops->map(mine.self, 0, &mem), SAP_UNSUPPORTED);
	hbm_disconnect(&rig->host, 1);
	mei_settle(rig);
	assert_status(mine.ops->disconnect(mine.self), SAP_OK);
	map_says(rig, ADDRESS, LARGER, SAP_HBM_SUCCESS);
	mine = connected(rig);
	assert_status(mine.ops->map(mine.self, 0, &mem), SAP_OK);
	assert_int_equal(mem.size, LARGER);
	mei_rig_free(rig);
}

/* The firmware dies with memory in use, and is reborn: the host's unmap has to be answered. */
static void over_a_death(void **state)
{
	struct mei_rig *rig = rig_with_memory();
	struct sap_transport mine;
	struct sap_mem mem;

	(void)state;
	map_says(rig, ADDRESS, SIZE, SAP_HBM_SUCCESS);
	mine = connected(rig);
	assert_status(mine.ops->map(mine.self, 0, &mem), SAP_OK);
	assert_status(sap_me_bus_stop(&rig->bus, rig->now), SAP_OK);
	mei_settle(rig);
	assert_int_equal(rig->loop.window_size, SIZE);
	assert_status(mine.ops->disconnect(mine.self), SAP_OK);
	assert_status(mine.ops->unmap(mine.self), SAP_OK);
	mei_settle(rig);
	assert_int_equal(rig->loop.window_size, 0);
	assert_status(sap_me_bus_start(&rig->bus, rig->now), SAP_OK);
	mei_settle(rig);
	assert_int_equal(rig->host.phase, HBM_UP);
	assert_int_equal(rig->host.dma, HBM_DMA_NONE);
	assert_int_equal(rig->bus.state.counters.empty_unmaps, 1);
	mei_rig_free(rig);
}

/* --- requests that take their time, by hand --- */

static bool next_io(struct sap_me_bus *bus, enum sap_me_io_op op, struct sap_me_io *io)
{
	if (!sap_me_bus_next_io(bus, io))
		return false;
	assert_int_equal(io->op, op);
	return true;
}

static void say(struct sap_me_bus *bus, const void *frame, size_t len)
{
	assert_status(sap_me_bus_input(bus, SAP_MEI_FRAME, frame, len, 0), SAP_OK);
}

/* A reset while the window is being opened: it is held, and nobody is answered. */
static void reset_while_mapping(void **state)
{
	static const uint8_t map[] = {0x00, 0x00, 0x10, 0x80, 0x14, 1, 0,    0,	   0,	 0,
				      0x40, 0x23, 1,	0,    0,    0, 0x00, 0x20, 0x02, 0x00};
	struct mei_rig *rig = rig_with_memory();
	struct sap_me_bus *bus = &rig->bus;
	struct sap_me_io io, late;

	(void)state;
	say(bus, map, sizeof(map));
	assert_true(next_io(bus, SAP_ME_IO_MAP, &io));
	assert_true(io.address == ADDRESS && io.size == SIZE);
	assert_false(sap_me_bus_next_io(bus, &late));
	/* It takes its time, and is asked for again. */
	assert_status(sap_me_bus_io_done(bus, &io, SAP_AGAIN, rig->now), SAP_OK);
	assert_false(sap_me_bus_next_io(bus, &late));
	assert_true(sap_me_bus_deadline(bus) == rig->now + 10);
	sap_me_bus_tick(bus, rig->now + 10);
	assert_true(next_io(bus, SAP_ME_IO_MAP, &io));
	assert_status(sap_me_bus_input(bus, SAP_MEI_HOST_RESET, NULL, 0, rig->now), SAP_OK);
	io.mem = (struct sap_mem){memory, SIZE};
	assert_status(sap_me_bus_io_done(bus, &io, SAP_OK, rig->now), SAP_OK);
	assert_status(sap_me_bus_io_done(bus, &io, SAP_OK, rig->now), SAP_WRONG_STATE);
	assert_int_equal(bus->state.counters.late_io, 1);
	assert_true(next_io(bus, SAP_ME_IO_READY, &io));
	assert_status(sap_me_bus_io_done(bus, &io, SAP_OK, rig->now), SAP_OK);
	assert_false(sap_me_bus_next_io(bus, &io));
	say(bus, "\x00\x00\x04\x80\x01\x00\x02\x02", 8);
	assert_true(next_io(bus, SAP_ME_IO_SEND, &io));
	assert_int_equal(io.frame[4], SAP_HBM_HOST_START_RESPONSE);
	assert_status(sap_me_bus_io_done(bus, &io, SAP_OK, rig->now), SAP_OK);
	assert_false(sap_me_bus_next_io(bus, &io));
	mei_rig_free(rig);
}

/* A frame that is under way as the host resets belongs to what is over. */
static void reset_while_sending(void **state)
{
	static const uint8_t ask[] = {0x00, 0x00, 0x04, 0x80, 0x05, WLAN_ADDR, 0, 0};
	struct mei_rig *rig = rig_with_memory();
	struct sap_me_bus *bus = &rig->bus;
	struct sap_me_io io, ready;

	(void)state;
	say(bus, ask, sizeof(ask));
	say(bus, ask, sizeof(ask));
	assert_true(next_io(bus, SAP_ME_IO_SEND, &io));
	assert_status(sap_me_bus_input(bus, SAP_MEI_HOST_RESET, NULL, 0, rig->now), SAP_OK);
	assert_true(next_io(bus, SAP_ME_IO_READY, &ready));
	assert_status(sap_me_bus_io_done(bus, &io, SAP_OK, rig->now), SAP_WRONG_STATE);
	assert_status(sap_me_bus_io_done(bus, &ready, SAP_OK, rig->now), SAP_OK);
	assert_false(sap_me_bus_next_io(bus, &io));
	mei_rig_free(rig);
}

/* A window that is smaller than it should be is closed again. */
static void window_is_too_small(void **state)
{
	static const uint8_t map[] = {0x00, 0x00, 0x10, 0x80, 0x14, 1, 0,    0,	   0,	 0,
				      0x40, 0x23, 1,	0,    0,    0, 0x00, 0x20, 0x02, 0x00};
	struct mei_rig *rig = rig_with_memory();
	struct sap_me_bus *bus = &rig->bus;
	struct sap_me_io io;

	(void)state;
	say(bus, map, sizeof(map));
	assert_true(next_io(bus, SAP_ME_IO_MAP, &io));
	io.mem = (struct sap_mem){memory, SIZE - 1};
	assert_status(sap_me_bus_io_done(bus, &io, SAP_OK, rig->now), SAP_OK);
	assert_true(next_io(bus, SAP_ME_IO_UNMAP, &io));
	assert_status(sap_me_bus_io_done(bus, &io, SAP_OK, rig->now), SAP_OK);
	assert_true(next_io(bus, SAP_ME_IO_SEND, &io));
	assert_memory_equal(io.frame, "\x00\x00\x02\x80\x94\x03", 6);
	mei_rig_free(rig);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(mapped_before_and_adopted),
		cmocka_unit_test(refused),
		cmocka_unit_test(unmap_of_nothing),
		cmocka_unit_test(dma_setup_is_refused),
		cmocka_unit_test(connection_ends_before_memory),
		cmocka_unit_test(memory_is_not_let_go_of),
		cmocka_unit_test(over_a_reset),
		cmocka_unit_test(stale_memory),
		cmocka_unit_test(over_a_death),
		cmocka_unit_test(reset_while_mapping),
		cmocka_unit_test(reset_while_sending),
		cmocka_unit_test(window_is_too_small),
	};

	return cmocka_run_group_tests(tests, make_memory, free_memory);
}
