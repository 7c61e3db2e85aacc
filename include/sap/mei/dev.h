/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
/**
 * @file mei/dev.h
 * A connection to a client of the firmware, over Linux's `/dev/mei0`.
 *
 * As a transport it carries ME messages: `map` says #SAP_UNSUPPORTED, since user space cannot share memory with
 * the firmware. For clients that are asked and answer (AMTHI, MKHI) there is sap_mei_dev_request():
 *
 * @code
 * struct sap_mei_dev dev;
 * struct sap_mei_dev_config config;
 *
 * sap_mei_dev_config_default(&config);
 * config.client = sap_amthi_guid;
 * config.buffer = memory;
 * config.buffer_size = sizeof(memory);
 * status = sap_mei_dev_open(&dev, sizeof(dev), &config);
 * status = sap_mei_dev_connect(&dev);
 * status = sap_mei_dev_request(&dev, question, question_len, answer, sizeof(answer), &len, 2000);
 * ...
 * sap_mei_dev_say(&dev, text, sizeof(text));     if a status was none to be pleased with
 * sap_mei_dev_close(&dev);
 * @endcode
 *
 * **Which device.** The one that is named; else the first that sysfs lists the client for; else, since Linux does not
 * list every client, each device that is enabled is asked. It is looked for anew at each attempt to connect, so a
 * device that was removed may come back under another name.
 *
 * **Resets.** When the firmware is reset, or the device goes, every connection ends: #SAP_CLOSED. `disconnect`,
 * then `connect` again as often as you like: after an attempt that failed, or a connection that ended by itself,
 * `connect` says #SAP_AGAIN, and touches nothing, until a pause is over. It doubles each time up to a limit, and
 * begins anew with a connection over which a message came.
 *
 * **Whole messages.** A read into a buffer that is too small would give a part of a message and the next read the
 * rest. So all reads go into the memory of `config.buffer`, which must have room for the client's longest message.
 *
 * **Not freestanding.** Linux and its system calls; allocates nothing, starts no thread, sets no signal handler.
 * Not part of `sap/sap.h` and `sap/mei.h`.
 *
 * **Contexts.** One process, all calls serialised. `connect` and sap_mei_dev_notify() wait for the firmware, which may
 * take 15 s if it is silent (Linux's limit; a descriptor that does not block changes nothing). sap_mei_dev_request()
 * waits as long as it is told. Nothing else waits. Not for signal handlers.
 *
 * Facts: docs/protocol/mei.md section 1. For people: docs/mei-device.md.
 */
#ifndef SAP_MEI_DEV_H
#define SAP_MEI_DEV_H

#include <poll.h>

#include <sap/guid.h>
#include <sap/mei/sysfs.h>
#include <sap/transport.h>

SAP_BEGIN_DECLS

/** What went wrong last. Calls answer with a status; this tells a person why. */
enum sap_mei_dev_problem {
	SAP_MEI_DEV_FINE = 0,  /**< Nothing. */
	SAP_MEI_DEV_NO_DEVICE, /**< There is no MEI device, or none of that name. */
	SAP_MEI_DEV_NO_NODE,   /**< The kernel has the device, its node is missing. */
	SAP_MEI_DEV_DENIED,    /**< The node may not be opened (EACCES, EPERM). */
	SAP_MEI_DEV_NO_CLIENT, /**< The firmware has no such client (ENOTTY). */
	SAP_MEI_DEV_FIXED, /**< The client has a fixed address, which the kernel keeps to itself (ENOTTY). */
	SAP_MEI_DEV_TAKEN, /**< A driver of the kernel has the client (EBUSY). */
	SAP_MEI_DEV_FULL,  /**< All connections that the client takes are in use, or it refuses (EBUSY). */
	SAP_MEI_DEV_NOT_READY, /**< The device starts, is being reset, or sleeps (ENODEV). */
	SAP_MEI_DEV_DISABLED,  /**< The device is disabled (ENODEV). */
	SAP_MEI_DEV_GONE,      /**< The device was removed (ENODEV). */
	SAP_MEI_DEV_ENDED, /**< The connection ended; the device is there: a reset, or the firmware did it. */
	SAP_MEI_DEV_SILENT, /**< The firmware did not answer in time (ETIME, EFAULT at connect, or a request). */
	SAP_MEI_DEV_TOO_LONG,	/**< A message of ours is longer than the client takes (EFBIG). */
	SAP_MEI_DEV_BUFFER,	/**< The client's messages may be longer than the buffer. */
	SAP_MEI_DEV_NO_VTAG,	/**< The client, or the device, takes no virtual tags (EOPNOTSUPP). */
	SAP_MEI_DEV_NO_NOTIFY,	/**< The client, or the device, has no notifications (EOPNOTSUPP). */
	SAP_MEI_DEV_NO_HANDLES, /**< Too many open files, or connections on the device (EMFILE, ENFILE). */
	SAP_MEI_DEV_NO_MEI,	/**< What is at the path is no MEI device. */
	SAP_MEI_DEV_NONSENSE, /**< The firmware did what cannot be: a message longer than its longest (EMSGSIZE). */
	SAP_MEI_DEV_SYSTEM, /**< A system call failed: see `error`. */
};

/** The last problem, for people. */
struct sap_mei_dev_trouble {
	enum sap_mei_dev_problem problem; /**< What. */
	int error;			  /**< errno of the system call that told; 0 if none did. */
	const char *text; /**< Cause and remedy, one clause. Constant. sap_mei_dev_say() says more. */
	char device[SAP_MEI_WORD]; /**< Which device ("mei0"); "" if none. */
	char driver[SAP_MEI_WORD]; /**< #SAP_MEI_DEV_TAKEN: who has the client ("iwlmei"). */
};

/** What happened. They wrap around and are kept over connections. */
struct sap_mei_dev_counters {
	uint32_t attempts;    /**< To connect, pauses not counted. */
	uint32_t connections; /**< That came about. */
	uint32_t opened;      /**< Nodes that were opened. */
	uint32_t sent;	      /**< Messages that were taken. */
	uint32_t received;    /**< Messages given out. */
	uint32_t full;	      /**< Messages not taken since the queue was full. */
	uint32_t
		too_long; /**< Messages that came and were dropped: longer than the caller's buffer, or nonsense. */
	uint32_t stale;	   /**< Messages that came before a request, and were dropped. */
	uint32_t ended;	   /**< Connections that ended by themselves. */
	uint32_t notified; /**< Notifications that came. */
};

/**
 * System calls that are made on a node. Each gets `self` first and answers as the system call does: -1 and errno.
 *
 * They are there for tests, and for whoever reaches a MEI device in another way.
 */
struct sap_mei_dev_system {
	int (*open)(void *self,
		    const char *path);	  /**< For reading and writing, not blocking, closed by exec. */
	int (*close)(void *self, int fd); /**< close() */
	int (*ioctl)(void *self, int fd, unsigned long request, void *argument); /**< ioctl() */
	long (*read)(void *self, int fd, void *bytes, size_t n);		 /**< read() */
	long (*write)(void *self, int fd, const void *bytes, size_t n);		 /**< write() */
	int (*poll)(void *self, struct pollfd *fd, int timeout_ms); /**< poll() of one descriptor */
	uint64_t (*now)(void *self); /**< Milliseconds of a clock that never goes back. */
};

/** Settings. Start from sap_mei_dev_config_default(). */
struct sap_mei_dev_config {
	struct sap_guid client; /**< Which client. The WLAN client. */
	/**
	 * Which device: a name ("mei1") in `roots.dev`, or a path with a slash. Copied; less than #SAP_MEI_PATH bytes.
	 * Null: the first that has the client.
	 */
	const char *device;
	uint8_t vtag; /**< Virtual tag, 1 to 255. 0: none. */
	/**
	 * Memory for one message. Must stay until sap_mei_dev_close(). A connect to a client whose messages may be
	 * longer is #SAP_UNSUPPORTED; 4,096 bytes suffice for WLAN, AMTHI and MKHI as far as they are known.
	 */
	void *buffer;
	uint32_t buffer_size;	    /**< Bytes there: 1 or more. */
	uint32_t pause_ms;	    /**< Pause after the first attempt that failed; doubles. 100. */
	uint32_t longest_pause_ms;  /**< But not beyond this; not less than `pause_ms`. 5,000. */
	struct sap_mei_roots roots; /**< Where to look. The strings must stay until sap_mei_dev_close(). */
	const struct sap_mei_dev_system *system; /**< Null: the system's own. Must stay. */
	void *system_self;			 /**< Its `self`. */
};

/** A connection. The caller's memory; it must stay where it is from open to close. */
struct sap_mei_dev {
	struct sap_mei_dev_counters counters; /**< For reading. */
	/** @cond internal */
	struct sap_mei_dev_config config;
	char named[SAP_MEI_PATH];  /* a copy of config.device */
	char device[SAP_MEI_WORD]; /* the one that we are connected over, or were */
	bool sysfs;		   /* sysfs told of it */
	struct sap_mei_dev_trouble why;
	bool opened;
	int fd; /* -1: there is no connection */
	uint8_t phase;
	bool broken; /* nothing can be sent any more; what came before is still read */
	uint8_t version;
	uint32_t max_len;
	uint32_t pause; /* the next one */
	uint64_t next;	/* no attempt before this */
			/** @endcond */
};

/** Fills in the defaults: the WLAN client, any device, no buffer. Nothing if @p config is null. */
SAP_API void sap_mei_dev_config_default(struct sap_mei_dev_config *config);

/**
 * Makes a connection that is not connected. Opens nothing yet.
 *
 * @param d      The connection. What was in it is forgotten.
 * @param size   `sizeof(struct sap_mei_dev)`, so that a library of another version notices.
 * @param config Settings; copied.
 *
 * @retval SAP_OK        Ready. sap_mei_dev_close() follows.
 * @retval SAP_TOO_SMALL @p size is not that of this library's struct.
 * @retval SAP_BAD_VALUE There is no buffer, or the device's name is empty or too long, or a pause is out of range.
 * @retval SAP_INVALID   @p d or @p config is null.
 */
SAP_API SAP_MUST_CHECK enum sap_status sap_mei_dev_open(struct sap_mei_dev *d, size_t size,
							const struct sap_mei_dev_config *config);

/** Disconnects and gives everything back. May be repeated. Null: nothing. */
SAP_API void sap_mei_dev_close(struct sap_mei_dev *d);

/** The transport of this connection; valid until sap_mei_dev_close(). If @p d is null its `ops` are null. */
SAP_API struct sap_transport sap_mei_dev_transport(struct sap_mei_dev *d);

/**
 * Connects, as the transport's `connect` does. May wait for the firmware, see above.
 *
 * @retval SAP_OK          Connected, or it was already.
 * @retval SAP_AGAIN       Not before sap_mei_dev_deadline(); nothing was tried.
 * @retval SAP_BUSY        Somebody has the client: #SAP_MEI_DEV_TAKEN, #SAP_MEI_DEV_FULL.
 * @retval SAP_UNSUPPORTED #SAP_MEI_DEV_BUFFER, #SAP_MEI_DEV_NO_VTAG, #SAP_MEI_DEV_NO_MEI: trying again is vain.
 * @retval SAP_IO          Everything else; it may do better another time.
 * @retval SAP_CLOSED      The connection has ended, and `disconnect` has to be called first.
 * @retval SAP_INVALID     @p d is null.
 */
SAP_API SAP_MUST_CHECK enum sap_status sap_mei_dev_connect(struct sap_mei_dev *d);

/** Ends the connection, as the transport's `disconnect` does. SAP_OK; SAP_INVALID if @p d is null. */
SAP_API enum sap_status sap_mei_dev_disconnect(struct sap_mei_dev *d);

/**
 * Asks, and waits for the answer.
 *
 * What came before is dropped and counted in `stale`. A connection over which an answer did not come in time, or
 * not for as long as the queue was full, is ended, so that a late answer is not taken for that to the next question.
 *
 * @param d            The connection; must be connected.
 * @param request      The question, 1 byte or more.
 * @param request_len  Its bytes.
 * @param response     Where the answer goes.
 * @param cap          Bytes there.
 * @param response_len The answer's bytes. 0 is an answer too: AMT says so that it is disabled.
 * @param timeout_ms   How long to wait at most, in all; 0: not at all.
 *
 * @retval SAP_OK       The answer came.
 * @retval SAP_TOO_LONG The question is longer than the client takes (#SAP_MEI_DEV_TOO_LONG; @p response_len is 0), or
 *                      the answer longer than @p cap and dropped (@p response_len is its size).
 * @retval SAP_IO       It did not come in time: #SAP_MEI_DEV_SILENT. Disconnected.
 * @retval SAP_CLOSED   There is no connection, or it ended meanwhile.
 * @retval SAP_INVALID  An argument is null, or the question empty.
 */
SAP_API SAP_MUST_CHECK enum sap_status sap_mei_dev_request(struct sap_mei_dev *d, const void *request,
							   size_t request_len, void *response, size_t cap,
							   size_t *response_len, uint32_t timeout_ms);

/**
 * Has the client's event notifications delivered, or not any more. May wait for the firmware, see above.
 *
 * @retval SAP_OK          Done.
 * @retval SAP_UNSUPPORTED #SAP_MEI_DEV_NO_NOTIFY.
 * @retval SAP_CLOSED      There is no connection, or it ended.
 * @retval SAP_IO          It failed; the connection stands.
 * @retval SAP_INVALID     @p d is null.
 */
SAP_API SAP_MUST_CHECK enum sap_status sap_mei_dev_notify(struct sap_mei_dev *d, bool on);

/**
 * Whether a notification came since this was asked last. Several may count as one.
 *
 * @retval SAP_OK          One came.
 * @retval SAP_AGAIN       None.
 * @retval SAP_UNSUPPORTED #SAP_MEI_DEV_NO_NOTIFY.
 * @retval SAP_CLOSED      There is no connection, or it ended.
 * @retval SAP_IO          It failed; the connection stands.
 * @retval SAP_INVALID     @p d is null.
 */
SAP_API SAP_MUST_CHECK enum sap_status sap_mei_dev_notified(struct sap_mei_dev *d);

/**
 * What to poll for: POLLIN for messages, POLLPRI for notifications; POLLERR comes as the connection ended.
 *
 * @param d    The connection.
 * @param fd   Filled in.
 * @param send Also wait for room to send (POLLOUT).
 *
 * @return 1, or 0 if there is no connection.
 */
SAP_API uint32_t sap_mei_dev_poll(const struct sap_mei_dev *d, struct pollfd *fd, bool send);

/** Before when `connect` tries nothing, by `now` of the system calls (CLOCK_MONOTONIC, ms); 0: it may try at once. */
SAP_API uint64_t sap_mei_dev_deadline(const struct sap_mei_dev *d);

/** Bytes of the longest message that the client takes; 0 while there is no connection. */
SAP_API uint32_t sap_mei_dev_longest(const struct sap_mei_dev *d);

/** Version of the client's protocol; 0 while there is no connection. */
SAP_API uint8_t sap_mei_dev_version(const struct sap_mei_dev *d);

/** What went wrong last, until a connection comes about. */
SAP_API struct sap_mei_dev_trouble sap_mei_dev_why(const struct sap_mei_dev *d);

/**
 * The same in a sentence with names: "the WLAN client is taken: iwlmei is bound to it; unload that driver first".
 *
 * @param d    The connection.
 * @param text Where to; cut if it is too long, ended by a zero in any case.
 * @param cap  Bytes there, the zero included. 200 suffice for all but long names.
 */
SAP_API void sap_mei_dev_say(const struct sap_mei_dev *d, char *text, size_t cap);

/** The word of a problem ("TAKEN"), "?" for a number that is none. Constant. */
SAP_API const char *sap_mei_dev_problem_name(enum sap_mei_dev_problem problem);

SAP_END_DECLS

#endif
