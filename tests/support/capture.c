// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
#include "capture.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

enum {
	LARGEST = 1 << 20
};

const char *const capture_areas[] = {
	"v3-shm-at-start.bin", "v3-shm-csa-11.bin",	 "v3-shm-v3-ring-overfull.bin",
	"v4-shm-at-start.bin", "v4-shm-csa-00.bin",	 "v4-shm-csa-01.bin",
	"v4-shm-csa-18.bin",   "v4-data-shm-csa-05.bin", NULL,
};

void capture_load(struct capture *capture, const char *name)
{
	char path[512];
	FILE *file;

	(void)snprintf(path, sizeof(path), "%s/captures/%s", SAP_TEST_DATA, name);
	file = fopen(path, "rb");
	if (!file)
		fail_msg("%s cannot be opened", path);
	capture->bytes = malloc(LARGEST);
	assert_non_null(capture->bytes);
	capture->len = fread(capture->bytes, 1, LARGEST, file);
	(void)fclose(file);
	/* No more than is there, so that a sanitizer sees a read past the end. */
	capture->bytes = realloc(capture->bytes, capture->len);
	assert_non_null(capture->bytes);
}

void capture_free(struct capture *capture)
{
	free(capture->bytes);
	capture->bytes = NULL;
}
