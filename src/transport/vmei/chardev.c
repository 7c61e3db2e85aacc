// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
/* /dev/vmei: records to and from the firmware process. */
#include <linux/fs.h>
#include <linux/miscdevice.h>
#include <linux/module.h>
#include <linux/poll.h>
#include <linux/uaccess.h>

#include "vmei.h"

/* --- records to the firmware --- */

static void vmei_head(void *record, u16 type, u16 size, u32 generation)
{
	struct vmei_record *head = record;

	head->type = cpu_to_le16(type);
	head->size = cpu_to_le16(size);
	head->generation = cpu_to_le32(generation);
}

static u16 vmei_hello(struct vmei *vmei)
{
	struct vmei_hello *hello = (void *)vmei->out;

	vmei_head(hello, VMEI_HELLO, sizeof(*hello), 0);
	hello->version_min = cpu_to_le16(VMEI_VERSION_MIN);
	hello->version_max = cpu_to_le16(VMEI_VERSION_MAX);
	hello->frame_max = cpu_to_le32(VMEI_FRAME_MAX);
	hello->queue_bytes = cpu_to_le32(VMEI_QUEUE_BYTES);
	hello->message_max = cpu_to_le32(VMEI_MESSAGE_MAX);
	return sizeof(*hello);
}

static u16 vmei_online(struct vmei *vmei)
{
	struct vmei_online *online = (void *)vmei->out;

	vmei_head(online, VMEI_ONLINE, sizeof(*online), vmei->generation);
	online->error = cpu_to_le32(-vmei->error);
	online->minor = cpu_to_le32(vmei->error ? 0 : vmei->mei.minor);
	return sizeof(*online);
}

/* The oldest frame, which is not taken yet. */
static u16 vmei_frame(struct vmei *vmei)
{
	__le32 word;
	u16 len;

	vmei_ring_peek(&vmei->to_firmware, 0, &word, sizeof(word));
	len = 4 + (le32_to_cpu(word) >> 16 & 0x1ff);
	len = min_t(u16, len, VMEI_FRAME_MAX);
	vmei_head(vmei->out, VMEI_FRAME, sizeof(struct vmei_record) + len, vmei->generation);
	vmei_ring_peek(&vmei->to_firmware, 0, vmei->out + sizeof(struct vmei_record), len);
	return sizeof(struct vmei_record) + len;
}

/*
 * Writes the next record to @out, and says by @what which it is, as a bit of vmei->tell or 0 for a frame. Gives
 * its size, or 0 if there is none. What concerns a generation comes before the frames of that generation.
 */
static u16 vmei_next(struct vmei *vmei, u32 *what)
{
	lockdep_assert_held(&vmei->lock);
	for (*what = VMEI_TELL_HELLO; *what <= VMEI_TELL_ONLINE; *what <<= 1)
		if (vmei->tell & *what)
			break;
	switch (*what) {
	case VMEI_TELL_HELLO:
		return vmei_hello(vmei);
	case VMEI_TELL_RESET:
		vmei_head(vmei->out, VMEI_HOST_RESET, sizeof(struct vmei_record), vmei->generation);
		return sizeof(struct vmei_record);
	case VMEI_TELL_READY:
		vmei_head(vmei->out, VMEI_HOST_READY, sizeof(struct vmei_record), vmei->generation);
		return sizeof(struct vmei_record);
	case VMEI_TELL_ONLINE:
		return vmei_online(vmei);
	default:
		*what = 0;
		return vmei_ring_used(&vmei->to_firmware) ? vmei_frame(vmei) : 0;
	}
}

/*
 * The record that vmei_next() gave is out. If a reset came meanwhile, the frame went with it already, or the
 * reset that was told is not the last one.
 */
static void vmei_taken(struct vmei *vmei, u32 what, u32 generation, u16 size)
{
	lockdep_assert_held(&vmei->lock);
	if (what == VMEI_TELL_HELLO || what == VMEI_TELL_ONLINE)
		vmei->tell &= ~what;
	else if (vmei->generation != generation)
		return;
	else if (what)
		vmei->tell &= ~what;
	else
		vmei_ring_drop(&vmei->to_firmware, size - sizeof(struct vmei_record));
}

/* --- read --- */

static ssize_t vmei_read_one(struct vmei *vmei, char __user *to, size_t len)
{
	u32 what, generation;
	bool drained;
	u16 size;

	spin_lock(&vmei->lock);
	size = vmei_next(vmei, &what);
	generation = vmei->generation;
	spin_unlock(&vmei->lock);
	if (!size)
		return -EAGAIN;
	if (size > len)
		return -EMSGSIZE;
	if (copy_to_user(to, vmei->out, size))
		return -EFAULT;
	spin_lock(&vmei->lock);
	vmei_taken(vmei, what, generation, size);
	drained = !what && !vmei_ring_used(&vmei->to_firmware);
	spin_unlock(&vmei->lock);
	if (drained)
		vmei_interrupt(vmei);
	return size;
}

static bool vmei_readable(struct vmei *vmei)
{
	bool readable;

	spin_lock(&vmei->lock);
	readable = vmei->tell || vmei_ring_used(&vmei->to_firmware);
	spin_unlock(&vmei->lock);
	return readable;
}

static ssize_t vmei_read(struct file *file, char __user *to, size_t len, loff_t *offset)
{
	struct vmei *vmei = file->private_data;
	ssize_t ret;

	for (;;) {
		if (mutex_lock_interruptible(&vmei->read_lock))
			return -ERESTARTSYS;
		ret = vmei_read_one(vmei, to, len);
		mutex_unlock(&vmei->read_lock);
		if (ret != -EAGAIN || file->f_flags & O_NONBLOCK)
			return ret;
		if (wait_event_interruptible(vmei->wait, vmei_readable(vmei)))
			return -ERESTARTSYS;
	}
}

/* --- records from the firmware; all with vmei->lock held --- */

static int vmei_take_start(struct vmei *vmei, const struct vmei_start *start)
{
	u16 version = le16_to_cpu(start->version);
	int i;

	if (vmei->started)
		return -EALREADY;
	if (version < VMEI_VERSION_MIN || version > VMEI_VERSION_MAX)
		return -EPROTONOSUPPORT;
	if (le16_to_cpu(start->flags) & ~VMEI_START_FW_VERSION)
		return -EINVAL;
	vmei->started = true;
	vmei->mei.fw_f_fw_ver_supported = !!(le16_to_cpu(start->flags) & VMEI_START_FW_VERSION);
	for (i = 0; i < VMEI_FW_STATUS; i++)
		vmei->fw_status[i] = le32_to_cpu(start->fw_status[i]);
	queue_work(vmei_queue, &vmei->start);
	return 0;
}

static int vmei_take_ready(struct vmei *vmei)
{
	if (!vmei->in_reset)
		return -EALREADY;
	vmei->in_reset = false;
	vmei->fw_ready = true;
	wake_up(&vmei->mei.wait_hw_ready);
	vmei_interrupt(vmei);
	return 0;
}

/* The core finds the hardware not ready and resets it. */
static int vmei_take_reset(struct vmei *vmei)
{
	if (vmei->in_reset)
		return 0;
	vmei_cut(vmei);
	vmei->fw_ready = false;
	vmei_interrupt(vmei);
	return 0;
}

static int vmei_take_state(struct vmei *vmei, const struct vmei_fw_state *state)
{
	int i;

	for (i = 0; i < VMEI_FW_STATUS; i++)
		vmei->fw_status[i] = le32_to_cpu(state->fw_status[i]);
	return 0;
}

static int vmei_take_frame(struct vmei *vmei, u8 *frame, size_t len)
{
	enum vmei_verdict verdict;

	if (!vmei->host_ready)
		return -EPROTO;
	if (ALIGN(len, 4) > vmei_ring_free(&vmei->to_host))
		return -EAGAIN;
	verdict = vmei_guard_firmware(&vmei->guard, frame, len);
	switch (verdict) {
	case VMEI_PASS:
		vmei_ring_put(&vmei->to_host, frame, len);
		vmei_interrupt(vmei);
		return 0;
	case VMEI_LATE:
		vmei->late++;
		return 0;
	default:
		vmei->refused++;
		dev_info_ratelimited(vmei->mei.dev, "refused: the frame %*ph %s\n",
				     (int)min_t(size_t, len, 12), frame, vmei_verdict_text(verdict));
		return -EBADMSG;
	}
}

/* Speaks this record of a generation that is over? The firmware could not know: taken, and dropped. */
static bool vmei_is_stale(struct vmei *vmei, const struct vmei_record *head)
{
	return le32_to_cpu(head->generation) != vmei->generation;
}

static int vmei_take_started(struct vmei *vmei, u8 *record, size_t size)
{
	struct vmei_record *head = (void *)record;

	if (!vmei->started)
		return -EPROTO;
	if (vmei->failed)
		return -ENODEV;
	if (le16_to_cpu(head->type) == VMEI_FW_STATE)
		return vmei_take_state(vmei, (void *)record);
	if (vmei_is_stale(vmei, head))
		return 0;
	switch (le16_to_cpu(head->type)) {
	case VMEI_FW_READY:
		return vmei_take_ready(vmei);
	case VMEI_FW_RESET:
		return vmei_take_reset(vmei);
	default:
		return vmei_take_frame(vmei, record + sizeof(*head), size - sizeof(*head));
	}
}

static int vmei_take(struct vmei *vmei, u8 *record, size_t size)
{
	struct vmei_record *head = (void *)record;

	if (le16_to_cpu(head->type) == VMEI_START)
		return vmei_take_start(vmei, (void *)record);
	return vmei_take_started(vmei, record, size);
}

/* --- write --- */

/* What a record of this type must measure at least and at most; 0 if there is no such record. */
static bool vmei_size_is_right(u16 type, size_t size)
{
	switch (type) {
	case VMEI_START:
		return size == sizeof(struct vmei_start);
	case VMEI_FW_READY:
	case VMEI_FW_RESET:
		return size == sizeof(struct vmei_record);
	case VMEI_FW_STATE:
		return size == sizeof(struct vmei_fw_state);
	case VMEI_FRAME:
		return size > sizeof(struct vmei_record);
	default:
		return false;
	}
}

static int vmei_write_one(struct vmei *vmei, const char __user *from, size_t len)
{
	struct vmei_record *head = (void *)vmei->in;
	int ret;

	if (copy_from_user(vmei->in, from, len))
		return -EFAULT;
	if (le16_to_cpu(head->size) != len || !vmei_size_is_right(le16_to_cpu(head->type), len))
		return -EINVAL;
	spin_lock(&vmei->lock);
	ret = vmei_take(vmei, vmei->in, len);
	spin_unlock(&vmei->lock);
	return ret;
}

static bool vmei_writable(struct vmei *vmei)
{
	bool writable;

	spin_lock(&vmei->lock);
	writable = vmei_ring_free(&vmei->to_host) >= VMEI_FRAME_MAX;
	spin_unlock(&vmei->lock);
	return writable;
}

static ssize_t vmei_write(struct file *file, const char __user *from, size_t len, loff_t *offset)
{
	struct vmei *vmei = file->private_data;
	int ret;

	if (len > VMEI_RECORD_MAX)
		return -EMSGSIZE;
	if (len < sizeof(struct vmei_record))
		return -EINVAL;
	for (;;) {
		if (mutex_lock_interruptible(&vmei->write_lock))
			return -ERESTARTSYS;
		ret = vmei_write_one(vmei, from, len);
		mutex_unlock(&vmei->write_lock);
		if (!ret)
			return len;
		if (ret != -EAGAIN || file->f_flags & O_NONBLOCK)
			return ret;
		if (wait_event_interruptible(vmei->wait, vmei_writable(vmei)))
			return -ERESTARTSYS;
	}
}

/* --- the rest --- */

static __poll_t vmei_poll(struct file *file, poll_table *table)
{
	struct vmei *vmei = file->private_data;
	__poll_t mask = 0;

	poll_wait(file, &vmei->wait, table);
	if (READ_ONCE(vmei->failed))
		mask |= EPOLLERR;
	if (vmei_readable(vmei))
		mask |= EPOLLIN | EPOLLRDNORM;
	if (vmei_writable(vmei))
		mask |= EPOLLOUT | EPOLLWRNORM;
	return mask;
}

static int vmei_mmap(struct file *file, struct vm_area_struct *vma)
{
	return vmei_dma_mmap(file->private_data, vma);
}

static int vmei_open(struct inode *inode, struct file *file)
{
	struct vmei *vmei = vmei_create();

	if (IS_ERR(vmei))
		return PTR_ERR(vmei);
	file->private_data = vmei;
	return stream_open(inode, file);
}

static int vmei_close(struct inode *inode, struct file *file)
{
	vmei_end(file->private_data);
	return 0;
}

static const struct file_operations vmei_fops = {
	.owner = THIS_MODULE,
	.open = vmei_open,
	.release = vmei_close,
	.read = vmei_read,
	.write = vmei_write,
	.poll = vmei_poll,
	.mmap = vmei_mmap,
	.llseek = no_llseek,
};

static struct miscdevice vmei_misc = {
	.minor = MISC_DYNAMIC_MINOR,
	.name = "vmei",
	.fops = &vmei_fops,
	.mode = 0600,
};

int vmei_chardev_register(void)
{
	return misc_register(&vmei_misc);
}

void vmei_chardev_unregister(void)
{
	misc_deregister(&vmei_misc);
}
