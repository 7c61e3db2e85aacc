/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
/**
 * @file mei/vmei.h
 * A virtual MEI device of Linux: the firmware's end of it, as a port.
 *
 * The kernel module `vmei` makes a MEI device of each open of /dev/vmei. Whoever opened it is its firmware; the
 * kernel's own MEI driver is its host, and there is a /dev/mei0 that programs use as any other. docs/vmei.md
 * tells how to get the module, and every byte of what is read and written here.
 *
 * @code
 * struct sap_vmei vmei;
 * struct sap_vmei_config settings;
 * struct sap_mei_port port;
 *
 * sap_vmei_config_default(&settings);
 * status = sap_vmei_open(&vmei, sizeof(vmei), &settings);
 * port = sap_vmei_port(&vmei);
 * status = sap_me_bus_start(&bus, now());
 * for (;;) {
 *         struct pollfd fd = {sap_vmei_fd(&vmei), sap_vmei_events(&vmei), 0};
 *
 *         status = sap_me_bus_run(&bus, &port, now());
 *         ...servers and pumps, the bus once more, events...
 *         poll(&fd, 1, until(sap_me_bus_deadline(&bus)));
 * }
 * @endcode
 *
 * **The device's life.** It begins with the first `ready(true)`, and ends with sap_vmei_close() or the process.
 * Between them the firmware may go and come (`ready`); but as with real hardware, Linux gives a device up that
 * is not ready for some 6 seconds, or that resets again and again before it was enumerated. The device stays
 * then, disabled; only a new open gives a new one.
 *
 * **Not freestanding.** For Linux alone; needs a C library. Allocates nothing, starts no thread.
 *
 * **Contexts.** One process, all calls serialised. No call waits, but sap_vmei_close(): until the kernel took
 * the device from all who use it. Not for signal handlers.
 */
#ifndef SAP_MEI_VMEI_H
#define SAP_MEI_VMEI_H

#include <sap/mei/port.h>

SAP_BEGIN_DECLS

enum {
	SAP_VMEI_STATUS = 6,   /**< Registers of the firmware's status. */
	SAP_VMEI_RECORD = 520, /**< Bytes of the longest record. */
};

/** Settings. Start from sap_vmei_config_default(). */
struct sap_vmei_config {
	/** A descriptor of /dev/vmei that somebody opened; it is taken over, and closed if the open fails. -1. */
	int fd;
	const char *path; /**< What to open if there is none. "/dev/vmei". */
	/**
	 * Linux is to ask MKHI for the firmware's version, and to show it in sysfs (fw_ver). There should be a
	 * client of a fixed address then that answers. Off.
	 */
	bool fw_version;
	uint32_t fw_status[SAP_VMEI_STATUS]; /**< The registers, as sysfs shows them (fw_status). 0. */
};

/** What went over the port. They wrap around. */
struct sap_vmei_counters {
	uint32_t frames_in;  /**< Frames that came. */
	uint32_t frames_out; /**< Frames that were taken. */
	uint32_t resets;     /**< Resets by the host. */
	uint32_t early;	     /**< Frames thrown away since the host was not ready. */
	/** Frames that the module refused: the kernel's log says why. Stays 0 with a bus that is right. */
	uint32_t refused;
	uint32_t foreign; /**< Records that came and are unknown, or of a wrong size. */
};

/** An open device. The caller's memory; it must stay where it is from open to close. */
struct sap_vmei {
	struct sap_vmei_counters counters; /**< For reading. */
	int error; /**< errno of what failed last, or of what Linux failed with; 0 if nothing did. For reading. */
	/** @cond internal */
	int fd;
	uint32_t generation;
	uint32_t minor;
	uint16_t flags;
	uint16_t version;
	uint32_t fw_status[SAP_VMEI_STATUS];
	bool started; /* VMEI_START is out */
	bool online;  /* the minor is known */
	bool failed;  /* and there is none */
	bool asked;   /* a reset of the host's is not answered yet */
	bool waiting; /* a frame found no room */
	void *window;
	uint32_t window_size;
	/** @endcond */
};

/** Sets every member to its default. Nothing if @p config is null. */
SAP_API void sap_vmei_config_default(struct sap_vmei_config *config);

/**
 * Opens a device. Nobody sees it before the port's first `ready(true)`.
 *
 * @param vmei   The device. What was in it is forgotten.
 * @param size   `sizeof(struct sap_vmei)`, so that a library of another version notices.
 * @param config Settings; copied.
 *
 * @retval SAP_OK          Open. sap_vmei_close() follows.
 * @retval SAP_TOO_SMALL   @p size is not that of this library's struct.
 * @retval SAP_INVALID     An argument is null, or there is neither a descriptor nor a path.
 * @retval SAP_UNSUPPORTED The module speaks another version, or that is no /dev/vmei.
 * @retval SAP_BUSY        There are as many devices as the module allows.
 * @retval SAP_IO          It cannot be opened: `error` is the errno (ENOENT: the module is not loaded; EACCES:
 *                         it is root's).
 */
SAP_API SAP_MUST_CHECK enum sap_status sap_vmei_open(struct sap_vmei *vmei, size_t size,
						     const struct sap_vmei_config *config);

/** Ends the device: the kernel takes it from all who use it. Closes the window. May be repeated. Null: nothing. */
SAP_API void sap_vmei_close(struct sap_vmei *vmei);

/** The port; valid until sap_vmei_close(). If @p vmei is null its `ops` are. */
SAP_API struct sap_mei_port sap_vmei_port(struct sap_vmei *vmei);

/** The descriptor to poll; -1 if there is none. */
SAP_API int sap_vmei_fd(const struct sap_vmei *vmei);

/** What to poll it for: POLLIN, and POLLOUT while a frame waits for room. */
SAP_API short sap_vmei_events(const struct sap_vmei *vmei);

/**
 * Which /dev/mei<N> it is.
 *
 * @retval SAP_OK     @p minor holds.
 * @retval SAP_AGAIN  Not known yet: Linux waits for HBM's start.
 * @retval SAP_CLOSED Linux gave the device up before; `error` says why.
 */
SAP_API SAP_MUST_CHECK enum sap_status sap_vmei_minor(const struct sap_vmei *vmei, uint32_t *minor);

/**
 * Sets the registers of the firmware's status.
 *
 * @retval SAP_OK      Set; before the first `ready(true)` they are kept for then.
 * @retval SAP_CLOSED  The device is gone.
 * @retval SAP_INVALID An argument is null.
 */
SAP_API SAP_MUST_CHECK enum sap_status sap_vmei_set_status(struct sap_vmei *vmei,
							   const uint32_t status[SAP_VMEI_STATUS]);

SAP_END_DECLS

#endif
