// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
/*
 * Everything happens between two calls of poll(): its descriptors are the transport's, standard input's, and one
 * for signals, and it sleeps until the side has something to do.
 */
#include <limits.h>
#include <signal.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "fault.h"
#include "process.h"
#include "signals.h"

enum {
	MOST_TURNS = 1000, /* before descriptors are looked at again, so that a peer cannot hold us */
	DOWN_MS = 1000,	   /* to go down at most, beyond what draining may take */
	MOST_ENTRIES = 4000,
};

uint64_t process_now(const struct process *p)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * 1000 + (uint64_t)now.tv_nsec / 1000000 - p->started;
}

/* --- what can be done now --- */

static void settle(struct process *p)
{
	struct sim_pulse before, after;

	sim_party_pulse(&p->party, &after);
	for (uint32_t i = 0; i < MOST_TURNS; i++) {
		uint32_t events;
		bool moved;

		network_round(&p->network, process_now(p));
		events = sim_party_turn(&p->party, process_now(p));
		moved = process_bus_turn(p, process_now(p));
		before = after;
		sim_party_pulse(&p->party, &after);
		if (!events && !moved && memcmp(&before, &after, sizeof(before)) == 0)
			break;
	}
	process_show_turned_away(p);
}

/* --- waiting --- */

enum {
	FD_SIGNALS,
	FD_INPUT,
	FD_END, /* of the transport, and those after it */
	FDS = FD_END + SAP_UNIX_FDS + NET_FDS,
};

static int ms_until(const struct process *p, uint64_t until)
{
	uint64_t at = sim_party_deadline(&p->party), now = process_now(p);

	at = at < until ? at : until;
	until = network_deadline(&p->network, now);
	at = at < until ? at : until;
	until = process_bus_deadline(p);
	at = at < until ? at : until;
	if (at == SIM_NEVER)
		return -1;
	/* What is overdue though all was done that can be is looked at in a millisecond. */
	if (at <= now)
		return 1;
	return at - now < INT_MAX ? (int)(at - now) : INT_MAX;
}

static void take_signal(struct process *p)
{
	int signal = signals_take(p->signals);

	if (!signal)
		return;
	if (p->ends || p->signal) {
		sap_unix_close(&p->end);
		signals_die(signal);
	}
	p->signal = signal;
	snprintf(p->asked, sizeof(p->asked), "%s came", signals_name(signal));
}

/* Sleeps until something happens, or is due. */
static void wait_until(struct process *p, uint64_t until, bool with_input)
{
	struct pollfd fds[FDS];
	nfds_t n = FD_END, of_end;
	int ms;

	fds[FD_SIGNALS] = (struct pollfd){.fd = p->signals, .events = POLLIN};
	if (!lines_poll(&p->lines, &fds[FD_INPUT]) || !with_input)
		fds[FD_INPUT].fd = -1;
	n += p->bus.on ? process_bus_poll(p, &fds[FD_END]) : sap_unix_poll(&p->end, &fds[FD_END]);
	of_end = n;
	n += network_poll(&p->network, &fds[n]);
	ms = with_input && lines_wait_not(&p->lines) ? 0 : ms_until(p, until);
	if (poll(fds, n, ms) < 0)
		return;
	take_signal(p);
	if (with_input)
		lines_ready(&p->lines, fds[FD_INPUT].revents);
	for (nfds_t i = FD_END; i < of_end; i++) {
		if (!fds[i].revents || p->bus.on)
			continue;
		sap_unix_run(&p->end);
		sim_party_retry(&p->party, process_now(p));
	}
}

/* --- as a stage --- */

static uint64_t stage_now(void *self)
{
	return process_now(self);
}

static const struct sim_nic *stage_nic(void *self)
{
	return &((struct process *)self)->site.nic;
}

static uint64_t stage_heard_at(void *self)
{
	return ((struct process *)self)->site.heard_at;
}

static void stage_settle(void *self)
{
	settle(self);
}

static const char *stage_over(void *self)
{
	const struct process *p = self;

	if (p->ends)
		return NULL;
	if (process_is_unheard())
		return "what is told cannot be written any more";
	if (!capture_holds(p->capture))
		return "the capture cannot be written any more";
	if (!log_writer_holds(&p->log))
		return "the log cannot be written any more";
	if (process_bus_over(p))
		return process_bus_over(p);
	return p->signal ? p->asked : NULL;
}

static bool stage_run(void *self, uint64_t until, bool (*stop)(void *of_stop), void *of_stop)
{
	struct process *p = self;

	for (;;) {
		settle(p);
		if (stop && stop(of_stop))
			return true;
		if (process_now(p) >= until || stage_over(p))
			return false;
		wait_until(p, until, false);
	}
}

bool process_tell_network(struct process *p)
{
	char text[NETWORK_TEXT];

	if (!network_write(&p->network, text))
		return false;
	sim_timeline_tell(&p->timeline, SIM_REMARK, process_now(p), &p->site.nic, 0, NULL, text);
	return true;
}

static enum sap_status stage_command(void *self, const struct sim_command *command)
{
	struct process *p = self;

	if (command->verb->id == SIM_HOST_NET || command->verb->id == SIM_CSME_NET)
		return process_tell_network(p) ? SAP_OK : SAP_UNSUPPORTED;
	if (command->verb->id >= SIM_CSME_BUS_RESET && command->verb->id <= SIM_CSME_BUS_NOTIFY)
		return process_bus_command(p, command, process_now(p));
	return sim_party_do(&p->party, command, process_now(p));
}

static enum sap_status stage_packet(void *self, enum sim_side side, const uint8_t *frame, uint32_t len)
{
	struct process *p = self;

	(void)side; /* its own: another one is refused as the line is read */
	return sim_party_packet(&p->party, frame, len, process_now(p));
}

static void stage_fault(void *self, const struct sim_fault *fault)
{
	struct process *p = self;

	if (fault->happen)
		sim_party_fault(&p->party, fault, process_now(p));
	else
		(void)kill(getpid(), SIGKILL);
}

struct sim_stage process_stage(struct process *p)
{
	static const struct sim_stage_ops ops = {
		.now = stage_now,
		.nic = stage_nic,
		.heard_at = stage_heard_at,
		.settle = stage_settle,
		.run = stage_run,
		.command = stage_command,
		.packet = stage_packet,
		.fault = stage_fault,
		.over = stage_over,
	};

	return (struct sim_stage){&ops, p};
}

/* --- commands --- */

static void do_line(struct process *p, const char *line, uint32_t number)
{
	struct sim_command command;
	struct sim_error error;

	if (!sim_command_read(line, number, p->role, &command, &error))
		process_mistake(p, number, error.column, error.why);
	else if (command.verb)
		(void)sim_player_do(&p->player, &command);
	sim_command_free(&command);
	sim_player_forget(&p->player, MOST_ENTRIES);
}

/* The next line of standard input. False if there is none. */
static bool do_next(struct process *p)
{
	char *line = NULL, why[40];
	uint32_t column = 1;

	switch (lines_next(&p->lines, &line, &column)) {
	case LINE_THERE:
		do_line(p, line, p->lines.number);
		return true;
	case LINE_TOO_LONG:
		snprintf(why, sizeof(why), "longer than %d bytes", LINES_LONGEST);
		process_mistake(p, p->lines.number, column, why);
		return true;
	case LINE_HAS_ZERO:
		process_mistake(p, p->lines.number, column, "a zero byte");
		return true;
	case LINE_NONE:
		break;
	}
	return false;
}

void process_take_commands(struct process *p)
{
	while (!p->player.quit && !stage_over(p)) {
		settle(p);
		sim_player_forget(&p->player, MOST_ENTRIES);
		if (stage_over(p))
			return;
		wait_until(p, SIM_NEVER, true);
		while (!p->player.quit && !stage_over(p) && do_next(p))
			settle(p);
	}
}

void process_do(struct process *p, const char *const *commands)
{
	for (; *commands; commands++)
		do_line(p, *commands, 0);
}

/* --- the end --- */

static bool is_down(void *self)
{
	struct process *p = self;
	struct sap_why why;

	if (p->kind->side == SIM_HOST)
		sap_host_why(&p->party.host, &why);
	else
		sap_csme_why(&p->party.csme, &why);
	return why.phase == SAP_PHASE_DOWN;
}

/* What is down already has nothing to say, and refuses. */
static void say_goodbye(struct process *p, const char *line)
{
	struct sim_command command;
	struct sim_error error;

	if (sim_command_read(line, 0, p->role, &command, &error))
		(void)!sim_party_do(&p->party, &command, process_now(p));
	sim_command_free(&command);
}

void process_go_down(struct process *p)
{
	const struct sap_host_config *host = &p->options->settings.host;
	uint64_t drain = p->kind->side == SIM_HOST ? (uint64_t)host->drain_ms * host->drain_tries : 0;

	/* One that came meanwhile is the first, though it may be what ended the last write. */
	take_signal(p);
	p->ends = true;
	for (const char *const *line = p->kind->end; *line; line++)
		say_goodbye(p, *line);
	(void)stage_run(p, process_now(p) + drain + DOWN_MS, is_down, p);
	settle(p);
	process_bus_die(p, process_now(p));
	sap_unix_close(&p->end);
}
