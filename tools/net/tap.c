// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
#include "tap.h"

#include <errno.h>
#include <fcntl.h>
#include <net/if_arp.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <linux/if.h>
#include <linux/if_tun.h>

static bool set_name(struct ifreq *request, const char *name)
{
	memset(request, 0, sizeof(*request));
	if (!name[0] || strlen(name) >= sizeof(request->ifr_name))
		return false;
	memcpy(request->ifr_name, name, strlen(name));
	return true;
}

/* An ioctl on an interface by its name. */
static int ask(unsigned long what, struct ifreq *request)
{
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	int result;

	if (fd < 0)
		return -errno;
	result = ioctl(fd, what, request) < 0 ? -errno : 0;
	close(fd);
	return result;
}

static int set_up(int fd, struct ifreq *request, bool shared)
{
	struct ifreq there = *request;

	/* The kernel would make a device of a mistyped name. */
	if (shared && ask(SIOCGIFFLAGS, &there) < 0)
		return -ENODEV;
	request->ifr_flags = (short)(IFF_TAP | IFF_NO_PI | (shared ? IFF_MULTI_QUEUE : 0));
	if (ioctl(fd, TUNSETIFF, request) < 0)
		return -errno;
	/* Whoever had it before may have wanted frames without checksums, or of 64 KiB. */
	return ioctl(fd, TUNSETOFFLOAD, 0UL) < 0 ? -errno : 0;
}

int net_tap_open(const char *name, bool shared)
{
	struct ifreq request;
	int fd, result;

	if (!set_name(&request, name))
		return -EINVAL;
	fd = open("/dev/net/tun", O_RDWR | O_NONBLOCK | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	result = set_up(fd, &request, shared);
	if (result < 0) {
		close(fd);
		return result;
	}
	return fd;
}

int net_tap_attach(int fd, bool on)
{
	struct ifreq request;

	memset(&request, 0, sizeof(request));
	request.ifr_flags = on ? IFF_ATTACH_QUEUE : IFF_DETACH_QUEUE;
	return ioctl(fd, TUNSETQUEUE, &request) < 0 ? -errno : 0;
}

int net_tap_set_mac(int fd, const struct sap_mac *mac)
{
	struct ifreq request;

	memset(&request, 0, sizeof(request));
	request.ifr_hwaddr.sa_family = ARPHRD_ETHER;
	memcpy(request.ifr_hwaddr.sa_data, mac->bytes, sizeof(mac->bytes));
	/* Of the device itself: by its name it may be in another namespace already. */
	return ioctl(fd, SIOCSIFHWADDR, &request) < 0 ? -errno : 0;
}

int net_tap_set_carrier(int fd, bool on)
{
	int value = on;

	return ioctl(fd, TUNSETCARRIER, &value) < 0 ? -errno : 0;
}
