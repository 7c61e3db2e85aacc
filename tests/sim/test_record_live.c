// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
/*
 * Both sides written down while they run at the same time, each in a thread of its own: what each engine read is
 * in its log, though the other one wrote all the while. Once over a socket with memory that each maps for itself,
 * and once over one memory, where a thread sanitizer sees who touches what.
 */
#define _POSIX_C_SOURCE 200809L

#include "support.h"

#include <poll.h>
#include <pthread.h>
#include <time.h>
#include <unistd.h>

#include <sap/loopback.h>
#include <sap/unix.h>

#include "replay.h"

enum {
	PATIENCE_MS = 120000,
	MESSAGES = 1000,
};

struct live {
	enum sim_side side;
	uint32_t wanted;
	struct sim_settings settings;
	struct sim_site site;
	struct sim_party party;
	struct sap_unix transport; /* or none: the loopback below */
	bool on_socket;
	struct sim_recorder recorder;
	struct sim_log log;
	struct sim_origin origin;
	uint64_t told, digest;
	uint32_t sent, came; /* frames */
	uint32_t moved;	     /* of them, a moment ago */
	uint32_t wrong;	     /* of those that came */
	bool gave_up;
	uint32_t *finished; /* sides that have all they want */
};

/* --- a loopback for two threads --- */

struct shared {
	pthread_mutex_t lock; /* of all calls; the memory has none */
	struct sap_loopback loop;
	struct sap_transport end[2];
	void *memory;
};

static struct shared shared = {.lock = PTHREAD_MUTEX_INITIALIZER};

static enum sap_status unlocked(enum sap_status status)
{
	pthread_mutex_unlock(&shared.lock);
	return status;
}

static enum sap_status locked_map(void *self, uint32_t size, struct sap_mem *mem)
{
	const struct sap_transport *end = self;

	pthread_mutex_lock(&shared.lock);
	return unlocked(end->ops->map(end->self, size, mem));
}

static enum sap_status locked_connect(void *self)
{
	const struct sap_transport *end = self;

	pthread_mutex_lock(&shared.lock);
	return unlocked(end->ops->connect(end->self));
}

static enum sap_status locked_send(void *self, const void *message, size_t len)
{
	const struct sap_transport *end = self;

	pthread_mutex_lock(&shared.lock);
	return unlocked(end->ops->send(end->self, message, len));
}

static enum sap_status locked_recv(void *self, void *message, size_t cap, size_t *len)
{
	const struct sap_transport *end = self;

	pthread_mutex_lock(&shared.lock);
	return unlocked(end->ops->recv(end->self, message, cap, len));
}

static enum sap_status locked_disconnect(void *self)
{
	const struct sap_transport *end = self;

	pthread_mutex_lock(&shared.lock);
	return unlocked(end->ops->disconnect(end->self));
}

static enum sap_status locked_unmap(void *self)
{
	const struct sap_transport *end = self;

	pthread_mutex_lock(&shared.lock);
	return unlocked(end->ops->unmap(end->self));
}

static const struct sap_transport_ops locked_ops = {locked_map,	 locked_connect,    locked_send,
						    locked_recv, locked_disconnect, locked_unmap};

static void shared_open(void)
{
	struct sap_loopback_config config;

	sap_loopback_config_default(&config);
	config.memory_size = sap_layout_of(SAP_PROTOCOL_4)->size;
	config.memory = shared.memory = calloc(1, config.memory_size);
	assert_non_null(shared.memory);
	assert_status(sap_loopback_init(&shared.loop, sizeof(shared.loop), &config), SAP_OK);
	for (int side = SIM_HOST; side <= SIM_CSME; side++)
		shared.end[side] = sap_loopback_transport(&shared.loop, (enum sap_loopback_end)side);
}

/* --- a side in its thread --- */

static uint64_t clock_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (uint64_t)t.tv_sec * 1000 + (uint64_t)t.tv_nsec / 1000000;
}

/* The frame with that number, and how long it is. */
static uint32_t make_frame(uint8_t frame[1514], uint32_t number)
{
	uint32_t len = 60 + number * 37 % 1400;

	test_pattern(frame, len, number);
	return len;
}

static void hear(void *self, const struct sim_news *news)
{
	struct live *live = self;
	uint8_t frame[1514];
	uint32_t len;

	if (news->kind != SIM_HEARD || news->seen.carrier != SAP_IN_DATA)
		return;
	len = make_frame(frame, live->came++);
	if (news->seen.len != SAP_HEADER_SIZE + len ||
	    memcmp(news->seen.bytes + SAP_HEADER_SIZE, frame, len) != 0)
		live->wrong++;
}

static void tell(struct live *live, const char *line)
{
	struct sim_command command;
	struct sim_error error;

	if (!sim_command_read(line, 1, SIM_ROLE_ANY, &command, &error))
		test_fail("%s: %s", line, error.why);
	(void)!sim_party_do(&live->party, &command, clock_ms());
	sim_command_free(&command);
}

/* As much as there is room for, of both kinds. */
static void say(struct live *live)
{
	uint8_t frame[1514];
	uint32_t len;

	if (!live->party.lane.open) {
		if (live->side == SIM_HOST)
			tell(live, "host own");
		return;
	}
	tell(live, live->side == SIM_HOST ? "host ping" : "csme ping");
	while (live->sent < live->wanted) {
		len = make_frame(frame, live->sent);
		if (sim_party_packet(&live->party, frame, len, clock_ms()) != SAP_OK)
			break;
		live->sent++;
	}
}

static void wait_a_moment(struct live *live)
{
	struct pollfd fds[SAP_UNIX_FDS];

	if (!live->on_socket)
		(void)poll(NULL, 0, live->moved == live->sent + live->came);
	else if (poll(fds, sap_unix_poll(&live->transport, fds), 1) > 0)
		sim_party_retry(&live->party, clock_ms());
	live->moved = live->sent + live->came;
}

static void *run(void *self)
{
	struct live *live = self;
	uint64_t end = clock_ms() + PATIENCE_MS;
	bool finished = false;

	if (live->side == SIM_CSME) {
		tell(live, "csme start");
		tell(live, "csme amt on");
	} else {
		tell(live, "host driver up");
		tell(live, "host up");
	}
	while (__atomic_load_n(live->finished, __ATOMIC_ACQUIRE) < 2 && clock_ms() < end) {
		sim_party_turn(&live->party, clock_ms());
		say(live);
		sim_party_turn(&live->party, clock_ms());
		if (!finished && live->sent == live->wanted && live->came == live->wanted) {
			finished = true;
			__atomic_fetch_add(live->finished, 1, __ATOMIC_ACQ_REL);
		}
		wait_a_moment(live);
	}
	live->gave_up = !finished;
	return NULL;
}

static struct sap_transport open_socket(struct live *live, const char *path)
{
	struct sap_unix_config config;

	sap_unix_config_default(&config);
	config.role = live->side == SIM_HOST ? SAP_ROLE_HOST : SAP_ROLE_CSME;
	config.path = path;
	assert_status(sap_unix_open(&live->transport, sizeof(live->transport), &config), SAP_OK);
	return sap_unix_transport(&live->transport);
}

/* Without a path: on the loopback. */
static void begin(struct live *live, enum sim_side side, const char *path, uint32_t *finished)
{
	struct sim_recording to = sim_log_recording(&live->log);
	struct sap_transport transport = {&locked_ops, &shared.end[side]};

	memset(live, 0, sizeof(*live));
	live->side = side;
	live->finished = finished;
	live->wanted = MESSAGES;
	live->on_socket = path != NULL;
	if (path)
		transport = open_socket(live, path);
	sim_settings_default(&live->settings);
	live->settings.host.link.throttle_ms = live->settings.csme.link.throttle_ms = 0;
	live->settings.retry_ms = live->settings.retry_most_ms = 5;
	sim_site_init(&live->site, SAP_OWNER_HOST, live->settings.power_up_ms);
	live->site.picture = side == SIM_HOST;
	live->site.listener = (struct sim_listener){hear, live};
	assert_status(sim_party_init(&live->party, side, &live->settings, &live->site, &transport,
				     clock_ms()),
		      SAP_OK);
	live->origin = sim_origin_of(&live->party);
	sim_party_record(&live->party, &live->recorder, &to);
}

static void finish(struct live *live)
{
	const struct sap_link_counters *counters = live->side == SIM_HOST
							   ? sap_host_counters(&live->party.host)
							   : sap_csme_counters(&live->party.csme);

	assert_false(live->gave_up);
	assert_int_equal(live->wrong, 0);
	assert_int_equal(counters->corrupt, 0);
	assert_int_equal(live->party.lane.counters.corrupt, 0);
	live->told = live->party.told;
	live->digest = sim_digest(&live->party.pump);
	sim_party_recorded(&live->party);
	if (live->on_socket)
		sap_unix_close(&live->transport);
}

static void replay(struct live *live)
{
	static struct sim_replay replay;

	assert_true(live->log.count > 100);
	assert_status(sim_replay_init(&replay, &live->origin, &live->log, NULL), SAP_OK);
	while (sim_replay_step(&replay))
		;
	if (replay.replayer.differs)
		test_fail("side %d: %s", (int)live->side, replay.replayer.why);
	assert_true(replay.replayer.ended);
	assert_true(replay.party.told == live->told);
	assert_true(sim_digest(&replay.party.pump) == live->digest);
	sim_replay_free(&replay);
	sim_log_free(&live->log);
}

static void two_threads(const char *path)
{
	static struct live live[2];
	uint32_t finished = 0;
	pthread_t thread[2];

	begin(&live[SIM_CSME], SIM_CSME, path, &finished);
	begin(&live[SIM_HOST], SIM_HOST, path, &finished);
	for (int side = SIM_HOST; side <= SIM_CSME; side++)
		assert_int_equal(pthread_create(&thread[side], NULL, run, &live[side]), 0);
	for (int side = SIM_HOST; side <= SIM_CSME; side++)
		assert_int_equal(pthread_join(thread[side], NULL), 0);
	for (int side = SIM_HOST; side <= SIM_CSME; side++)
		finish(&live[side]);
	for (int side = SIM_HOST; side <= SIM_CSME; side++)
		replay(&live[side]);
}

static void over_a_socket(void **state)
{
	char path[60];

	(void)state;
	snprintf(path, sizeof(path), "@libsap-record-%ld", (long)getpid());
	two_threads(path);
}

static void over_one_memory(void **state)
{
	(void)state;
	shared_open();
	two_threads(NULL);
	free(shared.memory);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(over_a_socket),
		cmocka_unit_test(over_one_memory),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
