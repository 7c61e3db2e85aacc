/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
/* The scripts of scripts/, as they were when the command was built. */
#ifndef SIM_BUILTIN_H
#define SIM_BUILTIN_H

struct sim_builtin {
	const char *name; /* of the file, without `.sap` */
	const char *text;
};

/* Ends with a null name. */
extern const struct sim_builtin sim_builtins[];

#endif
