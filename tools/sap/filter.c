// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
/*
 * `sap filter`: which frames CSME wants, and why a frame goes where it goes.
 */
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli.h"
#include "file.h"
#include "filter_load.h"
#include "filter_pcap.h"
#include "filter_words.h"
#include "frame.h"
#include "hextext.h"

enum {
	FORMAT_VERSION = 1
};

struct options {
	char *frame;
	char *pcap;
	int json;
};

static void put_line(json_t *json)
{
	json_dumpf(json, stdout, JSON_COMPACT);
	putchar('\n');
	json_decref(json);
}

static json_t *json_of_lines(const struct filter_lines *lines)
{
	json_t *list = json_array();

	for (unsigned int i = 0; i < lines->n; i++)
		json_array_append_new(list, json_pack("{s:s, s:s}", "filter", lines->line[i].name, "text",
						      lines->line[i].text));
	return list;
}

static void print_lines(const struct filter_lines *lines, int indent)
{
	for (unsigned int i = 0; i < lines->n; i++)
		printf("%*s%-11s  %s\n", indent, "", lines->line[i].name, lines->line[i].text);
}

/* --- show --- */

static enum outcome show(const struct options *o, const char *command, const char *path)
{
	struct sap_oob_filters oob;
	struct filter_lines lines;
	enum outcome outcome = filter_load(command, path, &oob);

	if (outcome != OUTCOME_OK)
		return outcome;
	filter_show_lines(&oob, &lines);
	if (o->json) {
		put_line(json_pack("{s:s, s:s, s:i, s:o}", "kind", "filters", "format", "sap-filter",
				   "version", FORMAT_VERSION, "filters", json_of_lines(&lines)));
		return OUTCOME_OK;
	}
	if (!lines.n)
		printf("%s: no filter is set: every frame is the host's alone\n", file_name(path));
	print_lines(&lines, 0);
	return OUTCOME_OK;
}

/* --- explain --- */

struct explainer {
	bool json;
	struct sap_oob_filters oob;
	struct sap_filter filter;
	unsigned int frames, to_csme, to_both;
};

static void explain_text(const struct explainer *e, const uint8_t *frame, uint32_t len, uint32_t wire_len,
			 struct sap_verdict verdict, const struct sap_frame *facts)
{
	struct filter_lines misses;
	struct text line = {0};

	frame_summary(&line, frame, len);
	printf("%u: %s\n", e->frames, text_of(&line));
	text_clear(&line);
	filter_decided(&line, facts, verdict);
	printf("    %s: %s\n", filter_where(verdict), text_of(&line));
	if (len < wire_len)
		printf("      only %u of its %u bytes were captured\n", (unsigned int)len,
		       (unsigned int)wire_len);
	filter_miss_lines(&e->oob, facts, verdict, &misses);
	print_lines(&misses, 6);
	text_free(&line);
}

static void explain_json(const struct explainer *e, const uint8_t *frame, uint32_t len, uint32_t wire_len,
			 struct sap_verdict verdict, const struct sap_frame *facts)
{
	bool indexed = verdict.rule == SAP_RULE_FLEX || verdict.rule == SAP_RULE_ETH;
	struct text summary = {0}, why = {0};
	struct filter_lines misses;
	json_t *json;

	frame_summary(&summary, frame, len);
	filter_decided(&why, facts, verdict);
	filter_miss_lines(&e->oob, facts, verdict, &misses);
	json = json_pack("{s:s, s:i, s:i, s:s, s:b, s:b, s:s, s:o, s:s, s:o}", "kind", "frame", "frame",
			 (int)e->frames, "len", (int)len, "summary", text_of(&summary), "to_csme",
			 verdict.to_csme, "to_host", verdict.to_host, "rule",
			 sap_rule_name((enum sap_rule)verdict.rule), "index",
			 indexed ? json_integer(verdict.index) : json_null(), "text", text_of(&why), "misses",
			 json_of_lines(&misses));
	if (len < wire_len)
		json_object_set_new(json, "wire_len", json_integer(wire_len));
	put_line(json);
	text_free(&summary);
	text_free(&why);
}

static void explain_frame(void *self, const uint8_t *frame, uint32_t len, uint32_t wire_len)
{
	struct explainer *e = self;
	struct sap_verdict verdict = sap_filter_classify(&e->filter, frame, len);
	struct sap_frame facts;

	sap_frame_read(frame, len, &facts);
	e->frames++;
	e->to_csme += verdict.to_csme;
	e->to_both += verdict.to_csme && verdict.to_host;
	(e->json ? explain_json : explain_text)(e, frame, len, wire_len, verdict, &facts);
}

/* A frame of the command line. */
static enum outcome explain_hex(struct explainer *e, const struct cli_about *about, const char *hex)
{
	struct hextext read;
	enum outcome outcome = OUTCOME_OK;

	hextext_read((const uint8_t *)hex, strlen(hex), &read);
	if (read.why[0])
		outcome = cli_wrong(about, "--frame: column %zu: %s", read.column, read.why);
	else if (!read.bytes.len)
		outcome = cli_wrong(about, "--frame: no bytes");
	else
		explain_frame(e, read.bytes.data, (uint32_t)read.bytes.len, (uint32_t)read.bytes.len);
	hextext_free(&read);
	return outcome;
}

static void explain_end(const struct explainer *e)
{
	if (e->json)
		put_line(json_pack("{s:s, s:i, s:i, s:i}", "kind", "end", "frames", (int)e->frames, "to_csme",
				   (int)e->to_csme, "to_both", (int)e->to_both));
	else
		printf("\n%u frame%s: %u to CSME alone, %u to both, %u to the host alone\n", e->frames,
		       e->frames == 1 ? "" : "s", e->to_csme - e->to_both, e->to_both,
		       e->frames - e->to_csme);
}

static enum outcome explain(const struct options *o, const struct cli_about *about, const char *path)
{
	struct explainer e = {.json = o->json};
	enum outcome outcome;

	if (!o->frame == !o->pcap)
		return cli_wrong(about, "one of --frame and --pcap is needed");
	if (o->pcap && strcmp(o->pcap, "-") == 0 && (!path || strcmp(path, "-") == 0))
		return cli_wrong(about, "FILE and --pcap cannot both be standard input");
	outcome = filter_load(about->name, path, &e.oob);
	if (outcome != OUTCOME_OK)
		return outcome;
	sap_filter_set(&e.filter, &e.oob);
	if (e.json)
		put_line(json_pack("{s:s, s:s, s:i}", "kind", "input", "format", "sap-filter", "version",
				   FORMAT_VERSION));
	outcome = o->frame ? explain_hex(&e, about, o->frame)
			   : pcap_read(about->name, o->pcap, explain_frame, &e);
	if (outcome == OUTCOME_OK || o->pcap)
		explain_end(&e);
	return outcome;
}

/* --- the commands --- */

static const char show_text[] =
	"Shows which packet filters are set: what the message CSME_FILTERS says CSME wants of the frames that the\n"
	"host receives while it owns the NIC. FILE holds the message's payload (1896 bytes), the message, hex text of\n"
	"either, or JSON as `sap decode --json` writes it. No FILE, or -, is standard input.\n";

static const char show_examples[] =
	"  sap filter show filters.bin\n"
	"  sap decode --json area.bin | sap filter show\n"
	"  echo '{\"flex\":[{\"dst_port\":16992,\"flags\":[\"ENABLED\",\"TCP\"]}]}' | sap filter show\n";

static const char explain_text_of[] =
	"Tells where frames go, CSME or the host or both, and why: the filter that decided, and for those that were\n"
	"looked at and did not, what did not fit. FILE holds filters as for `sap filter show`. The frames are the one\n"
	"of --frame, Ethernet header first, as hex digits; or those of a capture of Ethernet frames.\n";

static const char explain_examples[] =
	"  sap filter explain filters.bin --pcap=frames.pcap\n"
	"  sap filter explain filters.bin --frame='02 11 22 33 44 55 02 aa bb cc dd ee 88 8e'\n";

static enum outcome show_run(int argc, const char *const *argv)
{
	struct options o = {0};
	const struct poptOption options[] = {
		{"json", 'j', POPT_ARG_NONE, &o.json, 0, "one line of JSON", NULL},
		POPT_TABLEEND,
	};
	const struct cli_about about = {"sap filter show", "[OPTION...] [FILE]", show_text, show_examples,
					options};
	enum outcome outcome;
	struct cli cli;

	if (cli_begin(&cli, &about, argc, argv, &outcome))
		outcome = show(&o, about.name, cli.argument);
	cli_end(&cli);
	return outcome;
}

static enum outcome explain_run(int argc, const char *const *argv)
{
	struct options o = {0};
	const struct poptOption options[] = {
		{"frame", 'f', POPT_ARG_STRING, &o.frame, 0, "this frame", "HEX"},
		{"pcap", 'p', POPT_ARG_STRING, &o.pcap, 0,
		 "the frames of a capture (Ethernet); - is standard input", "FILE"},
		{"json", 'j', POPT_ARG_NONE, &o.json, 0, "JSON lines, one frame a line", NULL},
		POPT_TABLEEND,
	};
	const struct cli_about about = {"sap filter explain", "[OPTION...] [FILE]", explain_text_of,
					explain_examples, options};
	enum outcome outcome;
	struct cli cli;

	if (cli_begin(&cli, &about, argc, argv, &outcome))
		outcome = explain(&o, &about, cli.argument);
	cli_end(&cli);
	free(o.frame);
	free(o.pcap);
	return outcome;
}

const struct command filter_verbs[] = {
	{"show", "show in words which filters are set", show_run, NULL},
	{"explain", "tell where frames go, and why", explain_run, NULL},
	{NULL, NULL, NULL, NULL},
};
