// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
/* The conformance kit: the steps that rules are made of. */
#include "check.h"

#include "../platform.h"

bool sap_check_number(struct check_run *run, const char *step, int64_t found, int64_t expected)
{
	if (found == expected)
		return true;
	run->finding.outcome = SAP_CHECK_FAILED;
	run->finding.step = step;
	run->finding.unit = SAP_CHECK_NUMBER;
	run->finding.found = found;
	run->finding.expected = expected;
	return false;
}

bool sap_check_status(struct check_run *run, const char *step, enum sap_status found,
		      enum sap_status expected)
{
	if (sap_check_number(run, step, found, expected))
		return true;
	run->finding.unit = SAP_CHECK_STATUS;
	return false;
}

void sap_check_settle(struct check_run *run)
{
	if (run->given->settle)
		run->given->settle(run->given->self);
}

/* After the nth AGAIN: lets the backend go on, and says whether to ask once more. */
static bool once_more(struct check_run *run, uint32_t n)
{
	sap_check_settle(run);
	return n < run->given->patience;
}

/* Memory. */

static enum sap_status wait_map(struct check_run *run, uint32_t end, uint32_t size, struct sap_mem *mem)
{
	const struct sap_transport *t = &run->end[end];
	enum sap_status status;

	for (uint32_t n = 0; (status = t->ops->map(t->self, size, mem)) == SAP_AGAIN && once_more(run, n);
	     n++)
		;
	return status;
}

bool sap_check_map_says(struct check_run *run, uint32_t end, uint32_t size, enum sap_status expected)
{
	struct sap_mem mem = {NULL, 0};

	return sap_check_status(run, end == CHECK_HOST ? "map of the host" : "map of CSME",
				wait_map(run, end, size, &mem), expected);
}

bool sap_check_map(struct check_run *run, uint32_t end, uint32_t size)
{
	struct sap_mem *mem = &run->mem[end];
	bool host = end == CHECK_HOST;

	*mem = (struct sap_mem){NULL, 0};
	return sap_check_status(run, host ? "map of the host" : "map of CSME",
				wait_map(run, end, host ? size : 0, mem), SAP_OK) &&
	       sap_check_number(run, host ? "memory of the host is there" : "memory of CSME is there",
				mem->base != NULL, 1) &&
	       sap_check_number(run, "the memory's address, modulo 4", (int64_t)((uintptr_t)mem->base % 4),
				0) &&
	       sap_check_number(run, host ? "bytes the host maps" : "bytes CSME maps", mem->size, size);
}

static uint8_t fill_byte(uint32_t i, uint32_t seed)
{
	return (uint8_t)(seed * 59 + i * 7 + (i >> 8) * 13 + (i >> 16) * 29);
}

void sap_check_fill(struct check_run *run, uint32_t end, uint32_t seed)
{
	uint8_t *at = run->mem[end].base;

	for (uint32_t i = 0; i < run->mem[end].size; i++)
		at[i] = fill_byte(i, seed);
	sap_forget();
}

bool sap_check_filled(struct check_run *run, uint32_t end, uint32_t seed, const char *step)
{
	const uint8_t *at = run->mem[end].base;

	/* The peer wrote it through another address. */
	sap_forget();
	for (uint32_t i = 0; i < run->mem[end].size; i++)
		if (at[i] != fill_byte(i, seed))
			return sap_check_number(run, step, at[i], fill_byte(i, seed));
	return true;
}

bool sap_check_unmap(struct check_run *run, uint32_t end)
{
	const struct sap_transport *t = &run->end[end];
	enum sap_status status;

	for (uint32_t n = 0; (status = t->ops->unmap(t->self)) == SAP_AGAIN && once_more(run, n); n++)
		;
	return sap_check_status(run, end == CHECK_HOST ? "unmap of the host" : "unmap of CSME", status,
				SAP_OK);
}

/* Connection. */

bool sap_check_connect(struct check_run *run, uint32_t first)
{
	bool connected[2] = {false, false};

	for (uint32_t n = 0; !connected[0] || !connected[1]; n++) {
		for (uint32_t i = 0; i < 2; i++) {
			uint32_t end = i ? check_peer(first) : first;
			const struct sap_transport *t = &run->end[end];
			enum sap_status status = connected[end] ? SAP_OK : t->ops->connect(t->self);

			connected[end] = status == SAP_OK;
			if (status != SAP_OK && status != SAP_AGAIN)
				return sap_check_status(run, "connect", status, SAP_OK);
			sap_check_settle(run);
		}
		if (!once_more(run, n))
			break;
	}
	return sap_check_number(run, "ends that are connected", connected[0] + connected[1], 2);
}

bool sap_check_disconnect(struct check_run *run, uint32_t end)
{
	const struct sap_transport *t = &run->end[end];
	enum sap_status status;

	for (uint32_t n = 0; (status = t->ops->disconnect(t->self)) == SAP_AGAIN && once_more(run, n); n++)
		;
	return sap_check_status(run, end == CHECK_HOST ? "disconnect of the host" : "disconnect of CSME",
				status, SAP_OK);
}

bool sap_check_up(struct check_run *run, uint32_t size)
{
	if (run->given->no_map)
		return sap_check_connect(run, CHECK_HOST);
	return sap_check_map(run, CHECK_HOST, size) && sap_check_connect(run, CHECK_HOST) &&
	       sap_check_map(run, CHECK_CSME, size);
}

bool sap_check_down(struct check_run *run)
{
	return sap_check_disconnect(run, CHECK_HOST) && sap_check_disconnect(run, CHECK_CSME) &&
	       sap_check_unmap(run, CHECK_HOST) && sap_check_unmap(run, CHECK_CSME);
}

/* Messages. What goes out lies in the first half of the scratch memory, what comes in the second. */

static uint8_t *incoming(const struct check_run *run)
{
	return run->given->scratch + run->given->longest + 1;
}

static uint8_t message_byte(uint32_t i, uint32_t len, uint32_t seed)
{
	if (i < 4)
		return (uint8_t)(seed >> 8 * i);
	return (uint8_t)(seed * 37 + len * 11 + i * 5);
}

void sap_check_write(uint8_t *message, uint32_t len, uint32_t seed)
{
	for (uint32_t i = 0; i < len; i++)
		message[i] = message_byte(i, len, seed);
}

enum sap_status sap_check_try_send(struct check_run *run, uint32_t end, uint32_t seed, uint32_t len)
{
	const struct sap_transport *t = &run->end[end];

	sap_check_write(run->given->scratch, len, seed);
	return t->ops->send(t->self, run->given->scratch, len);
}

enum sap_status sap_check_wait_send(struct check_run *run, uint32_t end, uint32_t seed, uint32_t len)
{
	enum sap_status status;

	for (uint32_t n = 0;
	     (status = sap_check_try_send(run, end, seed, len)) == SAP_AGAIN && once_more(run, n); n++)
		;
	return status;
}

bool sap_check_send(struct check_run *run, uint32_t end, uint32_t seed, uint32_t len)
{
	return sap_check_status(run, end == CHECK_HOST ? "send of the host" : "send of CSME",
				sap_check_wait_send(run, end, seed, len), SAP_OK);
}

uint32_t sap_check_some_len(uint32_t seed)
{
	return CHECK_LEAST + seed * 19 % (CHECK_USUAL - CHECK_LEAST + 1);
}

uint32_t sap_check_send_some(struct check_run *run, uint32_t end, uint32_t seed)
{
	uint32_t sent = 1;

	if (!sap_check_send(run, end, seed, sap_check_some_len(seed)))
		return 0;
	/* A backend may take the next only once the peer has read this one. */
	for (uint32_t n = 0; sent < CHECK_SOME && n < run->given->quiet; n++) {
		enum sap_status status =
			sap_check_try_send(run, end, seed + sent, sap_check_some_len(seed + sent));

		if (status == SAP_OK)
			sent++;
		else if (!sap_check_status(run, "send of a further message", status, SAP_AGAIN))
			return 0;
		sap_check_settle(run);
	}
	return sent;
}

enum sap_status sap_check_try_recv(struct check_run *run, uint32_t end, uint32_t cap, size_t *len)
{
	const struct sap_transport *t = &run->end[end];

	memset(incoming(run), CHECK_GUARD, (size_t)run->given->longest + 1);
	*len = SIZE_MAX;
	return t->ops->recv(t->self, incoming(run), cap, len);
}

enum sap_status sap_check_wait_recv(struct check_run *run, uint32_t end, uint32_t cap, size_t *len)
{
	enum sap_status status;

	for (uint32_t n = 0;
	     (status = sap_check_try_recv(run, end, cap, len)) == SAP_AGAIN && once_more(run, n); n++)
		;
	return status;
}

bool sap_check_recv(struct check_run *run, uint32_t end, uint32_t seed, uint32_t len)
{
	const uint8_t *in = incoming(run);
	size_t came;

	if (!sap_check_status(run, end == CHECK_HOST ? "recv of the host" : "recv of CSME",
			      sap_check_wait_recv(run, end, run->given->longest, &came), SAP_OK) ||
	    !sap_check_number(run, "bytes of the message that came", (int64_t)came, len))
		return false;
	for (uint32_t i = 0; i < len; i++)
		if (!sap_check_number(run,
				      i < 4 ? "which message came, a byte of its number"
					    : "a byte of the message that came",
				      in[i], message_byte(i, len, seed)))
			return false;
	return true;
}

bool sap_check_recv_some(struct check_run *run, uint32_t end, uint32_t seed, uint32_t n)
{
	for (uint32_t i = 0; i < n; i++)
		if (!sap_check_recv(run, end, seed + i, sap_check_some_len(seed + i)))
			return false;
	return n > 0;
}

bool sap_check_silent(struct check_run *run, uint32_t end, const char *step)
{
	size_t len;

	for (uint32_t n = 0; n < run->given->quiet; n++) {
		if (!sap_check_status(run, step, sap_check_try_recv(run, end, run->given->longest, &len),
				      SAP_AGAIN))
			return false;
		sap_check_settle(run);
	}
	return true;
}

bool sap_check_closed(struct check_run *run, uint32_t end, const char *step)
{
	size_t len;

	if (!sap_check_status(run, step, sap_check_wait_recv(run, end, run->given->longest, &len),
			      SAP_CLOSED))
		return false;
	for (uint32_t n = 0; n < run->given->quiet; n++) {
		sap_check_settle(run);
		if (!sap_check_status(run, step, sap_check_try_recv(run, end, run->given->longest, &len),
				      SAP_CLOSED))
			return false;
	}
	return true;
}
