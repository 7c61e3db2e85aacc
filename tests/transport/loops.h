/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
/* A loopback to test, and its operations by short names. */
#ifndef SAP_TEST_LOOPS_H
#define SAP_TEST_LOOPS_H

#include "support.h"
#include <sap/loopback.h>

enum {
	HOST = SAP_LOOPBACK_HOST,
	CSME = SAP_LOOPBACK_CSME,
	LOOPS_MEMORY = 256,
};

struct loops {
	struct sap_loopback loop;
	_Alignas(4) uint8_t memory[LOOPS_MEMORY];
};

/* With memory of LOOPS_MEMORY bytes, `depth` messages each way. */
static inline void loops_init(struct loops *loops, uint32_t depth)
{
	struct sap_loopback_config config;

	sap_loopback_config_default(&config);
	config.memory = loops->memory;
	config.memory_size = LOOPS_MEMORY;
	config.depth = depth;
	assert_status(sap_loopback_init(&loops->loop, sizeof(loops->loop), &config), SAP_OK);
}

static inline enum sap_status do_map(struct loops *loops, uint32_t end, uint32_t size, struct sap_mem *mem)
{
	struct sap_transport t = sap_loopback_transport(&loops->loop, (enum sap_loopback_end)end);

	return t.ops->map(t.self, size, mem);
}

static inline enum sap_status do_connect(struct loops *loops, uint32_t end)
{
	struct sap_transport t = sap_loopback_transport(&loops->loop, (enum sap_loopback_end)end);

	return t.ops->connect(t.self);
}

static inline enum sap_status do_disconnect(struct loops *loops, uint32_t end)
{
	struct sap_transport t = sap_loopback_transport(&loops->loop, (enum sap_loopback_end)end);

	return t.ops->disconnect(t.self);
}

static inline enum sap_status do_unmap(struct loops *loops, uint32_t end)
{
	struct sap_transport t = sap_loopback_transport(&loops->loop, (enum sap_loopback_end)end);

	return t.ops->unmap(t.self);
}

/* Sends the one byte `what`, or takes one; -1 if there is none, -2 if the connection has ended. */
static inline enum sap_status do_send(struct loops *loops, uint32_t end, uint8_t what)
{
	struct sap_transport t = sap_loopback_transport(&loops->loop, (enum sap_loopback_end)end);

	return t.ops->send(t.self, &what, 1);
}

static inline int do_recv(struct loops *loops, uint32_t end)
{
	struct sap_transport t = sap_loopback_transport(&loops->loop, (enum sap_loopback_end)end);
	uint8_t byte = 0;
	size_t len = 0;
	enum sap_status status = t.ops->recv(t.self, &byte, 1, &len);

	if (status == SAP_AGAIN)
		return -1;
	if (status == SAP_CLOSED)
		return -2;
	assert_status(status, SAP_OK);
	assert_int_equal(len, 1);
	return byte;
}

static inline void meet(struct loops *loops)
{
	assert_status(do_connect(loops, CSME), SAP_AGAIN);
	assert_status(do_connect(loops, HOST), SAP_OK);
	assert_status(do_connect(loops, CSME), SAP_OK);
}

static inline void part(struct loops *loops)
{
	assert_status(do_disconnect(loops, HOST), SAP_OK);
	assert_status(do_disconnect(loops, CSME), SAP_OK);
}

#endif
