// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
/*
 * Each SAP message against bytes written by hand from docs/protocol/sap.md sections 5 and 6, not by our
 * encoder: a field that is read from a wrong place, with a wrong width or order, finds a wrong value, since
 * no two bytes of a vector's fields are alike where it matters.
 */
#include "support.h"

/* A message as it stands in a queue, and what its fields must say. */
struct vector {
	enum sap_type type;
	const char *payload; /* hex; blanks are ignored */
	void (*check)(const struct sap_message *message);
};

static void check_amt_state(const struct sap_message *m)
{
	assert_int_equal(m->amt_state.state, 0x04030201);
}

static void check_reply(const struct sap_message *m)
{
	assert_int_equal(m->csme_reply.granted, 0x14131211);
}

static void check_nic_owner(const struct sap_message *m)
{
	assert_int_equal(m->nic_owner.owner, SAP_OWNER_CSME);
}

/* The 56 bytes of section 6.1, with what check_conn() looks for. */
#define CONN                                                                   \
	"07000000"                                                             \
	"746573746e6574 00 8182838485868788 898a8b8c8d8e8f90 9192939495969798" \
	"07000000 04000000 2c 01 0000 02a0a1a2a3a4 0000"

static void check_conn(const struct sap_conn_info *conn)
{
	static const uint8_t bssid[6] = {0x02, 0xa0, 0xa1, 0xa2, 0xa3, 0xa4};

	assert_int_equal(conn->ssid_len, 7);
	assert_memory_equal(conn->ssid, "testnet", 8);
	assert_int_equal(conn->ssid[8], 0x81);
	assert_int_equal(conn->ssid[31], 0x98);
	assert_int_equal(conn->auth_mode, SAP_AUTH_RSNA_PSK);
	assert_int_equal(conn->pairwise_cipher, SAP_CIPHER_CCMP);
	assert_int_equal(conn->channel, 44);
	assert_int_equal(conn->band, SAP_BAND_5GHZ);
	assert_memory_equal(conn->bssid.bytes, bssid, 6);
}

static void check_conn_status(const struct sap_message *m)
{
	assert_int_equal(m->csme_conn_status.link_prot_state, 0x24232221);
	assert_int_equal(m->csme_conn_status.scan_request, SAP_SCAN_FAST);
	check_conn(&m->csme_conn_status.conn);
}

static void check_pldr_ack(const struct sap_message *m)
{
	assert_int_equal(m->pldr_ack.version, 0x34333231);
	assert_int_equal(m->pldr_ack.status, SAP_PLDR_FAILURE);
}

static void check_band_selection(const struct sap_message *m)
{
	assert_int_equal(m->band_selection.len, 5);
	assert_memory_equal(m->band_selection.bytes, "\x41\x42\x43\x44\x45", 5);
}

static void check_radio_state(const struct sap_message *m)
{
	assert_int_equal(m->radio_state.state, SAP_RADIO_HW_ON);
}

static void check_nic_info(const struct sap_message *m)
{
	assert_memory_equal(m->nic_info.mac_address.bytes, "\x02\x11\x22\x33\x44\x55", 6);
	assert_memory_equal(m->nic_info.nvm_address.bytes, "\x02\xaa\xbb\xcc\xdd\xee", 6);
}

static void check_suspends(const struct sap_message *m)
{
	assert_int_equal(m->host_suspends.flags, SAP_SUSPEND_OFFER_NIC | SAP_SUSPEND_LINK_PROTECTED);
}

static void check_resumes(const struct sap_message *m)
{
	assert_int_equal(m->host_resumes.reinit, 1);
}

static void check_country(const struct sap_message *m)
{
	assert_int_equal(m->country_code.mcc, 'U' * 256 + 'S');
	assert_int_equal(m->country_code.source_id, 0x51);
	assert_int_equal(m->country_code.diff_time, 0x57565554);
}

static void check_link_up(const struct sap_message *m)
{
	check_conn(&m->host_link_up.conn);
	assert_int_equal(m->host_link_up.colloc_channel, 0x61);
	assert_int_equal(m->host_link_up.colloc_band, 0x62);
	assert_memory_equal(m->host_link_up.colloc_bssid.bytes, "\x63\x64\x65\x66\x67\x68", 6);
}

static void check_link_down(const struct sap_message *m)
{
	assert_int_equal(m->host_link_down.type, SAP_LINK_DOWN_LONG);
	assert_int_equal(m->host_link_down.reason_valid, 0x71);
	assert_int_equal(m->host_link_down.reason, 0x75747372);
}

static void check_sar(const struct sap_message *m)
{
	for (uint32_t i = 0; i < 10; i++)
		assert_int_equal(m->sar_limits.limits[i], 0x0101 * (i + 1));
}

static void check_pldr(const struct sap_message *m)
{
	assert_int_equal(m->pldr.version, 0x79787776);
}

static void check_pldr_end(const struct sap_message *m)
{
	assert_int_equal(m->pldr_end.version, 0x7d7c7b7a);
	assert_int_equal(m->pldr_end.status, SAP_PLDR_FAILURE);
}

#define FRAME "ffffffffffff 020304050607 0806 b1b2b3"

static void check_frame(const struct sap_view *frame)
{
	assert_int_equal(frame->len, 17);
	assert_memory_equal(frame->bytes,
			    "\xff\xff\xff\xff\xff\xff\x02\x03\x04\x05\x06\x07\x08\x06\xb1\xb2\xb3", 17);
}

static void check_data(const struct sap_message *m)
{
	check_frame(&m->data_packet.frame);
}

static void check_cb_data(const struct sap_message *m)
{
	assert_int_equal(m->cb_data_packet.to_me_filt_status, SAP_CB_DHCP);
	assert_int_equal(m->cb_data_packet.data_len, 17);
	check_frame(&m->cb_data_packet.frame);
}

static void check_nothing(const struct sap_message *m)
{
	assert_int_equal(m->opaque.len, 0);
	assert_null(m->opaque.bytes);
}

static const struct vector vectors[] = {
	{SAP_PING, "", check_nothing},
	{SAP_PONG, "", check_nothing},
	{SAP_AMT_STATE, "01020304", check_amt_state},
	{SAP_CSME_REPLY_TO_HOST_OWNERSHIP_REQ, "11121314", check_reply},
	{SAP_CSME_TAKING_OWNERSHIP, "", check_nothing},
	{SAP_TRIGGER_IP_REFRESH, "", check_nothing},
	{SAP_CSME_CAN_RELEASE_OWNERSHIP, "", check_nothing},
	{SAP_NIC_OWNER, "02000000", check_nic_owner},
	{SAP_CSME_CONN_STATUS, "21222324 02000000" CONN, check_conn_status},
	{SAP_PLDR_ACK, "31323334 01000000", check_pldr_ack},
	{SAP_BAND_SELECTION, "4142434445", check_band_selection},
	{SAP_RADIO_STATE, "02000000", check_radio_state},
	{SAP_NIC_INFO, "021122334455 02aabbccddee", check_nic_info},
	{SAP_HOST_ASKS_FOR_NIC_OWNERSHIP, "", check_nothing},
	{SAP_HOST_SUSPENDS, "11000000", check_suspends},
	{SAP_HOST_RESUMES, "01000000", check_resumes},
	{SAP_HOST_GOES_DOWN, "", check_nothing},
	{SAP_CSME_OWNERSHIP_CONFIRMED, "", check_nothing},
	{SAP_COUNTRY_CODE, "5355 51 00 54555657", check_country},
	{SAP_HOST_LINK_UP, CONN "61 62 0000 636465666768 0000", check_link_up},
	{SAP_HOST_LINK_DOWN, "02 0000 71 72737475", check_link_down},
	{SAP_WHO_OWNS_NIC, "", check_nothing},
	{SAP_WIFIDR_DOWN, "", check_nothing},
	{SAP_WIFIDR_UP, "", check_nothing},
	{SAP_HOST_OWNERSHIP_CONFIRMED, "", check_nothing},
	{SAP_SAR_LIMITS, "0101 0202 0303 0404 0505 0606 0707 0808 0909 0a0a", check_sar},
	{SAP_GET_NVM, "", check_nothing},
	{SAP_PLDR, "76777879", check_pldr},
	{SAP_PLDR_END, "7a7b7c7d 01000000", check_pldr_end},
	{SAP_DATA_PACKET, FRAME, check_data},
	{SAP_CB_DATA_PACKET,
	 "00000000000000000000000000000000000000000000000000000000 00000040 00000000 11000000" FRAME,
	 check_cb_data},
};

enum {
	VECTORS = sizeof(vectors) / sizeof(vectors[0]),
	MOST = SAP_HEADER_SIZE + SAP_CSME_FILTERS_SIZE + 64,
};

static uint8_t hex_digit(char c)
{
	return (uint8_t)(c <= '9' ? c - '0' : c - 'a' + 10);
}

static uint32_t unhex(const char *hex, uint8_t *bytes)
{
	uint32_t n = 0;

	for (; *hex; hex++) {
		if (*hex == ' ')
			continue;
		bytes[n++] = (uint8_t)(hex_digit(hex[0]) << 4 | hex_digit(hex[1]));
		hex++;
	}
	return n;
}

/* A whole message by hand: type, length and sequence number little-endian, then the payload. */
static uint32_t by_hand(uint32_t type, const char *payload, uint8_t *bytes)
{
	uint32_t n = unhex(payload, bytes + 8);

	bytes[0] = (uint8_t)type;
	bytes[1] = (uint8_t)(type >> 8);
	bytes[2] = (uint8_t)n;
	bytes[3] = (uint8_t)(n >> 8);
	memcpy(bytes + 4, "\xd1\xd2\xd3\xd4", 4);
	return 8 + n;
}

static void every_vector_decodes_and_encodes(void **state)
{
	(void)state;
	for (uint32_t i = 0; i < VECTORS; i++) {
		uint8_t bytes[MOST];
		uint8_t again[MOST];
		struct sap_message m;
		uint32_t n = by_hand(vectors[i].type, vectors[i].payload, bytes);
		uint32_t size;
		uint32_t len;

		assert_status(sap_message_decode(bytes, n, &m), SAP_OK);
		assert_int_equal(m.type, vectors[i].type);
		assert_int_equal(m.len, n - 8);
		assert_int_equal(m.seq, 0xd4d3d2d1);
		vectors[i].check(&m);

		memset(again, 0xee, sizeof(again));
		assert_status(sap_message_size(&m, &size), SAP_OK);
		assert_int_equal(size, n);
		assert_status(sap_message_encode(&m, again, n, &len), SAP_OK);
		assert_int_equal(len, n);
		assert_memory_equal(again, bytes, n);
		assert_int_equal(again[n], 0xee);
	}
}

static void every_message_has_a_vector(void **state)
{
	uint32_t without = 0;

	(void)state;
	for (uint32_t i = 0; sap_info_at(i); i++) {
		const struct sap_message_info *info = sap_info_at(i);
		bool found = info->carrier == SAP_IN_ME;

		for (uint32_t v = 0; v < VECTORS; v++)
			found |= info->carrier != SAP_IN_ME && vectors[v].type == info->type;
		without += !found;
	}
	/* NVM and CSME_FILTERS, which have a suite of their own. */
	assert_int_equal(without, 2);
}

/* Each length up to the whole: a message cut short is refused, and nothing of its payload is in the value. */
static void cut_messages_are_refused(void **state)
{
	(void)state;
	for (uint32_t i = 0; i < VECTORS; i++) {
		uint8_t bytes[MOST];
		uint32_t n = by_hand(vectors[i].type, vectors[i].payload, bytes);

		for (uint32_t cut = 0; cut < n; cut++) {
			/* An exact copy, so that a sanitizer sees a read past its end. */
			uint8_t *exact = test_malloc(cut ? cut : 1);
			struct sap_message m;

			memset(&m, 0x5a, sizeof(m));
			memcpy(exact, bytes, cut);
			assert_status(sap_message_decode(exact, cut, &m), SAP_TOO_SHORT);
			assert_int_equal(m.type, cut < 8 ? 0 : vectors[i].type);
			assert_int_equal(m.len, cut < 8 ? 0 : n - 8);
			assert_int_equal(m.seq, cut < 8 ? 0 : 0xd4d3d2d1);
			assert_null(m.opaque.bytes);
			assert_int_equal(m.opaque.len, 0);
			test_free(exact);
		}
	}
}

/* A payload one byte less than its type demands: what came is reported, as bytes. */
static void short_payloads_are_reported(void **state)
{
	(void)state;
	for (uint32_t i = 0; sap_info_at(i); i++) {
		const struct sap_message_info *info = sap_info_at(i);
		uint8_t bytes[MOST] = {0};
		struct sap_message m;
		uint32_t n;

		if (info->carrier == SAP_IN_ME || !info->least)
			continue;
		n = info->least - 1;
		bytes[0] = (uint8_t)info->type;
		bytes[1] = (uint8_t)(info->type >> 8);
		bytes[2] = (uint8_t)n;
		bytes[3] = (uint8_t)(n >> 8);
		bytes[4] = 9;
		assert_status(sap_message_decode(bytes, 8 + n, &m), SAP_TOO_SHORT);
		assert_int_equal(m.type, info->type);
		assert_int_equal(m.len, n);
		assert_int_equal(m.seq, 9);
		assert_ptr_equal(m.opaque.bytes, bytes + 8);
		assert_int_equal(m.opaque.len, n);
	}
}

/* Extra bytes are ignored, and the length that came is told. */
static void long_payloads_are_taken(void **state)
{
	(void)state;
	for (uint32_t i = 0; i < VECTORS; i++) {
		uint8_t bytes[MOST];
		uint8_t again[MOST];
		struct sap_message m;
		uint32_t n = by_hand(vectors[i].type, vectors[i].payload, bytes);
		uint32_t len;

		/* Where the payload goes to its end, extra bytes are part of it. */
		if (vectors[i].type == SAP_BAND_SELECTION || vectors[i].type == SAP_DATA_PACKET)
			continue;
		memset(bytes + n, 0xcc, 3);
		bytes[2] = (uint8_t)(bytes[2] + 3);
		assert_status(sap_message_decode(bytes, n + 3, &m), SAP_OK);
		assert_int_equal(m.len, n - 8 + 3);
		vectors[i].check(&m);
		assert_status(sap_message_encode(&m, again, sizeof(again), &len), SAP_OK);
		assert_int_equal(len, n);
	}
}

/* Reserved bytes are read over and written as zero. */
static void reserved_bytes_are_not_kept(void **state)
{
	uint8_t bytes[MOST];
	uint8_t clean[MOST];
	uint8_t again[MOST];
	struct sap_message m;
	uint32_t n = by_hand(SAP_COUNTRY_CODE, "5355 51 ff 54555657", bytes);
	uint32_t len;

	(void)state;
	by_hand(SAP_COUNTRY_CODE, "5355 51 00 54555657", clean);
	assert_status(sap_message_decode(bytes, n, &m), SAP_OK);
	check_country(&m);
	assert_status(sap_message_encode(&m, again, sizeof(again), &len), SAP_OK);
	assert_memory_equal(again, clean, n);
}

static const uint16_t no_types[] = {0,	 3,   499,  501,  507,	508,  509,  510,  514,	517,
				    519, 999, 1014, 1018, 1023, 1026, 1999, 2002, 4000, 65535};

static void unknown_types_are_carried(void **state)
{
	(void)state;
	for (uint32_t i = 0; i < sizeof(no_types) / sizeof(no_types[0]); i++) {
		uint8_t bytes[MOST];
		uint8_t again[MOST];
		struct sap_message m;
		uint32_t n = by_hand(no_types[i], "00010203040506070809", bytes);
		uint32_t len;

		assert_status(sap_message_decode(bytes, n, &m), SAP_UNKNOWN_TYPE);
		assert_int_equal(m.type, no_types[i]);
		assert_int_equal(m.opaque.len, 10);
		assert_ptr_equal(m.opaque.bytes, bytes + 8);
		assert_status(sap_message_encode(&m, again, sizeof(again), &len), SAP_OK);
		assert_int_equal(len, n);
		assert_memory_equal(again, bytes, n);
	}
}

static void encode_writes_nothing_if_it_does_not_fit(void **state)
{
	(void)state;
	for (uint32_t i = 0; i < VECTORS; i++) {
		uint8_t bytes[MOST];
		uint8_t again[MOST];
		uint8_t untouched[MOST];
		struct sap_message m;
		uint32_t n = by_hand(vectors[i].type, vectors[i].payload, bytes);
		uint32_t len = 77;

		memset(again, 0xee, sizeof(again));
		memcpy(untouched, again, sizeof(again));
		assert_status(sap_message_decode(bytes, n, &m), SAP_OK);
		for (uint32_t cap = 0; cap < n; cap++)
			assert_status(sap_message_encode(&m, again, cap, &len), SAP_TOO_SMALL);
		assert_memory_equal(again, untouched, sizeof(again));
		assert_int_equal(len, 77);
	}
}

/* Views that cannot be carried: too long for a message, too short for the type, or of nothing. */
static void views_are_checked(void **state)
{
	static uint8_t lots[SAP_MAX_PAYLOAD + 1];
	static uint8_t out[SAP_HEADER_SIZE + SAP_MAX_PAYLOAD];
	const struct {
		uint16_t type;
		struct sap_view view;
		enum sap_status status;
	} cases[] = {
		{4000, {lots, SAP_MAX_PAYLOAD}, SAP_OK},
		{4000, {lots, SAP_MAX_PAYLOAD + 1}, SAP_BAD_VALUE},
		{4000, {lots, UINT32_MAX}, SAP_BAD_VALUE},
		{4000, {NULL, 0}, SAP_OK},
		{4000, {NULL, 1}, SAP_BAD_VALUE},
		{SAP_BAND_SELECTION, {NULL, 0}, SAP_OK},
		{SAP_BAND_SELECTION, {NULL, 4}, SAP_BAD_VALUE},
		{SAP_NVM, {lots, SAP_NVM_SIZE}, SAP_OK},
		{SAP_NVM, {lots, SAP_NVM_SIZE - 1}, SAP_BAD_VALUE},
		{SAP_NVM, {NULL, SAP_NVM_SIZE}, SAP_BAD_VALUE},
		{SAP_CSME_FILTERS, {lots, SAP_CSME_FILTERS_SIZE}, SAP_OK},
		{SAP_CSME_FILTERS, {lots, SAP_CSME_FILTERS_SIZE - 1}, SAP_BAD_VALUE},
		{SAP_DATA_PACKET, {lots, 14}, SAP_OK},
		{SAP_DATA_PACKET, {lots, 13}, SAP_BAD_VALUE},
		{SAP_DATA_PACKET, {NULL, 14}, SAP_BAD_VALUE},
		{SAP_DATA_PACKET, {lots, SAP_MAX_PAYLOAD}, SAP_OK},
	};

	(void)state;
	for (uint32_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct sap_message m = {.type = cases[i].type};
		uint32_t size = 0;
		uint32_t len = 0;

		m.opaque = cases[i].view;
		assert_status(sap_message_size(&m, &size), cases[i].status);
		assert_status(sap_message_encode(&m, out, sizeof(out), &len), cases[i].status);
		if (cases[i].status == SAP_OK) {
			assert_int_equal(size, 8 + cases[i].view.len);
			assert_int_equal(len, size);
		}
	}
}

/* The 40 bytes before the frame count into what a message can carry. */
static void the_longest_cb_frame(void **state)
{
	static uint8_t lots[SAP_MAX_PAYLOAD];
	struct sap_message m = {.type = SAP_CB_DATA_PACKET};
	uint32_t size;

	(void)state;
	m.cb_data_packet.frame = (struct sap_view){lots, SAP_MAX_PAYLOAD - 40};
	assert_status(sap_message_size(&m, &size), SAP_OK);
	assert_int_equal(size, 8 + SAP_MAX_PAYLOAD);
	m.cb_data_packet.frame.len++;
	assert_status(sap_message_size(&m, &size), SAP_BAD_VALUE);
}

/*
 * data_len that lies: the frame is never more than what came, and never more than data_len; and one that
 * says it is shorter than an Ethernet header is none (hazard 4), however much came.
 */
static void data_len_is_not_believed(void **state)
{
	static const struct {
		uint32_t data_len;
		uint32_t frame;
	} cases[] = {{0, 0}, {1, 0}, {13, 0}, {14, 14}, {16, 16}, {17, 17}, {18, 17}, {0xffffffff, 17}};

	(void)state;
	for (uint32_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		uint8_t bytes[MOST] = {0xd1, 0x07, 57};
		struct sap_message m;

		bytes[8 + 36] = (uint8_t)cases[i].data_len;
		bytes[8 + 39] = (uint8_t)(cases[i].data_len >> 24);
		bytes[8 + 37] = bytes[8 + 38] = bytes[8 + 39];
		if (!cases[i].frame) {
			assert_status(sap_message_decode(bytes, 8 + 57, &m), SAP_TOO_SHORT);
			assert_int_equal(m.opaque.len, 57);
			continue;
		}
		assert_status(sap_message_decode(bytes, 8 + 57, &m), SAP_OK);
		assert_int_equal(m.cb_data_packet.data_len, cases[i].data_len);
		assert_int_equal(m.cb_data_packet.frame.len, cases[i].frame);
		assert_ptr_equal(m.cb_data_packet.frame.bytes, bytes + 8 + 40);
	}
}

/* Two values of the same bytes compare equal: nothing of what the memory held before is left in them. */
static void values_have_no_leftovers(void **state)
{
	(void)state;
	for (uint32_t i = 0; i < VECTORS; i++) {
		uint8_t bytes[MOST];
		uint32_t n = by_hand(vectors[i].type, vectors[i].payload, bytes);
		struct sap_message a;
		struct sap_message b;

		memset(&a, 0x00, sizeof(a));
		memset(&b, 0xff, sizeof(b));
		assert_status(sap_message_decode(bytes, n, &a), SAP_OK);
		assert_status(sap_message_decode(bytes, n, &b), SAP_OK);
		assert_memory_equal(&a, &b, sizeof(a));
	}
}

static void null_arguments(void **state)
{
	uint8_t bytes[8] = {1};
	struct sap_message m = {.type = SAP_PING};
	uint32_t len;

	(void)state;
	assert_status(sap_message_decode(NULL, 8, &m), SAP_INVALID);
	assert_status(sap_message_decode(bytes, 8, NULL), SAP_INVALID);
	assert_status(sap_message_size(NULL, &len), SAP_INVALID);
	assert_status(sap_message_size(&m, NULL), SAP_INVALID);
	assert_status(sap_message_encode(NULL, bytes, 8, &len), SAP_INVALID);
	assert_status(sap_message_encode(&m, NULL, 8, &len), SAP_INVALID);
	assert_status(sap_message_encode(&m, bytes, 8, NULL), SAP_INVALID);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_vector_decodes_and_encodes),
		cmocka_unit_test(every_message_has_a_vector),
		cmocka_unit_test(cut_messages_are_refused),
		cmocka_unit_test(short_payloads_are_reported),
		cmocka_unit_test(long_payloads_are_taken),
		cmocka_unit_test(reserved_bytes_are_not_kept),
		cmocka_unit_test(unknown_types_are_carried),
		cmocka_unit_test(encode_writes_nothing_if_it_does_not_fit),
		cmocka_unit_test(views_are_checked),
		cmocka_unit_test(the_longest_cb_frame),
		cmocka_unit_test(data_len_is_not_believed),
		cmocka_unit_test(values_have_no_leftovers),
		cmocka_unit_test(null_arguments),
	};

	return cmocka_run_group_tests_name("message", tests, NULL, NULL);
}
