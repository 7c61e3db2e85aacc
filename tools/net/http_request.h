/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
/*
 * Requests of HTTP/1.x, as much of them as a page and a download need.
 *
 * Bytes come from anybody. Nothing is kept: what a request says points into the bytes.
 */
#ifndef NET_HTTP_REQUEST_H
#define NET_HTTP_REQUEST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
	NET_HTTP_REQUEST = 2048,     /* bytes of a request, its headers and the empty line; more is refused */
	NET_HTTP_DOWNLOAD = 1 << 30, /* bytes of a download, at most */
};

enum net_http_what {
	NET_HTTP_PAGE = 1,
	NET_HTTP_BYTES,
};

struct net_http_request {
	int status; /* what to answer: 200, or why not */
	bool head;  /* without a body */
	bool keep;  /* the connection lives on */
	enum net_http_what what;
	uint32_t bytes; /* of a download */
	uint32_t rate;	/* of it, bytes a second; 0: as fast as can be */
};

/* How many of the bytes make a request: 0 if its end is not there yet. */
size_t net_http_end(const char *bytes, size_t len);

/* Reads a request of that many bytes. */
void net_http_read(const char *bytes, size_t len, struct net_http_request *request);

/* "Not Found" */
const char *net_http_reason(int status);

#endif
