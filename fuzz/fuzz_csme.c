// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
/* CSME's engine against a hostile host, in the same way as fuzz_host.c. */
#include "rig.h"

static struct sap_csme csme;

static void op_call(struct rig *r, struct input *in)
{
	static uint8_t payload[SAP_CSME_FILTERS_SIZE];
	struct sap_csme_conn_status conn = {0};
	uint32_t call = take_u8(in) % 18;
	uint32_t value = take_u8(in);
	uint64_t now = r->now;

	switch (call) {
	case 0:
		r->starts += sap_csme_start(&csme, now) == SAP_OK;
		break;
	case 1:
		(void)!sap_csme_stop(&csme, now);
		break;
	case 2:
	case 3:
		(void)!sap_csme_set_amt(&csme, value % 4, now);
		break;
	case 4:
		conn.link_prot_state = value & 1;
		conn.conn.ssid_len = value / 2;
		(void)!sap_csme_set_conn(&csme, &conn, now);
		break;
	case 5:
		sap_csme_set_policy(&csme, (enum sap_csme_policy)(value % 4));
		break;
	case 6:
		sap_csme_set_session(&csme, value & 1);
		break;
	case 7:
		sap_csme_set_nvm(&csme, payload);
		break;
	case 8:
		sap_csme_set_filters(&csme, payload, now);
		break;
	case 9:
		sap_csme_set_pldr_fails(&csme, value & 1);
		break;
	case 10:
	case 11:
		(void)!sap_csme_answer(&csme, value & 1, now);
		break;
	case 12:
		(void)!sap_csme_take(&csme, now);
		break;
	case 13:
		(void)!sap_csme_take_by_force(&csme, now);
		break;
	case 14:
		(void)!sap_csme_can_release(&csme, now);
		break;
	case 15:
		(void)!sap_csme_register_request(&csme, now);
		break;
	case 16:
		(void)!sap_csme_ip_refresh(&csme, now);
		break;
	default:
		(void)!sap_csme_ping(&csme, now);
		break;
	}
}

/* What the host says, the honest ones first. */
static uint32_t take_type(struct input *in)
{
	static const uint16_t types[] = {SAP_WIFIDR_UP,
					 SAP_WHO_OWNS_NIC,
					 SAP_HOST_ASKS_FOR_NIC_OWNERSHIP,
					 SAP_HOST_OWNERSHIP_CONFIRMED,
					 SAP_CSME_OWNERSHIP_CONFIRMED,
					 SAP_WIFIDR_DOWN,
					 SAP_HOST_LINK_UP,
					 SAP_HOST_LINK_DOWN,
					 SAP_PING,
					 SAP_PONG,
					 SAP_GET_NVM,
					 SAP_PLDR,
					 SAP_PLDR_END,
					 SAP_RADIO_STATE,
					 SAP_COUNTRY_CODE,
					 SAP_SAR_LIMITS,
					 SAP_NIC_INFO,
					 SAP_HOST_SUSPENDS,
					 SAP_HOST_RESUMES,
					 SAP_HOST_GOES_DOWN,
					 SAP_BAND_SELECTION};
	uint32_t n = take_u8(in);

	return n < 240 ? types[n % (sizeof(types) / sizeof(types[0]))] : take_u16(in);
}

static void op(struct rig *r, struct input *in)
{
	switch (take_u8(in) % 16) {
	case 0:
	case 1:
	case 2:
		op_io(r, in);
		break;
	case 3:
		op_hold(r);
		break;
	case 4:
		op_answer_held(r, in);
		break;
	case 5:
		op_me(r, in, SAP_ME_START);
		break;
	case 6:
	case 7:
		op_me(r, in, SAP_ME_CHECK_SHARED_AREA);
		break;
	case 8:
		op_me(r, in, 0);
		break;
	case 9:
		op_notify(r, in, take_type(in));
		break;
	case 10:
		op_scribble(r, in);
		break;
	case 11:
		r->now += take_u8(in);
		rig_tick(r);
		break;
	case 12:
		r->now += take_u16(in);
		rig_tick(r);
		break;
	case 13:
		sap_csme_closed(&csme, take_status(in), r->now - take_u8(in));
		break;
	case 14:
		while (rig_event(r) && take_u8(in) % 8)
			;
		break;
	default:
		op_call(r, in);
		break;
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct input in = {data, size};
	struct rig r = {.csme = &csme, .now = 1000};
	struct sap_csme_config config;
	uint32_t sizes[SAP_QUEUES];

	for (uint32_t q = 0; q < SAP_QUEUES; q++)
		sizes[q] = 9u + 8u * take_u8(&in);
	MUST(sap_layout_make(&r.layout, SAP_PROTOCOL_4, sizes) == SAP_OK);
	sap_csme_config_default(&config);
	config.link.layouts[0] = &r.layout;
	config.link.layouts[1] = NULL;
	config.link.throttle_ms = take_u8(&in);
	config.keep_ms = take_u16(&in);
	MUST(sap_csme_init(&csme, sizeof(csme), &config, r.now) == SAP_OK);
	MUST(sap_csme_start(&csme, r.now) == SAP_OK);
	r.starts = 1;
	for (uint32_t n = 0; n < MOST_OPS && in.left; n++) {
		op(&r, &in);
		check(&r);
	}
	finish(&r);
	return 0;
}
