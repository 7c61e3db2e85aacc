// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
#define _GNU_SOURCE

#include "tree.h"

#include <ftw.h>
#include <sys/stat.h>
#include <unistd.h>

const struct sap_mei_roots tree_roots = {.sysfs = "sys", .dev = "dev"};

static char folder[32];

int tree_enter(void **state)
{
	const char *where = getenv("TMPDIR");

	(void)state;
	strcpy(folder, "libsap-XXXXXX");
	return chdir(where && *where ? where : P_tmpdir) == 0 && mkdtemp(folder) && chdir(folder) == 0 ? 0
												       : -1;
}

static int remove_one(const char *path, const struct stat *file, int type, struct FTW *level)
{
	(void)file;
	(void)type;
	(void)level;
	return remove(path);
}

void tree_remove(const char *path)
{
	assert_int_equal(nftw(path, remove_one, 16, FTW_DEPTH | FTW_PHYS), 0);
}

int tree_leave(void **state)
{
	(void)state;
	if (chdir("..") != 0)
		return -1;
	return nftw(folder, remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

/* The folders above `path`. */
static void make_way(const char *path)
{
	char part[512];

	for (const char *slash = strchr(path, '/'); slash; slash = strchr(slash + 1, '/')) {
		snprintf(part, sizeof(part), "%.*s", (int)(slash - path), path);
		(void)mkdir(part, 0777);
	}
}

void tree_folder(const char *path)
{
	make_way(path);
	assert_int_equal(mkdir(path, 0777), 0);
}

void tree_put(const char *path, const char *content)
{
	FILE *file;

	make_way(path);
	file = fopen(path, "w");
	assert_non_null(file);
	fputs(content, file);
	assert_int_equal(fclose(file), 0);
}

void tree_link(const char *path, const char *target)
{
	make_way(path);
	assert_int_equal(symlink(target, path), 0);
}

void tree_device_file(uint32_t number, const char *name, const char *content)
{
	char path[256];

	snprintf(path, sizeof(path), "sys/devices/pci0000:00/0000:00:16.%u/mei/mei%u/%s", number, number,
		 name);
	tree_put(path, content);
}

void tree_device(uint32_t number, const char *state)
{
	static const char *const files[][2] = {
		{"fw_status", "90000255\n80000002\n00000100\n00000000\n00000000\nFEDCBA98\n"},
		{"fw_ver", "0:16.1.25.1865\n0:16.1.25.1860\n1:16.0.0.1\n"},
		{"hbm_ver", "2.2\n"},
		{"hbm_ver_drv", "2.3\n"},
		{"kind", "mei\n"},
		{"tx_queue_limit", "50\n"},
	};
	char path[256], target[256];

	tree_device_file(number, "dev_state", state);
	for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++)
		tree_device_file(number, files[i][0], files[i][1]);
	snprintf(path, sizeof(path), "sys/devices/pci0000:00/0000:00:16.%u/mei/mei%u/device", number, number);
	snprintf(target, sizeof(target), "../../../0000:00:16.%u", number);
	tree_link(path, target);
	snprintf(path, sizeof(path), "sys/class/mei/mei%u", number);
	snprintf(target, sizeof(target), "../../devices/pci0000:00/0000:00:16.%u/mei/mei%u", number, number);
	tree_link(path, target);
	snprintf(path, sizeof(path), "dev/mei%u", number);
	tree_put(path, "");
}

static void client_folder(uint32_t number, const char *guid, char path[256])
{
	snprintf(path, 256, "sys/devices/pci0000:00/0000:00:16.%u/0000:00:16.%u-%s", number, number, guid);
}

void tree_client_file(uint32_t number, const char *guid, const char *name, const char *content)
{
	char where[256], path[512];

	client_folder(number, guid, where);
	snprintf(path, sizeof(path), "%s/%s", where, name);
	tree_put(path, content);
}

void tree_client(uint32_t number, const char *guid, const char *driver)
{
	char where[256], path[512], target[512];

	tree_client_file(number, guid, "name", guid);
	tree_client_file(number, guid, "uuid", guid);
	tree_client_file(number, guid, "version", "0A");
	tree_client_file(number, guid, "max_conn", "1");
	tree_client_file(number, guid, "fixed", "0");
	tree_client_file(number, guid, "vtag", "0");
	tree_client_file(number, guid, "max_len", "512");
	client_folder(number, guid, where);
	snprintf(path, sizeof(path), "sys/bus/mei/devices/0000:00:16.%u-%s", number, guid);
	snprintf(target, sizeof(target), "../../../%s", where + 4);
	tree_link(path, target);
	if (!driver)
		return;
	snprintf(path, sizeof(path), "%s/driver", where);
	snprintf(target, sizeof(target), "../../../../bus/mei/drivers/%s", driver);
	tree_link(path, target);
}
