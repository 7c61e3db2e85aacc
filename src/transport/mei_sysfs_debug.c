// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
/*
 * debugfs' list of clients, a line each after a head:
 *
 *     |id|fix|         UUID                       |con|msg len|sb|refc|vt|
 *    0| 7|  0|12f80028-b4b7-4b2d-aca8-46e0ff65814c|  4|   5120| 0|   1| 0|
 *
 * Lines are counted from 1, so that 0 is before the first.
 */
#include "mei_sysfs.h"

#include "../platform.h"

#include <unistd.h>

/* A number between blanks, up to a bar. */
static bool column(const char **at, uint32_t *number)
{
	while (mei_skip(at, ' '))
		;
	return mei_number(at, 10, number) && mei_skip(at, '|');
}

/* Columns that nobody here needs. */
static bool pass_over(const char **at, uint32_t n)
{
	uint32_t unused;

	while (n && column(at, &unused))
		n--;
	return n == 0;
}

static bool column_guid(const char **at, struct sap_guid *guid)
{
	char text[SAP_GUID_TEXT_SIZE];

	if (strlen(*at) < sizeof(text) - 1)
		return false;
	memcpy(text, *at, sizeof(text) - 1);
	text[sizeof(text) - 1] = 0;
	*at += sizeof(text) - 1;
	return sap_guid_parse(text, guid) == SAP_OK && mei_skip(at, '|');
}

static bool read_line(const char *line, struct sap_mei_client *client)
{
	const char *at = line;
	uint32_t vtag;

	if (!pass_over(&at, 2) || !column(&at, &client->fixed) || !column_guid(&at, &client->guid) ||
	    !column(&at, &client->connections) || !column(&at, &client->max_len))
		return false;
	client->has = SAP_MEI_HAS_FIXED | SAP_MEI_HAS_CONNECTIONS | SAP_MEI_HAS_LENGTH;
	if (pass_over(&at, 2) && column(&at, &vtag)) {
		client->has |= SAP_MEI_HAS_VTAG;
		client->vtag = vtag != 0;
	}
	return true;
}

/* A file, read a line at a time. */
struct lines {
	int fd;
	uint32_t at, len; /* of `bytes` */
	char bytes[512];
	char line[128]; /* what is longer is cut */
};

static bool next_byte(struct lines *in, char *byte)
{
	ssize_t n;

	if (in->at == in->len) {
		n = read(in->fd, in->bytes, sizeof(in->bytes));
		if (n <= 0)
			return false;
		in->at = 0;
		in->len = (uint32_t)n;
	}
	*byte = in->bytes[in->at++];
	return true;
}

static bool next_line(struct lines *in)
{
	uint32_t n = 0;
	char byte = 0;

	while (next_byte(in, &byte) && byte != '\n') {
		if (n < sizeof(in->line) - 1)
			in->line[n++] = byte;
	}
	in->line[n] = 0;
	return n || byte == '\n';
}

bool mei_debug_next(const struct sap_mei_roots *roots, const struct sap_mei_device *device,
		    struct sap_mei_client *client)
{
	struct sap_mei_client found;
	struct lines in = {.fd = -1};
	char path[SAP_MEI_PATH];
	const char *root = roots ? roots->debugfs : NULL;
	bool is_there = false;

	if (!mei_path(path, "%s%s/%s/meclients", root ? root : mei_root_sysfs(roots),
		      root ? "" : "/kernel/debug", device->name))
		return false;
	in.fd = mei_file_open(path);
	if (in.fd < 0)
		return false;
	for (uint32_t line = 1; !is_there && next_line(&in); line++) {
		memset(&found, 0, sizeof(found));
		found.line = line;
		is_there = line > client->line && read_line(in.line, &found);
	}
	(void)close(in.fd);
	if (is_there)
		*client = found;
	return is_there;
}
