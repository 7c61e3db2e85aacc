// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
#include "http.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include <lwip/tcp.h>
#include <lwip/timeouts.h>

#include <sap/version.h>

#include "clock.h"

#define SERVER "Intel(R) Active Management Technology 16.1.0"

enum {
	REQUEST_MS = 5000, /* a request must be there by then, also the next one of a connection */
	ANSWER_MS = 90000, /* and some of an answer be acknowledged */
	TICK_MS = 20,	   /* how often a download with a rate goes on */
	POLL = 2,	   /* lwIP's half seconds between two looks at a connection */
	CHUNK = TCP_MSS,
};

/* --- what is said --- */

void net_http_fill(char *out, uint32_t len, uint32_t at)
{
	static const char digit[] = "0123456789abcdef";
	uint32_t i;

	for (i = 0; i < len; i++) {
		uint32_t column = (at + i) % NET_HTTP_LINE;
		uint32_t line = at + i - column;

		/* 15 digits, of which only the last 8 can be other than 0. */
		if (column == NET_HTTP_LINE - 1)
			out[i] = '\n';
		else
			out[i] = digit[column < 7 ? 0 : line >> (4 * (14 - column)) & 15];
	}
}

static int write_page(char *out, size_t size, const struct net_facts *facts)
{
	uint64_t ms = clock_ms() - facts->since;
	char sap[32] = "not connected";

	if (facts->version)
		snprintf(sap, sizeof(sap), "version %u", facts->version);
	return snprintf(out, size,
			"A simulated CSME (libsap %s)\n"
			"\n"
			"The NIC is driven by: %s\n"
			"Since: %" PRIu64 ".%03u s\n"
			"This request came: %s\n"
			"SAP: %s\n",
			SAP_VERSION, facts->by_csme ? "CSME" : "the host", ms / 1000,
			(unsigned int)(ms % 1000), facts->by_csme ? "directly" : "through the host, over SAP",
			sap);
}

/* The headers, and the page if there is one. */
static void write_head(struct net_http_connection *c, const struct net_http_request *request)
{
	char page[512];
	size_t len;

	if (request->status != 200)
		len = (size_t)snprintf(page, sizeof(page), "%s\n", net_http_reason(request->status));
	else if (request->what == NET_HTTP_PAGE)
		len = (size_t)write_page(page, sizeof(page), &c->http->facts);
	else
		len = 0;
	c->head_len = (uint32_t)snprintf(c->head, sizeof(c->head),
					 "HTTP/1.1 %d %s\r\n"
					 "Server: " SERVER "\r\n"
					 "Content-Type: text/plain\r\n"
					 "Content-Length: %zu\r\n"
					 "Cache-Control: no-store\r\n"
					 "%s%s\r\n",
					 request->status, net_http_reason(request->status), len + c->bytes,
					 request->status == 405 ? "Allow: GET, HEAD\r\n" : "",
					 request->keep ? "" : "Connection: close\r\n");
	if (!request->head && c->head_len + len <= sizeof(c->head)) {
		memcpy(c->head + c->head_len, page, len);
		c->head_len += (uint32_t)len;
	}
}

static void tick(void *arg);

static void begin(struct net_http_connection *c, const struct net_http_request *request)
{
	bool download = request->status == 200 && request->what == NET_HTTP_BYTES;

	c->answering = true;
	c->keep = request->keep;
	c->head_at = c->at = 0;
	c->bytes = download ? request->bytes : 0;
	c->rate = request->rate;
	c->began = c->moved_at = clock_ms();
	write_head(c, request);
	if (request->head)
		c->bytes = 0;
	if (c->bytes && c->rate && !c->http->ticking) {
		c->http->ticking = true;
		sys_timeout(TICK_MS, tick, c->http);
	}
}

/* --- saying it --- */

static bool say_head(struct net_http_connection *c)
{
	uint32_t n = c->head_len - c->head_at;

	if (n > tcp_sndbuf(c->pcb))
		n = tcp_sndbuf(c->pcb);
	if (n && tcp_write(c->pcb, c->head + c->head_at, (u16_t)n, TCP_WRITE_FLAG_COPY) == ERR_OK)
		c->head_at += n;
	return c->head_at == c->head_len;
}

/* How far the download may be by now. */
static uint32_t due(const struct net_http_connection *c)
{
	uint64_t bytes;

	if (!c->rate)
		return c->bytes;
	bytes = (clock_ms() - c->began) * c->rate / 1000;
	return bytes < c->bytes ? (uint32_t)bytes : c->bytes;
}

static void say_download(struct net_http_connection *c)
{
	const uint32_t until = due(c);
	char chunk[CHUNK];

	while (c->at < until) {
		uint32_t n = until - c->at < CHUNK ? until - c->at : CHUNK;

		/* Little pieces only where there is no more. */
		if (n > tcp_sndbuf(c->pcb))
			return;
		net_http_fill(chunk, n, c->at);
		if (tcp_write(c->pcb, chunk, (u16_t)n, TCP_WRITE_FLAG_COPY) != ERR_OK)
			return;
		c->at += n;
	}
}

/* Ends it; what was said is still sent. ERR_ABRT if lwIP has it no more. */
static err_t end(struct net_http_connection *c, bool politely)
{
	struct tcp_pcb *pcb = c->pcb;

	/* A connection that is closed with bytes unread is reset. */
	if (c->later) {
		tcp_recved(pcb, c->later->tot_len);
		pbuf_free(c->later);
	}
	c->later = NULL;
	c->pcb = NULL;
	tcp_arg(pcb, NULL);
	tcp_recv(pcb, NULL);
	tcp_sent(pcb, NULL);
	tcp_err(pcb, NULL);
	tcp_poll(pcb, NULL, 0);
	if (politely && tcp_close(pcb) == ERR_OK)
		return ERR_OK;
	tcp_abort(pcb);
	return ERR_ABRT;
}

static void refuse(struct net_http_connection *c, int status)
{
	struct net_http_request request;

	memset(&request, 0, sizeof(request));
	request.status = status;
	c->in_len = 0;
	begin(c, &request);
}

/* Moves as much of what came as there is room for. */
static void refill(struct net_http_connection *c)
{
	u16_t n = (u16_t)(sizeof(c->in) - c->in_len);

	if (!c->later || !n)
		return;
	n = pbuf_copy_partial(c->later, c->in + c->in_len, n, 0);
	c->in_len += n;
	c->later = pbuf_free_header(c->later, n);
	tcp_recved(c->pcb, n);
}

/* Takes the next request out of what came. */
static bool take(struct net_http_connection *c)
{
	struct net_http_request request;
	size_t len;

	refill(c);
	len = net_http_end(c->in, c->in_len);
	if (!len && c->in_len == sizeof(c->in))
		refuse(c, 431);
	if (!len)
		return c->answering;
	net_http_read(c->in, len, &request);
	c->in_len -= (uint32_t)len;
	memmove(c->in, c->in + len, c->in_len);
	begin(c, &request);
	return true;
}

/* Goes on as far as that goes now. */
static err_t step(struct net_http_connection *c)
{
	while (c->answering || take(c)) {
		if (say_head(c))
			say_download(c);
		(void)tcp_output(c->pcb);
		if (c->head_at < c->head_len || c->at < c->bytes)
			return ERR_OK;
		c->answering = false;
		c->moved_at = clock_ms();
		if (!c->keep)
			return end(c, true);
	}
	if (c->gone)
		return end(c, true);
	return ERR_OK;
}

static err_t step_if(struct net_http_connection *c, bool wanted)
{
	if (wanted)
		return step(c);
	return ERR_OK;
}

/* Downloads with a rate go on. */
static void tick(void *arg)
{
	struct net_http *http = arg;
	bool more = false;
	uint32_t i;

	for (i = 0; i < NET_HTTP_CONNECTIONS; i++) {
		struct net_http_connection *c = &http->connection[i];

		if (c->pcb && c->answering && c->rate)
			(void)step(c);
		more |= c->pcb && c->answering && c->rate;
	}
	http->ticking = more;
	if (more)
		sys_timeout(TICK_MS, tick, http);
}

/* --- lwIP's calls --- */

static err_t on_received(void *arg, struct tcp_pcb *pcb, struct pbuf *p, err_t err)
{
	struct net_http_connection *c = arg;

	(void)pcb;
	(void)err;
	if (!p) {
		c->gone = true;
		return step_if(c, !c->answering);
	}
	/* Whoever asks more while he is answered waits. */
	if (c->later)
		pbuf_cat(c->later, p);
	else
		c->later = p;
	return step_if(c, !c->answering);
}

static err_t on_sent(void *arg, struct tcp_pcb *pcb, u16_t len)
{
	struct net_http_connection *c = arg;

	(void)pcb;
	(void)len;
	c->moved_at = clock_ms();
	return step_if(c, c->answering);
}

static void on_error(void *arg, err_t err)
{
	struct net_http_connection *c = arg;

	(void)err;
	/* lwIP has freed it. */
	if (!c)
		return;
	if (c->later)
		pbuf_free(c->later);
	c->later = NULL;
	c->pcb = NULL;
}

static err_t on_poll(void *arg, struct tcp_pcb *pcb)
{
	struct net_http_connection *c = arg;
	uint64_t silent = clock_ms() - c->moved_at;

	(void)pcb;
	if (c->answering) {
		if (silent < ANSWER_MS)
			return step(c);
		c->http->timeouts++;
		return end(c, false);
	}
	if (silent < REQUEST_MS)
		return ERR_OK;
	c->http->timeouts++;
	if (!c->in_len)
		return end(c, true);
	refuse(c, 408);
	return step(c);
}

static err_t on_accepted(void *arg, struct tcp_pcb *pcb, err_t err)
{
	struct net_http *http = arg;
	struct net_http_connection *c = http->connection;

	if (err != ERR_OK || !pcb)
		return ERR_VAL;
	while (c < http->connection + NET_HTTP_CONNECTIONS && c->pcb)
		c++;
	if (c == http->connection + NET_HTTP_CONNECTIONS) {
		http->refused++;
		tcp_abort(pcb);
		return ERR_ABRT;
	}
	memset(c, 0, sizeof(*c));
	c->pcb = pcb;
	c->http = http;
	c->moved_at = clock_ms();
	tcp_nagle_disable(pcb);
	tcp_arg(pcb, c);
	tcp_recv(pcb, on_received);
	tcp_sent(pcb, on_sent);
	tcp_err(pcb, on_error);
	tcp_poll(pcb, on_poll, POLL);
	return ERR_OK;
}

bool net_http_listen(struct net_http *http, uint16_t port)
{
	struct tcp_pcb *pcb = tcp_new_ip_type(IPADDR_TYPE_ANY);
	struct tcp_pcb *listening;

	if (!pcb)
		return false;
	if (tcp_bind(pcb, IP_ANY_TYPE, port) != ERR_OK) {
		tcp_abort(pcb);
		return false;
	}
	listening = tcp_listen(pcb);
	if (!listening)
		return false;
	tcp_arg(listening, http);
	tcp_accept(listening, on_accepted);
	return true;
}
