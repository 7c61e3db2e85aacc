/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
/**
 * @file mei/port.h
 * The firmware's end of a MEI device: five operations.
 *
 * A port carries whole frames of the bus, both ways, and three signals: the firmware is ready or not, the host
 * resets the device, the host is ready. Beside them it opens a window on memory of the host. The bus (bus.h)
 * sits on a port and knows nothing of what is behind it: a virtual MEI device of a kernel, or a host in the
 * same process (loopback.h).
 *
 * **Order of a device's life.** `ready(true)`; the host resets the device (#SAP_MEI_HOST_RESET, perhaps more
 * than once) and waits; each time `ready(true)` again; #SAP_MEI_HOST_READY; frames. A reset may come at any
 * moment: what was on the way in either direction before it is lost, and comes neither before nor after it is
 * told by `recv`. `ready(false)` is the firmware's death; the device may come back by `ready(true)`.
 *
 * **Calling.** All operations of one port are serialised by the caller, and none of them waits.
 * Facts: docs/protocol/mei.md section 2, docs/protocol/linux-mei.md.
 */
#ifndef SAP_MEI_PORT_H
#define SAP_MEI_PORT_H

#include <sap/status.h>
#include <sap/transport.h>
#include <sap/types.h>

SAP_BEGIN_DECLS

/** What a port gives out. */
enum sap_mei_input {
	SAP_MEI_FRAME = 1,  /**< A frame of the host. */
	SAP_MEI_HOST_RESET, /**< The host resets the device: nothing holds any more. */
	SAP_MEI_HOST_READY, /**< The host is ready: frames may come. */
	SAP_MEI_HOST_WAKES, /**< The host wants the power gate open; only of devices that have one. */
};

/**
 * The operations. Each gets the port's own pointer first.
 *
 * #SAP_AGAIN always means that nothing was taken and the same call may be made again later. #SAP_CLOSED means
 * that the device is gone for good; what was mapped is to be unmapped all the same.
 */
struct sap_mei_port_ops {
	/**
	 * Shows the host that the firmware is ready, or that it is not. May be repeated.
	 *
	 * @retval SAP_OK     The host can see it.
	 * @retval SAP_AGAIN  Not yet.
	 * @retval SAP_CLOSED The device is gone.
	 * @retval SAP_IO     It failed; as SAP_CLOSED.
	 */
	enum sap_status (*ready)(void *self, bool ready);

	/**
	 * Sends one frame of 4 to 515 bytes, without padding. Copied before it returns.
	 *
	 * @retval SAP_OK       Taken, whole; or thrown away, since the host is resetting the device.
	 * @retval SAP_AGAIN    The host's buffer is full; there will be room as the host reads, or resets.
	 * @retval SAP_TOO_LONG Longer than the host's buffer can ever take; not taken.
	 * @retval SAP_CLOSED   The device is gone.
	 * @retval SAP_IO       It failed; as SAP_CLOSED.
	 */
	enum sap_status (*send)(void *self, const void *frame, size_t len);

	/**
	 * Gives out what came next, in order.
	 *
	 * @param what  What it is.
	 * @param frame Where a frame goes. It is not looked into: a host may send anything.
	 * @param cap   Bytes there; 515 suffice for every frame.
	 * @param len   A frame's bytes; else 0.
	 *
	 * @retval SAP_OK       @p what holds.
	 * @retval SAP_AGAIN    Nothing there.
	 * @retval SAP_TOO_LONG A frame of more than @p cap bytes; dropped, @p len is its size.
	 * @retval SAP_CLOSED   The device is gone.
	 * @retval SAP_IO       It failed; as SAP_CLOSED.
	 */
	enum sap_status (*recv)(void *self, enum sap_mei_input *what, void *frame, size_t cap, size_t *len);

	/**
	 * Opens the window on memory of the host.
	 *
	 * One window is open at a time. It stays as it is, and readable and writable, until `unmap` returns, also if
	 * the host gives the memory up, resets, or is gone.
	 *
	 * @param address The bus address, as the host names it.
	 * @param size    Bytes, a multiple of 4,096.
	 * @param mem     The window: at a multiple of 4, @p size bytes.
	 *
	 * @retval SAP_OK          @p mem holds.
	 * @retval SAP_AGAIN       Not yet.
	 * @retval SAP_UNSUPPORTED There are no windows here.
	 * @retval SAP_IO          The host has no such memory.
	 * @retval SAP_CLOSED      The device is gone.
	 */
	enum sap_status (*map)(void *self, uint64_t address, uint32_t size, struct sap_mem *mem);

	/** Closes the window. May be repeated. SAP_OK, or SAP_AGAIN. */
	enum sap_status (*unmap)(void *self);
};

/** A port: its operations and what they work on. Plain pointers; copy it as you like. */
struct sap_mei_port {
	const struct sap_mei_port_ops *ops; /**< The operations. Constant, and lives as long as `self`. */
	void *self;			    /**< Theirs. */
};

SAP_END_DECLS

#endif
