// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
/*
 * Makes a module of codec and core, which nobody loads: that modpost finds every symbol in the kernel
 * shows that they ask for nothing else.
 */
#include <linux/module.h>

#include <sap/sap.h>

static int __init libsap_objects_init(void)
{
	pr_info("libsap %s\n", sap_version());
	return 0;
}

static void __exit libsap_objects_exit(void)
{
}

module_init(libsap_objects_init);
module_exit(libsap_objects_exit);
MODULE_DESCRIPTION("libsap's codec and core, compiled for the kernel");
MODULE_LICENSE("Dual BSD/GPL");
