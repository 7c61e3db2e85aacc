// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
/*
 * Memory between processes: the host makes a memfd, seals and offers it; CSME looks before it maps.
 *
 * Whoever touches a page that was cut off a file dies by SIGBUS. So memory must be sealed against shrinking,
 * and its size is looked at after the seal.
 */
#define _GNU_SOURCE
#define _FILE_OFFSET_BITS 64

#include "unix.h"

#include "../platform.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/magic.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

static void *map_shared(int fd, uint32_t size, uint64_t offset)
{
	void *base = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED, fd, (off_t)offset);

	return base == MAP_FAILED ? NULL : base;
}

/* --- host --- */

static bool make_sealed(struct sap_unix *u, uint32_t size)
{
	u->memory = memfd_create("sap", MFD_CLOEXEC | MFD_ALLOW_SEALING);
	if (u->memory < 0 || ftruncate(u->memory, (off_t)size) != 0 ||
	    fcntl(u->memory, F_ADD_SEALS, F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_SEAL) != 0)
		return false;
	u->base = map_shared(u->memory, size, 0);
	return u->base != NULL;
}

enum sap_status unix_make(struct sap_unix *u, uint32_t size)
{
	if (size == 0)
		return SAP_IO;
	if (!make_sealed(u, size)) {
		unix_blame(u, SAP_UNIX_SYSTEM, errno);
		unix_shut(&u->memory);
		return SAP_IO;
	}
	u->size = size;
	return SAP_OK;
}

/* The size and where it begins, packed, in the byte order of this machine. */
static bool send_offer(struct sap_unix *u)
{
	uint64_t offset = 0;
	uint8_t frame[UNIX_MAP];

	memcpy(frame, &u->size, sizeof(u->size));
	memcpy(frame + sizeof(u->size), &offset, sizeof(offset));
	if (!unix_write(u, frame, sizeof(frame), true))
		return false;
	u->offer = UNIX_OFFERED;
	u->ahead = u->unacknowledged;
	return true;
}

enum sap_status unix_offer(struct sap_unix *u)
{
	enum sap_status status;

	if (u->phase == UNIX_MISSED || u->phase == UNIX_ENDED)
		return SAP_IO;
	if (u->peer < 0) {
		status = unix_reach(u);
		if (status != SAP_OK)
			return status;
	}
	if (u->offer == UNIX_NOT_OFFERED && send_offer(u))
		unix_read(u);
	if (u->offer == UNIX_KEPT)
		return SAP_OK;
	return u->peer < 0 ? SAP_IO : SAP_AGAIN;
}

/* --- CSME --- */

/* Of huge pages only whole ones can be unmapped. */
static bool is_plain_file(int fd, struct stat *file)
{
	struct statfs where;

	return fstat(fd, file) == 0 && S_ISREG(file->st_mode) && fstatfs(fd, &where) == 0 &&
	       (uint32_t)where.f_type != HUGETLBFS_MAGIC;
}

/*
 * Only memory has seals, and to tell them the system asks nobody. All else that a peer may pass is looked at
 * no further: the file system of a descriptor could be the peer's own, and let whoever asks it wait.
 */
static enum sap_unix_problem look_at_seals(int fd)
{
	int seals = fcntl(fd, F_GET_SEALS);

	if (seals < 0)
		return SAP_UNIX_NO_MEMORY;
	return seals & F_SEAL_SHRINK ? SAP_UNIX_FINE : SAP_UNIX_UNSEALED;
}

/* No bytes, an offset within a page, a seal against writing, a descriptor for reading: it shows as it is tried. */
static bool can_be_mapped(int fd, uint32_t size, uint64_t offset)
{
	void *base = map_shared(fd, size, offset);

	return base && munmap(base, size) == 0;
}

static enum sap_unix_problem look_at(const struct sap_unix *u, int fd, uint32_t size, uint64_t offset)
{
	enum sap_unix_problem problem = u->config.unsealed ? SAP_UNIX_FINE : look_at_seals(fd);
	struct stat file;

	if (problem != SAP_UNIX_FINE)
		return problem;
	/* What is sealed cannot shrink from here on, so the size that is looked at now stays. */
	if (!is_plain_file(fd, &file))
		return SAP_UNIX_NO_MEMORY;
	if (size > u->config.largest)
		return SAP_UNIX_LARGE;
	if (file.st_size < 0 || offset > (uint64_t)file.st_size || size > (uint64_t)file.st_size - offset)
		return SAP_UNIX_SHORT;
	return can_be_mapped(fd, size, offset) ? SAP_UNIX_FINE : SAP_UNIX_NO_MEMORY;
}

enum sap_unix_problem unix_offered(struct sap_unix *u, const uint8_t *frame)
{
	enum sap_unix_problem problem = SAP_UNIX_NO_MEMORY;
	uint32_t size;
	uint64_t offset;

	memcpy(&size, frame, sizeof(size));
	memcpy(&offset, frame + sizeof(size), sizeof(offset));
	if (!u->in_strange)
		problem = look_at(u, u->in_memory, size, offset);
	if (problem != SAP_UNIX_FINE)
		return problem;
	/* What the peer offers anew takes the place of what it offered before. */
	unix_shut(&u->memory);
	u->memory = u->in_memory;
	u->in_memory = -1;
	u->offered = size;
	u->offset = offset;
	u->current = false;
	return problem;
}

enum sap_status unix_adopt(struct sap_unix *u)
{
	if (u->memory < 0)
		return SAP_UNSUPPORTED;
	if (u->base)
		return u->current ? SAP_OK : SAP_AGAIN;
	u->base = map_shared(u->memory, u->offered, u->offset);
	if (!u->base) {
		unix_blame(u, SAP_UNIX_NO_MEMORY, errno);
		return SAP_IO;
	}
	u->size = u->offered;
	u->current = true;
	return SAP_OK;
}

/* --- both --- */

void unix_drop(struct sap_unix *u)
{
	if (u->base)
		(void)munmap(u->base, u->size);
	u->base = NULL;
	u->size = 0;
	u->given = false;
	/* What CSME was offered it may map once more. */
	if (unix_is_host(u)) {
		unix_shut(&u->memory);
		u->offer = UNIX_NOT_OFFERED;
	}
}
