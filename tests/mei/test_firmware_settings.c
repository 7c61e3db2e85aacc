// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
/*
 * Settings of a firmware from JSON: each goes where it belongs and touches no other, mistakes are told with their
 * line, and docs/firmware.md and the example have them all right.
 */
#include "support.h"

#include "firmware_settings.h"

static struct firmware_settings settings;

static char *dump(json_t *json)
{
	char *text = json_dumps(json, JSON_ENCODE_ANY | JSON_COMPACT);

	json_decref(json);
	assert_non_null(text);
	return text;
}

static char *text_of_key(uint32_t i)
{
	return dump(firmware_setting_json(firmware_key_at(i), &settings));
}

/* A value that is not the default, as people would write it. */
static const char *other(const struct firmware_key *key, const char *now)
{
	switch (key->kind) {
	case FIRMWARE_BOOL:
		return strcmp(now, "true") == 0 ? "false" : "true";
	case FIRMWARE_NUMBER:
		return key->most > 70000  ? "4123456789"
		       : key->most > 1000 ? "1234"
		       : key->most > 2	  ? "3"
					  : "2";
	case FIRMWARE_NAME:
		return strcmp(key->field, "network") == 0 ? "\"VPN\""
		       : strcmp(key->field, "dhcp_mode") == 0
			       ? (strstr(now, "ACT") ? "\"PASSIVE\"" : "\"ACTIVE\"")
		       : strcmp(key->field, "state") == 0 ? "\"IN\""
		       : strstr(key->path, "control")	  ? "\"CLIENT\""
							  : "\"REMOTE_ASSIST\"";
	case FIRMWARE_FLAGS:
		return strstr(key->path, "user") ? "[\"AGENT\"]" : "[\"SOL\",\"KVM\"]";
	case FIRMWARE_TEXT:
		return "\"some other text\"";
	case FIRMWARE_ADDRESS:
		return "\"2001:db8::17\"";
	case FIRMWARE_MAC:
		return "\"fe:dc:ba:98:76:54\"";
	case FIRMWARE_UUID:
		return "\"fedcba98-7654-3210-0123-456789abcdef\"";
	case FIRMWARE_IPV4:
		return "\"203.0.113.254\"";
	case FIRMWARE_HBM:
		return "\"1.1\"";
	case FIRMWARE_VERSIONS:
		return "{\"Z\":\"1\",\"A\":\"2.3\",\"M\":\"4\"}";
	case FIRMWARE_BLOCKS:
		return "[\"7:255.65535.65534.65533\",\"0:1.2.3.4\",\"2:5.6.7.8\"]";
	case FIRMWARE_SIZES:
		return "[4096,8192,12288,4294963200]";
	case FIRMWARE_WORDS:
		return "[\"fedcba98\",\"00000001\",\"00000002\",\"00000003\",\"00000004\",\"89abcdef\"]";
	}
	return "null";
}

/* "a.b" and 1: {"a":{"b":1}} */
static void nested(char *out, size_t size, const char *path, const char *value)
{
	size_t len = 0, depth = 0;

	for (const char *at = path; *at; depth++) {
		size_t part = strcspn(at, ".");

		len += (size_t)snprintf(out + len, size - len, "{\"%.*s\":", (int)part, at);
		at += part + (at[part] == '.');
	}
	len += (size_t)snprintf(out + len, size - len, "%s", value);
	while (depth--)
		len += (size_t)snprintf(out + len, size - len, "}");
}

static void read_ok(const char *json)
{
	struct text why = {0};

	if (!firmware_settings_read(&settings, json, strlen(json), &why))
		test_fail("%s: %s", json, text_of(&why));
	text_free(&why);
}

static void each_goes_where_it_belongs(void **state)
{
	char *before[100], json[400];
	uint32_t n = 0;

	(void)state;
	firmware_settings_default(&settings);
	for (; firmware_key_at(n); n++)
		before[n] = text_of_key(n);
	assert_true(n >= 60 && n < 100);
	for (uint32_t i = 0; i < n; i++) {
		const char *value = other(firmware_key_at(i), before[i]);

		firmware_settings_default(&settings);
		nested(json, sizeof(json), firmware_key_at(i)->path, value);
		read_ok(json);
		for (uint32_t k = 0; k < n; k++) {
			char *now = text_of_key(k);

			if (strcmp(now, k == i ? value : before[k]) != 0)
				test_fail("%s: %s is %s now", json, firmware_key_at(k)->path, now);
			free(now);
		}
		assert_string_not_equal(value, before[i]);
		firmware_settings_free(&settings);
	}
	for (uint32_t i = 0; i < n; i++)
		free(before[i]);
}

/* The bytes themselves, not as our own writer shows them. */
static void some_by_hand(void **state)
{
	(void)state;
	firmware_settings_default(&settings);
	memset(settings.amthi.config_server.address, 'z', 9);
	read_ok("{\"amt\":{\"config_server\":{\"address\":\"10.0.0.1\",\"port\":443},\"wireless_lan\":{\"ipv4\":\"192.0.2.77\",\"mac\":\"2:0:0:0:a:FF\","
		"\"dhcp_mode\":{\"value\":1,\"name\":\"ACTIVE\"}},\"control_mode\":7,\"user_interfaces\":[]},"
		"\"firmware\":{\"versions\":[\"3:16.1.25.1865\",\"9.8.7.6\"]},\"_\":\"passed over\","
		"\"bus\":{\"dma_sizes\":[],\"hbm\":\"2.1\"}}");
	assert_int_equal(settings.amthi.lan[1].ipv4, 0xc000024d);
	assert_int_equal(settings.amthi.lan[1].mac.bytes[4], 10);
	assert_int_equal(settings.amthi.lan[1].mac.bytes[5], 255);
	assert_int_equal(settings.amthi.lan[1].dhcp_mode, SAP_AMT_DHCP_ACTIVE);
	assert_int_equal(settings.amthi.lan[0].ipv4, 0);
	assert_string_equal(settings.amthi.config_server.address, "10.0.0.1");
	assert_int_equal(settings.amthi.config_server.port, 443);
	assert_int_equal(settings.amthi.control_mode, 7);
	assert_int_equal(settings.amthi.user_interfaces, 0);
	assert_int_equal(settings.mkhi.n_fw, 2);
	assert_int_equal(settings.mkhi.fw[0].platform, 3);
	assert_int_equal(settings.mkhi.fw[0].major, 16);
	assert_int_equal(settings.mkhi.fw[0].minor, 1);
	assert_int_equal(settings.mkhi.fw[0].hotfix, 25);
	assert_int_equal(settings.mkhi.fw[0].build, 1865);
	assert_int_equal(settings.mkhi.fw[1].platform, 0);
	assert_int_equal(settings.dma_sizes[0], 0);
	assert_int_equal(settings.major, 2);
	assert_int_equal(settings.minor, 1);
	firmware_settings_free(&settings);
}

/* --- mistakes --- */

static const char *const mistakes[][2] = {
	{"{\n\"amt\": {\"uuid\": 1}}", "2: amt.uuid: takes a UUID"},
	{"{\"amt\":\n{\"bios\": \"amt\",\n\n\"control_mode\": \"ADMN\"}}",
	 "4: amt.control_mode: there is no \"ADMN\"; did you mean \"ADMIN\"?"},
	{"{\"amt\": {\"control_mode\": \"zzzzzzzz\"}}", "there are: NONE CLIENT ADMIN"},
	{"{\"amt\": {\n\"versoins\": {}}}",
	 "2: amt.versoins: there is no such setting; did you mean \"versions\"?"},
	{"{\"bsu\": {}}", "1: bsu: there is no such setting; did you mean \"bus\"?"},
	{"{\"amt\": {\"wired_lan\": {\"mca\": 0}}}",
	 "1: amt.wired_lan.mca: there is no such setting; did you mean \"mac\"?"},
	{"{\"amt\": {\"nothing_like_it\": 0}}", "--settings=help lists them"},
	{"{\"amt\": 5}", "1: amt: takes an object of settings"},
	{"[]", "1: takes an object of settings"},
	{"{\"amt\": {\"enabled\": 1}}", "takes true or false"},
	{"{\"bus\": {\"hbm\": 2.2}}", "bus.hbm: takes \"1.1\""},
	{"{\"bus\": {\"hbm\": \"3.0\"}}", "bus.hbm: takes \"1.1\""},
	{"{\"bus\": {\"leave_ms\": -1}}", "takes a whole number from 0"},
	{"{\"bus\": {\"leave_ms\": 4294967296}}", "to 4294967295"},
	{"{\"clients\": {\"wlan\": {\"longest\": 87}}}", "from 88 to 65536"},
	{"{\"clients\": {\"amthi\": {\"connections\": 17}}}", "from 1 to 16"},
	{"{\"bus\": {\"dma_sizes\": [4096, 4097]}}", "takes multiples of 4096"},
	{"{\"bus\": {\"dma_sizes\": [0]}}", "takes multiples of 4096"},
	{"{\"bus\": {\"dma_sizes\": [4096,4096,4096,4096,4096]}}", "takes a list of 0 to 4"},
	{"{\"firmware\": {\"versions\": []}}", "takes a list of 1 to 3"},
	{"{\"firmware\": {\"versions\": [\"1.2.3\"]}}", "takes a version"},
	{"{\"firmware\": {\"versions\": [\"256.2.3.4\"]}}", "takes a version"},
	{"{\"firmware\": {\"versions\": [\"1.65536.3.4\"]}}", "takes a version"},
	{"{\"firmware\": {\"versions\": [\"256:1.2.3.4\"]}}", "takes a version"},
	{"{\"firmware\": {\"versions\": [\"12345678901:1.2.3.4\"]}}", "takes a version"},
	{"{\"firmware\": {\"status\": [\"123456789\"]}}", "takes registers"},
	{"{\"firmware\": {\"status\": [\"0x12\"]}}", "takes registers"},
	{"{\"firmware\": {\"status\": [\"1\",\"1\",\"1\",\"1\",\"1\",\"1\",\"1\"]}}",
	 "takes a list of 0 to 6"},
	{"{\"amt\": {\"wired_lan\": {\"mac\": \"02:00:00:00:00\"}}}", "takes a MAC"},
	{"{\"amt\": {\"wired_lan\": {\"mac\": \"02:00:00:00:00:001:2\"}}}", "takes a MAC"},
	{"{\"amt\": {\"wired_lan\": {\"mac\": \"02:00:00:00:00:100\"}}}", "takes a MAC"},
	{"{\"amt\": {\"wired_lan\": {\"ipv4\": \"1.2.3.256\"}}}", "takes an IPv4"},
	{"{\"amt\": {\"wired_lan\": {\"ipv4\": \"1.2.3.4.5\"}}}", "takes an IPv4"},
	{"{\"amt\": {\"wired_lan\": {\"dhcp_mode\": 256}}}", "0 to 255"},
	{"{\"amt\": {\"wired_lan\": {\"dhcp_mode\": {}}}}", "takes a name, or a number"},
	{"{\"amt\": {\"redirection\": [\"SOL\", \"KMV\"]}}", "did you mean \"KVM\"?"},
	{"{\"amt\": {\"redirection\": \"SOL\"}}", "takes a list of names"},
	{"{\"amt\": {\"versions\": {\"AMT\": 16}}}", "\"AMT\": name and version"},
	{"{\"amt\": {\"versions\": {\"A name of 20 letters\": \"1\"}}}", "texts of up to 19 bytes"},
	{"{\"amt\": {\"config_server\": {\"address\": \"1234567890123456789012345678901234567890123456\"}}}",
	 "text of up to 45 bytes"},
	{"{\"amt\": {\"bios\": \"12345678901234567890123456789012345678901234567890123456789012345\"}}",
	 "text of up to 64 bytes"},
	{"{\"amt\": {\"bios\": \"a\", \"bios\": \"b\"}}", "1: duplicate"},
	{"{\n\n\"amt\": }", "3: unexpected token"},
	{"", "1: '[' or '{' expected"},
	{"{\"amt\": {\"a name that is much longer than any path of this table can be, so that it is cut somewhere\": "
	 "1}}",
	 "there is no such setting"},
};

static void mistakes_are_told(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(mistakes) / sizeof(mistakes[0]); i++) {
		const char *json = mistakes[i][0];
		/* No byte too far. */
		struct text why = {0};
		char *copy = malloc(strlen(json) + 1);

		assert_non_null(copy);
		memcpy(copy, json, strlen(json));
		firmware_settings_default(&settings);
		if (firmware_settings_read(&settings, copy, strlen(json), &why))
			test_fail("%s holds", json);
		if (!strstr(text_of(&why), mistakes[i][1]))
			test_fail("%s: '%s' says nothing of '%s'", json, text_of(&why), mistakes[i][1]);
		text_free(&why);
		firmware_settings_free(&settings);
		free(copy);
	}
}

static void lines_are_right(void **state)
{
	static const char json[] =
		"{\n"
		"\"b\": \"a\\\"{\\\\\", \"q\": \"d\", \"x\": [{\"a\": {\"b\": 1}}, \"a\"],\n"
		"\"a\": {\n"
		"  \"c\": {\"b\": 2},\n"
		"  \"b\"\n: 3},\n"
		"\"d\": {\"b\": 1}}";

	(void)state;
	assert_int_equal(json_where(json, sizeof(json) - 1, "b"), 2);
	assert_int_equal(json_where(json, sizeof(json) - 1, "x"), 2);
	assert_int_equal(json_where(json, sizeof(json) - 1, "a"), 3);
	assert_int_equal(json_where(json, sizeof(json) - 1, "a.b"), 5);
	assert_int_equal(json_where(json, sizeof(json) - 1, "a.c.b"), 4);
	assert_int_equal(json_where(json, sizeof(json) - 1, "d.b"), 7);
	assert_int_equal(json_where(json, sizeof(json) - 1, "d.z"), 0);
	for (size_t len = 0; len < sizeof(json); len++)
		(void)json_where(json, len, "a.c.z");
}

/* --- what people read --- */

static char *slurp(const char *path)
{
	FILE *file = fopen(path, "rb");
	char *text = calloc(1, 65536);

	if (!file || !text)
		test_fail("%s cannot be read", path);
	(void)!fread(text, 1, 65535, file);
	fclose(file);
	return text;
}

static void example_holds(void **state)
{
	char *text = slurp(SAP_EXAMPLES "/firmware.json");

	(void)state;
	firmware_settings_default(&settings);
	read_ok(text);
	assert_string_equal(settings.versions[2].description, "AMT");
	assert_string_equal(settings.versions[2].version, "18.0.5");
	assert_true(settings.client[FIRMWARE_ECHO].present);
	firmware_settings_free(&settings);
	free(text);
}

/* Each has a row with its name and its default. */
static void page_has_all(void **state)
{
	char *page = slurp(SAP_DOCS "/firmware.md"), row[300];

	(void)state;
	firmware_settings_default(&settings);
	for (uint32_t i = 0; firmware_key_at(i); i++) {
		char *value = dump(firmware_setting_json(firmware_key_at(i), &settings));
		char *end, *at;

		snprintf(row, sizeof(row), "\n| `%s` |", firmware_key_at(i)->path);
		at = strstr(page, row);
		if (!at)
			test_fail("docs/firmware.md has no row of %s", firmware_key_at(i)->path);
		end = strchr(at + 1, '\n');
		snprintf(row, sizeof(row), "| `%s` |", value);
		if (!strstr(at, row) || strstr(at, row) > end)
			test_fail("docs/firmware.md has another default of %s than %s",
				  firmware_key_at(i)->path, value);
		free(value);
	}
	free(page);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_goes_where_it_belongs),
		cmocka_unit_test(some_by_hand),
		cmocka_unit_test(mistakes_are_told),
		cmocka_unit_test(lines_are_right),
		cmocka_unit_test(example_holds),
		cmocka_unit_test(page_has_all),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
