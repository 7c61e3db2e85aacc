// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
/* A server of one connection: take a request, answer it. And the shortest answer, an echo. */
#include <sap/mei/servers.h>

#include "../../platform.h"

enum {
	SERVER_MOST_STEPS = 100
};

static void server_end(struct sap_mei_server *server)
{
	/* Nobody is left to tell what this answers: it is asked for again as the next connection is. */
	(void)!server->transport.ops->disconnect(server->transport.self);
	server->connected = false;
	server->waiting = false;
}

/* False if the answer has to wait. */
static bool server_send(struct sap_mei_server *server)
{
	enum sap_status status =
		server->transport.ops->send(server->transport.self, server->reply, server->len);

	if (status == SAP_AGAIN)
		return false;
	server->waiting = false;
	if (status == SAP_OK) {
		server->answered++;
	} else if (status == SAP_TOO_LONG) {
		server->refused++;
	} else {
		server_end(server);
	}
	return true;
}

/* False if there is nothing to answer. */
static bool server_take(struct sap_mei_server *server)
{
	size_t len = 0;
	enum sap_status status =
		server->transport.ops->recv(server->transport.self, server->request, server->size, &len);

	if (status == SAP_AGAIN)
		return false;
	if (status == SAP_TOO_LONG) {
		server->refused++;
		return true;
	}
	if (status != SAP_OK) {
		server_end(server);
		return true;
	}
	status = server->answer(server->self, server->request, (uint32_t)len, server->reply, server->size,
				&server->len);
	server->waiting = status == SAP_OK;
	server->silent += status == SAP_AGAIN;
	server->refused += status != SAP_OK && status != SAP_AGAIN;
	return true;
}

static bool server_step(struct sap_mei_server *server)
{
	enum sap_status status;

	if (!server->connected) {
		status = server->transport.ops->connect(server->transport.self);
		if (status == SAP_CLOSED)
			server_end(server);
		server->connected = status == SAP_OK;
		return server->connected || status == SAP_CLOSED;
	}
	return server->waiting ? server_send(server) : server_take(server);
}

bool sap_mei_server_run(struct sap_mei_server *server)
{
	bool did = false;

	for (uint32_t step = 0; step < SERVER_MOST_STEPS && server_step(server); step++)
		did = true;
	return did;
}

enum sap_status sap_echo_answer(const void *self, const uint8_t *request, uint32_t len, uint8_t *reply,
				uint32_t cap, uint32_t *size)
{
	(void)self;
	if (len > cap)
		return SAP_TOO_SMALL;
	if (len)
		memcpy(reply, request, len);
	*size = len;
	return SAP_OK;
}
