// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
/*
 * Both sides written down while they run at the same time, each in a thread of its own, over a socket and
 * shared memory: what each engine read is in its log, though the other one wrote all the while.
 */
#define _POSIX_C_SOURCE 200809L

#include "support.h"

#include <poll.h>
#include <pthread.h>
#include <time.h>
#include <unistd.h>

#include <sap/unix.h>

#include "replay.h"

enum {
	PATIENCE_MS = 120000,
	MESSAGES = 3000,
};

struct live {
	enum sim_side side;
	uint32_t wanted;
	struct sim_settings settings;
	struct sim_site site;
	struct sim_party party;
	struct sap_unix transport;
	struct sim_recorder recorder;
	struct sim_log log;
	struct sim_origin origin;
	uint64_t told, digest;
	uint32_t sent, came; /* frames */
	uint32_t wrong;	     /* of those that came */
	bool gave_up;
	uint32_t *finished; /* sides that have all they want */
};

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

	if (poll(fds, sap_unix_poll(&live->transport, fds), 1) > 0)
		sim_party_retry(&live->party, clock_ms());
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

static void begin(struct live *live, enum sim_side side, const char *path, uint32_t *finished)
{
	struct sim_recording to = sim_log_recording(&live->log);
	struct sap_unix_config config;
	struct sap_transport transport;

	memset(live, 0, sizeof(*live));
	live->side = side;
	live->finished = finished;
	live->wanted = MESSAGES;
	sap_unix_config_default(&config);
	config.role = side == SIM_HOST ? SAP_ROLE_HOST : SAP_ROLE_CSME;
	config.path = path;
	assert_status(sap_unix_open(&live->transport, sizeof(live->transport), &config), SAP_OK);
	sim_settings_default(&live->settings);
	live->settings.host.link.throttle_ms = live->settings.csme.link.throttle_ms = 0;
	live->settings.retry_ms = live->settings.retry_most_ms = 5;
	sim_site_init(&live->site, SAP_OWNER_HOST, live->settings.power_up_ms);
	live->site.picture = side == SIM_HOST;
	live->site.listener = (struct sim_listener){hear, live};
	transport = sap_unix_transport(&live->transport);
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

static void two_threads_come_again(void **state)
{
	static struct live live[2];
	uint32_t finished = 0;
	pthread_t thread[2];
	char path[60];

	(void)state;
	snprintf(path, sizeof(path), "@libsap-record-%ld", (long)getpid());
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

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(two_threads_come_again),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
