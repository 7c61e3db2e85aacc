/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
/*
 * One virtual MEI device, and who does what with it: chardev.c talks to the firmware process, device.c begins
 * and ends, hw.c is the hardware under the kernel's MEI core, dma.c the memory that both sides map.
 *
 * Locks, outermost first: the core's device_lock; read_lock or write_lock, of one reader or writer of /dev/vmei;
 * areas_lock; lock, a spinlock over what the firmware's and the host's side share.
 */
#ifndef VMEI_H
#define VMEI_H

#include <linux/mutex.h>
#include <linux/pci.h>
#include <linux/spinlock.h>
#include <linux/wait.h>
#include <linux/workqueue.h>

#include "mei_dev.h"

#include "guard.h"
#include "slots.h"
#include "vmei_uapi.h"

/* Towards the firmware: a host buffer of 128 slots, as real hardware has. */
#define VMEI_HOST_BYTES 512

/* What the firmware is yet to be told, besides frames; VMEI_TELL_RESET first. */
#define VMEI_TELL_HELLO	 BIT(0)
#define VMEI_TELL_RESET	 BIT(1)
#define VMEI_TELL_READY	 BIT(2)
#define VMEI_TELL_ONLINE BIT(3)

struct vmei {
	/*
	 * The device under the core. A bare pci_dev, of which only .dev is used: the core's watchdog fix-up
	 * takes the parent of every MEI device for one and reads its ids, which are 0 here.
	 */
	struct pci_dev parent;
	int id; /* vmei<id>; -1 until there is one */

	struct work_struct start;
	struct work_struct interrupt;
	int error; /* what the start came to; written by its work, read after it */
	bool added;
	bool registered;

	spinlock_t lock;
	/* All below, up to areas_lock, is under lock. */
	wait_queue_head_t wait; /* readers and writers of /dev/vmei */
	bool gone;		/* the firmware process is */
	bool started;		/* VMEI_START came */
	bool failed;		/* and came to nothing */
	bool in_reset;		/* the host reset the firmware, which did not answer yet */
	bool fw_ready;		/* it did */
	bool host_ready;
	u32 tell; /* VMEI_TELL_* */
	u32 generation;
	u32 fw_status[VMEI_FW_STATUS];
	u64 refused; /* frames, since the start */
	u64 late;
	struct vmei_guard guard;
	struct vmei_ring to_host;
	struct vmei_ring to_firmware;
	u8 to_host_bytes[VMEI_QUEUE_BYTES];
	u8 to_firmware_bytes[VMEI_HOST_BYTES];

	struct mutex areas_lock; /* over the next three */
	struct list_head areas;
	size_t areas_bytes;
	u64 next_address;

	struct mutex read_lock;	 /* over out */
	struct mutex write_lock; /* over in */
	u8 out[VMEI_RECORD_MAX] __aligned(8);
	u8 in[VMEI_RECORD_MAX] __aligned(8);

	struct mei_device mei; /* ends in an array without size, so it is last */
};

static inline struct vmei *to_vmei(const struct mei_device *mei)
{
	return container_of(mei, struct vmei, mei);
}

static inline struct vmei *dev_to_vmei(struct device *dev)
{
	return container_of(dev, struct vmei, parent.dev);
}

extern struct workqueue_struct *vmei_queue;

/* chardev.c */
int vmei_chardev_register(void);
void vmei_chardev_unregister(void);

/* device.c */
int vmei_bus_register(void);
void vmei_bus_unregister(void);
struct vmei *vmei_create(void);
void vmei_end(struct vmei *vmei);

/* hw.c */
extern const struct mei_hw_ops vmei_hw_ops;
void vmei_interrupt_work(struct work_struct *work);
void vmei_interrupt(struct vmei *vmei);
void vmei_cut(struct vmei *vmei);

/* dma.c */
extern const struct dma_map_ops vmei_dma_ops;
int vmei_dma_mmap(struct vmei *vmei, struct vm_area_struct *vma);

#endif
