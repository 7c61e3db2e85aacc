// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
/*
 * firmware [OPTION...] - runs the small firmware, and does what its standard input says, line by line:
 *
 *   reset       resets itself
 *   drop        disconnects whoever is connected to the echo client
 *   add         adds one more echo client
 *   stop        asks the host to stop (ME_STOP)
 *   event       notifies the connections of the echo client
 *   quiet, go   answers nothing; answers again, from a reset on
 *   quit        ends
 *
 * It prints "online N", N being the minor of /dev/mei<N>, or "failed ERRNO", and ends with its input.
 */
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "fw.h"

static unsigned long deaf_after = (unsigned long)-1;

static void notify(struct fw *fw)
{
	for (size_t i = 0; i < 16; i++) {
		const struct fw_connection *c = &fw->connections[i];
		uint8_t message[4] = {0x11, c->me, c->host};

		if (c->open && c->me == FW_ECHO)
			fw_hbm(fw, message, sizeof(message));
	}
}

static bool command(struct fw *fw, const char *line)
{
	static const uint8_t stop[4] = {0x03};

	if (strcmp(line, "quit") == 0)
		return false;
	if (strcmp(line, "reset") == 0) {
		fw_reset(fw);
	} else if (strcmp(line, "drop") == 0) {
		fw_disconnect(fw, FW_ECHO);
	} else if (strcmp(line, "add") == 0) {
		fw_add(fw, FW_LATE);
	} else if (strcmp(line, "stop") == 0) {
		fw_hbm(fw, stop, sizeof(stop));
	} else if (strcmp(line, "event") == 0) {
		notify(fw);
	} else if (strcmp(line, "quiet") == 0) {
		fw->quiet = true;
	} else if (strcmp(line, "go") == 0) {
		fw->quiet = false;
		fw_reset(fw);
	} else {
		printf("firmware: what is \"%s\"?\n", line);
	}
	return true;
}

/* Reads a line as it is there: commands are short, and each comes in one write. */
static bool commands(struct fw *fw)
{
	char text[256];
	ssize_t len = read(0, text, sizeof(text) - 1);

	if (len <= 0)
		return false;
	text[len] = '\0';
	for (char *line = strtok(text, "\n"); line; line = strtok(NULL, "\n")) {
		if (!command(fw, line))
			return false;
	}
	return true;
}

static void tell(const struct fw *fw)
{
	if (fw->error)
		printf("failed %d\n", fw->error);
	else
		printf("online %u\n", fw->device);
	fflush(stdout);
}

static bool options(struct fw *fw, int argc, char **argv, uint16_t *flags)
{
	int opt;

	while ((opt = getopt(argc, argv, "v:c:qmwafd:l:s:")) != -1) {
		switch (opt) {
		case 'v': /* MAJOR.MINOR: the newest HBM that it knows, which the host is to take */
			fw->accept = false;
			if (sscanf(optarg, "%hhu.%hhu", &fw->major, &fw->minor) != 2)
				return false;
			break;
		case 'c': /* capabilities granted */
			fw->capabilities = (uint8_t)strtoul(optarg, NULL, 0);
			break;
		case 'q': /* answers nothing from the start */
			fw->quiet = true;
			break;
		case 'm': /* with MKHI at its fixed address */
			fw->mkhi = true;
			break;
		case 'w': /* with a watchdog */
			fw->watchdog = true;
			break;
		case 'a': /* with a client for a driver that maps memory */
			fw->dma = true;
			break;
		case 'f': /* the host is to ask for the firmware's version */
			*flags |= VMEI_START_FW_VERSION;
			break;
		case 'd': /* dies at the Nth frame */
			fw->die_after = atoi(optarg);
			break;
		case 's': /* stops reading after N frames */
			deaf_after = strtoul(optarg, NULL, 0);
			break;
		case 'l': /* the echo client's longest message, as it says */
			fw->longest = (uint32_t)strtoul(optarg, NULL, 0);
			break;
		default:
			return false;
		}
	}
	return true;
}

int main(int argc, char **argv)
{
	static struct fw fw = {
		.accept = true, .major = 2, .minor = 2, .capabilities = 5, .longest = FW_ECHO_MAX};
	struct pollfd fds[2] = {{.events = POLLIN}, {.events = POLLIN}};
	bool told = false;
	uint16_t flags = 0;

	if (!options(&fw, argc, argv, &flags))
		return 2;
	if (!fw_open(&fw, flags)) {
		perror("firmware: /dev/vmei");
		return 1;
	}
	fds[1].fd = fw.fd;
	setvbuf(stdout, NULL, _IOLBF, 0);
	while (poll(fds, 2, -1) > 0) {
		if (fds[1].revents & POLLIN && !fw_step(&fw))
			return 1;
		if (fw.error >= 0 && !told) {
			tell(&fw);
			told = true;
			if (fw.error)
				return 1;
		}
		if (fds[0].revents && !commands(&fw))
			return 0;
		if (fw.frames >= deaf_after)
			fds[1].fd = -1;
	}
	return 1;
}
