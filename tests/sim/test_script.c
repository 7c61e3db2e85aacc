// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
/* The language: what commands mean, and what a person is told of mistakes. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "builtin.h"
#include "fault.h"
#include "script.h"

static struct sim_command read_ok(const char *line)
{
	struct sim_command command;
	struct sim_error error = {0};

	if (!sim_command_read(line, 1, SIM_ROLE_ANY, &command, &error))
		fail_msg("%s: column %u: %s", line, (unsigned int)error.column, error.why);
	return command;
}

/* --- what commands mean --- */

static void every_command_is_found(void **state)
{
	(void)state;
	for (uint32_t i = 0; sim_verb_at(i); i++) {
		const struct sim_verb *verb = sim_verb_at(i);
		const char *role = sim_role_word(verb->role);
		struct sim_error error;
		struct sim_command command;
		char line[100];

		snprintf(line, sizeof(line), "%s%s%s", role, *role ? " " : "", verb->words);
		/* Arguments may be missing; the command must be the one that was named. */
		(void)sim_command_read(line, 1, SIM_ROLE_ANY, &command, &error);
		assert_ptr_equal(command.verb, verb);
		sim_command_free(&command);
	}
}

static void link_up_takes_all(void **state)
{
	struct sim_command c = read_ok("host link up channel=36 ssid=\"my \\\"net\" bssid=02:00:0a:00:01:ff "
				       "auth=sae cipher=gcmp256 band=5GHz # comment");

	(void)state;
	assert_int_equal(c.verb->id, SIM_HOST_LINK_UP);
	assert_string_equal(c.arg[0].text, "my \"net");
	assert_int_equal(c.arg[0].number, 7);
	assert_int_equal(c.arg[1].mac.bytes[2], 0x0a);
	assert_int_equal(c.arg[1].mac.bytes[5], 0xff);
	assert_int_equal(c.arg[2].number, 36);
	assert_int_equal(c.arg[3].number, SAP_AUTH_SAE);
	assert_int_equal(c.arg[4].number, SAP_CIPHER_GCMP256);
	assert_int_equal(c.arg[5].number, SAP_BAND_5GHZ);
	sim_command_free(&c);
}

static void values_of_each_kind(void **state)
{
	struct sim_command c = read_ok("wait 3s");
	uint8_t bytes[3];

	(void)state;
	assert_int_equal(c.arg[0].number, 3000);
	sim_command_free(&c);
	c = read_ok("host takes leave=never join=0ms");
	assert_true(c.arg[0].number == SIM_NEVER);
	assert_true(c.arg[1].given);
	assert_false(c.arg[2].given);
	sim_command_free(&c);
	c = read_ok("host country US");
	assert_int_equal(c.arg[0].number, 0x5553);
	sim_command_free(&c);
	c = read_ok("host sar 1,2,3,4,5,6,7,8,9,65535");
	assert_int_equal(c.arg[0].limits[9], 65535);
	sim_command_free(&c);
	c = read_ok("host suspend offer-nic,host-owns");
	assert_int_equal(c.arg[0].number, SAP_SUSPEND_OFFER_NIC | SAP_SUSPEND_HOST_OWNS_NIC);
	sim_command_free(&c);
	c = read_ok("packet host 00Ff1a");
	sim_value_bytes(&c.arg[1], bytes);
	assert_int_equal(c.arg[1].number, 3);
	assert_memory_equal(bytes, "\x00\xff\x1a", 3);
	sim_command_free(&c);
	c = read_ok("csme take --force");
	assert_true(c.arg[0].given);
	sim_command_free(&c);
	c = read_ok("host own => BUSY");
	assert_int_equal(c.wanted, SAP_BUSY);
	sim_command_free(&c);
}

static void expectations(void **state)
{
	struct sim_command c =
		read_ok("expect csme OWNER owner=csme forced=yes within 2s as 14 CSME \"takes it\"");

	(void)state;
	assert_int_equal(c.by, SIM_BY_CSME);
	assert_string_equal(c.event, "OWNER");
	assert_int_equal(c.conditions, 2);
	assert_int_equal(c.condition[0].key, SIM_KEY_OWNER);
	assert_int_equal(c.condition[0].value.number, SAP_OWNER_CSME);
	assert_int_equal(c.within, 2000);
	assert_int_equal(c.as[0].number, 14);
	assert_string_equal(c.as[2].text, "takes it");
	sim_command_free(&c);
	c = read_ok("expect UP version=4");
	assert_int_equal(c.by, SIM_BY_HOST | SIM_BY_CSME | SIM_BY_NIC);
	assert_int_equal(c.within, 0);
	sim_command_free(&c);
	c = read_ok("expect owner csme within 10ms");
	assert_int_equal(c.verb->id, SIM_EXPECT_OWNER);
	assert_int_equal(c.within, 10);
	sim_command_free(&c);
}

static void nothing_is_nothing(void **state)
{
	static const char *const lines[] = {"", "   ", "\t", "# host up", "  # \"", "\r"};

	(void)state;
	for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
		struct sim_command c = read_ok(lines[i]);

		assert_null(c.verb);
		sim_command_free(&c);
	}
}

static void one_side_needs_no_word(void **state)
{
	struct sim_command command;
	struct sim_error error;

	(void)state;
	assert_true(sim_command_read("own", 1, SIM_ROLE_HOST, &command, &error));
	assert_int_equal(command.verb->id, SIM_HOST_OWN);
	sim_command_free(&command);
	assert_true(sim_command_read("csme take", 1, SIM_ROLE_CSME, &command, &error));
	sim_command_free(&command);
	assert_false(sim_command_read("csme take", 3, SIM_ROLE_HOST, &command, &error));
	assert_int_equal(error.line, 3);
	assert_string_equal(error.why, "'csme' is not for this program, which speaks for the host alone");
	sim_command_free(&command);
}

/* What a program of one side takes, and what it says of the rest. Column 0: it is taken. */
static void one_side_is_refused_the_other(void **state)
{
	static const struct {
		uint32_t role;
		const char *line;
		uint32_t column;
		const char *why;
	} cases[] = {
		{SIM_ROLE_HOST, "wait 5ms", 0, ""},
		{SIM_ROLE_CSME, "wait idle", 0, ""},
		{SIM_ROLE_HOST, "expect UP within 1s", 0, ""},
		{SIM_ROLE_HOST, "expect host UP version=4", 0, ""},
		{SIM_ROLE_CSME, "expect nic DRIVES side=host", 0, ""},
		{SIM_ROLE_CSME, "expect-not ASKED", 0, ""},
		{SIM_ROLE_HOST, "expect owner csme", 0, ""},
		{SIM_ROLE_HOST, "expect no-overlap", 0, ""},
		{SIM_ROLE_CSME, "packet 0011223344", 0, ""},
		{SIM_ROLE_CSME, "packet csme 0011223344", 0, ""},
		{SIM_ROLE_CSME, "packet 00 => BAD_VALUE", 0, ""},
		{SIM_ROLE_CSME, "fault refused", 0, ""},
		{SIM_ROLE_HOST, "fault clear", 0, ""},
		{SIM_ROLE_HOST, "step 1 me \"does\"", 0, ""},
		{SIM_ROLE_HOST, "note x", 0, ""},
		{SIM_ROLE_HOST, "quit", 0, ""},
		{SIM_ROLE_HOST, "  csme take", 3,
		 "'csme' is not for this program, which speaks for the host alone"},
		{SIM_ROLE_HOST, "take", 1, "there is no command 'take'; did you mean 'takes'?"},
		{SIM_ROLE_CSME, "host wait 1s", 1,
		 "'host' is not for this program, which speaks for CSME alone"},
		{SIM_ROLE_HOST, "host wait 1s", 6, "there is no command 'host wait'"},
		{SIM_ROLE_HOST, "expct UP", 1, "there is no command 'expct'; did you mean 'expect'?"},
		{SIM_ROLE_HOST, "expect csme UP", 8,
		 "this program hears nothing of 'csme': it speaks for the host alone"},
		{SIM_ROLE_CSME, "expect-not host UP", 12,
		 "this program hears nothing of 'host': it speaks for CSME alone"},
		{SIM_ROLE_HOST, "expect HOST_CONFIRMED", 8,
		 "there is no event 'HOST_CONFIRMED' that this side tells"},
		{SIM_ROLE_HOST, "packet csme 0011223344", 8,
		 "the lane of 'csme' is not this program's, which speaks for the host alone"},
		{SIM_ROLE_HOST, "packet", 7, "frame is missing: packet host|csme HEX"},
		{SIM_ROLE_HOST, "fault refused", 7, "the host cannot cause 'refused' by itself"},
		{SIM_ROLE_CSME, "fault host-killed", 7, "CSME cannot cause 'host-killed' by itself"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct sim_command command;
		struct sim_error error = {0};
		bool read = sim_command_read(cases[i].line, 1, cases[i].role, &command, &error);

		if (read != !cases[i].column || error.column != cases[i].column ||
		    strcmp(error.why, cases[i].why) != 0)
			fail_msg("%s: %u: %s", cases[i].line, (unsigned int)error.column, error.why);
		sim_command_free(&command);
	}
}

static void a_packet_without_a_side_is_ones_own(void **state)
{
	struct sim_command command;
	struct sim_error error;

	(void)state;
	assert_true(sim_command_read("packet 001122", 1, SIM_ROLE_CSME, &command, &error));
	assert_int_equal(command.arg[0].number, SIM_CSME);
	assert_int_equal(command.arg[1].number, 3);
	sim_command_free(&command);
	assert_true(sim_command_read("packet host 001122", 1, SIM_ROLE_HOST, &command, &error));
	assert_int_equal(command.arg[0].number, SIM_HOST);
	sim_command_free(&command);
	assert_false(sim_command_read("packet 001122", 1, SIM_ROLE_ANY, &command, &error));
	sim_command_free(&command);
}

/* A peer may say anything: what is shown of it is plain. */
static void what_a_peer_says_is_shown_plainly(void **state)
{
	static const struct sim_arg ssid = {.name = "ssid", .kind = SIM_KIND_SSID};
	static const struct sim_arg country = {.name = "country", .kind = SIM_KIND_COUNTRY};
	struct sim_value value = {.number = 9, .text = "a\033[2J\0\177\377 "};
	char out[4 * SAP_SSID_SIZE + 1];

	(void)state;
	sim_value_write(&ssid, &value, out, sizeof(out));
	assert_string_equal(out, "a\\x1b[2J\\x00\\x7f\\xff ");
	sim_value_write(&ssid, &value, out, 4);
	assert_string_equal(out, "a\\x");
	value.number = ('D' << 8) | 'E';
	sim_value_write(&country, &value, out, sizeof(out));
	assert_string_equal(out, "DE");
	value.number = ('D' << 8) | '\n';
	sim_value_write(&country, &value, out, sizeof(out));
	assert_string_equal(out, "0x440a");
	value.number = 0;
	sim_value_write(&country, &value, out, sizeof(out));
	assert_string_equal(out, "unknown");
}

/* --- what is told of mistakes --- */

static void mistakes(void **state)
{
	static const struct {
		const char *line;
		uint32_t column;
		const char *why;
	} cases[] = {
		{"hots up", 1, "there is no command 'hots'; did you mean 'host'?"},
		{"xyzzy", 1, "there is no command 'xyzzy'"},
		{"csme tak", 6, "there is no command 'csme tak'; did you mean 'csme take'?"},
		{"  host linkup ssid=a", 8,
		 "there is no command 'host linkup'; did you mean 'host link up'?"},
		{"host devise up", 6, "there is no command 'host devise up'; did you mean 'host device up'?"},
		{"host", 5, "what is the host to do? Its commands are in docs/script.md"},
		{"wait", 5, "time is missing: wait TIME"},
		{"wait 100", 6, "a time is such as 100ms or 3s, not '100'"},
		{"wait 99999999999s", 6, "a time is such as 100ms or 3s, not '99999999999s'"},
		{"csme policy grnt", 13,
		 "policy takes grant, refuse, ask or ignore, not 'grnt'; did you mean 'grant'?"},
		{"csme amt", 9, "state is missing: csme amt off|on"},
		{"host own now", 10, "'now' is too much: host own"},
		{"host link up ssid=a bssid=02:00:00:00:01", 27,
		 "bssid takes an address such as 02:00:00:00:01:00, not '02:00:00:00:01'"},
		{"host link up ssid=a bssid=02:00:00:00:01:00 chanel=6", 45,
		 "'chanel' is nothing that this command takes; did you mean 'channel='?"},
		{"host link up ssid=a ssid=b", 26, "ssid is given twice"},
		{"host link up ssid= bssid=02:00:00:00:01:00", 19, "ssid takes 1 to 32 bytes, not 0"},
		{"host link down reason=70000", 23, "reason takes a number from 0 to 65535, not '70000'"},
		{"host country us", 14, "country takes two capital letters such as US, not 'us'"},
		{"host sar 1,2", 10,
		 "limits takes 10 numbers up to 65535 with commas between them, not '1,2'"},
		{"packet host 00f", 13, "frame takes two digits a byte: 3 digits are one too many"},
		{"packet host 00fg", 16, "frame takes hexadecimal digits, not 'g'"},
		{"note \"open", 6, "the quote that opens here is not closed"},
		{"host own => BUSSY", 13, "=> takes no 'BUSSY'; did you mean 'BUSY'?"},
		{"wait 1s => OK", 9, "only a command of an engine has an answer"},
		{"host own =>", 12, "=> takes the answer that is expected, such as BUSY"},
		{"expect", 7, "which event is expected? For example OWN_DONE"},
		{"expect leave", 8, "there is no event 'leave'; did you mean 'LEAVE'?"},
		{"expect csme LEAVE", 13, "there is no event 'LEAVE'"},
		{"expect OWN_DONE raeson=none", 17, "OWN_DONE has no 'raeson'; did you mean 'reason'?"},
		{"expect OWN_DONE reason=nope", 24,
		 "reason takes none, refused, timeout, taken or down, not 'nope'; did you mean 'none'?"},
		{"expect LEAVE within", 20, "within takes a time such as 100ms or 3s"},
		{"expect LEAVE soon", 14, "'soon' is neither KEY=VALUE nor `within TIME` nor `as STEP`"},
		{"expect LEAVE within never", 21, "within takes a time that ends"},
		{"expect LEAVE as 3 x", 20, "as takes a number, an actor and a text"},
		{"expect LEAVE as 3 x y z", 23, "'z' is too much"},
		{"expect LEAVE within 1s within 2s within", 40, "within takes a time such as 100ms or 3s"},
		{"expect owner", 13, "owner is missing: expect owner unknown|host|csme [within TIME]"},
		{"fault no-aera", 7, "fault takes no 'no-aera'; did you mean 'no-area'?"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct sim_command command;
		struct sim_error error;

		if (sim_command_read(cases[i].line, 7, SIM_ROLE_ANY, &command, &error))
			fail_msg("%s: taken", cases[i].line);
		sim_command_free(&command);
		if (strncmp(error.why, cases[i].why, strlen(cases[i].why)) != 0)
			fail_msg("%s: '%s', not '%s'", cases[i].line, error.why, cases[i].why);
		if (error.column != cases[i].column)
			fail_msg("%s: column %u", cases[i].line, (unsigned int)error.column);
		assert_int_equal(error.line, 7);
	}
}

static void a_script_tells_the_line(void **state)
{
	static const char text[] = "host up\n\n# fine\n  csme tak\nhost own";
	struct sim_script script;
	struct sim_error error;

	(void)state;
	assert_false(sim_script_read(text, strlen(text), SIM_ROLE_ANY, &script, &error));
	assert_int_equal(error.line, 4);
	assert_int_equal(error.column, 8);
	sim_script_free(&script);
	assert_false(sim_script_read("wait 1s\nhost\0up", 15, SIM_ROLE_ANY, &script, &error));
	assert_int_equal(error.line, 2);
	assert_string_equal(error.why, "a zero byte");
	sim_script_free(&script);
	assert_true(sim_script_read("host up\r\n\r\nwait 1s\r\n", 20, SIM_ROLE_ANY, &script, &error));
	assert_int_equal(script.count, 2);
	assert_int_equal(script.commands[1].line, 3);
	sim_script_free(&script);
}

/* Whatever is typed: no crash, and a place for each mistake. */
static void noise(void **state)
{
	static const char letters[] = "host csme expect wait link up\"\\=#,:0123 OWNER within as => \t";
	uint32_t seed = 1;

	(void)state;
	for (int i = 0; i < 20000; i++) {
		struct sim_command command;
		struct sim_error error = {0};
		char line[64];
		size_t n = 0;

		for (; n + 1 < sizeof(line) && (n < 4 || seed >> 24 != 0); n++) {
			seed = seed * 1664525u + 1013904223u;
			line[n] = letters[(seed >> 16) % (sizeof(letters) - 1)];
		}
		line[n] = '\0';
		if (!sim_command_read(line, 1, SIM_ROLE_ANY, &command, &error)) {
			assert_true(error.column >= 1 && error.column <= n + 1);
			assert_true(error.why[0] != '\0');
		}
		sim_command_free(&command);
	}
}

/* --- what comes with it --- */

static void builtin_scripts_hold(void **state)
{
	(void)state;
	for (const struct sim_builtin *b = sim_builtins; b->name; b++) {
		struct sim_script script;
		struct sim_error error;

		if (!sim_script_read(b->text, strlen(b->text), SIM_ROLE_ANY, &script, &error))
			fail_msg("%s:%u:%u: %s", b->name, (unsigned int)error.line,
				 (unsigned int)error.column, error.why);
		sim_script_free(&script);
	}
}

static void every_fault_has_a_script(void **state)
{
	(void)state;
	for (uint32_t i = 0; sim_fault_at(i); i++) {
		char name[64];
		bool found = strcmp(sim_fault_at(i)->name, "clear") == 0;

		snprintf(name, sizeof(name), "fault-%s", sim_fault_at(i)->name);
		for (const struct sim_builtin *b = sim_builtins; b->name; b++)
			found |= strcmp(b->name, name) == 0;
		if (!found)
			fail_msg("%s has no script", sim_fault_at(i)->name);
	}
}

static char *read_page(const char *path)
{
	FILE *file = fopen(path, "rb");
	char *text = calloc(1, 200000);

	assert_non_null(file);
	assert_non_null(text);
	assert_true(fread(text, 1, 199999, file) > 0);
	fclose(file);
	return text;
}

/* docs/script.md has each command as the table has it, each event with its keys, each fault. */
static void the_page_says_the_same(void **state)
{
	char *page = read_page(SAP_DOCS "/script.md");

	(void)state;
	for (uint32_t i = 0; sim_verb_at(i); i++) {
		char usage[400], row[700];

		sim_verb_usage(sim_verb_at(i), usage, sizeof(usage));
		snprintf(row, sizeof(row), "| `%s` | %s |\n", usage, sim_verb_at(i)->help);
		/* A bar would end the column of a table. */
		for (char *bar = row + 3; (bar = strchr(bar, '|')); bar++) {
			if (bar[-1] != ' ' && bar[1] != ' ' && bar[1] != '\n') {
				memmove(bar + 1, bar, strlen(bar) + 1);
				*bar++ = '\\';
			}
		}
		if (!strstr(page, row))
			fail_msg("not in docs/script.md: %s", row);
	}
	for (uint32_t i = 0; sim_event_kind_at(i); i++) {
		const struct sim_event_kind *kind = sim_event_kind_at(i);
		char row[300];
		size_t used = (size_t)snprintf(row, sizeof(row), "| %s |", kind->name);

		for (int k = 0; k < SIM_EVENT_KEYS && kind->keys[k]; k++)
			used += (size_t)snprintf(row + used, sizeof(row) - used, "%s %s", k ? "," : "",
						 sim_key_arg(kind->keys[k])->name);
		snprintf(row + used, sizeof(row) - used, " | %s", kind->meaning);
		if (!strstr(page, row))
			fail_msg("not in docs/script.md: %s", row);
	}
	for (uint32_t i = 0; sim_fault_at(i); i++) {
		char row[200];

		snprintf(row, sizeof(row), "| %s | %s |\n", sim_fault_at(i)->name, sim_fault_at(i)->meaning);
		if (!strstr(page, row))
			fail_msg("not in docs/script.md: %s", row);
	}
	free(page);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_command_is_found),
		cmocka_unit_test(link_up_takes_all),
		cmocka_unit_test(values_of_each_kind),
		cmocka_unit_test(expectations),
		cmocka_unit_test(nothing_is_nothing),
		cmocka_unit_test(one_side_needs_no_word),
		cmocka_unit_test(one_side_is_refused_the_other),
		cmocka_unit_test(a_packet_without_a_side_is_ones_own),
		cmocka_unit_test(what_a_peer_says_is_shown_plainly),
		cmocka_unit_test(mistakes),
		cmocka_unit_test(a_script_tells_the_line),
		cmocka_unit_test(noise),
		cmocka_unit_test(builtin_scripts_hold),
		cmocka_unit_test(every_fault_has_a_script),
		cmocka_unit_test(the_page_says_the_same),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
