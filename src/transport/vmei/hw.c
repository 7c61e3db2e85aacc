// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
/*
 * The hardware under the kernel's MEI core: two circular buffers, two ready bits, and a work item that stands
 * for the interrupt.
 */
#include "vmei.h"
#include "client.h"

#define SLOT 4

/* --- resets --- */

/*
 * Nothing more goes either way until the host has reset the firmware. What the firmware still writes is of a
 * generation that is over, and goes nowhere.
 */
void vmei_cut(struct vmei *vmei)
{
	lockdep_assert_held(&vmei->lock);
	vmei->generation++;
	vmei->host_ready = false;
	vmei->tell &= ~VMEI_TELL_READY;
	vmei_ring_clear(&vmei->to_host);
	vmei_ring_clear(&vmei->to_firmware);
}

static bool vmei_host_is_ready(struct mei_device *mei)
{
	return READ_ONCE(to_vmei(mei)->host_ready);
}

static bool vmei_hw_is_ready(struct mei_device *mei)
{
	return READ_ONCE(to_vmei(mei)->fw_ready);
}

/* Both sides forget everything. */
static int vmei_hw_reset(struct mei_device *mei, bool enable)
{
	struct vmei *vmei = to_vmei(mei);

	spin_lock(&vmei->lock);
	vmei_cut(vmei);
	vmei_guard_reset(&vmei->guard);
	vmei->in_reset = true;
	vmei->fw_ready = false;
	vmei->tell |= VMEI_TELL_RESET;
	spin_unlock(&vmei->lock);
	mei->hbuf_is_ready = false;
	wake_up(&vmei->wait);
	return 0;
}

static bool vmei_fw_answered(struct vmei *vmei)
{
	return READ_ONCE(vmei->fw_ready) || READ_ONCE(vmei->gone);
}

/* Waits for the firmware to answer the reset, with the core's lock dropped: it may take its time. */
static int vmei_hw_start(struct mei_device *mei)
{
	struct vmei *vmei = to_vmei(mei);
	int ret = 0;

	mutex_unlock(&mei->device_lock);
	wait_event_timeout(mei->wait_hw_ready, vmei_fw_answered(vmei), mei->timeouts.hw_ready);
	mutex_lock(&mei->device_lock);

	spin_lock(&vmei->lock);
	if (vmei->gone) {
		ret = -ENODEV;
	} else if (!vmei->fw_ready) {
		ret = -ETIME;
	} else {
		vmei->host_ready = true;
		vmei->tell |= VMEI_TELL_READY;
	}
	spin_unlock(&vmei->lock);
	if (!ret) {
		mei->hbuf_is_ready = true;
		wake_up(&vmei->wait);
	}
	return ret;
}

static int vmei_hw_config(struct mei_device *mei)
{
	return 0;
}

/* --- status and power: always there, always on --- */

static int vmei_fw_status(struct mei_device *mei, struct mei_fw_status *status)
{
	struct vmei *vmei = to_vmei(mei);

	BUILD_BUG_ON(VMEI_FW_STATUS > MEI_FW_STATUS_MAX);
	spin_lock(&vmei->lock);
	status->count = VMEI_FW_STATUS;
	memcpy(status->status, vmei->fw_status, sizeof(vmei->fw_status));
	spin_unlock(&vmei->lock);
	return 0;
}

static enum mei_pg_state vmei_pg_state(struct mei_device *mei)
{
	return MEI_PG_OFF;
}

static bool vmei_pg_in_transition(struct mei_device *mei)
{
	return false;
}

static bool vmei_pg_is_enabled(struct mei_device *mei)
{
	return false;
}

/* --- host to firmware --- */

static int vmei_hbuf_free_slots(struct mei_device *mei)
{
	struct vmei *vmei = to_vmei(mei);
	int slots;

	spin_lock(&vmei->lock);
	slots = vmei_ring_free(&vmei->to_firmware) / SLOT;
	spin_unlock(&vmei->lock);
	return slots;
}

static bool vmei_hbuf_is_ready(struct mei_device *mei)
{
	return vmei_hbuf_free_slots(mei) == VMEI_HOST_BYTES / SLOT;
}

static u32 vmei_hbuf_depth(const struct mei_device *mei)
{
	return VMEI_HOST_BYTES / SLOT;
}

/*
 * The firmware reads what it is told before what is sent, so frames never overtake a reset. With the firmware
 * gone the buffer stays "ready": else who wants to write would wait for an interrupt that will not come.
 */
static int vmei_hw_write(struct mei_device *mei, const void *hdr, size_t hdr_len, const void *data,
			 size_t data_len)
{
	struct vmei *vmei = to_vmei(mei);
	u8 frame[VMEI_FRAME_MAX];
	size_t len = hdr_len + data_len;
	int ret = 0;

	if (WARN_ON(!hdr || hdr_len % SLOT || len > sizeof(frame)))
		return -EINVAL;
	memcpy(frame, hdr, hdr_len);
	memcpy(frame + hdr_len, data, data_len);

	spin_lock(&vmei->lock);
	if (vmei->gone) {
		mei->hbuf_is_ready = true;
		ret = -ENODEV;
	} else if (!vmei->host_ready) {
		ret = -ENODEV;
	} else if (ALIGN(len, SLOT) > vmei_ring_free(&vmei->to_firmware)) {
		ret = -EMSGSIZE;
	} else {
		vmei_guard_host(&vmei->guard, frame, len);
		vmei_ring_put(&vmei->to_firmware, frame, len);
	}
	spin_unlock(&vmei->lock);
	if (!ret)
		wake_up(&vmei->wait);
	return ret;
}

/* --- firmware to host --- */

static int vmei_rdbuf_full_slots(struct mei_device *mei)
{
	struct vmei *vmei = to_vmei(mei);
	int slots;

	spin_lock(&vmei->lock);
	slots = vmei_ring_used(&vmei->to_host) / SLOT;
	spin_unlock(&vmei->lock);
	return slots;
}

static u32 vmei_read_hdr(const struct mei_device *mei)
{
	struct vmei *vmei = to_vmei(mei);
	__le32 word;

	spin_lock(&vmei->lock);
	vmei_ring_get(&vmei->to_host, &word, sizeof(word));
	spin_unlock(&vmei->lock);
	return le32_to_cpu(word);
}

static int vmei_hw_read(struct mei_device *mei, unsigned char *buf, unsigned long len)
{
	struct vmei *vmei = to_vmei(mei);

	spin_lock(&vmei->lock);
	vmei_ring_get(&vmei->to_host, buf, len);
	spin_unlock(&vmei->lock);
	return 0;
}

/* --- the interrupt --- */

static void vmei_intr_nothing(struct mei_device *mei)
{
}

static void vmei_synchronize_irq(struct mei_device *mei)
{
	flush_work(&to_vmei(mei)->interrupt);
}

/* Is the core on its way down, or resetting already? */
static bool vmei_core_is_down(const struct mei_device *mei)
{
	return mei->dev_state == MEI_DEV_RESETTING || mei->dev_state == MEI_DEV_DISABLED ||
	       mei->dev_state == MEI_DEV_POWERING_DOWN || mei->dev_state == MEI_DEV_POWER_DOWN;
}

/*
 * Hands the core what came. If it does not like a frame it wants a reset, and must not see any other before: it
 * would take what comes next for the rest of that frame.
 */
static int vmei_drain(struct mei_device *mei, struct list_head *completed)
{
	struct vmei *vmei = to_vmei(mei);
	s32 slots = vmei_rdbuf_full_slots(mei);
	int ret = 0;

	while (slots > 0 && !ret)
		ret = mei_irq_read_handler(mei, completed, &slots);
	if (ret) {
		dev_err(mei->dev, "the core refused a frame: %d\n", ret);
		spin_lock(&vmei->lock);
		vmei_cut(vmei);
		spin_unlock(&vmei->lock);
	}
	wake_up(&vmei->wait);
	return ret;
}

static void vmei_serve(struct mei_device *mei)
{
	LIST_HEAD(completed);
	int ret;

	if (!vmei_hw_is_ready(mei)) {
		if (mei->dev_state == MEI_DEV_POWERING_DOWN || mei->dev_state == MEI_DEV_POWER_DOWN)
			mei_cl_all_disconnect(mei);
		else if (!vmei_core_is_down(mei))
			schedule_work(&mei->reset_work);
		return;
	}
	if (!vmei_host_is_ready(mei))
		return;
	ret = vmei_drain(mei, &completed);
	if (ret) {
		if (!vmei_core_is_down(mei))
			schedule_work(&mei->reset_work);
	} else {
		mei->hbuf_is_ready = vmei_hbuf_is_ready(mei);
		mei_irq_write_handler(mei, &completed);
		mei->hbuf_is_ready = vmei_hbuf_is_ready(mei);
	}
	mei_irq_compl_handler(mei, &completed);
}

void vmei_interrupt_work(struct work_struct *work)
{
	struct vmei *vmei = container_of(work, struct vmei, interrupt);

	mutex_lock(&vmei->mei.device_lock);
	if (!READ_ONCE(vmei->gone))
		vmei_serve(&vmei->mei);
	mutex_unlock(&vmei->mei.device_lock);
}

/* Something came, went or drained. The caller may hold vmei->lock. */
void vmei_interrupt(struct vmei *vmei)
{
	if (!READ_ONCE(vmei->gone))
		queue_work(vmei_queue, &vmei->interrupt);
}

const struct mei_hw_ops vmei_hw_ops = {
	.host_is_ready = vmei_host_is_ready,
	.hw_is_ready = vmei_hw_is_ready,
	.hw_reset = vmei_hw_reset,
	.hw_start = vmei_hw_start,
	.hw_config = vmei_hw_config,
	.fw_status = vmei_fw_status,
	.pg_state = vmei_pg_state,
	.pg_in_transition = vmei_pg_in_transition,
	.pg_is_enabled = vmei_pg_is_enabled,
	.intr_clear = vmei_intr_nothing,
	.intr_enable = vmei_intr_nothing,
	.intr_disable = vmei_intr_nothing,
	.synchronize_irq = vmei_synchronize_irq,
	.hbuf_free_slots = vmei_hbuf_free_slots,
	.hbuf_is_ready = vmei_hbuf_is_ready,
	.hbuf_depth = vmei_hbuf_depth,
	.write = vmei_hw_write,
	.rdbuf_full_slots = vmei_rdbuf_full_slots,
	.read_hdr = vmei_read_hdr,
	.read = vmei_hw_read,
};
