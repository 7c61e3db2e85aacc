/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
/**
 * @file mei.h
 * The MEI bus: its messages, and the firmware's side of it. All of sap/mei/ but what is a device: in memory
 * (mei/loopback.h), virtual (mei/vmei.h), or the host's own (mei/dev.h, mei/sysfs.h).
 *
 * SAP's own headers do not need it: a WLAN driver or a tool that reads captures includes sap/sap.h alone. Who
 * simulates a firmware, or talks to AMT, includes this too. Each header compiles alone; those of devices are
 * included by their own names, as transports are, since not every system has them.
 */
#ifndef SAP_MEI_H
#define SAP_MEI_H

#include <sap/mei/amthi.h>
#include <sap/mei/bus.h>
#include <sap/mei/clients.h>
#include <sap/mei/fields.h>
#include <sap/mei/frame.h>
#include <sap/mei/hbm.h>
#include <sap/mei/mkhi.h>
#include <sap/mei/port.h>
#include <sap/mei/servers.h>

#endif
