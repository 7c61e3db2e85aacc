// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
/* fileno, mmap */
#define _POSIX_C_SOURCE 200809L
#include "broken.h"
#include <sys/mman.h>
#include <unistd.h>

static bool has(const struct broken_end *end, enum flaw flaw)
{
	return end->flawed && end->of->flaw == flaw;
}

static struct broken_end *peer_of(struct broken_end *end)
{
	return &end->of->end[end->host];
}

static void post(struct broken_end *end, const struct broken_message *message)
{
	if (end->waiting < BROKEN_INBOX)
		end->inbox[end->waiting++] = *message;
}

static enum sap_status broken_map(void *self, uint32_t size, struct sap_mem *mem)
{
	struct broken_end *end = self;
	enum sap_status status = end->inner.ops->map(end->inner.self, size, mem);

	if (status == SAP_UNSUPPORTED && (has(end, MAP_NONE_AGAIN) || has(end, MAP_NEVER_AGAIN)))
		return SAP_AGAIN;
	if (status != SAP_OK)
		return status;
	if (end->maps++ && has(end, MAP_ONCE))
		return SAP_IO;
	if (has(end, MAP_MISALIGNED))
		mem->base = (uint8_t *)mem->base + 1;
	if (has(end, MAP_SHORT))
		mem->size -= 4;
	if (has(end, MAP_NOWHERE))
		mem->base = NULL;
	if (has(end, MAP_NOT_SHARED)) {
		memcpy(end->of->private_memory, mem->base, mem->size);
		mem->base = end->of->private_memory;
	}
	if (has(end, MAP_COPIED_ON_WRITE))
		mem->base = end->of->file[1];
	if (end->first_size == 0)
		end->first_size = mem->size;
	if (has(end, MAP_OLD_SIZE))
		mem->size = end->first_size;
	return SAP_OK;
}

static enum sap_status broken_connect(void *self)
{
	struct broken_end *end = self;
	bool peer_waits = end->of->loop.state.phase[end->host] == SAP_LOOPBACK_WAITING;
	enum sap_status status;

	if (has(end, CONNECT_ALONE) || (has(end, CONNECT_ONLY_FIRST) && peer_waits))
		return has(end, CONNECT_ALONE) ? SAP_OK : SAP_IO;
	if ((has(end, CONNECT_ONLY_SECOND) && !peer_waits && !end->connected) ||
	    (has(end, CONNECT_CANNOT_GIVE_UP) && end->gave_up) ||
	    (has(end, RECONNECT_NEVER) && end->was_connected))
		return SAP_BUSY;
	status = end->inner.ops->connect(end->inner.self);
	if (status != SAP_OK)
		return status;
	if (has(end, MAP_EARLY_FORGOTTEN))
		memset(end->of->memory, 0, sizeof(end->of->memory));
	if (has(end, RECONNECT_OLD_MESSAGE) && peer_of(end)->last.len && end->was_connected)
		post(end, &peer_of(end)->last);
	end->connected = true;
	end->was_connected = false;
	end->said_closed = false;
	return SAP_OK;
}

/* Only now is looked at what the pointer points at. */
static void send_kept(struct broken_end *end)
{
	if (end->kept)
		(void)end->inner.ops->send(end->inner.self, end->kept, end->kept_len);
	end->kept = NULL;
}

static enum sap_status after_send(struct broken_end *end, const struct broken_message *message,
				  enum sap_status status)
{
	if (status == SAP_OK) {
		end->last = *message;
		if (has(end, MESSAGE_ECHOED))
			post(end, message);
	}
	if (status == SAP_AGAIN && has(end, AGAIN_TAKES))
		post(peer_of(end), message);
	if (status == SAP_AGAIN && has(end, FULL_LOSES))
		return SAP_OK;
	if (status == SAP_TOO_LONG && has(end, TOO_LONG_CLOSES))
		(void)end->inner.ops->disconnect(end->inner.self);
	if (status != SAP_CLOSED)
		return status;
	if ((has(end, UNCONNECTED_SENDS) && !end->connected && !end->was_connected) ||
	    (has(end, PEER_GONE_SENDS) && end->connected) || (has(end, GONE_SENDS) && end->was_connected))
		return SAP_OK;
	return status;
}

static enum sap_status broken_send(void *self, const void *bytes, size_t len)
{
	struct broken_end *end = self;
	struct broken_message message;

	if (has(end, TOO_LONG_CUT) && len > SAP_LOOPBACK_MESSAGE)
		len = SAP_LOOPBACK_MESSAGE;
	if (has(end, SEND_CUTS) && len > SAP_ME_MAX_SIZE)
		len = SAP_ME_MAX_SIZE;
	if (has(end, SEND_KEEPS_POINTER) && end->connected) {
		send_kept(end);
		end->kept = bytes;
		end->kept_len = len;
		return SAP_OK;
	}
	message.len = len < sizeof(message.bytes) ? len : sizeof(message.bytes);
	memcpy(message.bytes, bytes, message.len);
	return after_send(end, &message, end->inner.ops->send(end->inner.self, bytes, len));
}

static enum sap_status inner_recv(struct broken_end *end, struct broken_message *message)
{
	return end->inner.ops->recv(end->inner.self, message->bytes, sizeof(message->bytes), &message->len);
}

static enum sap_status fetch(struct broken_end *end, struct broken_message *message)
{
	bool newest_first = has(end, MESSAGES_REVERSED);

	if (has(peer_of(end), SEND_KEEPS_POINTER))
		send_kept(peer_of(end));
	if (newest_first)
		while (end->waiting < BROKEN_INBOX && inner_recv(end, message) == SAP_OK)
			post(end, message);
	/* What a full loopback refused comes after what it took. */
	if (end->waiting == 0 || has(peer_of(end), AGAIN_TAKES)) {
		enum sap_status status = inner_recv(end, message);

		if (status != SAP_AGAIN || end->waiting == 0)
			return status;
	}
	end->waiting--;
	if (newest_first) {
		*message = end->inbox[end->waiting];
		return SAP_OK;
	}
	*message = end->inbox[0];
	memmove(end->inbox, end->inbox + 1, end->waiting * sizeof(end->inbox[0]));
	return SAP_OK;
}

/* What it says where there is no message. */
static enum sap_status say_nothing(struct broken_end *end, enum sap_status status, size_t *len)
{
	bool peer_gone = end->of->loop.state.phase[!end->host] == SAP_LOOPBACK_ENDED;

	if (status == SAP_AGAIN && has(end, RECV_EMPTY_OK)) {
		*len = 0;
		return SAP_OK;
	}
	if (status == SAP_AGAIN && has(end, RECV_EMPTY_CLOSED))
		return SAP_CLOSED;
	if (status != SAP_CLOSED)
		return status;
	if ((has(end, UNCONNECTED_SILENT) && !end->connected && !end->was_connected) ||
	    (has(end, CLOSED_NEVER) && peer_gone) || (has(end, CLOSED_ONCE) && end->said_closed))
		return SAP_AGAIN;
	end->said_closed = true;
	return status;
}

/* One message is there: what becomes of it as it is given out. */
static void spoil(struct broken_end *end, struct broken_message *message)
{
	struct broken_message next;

	if (has(end, RECV_CORRUPTS))
		message->bytes[message->len - 1] ^= 0x10;
	if (has(end, MESSAGE_TWICE))
		post(end, message);
	if (has(end, MESSAGES_JOINED) && inner_recv(end, &next) == SAP_OK &&
	    message->len + next.len <= sizeof(message->bytes)) {
		memcpy(message->bytes + message->len, next.bytes, next.len);
		message->len += next.len;
	}
}

static enum sap_status broken_recv(void *self, void *bytes, size_t cap, size_t *len)
{
	struct broken_end *end = self;
	struct broken_message message;
	enum sap_status status;

	if (has(end, CLOSED_FIRST) && end->of->loop.state.phase[!end->host] == SAP_LOOPBACK_ENDED)
		return SAP_CLOSED;
	status = fetch(end, &message);
	if (status != SAP_OK)
		return say_nothing(end, status, len);
	spoil(end, &message);
	if (message.len > cap || (has(end, RECV_WANTS_MORE) && message.len == cap)) {
		if (has(end, RECV_KEEPS))
			post(end, &message);
		if (!has(end, RECV_TELLS_NO_SIZE))
			*len = message.len;
		if (!has(end, RECV_CUTS))
			return SAP_TOO_LONG;
		message.len = cap;
	}
	memcpy(bytes, message.bytes, message.len);
	if (has(end, RECV_WRITES_BEHIND))
		((uint8_t *)bytes)[message.len] = 0;
	*len = message.len + has(end, RECV_TELLS_MORE);
	return SAP_OK;
}

static enum sap_status broken_disconnect(void *self)
{
	struct broken_end *end = self;
	struct broken_message unread;

	if (end->disconnects++ && has(end, DISCONNECT_ONCE) && !end->connected)
		return SAP_CLOSED;
	if (!end->connected)
		end->gave_up = true;
	if (end->connected && has(end, MAP_WIPED_BY_DISCONNECT))
		memset(end->of->memory, 0, sizeof(end->of->memory));
	end->waiting = 0;
	end->kept = NULL;
	if (has(end, GONE_RECEIVES) && end->connected && inner_recv(end, &unread) == SAP_OK)
		post(end, &unread);
	if (end->connected)
		end->was_connected = true;
	end->connected = false;
	return end->inner.ops->disconnect(end->inner.self);
}

static enum sap_status broken_unmap(void *self)
{
	struct broken_end *end = self;

	if (end->unmaps++ && has(end, UNMAP_ONCE))
		return SAP_IO;
	if (has(end, UNMAP_TAKES_ALL))
		memset(end->of->memory, 0, sizeof(end->of->memory));
	return end->inner.ops->unmap(end->inner.self);
}

static const struct sap_transport_ops broken_ops = {
	.map = broken_map,
	.connect = broken_connect,
	.send = broken_send,
	.recv = broken_recv,
	.disconnect = broken_disconnect,
	.unmap = broken_unmap,
};

/* What MAP_PRIVATE in place of MAP_SHARED makes: it looks shared until one writes oneself. */
static void map_file(struct broken *broken)
{
	static const int how[2] = {MAP_SHARED, MAP_PRIVATE};
	FILE *file = tmpfile();

	assert_non_null(file);
	assert_int_equal(ftruncate(fileno(file), BROKEN_MEMORY), 0);
	for (uint32_t i = 0; i < 2; i++) {
		void *at = mmap(NULL, BROKEN_MEMORY, PROT_READ | PROT_WRITE, how[i], fileno(file), 0);

		assert_true(at != MAP_FAILED);
		broken->file[i] = at;
	}
	fclose(file);
}

void broken_close(void *self)
{
	struct broken *broken = self;

	for (uint32_t i = 0; i < 2; i++)
		if (broken->file[i])
			munmap(broken->file[i], BROKEN_MEMORY);
	broken->file[0] = broken->file[1] = NULL;
}

enum sap_status broken_open(void *self, struct sap_transport *host, struct sap_transport *csme)
{
	struct broken *broken = self;
	struct sap_loopback_config config;
	enum sap_status status;

	sap_loopback_config_default(&config);
	if (!broken->no_map) {
		if (broken->flaw == MAP_COPIED_ON_WRITE)
			map_file(broken);
		config.memory = broken->file[0] ? broken->file[0] : broken->memory;
		config.memory_size = BROKEN_MEMORY;
	}
	status = sap_loopback_init(&broken->loop, sizeof(broken->loop), &config);
	memset(broken->end, 0, sizeof(broken->end));
	for (uint32_t i = 0; i < 2; i++) {
		struct broken_end *end = &broken->end[i];

		end->of = broken;
		end->inner = sap_loopback_transport(&broken->loop, (enum sap_loopback_end)i);
		end->host = i == SAP_LOOPBACK_HOST;
		end->flawed = broken->where == (enum sap_loopback_end)i;
	}
	*host = (struct sap_transport){&broken_ops, &broken->end[SAP_LOOPBACK_HOST]};
	*csme = (struct sap_transport){&broken_ops, &broken->end[SAP_LOOPBACK_CSME]};
	return status;
}
