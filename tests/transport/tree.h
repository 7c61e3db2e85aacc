/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
/*
 * Made-up sysfs trees in a folder of their own, which is the working one while a test runs: `sys` and `dev` in it
 * are the roots. They are built as Linux builds them, links and all.
 */
#ifndef SAP_TEST_TREE_H
#define SAP_TEST_TREE_H

#include "support.h"
#include <sap/mei/sysfs.h>

#define TREE_WLAN  "13280904-7792-4fcb-a1aa-5e70cbb1e865"
#define TREE_AMTHI "12f80028-b4b7-4b2d-aca8-46e0ff65814c"
#define TREE_MKHI  "8e6a6715-9abc-4043-88ef-9e39c6f63e0f"
#define TREE_FIXED "55213584-9a29-4916-badf-0fb7ed682aeb"

extern const struct sap_mei_roots tree_roots;

/* Before and after each test. */
int tree_enter(void **state);
int tree_leave(void **state);

/* A file and the folders above it; a folder; a link; and what is there no more. */
void tree_put(const char *path, const char *content);
void tree_folder(const char *path);
void tree_link(const char *path, const char *target);
void tree_remove(const char *path);

/* mei<number>, on PCI device 0000:00:16.<number>, with all its files and its node. */
void tree_device(uint32_t number, const char *state);

/* One file of it. */
void tree_device_file(uint32_t number, const char *name, const char *content);

/* A client of it on the bus; driver may be null. And one file of that. */
void tree_client(uint32_t number, const char *guid, const char *driver);
void tree_client_file(uint32_t number, const char *guid, const char *name, const char *content);

#endif
