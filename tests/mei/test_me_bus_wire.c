// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
/*
 * The bus's bytes: what a Linux driver says frame by frame, and what it must get, both by hand from
 * docs/protocol/mei.md and linux-mei.md. Nothing here asks the codec. And the device in memory itself.
 */
#include "mei_rig.h"

static struct mei_rig *rig;

static int setup(void **state)
{
	(void)state;
	rig = mei_rig_new(NULL);
	rig->host.keeps_down = true;
	assert_status(sap_me_bus_run(&rig->bus, &rig->port, rig->now), SAP_OK);
	assert_true(sap_mei_loopback_is_ready(&rig->loop));
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	mei_rig_free(rig);
	return 0;
}

static void run(void)
{
	for (uint32_t i = 0; i < 4; i++) {
		assert_status(sap_me_bus_run(&rig->bus, &rig->port, rig->now), SAP_OK);
		for (uint32_t k = 0; k < rig->servers; k++)
			(void)sap_mei_server_run(&rig->server[k]);
	}
}

static void say(const void *frame, size_t len)
{
	assert_status(sap_mei_loopback_host_send(&rig->loop, frame, len), SAP_OK);
	run();
}

static void hear(const void *frame, size_t len)
{
	uint8_t got[SAP_MEI_FRAME_MAX];
	size_t n = 0;

	assert_status(sap_mei_loopback_host_recv(&rig->loop, got, sizeof(got), &n), SAP_OK);
	assert_int_equal(n, len);
	assert_memory_equal(got, frame, len);
}

static void hear_nothing(void)
{
	uint8_t got[SAP_MEI_FRAME_MAX];
	size_t n;

	assert_status(sap_mei_loopback_host_recv(&rig->loop, got, sizeof(got), &n), SAP_AGAIN);
}

static void start(void)
{
	say("\x00\x00\x04\x80\x01\x00\x02\x02", 8);
	hear("\x00\x00\x04\x80\x81\x01\x02\x02", 8);
}

static void as_the_linux_driver_does(void **state)
{
	static uint8_t memory[172032];
	static const uint8_t clients[] = {/* Addresses 3, 4, 7; 9, 10; 32. */
					  0x00, 0x00, 0x24, 0x80, 0x84, 0, 0, 0, 0x98, 0x06, 0, 0, 0x01, 0,
					  0,	0,    0,    0,	  0,	0, 0, 0, 0,    0,    0, 0, 0,	 0,
					  0,	0,    0,    0,	  0,	0, 0, 0, 0,    0,    0, 0};
	static const uint8_t wlan[] = {0x00, 0x00, 0x1c, 0x80, 0x85, 0x07, 0x00, 0x00, 0x04, 0x09, 0x28,
				       0x13, 0x92, 0x77, 0xcb, 0x4f, 0xa1, 0xaa, 0x5e, 0x70, 0xcb, 0xb1,
				       0xe8, 0x65, 0x01, 0x01, 0x00, 0x00, 0x80, 0x00, 0x00, 0x00};

	(void)state;
	hear_nothing();
	start();
	say("\x00\x00\x04\x80\x13\x05\x00\x00", 8);
	hear("\x00\x00\x04\x80\x93\x05\x00\x00", 8);
	say("\x00\x00\x04\x80\x04\x01\x00\x00", 8);
	hear(clients, sizeof(clients));
	say("\x00\x00\x04\x80\x05\x07\x00\x00", 8);
	hear(wlan, sizeof(wlan));
	say("\x00\x00\x04\x80\x05\x08\x00\x00", 8);
	assert_int_equal(sizeof(wlan), 32);
	hear("\x00\x00\x1c\x80\x85\x08\x01\x00\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0", 32);
	/* The memory, before the connection. */
	assert_status(sap_mei_loopback_offer(&rig->loop, 0x123456000, memory, sizeof(memory)), SAP_OK);
	say("\x00\x00\x10\x80\x14\x01\x00\x00\x00\x60\x45\x23\x01\x00\x00\x00\x00\xa0\x02\x00", 20);
	hear("\x00\x00\x02\x80\x94\x00", 6);
	/* The echo: connect, a credit each way, a message and its answer. */
	say("\x00\x00\x04\x80\x06\x09\x01\x00", 8);
	hear("\x00\x00\x04\x80\x86\x09\x01\x00", 8);
	hear("\x00\x00\x08\x80\x08\x09\x01\x00\x00\x00\x00\x00", 12);
	say("\x00\x00\x08\x80\x08\x09\x01\x00\x00\x00\x00\x00", 12);
	say("\x09\x01\x02\x00he", 6);
	hear_nothing();
	/* Padded to a word, as frames travel. */
	say("\x09\x01\x03\x80llo\xff", 8);
	hear("\x00\x00\x08\x80\x08\x09\x01\x00\x00\x00\x00\x00", 12);
	hear("\x09\x01\x05\x80hello", 9);
	/* Notifications, and goodbye. */
	say("\x00\x00\x04\x80\x10\x09\x01\x01", 8);
	hear("\x00\x00\x08\x80\x90\x09\x01\x00\x01\x00\x00\x00", 12);
	assert_status(sap_me_bus_notify(&rig->bus, ECHO, 0), SAP_OK);
	run();
	hear("\x00\x00\x04\x80\x11\x09\x01\x00", 8);
	say("\x00\x00\x04\x80\x07\x09\x01\x00", 8);
	hear("\x00\x00\x04\x80\x87\x09\x01\x00", 8);
	say("\x00\x00\x04\x80\x07\x09\x01\x00", 8);
	hear("\x00\x00\x04\x80\x87\x09\x01\x01", 8);
	say("\x00\x00\x04\x80\x15\x00\x01\x00", 8);
	hear("\x00\x00\x02\x80\x95\x00", 6);
	/* DMA rings are not used. */
	uint8_t rings[44] = {0, 0, 40, 0x80, 0x12};
	say(rings, sizeof(rings));
	hear("\x00\x00\x04\x80\x92\x05\x00\x00", 8);
	say("\x00\x00\x04\x80\x0a\x00\x00\x00", 8);
	hear("\x00\x00\x04\x80\x8a\x00\x00\x00", 8);
	assert_status(sap_me_bus_add(&rig->bus, LATER, rig->now), SAP_OK);
	run();
	hear("\x00\x00\x04\x80\x0b\x00\x00\x00", 8);
	hear_nothing();
	say("\x00\x00\x04\x80\x8b\x00\x00\x00", 8);
	hear("\x00\x00\x1c\x80\x0f\xc8\x00\x00\xe0\xe1\xe2\xe3\xe4\xe5\xe6\xe7\xe8\xe9\xea\xeb\xec\xed\xee\x06"
	     "\x01\x01\x00\x00\x40\x00\x00\x00",
	     32);
	say("\x00\x00\x04\x80\x8f\xc8\x00\x00", 8);
	assert_status(sap_me_bus_ask_stop(&rig->bus, SAP_HBM_STOP_S5, rig->now), SAP_OK);
	run();
	hear("\x00\x00\x04\x80\x03\x08\x00\x00", 8);
	say("\x00\x00\x04\x80\x02\x08\x00\x00", 8);
	hear("\x00\x00\x04\x80\x82\x00\x00\x00", 8);
	hear_nothing();
	assert_int_equal(mei_refused(rig, SAP_ME_DMA), 1);
	assert_int_equal(mei_refused_all(rig), 3); /* and the client and the connection that were not there */
}

/* A firmware that disconnects, and one whose client has one buffer. */
static void by_the_firmware(void **state)
{
	struct sap_transport mine = mei_take(rig, WLAN, 0);

	(void)state;
	start();
	assert_status(mine.ops->connect(mine.self), SAP_AGAIN);
	say("\x00\x00\x04\x80\x06\x07\x05\x00", 8);
	hear("\x00\x00\x04\x80\x86\x07\x05\x00", 8);
	hear("\x00\x00\x08\x80\x08\x07\x05\x00\x00\x00\x00\x00", 12);
	assert_status(mine.ops->connect(mine.self), SAP_OK);
	say("\x00\x00\x04\x80\x06\x07\x06\x00", 8);
	hear("\x00\x00\x04\x80\x86\x07\x06\x03", 8); /* REJECTED: EBUSY */
	assert_status(mine.ops->disconnect(mine.self), SAP_OK);
	run();
	hear("\x00\x00\x04\x80\x07\x07\x05\x00", 8);
	say("\x00\x00\x04\x80\x87\x07\x05\x00", 8);
	say("\x00\x00\x04\x80\x06\x0a\x05\x00", 8);
	hear("\x00\x00\x04\x80\x86\x0a\x05\x00", 8);
	hear("\x00\x00\x08\x80\x08\x0a\x00\x00\x00\x00\x00\x00", 12);
	say("\x00\x00\x04\x80\x06\x0a\x06\x00", 8);
	hear("\x00\x00\x04\x80\x86\x0a\x06\x00", 8);
	hear_nothing();
}

/* A host of a newer version, and one of an older. */
static void versions(void **state)
{
	(void)state;
	say("\x00\x00\x04\x80\x01\x00\x03\x02", 8);
	hear("\x00\x00\x04\x80\x81\x00\x02\x02", 8);
	say("\x00\x00\x04\x80\x01\x00\x01\x01", 8);
	hear("\x00\x00\x04\x80\x81\x01\x02\x02", 8);
	/* 1.1 has no capabilities. */
	say("\x00\x00\x04\x80\x13\x05\x00\x00", 8);
	hear_nothing();
	assert_int_equal(mei_refused(rig, SAP_ME_HBM_OLD), 1);
}

static void tag_in_its_first_frame(void **state)
{
	static uint8_t ask[] = {3, 1, 20, 0x90, 1,    1, 0, 0, 1, 1, 9, 0,
				1, 1, 0,  0,	0x6b, 0, 0, 4, 0, 0, 0, 0};
	static const uint8_t answer[] = {3,    1, 28,	0x90, 1, 1, 0, 0, 1, 1, 9, 0, 1, 1, 0, 0,
					 0x6b, 0, 0x80, 4,    8, 0, 0, 0, 0, 0, 0, 0, 2, 0, 0, 0};

	(void)state;
	start();
	say("\x00\x00\x04\x80\x13\x05\x00\x00", 8);
	hear("\x00\x00\x04\x80\x93\x05\x00\x00", 8);
	say("\x00\x00\x04\x80\x06\x03\x01\x00", 8);
	hear("\x00\x00\x04\x80\x86\x03\x01\x00", 8);
	hear("\x00\x00\x08\x80\x08\x03\x01\x00\x00\x00\x00\x00", 12);
	say("\x00\x00\x08\x80\x08\x03\x01\x00\x00\x00\x00\x00", 12);
	say(ask, sizeof(ask));
	hear("\x00\x00\x08\x80\x08\x03\x01\x00\x00\x00\x00\x00", 12);
	hear(answer, sizeof(answer));
}

/* --- the device in memory --- */

static void device_in_memory(void **state)
{
	static struct sap_mei_loopback loop;
	struct sap_mei_port port = sap_mei_loopback_port(&loop);
	enum sap_mei_input what;
	uint8_t bytes[SAP_MEI_LOOPBACK_FRAME + 1] = {1, 2, 3, 4};
	uint8_t memory[8192];
	struct sap_mem mem;
	size_t len;

	(void)state;
	sap_mei_loopback_init(NULL);
	assert_null(sap_mei_loopback_port(NULL).ops);
	sap_mei_loopback_init(&loop);
	assert_false(sap_mei_loopback_is_ready(&loop));
	assert_status(sap_mei_loopback_host_send(&loop, bytes, 4), SAP_CLOSED);
	assert_status(port.ops->ready(port.self, true), SAP_OK);
	assert_status(sap_mei_loopback_host_send(&loop, bytes, sizeof(bytes)), SAP_TOO_LONG);
	for (uint32_t i = 0; i < SAP_MEI_LOOPBACK_DEPTH; i++) {
		bytes[0] = (uint8_t)i;
		assert_status(sap_mei_loopback_host_send(&loop, bytes, 4), SAP_OK);
		assert_status(port.ops->send(port.self, bytes, 5), SAP_OK);
	}
	assert_status(sap_mei_loopback_host_send(&loop, bytes, 4), SAP_AGAIN);
	assert_status(port.ops->send(port.self, bytes, 4), SAP_AGAIN);
	assert_status(port.ops->recv(port.self, &what, bytes, 3, &len), SAP_TOO_LONG);
	assert_int_equal(len, 4);
	assert_status(port.ops->recv(port.self, &what, bytes, 4, &len), SAP_OK);
	assert_true(what == SAP_MEI_FRAME && len == 4 && bytes[0] == 1);
	/* A reset empties both ways, and comes before what is sent after it. */
	sap_mei_loopback_host_reset(&loop);
	assert_false(sap_mei_loopback_is_ready(&loop));
	assert_status(port.ops->send(port.self, bytes, 4), SAP_OK);
	assert_status(sap_mei_loopback_host_recv(&loop, bytes, 5, &len), SAP_CLOSED);
	assert_status(port.ops->recv(port.self, &what, bytes, 4, &len), SAP_OK);
	assert_int_equal(what, SAP_MEI_HOST_RESET);
	assert_status(port.ops->recv(port.self, &what, bytes, 4, &len), SAP_AGAIN);
	assert_status(port.ops->ready(port.self, true), SAP_OK);
	assert_status(sap_mei_loopback_host_recv(&loop, bytes, 5, &len), SAP_AGAIN);
	assert_status(sap_mei_loopback_host_signal(&loop, SAP_MEI_HOST_READY), SAP_OK);
	assert_status(sap_mei_loopback_host_signal(&loop, SAP_MEI_FRAME), SAP_INVALID);
	assert_status(port.ops->recv(port.self, &what, bytes, 4, &len), SAP_OK);
	assert_int_equal(what, SAP_MEI_HOST_READY);
	/* Windows. */
	assert_status(sap_mei_loopback_offer(&loop, 4096, memory, 4096), SAP_OK);
	assert_status(sap_mei_loopback_offer(&loop, 8192, NULL, 4096), SAP_INVALID);
	assert_status(port.ops->map(port.self, 8192, 4096, &mem), SAP_IO);
	assert_status(port.ops->map(port.self, 4096, 8192, &mem), SAP_IO);
	assert_status(port.ops->map(port.self, 4096, 4096, &mem), SAP_OK);
	assert_ptr_equal(mem.base, memory);
	assert_status(port.ops->map(port.self, 4096, 4096, &mem), SAP_IO);
	assert_status(sap_mei_loopback_withdraw(&loop, 4096), SAP_AGAIN);
	assert_status(port.ops->unmap(port.self), SAP_OK);
	assert_status(port.ops->unmap(port.self), SAP_OK);
	assert_status(sap_mei_loopback_withdraw(&loop, 4096), SAP_OK);
	assert_status(port.ops->map(port.self, 4096, 4096, &mem), SAP_IO);
	for (uint32_t i = 0; i < SAP_MEI_LOOPBACK_REGIONS; i++)
		assert_status(sap_mei_loopback_offer(&loop, 4096 * i, memory, 1), SAP_OK);
	assert_status(sap_mei_loopback_offer(&loop, 4096, memory, 1), SAP_NO_ROOM);
	/* Gone. */
	sap_mei_loopback_unplug(&loop);
	assert_status(port.ops->ready(port.self, true), SAP_CLOSED);
	assert_status(port.ops->send(port.self, bytes, 4), SAP_CLOSED);
	assert_status(port.ops->recv(port.self, &what, bytes, 4, &len), SAP_CLOSED);
	assert_status(port.ops->map(port.self, 0, 1, &mem), SAP_CLOSED);
	assert_status(port.ops->unmap(port.self), SAP_OK);
	assert_status(sap_mei_loopback_host_send(&loop, bytes, 4), SAP_CLOSED);
	assert_status(sap_mei_loopback_host_recv(&loop, bytes, 4, &len), SAP_CLOSED);
}

#define with_rig(test) cmocka_unit_test_setup_teardown(test, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		with_rig(as_the_linux_driver_does), with_rig(by_the_firmware),		with_rig(versions),
		with_rig(tag_in_its_first_frame),   cmocka_unit_test(device_in_memory),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
