// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
/* The conformance kit: goes through the rules, gives each a fresh pair, and reports. */
#include "check.h"

#include "../platform.h"

enum {
	LEAST_SIZE = 64,
	PATIENCE = 1000,
	QUIET = 5,
};

static bool same(const char *a, const char *b)
{
	while (*a && *a == *b) {
		a++;
		b++;
	}
	return *a == *b;
}

static bool chosen(const struct sap_transport_check *check, const struct check_rule *rule)
{
	return !check->only || same(check->only, rule->name);
}

static bool suits(const struct sap_transport_check *check, const struct check_rule *rule)
{
	return rule->backends == CHECK_ALL || check->no_map == (rule->backends == CHECK_WITHOUT_MAP);
}

/* Whatever a broken backend left behind: as far as it lets one. */
static void take_down(struct check_run *run)
{
	struct sap_transport_finding kept = run->finding;

	for (uint32_t end = 0; end < 2; end++)
		(void)sap_check_disconnect(run, end);
	for (uint32_t end = 0; end < 2; end++)
		(void)sap_check_unmap(run, end);
	if (run->given->close)
		run->given->close(run->given->self);
	run->finding = kept;
}

static bool has_operations(const struct sap_transport *end)
{
	const struct sap_transport_ops *ops = end->ops;

	return ops && ops->map && ops->connect && ops->send && ops->recv && ops->disconnect && ops->unmap;
}

static void run_rule(struct check_run *run, const struct check_rule *rule)
{
	const struct sap_transport_check *check = run->given;

	if (!sap_check_status(run, "open, which makes the pair",
			      check->open(check->self, &run->end[CHECK_HOST], &run->end[CHECK_CSME]), SAP_OK))
		return;
	if (!has_operations(&run->end[CHECK_HOST]) || !has_operations(&run->end[CHECK_CSME])) {
		(void)sap_check_number(run, "all six operations are there", 0, 1);
		if (check->close)
			check->close(check->self);
		return;
	}
	/* A step records what is wrong; a rule that only says no must not pass for that. */
	if (!rule->holds(run) && run->finding.outcome == SAP_CHECK_PASSED)
		(void)sap_check_number(run, "the rule holds", 0, 1);
	take_down(run);
}

static uint32_t report(const struct sap_transport_check *check, const struct sap_transport_finding *finding)
{
	if (check->report)
		check->report(check->self, finding);
	return finding->outcome == SAP_CHECK_FAILED;
}

/* Runs what was chosen, adds to `ran`, and gives the number that failed. */
static uint32_t run_rules(const struct sap_transport_check *check, const struct check_rules *rules,
			  uint32_t *ran)
{
	uint32_t failed = 0;

	for (uint32_t i = 0; i < rules->n; i++) {
		const struct check_rule *rule = &rules->rule[i];
		struct check_run run;

		if (!chosen(check, rule))
			continue;
		memset(&run, 0, sizeof(run));
		run.given = check;
		run.finding.name = rule->name;
		run.finding.rule = rule->rule;
		if (suits(check, rule))
			run_rule(&run, rule);
		else
			run.finding.outcome = SAP_CHECK_SKIPPED;
		failed += report(check, &run.finding);
		++*ran;
	}
	return failed;
}

static uint32_t wrong_settings(const struct sap_transport_check *check, const char *step)
{
	const struct sap_transport_finding finding = {
		.name = "settings",
		.rule = "what the kit is given is in its range",
		.outcome = SAP_CHECK_FAILED,
		.step = step,
		.unit = SAP_CHECK_NUMBER,
		.expected = 1,
	};

	return report(check, &finding);
}

/* What is wrong with the settings; null if nothing is. */
static const char *look_at_settings(const struct sap_transport_check *check)
{
	if (!check->open)
		return "open is there";
	if (check->longest < CHECK_USUAL || check->longest > UINT32_MAX / 4)
		return "longest is 88 or more";
	if (!check->scratch || check->scratch_size < 2 * ((size_t)check->longest + 1))
		return "scratch holds two messages and two bytes";
	if (!check->no_map &&
	    (check->sizes[0] < LEAST_SIZE || (check->sizes[1] && check->sizes[1] < LEAST_SIZE)))
		return "sizes are 64 or more";
	return NULL;
}

uint32_t sap_transport_check(const struct sap_transport_check *check)
{
	const struct check_rules *const all[] = {&sap_check_memory, &sap_check_connection,
						 &sap_check_messages, &sap_check_ending};
	struct sap_transport_check filled;
	const char *wrong;
	uint32_t failed = 0;
	uint32_t ran = 0;

	if (!check)
		return 1;
	wrong = look_at_settings(check);
	if (wrong)
		return wrong_settings(check, wrong);
	filled = *check;
	if (filled.patience == 0)
		filled.patience = PATIENCE;
	if (filled.quiet == 0)
		filled.quiet = QUIET;
	for (uint32_t i = 0; i < sizeof(all) / sizeof(all[0]); i++)
		failed += run_rules(&filled, all[i], &ran);
	return ran ? failed : wrong_settings(check, "there is a check of the name in only");
}
