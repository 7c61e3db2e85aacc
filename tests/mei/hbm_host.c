// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
/* A host of the MEI bus. */
#include "hbm_host.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

__attribute__((format(printf, 2, 3))) static void complain(struct hbm_host *host, const char *format, ...)
{
	va_list args;

	if (host->complaints++)
		return;
	va_start(args, format);
	vsnprintf(host->complaint, sizeof(host->complaint), format, args);
	va_end(args);
}

/* --- frames out --- */

void hbm_raw(struct hbm_host *host, const void *bytes, uint32_t len)
{
	uint32_t at = (host->frame_at + host->frames) % HBM_FRAMES;

	if (host->frames == HBM_FRAMES || len > sizeof(host->frame[at].bytes)) {
		host->lost++;
		return;
	}
	host->frame[at].len = len;
	memcpy(host->frame[at].bytes, bytes, len);
	host->frames++;
}

static void send_frame(struct hbm_host *host, const struct sap_mei_frame *frame)
{
	uint8_t bytes[SAP_MEI_FRAME_MAX];
	uint32_t len;

	if (sap_mei_frame_encode(frame, bytes, sizeof(bytes), &len) != SAP_OK)
		complain(host, "a frame of ours cannot be");
	else
		hbm_raw(host, bytes, len);
}

void hbm_say(struct hbm_host *host, const struct sap_hbm_message *message)
{
	uint8_t bytes[SAP_HBM_MAX_SIZE];
	struct sap_mei_frame frame = {.complete = true, .payload = {bytes, 0}};

	if (sap_hbm_encode(message, bytes, sizeof(bytes), &frame.payload.len) != SAP_OK)
		complain(host, "a message of ours cannot be");
	send_frame(host, &frame);
}

void hbm_piece(struct hbm_host *host, uint8_t me_addr, uint8_t host_addr, const void *bytes, uint32_t len,
	       bool complete)
{
	struct sap_mei_frame frame = {.me_addr = me_addr,
				      .host_addr = host_addr,
				      .complete = complete,
				      .payload = {bytes, len}};

	send_frame(host, &frame);
}

static void say(struct hbm_host *host, uint8_t command)
{
	struct sap_hbm_message message = {.command = command};

	switch (command) {
	case SAP_HBM_HOST_START:
		message.host_start.major = host->major;
		message.host_start.minor = host->minor;
		break;
	case SAP_HBM_CAPABILITIES:
		message.capabilities.flags = host->wanted;
		break;
	case SAP_HBM_HOST_ENUM:
		message.host_enum.flags = host->no_add ? 0 : SAP_HBM_ENUM_ALLOW_ADD;
		break;
	case SAP_HBM_CLIENT_PROPERTIES:
		message.client_properties.me_addr = (uint8_t)host->asking;
		break;
	default:
		break;
	}
	hbm_say(host, &message);
}

static void say_of(struct hbm_host *host, uint8_t command, const struct hbm_app *app)
{
	struct sap_hbm_message message = {.command = command};

	if (command == SAP_HBM_DISCONNECT_RESPONSE) {
		message.connection_response.me_addr = app->me_addr;
		message.connection_response.host_addr = app->host_addr;
	} else {
		message.connection.me_addr = app->me_addr;
		message.connection.host_addr = app->host_addr;
	}
	hbm_say(host, &message);
}

/* --- life --- */

void hbm_host_init(struct hbm_host *host, struct sap_mei_loopback *loop)
{
	memset(host, 0, sizeof(*host));
	host->loop = loop;
	host->major = 2;
	host->minor = 2;
	host->wanted = SAP_HBM_CAP_VTAG | SAP_HBM_CAP_CLIENT_DMA;
	host->frame_size = SAP_MEI_FRAME_USUAL;
}

static void end_app(struct hbm_app *app)
{
	if (app->state != HBM_APP_IDLE)
		app->state = HBM_APP_ENDED;
	app->credits = 0;
	app->granted = 0;
	app->sending = false;
	app->in.len = 0;
}

static void forget(struct hbm_host *host)
{
	for (uint32_t i = 0; i < HBM_APPS; i++)
		end_app(&host->app[i]);
	memset(host->client, 0, sizeof(host->client));
	host->frames = 0;
	host->asleep = false;
}

void hbm_host_reset(struct hbm_host *host)
{
	forget(host);
	host->phase = HBM_RESETTING;
	host->restarts++;
	sap_mei_loopback_host_reset(host->loop);
}

static void next_properties(struct hbm_host *host)
{
	while (host->asking < 256 && !(host->bitmap[host->asking / 8] & 1u << host->asking % 8))
		host->asking++;
	if (host->asking < 256) {
		say(host, SAP_HBM_CLIENT_PROPERTIES);
		return;
	}
	host->phase = HBM_UP;
	/* After a reset the memory is given back, once the clients are known. */
	if (host->owes_unmap || (host->dma == HBM_DMA_MAPPED && host->restarts > 1 && !host->memory))
		hbm_unmap(host);
	host->owes_unmap = false;
}

static void begin_enum(struct hbm_host *host)
{
	host->phase = HBM_ENUMERATING;
	say(host, SAP_HBM_HOST_ENUM);
}

static void started(struct hbm_host *host, const struct sap_hbm_host_start_response *response)
{
	if (host->phase != HBM_STARTING) {
		complain(host, "start response in phase %d", host->phase);
		return;
	}
	host->fw_major = response->supported ? host->major : response->major;
	host->fw_minor = response->supported ? host->minor : response->minor;
	if (host->fw_major > host->major || (host->fw_major == host->major && host->fw_minor > host->minor))
		complain(host, "version mismatch");
	if (host->fw_major > 2 || (host->fw_major == 2 && host->fw_minor >= 2)) {
		host->phase = HBM_CAPABILITIES;
		say(host, SAP_HBM_CAPABILITIES);
	} else {
		host->capabilities = 0;
		begin_enum(host);
	}
}

/* --- connections --- */

uint8_t hbm_host_find(const struct hbm_host *host, const struct sap_guid *guid)
{
	for (uint32_t i = 1; i < 256; i++) {
		if (host->client[i].there && sap_guid_equal(&host->client[i].properties.guid, guid))
			return (uint8_t)i;
	}
	return 0;
}

static bool is_fixed(const struct hbm_host *host, const struct hbm_app *app)
{
	return host->client[app->me_addr].properties.fixed_address;
}

static bool is_single(const struct hbm_host *host, const struct hbm_app *app)
{
	return host->client[app->me_addr].properties.flags & SAP_HBM_CLIENT_SINGLE_RECV_BUF;
}

void hbm_grant(struct hbm_host *host, uint32_t at)
{
	host->app[at].granted++;
	say_of(host, SAP_HBM_FLOW_CONTROL, &host->app[at]);
}

void hbm_connect(struct hbm_host *host, uint32_t at, uint8_t me_addr)
{
	struct hbm_app *app = &host->app[at];
	bool lazy = app->lazy;

	memset(app, 0, sizeof(*app));
	app->lazy = lazy;
	app->me_addr = me_addr;
	if (is_fixed(host, app)) {
		app->state = HBM_APP_CONNECTED;
		return;
	}
	app->host_addr = (uint8_t)(at + 1);
	app->state = HBM_APP_CONNECTING;
	say_of(host, SAP_HBM_CONNECT, app);
}

void hbm_disconnect(struct hbm_host *host, uint32_t at)
{
	struct hbm_app *app = &host->app[at];
	bool tell = app->state == HBM_APP_CONNECTED || app->state == HBM_APP_CONNECTING;

	if (!tell || is_fixed(host, app) || host->phase != HBM_UP) {
		app->state = app->state == HBM_APP_DISCONNECTING ? app->state : HBM_APP_IDLE;
		return;
	}
	app->state = HBM_APP_DISCONNECTING;
	app->sending = false;
	app->queued = 0;
	say_of(host, SAP_HBM_DISCONNECT, app);
}

static struct hbm_app *find_app(struct hbm_host *host, uint8_t me_addr, uint8_t host_addr)
{
	for (uint32_t i = 0; i < HBM_APPS; i++) {
		struct hbm_app *app = &host->app[i];

		if (app->state != HBM_APP_IDLE && app->state != HBM_APP_ENDED && app->me_addr == me_addr &&
		    app->host_addr == host_addr)
			return app;
	}
	return NULL;
}

/* One of a client's applications is gone. With the last one the driver forgets the client's shared credit. */
static void gone(struct hbm_host *host, uint8_t me_addr)
{
	for (uint32_t i = 0; i < HBM_APPS; i++) {
		const struct hbm_app *app = &host->app[i];

		if (app->state != HBM_APP_IDLE && app->state != HBM_APP_ENDED && app->me_addr == me_addr)
			return;
	}
	host->client[me_addr].credits = 0;
}

static void connected(struct hbm_host *host, const struct sap_hbm_connection_response *response)
{
	struct hbm_app *app = find_app(host, response->me_addr, response->host_addr);

	if (app && app->state == HBM_APP_DISCONNECTING)
		return;
	if (!app || app->state != HBM_APP_CONNECTING) {
		complain(host, "connect response to %u", response->host_addr);
		return;
	}
	app->status = response->status;
	app->state = response->status ? HBM_APP_ENDED : HBM_APP_CONNECTED;
	if (response->status)
		gone(host, app->me_addr);
}

static void disconnected(struct hbm_host *host, const struct sap_hbm_connection_response *response)
{
	struct hbm_app *app = find_app(host, response->me_addr, response->host_addr);

	if (!app || app->state != HBM_APP_DISCONNECTING) {
		complain(host, "disconnect response to %u", response->host_addr);
		return;
	}
	app->status = response->status;
	app->state = HBM_APP_IDLE;
	gone(host, app->me_addr);
}

static void firmware_disconnects(struct hbm_host *host, const struct sap_hbm_connection *connection)
{
	struct hbm_app *app = find_app(host, connection->me_addr, connection->host_addr);

	if (!app || host->deaf)
		return;
	if (app->state == HBM_APP_CONNECTED) {
		say_of(host, SAP_HBM_DISCONNECT_RESPONSE, app);
		end_app(app);
		gone(host, app->me_addr);
	}
}

static void flow_control(struct hbm_host *host, const struct sap_hbm_connection *connection)
{
	struct hbm_app *app;

	if (!connection->host_addr) {
		if (!host->client[connection->me_addr].there ||
		    !(host->client[connection->me_addr].properties.flags & SAP_HBM_CLIENT_SINGLE_RECV_BUF))
			complain(host, "credit for all of client %u", connection->me_addr);
		if (++host->client[connection->me_addr].credits > HBM_CREDITS)
			complain(host, "too many credits for client %u", connection->me_addr);
		return;
	}
	app = find_app(host, connection->me_addr, connection->host_addr);
	if (!app)
		complain(host, "credit for nobody");
	else if (app->state == HBM_APP_CONNECTED)
		app->credits++;
}

void hbm_notify(struct hbm_host *host, uint32_t at, bool on)
{
	struct sap_hbm_message message = {.command = SAP_HBM_NOTIFY};

	message.notify.me_addr = host->app[at].me_addr;
	message.notify.host_addr = host->app[at].host_addr;
	message.notify.start = on;
	hbm_say(host, &message);
}

/* --- memory --- */

void hbm_map(struct hbm_host *host, uint64_t address, uint32_t size)
{
	struct sap_hbm_message message = {.command = SAP_HBM_CLIENT_DMA_MAP};

	message.dma_map.buffer_id = SAP_HBM_SAP_BUFFER_ID;
	message.dma_map.address_lsb = (uint32_t)address;
	message.dma_map.address_msb = (uint32_t)(address >> 32);
	message.dma_map.size = size;
	host->dma = HBM_DMA_MAPPING;
	hbm_say(host, &message);
}

void hbm_unmap(struct hbm_host *host)
{
	struct sap_hbm_message message = {.command = SAP_HBM_CLIENT_DMA_UNMAP};

	message.dma_unmap.buffer_id = SAP_HBM_SAP_BUFFER_ID;
	host->dma = HBM_DMA_UNMAPPING;
	hbm_say(host, &message);
}

static void dma_answered(struct hbm_host *host, enum hbm_dma awaited, uint8_t status)
{
	if (host->dma != awaited)
		complain(host, "an answer about memory that nobody asked for");
	host->dma_status = status;
	if (awaited == HBM_DMA_MAPPING)
		host->dma = status ? HBM_DMA_REFUSED : HBM_DMA_MAPPED;
	else
		host->dma = HBM_DMA_NONE;
}

void hbm_stop(struct hbm_host *host, uint8_t reason)
{
	struct sap_hbm_message message = {.command = SAP_HBM_HOST_STOP};

	message.stop.reason = reason;
	host->phase = HBM_STOPPED;
	hbm_say(host, &message);
}

/* --- frames in --- */

static void take_properties(struct hbm_host *host, const struct sap_hbm_client_properties_response *response)
{
	if (host->phase != HBM_PROPERTIES || response->me_addr != host->asking) {
		complain(host, "properties of %u in phase %d", response->me_addr, host->phase);
		return;
	}
	if (!response->status) {
		host->client[host->asking].there = true;
		host->client[host->asking].properties = response->properties;
	} else if (response->status != SAP_HBM_CLIENT_NOT_FOUND) {
		complain(host, "properties with status %u", response->status);
	}
	host->asking++;
	next_properties(host);
}

static void add_client(struct hbm_host *host, const struct sap_hbm_add_client *add)
{
	struct sap_hbm_message message = {.command = SAP_HBM_ADD_CLIENT_RESPONSE};

	if (host->phase <= HBM_ENUMERATING || host->phase >= HBM_STOPPED || host->no_add)
		complain(host, "add client in phase %d", host->phase);
	host->client[add->me_addr].there = true;
	host->client[add->me_addr].properties = add->properties;
	host->client[add->me_addr].credits = 0;
	host->added++;
	message.add_client_response.me_addr = add->me_addr;
	hbm_say(host, &message);
}

static void take_hbm(struct hbm_host *host, const struct sap_hbm_message *m)
{
	struct hbm_app *app;

	switch ((enum sap_hbm_command)m->command) {
	case SAP_HBM_HOST_START_RESPONSE:
		started(host, &m->host_start_response);
		break;
	case SAP_HBM_CAPABILITIES_RESPONSE:
		if (host->phase != HBM_CAPABILITIES)
			complain(host, "capabilities in phase %d", host->phase);
		host->capabilities = m->capabilities.flags;
		begin_enum(host);
		break;
	case SAP_HBM_HOST_ENUM_RESPONSE:
		if (host->phase != HBM_ENUMERATING)
			complain(host, "clients in phase %d", host->phase);
		memcpy(host->bitmap, m->host_enum_response.bitmap, sizeof(host->bitmap));
		host->phase = HBM_PROPERTIES;
		host->asking = 0;
		next_properties(host);
		break;
	case SAP_HBM_CLIENT_PROPERTIES_RESPONSE:
		take_properties(host, &m->client_properties_response);
		break;
	case SAP_HBM_CONNECT_RESPONSE:
		connected(host, &m->connection_response);
		break;
	case SAP_HBM_DISCONNECT_RESPONSE:
		disconnected(host, &m->connection_response);
		break;
	case SAP_HBM_DISCONNECT:
		firmware_disconnects(host, &m->connection);
		break;
	case SAP_HBM_FLOW_CONTROL:
		flow_control(host, &m->connection);
		break;
	case SAP_HBM_ADD_CLIENT:
		add_client(host, &m->add_client);
		break;
	case SAP_HBM_NOTIFY_RESPONSE:
		app = find_app(host, m->notify_response.me_addr, m->notify_response.host_addr);
		if (app)
			app->notify_status = m->notify_response.status;
		break;
	case SAP_HBM_NOTIFICATION:
		app = find_app(host, m->connection.me_addr, m->connection.host_addr);
		if (app)
			app->notifications++;
		else
			complain(host, "notification of nobody");
		break;
	case SAP_HBM_CLIENT_DMA_MAP_RESPONSE:
		dma_answered(host, HBM_DMA_MAPPING, m->dma_response.status);
		break;
	case SAP_HBM_CLIENT_DMA_UNMAP_RESPONSE:
		dma_answered(host, HBM_DMA_UNMAPPING, m->dma_response.status);
		break;
	case SAP_HBM_ME_STOP:
		host->stop_reason = m->stop.reason;
		hbm_stop(host, m->stop.reason);
		break;
	case SAP_HBM_HOST_STOP_RESPONSE:
		if (host->phase != HBM_STOPPED)
			complain(host, "stop response in phase %d", host->phase);
		if (!host->keeps_down)
			hbm_host_reset(host);
		break;
	case SAP_HBM_PG_ENTRY_RESPONSE:
		host->asleep = true;
		break;
	case SAP_HBM_PG_EXIT:
		host->asleep = false;
		host->woken++;
		say(host, SAP_HBM_PG_EXIT_RESPONSE);
		break;
	case SAP_HBM_PG_EXIT_RESPONSE:
		host->asleep = false;
		break;
	default:
		complain(host, "wrong command %u", m->command);
		break;
	}
}

static void take_piece(struct hbm_host *host, const struct sap_mei_frame *frame)
{
	struct hbm_app *app = find_app(host, frame->me_addr, frame->host_addr);

	if (!app) {
		if (frame->host_addr)
			complain(host, "no destination for %u to %u", frame->me_addr, frame->host_addr);
		return;
	}
	if (app->state == HBM_APP_DISCONNECTING)
		return;
	if (!app->in.len && !app->granted && !is_fixed(host, app))
		complain(host, "a message without a credit");
	if (frame->payload.len > HBM_LONGEST - app->in.len ||
	    app->in.len + frame->payload.len > host->client[app->me_addr].properties.max_msg_length) {
		complain(host, "message overflow");
		return;
	}
	if (frame->tagged && app->in.len)
		complain(host, "a tag in the middle");
	if (frame->tagged)
		app->in_vtag = frame->vtag;
	memcpy(app->in.bytes + app->in.len, frame->payload.bytes, frame->payload.len);
	app->in.len += frame->payload.len;
	if (!frame->complete)
		return;
	app->granted -= app->granted > 0;
	if (app->queued < HBM_QUEUE)
		app->queue[app->queued++] = app->in;
	else
		complain(host, "more messages than there is room for");
	app->in.len = 0;
}

static bool take_frame(struct hbm_host *host)
{
	uint8_t bytes[SAP_MEI_FRAME_MAX];
	struct sap_hbm_message message;
	struct sap_mei_frame frame;
	enum sap_status status;
	size_t len;

	status = sap_mei_loopback_host_recv(host->loop, bytes, sizeof(bytes), &len);
	if (status == SAP_TOO_LONG)
		complain(host, "a frame of %u bytes", (unsigned)len);
	if (status != SAP_OK)
		return status == SAP_TOO_LONG;
	if (host->asleep &&
	    !(len > 4 && bytes[0] == 0 && bytes[1] == 0 && (bytes[4] & 0x7f) == SAP_HBM_PG_EXIT))
		complain(host, "spoken to while asleep");
	if (len > host->frame_size)
		complain(host, "a frame of %u bytes", (unsigned)len);
	if (sap_mei_frame_decode(bytes, len, &frame) != SAP_OK)
		complain(host, "corrupted message header");
	else if (frame.me_addr || frame.host_addr)
		take_piece(host, &frame);
	else if (!frame.complete ||
		 sap_hbm_decode(frame.payload.bytes, frame.payload.len, &message) != SAP_OK)
		complain(host, "corrupted bus message");
	else
		take_hbm(host, &message);
	return true;
}

/* --- messages --- */

enum sap_status hbm_write_tagged(struct hbm_host *host, uint32_t at, uint8_t vtag, const void *bytes,
				 uint32_t len)
{
	struct hbm_app *app = &host->app[at];

	if (host->phase != HBM_UP || app->state != HBM_APP_CONNECTED)
		return SAP_CLOSED;
	if (len > host->client[app->me_addr].properties.max_msg_length || len > HBM_LONGEST)
		return SAP_TOO_LONG;
	if (app->sending)
		return SAP_AGAIN;
	app->sending = true;
	app->begun = false;
	app->tagged = vtag;
	app->vtag = vtag;
	app->sent = 0;
	app->out.len = len;
	memcpy(app->out.bytes, bytes, len);
	return SAP_OK;
}

enum sap_status hbm_write(struct hbm_host *host, uint32_t at, const void *bytes, uint32_t len)
{
	return hbm_write_tagged(host, at, 0, bytes, len);
}

const struct hbm_text *hbm_read(struct hbm_host *host, uint32_t at)
{
	static struct hbm_text read;
	struct hbm_app *app = &host->app[at];

	if (!app->queued)
		return NULL;
	read = app->queue[0];
	app->queued--;
	memmove(&app->queue[0], &app->queue[1], app->queued * sizeof(app->queue[0]));
	return &read;
}

static bool spend(struct hbm_host *host, struct hbm_app *app)
{
	uint32_t *credits = is_single(host, app) ? &host->client[app->me_addr].credits : &app->credits;

	if (app->begun || is_fixed(host, app))
		return true;
	if (!*credits)
		return false;
	--*credits;
	return true;
}

static bool send_piece(struct hbm_host *host, struct hbm_app *app)
{
	struct sap_mei_frame frame = {.me_addr = app->me_addr, .host_addr = app->host_addr};
	uint32_t left, most;

	if (!app->sending || app->state != HBM_APP_CONNECTED || host->frames || !spend(host, app))
		return false;
	frame.tagged = app->tagged && !app->begun;
	frame.vtag = app->vtag;
	left = app->out.len - app->sent;
	most = host->frame_size - sap_mei_frame_head(&frame);
	frame.complete = left <= most;
	frame.payload = (struct sap_view){app->out.bytes + app->sent, frame.complete ? left : most};
	send_frame(host, &frame);
	app->begun = true;
	app->sent += frame.payload.len;
	app->sending = !frame.complete;
	return true;
}

static bool give_credit(struct hbm_host *host, uint32_t at)
{
	struct hbm_app *app = &host->app[at];

	if (app->state != HBM_APP_CONNECTED || app->lazy || is_fixed(host, app) ||
	    app->queued + app->granted >= HBM_QUEUE)
		return false;
	hbm_grant(host, at);
	return true;
}

/* --- all together --- */

static bool flush(struct hbm_host *host)
{
	if (!host->frames || sap_mei_loopback_host_send(host->loop, host->frame[host->frame_at].bytes,
							host->frame[host->frame_at].len) != SAP_OK)
		return false;
	host->frame_at = (host->frame_at + 1) % HBM_FRAMES;
	host->frames--;
	return true;
}

static bool life(struct hbm_host *host)
{
	bool ready = sap_mei_loopback_is_ready(host->loop);

	if (host->phase == HBM_DOWN && ready && !host->keeps_down) {
		hbm_host_reset(host);
		return true;
	}
	if (host->phase == HBM_RESETTING && ready) {
		host->phase = HBM_STARTING;
		if (sap_mei_loopback_host_signal(host->loop, SAP_MEI_HOST_READY) != SAP_OK)
			complain(host, "no room to say ready");
		say(host, SAP_HBM_HOST_START);
		return true;
	}
	if (host->phase > HBM_RESETTING && !ready) {
		forget(host);
		host->phase = HBM_DOWN;
		return true;
	}
	return false;
}

bool hbm_host_run(struct hbm_host *host)
{
	bool did = life(host);

	while (take_frame(host))
		did = true;
	if (host->phase == HBM_UP) {
		for (uint32_t i = 0; i < HBM_APPS; i++) {
			uint32_t at = (host->turn + i) % HBM_APPS;

			did |= give_credit(host, at);
			if (send_piece(host, &host->app[at])) {
				host->turn = at + 1;
				did = true;
			}
		}
	}
	while (flush(host))
		did = true;
	return did;
}
