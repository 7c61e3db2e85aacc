// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
/* How many queues of a TAP have frames: only rtnetlink tells. */
#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <linux/if_link.h>
#include <linux/rtnetlink.h>

#include "tap.h"

struct question {
	struct nlmsghdr head;
	struct ifinfomsg link;
	struct rtattr name_head;
	char name[16];
};

/* The answer about one link, with room for all that a kernel says of one. */
union answer {
	struct nlmsghdr head;
	char bytes[16384];
};

/* The attribute of that type among `len` bytes of them, or null. */
static const struct rtattr *find(const struct rtattr *at, size_t len, unsigned short type)
{
	while (len >= sizeof(*at) && at->rta_len >= sizeof(*at) && at->rta_len <= len) {
		size_t step = RTA_ALIGN(at->rta_len);

		if ((at->rta_type & NLA_TYPE_MASK) == type)
			return at;
		if (step > len)
			return NULL;
		len -= step;
		at = (const struct rtattr *)(const void *)((const char *)at + step);
	}
	return NULL;
}

static const struct rtattr *inside(const struct rtattr *at, unsigned short type)
{
	if (!at)
		return NULL;
	return find((const struct rtattr *)(const void *)((const char *)at + RTA_LENGTH(0)),
		    at->rta_len - RTA_LENGTH(0), type);
}

static int read_answer(const union answer *answer, size_t len)
{
	const size_t head = NLMSG_LENGTH(sizeof(struct ifinfomsg));
	const struct nlmsgerr *error = (const struct nlmsgerr *)(const void *)(answer->bytes + NLMSG_HDRLEN);
	const struct rtattr *at;
	uint32_t queues;

	if (len >= NLMSG_LENGTH(sizeof(*error)) && answer->head.nlmsg_type == NLMSG_ERROR)
		return error->error ? error->error : -EIO;
	if (len < head || answer->head.nlmsg_type != RTM_NEWLINK)
		return -EIO;
	at = find((const struct rtattr *)(const void *)(answer->bytes + NLMSG_ALIGN(head)),
		  len - NLMSG_ALIGN(head), IFLA_LINKINFO);
	at = inside(inside(at, IFLA_INFO_DATA), IFLA_TUN_NUM_QUEUES);
	if (!at || at->rta_len < RTA_LENGTH(sizeof(queues)))
		return -ENOTSUP;
	memcpy(&queues, (const char *)at + RTA_LENGTH(0), sizeof(queues));
	return (int)queues;
}

static int ask(int fd, const char *name)
{
	struct question question;
	union answer answer;
	ssize_t n;

	memset(&question, 0, sizeof(question));
	if (strlen(name) >= sizeof(question.name))
		return -EINVAL;
	question.head.nlmsg_len = sizeof(question);
	question.head.nlmsg_type = RTM_GETLINK;
	question.head.nlmsg_flags = NLM_F_REQUEST;
	question.name_head.rta_len = RTA_LENGTH(sizeof(question.name));
	question.name_head.rta_type = IFLA_IFNAME;
	memcpy(question.name, name, strlen(name));
	if (send(fd, &question, sizeof(question), 0) < 0)
		return -errno;
	n = recv(fd, &answer, sizeof(answer), 0);
	return n < 0 ? -errno : read_answer(&answer, (size_t)n);
}

int net_tap_queues(const char *name)
{
	int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE);
	int result;

	if (fd < 0)
		return -errno;
	result = ask(fd, name);
	close(fd);
	return result;
}
