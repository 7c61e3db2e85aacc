// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
/* What sysfs says of devices and clients: whole trees, and trees in which things are missing or odd. */
#define _GNU_SOURCE

#include "tree.h"

#include <sys/stat.h>
#include <unistd.h>

/* --- walks --- */

/* Adds to a list of words. */
static void add(char list[512], const char *word, const char *mark)
{
	size_t len = strlen(list);

	snprintf(list + len, 512 - len, "%s%s%s", len ? " " : "", word, mark);
}

/* "mei0 mei1" */
static const char *names(void)
{
	static char list[512];
	struct sap_mei_device device = {0};

	list[0] = 0;
	while (sap_mei_device_next(&tree_roots, &device))
		add(list, device.name, "");
	return list;
}

/* The first eight digits of each GUID; with a mark if debugfs alone has it. */
static const char *clients(const char *name)
{
	static char list[512];
	struct sap_mei_device device;
	struct sap_mei_client client = {0};

	list[0] = 0;
	assert_true(sap_mei_device_get(&tree_roots, name, &device));
	while (sap_mei_client_next(&tree_roots, &device, &client)) {
		char guid[SAP_GUID_TEXT_SIZE];

		sap_guid_format(&client.guid, guid);
		guid[8] = 0;
		add(list, guid, client.on_bus ? "" : "*");
	}
	return list;
}

static struct sap_mei_device device_of(const char *name)
{
	struct sap_mei_device device;

	memset(&device, 0xee, sizeof(device));
	assert_true(sap_mei_device_get(&tree_roots, name, &device));
	return device;
}

static struct sap_mei_client client_of(const char *name, const char *guid)
{
	struct sap_mei_device device = device_of(name);
	struct sap_mei_client client;
	struct sap_guid wanted;

	memset(&client, 0xee, sizeof(client));
	assert_status(sap_guid_parse(guid, &wanted), SAP_OK);
	assert_true(sap_mei_client_get(&tree_roots, &device, &wanted, &client));
	return client;
}

/* --- whole trees --- */

static void nothing_at_all(void **state)
{
	struct sap_mei_device device = {.name = "mei0"};

	(void)state;
	assert_string_equal(names(), "");
	assert_false(sap_mei_device_next(&tree_roots, &device));
	assert_string_equal(device.name, "mei0");
	assert_false(sap_mei_device_next(&tree_roots, NULL));
	assert_false(sap_mei_device_get(&tree_roots, "mei0", &device));
	tree_folder("sys/class/mei");
	assert_string_equal(names(), "");
}

static void a_device_as_it_is(void **state)
{
	struct sap_mei_device d;

	(void)state;
	tree_device(0, "ENABLED");
	d = device_of("mei0");
	assert_string_equal(d.name, "mei0");
	assert_int_equal(d.has, 0x1ff);
	assert_int_equal(d.state, SAP_MEI_STATE_ENABLED);
	assert_string_equal(d.state_word, "ENABLED");
	assert_int_equal(d.n_fw_versions, 3);
	assert_int_equal(d.fw_versions[0].platform, 0);
	assert_int_equal(d.fw_versions[0].major, 16);
	assert_int_equal(d.fw_versions[0].minor, 1);
	assert_int_equal(d.fw_versions[0].hotfix, 25);
	assert_int_equal(d.fw_versions[0].build, 1865);
	assert_int_equal(d.fw_versions[2].platform, 1);
	assert_int_equal(d.n_fw_status, 6);
	assert_int_equal(d.fw_status[0], 0x90000255);
	assert_int_equal(d.fw_status[5], 0xfedcba98);
	assert_int_equal(d.hbm_major * 10 + d.hbm_minor, 22);
	assert_int_equal(d.driver_major * 10 + d.driver_minor, 23);
	assert_string_equal(d.kind, "mei");
	assert_int_equal(d.queue_limit, 50);
	assert_string_equal(d.parent, "0000:00:16.0");
}

static void devices_come_by_number(void **state)
{
	(void)state;
	tree_device(10, "ENABLED");
	tree_device(2, "ENABLED");
	tree_device(0, "ENABLED");
	tree_folder("sys/class/mei/mei");
	/* None of these is a device's name. */
	tree_folder("sys/class/mei/meix");
	tree_folder("sys/class/mei/mei1x");
	tree_folder("sys/class/mei/me");
	tree_folder("sys/class/mei/amei1");
	tree_folder("sys/class/mei/mei99999999999");
	assert_string_equal(names(), "mei0 mei2 mei10 mei");
	assert_false(sap_mei_device_get(&tree_roots, "../mei/mei0", &(struct sap_mei_device){0}));
	assert_false(sap_mei_device_get(&tree_roots, "meix", &(struct sap_mei_device){0}));
	assert_false(sap_mei_device_get(&tree_roots, NULL, &(struct sap_mei_device){0}));
	assert_false(sap_mei_device_get(&tree_roots, "mei0", NULL));
}

static void devices_that_go_meanwhile(void **state)
{
	struct sap_mei_device device = {0};

	(void)state;
	tree_device(0, "ENABLED");
	tree_device(1, "ENABLED");
	tree_device(2, "ENABLED");
	assert_true(sap_mei_device_next(&tree_roots, &device));
	tree_remove("sys/class/mei/mei0");
	tree_remove("sys/class/mei/mei1");
	tree_remove("dev/mei1");
	assert_true(sap_mei_device_next(&tree_roots, &device));
	assert_string_equal(device.name, "mei2");
	/* A link that leads nowhere is as good as none, and does not end the walk. */
	tree_link("sys/class/mei/mei1", "nowhere");
	assert_string_equal(names(), "mei2");
	tree_remove("sys/devices/pci0000:00/0000:00:16.2/mei");
	tree_remove("dev/mei2");
	device = (struct sap_mei_device){0};
	assert_false(sap_mei_device_next(&tree_roots, &device));
}

static void nodes_without_sysfs(void **state)
{
	struct sap_mei_device d;

	(void)state;
	tree_put("dev/mei1", "");
	tree_put("dev/mei", "");
	tree_put("dev/mei_misc", "");
	assert_string_equal(names(), "mei1 mei");
	d = device_of("mei1");
	assert_int_equal(d.has, 0);
	assert_int_equal(d.state, SAP_MEI_STATE_UNKNOWN);
	assert_string_equal(clients("mei1"), "");
	/* Once sysfs has one, what it does not know is none. */
	tree_device(0, "ENABLED");
	assert_string_equal(names(), "mei0");
	assert_int_equal(device_of("mei1").has, 0);
}

static void clients_of_two_devices(void **state)
{
	struct sap_mei_client c;

	(void)state;
	tree_device(0, "ENABLED");
	tree_device(1, "ENABLED");
	tree_client(0, TREE_WLAN, "iwlmei");
	tree_client(0, TREE_MKHI, NULL);
	tree_client(1, TREE_MKHI, NULL);
	tree_client(1, TREE_FIXED, NULL);
	tree_client_file(1, TREE_FIXED, "fixed", "7");
	tree_client_file(1, TREE_FIXED, "vtag", "1");
	assert_string_equal(clients("mei0"), "13280904 8e6a6715");
	assert_string_equal(clients("mei1"), "55213584 8e6a6715");
	c = client_of("mei0", TREE_WLAN);
	assert_int_equal(c.has, 0x7f);
	assert_true(c.on_bus);
	assert_string_equal(c.name, TREE_WLAN);
	assert_int_equal(c.version, 10);
	assert_int_equal(c.connections, 1);
	assert_int_equal(c.fixed, 0);
	assert_false(c.vtag);
	assert_int_equal(c.max_len, 512);
	assert_string_equal(c.driver, "iwlmei");
	c = client_of("mei1", TREE_FIXED);
	assert_int_equal(c.fixed, 7);
	assert_true(c.vtag);
	assert_int_equal(c.has & SAP_MEI_HAS_DRIVER, 0);
	assert_string_equal(c.driver, "");
}

static void a_client_that_is_not_there(void **state)
{
	struct sap_mei_device device;
	struct sap_mei_client client = {.max_len = 5}, none = {0};

	(void)state;
	tree_device(0, "ENABLED");
	tree_client(0, TREE_MKHI, NULL);
	device = device_of("mei0");
	assert_false(sap_mei_client_get(&tree_roots, &device, &sap_wlan_guid, &client));
	assert_int_equal(client.max_len, 5);
	assert_false(sap_mei_client_get(&tree_roots, &device, NULL, &client));
	assert_false(sap_mei_client_get(&tree_roots, &device, &sap_wlan_guid, NULL));
	assert_false(sap_mei_client_get(&tree_roots, NULL, &sap_wlan_guid, &client));
	assert_false(sap_mei_client_next(&tree_roots, NULL, &none));
	assert_false(sap_mei_client_next(&tree_roots, &device, NULL));
}

/* --- debugfs --- */

#define HEAD "  |id|fix|         UUID                       |con|msg len|sb|refc|vt|\n"

static void debugfs_tells_of_more(void **state)
{
	struct sap_mei_client c;

	(void)state;
	tree_device(0, "ENABLED");
	tree_client(0, TREE_WLAN, NULL);
	tree_put("sys/kernel/debug/mei0/meclients", HEAD " 0| 7|  0|" TREE_AMTHI "|  4|   5120| 0|   1| 0|\n"
							 " 1| 8|  0|" TREE_WLAN "|  1|    512| 0|   2| 0|\n"
							 " 2| 9|  7|" TREE_FIXED "|  0|    512| 1|   1| 1|");
	assert_string_equal(clients("mei0"), "13280904 12f80028* 55213584*");
	c = client_of("mei0", TREE_AMTHI);
	assert_int_equal(c.has,
			 SAP_MEI_HAS_CONNECTIONS | SAP_MEI_HAS_FIXED | SAP_MEI_HAS_VTAG | SAP_MEI_HAS_LENGTH);
	assert_int_equal(c.connections, 4);
	assert_int_equal(c.max_len, 5120);
	c = client_of("mei0", TREE_FIXED);
	assert_int_equal(c.fixed, 7);
	assert_true(c.vtag);
}

static void debugfs_elsewhere(void **state)
{
	const struct sap_mei_roots roots = {.sysfs = "sys", .dev = "dev", .debugfs = "debug"};
	struct sap_mei_device device;
	struct sap_mei_client client = {0};

	(void)state;
	tree_device(0, "ENABLED");
	tree_put("debug/mei0/meclients", HEAD " 0| 7|  0|" TREE_AMTHI "|  4|   5120| 0|   1| 0|\n");
	assert_true(sap_mei_device_get(&roots, "mei0", &device));
	assert_true(sap_mei_client_next(&roots, &device, &client));
	assert_int_equal(client.max_len, 5120);
	assert_false(sap_mei_client_next(&roots, &device, &client));
	assert_string_equal(clients("mei0"), "");
}

static void debugfs_that_is_odd(void **state)
{
	char text[4096];

	(void)state;
	tree_device(0, "ENABLED");
	/* Lines that are no clients are passed over; what is too long does not hide what follows. */
	snprintf(text, sizeof(text),
		 HEAD "\n%02000d\n 0| 7|  0|" TREE_AMTHI "|  4|   5120|\n"
		      " 0| 7|  0|12f80028|  4|   5120| 0|   1| 0|\n 0| 7|  0|" TREE_MKHI "|  4|  \n"
		      " 0| 7|99999999999|" TREE_WLAN "|  4|   5120| 0|   1| 0|\n|||\n"
		      " 0| 7|  0|" TREE_FIXED "|  4|   5120| 0|   1| 0|\n",
		 0);
	tree_put("sys/kernel/debug/mei0/meclients", text);
	assert_string_equal(clients("mei0"), "12f80028* 55213584*");
	assert_int_equal(client_of("mei0", TREE_AMTHI).has & SAP_MEI_HAS_VTAG, 0);
	tree_put("sys/kernel/debug/mei0/meclients", "");
	assert_string_equal(clients("mei0"), "");
}

/* --- what is missing, and what is odd --- */

static void every_file_may_be_missing(void **state)
{
	static const struct {
		const char *name;
		uint32_t bit;
	} files[] = {{"dev_state", SAP_MEI_HAS_STATE},	      {"fw_ver", SAP_MEI_HAS_FW_VERSION},
		     {"fw_status", SAP_MEI_HAS_FW_STATUS},    {"hbm_ver", SAP_MEI_HAS_HBM},
		     {"hbm_ver_drv", SAP_MEI_HAS_HBM_DRIVER}, {"kind", SAP_MEI_HAS_KIND},
		     {"tx_queue_limit", SAP_MEI_HAS_QUEUE},   {"device", SAP_MEI_HAS_PARENT}};
	uint32_t left = 0x1ff;
	char path[256];

	(void)state;
	tree_device(0, "ENABLED");
	tree_client(0, TREE_WLAN, NULL);
	for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++) {
		snprintf(path, sizeof(path), "sys/class/mei/mei0/%s", files[i].name);
		tree_remove(path);
		left &= ~files[i].bit;
		assert_int_equal(device_of("mei0").has, left);
	}
	assert_int_equal(left, SAP_MEI_HAS_SYSFS);
	assert_string_equal(clients("mei0"), "");
}

static void states(void **state)
{
	static const char *const words[] = {"INITIALIZING", "INIT_CLIENTS",  "ENABLED",	   "RESETTING",
					    "DISABLED",	    "POWERING_DOWN", "POWER_DOWN", "POWER_UP"};
	struct sap_mei_device d;

	(void)state;
	tree_device(0, "");
	for (uint32_t i = 0; i < 8; i++) {
		tree_device_file(0, "dev_state", words[i]);
		assert_int_equal(device_of("mei0").state, i + 1);
		assert_string_equal(sap_mei_state_name((enum sap_mei_state)(i + 1)), words[i]);
	}
	tree_device_file(0, "dev_state", "RESETTING\n");
	assert_int_equal(device_of("mei0").state, SAP_MEI_STATE_RESETTING);
	tree_device_file(0, "dev_state", "uninitialized");
	d = device_of("mei0");
	assert_int_equal(d.state, SAP_MEI_STATE_UNKNOWN);
	assert_string_equal(d.state_word, "uninitialized");
	assert_string_equal(sap_mei_state_name(SAP_MEI_STATE_UNKNOWN), "?");
	assert_string_equal(sap_mei_state_name((enum sap_mei_state)9), "?");
	assert_string_equal(sap_mei_state_name((enum sap_mei_state) - 1), "?");
	tree_device_file(0, "dev_state", "");
	assert_int_equal(device_of("mei0").has & SAP_MEI_HAS_STATE, 0);
}

static void odd_contents(void **state)
{
	struct sap_mei_device d;
	char longer[600];

	(void)state;
	tree_device(0, "EN\x1b[31mABLED");
	tree_device_file(0, "fw_ver", "0:16.1.25.1865\n0:16.1.x\n0:1.2.3.4\n");
	tree_device_file(0, "fw_status", "90000255\n1FFFFFFFF\n00000001\n");
	tree_device_file(0, "hbm_ver", "2\n");
	tree_device_file(0, "hbm_ver_drv", "99999999999.1");
	tree_device_file(0, "tx_queue_limit", "50 or so\n");
	memset(longer, 'k', sizeof(longer) - 1);
	longer[sizeof(longer) - 1] = 0;
	tree_device_file(0, "kind", longer);
	d = device_of("mei0");
	assert_string_equal(d.state_word, "EN?[31mABLED");
	assert_int_equal(d.state, SAP_MEI_STATE_UNKNOWN);
	assert_int_equal(d.n_fw_versions, 1);
	assert_int_equal(d.n_fw_status, 1);
	assert_int_equal(d.has & (SAP_MEI_HAS_HBM | SAP_MEI_HAS_HBM_DRIVER | SAP_MEI_HAS_QUEUE), 0);
	assert_int_equal(d.hbm_major + d.hbm_minor + d.driver_major + d.driver_minor + d.queue_limit, 0);
	assert_int_equal(strlen(d.kind), SAP_MEI_WORD - 1);
	tree_device_file(0, "fw_ver", "unknown\n");
	tree_device_file(0, "fw_status", "\n");
	d = device_of("mei0");
	assert_int_equal(d.has & (SAP_MEI_HAS_FW_VERSION | SAP_MEI_HAS_FW_STATUS), 0);
	tree_device_file(0, "fw_status", "1\n2\n3\n4\n5\n6\n7\n");
	tree_device_file(0, "fw_ver", "0:1.1.1.1\n0:2.1.1.1\n0:3.1.1.1\n0:4.1.1.1\n");
	d = device_of("mei0");
	assert_int_equal(d.n_fw_status, 6);
	assert_int_equal(d.n_fw_versions, 3);
}

/* A FIFO would wait for somebody; a folder, a loop and a closed file cannot be read. */
static void things_that_are_no_files(void **state)
{
	struct sap_mei_device d;

	(void)state;
	tree_device(0, "ENABLED");
	tree_remove("sys/class/mei/mei0/dev_state");
	assert_int_equal(mkfifo("sys/class/mei/mei0/dev_state", 0600), 0);
	tree_remove("sys/class/mei/mei0/kind");
	tree_folder("sys/class/mei/mei0/kind");
	tree_remove("sys/class/mei/mei0/fw_ver");
	tree_link("sys/class/mei/mei0/fw_ver", "fw_ver");
	tree_link("sys/bus/mei/devices/0000:00:16.0-" TREE_WLAN, "0000:00:16.0-" TREE_WLAN);
	d = device_of("mei0");
	assert_int_equal(d.has & (SAP_MEI_HAS_STATE | SAP_MEI_HAS_KIND | SAP_MEI_HAS_FW_VERSION), 0);
	assert_string_equal(clients("mei0"), "");
	if (geteuid() == 0)
		return;
	assert_int_equal(chmod("sys/class/mei/mei0/hbm_ver", 0), 0);
	assert_int_equal(device_of("mei0").has & SAP_MEI_HAS_HBM, 0);
}

static void clients_that_are_odd(void **state)
{
	struct sap_mei_client c;

	(void)state;
	tree_device(0, "ENABLED");
	/* The name of the folder has the GUID too. */
	tree_client(0, TREE_WLAN, NULL);
	tree_client_file(0, TREE_WLAN, "uuid", "what");
	tree_client_file(0, TREE_WLAN, "version", "GG");
	tree_client_file(0, TREE_WLAN, "max_len", "-5");
	/* Neither here nor there. */
	tree_client(0, "no-guid", NULL);
	assert_string_equal(clients("mei0"), "13280904");
	c = client_of("mei0", TREE_WLAN);
	assert_int_equal(c.has & (SAP_MEI_HAS_VERSION | SAP_MEI_HAS_LENGTH), 0);
	assert_true(c.has & SAP_MEI_HAS_FIXED);
	/* The file counts more than the name. */
	tree_client_file(0, TREE_WLAN, "uuid", TREE_MKHI "\n");
	assert_string_equal(clients("mei0"), "8e6a6715");
}

/* A driver's link that leads nowhere still names it: its folder may just go. */
static void a_driver_is_a_name(void **state)
{
	(void)state;
	tree_device(0, "ENABLED");
	tree_client(0, TREE_WLAN, "iwlmei");
	assert_string_equal(client_of("mei0", TREE_WLAN).driver, "iwlmei");
	tree_remove("sys/devices/pci0000:00/0000:00:16.0/0000:00:16.0-" TREE_WLAN "/driver");
	tree_put("sys/devices/pci0000:00/0000:00:16.0/0000:00:16.0-" TREE_WLAN "/driver", "no link");
	assert_int_equal(client_of("mei0", TREE_WLAN).has & SAP_MEI_HAS_DRIVER, 0);
}

/* More names than one read of a folder gives. */
static void many_clients(void **state)
{
	struct sap_mei_device device;
	struct sap_mei_client client = {0};
	uint32_t n = 0;

	(void)state;
	tree_device(0, "ENABLED");
	for (uint32_t i = 0; i < 100; i++) {
		char guid[SAP_GUID_TEXT_SIZE];

		snprintf(guid, sizeof(guid), "%08x-9abc-4043-88ef-9e39c6f63e0f", (i * 37) % 100);
		tree_client(0, guid, NULL);
	}
	device = device_of("mei0");
	while (sap_mei_client_next(&tree_roots, &device, &client)) {
		assert_int_equal(test_get32(client.guid.bytes), n);
		n++;
	}
	assert_int_equal(n, 100);
}

static void roots_that_are_too_long(void **state)
{
	struct sap_mei_roots roots;
	struct sap_mei_device device = {0};
	struct sap_mei_client client = {0};
	char root[400] = "sys";

	(void)state;
	tree_device(0, "ENABLED");
	/* "sys/././." is the same; at some length no path can be made any more. */
	for (size_t len = 3; len < sizeof(root) - 3; len += 2) {
		memcpy(root + len, "/.", 3);
		roots = (struct sap_mei_roots){.sysfs = root, .dev = root};
		memset(&device, 0, sizeof(device));
		memset(&client, 0, sizeof(client));
		(void)sap_mei_device_next(&roots, &device);
		(void)sap_mei_client_next(&roots, &device, &client);
	}
	assert_false(sap_mei_device_next(&roots, &device));
}

#define CASE(test) cmocka_unit_test_setup_teardown(test, tree_enter, tree_leave)

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(nothing_at_all),
		CASE(a_device_as_it_is),
		CASE(devices_come_by_number),
		CASE(devices_that_go_meanwhile),
		CASE(nodes_without_sysfs),
		CASE(clients_of_two_devices),
		CASE(a_client_that_is_not_there),
		CASE(debugfs_tells_of_more),
		CASE(debugfs_elsewhere),
		CASE(debugfs_that_is_odd),
		CASE(every_file_may_be_missing),
		CASE(states),
		CASE(odd_contents),
		CASE(things_that_are_no_files),
		CASE(clients_that_are_odd),
		CASE(a_driver_is_a_name),
		CASE(many_clients),
		CASE(roots_that_are_too_long),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
