// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
#include "rig.h"

#define HASH 2166136261u

enum {
	MOST_ROUNDS = 20000, /* of one settling: more, and the engine spins */
};

/* --- either engine --- */

static bool next_io(struct rig *rig, struct sap_io *io)
{
	return rig->role == SAP_ROLE_HOST ? sap_host_next_io(&rig->host, io)
					  : sap_csme_next_io(&rig->csme, io);
}

static void io_done(struct rig *rig, const struct sap_io *io, enum sap_status status)
{
	if (rig->role == SAP_ROLE_HOST)
		assert_status(sap_host_io_done(&rig->host, io, status, rig->now), SAP_OK);
	else
		assert_status(sap_csme_io_done(&rig->csme, io, status, rig->now), SAP_OK);
}

uint64_t rig_deadline(const struct rig *rig)
{
	return rig->role == SAP_ROLE_HOST ? sap_host_deadline(&rig->host) : sap_csme_deadline(&rig->csme);
}

const struct sap_link_counters *rig_counters(const struct rig *rig)
{
	return rig->role == SAP_ROLE_HOST ? sap_host_counters(&rig->host) : sap_csme_counters(&rig->csme);
}

void rig_tick(struct rig *rig)
{
	if (rig->role == SAP_ROLE_HOST)
		sap_host_tick(&rig->host, rig->now);
	else
		sap_csme_tick(&rig->csme, rig->now);
}

/* --- what goes out --- */

static void see(void *self, const struct sap_seen *seen)
{
	struct rig *rig = self;
	bool out = (rig->role == SAP_ROLE_HOST) == (seen->to == SAP_TO_CSME);

	assert_true(seen->now >= RIG_TIME && seen->now <= rig->now);
	assert_true(seen->carrier == SAP_IN_ME || seen->carrier == SAP_IN_NOTIF);
	if (!out) {
		rig->taps_in++;
		return;
	}
	rig->tapped[seen->carrier == SAP_IN_ME] =
		rig_hash(rig->tapped[seen->carrier == SAP_IN_ME], seen->bytes, seen->len);
	rig->taps += seen->carrier == SAP_IN_NOTIF;
}

static void note_message(struct rig *rig, const uint8_t *bytes, uint32_t len)
{
	const struct sap_message_info *info = sap_message_info((uint16_t)test_get16(bytes));
	char hex[32] = "";

	assert_non_null(info);
	assert_int_equal(test_get16(bytes + 2), len - SAP_HEADER_SIZE);
	if (rig->expect_seq)
		assert_int_equal(test_get32(bytes + 4), rig->expect_seq);
	rig->expect_seq = test_get32(bytes + 4) + 1;
	rig->watched[0] = rig_hash(rig->watched[0], bytes, len);
	rig->seen++;
	memcpy(rig->last, bytes, len);
	rig->last_len = len;
	if (len == SAP_HEADER_SIZE) {
		rig_text_add(&rig->wire, "%s", info->name);
		return;
	}
	for (uint32_t i = SAP_HEADER_SIZE; len <= SAP_HEADER_SIZE + 12 && i < len; i++)
		snprintf(hex + strlen(hex), sizeof(hex) - strlen(hex), "%02x", (unsigned)bytes[i]);
	if (hex[0])
		rig_text_add(&rig->wire, "%s %s", info->name, hex);
	else
		rig_text_add(&rig->wire, "%s [%u]", info->name, (unsigned)(len - SAP_HEADER_SIZE));
}

/* What the peer can see now and could not before. It is not drained by being looked at. */
static void watch(struct rig *rig)
{
	uint8_t bytes[sizeof(rig->last)];
	enum sap_status status;
	uint32_t len;

	if (!rig->peer || !rig->memory)
		return;
	while ((status = sap_consumer_next(&rig->in, &rig->area, bytes, sizeof(bytes), &len)) == SAP_OK)
		note_message(rig, bytes, len);
	if (status != SAP_CORRUPT)
		assert_status(status, SAP_AGAIN);
	if (rig->taps == rig->seen)
		assert_int_equal(rig->tapped[0], rig->watched[0]);
}

void rig_read(struct rig *rig)
{
	watch(rig);
	sap_consumer_release(&rig->in, &rig->area);
}

static void meet(struct rig *rig, const struct sap_layout *layout)
{
	bool host = rig->role == SAP_ROLE_HOST;

	assert_status(sap_area_adopt(&rig->area, layout, rig->memory, layout->size, NULL), SAP_OK);
	assert_status(sap_producer_init(&rig->out, &rig->area, host ? SAP_CSME_NOTIF : SAP_HOST_NOTIF),
		      SAP_OK);
	assert_status(sap_consumer_init(&rig->in, &rig->area, host ? SAP_HOST_NOTIF : SAP_CSME_NOTIF),
		      SAP_OK);
	rig->peer = true;
}

/* An ME message of ours: only these, and these bytes. */
static void note_me(struct rig *rig, const struct sap_io *io)
{
	static const uint32_t sizes[] = {0, 88, 20, 12};
	uint32_t type = test_get32(io->message);

	assert_in_range(type, 1, 3);
	assert_int_equal(io->len, sizes[type]);
	assert_int_equal(test_get32(io->message + 4), rig->expect_me);
	assert_int_equal(test_get32(io->message + 8), sizes[type]);
	memcpy(rig->me, io->message, io->len);
	rig->me_len = io->len;
	if (type == SAP_ME_START)
		rig_text_add(&rig->wire, "START %u", (unsigned)io->message[24]);
	else if (type == SAP_ME_START_OK)
		rig_text_add(&rig->wire, "START_OK %u", (unsigned)io->message[16]);
	else
		rig_text_add(&rig->wire, "CSA");
}

/* --- requests --- */

static const struct sap_layout *layout_of_size(const struct rig *rig, uint32_t size)
{
	const struct sap_link_config *config =
		rig->role == SAP_ROLE_HOST ? &rig->host.config.link : &rig->csme.config.link;

	for (unsigned i = 0; i < 2; i++) {
		if (config->layouts[i] && config->layouts[i]->size == size)
			return config->layouts[i];
	}
	return NULL;
}

static enum sap_status chosen(struct rig *rig, enum sap_io_op op)
{
	for (unsigned i = 0; i < RIG_ANSWERS; i++) {
		if (rig->answers[i].times && rig->answers[i].op == op) {
			rig->answers[i].times--;
			return rig->answers[i].status;
		}
	}
	return SAP_OK;
}

/* In their order: nothing is asked for that cannot be. */
static void check_request(struct rig *rig, const struct sap_io *io)
{
	bool host = rig->role == SAP_ROLE_HOST;

	if (rig->held.op != SAP_IO_NONE)
		assert_true(rig->held.op == SAP_IO_SEND && io->op == SAP_IO_DISCONNECT);
	switch (io->op) {
	case SAP_IO_MAP:
		assert_false(rig->mapped);
		assert_int_equal(rig->connected, !host);
		break;
	case SAP_IO_CONNECT:
		assert_false(rig->connected);
		assert_true(rig->mapped == host || rig->host.config.probe);
		break;
	case SAP_IO_SEND:
		assert_true(rig->connected);
		break;
	case SAP_IO_DISCONNECT:
		assert_true(rig->connecting);
		break;
	case SAP_IO_LANE:
		assert_true(rig->mapped);
		assert_int_equal(rig->lane.open, io->lane_stays || !io->lane_open);
		assert_true(io->lane_open || !(io->lane_stays || io->lane_again || io->lane_filters));
		assert_int_equal(io->role, rig->role);
		break;
	case SAP_IO_UNMAP:
		assert_true(rig->mapping && !rig->connecting && !rig->lane.open);
		break;
	case SAP_IO_NONE:
		fail();
	}
}

static void note_request(struct rig *rig, const struct sap_io *io, const char *result)
{
	switch (io->op) {
	case SAP_IO_MAP:
		rig_text_add(&rig->wire, "MAP %u%s", (unsigned)io->size, result);
		break;
	case SAP_IO_CONNECT:
		rig_text_add(&rig->wire, "CONNECT%s", result);
		break;
	case SAP_IO_SEND:
		if (!*result)
			note_me(rig, io);
		else
			rig_text_add(&rig->wire, "SEND%s", result);
		break;
	case SAP_IO_LANE:
		rig_text_add(&rig->wire, "LANE %s%s%s%s",
			     io->lane_stays  ? "filters"
			     : io->lane_open ? "open"
					     : "close",
			     io->lane_again ? " again" : "",
			     io->lane_filters && !io->lane_stays ? " with filters" : "", result);
		break;
	case SAP_IO_DISCONNECT:
		rig_text_add(&rig->wire, "DISCONNECT%s", result);
		break;
	case SAP_IO_UNMAP:
		rig_text_add(&rig->wire, "UNMAP%s", result);
		break;
	case SAP_IO_NONE:
		break;
	}
}

static void make_memory(struct rig *rig, struct sap_io *io)
{
	if (rig->role == SAP_ROLE_HOST) {
		rig->memory = malloc(io->size);
		assert_non_null(rig->memory);
		memset(rig->memory, 0xa5, io->size);
		io->mem.size = io->size;
	} else {
		assert_int_equal(io->size, 0);
		assert_non_null(rig->memory);
		io->mem.size = rig->area.size;
	}
	io->mem.base = rig->memory;
	rig->mapped = true;
}

/* A request succeeded: what it changed in the world. */
static void do_request(struct rig *rig, struct sap_io *io)
{
	switch (io->op) {
	case SAP_IO_MAP:
		make_memory(rig, io);
		break;
	case SAP_IO_CONNECT:
		rig->connected = true;
		break;
	case SAP_IO_SEND:
		rig->expect_me++;
		rig->watched[1] = rig_hash(rig->watched[1], io->message, io->len);
		if (io->message[0] != SAP_ME_CHECK_SHARED_AREA)
			break;
		rig->rung_at = rig->now;
		if (!rig->deaf)
			rig_read(rig);
		break;
	case SAP_IO_LANE:
		assert_status(sap_packets_apply(&rig->lane, io), SAP_OK);
		break;
	case SAP_IO_DISCONNECT:
		rig->connected = false;
		rig->connecting = false;
		rig->expect_me = 1;
		break;
	case SAP_IO_UNMAP:
		rig->mapped = false;
		rig->mapping = false;
		rig->peer = false;
		rig->expect_seq = 0;
		free(rig->memory);
		rig->memory = NULL;
		break;
	case SAP_IO_NONE:
		break;
	}
}

static void answer(struct rig *rig, struct sap_io *io, enum sap_status status)
{
	const struct sap_layout *layout;

	if (io->op == SAP_IO_MAP)
		rig->mapping = status == SAP_OK || status == SAP_AGAIN;
	if (io->op == SAP_IO_CONNECT)
		rig->connecting = status == SAP_OK || status == SAP_AGAIN;
	if (status == SAP_OK)
		do_request(rig, io);
	io_done(rig, io, status);
	watch(rig);
	/* As START came, the host's area is there. */
	if (status == SAP_OK && io->op == SAP_IO_MAP && rig->role == SAP_ROLE_HOST) {
		layout = layout_of_size(rig, io->size);
		if (layout && !sap_area_adopt(&rig->area, layout, rig->memory, io->size, NULL))
			meet(rig, layout);
	}
}

static void request(struct rig *rig, struct sap_io *io)
{
	enum sap_status status = chosen(rig, io->op);
	char result[32] = "";

	check_request(rig, io);
	if (rig->hold == io->op) {
		note_request(rig, io, "...");
		rig->held = *io;
		rig->hold = SAP_IO_NONE;
		return;
	}
	if (status != SAP_OK)
		snprintf(result, sizeof(result), "=%s", sap_status_name(status));
	else if (io->op == SAP_IO_MAP && rig->no_memory)
		fail();
	note_request(rig, io, result);
	answer(rig, io, status);
}

void rig_answer(struct rig *rig, enum sap_io_op op, enum sap_status status, unsigned times)
{
	for (unsigned i = 0; i < RIG_ANSWERS; i++) {
		if (!rig->answers[i].times) {
			rig->answers[i].op = op;
			rig->answers[i].status = status;
			rig->answers[i].times = times;
			return;
		}
	}
	fail();
}

void rig_hold(struct rig *rig, enum sap_io_op op)
{
	rig->hold = op;
}

void rig_finish(struct rig *rig, enum sap_status status)
{
	struct sap_io io = rig->held;

	assert_true(io.op != SAP_IO_NONE);
	rig->held.op = SAP_IO_NONE;
	/* What the connection was ended under did not go out. */
	if (io.op == SAP_IO_SEND && !rig->connected) {
		io_done(rig, &io, status);
	} else {
		answer(rig, &io, status);
	}
	rig_settle(rig);
}

/* --- events --- */

static void keep_view(struct rig *rig, const struct sap_view *view)
{
	rig->view_len = view->len;
	assert_true(view->len <= sizeof(rig->view));
	if (view->len)
		memcpy(rig->view, view->bytes, view->len);
}

static bool fetch(struct rig *rig)
{
	struct sap_host_event h;
	struct sap_csme_event c;
	char text[160] = "";
	unsigned type;
	bool down;

	if (rig->role == SAP_ROLE_HOST) {
		if (!sap_host_next_event(&rig->host, &h))
			return false;
		rig_name_host_event(&h, text, sizeof(text));
		down = h.type == SAP_HOST_DOWN;
		type = (unsigned)h.type;
		if (h.view.bytes)
			keep_view(rig, &h.view);
	} else {
		if (!sap_csme_next_event(&rig->csme, &c))
			return false;
		rig_name_csme_event(&c, text, sizeof(text));
		down = c.type == SAP_CSME_DOWN;
		type = (unsigned)c.type;
		if (c.view.bytes)
			keep_view(rig, &c.view);
	}
	rig_text_add(&rig->events, "%s", text);
	rig->n_events[type]++;
	if (down)
		assert_false(rig->mapping || rig->connecting || rig->lane.open || rig->held.op);
	return true;
}

static bool fetch_all(struct rig *rig)
{
	bool any = false;

	while (!rig->hoarding && fetch(rig))
		any = true;
	assert_int_equal(rig_counters(rig)->events_lost, 0);
	return any;
}

/* --- turning the crank --- */

void rig_settle(struct rig *rig)
{
	struct sap_io io;

	for (unsigned rounds = 0; rounds < MOST_ROUNDS; rounds++) {
		watch(rig);
		if (next_io(rig, &io)) {
			request(rig, &io);
			continue;
		}
		fetch_all(rig);
		if (rig_deadline(rig) > rig->now)
			return;
		rig_tick(rig);
	}
	test_fail("the engine spins: deadline %llu at %llu", (unsigned long long)rig_deadline(rig),
		  (unsigned long long)rig->now);
}

void rig_wait(struct rig *rig, uint64_t ms)
{
	uint64_t until = rig->now + ms;

	rig_settle(rig);
	while (rig_deadline(rig) <= until) {
		rig->now = rig_deadline(rig);
		rig_tick(rig);
		rig_settle(rig);
	}
	/* No tick here: what is due must have said so. */
	rig->now = until;
	rig_settle(rig);
}

/* --- the peer speaks --- */

enum sap_status rig_me(struct rig *rig, const uint8_t *bytes, size_t len)
{
	uint8_t *exact = malloc(len ? len : 1);
	enum sap_status status;

	assert_non_null(exact);
	if (len)
		memcpy(exact, bytes, len);
	status = rig->role == SAP_ROLE_HOST ? sap_host_me_input(&rig->host, exact, len, rig->now)
					    : sap_csme_me_input(&rig->csme, exact, len, rig->now);
	free(exact);
	rig_settle(rig);
	return status;
}

void rig_start_ok(struct rig *rig, uint8_t version)
{
	uint8_t bytes[20] = {2};

	test_put32(bytes + 4, ++rig->me_seq);
	bytes[8] = 20;
	bytes[16] = version;
	assert_status(rig_me(rig, bytes, sizeof(bytes)), SAP_OK);
}

void rig_start(struct rig *rig, uint8_t version)
{
	uint8_t bytes[88] = {1};

	test_put32(bytes + 4, ++rig->me_seq);
	bytes[8] = 88;
	bytes[24] = version;
	assert_status(rig_me(rig, bytes, sizeof(bytes)), SAP_OK);
}

void rig_bell(struct rig *rig)
{
	uint8_t bytes[12] = {3};

	test_put32(bytes + 4, ++rig->me_seq);
	bytes[8] = 12;
	assert_status(rig_me(rig, bytes, sizeof(bytes)), SAP_OK);
}

void rig_closed(struct rig *rig, enum sap_status why)
{
	if (rig->role == SAP_ROLE_HOST)
		sap_host_closed(&rig->host, why, rig->now);
	else
		sap_csme_closed(&rig->csme, why, rig->now);
	rig_settle(rig);
}

void rig_say(struct rig *rig, const struct sap_message *message)
{
	assert_status(sap_producer_put(&rig->out, &rig->area, &rig->seq, message), SAP_OK);
	sap_producer_publish(&rig->out, &rig->area);
}

void rig_say0(struct rig *rig, uint16_t type)
{
	struct sap_message message;

	memset(&message, 0, sizeof(message));
	message.type = type;
	rig_say(rig, &message);
}

void rig_say32(struct rig *rig, uint16_t type, uint32_t value)
{
	struct sap_message message;

	/* Each message of one number has it first. */
	memset(&message, 0, sizeof(message));
	message.type = type;
	message.amt_state.state = value;
	rig_say(rig, &message);
}

void rig_tell(struct rig *rig, const struct sap_message *message)
{
	rig_say(rig, message);
	rig_bell(rig);
}

void rig_tell0(struct rig *rig, uint16_t type)
{
	rig_say0(rig, type);
	rig_bell(rig);
}

void rig_tell32(struct rig *rig, uint16_t type, uint32_t value)
{
	rig_say32(rig, type, value);
	rig_bell(rig);
}

/* --- making one --- */

static void make(struct rig *rig, enum sap_role role)
{
	memset(rig, 0, sizeof(*rig));
	rig->role = role;
	rig->now = RIG_TIME;
	rig->expect_me = 1;
	rig->tapped[0] = rig->watched[0] = HASH;
	rig->tapped[1] = rig->watched[1] = HASH;
}

void rig_host(struct rig *rig, const struct sap_host_config *config)
{
	struct sap_host_config used;

	make(rig, SAP_ROLE_HOST);
	sap_host_config_default(&used);
	if (config)
		used = *config;
	used.link.lane = &rig->lane;
	used.link.tap = (struct sap_tap){see, rig};
	memset(&rig->host, 0x5a, sizeof(rig->host));
	assert_status(sap_host_init(&rig->host, sizeof(rig->host), &used, rig->now), SAP_OK);
}

void rig_csme(struct rig *rig, const struct sap_csme_config *config)
{
	struct sap_csme_config used;

	make(rig, SAP_ROLE_CSME);
	sap_csme_config_default(&used);
	if (config)
		used = *config;
	used.link.lane = &rig->lane;
	used.link.tap = (struct sap_tap){see, rig};
	memset(&rig->csme, 0x5a, sizeof(rig->csme));
	assert_status(sap_csme_init(&rig->csme, sizeof(rig->csme), &used, rig->now), SAP_OK);
}

void rig_offer(struct rig *rig, const struct sap_layout *layout)
{
	free(rig->memory);
	rig->memory = malloc(layout->size);
	assert_non_null(rig->memory);
	assert_status(sap_area_init(&rig->area, layout, rig->memory, layout->size), SAP_OK);
	rig->seq.last = 0;
	meet(rig, layout);
}

void rig_free(struct rig *rig)
{
	assert_int_equal(rig_counters(rig)->events_lost, 0);
	if (rig->held.op == SAP_IO_NONE)
		assert_int_equal(rig->tapped[1], rig->watched[1]);
	free(rig->memory);
	rig->memory = NULL;
}

void rig_why_is(const struct rig *rig, const char *state, enum sap_owner owner, const char *file, int line)
{
	struct sap_why why;

	if (rig->role == SAP_ROLE_HOST)
		sap_host_why(&rig->host, &why);
	else
		sap_csme_why(&rig->csme, &why);
	if (strcmp(why.state, state) != 0 || why.owner != owner) {
		print_error("state %s, owner %d instead of %s, %d\n", why.state, (int)why.owner, state,
			    (int)owner);
		_fail(file, line);
	}
}

static void forget(struct rig *rig)
{
	memset(&rig->wire, 0, sizeof(rig->wire));
	memset(&rig->events, 0, sizeof(rig->events));
}

void rig_up(struct rig *rig)
{
	if (rig->role == SAP_ROLE_HOST) {
		rig_ok(rig, sap_host_start(&rig->host, rig->now));
		rig_start_ok(rig, (uint8_t)rig->area.layout.version);
	} else {
		if (!rig->memory)
			rig_offer(rig, rig->csme.config.link.layouts[0]);
		rig_ok(rig, sap_csme_start(&rig->csme, rig->now));
		rig_start(rig, (uint8_t)rig->area.layout.version);
	}
	forget(rig);
}

void rig_guest(struct rig *rig)
{
	rig_ok(rig, sap_host_driver_up(&rig->host, rig->now));
	rig_up(rig);
	rig_say32(rig, SAP_AMT_STATE, 1);
	rig_tell32(rig, SAP_NIC_OWNER, SAP_OWNER_CSME);
	rig_wait(rig, 200);
	rig_state_is(rig, "guest", SAP_OWNER_CSME);
	forget(rig);
}

void rig_owner(struct rig *rig)
{
	rig_ok(rig, sap_host_driver_up(&rig->host, rig->now));
	rig_up(rig);
	rig_say32(rig, SAP_AMT_STATE, 1);
	rig_tell32(rig, SAP_NIC_OWNER, SAP_OWNER_HOST);
	rig_wait(rig, 200);
	rig_state_is(rig, "owner", SAP_OWNER_HOST);
	assert_true(rig->lane.open);
	forget(rig);
}

void rig_host_owns(struct rig *rig)
{
	rig_up(rig);
	rig_ok(rig, sap_csme_set_amt(&rig->csme, true, rig->now));
	rig_tell0(rig, SAP_WIFIDR_UP);
	rig_wait(rig, 200);
	rig_state_is(rig, "host", SAP_OWNER_HOST);
	assert_true(rig->lane.open);
	forget(rig);
}
