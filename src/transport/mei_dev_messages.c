// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
/* Messages, questions and answers, notifications. */
#define _GNU_SOURCE

#include "mei_dev.h"

#include "../platform.h"

#include <errno.h>
#include <limits.h>
#include <linux/mei.h>
#include <sys/ioctl.h>

enum {
	MOST_STALE =
		64, /* messages that are dropped before a request; a firmware that never ends is not awaited */
};

/* --- messages --- */

/* What an errno of write() means. What came before is still to be read, if the kernel lets us. */
static enum sap_status cannot_send(struct sap_mei_dev *d, int error)
{
	switch (error) {
	case EAGAIN:
	case EINTR:
	case ENOMEM:
		d->counters.full++;
		return SAP_AGAIN;
	case EFBIG:
		mei_dev_blame(d, SAP_MEI_DEV_TOO_LONG, error, d->device);
		return SAP_TOO_LONG;
	case ENODEV:
	case ENOTTY:
		d->broken = true;
		mei_dev_blame(d, mei_dev_missing(d, d->device, SAP_MEI_DEV_ENDED), error, d->device);
		return SAP_CLOSED;
	default:
		d->broken = true;
		mei_dev_blame(d, SAP_MEI_DEV_SYSTEM, error, d->device);
		return SAP_IO;
	}
}

enum sap_status mei_dev_send(void *self, const void *message, size_t len)
{
	struct sap_mei_dev *d = self;
	long n;

	if (!message || len == 0)
		return SAP_INVALID;
	if (d->phase != MEI_DEV_CONNECTED || d->broken)
		return SAP_CLOSED;
	n = d->config.system->write(d->config.system_self, d->fd, message, len);
	if (n < 0)
		return cannot_send(d, errno);
	/* The driver takes all or nothing. */
	if ((size_t)n != len)
		return cannot_send(d, EIO);
	d->counters.sent++;
	return SAP_OK;
}

static enum sap_status cannot_recv(struct sap_mei_dev *d, int error, size_t *len)
{
	switch (error) {
	case EAGAIN:
	case EINTR:
	case ENOMEM:
		if (!d->broken)
			return SAP_AGAIN;
		mei_dev_end(d, ENODEV);
		return SAP_CLOSED;
	case EMSGSIZE:
		/* The driver dropped it. How long it was nobody knows; longer than it may be. */
		d->counters.too_long++;
		mei_dev_blame(d, SAP_MEI_DEV_NONSENSE, error, d->device);
		*len = (size_t)d->max_len + 1;
		return SAP_TOO_LONG;
	default:
		mei_dev_end(d, error);
		return SAP_CLOSED;
	}
}

/* The next message, in the connection's own buffer. */
static enum sap_status take(struct sap_mei_dev *d, size_t *len)
{
	long n = d->config.system->read(d->config.system_self, d->fd, d->config.buffer, d->max_len);

	if (n < 0)
		return cannot_recv(d, errno, len);
	/* It works: the next pause is a short one. */
	d->pause = d->config.pause_ms;
	*len = (size_t)n;
	return SAP_OK;
}

enum sap_status mei_dev_recv(void *self, void *message, size_t cap, size_t *len)
{
	struct sap_mei_dev *d = self;
	enum sap_status status;

	if (!len || (!message && cap))
		return SAP_INVALID;
	if (d->phase != MEI_DEV_CONNECTED)
		return SAP_CLOSED;
	status = take(d, len);
	if (status != SAP_OK)
		return status;
	if (*len > cap) {
		d->counters.too_long++;
		return SAP_TOO_LONG;
	}
	if (*len)
		memcpy(message, d->config.buffer, *len);
	d->counters.received++;
	return SAP_OK;
}

/* --- questions and answers --- */

/* A question, its answer, and until when. */
struct exchange {
	uint64_t deadline;
	const void *request;
	size_t request_len;
	void *response;
	size_t cap;
	size_t *len;
};

/* Waits until poll() has something to say. False: the time is up. */
static bool wait_for(const struct sap_mei_dev *d, short events, uint64_t deadline)
{
	struct pollfd fd = {.fd = d->fd, .events = events};
	uint64_t now = mei_dev_now(d);
	uint64_t left = now < deadline ? deadline - now : 0;

	if (left == 0)
		return false;
	(void)d->config.system->poll(d->config.system_self, &fd, left < INT_MAX ? (int)left : INT_MAX);
	return true;
}

/* Answers to questions that nobody waited for. */
static enum sap_status drop_stale(struct sap_mei_dev *d)
{
	for (uint32_t i = 0; i < MOST_STALE; i++) {
		size_t len;
		enum sap_status status = take(d, &len);

		if (status == SAP_CLOSED)
			return status;
		if (status == SAP_AGAIN)
			return SAP_OK;
		d->counters.stale++;
	}
	return SAP_OK;
}

static enum sap_status ask(struct sap_mei_dev *d, const struct exchange *x)
{
	enum sap_status status;

	while ((status = mei_dev_send(d, x->request, x->request_len)) == SAP_AGAIN) {
		if (!wait_for(d, POLLOUT, x->deadline))
			break;
	}
	/* A connection that broke is not to be read for this answer. */
	if (status == SAP_CLOSED || status == SAP_IO) {
		mei_dev_end(d, d->why.error);
		return SAP_CLOSED;
	}
	return status;
}

static enum sap_status hear(struct sap_mei_dev *d, const struct exchange *x)
{
	enum sap_status status;

	while ((status = mei_dev_recv(d, x->response, x->cap, x->len)) == SAP_AGAIN) {
		if (!wait_for(d, POLLIN, x->deadline))
			break;
	}
	return status;
}

enum sap_status sap_mei_dev_request(struct sap_mei_dev *d, const void *request, size_t request_len,
				    void *response, size_t cap, size_t *response_len, uint32_t timeout_ms)
{
	struct exchange x = {0, request, request_len, response, cap, response_len};
	enum sap_status status;

	if (!d || !request || !request_len || !response_len || (!response && cap))
		return SAP_INVALID;
	*response_len = 0;
	if (d->phase != MEI_DEV_CONNECTED)
		return SAP_CLOSED;
	x.deadline = mei_dev_now(d) + timeout_ms;
	status = drop_stale(d);
	if (status == SAP_OK)
		status = ask(d, &x);
	if (status == SAP_OK)
		status = hear(d, &x);
	if (status != SAP_AGAIN)
		return status;
	mei_dev_give_up(d);
	return SAP_IO;
}

/* --- notifications --- */

static enum sap_status cannot_notify(struct sap_mei_dev *d, int error)
{
	switch (error) {
	case EAGAIN:
		return SAP_AGAIN;
	case EOPNOTSUPP:
	case ENOTTY: /* a kernel that does not know of them */
		mei_dev_blame(d, SAP_MEI_DEV_NO_NOTIFY, error, d->device);
		return SAP_UNSUPPORTED;
	case ENODEV:
		mei_dev_end(d, error);
		return SAP_CLOSED;
	case ETIME:
	case EFAULT:
		mei_dev_blame(d, SAP_MEI_DEV_SILENT, error, d->device);
		return SAP_IO;
	default:
		mei_dev_blame(d, SAP_MEI_DEV_SYSTEM, error, d->device);
		return SAP_IO;
	}
}

static enum sap_status notify_ioctl(struct sap_mei_dev *d, unsigned long request, uint32_t *value)
{
	if (!d)
		return SAP_INVALID;
	if (d->phase != MEI_DEV_CONNECTED)
		return SAP_CLOSED;
	return mei_dev_ioctl(d, d->fd, request, value) == 0 ? SAP_OK : cannot_notify(d, errno);
}

enum sap_status sap_mei_dev_notify(struct sap_mei_dev *d, bool on)
{
	uint32_t value = on;
	enum sap_status status = notify_ioctl(d, IOCTL_MEI_NOTIFY_SET, &value);

	return status == SAP_AGAIN ? SAP_IO : status;
}

enum sap_status sap_mei_dev_notified(struct sap_mei_dev *d)
{
	uint32_t value = 0;
	enum sap_status status = notify_ioctl(d, IOCTL_MEI_NOTIFY_GET, &value);

	if (status != SAP_OK)
		return status;
	if (value == 0)
		return SAP_AGAIN;
	d->counters.notified++;
	return SAP_OK;
}
