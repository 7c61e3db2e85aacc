/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
/**
 * @file mei/sysfs.h
 * Which MEI devices a Linux system has and which clients are behind them, without opening a device.
 *
 * All of it is read off sysfs, which everybody may read, and names of device nodes; root sees more clients, by
 * debugfs. A walk keeps nothing between its calls, so devices may come and go meanwhile:
 *
 * @code
 * struct sap_mei_device device = {0};
 * struct sap_mei_client client;
 *
 * while (sap_mei_device_next(NULL, &device)) {
 *         client = (struct sap_mei_client){0};
 *         while (sap_mei_client_next(NULL, &device, &client))
 *                 ...
 * }
 * @endcode
 *
 * **What is not there.** Files may be missing, unreadable or odd: an older kernel has fewer of them, a container
 * may hide them. `has` tells which members hold; the others are zero.
 *
 * **What the bus does not show.** Linux puts no client on its bus that takes more than one connection at a time,
 * nor some others. They can be connected to all the same. Only debugfs (root) lists every client.
 *
 * **Not freestanding.** Linux and its system calls; allocates nothing, opens for reading, never waits. Any number of
 * threads. Not part of `sap/sap.h` and `sap/mei.h`.
 *
 * Facts: docs/protocol/mei.md section 1.
 */
#ifndef SAP_MEI_SYSFS_H
#define SAP_MEI_SYSFS_H

#include <sap/guid.h>
#include <sap/types.h>

SAP_BEGIN_DECLS

enum {
	SAP_MEI_WORD = 64,	 /**< Bytes of a name or a word, its zero included. Longer ones are cut. */
	SAP_MEI_PATH = 256,	 /**< Bytes of a path that is made here, its zero included. */
	SAP_MEI_FW_VERSIONS = 3, /**< Versions of the firmware: main, recovery, FITC. */
	SAP_MEI_FW_STATUS = 6,	 /**< Status registers of the firmware. */
};

/** Where to look. Null: the system's own. They live as long as the call. */
struct sap_mei_roots {
	const char *sysfs;   /**< Null: "/sys". */
	const char *dev;     /**< Where device nodes are. Null: "/dev". */
	const char *debugfs; /**< Null: "kernel/debug" below sysfs. */
};

/** How a device is. */
enum sap_mei_state {
	SAP_MEI_STATE_UNKNOWN = 0,   /**< The file is missing, or says something else: see `state_word`. */
	SAP_MEI_STATE_INITIALIZING,  /**< The driver starts it. */
	SAP_MEI_STATE_INIT_CLIENTS,  /**< Its clients are being listed. */
	SAP_MEI_STATE_ENABLED,	     /**< In use; the only state in which a device can be opened. */
	SAP_MEI_STATE_RESETTING,     /**< Being reset; it comes back, or is disabled. */
	SAP_MEI_STATE_DISABLED,	     /**< Given up: by the BIOS, or after resets in vain. */
	SAP_MEI_STATE_POWERING_DOWN, /**< Being switched off. */
	SAP_MEI_STATE_POWER_DOWN,    /**< Off: suspended. */
	SAP_MEI_STATE_POWER_UP,	     /**< Coming back from that. */
};

/** Which members of a device hold. */
enum sap_mei_device_has {
	SAP_MEI_HAS_SYSFS = 1 << 0,	 /**< sysfs knows it; else only a node of its name is there. */
	SAP_MEI_HAS_STATE = 1 << 1,	 /**< `state_word` */
	SAP_MEI_HAS_FW_VERSION = 1 << 2, /**< `fw_versions`, `n_fw_versions` */
	SAP_MEI_HAS_FW_STATUS = 1 << 3,	 /**< `fw_status`, `n_fw_status` */
	SAP_MEI_HAS_HBM = 1 << 4,	 /**< `hbm_major`, `hbm_minor` */
	SAP_MEI_HAS_HBM_DRIVER = 1 << 5, /**< `driver_major`, `driver_minor` */
	SAP_MEI_HAS_KIND = 1 << 6,	 /**< `kind` */
	SAP_MEI_HAS_QUEUE = 1 << 7,	 /**< `queue_limit` */
	SAP_MEI_HAS_PARENT = 1 << 8,	 /**< `parent`, and so the clients on the bus can be told */
};

/** A version of the firmware: 16.1.25.1865 on platform 0. */
struct sap_mei_fw_version {
	uint32_t platform; /**< Which platform. */
	uint32_t major;	   /**< 16 */
	uint32_t minor;	   /**< 1 */
	uint32_t hotfix;   /**< 25 */
	uint32_t build;	   /**< 1865 */
};

/** A device. */
struct sap_mei_device {
	char name[SAP_MEI_WORD];       /**< "mei0", as its node is called. */
	uint32_t has;		       /**< enum sap_mei_device_has. */
	enum sap_mei_state state;      /**< How it is. */
	char state_word[SAP_MEI_WORD]; /**< The same as the kernel says it. */
	uint32_t n_fw_versions;	       /**< How many of the next there are. */
	struct sap_mei_fw_version
		fw_versions[SAP_MEI_FW_VERSIONS]; /**< All zero until the firmware was asked. */
	uint32_t n_fw_status;			  /**< How many of the next there are. */
	uint32_t fw_status[SAP_MEI_FW_STATUS];	  /**< Its registers. */
	uint32_t hbm_major;			  /**< HBM as agreed. */
	uint32_t hbm_minor;			  /**< And its minor version. */
	uint32_t driver_major;			  /**< HBM as the kernel's driver knows it. */
	uint32_t driver_minor;			  /**< And its minor version. */
	char kind[SAP_MEI_WORD];		  /**< "mei", "itouch", "gsc", "gscfi", ... */
	uint32_t queue_limit;			  /**< Messages that a connection may have under way. */
	char parent[SAP_MEI_WORD];		  /**< What it sits on: "0000:00:16.0". */
};

/** Which members of a client hold. `guid` and `on_bus` always do. */
enum sap_mei_client_has {
	SAP_MEI_HAS_NAME = 1 << 0,	  /**< `name` */
	SAP_MEI_HAS_VERSION = 1 << 1,	  /**< `version` */
	SAP_MEI_HAS_CONNECTIONS = 1 << 2, /**< `connections` */
	SAP_MEI_HAS_FIXED = 1 << 3,	  /**< `fixed` */
	SAP_MEI_HAS_VTAG = 1 << 4,	  /**< `vtag` */
	SAP_MEI_HAS_LENGTH = 1 << 5,	  /**< `max_len` */
	SAP_MEI_HAS_DRIVER = 1 << 6,	  /**< `driver`: one is bound */
};

/** A client of a device. */
struct sap_mei_client {
	struct sap_guid guid;	   /**< Its GUID. */
	uint32_t has;		   /**< enum sap_mei_client_has. */
	bool on_bus;		   /**< Linux's bus has it; else debugfs alone tells of it. */
	char name[SAP_MEI_WORD];   /**< What the kernel calls it, which is mostly its GUID again. */
	uint32_t version;	   /**< Of its protocol. */
	uint32_t connections;	   /**< How many it takes at a time. */
	uint32_t fixed;		   /**< Its fixed address; 0: it has none, and is connected to. */
	bool vtag;		   /**< It takes virtual tags. */
	uint32_t max_len;	   /**< Bytes of its longest message. */
	char driver[SAP_MEI_WORD]; /**< Which driver of the kernel is bound to it. */
	/** @cond internal */
	char place[SAP_MEI_PATH]; /* its folder on the bus: where the walk is */
	uint32_t line;		  /* its line in debugfs: likewise */
				  /** @endcond */
};

/**
 * The next device: mei0 up to the last, then plain "mei".
 *
 * If sysfs has none, nodes in `dev` with such a name are devices of which nothing else is known.
 *
 * @param roots  Where to look; null: the system's own.
 * @param device The device before it; all zero for the first. Filled in with the next.
 *
 * @return Whether there is one. If not, or if @p device is null, nothing is changed.
 */
SAP_API bool sap_mei_device_next(const struct sap_mei_roots *roots, struct sap_mei_device *device);

/**
 * The device of that name.
 *
 * @param roots  Where to look; null: the system's own.
 * @param name   "mei0".
 * @param device What is known of it.
 *
 * @return Whether sysfs or `dev` has it. If not, or if an argument is null, nothing is changed.
 */
SAP_API bool sap_mei_device_get(const struct sap_mei_roots *roots, const char *name,
				struct sap_mei_device *device);

/**
 * The next client of a device: those on the bus by name of their folder, then those of debugfs that the bus lacks.
 *
 * @param roots  Where to look; null: the system's own.
 * @param device Whose.
 * @param client The client before it; all zero for the first. Filled in with the next.
 *
 * @return Whether there is one. If not, or if @p device or @p client is null, nothing is changed.
 */
SAP_API bool sap_mei_client_next(const struct sap_mei_roots *roots, const struct sap_mei_device *device,
				 struct sap_mei_client *client);

/**
 * The client of that GUID, as sap_mei_client_next() gives it.
 *
 * @return Whether it is listed. A client that is not may be there all the same; see above.
 */
SAP_API bool sap_mei_client_get(const struct sap_mei_roots *roots, const struct sap_mei_device *device,
				const struct sap_guid *guid, struct sap_mei_client *client);

/** The word of a state ("ENABLED"), "?" for #SAP_MEI_STATE_UNKNOWN and others. Constant. */
SAP_API const char *sap_mei_state_name(enum sap_mei_state state);

SAP_END_DECLS

#endif
