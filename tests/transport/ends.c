// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
#define _GNU_SOURCE

#include "ends.h"
#include <sap/transport_check.h>

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

static char folder[] = "libsap-XXXXXX";

int ends_enter(void **state)
{
	const char *where = getenv("TMPDIR");

	(void)state;
	/* Paths of sockets are short, and where temporary files go need not be: it becomes the folder. */
	return chdir(where && *where ? where : P_tmpdir) == 0 && mkdtemp(folder) && chdir(folder) == 0 ? 0
												       : -1;
}

int ends_leave(void **state)
{
	(void)state;
	/* After a failure. */
	(void)unlink(ENDS_PATH);
	return chdir("..") == 0 && rmdir(folder) == 0 ? 0 : -1;
}

/* --- what must not leak --- */

static uint32_t entries(const char *path)
{
	DIR *dir = opendir(path);
	uint32_t n = 0;

	assert_non_null(dir);
	while (readdir(dir))
		n++;
	closedir(dir);
	return n;
}

static uint32_t memory_maps(void)
{
	FILE *maps = fopen("/proc/self/maps", "r");
	char line[512];
	uint32_t n = 0;

	assert_non_null(maps);
	while (fgets(line, sizeof(line), maps))
		n += strstr(line, "/memfd:") != NULL;
	fclose(maps);
	return n;
}

struct census census_take(void)
{
	return (struct census){entries("/proc/self/fd"), memory_maps(), entries(".")};
}

void census_same(const struct census *before)
{
	struct census now = census_take();

	if (memcmp(&now, before, sizeof(now)) != 0)
		test_fail("descriptors %u, then %u; mappings %u, then %u; files %u, then %u",
			  before->descriptors, now.descriptors, before->maps, now.maps, before->files,
			  now.files);
}

/* --- ends --- */

struct sap_unix_config ends_config(enum sap_role role)
{
	struct sap_unix_config config;

	sap_unix_config_default(&config);
	config.role = role;
	config.path = ENDS_PATH;
	return config;
}

void ends_open_with(struct sap_unix *u, const struct sap_unix_config *config)
{
	memset(u, 0xee, sizeof(*u));
	assert_status(sap_unix_open(u, sizeof(*u), config), SAP_OK);
}

void ends_open(struct sap_unix *u, enum sap_role role)
{
	struct sap_unix_config config = ends_config(role);

	ends_open_with(u, &config);
}

enum sap_status do_map(struct sap_unix *u, uint32_t size, struct sap_mem *mem)
{
	struct sap_transport t = sap_unix_transport(u);

	*mem = (struct sap_mem){NULL, 0};
	return t.ops->map(t.self, size, mem);
}

enum sap_status do_connect(struct sap_unix *u)
{
	struct sap_transport t = sap_unix_transport(u);

	return t.ops->connect(t.self);
}

enum sap_status do_send(struct sap_unix *u, uint8_t what)
{
	struct sap_transport t = sap_unix_transport(u);

	return t.ops->send(t.self, &what, 1);
}

enum sap_status do_disconnect(struct sap_unix *u)
{
	struct sap_transport t = sap_unix_transport(u);

	return t.ops->disconnect(t.self);
}

enum sap_status do_unmap(struct sap_unix *u)
{
	struct sap_transport t = sap_unix_transport(u);

	return t.ops->unmap(t.self);
}

int do_recv(struct sap_unix *u)
{
	struct sap_transport t = sap_unix_transport(u);
	uint8_t byte = 0;
	size_t len = 0;
	enum sap_status status = t.ops->recv(t.self, &byte, 1, &len);

	if (status == SAP_AGAIN)
		return -1;
	if (status == SAP_CLOSED)
		return -2;
	assert_status(status, SAP_OK);
	assert_int_equal(len, 1);
	return byte;
}

void why_is(const struct sap_unix *u, enum sap_unix_problem problem, const char *file, int line)
{
	struct sap_unix_trouble why = sap_unix_why(u);

	if (why.problem != problem)
		test_fail("%s:%d: problem %d (%s; %s) instead of %d", file, line, why.problem, why.text,
			  strerror(why.error), problem);
}

void ends_meet(struct sap_unix *host, struct sap_unix *csme, uint32_t size)
{
	struct sap_mem mem;

	if (size) {
		assert_status(do_map(host, size, &mem), SAP_AGAIN);
		sap_unix_run(csme);
		assert_status(do_map(host, size, &mem), SAP_OK);
	}
	assert_status(do_connect(host), SAP_OK);
	assert_status(do_connect(csme), SAP_OK);
}

/* --- the conformance kit --- */

struct subject {
	struct sap_unix host, csme;
	struct sap_unix_config host_config, csme_config;
	struct census before;
	uint32_t findings, skipped, runs;
};

static enum sap_status open_pair(void *self, struct sap_transport *host, struct sap_transport *csme)
{
	struct subject *subject = self;

	subject->before = census_take();
	ends_open_with(&subject->csme, &subject->csme_config);
	ends_open_with(&subject->host, &subject->host_config);
	*host = sap_unix_transport(&subject->host);
	*csme = sap_unix_transport(&subject->csme);
	return SAP_OK;
}

static void close_pair(void *self)
{
	struct subject *subject = self;

	sap_unix_close(&subject->host);
	sap_unix_close(&subject->csme);
	census_same(&subject->before);
}

static void settle(void *self)
{
	struct subject *subject = self;

	for (uint32_t i = 0; i < subject->runs; i++) {
		sap_unix_run(&subject->host);
		sap_unix_run(&subject->csme);
	}
}

static void report(void *self, const struct sap_transport_finding *finding)
{
	struct subject *subject = self;

	subject->findings++;
	subject->skipped += finding->outcome == SAP_CHECK_SKIPPED;
	if (finding->outcome == SAP_CHECK_FAILED)
		print_error("%s: %s: %ld instead of %ld\n", finding->name, finding->step,
			    (long)finding->found, (long)finding->expected);
}

void ends_conform(const char *path, bool no_map, uint32_t skipped, uint32_t runs)
{
	static uint8_t scratch[2 * (SAP_UNIX_MESSAGE + 1)];
	struct subject subject = {.host_config = ends_config(SAP_ROLE_HOST),
				  .csme_config = ends_config(SAP_ROLE_CSME)};
	struct sap_transport_check check = {
		.open = open_pair,
		.close = close_pair,
		.settle = settle,
		.report = report,
		.self = &subject,
		.no_map = no_map,
		.sizes = {172032, 139264},
		.longest = SAP_UNIX_MESSAGE,
		.scratch = scratch,
		.scratch_size = sizeof(scratch),
	};

	subject.runs = runs;
	subject.host_config.path = path;
	subject.csme_config.path = path;
	subject.host_config.no_map = no_map;
	assert_int_equal(sap_transport_check(&check), 0);
	assert_int_equal(subject.findings, 30);
	assert_int_equal(subject.skipped, skipped);
}

/* --- peers made by hand --- */

static int raw_socket(const char *path, struct sockaddr_un *address)
{
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);

	assert_true(fd >= 0);
	memset(address, 0, sizeof(*address));
	address->sun_family = AF_UNIX;
	assert_true(strlen(path) < sizeof(address->sun_path));
	memcpy(address->sun_path, path, strlen(path));
	return fd;
}

int raw_connect(const char *path)
{
	struct sockaddr_un address;
	int fd = raw_socket(path, &address);

	assert_int_equal(connect(fd, (const struct sockaddr *)&address, sizeof(address)), 0);
	return fd;
}

int raw_listen(const char *path)
{
	struct sockaddr_un address;
	int fd = raw_socket(path, &address);

	assert_int_equal(bind(fd, (const struct sockaddr *)&address, sizeof(address)), 0);
	assert_int_equal(listen(fd, 1), 0);
	return fd;
}

int raw_accept(int listener)
{
	int fd = accept4(listener, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);

	assert_true(fd >= 0);
	return fd;
}

void raw_pass(int fd, const void *bytes, uint32_t len, const int *along, uint32_t n)
{
	_Alignas(struct cmsghdr) uint8_t control[CMSG_SPACE(64 * sizeof(int))] = {0};
	uint8_t copy[256];
	struct iovec part = {copy, len};
	struct msghdr msg = {.msg_iov = &part, .msg_iovlen = 1};

	assert_true(len <= sizeof(copy) && n <= 64);
	memcpy(copy, bytes, len);
	if (n) {
		struct cmsghdr *header;

		msg.msg_control = control;
		msg.msg_controllen = CMSG_SPACE(n * sizeof(int));
		header = CMSG_FIRSTHDR(&msg);
		header->cmsg_level = SOL_SOCKET;
		header->cmsg_type = SCM_RIGHTS;
		header->cmsg_len = CMSG_LEN(n * sizeof(int));
		memcpy(CMSG_DATA(header), along, n * sizeof(int));
	}
	assert_int_equal(sendmsg(fd, &msg, MSG_NOSIGNAL), len);
}

void raw_write(int fd, const void *bytes, uint32_t len)
{
	raw_pass(fd, bytes, len, NULL, 0);
}

void raw_frame(int fd, const void *bytes, uint32_t len)
{
	uint8_t frame[4 + 128];

	assert_true(len <= 128);
	memcpy(frame, &len, 4);
	memcpy(frame + 4, bytes, len);
	raw_write(fd, frame, 4 + len);
}

void raw_acknowledge(int fd)
{
	raw_frame(fd, "", 0);
}

void raw_offer(int fd, int memory, uint32_t size, uint64_t offset)
{
	const uint32_t len = 12;
	uint8_t frame[16];

	memcpy(frame, &len, 4);
	memcpy(frame + 4, &size, 4);
	memcpy(frame + 8, &offset, 8);
	raw_pass(fd, frame, sizeof(frame), &memory, 1);
}

void raw_reads_frame(int fd, const void *bytes, uint32_t len)
{
	uint8_t frame[4 + 128] = {0};
	uint32_t size = ~0u;

	assert_int_equal(recv(fd, frame, 4 + len, MSG_DONTWAIT), 4 + len);
	memcpy(&size, frame, 4);
	assert_int_equal(size, len);
	assert_memory_equal(frame + 4, bytes, len);
}

void raw_reads_acknowledgement(int fd)
{
	raw_reads_frame(fd, "", 0);
}

void raw_reads_refusal(int fd, enum sap_unix_problem problem)
{
	uint32_t why = (uint32_t)problem;

	raw_reads_frame(fd, &why, 4);
	raw_reads_end(fd);
}

void raw_reads_nothing(int fd)
{
	uint8_t byte;

	assert_int_equal(recv(fd, &byte, 1, MSG_DONTWAIT), -1);
	assert_int_equal(errno, EAGAIN);
}

/* An end that had something unread says ECONNRESET. */
void raw_reads_end(int fd)
{
	uint8_t byte;
	ssize_t n = recv(fd, &byte, 1, MSG_DONTWAIT);

	if (n != 0 && !(n == -1 && errno == ECONNRESET))
		test_fail("no end, but %zd: %s", n, strerror(errno));
}

int raw_memory(unsigned seals)
{
	int fd = memfd_create("by-hand", MFD_CLOEXEC | MFD_ALLOW_SEALING);

	assert_true(fd >= 0);
	assert_int_equal(ftruncate(fd, ENDS_SIZE), 0);
	if (seals)
		assert_int_equal(fcntl(fd, F_ADD_SEALS, seals), 0);
	return fd;
}

int raw_sealed_memory(void)
{
	return raw_memory(F_SEAL_SHRINK);
}
