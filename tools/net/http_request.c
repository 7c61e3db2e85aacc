// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
#include "http_request.h"

#include <string.h>
#include <strings.h>

/* A stretch of the request. */
struct text {
	const char *at;
	size_t len;
};

static bool is(struct text text, const char *word)
{
	return text.len == strlen(word) && memcmp(text.at, word, text.len) == 0;
}

/* As `is`, letters of either case. */
static bool is_like(struct text text, const char *word)
{
	return text.len == strlen(word) && strncasecmp(text.at, word, text.len) == 0;
}

/* Takes what lies before the next `end`, and that byte. Without one: all that is left. */
static struct text cut(struct text *from, char end)
{
	const char *stop = from->len ? memchr(from->at, end, from->len) : NULL;
	struct text taken = {from->at, stop ? (size_t)(stop - from->at) : from->len};
	size_t step = taken.len + (stop ? 1 : 0);

	from->at += step;
	from->len -= step;
	return taken;
}

static struct text trim(struct text text)
{
	while (text.len && (text.at[0] == ' ' || text.at[0] == '\t')) {
		text.at++;
		text.len--;
	}
	while (text.len && (text.at[text.len - 1] == ' ' || text.at[text.len - 1] == '\t'))
		text.len--;
	return text;
}

/* The next line, without its end. */
static struct text cut_line(struct text *from)
{
	struct text line = cut(from, '\n');

	if (line.len && line.at[line.len - 1] == '\r')
		line.len--;
	return line;
}

static bool read_number(struct text text, uint32_t most, uint32_t *number)
{
	uint32_t value = 0;
	size_t i;

	if (!text.len || text.len > 10)
		return false;
	for (i = 0; i < text.len; i++) {
		uint32_t digit = (uint32_t)(unsigned char)text.at[i] - '0';

		if (digit > 9 || digit > most || value > (most - digit) / 10)
			return false;
		value = value * 10 + digit;
	}
	*number = value;
	return true;
}

size_t net_http_end(const char *bytes, size_t len)
{
	struct text rest = {bytes, len};
	bool first = true;

	while (rest.len) {
		const char *from = rest.at;
		struct text line = cut_line(&rest);
		bool whole = rest.at != from && rest.at[-1] == '\n';

		/* Empty lines before a request are passed over, as they are by others. */
		if (whole && !line.len && !first)
			return (size_t)(rest.at - bytes);
		first = first && !line.len;
	}
	return 0;
}

static int read_query(struct text query, struct net_http_request *request)
{
	while (query.len) {
		struct text value = cut(&query, '&');
		struct text name = cut(&value, '=');

		if (is(name, "bytes") && read_number(value, NET_HTTP_DOWNLOAD, &request->bytes))
			continue;
		if (is(name, "rate") && read_number(value, NET_HTTP_DOWNLOAD, &request->rate))
			continue;
		return 400;
	}
	return 200;
}

static int read_target(struct text target, struct net_http_request *request)
{
	struct text path = cut(&target, '?');

	if (is(path, "/")) {
		request->what = NET_HTTP_PAGE;
		return 200;
	}
	if (is(path, "/download")) {
		request->what = NET_HTTP_BYTES;
		return read_query(target, request);
	}
	return 404;
}

static int read_line(struct text line, struct net_http_request *request)
{
	struct text method = cut(&line, ' ');
	struct text target = cut(&line, ' ');
	struct text version = line;

	if (!method.len || !target.len || target.at[0] != '/')
		return 400;
	if (is(version, "HTTP/1.1"))
		request->keep = true;
	else if (!is(version, "HTTP/1.0"))
		return version.len > 5 && memcmp(version.at, "HTTP/", 5) == 0 ? 505 : 400;
	request->head = is(method, "HEAD");
	if (!request->head && !is(method, "GET"))
		return 405;
	return read_target(target, request);
}

/* Whether a word is in a list with commas. */
static bool has_word(struct text list, const char *word)
{
	while (list.len)
		if (is_like(trim(cut(&list, ',')), word))
			return true;
	return false;
}

/* What a header changes; false if it cannot be one. */
static bool read_header(struct text line, struct net_http_request *request)
{
	struct text name;
	uint32_t length;

	if (!memchr(line.at, ':', line.len))
		return false;
	name = cut(&line, ':');
	line = trim(line);
	if (!name.len || memchr(name.at, ' ', name.len) || memchr(name.at, '\t', name.len))
		return false;
	if (is_like(name, "connection") && has_word(line, "close"))
		request->keep = false;
	/* A body would have to be read to find the next request: there is none. */
	if (is_like(name, "content-length") && (!read_number(line, 0, &length)))
		request->keep = false;
	if (is_like(name, "transfer-encoding"))
		request->keep = false;
	return true;
}

void net_http_read(const char *bytes, size_t len, struct net_http_request *request)
{
	struct text rest = {bytes, len};
	struct text line;

	memset(request, 0, sizeof(*request));
	do
		line = cut_line(&rest);
	while (!line.len && rest.len);
	request->status = read_line(line, request);
	while (rest.len) {
		line = cut_line(&rest);
		if (line.len && !read_header(line, request))
			request->status = 400;
	}
	/* What somebody says who is not understood is not to be guessed at. */
	if (request->status == 400 || request->status == 505)
		request->keep = false;
}

const char *net_http_reason(int status)
{
	switch (status) {
	case 200:
		return "OK";
	case 404:
		return "Not Found";
	case 405:
		return "Method Not Allowed";
	case 408:
		return "Request Timeout";
	case 431:
		return "Request Header Fields Too Large";
	case 505:
		return "HTTP Version Not Supported";
	default:
		return "Bad Request";
	}
}
