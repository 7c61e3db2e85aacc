/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
/*
 * What sysfs says, inside. One idea a file:
 *
 *   mei_sysfs.c         devices and clients, one after the other
 *   mei_sysfs_read.c    folders, files and links: names, words, numbers
 *   mei_sysfs_debug.c   the list of clients that debugfs has
 */
#ifndef SAP_TRANSPORT_MEI_SYSFS_PRIVATE_H
#define SAP_TRANSPORT_MEI_SYSFS_PRIVATE_H

#include <sap/mei/sysfs.h>

enum {
	MEI_FILE = 256, /* bytes of a file that is read whole; no attribute is longer */
};

/* The three roots, defaults filled in. */
const char *mei_root_sysfs(const struct sap_mei_roots *roots);
const char *mei_root_dev(const struct sap_mei_roots *roots);

/* Makes a path; printf. False if it would be too long. */
__attribute__((format(printf, 2, 3))) bool mei_path(char path[SAP_MEI_PATH], const char *format, ...);

/* --- folders --- */

/* Which names of a folder are meant, and which of two comes first. */
struct mei_names {
	bool (*wanted)(const char *name);
	bool (*before)(const char *a, const char *b);
};

/* The first wanted name in the folder that comes after `after` ("": the first of all). */
bool mei_folder_next(const char *folder, const struct mei_names *names, const char *after,
		     char name[SAP_MEI_PATH]);

/* Whether something is there. */
bool mei_exists(const char *path);

/* Whether both are there and are the same, whichever links lead to them. */
bool mei_same(const char *a, const char *b);

/* The last part of what a link points to. */
bool mei_link(const char *path, char word[SAP_MEI_WORD]);

/* --- files; all but the first look at `<folder>/<name>` --- */

/* Opens for reading, without waiting for anybody. -1: no. */
int mei_file_open(const char *path);

/* All of a file's text, or as much as fits, ended by a zero. False if there is none. */
bool mei_file(const char *folder, const char *name, char text[MEI_FILE]);

/* The first line. */
bool mei_file_word(const char *folder, const char *name, char word[SAP_MEI_WORD]);

/* The number that is all there is. */
bool mei_file_number(const char *folder, const char *name, uint32_t base, uint32_t *number);

/* --- text --- */

/* Digits at *at, which goes past them. False: none, or more than 32 bits. */
bool mei_number(const char **at, uint32_t base, uint32_t *number);

/* One character at *at, which goes past it. */
bool mei_skip(const char **at, char c);

/* The first line of `text`; what cannot be printed is "?", what is too long is cut. */
void mei_word(char word[SAP_MEI_WORD], const char *text);

/* --- mei_sysfs_debug.c --- */

/* The next line of debugfs' list after that of `client`, whatever the bus has. */
bool mei_debug_next(const struct sap_mei_roots *roots, const struct sap_mei_device *device,
		    struct sap_mei_client *client);

#endif
