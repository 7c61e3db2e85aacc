// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
#include "roles.h"

#include <stdio.h>
#include <string.h>

/* The connection that arguments describe: ssid, bssid, channel, auth, cipher, band, as in the table. */
static struct sap_conn_info conn_of(const struct sim_value *arg)
{
	struct sap_conn_info conn;

	memset(&conn, 0, sizeof(conn));
	conn.ssid_len = (uint32_t)arg[0].number;
	memcpy(conn.ssid, arg[0].text, conn.ssid_len);
	conn.bssid = arg[1].mac;
	conn.channel = (uint8_t)arg[2].number;
	conn.auth_mode = (uint32_t)arg[3].number;
	conn.pairwise_cipher = (uint32_t)arg[4].number;
	conn.band = (uint8_t)arg[5].number;
	return conn;
}

/* --- the host --- */

static enum sap_status host_link(const struct sim_ground *ground, const struct sim_command *command,
				 uint64_t now)
{
	const struct sim_value *arg = command->arg;
	struct sap_host_link_down down;
	struct sap_host_link_up up;

	memset(&up, 0, sizeof(up));
	memset(&down, 0, sizeof(down));
	if (command->verb->id == SIM_HOST_LINK_UP) {
		up.conn = conn_of(arg);
		return sap_host_link_up(ground->host, &up, now);
	}
	down.type = (uint8_t)arg[0].number;
	down.reason_valid = arg[1].given;
	down.reason = (uint32_t)arg[1].number;
	sap_host_link_down(ground->host, &down, now);
	return SAP_OK;
}

/* What CSME is told and the engine keeps: none of it can be refused. */
static enum sap_status host_tell(const struct sim_ground *ground, const struct sim_command *command,
				 uint64_t now)
{
	const struct sim_value *arg = command->arg;
	struct sap_country_code country;
	struct sap_nic_info nic;
	struct sap_sar_limits sar;

	memset(&country, 0, sizeof(country));
	switch (command->verb->id) {
	case SIM_HOST_COUNTRY:
		country.mcc = (uint16_t)arg[0].number;
		sap_host_set_country(ground->host, &country, now);
		break;
	case SIM_HOST_SAR:
		memcpy(sar.limits, arg[0].limits, sizeof(sar.limits));
		sap_host_set_sar(ground->host, &sar, now);
		break;
	case SIM_HOST_NIC_INFO:
		nic = (struct sap_nic_info){arg[0].mac, arg[1].given ? arg[1].mac : arg[0].mac};
		sap_host_set_nic_info(ground->host, &nic, now);
		break;
	default:
		sap_host_set_radio(ground->host, (uint32_t)arg[0].number, now);
		break;
	}
	return SAP_OK;
}

static enum sap_status host_driver(struct sim_driver *driver, const struct sim_ground *ground,
				   const struct sim_command *command, uint64_t now)
{
	const struct sim_value *arg = command->arg;

	switch (command->verb->id) {
	case SIM_HOST_DRIVER_UP:
	case SIM_HOST_DRIVER_DOWN:
		return sim_driver_set_there(driver, ground, command->verb->id == SIM_HOST_DRIVER_UP, now);
	case SIM_HOST_DEVICE_UP:
	case SIM_HOST_DEVICE_DOWN:
		return sim_driver_set_device(driver, ground, command->verb->id == SIM_HOST_DEVICE_UP, now);
	case SIM_HOST_PROFILE:
		driver->has_profile = true;
		driver->profile = conn_of(arg);
		return SAP_OK;
	case SIM_HOST_REACTS:
		driver->reacts = arg[0].number;
		return SAP_OK;
	default:
		if (arg[0].given)
			driver->leave_ms = arg[0].number;
		if (arg[1].given)
			driver->join_ms = arg[1].number;
		if (arg[2].given)
			driver->address_ms = arg[2].number;
		return SAP_OK;
	}
}

enum sap_status sim_host_do(struct sim_driver *driver, const struct sim_ground *ground,
			    const struct sim_command *command, uint64_t now)
{
	switch (command->verb->id) {
	case SIM_HOST_UP:
		return sim_driver_up(driver, ground, now);
	case SIM_HOST_DOWN:
		return sim_driver_down(driver, ground, now);
	case SIM_HOST_OWN:
		return sim_driver_own(driver, ground, now);
	case SIM_HOST_DISOWN:
		driver->wants = false;
		sap_host_disown(ground->host, now);
		return SAP_OK;
	case SIM_HOST_DOOR:
		return sim_driver_door(driver, ground, now);
	case SIM_HOST_DRIVER_UP:
	case SIM_HOST_DRIVER_DOWN:
	case SIM_HOST_DEVICE_UP:
	case SIM_HOST_DEVICE_DOWN:
	case SIM_HOST_PROFILE:
	case SIM_HOST_REACTS:
	case SIM_HOST_TAKES:
		return host_driver(driver, ground, command, now);
	case SIM_HOST_LINK_UP:
	case SIM_HOST_LINK_DOWN:
		return host_link(ground, command, now);
	case SIM_HOST_COUNTRY:
	case SIM_HOST_SAR:
	case SIM_HOST_NIC_INFO:
	case SIM_HOST_RADIO:
		return host_tell(ground, command, now);
	case SIM_HOST_NVM:
		return sap_host_get_nvm(ground->host, now);
	case SIM_HOST_PLDR:
		return sap_host_pldr(ground->host, now);
	case SIM_HOST_PLDR_END:
		return sap_host_pldr_end(ground->host, (enum sap_pldr_status)command->arg[0].number, now);
	case SIM_HOST_PING:
		return sap_host_ping(ground->host, now);
	case SIM_HOST_SUSPEND:
		return sap_host_suspend(ground->host, (uint32_t)command->arg[0].number, now);
	case SIM_HOST_RESUME:
		return sap_host_resume(ground->host, now);
	case SIM_HOST_NET: /* only a process can have one */
		return SAP_UNSUPPORTED;
	default:
		return SAP_INVALID;
	}
}

/* --- CSME --- */

void sim_command_load(struct sim_command *command, uint8_t content[SIM_MOST_CONTENT])
{
	FILE *file;

	if (command->verb->id != SIM_CSME_FILTERS || command->content.bytes)
		return;
	file = fopen(command->arg[0].text, "rb");
	if (!file)
		return;
	command->content.bytes = content;
	command->content.len = (uint32_t)fread(content, 1, SIM_MOST_CONTENT, file);
	fclose(file);
}

static enum sap_status csme_filters(struct sap_csme *csme, const struct sap_view *content, uint64_t now)
{
	if (content->len != SAP_CSME_FILTERS_SIZE)
		return SAP_IO;
	sap_csme_set_filters(csme, content->bytes, now);
	return SAP_OK;
}

static enum sap_status csme_nvm(struct sap_csme *csme, const struct sim_value *arg)
{
	uint8_t payload[SAP_NVM_SIZE];
	struct sap_nvm nvm;
	enum sap_status status;

	memset(&nvm, 0, sizeof(nvm));
	nvm.hw_addr = arg[0].mac;
	nvm.n_hw_addrs = arg[1].given ? (uint8_t)arg[1].number : 1;
	nvm.nvm_version = (uint32_t)arg[2].number;
	status = sap_nvm_encode(&nvm, payload, sizeof(payload));
	if (status == SAP_OK)
		sap_csme_set_nvm(csme, payload);
	return status;
}

/* Where CSME is connected, and whether that must be kept. */
static enum sap_status csme_conn(struct sim_firmware *firmware, struct sap_csme *csme, struct sim_nic *nic,
				 const struct sim_command *command, uint64_t now)
{
	struct sap_csme_conn_status status;
	struct sap_conn_info conn;

	if (command->verb->id == SIM_CSME_CONN) {
		conn = conn_of(command->arg);
		sim_firmware_join(firmware, nic, &conn, now);
	} else {
		firmware->protect = command->arg[0].number;
	}
	memset(&status, 0, sizeof(status));
	status.link_prot_state = firmware->protect;
	status.conn = firmware->conn;
	return sap_csme_set_conn(csme, &status, now);
}

/* Waits for hosts, again and again; or does not any more. */
static enum sap_status csme_run(struct sim_firmware *firmware, struct sap_csme *csme, bool on, uint64_t now)
{
	bool rested = firmware->start_at != SIM_NEVER;

	firmware->runs = on;
	firmware->start_at = SIM_NEVER;
	if (on)
		return sap_csme_start(csme, now);
	/* Between two hosts the engine may be down already. */
	return rested ? SAP_OK : sap_csme_stop(csme, now);
}

enum sap_status sim_csme_do(struct sim_firmware *firmware, struct sap_csme *csme, struct sim_nic *nic,
			    const struct sim_command *command, uint64_t now)
{
	const struct sim_value *arg = command->arg;

	switch (command->verb->id) {
	case SIM_CSME_START:
	case SIM_CSME_STOP:
		return csme_run(firmware, csme, command->verb->id == SIM_CSME_START, now);
	case SIM_CSME_AMT:
		return sap_csme_set_amt(csme, arg[0].number, now);
	case SIM_CSME_TAKE:
		return arg[0].given ? sap_csme_take_by_force(csme, now) : sap_csme_take(csme, now);
	case SIM_CSME_RELEASE:
		return sap_csme_can_release(csme, now);
	case SIM_CSME_POLICY:
		sap_csme_set_policy(csme, (enum sap_csme_policy)arg[0].number);
		return SAP_OK;
	case SIM_CSME_ANSWER:
		return sap_csme_answer(csme, arg[0].number, now);
	case SIM_CSME_CONN:
	case SIM_CSME_PROTECT:
		return csme_conn(firmware, csme, nic, command, now);
	case SIM_CSME_SESSION:
		sap_csme_set_session(csme, arg[0].number);
		return SAP_OK;
	case SIM_CSME_FILTERS:
		return csme_filters(csme, &command->content, now);
	case SIM_CSME_NVM:
		return csme_nvm(csme, arg);
	case SIM_CSME_PLDR:
		sap_csme_set_pldr_fails(csme, !arg[0].number);
		return SAP_OK;
	case SIM_CSME_IP_REFRESH:
		return sap_csme_ip_refresh(csme, now);
	case SIM_CSME_PING:
		return sap_csme_ping(csme, now);
	case SIM_CSME_NET:	 /* only a process can have one, */
	case SIM_CSME_BUS_RESET: /* or a bus */
	case SIM_CSME_BUS_STOP:
	case SIM_CSME_BUS_ADD:
	case SIM_CSME_BUS_REMOVE:
	case SIM_CSME_BUS_DROP:
	case SIM_CSME_BUS_NOTIFY:
		return SAP_UNSUPPORTED;
	default:
		return SAP_INVALID;
	}
}
