// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
/* `sap replay` as a program by itself: cross.cmake. */
#include "command.h"

int main(int argc, char **argv)
{
	return (int)replay_run(argc, (const char *const *)argv);
}
