// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
/*
 * busfw [OPTION...] - libsap's own firmware bus on /dev/vmei, with AMTHI, MKHI and echo clients. As `firmware`, it
 * prints "online N" and does what its standard input says: reset, drop, add, event, stop, quit.
 *
 *   -v MAJOR.MINOR   the newest HBM that it knows
 *   -c BITS          capabilities that it grants
 */
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <sap/mei/bus.h>
#include <sap/mei/clients.h>
#include <sap/mei/servers.h>
#include <sap/mei/vmei.h>

enum {
	ECHO,
	AMTHI,
	MKHI,
	LATE,
	CLIENTS,
	SERVERS = 16
};

/* The GUIDs of the echo clients are those that `host` knows. */
static struct sap_me_client clients[CLIENTS] = {
	[ECHO] = {.me_addr = 0x20,
		  .properties = {.guid = {{1, 0, 0, 0xec, 0, 0, 0, 0, 0x80, 0, 'e', 'c', 'h', 'o', ' ', '1'}},
				 .protocol_version = 1,
				 .max_connections = 2,
				 .max_msg_length = 5120}},
	[AMTHI] = {.me_addr = 0x21,
		   .properties = {.protocol_version = 1,
				  .max_connections = 8,
				  .flags = SAP_HBM_CLIENT_SINGLE_RECV_BUF,
				  .max_msg_length = 4096}},
	[MKHI] = {.me_addr = 7,
		  .properties = {.protocol_version = 1, .fixed_address = 7, .max_msg_length = 512}},
	[LATE] = {.me_addr = 0x30,
		  .later = true,
		  .properties = {.guid = {{1, 0, 0, 0xec, 0, 0, 0, 0, 0x80, 0, 'e', 'c', 'h', 'o', ' ', '2'}},
				 .protocol_version = 1,
				 .max_connections = 1,
				 .max_msg_length = 5120}},
};

static const struct sap_amthi_setting_version versions[] = {{"Flash", "16.1.25"},
							    {"AMT", "16.1.25"},
							    {"Sku", "16392"}};
static const struct sap_amthi_settings amthi = {.bios = "VMEI.01", .versions = versions, .n_versions = 3};
static const struct sap_mkhi_settings mkhi = {
	.fw = {{.minor = 1, .major = 16, .platform = 0, .build = 3, .hotfix = 25}}, .n_fw = 1};

static struct sap_me_bus bus;
static struct sap_vmei vmei;
static struct sap_mei_port port;
static struct sap_mei_server servers[SERVERS];
static uint32_t n_servers;

static uint64_t now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (uint64_t)t.tv_sec * 1000 + (uint64_t)t.tv_nsec / 1000000;
}

static void must(const char *what, enum sap_status status)
{
	if (status == SAP_OK)
		return;
	printf("busfw: %s: %s\n", what, sap_strerror(status));
	exit(1);
}

static void serve(uint32_t client, sap_mei_answer answer, const void *settings)
{
	struct sap_transport transport;

	for (uint32_t nth = 0; (transport = sap_me_bus_transport(&bus, client, nth)).ops; nth++) {
		struct sap_mei_server *server = &servers[n_servers++];

		server->transport = transport;
		server->answer = answer;
		server->self = settings;
		server->size = clients[client].properties.max_msg_length;
		server->request = malloc(server->size);
		server->reply = malloc(server->size);
	}
}

static void set_up(struct sap_me_bus_config *config)
{
	struct sap_vmei_config settings;

	clients[AMTHI].properties.guid = sap_amthi_guid;
	clients[MKHI].properties.guid = sap_mkhi_fixed_guid;
	config->clients = clients;
	config->n_clients = CLIENTS;
	config->memory_size = sap_me_bus_memory(config);
	config->memory = malloc(config->memory_size);
	must("bus", sap_me_bus_init(&bus, sizeof(bus), config, now()));
	serve(ECHO, sap_echo_answer, NULL);
	serve(LATE, sap_echo_answer, NULL);
	serve(AMTHI, sap_amthi_answer, &amthi);
	serve(MKHI, sap_mkhi_answer, &mkhi);

	sap_vmei_config_default(&settings);
	settings.fw_version = true;
	settings.fw_status[0] = 0x1e000255;
	must("/dev/vmei", sap_vmei_open(&vmei, sizeof(vmei), &settings));
	port = sap_vmei_port(&vmei);
	must("start", sap_me_bus_start(&bus, now()));
}

/* Does all that can be done now. False if the device is gone. */
static bool work(void)
{
	struct sap_me_event event;
	bool again = true, there = true;

	while (again) {
		again = false;
		must("run", sap_me_bus_run(&bus, &port, now()));
		for (uint32_t i = 0; i < n_servers; i++)
			again |= sap_mei_server_run(&servers[i]);
		while (sap_me_bus_next_event(&bus, &event))
			there &= event.type != SAP_ME_EVENT_GONE;
	}
	return there;
}

static bool command(const char *line)
{
	if (strcmp(line, "reset") == 0) {
		must("stop", sap_me_bus_stop(&bus, now()));
		work();
		must("start", sap_me_bus_start(&bus, now()));
	} else if (strcmp(line, "drop") == 0) {
		for (uint32_t nth = 0; nth < 2; nth++) {
			struct sap_transport transport = sap_me_bus_transport(&bus, ECHO, nth);

			(void)transport.ops->disconnect(transport.self);
		}
	} else if (strcmp(line, "add") == 0) {
		must("add", sap_me_bus_add(&bus, LATE, now()));
	} else if (strcmp(line, "event") == 0) {
		must("notify", sap_me_bus_notify(&bus, ECHO, 0));
	} else if (strcmp(line, "stop") == 0) {
		must("stop", sap_me_bus_ask_stop(&bus, SAP_HBM_STOP_DRIVER, now()));
	} else {
		return false;
	}
	return true;
}

static bool commands(void)
{
	char text[256];
	ssize_t len = read(0, text, sizeof(text) - 1);

	if (len <= 0)
		return false;
	text[len] = '\0';
	for (char *line = strtok(text, "\n"); line; line = strtok(NULL, "\n")) {
		if (!command(line))
			return false;
	}
	return true;
}

static void tell(bool *told)
{
	uint32_t minor;

	if (*told || sap_vmei_minor(&vmei, &minor) != SAP_OK)
		return;
	printf("online %u\n", minor);
	*told = true;
}

static int wait_time(void)
{
	uint64_t until = sap_me_bus_deadline(&bus), t = now();

	if (until == SAP_NEVER)
		return -1;
	return until <= t ? 0 : (int)(until - t);
}

int main(int argc, char **argv)
{
	struct sap_me_bus_config config;
	struct pollfd fds[2] = {{.fd = 0, .events = POLLIN}};
	bool told = false;
	int opt;

	setvbuf(stdout, NULL, _IOLBF, 0);
	sap_me_bus_config_default(&config);
	while ((opt = getopt(argc, argv, "v:c:")) != -1) {
		if (opt == 'v' && sscanf(optarg, "%hhu.%hhu", &config.major, &config.minor) == 2)
			continue;
		if (opt != 'c')
			return 2;
		config.capabilities = (uint32_t)strtoul(optarg, NULL, 0);
	}
	set_up(&config);
	while (work()) {
		tell(&told);
		fds[1] = (struct pollfd){sap_vmei_fd(&vmei), sap_vmei_events(&vmei), 0};
		poll(fds, 2, wait_time());
		if (fds[0].revents && !commands())
			break;
	}
	printf("busfw: %u frames in, %u out, %u refused by the module\n", vmei.counters.frames_in,
	       vmei.counters.frames_out, vmei.counters.refused);
	sap_vmei_close(&vmei);
	return vmei.counters.refused != 0;
}
