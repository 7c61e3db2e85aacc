/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
/*
 * The web server of the simulated AMT, on lwIP's own TCP calls. All of it runs under lwIP's lock.
 *
 * `/` tells who drives the NIC. `/download?bytes=N&rate=N` gives N bytes, as fast as that or as can be: lines
 * of 16, each with its own place in hexadecimal, so that a reader sees which bytes are missing.
 *
 * Everything is bounded: connections, bytes of a request, and the time that somebody may be silent.
 */
#ifndef NET_HTTP_H
#define NET_HTTP_H

#include "amt_stack.h"
#include "http_request.h"

enum {
	NET_HTTP_CONNECTIONS = 32,
	NET_HTTP_HEAD = 1024, /* bytes of an answer without a download */
	NET_HTTP_LINE = 16,
};

struct tcp_pcb;
struct pbuf;

struct net_http_connection {
	struct tcp_pcb *pcb; /* null: a free place */
	struct net_http *http;
	bool gone;	/* the other side says no more */
	bool answering; /* what is below is being said */
	bool keep;	/* and the connection lives on then */
	uint64_t moved_at;
	struct pbuf *later; /* what came and found no room in `in`: TCP's window bounds it */
	uint32_t in_len, head_at, head_len;
	char in[NET_HTTP_REQUEST];
	char head[NET_HTTP_HEAD]; /* the headers, and a page */
	uint32_t at, bytes, rate; /* the download */
	uint64_t began;
};

struct net_http {
	struct net_facts facts;
	struct net_http_connection connection[NET_HTTP_CONNECTIONS];
	bool ticking;	   /* a download has a rate */
	uint32_t refused;  /* connections that found no place */
	uint32_t timeouts; /* and that were closed since nobody spoke */
};

bool net_http_listen(struct net_http *http, uint16_t port);

/* Bytes of a download from `at` on. */
void net_http_fill(char *out, uint32_t len, uint32_t at);

#endif
