// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
/*
 * Which device has the client, and why it cannot be had.
 *
 * sysfs is asked first. A device of which it says that it is not in use is not opened: that would fail, and
 * sysfs knows better why.
 */
#define _GNU_SOURCE

#include "mei_dev.h"
#include "mei_sysfs.h"

#include "../platform.h"

#include <errno.h>
#include <linux/mei.h>
#include <sys/ioctl.h>
#include <sys/stat.h>

/* One device that is tried. */
struct candidate {
	char name[SAP_MEI_WORD]; /* for people */
	char path[SAP_MEI_PATH]; /* its node */
	bool known;		 /* sysfs tells of it: */
	struct sap_mei_device device;
	bool listed; /* and of the client: */
	struct sap_mei_client client;
};

static enum sap_mei_dev_problem problem_of_state(const struct sap_mei_device *device,
						 enum sap_mei_dev_problem otherwise)
{
	if (!(device->has & SAP_MEI_HAS_STATE) || device->state == SAP_MEI_STATE_ENABLED ||
	    device->state == SAP_MEI_STATE_UNKNOWN)
		return otherwise;
	return device->state == SAP_MEI_STATE_DISABLED ? SAP_MEI_DEV_DISABLED : SAP_MEI_DEV_NOT_READY;
}

enum sap_mei_dev_problem mei_dev_missing(const struct sap_mei_dev *d, const char *device,
					 enum sap_mei_dev_problem otherwise)
{
	struct sap_mei_device now;

	if (!sap_mei_device_get(&d->config.roots, device, &now))
		return d->sysfs ? SAP_MEI_DEV_GONE : otherwise;
	/* A node may outlive what it stood for. */
	if (d->sysfs && !(now.has & SAP_MEI_HAS_SYSFS))
		return SAP_MEI_DEV_GONE;
	return problem_of_state(&now, otherwise);
}

/* --- errno -> problem --- */

static enum sap_mei_dev_problem problem_of_open(const struct sap_mei_dev *d, const struct candidate *c,
						int error)
{
	switch (error) {
	case ENOENT:
		return c->known ? SAP_MEI_DEV_NO_NODE : SAP_MEI_DEV_NO_DEVICE;
	case EACCES:
	case EPERM:
		return SAP_MEI_DEV_DENIED;
	case ENODEV:
	case ENXIO:
		return mei_dev_missing(d, c->name, SAP_MEI_DEV_NOT_READY);
	case EMFILE:
	case ENFILE:
		return SAP_MEI_DEV_NO_HANDLES;
	case EISDIR:
	case ENOTDIR:
		return SAP_MEI_DEV_NO_MEI;
	default:
		return SAP_MEI_DEV_SYSTEM;
	}
}

/* A plain file knows no ioctl either. */
static bool is_no_mei(const struct candidate *c)
{
	struct stat file;

	return !c->known && stat(c->path, &file) == 0 && S_ISREG(file.st_mode);
}

static enum sap_mei_dev_problem problem_of_connect(const struct sap_mei_dev *d, const struct candidate *c,
						   int error)
{
	switch (error) {
	case ENOTTY:
		if (is_no_mei(c))
			return SAP_MEI_DEV_NO_MEI;
		return c->listed && c->client.fixed ? SAP_MEI_DEV_FIXED : SAP_MEI_DEV_NO_CLIENT;
	case EBUSY:
		return c->listed && (c->client.has & SAP_MEI_HAS_DRIVER) ? SAP_MEI_DEV_TAKEN
									 : SAP_MEI_DEV_FULL;
	case ENODEV:
		return mei_dev_missing(d, c->name, SAP_MEI_DEV_NOT_READY);
	case ETIME:
	case EFAULT:
		return SAP_MEI_DEV_SILENT;
	case EOPNOTSUPP:
		return SAP_MEI_DEV_NO_VTAG;
	default:
		return SAP_MEI_DEV_SYSTEM;
	}
}

/* --- one device --- */

static int connect_client(const struct sap_mei_dev *d, int fd, struct mei_client *answer)
{
	struct mei_connect_client_data plain;
	struct mei_connect_client_data_vtag tagged;
	int result;

	if (!d->config.vtag) {
		memset(&plain, 0, sizeof(plain));
		memcpy(&plain.in_client_uuid, d->config.client.bytes, sizeof(d->config.client.bytes));
		result = mei_dev_ioctl(d, fd, IOCTL_MEI_CONNECT_CLIENT, &plain);
		*answer = plain.out_client_properties;
		return result;
	}
	memset(&tagged, 0, sizeof(tagged));
	memcpy(&tagged.connect.in_client_uuid, d->config.client.bytes, sizeof(d->config.client.bytes));
	tagged.connect.vtag = d->config.vtag;
	result = mei_dev_ioctl(d, fd, IOCTL_MEI_CONNECT_CLIENT_VTAG, &tagged);
	*answer = tagged.out_client_properties;
	return result;
}

/* What is wrong with an open node; the connection is made if nothing is. */
static enum sap_mei_dev_problem join(struct sap_mei_dev *d, const struct candidate *c, int fd, int *error)
{
	struct mei_client answer;

	if (connect_client(d, fd, &answer) != 0) {
		*error = errno;
		return problem_of_connect(d, c, *error);
	}
	if (answer.max_msg_length == 0)
		return SAP_MEI_DEV_NONSENSE;
	if (answer.max_msg_length > d->config.buffer_size)
		return SAP_MEI_DEV_BUFFER;
	d->max_len = answer.max_msg_length;
	d->version = answer.protocol_version;
	return SAP_MEI_DEV_FINE;
}

static enum sap_mei_dev_problem reach(struct sap_mei_dev *d, const struct candidate *c, int *error)
{
	enum sap_mei_dev_problem problem = problem_of_state(&c->device, SAP_MEI_DEV_FINE);
	int fd;

	if (problem != SAP_MEI_DEV_FINE)
		return problem;
	fd = d->config.system->open(d->config.system_self, c->path);
	if (fd < 0) {
		*error = errno;
		return problem_of_open(d, c, *error);
	}
	d->counters.opened++;
	problem = join(d, c, fd, error);
	if (problem == SAP_MEI_DEV_FINE)
		d->fd = fd;
	else
		(void)d->config.system->close(d->config.system_self, fd);
	return problem;
}

/* Whether what is known of one device tells a person more than what is known of another. */
static bool tells_more(const struct sap_mei_dev *d, enum sap_mei_dev_problem problem)
{
	enum sap_mei_dev_problem known = d->why.problem;

	return known == SAP_MEI_DEV_NO_DEVICE ||
	       (known == SAP_MEI_DEV_NO_CLIENT && problem != SAP_MEI_DEV_NO_CLIENT);
}

static bool try_it(struct sap_mei_dev *d, struct candidate *c)
{
	enum sap_mei_dev_problem problem;
	int error = 0;

	problem = reach(d, c, &error);
	if (problem == SAP_MEI_DEV_FINE) {
		memcpy(d->device, c->name, sizeof(d->device));
		d->sysfs = c->known;
		return true;
	}
	if (tells_more(d, problem)) {
		mei_dev_blame(d, problem, error, c->name);
		if (problem == SAP_MEI_DEV_TAKEN)
			memcpy(d->why.driver, c->client.driver, sizeof(d->why.driver));
	}
	return false;
}

/* --- which --- */

static bool is_listed(const struct sap_mei_dev *d, struct candidate *c)
{
	c->listed =
		c->known && sap_mei_client_get(&d->config.roots, &c->device, &d->config.client, &c->client);
	return c->listed;
}

static bool try_named(struct sap_mei_dev *d)
{
	const char *slash = strrchr(d->named, '/');
	struct candidate c = {.known = false};

	mei_word(c.name, slash ? slash + 1 : d->named);
	if (!mei_path(c.path, "%s%s%s", slash ? "" : mei_root_dev(&d->config.roots), slash ? "" : "/",
		      d->named))
		return false;
	c.known =
		sap_mei_device_get(&d->config.roots, c.name, &c.device) && (c.device.has & SAP_MEI_HAS_SYSFS);
	(void)is_listed(d, &c);
	return try_it(d, &c);
}

/* The device after the one in `c`, with its node. */
static bool next_candidate(const struct sap_mei_dev *d, struct candidate *c)
{
	do {
		if (!sap_mei_device_next(&d->config.roots, &c->device))
			return false;
	} while (!mei_path(c->path, "%s/%s", mei_root_dev(&d->config.roots), c->device.name));
	memcpy(c->name, c->device.name, sizeof(c->name));
	c->known = (c->device.has & SAP_MEI_HAS_SYSFS) != 0;
	c->listed = false;
	return true;
}

/* Those that list the client. */
static bool try_listed(struct sap_mei_dev *d, bool *listed)
{
	struct candidate c = {.known = false};

	while (next_candidate(d, &c)) {
		if (!is_listed(d, &c))
			continue;
		*listed = true;
		if (try_it(d, &c))
			return true;
	}
	return false;
}

static bool try_all(struct sap_mei_dev *d)
{
	struct candidate c = {.known = false};

	while (next_candidate(d, &c)) {
		if (try_it(d, &c))
			return true;
	}
	return false;
}

/* Linux does not list every client. Only if no device lists it, all are asked. */
static bool try_any(struct sap_mei_dev *d)
{
	bool listed = false;

	return try_listed(d, &listed) || (!listed && try_all(d));
}

enum sap_status mei_dev_attempt(struct sap_mei_dev *d)
{
	mei_dev_blame(d, SAP_MEI_DEV_NO_DEVICE, 0, NULL);
	return (d->config.device ? try_named(d) : try_any(d)) ? SAP_OK : SAP_IO;
}
