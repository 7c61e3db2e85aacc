// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
/*
 * A driver on the MEI bus for the VM's cases: maps memory for client DMA, connects, and undoes both as it goes.
 * What it saw is in the kernel's log.
 */
#include <linux/mei_cl_bus.h>
#include <linux/module.h>
#include <linux/string.h>

#define SIZE 172032

static int vmei_case_probe(struct mei_cl_device *cldev, const struct mei_cl_device_id *id)
{
	char *area = mei_cldev_dma_map(cldev, 1, SIZE);
	int ret;

	if (IS_ERR(area)) {
		dev_info(&cldev->dev, "vmei_case: map %ld\n", PTR_ERR(area));
		return PTR_ERR(area);
	}
	ret = mei_cldev_enable(cldev);
	if (ret) {
		mei_cldev_dma_unmap(cldev);
		return ret;
	}
	dev_info(&cldev->dev, "vmei_case: mapped, ends with %.4s\n", area + SIZE - 4);
	mei_cldev_set_drvdata(cldev, area);
	return 0;
}

static void vmei_case_remove(struct mei_cl_device *cldev)
{
	int disabled = mei_cldev_disable(cldev);

	dev_info(&cldev->dev, "vmei_case: disable %d, unmap %d\n", disabled, mei_cldev_dma_unmap(cldev));
}

static const struct mei_cl_device_id vmei_case_ids[] = {
	{.uuid = UUID_LE(0xec000001, 0, 0, 0x80, 0, 0x65, 0x63, 0x68, 0x6f, 0x20, 0x33),
	 .version = MEI_CL_VERSION_ANY},
	/* The WLAN client, of a whole firmware. */
	{.uuid = UUID_LE(0x13280904, 0x7792, 0x4fcb, 0xa1, 0xaa, 0x5e, 0x70, 0xcb, 0xb1, 0xe8, 0x65),
	 .version = MEI_CL_VERSION_ANY},
	{},
};
MODULE_DEVICE_TABLE(mei, vmei_case_ids);

static struct mei_cl_driver vmei_case = {
	.name = "vmei_case",
	.id_table = vmei_case_ids,
	.probe = vmei_case_probe,
	.remove = vmei_case_remove,
};
module_mei_cl_driver(vmei_case);

MODULE_DESCRIPTION("Client DMA for the cases of libsap's VM rig");
MODULE_LICENSE("Dual BSD/GPL");
