// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
/* vmei: MEI devices whose firmware is a process. See docs/vmei.md. */
#include <linux/module.h>
#include <linux/workqueue.h>

#include "vmei.h"

/* Starts and "interrupts" of all devices. Unbound, since a start may wait for seconds. */
struct workqueue_struct *vmei_queue;

static int __init vmei_module_init(void)
{
	int ret;

	vmei_queue = alloc_workqueue("vmei", WQ_UNBOUND, 0);
	if (!vmei_queue)
		return -ENOMEM;
	ret = vmei_bus_register();
	if (ret)
		goto no_bus;
	ret = vmei_chardev_register();
	if (ret)
		goto no_chardev;
	return 0;

no_chardev:
	vmei_bus_unregister();
no_bus:
	destroy_workqueue(vmei_queue);
	return ret;
}

static void __exit vmei_module_exit(void)
{
	vmei_chardev_unregister();
	vmei_bus_unregister();
	destroy_workqueue(vmei_queue);
}

module_init(vmei_module_init);
module_exit(vmei_module_exit);
MODULE_DESCRIPTION("Virtual MEI devices, whose firmware is a process in user space");
MODULE_AUTHOR("The libsap authors");
MODULE_LICENSE("Dual BSD/GPL");
