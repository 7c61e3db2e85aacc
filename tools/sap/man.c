// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
#include "man.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include <sap/version.h>

/* A text's characters, with what mdoc takes for its own in disguise. */
static void put_char(char c, bool first)
{
	if (first && (c == '.' || c == '\''))
		fputs("\\&", stdout);
	if (c == '\\')
		fputs("\\e", stdout);
	else if (c == '-')
		fputs("\\-", stdout);
	else
		putchar(c);
}

static void put_text(const char *text, size_t len)
{
	for (size_t i = 0; i < len; i++)
		put_char(text[i], i == 0 || text[i - 1] == '\n');
}

/* Whether a sentence ends before this blank: mdoc wants each on a line of its own. */
static bool ends_sentence(const char *text, size_t at)
{
	return at > 0 && text[at] == ' ' && strchr(".:", text[at - 1]) &&
	       isupper((unsigned char)text[at + 1]);
}

static void put_sentences(const char *text, size_t len)
{
	bool first = true;

	for (size_t i = 0; i < len; i++) {
		if (ends_sentence(text, i))
			putchar('\n');
		else
			put_char(text[i], first);
		first = text[i] == '\n' || ends_sentence(text, i);
	}
	putchar('\n');
}

/* With an empty line between paragraphs. */
static void put_paragraphs(const char *text)
{
	while (*text) {
		const char *end = strstr(text, "\n\n");
		size_t len = end ? (size_t)(end - text) : strlen(text);

		while (len && text[len - 1] == '\n')
			len--;
		put_sentences(text, len);
		text = end ? end + 2 : text + strlen(text);
		if (*text)
			puts(".Pp");
	}
}

/* "sap mei list" -> "sap-mei-list" */
static void put_page_name(const char *path)
{
	for (; *path; path++)
		putchar(*path == ' ' ? '-' : *path);
}

/* What it is in a line: the first clause, as it goes on behind a dash. */
static void put_summary(const char *text)
{
	size_t len = strcspn(text, ".:;");

	for (size_t i = 0; i < len; i++) {
		if (i == 0)
			put_char((char)tolower((unsigned char)text[0]), false);
		else if (text[i] == '\n')
			put_char(' ', false);
		else
			put_char(text[i], false);
	}
	putchar('\n');
}

/* No date: a page belongs to a version, and the same sources give the same bytes. */
static void put_head(const char *path, const char *text)
{
	puts(".\\\" SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause\n.Dd $Mdocdate$");
	fputs(".Dt ", stdout);
	put_page_name(path);
	printf(" 1\n.Os libsap %s\n.Sh NAME\n.Nm ", sap_version());
	put_page_name(path);
	fputs("\n.Nd ", stdout);
	put_summary(text);
}

/* A clause as a sentence. */
static void put_clause(const char *text)
{
	putchar(toupper((unsigned char)text[0]));
	put_text(text + 1, strlen(text + 1));
	puts(".");
}

static void put_outcomes(const struct cli_more *more)
{
	puts(".Sh EXIT STATUS\n.Bl -tag -width Ds\n.It 0\nDone.\n.It 1");
	put_clause(more ? more->wrong : "the input was read, but something in it is wrong");
	puts(".It 2\nThe command line is wrong.\n.It 3\nA file cannot be read or written.\n.El");
}

static void put_sections(const struct cli_more *more)
{
	for (int i = 0; more && more->sections[i].title; i++) {
		printf(".Sh %s\n.Bl -tag -width Ds\n", more->sections[i].title);
		for (const struct cli_item *item = more->sections[i].items; item->name; item++) {
			fputs(".It ", stdout);
			put_text(item->name, strlen(item->name));
			putchar('\n');
			put_clause(item->text);
		}
		puts(".El");
	}
}

/* In the order of the alphabet, as they are given. */
static void put_siblings(const struct cli_more *more)
{
	puts(".Sh SEE ALSO\n.Xr sap 1 ,");
	for (int i = 0; more && more->siblings[i]; i++)
		printf(".Xr %s 1 ,\n", more->siblings[i]);
	puts(".Xr libsap 3");
}

static void put_option(const struct poptOption *option)
{
	fputs(".It ", stdout);
	if (option->shortName)
		printf("Fl %c , ", option->shortName);
	printf("Fl \\-%s", option->longName);
	if (option->argDescrip) {
		fputs(" Ns = Ns Ar ", stdout);
		put_text(option->argDescrip, strlen(option->argDescrip));
	}
	putchar('\n');
	put_text(option->descrip, strlen(option->descrip));
	puts(".");
}

void man_print_command(const struct cli_about *about, const struct cli_more *more)
{
	static const struct poptOption help = {"help", 'h', 0, NULL, 0, "this text", NULL};

	put_head(about->name, about->text);
	printf(".Sh SYNOPSIS\n.Nm %s\n", about->name);
	if (*about->usage) {
		fputs(".Ar ", stdout);
		put_text(about->usage, strlen(about->usage));
		putchar('\n');
	}
	puts(".Sh DESCRIPTION");
	put_paragraphs(about->text);
	puts(".Pp\nThe options are:\n.Bl -tag -width Ds");
	for (const struct poptOption *o = about->options; o->longName; o++)
		put_option(o);
	put_option(&help);
	puts(".El");
	put_sections(more);
	put_outcomes(more);
	puts(".Sh EXAMPLES\n.Bd -literal -offset indent");
	put_text(about->examples, strlen(about->examples));
	puts(".Ed");
	put_siblings(more);
}

void man_print_noun(const struct noun *noun)
{
	put_head(noun->path, noun->about);
	printf(".Sh SYNOPSIS\n.Nm %s\n.Ar COMMAND Op Ar OPTION...\n.Sh DESCRIPTION\n", noun->path);
	put_paragraphs(noun->about);
	puts(".Pp\nThe commands are:\n.Bl -tag -width Ds");
	for (const struct command *c = noun->verbs; c->name; c++) {
		fputs(".It Xr ", stdout);
		put_page_name(noun->path);
		printf("-%s 1\n", c->name);
		put_text(c->summary, strlen(c->summary));
		puts(".");
	}
	puts(".El");
	put_outcomes(NULL);
	puts(".Sh SEE ALSO\n.Xr libsap 3");
}

void man_print_options(const struct cli_about *about)
{
	for (const struct poptOption *o = about->options; o->longName; o++)
		printf("%s%s%s\n", o->longName, o->argDescrip ? " " : "", o->argDescrip ? o->argDescrip : "");
	puts("help");
}
