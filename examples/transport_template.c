// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
/*
 * A transport to begin with: six operations that do nothing yet, and the conformance kit that says what is
 * missing. Copy it, write where it says "Write", and run it until no check fails.
 *
 * docs/write-a-transport.md leads through it.
 */
#include <sap/transport.h>
#include <sap/transport_check.h>
#include <stdio.h>

/* One end of a connection. Everything that it needs lies in here; nothing is global. */
struct end {
	bool host; /* this end makes the memory; CSME's adopts it */
	bool connected;
	/* Write: your socket, device, mailbox; the memory as it is mapped; what has come and was not read. */
};

static enum sap_status end_map(void *self, uint32_t size, struct sap_mem *mem)
{
	struct end *end = self;

	(void)end;
	(void)size;
	(void)mem;
	/*
	 * Write, for the host: make `size` bytes that start at a multiple of 4, offer them to the peer, and put
	 * them into `mem`. Do not clear them for the engine, it does so itself. SAP_AGAIN while the peer is
	 * being asked; SAP_IO if it refused, so that the engine tries another size.
	 *
	 * Write, for CSME: `size` is 0. Put what the peer made into `mem`; it may have come before you were
	 * asked, so keep it. SAP_UNSUPPORTED if the peer made none. Check what it sent you: memory that is
	 * shorter than it claims, or can still shrink, kills whoever reads it.
	 *
	 * Without shared memory this is right as it stands.
	 */
	return SAP_UNSUPPORTED;
}

static enum sap_status end_connect(void *self)
{
	struct end *end = self;

	/*
	 * Write: begin to connect if that was not done, and look whether it is done; never wait. For CSME: take
	 * the peer that came. SAP_OK once it is there and `end->connected` is true; SAP_BUSY if somebody else
	 * has the client; SAP_IO if it failed. A failed one can be asked for again.
	 */
	return end->connected ? SAP_OK : SAP_AGAIN;
}

static enum sap_status end_send(void *self, const void *message, size_t len)
{
	struct end *end = self;

	(void)message;
	(void)len;
	if (!end->connected)
		return SAP_CLOSED;
	/*
	 * Write: take the whole message, or nothing. Copy it: the bytes are the caller's as soon as you return.
	 * SAP_AGAIN if there is no room; SAP_TOO_LONG if there can never be; SAP_CLOSED or SAP_IO if you find
	 * that the connection has ended. Do not call anybody.
	 */
	return SAP_AGAIN;
}

static enum sap_status end_recv(void *self, void *message, size_t cap, size_t *len)
{
	struct end *end = self;

	(void)message;
	(void)cap;
	(void)len;
	if (!end->connected)
		return SAP_CLOSED;
	/*
	 * Write: give out the oldest message, whole, and its size in `len`. If it is longer than `cap`, drop it,
	 * tell its size all the same, and say SAP_TOO_LONG. SAP_AGAIN if there is none. If the peer went, give
	 * out what came before, and only then SAP_CLOSED, again and again.
	 */
	return SAP_AGAIN;
}

static enum sap_status end_disconnect(void *self)
{
	struct end *end = self;

	/*
	 * Write: end the connection, or the wait for one. Forget what has come: no message comes after this, and
	 * none of it comes in the next connection. The memory stays. It may be called twice, and with nothing
	 * to end. If your send can sleep, wake it with SAP_CLOSED.
	 */
	end->connected = false;
	return SAP_OK;
}

static enum sap_status end_unmap(void *self)
{
	(void)self;
	/*
	 * Write: give up the memory, or SAP_AGAIN if that takes time. CSME may still be reading what a host
	 * gives up: let its side of it live until CSME's own unmap. It may be called twice.
	 */
	return SAP_OK;
}

static const struct sap_transport_ops operations = {
	.map = end_map,
	.connect = end_connect,
	.send = end_send,
	.recv = end_recv,
	.disconnect = end_disconnect,
	.unmap = end_unmap,
};

/* Both ends, for the kit. Of a backend that has one end only, the other is whatever stands there in tests. */
struct pair {
	struct end host, csme;
	unsigned held, checked;
};

static enum sap_status pair_open(void *self, struct sap_transport *host, struct sap_transport *csme)
{
	struct pair *pair = self;

	/* Write: make both ends anew, so that they find each other. */
	pair->host = (struct end){.host = true};
	pair->csme = (struct end){.host = false};
	*host = (struct sap_transport){&operations, &pair->host};
	*csme = (struct sap_transport){&operations, &pair->csme};
	return SAP_OK;
}

static void pair_close(void *self)
{
	/* Write: close what pair_open opened. */
	(void)self;
}

static void pair_settle(void *self)
{
	/* Write: whatever lets messages arrive; a poll of a millisecond. Nothing, if they arrive by themselves. */
	(void)self;
}

static void pair_report(void *self, const struct sap_transport_finding *finding)
{
	struct pair *pair = self;

	if (finding->outcome == SAP_CHECK_SKIPPED)
		return;
	pair->checked++;
	if (finding->outcome == SAP_CHECK_PASSED) {
		pair->held++;
		return;
	}
	printf("%s: %s\n", finding->name, finding->rule);
	if (finding->unit == SAP_CHECK_STATUS)
		printf("    %s: %s instead of %s\n", finding->step,
		       sap_status_name((enum sap_status)finding->found),
		       sap_status_name((enum sap_status)finding->expected));
	else
		printf("    %s: %lld instead of %lld\n", finding->step, (long long)finding->found,
		       (long long)finding->expected);
}

int main(void)
{
	static uint8_t scratch[2 * (512 + 1)];
	static struct pair pair;
	const struct sap_transport_check check = {
		.open = pair_open,
		.close = pair_close,
		.settle = pair_settle,
		.report = pair_report,
		.self = &pair,
		.sizes = {172032, 139264}, /* the areas of versions 4 and 3 */
		.longest = 512,		   /* Write: the longest message that your client takes. */
		.scratch = scratch,
		.scratch_size = sizeof(scratch),
		.patience = 100,
	};
	uint32_t failed = sap_transport_check(&check);

	printf("%u of %u rules hold\n", pair.held, pair.checked);
	return failed ? 1 : 0;
}
