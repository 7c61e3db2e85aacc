// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
/*
 * Runs a fuzz target without a fuzzer: `fuzz_<target>_replay [-m N] FILE|DIR...` hands it each file, and
 * N inputs made from each by a few random changes, the same ones every time. So past crashes are replayed
 * by every compiler and on every processor, and each of them sees some hostile input too.
 *
 * A directory that is not there holds no crashes yet. No input at all is an error.
 */
/* With large files, a 32-bit program can list directories of any file system. */
#define _POSIX_C_SOURCE	  200809L
#define _FILE_OFFSET_BITS 64

#include "fuzz.h"

#include <dirent.h>
#include <errno.h>
#include <sys/stat.h>

enum {
	LONGEST_PATH = 1024,
	LARGEST_FILE = 1 << 20,
	MOST_CHANGES = 8
};

static unsigned long mutants;
static unsigned long files;
static unsigned long runs;

static uint32_t dice(void)
{
	static uint32_t state = 2463534242u;

	state ^= state << 13;
	state ^= state >> 17;
	state ^= state << 5;
	return state;
}

/* In memory of exactly that size, so that a sanitizer or valgrind sees one byte too far. */
static void run(const uint8_t *bytes, size_t len)
{
	uint8_t *exact = fresh(len, 0);

	if (len)
		memcpy(exact, bytes, len);
	LLVMFuzzerTestOneInput(exact, len);
	free(exact);
	runs++;
}

static void run_mutant(const uint8_t *bytes, size_t len)
{
	uint8_t *changed = fresh(len, 0);
	uint32_t changes = 1 + dice() % MOST_CHANGES;

	if (len)
		memcpy(changed, bytes, len);
	for (uint32_t i = 0; i < changes && len; i++) {
		/* Headers are where it matters: every other change is near the start. */
		size_t at = dice() % (dice() % 2 && len > 80 ? 80 : len);

		changed[at] = (uint8_t)(dice() % 3 ? changed[at] ^ (1u << dice() % 8) : dice());
	}
	run(changed, dice() % 4 || !len ? len : dice() % len);
	free(changed);
}

static void replay_file(const char *path)
{
	uint8_t *bytes = fresh(LARGEST_FILE, 0);
	FILE *file = fopen(path, "rb");
	size_t len;

	if (!file) {
		perror(path);
		exit(1);
	}
	len = fread(bytes, 1, LARGEST_FILE, file);
	fclose(file);
	files++;
	run(bytes, len);
	for (unsigned long i = 0; i < mutants; i++)
		run_mutant(bytes, len);
	free(bytes);
}

static void replay(const char *path)
{
	char inside[LONGEST_PATH];
	struct dirent *entry;
	struct stat status;
	DIR *list;

	if (stat(path, &status))
		return;
	if (!S_ISDIR(status.st_mode)) {
		replay_file(path);
		return;
	}
	list = opendir(path);
	errno = 0;
	while (list && (entry = readdir(list))) {
		if (entry->d_name[0] != '.') {
			snprintf(inside, sizeof(inside), "%s/%s", path, entry->d_name);
			replay_file(inside);
		}
		errno = 0;
	}
	if (!list || errno) {
		perror(path);
		exit(1);
	}
	closedir(list);
}

int main(int argc, char **argv)
{
	int first = 1;

	if (argc > 2 && !strcmp(argv[1], "-m")) {
		mutants = strtoul(argv[2], NULL, 10);
		first = 3;
	}
	for (int i = first; i < argc; i++)
		replay(argv[i]);
	printf("%lu files, %lu inputs\n", files, runs);
	return files ? 0 : 1;
}
