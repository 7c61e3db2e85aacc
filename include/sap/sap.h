/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
/**
 * @file sap.h
 * The codec, the engines, and what lies between them.
 *
 * Each header compiles alone too: a program that only decodes needs message.h. Transports are included by
 * their own names (loopback.h), and so is the kit that checks them (transport_check.h).
 */
#ifndef SAP_SAP_H
#define SAP_SAP_H

#include <sap/area.h>
#include <sap/csme.h>
#include <sap/engine.h>
#include <sap/fields.h>
#include <sap/filter.h>
#include <sap/frame.h>
#include <sap/guid.h>
#include <sap/host.h>
#include <sap/me.h>
#include <sap/message.h>
#include <sap/packets.h>
#include <sap/pump.h>
#include <sap/queue.h>
#include <sap/status.h>
#include <sap/transport.h>
#include <sap/types.h>
#include <sap/version.h>
#include <sap/wire.h>

#endif
