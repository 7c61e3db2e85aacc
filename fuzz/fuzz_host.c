// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
/*
 * The host's engine against a hostile CSME: ME messages, notifications and scribbling in the area, results
 * of I/O good, bad and late, a clock that jumps, and calls of the embedder, as the input says.
 */
#include "rig.h"

static struct sap_host host;

static void op_call(struct rig *r, struct input *in)
{
	struct sap_host_link_up up = {0};
	struct sap_host_link_down down = {.type = 1};
	struct sap_country_code country = {.mcc = 0x5553};
	struct sap_sar_limits sar = {0};
	struct sap_nic_info info = {0};
	uint64_t now = r->now;

	switch (take_u8(in) % 20) {
	case 0:
		r->starts += sap_host_start(&host, now) == SAP_OK;
		break;
	case 1:
		(void)!sap_host_stop(&host, now);
		break;
	case 2:
		(void)!sap_host_own(&host, now);
		break;
	case 3:
		sap_host_disown(&host, now);
		break;
	case 4:
		(void)!sap_host_driver_up(&host, now);
		break;
	case 5:
		(void)!sap_host_driver_down(&host, now);
		break;
	case 6:
		(void)!sap_host_device_up(&host, now);
		break;
	case 7:
		(void)!sap_host_device_down(&host, now);
		break;
	case 8:
		up.conn.ssid_len = take_u8(in);
		(void)!sap_host_link_up(&host, &up, now);
		break;
	case 9:
		sap_host_link_down(&host, &down, now);
		break;
	case 10:
		sap_host_set_country(&host, &country, now);
		break;
	case 11:
		sap_host_set_sar(&host, &sar, now);
		break;
	case 12:
		sap_host_set_nic_info(&host, &info, now);
		break;
	case 13:
		sap_host_set_radio(&host, take_u8(in), now);
		break;
	case 14:
		(void)!sap_host_get_nvm(&host, now);
		break;
	case 15:
		(void)!sap_host_pldr(&host, now);
		break;
	case 16:
		(void)!sap_host_pldr_end(&host, SAP_PLDR_SUCCESS, now);
		break;
	case 17:
		(void)!sap_host_ping(&host, now);
		break;
	case 18:
		(void)!sap_host_suspend(&host, take_u8(in), now);
		break;
	default:
		(void)!sap_host_resume(&host, now);
		break;
	}
}

/* What CSME says, the honest ones first. */
static uint32_t take_type(struct input *in)
{
	static const uint16_t types[] = {SAP_AMT_STATE,
					 SAP_NIC_OWNER,
					 SAP_CSME_REPLY_TO_HOST_OWNERSHIP_REQ,
					 SAP_CSME_TAKING_OWNERSHIP,
					 SAP_CSME_CAN_RELEASE_OWNERSHIP,
					 SAP_CSME_CONN_STATUS,
					 SAP_PING,
					 SAP_PONG,
					 SAP_NVM,
					 SAP_CSME_FILTERS,
					 SAP_PLDR_ACK,
					 SAP_TRIGGER_IP_REFRESH,
					 SAP_WHO_OWNS_NIC};
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
		op_me(r, in, SAP_ME_START_OK);
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
		sap_host_closed(&host, take_status(in), r->now - take_u8(in));
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
	struct rig r = {.host = &host, .now = 1000};
	struct sap_host_config config;
	uint32_t sizes[SAP_QUEUES];

	for (uint32_t q = 0; q < SAP_QUEUES; q++)
		sizes[q] = 9u + 8u * take_u8(&in);
	MUST(sap_layout_make(&r.layout, SAP_PROTOCOL_4, sizes) == SAP_OK);
	sap_host_config_default(&config);
	config.link.layouts[0] = &r.layout;
	config.link.layouts[1] = NULL;
	config.link.throttle_ms = take_u8(&in);
	config.probe = take_u8(&in) % 4 == 1;
	MUST(sap_host_init(&host, sizeof(host), &config, r.now) == SAP_OK);
	MUST(sap_host_start(&host, r.now) == SAP_OK);
	r.starts = 1;
	for (uint32_t n = 0; n < MOST_OPS && in.left; n++) {
		op(&r, &in);
		check(&r);
	}
	finish(&r);
	return 0;
}
