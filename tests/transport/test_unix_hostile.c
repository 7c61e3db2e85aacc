// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
/*
 * The unix transport with peers made by hand, which do everything wrong that can be done: each is told from
 * the others, is counted, and costs neither a descriptor nor a mapping.
 */
#define _GNU_SOURCE

#include "ends.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

/* --- the bytes, from both sides --- */

/* What docs/unix-transport.md says, written out. */
static void csme_speaks_as_is_written(void **state)
{
	static const uint32_t offer[4] = {12, ENDS_SIZE, 0, 0};
	struct sap_unix csme;
	struct sap_mem mem;
	uint8_t long_one[SAP_UNIX_MESSAGE];
	int memory = raw_sealed_memory();
	int raw;

	(void)state;
	ends_open(&csme, SAP_ROLE_CSME);
	raw = raw_connect(ENDS_PATH);
	raw_pass(raw, offer, 16, &memory, 1);
	assert_status(do_connect(&csme), SAP_OK);
	raw_reads_acknowledgement(raw);
	raw_reads_nothing(raw);
	raw_frame(raw, "abc", 3);
	test_pattern(long_one, sizeof(long_one), 1);
	raw_frame(raw, long_one, sizeof(long_one));
	sap_unix_run(&csme);
	raw_reads_acknowledgement(raw);
	raw_reads_acknowledgement(raw);
	raw_reads_nothing(raw);
	assert_status(do_map(&csme, 0, &mem), SAP_OK);
	assert_int_equal(mem.size, ENDS_SIZE);
	assert_status(do_send(&csme, 'x'), SAP_OK);
	raw_reads_frame(raw, "x", 1);
	raw_reads_nothing(raw);
	raw_acknowledge(raw);
	sap_unix_run(&csme);
	raw_reads_nothing(raw);
	assert_status(do_disconnect(&csme), SAP_OK);
	raw_reads_end(raw);
	close(raw);
	close(memory);
	sap_unix_close(&csme);
}

/* A message of 12 bytes is a message: the descriptor makes the difference. */
static void twelve_bytes_without_memory_are_a_message(void **state)
{
	struct sap_unix csme;
	struct sap_transport t;
	uint8_t got[SAP_UNIX_MESSAGE];
	size_t len = 0;
	int raw;

	(void)state;
	ends_open(&csme, SAP_ROLE_CSME);
	t = sap_unix_transport(&csme);
	raw = raw_connect(ENDS_PATH);
	raw_frame(raw, "twelve bytes", 12);
	assert_status(do_connect(&csme), SAP_OK);
	assert_status(t.ops->recv(t.self, got, sizeof(got), &len), SAP_OK);
	assert_int_equal(len, 12);
	assert_memory_equal(got, "twelve bytes", 12);
	close(raw);
	sap_unix_close(&csme);
}

static int receive_memory(int fd, void *bytes, uint32_t len)
{
	_Alignas(struct cmsghdr) uint8_t control[CMSG_SPACE(sizeof(int))];
	struct iovec part = {bytes, len};
	struct msghdr msg = {.msg_iov = &part,
			     .msg_iovlen = 1,
			     .msg_control = control,
			     .msg_controllen = sizeof(control)};
	struct cmsghdr *along;
	int memory = -1;

	assert_int_equal(recvmsg(fd, &msg, MSG_CMSG_CLOEXEC), len);
	along = CMSG_FIRSTHDR(&msg);
	assert_non_null(along);
	if (along && along->cmsg_type == SCM_RIGHTS)
		memcpy(&memory, CMSG_DATA(along), sizeof(memory));
	assert_true(memory >= 0);
	return memory;
}

static void the_host_speaks_as_is_written(void **state)
{
	struct sap_unix host;
	struct sap_mem mem;
	uint32_t offer[4];
	int listener = raw_listen(ENDS_PATH);
	int raw, memory;

	(void)state;
	ends_open(&host, SAP_ROLE_HOST);
	assert_status(do_map(&host, ENDS_SIZE, &mem), SAP_AGAIN);
	raw = raw_accept(listener);
	memory = receive_memory(raw, offer, 16);
	assert_int_equal(offer[0], 12);
	assert_int_equal(offer[1], ENDS_SIZE);
	assert_int_equal(offer[2] | offer[3], 0);
	raw_reads_nothing(raw);
	/* Sealed, and so neither longer nor shorter, whoever tries. */
	assert_int_equal(fcntl(memory, F_GET_SEALS), F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_SEAL);
	assert_int_equal(lseek(memory, 0, SEEK_END), ENDS_SIZE);
	assert_int_equal(ftruncate(memory, 0), -1);
	assert_int_equal(errno, EPERM);
	assert_status(do_map(&host, ENDS_SIZE, &mem), SAP_AGAIN);
	raw_reads_nothing(raw);
	raw_acknowledge(raw);
	assert_status(do_map(&host, ENDS_SIZE, &mem), SAP_OK);
	assert_status(do_connect(&host), SAP_OK);
	assert_status(do_send(&host, 'h'), SAP_OK);
	raw_reads_frame(raw, "h", 1);
	raw_acknowledge(raw);
	raw_frame(raw, "C", 1);
	assert_int_equal(do_recv(&host), 'C');
	raw_reads_acknowledgement(raw);
	raw_reads_nothing(raw);
	close(memory);
	close(raw);
	sap_unix_close(&host);
	close(listener);
	assert_int_equal(unlink(ENDS_PATH), 0);
}

/* --- memory that is refused --- */

enum wrong {
	UNSEALED,
	SEALED_OTHERWISE,
	NO_SEALS_AT_ALL,
	TOO_SHORT,
	OFFSET_AT_ITS_END,
	OFFSET_OVERFLOWS,
	OFFSET_IS_ODD,
	NO_BYTES,
	TOO_LARGE,
	SEALED_AGAINST_WRITING,
	SEALED_AGAINST_WRITING_LATER,
	FOR_READING,
	PIPE,
	NULL_DEVICE,
	FOLDER,
	SOCKET,
	FILE_FOR_PATHS,
	HUGE_PAGES,
	WRONGS
};

/* The memory, and what is said of it. */
struct offer {
	int fd;
	uint32_t size;
	uint64_t offset;
	enum sap_unix_problem expected;
};

static int reopened_for_reading(int memory)
{
	char path[64];
	int fd;

	snprintf(path, sizeof(path), "/proc/self/fd/%d", memory);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	close(memory);
	return fd;
}

static int one_end_of_a_pipe(void)
{
	int ends[2];

	assert_int_equal(pipe(ends), 0);
	close(ends[0]);
	return ends[1];
}

static int a_file(void)
{
	int fd = open("file", O_RDWR | O_CREAT | O_CLOEXEC, 0600);

	assert_int_equal(ftruncate(fd, ENDS_SIZE), 0);
	assert_int_equal(unlink("file"), 0);
	return fd;
}

/* -1 where there are none. */
static int huge_pages(void)
{
	int fd = memfd_create("huge", MFD_CLOEXEC | MFD_ALLOW_SEALING | MFD_HUGETLB);

	if (fd >= 0 && (ftruncate(fd, 1 << 21) != 0 || fcntl(fd, F_ADD_SEALS, F_SEAL_SHRINK) != 0)) {
		close(fd);
		fd = -1;
	}
	return fd;
}

static struct offer offer_of(enum wrong wrong)
{
	struct offer offer = {-1, ENDS_SIZE, 0, SAP_UNIX_NO_MEMORY};

	switch (wrong) {
	case UNSEALED:
		return (struct offer){raw_memory(0), ENDS_SIZE, 0, SAP_UNIX_UNSEALED};
	case SEALED_OTHERWISE:
		return (struct offer){raw_memory(F_SEAL_GROW | F_SEAL_SEAL), ENDS_SIZE, 0, SAP_UNIX_UNSEALED};
	case NO_SEALS_AT_ALL:
		/* The seals are asked for before its file system is: that could be one that does not answer. */
		return (struct offer){a_file(), ENDS_SIZE, 0, SAP_UNIX_NO_MEMORY};
	case TOO_SHORT:
		return (struct offer){raw_sealed_memory(), ENDS_SIZE + 1, 0, SAP_UNIX_SHORT};
	case OFFSET_AT_ITS_END:
		return (struct offer){raw_sealed_memory(), 1, ENDS_SIZE, SAP_UNIX_SHORT};
	case OFFSET_OVERFLOWS:
		return (struct offer){raw_sealed_memory(), ENDS_SIZE, UINT64_MAX - 4095, SAP_UNIX_SHORT};
	case OFFSET_IS_ODD:
		return (struct offer){raw_sealed_memory(), 4, 4, SAP_UNIX_NO_MEMORY};
	case NO_BYTES:
		return (struct offer){raw_sealed_memory(), 0, 0, SAP_UNIX_NO_MEMORY};
	case TOO_LARGE:
		return (struct offer){raw_sealed_memory(), (16u << 20) + 1, 0, SAP_UNIX_LARGE};
	case SEALED_AGAINST_WRITING:
		offer.fd = raw_memory(F_SEAL_SHRINK | F_SEAL_WRITE);
		break;
	case SEALED_AGAINST_WRITING_LATER:
		offer.fd = raw_memory(F_SEAL_SHRINK | F_SEAL_FUTURE_WRITE);
		break;
	case FOR_READING:
		offer.fd = reopened_for_reading(raw_sealed_memory());
		break;
	case PIPE:
		offer.fd = one_end_of_a_pipe();
		break;
	case NULL_DEVICE:
		offer.fd = open("/dev/null", O_RDWR | O_CLOEXEC);
		break;
	case FOLDER:
		offer.fd = open(".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
		break;
	case SOCKET:
		offer.fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
		break;
	case FILE_FOR_PATHS:
		offer.fd = open(".", O_PATH | O_CLOEXEC);
		break;
	case HUGE_PAGES:
		offer.fd = huge_pages();
		break;
	case WRONGS:
		break;
	}
	return offer;
}

/* Whatever it is, the host hears why and that it is over, and the next one finds all as before. */
static void memory_that_is_wrong_is_refused(void **state)
{
	struct sap_unix csme;
	struct census before;

	(void)state;
	ends_open(&csme, SAP_ROLE_CSME);
	before = census_take();
	for (uint32_t wrong = 0; wrong < WRONGS; wrong++) {
		struct offer offer = offer_of((enum wrong)wrong);
		uint32_t refused = csme.counters.maps_refused;
		int raw;

		if (offer.fd < 0) {
			print_message("memory %u cannot be made here\n", wrong);
			continue;
		}
		raw = raw_connect(ENDS_PATH);
		raw_offer(raw, offer.fd, offer.size, offer.offset);
		raw_frame(raw, "after it", 8);
		assert_status(do_connect(&csme), SAP_AGAIN);
		assert_why(&csme, offer.expected);
		assert_int_equal(csme.counters.maps_refused, refused + 1);
		raw_reads_refusal(raw, offer.expected);
		assert_int_equal(do_recv(&csme), -2);
		close(offer.fd);
		close(raw);
		census_same(&before);
	}
	sap_unix_close(&csme);
}

/* In a connection that was told of, it ends that. Messages from before are given out. */
static void refused_memory_ends_a_connection(void **state)
{
	struct sap_unix csme;
	struct sap_mem mem;
	int memory = raw_memory(0);
	int raw;

	(void)state;
	ends_open(&csme, SAP_ROLE_CSME);
	raw = raw_connect(ENDS_PATH);
	assert_status(do_connect(&csme), SAP_OK);
	raw_frame(raw, "1", 1);
	raw_offer(raw, memory, ENDS_SIZE, 0);
	assert_status(do_map(&csme, 0, &mem), SAP_CLOSED);
	assert_int_equal(do_recv(&csme), '1');
	assert_int_equal(do_recv(&csme), -2);
	assert_why(&csme, SAP_UNIX_UNSEALED);
	raw_reads_acknowledgement(raw);
	raw_reads_refusal(raw, SAP_UNIX_UNSEALED);
	close(raw);
	close(memory);
	sap_unix_close(&csme);
}

/* What is honest beside all that: the last page of larger memory. */
static void a_part_of_memory_is_taken(void **state)
{
	struct sap_unix csme;
	struct sap_mem mem;
	int memory = raw_sealed_memory();
	int raw;

	(void)state;
	assert_int_equal(pwrite(memory, "here", 4, 4096), 4);
	ends_open(&csme, SAP_ROLE_CSME);
	raw = raw_connect(ENDS_PATH);
	raw_offer(raw, memory, 4096, 4096);
	assert_status(do_connect(&csme), SAP_OK);
	assert_status(do_map(&csme, 0, &mem), SAP_OK);
	assert_int_equal(mem.size, 4096);
	assert_memory_equal(mem.base, "here", 4);
	close(raw);
	close(memory);
	sap_unix_close(&csme);
}

/* The last one counts; and CSME reads in the old one until it gave it up. */
static void memory_that_is_offered_anew(void **state)
{
	struct sap_unix csme;
	struct census before;
	struct sap_mem mem;
	int memory[3] = {raw_sealed_memory(), raw_sealed_memory(), raw_sealed_memory()};
	int raw;

	(void)state;
	ends_open(&csme, SAP_ROLE_CSME);
	raw = raw_connect(ENDS_PATH);
	before = census_take();
	raw_offer(raw, memory[0], ENDS_SIZE, 0);
	raw_offer(raw, memory[1], 4096, 0);
	assert_status(do_connect(&csme), SAP_OK);
	assert_status(do_map(&csme, 0, &mem), SAP_OK);
	assert_int_equal(mem.size, 4096);
	raw_offer(raw, memory[2], 100, 0);
	assert_status(do_map(&csme, 0, &mem), SAP_AGAIN);
	assert_status(do_unmap(&csme), SAP_OK);
	assert_status(do_map(&csme, 0, &mem), SAP_OK);
	assert_int_equal(mem.size, 100);
	assert_status(do_disconnect(&csme), SAP_OK);
	assert_status(do_unmap(&csme), SAP_OK);
	census_same(&before);
	for (uint32_t i = 0; i < 3; i++)
		close(memory[i]);
	close(raw);
	sap_unix_close(&csme);
}

/* --- memory that shrinks --- */

/* In a process of its own: 0 if it could read the last byte after the peer shrank the memory, or tried to. */
static int read_after_shrinking(bool sealed)
{
	struct sap_unix_config config = ends_config(SAP_ROLE_CSME);
	struct rlimit no_core = {0, 0};
	struct sap_unix csme;
	struct sap_mem mem;
	int status = -1;
	pid_t pid = fork();

	if (pid == 0) {
		int memory = sealed ? raw_sealed_memory() : raw_memory(0);
		int raw;

		/* A sanitizer would make an exit of the signal. */
		signal(SIGBUS, SIG_DFL);
		setrlimit(RLIMIT_CORE, &no_core);
		config.unsealed = true;
		ends_open_with(&csme, &config);
		raw = raw_connect(ENDS_PATH);
		raw_offer(raw, memory, ENDS_SIZE, 0);
		if (do_connect(&csme) != SAP_OK || do_map(&csme, 0, &mem) != SAP_OK)
			_exit(3);
		if ((ftruncate(memory, 0) == 0) == sealed)
			_exit(2);
		_exit(((volatile uint8_t *)mem.base)[ENDS_SIZE - 1]);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(unlink(ENDS_PATH), 0);
	return WIFSIGNALED(status) ? -WTERMSIG(status) : WEXITSTATUS(status);
}

static void what_shrinks_kills_and_what_is_sealed_does_not(void **state)
{
	(void)state;
	assert_int_equal(read_after_shrinking(false), -SIGBUS);
	assert_int_equal(read_after_shrinking(true), 0);
}

/* Also where memory need not be sealed, it must be long enough and a file. */
static void unsealed_is_not_unchecked(void **state)
{
	struct sap_unix_config config = ends_config(SAP_ROLE_CSME);
	struct sap_unix csme;
	struct census before;

	(void)state;
	config.unsealed = true;
	ends_open_with(&csme, &config);
	before = census_take();
	for (uint32_t wrong = 0; wrong < WRONGS; wrong++) {
		struct offer offer = offer_of((enum wrong)wrong);
		bool fine = offer.expected == SAP_UNIX_UNSEALED || wrong == NO_SEALS_AT_ALL;
		int raw;

		if (offer.fd < 0)
			continue;
		raw = raw_connect(ENDS_PATH);
		raw_offer(raw, offer.fd, offer.size, offer.offset);
		sap_unix_run(&csme);
		assert_why(&csme, fine ? SAP_UNIX_FINE : offer.expected);
		close(offer.fd);
		close(raw);
		sap_unix_run(&csme);
		census_same(&before);
	}
	sap_unix_close(&csme);
}

/* --- descriptors where they do not belong --- */

/* What a host by hand passes, and what becomes of it. */
static void ends_with(struct sap_unix *csme, int raw, enum sap_unix_problem problem, bool told)
{
	sap_unix_run(csme);
	assert_why(csme, problem);
	if (told)
		raw_reads_refusal(raw, problem);
	else
		raw_reads_end(raw);
	close(raw);
}

/* What does not fit is closed by the system; but not by qemu, which stands in for it. */
static bool what_is_too_much_is_closed(const int *along)
{
	struct census before = census_take();
	_Alignas(struct cmsghdr) uint8_t control[CMSG_SPACE(sizeof(int))];
	uint8_t byte;
	struct iovec part = {&byte, 1};
	struct msghdr msg = {.msg_iov = &part,
			     .msg_iovlen = 1,
			     .msg_control = control,
			     .msg_controllen = sizeof(control)};
	int pair[2], fds[2];
	size_t n;

	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, pair), 0);
	raw_pass(pair[0], "x", 1, along, 64);
	assert_int_equal(recvmsg(pair[1], &msg, 0), 1);
	n = (CMSG_FIRSTHDR(&msg)->cmsg_len - CMSG_LEN(0)) / sizeof(int);
	assert_true(n >= 1 && n <= 2);
	memcpy(fds, CMSG_DATA((struct cmsghdr *)(void *)control), n * sizeof(int));
	while (n)
		close(fds[--n]);
	close(pair[0]);
	close(pair[1]);
	return census_take().descriptors == before.descriptors;
}

static void too_many_descriptors(void **state)
{
	static const uint32_t numbers[] = {2, 3, 16, 17, 64};
	static const uint32_t offer[4] = {12, ENDS_SIZE, 0, 0};
	struct sap_unix csme;
	struct census before;
	uint32_t most = 5;
	int memory[64];

	(void)state;
	for (uint32_t i = 0; i < 64; i++)
		memory[i] = raw_sealed_memory();
	if (!what_is_too_much_is_closed(memory)) {
		print_message("no more than fit: the system does not close the others here\n");
		most = 3;
	}
	ends_open(&csme, SAP_ROLE_CSME);
	before = census_take();
	for (uint32_t i = 0; i < most; i++) {
		int raw = raw_connect(ENDS_PATH);

		raw_pass(raw, offer, 16, memory, numbers[i]);
		ends_with(&csme, raw, SAP_UNIX_NO_MEMORY, true);
		census_same(&before);
	}
	/* One after the other in the same frame. */
	for (uint32_t at = 1; at < 16; at++) {
		int raw = raw_connect(ENDS_PATH);

		raw_pass(raw, offer, at, memory, 1);
		raw_pass(raw, (const uint8_t *)offer + at, 16 - at, memory + 1, 1);
		ends_with(&csme, raw, SAP_UNIX_NO_MEMORY, true);
		census_same(&before);
	}
	sap_unix_close(&csme);
	for (uint32_t i = 0; i < 64; i++)
		close(memory[i]);
}

static struct rlimit descriptors_were;

static void leave_no_descriptor_free(void)
{
	struct rlimit none;

	assert_int_equal(getrlimit(RLIMIT_NOFILE, &descriptors_were), 0);
	none = descriptors_were;
	none.rlim_cur = 3;
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &none), 0);
}

static void let_descriptors_be_free(void)
{
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &descriptors_were), 0);
}

/* Valgrind keeps this limit by itself, and not for everything. */
static bool limit_is_kept(void)
{
	_Alignas(struct cmsghdr) uint8_t control[CMSG_SPACE(sizeof(int))];
	uint8_t byte;
	struct iovec part = {&byte, 1};
	struct msghdr msg = {.msg_iov = &part,
			     .msg_iovlen = 1,
			     .msg_control = control,
			     .msg_controllen = sizeof(control)};
	int pair[2], fd = -1;

	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, pair), 0);
	raw_pass(pair[0], "x", 1, &pair[0], 1);
	leave_no_descriptor_free();
	assert_int_equal(recvmsg(pair[1], &msg, 0), 1);
	let_descriptors_be_free();
	if (!(msg.msg_flags & MSG_CTRUNC)) {
		memcpy(&fd, CMSG_DATA((struct cmsghdr *)(void *)control), sizeof(fd));
		close(fd);
	}
	close(pair[0]);
	close(pair[1]);
	return fd < 0;
}

/* As no descriptor is free, the system drops what was passed, and says only that. */
static void no_descriptor_is_free(void **state)
{
	struct sap_unix csme;
	struct census before = census_take();
	int memory, raw;

	(void)state;
	if (!limit_is_kept()) {
		print_message("descriptors cannot be limited here\n");
		skip();
	}
	memory = raw_sealed_memory();
	ends_open(&csme, SAP_ROLE_CSME);
	raw = raw_connect(ENDS_PATH);
	sap_unix_run(&csme);
	raw_offer(raw, memory, ENDS_SIZE, 0);
	leave_no_descriptor_free();
	sap_unix_run(&csme);
	let_descriptors_be_free();
	assert_why(&csme, SAP_UNIX_NO_MEMORY);
	raw_reads_refusal(raw, SAP_UNIX_NO_MEMORY);
	close(raw);
	/* Nor for who comes: it goes on waiting. */
	raw = raw_connect(ENDS_PATH);
	leave_no_descriptor_free();
	sap_unix_run(&csme);
	let_descriptors_be_free();
	assert_why(&csme, SAP_UNIX_SYSTEM);
	assert_int_equal(sap_unix_why(&csme).error, EMFILE);
	assert_status(do_connect(&csme), SAP_OK);
	close(raw);
	close(memory);
	sap_unix_close(&csme);
	census_same(&before);
}

static void a_descriptor_where_none_belongs(void **state)
{
	struct sap_unix csme, host;
	struct census before;
	int memory = raw_sealed_memory();
	int listener, raw;

	(void)state;
	ends_open(&csme, SAP_ROLE_CSME);
	before = census_take();
	for (uint32_t len = 0; len <= SAP_UNIX_MESSAGE; len++) {
		uint8_t frame[4 + SAP_UNIX_MESSAGE] = {0};

		memcpy(frame, &len, 4);
		if (len == 12)
			continue;
		raw = raw_connect(ENDS_PATH);
		raw_pass(raw, frame, 4 + len, &memory, 1);
		ends_with(&csme, raw, SAP_UNIX_LANGUAGE, false);
		census_same(&before);
	}
	assert_int_equal(csme.counters.nonsense, SAP_UNIX_MESSAGE);
	sap_unix_close(&csme);

	/* And a host is never given any. */
	listener = raw_listen(ENDS_PATH);
	ends_open(&host, SAP_ROLE_HOST);
	assert_status(do_connect(&host), SAP_OK);
	raw = raw_accept(listener);
	raw_offer(raw, memory, ENDS_SIZE, 0);
	assert_int_equal(do_recv(&host), -2);
	assert_why(&host, SAP_UNIX_LANGUAGE);
	close(raw);
	close(listener);
	sap_unix_close(&host);
	close(memory);
	assert_int_equal(unlink(ENDS_PATH), 0);
}

/* --- frames --- */

/* The descriptor belongs to its frame, wherever in it the stream was cut. */
static void frames_may_be_cut_anywhere(void **state)
{
	struct sap_unix csme;
	struct sap_mem mem;
	int memory = raw_sealed_memory();

	(void)state;
	ends_open(&csme, SAP_ROLE_CSME);
	for (uint32_t along = 0; along < 16; along++) {
		static const uint32_t offer[4] = {12, ENDS_SIZE, 0, 0};
		const uint32_t one = 1;
		uint8_t two[9] = {0}; /* a message and an acknowledgement */
		int raw = raw_connect(ENDS_PATH);

		memcpy(two, &one, 4);
		two[4] = 'a';
		for (uint32_t at = 0; at < 16; at++) {
			raw_pass(raw, (const uint8_t *)offer + at, 1, &memory, at == along);
			sap_unix_run(&csme);
		}
		raw_reads_acknowledgement(raw);
		assert_status(do_connect(&csme), SAP_OK);
		assert_status(do_send(&csme, 'b'), SAP_OK);
		raw_reads_frame(raw, "b", 1);
		for (uint32_t at = 0; at < 9; at++) {
			raw_write(raw, two + at, 1);
			sap_unix_run(&csme);
		}
		raw_reads_acknowledgement(raw);
		assert_int_equal(csme.unacknowledged, 0);
		assert_int_equal(do_recv(&csme), 'a');
		assert_status(do_map(&csme, 0, &mem), SAP_OK);
		close(raw);
		assert_int_equal(do_recv(&csme), -2);
		assert_why(&csme, SAP_UNIX_WENT);
		assert_status(do_disconnect(&csme), SAP_OK);
		assert_status(do_unmap(&csme), SAP_OK);
	}
	assert_int_equal(csme.counters.halves, 0);
	close(memory);
	sap_unix_close(&csme);
}

/* Several frames in one write are several; the descriptor is the first one's. */
static void frames_may_be_joined(void **state)
{
	static const uint32_t offer[4] = {12, ENDS_SIZE, 0, 0};
	struct sap_unix csme;
	uint8_t bytes[16 + 3 * 5];
	int memory = raw_sealed_memory();
	int raw;

	(void)state;
	memcpy(bytes, offer, 16);
	for (uint32_t i = 0; i < 3; i++) {
		const uint32_t one = 1;

		memcpy(bytes + 16 + 5 * i, &one, 4);
		bytes[20 + 5 * i] = (uint8_t)('0' + i);
	}
	ends_open(&csme, SAP_ROLE_CSME);
	raw = raw_connect(ENDS_PATH);
	raw_pass(raw, bytes, sizeof(bytes), &memory, 1);
	assert_status(do_connect(&csme), SAP_OK);
	for (int i = 0; i < 3; i++)
		assert_int_equal(do_recv(&csme), '0' + i);
	for (uint32_t i = 0; i < 4; i++)
		raw_reads_acknowledgement(raw);
	assert_true(csme.memory >= 0);
	close(raw);
	close(memory);
	sap_unix_close(&csme);
}

/* The peer dies within a frame, after each of its bytes. What came before it is given out. */
static void half_a_frame(void **state)
{
	struct sap_unix csme;
	struct census before;
	int memory = raw_sealed_memory();

	(void)state;
	ends_open(&csme, SAP_ROLE_CSME);
	before = census_take();
	for (uint32_t at = 1; at < 4 + SAP_UNIX_MESSAGE; at++) {
		const uint32_t len = SAP_UNIX_MESSAGE;
		uint8_t frame[4 + SAP_UNIX_MESSAGE] = {0};
		int raw = raw_connect(ENDS_PATH);

		memcpy(frame, &len, 4);

		assert_status(do_connect(&csme), SAP_OK);
		raw_frame(raw, "w", 1);
		raw_pass(raw, frame, at, &memory, at % 2);
		close(raw);
		assert_int_equal(do_recv(&csme), 'w');
		assert_int_equal(do_recv(&csme), -2);
		assert_why(&csme, SAP_UNIX_HALF);
		assert_int_equal(csme.counters.halves, at);
		assert_status(do_disconnect(&csme), SAP_OK);
		census_same(&before);
	}
	sap_unix_close(&csme);
	close(memory);
}

static void a_frame_that_is_too_long(void **state)
{
	static const uint32_t lens[] = {101, 102, 4096, 1u << 31, UINT32_MAX};
	struct sap_unix csme;

	(void)state;
	ends_open(&csme, SAP_ROLE_CSME);
	for (uint32_t i = 0; i < 5; i++) {
		int raw = raw_connect(ENDS_PATH);

		assert_status(do_connect(&csme), SAP_OK);
		raw_frame(raw, "1", 1);
		raw_write(raw, &lens[i], 4);
		sap_unix_run(&csme);
		/* Known by its head alone. */
		assert_why(&csme, SAP_UNIX_LANGUAGE);
		assert_int_equal(csme.counters.nonsense, i + 1);
		assert_int_equal(do_recv(&csme), '1');
		assert_int_equal(do_recv(&csme), -2);
		assert_status(do_disconnect(&csme), SAP_OK);
		close(raw);
	}
	sap_unix_close(&csme);
}

static void an_acknowledgement_of_nothing(void **state)
{
	struct sap_unix csme;
	int raw;

	(void)state;
	ends_open(&csme, SAP_ROLE_CSME);
	raw = raw_connect(ENDS_PATH);
	assert_status(do_connect(&csme), SAP_OK);
	assert_status(do_send(&csme, 1), SAP_OK);
	raw_acknowledge(raw);
	assert_int_equal(do_recv(&csme), -1);
	raw_acknowledge(raw);
	assert_int_equal(do_recv(&csme), -2);
	assert_why(&csme, SAP_UNIX_LANGUAGE);
	assert_status(do_connect(&csme), SAP_CLOSED);
	close(raw);
	sap_unix_close(&csme);
}

/* A peer that writes and never reads: after a while it is not read either, and nothing grows. */
static void a_peer_that_never_reads(void **state)
{
	struct sap_unix csme;
	struct pollfd fds[SAP_UNIX_FDS];
	const uint32_t one = 1;
	uint32_t written = 0, taken = 0;
	uint8_t frame[5] = "....x";
	int raw;

	(void)state;
	ends_open(&csme, SAP_ROLE_CSME);
	raw = raw_connect(ENDS_PATH);
	assert_status(do_connect(&csme), SAP_OK);
	memcpy(frame, &one, 4);
	while (written < 1000000 && send(raw, frame, 5, MSG_NOSIGNAL) == 5) {
		written++;
		taken += do_recv(&csme) == 'x';
		assert_true(csme.owed <= SAP_UNIX_DEPTH);
	}
	assert_true(written < 1000000);
	/* A hundred thousand polls would not bring it on. */
	assert_int_equal(poll(fds, sap_unix_poll(&csme, fds), 0), 0);
	assert_status(do_send(&csme, 1), SAP_AGAIN);
	/* It reads after all: everything goes on where it was. */
	while (taken < written) {
		uint8_t acknowledgements[4096];

		(void)!recv(raw, acknowledgements, sizeof(acknowledgements), MSG_DONTWAIT);
		taken += do_recv(&csme) == 'x';
	}
	close(raw);
	assert_int_equal(do_recv(&csme), -2);
	sap_unix_close(&csme);
}

/* And one that never acknowledges. */
static void a_peer_that_never_acknowledges(void **state)
{
	struct sap_unix csme;
	int raw;

	(void)state;
	ends_open(&csme, SAP_ROLE_CSME);
	raw = raw_connect(ENDS_PATH);
	assert_status(do_connect(&csme), SAP_OK);
	for (uint32_t i = 0; i < SAP_UNIX_DEPTH; i++)
		assert_status(do_send(&csme, 1), SAP_OK);
	for (uint32_t i = 0; i < 100; i++)
		assert_status(do_send(&csme, 1), SAP_AGAIN);
	assert_int_equal(csme.counters.full, 100);
	raw_frame(raw, "m", 1);
	assert_int_equal(do_recv(&csme), 'm');
	raw_acknowledge(raw);
	assert_status(do_send(&csme, 1), SAP_OK);
	assert_status(do_send(&csme, 1), SAP_AGAIN);
	close(raw);
	sap_unix_close(&csme);
}

/* --- a peer that writes, reads nothing, and dies --- */

/* Until the socket takes no more; `taken` by the end meanwhile, or not. How many are left to be taken. */
static uint32_t flood(struct sap_unix *u, int raw, bool taken)
{
	const uint32_t one = 1;
	uint8_t frame[5] = "....x";
	uint32_t left = 0, written = 0;

	memcpy(frame, &one, 4);
	for (; written < 1000000 && send(raw, frame, 5, MSG_NOSIGNAL) == 5; written++) {
		left++;
		if (taken)
			left -= do_recv(u) == 'x';
		else
			sap_unix_run(u);
	}
	assert_true(written < 1000000);
	return left;
}

/* All that it said is heard, and then that it went; and nothing is polled for that tells the same for ever. */
static void hears_to_the_end(struct sap_unix *u, uint32_t left)
{
	struct pollfd fds[SAP_UNIX_FDS];

	for (uint32_t i = 0; i < left; i++)
		assert_int_equal(do_recv(u), 'x');
	assert_int_equal(do_recv(u), -2);
	assert_why(u, SAP_UNIX_WENT);
	assert_int_equal(poll(fds, sap_unix_poll(u, fds), 0), 0);
}

static void a_peer_that_floods_and_dies(void **state)
{
	struct pollfd fds[SAP_UNIX_FDS];
	struct sap_unix csme;
	uint32_t left;
	int raw;

	(void)state;
	ends_open(&csme, SAP_ROLE_CSME);
	raw = raw_connect(ENDS_PATH);
	assert_status(do_connect(&csme), SAP_OK);
	left = flood(&csme, raw, true);
	close(raw);
	hears_to_the_end(&csme, left);
	assert_status(do_disconnect(&csme), SAP_OK);
	/* And the next one is let in. */
	raw = raw_connect(ENDS_PATH);
	assert_status(do_connect(&csme), SAP_OK);
	/* An engine that takes nothing now is not woken for nothing either, while eight messages wait. */
	left = flood(&csme, raw, false);
	close(raw);
	sap_unix_run(&csme);
	assert_int_equal(poll(fds, sap_unix_poll(&csme, fds), 0), 0);
	hears_to_the_end(&csme, left);
	sap_unix_close(&csme);
}

static void a_csme_that_floods_and_dies(void **state)
{
	struct sap_unix host;
	uint32_t left;
	int listener = raw_listen(ENDS_PATH);
	int raw;

	(void)state;
	ends_open(&host, SAP_ROLE_HOST);
	assert_status(do_connect(&host), SAP_OK);
	raw = raw_accept(listener);
	left = flood(&host, raw, true);
	close(raw);
	hears_to_the_end(&host, left);
	sap_unix_close(&host);
	close(listener);
	assert_int_equal(unlink(ENDS_PATH), 0);
}

/* The peer closed with words of ours unread: writing fails, and what it said before is still there. */
static void a_peer_that_went_is_heard_to_the_end(void **state)
{
	struct sap_unix csme;
	int raw;

	(void)state;
	ends_open(&csme, SAP_ROLE_CSME);
	raw = raw_connect(ENDS_PATH);
	assert_status(do_connect(&csme), SAP_OK);
	assert_status(do_send(&csme, 1), SAP_OK);
	for (uint32_t i = 0; i < SAP_UNIX_DEPTH + 3; i++)
		raw_frame(raw, &"abcdefghijk"[i], 1);
	close(raw);
	for (int i = 0; i < SAP_UNIX_DEPTH + 3; i++) {
		assert_int_equal(do_recv(&csme), 'a' + i);
		if (i < 2) {
			assert_status(do_send(&csme, 2), SAP_CLOSED);
			/* Whoever hears of it by this asks why now. */
			assert_why(&csme, SAP_UNIX_WENT);
		}
	}
	assert_int_equal(do_recv(&csme), -2);
	assert_why(&csme, SAP_UNIX_WENT);
	sap_unix_close(&csme);
}

/* It takes no more, but does not go: that is the end too. */
static void a_peer_that_is_deaf(void **state)
{
	struct sap_unix csme;
	int raw;

	(void)state;
	ends_open(&csme, SAP_ROLE_CSME);
	raw = raw_connect(ENDS_PATH);
	assert_status(do_connect(&csme), SAP_OK);
	raw_frame(raw, "1", 1);
	assert_int_equal(shutdown(raw, SHUT_RD), 0);
	assert_status(do_send(&csme, 2), SAP_CLOSED);
	assert_int_equal(do_recv(&csme), '1');
	assert_int_equal(do_recv(&csme), -2);
	assert_why(&csme, SAP_UNIX_WENT);
	close(raw);
	sap_unix_close(&csme);
}

/* --- refusals that a host hears --- */

static void a_host_hears_why(void **state)
{
	static const enum sap_unix_problem problems[] = {SAP_UNIX_TAKEN, SAP_UNIX_UNSEALED, SAP_UNIX_SHORT,
							 SAP_UNIX_LARGE, SAP_UNIX_NO_MEMORY};
	struct sap_unix host;
	struct census before;
	int listener = raw_listen(ENDS_PATH);

	(void)state;
	ends_open(&host, SAP_ROLE_HOST);
	before = census_take();
	for (uint32_t i = 0; i < 5; i++) {
		uint32_t why = (uint32_t)problems[i];
		struct sap_mem mem;
		int raw;

		assert_status(do_map(&host, ENDS_SIZE, &mem), SAP_AGAIN);
		raw = raw_accept(listener);
		raw_frame(raw, &why, 4);
		close(raw);
		assert_status(do_map(&host, ENDS_SIZE, &mem), SAP_IO);
		assert_why(&host, problems[i]);
		assert_int_equal(host.counters.maps_refused, i + 1);
		census_same(&before);
	}
	sap_unix_close(&host);
	close(listener);
	assert_int_equal(unlink(ENDS_PATH), 0);
}

/* One that ends without a word; and a word of no meaning is a message. */
static void a_host_is_told_nothing(void **state)
{
	struct sap_unix host;
	struct sap_transport t;
	struct sap_mem mem;
	const uint32_t taken = SAP_UNIX_TAKEN, words[] = {0, SAP_UNIX_WENT, 99};
	uint32_t got;
	size_t len;
	int listener = raw_listen(ENDS_PATH);
	int raw;

	(void)state;
	ends_open(&host, SAP_ROLE_HOST);
	t = sap_unix_transport(&host);
	assert_status(do_map(&host, ENDS_SIZE, &mem), SAP_AGAIN);
	close(raw_accept(listener));
	assert_status(do_map(&host, ENDS_SIZE, &mem), SAP_IO);
	assert_why(&host, SAP_UNIX_WENT);
	for (uint32_t i = 0; i < 3; i++) {
		assert_status(do_connect(&host), SAP_OK);
		raw = raw_accept(listener);
		raw_frame(raw, &words[i], 4);
		/* And once something was heard, a refusal is none either. */
		raw_frame(raw, &taken, 4);
		assert_status(t.ops->recv(t.self, &got, 4, &len), SAP_OK);
		assert_int_equal(got, words[i]);
		assert_status(t.ops->recv(t.self, &got, 4, &len), SAP_OK);
		assert_int_equal(got, taken);
		assert_int_equal(do_recv(&host), -1);
		assert_status(do_disconnect(&host), SAP_OK);
		close(raw);
	}
	sap_unix_close(&host);
	close(listener);
	assert_int_equal(unlink(ENDS_PATH), 0);
}

/* A CSME by hand that acknowledges what it likes, while memory is on offer. */
static void an_offer_is_kept_only_by_its_own_acknowledgement(void **state)
{
	struct sap_unix host;
	struct sap_mem mem;
	uint32_t offer[4];
	int listener = raw_listen(ENDS_PATH);
	int raw;

	(void)state;
	ends_open(&host, SAP_ROLE_HOST);
	assert_status(do_connect(&host), SAP_OK);
	raw = raw_accept(listener);
	assert_status(do_send(&host, '1'), SAP_OK);
	assert_status(do_send(&host, '2'), SAP_OK);
	assert_status(do_map(&host, ENDS_SIZE, &mem), SAP_AGAIN);
	raw_reads_frame(raw, "1", 1);
	raw_reads_frame(raw, "2", 1);
	close(receive_memory(raw, offer, 16));
	assert_status(do_send(&host, '3'), SAP_OK);
	for (uint32_t i = 0; i < 2; i++) {
		raw_acknowledge(raw);
		assert_status(do_map(&host, ENDS_SIZE, &mem), SAP_AGAIN);
	}
	raw_acknowledge(raw);
	assert_status(do_map(&host, ENDS_SIZE, &mem), SAP_OK);
	close(raw);
	sap_unix_close(&host);
	close(listener);
	assert_int_equal(unlink(ENDS_PATH), 0);
}

/* --- bytes at random --- */

/* A peer that writes what it likes: whatever becomes of it, nothing is left behind. */
static void a_peer_of_dice(void **state)
{
	struct sap_unix csme;
	struct census before;
	uint32_t dice = 1;
	int memory = raw_sealed_memory();

	(void)state;
	ends_open(&csme, SAP_ROLE_CSME);
	before = census_take();
	for (uint32_t round = 0; round < 3000; round++) {
		int raw = raw_connect(ENDS_PATH);

		for (uint32_t n = test_random(&dice) % 12; n; n--) {
			uint8_t bytes[24] = {0};
			uint32_t len = 1 + test_random(&dice) % 24;
			int along[2] = {memory, raw};
			struct sap_mem mem;

			memcpy(bytes, &(uint32_t){test_random(&dice) % 16}, 4);
			bytes[5] = (uint8_t)(test_random(&dice) % 40);
			for (uint32_t i = test_random(&dice) % 4; i; i--)
				bytes[test_random(&dice) % 24] = (uint8_t)test_random(&dice);
			/* It may have been thrown out meanwhile. */
			if (csme.peer < 0 && csme.counters.connections > round)
				break;
			raw_pass(raw, bytes, len, along, test_random(&dice) % 8 < 6 ? 0 : 1 + len % 2);
			if (test_random(&dice) % 2)
				(void)!do_connect(&csme);
			if (test_random(&dice) % 3 == 0)
				(void)!do_map(&csme, 0, &mem);
			if (test_random(&dice) % 3 == 0)
				(void)!do_send(&csme, 1);
			if (test_random(&dice) % 3 == 0) {
				uint8_t message[SAP_UNIX_MESSAGE];
				struct sap_transport t = sap_unix_transport(&csme);
				size_t got;

				(void)!t.ops->recv(t.self, message, test_random(&dice) % 101, &got);
			}
		}
		close(raw);
		sap_unix_run(&csme);
		(void)!do_connect(&csme);
		assert_status(do_disconnect(&csme), SAP_OK);
		assert_status(do_unmap(&csme), SAP_OK);
		census_same(&before);
	}
	print_message("halves %u, nonsense %u, refused %u, received %u\n", csme.counters.halves,
		      csme.counters.nonsense, csme.counters.maps_refused, csme.counters.received);
	assert_true(csme.counters.halves && csme.counters.nonsense && csme.counters.maps_refused &&
		    csme.counters.received);
	sap_unix_close(&csme);
	close(memory);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(csme_speaks_as_is_written),
		cmocka_unit_test(twelve_bytes_without_memory_are_a_message),
		cmocka_unit_test(the_host_speaks_as_is_written),
		cmocka_unit_test(memory_that_is_wrong_is_refused),
		cmocka_unit_test(refused_memory_ends_a_connection),
		cmocka_unit_test(a_part_of_memory_is_taken),
		cmocka_unit_test(memory_that_is_offered_anew),
		cmocka_unit_test(what_shrinks_kills_and_what_is_sealed_does_not),
		cmocka_unit_test(unsealed_is_not_unchecked),
		cmocka_unit_test(too_many_descriptors),
		cmocka_unit_test(no_descriptor_is_free),
		cmocka_unit_test(a_descriptor_where_none_belongs),
		cmocka_unit_test(frames_may_be_cut_anywhere),
		cmocka_unit_test(frames_may_be_joined),
		cmocka_unit_test(half_a_frame),
		cmocka_unit_test(a_frame_that_is_too_long),
		cmocka_unit_test(an_acknowledgement_of_nothing),
		cmocka_unit_test(a_peer_that_never_reads),
		cmocka_unit_test(a_peer_that_never_acknowledges),
		cmocka_unit_test(a_peer_that_floods_and_dies),
		cmocka_unit_test(a_csme_that_floods_and_dies),
		cmocka_unit_test(a_peer_that_went_is_heard_to_the_end),
		cmocka_unit_test(a_peer_that_is_deaf),
		cmocka_unit_test(a_host_hears_why),
		cmocka_unit_test(a_host_is_told_nothing),
		cmocka_unit_test(an_offer_is_kept_only_by_its_own_acknowledgement),
		cmocka_unit_test(a_peer_of_dice),
	};

	return cmocka_run_group_tests(tests, ends_enter, ends_leave);
}
