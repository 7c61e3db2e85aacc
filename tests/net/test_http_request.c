// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
/* Requests, of friends and of others. */
#include "support.h"

#include "http_request.h"

/* Reads a text in memory of its exact size. */
static struct net_http_request ask(const char *text)
{
	size_t len = strlen(text);
	char *exact = malloc(len);
	struct net_http_request request;

	assert_non_null(exact);
	memcpy(exact, text, len);
	if (net_http_end(exact, len) != len)
		test_fail("no end in: %s", text);
	net_http_read(exact, len, &request);
	free(exact);
	return request;
}

static void page(void **state)
{
	struct net_http_request r = ask("GET / HTTP/1.1\r\nHost: x\r\nUser-Agent: y\r\n\r\n");

	(void)state;
	assert_int_equal(r.status, 200);
	assert_int_equal(r.what, NET_HTTP_PAGE);
	assert_true(r.keep);
	assert_false(r.head);
	assert_int_equal(ask("\r\n\r\nGET / HTTP/1.1\n\n").status, 200);
	assert_int_equal(ask("GET /?x HTTP/1.1\n\n").status, 200);
	assert_true(ask("HEAD / HTTP/1.1\r\n\r\n").head);
}

static void download(void **state)
{
	struct net_http_request r = ask("GET /download?bytes=1073741824&rate=5 HTTP/1.1\r\n\r\n");

	(void)state;
	assert_int_equal(r.status, 200);
	assert_int_equal(r.what, NET_HTTP_BYTES);
	assert_int_equal(r.bytes, 1073741824);
	assert_int_equal(r.rate, 5);
	assert_int_equal(ask("GET /download?bytes=0 HTTP/1.1\r\n\r\n").status, 200);
}

static void connection_lives_on_or_not(void **state)
{
	(void)state;
	assert_false(ask("GET / HTTP/1.0\r\n\r\n").keep);
	assert_false(ask("GET / HTTP/1.1\r\nconnection:CLOSE \r\n\r\n").keep);
	assert_false(ask("GET / HTTP/1.1\r\nConnection: TE , close\r\n\r\n").keep);
	assert_false(ask("GET / HTTP/1.1\r\nConnection: close,TE\r\n\r\n").keep);
	assert_true(ask("GET / HTTP/1.1\r\nConnection: keep-alive\r\n\r\n").keep);
	assert_true(ask("GET / HTTP/1.1\r\nConnection: enclose, closed,,\r\n\r\n").keep);
	/* Whoever sends a body: what follows it is not looked for. */
	assert_false(ask("GET / HTTP/1.1\r\nContent-Length: 5\r\n\r\n").keep);
	assert_false(ask("GET / HTTP/1.1\r\nContent-Length: x\r\n\r\n").keep);
	assert_true(ask("GET / HTTP/1.1\r\nContent-Length: 0\r\n\r\n").keep);
	assert_false(ask("GET / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n").keep);
}

static void refused(void **state)
{
	static const struct {
		const char *text;
		int status;
	} one[] = {
		{"GET /nothing HTTP/1.1\r\n\r\n", 404},
		{"GET /downloads?bytes=1 HTTP/1.1\r\n\r\n", 404},
		{"POST / HTTP/1.1\r\n\r\n", 405},
		{"get / HTTP/1.1\r\n\r\n", 405},
		{"GET / HTTP/2\r\n\r\n", 505},
		{"GET / HTTX/1.1\r\n\r\n", 400},
		{"GET / HTTP/1.1 \r\n\r\n", 505},
		{"GET /\r\n\r\n", 400},
		{"GET\r\n\r\n", 400},
		{"x\n\n", 400},
		{"GET  / HTTP/1.1\r\n\r\n", 400},
		{"GET http://a/ HTTP/1.1\r\n\r\n", 400},
		{"GET / HTTP/1.1\r\nno colon\r\n\r\n", 400},
		{"GET / HTTP/1.1\r\n: x\r\n\r\n", 400},
		{"GET / HTTP/1.1\r\nTwo words: x\r\n\r\n", 400},
		{"GET /download?bytes=1073741825 HTTP/1.1\r\n\r\n", 400},
		{"GET /download?bytes=99999999999999 HTTP/1.1\r\n\r\n", 400},
		{"GET /download?bytes=4294967297 HTTP/1.1\r\n\r\n", 400},
		{"GET /download?bytes= HTTP/1.1\r\n\r\n", 400},
		{"GET /download?bytes=-1 HTTP/1.1\r\n\r\n", 400},
		{"GET /download?bites=1 HTTP/1.1\r\n\r\n", 400},
		{"GET /download?bytes HTTP/1.1\r\n\r\n", 400},
	};
	uint32_t i;

	(void)state;
	for (i = 0; i < sizeof(one) / sizeof(one[0]); i++) {
		int status = ask(one[i].text).status;

		if (status != one[i].status)
			test_fail("%d instead of %d: %s", status, one[i].status, one[i].text);
	}
}

static void end_of_a_request(void **state)
{
	const char *two = "GET / HTTP/1.1\r\nA: b\r\n\r\nGET ";
	const char *none[] = {"",
			      "\r",
			      "\r\n",
			      "\n\n\n",
			      "GET / HTTP/1.1",
			      "GET / HTTP/1.1\r\n",
			      "GET / HTTP/1.1\r\nA: b\r\n",
			      "GET / HTTP/1.1\r\nA: b\r\n\r"};
	uint32_t i;

	(void)state;
	assert_int_equal(net_http_end(two, strlen(two)), 24);
	for (i = 0; i < sizeof(none) / sizeof(none[0]); i++)
		if (net_http_end(none[i], strlen(none[i])))
			test_fail("an end in: %s", none[i]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(page),
		cmocka_unit_test(download),
		cmocka_unit_test(connection_lives_on_or_not),
		cmocka_unit_test(refused),
		cmocka_unit_test(end_of_a_request),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
