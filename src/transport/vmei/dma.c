// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
/*
 * Client DMA: memory that a driver on the MEI bus allocates and the firmware process maps.
 *
 * Bus addresses are made up. They begin above 4 GiB, so that whoever drops their upper half is found out, and
 * are never used twice, so that a firmware with an old address maps nothing rather than somebody else's memory.
 */
#include <linux/dma-map-ops.h>
#include <linux/mm.h>
#include <linux/slab.h>
#include <linux/vmalloc.h>

#include "vmei.h"

struct vmei_area {
	struct list_head list;
	u64 address;
	size_t size; /* whole pages */
	void *bytes;
};

/* --- the host's side --- */

static int vmei_area_place(struct vmei *vmei, struct vmei_area *area)
{
	int ret = 0;

	mutex_lock(&vmei->areas_lock);
	if (vmei->areas_bytes + area->size > VMEI_AREAS_MAX) {
		ret = -ENOMEM;
	} else {
		vmei->areas_bytes += area->size;
		area->address = vmei->next_address;
		vmei->next_address += area->size + PAGE_SIZE;
		list_add_tail(&area->list, &vmei->areas);
	}
	mutex_unlock(&vmei->areas_lock);
	return ret;
}

static void *vmei_alloc(struct device *dev, size_t size, dma_addr_t *address, gfp_t gfp, unsigned long attrs)
{
	struct vmei_area *area;

	if (!size || size > VMEI_AREA_MAX)
		return NULL;
	area = kzalloc(sizeof(*area), GFP_KERNEL);
	if (!area)
		return NULL;
	area->size = PAGE_ALIGN(size);
	area->bytes = vmalloc_user(area->size);
	if (!area->bytes || vmei_area_place(dev_to_vmei(dev), area)) {
		vfree(area->bytes);
		kfree(area);
		return NULL;
	}
	*address = area->address;
	return area->bytes;
}

static struct vmei_area *vmei_area_at(struct vmei *vmei, u64 address)
{
	struct vmei_area *area;

	lockdep_assert_held(&vmei->areas_lock);
	list_for_each_entry(area, &vmei->areas, list) {
		if (address >= area->address && address - area->address < area->size)
			return area;
	}
	return NULL;
}

/* Pages that the firmware has mapped stay its own until it unmaps them. */
static void vmei_free(struct device *dev, size_t size, void *bytes, dma_addr_t address, unsigned long attrs)
{
	struct vmei *vmei = dev_to_vmei(dev);
	struct vmei_area *area;

	mutex_lock(&vmei->areas_lock);
	area = vmei_area_at(vmei, address);
	if (area) {
		list_del(&area->list);
		vmei->areas_bytes -= area->size;
	}
	mutex_unlock(&vmei->areas_lock);
	if (WARN_ON(!area))
		return;
	vfree(area->bytes);
	kfree(area);
}

/* There is only coherent memory: this firmware cannot reach into the rest. */
static dma_addr_t vmei_map_page(struct device *dev, struct page *page, unsigned long offset, size_t size,
				enum dma_data_direction dir, unsigned long attrs)
{
	return DMA_MAPPING_ERROR;
}

static int vmei_map_sg(struct device *dev, struct scatterlist *sg, int nents, enum dma_data_direction dir,
		       unsigned long attrs)
{
	return -EOPNOTSUPP;
}

const struct dma_map_ops vmei_dma_ops = {
	.alloc = vmei_alloc,
	.free = vmei_free,
	.map_page = vmei_map_page,
	.map_sg = vmei_map_sg,
};

/* --- the firmware's side --- */

/* Maps what lies at the bus address that is the offset: within one area, and shared. */
int vmei_dma_mmap(struct vmei *vmei, struct vm_area_struct *vma)
{
	u64 address = (u64)vma->vm_pgoff << PAGE_SHIFT;
	u64 size = vma->vm_end - vma->vm_start;
	struct vmei_area *area;
	int ret = -ENXIO;

	if (!(vma->vm_flags & VM_SHARED))
		return -EINVAL;
	mutex_lock(&vmei->areas_lock);
	area = vmei_area_at(vmei, address);
	if (area && size <= area->size - (address - area->address))
		ret = remap_vmalloc_range(vma, area->bytes, (address - area->address) >> PAGE_SHIFT);
	mutex_unlock(&vmei->areas_lock);
	return ret;
}
