// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
/* The host's two paths through the lane: what goes where, what is copied, and what becomes of what found no room. */
#include "frames.h"

#define WEB  .type = 0x0800, .protocol = 6, .dst = 16992
#define DHCP .type = 0x0800, .protocol = 17, .src = 68, .dst = 67

struct world {
	struct test_area test;
	struct sap_packets host, csme;
	struct sap_seq seq;
	struct sap_packets_counters expected;
};

static struct sap_filter some_filter(void)
{
	struct sap_oob_filters oob = {0};
	struct sap_filter filter;

	oob.flex[0].flags = SAP_FLEX_ENABLED | SAP_FLEX_TCP;
	oob.flex[0].dst_port = 16992;
	oob.flex[1].flags = SAP_FLEX_ENABLED | SAP_FLEX_UDP | SAP_FLEX_COPY;
	oob.flex[1].dst_port = 68;
	oob.vlan[0] = SAP_VLAN_ENABLED | 7;
	sap_filter_set(&filter, &oob);
	return filter;
}

static void open_world(struct world *w, uint32_t data)
{
	struct sap_filter filter = some_filter();

	memset(w, 0, sizeof(*w));
	w->test = data ? test_area_make(300, data, 300, 300) : test_area_of(SAP_PROTOCOL_4);
	assert_status(sap_packets_open(&w->host, SAP_ROLE_HOST, &w->test.area), SAP_OK);
	assert_status(sap_packets_open(&w->csme, SAP_ROLE_CSME, &w->test.area), SAP_OK);
	sap_packets_set_filter(&w->host, &filter);
}

static void rx(struct world *w, const struct spec *spec, enum sap_status status, const char *expected)
{
	struct made made = make_frame(spec);
	struct sap_verdict verdict;
	char found[40];

	memset(&verdict, 0x5a, sizeof(verdict));
	assert_status(sap_packets_rx(&w->host, &w->test.area, &w->seq, made.bytes, made.len, &verdict),
		      status);
	name_verdict(verdict, found);
	assert_string_equal(found, expected);
	assert_memory_equal(&w->host.counters, &w->expected, sizeof(w->expected));
}

#define RX(w, status, expected, ...) rx((w), &(struct spec){__VA_ARGS__}, (status), (expected))

static void tx(struct world *w, const struct spec *spec, enum sap_status status)
{
	struct made made = make_frame(spec);

	assert_status(sap_packets_tx(&w->host, &w->test.area, &w->seq, made.bytes, made.len), status);
	assert_memory_equal(&w->host.counters, &w->expected, sizeof(w->expected));
}

#define TX(w, status, ...) tx((w), &(struct spec){__VA_ARGS__}, (status))

/* CSME finds this frame, and nothing more. */
static void csme_has(struct world *w, const struct spec *spec, enum sap_type type, uint32_t flags)
{
	struct made made = make_frame(spec);
	struct sap_packet_info info;
	uint8_t frame[FRAME_MOST];

	assert_status(sap_packets_recv(&w->csme, &w->test.area, frame, sizeof(frame), &info), SAP_OK);
	assert_int_equal(info.type, type);
	assert_int_equal(info.to_me_filt_status, flags);
	assert_int_equal(info.len, made.len);
	assert_memory_equal(frame, made.bytes, made.len);
	assert_status(sap_packets_recv(&w->csme, &w->test.area, frame, sizeof(frame), &info), SAP_AGAIN);
}

static void goes_where_the_verdict_says(void **unused)
{
	const struct spec web = {WEB}, offer = {.type = 0x0800, .protocol = 17, .src = 67, .dst = 68};
	struct world w;

	(void)unused;
	open_world(&w, 0);
	w.expected.sent = 1;
	w.expected.sent_bytes = 42;
	w.expected.rx_csme = 1;
	RX(&w, SAP_OK, "csme FLEX 0", WEB);
	csme_has(&w, &web, SAP_DATA_PACKET, 0);
	w.expected.sent = 2;
	w.expected.sent_bytes = 84;
	w.expected.rx_both = 1;
	rx(&w, &offer, SAP_OK, "both FLEX 1");
	csme_has(&w, &offer, SAP_DATA_PACKET, 0);
	w.expected.rx_host = 1;
	RX(&w, SAP_OK, "host NO_MATCH", .type = 0x0800, .protocol = 6, .dst = 80);
	assert_int_equal(w.seq.last, 2);
	test_area_free(&w.test);
}

static void before_filters_all_is_the_hosts(void **unused)
{
	struct world w;

	(void)unused;
	open_world(&w, 0);
	sap_packets_set_filter(&w.host, NULL);
	w.expected.rx_host = 1;
	RX(&w, SAP_OK, "host NO_FILTERS", WEB);
	/* DHCP requests are for CSME all the same. */
	w.expected.sent = 1;
	w.expected.sent_bytes = 42;
	w.expected.tx_copied = 1;
	TX(&w, SAP_OK, DHCP);
	test_area_free(&w.test);
}

static void too_short_frames_are_the_hosts_and_counted(void **unused)
{
	struct sap_verdict verdict;
	uint8_t frame[13] = {0};
	struct world w;

	(void)unused;
	open_world(&w, 0);
	for (uint32_t len = 0; len < 14; len++) {
		assert_status(sap_packets_rx(&w.host, &w.test.area, &w.seq, frame, len, &verdict),
			      SAP_TOO_SHORT);
		assert_true(verdict.to_host && !verdict.to_csme);
	}
	w.expected.rx_host = w.expected.rx_too_short = 14;
	assert_memory_equal(&w.host.counters, &w.expected, sizeof(w.expected));
	w.expected.rx_host++;
	RX(&w, SAP_OK, "host NO_MATCH", .type = 0x1234);
	test_area_free(&w.test);
}

/* Hazard 11. */
static void without_room_the_host_gets_it(void **unused)
{
	struct world w;

	(void)unused;
	open_world(&w, 110); /* two messages of 8 + 42 bytes, and no third */
	for (uint32_t i = 1; i <= 2; i++) {
		w.expected.sent = i;
		w.expected.sent_bytes = 42 * i;
		w.expected.rx_csme = i;
		RX(&w, SAP_OK, "csme FLEX 0", WEB);
	}
	w.expected.send_no_room = w.expected.rx_host = w.expected.rx_given_back = 1;
	RX(&w, SAP_NO_ROOM, "host FLEX 0", WEB);
	/* What CSME does not want needs no room. */
	w.expected.rx_host++;
	RX(&w, SAP_OK, "host NO_MATCH", .type = 0x1234);
	/* Nor does a request that is not copied get lost: it is sent. */
	w.expected.send_no_room++;
	w.expected.tx_not_copied = 1;
	TX(&w, SAP_NO_ROOM, DHCP);
	/* Longer than the queue. */
	w.expected.rx_host++;
	w.expected.rx_given_back++;
	w.expected.send_bad_size = 1;
	RX(&w, SAP_TOO_LONG, "host FLEX 0", WEB, .upper = 100);
	/* Taken: there is room again. */
	test_set_rd(&w.test, SAP_HOST_DATA, test_wr(&w.test, SAP_HOST_DATA));
	w.expected.sent++;
	w.expected.sent_bytes += 42;
	w.expected.rx_csme++;
	RX(&w, SAP_OK, "csme FLEX 0", WEB);
	test_area_free(&w.test);
}

static void a_hostile_index_costs_the_host_nothing(void **unused)
{
	struct world w;

	(void)unused;
	open_world(&w, 110);
	w.expected.sent = w.expected.rx_csme = 2;
	w.expected.sent_bytes = 84;
	for (unsigned i = 0; i < 2; i++) {
		struct made made = make_frame(&(struct spec){WEB});
		struct sap_verdict verdict;

		assert_status(sap_packets_rx(&w.host, &w.test.area, &w.seq, made.bytes, made.len, &verdict),
			      SAP_OK);
	}
	test_set_rd(&w.test, SAP_HOST_DATA, 110);
	w.expected.corrupt = w.expected.rx_host = w.expected.rx_given_back = 1;
	RX(&w, SAP_CORRUPT, "host FLEX 0", WEB);
	test_area_free(&w.test);
}

static void dhcp_requests_are_copied(void **unused)
{
	const struct spec dhcp = {DHCP}, tagged = {.tagged = true, .tag = 7, DHCP};
	struct world w;

	(void)unused;
	open_world(&w, 0);
	TX(&w, SAP_OK, WEB);
	TX(&w, SAP_OK, .type = 0x0800, .protocol = 17, .src = 67, .dst = 68);
	w.expected.sent = w.expected.tx_copied = 1;
	w.expected.sent_bytes = 42;
	tx(&w, &dhcp, SAP_OK);
	csme_has(&w, &dhcp, SAP_CB_DATA_PACKET, 1u << 30);
	/* Of a VLAN only if CSME is in it. */
	TX(&w, SAP_OK, .tagged = true, .tag = 8, DHCP);
	w.expected.sent = w.expected.tx_copied = 2;
	w.expected.sent_bytes += 46;
	tx(&w, &tagged, SAP_OK);
	csme_has(&w, &tagged, SAP_CB_DATA_PACKET, 1u << 30);
	test_area_free(&w.test);
}

static void closed_it_touches_nothing(void **unused)
{
	struct world w;

	(void)unused;
	open_world(&w, 0);
	sap_packets_close(&w.host);
	RX(&w, SAP_NOT_OPEN, "host NOT_OPEN", WEB);
	TX(&w, SAP_NOT_OPEN, DHCP);
	assert_int_equal(test_wr(&w.test, SAP_HOST_DATA), 0);
	/* The filters are there again as it opens. */
	assert_status(sap_packets_open(&w.host, SAP_ROLE_HOST, &w.test.area), SAP_OK);
	w.expected.sent = w.expected.rx_csme = 1;
	w.expected.sent_bytes = 42;
	RX(&w, SAP_OK, "csme FLEX 0", WEB);
	test_area_free(&w.test);
}

static void arguments_are_looked_at(void **unused)
{
	struct made made = make_frame(&(struct spec){WEB});
	struct sap_verdict verdict;
	struct world w;

	(void)unused;
	open_world(&w, 0);
	assert_status(sap_packets_rx(&w.csme, &w.test.area, &w.seq, made.bytes, made.len, &verdict),
		      SAP_WRONG_QUEUE);
	assert_true(verdict.to_host && !verdict.to_csme);
	assert_status(sap_packets_tx(&w.csme, &w.test.area, &w.seq, made.bytes, made.len), SAP_WRONG_QUEUE);
	memset(&verdict, 0, sizeof(verdict));
	assert_status(sap_packets_rx(NULL, &w.test.area, &w.seq, made.bytes, made.len, &verdict),
		      SAP_INVALID);
	assert_true(verdict.to_host);
	assert_status(sap_packets_rx(&w.host, NULL, &w.seq, made.bytes, made.len, &verdict), SAP_INVALID);
	assert_status(sap_packets_rx(&w.host, &w.test.area, NULL, made.bytes, made.len, &verdict),
		      SAP_INVALID);
	assert_status(sap_packets_rx(&w.host, &w.test.area, &w.seq, NULL, made.len, &verdict), SAP_INVALID);
	assert_status(sap_packets_rx(&w.host, &w.test.area, &w.seq, made.bytes, made.len, NULL), SAP_INVALID);
	assert_status(sap_packets_tx(NULL, &w.test.area, &w.seq, made.bytes, made.len), SAP_INVALID);
	assert_status(sap_packets_tx(&w.host, &w.test.area, &w.seq, NULL, made.len), SAP_INVALID);
	assert_memory_equal(&w.host.counters, &w.expected, sizeof(w.expected));
	test_area_free(&w.test);
}

/* --- what the engine asks for --- */

static void apply_does_what_the_request_says(void **unused)
{
	struct sap_io io = {.op = SAP_IO_LANE, .lane_open = true, .role = SAP_ROLE_HOST};
	struct world w;

	(void)unused;
	open_world(&w, 0);
	io.area = &w.test.area;
	w.expected.rx_host = 1;
	/* Opened anew without filters: those of the last connection are gone. */
	assert_status(sap_packets_apply(&w.host, &io), SAP_OK);
	RX(&w, SAP_OK, "host NO_FILTERS", WEB);
	/* It is told some while it is open, and its positions are its own: nothing is read again. */
	w.expected.sent = w.expected.tx_copied = 1;
	w.expected.sent_bytes = 42;
	TX(&w, SAP_OK, DHCP);
	test_set_wr(&w.test, SAP_HOST_DATA, 3);
	io.lane_stays = true;
	io.lane_filters = true;
	io.filters.flex[0].flags = SAP_FLEX_ENABLED;
	assert_status(sap_packets_apply(&w.host, &io), SAP_OK);
	w.expected.sent = 2;
	w.expected.sent_bytes = 84;
	w.expected.rx_csme = 1;
	RX(&w, SAP_OK, "csme FLEX 0", WEB);
	assert_int_equal(test_wr(&w.test, SAP_HOST_DATA), 90 + 50);
	/* And told that there are none. */
	io.lane_filters = false;
	assert_status(sap_packets_apply(&w.host, &io), SAP_OK);
	w.expected.rx_host = 2;
	RX(&w, SAP_OK, "host NO_FILTERS", WEB);
	/* It is another request, or none. */
	io.op = SAP_IO_SEND;
	assert_status(sap_packets_apply(&w.host, &io), SAP_INVALID);
	io.op = SAP_IO_LANE;
	assert_status(sap_packets_apply(&w.host, NULL), SAP_INVALID);
	assert_status(sap_packets_apply(NULL, &io), SAP_INVALID);
	/* Closed; then it cannot stay open. */
	io.lane_open = false;
	assert_status(sap_packets_apply(&w.host, &io), SAP_OK);
	RX(&w, SAP_NOT_OPEN, "host NOT_OPEN", WEB);
	io.lane_open = true;
	assert_status(sap_packets_apply(&w.host, &io), SAP_NOT_OPEN);
	RX(&w, SAP_NOT_OPEN, "host NOT_OPEN", WEB);
	test_area_free(&w.test);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(goes_where_the_verdict_says),
		cmocka_unit_test(before_filters_all_is_the_hosts),
		cmocka_unit_test(too_short_frames_are_the_hosts_and_counted),
		cmocka_unit_test(without_room_the_host_gets_it),
		cmocka_unit_test(a_hostile_index_costs_the_host_nothing),
		cmocka_unit_test(dhcp_requests_are_copied),
		cmocka_unit_test(closed_it_touches_nothing),
		cmocka_unit_test(arguments_are_looked_at),
		cmocka_unit_test(apply_does_what_the_request_says),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
