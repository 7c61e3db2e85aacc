// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
#include "source.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "file.h"

enum {
	CHUNK = 64 << 10,
	FIRST_LINE = 64 << 10, /* who has no line end until then has no lines */
	LEAST = 4,	       /* bytes that tell a capture */
};

static enum outcome failed(struct source *source, const char *what)
{
	fflush(stdout);
	fprintf(stderr, "%s: %s: %s: %s\n", source->command, source->name, what, strerror(errno));
	source->failed = true;
	source->ended = true;
	return OUTCOME_FILE;
}

/* Some bytes, as many as are there now; waits only if there are none. */
static ssize_t read_some(struct source *source, void *data, size_t size)
{
	ssize_t n;

	do
		n = read(source->fd, data, size);
	while (n < 0 && errno == EINTR);
	if (n < 0)
		failed(source, "cannot be read");
	else if (n == 0)
		source->ended = true;
	return n;
}

static enum outcome load_some(struct source *source)
{
	ssize_t n = read_some(source, bytes_more(&source->content, CHUNK), CHUNK);

	source->content.len -= CHUNK - (size_t)(n < 0 ? 0 : n);
	return n < 0 ? OUTCOME_FILE : OUTCOME_OK;
}

static bool has_begun(const struct source *source)
{
	const struct bytes *b = &source->content;
	bool text = b->len &&
		    (b->data[0] == '\n' || b->data[0] == '\t' || (b->data[0] >= 0x20 && b->data[0] < 0x7f));

	if (source->ended)
		return true;
	if (b->len < LEAST)
		return false;
	return !text || b->len >= FIRST_LINE || memchr(b->data, '\n', b->len);
}

enum outcome source_open(struct source *source, const char *command, const char *path)
{
	enum outcome outcome = OUTCOME_OK;
	bool standard = !path || strcmp(path, "-") == 0;

	*source = (struct source){.command = command, .name = file_name(path)};
	source->fd = standard ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC);
	if (source->fd < 0)
		return failed(source, "cannot be opened");
	while (outcome == OUTCOME_OK && !has_begun(source))
		outcome = load_some(source);
	return outcome;
}

enum outcome source_load(struct source *source)
{
	enum outcome outcome = OUTCOME_OK;

	while (outcome == OUTCOME_OK && !source->ended) {
		outcome = load_some(source);
		if (source->content.len > FILE_LIMIT) {
			fprintf(stderr, "%s: %s: larger than %d MiB; that is no image or log of SAP\n",
				source->command, source->name, FILE_LIMIT >> 20);
			return OUTCOME_FILE;
		}
	}
	return outcome;
}

static ssize_t stream_read(void *cookie, char *data, size_t size)
{
	struct source *source = cookie;
	size_t there = source->content.len - source->at;

	if (!there && source->ended)
		return source->failed ? -1 : 0;
	if (!there) {
		fflush(stdout);
		return read_some(source, data, size);
	}
	if (size > there)
		size = there;
	memcpy(data, source->content.data + source->at, size);
	source->at += size;
	return (ssize_t)size;
}

FILE *source_stream(struct source *source)
{
	return fopencookie(source, "rb", (cookie_io_functions_t){.read = stream_read});
}

void source_close(struct source *source)
{
	if (source->fd > STDIN_FILENO)
		close(source->fd);
	bytes_free(&source->content);
}
