// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
/*
 * The conformance kit: the loopback passes it, also where it is slow, small or without memory; and every
 * flaw of a backend is found by the check that is meant for it, at either end.
 */
#include "broken.h"
#include <sap/transport_check.h>

enum {
	CHECKS = 30, /* how many the kit has */
};

static uint8_t scratch[2 * (SAP_LOOPBACK_MESSAGE + 1)];

/* What the kit said. */
struct findings {
	struct sap_transport_finding finding[CHECKS + 1];
	uint32_t n;
};

/* A loopback under the kit, with the same faults each time it is opened. */
struct subject {
	struct findings findings; /* first: report() gets them by any self */
	struct sap_loopback_config config;
	struct sap_loopback_fault faults[SAP_LOOPBACK_FAULTS];
	uint32_t n_faults;
	struct sap_loopback loop;
	uint32_t opened, closed;
	_Alignas(4) uint8_t memory[BROKEN_MEMORY];
};

static void keep(struct findings *findings, const struct sap_transport_finding *finding)
{
	assert_true(findings->n < CHECKS);
	findings->finding[findings->n++] = *finding;
}

static void describe(const struct sap_transport_finding *finding)
{
	if (finding->unit == SAP_CHECK_STATUS)
		print_error("%s: %s: %s instead of %s\n", finding->name, finding->step,
			    sap_status_name((enum sap_status)finding->found),
			    sap_status_name((enum sap_status)finding->expected));
	else
		print_error("%s: %s: %ld instead of %ld\n", finding->name, finding->step,
			    (long)finding->found, (long)finding->expected);
}

static enum sap_status open_subject(void *self, struct sap_transport *host, struct sap_transport *csme)
{
	struct subject *subject = self;

	assert_int_equal(subject->opened, subject->closed);
	subject->opened++;
	assert_status(sap_loopback_init(&subject->loop, sizeof(subject->loop), &subject->config), SAP_OK);
	for (uint32_t i = 0; i < subject->n_faults; i++)
		assert_status(sap_loopback_inject(&subject->loop, &subject->faults[i]), SAP_OK);
	*host = sap_loopback_transport(&subject->loop, SAP_LOOPBACK_HOST);
	*csme = sap_loopback_transport(&subject->loop, SAP_LOOPBACK_CSME);
	return SAP_OK;
}

static void close_subject(void *self)
{
	struct subject *subject = self;

	/* The kit left nothing behind. */
	for (uint32_t end = 0; end < 2; end++) {
		assert_int_equal(subject->loop.state.phase[end], SAP_LOOPBACK_IDLE);
		assert_int_equal(subject->loop.state.mapped[end], 0);
	}
	subject->closed++;
}

static void settle_subject(void *self)
{
	struct subject *subject = self;

	sap_loopback_step(&subject->loop);
}

static void report_subject(void *self, const struct sap_transport_finding *finding)
{
	struct subject *subject = self;

	if (finding->outcome == SAP_CHECK_FAILED)
		describe(finding);
	keep(&subject->findings, finding);
}

static void report_quietly(void *self, const struct sap_transport_finding *finding)
{
	keep(&((struct subject *)self)->findings, finding);
}

static struct subject *subject_make(void)
{
	struct subject *subject = calloc(1, sizeof(*subject));

	assert_non_null(subject);
	sap_loopback_config_default(&subject->config);
	subject->config.memory = subject->memory;
	subject->config.memory_size = sizeof(subject->memory);
	return subject;
}

static struct sap_transport_check settings(void *self)
{
	return (struct sap_transport_check){
		.open = open_subject,
		.close = close_subject,
		.settle = settle_subject,
		.report = report_subject,
		.self = self,
		.sizes = {BROKEN_MEMORY, BROKEN_MEMORY / 2},
		.longest = SAP_LOOPBACK_MESSAGE,
		.scratch = scratch,
		.scratch_size = sizeof(scratch),
	};
}

static uint32_t count(const struct findings *findings, enum sap_check_outcome outcome)
{
	uint32_t n = 0;

	for (uint32_t i = 0; i < findings->n; i++)
		n += findings->finding[i].outcome == outcome;
	return n;
}

/* Passes all that it does not skip, and gives the subject back. */
static void passes(struct subject *subject, const struct sap_transport_check *check, uint32_t skipped)
{
	assert_int_equal(sap_transport_check(check), 0);
	assert_int_equal(subject->findings.n, CHECKS);
	assert_int_equal(count(&subject->findings, SAP_CHECK_FAILED), 0);
	assert_int_equal(count(&subject->findings, SAP_CHECK_SKIPPED), skipped);
	assert_int_equal(subject->opened, CHECKS - skipped);
	assert_int_equal(subject->closed, CHECKS - skipped);
	free(subject);
}

static void loopback_conforms(void **state)
{
	struct subject *subject = subject_make();
	struct sap_transport_check check = settings(subject);

	(void)state;
	passes(subject, &check, 1);
}

static void small_loopback_conforms(void **state)
{
	struct subject *subject = subject_make();
	struct sap_transport_check check = settings(subject);

	(void)state;
	subject->config.depth = 2;
	subject->config.longest = 88;
	check.longest = 88;
	check.scratch_size = 2 * 89;
	check.sizes[1] = 0;
	check.settle = NULL;
	passes(subject, &check, 1);
}

static void loopback_without_memory_conforms(void **state)
{
	struct subject *subject = subject_make();
	struct sap_transport_check check = settings(subject);

	(void)state;
	subject->config.memory = NULL;
	subject->config.memory_size = 0;
	check.no_map = true;
	check.sizes[0] = 0;
	passes(subject, &check, 7);
}

/* Every AGAIN that transport.h allows, and messages that take their time: slow is not wrong. */
static void slow_loopback_conforms(void **state)
{
	static const enum sap_loopback_fault_kind slow[] = {SAP_LOOPBACK_FAIL_MAP, SAP_LOOPBACK_FAIL_CONNECT,
							    SAP_LOOPBACK_FAIL_SEND,
							    SAP_LOOPBACK_FAIL_DISCONNECT};
	struct subject *subject = subject_make();
	struct sap_transport_check check = settings(subject);

	(void)state;
	for (uint32_t end = 0; end < 2; end++)
		for (uint32_t i = 0; i < 4; i++)
			subject->faults[subject->n_faults++] = (struct sap_loopback_fault){
				.kind = slow[i],
				.end = (enum sap_loopback_end)end,
				.times = 3,
				.status = SAP_AGAIN,
			};
	passes(subject, &check, 1);
}

static void late_messages_conform(void **state)
{
	struct subject *subject = subject_make();
	struct sap_transport_check check = settings(subject);

	(void)state;
	for (uint32_t end = 0; end < 2; end++)
		subject->faults[subject->n_faults++] = (struct sap_loopback_fault){
			.kind = SAP_LOOPBACK_DELAY,
			.end = (enum sap_loopback_end)end,
			.times = SAP_LOOPBACK_ALWAYS,
			.steps = 4,
		};
	passes(subject, &check, 1);
}

/* Flaws. */

/* Which check finds a flaw at the host's end and at CSME's; null where it is none, or cannot be seen. */
static const struct {
	enum flaw flaw;
	const char *at[2];
} flaws[] = {
	{MAP_MISALIGNED, {"map-gives-memory", "map-shares"}},
	{MAP_SHORT, {"map-gives-memory", "map-shares"}},
	{MAP_NOWHERE, {"map-gives-memory", "map-shares"}},
	{MAP_NOT_SHARED, {"map-shares", "map-shares"}},
	{MAP_COPIED_ON_WRITE, {"map-shares", "map-shares"}},
	{MAP_EARLY_FORGOTTEN, {"map-early-is-kept", "map-early-is-kept"}},
	{MAP_NONE_AGAIN, {NULL, "map-none"}},
	{MAP_NEVER_AGAIN, {"map-unsupported", "map-unsupported"}},
	{MAP_WIPED_BY_DISCONNECT, {"map-stays", "map-stays"}},
	{MAP_OLD_SIZE, {"map-anew", "map-anew"}},
	{MAP_ONCE, {"map-anew", "map-anew"}},
	{UNMAP_TAKES_ALL, {"unmap-leaves-peer", NULL}},
	{UNMAP_ONCE, {"unmap-repeats", "unmap-repeats"}},
	{CONNECT_ALONE, {NULL, "connect-waits"}},
	{CONNECT_ONLY_SECOND, {"connect-host-first", "connect-csme-first"}},
	{CONNECT_ONLY_FIRST, {"connect-csme-first", "connect-host-first"}},
	{CONNECT_CANNOT_GIVE_UP, {"connect-after-giving-up", "connect-after-giving-up"}},
	{UNCONNECTED_SENDS, {"unconnected-is-closed", "unconnected-is-closed"}},
	{UNCONNECTED_SILENT, {"unconnected-is-closed", "unconnected-is-closed"}},
	{DISCONNECT_ONCE, {"disconnect-repeats", "disconnect-repeats"}},
	{RECONNECT_NEVER, {"reconnect", "reconnect"}},
	{RECONNECT_OLD_MESSAGE, {"reconnect-is-clean", "reconnect-is-clean"}},
	{RECV_EMPTY_OK, {"recv-empty", "recv-empty"}},
	{RECV_EMPTY_CLOSED, {"recv-empty", "recv-empty"}},
	{SEND_CUTS, {"message-whole", "message-whole"}},
	{RECV_CORRUPTS, {"message-whole", "message-whole"}},
	{RECV_TELLS_MORE, {"message-whole", "message-whole"}},
	{MESSAGE_TWICE, {"message-whole", "message-whole"}},
	{MESSAGES_JOINED, {"message-order", "message-order"}},
	{MESSAGES_REVERSED, {"message-order", "message-order"}},
	{MESSAGE_ECHOED, {"message-to-peer", "message-to-peer"}},
	{SEND_KEEPS_POINTER, {"send-copies", "send-copies"}},
	{AGAIN_TAKES, {"send-full", "send-full"}},
	{FULL_LOSES, {"send-full", "send-full"}},
	{TOO_LONG_CUT, {"send-too-long", "send-too-long"}},
	{TOO_LONG_CLOSES, {"send-too-long", "send-too-long"}},
	{RECV_CUTS, {"recv-too-long", "recv-too-long"}},
	{RECV_KEEPS, {"recv-too-long", "recv-too-long"}},
	{RECV_TELLS_NO_SIZE, {"recv-too-long", "recv-too-long"}},
	{RECV_WRITES_BEHIND, {"recv-fits", "recv-fits"}},
	{RECV_WANTS_MORE, {"recv-fits", "recv-fits"}},
	{CLOSED_FIRST, {"close-by-csme", "close-by-host"}},
	{CLOSED_NEVER, {"close-by-csme", "close-by-host"}},
	{CLOSED_ONCE, {"close-by-csme", "close-by-host"}},
	{PEER_GONE_SENDS, {"close-ends-send", "close-ends-send"}},
	{GONE_RECEIVES, {"disconnect-is-the-end", "disconnect-is-the-end"}},
	{GONE_SENDS, {"disconnect-is-the-end", "disconnect-is-the-end"}},
};

enum {
	KNOWN_FLAWS = sizeof(flaws) / sizeof(flaws[0])
};

/* What the kit says of one flaw. */
struct diagnosis {
	struct broken broken; /* first: broken_open() takes it for itself */
	struct findings findings;
};

static void report_diagnosis(void *self, const struct sap_transport_finding *finding)
{
	keep(&((struct diagnosis *)self)->findings, finding);
}

static struct diagnosis *diagnose(enum flaw flaw, uint32_t end, uint32_t *failed)
{
	struct diagnosis *diagnosis = calloc(1, sizeof(*diagnosis));
	struct sap_transport_check check = settings(diagnosis);

	assert_non_null(diagnosis);
	diagnosis->broken.flaw = flaw;
	diagnosis->broken.where = (enum sap_loopback_end)end;
	diagnosis->broken.no_map = flaw == MAP_NEVER_AGAIN;
	check.self = diagnosis;
	check.no_map = diagnosis->broken.no_map;
	check.open = broken_open;
	check.close = broken_close;
	check.settle = NULL;
	check.report = report_diagnosis;
	*failed = sap_transport_check(&check);
	return diagnosis;
}

static const struct sap_transport_finding *find(const struct findings *findings, const char *name)
{
	for (uint32_t i = 0; i < findings->n; i++)
		if (strcmp(findings->finding[i].name, name) == 0)
			return &findings->finding[i];
	test_fail("there is no check %s", name);
}

static void every_flaw_is_found_by_its_check(void **state)
{
	(void)state;
	for (uint32_t i = 0; i < KNOWN_FLAWS; i++)
		for (uint32_t end = 0; end < 2; end++) {
			const char *meant = flaws[i].at[end];
			struct diagnosis *diagnosis;
			const struct sap_transport_finding *finding;
			uint32_t failed;

			if (!meant)
				continue;
			diagnosis = diagnose(flaws[i].flaw, end, &failed);
			finding = find(&diagnosis->findings, meant);
			if (finding->outcome != SAP_CHECK_FAILED)
				test_fail("flaw %u at end %u: %s saw nothing", (unsigned)flaws[i].flaw,
					  (unsigned)end, meant);
			assert_non_null(finding->step);
			assert_true(finding->found != finding->expected);
			assert_int_equal(failed, count(&diagnosis->findings, SAP_CHECK_FAILED));
			free(diagnosis);
		}
}

/* What goes wrong as the kit takes a pair down is not what the rule was about. */
static void taking_down_is_not_judged(void **state)
{
	uint32_t failed;
	struct diagnosis *diagnosis = diagnose(UNMAP_ONCE, SAP_LOOPBACK_HOST, &failed);

	(void)state;
	assert_int_equal(find(&diagnosis->findings, "unmap-leaves-peer")->outcome, SAP_CHECK_PASSED);
	assert_int_equal(find(&diagnosis->findings, "unmap-repeats")->outcome, SAP_CHECK_FAILED);
	free(diagnosis);
}

static void wrapper_without_a_flaw_conforms(void **state)
{
	(void)state;
	for (uint32_t end = 0; end < 2; end++) {
		uint32_t failed;
		struct diagnosis *diagnosis = diagnose(FLAWLESS, end, &failed);

		assert_int_equal(failed, 0);
		free(diagnosis);
	}
}

/* No check is there that nothing can fail, and no flaw that nobody looks for. */
static void every_check_and_every_flaw_is_tried(void **state)
{
	uint32_t failed;
	struct diagnosis *diagnosis = diagnose(FLAWLESS, 0, &failed);

	(void)state;
	assert_int_equal(diagnosis->findings.n, CHECKS);
	for (uint32_t c = 0; c < CHECKS; c++) {
		const char *name = diagnosis->findings.finding[c].name;
		bool tried = false;

		for (uint32_t i = 0; i < KNOWN_FLAWS; i++)
			for (uint32_t end = 0; end < 2; end++)
				tried |= flaws[i].at[end] && strcmp(flaws[i].at[end], name) == 0;
		if (!tried)
			test_fail("no flaw is meant for %s", name);
		for (uint32_t d = 0; d < c; d++)
			assert_string_not_equal(diagnosis->findings.finding[d].name, name);
	}
	assert_int_equal(KNOWN_FLAWS, FLAWS - 1);
	for (uint32_t i = 0; i < KNOWN_FLAWS; i++)
		assert_int_equal(flaws[i].flaw, i + 1);
	free(diagnosis);
}

/* A backend that answers the same to everything. */
static enum sap_status stubborn;

static enum sap_status stubborn_map(void *self, uint32_t size, struct sap_mem *mem)
{
	(void)self, (void)size, (void)mem;
	return stubborn;
}

static enum sap_status stubborn_send(void *self, const void *message, size_t len)
{
	(void)self, (void)message, (void)len;
	return stubborn;
}

static enum sap_status stubborn_recv(void *self, void *message, size_t cap, size_t *len)
{
	(void)self, (void)message, (void)cap, (void)len;
	return stubborn;
}

static enum sap_status stubborn_other(void *self)
{
	(void)self;
	return stubborn;
}

static const struct sap_transport_ops stubborn_ops = {
	.map = stubborn_map,
	.connect = stubborn_other,
	.send = stubborn_send,
	.recv = stubborn_recv,
	.disconnect = stubborn_other,
	.unmap = stubborn_other,
};

static enum sap_status open_stubborn(void *self, struct sap_transport *host, struct sap_transport *csme)
{
	(void)self;
	*host = *csme = (struct sap_transport){&stubborn_ops, NULL};
	return SAP_OK;
}

static struct sap_transport_check stubborn_settings(struct findings *findings)
{
	struct sap_transport_check check = settings(findings);

	check.open = open_stubborn;
	check.close = NULL;
	check.settle = NULL;
	check.patience = 20;
	return check;
}

/* However wrong the answers are, the kit ends, touches nothing that is not there, and lets little pass. */
static void kit_ends_whatever_it_is_told(void **state)
{
	static const enum sap_status all[] = {SAP_OK,	SAP_AGAIN,    SAP_CLOSED,  SAP_IO,
					      SAP_BUSY, SAP_TOO_LONG, SAP_INVALID, SAP_UNSUPPORTED};

	(void)state;
	for (uint32_t i = 0; i < sizeof(all) / sizeof(all[0]); i++)
		for (uint32_t no_map = 0; no_map < 2; no_map++) {
			struct findings findings = {.n = 0};
			struct sap_transport_check check = stubborn_settings(&findings);
			uint32_t failed;

			check.report = NULL;
			check.no_map = no_map;
			stubborn = all[i];
			failed = sap_transport_check(&check);
			/* Of the 29 or 23 that are run, saying OK or AGAIN alone cannot satisfy more. */
			assert_in_range(failed, (no_map ? 23 : 29) - 3, no_map ? 23 : 29);
		}
}

static enum sap_status refuse_to_open(void *self, struct sap_transport *host, struct sap_transport *csme)
{
	(void)self, (void)host, (void)csme;
	return SAP_BUSY;
}

static enum sap_status open_without_send(void *self, struct sap_transport *host, struct sap_transport *csme)
{
	static struct sap_transport_ops ops;

	(void)self;
	ops = stubborn_ops;
	ops.send = NULL;
	*host = (struct sap_transport){&stubborn_ops, NULL};
	*csme = (struct sap_transport){&ops, NULL};
	return SAP_OK;
}

static void pair_that_is_none_fails_each_check(void **state)
{
	struct subject *subject = subject_make();
	struct sap_transport_check check = settings(subject);

	(void)state;
	check.report = NULL;
	check.close = NULL;
	check.open = refuse_to_open;
	assert_int_equal(sap_transport_check(&check), CHECKS - 1);
	check.open = open_without_send;
	assert_int_equal(sap_transport_check(&check), CHECKS - 1);
	free(subject);
}

static void one_check_can_be_chosen(void **state)
{
	struct subject *subject = subject_make();
	struct sap_transport_check check = settings(subject);

	(void)state;
	check.only = "message-order";
	assert_int_equal(sap_transport_check(&check), 0);
	assert_int_equal(subject->findings.n, 1);
	assert_string_equal(subject->findings.finding[0].name, "message-order");
	assert_int_equal(subject->opened, 1);

	subject->findings.n = 0;
	check.only = "message-orde";
	check.report = NULL;
	assert_int_equal(sap_transport_check(&check), 1);
	free(subject);
}

static void rejects(struct sap_transport_check check)
{
	struct subject *subject = check.self;

	subject->findings.n = 0;
	subject->opened = 0;
	assert_int_equal(sap_transport_check(&check), 1);
	assert_int_equal(subject->findings.n, 1);
	assert_string_equal(subject->findings.finding[0].name, "settings");
	assert_int_equal(subject->findings.finding[0].outcome, SAP_CHECK_FAILED);
	assert_int_equal(subject->opened, 0);
}

static void wrong_settings_are_told(void **state)
{
	struct subject *subject = subject_make();
	struct sap_transport_check good = settings(subject);
	struct sap_transport_check check;

	(void)state;
	good.report = report_quietly;
	assert_int_equal(sap_transport_check(NULL), 1);
	check = good, check.open = NULL, rejects(check);
	check = good, check.longest = 87, rejects(check);
	check = good, check.longest = UINT32_MAX, rejects(check);
	check = good, check.scratch = NULL, rejects(check);
	check = good, check.scratch_size--, rejects(check);
	check = good, check.sizes[0] = 63, rejects(check);
	check = good, check.sizes[1] = 63, rejects(check);
	check = good, check.only = "no-such-check", rejects(check);
	free(subject);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(loopback_conforms),
		cmocka_unit_test(small_loopback_conforms),
		cmocka_unit_test(loopback_without_memory_conforms),
		cmocka_unit_test(slow_loopback_conforms),
		cmocka_unit_test(late_messages_conform),
		cmocka_unit_test(wrapper_without_a_flaw_conforms),
		cmocka_unit_test(every_flaw_is_found_by_its_check),
		cmocka_unit_test(taking_down_is_not_judged),
		cmocka_unit_test(every_check_and_every_flaw_is_tried),
		cmocka_unit_test(kit_ends_whatever_it_is_told),
		cmocka_unit_test(pair_that_is_none_fails_each_check),
		cmocka_unit_test(one_check_can_be_chosen),
		cmocka_unit_test(wrong_settings_are_told),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
