/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
/**
 * @file pump.h
 * Joins one engine and one transport: does what the engine asks, brings what came, lets time pass.
 *
 * It is a page of code, and there to be read by whoever writes another one: a kernel module runs its engine
 * under a spinlock and its sends outside of it, and so cannot use this.
 *
 * No call waits. All calls of a pump, its engine and its transport are serialised with each other.
 */
#ifndef SAP_PUMP_H
#define SAP_PUMP_H

#include <sap/csme.h>
#include <sap/engine.h>
#include <sap/host.h>
#include <sap/transport.h>

SAP_BEGIN_DECLS

/** One engine of either role, one transport, and optionally a lane. The members are yours to set; zero the rest. */
struct sap_pump {
	struct sap_host *host;		/**< The engine, if it is a host's. */
	struct sap_csme *csme;		/**< The engine, if it is CSME's; exactly one of the two. */
	struct sap_transport transport; /**< What carries its messages. */
	struct sap_packets *lane;	/**< The lane that #SAP_IO_LANE opens and closes; may be null. */
	/** @cond internal */
	bool busy; /* the last run stopped at its limit */
		   /** @endcond */
};

/**
 * Does everything that can be done now: requests, messages that came, what is due.
 *
 * Call it as something may have come, after calls of the engine, after events were taken, and when the
 * engine's deadline has passed. One call handles at most 1,000 steps, so that a peer cannot hold it; if it
 * stopped there, sap_pump_deadline() is 0.
 *
 * @retval SAP_OK      Done.
 * @retval SAP_INVALID The pump has no engine, or two, or no transport.
 */
SAP_API SAP_MUST_CHECK enum sap_status sap_pump_run(struct sap_pump *pump, uint64_t now);

/**
 * As sap_host_retry() and sap_csme_retry(), for the run that follows. Who polls calls it as poll() says that
 * something happened. Nothing if the pump is null or has no engine.
 */
SAP_API void sap_pump_retry(struct sap_pump *pump, uint64_t now);

/** When to call sap_pump_run() again if nothing comes before; #SAP_NEVER if it need not be. */
SAP_API uint64_t sap_pump_deadline(const struct sap_pump *pump);

SAP_END_DECLS

#endif
