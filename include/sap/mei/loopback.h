/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
/**
 * @file mei/loopback.h
 * A MEI device in memory: the firmware's end as a port, the host's end as calls.
 *
 * For tests and demos without a kernel. Frames wait in two lanes of fixed depth; the host offers its memory by
 * a bus address. It knows nothing of HBM. All calls are serialised by the caller; none waits or allocates.
 */
#ifndef SAP_MEI_LOOPBACK_H
#define SAP_MEI_LOOPBACK_H

#include <sap/mei/frame.h>
#include <sap/mei/port.h>

SAP_BEGIN_DECLS

/** Limits. */
enum {
	SAP_MEI_LOOPBACK_DEPTH = 16,  /**< Frames and signals on the way in a direction. */
	SAP_MEI_LOOPBACK_REGIONS = 4, /**< Pieces of memory that a host offers. */
	/** Longest frame that goes through: more than a header can say, so that a host can lie. */
	SAP_MEI_LOOPBACK_FRAME = 520,
};

/** A frame or a signal on its way. */
struct sap_mei_loopback_record {
	uint32_t what;			       /**< enum sap_mei_input. */
	uint32_t len;			       /**< Bytes of a frame. */
	uint8_t frame[SAP_MEI_LOOPBACK_FRAME]; /**< It. */
};

/** Records on the way in a direction. */
struct sap_mei_loopback_lane {
	struct sap_mei_loopback_record record[SAP_MEI_LOOPBACK_DEPTH]; /**< They; a ring. */
	uint32_t at;						       /**< The next one. */
	uint32_t count;						       /**< How many. */
};

/** Memory that a host offers. */
struct sap_mei_loopback_region {
	uint64_t address; /**< Its bus address. */
	uint32_t size;	  /**< Bytes; 0: none. */
	void *memory;	  /**< It. */
};

/** A device. It must stay where it was initialised as long as it is in use. Members are for reading. */
struct sap_mei_loopback {
	struct sap_mei_loopback_lane to_firmware;			 /**< What the host sent. */
	struct sap_mei_loopback_lane to_host;				 /**< What the firmware sent. */
	struct sap_mei_loopback_region region[SAP_MEI_LOOPBACK_REGIONS]; /**< The host's memory. */
	bool ready;							 /**< The firmware says that it is. */
	bool gone;							 /**< The device is gone for good. */
	bool frozen;	      /**< The host reads nothing: the firmware's `send` says #SAP_AGAIN. */
	uint32_t resets;      /**< Resets by the host. */
	uint64_t window;      /**< Bus address of the firmware's window. */
	uint32_t window_size; /**< Bytes of it; 0: closed. */
};

/** Makes a device: not ready, nothing on the way. Nothing happens if @p loop is null. */
SAP_API void sap_mei_loopback_init(struct sap_mei_loopback *loop);

/** The firmware's end. If @p loop is null, its `ops` are. */
SAP_API struct sap_mei_port sap_mei_loopback_port(struct sap_mei_loopback *loop);

/**
 * The host sends a frame, whatever is in it.
 *
 * @retval SAP_OK       On its way.
 * @retval SAP_AGAIN    Too many are.
 * @retval SAP_TOO_LONG More than #SAP_MEI_LOOPBACK_FRAME bytes.
 * @retval SAP_CLOSED   The firmware is not ready, or the device is gone.
 * @retval SAP_INVALID  An argument is null.
 */
SAP_API SAP_MUST_CHECK enum sap_status sap_mei_loopback_host_send(struct sap_mei_loopback *loop,
								  const void *frame, size_t len);

/**
 * The host takes the firmware's next frame.
 *
 * @retval SAP_OK       @p len bytes at @p frame.
 * @retval SAP_AGAIN    None there.
 * @retval SAP_TOO_LONG It did not fit @p cap and was dropped.
 * @retval SAP_CLOSED   The firmware is not ready, or the device is gone.
 * @retval SAP_INVALID  An argument is null.
 */
SAP_API SAP_MUST_CHECK enum sap_status sap_mei_loopback_host_recv(struct sap_mei_loopback *loop, void *frame,
								  size_t cap, size_t *len);

/** The host resets the device: what is on the way is lost, and the firmware is not ready until it says so. */
SAP_API void sap_mei_loopback_host_reset(struct sap_mei_loopback *loop);

/** The host sends a signal: #SAP_MEI_HOST_READY or #SAP_MEI_HOST_WAKES. @retval SAP_AGAIN Too many are on the way. */
SAP_API SAP_MUST_CHECK enum sap_status sap_mei_loopback_host_signal(struct sap_mei_loopback *loop,
								    enum sap_mei_input what);

/** Whether the firmware is ready. */
SAP_API bool sap_mei_loopback_is_ready(const struct sap_mei_loopback *loop);

/**
 * The host offers memory at a bus address.
 *
 * @retval SAP_OK      Offered.
 * @retval SAP_NO_ROOM #SAP_MEI_LOOPBACK_REGIONS are.
 * @retval SAP_INVALID An argument is null, or the size is 0.
 */
SAP_API SAP_MUST_CHECK enum sap_status sap_mei_loopback_offer(struct sap_mei_loopback *loop, uint64_t address,
							      void *memory, uint32_t size);

/**
 * The host takes its memory back.
 *
 * @retval SAP_OK    It is the host's alone.
 * @retval SAP_AGAIN The firmware's window is open on it: the memory has to stay.
 */
SAP_API SAP_MUST_CHECK enum sap_status sap_mei_loopback_withdraw(struct sap_mei_loopback *loop,
								 uint64_t address);

/** The device is gone: both ends get #SAP_CLOSED from now on. The window stays until it is closed. */
SAP_API void sap_mei_loopback_unplug(struct sap_mei_loopback *loop);

SAP_END_DECLS

#endif
