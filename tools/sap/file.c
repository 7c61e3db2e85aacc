// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
#include "file.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

enum {
	CHUNK = 64 << 10,
};

static bool is_standard(const char *path)
{
	return !path || strcmp(path, "-") == 0;
}

const char *file_name(const char *path)
{
	return is_standard(path) ? "standard input" : path;
}

static enum outcome failed(const char *command, const char *name, const char *what)
{
	fprintf(stderr, "%s: %s: %s: %s\n", command, name, what, strerror(errno));
	return OUTCOME_FILE;
}

static enum outcome read_all(const char *command, const char *name, FILE *in, struct bytes *content)
{
	while (!feof(in)) {
		size_t n;

		n = fread(bytes_more(content, CHUNK), 1, CHUNK, in);
		content->len -= CHUNK - n;
		if (ferror(in))
			return failed(command, name, "cannot be read");
		if (content->len > FILE_LIMIT) {
			fprintf(stderr, "%s: %s: larger than %d MiB; that is no image or log of SAP\n",
				command, name, FILE_LIMIT >> 20);
			return OUTCOME_FILE;
		}
	}
	return OUTCOME_OK;
}

enum outcome file_load(const char *command, const char *path, struct bytes *content)
{
	const char *name = file_name(path);
	FILE *in = is_standard(path) ? stdin : fopen(path, "rb");
	enum outcome outcome;

	if (!in)
		return failed(command, name, "cannot be opened");
	outcome = read_all(command, name, in, content);
	if (in != stdin)
		fclose(in);
	return outcome;
}

enum outcome file_save(const char *command, const char *path, const void *data, size_t len)
{
	FILE *out = is_standard(path) ? stdout : fopen(path, "wb");
	bool written;

	if (!out)
		return failed(command, path, "cannot be opened");
	written = fwrite(data, 1, len, out) == len;
	if (out == stdout)
		return OUTCOME_OK; /* main() looks at what became of it */
	if (fclose(out) != 0 || !written)
		return failed(command, path, "cannot be written");
	return OUTCOME_OK;
}
