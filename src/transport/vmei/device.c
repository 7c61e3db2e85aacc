// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
/*
 * How a virtual MEI device begins and ends.
 *
 * It begins with a VMEI_START: starting the core waits for the firmware, so a work item does it. It ends when
 * the firmware's descriptor is closed, whatever state it is in, and before close() returns. The memory lives on
 * for as long as somebody has /dev/mei<n> open.
 */
#include <linux/atomic.h>
#include <linux/completion.h>
#include <linux/dma-map-ops.h>
#include <linux/idr.h>
#include <linux/module.h>
#include <linux/pm_runtime.h>
#include <linux/rcupdate.h>

#include "vmei.h"
#include "client.h"

static unsigned int max_devices = 16;
module_param(max_devices, uint, 0444);
MODULE_PARM_DESC(max_devices, "Devices at a time, dead ones that somebody still has open included (16)");

static DEFINE_IDA(vmei_ids);
/*
 * Devices, and the module itself. A completion, since the last word about it must not be ours: whom it wakes
 * takes the module away.
 */
static atomic_t vmei_living = ATOMIC_INIT(1);
static DECLARE_COMPLETION(vmei_died);

static void vmei_one_less(void)
{
	if (atomic_dec_and_test(&vmei_living))
		complete(&vmei_died);
}

/* --- sysfs: what the guard refused --- */

static ssize_t vmei_count_show(struct device *dev, const u64 *count, char *buf)
{
	struct vmei *vmei = dev_to_vmei(dev);
	u64 value;

	spin_lock(&vmei->lock);
	value = *count;
	spin_unlock(&vmei->lock);
	return sysfs_emit(buf, "%llu\n", value);
}

static ssize_t refused_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	return vmei_count_show(dev, &dev_to_vmei(dev)->refused, buf);
}
static DEVICE_ATTR_RO(refused);

static ssize_t late_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	return vmei_count_show(dev, &dev_to_vmei(dev)->late, buf);
}
static DEVICE_ATTR_RO(late);

static struct attribute *vmei_attrs[] = {
	&dev_attr_refused.attr,
	&dev_attr_late.attr,
	NULL,
};
ATTRIBUTE_GROUPS(vmei);

/* --- a bus of our own: the core wants a parent with a driver bound to it, for as long as it lives --- */

static int vmei_probe(struct device *dev)
{
	return 0;
}

static struct bus_type vmei_bus = {
	.name = "vmei",
	.dev_groups = vmei_groups,
	.probe = vmei_probe,
};

static struct device_driver vmei_driver = {
	.name = "vmei",
	.bus = &vmei_bus,
	.owner = THIS_MODULE,
	.suppress_bind_attrs = true,
	.probe_type = PROBE_FORCE_SYNCHRONOUS,
};

int vmei_bus_register(void)
{
	int ret = bus_register(&vmei_bus);

	if (ret)
		return ret;
	ret = driver_register(&vmei_driver);
	if (ret)
		bus_unregister(&vmei_bus);
	return ret;
}

/* No descriptor is open any more, but the last reference to a device may be on its way out just now. */
void vmei_bus_unregister(void)
{
	vmei_one_less();
	wait_for_completion(&vmei_died);
	/* And whoever completed it may still have to return from our code. */
	synchronize_rcu();
	driver_unregister(&vmei_driver);
	bus_unregister(&vmei_bus);
	ida_destroy(&vmei_ids);
}

/* --- memory --- */

static void vmei_release(struct device *dev)
{
	struct vmei *vmei = dev_to_vmei(dev);

	if (vmei->id >= 0)
		ida_free(&vmei_ids, vmei->id);
	kfree(vmei);
	vmei_one_less();
}

static void vmei_start_work(struct work_struct *work);

static void vmei_init(struct vmei *vmei)
{
	vmei->id = -1;
	INIT_WORK(&vmei->start, vmei_start_work);
	INIT_WORK(&vmei->interrupt, vmei_interrupt_work);
	spin_lock_init(&vmei->lock);
	init_waitqueue_head(&vmei->wait);
	vmei->tell = VMEI_TELL_HELLO;
	vmei->to_host.bytes = vmei->to_host_bytes;
	vmei->to_host.size = sizeof(vmei->to_host_bytes);
	vmei->to_firmware.bytes = vmei->to_firmware_bytes;
	vmei->to_firmware.size = sizeof(vmei->to_firmware_bytes);
	mutex_init(&vmei->areas_lock);
	INIT_LIST_HEAD(&vmei->areas);
	vmei->next_address = 1ULL << 32;
	mutex_init(&vmei->read_lock);
	mutex_init(&vmei->write_lock);
}

/* A device that nobody but its descriptor knows yet. */
struct vmei *vmei_create(void)
{
	struct vmei *vmei;
	struct device *dev;

	if ((unsigned int)atomic_inc_return(&vmei_living) - 1 > max_devices) {
		vmei = ERR_PTR(-EMFILE);
		goto err;
	}
	vmei = kzalloc(sizeof(*vmei), GFP_KERNEL_ACCOUNT);
	if (!vmei) {
		vmei = ERR_PTR(-ENOMEM);
		goto err;
	}
	vmei_init(vmei);
	dev = &vmei->parent.dev;
	device_initialize(dev);
	dev->bus = &vmei_bus;
	dev->release = vmei_release;
	dev->dma_mask = &dev->coherent_dma_mask;
	dev->coherent_dma_mask = DMA_BIT_MASK(64);
	set_dma_ops(dev, &vmei_dma_ops);
	mei_device_init(&vmei->mei, dev, false, &vmei_hw_ops);
	vmei->mei.kind = "vmei";
	return vmei;
err:
	vmei_one_less();
	return vmei;
}

/* --- begin --- */

static int vmei_add(struct vmei *vmei)
{
	struct device *dev = &vmei->parent.dev;
	int ret;

	ret = ida_alloc(&vmei_ids, GFP_KERNEL);
	if (ret < 0)
		return ret;
	vmei->id = ret;
	ret = dev_set_name(dev, "vmei%d", vmei->id);
	if (ret)
		return ret;
	/* The core takes and gives back references of runtime PM; ours keeps the device awake for good. */
	pm_runtime_get_noresume(dev);
	pm_runtime_set_active(dev);
	pm_runtime_enable(dev);
	ret = device_add(dev);
	if (ret) {
		pm_runtime_disable(dev);
		return ret;
	}
	vmei->added = true;
	return dev->driver ? 0 : -ENODEV;
}

/*
 * Makes /dev/mei<n>. Files that are open there hold a reference to the cdev within our memory, and drop it
 * after the core's last word about them. With the device as the cdev's parent, that reference is one to it.
 */
static int vmei_register(struct vmei *vmei)
{
	struct device *dev = &vmei->parent.dev;
	int ret;

	ret = mei_register(&vmei->mei, dev);
	if (ret)
		return ret;
	get_device(dev);
	cdev_set_parent(&vmei->mei.cdev, &dev->kobj);
	vmei->registered = true;
	return 0;
}

static void vmei_start_work(struct work_struct *work)
{
	struct vmei *vmei = container_of(work, struct vmei, start);
	int ret;

	ret = vmei_add(vmei);
	if (!ret)
		ret = mei_start(&vmei->mei);
	if (!ret)
		ret = vmei_register(vmei);

	spin_lock(&vmei->lock);
	vmei->error = ret;
	vmei->failed = ret != 0;
	vmei->tell |= VMEI_TELL_ONLINE;
	spin_unlock(&vmei->lock);
	wake_up(&vmei->wait);
}

/* --- end --- */

/* Says that the firmware is gone, and waits until nobody acts for it any more. */
static void vmei_silence(struct vmei *vmei)
{
	spin_lock(&vmei->lock);
	vmei->gone = true;
	spin_unlock(&vmei->lock);
	wake_up(&vmei->mei.wait_hw_ready);
	cancel_work_sync(&vmei->start);
	cancel_work_sync(&vmei->interrupt);
}

/*
 * Takes the device from the core. All connections end first, so that nobody waits for the firmware: neither a
 * program, nor a driver whose remove is about to be called, nor the core's own work items, which are waited for
 * here. One that would add bus devices must not run after mei_stop(), which removes them.
 */
static void vmei_stop(struct vmei *vmei)
{
	struct mei_device *mei = &vmei->mei;

	mutex_lock(&mei->device_lock);
	mei->hbuf_is_ready = true;
	mei_cl_all_disconnect(mei);
	mutex_unlock(&mei->device_lock);
	mei_cancel_work(mei);
	mei_stop(mei);
	if (vmei->registered)
		mei_deregister(mei);
	mei_cancel_work(mei);
}

void vmei_end(struct vmei *vmei)
{
	struct device *dev = &vmei->parent.dev;

	vmei_silence(vmei);
	if (vmei->added) {
		vmei_stop(vmei);
		pm_runtime_disable(dev);
		pm_runtime_set_suspended(dev);
		pm_runtime_put_noidle(dev);
		device_del(dev);
	}
	put_device(dev);
}
