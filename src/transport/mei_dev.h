/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
/*
 * The /dev/mei backend inside. One idea a file:
 *
 *   mei_dev.c           open, close, what is asked of a connection, how it begins and ends
 *   mei_dev_find.c      which device, and why not
 *   mei_dev_messages.c  messages, questions and answers, notifications
 *   mei_dev_words.c     problems in words
 *   mei_dev_system.c    system calls
 */
#ifndef SAP_TRANSPORT_MEI_DEV_PRIVATE_H
#define SAP_TRANSPORT_MEI_DEV_PRIVATE_H

#include <sap/mei/dev.h>

enum mei_dev_phase {
	MEI_DEV_IDLE = 0,
	MEI_DEV_CONNECTED,
	MEI_DEV_ENDED, /* by itself; `disconnect` is due */
};

/* Notes what went wrong, for people, and with which device; null: none. */
void mei_dev_blame(struct sap_mei_dev *d, enum sap_mei_dev_problem problem, int error, const char *device);

/* The text of a problem. Constant. */
const char *mei_dev_text(enum sap_mei_dev_problem problem);

/* The connection ended by itself. The problem is found out. */
void mei_dev_end(struct sap_mei_dev *d, int error);

/* We end it: the answer did not come. */
void mei_dev_give_up(struct sap_mei_dev *d);

/* What an ENODEV means: what became of the device? `otherwise`: it is there and in use. */
enum sap_mei_dev_problem mei_dev_missing(const struct sap_mei_dev *d, const char *device,
					 enum sap_mei_dev_problem otherwise);

/* --- mei_dev_find.c --- */

/* Looks for the client's device and connects. Blames if it does not come about. */
enum sap_status mei_dev_attempt(struct sap_mei_dev *d);

/* --- mei_dev_messages.c --- */

enum sap_status mei_dev_send(void *self, const void *message, size_t len);
enum sap_status mei_dev_recv(void *self, void *message, size_t cap, size_t *len);

/* --- mei_dev_system.c --- */

extern const struct sap_mei_dev_system mei_dev_system;

static inline int mei_dev_ioctl(const struct sap_mei_dev *d, int fd, unsigned long request, void *argument)
{
	return d->config.system->ioctl(d->config.system_self, fd, request, argument);
}

static inline uint64_t mei_dev_now(const struct sap_mei_dev *d)
{
	return d->config.system->now(d->config.system_self);
}

#endif
