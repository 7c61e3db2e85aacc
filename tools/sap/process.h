/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
/*
 * A process that speaks for one side: `sap host`, `sap csme`. Their files say what each is called and how it
 * begins; all else is here, for both.
 *
 *   process.c          from the command line to the end
 *   process_options.c  the command line
 *   process_man.c      its manual page
 *   process_loop.c     time, descriptors, commands: the stage of its player
 *   process_show.c     what it tells, as text or JSON
 *   process_bus.c      CSME with a whole firmware around it, instead of a socket
 */
#ifndef SAP_TOOL_PROCESS_H
#define SAP_TOOL_PROCESS_H

#include <sap/unix.h>

#include "capture.h"
#include "cli.h"
#include "lines.h"
#include "log_file.h"
#include "network.h"
#include "party.h"
#include "player.h"
#include "process_bus.h"
#include "text_message.h"
#include "timeline.h"

/* What is different between the two. */
struct process_kind {
	enum sim_side side;
	const char *command;  /* "sap host" */
	const char *usage;    /* of the command line */
	const char *text;     /* what it does, sentences */
	const char *examples; /* lines, indented by two */
	const char *begin[3]; /* commands that it begins with by itself; ends with null */
	const char *end[3];   /* and ends with */
	const char *socket;   /* what it does with the socket: "connects to" */
};

/* The command line, taken apart. */
struct process_options {
	char *socket, *script, *fault, *amt, *colour, *pcap, *record;
	char **set; /* ends with null; or null */
	int json, messages, idle, stay, list;

	char path[SAP_UNIX_PATH];
	struct network_options network;
	struct process_bus_options bus;
	bool paint;
	bool mute; /* standard output is the capture's */
	struct sim_settings settings;
};

struct process {
	const struct process_kind *kind;
	const struct cli_about *about;
	const struct process_options *options;
	uint32_t role; /* enum sim_role */

	/* The side, and where it stands. */
	struct sap_unix end;
	struct process_bus bus; /* on: instead of the socket */
	struct sim_site site;
	struct sim_party party;
	struct log_writer log; /* what it was given, if somebody wants that */
	struct network network;

	/* Who has it act. */
	struct sim_player player;
	struct sim_timeline timeline; /* events, and what was told by commands; the older half is forgotten */
	struct lines lines;
	uint64_t started; /* ms of the system's clock */
	int signals;	  /* a descriptor */
	int signal;	  /* that asked it to end; 0 */
	char asked[24];	  /* and what is said of it */
	bool ends;	  /* it is on its way down: the second signal is the last */

	/* What it told, and is to be told of it in the end. */
	const char *source; /* of the commands: "standard input" */
	struct text_style style;
	struct capture *capture;       /* null: none */
	bool is_up;		       /* SAP is */
	bool is_old;		       /* an attempt came to what the last one came to: it need not be told */
	enum sap_status status;	       /* of the last DOWN that was shown */
	enum sap_unix_problem problem; /* that was shown last */
	bool is_silent;		       /* that the peer is silent was shown */
	bool is_besieged;	       /* that another host came was */
	uint32_t turned_away;	       /* hosts that did, so far */
	uint32_t count[SAP_IN_DATA + 1]
		      [3]; /* messages by enum sap_carrier and enum sap_direction; ME: doorbells */
	uint32_t wrong;	   /* commands and expectations that did not hold */
};

/* `sap host` and `sap csme`. */
enum outcome process_run(const struct process_kind *kind, int argc, const char *const *argv);

/* --- process_options.c --- */

/*
 * Takes the command line apart. Returns whether the command is to run; if not, *outcome is what to end with.
 * process_options_free() follows either way.
 */
bool process_options_read(struct process_options *options, struct cli_about *about,
			  const struct process_kind *kind, int argc, const char *const *argv,
			  enum outcome *outcome);
void process_options_free(struct process_options *options);

/* --- process_man.c --- */

/* What it has beyond other commands, for its manual page. */
const struct cli_more *process_more(const struct process_kind *kind);

/* --- process_loop.c --- */

/* The time, ms since it started. */
uint64_t process_now(const struct process *p);

/* The stage of its player: a script, and a command that waits, let time pass there. */
struct sim_stage process_stage(struct process *p);

/* Takes commands from standard input until one says `quit`, or a signal comes. */
void process_take_commands(struct process *p);

/* Does the commands of a list that ends with null, which hold. */
void process_do(struct process *p, const char *const *commands);

/* What its network counted, as a note; false if it has none. */
bool process_tell_network(struct process *p);

/* Goes down, cleanly, in bounded time. A second signal ends the process at once. */
void process_go_down(struct process *p);

/* --- process_show.c --- */

/* Listens on the site, and shows what is told by commands. */
void process_listen(struct process *p);

/* The first line, and with JSON the last one. */
void process_show_start(struct process *p);
void process_show_end(struct process *p, enum outcome outcome);

/* CSME: tells of a host that came while there was one; of further ones only once another is connected. */
void process_show_turned_away(struct process *p);

/* What went wrong, for a person: cause and remedy, or what the system says of its call. */
const char *process_trouble_text(const struct sap_unix_trouble *why);

/* What happened on the MEI bus: a sentence, and members for a line of JSON. */
void process_show_bus(struct process *p, uint64_t now, const char *text, json_t *facts);

/* Tells a person of a line that is no command, and counts it. */
void process_mistake(struct process *p, uint32_t line, uint32_t column, const char *why);

/* Whether what is told cannot be told any more. */
bool process_is_unheard(void);

#endif
