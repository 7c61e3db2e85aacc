// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
#include <sap/version.h>

const char *sap_version(void)
{
	return SAP_VERSION;
}
