// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
/* Folders, files and links, without stdio and opendir(), which allocate. */
#define _GNU_SOURCE

#include "mei_sysfs.h"

#include "../platform.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

const char *mei_root_sysfs(const struct sap_mei_roots *roots)
{
	return roots && roots->sysfs ? roots->sysfs : "/sys";
}

const char *mei_root_dev(const struct sap_mei_roots *roots)
{
	return roots && roots->dev ? roots->dev : "/dev";
}

bool mei_path(char path[SAP_MEI_PATH], const char *format, ...)
{
	va_list args;
	int n;

	va_start(args, format);
	n = vsnprintf(path, SAP_MEI_PATH, format, args);
	va_end(args);
	return n >= 0 && n < SAP_MEI_PATH;
}

/* --- folders --- */

/* `name` becomes the better of the two, if the candidate is one at all. */
static void offer(const struct mei_names *names, const char *after, const char *candidate,
		  char name[SAP_MEI_PATH])
{
	size_t size = strlen(candidate) + 1;

	if (size > SAP_MEI_PATH || candidate[0] == '.' || !names->wanted(candidate))
		return;
	if (after[0] && !names->before(after, candidate))
		return;
	if (!name[0] || names->before(candidate, name))
		memcpy(name, candidate, size);
}

bool mei_folder_next(const char *folder, const struct mei_names *names, const char *after,
		     char name[SAP_MEI_PATH])
{
	union {
		struct dirent64 align;
		char bytes[2048];
	} buffer;
	int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	ssize_t n;

	name[0] = 0;
	if (fd < 0)
		return false;
	while ((n = getdents64(fd, buffer.bytes, sizeof(buffer.bytes))) > 0) {
		ssize_t at = 0;

		while (at < n) {
			const struct dirent64 *entry =
				(const struct dirent64 *)(const void *)(buffer.bytes + at);

			offer(names, after, entry->d_name, name);
			at += entry->d_reclen;
		}
	}
	(void)close(fd);
	return name[0] != 0;
}

bool mei_exists(const char *path)
{
	struct stat file;

	return stat(path, &file) == 0;
}

bool mei_same(const char *a, const char *b)
{
	struct stat first, second;

	return stat(a, &first) == 0 && stat(b, &second) == 0 && first.st_dev == second.st_dev &&
	       first.st_ino == second.st_ino;
}

bool mei_link(const char *path, char word[SAP_MEI_WORD])
{
	char target[SAP_MEI_PATH];
	ssize_t n = readlink(path, target, sizeof(target) - 1);
	const char *slash;

	if (n <= 0)
		return false;
	target[n] = 0;
	slash = strrchr(target, '/');
	mei_word(word, slash ? slash + 1 : target);
	return word[0] != 0;
}

/* --- files --- */

int mei_file_open(const char *path)
{
	/* What should be a file might be a FIFO, or a terminal. */
	return open(path, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
}

bool mei_file(const char *folder, const char *name, char text[MEI_FILE])
{
	char path[SAP_MEI_PATH];
	size_t len = 0;
	ssize_t n = -1;
	int fd;

	if (!mei_path(path, "%s/%s", folder, name))
		return false;
	fd = mei_file_open(path);
	if (fd < 0)
		return false;
	while (len < MEI_FILE - 1 && (n = read(fd, text + len, MEI_FILE - 1 - len)) > 0)
		len += (size_t)n;
	(void)close(fd);
	text[len] = 0;
	return len > 0;
}

bool mei_file_word(const char *folder, const char *name, char word[SAP_MEI_WORD])
{
	char text[MEI_FILE];

	if (!mei_file(folder, name, text))
		return false;
	mei_word(word, text);
	return word[0] != 0;
}

bool mei_file_number(const char *folder, const char *name, uint32_t base, uint32_t *number)
{
	char text[MEI_FILE];
	const char *at = text;
	uint32_t value;

	if (!mei_file(folder, name, text) || !mei_number(&at, base, &value))
		return false;
	(void)mei_skip(&at, '\n');
	if (*at)
		return false;
	*number = value;
	return true;
}

/* --- text --- */

static uint32_t digit_of(char c)
{
	if (c >= '0' && c <= '9')
		return (uint32_t)(c - '0');
	if (c >= 'a' && c <= 'f')
		return (uint32_t)(c - 'a') + 10;
	if (c >= 'A' && c <= 'F')
		return (uint32_t)(c - 'A') + 10;
	return UINT32_MAX;
}

bool mei_number(const char **at, uint32_t base, uint32_t *number)
{
	uint64_t value = 0;
	const char *from = *at;

	while (digit_of(**at) < base) {
		value = value * base + digit_of(**at);
		if (value > UINT32_MAX)
			return false;
		(*at)++;
	}
	*number = (uint32_t)value;
	return *at != from;
}

bool mei_skip(const char **at, char c)
{
	if (**at != c)
		return false;
	(*at)++;
	return true;
}

void mei_word(char word[SAP_MEI_WORD], const char *text)
{
	size_t n = 0;

	while (text[n] && text[n] != '\n' && n < SAP_MEI_WORD - 1) {
		word[n] = text[n];
		if (text[n] < ' ' || text[n] > '~')
			word[n] = '?';
		n++;
	}
	word[n] = 0;
}
