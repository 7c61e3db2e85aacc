// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
#include "firmware_settings.h"

#include <stddef.h>
#include <string.h>

#include <sap/mei/fields.h>

/* clang-format off */
#define AT(member)   offsetof(struct firmware_settings, member), sizeof(((struct firmware_settings *)0)->member)
#define UP_TO(n)     0, (n), 0, NULL
#define RANGE(a, b)  (a), (b), 0, NULL
#define ANY          0, UINT32_MAX, 0, NULL
#define NAMES(c, f)  0, 0, SAP_AMTHI_##c, (f)
#define FEATURE(n)   AT(amthi.features[SAP_AMT_FEATURE_##n])
#define WIRED(m)     AT(amthi.lan[SAP_AMT_INTERFACE_WIRED].m)
#define WIRELESS(m)  AT(amthi.lan[SAP_AMT_INTERFACE_WIRELESS].m)
#define CLIENT(c, m) AT(client[FIRMWARE_##c].m)
#define SECURE(m)    AT(amthi.security.m), ANY
#define LAN          NAMES(LAN_INTERFACE_SETTINGS, "dhcp_mode")

enum { NAME_LONGEST = 255 };

static const struct firmware_key keys[] = {
	{"amt.enabled", FIRMWARE_BOOL, AT(amt), ANY, "AMT is on; otherwise it answers each question by an empty message"},
	{"amt.bios", FIRMWARE_TEXT, AT(amthi.bios), UP_TO(SAP_AMTHI_BIOS_SIZE - 1), "the BIOS's version"},
	{"amt.versions", FIRMWARE_VERSIONS, AT(versions), UP_TO(SAP_AMTHI_VERSIONS), "versions of AMT's parts, in this order"},
	{"amt.provisioning_state", FIRMWARE_NAME, AT(amthi.provisioning_state), NAMES(PROVISIONING_STATE, "state"), "how far AMT is provisioned"},
	{"amt.provisioning_mode", FIRMWARE_NAME, AT(amthi.provisioning_mode.mode), NAMES(PROVISIONING_MODE, "mode"), "how"},
	{"amt.provisioning_legacy", FIRMWARE_BOOL, AT(amthi.provisioning_mode.legacy), ANY, "by an older way"},
	{"amt.control_mode", FIRMWARE_NAME, AT(amthi.control_mode), NAMES(GET_CONTROL_MODE, "mode"), "who controls AMT"},
	{"amt.uuid", FIRMWARE_UUID, AT(amthi.uuid), ANY, "the machine's"},
	{"amt.mac_addresses.dedicated", FIRMWARE_MAC, AT(amthi.mac_addresses.dedicated), ANY, "AMT's own address"},
	{"amt.mac_addresses.host", FIRMWARE_MAC, AT(amthi.mac_addresses.host), ANY, "the host's"},
	{"amt.wired_lan.enabled", FIRMWARE_BOOL, WIRED(enabled), ANY, "AMT uses Ethernet"},
	{"amt.wired_lan.link", FIRMWARE_BOOL, WIRED(link), ANY, "its link is up"},
	{"amt.wired_lan.ipv4", FIRMWARE_IPV4, WIRED(ipv4), ANY, "its address"},
	{"amt.wired_lan.dhcp", FIRMWARE_BOOL, WIRED(dhcp), ANY, "which came by DHCP"},
	{"amt.wired_lan.dhcp_mode", FIRMWARE_NAME, WIRED(dhcp_mode), LAN, "who asks for it"},
	{"amt.wired_lan.mac", FIRMWARE_MAC, WIRED(mac), ANY, "its MAC address"},
	{"amt.wireless_lan.enabled", FIRMWARE_BOOL, WIRELESS(enabled), ANY, "AMT uses WLAN"},
	{"amt.wireless_lan.link", FIRMWARE_BOOL, WIRELESS(link), ANY, "its link is up"},
	{"amt.wireless_lan.ipv4", FIRMWARE_IPV4, WIRELESS(ipv4), ANY, "its address"},
	{"amt.wireless_lan.dhcp", FIRMWARE_BOOL, WIRELESS(dhcp), ANY, "which came by DHCP"},
	{"amt.wireless_lan.dhcp_mode", FIRMWARE_NAME, WIRELESS(dhcp_mode), LAN, "who asks for it"},
	{"amt.wireless_lan.mac", FIRMWARE_MAC, WIRELESS(mac), ANY, "its MAC address"},
	{"amt.dns_suffix", FIRMWARE_TEXT, AT(amthi.dns_suffix), UP_TO(NAME_LONGEST), "the suffix that provisioning trusts"},
	{"amt.fqdn.name", FIRMWARE_TEXT, AT(amthi.fqdn_name), UP_TO(NAME_LONGEST), "AMT's name; the host's part ends at the first dot"},
	{"amt.fqdn.shared", FIRMWARE_BOOL, AT(amthi.fqdn.shared), ANY, "AMT and the host share it"},
	{"amt.fqdn.ddns", FIRMWARE_BOOL, AT(amthi.fqdn.ddns), ANY, "AMT updates DNS"},
	{"amt.fqdn.period_min", FIRMWARE_NUMBER, AT(amthi.fqdn.period), ANY, "how often, in minutes"},
	{"amt.fqdn.ttl_s", FIRMWARE_NUMBER, AT(amthi.fqdn.ttl), ANY, "for how long, in seconds"},
	{"amt.features.redirection", FIRMWARE_NUMBER, FEATURE(REDIRECTION), ANY, "not 0: an IDE redirection is active"},
	{"amt.features.system_defense", FIRMWARE_NUMBER, FEATURE(SYSTEM_DEFENSE), ANY, "not 0: filters of the network are"},
	{"amt.features.web_ui", FIRMWARE_NUMBER, FEATURE(WEB_UI), ANY, "not 0: the web page is"},
	{"amt.features.eac", FIRMWARE_NUMBER, FEATURE(EAC), ANY, "not 0: endpoint access control is"},
	{"amt.features.kvm", FIRMWARE_NUMBER, FEATURE(KVM), ANY, "bit 0: a session; bit 1: it waits for consent"},
	{"amt.power_policy", FIRMWARE_TEXT, AT(amthi.power_policy), UP_TO(NAME_LONGEST), "the power policy's name"},
	{"amt.redirection", FIRMWARE_FLAGS, AT(amthi.redirection), NAMES(REDIRECTION_STATE, "flags"), "redirections that are enabled"},
	{"amt.user_interfaces", FIRMWARE_FLAGS, AT(amthi.user_interfaces), NAMES(USER_INITIATED_INTERFACES, "flags"), "from where a user may open a tunnel"},
	{"amt.security.enterprise_mode", FIRMWARE_BOOL, SECURE(enterprise_mode), "provisioned by a server"},
	{"amt.security.tls", FIRMWARE_BOOL, SECURE(tls), "TLS is enabled"},
	{"amt.security.hw_crypto", FIRMWARE_BOOL, SECURE(hw_crypto), "cryptography is there"},
	{"amt.security.network_interface", FIRMWARE_BOOL, SECURE(network_interface), "the network is enabled"},
	{"amt.security.sol", FIRMWARE_BOOL, SECURE(sol), "serial over LAN is"},
	{"amt.security.ider", FIRMWARE_BOOL, SECURE(ider), "IDE redirection is"},
	{"amt.security.fw_update", FIRMWARE_BOOL, SECURE(fw_update), "firmware update is"},
	{"amt.security.link", FIRMWARE_BOOL, SECURE(link), "the link is up"},
	{"amt.security.kvm", FIRMWARE_BOOL, SECURE(kvm), "KVM is enabled"},
	{"amt.remote_access.network", FIRMWARE_NAME, AT(amthi.remote_access.network), NAMES(REMOTE_ACCESS_STATUS, "network"), "where AMT is"},
	{"amt.remote_access.state", FIRMWARE_NUMBER, AT(amthi.remote_access.state), UP_TO(2), "of its tunnel"},
	{"amt.remote_access.trigger", FIRMWARE_NUMBER, AT(amthi.remote_access.trigger), ANY, "what opened it"},
	{"amt.remote_access.server", FIRMWARE_TEXT, AT(amthi.remote_access_server), UP_TO(NAME_LONGEST), "the host at its other end"},
	{"amt.config_server.name", FIRMWARE_TEXT, AT(amthi.config_server_name), UP_TO(NAME_LONGEST), "the provisioning server"},
	{"amt.config_server.address", FIRMWARE_ADDRESS, AT(amthi.config_server.address), UP_TO(SAP_AMTHI_ADDRESS_SIZE - 1), "its address, IPv4 or IPv6"},
	{"amt.config_server.port", FIRMWARE_NUMBER, AT(amthi.config_server.port), UP_TO(65535), "its port"},
	{"amt.reset_reason.reason", FIRMWARE_NUMBER, AT(amthi.reset_reason.reason), ANY, "why the host was reset last"},
	{"amt.reset_reason.timestamp", FIRMWARE_NUMBER, AT(amthi.reset_reason.timestamp), ANY, "and when"},
	{"amt.rng_seed_status", FIRMWARE_NUMBER, AT(amthi.rng_seed_status), ANY, "whether random numbers can be made"},
	{"amt.zero_touch", FIRMWARE_BOOL, AT(amthi.zero_touch), ANY, "it provisions by itself"},
	{"amt.ehbc", FIRMWARE_BOOL, AT(amthi.ehbc), ANY, "embedded host based configuration is on"},

	{"firmware.versions", FIRMWARE_BLOCKS, AT(mkhi.fw), RANGE(1, SAP_MKHI_FW_BLOCKS), "what MKHI says: [platform:]major.minor.hotfix.build, of what runs first"},
	{"firmware.status", FIRMWARE_WORDS, AT(status), UP_TO(SAP_VMEI_STATUS), "the status registers that sysfs shows; those not named are 0"},

	{"bus.hbm", FIRMWARE_HBM, AT(major), ANY, "the newest HBM that the firmware speaks"},
	{"bus.tags", FIRMWARE_BOOL, AT(tags), ANY, "grants the capability of tags, since HBM 2.2"},
	{"bus.client_dma", FIRMWARE_BOOL, AT(client_dma), ANY, "grants client DMA, since HBM 2.2; without it there is no SAP"},
	{"bus.dma_sizes", FIRMWARE_SIZES, AT(dma_sizes), UP_TO(SAP_ME_DMA_SIZES), "bytes of memory that are accepted, multiples of 4096"},
	{"bus.handover_ms", FIRMWARE_NUMBER, AT(handover_ms), ANY, "how long a connection or memory may wait for its last user, in ms"},
	{"bus.leave_ms", FIRMWARE_NUMBER, AT(leave_ms), ANY, "how long the host has to answer a disconnect, in ms"},

	{"clients.wlan.present", FIRMWARE_BOOL, CLIENT(WLAN, present), ANY, "the client of SAP is there from the start"},
	{"clients.wlan.connections", FIRMWARE_NUMBER, CLIENT(WLAN, connections), RANGE(1, 8), "at a time; the first alone is served"},
	{"clients.wlan.longest", FIRMWARE_NUMBER, CLIENT(WLAN, longest), RANGE(88, 65536), "message, in bytes"},
	{"clients.amthi.present", FIRMWARE_BOOL, CLIENT(AMTHI, present), ANY, "so is AMT's"},
	{"clients.amthi.connections", FIRMWARE_NUMBER, CLIENT(AMTHI, connections), RANGE(1, 16), "at a time"},
	{"clients.amthi.longest", FIRMWARE_NUMBER, CLIENT(AMTHI, longest), RANGE(512, 65536), "message, in bytes"},
	{"clients.mkhi.present", FIRMWARE_BOOL, CLIENT(MKHI, present), ANY, "so is the firmware's own"},
	{"clients.mkhi.connections", FIRMWARE_NUMBER, CLIENT(MKHI, connections), RANGE(1, 16), "at a time"},
	{"clients.mkhi.longest", FIRMWARE_NUMBER, CLIENT(MKHI, longest), RANGE(64, 65536), "message, in bytes"},
	{"clients.mkhi_fixed.present", FIRMWARE_BOOL, CLIENT(MKHI_FIXED, present), ANY, "so is that of a fixed address, which Linux asks for fw_ver"},
	{"clients.mkhi_fixed.longest", FIRMWARE_NUMBER, CLIENT(MKHI_FIXED, longest), RANGE(64, 65536), "message, in bytes"},
	{"clients.echo.present", FIRMWARE_BOOL, CLIENT(ECHO, present), ANY, "so is a client that answers with what it was sent"},
	{"clients.echo.connections", FIRMWARE_NUMBER, CLIENT(ECHO, connections), RANGE(1, 16), "at a time"},
	{"clients.echo.longest", FIRMWARE_NUMBER, CLIENT(ECHO, longest), RANGE(1, 65536), "message, in bytes"},
};
/* clang-format on */

const struct firmware_key *firmware_key_at(uint32_t index)
{
	return index < sizeof(keys) / sizeof(keys[0]) ? &keys[index] : NULL;
}

const struct sap_names *firmware_key_names(const struct firmware_key *key)
{
	const struct sap_message_info *info =
		key->field ? sap_amthi_info(key->command | SAP_AMTHI_RESPONSE) : NULL;

	for (uint32_t i = 0; info && i < info->n_fields; i++) {
		if (strcmp(info->fields[i].name, key->field) == 0)
			return info->fields[i].names;
	}
	return NULL;
}

const char *firmware_client_name(uint32_t client)
{
	static const char *const names[] = {"WLAN", "AMTHI", "MKHI", "MKHI_FIXED", "ECHO"};

	return client < FIRMWARE_CLIENTS ? names[client] : "?";
}

/* --- defaults --- */

static struct sap_mac mac(uint8_t last)
{
	return (struct sap_mac){{2, 0, 0, 0, 0, last}};
}

static void amt_default(struct firmware_settings *s)
{
	struct sap_amthi_settings *a = &s->amthi;

	s->amt = true;
	s->versions[0] = (struct sap_amthi_setting_version){"Flash", "16.1.25"};
	s->versions[1] = (struct sap_amthi_setting_version){"AMT", "16.1.25"};
	s->versions[2] = (struct sap_amthi_setting_version){"Sku", "16392"};
	a->bios = "LIBSAP.01";
	a->provisioning_state = SAP_AMT_PROVISIONING_POST;
	a->provisioning_mode.mode = SAP_AMT_MODE_ENTERPRISE;
	a->control_mode = SAP_AMT_CONTROL_ADMIN;
	/* It can be parsed: a constant. */
	(void)!sap_guid_parse("00112233-4455-6677-8899-aabbccddeeff", &a->uuid);
	a->mac_addresses.dedicated = mac(1);
	a->mac_addresses.host = mac(2);
	a->lan[0] = (struct sap_amthi_lan){.enabled = 0,
					   .dhcp = 1,
					   .dhcp_mode = SAP_AMT_DHCP_ACTIVE,
					   .mac = mac(3)};
	/* 192.0.2.2 */
	a->lan[1] = (struct sap_amthi_lan){1, 0xc0000202, 1, SAP_AMT_DHCP_PASSIVE, 1, mac(4)};
	a->dns_suffix = "example.com";
	a->fqdn_name = "laptop.example.com";
	a->fqdn.shared = 1;
	a->fqdn.period = 1440;
	a->fqdn.ttl = 900;
	a->power_policy = "";
	a->remote_access_server = a->config_server_name = "";
	a->remote_access.network = SAP_AMT_NETWORK_DIRECT;
	a->features[SAP_AMT_FEATURE_WEB_UI] = 1;
	a->redirection = SAP_AMT_REDIRECT_SOL | SAP_AMT_REDIRECT_IDER | SAP_AMT_REDIRECT_KVM;
	a->user_interfaces = SAP_AMT_USER_BIOS | SAP_AMT_USER_AGENT;
	a->security.enterprise_mode = a->security.hw_crypto = a->security.network_interface = 1;
	a->security.sol = a->security.ider = a->security.kvm = a->security.link = 1;
	a->state.link = a->state.crypto = 1;
}

void firmware_settings_default(struct firmware_settings *s)
{
	struct sap_me_bus_config bus;

	memset(s, 0, sizeof(*s));
	amt_default(s);
	s->mkhi.fw[0] = (struct sap_mkhi_fw_block){.major = 16, .minor = 1, .hotfix = 25, .build = 1865};
	s->mkhi.n_fw = 1;
	s->mkhi.boot_state.flags = SAP_MKHI_BOOT_EOP | SAP_MKHI_BOOT_CBD;
	s->status[0] = 0x90000255;
	sap_me_bus_config_default(&bus);
	s->major = bus.major;
	s->minor = bus.minor;
	s->tags = s->client_dma = true;
	memcpy(s->dma_sizes, bus.dma_sizes, sizeof(s->dma_sizes));
	s->handover_ms = bus.handover_ms;
	s->leave_ms = bus.leave_ms;
	s->client[FIRMWARE_WLAN] = (struct firmware_client_settings){true, 1, 512};
	s->client[FIRMWARE_AMTHI] = (struct firmware_client_settings){true, 8, 5120};
	s->client[FIRMWARE_MKHI] = (struct firmware_client_settings){true, 2, 2048};
	s->client[FIRMWARE_MKHI_FIXED] = (struct firmware_client_settings){true, 0, 512};
	s->client[FIRMWARE_ECHO] = (struct firmware_client_settings){false, 2, 5120};
}

void firmware_settings_free(struct firmware_settings *s)
{
	json_decref(s->root);
	s->root = NULL;
}
